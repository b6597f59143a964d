//! The calendar in a real browser: a month and a week that say how full they are, a day closed with its people listed first, the minute in
//! which it can be undone, by keyboard, without JavaScript, on every screen.

use std::sync::Arc;

use antrean::caretaker::Caretaker;
use antrean::domain::staff::Role;
use antrean::gateway::Gateways;
use chrono::TimeDelta;
use fantoccini::{Client, key::Key};
use serde_json::json;

use super::staff::{click, fill, look};
use super::{find, press, until, until_shown};
use crate::front_desk::{book, open};
use crate::support::browser::desk_stage::DeskStage;
use crate::support::browser::driver::{DESK, OFFICE, PHONE, ZOOMED, devtools, keep_picture, with_browser};
use crate::support::desk_fixture::DeskFixture;
use crate::support::engine::{Engine, on_both_engines};

/// People on Tuesday.
const PEOPLE: usize = 12;

/// Everything that is due is done, as the program does by itself.
async fn settle(fixture: &DeskFixture) {
    let photos = antrean::photos::Photos::within(&std::env::temp_dir());
    let caretaker =
        Caretaker::new(fixture.storage.clone(), fixture.desk.clone(), Gateways::new(), photos, fixture.shared_clock());
    for _ in 0..4 {
        caretaker.step().await.unwrap();
    }
}

async fn staged(engine: Engine) -> DeskStage {
    let stage = DeskStage::of(open(engine, true).await).await;
    for n in 1..=PEOPLE {
        book(&stage.fixture, n).await;
    }
    stage
}

/// Fills in that Tuesday closes.
async fn close_tuesday(client: &Client) {
    client.execute("document.querySelector('#from').value = '2026-08-04'", vec![]).await.unwrap();
    fill(client, "#reason", "Listrik padam").await;
    click(client, "#change form button").await;
    find(client, "#affected tbody tr").await;
}

// Negative control: with `to_look` in place of `to_save` in `make`, the person who books while the page is open is moved unseen.
async fn a_supervisor_closes_a_day_sees_everybody_first_and_can_undo_it(engine: Engine) {
    let stage = staged(engine).await;
    let fixture = &stage.fixture;
    let agus = stage.enrol("agus", Role::Supervisor).await;
    with_browser(OFFICE, async |client| {
        stage.enter(client, &agus, "calendar?at=2026-08-04").await;
        until(client, "document.querySelector('#calendar').innerText.includes('12 terdaftar')").await;
        until(client, "document.querySelector('#calendar').innerText.includes('Hari Kemerdekaan')").await;
        look(client, "calendar-month").await;
        stage.enter(client, &agus, "calendar?view=week&at=2026-08-04").await;
        until(client, "document.querySelector('#calendar').innerText.includes('Penuh')").await;
        look(client, "calendar-week").await;
        close_tuesday(client).await;
        until(client, &format!("document.querySelectorAll('#affected tbody tr').length === {PEOPLE}")).await;
        assert!(!client.current_url().await.unwrap().as_str().contains("Listrik"), "no reason is in an address");
        click(client, "#affected tbody tr details summary").await;
        until(client, "document.querySelector('#affected details .words').innerText.includes('Listrik padam')").await;
        look(client, "calendar-plan").await;
        // One stays, one is cancelled, everybody else moves.
        for (row, value) in [(1, "keep"), (2, "cancel")] {
            let css = format!("#affected tbody tr:nth-child({row}) select");
            find(client, &css).await.select_by_value(value).await.unwrap();
        }
        // Somebody books meanwhile: nothing is saved before they were seen.
        book(fixture, 99).await;
        click(client, "#save button").await;
        until(client, "document.querySelector('#problem')?.innerText.includes('pendaftaran baru')").await;
        until(client, &format!("document.querySelectorAll('#affected tbody tr').length === {}", PEOPLE + 1)).await;
        assert_eq!(fixture.tables().await.count("select count(*) from calendar_change").await, 0);
        click(client, "#save button").await;
        until(client, "document.querySelector('#progress')?.innerText.includes('Semua dapat dibatalkan sampai')").await;
        look(client, "calendar-change").await;
        click(client, "#undo button").await;
        until(
            client,
            "document.querySelector('#progress').innerText.includes('dibatalkan sebelum ada yang diberi tahu')",
        )
        .await;
        assert_eq!(fixture.tables().await.count("select count(*) from booking where displaced is not null").await, 0);
        // Again, and this time the minute passes: the page follows by itself.
        stage.enter(client, &agus, "calendar?at=2026-08-04").await;
        close_tuesday(client).await;
        click(client, "#save button").await;
        until(client, "document.querySelector('#progress')?.innerText.includes('menunggu 60 detik')").await;
        fixture.clock.pass(TimeDelta::seconds(61));
        settle(fixture).await;
        until(client, "document.querySelector('#progress').innerText.includes('siap dikirim')").await;
        until(client, "document.querySelector('#progress').innerText.includes('Rabu, 5 Agustus 2026')").await;
        look(client, "calendar-told").await;
        // Taking it back now shows first who gets a correction.
        click(client, "#undo button").await;
        until(client, &format!("document.querySelector('#corrected h2')?.innerText.includes('{}')", PEOPLE + 1)).await;
        look(client, "calendar-back").await;
        stage.enter(client, &agus, "calendar?at=2026-08-04").await;
        until(client, "document.querySelector('#calendar').innerText.includes('Tutup: Listrik padam')").await;
        look(client, "calendar-closed").await;
    })
    .await;
    let recorded = "select count(*) from audit where act = 'change_calendar'";
    assert!(fixture.tables().await.count(recorded).await >= 3, "every press that changes something is recorded");
    fixture.assert_balanced().await;
}

async fn the_calendar_is_read_on_every_screen_and_changed_by_supervisors_only(engine: Engine) {
    let stage = staged(engine).await;
    let (rina, tuti) = (stage.enrol("rina", Role::Officer).await, stage.enrol("tuti", Role::Auditor).await);
    let agus = stage.enrol("agus", Role::Supervisor).await;
    for (screen, called) in [(PHONE, "phone"), (ZOOMED, "zoomed")] {
        with_browser(screen, async |client| {
            for (token, who) in [(&rina, "officer"), (&tuti, "auditor")] {
                for view in ["month", "week"] {
                    stage.enter(client, token, &format!("calendar?view={view}&at=2026-08-04")).await;
                    find(client, "#calendar").await;
                    look(client, &format!("calendar-{view}-{called}-{who}")).await;
                    let form = client.execute("return document.querySelector('#change')", vec![]).await.unwrap();
                    assert_eq!(form, json!(null), "what somebody may not do is not shown");
                }
            }
            stage.enter(client, &agus, "calendar?at=2026-08-04").await;
            close_tuesday(client).await;
            look(client, &format!("calendar-plan-{called}")).await;
        })
        .await;
    }
}

// The whole way by keyboard alone, and without JavaScript.
async fn a_day_is_closed_without_javascript_by_keyboard(engine: Engine) {
    let stage = staged(engine).await;
    let agus = stage.enrol("agus", Role::Supervisor).await;
    with_browser(DESK, async |client| {
        devtools(client, json!({ "cmd": "Emulation.setScriptExecutionDisabled", "params": { "value": true } })).await;
        stage.enter(client, &agus, "calendar?at=2026-08-04").await;
        let reason = find(client, "#reason").await;
        reason.send_keys("Listrik padam").await.unwrap();
        press(client, &[Key::Enter]).await;
        until_shown(client, "#affected", |rows| rows.contains(&format!("Pendaftaran yang terkena: {PEOPLE}"))).await;
        let save = find(client, "#save button").await;
        save.send_keys(&char::from(Key::Enter).to_string()).await.unwrap();
        until_shown(client, "#progress", |said| said.contains("Semua dapat dibatalkan sampai pukul")).await;
        keep_picture(client, "calendar-without-javascript").await;
        click(client, "noscript a, a.button.second").await;
        let undo = find(client, "#undo button").await;
        undo.send_keys(&char::from(Key::Enter).to_string()).await.unwrap();
        until_shown(client, "#progress", |said| said.contains("dibatalkan sebelum ada yang diberi tahu")).await;
    })
    .await;
    let roster = stage.fixture.desk.roster();
    let office = Arc::clone(roster.offices.values().find(|office| office.id.as_str() == "bogor").unwrap());
    assert_eq!(stage.fixture.storage.exceptions(&office.id).await.unwrap().days.len(), 0);
}

on_both_engines!(
    a_supervisor_closes_a_day_sees_everybody_first_and_can_undo_it,
    the_calendar_is_read_on_every_screen_and_changed_by_supervisors_only,
    a_day_is_closed_without_javascript_by_keyboard,
);
