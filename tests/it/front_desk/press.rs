//! Presses of a button: shown again, taken back as a whole, and never done twice.

use antrean::domain::visit::{Action, Lane, Reason, State};
use antrean::front_desk::{Refusal, Warning};

use super::*;
use crate::support::engine::on_both_engines;

/// Rounds of the race.
const ROUNDS: usize = 40;

async fn a_party(fixture: &DeskFixture, n: usize, people: usize) -> String {
    let lines: Vec<String> = (0..people).map(|place| form(&name(100 * n + place), tuesday())).collect();
    fixture.ask(n, &format!("wamid.family{n}"), &lines.join("\n")).await;
    code_of(fixture, n).await
}

// Negative control: with the first step of a press only, one of three was withdrawn.
async fn what_a_press_entered_is_shown_and_taken_back_as_a_whole(engine: Engine) {
    let fixture = open(engine, false).await;
    let code = a_party(&fixture, 1, 3).await;
    fixture.pass(TO_TUESDAY - 45);
    let desk = front(&fixture, "siti");
    let found = desk.look_up(&code).await.unwrap().unwrap();
    let known: Vec<_> = found.members.iter().map(|one| (one.person, one.number.as_str(), one.has_come())).collect();
    assert_eq!(known, [(0, "08-001", false), (1, "08-002", false), (2, "08-003", false)]);
    assert!(found.members.iter().all(|one| one.name.is_some()));
    assert_eq!(desk.pressed("scan-1").await.unwrap(), None);
    desk.arrive(by(&code), press("scan-1")).await.unwrap().unwrap();
    let shown = desk.pressed("scan-1").await.unwrap().unwrap();
    assert_eq!((shown.action, shown.by.as_str(), shown.people.len()), (Action::Arrive, "siti", 3));
    assert!(matches!(shown.warning, Some(Warning::Early { .. })) && shown.undo_until.is_some(), "{shown:?}");
    assert!(desk.look_up(&code).await.unwrap().unwrap().members.iter().all(antrean::front_desk::Member::has_come));
    // Nobody else can, and it can be done once.
    let theirs = front(&fixture, "budi");
    assert_eq!(theirs.pressed("scan-1").await.unwrap().unwrap().undo_until, None);
    let refused = theirs.undo_press("scan-1".to_owned(), no_press()).await.unwrap().unwrap_err();
    assert!(matches!(refused, Refusal::UndoOfOther { by, .. } if by == "siti"));
    let undone = desk.undo_press("scan-1".to_owned(), press("undo-1")).await.unwrap().unwrap();
    assert_eq!(undone.visits.iter().map(|visit| visit.state).collect::<Vec<_>>(), [State::Withdrawn; 3]);
    let again = desk.undo_press("scan-1".to_owned(), press("undo-1")).await.unwrap().unwrap();
    assert!(again.repeated && again.visits == undone.visits);
    let refused = desk.undo_press("scan-1".to_owned(), no_press()).await.unwrap().unwrap_err();
    assert!(matches!(refused, Refusal::NotNow { state: State::Withdrawn, .. }), "{refused:?}");
    let never = desk.undo_press("scan-9".to_owned(), no_press()).await.unwrap().unwrap_err();
    assert_eq!(never, Refusal::NothingToUndo);
    // One of them is called: the party stays as it is, and the officer reads who called.
    fixture.pass(45);
    desk.arrive(by(&code), press("scan-2")).await.unwrap().unwrap();
    theirs.open_counter(4).await.unwrap().unwrap();
    theirs.call_next(4, no_press()).await.unwrap().unwrap();
    assert_eq!(desk.pressed("scan-2").await.unwrap().unwrap().undo_until, None);
    let refused = desk.undo_press("scan-2".to_owned(), no_press()).await.unwrap().unwrap_err();
    assert!(matches!(refused, Refusal::NotNow { counter: Some(4), ref by, .. } if by == "budi"), "{refused:?}");
    let here = states(&fixture).await.into_iter().filter(|(_, state)| *state == State::Arrived).count();
    assert_eq!(here, 2);
    assert_balanced(&fixture).await;
}

async fn an_undone_call_is_withdrawn_from_the_display_and_called_again_first(engine: Engine) {
    let fixture = open(engine, false).await;
    let codes = [book(&fixture, 1).await, book(&fixture, 2).await, book(&fixture, 3).await];
    fixture.pass(TO_TUESDAY);
    let desk = front(&fixture, "siti");
    desk.open_counter(3).await.unwrap().unwrap();
    for code in &codes {
        desk.arrive(by(code), no_press()).await.unwrap().unwrap();
    }
    let waiting = desk.waiting().await.unwrap();
    let numbers = |all: &[antrean::front_desk::Standing]| -> Vec<String> {
        all.iter().map(|one| one.visit.number.clone()).collect()
    };
    assert_eq!(numbers(&waiting.next), ["08-001", "08-002", "08-003"]);
    assert_eq!(numbers(&waiting.entered), ["08-003", "08-002", "08-001"]);
    desk.call_next(3, press("call-1")).await.unwrap().unwrap();
    let waiting = desk.waiting().await.unwrap();
    assert_eq!(
        (numbers(&waiting.next), numbers(&waiting.at_counters)),
        (vec!["08-002".to_owned(), "08-003".to_owned()], vec!["08-001".to_owned()])
    );
    desk.undo_press("call-1".to_owned(), no_press()).await.unwrap().unwrap();
    assert_eq!(numbers(&desk.waiting().await.unwrap().next), ["08-001", "08-002", "08-003"]);
    desk.call_next(3, no_press()).await.unwrap().unwrap();
    desk.park(Which::At(3), no_press()).await.unwrap().unwrap();
    let late = one(desk.walk_in(None, None, no_press()).await.unwrap());
    let waiting = desk.waiting().await.unwrap();
    assert_eq!((late.lane, numbers(&waiting.aside)), (Lane::WalkIn, vec!["08-001".to_owned()]));
    assert_eq!(numbers(&waiting.next), ["08-002", "08-003", "W-001"]);
    let board = "select kind || ' ' || number from board_call order by seq";
    assert_eq!(fixture.tables().await.texts(board).await, ["call 08-001", "withdrawn 08-001", "call 08-001"]);
    assert_balanced(&fixture).await;
}

async fn an_undone_arrival_and_the_next_call_at_once_never_both_count(engine: Engine) {
    let fixture = open(engine, false).await;
    fixture.pass(TO_TUESDAY);
    let (desk, other) = (front(&fixture, "siti"), front(&fixture, "budi"));
    other.open_counter(4).await.unwrap().unwrap();
    let (mut taken_back, mut called) = (0, 0);
    for round in 0..ROUNDS {
        let scan = format!("scan-{round}");
        desk.walk_in(None, Some(Reason::Elderly), press(&scan)).await.unwrap().unwrap();
        let undo = desk.undo_press(scan, no_press());
        let call = other.call_next(4, no_press());
        // Whoever is polled first has a start; both orders are tried.
        let (undone, next) = if round % 2 == 0 {
            tokio::join!(undo, call)
        } else {
            let (next, undone) = tokio::join!(call, undo);
            (undone, next)
        };
        match (undone.unwrap(), next.unwrap()) {
            (Ok(_), Err(Refusal::NobodyWaits { later: 0 })) => taken_back += 1,
            (Err(Refusal::NotNow { counter: Some(4), by, .. }), Ok(_)) if by == "budi" => {
                called += 1;
                other.came(Which::At(4), no_press()).await.unwrap().unwrap();
                other.finish(Which::At(4), no_press()).await.unwrap().unwrap();
            }
            other => panic!("round {round}: {other:?}"),
        }
    }
    assert_eq!(taken_back + called, ROUNDS);
    assert_balanced(&fixture).await;
}

on_both_engines!(
    what_a_press_entered_is_shown_and_taken_back_as_a_whole,
    an_undone_call_is_withdrawn_from_the_display_and_called_again_first,
    an_undone_arrival_and_the_next_call_at_once_never_both_count,
);
