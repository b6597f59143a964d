//! Deletes holds that ended without a booking, once nobody can come back to them.
//!
//! A code is recognised for [`DEAD_HOLD_HOURS`] after its hold's deadline: until then it may still book, or its reason
//! is told. After that the row, its record and the rows of its people are of no use. Whatever was ever booked stays.

use std::sync::LazyLock;

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use crate::domain::person::Applicant;
use crate::domain::same_person::{Person, PersonKey};
use crate::storage::booking_row::DEAD_HOLD_HOURS;
use crate::storage::engine::column::{json, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::handle::Storage;
use crate::storage::housekeeping::job::{self, Done, Job, JobStep, Turn};

/// Margin beyond that time, in hours: a batch that is under way, or a node whose clock is a little behind, may still
/// have a code in hand.
const MARGIN_HOURS: i64 = 1;

/// Holds to delete: `$1` the latest deadline, `$2` how many. The states are those of the index `booking_over`. Selected
/// in a statement of its own: PostgreSQL estimates an unknown limit as a tenth of the table, and would scan all of it.
const OVER: &str = "select id from booking where hold_until_us is not null \
     and state in ('expired', 'replaced', 'cancelled', 'blocked') and hold_until_us < $1 order by hold_until_us limit $2";

/// Rows of people on days that are over: `$1` the first day that is not, `$2` how many.
const PLACES_OVER: &str = "select office, person, booking from booking_person where date < $1 order by date limit $2";

/// Deletes what was selected, unless a batch has made it a booking meanwhile.
static CLEAR: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "delete from booking where id in (select cast(each.value->>0 as bigint) from @each($1)) \
         and hold_until_us is not null and state in ('expired', 'replaced', 'cancelled', 'blocked') \
         returning id, office, applicant",
    )
});

static RECORD: LazyLock<[Statement; 2]> = LazyLock::new(|| {
    ["event", "event_archive"].map(|table| {
        let which = "booking in (select cast(each.value->>0 as bigint) from @each($1))";
        Statement::new(&format!("delete from {table} where {which}"))
    })
});
static FORGET: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "delete from booking_person where (office, person, booking) in (select each.value->>0, \
         cast(each.value->>1 as bigint), cast(each.value->>2 as bigint) from @each($1))",
    )
});

impl Storage {
    /// Deletes about `limit` of the holds that ended without a booking, oldest first, if it is due and no other node
    /// does it.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn clear_holds(&self, now: DateTime<Utc>, limit: u32) -> Result<JobStep, StorageError> {
        let mut tx = match self.claim_job(Job::Holds, now, self.pool.begin()).await? {
            Turn::Ours(tx) => tx,
            Turn::Later(due) => return Ok(JobStep { rows: 0, due }),
        };
        let done = clear(&mut tx, now, limit).await?;
        job::finish(tx, Job::Holds, done, now).await
    }
}

/// One step.
async fn clear(tx: &mut Tx, now: DateTime<Utc>, limit: u32) -> Result<Done, StorageError> {
    let before = us(now - Duration::hours(DEAD_HOLD_HOURS + MARGIN_HOURS));
    let over: Vec<(i64,)> =
        on!(&mut *tx, |conn| sqlx::query_as(OVER).bind(before).bind(i64::from(limit)).fetch_all(conn).await)?;
    let mut has_more = over.len() >= limit as usize;
    let (over, sql) = (json(&over)?, CLEAR.sql(tx));
    let cleared: Vec<(i64, String, String)> =
        on!(&mut *tx, |conn| sqlx::query_as(sql).bind(&over).fetch_all(conn).await)?;
    let mut rows = u64::try_from(cleared.len()).unwrap_or(u64::MAX);
    if !cleared.is_empty() {
        let ids = json(&cleared.iter().map(|(id, ..)| (id,)).collect::<Vec<_>>())?;
        for text in RECORD.iter() {
            let sql = text.sql(tx);
            on!(&mut *tx, |conn| sqlx::query(sql).bind(&ids).execute(conn).await.map(drop))?;
        }
        let mut people: Vec<(&str, PersonKey, i64)> = Vec::new();
        for (id, office, applicant) in &cleared {
            // An applicant that cannot be read has no row that anybody finds.
            let Ok(applicant) = unjson::<Applicant>("booking.applicant", applicant) else { continue };
            people.extend(Person::all(&applicant).map(|person| (office.as_str(), person.key(), *id)));
        }
        forget(tx, &people).await?;
    }
    let yesterday = now.date_naive().pred_opt().unwrap_or_default();
    let people: Vec<(String, i64, i64)> = on!(&mut *tx, |conn| {
        sqlx::query_as(PLACES_OVER).bind(yesterday).bind(i64::from(limit)).fetch_all(conn).await
    })?;
    if !people.is_empty() {
        rows += u64::try_from(people.len()).unwrap_or(u64::MAX);
        has_more |= people.len() >= limit as usize;
        forget(tx, &people).await?;
    }
    Ok(Done { rows, has_more })
}

/// Deletes rows of people: each an office, a person and a booking.
pub(in crate::storage) async fn forget<T: Serialize>(tx: &mut Tx, people: &[T]) -> Result<(), StorageError> {
    let (people, sql) = (json(people)?, FORGET.sql(tx));
    on!(tx, |conn| sqlx::query(sql).bind(&people).execute(conn).await.map(drop))?;
    Ok(())
}
