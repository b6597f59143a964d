//! Any message, sent on any day to any of the shipped offices: no panic, every span inside the message, what was read reads
//! back from its own line, and no date is taken that is neither written nor noted.
//!
//! The first byte chooses the office, the next two are the day of sending from the start of 2017, the rest is the message.

#![no_main]
#![expect(dead_code, unused_imports, reason = "a target uses a part of the modules that it takes")]

#[path = "../../src/domain/mod.rs"]
mod domain;
#[path = "../../src/grammar/mod.rs"]
mod grammar;
#[path = "../../src/sheet/mod.rs"]
mod sheet;

use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate};
use domain::person::Applicant;
use grammar::{CHOICES_MAX, Field, Form, Format, Misread, Request, Span};
use libfuzzer_sys::fuzz_target;

static SHIPPED: LazyLock<Vec<Format>> = LazyLock::new(Format::shipped);

fn office(number: u8) -> Vec<&'static Format> {
    let named = |ids: &[&str]| -> Vec<&Format> {
        ids.iter().filter_map(|id| SHIPPED.iter().find(|format| format.id().as_str() == *id)).collect()
    };
    match number % 4 {
        0 => named(&["nama-lahir-kedatangan"]),
        1 => named(&["batam-foto", "batam-e-paspor", "batam-keluarga"]),
        2 => named(&["batam-tanpa-foto"]),
        _ => SHIPPED.iter().collect(),
    }
}

fn inside(message: &str, (from, to): Span) {
    assert!(from <= to && to <= message.chars().count(), "{from}..{to} is not inside {message:?}");
}

/// The numbers of a text in order, with invisible characters left out; a run of six or eight digits is three.
fn numbers(text: &str) -> Vec<u32> {
    let digit = |c: char| match c {
        '0'..='9' => Some(u32::from(c) - u32::from('0')),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        '٠'..='٩' => Some(u32::from(c) - u32::from('٠')),
        '۰'..='۹' => Some(u32::from(c) - u32::from('۰')),
        _ => None,
    };
    let seen = text
        .chars()
        .filter(|&c| c.is_ascii() || c.is_alphanumeric() || c.is_whitespace() || "‐‑‒–—―−－／．，＃﹟♯＊".contains(c));
    let mut runs: Vec<Vec<u32>> = vec![Vec::new()];
    for c in seen {
        match (digit(c), runs.last_mut()) {
            (Some(value), Some(run)) => run.push(value),
            _ => runs.push(Vec::new()),
        }
    }
    let number =
        |digits: &[u32]| digits.iter().fold(0_u32, |value, digit| value.saturating_mul(10).saturating_add(*digit));
    let parts = |run: &Vec<u32>| match run.len() {
        6 => vec![number(&run[..2]), number(&run[2..4]), number(&run[4..])],
        8 => vec![number(&run[..2]), number(&run[2..4]), number(&run[4..])],
        _ => vec![number(run)],
    };
    runs.iter().filter(|run| !run.is_empty()).flat_map(parts).collect()
}

/// Whether the day's numbers are written in the message; its month may be a word.
fn is_written(day: NaiveDate, message: &str) -> bool {
    let numbers = numbers(message);
    let has = |number: u32| numbers.contains(&number);
    let year = day.year().unsigned_abs();
    let word = message.chars().any(char::is_alphabetic);
    has(day.day()) && (has(day.month()) || word) && (has(year) || has(year % 100))
}

fn judge_form(formats: &[&Format], message: &str, sent_on: NaiveDate, form: &Form) {
    let format = formats.iter().find(|format| *format.id() == form.format).expect("one of the office's formats");
    let noted = |field| form.notes.iter().any(|note| note.field == Some(field));
    for person in form.applicant.people() {
        let born = person.tgl_lahir.map(|born| born.date());
        for (field, day) in [(Field::TglLahir, born), (Field::TglKedatangan, form.visit)] {
            if let Some(day) = day {
                assert!(noted(field) || is_written(day, message), "{day} is not written in {message:?}");
            }
        }
        assert!(born.is_none_or(|born| born <= sent_on), "born after the day of sending");
    }
    assert!(
        form.applicant.others.is_empty() || usize::from(form.party) == form.applicant.people().count(),
        "a seat for each"
    );
    assert!(form.visit.is_none_or(|visit| visit >= sent_on), "a visit that is over");
    // A dash in front of a line may be a list's.
    let is_listed = |person: &Applicant| !form.applicant.others.is_empty() && person.nama.as_str().starts_with('-');
    if form.applicant.people().any(is_listed) {
        return;
    }
    // A question in a line of its own below an address may be another one where the lines are printed as one.
    if message.contains(['?', '？']) && message.contains('\n') {
        return;
    }
    // A repaired form, once it is printed, needs no repair.
    let plain = Form { notes: Vec::new(), ..form.clone() };
    let line = format.fill(&plain);
    assert_eq!(grammar::read(&[format], &line, sent_on), Request::Form(plain), "{message:?} printed as {line:?}");
}

fn judge_misread(formats: &[&Format], message: &str, sent_on: NaiveDate, misread: &Misread) {
    inside(message, misread.at);
    if let Some(suggestion) = &misread.suggestion {
        let again = grammar::read(formats, &suggestion.line, sent_on);
        assert_eq!(again, Request::Form(suggestion.form.clone()), "{message:?} suggests {:?}", suggestion.line);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let [number, high, low, text @ ..] = bytes else { return };
    let formats = office(*number);
    let first = NaiveDate::from_ymd_opt(2017, 1, 1).expect("a date");
    let sent_on = first + Days::new(u64::from(u16::from_be_bytes([*high, *low])));
    let message = String::from_utf8_lossy(text);
    let request = grammar::read(&formats, &message, sent_on);
    assert_eq!(request, grammar::read(&formats, &message, sent_on), "reading twice gives the same");
    match &request {
        Request::Form(form) => judge_form(&formats, &message, sent_on, form),
        Request::Misread(misread) => judge_misread(&formats, &message, sent_on, misread),
        Request::Ask(ask) => {
            inside(&message, ask.at);
            assert!((2..=CHOICES_MAX).contains(&ask.choices.len()));
            assert!(ask.choices.windows(2).all(|pair| pair[0].date < pair[1].date));
            for choice in &ask.choices {
                judge_form(&formats, &message, sent_on, &choice.form);
                if let Some(next) = &choice.then {
                    inside(&message, next.at);
                    assert!(
                        (next.field, next.person) != (ask.field, ask.person),
                        "the same piece is asked about twice"
                    );
                }
            }
        }
        _ => {}
    }
});
