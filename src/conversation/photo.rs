//! Pictures: with a form under them, before it, after it, or in an album.

use chrono::{DateTime, Duration, Utc};

use super::decide::{Decision, Draw, KeptPhoto, NewPhoto, Snapshot, text};
use super::form::{form, told_again, with_photo};
use super::outcome::Outcome;
use crate::domain::booking::{Awaits, State};
use crate::domain::message::{Attachment, OtherKind};
use crate::domain::seats::{NotLoaded, Seats};
use crate::grammar::Request;

/// Pictures sent within so many seconds of each other are one album, answered once.
const ALBUM_SECONDS: i64 = 10;

pub(super) fn picture(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    sent_at: DateTime<Utc>,
    (attachment, caption): (&Attachment, Option<&Request>),
    draw: &mut Draw<'_>,
) -> Result<Decision, NotLoaded> {
    let follows =
        snapshot.chat.picture_at.is_some_and(|last| (sent_at - last).abs() <= Duration::seconds(ALBUM_SECONDS));
    let mut decision = match caption {
        Some(request @ (Request::Form(_) | Request::Ask(_) | Request::Misread(_))) => {
            match asked_about(snapshot, sent_at, (attachment, request), draw) {
                Some(decision) => decision,
                None => captioned_form(snapshot, seats, sent_at, (attachment, request), draw)?,
            }
        }
        // A command or a code under a picture counts for itself.
        Some(request @ (Request::Command(_) | Request::AboutCancelling | Request::Digits(_))) => {
            text(snapshot, seats, sent_at, request, draw)?
        }
        // The line is still to be filled in; the photo need not come twice.
        Some(Request::Placeholder) => {
            let mut decision = keep(snapshot, sent_at, attachment, draw);
            decision.outcome = Some(Outcome::Placeholder { photo_kept: decision.photo.is_some() });
            decision
        }
        Some(
            Request::Greeting
            | Request::Thanks
            | Request::Automatic
            | Request::Day(_)
            | Request::Question
            | Request::Unreadable,
        )
        | None
            if follows =>
        {
            Decision::silent(snapshot.chat.clone())
        }
        Some(
            Request::Greeting
            | Request::Thanks
            | Request::Automatic
            | Request::Day(_)
            | Request::Question
            | Request::Unreadable,
        )
        | None => alone(snapshot, seats, (sent_at, attachment), draw)?,
    };
    decision.chat.picture_at = Some(sent_at);
    Ok(decision)
}

/// A photo that a bridge could not load: asked for again where photos are wanted. A message without any content may have
/// been one, or the head of an album: where no photos are wanted it needs no answer.
pub(super) fn not_loaded(snapshot: &Snapshot<'_>, kind: OtherKind) -> Decision {
    let chat = snapshot.chat.clone();
    match kind {
        _ if snapshot.wants_photo => Decision::tell(chat, Outcome::NotText { kind: OtherKind::PhotoLost }),
        OtherKind::Empty => Decision::silent(chat),
        _ => Decision::tell(chat, Outcome::PhotoNotNeeded),
    }
}

fn new_photo(attachment: &Attachment, draw: &mut Draw<'_>) -> NewPhoto {
    NewPhoto { id: (draw.next_id)(), attachment: attachment.clone() }
}

/// A photo with a form under it that has to be asked about first: the photo is kept for the answer.
fn asked_about(
    snapshot: &Snapshot<'_>,
    sent_at: DateTime<Utc>,
    (attachment, request): (&Attachment, &Request),
    draw: &mut Draw<'_>,
) -> Option<Decision> {
    // Asked on a copy first: a photo is kept, and its number drawn, only for a question.
    super::question::about(snapshot, &mut snapshot.chat.clone(), sent_at, request, false)?;
    let mut decision = keep(snapshot, sent_at, attachment, draw);
    let photo_kept = decision.photo.is_some();
    decision.outcome = super::question::about(snapshot, &mut decision.chat, sent_at, request, photo_kept);
    Some(decision)
}

/// A photo with the whole form under it.
fn captioned_form(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    sent_at: DateTime<Utc>,
    (attachment, request): (&Attachment, &Request),
    draw: &mut Draw<'_>,
) -> Result<Decision, NotLoaded> {
    let Request::Form(read) = request else { return text(snapshot, seats, sent_at, request, draw) };
    if !read.wants_photo {
        return form(snapshot, seats, sent_at, (read, None), draw);
    }
    let photo = new_photo(attachment, draw);
    let mut decision = form(snapshot, seats, sent_at, (read, Some(photo.id)), draw)?;
    // A refused form does not need its photo; a repeat has one already.
    if decision.changed.iter().any(|booking| booking.photo == Some(photo.id)) {
        decision.photo = Some(photo);
    }
    Ok(decision)
}

/// A photo without a usable caption: what was waited for, or something to keep until its form comes.
fn alone(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    (sent_at, attachment): (DateTime<Utc>, &Attachment),
    draw: &mut Draw<'_>,
) -> Result<Decision, NotLoaded> {
    if let Some(hold) = snapshot.hold_awaiting(Awaits::Photo) {
        if let Some(ended) = super::closed::ended(snapshot, seats, hold)? {
            return Ok(ended);
        }
        let photo = new_photo(attachment, draw);
        let mut decision = with_photo(snapshot, seats, hold, photo.id);
        decision.photo = Some(photo);
        return Ok(decision);
    }
    // Also one that is held and waits for its code: it had its photo once.
    let lost = snapshot.live().into_iter().find(|booking| snapshot.chat.lost_photo_of == Some(booking.id));
    if let Some(booking) = lost {
        let photo = new_photo(attachment, draw);
        let mut mended = booking.clone();
        mended.photo = Some(photo.id);
        let mut chat = snapshot.chat.clone();
        chat.lost_photo_of = None;
        let outcome = match mended.state {
            State::Held => told_again(snapshot, &mended),
            _ => Outcome::PhotoReceived { booking: mended.clone() },
        };
        let mut decision = Decision::tell(chat, outcome).with([mended]);
        decision.photo = Some(photo);
        return Ok(decision);
    }
    // A question about a form is open: the photo is kept for it, and its answer is what is missing.
    if super::question::is_about_a_form(snapshot) {
        let mut decision = keep(snapshot, sent_at, attachment, draw);
        decision.outcome = super::question::again(snapshot, &decision.chat).or(decision.outcome);
        return Ok(decision);
    }
    if let Some(booking) = snapshot.booked().first() {
        return Ok(Decision::tell(snapshot.chat.clone(), Outcome::AlreadyBooked { booking: (*booking).clone() }));
    }
    Ok(keep(snapshot, sent_at, attachment, draw))
}

/// Keeps a photo for its form, where the office wants photos at all. No seat is taken for it.
fn keep(snapshot: &Snapshot<'_>, sent_at: DateTime<Utc>, attachment: &Attachment, draw: &mut Draw<'_>) -> Decision {
    let mut chat = snapshot.chat.clone();
    if !snapshot.wants_photo {
        return Decision::tell(chat, Outcome::PhotoNotNeeded);
    }
    let until = sent_at.max(snapshot.now) + Duration::minutes(i64::from(snapshot.office.policy.photo_wait_minutes));
    let photo = new_photo(attachment, draw);
    chat.photo = Some(KeptPhoto { id: photo.id, until });
    let mut decision = Decision::tell(chat, Outcome::PhotoKept { until });
    decision.photo = Some(photo);
    decision
}
