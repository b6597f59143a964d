//! SQL statements that are written once and spelled for both engines, for those that need more than `each!`.

use std::iter::Peekable;

use crate::storage::engine::catalog::Kind;
use crate::storage::engine::column::json;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::rows::Rows;
use crate::storage::engine::transaction::{Tx, on};

/// A statement, or several in one text. It is written once, with
/// - `@rows(bigint, text, date)` for the next [`Rows`] as a `select` of columns of these types,
/// - `@each($1)` for a JSON array as the table `each`,
/// - `@seek(t where ...)` for the rows of `t` that belong to each row before it, found by an index whatever the planner
///   believes of `t`'s size,
/// - `@among(id, ids)` for a number that is one of a JSON array,
/// - `@listed(id, $1)` beside a join with a JSON array of objects, for a number that is the `id` of one: it leaves PostgreSQL no
///   other way than to look for each, which is SQLite's way already,
/// - `@list(...)` for rows gathered into one JSON array, and `@array(...)` for one row as a JSON array.
#[derive(Debug)]
pub(in crate::storage) struct Statement {
    sqlite: String,
    postgres: String,
    /// The columns of each `@rows`.
    tables: Vec<Vec<Kind>>,
}

impl Statement {
    /// One statement of its own.
    pub(in crate::storage) fn new(written: &str) -> Self {
        Self { sqlite: in_sqlite(written), postgres: in_postgres(written), tables: tables(written) }
    }

    /// One statement that reads. On SQLite it begins the transaction as well: there each statement costs two switches
    /// of threads, which is most of what a small batch costs.
    pub(in crate::storage) fn with_begin(written: &str) -> Self {
        let alone = Self::new(written);
        Self { sqlite: format!("begin immediate; {}", alone.sqlite), ..alone }
    }

    /// Statements that write, in this order, none of which reads what another of them has written. SQLite gets them as
    /// one text, PostgreSQL as parts of one statement.
    pub(in crate::storage) fn batch(written: &[&str]) -> Self {
        let parts: Vec<String> = written.iter().enumerate().map(|(n, one)| format!("part{n} as ({one})")).collect();
        Self {
            sqlite: in_sqlite(&written.join("; ")),
            postgres: format!("with {} select 1", in_postgres(&parts.join(", "))),
            tables: tables(&written.join("; ")),
        }
    }

    /// The same; on SQLite the text ends with the commit.
    pub(in crate::storage) fn batch_with_commit(written: &[&str]) -> Self {
        let several = Self::batch(written);
        Self { sqlite: format!("{}; commit", several.sqlite), ..several }
    }

    /// The spelling of the transaction's engine.
    pub(in crate::storage) fn for_engine(&self, tx: &Tx) -> &str {
        if matches!(tx, Tx::Postgres(_)) { &self.postgres } else { &self.sqlite }
    }

    /// Runs it with the rows of each `@rows`, in their order.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed or refused the data.
    pub(in crate::storage) async fn execute(&'static self, tx: &mut Tx, rows: &[Rows<'_>]) -> Result<(), StorageError> {
        self.check(rows)?;
        if let Tx::Postgres(tx) = tx {
            let mut query = sqlx::query(self.postgres.as_str());
            for (rows, kinds) in rows.iter().zip(&self.tables) {
                for (place, kind) in kinds.iter().enumerate() {
                    query = rows.bound(query, place, *kind);
                }
            }
            return tx.execute(query).await;
        }
        let rows = rows.iter().map(json).collect::<Result<Vec<_>, _>>()?;
        let sql = self.sqlite.as_str();
        on!(tx, |conn| {
            let mut query = sqlx::query(sql);
            for rows in &rows {
                query = query.bind(rows);
            }
            query.execute(conn).await.map(drop)
        })?;
        Ok(())
    }
}

impl Statement {
    /// Whether these are the rows that the statement takes: a table too few, a column too many or a text for a number would
    /// be written somewhere else, or as nothing at all.
    ///
    /// # Errors
    /// [`StorageError::Data`]: a fault in this program, and nothing may be written.
    fn check(&self, rows: &[Rows<'_>]) -> Result<(), StorageError> {
        let fits = rows.len() == self.tables.len()
            && rows.iter().zip(&self.tables).all(|(rows, kinds)| rows.width == kinds.len() && rows.are(kinds));
        let given = || rows.iter().map(|rows| rows.width).collect::<Vec<_>>();
        let wanted = || self.tables.iter().map(Vec::len).collect::<Vec<_>>();
        if fits {
            return Ok(());
        }
        Err(StorageError::Data(format!(
            "a fault in this program: rows of {:?} columns were given where a statement takes {:?}, or a value of another kind",
            given(),
            wanted()
        )))
    }
}

/// The types in each `@rows(...)`.
fn tables(written: &str) -> Vec<Vec<Kind>> {
    let inside = written.split("@rows(").skip(1).filter_map(|rest| rest.split_once(')'));
    inside.map(|(types, _)| types.split(", ").filter_map(Kind::named).collect()).collect()
}

/// A statement that writes needs no journal of its own, by which it could be undone alone: what fails ends its whole
/// transaction. (Where a conflict may lead to an update, SQLite keeps one all the same.)
///
/// `jsonb_each` hands out parsed values: `json_each` would write each as text, to be parsed again for every column.
fn in_sqlite(written: &str) -> String {
    let mut numbers = (1..).peekable();
    let rows = replaced(written, "@rows(", |types| {
        let columns: Vec<String> = (0..types.split(", ").count()).map(|n| format!("each.value->>{n}")).collect();
        // A condition, so that an `on conflict` behind it cannot be taken for that of a join.
        format!("select {} from jsonb_each(${}) as each where true", columns.join(", "), drawn(&mut numbers))
    });
    let each = replaced(&rows, "@each(", |parameter| format!("jsonb_each({parameter}) as each"));
    let sought = replaced(&each, "@seek(", |sought| match sought.split_once(" where ") {
        // The left table of a cross join is always the outer one.
        Some((table, condition)) => format!("cross join {table} on {condition}"),
        None => format!("cross join {sought}"),
    });
    let among = replaced(&sought, "@among(", |inside| match inside.split_once(", ") {
        Some((number, numbers)) => format!("{number} in (select value from json_each({numbers}))"),
        None => inside.to_owned(),
    });
    let listed = replaced(&among, "@listed(", |_| "true".to_owned());
    let undone_whole = listed.replace("insert into ", "insert or rollback into ");
    undone_whole.replace("@list(", "json_group_array(").replace("@array(", "json_array(")
}

fn in_postgres(written: &str) -> String {
    let mut numbers = (1..).peekable();
    let rows = replaced(written, "@rows(", |types| {
        let columns: Vec<String> =
            types.split(", ").map(|kind| format!("${}::{kind}[]", drawn(&mut numbers))).collect();
        format!("select * from unnest({})", columns.join(", "))
    });
    let each = replaced(&rows, "@each(", |n| format!("jsonb_array_elements({n}::text::jsonb) as each(value)"));
    let sought = replaced(&each, "@seek(", |sought| {
        let table = sought.split(" where ").next().unwrap_or_default();
        let name = table.rsplit(' ').next().unwrap_or_default();
        // `offset 0` is a fence: the planner may not turn the search around and read the table from one end.
        format!("cross join lateral (select * from {sought} offset 0) as {name}")
    });
    // An array: the planner takes it for ten numbers, a set of JSON elements for a hundred, and makes room for as many.
    let among = replaced(&sought, "@among(", |inside| match inside.split_once(", ") {
        Some((number, numbers)) => format!("{number} = any(cast(translate({numbers}, '[]', '{{}}') as bigint[]))"),
        None => inside.to_owned(),
    });
    let listed = replaced(&among, "@listed(", |inside| match inside.split_once(", ") {
        Some((number, objects)) => format!(
            "{number} = any(array(select cast(listed.value->>'id' as bigint) \
             from jsonb_array_elements({objects}::text::jsonb) as listed(value)))"
        ),
        None => inside.to_owned(),
    });
    listed.replace("@list(", "json_agg(").replace("@array(", "json_build_array(")
}

fn drawn(numbers: &mut Peekable<std::ops::RangeFrom<u32>>) -> u32 {
    numbers.next().unwrap_or_default()
}

/// Puts what `spell` makes of its inside in the place of each `token`, up to the bracket that closes it.
fn replaced(written: &str, token: &str, mut spell: impl FnMut(&str) -> String) -> String {
    let mut pieces = written.split(token);
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let mut depth = 1;
        let closing = piece.char_indices().find(|(_, c)| {
            depth += match c {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth == 0
        });
        let (inside, rest) = piece.split_at(closing.map_or(piece.len(), |(at, _)| at));
        whole.push_str(&spell(inside));
        whole.push_str(rest.strip_prefix(')').unwrap_or(rest));
    }
    whole
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn a_statement_is_written_once_and_spelled_twice() {
        let text = Statement::batch_with_commit(&[
            "insert into t (a, b) @rows(bigint, text) on conflict (a) do nothing",
            "insert into u (c) @rows(date)",
        ]);
        assert_eq!(
            text.sqlite,
            "insert or rollback into t (a, b) select each.value->>0, each.value->>1 from jsonb_each($1) as each where true \
             on conflict (a) do nothing; insert or rollback into u (c) select each.value->>0 from jsonb_each($2) as each \
             where true; commit"
        );
        assert_eq!(
            text.postgres,
            "with part0 as (insert into t (a, b) select * from unnest($1::bigint[], $2::text[]) \
             on conflict (a) do nothing), part1 as (insert into u (c) select * from unnest($3::date[])) select 1"
        );
        assert_eq!(text.tables, [vec![Kind::Number, Kind::Text], vec![Kind::Date]]);
    }

    #[test]
    fn a_number_is_sought_among_those_of_an_array() {
        let text = Statement::new("select 1 from chat @seek(booking where @among(booking.id, chat.bookings))");
        assert_eq!(
            text.sqlite,
            "select 1 from chat cross join booking on booking.id in (select value from json_each(chat.bookings))"
        );
        assert_eq!(
            text.postgres,
            "select 1 from chat cross join lateral (select * from booking where \
             booking.id = any(cast(translate(chat.bookings, '[]', '{}') as bigint[])) offset 0) as booking"
        );
    }

    #[test]
    fn numbers_of_a_list_are_said_once_more_where_that_helps() {
        let text = Statement::new("where outbox.id = s.id and @listed(outbox.id, $1)");
        assert_eq!(text.sqlite, "where outbox.id = s.id and true");
        assert_eq!(
            text.postgres,
            "where outbox.id = s.id and outbox.id = any(array(select cast(listed.value->>'id' as bigint) \
             from jsonb_array_elements($1::text::jsonb) as listed(value)))"
        );
    }

    // Negative control: with `check` answering `Ok`, PostgreSQL gets nulls, or one table's rows as another's.
    #[test]
    fn rows_that_a_statement_does_not_take_are_an_error_in_every_build() {
        let text = Statement::batch(&["insert into t (a, b) @rows(bigint, text)", "insert into u (c) @rows(date)"]);
        let day = NaiveDate::from_ymd_opt(2017, 8, 7).unwrap();
        let (pair, date) = (Rows::of([[1_i64.into(), "a".into()]]), Rows::of([[day.into()]]));
        let is_refused = |rows: &[Rows<'_>]| matches!(text.check(rows), Err(StorageError::Data(_)));
        assert!(text.check(&[pair.clone(), date.clone()]).is_ok());
        assert!(text.check(&[Rows::of([[1_i64.into(), None::<&str>.into()]]), Rows::of::<1>([])]).is_ok());
        assert!(is_refused(std::slice::from_ref(&pair)), "a table is missing");
        assert!(is_refused(&[pair.clone(), date.clone(), date.clone()]), "a table too many");
        assert!(is_refused(&[date.clone(), pair.clone()]), "in another order");
        assert!(is_refused(&[Rows::of([["a".into(), 1_i64.into()]]), date]), "a text for a number");
        assert!(is_refused(&[pair, Rows::of([[day.into(), day.into()]])]), "a column too many");
    }
}
