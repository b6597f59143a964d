//! How fast the real server is, and how near it comes to what disk and database can do. The server is a process of its
//! own that gets signed webhooks over HTTP on loopback; the raw limits of the same machine are measured in the same rounds.
//!
//! `cargo bench --bench throughput -- --help` says what can be chosen. Machines are noisy: quote medians, and ratios
//! inside one run. After every case the database is audited.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "a benchmark stops at the first surprise, and its figures are rounded"
)]

mod bench;
mod cases;
mod closing;
mod database;
mod figures;
mod goals;
mod growth;
mod installation;
mod limits;
mod load;
mod plot;
mod process;
mod product;
mod provider;
mod requests;
mod server;
mod stage;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;

use bench::Bench;
use database::{Cluster, Engine};
use figures::Report;

/// Measures a server from outside.
#[derive(Debug, Parser)]
struct Options {
    /// Rounds; each runs every case once, so that drift hits all alike
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds that a case is measured
    #[arg(long, default_value_t = 1.5)]
    seconds: f64,
    /// Databases to measure on
    #[arg(long, value_delimiter = ',', default_value = "sqlite,postgres")]
    engine: Vec<Engine>,
    /// Only the cases whose names hold one of these words, such as `closed` or `raw`
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Bookings that the grown database holds; 0 leaves growth out. The goal speaks of 5000000, which takes minutes
    #[arg(long, default_value_t = 0)]
    growth: u64,
    /// Write every figure of every round to this file
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
    /// Draw the medians into this file
    #[arg(long, value_name = "PATH")]
    svg: Option<PathBuf>,
    /// One short round of everything: that it works, not how fast it is
    #[arg(long)]
    short: bool,
    /// Given by `cargo bench`; means nothing here
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let mut options = Options::parse();
    if options.short {
        options.rounds = 1;
        options.seconds = 0.1;
    }
    // Started only when it is asked for, and ended with this value.
    let cluster = options.engine.contains(&Engine::Postgres).then(|| Arc::new(Cluster::start()));
    let bench = Bench {
        cluster,
        seconds: Duration::from_secs_f64(options.seconds),
        growth: options.growth,
        grown: std::sync::Mutex::default(),
    };
    let mut report = Report::default();
    let cases = cases::all(&options.engine, options.growth, &options.only);
    for round in 1..=options.rounds {
        for case in &cases {
            for (name, figures) in (case.run)(&bench) {
                eprintln!("round {round} {:8} {name:24} {figures}", case.engine.name());
                report.enter(case.engine.name(), name, figures);
            }
        }
    }
    println!("{}", report.table());
    println!("{}", goals::table(&report));
    if let Some(path) = &options.json {
        std::fs::write(path, report.json(options.rounds, options.seconds)).expect("the JSON file");
    }
    if let Some(path) = &options.svg {
        plot::draw(&report, path);
    }
}
