//! The audit trail of an office, for whoever may see it; and whether the whole trail is as it was appended.

use chrono::TimeDelta;

use crate::access::office_view::OfficeView;
use crate::access::recent::CheckedTrail;
use crate::access::session::Access;
use crate::access::signed_in::Visitor;
use crate::domain::audit::{Act, AuditEvent, Scope};
use crate::domain::staff::{Area, Level};
use crate::storage::{AuditFilter, AuditRow, StorageError};

/// Minutes for which the result of a verification is shown before a page asks for another one: it reads every row.
const VERIFIED_MINUTES: i64 = 60;

impl Access {
    /// What the last verification of the whole trail found; `anew` verifies it now.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn checked_trail(&self, anew: bool) -> Result<CheckedTrail, StorageError> {
        let mut last = self.last_check.lock().await;
        let now = self.wall.now();
        let is_fresh = |checked: &&CheckedTrail| {
            (TimeDelta::zero()..TimeDelta::minutes(VERIFIED_MINUTES)).contains(&(now - checked.at))
        };
        if let Some(known) = last.as_ref().filter(is_fresh).filter(|_| !anew) {
            return Ok(known.clone());
        }
        let checked = CheckedTrail { at: now, found: self.storage.verify_audit(&[]).await? };
        if let Some(fault) = &checked.found.fault {
            tracing::error!(fault, "the audit trail is not whole");
        }
        *last = Some(checked.clone());
        Ok(checked)
    }
}

impl OfficeView {
    /// What was done at this office, the latest first; `None` for somebody to whom the trail is closed. Who may not see the people of the
    /// day sees who acted and when, and nothing of whom it was about.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn trail(
        &self,
        filter: AuditFilter<'_>,
        visitor: &Visitor,
    ) -> Result<Option<Vec<AuditRow>>, StorageError> {
        if self.level(Area::Audit) < Level::Masked {
            return Ok(None);
        }
        self.record_list(AuditEvent::of(Act::ViewAudit), visitor).await?;
        self.rows(filter).await.map(Some)
    }

    /// The same as a file, which is recorded each time.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn export_trail(
        &self,
        filter: AuditFilter<'_>,
        visitor: &Visitor,
    ) -> Result<Option<Vec<AuditRow>>, StorageError> {
        if self.level(Area::Audit) < Level::Masked {
            return Ok(None);
        }
        let what = Scope::Words("the audit trail".to_owned());
        self.record(AuditEvent::of(Act::ExportAudit).reaching(what), visitor).await?;
        self.rows(filter).await.map(Some)
    }

    async fn rows(&self, filter: AuditFilter<'_>) -> Result<Vec<AuditRow>, StorageError> {
        let mut rows = self.storage.acts(AuditFilter { office: Some(self.id()), ..filter }).await?;
        if self.level(Area::Audit) < Level::Read {
            rows.iter_mut().for_each(mask);
        }
        Ok(rows)
    }
}

/// Leaves who acted, when, and what they did.
fn mask(row: &mut AuditRow) {
    row.kind.clear();
    row.subject.clear();
    row.scope = Scope::None;
    row.why.clear();
    row.code = None;
}
