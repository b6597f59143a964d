//! One entry of the audit trail, without who and when.

use crate::domain::audit::act::Act;
use crate::domain::audit::subject::{Scope, Subject};
use crate::domain::office::OfficeId;

/// Longest reason, in characters: a sentence.
pub const REASON_CHARS_MAX: usize = 200;

/// Something that somebody does: `AuditEvent::of(Act::ViewBooking).about(Subject::booking(17))`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// What.
    pub act: Act,
    /// At which office; none: at none.
    pub office: Option<OfficeId>,
    /// What it is about.
    pub subject: Option<Subject>,
    /// What else it reaches.
    pub scope: Scope,
    /// Why, in words of whoever acts, where they were asked; empty: not said.
    pub why: String,
}

impl AuditEvent {
    /// An act about nothing in particular.
    pub fn of(act: Act) -> Self {
        Self { act, office: None, subject: None, scope: Scope::None, why: String::new() }
    }

    /// At an office.
    #[must_use]
    pub fn at(self, office: &OfficeId) -> Self {
        Self { office: Some(office.clone()), ..self }
    }

    /// About something.
    #[must_use]
    pub fn about(self, subject: Subject) -> Self {
        Self { subject: Some(subject), ..self }
    }

    /// With what else it reaches.
    #[must_use]
    pub fn reaching(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// For a reason, as [`reason`] reads it.
    #[must_use]
    pub fn because(self, why: &str) -> Self {
        Self { why: why.to_owned(), ..self }
    }
}

/// A reason as it is kept: one line.
///
/// # Errors
/// A sentence.
pub fn reason(text: &str) -> Result<String, String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > REASON_CHARS_MAX || line.chars().any(char::is_control) {
        return Err(format!("not a reason; write one sentence of up to {REASON_CHARS_MAX} characters, without names"));
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_of_bounded_length() {
        assert_eq!(reason("  permintaan\n kepala kantor "), Ok("permintaan kepala kantor".to_owned()));
        assert!(reason(&"a".repeat(REASON_CHARS_MAX)).is_ok());
        assert!(reason(&"a".repeat(REASON_CHARS_MAX + 1)).is_err());
        assert!(reason("\u{7}").is_err());
    }
}
