//! Numbers in JSON that are too large for an `f64`. They are legal, and one in a field that is not read must not make a whole
//! body unreadable. Only a body that could not be parsed comes here; keeping every number as text (`arbitrary_precision`)
//! would cost every body an allocation for each number.

/// The largest number that a parser takes, as JSON.
const LARGEST: &str = "1.7976931348623157e308";

/// Replaces numbers that are too large for an `f64` by the largest one.
pub(in crate::gateway) fn clamp(text: &str) -> String {
    let mut clamped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
        let (before, token) = rest.split_at(at);
        clamped.push_str(before);
        let is_text = token.starts_with('"');
        let (token, left) = token.split_at(if is_text { length_of_text(token) } else { length_of_number(token) });
        match token.parse::<f64>() {
            Ok(number) if !is_text && number.is_infinite() => {
                clamped.push_str(if number < 0.0 { "-" } else { "" });
                clamped.push_str(LARGEST);
            }
            _ => clamped.push_str(token),
        }
        rest = left;
    }
    clamped.push_str(rest);
    clamped
}

/// Bytes of the text in quotes that `token` begins with; all of it where the second quote is missing.
fn length_of_text(token: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in token.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    token.len()
}

fn length_of_number(token: &str) -> usize {
    token.find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E'))).unwrap_or(token.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_numbers_that_no_f64_holds_are_changed() {
        for (written, clamped) in [
            ("[1e400,-1e400,1e-400,1e308]", "[1.7976931348623157e308,-1.7976931348623157e308,1e-400,1e308]"),
            (r#"{"1e400":"-1e999 \" 1e400","a":1E+999}"#, r#"{"1e400":"-1e999 \" 1e400","a":1.7976931348623157e308}"#),
            ("99999999999999999999999999", "99999999999999999999999999"),
            (r#""1e400"#, r#""1e400"#),
            (r"\", r"\"),
            ("1e400é-", "1.7976931348623157e308é-"),
            ("1-1e400", "1-1e400"),
        ] {
            assert_eq!(clamp(written), clamped, "{written}");
        }
    }

    proptest! {
        #[test]
        fn what_parses_is_left_alone(text in "[\\[\\],:{}\"0-9eE.+\\\\aé -]{0,60}") {
            if serde_json::from_str::<serde_json::Value>(&text).is_ok() {
                prop_assert_eq!(clamp(&text), text);
            }
        }
    }
}
