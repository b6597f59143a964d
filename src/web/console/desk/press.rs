//! What marks one press of a button.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRng;
use rand::rngs::SysRng;
use sha2::{Digest, Sha256};

use crate::front_desk::Press;

/// Bytes of a mark: 128 bits, which nobody draws twice.
const MARK_BYTES: usize = 16;
/// Bytes of the hash of what a form holds: it tells two forms of one page apart.
const HELD_BYTES: usize = 8;
/// Longest mark, in characters: that of a press, with the hash behind it.
const MARK_CHARS_MAX: usize = 64;

/// A new mark for the forms of a page; empty where the machine has no random numbers, and a press is then only done.
pub(in crate::web::console) fn mark() -> String {
    let mut bytes = [0; MARK_BYTES];
    SysRng.try_fill_bytes(&mut bytes).map(|()| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default()
}

/// Whether a text can be a mark.
fn is_mark(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !text.is_empty() && text.len() <= MARK_CHARS_MAX && text.chars().all(is_plain)
}

/// The press of a form: the same only where the page and everything that the form holds are the same. Another button of the page, or
/// another code in a page that was left open, is another press.
pub(super) fn press(mark: &str, holds: &[&str], version: Option<i64>) -> Press {
    if !is_mark(mark) {
        return Press { nonce: None, version };
    }
    let mut hash = Sha256::new();
    for held in holds {
        hash.update(held.len().to_le_bytes());
        hash.update(held);
    }
    let held = hex::encode(hash.finalize().get(..HELD_BYTES).unwrap_or_default());
    Press { nonce: Some(format!("{mark}.{held}")), version }
}

/// The press of an address or of an undo; `None` where the text is none.
pub(super) fn named(text: &str) -> Option<&str> {
    let (mark, held) = text.split_once('.')?;
    (is_mark(mark) && is_mark(held)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with the mark alone, a second code in an open page counted as the first one entered twice.
    #[test]
    fn a_press_is_the_same_only_where_all_is_the_same() {
        let nonce = |mark: &str, holds: &[&str]| press(mark, holds, None).nonce;
        assert_eq!(nonce("a1", &["call", "3"]), nonce("a1", &["call", "3"]));
        for other in [nonce("a2", &["call", "3"]), nonce("a1", &["call", "4"]), nonce("a1", &["cal", "l3"])] {
            assert_ne!(nonce("a1", &["call", "3"]), other);
        }
        let nonce = nonce(&mark(), &["call"]).unwrap();
        assert_eq!(named(&nonce), Some(nonce.as_str()));
        for text in ["", "a1", ".", "a1.", "<b>.x", "a1.b c"] {
            assert_eq!(named(text), None, "{text}");
        }
        assert_eq!(press("no mark", &["call"], None).nonce, None);
    }
}
