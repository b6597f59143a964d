//! What the console costs: a day of 400 bookings on a page, the way from a press to another screen, a format rehearsed, 200 displays, and
//! intake beside officers who look.
//!
//! `cargo bench --bench console` starts a server of its own on a free port of this machine, with a SQLite file in a temporary folder.
//! Every figure is measured from outside, over HTTP on loopback: it holds the server's time and the connection's. `-- --short` does a
//! little of everything. Linux only: memory is read from `/proc`.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a benchmark stops at the first surprise, and its figures are rounded"
)]

mod client;
mod installation;
#[path = "../throughput/load.rs"]
#[expect(dead_code, reason = "the open load is not used here")]
mod load;
#[path = "../throughput/process.rs"]
#[expect(dead_code, reason = "only memory is read here")]
mod process;
#[path = "../throughput/requests.rs"]
mod requests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;

use client::{Browser, Stream};
use installation::Server;
use load::Closed;
use requests::{Requests, Script};

/// Bookings of the day.
const BOOKINGS: usize = 400;
/// Times that the day is asked for.
const PAGES: usize = 300;
/// Messages that a format is rehearsed over: as many as the page takes.
const REHEARSED: usize = 1_000;
/// Times that a format is rehearsed.
const REHEARSALS: usize = 50;
/// Arrivals and calls whose way to another screen is measured.
const PRESSES: usize = 60;
/// Displays that are connected at once.
const DISPLAYS: usize = 200;
/// Officers with Today open, and displays in halls, beside whom intake is measured.
const OFFICERS: usize = 10;
/// Displays beside whom intake is measured.
const HALLS: usize = 10;
/// Kept connections of the intake's load.
const CONNECTIONS: usize = 64;
/// The counter at which people are called.
const COUNTER: &str = "1";

/// Measures the console from outside.
#[derive(Debug, Parser)]
struct Options {
    /// Pairs of intake without and with officers who look
    #[arg(long, default_value_t = 7)]
    pairs: usize,
    /// Seconds that intake is measured
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// A little of everything: that it works, not how fast it is
    #[arg(long)]
    short: bool,
    /// Given by `cargo bench`; means nothing here
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let mut options = Options::parse();
    if options.short {
        (options.pairs, options.seconds) = (1, 0.2);
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let server = Server::start();
        let browser = Browser::new(&server.url(), &server.sign_in().await);
        let codes = book(&server, BOOKINGS).await;
        today(&browser, if options.short { 5 } else { PAGES }).await;
        presses(&server, &browser, codes.get(..if options.short { 3 } else { PRESSES }).expect("codes")).await;
        displays(&server).await;
        rehearsal(&server, &browser, if options.short { 2 } else { REHEARSALS }).await;
        intake(&server, &browser, &options).await;
    });
}

/// Books people of the day by signed webhooks; gives their codes.
async fn book(server: &Server, people: usize) -> Vec<String> {
    write(server, (0..people).map(|n| (n, format!("Warga Uji#25011987#Jl. Contoh No. {n}"))).collect()).await;
    let codes = server.codes();
    assert_eq!(codes.len(), people, "everybody is booked on this day");
    codes
}

/// Sends what citizens write, each once.
async fn write(server: &Server, words: Vec<(usize, String)>) {
    let message = |(n, words)| (installation::CHANNEL.to_owned(), format!("628{n:011}"), words);
    let words: Vec<_> = words.into_iter().map(message).collect();
    let requests = Arc::new(Requests::new(Script::Words(words), 0));
    let load = Closed::start(vec![(server.address, requests, CONNECTIONS)]);
    while !load.is_over() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::task::spawn_blocking(|| load.stop()).await.expect("the load");
}

/// A changed format, rehearsed over the last 1,000 messages of citizens: read ones, and ones that are not.
async fn rehearsal(server: &Server, browser: &Browser, times: usize) {
    let odd =
        ["Assalamualaikum, kapan buka?", "#Budi#31021987#Jl. Melati 2", "Siti 05121990 Jl Mawar", "#Rina#12031990"];
    let word = |n: usize| (10_000 + n, odd.iter().cycle().nth(n).copied().unwrap_or_default().to_owned());
    write(server, (0..REHEARSED - BOOKINGS).map(word).collect()).await;
    let changed = [("line", "#Nama#TglLahir#Alamat#Email"), ("line_was", ""), ("past", "1")];
    let mut took = Vec::with_capacity(times);
    for _ in 0..times {
        let begun = Instant::now();
        let shown = browser.send("format/look", &changed).await;
        took.push(begun.elapsed());
        assert!(shown.contains("1.000 pesan") || shown.contains("1000 pesan"), "{shown}");
    }
    println!("rehearsal of {REHEARSED} messages: {}", shown(took));
}

/// The page of a day of 400.
async fn today(browser: &Browser, times: usize) {
    let mut bytes = 0;
    let mut took = Vec::with_capacity(times);
    for _ in 0..times {
        let begun = Instant::now();
        bytes = browser.page("today").await.len();
        took.push(begun.elapsed());
    }
    println!("today, {BOOKINGS} bookings: {} kB, {}", bytes / 1000, shown(took));
}

/// From the press of a button to the screens of others: an arrival on Today, a call on the display of the hall.
async fn presses(server: &Server, browser: &Browser, codes: &[String]) {
    let display = server.display("Ruang tunggu").await;
    let mut officer = Stream::open(browser, &browser.console("live")).await;
    let mut arrivals = Vec::new();
    for code in codes {
        officer.quiet().await;
        let begun = Instant::now();
        browser.press("check-in", &[("code", code)]).await;
        officer.next().await;
        browser.page("today/list").await;
        arrivals.push(begun.elapsed());
    }
    println!("arrival to another officer's list: {}", shown(arrivals));
    browser.press("counter", &[("do", "open"), ("counter", COUNTER)]).await;
    let mut hall = Stream::open(browser, &server.url_of(&display, "events")).await;
    let mut calls = Vec::new();
    for _ in codes {
        // Who has booked is called in their hour, which has not begun; somebody without a booking at once.
        browser.press("check-in/walk-in", &[("name", "Tamu")]).await;
        hall.quiet().await;
        let begun = Instant::now();
        browser.press("counter", &[("do", "call"), ("counter", COUNTER)]).await;
        hall.next().await;
        browser.get(&server.url_of(&display, "state")).await;
        calls.push(begun.elapsed());
        for done in ["came", "finish"] {
            browser.press("counter", &[("do", done), ("counter", COUNTER)]).await;
        }
    }
    println!("call to the display of the hall: {}", shown(calls));
}

/// What a connected display keeps in memory.
async fn displays(server: &Server) {
    let display = server.display("Dua ratus").await;
    let guest = Browser::new(&server.url(), "");
    let before = server.resident_mib();
    let mut open = Vec::with_capacity(DISPLAYS);
    for _ in 0..DISPLAYS {
        open.push(Stream::open(&guest, &server.url_of(&display, "events")).await);
    }
    let after = server.resident_mib();
    let each = (after - before).max(0.0) * 1024.0 / DISPLAYS as f64;
    println!("{DISPLAYS} displays: {before:.1} MiB before, {after:.1} MiB with them, {each:.0} KiB each");
}

/// How much intake takes in while officers look at the day and halls show it, beside how much it takes in alone.
async fn intake(server: &Server, browser: &Browser, options: &Options) {
    let channels: Vec<String> = installation::channels().collect();
    let seconds = Duration::from_secs_f64(options.seconds);
    let display = server.display("Halaman").await;
    let guest = Browser::new(&server.url(), "");
    let mut ratios = Vec::new();
    for pair in 0..options.pairs {
        let mut both = [0.0, 0.0];
        for part in 0..2 {
            // In turn, so that drift hits both alike.
            let watched = (pair + part) % 2 == 1;
            let mut looking = Vec::new();
            if watched {
                for _ in 0..OFFICERS {
                    looking.push(tokio::spawn(
                        browser.clone().follow(browser.console("live"), browser.console("today/list")),
                    ));
                }
                for _ in 0..HALLS {
                    let (events, state) = (server.url_of(&display, "events"), server.url_of(&display, "state"));
                    looking.push(tokio::spawn(guest.clone().follow(events, state)));
                }
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
            let requests = Arc::new(Requests::new(Script::Forms(channels.clone()), 30_000));
            let load = Closed::start(vec![(server.address, requests, CONNECTIONS)]);
            tokio::time::sleep(seconds).await;
            let lasted = load.begun.elapsed();
            let answered: usize =
                tokio::task::spawn_blocking(|| load.stop()).await.expect("the load").iter().map(Vec::len).sum();
            let slot = both.get_mut(usize::from(watched)).expect("two");
            *slot = answered as f64 / lasted.as_secs_f64();
            for task in looking {
                task.abort();
            }
        }
        let [alone, watched] = both;
        println!(
            "intake, pair {pair}: {alone:.0}/s alone, {watched:.0}/s with the console open, {:.3}",
            watched / alone
        );
        ratios.push(watched / alone);
    }
    ratios.sort_by(f64::total_cmp);
    let median = ratios.get(ratios.len() / 2).copied().unwrap_or_default();
    println!(
        "intake with {OFFICERS} officers on Today and {HALLS} displays: {median:.3} of intake alone, the median of {}",
        ratios.len()
    );
}

/// The median and the 99th percentile of times, in milliseconds.
fn shown(mut took: Vec<Duration>) -> String {
    took.sort_unstable();
    let at = |share: usize| took.get(took.len() * share / 100).map_or(0.0, |took| took.as_secs_f64() * 1e3);
    format!("median {:.2} ms, 99 of 100 within {:.2} ms", at(50), at(99))
}
