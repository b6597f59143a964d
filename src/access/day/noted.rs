//! Writes down who looked at whom, before they see it.

use crate::access::office_view::OfficeView;
use crate::access::signed_in::Visitor;
use crate::storage::{NewAuditRow, StorageError};

impl OfficeView {
    /// Writes an act down.
    pub(in crate::access) async fn note(
        &self,
        act: &'static str,
        booking: Option<i64>,
        visitor: &Visitor,
    ) -> Result<(), StorageError> {
        let act = NewAuditRow {
            staff: self.who.staff(),
            login: self.who.login(),
            office: Some(self.id()),
            act,
            booking,
            network: &visitor.network,
        };
        self.storage.note_act(act, self.wall.now()).await
    }
}
