//! A webhook body to items, by the configured mapping. Pure; one message that cannot be read costs none of the others.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::body::{form, undecodable};
use super::content::{content, text};
use super::lookup::{has_word, holds, text_at};
use super::mapping::InboundMapping;
use super::sender::{addresses, sender, senders};
use crate::domain::message::{ChannelId, Content, Delivery};
use crate::gateway::inbound::address::Jid;
use crate::gateway::inbound::draft::InboundDraft;
use crate::gateway::inbound::item::{ReadItem, ignored, or_malformed, unread};
use crate::gateway::inbound::json::parse;
use crate::gateway::inbound::text::{id, word};
use crate::gateway::{Health, Item, Notice, Status};

/// What a body is read with.
pub(super) struct Reader<'a> {
    /// The gateway's configured name.
    pub(super) gateway: &'a str,
    /// Where things stand.
    pub(super) mapping: &'a InboundMapping,
    /// When the body arrived.
    pub(super) received_at: DateTime<Utc>,
}

impl Reader<'_> {
    /// Reads a whole body; every body gives at least one item.
    pub(super) fn read(&self, body: &[u8]) -> Vec<Item> {
        let malformed = |reason: &str| vec![or_malformed(Err(reason.to_owned()))];
        if let Some(reason) = undecodable(body) {
            return malformed(reason);
        }
        let json = parse(body).filter(|root| root.is_object() || root.is_array());
        let Some(mut root) = json.or_else(|| form(body)) else {
            return malformed("the body is neither JSON nor a form");
        };
        if self.mapping.items.is_empty() {
            return self.each(root);
        }
        let list = match root.pointer_mut(&self.mapping.items) {
            Some(Value::Array(list)) => std::mem::take(list),
            None | Some(Value::Null) => Vec::new(),
            Some(_) => return malformed("the list of messages is none"),
        };
        // Kept alone in its list: an item that cannot be read needs none of its neighbours to be read later.
        let alone = |raw: &Value| {
            let mut alone = root.clone();
            if let Some(list) = alone.pointer_mut(&self.mapping.items) {
                *list = Value::Array(vec![raw.clone()]);
            }
            alone.to_string()
        };
        self.items(&list, alone)
    }

    /// Reads a body without a list of messages: one message, a list of them, or a message with a list at
    /// [`InboundMapping::each`], each element of which then stands in the list's place.
    fn each(&self, root: Value) -> Vec<Item> {
        let bodies = match root {
            Value::Array(list) => list,
            one => vec![one],
        };
        let each = self.mapping.each.as_str();
        let mut messages = Vec::with_capacity(bodies.len());
        for mut body in bodies {
            let inner = if each.is_empty() { None } else { body.pointer_mut(each) };
            match inner {
                Some(Value::Array(list)) => {
                    for element in std::mem::take(list) {
                        // The list is empty by now: only what surrounds it is copied.
                        let mut alone = body.clone();
                        if let Some(place) = alone.pointer_mut(each) {
                            *place = element;
                        }
                        messages.push(alone);
                    }
                }
                _ => messages.push(body),
            }
        }
        self.items(&messages, Value::to_string)
    }

    /// Reads each message; `alone` writes a body that holds only this one.
    fn items(&self, messages: &[Value], alone: impl Fn(&Value) -> String) -> Vec<Item> {
        if messages.is_empty() {
            return vec![ignored("a body without messages")];
        }
        let read =
            |raw: &Value| self.item(raw).unwrap_or_else(|reason| unread(reason, sender(self.mapping, raw), alone(raw)));
        messages.iter().map(read).collect()
    }

    fn item(&self, raw: &Value) -> ReadItem {
        let mapping = self.mapping;
        if !raw.is_object() {
            return Err("a message that is no object".to_owned());
        }
        // Our own messages are recognised first: they must never be answered, whatever else the item holds.
        if holds(raw, &mapping.own) {
            return Ok(ignored("a message of our own"));
        }
        if is_ignored(mapping, raw)? {
            return Ok(ignored("an event of no use here"));
        }
        let channel = self.channel(raw)?;
        if let Some(status) = status(mapping, raw, &channel)? {
            return Ok(status);
        }
        if let Some(notice) = session(mapping, raw, &channel) {
            return Ok(notice);
        }
        if senders(mapping, raw).contains(&Jid::Crowd) || holds(raw, &mapping.group) {
            return Ok(ignored("a message in a group or channel"));
        }
        self.message(raw, channel)
    }

    fn channel(&self, raw: &Value) -> Result<ChannelId, String> {
        let channel = text_at(raw, &self.mapping.line).ok_or("no channel")?;
        id(&channel).map_err(|_| "no channel")?;
        let key = self.mapping.number(&channel).map_or(channel, |own| own.as_str().to_owned());
        Ok(ChannelId::new(self.gateway, &key))
    }

    fn message(&self, raw: &Value, channel: ChannelId) -> ReadItem {
        let mapping = self.mapping;
        let mut addresses = addresses(mapping, raw).into_iter();
        let contact = addresses.next().ok_or("a message without a sender")?;
        if contact.as_str() == channel.key() {
            return Ok(ignored("a message of our own number"));
        }
        let kind = text_at(raw, &mapping.kind).unwrap_or_default();
        let Some(content) = content(mapping, raw, &kind)? else {
            return Ok(ignored(format!("{} message", word(&kind))));
        };
        let own_id = text_at(raw, &mapping.id).filter(|id| id != "0");
        let edit_id = own_id.as_ref().filter(|_| matches!(content, Content::Edited(_))).map(|id| format!("edit/{id}"));
        let draft = InboundDraft {
            channel,
            contact,
            also: addresses.collect(),
            id: edit_id.as_deref().or(own_id.as_deref()),
            time: mapping.time.iter().find_map(|place| raw.pointer(place).filter(|time| !time.is_null())),
            content,
        };
        Ok(draft.into_item(self.received_at))
    }
}

/// Whether a body is an event that is not processed here.
///
/// # Errors
/// Where the event is not in the list of wanted ones and holds a message all the same: perhaps one of a later version.
fn is_ignored(mapping: &InboundMapping, raw: &Value) -> Result<bool, String> {
    if holds(raw, &mapping.ignored) {
        return Ok(true);
    }
    let Some(event) = text_at(raw, &mapping.wanted.places).filter(|text| !has_word(&mapping.wanted, text)) else {
        return Ok(false);
    };
    let has_content = text(mapping, raw).0.is_some() || text_at(raw, &mapping.media).is_some();
    if has_content && sender(mapping, raw).is_some() {
        return Err(format!("event {} with a message", word(&event)));
    }
    Ok(true)
}

/// Whether the channel can send, where the same webhook reports it: a body with a state and without a sender.
fn session(mapping: &InboundMapping, raw: &Value, channel: &ChannelId) -> Option<Item> {
    let state = text_at(raw, &mapping.session).filter(|_| text_at(raw, &mapping.from).is_none())?;
    let health = if state.eq_ignore_ascii_case(&mapping.session_up) {
        Health::Well
    } else if state.eq_ignore_ascii_case(&mapping.session_down) {
        Health::Broken(format!("the provider says `{}`", word(&state)))
    } else {
        return Some(ignored(format!("session {}", word(&state))));
    };
    Some(Notice::of_line(channel.gateway(), channel.key(), health))
}

/// How far a reply came, where the same webhook reports it.
fn status(mapping: &InboundMapping, raw: &Value, channel: &ChannelId) -> Result<Option<Item>, String> {
    let (Some(stage), Some(own)) = (text_at(raw, &mapping.status), text_at(raw, &mapping.status_id)) else {
        return Ok(None);
    };
    let delivery = match stage.to_ascii_lowercase().as_str() {
        "sent" | "server" | "server_ack" => Delivery::Sent,
        "delivered" | "received" | "delivery_ack" => Delivery::Delivered,
        "read" | "played" => Delivery::Read,
        "failed" | "invalid" | "expired" | "undelivered" | "noaccount" | "error" => Delivery::Failed,
        other => return Ok(Some(ignored(format!("status {}", word(other))))),
    };
    let error = (delivery == Delivery::Failed).then(|| word(&stage));
    Ok(Some(Item::Status(Status { channel: channel.clone(), id: id(&own)?, tracker: None, delivery, error })))
}
