//! Who sent a message, under every address that it names.

use serde_json::Value;

use super::lookup::text_of;
use super::mapping::InboundMapping;
use crate::domain::message::Contact;
use crate::gateway::inbound::address::{self, Jid, jid};

/// Every address that a message names as its sender.
pub(super) fn senders(mapping: &InboundMapping, raw: &Value) -> Vec<Jid> {
    let read = |text: String| jid(&text).or_else(|| mapping.number(&text).map(Jid::Person));
    mapping.from.iter().filter_map(|place| read(text_of(raw.pointer(place)?)?)).collect()
}

/// The address to answer to: a telephone number before a privacy id.
pub(super) fn sender(mapping: &InboundMapping, raw: &Value) -> Option<Contact> {
    addresses(mapping, raw).into_iter().next()
}

/// The sender's addresses: a telephone number first, then privacy ids. A second number is not taken for the same person: it
/// may be the office's own, or that of whoever forwarded the message.
pub(super) fn addresses(mapping: &InboundMapping, raw: &Value) -> Vec<Contact> {
    let mut addresses: Vec<Contact> = Vec::new();
    for jid in senders(mapping, raw) {
        if let Jid::Person(contact) = jid
            && !addresses.contains(&contact)
        {
            addresses.push(contact);
        }
    }
    let is_id =
        |contact: &Contact| address::names_its_server(contact.as_str()) || address::is_scoped_id(contact.as_str());
    addresses.sort_by_key(is_id);
    let mut is_first = true;
    addresses.retain(|contact| std::mem::take(&mut is_first) || is_id(contact));
    addresses
}
