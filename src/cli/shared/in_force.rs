//! What is in force for an office: the version in the database, over the files that all offices share.

use std::sync::Arc;

use super::error::CommandError;
use super::installation::Installation;
use super::office::office_known;
use crate::app;
use crate::desk;
use crate::domain::office::{Office, OfficeId};
use crate::roster::Roster;
use crate::storage::Storage;

/// An office with its formats, its holidays and the exceptions to its calendar, as every node serves it.
///
/// # Errors
/// [`CommandError`] where the office is unknown, or its files or the database cannot be read.
pub async fn office_in_force(
    installation: &Installation,
    storage: &Storage,
    id: &OfficeId,
) -> Result<(Arc<Office>, Roster), CommandError> {
    let mut roster = Roster::load(&installation.read()?.offices).map_err(app::BuildError::from)?;
    office_known(storage, id).await?;
    for stored in storage.offices().await?.iter().filter(|stored| stored.id == *id) {
        desk::put_stored(&mut roster, stored, &[]).map_err(app::BuildError::from)?;
    }
    let own = roster.offices.get(id).cloned();
    let own =
        own.ok_or_else(|| CommandError::Other(format!("no office `{id}` is in force; see `antrean office list`")))?;
    Ok((own, roster))
}
