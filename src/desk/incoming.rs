//! The messages of a batch, read by the formats in force, and what their decisions will need.

use std::collections::HashSet;
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
use crate::domain::slot;
use crate::grammar::{About, Request, Topic};
use crate::roster::Roster;
use crate::storage::{ContactKey, OfficeDate, Wanted};

/// A message of a batch.
pub(super) struct Incoming {
    /// The place of its job in the batch.
    pub(super) job: usize,
    pub(super) office: Arc<Office>,
    /// As it came, but for its contact, which is the one behind its address.
    pub(super) inbound: Inbound,
    pub(super) heard: Heard,
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
    pub(super) fn asks_for_room(&self) -> bool {
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
        Some(Incoming { job, office, inbound: inbound.clone(), heard })
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

    fn asked(text: &str, now: DateTime<Utc>) -> Wanted {
        let roster = Roster::shipped().unwrap();
        let office = Arc::clone(roster.offices.get(&OfficeId::read("bogor").unwrap()).unwrap());
        let inbound = Inbound {
            channel: ChannelId::new("tape", "bogor"),
            also: Vec::new(),
            id: MessageId::new("1"),
            contact: Contact::new("6281200000001"),
            sent_at: now,
            content: Content::Text(text.to_owned()),
        };
        let heard = reading::heard(&roster, &office, &inbound);
        let mut wanted = Wanted::default();
        Incoming { job: 0, office, inbound, heard }.add_to(&mut wanted, &roster.calendar, now);
        wanted
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
}
