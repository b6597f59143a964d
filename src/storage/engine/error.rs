//! What a failed call of storage says: whether another try is worth it.

/// A failed call of storage.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The engine or the connection failed or is busy: another try may succeed.
    #[error("storage is not available: {0}")]
    Unavailable(String),
    /// The data was refused (a constraint, an encoding): another try fails as well.
    #[error("storage refused the data: {0}")]
    Data(String),
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            // Only errors that the data causes; everything else is worth another try.
            sqlx::Error::Database(database) => {
                let code = database.code().unwrap_or_default().into_owned();
                // PostgreSQL: classes 22 (data) and 23 (integrity). SQLite: 19 constraint, 20 mismatch, 18 too big.
                let data = code.len() == 5 && (code.starts_with("22") || code.starts_with("23"))
                    || code.parse::<u32>().is_ok_and(|n| code.len() < 5 && matches!(n & 0xff, 18..=20));
                // Messages of constraints name columns, never values; PostgreSQL's `detail` would quote values.
                if data { Self::Data(database.message().to_owned()) } else { Self::Unavailable(error.to_string()) }
            }
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Encode(_) => Self::Data(error.to_string()),
            _ => Self::Unavailable(error.to_string()),
        }
    }
}
