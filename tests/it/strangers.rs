//! Secrets in addresses: never written by us, kept out of a proxy's log by the documented lines, changed under traffic.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use regex::Regex;
use serde_json::json;

use crate::support::engine::Engine;
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{Installation, now, until};
use crate::support::server_process::{ServerProcess, client};

const OLD: &str = "kataLamaYangPanjang0123456789";
const NEW: &str = "kataBaruYangPanjang0123456789";

/// Gives the installation a Fonnte account with these secrets, beside what it has.
fn with_secrets(installation: &Installation, base: &str, api: &str, secrets: &str) {
    let text = format!(
        "{base}\n[gateway.fonnte]\nkind = \"http_json\"\npreset = \"fonnte\"\n{secrets}token = \"kunci-alat-fonnte\"\n\
         [gateway.fonnte.outbound]\nurl = \"{api}/send\"\nprobe_url = \"{api}/device\"\n\
         [[channel]]\ngateway = \"fonnte\"\noffice = \"bogor\"\nkey = \"622155500003\"\n"
    );
    fs::write(installation.config(), text).unwrap();
}

fn message(n: usize) -> String {
    json!({"device": "622155500003", "sender": format!("62812{n:08}"), "message": "halo", "type": "text",
        "inboxid": 7_000 + n, "isgroup": false, "timestamp": now().timestamp()})
    .to_string()
}

/// What the provider knows: where to post, and the word in the address.
struct Provider {
    address: Mutex<String>,
    secret: Mutex<&'static str>,
    over: AtomicBool,
    taken: AtomicUsize,
    denied: AtomicUsize,
}

impl Provider {
    /// The status of one post, by the address and the word of now.
    async fn post(&self, client: &reqwest::Client, body: &str) -> Option<u16> {
        let url = format!("{}/webhooks/fonnte/{}", self.address.lock().unwrap(), self.secret.lock().unwrap());
        let request = client.post(url).header("content-type", "application/json").body(body.to_owned());
        request.send().await.ok().map(|answer| answer.status().as_u16())
    }

    /// Posts one message after the other, each until it is taken.
    async fn deliver(&self, first: usize) {
        let client = client();
        let mut n = first;
        while !self.over.load(Ordering::SeqCst) {
            match self.post(&client, &message(n)).await {
                Some(200) => {
                    self.taken.fetch_add(1, Ordering::SeqCst);
                    n += 1;
                }
                Some(401) => {
                    self.denied.fetch_add(1, Ordering::SeqCst);
                }
                _ => {}
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn more(&self, count: usize) {
        let from = self.taken.load(Ordering::SeqCst);
        until("more are taken", async || (self.taken.load(Ordering::SeqCst) >= from + count).then_some(())).await;
    }

    fn start(&self, installation: &Installation) -> ServerProcess {
        // The log at its most talkative: no layer below ours may write the address either.
        let server =
            ServerProcess::start_with(installation, &[("ANTREAN_LOG", "trace"), ("ANTREAN_LOG_FORMAT", "json")]);
        self.address.lock().unwrap().clone_from(&server.address);
        server
    }
}

/// Ends a process, and looks for the secrets in everything that it has written.
async fn end(server: ServerProcess) {
    let wrong = format!("{}/webhooks/fonnte/kataSalahYangPanjang012345678", server.address);
    assert_eq!(server.client.post(&wrong).body("{}").send().await.unwrap().status(), 401);
    assert_eq!(server.client.get(wrong.replace("/webhooks", "/elsewhere")).send().await.unwrap().status(), 404);
    let (_, metrics) = server.get("/metrics").await;
    let (status, log) = server.terminate();
    assert!(status.success());
    assert!(log.contains("answered a request"), "the log is not talkative");
    for secret in [OLD, NEW, "kataSalah"] {
        assert!(!log.contains(secret), "{}", log.lines().find(|line| line.contains(secret)).unwrap_or_default());
        assert!(!metrics.contains(secret));
    }
}

// Negative control, both run: with the second secret left out in the middle, deliveries are denied and the test waits for those
// that are taken (it was stopped after a minute). With the path in place of the route's pattern in `web::middleware`, the log has the
// secret.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_is_changed_under_traffic_and_never_written() {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new_on(Engine::Sqlite, &whatsapp.api()).await;
    let base = fs::read_to_string(installation.config()).unwrap();
    let provider = Arc::new(Provider {
        address: Mutex::new("http://127.0.0.1:9".to_owned()),
        secret: Mutex::new(OLD),
        over: AtomicBool::new(false),
        taken: AtomicUsize::new(0),
        denied: AtomicUsize::new(0),
    });
    let traffic: Vec<_> = [0, 100_000, 200_000]
        .map(|first| {
            let provider = Arc::clone(&provider);
            tokio::spawn(async move { provider.deliver(first).await })
        })
        .into();
    with_secrets(&installation, &base, &whatsapp.api(), &format!("path_secret = \"{OLD}\"\n"));
    let server = provider.start(&installation);
    provider.more(20).await;
    end(server).await;
    with_secrets(
        &installation,
        &base,
        &whatsapp.api(),
        &format!("path_secret = \"{OLD}\"\npath_secret_next = \"{NEW}\"\n"),
    );
    let server = provider.start(&installation);
    provider.more(20).await;
    *provider.secret.lock().unwrap() = NEW;
    provider.more(20).await;
    end(server).await;
    with_secrets(&installation, &base, &whatsapp.api(), &format!("path_secret = \"{NEW}\"\n"));
    let server = provider.start(&installation);
    provider.more(20).await;
    provider.over.store(true, Ordering::SeqCst);
    for one in traffic {
        one.await.unwrap();
    }
    assert_eq!(provider.denied.load(Ordering::SeqCst), 0, "nothing was turned away on the way");
    *provider.secret.lock().unwrap() = OLD;
    assert_eq!(provider.post(&client(), &message(1)).await, Some(401), "the old one is worth nothing any more");
    let mut tables = installation.tables().await;
    let kept = tables.many("select count(distinct message) from inbound").await;
    // A message may have been kept whose answer the end of a process cut off; it came again and is one.
    assert!(kept >= provider.taken.load(Ordering::SeqCst), "{kept}");
    end(server).await;
}

/// The page that says how.
fn page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/strangers.md")).unwrap()
}

/// The texts in quotes of the first line that begins so.
fn quoted<'p>(page: &'p str, starts: &str) -> Vec<&'p str> {
    let line =
        page.lines().map(str::trim).find(|line| line.starts_with(starts)).unwrap_or_else(|| panic!("no {starts}"));
    line.split('"').skip(1).step_by(2).collect()
}

// Negative control, all four run on the page: with `[^/?]+` behind the name left out of either line, its secret stays; without what
// follows the bar (Caddy), or with a second line of the map (nginx) that takes everything, the query's does.
#[test]
fn the_documented_lines_keep_a_secret_out_of_a_proxys_log() {
    let page = page();
    let caddy = quoted(&page, "request>uri regexp");
    let [pattern, replacement] = caddy[..] else { panic!("{caddy:?}") };
    let pattern = Regex::new(pattern).unwrap();
    // nginx takes the first pattern that fits, begins each with a tilde, and has the groups' names as variables.
    let nginx = [quoted(&page, "\"~^(?<before>"), quoted(&page, "\"~^(?<path>")].map(|line| {
        let [matches, value] = line[..] else { panic!("{line:?}") };
        (Regex::new(matches.strip_prefix('~').unwrap()).unwrap(), value)
    });
    let as_nginx = |uri: &str| {
        let (groups, regex, value) =
            nginx.iter().find_map(|(regex, value)| Some((regex.captures(uri)?, regex, *value))).expect("one fits");
        regex
            .capture_names()
            .flatten()
            .fold(value.to_owned(), |text, name| text.replace(&format!("${name}"), &groups[name]))
    };
    for (uri, shown) in [
        (format!("/webhooks/fonnte/{OLD}"), "/webhooks/fonnte/***"),
        (format!("/webhooks/fonnte/{OLD}/"), "/webhooks/fonnte/***/"),
        (format!("/webhooks/fonnte/{OLD}?a=1"), "/webhooks/fonnte/***?***"),
        (format!("/webhooks/fonnte/{OLD}/more"), "/webhooks/fonnte/***/more"),
        (format!("/webhooks/q?key={OLD}&from=6281200000001&message=a/b?c"), "/webhooks/q?***"),
        (format!("/webhooks/q/?from=6281200000001&key={OLD}"), "/webhooks/q/?***"),
        (format!("/elsewhere?key={OLD}"), "/elsewhere?***"),
        ("/webhooks/wa?hub.mode=subscribe&hub.verify_token=kata".to_owned(), "/webhooks/wa?***"),
        ("/webhooks/wa".to_owned(), "/webhooks/wa"),
        ("/".to_owned(), "/"),
    ] {
        assert_eq!(pattern.replace_all(&uri, replacement), shown, "Caddy");
        // nginx leaves the question mark out as well.
        assert_eq!(as_nginx(&uri), shown.trim_end_matches("?***"), "nginx");
    }
    assert!(page.contains("request>headers delete"), "a secret header is in Caddy's log otherwise");
    // The lines hang together: the masked address is what is logged, and the request line is not.
    let format = page.lines().find(|line| line.starts_with("log_format antrean")).expect("a format");
    assert!(
        format.contains("$address_without_secret")
            && !format.contains("$request_uri")
            && !format.contains("$request\"")
    );
    assert!(page.contains("map $request_uri $address_without_secret {") && page.contains("antrean.log antrean;"));
}
