//! Carries out what an office decided about a booking that it cannot keep, and tells its citizen. No message asked for it: they are told
//! once, with the reason, and with another day to choose where they are to choose one.

use super::reschedule;
use crate::conversation::at_counter;
use crate::conversation::chat::Chat;
use crate::conversation::context::Context;
use crate::conversation::day_changed::{DayChangeTold, DayChanged};
use crate::conversation::notice::{NoticeContent, NoticeSnapshot};
use crate::conversation::question::{Choices, Question};
use crate::conversation::settled::Settled;
use crate::conversation::snapshot::Snapshot;
use crate::domain::attendance::Attendance;
use crate::domain::booking::{Booking, State};
use crate::domain::displaced::{Displaced, Remedy};
use crate::domain::displacement::next_place;
use crate::domain::notice::Notice;
use crate::domain::reschedule::judge;
use crate::domain::seats::NotLoaded;
use crate::domain::slot::{Asked, judge as judge_day, next_day_of};

/// Carries out the decision about one booking.
pub(in crate::conversation) fn settle(context: &mut Context<'_>, booking: i64) -> Result<Settled, NotLoaded> {
    let Snapshot { office, now, .. } = *context.snapshot;
    let known = context.snapshot.bookings.iter().find(|known| known.id == booking);
    let planned = known.and_then(|known| Some((known, known.displaced.filter(|mark| !mark.is_done)?)));
    let Some((before, displaced)) = planned else {
        return Ok(Settled { changed: None, told: None, chat: context.chat() });
    };
    let done = Booking { displaced: Some(displaced.done()), ..before.clone() };
    // Whoever is at the counter already is served, whatever becomes of the day.
    if !before.is_live(office, now) || at_counter::numbers_here(context.snapshot, booking).is_some() {
        return Ok(Settled { changed: Some(done), told: None, chat: context.chat() });
    }
    let told = match (before.state, displaced.remedy) {
        (State::Held, _) => end(context, done, State::Expired)?,
        (_, Remedy::Cancel) => end(context, done, State::Cancelled)?,
        (_, Remedy::Move) => moved(context, before, displaced)?,
        (_, Remedy::Tell | Remedy::Keep) => let_choose(context, done)?,
    };
    let mut chat = context.chat();
    // What the office did cannot be taken back by its citizen, nor what they did to this booking before.
    chat.last_act = chat.last_act.filter(|act| act.booking() != booking);
    Ok(Settled { changed: Some(told.booking.clone()), told: Some(told), chat })
}

/// Moves it to the next day with room; where there is none, its citizen chooses a day as soon as there is.
fn moved(context: &mut Context<'_>, before: &Booking, displaced: Displaced) -> Result<DayChanged, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    let Some(slot) = next_place(context.seats, office, calendar, before, now)? else {
        let told = Displaced { remedy: Remedy::Tell, ..displaced.done() };
        return let_choose(context, Booking { displaced: Some(told), ..before.clone() });
    };
    let seats = context.seats.take(office, calendar, slot, before.party());
    context.seats.give_back(before.slot, &before.seats)?;
    let asked = before.asked.map(|_| slot.date);
    let (displaced, attendance) = (Some(displaced.done()), before.attendance.map(|_| Attendance::Announced));
    let booking = Booking { asked, slot, seats, displaced, attendance, ..before.clone() };
    let told = DayChangeTold::Moved { from: before.slot, seats: before.seats.clone() };
    Ok(DayChanged { booking, date: before.slot.date, told })
}

/// Ends a booking. A hold that nobody has confirmed is never moved: its form is sent again in a minute, for a day of one's own choice.
fn end(context: &mut Context<'_>, mut booking: Booking, state: State) -> Result<DayChanged, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    context.seats.give_back(booking.slot, &booking.seats)?;
    booking.become_state(state);
    let next_from = |from| next_day_of(office, calendar, booking.applicant.sesi, from, now);
    let next = booking.slot.date.succ_opt().and_then(next_from).or_else(|| next_from(office.date_at(now)));
    let told = if state == State::Cancelled {
        DayChangeTold::Cancelled
    } else {
        DayChangeTold::HoldEnded { next: next.filter(|day| *day != booking.slot.date) }
    };
    Ok(DayChanged { date: booking.slot.date, booking, told })
}

/// Offers the next days with room.
fn let_choose(context: &mut Context<'_>, booking: Booking) -> Result<DayChanged, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    let days = match booking.slot.date.succ_opt().filter(|_| judge(office, calendar, &booking, now).is_ok()) {
        Some(from) => Some(reschedule::offered_days(context, &booking, from.max(office.date_at(now)))?),
        None => None,
    };
    Ok(DayChanged { date: booking.slot.date, booking, told: DayChangeTold::Choose { days } })
}

/// What the notice of it says, and what is remembered then; `None` where its citizen has settled it otherwise meanwhile.
pub(super) fn notice(snapshot: &NoticeSnapshot<'_>, notice: &Notice) -> Option<(NoticeContent, Chat)> {
    let NoticeSnapshot { office, bookings, now, .. } = *snapshot;
    let booking = bookings.iter().find(|booking| Some(booking.id) == notice.booking)?;
    let mut changed = DayChanged::of_detail(booking, notice.detail.as_deref()?)?;
    let is_live = booking.state == State::Booked && booking.is_live(office, now);
    // Whoever has sent another form since need not hear of the hold before it.
    let has_newer = || bookings.iter().any(|other| other.is_live(office, now) && other.created_at > booking.created_at);
    let stands = match &changed.told {
        DayChangeTold::Choose { .. } => is_live && booking.displaced.is_some() && booking.slot.date == changed.date,
        DayChangeTold::Moved { .. } => is_live && booking.displaced.is_some(),
        DayChangeTold::Cancelled => booking.state == State::Cancelled,
        DayChangeTold::HoldEnded { .. } => booking.state == State::Expired && !has_newer(),
        DayChangeTold::Reopened => is_live || booking.state == State::Cancelled && !has_newer(),
    };
    if !stands {
        return None;
    }
    let mut chat = Chat { echoed: None, ..snapshot.chat.clone() };
    if let DayChangeTold::Choose { days } = &mut changed.told {
        ask(snapshot, booking, days, &mut chat);
    }
    Some((NoticeContent::DayChanged(Box::new(changed)), chat))
}

/// Asks which of these days it is to be, where no form of theirs is in question: that question comes first.
fn ask(snapshot: &NoticeSnapshot<'_>, booking: &Booking, days: &mut Option<Vec<chrono::NaiveDate>>, chat: &mut Chat) {
    let NoticeSnapshot { office, calendar, now, .. } = *snapshot;
    let Some(offered) = days.as_mut().filter(|offered| !offered.is_empty()) else { return };
    // A night may have passed.
    offered.retain(|day| judge_day(office, calendar, *day, now) == Asked::Open);
    let is_about_form = |question: &Question| {
        question.is_open(now)
            && matches!(question.asked, Choices::Guide(_) | Choices::Form { .. } | Choices::Day { .. })
    };
    if offered.is_empty() || chat.question.as_ref().is_some_and(is_about_form) {
        *days = None;
        return;
    }
    let asked = Choices::NewDay { booking: booking.id, days: offered.clone(), sent_at: now, is_notice: true };
    chat.question = Some(Question::new(asked, now));
}
