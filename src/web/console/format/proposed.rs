//! A line that is proposed from messages, and what it is unsure of, in words.

use chrono::NaiveDate;

use super::texts::Texts;
use crate::domain::office::FormatId;
use crate::grammar::{Doubt, Field, NoProposal, Proposal, propose};

/// What came of the messages that were pasted.
pub(super) enum Proposed {
    /// A line.
    Line { line: String, file: String, doubts: Vec<String> },
    /// Why there is none.
    Nothing(String),
}

/// The messages of a text: parted by empty lines where it has some, else a line each.
pub(super) fn messages(text: &str) -> Vec<&str> {
    let text = text.trim();
    let parts: Vec<&str> = if text.contains("\n\n") { text.split("\n\n").collect() } else { text.lines().collect() };
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Proposes a line for the messages of a text.
pub(super) fn of(t: &Texts, text: &str, sent_on: NaiveDate, id: &FormatId) -> Proposed {
    let messages = messages(text);
    match propose(&messages, sent_on, id) {
        Ok(Proposal { line, file, doubts, format }) => {
            let called = |field: Field| format.called(field).to_owned();
            Proposed::Line { line, file, doubts: doubts.iter().map(|doubt| in_words(t, doubt, called)).collect() }
        }
        Err(reason) => Proposed::Nothing(why(t, reason, &messages)),
    }
}

fn in_words(t: &Texts, doubt: &Doubt, called: impl Fn(Field) -> String) -> String {
    match doubt {
        Doubt::Few { .. } => t.doubt_few.to_owned(),
        Doubt::Either { taken, instead } => {
            format!("{} {} {} {}", t.doubt_either, called(*taken), t.doubt_or, instead.name())
        }
        Doubt::Name { taken } => format!("{} {taken}", t.doubt_name),
        Doubt::Services { known } => format!("{} {}", t.doubt_services, known.join(", ")),
        Doubt::LeftOut { taken, .. } => format!("{} {taken}", t.doubt_left_out),
        Doubt::HoldsSeparator { taken } => format!("{} {taken}", t.doubt_holds),
        Doubt::Past => t.doubt_past.to_owned(),
    }
}

fn why(t: &Texts, reason: NoProposal, messages: &[&str]) -> String {
    let quoted = |sentence: &str, message: usize| {
        let text = messages.get(message.saturating_sub(1)).copied().unwrap_or_default();
        format!("{sentence} {}", text.chars().take(120).collect::<String>())
    };
    match reason {
        NoProposal::Empty => t.no_empty.to_owned(),
        NoProposal::TooMany { .. } => t.no_many.to_owned(),
        NoProposal::TooLong { message } => quoted(t.no_long, message),
        NoProposal::NoMark { message } => quoted(t.no_mark, message),
        NoProposal::TooManyPieces { message } => quoted(t.no_pieces, message),
        NoProposal::NoName => t.no_name.to_owned(),
        NoProposal::Unread { message } => quoted(t.no_unread, message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_parted_by_empty_lines_where_there_are_some() {
        assert_eq!(messages("#Budi#1\n#Siti#2\n"), ["#Budi#1", "#Siti#2"]);
        assert_eq!(messages("\n#Budi\n#1\n\n\n#Siti\n#2"), ["#Budi\n#1", "#Siti\n#2"]);
        assert_eq!(messages("  \n"), Vec::<&str>::new());
    }
}
