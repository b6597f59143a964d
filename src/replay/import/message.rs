//! What a message of an exported chat is.

use chrono::NaiveDateTime;

use crate::domain::message::OtherKind;

/// One message of the chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When it was sent, as the phone showed it.
    pub at: NaiveDateTime,
    /// The sender as the phone showed them.
    pub who: String,
    /// What it was.
    pub what: Exported,
}

/// What an exported message was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exported {
    /// Text.
    Text(String),
    /// A picture that was left out, with its caption.
    Image(Option<String>),
    /// Something else that was left out.
    Other(OtherKind),
}

impl Exported {
    /// With a caption, where it is a picture and the caption is not empty.
    pub fn with_caption(self, caption: &str) -> Self {
        match self {
            Self::Image(_) if !caption.is_empty() => Self::Image(Some(caption.to_owned())),
            other => other,
        }
    }
}
