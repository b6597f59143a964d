//! Replies on their way out: a text, an uploaded picture or document with the text as its caption, a template.
//!
//! A picture is worth a second try, but never the answer: where it cannot go out, the text goes alone.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use reqwest::RequestBuilder;
use reqwest::multipart::{Form, Part};
use serde::de::DeserializeOwned;

use super::client::WhatsAppCloud;
use super::errors::{ApiFailure, ErrorResponse};
use super::payload::{
    Body, ButtonsOut, Channel, ErrorBody, FileOut, Header, Id, ImageOut, Outgoing, Recipient, Sent, TemplateOut,
    TextOut,
};
use crate::domain::message::{Attachment, CAPTION_CHARS_MAX, Contact, MessageId};
use crate::gateway::client::call;
use crate::gateway::inbound::text::word;
use crate::gateway::{Capabilities, FetchError, Load, Media, Outbound, Parcel, Receipt, SendError, address};

/// Seconds for an upload. A QR picture has a few kilobytes, and the citizen waits for the text.
const UPLOAD_SECONDS_MAX: u64 = 8;
/// Uploads tried before the text goes alone.
const UPLOAD_TRIES: u32 = 2;

/// A file to be uploaded: name, type, bytes.
struct Upload<'a> {
    name: &'a str,
    mime: &'a str,
    bytes: &'a Bytes,
}

#[async_trait]
impl Outbound for WhatsAppCloud {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Asks for the channel's own name, number and health. Partners may know of no health; then name and number must do. A
    /// partner whose key belongs to one number is asked for the health alone (docs.360dialog.com, messaging health).
    async fn probe(&self, key: &str) -> Result<String, SendError> {
        let channel = match self.channel(key, "verified_name,display_phone_number,health_status").await {
            Err(SendError::Refused(_)) => self.channel(key, "verified_name,display_phone_number").await?,
            channel => channel?,
        };
        let health = channel.health_status.unwrap_or_default();
        if health.can_send_message == "BLOCKED" {
            let codes: Vec<String> =
                health.entities.iter().flat_map(|entity| &entity.errors).map(|e| e.error_code.to_string()).collect();
            return Err(SendError::Misconfigured(format!("its health is BLOCKED, code {}", codes.join(", "))));
        }
        let said = [channel.verified_name, channel.display_phone_number, Some(word(&health.can_send_message))];
        Ok(said.into_iter().flatten().filter(|said| !said.is_empty()).collect::<Vec<_>>().join(", "))
    }

    /// Sends one parcel. Takes at most two uploads and two messages: under a minute.
    async fn send(&self, key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        let upload = match &parcel.load {
            Load::Template(template) => {
                let body = Body::Template { template: TemplateOut::of(template) };
                let id = self.post(key, to, parcel.tracker, body).await?;
                return Ok(Receipt { id: Some(id), without_picture: false });
            }
            Load::Nothing => None,
            Load::Picture(bytes) => Some(Upload { name: "qr.png", mime: "image/png", bytes }),
            Load::Document(document) => {
                Some(Upload { name: &document.name, mime: &document.mime, bytes: &document.bytes })
            }
        };
        let fits = parcel.text.chars().count() <= CAPTION_CHARS_MAX;
        if let Some(upload) = upload.filter(|_| fits)
            && let Some(receipt) = self.deliver_file(key, to, parcel, &upload).await?
        {
            return Ok(receipt);
        }
        let body = if parcel.quick_replies.is_empty() {
            Body::Text { text: TextOut { body: &parcel.text, preview_url: false } }
        } else {
            Body::Interactive { interactive: ButtonsOut::of(parcel, None) }
        };
        let id = self.post(key, to, parcel.tracker, body).await?;
        Ok(Receipt { id: Some(id), without_picture: parcel.load != Load::Nothing })
    }

    async fn fetch_media(&self, _key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        self.fetch(attachment).await
    }
}

impl WhatsAppCloud {
    /// Sends file and text in one message; `None` when the file cannot go out, and the message has not.
    async fn deliver_file(
        &self,
        key: &str,
        to: &Contact,
        parcel: &Parcel,
        upload: &Upload<'_>,
    ) -> Result<Option<Receipt>, SendError> {
        let Some(media) = self.upload(key, upload).await? else { return Ok(None) };
        let id = media.as_str();
        let is_picture = parcel.png().is_some();
        let body = match (parcel.quick_replies.is_empty(), is_picture) {
            (true, true) => Body::Image { image: ImageOut { id, caption: &parcel.text } },
            (true, false) => Body::Document { document: FileOut { id, filename: upload.name, caption: &parcel.text } },
            (false, true) => Body::Interactive { interactive: ButtonsOut::of(parcel, Some(Header::image(id))) },
            (false, false) => {
                let header = Header::document(id, upload.name);
                Body::Interactive { interactive: ButtonsOut::of(parcel, Some(header)) }
            }
        };
        match self.post(key, to, parcel.tracker, body).await {
            Ok(id) => Ok(Some(Receipt { id: Some(id), without_picture: false })),
            Err(ApiFailure::Answered(refusal)) if refusal.is_about_media() => Ok(None),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Uploads a file and returns its id; `None` when it cannot go out.
    ///
    /// # Errors
    /// When waiting is better than doing without: the provider cannot be reached, or asks us to slow down.
    async fn upload(&self, key: &str, upload: &Upload<'_>) -> Result<Option<String>, SendError> {
        for _ in 0..UPLOAD_TRIES {
            let part = Part::stream(upload.bytes.clone()).file_name(upload.name.to_owned());
            let Ok(file) = part.mime_str(upload.mime) else {
                return Ok(None);
            };
            let form = Form::new().text("messaging_product", "whatsapp").text("type", upload.mime.to_owned());
            let request = self.client.post(self.url_of_channel(key, "media")).multipart(form.part("file", file));
            match self.call::<Id>(request.timeout(Duration::from_secs(UPLOAD_SECONDS_MAX))).await {
                Ok(media) => return Ok(Some(media.id)),
                Err(fault) => match SendError::from(fault.clone()) {
                    waits @ SendError::Throttled { .. } => return Err(waits),
                    waits if matches!(fault, ApiFailure::Call(call::CallError::Unreachable(_))) => return Err(waits),
                    SendError::Transient(_) | SendError::Ambiguous(_) => {}
                    _ => return Ok(None),
                },
            }
        }
        Ok(None)
    }

    /// Posts one message and returns the provider's id of it.
    async fn post(&self, key: &str, to: &Contact, tracker: i64, body: Body<'_>) -> Result<MessageId, ApiFailure> {
        let recipient = match to.as_str() {
            id if address::is_scoped_id(id) => Recipient::Recipient(id),
            number => Recipient::To(number),
        };
        let message = Outgoing {
            messaging_product: "whatsapp",
            recipient_type: "individual",
            recipient,
            body,
            biz_opaque_callback_data: tracker.to_string(),
        };
        let sent: Sent = self.call(self.client.post(self.url_of_channel(key, "messages")).json(&message)).await?;
        let id = sent.messages.into_iter().next().map(|message| message.id).filter(|id| !id.is_empty());
        id.map(MessageId::new).ok_or(ApiFailure::Unproven(200))
    }

    async fn channel(&self, key: &str, fields: &str) -> Result<Channel, SendError> {
        let url = if self.number_in_path {
            let mut url = self.url(&[key]);
            url.set_query(Some(&format!("fields={fields}")));
            url
        } else {
            self.url(&["health_status"])
        };
        Ok(self.call(self.client.get(url)).await?)
    }

    /// Makes one call to the API and reads its answer.
    pub(super) async fn call<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, ApiFailure> {
        let answer = call::call(request.header(&self.auth_header, self.authorization.clone())).await?;
        let error = answer.json::<ErrorBody>().map(|body| body.error);
        if !answer.is_success() || error.is_some() {
            return Err(ApiFailure::Answered(ErrorResponse::new(answer.status, error, answer.retry_after_seconds)));
        }
        answer.json().ok_or(ApiFailure::Unproven(answer.status))
    }
}
