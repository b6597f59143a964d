//! The console of the real binary, asked as browsers and as others ask: who may reach what, and what no request may do.

mod acts;
mod calendar;
mod examples;
mod format;
mod live;
pub(crate) mod matrix;
mod settings;
pub(crate) mod today;

use std::sync::Arc;

use antrean::access::{Access, Actor, Used, Visitor, next_code};
use antrean::clock::{Clock, SharedClock, SystemClock};
use antrean::domain::audit::Operator;
use antrean::domain::office::OfficeId;
use antrean::domain::staff::{Grant, Place, Role};
use antrean::roster::Roster;
use antrean::storage::Storage;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};

use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{Installation, until};
use crate::support::server_process::{ServerProcess, still_client};

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
        Self { installation, served, client: still_client() }
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
        enrol(&self.installation, login, grants).await
    }
}

/// Somebody with these roles, signed in to the console of an installation: the token, and their number.
pub(crate) async fn enrol(installation: &Installation, login: &str, grants: &[Grant]) -> (String, i64) {
    let storage = Storage::open(&installation.url()).await.unwrap();
    let clock: SharedClock = Arc::new(SystemClock);
    let roster = Arc::new(Roster::shipped().unwrap());
    let offices = Arc::new(move || Arc::clone(&roster));
    let access = Access::new(storage.clone(), clock.clone(), clock, offices).unwrap();
    let id = access
        .people()
        .add(Actor::Terminal(&Operator::new(None, "tests")), (login, login), grants)
        .await
        .unwrap()
        .unwrap();
    let link = access.people().link(Actor::Terminal(&Operator::new(None, "tests")), id, false).await.unwrap().unwrap();
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

pub(crate) fn at(office: Option<&str>, role: Role) -> Grant {
    let place = office.map_or(Place::Everywhere, |office| Place::Office(OfficeId::read(office).unwrap()));
    Grant { place, role }
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
    let is_named = async || console.served.log().contains("antrean user add --first").then_some(());
    until("the log to name the command", is_named).await;
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
    let folders = [
        "templates/console",
        "templates/console/today",
        "templates/console/desk",
        "templates/console/displays",
        "templates/console/format",
        "templates/console/paper",
        "templates/console/reports",
        "templates/console/ministry",
    ];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    for path in files.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        let text = std::fs::read_to_string(&path).unwrap();
        // A part that a template of its own has rendered already.
        let text = text.replace("{{ lists|safe }}", "");
        assert!(!is_bad(&text), "{}", path.display());
        // Every element that htmx acts on carries the page's nonce.
        for tag in text.split('<').filter(|tag| ["hx-post", "hx-get", "hx-sse:"].iter().any(|acts| tag.contains(acts)))
        {
            assert!(tag.contains("hx-nonce"), "{}: {tag}", path.display());
        }
    }
    assert!(is_bad("<p hx-on:click=\"x\">"));
}

on_both_engines!(
    a_form_of_another_site_changes_nothing,
    a_password_comes_over_tls_or_from_this_machine_only,
    people_are_looked_after_from_the_command_line,
);
