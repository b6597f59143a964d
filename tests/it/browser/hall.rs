//! The display in the hall, a citizen's turn, and the day on paper, in a real browser beside the demo whose day is in progress.

use antrean::domain::office::OfficeId;
use antrean::domain::turn_link::TurnLinks;
use antrean::domain::visit::State;
use antrean::storage::Storage;
use fantoccini::Client;
use serde_json::{Value, json};

use super::demo::Demo;
use super::seen::{prefer, violations};
use super::staff::{click, fill, sign_in};
use super::{find, text_of, until};
use crate::support::browser::driver::{DESK, OFFICE, PHONE, devtools, keep_picture, with_browser};
use crate::support::server_process::client;

async fn open_display(client: &Client, demo: &Demo) {
    let added = tokio::task::block_in_place(|| demo.run(&["display", "add", "sorong", "--json"]));
    let added: Value = serde_json::from_str(&added).unwrap();
    let path = added["address"].as_str().unwrap().split("/display/").nth(1).unwrap().to_owned();
    client.goto(&format!("{}/display/{path}", demo.address)).await.unwrap();
    until(client, "document.querySelectorAll('#rows tr').length === 2").await;
}

fn visit(demo: &Demo, args: &[&str]) {
    let all = [&["visit"], args, &["--office", "sorong"]].concat();
    tokio::task::block_in_place(|| demo.run(&all));
}

async fn rung(client: &Client) -> i64 {
    let rung = client.execute("return Number(document.body.dataset.rung ?? 0)", vec![]).await.unwrap();
    rung.as_i64().unwrap()
}

// Negative control: with `age < HEARD_MS_MAX` left out of display.js, the calls of the morning are rung at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_shown_and_rung_a_recall_again_and_an_old_one_never() {
    let demo = Demo::start();
    with_browser(OFFICE, async |client| {
        open_display(client, &demo).await;
        assert_eq!(text_of(client, "#number").await, "10-011");
        keep_picture(client, "display").await;
        assert_eq!(violations(client).await, Vec::<String>::new());
        click(client, "#sound").await;
        until(client, "document.body.dataset.sound === 'on'").await;
        assert_eq!(rung(client).await, 0, "calls of before are not rung");
        until(client, "document.querySelector('#number').textContent === '10-011'").await;
        // The desk reads that it can be heard.
        let listed = tokio::task::block_in_place(|| demo.run(&["display", "list", "sorong", "--json"]));
        assert!(listed.contains("\"sound\":\"on\""), "{listed}");
        visit(&demo, &["done", "--counter", "1", "--as", "petugas.sorong"]);
        visit(&demo, &["call", "1", "--as", "petugas.sorong"]);
        until(client, "document.body.dataset.rung === '37'").await;
        until(client, "document.querySelector('#now.fresh')").await;
        keep_picture(client, "display-call").await;
        until(client, "(document.body.dataset.spoken ?? '').startsWith('number') && document.body.dataset.spoken.endsWith('counter 1')").await;
        // The second counter's own call, once more.
        visit(&demo, &["recall", "--counter", "2", "--as", "penyelia.sorong"]);
        until(client, "document.body.dataset.spoken === 'again 1 0 0 1 1 counter 2'").await;
        assert_eq!(rung(client).await, 38);
        assert_eq!(text_of(client, "#number").await, "10-011");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_display_that_loses_the_network_says_so_keeps_the_last_calls_and_comes_back() {
    let demo = Demo::start();
    with_browser(DESK, async |client| {
        open_display(client, &demo).await;
        let network = |offline: bool| json!({ "cmd": "Network.emulateNetworkConditions", "params": { "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 } });
        devtools(client, json!({ "cmd": "Network.enable", "params": {} })).await;
        devtools(client, network(true)).await;
        until(client, "!document.querySelector('#connection').hidden").await;
        assert!(text_of(client, "#connection").await.contains("Data pukul 11."), "the age of what is shown");
        assert_eq!(text_of(client, "#number").await, "10-011");
        keep_picture(client, "display-offline").await;
        visit(&demo, &["done", "--counter", "1", "--as", "petugas.sorong"]);
        visit(&demo, &["call", "1", "--as", "petugas.sorong"]);
        devtools(client, network(false)).await;
        until(client, "document.querySelector('#connection').hidden").await;
        until(client, "document.body.dataset.rung === '37'").await;
        prefer(client, "dark").await;
        assert_eq!(violations(client).await, Vec::<String>::new());
    })
    .await;
}

// Negative control: with the day asked nowhere, the turn of the day before is shown.
#[tokio::test(flavor = "multi_thread")]
async fn a_turn_says_how_many_are_before_and_an_unknown_one_looks_like_an_expired_one() {
    let demo = Demo::start();
    let storage = Storage::open(&format!("sqlite://{}", demo.database().display())).await.unwrap();
    let key = storage.turn_key().await.unwrap();
    let links = TurnLinks::new(&demo.address, key.as_bytes());
    let visits = storage.visits_on(&OfficeId::read("sorong").unwrap(), "2026-08-03".parse().unwrap()).await.unwrap();
    let waiting = visits.iter().filter(|visit| visit.state == State::Arrived && visit.number == "11-002");
    let booking = waiting.map(|visit| visit.booking.unwrap()).next().unwrap();
    // One that was cancelled: it is over like one of another day.
    let bookings =
        storage.bookings_on(&OfficeId::read("sorong").unwrap(), "2026-08-03".parse().unwrap()).await.unwrap();
    let cancelled = bookings.iter().find(|booking| booking.state == antrean::domain::booking::State::Cancelled);
    let ask = async |token: &str| {
        let answer = client().get(format!("{}/s/{token}", demo.address)).send().await.unwrap();
        let headers = answer.headers().clone();
        (answer.status().as_u16(), headers.get("x-robots-tag").cloned(), answer.text().await.unwrap())
    };
    let unknown = ask("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").await;
    assert_eq!(unknown.0, 404);
    assert_eq!(ask("x").await, unknown);
    if let Some(cancelled) = cancelled {
        assert_eq!(ask(&links.token(cancelled.id)).await, unknown);
    }
    let (status, robots, page) = ask(&links.token(booking)).await;
    assert_eq!((status, robots.unwrap().to_str().unwrap()), (200, "noindex, nofollow"));
    for name in ["Rina", "RINA", "Kusuma", "1998"] {
        assert!(!page.contains(name), "{name} stands in the page");
    }
    with_browser(PHONE, async |client| {
        client.goto(&links.link(booking)).await.unwrap();
        assert_eq!(text_of(client, ".card h2 strong").await, "11-002");
        assert!(text_of(client, ".headline").await.contains("orang lagi sebelum Anda"));
        assert!(
            text_of(client, ".details").await.contains("Perkiraan tunggu"),
            "a range, since twenty and more were served"
        );
        for scheme in ["light", "dark"] {
            prefer(client, scheme).await;
            assert_eq!(violations(client).await, Vec::<String>::new(), "{scheme}");
            keep_picture(client, &format!("turn-{scheme}")).await;
        }
        click(client, "header a").await;
        until(client, "document.documentElement.lang === 'en'").await;
        client.goto(&format!("{}/s/gone", demo.address)).await.unwrap();
        assert_eq!(violations(client).await, Vec::<String>::new());
        keep_picture(client, "turn-gone").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_is_printed_its_ticks_are_entered_and_a_display_is_added() {
    let demo = Demo::start();
    with_browser(OFFICE, async |client| {
        sign_in(client, &demo, "penyelia.sorong").await;
        client.goto(&format!("{}/console/sorong/paper", demo.address)).await.unwrap();
        until(client, "document.querySelectorAll('#paper svg.qr').length >= 40").await;
        keep_picture(client, "paper-list").await;
        assert_eq!(violations(client).await, Vec::<String>::new());
        client.goto(&format!("{}/console/sorong/paper/enter", demo.address)).await.unwrap();
        find(client, "#hour-11 input.time").await;
        assert_eq!(violations(client).await, Vec::<String>::new());
        // One who has not come by the computers' knowledge; first with a time that is yet to come.
        let field = "#hour-11 input[name^='came_at']";
        fill(client, field, "12.45").await;
        click(client, "#hour-11 button").await;
        find(client, ".row-error").await;
        keep_picture(client, "paper-mistake").await;
        assert_eq!(violations(client).await, Vec::<String>::new());
        fill(client, field, "10.35").await;
        click(client, "#hour-11 button").await;
        until(client, "document.querySelector('.said')?.innerText.includes('1 orang')").await;
        until(client, "document.querySelector('#hour-11').innerText.includes('Hadir 10.35')").await;
        keep_picture(client, "paper-entered").await;
        client.goto(&format!("{}/console/sorong/displays", demo.address)).await.unwrap();
        fill(client, "#name", "Lantai dua").await;
        click(client, "section.narrow button").await;
        let link = text_of(client, "#display-link").await;
        assert!(link.contains("/display/"), "{link}");
        keep_picture(client, "display-link").await;
        client.goto(&format!("{}/console/sorong/displays", demo.address)).await.unwrap();
        until(client, "document.querySelector('#displays').innerText.includes('Lantai dua')").await;
        assert_eq!(violations(client).await, Vec::<String>::new());
        keep_picture(client, "displays").await;
    })
    .await;
}
