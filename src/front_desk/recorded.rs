//! The row of the audit trail that tells of an action, committed with it.

use std::collections::BTreeSet;

use super::handle::FrontDesk;
use crate::clock::{Clock, SystemClock};
use crate::domain::audit::{Act, AuditEvent, Scope, Subject};
use crate::domain::visit::{Action, Visit};
use crate::storage::{DayTransaction, StorageError};

/// What the audit trail calls a step of a visit.
pub(super) fn act_of(action: Action) -> Act {
    match action {
        Action::Arrive => Act::Arrive,
        Action::Undo => Act::Undo,
        Action::Call
        | Action::Recall
        | Action::Come
        | Action::Miss
        | Action::Park
        | Action::Return
        | Action::Redirect
        | Action::Finish
        | Action::MarkAbsent
        | Action::EndDay => Act::Call,
    }
}

impl FrontDesk {
    /// Records what this person does to visits. Call it last before the commit: until then nobody else appends to the trail.
    pub(super) async fn recorded(
        &self,
        day: &mut DayTransaction,
        (act, what): (Act, &str),
        visits: &[&Visit],
    ) -> Result<(), StorageError> {
        if self.actor.is_program() {
            return Ok(());
        }
        let bookings: BTreeSet<i64> = visits.iter().filter_map(|visit| visit.booking).collect();
        let scope = match bookings.len() {
            0 => Scope::Words(what.to_owned()),
            _ => Scope::Bookings(bookings.into_iter().collect()),
        };
        let event = AuditEvent::of(act).at(&self.office.id).because(self.actor.why()).reaching(scope);
        let event = match visits {
            [only] => event.about(Subject::visit(only.id)),
            _ => event,
        };
        // By wall time, also in a demo.
        day.record(self.actor.recorded(), &event, SystemClock.now()).await
    }
}
