//! A citizen as somebody may see them.

use chrono::NaiveDate;

use crate::access::office_view::OfficeView;
use crate::domain::masked_debug::masked_debug;
use crate::domain::person::{Applicant, Nama, TglLahir};
use crate::domain::staff::{Area, Level};

/// Digits of a NIK that are shown: enough to compare with a card, too few to use.
const NIK_DIGITS_SHOWN: usize = 4;

/// How much of a citizen somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Initials only.
    Masked,
    /// Everything that a front desk needs.
    Whole,
}

/// A hint at a NIK.
#[derive(Clone, PartialEq, Eq)]
pub struct SeenNik {
    /// Its last digits.
    pub tail: String,
    /// Whether the birth date inside is the one that was given; `None` where none was given.
    pub agrees: Option<bool>,
}

/// A citizen.
#[derive(Clone, PartialEq, Eq)]
pub struct SeenPerson {
    /// The name, or initials.
    pub name: String,
    /// The birth date, where it was given and may be seen.
    pub born: Option<NaiveDate>,
    /// A hint at the NIK, where one was given and may be seen.
    pub nik: Option<SeenNik>,
    /// Whether something is hidden from whoever asks.
    pub is_masked: bool,
}

masked_debug!(SeenNik, SeenPerson);

impl Sight {
    /// A name.
    pub(in crate::access) fn name(self, name: &Nama) -> String {
        match self {
            Self::Whole => name.as_str().to_owned(),
            Self::Masked => {
                let initial = |word: &str| word.chars().next().map(|first| format!("{first}…"));
                name.as_str().split_whitespace().filter_map(initial).collect::<Vec<_>>().join(" ")
            }
        }
    }

    /// Somebody.
    pub(super) fn person(self, person: &Applicant) -> SeenPerson {
        let is_whole = self == Self::Whole;
        let nik = person.nik.as_ref().filter(|_| is_whole).map(|nik| SeenNik {
            tail: nik.as_str().chars().skip(nik.as_str().len().saturating_sub(NIK_DIGITS_SHOWN)).collect(),
            agrees: person.tgl_lahir.map(|born| nik.agrees_with(born.date())),
        });
        SeenPerson {
            name: self.name(&person.nama),
            born: person.tgl_lahir.map(TglLahir::date).filter(|_| is_whole),
            nik,
            is_masked: !is_whole,
        }
    }
}

impl OfficeView {
    /// How much of the citizens somebody sees; `None` for somebody to whom the day is closed.
    pub fn sight(&self) -> Option<Sight> {
        match self.level(Area::Day) {
            Level::Nothing => None,
            Level::Masked => Some(Sight::Masked),
            Level::Read | Level::Write => Some(Sight::Whole),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::Nik;
    use crate::domain::sample::day;

    // Negative control: with `is_whole` always true, birth date and NIK of a masked person are there.
    #[test]
    fn a_masked_person_has_initials_and_nothing_else() {
        let mut budi = Applicant::named(Nama::read("Budi Santoso").unwrap());
        budi.tgl_lahir = Some(TglLahir::judge(day(1987, 1, 25), day(2026, 8, 4)).unwrap());
        budi.nik = Nik::read("3201012501870003");
        let masked = Sight::Masked.person(&budi);
        assert_eq!(masked, SeenPerson { name: "B… S…".to_owned(), born: None, nik: None, is_masked: true });
        let whole = Sight::Whole.person(&budi);
        assert_eq!((whole.name.as_str(), whole.born), ("Budi Santoso", Some(day(1987, 1, 25))));
        assert_eq!(whole.nik, Some(SeenNik { tail: "0003".to_owned(), agrees: Some(true) }));
    }
}
