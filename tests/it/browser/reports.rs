//! The reports and the page of several offices in a real browser: plots that are read by name and number, a file that is made and taken,
//! sorting, without JavaScript, on every screen.

use antrean::domain::staff::Role;
use fantoccini::Client;
use fantoccini::key::Key;
use serde_json::json;

use super::staff::{click, fill, look};
use super::{find, press, until};
use crate::reports::{count, two_days};
use crate::support::browser::desk_stage::DeskStage;
use crate::support::browser::driver::{DESK, OFFICE, PHONE, ZOOMED, devtools, keep_picture, with_browser};
use crate::support::engine::{Engine, on_both_engines};

async fn stage(engine: Engine) -> DeskStage {
    let (fixture, _) = two_days(engine).await;
    count(&fixture).await;
    DeskStage::of(fixture).await
}

async fn text(client: &Client, script: &str) -> String {
    let found = client.execute(&format!("return {script}"), vec![]).await.unwrap();
    found.as_str().unwrap_or_default().to_owned()
}

// Negative controls: with the sum left out of `told` the first is missing; with `is_running` false the list never changes.
async fn reports_are_read_by_name_and_a_file_is_made_and_taken(engine: Engine) {
    let stage = stage(engine).await;
    let agus = stage.enrol("agus", Role::Supervisor).await;
    with_browser(OFFICE, async |client| {
        stage.enter(client, &agus, "reports").await;
        find(client, ".plot svg").await;
        // What a screen reader says of a plot: its title, and its figures in a sentence.
        let told = "(id => { const of = document.querySelector(`svg[aria-labelledby^=\"${id}\"]`); \
                    return of.getAttribute('aria-labelledby').split(' ').map(it => document.getElementById(it).textContent).join('; ') })";
        let messages = text(client, &format!("{told}('messages-day')")).await;
        assert_eq!(messages, "Pesan masuk menurut hari; Terbanyak: Sen 3/8, 7. Jumlah: 7.");
        // Every number stands in letters, in the plot and in its table.
        let plot = text(client, "document.querySelector('svg[aria-labelledby^=messages-hour]').textContent").await;
        assert!(plot.contains("09.00") && plot.contains('6') && plot.contains("10.00"), "{plot}");
        click(client, "figure:has([aria-labelledby^=messages-hour]) summary").await;
        let table = text(client, "document.querySelector('figure:has([aria-labelledby^=messages-hour]) table').innerText").await;
        assert!(table.contains("09.00") && table.contains('6'), "{table}");
        look(client, "reports").await;
        client.execute("document.querySelector('[aria-labelledby^=refusals]').scrollIntoView()", vec![]).await.unwrap();
        keep_picture(client, "console-reports-lower").await;
        // A file, followed without a reload.
        client.execute("window.stayed = true; document.querySelector('#files-of').scrollIntoView()", vec![]).await.unwrap();
        find(client, "#what").await.select_by_value("bookings").await.unwrap();
        click(client, "form[action$='/reports/files'] > button").await;
        until(client, "document.querySelector('#files a[download]')").await;
        assert!(text(client, "document.querySelector('#files').innerText").await.contains("Siap"), "it is said");
        client.execute("document.querySelector('#files-of').scrollIntoView()", vec![]).await.unwrap();
        look(client, "reports-files").await;
        // By the keyboard: from the days to the button.
        client.execute("document.querySelector('#first').focus()", vec![]).await.unwrap();
        for _ in 0..12 {
            press(client, &[Key::Tab]).await;
            if client.execute("return document.activeElement.matches('.choose form button')", vec![]).await.unwrap() == json!(true) {
                break;
            }
        }
        press(client, &[Key::Enter]).await;
        until(client, "location.search.includes('first=')").await;
        // Days that make no report.
        stage.enter(client, &agus, "reports?first=2026-08-09&last=2026-08-03").await;
        until(client, "document.querySelector('#problem')").await;
        // A month and a year.
        click(client, "a[href$='span=month']").await;
        until(client, "document.querySelector('a[href$=\"span=month\"][aria-current]')").await;
        look(client, "reports-month").await;
        stage.enter(client, &agus, "reports?first=2026-01-01&last=2026-12-31").await;
        let year = text(client, "document.querySelector('table.all').innerText").await;
        assert!(year.contains("Agu 2026") && !year.contains("3/8"), "{year}");
    })
    .await;
    let rina = stage.enrol("rina", Role::Officer).await;
    for (screen, called) in [(PHONE, "phone"), (ZOOMED, "zoomed")] {
        with_browser(screen, async |client| {
            for (token, who) in [(&agus, "supervisor"), (&rina, "officer")] {
                stage.enter(client, token, "reports").await;
                find(client, ".plot svg").await;
                look(client, &format!("reports-{called}-{who}")).await;
            }
        })
        .await;
    }
}

// Negative control: with the rows as they come the order stays that of the names.
async fn several_offices_are_compared_and_sorted_without_javascript(engine: Engine) {
    let stage = stage(engine).await;
    let sari = stage.enrol_everywhere("sari", Role::Supervisor).await;
    with_browser(DESK, async |client| {
        devtools(client, json!({ "cmd": "Emulation.setScriptExecutionDisabled", "params": { "value": true } })).await;
        stage.enter(client, &sari, "reports").await;
        let plot = find(client, "svg[aria-labelledby^=messages-day]").await;
        assert!(!plot.text().await.unwrap().is_empty() || plot.html(true).await.unwrap().contains("Sen 3/8"));
        find(client, "#what").await.select_by_value("messages").await.unwrap();
        fill(client, "#file-first", "08032026").await;
        click(client, "form[action$='/reports/files'] > button").await;
        find(client, "#files li").await;
        keep_picture(client, "reports-without-javascript").await;
        client.goto(&format!("{}/console", stage.address)).await.unwrap();
        click(client, "a[href='/console/offices']").await;
        let first = async || find(client, ".sorted tbody th").await.text().await.unwrap();
        let by_name = first().await;
        assert!(!by_name.contains("Bogor"), "{by_name} comes first by its name");
        click(client, "a[href$='sort=messages']").await;
        find(client, "th[aria-sort=descending]").await;
        assert!(first().await.contains("Bogor"), "by messages");
        let body = find(client, "main").await.text().await.unwrap();
        assert!(body.contains("Paling penuh") && body.contains("Tidak ada yang macet"), "{body}");
    })
    .await;
    for (screen, called) in [(OFFICE, "office"), (PHONE, "phone"), (ZOOMED, "zoomed")] {
        with_browser(screen, async |client| {
            stage.enter(client, &sari, "today").await;
            client.goto(&format!("{}/console/offices?sort=queue", stage.address)).await.unwrap();
            find(client, ".sorted").await;
            look(client, &format!("offices-{called}")).await;
        })
        .await;
    }
}

on_both_engines!(
    reports_are_read_by_name_and_a_file_is_made_and_taken,
    several_offices_are_compared_and_sorted_without_javascript,
);
