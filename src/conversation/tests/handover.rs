//! Conversations with an officer.

use chrono::Duration;

use super::world::{TUESDAY, World, approval, echo, office};
use crate::conversation::{Answer, HandoverStep, Outcome, Said};
use crate::domain::ticket::{ClosedBy, Ticket};
use crate::grammar::{About, CommandName, Request, Topic, Topics};

fn world() -> World {
    let mut office = office();
    office.policy.handover = true;
    World::new(office)
}

fn step(outcome: Option<Outcome>) -> Option<HandoverStep> {
    match outcome {
        Some(Outcome::Handover(step)) => Some(*step),
        None => None,
        other => panic!("not of a handover: {other:?}"),
    }
}

fn says(world: &mut World, request: Request) -> Option<HandoverStep> {
    step(world.hear(1, Said::Text(request)))
}

fn open(world: &mut World) {
    assert_eq!(step(Some(world.command(1, CommandName::Petugas))), Some(HandoverStep::Opened { hold: None }));
}

fn ticket(world: &World) -> Option<Ticket> {
    world.chats.get(&1)?.handover.map(|handover| handover.ticket)
}

// To see it fail: let `told` stay false after the first line.
#[test]
fn free_talk_is_answered_once_and_then_left_to_the_officer_in_silence() {
    let mut world = world();
    open(&mut world);
    assert_eq!(says(&mut world, Request::Unreadable), Some(HandoverStep::Forwarded));
    let talk = [Request::Unreadable, Request::Question, Request::Greeting, Request::Thanks];
    for request in talk.into_iter().chain([Request::Day(vec![]), Request::Digits("3".into())]) {
        assert_eq!(says(&mut world, request.clone()), None, "{request:?}");
    }
    assert_eq!(says(&mut world, Request::Command(crate::grammar::Command::of(CommandName::Ya))), None);
    assert_eq!(ticket(&world).unwrap().waiting_since, Some(world.now));
}

// To see it fail: let `talk` look at the questions after `topics::is_question`.
#[test]
fn a_question_whose_answer_is_known_is_left_to_the_officer_too() {
    let mut world = world();
    open(&mut world);
    let about = About { topic: Topic::Fee, days: Vec::new(), hour: None, session: None };
    let topics = Topics { asked: vec![about], ..Topics::default() };
    assert_eq!(step(world.asking(1, Request::Question, topics.clone())), Some(HandoverStep::Forwarded));
    world.command(1, CommandName::Lanjut);
    assert!(matches!(world.asking(1, Request::Question, topics), Some(Outcome::Answers(_))));
}

// To see it fail: let `is_talk` say yes to whatever is text.
#[test]
fn forms_codes_commands_and_answers_to_questions_are_served_as_ever() {
    let mut world = world();
    open(&mut world);
    let hold = echo(world.form(1, "Budi", TUESDAY));
    assert!(matches!(world.command(1, CommandName::Status), Outcome::Status { bookings, .. } if bookings.len() == 1));
    assert!(matches!(world.code(1, &approval(&hold)), Outcome::Booked { .. }));
    assert!(matches!(world.command(1, CommandName::Batal), Outcome::Cancelled { .. }));
    assert!(ticket(&world).is_some(), "the officer still has the question");
    // A number that answers a question of ours.
    world.office.policy.live_per_number = 2;
    for name in ["Budi", "Siti"] {
        let hold = echo(world.form(1, name, TUESDAY));
        world.code(1, &approval(&hold));
    }
    assert!(matches!(world.command(1, CommandName::Batal), Outcome::WhichToCancel { .. }));
    assert!(matches!(world.code(1, "2"), Outcome::Cancelled { booking } if booking.applicant.nama.as_str() == "Siti"));
    world.audit();
}

// To see it fail: let `wanted` open a new ticket each time.
#[test]
fn there_is_one_ticket_until_it_is_closed() {
    let mut world = world();
    open(&mut world);
    let first = ticket(&world).unwrap();
    world.now += Duration::hours(2);
    assert_eq!(step(Some(world.command(1, CommandName::Petugas))), Some(HandoverStep::StillOpen));
    world.now += Duration::hours(25);
    assert!(matches!(world.text(1, Request::Greeting), Outcome::Greeting), "a day without a word has passed");
    open(&mut world);
    let again = ticket(&world).unwrap();
    assert_eq!((again.id, again.waiting_since), (first.id, Some(first.opened_at)), "nobody answered it yet");
    assert_eq!(step(Some(world.command(1, CommandName::Lanjut))), Some(HandoverStep::Left));
    assert_eq!(ticket(&world), None);
    assert_eq!(step(Some(world.command(1, CommandName::Lanjut))), Some(HandoverStep::NotOpen));
    open(&mut world);
    assert_ne!(ticket(&world).unwrap().id, first.id);
}

#[test]
fn where_officers_answer_no_messages_there_is_the_offices_answer_and_no_ticket() {
    let mut world = World::new(office());
    let Outcome::Answers(answers) = world.command(1, CommandName::Petugas) else { panic!("no answer") };
    assert_eq!(answers.answers, [Answer::Topic(Topic::Officer)]);
    assert_eq!(ticket(&world), None);
    assert!(matches!(world.text(1, Request::Unreadable), Outcome::Unreadable));
}

// Negative control: with `note_echo` keeping the echo of before, the last `ya` books.
#[test]
fn a_yes_after_an_officer_was_asked_approves_nothing() {
    let mut world = world();
    echo(world.form(1, "Budi", TUESDAY));
    // A word approves only what was shown before it was sent.
    world.now += Duration::minutes(1);
    let opened = step(Some(world.command(1, CommandName::Petugas)));
    assert!(matches!(opened, Some(HandoverStep::Opened { hold: Some(_) })), "{opened:?}");
    let yes = Request::Command(crate::grammar::Command::of(CommandName::Ya));
    assert_eq!(says(&mut world, yes), Some(HandoverStep::Forwarded));
    let closed = ticket(&world).unwrap().closed(ClosedBy::Officer, world.now);
    assert!(!closed.is_talking(world.now));
    assert_eq!(step(Some(world.command(1, CommandName::Lanjut))), Some(HandoverStep::Left));
    let yes = world.command(1, CommandName::Ya);
    assert!(!matches!(yes, Outcome::Booked { .. }), "{yes:?}");
    world.audit();
}
