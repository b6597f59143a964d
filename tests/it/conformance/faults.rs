//! The whole conversation under everything that can go wrong with a provider's API, for every provider: its citizen ends
//! with exactly the right replies, and with a second copy only where nobody could know of the first.
//!
//! Real HTTP on both sides; only time is the demo's, so that a minute of doubt is over at once.

use std::sync::Arc;
use std::time::Duration;

use antrean::app::{self, Time, Wakeups};
use antrean::clock::{Clock, DemoClock, MovableClock};
use antrean::config::Config;
use tokio_util::sync::CancellationToken;

use super::answers::say;
use super::candidate::{Candidate, Note, What};
use super::providers;
use crate::support::engine::Tables;
use crate::support::fake_whatsapp::Answer;
use crate::support::host::{Host, Said};
use crate::support::installation::{WAIT, code_in, form, in_days, name, now, number};
use crate::support::server_process::client;

/// What becomes of the first send of every reply.
struct Fault {
    name: &'static str,
    answer: fn(&Candidate) -> Option<Answer>,
    /// Copies of every reply that its citizen gets.
    copies: usize,
    /// Seconds that must pass before a reply goes out again.
    pause_seconds: i64,
}

fn fault(name: &'static str, answer: fn(&Candidate) -> Option<Answer>, copies: usize, pause_seconds: i64) -> Fault {
    Fault { name, answer, copies, pause_seconds }
}

#[expect(clippy::unnecessary_wraps, reason = "one row of the table does not concern every provider")]
fn status(status: u16, retry_after: Option<&str>) -> Option<Answer> {
    let headers = retry_after.map(|seconds| ("retry-after", seconds.to_owned()));
    Some(Answer::Status(status, headers.into_iter().collect(), String::new()))
}

fn faults() -> [Fault; 10] {
    [
        fault("a slow answer", |_| Some(Answer::Slow(Duration::from_millis(400))), 1, 0),
        fault("a connection cut before acceptance", |_| Some(Answer::Cut), 1, 60),
        fault("429 without Retry-After", |_| status(429, None), 1, 1),
        fault("429 with Retry-After", |_| status(429, Some("17")), 1, 17),
        fault("503 with Retry-After", |_| status(503, Some("17")), 1, 17),
        fault("500", |_| status(500, None), 1, 2),
        fault("502", |_| status(502, None), 1, 2),
        fault("200 with a failure", |candidate| candidate.failing_yes.map(Answer::body), 1, 1),
        fault("an answer lost after acceptance", |_| Some(Answer::LostAfterAcceptance), 2, 60),
        fault("an answer that breaks off", |_| Some(Answer::BrokenOff), 2, 60),
    ]
}

/// An installation in this process, and the stand-in of its provider.
struct Play<'a> {
    candidate: &'a Candidate,
    host: &'a Host,
    clock: Arc<DemoClock>,
    client: reqwest::Client,
    address: String,
    tables: Tables,
}

impl Play<'_> {
    /// One citizen's conversation; the first send of each of its replies meets the fault.
    async fn conversation(&mut self, n: usize, fault: &Fault) {
        let from = number(n);
        let citizen = (self.candidate.address)(&from);
        let mut written = form(&name(n), in_days(3));
        for turn in 1..=3 {
            let Some(answer) = (fault.answer)(self.candidate) else { return };
            self.host.script_send(answer);
            let begun = self.clock.now();
            let id = format!("F{n}T{turn}");
            let note = Note { id: &id, from: &from, at: now(), what: What::Text(&written) };
            say((&self.client, &self.address), self.candidate, &note).await;
            let said = self.said_to(&citizen, turn * fault.copies, fault).await;
            let passed = (self.clock.now() - begun).num_seconds();
            assert!(passed >= fault.pause_seconds, "{}: {}: again after {passed} s", self.candidate.name, fault.name);
            written = if turn == 1 { code_in(&said[0].text) } else { "#batal".to_owned() };
        }
        // Longer than every wait there is: nothing more comes.
        for _ in 0..5 {
            self.clock.move_forward(Duration::from_mins(5));
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        let said = self.host.said_to(&citizen);
        let what = format!("{}: {}: {said:?}", self.candidate.name, fault.name);
        assert_eq!(said.len(), 3 * fault.copies, "{what}");
        let mut replies = said;
        replies.dedup();
        assert_eq!(replies.len(), 3, "{what}");
        assert!(replies[1].text.contains("Pendaftaran berhasil"), "{what}");
        assert!(replies[2].text.contains("batal"), "{what}");
    }

    /// Lets time pass until the citizen has got so many messages, and every reply is noted as sent.
    async fn said_to(&mut self, citizen: &str, count: usize, fault: &Fault) -> Vec<Said> {
        let end = tokio::time::Instant::now() + WAIT;
        loop {
            let said = self.host.said_to(citizen);
            let open = self.tables.count("select count(*) from outbox where state <> 'sent'").await;
            if said.len() >= count && open == 0 {
                return said;
            }
            let what = format!("{}: {}: {} of {count}", self.candidate.name, fault.name, said.len());
            assert!(tokio::time::Instant::now() < end, "{what}: {said:?}");
            // What is in flight goes by the machine's time.
            if self.tables.count("select count(*) from outbox where state = 'claimed'").await == 0 {
                self.clock.move_forward(Duration::from_secs(1));
            }
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }
}

async fn every_fault(candidate: Candidate) {
    let host = Host::start(candidate.play).await;
    let installation = candidate.installation(&host.api());
    let wakeups = Wakeups::default();
    let notified = vec![Arc::clone(&wakeups.courier), Arc::clone(&wakeups.caretaker)];
    let clock = Arc::new(DemoClock::starting_at(now(), notified));
    let mut config = Config::load(&installation.config()).expect("a configuration");
    config.database = installation.url();
    let time = Time::Movable(Arc::clone(&clock) as _, wakeups);
    let app = app::build(&config, time).await.expect("an installation");
    let address = format!("http://{}", app.address().expect("an address"));
    let stop = CancellationToken::new();
    let running = tokio::spawn(app.run_until(stop.clone().cancelled_owned()));
    let (candidate, host) = (&candidate, &host);
    let tables = installation.tables().await;
    let mut play = Play { candidate, host, clock, client: client(), address, tables };
    for (n, fault) in faults().iter().enumerate() {
        play.conversation(n + 1, fault).await;
    }
    host.assert_lawful();
    assert_eq!(play.tables.count("select count(*) from booking where state <> 'cancelled'").await, 0);
    stop.cancel();
    running.await.expect("stopped");
}

/// All providers side by side, each with an installation, a database and a stand-in of its own.
// Negative control: with `Retry-After` not obeyed, and with no wait after a lost answer, a reply goes out again at once;
// with a lost answer, or a passing fault, taken for the end, a citizen never gets their reply.
#[tokio::test(flavor = "multi_thread")]
async fn the_whole_conversation_survives_every_fault_of_every_provider() {
    futures_util::future::join_all(providers().map(every_fault)).await;
}
