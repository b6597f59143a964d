//! WAHA, a WhatsApp-Web bridge that an office runs itself, with three engines that differ in small things.
//!
//! In order: payloads, admit, read, send, error table, tests. `_data` is never read: each engine fills it otherwise.

use std::fmt;

use async_trait::async_trait;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use reqwest::header::HeaderValue;
use reqwest::{Client, Method, RequestBuilder, Url};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::address::{Jid, jid};
use super::call::{Answer, call, quoted};
use super::inlet::{ReadItem, caption, clean, id, ignored, instant, parse_as, sent_at, settled, word};
use super::settings::{self, SettingsError};
use super::signature::{self, Hash};
use super::{
    Capabilities, Denied, Document, FetchError, Gateway, Item, Knock, Load, Media, Parcel, Rate, Receipt, Scope,
    SendError, Status, Statuses, address, http, picture,
};
use crate::domain::message::{Attachment, ChannelId, Contact, Content, Delivery, Inbound, MessageId, OtherKind};

/// What an address looks like in a message about a wrong one: where the bridge listens by default.
pub const API_EXAMPLE: &str = "http://127.0.0.1:3000";
/// The header with the signature over the raw body, 128 hex digits.
const SIGNATURE_HEADER: &str = "x-webhook-hmac";
/// The header with our key.
const KEY_HEADER: &str = "x-api-key";
/// The reference of a picture that the bridge itself could not fetch.
const NOT_FETCHED: &str = "not-fetched";

/// How to reach one bridge. `Debug` shows no secret.
#[derive(Clone, Default)]
pub struct Settings {
    /// The gateway's configured name.
    pub name: String,
    /// Where the bridge is. Trusted as it stands, http and loopback included.
    pub api: String,
    /// The bridge's key (`WAHA_API_KEY`).
    pub api_key: String,
    /// The keys that webhook bodies may be signed with (`hmac.key`): one, or two during a rotation.
    pub hmac_keys: Vec<String>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("name", &self.name).field("api", &self.api).finish_non_exhaustive()
    }
}

// ------------------------------------------------------------------------------------------------------- payloads --

/// An event.
#[derive(Deserialize)]
struct Posted {
    event: String,
    /// The linked telephone that it happened on, by its name.
    session: Option<String>,
    me: Option<Me>,
    #[serde(default)]
    payload: Value,
}

#[derive(Deserialize)]
struct Me {
    id: Option<String>,
}

/// The payload of `message`.
#[derive(Deserialize)]
struct Message {
    id: String,
    timestamp: Option<Value>,
    from: Option<String>,
    #[serde(rename = "fromMe", default)]
    from_me: bool,
    body: Option<String>,
    #[serde(rename = "hasMedia", default)]
    has_media: bool,
    media: Option<File>,
    location: Option<Value>,
    #[serde(rename = "vCards", default)]
    cards: Option<Vec<Value>>,
}

/// A file that the bridge fetched, or tried to.
#[derive(Deserialize)]
struct File {
    url: Option<String>,
    mimetype: Option<String>,
}

/// The payload of `message.ack`.
#[derive(Deserialize)]
struct AckPart {
    id: String,
    from: Option<String>,
    ack: i64,
}

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
    file: Bytes64<'a>,
    caption: &'a str,
}

#[derive(Serialize)]
struct Bytes64<'a> {
    mimetype: &'a str,
    filename: &'a str,
    data: String,
}

/// A session as the bridge tells of it.
#[derive(Deserialize)]
struct Session {
    status: String,
}

/// Why the bridge said no.
#[derive(Deserialize, Default)]
struct Complaint {
    #[serde(default)]
    error: Value,
    #[serde(default)]
    message: Value,
    #[serde(default)]
    exception: Value,
}

/// One bridge: a line for each session.
pub struct Waha {
    name: String,
    base: Url,
    api_key: HeaderValue,
    hmac_keys: Vec<String>,
    client: Client,
    capabilities: Capabilities,
}

impl fmt::Debug for Waha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waha").field("name", &self.name).field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

impl Waha {
    /// A gateway for one bridge. Opens no connection.
    ///
    /// # Errors
    /// [`SettingsError`] names the setting that cannot work.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let base = settings::address("api", &settings.api, API_EXAMPLE)?;
        settings::own("api_key", &settings.api_key)?;
        settings::secrets("hmac_key", &settings.hmac_keys)?;
        let api_key = settings::sensitive("api_key", &settings.api_key)?;
        let client = settings::client(&base)?;
        let capabilities = Capabilities {
            // An unofficial bridge is limited by what does not look like a machine.
            channel_rate: Rate::one_in_seconds(3).with_burst(10),
            recipient_rate: Rate::one_in_seconds(2).with_burst(3),
            documents: true,
            statuses: Statuses::ById,
            ..Capabilities::default()
        };
        Ok(Self { name: settings.name, base, api_key, hmac_keys: settings.hmac_keys, client, capabilities })
    }
}

#[async_trait]
impl Gateway for Waha {
    fn name(&self) -> &str {
        &self.name
    }

    fn admit(&self, knock: &Knock<'_>) -> Result<(), Denied> {
        signature::check_hex(knock.headers, (SIGNATURE_HEADER, ""), Hash::Sha512, &self.hmac_keys, knock.body)
    }

    fn read(&self, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
        read(&self.name, body, received_at)
    }

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
                Some(self.post_file(key, &chat, "sendImage", ("image/png", "qr.png", png), &parcel.text).await)
            }
            Load::Document(Document { name, mime, bytes }) => {
                Some(self.post_file(key, &chat, "sendFile", (mime, name, bytes), &parcel.text).await)
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

    async fn fetch_media(&self, _key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        let path = file_path(&attachment.reference)
            .ok_or_else(|| FetchError::Final("the bridge has not fetched it".to_owned()))?;
        let segments: Vec<&str> = path.iter().map(String::as_str).collect();
        http::fetch_file(self.request(Method::GET, &segments), attachment.sha256.as_deref()).await
    }
}

// ----------------------------------------------------------------------------------------------------------- read --

/// Reads a whole body; every body gives at least one item.
fn read(gateway: &str, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
    let event: Posted = match parse_as(body) {
        Ok(event) => event,
        Err(reason) => return vec![Item::Malformed { reason }],
    };
    let item = match event.event.as_str() {
        // Both, where somebody subscribed to both: the message's own id tells that they are one.
        "message" | "message.any" => message(gateway, &event, received_at),
        "message.ack" => ack(gateway, &event),
        "session.status" => {
            let status = event.payload.get("status").and_then(Value::as_str).unwrap_or_default();
            Ok(ignored(format!("session.status {}", word(status))))
        }
        other => Ok(ignored(format!("event {}", word(other)))),
    };
    vec![settled(item)]
}

fn channel(gateway: &str, event: &Posted) -> Result<ChannelId, String> {
    let session = event.session.as_deref().unwrap_or_default();
    id(session).map(|_| ChannelId::new(gateway, session)).map_err(|_| "no session".to_owned())
}

fn message(gateway: &str, event: &Posted, received_at: DateTime<Utc>) -> ReadItem {
    let message = Message::deserialize(&event.payload).map_err(|_| "a message not of the documented form")?;
    if message.from_me || message.id.starts_with("true_") {
        return Ok(ignored("a message of our own"));
    }
    let contact = match message.from.as_deref().and_then(jid) {
        Some(Jid::Person(contact)) => contact,
        Some(Jid::Crowd) => return Ok(ignored("a message in a group or channel")),
        None => return Err("a message without a sender".to_owned()),
    };
    let own = event.me.as_ref().and_then(|me| jid(me.id.as_deref()?));
    if own == Some(Jid::Person(contact.clone())) {
        return Ok(ignored("a message of our own number"));
    }
    let claimed = message.timestamp.as_ref().map_or(Ok(received_at), instant)?;
    Ok(Item::Message(Inbound {
        channel: channel(gateway, event)?,
        contact,
        also: Vec::new(),
        // Without the address in it, which may be written in two ways.
        id: id(own_id(&message.id))?,
        sent_at: sent_at(claimed, received_at),
        content: content(&message),
    }))
}

fn content(message: &Message) -> Content {
    if let Some(file) = message.media.as_ref().filter(|_| message.has_media) {
        return file_content(message, file);
    }
    let body = message.body.as_deref().unwrap_or_default();
    let kind = if message.has_media {
        OtherKind::Unsupported
    } else if message.location.as_ref().is_some_and(|location| !location.is_null()) {
        OtherKind::Location
    } else if message.cards.as_ref().is_some_and(|cards| !cards.is_empty()) {
        OtherKind::ContactCard
    } else if body.is_empty() {
        OtherKind::Unsupported
    } else {
        return Content::Text(clean(body));
    };
    Content::Other(kind)
}

fn file_content(message: &Message, file: &File) -> Content {
    let mime = file.mimetype.as_deref().unwrap_or_default();
    let kind = match mime.split(['/', ';']).next().unwrap_or_default() {
        // WhatsApp's stickers are WebP, and its photos never are.
        "image" if mime.starts_with("image/webp") => OtherKind::Sticker,
        "image" if picture::is_claimed(mime) => {
            // One that the bridge could not fetch is asked for again, like any photo that is lost.
            let reference = file.url.clone().filter(|url| !url.is_empty()).unwrap_or_else(|| NOT_FETCHED.to_owned());
            let attachment = Attachment { reference, mime: Some(mime.to_owned()), sha256: None };
            return Content::Picture { attachment, caption: caption(message.body.as_deref()) };
        }
        "audio" => OtherKind::Audio,
        "video" => OtherKind::Video,
        "" => OtherKind::Unsupported,
        _ => OtherKind::Document,
    };
    Content::Other(kind)
}

fn ack(gateway: &str, event: &Posted) -> ReadItem {
    let ack = AckPart::deserialize(&event.payload).map_err(|_| "an ack not of the documented form")?;
    if ack.from.as_deref().and_then(jid) == Some(Jid::Crowd) {
        return Ok(ignored("an ack of a group message"));
    }
    let delivery = match ack.ack {
        -1 => Delivery::Failed,
        1 => Delivery::Sent,
        2 => Delivery::Delivered,
        3 | 4 => Delivery::Read,
        other => return Ok(ignored(format!("ack {other}"))),
    };
    let error = (delivery == Delivery::Failed).then(|| "ack -1".to_owned());
    Ok(Item::Status(Status {
        channel: channel(gateway, event)?,
        id: id(own_id(&ack.id))?,
        tracker: None,
        delivery,
        error,
    }))
}

/// The part of an id that engines and addresses leave alone: `true_62…@c.us_3EB0…` and `true_1…@lid_3EB0…` are one.
fn own_id(text: &str) -> &str {
    let parts: Vec<&str> = text.splitn(4, '_').collect();
    match parts.as_slice() {
        ["true" | "false", _, id, ..] => id,
        _ => text,
    }
}

// ----------------------------------------------------------------------------------------------------------- send --

impl Waha {
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

    async fn post_file(
        &self,
        key: &str,
        chat: &str,
        verb: &str,
        (mimetype, filename, bytes): (&str, &str, &[u8]),
        caption: &str,
    ) -> Result<MessageId, SendError> {
        let file = Bytes64 { mimetype, filename, data: BASE64_STANDARD.encode(bytes) };
        self.post(verb, &FileOut { session: key, chat_id: chat, file, caption }).await
    }
}

/// How the bridge writes a citizen's address.
fn chat_of(to: &Contact) -> String {
    if address::is_lid(to.as_str()) { to.as_str().to_owned() } else { format!("{}@c.us", to.as_str()) }
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
fn verdict(answer: &Answer) -> SendError {
    let complaint: Complaint = answer.json().unwrap_or_default();
    let words = format!("{} {} {}", complaint.error, complaint.message, complaint.exception).to_ascii_lowercase();
    let says = |part: &str| words.contains(part);
    let detail = format!("HTTP {}, {}", answer.status, quoted(complaint.error.as_str().unwrap_or_default()));
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
