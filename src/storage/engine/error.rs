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
                // PostgreSQL's `detail` would quote values, so it is left out.
                if data {
                    Self::Data(without_values(&code, database.message()))
                } else {
                    Self::Unavailable(error.to_string())
                }
            }
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Encode(_) => Self::Data(error.to_string()),
            _ => Self::Unavailable(error.to_string()),
        }
    }
}

/// What the database says of data that it refuses. Messages of constraints name columns, never values; but a value that PostgreSQL cannot
/// read (class 22) it quotes, and that may be what a citizen wrote.
fn without_values(code: &str, message: &str) -> String {
    let quoted = code.starts_with("22").then(|| message.find('"').zip(message.rfind('"'))).flatten();
    let shown = quoted.and_then(|(from, to)| Some(format!("{}…{}", message.get(..from)?, message.get(to + 1..)?)));
    shown.unwrap_or_else(|| message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    // It failed first: the value stood in the error, which is logged, and kept with a message that is set aside.
    #[test]
    fn what_postgresql_quotes_of_a_value_is_left_out_and_names_of_constraints_are_not() {
        for (code, message, told) in [
            (
                "22P02",
                "invalid input syntax for type bigint: \"Qwerzani \"W\" é\"",
                "invalid input syntax for type bigint: …",
            ),
            (
                "22003",
                "value \"6281355500777\" is out of range for type integer",
                "value … is out of range for type integer",
            ),
            ("22P05", "unsupported Unicode escape sequence", "unsupported Unicode escape sequence"),
            (
                "23505",
                "duplicate key value violates unique constraint \"booking_code\"",
                "duplicate key value violates unique constraint \"booking_code\"",
            ),
            ("2067", "UNIQUE constraint failed: booking.code", "UNIQUE constraint failed: booking.code"),
        ] {
            assert_eq!(without_values(code, message), told);
        }
    }
}
