//! Guesses the line that a misread form was meant to be. A suggestion is shown, and counts only once the citizen accepts it.
//!
//! Where two different forms are equally likely, nothing is suggested.

use std::cmp::Ordering;

use chrono::NaiveDate;

use crate::grammar::date::detect::may_hold_date;
use crate::grammar::date::{named_day, relative, split_at_dates};
use crate::grammar::format::Format;
use crate::grammar::format::pattern::Shape;
use crate::grammar::format::rules::Rules;
use crate::grammar::language::courtesy::is_courteous;
use crate::grammar::language::labels;
use crate::grammar::language::numbers::count;
use crate::grammar::language::politeness::is_filler;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::reader::command;
use crate::grammar::reader::form::assign::{align, assign};
use crate::grammar::reader::form::filled::{Filled, FormBuilder};
use crate::grammar::reader::form::intruder;
use crate::grammar::request::field::Field;
use crate::grammar::request::form::Form;
use crate::grammar::request::length::is_too_long;
use crate::grammar::request::piece_error::FormError;
use crate::grammar::request::suggestion::Suggestion;
use crate::grammar::text::characters::{digit, is_blank, is_pause};
use crate::grammar::text::words::folded;
use crate::grammar::value::name;
use crate::grammar::value::name::beside_name;
use crate::grammar::value::parsed::{Parsed, Value};
use crate::grammar::value::readings::Readings;
use crate::grammar::{date, value};
use crate::sheet::within;

/// Pieces whose order is tried in every way: 24 ways of four.
const SWAPPED_MAX: usize = 4;
/// Shortest and longest day's name with a typo in it that is guessed at.
const DAY_CHARS_MIN: usize = 4;
const DAY_CHARS_MAX: usize = 10;
/// A date as the poster asks for it.
const POSTER_DATE: &str = "%d%m%Y";
/// Digits of a date of which one stands twice: `070822017`.
const DIGITS_LONG: usize = 9;
/// Digits of a date from which one is gone: `5011987`.
const DIGITS_SHORT: usize = 7;

/// What a form suggests, printed in its own format.
pub(crate) fn of_form(formats: &[&Format], form: Form) -> Option<Suggestion> {
    let format = formats.iter().find(|format| *format.id() == form.format)?;
    let mut form = form;
    // The citizen sees the line before accepting it: nothing in it is unexpected any more.
    form.notes.clear();
    Some(Suggestion { line: format.fill(&form), form })
}

/// The one form that the pieces were probably meant to be.
pub(crate) fn meant(message: &str, readings: &Readings<'_, '_>) -> Option<Form> {
    let Readings { format, pieces, sent_on, .. } = *readings;
    let mut guesses = Guesses::default();
    // Printed in one line, another person's would pass for the address.
    let holds_other = |piece: &&str| {
        !is_too_long(Field::Alamat, piece) && intruder::after_line_end(format, Field::Alamat, piece).is_some()
    };
    if pieces.iter().any(holds_other) {
        return None;
    }
    for shape in format.shapes() {
        match pieces.len().cmp(&shape.fields.len()) {
            Ordering::Greater => guesses.with_fewer(format, shape, (message, pieces), sent_on),
            Ordering::Equal => guesses.with_as_many(&shape.fields, readings),
            Ordering::Less => guesses.with_more(format, shape, pieces, sent_on),
        }
    }
    guesses.0.pop().filter(|_| guesses.0.is_empty())
}

/// The forms that the pieces may have been meant to be, each once.
#[derive(Default)]
struct Guesses(Vec<Form>);

impl Guesses {
    fn add(&mut self, filled: Result<Filled<'_>, FormError<'_>>, sent_on: NaiveDate) {
        if let Ok(mut filled) = filled
            && filled.is_certain()
            && !command::is_command(filled.form.applicant.nama.as_str())
            && WORDS.no_address.get(filled.form.applicant.nama.as_str()).is_none()
            && !is_prose(filled.form.applicant.nama.as_str())
            && filled.form.visit.is_none_or(|day| is_near(day, sent_on))
        {
            filled.form.notes.clear();
            if !self.0.contains(&filled.form) {
                self.0.push(filled.form);
            }
        }
    }

    /// For one piece too many: two pieces are one name, or one of them belongs to no field.
    fn with_fewer(&mut self, format: &Format, shape: &Shape, (message, pieces): (&str, &[&str]), sent_on: NaiveDate) {
        let mut guess = |pieces: &[&str]| {
            let aligned = align(shape, message, pieces);
            if aligned.len() == shape.fields.len() {
                self.add(assign(format, shape, &aligned, sent_on), sent_on);
            }
        };
        if let [first, second, after @ ..] = pieces
            && date::parse(second).is_none()
            && date::parse(first).is_none()
        {
            let name = format!("{first} {second}");
            let is_ours = [first, second].iter().any(|piece| is_no_name(piece));
            let joined: Vec<&str> = std::iter::once(name.as_str()).chain(after.iter().copied()).collect();
            // Chat in front of a whole name is no name: both guesses stand, and then none is made.
            if !is_ours {
                guess(&joined);
            }
        }
        let may_be_needed =
            |at: usize| pieces.get(at).is_some_and(|piece| may_be_meant(format.rules(), piece, sent_on));
        for (_, others) in shape.without_one(pieces).filter(|(at, _)| !may_be_needed(*at)) {
            guess(&others);
        }
    }

    /// For pieces too few: a date is split from its neighbour, to which it is written without a separator.
    fn with_more(&mut self, format: &Format, shape: &Shape, pieces: &[&str], sent_on: NaiveDate) {
        let parts: Vec<&str> = pieces.iter().flat_map(|piece| split_at_dates::unglued(piece)).collect();
        if parts.len() == shape.fields.len() {
            self.add(assign(format, shape, &parts, sent_on), sent_on);
        }
    }

    /// For the right number of pieces: each wrong piece repaired, or the pieces in another order.
    fn with_as_many(&mut self, fields: &[Field], readings: &Readings<'_, '_>) {
        let Readings { format, pieces, sent_on, .. } = *readings;
        // Where one date has its month in front, another that can be read so too may be meant so.
        let is_date = |field: &Field| matches!(field, Field::TglLahir | Field::TglKedatangan);
        let dates = || fields.iter().zip(pieces).filter(|(field, _)| is_date(field)).map(|(_, piece)| *piece);
        if dates().any(is_month_first) && dates().any(may_be_month_first) {
            return;
        }
        let may_be_swapped = fields.len() <= SWAPPED_MAX;
        let read = |at: usize, field: usize| readings.read(at, *fields.get(field)?)?.as_ref().ok();
        let mut guess = |reads: Option<Vec<Parsed>>| {
            let Some(reads) = reads else { return };
            let mut builder = FormBuilder::new();
            for ((&field, &piece), read) in fields.iter().zip(pieces).zip(reads) {
                builder.fill(field, piece, read);
            }
            self.add(builder.form(format), sent_on);
        };
        let repaired = fields
            .iter()
            .enumerate()
            .map(|(at, &field)| read(at, at).or_else(|| repaired(readings, at, field)).cloned());
        guess(repaired.collect());
        if may_be_swapped {
            orders(fields.len(), &read, &mut Vec::with_capacity(fields.len()), &mut guess);
        }
    }
}

/// Whether a piece is a command, a keyword or talk, and so no half of a name.
fn is_no_name(piece: &str) -> bool {
    let is_word = |word: &str| {
        WORDS.negations.get(word).is_some() || WORDS.commands.get(word).is_some() || WORDS.chat.get(word).is_some()
    };
    WORDS.keywords.front(piece).is_some() || beside_name(piece).is_some() || piece.split(is_blank).any(is_word)
}

/// Whether a surplus piece may be a person, a command or a number of people: then a form without it is not suggested.
fn may_be_meant(rules: &Rules, piece: &str, sent_on: NaiveDate) -> bool {
    // A command reads as a name too; what takes something back or asks for another service must not be lost either.
    let is_word = |word: &str| {
        let beside = WORDS.beside_name.get(word).is_some() && WORDS.chat.get(word).is_none();
        beside || WORDS.negations.get(word).is_some() || WORDS.commands.get(word).is_some()
    };
    let is_somebodys = || may_hold_date(piece) && piece.contains(char::is_alphabetic);
    if WORDS.keywords.front(piece).is_some() || piece.split(is_blank).any(is_word) || is_somebodys() {
        return true;
    }
    count(piece).is_some() || value::read(rules, Field::Nama, piece, sent_on).is_ok()
}

/// A broken piece in its one likely shape.
fn one_repaired(rules: &Rules, field: Field, piece: &str, sent_on: NaiveDate) -> Option<Parsed> {
    if is_too_long(field, piece) {
        return None;
    }
    let piece = labels::unlabelled(field, piece);
    let mut likely: Vec<String> = match field {
        Field::Nama => {
            let alone = [without_talk(piece), name::before_talk(piece)].into_iter().flatten().map(str::to_owned);
            [name::guess(piece)].into_iter().chain(alone).collect()
        }
        Field::TglLahir => dates(piece),
        Field::TglKedatangan => {
            let perhaps = relative::perhaps(piece.trim_matches(is_pause), sent_on);
            perhaps.map(|day| day.format(POSTER_DATE).to_string()).into_iter().chain(dates(piece)).collect()
        }
        _ => Vec::new(),
    };
    likely.dedup();
    let mut reads = likely.iter().filter_map(|text| value::read(rules, field, text, sent_on).ok());
    reads.next().filter(|_| reads.next().is_none())
}

/// The piece at a place in its one likely shape.
fn repaired<'r>(readings: &'r Readings<'_, '_>, at: usize, field: Field) -> Option<&'r Parsed> {
    readings.repaired(at, field, |piece| one_repaired(readings.rules(), field, piece, readings.sent_on))
}

/// The name, or the date, that the piece at a place says besides something else.
pub(crate) fn said_at<'r>(readings: &'r Readings<'_, '_>, at: usize, field: Field) -> Option<&'r Parsed> {
    repaired(readings, at, field).filter(|read| is_said(read))
}

/// The name, or the date, in an answer that says more: `nama saya Adi Saputra`, `tanggal 12 mei 1991 min`.
pub(crate) fn said_of(rules: &Rules, field: Field, piece: &str, sent_on: NaiveDate) -> Option<Parsed> {
    one_repaired(rules, field, piece, sent_on).filter(is_said)
}

/// Whether this is a name or a date that may be taken out of an answer that says more.
fn is_said(read: &Parsed) -> bool {
    match &read.value {
        Value::Nama(nama) => !is_prose(nama.as_str()) && !command::is_command(nama.as_str()),
        Value::TglLahir(_) | Value::TglKedatangan(_) => true,
        _ => false,
    }
}

/// Whether a name that is guessed at holds a word of talk.
fn is_prose(name: &str) -> bool {
    name.split(is_blank).any(|word| WORDS.chat.get(word).is_some() && !name::is_part(name, word))
}

/// Most days ahead of a visit date that is guessed at: a horizon is half a year, and an office may say so itself; a year that
/// is only left of a slip, such as 2226, is further away.
const GUESSED_DAYS_MAX: i64 = 732;

/// Whether a visit date that is guessed at is one that an office may serve.
fn is_near(day: NaiveDate, sent_on: NaiveDate) -> bool {
    (day - sent_on).num_days() <= GUESSED_DAYS_MAX
}

/// The day and the month of a date in three numbers, as they are written.
fn day_and_month(piece: &str) -> Option<(u32, u32)> {
    let mut numbers = piece.split(['/', '-', '.']).map(|number| number.trim().parse::<u32>());
    let (Some(Ok(day)), Some(Ok(month)), Some(Ok(_)), None) =
        (numbers.next(), numbers.next(), numbers.next(), numbers.next())
    else {
        return None;
    };
    Some((day, month))
}

/// Whether a date can only be read with its month in front: `06/19/1984`.
fn is_month_first(piece: &str) -> bool {
    day_and_month(piece).is_some_and(|(day, month)| (1..=12).contains(&day) && (13..=31).contains(&month))
}

/// Whether a date can be read with its month in front as well, as another day: `07/12/2026`.
fn may_be_month_first(piece: &str) -> bool {
    day_and_month(piece)
        .is_some_and(|(day, month)| day != month && (1..=12).contains(&day) && (1..=12).contains(&month))
}

/// A name without the talk in front of it: `saya mau daftar Budi`. A wish for a service stays, and then it is no name.
fn without_talk(piece: &str) -> Option<&str> {
    let mut name = piece;
    while let Some((word, after)) = name.split_once(is_blank) {
        let is_wish = intruder::is_wish(word);
        let is_talk = WORDS.beside_name.get(word).is_some() || is_filler(word);
        if is_wish || !is_talk {
            break;
        }
        name = after.trim_start_matches(is_blank);
    }
    (name.len() < piece.len()).then_some(name)
}

/// The dates that a text with a typo may have been: a digit lost or doubled, day and month in American order, a day's name
/// misspelled, words or a question mark around it.
fn dates(piece: &str) -> Vec<String> {
    let asked = piece.trim_matches(is_pause);
    if asked.len() < piece.len() && (date::parse(asked).is_some() || named_day::is_day(asked)) {
        return vec![asked.to_owned()];
    }
    let digits: Vec<char> = piece.chars().filter(|c| digit(*c).is_some()).collect();
    let run =
        |from: usize, to: usize| digits.get(from..to).map(|run| run.iter().collect::<String>()).unwrap_or_default();
    let only_digits = piece.chars().all(|c| digit(c).is_some() || is_blank(c) || matches!(c, '-' | '/' | '.'));
    match digits.len() {
        DIGITS_SHORT if only_digits => {
            let year = run(3, 7);
            vec![format!("{}-{}-{year}", run(0, 1), run(1, 3)), format!("{}-{}-{year}", run(0, 2), run(2, 3))]
        }
        // Day and month the other way round, or the year in front, where it is no day as it stands.
        8 if only_digits && !is_real_day(&run(0, 8)) => {
            vec![format!("{}{}{}", run(2, 4), run(0, 2), run(4, 8)), format!("{}{}{}", run(6, 8), run(4, 6), run(0, 4))]
        }
        DIGITS_LONG if only_digits => without_double(&digits),
        _ if only_digits => Vec::new(),
        0 => near_day(piece).map(str::to_owned).into_iter().collect(),
        _ => beside_talk(piece).map(str::to_owned).into_iter().collect(),
    }
}

/// Whether eight digits are a day of the calendar, as the poster asks for it.
fn is_real_day(digits: &str) -> bool {
    let any = NaiveDate::MIN..=NaiveDate::MAX;
    date::parse(digits).is_some_and(|written| written.days(&any).is_ok())
}

/// The digits without one of each pair of equal ones: `070822017`, where a key was hit twice.
fn without_double(digits: &[char]) -> Vec<String> {
    let doubles = digits.windows(2).enumerate().filter(|(_, pair)| pair.first() == pair.last());
    let without =
        |gone: usize| digits.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, digit)| *digit).collect();
    doubles.map(|(at, _)| without(at)).collect()
}

/// The one day's name that a word with a typo in it was meant to be: `bsok`, `sening`.
fn near_day(piece: &str) -> Option<&'static str> {
    let word: String = folded(piece).collect();
    if !(DAY_CHARS_MIN..=DAY_CHARS_MAX).contains(&word.chars().count()) {
        return None;
    }
    let days = WORDS.days.entries().map(|(name, ahead)| (name, (0, ahead)));
    let all = days.chain(WORDS.weekdays.entries().map(|(name, weekday)| (name, (1, weekday))));
    let mut near = all.filter(|(name, _)| within(&word, name, 1).is_some());
    let (name, meant) = near.next()?;
    near.all(|(_, other)| other == meant).then_some(name)
}

/// Longest hour: `09.30`.
const HOUR_CHARS_MAX: usize = 5;

/// The only date in a text that says more, where all that it says more changes nothing: `07082017 jam 9 ya`.
fn beside_talk(piece: &str) -> Option<&str> {
    let parts = split_at_dates::around_dates(piece);
    let is_dated = |part: &str| date::parse(part).is_some() || named_day::is_day(part);
    let mut dated = parts.iter().copied().filter(|part| is_dated(part));
    let (date, None) = (dated.next()?, dated.next()) else { return None };
    let is_hour = |word: &str| word.len() <= HOUR_CHARS_MAX && word.starts_with(|c: char| c.is_ascii_digit());
    let is_talk = |word: &str| WORDS.beside_date.get(word).is_some() || is_courteous(word);
    let words = || {
        parts
            .iter()
            .filter(|part| !is_dated(part))
            .flat_map(|part| part.split(|c| is_pause(c) || matches!(c, '(' | ')')))
    };
    let names_hour = words().any(|word| WORDS.hour.get(word).is_some());
    let is_harmless = words().filter(|word| !word.is_empty()).all(|word| is_talk(word) || names_hour && is_hour(word));
    (parts.len() > 1 && is_harmless).then_some(date)
}

/// Gives every order of the pieces in which each reads as the field in its place; `taken` are the places of the first ones.
fn orders<'r>(
    fields: usize,
    read: &impl Fn(usize, usize) -> Option<&'r Parsed>,
    taken: &mut Vec<usize>,
    guess: &mut impl FnMut(Option<Vec<Parsed>>),
) {
    let field = taken.len();
    if field == fields {
        return guess(taken.iter().enumerate().map(|(field, &at)| read(at, field).cloned()).collect());
    }
    for at in 0..fields {
        if !taken.contains(&at) && read(at, field).is_some() {
            taken.push(at);
            orders(fields, read, taken, guess);
            taken.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with any word taken for talk, `minggu depan` becomes Sunday and `bukan 07082017` that very day.
    #[test]
    fn one_date_with_talk_beside_it_is_found() {
        for (piece, date) in [
            ("07082017 jam 9 ya", Some("07082017")),
            ("25011987 (lahir)", Some("25011987")),
            ("kalau bisa besok pagi jam 9", Some("besok pagi")),
            ("jam 9, 7 Agustus 2017 kalau bisa", Some("7 Agustus 2017")),
            ("selain 07082017", None),
            ("setelah 07082017", None),
            ("07082017 batal", None),
            ("07082017 2 orang", None),
            ("bukan 07082017", None),
            ("minggu depan", None),
            ("07082017 atau 08082017", None),
            ("07082017 atau lusa", None),
            ("07082017 atau 8082017", None),
            ("secepatnya", None),
        ] {
            assert_eq!(beside_talk(piece), date, "{piece}");
        }
    }
}
