//! Reads many messages by one poster's line and counts the results; failures are counted by kind, the most frequent first.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::cli::parse::print::underlined;
use crate::grammar::{Field, Format, Request, Span, read};

/// Kinds of failure that are shown.
const FAILURES_MAX: usize = 10;
/// Characters of an example that are shown.
const SHOWN_CHARS_MAX: usize = 200;

/// A message to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) text: String,
    /// The office's date of sending.
    pub(super) sent_on: NaiveDate,
}

/// The result over all messages; it is printed as JSON.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Rehearsal {
    pattern: String,
    fields: Vec<&'static str>,
    /// The line with an invented person's values.
    example: String,
    messages: usize,
    /// Whole forms with every value as it is written.
    read: usize,
    /// Whole forms with something read otherwise than it is written.
    repaired: usize,
    /// Forms with a date that may be several days.
    asked: usize,
    /// Forms with something wrong in them, and what is no form at all.
    misread: usize,
    /// Commands, codes and greetings, which are no form's business.
    other: usize,
    /// The most frequent reasons for a question or a misreading.
    failures: Vec<Failure>,
}

/// A reason, how often it occurred, and the first message with it.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Failure {
    kind: &'static str,
    field: Option<&'static str>,
    count: usize,
    example: String,
    /// Where in the example, in characters.
    at: Option<Span>,
    /// What should stand there.
    expected: Option<String>,
}

/// The line's own filled example in ways that people write it.
pub(super) fn examples(format: &Format, sent_on: NaiveDate) -> Vec<Message> {
    let visit = sent_on.checked_add_days(Days::new(7)).unwrap_or(sent_on);
    let example = format.example(visit);
    let bare = example.trim_start_matches('#');
    let dashed = visit.format("%d-%m-%Y").to_string();
    let ways = [
        example.clone(),
        bare.to_owned(),
        format!("#{bare}#"),
        format!("##{}", bare.replace('#', "##")),
        format!("# {}", bare.replace('#', " # ")),
        format!("#{}", bare.replace('#', "\n#")),
        bare.replace('#', "\n"),
        format!("Assalamualaikum min, #{bare}"),
        format!("#{bare}\nterima kasih"),
        format!("*#{bare}*"),
        format!("#{}", bare.replace('#', "＃")),
        bare.replace('#', ";"),
        example.to_lowercase(),
        example.to_uppercase(),
        example.replace("25011987", "25-01-1987").replace(&visit.format("%d%m%Y").to_string(), &dashed),
        example.replace("25011987", "25 Januari 1987"),
        example.replace("25011987", "25O11987"),
        example.replace("25011987", "250187"),
    ];
    ways.into_iter().map(|text| Message { text, sent_on }).collect()
}

/// A failure's kind and field, and where and what it is in one message.
struct Found {
    kind: &'static str,
    field: Option<Field>,
    at: Option<Span>,
    expected: Option<String>,
}

impl Rehearsal {
    /// Reads every message by this format alone.
    pub(super) fn of(format: &Format, example: &str, messages: &[Message]) -> Self {
        let mut rehearsal = Self {
            pattern: format.line().to_owned(),
            fields: format.fields().iter().map(|field| field.name()).collect(),
            example: example.to_owned(),
            messages: messages.len(),
            read: 0,
            repaired: 0,
            asked: 0,
            misread: 0,
            other: 0,
            failures: Vec::new(),
        };
        let mut failures: BTreeMap<(&str, Option<&str>), Failure> = BTreeMap::new();
        for message in messages {
            let Some(found) = rehearsal.count(read(&[format], &message.text, message.sent_on)) else { continue };
            let field = found.field.map(Field::name);
            let failure = failures.entry((found.kind, field)).or_insert_with(|| Failure {
                kind: found.kind,
                field,
                count: 0,
                example: message.text.chars().take(SHOWN_CHARS_MAX).collect(),
                at: found.at,
                expected: found.expected,
            });
            failure.count += 1;
        }
        rehearsal.failures = failures.into_values().collect();
        rehearsal.failures.sort_by_key(|failure| std::cmp::Reverse(failure.count));
        rehearsal.failures.truncate(FAILURES_MAX);
        rehearsal
    }

    /// Counts one outcome; what kept the message from being read, if anything did.
    fn count(&mut self, request: Request) -> Option<Found> {
        let failed = |kind| Found { kind, field: None, at: None, expected: None };
        match request {
            Request::Form(form) => {
                *(if form.notes.is_empty() { &mut self.read } else { &mut self.repaired }) += 1;
                None
            }
            Request::Ask(ask) => {
                self.asked += 1;
                let days: Vec<String> = ask.choices.iter().map(|choice| choice.date.to_string()).collect();
                let expected = Some(format!("one of {}", days.join(", ")));
                Some(Found { kind: "ask", field: Some(ask.field), at: Some(ask.at), expected })
            }
            Request::Misread(misread) => {
                self.misread += 1;
                let (at, expected) = (Some(misread.at), Some(misread.expected));
                Some(Found { kind: misread.kind.name(), field: misread.field, at, expected })
            }
            Request::Placeholder => {
                self.misread += 1;
                Some(failed("placeholder"))
            }
            Request::Day(_) | Request::Unreadable => {
                self.misread += 1;
                Some(failed("unreadable"))
            }
            Request::Command(_)
            | Request::AboutCancelling
            | Request::ChangeDay(_)
            | Request::Wait(_)
            | Request::Digits(_)
            | Request::Question
            | Request::Greeting
            | Request::Thanks
            | Request::Automatic => {
                self.other += 1;
                None
            }
        }
    }

    /// Prints it for people.
    pub(super) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}", self.pattern)?;
        writeln!(out, "asks for {}; filled: {}\n", self.fields.join(", "), self.example)?;
        writeln!(
            out,
            "{} messages: {} read, {} repaired, {} asked about, {} misread, {} other (commands, codes, greetings)",
            self.messages, self.read, self.repaired, self.asked, self.misread, self.other
        )?;
        for failure in &self.failures {
            let field = failure.field.map_or_else(String::new, |field| format!(" in {field}"));
            writeln!(out, "\n{:>6}  {}{field}", failure.count, failure.kind)?;
            for line in underlined(&failure.example, failure.at) {
                writeln!(out, "        {line}")?;
            }
            if let Some(expected) = &failure.expected {
                writeln!(out, "        expected {expected}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent() -> NaiveDate {
        NaiveDate::from_ymd_opt(2017, 8, 1).expect("a date")
    }

    fn tried(pattern: &str, texts: &[&str]) -> Rehearsal {
        let format = Format::of_line(pattern).expect("a pattern");
        let messages: Vec<Message> =
            texts.iter().map(|text| Message { text: (*text).to_owned(), sent_on: sent() }).collect();
        Rehearsal::of(&format, "#Budi#25011987#07082017", &messages)
    }

    #[test]
    fn every_message_is_counted_once_and_failures_come_by_their_number() {
        let rehearsal = tried(
            "#Nama#TglLahir#TglKedatangan",
            &[
                "#Budi#25011987#07082017",
                "#Budi#25011987#besok",
                "#Budi#250187#selasa",
                "#Budi#25011987",
                "#Siti#31061987#07082017",
                "#Rina#31061990#07082017",
                "batal",
                "00002681",
                "halo",
                "kapan buka?",
                "#Nama#TglLahir#TglKedatangan",
            ],
        );
        let Rehearsal { messages, read, repaired, asked, misread, other, failures, .. } = &rehearsal;
        assert_eq!((*messages, *read, *repaired, *asked, *misread, *other), (11, 1, 1, 1, 4, 4));
        assert_eq!(read + repaired + asked + misread + other, *messages);
        let first = failures.first().expect("failures");
        assert_eq!((first.kind, first.field, first.count), ("no-such-day", Some("TglLahir"), 2));
        assert_eq!((first.example.as_str(), first.at), ("#Siti#31061987#07082017", Some((6, 14))));
        assert_eq!(failures.iter().map(|failure| failure.count).sum::<usize>(), asked + misread);
    }

    #[test]
    fn what_is_printed_draws_the_first_example_of_each_failure() {
        let mut out = Vec::new();
        tried("#Nama#TglLahir", &["#Budi#31061987"]).print(&mut out).expect("written");
        let text = String::from_utf8(out).expect("UTF-8");
        assert!(text.contains("1 messages: 0 read, 0 repaired, 0 asked about, 1 misread"), "{text}");
        assert!(
            text.contains("     1  no-such-day in TglLahir\n        #Budi#31061987\n              ^^^^^^^^\n"),
            "{text}"
        );
    }

    #[test]
    fn every_shipped_line_reads_or_repairs_its_own_example_however_it_is_written() {
        for format in Format::shipped() {
            let messages = examples(&format, sent());
            let rehearsal = Rehearsal::of(&format, "", &messages);
            assert_eq!(rehearsal.failures, [], "{}", format.line());
        }
    }
}
