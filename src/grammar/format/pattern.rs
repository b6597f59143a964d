//! Reads the line on an office's poster (`#Nama#TglLahir#[Email]#NIK|NoKK + FotoKTP`) into the pieces of a form.
//!
//! A line with optional pieces or alternatives is several *shapes*, each a plain row of fields; the reader tries them in
//! order. `check::ambiguity` holds that no message fits two of them.

use nom::branch::alt;
use nom::bytes::complete::{take_till, take_till1, take_while};
use nom::character::complete::char;
use nom::combinator::{map, opt};
use nom::multi::many0;
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser};

use crate::grammar::format::field_names::field_named;
use crate::grammar::format::pattern_error::{PatternError, remedy_of_unknown};
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::field::{Field, PhotoKind};
use crate::grammar::request::keyword::Keyword;
use crate::grammar::text::pieces::bare;
use crate::grammar::text::separator::Separator;
use crate::grammar::text::words::Words;

/// Most shapes of one line: a message is tried on each that has its number of pieces.
pub(crate) const SHAPES_MAX: usize = 32;

/// Most pieces of a form with an address among which one too many is looked for: more are no typo.
const SURPLUS_PIECES_MAX: usize = 8;

/// A keyword in front of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prefix {
    pub(crate) keyword: Keyword,
    /// How the poster spells it.
    pub(crate) spelled: String,
    /// Whether only a space follows it: `REG Nama#...`.
    pub(crate) spaced: bool,
}

/// A piece of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// What it may be; more than one are alternatives.
    pub(crate) fields: Vec<Field>,
    /// Whether it may be left out.
    pub(crate) optional: bool,
}

/// A row of fields that a form may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) fields: Vec<Field>,
    /// Which of them may hold the separator itself.
    pub(crate) open_at: Option<usize>,
}

impl Shape {
    /// The pieces in this shape's order, by the labels that they have: each of its fields once, and no other.
    pub(crate) fn in_order<'m>(&self, labels: &[Field], pieces: &[&'m str]) -> Option<Vec<&'m str>> {
        if labels.len() != self.fields.len() {
            return None;
        }
        let place = |field: &Field| labels.iter().position(|label| label == field);
        self.fields.iter().map(|field| pieces.get(place(field)?).copied()).collect()
    }

    /// The pieces without each of them in turn, the last one first, and which it is; nothing where a form cannot come of it: all
    /// that is too many goes to the address if there is one, and else one piece is all that may be too many.
    pub(crate) fn without_one<'m>(&self, pieces: &[&'m str]) -> impl Iterator<Item = (usize, Vec<&'m str>)> {
        let fields = self.fields.len();
        let most = if self.open_at.is_some() { SURPLUS_PIECES_MAX } else { fields + 1 };
        let places = if (fields + 1..=most).contains(&pieces.len()) { 0..pieces.len() } else { 0..0 };
        places.rev().map(|at| {
            let mut others = pieces.to_vec();
            others.remove(at);
            (at, others)
        })
    }
}

/// A poster's line, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub(crate) separator: Separator,
    /// Whether the line opens with the mark.
    pub(crate) opens_with_mark: bool,
    pub(crate) prefix: Option<Prefix>,
    /// The pieces in order; `Nama` is among them, none is there twice.
    pub(crate) pieces: Vec<Piece>,
    /// The photos of which one is asked for besides.
    pub(crate) photos: Vec<PhotoKind>,
    /// All rows that a form may have, the fullest first; never empty.
    pub(crate) shapes: Vec<Shape>,
}

/// A piece as printed: what it may be called, and whether it stands in brackets.
struct Printed<'p> {
    names: &'p str,
    optional: bool,
}

/// Reads a name or alternatives, and a hint in round brackets, which is for people only: `TGLLAHIR(DDMMYYYY)`.
fn names(separator: Separator) -> impl Fn(&str) -> IResult<&str, &str> {
    move |input| {
        let name = take_till1(|c| separator.is(c) || matches!(c, '+' | '(' | ')' | '[' | ']'));
        let words = take_till(move |c| separator.is(c) || matches!(c, '+' | '[' | ']'));
        let hint = delimited(char('('), take_till(move |c| c == ')' || separator.is(c)), (char(')'), words));
        map(terminated(name, opt(hint)), bare).parse(input)
    }
}

/// Reads a piece, alone or in square brackets, the marks in front of it included.
fn piece(separator: Separator) -> impl Fn(&str) -> IResult<&str, Printed<'_>> {
    move |input| {
        let marks = || take_while(move |c: char| separator.is(c) || c.is_whitespace());
        let bracketed = delimited((char('['), marks()), names(separator), (marks(), char(']')));
        let optional = map(bracketed, |names| Printed { names, optional: true });
        let plain = map(names(separator), |names| Printed { names, optional: false });
        preceded(marks(), alt((optional, plain))).parse(input)
    }
}

/// The mark that a line is printed with: `#` where there is one, or else the only other mark.
fn separator_of(line: &str) -> Result<Separator, PatternError> {
    let bare_line: String = line.split('(').map(|part| part.rsplit(')').next().unwrap_or(part)).collect();
    let found: Vec<Separator> = Separator::all().filter(|mark| bare_line.contains(|c| mark.is(c))).collect();
    match found.as_slice() {
        [] => Ok(Separator::HASH),
        [only] => Ok(*only),
        [first, ..] if *first == Separator::HASH => Ok(*first),
        [first, second, ..] => {
            let message = format!("both {} and {} may stand between the pieces", first.shown(), second.shown());
            let remedy = format!("add separator = \"{}\" or the one that is meant", first.mark().escape_default());
            Err(PatternError::new(line, line, message, remedy))
        }
    }
}

impl Pattern {
    /// Reads a poster's line. `separator` is what the file says of the mark, `own` the pieces that it names itself,
    /// `holds_separator` whether a field may hold the mark.
    pub(crate) fn read(
        line: &str,
        separator: Option<Separator>,
        own: &Words<u8>,
        holds_separator: impl Fn(Field) -> bool,
    ) -> Result<Self, PatternError> {
        let separator = separator.map_or_else(|| separator_of(line), Ok)?;
        let (front, photos) = attachments(line, separator)?;
        let (rest, printed) =
            many0(piece(separator)).parse(front).map_err(|error: nom::Err<nom::error::Error<&str>>| {
                PatternError::new(line, line, error.to_string(), "write pieces between marks")
            })?;
        if let Some(error) = unread(line, rest, separator) {
            return Err(error);
        }
        let opens_with_mark = front.trim_start().starts_with(|c| separator.is(c));
        let mut pattern =
            Self { separator, opens_with_mark, prefix: None, pieces: Vec::new(), photos, shapes: Vec::new() };
        for (place, printed) in printed.iter().enumerate() {
            pattern.add(line, place, printed, own)?;
        }
        pattern.expand(line, holds_separator)?;
        Ok(pattern)
    }

    fn add(&mut self, line: &str, place: usize, printed: &Printed<'_>, own: &Words<u8>) -> Result<(), PatternError> {
        let mut names = printed.names;
        if place == 0
            && !printed.optional
            && let Some((prefix, rest)) = prefix(names, own)
        {
            self.prefix = Some(prefix);
            if rest.is_empty() {
                return Ok(());
            }
            names = rest;
        }
        let mut fields = Vec::new();
        for name in names.split('|').map(bare) {
            let field = field_named(name, own).ok_or_else(|| {
                let shown = if name.is_empty() { names } else { name };
                let message = format!("`{shown}` names no known piece");
                let is_word_in_front = place == 0 && !line.trim_start().starts_with(self.separator.mark());
                PatternError::new(line, shown, message, remedy_of_unknown(shown, own, is_word_in_front))
            })?;
            if fields.contains(&field) {
                let message = format!("`{name}` is an alternative of itself, so it is never reached");
                return Err(PatternError::new(line, name, message, "leave one of the two"));
            }
            if self.pieces.iter().any(|piece| piece.fields.contains(&field)) {
                let message = format!("`{name}` stands twice");
                return Err(PatternError::new(line, name, message, "leave one of the two"));
            }
            fields.push(field);
        }
        let loose = fields.len() > 1 || printed.optional;
        if loose && fields.contains(&Field::Nama) {
            let message = "the name may not be left out, nor be anything else: a booking is for somebody";
            return Err(PatternError::new(line, printed.names, message, "write `Nama` alone, without brackets"));
        }
        self.pieces.push(Piece { fields, optional: printed.optional });
        Ok(())
    }

    /// Lays out the shapes, and checks what only the whole line shows.
    fn expand(&mut self, line: &str, holds_separator: impl Fn(Field) -> bool) -> Result<(), PatternError> {
        let whole = |message: String, remedy: &str| PatternError::new(line, line, message, remedy);
        if !self.pieces.iter().any(|piece| piece.fields == [Field::Nama]) {
            return Err(whole("the line asks for no name".to_owned(), "add `Nama`"));
        }
        let needed = self.pieces.iter().filter(|piece| !piece.optional).count();
        // A keyword with a space after it is a word like others; one with the mark is not.
        let told_apart = self.opens_with_mark || self.prefix.as_ref().is_some_and(|prefix| !prefix.spaced);
        if needed == 1 && !told_apart {
            let message = "a name alone cannot be told from chat".to_owned();
            return Err(whole(message, "begin the line with the mark, as in `#Nama`"));
        }
        let opening = self.pieces.iter().take(1 + self.pieces.iter().take_while(|piece| piece.optional).count());
        if !told_apart && opening.flat_map(|piece| &piece.fields).any(|&field| field == Field::Sesi) {
            let message = "`pagi` and `siang` in front are greetings too, so a session there cannot be told from chat";
            return Err(whole(message.to_owned(), "begin the line with the mark, as in `#Sesi#Nama`"));
        }
        self.refuse_many_ways(whole)?;
        self.refuse_two_open(whole, &holds_separator)?;
        self.shapes = self.laid_out(&holds_separator);
        Ok(())
    }

    /// Refuses a line that can be filled in in too many ways.
    fn refuse_many_ways(&self, whole: impl Fn(String, &str) -> PatternError) -> Result<(), PatternError> {
        let ways = |piece: &Piece| piece.fields.len() + usize::from(piece.optional);
        let count = self.pieces.iter().map(ways).try_fold(1_usize, usize::checked_mul);
        if count.is_none_or(|count| count > SHAPES_MAX) {
            let message = format!("the line can be filled in in more than {SHAPES_MAX} ways");
            return Err(whole(message, "make fewer pieces optional, or make two formats of it"));
        }
        Ok(())
    }

    /// Refuses a line in which a value that may hold the separator has no certain end.
    fn refuse_two_open(
        &self,
        whole: impl Fn(String, &str) -> PatternError,
        holds_separator: impl Fn(Field) -> bool,
    ) -> Result<(), PatternError> {
        let open: Vec<Field> = self
            .pieces
            .iter()
            .flat_map(|piece| &piece.fields)
            .copied()
            .filter(|&field| holds_separator(field))
            .collect();
        if open.len() > 1 {
            let names = open.iter().map(|field| field.name()).collect::<Vec<_>>().join(" and ");
            let message = format!("{names} may both hold the separator, so nobody could tell where one of them ends");
            return Err(whole(message, "leave holds_separator = true with one of them"));
        }
        let loose =
            |piece: &Piece| piece.optional || (piece.fields.len() > 1 && piece.fields.iter().any(|f| open.contains(f)));
        if !open.is_empty() && self.pieces.iter().any(loose) {
            let message =
                "one piece may hold the separator and another may be left out, so nobody could tell which is which";
            return Err(whole(message.to_owned(), "take the brackets away, or holds_separator = true"));
        }
        Ok(())
    }

    /// Every way of filling in the line: one of the alternatives of each piece, optional pieces with and without.
    fn laid_out(&self, holds_separator: impl Fn(Field) -> bool) -> Vec<Shape> {
        let mut rows: Vec<Vec<Field>> = vec![Vec::new()];
        for piece in &self.pieces {
            let choices = || piece.fields.iter().copied().map(Some).chain(piece.optional.then_some(None));
            let longer = |row: &Vec<Field>| {
                let row = row.clone();
                choices().map(move |choice| row.iter().copied().chain(choice).collect()).collect::<Vec<_>>()
            };
            rows = rows.iter().flat_map(longer).collect();
        }
        let shape = |fields: Vec<Field>| {
            let open_at = fields.iter().position(|&field| holds_separator(field));
            Shape { fields, open_at }
        };
        rows.into_iter().map(shape).collect()
    }

    /// All fields that some shape has, in the order of the line.
    pub(crate) fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.pieces.iter().flat_map(|piece| piece.fields.iter().copied())
    }

    /// Whether only a label distinguishes a field from another of the line.
    pub(crate) fn needs_label(&self, field: Field) -> bool {
        self.fields().any(|other| field.looks_like(other))
            && self
                .pieces
                .iter()
                .any(|piece| piece.fields.contains(&field) && (piece.optional || piece.fields.len() > 1))
    }

    /// A form in one of this pattern's shapes: the keyword, then `value` of each piece.
    pub(crate) fn print(&self, shape: &Shape, value: impl Fn(Field) -> String) -> String {
        let mark = self.separator.mark();
        let mut text = String::new();
        if self.opens_with_mark {
            text.push(mark);
        }
        if let Some(prefix) = &self.prefix {
            text.push_str(&prefix.spelled);
            text.push(if prefix.spaced { ' ' } else { mark });
        }
        for (place, &field) in shape.fields.iter().enumerate() {
            if place > 0 {
                text.push(mark);
            }
            if self.needs_label(field) {
                text.push_str(field.name());
                text.push(' ');
            }
            text.push_str(&value(field));
        }
        text
    }
}

/// A keyword that is the piece or opens it, and the rest of the piece.
fn prefix<'p>(names: &'p str, own: &Words<u8>) -> Option<(Prefix, &'p str)> {
    if field_named(names.split('|').next().map_or(names, bare), own).is_some() {
        return None;
    }
    let (keyword, after) = WORDS.keywords.front(names)?;
    let rest = bare(after);
    let spelled = names.strip_suffix(after)?.to_owned();
    Some((Prefix { keyword, spelled, spaced: !rest.is_empty() }, rest))
}

/// The line without what stands after its `+`, and the photos named there.
fn attachments(line: &str, separator: Separator) -> Result<(&str, Vec<PhotoKind>), PatternError> {
    let Some((front, after)) = line.split_once('+') else { return Ok((line, Vec::new())) };
    let mut photos = Vec::new();
    for name in after.split('|').map(|name| name.trim_matches(|c: char| c.is_whitespace() || separator.is(c))) {
        let wrong = |message: String, remedy: &str| {
            Err(PatternError::new(line, if name.is_empty() { after } else { name }, message, remedy))
        };
        if name.contains('+') {
            return wrong("a form has one photo".to_owned(), "write `|` between the photos that will do");
        }
        if name.contains(|c| separator.is(c) || matches!(c, '[' | ']')) {
            return wrong(
                "a photo stands at the end of the line, and is never optional".to_owned(),
                "write the pieces first, then `+ FotoKTP`, without brackets",
            );
        }
        let Some(kind) = WORDS.photos.get(name) else {
            let message = format!("`{name}` is no known attachment");
            return wrong(message, "write `FotoKTP`, `Akta Lahir` or `Foto`, with `|` between those that will do");
        };
        if photos.contains(&PhotoKind::Any) || photos.contains(&kind) {
            let message = format!("the alternative `{name}` is never reached: what stands before it is any such photo");
            return wrong(message, "leave it out");
        }
        photos.push(kind);
    }
    Ok((front, photos))
}

/// What no piece could be made of.
fn unread(line: &str, rest: &str, separator: Separator) -> Option<PatternError> {
    let rest = rest.trim_matches(|c: char| separator.is(c) || c.is_whitespace());
    let first = rest.chars().next()?;
    let (message, remedy) = match first {
        '[' => {
            ("these brackets hold no single piece", "put each piece that may be left out in its own: `[Email]#[NoHP]`")
        }
        ']' => ("this bracket closes nothing", "write `[` in front of the piece that may be left out"),
        _ => ("this cannot stand here", "write pieces between the marks, and photos after `+`"),
    };
    Some(PatternError::new(line, rest, message, remedy))
}

#[cfg(test)]
mod tests;
