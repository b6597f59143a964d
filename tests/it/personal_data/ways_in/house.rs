//! A served installation with every provider and the simulator, and what comes into it by each way.

use std::fs;

use antrean::domain::staff::Role;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use regex::Regex;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;
use tempfile::TempDir;

use super::search::{canaries, found_in, public_routes};
use super::table::{By, Odd, TABLE, Then, Told, Way, mark};
use crate::conformance::answers::post;
use crate::conformance::candidate::{Candidate, JPEG, Note, What};
use crate::conformance::providers;
use crate::console::matrix::routes;
use crate::console::{at, enrol};
use crate::personal_data::{CANARIES, NUMBER, in_tables};
use crate::support::engine::{Engine, Tables};
use crate::support::fake_whatsapp::Answer;
use crate::support::host::Host;
use crate::support::installation::{Installation, in_days, now, until};
use crate::support::server_process::{ServerProcess, still_client};
use crate::uploads::{by_page, link_in, photo};

/// The office that all providers but one write to.
const OFFICE: &str = "jakarta-pusat";
/// When the offices of an installation are open.
const HOURS: &str = r#"["08:00-12:00", "13:00-15:00"]"#;
/// Where the pages' links lead.
const PUBLIC: &str = "https://antrean.example.go.id";
/// Fields of all forms of the console.
const FIELDS: [&str; 36] = [
    "action", "all", "at", "back", "change", "chosen", "code", "contact", "counter", "date", "do", "file", "find",
    "format", "from", "hash", "key", "language", "link", "login", "message", "messages", "name", "new", "nonce",
    "note", "of", "old", "password", "place", "reason", "role", "seen", "text", "what", "why",
];

/// The installation.
pub struct House {
    pub installation: Installation,
    pub served: ServerProcess,
    hosts: Vec<(Candidate, Host)>,
    /// What ways write into files, and commands into theirs: no part of the installation.
    own: TempDir,
    /// A supervisor of both offices, who may also do whatever administrators do.
    agus: String,
    /// Messages that were sent so far: each has an id of its own.
    sent: u32,
    /// What was told where nobody may be shown: by whom, and what.
    pub leaks: Vec<String>,
}

impl House {
    pub async fn open(engine: Engine) -> Self {
        let installation = Installation::new_on(engine, "http://127.0.0.1:9").await;
        by_page(&installation);
        for office in [OFFICE, "batam"] {
            let file = installation.path("offices").join(format!("kantor-{office}.toml"));
            // Open at any hour: whoever comes is let in at whatever time the test runs.
            let text = fs::read_to_string(&file).unwrap().replace(HOURS, r#"["00:00-23:59"]"#);
            assert!(text.contains("00:00"), "{text}");
            fs::write(file, text + "\n[policy.handover]\nenabled = true\n").unwrap();
        }
        let (mut hosts, mut gateways) = (Vec::new(), String::new());
        for candidate in providers() {
            let host = Host::start(candidate.play).await;
            let (name, key) = (candidate.name, candidate.channel);
            let office = if name == "wa" { "batam" } else { OFFICE };
            let channel = format!("\n[[channel]]\ngateway = \"{name}\"\noffice = \"{office}\"\nkey = \"{key}\"\n");
            gateways.extend([(candidate.config)(&host.api()), channel]);
            host.put_file("9001", JPEG);
            // The first reply is refused by an answer that repeats whom it went to, and what it said.
            let refusal =
                format!("{{\"error\":{{\"message\":\"no {NUMBER}: gangkelinci\"}},\"reason\":\"no {NUMBER}\"}}");
            host.script_send(Answer::Status(500, Vec::new(), refusal));
            // Nor may an address that a number stands in be told where a connection breaks.
            for segment in ["9001", "download"] {
                host.script(segment, [Answer::Cut]);
            }
            hosts.push((candidate, host));
        }
        let top = format!(
            "listen = \"127.0.0.1:0\"\npublic_address = \"{PUBLIC}\"\ndatabase = \"{}\"\noffices = [\"offices\"]\n\
             [console]\n[gateway.sim]\nkind = \"simulator\"\nallow_beside_real = true\n\
             [[channel]]\ngateway = \"sim\"\noffice = \"{OFFICE}\"\nkey = \"sim-1\"\n",
            installation.url()
        );
        fs::write(installation.config(), top + &gateways).unwrap();
        let format = if engine == Engine::Sqlite { "json" } else { "text" };
        let talkative = [("ANTREAN_LOG", "trace"), ("ANTREAN_LOG_FORMAT", format)];
        let served = tokio::task::block_in_place(|| ServerProcess::start_with(&installation, &talkative));
        let grants = [OFFICE, "batam"].map(|office| at(Some(office), Role::Supervisor));
        let grants = [&grants[..], &[at(None, Role::Administrator)]].concat();
        let (agus, _) = enrol(&installation, "agus", &grants).await;
        let own = tempfile::tempdir().unwrap();
        Self { installation, served, hosts, own, agus, sent: 0, leaks: Vec::new() }
    }

    /// Goes every way in, in the order of the table.
    pub async fn walk(&mut self) {
        for (n, way) in TABLE.iter().enumerate() {
            let mark = mark(n);
            match way.by {
                By::Webhook(told, text) => self.webhooks(told, text, &mark).await,
                By::Body(odd) => self.bodies(odd, &mark).await,
                By::Simulator(text) => {
                    let text = self.filled(text, &mark).await;
                    self.simulate(&text).await;
                }
                By::Upload => self.upload(&mark).await,
                By::Form(path, fields) => self.form(path, fields, &mark).await,
                By::Routes => self.every_route(&mark).await,
                By::Command { .. } => self.command(way, &mark).await,
            }
        }
    }

    /// Notes what of the canaries stands in something that nobody's data belong in, the office's own words neither.
    fn search(&mut self, place: &str, text: &str) {
        self.leaks.extend(found_in(text, &canaries(|_| true)).into_iter().map(|found| format!("{place}: {found}")));
    }

    /// Notes what of citizens stands in something that may show the office's own words.
    fn search_shown(&mut self, place: &str, text: &str) {
        let found = found_in(text, &canaries(|then| then != Then::Office));
        self.leaks.extend(found.into_iter().map(|found| format!("{place}: {found}")));
    }

    /// A text of the table with what its words stand for.
    async fn filled(&self, text: &str, mark: &str) -> String {
        let day = |days| in_days(days).format("%d%m%Y").to_string();
        let mut text = text
            .replace("{mark}", mark)
            .replace("{number}", NUMBER)
            .replace("{own}", &self.own.path().display().to_string())
            .replace("{file}", &self.own.path().join("berkas.toml").display().to_string())
            .replace("{free}", &in_days(6).to_string());
        text = text.replace("#{date}", &format!("#{}", day(3))).replace("{date}", &in_days(3).to_string());
        let mut tables = self.installation.tables().await;
        // A booking that is valid, an open ticket, and the last reply to whoever has it.
        for (word, sql) in [
            ("{code}", "select code from booking where office = 'jakarta-pusat' order by id limit 1"),
            (
                "{ticket}",
                "select cast(min(id) as text) from ticket where office = 'jakarta-pusat' and closed_us is null",
            ),
            (
                "{talk}",
                "select cast(max(o.id) as text) from outbox o join ticket t on t.channel = o.channel and t.contact = o.contact \
                 where t.id = (select min(id) from ticket where office = 'jakarta-pusat' and closed_us is null)",
            ),
        ] {
            if text.contains(word) {
                text = text.replace(word, &tables.texts(sql).await.remove(0));
            }
        }
        text
    }

    async fn webhooks(&mut self, told: Told, text: &str, mark: &str) {
        for n in 0..self.hosts.len() {
            let name = self.hosts[n].0.name;
            let form =
                if name == "wa" { "{mark}#13021971#Gangkelinci 3 Batam" } else { "#{mark} Pustovaya#13021971#{date}" };
            let text = self.filled(&text.replace("{form}", form), mark).await;
            let kinds = match told {
                Told::Text => vec![What::Text(&text)],
                Told::Caption => vec![What::Picture(&text)],
                Told::PictureAt => vec![What::PictureAt(&text)],
                Told::Edit => vec![What::Edit(&text)],
                Told::Button => vec![What::Button(&text)],
                Told::Names => vec![What::Text(&text), What::Filled, What::Card],
            };
            for what in kinds {
                self.sent += 1;
                let id = format!("3EB0AA{:02}", self.sent);
                let note = Note { id: &id, from: NUMBER, at: now(), what };
                let Some(body) = (self.hosts[n].0.write)(&note) else { continue };
                // The names by which the providers of the tests call whoever writes, and whoever is on a card.
                let body = String::from_utf8(body).unwrap().replace("Budi", mark).replace("Siti", mark).into_bytes();
                let envelope = (self.hosts[n].0.seal)(&body);
                let (status, answer) = post(self.served.endpoint(), &envelope, body).await;
                assert_eq!(status, 200, "{name} {what:?}: {answer}");
                self.search(&format!("the answer to {name}"), &answer);
            }
        }
    }

    async fn bodies(&mut self, odd: Odd, mark: &str) {
        for n in 0..self.hosts.len() {
            let name = self.hosts[n].0.name;
            // Nobody can tell whose an unreadable body is: only its mark is in it.
            let whole = match odd {
                Odd::Unreadable => format!("{{\"odd\":\"{mark}\",\"list\":[\"{mark}\"]}}"),
                _ => format!("{{\"odd\":\"{mark} {NUMBER}\",\"sender\":{{\"{NUMBER}\":[\"{mark}\"]}}}}"),
            };
            let body = if odd == Odd::Cut { whole[..whole.len() - 3].to_owned() } else { whole };
            let right = (self.hosts[n].0.seal)(body.as_bytes());
            let mut answers = Vec::new();
            match odd {
                Odd::Unreadable | Odd::Cut => {
                    answers.push(post(self.served.endpoint(), &right, body.into_bytes()).await.1);
                }
                Odd::Forged => {
                    let other = format!("{{\"other\":\"{mark} {NUMBER}\"}}");
                    answers.push(post(self.served.endpoint(), &right, other.into_bytes()).await.1);
                    for kind in ["text/plain", "application/xml", "multipart/form-data"] {
                        let to = format!("{}{}", self.served.address, right.target);
                        let request = self.served.client.post(to).header("content-type", kind).body(body.clone());
                        answers.push(request.send().await.unwrap().text().await.unwrap());
                    }
                }
                Odd::Address => {
                    let query = format!("?from={NUMBER}&name={mark}&hub.verify_token={mark}&hub.challenge={NUMBER}");
                    for path in [
                        format!("/webhooks/{name}{query}"),
                        format!("/webhooks/{name}/{mark}{query}"),
                        format!("/webhooks/{NUMBER}{query}"),
                    ] {
                        let to = format!("{}{path}", self.served.address);
                        for request in [self.served.client.get(&to), self.served.client.post(&to).body(body.clone())] {
                            let request = request.header("x-hub-signature-256", mark).header("user-agent", mark);
                            answers.push(request.send().await.unwrap().text().await.unwrap());
                        }
                    }
                }
            }
            for answer in answers {
                self.search(&format!("an answer to {name}"), &answer);
            }
        }
    }

    async fn simulate(&mut self, text: &str) {
        let picture = json!({"name": format!("{NUMBER}.jpg"), "base64": BASE64_STANDARD.encode(photo())});
        let message = |id: &str, text: &str| json!({"id": id, "from": NUMBER, "text": text});
        let mut with_picture = message("s2", &format!("jepitanmerah {text}"));
        with_picture["picture"] = picture;
        let body = json!({"key": "sim-1", "messages": [message("s1", text), with_picture]});
        let to = format!("{}/webhooks/sim", self.served.address);
        let answer = self.served.client.post(to).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let answer = answer.text().await.unwrap();
        self.search("the answer to the simulator's page", &answer);
    }

    /// The photo that the page of the citizen's link takes, and one that no link takes.
    async fn upload(&mut self, mark: &str) {
        let mut tables = self.installation.tables().await;
        let said = until("a link", async || {
            tables.texts("select text from outbox where text like '%/u/%' order by id limit 1").await.pop()
        });
        let link = link_in(&said.await);
        let path = link.strip_prefix(PUBLIC).unwrap().to_owned();
        for (path, status) in [(path, 303), (format!("/u/{NUMBER}"), 404), (format!("/u/{mark}"), 404)] {
            let part = Part::bytes(photo()).file_name(format!("{mark} {NUMBER}.jpg")).mime_str("image/jpeg").unwrap();
            let request = still_client().post(format!("{}{path}", self.served.address));
            let sent = request.multipart(Form::new().part("photo", part)).send().await.unwrap();
            assert_eq!(sent.status(), status, "{path}");
            self.search("the upload page", &sent.text().await.unwrap());
        }
        let kept = "select count(*) from media where state = 'fetched'";
        until("the photo is kept", async || (tables.count(kept).await > 0).then_some(())).await;
    }

    /// Asks for a page, by a browser in whose headers the name stands.
    async fn ask(
        &self,
        (method, path): (&Method, &str),
        token: Option<&str>,
        (form, mark): (&[(String, String)], &str),
    ) -> (u16, String) {
        let mut request = still_client()
            .request(method.clone(), format!("{}{path}", self.served.address))
            .header("origin", &self.served.address)
            .header("user-agent", format!("{mark} {NUMBER}"))
            .header("accept-language", mark)
            .header("referer", format!("https://example.go.id/{mark}/{NUMBER}"));
        if let Some(token) = token {
            request = request.header("cookie", format!("antrean-session={token}; nama={mark}"));
        }
        if *method == Method::POST {
            let mut body = url::form_urlencoded::Serializer::new(String::new());
            body.extend_pairs(form);
            request = request.header("content-type", "application/x-www-form-urlencoded").body(body.finish());
        }
        let answer = request.send().await.unwrap();
        let (status, kind) = (answer.status().as_u16(), answer.headers().get("content-type").cloned());
        let is_endless = kind.is_some_and(|kind| kind == "text/event-stream");
        let headers = format!("{:?}", answer.headers());
        let bytes = if is_endless { Vec::new() } else { answer.bytes().await.unwrap().to_vec() };
        (status, headers + &String::from_utf8_lossy(&bytes))
    }

    async fn form(&mut self, path: &str, fields: &[(&str, &str)], mark: &str) {
        let mut form = Vec::new();
        for (name, value) in fields {
            form.push((self.filled(name, mark).await, self.filled(value, mark).await));
        }
        let path = format!("/console/{OFFICE}/{}", self.filled(path, mark).await);
        let (status, page) =
            self.ask((&Method::POST, path.as_str()), Some(self.agus.as_str()), (&form[..], mark)).await;
        assert!(status < 500, "{path}: {status} {page}");
        // Whoever may see nobody sends the same; where they come back to may stand in the answer.
        let (status, page) = self.ask((&Method::POST, path.as_str()), None, (&form[..], mark)).await;
        assert!((300..500).contains(&status), "{path}: {status}");
        if !path.contains(mark) {
            self.search(&format!("{path} for a stranger"), &page);
        }
    }

    async fn every_route(&mut self, mark: &str) {
        let console =
            routes().into_iter().flat_map(|(route, methods)| methods.into_iter().map(move |m| (route.clone(), m)));
        let public =
            public_routes().into_iter().flat_map(|route| [(route.clone(), Method::GET), (route, Method::POST)]);
        let form: Vec<(String, String)> = FIELDS.iter().map(|name| ((*name).to_owned(), mark.to_owned())).collect();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(FIELDS.map(|name| (name, format!("{mark} {NUMBER} 13021971"))));
        let query = query.finish();
        let parameter = Regex::new(r"\{[^}]*\}").unwrap();
        for (route, method) in console.chain(public).collect::<Vec<_>>() {
            if route == "/console/sign-out" {
                continue;
            }
            let path = parameter.replace_all(&route.replace("{office}", OFFICE), mark).into_owned();
            for token in [Some(self.agus.as_str()), None] {
                let target = format!("{path}?{query}");
                let (status, _) = self.ask((&method, target.as_str()), token, (&form[..], mark)).await;
                assert!(status < 500, "{method} {path}: {status}");
            }
        }
    }

    async fn command(&mut self, way: &Way, mark: &str) {
        let By::Command { more, file, shows } = way.by else { panic!("no command") };
        fs::write(self.own.path().join("berkas.toml"), self.filled(file, mark).await).unwrap();
        let mut line: Vec<String> = way.name.split(' ').map(str::to_owned).collect();
        for word in more {
            line.push(self.filled(word, mark).await);
        }
        if way.name.starts_with("notice") || way.name.starts_with("bookings correct") {
            // Whoever it is about has confirmed.
            let sql = "update booking set state = 'booked', hold_until_us = null where office = 'jakarta-pusat' and state = 'held'";
            self.installation.tables().await.run(sql).await;
        }
        self.run(&line, shows);
    }

    /// Runs a command with its log as talkative as the server's, and searches what it says.
    fn run(&mut self, line: &[String], shows: bool) {
        let words: Vec<&str> = line.iter().map(String::as_str).collect();
        let ran = self.installation.run_with(&words, &[("ANTREAN_LOG", "trace")], "");
        let name = line.iter().take(2).cloned().collect::<Vec<_>>().join(" ");
        println!("{name}: {} {}", ran.code, ran.err.lines().last().unwrap_or_default());
        // An office's own words may be shown again to whoever wrote them.
        self.search_shown(&format!("the standard error of `{name}`"), &ran.err);
        if !shows {
            self.search_shown(&format!("the output of `{name}`"), &ran.out);
        }
    }

    /// Runs commands that show nobody, and searches the files that they write.
    pub async fn quiet(&mut self, commands: &[&[&str]]) {
        for command in commands {
            let mut line = Vec::new();
            for word in *command {
                line.push(self.filled(word, "").await);
            }
            self.run(&line, false);
        }
        let list = fs::read_to_string(self.own.path().join("tanpa.csv")).expect("a list without people");
        assert!(list.lines().count() > 1, "nobody is in it: {list}");
        self.search("a file without people", &list);
    }

    /// What those see who may see nobody: whoever is not signed in, somebody of another office, and an auditor.
    pub async fn strangers(&mut self) {
        let dewi = enrol(&self.installation, "dewi", &[at(Some("bogor"), Role::Supervisor)]).await.0;
        let tuti = enrol(&self.installation, "tuti", &[at(None, Role::Auditor)]).await.0;
        let code = self.filled("{code}", "").await;
        let talk = self.filled("{talk}", "").await;
        let mut asked = 0;
        for (route, methods) in routes() {
            let path = route.replace("{office}", OFFICE).replace("{id}", &talk).replace("{code}", &code);
            for method in methods.iter().filter(|_| !matches!(route.as_str(), "/console/sign-out")) {
                for (who, token) in [("nobody", None), ("dewi", Some(dewi.as_str())), ("tuti", Some(tuti.as_str()))] {
                    let (status, page) = self.ask((method, path.as_str()), token, (&[][..], "")).await;
                    self.search_shown(&format!("{method} {path} for {who}, {status}"), &page);
                    asked += usize::from(status == 200);
                }
            }
        }
        assert!(asked > 20, "only {asked} pages were shown");
        for path in ["/", "/metrics", "/readyz", "/healthz"] {
            let (_, page) = self.served.get(path).await;
            self.search(path, &page);
        }
    }

    /// Waits until the first reply of each provider has arrived, after it was refused once.
    pub async fn replies(&self) {
        for (candidate, host) in &self.hosts {
            until(candidate.name, async || (!host.said().is_empty()).then_some(())).await;
        }
    }

    /// Those whom the walk should have left in the tables and did not, by the names of the ways.
    pub async fn not_planted(&self) -> Vec<&'static str> {
        let mut tables = self.installation.tables().await;
        let all = canaries(|_| true);
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let planted = in_tables(&mut tables, &all).await;
        let is_planted = |canary: &str| planted.iter().any(|found| found.starts_with(canary));
        let kept = TABLE.iter().enumerate().filter(|(_, way)| matches!(way.then, Then::Kept | Then::Aged));
        let mut missing: Vec<&str> =
            kept.filter(|(n, _)| !is_planted(&mark(*n).to_lowercase())).map(|(_, way)| way.name).collect();
        // What a photo holds is encrypted, and gone with its metadata.
        missing.extend(CANARIES.into_iter().filter(|canary| {
            !canary.starts_with("qwerzani") && !matches!(*canary, "rahasiafoto" | "1971-02-13") && !is_planted(canary)
        }));
        missing
    }

    /// Ends the server: what it wrote, in whatever way. Its last replies count as too late.
    pub async fn close(mut self) -> (Installation, Vec<String>) {
        let mut tables = self.installation.tables().await;
        let printed = self.served.printed();
        self.search("the standard output of the server", &printed);
        let Self { installation, served, mut leaks, .. } = self;
        let (status, log) = served.terminate();
        assert!(status.success(), "{log}");
        assert!(log.contains("answered a request"), "the log is not talkative");
        assert!(!log.contains("panicked"), "{log}");
        leaks.extend(found_in(&log, &canaries(|_| true)).into_iter().map(|found| format!("the log: {found}")));
        tables.run("update outbox set state = 'expired' where state in ('waiting', 'claimed')").await;
        (installation, leaks)
    }
}

/// All messages of tickets are answered: they are closed, as an officer does.
pub async fn close_tickets(installation: &Installation, tables: &mut Tables) {
    for ticket in tables.texts("select cast(id as text) from ticket where closed_us is null").await {
        installation.run(&["talk", "close", &ticket]).done();
    }
}
