//! Verifies and reads the webhook of one bot.

use chrono::{DateTime, Utc};

use super::client::Telegram;
use super::read;
use crate::gateway::{Acknowledgement, Denied, Gateway, Item, Precheck, WebhookRequest, signature};

/// The header that repeats the secret of `setWebhook`.
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

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
}
