//! What an error of SQLite says about the disk.

/// What an error says about the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::storage) enum Fault {
    /// Nothing: a lock, the data, a fault in a statement.
    Other,
    /// A write failed and counts as failed: the next one may succeed.
    Write,
    /// A sync failed: data that counts as written may be lost, and no later sync reports it.
    Sync,
}

/// Classifies an error by its SQLite result code.
pub(in crate::storage) fn fault(error: &sqlx::Error) -> Fault {
    const IOERR_FSYNC: u32 = 1034;
    const IOERR_DIR_FSYNC: u32 = 1290;
    // Read-only, input/output, corrupt, full, cannot open, not a database.
    const WRITE: [u32; 6] = [8, 10, 11, 13, 14, 26];
    match error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok()) {
        Some(IOERR_FSYNC | IOERR_DIR_FSYNC) => Fault::Sync,
        Some(code) if WRITE.contains(&(code & 0xff)) => Fault::Write,
        _ => Fault::Other,
    }
}

/// Whether another process held the lock for the whole busy timeout.
pub(in crate::storage) fn is_busy(error: &sqlx::Error) -> bool {
    const BUSY: u32 = 5;
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == BUSY)
}

/// Whether the file is damaged, or is no database.
pub(in crate::storage) fn is_damaged(error: &sqlx::Error) -> bool {
    const CORRUPT: u32 = 11;
    const NOT_A_DATABASE: u32 = 26;
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    code.is_some_and(|code| [CORRUPT, NOT_A_DATABASE].contains(&(code & 0xff)))
}
