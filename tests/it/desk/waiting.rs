//! The waiting list on a real database: two nodes that look at it at the same time offer a seat once.

use antrean::desk::Verdict;
use antrean::domain::office::{Approval, WhenFull};

use crate::support::desk_fixture::{DeskFixture, tuesday};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{form, name, number};

/// One seat a day, and a list for those who come too late.
async fn listed(engine: Engine) -> DeskFixture {
    DeskFixture::of_bogor(engine, |bogor| {
        (bogor.seats_per_hour, bogor.seats_per_day) = (1, Some(1));
        bogor.policy.approval = Approval::None;
        bogor.policy.when_full = WhenFull::Refuse;
        bogor.policy.cancelling = true;
        bogor.policy.waiting = true;
    })
    .await
}

// Negative control: with the office lock taken away from the task, or the turn given to all who wait, there are more offers.
async fn a_seat_that_came_back_is_offered_once_by_however_many_nodes(engine: Engine) {
    let fixture = listed(engine).await;
    let other = fixture.node();
    fixture.ask(1, "form1", &form(&name(1), tuesday())).await;
    for n in 2..6 {
        let full = fixture.ask(n, &format!("form{n}"), &form(&name(n), tuesday())).await;
        assert!(full.contains("#tunggu"), "{full}");
        fixture.pass(1);
        let joined = fixture.ask(n, &format!("wait{n}"), "#tunggu").await;
        let ahead = if n == 2 { "Anda yang pertama".to_owned() } else { format!("ada {} orang", n - 2) };
        assert!(joined.contains(&ahead), "{joined}");
    }
    fixture.ask(1, "cancel", "#batal").await;
    let turns = fixture.storage.waiting_turns(fixture.desk.reaches(), fixture.now()).await.unwrap();
    assert_eq!(turns.len(), 1);
    let mut looks = tokio::task::JoinSet::new();
    for at in 0..8 {
        let (desk, turn) = (if at % 2 == 0 { fixture.desk.clone() } else { other.clone() }, turns[0].clone());
        looks.spawn(async move { desk.offer_seats(turn).await });
    }
    for looked in looks.join_all().await {
        looked.unwrap();
    }
    let mut tables = fixture.tables().await;
    let offered = tables.texts("select contact from booking where awaits = 'offer' and state = 'held'").await;
    assert_eq!(offered, [number(2)], "the first who waits, and nobody else");
    assert_eq!(tables.count("select count(*) from notice where kind = 'offer' and state = 'queued'").await, 1);
    assert_eq!(tables.count("select count(*) from outbox where text like '%Ada nomor antrean%'").await, 1);
    // The audit orders the steps of two nodes by their time.
    fixture.pass(1);
    // The answer comes to both nodes, as a provider delivers it again.
    let yes = fixture.message(2, "yes", "ya");
    let (one, two) = tokio::join!(fixture.desk.serve(vec![yes.clone()]), other.serve(vec![yes]));
    let mut verdicts = vec![one.unwrap()[0], two.unwrap()[0]];
    verdicts.sort_by_key(|verdict| *verdict == Verdict::Repeat);
    assert_eq!(verdicts, [Verdict::Served, Verdict::Repeat]);
    assert_eq!(tables.count("select count(*) from booking where state = 'booked'").await, 1);
    assert_eq!(
        tables.texts("select state from waiting order by id").await,
        ["seated", "waiting", "waiting", "waiting"]
    );
    fixture.assert_balanced().await;
    other.close().await;
}

on_both_engines!(a_seat_that_came_back_is_offered_once_by_however_many_nodes);
