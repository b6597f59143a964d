//! The waiting lists that are to be looked at now, and when the next one is.

use chrono::{DateTime, TimeDelta, Utc};

use crate::conversation::Lang;
use crate::domain::deadline;
use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::OfficeId;
use crate::domain::reach::Reaches;
use crate::storage::engine::column::{at, bad, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::handle::Storage;
use crate::storage::intake::changes::ContactKey;

/// Citizens of one list whose turn is looked at in one step.
const TURNS_MAX: usize = 200;
/// Citizens of one list that are read: as many as may wait.
const ENTRIES_MAX: i64 = 500;
/// The longest that a list is put off, in hours: to the next midnight, or over a night.
const PUT_OFF_HOURS: i64 = 25;

/// A list that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingTurn {
    /// The office.
    pub office: OfficeId,
    /// Those whose turn it is first, who can be reached and have no hold that is offered to them.
    pub contacts: Vec<ContactKey>,
}

/// Has an office's list looked at by `due`, or before if it is due before; where nobody waits, nothing changes. For places that a
/// calendar or a version opens: no booking gave them back.
pub(in crate::storage) async fn look_at_list(
    tx: &mut Tx,
    office: &OfficeId,
    due: DateTime<Utc>,
) -> Result<(), StorageError> {
    on!(tx, |conn| {
        sqlx::query(
            "insert into waiting_turn (office, due_us) select $1, $2 \
             where exists (select 1 from waiting where office = $1 and state = 'waiting') \
             on conflict (office) do update set due_us = excluded.due_us where excluded.due_us < waiting_turn.due_us",
        )
        .bind(office.as_str())
        .bind(us(due))
        .execute(conn)
        .await
        .map(drop)
    })?;
    Ok(())
}

impl Storage {
    /// The lists that are to be looked at by `now`. A moment that no step can have set was written by a clock that was ahead, and
    /// counts as due. `reaches` says whom the channels reach.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn waiting_turns(&self, reaches: &Reaches, now: DateTime<Utc>) -> Result<Vec<WaitingTurn>, StorageError> {
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
            let rows: Vec<(String, String, Option<String>, Option<i64>)> = on!(&mut tx, |conn| {
                sqlx::query_as(
                    "select w.channel, w.contact, c.lang, coalesce(c.heard_us, w.joined_us) from waiting w \
                     left join conversation c on c.channel = w.channel and c.contact = w.contact \
                     where w.office = $1 and w.state = 'waiting' and w.offer is null order by w.id limit $2",
                )
                .bind(&office)
                .bind(ENTRIES_MAX)
                .fetch_all(conn)
                .await
            })?;
            let reached = |(channel, contact, lang, heard): (String, String, Option<String>, Option<i64>)| {
                let (channel, lang) = (ChannelId::stored(channel), lang.as_deref().map_or(Lang::Id, Lang::of_code));
                let is_reached = reaches.of(&channel).reaches(lang.code(), at(heard?), now);
                is_reached.then(|| (channel, Contact::new(contact)))
            };
            let contacts = rows.into_iter().filter_map(reached).take(TURNS_MAX);
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
