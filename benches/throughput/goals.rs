//! What the figures must show: ratios inside one run, each with its goal.

use std::fmt::Write as _;

use super::closing;
use super::figures::Report;

/// How one goal is judged.
enum Judge {
    AtLeast(f64),
    AtMost(f64),
}

use Judge::{AtLeast, AtMost};

const RATE: &str = "messages_per_s";

/// A ratio: what it says, the engine, case and figure above, case and figure below, the goal.
type Goal = (&'static str, &'static str, (&'static str, &'static str), (&'static str, &'static str), Judge);

#[rustfmt::skip]
const RATIOS: [Goal; 23] = [
    ("HTTP through the product's own statements", "sqlite", ("closed 256", RATE), ("no HTTP, 64", RATE), AtLeast(0.6)),
    ("HTTP through the raw unit, 64 a commit", "sqlite", ("closed 256", RATE), ("raw unit, 64", RATE), AtLeast(0.35)),
    ("HTTP through the raw unit, one a commit", "sqlite", ("closed 256", RATE), ("raw unit, 1", RATE), AtLeast(5.0)),
    ("64 connections through pgbench", "postgres", ("closed 64", RATE), ("raw pgbench, 8", RATE), AtLeast(1.5)),
    ("256 connections through pgbench", "postgres", ("closed 256", RATE), ("raw pgbench, 8", RATE), AtLeast(2.5)),
    ("one hot hour through spread", "sqlite", ("hot hour, closed 256", RATE), ("closed 256", RATE), AtLeast(0.8)),
    ("one hot hour through spread", "postgres", ("hot hour, closed 256", RATE), ("closed 256", RATE), AtLeast(0.8)),
    ("1000/s: p50 through fdatasync's", "sqlite", ("open 1000/s", "p50_ms"), ("raw fdatasync", "p50_ms"), AtMost(9.0)),
    ("1000/s: p99 through one raw commit's", "sqlite", ("open 1000/s", "p99_ms"), ("raw unit, 1", "p99_ms"), AtMost(3.0)),
    ("courier sending through paused", "sqlite", ("sending, closed 256", RATE), ("closed 256", RATE), AtLeast(0.7)),
    ("courier sending through paused", "postgres", ("sending, closed 256", RATE), ("closed 256", RATE), AtLeast(0.7)),
    ("200/s: p50 through a commit for each message", "sqlite", ("open 200/s", "p50_ms"), ("open 200/s, a commit each", "p50_ms"), AtMost(1.1)),
    ("200/s: p50 through a commit for each message", "postgres", ("open 200/s", "p50_ms"), ("open 200/s, a commit each", "p50_ms"), AtMost(1.1)),
    ("two steps, forms through one step", "sqlite", ("two steps: forms, 256", RATE), ("closed 256", RATE), AtLeast(0.7)),
    ("two steps, codes through one step", "sqlite", ("two steps: codes, 256", RATE), ("closed 256", RATE), AtLeast(0.7)),
    ("two steps, forms through one step", "postgres", ("two steps: forms, 256", RATE), ("closed 256", RATE), AtLeast(0.7)),
    ("two steps, codes through one step", "postgres", ("two steps: codes, 256", RATE), ("closed 256", RATE), AtLeast(0.7)),
    ("others' p99 beside a noisy office", "sqlite", ("400, others beside noise", "p99_ms"), ("400, others calm", "p99_ms"), AtMost(2.0)),
    ("others' p99 beside a noisy office", "postgres", ("400, others beside noise", "p99_ms"), ("400, others calm", "p99_ms"), AtMost(2.0)),
    ("others' answer while a day of 300 is closed", "postgres", (closing::MEANWHILE, "p50_ms"), (closing::BEFORE, "p50_ms"), AtMost(1.2)),
    ("others' reply while a day of 300 is closed", "postgres", (closing::MEANWHILE, "reply_p50_ms"), (closing::BEFORE, "reply_p50_ms"), AtMost(1.2)),
    ("grown database: rate", "sqlite", ("grown, large", RATE), ("grown, small", RATE), AtLeast(1.0 / 1.2)),
    ("grown database: rate", "postgres", ("grown, large", RATE), ("grown, small", RATE), AtLeast(1.0 / 1.2)),
];

/// A figure of its own: what it says, the engine, case and figure, the goal.
type Bound = (&'static str, &'static str, (&'static str, &'static str), Judge);

#[rustfmt::skip]
const BOUNDS: [Bound; 5] = [
    ("memory at rest, MiB", "sqlite", ("start", "idle_mib"), AtMost(16.0)),
    ("memory under load, MiB", "sqlite", ("closed 256", "peak_mib"), AtMost(48.0)),
    ("memory under load, MiB", "postgres", ("closed 256", "peak_mib"), AtMost(48.0)),
    ("start on an existing database, ms", "sqlite", ("start", "start_ms"), AtMost(50.0)),
    ("binary, MB", "sqlite", ("start", "binary_mb"), AtMost(20.0)),
];

/// The goals, the medians of their ratios taken round by round, and whether they were met.
pub fn table(report: &Report) -> String {
    let mut text = String::from("\n| ratio inside one run | engine | measured | goal | met |\n|---|---|---|---|---|\n");
    let mut line = |what: &str, engine: &str, value: Option<f64>, judge: &Judge| {
        let Some(value) = value else { return };
        let (goal, met) = match judge {
            AtLeast(goal) => (format!(">= {goal:.2}"), value >= *goal),
            AtMost(goal) => (format!("<= {goal:.2}"), value <= *goal),
        };
        writeln!(text, "| {what} | {engine} | {value:.2} | {goal} | {} |", if met { "yes" } else { "no" })
            .expect("a text");
    };
    for (what, engine, above, below, judge) in &RATIOS {
        line(what, engine, report.ratio(engine, *above, *below), judge);
    }
    for engine in ["sqlite", "postgres"] {
        let p99 = report.ratio(engine, ("grown, large", "p99_ms"), ("grown, small", "p99_ms"));
        line("grown database: p99", engine, p99, &AtMost(1.2));
    }
    for (what, engine, (case, figure), judge) in &BOUNDS {
        line(what, engine, report.median(engine, case, figure), judge);
    }
    text
}
