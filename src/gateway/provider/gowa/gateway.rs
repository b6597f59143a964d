//! The interface to one bridge.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::client::Gowa;
use super::read;
use crate::domain::message::{Attachment, Contact};
use crate::gateway::signature::{self, Hash, SignatureHeader};
use crate::gateway::{
    Capabilities, Denied, FetchError, Gateway, Item, Media, Parcel, Precheck, Receipt, SendError, WebhookRequest,
};

/// The header with the signature, which is made like Meta's.
const SIGNATURE: SignatureHeader<'_> = SignatureHeader { name: "x-hub-signature-256", prefix: "sha256=" };

#[async_trait]
impl Gateway for Gowa {
    fn name(&self) -> &str {
        &self.name
    }

    fn precheck(&self, request: &WebhookRequest<'_>) -> Result<Precheck, Denied> {
        signature::hex_of(request.headers, SIGNATURE, Hash::Sha256).map(|_| Precheck::Pending)
    }

    fn verify(&self, request: &WebhookRequest<'_>) -> Result<(), Denied> {
        signature::check_hex(request.headers, SIGNATURE, Hash::Sha256, &self.webhook_secrets, request.body)
    }

    fn read(&self, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
        read::read(&self.name, body, received_at)
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn probe(&self, key: &str) -> Result<String, SendError> {
        self.look_up(key).await
    }

    async fn send(&self, key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        self.deliver(key, to, parcel).await
    }

    async fn fetch_media(&self, key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        self.fetch(key, attachment).await
    }
}
