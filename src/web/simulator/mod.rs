//! `/simulator`: a page that looks like a phone chat, where one plays citizens against the real desk.
//!
//! What citizens send goes in by the same webhook as everybody's; only replies and the demo's clock have routes of
//! their own. Exists where a simulator gateway is configured, and nowhere else.

mod clock;
mod events;
mod page;
mod routes;
mod state;

pub(super) use self::routes::router;
pub use self::state::{OfficeBoard, OfficeCard, Setup};
