//! The fields that a form may have: a closed set, from which formats choose.

use serde::{Deserialize, Serialize};

/// Pieces of its own naming that one format may have.
pub(crate) const TEXTS_MAX: usize = 3;

/// The pieces that a format may ask for. Names are canonical, never a poster's spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Field {
    /// Full name.
    Nama,
    /// Birth date.
    TglLahir,
    /// The day of the visit.
    TglKedatangan,
    /// Address as on the e-KTP.
    Alamat,
    /// Persons on one family message.
    Jumlah,
    /// National identity number.
    Nik,
    /// Number of the family card.
    NoKk,
    /// Telephone number.
    Telepon,
    /// E-mail address.
    Email,
    /// Half of the day of the visit: `pagi` or `siang`.
    Sesi,
    /// One of the services that the format lists.
    Layanan,
    /// A piece that the office named itself, free text; the number is its place among the format's own, from 0.
    Teks(u8),
}

impl Field {
    /// The pieces with a name of their own: all but free text.
    pub const KNOWN: [Self; 11] = [
        Self::Nama,
        Self::TglLahir,
        Self::TglKedatangan,
        Self::Alamat,
        Self::Jumlah,
        Self::Nik,
        Self::NoKk,
        Self::Telepon,
        Self::Email,
        Self::Sesi,
        Self::Layanan,
    ];

    /// Its canonical name, `TglLahir`: the key in JSON. Free texts are numbered; what their office calls them is
    /// [`super::Format::called`].
    pub fn name(self) -> &'static str {
        match self {
            Self::Nama => "Nama",
            Self::TglLahir => "TglLahir",
            Self::TglKedatangan => "TglKedatangan",
            Self::Alamat => "Alamat",
            Self::Jumlah => "Jumlah",
            Self::Nik => "Nik",
            Self::NoKk => "NoKK",
            Self::Telepon => "Telepon",
            Self::Email => "Email",
            Self::Sesi => "Sesi",
            Self::Layanan => "Layanan",
            Self::Teks(0) => "Teks",
            Self::Teks(1) => "Teks2",
            Self::Teks(_) => "Teks3",
        }
    }

    /// The field of a canonical name.
    pub fn named(name: &str) -> Option<Self> {
        let texts = [Self::Teks(0), Self::Teks(1), Self::Teks(2)];
        Self::KNOWN.into_iter().chain(texts).find(|field| field.name() == name)
    }

    /// Whether this and another field are written alike, so that only a label in front distinguishes them.
    pub(crate) fn looks_like(self, other: Self) -> bool {
        matches!((self, other), (Self::Nik, Self::NoKk) | (Self::NoKk, Self::Nik))
    }
}

/// What a photo shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PhotoKind {
    /// The e-KTP.
    Ktp,
    /// A birth certificate.
    Akta,
    /// Anything.
    Any,
}

impl PhotoKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Ktp, Self::Akta, Self::Any];

    /// Its name in the vocabulary, `ktp`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ktp => "ktp",
            Self::Akta => "akta",
            Self::Any => "foto",
        }
    }

    /// The kind of its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        let texts = (0..3).map(Field::Teks);
        assert_eq!(texts.len(), TEXTS_MAX);
        for field in Field::KNOWN.into_iter().chain(texts) {
            assert_eq!(Field::named(field.name()), Some(field));
        }
        for kind in PhotoKind::ALL {
            assert_eq!(PhotoKind::named(kind.name()), Some(kind));
        }
    }
}
