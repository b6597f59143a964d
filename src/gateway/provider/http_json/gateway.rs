//! Verifies and reads the webhook of one account.

use chrono::{DateTime, Utc};

use super::client::HttpJson;
use super::kept;
use super::proof::Proof;
use super::read::Reader;
use crate::gateway::{Denied, Gateway, Item, Precheck, WebhookRequest};

impl Gateway for HttpJson {
    fn name(&self) -> &str {
        &self.name
    }

    fn precheck(&self, request: &WebhookRequest<'_>) -> Result<Precheck, Denied> {
        self.proof.precheck(request)
    }

    fn verify(&self, request: &WebhookRequest<'_>) -> Result<(), Denied> {
        self.proof.verify(request)
    }

    fn read(&self, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
        Reader { gateway: &self.name, mapping: &self.mapping.inbound, received_at }.read(body)
    }

    fn kept(&self, body: &[u8]) -> String {
        let fields = self.mapping.inbound.hidden_fields();
        let proven = match &self.proof {
            // The secret stands in the query that came as the body.
            Proof::Query { name, .. } => Some(name.clone()),
            _ => None,
        };
        let fields: Vec<String> = fields.into_iter().chain(proven).collect();
        kept::kept(body, &fields, &self.secrets)
    }

    fn takes_get(&self) -> bool {
        self.takes_get
    }
}
