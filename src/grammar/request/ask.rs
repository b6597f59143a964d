//! A question about a date that can be read in more than one way.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::grammar::request::field::Field;
use crate::grammar::request::form::Form;
use crate::grammar::text::span::Span;

/// A form with a date that can be read in more than one way: which one is meant is asked, never guessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The piece.
    pub field: Field,
    /// Whose piece it is, counted from 1, where the message has a line for each of several people.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person: Option<u8>,
    /// Where in the message.
    pub at: Span,
    /// What stands there, at most 40 characters of it.
    pub found: String,
    /// The readings, the earliest date first; two to [`CHOICES_MAX`].
    pub choices: Vec<Choice>,
}

/// Most readings that are offered: a date of six digits has at most two orders in three centuries.
pub const CHOICES_MAX: usize = 6;

/// One reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The date.
    pub date: NaiveDate,
    /// The whole form, were this date meant.
    pub form: Form,
    /// What is to be asked next, where another date of the form has several readings too.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub then: Option<Box<Ask>>,
}
