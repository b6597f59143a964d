//! Every version of what an office is, with who published it, when and why.

pub(in crate::storage) mod read;
pub(in crate::storage) mod row;
pub(in crate::storage) mod write;

pub use read::Replaced;
pub use row::{Origin, StoredVersion, VersionHead};
pub use write::NewVersion;
