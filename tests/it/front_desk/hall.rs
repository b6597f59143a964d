//! What the hall and the citizens see, and what is entered from paper.

use antrean::domain::turn_link::TurnLinks;
use antrean::domain::visit::Wait;
use antrean::front_desk::{Displays, PaperRefused, PaperTick, Turns};
use antrean::storage::{CallKind, Sound};
use chrono::{NaiveTime, TimeDelta};

use super::*;
use crate::support::engine::on_both_engines;

fn displays(fixture: &DeskFixture) -> Displays {
    Displays::new(fixture.storage.clone(), fixture.shared_clock())
}

// Negative control: with `kind = 'call'` among the conditions of the board's calls, the recall is not told.
async fn a_display_is_told_every_call_in_its_order_and_a_removed_one_nothing(engine: Engine) {
    let fixture = open(engine, false).await;
    let codes = [book(&fixture, 1).await, book(&fixture, 2).await];
    fixture.pass(TO_TUESDAY);
    let office = Arc::clone(&fixture.desk.roster().offices[&OfficeId::read("bogor").unwrap()]);
    let (displays, desk) = (displays(&fixture), front(&fixture, "siti"));
    let actor = Actor::read("siti").unwrap();
    let (id, token) = displays.add(&office.id, " Ruang tunggu ", &actor).await.unwrap();
    assert_eq!(token.len(), 22, "128 bits");
    let stored = fixture.tables().await.texts("select token from display").await;
    assert!(!stored.contains(&token) && stored[0].len() == 64, "only a hash is kept: {stored:?}");
    assert!(displays.add(&office.id, "  ", &actor).await.is_err());
    for code in &codes {
        one(desk.arrive(by(code), no_press()).await.unwrap());
    }
    desk.open_counter(3).await.unwrap().unwrap();
    one(desk.call_next(3, no_press()).await.unwrap());
    fixture.pass(2);
    one(desk.recall(Which::At(3), no_press()).await.unwrap());
    let told = |hall: &antrean::front_desk::Hall| {
        let call = |call: &antrean::storage::BoardCall| (call.seq, call.number.clone(), call.counter, call.kind);
        hall.board.calls.iter().map(call).collect::<Vec<_>>()
    };
    let hall = displays.hall(&office).await.unwrap();
    let number = "08-001".to_owned();
    assert_eq!(told(&hall), [(1, number.clone(), 3, CallKind::Call), (2, number.clone(), 3, CallKind::Recall)]);
    assert_eq!(hall.board.waiting, 1);
    assert_eq!(hall.board.counters[0].visit, Some((number, State::Called)));
    // What is kept of it is not older than the day: the visit ends, and the counter is free.
    one(desk.came(Which::At(3), no_press()).await.unwrap());
    one(desk.finish(Which::At(3), no_press()).await.unwrap());
    let hall = displays.hall(&office).await.unwrap();
    assert_eq!((hall.board.counters[0].counter, hall.board.counters[0].visit.clone()), (3, None));
    // The sound is told to the desk; a display that falls silent is missed.
    let display = displays.open(&token).await.unwrap().unwrap();
    assert_eq!((display.id, display.name.as_str(), display.seen_at), (id, "Ruang tunggu", None));
    displays.note(&display, Some(Sound::On)).await.unwrap();
    let display = displays.open(&token).await.unwrap().unwrap();
    assert!(display.sound == Sound::On && displays.is_connected(&display));
    displays.note(&display, None).await.unwrap();
    assert_eq!(displays.open(&token).await.unwrap().unwrap(), display, "it was noted a moment ago");
    fixture.pass(2);
    assert!(!displays.is_connected(&display));
    let other = OfficeId::read("depok").unwrap();
    assert!(!displays.remove(&other, id, &actor).await.unwrap(), "another office's");
    assert!(displays.remove(&office.id, id, &actor).await.unwrap());
    assert_eq!(displays.open(&token).await.unwrap(), None);
}

// Negative control: with `slot.date < today` left out of `Turns::turn`, the last assertion finds a turn.
async fn a_turn_is_shown_until_its_day_is_over(engine: Engine) {
    let fixture = open(engine, false).await;
    let codes = [book(&fixture, 1).await, book(&fixture, 2).await];
    let key = fixture.storage.turn_key().await.unwrap();
    assert_eq!(key.len(), 64);
    let links = TurnLinks::new("https://antrean.example.go.id", key.as_bytes());
    let turns = Turns::new(fixture.storage.clone(), fixture.desk.clone(), fixture.shared_clock(), links.clone());
    let bogor = OfficeId::read("bogor").unwrap();
    let bookings = fixture.storage.bookings_on(&bogor, tuesday()).await.unwrap();
    let second = bookings.iter().find(|booking| booking.code.as_str() == codes[1].replace('-', "")).unwrap().id;
    assert_eq!(turns.booking(&links.token(second)), Some(second));
    let turn = turns.turn(second).await.unwrap().unwrap();
    assert_eq!((turn.is_today, turn.numbers.as_str(), turn.missing), (false, "08-002", 1));
    fixture.pass(TO_TUESDAY);
    let desk = front(&fixture, "siti");
    assert!(turns.turn(second).await.unwrap().unwrap().people.is_empty());
    for code in &codes {
        one(desk.arrive(by(code), no_press()).await.unwrap());
    }
    let waits = |turn: antrean::front_desk::Turn| (turn.people[0].number.clone(), turn.people[0].wait);
    let before = |before| Some(Wait { before, estimate: None });
    assert_eq!(waits(turns.turn(second).await.unwrap().unwrap()), ("08-002".to_owned(), before(1)));
    desk.open_counter(3).await.unwrap().unwrap();
    one(desk.call_next(3, no_press()).await.unwrap());
    assert_eq!(waits(turns.turn(second).await.unwrap().unwrap()).1, before(0), "what was kept is read again");
    one(desk.came(Which::At(3), no_press()).await.unwrap());
    one(desk.finish(Which::At(3), no_press()).await.unwrap());
    one(desk.call_next(3, no_press()).await.unwrap());
    let turn = turns.turn(second).await.unwrap().unwrap();
    assert_eq!((turn.people[0].state, turn.people[0].counter), (State::Called, Some(3)));
    fixture.pass(24 * 60);
    assert!(turns.turn(second).await.unwrap().is_none(), "its day is over");
}

// Negative control: with the press's own instant as `arrived_at`, the first assertion on times fails.
async fn ticks_of_paper_are_entered_with_their_own_time_and_once(engine: Engine) {
    let fixture = open(engine, true).await;
    for n in 1..=4 {
        book(&fixture, n).await;
    }
    // 10.30: the computers are back.
    fixture.pass(TO_TUESDAY + 150);
    let desk = front(&fixture, "siti");
    // Whoever had not come by the computers' knowledge counts as absent; paper knows better.
    desk.end_what_is_over().await.unwrap();
    let day = desk.paper(tuesday()).await.unwrap();
    let numbers: Vec<&str> = day.people.iter().map(|person| person.number.as_str()).collect();
    assert_eq!(numbers, ["08-001", "08-002", "08-003", "08-004"]);
    assert!(day.people.iter().all(|person| person.state == Some(State::NoShow)));
    let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0);
    let tick =
        |place: usize, arrived, served| PaperTick { booking: day.people[place].booking, person: 0, arrived, served };
    let ticks = vec![
        tick(0, at(7, 50), Some(at(8, 40))),
        tick(1, at(8, 30), None),
        tick(2, at(11, 0), None),
        tick(3, at(9, 0), Some(at(8, 50))),
        PaperTick { booking: i64::MAX, person: 0, arrived: None, served: None },
    ];
    let entered = desk.enter_paper(tuesday(), ticks.clone(), press("paper-8")).await.unwrap().unwrap();
    let reasons: Vec<PaperRefused> = entered.refused.iter().map(|(_, reason)| *reason).collect();
    assert_eq!(entered.people, 2);
    assert_eq!(reasons, [PaperRefused::Future, PaperRefused::Order, PaperRefused::Unknown]);
    let repeated = desk.enter_paper(tuesday(), ticks.clone(), press("paper-8")).await.unwrap().unwrap();
    assert_eq!((repeated.people, repeated.refused.len()), (2, 0), "the same press");
    let again = desk.enter_paper(tuesday(), ticks[..2].to_vec(), press("paper-9")).await.unwrap().unwrap();
    assert!(again.people == 0 && again.refused.iter().all(|(_, reason)| *reason == PaperRefused::Entered), "{again:?}");
    let day = desk.paper(tuesday()).await.unwrap();
    let local = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| (at + TimeDelta::hours(7)).time());
    let times: Vec<_> = day.people.iter().map(|one| (one.state, local(one.arrived_at), local(one.ended_at))).collect();
    assert_eq!(times[0], (Some(State::Done), at(7, 50), at(8, 40)));
    assert_eq!(times[1], (Some(State::Arrived), at(8, 30), None));
    assert_eq!(times[2].0, Some(State::NoShow));
    // Later somebody finds that the second was served, too.
    // Named twice in one form, they are entered once.
    let served = vec![tick(1, None, Some(at(9, 5))); 2];
    let served = desk.enter_paper(tuesday(), served, press("paper-10")).await.unwrap().unwrap();
    assert_eq!((served.people, served.refused.len()), (1, 1));
    let visits = fixture.storage.visits_on(&OfficeId::read("bogor").unwrap(), tuesday()).await.unwrap();
    let second = visits.iter().find(|visit| visit.number == "08-002").unwrap();
    assert_eq!((second.state, local(second.arrived_at), local(second.ended_at)), (State::Done, at(8, 30), at(9, 5)));
    // Nobody was called: the average wait knows nothing of it.
    assert_eq!(second.called_at, None);
    let tomorrow = tuesday().succ_opt().unwrap();
    let early = desk.enter_paper(tomorrow, ticks[..1].to_vec(), no_press()).await.unwrap().unwrap();
    assert_eq!(early.refused[0].1, PaperRefused::Day);
    assert_balanced(&fixture).await;
}

on_both_engines!(
    a_display_is_told_every_call_in_its_order_and_a_removed_one_nothing,
    a_turn_is_shown_until_its_day_is_over,
    ticks_of_paper_are_entered_with_their_own_time_and_once,
);
