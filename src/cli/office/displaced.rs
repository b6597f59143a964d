//! The people whom an import displaces, as the command lists them.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::reach::reach_shown;
use crate::app;
use crate::cli::shared::error::CommandError;
use crate::cli::shared::value::counted;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::desk;
use crate::domain::booking::{Booking, State};
use crate::domain::calendar::Calendar;
use crate::domain::displaced::{DayChange, Remedy};
use crate::domain::displacement::Remedies;
use crate::domain::office::{Office, Zone};
use crate::domain::slot::Slot;
use crate::front_desk::Reach;
use crate::storage::{ContactKey, DisplacedBooking, Storage, StorageError};

/// What a list is made with.
pub(super) struct Listing<'a> {
    pub(super) storage: &'a Storage,
    pub(super) office: &'a Office,
    pub(super) calendar: &'a Calendar,
    pub(super) remedies: &'a Remedies,
    pub(super) now: DateTime<Utc>,
}

/// One displaced booking.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) booking: Booking,
    change: DayChange,
    /// What is decided; `None` where nothing is.
    pub(super) remedy: Option<Remedy>,
    /// Where it goes, as far as it is moved.
    to: Option<Slot>,
    /// What became of it; `None` before the import.
    result: Option<&'static str>,
    reach: Reach,
    /// Whether its citizen wants no messages that they did not ask for.
    muted: bool,
    zone: Zone,
}

impl Listing<'_> {
    /// These bookings with what is decided about each, how its citizen can be reached, and where it would go as things stand now.
    pub(super) async fn places(
        &self,
        config: &Config,
        clock: &SharedClock,
        found: Vec<DisplacedBooking>,
    ) -> Result<Vec<Place>, CommandError> {
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let lines = app::lines(config, &app::gateways_of(config, clock)?);
        let keys: Vec<ContactKey> = found.iter().map(|place| key(&place.booking)).collect();
        let heard = self.storage.last_heard(&keys).await?;
        let mut places: Vec<Place> = found
            .into_iter()
            .map(|DisplacedBooking { change, booking }| {
                let heard = heard.get(&key(&booking));
                let planned = booking.displaced.filter(|mark| !mark.is_done).map(|mark| mark.remedy);
                Place {
                    change,
                    remedy: planned.or_else(|| self.remedies.of(&booking)),
                    to: None,
                    result: None,
                    reach: Reach::of(lines.of(&booking.channel), heard, self.now),
                    muted: heard.is_some_and(|heard| heard.muted),
                    zone: self.office.zone,
                    booking,
                }
            })
            .collect();
        let goes = |place: &&Place| place.remedy == Some(Remedy::Move) && place.booking.state == State::Booked;
        let moved: Vec<&Booking> = places.iter().filter(goes).map(|place| &place.booking).collect();
        let to = desk::planned_moves(self.storage, self.office, self.calendar, &moved, self.now).await?;
        for place in &mut places {
            place.to = to.get(&place.booking.id).copied();
        }
        Ok(places)
    }
}

fn key(booking: &Booking) -> ContactKey {
    (booking.channel.clone(), booking.contact.clone())
}

/// Notes what became of each booking.
pub(super) async fn note_results(storage: &Storage, places: &mut [Place]) -> Result<(), StorageError> {
    let numbers: Vec<i64> = places.iter().map(|place| place.booking.id).collect();
    let now = if numbers.is_empty() { HashMap::new() } else { storage.bookings_by_number(&numbers).await? };
    for place in places {
        let Some(after) = now.get(&place.booking.id) else { continue };
        place.to = (after.slot != place.booking.slot).then_some(after.slot);
        place.result = Some(match (after.state, after.displaced) {
            (State::Booked | State::Held, Some(mark)) => match (mark.remedy, mark.is_done) {
                (_, false) => "planned",
                (Remedy::Tell, true) => "told",
                (Remedy::Move, true) => "moved",
                (Remedy::Cancel, true) => "cancelled",
                (Remedy::Keep, true) => "kept",
            },
            (State::Cancelled, Some(_)) => "cancelled",
            (State::Expired, Some(_)) => "ended",
            // Their citizen was quicker.
            _ => "changed by its citizen",
        });
    }
    Ok(())
}

/// How many bookings came to what, for the last line.
pub(super) fn counts(places: &[Place]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for result in places.iter().filter_map(|place| place.result) {
        *counts.entry(result).or_default() += 1;
    }
    let said: Vec<String> = counts.into_iter().map(|(result, count)| format!("{count} {result}")).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// The list: a line for each day, and one for each booking on it.
pub(super) fn lines(places: &[Place]) -> Vec<String> {
    let mut days: BTreeMap<(NaiveDate, &str), Vec<&Place>> = BTreeMap::new();
    for place in places {
        days.entry((place.booking.slot.date, place.change.name())).or_default().push(place);
    }
    let mut lines = Vec::new();
    for ((date, change), places) in days {
        let people: u32 = places.iter().map(|place| place.booking.party()).sum();
        let (bookings, people) = (counted(places.len(), "booking", "bookings"), usize::try_from(people).unwrap_or(0));
        lines.push(format!("{date} is {change}: {bookings} of {}", counted(people, "person", "people")));
        lines.extend(places.into_iter().map(Place::line));
    }
    lines
}

impl Place {
    /// Code, hour, name, number, how they can be reached, and what becomes of the booking.
    fn line(&self) -> String {
        let booking = &self.booking;
        let others = match booking.party() {
            0 | 1 => String::new(),
            party => format!(" (+{})", party - 1),
        };
        let unconfirmed = if booking.state == State::Held { ", not confirmed" } else { "" };
        let muted = if self.muted { ", wants no notices" } else { "" };
        format!(
            "  {}  {}  {}{others}  {}  {}{muted}{unconfirmed}: {}",
            booking.code,
            booking.queue_numbers(),
            booking.applicant.nama.capitals(),
            booking.contact.masked(),
            reach_shown(self.reach, self.zone),
            self.becomes()
        )
    }

    /// What becomes of the booking, or became of it.
    fn becomes(&self) -> String {
        let to = || self.to.map(|slot| format!(" to {} {:02}:00", slot.date, slot.hour)).unwrap_or_default();
        match (self.result, self.remedy) {
            (Some(result), _) => format!("{result}{}", to()),
            (None, None) => "nothing is decided".to_owned(),
            (None, Some(Remedy::Keep)) => "keep".to_owned(),
            (None, Some(_)) if self.booking.state == State::Held => "ends, since nobody confirmed it".to_owned(),
            (None, Some(Remedy::Move)) if self.to.is_none() => "tell, since no day has room".to_owned(),
            (None, Some(remedy)) => format!("{}{}", remedy.name(), to()),
        }
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let booking = &self.booking;
        let slot = |slot: Slot| format!("{}T{:02}:00", slot.date, slot.hour);
        let mut place = serializer.serialize_struct("place", 13)?;
        place.serialize_field("code", &booking.code.to_string())?;
        place.serialize_field("at", &slot(booking.slot))?;
        place.serialize_field("queue_number", &booking.queue_numbers())?;
        place.serialize_field("name", booking.applicant.nama.as_str())?;
        place.serialize_field("people", &booking.party())?;
        place.serialize_field("contact", &booking.contact.masked())?;
        place.serialize_field("state", booking.state.name())?;
        place.serialize_field("day", self.change.name())?;
        place.serialize_field("reach", self.reach.name())?;
        place.serialize_field("muted", &self.muted)?;
        place.serialize_field("remedy", &self.remedy.map(Remedy::name))?;
        place.serialize_field("to", &self.to.map(slot))?;
        place.serialize_field("result", &self.result)?;
        place.end()
    }
}
