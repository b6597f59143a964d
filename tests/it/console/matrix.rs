//! Every route of the console, by every method, for every role, at their own and at another office: what the table allows, and no
//! more. And no GET changes anything.

use std::collections::{BTreeMap, BTreeSet};

use antrean::domain::staff::Role;
use regex::Regex;
use reqwest::Method;

use super::{Console, at};
use crate::support::engine::{Engine, Tables, on_both_engines};

/// Who is let in, by the letters of their roles: officer, supervisor, auditor, administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opens {
    /// Whoever comes.
    All,
    /// Whoever is signed in.
    Signed,
    /// Whoever has one of these roles at the office of the address.
    AtOffice(&'static str),
    /// Whoever has one of these roles everywhere.
    Everywhere(&'static str),
    /// Nobody who is signed in: what is named by the address of this test is not there.
    Unnamed,
    /// Nobody, signed in or not.
    Closed,
}

use Opens::{All, AtOffice, Closed, Everywhere, Signed, Unnamed};

/// What each route allows by each of its methods. A route that is not here fails the test by its name.
const TABLE: &[(&str, &str, Opens)] = &[
    ("/console", "GET", Signed),
    ("/console/", "GET", Signed),
    ("/console/sign-in", "GET", All),
    ("/console/sign-in", "POST", All),
    ("/console/sign-out", "POST", Signed),
    ("/console/language", "POST", All),
    ("/console/alive", "POST", Signed),
    ("/console/confirm", "POST", Signed),
    ("/console/link", "GET", All),
    ("/console/link", "POST", All),
    ("/console/link/use", "POST", All),
    ("/console/account", "GET", Signed),
    ("/console/account/password", "POST", Signed),
    ("/console/account/recovery", "POST", Signed),
    ("/console/account/sessions/others/end", "POST", Signed),
    // Nobody's session has the number.
    ("/console/account/sessions/{id}/end", "POST", Unnamed),
    ("/console/people", "GET", Everywhere("AD")),
    ("/console/people", "POST", Everywhere("D")),
    ("/console/people/{id}", "GET", Everywhere("AD")),
    // The form names no role.
    ("/console/people/{id}/grant", "POST", Unnamed),
    ("/console/people/{id}/revoke", "POST", Unnamed),
    ("/console/people/{id}/disable", "POST", Everywhere("D")),
    ("/console/people/{id}/enable", "POST", Everywhere("D")),
    ("/console/people/{id}/link", "POST", Everywhere("D")),
    ("/console/offices", "GET", Signed),
    ("/console/{office}", "GET", AtOffice("OSAD")),
    ("/console/{office}/live", "GET", AtOffice("OSA")),
    ("/console/{office}/calendar", "GET", AtOffice("OSA")),
    ("/console/{office}/calendar", "POST", AtOffice("S")),
    ("/console/{office}/calendar/preview", "POST", AtOffice("S")),
    // No change has the number.
    ("/console/{office}/calendar/changes/{id}", "GET", Unnamed),
    ("/console/{office}/calendar/changes/{id}/progress", "GET", Unnamed),
    ("/console/{office}/calendar/changes/{id}/undo", "POST", Unnamed),
    ("/console/{office}/check-in", "GET", AtOffice("OSA")),
    ("/console/{office}/check-in", "POST", AtOffice("OS")),
    ("/console/{office}/check-in/walk-in", "POST", AtOffice("OS")),
    ("/console/{office}/check-in/undo", "POST", AtOffice("OS")),
    ("/console/{office}/counter", "GET", AtOffice("OSA")),
    ("/console/{office}/counter", "POST", AtOffice("OS")),
    ("/console/{office}/counter/lists", "GET", AtOffice("OSA")),
    ("/console/{office}/today", "GET", AtOffice("OSA")),
    ("/console/{office}/today/list", "GET", AtOffice("OSA")),
    ("/console/{office}/find", "GET", AtOffice("OSA")),
    ("/console/{office}/find", "POST", AtOffice("OSA")),
    ("/console/{office}/format", "GET", AtOffice("SAD")),
    ("/console/{office}/format", "POST", AtOffice("SD")),
    ("/console/{office}/format/look", "POST", AtOffice("SD")),
    ("/console/{office}/displays", "GET", AtOffice("OSAD")),
    ("/console/{office}/displays", "POST", AtOffice("SD")),
    // No display has the number.
    ("/console/{office}/displays/{id}/remove", "POST", Unnamed),
    ("/console/{office}/settings", "GET", AtOffice("SAD")),
    ("/console/{office}/settings", "POST", AtOffice("SD")),
    ("/console/{office}/settings/holidays", "GET", AtOffice("SAD")),
    ("/console/{office}/settings/holidays", "POST", AtOffice("SD")),
    ("/console/{office}/settings/text", "GET", AtOffice("SAD")),
    ("/console/{office}/settings/text", "POST", AtOffice("SD")),
    ("/console/{office}/settings/versions", "GET", AtOffice("SAD")),
    // No version has the number.
    ("/console/{office}/settings/versions/{id}", "GET", Unnamed),
    ("/console/{office}/settings/versions/{id}/restore", "POST", Unnamed),
    ("/console/{office}/paper", "GET", AtOffice("OS")),
    ("/console/{office}/paper/enter", "GET", AtOffice("OS")),
    ("/console/{office}/paper/enter", "POST", AtOffice("OS")),
    ("/console/{office}/conversations", "GET", AtOffice("OSA")),
    ("/console/{office}/conversations", "POST", AtOffice("OS")),
    ("/console/{office}/conversations/list", "GET", AtOffice("OSA")),
    ("/console/{office}/conversations/misread", "GET", AtOffice("OS")),
    // The form names no message, and no reply.
    ("/console/{office}/conversations/misread/case", "POST", Unnamed),
    ("/console/{office}/conversations/again", "POST", Unnamed),
    // Nobody has been replied to.
    ("/console/{office}/conversations/{id}", "GET", Unnamed),
    ("/console/{office}/conversations/{id}/lines", "GET", Unnamed),
    ("/console/{office}/conversations/{id}/act", "POST", Unnamed),
    ("/console/{office}/conversations/{id}/typing", "POST", Unnamed),
    ("/console/{office}/channels", "GET", AtOffice("OSAD")),
    // The form names no channel.
    ("/console/{office}/channels/act", "POST", Unnamed),
    ("/console/{office}/paper/pdf", "GET", AtOffice("OS")),
    ("/console/{office}/reports", "GET", AtOffice("OSAD")),
    ("/console/{office}/reports/files", "GET", AtOffice("SD")),
    ("/console/{office}/reports/files", "POST", AtOffice("SD")),
    // Nobody has asked for the file.
    ("/console/{office}/reports/files/{id}", "GET", Unnamed),
    ("/console/{office}/reports/files/{id}/remove", "POST", Unnamed),
    ("/console/{office}/audit", "GET", AtOffice("SAD")),
    ("/console/{office}/audit/csv", "GET", AtOffice("SAD")),
    ("/console/{office}/audit/verify", "POST", AtOffice("SAD")),
    // Nobody has booked.
    ("/console/{office}/booking/{code}", "GET", Unnamed),
    ("/console/{office}/booking/{code}/photo", "GET", Unnamed),
    ("/console/{office}/booking/{code}/why", "POST", Unnamed),
    ("/console/{office}/{*rest}", "GET", Closed),
    ("/console/{office}/{*rest}", "POST", Closed),
    ("/console/assets/{version}/{name}", "GET", Closed),
];

/// Methods that are tried on every route: what it does not take is refused before anybody is asked who they are.
const METHODS: [Method; 6] = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// Every route of the console, with its methods, read from the source.
pub(crate) fn routes() -> Vec<(String, Vec<Method>)> {
    let source = include_str!("../../../src/web/console/routes.rs");
    let line = Regex::new(r#"\.route\("(/console[^"]*)", (.*)\)"#).unwrap();
    let routes: Vec<_> = line
        .captures_iter(source)
        .map(|found| {
            let methods = [("get(", Method::GET), ("post(", Method::POST)];
            let methods = methods.into_iter().filter(|(word, _)| found[2].contains(word)).map(|(_, method)| method);
            (found[1].to_owned(), methods.collect())
        })
        .collect();
    assert_eq!(routes.len(), source.matches(".route(").count(), "a route was not found");
    routes
}

/// A path with its parameters filled in.
fn path(route: &str, office: &str, id: i64) -> String {
    route
        .replace("{office}", office)
        .replace("{id}", &id.to_string())
        .replace("{code}", "LMGFD5AQ")
        .replace("{*rest}", "nowhere")
        .replace("{version}", "0")
        .replace("{name}", "x")
}

/// Somebody who asks: their role's letter, and whether it holds everywhere; without a role, nobody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Who {
    letter: char,
    everywhere: bool,
}

const NOBODY: Who = Who { letter: '-', everywhere: false };

/// Where everybody's own office is, and another one.
const OFFICES: [(&str, bool); 2] = [("bogor", true), ("batam", false)];

/// What the table says that somebody gets.
fn wanted(opens: Opens, who: Who, is_own: bool) -> &'static str {
    let is_open = match opens {
        All => true,
        Closed => false,
        _ if who == NOBODY => return "sign-in",
        Signed => true,
        AtOffice(letters) => (is_own || who.everywhere) && letters.contains(who.letter),
        Everywhere(letters) => who.everywhere && letters.contains(who.letter),
        Unnamed => false,
    };
    if is_open { "open" } else { "404" }
}

/// What the table says of a route and a method; `None` where it says nothing.
fn said(route: &str, method: &Method) -> Option<Opens> {
    // A HEAD is a GET without its body.
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    TABLE.iter().find(|(of, by, _)| *of == route && *by == method.as_str()).map(|(_, _, opens)| *opens)
}

/// Everybody, signed in: each role at Bogor, and each role everywhere.
async fn everybody(console: &Console) -> BTreeMap<Who, Option<String>> {
    let mut tokens = BTreeMap::from([(NOBODY, None)]);
    for (letter, role) in
        [('O', Role::Officer), ('S', Role::Supervisor), ('A', Role::Auditor), ('D', Role::Administrator)]
    {
        for everywhere in [false, true] {
            let place = (!everywhere).then_some("bogor");
            let login = format!("{role}{}", if everywhere { "-everywhere" } else { "" });
            let token = console.enrol(&login, &[at(place, role)]).await.0;
            tokens.insert(Who { letter, everywhere }, Some(token));
        }
    }
    tokens
}

// Negative controls: `InOffice::of` without its filter of levels; `OfficeView::of` that shows every office; `may_manage` true for
// everybody. Each makes this fail by the names of the routes.
async fn every_route_opens_to_exactly_those_whom_the_table_names(engine: Engine) {
    let console = Console::open(engine, "").await;
    let tokens = everybody(&console).await;
    // Whose number is in the addresses: never one who asks.
    let (_, other) = console.enrol("sari", &[]).await;
    let (mut wrong, mut met) = (Vec::new(), BTreeSet::new());
    for (route, methods) in routes() {
        for method in METHODS {
            let takes = methods.contains(&method) || (method == Method::HEAD && methods.contains(&Method::GET));
            let opens = said(&route, &method);
            if takes && opens.is_none() {
                wrong.push(format!("{method} {route} is not in the table"));
            }
            // It would end the session that the next routes are asked in.
            if takes && route == "/console/sign-out" {
                continue;
            }
            for (office, is_own) in OFFICES {
                for (who, token) in &tokens {
                    let path = path(&route, office, other);
                    let answer = console.ask(method.clone(), &path, token.as_deref(), &[]).await;
                    let location = answer.headers.get("location").and_then(|value| value.to_str().ok());
                    let seen = match answer.status.as_u16() {
                        404 => "404",
                        405 => "405",
                        // Asked by a page itself, which leads there.
                        401 => "sign-in",
                        303 if location.is_some_and(|to| to.starts_with("/console/sign-in")) => "sign-in",
                        200..=399 | 422 | 429 => "open",
                        _ => "another status",
                    };
                    let wanted = match opens.filter(|_| takes) {
                        Some(opens) => wanted(opens, *who, is_own),
                        None => "405",
                    };
                    met.insert(seen);
                    if seen != wanted {
                        wrong.push(format!("{method} {path} as {who:?}: {seen} ({}), not {wanted}", answer.status));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(met, BTreeSet::from(["404", "405", "open", "sign-in"]), "a matrix that cannot tell");
}

/// Every row of the staff's and of the day's tables and the number of rows of all others, but for when sessions were last used.
async fn state(tables: &mut Tables) -> Vec<String> {
    let mut all = Vec::new();
    for sql in [
        "select id || login || name || state || coalesce(password, '-') || coalesce(seed, '-') || step from staff",
        "select staff || office || role from staff_role",
        "select id || token || staff || network || browser || began_us || confirmed_us from staff_session",
        "select staff || token || kind || until_us from staff_link",
        "select staff || code from staff_recovery",
        "select subject || failures || failed_us from staff_throttle",
        "select staff || network || seen_us from staff_network",
        "select id || ' ' || state || ' ' || version || ' ' || calls || ' ' || coalesce(counter, 0) from visit",
        "select id || ' ' || visit || ' ' || action from visit_event",
        "select id || ' ' || actor || ' ' || coalesce(closed_us, 0) from shift",
        "select seq || ' ' || kind || ' ' || number from board_call",
        "select office || ' ' || topic || ' ' || version from live",
        "select office || ' ' || format || ' ' || staff || ' ' || text from format_draft",
        "select id || state || written from export",
        "select cast(count(*) as text) from booking",
        "select cast(count(*) as text) from outbox",
        "select cast(count(*) as text) from inbound",
        "select cast(count(*) as text) from event",
        "select id || ' ' || version || ' ' || calendar from office",
        "select id || ' ' || state from calendar_change",
        "select office || ' ' || version || ' ' || hash from office_version",
        "select ticket || ' ' || login from ticket_holder",
        "select cast(ticket as text) || login from ticket_typing",
        "select channel || ' ' || state from channel",
    ] {
        let mut rows = tables.texts(sql).await;
        rows.sort();
        all.push(format!("{sql}: {rows:?}"));
    }
    all
}

// Controls: the posts at the end, which end a session, and call somebody.
async fn no_get_changes_anything(engine: Engine) {
    let console = Console::open(engine, "").await;
    let (hadi, id) = console.enrol("hadi", &[at(None, Role::Administrator)]).await;
    let (rina, other) = console.enrol("rina", &[at(Some("bogor"), Role::Officer)]).await;
    let (agus, _) = console.enrol("agus", &[at(Some("bogor"), Role::Supervisor)]).await;
    let link = console.installation.run(&["user", "reset", "rina"]).done();
    let link = link.lines().last().unwrap().split('#').nth(1).unwrap().to_owned();
    // A day in progress: somebody is called at Rina's counter, by a press that an address can name, and somebody waits.
    let visit = |more: &[&str]| {
        let all: Vec<&str> = ["visit", "--office", "bogor", "--as", "rina"].iter().chain(more).copied().collect();
        console.installation.run(&all).done();
    };
    visit(&["counter", "open", "3"]);
    for name in ["Budi", "Sri"] {
        visit(&["walk-in", "--name", name, "--priority", "elderly"]);
    }
    visit(&["call", "3", "--nonce", "mark.press"]);
    let mut tables = console.installation.tables().await;
    let before = state(&mut tables).await;
    let query = format!(
        "?link={link}&login=hadi&role=officer&place=&language=en&done=saved&back=/console&press=mark.press&at=3&do=call\
         &counter=3&nonce=other&name=Budi&code=LMGFD5AQ&of=mark.press"
    );
    let mut asked = 0;
    for (route, _) in routes() {
        for method in [Method::GET, Method::HEAD] {
            for number in [id, other] {
                for token in [&hadi, &rina, &agus] {
                    let path = path(&route, "bogor", number);
                    console.ask(method.clone(), &format!("{path}{query}"), Some(token), &[]).await;
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 300, "{asked}");
    assert_eq!(state(&mut tables).await, before);
    // The page shows what the press did; it was read, not done.
    let page = console.ask(Method::GET, "/console/bogor/counter?at=3&press=mark.press", Some(&rina), &[]).await;
    assert!(page.text.contains("P-01") && page.text.contains("Batalkan"), "{}", page.text);
    let undo = [("do", "undo"), ("counter", "3"), ("of", "mark.press"), ("nonce", "another")];
    console.post("/console/bogor/counter", Some(&rina), &undo).await;
    let undone = state(&mut tables).await;
    assert_ne!(undone, before, "a control");
    console.post("/console/sign-out", Some(&hadi), &[]).await;
    assert_ne!(state(&mut tables).await, undone, "a control");
}

on_both_engines!(every_route_opens_to_exactly_those_whom_the_table_names, no_get_changes_anything);
