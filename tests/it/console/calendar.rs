//! A full day closed on the calendar's page, as a browser without JavaScript sends its forms.

use std::collections::BTreeMap;

use antrean::domain::staff::Role;
use reqwest::StatusCode;

use super::format::post;
use crate::front_desk::calendar as day;
use crate::support::browser::desk_stage::DeskStage;
use crate::support::desk_fixture::channel;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::number;

/// The values of a form's hidden fields of one name.
fn hidden(page: &str, name: &str) -> Vec<String> {
    let before = format!("name=\"{name}\" value=\"");
    page.split(&before).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

// Negative control: with `seen` left out of the page's form, nobody is listed for it.
async fn a_day_with_sixty_people_is_closed_on_the_page_and_everybody_is_told_once(engine: Engine) {
    let stage = DeskStage::of(day::fixture(engine, 20).await).await;
    let fixture = &stage.fixture;
    let desk = day::desk(fixture);
    let (courier, wa, tg) = day::courier(fixture);
    let caretaker = day::caretaker(fixture, &desk);
    let agus = stage.enrol("agus", Role::Supervisor).await;
    fixture.storage.enrol_channels(&[channel(), day::telegram()], fixture.now()).await.unwrap();
    day::book(fixture, &desk, (day::PEOPLE, day::thursday())).await;
    day::settle(&caretaker, &courier).await;
    // A day later the window of those on WhatsApp is over.
    fixture.pass(26 * 60);
    day::settle(&caretaker, &courier).await;
    drop((wa.drain(), tg.drain()));
    let date = day::thursday().to_string();
    let wish = [("action", "close"), ("from", date.as_str()), ("reason", "Listrik padam")];
    let (status, plan) = post(&stage, &agus, "calendar/preview", &wish).await;
    assert_eq!(status, StatusCode::OK, "{plan}");
    let seen = hidden(&plan, "seen");
    assert_eq!(seen.len(), day::PEOPLE, "everybody is listed first");
    assert!(plan.matches("Listrik padam").count() > day::PEOPLE, "with the message that each would get");
    let (revision, nonce) = (hidden(&plan, "revision").remove(0), hidden(&plan, "nonce").remove(0));
    let mut save = [&wish[..], &[("all", "move"), ("revision", &revision), ("nonce", &nonce)]].concat();
    let mut tables = fixture.tables().await;
    let (_, unseen) = post(&stage, &agus, "calendar", &save).await;
    assert!(unseen.contains("role=\"alert\""), "nobody is decided about unseen: {unseen}");
    assert_eq!(tables.count("select count(*) from calendar_change").await, 0);
    save.extend(seen.iter().map(|code| ("seen", code.as_str())));
    // Pressed twice, it is made once.
    for _ in 0..2 {
        let (status, made) = post(&stage, &agus, "calendar", &save).await;
        assert_eq!(status, StatusCode::OK, "{made}");
    }
    assert_eq!(tables.count("select count(*) from calendar_change").await, 1);
    day::settle(&caretaker, &courier).await;
    assert_eq!(day::told([&wa, &tg], "Listrik padam"), BTreeMap::new(), "within the minute nobody is told");
    fixture.pass(2);
    day::settle(&caretaker, &courier).await;
    let at_once: BTreeMap<String, usize> = (1..=day::PEOPLE).filter(|n| n % 2 == 1).map(|n| (number(n), 1)).collect();
    assert_eq!(day::told([&wa, &tg], "Listrik padam"), at_once, "those on Telegram");
    fixture.pass(60);
    for n in (1..=day::PEOPLE).filter(|n| n % 2 == 0) {
        day::write(fixture, &desk, (n, &channel()), (&format!("wamid.again{n}"), "#status")).await;
    }
    day::settle(&caretaker, &courier).await;
    let everybody: BTreeMap<String, usize> = (1..=day::PEOPLE).map(|n| (number(n), 1)).collect();
    assert_eq!(day::told([&wa, &tg], "Mohon maaf. Jadwal Anda kami pindahkan"), everybody);
    let on_day = format!("select count(*) from booking where date = '{date}' and state = 'booked'");
    assert_eq!(tables.count(&on_day).await, 0);
    fixture.assert_balanced().await;
}

on_both_engines!(a_day_with_sixty_people_is_closed_on_the_page_and_everybody_is_told_once);
