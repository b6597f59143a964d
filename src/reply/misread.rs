//! Replies to forms with something wrong in them: which piece, what stands there, what should stand there.

use super::letter::{Letter, cut, in_fours, plain};
use crate::conversation::Lang;
use crate::domain::person::{AGE_YEARS_MAX, ANSWER_CHARS_MAX};
use crate::grammar::{Field, Misread, MisreadKind};

/// Most characters of a broken piece that are quoted back.
const FOUND_CHARS_MAX: usize = 40;

impl Letter<'_> {
    pub(super) fn misread(&mut self, misread: &Misread, photo_kept: bool) {
        let own = self.own_sentence();
        match &own {
            Some(sentence) => self.open("entry", [("entry", in_fours(sentence).into())]),
            None => self.wrong(misread),
        }
        let found = cut(&plain(&misread.found), FOUND_CHARS_MAX);
        // Where a piece is missing, whatever was found is another piece, and right.
        if !found.is_empty() && misread.kind != MisreadKind::Missing {
            self.line("misread-found", [("found", found.into())]);
        }
        let is_visit =
            matches!(misread.kind, MisreadKind::VisitPast | MisreadKind::VisitToday | MisreadKind::VisitTooFar);
        if is_visit {
            self.open("misread-next-day", [("day", self.day(self.poster.visit).into())]);
        } else if let Some(expected) = expected(misread).filter(|_| own.is_none()) {
            self.expected(expected, misread.field);
        }
        if let Some(suggestion) = &misread.suggestion {
            self.suggested(&suggestion.line, photo_kept);
        } else if photo_kept {
            self.form_without_photo();
            self.tell("misread-photo-kept");
        } else {
            self.form();
        }
    }

    /// The office's own sentence about this mistake, in the reply's language.
    fn own_sentence(&self) -> Option<String> {
        let own = self.poster.own.as_ref()?;
        let sentence = match self.scene.lang {
            Lang::Id => own.id.as_deref(),
            Lang::En => own.en.as_deref(),
        };
        sentence.map(plain)
    }

    /// The sentence that says what should stand there.
    fn expected(&mut self, key: &'static str, field: Option<Field>) {
        let (visit, limits) = (self.poster.visit, &self.poster.limits);
        let services: Vec<String> = limits.services.iter().map(|service| plain(service.as_str())).collect();
        let text_max = match field {
            Some(Field::Teks(place)) => limits.texts.get(usize::from(place)).map_or(ANSWER_CHARS_MAX, |(_, max)| *max),
            _ => ANSWER_CHARS_MAX,
        };
        self.line(
            key,
            [
                ("name-max", limits.nama_chars_max.into()),
                ("address-max", limits.alamat_chars_max.into()),
                ("party-max", limits.party_max.into()),
                ("text-max", text_max.into()),
                ("services", services.join(", ").into()),
                ("field", self.field(field).into()),
                ("day", self.day(visit).into()),
                ("compact", visit.format("%d%m%Y").to_string().into()),
            ],
        );
    }

    /// What is wrong, in one sentence.
    fn wrong(&mut self, misread: &Misread) {
        let field = ("field", self.field(misread.field).into());
        match misread.kind {
            MisreadKind::Missing if misread.field.is_none() => self.tell("misread-missing-some"),
            MisreadKind::Missing => self.open("misread-missing", [field]),
            MisreadKind::Surplus => self.open("misread-surplus", [("mark", self.mark().into())]),
            MisreadKind::Several => self.tell("misread-several"),
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
            MisreadKind::FamilyCard => self.tell("misread-family-card"),
            MisreadKind::Phone => self.tell("misread-phone"),
            MisreadKind::Email => self.tell("misread-email"),
            MisreadKind::Session => self.tell("misread-session"),
            MisreadKind::Service => self.tell("misread-service"),
            MisreadKind::Text => self.open("misread-text", [field]),
            MisreadKind::WhichPiece => self.tell("misread-which-piece"),
            MisreadKind::DateShape => self.open("misread-date-shape", [field]),
            MisreadKind::TooYoung => {
                let years = self.poster.limits.age_min.unwrap_or_default();
                self.open("misread-too-young", [("years", years.into())]);
            }
            MisreadKind::TooOld => {
                let years = self.poster.limits.age_max.unwrap_or_default();
                self.open("misread-too-old", [("years", years.into())]);
            }
            MisreadKind::VisitToday => self.tell("misread-visit-today"),
            MisreadKind::VisitTooFar => {
                let days = self.poster.limits.horizon_days.unwrap_or_default();
                self.open("misread-visit-too-far", [("days", days.into())]);
            }
            MisreadKind::MessageTooLong => self.tell("misread-message-too-long"),
        }
    }

    /// A piece of the form in the citizen's words.
    pub(super) fn field(&self, field: Option<Field>) -> String {
        let key = match field {
            Some(Field::Nama) => "field-name",
            Some(Field::TglLahir) => "field-birth",
            Some(Field::TglKedatangan) => "field-visit",
            Some(Field::Alamat) => "field-address",
            Some(Field::Jumlah) => "field-count",
            Some(Field::Nik) => "field-nik",
            Some(Field::NoKk) => "field-family-card",
            Some(Field::Telepon) => "field-phone",
            Some(Field::Email) => "field-email",
            Some(Field::Sesi) => "field-session",
            Some(Field::Layanan) => "field-service",
            Some(Field::Teks(_)) => match &self.poster.own_name {
                Some(name) => return plain(name),
                None => "field-text",
            },
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
        Field::NoKk => "expect-family-card",
        Field::Telepon => "expect-phone",
        Field::Email => "expect-email",
        Field::Sesi => "expect-session",
        Field::Layanan => "expect-service",
        Field::Teks(_) => "expect-text",
    };
    match misread.kind {
        MisreadKind::Missing => misread.field.map(by_field),
        MisreadKind::NameCharacter | MisreadKind::NameEmpty | MisreadKind::NameTooLong => Some("expect-name"),
        MisreadKind::NotADate | MisreadKind::AmbiguousDate => Some(misread.field.map_or("expect-date", by_field)),
        MisreadKind::NoSuchDay => Some("expect-real-day"),
        MisreadKind::BirthInFuture | MisreadKind::BirthTooOld | MisreadKind::TooYoung | MisreadKind::TooOld => {
            Some("expect-birth")
        }
        MisreadKind::Address => Some("expect-address"),
        MisreadKind::Count => Some("expect-count"),
        MisreadKind::Nik => Some("expect-nik"),
        MisreadKind::FamilyCard => Some("expect-family-card"),
        MisreadKind::Phone => Some("expect-phone"),
        MisreadKind::Email => Some("expect-email"),
        MisreadKind::Session => Some("expect-session"),
        MisreadKind::Service => Some("expect-service"),
        MisreadKind::Text => Some("expect-text"),
        MisreadKind::WhichPiece => Some("expect-which-piece"),
        MisreadKind::DateShape => Some("expect-date-shape"),
        MisreadKind::Surplus
        | MisreadKind::Several
        | MisreadKind::Swapped
        | MisreadKind::MessageTooLong
        | MisreadKind::VisitPast
        | MisreadKind::VisitToday
        | MisreadKind::VisitTooFar => None,
    }
}
