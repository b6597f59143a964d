//! What a message holds, by its type or, where that is missing or not known, by its keys.

use serde::Deserialize;
use serde_json::Value;

use super::payload::{Button, Choice, File, FlowAnswer, Interactive, SAYS};
use crate::domain::message::{Attachment, Content, OtherKind};
use crate::gateway::inbound::form_fields::fields_as_text;
use crate::gateway::inbound::text::{caption, clean, id};
use crate::gateway::picture;

/// The types that hold something which a citizen sent, in the order in which a message of no known type is searched for
/// them.
const KINDS: [&str; 11] = [
    "text",
    "image",
    "document",
    "button",
    "interactive",
    "audio",
    "video",
    "sticker",
    "location",
    "contacts",
    "order",
];

/// What a message of this type holds; `None` for what is no message to an office (reaction, system notice …).
///
/// `is_excused`: the provider itself says that it could not pass the content on.
pub(super) fn content(kind: &str, raw: &Value, is_excused: bool) -> Result<Option<Content>, String> {
    let has = |kind: &str| raw.get(kind).is_some_and(|part| !part.is_null());
    // Where the type is missing or not known, the keys decide.
    let kind = match kind {
        "voice" => "audio",
        "edit" => return Ok(edit(raw)),
        // Answering what may be a machine's notice costs money and annoys.
        "reaction" | "revoke" | "request_welcome" | "ephemeral" => return Ok(None),
        known if KINDS.contains(&known) => known,
        _ => KINDS.into_iter().find(|kind| has(kind)).unwrap_or("unsupported"),
    };
    let unsupported = || Ok(Some(Content::Other(OtherKind::Unsupported)));
    let content = match kind {
        "image" if !has(kind) && is_excused => Content::Other(OtherKind::PhotoLost),
        _ if !has(kind) && is_excused => Content::Other(OtherKind::Unsupported),
        "text" => return text(raw).map(Some),
        "image" => return Ok(Some(part(kind, raw).map_or(Content::Other(OtherKind::PhotoLost), picture_of))),
        "document" => part(kind, raw).map_or(Content::Other(OtherKind::Document), document),
        "button" => {
            let button: Option<Button> = part(kind, raw);
            let tapped = button.and_then(|button| tapped(&Choice { id: button.payload, title: button.text }));
            tapped.ok_or("a choice without words")?
        }
        "interactive" => return part(kind, raw).map_or_else(unsupported, |part| interactive(&part)),
        "audio" => Content::Other(OtherKind::Audio),
        "video" => Content::Other(OtherKind::Video),
        "sticker" => Content::Other(OtherKind::Sticker),
        "location" => Content::Other(OtherKind::Location),
        "contacts" => Content::Other(OtherKind::ContactCard),
        // `unsupported`, `unknown`, `order`, `poll`, `event`, and what is not known yet.
        _ => Content::Other(OtherKind::Unsupported),
    };
    Ok(Some(content))
}

/// A text. Where it is missing the message is malformed and kept: a later version may find it.
fn text(raw: &Value) -> Result<Content, String> {
    match raw.pointer("/text/body").or_else(|| raw.get("text")) {
        Some(Value::String(body)) => Ok(Content::Text(clean(body))),
        Some(Value::Number(body)) => Ok(Content::Text(body.to_string())),
        _ => Err("text message without its text".to_owned()),
    }
}

/// A message changed after it was sent: its new text, or the caption of its file.
fn edit(raw: &Value) -> Option<Content> {
    let message = raw.pointer("/edit/message").unwrap_or(&Value::Null);
    let text = text(message).ok().or_else(|| {
        let caption = message.as_object()?.values().find_map(|part| part.get("caption")?.as_str())?;
        Some(Content::Text(clean(caption)))
    });
    match text {
        Some(Content::Text(text)) => Some(Content::Edited(text)),
        _ => None,
    }
}

/// The object under the key of the type's name, where it is one.
pub(super) fn part<'v, T: Deserialize<'v>>(kind: &str, raw: &'v Value) -> Option<T> {
    raw.get(kind).and_then(|object| T::deserialize(object).ok())
}

/// A picture. Without its id it cannot be fetched: a form under it is read, and the photo asked for again.
fn picture_of(file: File) -> Content {
    let caption = caption(file.caption.as_deref());
    match file.id.filter(|file| id(file).is_ok()) {
        Some(reference) => Content::Picture {
            attachment: Attachment { reference, mime: file.mime_type, sha256: file.sha256 },
            caption,
        },
        None => caption.map_or(Content::Other(OtherKind::PhotoLost), Content::Text),
    }
}

/// A photo sent "as a document" is a photo.
fn document(file: File) -> Content {
    if file.mime_type.as_deref().is_some_and(picture::is_claimed) {
        return picture_of(file);
    }
    Content::Other(OtherKind::Document)
}

fn interactive(part: &Interactive) -> Result<Option<Content>, String> {
    if let Some(choice) = part.button_reply.as_ref().or(part.list_reply.as_ref()) {
        return tapped(choice).map(Some).ok_or_else(|| "a choice without words".to_owned());
    }
    match part.kind.as_deref().unwrap_or_default() {
        "button_reply" | "list_reply" => Err("interactive message without its choice".to_owned()),
        // Settled between phone and provider; the citizen said nothing.
        "call_permission_reply" => Ok(None),
        _ => Ok(Some(flow_answer(part.nfm_reply.as_ref()))),
    }
}

/// What a flow was answered with: its field `message`, or its fields as lines with labels.
fn flow_answer(answer: Option<&FlowAnswer>) -> Content {
    let fields = answer.and_then(|answer| match &answer.response_json {
        Value::String(written) => serde_json::from_str::<Value>(written).ok(),
        fields => Some(fields.clone()),
    });
    fields.as_ref().and_then(fields_as_text).map_or(Content::Other(OtherKind::Unsupported), Content::Text)
}

/// What a tapped button of ours says; else the words on what was tapped, which the citizen saw, or its id where it has none.
fn tapped(choice: &Choice) -> Option<Content> {
    if let Some(words) = choice.id.as_deref().and_then(|id| id.strip_prefix(SAYS)) {
        return Some(Content::Text(clean(words)));
    }
    [&choice.title, &choice.id].into_iter().find_map(|text| caption(text.as_deref())).map(Content::Text)
}
