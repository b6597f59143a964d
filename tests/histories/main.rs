//! Simulated histories: the real conversation, desk, courier, caretaker, front desk and storage on a SQLite file in memory, on a clock
//! that moves only when the history says so. A seed draws an installation and what happens to it; after every action a judge compares
//! what the tables say with what was acknowledged, sent and reported; at the end nothing may be left unanswered.
//!
//! `tests/drills/histories` plays other seeds, and says what they came by.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this is test code; the exemption for tests does not reach the functions beside them"
)]

mod action;
mod controls;
mod coverage;
mod drill;
mod errands;
mod judge;
mod node;
mod officers;
mod outage;
mod points;
mod profile;
mod provider;
mod quiet;
mod shrink;
mod story;
mod texts;
mod world;

/// Negative controls: `tests/drills/mutations` breaks the program in twelve places; docs/reliability.md says which seeds find which.
#[test]
fn a_thousand_histories_keep_every_promise() {
    if drill::is_child() {
        return;
    }
    let drilled = drill::drill("a_thousand_histories_keep_every_promise");
    let report = drilled.report();
    println!("{report}");
    assert!(drilled.failures.is_empty(), "{}\n{report}", drilled.failures.join("\n"));
    assert!(drilled.differing.is_empty(), "{}", drilled.differing.join("\n"));
}
