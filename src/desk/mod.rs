//! Serves what comes in: the whole intake transaction. Everything that changes seats goes through here.
//!
//! A request handler queues items and waits; a lane takes what arrived while its last commit ran and serves it as one batch (group
//! commit). Handlers never hold a transaction, so a client that hangs up cancels nothing.

mod admission;
mod backlog;
mod batch;
mod channel_notice;
mod dependencies;
mod handle;
mod identity;
mod incoming;
mod kept;
mod lane;
mod no_shows;
mod notice_jobs;
mod offices;
mod pending_writes;
mod people;
mod planned_moves;
mod previews;
mod reading;
mod task;
mod under_way;
mod verdict;
mod visits;
mod waiting;
mod wording;

pub use dependencies::{Channels, Dependencies, MESSAGES_PER_COMMIT, RepliesMax, WAIT_MAX};
pub use handle::Desk;
pub use offices::{earlier_since, put_stored};
pub use planned_moves::planned_moves;
pub use previews::{Displacement, PreviewScene, preview_displaced};
pub use verdict::{Busy, Verdict};
