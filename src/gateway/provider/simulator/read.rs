//! What the page posts, to items. A picture is kept on the way, for it comes with its message.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::state::Simulator;
use crate::domain::message::{Attachment, ChannelId, Content, Delivery, Inbound, MessageId, OtherKind};
use crate::gateway::inbound::item::{ReadItem, ignored, or_malformed};
use crate::gateway::inbound::json::parse;
use crate::gateway::picture::{self, MEDIA_BYTES_MAX};
use crate::gateway::{Item, Status, address, timestamp};

/// Longest id of a message that the page may choose, in bytes.
const ID_BYTES_MAX: usize = 128;

/// A message as the page posts it.
#[derive(Deserialize)]
struct Typed {
    id: String,
    from: String,
    sent_at: Option<DateTime<Utc>>,
    text: Option<String>,
    picture: Option<Picture>,
}

/// An attached picture; its name is for the page.
#[derive(Deserialize)]
struct Picture {
    base64: String,
}

/// A delivery tick as the page posts it.
#[derive(Deserialize)]
struct Tick {
    id: String,
    status: Delivery,
}

fn id(text: String) -> Result<MessageId, String> {
    let fits = (1..=ID_BYTES_MAX).contains(&text.len()) && !text.contains(char::is_control);
    if fits { Ok(MessageId::new(text)) } else { Err("an id that is none".to_owned()) }
}

/// Reads `{"key", "messages": [{"id", "from", "sent_at"?, "text"?, "picture"?: {"name", "base64"}}],
/// "statuses": [{"id", "status"}]}`.
pub(super) fn read(simulator: &Simulator, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
    let root = parse(body).unwrap_or_default();
    let Some(key) = root.get("key").and_then(Value::as_str).filter(|key| !key.is_empty()) else {
        return vec![or_malformed(Err("no JSON with a `key`".to_owned()))];
    };
    let list = |name: &str| root.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let messages = list("messages").iter().map(|raw| message(simulator, key, raw, received_at));
    let statuses = list("statuses").iter().map(|raw| status(simulator, key, raw));
    let items: Vec<Item> = messages.chain(statuses).map(or_malformed).collect();
    if items.is_empty() { vec![ignored("an empty body")] } else { items }
}

fn message(simulator: &Simulator, key: &str, raw: &Value, received_at: DateTime<Utc>) -> ReadItem {
    let message = Typed::deserialize(raw).map_err(|_| "a message not of the simulator's form")?;
    let id = id(message.id)?;
    let contact = address::read(&message.from).ok_or("a message without a sender")?;
    let text = message.text.map(|text| text.replace('\0', ""));
    let content = match (message.picture, text) {
        (Some(file), caption) => match BASE64_STANDARD.decode(file.base64) {
            Ok(bytes) => picture_of(simulator, format!("{key}/{}", id.as_str()), bytes, caption),
            Err(_) => return Err("a picture that is no base64".to_owned()),
        },
        (None, Some(text)) => Content::Text(text),
        (None, None) => Content::Other(OtherKind::Unsupported),
    };
    let channel = ChannelId::new(&simulator.name, key);
    let sent_at = message.sent_at.map_or(received_at, |claimed| timestamp::bounded(claimed, received_at));
    Ok(Item::Message(Inbound { channel, contact, also: Vec::new(), id, sent_at, content }))
}

/// A picture is kept for [`Outbound::fetch_media`](crate::gateway::Outbound::fetch_media); one that is too large is not, and cannot be fetched.
fn picture_of(simulator: &Simulator, reference: String, bytes: Vec<u8>, caption: Option<String>) -> Content {
    let Some(mime) = picture::mime_of(&bytes) else { return Content::Other(OtherKind::Document) };
    if bytes.len() <= MEDIA_BYTES_MAX {
        simulator.memory().keep(reference.clone(), bytes.into());
    }
    let caption = caption.filter(|caption| !caption.is_empty());
    Content::Picture { attachment: Attachment { reference, mime: Some(mime.to_owned()), sha256: None }, caption }
}

fn status(simulator: &Simulator, key: &str, raw: &Value) -> ReadItem {
    let tick = Tick::deserialize(raw).map_err(|_| "a status not of the simulator's form")?;
    let tracker = tick.id.strip_prefix("sim.").and_then(|id| id.split('.').next()).and_then(|id| id.parse().ok());
    let channel = ChannelId::new(&simulator.name, key);
    Ok(Item::Status(Status { channel, id: id(tick.id)?, tracker, delivery: tick.status, error: None }))
}
