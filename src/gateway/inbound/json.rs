//! Webhook bodies as JSON. What no parser takes (a byte order mark, half of a surrogate pair, a number beyond every machine
//! number) is repaired, so that one cut emoji does not cost a whole batch.

use serde_json::Value;

use super::json_number;

/// What some writers of UTF-8 put before the first character; no JSON parser takes it.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Parses a body, with or without a byte order mark. Only a body that does not parse is repaired and parsed again, so all
/// others cost nothing more.
pub(in crate::gateway) fn parse(body: &[u8]) -> Option<Value> {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    let repaired = || serde_json::from_str(&json_number::clamp(&repair(&String::from_utf8_lossy(body)))).ok();
    serde_json::from_slice(body).ok().or_else(repaired)
}

/// Replaces escapes that are half of a surrogate pair, which no JSON parser accepts, by U+FFFD.
fn repair(text: &str) -> String {
    let unit = |rest: &str| {
        let digits = rest.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut repaired = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        repaired.push_str(before);
        // An escape is two characters (`\\`, `\"`), six (`\u00e9`), or twelve (a pair).
        let second = escape.get(6..).and_then(unit);
        let (kept, chars) = match (unit(escape), second) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (true, 12),
            (Some(0xD800..=0xDFFF), _) => (false, 6),
            (Some(_), _) => (true, 6),
            (None, _) => (true, 2),
        };
        let bytes = escape.char_indices().nth(chars).map_or(escape.len(), |(at, _)| at);
        let (taken, left) = escape.split_at(bytes);
        repaired.push_str(if kept { taken } else { "\\ufffd" });
        rest = left;
    }
    repaired.push_str(rest);
    repaired
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: without `json_number::clamp` the first body is no JSON. Nesting is refused by the parser's own limit,
    // which the repaired text meets as well.
    #[test]
    fn a_huge_number_spoils_no_body_and_deep_nesting_stays_refused() {
        let body = br#"{"known":"a","unknown":[1e400,-1e999]}"#;
        assert_eq!(parse(body).expect("JSON").get("known"), Some(&Value::from("a")));
        let deep = format!("{}1e400{}", "[".repeat(200), "]".repeat(200));
        assert_eq!(parse(deep.as_bytes()), None);
        let deep = "[".repeat(2_000_000);
        assert_eq!(parse(deep.as_bytes()), None);
        for broken in [r#"{"a":1e4"#, "1e400x"] {
            assert_eq!(parse(broken.as_bytes()), None, "{broken}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced_and_nothing_else() {
        for (written, repaired) in [
            (r"a\ud83d\ude00b", r"a\ud83d\ude00b"),
            (r"a\ud83db", r"a\ufffdb"),
            (r"\ude00\ud83d", r"\ufffd\ufffd"),
            (r"\ud83d\ud83d\ude00", r"\ufffd\ud83d\ude00"),
            (r"\\ud83d \u00e9 \/", r"\\ud83d \u00e9 \/"),
            (r"\ud8", r"\ud8"),
            ("\\", "\\"),
            ("\\é\\uéé", "\\é\\uéé"),
        ] {
            assert_eq!(repair(written), repaired, "{written}");
        }
    }
}
