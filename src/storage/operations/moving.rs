//! Copies an installation into another database, of either engine: table by table, in commits of its own, so that an
//! interrupted copy continues where it stopped. At the end both sides are counted and summed.
//!
//! A row is sent as a JSON array, which both engines write and read in one statement.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::AssertSqlSafe;

use crate::storage::engine::catalog::{self, Kind, Table};
use crate::storage::engine::column::{json, unjson};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::pool::Pool;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::handle::Storage;

/// Rows in one commit.
const PAGE_ROWS: i64 = 1_000;

/// Why a move failed.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// One of the databases failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The target holds other data.
    #[error("the target has data already ({0}); a move needs an empty database")]
    NotEmpty(String),
    /// The target holds an unfinished move of another source.
    #[error("the target holds an unfinished move from {0}; finish that one, or give this one an empty database")]
    OtherSource(String),
    /// The two have different tables.
    #[error("source and target have different tables ({0}); bring both up to date with `antrean db migrate`")]
    OtherTables(String),
    /// The target refused a row.
    #[error("the target refused rows of table {table}: {reason}")]
    Refused {
        /// The table.
        table: String,
        /// What the engine said.
        reason: String,
    },
    /// Both sides differ after the copy.
    #[error("source and target differ after the copy: {0}; was the source written to meanwhile?")]
    Differs(String),
}

/// One table after a move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedTable {
    /// Its name.
    pub table: String,
    /// Its rows, on both sides.
    pub rows: u64,
    /// The sum over its rows, the same on both sides.
    pub sum: u128,
}

/// How far one table is copied.
#[derive(Clone, Default)]
struct Mark {
    last: Option<Vec<Value>>,
    finished: bool,
}

impl Storage {
    /// Copies everything from `source`, called `name` without its credentials. `progress` gets the table, the rows
    /// copied of it, and how many it has.
    ///
    /// # Errors
    /// [`MoveError`]; what was committed stays, and the same call continues from there.
    pub async fn copy_from(
        &self,
        source: &Self,
        name: &str,
        progress: &mut (dyn FnMut(&str, u64, u64) + Send),
    ) -> Result<Vec<MovedTable>, MoveError> {
        let mut from = source.pool.snapshot().await?;
        let theirs = catalog::tables(&mut from).await?;
        let mut tx = self.pool.snapshot().await?;
        let ours = catalog::tables(&mut tx).await?;
        let pairs = paired(theirs, ours)?;
        let marks = marks(&mut tx, name).await?;
        if marks.is_empty() {
            refuse_data(&mut tx, &pairs).await?;
        }
        tx.end().await?;
        if marks.is_empty() {
            self.begin_move(&pairs, name).await?;
        }
        for pair in &pairs {
            let mark = marks.get(&pair.ours.name).cloned().unwrap_or_default();
            self.copy(&mut from, pair, mark, progress).await?;
        }
        let mut target = self.pool.snapshot().await?;
        let mut moved = Vec::new();
        for pair in &pairs {
            moved.push(compare(&mut from, &mut target, pair).await?);
        }
        target.end().await?;
        from.end().await?;
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| sqlx::query("delete from moving").execute(conn).await.map(drop))
            .map_err(StorageError::from)?;
        tx.commit().await?;
        Ok(moved)
    }

    /// The source of an unfinished move into this database.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn unfinished_move(&self) -> Result<Option<String>, StorageError> {
        let mut tx = self.pool.read().await?;
        let (source,): (Option<String>,) =
            on!(&mut tx, |conn| sqlx::query_as("select max(source) from moving").fetch_one(conn).await)?;
        tx.end().await?;
        Ok(source)
    }

    /// Sessions of other antrean processes on the same PostgreSQL database; on SQLite they are unknown.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn other_sessions(&self) -> Result<i64, StorageError> {
        let mut tx = self.pool.read().await?;
        let sql = match &tx {
            Tx::Postgres(_) => {
                "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'antrean'"
            }
            _ => "select 0",
        };
        let (others,): (i64,) = on!(&mut tx, |conn| sqlx::query_as(sql).fetch_one(conn).await)?;
        tx.end().await?;
        Ok(others)
    }

    async fn begin_move(&self, pairs: &[Pair], source: &str) -> Result<(), MoveError> {
        let mut tx = self.pool.begin().await?;
        for Pair { ours: table, .. } in pairs {
            on!(&mut tx, |conn| {
                sqlx::query("insert into moving (name, source, last, finished) values ($1, $2, null, 0)")
                    .bind(&table.name)
                    .bind(source)
                    .execute(conn)
                    .await
                    .map(drop)
            })
            .map_err(StorageError::from)?;
        }
        Ok(tx.commit().await?)
    }

    /// Copies one table from where `mark` says.
    async fn copy(
        &self,
        from: &mut Tx,
        pair: &Pair,
        mark: Mark,
        progress: &mut (dyn FnMut(&str, u64, u64) + Send),
    ) -> Result<(), MoveError> {
        let Pair { theirs, ours } = pair;
        let total = count(from, theirs).await?;
        if mark.finished {
            progress(&ours.name, total, total);
            return Ok(());
        }
        let mut tx = self.pool.snapshot().await?;
        let mut copied = count(&mut tx, ours).await?;
        tx.end().await?;
        let insert = insertion(ours, matches!(self.pool, Pool::Postgres(_)));
        let mut last = mark.last;
        loop {
            progress(&ours.name, copied.min(total), total);
            let page = page(from, theirs, last.as_deref()).await?;
            let rows = page.len();
            last = page.last().map(|row| key_of(theirs, row)).or(last);
            let mark = Mark { last, finished: rows < usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX) };
            self.keep(ours, &insert, &page, &mark).await?;
            copied += rows as u64;
            if mark.finished {
                progress(&ours.name, total, total);
                return Ok(());
            }
            last = mark.last;
        }
    }

    /// Writes one page and the position after it, in one commit.
    async fn keep(&self, table: &Table, insert: &str, page: &[Vec<Value>], mark: &Mark) -> Result<(), MoveError> {
        let refused = |error: StorageError| match error {
            StorageError::Data(reason) => MoveError::Refused { table: table.name.clone(), reason },
            error @ StorageError::Unavailable(_) => MoveError::Storage(error),
        };
        let mut tx = self.pool.begin().await?;
        if !page.is_empty() {
            let rows = json(page)?;
            on!(&mut tx, |conn| sqlx::query(AssertSqlSafe(insert)).bind(&rows).execute(conn).await.map(drop))
                .map_err(|error| refused(error.into()))?;
        }
        let last = mark.last.as_ref().map(json).transpose()?;
        on!(&mut tx, |conn| {
            sqlx::query("update moving set last = $1, finished = $2 where name = $3")
                .bind(&last)
                .bind(i64::from(mark.finished))
                .bind(&table.name)
                .execute(conn)
                .await
                .map(drop)
        })
        .map_err(StorageError::from)?;
        tx.commit().await.map_err(refused)
    }
}

/// A table in both databases.
struct Pair {
    theirs: Table,
    ours: Table,
}

/// Pairs each table with that of the same name.
fn paired(theirs: Vec<Table>, ours: Vec<Table>) -> Result<Vec<Pair>, MoveError> {
    let same = |(a, b): (&Table, &Table)| {
        a.name == b.name && a.key == b.key && a.columns.iter().map(|c| &c.name).eq(b.columns.iter().map(|c| &c.name))
    };
    if let Some((a, b)) = theirs.iter().zip(&ours).find(|(a, b)| !same((a, b))) {
        return Err(MoveError::OtherTables(if a.name == b.name {
            a.name.clone()
        } else {
            format!("{} and {}", a.name, b.name)
        }));
    }
    if theirs.len() != ours.len() {
        return Err(MoveError::OtherTables(format!("{} and {} of them", theirs.len(), ours.len())));
    }
    Ok(theirs.into_iter().zip(ours).map(|(theirs, ours)| Pair { theirs, ours }).collect())
}

/// How far each table is copied; empty before the first call.
async fn marks(tx: &mut Tx, source: &str) -> Result<BTreeMap<String, Mark>, MoveError> {
    let rows: Vec<(String, String, Option<String>, i64)> =
        on!(tx, |conn| sqlx::query_as("select name, source, last, finished from moving").fetch_all(conn).await)
            .map_err(StorageError::from)?;
    let mut marks = BTreeMap::new();
    for (table, from, last, finished) in rows {
        if from != source {
            return Err(MoveError::OtherSource(from));
        }
        let last = last.map(|text| unjson("moving.last", &text)).transpose()?;
        marks.insert(table, Mark { last, finished: finished == 1 });
    }
    Ok(marks)
}

/// Refuses a target with data. A new database has one row in each table that a migration fills, and no other.
async fn refuse_data(tx: &mut Tx, pairs: &[Pair]) -> Result<(), MoveError> {
    for Pair { ours: table, .. } in pairs {
        let rows = count(tx, table).await?;
        let filled = match table.name.as_str() {
            "id_block" => {
                let (next,): (i64,) =
                    on!(tx, |conn| sqlx::query_as("select max(next) from id_block").fetch_one(conn).await)
                        .map_err(StorageError::from)?;
                next > 1
            }
            "job" | "installation" | "secret" | "audit_head" => false,
            _ => rows > 0,
        };
        if filled {
            return Err(MoveError::NotEmpty(format!("{rows} rows in {}", table.name)));
        }
    }
    Ok(())
}

async fn count(tx: &mut Tx, table: &Table) -> Result<u64, StorageError> {
    let sql = format!("select count(*) from \"{}\"", table.name);
    let (rows,): (i64,) = on!(tx, |conn| sqlx::query_as(AssertSqlSafe(sql.as_str())).fetch_one(conn).await)?;
    Ok(rows.unsigned_abs())
}

/// The next rows after a key, in the order of the key.
async fn page(tx: &mut Tx, table: &Table, after: Option<&[Value]>) -> Result<Vec<Vec<Value>>, StorageError> {
    let (array, parameter) =
        if matches!(tx, Tx::Postgres(_)) { ("json_build_array", "cast($1 as jsonb)") } else { ("json_array", "$1") };
    let keys = table.keys();
    let from_here = after.map_or_else(String::new, |_| {
        let parts: Vec<String> = table
            .key
            .iter()
            .enumerate()
            .map(|(at, column)| match table.columns.get(*column).map(|column| column.kind) {
                Some(Kind::Number) => format!("cast({parameter}->>{at} as bigint)"),
                Some(Kind::Date) => format!("date({parameter}->>{at})"),
                _ => format!("{parameter}->>{at}"),
            })
            .collect();
        format!(" where ({keys}) > ({})", parts.join(", "))
    });
    let sql = format!(
        "select cast({array}({}) as text) from \"{}\"{from_here} order by {keys} limit {PAGE_ROWS}",
        table.all(),
        table.name
    );
    let after = after.map(json).transpose()?;
    let rows: Vec<(String,)> = on!(tx, |conn| {
        let query = sqlx::query_as(AssertSqlSafe(sql.as_str()));
        match &after {
            Some(after) => query.bind(after).fetch_all(conn).await,
            None => query.fetch_all(conn).await,
        }
    })?;
    rows.iter().map(|(row,)| unjson(&table.name, row)).collect()
}

fn key_of(table: &Table, row: &[Value]) -> Vec<Value> {
    table.key.iter().filter_map(|at| row.get(*at).cloned()).collect()
}

/// A statement that inserts rows from one JSON array. A row that a migration wrote is replaced.
fn insertion(table: &Table, postgres: bool) -> String {
    let values: Vec<String> = table
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| match column.kind {
            Kind::Text => format!("each.value->>{at}"),
            Kind::Number => format!("cast(each.value->>{at} as bigint)"),
            Kind::Date => format!("date(each.value->>{at})"),
        })
        .collect();
    let each =
        if postgres { "jsonb_array_elements(cast($1 as jsonb)) as each(value)" } else { "json_each($1) as each" };
    let replaced: Vec<String> =
        table.others().map(|column| format!("\"{0}\" = excluded.\"{0}\"", column.name)).collect();
    let otherwise =
        if replaced.is_empty() { "nothing".to_owned() } else { format!("update set {}", replaced.join(", ")) };
    format!(
        "insert into \"{}\" ({}) select {} from {each} where true on conflict ({}) do {otherwise}",
        table.name,
        table.all(),
        values.join(", "),
        table.keys()
    )
}

/// Counts and sums a table on both sides.
async fn compare(from: &mut Tx, target: &mut Tx, pair: &Pair) -> Result<MovedTable, MoveError> {
    let (there, here) = (summed(from, &pair.theirs).await?, summed(target, &pair.ours).await?);
    if there == here {
        return Ok(here);
    }
    let name = &pair.ours.name;
    Err(MoveError::Differs(if there.rows == here.rows {
        format!("table {name} has other content")
    } else {
        format!("table {name} has {} rows there and {} here", there.rows, here.rows)
    }))
}

/// The number of rows, and the sum of their hashes, which does not depend on their order.
async fn summed(tx: &mut Tx, table: &Table) -> Result<MovedTable, StorageError> {
    let mut moved = MovedTable { table: table.name.clone(), rows: 0, sum: 0 };
    let mut last: Option<Vec<Value>> = None;
    loop {
        let page = page(tx, table, last.as_deref()).await?;
        for row in &page {
            let digest = Sha256::digest(json(row)?.as_bytes());
            let half: [u8; 16] = digest.first_chunk().copied().unwrap_or_default();
            moved.sum = moved.sum.wrapping_add(u128::from_be_bytes(half));
            moved.rows += 1;
        }
        match page.last() {
            Some(row) => last = Some(key_of(table, row)),
            None => return Ok(moved),
        }
    }
}
