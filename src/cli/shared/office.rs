//! Which office a command is about.

use std::collections::BTreeSet;

use super::error::CommandError;
use super::installation::Installation;
use crate::domain::office::{Office, OfficeId};
use crate::roster;
use crate::sheet::nearest;
use crate::storage::Storage;

/// The office that is named, or the only one that there is.
///
/// # Errors
/// [`CommandError`] says which offices there are.
pub async fn office_meant(
    named: Option<&OfficeId>,
    installation: &Installation,
    storage: &Storage,
) -> Result<Office, CommandError> {
    let offices = storage.offices().await?;
    let id = if let Some(named) = named {
        office_known(storage, named).await?;
        named.clone()
    } else {
        let lines: BTreeSet<OfficeId> = installation.read()?.channels.into_iter().map(|line| line.office).collect();
        let mut ids = lines.into_iter();
        let (Some(only), None) = (ids.next(), ids.next()) else {
            let ids: Vec<&str> = offices.iter().map(|stored| stored.id.as_str()).collect();
            return Err(CommandError::Other(format!(
                "name the office with --office ID; there are: {}",
                ids.join(", ")
            )));
        };
        only
    };
    let stored = offices.iter().find(|stored| stored.id == id);
    let stored = stored
        .ok_or_else(|| CommandError::Other(format!("no office `{id}` is in force; see `antrean office list`")))?;
    roster::read(&stored.file)
        .map(|office| Office { exceptions: stored.exceptions.clone(), ..office })
        .map_err(|problems| CommandError::Other(format!("the office `{id}` cannot be read: {problems}")))
}

/// A slip in the id must not look like an empty day.
///
/// # Errors
/// [`CommandError`] says which offices there are.
pub async fn office_known(storage: &Storage, office: &OfficeId) -> Result<(), CommandError> {
    let offices = storage.offices().await?;
    if offices.iter().any(|stored| stored.id == *office) {
        return Ok(());
    }
    let near = nearest(office.as_str(), offices.iter().map(|stored| stored.id.as_str()));
    let remedy = near.map_or_else(|| "see `antrean office list`".to_owned(), |near| format!("did you mean `{near}`?"));
    Err(CommandError::Other(format!("no office `{office}` is in force; {remedy}")))
}
