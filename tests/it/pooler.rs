//! Behind `PgBouncer`, which lends a connection for one transaction and then gives it to somebody else.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use antrean::replay;
use antrean::roster::Roster;
use antrean::storage::Storage;
use tokio::net::TcpStream;

use crate::support::engine::{Engine, Tables};
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{
    Installation, body, change, code_in, form, in_days, name, now, number, said, text, until,
};
use crate::support::postgres::{Database, program, server};
use crate::support::server_process::ServerProcess;

/// A pooler of a test's own; killed when dropped.
struct Pooler {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Pooler {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn host_and_port() -> (String, String) {
    let after = server().split_once('@').unwrap().1;
    let (host, port) = after.split_once('/').unwrap().0.split_once(':').unwrap();
    (host.to_owned(), port.to_owned())
}

impl Pooler {
    /// Few connections to the server, so that clients really share them.
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (host, server_port) = host_and_port();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let file = folder.path().join("pgbouncer.ini");
        let users = folder.path().join("users.txt");
        std::fs::write(&users, "\"postgres\" \"\"\n").unwrap();
        let text = format!(
            "[databases]\n* = host={host} port={server_port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = any\nauth_file = {}\npool_mode = transaction\ndefault_pool_size = 3\n\
             max_client_conn = 200\n",
            users.display()
        );
        // `any` lets everybody in as one user, which each database must name then.
        let text = text.replace("port={server_port}\n", "").replacen("\n[pgbouncer]", " user=postgres\n[pgbouncer]", 1);
        std::fs::write(&file, text).unwrap();
        let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
        let mut command = if root {
            // It refuses to run as root, and must read what root wrote.
            assert!(Command::new("chmod").args(["-R", "a+rX"]).arg(folder.path()).status().unwrap().success());
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program("pgbouncer"));
            command
        } else {
            Command::new(program("pgbouncer"))
        };
        let child = command.arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
        let mut pooler = Self { child, port, _folder: folder };
        until("the pooler listens", async || {
            assert!(pooler.child.try_wait().unwrap().is_none(), "the pooler ended at once");
            TcpStream::connect(("127.0.0.1", port)).await.ok()
        })
        .await;
        pooler
    }

    /// The same database through the pooler.
    fn url(&self, url: &str) -> String {
        let (host, port) = host_and_port();
        url.replacen(&format!("{host}:{port}"), &format!("127.0.0.1:{}", self.port), 1)
    }

    /// The way that is documented.
    fn documented(&self, url: &str) -> String {
        format!("{}?statement-cache-capacity=0", self.url(url))
    }
}

// The first half is the negative control of the second: with named statements the same work fails.
#[tokio::test(flavor = "multi_thread")]
async fn without_named_statements_a_pooler_may_share_connections() {
    let pooler = Pooler::start().await;
    let database = Database::migrated().await;
    let work = async |url: String| -> Result<(), antrean::storage::StorageError> {
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let storage = Storage::open(&url).await?;
            all.spawn(async move {
                for _ in 0..20 {
                    storage.ping().await?;
                    storage.offices().await?;
                    storage.ids(9_000).await?;
                    storage.outbox(true, 10).await?;
                    storage.audit(now()).await?;
                }
                storage.close().await;
                Ok(())
            });
        }
        all.join_all().await.into_iter().collect()
    };
    let named = work(pooler.url(&database.url)).await;
    assert!(named.is_err(), "named statements got through: the pooler shares nothing, and this proves nothing");
    work(pooler.documented(&database.url)).await.expect("nameless statements get through");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_migrate_book_and_answer_through_a_pooler() {
    let pooler = Pooler::start().await;
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new_on(Engine::Postgres, &whatsapp.api()).await;
    let empty = Database::empty().await;
    let url = pooler.documented(&empty.url);
    let nodes = tokio::task::block_in_place(|| {
        [0, 1].map(|_| ServerProcess::start_with(&installation, &[("ANTREAN_DATABASE", &url)]))
    });
    let mut tables = Tables::of(&empty.url).await;
    for n in 0..40 {
        let message = text(&number(n), &format!("wamid.{n}"), now(), &form(&name(n), in_days(3)));
        assert_eq!(nodes[n % 2].post(&body(&[vec![change("1001", &[message])]])).await, Some(200));
    }
    let sent = "select count(*) from outbox where state = 'sent'";
    until("all echoes are sent", async || (tables.count(sent).await == 40).then_some(())).await;
    for message in whatsapp.accepted() {
        let to = message["to"].as_str().unwrap();
        let code = text(to, &format!("wamid.code{to}"), now(), &code_in(said(&message).unwrap()));
        assert_eq!(nodes[1].post(&body(&[vec![change("1001", &[code])]])).await, Some(200));
    }
    until("all tickets are sent", async || (tables.count(sent).await == 80).then_some(())).await;
    assert_eq!(tables.count("select count(*) from booking where state = 'booked'").await, 40);
    assert_eq!(tables.count("select count(*) from seat").await, 40);
    let out = installation.run(&["db", "verify", "--database", &url]).done();
    assert!(out.contains("the books balance"), "{out}");
    for node in nodes {
        assert!(tokio::task::block_in_place(|| node.terminate()).0.success());
    }
    // A pooler is no place for stories: they need a schema of their own, which it does not pass on.
    tokio::time::sleep(Duration::from_millis(1)).await;
    let story = [std::path::PathBuf::from("fixtures/conversations/ok/bogor-form-code-confirmation.chat")];
    let played = replay::run(Roster::shipped().unwrap(), &story, Some(empty.url.as_str().into())).await.unwrap();
    assert!(played.iter().all(|one| one.ending == replay::Ending::Passed));
}
