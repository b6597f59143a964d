//! Why a version of an office was not published, for whoever asked for it.

use super::error::CommandError;
use super::value::counted;
use crate::domain::office::OfficeId;
use crate::versions::PublishError;

/// Why nothing was published, with the next step.
pub fn refused(id: &OfficeId, error: PublishError) -> CommandError {
    CommandError::Other(match error {
        PublishError::Storage(error) => return error.into(),
        PublishError::Unknown => {
            format!("the office `{id}` has no such version; `antrean office versions {id}` lists those that it has")
        }
        PublishError::Problems(problems) => {
            let said: Vec<String> =
                problems.iter().map(|problem| format!("{}: {}", problem.what, problem.remedy)).collect();
            format!("nothing was changed: these files cannot be used: {}", said.join("; "))
        }
        PublishError::Displaces(places) => format!(
            "nothing was changed: {} would be on days that close or shrink. Export that version with `antrean office export {id} FOLDER \
             --version N`, give it a higher `version`, and import it with --tell, --move, --cancel or --keep",
            counted(places.len(), "booking", "bookings")
        ),
        PublishError::Conflict(head) => {
            format!(
                "nothing was changed: version {} was published by {} just now; look at it first",
                head.version, head.actor
            )
        }
        PublishError::Why | PublishError::Nothing => format!("nothing was changed: {error}"),
    })
}
