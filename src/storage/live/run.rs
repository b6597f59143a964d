//! The loop that counts what was booked and said, and sees what other processes count.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::count;
use super::watch::Live;
use crate::storage::engine::error::StorageError;

/// How often the numbers of watched offices are read, and what was booked and said is counted at most: a clerk sees it as at once, and a database does
/// not notice it.
const EVERY: Duration = Duration::from_millis(250);
/// Pause after storage failed.
const PAUSE: Duration = Duration::from_secs(2);

impl Live {
    /// Runs until `closing`: a loop of the installation. What was booked or said is counted as soon as it is there, and then no more often than
    /// four times a second; the numbers of other processes are read as often, while anybody watches.
    pub async fn run(&self, closing: &CancellationToken) {
        let mut counts_from = Instant::now();
        while !closing.is_cancelled() {
            let is_watched = !self.watched().is_empty();
            tokio::select! {
                () = closing.cancelled() => return,
                () = self.shared.wake.notified() => {
                    if closing.run_until_cancelled(tokio::time::sleep_until(counts_from)).await.is_none() {
                        return;
                    }
                    counts_from = Instant::now() + EVERY;
                }
                () = tokio::time::sleep(EVERY), if is_watched => {}
            }
            if let Err(error) = self.step().await {
                tracing::warn!(%error, "the changes for the console's pages could not be read");
                closing.run_until_cancelled(tokio::time::sleep(PAUSE)).await;
            }
        }
    }

    /// Counts what was booked and said, and reads the numbers of all offices that are watched.
    async fn step(&self) -> Result<(), StorageError> {
        let changed = self.take_changed();
        if !changed.is_empty() {
            let counted = count::count(&self.pool, &changed).await;
            if counted.is_err() {
                // Counted in the next step.
                for (office, topic) in &changed {
                    self.note(*topic, std::iter::once(office));
                }
            }
            for (office, versions) in counted? {
                self.tell(&office, versions);
            }
        }
        let watched = self.watched();
        if watched.is_empty() {
            return Ok(());
        }
        for (office, versions) in count::read(&self.pool, &watched).await? {
            self.tell(&office, versions);
        }
        Ok(())
    }
}
