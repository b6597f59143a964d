//! `/display/{token}`: what hangs in an office's hall. It shows numbers and counters, rings and speaks, and says nothing about anybody.
//!
//! The page is told the state of the hall and makes of it what is new, by the calls' numbers in their order; `page` has its files and
//! `voice` the words that it says.

mod assets;
mod routes;
mod state;

pub(super) use self::routes::router;
pub use self::state::Setup;
