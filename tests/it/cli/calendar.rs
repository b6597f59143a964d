//! `antrean office close`, `open`, `capacity`, `undo` and `calendar` as an operator uses them.

use std::sync::Arc;

use antrean::caretaker::Caretaker;
use antrean::clock::SharedClock;
use antrean::config::Config;
use antrean::gateway::Gateways;
use antrean::storage::Storage;
use chrono::TimeDelta;
use serde_json::Value;

use super::{nowhere, serve};
use crate::support::desk_fixture::Standing;
use crate::support::installation::{Installation, Ran, name, now};

/// People on the day.
const PEOPLE: usize = 60;

fn office(installation: &Installation, args: &[&str]) -> Ran {
    installation.run(&[&["office"][..], args].concat())
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

/// What the serving process does two minutes later.
async fn settle(installation: &Installation) {
    let config = Config::load(&installation.config()).unwrap();
    let storage = Storage::open(&config.database).await.unwrap();
    let clock: SharedClock = Arc::new(Standing::at(now() + TimeDelta::minutes(2)));
    let desk = antrean::app::desk(&config, &storage, Arc::clone(&clock)).await.unwrap();
    let photos = antrean::photos::Photos::within(&installation.path("photos"));
    let caretaker = Caretaker::new(storage.clone(), desk.clone(), Gateways::new(), photos, clock).saying_notices();
    for _ in 0..PEOPLE {
        caretaker.step().await.unwrap();
    }
    drop(caretaker);
    desk.close().await;
    storage.close().await;
}

// Negative control: with `record_change` left out, the trail has no change of the calendar.
#[tokio::test]
async fn a_day_with_sixty_people_is_closed_by_command() {
    let installation = nowhere();
    let forms: Vec<String> = (1..=PEOPLE).map(|n| format!("#{}#12031990#Jl. Melati 2, Batam", name(n))).collect();
    let messages: Vec<(&str, usize, &str)> =
        forms.iter().zip(1..).map(|(form, n)| ("1003", n, form.as_str())).collect();
    serve(&installation, &messages).await;
    let mut tables = installation.tables().await;
    let date = tables.texts("select date from booking group by date order by count(*) desc limit 1").await.remove(0);
    let on_day = format!("select count(*) from booking where date = '{date}' and state = 'booked'");
    let people = tables.many(&on_day).await;
    assert_eq!(people, PEOPLE);
    let close = ["close", "batam", date.as_str(), "--reason", "Listrik padam"];
    let with = |more: &[&str]| office(&installation, &[&close[..], more].concat());

    let refused = with(&[]);
    assert!(
        refused.code == 1 && refused.err.contains("60 bookings stand there") && refused.out.contains("08-001"),
        "{refused:?}"
    );
    let shown = json(&with(&["--move", "--dry-run", "--json"]));
    assert_eq!((shown["bookings"].as_array().map(Vec::len), shown["change"].as_i64()), (Some(PEOPLE), None));
    assert!(shown["bookings"][0]["message"].as_str().unwrap().contains("Listrik padam"), "{shown}");
    assert_eq!(tables.count("select count(*) from calendar_change").await, 0);

    // Within the minute it can be undone.
    let made = json(&with(&["--move", "--json"]))["change"].as_i64().unwrap().to_string();
    assert_eq!(tables.many("select count(*) from booking where displaced = 'closed-move'").await, PEOPLE);
    assert!(office(&installation, &["undo", "batam", &made]).done().contains("nobody was moved or told"));
    assert_eq!(tables.count("select count(*) from booking where displaced is not null").await, 0);

    let told = with(&["--move", "--as", "agus"]).done();
    assert!(told.contains("antrean office undo batam") && told.contains("the first of 60 messages"), "{told}");
    settle(&installation).await;
    assert_eq!(tables.many(&on_day).await, 0);
    assert_eq!(tables.many("select count(distinct subject) from notice where kind = 'day-closed'").await, PEOPLE);
    assert_eq!(tables.many("select count(*) from notice where kind = 'day-closed'").await, PEOPLE);
    settle(&installation).await;
    assert_eq!(tables.many("select count(*) from notice where kind = 'day-closed'").await, PEOPLE, "once");

    let listed = json(&office(&installation, &["calendar", "batam", "--json"]));
    assert_eq!(
        (listed["exceptions"][0]["reason"].as_str(), listed["changes"][0]["by"].as_str()),
        (Some("Listrik padam"), Some("agus"))
    );
    assert!(office(&installation, &["list"]).done().contains("(1 exception to its calendar)"));
    let exported = office(&installation, &["export", "batam"]).done();
    assert!(exported.contains(&format!("# {date}: closed: Listrik padam")), "{exported}");
    assert_eq!(tables.count("select count(*) from audit where act = 'change_calendar'").await, 3);

    // Opened again for two hours, with three seats; then taken back as a whole, with a correction for everybody.
    let hours = ["open", "batam", date.as_str(), "--hours", "08-10", "--reason", "Listrik menyala"];
    office(&installation, &hours).done();
    let again =
        office(&installation, &["capacity", "batam", &date, "3", "--reason", "Satu loket", "--hours", "8-9"]).done();
    assert!(again.contains("the calendar is changed on"), "{again}");
    let nothing =
        office(&installation, &["capacity", "batam", &date, "3", "--reason", "Satu loket", "--hours", "8-9", "--json"]);
    assert_eq!((nothing.code, json(&nothing)["refused"].as_str()), (1, Some("nothing")));
    assert!(installation.run(&["db", "verify"]).done().contains("the books balance"));
    for wrong in [
        &["close", "batam", "kapan", "--reason", "x"][..],
        &["close", "batam", &date],
        &["close", "batam", &date, "--hours", "9", "--reason", "Rapat"],
        &["capacity", "batam", &date, "--reason", "Rapat"],
    ] {
        assert_eq!(office(&installation, wrong).code, 2, "{wrong:?}");
    }
}
