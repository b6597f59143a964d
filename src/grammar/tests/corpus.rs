//! Runs the labelled messages of `fixtures/messages`, and prints how many of each category came out as they must.
//!
//! A message that gives a form with other values than its label is the worst that can happen: a wrong booking.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Deserialize;

use super::*;

/// Messages of the regression set that come out right: the number may rise, never fall.
const REGRESSION_RIGHT_MIN: usize = 678;
/// The same of the second set; no value in it is read wrong.
const SECOND_RIGHT_MIN: usize = 166;

/// The same of the set by kinds.
const KINDS_RIGHT_MIN: usize = 120;

#[derive(Deserialize)]
struct Corpus {
    message: Vec<Labelled>,
}

#[derive(Deserialize)]
struct Labelled {
    category: String,
    office: String,
    sent: toml::Value,
    text: String,
    expect: String,
    #[serde(default)]
    values: BTreeMap<String, toml::Value>,
    #[serde(default)]
    choices: Vec<toml::Value>,
    /// Which of Batam's formats must have read it: `ordinary`, `e-passport` or `family`.
    format: Option<String>,
    /// Several forms in one message: all of them or none, never the first alone.
    #[serde(default)]
    people: Vec<BTreeMap<String, toml::Value>>,
    field: Option<String>,
    kind: Option<String>,
    /// The line that must be suggested; empty where none may be.
    suggestion: Option<String>,
    #[serde(default)]
    notes: Vec<String>,
}

/// How a message came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Right,
    /// Another result than the label's, but no wrong value.
    Other,
    /// A form with a value that the label has otherwise.
    WrongValue,
}

fn plain(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn values(form: &Form, format: &Format) -> BTreeMap<String, String> {
    let fields = format.fields().into_iter();
    fields.filter_map(|field| Some((field.name().to_owned(), format.value(form, field)?))).collect()
}

/// Whether a value is read otherwise than it is meant; runs of white space count as one space.
fn differ(read: &BTreeMap<String, String>, meant: &BTreeMap<String, toml::Value>) -> bool {
    meant.iter().any(|(name, value)| {
        let (read, meant) = (read.get(name).map_or("", String::as_str), plain(value));
        read != meant.split_whitespace().collect::<Vec<_>>().join(" ")
    })
}

/// The format that read the form, in the corpus's words.
fn service(form: &Form) -> &'static str {
    match form.format.as_str() {
        "batam-e-paspor" => "e-passport",
        "batam-keluarga" => "family",
        _ => "ordinary",
    }
}

/// The result in the corpus's words.
fn result(request: &Request) -> &'static str {
    match request {
        Request::Form(form) if form.notes.is_empty() => "read",
        Request::Form(_) => "repaired",
        Request::Ask(_) => "ask",
        Request::Misread(_) => "misread",
        Request::Command(_) | Request::ChangeDay(_) | Request::Wait(_) => "command",
        Request::Digits(_) => "code",
        Request::Placeholder => "placeholder",
        Request::Greeting | Request::Thanks => "greeting",
        // Where nothing was asked, a day alone says nothing; and talk about cancelling cancels nothing.
        // A question is no form: what it asks is judged by `fixtures/topics`.
        Request::Day(_) | Request::Question | Request::Unreadable | Request::Automatic | Request::AboutCancelling => {
            "unreadable"
        }
    }
}

impl Labelled {
    fn judge(&self, formats: &[&Format]) -> (Verdict, String) {
        let request = read(formats, &self.text, plain(&self.sent).parse().expect("a date"));
        let (right, told) = match &request {
            Request::Form(form) => {
                let format = formats.iter().find(|format| *format.id() == form.format).expect("one of them");
                let all: Vec<_> = form.each().map(|form| values(&form, format)).collect();
                let meant = if self.people.is_empty() { std::slice::from_ref(&self.values) } else { &self.people[..] };
                let differs =
                    all.len() != meant.len() || all.iter().zip(meant).any(|(read, meant)| differ(read, meant));
                let kinds: Vec<&str> = form.notes.iter().map(|note| note.kind.name()).collect();
                let elsewhere = self.format.as_ref().is_some_and(|meant| *meant != service(form));
                if differs || elsewhere {
                    return (Verdict::WrongValue, format!("{all:?} {kinds:?}"));
                }
                (self.notes.is_empty() || kinds == self.notes, format!("{all:?} {kinds:?}"))
            }
            Request::Ask(ask) => {
                let days: Vec<String> = ask.choices.iter().map(|choice| choice.date.to_string()).collect();
                let meant: Vec<String> = self.choices.iter().map(plain).collect();
                (meant.is_empty() || days == meant, format!("{} {days:?}", ask.field.name()))
            }
            Request::Misread(misread) => {
                let field = misread.field.map(|field| field.name().to_owned());
                let kind = misread.kind.name();
                let line = misread.suggestion.as_ref().map(|suggestion| suggestion.line.as_str());
                let right = (self.field.is_none() || field == self.field)
                    && self.kind.as_ref().is_none_or(|meant| meant == kind)
                    && self.suggestion.as_ref().is_none_or(|meant| meant == line.unwrap_or_default());
                (right, format!("{kind} {field:?} {:?} perhaps {line:?}", misread.found))
            }
            Request::Command(command) => {
                let meant = self.values.get("command").or_else(|| self.values.get("Perintah")).map(plain);
                (meant.is_none_or(|meant| meant == command.name.name()), command.name.name().to_owned())
            }
            Request::Digits(code) => {
                let meant = self.values.get("code").map(plain);
                let padded = self.values.get("Kode").map(|meant| format!("{:0>8}", plain(meant)));
                let fits = padded.is_none_or(|meant| meant == format!("{code:0>8}"));
                (fits && meant.is_none_or(|meant| meant == *code), code.clone())
            }
            _ => (true, String::new()),
        };
        let result = result(&request);
        let expected = self.expect.split('|').any(|meant| meant.trim() == result);
        let accepted = matches!(request, Request::Form(_)) && !expected;
        let verdict = match (right && expected, accepted) {
            (true, _) => Verdict::Right,
            (false, true) => Verdict::WrongValue,
            (false, false) => Verdict::Other,
        };
        (verdict, format!("{result} {told}"))
    }
}

/// How a message came out, in the words of the figures.
fn way(verdict: Verdict, told: &str) -> &'static str {
    match told.split(' ').next() {
        _ if verdict == Verdict::WrongValue => "wrong value",
        Some("read" | "repaired") => "read",
        Some("ask") => "asked",
        Some("misread") if told.contains("perhaps Some") => "suggested",
        _ => "refused",
    }
}

/// The standard format with the horizon that the regression set was labelled for.
const STANDARD: &str = "id = \"standard\"\npattern = \"#Nama#TglLahir#TglKedatangan\"\n\
    [fields.TglKedatangan]\nhorizon_days = 60\n";

/// Right, all, wrong values, and a line on each message that is not right.
fn run(text: &str, horizon_of_60: bool) -> (usize, usize, usize, String) {
    let corpus: Corpus = toml::from_str(text).expect("a readable corpus");
    let shipped = Format::shipped();
    let named = |ids: &[&str]| -> Vec<&Format> {
        ids.iter().filter_map(|id| shipped.iter().find(|format| format.id().as_str() == *id)).collect()
    };
    let horizon = Format::from_toml(STANDARD).expect("a format");
    let standard = if horizon_of_60 { vec![&horizon] } else { named(&["nama-lahir-kedatangan"]) };
    let batam = named(&["batam-foto", "batam-e-paspor", "batam-keluarga"]);
    let mut table: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut right, mut wrong, mut report) = (0, 0, String::new());
    let mut ways: BTreeMap<&str, usize> = BTreeMap::new();
    for message in &corpus.message {
        let formats = if message.office == "batam" { &batam } else { &standard };
        let (verdict, told) = message.judge(formats);
        *ways.entry(way(verdict, &told)).or_default() += 1;
        let row = table.entry(&message.category).or_default();
        row.1 += 1;
        match verdict {
            Verdict::Right => {
                row.0 += 1;
                right += 1;
            }
            Verdict::WrongValue => wrong += 1,
            Verdict::Other => {}
        }
        if verdict != Verdict::Right {
            let _ = writeln!(
                report,
                "{verdict:?} [{}] {:?}: expected {} {:?} {:?} {:?}, got {told}",
                message.category, message.text, message.expect, message.values, message.choices, message.field
            );
        }
    }
    for (category, (right, all)) in &table {
        println!("{category:<32} {right:>4} of {all:>4}");
    }
    println!("{:<32} {right:>4} of {:>4}, {wrong} with a wrong value", "all", corpus.message.len());
    println!("{ways:?}");
    (right, corpus.message.len(), wrong, report)
}

#[test]
fn every_labelled_message_comes_out_as_it_must() {
    let (right, all, _, report) = run(include_str!("../../../fixtures/messages/corpus.toml"), false);
    assert!(all >= 600, "{all} messages are fewer than 600");
    assert_eq!(right, all, "\n{report}");
}

/// Written one promise after the other before the reader was looked at again. First run: 158 of 166, none with a wrong value; after
/// repairing, 166.
#[test]
fn the_second_set_comes_out_no_worse_than_before() {
    let (right, all, wrong, report) = run(include_str!("../../../fixtures/messages/second.toml"), true);
    assert!(right >= SECOND_RIGHT_MIN && wrong == 0, "{right} of {all}, {wrong} wrong\n{report}");
}

/// Names, dates and leftovers, written before the reader was changed for them. First run: 30 of 129, 23 with a wrong value;
/// then 129.
// Negative control: with `also_names`, `honorifics` and `roman` emptied in the vocabulary this fails.
#[test]
fn names_dates_and_leftovers_come_out_as_they_must() {
    let (right, all, wrong, report) = run(include_str!("../../../fixtures/messages/leftovers.toml"), true);
    assert!(right == all && wrong == 0 && all >= 120, "{right} of {all}, {wrong} wrong\n{report}");
}

/// What people write besides a form's values, by kinds, written before the reader was changed for them. Before: 42 of 120, 43
/// with a wrong value; at the first run of the change 119 of 120, none with a wrong value; then 120. Every second message had not
/// been looked at until then.
// Negative control: the reader before the change reads 43 values wrong and fails this.
#[test]
fn what_is_no_value_is_told_from_values() {
    let (right, all, wrong, report) = run(include_str!("../../../fixtures/messages/kinds.toml"), true);
    assert!(right >= KINDS_RIGHT_MIN && wrong == 0 && all >= 120, "{right} of {all}, {wrong} wrong\n{report}");
}

/// Written by somebody who had not seen the reader. First run: 649 of 680, 11 with a wrong value; then 666 and 2, and after the
/// second set was repaired, with six labels corrected (each says why),
/// 677 and 2, and 678 and none with the horizon of 60 days that the labels speak of.
#[test]
fn the_regression_set_comes_out_no_worse_than_before() {
    let (right, all, wrong, report) = run(include_str!("../../../fixtures/messages/regression.toml"), true);
    assert!(right >= REGRESSION_RIGHT_MIN && wrong == 0, "{right} of {all}, {wrong} wrong\n{report}");
}
