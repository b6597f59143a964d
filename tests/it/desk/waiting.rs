//! The waiting list on a real database: two nodes that look at it at the same time offer a seat once.

use antrean::desk::Verdict;
use antrean::domain::displaced::Remedy;
use antrean::domain::displacement::Remedies;
use antrean::domain::office::{Approval, Office, OfficeId, WhenFull};
use antrean::domain::reach::{ChannelReach, Reaches};
use antrean::front_desk::{CalendarAction, CalendarMade, CalendarWish};
use antrean::roster;

use crate::front_desk::calendar::calendar;
use crate::support::desk_fixture::{DeskFixture, channel, tuesday};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{form, name, number};

fn bogor() -> OfficeId {
    OfficeId::read("bogor").unwrap()
}

/// One seat a day, and a list for those who come too late.
async fn listed(engine: Engine, at_once: u32) -> DeskFixture {
    DeskFixture::of_bogor(engine, |bogor| {
        (bogor.seats_per_hour, bogor.seats_per_day) = (1, Some(1));
        bogor.policy.approval = Approval::None;
        bogor.policy.when_full = WhenFull::Refuse;
        bogor.policy.cancelling = true;
        bogor.policy.waiting = true;
        bogor.policy.waiting_at_once = at_once;
    })
    .await
}

/// Citizen 1 has the only seat, those of `waiting` wait for it.
async fn wait_for_tuesday(fixture: &DeskFixture, waiting: std::ops::Range<usize>) {
    fixture.ask(1, "form1", &form(&name(1), tuesday())).await;
    for n in waiting {
        let full = fixture.ask(n, &format!("form{n}"), &form(&name(n), tuesday())).await;
        assert!(full.contains("#tunggu"), "{full}");
        fixture.pass(1);
        let joined = fixture.ask(n, &format!("wait{n}"), "#tunggu").await;
        let ahead = if n == 2 { "Anda yang pertama".to_owned() } else { format!("ada {} orang", n - 2) };
        assert!(joined.contains(&ahead), "{joined}");
    }
}

/// Looks at the lists that are due.
async fn look(fixture: &DeskFixture) {
    for turn in fixture.storage.waiting_turns(fixture.desk.reaches(), fixture.now()).await.unwrap() {
        fixture.desk.offer_seats(turn).await.unwrap();
    }
}

// Negative control: where a turn does not look whether a seat is free, there are more offers.
async fn a_seat_that_came_back_is_offered_once_by_however_many_nodes(engine: Engine) {
    let fixture = listed(engine, 1).await;
    let other = fixture.node();
    wait_for_tuesday(&fixture, 2..6).await;
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

// Negative controls: without `take_share` in the desk both are booked or the second finds no seat; with `is_low` always false, one is
// told; with `until` left out of `next_look`, nothing is due at the end.
async fn where_few_offers_are_accepted_a_seat_is_offered_to_three_at_once_and_the_first_yes_wins(engine: Engine) {
    let fixture = listed(engine, 3).await;
    let other = fixture.node();
    wait_for_tuesday(&fixture, 2..7).await;
    let mut tables = fixture.tables().await;
    // Twenty offers of the last days, of which none was accepted.
    let joined = fixture.now().timestamp_micros();
    let history = "insert into waiting (id, office, channel, contact, date, party, offers, declines, state, joined_us) \
         values (-1, 'bogor', 'wa/1001', '6281200009999', '2026-08-01', 1, 20, 2, 'over', ";
    tables.run(&format!("{history}{joined})")).await;
    fixture.ask(1, "cancel", "#batal").await;
    look(&fixture).await;
    let told = "select contact from outbox where text like '%kepada 2 orang lain%' order by id";
    assert_eq!(tables.texts(told).await, [2, 3, 4].map(number));
    assert_eq!(tables.count("select count(*) from booking where state in ('held', 'booked')").await, 0);
    let newcomer = fixture.ask(7, "form7", &form(&name(7), tuesday())).await;
    assert!(newcomer.contains("sudah penuh"), "the seat is nobody else's: {newcomer}");
    fixture.pass(1);
    let yes = [3, 4].map(|n| fixture.message(n, &format!("yes{n}"), "ya"));
    let [one, two] = yes;
    let (one, two) = tokio::join!(fixture.desk.serve(vec![one]), other.serve(vec![two]));
    assert_eq!([one, two].map(|served| served.unwrap()[0]), [Verdict::Served, Verdict::Served]);
    let winners = tables.texts("select contact from booking where state = 'booked'").await;
    assert!(winners == [number(3)] || winners == [number(4)], "{winners:?}");
    let late = tables.count("select count(*) from outbox where text like '%sudah diambil orang lain%'").await;
    assert_eq!(late, 1, "the answer to the slower of them");
    let planned = "select count(*) from notice where kind = 'offer' and state = 'planned' and occasion like 'taken%'";
    assert_eq!(tables.count(planned).await, 2, "both who lost are told");
    assert_eq!(
        tables.count("select count(*) from waiting where state = 'waiting' and declines = 0 and offers = 0").await,
        4
    );
    fixture.assert_balanced().await;
    // Who was told keeps the turn; who does not answer loses it for this seat.
    fixture.pass(1);
    fixture.ask(if winners == [number(3)] { 3 } else { 4 }, "again", "#batal").await;
    look(&fixture).await;
    fixture.pass(11);
    assert_eq!(fixture.storage.waiting_turns(fixture.desk.reaches(), fixture.now()).await.unwrap().len(), 1);
    look(&fixture).await;
    assert_eq!(tables.count("select count(*) from waiting where state = 'waiting' and declines = 1").await, 3);
    fixture.assert_balanced().await;
    other.close().await;
}

// Negative control: with `is_always` that is always false, nobody has a turn on the second day.
async fn whoever_a_template_reaches_keeps_the_turn_however_long_ago_they_wrote(engine: Engine) {
    let fixture = listed(engine, 1).await;
    wait_for_tuesday(&fixture, 2..4).await;
    fixture.ask(1, "cancel", "#batal").await;
    let later = fixture.now() + chrono::TimeDelta::hours(24);
    let contacts = async |reaches: Reaches| {
        let turns = fixture.storage.waiting_turns(&reaches, later).await.unwrap();
        turns.iter().map(|turn| turn.contacts.len()).collect::<Vec<_>>()
    };
    let of_templates = |templates: &[&str]| {
        let templates = templates.iter().map(|lang| (*lang).to_owned()).collect();
        Reaches::new([(channel(), ChannelReach { templates, ..ChannelReach::default() })].into())
    };
    assert_eq!(contacts(Reaches::default()).await, [0]);
    assert_eq!(contacts(of_templates(&["en"])).await, [0], "they read Indonesian");
    assert_eq!(contacts(of_templates(&["id"])).await, [2]);
    fixture.assert_balanced().await;
}

/// A change of Tuesday.
fn tuesday_becomes(action: CalendarAction, hours: Option<(u8, u8)>) -> CalendarWish {
    CalendarWish { action, from: tuesday(), until: tuesday(), hours, reason: "Loket tambahan".to_owned() }
}

async fn made(fixture: &DeskFixture, wish: &CalendarWish) -> i64 {
    match calendar(fixture, "agus").make(wish, &Remedies::all(Remedy::Tell), (None, None)).await.unwrap() {
        Ok(CalendarMade::Made(id)) => id,
        other => panic!("{other:?}"),
    }
}

/// To whom seats are offered now.
const OFFERED: &str = "select contact from booking where awaits = 'offer' and state = 'held' order by contact";

// Negative control: with `look_at_list` of `change_calendar` due days later, nobody is offered anything.
async fn seats_that_a_calendar_or_a_version_opens_are_offered_in_turn(engine: Engine) {
    let fixture = listed(engine, 1).await;
    wait_for_tuesday(&fixture, 2..6).await;
    let mut tables = fixture.tables().await;
    look(&fixture).await;
    assert_eq!(tables.texts(OFFERED).await, Vec::<String>::new(), "the day is full");
    // One hour gets a second seat, and with it the day: the first who waits is offered it, whoever asks meanwhile is refused.
    fixture.pass(1);
    made(&fixture, &tuesday_becomes(CalendarAction::Seats(2), Some((10, 11)))).await;
    let newcomer = fixture.ask(7, "form7", &form(&name(7), tuesday())).await;
    assert!(newcomer.contains("sudah penuh"), "the seat is for those who wait: {newcomer}");
    look(&fixture).await;
    assert_eq!(tables.texts(OFFERED).await, [number(2)]);
    fixture.pass(1);
    fixture.ask(2, "yes2", "ya").await;
    // Closed for a minute, in which somebody cancels; then it never was.
    let closed = made(&fixture, &tuesday_becomes(CalendarAction::Close, None)).await;
    fixture.ask(1, "cancel1", "#batal").await;
    look(&fixture).await;
    assert_eq!(tables.texts(OFFERED).await, Vec::<String>::new(), "a closed day offers nothing");
    calendar(&fixture, "agus").undo(closed).await.unwrap().unwrap();
    look(&fixture).await;
    assert_eq!(tables.texts(OFFERED).await, [number(3)], "the place that was left is open again");
    // A version with more places.
    fixture.pass(1);
    let in_force = std::sync::Arc::clone(&fixture.desk.roster().offices[&bogor()]);
    let next = Office { seats_per_day: Some(2), version: in_force.version + 1, ..Office::clone(&in_force) };
    let calendar_of = fixture.desk.roster().calendar_of(&bogor()).clone();
    fixture.storage.import_office(&next, &roster::print(&next), &calendar_of, fixture.now()).await.unwrap();
    fixture.desk.refresh_offices().await.unwrap();
    look(&fixture).await;
    assert_eq!(tables.texts(OFFERED).await, [3, 4].map(number));
    fixture.assert_balanced().await;
}

on_both_engines!(
    seats_that_a_calendar_or_a_version_opens_are_offered_in_turn,
    a_seat_that_came_back_is_offered_once_by_however_many_nodes,
    where_few_offers_are_accepted_a_seat_is_offered_to_three_at_once_and_the_first_yes_wins,
    whoever_a_template_reaches_keeps_the_turn_however_long_ago_they_wrote,
);
