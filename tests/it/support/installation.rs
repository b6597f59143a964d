//! What a test of the whole product stands on: a folder with offices of its own, a configuration, a look into the tables.
//!
//! The offices are the shipped ones, open every day, with calendars of this year and the next: these tests run on the
//! machine's own clock, so they must not depend on the day they run.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use antrean::clock::{Clock, SystemClock};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::engine::{Engine, Tables};
use crate::support::postgres::Database;

/// The binary under test.
pub const ANTREAN: &str = env!("CARGO_BIN_EXE_antrean");
/// Longest wait for anything: a reply whose answer was lost rests a minute, and a loaded machine needs seconds for what
/// takes milliseconds.
pub const WAIT: Duration = Duration::from_secs(150);
/// Signs what the provider sends.
pub const APP_SECRET: &str = "rahasia-aplikasi-uji";
/// Signs what antrean sends.
pub const ACCESS_TOKEN: &str = "kunci-kirim-uji";
/// The provider's question.
pub const VERIFY_TOKEN: &str = "kata-periksa-uji";

/// A folder for one installation; gone with the value.
pub struct Installation {
    pub folder: TempDir,
    /// Its database, where that is not the file `antrean.db` in its folder.
    elsewhere: Option<Database>,
}

impl Installation {
    /// Offices `bogor` (1001), `jakarta-pusat` (1002) and `batam` (1003), whose sends go to `api`.
    pub fn new(api: &str) -> Self {
        Self::with(api, None)
    }

    /// The same, on either engine.
    pub async fn new_on(engine: Engine, api: &str) -> Self {
        match engine {
            Engine::Sqlite => Self::new(api),
            Engine::Postgres => Self::with(api, Some(Database::migrated().await)),
        }
    }

    fn with(api: &str, elsewhere: Option<Database>) -> Self {
        let database = elsewhere.as_ref().map_or("sqlite://antrean.db", |database| &database.url).to_owned();
        let installation = Self { folder: tempfile::tempdir().expect("a folder"), elsewhere };
        let offices = installation.path("offices");
        std::fs::create_dir(&offices).expect("a folder");
        let week = "[hours]\nsenin-minggu = [\"08:00-12:00\", \"13:00-15:00\"]\n";
        for (id, more) in [("bogor", ""), ("jakarta-pusat", ""), ("batam", "intake = \"always\"\n")] {
            let text = format!("extend = \"{id}.toml\"\nid = \"{id}\"\nversion = 7\n{more}{week}");
            std::fs::write(offices.join(format!("kantor-{id}.toml")), text).expect("written");
        }
        for year in [now().year(), now().year() + 1] {
            // A calendar has holidays; this one's lies far from the days that are asked for.
            let day = if (4..=9).contains(&now().month()) { "12-25" } else { "06-15" };
            let text = format!("year = {year}\n[[holiday]]\ndate = {year}-{day}\nname = \"Uji\"\nname_en = \"Test\"\n");
            std::fs::write(offices.join(format!("{year}.toml")), text).expect("written");
        }
        let channel = |office: &str, id: &str| {
            format!("[[channel]]\ngateway = \"wa\"\noffice = \"{office}\"\nphone_number_id = \"{id}\"\n")
        };
        let config = format!(
            "listen = \"127.0.0.1:0\"\ndatabase = \"{database}\"\noffices = [\"offices\"]\n\
             [gateway.wa]\nkind = \"whatsapp_cloud\"\napi = \"{api}\"\nversion = \"v25.0\"\n\
             verify_token = \"{VERIFY_TOKEN}\"\napp_secret = \"{APP_SECRET}\"\naccess_token = \"{ACCESS_TOKEN}\"\n\
             {}{}{}",
            channel("bogor", "1001"),
            channel("jakarta-pusat", "1002"),
            channel("batam", "1003")
        );
        std::fs::write(installation.config(), config).expect("written");
        installation
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn config(&self) -> PathBuf {
        self.path("antrean.toml")
    }

    /// Adds a channel of an office of one's own choice to the configuration.
    pub fn add_channel(&self, office: &str, id: &str) {
        let more = format!("[[channel]]\ngateway = \"wa\"\noffice = \"{office}\"\nphone_number_id = \"{id}\"\n");
        let mut config = std::fs::OpenOptions::new().append(true).open(self.config()).expect("the configuration");
        config.write_all(more.as_bytes()).expect("written");
    }

    /// Puts another of the shipped offices in force here, open every day, on a channel of its own.
    pub fn add_office(&self, id: &str, channel: &str) {
        let week = "[hours]\nsenin-minggu = [\"08:00-12:00\", \"13:00-15:00\"]\n";
        let text = format!("extend = \"{id}.toml\"\nid = \"{id}\"\nversion = 7\n{week}");
        std::fs::write(self.path("offices").join(format!("kantor-{id}.toml")), text).expect("written");
        self.add_channel(id, channel);
    }

    /// A look into its tables.
    pub async fn tables(&self) -> Tables {
        Tables::of(&self.url()).await
    }

    /// The address of its database.
    pub fn url(&self) -> String {
        let own = || format!("sqlite://{}", self.path("antrean.db").display());
        self.elsewhere.as_ref().map_or_else(own, |database| database.url.clone())
    }

    /// Runs a command of the binary in its folder, so that its `antrean.toml` is found.
    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, &[], "")
    }

    /// The same, with environment and standard input.
    pub fn run_with(&self, args: &[&str], environment: &[(&str, &str)], input: &str) -> Ran {
        let mut child = command(self.folder.path())
            .args(args)
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        // A command that reads nothing may be gone already.
        child.stdin.take().expect("standard input").write_all(input.as_bytes()).ok();
        Ran::of(&child.wait_with_output().expect("ended"))
    }
}

/// The binary, without the environment of whoever runs the tests.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(ANTREAN);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ANTREAN_")) {
        command.env_remove(name);
    }
    command.current_dir(folder);
    command
}

/// What a command came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Self { code: output.status.code().expect("an exit code"), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Its standard output, if it went well.
    pub fn done(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out
    }

    /// What it said went wrong, on whichever output.
    pub fn failed(self) -> String {
        assert_ne!(self.code, 0, "{self:?}");
        self.out + &self.err
    }
}

/// The machine's time.
pub fn now() -> DateTime<Utc> {
    SystemClock.now()
}

/// The date at a WIB office, some days ahead.
pub fn in_days(days: u64) -> NaiveDate {
    (now() + chrono::Duration::hours(7)).date_naive() + Days::new(days)
}

/// An invented citizen's number.
pub fn number(n: usize) -> String {
    format!("62812000{n:05}")
}

/// A form of Bogor or Jakarta Pusat.
pub fn form(name: &str, visit: NaiveDate) -> String {
    format!("#{name}#25011987#{}", visit.format("%d%m%Y"))
}

/// A name of letters only, one for each number.
pub fn name(n: usize) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).expect("below 26"));
    format!("Warga {}{}{}", letter(n / 676), letter(n / 26), letter(n))
}

/// What a message to the provider says: its text, what stands under its picture, or above its buttons.
pub fn said(message: &Value) -> Option<&str> {
    let places = [&message["text"]["body"], &message["image"]["caption"], &message["interactive"]["body"]["text"]];
    places.into_iter().find_map(Value::as_str)
}

/// The run of eight digits in an echo: exactly one, which the issue promises.
pub fn code_in(text: &str) -> String {
    let runs: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 8).collect();
    let [code] = runs.as_slice() else { panic!("not exactly one run of eight digits in {text:?}") };
    (*code).to_owned()
}

/// A text message as the provider writes it.
pub fn text(from: &str, id: &str, sent_at: DateTime<Utc>, body: &str) -> Value {
    json!({"from": from, "id": id, "timestamp": sent_at.timestamp().to_string(), "type": "text", "text": {"body": body}})
}

/// A picture message as the provider writes it.
pub fn photo(from: &str, id: &str, sent_at: DateTime<Utc>, media: &str, caption: Option<&str>) -> Value {
    let mut image = json!({"id": media, "mime_type": "image/jpeg", "sha256": "3q2+7w=="});
    if let Some(caption) = caption {
        image["caption"] = json!(caption);
    }
    json!({"from": from, "id": id, "timestamp": sent_at.timestamp().to_string(), "type": "image", "image": image})
}

/// Messages of one channel.
pub fn change(phone_number_id: &str, messages: &[Value]) -> Value {
    let metadata = json!({"display_phone_number": "622100000001", "phone_number_id": phone_number_id});
    json!({"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, "messages": messages}})
}

/// A whole body of entries, each with its changes.
pub fn body(entries: &[Vec<Value>]) -> String {
    let entries: Vec<Value> = entries.iter().map(|changes| json!({"id": "500100", "changes": changes})).collect();
    json!({"object": "whatsapp_business_account", "entry": entries}).to_string()
}

/// Waits until `holds` gives something.
pub async fn until<T>(what: &str, mut holds: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + WAIT;
    loop {
        if let Some(found) = holds().await {
            return found;
        }
        assert!(Instant::now() < end, "never happened: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
