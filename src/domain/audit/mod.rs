//! The audit trail: who saw or changed what. It names things by their numbers and never holds a citizen's name, date or number, so that
//! it stays as it is when somebody's data are erased.

mod act;
mod event;
mod operator;
mod subject;

pub use act::Act;
pub use event::{AuditEvent, REASON_CHARS_MAX, reason};
pub use operator::Operator;
pub use subject::{Scope, Subject, SubjectKind};
