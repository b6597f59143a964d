//! Builds an installation out of its configuration and runs it. The only module that knows all others.
//!
//! From the inside out: `error` and `time` are what the others share; `database` locks the file, compares it with its stamp and
//! repairs permissions; `offices`, `gateways`, `desk` and `http` make one part each; `clock_watch` and `loops` run beside the
//! server; `run` is the installation, and `build` puts it together.

mod build;
mod clock_watch;
mod console;
mod database;
mod desk;
mod error;
mod gateways;
mod http;
mod loops;
mod offices;
mod run;
mod seed;
mod time;
mod turns;

pub use build::build;
pub use database::lock::{Lock, lock};
pub use database::place::without_password;
pub use database::stamp::{create_database_file, refuse_missing_database, warnings_of_logs_put_aside};
pub use desk::{desk, lines};
pub use error::BuildError;
pub use gateways::gateways_of;
pub use run::{App, End};
pub use time::{Time, Wakeups};
