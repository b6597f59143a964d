//! The fast path for the message that most people send: pieces exactly as on the poster, in plain letters and digits, and no
//! word of the vocabulary. It leaves out only those steps that would find nothing in such a message. A test holds that where
//! the fast path gives a form, the full reader gives the same form.

use chrono::NaiveDate;

use crate::domain::person::Nama;
use crate::grammar::date::written::RUN_DIGITS_MAX;
use crate::grammar::format::Format;
use crate::grammar::format::rules::Rules;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::reader::form::filled::FormBuilder;
use crate::grammar::request::Request;
use crate::grammar::request::field::Field;
use crate::grammar::text::separator::Separator;
use crate::grammar::value::parsed::{Parsed, Value};
use crate::grammar::value::read::whole;

/// Most pieces of a form that the fast path reads.
const PIECES_MAX: usize = 3;

/// Reads a plain form; `None` only says that the full reader has to read the message.
pub(crate) fn read(formats: &[&Format], text: &str, sent_on: NaiveDate) -> Option<Request> {
    let mut without_keyword = formats.iter().filter(|format| format.keyword().is_none());
    let format = without_keyword.next()?;
    let [shape] = format.shapes() else { return None };
    let fields = &shape.fields;
    // With a second one, which of the two is meant is to be weighed.
    if without_keyword.next().is_some() || fields.len() > PIECES_MAX || format.separator() != Separator::HASH {
        return None;
    }
    let mut pieces = [""; PIECES_MAX];
    let mut written = text.strip_prefix('#').unwrap_or(text).split('#');
    for (&field, place) in fields.iter().zip(&mut pieces) {
        *place = written.next().filter(|piece| is_plain(field, piece))?;
    }
    if written.next().is_some() {
        return None;
    }
    let mut builder = FormBuilder::new();
    for (&field, piece) in fields.iter().zip(pieces) {
        builder.fill(field, piece, value(format.rules(), field, piece, sent_on)?);
    }
    let filled = builder.form(format).ok()?;
    filled.is_certain().then_some(Request::Form(filled.form))
}

/// The value of a plain piece: it has no label, no thanks and no talk that would have to be removed first.
fn value(rules: &Rules, field: Field, piece: &str, sent_on: NaiveDate) -> Option<Parsed> {
    if field != Field::Nama {
        return whole(rules, field, piece, sent_on).ok();
    }
    let nama = Nama::read(piece).ok().filter(|nama| nama.as_str().len() <= rules.nama_chars_max)?;
    Some(Value::Nama(nama).into())
}

/// Whether the piece holds nothing that could be anything but its field's value.
fn is_plain(field: Field, piece: &str) -> bool {
    match field {
        Field::Nama => !piece.is_empty() && piece.split(' ').all(is_plain_word),
        Field::TglLahir | Field::TglKedatangan => {
            piece.len() == RUN_DIGITS_MAX && piece.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

/// Whether the word is of plain letters and begins no entry of the vocabulary: so no entry begins at it either.
fn is_plain_word(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic()) && !WORDS.all.begins(word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::grammar::reader::command;
    use crate::grammar::reader::message;

    fn sent() -> NaiveDate {
        NaiveDate::from_ymd_opt(2017, 8, 1).expect("a date")
    }

    fn is_ordinary(format: &Format) -> bool {
        format.id().as_str() == "nama-lahir-kedatangan"
    }

    fn the_long_way(formats: &[&Format], text: &str) -> Request {
        command::read(text).unwrap_or_else(|| message::read_form(formats, text, sent()))
    }

    #[test]
    fn the_posters_own_message_goes_the_short_way_and_a_greeting_does_not() {
        let formats = Format::shipped();
        let formats: Vec<&Format> = formats.iter().filter(|format| is_ordinary(format)).collect();
        assert!(read(&formats, "#Budi#25011987#07082017", sent()).is_some());
        assert!(read(&formats, "Siti Nurhaliza#05121990#09082017", sent()).is_some());
        for text in
            ["#Halo Budi#25011987#07082017", "#Budi#250187#07082017", "#Budi#25011987", "#Budi#25011987#07082017#"]
        {
            assert_eq!(read(&formats, text, sent()), None, "{text}");
        }
    }

    proptest! {
        // Negative control: with every word of letters taken for plain, `#Halo Budi#...` fails this.
        #[test]
        fn the_short_way_gives_what_the_long_way_gives(
            word in prop::sample::select(WORDS.all.entries().map(|(word, ())| word.to_owned()).collect::<Vec<_>>()),
            name in "[A-Z][a-z]{0,5}( [A-Z][a-z]{0,6}){0,2}",
            (in_front, after) in (prop::bool::weighted(0.4), prop::bool::weighted(0.3)),
            (born, visit) in ((1_u32..32, 1_u32..13, 1900_u32..2018), (1_u32..32, 8_u32..13, 2017_u32..2019)),
            mark in prop::sample::select(vec!["#", "", "##"]),
            with_keywords: bool,
        ) {
            let formats = Format::shipped();
            let formats: Vec<&Format> = formats.iter()
                .filter(|format| is_ordinary(format) || with_keywords && format.keyword().is_some()).collect();
            let front = if in_front { format!("{word} ") } else { String::new() };
            let back = if after { format!(" {word}") } else { String::new() };
            let spelled = |(day, month, year)| format!("{day:02}{month:02}{year}");
            let text = format!("{mark}{front}{name}{back}#{}#{}", spelled(born), spelled(visit));
            if let Some(request) = read(&formats, &text, sent()) {
                prop_assert_eq!(request, the_long_way(&formats, &text), "{}", text);
            }
        }
    }
}
