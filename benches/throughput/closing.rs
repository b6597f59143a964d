//! A day with 300 people closed by command on two nodes, while others write: what those others feel.
//!
//! Others' messages come at fixed instants to both nodes, on all offices, the closed one included, before the command and until
//! everybody has been told. What is compared is how long a webhook takes to be answered, and how long a reply takes to be sent.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use super::bench::Bench;
use super::database::{Database, Engine};
use super::figures::{Figures, quantile};
use super::installation::Installation;
use super::load::{self, Answered};
use super::requests::{Requests, Script};
use super::server::ANTREAN;
use super::stage::Stage;

/// The row of what others feel before.
pub const BEFORE: &str = "closing: others before";
/// The row of what they feel while 300 people are moved and told.
pub const MEANWHILE: &str = "closing: others meanwhile";
/// Where the people booked who are moved.
const OFFICE: &str = "bench-0";
/// People on the day that is closed.
const PEOPLE: u64 = 300;
/// Others' messages a second to each of the two nodes: more than any office of the field gets.
const PER_SECOND: u32 = 100;
/// How long others write before the command, beside the time that a case is measured.
const WARM: Duration = Duration::from_secs(2);
/// Longest that telling everybody may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// Others who write to one node, second by second, until they are stopped.
struct Others {
    stop: Arc<AtomicBool>,
    nodes: Vec<JoinHandle<Vec<(Instant, Answered)>>>,
}

impl Others {
    fn start(stage: &Stage<'_>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let nodes = stage.addresses().into_iter().map(|address| {
            let stop = Arc::clone(&stop);
            let requests = Arc::new(Requests::new(Script::Forms(Installation::channels()), 0));
            std::thread::spawn(move || {
                let mut answered = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let begun = Instant::now();
                    let second = load::open(address, &requests, PER_SECOND, Duration::from_secs(1));
                    answered.extend(second.into_iter().map(|one| (begun + one.at, one)));
                }
                answered
            })
        });
        Self { nodes: nodes.collect(), stop }
    }

    fn end(self) -> Vec<(Instant, Answered)> {
        self.stop.store(true, Ordering::Relaxed);
        self.nodes.into_iter().flat_map(|node| node.join().expect("the others")).collect()
    }
}

/// Books the people, closes their day under load and waits until everybody was told once; two rows.
pub fn measure(bench: &Bench, engine: Engine) -> Vec<(&'static str, Figures)> {
    let database = bench.database(engine);
    let mut stage = Stage::new(bench, &database, Installation::Spread).nodes(2).sending();
    let words =
        (0..PEOPLE).map(|n| ("0".to_owned(), format!("6281{n:011}"), format!("Warga Uji#25011987#Jl. Uji No. {n}")));
    stage.under(vec![(Arc::new(Requests::new(Script::Words(words.collect()), 0)), 8)]);
    let days = database.rows(&format!(
        "select date from booking where office = '{OFFICE}' group by date order by count(*) desc, date limit 1"
    ));
    let day = days.into_iter().flatten().next().expect("a day with people");
    let people = database.numbers(&format!(
        "select count(*) from booking where office = '{OFFICE}' and date = '{day}' and state = 'booked'"
    ));

    let others = Others::start(&stage);
    let (calm, calm_us) = (Instant::now() + WARM, now_us() + WARM.as_micros() as i64);
    std::thread::sleep(WARM + bench.seconds);
    let (closed, closed_us) = (Instant::now(), now_us());
    close(&stage, &database, &day);
    let commanded = closed.elapsed();
    let (told, told_us) = until_told(&database);
    let answered = others.end();
    stage.audit(false);

    let told_people = told - closed;
    let row = |from: Instant, to: Instant, from_us: i64, to_us: i64| {
        let mut took: Vec<Duration> =
            answered.iter().filter(|(at, _)| from <= *at && *at < to).map(|(_, one)| one.took).collect();
        took.sort();
        Figures::default()
            .with("messages_per_s", took.len() as f64 / (to - from).as_secs_f64())
            .with("p50_ms", quantile(&took, 0.5))
            .with("p99_ms", quantile(&took, 0.99))
            .with("reply_p50_ms", reply_ms(&database, from_us, to_us, 0.5))
            .with("reply_p99_ms", reply_ms(&database, from_us, to_us, 0.99))
    };
    let before = row(calm, closed, calm_us, closed_us);
    let meanwhile = row(closed, told, closed_us, told_us)
        .with("people", people.first().map_or(0.0, |count| *count as f64))
        .with("command_ms", commanded.as_secs_f64() * 1e3)
        .with("told_ms", told_people.as_secs_f64() * 1e3);
    vec![(BEFORE, before), (MEANWHILE, meanwhile)]
}

/// `antrean office import --move` of the office without that day.
fn close(stage: &Stage<'_>, database: &Database, day: &str) {
    let folder = stage.folder();
    let file = std::fs::read_to_string(folder.join(format!("0/offices/{OFFICE}.toml"))).expect("the office's file");
    let closed = folder.join("closed.toml");
    let next = file.replacen("version = 1", "version = 2", 1);
    std::fs::write(&closed, format!("{next}[[closed]]\ndate = {day}\nreason = \"Banjir\"\n")).expect("a file");
    let output = Command::new(ANTREAN)
        .args(["office", "import", "--move", "--database", &database.url(), "--as", "benchmark"])
        .arg(&closed)
        .output()
        .expect("the command runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Waits until every notice was sent.
fn until_told(database: &Database) -> (Instant, i64) {
    let begun = Instant::now();
    loop {
        let left = database.numbers(
            "select (select count(*) from notice), (select count(*) from outbox where notice is not null and state = 'sent')",
        );
        if let [notices, sent] = left.as_slice()
            && *notices > 0
            && notices == sent
        {
            return (Instant::now(), now_us());
        }
        assert!(begun.elapsed() < PATIENCE, "notices and those sent: {left:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// How long the replies to messages of a time took until the provider had them.
fn reply_ms(database: &Database, from_us: i64, to_us: i64, share: f64) -> f64 {
    let rows = database.rows(&format!(
        "select sent_us - created_us from outbox where reply_to is not null and state = 'sent' \
         and created_us >= {from_us} and created_us < {to_us}"
    ));
    let micros = rows.into_iter().flatten().filter_map(|cell| cell.parse::<u64>().ok());
    let mut took: Vec<Duration> = micros.map(Duration::from_micros).collect();
    took.sort();
    quantile(&took, share)
}

fn now_us() -> i64 {
    SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_micros() as i64)
}
