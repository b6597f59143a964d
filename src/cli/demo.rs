//! `antrean demo`: everything on one machine, with nothing to set up.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Args;

use super::install::{CommandError, DEMO_CLOCK, block_on, start_log};
use super::serve::told_to_stop;
use crate::app::{self, Bells, Time};
use crate::clock::{DemoClock, MovableClock};
use crate::config::{Config, DEMO_OFFICE, listen};
use crate::files::Readers;

/// When the demo's clock starts: a Monday morning, 09.00 WIB, of a year whose holidays are known, two weeks before
/// Independence Day.
const STARTS_AT: &str = "2026-08-03T02:00:00Z";
/// How often the demo's time is noted, so that it never goes back over a restart.
const NOTE_EVERY: Duration = Duration::from_secs(5);

/// Arguments of `antrean demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// The address to listen on; a port alone: on this machine only
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080", value_parser = listen)]
    pub listen: SocketAddr,
    /// The folder that keeps the demo's data; remove it to start anew
    #[arg(long, value_name = "DIR", default_value = "antrean-demo")]
    pub data: PathBuf,
}

/// Runs the command.
pub fn run(args: &DemoArgs) -> ExitCode {
    block_on(async {
        start_log(false);
        Readers::Owner
            .create_folder(&args.data)
            .map_err(|error| CommandError::Other(format!("cannot create {}: {error}", args.data.display())))?;
        let config = Config::demo(args.listen, &args.data).map_err(CommandError::Other)?;
        let bells = Bells::default();
        let rung = vec![Arc::clone(&bells.courier), Arc::clone(&bells.caretaker)];
        let noted = args.data.join(DEMO_CLOCK);
        let clock: Arc<dyn MovableClock> = Arc::new(DemoClock::starting_at(start(&noted), rung));
        let app = app::build(&config, Time::Movable(Arc::clone(&clock), bells)).await?;
        let address = app.address()?;
        let stop = told_to_stop()?;
        println!("antrean demo, {} offices, data in {}", config.channels.len(), args.data.display());
        println!();
        println!("  Simulator   http://{address}/simulator");
        println!("  Health      http://{address}/healthz   http://{address}/readyz");
        println!("  Metrics     http://{address}/metrics");
        println!();
        println!(
            "Try `#Budi#25011987#10082026` to {DEMO_OFFICE}. Ctrl-C stops it; `rm -r {}` starts it anew.",
            args.data.display()
        );
        let noting = tokio::spawn(note_time(Arc::clone(&clock), noted.clone()));
        app.run_until(stop).await;
        noting.abort();
        write_time(&noted, clock.now());
        Ok(ExitCode::SUCCESS)
    })
}

/// The demo's time goes on from where it stopped.
fn start(noted: &Path) -> DateTime<Utc> {
    let first = STARTS_AT.parse().unwrap_or_default();
    let last = std::fs::read_to_string(noted).ok().and_then(|text| text.trim().parse().ok());
    last.map_or(first, |last: DateTime<Utc>| last.max(first))
}

async fn note_time(clock: Arc<dyn MovableClock>, noted: PathBuf) {
    loop {
        tokio::time::sleep(NOTE_EVERY).await;
        write_time(&noted, clock.now());
    }
}

fn write_time(noted: &Path, now: DateTime<Utc>) {
    if let Err(error) = Readers::Owner.write(noted, now.to_rfc3339().as_bytes()) {
        tracing::warn!(%error, "the demo's time could not be noted");
    }
}
