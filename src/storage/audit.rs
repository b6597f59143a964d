//! The books must balance: counters against seats, seats against bookings, bookings against their record.

use super::engine::on;
use super::{Storage, StorageError};

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Audit {
    /// Live bookings (held and booked).
    pub bookings: i64,
    /// Seats of live bookings.
    pub seats: i64,
    /// Replies that are not with the provider yet.
    pub waiting: i64,
    /// Replies given up.
    pub dead: i64,
    /// Everything that does not balance, one sentence each; empty when all is well.
    pub findings: Vec<String>,
}

/// Each query counts rows that must not exist.
const CHECKS: [(&str, &str); 7] = [
    (
        "hours whose counter differs from their seats",
        "select count(*) from hour h where h.taken <> (select count(*) from seat s where s.office = h.office \
         and s.date = h.date and s.hour = h.hour)",
    ),
    (
        "days whose counter differs from their seats",
        "select count(*) from day d where d.taken <> (select count(*) from seat s where s.office = d.office \
         and s.date = d.date)",
    ),
    ("hours above their capacity", "select count(*) from hour where taken > capacity"),
    (
        "seats of bookings that are not live",
        "select count(*) from seat s join booking b on b.id = s.booking where b.state not in ('held', 'booked')",
    ),
    (
        "live bookings without a seat",
        "select count(*) from booking b where b.state in ('held', 'booked') \
         and not exists (select 1 from seat s where s.booking = b.id and s.office = b.office and s.date = b.date \
         and s.hour = b.hour)",
    ),
    (
        "bookings whose state differs from their last event",
        // By time first: numbers are handed out in blocks, so they order the steps of one process only.
        "select count(*) from booking b where b.state <> coalesce((select e.state from event e where e.booking = b.id \
         order by e.at_us desc, e.id desc limit 1), '')",
    ),
    (
        "seats outside any counted hour",
        "select count(*) from seat s where not exists (select 1 from hour h where h.office = s.office \
         and h.date = s.date and h.hour = s.hour)",
    ),
];

impl Storage {
    /// Audits the books.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn audit(&self) -> Result<Audit, StorageError> {
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
            let (count,): (i64,) = on!(&mut tx, |conn| sqlx::query_as(sql).fetch_one(conn).await)?;
            if count > 0 {
                findings.push(format!("{count} {what}"));
            }
        }
        Ok(Audit { bookings, seats, waiting, dead, findings })
    }
}
