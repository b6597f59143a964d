//! The entrance: one message in, one decision out, and the table of who handles what.

use super::context::Context;
use super::decision::Decision;
use super::handlers::{answer, cancel, clarify, code, command, edit, guide, opt_out, photo, reminder};
use super::heard::Heard;
use super::lang::Lang;
use super::outcome::Outcome;
use super::randomness::Randomness;
use super::rate_limit;
use super::said::Said;
use super::snapshot::Snapshot;
use crate::domain::message::{Attachment, OtherKind};
use crate::domain::seats::{NotLoaded, Seats};
use crate::grammar::{Command, CommandName, Request};

/// Decides. `seats` is changed only by a decision that is returned.
///
/// # Errors
/// [`NotLoaded`] names a date whose hours must be loaded first; nothing has changed then.
pub fn decide(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    heard: &Heard,
    randomness: Randomness<'_>,
) -> Result<Decision, NotLoaded> {
    let mark = seats.mark();
    let Randomness { rng, next_id } = randomness;
    // Taken apart and put together so that it lives as long as the context, not as long as the caller's closure.
    let randomness = Randomness { rng, next_id };
    let mut context = Context { snapshot, seats: &mut *seats, sent_at: heard.sent_at, randomness };
    match by_content(&mut context, &heard.said) {
        Ok(decision) => {
            let decision = rate_limit::limited(snapshot, heard, decision);
            for after in &decision.changed {
                seats.count_holds(snapshot.bookings.iter().find(|before| before.id == after.id), after);
            }
            Ok(decision)
        }
        Err(not_loaded) => {
            seats.undo_to(mark);
            Err(not_loaded)
        }
    }
}

/// Who handles which content.
fn by_content(context: &mut Context<'_>, said: &Said) -> Result<Decision, NotLoaded> {
    match said {
        Said::Text(request) => by_request(context, &clarify::servable(context.snapshot, request)),
        Said::Picture { attachment, caption } => {
            let caption = caption.as_ref().map(|request| clarify::servable(context.snapshot, request));
            by_caption(context, attachment, caption.as_deref())
        }
        Said::Edited(request) => Ok(edit::edited(context, request)),
        Said::Other(kind @ (OtherKind::PhotoLost | OtherKind::Empty)) => Ok(photo::not_loaded(context, *kind)),
        Said::Other(kind) => Ok(context.tell(Outcome::NotText { kind: *kind })),
    }
}

/// Who handles a picture, by what is written under it.
fn by_caption(
    context: &mut Context<'_>,
    attachment: &Attachment,
    caption: Option<&Request>,
) -> Result<Decision, NotLoaded> {
    let sent_at = context.sent_at;
    let mut decision = match caption {
        // A command or a code under a picture counts for itself.
        Some(request @ (Request::Command(_) | Request::AboutCancelling | Request::Digits(_))) => {
            by_request(context, request)?
        }
        _ => photo::picture(context, attachment, caption)?,
    };
    decision.chat.picture_at = Some(sent_at);
    Ok(decision)
}

/// Who handles which text.
fn by_request(context: &mut Context<'_>, request: &Request) -> Result<Decision, NotLoaded> {
    if let Some(decision) = guide::heard(context, request)? {
        return Ok(decision);
    }
    match request {
        Request::Form(_) | Request::Ask(_) | Request::Misread(_) => clarify::form_or_question(context, request),
        Request::Day(days) => answer::by_day(context, days),
        Request::Digits(digits) => code::digits(context, digits),
        Request::Command(command) => by_command(context, command),
        Request::AboutCancelling => Ok(cancel::explained(context)),
        Request::Thanks | Request::Greeting => Ok(reminder::courtesy(context, request)),
        Request::Placeholder => Ok(context.tell(Outcome::Placeholder { photo_kept: false })),
        // Two machines would thank each other for ever.
        Request::Automatic => Ok(context.silent()),
        Request::Unreadable => Ok(guide::unreadable(context)),
    }
}

/// Who handles which command.
fn by_command(context: &mut Context<'_>, command: &Command) -> Result<Decision, NotLoaded> {
    match command.name {
        CommandName::Batal => cancel::cancel(context, command),
        CommandName::Status => Ok(command::status(context, command)),
        CommandName::Ya => answer::yes(context),
        CommandName::Berhenti => Ok(opt_out::stop(context)),
        CommandName::Mulai => Ok(opt_out::start(context)),
        CommandName::Bantuan => Ok(context.tell(Outcome::Help)),
        CommandName::Persyaratan => Ok(context.tell(Outcome::Requirements)),
        CommandName::Daftar => Ok(guide::wanted(context)),
        CommandName::English => Ok(command::language(context, Lang::En)),
        CommandName::Indonesia => Ok(command::language(context, Lang::Id)),
    }
}
