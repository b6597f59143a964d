//! Records what somebody does, and proves what was recorded.

use chrono::{DateTime, Utc};

use crate::domain::audit::AuditEvent;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;
use crate::storage::trail::append::{AuditActor, append};
use crate::storage::trail::verify::{AuditHead, Verified, verify};

impl Storage {
    /// Appends to the audit trail, and waits until it would survive a power loss: what it tells of is shown or done only afterwards.
    /// `now` is wall time, also in a demo.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn record(
        &self,
        actor: AuditActor<'_>,
        event: &AuditEvent,
        now: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        append(&mut tx, actor, event, now).await?;
        tx.commit().await
    }

    /// Where the trail ends.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn audit_head(&self) -> Result<AuditHead, StorageError> {
        let mut tx = self.pool.read().await?;
        let (number, hash): (i64, String) =
            on!(&mut tx, |conn| sqlx::query_as("select last, hash from audit_head where one = 1")
                .fetch_one(conn)
                .await)?;
        tx.end().await?;
        Ok(AuditHead { number, hash })
    }

    /// Verifies the whole trail, and that it goes through the points that somebody kept.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn verify_audit(&self, kept: &[AuditHead]) -> Result<Verified, StorageError> {
        let mut tx = self.pool.snapshot().await?;
        let verified = verify(&mut tx, kept).await?;
        tx.end().await?;
        Ok(verified)
    }
}
