//! Verifies and reads the webhook of one bridge.

use chrono::{DateTime, Utc};

use super::client::Gowa;
use super::read;
use crate::gateway::signature::{self, Hash, SignatureHeader};
use crate::gateway::{Denied, Gateway, Item, Precheck, WebhookRequest};

/// The header with the signature, which is made like Meta's.
const SIGNATURE: SignatureHeader<'_> = SignatureHeader { name: "x-hub-signature-256", prefix: "sha256=" };

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
}
