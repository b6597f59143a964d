//! Counts one part from its rows.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};

use crate::domain::office::{OfficeId, Zone};
use crate::domain::tally::{ANSWERED, BOOKED, Kind, LONGER, NEVER, REPLY_SECONDS, UNANSWERED, WAIT_MINUTES, class_of};
use crate::storage::engine::column::{at, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{Tx, on};

/// Numbers of one part: by hour at the office, kind and name.
pub(super) type Counts = BTreeMap<(u8, Kind, String), u64>;

/// The replies to messages of an hour, by office, by what they were, and by the time from the message to the reply.
static REPLIES: LazyLock<Statement> = LazyLock::new(|| {
    let class = |longest: &i64| {
        format!("when outbox.sent_us - inbound.sent_us <= {} then '{longest}' ", longest.saturating_mul(1_000_000))
    };
    let classes: String = REPLY_SECONDS.iter().map(class).collect();
    Statement::new(&format!(
        "select outbox.office, coalesce(outbox.outcome, ''), \
         case when outbox.state <> 'sent' then '{NEVER}' {classes} else '{LONGER}' end, count(*) \
         from outbox @seek(inbound where inbound.channel = outbox.channel and inbound.message = outbox.reply_to) \
         where outbox.state in ('sent', 'dead', 'expired') and outbox.created_us >= $1 and outbox.created_us < $2 \
         group by 1, 2, 3"
    ))
});
/// Messages of an hour that got no reply.
const SILENT: &str = "select office, count(*) from inbound where answered = 0 and served_us >= $1 and served_us < $2 \
     group by office";
/// The confirmed bookings of a day.
const BOOKINGS: &str = "select hour, seats from booking where office = $1 and date = $2 and state = 'booked'";
/// The visits of a day.
const VISITS: &str = "select hour, state, arrived_us, called_us from visit where office = $1 and date = $2 \
     and state <> 'withdrawn'";
/// The oldest message that has its reply.
pub(super) const OLDEST_REPLY: &str = "select created_us from outbox where state in ('sent', 'dead', 'expired') and created_us > 0 order by created_us limit 1";

/// Counts the messages of the hour that begins at `start`, by office.
pub(super) async fn hour(tx: &mut Tx, start: DateTime<Utc>) -> Result<BTreeMap<String, Counts>, StorageError> {
    let (from, until) = (us(start), us(start + TimeDelta::hours(1)));
    let sql = REPLIES.sql(tx);
    let replies: Vec<(String, String, String, i64)> =
        on!(&mut *tx, |conn| sqlx::query_as(sql).bind(from).bind(until).fetch_all(conn).await)?;
    let silent: Vec<(String, i64)> =
        on!(tx, |conn| sqlx::query_as(SILENT).bind(from).bind(until).fetch_all(conn).await)?;
    let mut all: BTreeMap<String, Counts> = BTreeMap::new();
    let mut add = |office: String, kind, name: &str, count: i64| {
        let number = all.entry(office).or_default().entry((0, kind, name.to_owned())).or_default();
        *number += u64::try_from(count).unwrap_or_default();
    };
    for (office, outcome, class, count) in replies {
        add(office.clone(), Kind::Message, ANSWERED, count);
        // Replies of before they were named.
        if !outcome.is_empty() {
            add(office.clone(), Kind::Outcome, &outcome, count);
        }
        add(office, Kind::Reply, &class, count);
    }
    for (office, count) in silent {
        add(office, Kind::Message, UNANSWERED, count);
    }
    Ok(all)
}

/// A visit: its hour, its state, when its person came and was called.
type VisitRow = (Option<i64>, String, Option<i64>, Option<i64>);

/// Counts the bookings and visits of a day.
pub(super) async fn day(
    tx: &mut Tx,
    (office, zone): (&OfficeId, Zone),
    date: NaiveDate,
) -> Result<Counts, StorageError> {
    let bookings: Vec<(i64, String)> =
        on!(&mut *tx, |conn| sqlx::query_as(BOOKINGS).bind(office.as_str()).bind(date).fetch_all(conn).await)?;
    let visits: Vec<VisitRow> =
        on!(tx, |conn| sqlx::query_as(VISITS).bind(office.as_str()).bind(date).fetch_all(conn).await)?;
    let mut counts = Counts::new();
    let mut add = |hour: u8, kind, name: &str, people: u64| {
        *counts.entry((hour, kind, name.to_owned())).or_default() += people;
    };
    for (hour, seats) in bookings {
        let seats: Vec<u32> = unjson("booking.seats", &seats)?;
        let people = u64::try_from(seats.len()).unwrap_or_default();
        add(u8::try_from(hour).unwrap_or_default(), Kind::Booking, BOOKED, people);
    }
    for (booked, state, arrived_us, called_us) in visits {
        let came = arrived_us.map(|arrived| u8::try_from(zone.local(at(arrived)).hour()).unwrap_or_default());
        let booked = booked.and_then(|hour| u8::try_from(hour).ok());
        add(came.or(booked).unwrap_or_default(), Kind::Visit, &state, 1);
        // What was entered from paper was never called here.
        if let (Some(arrived), Some(called), Some(hour)) = (arrived_us, called_us, came) {
            let minutes = ((at(called) - at(arrived)).num_seconds().max(0) + 59) / 60;
            add(hour, Kind::Wait, &class_of(minutes, &WAIT_MINUTES), 1);
        }
    }
    counts.retain(|_, count| *count > 0);
    Ok(counts)
}
