//! The one room that speaks to messaging providers. One file per provider; nothing outside knows any of them.
//!
//! A provider file reads in one order: payloads, admit, read, send, error table, tests. What providers share is small:
//! [`Parcel`] and [`Capabilities`], [`address`], [`inlet`] (bodies), [`signature`], [`settings`], [`picture`], and the
//! calls that go out.

pub mod address;
pub mod bounded_read;
mod call;
mod capabilities;
pub mod gowa;
mod http;
pub mod http_json;
pub mod inlet;
mod lenient;
mod number;
mod parcel;
pub mod picture;
pub mod settings;
pub mod signature;
pub mod simulator;
pub mod site;
mod split;
pub mod tape;
pub mod telegram;
pub mod timestamp;
pub mod twilio;
pub mod unread;
pub mod waha;
pub mod whatsapp_cloud;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
pub use reqwest::header::HeaderMap;

pub use self::capabilities::{Capabilities, QuickReplyLimits, Rate, Statuses};
pub use self::parcel::{Document, Load, Parcel, Receipt, Template};
pub use self::unread::Unread;
pub use crate::domain::message::AddressChange;
pub use crate::domain::message::Status;
use crate::domain::message::{Attachment, ChannelId, Contact, Inbound};

/// One thing that a webhook body held. A bad one never spoils its neighbours.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A message from a citizen. Its channel names the line; whether an office owns the line is not known here.
    Message(Inbound),
    /// How far one of our replies has come.
    Status(Status),
    /// A citizen has another address now.
    AddressChanged(AddressChange),
    /// A line of ours can send no more, or can again.
    Line(Notice),
    /// Authentic, understood, and of no use here (reaction, echo, template event …).
    Ignored {
        /// What it was, in the provider's words.
        reason: String,
    },
    /// Authentic, but nothing that can be read: it is kept aside.
    Malformed {
        /// What was wrong, without any of its content.
        reason: String,
        /// What is kept of it.
        unread: Unread,
    },
}

/// What the provider says about a line of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The gateway's configured name.
    pub gateway: String,
    /// The key of the line; `None` where the provider speaks of the whole account.
    pub key: Option<String>,
    /// Whether it can send.
    pub health: Health,
}

/// Whether a line can send, by the provider's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// It can, perhaps again.
    Well,
    /// It cannot; the reason, without personal data. [`Gateway::probe`] is asked at once whether it is so.
    Broken(String),
    /// The provider has limited it: only a person lets it send again.
    Limited(String),
}

impl Notice {
    /// About one line.
    pub(crate) fn of_line(gateway: &str, key: &str, health: Health) -> Item {
        Item::Line(Self { gateway: gateway.to_owned(), key: Some(key.to_owned()), health })
    }

    /// About a whole account.
    pub(crate) fn of_account(gateway: &str, health: Health) -> Item {
        Item::Line(Self { gateway: gateway.to_owned(), key: None, health })
    }

    /// Whether it is about this line.
    pub fn concerns(&self, line: &ChannelId) -> bool {
        line.gateway() == self.gateway && self.key.as_deref().is_none_or(|key| key == line.key())
    }
}

impl Health {
    /// What a failure that came by a status says about its line; most say nothing against it.
    pub(crate) fn after(error: SendError) -> Option<Self> {
        match error {
            SendError::Misconfigured(why) => Some(Self::Broken(why)),
            SendError::Limited(why) => Some(Self::Limited(why)),
            _ => None,
        }
    }
}

/// The provider did not take the message, or may not have. The variant is the verdict: the courier only obeys it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Too fast; try again after so many seconds, if the provider says.
    #[error("throttled ({scope:?}, after {after_seconds:?} s): {detail}")]
    Throttled {
        /// What has to slow down.
        scope: Scope,
        /// Seconds to wait.
        after_seconds: Option<u64>,
        /// The provider's code, without personal data.
        detail: String,
    },
    /// A passing fault; nothing went out.
    #[error("passing fault: {0}")]
    Transient(String),
    /// The answer was lost: the message may or may not be out.
    #[error("outcome unknown: {0}")]
    Ambiguous(String),
    /// The provider takes no free reply for this citizen any more (24 hours since their last message).
    #[error("reply window closed: {0}")]
    WindowClosed(String),
    /// This message will never be taken.
    #[error("refused: {0}")]
    Refused(String),
    /// The citizen has told the provider that they want no messages from this line: nothing more is sent unasked.
    #[error("the citizen wants no messages: {0}")]
    OptedOut(String),
    /// The provider does not take this template (paused, disabled, unknown, wrong parameters); another form may go.
    #[error("template refused: {0}")]
    TemplateRefused(String),
    /// The line itself is broken (token, session, account): nothing will be taken until somebody mends it. The courier
    /// stops the line, and asks with [`Gateway::probe`] now and then whether it is mended.
    #[error("line broken: {0}")]
    Misconfigured(String),
    /// The provider has limited the account (spam, policy): the courier stops the line until a person says otherwise,
    /// because going on makes it worse.
    #[error("account limited: {0}")]
    Limited(String),
}

/// What has to slow down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole line.
    Channel,
    /// This citizen only.
    Recipient,
}

/// A body at the door, before anybody believes it.
#[derive(Clone, Copy)]
pub struct WebhookRequest<'a> {
    /// Path and query as they were asked for: some providers sign them too.
    pub target: &'a str,
    /// What stands in the path behind the gateway's name: nothing, or a secret.
    pub tail: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The raw bytes.
    pub body: &'a [u8],
}

/// Paths and headers hold secrets, bodies personal data: Debug shows the length only.
impl fmt::Debug for WebhookRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookRequest({} bytes)", self.body.len())
    }
}

/// What a provider wants to hear when its body was taken: type and text. Most want any 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The content type.
    pub mime: &'static str,
    /// The body.
    pub text: String,
}

/// A body that is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request is not signed by the provider")]
pub struct Denied;

/// What path and headers alone say about who posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precheck {
    /// They prove it: a secret is repeated.
    Verified,
    /// They have the form of a proof; the body decides.
    Pending,
}

/// A picture, fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Its type, told from its first bytes.
    pub mime: &'static str,
    /// The bytes.
    pub bytes: Bytes,
}

/// A picture that could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Worth another try.
    #[error("passing fault: {0}")]
    Transient(String),
    /// Gone, too large, or no picture.
    #[error("cannot be used: {0}")]
    Final(String),
}

/// A messaging provider. `verify` and `read` are pure, so tables and fuzzing test them.
#[async_trait]
pub trait Gateway: Send + Sync {
    /// Its configured name, `wa`: the first part of its channels, and of its webhook's path.
    fn name(&self) -> &str;

    /// Answers the provider's GET that proves the address is ours: the text to send back.
    ///
    /// # Errors
    /// [`Denied`] when it is not the provider who asks, or this provider has no such question.
    fn challenge(&self, query: &[(String, String)]) -> Result<String, Denied> {
        let _ = query;
        Err(Denied)
    }

    /// Judges path and headers before the body is taken in: a repeated secret in full, a signature by its form. `request` has
    /// no body yet. Whoever is let through here meets [`Gateway::verify`] afterwards; who is not, sends no body.
    ///
    /// # Errors
    /// [`Denied`], without saying why.
    fn precheck(&self, request: &WebhookRequest<'_>) -> Result<Precheck, Denied> {
        let _ = request;
        Ok(Precheck::Pending)
    }

    /// Checks the signature over the raw bytes, before anything reads them.
    ///
    /// # Errors
    /// [`Denied`], without saying why: an answer must not help a forger.
    fn verify(&self, request: &WebhookRequest<'_>) -> Result<(), Denied>;

    /// What to answer to a body that was taken, where this provider wants more than a 200.
    fn acknowledge(&self, body: &[u8]) -> Option<Acknowledgement> {
        let _ = body;
        None
    }

    /// Whether messages come by GET as well, with the query in the place of the body.
    fn takes_get(&self) -> bool {
        false
    }

    /// Reads a body that was let in, within the limits of [`bulk`]. `received_at` stands in for a sending time that the
    /// provider left out. An item that cannot be read may carry a body by which it alone can be read again ([`Unread`]).
    fn read(&self, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item>;

    /// What may be kept of a body that holds what cannot be read: without the provider's secrets, and without ours. Empty
    /// where that cannot be told. Whatever is kept has been here: [`bulk`] asks for it.
    fn kept(&self, body: &[u8]) -> String {
        String::from_utf8_lossy(body).into_owned()
    }

    /// Adds to items what this provider tells only when it is asked, such as the number behind a privacy id. What cannot
    /// be found out in a moment stays as it is.
    async fn complete(&self, items: Vec<Item>) -> Vec<Item> {
        items
    }

    /// What it can do, how fast, and what it tells afterwards.
    fn capabilities(&self) -> &Capabilities;

    /// Asks the provider whether the line `key` could send now, without sending: credentials, session, account.
    /// The text says what the provider answered (a name, a number, a session), for `antrean channel test`.
    ///
    /// # Errors
    /// [`SendError`] as a send would give it: mostly `Misconfigured`, `Limited` or `Transient`.
    async fn probe(&self, key: &str) -> Result<String, SendError>;

    /// Sends one answer by the line `key` to `to`. The parcel fits [`Gateway::capabilities`] ([`Parcel::parts`]); a
    /// quick reply that is tapped must come back as a message whose text is what the reply `says`.
    ///
    /// # Errors
    /// [`SendError`] with the verdict for the courier.
    async fn send(&self, key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError>;

    /// Fetches a picture that a citizen sent by the line `key`.
    ///
    /// # Errors
    /// [`FetchError`] says whether another try is worth it.
    async fn fetch_media(&self, key: &str, attachment: &Attachment) -> Result<Media, FetchError>;
}

/// The configured gateways by name.
pub type Gateways = BTreeMap<String, Arc<dyn Gateway>>;
