//! What people see and reach on the simulator's page, on every screen: the newest answer from its beginning, room for the
//! conversation, targets for thumbs, names for those who speak to the browser.

use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use super::demo::Demo;
use super::{book, find, open, text_of, type_into, until};
use crate::support::browser::driver::{DESK, PHONE, Screen, ZOOMED, keep_picture, with_browser};
use crate::support::browser::stage::Stage;

/// axe-core 4.14.1 by Deque Systems, MPL-2.0: finds what WCAG calls a failure.
const AXE: &str = include_str!("axe.min.js");

/// What axe finds wrong on the page, a line each.
pub(super) async fn violations(client: &Client) -> Vec<String> {
    client.execute(&format!("{AXE};window.axe = axe;"), vec![]).await.unwrap();
    let script = "const done = arguments[0];
        axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
            .then(found => done(found.violations.map(it => `${it.id}: ${it.help}: ${it.nodes[0].html}`)), error => done([String(error)]));";
    let found = client.execute_async(script, vec![]).await.unwrap();
    found.as_array().unwrap().iter().map(|line| line.as_str().unwrap_or_default().to_owned()).collect()
}

async fn number(client: &Client, script: &str) -> f64 {
    client.execute(&format!("return {script}"), vec![]).await.unwrap().as_f64().unwrap()
}

/// Whether the beginning of the newest bubble, and its first `words`, can be seen without scrolling.
async fn newest_is_seen_from_its_beginning(client: &Client, words: &str) {
    let script = format!(
        "(() => {{
            const log = document.querySelector('.phone.shown .log').getBoundingClientRect();
            const newest = [...document.querySelectorAll('.phone.shown .bubble.office')].at(-1);
            const text = newest.querySelector('.text');
            const node = [...text.childNodes].find(it => it.textContent.includes('{words}'));
            if (!node) return false;
            const range = document.createRange();
            range.selectNodeContents(node);
            const word = range.getBoundingClientRect();
            const top = newest.getBoundingClientRect().top;
            return top >= log.top - 1 && word.top >= log.top && word.bottom <= log.bottom + 1;
        }})()"
    );
    until(client, &script).await;
}

// Negative control: with `toNewest` scrolling to the end, as it once did, the code is above the window on all three screens.
#[tokio::test]
async fn a_ticket_arrives_with_its_picture_code_and_number_in_sight() {
    let demo = Demo::start();
    for (screen, name) in [(DESK, "ticket-desk"), (PHONE, "ticket-phone"), (ZOOMED, "ticket-zoomed")] {
        with_browser(screen, async |client| {
            open(client, &demo.address).await;
            book(client, 1).await;
            until(client, "document.querySelector('.bubble.ticket')?.innerText.includes('08-0')").await;
            newest_is_seen_from_its_beginning(client, "Kode antrean").await;
            newest_is_seen_from_its_beginning(client, "Nomor antrean").await;
            let picture = "(() => { const log = document.querySelector('.log').getBoundingClientRect();
                const qr = document.querySelector('.ticket img').getBoundingClientRect();
                return qr.top >= log.top - 1 && qr.bottom <= log.bottom + 1 })()";
            until(client, picture).await;
            keep_picture(client, name).await;
        })
        .await;
    }
}

// Negative control: without the rules for little height the log has 55 of 384 pixels.
#[tokio::test]
async fn at_twice_the_size_half_of_the_screen_is_conversation_and_nothing_is_cut_off() {
    let stage = Stage::open().await;
    with_browser(ZOOMED, async |client| {
        open(client, &stage.address).await;
        book(client, 1).await;
        let share = number(client, "document.querySelector('.log').clientHeight / innerHeight").await;
        assert!(share >= 0.5, "{share}");
        until(client, "document.documentElement.scrollWidth <= innerWidth").await;
        let off = "[...document.querySelectorAll('.top button, .send, .owner .wall')].filter(it => it.checkVisibility())
            .filter(it => { const at = it.getBoundingClientRect(); return at.right > innerWidth + 1 || at.bottom > innerHeight + 1; })
            .map(it => it.outerHTML)";
        assert_eq!(client.execute(&format!("return {off}"), vec![]).await.unwrap(), json!([]));
        keep_picture(client, "zoomed").await;
    })
    .await;
}

// Controls: `min-height: 36px` for the chips; a label without the button's own words; a border in the colour of the rim.
#[tokio::test]
async fn everything_that_is_pressed_is_large_enough_and_is_called_what_it_says() {
    let stage = Stage::open().await;
    for screen in [DESK, PHONE, ZOOMED] {
        with_browser(screen, async |client| {
            open(client, &stage.address).await;
            find(client, "#add").await.click().await.unwrap();
            for language in ["id", "en"] {
                until(client, &format!("document.documentElement.lang === '{language}'")).await;
                let faults = "[...document.querySelectorAll('button, select, textarea, label.attach')].filter(it => it.checkVisibility())
                    .flatMap(it => {
                        const at = it.getBoundingClientRect();
                        const name = it.getAttribute('aria-label') ?? it.innerText;
                        const says = it.tagName === 'BUTTON' ? it.innerText.replace(/\\s+/g, ' ').trim() : '';
                        const faults = [];
                        if (at.width < 43.5 || at.height < 43.5) faults.push(`${name}: ${at.width} x ${at.height}`);
                        if (/[\\p{L}\\d]/u.test(says) && !name.includes(says)) faults.push(`${says}: called ${name}`);
                        return faults;
                    })";
                assert_eq!(client.execute(&format!("return {faults}"), vec![]).await.unwrap(), json!([]));
                find(client, "#language").await.click().await.unwrap();
            }
        })
        .await;
    }
}

/// Every control's border, and what it lies on, in one colour scheme.
const BORDERS: &str = "(() => {
    const luminance = ([r, g, b]) => [r, g, b].map(it => it / 255).map(it => it <= .03928 ? it / 12.92 : ((it + .055) / 1.055) ** 2.4)
        .reduce((sum, it, n) => sum + it * [.2126, .7152, .0722][n], 0);
    const colour = text => text.match(/[\\d.]+/g).map(Number);
    const over = ([r, g, b, a = 1], below) => [r, g, b].map((it, n) => it * a + below[n] * (1 - a));
    const ground = element => {
        for (let it = element; it; it = it.parentElement) {
            const found = colour(getComputedStyle(it).backgroundColor);
            if ((found[3] ?? 1) > .99) return found;
        }
        return [255, 255, 255];
    };
    const faults = [];
    for (const it of document.querySelectorAll('.chips button:not(.code), .composer textarea, .top button, .chathead select, .people button')) {
        if (!it.checkVisibility() || it === document.activeElement || it.disabled) continue;
        const below = ground(it.parentElement);
        const [a, b] = [luminance(over(colour(getComputedStyle(it).borderTopColor), below)), luminance(below)].sort((x, y) => y - x);
        const ratio = (a + .05) / (b + .05);
        if (ratio < 3) faults.push(`${it.className || it.id || it.tagName} ${ratio.toFixed(2)}`);
    }
    return faults;
})()";

pub(super) async fn prefer(client: &Client, scheme: &str) {
    let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    let command = json!({ "cmd": "Emulation.setEmulatedMedia", "params": media });
    crate::support::browser::driver::devtools(client, command).await;
}

// Negative control: `--edge` set to the value of `--rim` in either scheme.
#[tokio::test]
async fn axe_finds_nothing_and_borders_can_be_seen_in_light_and_dark() {
    let stage = Stage::open().await;
    let screens: [(Screen, &str); 3] = [(DESK, "desk"), (PHONE, "phone"), (ZOOMED, "zoomed")];
    for (screen, name) in screens {
        with_browser(screen, async |client| {
            open(client, &stage.address).await;
            book(client, 1).await;
            find(client, "#add").await.click().await.unwrap();
            type_into(client, 2, "halo").await;
            until(client, "document.querySelectorAll('.phone')[1].querySelector('.bubble.office')").await;
            for scheme in ["light", "dark"] {
                prefer(client, scheme).await;
                until(client, &format!("matchMedia('(prefers-color-scheme: {scheme})').matches")).await;
                assert_eq!(violations(client).await, Vec::<String>::new(), "{name} {scheme}");
                assert_eq!(
                    client.execute(&format!("return {BORDERS}"), vec![]).await.unwrap(),
                    json!([]),
                    "{name} {scheme}"
                );
                keep_picture(client, &format!("{name}-{scheme}")).await;
            }
            for page in ["/", "/nowhere"] {
                client.goto(&format!("{}{page}", stage.address)).await.unwrap();
                find(client, "h1").await;
                assert_eq!(violations(client).await, Vec::<String>::new(), "{page} on {name}");
                keep_picture(client, &format!("{name}-start{}", page.len())).await;
            }
        })
        .await;
    }
}

// Negative control: a picture without `alt` is what axe is known to find.
#[tokio::test]
async fn axe_finds_what_is_planted() {
    let stage = Stage::open().await;
    with_browser(DESK, async |client| {
        open(client, &stage.address).await;
        client.execute("document.querySelector('main').append(new Image())", vec![]).await.unwrap();
        assert!(violations(client).await.iter().any(|line| line.starts_with("image-alt")));
    })
    .await;
}

// Controls: `codeIn` without its deadline, without the quotes; the chip that only fills.
#[tokio::test]
async fn the_code_is_sent_by_its_button_and_not_offered_when_its_time_is_over() {
    let demo = Demo::start();
    with_browser(DESK, async |client| {
        open(client, &demo.address).await;
        // The office that the terminal names.
        assert_eq!(find(client, "select.office").await.prop("value").await.unwrap().as_deref(), Some("bogor"));
        for language in ["indonesia", "english"] {
            type_into(client, 1, &format!("#{language}")).await;
            until(client, "document.querySelectorAll('.bubble.own .ticks:not(.read)').length === 0").await;
            find(client, ".chips .example").await.click().await.unwrap();
            type_into(client, 1, "").await;
            find(client, ".chips .code").await;
            find(client, "[data-minutes='10']").await.click().await.unwrap();
            find(client, ".chips .code").await;
            find(client, "[data-minutes='60']").await.click().await.unwrap();
            until(client, "!document.querySelector('.chips .code')").await;
        }
        // A date that is quoted back is no code.
        let quoted = "[...document.querySelectorAll('.bubble.office')].at(-1).textContent.includes('“30021990”')";
        type_into(client, 1, "#Siti#30021990#10082026").await;
        until(client, quoted).await;
        until(client, "!document.querySelector('.chips .code')").await;
        find(client, ".chips .example").await.click().await.unwrap();
        type_into(client, 1, "").await;
        find(client, ".chips .code").await.click().await.unwrap();
        until(client, "document.querySelector('.ticket img')?.naturalWidth > 0").await;
        assert_eq!(text_of(client, ".complaint").await, "");
    })
    .await;
}

// Negative control: `undo` that adds somebody new has another number.
#[tokio::test]
async fn whoever_was_closed_comes_back_with_number_and_conversation() {
    let stage = Stage::open().await;
    with_browser(DESK, async |client| {
        open(client, &stage.address).await;
        for _ in 0..2 {
            find(client, "#add").await.click().await.unwrap();
        }
        type_into(client, 2, "halo").await;
        until(client, "document.querySelector('.phone:nth-child(2) .bubble.office')").await;
        let numbers = "[...document.querySelectorAll('.phone .number')].map(it => it.textContent)";
        let before: Value = client.execute(&format!("return {numbers}"), vec![]).await.unwrap();
        find(client, ".phone:nth-child(2) .close").await.click().await.unwrap();
        until(client, "document.querySelectorAll('.phone').length === 2 && document.activeElement.closest('#undo')")
            .await;
        keep_picture(client, "closed").await;
        client.find(Locator::Css("#undo button")).await.unwrap().click().await.unwrap();
        until(
            client,
            "document.querySelector('.phone:nth-child(2) .bubble.office') && document.querySelector('#undo').hidden",
        )
        .await;
        assert_eq!(client.execute(&format!("return {numbers}"), vec![]).await.unwrap(), before);
    })
    .await;
}
