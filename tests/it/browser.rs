//! The simulator's page in headless Chromium, as a citizen, a keyboard and a phone see it.
//!
//! Each test is a scenario that needs only a client and an address, so it plays against any server. Set
//! `ANTREAN_SCREENSHOTS` to a folder to keep pictures of what was seen.

mod audit;
mod calendar;
mod demo;
mod desk;
mod format;
mod hall;
mod hostile;
mod reports;
mod seen;
mod settings;
mod staff;
mod talks;
mod today;
mod upload;

use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::json;

use self::demo::Demo;
use crate::support::browser::driver::{DESK, PHONE, keep_picture, with_browser};
use crate::support::browser::stage::Stage;

/// Longest wait for anything on the page; a loaded machine needs seconds for what takes milliseconds.
const WAIT: Duration = Duration::from_secs(30);

async fn open(client: &Client, address: &str) {
    client.goto(&format!("{address}/simulator")).await.unwrap();
    find(client, "body[data-ready]").await;
}

async fn find(client: &Client, css: &str) -> fantoccini::elements::Element {
    client.wait().at_most(WAIT).for_element(Locator::Css(css)).await.unwrap_or_else(|error| panic!("{css}: {error}"))
}

/// Waits until `script` gives true.
async fn until(client: &Client, script: &str) {
    let whole = format!("return Boolean({script})");
    let asked = async {
        while client.execute(&whole, vec![]).await.unwrap() != json!(true) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    if tokio::time::timeout(WAIT, asked).await.is_err() {
        let text = client.execute("return document.body.innerText", vec![]).await.unwrap();
        panic!("never became true: {script}\n{}", text.as_str().unwrap_or_default());
    }
}

/// The words of an element. The answer of the browser itself is empty while a bubble still fades in.
async fn text_of(client: &Client, css: &str) -> String {
    find(client, css).await.prop("innerText").await.unwrap().unwrap_or_default()
}

/// Waits until an element shows what it should, without a script of the page: a form is answered by a new page, and until it is there
/// the old one, or none, is found.
async fn until_shown(client: &Client, css: &str, is_it: impl Fn(&str) -> bool) {
    let mut text = String::new();
    let shown = async {
        loop {
            if let Ok(element) = client.find(Locator::Css(css)).await {
                let read = async { Ok::<_, CmdError>((element.text().await?, element.prop("value").await?)) };
                if let Ok((words, value)) = read.await {
                    text = if words.is_empty() { value.unwrap_or_default() } else { words };
                }
            }
            if is_it(&text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let in_time = tokio::time::timeout(WAIT, shown).await.is_ok();
    assert!(in_time, "{css} never showed what it should:\n{text}");
}

/// Types into the n-th phone and presses Enter.
async fn type_into(client: &Client, phone: usize, text: &str) {
    let field = find(client, &format!(".phone:nth-child({phone}) textarea")).await;
    field.send_keys(text).await.unwrap();
    field.send_keys(&char::from(Key::Enter).to_string()).await.unwrap();
}

async fn press(client: &Client, keys: &[Key]) {
    let mut actions = KeyActions::new("keyboard".into());
    for key in keys {
        actions =
            actions.then(KeyAction::Down { value: char::from(*key) }).then(KeyAction::Up { value: char::from(*key) });
    }
    client.perform_actions(actions).await.unwrap();
}

/// Chooses Bogor, sends its example, and then the code that came.
async fn book(client: &Client, phone: usize) {
    let within = format!(".phone:nth-child({phone})");
    let office = find(client, &format!("{within} select.office")).await;
    office.select_by_value("bogor").await.unwrap();
    find(client, &format!("{within} .chips .example")).await.click().await.unwrap();
    type_into(client, phone, "").await;
    find(client, &format!("{within} .chips .code")).await.click().await.unwrap();
    type_into(client, phone, "").await;
    until(client, &format!("document.querySelector('{within} .ticket img')?.naturalWidth > 0")).await;
}

#[tokio::test]
async fn a_citizen_books_and_sees_echo_ticks_and_ticket() {
    let stage = Stage::open().await;
    with_browser(DESK, async |client| {
        open(client, &stage.address).await;
        book(client, 1).await;
        let own = "document.querySelectorAll('.bubble.own').length";
        until(client, &format!("{own} === 2 && document.querySelectorAll('.bubble.own .ticks.read').length === 2"))
            .await;
        // Stars make words bold; those of a masked number stay.
        assert!(text_of(client, ".bubble.office").await.contains("****"));
        assert_eq!(text_of(client, ".bubble.office strong").await, "30 menit");
        keep_picture(client, "desk").await;
        // A reload loses nothing.
        client.refresh().await.unwrap();
        until(client, &format!("{own} === 2 && document.querySelector('.ticket img')?.naturalWidth > 0")).await;
    })
    .await;
}

// The whole product behind the page: desk, database, courier. The test above plays the same scenario on a stage of
// fixed answers, where its details can be told in advance.
#[tokio::test]
async fn the_demo_books_a_place_and_moves_its_clock() {
    let demo = Demo::start();
    with_browser(DESK, async |client| {
        open(client, &demo.address).await;
        book(client, 1).await;
        // The bubble may be there before its words are.
        until(client, "document.querySelector('.bubble.ticket')?.innerText.includes('08-001')").await;
        let ticket = text_of(client, ".bubble.ticket").await;
        assert!(ticket.contains("Pendaftaran berhasil"), "{ticket}");
        // Batam takes a form without a day, and then its photo.
        find(client, "#add").await.click().await.unwrap();
        find(client, ".phone:nth-child(2) select.office").await.select_by_value("batam").await.unwrap();
        find(client, ".phone:nth-child(2) .chips .example").await.click().await.unwrap();
        type_into(client, 2, "").await;
        until(client, "document.querySelector('.phone:nth-child(2) .bubble.office')").await;
        find(client, ".phone:nth-child(2) .chips .photo").await.click().await.unwrap();
        type_into(client, 2, "").await;
        until(client, "document.querySelector('.phone:nth-child(2) .ticket img')?.naturalWidth > 0").await;
        keep_picture(client, "demo").await;
    })
    .await;
}

#[tokio::test]
async fn several_citizens_chat_side_by_side_and_hear_only_their_own_replies() {
    let stage = Stage::open().await;
    with_browser(DESK, async |client| {
        open(client, &stage.address).await;
        book(client, 1).await;
        find(client, "#add").await.click().await.unwrap();
        type_into(client, 2, "halo").await;
        until(client, "document.querySelector('.phone:nth-child(2) .bubble.office')").await;
        let count = |n: usize| format!("document.querySelectorAll('.phone:nth-child({n}) .bubble.office').length");
        until(client, &format!("{} === 2 && {} === 1", count(1), count(2))).await;
        let numbers = "new Set([...document.querySelectorAll('.phone .number')].map(it => it.textContent)).size";
        until(client, &format!("{numbers} === 2")).await;
        find(client, "#add").await.click().await.unwrap();
        find(client, ".phone:nth-child(3) .chips .photo").await.click().await.unwrap();
        type_into(client, 3, "#Siti#03021990").await;
        until(client, "document.querySelector('.phone:nth-child(3) .bubble.own .picture')?.naturalWidth > 0").await;
        until(client, "document.querySelector('.phone:nth-child(3) .bubble.office')").await;
        keep_picture(client, "three-citizens").await;
    })
    .await;
}

#[tokio::test]
async fn on_a_phone_nothing_is_wider_than_the_screen() {
    let stage = Stage::open().await;
    with_browser(PHONE, async |client| {
        open(client, &stage.address).await;
        let fits = "document.documentElement.scrollWidth <= 390 && innerWidth === 390";
        until(client, fits).await;
        keep_picture(client, "phone-start").await;
        book(client, 1).await;
        type_into(client, 1, &"panjang".repeat(40)).await;
        until(client, "document.querySelectorAll('.bubble.office').length === 3").await;
        until(client, fits).await;
        let send = find(client, ".phone.shown .send").await.rectangle().await.unwrap();
        assert!(send.0 + send.2 <= 390.0 && send.1 + send.3 <= 844.0, "the send button is off the screen: {send:?}");
        keep_picture(client, "phone").await;
        find(client, "#add").await.click().await.unwrap();
        until(client, "document.querySelectorAll('.phone').length === 2").await;
        until(client, "[...document.querySelectorAll('.phone')].filter(it => it.checkVisibility()).length === 1").await;
        until(client, fits).await;
        find(client, "#people button").await.click().await.unwrap();
        until(client, "document.querySelector('.phone:nth-child(1)').checkVisibility()").await;
    })
    .await;
}

#[tokio::test]
async fn the_keyboard_alone_is_enough() {
    let stage = Stage::open().await;
    with_browser(DESK, async |client| {
        open(client, &stage.address).await;
        // Tab from the top of the page to the first chip, Enter fills the example in and leads to the text, Enter sends.
        for _ in 0..25 {
            press(client, &[Key::Tab]).await;
            let ring = "getComputedStyle(document.activeElement.closest('.attach') ?? document.activeElement).outlineStyle";
            until(client, &format!("{ring} !== 'none'")).await;
            let at_chip = "return document.activeElement.matches('.chips .example')";
            if client.execute(at_chip, vec![]).await.unwrap() == json!(true) {
                break;
            }
        }
        press(client, &[Key::Enter]).await;
        until(client, "document.activeElement.matches('textarea') && document.activeElement.value.startsWith('#')").await;
        press(client, &[Key::Enter]).await;
        until(client, "document.querySelector('.bubble.office')").await;
        // Everything that can be pressed has a name, and the conversation is announced.
        let nameless = "[...document.querySelectorAll('button, select, textarea, input')].filter(it => it.checkVisibility() \
            && !(it.getAttribute('aria-label') || it.textContent.trim() && it.tagName === 'BUTTON' || it.labels?.length))";
        until(client, &format!("{nameless}.length === 0")).await;
        until(client, "document.querySelector('[role=log][aria-live=polite]').getAttribute('aria-label')").await;
    })
    .await;
}

#[tokio::test]
async fn a_busy_or_absent_service_loses_nothing_that_was_typed() {
    let stage = Stage::open().await;
    with_browser(DESK, async |client| {
        open(client, &stage.address).await;
        stage.be_busy(true);
        type_into(client, 1, "halo, ada orang?").await;
        let retry = find(client, ".bubble.own.failed .retry").await;
        assert!(text_of(client, ".bubble.own").await.contains("ada orang"));
        keep_picture(client, "busy").await;
        stage.be_busy(false);
        retry.click().await.unwrap();
        until(client, "document.querySelector('.bubble.office') && !document.querySelector('.failed')").await;
        assert_eq!(stage.taken(), 1);
        // A draft outlives a reload.
        find(client, "textarea").await.send_keys("setengah").await.unwrap();
        client.refresh().await.unwrap();
        until(client, "document.querySelector('textarea')?.value === 'setengah'").await;
    })
    .await;
}

#[tokio::test]
async fn what_is_written_stays_text() {
    let stage = Stage::open().await;
    with_browser(DESK, async |client| {
        open(client, &stage.address).await;
        client
            .execute("addEventListener('securitypolicyviolation', () => { window.broken = true; })", vec![])
            .await
            .unwrap();
        type_into(client, 1, "<img src=x onerror=window.broken=true> *<b>tebal</b>*").await;
        // The stage answers with what it was sent.
        until(client, "document.querySelector('.bubble.office')?.textContent.includes('<img src=x onerror')").await;
        assert_eq!(text_of(client, ".bubble.office strong").await, "<b>tebal</b>");
        until(client, "!window.broken && !document.querySelector('.bubble .text img, .bubble b')").await;
    })
    .await;
}

#[tokio::test]
async fn the_clock_moves_forward_and_examples_move_with_it() {
    let stage = Stage::open().await;
    with_browser(DESK, async |client| {
        open(client, &stage.address).await;
        assert!(text_of(client, "#now").await.contains("23 Nov 2026 08.00 WIB"));
        find(client, "[data-minutes='60']").await.click().await.unwrap();
        until(client, "document.querySelector('#now').textContent.includes('09.0')").await;
        find(client, "[data-hour='8']").await.click().await.unwrap();
        until(client, "document.querySelector('#now').textContent.includes('24 Nov 2026 08.00')").await;
        find(client, "#language").await.click().await.unwrap();
        until(client, "document.documentElement.lang === 'en'").await;
        assert_eq!(find(client, ".chips .example").await.text().await.unwrap(), "Fill an example");
    })
    .await;
}
