//! The day's pages in a real browser: what changes while somebody reads, the search, a booking with its photo, without JavaScript,
//! on every screen.

use antrean::domain::staff::Role;
use antrean::front_desk::Press;
use fantoccini::Client;
use serde_json::json;

use super::staff::{click, fill, look};
use super::{find, until};
use crate::console::today::with_photo;
use crate::front_desk::{TO_TUESDAY, book, by, code_of, front, open};
use crate::support::browser::desk_stage::DeskStage;
use crate::support::browser::driver::{DESK, OFFICE, PHONE, ZOOMED, devtools, keep_picture, with_browser};
use crate::support::desk_fixture::{DeskFixture, tuesday};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{form, name};

fn no_press() -> Press {
    Press::default()
}

/// A morning in which everything is found that a day can have.
async fn morning(fixture: &DeskFixture, codes: &[String]) {
    let siti = front(fixture, "siti");
    for code in &codes[..6] {
        siti.arrive(by(code), no_press()).await.unwrap().unwrap();
    }
    siti.walk_in(None, Some(antrean::domain::visit::Reason::Elderly), no_press()).await.unwrap().unwrap();
    // Until the first hour begins, nobody is called.
    fixture.pass(20);
    for counter in 1..=4 {
        siti.open_counter(counter).await.unwrap().unwrap();
        siti.call_next(counter, no_press()).await.unwrap().unwrap();
    }
    for counter in [1, 2] {
        siti.came(antrean::front_desk::Which::At(counter), no_press()).await.unwrap().unwrap();
    }
    siti.finish(antrean::front_desk::Which::At(1), no_press()).await.unwrap().unwrap();
    siti.park(antrean::front_desk::Which::At(3), no_press()).await.unwrap().unwrap();
}

/// The text of the row of somebody.
fn row(number: &str) -> String {
    format!(
        "[...document.querySelectorAll('#list tr[id]')].find(it => it.innerText.includes('{number}'))?.innerText ?? ''"
    )
}

// Negative controls: with `showAll` called at the end of `merge`, the row is there without the button; with whole rows replaced, the
// link loses the focus.
async fn the_list_follows_the_day_and_never_takes_the_focus(engine: Engine) {
    let stage = DeskStage::of(open(engine, true).await).await;
    let fixture = &stage.fixture;
    let mut codes = Vec::new();
    for n in 1..=8 {
        codes.push(book(fixture, n).await);
    }
    let lines: Vec<String> = (0..3).map(|place| form(&name(100 + place), tuesday())).collect();
    fixture.ask(50, "wamid.family", &lines.join("\n")).await;
    codes.push(code_of(fixture, 50).await);
    fixture.pass(TO_TUESDAY - 20);
    let rina = stage.enrol("rina", Role::Officer).await;
    with_browser(OFFICE, async |client| {
        stage.enter(client, &rina, "today").await;
        until(client, "document.querySelectorAll('#list tr[id]').length === 11").await;
        look(client, "today-early").await;
        client.execute("document.querySelector('#list tr[id] a').focus(); window.stayed = true", vec![]).await.unwrap();
        let focused = client.execute("return document.activeElement.href", vec![]).await.unwrap();
        // States and counts change where they stand.
        morning(fixture, &codes).await;
        until(client, &format!("{}.includes('Selesai')", row("08-001"))).await;
        until(client, &format!("{}.includes('Menunggu')", row("08-005"))).await;
        until(client, "document.querySelector('#counts').innerText.includes('Sedang di loket')").await;
        // Whoever is new waits behind a button.
        until(client, "document.querySelector('#more')?.innerText.startsWith('1 baru')").await;
        assert_eq!(
            client.execute("return document.querySelectorAll('#list tr[id]').length", vec![]).await.unwrap(),
            json!(11)
        );
        assert_eq!(client.execute("return document.activeElement.href", vec![]).await.unwrap(), focused);
        look(client, "today-new").await;
        click(client, "#more").await;
        until(
            client,
            "document.querySelectorAll('#list tr[id]').length === 12 && document.querySelector('#more').hidden",
        )
        .await;
        until(client, &format!("{}.includes('prioritas')", row("P-01"))).await;
        assert_eq!(client.execute("return window.stayed", vec![]).await.unwrap(), json!(true), "no page was loaded");
        look(client, "today").await;
        // A citizen gives the place back.
        fixture.ask(8, "wamid.cancel", "#batal").await;
        if fixture.tables().await.many("select count(*) from booking where state = 'cancelled'").await == 0 {
            fixture.ask(8, "wamid.yes", "ya").await;
        }
        until(client, "document.querySelector('#more')?.innerText.startsWith('1 hilang')").await;
        // A session that ends leads to the sign-in, also where nobody touches the page.
        fixture.tables().await.run("update staff_session set seen_us = seen_us - 3600000000").await;
        until(client, "document.querySelector('#login')").await;
    })
    .await;
}

async fn somebody_is_found_and_seen_with_everything_that_was_said(engine: Engine) {
    let stage = DeskStage::of(open(engine, true).await).await;
    let fixture = &stage.fixture;
    let mut codes = Vec::new();
    for n in 1..=7 {
        codes.push(book(fixture, n).await);
    }
    fixture.ask(1, "wamid.question", "Apakah perlu membawa akta lahir?").await;
    fixture.pass(TO_TUESDAY - 20);
    morning(fixture, &codes).await;
    with_photo(&stage, &codes[0]).await;
    let rina = stage.enrol("rina", Role::Officer).await;
    let tuti = stage.enrol("tuti", Role::Auditor).await;
    with_browser(OFFICE, async |client| {
        stage.enter(client, &rina, "today").await;
        fill(client, "#what", "ab").await;
        // The browser itself says that it is too short; a name finds.
        fill(client, "#what", &name(1)).await;
        click(client, ".find button").await;
        find(client, "#found tbody a").await;
        look(client, "found").await;
        assert!(!client.current_url().await.unwrap().as_str().contains(&name(1)), "no name is in an address");
        click(client, "#found tbody a").await;
        find(client, ".facts").await;
        look(client, "booking").await;
        click(client, ".photo summary").await;
        until(client, "document.querySelector('.photo img').naturalWidth > 0").await;
        look(client, "booking-photo").await;
        client.execute("document.querySelector('.talk').scrollIntoView()", vec![]).await.unwrap();
        until(client, "document.querySelector('.talk').innerText.includes('akta lahir')").await;
        keep_picture(client, "console-booking-talk").await;
    })
    .await;
    let looked = fixture.tables().await.many("select count(*) from audit where act = 'view_photo'").await;
    assert_eq!(looked, 1, "the photo is fetched when it is asked for, once");
    for (screen, called) in [(PHONE, "phone"), (ZOOMED, "zoomed")] {
        with_browser(screen, async |client| {
            for (token, who) in [(&rina, "officer"), (&tuti, "auditor")] {
                stage.enter(client, token, "today").await;
                find(client, "#counts").await;
                look(client, &format!("today-{called}-{who}")).await;
                stage.enter(client, token, &format!("booking/{}", codes[0])).await;
                find(client, ".facts").await;
                look(client, &format!("booking-{called}-{who}")).await;
                stage.enter(client, token, "find").await;
                find(client, "#what").await;
                look(client, &format!("find-{called}-{who}")).await;
            }
        })
        .await;
    }
}

async fn the_day_can_be_read_without_javascript(engine: Engine) {
    let stage = DeskStage::of(open(engine, false).await).await;
    let fixture = &stage.fixture;
    let code = book(fixture, 1).await;
    fixture.pass(TO_TUESDAY);
    let rina = stage.enrol("rina", Role::Officer).await;
    let has = async |client: &Client, css: &str, text: &str| {
        let found = find(client, css).await.text().await.unwrap();
        assert!(found.contains(text), "{text} is not in {found}");
    };
    with_browser(DESK, async |client| {
        devtools(client, json!({ "cmd": "Emulation.setScriptExecutionDisabled", "params": { "value": true } })).await;
        stage.enter(client, &rina, "today").await;
        has(client, "#list tbody tr", "Belum datang").await;
        front(fixture, "siti").arrive(by(&code), no_press()).await.unwrap().unwrap();
        click(client, "noscript a, a.button.second").await;
        has(client, "#list tbody tr", "Menunggu").await;
        fill(client, "#what", &code).await;
        click(client, ".find button").await;
        click(client, "#found tbody a").await;
        has(client, ".course", "datang (siti)").await;
        keep_picture(client, "booking-without-javascript").await;
    })
    .await;
}

on_both_engines!(
    the_list_follows_the_day_and_never_takes_the_focus,
    somebody_is_found_and_seen_with_everything_that_was_said,
    the_day_can_be_read_without_javascript,
);
