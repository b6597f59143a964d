//! The rules of a format: what its pieces must be besides their kind, and the office's own sentences about mistakes.
//!
//! Every rule has a default. `rule_file` reads the rules of a file.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::domain::office::HORIZON_DAYS_MAX;
use crate::domain::person::{ADDRESS_CHARS_MAX, AGE_YEARS_MAX, ANSWER_CHARS_MAX, NAMA_CHARS_MAX, PARTY_MAX, Service};
use crate::grammar::date::spelling::Spellings;
use crate::grammar::request::field::Field;
use crate::grammar::request::misread::MisreadKind;
use crate::grammar::text::words::Words;

/// Services that one format may offer: they are listed in a reply.
pub(crate) const SERVICES_MAX: usize = 12;
/// Spellings of all services of a format together: `check` tries each of them in every way that the line can be filled in.
pub(crate) const SERVICE_WORDS_MAX: usize = 120;
/// Other names of one piece of the office's own naming.
pub(crate) const TEXT_NAMES_MAX: usize = 20;

/// A piece that the office named itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextRule {
    /// As the office calls it.
    pub(crate) name: String,
    pub(crate) chars_max: usize,
    pub(crate) holds_separator: bool,
}

/// An office's own sentence about one mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnText {
    pub(crate) field: Option<Field>,
    pub(crate) kind: MisreadKind,
    /// In Indonesian.
    pub id: Option<String>,
    /// In English.
    pub en: Option<String>,
}

/// What a format demands of its pieces.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rules {
    pub(crate) nama_chars_max: usize,
    pub(crate) born: Spellings,
    /// Youngest and oldest, in years on the day of sending.
    pub(crate) age_min: Option<u32>,
    pub(crate) age_max: Option<u32>,
    pub(crate) visit: Spellings,
    /// Whether the day of sending itself may be asked for.
    pub(crate) today: bool,
    /// Last day that may be asked for, in days after sending; the office's own horizon is judged later.
    pub(crate) horizon_days: Option<u32>,
    pub(crate) alamat_chars_max: usize,
    pub(crate) alamat_holds_separator: bool,
    pub(crate) party_max: u8,
    pub(crate) services: Vec<Service>,
    /// Spellings of the services, by their place in `services`.
    pub(crate) service_words: Words<u8>,
    pub(crate) texts: Vec<TextRule>,
    /// What the free texts are called, by their place in `texts`.
    pub(crate) text_words: Words<u8>,
    pub(crate) own_texts: Vec<OwnText>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            nama_chars_max: NAMA_CHARS_MAX,
            born: Spellings::default(),
            age_min: None,
            age_max: None,
            visit: Spellings::default(),
            today: true,
            horizon_days: None,
            alamat_chars_max: ADDRESS_CHARS_MAX,
            alamat_holds_separator: false,
            party_max: PARTY_MAX,
            services: Vec::new(),
            service_words: Words::default(),
            texts: Vec::new(),
            text_words: Words::default(),
            own_texts: Vec::new(),
        }
    }
}

/// The day so many years before another; 28 February where there is no 29.
fn years_before(day: NaiveDate, years: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(years.saturating_mul(12))).unwrap_or(NaiveDate::MIN)
}

impl Rules {
    /// Birth dates that a date of two-digit year may mean: those of living people, or of the ages that the office takes.
    pub(crate) fn births(&self, sent_on: NaiveDate) -> RangeInclusive<NaiveDate> {
        let oldest = match self.age_max {
            Some(age) => years_before(sent_on, age + 1).succ_opt().unwrap_or(sent_on),
            None => NaiveDate::from_ymd_opt(sent_on.year() - AGE_YEARS_MAX, 1, 1).unwrap_or(NaiveDate::MIN),
        };
        oldest..=self.age_min.map_or(sent_on, |age| years_before(sent_on, age))
    }

    /// Visit dates that a two-digit year may mean. Full dates beyond are read as written, and left to the office's
    /// horizon where the format has none.
    pub(crate) fn visits(&self, sent_on: NaiveDate) -> RangeInclusive<NaiveDate> {
        let first = if self.today { sent_on } else { sent_on.succ_opt().unwrap_or(sent_on) };
        let days = self.horizon_days.unwrap_or(HORIZON_DAYS_MAX);
        first..=sent_on.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
    }

    /// What is wrong with the age of somebody born on a day.
    pub(crate) fn judge_age(&self, born: NaiveDate, sent_on: NaiveDate) -> Option<MisreadKind> {
        let age = sent_on.years_since(born)?;
        if self.age_min.is_some_and(|least| age < least) {
            Some(MisreadKind::TooYoung)
        } else if self.age_max.is_some_and(|most| age > most) {
            Some(MisreadKind::TooOld)
        } else {
            None
        }
    }

    /// What is wrong with a day of visit.
    pub(crate) fn judge_visit(&self, day: NaiveDate, sent_on: NaiveDate) -> Option<MisreadKind> {
        let ahead = (day - sent_on).num_days();
        if ahead < 0 {
            Some(MisreadKind::VisitPast)
        } else if ahead == 0 && !self.today {
            Some(MisreadKind::VisitToday)
        } else if self.horizon_days.is_some_and(|days| ahead > i64::from(days)) {
            Some(MisreadKind::VisitTooFar)
        } else {
            None
        }
    }

    /// The rule of a piece that the office named itself.
    pub(crate) fn text(&self, place: u8) -> Option<&TextRule> {
        self.texts.get(usize::from(place))
    }

    /// Whether a field's value may hold the separator.
    pub(crate) fn holds_separator(&self, field: Field) -> bool {
        match field {
            Field::Alamat => self.alamat_holds_separator,
            Field::Teks(place) => self.text(place).is_some_and(|text| text.holds_separator),
            _ => false,
        }
    }

    /// The office's own sentence about a mistake.
    pub(crate) fn own_text(&self, field: Option<Field>, kind: MisreadKind) -> Option<&OwnText> {
        self.own_texts.iter().find(|own| own.field == field && own.kind == kind)
    }

    /// What a field's piece should be, in English, for tools.
    pub(crate) fn expected(&self, field: Field) -> String {
        let dates = |shapes: &Spellings, usual: &str| match shapes.names() {
            names if names.is_empty() => usual.to_owned(),
            names => names,
        };
        match field {
            Field::Nama => {
                format!("a name of letters, spaces and . , ' -, at most {} characters", self.nama_chars_max)
            }
            Field::TglLahir => {
                let age = match (self.age_min, self.age_max) {
                    (None, None) => String::new(),
                    (least, most) => format!(
                        ", age {} to {}",
                        least.unwrap_or(0),
                        most.map_or_else(|| AGE_YEARS_MAX.to_string(), |most| most.to_string())
                    ),
                };
                format!("a birth date as {}, such as 25011987{age}", dates(&self.born, "ddmmyyyy"))
            }
            Field::TglKedatangan => {
                let first = if self.today { "not in the past" } else { "after today" };
                let last = self.horizon_days.map_or_else(String::new, |days| format!(", at most {days} days ahead"));
                format!("the date of the visit as {}, {first}{last}", dates(&self.visit, "ddmmyyyy"))
            }
            Field::Alamat => format!("an address of at most {} characters", self.alamat_chars_max),
            Field::Jumlah => format!("the number of persons, 1 to {}", self.party_max),
            Field::Nik => "the sixteen digits of the NIK".to_owned(),
            Field::NoKk => "the sixteen digits of the family card's number".to_owned(),
            Field::Telepon => "a telephone number, from abroad with + and the country".to_owned(),
            Field::Email => "an e-mail address".to_owned(),
            Field::Sesi => "pagi or siang".to_owned(),
            Field::Layanan => {
                let names: Vec<&str> = self.services.iter().map(Service::as_str).collect();
                format!("one of {}", names.join(", "))
            }
            Field::Teks(place) => self.text(place).map_or_else(
                || format!("at most {ANSWER_CHARS_MAX} characters"),
                |text| format!("{} in at most {} characters", text.name, text.chars_max),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn the_range_of_births_is_what_the_age_allows() {
        let rules = Rules { age_min: Some(17), age_max: Some(59), ..Rules::default() };
        for sent_on in ["2017-08-01", "2016-02-29", "2017-03-01", "2017-02-28"].map(day) {
            let range = rules.births(sent_on);
            for born in [*range.start(), *range.end()] {
                assert_eq!(rules.judge_age(born, sent_on), None, "{born} on {sent_on}");
            }
            let (before, after) = (range.start().pred_opt(), range.end().succ_opt());
            assert_eq!(rules.judge_age(before.expect("a day"), sent_on), Some(MisreadKind::TooOld), "{sent_on}");
            assert_eq!(rules.judge_age(after.expect("a day"), sent_on), Some(MisreadKind::TooYoung), "{sent_on}");
        }
    }

    #[test]
    fn a_visit_is_judged_by_the_formats_own_days() {
        let rules = Rules { today: false, horizon_days: Some(14), ..Rules::default() };
        for (visit, wrong) in [
            ("2017-07-31", Some(MisreadKind::VisitPast)),
            ("2017-08-01", Some(MisreadKind::VisitToday)),
            ("2017-08-02", None),
            ("2017-08-15", None),
            ("2017-08-16", Some(MisreadKind::VisitTooFar)),
        ] {
            assert_eq!(rules.judge_visit(day(visit), day("2017-08-01")), wrong, "{visit}");
        }
    }
}
