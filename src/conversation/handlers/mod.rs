//! What is done for each kind of request, one file each. `conversation/decide.rs` says which request goes where.

pub(super) mod agreement;
pub(super) mod answer;
pub(super) mod attendance;
pub(super) mod cancel;
pub(super) mod clarify;
mod closed_day;
pub(super) mod code;
mod comeback;
pub(super) mod command;
mod day;
pub(super) mod displaced;
pub(super) mod edit;
mod form;
pub(super) mod guide;
mod guide_offer;
pub(super) mod handover;
mod hold;
mod limits;
pub(super) mod member;
mod notice;
mod offer;
mod offer_told;
mod opening;
pub(super) mod opt_out;
pub(super) mod personal_data;
pub(super) mod photo;
pub(super) mod reminder;
pub(super) mod reschedule;
mod shared;
pub(super) mod topics;
pub(super) mod undo;
pub(super) mod waiting;

pub use hold::SHORT_HOLD_MINUTES;
pub use notice::decide_notice;
pub use offer::{Turn, join_share, offer, share, shared_told};
pub use topics::DAYS_WITH_ROOM;
