//! What is kept of citizens: erased when it is too old and when they ask for it, and found nowhere afterwards.

mod canaries;
mod chat;
mod command;
mod debug;
mod ways_in;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use antrean::caretaker::Caretaker;
use antrean::clock::Clock;
use antrean::courier::Courier;
use antrean::desk::Verdict;
use antrean::domain::message::{Attachment, Contact, Content, Inbound, MessageId};
use antrean::domain::office::{Office, OfficeId};
use antrean::domain::retention::Retention;
use antrean::domain::ticket::OfficerText;
use antrean::front_desk::{Actor, FrontDesk, Press};
use antrean::gateway::tape::Tape;
use antrean::gateway::{Gateway, Gateways, Item, Unread};
use antrean::metrics::Metrics;
use antrean::storage::{ContactKey, NewErasure, TicketFilter};
use chrono::TimeDelta;

use crate::support::desk_fixture::{DeskFixture, Standing, channel};
use crate::support::engine::{Engine, Tables};
use crate::support::installation::code_in;

/// Whoever is planted: nothing of it stands anywhere else in the tests.
pub const NAME: &str = "Qwerzani Pustovaya";
pub const NUMBER: &str = "6281355500777";
/// Everything by which they would be found, in small letters.
pub const CANARIES: [&str; 11] = [
    "qwerzani",
    "pustovaya",
    "6281355500777",
    "81355500777",
    "13021971",
    "1971-02-13",
    "13 februari 1971",
    "3271041302710003",
    "jepitanmerah",
    "gangkelinci",
    "rahasiafoto",
];
/// The form of the planted citizen for Tuesday.
pub const FORM: &str = "#Qwerzani Pustovaya#13021971#04082026";

/// An installation with a citizen of whom everything is kept that can be.
pub struct Planted {
    pub fixture: DeskFixture,
    pub media: tempfile::TempDir,
    pub metrics: Arc<Metrics>,
    gateways: Gateways,
    sent: u32,
}

fn everything(bogor: &mut Office) {
    bogor.policy.arrivals = true;
    bogor.policy.handover = true;
    bogor.policy.cancelling = true;
}

impl Planted {
    pub async fn empty(engine: Engine) -> Self {
        let fixture = DeskFixture::of_bogor(engine, everything).await;
        let gateways: Gateways = [("wa".to_owned(), Tape::new("wa") as Arc<dyn Gateway>)].into();
        let media = tempfile::tempdir().unwrap();
        Self { fixture, media, metrics: Arc::default(), gateways, sent: 0 }
    }

    /// Everything of the planted citizen is there, and all that could be sent has been.
    pub async fn new(engine: Engine) -> Self {
        let mut planted = Self::empty(engine).await;
        planted.plant().await;
        planted
    }

    async fn plant(&mut self) {
        self.say("Assalamualaikum, saya Qwerzani Pustovaya, lahir 13 Februari 1971, NIK 3271041302710003").await;
        let code = code_in(&self.say(FORM).await);
        self.say(&code).await;
        self.photo().await;
        self.say("#petugas").await;
        self.say("alamat saya di gangkelinci nomor 3").await;
        self.officer_answers().await;
        self.say("#lanjut").await;
        self.unusual().await;
        self.lists().await;
        self.walk_in().await;
        self.send_all().await;
    }

    /// A picture with a caption, and one of their booking whose file was fetched: Bogor's own format asks for none.
    async fn photo(&mut self) {
        let attachment = Attachment { reference: "media-6281355500777".into(), mime: None, sha256: None };
        let caption = Some("foto jepitanmerah Qwerzani".to_owned());
        self.serve(Content::Picture { attachment, caption }).await;
        let now = self.fixture.now().timestamp_micros();
        let mut tables = self.tables().await;
        tables
            .run(&format!(
                "insert into media (id, office, channel, contact, attachment, state, attempts, due_us, created_us) values \
                 (4711, 'bogor', 'wa/1001', '{NUMBER}', '{{\"reference\":\"jepitanmerah\"}}', 'wanted', 0, {now}, {now}); \
                 update booking set photo = 4711 where contact = '{NUMBER}'"
            ))
            .await;
        let kept = self.photos().keep(4711, b"rahasiafoto").unwrap();
        self.fixture.storage.media_fetched(4711, &kept.file, kept.key).await.unwrap();
    }

    /// A body that nobody can read, and a message on a line of nobody.
    async fn unusual(&mut self) {
        let sender = Some(Contact::new(NUMBER));
        let unread = Unread { gateway: "wa".into(), sender, body: format!("{{\"odd\":\"{NAME}\"}}") };
        let reason = "a text that is none".to_owned();
        self.fixture.desk.serve(vec![Item::Malformed { reason, unread }]).await.unwrap();
        let mut aside = self.inbound(Content::Text(format!("{NAME} lahir 13021971")));
        aside.id = MessageId::new("wamid.6281355500777.aside");
        self.fixture.storage.keep_stray(&aside, self.fixture.now()).await.unwrap();
    }

    /// What an officer wrote to them, by their name.
    async fn officer_answers(&self) {
        let open = TicketFilter { office: None, unanswered: true, closed: false };
        let stored = self.fixture.storage.tickets(open, 1).await.unwrap().remove(0);
        let text = OfficerText::read(&format!("Baik, Ibu {NAME}, lahir 13021971.")).unwrap();
        assert!(self.fixture.desk.answer_ticket(&stored, text).await.unwrap());
    }

    /// A wait that is over, a notice that was stopped, a link for a photo, and the number by which the trail names them.
    async fn lists(&self) {
        let now = self.fixture.now().timestamp_micros();
        let detail = format!("{{\"code\":\"ABCD2345\",\"name\":\"{NAME}\"}}");
        let mut tables = self.tables().await;
        tables
            .run(&format!(
                "insert into waiting (id, office, channel, contact, party, offers, declines, state, joined_us, ended_us) \
                 values (4712, 'bogor', 'wa/1001', '{NUMBER}', 1, 0, 0, 'over', {now}, {now}); \
                 insert into notice (id, office, kind, channel, contact, subject, occasion, detail, due_us, drop_us, state, reason, \
                 created_us) values (4713, 'bogor', 'ready', 'wa/1001', '{NUMBER}', '{NUMBER}', 'uji', '{detail}', {now}, {now}, \
                 'dropped', 'stopped', {now}); \
                 insert into upload (token, office, channel, contact, booking, until_us) \
                 values ('0a', 'bogor', 'wa/1001', '{NUMBER}', 1, {now})"
            ))
            .await;
        self.fixture.storage.audit_contacts(&[planted_key()]).await.unwrap();
    }

    /// A message of somebody whom no office knows is set aside, and somebody looks at it: of them no conversation is ever kept.
    pub async fn stranger_is_looked_at(&self) {
        let contact = Contact::new(format!("{NUMBER}0"));
        let mut stray = self.inbound(Content::Text(NAME.to_owned()));
        (stray.contact, stray.also, stray.id) = (contact.clone(), Vec::new(), MessageId::new("wamid.stranger"));
        self.fixture.storage.keep_stray(&stray, self.fixture.now()).await.unwrap();
        self.fixture.storage.audit_contacts(&[(channel(), contact)]).await.unwrap();
    }

    async fn walk_in(&self) {
        let office = Arc::clone(&self.fixture.desk.roster().offices[&bogor()]);
        let actor = Actor::read("siti").unwrap();
        let desk = FrontDesk::new(self.fixture.storage.clone(), self.fixture.shared_clock(), office, actor);
        let name = antrean::domain::person::Nama::read(NAME).unwrap();
        desk.walk_in(Some(name), None, Press::default()).await.unwrap().unwrap();
    }

    fn inbound(&self, content: Content) -> Inbound {
        Inbound {
            channel: channel(),
            contact: Contact::new(NUMBER),
            also: vec![Contact::new("qwerzani@lid")],
            id: MessageId::new(format!("wamid.{NUMBER}.{}", self.sent)),
            sent_at: self.fixture.now(),
            content,
        }
    }

    async fn serve(&mut self, content: Content) {
        self.sent += 1;
        let item = Item::Message(self.inbound(content));
        assert_eq!(self.fixture.desk.serve(vec![item]).await, Ok(vec![Verdict::Served]));
        self.fixture.pass(1);
    }

    /// The planted citizen writes; gives the newest reply.
    pub async fn say(&mut self, text: &str) -> String {
        self.serve(Content::Text(text.to_owned())).await;
        let sql = format!("select text from outbox where contact = '{NUMBER}' order by id desc limit 1");
        self.tables().await.texts(&sql).await.pop().unwrap_or_default()
    }

    pub async fn tables(&self) -> Tables {
        self.fixture.tables().await
    }

    /// Sends what can be sent.
    pub async fn send_all(&self) {
        let clock = self.fixture.shared_clock();
        let courier = Courier::new(self.fixture.storage.clone(), self.gateways.clone(), clock, "test".to_owned());
        for _ in 0..100 {
            if courier.step().await.unwrap().is_idle() {
                let waiting = "select count(*) from outbox where state in ('waiting', 'claimed')";
                if self.tables().await.count(waiting).await == 0 {
                    return;
                }
            }
            self.fixture.clock.pass(TimeDelta::seconds(10));
        }
        panic!("replies are left");
    }

    /// Photos in the folder that is searched.
    pub fn photos(&self) -> antrean::photos::Photos {
        antrean::photos::Photos::within(self.media.path())
    }

    pub fn caretaker(&self, keep: Retention) -> Caretaker {
        let (storage, desk) = (self.fixture.storage.clone(), self.fixture.desk.clone());
        Caretaker::new(storage, desk, Gateways::new(), self.photos(), self.fixture.shared_clock())
            .keeping(30)
            .erasing(keep, Arc::clone(&self.metrics))
    }

    /// Steps until nothing is due within the hour.
    pub async fn tidy(&self, caretaker: &Caretaker) {
        tidy(caretaker, &self.fixture.clock).await;
    }

    /// Time passes, and the caretaker works; the last replies go out.
    pub async fn days(&self, caretaker: &Caretaker, days: i64) {
        self.fixture.pass(days * 24 * 60);
        self.tidy(caretaker).await;
    }

    /// Erases the planted citizen as the command does. Returns whether it was done.
    pub async fn erase(&self, cancel: bool) -> bool {
        let traces = self.fixture.storage.traces(&[planted_key()], false).await.unwrap().remove(0);
        self.fixture.desk.erase(&bogor(), NewErasure { traces, others: Vec::new() }, cancel).await.unwrap()
    }

    /// The file of the database.
    fn database(&self) -> Option<PathBuf> {
        antrean::storage::sqlite_path(&self.fixture.base.url())
    }

    /// Where a canary is found: in which table, file or log.
    pub async fn found(&self) -> Vec<String> {
        let mut found = in_tables(&mut self.tables().await, &CANARIES).await;
        in_folder(self.photos().folder(), &CANARIES, &mut found);
        if let Some(path) = self.database() {
            in_sqlite_files(&path, &CANARIES, &mut found);
        }
        found
    }
}

/// Steps until nothing is due within the hour.
pub async fn tidy(caretaker: &Caretaker, clock: &Standing) {
    for _ in 0..500 {
        let now = clock.now();
        match caretaker.step().await.unwrap() {
            Some(due) if due < now + TimeDelta::minutes(50) => clock.pass((due - now).max(TimeDelta::milliseconds(1))),
            _ => return,
        }
    }
    panic!("the caretaker never comes to rest");
}

pub fn bogor() -> OfficeId {
    OfficeId::read("bogor").unwrap()
}

pub fn planted_key() -> ContactKey {
    (channel(), Contact::new(NUMBER))
}

/// Fewest digits of a canary that is a number: it is found however it is written, `0813-5550-0777` and `(0813) 5550.0777` too.
const NUMBER_DIGITS_MIN: usize = 10;

/// A text that is searched: in small letters, and once more without what may stand between the digits of a number.
pub struct Searched {
    text: String,
    bare: String,
}

impl Searched {
    pub fn of(text: &str) -> Self {
        let text = text.to_lowercase();
        let bare = text.replace([' ', '-', '.', '(', ')', '/', '+'], "");
        Self { text, bare }
    }

    /// How often a canary stands in it.
    pub fn times(&self, canary: &str) -> usize {
        let is_number = canary.len() >= NUMBER_DIGITS_MIN && canary.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { &self.bare } else { &self.text }.matches(canary).count()
    }
}

/// Canaries in the bytes of a file.
fn in_file(path: &Path, canaries: &[&str], found: &mut Vec<String>) {
    let Ok(bytes) = std::fs::read(path) else { return };
    let searched = Searched::of(&String::from_utf8_lossy(&bytes));
    for canary in canaries {
        let times = searched.times(canary);
        if times > 0 {
            found.push(format!("{canary} {times} times in {}", path.display()));
        }
    }
}

/// The same in the files of a folder, and of the folders in it.
pub fn in_folder(folder: &Path, canaries: &[&str], found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            in_folder(&path, canaries, found);
        } else {
            in_file(&path, canaries, found);
        }
    }
}

/// The same in a SQLite database and its log.
fn in_sqlite_files(path: &Path, canaries: &[&str], found: &mut Vec<String>) {
    for ending in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        in_file(Path::new(&name), canaries, found);
    }
}

/// The same in the files of PostgreSQL's own database of a test, in those that all databases share, and in the server's log. Left out are
/// the write-ahead log, which goes by its own time (docs/personal-data.md), and the databases of other tests.
pub async fn in_servers_files(tables: &mut Tables, canaries: &[&str]) -> Vec<String> {
    // What stands in memory only is not on the disk yet.
    tables.run("checkpoint").await;
    let folder = PathBuf::from(tables.texts("show data_directory").await.remove(0));
    let own = tables.count("select cast(oid as bigint) from pg_database where datname = current_database()").await;
    let mut found = Vec::new();
    for part in [folder.join("base").join(own.to_string()), folder.join("global"), folder.join("pg_stat")] {
        in_folder(&part, canaries, &mut found);
    }
    in_file(&folder.with_file_name("log"), canaries, &mut found);
    found
}

/// Every row of every table as text.
pub async fn in_tables(tables: &mut Tables, canaries: &[&str]) -> Vec<String> {
    let names = match tables {
        Tables::Sqlite(_) => {
            "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name <> '_sqlx_migrations'"
        }
        Tables::Postgres(_) => {
            "select cast(tablename as text) from pg_tables where schemaname = current_schema() order by 1"
        }
    };
    let mut found = Vec::new();
    for table in tables.texts(names).await {
        let rows = match tables {
            Tables::Sqlite(_) => {
                let columns = tables.texts(&format!("select name from pragma_table_info('{table}')")).await;
                let all: Vec<String> =
                    columns.iter().map(|column| format!("coalesce(cast(\"{column}\" as text), '')")).collect();
                tables.texts(&format!("select {} from \"{table}\"", all.join(" || ' ' || "))).await
            }
            Tables::Postgres(_) => tables.texts(&format!("select cast(to_jsonb(t) as text) from \"{table}\" t")).await,
        };
        for row in rows {
            let row = Searched::of(&row);
            found.extend(
                canaries.iter().filter(|canary| row.times(canary) > 0).map(|canary| format!("{canary} in {table}")),
            );
        }
    }
    found
}
