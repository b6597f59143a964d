//! `antrean demo`: everything on one machine, with nothing to set up.

mod day;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Args;

use super::serve::{exit_code, stop_signal};
use super::shared::error::{CommandError, block_on};
use super::shared::installation::DEMO_CLOCK;
use super::shared::log::start_log;
use super::shared::value;
use crate::access::{DEMO_ACCOUNTS, DEMO_PASSWORD};
use crate::app::{self, Time, Wakeups};
use crate::clock::{DemoClock, MovableClock};
use crate::config::{Config, DEMO_OFFICE, listen};
use crate::domain::office::OfficeId;
use crate::files::Readers;
use crate::front_desk::{Actor, Displays};
use crate::storage::Storage;

/// When the demo's clock starts: a Monday morning, 09.00 WIB, of a year whose holidays are known, two weeks before
/// Independence Day.
const STARTS_AT: &str = "2026-08-03T02:00:00Z";
/// How often the demo's time is saved, so that it never goes back over a restart.
const NOTE_EVERY: Duration = Duration::from_secs(5);

/// Who added the display of a demo.
const DEMO: &str = "demo";

/// Arguments of `antrean demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// The address to listen on; a port alone: on this machine only
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080", value_parser = listen)]
    pub listen: SocketAddr,
    /// A name of this machine that the simulator's page answers to as well; may be repeated. Where it listens beyond this
    /// machine, the machine's own name is known
    #[arg(long = "host", value_name = "NAME", value_parser = value::host)]
    pub hosts: Vec<String>,
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
        let own = if args.listen.ip().is_loopback() { Vec::new() } else { own_names() };
        let hosts = args.hosts.iter().chain(&own).cloned().collect();
        let config = Config::demo(args.listen, &args.data, hosts).map_err(CommandError::Other)?;
        let wakeups = Wakeups::default();
        let notified = vec![Arc::clone(&wakeups.courier), Arc::clone(&wakeups.caretaker)];
        let noted = args.data.join(DEMO_CLOCK);
        let begins = start(&noted);
        let is_fresh = !noted.is_file();
        let first = if is_fresh { day::BOOKED_AT.parse().unwrap_or(begins) } else { begins };
        let clock: Arc<dyn MovableClock> = Arc::new(DemoClock::starting_at(first, notified));
        let app = app::build(&config, Time::Movable(Arc::clone(&clock), wakeups)).await?;
        let (desk, storage) = app.stage();
        if is_fresh {
            day::Stage { storage: storage.clone(), desk, clock: Arc::clone(&clock) }.play(begins).await?;
        }
        let display = display(&storage, &clock).await?;
        let address = app.address()?;
        let stop = stop_signal()?;
        // At once: commands know a demo by it.
        write_time(&noted, clock.now());
        print_banner(args, (address, &display), &own, config.channels.len());
        let noting = tokio::spawn(note_time(Arc::clone(&clock), noted.clone()));
        let end = app.run_until(stop).await;
        noting.abort();
        write_time(&noted, clock.now());
        Ok(exit_code(end))
    })
}

/// A display of the office whose day is in progress, at an address of this start: only its hash is kept.
async fn display(storage: &Storage, clock: &Arc<dyn MovableClock>) -> Result<String, CommandError> {
    let displays = Displays::new(storage.clone(), Arc::<dyn MovableClock>::clone(clock));
    let (office, by) = (OfficeId::read(day::OFFICE), Actor::read(DEMO));
    let (Ok(office), Ok(by)) = (office, by) else { return Ok(String::new()) };
    for display in displays.of_office(&office).await?.iter().filter(|display| display.added_by == DEMO) {
        displays.remove(&office, display.id, &by).await?;
    }
    let added = displays.add(&office, "Ruang tunggu", &by).await;
    added.map(|(_, token)| token).map_err(|error| CommandError::Other(error.to_string()))
}

/// Says where the demo listens and what to try.
fn print_banner(args: &DemoArgs, (address, display): (SocketAddr, &str), own_names: &[String], offices: usize) {
    let reached = reached(address);
    println!("antrean demo, {offices} offices, data in {}", args.data.display());
    println!();
    println!("  Simulator   http://{reached}/simulator");
    println!("  Health      http://{reached}/healthz   http://{reached}/readyz");
    println!("  Metrics     http://{reached}/metrics");
    println!("  Display     http://{reached}/display/{display} ({}, whose day is in progress)", day::OFFICE);
    print_accounts(&reached, &args.data);
    println!();
    if address.ip().is_unspecified() {
        let names = args.hosts.iter().chain(own_names).map(|name| format!("{name}:{}", address.port()));
        let names: Vec<String> = names.collect();
        let names = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
        println!("Others reach it by this machine's address or name{names}; `--host NAME` adds a name.");
    }
    println!(
        "Try `#Budi#25011987#10082026` to {DEMO_OFFICE}. Ctrl-C stops it; `rm -r {}` starts it anew.",
        args.data.display()
    );
}

/// Who can sign in to the demo's console, and how.
fn print_accounts(reached: &str, data: &Path) {
    println!("  Console     http://{reached}/console");
    println!();
    println!("Sign in to the console as one of these, with the password `{DEMO_PASSWORD}`:");
    for (login, _, role, office) in DEMO_ACCOUNTS {
        println!("  {login:<16} {role}, {}", office.unwrap_or("every office"));
    }
    let database = data.join("antrean.db");
    println!("The one-time code: `antrean user code --demo --database sqlite://{}`", database.display());
}

/// The address to type on this machine: a browser cannot open the unspecified address.
fn reached(address: SocketAddr) -> String {
    if address.ip().is_unspecified() { format!("localhost:{}", address.port()) } else { address.to_string() }
}

/// The machine's own names, as others in its network call it; none where the system does not keep its name in a file.
fn own_names() -> Vec<String> {
    let read = |path: &&str| std::fs::read_to_string(path).ok().and_then(|text| value::host(text.trim()).ok());
    let name = ["/proc/sys/kernel/hostname", "/etc/hostname"].iter().find_map(read);
    name.map_or_else(Vec::new, |name| names_of(&name))
}

/// A machine's name, alone and in the two forms that a network gives it.
fn names_of(name: &str) -> Vec<String> {
    let short = name.split('.').next().unwrap_or(name);
    let mut names = vec![name.to_owned()];
    for other in [short.to_owned(), format!("{short}.local")] {
        if !names.contains(&other) {
            names.push(other);
        }
    }
    names
}

/// The time that a demo begins with: where it stopped, or its first morning.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_called_by_its_name_with_and_without_its_network() {
        assert_eq!(names_of("loket"), ["loket", "loket.local"]);
        assert_eq!(names_of("loket.kantor.lan"), ["loket.kantor.lan", "loket", "loket.local"]);
        assert_eq!(names_of("loket.local"), ["loket.local", "loket"]);
    }

    // Negative control: with the address as it is bound, the first two lead nowhere.
    #[test]
    fn the_address_to_type_can_be_opened() {
        for (bound, typed) in [
            ("0.0.0.0:8080", "localhost:8080"),
            ("[::]:8080", "localhost:8080"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("192.0.2.2:8080", "192.0.2.2:8080"),
        ] {
            assert_eq!(reached(bound.parse().unwrap()), typed);
        }
    }

    #[test]
    fn a_host_is_a_name_and_nothing_else() {
        assert_eq!(value::host("Demo.Kantor.lan."), Ok("demo.kantor.lan".to_owned()));
        for text in ["http://demo.lan", "demo.lan:8080", "", "demo lan", "demo..lan", "demo.lan/"] {
            assert!(value::host(text).is_err(), "{text}");
        }
    }
}
