//! The row of the audit trail that tells of a change of the staff, written with it.

use chrono::{DateTime, Utc};

use crate::domain::audit::{Act, AuditEvent, Scope, Subject};
use crate::domain::staff::{Grant, Place};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::Tx;
use crate::storage::trail::append::{AuditActor, append};

/// A change of the staff, for the audit trail.
#[derive(Debug, Clone, Copy)]
pub struct StaffChange<'a> {
    /// Who makes it.
    pub actor: AuditActor<'a>,
    /// What it is, in a few words of the program's own.
    pub what: &'a str,
    /// Why; empty: not said.
    pub why: &'a str,
    /// When, by wall time.
    pub at: DateTime<Utc>,
}

/// Records a change of somebody, and of a role of theirs at that role's office.
pub(in crate::storage) async fn record_change(
    tx: &mut Tx,
    staff: i64,
    grant: Option<&Grant>,
    change: StaffChange<'_>,
) -> Result<(), StorageError> {
    let event = AuditEvent::of(Act::UserChange).about(Subject::staff(staff)).because(change.why);
    let event = match grant {
        None => event.reaching(Scope::Words(change.what.to_owned())),
        Some(grant) => event.reaching(Scope::Words(format!("{} {}", change.what, grant.role))),
    };
    let event = match grant.map(|grant| &grant.place) {
        Some(Place::Office(office)) => event.at(office),
        Some(Place::Everywhere) | None => event,
    };
    append(tx, change.actor, &event, change.at).await
}
