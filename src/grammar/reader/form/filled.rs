//! Builds a form from the values of its pieces.

use chrono::NaiveDate;

use crate::domain::identity::{Email, Nik, NoKk, Phone};
use crate::domain::person::{Address, Applicant, FreeText, Nama, Service, TglLahir};
use crate::domain::slot::Session;
use crate::grammar::format::Format;
use crate::grammar::language::labels;
use crate::grammar::request::field::Field;
use crate::grammar::request::form::Form;
use crate::grammar::request::misread::{FOUND_CHARS_MAX, MisreadKind};
use crate::grammar::request::note::{Note, NoteKind};
use crate::grammar::request::piece_error::{FormError, PieceError};
use crate::grammar::value::parsed::{Parsed, Value};

/// A form with every piece read.
#[derive(Debug)]
pub(crate) struct Filled<'m> {
    pub(crate) form: Form,
    /// The dates that may be several days.
    pub(crate) ambiguous_dates: Vec<AmbiguousDate<'m>>,
    /// The count, where it may be the house number of the address in front of it.
    pub(crate) house: Option<&'m str>,
}

/// A date that may be several days.
#[derive(Debug)]
pub(crate) struct AmbiguousDate<'m> {
    pub(crate) field: Field,
    /// Whose it is, counted from 1, where several people have a line each.
    pub(crate) person: Option<u8>,
    pub(crate) at: &'m str,
    /// The days besides the form's own.
    pub(crate) others: Vec<NaiveDate>,
}

/// Collects the values of a form's pieces.
#[derive(Default)]
pub(crate) struct FormBuilder<'m> {
    nama: Option<Nama>,
    tgl_lahir: Option<TglLahir>,
    alamat: Option<Address>,
    nik: Option<Nik>,
    no_kk: Option<NoKk>,
    telepon: Option<Phone>,
    email: Option<Email>,
    sesi: Option<Session>,
    layanan: Option<Service>,
    teks: Vec<FreeText>,
    visit: Option<NaiveDate>,
    party: u8,
    notes: Vec<Note>,
    ambiguous_dates: Vec<AmbiguousDate<'m>>,
}

impl Filled<'_> {
    /// Whether every value is the only one that it can be.
    pub(crate) fn is_certain(&self) -> bool {
        self.ambiguous_dates.is_empty()
    }
}

impl<'m> FormBuilder<'m> {
    /// An empty form for one person; a count may change that.
    pub(crate) fn new() -> Self {
        Self { party: 1, ..Self::default() }
    }

    /// Adds what a piece was read as.
    pub(crate) fn fill(&mut self, field: Field, piece: &'m str, Parsed { value, others, repaired }: Parsed) {
        self.set(value);
        if !others.is_empty() {
            self.ambiguous_dates.push(AmbiguousDate { field, person: None, at: piece, others });
        }
        self.notes.extend(repaired.map(|(kind, to)| {
            let from = labels::unlabelled(field, piece).chars().take(FOUND_CHARS_MAX).collect();
            Note { kind, field: Some(field), person: None, from, to }
        }));
    }

    fn set(&mut self, value: Value) {
        match value {
            Value::Nama(value) => self.nama = Some(value),
            Value::TglLahir(value) => self.tgl_lahir = Some(value),
            Value::TglKedatangan(value) => self.visit = Some(value),
            Value::Alamat(value) => self.alamat = Some(value),
            Value::Jumlah(value) => self.party = value,
            Value::Nik(value) => self.nik = Some(value),
            Value::NoKk(value) => self.no_kk = Some(value),
            Value::Telepon(value) => self.telepon = Some(value),
            Value::Email(value) => self.email = Some(value),
            Value::Sesi(value) => self.sesi = Some(value),
            Value::Layanan(value) => self.layanan = Some(value),
            Value::Teks(value) => self.teks.push(value),
        }
    }

    /// The form, once every piece is filled in.
    pub(crate) fn form(self, format: &Format) -> Result<Filled<'m>, FormError<'m>> {
        let Self { nama, tgl_lahir, alamat, nik, no_kk, telepon, email, sesi, layanan, teks, .. } = self;
        let Self { visit, party, mut notes, ambiguous_dates, .. } = self;
        // Every pattern has a name; `Pattern::read` holds that.
        let nama = nama.ok_or((Some(Field::Nama), PieceError { kind: MisreadKind::Missing, at: "" }))?;
        let others = Vec::new();
        let applicant = Applicant { nama, tgl_lahir, alamat, nik, no_kk, telepon, email, sesi, layanan, teks, others };
        // Which birth date it is, is asked first.
        notes.extend(
            nik_note(&applicant).filter(|_| ambiguous_dates.iter().all(|ambiguous| ambiguous.field != Field::TglLahir)),
        );
        let format_id = format.id().clone();
        let form = Form { format: format_id, applicant, visit, party, wants_photo: format.wants_photo(), notes };
        Ok(Filled { form, ambiguous_dates, house: None })
    }
}

/// The note on a NIK whose birth date is not the one given. Both may be right: a NIK is never reissued.
pub(crate) fn nik_note(applicant: &Applicant) -> Option<Note> {
    let (Some(nik), Some(born)) = (&applicant.nik, applicant.tgl_lahir) else { return None };
    let (day, month, year) = nik.birth().filter(|_| applicant.nik_differs())?;
    let from = format!("{day:02}-{month:02}-{year:02}");
    let to = born.date().to_string();
    Some(Note { kind: NoteKind::NikBirth, field: Some(Field::Nik), person: None, from, to })
}
