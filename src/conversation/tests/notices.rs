//! What becomes of notices that are due, and the answers to a reminder.

use chrono::{DateTime, Duration, Utc};

use super::world::{TUESDAY, World, approval, date, echo, monday, office, one_step};
use crate::conversation::{
    Chat, NoticeContent, NoticeDecision, NoticeSnapshot, Outcome, OwnVisit, ReminderChoice, decide_notice,
};
use crate::domain::booking::Booking;
use crate::domain::message::ChannelId;
use crate::domain::notice::{Dropped, Kind, Notice};
use crate::domain::office::Dated;
use crate::domain::visit::{State, Visit};
use crate::grammar::CommandName;

/// A notice of a kind about a booking of citizen 1, in time until midnight.
pub(super) fn notice(kind: Kind, booking: &Booking, now: DateTime<Utc>) -> Notice {
    Notice {
        id: 1,
        office: booking.office.clone(),
        kind,
        channel: ChannelId::new("tape", "uji"),
        contact: World::contact(1),
        booking: Some(booking.id),
        occasion: booking.slot.date.to_string(),
        detail: None,
        due: now,
        drop_after: now + Duration::hours(6),
    }
}

impl World {
    /// What becomes of a notice to citizen 1; what is remembered is kept.
    pub(super) fn notice(&mut self, notice: &Notice) -> Result<NoticeContent, NoticeDecision> {
        self.lapse();
        let chat = self.chats.get(&1).cloned().unwrap_or_default();
        let bookings = self.bookings.get(&1).cloned().unwrap_or_default();
        let (office, calendar, now) = (&self.office, &self.calendar, self.now);
        let own = self.visits.get(&1).into_iter().flatten();
        let visits: Vec<Visit> = own.map(|own| own.visit.clone()).collect();
        let snapshot = NoticeSnapshot { office, calendar, chat: &chat, bookings: &bookings, visits: &visits, now };
        match decide_notice(&snapshot, notice) {
            NoticeDecision::Say { content, chat } => {
                self.chats.insert(1, *chat);
                if let Some(asked) = content.asked() {
                    let own = self.bookings.entry(1).or_default();
                    *own.iter_mut().find(|known| known.id == asked.id).expect("a booking of theirs") = asked.clone();
                }
                Ok(*content)
            }
            other => Err(other),
        }
    }
}

/// Citizen 1 is booked for Tuesday in one step; it is Monday, 18.00.
fn booked() -> (World, Booking) {
    let mut world = one_step();
    let Outcome::Booked { booking, .. } = world.form(1, "Budi", TUESDAY) else { panic!("not booked") };
    world.now = monday() + Duration::hours(9);
    (world, booking)
}

// Negative controls: each line of `decide_notice` and of `reminder` left out fails one of these.
#[test]
fn a_reminder_is_said_in_time_to_whoever_wants_it_of_what_is_still_so() {
    let (mut world, booking) = booked();
    let reminder = notice(Kind::Reminder, &booking, world.now);
    let all = vec![ReminderChoice::Come, ReminderChoice::Move, ReminderChoice::Cancel];
    let said = NoticeContent::Reminder { booking: booking.clone(), choices: all };
    assert_eq!(world.notice(&reminder), Ok(said));
    let dropped = |why| Err(NoticeDecision::Drop(why));
    let with = |change: &dyn Fn(&mut World)| {
        let (mut world, booking) = booked();
        change(&mut world);
        world.notice(&Notice { booking: Some(booking.id), ..reminder.clone() })
    };
    assert_eq!(with(&|world| _ = world.office.notices.off.insert(Kind::Reminder)), dropped(Dropped::Off));
    let mute = |world: &mut World| _ = world.chats.insert(1, Chat { muted: true, ..Chat::default() });
    assert_eq!(with(&mute), dropped(Dropped::OptedOut));
    assert_eq!(
        with(&|world| world.now += Duration::hours(7)),
        dropped(Dropped::Late),
        "in the quiet hours, and late after"
    );
    assert_eq!(with(&|world| world.bookings.clear()), dropped(Dropped::Outdated));
    assert_eq!(with(&|world| _ = world.command(1, CommandName::Batal)), dropped(Dropped::Outdated));
    let close = |world: &mut World| {
        _ = world.office.dated.insert(date(2017, 8, 8), Dated::Closed { reason: "Banjir".into() });
    };
    assert_eq!(with(&close), dropped(Dropped::Outdated), "whoever is booked on a closed day is told that");
    let other_day = Notice { occasion: "2017-08-09".into(), ..reminder.clone() };
    assert_eq!(world.notice(&other_day), dropped(Dropped::Outdated));
    world.now += Duration::hours(3);
    let morning = Notice { drop_after: world.now + Duration::days(1), ..reminder };
    let six = monday() + Duration::hours(21);
    assert_eq!(world.notice(&morning), Err(NoticeDecision::Later(six)), "quiet until six");
}

#[test]
fn a_number_answers_the_reminder_until_something_else_is_asked() {
    for (number, is_right) in [
        ("1", (|outcome| matches!(outcome, Outcome::WillCome { .. })) as fn(&Outcome) -> bool),
        ("2", |outcome| matches!(outcome, Outcome::WhichNewDay { .. })),
        ("3", |outcome| matches!(outcome, Outcome::Cancelled { .. })),
        ("4", |outcome| matches!(outcome, Outcome::Notice(_))),
    ] {
        let (mut world, booking) = booked();
        world.notice(&notice(Kind::Reminder, &booking, world.now)).unwrap();
        let outcome = world.code(1, number);
        assert!(is_right(&outcome), "{number}: {outcome:?}");
        world.audit();
    }
    let (mut world, booking) = booked();
    world.notice(&notice(Kind::Reminder, &booking, world.now)).unwrap();
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::WillCome { .. }));
    assert!(matches!(world.code(1, "3"), Outcome::CodeUnknown { .. }), "it has been answered");
    // A list without choices stands between: a number would no longer mean the reminder's.
    world.notice(&notice(Kind::Reminder, &booking, world.now)).unwrap();
    world.command(1, CommandName::Status);
    assert!(matches!(world.code(1, "3"), Outcome::CodeUnknown { .. }));
}

#[test]
fn a_reminder_shows_what_the_office_allows_and_asks_nothing_beside_another_question() {
    let (mut world, booking) = booked();
    world.office.policy.reschedule.times = 0;
    let reminder = notice(Kind::Reminder, &booking, world.now);
    let choices = |content| match content {
        Ok(NoticeContent::Reminder { choices, .. }) => choices,
        other => panic!("{other:?}"),
    };
    assert_eq!(choices(world.notice(&reminder)), [ReminderChoice::Come, ReminderChoice::Cancel]);
    assert!(matches!(world.code(1, "2"), Outcome::Cancelled { .. }), "the numbers are those that were shown");
    let (mut world, booking) = booked();
    world.office.policy.reschedule.times = 0;
    world.office.policy.cancelling = false;
    assert_eq!(choices(world.notice(&notice(Kind::Reminder, &booking, world.now))), []);
    assert_eq!(world.chats[&1].question, None);
}

#[test]
fn a_hold_is_told_of_while_it_lapses_and_after_it_has_unless_there_is_another_place() {
    let mut world = World::new(office());
    let hold = echo(world.form(1, "Budi", TUESDAY));
    world.now += Duration::minutes(25);
    let lapsing = notice(Kind::HoldLapsing, &hold, world.now);
    assert_eq!(world.notice(&lapsing), Ok(NoticeContent::HoldLapsing { hold: hold.clone() }));
    world.now += Duration::minutes(5);
    assert_eq!(world.notice(&lapsing), Err(NoticeDecision::Drop(Dropped::Outdated)));
    let lapsed = notice(Kind::HoldLapsed, &hold, world.now);
    assert!(matches!(world.notice(&lapsed), Ok(NoticeContent::HoldLapsed { .. })));
    // The late code books after all.
    assert!(matches!(world.code(1, &approval(&hold)), Outcome::Booked { .. }));
    assert_eq!(world.notice(&lapsed), Err(NoticeDecision::Drop(Dropped::Outdated)));
}

// Negative controls: each condition of `forfeited` left out fails a line of this.
#[test]
fn a_forfeited_place_is_told_where_arrivals_are_recorded_and_nobody_of_the_booking_came() {
    let (mut world, booking) = booked();
    world.office.policy.arrivals = true;
    world.now = booking.slot.begins(&world.office) + Duration::minutes(16);
    let forfeited = notice(Kind::Forfeited, &booking, world.now);
    let visit = |person, state| {
        let blank = Visit::blank(1, booking.office.clone(), booking.slot.date);
        OwnVisit { visit: Visit { booking: Some(booking.id), person, state, ..blank }, wait: None }
    };
    let outdated = Err(NoticeDecision::Drop(Dropped::Outdated));
    let told = Ok(NoticeContent::Forfeited { booking: booking.clone() });
    for (states, expected) in [
        (vec![State::NoShow, State::NoShow], &told),
        (vec![State::NoShow, State::Withdrawn], &told),
        (vec![State::NoShow, State::Arrived], &outdated),
        (vec![State::Done, State::NoShow], &outdated),
    ] {
        let visits = (0..).zip(&states).map(|(person, state)| visit(person, *state)).collect();
        world.visits.insert(1, visits);
        assert_eq!(world.notice(&forfeited), *expected, "{states:?}");
    }
    world.visits.insert(1, vec![visit(0, State::NoShow)]);
    let other_day = Notice { occasion: "2017-08-09".into(), ..forfeited.clone() };
    assert_eq!(world.notice(&other_day), outdated);
    world.office.policy.arrivals = false;
    assert_eq!(world.notice(&forfeited), outdated, "who comes is not recorded there");
    world.office.policy.arrivals = true;
    world.bookings.clear();
    assert_eq!(world.notice(&forfeited), outdated);
}
