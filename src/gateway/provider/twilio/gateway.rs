//! Verifies and reads the webhook of one account.

use chrono::{DateTime, Utc};

use super::client::Twilio;
use super::{read, verify};
use crate::gateway::{Acknowledgement, Denied, Gateway, Item, Precheck, WebhookRequest};

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
}
