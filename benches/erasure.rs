//! What the erasure of very many people costs those who write meanwhile: the product's own desk and caretaker on a SQLite file, with
//! as many people as are named whose data is too old, beside as many whose data is not.
//!
//! `cargo bench --bench erasure` prints how long answers take before and while people are erased; `-- PEOPLE` sets how many. More than
//! 1.2 times as long fails, and so does a run that says nothing: nobody was erased meanwhile, or everybody before the last answer.
#![expect(clippy::expect_used, reason = "a benchmark that cannot go on has nothing to say")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use antrean::caretaker::Caretaker;
use antrean::clock::{Clock, SystemClock};
use antrean::desk::{Channels, Dependencies, Desk, MESSAGES_PER_COMMIT, WAIT_MAX};
use antrean::domain::message::{ChannelId, Contact, Content, Inbound, MessageId};
use antrean::domain::office::OfficeId;
use antrean::domain::retention::Retention;
use antrean::gateway::{Gateways, Item};
use antrean::roster::{self, Roster};
use antrean::storage::Storage;

/// People whose data is too old, where no other number is given.
const PEOPLE: u64 = 100_000;
/// Answers that are measured in each part.
const ANSWERS: usize = 2_000;
/// The longest rest between two steps, so that the benchmark ends.
const REST_MAX: Duration = Duration::from_secs(1);
/// How much slower an answer may be while people are erased.
const SLOWER_MAX: f64 = 1.2;

fn message(n: usize) -> Item {
    Item::Message(Inbound {
        channel: ChannelId::new("wa", "1001"),
        contact: Contact::new(format!("62813{:08}", n % 500)),
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
        desk.serve(vec![message(n)]).await.expect("an answer");
        times.push(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    times.sort_unstable();
    let at = |part: usize| times.get(ANSWERS * part / 100).copied().unwrap_or_default();
    (at(50), at(99))
}

async fn run(people: u64) {
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
    let before = answers(&desk, 0).await;
    let caretaker = Caretaker::new(
        storage.clone(),
        desk.clone(),
        Gateways::new(),
        antrean::photos::Photos::within(folder.path()),
        Arc::new(SystemClock),
    )
    .erasing(Retention::default(), Arc::default());
    let stop = Arc::new(AtomicBool::new(false));
    let erasing = tokio::spawn({
        let stop = Arc::clone(&stop);
        async move {
            while !stop.load(Ordering::Relaxed) {
                // As a server does: the next step when it is due.
                let due = caretaker.step().await.expect("a step");
                let rest = due.and_then(|due| (due - SystemClock.now()).to_std().ok()).unwrap_or_default();
                tokio::time::sleep(rest.min(REST_MAX)).await;
            }
        }
    });
    let while_erasing = answers(&desk, ANSWERS).await;
    stop.store(true, Ordering::Relaxed);
    erasing.await.expect("the caretaker ends");
    let left: i64 = rusqlite::Connection::open(&file)
        .expect("the database")
        .query_row("select count(*) from inbound where message like 'old.%'", [], |row| row.get(0))
        .expect("a count");
    let all = i64::try_from(people * 2).unwrap_or(i64::MAX);
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
    desk.close().await;
    storage.close().await;
    // Those whose data is not too old stay.
    let (is_idle, is_over) = (left == all, left <= all / 2);
    if is_idle || is_over {
        eprintln!(
            "this says nothing: {}",
            if is_idle { "nobody was erased" } else { "name more people: all of them were erased too soon" }
        );
        std::process::exit(1);
    }
    if slower > SLOWER_MAX {
        eprintln!("an answer is more than {SLOWER_MAX} times slower while people are erased");
        std::process::exit(1);
    }
}

fn main() {
    let people = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(PEOPLE);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run(people));
}
