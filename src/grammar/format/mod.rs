//! A message format: the line on an office's poster, read into pieces, and the rules of these pieces.

pub(crate) mod error;
pub(crate) mod examples;
pub(crate) mod field_names;
pub(crate) mod file;
pub(crate) mod limits;
pub(crate) mod pattern;
pub(crate) mod pattern_error;
pub(crate) mod print;
pub(crate) mod rule_file;
pub(crate) mod rules;
pub(crate) mod sample;

use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::office::FormatId;
use crate::grammar::format::examples::Examples;
use crate::grammar::format::limits::Limits;
use crate::grammar::format::pattern::{Pattern, Shape};
use crate::grammar::format::rules::{OwnText, Rules};
use crate::grammar::request::field::{Field, PhotoKind};
use crate::grammar::request::keyword::Keyword;
use crate::grammar::request::misread::{Misread, MisreadKind};
use crate::grammar::text::separator::Separator;

/// A message format.
#[derive(Debug, Clone)]
pub struct Format {
    id: FormatId,
    line: String,
    /// Where the line stands in its file, in bytes.
    line_at: Range<usize>,
    pattern: Pattern,
    rules: Rules,
    examples: Examples,
    /// The file that it was read from.
    text: Arc<str>,
    /// Whether a photo is sent by a page of ours instead of the chat.
    by_page: bool,
}

/// A piece of a poster's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinePiece {
    /// What it may be, each with what the office calls it; more than one are alternatives.
    pub fields: Vec<(Field, String)>,
    /// Whether it may be left out.
    pub optional: bool,
}

impl Format {
    /// Whether another format reads every message alike: the same line with the same rules.
    pub fn is_same(&self, other: &Self) -> bool {
        self.id == other.id && self.line == other.line && self.rules == other.rules && self.by_page == other.by_page
    }

    /// A value of one of its pieces, as a citizen could write it for `visit`.
    pub fn sample(&self, field: Field, visit: NaiveDate) -> String {
        sample::value(&self.rules, field, visit)
    }

    /// Its id.
    pub fn id(&self) -> &FormatId {
        &self.id
    }

    /// The poster's line, as citizens are shown it: `#Nama#TglLahir#TglKedatangan`.
    pub fn line(&self) -> &str {
        &self.line
    }

    /// The text of its file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The pieces of the line, in its order.
    pub fn line_pieces(&self) -> Vec<LinePiece> {
        pieces(&self.pattern, &self.rules)
    }

    /// The spellings that a date must have, by their names in format files; empty where any will do.
    pub fn spellings(&self, field: Field) -> Vec<&'static str> {
        let spellings = match field {
            Field::TglLahir => &self.rules.born,
            Field::TglKedatangan => &self.rules.visit,
            _ => return Vec::new(),
        };
        spellings.0.iter().flatten().map(|spelling| spelling.name()).collect()
    }

    /// Whether the day of sending may be asked for.
    pub fn takes_today(&self) -> bool {
        self.rules.today
    }

    /// Whether a value may hold the mark between the pieces.
    pub fn holds_separator(&self, field: Field) -> bool {
        self.rules.holds_separator(field)
    }

    /// Its own sentences about mistakes, with the piece and the mistake that each is about.
    pub fn own_texts(&self) -> impl Iterator<Item = (Option<Field>, MisreadKind, &OwnText)> {
        self.rules.own_texts.iter().map(|own| (own.field, own.kind, own))
    }

    /// All pieces that a form may have, in the order of the line; of alternatives each.
    pub fn fields(&self) -> Vec<Field> {
        self.pattern.fields().collect()
    }

    /// Whether a form may have this piece.
    pub fn asks(&self, field: Field) -> bool {
        self.pattern.fields().any(|asked| asked == field)
    }

    /// What the office calls a piece: its own word for a free text, the canonical name of any other.
    pub fn called(&self, field: Field) -> &str {
        called(&self.rules, field)
    }

    /// Whether a piece may be left out.
    pub fn has_optional(&self) -> bool {
        self.pattern.pieces.iter().any(|piece| piece.optional)
    }

    /// Whether it asks for a visit date.
    pub fn has_visit_date(&self) -> bool {
        self.asks(Field::TglKedatangan)
    }

    /// Whether it asks for a photo besides the text.
    pub fn wants_photo(&self) -> bool {
        !self.photos().is_empty()
    }

    /// The photos of which one is asked for besides the text; none where it asks for none.
    pub fn photos(&self) -> &[PhotoKind] {
        &self.pattern.photos
    }

    /// Whether the reply links a page where the photo is sent, instead of asking for it in the chat.
    pub fn photo_by_page(&self) -> bool {
        self.by_page
    }

    /// The same, with its photo sent by a page: for a story.
    #[must_use]
    pub fn with_photo_by_page(&self) -> Self {
        Self { by_page: true, ..self.clone() }
    }

    /// The questions that the office named itself.
    pub fn own_questions(&self) -> impl Iterator<Item = &str> {
        self.rules.texts.iter().map(|text| text.name.as_str())
    }

    /// The office's own sentences about mistakes, in both languages.
    pub fn own_sentences(&self) -> impl Iterator<Item = &str> {
        self.rules.own_texts.iter().flat_map(|own| [&own.id, &own.en]).flatten().map(String::as_str)
    }

    /// The mark between the pieces, `#` with most offices.
    pub fn mark(&self) -> char {
        self.pattern.separator.mark()
    }

    /// What replies say of its rules.
    pub fn limits(&self) -> Limits {
        Limits::of(&self.rules)
    }

    /// The office's own sentence about a mistake, where it has one.
    pub fn own_text(&self, misread: &Misread) -> Option<&OwnText> {
        self.rules.own_text(misread.field, misread.kind)
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }

    pub(crate) fn examples(&self) -> &Examples {
        &self.examples
    }

    pub(crate) fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// Where the line stands in its file, in bytes.
    pub(crate) fn line_at(&self) -> Range<usize> {
        self.line_at.clone()
    }

    /// All rows of fields that a form may have, the fullest first; never empty.
    pub(crate) fn shapes(&self) -> &[Shape] {
        &self.pattern.shapes
    }

    /// The mark between the pieces.
    pub(crate) fn separator(&self) -> Separator {
        self.pattern.separator
    }

    /// The keyword in front of its forms, as the poster has it.
    pub fn keyword_printed(&self) -> Option<&str> {
        self.pattern.prefix.as_ref().map(|prefix| prefix.spelled.as_str())
    }

    /// The keyword in front of its forms.
    pub(crate) fn keyword(&self) -> Option<Keyword> {
        self.pattern.prefix.as_ref().map(|prefix| prefix.keyword)
    }
}

/// The pieces of a line, with what the office calls them.
pub(crate) fn pieces(pattern: &Pattern, rules: &Rules) -> Vec<LinePiece> {
    let piece = |piece: &pattern::Piece| LinePiece {
        fields: piece.fields.iter().map(|field| (*field, called(rules, *field).to_owned())).collect(),
        optional: piece.optional,
    };
    pattern.pieces.iter().map(piece).collect()
}

pub(crate) fn called(rules: &Rules, field: Field) -> &str {
    match field {
        Field::Teks(place) => rules.text(place).map_or(field.name(), |text| &text.name),
        _ => field.name(),
    }
}
