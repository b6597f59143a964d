//! The value of a piece, with its other readings and the repair that was made.

use chrono::NaiveDate;

use crate::domain::identity::{Email, Nik, NoKk, Phone};
use crate::domain::person::{Address, FreeText, Nama, Service, TglLahir};
use crate::domain::slot::Session;
use crate::grammar::request::note::NoteKind;

/// One value of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Nama(Nama),
    TglLahir(TglLahir),
    TglKedatangan(NaiveDate),
    Alamat(Address),
    Jumlah(u8),
    Nik(Nik),
    NoKk(NoKk),
    Telepon(Phone),
    Email(Email),
    Sesi(Session),
    Layanan(Service),
    Teks(FreeText),
}

/// A piece as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parsed {
    /// Its value; of several readings the first.
    pub(crate) value: Value,
    /// The other days that a date may be.
    pub(crate) others: Vec<NaiveDate>,
    /// The typo that was repaired, and what it was read as.
    pub(crate) repaired: Option<(NoteKind, String)>,
}

impl From<Value> for Parsed {
    fn from(value: Value) -> Self {
        Self { value, others: Vec::new(), repaired: None }
    }
}
