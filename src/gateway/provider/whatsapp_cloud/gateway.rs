//! Verifies and reads the webhook of one app.

use chrono::{DateTime, Utc};

use super::client::WhatsAppCloud;
use super::{read, verify};
use crate::gateway::{Denied, Gateway, Item, Precheck, WebhookRequest};

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
}
