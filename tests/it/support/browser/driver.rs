//! Starts a chromedriver of one's own, and ends it and its browser whatever happens.

use std::io::{BufRead, BufReader};
use std::panic::AssertUnwindSafe;
use std::process::{Child, Command, Stdio};

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use futures_util::FutureExt;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A window in CSS pixels, and whether it is a phone's.
#[derive(Clone, Copy)]
pub struct Screen {
    width: u32,
    height: u32,
    phone: bool,
}

/// A laptop.
pub const DESK: Screen = Screen { width: 1280, height: 860, phone: false };
/// An office computer.
pub const OFFICE: Screen = Screen { width: 1366, height: 768, phone: false };
/// A common phone.
pub const PHONE: Screen = Screen { width: 390, height: 844, phone: true };
/// An office computer of 1366 x 768 at 200 % zoom: half as many CSS pixels, each twice as large.
pub const ZOOMED: Screen = Screen { width: 683, height: 384, phone: true };

/// A chromedriver that dies with this.
struct Driver {
    child: Child,
    port: u16,
}

impl Driver {
    fn start() -> Self {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing: `tests/run` installs it (Debian: chromium-driver)");
        let output = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let port = output
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split("started successfully on port ").nth(1)?.trim_end_matches('.').parse().ok())
            .expect("chromedriver names its port");
        Self { child, port }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn capabilities(screen: Screen, profile: &TempDir, more: &[String]) -> serde_json::Map<String, Value> {
    let mut options = json!({ "args": [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        format!("--window-size={},{}", screen.width, screen.height),
        format!("--user-data-dir={}", profile.path().display()),
    ]});
    if let Some(args) = options["args"].as_array_mut() {
        args.extend(more.iter().map(|arg| json!(arg)));
    }
    if screen.phone {
        options["mobileEmulation"] =
            json!({ "deviceMetrics": { "width": screen.width, "height": screen.height, "pixelRatio": 2.0 } });
    }
    match json!({ "browserName": "chrome", "goog:chromeOptions": options }) {
        Value::Object(capabilities) => capabilities,
        _ => unreachable!("an object was written"),
    }
}

/// Runs `scenario` in a browser of its own. The browser is closed even when the scenario fails.
pub async fn with_browser(screen: Screen, scenario: impl AsyncFnOnce(&Client)) {
    with_arguments(screen, &[], scenario).await;
}

/// The same, with more arguments for the browser.
pub async fn with_arguments(screen: Screen, more: &[String], scenario: impl AsyncFnOnce(&Client)) {
    let driver = Driver::start();
    let profile = TempDir::new().expect("a folder for the browser's profile");
    let client = ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities(screen, &profile, more))
        .connect(&format!("http://127.0.0.1:{}", driver.port))
        .await
        .expect("the browser starts");
    let outcome = AssertUnwindSafe(scenario(&client)).catch_unwind().await;
    if outcome.is_err() {
        keep_picture(&client, "failed").await;
    }
    let _ = client.close().await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

/// Saves what the browser shows, where `ANTREAN_SCREENSHOTS` names a folder.
pub async fn keep_picture(client: &Client, name: &str) {
    let Some(folder) = std::env::var_os("ANTREAN_SCREENSHOTS") else { return };
    // The last bubble has risen by then.
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    if let Ok(png) = client.screenshot().await {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), png).expect("a picture is saved");
    }
}

/// A command of Chromium's own protocol, which `WebDriver` has no words for.
#[derive(Debug)]
struct DevTools(Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (axum::http::Method, Option<String>) {
        (axum::http::Method::POST, Some(self.0.to_string()))
    }
}

/// Sends `{cmd, params}` to the browser.
pub async fn devtools(client: &Client, command: Value) {
    client.issue_cmd(DevTools(command)).await.expect("the browser knows the command");
}
