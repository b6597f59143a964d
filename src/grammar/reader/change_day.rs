//! Reads `#ganti` and its like: a booking is to be moved, to a day that stands behind it or to one that is still to be chosen.
//!
//! Only a text that opens with it, greetings and politeness aside, is one. A single word (`ganti`) counts with nothing beside it
//! but a day or a code, since it may be about anything, or be a name.

pub(crate) mod wait;

use chrono::NaiveDate;

use crate::domain::code::BOOKING_CODE_CHARS;
use crate::grammar::date::{self, named_day};
use crate::grammar::language::politeness::{after_greeting, is_filler};
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::reader::command::{GIVING_UP_WORDS, TALK_BYTES_MAX, asks, booking_code, is_code_like, is_dressing};
use crate::grammar::request::Request;
use crate::grammar::request::change_day::ChangeDay;
use crate::grammar::text::characters::{is_blank, is_hash, is_pause};
use crate::grammar::text::peel::{after_entry, peel, peel_with};

/// Reads a message that asks for another day; `None` for any other.
pub(crate) fn read(message: &str, sent_on: NaiveDate) -> Option<Request> {
    let text = message.trim_matches(is_dressing);
    if text.len() > TALK_BYTES_MAX {
        return None;
    }
    let text = after_greeting(text).trim_start_matches(is_dressing);
    let (front, is_whole_wish, after) = wish(text)?;
    let is_asked = asks(text) || is_question(front);
    let change = beside(after, sent_on);
    match change {
        Some(change) => Some(Request::ChangeDay(ChangeDay { is_asked, ..change })),
        // `#ganti ABCD-EFGH`: the mark says what is wanted, and a form has another mark behind its name.
        None if !is_whole_wish && is_marked(message) && !may_be_form(after) => {
            Some(Request::ChangeDay(ChangeDay { mistyped: names_code(after), is_asked, ..ChangeDay::default() }))
        }
        // A second mark, or a date that is not the last word, may make a form of it.
        None if !is_whole_wish || after.contains('#') => None,
        None => Some(Request::ChangeDay(ChangeDay { is_asked, ..ChangeDay::default() })),
    }
}

/// What asks for another day in front of a text: the talk before it, whether it says so by itself, and what stands behind it.
fn wish(text: &str) -> Option<(&str, bool, &str)> {
    let mut rest = text.trim_start_matches(is_pause);
    for _ in 0..=GIVING_UP_WORDS {
        let words = WORDS.change_day.front(rest).map(|((), after)| (true, after));
        if let Some((is_whole, after)) = words.or_else(|| WORDS.change.front(rest).map(|((), after)| (false, after))) {
            let front = text.get(..text.len() - rest.len())?;
            return Some((front, is_whole, after));
        }
        let tables = [&WORDS.may, &WORDS.beside_date, &WORDS.thanks, &WORDS.fillers];
        rest = after_entry(&tables, rest)?.trim_start_matches(is_pause);
    }
    None
}

/// Whether the mark stands in front of the message.
fn is_marked(message: &str) -> bool {
    message.trim_start_matches(is_blank).starts_with(is_hash)
}

/// Whether what stands behind the wish may be the rest of a form: a second mark, words of a name, or two dates.
fn may_be_form(after: &str) -> bool {
    let words = || after.split(is_pause_but_dash).filter(|word| !word.is_empty());
    let is_meant = |word: &str| is_mistyped_code(word) || word.chars().any(|c| c.is_ascii_digit());
    after.contains(is_hash) || !words().all(is_meant) || words().filter(|word| !is_mistyped_code(word)).count() > 1
}

/// Whether a code of two halves stands here that is none of ours.
fn names_code(after: &str) -> bool {
    after.split(is_pause_but_dash).any(is_mistyped_code)
}

/// Whether a word looks like a booking code: two halves of its length around a dash.
fn is_mistyped_code(word: &str) -> bool {
    let is_half = |half: &str| half.len() == BOOKING_CODE_CHARS / 2 && half.chars().all(char::is_alphanumeric);
    word.split_once('-').is_some_and(|(first, second)| is_half(first) && is_half(second))
}

fn is_pause_but_dash(c: char) -> bool {
    is_pause(c) && c != '-'
}

/// Whether talk in front of a wish makes a question of it.
fn is_question(front: &str) -> bool {
    let mut words = front.split(is_pause).filter(|word| !word.is_empty());
    words.any(|word| WORDS.may.get(word).is_some()) || WORDS.may.front(front).is_some()
}

/// The day and the code behind the wish, with nothing else beside them; `None` where something else stands there.
pub(crate) fn beside(after: &str, sent_on: NaiveDate) -> Option<ChangeDay> {
    let mut change = ChangeDay::default();
    let trimmed =
        |text: &'_ str| -> usize { text.len() - text.trim_start_matches(|c| is_pause(c) || is_dressing(c)).len() };
    let mut rest = after.get(trimmed(after)..)?;
    // A code stands in front of the day or behind it.
    for _ in 0..2 {
        if let Some((days, left)) = day(rest, sent_on).filter(|_| change.days.is_empty()) {
            (change.days, rest) = (days, left);
        } else if let Some((written, left)) = code(rest).filter(|_| change.code.is_none() && !change.mistyped) {
            let is_date = date::parse(written).is_some();
            if is_date && !change.days.is_empty() {
                // Two dates are a form: `#Ganti#25011987#08082017`.
                return None;
            }
            if !is_date {
                change.code = booking_code(written);
                change.mistyped = change.code.is_none();
            }
            rest = left;
        }
        rest = rest.get(trimmed(rest)..)?;
    }
    let closing = |rest| after_entry(&[&WORDS.may, &WORDS.beside_date, &WORDS.thanks, &WORDS.fillers], rest);
    let rest = rest.trim_start_matches(['?', '!']);
    let left = peel_with(rest, closing).trim_matches(|c| is_pause(c) || is_dressing(c) || matches!(c, '?' | '!'));
    (left.is_empty() || is_filler(left)).then_some(change)
}

/// The code that opens a text, and what stands behind it.
fn code(text: &str) -> Option<(&str, &str)> {
    let text = WORDS.code.front(text).map_or(text, |((), after)| after.trim_start_matches(is_pause));
    let end = text.find(|c| is_pause(c) && c != '-').unwrap_or(text.len());
    let (word, after) = text.split_at_checked(end)?;
    (booking_code(word).is_some() || is_code_like(word)).then_some((word, after))
}

/// The days that the longest front of a text may mean, and what stands behind it.
fn day(text: &str, sent_on: NaiveDate) -> Option<(Vec<NaiveDate>, &str)> {
    let text = peel(&[&WORDS.to_day], text);
    let mut ends: Vec<usize> = text
        .char_indices()
        .filter(|&(_, c)| c.is_whitespace() || matches!(c, ',' | '?' | '!' | '#'))
        .map(|(at, _)| at)
        .chain(std::iter::once(text.len()))
        .filter(|&at| at > 0)
        .collect();
    ends.dedup();
    ends.into_iter().rev().find_map(|end| {
        let (front, after) = text.split_at_checked(end)?;
        let front = front.trim_matches(is_pause);
        // A number alone is a day of the month: `ganti 14`.
        let days = named_day::alone(front, sent_on).or_else(|| named_day::alone(&format!("tgl {front}"), sent_on))?;
        // A day that is over is meant only where nothing else can be.
        let ahead: Vec<NaiveDate> = days.iter().copied().filter(|day| *day >= sent_on).collect();
        let mut days = if ahead.is_empty() { days } else { ahead };
        days.sort_unstable();
        Some((days, after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        // 1 August 2017 was a Tuesday.
        let sent_on: NaiveDate = "2017-08-01".parse().unwrap();
        match read(text, sent_on) {
            Some(Request::ChangeDay(change)) => {
                let days: Vec<String> = change.days.iter().map(NaiveDate::to_string).collect();
                let mark = if change.is_asked { "?" } else { "" };
                let code = change
                    .code
                    .map_or(if change.mistyped { " code" } else { "" }.to_owned(), |code| format!(" {code}"));
                format!("{}{code}{mark}", days.join("/"))
            }
            None => "none".to_owned(),
            other => format!("{other:?}"),
        }
    }

    // Negative control: a single word that counted with anything beside it read `ganti nama saya` as a wish for another day.
    #[test]
    fn a_wish_for_another_day_is_read_with_its_day_and_its_code() {
        for (text, read) in [
            ("#ganti", ""),
            ("GANTI", ""),
            ("# ganti 08-08-2017", "2017-08-08"),
            ("#ganti#08082017", "2017-08-08"),
            ("#ganti 14", "2017-08-14"),
            ("ganti jadwal ke senin", "2017-08-07"),
            ("pindah ke 10 Agustus", "2017-08-10"),
            ("min mau pindah hari ke tanggal 10 dong", "2017-08-10"),
            ("reschedule to tomorrow", "2017-08-02"),
            ("bisa pindah ke besok?", "2017-08-02?"),
            ("ganti tanggal 8 bisa?", "2017-08-08?"),
            ("mau ganti jadwal", ""),
            ("pindah hari", ""),
            ("ganti jadwal karena sakit", ""),
            ("ganti ke selasa", "2017-08-01/2017-08-08"),
            ("selamat pagi min, ganti hari ke besok ya, makasih", "2017-08-02"),
            ("#ganti 1234567", " code"),
            ("#ganti 31022017", ""),
            ("#ganti ABCD-EFGH", " code"),
            ("#ganti 99/99/9999", ""),
            ("#Ganti Siregar", "none"),
            ("#Ganti Siregar-Pane", "none"),
            ("#Ganti 25011987 08082017", "none"),
            ("ganti nama saya", "none"),
            ("#Ganti Siregar#25011987#08082017", "none"),
            ("#Ganti#25011987#08082017", "none"),
            ("ganti paspor hilang", "none"),
            ("#Budi ganti tanggal#25011987#08082017", "none"),
            ("saya Budi", "none"),
        ] {
            assert_eq!(told(text), read, "{text}");
        }
        let code =
            crate::domain::code::BookingCode::draw(&mut <rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(7));
        assert_eq!(told(&format!("#ganti {code} 08-08-2017")), format!("2017-08-08 {code}"));
        assert_eq!(told(&format!("#ganti 08-08-2017 {code}")), format!("2017-08-08 {code}"));
    }
}
