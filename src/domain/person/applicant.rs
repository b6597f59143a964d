//! Whom a booking is for.

use serde::{Deserialize, Serialize};

use super::birth_date::TglLahir;
use super::nama::Nama;
use super::texts::{Address, FreeText, Service};
use crate::domain::identity::{Email, Nik, NoKk, Phone};
use crate::domain::slot::Session;

/// Persons of one message, by a count (`#JUMLAH`) or with a line each, the applicant included: as many as APAPO and M-Paspor
/// let one account register.
pub const PARTY_MAX: u8 = 5;

/// Whom a booking is for: what a form said, and nothing that it did not say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// Full name.
    pub nama: Nama,
    /// Birth date.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tgl_lahir: Option<TglLahir>,
    /// Address, where the office's format asks for one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub alamat: Option<Address>,
    /// National identity number, where the office's format asks for one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub nik: Option<Nik>,
    /// Number of the family card, where the office's format asks for one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub no_kk: Option<NoKk>,
    /// A telephone number to call, which may be another than the one that the message came from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub telepon: Option<Phone>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub email: Option<Email>,
    /// The half of the day that was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sesi: Option<Session>,
    /// The service that was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub layanan: Option<Service>,
    /// Answers to what the office asks in its own words.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub teks: Vec<FreeText>,
    /// The others of a party of which each has a line in the message. They have no others themselves.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub others: Vec<Self>,
}

impl Applicant {
    /// Somebody of whom no more is known than the name.
    pub fn named(nama: Nama) -> Self {
        Self {
            nama,
            tgl_lahir: None,
            alamat: None,
            nik: None,
            no_kk: None,
            telepon: None,
            email: None,
            sesi: None,
            layanan: None,
            teks: Vec::new(),
            others: Vec::new(),
        }
    }

    /// Everybody who is named: the applicant, then the others in the order of their lines.
    pub fn people(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.others)
    }

    /// Whether somebody is named in both.
    pub fn shares_a_person(&self, other: &Self) -> bool {
        self.people().any(|one| other.people().any(|another| one.same_person(another)))
    }

    /// Whether the birth date inside the NIK is another than the one given: for the office to look at.
    pub fn nik_differs(&self) -> bool {
        matches!((&self.nik, self.tgl_lahir), (Some(nik), Some(born)) if !nik.agrees_with(born.date()))
    }

    /// Whether both forms are about one person: the same name but for case, the same birth date.
    pub fn same_person(&self, other: &Self) -> bool {
        self.nama.capitals() == other.nama.capitals() && self.tgl_lahir == other.tgl_lahir
    }

    /// Whether both forms say the same of the same people, whatever their order and letter case: people send a form again as
    /// `#BUDI#…` and mean the same.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.others.len() == other.others.len()
            && self.people().all(|one| other.people().any(|another| one.says_the_same_of_one(another)))
    }

    /// The same of the applicants alone.
    fn says_the_same_of_one(&self, other: &Self) -> bool {
        let capitals = |alamat: &Option<Address>| alamat.as_ref().map(|alamat| alamat.as_str().to_uppercase());
        let answers = |teks: &[FreeText]| -> Vec<_> {
            teks.iter().map(|answer| (answer.label.clone(), answer.as_str().to_uppercase())).collect()
        };
        let same_mail = match (&self.email, &other.email) {
            (Some(email), Some(other)) => email.is_same(other),
            (email, other) => email == other,
        };
        self.same_person(other)
            && capitals(&self.alamat) == capitals(&other.alamat)
            && same_mail
            && (&self.nik, &self.no_kk, &self.telepon) == (&other.nik, &other.no_kk, &other.telepon)
            && (self.sesi, &self.layanan) == (other.sesi, &other.layanan)
            && answers(&self.teks) == answers(&other.teks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_applicant_of_an_older_version_still_reads() {
        let old = r#"{"nama":"Budi","tgl_lahir":"1987-01-25","nik":"3271042501870001"}"#;
        let budi: Applicant = serde_json::from_str(old).expect("an applicant");
        assert_eq!((budi.nama.as_str(), budi.no_kk, budi.sesi), ("Budi", None, None));
        assert!(budi.teks.is_empty() && budi.others.is_empty());
    }

    #[test]
    fn a_party_is_the_same_in_any_order_and_another_with_another_person() {
        let one = |name: &str| Applicant::named(Nama::read(name).expect("a name"));
        let party = |first: &str, others: &[&str]| Applicant {
            others: others.iter().map(|name| one(name)).collect(),
            ..one(first)
        };
        let three = party("Budi", &["Siti", "Agus"]);
        assert!(three.says_the_same(&party("AGUS", &["Budi", "siti"])));
        assert!(three.shares_a_person(&one("agus")) && !three.shares_a_person(&party("Dewi", &["Rina"])));
        assert!(!three.says_the_same(&party("Budi", &["Siti"])) && !party("Budi", &["Siti"]).says_the_same(&three));
        assert!(!three.says_the_same(&party("Budi", &["Siti", "Dewi"])));
    }

    #[test]
    fn forms_say_the_same_but_for_letter_case() {
        let form = |email: &str, pekerjaan: &str, sesi| Applicant {
            email: Email::read(email),
            teks: FreeText::read("Pekerjaan", pekerjaan, 40).into_iter().collect(),
            sesi: Some(sesi),
            ..Applicant::named(Nama::read("Budi").expect("a name"))
        };
        let first = form("budi@example.id", "guru", Session::Pagi);
        assert!(first.says_the_same(&form("BUDI@example.id", "Guru", Session::Pagi)));
        for other in [
            form("siti@example.id", "guru", Session::Pagi),
            form("budi@example.id", "dokter", Session::Pagi),
            form("budi@example.id", "guru", Session::Siang),
        ] {
            assert!(!first.says_the_same(&other));
        }
    }
}
