//! One action after the other.

use antrean::domain::booking::State as BookingState;
use antrean::domain::visit::{Lane, Reason, State};
use antrean::front_desk::{Arrival, Closing, Press, Refusal, Warning, Which};
use antrean::storage::Topic;

use super::*;
use crate::support::engine::on_both_engines;

async fn an_arrival_is_judged_and_refused_with_its_reason(engine: Engine) {
    let fixture = open(engine, false).await;
    let (first, second, third) = (book(&fixture, 1).await, book(&fixture, 2).await, book(&fixture, 3).await);
    let desk = front(&fixture, "siti");
    let refusal = |result: Result<_, Refusal>| result.map(|done: antrean::front_desk::Done| done.visits).unwrap_err();
    assert!(
        matches!(refusal(desk.arrive(by(&first), no_press()).await.unwrap()), Refusal::OtherDay { slot } if slot.date == tuesday())
    );
    fixture.pass(TO_TUESDAY - 45);
    let early = desk.arrive(by(&first), no_press()).await.unwrap().unwrap();
    assert!(matches!(early.warning, Some(Warning::Early { .. })), "{early:?}");
    assert_eq!((early.visits[0].number.as_str(), early.visits[0].lane), ("08-001", Lane::Booked));
    // One slip in the code: the check character notices, and the code of today is offered.
    let mut slip = second.clone();
    let last = if slip.ends_with('2') { "3" } else { "2" };
    slip.replace_range(7.., last);
    let Refusal::UnknownCode { closest } = refusal(desk.arrive(by(&slip), no_press()).await.unwrap()) else { panic!() };
    assert_eq!(closest.map(|code| code.as_str().to_owned()), Some(second.clone()));
    // Again: the first scan is told.
    fixture.pass(45);
    let again = refusal(front(&fixture, "budi").arrive(by(&first), no_press()).await.unwrap());
    assert!(matches!(again, Refusal::AlreadyArrived { numbers, by, .. } if numbers == ["08-001"] && by == "siti"));
    fixture.ask(3, "wamid.batal", "#batal").await;
    let cancelled = refusal(desk.arrive(by(&third), no_press()).await.unwrap());
    assert_eq!(cancelled, Refusal::NotStanding { state: BookingState::Cancelled });
    fixture.pass(16);
    let late = desk.arrive(by(&second), no_press()).await.unwrap().unwrap();
    assert!(matches!(late.warning, Some(Warning::Late { .. })) && late.visits[0].lane == Lane::Late, "{late:?}");
    let unknown = refusal(desk.arrive(by("ABCD-EFGH"), no_press()).await.unwrap());
    assert_eq!(unknown, Refusal::UnknownCode { closest: None });
    assert_balanced(&fixture).await;
}

async fn a_party_comes_one_by_one_and_rows_have_numbers_of_their_own(engine: Engine) {
    let fixture = open(engine, false).await;
    let lines: Vec<String> = (0..3).map(|place| form(&name(100 + place), tuesday())).collect();
    fixture.ask(1, "wamid.family", &lines.join("\n")).await;
    let code = code_of(&fixture, 1).await;
    let other = book(&fixture, 2).await;
    fixture.pass(TO_TUESDAY);
    let desk = front(&fixture, "siti");
    assert_eq!(one(desk.arrive(of_party(&code, &[1]), no_press()).await.unwrap()).number, "08-002");
    let too_many = desk.arrive(of_party(&code, &[3]), no_press()).await.unwrap();
    assert_eq!(too_many.unwrap_err(), Refusal::NoSuchPerson { party: 3 });
    let rest = desk.arrive(by(&code), press("scan-1")).await.unwrap().unwrap();
    let numbers: Vec<&str> = rest.visits.iter().map(|visit| visit.number.as_str()).collect();
    assert_eq!(numbers, ["08-001", "08-003"]);
    let repeated = desk.arrive(by(&code), press("scan-1")).await.unwrap().unwrap();
    assert!(repeated.repeated && repeated.visits == rest.visits, "{repeated:?}");
    let elder = Arrival { priority: Some(Reason::Elderly), ..by(&other) };
    assert_eq!(one(desk.arrive(elder, no_press()).await.unwrap()).number, "P-01");
    for (priority, wanted) in [(None, "W-001"), (Some(Reason::Pregnant), "P-02"), (None, "W-002")] {
        assert_eq!(one(desk.walk_in(None, priority, no_press()).await.unwrap()).number, wanted);
    }
    assert_balanced(&fixture).await;
}

// Negative control: with the latest number called first.
async fn whoever_is_called_comes_or_is_missed_and_is_put_back_once(engine: Engine) {
    let fixture = open(engine, false).await;
    let codes = [book(&fixture, 1).await, book(&fixture, 2).await];
    fixture.pass(TO_TUESDAY);
    let desk = front(&fixture, "siti");
    for code in &codes {
        desk.arrive(by(code), no_press()).await.unwrap().unwrap();
    }
    assert_eq!(desk.call_next(3, no_press()).await.unwrap().unwrap_err(), Refusal::CounterClosed { counter: 3 });
    desk.open_counter(3).await.unwrap().unwrap();
    desk.open_counter(3).await.unwrap().unwrap();
    let other = front(&fixture, "budi");
    assert_eq!(other.open_counter(3).await.unwrap(), Err(Refusal::CounterTaken { counter: 3, by: "siti".to_owned() }));
    let called = one(desk.call_next(3, press("a")).await.unwrap());
    assert_eq!((called.number.as_str(), called.state, called.counter), ("08-001", State::Called, Some(3)));
    let twice = desk.call_next(3, press("a")).await.unwrap().unwrap();
    assert!(twice.repeated && twice.visits == [called.clone()], "{twice:?}");
    let busy = desk.call_next(3, press("b")).await.unwrap().unwrap_err();
    assert_eq!(busy, Refusal::CounterBusy { counter: 3, number: "08-001".to_owned() });
    assert!(matches!(
        desk.recall(Which::At(3), no_press()).await.unwrap(),
        Err(Refusal::CalledJustNow { seconds: 60 })
    ));
    for calls in [1, 2] {
        fixture.pass(1);
        let early = desk.missed(Which::At(3), no_press()).await.unwrap().unwrap_err();
        assert_eq!(early, Refusal::CallAgainFirst { calls });
        desk.recall(Which::At(3), no_press()).await.unwrap().unwrap();
    }
    assert!(matches!(desk.missed(Which::At(3), no_press()).await.unwrap(), Err(Refusal::CalledJustNow { .. })));
    fixture.pass(1);
    desk.missed(Which::At(3), no_press()).await.unwrap().unwrap();
    // Back at the end: the other one goes first.
    assert_eq!(one(desk.put_back("08-001".to_owned(), no_press()).await.unwrap()).lane, Lane::Late);
    assert_eq!(one(desk.call_next(3, no_press()).await.unwrap()).number, "08-002");
    let served = one(desk.came(Which::At(3), no_press()).await.unwrap());
    let stale = Press { nonce: None, version: Some(served.version - 1) };
    assert!(matches!(
        desk.finish(Which::At(3), stale).await.unwrap(),
        Err(Refusal::NotNow { state: State::Serving, .. })
    ));
    desk.redirect(Which::At(3), 4, no_press()).await.unwrap().unwrap();
    assert_eq!(one(desk.call_next(3, no_press()).await.unwrap()).number, "08-001", "the other one is for counter 4");
    other.open_counter(4).await.unwrap().unwrap();
    assert_eq!(one(other.call_next(4, no_press()).await.unwrap()).number, "08-002");
    let theirs = desk.finish(numbered("08-002"), no_press()).await.unwrap().unwrap_err();
    assert!(matches!(theirs, Refusal::NotNow { state: State::Called, counter: Some(4), .. }), "{theirs:?}");
    other.came(Which::At(4), no_press()).await.unwrap().unwrap();
    let theirs = desk.finish(numbered("08-002"), no_press()).await.unwrap().unwrap_err();
    assert_eq!(theirs, Refusal::CounterTaken { counter: 4, by: "budi".to_owned() });
    other.finish(Which::At(4), no_press()).await.unwrap().unwrap();
    // A counter that lost its officer is freed by anybody; whoever was there keeps their place.
    let closing = |park, of_others| Closing { park, of_others };
    let theirs = other.close_counter(3, closing(true, false)).await.unwrap();
    assert_eq!(theirs, Err(Refusal::CounterTaken { counter: 3, by: "siti".to_owned() }));
    assert!(matches!(other.close_counter(3, closing(false, true)).await.unwrap(), Err(Refusal::CounterBusy { .. })));
    assert_eq!(other.close_counter(3, closing(true, true)).await.unwrap().unwrap().unwrap().number, "08-001");
    assert_eq!(one(desk.put_back("08-001".to_owned(), no_press()).await.unwrap()).lane, Lane::Late);
    let board = "select seq || ' ' || kind || ' ' || number || ' ' || counter from board_call order by seq";
    let wanted = [
        "1 call 08-001 3",
        "2 recall 08-001 3",
        "3 recall 08-001 3",
        "4 call 08-002 3",
        "5 call 08-001 3",
        "6 call 08-002 4",
    ];
    assert_eq!(fixture.tables().await.texts(board).await, wanted);
    let office = OfficeId::read("bogor").unwrap();
    let versions = fixture.storage.live().versions(&office).await.unwrap();
    assert_eq!(versions.of(Topic::Board), 6);
    assert!(versions.of(Topic::Today) > 10);
    assert_balanced(&fixture).await;
}

async fn an_undo_within_a_minute_brings_back_what_was(engine: Engine) {
    let fixture = open(engine, false).await;
    let codes = [book(&fixture, 1).await, book(&fixture, 2).await];
    fixture.pass(TO_TUESDAY);
    let desk = front(&fixture, "siti");
    desk.open_counter(3).await.unwrap().unwrap();
    desk.arrive(by(&codes[0]), no_press()).await.unwrap().unwrap();
    assert_eq!(one(desk.undo(numbered("08-001"), no_press()).await.unwrap()).state, State::Withdrawn);
    assert_eq!(desk.undo(numbered("08-001"), no_press()).await.unwrap().unwrap_err(), Refusal::NothingToUndo);
    // Taken back, the place can be cancelled, and the next one gets another number.
    assert!(fixture.ask(1, "wamid.batal", "#batal").await.contains("batal"));
    let third = book(&fixture, 3).await;
    assert_eq!(one(desk.arrive(by(&third), no_press()).await.unwrap()).number, "08-001B");
    assert_eq!(one(desk.call_next(3, no_press()).await.unwrap()).number, "08-001B");
    assert_eq!(one(desk.undo(Which::At(3), no_press()).await.unwrap()).state, State::Arrived);
    assert_eq!(one(desk.call_next(3, no_press()).await.unwrap()).number, "08-001B");
    desk.came(Which::At(3), no_press()).await.unwrap().unwrap();
    desk.finish(Which::At(3), no_press()).await.unwrap().unwrap();
    assert_eq!(one(desk.undo(numbered("08-001B"), no_press()).await.unwrap()).state, State::Serving);
    desk.finish(Which::At(3), no_press()).await.unwrap().unwrap();
    desk.arrive(by(&codes[1]), no_press()).await.unwrap().unwrap();
    desk.call_next(3, no_press()).await.unwrap().unwrap();
    let busy = desk.undo(numbered("08-001B"), no_press()).await.unwrap().unwrap_err();
    assert!(matches!(&busy, Refusal::NotNow { number, counter: Some(3), .. } if number == "08-002"), "{busy:?}");
    let others = front(&fixture, "budi").undo(Which::At(3), no_press()).await.unwrap().unwrap_err();
    assert!(matches!(others, Refusal::UndoOfOther { by, .. } if by == "siti"));
    fixture.pass(2);
    assert!(matches!(desk.undo(Which::At(3), no_press()).await.unwrap(), Err(Refusal::TooOldToUndo { .. })));
    let board = "select kind || ' ' || number from board_call order by seq";
    let wanted = ["call 08-001B", "withdrawn 08-001B", "call 08-001B", "call 08-002"];
    assert_eq!(fixture.tables().await.texts(board).await, wanted);
    assert_balanced(&fixture).await;
}

// Negative control: with `Arrived` among the states that lead to `NoShow`, the one who waits is marked absent.
async fn hours_and_days_end_and_whoever_waited_is_never_a_no_show(engine: Engine) {
    for arrivals in [true, false] {
        let fixture = open(engine, arrivals).await;
        let (came, absent) = (book(&fixture, 1).await, book(&fixture, 2).await);
        fixture.pass(TO_TUESDAY);
        let desk = front(&fixture, "siti");
        desk.open_counter(3).await.unwrap().unwrap();
        desk.arrive(by(&came), no_press()).await.unwrap().unwrap();
        fixture.pass(15);
        assert_eq!(desk.end_what_is_over().await.unwrap(), (0, 0), "the grace is not over");
        fixture.pass(1);
        assert_eq!(desk.end_what_is_over().await.unwrap(), (usize::from(arrivals), 0));
        assert_eq!(desk.end_what_is_over().await.unwrap(), (0, 0), "once");
        let late = desk.arrive(by(&absent), no_press()).await.unwrap();
        if arrivals {
            assert!(matches!(late, Err(Refusal::Forfeited { .. })));
            assert_eq!(states(&fixture).await[1], ("08-002".to_owned(), State::NoShow));
            let admitted = Arrival { admit_late: true, ..by(&absent) };
            assert_eq!(one(desk.arrive(admitted, no_press()).await.unwrap()).lane, Lane::Late);
        } else {
            late.unwrap();
        }
        fixture.pass(24 * 60);
        assert_eq!(desk.end_what_is_over().await.unwrap(), (0, 2));
        let unserved = ["08-001", "08-002"].map(|number| (number.to_owned(), State::Unserved));
        assert_eq!(states(&fixture).await, unserved);
        assert_eq!(fixture.tables().await.count("select count(*) from shift where closed_us is null").await, 0);
        assert_balanced(&fixture).await;
    }
}

// Negative control: with the guard of `conversation::at_counter` left out, the place is cancelled.
async fn whoever_is_here_is_told_their_turn_and_keeps_their_place(engine: Engine) {
    let fixture = open(engine, false).await;
    let codes = [book(&fixture, 1).await, book(&fixture, 2).await];
    fixture.pass(TO_TUESDAY - 20);
    let desk = front(&fixture, "siti");
    for code in &codes {
        desk.arrive(by(code), no_press()).await.unwrap().unwrap();
    }
    for (id, text) in [("a", "#batal"), ("b", "#ganti besok"), ("c", "batalin aja deh")] {
        let said = fixture.ask(2, id, text).await;
        assert!(said.contains("08-002") && said.contains("petugas"), "{text}: {said}");
    }
    fixture.pass(20);
    let said = fixture.ask(2, "e", "sudah nomor berapa?").await;
    assert!(said.contains("08-002") && said.contains("1 orang sebelum Anda") && said.contains("belum dapat"), "{said}");
    desk.open_counter(3).await.unwrap().unwrap();
    desk.call_next(3, no_press()).await.unwrap().unwrap();
    let said = fixture.ask(1, "f", "#status").await;
    assert!(said.contains("08-001") && said.contains("loket 3 sekarang"), "{said}");
    assert!(fixture.ask(2, "g", "cek antrean").await.contains("dipanggil berikutnya"));
    assert_eq!(fixture.tables().await.count("select count(*) from booking where state = 'booked'").await, 2);
    assert_balanced(&fixture).await;
}

/// A fault of each kind that the audit looks for, how it is undone, and what the audit says of it.
const FAULTS: [(&str, &str, &str); 6] = [
    (
        "update visit set state = 'missed' where number = '08-001'",
        "update visit set state = 'called' where number = '08-001'",
        "1 visits whose state or number of steps differs from their steps",
    ),
    (
        "update visit_event set version = 7 where action = 'call'",
        "update visit_event set version = 2 where action = 'call'",
        "1 visits whose state or number of steps",
    ),
    (
        "update visit_event set visit = visit + 1000000 where action = 'call'",
        "update visit_event set visit = visit - 1000000 where action = 'call'",
        "1 steps of visits that are not there",
    ),
    (
        "update visit set date = '2026-08-05' where number = '08-001'",
        "update visit set date = '2026-08-04' where number = '08-001'",
        "1 people who are here on a booking that does not stand",
    ),
    (
        "update shift set closed_us = 1",
        "update shift set closed_us = null",
        "1 people at a counter that nobody has open",
    ),
    (
        "update board_call set visit = 1",
        "update board_call set visit = (select id from visit where number = '08-001')",
        "1 calls of people who are not there",
    ),
];

async fn the_audit_finds_what_is_wrong_with_visits(engine: Engine) {
    let fixture = open(engine, false).await;
    let code = book(&fixture, 1).await;
    fixture.pass(TO_TUESDAY);
    let desk = front(&fixture, "siti");
    desk.open_counter(3).await.unwrap().unwrap();
    desk.arrive(by(&code), no_press()).await.unwrap().unwrap();
    desk.call_next(3, no_press()).await.unwrap().unwrap();
    assert_balanced(&fixture).await;
    let mut tables = fixture.tables().await;
    for (fault, remedy, said) in FAULTS {
        tables.run(fault).await;
        let findings = fixture.storage.audit(fixture.now()).await.unwrap().findings;
        assert!(findings.iter().any(|finding| finding.starts_with(said)), "{fault}: {findings:?}");
        tables.run(remedy).await;
        assert_balanced(&fixture).await;
    }
}

async fn old_visits_go_to_the_archive_with_their_steps(engine: Engine) {
    let fixture = open(engine, false).await;
    let code = book(&fixture, 1).await;
    fixture.pass(TO_TUESDAY);
    let desk = front(&fixture, "siti");
    desk.open_counter(3).await.unwrap().unwrap();
    desk.arrive(by(&code), no_press()).await.unwrap().unwrap();
    desk.call_next(3, no_press()).await.unwrap().unwrap();
    fixture.pass(24 * 60);
    desk.end_what_is_over().await.unwrap();
    fixture.pass(40 * 24 * 60);
    let before = fixture.now() - chrono::TimeDelta::days(30);
    fixture.storage.archive(fixture.now(), before, 100).await.unwrap();
    let mut tables = fixture.tables().await;
    for (table, rows) in
        [("visit", 0), ("visit_event", 0), ("board_call", 0), ("visit_archive", 1), ("visit_event_archive", 3)]
    {
        assert_eq!(tables.count(&format!("select count(*) from {table}")).await, rows, "{table}");
    }
    assert_balanced(&fixture).await;
}

on_both_engines!(
    an_arrival_is_judged_and_refused_with_its_reason,
    a_party_comes_one_by_one_and_rows_have_numbers_of_their_own,
    whoever_is_called_comes_or_is_missed_and_is_put_back_once,
    an_undo_within_a_minute_brings_back_what_was,
    hours_and_days_end_and_whoever_waited_is_never_a_no_show,
    whoever_is_here_is_told_their_turn_and_keeps_their_place,
    the_audit_finds_what_is_wrong_with_visits,
    old_visits_go_to_the_archive_with_their_steps,
);
