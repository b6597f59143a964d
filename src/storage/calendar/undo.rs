//! Takes a change of an office's exceptions back while nobody was moved or told.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::change::{days_of, is_as_left, lock};
use crate::domain::calendar::Calendar;
use crate::domain::notice::Dropped;
use crate::domain::office::Office;
use crate::storage::engine::column::{json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, each, on};
use crate::storage::exceptions;
use crate::storage::handle::Storage;
use crate::storage::offices::fit_days;
use crate::storage::waiting::turns::look_at_list;

/// What became of taking a change back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarUndo {
    /// All is as it was.
    Undone,
    /// Its time is over, or it was taken back before.
    TooLate,
    /// One of its dates, or the office, was changed again since.
    Changed,
}

impl Storage {
    /// Takes a change back: its dates, the capacities of their days, and what was decided about everybody. `office` may have any
    /// exceptions: those in force are read.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn undo_calendar_change(
        &self,
        (office, calendar): (&Office, &Calendar),
        id: i64,
        actor: &str,
        now: DateTime<Utc>,
    ) -> Result<CalendarUndo, StorageError> {
        let mut tx = self.pool.begin().await?;
        let undone = undo(&mut tx, (office, calendar), (id, actor), now).await?;
        if undone == CalendarUndo::Undone {
            tx.commit().await?;
        } else {
            tx.rollback().await?;
        }
        Ok(undone)
    }
}

async fn undo(
    tx: &mut Tx,
    (office, calendar): (&Office, &Calendar),
    (id, actor): (i64, &str),
    now: DateTime<Utc>,
) -> Result<CalendarUndo, StorageError> {
    let in_force = lock(tx, &office.id).await?;
    if in_force.is_none_or(|(version, _)| version != i64::from(office.version)) {
        return Ok(CalendarUndo::Changed);
    }
    let found: Option<(String, Option<i64>)> = on!(&mut *tx, |conn| {
        sqlx::query_as(
            "update calendar_change set state = 'undone', ended_us = $1, ended_by = $2 where id = $3 and office = $4 \
             and state = 'waiting' returning days, corrects",
        )
        .bind(us(now))
        .bind(actor)
        .bind(id)
        .bind(office.id.as_str())
        .fetch_optional(conn)
        .await
    })?;
    let Some((kept, corrects)) = found else { return Ok(CalendarUndo::TooLate) };
    if !is_as_left(tx, &office.id, &days_of(&kept, false)?).await? {
        return Ok(CalendarUndo::Changed);
    }
    let before = days_of(&kept, true)?;
    exceptions::write(tx, &office.id, &before).await?;
    let restored = Office { exceptions: exceptions::read(tx, &office.id).await?, ..office.clone() };
    let dates: BTreeSet<NaiveDate> = before.keys().copied().collect();
    fit_days(tx, &restored, calendar, (office.date_at(now), Some(&dates))).await?;
    // Who cancelled meanwhile left a place that is open again.
    look_at_list(tx, &office.id, now).await?;
    restore_marks(tx, id).await?;
    stop_corrections(tx, id).await?;
    if let Some(corrected) = corrects {
        on!(tx, |conn| {
            sqlx::query("update calendar_change set state = 'done', ended_us = null, ended_by = null where id = $1 and state = 'corrected'")
                .bind(corrected)
                .execute(conn)
                .await
                .map(drop)
        })?;
    }
    Ok(CalendarUndo::Undone)
}

/// Every booking remembers what it did before, but for those that their citizens have changed meanwhile.
async fn restore_marks(tx: &mut Tx, id: i64) -> Result<(), StorageError> {
    let rows: Vec<(i64, Option<String>, Option<String>)> = on!(&mut *tx, |conn| {
        sqlx::query_as("select booking, after, before from calendar_change_person where change = $1")
            .bind(id)
            .fetch_all(conn)
            .await
    })?;
    let rows = json(&rows)?;
    let sql = each!(
        &*tx,
        "update booking set displaced = each.value->>2 from",
        "where booking.id = cast(each.value->>0 as bigint) \
         and coalesce(booking.displaced, '') = coalesce(each.value->>1, '')"
    );
    on!(tx, |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
    Ok(())
}

/// Nobody is told of a correction that is taken back.
async fn stop_corrections(tx: &mut Tx, id: i64) -> Result<(), StorageError> {
    on!(tx, |conn| {
        sqlx::query(
            "update notice set state = 'dropped', reason = $2 where id in (select p.notice from calendar_change_person p \
             where p.change = $1 and p.notice is not null) and coalesce(state, '') = 'planned'",
        )
        .bind(id)
        .bind(Dropped::Stopped.name())
        .execute(conn)
        .await
        .map(drop)
    })?;
    Ok(())
}
