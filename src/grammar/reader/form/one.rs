//! Reads one form: chooses its format, then assigns its pieces to the fields; or says what is wrong with it.
//!
//! Whatever is wrong is named with its piece, and no value is given that is not written in the message.

use chrono::NaiveDate;

use crate::grammar::date;
use crate::grammar::date::{named_day, split_at_dates};
use crate::grammar::format::Format;
use crate::grammar::language::politeness::after_greeting;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::reader::form::assign::{assign_in_any_shape, assign_in_shape};
use crate::grammar::reader::form::choose::choose;
use crate::grammar::reader::form::filled::Filled;
use crate::grammar::reader::keyword::Near;
use crate::grammar::reader::segment::{Segments, is_placeholder, open};
use crate::grammar::reader::{command, keyword};
use crate::grammar::request::Request;
use crate::grammar::request::field::Field;
use crate::grammar::request::form::Form;
use crate::grammar::request::keyword::Keyword;
use crate::grammar::request::misread::{Member, MisreadKind};
use crate::grammar::request::note::{Note, NoteKind};
use crate::grammar::request::piece_error::{FormError, PieceError};
use crate::grammar::text::characters::{digit, is_blank, is_pause};
use crate::grammar::text::pieces::bare;
use crate::grammar::text::span::offset;
use crate::grammar::value::name;

/// Digits of the shortest date that stands in a form without marks.
const DATE_DIGITS_MIN: usize = 5;

/// A form with something wrong in it.
pub(crate) struct Failed<'f, 'm> {
    pub(crate) format: &'f Format,
    pub(crate) wrong: FormError<'m>,
    /// Whose form, where the message has several.
    pub(crate) member: Option<Member>,
    pub(crate) guess: Guess<'m>,
}

/// What a suggestion can be made from.
pub(crate) enum Guess<'m> {
    /// Nothing: no form comes close.
    None,
    /// The pieces of a form in which something is wrong.
    Pieces {
        text: &'m str,
        pieces: Vec<&'m str>,
        /// The forms of the others in the message, before it and after it.
        others: Option<Box<(Vec<Form>, Vec<Form>)>>,
    },
    /// A form that is whole.
    Form(Box<Form>),
}

/// What a text of one form at most is.
pub(crate) enum OneForm<'f, 'm> {
    Form(&'f Format, Filled<'m>),
    Other(Request),
}

/// Reads a message of one form at most, already segmented.
pub(crate) fn one<'f, 'm>(
    formats: &[&'f Format],
    ordinary: &'f Format,
    message: &'m str,
    opened: Option<Segments<'m>>,
    sent_on: NaiveDate,
) -> Result<OneForm<'f, 'm>, Failed<'f, 'm>> {
    let Some(mut opened) = opened else {
        return Ok(spaced(formats, message, sent_on).unwrap_or(OneForm::Other(Request::Unreadable)));
    };
    if is_placeholder(formats, &opened) {
        return Ok(OneForm::Other(Request::Placeholder));
    }
    let Some((first, after)) = opened.pieces.split_first() else { return Ok(OneForm::Other(Request::Unreadable)) };
    // `#batal#...` with something that is no code: no form either, unless somebody is called that.
    if command::is_command(first) && !after.iter().any(|piece| date::parse(piece).is_some()) {
        return Ok(OneForm::Other(Request::Unreadable));
    }
    let typo = take_near_keyword(formats, &mut opened).map_err(|wrong| Failed {
        format: ordinary,
        wrong,
        member: None,
        guess: Guess::None,
    })?;
    let format = match choose(formats, message, &opened, sent_on) {
        Ok(format) => format,
        Err(wrong) => {
            let left_out = keyword::left_out(formats, &opened);
            let filled = left_out.and_then(|format| assign_in_any_shape(format, message, &opened.pieces, sent_on).ok());
            let guess = filled.filter(Filled::is_certain).map_or(Guess::None, |filled| Guess::Form(filled.form.into()));
            return Err(Failed { format: left_out.unwrap_or(ordinary), wrong, member: None, guess });
        }
    };
    match assign_in_any_shape(format, message, &opened.pieces, sent_on) {
        Ok(mut filled) => {
            let mark = opened.separator.map(|mark| separator(format, mark));
            filled.form.notes.extend(mark.into_iter().chain(typo).chain(opened.passed));
            Ok(OneForm::Form(format, filled))
        }
        Err(wrong) => {
            if let Some(filled) = respaced(format, message, &opened.pieces, sent_on) {
                return Ok(OneForm::Form(format, filled));
            }
            let guess = Guess::Pieces { text: message, pieces: opened.pieces, others: None };
            Err(Failed { format, wrong, member: None, guess })
        }
    }
}

/// Takes a keyword with a typo in it off the pieces; the note says what it was read as.
fn take_near_keyword<'m>(formats: &[&Format], opened: &mut Segments<'m>) -> Result<Option<Note>, FormError<'m>> {
    match keyword::near(formats, opened) {
        None => Ok(None),
        Some(Near::Keyword(keyword, note, pieces)) => {
            opened.keywords.push((keyword, ""));
            opened.pieces = pieces;
            Ok(Some(note))
        }
        Some(Near::AnotherWord(at)) => Err((None, PieceError { kind: MisreadKind::Keyword, at })),
    }
}

/// The note on another mark than the format's between the pieces.
fn separator(format: &Format, mark: &str) -> Note {
    let to = format.separator().mark().to_string();
    Note { kind: NoteKind::Separator, field: None, person: None, from: mark.to_owned(), to }
}

/// The pieces cut apart where only a space stands between a date and its neighbours, if that makes a whole form.
fn respaced<'m>(format: &Format, message: &'m str, pieces: &[&'m str], sent_on: NaiveDate) -> Option<Filled<'m>> {
    let mut longer = format.shapes().iter().filter(|shape| pieces.len() < shape.fields.len()).peekable();
    longer.peek()?;
    let cut: Vec<&str> = pieces.iter().flat_map(|piece| split_at_dates::around_dates(piece)).collect();
    let mut shapes = longer.filter(|shape| cut.len() == shape.fields.len());
    let read = shapes.find_map(|shape| assign_in_shape(format, shape, message, &cut, sent_on).ok());
    // A name of words that are days too: `Minggu Sihombing 25011987 07082017`.
    let by_name = || {
        let cut = split_at_dates::name_first(message, &cut)?;
        let mut shapes = format.shapes().iter().filter(|shape| {
            shape.fields.len() == cut.len() && cut.len() > pieces.len() && shape.fields.first() == Some(&Field::Nama)
        });
        shapes.find_map(|shape| assign_in_shape(format, shape, message, &cut, sent_on).ok())
    };
    let mut filled = read.or_else(by_name)?;
    filled.form.notes.push(separator(format, " "));
    Some(filled)
}

/// A text without any mark that is a form all the same: `Budi Santoso 25011987 07082017`, without a word of chat.
fn spaced<'f, 'm>(formats: &[&'f Format], message: &'m str, sent_on: NaiveDate) -> Option<OneForm<'f, 'm>> {
    let text = after_greeting(bare(message));
    let Segments { pieces, keywords, .. } = open(formats, vec![text]);
    let is_chat = |word: &str| !word.is_empty() && WORDS.chat.get(word).is_some();
    let text = pieces.first()?;
    let words = text.split(|c: char| is_blank(c) || c == ',').map(|word| word.trim_matches(is_pause));
    let dated = split_at_dates::around_dates(text).into_iter().filter(|piece| date::parse(piece).is_some());
    let days: Vec<&str> = dated.collect();
    let in_date = |word: &str| days.iter().any(|day| day.contains(word)) || named_day::is_day(word);
    let is_name = |word: &str| name::is_in_front(text, word);
    // `Dewi 5 mei 1990 jalan kenanga nomor 3`: part of an address, which has a date in front of it.
    let is_of_address = |word: &str| {
        let is_behind = days.first().is_some_and(|day| offset(text, day) < offset(text, word));
        is_behind && WORDS.house_number.get(word).is_some()
    };
    // Looked up first, since hardly any word is chat.
    if words.filter(|word| is_chat(word)).any(|word| !in_date(word) && !is_name(word) && !is_of_address(word))
        || WORDS.commands.front(text).is_some()
    {
        return None;
    }
    let own = |keyword: Keyword| formats.iter().any(|format| format.keyword() == Some(keyword));
    let asked = keywords.iter().map(|(keyword, _)| *keyword).find(|keyword| own(*keyword));
    // A service that the office does not have is no ordinary form.
    if asked.is_none() && keywords.iter().any(|(keyword, _)| matches!(keyword, Keyword::Service(_))) {
        return None;
    }
    formats.iter().copied().filter(|format| format.keyword() == asked).find_map(|format| {
        let filled = respaced(format, message, &pieces, sent_on)?;
        Some(OneForm::Form(format, filled))
    })
}

/// Whether a line without any mark is somebody's whole form.
pub(crate) fn is_spaced(formats: &[&Format], line: &str, sent_on: NaiveDate) -> bool {
    // Without a date's digits it is none, and an address has many such lines.
    line.chars().filter(|&c| digit(c).is_some()).nth(DATE_DIGITS_MIN - 1).is_some()
        && spaced(formats, line, sent_on).is_some()
}
