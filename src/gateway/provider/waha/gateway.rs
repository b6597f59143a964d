//! Verifies and reads the webhook of one bridge.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::client::Waha;
use super::read;
use crate::gateway::signature::{self, Hash, SignatureHeader};
use crate::gateway::{Denied, Gateway, Item, Precheck, WebhookRequest, address};

/// The header with the signature over the raw body, 128 hex digits.
const SIGNATURE: SignatureHeader<'_> = SignatureHeader { name: "x-webhook-hmac", prefix: "" };

#[async_trait]
impl Gateway for Waha {
    fn name(&self) -> &str {
        &self.name
    }

    fn precheck(&self, request: &WebhookRequest<'_>) -> Result<Precheck, Denied> {
        signature::hex_of(request.headers, SIGNATURE, Hash::Sha512).map(|_| Precheck::Pending)
    }

    fn verify(&self, request: &WebhookRequest<'_>) -> Result<(), Denied> {
        signature::check_hex(request.headers, SIGNATURE, Hash::Sha512, &self.hmac_keys, request.body)
    }

    fn read(&self, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
        read::read(&self.name, body, received_at)
    }

    async fn complete(&self, mut items: Vec<Item>) -> Vec<Item> {
        for item in &mut items {
            if let Item::Message(inbound) = item
                && address::is_lid(inbound.contact.as_str())
                && let Some(number) = self.number_behind(inbound.channel.key(), &inbound.contact).await
            {
                inbound.also.push(std::mem::replace(&mut inbound.contact, number));
            }
        }
        items
    }
}
