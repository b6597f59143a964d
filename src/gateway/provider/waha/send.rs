//! Replies on their way out, pictures on their way in, what the bridge is asked, and what its errors mean.

use std::collections::HashMap;
use std::sync::PoisonError;
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::{Method, RequestBuilder, Url};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::client::Waha;
use super::read::own_id;
use crate::domain::message::{Attachment, Contact, MessageId};
use crate::gateway::address::{Jid, jid};
use crate::gateway::client::call::{ApiResponse, call, quoted};
use crate::gateway::client::http;
use crate::gateway::inbound::text::word;
use crate::gateway::{
    Capabilities, Document, FetchError, Load, Media, Outbound, Parcel, Receipt, Scope, SendError, address, settings,
};

/// The header with our key.
const KEY_HEADER: &str = "x-api-key";
/// Longest wait for the number behind a privacy id: the webhook that asks is answered only after it.
const LID_TIME_MAX: Duration = Duration::from_secs(2);
/// Numbers behind privacy ids that are kept; one takes some hundred bytes.
const NUMBERS_MAX: usize = 20_000;

/// A text on its way out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TextOut<'a> {
    session: &'a str,
    chat_id: &'a str,
    text: &'a str,
    link_preview: bool,
}

/// A picture or a file on its way out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FileOut<'a> {
    session: &'a str,
    chat_id: &'a str,
    file: Base64File<'a>,
    caption: &'a str,
}

#[derive(Serialize)]
struct Base64File<'a> {
    mimetype: &'a str,
    filename: &'a str,
    data: String,
}

impl<'a> Base64File<'a> {
    fn new(mimetype: &'a str, filename: &'a str, bytes: &[u8]) -> Self {
        Self { mimetype, filename, data: BASE64_STANDARD.encode(bytes) }
    }
}

/// The state of a session.
#[derive(Deserialize)]
struct Session {
    status: String,
}

/// Whose a privacy id is.
#[derive(Deserialize)]
struct Person {
    pn: Option<String>,
}

/// Why the bridge said no.
#[derive(Deserialize, Default)]
struct ErrorBody {
    #[serde(default)]
    error: Value,
    #[serde(default)]
    message: Value,
    #[serde(default)]
    exception: Value,
}

#[async_trait]
impl Outbound for Waha {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn probe(&self, key: &str) -> Result<String, SendError> {
        let answer = call(self.request(Method::GET, &["api", "sessions", key])).await?;
        match answer.json::<Session>() {
            Some(session) if answer.is_success() && session.status == "WORKING" => Ok(session.status),
            Some(session) if answer.is_success() => {
                Err(SendError::Misconfigured(format!("the session is {}", word(&session.status))))
            }
            _ => Err(verdict(&answer)),
        }
    }

    async fn send(&self, key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        let chat = chat_of(to);
        let sent = match &parcel.load {
            Load::Template(_) => {
                return Err(SendError::TemplateRefused("the bridge knows no templates".to_owned()));
            }
            Load::Nothing => None,
            Load::Picture(png) => {
                let file = Base64File::new("image/png", "qr.png", png);
                Some(
                    self.post("sendImage", &FileOut { session: key, chat_id: &chat, file, caption: &parcel.text })
                        .await,
                )
            }
            Load::Document(Document { name, mime, bytes, .. }) => {
                let file = Base64File::new(mime, name, bytes);
                Some(
                    self.post("sendFile", &FileOut { session: key, chat_id: &chat, file, caption: &parcel.text }).await,
                )
            }
        };
        match sent {
            // Some engines and editions send no files: the text alone is worth more than nothing.
            None | Some(Err(SendError::Refused(_))) => {}
            Some(sent) => return Ok(Receipt { id: Some(sent?), without_picture: false }),
        }
        let text = TextOut { session: key, chat_id: &chat, text: &parcel.text, link_preview: false };
        let id = self.post("sendText", &text).await?;
        Ok(Receipt { id: Some(id), without_picture: parcel.load != Load::Nothing })
    }

    /// Fetches a picture from the bridge's own files.
    async fn fetch_media(&self, _key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        let path = file_path(&attachment.reference)
            .ok_or_else(|| FetchError::Final("the bridge has not fetched it".to_owned()))?;
        let segments: Vec<&str> = path.iter().map(String::as_str).collect();
        http::fetch_file(self.request(Method::GET, &segments), attachment.sha256.as_deref()).await
    }
}

impl Waha {
    /// The phone number behind a privacy id, where the bridge knows it. Known ones are not asked for again.
    pub(super) async fn number_behind(&self, key: &str, lid: &Contact) -> Option<Contact> {
        let known = |numbers: &HashMap<Contact, Contact>| numbers.get(lid).cloned();
        if let Some(number) = known(&self.numbers.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Some(number);
        }
        let request = self.request(Method::GET, &["api", key, "lids", lid.as_str()]).timeout(LID_TIME_MAX);
        let answer = call(request).await.ok().filter(ApiResponse::is_success)?.json::<Person>()?;
        let Some(Jid::Person(number)) = jid(answer.pn.as_deref()?) else { return None };
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        if numbers.len() >= NUMBERS_MAX {
            numbers.clear();
        }
        numbers.insert(lid.clone(), number.clone());
        Some(number)
    }

    fn request(&self, method: Method, segments: &[&str]) -> RequestBuilder {
        self.client.request(method, settings::under(&self.base, segments)).header(KEY_HEADER, self.api_key.clone())
    }

    async fn post<T: Serialize>(&self, verb: &str, body: &T) -> Result<MessageId, SendError> {
        let answer = call(self.request(Method::POST, &["api", verb]).json(body)).await?;
        if !answer.is_success() {
            return Err(verdict(&answer));
        }
        let id = answer.json::<Value>().as_ref().and_then(sent_id);
        id.map(MessageId::new).ok_or_else(|| SendError::Ambiguous("sent without a message id".to_owned()))
    }
}

/// How the bridge writes a citizen's address.
fn chat_of(to: &Contact) -> String {
    if address::names_its_server(to.as_str()) { to.as_str().to_owned() } else { format!("{}@c.us", to.as_str()) }
}

/// The id in the answer to a send: each engine puts it elsewhere.
fn sent_id(answer: &Value) -> Option<String> {
    let at = |pointer: &str| answer.pointer(pointer).and_then(Value::as_str).filter(|id| !id.is_empty());
    let id = at("/id").or_else(|| at("/id/_serialized")).or_else(|| at("/key/id")).or_else(|| at("/id/id"))?;
    Some(own_id(id).to_owned())
}

/// Where a file lies below the bridge's own files, whatever host the bridge believes itself to be (often localhost).
fn file_path(reference: &str) -> Option<Vec<String>> {
    let url = Url::parse(reference).ok()?;
    let segments: Vec<String> = url.path_segments()?.map(str::to_owned).collect();
    let is_own = matches!(segments.as_slice(), [api, files, _, ..] if api == "api" && files == "files");
    let is_plain = segments.iter().all(|segment| !segment.is_empty() && !segment.contains('%'));
    (is_own && is_plain).then_some(segments)
}

/// The error table.
fn verdict(answer: &ApiResponse) -> SendError {
    let body: ErrorBody = answer.json().unwrap_or_default();
    let words = format!("{} {} {}", body.error, body.message, body.exception).to_ascii_lowercase();
    let says = |part: &str| words.contains(part);
    let detail = format!("HTTP {}, {}", answer.status, quoted(body.error.as_str().unwrap_or_default()));
    match answer.status {
        // WhatsApp's 463: numbers may not write to people who never wrote first.
        _ if says("463") || says("reach-out") => SendError::WindowClosed(detail),
        _ if says("rate-overlimit") => answer.throttled(Scope::Channel, detail),
        // The session is stopped, or waits for its QR code.
        422 if says("session") => SendError::Misconfigured(detail),
        _ if says("no lid for user") || says("not registered") => SendError::Refused(detail),
        // What this edition or engine does not do.
        501 => SendError::Refused(detail),
        _ => answer.by_status(detail),
    }
}

#[cfg(test)]
mod tests {
    use super::super::read::NOT_FETCHED;
    use super::*;

    #[test]
    fn one_message_has_one_id_whatever_the_engine_writes() {
        for (answer, id) in [
            (r#"{"id":"true_6281200001234@c.us_3EB0AA"}"#, "3EB0AA"),
            (
                r#"{"id":{"fromMe":true,"remote":"x","id":"3EB0AA","_serialized":"true_6281200001234@c.us_3EB0AA"}}"#,
                "3EB0AA",
            ),
            (r#"{"key":{"id":"3EB0AA","remoteJid":"6281200001234@s.whatsapp.net"}}"#, "3EB0AA"),
        ] {
            let answer: Value = serde_json::from_str(answer).expect("JSON");
            assert_eq!(sent_id(&answer).as_deref(), Some(id), "{answer}");
        }
        assert_eq!(own_id("true_1@lid_3EB0AA"), "3EB0AA");
        assert_eq!(own_id("true_1@g.us_3EB0AA_6281200001234@c.us"), "3EB0AA");
        assert_eq!(own_id("3EB0AA"), "3EB0AA");
    }

    #[test]
    fn files_lie_at_the_bridge_whatever_host_it_names() {
        let path = |reference| file_path(reference).map(|segments| segments.join("/"));
        assert_eq!(path("http://localhost:3000/api/files/kanim/A.jpeg").as_deref(), Some("api/files/kanim/A.jpeg"));
        for elsewhere in [
            "",
            NOT_FETCHED,
            "https://bucket.example.org/A.jpeg",
            "http://h/api/files/../sessions",
            "http://h/api/files/%2e%2e/x",
        ] {
            assert_eq!(path(elsewhere), None, "{elsewhere}");
        }
    }
}
