//! Replaces the numbers of one part.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::office::OfficeId;
use crate::domain::tally::Kind;
use crate::storage::engine::column::{json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::tally::count::Counts;

static FORGET_HOURS: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "delete from tally where kind in ('message', 'outcome', 'reply') and (office, date, hour) in \
         (select each.value->>0, date(each.value->>1), cast(each.value->>2 as bigint) from @each($1))",
    )
});
const FORGET_DAY: &str = "delete from tally where office = $1 and date = $2 and kind in ('booking', 'visit', 'wait')";
static INSERT: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "insert into tally (office, date, kind, hour, name, count) select each.value->>0, date(each.value->>1), \
         each.value->>2, cast(each.value->>3 as bigint), each.value->>4, cast(each.value->>5 as bigint) from @each($1)",
    )
});
const NOTE: &str = "insert into tally_done (office, part, counted_us) values ($1, $2, $3) \
     on conflict (office, part) do update set counted_us = excluded.counted_us";

/// The numbers of an office's hour of messages.
pub(super) struct OfficeCounts<'a> {
    pub(super) office: &'a str,
    pub(super) date: NaiveDate,
    pub(super) hour: u8,
    pub(super) counts: Counts,
}

async fn run(tx: &mut Tx, sql: &str, rows: &str) -> Result<(), StorageError> {
    Ok(on!(tx, |conn| sqlx::query(sqlx::AssertSqlSafe(sql)).bind(rows).execute(conn).await.map(drop))?)
}

async fn insert(tx: &mut Tx, rows: Vec<(&str, NaiveDate, &'static str, u8, &str, u64)>) -> Result<(), StorageError> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = json(&rows)?;
    let sql = INSERT.sql(tx);
    run(tx, sql, &rows).await
}

/// Notes that a part was counted.
pub(super) async fn note(tx: &mut Tx, office: &str, part: &str, now: DateTime<Utc>) -> Result<(), StorageError> {
    Ok(on!(tx, |conn| sqlx::query(NOTE).bind(office).bind(part).bind(us(now)).execute(conn).await.map(drop))?)
}

/// Replaces the numbers of messages of an hour, at each office by its own hour.
pub(super) async fn hour(tx: &mut Tx, all: &[OfficeCounts<'_>]) -> Result<(), StorageError> {
    let keys: Vec<_> = all.iter().map(|of| (of.office, of.date, of.hour)).collect();
    let (sql, keys) = (FORGET_HOURS.sql(tx), json(&keys)?);
    run(tx, sql, &keys).await?;
    let rows = all.iter().flat_map(|of| {
        of.counts
            .iter()
            .map(|((_, kind, name), count)| (of.office, of.date, kind.name(), of.hour, name.as_str(), *count))
    });
    insert(tx, rows.collect()).await
}

/// Replaces the numbers of a day's bookings and visits.
pub(super) async fn day(tx: &mut Tx, office: &OfficeId, date: NaiveDate, counts: &Counts) -> Result<(), StorageError> {
    on!(&mut *tx, |conn| sqlx::query(FORGET_DAY).bind(office.as_str()).bind(date).execute(conn).await.map(drop))?;
    let row = |((hour, kind, name), count): (&(u8, Kind, String), &u64)| {
        (office.as_str(), date, kind.name(), *hour, name.clone(), *count)
    };
    let rows: Vec<_> = counts.iter().map(row).collect();
    insert(tx, rows.iter().map(|(o, d, k, h, n, c)| (*o, *d, *k, *h, n.as_str(), *c)).collect()).await
}
