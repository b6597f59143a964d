//! What is read once for all who ask, until the office's day changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;

use crate::domain::office::OfficeId;
use crate::storage::{Storage, StorageError, Topic};

/// Most offices of which something is kept: more than any ministry has.
const OFFICES_MAX: usize = 1_024;

/// A value with the day and the version that it is of.
type Known<T> = (NaiveDate, i64, Arc<T>);

/// One value for each office, as it was at a version of the office's day. Cheap to clone.
#[derive(Debug)]
pub(super) struct Kept<T>(Arc<Mutex<HashMap<OfficeId, Known<T>>>>);

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Kept<T> {
    /// The value of an office's day; read by `read` where the day has changed since.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub(super) async fn of(
        &self,
        storage: &Storage,
        (office, date): (&OfficeId, NaiveDate),
        read: impl AsyncFnOnce() -> Result<T, StorageError>,
    ) -> Result<Arc<T>, StorageError> {
        // Asked before the value is read: what changes meanwhile is read again.
        let version = storage.live().versions(office).await?.of(Topic::Today);
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(office).cloned();
        if let Some((_, _, value)) = known.filter(|(of, at, _)| (*of, *at) == (date, version)) {
            return Ok(value);
        }
        let value = Arc::new(read().await?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= OFFICES_MAX {
            kept.clear();
        }
        kept.insert(office.clone(), (date, version, Arc::clone(&value)));
        Ok(value)
    }
}
