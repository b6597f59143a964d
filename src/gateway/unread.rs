//! What an authentic body held and this version cannot read: kept with enough of the body to read it again after an upgrade.

use std::fmt;

use crate::domain::message::Contact;
use crate::gateway::{Gateway, Item};

/// Longest body that is kept, in bytes: an event is a few kilobytes, and a thousand of these are 64 MB.
pub const UNREAD_BYTES_MAX: usize = 64 * 1024;

/// What is kept of an item that cannot be read. Personal data: Debug shows its length only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Unread {
    /// The gateway's configured name.
    pub gateway: String,
    /// Whose it is, where that much can be read.
    pub sender: Option<Contact>,
    /// A body that holds this item; of a longer one than [`UNREAD_BYTES_MAX`] the beginning.
    pub body: String,
}

impl fmt::Debug for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unread({:?}, {} bytes)", self.sender, self.body.len())
    }
}

/// An item that cannot be read, of a sender that perhaps can.
pub(super) fn unread(reason: impl Into<String>, sender: Option<Contact>, body: String) -> Item {
    Item::Malformed { reason: reason.into(), unread: Unread { gateway: String::new(), sender, body } }
}

/// Gives every item that cannot be read its gateway's name and the whole body, unless its reader has found a smaller one;
/// of either what the gateway lets be kept. The one place where bodies become what is kept.
pub(super) fn keep(gateway: &dyn Gateway, mut items: Vec<Item>, body: &[u8]) -> Vec<Item> {
    let mut whole: Option<String> = None;
    for item in &mut items {
        if let Item::Malformed { unread, .. } = item {
            gateway.name().clone_into(&mut unread.gateway);
            unread.body = if unread.body.is_empty() {
                whole.get_or_insert_with(|| cut(gateway.kept(body))).clone()
            } else {
                cut(gateway.kept(unread.body.as_bytes()))
            };
        }
    }
    items
}

/// No longer than is kept, and without NUL, which no database column holds alike.
fn cut(mut body: String) -> String {
    body.truncate(body.floor_char_boundary(UNREAD_BYTES_MAX));
    body.retain(|c| c != '\0');
    body
}
