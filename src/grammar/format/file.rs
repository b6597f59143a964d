//! Reads format files, those of an office and those compiled in; and a poster's line that has no file.

use std::ops::Range;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use miette::NamedSource;

use crate::domain::office::FormatId;
use crate::grammar::date::spelling::DateSpelling;
use crate::grammar::format::error::FormatError;
use crate::grammar::format::examples::Examples;
use crate::grammar::format::pattern::Pattern;
use crate::grammar::format::rules::Rules;
use crate::grammar::format::{Format, LinePiece, called, pieces, rule_file};
use crate::grammar::request::field::Field;
use crate::grammar::request::misread::MisreadKind;
use crate::grammar::text::separator::Separator;
use crate::sheet::{Entry, Mistake, Place, Problem, Read, Source, Spot, Table, choice, document, id, string};

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/grammar/formats");

/// Longest line of a poster, in characters: it stands in replies, twice in some.
const LINE_CHARS_MAX: usize = 200;

/// Where a part of a string stands in the file; the whole string, where escapes have moved it.
fn place_in_file(spot: &Spot<String>, part: &Range<usize>) -> Range<usize> {
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
        top.refuse_unknown(&["id", "pattern", "separator", "upload", "fields", "texts", "reads", "asks", "misreads"]);
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
        let upload = top.take("upload", |value| choice(value, &[("chat", false), ("page", true)]));
        let (rules, named) = rule_file::read(&mut top);
        let examples = Examples::read(&mut top, &rules);
        let line = line?;
        let read = Pattern::read(&line.value, separator, &rules.text_words, |field| rules.holds_separator(field));
        let pattern = match read {
            Ok(pattern) => pattern,
            Err(error) => {
                let at = place_in_file(&line, &error.at);
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
        let by_page = upload.given().is_some_and(|upload| upload.value);
        if let Entry::Given(upload) = upload
            && pattern.photos.is_empty()
        {
            let what = "the line asks for no photo, so none is sent by a page or in the chat";
            top.note(upload.place, what, "remove `upload`, or end the line with `+ FotoKTP`");
        }
        let (line, line_at) = (line.value, line.place.at);
        let text = Arc::from(source.inner().as_str());
        let format = Self { id: id?.value, line, line_at, pattern, rules, examples, text, by_page };
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

    /// The pieces of the line in a format file, whatever else is wrong in it; `None` where the line itself cannot be read. For whoever
    /// edits a file that is not whole yet.
    pub fn pieces_of_file(text: &str) -> Option<Vec<LinePiece>> {
        let mut problems = Vec::new();
        let source = Arc::new(NamedSource::new("format", text.to_owned()));
        let (root, _) = document(&source, &mut problems);
        let mut top = Table::of(&source, &root, &mut problems);
        let line = top.need("pattern", poster_line, "")?;
        let separator = match top.take("separator", separator) {
            Entry::Given(spot) => Some(spot.value),
            Entry::Absent | Entry::Broken => None,
        };
        let (rules, _) = rule_file::read(&mut top);
        let read = Pattern::read(&line.value, separator, &rules.text_words, |field| rules.holds_separator(field));
        read.ok().map(|pattern| pieces(&pattern, &rules))
    }

    /// The spellings that a rule about dates may name.
    pub fn date_spellings() -> impl Iterator<Item = &'static str> {
        DateSpelling::ALL.into_iter().map(|(name, _)| name)
    }

    /// What may be wrong with a piece, or with the form as a whole: what an office may write a sentence of its own about.
    pub fn mistakes_about(field: Option<Field>) -> impl Iterator<Item = MisreadKind> {
        MisreadKind::ALL.into_iter().filter(move |kind| kind.is_about(field))
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
        let chars = line.chars().count();
        if chars > LINE_CHARS_MAX {
            let message = format!("the line is {chars} characters long, but has room for {LINE_CHARS_MAX}");
            return Err(whole(&message, "shorten the names of the pieces"));
        }
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
        let text = Arc::from(format!("id = \"{id}\"\npattern = {}\n", serde_json::Value::from(line)));
        Ok(Self { id, line: line.to_owned(), line_at: 0..line.len(), pattern, rules, examples, text, by_page: false })
    }

    /// The formats compiled in from `grammar/formats`, by file name. A test holds that all of them read.
    pub fn shipped() -> Vec<Self> {
        Self::shipped_texts().filter_map(|(_, text)| Self::from_toml(text).ok()).collect()
    }

    /// The files compiled in from `grammar/formats`: path and text.
    pub fn shipped_texts() -> impl Iterator<Item = (&'static str, &'static str)> {
        SHIPPED.files().filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
    }
}
