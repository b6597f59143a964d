//! Cuts messages into the columns of a form: by one mark for all of them.

use crate::grammar::date;
use crate::grammar::date::written::Written;
use crate::grammar::language::politeness::after_greeting;
use crate::grammar::proposal::result::NoProposal;
use crate::grammar::reader::copied_head;
use crate::grammar::reader::segment::open;
use crate::grammar::text::characters::is_blank;
use crate::grammar::text::pieces::{bare, lines, split};
use crate::grammar::text::separator::Separator;
use crate::grammar::text::span::{joined, offset};

/// Most columns that are looked at: more than any known office asks for.
const COLUMNS_MAX: usize = 12;
/// Most digits of a house number: longer runs are parts of dates, telephones and identity numbers.
const HOUSE_DIGITS_MAX: usize = 4;
/// Fewest letters of a street.
const STREET_LETTERS_MIN: usize = 5;
/// Words of addresses that a number follows.
const BEFORE_NUMBERS: [&str; 9] = ["no", "nomor", "nmr", "blok", "blk", "rt", "rw", "km", "unit"];

/// Messages in columns. Every row has a place for each column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cut<'m> {
    pub(crate) mark: char,
    /// Whether more than half of the messages open with the mark.
    pub(crate) opens_with_mark: bool,
    /// The keyword in front of every message, and whether only a space follows it.
    pub(crate) keyword: Option<(&'m str, bool)>,
    pub(crate) rows: Vec<Vec<Option<&'m str>>>,
    /// The column of which a value holds the mark.
    pub(crate) open_at: Option<usize>,
    /// Whether it does so in front of a house number, as in `Jl. Mawar #5B`.
    pub(crate) has_house_number: bool,
}

/// A message at one mark.
struct Row<'m> {
    text: &'m str,
    opens_with_mark: bool,
    keyword: Option<(&'m str, bool)>,
    pieces: Vec<&'m str>,
}

/// The messages as they stand, without what a phone puts in front of a copied one.
pub(crate) fn texts<'m>(messages: &[&'m str]) -> Vec<&'m str> {
    let text = |message: &&'m str| {
        let text = message.trim_matches(is_blank);
        copied_head::without_head(text).unwrap_or(text)
    };
    messages.iter().map(text).collect()
}

/// Every way to cut all messages by one mark, the likeliest first.
///
/// # Errors
/// [`NoProposal`] says why there is none.
pub(crate) fn cuts<'m>(texts: &[&'m str]) -> Result<Vec<Cut<'m>>, NoProposal> {
    let mut cuts = Vec::new();
    let mut error = None;
    let marks = Separator::all().filter(|mark| texts.iter().all(|text| text.contains(|c| mark.is(c))));
    // A comma stands in addresses and a line break behind greetings, so what has every message in as many pieces comes first; but a
    // house number is no piece.
    for mark in marks {
        let rows: Vec<Row<'m>> = texts.iter().map(|text| row(mark, text)).collect();
        match laid_out(mark, &rows) {
            Ok(found) => cuts.extend(found),
            Err(reason) => error = error.or(Some(reason)),
        }
    }
    cuts.sort_by_key(|cut: &Cut<'_>| {
        !cut.has_house_number && (cut.open_at.is_some() || cut.rows.iter().flatten().any(Option::is_none))
    });
    if cuts.is_empty() { Err(error.unwrap_or_else(|| no_mark(texts))) } else { Ok(cuts) }
}

fn no_mark(texts: &[&str]) -> NoProposal {
    let has = |text: &str| Separator::all().filter(|mark| text.contains(|c| mark.is(c))).collect::<Vec<_>>();
    let first = texts.first().map(|text| has(text)).unwrap_or_default();
    let message = texts.iter().position(|text| !has(text).iter().any(|mark| first.contains(mark)));
    NoProposal::NoMark { message: message.map_or(1, |at| at + 1) }
}

fn row(mark: Separator, message: &str) -> Row<'_> {
    let text = bare(message);
    let pieces = if mark.mark() == '\n' { lines(text) } else { split(text, |c| mark.is(c)) };
    let front = after_greeting(text).trim_start_matches(is_blank);
    let opened = open(&[], pieces);
    let keyword = match opened.keywords.as_slice() {
        [(_, word)] => {
            let after = text.get(offset(text, word) + word.len()..).unwrap_or_default();
            Some((*word, !after.trim_start_matches(is_blank).starts_with(|c| mark.is(c))))
        }
        _ => None,
    };
    Row { text, opens_with_mark: front.starts_with(|c| mark.is(c)), keyword, pieces: opened.pieces }
}

/// The rows in columns: as they are where all have as many pieces; else with one value that holds the mark, or with pieces left out.
fn laid_out<'m>(mark: Separator, rows: &[Row<'m>]) -> Result<Vec<Cut<'m>>, NoProposal> {
    let counts = || rows.iter().map(|row| row.pieces.len());
    let (Some(least), Some(most)) = (counts().min(), counts().max()) else {
        return Err(NoProposal::Empty);
    };
    if let Some(message) = counts().position(|pieces| pieces > COLUMNS_MAX) {
        return Err(NoProposal::TooManyPieces { message: message + 1 });
    }
    let keywords: Vec<_> = rows.iter().map(|row| row.keyword).collect();
    let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    let is_common = |word: &str| keywords.iter().all(|keyword| keyword.is_some_and(|(of_row, _)| same(of_row, word)));
    let keyword = keywords.first().copied().flatten().filter(|(word, _)| is_common(word));
    let opening = rows.iter().filter(|row| row.opens_with_mark).count();
    let cut = |open_at, columns: Vec<Vec<Option<&'m str>>>| Cut {
        mark: mark.mark(),
        opens_with_mark: opening * 2 > rows.len() && mark.mark() != '\n',
        keyword,
        rows: columns,
        open_at,
        has_house_number: false,
    };
    if least == 0 {
        return Err(NoProposal::NoName);
    }
    let whole = |pieces: &[&'m str]| pieces.iter().copied().map(Some).collect::<Vec<_>>();
    let numbered = with_house_numbers(mark, rows);
    let mut cuts: Vec<Cut<'m>> = numbered
        .map(|(column, rows)| Cut {
            has_house_number: true,
            ..cut(Some(column), rows.iter().map(|row| whole(row)).collect())
        })
        .into_iter()
        .collect();
    if least == most {
        cuts.push(cut(None, rows.iter().map(|row| whole(&row.pieces)).collect()));
        return Ok(cuts);
    }
    let gapped: Option<Vec<_>> = rows.iter().map(|row| gaps(&row.pieces, rows, most)).collect();
    cuts.extend(gapped.map(|rows| cut(None, rows)));
    for column in 0..least {
        cuts.push(cut(Some(column), rows.iter().map(|row| whole(&merged(row, column, least))).collect()));
    }
    Ok(cuts)
}

/// The pieces with each house number behind its street, and the column of the streets; `None` where no message has one, or where the
/// rows are not alike then.
fn with_house_numbers<'m>(mark: Separator, rows: &[Row<'m>]) -> Option<(usize, Vec<Vec<&'m str>>)> {
    let places: Vec<Option<usize>> = rows.iter().map(|row| house_number(mark, row)).collect();
    let column = places.iter().flatten().next().copied()?;
    let is_alike = places.iter().flatten().all(|place| *place == column);
    let joined = rows.iter().zip(places).map(|(row, place)| match place {
        Some(_) => merged(row, column, row.pieces.len() - 1),
        None => row.pieces.clone(),
    });
    let joined: Vec<Vec<&str>> = joined.collect();
    let columns = joined.first()?.len();
    (is_alike && joined.iter().all(|pieces| pieces.len() == columns)).then_some((column, joined))
}

/// The piece behind which a mark stands only in front of a house number: `Jl. Mawar #5B`, or `Blok C no#5 RT 02`.
fn house_number(mark: Separator, row: &Row<'_>) -> Option<usize> {
    // What stands in front of the mark of a piece; `None` where a blank follows the mark.
    let before = |piece: &str| row.text.get(..offset(row.text, piece))?.strip_suffix(|c| mark.is(c));
    let is_spaced = |piece: &str| before(piece).is_some_and(|before| before.ends_with(is_blank));
    let is_usual = row.pieces.iter().skip(1).all(|piece| is_spaced(piece) || before(piece).is_none());
    let behind_word = |street: &str| {
        let word = street.trim_end_matches(['.', ':', ' ']).rsplit([' ', '.', ',']).next().unwrap_or_default();
        BEFORE_NUMBERS.iter().any(|known| word.eq_ignore_ascii_case(known))
    };
    row.pieces.windows(2).position(|pair| {
        let [street, number] = pair else { return false };
        let digits = number.chars().take_while(char::is_ascii_digit).count();
        let has_number =
            (1..=HOUSE_DIGITS_MAX).contains(&digits) && !matches!(date::parse(number), Some(Written::Full { .. }));
        let has_street = street.chars().filter(|c| c.is_alphabetic()).count() >= STREET_LETTERS_MIN;
        let is_inside = behind_word(street) || (!is_usual && is_spaced(number));
        has_number && has_street && is_inside
    })
}

/// The pieces with what is too many taken into one of them.
fn merged<'m>(row: &Row<'m>, column: usize, columns: usize) -> Vec<&'m str> {
    let surplus = row.pieces.len() - columns;
    let (front, rest) = row.pieces.split_at(column.min(row.pieces.len()));
    let (within, behind) = rest.split_at((surplus + 1).min(rest.len()));
    let one = within.first().zip(within.last()).map(|(first, last)| joined(row.text, first, last));
    front.iter().copied().chain(one).chain(behind.iter().copied()).collect()
}

/// The pieces of a shorter row under the columns of the longest ones that they look like, in order; `None` where some look like
/// none.
fn gaps<'m>(pieces: &[&'m str], rows: &[Row<'m>], columns: usize) -> Option<Vec<Option<&'m str>>> {
    let full: Vec<&Row<'m>> = rows.iter().filter(|row| row.pieces.len() == columns).collect();
    let mut laid = Vec::with_capacity(columns);
    let mut left = pieces.iter().copied().peekable();
    for column in 0..columns {
        let rest = columns - column;
        let fits = |piece: &&'m str| {
            full.iter().all(|row| row.pieces.get(column).is_some_and(|other| look(piece) == look(other)))
        };
        // Where no column can be spared any more, the piece goes here whatever it looks like.
        let is_due = left.len() == rest;
        laid.push(left.next_if(|piece| is_due || fits(piece)));
    }
    left.next().is_none().then_some(laid)
}

/// What a value looks like, as far as that tells pieces of different kinds from one another.
fn look(piece: &str) -> (bool, bool, usize) {
    let digits = piece.chars().filter(char::is_ascii_digit).count();
    let letters = piece.chars().filter(|c| c.is_alphabetic()).count();
    // Dates have six to eight digits, telephones nine to thirteen, registered numbers sixteen.
    let length = match digits {
        0 => 0,
        1..=5 => 1,
        6..=8 => 2,
        9..=14 => 3,
        _ => 4,
    };
    (piece.contains('@'), letters > digits, if letters > digits { 0 } else { length })
}
