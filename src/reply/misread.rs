//! Replies to forms with something wrong in them: which piece, what stands there, what should stand there.

use super::letter::{Letter, cut, in_fours, plain};
use crate::conversation::Lang;
use crate::domain::person::{AGE_YEARS_MAX, ANSWER_CHARS_MAX, PARTY_MAX};
use crate::grammar::{Field, Member, Misread, MisreadKind, Mistake};

/// Most characters of a broken piece that are quoted back.
const FOUND_CHARS_MAX: usize = 40;

impl Letter<'_> {
    pub(super) fn misread(&mut self, misread: &Misread, photo_kept: bool) {
        self.whose(misread.member.clone());
        let own = self.own_sentence();
        match &own {
            Some(sentence) => self.follow("entry", [("entry", in_fours(sentence).into())]),
            None => self.wrong(misread),
        }
        let found = quoted(&misread.found);
        // Where a piece is missing, whatever was found is another piece, and right; so is one person more.
        let is_right = matches!(misread.kind, MisreadKind::Missing | MisreadKind::TooManyPeople);
        if !found.is_empty() && !is_right {
            self.line("misread-found", [("found", found.into())]);
        }
        let is_visit =
            matches!(misread.kind, MisreadKind::VisitPast | MisreadKind::VisitToday | MisreadKind::VisitTooFar);
        if is_visit {
            self.open("misread-next-day", [("day", self.day(self.poster.visit).into())]);
        } else if misread.kind == MisreadKind::Keyword && own.is_none() {
            let key = if self.poster.keywords.is_empty() { "expect-no-keyword" } else { "expect-keyword" };
            self.line(key, [("keywords", self.keywords().into())]);
        } else if let Some(expected) = expected(misread).filter(|_| own.is_none()) {
            self.expected(expected, misread.field);
        }
        self.further_mistakes(misread);
        if let Some(suggestion) = &misread.suggestion {
            self.suggested(&suggestion.line, photo_kept);
        } else {
            if misread.member.is_some() {
                self.tell("misread-send-all");
            }
            if photo_kept {
                self.form_without_photo();
                self.tell("misread-photo-kept");
            } else {
                self.form();
            }
        }
    }

    /// The other pieces that are wrong: everything is said in one reply.
    fn further_mistakes(&mut self, misread: &Misread) {
        if misread.others.is_empty() {
            return;
        }
        self.tell("misread-also");
        let mut told = expected(misread);
        for Mistake { kind, field, found } in &misread.others {
            let other = Misread { kind: *kind, field: Some(*field), found: found.clone(), ..misread.clone() };
            self.wrong(&other);
            let found = quoted(found);
            if !found.is_empty() && *kind != MisreadKind::Missing {
                self.line("misread-found", [("found", found.into())]);
            }
            // Two dates are written alike: once is enough.
            let key = expected(&other).filter(|&key| told != Some(key));
            if let Some(key) = key {
                self.expected(key, other.field);
            }
            told = key.or(told);
        }
    }

    /// Whose line it is, where the message has several.
    pub(super) fn whose(&mut self, member: Option<Member>) {
        let Some(Member { number, nama }) = member else { return };
        match nama {
            Some(nama) => {
                let name = plain(&nama.capitals());
                self.open("person-of-name", [("number", number.into()), ("name", name.into())]);
            }
            None => self.open("person-of", [("number", number.into())]),
        }
    }

    /// The office's keywords, one beside the other.
    fn keywords(&self) -> String {
        self.poster.keywords.iter().map(|word| plain(word)).collect::<Vec<_>>().join(" / ")
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
    pub(super) fn expected(&mut self, key: &'static str, field: Option<Field>) {
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
    pub(super) fn wrong(&mut self, misread: &Misread) {
        let field = ("field", self.field(misread.field).into());
        match misread.kind {
            MisreadKind::Missing if misread.field.is_none() && !self.poster.keywords.is_empty() => {
                self.follow("misread-missing-keyword", [("keywords", self.keywords().into())]);
            }
            MisreadKind::Missing if misread.field.is_none() => self.follow("misread-missing-some", []),
            MisreadKind::Missing => self.follow("misread-missing", [field]),
            MisreadKind::Surplus => self.follow("misread-surplus", [("mark", self.mark().into())]),
            MisreadKind::Several => self.follow("misread-several", []),
            MisreadKind::TooManyPeople => self.follow("misread-too-many-people", [("limit", PARTY_MAX.into())]),
            MisreadKind::SamePerson => self.follow("misread-same-person", []),
            MisreadKind::NotTogether => self.follow("misread-not-together", [field]),
            MisreadKind::Keyword => self.follow("misread-keyword", []),
            MisreadKind::NameCharacter | MisreadKind::Mingled if misread.names_several() => {
                self.follow("misread-two-people", []);
            }
            MisreadKind::NameCharacter => self.follow("misread-name-character", []),
            MisreadKind::NameAlphabet => self.follow("misread-name-alphabet", []),
            MisreadKind::NameMarks => self.follow("misread-name-marks", []),
            MisreadKind::NameEmpty => self.follow("misread-name-empty", []),
            MisreadKind::Mingled => self.follow("misread-mingled", [field]),
            MisreadKind::NameTooLong => self.follow("misread-name-too-long", []),
            MisreadKind::Swapped => self.follow("misread-swapped", []),
            MisreadKind::NotADate => self.follow("misread-not-a-date", [field]),
            MisreadKind::NoSuchDay => self.follow("misread-no-such-day", [field]),
            MisreadKind::AmbiguousDate => self.follow("misread-ambiguous-date", [field]),
            MisreadKind::OtherWeekday => self.follow("misread-other-weekday", [field]),
            MisreadKind::BirthInFuture => self.follow("misread-birth-in-future", []),
            MisreadKind::BirthTooOld => self.follow("misread-birth-too-old", [("years", AGE_YEARS_MAX.into())]),
            MisreadKind::VisitPast => {
                let today = self.scene.office.date_at(self.scene.now);
                self.follow("misread-visit-past", [("today", self.day(today).into())]);
            }
            MisreadKind::Address => self.follow("misread-address", []),
            MisreadKind::Count => self.follow("misread-count", []),
            MisreadKind::Nik => self.follow("misread-nik", []),
            MisreadKind::FamilyCard => self.follow("misread-family-card", []),
            MisreadKind::Phone => self.follow("misread-phone", []),
            MisreadKind::Email => self.follow("misread-email", []),
            MisreadKind::Session => self.follow("misread-session", []),
            MisreadKind::Service => self.follow("misread-service", []),
            MisreadKind::Text => self.follow("misread-text", [field]),
            MisreadKind::WhichPiece => self.follow("misread-which-piece", []),
            MisreadKind::DateShape => self.follow("misread-date-shape", [field]),
            MisreadKind::TooYoung => {
                let years = self.poster.limits.age_min.unwrap_or_default();
                self.follow("misread-too-young", [("years", years.into())]);
            }
            MisreadKind::TooOld => {
                let years = self.poster.limits.age_max.unwrap_or_default();
                self.follow("misread-too-old", [("years", years.into())]);
            }
            MisreadKind::VisitToday => self.follow("misread-visit-today", []),
            MisreadKind::VisitTooFar => {
                let days = self.poster.limits.horizon_days.unwrap_or_default();
                self.follow("misread-visit-too-far", [("days", days.into())]);
            }
            MisreadKind::MessageTooLong => self.follow("misread-message-too-long", []),
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
            Some(Field::Teks(place)) => match self.poster.limits.texts.get(usize::from(place)) {
                Some((name, _)) => return plain(name),
                None => "field-text",
            },
            None => "field-form",
        };
        self.say(key, [])
    }
}

/// What was written, as it is quoted; nothing where a link stands in it, which would look like one of the office.
fn quoted(found: &str) -> String {
    let is_link = found.contains("://") || found.to_ascii_lowercase().contains("www.");
    if is_link { String::new() } else { cut(&plain(found), FOUND_CHARS_MAX) }
}

/// The sentence that says what should stand there.
pub(super) fn expected(misread: &Misread) -> Option<&'static str> {
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
        MisreadKind::NameCharacter | MisreadKind::Mingled if misread.names_several() => Some("expect-each-person"),
        MisreadKind::NameCharacter | MisreadKind::NameEmpty | MisreadKind::NameTooLong | MisreadKind::NameMarks => {
            Some("expect-name")
        }
        MisreadKind::NameAlphabet => Some("expect-name-alphabet"),
        MisreadKind::NotADate | MisreadKind::AmbiguousDate | MisreadKind::OtherWeekday => {
            Some(misread.field.map_or("expect-date", by_field))
        }
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
        MisreadKind::WhichPiece if misread.field == Some(Field::Jumlah) => Some("expect-house-or-count"),
        MisreadKind::WhichPiece => Some("expect-which-piece"),
        MisreadKind::DateShape => Some("expect-date-shape"),
        MisreadKind::NotTogether => Some("expect-together"),
        MisreadKind::Mingled if misread.field == Some(Field::Nama) => Some("expect-alone"),
        MisreadKind::Mingled
        | MisreadKind::Surplus
        | MisreadKind::Several
        | MisreadKind::TooManyPeople
        | MisreadKind::SamePerson
        | MisreadKind::Keyword
        | MisreadKind::Swapped
        | MisreadKind::MessageTooLong
        | MisreadKind::VisitPast
        | MisreadKind::VisitToday
        | MisreadKind::VisitTooFar => None,
    }
}
