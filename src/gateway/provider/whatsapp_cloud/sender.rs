//! Who sent a message, under every address that it names.

use serde::Deserialize;
use serde_json::Value;

use super::payload::{Message, Person};
use crate::domain::message::Contact;
use crate::gateway::inbound::address;

/// The sender's addresses: the numbers first, then the ids scoped to this business, each once.
pub(super) fn sender(message: &Message, value: &Value) -> Vec<Contact> {
    let people: Vec<Person> = value
        .get("contacts")
        .and_then(Value::as_array)
        .map(|list| list.iter().filter_map(|person| Person::deserialize(person).ok()).collect())
        .unwrap_or_default();
    let person = match (&message.from_user_id, &message.from, people.as_slice()) {
        (Some(user), _, people) => people.iter().find(|person| person.user_id.as_ref() == Some(user)),
        (None, Some(from), people) => people.iter().find(|person| person.wa_id.as_ref() == Some(from)),
        (None, None, [only]) => Some(only),
        (None, None, _) => None,
    };
    let listed = |pick: fn(&Person) -> Option<&String>| person.and_then(pick).map(String::as_str);
    let named = [
        message.from.as_deref(),
        listed(|person| person.wa_id.as_ref()),
        message.from_user_id.as_deref(),
        listed(|person| person.user_id.as_ref()),
    ];
    let mut addresses: Vec<Contact> = Vec::new();
    for address in named.into_iter().flatten().filter_map(address::read) {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    // Intermediaries put an id where a number belongs: shape counts, not place.
    addresses.sort_by_key(|address| address::is_scoped_id(address.as_str()));
    addresses
}

/// Whether a message comes from the office's own number: answering it would be a bot talking to itself.
pub(super) fn is_own(contact: &Contact, value: &Value) -> bool {
    let shown = value.pointer("/metadata/display_phone_number").and_then(Value::as_str).unwrap_or_default();
    // One number ends alike in every spelling; the library, which takes its time, is asked only about those that do.
    let last = shown.chars().rfind(char::is_ascii_digit);
    last.is_some() && last == contact.as_str().chars().next_back() && address::read(shown).as_ref() == Some(contact)
}
