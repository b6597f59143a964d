//! The audit trail's page in a real browser: filters, pages, the proof, the file, a fault; at an office that asks why.

use antrean::domain::staff::Role;
use fantoccini::Client;
use serde_json::json;

use super::staff::{click, fill, look};
use super::{find, text_of, until};
use crate::front_desk::{TO_TUESDAY, book, by, front, open};
use crate::support::browser::desk_stage::DeskStage;
use crate::support::browser::driver::{OFFICE, PHONE, ZOOMED, with_browser};
use crate::support::engine::{Engine, Tables, on_both_engines};

async fn rows(client: &Client) -> u64 {
    client
        .execute("return document.querySelectorAll('#trail tbody tr').length", vec![])
        .await
        .unwrap()
        .as_u64()
        .unwrap()
}

async fn a_supervisor_reads_the_trail_and_a_fault_is_told(engine: Engine) {
    let stage = DeskStage::of(open(engine, true).await).await;
    let fixture = &stage.fixture;
    let mut codes = Vec::new();
    for n in 1..=3 {
        codes.push(book(fixture, n).await);
    }
    fixture.pass(TO_TUESDAY - 20);
    let siti = front(fixture, "siti");
    for code in &codes {
        siti.arrive(by(code), antrean::front_desk::Press::default()).await.unwrap().unwrap();
    }
    let rina = stage.enrol("rina", Role::Officer).await;
    let agus = stage.enrol("agus", Role::Supervisor).await;
    let hadi = stage.enrol("hadi", Role::Administrator).await;
    with_browser(OFFICE, async |client| {
        // What an officer does is what a supervisor reads.
        stage.enter(client, &rina, "today").await;
        find(client, "#list").await;
        stage.enter(client, &rina, &format!("booking/{}", codes[0])).await;
        find(client, ".facts").await;
        assert_eq!(
            client.execute("return document.querySelector('a[href$=\"/audit\"]')", vec![]).await.unwrap(),
            json!(null)
        );
        stage.enter(client, &rina, "audit").await;
        assert!(text_of(client, "h1").await.contains("Tidak ada"), "it is no page of an officer's");
        stage.enter(client, &agus, "today").await;
        click(client, "a[href$='/audit']").await;
        until(client, "document.querySelector('#check').innerText.includes('Utuh')").await;
        let all = text_of(client, "#trail").await;
        assert!(
            all.contains("mencatat kedatangan") && all.contains("membuka pemesanan, ")
                || all.contains("membuka pemesanan"),
            "{all}"
        );
        look(client, "audit").await;
        fill(client, "#by", "rina").await;
        find(client, "#act").await.select_by_value("view_booking").await.unwrap();
        click(client, "#filter button").await;
        until(client, "document.querySelectorAll('#trail tbody tr').length === 1").await;
        assert!(text_of(client, "#trail").await.contains("rina"));
        // The row leads to the booking.
        click(client, "#trail tbody a").await;
        find(client, ".facts").await;
        // More than a page.
        let bulk = "insert into audit (id, at_us, staff, login, network, office, act, kind, subject, scope, why, hash) \
                    select 1000 + n, 1, null, 'x', '', 'bogor', 'find', '', '', '', '', 'x' from";
        let mut tables = fixture.tables().await;
        let series = match &tables {
            Tables::Sqlite(_) => {
                "(with recursive s(n) as (select 1 union all select n + 1 from s where n < 60) select n from s) as many"
            }
            Tables::Postgres(_) => "generate_series(1, 60) as n",
        };
        tables.run(&format!("{bulk} {series}")).await;
        stage.enter(client, &agus, "audit").await;
        assert_eq!(rows(client).await, 50);
        click(client, "#older").await;
        until(client, "location.search.includes('before=')").await;
        assert!(rows(client).await > 10);
        // Somebody added rows by hand: the next verification says so.
        stage.enter(client, &agus, "audit").await;
        click(client, "#check button").await;
        until(client, "document.querySelector('#check').innerText.includes('Tidak utuh')").await;
        look(client, "audit-fault").await;
        // An administrator sees who did what, and nothing of whom.
        stage.enter(client, &hadi, "audit?by=rina").await;
        let masked = text_of(client, "#trail").await;
        assert!(masked.contains("membuka pemesanan") && !masked.contains(&codes[0]), "{masked}");
    })
    .await;
    for (screen, what) in [(PHONE, "phone"), (ZOOMED, "zoomed")] {
        with_browser(screen, async |client| {
            stage.enter(client, &agus, "audit?by=rina").await;
            find(client, "#trail").await;
            look(client, &format!("audit-{what}")).await;
        })
        .await;
    }
}

async fn an_office_that_asks_why_is_told_first(engine: Engine) {
    let stage = DeskStage::asking_why(open(engine, true).await).await;
    let fixture = &stage.fixture;
    let code = book(fixture, 1).await;
    fixture.pass(TO_TUESDAY - 20);
    let rina = stage.enrol("rina", Role::Officer).await;
    with_browser(OFFICE, async |client| {
        stage.enter(client, &rina, &format!("booking/{code}")).await;
        find(client, "form[action$='/why']").await;
        assert_eq!(client.execute("return document.querySelector('.facts')", vec![]).await.unwrap(), json!(null));
        look(client, "booking-why").await;
        fill(client, "#why", "pemohon bertanya nomor antreannya").await;
        click(client, "form[action$='/why'] button").await;
        find(client, ".facts").await;
        stage.enter(client, &rina, "find").await;
        fill(client, "#what", &code).await;
        fill(client, "#why", "keluarga mencari").await;
        look(client, "find-why").await;
        click(client, ".find button").await;
        find(client, "#found tbody a").await;
        let kept = "select act || ': ' || why from audit where why <> '' order by id";
        let kept = fixture.tables().await.texts(kept).await;
        assert_eq!(kept, ["view_booking: pemohon bertanya nomor antreannya", "find: keluarga mencari"]);
    })
    .await;
}

on_both_engines!(a_supervisor_reads_the_trail_and_a_fault_is_told, an_office_that_asks_why_is_told_first);
