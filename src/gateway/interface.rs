//! The interface that every provider implements, and all that other modules know of a provider.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::client::picture::{FetchError, Media};
use super::inbound::item::Item;
use super::outbound::capabilities::Capabilities;
use super::outbound::error::SendError;
use super::outbound::parcel::{Parcel, Receipt};
use super::verification::request::{Acknowledgement, Denied, Precheck, WebhookRequest};
use crate::domain::message::{Attachment, Contact};

/// A messaging provider: what comes from it, here, and what goes out to it, in [`Outbound`]. `verify` and `read` are pure, so
/// tables of bodies and fuzzing can test them.
#[async_trait]
pub trait Gateway: Outbound {
    /// Its configured name, `wa`: the first part of its channels, and of its webhook's path.
    fn name(&self) -> &str;

    /// Answers the GET by which a provider verifies that the address is ours, with the text to send back.
    ///
    /// # Errors
    /// [`Denied`] when the sender is not the provider, or this provider sends no such GET.
    fn challenge(&self, query: &[(String, String)]) -> Result<String, Denied> {
        let _ = query;
        Err(Denied)
    }

    /// Judges path and headers before the body is received: a repeated secret in full, a signature by its form. The body
    /// of `request` is empty. Only a request that passes is received; [`Gateway::verify`] then checks all of it.
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

    /// The response to a body that was accepted, where this provider wants more than a 200.
    fn acknowledge(&self, body: &[u8]) -> Option<Acknowledgement> {
        let _ = body;
        None
    }

    /// Whether messages come by GET as well, with the query in the place of the body.
    fn takes_get(&self) -> bool {
        false
    }

    /// Reads a body whose sender is verified; callers use [`bounded_read`](super::bounded_read), which limits it. `received_at`
    /// replaces a time of sending that the provider left out. A malformed item may carry a body that holds only this item
    /// ([`Unread`](super::Unread)).
    fn read(&self, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item>;

    /// What may be kept of a body that holds what cannot be read: without the provider's secrets, and without ours. Empty
    /// where that cannot be known. [`bounded_read`](super::bounded_read) passes everything that is kept through here.
    fn kept(&self, body: &[u8]) -> String {
        String::from_utf8_lossy(body).into_owned()
    }

    /// Adds to items what this provider tells only on request, such as the number behind a privacy id. An item stays as it
    /// is where the provider does not answer within seconds.
    async fn complete(&self, items: Vec<Item>) -> Vec<Item> {
        items
    }
}

/// What goes out to a provider: replies, questions about a channel, and fetches of pictures.
#[async_trait]
pub trait Outbound: Send + Sync {
    /// What it can send, how fast, and which statuses it reports.
    fn capabilities(&self) -> &Capabilities;

    /// Asks the provider whether the channel `key` could send now, without sending: credentials, session, account.
    /// The text says what the provider answered (a name, a number, a session), for `antrean channel test`.
    ///
    /// # Errors
    /// [`SendError`] as a send would give it: mostly `Misconfigured`, `Limited` or `Transient`.
    async fn probe(&self, key: &str) -> Result<String, SendError>;

    /// Sends one answer by the channel `key` to `to`. The parcel fits [`Outbound::capabilities`] ([`Parcel::parts`]); a
    /// quick reply that is tapped must come back as a message whose text is what the reply `says`.
    ///
    /// # Errors
    /// [`SendError`] with the verdict for the courier.
    async fn send(&self, key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError>;

    /// Fetches a picture that a citizen sent by the channel `key`.
    ///
    /// # Errors
    /// [`FetchError`] says whether another try is worth it.
    async fn fetch_media(&self, key: &str, attachment: &Attachment) -> Result<Media, FetchError>;
}

/// The configured gateways by name.
pub type Gateways = BTreeMap<String, Arc<dyn Gateway>>;
