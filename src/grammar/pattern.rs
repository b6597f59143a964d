//! Reads the line on an office's poster (`#Nama#TglLahir#Alamat + FotoKTP`) into the pieces that a form must have.

use nom::bytes::complete::{take_till, take_till1};
use nom::character::complete::char;
use nom::combinator::opt;
use nom::multi::many0;
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

use super::pieces::{bare, is_hash, offset};
use super::request::Field;
use super::vocabulary::{Keyword, WORDS};
use crate::sheet::nearest;

/// A poster's line, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Whether the line opens with the mark.
    pub(super) opens_with_hash: bool,
    /// The keyword in front and how the poster spells it.
    pub(super) keyword: Option<(Keyword, String)>,
    /// The pieces in order; `Nama` is among them, none is there twice.
    pub(super) fields: Vec<Field>,
    /// Whether a photo is asked for besides.
    pub(super) photo: bool,
}

/// What is wrong with a line, and where in it, in bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PatternError {
    /// What is wrong and how to mend it.
    pub(super) message: String,
    /// Where.
    pub(super) at: std::ops::Range<usize>,
}

/// One piece of the line as printed: `TGLLAHIR(DDMMYYYY)`, `Alamat + FotoKTP`.
struct Printed<'p> {
    name: &'p str,
    attachments: Vec<&'p str>,
}

/// Reads a piece: its name, a hint in brackets that is for people only, and attachments after `+`.
fn printed(input: &str) -> IResult<&str, Printed<'_>> {
    let name = take_till1(|c| is_hash(c) || matches!(c, '+' | '('));
    let hint =
        delimited(char('('), take_till(|c| c == ')' || is_hash(c)), (char(')'), take_till(|c| is_hash(c) || c == '+')));
    let attachment = preceded(char('+'), take_till1(|c| is_hash(c) || c == '+'));
    let (rest, (name, _, attachments)) = (name, opt(hint), many0(attachment)).parse(input)?;
    Ok((rest, Printed { name: bare(name), attachments: attachments.into_iter().map(bare).collect() }))
}

impl Printed<'_> {
    fn is_photo(&self) -> Option<bool> {
        let known = self.attachments.iter().all(|attachment| WORDS.photos.get(attachment).is_some());
        known.then_some(!self.attachments.is_empty())
    }
}

/// The field that a piece of a poster's line names, if it names one.
pub(super) fn field(piece: &str) -> Option<Field> {
    let (rest, printed) = printed(piece).ok()?;
    if rest.is_empty() && printed.is_photo().is_some() { WORDS.fields.get(printed.name) } else { None }
}

/// What to write in place of a name that is not known: the nearest known one, or any of the field's own.
fn unknown(name: &str) -> String {
    let spellings = || WORDS.fields.entries().map(|(spelling, _)| spelling);
    match nearest(name, spellings()).and_then(|spelling| WORDS.fields.get(spelling)) {
        Some(field) => format!("`{name}` names no known piece: did you mean `{}`?", field.name()),
        None => format!("`{name}` names no known piece: write one of {}", known_fields()),
    }
}

/// The known field names, for error texts.
fn known_fields() -> String {
    Field::ALL.map(Field::name).join(", ")
}

impl Pattern {
    /// Reads a poster's line.
    pub(super) fn read(line: &str) -> Result<Self, PatternError> {
        let mut pattern =
            Self { opens_with_hash: line.starts_with(is_hash), keyword: None, fields: Vec::new(), photo: false };
        let separated = preceded(take_till(|c: char| !is_hash(c) && !c.is_whitespace()), printed);
        let (rest, pieces) = many0(separated).parse(line).map_err(|error: nom::Err<nom::error::Error<&str>>| {
            PatternError { message: error.to_string(), at: 0..line.len() }
        })?;
        for (place, piece) in pieces.iter().enumerate() {
            let start = offset(line, piece.name);
            pattern
                .add(place, piece)
                .map_err(|message| PatternError { message, at: start..start + piece.name.len() })?;
        }
        let rest = rest.trim_matches(|c: char| is_hash(c) || c.is_whitespace());
        if !rest.is_empty() {
            let at = offset(line, rest);
            let message = format!("`{rest}` cannot stand here: write pieces between `#`, attachments after `+`");
            return Err(PatternError { message, at: at..at + rest.len() });
        }
        pattern.whole().map_err(|message| PatternError { message, at: 0..line.len() })?;
        Ok(pattern)
    }

    fn add(&mut self, place: usize, piece: &Printed<'_>) -> Result<(), String> {
        let photo = piece.is_photo().ok_or("the attachment after `+` is not known: write `FotoKTP`")?;
        match (WORDS.fields.get(piece.name), WORDS.keywords.get(piece.name)) {
            (Some(field), _) if self.fields.contains(&field) => {
                return Err(format!("{} stands twice: leave one", field.name()));
            }
            (Some(field), _) => self.fields.push(field),
            (None, Some(keyword)) if place == 0 && !photo => self.keyword = Some((keyword, piece.name.to_owned())),
            _ => return Err(unknown(piece.name)),
        }
        self.photo |= photo;
        Ok(())
    }

    /// Checks what only the whole line shows.
    fn whole(&self) -> Result<(), String> {
        if !self.fields.contains(&Field::Nama) {
            return Err("the line asks for no name: add `Nama`".to_owned());
        }
        if self.fields.len() == 1 && !self.opens_with_hash && self.keyword.is_none() {
            return Err("a name alone cannot be told from chat: begin the line with `#`".to_owned());
        }
        let behind_address = self.open_at().and_then(|at| self.fields.get(at + 1..));
        match behind_address {
            None | Some([] | [Field::Jumlah]) => Ok(()),
            Some(_) => Err("an address may hold `#` itself: put `Alamat` last, or last before `Jumlah`".to_owned()),
        }
    }

    /// Which piece may hold the separator itself.
    pub(super) fn open_at(&self) -> Option<usize> {
        self.fields.iter().position(|&field| field == Field::Alamat)
    }

    /// A form in this pattern: the keyword, then `value` of each piece.
    pub(super) fn print(&self, value: impl Fn(Field) -> String) -> String {
        let keyword = self.keyword.iter().map(|(_, spelled)| spelled.clone());
        let pieces: Vec<String> = keyword.chain(self.fields.iter().map(|&field| value(field))).collect();
        format!("{}{}", if self.opens_with_hash { "#" } else { "" }, pieces.join("#"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_that_offices_printed_read() {
        use Field::{Alamat, Jumlah, Nama, TglKedatangan, TglLahir};
        for (line, fields, photo) in [
            ("#Nama#TglLahir#TglKedatangan", vec![Nama, TglLahir, TglKedatangan], false),
            ("#NAMA#TGLLahir#TglKedatangan", vec![Nama, TglLahir, TglKedatangan], false),
            ("#Nama #TglLahir #TglKedatangan", vec![Nama, TglLahir, TglKedatangan], false),
            ("#Nama#Tanggal Lahir#Tanggal Kedatangan", vec![Nama, TglLahir, TglKedatangan], false),
            ("#Nama#TglLahir#Alamat + FotoKTP", vec![Nama, TglLahir, Alamat], true),
            ("NAMA#TGL.LAHIR#ALAMAT + FOTO EKTP", vec![Nama, TglLahir, Alamat], true),
            ("NAMA#TGLLAHIR(DDMMYYYY)#ALAMAT SESUAI KTP", vec![Nama, TglLahir, Alamat], false),
            ("NAMA#TGLLAHIR#ALAMAT SESUAI EKTP#JUMLAH", vec![Nama, TglLahir, Alamat, Jumlah], false),
        ] {
            let pattern = Pattern::read(line).expect(line);
            assert_eq!((pattern.fields, pattern.photo, pattern.keyword), (fields, photo, None), "{line}");
            assert_eq!(pattern.opens_with_hash, line.starts_with('#'));
        }
        let electronic = Pattern::read("E-PASSPORT#NAMA#TGLLAHIR#ALAMAT").expect("a pattern");
        assert_eq!(electronic.keyword.map(|(_, spelled)| spelled).as_deref(), Some("E-PASSPORT"));
        assert_eq!(electronic.fields, [Nama, TglLahir, Alamat]);
    }

    #[test]
    fn a_line_that_is_no_pattern_says_what_to_mend_and_where() {
        for (line, at, says) in [
            ("#Nama#Umur", 6..10, "names no known piece"),
            ("#Nama#TglLahri", 6..14, "did you mean `TglLahir`?"),
            ("#Nma#TglLahir", 1..4, "did you mean `Nama`?"),
            ("#Nama#TglLahir#Nama", 15..19, "stands twice"),
            ("#TglLahir#TglKedatangan", 0..23, "add `Nama`"),
            ("#Nama#Alamat#TglLahir", 0..21, "put `Alamat` last"),
            ("#Nama#Alamat + Video", 6..12, "FotoKTP"),
            ("#Nama#E-PASSPORT", 6..16, "names no known piece"),
            ("#Nama(#TglLahir", 5..15, "cannot stand here"),
            ("", 0..0, "add `Nama`"),
        ] {
            let error = Pattern::read(line).expect_err(line);
            assert_eq!(error.at, at, "{line}: {}", error.message);
            assert!(error.message.contains(says), "{line}: {}", error.message);
        }
    }
}
