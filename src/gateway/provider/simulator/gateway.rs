//! The interface to the simulator.

use async_trait::async_trait;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};

use super::memory::SimulatorEvent;
use super::read;
use super::state::Simulator;
use crate::domain::message::{Attachment, Contact, MessageId};
use crate::gateway::{
    Capabilities, Denied, FetchError, Gateway, Item, Media, Outbound, Parcel, Precheck, Receipt, SendError,
    WebhookRequest, picture, site,
};

impl Gateway for Simulator {
    fn name(&self) -> &str {
        &self.name
    }

    fn precheck(&self, request: &WebhookRequest<'_>) -> Result<Precheck, Denied> {
        self.verify(request).map(|()| Precheck::Pending)
    }

    /// Nothing is signed, so what a page of another site could send must not pass.
    fn verify(&self, request: &WebhookRequest<'_>) -> Result<(), Denied> {
        (site::is_json(request.headers) && self.site.is_ours(request.headers)).then_some(()).ok_or(Denied)
    }

    fn read(&self, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
        read::read(self, body, received_at)
    }
}

#[async_trait]
impl Outbound for Simulator {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn probe(&self, _key: &str) -> Result<String, SendError> {
        Ok("a page of this installation".to_owned())
    }

    async fn send(&self, key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        let mut memory = self.memory();
        // The reply's number keeps ids apart where an outbox starts anew.
        let id = format!("sim.{}.{}", parcel.tracker, memory.replies);
        let event = SimulatorEvent {
            key: key.to_owned(),
            contact: to.as_str().to_owned(),
            id: id.clone(),
            text: parcel.text.clone(),
            png_base64: parcel.png().map(|png| BASE64_STANDARD.encode(png)),
            at: self.clock.now(),
        };
        memory.note(event.clone());
        // Under the lock, so that the page sees replies in the transcript's order; nobody listening is no error.
        let _ = self.events.send(event);
        Ok(Receipt { id: Some(MessageId::new(id)), without_picture: false })
    }

    async fn fetch_media(&self, _key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        let memory = self.memory();
        let kept = memory.pictures.iter().find(|(reference, _)| *reference == attachment.reference);
        let bytes = kept.map(|(_, bytes)| bytes.clone()).ok_or_else(|| FetchError::Final("not kept".to_owned()))?;
        let mime = picture::mime_of(&bytes).ok_or_else(|| FetchError::Final("no picture".to_owned()))?;
        Ok(Media { mime, bytes })
    }
}
