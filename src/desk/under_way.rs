//! A conversation under way ends with the formats that it began with, whatever its office publishes meanwhile.

use chrono::{DateTime, Utc};

use super::incoming::Incoming;
use super::reading;
use crate::conversation::{Chat, Decision, Said};
use crate::domain::booking::{Booking, State};
use crate::domain::office::Office;
use crate::grammar::{Format, Request};
use crate::roster::{Began, EarlierFormats, Roster};

/// Reads a message once more by the formats with which its conversation began, where its office has others by now. What only the new
/// formats read counts all the same: its citizen has seen the new poster.
pub(super) fn read_as_begun(
    message: &mut Incoming,
    roster: &Roster,
    (chat, bookings): (Option<&Chat>, &[Booking]),
    now: DateTime<Utc>,
) {
    message.formats = None;
    if !roster.has_earlier_formats(&message.office.id) {
        return;
    }
    let Some(earlier) = earlier(roster, &message.office, (chat, bookings), now) else { return };
    let formats: Vec<&Format> = earlier.formats.iter().map(AsRef::as_ref).collect();
    let heard = reading::heard_by(&formats, &message.office, &message.inbound);
    if is_form(&message.heard.said) && !is_form(&heard.said) {
        return;
    }
    message.heard = heard;
    message.formats = Some(earlier.clone());
}

/// The formats of an open hold or an open question, the earliest of them; `None` where those in force are the same.
fn earlier<'r>(
    roster: &'r Roster,
    office: &Office,
    (chat, bookings): (Option<&Chat>, &[Booking]),
    now: DateTime<Utc>,
) -> Option<&'r EarlierFormats> {
    let holds = bookings
        .iter()
        .filter(|booking| booking.office == office.id && booking.state == State::Held && booking.is_live(office, now));
    let question = chat.and_then(|chat| chat.question.as_ref()).and_then(|question| {
        let asked_at = question.asked_at(now)?;
        Some(question.began_with.map_or(Began::At(asked_at), Began::Version))
    });
    let began = holds.map(|hold| Began::Version(hold.office_version)).chain(question);
    began.filter_map(|began| roster.earlier_formats(&office.id, began)).min_by_key(|earlier| earlier.version)
}

/// Whether a message is a form, be it one that asks back.
fn is_form(said: &Said) -> bool {
    let request = match said {
        Said::Text(request) | Said::Edited(request) => Some(request),
        Said::Picture { caption, .. } => caption.as_ref(),
        Said::Other(_) => None,
    };
    matches!(request, Some(Request::Form(_) | Request::Ask(_)))
}

/// Notes in what a decision made that the conversation began with earlier formats, so that the next message is read by them too.
pub(super) fn note(message: &Incoming, decision: &mut Decision) {
    let Some(earlier) = &message.formats else { return };
    for hold in decision.changed.iter_mut().filter(|booking| booking.state == State::Held) {
        hold.office_version = hold.office_version.min(earlier.version);
    }
    if let Some(question) = &mut decision.chat.question {
        question.began_with.get_or_insert(earlier.version);
    }
}

/// The formats by which a message is decided on and answered.
pub(super) fn formats<'a>(message: &'a Incoming, roster: &'a Roster) -> Vec<&'a Format> {
    of(message.formats.as_ref(), roster, &message.office)
}

/// Those formats, or those in force.
pub(super) fn of<'a>(then: Option<&'a EarlierFormats>, roster: &'a Roster, office: &Office) -> Vec<&'a Format> {
    then.map_or_else(|| roster.formats_of(office), |then| then.formats.iter().map(AsRef::as_ref).collect())
}
