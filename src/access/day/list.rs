//! Everybody of a day, by hour.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::day::seen::Sight;
use crate::access::office_view::OfficeView;
use crate::access::signed_in::Visitor;
use crate::domain::audit::{Act, AuditEvent, Scope};
use crate::domain::booking::{Booking, State as BookingState};
use crate::domain::masked_debug::masked_debug;
use crate::domain::slot::queue_number;
use crate::domain::visit::{Lane, State, Visit};
use crate::storage::{StorageError, Versions};

/// Where somebody stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Their place is held until they confirm.
    Held,
    /// They are expected.
    Expected,
    /// They are here and wait.
    Arrived,
    /// A counter has called them.
    Called,
    /// They are at the counter.
    Serving,
    /// A counter has put them aside.
    Parked,
    /// They were called and did not come.
    Missed,
    /// They were served.
    Done,
    /// They did not come in time.
    NoShow,
    /// They came, and the day ended before their turn.
    Unserved,
}

impl Standing {
    /// All of them, in the order of a day.
    pub const ALL: [Self; 10] = [
        Self::Held,
        Self::Expected,
        Self::Arrived,
        Self::Called,
        Self::Serving,
        Self::Parked,
        Self::Missed,
        Self::Done,
        Self::NoShow,
        Self::Unserved,
    ];

    /// Of a visit; of somebody whose arrival was taken back, nothing is known.
    pub(super) fn of_visit(state: State) -> Option<Self> {
        Some(match state {
            State::Arrived => Self::Arrived,
            State::Called => Self::Called,
            State::Serving => Self::Serving,
            State::Parked => Self::Parked,
            State::Missed => Self::Missed,
            State::Done => Self::Done,
            State::NoShow => Self::NoShow,
            State::Unserved => Self::Unserved,
            State::Withdrawn => return None,
        })
    }

    /// Of a booking of whose people nobody has come.
    pub(super) fn of_booking(state: BookingState) -> Self {
        if state == BookingState::Held { Self::Held } else { Self::Expected }
    }
}

/// Somebody in the list.
#[derive(Clone, PartialEq, Eq)]
pub struct ListedPerson {
    /// Tells them apart from everybody else of the day, whatever becomes of them: `b17-0`, or `v23` without a booking.
    pub key: String,
    /// Their number.
    pub number: String,
    /// Their name as it may be seen; empty where none is known.
    pub name: String,
    /// Their place in a party, from 1; 0 where they come alone.
    pub member: usize,
    /// The booking code; `None` without a booking.
    pub code: Option<String>,
    /// Where they stand.
    pub standing: Standing,
    /// The row that they wait in, once they are here.
    pub lane: Option<Lane>,
    /// The counter that has them, or had them.
    pub counter: Option<u32>,
    /// When they came to stand there, where that is known.
    pub since: Option<DateTime<Utc>>,
}

masked_debug!(ListedPerson);

/// Everybody of one hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourList {
    /// The hour.
    pub hour: u8,
    /// Its people, by number.
    pub people: Vec<ListedPerson>,
}

/// How many people stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts([usize; Standing::ALL.len()]);

impl Counts {
    /// Counts people.
    pub fn of<'p>(people: impl IntoIterator<Item = &'p ListedPerson>) -> Self {
        let mut counts = Self::default();
        for person in people {
            if let Some(count) = counts.0.get_mut(person.standing as usize) {
                *count += 1;
            }
        }
        counts
    }

    /// How many stand in one of these.
    pub fn at(&self, standings: &[Standing]) -> usize {
        standings.iter().filter_map(|standing| self.0.get(*standing as usize)).sum()
    }
}

/// A day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayList {
    /// The day.
    pub date: NaiveDate,
    /// What time it was at the office when this was read.
    pub taken_at: DateTime<Utc>,
    /// People with a booking, by hour.
    pub hours: Vec<HourList>,
    /// People without one, by number.
    pub walk_ins: Vec<ListedPerson>,
}

impl DayList {
    /// How many people stand where.
    pub fn counts(&self) -> Counts {
        Counts::of(self.hours.iter().flat_map(|hour| &hour.people).chain(&self.walk_ins))
    }
}

/// When a visit came to where it stands.
fn since(visit: &Visit) -> Option<DateTime<Utc>> {
    match visit.state {
        State::Arrived | State::Parked => visit.arrived_at,
        State::Called | State::Missed => visit.called_at,
        State::Serving => visit.served_at,
        State::Done | State::Unserved => visit.ended_at,
        State::NoShow | State::Withdrawn => None,
    }
}

/// The name of somebody of a party; where only their number is known, that of whoever sent the form.
fn name_of(sight: Sight, booking: &Booking, person: usize) -> String {
    let applicant = booking.applicant.people().nth(person).unwrap_or(&booking.applicant);
    sight.name(&applicant.nama)
}

/// The people of a booking, each with their visit where there is one.
fn of_booking(sight: Sight, booking: &Booking, visits: &HashMap<(i64, u32), &Visit>) -> Vec<ListedPerson> {
    let is_party = booking.seats.len() > 1;
    let person = |(place, seat): (usize, &u32)| {
        let visit = u32::try_from(place).ok().and_then(|place| visits.get(&(booking.id, place)).copied());
        let here = visit.and_then(|visit| Some((visit, Standing::of_visit(visit.state)?)));
        ListedPerson {
            key: format!("b{}-{place}", booking.id),
            number: here.map_or_else(|| queue_number(booking.slot, *seat), |(visit, _)| visit.number.clone()),
            name: name_of(sight, booking, place),
            member: if is_party { place + 1 } else { 0 },
            code: Some(booking.code.as_str().to_owned()),
            standing: here.map_or(Standing::of_booking(booking.state), |(_, standing)| standing),
            lane: here.map(|(visit, _)| visit.lane),
            counter: here.and_then(|(visit, _)| visit.counter),
            since: here.and_then(|(visit, _)| since(visit)),
        }
    };
    booking.seats.iter().enumerate().map(person).collect()
}

/// Somebody without a booking, or whose booking has no place on this day any more.
fn of_visit(sight: Sight, visit: &Visit) -> Option<ListedPerson> {
    Some(ListedPerson {
        key: format!("v{}", visit.id),
        number: visit.number.clone(),
        name: visit.name.as_ref().map(|name| sight.name(name)).unwrap_or_default(),
        member: 0,
        code: None,
        standing: Standing::of_visit(visit.state)?,
        lane: Some(visit.lane),
        counter: visit.counter,
        since: since(visit),
    })
}

/// The day that these make.
pub(super) fn listed(
    sight: Sight,
    (date, taken_at): (NaiveDate, DateTime<Utc>),
    bookings: &[Booking],
    visits: &[Visit],
) -> DayList {
    let by_person: HashMap<(i64, u32), &Visit> =
        visits.iter().filter_map(|visit| Some(((visit.booking?, visit.person), visit))).collect();
    let mut hours: BTreeMap<u8, Vec<ListedPerson>> = BTreeMap::new();
    for booking in bookings {
        hours.entry(booking.slot.hour).or_default().extend(of_booking(sight, booking, &by_person));
    }
    let mut walk_ins = Vec::new();
    let known: HashSet<i64> = bookings.iter().map(|booking| booking.id).collect();
    for visit in visits.iter().filter(|visit| visit.booking.is_none_or(|booking| !known.contains(&booking))) {
        let Some(person) = of_visit(sight, visit) else { continue };
        match visit.hour {
            Some(hour) => hours.entry(hour).or_default().push(person),
            None => walk_ins.push(person),
        }
    }
    for people in hours.values_mut().chain([&mut walk_ins]) {
        people.sort_by(|a, b| a.number.cmp(&b.number));
    }
    let hours = hours.into_iter().map(|(hour, people)| HourList { hour, people }).collect();
    DayList { date, taken_at, hours, walk_ins }
}

impl OfficeView {
    /// The numbers of what has changed here, of before [`OfficeView::day`] is read: what they count is then never older.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn versions(&self) -> Result<Versions, StorageError> {
        self.storage.live().versions(self.id()).await
    }

    /// Everybody of today; `None` for somebody to whom the day is closed. That they are seen is recorded first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn day(&self, visitor: &Visitor) -> Result<Option<DayList>, StorageError> {
        let Some(sight) = self.sight() else { return Ok(None) };
        let now = self.now();
        let date = self.office().date_at(now);
        self.record_list(AuditEvent::of(Act::ViewList).reaching(Scope::day(date)), visitor).await?;
        let mut bookings = self.storage.bookings_on(self.id(), date).await?;
        // A hold ends at its deadline, also where nobody has written that down yet.
        bookings.retain(|booking| booking.state != BookingState::Held || booking.is_live(self.office(), now));
        let visits = self.storage.visits_on(self.id(), date).await?;
        Ok(Some(listed(sight, (date, now), &bookings, &visits)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_standing_is_counted_in_a_place_of_its_own() {
        for (place, standing) in Standing::ALL.into_iter().enumerate() {
            assert_eq!(standing as usize, place, "{standing:?}");
        }
    }

    // Negative control: with `Withdrawn` as `Missed`, somebody whose arrival was taken back counts as missed.
    #[test]
    fn every_state_of_a_visit_stands_somewhere_but_one_taken_back() {
        let standings: Vec<_> = State::ALL.into_iter().filter_map(Standing::of_visit).collect();
        assert_eq!(standings.len(), State::ALL.len() - 1);
        assert_eq!(Standing::of_visit(State::Withdrawn), None);
    }
}
