//! How long the whole reader takes for a message (normalise, choose the format, read, judge the dates), and how often it
//! asks for memory. `cargo bench --bench reader`.
//!
//! divan's table comes first, then the reader against three small ones of the standard form alone, as ratios inside one
//! run: machines are noisy, so quote medians and ratios. Every labelled message of `fixtures/messages` is timed, and the
//! slowest is named.

#![expect(clippy::expect_used, reason = "a benchmark stops at the first surprise")]

mod standard;

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use antrean::grammar::{Format, Request, read, reading};
use chrono::NaiveDate;
use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher};
use serde::Deserialize;

use standard::READERS;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

/// The message of the poster itself.
const ORDINARY: &str = "#Budi#25011987#07082017";
/// Rounds over the corpus in search of its slowest message, and readings of a message in each.
const SEARCH: (usize, u32) = (15, 20);
/// Rounds of the comparison; each runs every reader once, so that drift hits all alike.
const ROUNDS: usize = 301;
/// Slowest messages that are listed.
const SHOWN: usize = 10;
/// Every so many messages of the comparison are broken.
const BROKEN_EVERY: usize = 16;

fn sent() -> NaiveDate {
    NaiveDate::from_ymd_opt(2017, 8, 1).expect("a date")
}

/// The shipped formats, prepared once as an office has them.
static SHIPPED: LazyLock<Vec<Format>> = LazyLock::new(Format::shipped);

fn formats(ids: &[&str]) -> Vec<&'static Format> {
    ids.iter().filter_map(|id| SHIPPED.iter().find(|format| format.id().as_str() == *id)).collect()
}

static STANDARD: LazyLock<Vec<&'static Format>> = LazyLock::new(|| formats(&["nama-lahir-kedatangan"]));
static BATAM: LazyLock<Vec<&'static Format>> =
    LazyLock::new(|| formats(&["batam-foto", "batam-e-paspor", "batam-keluarga"]));

#[derive(Deserialize)]
struct Corpus {
    message: Vec<Labelled>,
}

#[derive(Deserialize)]
struct Labelled {
    office: String,
    sent: String,
    text: String,
}

/// A labelled message, ready to be read.
struct Message {
    text: String,
    sent: NaiveDate,
    formats: &'static [&'static Format],
}

impl Message {
    fn read(&self) -> Request {
        read(self.formats, black_box(&self.text), self.sent)
    }
}

static CORPUS: LazyLock<Vec<Message>> = LazyLock::new(|| {
    let files = [
        include_str!("../../fixtures/messages/corpus.toml"),
        include_str!("../../fixtures/messages/regression.toml"),
        include_str!("../../fixtures/messages/second.toml"),
    ];
    let all = files.into_iter().flat_map(|file| toml::from_str::<Corpus>(file).expect("a readable corpus").message);
    let ready = all.map(|Labelled { office, sent, text }| Message {
        text,
        sent: sent.parse().expect("a date"),
        formats: if office == "batam" { &BATAM } else { &STANDARD },
    });
    ready.collect()
});

/// Messages of the corpus by how long they take, the slowest last: the median of the rounds, which a busy machine spoils
/// least.
static BY_TIME: LazyLock<Vec<(Duration, &'static Message)>> = LazyLock::new(|| {
    let (rounds, readings) = SEARCH;
    let mut taken: Vec<Vec<Duration>> = CORPUS.iter().map(|_| Vec::with_capacity(rounds)).collect();
    for _ in 0..rounds {
        for (message, taken) in CORPUS.iter().zip(&mut taken) {
            let start = Instant::now();
            for _ in 0..readings {
                black_box(message.read());
            }
            taken.push(start.elapsed() / readings);
        }
    }
    let medians = taken.into_iter().map(median);
    let mut by_time: Vec<_> = medians.zip(CORPUS.iter()).collect();
    by_time.sort_by_key(|(taken, _)| *taken);
    by_time
});

fn median<T: Copy + PartialOrd>(mut values: Vec<T>) -> T {
    values.sort_by(|one, other| one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal));
    *values.get(values.len() / 2).expect("at least one value")
}

#[divan::bench(sample_size = 1000)]
fn ordinary(bencher: Bencher<'_, '_>) {
    bencher.bench(|| read(&STANDARD, black_box(ORDINARY), sent()));
}

#[divan::bench]
fn corpus(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(CORPUS.len())).bench(|| {
        for message in CORPUS.iter() {
            black_box(message.read());
        }
    });
}

/// The labelled questions of citizens.
static QUESTIONS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let lines = include_str!("../../fixtures/topics/questions.tsv").lines();
    let labelled = lines.filter(|line| !line.starts_with("# ")).filter_map(|line| line.split_once('\t'));
    labelled.map(|(_, text)| text.replace("\\n", "\n")).collect()
});

/// Questions: each is looked through as a command and as a form first, so that this is more than matching its topics takes.
#[divan::bench]
fn questions(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(QUESTIONS.len())).bench(|| {
        for text in QUESTIONS.iter() {
            black_box(reading(&STANDARD, text, sent()));
        }
    });
}

#[divan::bench(sample_size = 20)]
fn slowest_of_the_corpus(bencher: Bencher<'_, '_>) {
    let (_, slowest) = BY_TIME.last().expect("a message");
    bencher.bench(|| slowest.read());
}

/// Forms of the standard format, every sixteenth broken in one of four ways.
fn standard_messages() -> Vec<String> {
    let names = ["Budi", "Siti Nurhaliza", "H. Ahmad, S.Pd", "Dewi Lestari", "MUHAMMAD RIZKY PRATAMA"];
    let whole = |at: usize| {
        let name = names.iter().cycle().nth(at).expect("endless");
        format!("#{name}#{:02}{:02}{}#{:02}082017", at % 28 + 1, at % 12 + 1, 1950 + at % 60, at % 28 + 3)
    };
    let message = |at: usize| match (at % BROKEN_EVERY, at / BROKEN_EVERY % 4) {
        (0, 0) => format!("#Budi#31021987#{:02}082017", at % 28 + 3),
        (0, 1) => "#Budi#25011987".to_owned(),
        (0, 2) => "#Bud1#25011987#07082017".to_owned(),
        (0, _) => "#Budi#25011987#07072017".to_owned(),
        _ => whole(at),
    };
    (0..1024).map(message).collect()
}

/// Nanoseconds a message over all of them.
fn pass(messages: &[String], mut read: impl FnMut(&str)) -> f64 {
    let start = Instant::now();
    for message in messages {
        read(message);
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(u32::try_from(messages.len()).expect("a thousand"))
}

/// The reader beside the three small ones: nanoseconds, and ratios of the same round.
fn compare() {
    let messages = standard_messages();
    let mut rounds: Vec<(f64, Vec<f64>)> = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let whole = pass(&messages, |message| drop(black_box(read(&STANDARD, message, sent()))));
        let small = READERS.iter().map(|(_, small)| pass(&messages, |message| _ = black_box(small(message, sent()))));
        rounds.push((whole, small.collect()));
    }
    println!(
        "\nthe standard form, {} messages, every {BROKEN_EVERY}th broken; medians of {ROUNDS} rounds",
        messages.len()
    );
    println!("{:<12} {:>9.0} ns a message", "the reader", median(rounds.iter().map(|(whole, _)| *whole).collect()));
    for (at, (name, _)) in READERS.iter().enumerate() {
        let of = |(whole, small): &(f64, Vec<f64>)| small.get(at).map(|small| (*small, whole / small));
        let (taken, ratios): (Vec<f64>, Vec<f64>) = rounds.iter().filter_map(of).unzip();
        println!("{name:<12} {:>9.0} ns a message, the reader takes {:.1} times that", median(taken), median(ratios));
    }
}

/// Messages of a given size that tempt a reader to go through them again and again.
fn hostile(bytes: usize) -> [(&'static str, String); 6] {
    let around = |inside: &str| {
        let ends = "#Budi##25011987#07082017".len();
        inside.repeat((bytes - ends) / inside.len())
    };
    [
        ("blanks in the name", format!("#Budi {} S#25011987#07082017", around(" "))),
        ("blanks in a date", format!("#Budi#25 {} 011987#07082017", around("\t"))),
        ("invisible marks", format!("#Budi{}#25011987#07082017", around("\u{200b}"))),
        ("empty pieces", format!("#Budi{}#25011987#07082017", around("# "))),
        ("line ends", format!("#Budi{}#25011987#07082017", around("\n#"))),
        ("commas and blanks", format!("Budi{}25011987, 07082017", around(",  "))),
    ]
}

/// Twice the message, twice the time: how much longer each hostile message takes when it is two and four times as long.
fn grow() {
    let readings = 200;
    let taken = |text: &str| {
        let once = || {
            let start = Instant::now();
            black_box(read(&STANDARD, black_box(text), sent()));
            start.elapsed().as_secs_f64() * 1e6
        };
        median((0..readings).map(|_| once()).collect())
    };
    println!("\nhostile messages of 4, 8 and 16 KiB, µs; linear is 1 : 2 : 4");
    let [small, middle, large] = [4_000, 8_000, 16_000].map(hostile);
    for ((name, small), ((_, middle), (_, large))) in small.iter().zip(middle.iter().zip(&large)) {
        let [small, middle, large] = [small, middle, large].map(|text| taken(text));
        println!(
            "{name:<20} {small:>8.1} {middle:>8.1} {large:>8.1}   1 : {:.1} : {:.1}",
            middle / small,
            large / small
        );
    }
}

fn main() {
    divan::main();
    compare();
    grow();
    println!("\nthe slowest of {} labelled messages", CORPUS.len());
    for (taken, message) in BY_TIME.iter().rev().take(SHOWN) {
        let text: String = message.text.chars().take(100).collect();
        println!("{:>9.2} µs  {} bytes  {text:?}", taken.as_secs_f64() * 1e6, message.text.len());
    }
}
