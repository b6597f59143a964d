//! Days that are closed or made smaller with people on them, on a real database: decided in the import's transaction, carried out once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use antrean::desk::{Channels, Dependencies, Desk, MESSAGES_PER_COMMIT, Verdict, WAIT_MAX};
use antrean::domain::displaced::Remedy;
use antrean::domain::displacement::Remedies;
use antrean::domain::office::{Approval, Dated, Office, OfficeId, PerPerson};
use antrean::roster::{self, Roster};
use antrean::storage::{Import, ImportOutcome, NewVersion};

use crate::support::desk_fixture::{DeskFixture, channel, tuesday};
use crate::support::engine::{Engine, Tables, on_both_engines};
use crate::support::installation::{form, name, number};

/// Bogor, where a form books at once, with so many bookings in an hour.
async fn fixture(engine: Engine, seats: u32) -> DeskFixture {
    DeskFixture::of_bogor(engine, |bogor| {
        bogor.seats_per_hour = seats;
        bogor.policy.approval = Approval::None;
        bogor.policy.cancelling = true;
        bogor.policy.reschedule.extra_after_closing = true;
        bogor.policy.live_per_person = PerPerson::AtMost(1);
    })
    .await
}

fn bogor() -> OfficeId {
    OfficeId::read("bogor").unwrap()
}

/// The next version of the office, with a change.
fn next(fixture: &DeskFixture, change: impl FnOnce(&mut Office)) -> Office {
    let mut office = Office::clone(&fixture.desk.roster().offices[&bogor()]);
    office.version += 1;
    change(&mut office);
    office
}

fn closed(office: &mut Office) {
    office.dated.insert(tuesday(), Dated::Closed { reason: "Banjir".to_owned() });
}

async fn import(fixture: &DeskFixture, office: &Office, remedies: Option<&Remedies>) -> ImportOutcome {
    let roster = Roster::shipped().unwrap();
    let file = roster::print(office);
    let import = Import {
        office,
        file: &file,
        calendar: &roster.calendar,
        now: fixture.now(),
        remedies,
        version: NewVersion::BARE,
    };
    fixture.storage.import(import).await.unwrap()
}

async fn book(fixture: &DeskFixture, people: usize) {
    for n in 1..=people {
        assert_eq!(fixture.desk.serve(vec![fixture.form(n)]).await, Ok(vec![Verdict::Served]));
    }
}

/// Another node on the same database.
fn node(fixture: &DeskFixture, seed: u8) -> Desk {
    Desk::start(Dependencies {
        storage: fixture.storage.clone(),
        roster: Roster::clone(&fixture.desk.roster()),
        channels: Channels::from([(channel(), bogor())]),
        replies_max: Arc::default(),
        turn_links: None,
        reaches: antrean::domain::reach::Reaches::default(),
        clock: fixture.shared_clock(),
        seed: [seed; 32],
        lanes: 1,
        messages_per_commit: MESSAGES_PER_COMMIT,
        wait_max: WAIT_MAX,
        wake_courier: Arc::default(),
        metrics: Arc::default(),
    })
}

/// How many notices each citizen has.
async fn notices(tables: &mut Tables) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for contact in tables.texts("select contact from notice where kind = 'day-closed'").await {
        *counts.entry(contact).or_default() += 1;
    }
    counts
}

// Negative controls: with the mark not written by `settle` (`..before.clone()` for `done`) the command never ends; with an occasion of its own for
// every step, and a mark that is not asked for in `settle`, the nodes tell some people twice.
async fn everybody_of_a_closed_day_is_moved_and_told_once_by_two_nodes_at_once(engine: Engine) {
    let fixture = fixture(engine, 10).await;
    book(&fixture, 25).await;
    let office = next(&fixture, closed);
    let undecided = import(&fixture, &office, Some(&Remedies::default())).await;
    assert!(matches!(undecided, ImportOutcome::Undecided(places) if places.len() == 25));
    let mut tables = fixture.tables().await;
    assert_eq!(tables.count("select count(*) from booking where displaced is not null").await, 0);
    assert_eq!(i64::from(office.version) - 1, tables.count("select version from office where id = 'bogor'").await);
    let imported = import(&fixture, &office, Some(&Remedies::all(Remedy::Move))).await;
    assert!(matches!(imported, ImportOutcome::Imported { .. }));
    let (one, other) = (node(&fixture, 1), node(&fixture, 2));
    let id = bogor();
    let (first, second) = tokio::join!(one.settle_displaced(&id), other.settle_displaced(&id));
    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    let moved =
        "select count(*) from booking where date = '2026-08-05' and state = 'booked' and displaced = 'closed-moved'";
    assert_eq!(tables.count(moved).await, 25);
    assert_eq!(tables.count("select count(*) from booking_person where date = '2026-08-05'").await, 25);
    let told = notices(&mut tables).await;
    assert!(told.len() == 25 && told.values().all(|count| *count == 1), "{told:?}");
    // The same hours, in the order in which they had booked.
    assert_eq!(tables.texts("select cast(hour as text) from booking order by created_us, id limit 11").await[10], "9");
    fixture.assert_balanced().await;
    assert_eq!(import(&fixture, &office, Some(&Remedies::all(Remedy::Move))).await, ImportOutcome::Unchanged);
    assert_eq!(one.settle_displaced(&id).await.unwrap(), 0, "nothing is left to do");
    assert_eq!(notices(&mut tables).await, told);
    one.close().await;
    other.close().await;
}

// Negative control: with the decisions written by the command's steps instead of by the import, whoever was not reached is never told.
async fn a_command_that_is_killed_half_way_is_finished_by_the_next_one(engine: Engine) {
    let fixture = fixture(engine, 50).await;
    book(&fixture, 45).await;
    let office = next(&fixture, closed);
    import(&fixture, &office, Some(&Remedies::all(Remedy::Cancel))).await;
    let mut tables = fixture.tables().await;
    let (killed, id) = (node(&fixture, 1), bogor());
    let running = {
        let (killed, id) = (killed.clone(), id.clone());
        tokio::spawn(async move { killed.settle_displaced(&id).await })
    };
    while tables.count("select count(*) from booking where state = 'cancelled'").await == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    running.abort();
    killed.close().await;
    let half = tables.count("select count(*) from booking where state = 'cancelled'").await;
    assert!((1..45).contains(&half), "{half} of 45 were cancelled before it was killed");
    let next = node(&fixture, 2);
    next.settle_displaced(&id).await.unwrap();
    assert_eq!(
        tables.count("select count(*) from booking where state = 'cancelled' and displaced = 'closed-cancelled'").await,
        45
    );
    let told = notices(&mut tables).await;
    assert!(told.len() == 45 && told.values().all(|count| *count == 1), "{told:?}");
    fixture.assert_balanced().await;
    next.close().await;
}

// Negative control: without `displaced: None` in `handlers::reschedule::moved` the citizen is moved once more.
async fn whoever_moves_or_cancels_before_it_is_carried_out_is_left_alone(engine: Engine) {
    let fixture = fixture(engine, 10).await;
    book(&fixture, 3).await;
    let office = next(&fixture, closed);
    import(&fixture, &office, Some(&Remedies::all(Remedy::Move))).await;
    fixture.ask(1, "wamid.move", "#ganti 07-08-2026").await;
    fixture.ask(2, "wamid.cancel", "#batal").await;
    fixture.desk.settle_displaced(&bogor()).await.unwrap();
    let mut tables = fixture.tables().await;
    let dates = tables.texts("select state || ' ' || cast(date as text) from booking order by contact").await;
    assert_eq!(dates, ["booked 2026-08-07", "cancelled 2026-08-04", "booked 2026-08-05"]);
    assert_eq!(notices(&mut tables).await.into_keys().collect::<Vec<_>>(), [number(3)]);
    fixture.assert_balanced().await;
}

// Negative control: with the stored capacity alone in `Seats::left`, the newcomer gets the seat that came back.
async fn a_day_that_was_made_smaller_gives_nothing_of_what_comes_back(engine: Engine) {
    let fixture = fixture(engine, 2).await;
    book(&fixture, 4).await;
    let office = next(&fixture, |office| office.seats_per_day = Some(3));
    let ImportOutcome::Undecided(places) = import(&fixture, &office, Some(&Remedies::default())).await else {
        panic!("somebody has to give way")
    };
    let last: Vec<&str> = places.iter().map(|place| place.booking.contact.as_str()).collect();
    assert_eq!(last, [number(4)], "whoever booked last");
    import(&fixture, &office, Some(&Remedies::all(Remedy::Tell))).await;
    fixture.desk.settle_displaced(&bogor()).await.unwrap();
    let moved = fixture.ask(4, "wamid.move", "#ganti 06-08-2026").await;
    assert!(moved.contains("Kamis, 6 Agustus 2026"), "{moved}");
    fixture.ask(5, "wamid.five", &form(&name(5), tuesday())).await;
    let mut tables = fixture.tables().await;
    assert_eq!(tables.count("select taken from day where date = '2026-08-04'").await, 3);
    // One more goes: now the day has a booking.
    fixture.ask(1, "wamid.cancel", "#batal").await;
    fixture.ask(6, "wamid.six", &form(&name(6), tuesday())).await;
    assert_eq!(tables.count("select taken from day where date = '2026-08-04'").await, 3);
    fixture.assert_balanced().await;
    // Open again as it was: what was decided is forgotten.
    let office = Office { version: office.version + 1, seats_per_day: None, ..office };
    import(&fixture, &office, None).await;
    assert_eq!(tables.count("select count(*) from booking where displaced is not null").await, 0);
}

on_both_engines!(
    everybody_of_a_closed_day_is_moved_and_told_once_by_two_nodes_at_once,
    a_command_that_is_killed_half_way_is_finished_by_the_next_one,
    whoever_moves_or_cancels_before_it_is_carried_out_is_left_alone,
    a_day_that_was_made_smaller_gives_nothing_of_what_comes_back,
);
