//! What may be seen of a citizen who writes.

use sha2::{Digest, Sha256};

use crate::access::day::Sight;
use crate::access::office_view::OfficeView;
use crate::domain::message::{Contact, Content};
use crate::domain::person::Nama;
use crate::domain::staff::{Area, Level};
use crate::storage::ContactKey;

/// Characters of a message that a list shows.
const EXCERPT_CHARS_MAX: usize = 110;
/// Bytes of a mark: enough to tell the rows of a list apart.
const MARK_BYTES: usize = 6;

/// A number, as it may be seen; whoever got it after somebody else is told apart behind a `~`.
pub(super) fn number(sight: Sight, contact: &Contact) -> String {
    match sight {
        Sight::Masked => contact.masked(),
        Sight::Whole => {
            let address = contact.as_str().split('~').next().unwrap_or_default();
            address.strip_prefix("62").map_or_else(|| address.to_owned(), |rest| format!("0{rest}"))
        }
    }
}

/// A name, as it may be seen.
pub(super) fn name(sight: Sight, name: Option<&Nama>) -> Option<String> {
    name.map(|name| sight.name(name))
}

/// What was written in a message.
pub(super) fn words(content: &Content) -> Option<&str> {
    match content {
        Content::Text(text) | Content::Edited(text) => Some(text),
        Content::Picture { caption, .. } => caption.as_deref(),
        Content::Other(_) => None,
    }
}

/// The beginning of a text, on one line.
pub(super) fn excerpt(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = words.chars().take(EXCERPT_CHARS_MAX).collect();
    if words.chars().count() > EXCERPT_CHARS_MAX { format!("{shown}…") } else { shown }
}

impl OfficeView {
    /// How much of the citizens who write somebody sees; `None` for somebody to whom conversations are closed.
    pub fn talk_sight(&self) -> Option<Sight> {
        match self.level(Area::Conversations) {
            Level::Nothing => None,
            Level::Masked => Some(Sight::Masked),
            Level::Read | Level::Write => Some(Sight::Whole),
        }
    }

    /// A mark by which a page tells citizens apart, that says nothing about them: of each session another one.
    pub(super) fn mark(&self, of: &ContactKey) -> String {
        let mut hash = Sha256::new();
        for part in [self.who.seed().unwrap_or_default(), of.0.as_str(), of.1.as_str()] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hash.update(self.who.session().to_le_bytes());
        format!("c{}", hex::encode(hash.finalize().get(..MARK_BYTES).unwrap_or_default()))
    }
}
