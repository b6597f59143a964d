//! The waiting list on a real database: two nodes that look at it at the same time offer a seat once.

use std::sync::Arc;

use antrean::desk::{Channels, Dependencies, Desk, MESSAGES_PER_COMMIT, RepliesMax, Verdict};
use antrean::domain::office::{Approval, OfficeId, WhenFull};
use antrean::roster::Roster;

use crate::support::engine::{Engine, on_both_engines};
use crate::support::hall::{Hall, line, tuesday};
use crate::support::town::{form, name, number};

/// One seat a day, and a list for those who come too late.
async fn listed(engine: Engine) -> Hall {
    Hall::of_bogor(engine, |bogor| {
        (bogor.seats_per_hour, bogor.seats_per_day) = (1, Some(1));
        bogor.policy.approval = Approval::None;
        bogor.policy.when_full = WhenFull::Refuse;
        bogor.policy.cancelling = true;
        bogor.policy.waiting = true;
    })
    .await
}

/// Another node of the same installation.
async fn second_node(hall: &Hall) -> Desk {
    let mut roster = Roster::shipped().unwrap();
    let id = OfficeId::read("bogor").unwrap();
    let bogor = hall.desk.roster().offices[&id].clone();
    roster.offices.insert(id.clone(), bogor);
    Desk::start(Dependencies {
        storage: hall.base.storage().await,
        roster,
        channels: Channels::from([(line(), id)]),
        replies_max: RepliesMax::default(),
        clock: hall.shared_clock(),
        seed: [8; 32],
        lanes: 1,
        messages_per_commit: MESSAGES_PER_COMMIT,
        wake_courier: Arc::default(),
        metrics: Arc::default(),
    })
}

// Negative control: with the office lock taken away from the task, or the turn given to all who wait, there are more offers.
async fn a_seat_that_came_back_is_offered_once_by_however_many_nodes(engine: Engine) {
    let hall = listed(engine).await;
    let other = second_node(&hall).await;
    hall.ask(1, "form1", &form(&name(1), tuesday())).await;
    for n in 2..6 {
        let full = hall.ask(n, &format!("form{n}"), &form(&name(n), tuesday())).await;
        assert!(full.contains("#tunggu"), "{full}");
        hall.pass(1);
        let joined = hall.ask(n, &format!("wait{n}"), "#tunggu").await;
        let ahead = if n == 2 { "Anda yang pertama".to_owned() } else { format!("ada {} orang", n - 2) };
        assert!(joined.contains(&ahead), "{joined}");
    }
    hall.ask(1, "cancel", "#batal").await;
    let turns = hall.storage.waiting_turns(hall.now()).await.unwrap();
    assert_eq!(turns.len(), 1);
    let mut looks = tokio::task::JoinSet::new();
    for at in 0..8 {
        let (desk, turn) = (if at % 2 == 0 { hall.desk.clone() } else { other.clone() }, turns[0].clone());
        looks.spawn(async move { desk.offer_seats(turn).await });
    }
    for looked in looks.join_all().await {
        looked.unwrap();
    }
    let mut tables = hall.tables().await;
    let offered = tables.texts("select contact from booking where awaits = 'offer' and state = 'held'").await;
    assert_eq!(offered, [number(2)], "the first who waits, and nobody else");
    assert_eq!(tables.count("select count(*) from notice where kind = 'offer' and state = 'queued'").await, 1);
    assert_eq!(tables.count("select count(*) from outbox where text like '%Ada nomor antrean%'").await, 1);
    // The answer comes to both nodes, as a provider delivers it again.
    let yes = hall.message(2, "yes", "ya");
    let (one, two) = tokio::join!(hall.desk.serve(vec![yes.clone()]), other.serve(vec![yes]));
    let mut verdicts = vec![one.unwrap()[0], two.unwrap()[0]];
    verdicts.sort_by_key(|verdict| *verdict == Verdict::Repeat);
    assert_eq!(verdicts, [Verdict::Served, Verdict::Repeat]);
    assert_eq!(tables.count("select count(*) from booking where state = 'booked'").await, 1);
    assert_eq!(
        tables.texts("select state from waiting order by id").await,
        ["seated", "waiting", "waiting", "waiting"]
    );
    hall.assert_balanced().await;
    other.close().await;
}

on_both_engines!(a_seat_that_came_back_is_offered_once_by_however_many_nodes);
