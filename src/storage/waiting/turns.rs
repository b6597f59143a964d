//! The waiting lists that are to be looked at now, and when the next one is.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::deadline;
use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, bad, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;
use crate::storage::intake::changes::ContactKey;
use crate::storage::waiting::list::REACHABLE_HOURS;

/// Citizens of one list whose turn is looked at in one step.
const TURNS_MAX: i64 = 200;
/// The longest that a list is put off, in hours: to the next midnight, or over a night.
const PUT_OFF_HOURS: i64 = 25;

/// A list that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingTurn {
    /// The office.
    pub office: OfficeId,
    /// Those whose turn it is first, who have no offer now.
    pub contacts: Vec<ContactKey>,
}

impl Storage {
    /// The lists that are to be looked at by `now`. A moment that no step can have set was written by a clock that was ahead, and
    /// counts as due.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn waiting_turns(&self, now: DateTime<Utc>) -> Result<Vec<WaitingTurn>, StorageError> {
        let latest = deadline::latest(now, TimeDelta::hours(PUT_OFF_HOURS));
        let mut tx = self.pool.read().await?;
        let due: Vec<(String,)> = on!(&mut tx, |conn| {
            sqlx::query_as("select office from waiting_turn where due_us <= $1 or due_us > $2 order by office")
                .bind(us(now))
                .bind(us(latest))
                .fetch_all(conn)
                .await
        })?;
        let mut turns = Vec::with_capacity(due.len());
        for (office,) in due {
            let contacts: Vec<(String, String)> = on!(&mut tx, |conn| {
                sqlx::query_as(
                    "select channel, contact from waiting w where w.office = $1 and w.state = 'waiting' and w.offer is null \
                     and exists (select 1 from conversation c where c.channel = w.channel and c.contact = w.contact \
                     and c.heard_us > $3) order by w.id limit $2",
                )
                .bind(&office)
                .bind(TURNS_MAX)
                .bind(us(now - TimeDelta::hours(REACHABLE_HOURS)))
                .fetch_all(conn)
                .await
            })?;
            let contacts =
                contacts.into_iter().map(|(channel, contact)| (ChannelId::stored(channel), Contact::new(contact)));
            let office = OfficeId::read(&office).map_err(|_| bad("waiting_turn.office"))?;
            turns.push(WaitingTurn { office, contacts: contacts.collect() });
        }
        tx.end().await?;
        Ok(turns)
    }

    /// When the next list is to be looked at.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn next_waiting_turn(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let mut tx = self.pool.read().await?;
        let (due,): (Option<i64>,) =
            on!(&mut tx, |conn| sqlx::query_as("select min(due_us) from waiting_turn").fetch_one(conn).await)?;
        tx.end().await?;
        Ok(due.map(at))
    }
}
