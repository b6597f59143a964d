//! The tables of a database, read from its own catalogue: a table of a later migration needs no line here.

use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on};

/// The type of a column, as far as a value needs it to be read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::storage) enum Kind {
    Text,
    Number,
    Date,
}

impl Kind {
    /// By the engine's name of the type.
    pub(in crate::storage) fn named(name: &str) -> Option<Self> {
        match name {
            "text" => Some(Self::Text),
            "integer" | "bigint" => Some(Self::Number),
            "date" => Some(Self::Date),
            _ => None,
        }
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::storage) struct Column {
    pub(in crate::storage) name: String,
    pub(in crate::storage) kind: Kind,
}

/// A table: its columns by name, and the places of those of its primary key, in the key's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::storage) struct Table {
    pub(in crate::storage) name: String,
    pub(in crate::storage) columns: Vec<Column>,
    pub(in crate::storage) key: Vec<usize>,
}

const SQLITE: &str = "select m.name, c.name, lower(c.type), cast(c.pk as bigint) \
     from sqlite_schema m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite_%' \
     and m.name not in ('_sqlx_migrations', 'moving') order by 1, 2";
const POSTGRES: &str = "select cast(c.relname as text), cast(a.attname as text), \
     format_type(a.atttypid, null), cast(coalesce(array_position(cast(k.conkey as smallint[]), a.attnum), 0) as bigint) \
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped \
     left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p' \
     where c.relkind = 'r' and c.relnamespace = to_regnamespace(current_schema()) \
     and c.relname not in ('_sqlx_migrations', 'moving') \
     order by cast(c.relname as text) collate \"C\", cast(a.attname as text) collate \"C\"";

/// The tables with data of an installation, by name. There are no foreign keys between them.
pub(in crate::storage) async fn tables(tx: &mut Tx) -> Result<Vec<Table>, StorageError> {
    let sql = if matches!(tx, Tx::Postgres(_)) { POSTGRES } else { SQLITE };
    let rows: Vec<(String, String, String, i64)> = on!(tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)?;
    let mut tables: Vec<(Table, Vec<(i64, usize)>)> = Vec::new();
    for (table, name, kind, key) in rows {
        let kind = Kind::named(&kind)
            .ok_or_else(|| StorageError::Data(format!("column {table}.{name} is of the unknown kind {kind}")))?;
        if tables.last().is_none_or(|(last, _)| last.name != table) {
            tables.push((Table { name: table, columns: Vec::new(), key: Vec::new() }, Vec::new()));
        }
        if let Some((last, keys)) = tables.last_mut() {
            if key > 0 {
                keys.push((key, last.columns.len()));
            }
            last.columns.push(Column { name, kind });
        }
    }
    let in_order = |(mut table, mut keys): (Table, Vec<(i64, usize)>)| {
        keys.sort_unstable();
        table.key = keys.into_iter().map(|(_, column)| column).collect();
        table
    };
    Ok(tables.into_iter().map(in_order).collect())
}

impl Table {
    /// The names of all columns, quoted.
    pub(in crate::storage) fn all(&self) -> String {
        quoted(self.columns.iter())
    }

    /// The names of the key's columns, quoted.
    pub(in crate::storage) fn keys(&self) -> String {
        quoted(self.key.iter().filter_map(|at| self.columns.get(*at)))
    }

    /// The columns outside the key.
    pub(in crate::storage) fn others(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().enumerate().filter(|(at, _)| !self.key.contains(at)).map(|(_, column)| column)
    }
}

fn quoted<'a>(columns: impl Iterator<Item = &'a Column>) -> String {
    columns.map(|column| format!("\"{}\"", column.name)).collect::<Vec<_>>().join(", ")
}
