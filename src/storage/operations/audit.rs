//! The audit: counters against seats, seats against bookings, bookings against their record.

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;
use crate::storage::operations::repair::unknown_bookings;

/// The result of an audit.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Audit {
    /// Live bookings (held and booked).
    pub bookings: i64,
    /// Seats of live bookings.
    pub seats: i64,
    /// Replies that the provider has not taken yet.
    pub waiting: i64,
    /// Replies given up.
    pub dead: i64,
    /// Everything that does not balance, one sentence each; empty when all is well.
    pub findings: Vec<String>,
}

/// Each query names rows that must not exist; `@today` is the date. No name holds personal data.
const CHECKS: [(&str, &str); 17] = [
    (
        "hours whose counter differs from their seats",
        "select h.office || ' ' || h.date || ' ' || h.hour as name from hour h where h.taken <> (select count(*) \
         from seat s where s.office = h.office and s.date = h.date and s.hour = h.hour)",
    ),
    (
        "days whose counter differs from their seats",
        "select d.office || ' ' || d.date as name from day d where d.taken <> (select count(*) from seat s \
         where s.office = d.office and s.date = d.date)",
    ),
    (
        "days whose count of unconfirmed seats differs from their holds",
        "select d.office || ' ' || d.date as name from day d left join (select s.office, s.date, count(*) as held \
         from seat s join booking b on b.id = s.booking where b.state = 'held' group by s.office, s.date) h \
         on h.office = d.office and h.date = d.date where d.held <> coalesce(h.held, 0)",
    ),
    (
        "hours above their capacity",
        "select office || ' ' || date || ' ' || hour as name from hour where taken > capacity",
    ),
    ("days above their capacity", "select office || ' ' || date as name from day where taken > capacity"),
    (
        "seats of bookings that are not live",
        "select 'booking ' || s.booking as name from seat s left join booking b on b.id = s.booking \
         where b.id is null or b.state not in ('held', 'booked')",
    ),
    (
        "live bookings without a seat",
        // Each table is scanned once: joined hour by hour, a long one would be scanned for each of its bookings.
        "select 'booking ' || id as name from (select id, office, date, hour from booking \
         where state in ('held', 'booked') except select booking, office, date, hour from seat) as seatless",
    ),
    (
        // Two live bookings cannot have one row of `seat`; this check makes sure that neither only claims a seat.
        "live bookings that say other seats than they have",
        "select 'booking ' || id as name from (select id, office, date, hour, seats from booking \
         where state in ('held', 'booked') except select booking, office, date, hour, \
         '[' || string_agg(cast(number as text), ',' order by number) || ']' from seat \
         group by booking, office, date, hour) as differing",
    ),
    (
        "bookings whose state differs from their last event",
        // By time first: numbers are reserved in blocks, so they order the steps of one process only.
        "select 'booking ' || b.id as name from booking b where b.state <> coalesce((select e.state from event e \
         where e.booking = b.id order by e.at_us desc, e.id desc limit 1), (select e.state from event_archive e \
         where e.booking = b.id order by e.at_us desc, e.id desc limit 1), '')",
    ),
    (
        "bookings whose hour or seats differ from their last event",
        // Both texts are written in one format, so they can be compared as they are.
        "select 'booking ' || b.id as name from booking b where '{\"date\":\"' || b.date || '\",\"hour\":' || b.hour \
         || ',\"seats\":' || b.seats || '}' <> coalesce((select e.detail from event e where e.booking = b.id \
         order by e.at_us desc, e.id desc limit 1), (select e.detail from event_archive e where e.booking = b.id \
         order by e.at_us desc, e.id desc limit 1), '')",
    ),
    (
        // Each move is a step that leaves a booking booked; the first such step is the confirmation.
        "bookings that were moved more often than their record says",
        "select 'booking ' || b.id as name from booking b where b.moves > 0 and b.moves >= (select count(*) from event e \
         where e.booking = b.id and e.state = 'booked') + (select count(*) from event_archive e \
         where e.booking = b.id and e.state = 'booked')",
    ),
    (
        "steps of bookings that are not there",
        "select 'booking ' || e.booking as name from event e \
         where not exists (select 1 from booking b where b.id = e.booking)",
    ),
    (
        "seats outside any counted hour",
        "select 'booking ' || s.booking as name from seat s where not exists (select 1 from hour h \
         where h.office = s.office and h.date = s.date and h.hour = s.hour)",
    ),
    (
        "messages with more than one answer",
        "select 'reply ' || max(id) as name from outbox where reply_to is not null group by channel, reply_to \
         having count(*) > 1",
    ),
    (
        // A booking whose day is over may be forgotten: a form or a code has nothing to do with it any more.
        "live bookings that their conversation does not know (`antrean db mend` tells it)",
        concat!("select 'booking ' || b.id as name ", unknown_bookings!("$1")),
    ),
    (
        // Each waits for the one before it: of two that follow one, either may go first.
        "replies that follow the same one",
        "select 'reply ' || max(id) as name from outbox where previous is not null group by previous having count(*) > 1",
    ),
    (
        "replies that belong to nobody",
        "select 'reply ' || o.id as name from outbox o where not exists (select 1 from conversation c \
         where c.channel = o.channel and c.contact = o.contact) or (o.reply_to is not null \
         and not exists (select 1 from inbound i where i.channel = o.channel and i.message = o.reply_to) \
         and not exists (select 1 from inbound_archive i where i.channel = o.channel and i.message = o.reply_to))",
    ),
];

impl Storage {
    /// Audits the database as it is at `now`.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn audit(&self, now: DateTime<Utc>) -> Result<Audit, StorageError> {
        let mut tx = self.pool.snapshot().await?;
        let (bookings, seats, waiting, dead): (i64, i64, i64, i64) = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select (select count(*) from booking where state in ('held', 'booked')), (select count(*) from seat), \
                 (select count(*) from outbox where state in ('waiting', 'claimed')), \
                 (select count(*) from outbox where state = 'dead')",
            )
            .fetch_one(conn)
            .await
        })?;
        let mut findings = Vec::new();
        for (what, sql) in CHECKS {
            // Every check is given the day, and most do not ask for it: a parameter has to stand in the statement.
            let sql = format!(
                "select count(*), coalesce(min(name), '') from ({sql}) as found where cast($1 as date) is not null"
            );
            let (count, one): (i64, String) = on!(&mut tx, |conn| {
                sqlx::query_as(AssertSqlSafe(sql.as_str())).bind(now.date_naive()).fetch_one(conn).await
            })?;
            if count > 0 {
                findings.push(format!("{count} {what}, such as {one}"));
            }
        }
        tx.end().await?;
        Ok(Audit { bookings, seats, waiting, dead, findings })
    }
}
