//! SQL statements that are written once and spelled for both engines, for those that need more than `each!`.

use crate::storage::engine::catalog::Kind;
use crate::storage::engine::column::json;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::rows::Rows;
use crate::storage::engine::transaction::{Tx, on};

/// A statement, or several that are sent as one. It is written once, with these calls in the place of what the engines spell
/// differently:
/// - `@rows(bigint, text, date)`: the next [`Rows`], as a `select` of columns of these types;
/// - `@each($1)`: a JSON array as the table `each`, whose `value` is one element;
/// - `@seek(t where ...)`: the rows of `t` that belong to each row before it, found by an index however small the planner
///   believes `t` to be;
/// - `@among(id, ids)`: a number that is one of a JSON array;
/// - `@listed(id, $1)`: beside a join with a JSON array of objects, a number that is the `id` of one of them. It leaves
///   PostgreSQL no plan but an index lookup for each; SQLite chooses that plan without it;
/// - `@list(...)`: rows gathered into one JSON array, and `@array(...)`: one row as a JSON array.
#[derive(Debug)]
pub(in crate::storage) struct Statement {
    sqlite: String,
    postgres: String,
    /// The column types of each `@rows`.
    tables: Vec<Vec<Kind>>,
}

impl Statement {
    /// One statement.
    pub(in crate::storage) fn new(written: &str) -> Self {
        let mut postgres = Speller::new(Engine::Postgres);
        Self {
            sqlite: Speller::new(Engine::Sqlite).statement(written),
            postgres: postgres.statement(written),
            tables: postgres.tables,
        }
    }

    /// One statement that reads, and on SQLite also begins the transaction: there each statement costs two switches of
    /// threads, which is most of the cost of a small batch.
    pub(in crate::storage) fn with_begin(written: &str) -> Self {
        let statement = Self::new(written);
        Self { sqlite: format!("begin immediate; {}", statement.sqlite), ..statement }
    }

    /// Statements that write, in this order. None of them may read what another one writes: SQLite runs them one after the
    /// other, PostgreSQL as parts of one statement.
    pub(in crate::storage) fn batch(written: &[&str]) -> Self {
        let (mut sqlite, mut postgres) = (Speller::new(Engine::Sqlite), Speller::new(Engine::Postgres));
        let statements: Vec<String> = written.iter().map(|one| sqlite.statement(one)).collect();
        let parts: Vec<String> =
            written.iter().enumerate().map(|(n, one)| format!("part{n} as ({})", postgres.statement(one))).collect();
        Self {
            sqlite: statements.join("; "),
            postgres: format!("with {} select 1", parts.join(", ")),
            tables: postgres.tables,
        }
    }

    /// The same, and on SQLite the commit after them.
    pub(in crate::storage) fn batch_with_commit(written: &[&str]) -> Self {
        let batch = Self::batch(written);
        Self { sqlite: format!("{}; commit", batch.sqlite), ..batch }
    }

    /// The SQL for the engine of the transaction.
    pub(in crate::storage) fn sql(&self, tx: &Tx) -> &str {
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

    /// Checks that the statement takes these rows. With a table too few, a column too many or a text for a number, values
    /// would be written to other columns, or as null.
    ///
    /// # Errors
    /// [`StorageError::Data`]: a fault in this program; nothing may be written.
    fn check(&self, rows: &[Rows<'_>]) -> Result<(), StorageError> {
        let fits = rows.len() == self.tables.len()
            && rows.iter().zip(&self.tables).all(|(rows, kinds)| rows.width == kinds.len() && rows.are(kinds));
        if fits {
            return Ok(());
        }
        let given: Vec<usize> = rows.iter().map(|rows| rows.width).collect();
        let wanted: Vec<usize> = self.tables.iter().map(Vec::len).collect();
        Err(StorageError::Data(format!(
            "a fault in this program: rows of {given:?} columns were given where a statement takes {wanted:?}, or a value of \
             another kind"
        )))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Engine {
    Sqlite,
    Postgres,
}

/// Spells written statements for one engine.
struct Speller {
    engine: Engine,
    /// Parameters that `@rows` has taken so far.
    parameters: usize,
    /// The column types of each `@rows` so far.
    tables: Vec<Vec<Kind>>,
}

impl Speller {
    fn new(engine: Engine) -> Self {
        Self { engine, parameters: 0, tables: Vec::new() }
    }

    /// One whole statement. On SQLite an `insert` that fails rolls the whole transaction back, and so needs no statement
    /// journal, by which it alone could be undone. (SQLite keeps one all the same where a conflict may lead to an update.)
    fn statement(&mut self, written: &str) -> String {
        let spelled = self.expand(written);
        match spelled.strip_prefix("insert into ") {
            Some(rest) if self.engine == Engine::Sqlite => format!("insert or rollback into {rest}"),
            _ => spelled,
        }
    }

    /// Replaces each call, the calls inside its brackets first. Text that is no call stays as it is, and the engine refuses it.
    fn expand(&mut self, written: &str) -> String {
        let mut spelled = String::new();
        let mut rest = written;
        while let Some((before, after)) = rest.split_once('@') {
            spelled.push_str(before);
            let Some((name, inside, behind)) = call(after) else {
                spelled.push('@');
                rest = after;
                continue;
            };
            let inside = self.expand(inside);
            spelled.push_str(&match self.engine {
                Engine::Sqlite => self.sqlite(name, &inside),
                Engine::Postgres => self.postgres(name, &inside),
            });
            rest = behind;
        }
        spelled.push_str(rest);
        spelled
    }

    /// `jsonb_each` returns parsed values; `json_each` would return each as text, to be parsed again for every column.
    fn sqlite(&mut self, name: &str, inside: &str) -> String {
        match (name, inside.split_once(", "), inside.split_once(" where ")) {
            ("rows", ..) => {
                let columns: Vec<String> = (0..self.table(inside)).map(|n| format!("each.value->>{n}")).collect();
                let parameter = self.next_parameter();
                // A condition, so that an `on conflict` behind it cannot be parsed as that of a join.
                format!("select {} from jsonb_each({parameter}) as each where true", columns.join(", "))
            }
            ("each", ..) => format!("jsonb_each({inside}) as each"),
            // The left table of a cross join is always the outer one.
            ("seek", _, Some((table, condition))) => format!("cross join {table} on {condition}"),
            ("among", Some((number, numbers)), _) => format!("{number} in (select value from json_each({numbers}))"),
            ("listed", ..) => "true".to_owned(),
            ("list", ..) => format!("json_group_array({inside})"),
            ("array", ..) => format!("json_array({inside})"),
            _ => format!("@{name}({inside})"),
        }
    }

    fn postgres(&mut self, name: &str, inside: &str) -> String {
        match (name, inside.split_once(", "), inside.split_once(" where ")) {
            ("rows", ..) => {
                self.table(inside);
                let columns: Vec<String> =
                    inside.split(", ").map(|kind| format!("{}::{kind}[]", self.next_parameter())).collect();
                format!("select * from unnest({})", columns.join(", "))
            }
            ("each", ..) => format!("jsonb_array_elements({inside}::text::jsonb) as each(value)"),
            ("seek", _, Some((table, _))) => {
                let alias = table.rsplit(' ').next().unwrap_or(table);
                // `offset 0` is a fence: the planner may not reverse the join and scan the table.
                format!("cross join lateral (select * from {inside} offset 0) as {alias}")
            }
            // An array: the planner estimates ten numbers, and a hundred for a set of JSON elements.
            ("among", Some((number, numbers)), _) => {
                format!("{number} = any(cast(translate({numbers}, '[]', '{{}}') as bigint[]))")
            }
            ("listed", Some((number, objects)), _) => format!(
                "{number} = any(array(select cast(listed.value->>'id' as bigint) \
                 from jsonb_array_elements({objects}::text::jsonb) as listed(value)))"
            ),
            ("list", ..) => format!("json_agg({inside})"),
            ("array", ..) => format!("json_build_array({inside})"),
            _ => format!("@{name}({inside})"),
        }
    }

    /// Notes the column types of an `@rows`; returns how many there are.
    fn table(&mut self, types: &str) -> usize {
        let kinds: Vec<Kind> = types.split(", ").filter_map(Kind::named).collect();
        let columns = kinds.len();
        self.tables.push(kinds);
        columns
    }

    fn next_parameter(&mut self) -> String {
        self.parameters += 1;
        format!("${}", self.parameters)
    }
}

/// A call behind its `@`: its name, what its brackets hold, and what follows them.
fn call(written: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = written.split_once('(')?;
    if !name.chars().all(|c| c.is_ascii_lowercase()) {
        return None;
    }
    let mut depth = 1_u32;
    let closing = rest.char_indices().find(|(_, c)| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    let (inside, behind) = rest.split_at(closing?.0);
    Some((name, inside, behind.strip_prefix(')')?))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::storage::engine::rows::Value;

    fn rows<const WIDTH: usize>(rows: impl IntoIterator<Item = [Value<'static>; WIDTH]>) -> Rows<'static> {
        Rows::of(rows.into_iter().map(Ok)).unwrap()
    }

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

    // Negative control: with the text of a statement replaced wherever it stands, the inner `insert into` changes too.
    #[test]
    fn only_calls_and_the_beginning_of_a_statement_are_spelled_anew() {
        let text = Statement::new("insert into t (a) select 'insert into @t @each of @array' from @each(@array($1))");
        assert_eq!(
            text.sqlite,
            "insert or rollback into t (a) select 'insert into @t @each of @array' from jsonb_each(json_array($1)) as each"
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
        let (pair, date) = (rows([[1_i64.into(), "a".into()]]), rows([[day.into()]]));
        let is_refused = |rows: &[Rows<'_>]| matches!(text.check(rows), Err(StorageError::Data(_)));
        assert!(text.check(&[pair.clone(), date.clone()]).is_ok());
        assert!(text.check(&[rows([[1_i64.into(), None::<&str>.into()]]), rows::<1>([])]).is_ok());
        assert!(is_refused(std::slice::from_ref(&pair)), "a table is missing");
        assert!(is_refused(&[pair.clone(), date.clone(), date.clone()]), "a table too many");
        assert!(is_refused(&[date.clone(), pair.clone()]), "in another order");
        assert!(is_refused(&[rows([["a".into(), 1_i64.into()]]), date]), "a text for a number");
        assert!(is_refused(&[pair, rows([[day.into(), day.into()]])]), "a column too many");
    }
}
