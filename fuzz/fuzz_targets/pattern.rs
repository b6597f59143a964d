//! Any poster line: no panic, every mistake has its place in the line, and a line that is understood reads its own filled
//! example.

#![no_main]
#![expect(dead_code, unused_imports, reason = "a target uses a part of the modules that it takes")]

#[path = "../../src/domain/mod.rs"]
mod domain;
#[path = "../../src/grammar/mod.rs"]
mod grammar;
#[path = "../../src/sheet/mod.rs"]
mod sheet;

use chrono::NaiveDate;
use grammar::{Format, Request};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|line: &str| {
    let sent_on = NaiveDate::from_ymd_opt(2017, 8, 1).expect("a date");
    match Format::of_line(line) {
        Err(error) => assert!(line.get(error.at.clone()).is_some(), "{:?} is no place in {line:?}", error.at),
        Ok(format) => {
            let visit = sent_on.succ_opt().expect("a date");
            let example = format.example(visit);
            match grammar::read(&[&format], &example, sent_on) {
                Request::Form(form) => {
                    assert!(form.notes.is_empty(), "{line:?} repairs its own example {example:?}");
                    assert!(form.visit.is_none_or(|day| day == visit), "{line:?}: {example:?}");
                    // A phone number is printed in its international spelling: the form counts, not the letters.
                    let filled = grammar::read(&[&format], &format.fill(&form), sent_on);
                    assert!(matches!(&filled, Request::Form(again) if *again == form), "{line:?}: {filled:?}");
                }
                other => panic!("{line:?} does not read its own example {example:?}: {other:?}"),
            }
        }
    }
});
