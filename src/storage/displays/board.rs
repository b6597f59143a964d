//! What a hall display shows: who is at which counter, and the last calls.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::office::OfficeId;
use crate::domain::visit::State;
use crate::storage::engine::column::{at, bad, fits};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;
use crate::storage::visits::CallKind;

/// A call, as the hall is told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardCall {
    /// Its place among the day's calls, from 1.
    pub seq: i64,
    /// The number.
    pub number: String,
    /// The counter.
    pub counter: u32,
    /// What is told.
    pub kind: CallKind,
    /// When.
    pub at: DateTime<Utc>,
}

/// A counter, as the hall sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtCounter {
    /// The counter.
    pub counter: u32,
    /// Who is called there, or served; `None`: nobody.
    pub visit: Option<(String, State)>,
}

/// What a hall display shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Board {
    /// Open counters, and those at which somebody is, by number.
    pub counters: Vec<AtCounter>,
    /// The last calls of the day, in their order.
    pub calls: Vec<BoardCall>,
    /// How many people wait.
    pub waiting: usize,
}

result_row! {
    struct CallRow {
        seq: i64,
        number: String,
        counter: i64,
        kind: String,
        at_us: i64,
    }
}

impl CallRow {
    fn call(self) -> Result<BoardCall, StorageError> {
        Ok(BoardCall {
            seq: self.seq,
            number: self.number,
            counter: fits("board_call.counter", self.counter)?,
            kind: CallKind::named(&self.kind).ok_or_else(|| bad("board_call.kind"))?,
            at: at(self.at_us),
        })
    }
}

result_row! {
    struct CounterRow {
        counter: i64,
        number: Option<String>,
        state: Option<String>,
    }
}

impl CounterRow {
    fn at_counter(self) -> Result<AtCounter, StorageError> {
        let state = |name: String| State::named(&name).ok_or_else(|| bad("visit.state"));
        let visit = match self.number.zip(self.state) {
            Some((number, name)) => Some((number, state(name)?)),
            None => None,
        };
        Ok(AtCounter { counter: fits("shift.counter", self.counter)?, visit })
    }
}

impl Storage {
    /// What the displays of an office show on a day, with so many of the last calls.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn board(&self, office: &OfficeId, date: NaiveDate, calls: u32) -> Result<Board, StorageError> {
        let counters = "select c.counter, v.number, v.state from \
             (select counter from shift where office = $1 and closed_us is null \
             union select counter from visit where office = $1 and date = $2 and state in ('called', 'serving')) c \
             left join visit v on v.office = $1 and v.counter = c.counter and v.state in ('called', 'serving') \
             and v.date = $2 order by c.counter";
        let last = "select seq, number, counter, kind, at_us from board_call where office = $1 and date = $2 \
                    order by seq desc limit $3";
        let waiting = "select count(*) from visit where office = $1 and date = $2 and state = 'arrived'";
        let mut tx = self.pool.snapshot().await?;
        let counters: Vec<CounterRow> =
            on!(&mut tx, |conn| sqlx::query_as(counters).bind(office.as_str()).bind(date).fetch_all(conn).await)?;
        let mut last: Vec<CallRow> = on!(&mut tx, |conn| {
            sqlx::query_as(last).bind(office.as_str()).bind(date).bind(i64::from(calls)).fetch_all(conn).await
        })?;
        let (waiting,): (i64,) =
            on!(&mut tx, |conn| sqlx::query_as(waiting).bind(office.as_str()).bind(date).fetch_one(conn).await)?;
        tx.end().await?;
        last.reverse();
        Ok(Board {
            counters: counters.into_iter().map(CounterRow::at_counter).collect::<Result<_, _>>()?,
            calls: last.into_iter().map(CallRow::call).collect::<Result<_, _>>()?,
            waiting: usize::try_from(waiting).unwrap_or(0),
        })
    }
}
