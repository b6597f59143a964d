//! What a message says.

use crate::domain::message::{Attachment, OtherKind};
use crate::grammar::Request;

/// What a message holds, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Text.
    Text(Request),
    /// A picture, and what its caption was read as.
    Picture {
        /// Where to fetch it.
        attachment: Attachment,
        /// Its caption; `None` without one.
        caption: Option<Request>,
    },
    /// An earlier message after its sender changed it, and what it was read as.
    Edited(Request),
    /// Something else.
    Other(OtherKind),
}
