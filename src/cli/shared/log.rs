//! Starts the log of a command.

use std::io::IsTerminal;

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::{Layer, layer::SubscriberExt, util::SubscriberInitExt};

use super::repeats::Repeats;

/// What dependencies write of requests: their addresses, in which a code, a number or a token may stand, and parts that cannot be read.
/// They are kept quiet at whatever level is asked for.
const TELLS_REQUESTS: [&str; 2] = ["tower_http::csrf::service", "axum::rejection"];

/// Starts the log on standard error: levels from `ANTREAN_LOG` (`info` by default), lines of text or JSON.
pub fn start_log(json: bool) {
    let asked = std::env::var("ANTREAN_LOG").unwrap_or_default();
    let levels = asked.parse::<Targets>().ok().filter(|_| !asked.is_empty());
    let colours = std::io::stderr().is_terminal();
    let log =
        tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colours).log_internal_errors(false);
    let log = if json { log.json().boxed() } else { log.boxed() };
    let is_unread = levels.is_none() && !asked.is_empty();
    let levels = levels.unwrap_or_else(|| Targets::new().with_default(Level::INFO));
    let levels = levels.with_targets(TELLS_REQUESTS.map(|target| (target, Level::INFO)));
    // A second start (in tests of one process) changes nothing.
    let repeats = Repeats::default();
    if tracing_subscriber::registry().with(log).with(levels).with(repeats.clone()).try_init().is_ok() {
        repeats.write_counts();
    }
    if is_unread {
        tracing::warn!(
            asked,
            "ANTREAN_LOG is not understood, so it is info; write levels such as warn,antrean::courier=debug"
        );
    }
}
