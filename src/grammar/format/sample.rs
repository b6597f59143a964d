//! Invented values that a format reads: for filled examples, and for the check whether its forms can be distinguished.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::domain::person::Service;
use crate::grammar::format::rules::Rules;
use crate::grammar::request::field::Field;
use crate::grammar::request::form::{SAMPLE_ADDRESS, SAMPLE_BORN, SAMPLE_NAME};

/// Persons on an invented family card.
const PARTY: u8 = 3;

/// A birth date that fits the format's ages on the day of the visit and for half a year before it.
fn born(rules: &Rules, visit: NaiveDate) -> NaiveDate {
    let usual = NaiveDate::from_ymd_opt(SAMPLE_BORN.0, SAMPLE_BORN.1, SAMPLE_BORN.2).unwrap_or(visit);
    if rules.age_min.is_none() && rules.age_max.is_none() {
        return usual;
    }
    let months = Months::new(rules.age_min.unwrap_or(0) * 12);
    // Half a year older than the youngest: still that old when the form is sent, months before the visit.
    visit.checked_sub_months(months).and_then(|day| day.checked_sub_days(Days::new(183))).unwrap_or(usual)
}

/// At most so many characters of a text.
fn short(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect::<String>().trim_end().to_owned()
}

/// A value of a field, as a citizen could write it.
pub(crate) fn value(rules: &Rules, field: Field, visit: NaiveDate) -> String {
    match field {
        Field::Nama => short(SAMPLE_NAME, rules.nama_chars_max),
        Field::TglLahir => rules.born.spell(born(rules, visit)),
        Field::TglKedatangan => rules.visit.spell(visit),
        Field::Alamat => short(SAMPLE_ADDRESS, rules.alamat_chars_max),
        Field::Jumlah => PARTY.min(rules.party_max).to_string(),
        Field::Nik => {
            let born = born(rules, visit);
            format!("317101{:02}{:02}{:02}0001", born.day(), born.month(), born.year() % 100)
        }
        Field::NoKk => "3171011203150002".to_owned(),
        Field::Telepon => "081200000001".to_owned(),
        Field::Email => "budi@example.id".to_owned(),
        Field::Sesi => "pagi".to_owned(),
        Field::Layanan => rules.services.first().map_or_else(String::new, |service| service.as_str().to_owned()),
        Field::Teks(place) => short("Contoh", rules.text(place).map_or(0, |text| text.chars_max)),
    }
}

/// More values of a field: all that may distinguish its form from another, or may not. The day of sending is a day of birth
/// and of a visit.
pub(crate) fn others(rules: &Rules, field: Field, sent_on: NaiveDate) -> Vec<String> {
    match field {
        Field::TglKedatangan if rules.judge_visit(sent_on, sent_on).is_none() => vec![rules.visit.spell(sent_on)],
        Field::Nama => vec![short("Siti", rules.nama_chars_max)],
        Field::Sesi => vec!["siang".to_owned()],
        Field::Jumlah => vec!["1".to_owned()],
        Field::Layanan => {
            let names = rules.services.iter().map(Service::as_str);
            names.chain(rules.service_words.entries().map(|(word, _)| word)).map(str::to_owned).collect()
        }
        // Words that could be somebody's name as well: a piece beside it that may be left out is then nobody's for sure.
        Field::Alamat => vec![short("Taman Melati", rules.alamat_chars_max)],
        Field::Teks(place) => vec![short("Umrah Ramadan", rules.text(place).map_or(0, |text| text.chars_max))],
        Field::TglKedatangan | Field::TglLahir | Field::Nik | Field::NoKk | Field::Telepon | Field::Email => Vec::new(),
    }
}
