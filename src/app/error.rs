//! Why an installation cannot start.

use std::path::PathBuf;

use crate::roster::Problems;
use crate::storage::StorageError;

/// Why an installation cannot start. Each names what to repair.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Office files.
    #[error(transparent)]
    Offices(#[from] Problems),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Another process serves the same file.
    #[error(
        "another antrean serves the database {0} already; stop that one first, or give this one a database of its own"
    )]
    Taken(PathBuf),
    /// There is evidence of an earlier database, which is missing.
    #[error("{0}")]
    NoDatabase(String),
    /// A copy into this database was cut off.
    #[error("a move from {0} into this database was begun and not finished; run the same `antrean db move` again")]
    HalfMoved(String),
    /// An office file changed without a new version.
    #[error(
        "the file of office `{0}` has changed, but still says `version = {1}`, which is in force with other content; \
         write `version = {next}`",
        next = .1 + 1
    )]
    SameVersion(String, u32),
    /// An office file and the database both changed since they parted.
    #[error(
        "the file of office `{0}` and the database both changed since they parted: version {1} was made in the console and the file \
         does not know it. Write it out with `antrean office export {0} FOLDER`, and put what the file has besides into it; or add \
         `based_on = {1}` to the file where it has everything"
    )]
    Parted(String, u32),
    /// Something in the configuration.
    #[error("{0}")]
    Config(String),
    /// The port.
    #[error("cannot listen on {0}: {1}; if another `antrean` listens there, end it or choose another port")]
    Listen(std::net::SocketAddr, std::io::Error),
    /// A file or folder.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// The console.
    #[error(transparent)]
    Access(#[from] crate::access::AccessError),
    /// The operating system has no random numbers.
    #[error("the operating system gives no random numbers")]
    Chance,
}
