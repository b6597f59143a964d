//! The database of an installation as files: who serves it, whether it is the right one, and who may read it.

pub(super) mod lock;
pub(super) mod permissions;
pub(super) mod place;
pub(super) mod stamp;
