//! The form that a misread message was probably meant to be.

use crate::domain::masked_debug::masked_debug;
use crate::grammar::request::form::Form;

/// A misread form with its likely repair.
#[derive(Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The line that was probably meant, to be shown.
    pub line: String,
    /// What it reads as.
    pub form: Form,
}

masked_debug!(Suggestion { form });
