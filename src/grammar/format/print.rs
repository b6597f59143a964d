//! Prints forms in the spelling of their format.

use chrono::NaiveDate;

use crate::domain::person::Applicant;
use crate::grammar::format::pattern::Shape;
use crate::grammar::format::{Format, sample};
use crate::grammar::language::house_number::is_awaited;
use crate::grammar::request::field::Field;
use crate::grammar::request::form::Form;

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

    /// A line of this format with the pieces that are given, in the order of `pieces`.
    pub fn line_of(&self, pieces: &[(Field, String)]) -> String {
        let fields: Vec<Field> = pieces.iter().map(|(field, _)| *field).collect();
        let text = |wanted: Field| {
            pieces.iter().find(|(field, _)| *field == wanted).map(|(_, text)| text.clone()).unwrap_or_default()
        };
        self.pattern.print(&Shape { fields, open_at: None }, text)
    }

    /// A visit date as this format writes it.
    pub fn spell_visit(&self, day: NaiveDate) -> String {
        self.rules.visit.spell(day)
    }

    fn fill_line(&self, person: &Applicant, visit: Option<NaiveDate>, party: u8) -> String {
        let value = |field| self.value_of(person, visit, party, field);
        let has = |field: &Field| value(*field).is_some();
        let shape = match self.shapes() {
            [only] => Some(only),
            shapes => shapes.iter().find(|shape| shape.fields.iter().all(has)).or_else(|| shapes.last()),
        };
        let written = |field| match field {
            Field::TglLahir => person.tgl_lahir.map(|born| self.rules.born.spell(born.date())).unwrap_or_default(),
            Field::TglKedatangan => visit.map(|day| self.rules.visit.spell(day)).unwrap_or_default(),
            // A bare number there could be the house's.
            Field::Jumlah if person.alamat.as_ref().is_some_and(|it| is_awaited(it.as_str())) => {
                format!("{party} orang")
            }
            Field::Jumlah
            | Field::Nama
            | Field::Alamat
            | Field::Nik
            | Field::NoKk
            | Field::Telepon
            | Field::Email
            | Field::Sesi
            | Field::Layanan
            | Field::Teks(_) => value(field).unwrap_or_default(),
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
