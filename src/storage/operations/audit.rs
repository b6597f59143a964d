//! The audit of the books: counters against seats, seats against bookings, bookings against their record; and the chain of the audit
//! trail.

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;
use crate::storage::operations::repair::unknown_bookings;
use crate::storage::trail::verify::verify;

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
const CHECKS: [(&str, &str); 25] = [
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
        // The last by time, or by number. Numbers are reserved in blocks, so they order the steps of one process only; times order
        // those of all, unless a clock that was ahead was set right between two of them.
        "select 'booking ' || b.id as name from booking b where b.state not in (coalesce((select e.state from event e \
         where e.booking = b.id order by e.at_us desc, e.id desc limit 1), (select e.state from event_archive e \
         where e.booking = b.id order by e.at_us desc, e.id desc limit 1), ''), coalesce((select e.state from event e \
         where e.booking = b.id order by e.id desc limit 1), (select e.state from event_archive e \
         where e.booking = b.id order by e.id desc limit 1), ''))",
    ),
    (
        "bookings whose hour or seats differ from their last event",
        // Both texts are written in one format, so they can be compared as they are.
        "select 'booking ' || b.id as name from booking b where '{\"date\":\"' || b.date || '\",\"hour\":' || b.hour \
         || ',\"seats\":' || b.seats || '}' not in (coalesce((select e.detail from event e where e.booking = b.id \
         order by e.at_us desc, e.id desc limit 1), (select e.detail from event_archive e where e.booking = b.id \
         order by e.at_us desc, e.id desc limit 1), ''), coalesce((select e.detail from event e where e.booking = b.id \
         order by e.id desc limit 1), (select e.detail from event_archive e where e.booking = b.id \
         order by e.id desc limit 1), ''))",
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
        // What its citizen says would be answered automatically, while the officer waits for it.
        "open tickets that their conversation does not know",
        "select 'ticket ' || t.id as name from ticket t where t.closed_us is null and not exists (select 1 \
         from conversation c where c.channel = t.channel and c.contact = t.contact \
         and c.handover like '%\"id\":' || t.id || ',%')",
    ),
    (
        "visits whose state or number of steps differs from their steps",
        "select 'visit ' || v.id as name from visit v where v.state <> coalesce((select e.state from visit_event e \
         where e.visit = v.id order by e.version desc limit 1), '') \
         or v.version <> (select count(*) from visit_event e where e.visit = v.id) \
         or v.version <> (select coalesce(max(e.version), 0) from visit_event e where e.visit = v.id)",
    ),
    (
        "steps of visits that are not there",
        "select 'visit ' || e.visit as name from visit_event e where not exists (select 1 from visit v where v.id = e.visit)",
    ),
    (
        "people who are here on a booking that does not stand",
        "select 'visit ' || v.id as name from visit v left join booking b on b.id = v.booking where v.booking is not null \
         and v.state not in ('no_show', 'withdrawn') \
         and (b.id is null or b.state <> 'booked' or b.office <> v.office or b.date <> v.date)",
    ),
    (
        "people at a counter that nobody has open",
        "select 'visit ' || v.id as name from visit v where v.state in ('called', 'serving') and not exists \
         (select 1 from shift s where s.office = v.office and s.counter = v.counter and s.closed_us is null)",
    ),
    (
        "calls of people who are not there",
        "select 'call ' || c.seq as name from board_call c where not exists (select 1 from visit v where v.id = c.visit) \
         and not exists (select 1 from visit_archive v where v.id = c.visit)",
    ),
    (
        "replies that belong to nobody",
        "select 'reply ' || o.id as name from outbox o where not exists (select 1 from conversation c \
         where c.channel = o.channel and c.contact = o.contact) or (o.reply_to is not null \
         and not exists (select 1 from inbound i where i.channel = o.channel and i.message = o.reply_to) \
         and not exists (select 1 from inbound_archive i where i.channel = o.channel and i.message = o.reply_to))",
    ),
    (
        "roles, sessions, links or recovery codes of nobody",
        "select 'person ' || of_whom.staff as name from (select staff from staff_role union select staff from staff_session \
         union select staff from staff_link union select staff from staff_recovery) as of_whom \
         where not exists (select 1 from staff where staff.id = of_whom.staff)",
    ),
    (
        "sessions of people who cannot sign in",
        "select 'person ' || staff.id as name from staff_session join staff on staff.id = staff_session.staff \
         where staff.state <> 'active' or staff.password is null",
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
        if let Some(fault) = verify(&mut tx, &[]).await?.fault {
            findings.push(format!("the audit trail is not whole: {fault}"));
        }
        tx.end().await?;
        Ok(Audit { bookings, seats, waiting, dead, findings })
    }
}
