//! The reminder that must be answered: who is told so, what answers it, and whose place is given back.

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;

use super::notices::notice;
use super::world::{TUESDAY, World, date, monday, one_step};
use crate::conversation::{
    NoticeContent, Outcome, OwnVisit, REPLIES_MAX, Randomness, ReminderChoice, Snapshot, release_unanswered,
};
use crate::domain::attendance::Attendance;
use crate::domain::booking::{Booking, State};
use crate::domain::message::ChannelId;
use crate::domain::notice::Kind;
use crate::domain::office::{NO_SHOWS, NoShows};
use crate::domain::visit::{State as VisitState, Visit};
use crate::grammar::CommandName;

/// How a citizen answers.
type Answer = fn(&mut World) -> Option<Outcome>;
/// What happens between the reminder and the moment.
type Meanwhile = fn(&mut World, &Booking);

/// An office that asks from the second visit on to which nobody came; citizen 1 missed so many.
fn asking(no_shows: u32) -> World {
    let mut world = one_step();
    world.office.policy.no_shows = Some(NoShows { answer_from: 2, ..NO_SHOWS });
    world.office.policy.arrivals = true;
    world.no_shows = no_shows;
    world
}

/// Citizen 1 is booked for Tuesday by an office that asks; it is Monday, 18.00.
fn booked() -> (World, Booking) {
    let mut world = asking(2);
    let Outcome::Booked { booking, .. } = world.form(1, "Budi", TUESDAY) else { panic!("not booked") };
    world.now = monday() + Duration::hours(9);
    (world, booking)
}

/// The same, reminded; until when the answer is awaited.
fn reminded() -> (World, Booking, DateTime<Utc>) {
    let (mut world, booking) = booked();
    let content = world.notice(&notice(Kind::Reminder, &booking, world.now)).unwrap();
    let asked = content.asked().expect("an answer is asked for").clone();
    let until = asked.attendance.and_then(Attendance::until).unwrap();
    assert_eq!(world.bookings[&1], std::slice::from_ref(&asked));
    (world, asked, until)
}

impl World {
    /// What the desk does of a place of citizen 1 whose reminder was sent and not answered.
    fn release(&mut self, booking: i64) -> Option<Booking> {
        self.lapse();
        let (channel, contact) = (ChannelId::new("tape", "uji"), Self::contact(1));
        let chat = self.chats.get(&1).cloned().unwrap_or_default();
        let snapshot = Snapshot {
            office: &self.office,
            calendar: &self.calendar,
            formats: &[],
            text: None,
            wants_photo: false,
            channel: &channel,
            contact: &contact,
            chat: &chat,
            bookings: self.bookings.get(&1).map_or(&[], Vec::as_slice),
            of_people: &[],
            visits: self.visits.get(&1).map_or(&[], Vec::as_slice),
            no_shows: 0,
            waiting: None,
            replies_max: REPLIES_MAX,
            now: self.now,
        };
        let mut next_id = || 0;
        let randomness = Randomness { rng: &mut self.rng, next_id: &mut next_id };
        let released = release_unanswered(&snapshot, &mut self.seats, booking, randomness).expect("all is loaded")?;
        self.chats.insert(1, released.chat);
        let own = self.bookings.entry(1).or_default();
        *own.iter_mut().find(|known| known.id == booking).expect("a booking of theirs") = released.booking.clone();
        Some(released.booking)
    }

    fn attendance(&self) -> Option<Attendance> {
        self.bookings[&1].last().and_then(|booking| booking.attendance)
    }

    fn says_words(&mut self, words: &str) -> Option<Outcome> {
        self.says(1, words)
    }
}

// Negative controls, run: with `of_new` asking whatever the count, or `>` in place of `>=`, a line of this fails.
#[test]
fn only_whoever_missed_as_many_visits_as_the_rule_says_is_told_so() {
    for (no_shows, rule, told) in [(0, 2, false), (1, 2, false), (2, 2, true), (9, 2, true), (1, 1, true)] {
        let mut world = asking(no_shows);
        world.office.policy.no_shows = Some(NoShows { answer_from: rule, ..NO_SHOWS });
        world.form(1, "Budi", TUESDAY);
        assert_eq!(world.attendance(), told.then_some(Attendance::Announced), "{no_shows} of {rule}");
    }
    let mut world = asking(9);
    world.office.policy.no_shows = None;
    world.form(1, "Budi", TUESDAY);
    assert_eq!(world.attendance(), None);
}

// Negative control, run: without `is_free` in `reminder`, its number stands beside another question.
#[test]
fn the_reminder_asks_those_who_were_told_and_leaves_them_time() {
    let (world, _, until) = reminded();
    assert_eq!(world.office.zone.local(until).format("%d %H:%M").to_string(), "08 06:00");
    let choices = |world: &mut World, booking: &Booking| match world.notice(&notice(Kind::Reminder, booking, world.now))
    {
        Ok(NoticeContent::Reminder { booking, choices }) => (booking.must_be_answered(), choices),
        other => panic!("{other:?}"),
    };
    let (mut world, booking) = booked();
    (world.office.policy.cancelling, world.office.policy.reschedule.times) = (false, 0);
    assert_eq!(choices(&mut world, &booking), (true, vec![ReminderChoice::Come]), "whoever can only come answers too");
    let (mut world, booking) = booked();
    world.says_words("#ganti");
    assert_eq!(choices(&mut world, &booking), (true, Vec::new()), "a number must not answer two questions");
    // An evening's answer whose reminder comes late is not asked for.
    let (mut world, booking) = booked();
    let (days_before, until) = (1, "19:00:00".parse().unwrap());
    world.office.policy.no_shows = Some(NoShows { answer_from: 2, days_before, until, ..NO_SHOWS });
    assert!(!choices(&mut world, &booking).0);
    assert_eq!(world.attendance(), Some(Attendance::Announced));
    // The office has no such rule any more.
    let (mut world, booking) = booked();
    world.office.policy.no_shows = None;
    assert!(!choices(&mut world, &booking).0);
}

// Negative controls, run: without `said_to_come` in `decide` the second fails, without `agreed` among the agreements the third.
#[test]
fn a_number_the_word_and_ya_answer_it_once_and_whatever_else_was_asked() {
    let answers: [(&str, Answer); 5] = [
        ("1", |world| Some(world.code(1, "1"))),
        ("the word, the list between", |world| {
            world.command(1, CommandName::Status);
            world.says_words("ya saya akan datang pak")
        }),
        ("ya, the list between", |world| {
            world.command(1, CommandName::Status);
            Some(world.command(1, CommandName::Ya))
        }),
        ("the word beside another question", |world| {
            world.says_words("#ganti");
            world.says_words("Datang")
        }),
        ("late, but before the place is given back", |world| {
            world.now += Duration::hours(12) + Duration::minutes(3);
            world.says_words("datang")
        }),
    ];
    for (what, answer) in answers {
        let (mut world, booking, until) = reminded();
        let outcome = answer(&mut world);
        assert!(matches!(outcome, Some(Outcome::WillCome { .. })), "{what}: {outcome:?}");
        assert_eq!(world.attendance(), Some(Attendance::Confirmed), "{what}");
        world.now = until + Duration::minutes(6);
        assert_eq!(world.release(booking.id), None, "{what}");
        let again = world.says_words("datang");
        assert!(!matches!(again, Some(Outcome::WillCome { .. })), "{what}: it waits for no answer");
        world.audit();
    }
    let (mut world, ..) = reminded();
    for other in ["tidak datang", "datang jam berapa?", "besok"] {
        world.says_words(other);
        assert!(matches!(world.attendance(), Some(Attendance::Asked { .. })), "{other}");
    }
}

// Negative controls, run: each condition of `handlers::attendance::release` left out gives a place back here that has to stay.
#[test]
fn a_place_is_given_back_once_and_only_where_nothing_was_done_about_it() {
    let (mut world, booking, until) = reminded();
    world.now = until - Duration::minutes(1);
    assert_eq!(world.release(booking.id), None, "the answer is still awaited");
    world.now = until;
    let released = world.release(booking.id).expect("nobody answered");
    assert_eq!((released.state, released.attendance), (State::Cancelled, booking.attendance));
    assert_eq!(world.release(booking.id), None, "once");
    world.audit();
    let told = world.notice(&notice(Kind::Released, &booking, world.now));
    assert_eq!(told, Ok(NoticeContent::Released { booking: released }));
    assert!(matches!(world.command(1, CommandName::Urung), Outcome::NothingToUndo), "what the office did stays");
    assert!(!matches!(world.code(1, "1"), Outcome::WillCome { .. }));
    let later = date(2017, 8, 9);
    assert!(matches!(world.form(1, "Budi", Some(later)), Outcome::Booked { .. }), "they can book again at once");
    let stays: [(&str, Meanwhile); 7] = [
        ("cancelled", |world, _| _ = world.command(1, CommandName::Batal)),
        ("moved", |world, _| {
            world.code(1, "2");
            world.code(1, "1");
        }),
        ("cancelled and taken back", |world, _| {
            world.command(1, CommandName::Batal);
            world.command(1, CommandName::Urung);
        }),
        ("here", |world, booking| {
            let visit = Visit {
                booking: Some(booking.id),
                state: VisitState::Arrived,
                ..Visit::blank(7, booking.office.clone(), booking.slot.date)
            };
            world.visits.insert(1, vec![OwnVisit { visit, wait: None }]);
        }),
        ("no such rule any more", |world, _| world.office.policy.no_shows = None),
        ("its hour has begun", |world, booking| world.now = booking.slot.begins(&world.office)),
        ("answered", |world, _| _ = world.says_words("hadir")),
    ];
    for (what, done) in stays {
        let (mut world, booking, until) = reminded();
        done(&mut world, &booking);
        world.now = world.now.max(until + Duration::minutes(6));
        assert_eq!(world.release(booking.id), None, "{what}");
        world.audit();
    }
    // What was moved is told anew, and asked anew.
    let (mut world, ..) = reminded();
    world.code(1, "2");
    world.code(1, "1");
    assert_eq!(world.attendance(), Some(Attendance::Announced));
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Form(u8),
    Remind,
    Word,
    Number(u8),
    Command(CommandName),
    Arrive,
    Wait(u16),
    /// Until nobody's answer is awaited any more.
    End,
    Release,
}

fn any_step() -> impl Strategy<Value = Step> {
    let command =
        prop::sample::select(vec![CommandName::Batal, CommandName::Urung, CommandName::Ya, CommandName::Status]);
    prop_oneof![
        2 => (8..11_u8).prop_map(Step::Form),
        3 => Just(Step::Remind),
        2 => Just(Step::Word),
        2 => (1..4_u8).prop_map(Step::Number),
        3 => command.prop_map(Step::Command),
        1 => Just(Step::Arrive),
        3 => (1..900_u16).prop_map(Step::Wait),
        2 => Just(Step::End),
        4 => Just(Step::Release),
    ]
}

proptest! {
    // Negative control, run: with `answered` giving back `self`, a place is given back though its question was answered.
    #[test]
    fn whatever_happens_a_place_is_only_given_back_after_a_question_that_nobody_answered(
        steps in prop::collection::vec(any_step(), 1..40),
        no_shows in 0..4_u32,
    ) {
        let mut world = asking(no_shows);
        world.office.notices.quiet = None;
        // The question that was asked last and not answered since: of which booking, about which day, until when.
        let mut open = None;
        for step in steps {
            let last = world.bookings.get(&1).and_then(|own| own.last()).cloned();
            match step {
                Step::Form(day) => _ = world.form(1, "Budi", Some(date(2017, 8, u32::from(day)))),
                Step::Wait(minutes) => world.now += Duration::minutes(i64::from(minutes)),
                Step::End => {
                    let until = last.and_then(|last| last.attendance).and_then(Attendance::until);
                    world.now = until.map_or(world.now, |until| until.max(world.now));
                }
                Step::Word => {
                    world.says_words("datang");
                    open = None;
                }
                Step::Number(number) => {
                    let is_answer = matches!(world.code(1, &number.to_string()), Outcome::WillCome { .. });
                    open = open.filter(|_| !is_answer);
                }
                Step::Command(command) => {
                    let told = world.command(1, command);
                    let is_answer = matches!(told, Outcome::WillCome { .. } | Outcome::Undone { .. });
                    open = open.filter(|_| !is_answer);
                }
                Step::Remind => {
                    let Some(last) = last else { continue };
                    let content = world.notice(&notice(Kind::Reminder, &last, world.now));
                    if let Some(asked) = content.ok().as_ref().and_then(NoticeContent::asked) {
                        open = asked.attendance.and_then(Attendance::until).map(|until| (asked.id, asked.slot, until));
                    }
                }
                Step::Arrive => {
                    let Some(last) = last else { continue };
                    let blank = Visit::blank(7, last.office.clone(), last.slot.date);
                    let visit = Visit { booking: Some(last.id), ..blank };
                    world.visits.insert(1, vec![OwnVisit { visit, wait: None }]);
                }
                Step::Release => {
                    let Some(last) = last else { continue };
                    let has_come = world.visits.get(&1).is_some_and(|own| own[0].visit.booking == Some(last.id));
                    if let Some(released) = world.release(last.id) {
                        let Some((booking, slot, until)) = open.take() else { panic!("nothing was asked") };
                        prop_assert_eq!((booking, slot), (released.id, released.slot));
                        prop_assert!(until <= world.now && no_shows >= 2 && !has_come);
                    }
                }
            }
            world.audit();
        }
    }
}
