//! Conversions between the domain's types and columns: instants are microseconds since 1970, lists are JSON.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::storage::engine::error::StorageError;

/// Microseconds since 1970.
pub(in crate::storage) fn us(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// The instant of a column of microseconds.
pub(in crate::storage) fn at(us: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(us).unwrap_or_default()
}

/// JSON for a column, or for a parameter of `each!`.
pub(in crate::storage) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|e| StorageError::Data(e.to_string()))
}

/// The value of a JSON column.
pub(in crate::storage) fn unjson<T: serde::de::DeserializeOwned>(column: &str, text: &str) -> Result<T, StorageError> {
    // The message of serde_json may quote the value, which may be personal data, so the error names the column only.
    serde_json::from_str(text).map_err(|_| bad(column))
}

/// The error for a column that does not hold what this program writes into it.
pub(in crate::storage) fn bad(column: &str) -> StorageError {
    StorageError::Data(format!("column {column} holds a value that this version cannot read"))
}

/// A number of a column as the domain's type.
pub(in crate::storage) fn fits<T: TryFrom<i64>>(column: &str, value: i64) -> Result<T, StorageError> {
    T::try_from(value).map_err(|_| bad(column))
}
