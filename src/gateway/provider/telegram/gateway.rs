//! The interface to one bot.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::client::Telegram;
use super::read;
use crate::domain::message::{Attachment, Contact};
use crate::gateway::{
    Acknowledgement, Capabilities, Denied, FetchError, Gateway, Item, Media, Parcel, Precheck, Receipt, SendError,
    WebhookRequest, signature,
};

/// The header that repeats the secret of `setWebhook`.
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

#[async_trait]
impl Gateway for Telegram {
    fn name(&self) -> &str {
        &self.name
    }

    /// The secret is in a header, so path and headers verify the request.
    fn precheck(&self, request: &WebhookRequest<'_>) -> Result<Precheck, Denied> {
        self.verify(request).map(|()| Precheck::Verified)
    }

    fn verify(&self, request: &WebhookRequest<'_>) -> Result<(), Denied> {
        let given = signature::only(request.headers, SECRET_HEADER)?;
        signature::repeats(given, &self.secret_tokens).then_some(()).ok_or(Denied)
    }

    fn read(&self, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
        read::read(&self.channel, body, received_at)
    }

    /// A tapped button turns until it is answered; the answer to the webhook can do it.
    fn acknowledge(&self, body: &[u8]) -> Option<Acknowledgement> {
        read::callback_of(body).map(|id| Acknowledgement {
            mime: "application/json",
            text: serde_json::json!({"method": "answerCallbackQuery", "callback_query_id": id}).to_string(),
        })
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn probe(&self, _key: &str) -> Result<String, SendError> {
        self.look_up().await
    }

    async fn send(&self, _key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        self.deliver(to, parcel).await
    }

    async fn fetch_media(&self, _key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        self.fetch(attachment).await
    }
}
