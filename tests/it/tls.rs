//! The way to a PostgreSQL: a server with a certificate, one without, authorities and names that are right or wrong.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use antrean::storage::{Address, Storage, Tls};
use sqlx::Executor;
use tempfile::TempDir;
use tokio::task::block_in_place;

use crate::support::engine::Engine;
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{Installation, body, change, form, in_days, name, now, number, text};
use crate::support::postgres::{Database, connect, program};
use crate::support::server_process::ServerProcess;

/// A server with a certificate for `localhost`, and the authority that signed it; ends when dropped.
struct Secured {
    child: Child,
    url: String,
    folder: TempDir,
}

impl Drop for Secured {
    fn drop(&mut self) {
        // The script tears it down when nobody writes to it any more.
        drop(self.child.stdin.take());
        self.child.wait().ok();
    }
}

fn openssl(folder: &Path, arguments: &str) {
    let done =
        Command::new(program("openssl")).current_dir(folder).args(arguments.split(' ')).output().expect("openssl");
    assert!(done.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&done.stderr));
}

/// An authority, `NAME.pem`.
fn authority(folder: &Path, name: &str) {
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(folder, &format!("req -x509 {key} -keyout {name}.key -out {name}.pem -days 2 -subj /CN={name}"));
}

impl Secured {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path();
        authority(at, "ours");
        authority(at, "theirs");
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        openssl(at, &format!("req {key} -keyout server.key -out server.csr -subj /CN=localhost"));
        std::fs::write(at.join("names"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n").expect("written");
        openssl(
            at,
            "x509 -req -in server.csr -CA ours.pem -CAkey ours.key -CAcreateserial -days 2 -out server.crt -extfile names",
        );
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/postgres");
        let mut child = Command::new(script)
            .args(["sh", "-c", "echo \"$ANTREAN_TEST_POSTGRES\"; exec cat >/dev/null"])
            .env("ANTREAN_TEST_CERTIFICATE", at)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("tests/postgres runs");
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut url).expect("an address");
        assert!(url.starts_with("postgres://"), "no server was started: {url}");
        Self { child, url: url.trim().to_owned(), folder }
    }

    fn certificate(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.pem"))
    }

    /// The address by a host's name, with settings.
    fn by(&self, host: &str, settings: &str) -> String {
        format!("{}?{settings}", self.url.replace("127.0.0.1", host))
    }

    fn with_authority(&self, host: &str, name: &str) -> String {
        self.by(host, &format!("sslmode=verify-full&sslrootcert={}", self.certificate(name).display()))
    }

    /// Another database of the same server, by the same way.
    async fn another(&self, url: &str, name: &str) -> String {
        let mut conn = connect(&self.url).await;
        conn.execute(sqlx::AssertSqlSafe(format!("create database {name}"))).await.expect("made");
        url.replace("/postgres?", &format!("/{name}?"))
    }
}

async fn refused(address: impl Into<Address<'_>>) -> String {
    Storage::open(address).await.expect_err("refused").to_string()
}

/// Of the sessions that are called `antrean`: how many are encrypted, and how many are not.
async fn sessions(url: &str) -> (i64, i64) {
    let mut conn = connect(url).await;
    let sql = "select count(*) filter (where s.ssl), count(*) filter (where not s.ssl) from pg_stat_ssl s \
               join pg_stat_activity a on a.pid = s.pid where a.application_name = 'antrean'";
    sqlx::query_as(sql).fetch_one(&mut conn).await.expect("counted")
}

// Negative control: without the `tls-…` feature of sqlx the first one fails; with certificates accepted as they come, the
// others get through.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_is_taken_for_what_it_proves_to_be() {
    let server = block_in_place(Secured::start);
    let storage =
        Storage::open(&server.with_authority("localhost", "ours")).await.expect("the right authority and name");
    storage.ping().await.expect("it answers");
    assert_eq!(sessions(&server.url).await.1, 0, "every session of ours is encrypted");
    assert!(sessions(&server.url).await.0 > 0);
    storage.close().await;

    let wrong_authority = refused(&server.with_authority("localhost", "theirs")).await;
    assert!(wrong_authority.contains("not trusted") && wrong_authority.contains("sslrootcert="), "{wrong_authority}");
    let no_authority = refused(&server.by("localhost", "sslmode=verify-full")).await;
    assert!(no_authority.contains("not trusted"), "{no_authority}");
    let wrong_name = refused(&server.with_authority("127.0.0.1", "ours")).await;
    assert!(wrong_name.contains("for another name"), "{wrong_name}");
    let no_file = refused(&server.by("localhost", "sslmode=verify-full&sslrootcert=/nowhere/ca.pem")).await;
    assert!(no_file.contains("cannot be read"), "{no_file}");

    let plain = Database::empty().await;
    let no_tls = refused(&format!("{}?sslmode=require", plain.url)).await;
    assert!(no_tls.contains("offers no TLS") && no_tls.contains("ssl = on"), "{no_tls}");

    // What the configuration demands holds without a word in the address; what it admits is enough.
    let by_key = |tls| (server.by("localhost", &format!("sslrootcert={}", server.certificate("ours").display())), tls);
    for (url, tls) in [by_key(Tls::VerifyFull), by_key(Tls::VerifyCa), by_key(Tls::Require)] {
        let storage = Storage::open(Address { url: &url, tls: Some(tls) }).await.expect("the way is secured");
        storage.ping().await.expect("it answers");
        assert_eq!(sessions(&server.url).await.1, 0, "{tls:?}");
        storage.close().await;
    }
    let other_name = server.by("127.0.0.1", &format!("sslrootcert={}", server.certificate("ours").display()));
    Storage::open(Address { url: &other_name, tls: Some(Tls::VerifyCa) }).await.expect("for any name").close().await;
    assert!(refused(Address { url: &other_name, tls: Some(Tls::VerifyFull) }).await.contains("for another name"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_installation_serves_moves_and_plays_over_tls() {
    let server = block_in_place(Secured::start);
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new_on(Engine::Sqlite, &whatsapp.api()).await;
    let address = server.by("localhost", &format!("sslrootcert={}", server.certificate("ours").display()));
    let secured = [("ANTREAN_DATABASE", address.as_str()), ("ANTREAN_DATABASE_TLS", "verify-full")];
    let node = block_in_place(|| ServerProcess::start_with(&installation, &secured));
    let message = text(&number(1), "wamid.1", now(), &form(&name(1), in_days(3)));
    assert_eq!(node.post(&body(&[vec![change("1001", &[message])]])).await, Some(200));
    assert_eq!(sessions(&server.url).await.1, 0, "every session of the node is encrypted");
    assert!(block_in_place(|| node.terminate()).0.success());
    let verified = installation.run_with(&["db", "verify", "--database", &address], &secured[1..], "").done();
    assert!(verified.contains("the books balance"), "{verified}");

    let elsewhere = server.another(&address, "moved").await;
    let moved =
        installation.run(&["db", "move", "--from", &address, "--to", &elsewhere, "--tls", "verify-full"]).done();
    assert!(moved.contains("the same on both sides"), "{moved}");
    let story = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/conversations/ok/bogor-form-code-confirmation.chat");
    installation.run(&["replay", story, "--database", &elsewhere, "--tls", "verify-full"]).done();
    let wrong = server.with_authority("127.0.0.1", "ours");
    for arguments in
        [vec!["db", "move", "--from", &wrong, "--to", "sqlite://new.db"], vec!["replay", story, "--database", &wrong]]
    {
        let refused = installation.run(&arguments).failed();
        assert!(refused.contains("for another name"), "{refused}");
    }
}

// Negative control: with `is_local` always true, both try to connect, and say something else or nothing for a long time.
#[tokio::test(flavor = "multi_thread")]
async fn away_from_this_machine_less_is_refused_before_anything_is_sent() {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new_on(Engine::Sqlite, &whatsapp.api()).await;
    // Addresses that are reserved for documentation: nobody is there.
    let address = "postgres://antrean:canary-password@192.0.2.7/antrean?sslmode=disable";
    let story = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/conversations/ok/bogor-form-code-confirmation.chat");
    for arguments in [
        vec!["db", "verify", "--database", address],
        vec!["db", "migrate", "--database", address],
        vec!["db", "move", "--from", address, "--to", "sqlite://new.db"],
        vec!["replay", story, "--database", address],
    ] {
        let refused = installation.run(&arguments).failed();
        assert!(refused.contains("database_tls = \"off\"") && refused.contains("sslmode=verify-full"), "{refused}");
        assert!(!refused.contains("canary"), "{refused}");
    }
    let mistaken = installation.run_with(&["db", "verify"], &[("ANTREAN_DATABASE_TLS", "verify-ful")], "").failed();
    assert!(mistaken.contains("did you mean \"verify-full\"?"), "{mistaken}");
}
