//! The end of a letter below a form: a sign-off with the sender's name, a telephone's own line, what the form is for.
//!
//! None of it is a part of the last piece. What a form is for is noted, and only passed over where the office has no services.

use crate::grammar::format::Format;
use crate::grammar::language::courtesy::is_courteous;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::Request;
use crate::grammar::request::field::Field;
use crate::grammar::request::form::Form;
use crate::grammar::request::note::{Note, NoteKind};
use crate::grammar::text::characters::{digit, is_blank, is_hash, is_pause};
use crate::grammar::text::pieces::bare;

/// Longest end of a letter that is looked for, in bytes: a sign-off, a name and a telephone's line.
const END_BYTES_MAX: usize = 160;
/// Longest name of a sender, in words.
const SENDER_WORDS_MAX: usize = 5;

/// A message without the end of its letter.
pub(crate) struct Ended<'m> {
    pub(crate) form: &'m str,
    /// What it is for, where that was taken off.
    purpose: Option<&'m str>,
}

/// Takes the end of a letter off a message.
pub(crate) fn without_end<'m>(formats: &[&Format], message: &'m str) -> Ended<'m> {
    let mut form = message;
    while let Some(front) = before_device(form).or_else(|| before_sign_off(form)) {
        form = front;
    }
    let purpose = before_purpose(formats, form);
    match purpose {
        Some((front, purpose)) => Ended { form: front, purpose: Some(purpose) },
        None => Ended { form, purpose: None },
    }
}

impl Ended<'_> {
    /// The request with a note on what was passed over.
    pub(crate) fn noted(&self, mut request: Request) -> Request {
        let Some(purpose) = self.purpose else { return request };
        let note = |form: &mut Form| {
            let from = purpose.to_owned();
            form.notes.push(Note { kind: NoteKind::PassedOver, field: None, person: None, from, to: String::new() });
        };
        match &mut request {
            Request::Form(form) => note(form),
            Request::Ask(ask) => ask.choices.iter_mut().for_each(|choice| note(&mut choice.form)),
            _ => {}
        }
        request
    }
}

/// Where words begin at the end of a text, the first first.
fn starts(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let from = text.len().saturating_sub(END_BYTES_MAX);
    let is_start = move |at: usize| at > 0 && text.get(..at).is_some_and(|front| front.ends_with(is_blank));
    let places = text.char_indices().filter(move |(at, c)| *at >= from && c.is_alphabetic());
    places.filter(move |(at, _)| is_start(*at)).filter_map(move |(at, _)| text.split_at_checked(at))
}

/// Whether the text ends a line.
fn ends_line(front: &str) -> bool {
    front.trim_end_matches(|c: char| c != '\n' && is_blank(c)).ends_with('\n')
}

/// A form still stands in front: it has a digit, as its dates have.
fn form_in(front: &str) -> Option<&str> {
    let form = front.trim_end_matches(|c: char| is_blank(c) || matches!(c, ',' | '-' | '–' | '—'));
    form.contains(|c| digit(c).is_some()).then_some(form)
}

/// What stands in front of a telephone's line.
fn before_device(text: &str) -> Option<&str> {
    // Nearly no message has a second line.
    if !text.contains('\n') {
        return None;
    }
    let (front, line) =
        starts(text).find(|(front, line)| ends_line(front) && WORDS.leftovers.devices.front(line).is_some())?;
    let is_line = !line.trim_end().contains('\n') && !line.contains(is_hash);
    form_in(front).filter(|_| is_line)
}

/// What stands in front of a sign-off and its sender.
fn before_sign_off(text: &str) -> Option<&str> {
    starts(text).find_map(|(front, end)| {
        let ((), after) = WORDS.leftovers.sign_offs.front(end)?;
        // In a line it is one only behind a number and in two words, or `Jl. Melati 5 Salam` would be.
        let is_behind_number = || front.trim_end_matches(is_pause).ends_with(|c| digit(c).is_some());
        let said = end.strip_suffix(after).unwrap_or_default();
        let is_apart = ends_line(front) || said.trim().contains(is_blank) && is_behind_number();
        let form = form_in(front).filter(|_| is_apart)?;
        is_sender(after).then_some(form)
    })
}

/// Whether nothing but a name, or nothing at all, stands behind a sign-off.
fn is_sender(after: &str) -> bool {
    let name = after.trim_matches(|c: char| is_pause(c) || matches!(c, '(' | ')'));
    let is_word = |word: &str| word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '\'' | '’' | ',' | '-'));
    let is_asked = |word: &str| WORDS.names.foreign.get(word).is_some() || WORDS.commands.get(word).is_some();
    let mut words = name.split(is_blank).filter(|word| !word.is_empty());
    is_courteous(name)
        || words.clone().count() <= SENDER_WORDS_MAX && words.all(|word| is_word(word) && !is_asked(word))
}

/// What stands in front of what the form is for, and what that is.
fn before_purpose<'m>(formats: &[&Format], text: &'m str) -> Option<(&'m str, &'m str)> {
    let chooses = |format: &&Format| {
        format.fields().iter().any(|field| matches!(field, Field::Layanan | Field::Teks(_) | Field::Alamat))
    };
    let is_end = |c: char| is_pause(c) || is_hash(c);
    let from = text.len().saturating_sub(END_BYTES_MAX);
    let at = text.rfind(|c| digit(c).is_some()).map(|at| at + 1).filter(|at| *at >= from)?;
    // Hardly any message has more than courtesy behind its last digit.
    let (front, after) = text.split_at_checked(at)?;
    let end = bare(after.trim_matches(is_end));
    let ((), rest) = WORDS.leftovers.purposes.front(end)?;
    let purpose = end.strip_suffix(rest)?;
    (is_courteous(rest) && !formats.iter().any(chooses)).then_some((front, purpose.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with a sign-off taken anywhere in a line, `Jl. Salam` fails this.
    #[test]
    fn the_end_of_a_letter_comes_off_and_a_street_stays() {
        let shipped = Format::shipped();
        let standard: Vec<&Format> =
            shipped.iter().filter(|format| format.id().as_str() == "nama-lahir-kedatangan").collect();
        for (message, form) in [
            ("#B#25011987#07082017 Hormat saya, Asep", "#B#25011987#07082017"),
            ("#B#25011987#07082017\nSalam,\nAsep Sunandar", "#B#25011987#07082017"),
            ("B#25011987#Jl. Melati\nHormat saya\nAsep\n\nSent from my iPhone", "B#25011987#Jl. Melati"),
            ("#B#25011987#07082017 untuk paspor baru ya min", "#B#25011987#07082017"),
            ("B#25011987#Jl. Salam", "B#25011987#Jl. Salam"),
            ("#B#25011987#07082017\nSalam\n#A#25011987#07082017", "#B#25011987#07082017\nSalam\n#A#25011987#07082017"),
            ("#B#25011987#07082017\nSalam, tolong batalkan", "#B#25011987#07082017\nSalam, tolong batalkan"),
        ] {
            assert_eq!(without_end(&standard, message).form, form, "{message}");
        }
    }
}
