//! Replies on their way out, pictures on their way in, and what the bridge's errors mean.
//!
//! Error codes: the bridge's own source (`pkg/error`); they are words, beside an HTTP status.

use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder, Url};
use serde::{Deserialize, Serialize};

use super::client::Gowa;
use crate::domain::message::{Attachment, Contact, MessageId};
use crate::gateway::client::call::{ApiResponse, call, quoted};
use crate::gateway::client::http;
use crate::gateway::{
    Capabilities, Document, FetchError, Load, Media, Outbound, Parcel, Receipt, Scope, SendError, address, settings,
};

/// The header that names the linked telephone to use.
const DEVICE_HEADER: &str = "x-device-id";
/// What a reference begins with when the bridge has to open a message's picture first.
const OF_MESSAGE: &str = "message:";

/// A text on its way out.
#[derive(Serialize)]
struct TextOut<'a> {
    phone: &'a str,
    message: &'a str,
}

/// What the bridge answers to everything.
#[derive(Deserialize)]
struct Reply {
    code: Option<String>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    results: serde_json::Value,
}

#[async_trait]
impl Outbound for Gowa {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Asks which telephones are linked.
    async fn probe(&self, key: &str) -> Result<String, SendError> {
        let reply = self.call(self.request(Method::GET, self.url(&["app", "devices"]), key)).await?;
        let devices = reply.results.as_array().map_or(0, Vec::len);
        if devices == 0 {
            return Err(SendError::Misconfigured("no telephone is linked: scan the QR code at the bridge".to_owned()));
        }
        Ok(format!("{devices} linked"))
    }

    async fn send(&self, key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        let phone = jid_of(to);
        let reply = match &parcel.load {
            Load::Picture(png) => {
                let file = part(png.clone(), "qr.png", "image/png")?;
                let form = Form::new().text("phone", phone).text("caption", parcel.text.clone()).part("image", file);
                self.call(self.post(key, &["send", "image"]).multipart(form)).await?
            }
            Load::Document(Document { name, mime, bytes, .. }) => {
                let file = part(bytes.clone(), name, mime)?;
                let form = Form::new().text("phone", phone).text("caption", parcel.text.clone()).part("file", file);
                self.call(self.post(key, &["send", "file"]).multipart(form)).await?
            }
            Load::Nothing => {
                let text = TextOut { phone: &phone, message: &parcel.text };
                self.call(self.post(key, &["send", "message"]).json(&text)).await?
            }
            Load::Template(_) => return Err(SendError::TemplateRefused("the bridge knows no templates".to_owned())),
        };
        let id = reply.results.get("message_id").and_then(|id| id.as_str()).filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| SendError::Ambiguous("SUCCESS without a message id".to_owned()))?;
        Ok(Receipt { id: Some(MessageId::new(id)), without_picture: false })
    }

    /// Fetches a picture from the bridge's own disk; of a message that was not fetched yet, the bridge does that first.
    async fn fetch_media(&self, key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        let path = match attachment.reference.strip_prefix(OF_MESSAGE) {
            None => attachment.reference.clone(),
            Some(rest) => {
                let (id, chat) = rest.split_once(':').ok_or_else(|| FetchError::Final("no message".to_owned()))?;
                let mut url = self.url(&["message", id, "download"]);
                url.query_pairs_mut().append_pair("phone", chat);
                let reply = self.call(self.request(Method::GET, url, key)).await.map_err(|error| match error {
                    SendError::Refused(detail) => FetchError::Final(detail),
                    other => FetchError::Transient(other.to_string()),
                })?;
                let path = reply.results.get("file_path").and_then(|path| path.as_str());
                path.ok_or_else(|| FetchError::Transient("no file_path".to_owned()))?.to_owned()
            }
        };
        let segments = segments(&path).ok_or_else(|| FetchError::Final("the path leads elsewhere".to_owned()))?;
        http::fetch_file(self.request(Method::GET, self.url(&segments), key), attachment.sha256.as_deref()).await
    }
}

impl Gowa {
    fn url(&self, segments: &[&str]) -> Url {
        settings::under(&self.base, segments)
    }

    fn post(&self, key: &str, segments: &[&str]) -> RequestBuilder {
        self.request(Method::POST, self.url(segments), key)
    }

    fn request(&self, method: Method, url: Url, key: &str) -> RequestBuilder {
        let request = self.client.request(method, url).header(AUTHORIZATION, self.authorization.clone());
        let own = || HeaderValue::from_str(&format!("{key}@s.whatsapp.net")).ok();
        match self.device.clone().or_else(own) {
            Some(device) => request.header(DEVICE_HEADER, device),
            None => request,
        }
    }

    async fn call(&self, request: RequestBuilder) -> Result<Reply, SendError> {
        let answer = call(request).await?;
        match answer.json::<Reply>() {
            Some(reply) if answer.is_success() && reply.code.as_deref() == Some("SUCCESS") => Ok(reply),
            reply => Err(verdict(&answer, reply.as_ref())),
        }
    }
}

/// The parts of a path below the bridge's `statics`; nothing leads out of it or to another host.
fn segments(path: &str) -> Option<Vec<&str>> {
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let is_plain = |segment: &&str| !segment.is_empty() && *segment != "." && *segment != "..";
    (segments.first() == Some(&"statics") && segments.len() > 1 && segments.iter().all(is_plain)).then_some(segments)
}

/// How the bridge writes a citizen's address.
fn jid_of(to: &Contact) -> String {
    if address::names_its_server(to.as_str()) {
        to.as_str().to_owned()
    } else {
        format!("{}@s.whatsapp.net", to.as_str())
    }
}

fn part(bytes: bytes::Bytes, name: &str, mime: &str) -> Result<Part, SendError> {
    let part = Part::stream(bytes).file_name(name.to_owned()).mime_str(mime);
    part.map_err(|_| SendError::Refused("the file has no type".to_owned()))
}

/// The error table.
fn verdict(answer: &ApiResponse, reply: Option<&Reply>) -> SendError {
    let code = reply.and_then(|reply| reply.code.as_deref()).unwrap_or_default();
    let detail = format!("HTTP {}, {}", answer.status, quoted(code));
    let says = |words: &str| reply.is_some_and(|reply| reply.message.to_ascii_lowercase().contains(words));
    match code {
        // The linked telephone is logged out: a person has to scan the QR code.
        "AUTHENTICATION_ERROR"
        | "AUTH_ERROR"
        | "INVALID_WA_CLI"
        | "NOT_LOGGED_IN"
        | "RECONNECT_ERROR"
        | "SESSION_SAVED_ERROR"
        | "DEVICE_NOT_FOUND" => SendError::Misconfigured(detail),
        // WhatsApp's 463: numbers may not write to people who never wrote first.
        "WA_REACHOUT_TIMELOCK" => SendError::WindowClosed(detail),
        "INVALID_JID" | "VALIDATION_ERROR" | "400" => SendError::Refused(detail),
        "UPLOAD_MEDIA_ERROR" => SendError::Transient(detail),
        _ if says("463") || says("reach-out") => SendError::WindowClosed(detail),
        _ if says("not logged in") || says("not login") || says("not connect") => SendError::Misconfigured(detail),
        _ if says("429") || says("rate-overlimit") => answer.throttled(Scope::Channel, detail),
        // A bare 500 is an error inside the bridge after it may have spoken to WhatsApp; most often it has not.
        _ if answer.is_success() && !code.is_empty() => SendError::Refused(detail),
        _ => answer.by_status(detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_the_bridges_own_statics() {
        assert_eq!(segments("statics/media/1.jpeg"), Some(vec!["statics", "media", "1.jpeg"]));
        assert_eq!(segments("/statics/media/1.jpeg"), Some(vec!["statics", "media", "1.jpeg"]));
        for path in ["", "statics", "etc/passwd", "statics/../storages/x.db", "statics//x", "http://x/statics/a", "//x"]
        {
            assert_eq!(segments(path), None, "{path}");
        }
    }

    #[test]
    fn addresses_are_written_as_the_bridge_does() {
        assert_eq!(jid_of(&Contact::new("6281200001234")), "6281200001234@s.whatsapp.net");
        assert_eq!(jid_of(&Contact::new("251556368777322@lid")), "251556368777322@lid");
    }
}
