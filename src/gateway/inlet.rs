//! What every provider's reader needs: JSON whose broken characters and numbers are mended, ids that can be keys, messages with
//! what is missing put in its place, filled forms as labelled lines. Pure; a reason never quotes content.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Item, Unread, number, timestamp};
use crate::domain::message::{ChannelId, Contact, Content, Inbound, MessageId};

/// Longest id that is taken for one, in bytes; providers' have at most about 128.
const ID_BYTES_MAX: usize = 512;
/// What some writers of UTF-8 put before the first character; no JSON parser takes it.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// Seconds within which two messages without id and time, of one sender and one text, are one: shorter than the minute
/// after which such providers deliver again what we did not take.
const SAME_SECONDS: i64 = 60;

/// What one item of a body comes to: an item, or why it is malformed.
pub(super) type ReadItem = Result<Item, String>;

/// An item that is of no use here.
pub(super) fn ignored(reason: impl Into<String>) -> Item {
    Item::Ignored { reason: reason.into() }
}

/// The item, or the note that it is malformed.
pub(super) fn or_malformed(item: ReadItem) -> Item {
    item.unwrap_or_else(|reason| Item::Malformed { reason, unread: Unread::default() })
}

/// A message of a citizen, with what may be missing of it put in its place: an id, a time.
pub(super) struct InboundDraft<'a> {
    /// The line.
    pub(super) channel: ChannelId,
    /// Who sent it, the address to answer to first; never empty where it is made by [`InboundDraft::into_item`]'s callers.
    pub(super) contact: Contact,
    /// Other addresses of the same citizen.
    pub(super) also: Vec<Contact>,
    /// The provider's id, if it has one that can be a key.
    pub(super) id: Option<&'a str>,
    /// The time of sending, in the provider's spelling.
    pub(super) time: Option<&'a Value>,
    /// What it holds.
    pub(super) content: Content,
}

impl InboundDraft<'_> {
    /// The message.
    pub(super) fn into_item(self, received_at: DateTime<Utc>) -> Item {
        let id = self.id.and_then(|told| id(told).ok()).unwrap_or_else(|| self.made_id(received_at));
        let Self { channel, contact, also, time, content, .. } = self;
        Item::Message(Inbound { channel, contact, also, id, sent_at: timestamp::sent_at(time, received_at), content })
    }

    /// An id for a message that has none: the same for the same message delivered again at once.
    fn made_id(&self, received_at: DateTime<Utc>) -> MessageId {
        let when = match self.time {
            Some(time) if !time.is_null() => time.to_string(),
            _ => (received_at.timestamp() / SAME_SECONDS).to_string(),
        };
        let (kind, text, file) = match &self.content {
            Content::Text(text) => ("text".to_owned(), text.as_str(), ""),
            Content::Edited(text) => ("edited".to_owned(), text.as_str(), ""),
            Content::Picture { attachment, caption } => {
                ("picture".to_owned(), caption.as_deref().unwrap_or_default(), attachment.reference.as_str())
            }
            Content::Other(kind) => (format!("{kind:?}"), "", ""),
        };
        let mut hash = Sha256::new();
        for part in [self.channel.as_str(), self.contact.as_str(), &kind, text, file, &when] {
            hash.update(part.len().to_be_bytes());
            hash.update(part.as_bytes());
        }
        MessageId::new(format!("made-{}", hex::encode(hash.finalize())))
    }
}

/// What the form of a mini app or a flow was filled with, as lines `label: value` that the reader of forms knows; its
/// field `message` alone where it has one. `None` where nothing was filled in.
pub(super) fn fields_as_text(fields: &Value) -> Option<String> {
    if let Some(message) = caption(fields.get("message").and_then(Value::as_str)) {
        return Some(message);
    }
    let mut lines = String::new();
    for (name, value) in fields.as_object()? {
        let value = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            _ => continue,
        };
        let label = label_of(name);
        if label.is_empty() || value.is_empty() || SERVICE_FIELDS.contains(&name.as_str()) {
            continue;
        }
        let value = if name.starts_with("screen_") { without_number(&value) } else { &value };
        let value = day_first(value).unwrap_or_else(|| value.replace('\n', " "));
        lines.extend([label.as_str(), ": ", value.as_str(), "\n"]);
    }
    Some(lines.trim_end().to_owned()).filter(|lines| !lines.is_empty())
}

/// Fields that a flow sends along and nobody filled in.
const SERVICE_FIELDS: [&str; 3] = ["flow_token", "version", "screen"];

/// The label of a field: `tgl_lahir`, `tglLahir` and `screen_0_Tgl_Lahir_1` are `tgl lahir`.
fn label_of(name: &str) -> String {
    let words = name.split(['_', '-', ' ', '.']).filter(|word| !word.is_empty());
    let words = words.filter(|word| *word != "screen" && !word.bytes().all(|b| b.is_ascii_digit()));
    let mut label = String::new();
    for word in words {
        if !label.is_empty() {
            label.push(' ');
        }
        let mut is_small = false;
        for c in word.chars() {
            if c.is_uppercase() && is_small {
                label.push(' ');
            }
            is_small = c.is_lowercase();
            label.extend(c.to_lowercase());
        }
    }
    label
}

/// A choice of the provider's own flow builder without its number: `0_Bogor`.
fn without_number(value: &str) -> &str {
    match value.split_once('_') {
        Some((number, words)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => words,
        _ => value,
    }
}

/// A date as forms write it: date pickers give the year first.
fn day_first(value: &str) -> Option<String> {
    let date = value.get(..10).filter(|_| value.len() == 10 || value.as_bytes().get(10) == Some(&b'T'))?;
    let date = chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
    Some(date.format("%d-%m-%Y").to_string())
}

/// Parses a body, with or without a byte order mark; one with broken characters in it, or numbers beyond all bounds, is
/// mended first, since a single cut emoji must not cost a batch.
pub(super) fn parse(body: &[u8]) -> Option<Value> {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    let mended = || serde_json::from_str(&number::tame(&mend(&String::from_utf8_lossy(body)))).ok();
    serde_json::from_slice(body).ok().or_else(mended)
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
    use serde_json::json;

    #[test]
    fn a_filled_form_becomes_labelled_lines() {
        for (fields, lines) in [
            (json!({"message": "#Budi#1#2", "nama": "x"}), Some("#Budi#1#2")),
            (
                json!({"flow_token": "t", "nama": "Siti Contoh", "tgl_lahir": "1990-03-12"}),
                Some("nama: Siti Contoh\ntgl lahir: 12-03-1990"),
            ),
            (
                json!({"screen_0_Nama_0": "Siti Contoh", "screen_0_Kota_1": "0_Bogor"}),
                Some("kota: Bogor\nnama: Siti Contoh"),
            ),
            (
                json!({"tglKedatangan": "2026-12-10T00:00:00Z", "jumlah": 2}),
                Some("jumlah: 2\ntgl kedatangan: 10-12-2026"),
            ),
            (json!({"flow_token": "t"}), None),
            (json!({"nama": ""}), None),
            (json!(["x"]), None),
            (json!("x"), None),
        ] {
            assert_eq!(fields_as_text(&fields).as_deref(), lines, "{fields}");
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
        for broken in [r#"{"a":1e4"#, "1e400x"] {
            assert_eq!(parse(broken.as_bytes()), None, "{broken}");
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
