//! Guesses the line that a misread form was meant to be. A guess is shown, and counts only once the citizen accepts it.
//!
//! Where two different forms are equally likely, nothing is suggested.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::field::Field;
use super::fill::{fill, lay};
use super::format::Format;
use super::pattern::Shape;
use super::pieces::is_blank;
use super::request::{Form, Suggestion};
use super::rules::Rules;
use super::{date, repair, value};

/// Pieces whose order is tried in every way: 24 ways of four.
const SWAPPED_MAX: usize = 4;
/// Most pieces of a form with an address among which one too many is looked for: more are no slip.
const SURPLUS_PIECES_MAX: usize = 8;
/// Digits of a date from which one is gone: `5011987`.
const DIGITS_SHORT: usize = 7;

/// What a form suggests, printed in its own format.
pub(super) fn of_form(formats: &[&Format], form: Form) -> Option<Suggestion> {
    let format = formats.iter().find(|format| *format.id() == form.format)?;
    let mut form = form;
    // The citizen sees the line before accepting it: nothing in it is unexpected any more.
    form.notes.clear();
    Some(Suggestion { line: format.fill(&form), form })
}

/// The one form that the pieces were probably meant to be.
pub(super) fn suggest(format: &Format, message: &str, pieces: &[&str], sent_on: NaiveDate) -> Option<Suggestion> {
    let mut guesses: Vec<Form> = Vec::new();
    for shape in format.shapes() {
        of_shape(format, shape, (message, pieces), sent_on, &mut guesses);
    }
    let [form] = guesses.as_slice() else { return None };
    of_form(&[format], form.clone())
}

/// The forms that the pieces may have been meant to be in one shape.
fn of_shape(
    format: &Format,
    shape: &Shape,
    (message, pieces): (&str, &[&str]),
    sent_on: NaiveDate,
    guesses: &mut Vec<Form>,
) {
    let fields = &shape.fields;
    let mut guess = |pieces: &[&str]| {
        if pieces.len() == fields.len()
            && let Ok(filled) = fill(format, shape, pieces, sent_on)
            && filled.is_certain()
        {
            let mut form = filled.form;
            form.notes.clear();
            if !guesses.contains(&form) {
                guesses.push(form);
            }
        }
    };
    if pieces.len() > fields.len() {
        fewer(shape, message, pieces, &mut guess);
    } else if pieces.len() == fields.len() {
        let rules = format.rules();
        mended(rules, fields, pieces, sent_on, &mut guess);
        if fields.len() <= SWAPPED_MAX {
            let reads = |piece: &str, field| value::read(rules, field, piece, sent_on).is_ok();
            let fits = |piece: &&str| fields.iter().map(|&field| reads(piece, field)).collect();
            let orders = Orders { pieces, fits: &pieces.iter().map(fits).collect::<Vec<Vec<bool>>>() };
            orders.each(&mut Vec::with_capacity(fields.len()), &mut guess);
        }
    }
}

/// One piece too many: two that are one name, or one that belongs to nothing.
fn fewer(shape: &Shape, message: &str, pieces: &[&str], guess: &mut impl FnMut(&[&str])) {
    if let [first, second, behind @ ..] = pieces
        && date::shape(second).is_none()
        && date::shape(first).is_none()
    {
        let name = format!("{first} {second}");
        let joined: Vec<&str> = std::iter::once(name.as_str()).chain(behind.iter().copied()).collect();
        // Chat in front of a whole name is no name: both guesses stand, and then none is made.
        guess(&lay(shape, message, &joined));
    }
    for (_, others) in without_one(shape, pieces) {
        guess(&lay(shape, message, &others));
    }
}

/// The pieces without each of them in turn, the last one first, and which it is; nothing where a form cannot come of it: all
/// that is too many goes to the address if there is one, and else one piece is all that may be too many.
pub(super) fn without_one<'m>(shape: &Shape, pieces: &[&'m str]) -> impl Iterator<Item = (usize, Vec<&'m str>)> {
    let fields = shape.fields.len();
    let most = if shape.open_at.is_some() { SURPLUS_PIECES_MAX } else { fields + 1 };
    let places = if (fields + 1..=most).contains(&pieces.len()) { 0..pieces.len() } else { 0..0 };
    places.rev().map(|at| {
        let mut others = pieces.to_vec();
        others.remove(at);
        (at, others)
    })
}

/// Each broken piece with its own slip mended.
fn mended(rules: &Rules, fields: &[Field], pieces: &[&str], sent_on: NaiveDate, guess: &mut impl FnMut(&[&str])) {
    let each = fields.iter().zip(pieces.iter().copied());
    let mended: Option<Vec<Cow<'_, str>>> =
        each.map(|(&field, piece)| one_mended(rules, field, piece, sent_on)).collect();
    if let Some(mended) = mended {
        let mended: Vec<&str> = mended.iter().map(|piece| &**piece).collect();
        guess(&mended);
    }
}

/// A piece that reads, as it is; a broken one in its one likely shape.
fn one_mended<'m>(rules: &Rules, field: Field, piece: &'m str, sent_on: NaiveDate) -> Option<Cow<'m, str>> {
    if value::read(rules, field, piece, sent_on).is_ok() {
        return Some(Cow::Borrowed(piece));
    }
    if value::is_too_long(field, piece) {
        return None;
    }
    let piece = value::unlabelled(field, piece);
    let mut likely: Vec<String> = match field {
        Field::Nama => vec![repair::name(piece)],
        Field::TglLahir | Field::TglKedatangan => dates(piece),
        _ => Vec::new(),
    };
    likely.retain(|text| value::read(rules, field, text, sent_on).is_ok());
    likely.dedup();
    if likely.len() == 1 { likely.pop().map(Cow::Owned) } else { None }
}

/// The dates that a text with a slip may have been: a digit lost, day and month in American order, words around it.
fn dates(piece: &str) -> Vec<String> {
    let digits: Vec<char> = piece.chars().filter(|c| date::digit(*c).is_some()).collect();
    let run =
        |from: usize, to: usize| digits.get(from..to).map(|run| run.iter().collect::<String>()).unwrap_or_default();
    let only_digits = piece.chars().all(|c| date::digit(c).is_some() || is_blank(c) || matches!(c, '-' | '/' | '.'));
    match digits.len() {
        DIGITS_SHORT if only_digits => {
            let year = run(3, 7);
            vec![format!("{}-{}-{year}", run(0, 1), run(1, 3)), format!("{}-{}-{year}", run(0, 2), run(2, 3))]
        }
        8 if only_digits => {
            vec![format!("{}{}{}", run(2, 4), run(0, 2), run(4, 8)), format!("{}{}{}", run(6, 8), run(4, 6), run(0, 4))]
        }
        _ => Vec::new(),
    }
}

/// The pieces, and for each of them which fields it could be.
struct Orders<'p, 'm> {
    pieces: &'p [&'m str],
    fits: &'p [Vec<bool>],
}

impl<'m> Orders<'_, 'm> {
    /// Gives every order of the pieces in which each fits the field in its place; `taken` are the places of the first ones.
    fn each(&self, taken: &mut Vec<usize>, guess: &mut impl FnMut(&[&'m str])) {
        let field = taken.len();
        if field == self.pieces.len() {
            let ordered: Vec<&str> = taken.iter().filter_map(|&at| self.pieces.get(at).copied()).collect();
            return guess(&ordered);
        }
        for (at, fits) in self.fits.iter().enumerate() {
            if fits.get(field) == Some(&true) && !taken.contains(&at) {
                taken.push(at);
                self.each(taken, guess);
                taken.pop();
            }
        }
    }
}
