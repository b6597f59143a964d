//! Publishes a format's file as a version of its office, from whichever page it was changed on.

use super::failure::Failure;
use super::state::Console;
use super::visitor::Signed;
use crate::access::OfficeView;
use crate::domain::audit::{Act, AuditEvent, Scope, Subject};
use crate::domain::office::FormatId;
use crate::domain::office_files::OfficeFiles;
use crate::roster::FileProblem;
use crate::storage::StorageError;
use crate::versions::{Edit, PublishError, WHY_CHARS_MAX};

/// Files of an office in which one format is another.
pub(super) struct NewFormat<'a> {
    pub(super) id: &'a FormatId,
    /// The version that was changed.
    pub(super) parent: u32,
    pub(super) files: OfficeFiles,
    pub(super) why: &'a str,
}

/// Why nothing was published.
pub(super) enum Unpublished {
    /// No reason, or one that is too long.
    Why,
    /// It says what is in force already.
    Same,
    /// Somebody else published meanwhile.
    Stale,
    /// The office cannot be used so: what is wrong with its files.
    Office(Vec<FileProblem>),
    /// There is no such office any more.
    Unknown,
}

/// Publishes. It is written down before it is done; what cannot be published is not.
pub(super) async fn publish_format(
    console: &Console,
    (signed, office): (&Signed, &OfficeView),
    new: NewFormat<'_>,
) -> Result<Result<(), Unpublished>, Failure> {
    let NewFormat { id, parent, files, why } = new;
    let versions = (console.versions)();
    if let Err(error) = versions.preview(office.id(), &files).await {
        return Ok(Err(unpublished(error)?));
    }
    if why.is_empty() || why.chars().count() > WHY_CHARS_MAX {
        return Ok(Err(Unpublished::Why));
    }
    let event = AuditEvent::of(Act::PublishFormat).about(Subject::format(id.as_str())).because(why);
    let changed = Scope::Words(format!("version {}", parent.saturating_add(1)));
    office.record(event.reaching(changed), &signed.asked.visitor).await?;
    let edit = Edit { office: office.id(), parent, files, why, actor: signed.who.login() };
    match versions.publish(edit).await {
        Ok(_) => {
            console.desk.refresh_offices().await?;
            Ok(Ok(()))
        }
        Err(error) => Ok(Err(unpublished(error)?)),
    }
}

fn unpublished(error: PublishError) -> Result<Unpublished, StorageError> {
    Ok(match error {
        PublishError::Why => Unpublished::Why,
        PublishError::Nothing => Unpublished::Same,
        PublishError::Conflict(_) => Unpublished::Stale,
        PublishError::Problems(problems) => Unpublished::Office(problems),
        PublishError::Displaces(_) => Unpublished::Office(Vec::new()),
        PublishError::Unknown => Unpublished::Unknown,
        PublishError::Storage(error) => return Err(error),
    })
}
