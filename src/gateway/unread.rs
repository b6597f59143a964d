//! What an authentic body held and this version cannot read: kept with enough of the body to read it again after an upgrade.

use std::fmt;

use crate::domain::message::Contact;
use crate::gateway::Item;

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
    Item::Malformed { reason: reason.into(), unread: Unread { gateway: String::new(), sender, body: cut(body) } }
}

/// Gives every item that cannot be read its gateway's name and the whole body, unless its reader has found a smaller one.
pub(super) fn keep(gateway: &str, mut items: Vec<Item>, body: &[u8]) -> Vec<Item> {
    for item in &mut items {
        if let Item::Malformed { unread, .. } = item {
            gateway.clone_into(&mut unread.gateway);
            if unread.body.is_empty() {
                unread.body = cut(String::from_utf8_lossy(body).into_owned());
            }
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
