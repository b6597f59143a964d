//! The console in a real browser: the first administrator, signing in, sessions, people, with JavaScript and without, in light and
//! dark, on a telephone and at twice the size.

use antrean::access::{DEMO_PASSWORD, next_code};
use antrean::clock::{Clock, SystemClock};
use fantoccini::{Client, Locator};
use serde_json::json;

use super::demo::Demo;
use super::seen::{prefer, violations};
use super::{find, text_of, until};
use crate::support::browser::driver::{DESK, OFFICE, PHONE, Screen, ZOOMED, devtools, keep_picture, with_browser};
use crate::support::installation::Installation;
use crate::support::server_process::ServerProcess;

const PASSWORD: &str = "sepeda kabut lemari angin";

pub(super) async fn fill(client: &Client, css: &str, text: &str) {
    let field = find(client, css).await;
    field.clear().await.unwrap();
    field.send_keys(text).await.unwrap();
}

pub(super) async fn click(client: &Client, css: &str) {
    find(client, css).await.click().await.unwrap();
}

pub(super) async fn sign_in(client: &Client, demo: &Demo, login: &str) {
    client.goto(&format!("{}/console", demo.address)).await.unwrap();
    fill(client, "#login", login).await;
    fill(client, "#password", DEMO_PASSWORD).await;
    fill(client, "#code", &demo.code(login)).await;
    click(client, "form[action='/console/sign-in'] button").await;
    until(client, "document.querySelector('.who .name')").await;
}

/// What is wrong with what is shown: axe's rules, and anything wider than the screen.
async fn faults(client: &Client) -> Vec<String> {
    let mut found = violations(client).await;
    let wide = client.execute("return document.documentElement.scrollWidth > innerWidth", vec![]).await.unwrap();
    if wide == json!(true) {
        found.push("wider than the screen".to_owned());
    }
    let small = "return [...document.querySelectorAll('button, input:not([type=hidden]), select, .button')]
        .filter(it => it.checkVisibility()).filter(it => (it.closest('label.tick') ?? it).getBoundingClientRect().height < 43.5).map(it => it.outerHTML)";
    let small = client.execute(small, vec![]).await.unwrap();
    found.extend(small.as_array().unwrap().iter().map(|html| format!("too small: {html}")));
    found
}

/// Judges and keeps a page in light and in dark.
pub(super) async fn look(client: &Client, name: &str) {
    for scheme in ["light", "dark"] {
        prefer(client, scheme).await;
        until(client, &format!("matchMedia('(prefers-color-scheme: {scheme})').matches")).await;
        assert_eq!(faults(client).await, Vec::<String>::new(), "{name} {scheme}");
        keep_picture(client, &format!("console-{name}-{scheme}")).await;
    }
    prefer(client, "light").await;
}

/// An installation with a console and nobody in it.
fn with_console() -> (Installation, ServerProcess) {
    let installation = Installation::new("http://127.0.0.1:9");
    let config = std::fs::read_to_string(installation.config()).unwrap();
    std::fs::write(installation.config(), format!("{config}\n[console]\n")).unwrap();
    let served = tokio::task::block_in_place(|| ServerProcess::start(&installation));
    (installation, served)
}

/// Enrols by the link that a command printed; ends at the recovery codes.
async fn enrol(client: &Client, served: &ServerProcess, printed: &str) {
    let token = printed.trim().split('#').nth(1).expect("a link").to_owned();
    // From another page: within one, only the fragment would change.
    client.goto("about:blank").await.unwrap();
    client.goto(&format!("{}/console/link#{token}", served.address)).await.unwrap();
    let seed = text_of(client, "#seed").await.replace(' ', "");
    // The token stands in no address any more.
    assert!(!client.current_url().await.unwrap().as_str().contains(&token));
    fill(client, "#password", PASSWORD).await;
    fill(client, "#code", &next_code(&seed, 0, SystemClock.now()).unwrap().0).await;
    click(client, "form[action='/console/link/use'] button").await;
    until(client, "document.querySelectorAll('.codes li').length === 10").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_administrator_enrols_and_adds_somebody() {
    let (installation, served) = with_console();
    let printed = installation.run(&["user", "add", "--first", "--name", "Hadi Wijaya"]).done();
    let lines: Vec<&str> = printed.lines().collect();
    with_browser(DESK, async |client| {
        enrol(client, &served, lines[1]).await;
        look(client, "recovery").await;
        click(client, ".button").await;
        find(client, ".tiles").await;
        look(client, "offices").await;
        click(client, "a[href='/console/people']").await;
        fill(client, "#name", "Rina Marlina").await;
        fill(client, "#login", "rina.marlina").await;
        find(client, "#place").await.select_by_value("bogor").await.unwrap();
        look(client, "people").await;
        click(client, "form[action='/console/people'] button").await;
        let link = text_of(client, "#new-link").await;
        look(client, "new-link").await;
        // Rina, in a browser of her own.
        with_browser(PHONE, async |rina| {
            let token = link.split('#').nth(1).expect("a link").to_owned();
            rina.goto(&format!("{}/console/link", served.address)).await.unwrap();
            find(rina, "#link").await;
            look(rina, "link-phone").await;
            fill(rina, "#link", &token).await;
            click(rina, "#link-form button").await;
            find(rina, "#seed").await;
            look(rina, "enrol-phone").await;
            enrol(rina, &served, &link).await;
            click(rina, ".button").await;
            until(rina, "document.querySelectorAll('.tiles li').length === 1").await;
            // People are no page of hers.
            rina.goto(&format!("{}/console/people", served.address)).await.unwrap();
            assert!(text_of(rina, "h1").await.contains("Tidak ada"));
        })
        .await;
        let list = installation.run(&["user", "list"]).done();
        assert!(list.contains("active    Rina Marlina"), "{list}");
    })
    .await;
}

// Controls: under the policy of other pages (`trusted-types 'none'`) the list of sessions stays as it was; without
// `require-trusted-types-for` the text becomes markup.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_in_and_ends_another_session_without_leaving_the_page() {
    let demo = Demo::start();
    with_browser(OFFICE, async |client| {
        client.goto(&demo.address).await.unwrap();
        click(client, "a[href='/console']").await;
        find(client, "#login").await;
        look(client, "sign-in").await;
        // Wrong: said without saying what, and the login stays.
        fill(client, "#login", "petugas").await;
        fill(client, "#password", "salah salah salah").await;
        fill(client, "#code", "000000").await;
        click(client, "form[action='/console/sign-in'] button").await;
        find(client, "#problem").await;
        until(client, "document.activeElement.id === 'problem'").await;
        assert_eq!(find(client, "#login").await.prop("value").await.unwrap().as_deref(), Some("petugas"));
        look(client, "sign-in-refused").await;
        sign_in(client, &demo, "petugas").await;
        look(client, "officer-offices").await;
        click(client, ".tiles a").await;
        find(client, ".numbers").await;
        look(client, "office").await;
        with_browser(PHONE, async |phone| {
            sign_in(phone, &demo, "petugas").await;
            click(client, "a[href='/console/account']").await;
            until(client, "document.querySelectorAll('#sessions tbody tr').length === 2").await;
            look(client, "account").await;
            client.execute("window.stayed = true", vec![]).await.unwrap();
            // The policy holds: a text becomes markup through the page's own script only.
            let markup = "try { document.createElement('p').innerHTML = '<b>x</b>'; return 'taken'; } catch (error) { return error.name; }";
            assert_eq!(client.execute(markup, vec![]).await.unwrap(), json!("TypeError"));
            click(client, "#sessions tbody form button").await;
            until(client, "document.querySelectorAll('#sessions tbody tr').length === 1").await;
            assert_eq!(client.execute("return window.stayed", vec![]).await.unwrap(), json!(true));
            phone.refresh().await.unwrap();
            until(phone, "document.querySelector('.said')?.innerText.includes('berakhir')").await;
            look(phone, "sign-in-phone").await;
        })
        .await;
        // English, and out.
        click(client, "form[action='/console/language'] button").await;
        until(client, "document.documentElement.lang === 'en'").await;
        look(client, "account-english").await;
        click(client, "form[action='/console/sign-out'] button").await;
        until(client, "document.querySelector('.said')?.innerText.includes('signed out')").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_holds_on_a_telephone_and_at_twice_the_size() {
    let demo = Demo::start();
    let screens: [(Screen, &str, &str); 2] = [(PHONE, "phone", "pengelola"), (ZOOMED, "zoomed", "pemeriksa")];
    for (screen, name, login) in screens {
        with_browser(screen, async |client| {
            sign_in(client, &demo, login).await;
            for (path, what) in [
                ("/console", "offices"),
                ("/console/bogor", "office"),
                ("/console/account", "account"),
                ("/console/people", "people"),
                ("/console/nowhere", "missing"),
            ] {
                client.goto(&format!("{}{path}", demo.address)).await.unwrap();
                find(client, "h1").await;
                look(client, &format!("{name}-{what}")).await;
            }
            client.goto(&format!("{}/console/people", demo.address)).await.unwrap();
            click(client, "tbody a").await;
            find(client, ".crumbs").await;
            look(client, &format!("{name}-person")).await;
        })
        .await;
    }
}

// The same ways without JavaScript.
#[tokio::test(flavor = "multi_thread")]
async fn the_console_works_without_javascript() {
    let (installation, served) = with_console();
    let printed = installation.run(&["user", "add", "--first"]).done();
    let token = printed.trim().split('#').nth(1).expect("a link").to_owned();
    with_browser(DESK, async |client| {
        devtools(client, json!({ "cmd": "Emulation.setScriptExecutionDisabled", "params": { "value": true } })).await;
        client.goto(&format!("{}/console/link", served.address)).await.unwrap();
        fill(client, "#link", &token).await;
        click(client, "#link-form button").await;
        let seed = find(client, "#seed").await.text().await.unwrap().replace(' ', "");
        fill(client, "#password", PASSWORD).await;
        fill(client, "#code", &next_code(&seed, 0, SystemClock.now()).unwrap().0).await;
        click(client, "form[action='/console/link/use'] button").await;
        find(client, ".codes").await;
        click(client, ".button").await;
        click(client, "a[href='/console/account']").await;
        assert_eq!(client.find_all(Locator::Css("#sessions tbody tr")).await.unwrap().len(), 1);
        click(client, "form[action='/console/language'] button").await;
        client.wait().for_element(Locator::Css("html[lang='en']")).await.unwrap();
        click(client, "form[action='/console/sign-out'] button").await;
        find(client, "#login").await;
    })
    .await;
}
