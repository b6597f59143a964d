//! A day on paper: the list to print, and its ticks entered after the computers were off, each with its own time.

use std::collections::HashSet;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use super::done::Stop;
use super::handle::{FrontDesk, Press, repeated};
use super::refusal::Refusal;
use super::step::{free_number, numbers_of};
use crate::domain::audit::Act;
use crate::domain::booking::{Booking, State as BookingState};
use crate::domain::code::BookingCode;
use crate::domain::person::Nama;
use crate::domain::slot::queue_number;
use crate::domain::visit::{Action, Lane, Punctuality, State, Visit, punctuality};
use crate::storage::{NewStep, StorageError};

/// How many days back paper is entered: an outage before a long holiday.
pub const PAPER_DAYS_BACK: u64 = 7;
/// Database ids for a tick: a visit, and two steps.
const IDS_A_TICK: usize = 3;

/// Somebody who is expected on a day, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperPerson {
    /// The booking, as a number.
    pub booking: i64,
    /// Place in the party, from 0.
    pub person: u32,
    /// The booked hour.
    pub hour: u8,
    /// The number that they are called by.
    pub number: String,
    /// The booking code.
    pub code: BookingCode,
    /// The name; of a party with a count only, the others have none.
    pub name: Option<Nama>,
    /// Where they stand; `None`: nothing was entered.
    pub state: Option<State>,
    /// When they came.
    pub arrived_at: Option<DateTime<Utc>>,
    /// When they had been served.
    pub ended_at: Option<DateTime<Utc>>,
}

/// The list of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperDay {
    /// The day.
    pub date: NaiveDate,
    /// When it was read.
    pub now: DateTime<Utc>,
    /// By hour and seat.
    pub people: Vec<PaperPerson>,
}

/// What paper says of somebody. A tick without a time counts at the beginning of the booked hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaperTick {
    /// The booking, as a number.
    pub booking: i64,
    /// Place in the party, from 0.
    pub person: u32,
    /// When they came.
    pub arrived: Option<NaiveTime>,
    /// Whether, and when, they had been served.
    pub served: Option<Option<NaiveTime>>,
}

/// Why a tick was not entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperRefused {
    /// The day is to come, or too long ago.
    Day,
    /// No standing booking of the day has this person.
    Unknown,
    /// Something was entered for them already.
    Entered,
    /// The time is to come.
    Future,
    /// They would have been served before they came.
    Order,
}

/// What became of the ticks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entered {
    /// How many people were entered.
    pub people: usize,
    /// Those that were not entered, with the reason.
    pub refused: Vec<(PaperTick, PaperRefused)>,
}

impl FrontDesk {
    /// The day of the office.
    pub fn date(&self) -> NaiveDate {
        self.today(self.now())
    }

    /// The list of a day.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn paper(&self, date: NaiveDate) -> Result<PaperDay, StorageError> {
        let mut bookings = self.storage.bookings_on(&self.office.id, date).await?;
        bookings.retain(|booking| booking.state == BookingState::Booked);
        bookings.sort_by_key(|booking| (booking.slot.hour, booking.seats.first().copied()));
        let visits = self.storage.visits_on(&self.office.id, date).await?;
        let people =
            bookings.iter().flat_map(|booking| (0..booking.party()).map(|person| on_paper(booking, person, &visits)));
        Ok(PaperDay { date, now: self.now(), people: people.collect() })
    }

    /// Enters what paper says of a day: all that can be entered, in one transaction.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; a [`Refusal`] inside, where the press was used for something else.
    pub async fn enter_paper(
        &self,
        date: NaiveDate,
        ticks: Vec<PaperTick>,
        press: Press,
    ) -> Result<Result<Entered, Refusal>, StorageError> {
        self.run(move |desk| async move { desk.enter_ticks(date, &ticks, &press).await }).await
    }

    async fn enter_ticks(&self, date: NaiveDate, ticks: &[PaperTick], press: &Press) -> Result<Entered, Stop> {
        let now = self.now();
        let today = self.today(now);
        if date > today || date < today.checked_sub_days(Days::new(PAPER_DAYS_BACK)).unwrap_or(today) {
            return Ok(Entered { people: 0, refused: ticks.iter().map(|tick| (*tick, PaperRefused::Day)).collect() });
        }
        if ticks.is_empty() {
            return Ok(Entered::default());
        }
        let mut ids = self.storage.ids(IDS_A_TICK * ticks.len()).await?;
        let mut day = self.storage.begin_day(&self.office.id, true, now).await?;
        if let Some(done) = repeated(&mut day, &self.office, press).await? {
            let people: HashSet<i64> = done.visits.iter().map(|visit| visit.id).collect();
            return Ok(Entered { people: people.len(), refused: Vec::new() });
        }
        let (bookings, visits) = (day.bookings_on(date).await?, day.visits_on(date).await?);
        let mut taken = numbers_of(&visits);
        let (mut arrivals, mut ends, mut entered) = (Vec::new(), Vec::new(), Entered::default());
        let mut named = HashSet::new();
        for tick in ticks {
            if !named.insert((tick.booking, tick.person)) {
                entered.refused.push((*tick, PaperRefused::Entered));
                continue;
            }
            let known = visits.iter().find(|visit| visit.booking == Some(tick.booking) && visit.person == tick.person);
            let of_tick = bookings.iter().find(|booking| booking.id == tick.booking);
            match self.ticked(tick, (of_tick, known), now) {
                Ok(Ticked { arrived, ended }) => {
                    let part = u32::try_from(arrivals.len() + ends.len()).unwrap_or(u32::MAX);
                    let mut known = known.cloned();
                    if let Some(mut visit) = arrived {
                        visit.id = known.as_ref().map_or_else(|| ids.next().unwrap_or(0), |known| known.id);
                        visit.version = known.as_ref().map_or(1, |known| known.version + 1);
                        if let Some(known) = &known {
                            taken.remove(&known.number);
                        }
                        visit.number = free_number(visit.lane, &visit.number, &taken);
                        taken.insert(visit.number.clone());
                        let step = self.paper_step(
                            ids.next().unwrap_or(0),
                            (&visit, Action::Arrive),
                            known.as_ref(),
                            (press, part),
                        );
                        arrivals.push(step);
                        known = Some(visit);
                    }
                    if let (Some(at), Some(before)) = (ended, known) {
                        let visit = Visit {
                            state: State::Done,
                            ended_at: Some(at),
                            version: before.version + 1,
                            ..before.clone()
                        };
                        let part = u32::try_from(arrivals.len() + ends.len()).unwrap_or(u32::MAX);
                        ends.push(self.paper_step(
                            ids.next().unwrap_or(0),
                            (&visit, Action::Finish),
                            Some(&before),
                            (press, part),
                        ));
                    }
                    entered.people += 1;
                }
                Err(refused) => entered.refused.push((*tick, refused)),
            }
        }
        // A visit is written by one step in one statement: those who were served are written twice.
        day.write_steps(&arrivals).await?;
        day.write_steps(&ends).await?;
        let visits: Vec<&Visit> = arrivals.iter().chain(&ends).map(|step| &step.visit).collect();
        if !visits.is_empty() {
            self.recorded(&mut day, (Act::EnterPaper, ""), &visits).await?;
        }
        day.commit().await?;
        Ok(entered)
    }

    /// What a tick does, or why nothing.
    fn ticked(
        &self,
        tick: &PaperTick,
        (booking, known): (Option<&Booking>, Option<&Visit>),
        now: DateTime<Utc>,
    ) -> Result<Ticked, PaperRefused> {
        let booking = booking.filter(|booking| booking.state == BookingState::Booked && tick.person < booking.party());
        let booking = booking.ok_or(PaperRefused::Unknown)?;
        let instant = |time: NaiveTime| self.office.zone.instant(booking.slot.date.and_time(time));
        let hour = booking.slot.begins(&self.office);
        let state = known.map(|visit| visit.state);
        let came = tick.arrived.map_or(hour, instant);
        let arrived = State::after_on_paper(state, Action::Arrive).map(|_| arrived(self, booking, tick.person, came));
        let came = if arrived.is_some() { came } else { known.and_then(|visit| visit.arrived_at).unwrap_or(came) };
        let here = if arrived.is_some() { Some(State::Arrived) } else { state };
        let ended = tick.served.filter(|_| State::after_on_paper(here, Action::Finish).is_some());
        let ended = ended.map(|time| time.map_or(came.max(hour.min(now)), instant));
        if arrived.is_none() && ended.is_none() {
            return Err(PaperRefused::Entered);
        }
        if came > now || ended.is_some_and(|at| at > now) {
            return Err(PaperRefused::Future);
        }
        if ended.is_some_and(|at| at < came) {
            return Err(PaperRefused::Order);
        }
        Ok(Ticked { arrived, ended })
    }

    fn paper_step(
        &self,
        id: i64,
        (visit, action): (&Visit, Action),
        before: Option<&Visit>,
        (press, part): (&Press, u32),
    ) -> NewStep {
        NewStep {
            id,
            visit: visit.clone(),
            action,
            counter: None,
            actor: self.actor.as_str().to_owned(),
            nonce: press.nonce.clone(),
            part,
            before: before.map(Visit::before),
        }
    }
}

/// What a tick does: somebody came, was served at an instant, or both.
struct Ticked {
    arrived: Option<Visit>,
    ended: Option<DateTime<Utc>>,
}

/// Somebody who came at an instant; judged by that instant, and let in whatever it was: they were.
fn arrived(desk: &FrontDesk, booking: &Booking, person: u32, at: DateTime<Utc>) -> Visit {
    let seat = seat_of(booking, person);
    let (lane, place) = match punctuality(&desk.office, booking.slot, at) {
        Punctuality::Early { .. } | Punctuality::OnTime => {
            (Lane::Booked, Visit::place_of_seat(booking.slot.hour, seat))
        }
        Punctuality::Late { .. } | Punctuality::Forfeited { .. } => (Lane::Late, Visit::place_of_arrival(at)),
    };
    Visit {
        booking: Some(booking.id),
        person,
        number: queue_number(booking.slot, seat),
        lane,
        hour: Some(booking.slot.hour),
        place,
        arrived_at: Some(at),
        ..Visit::blank(0, booking.office.clone(), booking.slot.date)
    }
}

fn seat_of(booking: &Booking, person: u32) -> u32 {
    booking.seats.get(usize::try_from(person).unwrap_or(usize::MAX)).copied().unwrap_or(0)
}

fn on_paper(booking: &Booking, person: u32, visits: &[Visit]) -> PaperPerson {
    let known = visits.iter().find(|visit| visit.booking == Some(booking.id) && visit.person == person);
    let place = usize::try_from(person).unwrap_or(usize::MAX);
    PaperPerson {
        booking: booking.id,
        person,
        hour: booking.slot.hour,
        number: known
            .map_or_else(|| queue_number(booking.slot, seat_of(booking, person)), |visit| visit.number.clone()),
        code: booking.code.clone(),
        name: booking.applicant.people().nth(place).map(|one| one.nama.clone()),
        state: known.map(|visit| visit.state),
        arrived_at: known.and_then(|visit| visit.arrived_at),
        ended_at: known.and_then(|visit| visit.ended_at),
    }
}
