//! What a message holds.

use serde_json::Value;

use super::payload::{Incoming, PhotoSize};
use crate::domain::message::{Attachment, Content, OtherKind};
use crate::gateway::inbound::form_fields::fields_as_text;
use crate::gateway::inbound::text::{caption, clean};
use crate::gateway::picture::{self, MEDIA_BYTES_MAX};

/// What a person sends that this service cannot use, by its key.
const OTHERS: [(&str, OtherKind); 14] = [
    ("voice", OtherKind::Audio),
    ("audio", OtherKind::Audio),
    ("video", OtherKind::Video),
    ("video_note", OtherKind::Video),
    ("animation", OtherKind::Video),
    ("sticker", OtherKind::Sticker),
    ("venue", OtherKind::Location),
    ("location", OtherKind::Location),
    ("contact", OtherKind::ContactCard),
    ("document", OtherKind::Document),
    ("photo", OtherKind::PhotoLost),
    ("live_photo", OtherKind::Unsupported),
    ("poll", OtherKind::Unsupported),
    ("gift", OtherKind::Unsupported),
];

/// Keys that any message may have and that say nothing of its content.
const ENVELOPE_KEYS: [&str; 36] = [
    "message_id",
    "message_thread_id",
    "direct_messages_topic",
    "from",
    "sender_chat",
    "sender_boost_count",
    "sender_business_bot",
    "date",
    "edit_date",
    "business_connection_id",
    "chat",
    "forward_origin",
    "forward_from",
    "forward_from_chat",
    "forward_from_message_id",
    "forward_signature",
    "forward_sender_name",
    "forward_date",
    "is_topic_message",
    "is_automatic_forward",
    "reply_to_message",
    "external_reply",
    "quote",
    "reply_to_story",
    "reply_to_checklist_task_id",
    "via_bot",
    "has_protected_content",
    "is_from_offline",
    "media_group_id",
    "author_signature",
    "entities",
    "link_preview_options",
    "effect_id",
    "reply_markup",
    "caption",
    "caption_entities",
];

/// Prefixes of the keys of service messages, which no person wrote.
const NOTICES: [&str; 27] = [
    "new_chat",
    "left_chat",
    "delete_chat",
    "group_chat",
    "supergroup_chat",
    "channel_chat",
    "message_auto_delete",
    "migrate_",
    "pinned_message",
    "invoice",
    "successful_payment",
    "refunded_payment",
    "users_shared",
    "user_shared",
    "chat_shared",
    "connected_website",
    "write_access_allowed",
    "passport_data",
    "proximity_alert",
    "boost_added",
    "chat_background",
    "forum_topic",
    "general_forum_topic",
    "giveaway",
    "video_chat",
    "voice_chat",
    "suggested_post",
];

/// What a message holds; `None` for a notice of the chat's own.
pub(super) fn content(message: &Incoming, raw: &Value) -> Result<Option<Content>, String> {
    match &message.text {
        Value::Null => {}
        Value::String(text) => return Ok(Some(Content::Text(clean(started(text))))),
        Value::Number(text) => return Ok(Some(Content::Text(text.to_string()))),
        _ => return Err("a text that is none".to_owned()),
    }
    if let Some(data) = message.web_app_data.as_ref().and_then(|app| caption(app.data.as_deref())) {
        let fields = serde_json::from_str::<Value>(&data).ok().filter(Value::is_object);
        return Ok(Some(match fields {
            Some(fields) => fields_as_text(&fields).map_or(Content::Other(OtherKind::Unsupported), Content::Text),
            None => Content::Text(data),
        }));
    }
    let picture = |file_id: &str, mime: Option<&str>| Content::Picture {
        attachment: Attachment { reference: file_id.to_owned(), mime: mime.map(str::to_owned), sha256: None },
        caption: caption(message.caption.as_deref()),
    };
    let limit = i64::try_from(MEDIA_BYTES_MAX).unwrap_or(i64::MAX);
    let fitting = message.photo.iter().filter(|size| size.file_size.is_none_or(|bytes| bytes <= limit));
    let pixels = |size: &&PhotoSize| size.width.unwrap_or_default().saturating_mul(size.height.unwrap_or_default());
    if let Some(largest) = fitting.max_by_key(pixels) {
        return Ok(Some(picture(&largest.file_id, None)));
    }
    if let Some(file) = &message.document
        && file.mime_type.as_deref().is_some_and(picture::is_claimed)
    {
        return Ok(Some(picture(&file.file_id, file.mime_type.as_deref())));
    }
    Ok(other(message, raw))
}

/// What holds neither text nor picture: of a known kind, a notice, or something that is not known yet. A form under what
/// is not known is read.
fn other(message: &Incoming, raw: &Value) -> Option<Content> {
    let has = |key: &str| raw.get(key).is_some_and(|value| !value.is_null());
    let known = OTHERS.iter().find(|(key, _)| has(key)).map(|(_, kind)| *kind);
    let kind = known.or_else(|| {
        let mut keys = raw.as_object()?.iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| key.as_str());
        let is_held =
            |key: &str| !ENVELOPE_KEYS.contains(&key) && !NOTICES.iter().any(|notice| key.starts_with(notice));
        keys.any(is_held).then_some(OtherKind::Unsupported)
    });
    let under = caption(message.caption.as_deref());
    match (kind, under) {
        (Some(OtherKind::Unsupported | OtherKind::PhotoLost) | None, Some(form)) => Some(Content::Text(form)),
        (kind, _) => kind.map(Content::Other),
    }
}

/// What a link to the bot carries behind `/start` is the link's, not the citizen's.
fn started(text: &str) -> &str {
    match text.split_once(' ') {
        Some((start, _)) if start == "/start" || start.starts_with("/start@") => "/start",
        _ => text,
    }
}
