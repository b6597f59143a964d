//! Pictures on their way in: ask where one lies, then fetch it from there, with the token only to the provider's hosts.

use std::time::Duration;

use reqwest::{StatusCode, Url};

use super::client::WhatsAppCloud;
use super::errors::ApiFailure;
use super::payload::MediaLocation;
use crate::domain::message::Attachment;
use crate::gateway::client::call;
use crate::gateway::client::http::{self, FETCH_SECONDS_MAX};
use crate::gateway::picture::MEDIA_BYTES_MAX;
use crate::gateway::{FetchError, Media, SendError};

/// The provider's hosts, with all below them. The token goes nowhere else but to the configured address.
const HOSTS: [&str; 4] = ["fbcdn.net", "fbsbx.com", "facebook.com", "whatsapp.net"];

impl WhatsAppCloud {
    /// Fetches a picture in two steps. Its address lives about five minutes, so a later try asks for it anew.
    pub(super) async fn fetch(&self, attachment: &Attachment) -> Result<Media, FetchError> {
        let id = attachment.reference.as_str();
        if !is_media_id(id) {
            return Err(FetchError::Final("the media id is none".to_owned()));
        }
        let place: MediaLocation = self.call(self.client.get(self.url(&[id]))).await.map_err(fetch_error)?;
        let limit = u64::try_from(MEDIA_BYTES_MAX).unwrap_or(u64::MAX);
        if place.file_size.is_some_and(|bytes| bytes > limit) {
            return Err(FetchError::Final(format!("larger than {MEDIA_BYTES_MAX} bytes")));
        }
        let url = self.trusted(&place.url).ok_or_else(|| FetchError::Final("it lies on a foreign host".to_owned()))?;
        let request = self.client.get(url).header(&self.auth_header, self.authorization.clone());
        let answer = request
            .timeout(Duration::from_secs(FETCH_SECONDS_MAX))
            .send()
            .await
            .map_err(|error| fetch_error(call::call_error_of(error).into()))?;
        match answer.status() {
            StatusCode::OK => {}
            status if status.is_redirection() => return Err(FetchError::Final("it has moved elsewhere".to_owned())),
            status => return Err(FetchError::Transient(format!("HTTP {} from the media host", status.as_u16()))),
        }
        // The webhook's own promise, or the one of the card.
        http::picture_in(answer, attachment.sha256.as_deref().or(place.sha256.as_deref())).await
    }

    /// The address, if the token may go there: the configured host, or one of the provider's over https.
    pub(super) fn trusted(&self, address: &str) -> Option<Url> {
        http::trusted(address, &self.base, &HOSTS)
    }
}

/// Whether a reference can be a segment of a path and nothing more.
fn is_media_id(text: &str) -> bool {
    (1..=256).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// The error of a fetch. A broken channel is no fault of the picture: it can be fetched once the channel works again.
fn fetch_error(fault: ApiFailure) -> FetchError {
    match fault {
        ApiFailure::Answered(refusal) if refusal.is_gone() => FetchError::Final(refusal.to_string()),
        fault => match SendError::from(fault) {
            SendError::Refused(detail) => FetchError::Final(detail),
            other => FetchError::Transient(other.to_string()),
        },
    }
}
