//! Finds what offices have to say unasked, plans it once, and hands what is due to the desk, a few of each channel at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};

use crate::desk::Desk;
use crate::domain::attendance::REMINDER_HOURS;
use crate::domain::notice::{Kind, Notice};
use crate::domain::office::{Office, OfficeId};
use crate::roster::Roster;
use crate::storage::{Candidate, Storage, StorageError};

/// How long before an unconfirmed hold lapses its citizen is told, in minutes.
const LAPSING_MINUTES: i64 = 5;
/// A hold that is shorter is not told of, in minutes: its echo was the last message.
const LAPSING_HOLD_MINUTES: i64 = 10;
/// How long after a hold lapsed its citizen is still told, in minutes; after that it is no news.
const LAPSED_MINUTES: i64 = 15;
/// How long after an answer was awaited its place is given back, in minutes: answers that are on their way count.
const ANSWER_GRACE_MINUTES: i64 = 5;
/// How long after that it is still given back, in minutes. Where the program was off for longer, nobody loses a place by it.
const ANSWER_LATE_MINUTES: i64 = 60;
/// How long after its start a node gives no place back, in minutes: what citizens wrote while it was off comes first.
const ANSWER_START_MINUTES: i64 = 15;
/// Pause while a channel has as many notices in the outbox as it may, in milliseconds.
const PAUSE_MS: i64 = 250;

/// Plans notices and hands them to the desk.
pub(super) struct NoticePlanner {
    storage: Storage,
    desk: Desk,
    /// The days whose visits were all planned to be reminded of, by office. Another node, or a new start, looks once more: the
    /// database keeps each notice once.
    reminded: Mutex<BTreeMap<OfficeId, NaiveDate>>,
    /// When this node began to look.
    begun: OnceLock<DateTime<Utc>>,
}

impl NoticePlanner {
    pub(super) fn new(storage: Storage, desk: Desk) -> Self {
        Self { storage, desk, reminded: Mutex::default(), begun: OnceLock::new() }
    }

    /// Plans what has to be said by now, and says what is due. Returns when something is due next.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub(super) async fn step(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError> {
        let roster = self.desk.roster();
        let offices: Vec<&Office> = roster.offices.values().map(AsRef::as_ref).collect();
        let mut next = vec![self.plan_holds(&offices, now).await?];
        for office in offices.into_iter().filter(|office| office.notices.says(Kind::Reminder)) {
            self.plan_reminders(office, now).await?;
            next.push(Some(next_reminder(office, now)));
        }
        next.push(self.release_unanswered(&roster, now).await?);
        next.push(self.say_due(now).await?);
        Ok(next.into_iter().flatten().min())
    }

    /// Plans what is said of unconfirmed holds. Returns when one is due next.
    async fn plan_holds(&self, offices: &[&Office], now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError> {
        let says = |kind: Kind| -> Vec<&OfficeId> {
            offices.iter().filter(|office| office.notices.says(kind)).map(|office| &office.id).collect()
        };
        let (lapsing, lapsed) = (says(Kind::HoldLapsing), says(Kind::HoldLapsed));
        let mut notices = Vec::new();
        let soon = now + Duration::minutes(LAPSING_MINUTES);
        if !lapsing.is_empty() {
            let least = Duration::minutes(LAPSING_HOLD_MINUTES);
            for hold in self.storage.lapsing_holds(&lapsing, now, soon, least).await? {
                let (due, until) = (hold.at - Duration::minutes(LAPSING_MINUTES), hold.at);
                notices.push(notice(Kind::HoldLapsing, hold, due, until));
            }
        }
        if !lapsed.is_empty() {
            let since = now - Duration::minutes(LAPSED_MINUTES);
            for hold in self.storage.lapsed_holds(since, now).await? {
                if lapsed.contains(&&hold.office) {
                    let (due, until) = (hold.at, hold.at + Duration::minutes(LAPSED_MINUTES));
                    notices.push(notice(Kind::HoldLapsed, hold, due, until));
                }
            }
        }
        self.storage.plan_notices(notices, now).await?;
        if lapsing.is_empty() {
            return Ok(None);
        }
        let next = self.storage.next_hold_end(soon).await?;
        Ok(next.map(|end| end - Duration::minutes(LAPSING_MINUTES)))
    }

    /// Plans the reminders of tomorrow's visits at an office, once the hour for them has come.
    async fn plan_reminders(&self, office: &Office, now: DateTime<Utc>) -> Result<(), StorageError> {
        let local = office.zone.local(now);
        let Some(tomorrow) = local.date().checked_add_days(Days::new(1)) else { return Ok(()) };
        let is_done = || {
            let reminded = self.reminded.lock().unwrap_or_else(PoisonError::into_inner);
            reminded.get(&office.id).is_some_and(|date| *date >= tomorrow)
        };
        if local.time() < office.notices.reminder_at || is_done() {
            return Ok(());
        }
        let midnight = office.zone.instant(tomorrow.and_time(chrono::NaiveTime::MIN));
        let due = office.zone.instant(local.date().and_time(office.notices.reminder_at));
        loop {
            let settled = midnight - Duration::hours(REMINDER_HOURS);
            let visits = self.storage.visits_to_remind_of(&office.id, tomorrow, settled).await?;
            if visits.is_empty() {
                break;
            }
            let reminder = |visit: Candidate| Notice {
                occasion: tomorrow.to_string(),
                ..notice(Kind::Reminder, visit, due, midnight)
            };
            self.storage.plan_notices(visits.into_iter().map(reminder).collect(), now).await?;
        }
        self.reminded.lock().unwrap_or_else(PoisonError::into_inner).insert(office.id.clone(), tomorrow);
        Ok(())
    }

    /// Lets the desk give places back whose reminders had to be answered and were not. Returns when more is due.
    async fn release_unanswered(
        &self,
        roster: &Roster,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StorageError> {
        let asks = |office: &&Arc<Office>| office.policy.no_shows.is_some();
        let offices: Vec<&OfficeId> = roster.offices.values().filter(asks).map(|office| &office.id).collect();
        if offices.is_empty() {
            return Ok(None);
        }
        let first = *self.begun.get_or_init(|| now) + Duration::minutes(ANSWER_START_MINUTES);
        let grace = Duration::minutes(ANSWER_GRACE_MINUTES);
        let until = now - grace;
        if first <= now {
            let since = until - Duration::minutes(ANSWER_LATE_MINUTES);
            for (office, places) in self.storage.unanswered(&offices, since, until).await? {
                self.desk.release_unanswered(&office, places).await?;
            }
        }
        let next = self.storage.next_answer_end(until).await?;
        Ok(next.map(|end| (end + grace).max(first)))
    }

    /// Hands what is due to the desk. Returns when more is due.
    async fn say_due(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError> {
        let due = self.storage.due_notices(now).await?;
        let mut of_offices: BTreeMap<OfficeId, Vec<Notice>> = BTreeMap::new();
        for notice in due.notices {
            of_offices.entry(notice.office.clone()).or_default().push(notice);
        }
        for (office, notices) in of_offices {
            self.desk.say_notices(office, notices).await?;
        }
        if due.has_more {
            return Ok(Some(now + Duration::milliseconds(PAUSE_MS)));
        }
        // What is due by now and could not be said yet is looked at again with the next step.
        Ok(self.storage.next_notice().await?.filter(|next| *next > now))
    }
}

/// When an office reminds next.
fn next_reminder(office: &Office, now: DateTime<Utc>) -> DateTime<Utc> {
    let today = office.date_at(now);
    let at = |date: NaiveDate| office.zone.instant(date.and_time(office.notices.reminder_at));
    if at(today) > now { at(today) } else { at(today.checked_add_days(Days::new(1)).unwrap_or(today)) }
}

fn notice(kind: Kind, of: Candidate, due: DateTime<Utc>, drop_after: DateTime<Utc>) -> Notice {
    Notice {
        id: 0,
        office: of.office,
        kind,
        channel: of.channel,
        contact: of.contact,
        booking: Some(of.booking),
        occasion: of.awaits,
        detail: None,
        due,
        drop_after,
    }
}
