//! Writes one file, a day at a time.

use std::fs::File;
use std::path::Path;

use chrono::NaiveDate;
use tokio::sync::mpsc;

use super::lines;
use super::sheet::{Sheet, SheetError};
use crate::domain::export::{Cell, FileFormat, What};
use crate::domain::office::{OfficeId, Zone};
use crate::domain::tally::{Kind, Span};
use crate::storage::{Storage, StorageError};

/// Days that are read ahead of what is written.
const DAYS_AHEAD: usize = 2;

/// What a file is to hold.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Of which office.
    pub office: OfficeId,
    /// Its zone, by which times are written.
    pub zone: Zone,
    /// What.
    pub what: What,
    /// How.
    pub format: FileFormat,
    /// Of which days.
    pub span: Span,
    /// With names and numbers of citizens.
    pub with_people: bool,
}

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The file.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// The task was ended.
    #[error("its writing was cut off")]
    Cut,
}

impl From<std::io::Error> for ExportError {
    fn from(error: std::io::Error) -> Self {
        Self::Sheet(SheetError::Disk(error))
    }
}

/// The lines of a day.
async fn day(storage: &Storage, ask: &Ask, date: NaiveDate) -> Result<Vec<Vec<Cell>>, StorageError> {
    let (zone, with_people) = (ask.zone, ask.with_people);
    Ok(match ask.what {
        What::Bookings => {
            let bookings = storage.kept_bookings_on(&ask.office, date).await?;
            bookings.iter().map(|booking| lines::booking(booking, zone, with_people)).collect()
        }
        What::Visits => {
            let visits = storage.kept_visits_on(&ask.office, date).await?;
            visits.iter().map(|visit| lines::visit(visit, zone, with_people)).collect()
        }
        What::Messages => {
            let (tallies, _) = storage.tallies(&ask.office, Span { first: date, last: date }).await?;
            let of_messages = tallies.iter().filter(|tally| Kind::OF_MESSAGES.contains(&tally.kind));
            of_messages.map(lines::tally).collect()
        }
    })
}

/// Writes a file; a workbook keeps its lines in `folder` meanwhile. `progress` gets the lines so far, after each day. Returns how many
/// lines it has.
///
/// # Errors
/// [`ExportError`]; what was written so far is no file.
pub async fn write<Noted: Future<Output = ()> + Send>(
    storage: &Storage,
    ask: &Ask,
    (file, folder): (File, &Path),
    mut progress: impl FnMut(u64) -> Noted + Send,
) -> Result<u64, ExportError> {
    let (send, mut days) = mpsc::channel::<Vec<Vec<Cell>>>(DAYS_AHEAD);
    let (format, folder) = (ask.format, folder.to_owned());
    let headings = lines::headings(ask.what, ask.with_people);
    let writer = tokio::task::spawn_blocking(move || {
        let mut sheet = Sheet::begin(format, file, &folder, &headings)?;
        while let Some(lines) = days.blocking_recv() {
            for line in lines {
                sheet.line(&line)?;
            }
        }
        Ok::<Sheet, SheetError>(sheet)
    });
    let mut written = 0_u64;
    let mut failed = None;
    for date in ask.span.days() {
        match day(storage, ask, date).await {
            Ok(lines) => {
                let count = u64::try_from(lines.len()).unwrap_or_default();
                // Whoever writes has ended: its error is told below.
                if send.send(lines).await.is_err() {
                    break;
                }
                written += count;
                progress(written).await;
            }
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    drop(send);
    let sheet = writer.await.map_err(|_| ExportError::Cut)??;
    if let Some(error) = failed {
        return Err(error.into());
    }
    tokio::task::spawn_blocking(move || sheet.finish()).await.map_err(|_| ExportError::Cut)??;
    Ok(written)
}
