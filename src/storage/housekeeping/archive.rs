//! Moves rows that are over out of the tables that every message reads: small commits, oldest first, one node at a
//! time.
//!
//! Killed at any moment it has moved what it committed, and the next step continues there.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};

use crate::storage::engine::column::{json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{Tx, on, rows_affected};
use crate::storage::handle::Storage;
use crate::storage::housekeeping::job::{self, Done, Job, JobStep, Turn};

/// The oldest replies that can change no more, with the messages that they answer.
const REPLIES: &str = "select id, created_us, channel, reply_to from outbox \
     where state in ('sent', 'dead', 'expired') and created_us < $1 order by created_us limit $2";
/// The oldest messages that got no reply.
const UNANSWERED: &str = "select channel, message from inbound where answered = 0 and served_us < $1 \
     order by served_us limit $2";

/// The oldest visits.
const VISITS: &str = "select id from visit where date < $1 order by date limit $2";
/// The oldest lines of the hall display.
const BOARD: &str = "select office, date, seq from board_call where date < $1 order by date limit $2";

/// Copies rows of a table to its archive, and deletes them.
struct Move {
    copy: Statement,
    delete: Statement,
}

impl Move {
    fn of(table: &str, columns: &str, which: &str) -> Self {
        let copy = format!(
            "insert into {table}_archive ({columns}) select {columns} from {table} where {which} on conflict do nothing"
        );
        Self { copy: Statement::new(&copy), delete: Statement::new(&format!("delete from {table} where {which}")) }
    }

    /// Returns how many rows were moved.
    async fn run(&'static self, tx: &mut Tx, rows: &str) -> Result<u64, StorageError> {
        let (copy, delete) = (self.copy.sql(tx), self.delete.sql(tx));
        on!(&mut *tx, |conn| sqlx::query(copy).bind(rows).execute(conn).await.map(drop))?;
        Ok(on!(tx, |conn| sqlx::query(delete).bind(rows).execute(conn).await.map(|done| rows_affected(&done)))?)
    }
}

static MESSAGES: LazyLock<Move> = LazyLock::new(|| {
    let which = "(channel, message) in (select each.value->>0, each.value->>1 from @each($1))";
    Move::of("inbound", "channel, message, office, contact, sent_us, served_us, content", which)
});
/// The record of bookings is selected by number, from the same counter as those of replies. Numbers are reserved in
/// blocks, so the time decides in the end.
static EVENTS: LazyLock<Move> = LazyLock::new(|| {
    let last = |value: u8| format!("(select cast(each.value->>{value} as bigint) from @each($1))");
    let which = format!("booking <= {} and at_us <= {}", last(0), last(1));
    Move::of("event", "id, booking, at_us, state, detail", &which)
});
static ANSWERS: LazyLock<Move> = LazyLock::new(|| {
    let columns = "id, channel, contact, office, reply_to, text, qr, state, attempts, provider_id, delivery, error, \
         created_us, sent_us";
    Move::of("outbox", columns, "id in (select cast(each.value->>0 as bigint) from @each($1))")
});

/// A visit is moved with all its steps, because an audit compares them.
static STEPS: LazyLock<Move> = LazyLock::new(|| {
    let columns = "id, visit, at_us, action, state, version, counter, actor, nonce, part, before";
    Move::of("visit_event", columns, "visit in (select cast(each.value->>0 as bigint) from @each($1))")
});
static SEEN: LazyLock<Move> = LazyLock::new(|| {
    let columns = "id, office, date, booking, person, name, number, lane, reason, hour, place, state, version, counter, \
         target, calls, missed, arrived_us, called_us, served_us, ended_us";
    Move::of("visit", columns, "id in (select cast(each.value->>0 as bigint) from @each($1))")
});
/// What a display showed is of no use once its day is over.
static FORGET_CALLS: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "delete from board_call where (office, date, seq) in (select each.value->>0, date(each.value->>1), \
         cast(each.value->>2 as bigint) from @each($1))",
    )
});

/// The provider's ids of the messages of replies that are moved.
static PARTS: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new("delete from outbox_part where outbox in (select cast(each.value->>0 as bigint) from @each($1))")
});

impl Storage {
    /// Moves the oldest rows from before `before` to the archive, about `limit` of each table, if it is due and no
    /// other node does it.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn archive(
        &self,
        now: DateTime<Utc>,
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<JobStep, StorageError> {
        let mut tx = match self.claim_job(Job::Archive, now, self.pool.begin()).await? {
            Turn::Ours(tx) => tx,
            Turn::Later(due) => return Ok(JobStep { rows: 0, due }),
        };
        let mut done = move_oldest(&mut tx, before, limit).await?;
        let visits = move_visits(&mut tx, before, limit).await?;
        (done.rows, done.has_more) = (done.rows + visits.rows, done.has_more || visits.has_more);
        job::finish(tx, Job::Archive, done, now).await
    }
}

/// One step over the visits.
async fn move_visits(tx: &mut Tx, before: DateTime<Utc>, limit: u32) -> Result<Done, StorageError> {
    let (date, limit) = (before.date_naive(), i64::from(limit));
    let visits: Vec<(i64,)> =
        on!(&mut *tx, |conn| sqlx::query_as(VISITS).bind(date).bind(limit).fetch_all(conn).await)?;
    let calls: Vec<(String, NaiveDate, i64)> =
        on!(&mut *tx, |conn| sqlx::query_as(BOARD).bind(date).bind(limit).fetch_all(conn).await)?;
    let full = |rows: usize| i64::try_from(rows).is_ok_and(|rows| rows >= limit);
    let mut rows = 0;
    if !visits.is_empty() {
        let ids = json(&visits)?;
        rows += STEPS.run(tx, &ids).await?;
        rows += SEEN.run(tx, &ids).await?;
    }
    if !calls.is_empty() {
        let (sql, keys) = (FORGET_CALLS.sql(tx), json(&calls)?);
        on!(&mut *tx, |conn| sqlx::query(sql).bind(&keys).execute(conn).await.map(drop))?;
    }
    Ok(Done { rows, has_more: full(visits.len()) || full(calls.len()) })
}

/// One step. A message is moved with its reply, in one commit, because an audit expects it there.
async fn move_oldest(tx: &mut Tx, before: DateTime<Utc>, limit: u32) -> Result<Done, StorageError> {
    type Reply = (i64, i64, String, Option<String>);
    let (before, limit) = (us(before), i64::from(limit));
    let replies: Vec<Reply> =
        on!(&mut *tx, |conn| sqlx::query_as(REPLIES).bind(before).bind(limit).fetch_all(conn).await)?;
    let unanswered: Vec<(String, String)> =
        on!(&mut *tx, |conn| sqlx::query_as(UNANSWERED).bind(before).bind(limit).fetch_all(conn).await)?;
    let full = |rows: usize| i64::try_from(rows).is_ok_and(|rows| rows >= limit);
    let has_more = full(replies.len()) || full(unanswered.len());
    let mut rows = 0;
    if let (Some(id), Some(at)) = (replies.iter().map(|reply| reply.0).max(), replies.iter().map(|reply| reply.1).max())
    {
        rows += EVENTS.run(tx, &json(&[(id, at)])?).await?;
    }
    if !replies.is_empty() {
        let ids = json(&replies.iter().map(|reply| (reply.0,)).collect::<Vec<_>>())?;
        rows += ANSWERS.run(tx, &ids).await?;
        // Only statuses need them, and no provider reports on a reply that is so old.
        let parts = PARTS.sql(tx);
        on!(&mut *tx, |conn| sqlx::query(parts).bind(&ids).execute(conn).await.map(drop))?;
    }
    let answered = replies.into_iter().filter_map(|(.., channel, message)| Some((channel, message?)));
    let messages: Vec<_> = answered.chain(unanswered).collect();
    rows += MESSAGES.run(tx, &json(&messages)?).await?;
    Ok(Done { rows, has_more })
}
