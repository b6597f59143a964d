//! The settings in a real browser: a field is changed, looked at and published; two who edit at once; the file, the holidays, and a
//! version that comes back; with JavaScript and without, on every screen.

use fantoccini::{Client, Locator};
use serde_json::json;

use super::demo::Demo;
use super::staff::{click, fill, look, sign_in};
use super::{find, text_of, until};
use crate::support::browser::driver::{DESK, OFFICE, PHONE, Screen, ZOOMED, devtools, with_browser};

/// Bogor's settings.
const SETTINGS: &str = "/console/bogor/settings";

async fn open(client: &Client, demo: &Demo, path: &str) {
    client.goto(&format!("{}{SETTINGS}{path}", demo.address)).await.unwrap();
    find(client, "h1").await;
}

async fn value(client: &Client, css: &str) -> String {
    find(client, css).await.prop("value").await.unwrap().unwrap_or_default()
}

/// Presses a button that answers with another page, and waits for that.
async fn send(client: &Client, css: &str, then: &str) {
    client.execute("window.before = true", vec![]).await.ok();
    click(client, css).await;
    find(client, then).await;
}

const CHECK: &str = "button[value='check']";
const PUBLISH: &str = "button[value='publish']";

// Negative controls: with `seen` not compared, the first press publishes; with the values of the faster one left out of the form, the
// slower one takes them back.
#[tokio::test(flavor = "multi_thread")]
async fn a_field_is_changed_and_two_who_edit_at_once_lose_nothing() {
    let demo = Demo::start();
    with_browser(OFFICE, async |client| {
        sign_in(client, &demo, "penyelia").await;
        click(client, ".tiles a").await;
        click(client, ".office-areas a[href$='/settings']").await;
        find(client, "#f-name").await;
        look(client, "settings-office").await;
        open(client, &demo, "?group=policy").await;
        look(client, "settings-policy").await;
        with_browser(DESK, async |other| {
            sign_in(other, &demo, "pengelola").await;
            open(other, &demo, "?group=policy").await;
            fill(other, "#f-policy-grace_minutes", "20").await;
            // A value that cannot be: said at the field, and first on the page.
            fill(client, "#f-policy-hold_minutes", "0").await;
            send(client, CHECK, "#f-policy-hold_minutes-error").await;
            until(client, "document.activeElement.id === 'problem'").await;
            look(client, "settings-wrong").await;
            click(client, "#problem a").await;
            until(client, "document.activeElement.id === 'f-policy-hold_minutes'").await;
            fill(client, "#f-policy-hold_minutes", "45").await;
            send(client, CHECK, "#changes .changes").await;
            let said = text_of(client, "#changes .changes").await;
            assert!(said.contains("Tempat ditahan (menit): semula") && said.contains("45"), "{said}");
            look(client, "settings-changes").await;
            send(client, PUBLISH, "#why").await;
            until(client, "document.querySelector('#problem')?.innerText.includes('alasan')").await;
            fill(client, "#why", "warga perlu waktu").await;
            send(client, PUBLISH, ".said").await;
            assert_eq!(value(client, "#f-policy-hold_minutes").await, "45");
            // The slower one.
            send(other, CHECK, "#problem").await;
            let told = text_of(other, "#problem").await;
            assert!(told.contains("penyelia") && told.contains("warga perlu waktu") && told.contains("45"), "{told}");
            assert_eq!(value(other, "#f-policy-grace_minutes").await, "20");
            assert_eq!(value(other, "#f-policy-hold_minutes").await, "45");
            look(other, "settings-conflict").await;
            fill(other, "#why", "macet di tol").await;
            send(other, PUBLISH, ".said").await;
            assert_eq!(value(other, "#f-policy-grace_minutes").await, "20");
            assert_eq!(value(other, "#f-policy-hold_minutes").await, "45");
        })
        .await;
        // The versions, one of them, and back.
        open(client, &demo, "/versions").await;
        let list = text_of(client, "tbody").await;
        assert!(list.contains("macet di tol") && list.contains("penyelia"), "{list}");
        look(client, "settings-versions").await;
        click(client, "tbody tr:nth-child(2) a").await;
        find(client, "form[action$='/restore']").await;
        look(client, "settings-version").await;
        fill(client, "#why", "kembali seperti kemarin").await;
        send(client, "form[action$='/restore'] button", ".said").await;
        open(client, &demo, "?group=policy").await;
        assert_eq!(value(client, "#f-policy-grace_minutes").await, "15");
        assert_eq!(value(client, "#f-policy-hold_minutes").await, "45");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_work_without_javascript() {
    let demo = Demo::start();
    with_browser(DESK, async |client| {
        sign_in(client, &demo, "penyelia").await;
        devtools(client, json!({ "cmd": "Emulation.setScriptExecutionDisabled", "params": { "value": true } })).await;
        open(client, &demo, "?group=hours").await;
        fill(client, "#f-hours-sabtu", "08:00-10:00").await;
        fill(client, "#f-closed", "2026-12-28 Pindah gedung").await;
        click(client, CHECK).await;
        let said = find(client, "#changes .changes").await.text().await.unwrap();
        assert!(said.contains("Sabtu") && said.contains("Pindah gedung"), "{said}");
        fill(client, "#why", "Sabtu buka").await;
        click(client, PUBLISH).await;
        find(client, ".said").await;
        // The same in the file, whose remarks stay.
        open(client, &demo, "/text").await;
        let text = value(client, "#text").await;
        assert!(text.contains("# Bogor, from 7 August 2017") && text.contains("reason = \"Pindah gedung\""), "{text}");
        fill(client, "#text", "id = \"bogor\"\nversion = 1\nbukan toml").await;
        click(client, CHECK).await;
        find(client, "#problem").await;
        assert!(value(client, "#text").await.contains("bukan toml"));
        // Holidays of another year, from a file.
        open(client, &demo, "/holidays?year=2027").await;
        fill(client, "#pasted", "2027-01-01;Tahun Baru;New Year\n17/08/2027;Kemerdekaan;Independence").await;
        click(client, "button[value='import']").await;
        client.wait().for_element(Locator::Css("p.said")).await.unwrap();
        assert!(value(client, "#days").await.contains("2027-08-17; Kemerdekaan; Independence"));
        click(client, CHECK).await;
        find(client, "#changes .changes").await;
        fill(client, "#why", "SKB 2027").await;
        click(client, PUBLISH).await;
        find(client, ".said").await;
        assert!(value(client, "#days").await.contains("2027-01-01; Tahun Baru"));
        let list = demo.run(&["office", "versions", "bogor"]);
        assert!(list.contains("SKB 2027") && list.contains("Sabtu buka"), "{list}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_settings_holds_on_every_screen() {
    let demo = Demo::start();
    let screens: [(Screen, &str, &str); 3] =
        [(PHONE, "phone", "penyelia"), (ZOOMED, "zoomed", "pemeriksa"), (OFFICE, "office", "pengelola")];
    for (screen, name, login) in screens {
        with_browser(screen, async |client| {
            sign_in(client, &demo, login).await;
            for (path, what) in [
                ("", "office"),
                ("?group=hours", "hours"),
                ("?group=release", "release"),
                ("?group=texts", "texts"),
                ("?group=topics", "topics"),
                ("?group=notices", "notices"),
                ("/holidays", "holidays"),
                ("/text", "text"),
                ("/versions", "versions"),
                ("/versions/2", "version"),
            ] {
                open(client, &demo, path).await;
                look(client, &format!("settings-{name}-{what}")).await;
                let may_write = client.find(Locator::Css(CHECK)).await.is_ok();
                assert!(!may_write || login != "pemeriksa", "an auditor changes nothing");
            }
        })
        .await;
    }
}
