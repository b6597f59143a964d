//! Who looks: a browser that keeps its session and its connections, and a stream of events.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Response};

use super::installation::OFFICE;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// A stream that says nothing for so long has said everything.
const SILENCE: Duration = Duration::from_millis(60);
/// How long Today gathers changes before it asks for its list again.
const GATHERED: Duration = Duration::from_secs(1);

/// A browser with a session, or without one.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    server: String,
    cookie: String,
}

impl Browser {
    /// Begins at a server with the token of a session.
    pub fn new(server: &str, token: &str) -> Self {
        // The second of two finds one installed.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = Client::builder().no_proxy().tls_certs_only([]).redirect(Policy::none()).tcp_nodelay(true);
        let client = client.build().expect("a client");
        Self { client, server: server.to_owned(), cookie: format!("antrean-session={token}") }
    }

    /// The address of a page of the office.
    pub fn console(&self, page: &str) -> String {
        format!("{}/console/{OFFICE}/{page}", self.server)
    }

    async fn ask(&self, url: &str) -> Response {
        let answer = self.client.get(url).header("cookie", &self.cookie).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{url}");
        answer
    }

    /// What an address shows.
    pub async fn get(&self, url: &str) -> String {
        self.ask(url).await.text().await.expect("a text")
    }

    /// A page of the office.
    pub async fn page(&self, page: &str) -> String {
        self.get(&self.console(page)).await
    }

    /// Presses a button of a page, which leads on.
    pub async fn press(&self, page: &str, fields: &[(&str, &str)]) {
        let (status, text) = self.post(page, fields).await;
        assert_eq!(status, 303, "{page} {fields:?}: {text}");
    }

    /// Sends a form that is answered by a part of the page.
    pub async fn send(&self, page: &str, fields: &[(&str, &str)]) -> String {
        let (status, text) = self.post(page, fields).await;
        assert_eq!(status, 200, "{page}: {text}");
        text
    }

    async fn post(&self, page: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let request = self
            .client
            .post(self.console(page))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", &self.server)
            .header("cookie", &self.cookie);
        let answer = request.body(form.finish()).send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.unwrap_or_default())
    }

    /// Looks at a page as its script does: asks again after each change, at most once a second.
    pub async fn follow(self, events: String, page: String) {
        let mut stream = Stream::open(&self, &events).await;
        loop {
            self.get(&page).await;
            stream.next().await;
            tokio::time::sleep(GATHERED).await;
        }
    }
}

/// A stream of server-sent events.
pub struct Stream {
    answer: Response,
}

impl Stream {
    /// Opens it, and waits for its first event.
    pub async fn open(browser: &Browser, url: &str) -> Self {
        let mut stream = Self { answer: browser.ask(url).await };
        stream.next().await;
        stream
    }

    /// Waits for the next event.
    pub async fn next(&mut self) {
        let chunk = tokio::time::timeout(PATIENCE, self.answer.chunk()).await.expect("an event in time");
        chunk.expect("a stream").expect("the stream goes on");
    }

    /// Takes off what was said before.
    pub async fn quiet(&mut self) {
        while let Ok(chunk) = tokio::time::timeout(SILENCE, self.answer.chunk()).await {
            chunk.expect("a stream").expect("the stream goes on");
        }
    }
}
