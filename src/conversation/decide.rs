//! Decides on one message: the table that gives each kind of request to its handler.

use super::at_counter;
use super::context::Context;
use super::decision::Decision;
use super::handlers::{
    agreement, answer, attendance, cancel, clarify, code, command, edit, guide, handover, member, opt_out,
    personal_data, photo, reminder, reschedule, topics, undo, waiting,
};
use super::heard::Heard;
use super::lang::Lang;
use super::memory;
use super::outcome::Outcome;
use super::privacy;
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
    // Rebuilt from its parts, so that it borrows for the lifetime of the context and not for that of the caller's closure.
    let randomness = Randomness { rng, next_id };
    let mut context = Context { snapshot, seats: &mut *seats, sent_at: heard.sent_at, randomness };
    match by_content_and_topics(&mut context, heard) {
        Ok(mut decision) => {
            if let Some(instead) = at_counter::instead_of(snapshot, &decision) {
                seats.undo_to(mark);
                decision = instead;
            }
            memory::end_question_asked_once(snapshot, &mut decision);
            memory::note_act(snapshot, &mut decision);
            let mut decision = rate_limit::limited(snapshot, heard, decision);
            memory::note_echo(snapshot, &mut decision);
            privacy::tell_once(snapshot, &mut decision);
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

/// What a message leads to, with the answers to what it asks.
fn by_content_and_topics(context: &mut Context<'_>, heard: &Heard) -> Result<Decision, NotLoaded> {
    if let Some(decision) = attendance::said_to_come(context, &heard.said) {
        return Ok(decision);
    }
    if let Some(decision) = handover::talk(context, &heard.said) {
        return Ok(decision);
    }
    let answers = topics::answers(context, heard)?;
    let decision = if topics::is_question(heard) { context.silent() } else { by_content(context, &heard.said)? };
    Ok(topics::answered(context, heard, answers, decision))
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
        Said::Other(kind) => Ok(photo::not_text(context, *kind)),
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
        // A command or a code in a caption is handled as if it came without the picture.
        Some(
            request @ (Request::Command(_)
            | Request::ChangeDay(_)
            | Request::Wait(_)
            | Request::AboutCancelling
            | Request::Digits(_)),
        ) => by_request(context, request)?,
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
        Request::ChangeDay(change) => reschedule::change_day(context, change),
        Request::Wait(wait) => waiting::wait(context, wait),
        Request::AboutCancelling => Ok(cancel::explained(context)),
        Request::Thanks | Request::Greeting => Ok(reminder::courtesy(context, request)),
        Request::Placeholder => Ok(context.tell(Outcome::Placeholder { photo_kept: false })),
        // An automatic text gets no reply: two machines would answer each other for ever.
        Request::Automatic => Ok(context.silent()),
        // A question with a topic has its answer already; one without a topic is not understood.
        Request::Question | Request::Unreadable => {
            Ok(agreement::no(context).unwrap_or_else(|| guide::unreadable(context)))
        }
    }
}

/// Who handles which command.
fn by_command(context: &mut Context<'_>, command: &Command) -> Result<Decision, NotLoaded> {
    if let (CommandName::Batal, Some(person)) = (command.name, &command.person) {
        return Ok(member::cancel_one(context, person));
    }
    match command.name {
        CommandName::Batal => cancel::cancel(context, command),
        CommandName::Status => Ok(command::status(context, command)),
        CommandName::Urung => undo::undo(context),
        CommandName::Datasaya => Ok(personal_data::kept(context)),
        CommandName::Hapusdata => Ok(personal_data::wanted(context)),
        CommandName::Ya => agreement::yes(context),
        CommandName::Berhenti => Ok(opt_out::stop(context)),
        CommandName::Mulai => Ok(opt_out::start(context)),
        CommandName::Bantuan => Ok(context.tell(Outcome::Help)),
        CommandName::Persyaratan => Ok(context.tell(Outcome::Requirements)),
        CommandName::Daftar => Ok(guide::wanted(context)),
        CommandName::English => Ok(command::language(context, Lang::En)),
        CommandName::Indonesia => Ok(command::language(context, Lang::Id)),
        CommandName::Petugas => Ok(handover::wanted(context)),
        CommandName::Lanjut => Ok(handover::left(context)),
    }
}
