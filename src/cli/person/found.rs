//! Finds a citizen by number or code, and everything that is kept of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, Utc};
use clap::Args;
use serde_json::{Value, json};

use crate::cli::shared::acting::Acting;
use crate::cli::shared::error::CommandError;
use crate::cli::shared::installation::{Installation, zones};
use crate::domain::audit::{Act, AuditEvent, Scope};
use crate::domain::code::BookingCode;
use crate::domain::identity::Phone;
use crate::domain::office::Zone;
use crate::domain::same_person::Person;
use crate::storage::{ContactKey, NamedIn, Storage, Traces};

/// A citizen, and how to print.
#[derive(Debug, Clone, Args)]
pub struct Who {
    /// Their number, such as 0812-0000-0001, or another address as the provider writes it; or the code of a booking of theirs, such as
    /// LMGF-D5AQ
    #[arg(value_name = "NUMBER-OR-CODE")]
    pub(super) who: String,
    /// Print one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

/// A citizen whom somebody asks about.
pub(super) struct Asked<'a> {
    pub(super) who: &'a Who,
    pub(super) installation: &'a Installation,
    pub(super) acting: &'a Acting,
    pub(super) storage: &'a Storage,
}

/// Everything that is kept of a citizen.
pub(super) struct Found {
    /// One for each channel that they wrote on.
    pub(super) contacts: Vec<Traces>,
    /// Bookings of others that name them.
    pub(super) named: Vec<NamedIn>,
    /// The people of their own bookings.
    pub(super) people: BTreeSet<Person>,
    /// The zones of the offices.
    zones: BTreeMap<String, Zone>,
    /// What time it is there.
    pub(super) now: DateTime<Utc>,
}

/// The contacts that somebody names.
async fn contacts(storage: &Storage, who: &str) -> Result<Vec<ContactKey>, CommandError> {
    let mut found: BTreeSet<ContactKey> = BTreeSet::new();
    if let Ok(code) = BookingCode::read(who) {
        let bookings = storage.find_bookings(&code).await?;
        found.extend(bookings.into_iter().map(|booking| (booking.channel, booking.contact)));
    }
    let text = who.trim();
    let number = Phone::read(text).map(|phone| phone.as_str().trim_start_matches('+').to_owned());
    for address in [Some(text.to_owned()), number].into_iter().flatten().collect::<BTreeSet<_>>() {
        found.extend(storage.contacts_at(&address).await?);
    }
    Ok(found.into_iter().collect())
}

impl Found {
    /// Finds them; empty where nothing is kept. With `whole` also what belongs to their rows, such as the steps of a booking.
    pub(super) async fn of(asked: &Asked<'_>, whole: bool) -> Result<Self, CommandError> {
        let Asked { who, installation, storage, .. } = asked;
        let keys = contacts(storage, &who.who).await?;
        let mut contacts = storage.traces(&keys, whole).await?;
        contacts.retain(|traces| !traces.is_empty());
        let people: BTreeSet<Person> = contacts.iter().flat_map(Traces::people).collect();
        let mut named: BTreeMap<i64, NamedIn> = BTreeMap::new();
        let own: BTreeSet<i64> = contacts.iter().flat_map(|traces| traces.ids("booking")).collect();
        for booking in storage.naming(&people).await? {
            if !own.contains(&booking.booking) {
                named.insert(booking.booking, booking);
            }
        }
        let (zones, now) = (zones(storage).await?, installation.clock()?.now());
        Ok(Self { contacts, named: named.into_values().collect(), people, zones, now })
    }

    /// Records that somebody sees or does this, before it is shown or done.
    pub(super) async fn record(&self, act: Act, asked: &Asked<'_>) -> Result<(), CommandError> {
        let keys: Vec<ContactKey> = self.contacts.iter().map(|traces| traces.of.clone()).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let event = AuditEvent::of(act).reaching(Scope::Contacts(asked.storage.audit_contacts(&keys).await?));
        let event = match self.contacts.iter().find_map(|traces| traces.office.as_ref()) {
            Some(office) => event.at(office),
            None => event,
        };
        asked.acting.record(asked.storage, event).await
    }

    /// The zone of a contact's office.
    pub(super) fn zone(&self, traces: &Traces) -> Zone {
        let office = traces.office.as_ref().and_then(|office| self.zones.get(office.as_str()));
        office.copied().unwrap_or(Zone::Wib)
    }

    /// Today at a contact's office.
    pub(super) fn today(&self, traces: &Traces) -> NaiveDate {
        self.zone(traces).local(self.now).date()
    }

    /// Whether a booking of somebody else is over, so that nobody needs its people any more. No office's date is more than a day from
    /// the date in Greenwich.
    pub(super) fn is_over(&self, named: &NamedIn) -> bool {
        let yesterday = self.now.date_naive().checked_sub_days(Days::new(1));
        yesterday.is_some_and(|yesterday| named.date < yesterday)
    }

    /// What would stay after an erasure, each with its reason.
    pub(super) fn stays(&self) -> Vec<Value> {
        let mut stays = vec![
            json!({"what": "counts", "why": "how many booked on a day and what became of it, without anything about the person"}),
            json!({
                "what": "backups and write-ahead-log archives made until now",
                "why": "they expire as the operator set it; see docs/personal-data.md"
            }),
        ];
        if self.contacts.iter().any(|traces| !traces.of_table("inbound").is_empty()) {
            stays.push(json!({
                "what": "keyed hashes of message numbers, for nine days",
                "why": "so that a message which the provider delivers again is not served twice"
            }));
        }
        for named in self.named.iter().filter(|named| !self.is_over(named)) {
            stays.push(json!({
                "what": format!("the name on a booking that somebody else made, for {} at {}", named.date, named.office),
                "why": "it is valid, or its day is not over; ask again afterwards, or correct that booking"
            }));
        }
        stays
    }

    /// All of it as JSON.
    pub(super) fn json(&self) -> Value {
        let contact = |traces: &Traces| {
            json!({
                "channel": traces.of.0.as_str(),
                "contact": traces.of.1.as_str(),
                "also": traces.also.iter().map(|other| other.as_str().to_owned()).collect::<Vec<_>>(),
                "office": traces.office.as_ref().map(|office| office.as_str().to_owned()),
                "kept": traces.rows,
            })
        };
        let named = |named: &NamedIn| {
            json!({
                "booking": named.booking,
                "office": named.office.as_str(),
                "date": named.date,
                "state": named.state.name(),
            })
        };
        json!({
            "contacts": self.contacts.iter().map(contact).collect::<Vec<_>>(),
            "named_on_bookings_of_others": self.named.iter().map(named).collect::<Vec<_>>(),
            "stays_after_erasure": self.stays(),
        })
    }
}
