//! Erases a contact inside of the desk's transaction, by the rows that were found beforehand.

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use crate::domain::person::Applicant;
use crate::storage::engine::column::{json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::erasure::traces::{Traces, text};
use crate::storage::erasure::{booking, files, repeat_guard};

/// A contact who is erased.
#[derive(Debug, Clone)]
pub struct NewErasure {
    /// What was found of them.
    pub traces: Traces,
    /// Bookings of others, with the people who stay on them.
    pub others: Vec<(i64, Applicant)>,
}

/// Rows that go whole, by their number.
const DELETED: [&str; 6] = ["notice", "outbox", "outbox_archive", "media", "set_aside", "unread"];

/// Rows that stay as a count, without whom they were about: `$1` their numbers, `$2` now.
const BLANKED: [(&str, &str); 2] = [
    ("ticket", "contact = '', closed_us = coalesce(closed_us, $2), closed_by = coalesce(closed_by, 'citizen')"),
    (
        "waiting",
        "contact = '', form = null, shared = null, offer = null, ended_us = coalesce(ended_us, $2), \
         state = case when state = 'waiting' then 'over' else state end",
    ),
];

/// Erases contacts. The last statements of the transaction: they delete what it has written about them too.
pub(in crate::storage) async fn erase_all(
    tx: &mut Tx,
    erasures: &[NewErasure],
    repeat_key: &str,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    for NewErasure { traces, others } in erasures {
        erase(tx, traces, repeat_key, now).await?;
        booking::replace_people(tx, others).await?;
    }
    Ok(())
}

async fn erase(tx: &mut Tx, traces: &Traces, key: &str, now: DateTime<Utc>) -> Result<(), StorageError> {
    booking::blank(tx, &traces.ids("booking"), now).await?;
    let outbox = traces.ids("outbox");
    by_ids(tx, "delete from outbox_part where outbox in", &outbox).await?;
    by_ids(tx, "delete from talk where ticket in", &traces.ids("ticket")).await?;
    files::note(tx, &traces.ids("media")).await?;
    for table in DELETED {
        by_ids(tx, &format!("delete from {table} where id in"), &traces.ids(table)).await?;
    }
    for (table, set) in BLANKED {
        let ids = traces.ids(table);
        if ids.is_empty() {
            continue;
        }
        let which = "id in (select cast(each.value->>0 as bigint) from @each($1)) and cast($2 as bigint) is not null";
        let statement = Statement::new(&format!("update {table} set {set} where {which}"));
        let (sql, rows) = (statement.sql(tx), numbers(&ids)?);
        on!(&mut *tx, |conn| {
            sqlx::query(AssertSqlSafe(sql)).bind(&rows).bind(us(now)).execute(conn).await.map(drop)
        })?;
    }
    messages(tx, traces, key, now).await?;
    names(tx, traces).await
}

/// Deletes messages; those that a provider may still deliver again stay as hashes.
async fn messages(tx: &mut Tx, traces: &Traces, key: &str, now: DateTime<Utc>) -> Result<(), StorageError> {
    for table in ["inbound", "inbound_archive"] {
        let rows = traces.of_table(table).iter();
        let keys: Vec<(&str, &str)> =
            rows.filter_map(|row| Some((text(row, "channel")?, text(row, "message")?))).collect();
        if keys.is_empty() {
            continue;
        }
        if table == "inbound" {
            repeat_guard::keep(tx, key, &keys, now).await?;
        }
        let which = "(channel, message) in (select each.value->>0, each.value->>1 from @each($1))";
        let statement = Statement::new(&format!("delete from {table} where {which}"));
        let (sql, keys) = (statement.sql(tx), json(&keys)?);
        on!(&mut *tx, |conn| sqlx::query(AssertSqlSafe(sql)).bind(&keys).execute(conn).await.map(drop))?;
    }
    Ok(())
}

/// Deletes what is remembered by name.
async fn names(tx: &mut Tx, traces: &Traces) -> Result<(), StorageError> {
    let names = json(&traces.names().collect::<Vec<_>>())?;
    forget_names(tx, &names).await?;
    let which = "(channel, contact) in (select each.value->>0, each.value->>1 from @each($1))";
    let statement = Statement::new(&format!("delete from erasure where {which}"));
    let sql = statement.sql(tx);
    on!(tx, |conn| sqlx::query(AssertSqlSafe(sql)).bind(&names).execute(conn).await.map(drop))?;
    Ok(())
}

/// Deletes conversations, addresses and opt-outs of names, as JSON. A number that was another's before keeps leading to its new
/// holder, as long as anything is kept of the former one: else what is kept would seem to be the new holder's.
pub(super) async fn forget_names(tx: &mut Tx, names: &str) -> Result<(), StorageError> {
    let which = "in (select each.value->>0, each.value->>1 from @each($1))";
    for sql in [
        format!("delete from conversation where (channel, contact) {which}"),
        // The trail names them by a number, which leads to nobody from now on.
        format!("delete from audit_contact where (channel, contact) {which}"),
        format!("delete from reach where (channel, contact) {which}"),
        format!("delete from upload where (channel, contact) {which}"),
        format!(
            "delete from address where (channel, contact) {which} and not exists (select 1 from conversation c \
             where c.channel = address.channel and c.contact = address.address)"
        ),
    ] {
        let statement = Statement::new(&sql);
        let sql = statement.sql(tx);
        on!(&mut *tx, |conn| sqlx::query(AssertSqlSafe(sql)).bind(names).execute(conn).await.map(drop))?;
    }
    Ok(())
}

/// Runs a statement that ends before its list of numbers.
pub(super) async fn by_ids(tx: &mut Tx, beginning: &str, ids: &[i64]) -> Result<(), StorageError> {
    if ids.is_empty() {
        return Ok(());
    }
    let statement = Statement::new(&format!("{beginning} (select cast(each.value->>0 as bigint) from @each($1))"));
    let (sql, ids) = (statement.sql(tx), numbers(ids)?);
    on!(tx, |conn| sqlx::query(AssertSqlSafe(sql)).bind(&ids).execute(conn).await.map(drop))?;
    Ok(())
}

fn numbers(ids: &[i64]) -> Result<String, StorageError> {
    json(&ids.iter().map(|id| (id,)).collect::<Vec<_>>())
}
