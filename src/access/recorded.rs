//! Records who did what, before they see it.

use crate::access::office_view::OfficeView;
use crate::access::session::Access;
use crate::access::signed_in::{SignedIn, Visitor};
use crate::domain::audit::AuditEvent;
use crate::storage::{AuditActor, StorageError};

impl SignedIn {
    /// Who this is in the audit trail.
    pub(super) fn actor<'a>(&'a self, visitor: &'a Visitor) -> AuditActor<'a> {
        AuditActor { staff: Some(self.staff()), login: self.login(), network: &visitor.network }
    }
}

impl OfficeView {
    /// Records an act at this office. Where it shows somebody's data, call it before they are shown.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed: then nothing may be shown or done.
    pub async fn record(&self, event: AuditEvent, visitor: &Visitor) -> Result<(), StorageError> {
        self.storage.record(self.who.actor(visitor), &event.at(self.id()), self.wall.now()).await
    }

    /// Whether this office asks why somebody looks for a citizen or opens a booking.
    pub fn asks_why(&self) -> bool {
        self.office().asks_why
    }

    /// Why the person looks at a booking, as they said a short while ago; empty where the office does not ask. `None`: they have to say
    /// it first.
    pub(super) fn reason_for(&self, booking: i64) -> Option<String> {
        if !self.asks_why() {
            return Some(String::new());
        }
        self.reasons.of((self.who.session(), booking), self.wall.now())
    }

    /// Keeps why the person looks at a booking, for a quarter of an hour.
    pub(super) fn keep_reason(&self, booking: i64, why: &str) {
        self.reasons.add((self.who.session(), booking), why, self.wall.now());
    }

    /// Records that a list was seen, which one session is asked for again and again: the same one in a quarter of an hour is one row.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed: then nothing may be shown.
    pub async fn record_list(&self, event: AuditEvent, visitor: &Visitor) -> Result<(), StorageError> {
        if self.views.has(&self.view(&event), self.wall.now()) {
            return Ok(());
        }
        self.record_opened(event, visitor).await
    }

    /// Records that a page was opened whose content it goes on to ask for, by [`OfficeView::record_list`].
    ///
    /// # Errors
    /// [`StorageError`] when storage failed: then nothing may be shown.
    pub async fn record_opened(&self, event: AuditEvent, visitor: &Visitor) -> Result<(), StorageError> {
        let view = self.view(&event);
        self.record(event, visitor).await?;
        self.views.add(view, self.wall.now());
        Ok(())
    }

    /// What makes two looks the same one.
    fn view(&self, event: &AuditEvent) -> (i64, String) {
        (self.who.session(), format!("{} {} {}", event.act.name(), self.id(), event.scope))
    }
}

impl Access {
    /// Records an act that belongs to no office.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed: then nothing may be shown or done.
    pub async fn record(&self, who: &SignedIn, event: &AuditEvent, visitor: &Visitor) -> Result<(), StorageError> {
        self.storage.record(who.actor(visitor), event, self.wall.now()).await
    }
}
