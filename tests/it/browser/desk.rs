//! The front desk in a real browser: a scanner that types, two counters at once, letters that press buttons, and the same without
//! JavaScript.

use antrean::domain::staff::Role;
use fantoccini::actions::{InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::json;

use super::staff::{fill, look};
use super::{find, press, text_of, until};
use crate::front_desk::{TO_TUESDAY, book, code_of, open};
use crate::support::browser::desk_stage::DeskStage;
use crate::support::browser::driver::{
    DESK, OFFICE, PHONE, ZOOMED, devtools, keep_picture, with_arguments, with_browser,
};
use crate::support::desk_fixture::tuesday;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{form, name};

/// Types as a scanner does: keys to whatever has the focus, and Enter.
async fn scan(client: &Client, code: &str) {
    let mut keys = KeyActions::new("scanner".into());
    for key in code.chars().chain([char::from(Key::Enter)]) {
        keys = keys.then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key });
    }
    client.perform_actions(keys).await.unwrap();
}

/// Clicks what may be replaced at any moment: a list that changed comes anew.
async fn click(client: &Client, css: &str) {
    for _ in 0..20 {
        if find(client, css).await.click().await.is_ok() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{css} cannot be clicked");
}

/// A code with one slip in it.
fn slip(code: &str) -> String {
    let mut slip = code.to_owned();
    let last = if slip.ends_with('2') { "3" } else { "2" };
    slip.replace_range(7.., last);
    slip
}

fn outcome_has(text: &str) -> String {
    format!("document.querySelector('.outcome').innerText.includes('{text}')")
}

async fn a_scanner_enters_people_whatever_has_the_focus(engine: Engine) {
    let stage = DeskStage::of(open(engine, true).await).await;
    let fixture = &stage.fixture;
    let codes = [book(fixture, 1).await, book(fixture, 2).await, book(fixture, 3).await];
    let lines: Vec<String> = (0..3).map(|place| form(&name(100 + place), tuesday())).collect();
    fixture.ask(4, "wamid.family", &lines.join("\n")).await;
    let party = code_of(fixture, 4).await;
    fixture.pass(TO_TUESDAY - 45);
    let rina = stage.enrol("rina", Role::Officer).await;
    let agus = stage.enrol("agus", Role::Supervisor).await;
    with_browser(OFFICE, async |client| {
        stage.enter(client, &rina, "check-in").await;
        until(client, "document.activeElement.id === 'code'").await;
        look(client, "check-in").await;
        client.execute("window.stayed = true", vec![]).await.unwrap();
        scan(client, &codes[0]).await;
        until(client, &outcome_has("08-001")).await;
        until(client, &outcome_has("lebih awal")).await;
        look(client, "check-in-early").await;
        // Nothing was loaded again, and the next code can come.
        until(client, "window.stayed && document.activeElement.id === 'code' && document.activeElement.value === ''")
            .await;
        until(client, "document.querySelector('#spoken').textContent.includes('08-001')").await;
        scan(client, &codes[0]).await;
        until(client, &outcome_has("dimasukkan oleh rina")).await;
        look(client, "check-in-again").await;
        // One slip: the closest code of today, with whose it is.
        scan(client, &slip(&codes[1])).await;
        until(client, &outcome_has(&name(2))).await;
        look(client, "check-in-slip").await;
        click(client, ".outcome button").await;
        until(client, &outcome_has("08-002")).await;
        // Taken back within a minute: the place is free again for the next scan.
        click(client, ".undo button").await;
        until(client, &outcome_has("Dibatalkan")).await;
        look(client, "check-in-undone").await;
        // A code that is scanned while a button has the focus.
        click(client, "h1").await;
        client
            .execute("document.querySelector('#priority').focus(); document.activeElement.blur()", vec![])
            .await
            .unwrap();
        scan(client, &codes[1]).await;
        until(client, &outcome_has("08-002")).await;
        scan(client, &party).await;
        until(client, "document.querySelectorAll('.party input[type=checkbox]:checked').length === 3").await;
        look(client, "check-in-party").await;
        click(client, "[name=person1]").await;
        find(client, "#party-priority").await.select_by_value("toddler").await.unwrap();
        click(client, "[data-first]").await;
        until(client, &format!("{} && {}", outcome_has("P-01"), outcome_has("P-02"))).await;
        look(client, "check-in-party-entered").await;
        scan(client, &party).await;
        until(client, &outcome_has("sudah masuk")).await;
        // Without a code.
        fill(client, "#walk-in-name", "Ibu Sri").await;
        find(client, "#walk-in-priority").await.select_by_value("elderly").await.unwrap();
        click(client, "form[action$='walk-in'] button").await;
        until(client, &outcome_has("P-03")).await;
        scan(client, "TIDAK-ADA").await;
        until(client, &outcome_has("Kode tidak dikenal")).await;
        // Too late: an officer is told who may let them in; a supervisor does.
        fixture.pass(45 + 16);
        scan(client, &codes[2]).await;
        until(client, &outcome_has("Hangus")).await;
        assert!(client.find(Locator::Css(".outcome button")).await.is_err(), "an officer does not decide that");
        look(client, "check-in-forfeited").await;
    })
    .await;
    with_browser(PHONE, async |client| {
        stage.enter(client, &agus, "check-in").await;
        fill(client, "#code", &codes[2]).await;
        look(client, "check-in-phone").await;
        press(client, &[Key::Enter]).await;
        until(client, &outcome_has("Hangus")).await;
        look(client, "check-in-phone-forfeited").await;
        click(client, ".outcome button").await;
        until(client, &outcome_has("08-003")).await;
        look(client, "check-in-phone-late").await;
    })
    .await;
    let states = "select number || ' ' || lane from visit where state = 'arrived' order by number";
    let wanted = ["08-001 booked", "08-002 booked", "08-003 late", "P-01 priority", "P-02 priority", "P-03 priority"];
    assert_eq!(fixture.tables().await.texts(states).await, wanted);
}

/// The number that a counter shows as called or served.
async fn called(client: &Client) -> String {
    until(client, "/\\d/.test(document.querySelector('.called-number')?.innerText ?? '')").await;
    text_of(client, ".called-number").await
}

async fn letter(client: &Client, letter: char) {
    let keys = KeyActions::new("keyboard".into());
    client
        .perform_actions(keys.then(KeyAction::Down { value: letter }).then(KeyAction::Up { value: letter }))
        .await
        .unwrap();
}

/// Clicks twice, as fast as a hand that trembles.
async fn double_click(client: &Client, css: &str) {
    let element = find(client, css).await;
    let (x, y, width, height) = element.rectangle().await.unwrap();
    let to = PointerAction::MoveTo { duration: None, x: x + width / 2.0, y: y + height / 2.0 };
    let (down, up) =
        (PointerAction::Down { button: MOUSE_BUTTON_LEFT }, PointerAction::Up { button: MOUSE_BUTTON_LEFT });
    let twice = MouseActions::new("mouse".into()).then(to).then(down.clone()).then(up.clone()).then(down).then(up);
    client.perform_actions(twice).await.unwrap();
}

fn shows_state(word: &str) -> String {
    format!("document.querySelector('.called .tag')?.innerText === '{word}'")
}

/// The end of a morning at two counters.
async fn slower_is_told_and_a_counter_is_freed(stage: &DeskStage, one: &Client, two: &Client) {
    let fixture = &stage.fixture;
    // A screen that shows what was: whoever was faster is told.
    letter(one, 'p').await;
    let third = called(one).await;
    one.execute("window.stale = document.querySelector('[data-key=D]').closest('form').outerHTML", vec![])
        .await
        .unwrap();
    let other = crate::front_desk::front(fixture, "rina");
    other.park(antrean::front_desk::Which::At(3), antrean::front_desk::Press::default()).await.unwrap().unwrap();
    other.put_back(third.clone(), antrean::front_desk::Press::default()).await.unwrap().unwrap();
    let again = other.call_next(3, antrean::front_desk::Press::default()).await.unwrap().unwrap();
    assert_eq!(again.visits[0].number, third);
    letter(one, 'd').await;
    until(
        one,
        &format!("document.querySelector('#problem')?.innerText.includes('{third} sudah dipanggil di loket 3')"),
    )
    .await;
    look(one, "counter-faster").await;
    letter(one, 'k').await;
    until(one, "document.querySelector('#aside')?.innerText.includes('ditunda')").await;
    click(one, "#aside button").await;
    until(one, "!document.querySelector('#aside')").await;
    // The supervisor frees a counter that lost its officer.
    letter(one, 'p').await;
    called(one).await;
    until(two, "document.querySelector('#counters button')?.innerText.includes('Bebaskan')").await;
    look(two, "counter-free").await;
    click(two, "#counters button").await;
    until(two, "document.querySelector('#aside')?.innerText.includes('ditunda')").await;
}

async fn two_counters_call_at_once_by_the_keyboard(engine: Engine) {
    let stage = DeskStage::of(open(engine, false).await).await;
    let fixture = &stage.fixture;
    let mut codes = Vec::new();
    for n in 1..=4 {
        codes.push(book(fixture, n).await);
    }
    fixture.pass(TO_TUESDAY);
    let rina = stage.enrol("rina", Role::Officer).await;
    let agus = stage.enrol("agus", Role::Supervisor).await;
    let entrance = crate::front_desk::front(fixture, "siti");
    with_browser(OFFICE, async |one| {
        with_browser(DESK, async |two| {
            for (client, token, counter) in [(one, &rina, "3"), (two, &agus, "4")] {
                stage.enter(client, token, "counter").await;
                fill(client, "#counter", counter).await;
                press(client, &[Key::Enter]).await;
                until(client, &format!("document.querySelector('.counter-number')?.innerText === '{counter}'")).await;
            }
            look(one, "counter-empty").await;
            // Who checks in appears without a press.
            for code in &codes {
                entrance
                    .arrive(crate::front_desk::by(code), antrean::front_desk::Press::default())
                    .await
                    .unwrap()
                    .unwrap();
            }
            for client in [one, two] {
                until(client, "document.querySelectorAll('#waiting tbody tr').length === 4").await;
            }
            look(one, "counter-waiting").await;
            // Both at once: each gets somebody else.
            tokio::join!(letter(one, 'p'), letter(two, 'p'));
            let (first, second) = tokio::join!(called(one), called(two));
            assert_ne!(first, second);
            until(one, "document.querySelectorAll('#waiting tbody tr').length === 2").await;
            look(one, "counter-called").await;
            // The second press of a double click presses nothing that came under it.
            letter(one, 'b').await;
            until(one, "document.querySelector('[data-key=P]')").await;
            double_click(one, "[data-key=P]").await;
            assert_eq!(called(one).await, first);
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            until(one, &shows_state("dipanggil")).await;
            // A minute apart, and not here after three calls.
            letter(one, 'u').await;
            until(one, "document.querySelector('#problem')?.innerText.includes('detik lagi')").await;
            look(one, "counter-too-soon").await;
            for _ in 0..2 {
                fixture.pass(1);
                letter(one, 'u').await;
                until(one, "document.querySelector('.result')?.innerText.includes('Dipanggil ulang')").await;
                one.refresh().await.unwrap();
                find(one, ".called-number").await;
            }
            fixture.pass(1);
            letter(one, 't').await;
            until(one, "document.querySelector('#aside')?.innerText.includes('tidak hadir')").await;
            look(one, "counter-missed").await;
            letter(one, 'b').await;
            until(one, &shows_state("dipanggil")).await;
            letter(one, 'd').await;
            until(one, &shows_state("dilayani")).await;
            look(one, "counter-serving").await;
            // With the letters switched off, none presses anything.
            click(one, "#shortcuts-on").await;
            until(one, "document.activeElement.blur() || document.documentElement.dataset.shortcuts === 'off'").await;
            letter(one, 's').await;
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            until(one, &shows_state("dilayani")).await;
            click(one, "#shortcuts-on").await;
            until(one, "document.activeElement.blur() || document.documentElement.dataset.shortcuts === 'on'").await;
            // To the other counter, which calls them first.
            click(one, ".send-on button").await;
            until(one, "document.querySelector('.result')?.innerText.includes('Dipindahkan')").await;
            letter(two, 'd').await;
            until(two, &shows_state("dilayani")).await;
            letter(two, 's').await;
            until(two, "document.querySelector('.result')?.innerText.includes('Selesai')").await;
            letter(two, 'p').await;
            until(two, &format!("document.querySelector('.called-number')?.innerText === '{first}'")).await;
            look(two, "counter-redirected").await;
            slower_is_told_and_a_counter_is_freed(&stage, one, two).await;
        })
        .await;
    })
    .await;
    for (screen, called) in [(PHONE, "phone"), (ZOOMED, "zoomed")] {
        with_browser(screen, async |client| {
            stage.enter(client, &rina, "counter").await;
            find(client, "#counter").await;
            look(client, &format!("counter-{called}-choose")).await;
            stage.enter(client, &agus, "counter").await;
            find(client, ".called-number").await;
            look(client, &format!("counter-{called}")).await;
            stage.enter(client, &agus, "check-in").await;
            find(client, "#code").await;
            look(client, &format!("check-in-{called}-start")).await;
        })
        .await;
    }
    let audit = fixture.storage.audit(fixture.now()).await.unwrap();
    assert_eq!(audit.findings, Vec::<String>::new());
}

async fn the_desk_works_without_javascript(engine: Engine) {
    let stage = DeskStage::of(open(engine, false).await).await;
    let fixture = &stage.fixture;
    let lines: Vec<String> = (0..2).map(|place| form(&name(100 + place), tuesday())).collect();
    fixture.ask(1, "wamid.family", &lines.join("\n")).await;
    let party = code_of(fixture, 1).await;
    let alone = book(fixture, 2).await;
    fixture.pass(TO_TUESDAY);
    let rina = stage.enrol("rina", Role::Officer).await;
    with_browser(DESK, async |client| {
        devtools(client, json!({ "cmd": "Emulation.setScriptExecutionDisabled", "params": { "value": true } })).await;
        let has = async |css: &str, text: &str| {
            // The page that was left may answer once more, and its elements may go while they are asked.
            for _ in 0..200 {
                let found = client.find(Locator::Css(css)).await;
                let found = match found {
                    Ok(element) => element.text().await.unwrap_or_default(),
                    Err(_) => String::new(),
                };
                if found.contains(text) {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            panic!("{text} never was in {css}");
        };
        stage.enter(client, &rina, "check-in").await;
        fill(client, "#code", &alone).await;
        click(client, ".scan-form button").await;
        has(".outcome", "08-003").await;
        // The page that shows it does nothing again.
        client.refresh().await.unwrap();
        has(".outcome", "08-003").await;
        fill(client, "#code", &alone).await;
        click(client, ".scan-form button").await;
        has(".outcome", "Sudah masuk").await;
        fill(client, "#code", &party).await;
        click(client, ".scan-form button").await;
        has(".outcome", "Siapa yang datang").await;
        click(client, "[name=person0]").await;
        click(client, "[data-first]").await;
        has(".outcome", "08-002").await;
        click(client, ".undo button").await;
        has(".outcome", "Dibatalkan").await;
        keep_picture(client, "check-in-without-javascript").await;
        client.goto(&format!("{}/console/bogor/counter", stage.address)).await.unwrap();
        fill(client, "#counter", "3").await;
        click(client, ".now button").await;
        has(".now", "Panggil berikutnya").await;
        click(client, "[data-key=P]").await;
        has(".called-number", "08-003").await;
        client.refresh().await.unwrap();
        has(".result", "Dipanggil").await;
        click(client, "[data-key=D]").await;
        has(".called .tag", "dilayani").await;
        click(client, "[data-key=S]").await;
        has(".result", "Selesai").await;
        click(client, "[data-key=B]").await;
        has(".called .tag", "dilayani").await;
        click(client, "[data-key=S]").await;
        has(".result", "Selesai").await;
        click(client, ".counter-head button").await;
        has(".now", "Anda bekerja di loket mana").await;
    })
    .await;
    let steps = "select action from visit_event order by id";
    let wanted = ["arrive", "arrive", "undo", "call", "come", "finish", "undo", "finish"];
    assert_eq!(fixture.tables().await.texts(steps).await, wanted);
}

/// A picture of a code, held still in front of a camera, as a film of one second: 640 x 480 pixels, brightness and then two planes
/// without colour.
fn film(code: &str) -> Vec<u8> {
    const WIDTH: usize = 640;
    const HEIGHT: usize = 480;
    const SCALE: usize = 12;
    let qr = qrcode::QrCode::new(code).unwrap();
    let colours = qr.to_colors();
    let side = qr.width() * SCALE;
    let (left, top) = ((WIDTH - side) / 2, (HEIGHT - side) / 2);
    let is_dark = |x: usize, y: usize| {
        let inside = (left..left + side).contains(&x) && (top..top + side).contains(&y);
        inside && colours[(y - top) / SCALE * qr.width() + (x - left) / SCALE] == qrcode::Color::Dark
    };
    let light =
        (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y))).map(|(x, y)| if is_dark(x, y) { 16 } else { 235 });
    let frame: Vec<u8> = light.chain(std::iter::repeat_n(128, WIDTH * HEIGHT / 2)).collect();
    let mut film = b"YUV4MPEG2 W640 H480 F30:1 Ip A1:1 C420mpeg2\n".to_vec();
    for _ in 0..30 {
        film.extend(b"FRAME\n");
        film.extend(&frame);
    }
    film
}

// Negative control: under the policy of the other pages, without `'wasm-unsafe-eval'`, the reader is not there and nobody is entered.
#[tokio::test(flavor = "multi_thread")]
async fn the_camera_enters_a_code_once() {
    let stage = DeskStage::of(open(Engine::Sqlite, false).await).await;
    let fixture = &stage.fixture;
    let code = book(fixture, 1).await;
    fixture.pass(TO_TUESDAY);
    let rina = stage.enrol("rina", Role::Officer).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("code.y4m");
    std::fs::write(&path, film(&code)).unwrap();
    let camera = [
        "--use-fake-ui-for-media-stream".to_owned(),
        "--use-fake-device-for-media-stream".to_owned(),
        format!("--use-file-for-fake-video-capture={}", path.display()),
    ];
    with_arguments(OFFICE, &camera, async |client| {
        stage.enter(client, &rina, "check-in").await;
        click(client, "#camera-button").await;
        until(client, &outcome_has("08-001")).await;
        // It is still held there, and counts once.
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        until(client, &outcome_has("Sudah masuk")).await;
        until(client, "!document.querySelector('#problem')").await;
        look(client, "check-in-camera").await;
        click(client, "#camera-button").await;
        until(client, "document.querySelector('#camera').hidden").await;
        // Only this page may compile a program.
        for (page, may) in [("check-in", true), ("counter", false)] {
            let asked = "const done = arguments[1]; fetch('/console/bogor/' + arguments[0])
                .then(answer => done(answer.headers.get('content-security-policy').includes('wasm-unsafe-eval')));";
            assert_eq!(client.execute_async(asked, vec![json!(page)]).await.unwrap(), json!(may), "{page}");
        }
    })
    .await;
    assert_eq!(fixture.tables().await.count("select count(*) from visit").await, 1);
}

on_both_engines!(
    a_scanner_enters_people_whatever_has_the_focus,
    two_counters_call_at_once_by_the_keyboard,
    the_desk_works_without_javascript,
);
