//! A wall clock that was ahead, or is set: the real binary with a preloaded library that shifts its wall clock by what a file
//! says and leaves its monotonic clock alone; and every stored deadline on a clock that the test sets.

mod deadlines;

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::task::block_in_place;

use crate::support::engine::{Engine, on_both_engines};
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{Installation, body, change, form, in_days, name, now, number, text, until};
use crate::support::server_process::ServerProcess;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// How soon everybody is answered once the clock is right, in seconds: what is wrong is found within ten.
const SOON: Duration = Duration::from_secs(30);

/// A server whose wall clock the test sets.
struct Shifted {
    server: ServerProcess,
    file: PathBuf,
}

/// The library, compiled once.
fn library() -> &'static str {
    static BUILT: OnceLock<String> = OnceLock::new();
    BUILT.get_or_init(|| {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/time/shift.c");
        let library = concat!(env!("CARGO_TARGET_TMPDIR"), "/shift.so");
        let fresh = format!("{library}.{}", std::process::id());
        let built = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o", &fresh, source]).status();
        assert!(built.expect("a C compiler").success());
        std::fs::rename(&fresh, library).expect("renamed");
        library.to_owned()
    })
}

impl Shifted {
    fn start(installation: &Installation, file: &str, seconds: i64) -> Self {
        let file = installation.path(file);
        std::fs::write(&file, seconds.to_string()).expect("written");
        let path = file.display().to_string();
        let server = ServerProcess::start_with(installation, &[("LD_PRELOAD", library()), ("CLOCK_SHIFT_FILE", &path)]);
        Self { server, file }
    }

    /// Sets the clock, at once for whoever looks.
    fn set(&self, seconds: i64) {
        let next = self.file.with_extension("next");
        std::fs::write(&next, seconds.to_string()).expect("written");
        std::fs::rename(next, &self.file).expect("renamed");
    }

    async fn forms(&self, citizens: std::ops::Range<usize>) {
        for n in citizens {
            let message = text(&number(n), &format!("wamid.form{n}"), now(), &form(&name(n), in_days(3)));
            assert_eq!(self.server.post(&body(&[vec![change("1001", &[message])]])).await, Some(200));
        }
    }
}

/// Waits a short time until so many replies went out.
async fn answered(whatsapp: &FakeWhatsApp, count: usize) {
    let begun = std::time::Instant::now();
    until(&format!("{count} replies"), async || {
        let sent = whatsapp.accepted().len();
        assert!(sent >= count || begun.elapsed() < SOON, "{sent} of {count} replies went out");
        (sent >= count).then_some(())
    })
    .await;
}

// Negative control: the program before stored instants were judged answered 0 of 10 here on both engines; with `Rate::believed`
// giving back what is stored it answers none of the last ten on SQLite. On PostgreSQL the server's clock counts from the start.
async fn a_clock_that_was_seven_hours_ahead_silences_no_channel(engine: Engine) {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new_on(engine, &whatsapp.api()).await;
    let node = block_in_place(|| Shifted::start(&installation, "shift", 7 * HOUR));
    node.forms(0..1).await;
    answered(&whatsapp, 1).await;
    node.set(0);
    node.forms(1..11).await;
    answered(&whatsapp, 11).await;
    let (status, log) = block_in_place(|| node.server.terminate());
    assert!(status.success(), "{log}");
    let again = block_in_place(|| Shifted::start(&installation, "shift", 0));
    again.forms(11..21).await;
    answered(&whatsapp, 21).await;
}

// Negative control: with every reading of the machine's clock followed at once the form that is sent meanwhile gets no place, since
// its day is past by then.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_clock_that_is_four_days_ahead_for_six_seconds_changes_nothing_and_is_told() {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new(&whatsapp.api());
    let node = block_in_place(|| Shifted::start(&installation, "shift", 0));
    let channel = |what: &str| block_in_place(|| installation.run(&["channel", what, "1001"]).done());
    channel("pause");
    node.forms(0..25).await;
    node.set(4 * DAY);
    until("the jump is noticed", async || {
        (node.server.metric("antrean_clock_jumps_total{direction=\"forward\"}").await == 1).then_some(())
    })
    .await;
    channel("resume");
    node.forms(25..26).await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    node.set(0);
    answered(&whatsapp, 26).await;
    let mut tables = installation.tables().await;
    let visits = tables.texts("select cast(date as text) || ' ' || count(*) from booking group by date").await;
    assert_eq!(visits, [format!("{} 26", in_days(3))], "all on their day, though the machine's clock was past it");
    until("it is told that it is over", async || node.server.log().contains("is back where it was").then_some(()))
        .await;
    assert_eq!(node.server.log().matches("the machine's clock jumped").count(), 2, "{}", node.server.log());
    until("all is recorded", async || {
        (tables.count("select count(*) from outbox where state <> 'sent'").await == 0).then_some(())
    })
    .await;
}

// Negative control: without `compare` at the start the node that is a day ahead makes holds a day ahead; with `apart` not asked in
// `ready` it never says that it is not ready.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_node_that_is_ahead_of_its_database_is_not_ready_and_harms_nobody() {
    for ahead in [120, DAY, -DAY] {
        let whatsapp = FakeWhatsApp::start().await;
        let installation = Installation::new_on(Engine::Postgres, &whatsapp.api()).await;
        let wrong = block_in_place(|| Shifted::start(&installation, "wrong", ahead));
        let right = block_in_place(|| Shifted::start(&installation, "right", 0));
        let told = if ahead < 0 { "seconds behind the database's" } else { "seconds ahead of the database's" };
        until("it says so", async || {
            let (status, said) = wrong.server.get("/readyz").await;
            (status == 503 && said.contains(told)).then_some(())
        })
        .await;
        assert_eq!(right.server.get("/readyz").await.0, 200);
        wrong.forms(0..20).await;
        right.forms(20..40).await;
        answered(&whatsapp, 40).await;
        let (status, log) = block_in_place(|| wrong.server.terminate());
        assert!(status.success() && log.contains("not ready: the machine's clock"), "{log}");
        right.forms(40..50).await;
        answered(&whatsapp, 50).await;
        let mut tables = installation.tables().await;
        let now = now().timestamp_micros();
        let far = format!("select count(*) from booking where abs(created_us - {now}) > 60000000");
        assert_eq!(tables.count(&far).await, 0, "every hold was made at the right time");
        until("all is recorded", async || {
            (tables.count("select count(*) from outbox where state <> 'sent'").await == 0).then_some(())
        })
        .await;
    }
}

// Negative control: with `apart` not asked in `ready` it is never red.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_node_whose_clock_is_set_right_is_ready_again() {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new_on(Engine::Postgres, &whatsapp.api()).await;
    let node = block_in_place(|| Shifted::start(&installation, "shift", HOUR));
    assert_eq!(node.server.get("/readyz").await.0, 503);
    let is_told = async || node.server.log().contains("not ready: the machine's clock").then_some(());
    until("it is told", is_told).await;
    node.set(0);
    until("it is ready", async || (node.server.get("/readyz").await.0 == 200).then_some(())).await;
    node.set(-60);
    until("it is not ready", async || (node.server.get("/readyz").await.0 == 503).then_some(())).await;
    assert!(node.server.log().contains("agrees with the database's again"), "{}", node.server.log());
}

on_both_engines!(a_clock_that_was_seven_hours_ahead_silences_no_channel);
