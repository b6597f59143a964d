//! A message format: the line on an office's poster, read into pieces, and the examples that hold it to its word.

use std::ops::Range;

use chrono::NaiveDate;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use toml::Spanned;

use super::examples::{Asking, Misreading, Reading};
use super::pattern::Pattern;
use super::request::{Field, Form, Request};
use super::vocabulary::Keyword;
use crate::domain::office::FormatId;

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/grammar/formats");

/// A message format.
#[derive(Debug, Clone)]
pub struct Format {
    id: FormatId,
    line: String,
    pattern: Pattern,
    reads: Vec<Spanned<Reading>>,
    asks: Vec<Spanned<Asking>>,
    misreads: Vec<Spanned<Misreading>>,
}

/// A format file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FormatError {
    /// What is wrong and how to mend it.
    pub message: String,
    /// Where, in bytes of the file's text.
    pub at: Range<usize>,
}

/// The file as it stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: Spanned<String>,
    pattern: Spanned<String>,
    #[serde(default)]
    reads: Vec<Spanned<Reading>>,
    #[serde(default)]
    asks: Vec<Spanned<Asking>>,
    #[serde(default)]
    misreads: Vec<Spanned<Misreading>>,
}

/// Where a part of a string stands in the file; the whole string, where escapes have moved it.
fn within(value: &Spanned<String>, part: &Range<usize>) -> Range<usize> {
    let whole = value.span();
    let quotes = 2;
    if whole.len() == value.get_ref().len() + quotes {
        whole.start + 1 + part.start..whole.start + 1 + part.end
    } else {
        whole
    }
}

impl Format {
    /// Reads one format file (TOML). Its examples are run by [`Format::check`].
    ///
    /// # Errors
    /// Every [`FormatError`] in it, at least one.
    pub fn from_toml(text: &str) -> Result<Self, Vec<FormatError>> {
        let file: File = toml::from_str(text).map_err(|error| {
            vec![FormatError { message: error.message().to_owned(), at: error.span().unwrap_or(0..text.len()) }]
        })?;
        let id = FormatId::read(file.id.get_ref())
            .map_err(|error| FormatError { message: error.to_string(), at: file.id.span() });
        let pattern = Pattern::read(file.pattern.get_ref())
            .map_err(|error| FormatError { message: error.message, at: within(&file.pattern, &error.at) });
        match (id, pattern) {
            (Ok(id), Ok(pattern)) => {
                let line = file.pattern.into_inner();
                Ok(Self { id, line, pattern, reads: file.reads, asks: file.asks, misreads: file.misreads })
            }
            (id, pattern) => Err(id.err().into_iter().chain(pattern.err()).collect()),
        }
    }

    /// The format of a poster's line alone, without a file and examples: for trying a line before it goes live. Its id is
    /// `poster`.
    ///
    /// # Errors
    /// [`FormatError`], with the place in the line.
    pub fn of_line(line: &str) -> Result<Self, FormatError> {
        let whole = |message: String| FormatError { message, at: 0..line.len() };
        let id = FormatId::read("poster").map_err(|error| whole(error.to_string()))?;
        let pattern = Pattern::read(line).map_err(|error| FormatError { message: error.message, at: error.at })?;
        Ok(Self { id, line: line.to_owned(), pattern, reads: Vec::new(), asks: Vec::new(), misreads: Vec::new() })
    }

    /// The formats compiled in from `grammar/formats`, by file name. A test holds that all of them read.
    pub fn shipped() -> Vec<Self> {
        Self::shipped_texts().filter_map(|(_, text)| Self::from_toml(text).ok()).collect()
    }

    /// The files compiled in from `grammar/formats`: path and text.
    pub fn shipped_texts() -> impl Iterator<Item = (&'static str, &'static str)> {
        SHIPPED.files().filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
    }

    /// Runs the file's own examples; every one that comes out otherwise is an error at its place in the file.
    pub fn check(&self) -> Vec<FormatError> {
        let reads = self.reads.iter().filter_map(|example| Some((example.get_ref().run(self).err()?, example.span())));
        let asks = self.asks.iter().filter_map(|example| Some((example.get_ref().run(self).err()?, example.span())));
        let misreads =
            self.misreads.iter().filter_map(|example| Some((example.get_ref().run(self).err()?, example.span())));
        reads.chain(asks).chain(misreads).map(|(message, at)| FormatError { message, at }).collect()
    }

    /// Its id.
    pub fn id(&self) -> &FormatId {
        &self.id
    }

    /// The poster's line, as citizens are shown it: `#Nama#TglLahir#TglKedatangan`.
    pub fn line(&self) -> &str {
        &self.line
    }

    /// The pieces it asks for, in order.
    pub fn fields(&self) -> &[Field] {
        &self.pattern.fields
    }

    /// Whether it asks for a visit date.
    pub fn has_visit_date(&self) -> bool {
        self.fields().contains(&Field::TglKedatangan)
    }

    /// Whether it asks for a photo besides the text.
    pub fn wants_photo(&self) -> bool {
        self.pattern.photo
    }

    /// A filled line that this format reads, with an invented person; `visit` stands in the visit-date piece, if there is one.
    pub fn example(&self, visit: NaiveDate) -> String {
        self.pattern.print(|field| match field {
            Field::Nama => "Budi Santoso".to_owned(),
            Field::TglLahir => "25011987".to_owned(),
            Field::TglKedatangan => visit.format("%d%m%Y").to_string(),
            Field::Alamat => "Jl. Melati No. 5".to_owned(),
            Field::Jumlah => "3".to_owned(),
            Field::Nik => "3171012501870001".to_owned(),
        })
    }

    /// The line that gives this form: what a citizen could have written.
    pub fn fill(&self, form: &Form) -> String {
        let applicant = &form.applicant;
        let day = |day: NaiveDate| day.format("%d%m%Y").to_string();
        self.pattern.print(|field| match field {
            Field::Nama => applicant.nama.as_str().to_owned(),
            Field::TglLahir => applicant.tgl_lahir.map(|born| day(born.date())).unwrap_or_default(),
            Field::TglKedatangan => form.visit.map(day).unwrap_or_default(),
            Field::Alamat => applicant.alamat.as_ref().map(|at| at.as_str().to_owned()).unwrap_or_default(),
            Field::Jumlah => form.party.to_string(),
            Field::Nik => applicant.nik.as_ref().map(|nik| nik.as_str().to_owned()).unwrap_or_default(),
        })
    }

    /// A message that this format and another one of an office would both read, so that nobody knows which is meant.
    pub(super) fn confused_with(&self, other: &Self, sent_on: NaiveDate) -> Option<String> {
        let visit = sent_on.succ_opt()?;
        let both = |message: &String| {
            let is_form = |format: &Self| matches!(super::read(&[format], message, sent_on), Request::Form(_));
            is_form(self) && is_form(other)
        };
        [self.example(visit), other.example(visit)].into_iter().find(both)
    }

    /// The keyword in front of its forms.
    pub(super) fn keyword(&self) -> Option<Keyword> {
        self.pattern.keyword.as_ref().map(|(keyword, _)| *keyword)
    }

    /// Which piece may hold the separator itself.
    pub(super) fn open_at(&self) -> Option<usize> {
        self.pattern.open_at()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::read;

    #[test]
    fn every_shipped_format_reads_and_keeps_its_examples() {
        let texts: Vec<_> = Format::shipped_texts().collect();
        assert_eq!(Format::shipped().len(), texts.len());
        for (path, text) in texts {
            let format = Format::from_toml(text).expect(path);
            assert_eq!(format.check(), [], "{path}");
            assert_eq!(path, format!("{}.toml", format.id()));
            assert!(!format.reads.is_empty() && !format.misreads.is_empty(), "{path} has examples of both kinds");
        }
    }

    #[test]
    fn what_each_format_asks_for_is_known() {
        let mut asks: Vec<_> = Format::shipped()
            .iter()
            .map(|format| (format.id().to_string(), format.has_visit_date(), format.wants_photo()))
            .collect();
        let expected = [
            ("batam-e-paspor".to_owned(), false, false),
            ("batam-foto".to_owned(), false, true),
            ("batam-keluarga".to_owned(), false, false),
            ("batam-tanpa-foto".to_owned(), false, false),
            ("nama-lahir-kedatangan".to_owned(), true, false),
        ];
        asks.sort();
        assert_eq!(asks, expected);
    }

    #[test]
    fn formats_that_read_the_same_message_are_named_with_it() {
        let format = |id: &str, pattern: &str| {
            Format::from_toml(&format!("id = \"{id}\"\npattern = \"{pattern}\"\n")).expect("a format")
        };
        let (plain, photo) =
            (format("biasa", "#Nama#TglLahir#Alamat"), format("foto", "#Nama#TglLahir#Alamat + FotoKTP"));
        let (family, electronic) =
            (format("keluarga", "#Nama#TglLahir#Alamat#Jumlah"), format("e", "E-PASSPORT#Nama#TglLahir#Alamat"));
        let visit = format("kunjungan", "#Nama#TglLahir#TglKedatangan");
        let told = |formats: &[&Format]| crate::grammar::confused(formats).map(|confused| confused.message);
        assert_eq!(told(&[&plain, &photo]).as_deref(), Some("#Budi Santoso#25011987#Jl. Melati No. 5"));
        assert_eq!(told(&[&plain, &family, &electronic, &visit]), None);
    }

    #[test]
    fn the_filled_example_is_a_form() {
        let visit = NaiveDate::from_ymd_opt(2026, 11, 30).expect("a date");
        for format in Format::shipped() {
            let example = format.example(visit);
            let read = read(&[&format], &example, visit.pred_opt().expect("a date"));
            assert!(
                matches!(&read, Request::Form(form) if form.visit.is_none_or(|day| day == visit)),
                "{example}: {read:?}"
            );
        }
    }

    #[test]
    fn every_problem_of_a_file_is_named_at_its_place() {
        let text = "id = \"Bogor\"\npattern = \"#Nama#Umur\"\n";
        let errors = Format::from_toml(text).expect_err("two problems");
        let places: Vec<&str> = errors.iter().map(|error| &text[error.at.clone()]).collect();
        assert_eq!(places, ["\"Bogor\"", "Umur"]);

        let text = "id = \"bogor\"\npatern = \"#Nama\"\n";
        let errors = Format::from_toml(text).expect_err("an unknown key");
        assert_eq!(&text[errors[0].at.clone()], "patern");
    }

    #[test]
    fn an_example_that_comes_out_otherwise_is_an_error() {
        let text = r##"
id = "bogor"
pattern = "#Nama#TglLahir"
[[reads]]
text = "#Budi#25011987"
sent = "2017-08-01"
fields = { Nama = "Budi", TglLahir = "1987-01-26" }
[[reads]]
text = "#Budi"
sent = "2017-08-01"
fields = { Nama = "Budi" }
[[misreads]]
text = "#Budi#31021987"
sent = "2017-08-01"
kind = "not-a-date"
field = "TglLahir"
[[misreads]]
text = "#Budi#31021987"
sent = "2017-08-01"
kind = "no-such-day"
field = "TglLahir"
"##;
        let errors = Format::from_toml(text).expect("a format").check();
        assert_eq!(errors.len(), 3, "{errors:?}");
        let places: Vec<&str> = errors.iter().map(|error| &text[error.at.clone()]).collect();
        assert!(places[0].starts_with("[[reads]]") && places[2].starts_with("[[misreads]]"), "{places:?}");
        assert!(errors[0].message.contains("1987-01-25"), "{}", errors[0].message);
        assert!(errors[1].message.contains("missing"), "{}", errors[1].message);
        assert!(errors[2].message.contains("no-such-day"), "{}", errors[2].message);
    }
}
