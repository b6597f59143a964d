//! A change of an office's exceptions, in one transaction: the dates, the capacities of their days, and what is decided about everybody
//! whom it displaces, or whom an earlier one displaced in vain.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::booking::{Booking, State};
use crate::domain::calendar::Calendar;
use crate::domain::displaced::{Displaced, Remedy};
use crate::domain::displacement::Remedies;
use crate::domain::notice::{Kind, Notice};
use crate::domain::office::{Exception, KeptException, Office, OfficeId};
use crate::storage::displaced::decide::{Decision, DisplacedBooking, Scope, decide};
use crate::storage::displaced::listed::by_number;
use crate::storage::engine::column::{json, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, each, on, rows_affected};
use crate::storage::exceptions::{self, Days};
use crate::storage::handle::Storage;
use crate::storage::intake::notices::plan;
use crate::storage::offices::fit_days;
use crate::storage::waiting::turns::look_at_list;

/// Notices of corrections for which numbers are taken beforehand; a change that needs more begins again with more.
const IDS_SPARE: usize = 64;

/// A change that is to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewCalendarChange<'a> {
    /// The office as it will be, with the revision that was seen.
    pub office: &'a Office,
    /// The holidays.
    pub calendar: &'a Calendar,
    /// What the dates become.
    pub days: &'a BTreeMap<NaiveDate, Option<Exception>>,
    /// What is decided about everybody whom it displaces.
    pub remedies: &'a Remedies,
    /// The change that it takes back, whose people are told so.
    pub corrects: Option<i64>,
    /// What was asked for, as JSON for lists.
    pub what: &'a str,
    /// Why.
    pub reason: &'a str,
    /// Who.
    pub actor: &'a str,
    /// Marks one press of a button: its repeats change nothing.
    pub nonce: Option<&'a str>,
    /// When it is made.
    pub now: DateTime<Utc>,
    /// Until when all of it can be undone.
    pub settle_at: DateTime<Utc>,
    /// What a correction says: the detail of its notice by the date that was closed, and when it is too late to be said.
    pub correction: Correction,
}

/// What a correction says, and when it is too late for it.
pub type Correction = fn(&Office, &Booking, NaiveDate) -> (Option<String>, DateTime<Utc>);

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarOutcome {
    /// It is in force.
    Changed(i64),
    /// The same press made this change before.
    Repeated(i64),
    /// The office, its calendar, or the change that it takes back is not as it was seen.
    Outdated,
    /// It displaces bookings about which nothing was decided: nothing was changed.
    Undecided(Vec<DisplacedBooking>),
}

/// A date before and after a change.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct KeptDay {
    pub(super) date: NaiveDate,
    pub(super) before: Option<KeptException>,
    pub(super) after: Option<KeptException>,
}

/// The dates of a change as they were, or as it left them.
pub(super) fn days_of(kept: &str, before: bool) -> Result<Days, StorageError> {
    let kept: Vec<KeptDay> = unjson("calendar_change.days", kept)?;
    let day = |day: KeptDay| (day.date, (if before { day.before } else { day.after }).map(Exception::from));
    Ok(kept.into_iter().map(day).collect())
}

/// Somebody whom a change concerns.
#[derive(Debug)]
struct Person {
    booking: i64,
    choice: &'static str,
    before: Option<&'static str>,
    after: Option<&'static str>,
    notice: Option<i64>,
}

impl Storage {
    /// Changes the exceptions of an office. Whoever is displaced is only marked: they are moved and told when the time in which all can
    /// be undone is over.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn change_calendar(&self, change: NewCalendarChange<'_>) -> Result<CalendarOutcome, StorageError> {
        let mut needed = IDS_SPARE;
        loop {
            let ids = self.ids(needed).await?;
            let mut tx = self.pool.begin().await?;
            match make(&mut tx, change, ids).await? {
                Made::Outcome(done @ CalendarOutcome::Changed(_)) => {
                    tx.commit().await?;
                    return Ok(done);
                }
                Made::Outcome(refused) => {
                    tx.rollback().await?;
                    return Ok(refused);
                }
                Made::NeedsIds(more) => {
                    tx.rollback().await?;
                    needed = more;
                }
            }
        }
    }
}

enum Made {
    Outcome(CalendarOutcome),
    NeedsIds(usize),
}

async fn make(tx: &mut Tx, change: NewCalendarChange<'_>, mut ids: Range<i64>) -> Result<Made, StorageError> {
    let NewCalendarChange { office, calendar, days, remedies, now, .. } = change;
    let in_force = lock(tx, &office.id).await?;
    if let Some(before) = repeated(tx, change).await? {
        return Ok(Made::Outcome(CalendarOutcome::Repeated(before)));
    }
    let seen = (i64::from(office.version), i64::from(office.exceptions.revision) + 1);
    if in_force != Some(seen) {
        return Ok(Made::Outcome(CalendarOutcome::Outdated));
    }
    let mut persons = match change.corrects {
        None => Vec::new(),
        Some(corrected) => match corrected_persons(tx, change, corrected).await? {
            None => return Ok(Made::Outcome(CalendarOutcome::Outdated)),
            Some(persons) => persons,
        },
    };
    let before = exceptions::read(tx, &office.id).await?;
    exceptions::write(tx, &office.id, days).await?;
    let dates: BTreeSet<NaiveDate> = days.keys().copied().collect();
    fit_days(tx, office, calendar, (office.date_at(now), Some(&dates))).await?;
    let scope = Scope { now, remedies: Some(remedies), dates: Some(&dates) };
    let Decision { undecided, marked } = decide(tx, office, calendar, scope).await?;
    if !undecided.is_empty() {
        return Ok(Made::Outcome(CalendarOutcome::Undecided(undecided)));
    }
    let is_new = |booking: &Booking| !persons.iter().any(|(known, _): &(Booking, Person)| known.id == booking.id);
    let marked: Vec<(Booking, Person)> = marked
        .into_iter()
        .filter(|(booking, _)| is_new(booking))
        .map(|(booking, after)| person(booking, after))
        .collect();
    persons.extend(marked);
    let corrections = persons.iter().filter(|(_, person)| person.choice == REOPENED).count();
    if usize::try_from(ids.end - ids.start).unwrap_or(0) <= corrections {
        return Ok(Made::NeedsIds(corrections + IDS_SPARE));
    }
    let id = ids.next().unwrap_or_default();
    let notices = corrections_of(change, id, &mut persons, &mut ids);
    plan(tx, &notices, us(now)).await?;
    let kept: Vec<KeptDay> = days
        .iter()
        .map(|(date, after)| KeptDay {
            date: *date,
            before: before.days.get(date).map(Exception::kept),
            after: after.as_ref().map(Exception::kept),
        })
        .collect();
    let waits = persons.iter().any(|(_, person)| !matches!(person.choice, "keep" | "cleared"));
    insert(tx, change, (id, waits), &kept).await?;
    // Places that it opens go to those who wait, once it cannot be undone any more.
    look_at_list(tx, &office.id, if waits { change.settle_at } else { now }).await?;
    insert_persons(tx, id, &persons).await?;
    Ok(Made::Outcome(CalendarOutcome::Changed(id)))
}

/// Told something else before.
const REOPENED: &str = "reopened";

/// Locks an office, as an intake does, and counts its change. Its version, and the new revision.
pub(super) async fn lock(tx: &mut Tx, office: &OfficeId) -> Result<Option<(i64, i64)>, StorageError> {
    Ok(on!(tx, |conn| {
        sqlx::query_as("update office set calendar = calendar + 1 where id = $1 returning version, calendar")
            .bind(office.as_str())
            .fetch_optional(conn)
            .await
    })?)
}

async fn repeated(tx: &mut Tx, change: NewCalendarChange<'_>) -> Result<Option<i64>, StorageError> {
    let Some(nonce) = change.nonce else { return Ok(None) };
    let found: Option<(i64,)> = on!(tx, |conn| {
        sqlx::query_as("select id from calendar_change where office = $1 and nonce = $2")
            .bind(change.office.id.as_str())
            .bind(nonce)
            .fetch_optional(conn)
            .await
    })?;
    Ok(found.map(|(id,)| id))
}

/// Marks a change as taken back. Those of its people who were moved, or whose booking was cancelled; `None` where it cannot be taken
/// back so, because it is none that is done, or its dates were changed again.
async fn corrected_persons(
    tx: &mut Tx,
    change: NewCalendarChange<'_>,
    corrected: i64,
) -> Result<Option<Vec<(Booking, Person)>>, StorageError> {
    let kept: Option<(String,)> = on!(&mut *tx, |conn| {
        sqlx::query_as(
            "update calendar_change set state = 'corrected', ended_us = $1, ended_by = $2 where id = $3 and office = $4 \
             and state = 'done' returning days",
        )
        .bind(us(change.now))
        .bind(change.actor)
        .bind(corrected)
        .bind(change.office.id.as_str())
        .fetch_optional(conn)
        .await
    })?;
    let Some((kept,)) = kept else { return Ok(None) };
    if !is_as_left(tx, &change.office.id, &days_of(&kept, false)?).await? {
        return Ok(None);
    }
    let rows: Vec<(i64,)> = on!(&mut *tx, |conn| {
        sqlx::query_as("select booking from calendar_change_person where change = $1 and choice in ('move', 'cancel', 'tell') order by booking")
            .bind(corrected)
            .fetch_all(conn)
            .await
    })?;
    let ids: Vec<i64> = rows.into_iter().map(|(id,)| id).collect();
    let mut found: Vec<Booking> = by_number(tx, &ids).await?.into_values().collect();
    found.sort_by_key(|booking| (booking.created_at, booking.id));
    let is_told = |booking: &Booking| match booking.displaced {
        Some(Displaced { remedy: Remedy::Move | Remedy::Tell, is_done: true, .. }) => booking.state == State::Booked,
        Some(Displaced { remedy: Remedy::Cancel, is_done: true, .. }) => booking.state == State::Cancelled,
        _ => false,
    };
    // Whoever is still on the day is found with it, and gets back what is true of it.
    let has_left =
        |booking: &Booking| booking.state == State::Cancelled || !change.days.contains_key(&booking.slot.date);
    let person = |booking: Booking| {
        let mark = booking.displaced.map(Displaced::name);
        let person = Person { booking: booking.id, choice: REOPENED, before: mark, after: mark, notice: None };
        (booking, person)
    };
    Ok(Some(found.into_iter().filter(|booking| is_told(booking) && has_left(booking)).map(person).collect()))
}

/// Whether these dates are as a change left them.
pub(super) async fn is_as_left(tx: &mut Tx, office: &OfficeId, left: &Days) -> Result<bool, StorageError> {
    let now = exceptions::read(tx, office).await?;
    Ok(left.iter().all(|(date, exception)| now.days.get(date) == exception.as_ref()))
}

/// What a change means for a booking whose mark it changed.
fn person(booking: Booking, after: Option<Displaced>) -> (Booking, Person) {
    let was_told = booking.displaced.is_some_and(|mark| mark.is_done && mark.remedy == Remedy::Tell);
    let choice = match after {
        Some(mark) => mark.remedy.name(),
        None if was_told && booking.state == State::Booked => REOPENED,
        None => "cleared",
    };
    let before = booking.displaced.map(Displaced::name);
    let person = Person { booking: booking.id, choice, before, after: after.map(Displaced::name), notice: None };
    (booking, person)
}

/// The notices that correct what was told.
fn corrections_of(
    change: NewCalendarChange<'_>,
    id: i64,
    persons: &mut [(Booking, Person)],
    ids: &mut Range<i64>,
) -> Vec<Notice> {
    let first = change.days.keys().next().copied().unwrap_or_default();
    let mut notices = Vec::new();
    for (booking, person) in persons.iter_mut().filter(|(_, person)| person.choice == REOPENED) {
        let date = if change.days.contains_key(&booking.slot.date) { booking.slot.date } else { first };
        let (detail, drop_after) = (change.correction)(change.office, booking, date);
        let notice = ids.next().unwrap_or_default();
        person.notice = Some(notice);
        notices.push(Notice {
            id: notice,
            office: change.office.id.clone(),
            kind: Kind::DayClosed,
            channel: booking.channel.clone(),
            contact: booking.contact.clone(),
            booking: Some(booking.id),
            occasion: format!("{date} open {id}"),
            detail,
            due: change.settle_at,
            drop_after,
        });
    }
    notices
}

async fn insert(
    tx: &mut Tx,
    change: NewCalendarChange<'_>,
    (id, waits): (i64, bool),
    kept: &[KeptDay],
) -> Result<(), StorageError> {
    let days = json(kept)?;
    let (settle, state) = if waits { (change.settle_at, "waiting") } else { (change.now, "done") };
    on!(tx, |conn| {
        let query = sqlx::query(
            "insert into calendar_change (id, office, at_us, actor, what, days, reason, nonce, corrects, settle_us, state) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        );
        let query = query.bind(id).bind(change.office.id.as_str()).bind(us(change.now)).bind(change.actor);
        let query = query.bind(change.what).bind(&days).bind(change.reason).bind(change.nonce).bind(change.corrects);
        query.bind(us(settle)).bind(state).execute(conn).await.map(|done| rows_affected(&done))
    })?;
    Ok(())
}

async fn insert_persons(tx: &mut Tx, id: i64, persons: &[(Booking, Person)]) -> Result<(), StorageError> {
    let row =
        |(_, person): &(Booking, Person)| (person.booking, person.choice, person.before, person.after, person.notice);
    let rows = json(&persons.iter().map(row).collect::<Vec<_>>())?;
    let sql = each!(
        &*tx,
        "insert into calendar_change_person (change, booking, choice, before, after, notice) \
         select $2, cast(each.value->>0 as bigint), each.value->>1, each.value->>2, each.value->>3, \
         cast(each.value->>4 as bigint) from",
        "where true"
    );
    on!(tx, |conn| sqlx::query(sql).bind(&rows).bind(id).execute(conn).await.map(drop))?;
    Ok(())
}
