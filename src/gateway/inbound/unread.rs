//! What is kept of an item that this version cannot read: enough of the body to read it again after an upgrade.

use std::fmt;

use crate::domain::message::Contact;

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
