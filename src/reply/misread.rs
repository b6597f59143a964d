//! Replies to forms with something wrong in them: which piece, what stands there, what should stand there.

use super::letter::{Letter, cut, plain};
use crate::domain::person::{ADDRESS_CHARS_MAX, AGE_YEARS_MAX, NAMA_CHARS_MAX, PARTY_MAX};
use crate::grammar::{Field, Misread, MisreadKind};

/// Most characters of a broken piece that are quoted back.
const FOUND_CHARS_MAX: usize = 40;

impl Letter<'_> {
    pub(super) fn misread(&mut self, misread: &Misread, photo_kept: bool) {
        self.wrong(misread);
        let found = cut(&plain(&misread.found), FOUND_CHARS_MAX);
        // Where a piece is missing, whatever was found is another piece, and right.
        if !found.is_empty() && misread.kind != MisreadKind::Missing {
            self.line("misread-found", [("found", found.into())]);
        }
        if misread.kind == MisreadKind::VisitPast {
            self.open("misread-next-day", [("day", self.day(self.poster.visit).into())]);
        } else if let Some(expected) = expected(misread) {
            let visit = self.poster.visit;
            self.line(
                expected,
                [
                    ("name-max", NAMA_CHARS_MAX.into()),
                    ("address-max", ADDRESS_CHARS_MAX.into()),
                    ("party-max", PARTY_MAX.into()),
                    ("day", self.day(visit).into()),
                    ("compact", visit.format("%d%m%Y").to_string().into()),
                ],
            );
        }
        if photo_kept {
            self.form_without_photo();
            self.tell("misread-photo-kept");
        } else {
            self.form();
        }
    }

    /// What is wrong, in one sentence.
    fn wrong(&mut self, misread: &Misread) {
        let field = ("field", self.field(misread.field).into());
        match misread.kind {
            MisreadKind::Missing if misread.field.is_none() => self.tell("misread-missing-some"),
            MisreadKind::Missing => self.open("misread-missing", [field]),
            MisreadKind::Surplus => self.tell("misread-surplus"),
            MisreadKind::NameCharacter => self.tell("misread-name-character"),
            MisreadKind::NameEmpty => self.tell("misread-name-empty"),
            MisreadKind::NameTooLong => self.tell("misread-name-too-long"),
            MisreadKind::Swapped => self.tell("misread-swapped"),
            MisreadKind::NotADate => self.open("misread-not-a-date", [field]),
            MisreadKind::NoSuchDay => self.open("misread-no-such-day", [field]),
            MisreadKind::AmbiguousDate => self.open("misread-ambiguous-date", [field]),
            MisreadKind::BirthInFuture => self.tell("misread-birth-in-future"),
            MisreadKind::BirthTooOld => self.open("misread-birth-too-old", [("years", AGE_YEARS_MAX.into())]),
            MisreadKind::VisitPast => {
                let today = self.scene.office.date_at(self.scene.now);
                self.open("misread-visit-past", [("today", self.day(today).into())]);
            }
            MisreadKind::Address => self.tell("misread-address"),
            MisreadKind::Count => self.tell("misread-count"),
            MisreadKind::Nik => self.tell("misread-nik"),
            MisreadKind::MessageTooLong => self.tell("misread-message-too-long"),
        }
    }

    /// A piece of the form in the citizen's words.
    fn field(&self, field: Option<Field>) -> String {
        let key = match field {
            Some(Field::Nama) => "field-name",
            Some(Field::TglLahir) => "field-birth",
            Some(Field::TglKedatangan) => "field-visit",
            Some(Field::Alamat) => "field-address",
            Some(Field::Jumlah) => "field-count",
            Some(Field::Nik) => "field-nik",
            None => "field-form",
        };
        self.say(key, [])
    }
}

/// The sentence that says what should stand there.
fn expected(misread: &Misread) -> Option<&'static str> {
    let by_field = |field| match field {
        Field::Nama => "expect-name",
        Field::TglLahir => "expect-date",
        Field::TglKedatangan => "expect-visit",
        Field::Alamat => "expect-address",
        Field::Jumlah => "expect-count",
        Field::Nik => "expect-nik",
    };
    match misread.kind {
        MisreadKind::Missing => misread.field.map(by_field),
        MisreadKind::NameCharacter | MisreadKind::NameEmpty | MisreadKind::NameTooLong => Some("expect-name"),
        MisreadKind::NotADate | MisreadKind::AmbiguousDate => Some(misread.field.map_or("expect-date", by_field)),
        MisreadKind::NoSuchDay => Some("expect-real-day"),
        MisreadKind::BirthInFuture | MisreadKind::BirthTooOld => Some("expect-birth"),
        MisreadKind::Address => Some("expect-address"),
        MisreadKind::Count => Some("expect-count"),
        MisreadKind::Nik => Some("expect-nik"),
        MisreadKind::Surplus | MisreadKind::Swapped | MisreadKind::MessageTooLong | MisreadKind::VisitPast => None,
    }
}
