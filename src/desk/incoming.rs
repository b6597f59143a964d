//! The messages of a batch, read by the formats in force, and what their decisions will need.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::people;
use super::reading::{self, ReadMessage};
use super::task::{Job, Task};
use super::verdict::Verdict;
use crate::conversation::{Heard, Said};
use crate::domain::calendar::Calendar;
use crate::domain::message::{ChannelId, Inbound, MessageId};
use crate::domain::office::Office;
use crate::domain::slot;
use crate::grammar::Request;
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
        if let Some(day) = self.first_day(calendar, now) {
            wanted.dates.insert(OfficeDate { office: self.office.id.clone(), date: day });
        }
        wanted.people.extend(people::on_forms(&self.office, &self.heard.said));
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
