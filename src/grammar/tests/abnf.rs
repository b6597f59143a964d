//! Prints messages from `grammar/message.abnf` and reads them back: what the file promises, the reader keeps.
//!
//! The rules are read from the file itself, so a rule that says too much fails here. Values are laid under the rules
//! that have any: a name, and two days of the calendar.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::*;
use crate::grammar::language::politeness::after_greeting;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::value::name::{beside_name, untitled};

/// Most repeats of `*`, where the rule names no end.
const REPEATS_MAX: usize = 3;

/// The rules by name, comments and line breaks gone.
fn rules() -> BTreeMap<String, String> {
    let mut rules: BTreeMap<String, String> = BTreeMap::new();
    let mut last = String::new();
    for line in include_str!("../../../grammar/message.abnf").lines() {
        let line = line.split(';').next().unwrap_or_default();
        if let Some((name, rule)) = line.split_once(" = ") {
            last = name.trim().to_owned();
            rules.insert(last.clone(), rule.trim().to_owned());
        } else if !line.trim().is_empty() {
            let rule = rules.get_mut(&last).expect("a rule to go on with");
            *rule += " ";
            *rule += line.trim();
        }
    }
    rules
}

/// The rules, and the format that they are about.
static STANDARD: LazyLock<(BTreeMap<String, String>, Format)> = LazyLock::new(|| {
    let mut shipped = Format::shipped().into_iter();
    (rules(), shipped.find(|format| format.id().as_str() == "nama-lahir-kedatangan").expect("the standard format"))
});

/// What a message is printed from.
struct Printer<'r> {
    rules: &'r BTreeMap<String, String>,
    rng: StdRng,
    /// The day that the next date is to spell.
    day: NaiveDate,
}

impl Printer<'_> {
    fn rule(&mut self, name: &str) -> String {
        match name {
            "SP" => " ".to_owned(),
            "HTAB" => "\t".to_owned(),
            "CR" => "\r".to_owned(),
            "LF" => "\n".to_owned(),
            "ALPHA" => char::from(self.rng.random_range(b'a'..=b'z')).to_string(),
            "date" => {
                let forms = self.rules["date"].split('/').map(str::trim).map(str::to_owned).collect::<Vec<_>>();
                let form = forms[self.rng.random_range(0..forms.len())].clone();
                self.dated(&form)
            }
            _ => {
                let rule = self.rules.get(name).unwrap_or_else(|| panic!("no rule {name}")).clone();
                self.alternatives(&rule)
            }
        }
    }

    /// A date's rule with its digits aligned down: `DIGIT`s are the numbers of the day, in the order of the rule.
    fn dated(&mut self, form: &str) -> String {
        let (day, month, year) = (self.day.day(), self.day.month(), self.day.year());
        let mut numbers = match form {
            "reversed" => vec![year.unsigned_abs(), month, day],
            "worded" | "english" => vec![day, year.unsigned_abs()],
            _ => vec![day, month, year.unsigned_abs()],
        }
        .into_iter();
        let mut text = String::new();
        let zero = self.zero();
        let in_script = |number: String| -> String {
            number
                .chars()
                .map(|c| c.to_digit(10).and_then(|value| char::from_u32(zero + value)).expect("a digit"))
                .collect()
        };
        for element in elements(&self.rules[form].clone()) {
            let printed = match element.as_str() {
                "2digit" => in_script(format!("{:02}", numbers.next().expect("a number"))),
                "4digit" => in_script(format!("{:04}", numbers.next().expect("a number"))),
                "1*2digit" => {
                    let width = self.rng.random_range(1..=2);
                    in_script(format!("{:0width$}", numbers.next().expect("a number")))
                }
                "month" => self.month(month),
                element => self.element(element),
            };
            text.push_str(&printed);
        }
        text
    }

    /// The zero of one of the rule's scripts.
    fn zero(&mut self) -> u32 {
        let scripts = split_outside(&self.rules["digit"], '/');
        match scripts[self.rng.random_range(0..scripts.len())].strip_prefix("%x") {
            Some(codes) => u32::from_str_radix(&codes[..codes.find('-').expect("a range")], 16).expect("a code"),
            None => u32::from('0'),
        }
    }

    /// One of the rule's spellings of a month; the case of a quoted word does not count (RFC 5234, 2.3).
    fn month(&mut self, month: u32) -> String {
        let spellings = self.rules["month"].clone();
        let fitting: Vec<&str> = spellings
            .split('/')
            .map(|word| word.trim().trim_matches('"'))
            .filter(|word| WORDS.months.get(word) == Some(month))
            .collect();
        let word = fitting[self.rng.random_range(0..fitting.len())];
        match self.rng.random_range(0..3) {
            0 => word.to_lowercase(),
            1 => word.to_uppercase(),
            _ => word.to_owned(),
        }
    }

    fn alternatives(&mut self, rule: &str) -> String {
        let all = split_outside(rule, '/');
        let chosen = all[self.rng.random_range(0..all.len())].clone();
        elements(&chosen).iter().map(|element| self.element(element)).collect()
    }

    fn element(&mut self, element: &str) -> String {
        if let Some(optional) = element.strip_prefix('[') {
            let inner = optional.strip_suffix(']').expect("a closed option");
            return if self.rng.random_bool(0.5) { self.alternatives(inner) } else { String::new() };
        }
        if let Some((least, rest)) = element.split_once('*') {
            let end = rest.find(|c: char| !c.is_ascii_digit()).expect("something repeated");
            let least: usize = least.parse().unwrap_or(0);
            let most: usize = rest[..end].parse().unwrap_or(least + REPEATS_MAX);
            let count = self.rng.random_range(least..=most);
            return (0..count).map(|_| self.element(&rest[end..])).collect();
        }
        if let Some(group) = element.strip_prefix('(') {
            return self.alternatives(group.strip_suffix(')').expect("a closed group"));
        }
        if let Some(quoted) = element.strip_prefix('"') {
            return quoted.strip_suffix('"').expect("a closed quote").to_owned();
        }
        if let Some(codes) = element.strip_prefix("%x") {
            let (from, to) = codes.split_once('-').unwrap_or((codes, codes));
            let code = |hex| u32::from_str_radix(hex, 16).expect("a code");
            return char::from_u32(self.rng.random_range(code(from)..=code(to))).expect("a character").to_string();
        }
        self.rule(element)
    }
}

/// Splits at a character that stands outside brackets and quotes.
fn split_outside(rule: &str, at: char) -> Vec<String> {
    let (mut parts, mut part, mut depth, mut quoted) = (Vec::new(), String::new(), 0_i32, false);
    for c in rule.chars() {
        match c {
            '"' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth -= 1,
            _ => {}
        }
        if c == at && depth == 0 && !quoted {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(c);
        }
    }
    parts.push(part);
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

fn elements(rule: &str) -> Vec<String> {
    split_outside(rule, ' ')
}

#[test]
fn the_months_of_the_abnf_are_those_of_the_vocabulary() {
    let written = rules()["month"].clone();
    let written: BTreeSet<String> =
        written.split('/').map(|word| word.trim().trim_matches('"').to_lowercase()).collect();
    let known: BTreeSet<String> = WORDS.months.entries().map(|(word, _)| word.to_owned()).collect();
    assert_eq!(written, known);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    // Negative control: `*99` for `*59` in the rule of a name, a reader that knows no slash between a date's parts, and one
    // that takes an Arabic digit for the next lower one, each fails this.
    #[test]
    fn every_message_of_the_abnf_reads_back(seed: u64, born in 0_u64..43_000, ahead in 0_u64..180) {
        let (rules, format) = &*STANDARD;
        let sent: NaiveDate = "2017-08-01".parse().expect("a date");
        let born = NaiveDate::from_ymd_opt(1899, 6, 1).expect("a date") + Days::new(born);
        let visit = sent + Days::new(ahead);
        let mut printer = Printer { rules, rng: StdRng::seed_from_u64(seed), day: born };
        let (mut message, mut name) = (String::new(), String::new());
        let mut days = [born, visit].into_iter();
        for element in elements(&rules["message"]) {
            if element == "date" {
                printer.day = days.next().expect("two dates");
            }
            let text = printer.element(&element);
            if element == "name" {
                name.clone_from(&text);
            }
            message += &text;
        }
        // A name may spell what is no name: a greeting, a poster's word, thanks. The rule cannot say so; the corpus does.
        prop_assume!(WORDS.fields.front(&name).is_none() && WORDS.keywords.front(&name).is_none());
        // Nor can it say that two long words after a comma are somebody else.
        prop_assume!(beside_name(&name).is_none());
        // Nor that a title in front of a name is none of it: `Ny. Siti` reads as `Siti`, and says so.
        prop_assume!(untitled(&name).is_none());
        prop_assume!(after_greeting(&name) == name && !name.split(|c: char| !c.is_alphabetic()).any(|word| {
            WORDS.thanks.get(word).is_some() || WORDS.chat.get(word).is_some()
        }));
        let Request::Form(form) = read(&[format], &message, sent) else {
            return Err(TestCaseError::fail(format!("{message:?}: {:?}", read(&[format], &message, sent))));
        };
        let meant = crate::domain::person::Nama::read(&name).expect("a name");
        prop_assert_eq!(form.applicant.nama.as_str().trim(), meant.as_str().trim(), "{}", message);
        prop_assert_eq!(form.applicant.tgl_lahir.map(crate::domain::person::TglLahir::date), Some(born), "{}", message);
        prop_assert_eq!(form.visit, Some(visit), "{}", message);
        prop_assert!(form.notes.is_empty(), "{}: {:?}", message, form.notes);
    }
}
