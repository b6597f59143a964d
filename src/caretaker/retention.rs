//! Erases personal data that is too old, and everything about citizens who asked for it; removes the files of their photos.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};

use crate::clock::{Clock, SystemClock};
use crate::desk::Desk;
use crate::domain::audit::{Act, AuditEvent};
use crate::domain::retention::Retention;
use crate::files;
use crate::metrics::{ErasedLabels, Metrics};
use crate::storage::{AuditActor, DueErasure, Erased, NewErasure, Storage, StorageError, Traces};

/// Rows of each kind that one step erases: some milliseconds of the one writer that SQLite has.
const ROWS: u32 = 500;
/// Requests that are looked at together: their rows are found by one search over each table.
const REQUESTS: u32 = 100;
/// Pause before a request is looked at again while a reply to its citizen is on its way, in seconds.
const SENDING_SECONDS: i64 = 10;
/// The same while something of theirs is live that has no day, in minutes: a talk with an officer, a wait for a seat.
const WAITING_MINUTES: i64 = 60;

/// Who erased somebody, in the audit trail, where the citizen asked for it by message.
const BY_MESSAGE: &str = "by message";

/// Erases what is too old.
pub(super) struct Eraser {
    pub(super) storage: Storage,
    pub(super) desk: Desk,
    pub(super) media_dir: PathBuf,
    pub(super) keep: Retention,
    pub(super) metrics: Arc<Metrics>,
}

impl Eraser {
    /// Does what is due now. Returns when something is due next.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub(super) async fn step(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError> {
        let step = self.storage.retain(now, self.keep, ROWS).await?;
        for (what, rows) in &step.erased {
            self.count(what.name(), *rows);
        }
        if !step.erased.is_empty() {
            let rows: u64 = step.erased.values().sum();
            tracing::debug!(rows, "personal data that was too old was erased");
        }
        let asked = self.requests(now).await?;
        self.remove_files().await?;
        if step.is_done || asked > 0 {
            self.storage.empty_log().await?;
        }
        Ok(self.storage.next_erasure().await?.into_iter().chain([step.due]).min())
    }

    fn count(&self, what: &'static str, rows: u64) {
        self.metrics.erased.get_or_create(&ErasedLabels { what }).inc_by(rows);
    }

    /// Erases citizens who asked for it, and of whom nothing is needed any more. Returns how many.
    async fn requests(&self, now: DateTime<Utc>) -> Result<u64, StorageError> {
        let due = self.storage.due_erasures(now, REQUESTS).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let keys: Vec<_> = due.iter().map(|request| request.of.clone()).collect();
        let mut erased = 0;
        for (request, traces) in due.iter().zip(self.storage.traces(&keys, false).await?) {
            if let Some(again) = self.look_again_at(request, &traces, now) {
                self.storage.put_off_erasure(&request.of, again).await?;
            } else {
                let erasure = NewErasure { traces, others: Vec::new() };
                if self.desk.erase(&request.office, erasure, false).await? {
                    erased += 1;
                    let event = AuditEvent::of(Act::ErasePerson).at(&request.office);
                    let actor = AuditActor { staff: None, login: BY_MESSAGE, network: "" };
                    self.storage.record(actor, &event, SystemClock.now()).await?;
                } else {
                    // They wrote, or something is live that the rows did not tell: the next search sees it.
                    let again = now + TimeDelta::seconds(SENDING_SECONDS);
                    self.storage.put_off_erasure(&request.of, again).await?;
                }
            }
        }
        if erased > 0 {
            self.count(Erased::Contacts.name(), erased);
            tracing::info!(citizens = erased, "everything about citizens who asked for it was erased");
        }
        Ok(erased)
    }

    /// When a request is looked at again; `None` where nothing of its citizen is needed any more.
    fn look_again_at(&self, request: &DueErasure, traces: &Traces, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if traces.unsent("waiting") + traces.unsent("claimed") > 0 {
            return Some(now + TimeDelta::seconds(SENDING_SECONDS));
        }
        let roster = self.desk.roster();
        let Some(office) = roster.offices.get(&request.office) else {
            // It may come back into force.
            return Some(now + TimeDelta::minutes(WAITING_MINUTES));
        };
        if let Some(day) = traces.last_live_day(office.date_at(now)) {
            let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
            return Some(office.zone.instant(next.and_time(NaiveTime::MIN)));
        }
        traces.is_waiting().then(|| now + TimeDelta::minutes(WAITING_MINUTES))
    }

    /// Removes the files of photos that were erased.
    async fn remove_files(&self) -> Result<(), StorageError> {
        let names = self.storage.erased_files().await?;
        if names.is_empty() {
            return Ok(());
        }
        let paths: Vec<PathBuf> = names.iter().map(|name| self.media_dir.join(name)).collect();
        let folder = self.media_dir.clone();
        let removed = tokio::task::spawn_blocking(move || files::remove_all(&folder, &paths)).await;
        match removed.unwrap_or_else(|error| Err(std::io::Error::other(error))) {
            Ok(()) => self.storage.files_removed(&names).await?,
            Err(error) => tracing::error!(%error, "photos that were erased could not be removed; it is tried again"),
        }
        Ok(())
    }
}
