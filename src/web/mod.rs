//! HTTP: webhooks, the simulator page, health, metrics. Turns errors into status codes; decides nothing about seats.
//!
//! [`router`] holds all routes, [`serve`] accepts connections. Nothing here holds a transaction, and nothing that a client
//! does (hang up, dawdle, send too much) undoes or loses work of the desk. `protection` keeps unverified senders from taking
//! the connections and the memory that providers need.

mod bilingual;
mod body;
mod bundle;
pub mod console;
pub mod display;
mod health;
mod link_page;
mod live;
mod middleware;
mod protection;
mod router;
mod server;
pub mod simulator;
mod start;
mod state;
mod turn;
mod upload;
mod webhook;

#[cfg(test)]
mod assault;
#[cfg(test)]
mod fakes;
#[cfg(test)]
mod tests;

pub use self::body::BODY_BYTES_MAX;
pub use self::protection::{Guard, GuardSettings, Limits};
pub use self::router::{guarded, router};
pub use self::server::{Server, serve};
pub use self::state::{AppState, Intake, Probe, StoppedChannels, Timeouts};
