//! Pictures: with a form under them, before it, after it, or in an album.

use chrono::Duration;

use super::{clarify, closed_day, form, hold, reminder};
use crate::conversation::chat::KeptPhoto;
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::{Answers, Outcome};
use crate::conversation::question::Choices;
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::message::{Attachment, OtherKind};
use crate::domain::seats::NotLoaded;
use crate::grammar::{Form, Request};

/// Pictures sent within so many seconds of each other are one album, answered once.
const ALBUM_SECONDS: i64 = 10;

/// A picture whose caption is a form, or says nothing that counts for itself.
pub(in crate::conversation) fn picture(
    context: &mut Context<'_>,
    attachment: &Attachment,
    caption: Option<&Request>,
) -> Result<Decision, NotLoaded> {
    match caption {
        Some(Request::Form(form)) if !clarify::is_doubtful(context.snapshot, form) => {
            captioned_form(context, attachment, form)
        }
        Some(request @ (Request::Form(_) | Request::Ask(_) | Request::Misread(_))) => {
            Ok(captioned_question(context, attachment, request))
        }
        // The line is still to be filled in; the photo need not come twice.
        Some(Request::Placeholder) => {
            let mut decision = keep(context, attachment);
            decision.outcome = Some(Outcome::Placeholder { photo_kept: decision.photo.is_some() });
            Ok(decision)
        }
        _ if follows(context) => Ok(context.silent()),
        _ => alone(context, attachment),
    }
}

/// A photo that a bridge could not load: asked for again where photos are wanted. A message without any content may have been one,
/// or the head of an album: where no photos are wanted it needs no reply.
pub(in crate::conversation) fn not_loaded(context: &Context<'_>, kind: OtherKind) -> Decision {
    match kind {
        _ if context.snapshot.wants_photo => context.tell(Outcome::NotText { kind: OtherKind::PhotoLost }),
        OtherKind::Empty => context.silent(),
        _ => context.tell_beside_guide(Outcome::PhotoNotNeeded),
    }
}

/// A message that is neither text nor picture.
pub(in crate::conversation) fn not_text(context: &Context<'_>, kind: OtherKind) -> Decision {
    let told = Outcome::NotText { kind };
    match context.snapshot.hold() {
        Some(hold) => context.tell(Outcome::Answers(Box::new(Answers::beside(told, Some(hold.clone()))))),
        None => context.tell_beside_guide(told),
    }
}

/// Whether a picture belongs to the album of the one before it.
fn follows(context: &Context<'_>) -> bool {
    let album = Duration::seconds(ALBUM_SECONDS);
    context.snapshot.chat.picture_at.is_some_and(|last| (context.sent_at - last).abs() <= album)
}

/// A photo with a form under it that has to be asked about first: the photo is kept for the answer.
fn captioned_question(context: &mut Context<'_>, attachment: &Attachment, request: &Request) -> Decision {
    let mut decision = keep(context, attachment);
    let photo_kept = decision.photo.is_some();
    decision.outcome = clarify::ask_about(context, &mut decision.chat, request, photo_kept);
    decision
}

/// A photo with the whole form under it.
fn captioned_form(context: &mut Context<'_>, attachment: &Attachment, form: &Form) -> Result<Decision, NotLoaded> {
    if !form.wants_photo {
        return form::form(context, form, None);
    }
    let photo = context.new_photo(attachment);
    let mut decision = form::form(context, form, Some(photo.id))?;
    // A refused form does not need its photo; a repeated form has one already.
    if decision.changed.iter().any(|booking| booking.photo == Some(photo.id)) {
        decision.photo = Some(photo);
    }
    Ok(decision)
}

/// A photo without a usable caption: what was waited for, or something to keep until its form comes.
fn alone(context: &mut Context<'_>, attachment: &Attachment) -> Result<Decision, NotLoaded> {
    let snapshot = context.snapshot;
    if let Some(hold) = snapshot.hold_awaiting(Awaits::Photo) {
        if let Some(ended) = closed_day::ended(context, hold)? {
            return Ok(ended);
        }
        let photo = context.new_photo(attachment);
        return Ok(hold::with_photo(context, hold, photo.id).with_photo(photo));
    }
    // A hold that waits for its code counts too: its photo was received before.
    let lost = snapshot.live().into_iter().find(|booking| snapshot.chat.lost_photo_of == Some(booking.id));
    if let Some(booking) = lost {
        return Ok(sent_again(context, attachment, booking));
    }
    // A question about a form is open: the photo is kept for it, and the answer is what is missing.
    if matches!(snapshot.open_question(), Some(Choices::Form { .. } | Choices::Day { .. })) {
        let mut decision = keep(context, attachment);
        decision.outcome = reminder::open_question(snapshot, &decision.chat).or(decision.outcome);
        return Ok(decision);
    }
    if let Some(booking) = snapshot.booked().first() {
        return Ok(context.tell(Outcome::AlreadyBooked { booking: (*booking).clone() }));
    }
    Ok(keep(context, attachment))
}

/// The photo of a booking that could not be fetched and was asked for again.
fn sent_again(context: &mut Context<'_>, attachment: &Attachment, booking: &Booking) -> Decision {
    let photo = context.new_photo(attachment);
    let mut booking = booking.clone();
    booking.photo = Some(photo.id);
    let mut chat = context.chat();
    chat.lost_photo_of = None;
    let outcome = match booking.state {
        State::Held => hold::told_again(context.snapshot, &booking),
        _ => Outcome::PhotoReceived { booking: booking.clone() },
    };
    Decision::tell(chat, outcome).with([booking]).with_photo(photo)
}

/// Keeps a photo for its form, where the office wants photos at all. No seat is taken for it.
fn keep(context: &mut Context<'_>, attachment: &Attachment) -> Decision {
    let snapshot = context.snapshot;
    let mut chat = context.chat();
    if !snapshot.wants_photo {
        return context.tell_beside_guide(Outcome::PhotoNotNeeded);
    }
    let wait = Duration::minutes(i64::from(snapshot.office.policy.photo_wait_minutes));
    let until = context.sent_at.max(snapshot.now) + wait;
    let photo = context.new_photo(attachment);
    chat.photo = Some(KeptPhoto { id: photo.id, until });
    let mut decision = context.tell_beside_guide(Outcome::PhotoKept { until }).with_photo(photo);
    decision.chat = chat;
    decision
}
