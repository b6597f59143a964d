//! A form whose pieces are all valid.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::office::FormatId;
use crate::domain::person::Applicant;
use crate::grammar::request::field::Field;
use crate::grammar::request::note::Note;

/// A whole form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// The format that read it.
    pub format: FormatId,
    /// Whom it is for.
    pub applicant: Applicant,
    /// The day it asks for; `None` where the format has none.
    pub visit: Option<NaiveDate>,
    /// Persons it is for, 1 to [`crate::domain::person::PARTY_MAX`].
    pub party: u8,
    /// Whether the format asks for a photo besides.
    pub wants_photo: bool,
    /// What was read otherwise than it is written; empty when all values stand in the message literally.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub notes: Vec<Note>,
}

/// The invented person of the printed examples.
pub const SAMPLE_NAME: &str = "Budi Santoso";
/// Where that person lives.
pub(crate) const SAMPLE_ADDRESS: &str = "Jl. Melati No. 5";
/// When that person was born, unless the format asks for another age: year, month and day.
pub(crate) const SAMPLE_BORN: (i32, u32, u32) = (1987, 1, 25);

impl Form {
    /// Whether it is the printed example, with whatever day: then nobody has filled in anything.
    pub fn is_sample(&self) -> bool {
        let Applicant { nama, tgl_lahir, alamat, others, .. } = &self.applicant;
        let (year, month, day) = SAMPLE_BORN;
        let born = NaiveDate::from_ymd_opt(year, month, day);
        nama.as_str() == SAMPLE_NAME
            && others.is_empty()
            && tgl_lahir.is_none_or(|written| Some(written.date()) == born)
            && alamat.as_ref().is_none_or(|alamat| alamat.as_str() == SAMPLE_ADDRESS)
    }

    /// Somebody of a party, counted from 1; without a number the applicant.
    pub fn person(&self, number: Option<u8>) -> Option<&Applicant> {
        self.applicant.people().nth(usize::from(number.unwrap_or(1)).checked_sub(1)?)
    }

    pub(crate) fn person_mut(&mut self, number: Option<u8>) -> Option<&mut Applicant> {
        match usize::from(number.unwrap_or(1)).checked_sub(2) {
            None => Some(&mut self.applicant),
            Some(place) => self.applicant.others.get_mut(place),
        }
    }

    /// A form for each person who is named, as if each had sent one.
    pub fn each(&self) -> impl Iterator<Item = Self> {
        let alone = self.applicant.others.is_empty();
        self.applicant.people().map(move |person| Self {
            applicant: Applicant { others: Vec::new(), ..person.clone() },
            party: if alone { self.party } else { 1 },
            format: self.format.clone(),
            notes: self.notes.clone(),
            visit: self.visit,
            wants_photo: self.wants_photo,
        })
    }

    /// Forgets what was repaired in a piece: the citizen has chosen its value.
    pub fn settle(&mut self, field: Field, person: Option<u8>) {
        self.notes.retain(|note| (note.field, note.person) != (Some(field), person));
    }
}
