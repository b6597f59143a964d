//! Finds the contact behind each message's addresses, before anything is decided: one citizen stays one contact when
//! their number or id changes, and whoever gets an old number is somebody else.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use crate::domain::message::{ChannelId, Contact, Inbound};
use crate::gateway::Moved;
use crate::storage::{ContactKey, Found, Intake, KnownAddress, StorageError};

/// What stands between an old number and the instant at which it was given up, in the name of whoever gets it next.
const NEXT_HOLDER: char = '~';

/// Something that tells of addresses.
pub(super) enum Told<'a> {
    /// A message; its contact is put right.
    By(&'a mut Inbound),
    /// A change.
    Moved(&'a Moved),
}

impl Told<'_> {
    fn at(&self) -> DateTime<Utc> {
        match self {
            Self::By(inbound) => inbound.sent_at,
            Self::Moved(moved) => moved.at,
        }
    }
}

/// All addresses that a change names.
pub(super) fn addresses_of(moved: &Moved) -> impl Iterator<Item = ContactKey> {
    moved.left.iter().chain(&moved.taken).map(|address| (moved.channel.clone(), address.clone()))
}

/// What is known of addresses, and what has become known.
#[derive(Default)]
struct AddressBook {
    known: HashMap<ContactKey, Contact>,
    new: BTreeMap<ContactKey, KnownAddress>,
    joined: Vec<(ChannelId, Contact, Contact)>,
}

/// Puts the contact of every message right, and remembers what the addresses told. Costs nothing where nobody but known
/// numbers wrote. Returns whom it found to be one: who they are from now on, and who they were taken for.
pub(super) async fn find(
    intake: &mut Intake,
    found: &mut Found,
    mut told: Vec<Told<'_>>,
) -> Result<Vec<(ContactKey, ContactKey)>, StorageError> {
    told.sort_by_key(Told::at);
    // Whoever has written from an address that is nobody else's is a contact of that name.
    let by_name =
        found.chats.iter().map(|((channel, contact), _)| ((channel.clone(), contact.clone()), contact.clone()));
    let known = by_name.chain(found.contacts.drain(..)).collect();
    let mut book = AddressBook { known, ..AddressBook::default() };
    for one in &mut told {
        match one {
            Told::By(inbound) => inbound.contact = book.sender(inbound),
            Told::Moved(moved) => book.moved(moved),
        }
    }
    for (channel, kept, other) in &book.joined {
        // What came before they were known to be one, too.
        for one in &mut told {
            if let Told::By(inbound) = one
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
        // Whoever has one address, and always had it, needs no row.
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
    fn moved(&mut self, moved: &Moved) {
        let channel = &moved.channel;
        let next_holder =
            |address: &Contact| Contact::new(format!("{}{NEXT_HOLDER}{}", address.as_str(), moved.at.timestamp()));
        let is_done =
            |address: &Contact| self.known.get(&(channel.clone(), address.clone())) == Some(&next_holder(address));
        if moved.left.iter().any(is_done) {
            return; // told twice
        }
        let Some(before) = self.one_behind(channel, &moved.left) else {
            return; // nobody whom we know
        };
        let is_known = |address: &Contact| self.known.contains_key(&(channel.clone(), address.clone()));
        if before.as_str().contains(NEXT_HOLDER) && moved.taken.iter().any(is_known) {
            return; // told again in other words: the number changed, and then the id that goes with it
        }
        // Whoever wrote from the new address already is, by the provider's word, the same citizen.
        let all: Vec<Contact> = moved.left.iter().chain(&moved.taken).cloned().collect();
        let Some(contact) = self.one_behind(channel, &all) else { return };
        for (place, address) in moved.taken.iter().enumerate() {
            // Answers go to the first; it counts as heard, since what was heard before was given up.
            let heard_at = (place == 0).then_some(moved.at);
            self.keep(channel, address.clone(), contact.clone(), heard_at);
        }
        for address in moved.left.iter().filter(|address| !moved.taken.contains(address)) {
            self.keep(channel, address.clone(), next_holder(address), Some(moved.at));
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
