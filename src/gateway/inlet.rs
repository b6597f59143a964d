//! What every provider's reader needs: JSON whose broken characters are mended, ids that can be keys, times of sending
//! within bounds. Pure; a reason never quotes content.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;
use tracing::warn;

use super::{Item, number};
use crate::domain::message::MessageId;

/// Longest id that is taken for one, in bytes; providers' have at most about 128.
const ID_BYTES_MAX: usize = 512;
/// Timestamps above this are milliseconds, which turn up from time to time: as seconds it would be the year 5138.
const SECONDS_MAX: i64 = 100_000_000_000;
/// How old a time of sending may be: WhatsApp delivers again for seven days, no other provider for longer.
pub const SENT_AGE_MAX: TimeDelta = TimeDelta::days(8);
/// How far in the future a time of sending may be: clocks of two machines that nobody looks after differ by minutes.
pub const SENT_AHEAD_MAX: TimeDelta = TimeDelta::minutes(10);

/// No time of sending: [`sent_at`] puts the arrival in its place. A message whose clock is absurd is a message all the same.
const NEVER: DateTime<Utc> = DateTime::<Utc>::MIN_UTC;
/// Odd times of sending in a row of which one is told in the log: a bridge whose clock is wrong sends nothing else.
const ODD_TIMES_A_LINE: u64 = 1_000;

/// What one item of a body comes to: an item, or why it is malformed.
pub(super) type ReadItem = Result<Item, String>;

/// An item that is of no use here.
pub(super) fn ignored(reason: impl Into<String>) -> Item {
    Item::Ignored { reason: reason.into() }
}

/// The item, or the note that it is malformed.
pub(super) fn settled(item: ReadItem) -> Item {
    item.unwrap_or_else(|reason| Item::Malformed { reason })
}

/// Parses a body; one with broken characters or numbers beyond all numbers in it is mended first, since a single cut emoji
/// must not cost a batch.
pub(super) fn parse(body: &[u8]) -> Option<Value> {
    let mended = || serde_json::from_str(&number::tame(&mend(&String::from_utf8_lossy(body)))).ok();
    serde_json::from_slice(body).ok().or_else(mended)
}

/// Parses a body into a shape of the wire; what is JSON but of another shape is told apart from what is no JSON.
pub(super) fn parse_as<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, String> {
    let root = parse(body).ok_or("the body is no JSON")?;
    T::deserialize(&root).map_err(|_| "the body is not of the documented form".to_owned())
}

/// Puts U+FFFD in the place of escapes that are half of a surrogate pair, which no JSON parser takes.
fn mend(text: &str) -> String {
    let unit = |rest: &str| {
        let digits = rest.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
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
        mended.push_str(if kept { taken } else { "\\ufffd" });
        rest = left;
    }
    mended.push_str(rest);
    mended
}

/// Seconds (or milliseconds) since 1970, as a string or a number.
pub(super) fn instant(value: &Value) -> Result<DateTime<Utc>, String> {
    let number = value.as_str().map_or_else(|| value.as_i64(), |text| text.trim().parse().ok());
    match number {
        Some(number @ 0..=SECONDS_MAX) => Ok(DateTime::from_timestamp(number, 0).unwrap_or(NEVER)),
        Some(number @ 0..) => Ok(DateTime::from_timestamp_millis(number).unwrap_or(NEVER)),
        Some(_) => Ok(NEVER),
        // A number, but beyond all that count seconds.
        None if value.is_number() || value.as_str().is_some_and(is_numeral) => Ok(NEVER),
        None => Err("an unreadable timestamp".to_owned()),
    }
}

/// Whether a text is a number, of whatever size.
fn is_numeral(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok_and(|number| !number.is_nan())
}

/// When it was sent: the provider's word, unless its clock is plainly wrong; then the time at which it came here.
///
/// The two bounds, [`SENT_AGE_MAX`] and [`SENT_AHEAD_MAX`], are counted from `received_at`.
pub(super) fn sent_at(claimed: DateTime<Utc>, received_at: DateTime<Utc>) -> DateTime<Utc> {
    let age = received_at.signed_duration_since(claimed);
    if (-SENT_AHEAD_MAX..=SENT_AGE_MAX).contains(&age) {
        return claimed;
    }
    note_odd_time();
    received_at
}

/// Tells of the first odd time, and then of every thousandth.
fn note_odd_time() {
    static SEEN: AtomicU64 = AtomicU64::new(0);
    let before = SEEN.fetch_add(1, Ordering::Relaxed);
    if before.is_multiple_of(ODD_TIMES_A_LINE) {
        warn!(messages = before + 1, "a time of sending that cannot be right; the message counts as sent on arrival");
    }
}

/// An id that can be a key.
pub(super) fn id(text: &str) -> Result<MessageId, String> {
    let fits = (1..=ID_BYTES_MAX).contains(&text.len()) && !text.contains(char::is_control);
    fits.then(|| MessageId::new(text)).ok_or_else(|| "an id that is none".to_owned())
}

/// Text without NUL, which no database column holds alike.
pub(super) fn clean(text: &str) -> String {
    text.replace('\0', "")
}

/// A caption that says something.
pub(super) fn caption(text: Option<&str>) -> Option<String> {
    text.map(clean).filter(|text| !text.trim().is_empty())
}

/// A word of the provider's as a reason may show it: letters, digits, `_` and `.`, at most 40.
pub(super) fn word(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.')).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn received_at() -> DateTime<Utc> {
        "2026-11-22T03:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn a_time_of_sending_is_believed_within_its_bounds() {
        for (claimed, believed) in [
            (received_at() - TimeDelta::seconds(1), true),
            (received_at() - SENT_AGE_MAX, true),
            (received_at() - SENT_AGE_MAX - TimeDelta::seconds(1), false),
            (received_at() + SENT_AHEAD_MAX, true),
            (received_at() + SENT_AHEAD_MAX + TimeDelta::seconds(1), false),
            (DateTime::UNIX_EPOCH, false),
            (DateTime::<Utc>::MAX_UTC, false),
            (DateTime::<Utc>::MIN_UTC, false),
        ] {
            let expected = if believed { claimed } else { received_at() };
            assert_eq!(sent_at(claimed, received_at()), expected, "{claimed}");
        }
    }

    // Negative control: with `instant` refusing what is before 1970 or after 3000, as it did, the messages were dropped.
    #[test]
    fn an_absurd_time_of_sending_counts_as_the_arrival() {
        for claimed in
            ["-5", "99999999999999999", "99999999999999999999999", "1e308", "-1e400", "1e400", "\"-5\"", "\"1e400\""]
        {
            let value = parse(claimed.as_bytes()).expect("JSON");
            let instant = instant(&value).unwrap_or_else(|why| panic!("{claimed}: {why}"));
            assert_eq!(sent_at(instant, received_at()), received_at(), "{claimed}");
        }
        for none in ["\"kemarin\"", "\"\"", "null", "[]", "\"NaN\""] {
            assert!(instant(&parse(none.as_bytes()).expect("JSON")).is_err(), "{none}");
        }
    }

    // Negative control: without `number::tame` the first body is no JSON. Nesting is refused by the parser's own limit,
    // which the mended text meets as well.
    #[test]
    fn a_huge_number_spoils_no_body_and_deep_nesting_stays_refused() {
        let body = br#"{"known":"a","unknown":[1e400,-1e999]}"#;
        assert_eq!(parse(body).expect("JSON").get("known"), Some(&Value::from("a")));
        let deep = format!("{}1e400{}", "[".repeat(200), "]".repeat(200));
        assert_eq!(parse(deep.as_bytes()), None);
        let deep = "[".repeat(2_000_000);
        assert_eq!(parse(deep.as_bytes()), None);
    }

    proptest! {
        #[test]
        fn no_timestamp_is_too_odd(number: i64) {
            if let Ok(instant) = instant(&Value::from(number)) {
                let sent = sent_at(instant, received_at());
                prop_assert!(sent >= received_at() - SENT_AGE_MAX && sent <= received_at() + SENT_AHEAD_MAX);
            }
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_mended_and_nothing_else() {
        for (written, mended) in [
            (r"a\ud83d\ude00b", r"a\ud83d\ude00b"),
            (r"a\ud83db", r"a\ufffdb"),
            (r"\ude00\ud83d", r"\ufffd\ufffd"),
            (r"\ud83d\ud83d\ude00", r"\ufffd\ud83d\ude00"),
            (r"\\ud83d \u00e9 \/", r"\\ud83d \u00e9 \/"),
            (r"\ud8", r"\ud8"),
            ("\\", "\\"),
            ("\\é\\uéé", "\\é\\uéé"),
        ] {
            assert_eq!(mend(written), mended, "{written}");
        }
    }
}
