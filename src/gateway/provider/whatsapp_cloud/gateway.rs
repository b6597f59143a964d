//! The interface to one app.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::client::WhatsAppCloud;
use super::{read, verify};
use crate::domain::message::{Attachment, Contact};
use crate::gateway::{
    Capabilities, Denied, FetchError, Gateway, Item, Media, Parcel, Precheck, Receipt, SendError, WebhookRequest,
};

#[async_trait]
impl Gateway for WhatsAppCloud {
    fn name(&self) -> &str {
        &self.name
    }

    fn challenge(&self, query: &[(String, String)]) -> Result<String, Denied> {
        verify::challenge(&self.verify_token, query)
    }

    fn precheck(&self, request: &WebhookRequest<'_>) -> Result<Precheck, Denied> {
        verify::precheck(&self.app_secrets, self.webhook_token.as_ref(), request.headers)
    }

    fn verify(&self, request: &WebhookRequest<'_>) -> Result<(), Denied> {
        verify::verify(&self.app_secrets, self.webhook_token.as_ref(), request.headers, request.body)
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

    async fn fetch_media(&self, _key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        self.fetch(attachment).await
    }
}
