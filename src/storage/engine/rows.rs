//! The rows that a statement writes, and the values in them.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};
use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;

use crate::storage::engine::catalog::Kind;
use crate::storage::engine::error::StorageError;

/// A value that is written to a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(in crate::storage) enum Value<'a> {
    Text(Cow<'a, str>),
    Number(i64),
    Date(NaiveDate),
    Null,
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<NaiveDate> for Value<'_> {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! numbers {
    ($($kind:ty),*) => {
        $(impl From<$kind> for Value<'_> {
            fn from(number: $kind) -> Self {
                Self::Number(i64::from(number))
            }
        })*
    };
}

numbers!(i64, u32, u16, u8, bool);

/// Rows of one table. SQLite gets them as JSON, an array for each row; PostgreSQL as an array for each column, which it
/// need not parse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::storage) struct Rows<'a> {
    pub(in crate::storage) width: usize,
    values: Vec<Value<'a>>,
}

impl<'a> Rows<'a> {
    /// All rows of an iterator.
    ///
    /// # Errors
    /// That of the first row whose values could not be made.
    pub(in crate::storage) fn of<const WIDTH: usize>(
        rows: impl IntoIterator<Item = Result<[Value<'a>; WIDTH], StorageError>>,
    ) -> Result<Self, StorageError> {
        let rows = rows.into_iter();
        let mut values = Vec::with_capacity(rows.size_hint().0 * WIDTH);
        for row in rows {
            values.extend(row?);
        }
        Ok(Self { width: WIDTH, values })
    }

    /// Whether every value is of its column's kind, or null.
    pub(in crate::storage) fn are(&self, kinds: &[Kind]) -> bool {
        self.values.chunks(self.width.max(1)).all(|row| {
            row.len() == kinds.len()
                && row.iter().zip(kinds).all(|(value, kind)| match value {
                    Value::Null => true,
                    Value::Text(_) => *kind == Kind::Text,
                    Value::Number(_) => *kind == Kind::Number,
                    Value::Date(_) => *kind == Kind::Date,
                })
        })
    }

    fn column<'r, T>(&'r self, place: usize, value: impl Fn(&'r Value<'a>) -> Option<T>) -> Vec<Option<T>> {
        self.values.iter().skip(place).step_by(self.width).map(value).collect()
    }

    pub(in crate::storage) fn bound<'q>(
        &'q self,
        query: Query<'q, Postgres, PgArguments>,
        place: usize,
        kind: Kind,
    ) -> Query<'q, Postgres, PgArguments> {
        match kind {
            Kind::Text => query.bind(self.column(place, |value| match value {
                Value::Text(text) => Some(text.as_ref()),
                _ => None,
            })),
            Kind::Number => query.bind(self.column(place, |value| match value {
                Value::Number(number) => Some(*number),
                _ => None,
            })),
            Kind::Date => query.bind(self.column(place, |value| match value {
                Value::Date(date) => Some(*date),
                _ => None,
            })),
        }
    }
}

/// A table as a batch writes it, each column once: its name, its type, and the value of a row. Gives a type with the beginning
/// of the statement ([`Statement`](crate::storage::engine::statement::Statement)) as `INSERT`, and the values as `row`.
macro_rules! insert_row {
    (
        $(#[$doc:meta])*
        $vis:vis struct $name:ident into $table:literal for<$life:lifetime> ($($given:ident: $type:ty),*) {
            $first:ident: $first_kind:ident = $first_value:expr,
            $($column:ident: $kind:ident = $value:expr,)*
        }
    ) => {
        $(#[$doc])*
        $vis struct $name;

        impl $name {
            /// The statement up to its rows.
            $vis const INSERT: &str = concat!(
                "insert into ", $table, " (", stringify!($first), $(", ", stringify!($column),)*
                ") @rows(", stringify!($first_kind), $(", ", stringify!($kind),)* ")"
            );

            const COLUMNS: usize = [stringify!($first), $(stringify!($column),)*].len();

            /// The values of a row, in the order of the columns.
            $vis fn row<$life>(
                $($given: $type),*
            ) -> Result<[$crate::storage::engine::rows::Value<$life>; Self::COLUMNS], $crate::storage::engine::error::StorageError> {
                Ok([$first_value.into(), $($value.into(),)*])
            }
        }
    };
}

/// A row as statements read it, each column once, in the order in which a JSON array has them: the fields of the struct, and
/// their names behind that of the table as `COLUMNS`.
macro_rules! select_row {
    (
        $(#[$doc:meta])*
        $vis:vis struct $name:ident from $table:literal {
            $first:ident: $first_type:ty,
            $($column:ident: $type:ty,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, serde::Deserialize, sqlx::FromRow)]
        $vis struct $name {
            $first: $first_type,
            $($column: $type,)*
        }

        impl $name {
            /// The columns, for a select list.
            $vis const COLUMNS: &str = concat!(
                $table, ".", stringify!($first), $(", ", $table, ".", stringify!($column),)*
            );
        }
    };
}

pub(in crate::storage) use {insert_row, select_row};

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.values.chunks(self.width))
    }
}

#[cfg(test)]
mod tests {
    use crate::storage::engine::column::json;

    use super::*;

    #[test]
    fn rows_are_arrays_of_their_values() {
        let day = NaiveDate::from_ymd_opt(2017, 8, 7).unwrap();
        let rows =
            Rows::of([Ok([1_i64.into(), "a".into(), day.into()]), Ok([2_i64.into(), None::<&str>.into(), day.into()])])
                .unwrap();
        assert_eq!(json(&rows).unwrap(), r#"[[1,"a","2017-08-07"],[2,null,"2017-08-07"]]"#);
        assert_eq!(rows.column(0, |value| matches!(value, Value::Number(_)).then_some(())).len(), 2);
        assert_eq!(json(&Rows::of::<2>([]).unwrap()).unwrap(), "[]");
    }
}
