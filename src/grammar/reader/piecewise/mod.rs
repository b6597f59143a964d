//! Reads a form piece by piece, one message each, by the rules of the whole form: what the guided dialogue asks with.

use chrono::NaiveDate;

use crate::grammar::date::named_day;
use crate::grammar::format::Format;
use crate::grammar::language::politeness::{after_greeting, is_filler};
use crate::grammar::language::talk::is_chat;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::reader::command;
use crate::grammar::reader::form::filled::FormBuilder;
use crate::grammar::reader::form::intruder;
use crate::grammar::reader::form::misreading::misread;
use crate::grammar::reader::form::question::form_or_question;
use crate::grammar::reader::form::suggestion;
use crate::grammar::request::Request;
use crate::grammar::request::field::Field;
use crate::grammar::request::misread::{Misread, MisreadKind};
use crate::grammar::request::piece_error::{FormError, PieceError};
use crate::grammar::text::characters::is_blank;
use crate::grammar::text::pieces::bare;
use crate::grammar::value;
use crate::grammar::value::parsed::{Parsed, Value};

/// A piece that a form asks for, as the guided dialogue asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What it may be; more than one are alternatives.
    pub fields: Vec<Field>,
    /// Whether it may be left out.
    pub optional: bool,
}

impl Format {
    /// The pieces that a form has, in the order of the line.
    pub fn pieces(&self) -> impl Iterator<Item = Asked> + '_ {
        self.pattern().pieces.iter().map(|piece| Asked { fields: piece.fields.clone(), optional: piece.optional })
    }

    /// Reads a message that holds one piece and nothing else. Each reading is the value as this format writes it; a date that can be
    /// several days has several.
    ///
    /// # Errors
    /// The [`Misread`] says what is wrong with the piece.
    pub fn read_piece(&self, field: Field, message: &str, sent_on: NaiveDate) -> Result<Vec<String>, Box<Misread>> {
        let text = bare(message.trim_matches(is_blank));
        let wrong = |kind, at| Box::new(misread(self, message, (Some(field), PieceError { kind, at })));
        // A greeting in front of a name is none of it; of any other piece it would be a mistake, and is reported.
        let piece = if field == Field::Nama { after_greeting(text) } else { text };
        if field == Field::Nama && (is_chat(piece) || command::is_command(piece)) {
            return Err(wrong(MisreadKind::Missing, piece));
        }
        // Asked for an address alone, people answer with a day, or that it is the same as before.
        if field == Field::Alamat && (named_day::is_day(piece) || WORDS.no_address.get(piece).is_some()) {
            return Err(wrong(MisreadKind::Address, piece));
        }
        let read = value::read(self.rules(), field, piece, sent_on)
            .and_then(|read| intruder::find(self, field, piece).map_or(Ok(read), Err));
        match read {
            Ok(read) => Ok(written(self, &read)),
            // `nama saya Adi Saputra`: the dialogue shows what it noted, and the whole form before it counts.
            Err(PieceError { kind, at }) => match suggestion::said_of(self.rules(), field, piece, sent_on) {
                Some(read) => Ok(written(self, &read)),
                // One piece alone has no order that could be wrong.
                None if kind == MisreadKind::Swapped => Err(wrong(MisreadKind::NameCharacter, at)),
                None => Err(wrong(kind, at)),
            },
        }
    }

    /// The day that a piece was read as, where it is a date.
    pub fn day_of(&self, field: Field, text: &str, sent_on: NaiveDate) -> Option<NaiveDate> {
        match value::read(self.rules(), field, text, sent_on).ok()?.value {
            Value::TglLahir(born) => Some(born.date()),
            Value::TglKedatangan(day) => Some(day),
            _ => None,
        }
    }

    /// Whether a text is somebody's name and cannot be anything else that people write: what may begin a form of single messages.
    pub fn is_name(&self, message: &str, sent_on: NaiveDate) -> bool {
        let text = message.trim_matches(is_blank);
        let is_word = |c: char| c.is_alphabetic() || is_blank(c) || matches!(c, '.' | '\'' | '’' | '-');
        text.chars().all(is_word)
            && !is_filler(text)
            && text.split(is_blank).all(|word| !is_chat(word) && !command::is_small_word(word))
            && self.read_piece(Field::Nama, text, sent_on).is_ok_and(|readings| readings == [text])
    }

    /// The form of pieces that were read one by one: what the same pieces in one message would be.
    pub fn join_pieces(&self, pieces: &[(Field, String)], sent_on: NaiveDate) -> Request {
        match self.joined(pieces, sent_on) {
            Ok(request) => request,
            Err(wrong) => Request::Misread(misread(self, wrong.1.at, wrong)),
        }
    }

    fn joined<'m>(&self, pieces: &'m [(Field, String)], sent_on: NaiveDate) -> Result<Request, FormError<'m>> {
        let mut builder = FormBuilder::new();
        for (field, text) in pieces {
            let read = value::read(self.rules(), *field, text, sent_on).map_err(|wrong| (Some(*field), wrong))?;
            builder.fill(*field, text, read);
        }
        Ok(form_or_question(self, "", builder.form(self)?))
    }
}

/// A value as the format writes it; each reading of a date that has several.
fn written(format: &Format, Parsed { value, others, .. }: &Parsed) -> Vec<String> {
    let rules = format.rules();
    let one = match value {
        Value::TglLahir(born) => return days(born.date(), others, |day| rules.born.spell(day)),
        Value::TglKedatangan(day) => return days(*day, others, |day| rules.visit.spell(day)),
        Value::Nama(nama) => nama.as_str().to_owned(),
        Value::Alamat(address) => address.as_str().to_owned(),
        Value::Jumlah(party) => party.to_string(),
        Value::Nik(nik) => nik.as_str().to_owned(),
        Value::NoKk(number) => number.as_str().to_owned(),
        Value::Telepon(phone) => format!("+{}", phone.as_str()),
        Value::Email(email) => email.as_str().to_owned(),
        Value::Sesi(session) => session.name().to_owned(),
        Value::Layanan(service) => service.as_str().to_owned(),
        Value::Teks(answer) => answer.as_str().to_owned(),
    };
    vec![one]
}

fn days(own: NaiveDate, others: &[NaiveDate], spell: impl Fn(NaiveDate) -> String) -> Vec<String> {
    std::iter::once(own).chain(others.iter().copied()).map(spell).collect()
}

#[cfg(test)]
mod tests;
