//! A message read with the questions beside it: a form stays a form, and what is asked besides is answered too.

use chrono::NaiveDate;

use crate::domain::code::APPROVAL_CODE_DIGITS;
use crate::grammar::request::Request;
use crate::grammar::request::misread::Misread;
use crate::grammar::topic::{self, Beside, Language, Sentences, Topic, Topics};

/// A message, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What it is.
    pub request: Request,
    /// What it asks about: beside a form or a code, or alone where it is a [`Request::Question`]. The language is noticed in a
    /// message that is no form and no command, even where nothing is asked.
    pub topics: Topics,
}

impl Reading {
    pub(super) fn without_topics(request: Request) -> Self {
        Self { request, topics: Topics::default() }
    }
}

/// What a text is and asks, that was read as `request`; `read` reads what is left without the questions.
pub(super) fn with_topics(text: &str, request: Request, sent_on: NaiveDate, read: impl Fn(&str) -> Request) -> Reading {
    match request {
        Request::Unreadable => alone(text, sent_on, &read),
        Request::Greeting => {
            let language = topic::language_of(text);
            Reading { request: Request::Greeting, topics: Topics { language, ..Topics::default() } }
        }
        Request::Form(_) | Request::Ask(_) if may_ask(&request, text) => beside_form(text, request, sent_on, &read),
        Request::Misread(misread) => beside_misread(text, misread, sent_on, &read),
        Request::Command(_) | Request::ChangeDay(_) | Request::AboutCancelling | Request::Thanks => {
            in_its_language(text, request)
        }
        request => Reading::without_topics(request),
    }
}

/// Words from which on a command shows its language: `cancel` and `reschedule` alone are Indonesian too.
const LANGUAGE_WORDS_MIN: usize = 3;

/// A command in plain words, with the language that it is written in. With the mark in front (`#status`) it has none.
fn in_its_language(text: &str, request: Request) -> Reading {
    if text.contains('#') || text.split_whitespace().nth(LANGUAGE_WORDS_MIN - 1).is_none() {
        return Reading::without_topics(request);
    }
    let language = topic::language_of(text);
    // Malay commands are Indonesian ones but for a word.
    let language = if language == Language::English { language } else { Language::default() };
    Reading { request, topics: Topics { language, ..Topics::default() } }
}

/// A message that is no form and no command.
fn alone(text: &str, sent_on: NaiveDate, read: &impl Fn(&str) -> Request) -> Reading {
    let topics = topic::topics(text, sent_on);
    if topics.is_empty() {
        return Reading { request: Request::Unreadable, topics };
    }
    // `12345678, bawa apa saja?`
    if topics.asked.iter().any(|about| leaves_code(about.topic))
        && let Some(Beside { topics, rest: Some(rest), .. }) = Sentences::of(text, sent_on).questions()
        && topics.asked.iter().all(|about| leaves_code(about.topic))
        && let Request::Digits(code) = read(&rest)
        && code.len() == APPROVAL_CODE_DIGITS
    {
        return Reading { request: Request::Digits(code), topics };
    }
    Reading { request: Request::Question, topics }
}

/// Whether somebody may ask this and accept what the code stands for: a question about the booking itself is no acceptance.
fn leaves_code(topic: Topic) -> bool {
    matches!(topic, Topic::Requirements | Topic::Fee | Topic::Hours | Topic::Location | Topic::Collection)
}

/// Whether a whole form may have a question in or beside it. Nearly no form comes further.
fn may_ask(request: &Request, text: &str) -> bool {
    match request {
        Request::Form(form) if form.applicant.alamat.is_none() && form.applicant.teks.is_empty() => {
            text.contains(['?', '？'])
        }
        _ => topic::may_ask(text),
    }
}

/// A form with a question beside it, which it may have taken for a part of itself.
fn beside_form(text: &str, request: Request, sent_on: NaiveDate, read: &impl Fn(&str) -> Request) -> Reading {
    let Some(Beside { topics, rest, .. }) = Sentences::of(text, sent_on).questions() else {
        return Reading::without_topics(request);
    };
    match rest.map(|rest| read(&rest)) {
        Some(alone @ (Request::Form(_) | Request::Ask(_))) => Reading { request: alone, topics },
        // The question was one of the form's own pieces.
        Some(_) | None => Reading::without_topics(request),
    }
}

/// A form with something wrong in it, which may be a question beside it; or a question that was taken for a form.
fn beside_misread(text: &str, misread: Misread, sent_on: NaiveDate, read: &impl Fn(&str) -> Request) -> Reading {
    let sentences = Sentences::of(text, sent_on);
    if !sentences.has_topic_word() {
        return Reading::without_topics(Request::Misread(misread));
    }
    if sentences.is_whole() {
        let topics = sentences.topics();
        if !topics.is_empty() {
            return Reading { request: Request::Question, topics };
        }
    }
    let Some(Beside { topics, rest, names_day }) = sentences.questions() else {
        return Reading::without_topics(Request::Misread(misread));
    };
    // Read once more only where a question was cut out and something is left.
    match rest.filter(|rest| !rest.trim().is_empty()).map(|rest| read(&rest)) {
        Some(alone @ (Request::Form(_) | Request::Ask(_))) => Reading { request: alone, topics },
        // What is wrong with the form itself.
        Some(Request::Misread(alone)) if !names_day => Reading { request: Request::Misread(alone), topics },
        Some(_) | None => Reading { request: Request::Misread(misread), topics },
    }
}
