//! The interface to one account.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::client::Twilio;
use super::{read, verify};
use crate::domain::message::{Attachment, Contact};
use crate::gateway::{
    Acknowledgement, Capabilities, Denied, FetchError, Gateway, Item, Media, Parcel, Precheck, Receipt, SendError,
    WebhookRequest,
};

#[async_trait]
impl Gateway for Twilio {
    fn name(&self) -> &str {
        &self.name
    }

    fn precheck(&self, request: &WebhookRequest<'_>) -> Result<Precheck, Denied> {
        verify::signature_in(request).map(|_| Precheck::Pending)
    }

    fn verify(&self, request: &WebhookRequest<'_>) -> Result<(), Denied> {
        verify::verify(&self.auth_tokens, &self.called(request.target), request)
    }

    fn read(&self, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
        read::read(&self.name, body, received_at)
    }

    /// An answer in Twilio's own markup that says nothing: answers go out by the API.
    fn acknowledge(&self, _body: &[u8]) -> Option<Acknowledgement> {
        Some(Acknowledgement { mime: "text/xml", text: "<Response/>".to_owned() })
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn probe(&self, _key: &str) -> Result<String, SendError> {
        self.look_up().await
    }

    async fn send(&self, key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        self.deliver(key, to, parcel).await
    }

    async fn fetch_media(&self, _key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        self.fetch(attachment).await
    }
}
