//! How often somebody did not come before, for the decisions that may book a place for them; looked up only at offices that ask something of
//! those who did not.

use chrono::{DateTime, Duration, Utc};

use super::incoming::Incoming;
use crate::conversation::Said;
use crate::domain::office::Office;
use crate::grammar::{CommandName, Request};
use crate::storage::{ContactKey, Intake, StorageError};

/// The earlier visits to which nobody came, as the decision on a message sees them; 0 where it cannot book anything.
pub(super) async fn of_message(
    intake: &mut Intake,
    message: &Incoming,
    of: &ContactKey,
    now: DateTime<Utc>,
) -> Result<u32, StorageError> {
    if may_book(&message.heard.said) { of_contact(intake, &message.office, of, now).await } else { Ok(0) }
}

/// The same of a contact who is offered a place.
pub(super) async fn of_contact(
    intake: &mut Intake,
    office: &Office,
    of: &ContactKey,
    now: DateTime<Utc>,
) -> Result<u32, StorageError> {
    let Some(rule) = office.policy.no_shows else { return Ok(0) };
    let today = office.date_at(now);
    let since = today - Duration::days(i64::from(rule.within_days));
    intake.no_shows(&office.id, of, since..=today).await
}

/// Whether what was said may make a booking: no command does but `ya`, and neither does a courtesy.
fn may_book(said: &Said) -> bool {
    match said {
        Said::Text(Request::Command(command)) => command.name == CommandName::Ya,
        Said::Text(
            Request::Thanks
            | Request::Greeting
            | Request::Placeholder
            | Request::Automatic
            | Request::AboutCancelling
            | Request::ChangeDay(_)
            | Request::Wait(_),
        )
        | Said::Other(_) => false,
        Said::Text(_) | Said::Picture { .. } | Said::Edited(_) => true,
    }
}
