//! What a change of a calendar means for the people who have booked: everybody whom it displaces, what they would be told, what that
//! costs, and who gets a correction.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::handle::OfficeCalendar;
use super::lines::Reach;
use super::wish::{CalendarAction, CalendarWish, DateChanges};
use crate::conversation::{DayChangeTold, DayChanged, Lang, NoticeContent, Outcome};
use crate::desk::{Displacement, PreviewScene, preview_displaced};
use crate::domain::booking::{Booking, State};
use crate::domain::calendar::Calendar;
use crate::domain::displaced::{DayChange, Displaced, Remedy};
use crate::domain::displacement::{Remedies, has_priority, is_undecided, spared};
use crate::domain::masked_debug::masked_debug;
use crate::domain::notice::Kind;
use crate::domain::office::{Day, Office};
use crate::domain::price::Amount;
use crate::domain::slot::Slot;
use crate::domain::visit::Visit;
use crate::reply::{self, Scene};
use crate::storage::{ContactKey, DisplacedBooking, LastHeard, LastTold, StorageError};

/// What messages cost, in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// The currency.
    pub currency: String,
    /// How much.
    pub amount: Amount,
}

/// Somebody whom a change displaces.
#[derive(Clone)]
pub struct Affected {
    /// The booking.
    pub booking: Booking,
    /// What becomes of its day.
    pub change: DayChange,
    /// Whether somebody of it is old, or a small child: they are never moved.
    pub has_priority: bool,
    /// Whether somebody of it is at the counter already: nothing becomes of them.
    pub is_here: bool,
    /// What was chosen; `None` where nothing was.
    pub chosen: Option<Remedy>,
    /// What is done: another thing than was chosen for those with priority.
    pub remedy: Option<Remedy>,
    /// Where it goes, as far as it is moved.
    pub to: Option<Slot>,
    /// How its citizen can be reached.
    pub reach: Reach,
    /// What they were told last.
    pub told: Option<LastTold>,
    /// What they would be told.
    pub message: Option<String>,
    /// What that costs; `None` where it is not known, or nothing is said.
    pub cost: Option<Cost>,
}

/// Somebody who was told what is not so any more.
#[derive(Clone)]
pub struct Corrected {
    /// The booking.
    pub booking: Booking,
    /// What they would be told.
    pub message: String,
}

masked_debug!(Affected, Corrected);

/// A change and what it means.
#[derive(Debug, Clone)]
pub struct CalendarPlan {
    /// What is wanted.
    pub wish: CalendarWish,
    /// What the dates become.
    pub(super) days: DateChanges,
    /// The office as it will be, with the revision that was seen.
    pub(super) office: Office,
    /// Everybody whom it displaces, in the order in which they booked.
    pub affected: Vec<Affected>,
    /// Everybody who gets a correction.
    pub corrected: Vec<Corrected>,
    /// What all messages cost together, in each currency.
    pub costs: Vec<Cost>,
    /// Messages whose cost nobody has written into the configuration.
    pub unpriced: usize,
}

impl CalendarPlan {
    /// The revision of the calendar that was looked at.
    pub fn revision(&self) -> u32 {
        self.office.exceptions.revision
    }

    /// The dates that change.
    pub fn dates(&self) -> Vec<NaiveDate> {
        self.days.keys().copied().collect()
    }

    /// The hours of a date with their seats after the change; none where it is closed.
    pub fn hours_after(&self, calendar: &Calendar, date: NaiveDate) -> Vec<(u8, u32)> {
        match self.office.day(calendar, date) {
            Day::Open(hours) => hours.into_iter().map(|hour| (hour, self.office.seats_at(date, hour))).collect(),
            Day::Closed(_) => Vec::new(),
        }
    }

    /// Whether something is chosen for everybody.
    pub fn is_decided(&self) -> bool {
        self.affected.iter().all(|one| one.chosen.is_some())
    }

    /// Whether people would lose their place at an office that tells nobody of it.
    pub(super) fn is_silent(&self) -> bool {
        let loses = |one: &Affected| one.remedy.is_some_and(|remedy| remedy != Remedy::Keep);
        !self.office.notices.says(Kind::DayClosed) && (self.affected.iter().any(loses) || !self.corrected.is_empty())
    }

    /// What is done with each, by their codes.
    pub(super) fn remedies(&self) -> Remedies {
        let named = self.affected.iter().filter_map(|one| Some((one.booking.code.clone(), one.remedy?)));
        Remedies { others: None, named: named.collect() }
    }
}

fn key(booking: &Booking) -> ContactKey {
    (booking.channel.clone(), booking.contact.clone())
}

impl OfficeCalendar {
    /// Looks at everybody whom these dates concern.
    pub(super) async fn look(
        &self,
        wish: &CalendarWish,
        (office, days): (Office, DateChanges),
        remedies: &Remedies,
    ) -> Result<CalendarPlan, StorageError> {
        let now = self.clock.now();
        let mut found = self.storage.displaced_by(&office, self.holidays(), now).await?;
        let all: HashSet<i64> = found.iter().map(|one| one.booking.id).collect();
        found.retain(|one| days.contains_key(&one.booking.slot.date) && is_undecided(one.change, &one.booking));
        found.sort_by_key(|one| (one.booking.created_at, one.booking.id));
        let visits = self.visits_today(&office, &days).await?;
        let mut plan = CalendarPlan {
            wish: wish.clone(),
            corrected: Vec::new(),
            affected: self.affected(&office, found, remedies, &visits).await?,
            costs: Vec::new(),
            unpriced: 0,
            days,
            office,
        };
        self.add_corrected(&mut plan, &all).await?;
        self.add_costs(&mut plan);
        Ok(plan)
    }

    async fn visits_today(
        &self,
        office: &Office,
        days: &DateChanges,
    ) -> Result<HashMap<i64, Vec<Visit>>, StorageError> {
        let today = office.date_at(self.clock.now());
        let mut visits: HashMap<i64, Vec<Visit>> = HashMap::new();
        if days.contains_key(&today) {
            for visit in self.storage.visits_on(&office.id, today).await? {
                if let Some(booking) = visit.booking {
                    visits.entry(booking).or_default().push(visit);
                }
            }
        }
        Ok(visits)
    }

    async fn affected(
        &self,
        office: &Office,
        found: Vec<DisplacedBooking>,
        remedies: &Remedies,
        visits: &HashMap<i64, Vec<Visit>>,
    ) -> Result<Vec<Affected>, StorageError> {
        let now = self.clock.now();
        let keys: Vec<ContactKey> = found.iter().map(|one| key(&one.booking)).collect();
        let (heard, told) = (self.storage.last_heard(&keys).await?, self.storage.last_told(&keys).await?);
        let visits_of = |booking: &Booking| visits.get(&booking.id).cloned().unwrap_or_default();
        let lang = |heard: Option<&LastHeard>| heard.map(|heard| heard.lang).unwrap_or_default();
        let mut affected: Vec<(Affected, Lang)> = Vec::new();
        for DisplacedBooking { change, booking } in found {
            let heard = heard.get(&key(&booking));
            let chosen = remedies.of(&booking);
            let one = Affected {
                change,
                has_priority: has_priority(&booking),
                is_here: visits_of(&booking).iter().any(|visit| visit.state.has_come()),
                chosen,
                remedy: chosen.map(|chosen| spared(&booking, change, chosen)),
                to: None,
                reach: Reach::of(self.lines.of(&booking.channel), heard, now),
                told: told.get(&key(&booking)).copied(),
                message: None,
                cost: None,
                booking,
            };
            affected.push((one, lang(heard)));
        }
        let displacement = |(one, lang): &(Affected, Lang)| {
            let remedy = one.remedy.filter(|remedy| *remedy != Remedy::Keep)?;
            Some(Displacement {
                booking: one.booking.clone(),
                change: one.change,
                remedy,
                lang: *lang,
                visits: visits_of(&one.booking),
            })
        };
        let displaced: Vec<Displacement> = affected.iter().filter_map(displacement).collect();
        let formats = self.roster.formats_of(office);
        let scene = PreviewScene { office, formats: &formats, calendar: self.holidays(), now };
        let mut said = preview_displaced(&self.storage, scene, &displaced).await?;
        for (one, lang) in &mut affected {
            let Some(changed) = said.remove(&one.booking.id) else { continue };
            one.to = matches!(changed.told, DayChangeTold::Moved { .. }).then_some(changed.booking.slot);
            one.message = Some(self.written(office, changed, *lang));
        }
        Ok(affected.into_iter().map(|(one, _)| one).collect())
    }

    /// A message as its reader gets it.
    fn written(&self, office: &Office, changed: DayChanged, lang: Lang) -> String {
        let contact = changed.booking.contact.clone();
        let scene = Scene {
            office,
            formats: &self.roster.formats_of(office),
            calendar: self.holidays(),
            contact: &contact,
            lang,
            now: self.clock.now(),
            pause_until: None,
            turn_links: None,
            upload: None,
            tells_privacy: false,
        };
        let content = NoticeContent::DayChanged(Box::new(changed));
        reply::write(&scene, &Outcome::Notice(Box::new(content))).text
    }

    /// Those who were told that their day is closed, and those whom a change that is taken back has moved or cancelled.
    async fn add_corrected(&self, plan: &mut CalendarPlan, displaced: &HashSet<i64>) -> Result<(), StorageError> {
        let mut bookings: BTreeMap<i64, (Booking, NaiveDate)> = BTreeMap::new();
        for date in plan.days.keys() {
            for booking in self.storage.bookings_on(&plan.office.id, *date).await? {
                let told = booking.displaced.is_some_and(|mark| mark.is_done && mark.remedy == Remedy::Tell);
                if told && booking.state == State::Booked && !displaced.contains(&booking.id) {
                    bookings.insert(booking.id, (booking, *date));
                }
            }
        }
        let first = plan.days.keys().next().copied().unwrap_or_default();
        if let CalendarAction::TakeBack(id) = plan.wish.action
            && let Some(change) = self.storage.calendar_change(&plan.office.id, id).await?
        {
            for person in self.storage.calendar_persons(&change).await? {
                let booking = person.booking;
                let is_told = match booking.displaced {
                    Some(Displaced { remedy: Remedy::Move | Remedy::Tell, is_done: true, .. }) => {
                        booking.state == State::Booked && !plan.days.contains_key(&booking.slot.date)
                    }
                    Some(Displaced { remedy: Remedy::Cancel, is_done: true, .. }) => booking.state == State::Cancelled,
                    _ => false,
                };
                if is_told && matches!(person.choice.as_str(), "move" | "cancel" | "tell") {
                    bookings.insert(booking.id, (booking, first));
                }
            }
        }
        let keys: Vec<ContactKey> = bookings.values().map(|(booking, _)| key(booking)).collect();
        let heard = self.storage.last_heard(&keys).await?;
        for (booking, date) in bookings.into_values() {
            let lang = heard.get(&key(&booking)).map(|heard| heard.lang).unwrap_or_default();
            let date = if plan.days.contains_key(&booking.slot.date) { booking.slot.date } else { date };
            let changed = DayChanged { booking: booking.clone(), date, told: DayChangeTold::Reopened };
            let message = self.written(&plan.office, changed, lang);
            plan.corrected.push(Corrected { booking, message });
        }
        Ok(())
    }

    /// What the messages cost by the price lists of their lines.
    fn add_costs(&self, plan: &mut CalendarPlan) {
        for one in plan.affected.iter_mut().filter(|one| one.message.is_some()) {
            let price = self.lines.of(&one.booking.channel).and_then(|line| line.price.as_ref());
            one.cost = price.map(|price| {
                let amount = if one.reach == Reach::Template { price.outside } else { price.inside };
                Cost { currency: price.currency.clone(), amount }
            });
            let Some(cost) = &one.cost else {
                plan.unpriced += 1;
                continue;
            };
            match plan.costs.iter_mut().find(|sum| sum.currency == cost.currency) {
                Some(sum) => sum.amount = sum.amount.and(cost.amount),
                None => plan.costs.push(cost.clone()),
            }
        }
    }
}
