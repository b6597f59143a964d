//! Chooses which of an office's formats a form is in.

use std::cmp::Reverse;

use chrono::NaiveDate;

use crate::grammar::format::Format;
use crate::grammar::format::pattern::Shape;
use crate::grammar::reader::form::assign::align;
use crate::grammar::reader::segment::Segments;
use crate::grammar::request::field::Field;
use crate::grammar::request::keyword::Keyword;
use crate::grammar::request::misread::MisreadKind;
use crate::grammar::request::piece_error::{FormError, PieceError};
use crate::grammar::text::span::before;
use crate::grammar::value;
use crate::grammar::value::resemblance::is_countish;

/// Chooses the format: first by its keyword, then by separator, count and number of pieces, and last by how many pieces read.
pub(crate) fn choose<'f, 'm>(
    formats: &[&'f Format],
    message: &'m str,
    opened: &Segments<'m>,
    sent_on: NaiveDate,
) -> Result<&'f Format, FormError<'m>> {
    let keyword = keyword_of(formats, opened)?;
    let mut fitting = formats.iter().copied().filter(|format| format.keyword() == keyword);
    let first = fitting.next().ok_or_else(|| {
        let place = opened.pieces.first().map_or(message, |first| before(message, first));
        (None, PieceError { kind: MisreadKind::Missing, at: place })
    })?;
    let Some(second) = fitting.next() else { return Ok(first) };
    let fitting = [first, second].into_iter().chain(fitting);
    Ok(most_alike(fitting, message, opened, sent_on).unwrap_or(first))
}

/// The keyword that chooses the format; a service that the office does not have is an error.
fn keyword_of<'m>(formats: &[&Format], opened: &Segments<'m>) -> Result<Option<Keyword>, FormError<'m>> {
    let is_own = |keyword: Keyword| formats.iter().any(|format| format.keyword() == Some(keyword));
    let own = opened.keywords.iter().find(|(keyword, _)| is_own(*keyword));
    let foreign = opened.keywords.iter().find(|(keyword, _)| matches!(keyword, Keyword::Service(_)));
    match (own, foreign) {
        (Some((keyword, _)), _) => Ok(Some(*keyword)),
        (None, Some((_, at))) => Err((None, PieceError { kind: MisreadKind::Keyword, at })),
        (None, None) => Ok(None),
    }
}

/// The format that the pieces are most like; of equals the first, since an office lists its ordinary format first.
fn most_alike<'f, 'm>(
    formats: impl Iterator<Item = &'f Format>,
    message: &'m str,
    opened: &Segments<'m>,
    sent_on: NaiveDate,
) -> Option<&'f Format> {
    let pieces = &opened.pieces;
    let has_count = pieces.last().is_some_and(|piece| is_countish(piece));
    // Its own separator, a count where one is asked for, the number of pieces.
    let rank = |format: &Format, shape: &Shape| {
        let asks_count = shape.fields.last() == Some(&Field::Jumlah);
        let whole = align(shape, message, pieces).len() == shape.fields.len() && (has_count || !asks_count);
        (opened.own.is_none_or(|mark| mark == format.separator()), asks_count && has_count, whole)
    };
    let shapes = |format: &'f Format| format.shapes().iter().map(move |shape| (format, shape));
    let ranked: Vec<_> = formats.flat_map(shapes).map(|(format, shape)| (format, shape, rank(format, shape))).collect();
    let best = ranked.iter().map(|(.., rank)| *rank).max();
    let likely = || ranked.iter().filter(|(.., rank)| Some(*rank) == best).map(|&(format, shape, _)| (format, shape));
    let (first, _) = likely().next()?;
    // Reading is expensive: only formats of the same rank are compared by it.
    if likely().all(|(format, _)| format.id() == first.id()) {
        return Some(first);
    }
    let reading = |(format, shape): &(&Format, &Shape)| {
        let aligned = align(shape, message, pieces);
        let reads = |(piece, field): &(&&str, &Field)| value::read(format.rules(), **field, piece, sent_on).is_ok();
        Reverse(aligned.iter().zip(&shape.fields).filter(reads).count())
    };
    likely().min_by_key(reading).map(|(format, _)| format)
}
