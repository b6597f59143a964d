//! `antrean db move`: there and back, killed half-way, refused where it would spoil something; and `antrean db verify`.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::support::engine::{Base, Engine, Tables};
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{
    Installation, body, change, code_in, command, form, in_days, name, now, number, said, text, until,
};
use crate::support::postgres::Database;
use crate::support::server_process::ServerProcess;

/// Messages that make a move long enough to be killed in the middle.
const BULK: usize = 40_000;

/// An installation on SQLite with bookings of every state and a long past.
async fn lived_in() -> Installation {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new(&whatsapp.api());
    let server = tokio::task::block_in_place(|| ServerProcess::start(&installation));
    for n in 0..12 {
        let message = text(&number(n), &format!("wamid.{n}"), now(), &form(&name(n), in_days(3)));
        assert_eq!(server.post(&body(&[vec![change("1002", &[message])]])).await, Some(200));
    }
    until("all echoes are out", async || (whatsapp.accepted().len() == 12).then_some(())).await;
    for (n, message) in whatsapp.accepted().iter().enumerate().take(8) {
        let to = message["to"].as_str().unwrap();
        let code = text(to, &format!("wamid.code{n}"), now(), &code_in(said(message).unwrap()));
        assert_eq!(server.post(&body(&[vec![change("1002", &[code])]])).await, Some(200));
    }
    let cancel = text(&number(0), "wamid.cancel", now(), "#batal");
    assert_eq!(server.post(&body(&[vec![change("1002", &[cancel])]])).await, Some(200));
    let stray = text(&number(1), "wamid.stray", now(), "kutip \" dan \\ dan 😀");
    assert_eq!(server.post(&body(&[vec![change("7777", &[stray])]])).await, Some(200));
    assert!(tokio::task::block_in_place(|| server.terminate()).0.success());
    for done in [&["counter", "open", "1"][..], &["walk-in", "--name", "Budi"], &["call", "1"]] {
        let visit = ["visit", "--office", "jakarta-pusat", "--as", "siti"];
        tokio::task::block_in_place(|| installation.run(&[&visit, done].concat())).done();
    }
    let bulk = format!(
        "insert into inbound_archive (channel, message, office, contact, sent_us, served_us, content) \
         with recursive n(n) as (select 1 union all select n + 1 from n where n < {BULK}) \
         select 'wa/1002', 'wamid.old' || n, 'jakarta-pusat', '62812000' || n, n, n, '{{\"text\":\"lama' || n || '\"}}' from n"
    );
    installation.tables().await.run(&bulk).await;
    installation.run(&["user", "add", "--first"]).done();
    installation
}

fn move_args<'a>(from: &'a str, to: &'a str) -> [&'a str; 6] {
    ["db", "move", "--from", from, "--to", to]
}

/// Every row of every table, in words.
async fn dump(tables: &mut Tables) -> Vec<String> {
    let mut all = Vec::new();
    for sql in [
        "select id || office || office_version || format || channel || contact || applicant || date || hour || seats || \
         state || code || coalesce(approval, '-') || tries || coalesce(hold_until_us, 0) || created_us from booking",
        "select office || date || hour || number || booking from seat",
        "select office || date || hour || capacity || taken || high from hour",
        "select office || date || capacity || taken from day",
        "select id || ' ' || booking || ' ' || at_us || state || detail from event",
        "select id || channel || contact || coalesce(previous, 0) || coalesce(reply_to, '-') || text || \
         coalesce(qr, '-') || state || due_us || attempts || coalesce(provider_id, '-') || coalesce(sent_us, 0) from outbox",
        "select channel || message || office || contact || sent_us || served_us || content from inbound",
        "select channel || message || content from inbound_archive",
        "select channel || contact || office || lang || coalesce(last_reply, 0) || coalesce(bookings, '-') || heard_us from conversation",
        "select id || ' ' || version || file || imported_us from office",
        "select id || channel || message || item || reason || state from set_aside",
        "select id || office || date || number || name || lane || state || version || counter || called_us from visit",
        "select id || ' ' || visit || action || version || actor || coalesce(before, '-') from visit_event",
        "select id || ' ' || counter || actor || opened_us from shift",
        "select office || date || seq || visit || kind from board_call",
        "select office || topic || version from live",
        "select id || login || name || state || step || created_us from staff",
        "select staff || office || role || granted_us from staff_role",
        "select staff || token || kind || coalesce(seed, '-') || until_us from staff_link",
        "select cast(next as text) from id_block",
    ] {
        let mut rows = tables.texts(sql).await;
        assert!(!rows.is_empty(), "{sql}");
        rows.sort();
        all.extend(rows);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_goes_on_where_it_was_killed_and_leads_back_again() {
    let installation = lived_in().await;
    let head = installation.run(&["audit", "head"]).done();
    assert!(!head.starts_with("0:"), "something was recorded: {head}");
    let before = dump(&mut installation.tables().await).await;
    let target = Database::empty().await;
    let mut killed = 0;
    for _ in 0..3 {
        let mut moving = command(installation.folder.path());
        moving.args(move_args(&installation.url(), &target.url)).stdout(Stdio::null()).stderr(Stdio::null());
        let mut moving = moving.spawn().unwrap();
        let mut tables = Tables::of(&target.url).await;
        let wanted = "select count(*) from inbound_archive";
        let half_way = tokio::time::timeout(Duration::from_mins(1), async {
            loop {
                let there = "select count(*) from information_schema.tables where table_name = 'moving'";
                if tables.count(there).await == 1 && tables.count(wanted).await > killed {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        });
        half_way.await.expect("it copies");
        moving.kill().unwrap();
        moving.wait().unwrap();
        killed = tables.count("select count(*) from inbound_archive").await;
        assert!(killed < i64::try_from(BULK).unwrap(), "it was over already");
    }
    // A half-moved database is not served.
    let refused = installation.run_with(&["serve"], &[("ANTREAN_DATABASE", &target.url)], "");
    assert!(refused.code == 1 && refused.err.contains("begun and not finished"), "{refused:?}");
    let out = installation.run(&move_args(&installation.url(), &target.url)).done();
    assert!(out.contains("counts and sums are the same on both sides"), "{out}");
    assert!(out.contains(&format!("{BULK:>12}  ")), "{out}");
    assert_eq!(dump(&mut Tables::of(&target.url).await).await, before);
    let verified = installation.run(&["db", "verify", "--database", &target.url]).done();
    assert!(verified.contains("11 live bookings") && verified.contains("the books balance"), "{verified}");
    let chain = ["audit", "verify", "--head", head.trim(), "--database", &target.url];
    assert!(installation.run(&chain).done().contains("is whole"), "the chain moved with its rows");
    // And back, into a file of its own.
    let back = format!("sqlite://{}", installation.path("back.db").display());
    installation.run(&move_args(&target.url, &back)).done();
    assert_eq!(dump(&mut Tables::of(&back).await).await, before);
    // Served from there on, numbers go on where they were.
    let whatsapp = FakeWhatsApp::start().await;
    let server =
        tokio::task::block_in_place(|| ServerProcess::start_with(&installation, &[("ANTREAN_DATABASE", &target.url)]));
    let message = text(&number(77), "wamid.77", now(), &form(&name(77), in_days(3)));
    assert_eq!(server.post(&body(&[vec![change("1002", &[message])]])).await, Some(200));
    drop((server, whatsapp));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_refuses_what_it_would_spoil() {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new(&whatsapp.api());
    let target = Database::migrated().await;
    installation.run(&["db", "migrate"]).done();
    let refuse = |from: &str, to: &str, why: &str| {
        let ran = installation.run(&move_args(from, to));
        assert!(ran.code == 1 && ran.err.contains(why), "{why}: {ran:?}");
    };
    refuse("sqlite://nowhere.db", &target.url, "there is no database");
    refuse(&installation.url(), &installation.url(), "are the same database");
    // A server on the source, then one on the target.
    let server = tokio::task::block_in_place(|| ServerProcess::start(&installation));
    refuse(&installation.url(), &target.url, "another antrean serves the database");
    server.kill();
    let elsewhere = Installation::new_on(Engine::Postgres, &whatsapp.api()).await;
    let server = tokio::task::block_in_place(|| ServerProcess::start(&elsewhere));
    refuse(&installation.url(), &elsewhere.url(), "stop every node first");
    server.kill();
    // Its sessions end a moment after it.
    let mut tables = elsewhere.tables().await;
    let sessions = "select count(*) from pg_stat_activity where application_name = 'antrean' \
                    and datname = current_database()";
    until("its sessions are gone", async || (tables.count(sessions).await == 0).then_some(())).await;
    refuse(&installation.url(), &elsewhere.url(), "the target has data already");
    // An unfinished move of another source.
    let mut tables = Tables::of(&target.url).await;
    tables
        .run("insert into moving (name, source, last, finished) values ('office', 'sqlite:///elsewhere.db', null, 0)")
        .await;
    refuse(&installation.url(), &target.url, "unfinished move from sqlite:///elsewhere.db");
    tables.run("delete from moving").await;
    // What only one engine can keep is told with its table.
    let mut source = installation.tables().await;
    source.run("insert into office (id, version, file, imported_us) values ('nol', 1, 'a' || char(0) || 'b', 1)").await;
    refuse(&installation.url(), &target.url, "the target refused rows of table office");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verification_that_finds_something_names_it_and_fails() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let base = Base::new(engine).await;
        drop(base.storage().await);
        let verify = || {
            let output = command(Path::new("/")).args(["db", "verify", "--database", &base.url()]).output().unwrap();
            (output.status.code(), String::from_utf8(output.stdout).unwrap())
        };
        assert_eq!(verify().0, Some(0), "{engine:?}");
        let mut tables = base.tables().await;
        tables.run("insert into day (office, date, capacity, taken) values ('bogor', '2026-08-04', 5, 1)").await;
        tables
            .run(
                "insert into outbox (id, channel, contact, office, text, state, due_us, attempts, delivery, \
                 without_picture, created_us) values (1, 'wa/1', '62812000', 'bogor', 'x', 'sent', 1, 1, 1, 0, 1)",
            )
            .await;
        let (code, said) = verify();
        assert_eq!(code, Some(1), "{engine:?}");
        assert!(
            said.contains("found: 1 days whose counter differs from their seats, such as bogor 2026-08-04\n")
                && said.contains("found: 1 replies that belong to nobody, such as reply 1\n"),
            "{said}"
        );
    }
}
