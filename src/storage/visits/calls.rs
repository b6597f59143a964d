//! Whose turn it is, and what the hall display shows of it.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::slot::Slot;
use crate::domain::visit::{Pick, Visit};
use crate::storage::engine::column::{fits, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::on;
use crate::storage::live::Topic;
use crate::storage::visits::row::VisitRow;
use crate::storage::visits::transaction::DayTransaction;

/// The hour that is being served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenHour {
    /// The hour.
    pub slot: Slot,
    /// Its places, where the books have no row of it.
    pub capacity: u32,
    /// Whether the grace of its bookings is over.
    pub grace_over: bool,
    /// When it began.
    pub begun_at: DateTime<Utc>,
}

/// What the hall display is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    /// Somebody is called.
    Call,
    /// Somebody is called again.
    Recall,
    /// A call was a mistake.
    Withdrawn,
}

impl CallKind {
    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Recall => "recall",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The kind of a name in the database.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Call, Self::Recall, Self::Withdrawn].into_iter().find(|kind| kind.name() == name)
    }
}

/// Picks whoever is next and marks them as called: `$1` office, `$2` day, `$3` counter, `$4` now, `$5` hour, `$6` 1 where a priority
/// is due, `$7` room for people without a booking. The rule is that of `domain::visit`.
static PICK: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(&format!(
        "update visit set state = 'called', version = version + 1, counter = $3, calls = 1, called_us = $4 \
         where state = 'arrived' and id = (select v.id from visit v where v.office = $1 and v.date = $2 \
         and v.state = 'arrived' and (v.target = $3 or v.target is null and (v.lane in ('priority', 'late') \
         or v.lane = 'booked' and coalesce(v.hour, 0) <= $5 or v.lane = 'walk_in' and $7 > 0)) \
         order by case when v.target = $3 then 0 when v.lane = 'priority' then case when $6 = 1 then 1 else 3 end \
         when v.lane = 'booked' then 2 when v.lane = 'walk_in' then 4 else 5 end, v.place, v.id limit 1) \
         returning {}",
        VisitRow::COLUMNS
    ))
});

impl DayTransaction {
    /// Calls whoever is next to a counter, in one statement: they are picked and marked. `None` where nobody may be called now.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed, or the counter is busy.
    pub async fn call_next(&mut self, date: NaiveDate, pick: Pick) -> Result<Option<Visit>, StorageError> {
        let sql = PICK.sql(&self.tx);
        let row: Option<VisitRow> = on!(&mut self.tx, |conn| {
            sqlx::query_as(sql)
                .bind(self.office.as_str())
                .bind(date)
                .bind(i64::from(pick.counter))
                .bind(us(self.now))
                .bind(i64::from(pick.hour))
                .bind(i64::from(pick.is_priority_due()))
                .bind(i64::from(pick.room))
                .fetch_optional(conn)
                .await
        })?;
        row.map(VisitRow::visit).transpose()
    }

    /// How many people without a booking an hour still has room for: its places, less those booked (once `grace_over`, less those
    /// who came), less the people without a booking whom it called already.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn room(&mut self, hour: OpenHour) -> Result<u32, StorageError> {
        let sql = "select coalesce((select h.capacity from hour h where h.office = $1 and h.date = $2 and h.hour = $3), $4) \
                   - case when $5 = 1 then (select count(*) from visit v where v.office = $1 and v.date = $2 \
                   and v.hour = $3 and v.state not in ('no_show', 'withdrawn')) \
                   else coalesce((select h.taken from hour h where h.office = $1 and h.date = $2 and h.hour = $3), 0) end \
                   - (select count(*) from board_call c where c.office = $1 and c.date = $2 and c.kind = 'call' \
                   and c.lane = 'walk_in' and c.at_us >= $6)";
        let (room,): (i64,) = on!(&mut self.tx, |conn| {
            sqlx::query_as(sql)
                .bind(self.office.as_str())
                .bind(hour.slot.date)
                .bind(i64::from(hour.slot.hour))
                .bind(i64::from(hour.capacity))
                .bind(i64::from(hour.grace_over))
                .bind(us(hour.begun_at))
                .fetch_one(conn)
                .await
        })?;
        fits("hour.capacity", room.max(0))
    }

    /// Tells the hall display of a visit that is called, called again, or not called after all.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn show_call(&mut self, visit: &Visit, counter: u32, kind: CallKind) -> Result<(), StorageError> {
        let sql = "insert into board_call (office, date, seq, visit, number, counter, lane, kind, at_us) \
                   select $1, $2, coalesce(max(seq), 0) + 1, $3, $4, $5, $6, $7, $8 from board_call \
                   where office = $1 and date = $2";
        on!(&mut self.tx, |conn| {
            sqlx::query(sql)
                .bind(self.office.as_str())
                .bind(visit.date)
                .bind(visit.id)
                .bind(&visit.number)
                .bind(i64::from(counter))
                .bind(visit.lane.name())
                .bind(kind.name())
                .bind(us(self.now))
                .execute(conn)
                .await
                .map(drop)
        })?;
        self.touch(Topic::Board).await
    }
}
