//! Decides on notices that are due: whether they are still true, wanted and in time, and what they say; and serves the answer to a
//! reminder.

use super::{attendance, cancel, displaced, reschedule};
use crate::conversation::chat::Chat;
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::notice::{NoticeContent, NoticeDecision, NoticeSnapshot};
use crate::conversation::outcome::Outcome;
use crate::conversation::question::{Choices, Question};
use crate::conversation::reminder_choice::ReminderChoice;
use crate::conversation::snapshot::Snapshot;
use crate::domain::attendance::{Attendance, asked_at};
use crate::domain::booking::{Booking, State};
use crate::domain::displacement::is_served;
use crate::domain::notice::{Dropped, Kind, Notice};
use crate::domain::reschedule::judge;
use crate::domain::seats::NotLoaded;

/// Decides on one notice that is due.
pub fn decide_notice(snapshot: &NoticeSnapshot<'_>, notice: &Notice) -> NoticeDecision {
    let NoticeSnapshot { office, chat, now, .. } = *snapshot;
    if !office.notices.says(notice.kind) {
        return NoticeDecision::Drop(Dropped::Off);
    }
    let earliest = office.notices.earliest(notice.kind, office.zone, now);
    if earliest > notice.drop_after {
        return NoticeDecision::Drop(Dropped::Late);
    }
    if earliest > now {
        return NoticeDecision::Later(earliest);
    }
    if chat.muted && !notice.kind.is_owed() {
        return NoticeDecision::Drop(Dropped::OptedOut);
    }
    match content(snapshot, notice) {
        Some((content, chat)) => NoticeDecision::Say { content: Box::new(content), chat: Box::new(chat) },
        None => NoticeDecision::Drop(Dropped::Outdated),
    }
}

/// What it says, and what is remembered then; `None` where what it is about is not so any more.
fn content(snapshot: &NoticeSnapshot<'_>, notice: &Notice) -> Option<(NoticeContent, Chat)> {
    let NoticeSnapshot { office, chat, bookings, now, .. } = *snapshot;
    let booking = bookings.iter().find(|booking| Some(booking.id) == notice.booking);
    match notice.kind {
        Kind::HoldLapsing => {
            let hold = booking.filter(|hold| hold.state == State::Held && hold.is_live(office, now))?;
            Some((NoticeContent::HoldLapsing { hold: hold.clone() }, chat.clone()))
        }
        Kind::HoldLapsed => {
            // Whoever has another place meanwhile need not hear of this one.
            let has_another = bookings.iter().any(|other| other.is_live(office, now));
            // The end of a hold whose day was closed is told with that.
            let has_lapsed = |hold: &&Booking| hold.state == State::Expired && hold.displaced.is_none();
            let hold = booking.filter(has_lapsed).filter(|_| !has_another)?;
            Some((NoticeContent::HoldLapsed { hold: hold.clone() }, without_echo(chat)))
        }
        Kind::DayClosed => displaced::notice(snapshot, notice),
        Kind::Reminder => reminder(snapshot, booking?, &notice.occasion),
        Kind::Ready => {
            let detail = serde_json::from_str(notice.detail.as_deref()?).ok()?;
            Some((NoticeContent::Ready(detail), without_echo(chat)))
        }
        Kind::Message => {
            let booking = booking.filter(|booking| is_ahead(snapshot, booking))?;
            let text = notice.detail.clone()?;
            Some((NoticeContent::Message { booking: booking.clone(), text }, without_echo(chat)))
        }
        Kind::Opening => {
            let opening = serde_json::from_str(notice.detail.as_deref()?).ok()?;
            // Whoever has a place meanwhile need not hear of others.
            let has_place = bookings.iter().any(|booking| booking.is_live(office, now));
            (!has_place).then(|| (NoticeContent::Opening(opening), without_echo(chat)))
        }
        // An offer itself is said with the commit that makes it; later comes that somebody else took the seat.
        Kind::Offer => {
            let slot = serde_json::from_str(notice.detail.as_deref()?).ok()?;
            Some((NoticeContent::OfferTaken { slot }, chat.clone()))
        }
        Kind::Released => {
            let booking =
                booking.filter(|booking| booking.state == State::Cancelled && booking.attendance.is_some())?;
            Some((NoticeContent::Released { booking: booking.clone() }, without_echo(chat)))
        }
        Kind::Forfeited => forfeited(snapshot, booking?, &notice.occasion),
        // Nothing plans these without a content of its own.
        Kind::Officer => None,
    }
}

/// A notice stands between the echo and a word that would approve it.
fn without_echo(chat: &Chat) -> Chat {
    Chat { echoed: None, ..chat.clone() }
}

/// Whether a booking stands and its hour has not begun.
fn is_ahead(snapshot: &NoticeSnapshot<'_>, booking: &Booking) -> bool {
    booking.state == State::Booked && snapshot.now < booking.slot.begins(snapshot.office)
}

/// A place that was forfeited on a day; `None` where the office does not record who comes, somebody came after all, or the booking is gone
/// or on another day.
fn forfeited(snapshot: &NoticeSnapshot<'_>, booking: &Booking, day: &str) -> Option<(NoticeContent, Chat)> {
    let NoticeSnapshot { office, chat, visits, .. } = *snapshot;
    let is_of_day = booking.state == State::Booked && booking.slot.date.to_string() == day;
    let has_come = visits.iter().any(|visit| visit.state.has_come());
    let is_so = office.policy.arrivals && is_of_day && !has_come;
    is_so.then(|| (NoticeContent::Forfeited { booking: booking.clone() }, without_echo(chat)))
}

/// A reminder of the visit on a day; `None` where the booking is gone, or on another day.
fn reminder(snapshot: &NoticeSnapshot<'_>, booking: &Booking, day: &str) -> Option<(NoticeContent, Chat)> {
    let NoticeSnapshot { office, calendar, chat, now, .. } = *snapshot;
    // Whoever is not served on that day is told so, and not reminded of it.
    let is_due = is_ahead(snapshot, booking) && is_served(office, calendar, booking);
    if !is_due || booking.slot.date.to_string() != day {
        return None;
    }
    let until = booking.attendance.and_then(|_| asked_at(office, booking.slot, now));
    let booking = Booking {
        attendance: until.map(|until| Attendance::Asked { until }).or(booking.attendance),
        ..booking.clone()
    };
    let mut chat = without_echo(chat);
    let mut choices = Vec::new();
    // A number must not answer two questions.
    let is_free = chat.question.as_ref().is_none_or(|question| !question.is_open(now));
    if is_free {
        if judge(office, calendar, &booking, now).is_ok() {
            choices.push(ReminderChoice::Move);
        }
        if office.policy.cancelling {
            choices.push(ReminderChoice::Cancel);
        }
    }
    // Whoever can only come need not answer, unless their answer is awaited.
    if !choices.is_empty() || until.is_some() && is_free {
        choices.insert(0, ReminderChoice::Come);
        let asked = Choices::Reminder { booking: booking.id, choices: choices.clone() };
        chat.question = Some(Question::new(asked, now));
    }
    Some((NoticeContent::Reminder { booking, choices }, chat))
}

/// The answer of that number, counted from 0; `None` where no reminder waits for one, or its booking is gone.
pub(super) fn chosen(context: &mut Context<'_>, place: usize) -> Option<Result<Decision, NotLoaded>> {
    let Choices::Reminder { booking, choices } = context.snapshot.open_question()? else { return None };
    let (choice, booking) = (*choices.get(place)?, live(context, *booking)?);
    let chat = Chat { question: None, ..context.chat() };
    Some(match choice {
        ReminderChoice::Come => {
            let answered = attendance::confirmed(booking);
            Ok(Decision::tell(chat, Outcome::WillCome { booking: booking.clone() }).with(answered))
        }
        ReminderChoice::Move => reschedule::another_day(context, booking),
        ReminderChoice::Cancel => cancel::give_up(context, chat, booking),
    })
}

/// `ya`: they come; `None` where no reminder waits for an answer.
pub(super) fn agreed(context: &mut Context<'_>) -> Option<Result<Decision, NotLoaded>> {
    matches!(context.snapshot.open_question()?, Choices::Reminder { .. }).then(|| chosen(context, 0)).flatten()
}

/// The reminder once more, for what does not answer it.
pub(super) fn asked_again(snapshot: &Snapshot<'_>) -> Option<Outcome> {
    let Choices::Reminder { booking, choices } = snapshot.open_question()? else { return None };
    let booking = snapshot.live().into_iter().find(|live| live.id == *booking)?.clone();
    let content = NoticeContent::Reminder { booking, choices: choices.clone() };
    Some(Outcome::Notice(Box::new(content)))
}

fn live<'a>(context: &Context<'a>, id: i64) -> Option<&'a Booking> {
    context.snapshot.live().into_iter().find(|live| live.id == id)
}
