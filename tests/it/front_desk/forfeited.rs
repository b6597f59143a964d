//! The notice to those who did not come: once, only where arrivals are recorded, and never to whoever came after all.

use antrean::caretaker::Caretaker;
use antrean::courier::Courier;
use antrean::domain::notice::Kind;
use antrean::front_desk::DayEnds;
use antrean::gateway::tape::Tape;
use antrean::gateway::{Gateway, Gateways};

use super::*;
use crate::support::engine::on_both_engines;

/// Minutes from 08.00 to the first one after the grace.
const GRACE_OVER: i64 = 16;

fn caretaker(fixture: &DeskFixture) -> Caretaker {
    let (storage, desk) = (fixture.storage.clone(), fixture.desk.clone());
    let photos = antrean::photos::Photos::within(&std::env::temp_dir());
    Caretaker::new(storage, desk, Gateways::new(), photos, fixture.shared_clock()).saying_notices()
}

/// Sends everything; gives whom it went to, and what it said.
async fn sent(fixture: &DeskFixture) -> Vec<(String, String)> {
    let tape = Tape::new("wa");
    let gateways: Gateways = [("wa".to_owned(), Arc::clone(&tape) as Arc<dyn Gateway>)].into();
    let courier = Courier::new(fixture.storage.clone(), gateways, fixture.shared_clock(), "forfeited".to_owned());
    for _ in 0..10 {
        courier.step().await.unwrap();
    }
    tape.drain().into_iter().map(|taken| (taken.contact.as_str().to_owned(), taken.parcel.text)).collect()
}

// Negative controls: with `has_come` not looked at in `front_desk::forfeited` the party is told too; with it not looked at in
// the courier's search, the one who was let in while it waited.
async fn whoever_did_not_come_is_told_once_and_nobody_who_came(engine: Engine) {
    let fixture = open(engine, true).await;
    let (came, _absent) = (book(&fixture, 1).await, book(&fixture, 2).await);
    let lines: Vec<String> = (0..3).map(|place| form(&name(100 + place), tuesday())).collect();
    fixture.ask(3, "wamid.family", &lines.join("\n")).await;
    let party = code_of(&fixture, 3).await;
    let late = [book(&fixture, 4).await, book(&fixture, 5).await];
    sent(&fixture).await;
    fixture.pass(TO_TUESDAY);
    let desk = front(&fixture, "siti");
    desk.arrive(by(&came), no_press()).await.unwrap().unwrap();
    desk.arrive(of_party(&party, &[1]), no_press()).await.unwrap().unwrap();
    fixture.pass(GRACE_OVER);
    let (first, second) = (front(&fixture, "satu"), front(&fixture, "dua"));
    let (one, two) = tokio::join!(first.end_what_is_over(), second.end_what_is_over());
    assert_eq!(one.unwrap().0 + two.unwrap().0, 5, "two of the party, and the three who did not come");
    let planned = "select contact from notice where kind = 'forfeited' and state = 'planned' order by contact";
    assert_eq!(fixture.tables().await.texts(planned).await, [2, 4, 5].map(number));
    let admit = |code: &str| Arrival { admit_late: true, ..by(code) };
    desk.arrive(admit(&late[0]), no_press()).await.unwrap().unwrap();
    caretaker(&fixture).step().await.unwrap();
    desk.arrive(admit(&late[1]), no_press()).await.unwrap().unwrap();
    let told = sent(&fixture).await;
    let [(contact, text)] = told.as_slice() else { panic!("{told:?}") };
    assert!(*contact == number(2) && text.contains("08-002") && text.contains("hangus"), "{told:?}");
    let became = "select n.contact || ' ' || n.state || ' ' || coalesce(n.reason, o.state) from notice n \
                  left join outbox o on o.id = n.outbox order by n.contact";
    let wanted = [(2, "queued sent"), (4, "dropped outdated"), (5, "queued expired")];
    let wanted = wanted.map(|(n, state)| format!("{} {state}", number(n)));
    assert_eq!(fixture.tables().await.texts(became).await, wanted);
    // Once more, and with a clock that went back.
    for minutes in [-10, 30] {
        fixture.pass(minutes);
        desk.end_what_is_over().await.unwrap();
        caretaker(&fixture).step().await.unwrap();
    }
    assert_eq!(sent(&fixture).await, []);
    assert_balanced(&fixture).await;
}

/// One booking at an office of these rules, at which nobody came; how many notices are planned after so many minutes of its hour.
async fn planned_after(engine: Engine, minutes: i64, arrivals: bool, is_off: bool) -> i64 {
    let fixture = DeskFixture::of_bogor(engine, |bogor| {
        bogor.policy.earliest = Earliest::Today { minutes_before: 0 };
        (bogor.policy.approval, bogor.policy.grace_minutes) = (Approval::None, 15);
        bogor.policy.arrivals = arrivals;
        if is_off {
            bogor.notices.off.insert(Kind::Forfeited);
        }
    })
    .await;
    book(&fixture, 1).await;
    fixture.pass(TO_TUESDAY + minutes);
    let ends = DayEnds::new(fixture.storage.clone(), fixture.desk.clone(), fixture.shared_clock());
    let next = ends.step().await.unwrap();
    assert_eq!(next == Some(fixture.now()), arrivals, "whoever did not come is told at once");
    fixture.tables().await.count("select count(*) from notice").await
}

// Negative controls: each condition of `forfeited::notices` left out plans one where none is wanted.
async fn nobody_is_told_where_arrivals_are_not_recorded_it_is_off_or_the_day_is_over(engine: Engine) {
    assert_eq!(planned_after(engine, GRACE_OVER, true, false).await, 1);
    assert_eq!(planned_after(engine, GRACE_OVER, false, false).await, 0, "who comes is not recorded");
    assert_eq!(planned_after(engine, GRACE_OVER, true, true).await, 0, "the office says nothing of this kind");
    assert_eq!(planned_after(engine, 24 * 60, true, false).await, 0, "the program was off for a day");
}

on_both_engines!(
    whoever_did_not_come_is_told_once_and_nobody_who_came,
    nobody_is_told_where_arrivals_are_not_recorded_it_is_off_or_the_day_is_over,
);
