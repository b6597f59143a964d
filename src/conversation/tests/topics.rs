//! Questions: real counts and reasons, holds and forms that go on beside them, and who is not answered for ever.

use chrono::Duration;

use super::world::{TUESDAY, World, date, echo, form, office, one_step};
use crate::conversation::{Answer, Answers, Outcome, Question, RefusedDay, Room, SAME_MAX, SAME_QUESTION_MAX, Said};
use crate::domain::calendar::{Calendar, Holiday};
use crate::domain::office::Dated;
use crate::grammar::{About, Language, Request, Topic, Topics};

fn about(topic: Topic) -> About {
    About { topic, days: Vec::new(), hour: None, session: None }
}

fn asks(topics: &[Topic]) -> Topics {
    Topics { asked: topics.iter().map(|topic| about(*topic)).collect(), language: Language::Indonesian }
}

fn cek(days: &[chrono::NaiveDate]) -> Topics {
    Topics { asked: vec![About { days: days.to_vec(), ..about(Topic::FreeDays) }], language: Language::Indonesian }
}

fn answers(outcome: Option<Outcome>) -> Answers {
    match outcome {
        Some(Outcome::Answers(answers)) => *answers,
        other => panic!("no answers: {other:?}"),
    }
}

fn ask(world: &mut World, who: u8, topics: Topics) -> Answers {
    answers(world.asking(who, Request::Question, topics))
}

/// Days of the month, and the room of each.
type Days = Vec<(u32, Room)>;

/// The asked days, and the nearest ones.
fn days(answers: &Answers) -> (Days, Days) {
    use chrono::Datelike;
    let [Answer::FreeDays { asked, nearest }] = answers.answers.as_slice() else { panic!("{answers:?}") };
    let short =
        |days: &[crate::conversation::DayRoom]| days.iter().map(|day| (day.date.day(), day.room.clone())).collect();
    (short(asked), short(nearest))
}

/// An office of three seats a day; Tuesday the 8th is full, the 9th has one left, the 10th is closed, the 11th is a holiday.
fn busy() -> World {
    let mut world = one_step();
    let mut calendar = Calendar::default();
    let holiday = Holiday { name: "Hari Uji".into(), name_en: "Test Day".into(), joint_leave: false };
    calendar.add_year(2017, [(date(2017, 8, 11), holiday)].into());
    world.calendar = calendar;
    world.office.dated.insert(date(2017, 8, 10), Dated::Closed { reason: "Pindah gedung".into() });
    for (who, day) in [(1, 8), (2, 8), (3, 8), (4, 9), (5, 9)] {
        world.form(who, "Budi", Some(date(2017, 8, day)));
    }
    world
}

// To see it fail: count the hours' seats without the day's own limit (4 on the 14th), or leave full days out of the list.
#[test]
fn free_days_are_counted_and_the_others_have_their_reasons() {
    let mut world = busy();
    let (asked, nearest) = days(&ask(&mut world, 9, cek(&[])));
    assert_eq!(asked, []);
    let [full, left, closed, holiday, monday, tuesday] = nearest.as_slice() else { panic!("{nearest:?}") };
    assert_eq!((full, left), (&(8, Room::Full), &(9, Room::Free(1))));
    assert!(matches!(closed, (10, Room::Refused(RefusedDay::Closed(reason))) if reason == "Pindah gedung"));
    assert!(matches!(holiday, (11, Room::Refused(RefusedDay::Holiday(holiday))) if holiday.name == "Hari Uji"));
    assert_eq!((monday, tuesday), (&(14, Room::Free(3)), &(15, Room::Free(3))));
}

// To see it fail: look for the nearest days whatever was asked.
#[test]
fn a_day_that_is_asked_about_gets_its_own_reason() {
    let mut world = busy();
    let reasons = [
        (8, Room::Full),
        (9, Room::Free(1)),
        (12, Room::Refused(RefusedDay::Weekday(chrono::Weekday::Sat))),
        (7, Room::Refused(RefusedDay::TooSoon { earliest: date(2017, 8, 8) })),
        (25, Room::Refused(RefusedDay::BeyondHorizon { last: date(2017, 8, 17) })),
    ];
    for (day, reason) in reasons {
        let (asked, nearest) = days(&ask(&mut world, 9, cek(&[date(2017, 8, day)])));
        assert_eq!(asked, [(day, reason.clone())]);
        let free: Vec<u32> = nearest.iter().map(|(day, _)| *day).collect();
        assert_eq!(free, if day == 9 { vec![] } else { vec![9, 14, 15] }, "{day}");
    }
}

// To see it fail: put the reminder in place of the answer, as it was before questions were answered.
#[test]
fn a_question_during_a_hold_is_answered_and_leaves_the_hold() {
    let mut world = World::new(office());
    let hold = echo(world.form(1, "Budi", Some(date(2017, 8, 8))));
    let told = ask(&mut world, 1, asks(&[Topic::Fee, Topic::Location]));
    assert_eq!(told.answers, [Answer::Topic(Topic::Fee), Answer::Topic(Topic::Location)]);
    assert_eq!(told.hold.map(|hold| hold.id), Some(hold.id));
    // Asked about itself, the hold stands in the answer and not below it once more.
    let own = ask(&mut world, 1, asks(&[Topic::OwnBooking]));
    assert!(matches!(own.answers.as_slice(), [Answer::OwnBooking { bookings, .. }] if bookings.len() == 1));
    assert_eq!(own.hold, None);
    let code = hold.approval.expect("a code").to_string();
    assert!(matches!(world.code(1, &code), Outcome::Booked { .. }));
    world.audit();
}

// To see it fail: decide on the topics alone.
#[test]
fn a_form_or_code_beside_a_question_counts_and_the_question_is_answered() {
    let mut world = World::new(office());
    let request = Request::Form(form("Budi", Some(date(2017, 8, 8))));
    let told = answers(world.asking(1, request, asks(&[Topic::Requirements, Topic::OwnBooking])));
    let hold = echo(told.beside.expect("the echo"));
    // The echo tells of the booking already.
    assert_eq!((told.answers, told.hold), (vec![Answer::Topic(Topic::Requirements)], None));
    let code = Request::Digits(hold.approval.expect("a code").to_string());
    let told = answers(world.asking(1, code, asks(&[Topic::Fee])));
    assert!(matches!(told.beside, Some(Outcome::Booked { .. })));
    world.audit();
}

// To see it fail: leave out the language of the message, or of the chat.
#[test]
fn english_is_answered_in_english_until_it_is_chosen() {
    let mut world = World::new(office());
    let english = |asked: Vec<About>| Topics { asked, language: Language::English };
    assert!(answers(world.asking(1, Request::Question, english(vec![about(Topic::Fee)]))).in_english);
    let hello = answers(world.asking(1, Request::Greeting, english(Vec::new())));
    assert!(hello.in_english && hello.beside == Some(Outcome::Greeting));
    world.command(1, crate::grammar::CommandName::English);
    assert_eq!(world.asking(1, Request::Greeting, english(Vec::new())), Some(Outcome::Greeting));
    assert!(!answers(world.asking(1, Request::Question, english(vec![about(Topic::Fee)]))).in_english);
}

// To see it fail: give questions the limit of greetings.
#[test]
fn a_question_is_answered_again_and_a_greeting_only_three_times() {
    let mut world = World::new(office());
    let mut replies = |who, request: Request, topics: Topics, has_paragraphs| {
        let heard = (0..20).filter_map(|_| {
            world.now += Duration::seconds(1);
            world.hear_text(who, (Said::Text(request.clone()), Some(7), has_paragraphs), topics.clone())
        });
        heard.count()
    };
    let fee = || asks(&[Topic::Fee]);
    assert_eq!(replies(1, Request::Question, fee(), false), SAME_QUESTION_MAX as usize);
    assert_eq!(replies(2, Request::Greeting, Topics::default(), false), SAME_MAX as usize);
    // Our own replies have several paragraphs, and ask as much as they answer.
    assert_eq!(replies(3, Request::Question, fee(), true), SAME_MAX as usize);
}

// Negative control: with `question_open` always false, the answer does not say that ours still waits.
#[test]
fn a_question_leaves_ours_open() {
    let mut world = one_step();
    world.text(1, Request::Form(super::world::repaired("Budi", Some(date(2017, 8, 8)))));
    let open = |world: &World| world.chats.get(&1).and_then(|chat| chat.question.clone());
    let before: Option<Question> = open(&world);
    assert!(before.is_some() && ask(&mut world, 1, asks(&[Topic::Fee])).question_open);
    assert_eq!(open(&world), before);
    assert!(matches!(world.command(1, crate::grammar::CommandName::Ya), Outcome::Booked { .. }));
}

// A day is loaded before anything is taken or drawn: the decision is taken again from the beginning.
// Negative control: with the form decided on before the questions, an id is drawn already.
#[test]
fn a_day_that_is_not_loaded_is_asked_for_first() {
    let mut world = World::new(office());
    world.seats = crate::domain::seats::Seats::default();
    let request = Request::Form(form("Budi", Some(date(2017, 8, 9))));
    let before = world.ids;
    let missing = world.missing(1, Said::Text(request), cek(&[]));
    assert_eq!((missing, world.ids), (Some(date(2017, 8, 8)), before));
}

// Negative control: with the answers taken for the outcome, nothing can be taken back.
#[test]
fn a_booking_with_a_question_beside_it_can_be_taken_back() {
    let mut world = one_step();
    world.asking(1, Request::Form(form("Rina", TUESDAY)), asks(&[Topic::Fee]));
    world.now += Duration::seconds(1);
    assert!(matches!(world.command(1, crate::grammar::CommandName::Urung), Outcome::Undone { .. }));
    world.audit();
}
