//! The installation that is measured: an office whose day is looked at, others that take in messages, and the server.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use antrean::access::{Access, Actor, Used, Visitor, next_code};
use antrean::clock::{Clock, SharedClock, SystemClock};
use antrean::domain::audit::Operator;
use antrean::domain::office::OfficeId;
use antrean::domain::staff::{Grant, Place, Role};
use antrean::front_desk::{self, Displays};
use antrean::roster::Roster;
use antrean::storage::Storage;
use chrono::{TimeDelta, Timelike};
use tempfile::TempDir;

use super::process;
use super::requests::SECRET;

/// The binary that is measured.
const ANTREAN: &str = env!("CARGO_BIN_EXE_antrean");
/// The office whose day is looked at, and its channel.
pub const OFFICE: &str = "bench-0";
/// The channel of that office.
pub const CHANNEL: &str = "0";
/// Offices that take in messages.
const OTHERS: usize = 8;
/// The last hour of a day in which what is booked is still on this day.
const LAST_HOUR: u32 = 21;

/// The channels of all offices.
pub fn channels() -> impl Iterator<Item = String> {
    (0..=OTHERS).map(|number| number.to_string())
}

/// The running server; killed with the value.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
    folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Server {
    /// Starts it in a folder of its own, and waits until it listens.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path());
        let mut child = Command::new(ANTREAN)
            .args(["serve", "--config", "antrean.toml"])
            .current_dir(folder.path())
            .env("ANTREAN_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let listens = |line: String| line.split_once("listening on http://")?.1.trim().parse().ok();
        let address = output.lines().map_while(Result::ok).find_map(listens).expect("the server says where it listens");
        Self { address, child, folder }
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Where it is reached.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// An address of a display.
    pub fn url_of(&self, display: &str, page: &str) -> String {
        format!("{}/display/{display}/{page}", self.url())
    }

    /// Its database, beside it.
    async fn storage(&self) -> Storage {
        let url = format!("sqlite:{}", self.folder.path().join("antrean.db").display());
        Storage::open(&url).await.expect("the database")
    }

    /// A supervisor, signed in: the token of the session.
    pub async fn sign_in(&self) -> String {
        let storage = self.storage().await;
        let clock: SharedClock = Arc::new(SystemClock);
        let roster = Arc::new(Roster::shipped().expect("the shipped offices"));
        let access =
            Access::new(storage.clone(), clock.clone(), clock, Arc::new(move || Arc::clone(&roster))).expect("access");
        let by = Operator::new(None, "bench");
        let grant = Grant { place: Place::Everywhere, role: Role::Supervisor };
        let people = access.people();
        let id = people
            .add(Actor::Terminal(&by), ("agus", "Agus"), &[grant])
            .await
            .expect("storage")
            .expect("a new officer");
        let link = people.link(Actor::Terminal(&by), id, false).await.expect("storage").expect("a link");
        let opened = access.open_link(&link).await.expect("storage").expect("the link is known");
        let code = next_code(opened.seed().expect("a seed"), 0, SystemClock.now()).expect("a code").0;
        let visitor = Visitor { network: "127.0.0.1".to_owned(), browser: "a benchmark".to_owned() };
        let used = access.use_link(&link, ("sepeda kabut lemari angin", &code), &visitor).await.expect("storage");
        storage.close().await;
        match used {
            Used::In { token, .. } => token,
            other => panic!("not signed in: {other:?}"),
        }
    }

    /// A new display of the office: its token.
    pub async fn display(&self, name: &str) -> String {
        let storage = self.storage().await;
        let displays = Displays::new(storage.clone(), Arc::new(SystemClock));
        let office = OfficeId::read(OFFICE).expect("an id");
        let by = front_desk::Actor::read("agus").expect("a name");
        let (_, token) = displays.add(&office, name, &by).await.expect("a display");
        storage.close().await;
        token
    }

    /// The codes of the office's bookings of its first day.
    pub fn codes(&self) -> Vec<String> {
        let file = self.folder.path().join("antrean.db");
        let connection = rusqlite::Connection::open(file).expect("the database");
        let mut rows = connection
            .prepare("select code from booking where office = ?1 and state = 'booked' and date = (select min(date) from booking)")
            .expect("a statement");
        let codes = rows.query_map([OFFICE], |row| row.get(0)).expect("rows");
        codes.map(|code| code.expect("a code")).collect()
    }

    /// Resident memory, in MiB.
    pub fn resident_mib(&self) -> f64 {
        process::resident_mib(self.pid())
    }
}

/// Writes office files, calendars and configuration.
fn write(folder: &Path) {
    let offices = folder.join("offices");
    std::fs::create_dir_all(&offices).expect("a folder");
    let mut text = format!(
        "listen = \"127.0.0.1:0\"\ndatabase = \"sqlite:antrean.db\"\noffices = [\"offices\"]\n[console]\n[gateway.wa]\n\
         kind = \"whatsapp_cloud\"\napi = \"http://127.0.0.1:9\"\nverify_token = \"v\"\napp_secret = \"{SECRET}\"\n\
         access_token = \"t\"\n"
    );
    for number in 0..=OTHERS {
        // The day that is looked at is full: whoever comes later is booked on another.
        let limit = if number == 0 { "seats_per_day = 400\n" } else { "" };
        let file = format!(
            "extend = \"base.toml\"\nid = \"bench-{number}\"\nversion = 1\nname = \"Kantor {number}\"\n\
             zone = \"{}\"\nsite = \"Loket {number}\"\nformats = [\"batam-tanpa-foto\"]\nseats_per_hour = 400\n{limit}\
             [hours]\nsenin-minggu = [\"00:00-23:00\"]\n[policy]\napproval = \"none\"\nearliest = \"today\"\nminutes_before_hour = 1\n\
             horizon_days = 180\narrivals = true\n",
            zone()
        );
        std::fs::write(offices.join(format!("bench-{number}.toml")), file).expect("an office file");
        write!(text, "[[channel]]\ngateway = \"wa\"\noffice = \"bench-{number}\"\nphone_number_id = \"{number}\"\n")
            .expect("a text");
    }
    // Days of a year without a calendar are not given, and the horizon reaches into the next.
    let year = SystemClock.now().format("%Y").to_string().parse::<i32>().expect("a year");
    for year in [year, year + 1] {
        let file =
            format!("year = {year}\n[[holiday]]\ndate = {year}-01-01\nname = \"Tahun Baru\"\nname_en = \"New Year\"\n");
        std::fs::write(offices.join(format!("{year}.toml")), file).expect("a calendar");
    }
    std::fs::write(folder.join("antrean.toml"), text).expect("a configuration");
}

/// A zone in which the day is not over yet: a form of now is booked on today.
fn zone() -> &'static str {
    let western = (SystemClock.now() + TimeDelta::hours(7)).hour();
    if western <= LAST_HOUR { "WIB" } else { "WIT" }
}
