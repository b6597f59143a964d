//! A disk that fails under the real binary: nothing that was acknowledged is lost, and nothing is acknowledged that it may
//! not have.
//!
//! `tests/shim/disk.c` stands in front of the binary's system calls: it fails those that a test names, and keeps a journal of
//! what was written and synced, from which a test makes the files that a loss of power would leave.
#![cfg(target_os = "linux")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use tokio::task::JoinSet;

use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{
    APP_SECRET, Installation, Ran, WAIT, body, change, command, form, in_days, name, now, number, text, until,
};
use crate::support::server_process::{ServerProcess, post};
use crate::support::shim::compiled;

const EIO: i32 = 5;
const ENOSPC: i32 = 28;
const EROFS: i32 = 30;
/// Connections that deliver side by side.
const CONNECTIONS: usize = 4;

/// The shim, compiled once.
fn shim() -> &'static Path {
    static SHIM: OnceLock<PathBuf> = OnceLock::new();
    SHIM.get_or_init(|| compiled("disk"))
}

/// An installation on a disk that can fail.
struct Disk {
    installation: Installation,
    environment: Vec<(&'static str, String)>,
    /// The next citizen.
    next: AtomicUsize,
}

impl Disk {
    fn under(installation: Installation) -> Self {
        let path = |name: &str| installation.path(name).display().to_string();
        let environment = vec![
            ("LD_PRELOAD", shim().display().to_string()),
            ("DISK_CONTROL", path("control")),
            ("DISK_JOURNAL", path("journal")),
        ];
        Self { installation, environment, next: AtomicUsize::new(0) }
    }

    fn environment(&self) -> Vec<(&str, &str)> {
        self.environment.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    fn start(&self) -> ServerProcess {
        ServerProcess::start_with(&self.installation, &self.environment())
    }

    fn run(&self, args: &[&str]) -> Ran {
        self.installation.run_with(args, &self.environment(), "")
    }

    /// From now on this fails.
    fn fail(&self, what: &str, ending: &str, errno: i32) {
        // Renamed, so that nobody reads half a line.
        std::fs::write(self.installation.path("control.new"), format!("{what} {ending} {errno}\n")).unwrap();
        std::fs::rename(self.installation.path("control.new"), self.installation.path("control")).unwrap();
    }

    fn mend(&self) {
        std::fs::remove_file(self.installation.path("control")).unwrap();
    }

    fn log(&self) -> Vec<u8> {
        std::fs::read(self.installation.path("antrean.db-wal")).unwrap_or_default()
    }

    /// What a process that tries to serve says when it gives up.
    fn refused(&self) -> String {
        let mut child = command(self.installation.folder.path());
        child.args(["serve", "--config"]).arg(self.installation.config()).envs(self.environment());
        let mut child = child.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let end = Instant::now() + WAIT;
        while child.try_wait().unwrap().is_none() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
        child.kill().ok();
        let ended = child.wait_with_output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(1), "{said}");
        said
    }

    /// Delivers forms over several connections, `each` of them, or until the first that is not taken; the numbers of those that were.
    async fn deliver(&self, server: &ServerProcess, each: usize) -> BTreeSet<String> {
        let mut connections = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (client, address) = (server.client.clone(), server.address.clone());
            let from = self.next.fetch_add(each, Ordering::SeqCst);
            connections.spawn(async move {
                let mut taken = BTreeSet::new();
                for n in from..from + each {
                    let id = format!("wamid.disk{n}");
                    let message = text(&number(n), &id, now(), &form(&name(n), in_days(3)));
                    let answer = post(&client, &address, &body(&[vec![change("1001", &[message])]]), APP_SECRET).await;
                    if answer != Some(200) {
                        assert_eq!(answer, Some(503));
                        break;
                    }
                    taken.insert(id);
                }
                taken
            });
        }
        connections.join_all().await.into_iter().flatten().collect()
    }

    /// The files of the database as a loss of power would leave them at this moment.
    fn image(&self, folder: &Path) {
        let journal = std::fs::read(self.installation.path("journal")).unwrap();
        for (path, bytes) in replay(&journal) {
            std::fs::write(folder.join(path.file_name().unwrap()), bytes).unwrap();
        }
    }
}

/// What the disk has of each file: a write counts once a sync that began after it has ended well. A sync that failed drops
/// what it was to write, since no later one will.
fn replay(mut journal: &[u8]) -> BTreeMap<PathBuf, Vec<u8>> {
    fn take<'a>(journal: &mut &'a [u8], length: usize) -> &'a [u8] {
        let (front, rest) = journal.split_at(length);
        *journal = rest;
        front
    }
    let mut disk: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    // In the order of writing, each with its number.
    let mut pending: Vec<(usize, PathBuf, usize, &[u8])> = Vec::new();
    let mut begun: BTreeMap<(u64, PathBuf), usize> = BTreeMap::new();
    let mut written = 0;
    while !journal.is_empty() {
        let mut number = || u64::from_ne_bytes(take(&mut journal, 8).try_into().unwrap());
        let (kind, thread, path_length, offset, length) = (number(), number(), number(), number(), number());
        let path = std::str::from_utf8(take(&mut journal, usize::try_from(path_length).unwrap())).unwrap();
        let (path, offset) = (PathBuf::from(path), usize::try_from(offset).unwrap());
        match u8::try_from(kind).unwrap() {
            b'W' => {
                pending.push((written, path, offset, take(&mut journal, usize::try_from(length).unwrap())));
                written += 1;
            }
            b'B' => _ = begun.insert((thread, path), written),
            ended @ (b'S' | b'F') => {
                let until = begun[&(thread, path.clone())];
                let (done, left) = pending.into_iter().partition(|(n, of, _, _)| *of == path && *n < until);
                pending = left;
                let file = disk.entry(path).or_default();
                for (_, _, offset, data) in done.into_iter().filter(|_| ended == b'S') {
                    file.resize(file.len().max(offset + data.len()), 0);
                    file[offset..offset + data.len()].copy_from_slice(data);
                }
            }
            b'T' => {
                pending.retain(|(_, of, at, data)| *of != path || at + data.len() <= offset);
                disk.entry(path).or_default().truncate(offset);
            }
            b'U' => {
                pending.retain(|(_, of, _, _)| *of != path);
                disk.remove(&path);
            }
            other => panic!("no record: {other}"),
        }
    }
    disk
}

/// The messages in a database that nobody else has open.
fn messages(database: &Path) -> BTreeSet<String> {
    let conn = Connection::open(database).unwrap();
    let mut asked = conn.prepare("select message from inbound").unwrap();
    asked.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Everything that was acknowledged is in what a loss of power at this moment would leave.
fn assert_survives(disk: &Disk, taken: &BTreeSet<String>, with_log: bool) {
    let folder = tempfile::tempdir().unwrap();
    disk.image(folder.path());
    if !with_log {
        std::fs::remove_file(folder.path().join("antrean.db-wal")).ok();
    }
    let there = messages(&folder.path().join("antrean.db"));
    let lost: Vec<_> = taken.difference(&there).collect();
    assert!(lost.is_empty(), "{} of {} acknowledged messages would be lost", lost.len(), taken.len());
}

/// The disk fails at `ending` under load; from then on nothing is acknowledged, nobody copies or deletes the log, and the next
/// start has everything.
async fn a_failed_sync(ending: &str) {
    let whatsapp = FakeWhatsApp::start().await;
    let disk = Disk::under(Installation::new(&whatsapp.api()));
    let server = disk.start();
    let mut taken = disk.deliver(&server, 40).await;
    assert_eq!(taken.len(), 40 * CONNECTIONS, "{}", server.log());
    disk.fail("sync", ending, EIO);
    // Until each connection met its first refusal.
    taken.extend(disk.deliver(&server, 2_000).await);
    // The disk says that all is well again, which is not to be believed.
    disk.mend();
    assert_eq!(server.get("/readyz").await.0, 503);
    assert_eq!(disk.deliver(&server, 3).await, BTreeSet::new());
    let log = disk.log();
    assert!(!log.is_empty());
    assert_survives(&disk, &taken, true);

    // Beside it, a command that shows citizens is refused, since the audit trail cannot take it; it neither writes nor copies the
    // log when it ends.
    let day = in_days(3).to_string();
    let bookings = ["bookings", "--office", "bogor", "--date", &day];
    let shown = disk.run(&bookings);
    assert!(
        shown.code == 1 && !shown.out.contains("Warga") && shown.err.contains("start `antrean serve` again"),
        "{shown:?}"
    );
    let retry = disk.run(&["outbox", "retry"]);
    assert!(retry.code == 1 && retry.err.contains("start `antrean serve` again"), "{retry:?}");
    let (status, said) = server.terminate();
    assert!(status.success(), "{said}");
    assert!(said.contains("the disk did not take") && said.contains("antrean.db"), "{said}");
    assert!(disk.log() == log, "the log is left as it was, also by whoever closes last");
    // The last one that has the database open, too.
    assert_eq!(disk.run(&bookings).code, 1);
    assert_eq!(disk.run(&["outbox", "retry"]).code, 1);
    assert!(disk.log() == log, "nor by a command on its own");
    assert_survives(&disk, &taken, true);

    let server = disk.start();
    assert_eq!(server.get("/readyz").await.0, 200);
    // All of it is in the file, without the log.
    assert_survives(&disk, &taken, false);
    taken.extend(disk.deliver(&server, 5).await);
    assert_survives(&disk, &taken, true);
    let (status, said) = server.terminate();
    assert!(status.success() && said.contains("after a failure of the disk"), "{said}");
    assert_survives(&disk, &taken, false);
    disk.run(&["db", "verify"]).done();
}

// Controls: with `wal_autocheckpoint` left to SQLite and a failed sync in `File::judged` not noted, messages are acknowledged
// after it and lost; without `Unclosed` the command that closes last deletes the log.
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_sync_of_the_file_is_the_last_thing_that_a_process_believes() {
    a_failed_sync("antrean.db").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_sync_of_the_log_is_the_last_thing_that_a_process_believes() {
    a_failed_sync("antrean.db-wal").await;
}

// Controls: without `sync_failure` in `run_until` it stays for ever; with `look` not asked in `should_restart` the one whose files are
// gone leaves too, and takes the only copy along; with the pause of a second each loop tells some thirty errors.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_failed_sync_it_leaves_by_itself_unless_its_files_are_gone() {
    let whatsapp = FakeWhatsApp::start().await;
    let (disk, gone) =
        (Disk::under(Installation::new(&whatsapp.api())), Disk::under(Installation::new(&whatsapp.api())));
    let (mut server, mut kept) = (disk.start(), gone.start());
    let taken = disk.deliver(&server, 5).await;
    gone.deliver(&kept, 5).await;
    for disk in [&disk, &gone] {
        disk.fail("sync", "antrean.db-wal", EIO);
    }
    disk.deliver(&server, 5).await;
    gone.deliver(&kept, 5).await;
    let failed = Instant::now();
    // Only after the disk has failed, which is a reason to leave.
    std::fs::rename(gone.installation.path("antrean.db"), gone.installation.path("elsewhere.db")).unwrap();
    disk.mend();
    assert_eq!(server.get("/readyz").await.0, 503);
    let status = until("it leaves", async || server.ended()).await;
    assert_eq!(status.code(), Some(1), "{}", server.log());
    assert!(failed.elapsed() > Duration::from_secs(20), "there was time to see that it is not ready");
    let log = server.log();
    assert!(log.contains("leaving, since only a new start"), "{log}");
    let chatter = log.lines().filter(|line| line.contains("could not use storage")).count();
    assert!(chatter <= 6, "{chatter}: {log}");
    assert!(kept.ended().is_none(), "{}", kept.log());
    let again = disk.start();
    assert_eq!(again.get("/readyz").await.0, 200);
    assert_survives(&disk, &taken, false);
    // It would have left at the same time.
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(kept.ended().is_none(), "{}", kept.log());
    assert_eq!(kept.get("/readyz").await.0, 503);
}

// Negative control: with the end of `run_until` left out of the exit code in `cli::demo`, the code is 0.
#[tokio::test(flavor = "multi_thread")]
async fn a_demo_leaves_with_a_failure_too_after_a_failed_sync() {
    let disk = Disk::under(Installation::new("http://127.0.0.1:9"));
    let mut demo = command(disk.installation.folder.path());
    demo.args(["demo", "--listen", "127.0.0.1:0", "--data", "demo"]).envs(disk.environment());
    let mut demo = ServerProcess::of(demo);
    disk.fail("sync", "antrean.db-wal", EIO);
    let body = r#"{"key": "bogor", "messages": [{"id": "m1", "from": "6281200000001", "text": "halo"}]}"#;
    let request = demo.client.post(format!("{}/webhooks/sim", demo.address));
    let answer = request.header("content-type", "application/json").body(body).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 503, "{}", demo.log());
    disk.mend();
    let status = until("it leaves", async || demo.ended()).await;
    assert_eq!(status.code(), Some(1), "{}", demo.log());
}

// Controls: with a failed write taken for a failed sync it stays red; without `Writes` it is never red; without
// `Repeats` the log has a line for each message.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_passes() {
    let whatsapp = FakeWhatsApp::start().await;
    let disk = Disk::under(Installation::new(&whatsapp.api()));
    let server = disk.start();
    let mut taken = disk.deliver(&server, 5).await;
    for errno in [ENOSPC, EROFS, EIO] {
        disk.fail("write", "antrean.db-wal", errno);
        for _ in 0..100 {
            assert_eq!(disk.deliver(&server, 1).await, BTreeSet::new());
        }
        let (status, page) = server.get("/readyz").await;
        assert!(status == 503 && page.contains("\"storage\":\"unavailable\""), "{status} {page}");
        disk.mend();
        until("it serves again", async || (!disk.deliver(&server, 1).await.is_empty()).then_some(())).await;
        until("it is ready again", async || (server.get("/readyz").await.0 == 200).then_some(())).await;
        taken.extend(disk.deliver(&server, 3).await);
    }
    // Where only the file takes nothing, all is kept in the log, and told all the same: it grows.
    disk.fail("write", "antrean.db", ENOSPC);
    until("a checkpoint finds the disk full", async || {
        taken.extend(disk.deliver(&server, 10).await);
        (server.get("/readyz").await.0 == 503).then_some(())
    })
    .await;
    disk.mend();
    until("a checkpoint succeeds", async || {
        taken.extend(disk.deliver(&server, 1).await);
        (server.get("/readyz").await.0 == 200).then_some(())
    })
    .await;
    assert_survives(&disk, &taken, true);
    let (status, log) = server.terminate();
    assert!(status.success(), "{log}");
    let errors = log.lines().filter(|line| line.contains("ERROR")).count();
    assert!((3..=60).contains(&errors), "{errors} lines for 1,200 messages that were refused: {log}");
    assert_survives(&disk, &taken, false);
}

// Negative control: with `settle` satisfied by any result it starts, and takes a log for sound that is not in the file.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_beside_a_process_that_reads_an_old_state_waits_and_then_refuses() {
    let whatsapp = FakeWhatsApp::start().await;
    let disk = Disk::under(Installation::new(&whatsapp.api()));
    let server = disk.start();
    let mut taken = disk.deliver(&server, 3).await;
    let database = disk.installation.path("antrean.db");
    let reader = Connection::open_with_flags(&database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    reader.execute_batch("begin; select count(*) from inbound").unwrap();
    taken.extend(disk.deliver(&server, 3).await);
    server.kill();
    let said = disk.refused();
    assert!(said.contains("another process reads an old state") && said.contains("fuser"), "{said}");
    reader.execute_batch("rollback").unwrap();
    // One that only has it open is in nobody's way.
    let server = disk.start();
    assert_survives(&disk, &taken, false);
    taken.extend(disk.deliver(&server, 3).await);
    server.kill();
    // Unless a sync has failed: what was copied before is not believed then, and the log has to be read anew.
    std::fs::write(disk.installation.path("antrean.db-failed"), "invented").unwrap();
    let said = disk.refused();
    assert!(said.contains("another process has the database open") && said.contains("invented"), "{said}");
    drop(reader);
    let server = disk.start();
    assert!(!disk.installation.path("antrean.db-failed").exists());
    assert_survives(&disk, &taken, false);
    assert!(server.terminate().0.success());
}
