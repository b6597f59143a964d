//! A draft: the text of a format file, what is wrong with it and where, and the format that it gives.

use std::ops::Range;
use std::sync::Arc;

use super::texts::{Texts, texts};
use super::words;
use crate::conversation::Lang;
use crate::grammar::{Format, FormatError, MisreadKind, check, failing_examples};
use crate::roster::EditedFile;
use crate::web::console::catalogue::{Told, told};

/// Longest format file that is edited here, in bytes: those of real offices have a few thousand.
pub(super) const FILE_BYTES_MAX: usize = 64 * 1024;
/// Mistakes that are shown; what is beyond them is counted.
const FAULTS_MAX: usize = 20;
/// Characters of a line that are shown around a mistake.
const SHOWN_CHARS_MAX: usize = 120;

/// Something wrong in a draft.
pub(super) struct Fault {
    /// The line and column, from 1.
    pub(super) place: Option<(usize, usize)>,
    pub(super) message: String,
    pub(super) remedy: String,
    /// Whether it is said in English because it has no other words.
    pub(super) is_english: bool,
    /// The line of the file.
    pub(super) quoted: Quoted,
}

/// A line with a mistake: what stands before it, the mistake, what follows.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Quoted {
    pub(super) before: String,
    pub(super) wrong: String,
    pub(super) behind: String,
}

/// A draft, judged.
pub(super) struct Draft {
    pub(super) text: String,
    /// The line of the poster, as the file has it.
    pub(super) line: String,
    /// The format, where the file gives one; its examples may still come out otherwise than it says.
    pub(super) format: Option<Arc<Format>>,
    pub(super) faults: Vec<Fault>,
    /// Mistakes beyond those that are listed.
    pub(super) more_faults: usize,
    /// Examples of the file that the draft does not read as the file says.
    pub(super) failing: usize,
}

/// Where a stretch of a text stands.
fn place(text: &str, at: &Range<usize>) -> ((usize, usize), Quoted) {
    let start = (0..=at.start.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let before = text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let front = before.get(line_start..).unwrap_or_default();
    let rest = text.get(start..).unwrap_or_default();
    let rest = rest.split('\n').next().unwrap_or_default();
    let wrong_len = at.end.saturating_sub(start).min(rest.len());
    let wrong_len = (0..=wrong_len).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(0);
    let (wrong, behind) = rest.split_at(wrong_len);
    let cut = |text: &str| text.chars().take(SHOWN_CHARS_MAX).collect::<String>();
    let tail: Vec<char> = front.chars().rev().take(SHOWN_CHARS_MAX).collect();
    let shown_front: String = tail.into_iter().rev().collect();
    let position = (before.matches('\n').count() + 1, front.chars().count() + 1);
    (position, Quoted { before: shown_front, wrong: cut(wrong), behind: cut(behind) })
}

/// What begins a mistake that an example shows.
const EXAMPLE: &str = "this should give ";

/// Of a mistake that an example shows, the line with its message; of any other, where it is.
fn example_at(text: &str, at: &Range<usize>, message: &str) -> Range<usize> {
    const KEY: &str = "\ntext = ";
    let behind = text.get(at.start..).filter(|_| message.starts_with("this should "));
    let Some((start, line)) = behind.and_then(|behind| {
        let found = behind.find(KEY)? + 1;
        Some((at.start + found, behind.get(found..)?.lines().next()?))
    }) else {
        return at.clone();
    };
    start..start + line.len()
}

/// What an example should give and what it gives, with mistakes in the words of this page instead of their names.
fn example_in_words(lang: Lang, message: &str) -> Option<String> {
    let (wanted, got) = message.strip_prefix(EXAMPLE)?.split_once("; it gives ")?;
    let outcome = |text: &str| {
        let told = text.split_once(" in ").and_then(|(kind, behind)| {
            let kind = words::kind(lang, MisreadKind::named(kind)?.name());
            let (field, _) = behind.split_once(" at [")?;
            let field = if field == texts(Lang::En).form_whole { texts(lang).form_whole } else { field };
            Some(format!("{field}: {kind}"))
        });
        told.unwrap_or_else(|| text.to_owned())
    };
    Some(format!("{EXAMPLE}{}; it gives {}", outcome(wanted), outcome(got)))
}

impl Fault {
    fn of(text: &str, error: FormatError, lang: Lang) -> Self {
        let FormatError { message, remedy, at } = error;
        let (place, quoted) = place(text, &example_at(text, &at, &message));
        let message = example_in_words(lang, &message).unwrap_or(message);
        let Told { what: message, remedy, is_english } = told(lang, &message, &remedy);
        Self { place: Some(place), message, remedy, is_english, quoted }
    }

    fn whole(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            place: None,
            message: message.into(),
            remedy: remedy.into(),
            is_english: false,
            quoted: Quoted::default(),
        }
    }
}

impl Draft {
    /// Judges a text that is to take the place of a format.
    pub(super) fn of(text: String, in_force: &Format, (t, lang): (&Texts, Lang)) -> Self {
        if text.len() > FILE_BYTES_MAX {
            let kept = (0..=FILE_BYTES_MAX).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let fault = Fault::whole(t.too_long, t.too_long_remedy);
            let text = text.get(..kept).unwrap_or_default().to_owned();
            return Self { text, line: String::new(), format: None, faults: vec![fault], more_faults: 0, failing: 0 };
        }
        let line = EditedFile::read(&text).map(|file| file.shown(&["pattern"])).unwrap_or_default();
        let (format, mut faults) = match Format::from_toml(&text) {
            Ok(format) => {
                let faults = check(&format).into_iter().map(|error| Fault::of(&text, error, lang)).collect();
                (Some(format), faults)
            }
            Err(errors) => (None, errors.into_iter().map(|error| Fault::of(&text, error, lang)).collect::<Vec<_>>()),
        };
        if format.as_ref().is_some_and(|format| format.id() != in_force.id()) {
            faults.push(Fault::whole(t.other_id, format!("id = \"{}\"", in_force.id())));
        }
        let more_faults = faults.len().saturating_sub(FAULTS_MAX);
        faults.truncate(FAULTS_MAX);
        let format = format.filter(|format| format.id() == in_force.id()).map(Arc::new);
        let failing = format.as_ref().map_or(0, |format| failing_examples(format).len());
        Self { text, line, format, faults, more_faults, failing }
    }

    /// The text without the examples that do not fit any more; `None` where it gives no format.
    pub(super) fn without_failing(text: &str) -> Option<String> {
        let format = Format::from_toml(text).ok()?;
        let mut file = EditedFile::read(text).ok()?;
        // From behind, so that the places in front stay what they are.
        for (list, place) in failing_examples(&format).into_iter().rev() {
            file.remove_at(list, place);
        }
        Some(file.text())
    }

    /// Whether it may go live.
    pub(super) fn is_sound(&self) -> bool {
        self.format.is_some() && self.faults.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Draft {
        let in_force = Format::from_toml("id = \"bogor\"\npattern = \"#Nama\"\n").unwrap();
        Draft::of(text.to_owned(), &in_force, (texts(Lang::Id), Lang::Id))
    }

    #[test]
    fn a_mistake_is_shown_in_its_line() {
        let draft = judged("id = \"bogor\"\npattern = \"#Nama#TglLahr\"\n");
        let fault = &draft.faults[0];
        assert_eq!(fault.place, Some((2, 18)));
        let Quoted { before, wrong, behind } = &fault.quoted;
        assert_eq!((before.as_str(), wrong.as_str(), behind.as_str()), ("pattern = \"#Nama#", "TglLahr", "\""));
        assert!(draft.format.is_none() && !draft.is_sound() && draft.line == "#Nama#TglLahr");
    }

    // Negative control: without the look at the size, the file is read.
    #[test]
    fn a_file_that_is_too_long_or_of_another_format_is_no_draft() {
        let long = judged(&format!("id = \"bogor\"\npattern = \"#Nama\"\n#{}", "é".repeat(FILE_BYTES_MAX)));
        assert!(long.format.is_none() && long.faults.len() == 1 && long.text.len() <= FILE_BYTES_MAX);
        let other = judged("id = \"depok\"\npattern = \"#Nama\"\n");
        assert!(other.format.is_none() && other.faults[0].remedy == "id = \"bogor\"");
        assert!(judged("id = \"bogor\"\npattern = \"#Nama#TglLahir\"\n").is_sound());
    }

    // Negative control: taken from the front, the wrong examples go.
    #[test]
    fn examples_that_do_not_fit_any_more_are_taken_out_and_the_others_stay() {
        let read = |text: &str| {
            format!("[[reads]]\ntext = \"{text}\"\nsent = \"2026-08-03\"\nfields = {{ Nama = \"Budi\" }}\n")
        };
        let text = ["#Budi#x@example.id", "#Budi", "#Siti", "#Budi#y@example.id"].map(read).concat();
        let text = format!("id = \"bogor\"\npattern = \"#Nama\"\n{text}");
        assert_eq!(judged(&text).failing, 3);
        let left = Draft::without_failing(&text).unwrap();
        assert!(left.contains("\"#Budi\"") && left.matches("[[reads]]").count() == 1, "{left}");
        assert!(judged(&left).is_sound());
    }

    #[test]
    fn an_example_that_does_not_fit_any_more_is_quoted_and_told_in_words() {
        let text = "id = \"bogor\"\npattern = \"#Nama#TglLahir#Email\"\n[[reads]]\nwhy = \"printed\"\ntext = \"#Budi#25011987\"\n\
                    sent = \"2026-08-03\"\nfields = { Nama = \"Budi\", TglLahir = \"1987-01-25\" }\n";
        let draft = judged(text);
        let fault = &draft.faults[0];
        assert!(fault.message.ends_with("hasilnya Email: bagian ini tidak ada"), "{}", fault.message);
        assert!(!fault.is_english && fault.remedy.contains("tombol"), "{}", fault.remedy);
        assert_eq!((fault.place, fault.quoted.wrong.as_str()), (Some((5, 1)), "text = \"#Budi#25011987\""));
    }

    #[test]
    fn a_place_never_cuts_a_character() {
        for at in 0..12 {
            for until in at..12 {
                let (_, quoted) = place("né\n#é#ü", &(at..until));
                let Quoted { before, wrong, behind } = &quoted;
                assert!([before, wrong, behind].map(std::string::String::len).iter().sum::<usize>() <= 9, "{quoted:?}");
            }
        }
    }
}
