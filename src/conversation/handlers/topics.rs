//! Questions: every topic that a message asks about gets its answer, alone or below what else the message led to.

use chrono::NaiveDate;

use super::day;
use crate::conversation::answer::{Answer, DayRoom, HourRoom, HourWish, Room};
use crate::conversation::at_counter;
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::guide::GuideStage;
use crate::conversation::heard::Heard;
use crate::conversation::lang::Lang;
use crate::conversation::outcome::{Answers, Outcome};
use crate::conversation::question::Choices;
use crate::conversation::refusal::RefusedDay;
use crate::conversation::said::Said;
use crate::domain::booking::Booking;
use crate::domain::seats::NotLoaded;
use crate::domain::slot::horizon;
use crate::grammar::{About, Language, Request, Topic};

/// Topics of one message that are answered: with more, the reply is too long to be read.
const ANSWERS_MAX: usize = 5;
/// Days with room that are named: enough to choose from.
pub const DAYS_WITH_ROOM: usize = 3;
/// Days between them of which it is told why they have none.
const DAYS_PASSED_OVER_MAX: usize = 4;
/// Days of one question that are answered: a weekday may mean two, a mistyped date a few.
const DAYS_ASKED_MAX: usize = 3;

/// The answers to what a message asks. They are found before anything else is decided, so that loading a day costs nothing that
/// was drawn or taken.
///
/// # Errors
/// [`NotLoaded`] names a date whose hours must be loaded first.
pub(in crate::conversation) fn answers(context: &Context<'_>, heard: &Heard) -> Result<Vec<Answer>, NotLoaded> {
    if matches!(heard.said, Said::Edited(_)) {
        return Ok(Vec::new());
    }
    heard.topics.asked.iter().take(ANSWERS_MAX).map(|about| answer(context, about)).collect()
}

/// The decision with the answers below its outcome, and in English where the message was.
pub(in crate::conversation) fn answered(
    context: &Context<'_>,
    heard: &Heard,
    mut answers: Vec<Answer>,
    mut decision: Decision,
) -> Decision {
    let snapshot = context.snapshot;
    if !decision.changed.is_empty() {
        // The outcome describes the booking or hold that was just made already.
        answers.retain(|answer| !matches!(answer, Answer::OwnBooking { .. } | Answer::Queue { .. }));
    }
    if answers.iter().any(|answer| matches!(answer, Answer::Complaint { .. })) {
        // A complaint's answer lists the bookings already.
        answers.retain(|answer| !matches!(answer, Answer::OwnBooking { .. }));
    }
    let is_known = snapshot.chat.lang == decision.chat.lang;
    let in_english = heard.topics.language == Language::English && decision.chat.lang == Lang::Id && is_known;
    // A command in Malay is answered as in Indonesian; only what may not have been understood gets the line about English.
    let in_malay = heard.topics.language == Language::Malay && decision.chat.lang == Lang::Id;
    let is_silent = decision.outcome.is_none() && answers.is_empty();
    if is_silent || (answers.is_empty() && !in_english && !in_malay) {
        return decision;
    }
    let lists_holds =
        |answer: &Answer| matches!(answer, Answer::OwnBooking { .. } | Answer::Queue { .. } | Answer::Complaint { .. });
    let is_alone = decision.outcome.is_none();
    let hold = snapshot.hold().filter(|_| is_alone && !answers.iter().any(lists_holds)).cloned();
    // A reminder need not be answered, nor a dialogue that was only offered or that nobody knows of yet.
    let is_asked = |asked: &Choices| match asked {
        Choices::Reminder { .. } | Choices::Wait { .. } => false,
        Choices::Guide(guide) => guide.stage == GuideStage::Begun,
        _ => true,
    };
    let question_open = is_alone && snapshot.open_question().is_some_and(is_asked);
    let (beside, question_open, hold) = match decision.outcome.take() {
        // Answers never stand beside answers.
        Some(Outcome::Answers(told)) => (told.beside, told.question_open, told.hold),
        outcome => (outcome, question_open, hold),
    };
    decision.outcome =
        Some(Outcome::Answers(Box::new(Answers { beside, answers, hold, question_open, in_english, in_malay })));
    decision
}

/// Whether a message is nothing but questions that have an answer.
pub(in crate::conversation) fn is_question(heard: &Heard) -> bool {
    heard.said == Said::Text(Request::Question) && !heard.topics.is_empty()
}

fn answer(context: &Context<'_>, about: &About) -> Result<Answer, NotLoaded> {
    let snapshot = context.snapshot;
    let own = || -> Vec<Booking> { snapshot.live().into_iter().cloned().collect() };
    Ok(match about.topic {
        Topic::Hours if !about.days.is_empty() => {
            Answer::OpenOn(about.days.iter().copied().take(DAYS_ASKED_MAX).collect())
        }
        Topic::FreeDays => free_days(context, &about.days)?,
        Topic::FreeHours => free_hours(context, about)?,
        Topic::OwnBooking => {
            if let Some(visits) = at_counter::here_today(snapshot) {
                return Ok(Answer::Queue { visits, bookings: at_counter::not_here(snapshot) });
            }
            let photo_until = snapshot.chat.photo.map(|photo| photo.until).filter(|&until| snapshot.now < until);
            Answer::OwnBooking { bookings: own(), photo_until }
        }
        Topic::Complaint => Answer::Complaint { bookings: own() },
        Topic::Authenticity if snapshot.channel.is_simulated() => Answer::Simulated,
        topic => Answer::Topic(topic),
    })
}

/// The days that were asked about; the nearest ones with room where none was, or none of these has any.
fn free_days(context: &Context<'_>, days: &[NaiveDate]) -> Result<Answer, NotLoaded> {
    let asked = days.iter().take(DAYS_ASKED_MAX).map(|&date| day_room(context, date)).collect::<Result<Vec<_>, _>>()?;
    let is_free = asked.iter().any(|day| matches!(day.room, Room::Free(_)));
    let nearest = if is_free { Vec::new() } else { nearest(context, asked.is_empty())? };
    Ok(Answer::FreeDays { asked, nearest })
}

/// The nearest days with room; `with_reasons` with the days before the last of them that have none.
fn nearest(context: &Context<'_>, with_reasons: bool) -> Result<Vec<DayRoom>, NotLoaded> {
    let snapshot = context.snapshot;
    let last = horizon(snapshot.office, snapshot.now);
    let (mut days, mut free, mut passed) = (Vec::new(), 0, 0);
    for date in snapshot.office.date_at(snapshot.now).iter_days().take_while(|&date| date <= last) {
        let day = day_room(context, date)?;
        match day.room {
            Room::Free(_) => {
                days.push(day);
                free += 1;
                if free == DAYS_WITH_ROOM {
                    break;
                }
            }
            // Everybody knows that it is closed on Sundays.
            Room::Full | Room::Refused(RefusedDay::Holiday(_) | RefusedDay::Closed(_))
                if with_reasons && passed < DAYS_PASSED_OVER_MAX =>
            {
                days.push(day);
                passed += 1;
            }
            Room::Full | Room::Refused(_) => {}
        }
    }
    Ok(days)
}

/// The hours of the day that was asked about, or of the next one with room.
fn free_hours(context: &Context<'_>, about: &About) -> Result<Answer, NotLoaded> {
    let snapshot = context.snapshot;
    let wish = about.hour.map(HourWish::Hour).or_else(|| about.session.map(HourWish::Session));
    // Whoever has a place asks about its day.
    let own = || match snapshot.live().as_slice() {
        [only] if only.slot.date >= snapshot.office.date_at(snapshot.now) => Some(only.slot.date),
        _ => None,
    };
    let day = if let Some(date) = about.days.first().copied().or_else(own) {
        day_room(context, date)?
    } else {
        let next = nearest(context, false)?.into_iter().next();
        next.unwrap_or(DayRoom { date: horizon(snapshot.office, snapshot.now), room: Room::Full })
    };
    let hours = match day.room {
        Room::Free(_) => hours_of(context, day.date)?,
        Room::Full | Room::Refused(_) => Vec::new(),
    };
    Ok(Answer::FreeHours { day, hours, wish })
}

fn hours_of(context: &Context<'_>, date: NaiveDate) -> Result<Vec<HourRoom>, NotLoaded> {
    let free = context.seats.free(context.snapshot.office, context.snapshot.calendar, date, context.snapshot.now)?;
    Ok(free.hours.into_iter().map(|(hour, free)| HourRoom { hour, free }).collect())
}

/// How many seats a day has, or why it gives none.
fn day_room(context: &Context<'_>, date: NaiveDate) -> Result<DayRoom, NotLoaded> {
    let snapshot = context.snapshot;
    if let Some(why) = day::refused(snapshot, date) {
        return Ok(DayRoom { date, room: Room::Refused(why) });
    }
    let free = context.seats.free(snapshot.office, snapshot.calendar, date, snapshot.now)?;
    let room = if free.seats == 0 { Room::Full } else { Room::Free(free.seats) };
    Ok(DayRoom { date, room })
}
