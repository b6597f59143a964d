//! The only room that says SQL. One text for two engines.

/// The database of an installation.
#[derive(Debug, Clone)]
pub struct Storage {}

/// A database that cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The engine or the connection failed or is busy; worth another try.
    #[error("storage is not available: {0}")]
    Unavailable(String),
    /// The data was refused (a constraint, an encoding): another try will fail as well.
    #[error("storage refused the data: {0}")]
    Data(String),
}

impl Storage {
    /// Opens `sqlite://path`, creates it where it is missing, and migrates it.
    ///
    /// # Errors
    /// [`StorageError`] when it cannot be opened or migrated.
    pub async fn open(url: &str) -> Result<Self, StorageError> {
        let _ = url;
        todo!("storage room")
    }
}
