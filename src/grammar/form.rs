//! Runs an office's formats over a message: cuts it into pieces, chooses the format, reads each piece by its field.
//!
//! All that goes wrong is named with the piece it is about; nothing is read that is not written in the message.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::field::Field;
use super::fill::{FOUND_CHARS_MAX, Filled, Wrong, in_shape, lay, run};
use super::format::Format;
use super::misread::{Misread, MisreadKind};
use super::pattern::{self, Shape};
use super::pieces::{bare, before, is_blank, is_hash, offset, span, split};
use super::request::{Ask, CHOICES_MAX, Choice, Note, NoteKind, Request};
use super::separator::Separator;
use super::value::{self, Broken};
use super::vocabulary::{Keyword, WORDS};
use super::{date, day, lone, mend, repair, respace};
use crate::domain::message::MESSAGE_BYTES_MAX;
use crate::domain::person::TglLahir;

/// What people write between the pieces in place of the office's mark, in the order of trying.
const OTHER_SEPARATORS: [char; 7] = ['#', '\n', ';', '|', '*', '＊', ','];
/// Pieces of an ordinary form: with no more of them, none can be chat.
const FIELDS_USUAL: usize = 3;
/// Words in front of a form that are looked at: a habit and a service (`REG E-PASSPORT#...`).
const KEYWORDS_MAX: usize = 2;

/// A message cut up, with the keywords in front taken off.
struct Opened<'m> {
    /// Keywords in order, and where they stand.
    keywords: Vec<(Keyword, &'m str)>,
    pieces: Vec<&'m str>,
    /// The formats' own mark that it was cut at.
    own: Option<Separator>,
    /// The mark that was used throughout in place of the formats' own and line ends.
    separator: Option<&'m str>,
}

/// Reads a form, or names what is wrong with it; `formats` are the office's, the ordinary one first.
pub(super) fn read(formats: &[&Format], message: &str, sent_on: NaiveDate) -> Request {
    let Some(ordinary) = formats.first().copied() else { return Request::Unreadable };
    if let Some(second) = second_form(formats, message, sent_on) {
        return several(formats, message, second, sent_on);
    }
    one(formats, ordinary, message, sent_on)
}

/// Reads a message of one form at most.
fn one(formats: &[&Format], ordinary: &Format, message: &str, sent_on: NaiveDate) -> Request {
    let Some(opened) = cut(formats, message) else {
        return spaced(formats, message, sent_on).unwrap_or(Request::Unreadable);
    };
    if is_placeholder(formats, &opened) {
        return Request::Placeholder;
    }
    let Some((first, behind)) = opened.pieces.split_first() else { return Request::Unreadable };
    // `#batal#...` with something that is no code: no form either, unless somebody is called that.
    if lone::is_command(first) && !behind.iter().any(|piece| date::shape(piece).is_some()) {
        return Request::Unreadable;
    }
    let format = match choose(formats, message, &opened, sent_on) {
        Ok(format) => format,
        Err(wrong) => return Request::Misread(misread(ordinary, message, wrong)),
    };
    match run(format, message, &opened.pieces, sent_on) {
        Ok(mut filled) => {
            filled.form.notes.extend(opened.separator.map(|mark| separator(format, mark)));
            told(format, message, filled)
        }
        Err(wrong) => {
            if let Some(filled) = respaced(format, message, &opened.pieces, sent_on) {
                return told(format, message, filled);
            }
            let suggestion = mend::suggest(format, message, &opened.pieces, sent_on).map(Box::new);
            Request::Misread(Misread { suggestion, ..misread(format, message, wrong) })
        }
    }
}

/// What a filled form is: read, or asked about where one date may be several days.
fn told(format: &Format, message: &str, filled: Filled<'_>) -> Request {
    let Filled { form, doubt, doubts } = filled;
    let Some((field, at, others)) = doubt else { return Request::Form(form) };
    if doubts > 1 || others.len() >= CHOICES_MAX {
        return Request::Misread(misread(
            format,
            message,
            (Some(field), Broken { kind: MisreadKind::AmbiguousDate, at }),
        ));
    }
    let with = |date: NaiveDate| {
        let mut form = form.clone();
        match field {
            Field::TglKedatangan => form.visit = Some(date),
            // Every reading was judged by the field's rule already: only days that fit are readings.
            _ => form.applicant.tgl_lahir = TglLahir::judge(date, date).ok(),
        }
        for note in form.notes.iter_mut().filter(|note| note.field == Some(field)) {
            note.to = date.to_string();
        }
        Choice { date, form }
    };
    let own = if field == Field::TglKedatangan { form.visit } else { form.applicant.tgl_lahir.map(TglLahir::date) };
    let choices = own.into_iter().chain(others).map(with).collect();
    Request::Ask(Ask { field, at: span(message, at), found: at.chars().take(FOUND_CHARS_MAX).collect(), choices })
}

/// The note on another mark than the format's between the pieces.
fn separator(format: &Format, mark: &str) -> Note {
    let to = format.separator().mark().to_string();
    Note { kind: NoteKind::Separator, field: None, from: mark.to_owned(), to }
}

/// The pieces cut apart where only a space stands between a date and its neighbours, if that makes a whole form.
fn respaced<'m>(format: &Format, message: &'m str, pieces: &[&'m str], sent_on: NaiveDate) -> Option<Filled<'m>> {
    let cut: Vec<&str> = pieces.iter().flat_map(|piece| respace::around_dates(piece)).collect();
    let fits = |shape: &&Shape| pieces.len() < shape.fields.len() && cut.len() == shape.fields.len();
    let mut filled =
        format.shapes().iter().filter(fits).find_map(|shape| in_shape(format, shape, message, &cut, sent_on).ok())?;
    filled.form.notes.push(separator(format, " "));
    Some(filled)
}

/// A text without any mark that is a form all the same: `Budi Santoso 25011987 07082017`, without a word of chat.
fn spaced(formats: &[&Format], message: &str, sent_on: NaiveDate) -> Option<Request> {
    let text = lone::after_greeting(bare(message));
    let pieces = open(vec![text]).pieces;
    let is_chat = |word: &str| !word.is_empty() && WORDS.chat.get(word).is_some();
    let text = pieces.first()?;
    let words = text.split(|c: char| is_blank(c) || c == ',').map(|word| word.trim_matches(lone::is_pause));
    let dated = respace::around_dates(text).into_iter().filter(|piece| date::shape(piece).is_some());
    let days: Vec<&str> = dated.collect();
    let in_date = |word: &str| days.iter().any(|day| day.contains(word)) || day::is_day(word);
    if words.filter(|word| !in_date(word)).any(is_chat) || WORDS.commands.front(text).is_some() {
        return None;
    }
    formats.iter().filter(|format| format.keyword().is_none()).find_map(|format| {
        let filled = respaced(format, message, &pieces, sent_on)?;
        Some(told(format, message, filled))
    })
}

/// Where a second form begins, if one does: each person on a line, or one behind the other.
fn second_form<'m>(formats: &[&Format], message: &'m str, sent_on: NaiveDate) -> Option<&'m str> {
    let is_own = |c: char| formats.iter().any(|format| format.separator().is(c));
    if message.matches(is_own).count() < 2 && message.matches(OTHER_SEPARATORS).count() < 2 {
        return None;
    }
    let whole_form = |line: &&str| {
        cut(formats, line).is_some_and(|opened| {
            formats.iter().any(|format| has_shape(format, format.separator().mark(), &opened.pieces))
        })
    };
    let mut lines = message.split('\n').filter(|line| line.contains(is_own)).filter(whole_form);
    if let Some(first) = lines.next()
        && let Some(second) = lines.find(|line| bare(line) != bare(first))
    {
        return Some(bare(second));
    }
    let pieces = cut(formats, message)?.pieces;
    formats.iter().flat_map(|format| format.shapes().iter().map(move |shape| (format, shape))).find_map(
        |(format, shape)| {
            let born_at = shape.fields.iter().position(|&field| field == Field::TglLahir)?;
            let (first, behind) = pieces.split_at_checked(shape.fields.len())?;
            let born = |pieces: &[&str]| pieces.get(born_at).is_some_and(|piece| date::shape(piece).is_some());
            let name = value::read(format.rules(), Field::Nama, behind.first()?, sent_on).is_ok();
            (born(first) && born(behind) && name).then(|| behind.first().copied())?
        },
    )
}

/// The misreading of several forms; the first of them is suggested.
fn several(formats: &[&Format], message: &str, second: &str, sent_on: NaiveDate) -> Request {
    let Some(ordinary) = formats.first().copied() else { return Request::Unreadable };
    let first = message.get(..offset(message, second)).unwrap_or_default();
    let rest = message.get(offset(message, second)..).map_or(second, |rest| rest.trim_end_matches(is_blank));
    let suggestion = match one(formats, ordinary, first, sent_on) {
        Request::Form(form) => mend::of_form(formats, form).map(Box::new),
        _ => None,
    };
    let wrong = misread(ordinary, message, (None, Broken { kind: MisreadKind::Several, at: rest }));
    Request::Misread(Misread { suggestion, ..wrong })
}

/// The misreading of a message that is longer than any form.
pub(super) fn too_long(format: &Format, message: &str) -> Misread {
    misread(format, message, (None, Broken { kind: MisreadKind::MessageTooLong, at: message }))
}

/// Takes greetings and keywords off the front, politeness off the back.
fn open(mut pieces: Vec<&str>) -> Opened<'_> {
    if let Some(first) = pieces.first().copied() {
        match lone::after_greeting(first) {
            // A greeting alone, unless it is somebody's name with the birth date behind it.
            "" if pieces.get(1).is_some_and(|next| date::shape(value::unlabelled(Field::TglLahir, next)).is_none()) => {
                pieces.remove(0);
            }
            "" => {}
            rest => pieces.splice(..1, [bare(rest)]).for_each(drop),
        }
    }
    // `mau daftar paspor #Budi#...`
    let is_keyword = |first: &str| WORDS.keywords.get(first).is_some();
    if pieces.len() > FIELDS_USUAL && pieces.first().is_some_and(|first| is_chat(first) && !is_keyword(first)) {
        pieces.remove(0);
    }
    let mut keywords = Vec::new();
    while keywords.len() < KEYWORDS_MAX
        && let Some((keyword, at, rest)) = pieces.first().and_then(|first| keyword(first))
    {
        keywords.push((keyword, at));
        pieces.splice(..1, (!rest.is_empty()).then_some(rest)).for_each(drop);
    }
    if pieces.len() > 1 {
        pieces.pop_if(|last| lone::is_filler(last));
    }
    if pieces.len() > 1 {
        pieces.pop_if(|last| WORDS.thanks.front(last).is_some_and(|((), rest)| lone::is_filler(rest)));
    }
    Opened { keywords, pieces, own: None, separator: None }
}

/// Whether the text is chat and nothing that could be a name: every word of it is one of chat or politeness.
fn is_chat(text: &str) -> bool {
    let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let known = |word| WORDS.chat.get(word).is_some() || lone::is_filler(word) || WORDS.keywords.get(word).is_some();
    words().next().is_some() && words().all(known)
}

/// A keyword that fills the piece or opens it (`REG Budi`), where it stands, and the rest of the piece.
fn keyword(piece: &str) -> Option<(Keyword, &str, &str)> {
    let (keyword, behind) = WORDS.keywords.front(piece)?;
    let at = piece.get(..piece.len() - behind.len())?;
    let rest = behind.trim_start_matches(|c| is_blank(c) || c == ':');
    (rest.is_empty() || rest.len() < behind.len()).then_some((keyword, at, rest))
}

/// Whether every piece is a field's name: the poster's line itself.
fn is_placeholder(formats: &[&Format], opened: &Opened<'_>) -> bool {
    let is_name =
        |piece: &&str| formats.iter().any(|format| pattern::field(piece, &format.rules().text_words).is_some());
    opened.pieces.len() > 1 && opened.pieces.iter().all(is_name)
}

/// Cuts a message at the formats' own mark; where that gives one piece at most, at another one, if that gives a form's
/// pieces with a date where one belongs. `None` is no form.
fn cut<'m>(formats: &[&Format], message: &'m str) -> Option<Opened<'m>> {
    let mut own: Option<Opened<'m>> = None;
    for (place, format) in formats.iter().enumerate() {
        let mark = format.separator();
        let seen = formats.iter().take(place).any(|earlier| earlier.separator() == mark);
        if seen || !message.contains(|c| mark.is(c)) {
            continue;
        }
        let opened = Opened { own: Some(mark), ..open(split(bare(message), |c| mark.is(c))) };
        // Of the marks of several formats, the one that makes a form of its own format.
        let is_form = || {
            formats.iter().any(|format| format.separator() == mark && has_shape(format, mark.mark(), &opened.pieces))
        };
        let is_better = match &own {
            None => true,
            Some(own) => opened.pieces.len() > 1 && (own.pieces.len() < 2 || is_form()),
        };
        if is_better {
            own = Some(opened);
        }
    }
    if own.as_ref().is_some_and(|opened| opened.pieces.len() > 1) {
        return own;
    }
    let is_own = |c: char| formats.iter().any(|format| format.separator().is(c));
    let text = message.trim_matches(|c| is_hash(c) || is_own(c) || is_blank(c));
    let foreign = OTHER_SEPARATORS.into_iter().filter(|&mark| !is_own(mark) && text.contains(mark));
    let otherwise = foreign.into_iter().find_map(|separator| {
        let mut opened = open(split(text, |c| c == separator));
        let at = text.find(separator).filter(|_| separator != '\n');
        opened.separator = at.and_then(|at| text.get(at..at + separator.len_utf8()));
        let labels = || opened.pieces.iter().filter(|piece| value::is_labelled(piece)).count();
        let fits = formats.iter().any(|format| has_shape(format, separator, &opened.pieces)) || labels() > 1;
        fits.then_some(opened)
    });
    otherwise.or(own)
}

/// Whether the pieces are as many as a form's of the format, the birth date in its place.
fn has_shape(format: &Format, separator: char, pieces: &[&str]) -> bool {
    format.shapes().iter().any(|shape| is_shaped(shape, separator, pieces))
}

/// Whether the pieces are as many as the shape's, the birth date in its place. Commas do not make an address's pieces:
/// chat has commas and dates too.
fn is_shaped(shape: &Shape, separator: char, pieces: &[&str]) -> bool {
    let fields = &shape.fields;
    let open = shape.open_at.is_some();
    let fits = if open { separator != ',' && pieces.len() >= fields.len() } else { pieces.len() == fields.len() };
    let born_at = fields.iter().position(|&field| field == Field::TglLahir);
    let born = born_at.and_then(|at| pieces.get(at)).map(|piece| value::unlabelled(Field::TglLahir, piece));
    let dated = |piece: &str| date::shape(piece).is_some() || repair::birth_date(piece).is_some();
    let visit = fields.iter().position(|&field| field == Field::TglKedatangan).and_then(|at| pieces.get(at));
    let chat = separator == ',' && visit.is_some_and(|piece| !dated(piece) && !day::is_day(piece));
    fits && !chat && born.is_some_and(dated)
}

/// Chooses the format: by keyword first, then by the count at the end, the number of pieces, and how many of them read.
fn choose<'f, 'm>(
    formats: &[&'f Format],
    message: &'m str,
    opened: &Opened<'m>,
    sent_on: NaiveDate,
) -> Result<&'f Format, Wrong<'m>> {
    let with = |keyword: Option<Keyword>| formats.iter().copied().filter(move |format| format.keyword() == keyword);
    let spoken = opened.keywords.iter().find(|(keyword, _)| with(Some(*keyword)).next().is_some());
    let foreign = opened.keywords.iter().find(|(keyword, _)| matches!(keyword, Keyword::Service(_)));
    let keyword = match (spoken, foreign) {
        (Some((keyword, _)), _) => Some(*keyword),
        (None, Some((_, at))) => return Err((None, Broken { kind: MisreadKind::Surplus, at })),
        (None, None) => None,
    };
    let mut fitting = with(keyword);
    let first = fitting.next().ok_or_else(|| {
        let place = opened.pieces.first().map_or(message, |first| before(message, first));
        (None, Broken { kind: MisreadKind::Missing, at: place })
    })?;
    let Some(second) = fitting.next() else { return Ok(first) };
    let rank = |format: &&Format| {
        let own = opened.own.is_none_or(|mark| mark == format.separator());
        Reverse((own, fit(format, message, &opened.pieces, sent_on)))
    };
    // The first of equals: an office lists its ordinary format first.
    Ok([first, second].into_iter().chain(fitting).min_by_key(rank).unwrap_or(first))
}

/// How well a format fits: a count at the end, then the number of pieces, then pieces that read; of its best shape.
fn fit(format: &Format, message: &str, pieces: &[&str], sent_on: NaiveDate) -> (bool, bool, usize) {
    let has_count = pieces.last().is_some_and(|piece| value::is_countish(piece));
    let of_shape = |shape: &Shape| {
        let fields = &shape.fields;
        let asks_count = fields.last() == Some(&Field::Jumlah);
        let laid = lay(shape, message, pieces);
        let whole = laid.len() == fields.len() && asks_count == (asks_count && has_count);
        let reads = |(piece, field): &(&&str, &Field)| value::read(format.rules(), **field, piece, sent_on).is_ok();
        (asks_count && has_count, whole, laid.iter().zip(fields).filter(reads).count())
    };
    format.shapes().iter().map(of_shape).max().unwrap_or_default()
}

fn misread(format: &Format, message: &str, (field, Broken { kind, at }): Wrong<'_>) -> Misread {
    Misread {
        format: format.id().clone(),
        kind,
        field,
        at: span(message, at),
        found: at.chars().take(FOUND_CHARS_MAX).collect(),
        expected: match (kind, field) {
            (MisreadKind::MessageTooLong, _) => format!("at most {MESSAGE_BYTES_MAX} bytes"),
            (_, Some(field)) => format.rules().expected(field),
            (_, None) => format.line().to_owned(),
        },
        suggestion: None,
    }
}
