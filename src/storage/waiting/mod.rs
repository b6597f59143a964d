//! Waiting lists: read and written within the desk's transaction, the turns that are due, and the list for officers.

pub(super) mod list;
pub(super) mod report;
pub(super) mod steps;
pub(super) mod turns;
