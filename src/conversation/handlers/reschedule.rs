//! `#ganti`: a booking or hold goes to another day. The new seat is taken before the old one is given back; code and people stay.

use chrono::{DateTime, NaiveDate, Utc};

use super::{day, hold};
use crate::conversation::chat::Chat;
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::conversation::question::{Choices, Question};
use crate::conversation::refusal::NotThatDay;
use crate::conversation::snapshot::Snapshot;
use crate::domain::attendance::Attendance;
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::reschedule::{is_extra, is_on_closed_day, judge};
use crate::domain::seats::{NotLoaded, Wish};
use crate::domain::slot::{Asked, Slot, judge as judge_day};
use crate::grammar::ChangeDay;

/// Days that are offered: as many as a chat shows as buttons.
const OFFERED_DAYS: usize = 3;

/// A wish for another day.
#[derive(Clone, Copy)]
struct MoveWish<'w> {
    /// Every day that it may mean; empty where it names none.
    days: &'w [NaiveDate],
    /// Whether a single day is asked about first.
    is_asked: bool,
    /// When it was sent.
    sent_at: DateTime<Utc>,
}

/// `#ganti`: the hold first, then the only live booking, then the question which. Any other open question ends.
pub(in crate::conversation) fn change_day(
    context: &mut Context<'_>,
    change: &ChangeDay,
) -> Result<Decision, NotLoaded> {
    let snapshot = context.snapshot;
    let mut live = snapshot.live();
    // A seat that is offered is taken or left as it is.
    live.retain(|booking| booking.awaits != Some(Awaits::Offer));
    let wish = MoveWish { days: &change.days, is_asked: change.is_asked, sent_at: context.sent_at };
    let named = live.iter().copied().find(|booking| change.code.as_ref() == Some(&booking.code));
    let is_named = change.code.is_some() || change.mistyped;
    let chat = without_question(context);
    let hold = live.iter().copied().find(|booking| booking.state == State::Held);
    match (named.or_else(|| hold.filter(|_| !is_named)), live.as_slice()) {
        (Some(booking), _) => move_to(context, booking, wish),
        // What else is asked stays open: nothing else was meant to be given up.
        (None, []) => Ok(context.tell_beside_guide(Outcome::NothingToMove)),
        // A code that names no booking must not move another one.
        (None, _) if is_named => {
            let bookings = live.into_iter().cloned().collect();
            Ok(Decision::tell(chat, Outcome::MoveOfNoneOfThese { bookings }))
        }
        (None, [only]) => move_to(context, only, wish),
        (None, [..]) => {
            let bookings = live.iter().map(|booking| booking.id).collect();
            let asked = Choices::Move { bookings, days: change.days.clone(), sent_at: context.sent_at };
            let outcome = Outcome::WhichToMove { bookings: live.into_iter().cloned().collect() };
            Ok(ask(context, chat, asked, outcome))
        }
    }
}

/// The choice of that number, counted from 0; `None` where no question of this topic has it.
pub(super) fn chosen(context: &mut Context<'_>, place: usize) -> Option<Result<Decision, NotLoaded>> {
    let snapshot = context.snapshot;
    match snapshot.open_question()? {
        Choices::NewDay { booking, days, sent_at, .. } => {
            let day = [*days.get(place)?];
            let wish = MoveWish { days: &day, is_asked: false, sent_at: *sent_at };
            Some(move_to(context, of_id(snapshot, *booking)?, wish))
        }
        Choices::Move { bookings, days, sent_at } => {
            let wish = MoveWish { days, is_asked: true, sent_at: *sent_at };
            Some(move_to(context, of_id(snapshot, *bookings.get(place)?)?, wish))
        }
        Choices::Cancel(_)
        | Choices::Form { .. }
        | Choices::Day { .. }
        | Choices::GiveUp { .. }
        | Choices::Restore { .. }
        | Choices::Opening { .. }
        | Choices::Wait { .. }
        | Choices::Reminder { .. }
        | Choices::Guide(_)
        | Choices::Erase => None,
    }
}

/// Another day for this booking, in the answer to its reminder.
pub(super) fn another_day(context: &mut Context<'_>, booking: &Booking) -> Result<Decision, NotLoaded> {
    let sent_at = context.sent_at;
    move_to(context, booking, MoveWish { days: &[], is_asked: false, sent_at })
}

/// `ya`: the only day that was offered; `None` where there are several, or no such question is open.
pub(super) fn accepted(context: &mut Context<'_>) -> Option<Result<Decision, NotLoaded>> {
    let Choices::NewDay { days, .. } = context.snapshot.open_question()? else { return None };
    (days.len() == 1).then(|| chosen(context, 0)).flatten()
}

/// A day and nothing else, offered or not; `None` where the question which day is not open.
pub(super) fn by_day(context: &mut Context<'_>, days: &[NaiveDate]) -> Option<Result<Decision, NotLoaded>> {
    let Choices::NewDay { booking, days: offered, sent_at, .. } = context.snapshot.open_question()? else {
        return None;
    };
    let meant: Vec<NaiveDate> = offered.iter().copied().filter(|day| days.contains(day)).collect();
    let days = if meant.is_empty() { days } else { &meant };
    let wish = MoveWish { days, is_asked: false, sent_at: *sent_at };
    Some(move_to(context, of_id(context.snapshot, *booking)?, wish))
}

/// The open question of this topic once more; `None` where a booking that it is about is gone.
pub(super) fn asked_again(snapshot: &Snapshot<'_>) -> Option<Outcome> {
    match snapshot.open_question()? {
        Choices::NewDay { booking, days, .. } => {
            let booking = of_id(snapshot, *booking)?.clone();
            Some(match days.as_slice() {
                [day] => Outcome::ConfirmMove { booking, day: *day },
                _ => Outcome::WhichNewDay { booking: Box::new(booking), why: None, days: days.clone() },
            })
        }
        Choices::Move { bookings, .. } => {
            let bookings = bookings.iter().map(|id| of_id(snapshot, *id).cloned()).collect::<Option<_>>()?;
            Some(Outcome::WhichToMove { bookings })
        }
        Choices::Cancel(_)
        | Choices::Form { .. }
        | Choices::Day { .. }
        | Choices::GiveUp { .. }
        | Choices::Restore { .. }
        | Choices::Opening { .. }
        | Choices::Wait { .. }
        | Choices::Reminder { .. }
        | Choices::Guide(_)
        | Choices::Erase => None,
    }
}

fn of_id<'a>(snapshot: &Snapshot<'a>, id: i64) -> Option<&'a Booking> {
    snapshot.live().into_iter().find(|booking| booking.id == id)
}

fn without_question(context: &Context<'_>) -> Chat {
    Chat { question: None, ..context.chat() }
}

fn ask(context: &Context<'_>, mut chat: Chat, asked: Choices, outcome: Outcome) -> Decision {
    chat.question = Some(Question::new(asked, context.snapshot.now));
    Decision::tell(chat, outcome)
}

/// Moves one booking or hold, asks which day, or says why not.
fn move_to(context: &mut Context<'_>, booking: &Booking, wish: MoveWish<'_>) -> Result<Decision, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    // A hold is unconfirmed: another form would move it too, whatever the office's rule.
    if booking.state == State::Booked
        && let Err(why) = judge(office, calendar, booking, wish.sent_at)
    {
        let outcome = Outcome::MoveRefused { booking: booking.clone(), why };
        return Ok(Decision::tell(without_question(context), outcome));
    }
    let is_servable = |day: &NaiveDate| {
        *day != booking.slot.date
            && !matches!(judge_day(office, calendar, *day, now), Asked::Past | Asked::TooSoon { .. })
    };
    let servable: Vec<NaiveDate> = wish.days.iter().copied().filter(is_servable).collect();
    match (servable.as_slice(), wish.days) {
        ([], []) => offer(context, booking, None, wish),
        ([], [asked, ..]) | ([asked], _) => to_day(context, booking, *asked, wish),
        (several, _) => {
            let days = several.to_vec();
            let asked =
                Choices::NewDay { booking: booking.id, days: days.clone(), sent_at: wish.sent_at, is_notice: false };
            let outcome = Outcome::WhichNewDay { booking: Box::new(booking.clone()), why: None, days };
            Ok(ask(context, without_question(context), asked, outcome))
        }
    }
}

/// Moves it to the day that is meant, or says why not and offers others.
fn to_day(
    context: &mut Context<'_>,
    booking: &Booking,
    asked: NaiveDate,
    wish: MoveWish<'_>,
) -> Result<Decision, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    let session = booking.applicant.sesi;
    let refused = day::why_not(context.snapshot, asked, session);
    let why = match refused {
        _ if asked == booking.slot.date && !is_on_closed_day(office, calendar, booking) => NotThatDay::Same,
        Some(why) => NotThatDay::Refused { asked, why },
        None => {
            let wanted = Wish { from: asked, party: booking.party(), roll: false, session };
            match context.seats.find(office, calendar, wanted, now)? {
                Some(_) if wish.is_asked => {
                    let days = vec![asked];
                    let question =
                        Choices::NewDay { booking: booking.id, days, sent_at: wish.sent_at, is_notice: false };
                    let outcome = Outcome::ConfirmMove { booking: booking.clone(), day: asked };
                    return Ok(ask(context, without_question(context), question, outcome));
                }
                Some(slot) => return moved(context, booking, slot),
                None => NotThatDay::Full { asked },
            }
        }
    };
    offer(context, booking, Some(why), wish)
}

/// Moves it into an hour that has room: the new seats are taken before the old ones are given back.
fn moved(context: &mut Context<'_>, booking: &Booking, slot: Slot) -> Result<Decision, NotLoaded> {
    let Snapshot { office, calendar, .. } = *context.snapshot;
    let seats = context.seats.take(office, calendar, slot, booking.party());
    context.seats.give_back(booking.slot, &booking.seats)?;
    let asked = booking.asked.map(|_| slot.date);
    let attendance = booking.attendance.map(|_| Attendance::Announced);
    let mut after = Booking { slot, seats, asked, displaced: None, attendance, ..booking.clone() };
    if booking.state == State::Held {
        after.hold_until = hold::until_after_move(context, &after, booking);
    } else if !is_extra(office, calendar, booking) {
        after.moves += 1;
    }
    let outcome = Outcome::Moved { booking: after.clone(), before: Box::new(booking.clone()) };
    Ok(Decision::tell(without_question(context), outcome).with([after]))
}

/// Offers the nearest days with room: those after the asked day first, else the first ones.
fn offer(
    context: &mut Context<'_>,
    booking: &Booking,
    why: Option<NotThatDay>,
    wish: MoveWish<'_>,
) -> Result<Decision, NotLoaded> {
    let Snapshot { office, now, .. } = *context.snapshot;
    let today = office.date_at(now);
    let from = match &why {
        Some(NotThatDay::Full { asked } | NotThatDay::Refused { asked, .. }) => (*asked).max(today),
        Some(NotThatDay::Same) | None => today,
    };
    let days = offered_days(context, booking, from)?;
    let outcome = Outcome::WhichNewDay { booking: Box::new(booking.clone()), why, days: days.clone() };
    let chat = without_question(context);
    if days.is_empty() {
        return Ok(Decision::tell(chat, outcome));
    }
    let asked = Choices::NewDay { booking: booking.id, days, sent_at: wish.sent_at, is_notice: false };
    Ok(ask(context, chat, asked, outcome))
}

/// The nearest days with room for all of a booking, its own day left out: the first ones from `from` on, filled up with earlier ones.
pub(super) fn offered_days(
    context: &Context<'_>,
    booking: &Booking,
    from: NaiveDate,
) -> Result<Vec<NaiveDate>, NotLoaded> {
    let today = context.snapshot.office.date_at(context.snapshot.now);
    let mut days = with_room(context, booking, from)?;
    if days.len() < OFFERED_DAYS && from > today {
        let earlier = with_room(context, booking, today)?;
        days.extend(earlier.into_iter().filter(|day| *day < from).take(OFFERED_DAYS - days.len()));
        days.sort_unstable();
        days.dedup();
    }
    Ok(days)
}

/// The first days from one on that have room for all of a booking, its own day left out.
fn with_room(context: &Context<'_>, booking: &Booking, from: NaiveDate) -> Result<Vec<NaiveDate>, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    let mut days = Vec::with_capacity(OFFERED_DAYS);
    let mut from = Some(from);
    while let Some(first) = from.filter(|_| days.len() < OFFERED_DAYS) {
        let wanted = Wish { from: first, party: booking.party(), roll: true, session: booking.applicant.sesi };
        let Some(slot) = context.seats.find(office, calendar, wanted, now)? else { break };
        if slot.date != booking.slot.date {
            days.push(slot.date);
        }
        from = slot.date.succ_opt();
    }
    Ok(days)
}
