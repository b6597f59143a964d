//! The console of the real binary, asked as browsers and as others ask: who may reach what, and what no request may do.

mod live;

use std::collections::BTreeMap;
use std::sync::Arc;

use antrean::access::{Access, Actor, Used, Visitor, next_code};
use antrean::clock::{Clock, SharedClock, SystemClock};
use antrean::domain::office::OfficeId;
use antrean::domain::staff::{Grant, Place, Role};
use antrean::roster::Roster;
use antrean::storage::Storage;
use regex::Regex;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};

use crate::support::engine::{Engine, Tables, on_both_engines};
use crate::support::installation::Installation;
use crate::support::server_process::ServerProcess;

const PASSWORD: &str = "sepeda kabut lemari angin";

/// A served installation with a console.
struct Console {
    installation: Installation,
    served: ServerProcess,
    client: reqwest::Client,
}

/// What somebody is asked for, and by whom.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Console {
    async fn open(engine: Engine, more: &str) -> Self {
        let installation = Installation::new_on(engine, "http://127.0.0.1:9").await;
        let config = std::fs::read_to_string(installation.config()).unwrap();
        std::fs::write(installation.config(), format!("{more}{config}\n[console]\n")).unwrap();
        let served = tokio::task::block_in_place(|| ServerProcess::start(&installation));
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self { installation, served, client }
    }

    async fn ask(&self, method: Method, path: &str, token: Option<&str>, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.served.address));
        if let Some(token) = token {
            request = request.header("cookie", format!("antrean-session={token}"));
        }
        if method == Method::POST {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let is_endless = headers.get("content-type").is_some_and(|kind| kind == "text/event-stream");
        let text = if is_endless { String::new() } else { answer.text().await.unwrap() };
        Answer { status, headers, text }
    }

    async fn post(&self, path: &str, token: Option<&str>, body: &[(&str, &str)]) -> Answer {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(body);
        let mut request = self
            .client
            .post(format!("{}{path}", self.served.address))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", &self.served.address);
        if let Some(token) = token {
            request = request.header("cookie", format!("antrean-session={token}"));
        }
        let answer = request.body(form.finish()).send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        Answer { status, headers, text: answer.text().await.unwrap() }
    }

    /// Somebody with these roles, signed in: the token, and their number.
    async fn enrol(&self, login: &str, grants: &[Grant]) -> (String, i64) {
        let storage = Storage::open(&self.installation.url()).await.unwrap();
        let clock: SharedClock = Arc::new(SystemClock);
        let roster = Arc::new(Roster::shipped().unwrap());
        let offices = Arc::new(move || Arc::clone(&roster));
        let access = Access::new(storage.clone(), clock.clone(), clock, offices).unwrap();
        let id = access.people().add(Actor::Terminal, (login, login), grants).await.unwrap().unwrap();
        let link = access.people().link(Actor::Terminal, id, false).await.unwrap().unwrap();
        let seed = access.open_link(&link).await.unwrap().unwrap().seed().unwrap().to_owned();
        let code = next_code(&seed, 0, SystemClock.now()).unwrap().0;
        let visitor = Visitor { network: "127.0.0.1".to_owned(), browser: "Firefox".to_owned() };
        let used = access.use_link(&link, (PASSWORD, &code), &visitor).await.unwrap();
        storage.close().await;
        match used {
            Used::In { token, .. } => (token, id),
            other => panic!("{other:?}"),
        }
    }
}

fn at(office: Option<&str>, role: Role) -> Grant {
    let place = office.map_or(Place::Everywhere, |office| Place::Office(OfficeId::read(office).unwrap()));
    Grant { place, role }
}

/// Every route of the console, with its methods, read from the source.
fn routes() -> Vec<(String, Vec<Method>)> {
    let source = include_str!("../../src/web/console/routes.rs");
    let line = Regex::new(r#"\.route\("(/console[^"]*)", (.*)\)"#).unwrap();
    let routes: Vec<_> = line
        .captures_iter(source)
        .map(|found| {
            let methods = [("get(", Method::GET), ("post(", Method::POST)];
            let methods = methods.into_iter().filter(|(word, _)| found[2].contains(word)).map(|(_, method)| method);
            (found[1].to_owned(), methods.collect())
        })
        .collect();
    assert!(routes.len() >= 20, "the routes were not found: {routes:?}");
    routes
}

/// A path with its parameters filled in.
fn path(route: &str, office: &str, id: i64) -> String {
    route
        .replace("{office}", office)
        .replace("{id}", &id.to_string())
        .replace("{*rest}", "today")
        .replace("{version}", "0")
        .replace("{name}", "x")
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Nobody,
    Officer,
    Supervisor,
    LocalAuditor,
    LocalAdministrator,
    Auditor,
    Administrator,
}

/// What the table of rights says: who does not get a 404, of those who are signed in.
fn is_open(route: &str, method: &Method, who: Who, is_own: bool) -> bool {
    let everywhere = matches!(who, Who::Auditor | Who::Administrator);
    let sees_day = match who {
        Who::Officer | Who::Supervisor | Who::LocalAuditor => is_own,
        Who::Auditor => true,
        Who::Nobody | Who::LocalAdministrator | Who::Administrator => false,
    };
    match route {
        "/console/{office}/live" => sees_day,
        "/console/{office}" => is_own || everywhere,
        "/console/{office}/displays" if *method == Method::GET => is_own || everywhere,
        "/console/{office}/displays" => match who {
            Who::Supervisor | Who::LocalAdministrator => is_own,
            Who::Administrator => true,
            _ => false,
        },
        "/console/{office}/paper" | "/console/{office}/paper/enter" => {
            is_own && matches!(who, Who::Officer | Who::Supervisor)
        }
        "/console/people" | "/console/people/{id}" if *method == Method::GET => everywhere,
        // Without a role in the form there is nothing to give; whoever may read the page gets it with the reason.
        "/console/people"
        | "/console/people/{id}/link"
        | "/console/people/{id}/disable"
        | "/console/people/{id}/enable" => who == Who::Administrator,
        // No page; no role is named; nobody's session has the number that is asked for.
        "/console/{office}/{*rest}"
        | "/console/assets/{version}/{name}"
        | "/console/{office}/displays/{id}/remove"
        | "/console/people/{id}/grant"
        | "/console/people/{id}/revoke"
        | "/console/account/sessions/{id}/end" => false,
        _ => true,
    }
}

const OPEN_TO_ALL: [&str; 6] = [
    "/console/sign-in",
    "/console/link",
    "/console/link/use",
    "/console/language",
    "/console/{office}/{*rest}",
    "/console/assets/{version}/{name}",
];

// Controls: `OfficeView::of` that shows every office; `may_manage` true for everybody; both make this fail by name.
async fn every_route_opens_to_exactly_those_whom_the_table_names(engine: Engine) {
    let console = Console::open(engine, "").await;
    let mut tokens: BTreeMap<Who, Option<String>> = BTreeMap::from([(Who::Nobody, None)]);
    for (who, login, office, role) in [
        (Who::Officer, "rina", Some("bogor"), Role::Officer),
        (Who::Supervisor, "agus", Some("bogor"), Role::Supervisor),
        (Who::LocalAuditor, "tuti", Some("bogor"), Role::Auditor),
        (Who::LocalAdministrator, "joko", Some("bogor"), Role::Administrator),
        (Who::Auditor, "dewi", None, Role::Auditor),
        (Who::Administrator, "hadi", None, Role::Administrator),
    ] {
        tokens.insert(who, Some(console.enrol(login, &[at(office, role)]).await.0));
    }
    // Whose number is in the addresses: never one who asks.
    let (_, other) = console.enrol("sari", &[]).await;
    let mut wrong = Vec::new();
    for (route, methods) in routes() {
        // It would end the session that the next routes are asked in.
        if route == "/console/sign-out" {
            continue;
        }
        for office in ["bogor", "batam"] {
            for method in &methods {
                for (who, token) in &tokens {
                    let path = path(&route, office, other);
                    let answer = console.ask(method.clone(), &path, token.as_deref(), &[]).await;
                    let wanted = if *who == Who::Nobody && !OPEN_TO_ALL.contains(&route.as_str()) {
                        "sign-in"
                    } else if is_open(&route, method, *who, office == "bogor") {
                        "open"
                    } else {
                        "404"
                    };
                    let location = answer.headers.get("location").and_then(|value| value.to_str().ok());
                    let seen = match answer.status.as_u16() {
                        404 => "404",
                        // Asked by a page itself, which leads there.
                        401 => "sign-in",
                        303 if location.is_some_and(|to| to.starts_with("/console/sign-in")) => "sign-in",
                        200..=399 | 422 | 429 => "open",
                        _ => "another status",
                    };
                    if seen != wanted {
                        wrong.push(format!("{method} {path} as {who:?}: {seen} ({}), not {wanted}", answer.status));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every row of the staff's tables and the number of rows of all others, but for when sessions were last used.
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
        "select cast(count(*) as text) from booking",
        "select cast(count(*) as text) from outbox",
        "select cast(count(*) as text) from inbound",
        "select cast(count(*) as text) from event",
        "select id || ' ' || version from office",
    ] {
        let mut rows = tables.texts(sql).await;
        rows.sort();
        all.push(format!("{sql}: {rows:?}"));
    }
    all
}

// Control: the post that ends the other sessions, which this test then finds.
async fn no_get_changes_anything(engine: Engine) {
    let console = Console::open(engine, "").await;
    let (token, id) = console.enrol("hadi", &[at(None, Role::Administrator)]).await;
    let (_, other) = console.enrol("rina", &[at(Some("bogor"), Role::Officer)]).await;
    let link = console.installation.run(&["user", "reset", "rina"]).done();
    let link = link.lines().last().unwrap().split('#').nth(1).unwrap().to_owned();
    let mut tables = console.installation.tables().await;
    let before = state(&mut tables).await;
    for (route, _) in routes() {
        for method in [Method::GET, Method::HEAD] {
            for number in [id, other] {
                let path = path(&route, "bogor", number);
                let query = format!("?link={link}&login=hadi&role=officer&place=&language=en&done=saved&back=/console");
                console.ask(method.clone(), &format!("{path}{query}"), Some(&token), &[]).await;
            }
        }
    }
    assert_eq!(state(&mut tables).await, before);
    console.post("/console/sign-out", Some(&token), &[]).await;
    assert_ne!(state(&mut tables).await, before, "the control");
}

// Negative control: with the layer left out, all of these are taken.
async fn a_form_of_another_site_changes_nothing(engine: Engine) {
    let console = Console::open(engine, "").await;
    let (token, _) = console.enrol("hadi", &[at(None, Role::Administrator)]).await;
    for headers in [
        &[("origin", "https://evil.example")][..],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", "http://127.0.0.1:1")],
    ] {
        let answer = console.ask(Method::POST, "/console/sign-out", Some(&token), headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert!(answer.text.contains("Host"), "{}", answer.text);
    }
    assert_eq!(console.ask(Method::GET, "/console", Some(&token), &[]).await.status, StatusCode::OK);
    assert_eq!(console.post("/console/sign-out", Some(&token), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(console.ask(Method::GET, "/console", Some(&token), &[]).await.status, StatusCode::SEE_OTHER);
}

// Negative control: with `Transport::of` always `Loopback`, the first two are let in.
async fn a_password_comes_over_tls_or_from_this_machine_only(engine: Engine) {
    let console = Console::open(engine, "").await;
    let forwarded = [("x-forwarded-for", "198.51.100.1")];
    let refused = console.ask(Method::GET, "/console/sign-in", None, &forwarded).await;
    assert!(refused.status == StatusCode::FORBIDDEN && refused.text.contains("trusted_proxies"), "{}", refused.text);
    let direct = console.ask(Method::GET, "/console/sign-in", None, &[]).await;
    assert_eq!(direct.status, StatusCode::OK);
    assert!(!direct.headers.contains_key("strict-transport-security"));
    drop(console);
    let console = Console::open(engine, "trusted_proxies = [\"127.0.0.1\"]\n").await;
    let plain = [("x-forwarded-for", "198.51.100.1"), ("x-forwarded-proto", "http")];
    assert_eq!(console.ask(Method::GET, "/console/sign-in", None, &plain).await.status, StatusCode::FORBIDDEN);
    let secure = [("x-forwarded-for", "198.51.100.1"), ("x-forwarded-proto", "https")];
    let page = console.ask(Method::GET, "/console/sign-in", None, &secure).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.headers.contains_key("strict-transport-security"));
    assert_eq!(page.headers["referrer-policy"], HeaderValue::from_static("same-origin"));
    assert_eq!(page.headers["cache-control"], HeaderValue::from_static("no-store"));
    let policy = page.headers["content-security-policy"].to_str().unwrap().to_owned();
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
    assert!(nonce.len() >= 22 && page.text.contains(&format!("nonce=\"{nonce}\"")), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
    let again = console.ask(Method::GET, "/console/sign-in", None, &secure).await;
    assert!(!again.headers["content-security-policy"].to_str().unwrap().contains(&nonce), "a nonce is used once");
    let (token, _) = console.enrol("hadi", &[at(None, Role::Administrator)]).await;
    let cookie = format!("__Host-antrean-session={token}");
    let out = [secure[0], secure[1], ("cookie", cookie.as_str())];
    let out = console.ask(Method::POST, "/console/sign-out", None, &out).await;
    let set = out.headers["set-cookie"].to_str().unwrap().to_owned();
    for part in ["__Host-antrean-session=;", "Path=/", "HttpOnly", "SameSite=Strict", "Secure", "Max-Age=0"] {
        assert!(set.contains(part), "{part} in {set}");
    }
}

async fn people_are_looked_after_from_the_command_line(engine: Engine) {
    let console = Console::open(engine, "").await;
    assert!(console.served.log().contains("antrean user add --first"), "{}", console.served.log());
    assert!(console.served.get("/").await.1.contains("href=\"/console\""), "the start page leads here");
    let first = console.installation.run(&["user", "add", "--first"]).done();
    assert!(first.contains("/console/link#") && first.contains("15 minutes"), "{first}");
    assert!(!console.served.log().contains(first.split('#').nth(1).unwrap().trim()), "the log has no link");
    let again = console.installation.run(&["user", "add", "--first", "hadi"]).done();
    assert!(again.contains("/console/link#"), "nobody has enrolled yet: {again}");
    console.enrol("dewi", &[at(None, Role::Administrator)]).await;
    let late = console.installation.run(&["user", "add", "--first"]);
    assert!(late.code == 1 && late.err.contains("user add LOGIN"), "{late:?}");
    console
        .installation
        .run(&["user", "add", "rina", "--name", "Rina Marlina", "--role", "officer", "--office", "bogor"])
        .done();
    let twice = console.installation.run(&["user", "add", "Rina"]);
    assert!(twice.code == 1 && twice.err.contains("user list"), "{twice:?}");
    let nowhere = console.installation.run(&["user", "role", "rina", "supervisor", "--office", "atlantis"]);
    assert!(nowhere.code == 1 && nowhere.err.contains("jakarta-pusat"), "{nowhere:?}");
    let no_role = console.installation.run(&["user", "role", "rina", "boss"]);
    assert!(no_role.code == 2 && no_role.err.contains("administrator"), "{no_role:?}");
    console.installation.run(&["user", "role", "rina", "supervisor", "--office", "batam"]).done();
    console.installation.run(&["user", "role", "rina", "officer", "--office", "bogor", "--revoke"]).done();
    let list = console.installation.run(&["user", "list"]).done();
    assert!(list.contains("supervisor at batam") && !list.contains("officer at bogor"), "{list}");
    let json: serde_json::Value =
        serde_json::from_str(&console.installation.run(&["user", "list", "--json"]).done()).unwrap();
    let rina = json.as_array().unwrap().iter().find(|row| row["login"] == "rina").unwrap();
    assert_eq!((rina["state"].as_str(), rina["roles"][0]["office"].as_str()), (Some("invited"), Some("batam")));
    let last = console.installation.run(&["user", "disable", "dewi"]);
    assert!(last.code == 1 && last.err.contains("another one first"), "{last:?}");
    console.installation.run(&["user", "disable", "rina"]).done();
    let off = console.installation.run(&["user", "reset", "rina"]);
    assert!(off.code == 1 && off.err.contains("--undo"), "{off:?}");
    console.installation.run(&["user", "disable", "rina", "--undo"]).done();
    console.installation.run(&["user", "reset", "dewi", "--lost-phone"]).done();
    let code = console.installation.run(&["user", "code", "dewi", "--demo", "--config", "antrean.toml"]);
    assert!(code.code == 1 && code.err.contains("no demo"), "{code:?}");
    let verified = console.installation.run(&["db", "verify"]).done();
    assert!(verified.contains("the books balance"), "{verified}");
}

// What pages may not use, so that the policy can stay as it is. Control: a template with `hx-on` is found.
#[test]
fn no_template_needs_code_from_a_text() {
    let is_bad =
        |text: &str| ["hx-on", "js:", "javascript:", "onclick", "style=", "|safe"].iter().any(|bad| text.contains(bad));
    for entry in std::fs::read_dir("templates/console").unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!is_bad(&text), "{}", path.display());
        // Every element that htmx acts on carries the page's nonce.
        for tag in text.split('<').filter(|tag| tag.contains("hx-post") || tag.contains("hx-get")) {
            assert!(tag.contains("hx-nonce"), "{}: {tag}", path.display());
        }
    }
    assert!(is_bad("<p hx-on:click=\"x\">"));
}

on_both_engines!(
    every_route_opens_to_exactly_those_whom_the_table_names,
    no_get_changes_anything,
    a_form_of_another_site_changes_nothing,
    a_password_comes_over_tls_or_from_this_machine_only,
    people_are_looked_after_from_the_command_line,
);
