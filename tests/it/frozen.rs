//! A node that is stopped in the middle of a transaction holds its locks: for how long do the others wait?

use std::time::{Duration, Instant};

use antrean::storage::{Storage, StorageError};
use tokio::task::block_in_place;

use crate::support::engine::{Engine, Tables};
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{Installation, body, change, form, in_days, name, now, number, text, until};
use crate::support::postgres::{Database, connect};
use crate::support::server_process::ServerProcess;

/// What the others may wait at most: the five seconds after which the server ends a silent transaction, and what a loaded machine
/// needs besides. (Without that the connection's keep-alive decides, which is minutes.)
const WAIT_MAX: Duration = Duration::from_secs(9);
/// How long the server holds the node's statement up, so that it can be stopped inside of its transaction.
const HELD_UP: &str = "select pg_sleep(1.5)";

fn signal(name: &str, pid: u32) {
    let sent = std::process::Command::new("sh").arg("-c").arg(format!("kill -{name} {pid}")).status();
    assert!(sent.expect("a shell").success());
}

/// Every statement of a session of this name that writes a booking takes a while.
async fn hold_up(tables: &mut Tables, session: &str) {
    tables
        .run(&format!(
            "create function held_up() returns trigger language plpgsql as $$ begin \
             if current_setting('application_name') = '{session}' then perform ({HELD_UP}); end if; return new; end $$; \
             create trigger held_up before insert on booking for each row execute function held_up()"
        ))
        .await;
}

// Negative control: without `idle_in_transaction_session_timeout` in `begin`, the other node answers 503 until the stopped one
// goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_node_that_freezes_inside_a_transaction_stops_the_others_for_seconds_only() {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new_on(Engine::Postgres, &whatsapp.api()).await;
    let url = format!("{}?application_name=frozen", installation.url());
    let frozen = block_in_place(|| ServerProcess::start_with(&installation, &[("ANTREAN_DATABASE", &url)]));
    let other = block_in_place(|| ServerProcess::start(&installation));
    let mut tables = installation.tables().await;
    hold_up(&mut tables, "frozen").await;
    let form_of = |n: usize| {
        let message = text(&number(n), &format!("wamid.{n}"), now(), &form(&name(n), in_days(3)));
        body(&[vec![change("1001", &[message])]])
    };
    let (client, address) = (frozen.client.clone(), frozen.address.clone());
    let theirs = form_of(0);
    let posting = {
        let body = theirs.clone();
        tokio::spawn(async move {
            crate::support::server_process::post(&client, &address, &body, crate::support::installation::APP_SECRET)
                .await
        })
    };
    until("its statement is held up", async || {
        let held = "select count(*) from pg_stat_activity where application_name = 'frozen' and wait_event = 'PgSleep'";
        (tables.count(held).await > 0).then_some(())
    })
    .await;
    signal("STOP", frozen.pid());
    let begun = Instant::now();
    let server = async {
        loop {
            if other.post(&form_of(1)).await == Some(200) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let went_on = tokio::time::timeout(WAIT_MAX + Duration::from_secs(20), server).await;
    let waited = begun.elapsed();
    signal("CONT", frozen.pid());
    went_on.expect("the other node serves while one is stopped");
    assert!(waited < WAIT_MAX, "the other node waited {waited:?}");
    assert_ne!(posting.await.expect("no panic"), Some(200), "what was rolled back is not acknowledged");
    until("it serves again", async || (frozen.post(&theirs).await == Some(200)).then_some(())).await;
    assert_eq!(tables.count("select count(*) from booking").await, 2);
    let audit = Storage::open(&installation.url()).await.unwrap().audit(now()).await.unwrap();
    assert_eq!(audit.findings, Vec::<String>::new());
    for node in [frozen, other] {
        assert!(block_in_place(|| node.terminate()).0.success());
    }
}

// Negative control: without `lock_timeout` in `begin` it waits until the statement is given up, and its connection with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_is_not_to_be_had_means_busy_and_nothing_worse() {
    let base = Database::migrated().await;
    let storage = Storage::open(&base.url).await.unwrap();
    let mut other = Tables::of(&base.url).await;
    other.run("begin; lock table id_block in access exclusive mode").await;
    let begun = Instant::now();
    // More numbers than a block has, so that it must go to the table.
    let refused = storage.ids(100_000).await.unwrap_err();
    assert!(matches!(&refused, StorageError::Unavailable(said) if said.contains("lock timeout")), "{refused}");
    assert!(begun.elapsed() < Duration::from_secs(10), "the server says so before the statement is given up");
    other.run("rollback").await;
    storage.ids(100_000).await.expect("it goes on");
}

// Negative control: with `SILENT_TIME_MAX` nought (no limit) both sessions stay. Snapshots and migrations have limits of minutes,
// which no test waits for.
#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_of_intake_or_courier_ends_when_its_client_is_silent() {
    let base = Database::migrated().await;
    let storage = Storage::open(&base.url).await.unwrap();
    let mut conn = connect(&base.url).await;
    let wanted = antrean::storage::Wanted::default();
    let dispatch = storage.dispatch().await.expect("begun");
    let (intake, _) = storage.begin_intake(&wanted, now()).await.expect("begun");
    let silent = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in %'";
    let count = async |conn: &mut sqlx::postgres::PgConnection| -> i64 {
        sqlx::query_scalar(silent).fetch_one(conn).await.expect("a count")
    };
    assert_eq!(count(&mut conn).await, 2);
    let begun = Instant::now();
    while count(&mut conn).await > 0 {
        assert!(begun.elapsed() < WAIT_MAX, "the server ends what is silent");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for ended in [dispatch.commit().await, intake.commit().await] {
        assert!(matches!(ended, Err(StorageError::Unavailable(_))), "{ended:?}");
    }
    storage.ping().await.expect("the next one has a connection that works");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn settings_that_break_a_promise_are_told_at_the_start() {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new_on(Engine::Postgres, &whatsapp.api()).await;
    let sound = block_in_place(|| ServerProcess::start(&installation));
    let (_, log) = block_in_place(|| sound.terminate());
    assert!(!log.contains("alter role") && !log.contains("postgresql.conf"), "nothing is wrong here: {log}");
    let mut tables = installation.tables().await;
    let database = tables.texts("select cast(current_database() as text)").await.remove(0);
    for setting in ["synchronous_commit = off", "statement_timeout = '9s'"] {
        tables.run(&format!("alter database {database} set {setting}")).await;
    }
    let risky = block_in_place(|| ServerProcess::start(&installation));
    let (_, log) = block_in_place(|| risky.terminate());
    for said in ["synchronous_commit = off", "set synchronous_commit = on", "9000 ms", "set statement_timeout = 0"] {
        assert!(log.contains(said), "{said}: {log}");
    }
    assert!(!log.contains("fsync"), "{log}");
}
