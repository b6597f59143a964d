//! What crosses a gateway, independent of the provider.

use std::fmt;
use std::sync::Arc;

use crate::domain::masked_debug::masked_debug;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Longest text we read, in bytes; WhatsApp's limit is 4,096 characters.
pub const MESSAGE_BYTES_MAX: usize = 16 * 1024;
/// Longest caption under a picture, in characters (WhatsApp and Telegram alike).
pub const CAPTION_CHARS_MAX: usize = 1024;
/// Longest text message, in characters.
pub const TEXT_CHARS_MAX: usize = 4096;

/// One office's channel at one gateway, `wa/1001`: the gateway's configured name and the provider's key. It is part of every key of a
/// batch, so copies share one text, as those of a contact and of a message id do.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChannelId(Arc<str>);

/// The name of a gateway that leads to nobody: the demo's. No other kind of gateway may have it.
pub const SIMULATED_GATEWAY: &str = "sim";

impl ChannelId {
    /// The channel `key` of the gateway `gateway`.
    pub fn new(gateway: &str, key: &str) -> Self {
        Self(format!("{gateway}/{key}").into())
    }

    /// A channel as it stands in the database.
    pub fn stored(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// `gateway/key`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The gateway's configured name.
    pub fn gateway(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(gateway, _)| gateway)
    }

    /// Whether it leads to the demo's page and to no telephone.
    pub fn is_simulated(&self) -> bool {
        self.gateway() == SIMULATED_GATEWAY
    }

    /// The provider's key for the channel, such as a WhatsApp phone-number id.
    pub fn key(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, key)| key)
    }
}

/// A citizen's address at a gateway: digits of an international phone number without `+`, or the provider's opaque id.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Contact(Arc<str>);

impl Contact {
    /// An address as the gateway gave it, already normalised by the gateway.
    pub fn new(address: impl Into<Arc<str>>) -> Self {
        Self(address.into())
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address as a reply may show it: country code and operator, then stars, then two digits (`0812****89`).
    pub fn masked(&self) -> String {
        // Whoever got a number after somebody else is told apart behind a `~`.
        let address = self.0.split('~').next().unwrap_or_default();
        let local = address.strip_prefix("62").map_or_else(|| address.to_owned(), |rest| format!("0{rest}"));
        let chars: Vec<char> = local.chars().collect();
        if chars.len() < 7 {
            return "***".to_owned();
        }
        let front: String = chars.iter().take(4).collect();
        let back: String = chars.iter().skip(chars.len() - 2).collect();
        format!("{front}****{back}")
    }

    /// Whether a text that went through [`digits_together`] names this address, however its number was written. Never true of a short
    /// address, which could be anything.
    pub fn is_named_in(&self, together: &str) -> bool {
        // `0813…`, `62813…` and `+62 813…` have the rest in common.
        let rest = digits_together(self.0.strip_prefix("62").unwrap_or(&self.0));
        rest.len() >= NAMED_CHARS_MIN && together.contains(&rest)
    }

    /// The last three characters: all that a log may show.
    pub fn tail(&self) -> String {
        let count = self.0.chars().count();
        self.0.chars().skip(count.saturating_sub(3)).collect()
    }
}

/// Shortest address that can be recognised inside of a text, in characters: Indonesian numbers of telephones have nine digits or more
/// after the country's code.
const NAMED_CHARS_MIN: usize = 9;

/// A text without what people write between the digits of a number.
pub fn digits_together(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '+')).collect()
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Contact(…{})", self.tail())
    }
}

/// The provider's own id of a message, unique within its channel: the key that stops a repeat. A telephone number may be in it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(Arc<str>);

impl MessageId {
    /// The id as the provider wrote it.
    pub fn new(id: impl Into<Arc<str>>) -> Self {
        Self(id.into())
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.0.chars().rev().take(3).collect::<Vec<_>>();
        write!(f, "MessageId(…{})", last.into_iter().rev().collect::<String>())
    }
}

/// A picture (or document holding one) that the provider keeps for us to fetch.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What the gateway needs to fetch it: a media id or an address.
    pub reference: String,
    /// The type that the provider claims.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mime: Option<String>,
    /// The SHA-256 that the provider promises, in hex or base64.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sha256: Option<String>,
}

/// What a message holds besides text and pictures; each gets an answer that says what to send instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OtherKind {
    /// A voice note or other sound.
    Audio,
    /// A moving picture.
    Video,
    /// A sticker.
    Sticker,
    /// A place.
    Location,
    /// A contact card.
    ContactCard,
    /// A document that is no picture.
    Document,
    /// A message changed after it was sent: the first one counts.
    Edit,
    /// A photo that the gateway could not load.
    PhotoLost,
    /// Nothing at all: perhaps a photo that the gateway could not load, perhaps the head of an album.
    Empty,
    /// Anything else that a person sent on purpose (poll, view-once, order …).
    Unsupported,
}

/// What a citizen sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Text, or the text of a tapped button.
    Text(String),
    /// A picture, with the text under it if there is one.
    Picture {
        /// Where to fetch it.
        attachment: Attachment,
        /// Its caption.
        caption: Option<String>,
    },
    /// The text of an earlier message after its sender changed it.
    Edited(String),
    /// Something that this service cannot use.
    Other(OtherKind),
}

impl Content {
    /// The text of a message that is text alone.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Picture { .. } | Self::Edited(_) | Self::Other(_) => None,
        }
    }
}

/// Message bodies are personal data: Debug shows kind and length only.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Picture { caption, .. } => write!(f, "Picture(caption: {})", caption.is_some()),
            Self::Edited(text) => write!(f, "Edited({} bytes)", text.len()),
            Self::Other(kind) => write!(f, "Other({kind:?})"),
        }
    }
}

/// One message from a citizen to an office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbound {
    /// The channel that it came by.
    pub channel: ChannelId,
    /// Who sent it: the address that a reply goes to.
    pub contact: Contact,
    /// Other addresses of the same citizen that the provider sent with it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub also: Vec<Contact>,
    /// The provider's id.
    pub id: MessageId,
    /// When the citizen sent it, by the provider's clock.
    pub sent_at: DateTime<Utc>,
    /// What it holds.
    pub content: Content,
}

/// A change of a citizen's addresses, as the provider reports it: the contact stays the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressChange {
    /// The channel on which they are known.
    pub channel: ChannelId,
    /// Addresses that the citizen no longer has.
    pub left: Vec<Contact>,
    /// Addresses that the citizen has now; a reply goes to the first.
    pub taken: Vec<Contact>,
    /// When it happened.
    pub at: DateTime<Utc>,
}

impl Inbound {
    /// The message without NUL characters, which nobody types and PostgreSQL cannot keep in a text.
    #[must_use]
    pub fn without_nul(mut self) -> Self {
        remove_nul_shared(&mut self.channel.0);
        remove_nul_shared(&mut self.contact.0);
        self.also.iter_mut().for_each(|contact| remove_nul_shared(&mut contact.0));
        remove_nul_shared(&mut self.id.0);
        match &mut self.content {
            Content::Text(text) | Content::Edited(text) => remove_nul(text),
            Content::Picture { attachment, caption } => {
                remove_nul(&mut attachment.reference);
                attachment.mime.iter_mut().chain(caption).for_each(remove_nul);
            }
            Content::Other(_) => {}
        }
        self
    }
}

fn remove_nul_shared(text: &mut Arc<str>) {
    if text.contains('\0') {
        *text = text.replace('\0', "").into();
    }
}

fn remove_nul(text: &mut String) {
    if text.contains('\0') {
        text.retain(|c| c != '\0');
    }
}

/// One reply to a citizen: text, or a QR picture with the text as its caption.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbound {
    /// The text; a caption (at most [`CAPTION_CHARS_MAX`] characters) when there is a QR picture.
    pub text: String,
    /// What the QR picture above it holds, if there is one; drawn when it is sent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub qr: Option<String>,
    /// Answers that can be tapped where the provider has buttons, at most [`QUICK_REPLIES_MAX`]. The text says each of
    /// them too: by number or by word.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub quick_replies: Vec<QuickReply>,
}

masked_debug!(Attachment, Outbound);

/// Most quick replies under one message (WhatsApp's limit).
pub const QUICK_REPLIES_MAX: usize = 3;

/// An answer that can be tapped instead of typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuickReply {
    /// What stands on the button, at most 20 characters (WhatsApp's limit).
    pub title: String,
    /// The text that a tap stands for: the message that comes in is the same as if it had been typed.
    pub says: String,
}

impl QuickReply {
    /// A button that says what stands on it.
    pub fn same(word: impl Into<String>) -> Self {
        let word = word.into();
        Self { title: word.clone(), says: word }
    }
}

/// How far one of our replies has come, as the provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The channel that it went out by.
    pub channel: ChannelId,
    /// The provider's id of the reply.
    pub id: MessageId,
    /// Our own outbox id, where the provider echoes it.
    pub tracker: Option<i64>,
    /// How far it has come.
    pub delivery: Delivery,
    /// The provider's error code when it failed.
    pub error: Option<String>,
}

impl Status {
    /// The status without NUL characters.
    #[must_use]
    pub fn without_nul(mut self) -> Self {
        remove_nul_shared(&mut self.channel.0);
        remove_nul_shared(&mut self.id.0);
        self.error.iter_mut().for_each(remove_nul);
        self
    }
}

/// How far a provider says a reply has come. Later ones outrank earlier ones; [`Delivery::Failed`] beats only `Sent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// The provider has it.
    Sent,
    /// It could not be delivered.
    Failed,
    /// It is on the phone.
    Delivered,
    /// It was read.
    Read,
}

impl Delivery {
    /// All of them, the lowest first.
    pub const ALL: [Self; 4] = [Self::Sent, Self::Failed, Self::Delivered, Self::Read];

    /// Its rank for "only upwards" updates in the database: sent 1, failed 2, delivered 3, read 4.
    pub fn rank(self) -> i64 {
        match self {
            Self::Sent => 1,
            Self::Failed => 2,
            Self::Delivered => 3,
            Self::Read => 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // It failed first: an unreadable body that named its citizen by a number alone stayed for a month after they were erased.
    #[test]
    fn a_number_is_recognised_however_it_is_written_and_a_short_address_never() {
        let named = |address: &str, text: &str| Contact::new(address).is_named_in(&digits_together(text));
        for text in [
            "{\"from\":\"6281355500777\"",
            "+62 813-5550-0777",
            "hp 0813.5550.0777",
            "(0813) 5550 0777",
            "62 813 5550 0777",
        ] {
            assert!(named("6281355500777", text), "{text}");
        }
        assert!(!named("6281355500777", "6281355500778"));
        assert!(named("25187@lid-of-somebody", "25187@lid-of-somebody"));
        assert!(!named("1500777", "1500777"));
    }
}
