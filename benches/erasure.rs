//! What the erasure of very many people costs those who write meanwhile: the product's own desk and caretaker on a SQLite file, with
//! as many people as are named whose data is too old, beside as many whose data is not.
//!
//! `cargo bench --bench erasure` prints how long answers take before and while people are erased; `-- PEOPLE` sets how many. More than
//! 1.2 times as long fails, and so does a run that says nothing: nobody was erased meanwhile, or everybody before the last answer.
//!
//! `-- --intake PEOPLE` measures messages a second instead, in pairs of rounds: intake alone, and beside the erasure and the looks at
//! people that a large office's staff write into the audit trail. Less than 0.95 of intake alone in the median pair fails. With `--short`
//! it says that it works, not how fast it is.
#![expect(clippy::expect_used, reason = "a benchmark that cannot go on has nothing to say")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use antrean::caretaker::Caretaker;
use antrean::clock::{Clock, SystemClock};
use antrean::desk::{Channels, Dependencies, Desk, MESSAGES_PER_COMMIT, WAIT_MAX};
use antrean::domain::audit::{Act, AuditEvent, Subject};
use antrean::domain::message::{ChannelId, Contact, Content, Inbound, MessageId};
use antrean::domain::office::OfficeId;
use antrean::domain::retention::Retention;
use antrean::gateway::{Gateways, Item};
use antrean::roster::{self, Roster};
use antrean::storage::{AuditActor, Storage};
use tokio::task::JoinHandle;

/// People whose data is too old, where no other number is given.
const PEOPLE: u64 = 100_000;
/// Answers that are measured in each part.
const ANSWERS: usize = 2_000;
/// The longest rest between two steps, so that the benchmark ends.
const REST_MAX: Duration = Duration::from_secs(1);
/// How much slower an answer may be while people are erased.
const SLOWER_MAX: f64 = 1.2;

/// Pairs of rounds of intake alone and beside the other work.
const PAIRS: usize = 9;
/// Messages of one round, in calls of so many by so many at once.
const ROUND: usize = 8_192;
const CALL: usize = 32;
const AT_ONCE: usize = 4;
/// The same where it is only shown that it works.
const PAIRS_SHORT: usize = 1;
const ROUND_SHORT: usize = 1_024;
/// Between two looks at a citizen that are written into the trail: an office of forty that opens one each every two seconds.
const LOOKS: Duration = Duration::from_millis(50);
/// The least part of intake alone that is left beside the other work.
const INTAKE_MIN: f64 = 0.95;

/// One message of citizen `of`.
fn message(n: usize, of: usize) -> Item {
    Item::Message(Inbound {
        channel: ChannelId::new("wa", "1001"),
        contact: Contact::new(format!("62813{of:08}")),
        also: Vec::new(),
        id: MessageId::new(format!("bench.{n}")),
        sent_at: SystemClock.now(),
        content: Content::Text("#status".to_owned()),
    })
}

/// Fills the tables: `people` that are too old, and as many that are not.
fn fill(file: &Path, people: u64) {
    let now = SystemClock.now().timestamp_micros();
    let old = now - 400 * 86_400_000_000;
    let all = people * 2;
    let count = format!(
        "with recursive n (i, us) as (select 1, {old} union all \
         select i + 1, case when i < {people} then {old} else {now} end from n where i < {all})"
    );
    let mut batch = String::new();
    for (into, select) in [
        (
            "inbound (channel, message, office, contact, sent_us, served_us, content)",
            "'wa/1001', 'old.' || i, 'bogor', '62812' || i, us, us, '{\"text\":\"#status\"}'",
        ),
        ("conversation (channel, contact, office, lang, heard_us)", "'wa/1001', '62812' || i, 'bogor', 'id', us"),
        (
            "outbox (id, channel, contact, office, reply_to, text, state, due_us, attempts, delivery, without_picture, created_us, sent_us)",
            "1000000000 + i, 'wa/1001', '62812' || i, 'bogor', 'old.' || i, printf('%.300c', 'x'), 'sent', us, 1, 3, 0, us, us",
        ),
        (
            "booking (id, office, office_version, format, channel, contact, applicant, date, hour, seats, state, code, tries, created_us)",
            "1000000000 + i, 'bogor', 1, 'x', 'wa/1001', '62812' || i, '{\"nama\":\"Budi\",\"tgl_lahir\":\"1987-01-25\"}', \
             date(us / 1000000, 'unixepoch'), 9, '[1]', 'booked', 'OLD' || i, 0, us",
        ),
    ] {
        batch.extend(["insert into ", into, " ", &count, " select ", select, " from n;"]);
    }
    rusqlite::Connection::open(file).expect("the database").execute_batch(&batch).expect("people");
}

/// The median and the 99th percentile of how long answers take.
async fn answers(desk: &Desk, from: usize) -> (Duration, Duration) {
    let mut times = Vec::with_capacity(ANSWERS);
    for n in from..from + ANSWERS {
        let begun = Instant::now();
        desk.serve(vec![message(n, n % 500)]).await.expect("an answer");
        times.push(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    times.sort_unstable();
    let at = |part: usize| times.get(ANSWERS * part / 100).copied().unwrap_or_default();
    (at(50), at(99))
}

/// A desk on a SQLite file with people whose data is too old.
struct Office {
    folder: tempfile::TempDir,
    storage: Storage,
    desk: Desk,
    people: u64,
}

/// What goes on beside the messages, until it is stopped.
struct Beside {
    stop: Arc<AtomicBool>,
    work: Vec<JoinHandle<u64>>,
}

impl Beside {
    /// Stops it; what was done, by each.
    async fn stop(self) -> Vec<u64> {
        self.stop.store(true, Ordering::Relaxed);
        let mut done = Vec::new();
        for work in self.work {
            done.push(work.await.expect("the work ends"));
        }
        done
    }
}

impl Office {
    async fn open(people: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("antrean.db");
        let storage = Storage::open_serving(&format!("sqlite://{}", file.display())).await.expect("a database");
        let roster = Roster::shipped().expect("offices");
        let id = OfficeId::read("bogor").expect("an id");
        let bogor = roster.offices.get(&id).expect("bogor");
        let now = SystemClock.now();
        storage.import_office(bogor, &roster::print(bogor), &roster.calendar, now).await.expect("imported");
        fill(&file, people);
        let desk = Desk::start(Dependencies {
            storage: storage.clone(),
            roster: roster.clone(),
            channels: Channels::from([(ChannelId::new("wa", "1001"), id)]),
            replies_max: Arc::default(),
            turn_links: None,
            reaches: antrean::domain::reach::Reaches::default(),
            clock: Arc::new(SystemClock),
            seed: [7; 32],
            lanes: 1,
            messages_per_commit: MESSAGES_PER_COMMIT,
            wait_max: WAIT_MAX,
            wake_courier: Arc::default(),
            metrics: Arc::default(),
        });
        Self { folder, storage, desk, people }
    }

    /// The caretaker erases, each step when it is due, as in a server. Gives how many steps it took.
    fn erasing(&self, stop: &Arc<AtomicBool>) -> JoinHandle<u64> {
        let photos = antrean::photos::Photos::within(self.folder.path());
        let caretaker =
            Caretaker::new(self.storage.clone(), self.desk.clone(), Gateways::new(), photos, Arc::new(SystemClock))
                .erasing(Retention::default(), Arc::default());
        let stop = Arc::clone(stop);
        tokio::spawn(async move {
            let mut steps = 0;
            while !stop.load(Ordering::Relaxed) {
                let due = caretaker.step().await.expect("a step");
                steps += 1;
                let rest = due.and_then(|due| (due - SystemClock.now()).to_std().ok()).unwrap_or_default();
                tokio::time::sleep(rest.min(REST_MAX)).await;
            }
            steps
        })
    }

    /// The staff look at citizens, which the audit trail keeps. Gives how many looks there were.
    fn looking(&self, stop: &Arc<AtomicBool>) -> JoinHandle<u64> {
        let (storage, stop) = (self.storage.clone(), Arc::clone(stop));
        tokio::spawn(async move {
            let mut looks = 0;
            while !stop.load(Ordering::Relaxed) {
                let event = AuditEvent::of(Act::ViewBooking).about(Subject::booking(looks));
                let actor = AuditActor { staff: None, login: "rina", network: "192.0.2.0" };
                storage.record(actor, &event, SystemClock.now()).await.expect("recorded");
                looks += 1;
                tokio::time::sleep(LOOKS).await;
            }
            looks.unsigned_abs()
        })
    }

    fn beside(&self) -> Beside {
        let stop = Arc::default();
        Beside { work: vec![self.erasing(&stop), self.looking(&stop)], stop }
    }

    /// Messages of those whose data is too old that are left, of so many.
    fn left(&self) -> (i64, i64) {
        let left = rusqlite::Connection::open(self.folder.path().join("antrean.db"))
            .expect("the database")
            .query_row("select count(*) from inbound where message like 'old.%'", [], |row| row.get(0))
            .expect("a count");
        (left, i64::try_from(self.people * 2).unwrap_or(i64::MAX))
    }

    /// Serves `messages` from number `from` on, each of a citizen of its own. Gives the messages of a second.
    async fn round(&self, from: usize, messages: usize) -> f64 {
        let begun = Instant::now();
        let mut serving = Vec::new();
        for part in 0..AT_ONCE {
            let desk = self.desk.clone();
            serving.push(tokio::spawn(async move {
                for call in (part..messages / CALL).step_by(AT_ONCE) {
                    let first = from + call * CALL;
                    let items = (first..first + CALL).map(|n| message(n, n)).collect();
                    desk.serve(items).await.expect("answers");
                }
            }));
        }
        for part in serving {
            part.await.expect("served");
        }
        let served = u32::try_from(messages).map_or(0.0, f64::from);
        served / begun.elapsed().as_secs_f64()
    }

    async fn close(self) {
        self.desk.close().await;
        self.storage.close().await;
    }
}

/// Says what a run says nothing about.
fn says_nothing(why: &str) {
    eprintln!("this says nothing: {why}");
    std::process::exit(1);
}

/// How long answers take before and while people are erased.
async fn run(people: u64) {
    let office = Office::open(people).await;
    let before = answers(&office.desk, 0).await;
    let stop = Arc::default();
    let erasing = Beside { work: vec![office.erasing(&stop)], stop };
    let while_erasing = answers(&office.desk, ANSWERS).await;
    erasing.stop().await;
    let (left, all) = office.left();
    office.close().await;
    let slower = while_erasing.0.as_secs_f64() / before.0.as_secs_f64();
    println!(
        "{people} people too old: an answer took {:?} (99 %: {:?}), while they were erased {:?} (99 %: {:?}): {slower:.2} times; \
         {} messages were erased meanwhile",
        before.0,
        before.1,
        while_erasing.0,
        while_erasing.1,
        all - left
    );
    // Those whose data is not too old stay.
    if left == all {
        says_nothing("nobody was erased");
    }
    if left <= all / 2 {
        says_nothing("name more people: all of them were erased too soon");
    }
    if slower > SLOWER_MAX {
        eprintln!("an answer is more than {SLOWER_MAX} times slower while people are erased");
        std::process::exit(1);
    }
}

/// Messages a second, alone and beside the erasure and the looks.
async fn intake(people: u64, short: bool) {
    let (pairs, round) = if short { (PAIRS_SHORT, ROUND_SHORT) } else { (PAIRS, ROUND) };
    let office = Office::open(people).await;
    let (mut from, mut ratios, mut looks) = (1_000_000, Vec::new(), 0);
    office.round(from, round).await;
    for pair in 0..pairs {
        let (mut alone, mut beside) = (0.0, 0.0);
        // Whatever the machine does meanwhile hits either first.
        for is_beside in if pair % 2 == 0 { [false, true] } else { [true, false] } {
            from += round;
            if is_beside {
                let others = office.beside();
                beside = office.round(from, round).await;
                looks += others.stop().await.last().copied().unwrap_or_default();
            } else {
                alone = office.round(from, round).await;
            }
        }
        println!("pair {}: {alone:.0}/s alone, {beside:.0}/s beside: {:.2}", pair + 1, beside / alone);
        ratios.push(beside / alone);
    }
    let (left, all) = office.left();
    office.close().await;
    ratios.sort_unstable_by(f64::total_cmp);
    let median = ratios.get(pairs / 2).copied().unwrap_or_default();
    println!(
        "intake beside the erasure of {} messages and {looks} recorded looks: {median:.2} of intake alone, median of {pairs} pairs",
        all - left
    );
    if left == all || looks == 0 {
        says_nothing("nobody was erased, or nobody looked");
    }
    if left <= all / 2 {
        says_nothing("name more people: all of them were erased too soon");
    }
    if median < INTAKE_MIN && !short {
        eprintln!("intake is below {INTAKE_MIN} of what it is alone");
        std::process::exit(1);
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_there = |name: &str| arguments.iter().any(|argument| argument == name);
    let people = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(PEOPLE);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    if is_there("--intake") {
        runtime.block_on(intake(people, is_there("--short")));
    } else {
        runtime.block_on(run(people));
    }
}
