//! What several commands have in common: which installation is meant, how a command fails, the log, and how values are read and
//! printed.

pub(super) mod acting;
pub(super) mod error;
pub(super) mod in_force;
pub(super) mod installation;
pub(super) mod log;
pub(super) mod office;
pub(super) mod panics;
pub(super) mod refused;
mod repeats;
pub(super) mod span;
pub(super) mod value;
