//! Splits a message that holds several forms, one for each person, into their texts.

use chrono::NaiveDate;

use crate::domain::person::PARTY_MAX;
use crate::grammar::date::detect::{is_dated, may_hold_date};
use crate::grammar::format::Format;
use crate::grammar::language::labels;
use crate::grammar::language::politeness::after_greeting;
use crate::grammar::language::talk::is_chat;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::reader::form::assign::assign;
use crate::grammar::reader::form::one::is_spaced;
use crate::grammar::reader::segment::{Segments, has_shape, is_placeholder, segment};
use crate::grammar::request::field::Field;
use crate::grammar::text::characters::is_blank;
use crate::grammar::text::pieces::{bare, unnumbered};
use crate::grammar::text::span::offset;
use crate::grammar::value;

/// Most forms that are found in one message: one more than a party has, which shows that it is too large.
const FORMS_MAX: usize = PARTY_MAX as usize + 1;

/// Pieces of a line among which a date shows that it is somebody's: the birth date stands early in every form.
const PIECES_LOOKED_AT: usize = 3;

/// What a message was cut into.
pub(crate) enum FormSplit<'m> {
    /// Forms for sure, however the message reads as one.
    Forms(Vec<Part<'m>>),
    /// One form, segmented; where it is none, several may have been meant.
    One(Option<Segments<'m>>, Vec<Part<'m>>),
}

/// The text of one form in a message, segmented.
pub(crate) struct Part<'m> {
    pub(crate) text: &'m str,
    /// `None` where it has no marks.
    pub(crate) opened: Option<Segments<'m>>,
}

impl<'m> Part<'m> {
    fn of(formats: &[&Format], text: &'m str) -> Self {
        Self { text, opened: segment(formats, text) }
    }
}

/// A line that is somebody's form, or was meant to be.
struct Line<'m> {
    /// Where it begins, what stands in front included.
    start: usize,
    /// Without its number or bullet.
    form: Part<'m>,
    is_whole: bool,
}

/// Cuts a message where the next person's form begins.
pub(crate) fn split_forms<'m>(formats: &[&Format], message: &'m str, sent_on: NaiveDate) -> FormSplit<'m> {
    let lines = lines(formats, message, sent_on);
    let [first, _, ..] = lines.as_slice() else {
        let whole = segment(formats, message);
        let blocks = blocks(message);
        let texts = if blocks.len() > 1 { blocks } else { run_on(formats, message, whole.as_ref(), sent_on) };
        if texts.is_empty() {
            return FormSplit::One(whole, Vec::new());
        }
        return FormSplit::Forms(texts.into_iter().map(|text| Part::of(formats, text)).collect());
    };
    let is_front_idle = says_nothing(formats, message.get(..first.start).unwrap_or_default());
    let (lines_seen, whole_lines) = (lines.len(), lines.iter().filter(|line| line.is_whole).count());
    let mut forms = Vec::new();
    let mut lines = lines.into_iter().peekable();
    while let Some(Line { form, .. }) = lines.next() {
        // Whatever else stands in front of the first form is part of it, and named there.
        let start = if forms.is_empty() && !is_front_idle { 0 } else { offset(message, form.text) };
        let end = lines.peek().map_or(message.len(), |next| next.start);
        let text = message.get(start..end).unwrap_or(form.text).trim_end_matches(is_blank);
        let form = if std::ptr::eq(text, form.text) { form } else { Part::of(formats, text) };
        let texts = run_on(formats, text, form.opened.as_ref(), sent_on);
        if texts.is_empty() {
            forms.push(form);
        }
        forms.extend(texts.into_iter().map(|text| Part::of(formats, text)));
    }
    let are_forms = forms.len() > lines_seen || whole_lines > 1;
    if are_forms { FormSplit::Forms(forms) } else { FormSplit::One(segment(formats, message), forms) }
}

/// The lines that are somebody's form, or were meant to be; nothing where no two are.
fn lines<'m>(formats: &[&Format], message: &'m str, sent_on: NaiveDate) -> Vec<Line<'m>> {
    let mut lines: Vec<Line<'m>> = Vec::new();
    if !message.contains('\n') {
        return lines;
    }
    for written in message.split('\n') {
        let line = written.trim_matches(is_blank);
        let form = unnumbered(line, lines.len() + 1).unwrap_or_else(|| unbulleted(line));
        let Some(opened) = segment(formats, form) else {
            if !labels::is_labelled(form) && is_spaced(formats, form, sent_on) {
                let form = Part { text: form, opened: None };
                lines.push(Line { start: offset(message, written), form, is_whole: true });
            }
            continue;
        };
        let has_own_shape = |format: &&Format| has_shape(format, format.separator().mark(), &opened.pieces);
        // Cut at another mark than the formats' own only where that gives a whole form.
        let is_whole = opened.own.is_none() || formats.iter().any(has_own_shape);
        let is_born = |piece: &&str| is_dated(piece) || may_hold_date(piece);
        let is_somebodys = || opened.pieces.len() > 1 && opened.pieces.iter().take(PIECES_LOOKED_AT).any(is_born);
        if is_whole || is_somebodys() {
            let form = Part { text: form, opened: Some(opened) };
            lines.push(Line { start: offset(message, written), form, is_whole });
        }
        if lines.len() == FORMS_MAX {
            break;
        }
    }
    lines
}

/// The blocks of labelled lines, one for each person, where the first label comes again: `Nama: Budi`, ..., `Nama: Siti`, ...
fn blocks(message: &str) -> Vec<&str> {
    let mut lines = message.split('\n').filter_map(|line| Some((offset(message, line), labels::label(line)?)));
    let Some((_, first)) = lines.next() else { return Vec::new() };
    let ends = lines.filter(|(_, label)| *label == first).map(|(at, _)| at).chain([message.len()]);
    let blocks = ends.scan(0, |start, end| message.get(std::mem::replace(start, end)..end));
    blocks.take(FORMS_MAX).collect()
}

/// A line without the dash or the dot that people put in front of a list.
fn unbulleted(line: &str) -> &str {
    let rest = line.strip_prefix(['-', '–', '•', '·']).filter(|rest| rest.starts_with(is_blank));
    rest.map_or(line, |rest| rest.trim_start_matches(is_blank))
}

/// Whether the text in front of the first form is a greeting, talk, or the poster's line itself.
fn says_nothing(formats: &[&Format], front: &str) -> bool {
    let rest = after_greeting(bare(front));
    let is_talk = |word: &str| {
        is_chat(word) || WORDS.people.get(word).is_some() || WORDS.counts.get(word).is_some() || word.len() == 1
    };
    rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).all(is_talk)
        || segment(formats, rest).is_some_and(|opened| is_placeholder(formats, &opened))
}

/// Cuts a text where a form that is whole is followed by another name and birth date (`#Budi#…#…#Siti#…#…`); nothing where
/// none is.
fn run_on<'m>(formats: &[&Format], text: &'m str, opened: Option<&Segments<'m>>, sent_on: NaiveDate) -> Vec<&'m str> {
    let pieces = opened.map_or(&[][..], |opened| &opened.pieces);
    let is_own = |c: char| formats.iter().any(|format| format.separator().is(c));
    let mut texts = Vec::new();
    // A purpose of two words looks like a name, and the day of the visit behind it like a birth date.
    if next_form(formats, pieces, 0, sent_on).is_none() || is_one_form(formats, pieces, sent_on) {
        return texts;
    }
    let (mut from, mut start) = (0, 0);
    while let Some(next) = next_form(formats, pieces, from, sent_on).filter(|_| texts.len() + 1 < FORMS_MAX) {
        let at = pieces.get(next).map_or(text.len(), |piece| offset(text, piece));
        // With the mark in front of it, and what people put around the name.
        let cut = text.get(..at).and_then(|front| front.rfind(is_own)).unwrap_or(at);
        texts.extend(text.get(start..cut));
        (from, start) = (next, cut);
    }
    texts.extend(text.get(start..).filter(|_| start > 0));
    texts
}

/// Whether all pieces together are one form that needs no correction.
fn is_one_form(formats: &[&Format], pieces: &[&str], sent_on: NaiveDate) -> bool {
    let shapes = formats.iter().flat_map(|format| format.shapes().iter().map(move |shape| (format, shape)));
    shapes.into_iter().filter(|(_, shape)| shape.fields.len() == pieces.len()).any(|(format, shape)| {
        assign(format, shape, pieces, sent_on).is_ok_and(|filled| filled.is_certain() && filled.form.notes.is_empty())
    })
}

/// The piece that opens the form after the one that begins at piece `from`.
fn next_form(formats: &[&Format], pieces: &[&str], from: usize, sent_on: NaiveDate) -> Option<usize> {
    let shapes = formats.iter().flat_map(|format| format.shapes().iter().map(move |shape| (format, shape)));
    shapes.into_iter().find_map(|(format, shape)| {
        let place = |field| shape.fields.iter().position(|&asked| asked == field);
        let (name_at, born_at) = (place(Field::Nama)?, place(Field::TglLahir)?);
        let is_born = |from: usize| pieces.get(from + born_at).is_some_and(|piece| is_dated(piece));
        let is_named = |from: usize| {
            pieces
                .get(from + name_at)
                .is_some_and(|piece| value::read(format.rules(), Field::Nama, piece, sent_on).is_ok())
        };
        let first = from + shape.fields.len();
        // An address may hold the mark.
        let last = if shape.open_at.is_some() { pieces.len() } else { first + 1 };
        let is_followed = pieces.len() > first + born_at;
        (is_followed && is_born(from)).then(|| (first..last).find(|&next| is_born(next) && is_named(next)))?
    })
}
