//! Bookings that go to another day, on a real database: the books balance whoever races with whom.

use antrean::desk::Verdict;
use antrean::domain::office::{Approval, PerPerson, WhenFull};
use chrono::TimeDelta;

use crate::support::desk_fixture::{DeskFixture, tuesday};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{form, name};

/// Bogor, where a form books at once and a booking may be moved: so many seats in each hour, and twice as many in a day.
async fn fixture(engine: Engine, seats: u32) -> DeskFixture {
    DeskFixture::of_bogor(engine, |bogor| {
        bogor.seats_per_hour = seats;
        bogor.seats_per_day = Some(2 * seats);
        bogor.policy.approval = Approval::None;
        bogor.policy.when_full = WhenFull::Refuse;
        bogor.policy.cancelling = true;
        bogor.policy.live_per_person = PerPerson::AtMost(1);
        bogor.policy.reschedule.times = 5;
    })
    .await
}

// Negative control: a batch that leaves the old seats where they are fails the audit.
async fn a_booking_moves_with_its_code_and_the_books_balance(engine: Engine) {
    let fixture = fixture(engine, 2).await;
    // Made and moved in one batch, where only the last day may be written.
    let both = vec![fixture.form(1), fixture.message(1, "wamid.move", "#ganti 06-08-2026")];
    assert_eq!(fixture.desk.serve(both).await, Ok(vec![Verdict::Served; 2]));
    let mut tables = fixture.tables().await;
    assert_eq!(tables.texts("select cast(date as text) from booking").await, ["2026-08-06"]);
    assert_eq!(tables.texts("select cast(date as text) from booking_person").await, ["2026-08-06"]);
    fixture.assert_balanced().await;
    let codes = tables.texts("select code from booking").await;
    let told = fixture.ask(1, "wamid.again", "ganti jadwal ke 07-08-2026").await;
    assert!(told.contains("Jumat, 7 Agustus 2026") && told.contains("Kamis, 6 Agustus 2026"), "{told}");
    assert_eq!(tables.texts("select code from booking").await, codes, "the code stays");
    assert_eq!(tables.count("select moves from booking").await, 2);
    assert_eq!(tables.count("select count(*) from seat").await, 1);
    assert_eq!(tables.texts("select cast(date as text) from booking_person").await, ["2026-08-07"]);
    fixture.assert_balanced().await;
}

// Negative control: without the office's lock both take the last seat, and one of the two commits is refused.
async fn two_that_race_for_the_last_seat_of_a_day_get_it_once(engine: Engine) {
    let fixture = fixture(engine, 1).await;
    let thursday = tuesday() + TimeDelta::days(2);
    fixture.desk.serve(vec![fixture.form(1), fixture.form(2)]).await.unwrap();
    fixture.ask(3, "wamid.third", &form(&name(3), thursday)).await;
    let race = ["wamid.a", "wamid.b"].into_iter().zip(1..).map(|(id, n)| {
        let item = fixture.message(n, id, "#ganti 06-08-2026");
        let desk = fixture.desk.clone();
        tokio::spawn(async move { desk.serve(vec![item]).await })
    });
    for served in race.collect::<Vec<_>>() {
        assert_eq!(served.await.unwrap(), Ok(vec![Verdict::Served]));
    }
    let mut tables = fixture.tables().await;
    assert_eq!(tables.count("select taken from day where date = '2026-08-06'").await, 2, "the day's two seats");
    assert_eq!(tables.count("select count(*) from booking where moves = 1").await, 1, "one moved");
    assert_eq!(tables.count("select count(*) from seat where date = '2026-08-04'").await, 1, "the other stays");
    let full = "select count(*) from outbox where text like '%sudah penuh, jadi jadwal Anda belum kami ganti%'";
    assert_eq!(tables.count(full).await, 1);
    fixture.assert_balanced().await;
}

// Negative control: a move of a booking that was cancelled just before brings it back to life.
async fn a_move_and_a_cancellation_at_once_leave_one_place_or_none(engine: Engine) {
    let fixture = fixture(engine, 20).await;
    fixture.desk.serve((0..12).map(|n| fixture.form(n)).collect()).await.unwrap();
    let mut race = tokio::task::JoinSet::new();
    for n in 0..12 {
        for (id, text) in [("move", "#ganti 06-08-2026"), ("cancel", "#batal")] {
            let (desk, item) = (fixture.desk.clone(), fixture.message(n, &format!("wamid.{id}{n}"), text));
            race.spawn(async move { desk.serve(vec![item]).await });
        }
    }
    for served in race.join_all().await {
        assert_eq!(served, Ok(vec![Verdict::Served]));
    }
    let mut tables = fixture.tables().await;
    assert_eq!(tables.count("select count(*) from booking where state = 'cancelled'").await, 12);
    assert_eq!(tables.count("select count(*) from seat").await, 0);
    fixture.assert_balanced().await;
}

on_both_engines!(
    a_booking_moves_with_its_code_and_the_books_balance,
    two_that_race_for_the_last_seat_of_a_day_get_it_once,
    a_move_and_a_cancellation_at_once_leave_one_place_or_none,
);
