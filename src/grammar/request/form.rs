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

impl Form {
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
