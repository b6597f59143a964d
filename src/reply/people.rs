//! The people of a booking or form, in a text or under a picture.

use super::letter::{Letter, Yields, cut, in_fours, plain};
use super::when::dashed;
use crate::domain::person::{Applicant, PARTY_MAX};

/// Last digits of a NIK or a family card's number that a reply shows.
const NIK_DIGITS_SHOWN: usize = 4;

/// Longest names of a party under a picture, in characters together, that leave space for birth dates: five of twenty letters each.
const CAPTION_BORN_CHARS_MAX: usize = 100;
/// Longest names of a party under a picture, in characters together, that stand there whole; beyond that each is cut.
const CAPTION_NAMES_CHARS_MAX: usize = 150;
const CAPTION_NAME_CHARS_MAX: usize = CAPTION_NAMES_CHARS_MAX / PARTY_MAX as usize;

/// Where people are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a text, which has space for everything.
    Text,
    /// Under a picture.
    Caption,
}

/// The end of a long number: enough to notice a typing mistake.
fn last_digits(number: &str) -> String {
    number.chars().skip(number.chars().count().saturating_sub(NIK_DIGITS_SHOWN)).collect()
}

/// Everybody's name: `BUDI SANTOSO, SITI AMINAH`.
pub(super) fn names(applicant: &Applicant) -> String {
    applicant.people().map(|person| plain(&person.nama.capitals())).collect::<Vec<_>>().join(", ")
}

impl Letter<'_> {
    /// Who comes: the one person with all that the form said, or everybody who has a line in it.
    pub(super) fn people(&mut self, applicant: &Applicant, party: u32, place: Place) {
        if applicant.others.is_empty() {
            self.line("person-name", [("name", plain(&applicant.nama.capitals()).into())]);
            if let Some(birth) = applicant.tgl_lahir {
                self.line("person-birth", [("date", dashed(birth.date()).into())]);
            }
        }
        if let Some(session) = applicant.sesi {
            self.line("person-session", [("session", self.session(session).into())]);
        }
        let is_alone = applicant.others.is_empty();
        if is_alone {
            self.details(applicant);
        }
        // Under a picture the queue numbers say how many.
        if party > 1 && (is_alone || place == Place::Text) {
            self.line("person-party", [("count", party.into())]);
        }
        let chars = if place == Place::Text { 0 } else { names(applicant).chars().count() };
        let name_max = if chars > CAPTION_NAMES_CHARS_MAX { CAPTION_NAME_CHARS_MAX } else { usize::MAX };
        for (at, person) in applicant.people().enumerate().filter(|_| !is_alone) {
            let name = cut(&plain(&person.nama.capitals()), name_max);
            let (number, name) = (("number", (at + 1).into()), ("name", name.into()));
            match person.tgl_lahir.filter(|_| chars <= CAPTION_BORN_CHARS_MAX) {
                Some(birth) => self.line("person-numbered-born", [number, name, ("date", dashed(birth.date()).into())]),
                None => self.line("person-numbered", [number, name]),
            }
            self.details(person);
        }
    }

    /// What a form says of a person besides name and birth date.
    fn details(&mut self, applicant: &Applicant) {
        if let Some(nik) = &applicant.nik {
            self.yielding(Yields::Address, "person-nik", [("digits", last_digits(nik.as_str()).into())]);
        }
        if let Some(number) = &applicant.no_kk {
            let digits = last_digits(number.as_str());
            self.yielding(Yields::Address, "person-family-card", [("digits", digits.into())]);
        }
        if let Some(phone) = &applicant.telepon {
            let number = in_fours(&phone.international());
            self.yielding(Yields::Address, "person-phone", [("number", number.into())]);
        }
        if let Some(service) = &applicant.layanan {
            let service = in_fours(&plain(service.as_str()));
            self.yielding(Yields::Bring, "person-service", [("service", service.into())]);
        }
        if let Some(email) = &applicant.email {
            self.yielding(Yields::Address, "person-email", [("email", in_fours(email.as_str()).into())]);
        }
        for answer in &applicant.teks {
            let (label, text) = (plain(&answer.label), in_fours(&plain(answer.as_str())));
            self.yielding(Yields::Address, "person-text", [("label", label.into()), ("text", text.into())]);
        }
        if let Some(address) = &applicant.alamat {
            let address = in_fours(&plain(address.as_str()));
            self.yielding(Yields::Address, "person-address", [("address", address.into())]);
        }
    }
}
