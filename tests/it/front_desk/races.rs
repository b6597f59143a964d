//! Two at once.

use std::collections::BTreeSet;

use antrean::domain::visit::{Lane, State};
use antrean::front_desk::{Refusal, Which};

use super::*;
use crate::support::engine::on_both_engines;

/// Calls of each officer.
const CALLS: usize = 1_000;
/// Rounds of the smaller races.
const ROUNDS: usize = 40;

/// Numbers in the database that the product does not come to.
const FIRST_OF_CROWD: usize = 1_000_000_000;

/// Lets so many people wait, without their walk to the front desk.
async fn crowd(fixture: &DeskFixture, people: usize) {
    let mut tables = fixture.tables().await;
    let all: Vec<String> = (1..=people)
        .map(|n| {
            format!(
                "({}, 'bogor', '2026-08-04', 0, '09-{n:04}', 'booked', {n}, 'arrived', 1, 0, 0, 1)",
                FIRST_OF_CROWD + n
            )
        })
        .collect();
    let steps: Vec<String> = (1..=people)
        .map(|n| format!("({0}, {0}, 1, 'arrive', 'arrived', 1, 'crowd', 0)", FIRST_OF_CROWD + n))
        .collect();
    for (all, steps) in all.chunks(500).zip(steps.chunks(500)) {
        tables
            .run(&format!(
                "insert into visit (id, office, date, person, number, lane, place, state, version, calls, missed, \
                 arrived_us) values {}; \
                 insert into visit_event (id, visit, at_us, action, state, version, actor, part) values {}",
                all.join(", "),
                steps.join(", ")
            ))
            .await;
    }
}

// Negative control: with those who are parked picked as well, two people were called a thousand times each.
async fn two_officers_call_a_thousand_times_each_and_nobody_twice(engine: Engine) {
    let fixture = open(engine, false).await;
    fixture.pass(TO_TUESDAY + 60);
    crowd(&fixture, 2 * CALLS).await;
    let mut officers = tokio::task::JoinSet::new();
    for (counter, name) in [(1, "siti"), (2, "budi")] {
        let desk = front(&fixture, name);
        officers.spawn(async move {
            desk.open_counter(counter).await.unwrap().unwrap();
            let mut called = Vec::new();
            for _ in 0..CALLS {
                let visit = one(desk.call_next(counter, no_press()).await.unwrap());
                assert_eq!((visit.state, visit.counter, visit.lane), (State::Called, Some(counter), Lane::Booked));
                called.push(visit.number);
                desk.park(Which::At(counter), no_press()).await.unwrap().unwrap();
            }
            called
        });
    }
    let called: Vec<String> = officers.join_all().await.into_iter().flatten().collect();
    assert_eq!(called.len(), 2 * CALLS);
    assert_eq!(called.iter().collect::<BTreeSet<_>>().len(), 2 * CALLS, "somebody was called twice");
    let mut tables = fixture.tables().await;
    assert_eq!(tables.count("select count(distinct visit) from board_call where kind = 'call'").await, 2_000);
    assert_eq!(tables.count("select max(seq) from board_call").await, 2_000, "no two calls share a place");
    assert_balanced(&fixture).await;
}

async fn one_press_made_twice_at_once_calls_one_person(engine: Engine) {
    let fixture = open(engine, false).await;
    fixture.pass(TO_TUESDAY + 60);
    crowd(&fixture, ROUNDS + 5).await;
    let desk = front(&fixture, "siti");
    desk.open_counter(1).await.unwrap().unwrap();
    for round in 0..ROUNDS {
        let nonce = format!("press-{round}");
        let (one_of, other) = tokio::join!(desk.call_next(1, press(&nonce)), desk.call_next(1, press(&nonce)));
        let (one_of, other) = (one_of.unwrap().unwrap(), other.unwrap().unwrap());
        assert_eq!(one_of.visits, other.visits);
        assert!(one_of.repeated != other.repeated, "{one_of:?} {other:?}");
        desk.park(Which::At(1), no_press()).await.unwrap().unwrap();
    }
    assert_balanced(&fixture).await;
}

async fn a_cancellation_and_an_arrival_at_once_never_both_count(engine: Engine) {
    let fixture = open(engine, false).await;
    let mut codes = Vec::new();
    for n in 0..ROUNDS {
        codes.push(book(&fixture, n).await);
    }
    fixture.pass(TO_TUESDAY - 25);
    let (mut came, mut cancelled) = (0, 0);
    for (n, code) in codes.iter().enumerate() {
        let desk = front(&fixture, "siti");
        let cancel = fixture.desk.serve(vec![fixture.message(n, &format!("wamid.batal{n}"), "#batal")]);
        let arrive = desk.arrive(by(code), no_press());
        // Whoever is polled first has a start; both orders are tried.
        let arrived = if n % 2 == 0 {
            let (_, arrived) = tokio::join!(cancel, arrive);
            arrived
        } else {
            let (arrived, _) = tokio::join!(arrive, cancel);
            arrived
        };
        match arrived.unwrap() {
            Ok(_) => came += 1,
            Err(Refusal::NotStanding { .. }) => cancelled += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    let mut tables = fixture.tables().await;
    assert_eq!(tables.count("select count(*) from booking where state = 'booked'").await, came);
    assert_eq!(tables.count("select count(*) from booking where state = 'cancelled'").await, cancelled);
    assert_eq!(tables.count("select count(*) from visit").await, came);
    assert_balanced(&fixture).await;
}

async fn an_undo_and_the_next_call_at_once_leave_one_person_at_the_counter(engine: Engine) {
    let fixture = open(engine, false).await;
    fixture.pass(TO_TUESDAY + 60);
    crowd(&fixture, 2 * ROUNDS + 5).await;
    let desk = front(&fixture, "siti");
    desk.open_counter(1).await.unwrap().unwrap();
    for round in 0..ROUNDS {
        let called = one(desk.call_next(1, no_press()).await.unwrap());
        desk.park(Which::At(1), no_press()).await.unwrap().unwrap();
        let (undone, next) =
            tokio::join!(desk.undo(numbered(&called.number), no_press()), desk.call_next(1, no_press()));
        match (undone.unwrap(), next.unwrap()) {
            (Ok(undone), Err(Refusal::CounterBusy { number, .. })) => {
                assert_eq!(
                    (&undone.visits[0].number, undone.visits[0].state),
                    (&number, State::Called),
                    "round {round}"
                );
            }
            (Err(Refusal::NotNow { number, .. }), Ok(next)) => assert_eq!(next.visits[0].number, number),
            other => panic!("round {round}: {other:?}"),
        }
        desk.park(Which::At(1), no_press()).await.unwrap().unwrap();
    }
    assert_balanced(&fixture).await;
}

on_both_engines!(
    two_officers_call_a_thousand_times_each_and_nobody_twice,
    one_press_made_twice_at_once_calls_one_person,
    a_cancellation_and_an_arrival_at_once_never_both_count,
    an_undo_and_the_next_call_at_once_leave_one_person_at_the_counter,
);
