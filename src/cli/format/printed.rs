//! Prints the result of a rehearsal.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::cli::parse::print::underlined;
use crate::grammar::{Clash, Format, Group, Rehearsal, Span, Tally, TrialMessage};

/// Characters of an example that are shown.
const SHOWN_CHARS_MAX: usize = 200;

/// A line that was tried alone; it is printed as JSON.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Tried {
    pattern: String,
    fields: Vec<&'static str>,
    /// The line with an invented person's values.
    example: String,
    messages: usize,
    read: usize,
    repaired: usize,
    asked: usize,
    misread: usize,
    other: usize,
    /// The most frequent reasons for a question or a misreading.
    failures: Vec<Failure>,
}

/// A reason, how often it occurred, and the first message with it.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Failure {
    kind: &'static str,
    field: Option<String>,
    count: usize,
    example: String,
    /// Where in the example, in characters.
    at: Option<Span>,
    /// What should stand there.
    expected: Option<String>,
}

/// The beginning of a message.
pub(super) fn cut(text: &str) -> String {
    text.chars().take(SHOWN_CHARS_MAX).collect()
}

/// One of the counts of a tally.
type Column = fn(&Tally) -> usize;

impl Tried {
    /// The result of a line that was compared with nothing.
    pub(super) fn of(format: &Format, example: String, rehearsal: &Rehearsal, messages: &[TrialMessage]) -> Self {
        let failure = |group: &Group| {
            let first = group.examples.first()?;
            Some(Failure {
                kind: group.kind,
                field: group.field.clone(),
                count: group.count,
                example: cut(&messages.get(first.message)?.text),
                at: first.at,
                expected: first.expected.clone(),
            })
        };
        let Tally { read, repaired, asked, misread, other } = rehearsal.after;
        Self {
            pattern: format.line().to_owned(),
            fields: format.fields().iter().map(|field| field.name()).collect(),
            example,
            messages: rehearsal.messages,
            read,
            repaired,
            asked,
            misread,
            other,
            failures: rehearsal.failures.iter().filter_map(failure).collect(),
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
            let field = failure.field.as_ref().map_or_else(String::new, |field| format!(" in {field}"));
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

/// A draft that was compared with what is in force; it is printed as JSON.
#[derive(Debug, Serialize)]
pub(super) struct Compared<'a> {
    pub(super) office: &'a str,
    pub(super) format: &'a str,
    pub(super) pattern: &'a str,
    #[serde(flatten)]
    pub(super) result: &'a Rehearsal,
    /// The messages that the result names, by their place.
    pub(super) texts: BTreeMap<usize, String>,
}

impl Compared<'_> {
    /// Prints it for people.
    pub(super) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let Rehearsal { messages, before, after, failures, lost, gained, changed, clashes } = self.result;
        writeln!(out, "{} as `{}` of {}: {messages} messages", self.pattern, self.format, self.office)?;
        writeln!(out, "{:>26}{:>10}", "in force", "draft")?;
        let before = before.unwrap_or_default();
        let rows: [(&str, Column); 5] = [
            ("read", |tally| tally.read),
            ("repaired", |tally| tally.repaired),
            ("asked about", |tally| tally.asked),
            ("misread", |tally| tally.misread),
            ("other", |tally| tally.other),
        ];
        for (name, of) in rows {
            writeln!(out, "{name:<14}{:>12}{:>10}", of(&before), of(after))?;
        }
        self.list(out, lost, "that were read are not any more")?;
        self.list(out, changed, "are read with other values")?;
        self.list(out, gained, "that were not read are read now")?;
        for Clash { format, invented, count, message } in clashes {
            let text = message.and_then(|at| self.texts.get(&at)).or(invented.as_ref());
            writeln!(out, "\nambiguous with `{format}`: {count} of the messages are read by both")?;
            if let Some(text) = text {
                writeln!(out, "        {}", text.replace('\n', "\n        "))?;
            }
        }
        self.list(out, failures, "are not read by the draft")
    }

    fn list(&self, out: &mut impl Write, groups: &[Group], what: &str) -> io::Result<()> {
        if groups.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{} {what}:", Rehearsal::count(groups))?;
        for group in groups {
            let field = group.field.as_ref().map_or_else(String::new, |field| format!(" in {field}"));
            writeln!(out, "{:>6}  {}{field}", group.count, group.kind)?;
            let first = group.examples.first();
            let Some((example, text)) = first.and_then(|first| Some((first, self.texts.get(&first.message)?))) else {
                continue;
            };
            for line in underlined(text, example.at) {
                writeln!(out, "        {line}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::grammar::Trial;

    fn sent() -> NaiveDate {
        NaiveDate::from_ymd_opt(2017, 8, 1).expect("a date")
    }

    fn tried(pattern: &str, texts: &[&str]) -> Tried {
        let format = Format::of_line(pattern).expect("a pattern");
        let messages: Vec<TrialMessage> =
            texts.iter().map(|text| TrialMessage { text: (*text).to_owned(), sent_on: sent() }).collect();
        let rehearsal = Trial { draft: &format, in_force: &[] }.run(&messages);
        Tried::of(&format, "#Budi#25011987#07082017".to_owned(), &rehearsal, &messages)
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
        let Tried { messages, read, repaired, asked, misread, other, failures, .. } = &rehearsal;
        assert_eq!((*messages, *read, *repaired, *asked, *misread, *other), (11, 1, 1, 1, 4, 4));
        assert_eq!(read + repaired + asked + misread + other, *messages);
        let first = failures.first().expect("failures");
        assert_eq!((first.kind, first.field.as_deref(), first.count), ("no-such-day", Some("TglLahir"), 2));
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
}
