//! What a message holds, by its type and its configured places.

use serde_json::Value;

use super::lookup::{holds, text_at, text_of};
use super::mapping::{InboundMapping, Kind};
use crate::domain::message::{Attachment, Content, OtherKind};
use crate::gateway::inbound::text::{caption, clean};
use crate::gateway::picture;

/// What a type means: by the configured words, else by those that everybody uses.
fn kind_of(mapping: &InboundMapping, kind: &str) -> Option<Kind> {
    let kind = kind.trim().to_lowercase();
    let configured = mapping.kinds.iter().find(|(_, words)| words.contains(&kind)).map(|(meant, _)| *meant);
    configured.or(match kind.as_str() {
        "text" => Some(Kind::Text),
        "image" | "photo" | "picture" => Some(Kind::Picture),
        "audio" | "voice" | "ptt" => Some(Kind::Audio),
        "video" => Some(Kind::Video),
        "sticker" => Some(Kind::Sticker),
        "location" | "live_location" | "livelocation" => Some(Kind::Location),
        "contact" | "contacts" | "vcard" => Some(Kind::Contact),
        "document" | "file" => Some(Kind::Document),
        "edited" | "edit" => Some(Kind::Edit),
        "reaction" | "revoked" | "revoke" | "deleted" | "delete" | "protocol" | "system" => Some(Kind::Ignored),
        _ => None,
    })
}

/// The text, and whether there is a value of another type instead: it may be all that the message holds.
pub(super) fn text(mapping: &InboundMapping, raw: &Value) -> (Option<String>, bool) {
    let is_said = |text: &String| !mapping.text_if_none.contains(text);
    let text = mapping.text.iter().find_map(|place| text_of(raw.pointer(place)?).filter(is_said));
    let is_odd =
        mapping.text.iter().filter_map(|place| raw.pointer(place)).any(|text| text.is_array() || text.is_object());
    (text, is_odd)
}

/// What a message holds; `None` for what is no message to an office.
pub(super) fn content(mapping: &InboundMapping, raw: &Value, kind: &str) -> Result<Option<Content>, String> {
    let meant = if holds(raw, &mapping.picture) { Some(Kind::Picture) } else { kind_of(mapping, kind) };
    let media = text_at(raw, &mapping.media);
    let (text, is_odd) = text(mapping, raw);
    let pictured = |reference: String| Content::Picture {
        attachment: Attachment { reference, mime: None, sha256: None },
        caption: caption(text.as_deref()),
    };
    let other = match meant {
        Some(Kind::Ignored) => return Ok(None),
        Some(Kind::Edit) => return Ok(text.map(|text| Content::Edited(clean(&text)))),
        Some(Kind::Picture) => {
            return Ok(Some(match (media, &text) {
                (Some(reference), _) => pictured(reference),
                // A form under it is read, and the photo asked for.
                (None, Some(text)) => Content::Text(clean(text)),
                // The provider gives its address only on more expensive plans.
                (None, None) => Content::Other(OtherKind::Unsupported),
            }));
        }
        Some(Kind::Audio) => OtherKind::Audio,
        Some(Kind::Video) => OtherKind::Video,
        Some(Kind::Sticker) => OtherKind::Sticker,
        Some(Kind::Location) => OtherKind::Location,
        Some(Kind::Contact) => OtherKind::ContactCard,
        Some(Kind::Document) => match media.filter(|reference| is_picture_named(reference)) {
            Some(reference) => return Ok(Some(pictured(reference))),
            None => OtherKind::Document,
        },
        // Of a type that nobody knows, but plainly a picture by its name.
        None if media.as_deref().is_some_and(is_picture_named) => return Ok(media.map(pictured)),
        Some(Kind::Text) | None => match text {
            Some(text) => return Ok(Some(Content::Text(clean(&text)))),
            None if is_odd => return Err("a text that is none".to_owned()),
            None if text_at(raw, &mapping.location).is_some() => OtherKind::Location,
            None => OtherKind::Unsupported,
        },
    };
    Ok(Some(Content::Other(other)))
}

fn is_picture_named(address: &str) -> bool {
    picture::is_named(address.split(['?', '#']).next().unwrap_or_default())
}
