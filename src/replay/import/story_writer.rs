//! Writes the story of a chat, line by line, with everybody masked.

use std::fmt::Write as _;
use std::ops::Range;

use chrono::{NaiveDateTime, Timelike};

use super::super::story::edit::statement;
use super::super::story::model::ExpectedReply;
use super::super::story::pattern::Pattern;
use super::super::story::segment::{Captures, codes_in};
use super::anonymize::{Anonymizer, Replacement};
use super::message::{Exported, Line};
use crate::domain::code::ApprovalCode;
use crate::domain::message::OtherKind;

/// Writes the story, line by line.
pub(super) struct StoryWriter {
    story: String,
    anonymizer: Anonymizer,
    captures: Captures,
    now: NaiveDateTime,
    /// Who wrote last, masked.
    last: Option<String>,
}

impl StoryWriter {
    /// A writer that goes on after `head`, at the instant of the first message.
    pub(super) fn new(head: String, anonymizer: Anonymizer, now: NaiveDateTime) -> Self {
        Self { story: head, anonymizer, captures: Captures::new(), now, last: None }
    }

    /// The whole story.
    pub(super) fn finish(self) -> (String, Anonymizer) {
        (self.story, self.anonymizer)
    }

    /// Writes a message of a citizen.
    pub(super) fn write_message(&mut self, line: &Line) {
        if line.at > self.now {
            self.now = line.at;
            let _ = writeln!(self.story, "\nwait until {}", moment(line.at));
        }
        let who = self.anonymizer.name(&line.who);
        let said = match &line.what {
            Exported::Text(text) => spoken(self.sent(text)),
            Exported::Image(None) => "[image]".to_owned(),
            Exported::Image(Some(caption)) => format!("[image] {}", self.sent(caption)),
            Exported::Other(kind) => format!("[{}]", word(*kind)),
        };
        let _ = writeln!(self.story, "{who} > {}", said.replace('\n', "\n  "));
        self.last = Some(who);
    }

    /// What a citizen sent, with the codes that the office gave them.
    fn sent(&self, text: &str) -> String {
        let mut fixed: Vec<Replacement> = Vec::new();
        for (name, code) in &self.captures {
            let bare = code.replace('-', "");
            let (front, back) = bare.split_at_checked(bare.len() / 2).unwrap_or((&bare, ""));
            let spellings = [
                (code.clone(), format!("{{{name}}}")),
                (format!("{front} {back}"), format!("{{{name}|spaced}}")),
                (bare.to_lowercase(), format!("{{{name}|lower}}")),
            ];
            for (spelled, with) in spellings {
                for (at, _) in text.match_indices(&spelled) {
                    let range = at..at + spelled.len();
                    let taken = fixed.iter().any(|(old, _)| old.start < range.end && range.start < old.end);
                    if !taken && is_alone(text, &range) {
                        fixed.push((range, with.clone()));
                    }
                }
            }
            let trimmed = code.trim_start_matches('0');
            if text.trim() == trimmed && trimmed != code && ApprovalCode::read(trimmed).is_some() {
                return format!("{{{name}|trimmed}}");
            }
        }
        self.anonymizer.sent(text, fixed)
    }

    /// Writes a reply of the office. Pictures above it are drawn anew, so only its text counts.
    pub(super) fn write_reply(&mut self, line: &Line) {
        let (qr, text) = match &line.what {
            Exported::Text(text) => (false, text.as_str()),
            Exported::Image(caption) => (true, caption.as_deref().unwrap_or("...")),
            Exported::Other(_) => return,
        };
        let written = self.expected(text);
        // `nothing` alone is the story's word for no answer.
        let written = if written == "nothing" { "{*}" } else { &written };
        let reply = ExpectedReply { qr, pattern: Pattern::read(written) };
        if self.last.is_some() {
            let _ = writeln!(self.story, "{}", statement(None, Some(&reply)));
        }
    }

    /// An answer as the story expects it: codes become captures, what is somebody's is masked.
    fn expected(&mut self, text: &str) -> String {
        let mut fixed: Vec<Replacement> = Vec::new();
        for (at, code) in codes_in(text) {
            let range = at..at + code.len();
            if !self.anonymizer.is_inside_a_number(text, &range) {
                fixed.push((range, format!("{{{}}}", self.capture(code))));
            }
        }
        self.anonymizer.answered(text, fixed)
    }

    fn capture(&mut self, code: &str) -> String {
        if let Some((name, _)) = self.captures.iter().find(|(_, seen)| *seen == code) {
            return name.clone();
        }
        let word = if code.contains('-') { "booking" } else { "code" };
        let mut names = std::iter::once(word.to_owned()).chain((2_u32..).map(|n| format!("{word}{n}")));
        let name = names.find(|name| !self.captures.contains_key(name)).unwrap_or_else(|| word.to_owned());
        self.captures.insert(name.clone(), code.to_owned());
        name
    }
}

/// Whether no letter or digit stands directly beside `range`.
fn is_alone(text: &str, range: &Range<usize>) -> bool {
    let before = text.get(..range.start).and_then(|front| front.chars().next_back());
    let after = text.get(range.end..).and_then(|rest| rest.chars().next());
    ![before, after].into_iter().flatten().any(char::is_alphanumeric)
}

/// A text that no reader of stories takes for a picture or a voice message: `[image]` typed by hand.
fn spoken(text: String) -> String {
    match text.strip_prefix('[').and_then(|open| open.split_once(']')) {
        Some((inside, after)) if inside.chars().all(|c| c.is_ascii_lowercase()) => format!("({inside}){after}"),
        _ => text,
    }
}

/// The word of a kind in stories.
fn word(kind: OtherKind) -> &'static str {
    match kind {
        OtherKind::Audio => "voice",
        OtherKind::Video => "video",
        OtherKind::Sticker => "sticker",
        OtherKind::Location => "location",
        OtherKind::ContactCard => "contact",
        OtherKind::Document => "document",
        OtherKind::PhotoLost => "photolost",
        // An export shows a message as it was at the end, and no edits.
        OtherKind::Edit | OtherKind::Empty | OtherKind::Unsupported => "unsupported",
    }
}

/// `2017-08-07 09:00`, with seconds where there are some.
pub(super) fn moment(at: NaiveDateTime) -> String {
    at.format(if at.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" }).to_string()
}
