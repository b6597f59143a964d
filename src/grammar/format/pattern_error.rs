//! What is wrong with the line of a poster, and what to write instead.

use crate::grammar::format::field_names::parted_by;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::field::Field;
use crate::grammar::text::separator::Separator;
use crate::grammar::text::span::offset;
use crate::grammar::text::words::Words;
use crate::sheet::nearest;

/// What is wrong with a line, and where in it, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PatternError {
    /// What is wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) remedy: String,
    /// Where.
    pub(crate) at: std::ops::Range<usize>,
}

impl PatternError {
    pub(crate) fn new(line: &str, part: &str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        let start = offset(line, part);
        Self { message: message.into(), remedy: remedy.into(), at: start..start + part.len() }
    }
}

/// The marks besides `#`, as a remedy names them.
fn other_marks() -> String {
    let marks = Separator::all().filter(|mark| *mark != Separator::HASH).map(Separator::shown);
    format!("one of {}", marks.collect::<Vec<_>>().join(", "))
}

/// What to write in place of a name that is not known: the nearest known one, or any of the fields' own; in front, perhaps a
/// keyword was meant.
pub(crate) fn remedy_of_unknown(name: &str, own: &Words<u8>, is_word_in_front: bool) -> String {
    let texts = own.entries().map(|(spelling, place)| (spelling, Field::Teks(place)));
    let known: Vec<_> = WORDS.fields.entries().chain(texts).collect();
    let near = nearest(name, known.iter().map(|(spelling, _)| *spelling));
    if let Some(mark) = parted_by(name, own) {
        return match Separator::of(mark) {
            Some(_) => format!("write separator = \"{mark}\" where that is the mark between the pieces"),
            None => {
                format!(
                    "`{mark}` is no mark between pieces, since it stands inside values: print `#` between the pieces, or {}",
                    other_marks()
                )
            }
        };
    }
    match known.iter().find(|(spelling, _)| Some(*spelling) == near) {
        Some((spelling, Field::Teks(_))) => format!("did you mean `{spelling}`?"),
        Some((_, field)) => format!("did you mean `{}`?", field.name()),
        None if is_word_in_front => {
            let keywords = WORDS.keywords_printed.join(", ");
            format!("leave out what citizens do not send; a keyword in front is one of {keywords}")
        }
        None => format!(
            "write one of {}; or add a question of your own below: [fields.{}] and kind = \"text\"",
            Field::KNOWN.map(Field::name).join(", "),
            if name.contains(' ') { format!("\"{name}\"") } else { name.to_owned() }
        ),
    }
}
