//! What a provider can send and how fast: all that the courier knows of it before it sends.

use chrono::TimeDelta;

use crate::domain::message::{CAPTION_CHARS_MAX, TEXT_CHARS_MAX};
pub use crate::domain::rate::Rate;

/// What a provider can do and how fast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// Longest text message, in characters (Unicode scalar values).
    pub text_chars_max: usize,
    /// Longest text under a picture or a document, in characters.
    pub caption_chars_max: usize,
    /// Whether pictures can be sent. Where they cannot, the text goes alone, which says everything that they show.
    pub pictures: bool,
    /// Whether documents can be sent. Where they cannot, the text says where to get them.
    pub documents: bool,
    /// What quick replies may be; `None` where the provider has none.
    pub quick_replies: Option<QuickReplyLimits>,
    /// How fast one channel may send.
    pub channel_rate: Rate,
    /// How fast one channel may send to one citizen.
    pub recipient_rate: Rate,
    /// How long after a citizen's last message (by the provider's time of sending) free replies are taken;
    /// `None` where they always are.
    pub free_reply_window: Option<TimeDelta>,
    /// Whether approved templates can be sent outside of that window.
    pub templates: bool,
    /// Which statuses the provider reports for a message that it accepted.
    pub statuses: Statuses,
}

/// What quick replies may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuickReplyLimits {
    /// Most of them under one message.
    pub count_max: usize,
    /// Longest title, in characters.
    pub title_chars_max: usize,
    /// Longest text above them, in characters.
    pub text_chars_max: usize,
    /// Whether they may stand under a picture or a document.
    pub under_pictures: bool,
}

/// Which statuses a provider reports for a message that it accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statuses {
    /// Nothing.
    None,
    /// How far it came, under the provider's own id only.
    ById,
    /// How far it came, with our own number echoed: it ends the doubt about a send whose answer was lost.
    ByTracker,
}

/// A provider of which nothing is known: texts and pictures within the limits of WhatsApp and Telegram, a slow rate, no
/// statuses.
impl Default for Capabilities {
    fn default() -> Self {
        Self {
            text_chars_max: TEXT_CHARS_MAX,
            caption_chars_max: CAPTION_CHARS_MAX,
            pictures: true,
            documents: false,
            quick_replies: None,
            channel_rate: Rate::per_second(20),
            recipient_rate: Rate::one_in_seconds(1).with_burst(20),
            free_reply_window: None,
            templates: false,
            statuses: Statuses::None,
        }
    }
}

impl Capabilities {
    /// A stand-in that takes everything at once: tests, replay and the simulator.
    pub fn unlimited() -> Self {
        Self {
            documents: true,
            quick_replies: Some(QuickReplyLimits {
                count_max: 3,
                title_chars_max: 20,
                text_chars_max: CAPTION_CHARS_MAX,
                under_pictures: true,
            }),
            channel_rate: Rate::UNLIMITED,
            recipient_rate: Rate::UNLIMITED,
            statuses: Statuses::ByTracker,
            ..Self::default()
        }
    }
}
