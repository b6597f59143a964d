//! Resolves the addresses of each message to a contact before anything is decided: one citizen stays one contact when their number
//! or id changes, and whoever gets an old number is somebody else.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use crate::domain::message::{AddressChange, ChannelId, Contact, Inbound};
use crate::storage::{ContactKey, Found, Intake, KnownAddress, StorageError};

/// Separates an old number from the instant at which it was given up, in the name of the contact who gets it next.
const NEXT_HOLDER: char = '~';

/// Something that says which addresses belong to one citizen.
pub(super) enum Evidence<'a> {
    /// A message with its sender's addresses; its contact is corrected.
    Message(&'a mut Inbound),
    /// A change of addresses.
    Change(&'a AddressChange),
}

impl Evidence<'_> {
    fn at(&self) -> DateTime<Utc> {
        match self {
            Self::Message(inbound) => inbound.sent_at,
            Self::Change(change) => change.at,
        }
    }
}

/// All addresses that a change names.
pub(super) fn addresses_of(change: &AddressChange) -> impl Iterator<Item = ContactKey> {
    change.left.iter().chain(&change.taken).map(|address| (change.channel.clone(), address.clone()))
}

/// What is known of addresses, and what this batch learns.
#[derive(Default)]
struct AddressBook {
    known: HashMap<ContactKey, Contact>,
    new: BTreeMap<ContactKey, KnownAddress>,
    joined: Vec<(ChannelId, Contact, Contact)>,
}

/// Corrects the contact of every message, and stores what was learned of the addresses. Costs no statement where only known
/// numbers wrote. Returns the contacts that turned out to be one citizen, each as its key from now on and its key until now.
pub(super) async fn resolve(
    intake: &mut Intake,
    found: &mut Found,
    mut evidence: Vec<Evidence<'_>>,
) -> Result<Vec<(ContactKey, ContactKey)>, StorageError> {
    evidence.sort_by_key(Evidence::at);
    // A contact who has written before is known by the address that they are named after.
    let by_name =
        found.chats.iter().map(|((channel, contact), _)| ((channel.clone(), contact.clone()), contact.clone()));
    let known = by_name.chain(found.contacts.drain(..)).collect();
    let mut book = AddressBook { known, ..AddressBook::default() };
    for one in &mut evidence {
        match one {
            Evidence::Message(inbound) => inbound.contact = book.sender(inbound),
            Evidence::Change(change) => book.change(change),
        }
    }
    for (channel, kept, other) in &book.joined {
        // Messages from before the two contacts were known to be one are corrected too.
        for one in &mut evidence {
            if let Evidence::Message(inbound) = one
                && inbound.channel == *channel
                && inbound.contact == *other
            {
                inbound.contact = kept.clone();
            }
        }
        let mut moved = Vec::new();
        for booking in found.bookings.iter_mut().chain(&mut found.lapsed) {
            if booking.channel == *channel && booking.contact == *other {
                booking.contact = kept.clone();
                moved.push(booking.id);
            }
        }
        intake.join_contacts(channel, kept, other, &moved).await?;
    }
    intake.keep_addresses(&book.new.into_values().collect::<Vec<_>>()).await?;
    let joined = book.joined.into_iter();
    Ok(joined.map(|(channel, kept, other)| ((channel.clone(), kept), (channel, other))).collect())
}

impl AddressBook {
    /// The contact who wrote a message.
    fn sender(&mut self, inbound: &Inbound) -> Contact {
        let channel = &inbound.channel;
        let addresses: Vec<Contact> = std::iter::once(&inbound.contact).chain(&inbound.also).cloned().collect();
        let contact = self.one_behind(channel, &addresses).unwrap_or_else(|| inbound.contact.clone());
        // A contact who has only ever had one address needs no row.
        if contact != inbound.contact || !inbound.also.is_empty() {
            for address in addresses {
                let heard_at = (address == inbound.contact).then_some(inbound.sent_at);
                self.keep(channel, address, contact.clone(), heard_at);
            }
        } else {
            self.known.insert((channel.clone(), contact.clone()), contact.clone());
        }
        contact
    }

    /// The addresses of a contact changed. The old ones lead to somebody else from now on, whoever gets them.
    fn change(&mut self, change: &AddressChange) {
        let channel = &change.channel;
        let next_holder =
            |address: &Contact| Contact::new(format!("{}{NEXT_HOLDER}{}", address.as_str(), change.at.timestamp()));
        let is_done =
            |address: &Contact| self.known.get(&(channel.clone(), address.clone())) == Some(&next_holder(address));
        if change.left.iter().any(is_done) {
            return; // delivered twice
        }
        let Some(before) = self.one_behind(channel, &change.left) else {
            return; // nobody who has written here
        };
        let is_known = |address: &Contact| self.known.contains_key(&(channel.clone(), address.clone()));
        if before.as_str().contains(NEXT_HOLDER) && change.taken.iter().any(is_known) {
            return; // the same change again: providers report the number's and then the id's
        }
        // A contact who has already written from the new address is the same citizen: the provider says so.
        let all: Vec<Contact> = change.left.iter().chain(&change.taken).cloned().collect();
        let Some(contact) = self.one_behind(channel, &all) else { return };
        for (place, address) in change.taken.iter().enumerate() {
            // Replies go to the first address. It counts as heard from now, because the address that was last heard from is
            // given up.
            let heard_at = (place == 0).then_some(change.at);
            self.keep(channel, address.clone(), contact.clone(), heard_at);
        }
        for address in change.left.iter().filter(|address| !change.taken.contains(address)) {
            self.keep(channel, address.clone(), next_holder(address), Some(change.at));
        }
    }

    /// The contact behind any of these addresses. Where they were taken for several, they become one.
    fn one_behind(&mut self, channel: &ChannelId, addresses: &[Contact]) -> Option<Contact> {
        let behind = |book: &Self, address: &Contact| book.known.get(&(channel.clone(), address.clone())).cloned();
        let kept = addresses.iter().find_map(|address| behind(self, address))?;
        for address in addresses {
            let Some(other) = behind(self, address).filter(|other| *other != kept) else { continue };
            for contact in self.known.values_mut().filter(|contact| **contact == other) {
                *contact = kept.clone();
            }
            for known in self.new.values_mut().filter(|known| known.contact == other) {
                known.contact = kept.clone();
            }
            self.joined.push((channel.clone(), kept.clone(), other));
        }
        Some(kept)
    }

    fn keep(&mut self, channel: &ChannelId, address: Contact, contact: Contact, heard_at: Option<DateTime<Utc>>) {
        let at = (channel.clone(), address);
        self.known.insert(at.clone(), contact.clone());
        let known =
            self.new.entry(at.clone()).or_insert_with(|| KnownAddress { at, contact: contact.clone(), heard_at });
        known.contact = contact;
        known.heard_at = known.heard_at.max(heard_at);
    }
}
