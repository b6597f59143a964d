//! A message format: the line on an office's poster, read into pieces, its rules, and the examples that hold it to its word.

pub(crate) mod examples;
pub(crate) mod pattern;
pub(crate) mod rule_file;
pub(crate) mod rules;
pub(crate) mod sample;

use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use include_dir::{Dir, include_dir};
use miette::NamedSource;

use crate::domain::office::FormatId;
use crate::domain::person::{Applicant, Service};
use crate::grammar::format::examples::Examples;
use crate::grammar::format::pattern::{Pattern, Shape};
use crate::grammar::format::rules::{OwnText, Rules};
use crate::grammar::language::vocabulary::Keyword;
use crate::grammar::reader::house_number;
use crate::grammar::request::Form;
use crate::grammar::request::field::{Field, PhotoKind};
use crate::grammar::request::misread::Misread;
use crate::grammar::text::separator::Separator;
use crate::sheet::{Entry, Mistake, Place, Problem, Read, Source, Spot, Table, document, id, string};

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/grammar/formats");

/// Longest line of a poster, in characters: it stands in replies, twice in some.
const LINE_CHARS_MAX: usize = 200;

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
}

/// A format file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FormatError {
    /// What is wrong.
    pub message: String,
    /// What to do; empty where the message says it already.
    pub remedy: String,
    /// Where, in bytes of the file's text.
    pub at: Range<usize>,
}

/// The numbers and choices of a format's rules that replies name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Characters of a name.
    pub nama_chars_max: usize,
    /// Characters of an address.
    pub alamat_chars_max: usize,
    /// Persons on one form.
    pub party_max: u8,
    /// Youngest, in years.
    pub age_min: Option<u32>,
    /// Oldest, in years.
    pub age_max: Option<u32>,
    /// Days ahead that may be asked for.
    pub horizon_days: Option<u32>,
    /// The services, in the order of the file.
    pub services: Vec<Service>,
    /// What the office calls the pieces that it named itself, and the characters that each takes.
    pub texts: Vec<(String, usize)>,
}

impl Default for Limits {
    fn default() -> Self {
        Self::of(&Rules::default())
    }
}

impl Limits {
    fn of(rules: &Rules) -> Self {
        Self {
            nama_chars_max: rules.nama_chars_max,
            alamat_chars_max: rules.alamat_chars_max,
            party_max: rules.party_max,
            age_min: rules.age_min,
            age_max: rules.age_max,
            horizon_days: rules.horizon_days,
            services: rules.services.clone(),
            texts: rules.texts.iter().map(|text| (text.name.clone(), text.chars_max)).collect(),
        }
    }
}

/// Where a part of a string stands in the file; the whole string, where escapes have moved it.
fn within(spot: &Spot<String>, part: &Range<usize>) -> Range<usize> {
    let whole = spot.place.at.clone();
    let quotes = 2;
    if whole.len() == spot.value.len() + quotes {
        whole.start + 1 + part.start..whole.start + 1 + part.end
    } else {
        whole
    }
}

fn separator(value: &toml::de::DeValue<'_>) -> Read<Separator> {
    let text = string(value)?;
    let mut marks = text.chars();
    let mark = marks.next().filter(|_| marks.next().is_none()).and_then(Separator::of);
    mark.ok_or_else(|| {
        let known: Vec<String> = Separator::all().map(Separator::shown).collect();
        let remedy = format!("write one of {}", known.join(", "));
        Mistake::new(format!("must be a mark that stands in no date and no name, not \"{text}\""), remedy)
    })
}

fn poster_line(value: &toml::de::DeValue<'_>) -> Read<String> {
    let text = string(value)?.trim();
    let chars = text.chars().count();
    match chars {
        0 => Err(Mistake::new("is empty", "write the line as it is printed, like \"#Nama#TglLahir\"")),
        1..=LINE_CHARS_MAX => Ok(string(value)?.to_owned()),
        _ => Err(Mistake::new(
            format!("is {chars} characters long, but has room for {LINE_CHARS_MAX}"),
            "shorten the names of the pieces",
        )),
    }
}

impl Format {
    /// Reads one format file, noting every mistake. Its examples are run by [`Format::check`].
    pub(crate) fn read(source: &Source, problems: &mut Vec<Problem>) -> Option<Self> {
        let before = problems.len();
        let (root, _) = document(source, problems);
        let mut top = Table::of(source, &root, problems);
        top.refuse_unknown(&["id", "pattern", "separator", "fields", "texts", "reads", "asks", "misreads"]);
        let id = top.need(
            "id",
            |value| id(value, |text| FormatId::read(text).ok()),
            "id = \"bogor-2017\", a name of your own",
        );
        let line = top.need("pattern", poster_line, "pattern = \"#Nama#TglLahir\", the line as it is printed");
        let separator = match top.take("separator", separator) {
            Entry::Given(spot) => Some(spot.value),
            Entry::Absent | Entry::Broken => None,
        };
        let (rules, named) = rule_file::read(&mut top);
        let examples = Examples::read(&mut top, &rules);
        let line = line?;
        let read = Pattern::read(&line.value, separator, &rules.text_words, |field| rules.holds_separator(field));
        let pattern = match read {
            Ok(pattern) => pattern,
            Err(error) => {
                let at = within(&line, &error.at);
                top.note(Place { source: Arc::clone(source), at }, error.message, error.remedy);
                return None;
            }
        };
        for (field, place) in named.iter().filter(|(field, _)| !pattern.fields().any(|asked| asked == *field)) {
            let what = format!("the pattern asks for no `{}`", called(&rules, *field));
            top.note(place.clone(), what, "add it to the pattern, or remove its rules");
        }
        if pattern.fields().any(|field| field == Field::Layanan) && rules.services.is_empty() {
            let remedy = "add [fields.Layanan.choices] and below it baru = [\"paspor baru\"]";
            top.note(line.place.clone(), "the line asks for a service, but none is listed", remedy);
        }
        let (line, line_at) = (line.value, line.place.at);
        let format = Self { id: id?.value, line, line_at, pattern, rules, examples };
        (problems.len() == before).then_some(format)
    }

    /// Reads one format file (TOML) that is not at hand as a file.
    ///
    /// # Errors
    /// Every [`FormatError`] in it, at least one.
    pub fn from_toml(text: &str) -> Result<Self, Vec<FormatError>> {
        let mut problems = Vec::new();
        let source = Arc::new(NamedSource::new("format", text.to_owned()));
        Self::read(&source, &mut problems).ok_or_else(|| {
            let error = |problem: Problem| {
                let (message, remedy, at) = problem.into_parts();
                FormatError { message, remedy, at }
            };
            problems.into_iter().map(error).collect()
        })
    }

    /// The format of a poster's line alone, without a file, rules and examples: for trying a line before it goes live. Its
    /// id is `poster`.
    ///
    /// # Errors
    /// [`FormatError`], with the place in the line.
    pub fn of_line(line: &str) -> Result<Self, FormatError> {
        let whole = |message: &str, remedy: &str| FormatError {
            message: message.to_owned(),
            remedy: remedy.to_owned(),
            at: 0..line.len(),
        };
        let id = FormatId::read("poster").map_err(|error| whole(&error.to_string(), ""))?;
        let rules = Rules::default();
        let pattern = Pattern::read(line, None, &rules.text_words, |field| rules.holds_separator(field))
            .map_err(|error| FormatError { message: error.message, remedy: error.remedy, at: error.at })?;
        if pattern.fields().any(|field| field == Field::Layanan) {
            return Err(whole(
                "the line asks for a service, but none is listed",
                "write a format file that lists them",
            ));
        }
        let examples = Examples::default();
        Ok(Self { id, line: line.to_owned(), line_at: 0..line.len(), pattern, rules, examples })
    }

    /// The formats compiled in from `grammar/formats`, by file name. A test holds that all of them read.
    pub fn shipped() -> Vec<Self> {
        Self::shipped_texts().filter_map(|(_, text)| Self::from_toml(text).ok()).collect()
    }

    /// The files compiled in from `grammar/formats`: path and text.
    pub fn shipped_texts() -> impl Iterator<Item = (&'static str, &'static str)> {
        SHIPPED.files().filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
    }

    /// Runs the file's own examples, and tries whether its optional pieces and alternatives can be told apart; what comes
    /// out otherwise is an error at its place in the file.
    pub fn check(&self) -> Vec<FormatError> {
        let mut errors = self.examples.run(self);
        errors.extend(crate::grammar::check::ambiguity::within(self));
        errors
    }

    /// Whether another format reads every message alike: the same line with the same rules.
    pub fn is_same(&self, other: &Self) -> bool {
        self.id == other.id && self.line == other.line && self.rules == other.rules
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

fn called(rules: &Rules, field: Field) -> &str {
    match field {
        Field::Teks(place) => rules.text(place).map_or(field.name(), |text| &text.name),
        _ => field.name(),
    }
}

/// Printing forms.
impl Format {
    /// A filled line that this format reads, with an invented person; `visit` stands in the visit-date piece, if there is one.
    pub fn example(&self, visit: NaiveDate) -> String {
        self.shapes().first().map_or_else(String::new, |shape| self.filled(shape, visit))
    }

    /// The example in one of the shapes.
    pub(crate) fn filled(&self, shape: &Shape, visit: NaiveDate) -> String {
        self.pattern.print(shape, |field| sample::value(&self.rules, field, visit))
    }

    /// The message that gives this form: what a citizen could have written, with a line for each person.
    pub fn fill(&self, form: &Form) -> String {
        let party = if form.applicant.others.is_empty() { form.party } else { 1 };
        let lines = form.applicant.people().map(|person| self.fill_line(person, form.visit, party));
        lines.collect::<Vec<_>>().join("\n")
    }

    fn fill_line(&self, person: &Applicant, visit: Option<NaiveDate>, party: u8) -> String {
        let value = |field| self.value_of(person, visit, party, field);
        let has = |field: &Field| value(*field).is_some();
        let shape = match self.shapes() {
            [only] => Some(only),
            shapes => shapes.iter().find(|shape| shape.fields.iter().all(has)).or_else(|| shapes.last()),
        };
        let written = |field| match (field, person.tgl_lahir, visit) {
            (Field::TglLahir, Some(born), _) => self.rules.born.spell(born.date()),
            (Field::TglKedatangan, _, Some(visit)) => self.rules.visit.spell(visit),
            // A bare number there could be the house's.
            (Field::Jumlah, ..) if person.alamat.as_ref().is_some_and(|it| house_number::is_awaited(it.as_str())) => {
                format!("{party} orang")
            }
            _ => value(field).unwrap_or_default(),
        };
        shape.map_or_else(String::new, |shape| self.pattern.print(shape, written))
    }

    /// A form's value of a piece, as tools print it: dates as yyyy-mm-dd. `None` where the form has none.
    pub fn value(&self, form: &Form, field: Field) -> Option<String> {
        self.value_of(&form.applicant, form.visit, form.party, field)
    }

    fn value_of(&self, applicant: &Applicant, visit: Option<NaiveDate>, party: u8, field: Field) -> Option<String> {
        match field {
            Field::Nama => Some(applicant.nama.as_str().to_owned()),
            Field::TglLahir => applicant.tgl_lahir.map(|born| born.date().to_string()),
            Field::TglKedatangan => visit.map(|day| day.to_string()),
            Field::Jumlah => Some(party.to_string()),
            Field::Alamat => applicant.alamat.as_ref().map(|address| address.as_str().to_owned()),
            Field::Nik => applicant.nik.as_ref().map(|nik| nik.as_str().to_owned()),
            Field::NoKk => applicant.no_kk.as_ref().map(|number| number.as_str().to_owned()),
            Field::Telepon => applicant.telepon.as_ref().map(|phone| format!("+{}", phone.as_str())),
            Field::Email => applicant.email.as_ref().map(|email| email.as_str().to_owned()),
            Field::Sesi => applicant.sesi.map(|session| session.name().to_owned()),
            Field::Layanan => applicant.layanan.as_ref().map(|service| service.as_str().to_owned()),
            Field::Teks(place) => {
                let name = &self.rules.text(place)?.name;
                applicant.teks.iter().find(|answer| answer.label == *name).map(|answer| answer.as_str().to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests;
