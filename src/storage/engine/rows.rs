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
