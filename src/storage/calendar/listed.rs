//! Changes as people look at them later: who, when, why, whom they concern, and how far what was told has come.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::change::KeptDay;
use crate::domain::booking::Booking;
use crate::domain::message::Delivery;
use crate::domain::office::{Exception, OfficeId};
use crate::storage::displaced::listed::by_number;
use crate::storage::engine::column::{at, fits, json, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::{Tx, each, on};
use crate::storage::handle::Storage;

/// A change that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarChange {
    /// Its number.
    pub id: i64,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Who made it.
    pub actor: String,
    /// What was asked for, as JSON.
    pub what: String,
    /// Its dates: before and after.
    pub days: Vec<(NaiveDate, Option<Exception>, Option<Exception>)>,
    /// Why.
    pub reason: String,
    /// The change that it takes back.
    pub corrects: Option<i64>,
    /// Until when it can be undone.
    pub settle_at: DateTime<Utc>,
    /// `waiting`, `settling`, `done`, `undone` or `corrected`.
    pub state: String,
    /// When that became so.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who took it back.
    pub ended_by: Option<String>,
    /// How many bookings it concerns.
    pub bookings: u32,
}

/// A booking that a change concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarPerson {
    /// The booking, as it is now.
    pub booking: Booking,
    /// What was chosen: `tell`, `move`, `cancel`, `keep`; `reopened` where they get a correction; `cleared` where they knew nothing.
    pub choice: String,
    /// The notice about it.
    pub notice: Option<PersonNotice>,
}

/// How far a notice has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonNotice {
    /// `planned`, `dropped`, or the state of its message in the outbox: `waiting`, `sent`, `held` and so on.
    pub state: String,
    /// What the provider said of its message.
    pub delivery: Option<Delivery>,
    /// Why it was dropped, or what went wrong.
    pub error: Option<String>,
}

result_row! {
    struct ChangeRow {
        id: i64,
        at_us: i64,
        actor: String,
        what: String,
        days: String,
        reason: String,
        corrects: Option<i64>,
        settle_us: i64,
        state: String,
        ended_us: Option<i64>,
        ended_by: Option<String>,
        bookings: i64,
    }
}

result_row! {
    struct NoticeState {
        booking: i64,
        state: String,
        delivery: Option<i64>,
        error: Option<String>,
    }
}

impl ChangeRow {
    fn change(self) -> Result<CalendarChange, StorageError> {
        let days: Vec<KeptDay> = unjson("calendar_change.days", &self.days)?;
        let day = |day: KeptDay| (day.date, day.before.map(Exception::from), day.after.map(Exception::from));
        Ok(CalendarChange {
            id: self.id,
            at: at(self.at_us),
            actor: self.actor,
            what: self.what,
            days: days.into_iter().map(day).collect(),
            reason: self.reason,
            corrects: self.corrects,
            settle_at: at(self.settle_us),
            state: self.state,
            ended_at: self.ended_us.map(at),
            ended_by: self.ended_by,
            bookings: fits("calendar_change.bookings", self.bookings)?,
        })
    }
}

/// Of an office (`$1`), up to a number (`$2`), the newest so many (`$3`).
const CHANGES: &str = "select c.id, c.at_us, c.actor, c.what, c.days, c.reason, c.corrects, c.settle_us, c.state, c.ended_us, \
     c.ended_by, (select count(*) from calendar_change_person p where p.change = c.id and p.choice <> 'cleared') as bookings \
     from calendar_change c where c.office = $1 and c.id <= $2 order by c.id desc limit $3";

impl Storage {
    /// The newest changes of an office.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn calendar_changes(&self, office: &OfficeId, limit: u32) -> Result<Vec<CalendarChange>, StorageError> {
        self.changes(office, i64::MAX, limit).await
    }

    /// One of them.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn calendar_change(&self, office: &OfficeId, id: i64) -> Result<Option<CalendarChange>, StorageError> {
        Ok(self.changes(office, id, 1).await?.pop().filter(|change| change.id == id))
    }

    /// The change that a press of a button made before.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn pressed_calendar_change(&self, office: &OfficeId, nonce: &str) -> Result<Option<i64>, StorageError> {
        let mut tx = self.pool.read().await?;
        let found: Option<(i64,)> = on!(&mut tx, |conn| {
            sqlx::query_as("select id from calendar_change where office = $1 and nonce = $2")
                .bind(office.as_str())
                .bind(nonce)
                .fetch_optional(conn)
                .await
        })?;
        tx.end().await?;
        Ok(found.map(|(id,)| id))
    }

    async fn changes(&self, office: &OfficeId, upto: i64, limit: u32) -> Result<Vec<CalendarChange>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<ChangeRow> = on!(&mut tx, |conn| {
            sqlx::query_as(CHANGES).bind(office.as_str()).bind(upto).bind(i64::from(limit)).fetch_all(conn).await
        })?;
        tx.end().await?;
        rows.into_iter().map(ChangeRow::change).collect()
    }

    /// Whom a change concerns, in the order in which they booked, and how far what was told has come.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn calendar_persons(&self, change: &CalendarChange) -> Result<Vec<CalendarPerson>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(i64, String)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select booking, choice from calendar_change_person where change = $1 and choice <> 'cleared' order by booking",
            )
            .bind(change.id)
            .fetch_all(conn)
            .await
        })?;
        let choices: HashMap<i64, String> = rows.into_iter().collect();
        let ids: Vec<i64> = choices.keys().copied().collect();
        let mut bookings: Vec<Booking> = by_number(&mut tx, &ids).await?.into_values().collect();
        let mut notices = notices(&mut tx, &ids, change.at).await?;
        tx.end().await?;
        bookings.sort_by_key(|booking| (booking.created_at, booking.id));
        let person = |booking: Booking| {
            let choice = choices.get(&booking.id).cloned().unwrap_or_default();
            CalendarPerson { choice, notice: notices.remove(&booking.id), booking }
        };
        Ok(bookings.into_iter().map(person).collect())
    }
}

/// The last notice about a closed day of each of these bookings, of those since.
async fn notices(
    tx: &mut Tx,
    bookings: &[i64],
    since: DateTime<Utc>,
) -> Result<HashMap<i64, PersonNotice>, StorageError> {
    let rows = json(&bookings.iter().map(|id| (id.to_string(),)).collect::<Vec<_>>())?;
    let sql = each!(
        &*tx,
        "select n.booking, case when n.state = 'queued' then coalesce(o.state, a.state, n.state) else n.state end as state, \
         coalesce(o.delivery, a.delivery) as delivery, coalesce(n.reason, o.error, a.error) as error from",
        "join notice n on n.kind = 'day-closed' and n.subject = each.value->>0 left join outbox o on o.id = n.outbox \
         left join outbox_archive a on a.id = n.outbox where n.created_us >= $2 and n.booking is not null order by n.id"
    );
    let found: Vec<NoticeState> =
        on!(tx, |conn| sqlx::query_as(sql).bind(&rows).bind(us(since)).fetch_all(conn).await)?;
    let notice = |row: NoticeState| {
        let rank = |rank: i64| Delivery::ALL.into_iter().find(|delivery| delivery.rank() == rank);
        let told = PersonNotice { state: row.state, delivery: row.delivery.and_then(rank), error: row.error };
        (row.booking, told)
    };
    Ok(found.into_iter().map(notice).collect())
}
