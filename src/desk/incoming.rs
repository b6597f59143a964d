//! The messages of a batch, read by the formats in force, and what their decisions will need.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::people;
use super::reading::{self, ReadMessage};
use super::task::{Job, Task};
use super::verdict::Verdict;
use crate::conversation::{DAYS_WITH_ROOM, Heard, Said};
use crate::domain::calendar::Calendar;
use crate::domain::message::{ChannelId, Inbound, MessageId};
use crate::domain::office::Office;
use crate::domain::seats::Seats;
use crate::domain::slot;
use crate::grammar::{About, Request, Topic};
use crate::roster::{EarlierFormats, Roster};
use crate::storage::{ContactKey, OfficeDate, Wanted};

/// Days with room whose hours are loaded together where somebody asks which have room: many more than an answer names. The snapshot
/// has told which days they are, so one load is enough however many full days lie between them.
const DAYS_AT_ONCE: usize = 31;

/// A message of a batch.
pub(super) struct Incoming {
    /// The place of its job in the batch.
    pub(super) job: usize,
    pub(super) office: Arc<Office>,
    /// As it came, but for its contact, which is the one behind its address.
    pub(super) inbound: Inbound,
    pub(super) heard: Heard,
    /// The formats that it was read by, where they are not those in force.
    pub(super) formats: Option<EarlierFormats>,
}

impl Incoming {
    /// Who wrote it.
    pub(super) fn key(&self) -> ContactKey {
        (self.inbound.channel.clone(), self.inbound.contact.clone())
    }

    /// Adds what the decision on this message will look at.
    pub(super) fn add_to(&self, wanted: &mut Wanted, calendar: &Calendar, now: DateTime<Utc>) {
        let key = self.key();
        wanted.messages.push((key.0.clone(), self.inbound.id.clone()));
        wanted.addresses.extend(self.inbound.also.iter().map(|other| (key.0.clone(), other.clone())));
        wanted.addresses.insert(key);
        let days = self.first_day(calendar, now).into_iter().chain(self.days_asked_about(calendar, now));
        wanted.dates.extend(days.map(|date| OfficeDate { office: self.office.id.clone(), date }));
        wanted.people.extend(people::on_forms(&self.office, &self.heard.said));
    }

    /// Whether it asks which days or hours have room.
    fn asks_for_room(&self) -> bool {
        let is_room = |about: &About| matches!(about.topic, Topic::FreeDays | Topic::FreeHours);
        self.heard.topics.asked.iter().any(is_room)
    }

    /// The days whose places it asks about; the next open ones where it names none.
    fn days_asked_about(&self, calendar: &Calendar, now: DateTime<Utc>) -> Vec<NaiveDate> {
        if !self.asks_for_room() {
            return Vec::new();
        }
        let mut days: Vec<NaiveDate> = self.heard.topics.asked.iter().flat_map(|about| about.days.clone()).collect();
        let last = slot::horizon(&self.office, now);
        days.retain(|day| (self.office.date_at(now)..=last).contains(day));
        let mut from = Some(self.office.date_at(now));
        for _ in 0..DAYS_WITH_ROOM {
            let Some(next) = from.and_then(|from| slot::next_day(&self.office, calendar, from, now)) else { break };
            days.push(next);
            from = next.succ_opt();
        }
        days
    }

    /// The days whose hours are loaded where the decision needs those of a day: this day; with it, where somebody asks which days have
    /// room, the next ones that have any as far as the snapshot tells. What is loaded may have changed since, in this
    /// transaction, and is not loaded once more.
    pub(super) fn days_to_load(
        &self,
        needed: NaiveDate,
        seats: &Seats,
        calendar: &Calendar,
        now: DateTime<Utc>,
    ) -> BTreeSet<OfficeDate> {
        let mut days = BTreeSet::from([needed]);
        if self.asks_for_room() {
            let last = slot::horizon(&self.office, now);
            let later = needed.iter_days().skip(1).take_while(|day| *day <= last);
            days.extend(seats.to_load(&self.office, calendar, later, now).take(DAYS_AT_ONCE - 1));
        }
        days.into_iter().map(|date| OfficeDate { office: self.office.id.clone(), date }).collect()
    }

    /// The first day that a form, or a booking that is to be moved, may be given, whatever seats it has. The decision looks at the
    /// hours of this day, and at those of the first day with free seats from there.
    fn first_day(&self, calendar: &Calendar, now: DateTime<Utc>) -> Option<NaiveDate> {
        if let Said::Text(Request::ChangeDay(change)) = &self.heard.said {
            return slot::next_day(&self.office, calendar, *change.days.first()?, now);
        }
        let (Said::Text(Request::Form(form)) | Said::Picture { caption: Some(Request::Form(form)), .. }) =
            &self.heard.said
        else {
            return None;
        };
        let from = form.visit.unwrap_or_else(|| self.office.date_at(now));
        slot::next_day(&self.office, calendar, from, now)
    }
}

/// Every message of the batch as its office's formats read it, in the order of sending. Nothing is locked yet.
pub(super) fn messages(roster: &Roster, jobs: &[Job]) -> Vec<Incoming> {
    let read = |(job, Job { office, task, .. }): (usize, &Job)| {
        let Task::Message(message) = task else { return None };
        let ReadMessage { inbound, heard, roster: read_by } = message.as_ref();
        let office = Arc::clone(roster.offices.get(office)?);
        // Newer offices may have come into force since it was queued.
        let heard = heard.as_ref().filter(|_| std::ptr::eq(read_by.as_ref(), roster));
        let heard = heard.cloned().unwrap_or_else(|| reading::heard(roster, &office, inbound));
        Some(Incoming { job, office, inbound: inbound.clone(), heard, formats: None })
    };
    let mut messages: Vec<Incoming> = jobs.iter().enumerate().filter_map(read).collect();
    messages.sort_by_key(|message| message.heard.sent_at);
    messages
}

/// The messages that were not served before, by `known` or by an earlier message of the batch; the verdict of the others is noted.
pub(super) fn without_repeats(
    mut known: HashSet<(ChannelId, MessageId)>,
    messages: Vec<Incoming>,
    verdicts: &mut [Verdict],
) -> Vec<Incoming> {
    let mut fresh = Vec::with_capacity(messages.len());
    for message in messages {
        if known.insert((message.inbound.channel.clone(), message.inbound.id.clone())) {
            fresh.push(message);
        } else if let Some(verdict) = verdicts.get_mut(message.job) {
            *verdict = Verdict::Repeat;
        }
    }
    fresh
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::{Contact, Content};
    use crate::domain::office::OfficeId;
    use crate::domain::seats::DayLoad;

    fn asked(text: &str, now: DateTime<Utc>) -> Wanted {
        let roster = Roster::shipped().unwrap();
        let mut wanted = Wanted::default();
        message(text, &roster, now).add_to(&mut wanted, &roster.calendar, now);
        wanted
    }

    fn message(text: &str, roster: &Roster, now: DateTime<Utc>) -> Incoming {
        let office = Arc::clone(roster.offices.get(&OfficeId::read("bogor").unwrap()).unwrap());
        let inbound = Inbound {
            channel: ChannelId::new("tape", "bogor"),
            also: Vec::new(),
            id: MessageId::new("1"),
            contact: Contact::new("6281200000001"),
            sent_at: now,
            content: Content::Text(text.to_owned()),
        };
        let heard = reading::heard(roster, &office, &inbound);
        Incoming { job: 0, office, inbound, heard, formats: None }
    }

    // Negative control: without `days_asked_about`, each day is loaded by two statements of its own.
    #[test]
    fn a_question_about_free_days_loads_the_next_ones_with_the_snapshot() {
        let days = |text: &str| -> Vec<String> {
            let wanted = asked(text, "2017-08-03T02:00:00Z".parse().unwrap());
            wanted.dates.into_iter().map(|day| day.date.to_string()).collect()
        };
        // A Thursday.
        assert_eq!(days("#cek"), ["2017-08-04", "2017-08-07", "2017-08-08"]);
        assert_eq!(days("#cek 14"), ["2017-08-04", "2017-08-07", "2017-08-08", "2017-08-14"]);
        assert_eq!(days("biayanya berapa?"), Vec::<String>::new());
    }

    // Negative control, run once: with the next calendar days taken instead of those with room, the two behind the full days are left
    // to loads of their own.
    #[test]
    fn days_with_room_behind_a_month_of_full_ones_are_loaded_at_once() {
        let roster = Roster::shipped().unwrap();
        let now: DateTime<Utc> = "2017-08-03T02:00:00Z".parse().unwrap();
        let question = message("#cek", &roster, now);
        let mut office = Office::clone(&question.office);
        office.policy.horizon_days = 120;
        let question = Incoming { office: Arc::new(office), ..question };
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let mut seats = Seats::default();
        let first = day("2017-08-04");
        let free = ["2017-08-07", "2017-09-27", "2017-10-18"].map(day);
        for date in first.iter_days().take(130).filter(|date| !free.contains(date)) {
            seats.enter_day(date, DayLoad { capacity: 40, taken: 40, held: 0 });
        }
        let load = |question: &Incoming, seats: &Seats| -> Vec<NaiveDate> {
            let days = question.days_to_load(free[0], seats, &roster.calendar, now);
            days.into_iter().map(|day| day.date).collect()
        };
        assert_eq!(load(&question, &seats), free);
        // What is entered already may have changed since.
        seats.mark_loaded(free[1]);
        assert_eq!(load(&question, &seats), [free[0], free[2]]);
        // Whoever asks for nothing of the kind needs that day only.
        let form = message("#batal", &roster, now);
        assert_eq!(load(&form, &seats), [free[0]]);
    }
}
