//! The database's files taken away under load: nothing that is acknowledged is lost, nothing more is acknowledged, and the
//! next start says what to do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::support::engine::Tables;
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{self, Installation, body, change, command, form, name, number, text, until};
use crate::support::server_process::{ServerProcess, post, refused};

/// Connections that deliver side by side.
const CONNECTIONS: usize = 4;
/// Messages that are acknowledged before anything is taken away.
const ACKNOWLEDGED: usize = 40;
/// How long an answer may be on its way over loopback.
const ON_ITS_WAY: Duration = Duration::from_millis(300);

/// What is done to a file that is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Removed,
    Moved,
    Replaced,
}

impl Deed {
    const ALL: [Self; 3] = [Self::Removed, Self::Moved, Self::Replaced];

    fn on(self, path: &Path) {
        match self {
            Self::Removed => fs::remove_file(path).unwrap(),
            Self::Moved => fs::rename(path, moved(path)).unwrap(),
            Self::Replaced => {
                let other = path.with_extension("other");
                fs::write(&other, "something else").unwrap();
                fs::rename(other, path).unwrap();
            }
        }
    }
}

/// Where a file was moved to.
fn moved(path: &Path) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(".moved");
    name.into()
}

/// A provider that delivers one form after another until it is told to stop.
struct Provider {
    stop: CancellationToken,
    acknowledged: Arc<Mutex<Vec<String>>>,
    refused: Arc<AtomicUsize>,
    connections: JoinSet<()>,
}

impl Provider {
    fn of(server: &ServerProcess) -> Self {
        let (stop, acknowledged) = (CancellationToken::new(), Arc::<Mutex<Vec<String>>>::default());
        let (count, refused) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut connections = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (client, address) = (server.client.clone(), server.address.clone());
            let (stop, acknowledged) = (stop.clone(), Arc::clone(&acknowledged));
            let (count, refused) = (Arc::clone(&count), Arc::clone(&refused));
            connections.spawn(async move {
                while !stop.is_cancelled() {
                    let n = count.fetch_add(1, Ordering::Relaxed);
                    let id = format!("wamid.{n}");
                    match post(&client, &address, &message(n), installation::APP_SECRET).await {
                        Some(200) => acknowledged.lock().unwrap().push(id),
                        _ => drop(refused.fetch_add(1, Ordering::Relaxed)),
                    }
                }
            });
        }
        Self { stop, acknowledged, refused, connections }
    }

    fn count(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    async fn end(self) -> Vec<String> {
        self.stop.cancel();
        self.connections.join_all().await;
        self.acknowledged.lock().unwrap().clone()
    }
}

fn message(n: usize) -> String {
    let text = text(&number(n), &format!("wamid.{n}"), installation::now(), &form(&name(n), installation::in_days(3)));
    body(&[vec![change("1001", &[text])]])
}

/// Other names of database and log, by which they can still be read when they are gone from where they were.
fn keep(setup: &Installation) -> PathBuf {
    let kept = setup.path("kept");
    fs::create_dir_all(&kept).unwrap();
    for file in ["antrean.db", "antrean.db-wal"] {
        fs::remove_file(kept.join(file)).ok();
        fs::hard_link(setup.path(file), kept.join(file)).unwrap();
    }
    kept.join("antrean.db")
}

async fn assert_has_all(database: &Path, acknowledged: &[String], what: &str) {
    // A copy: whoever opens it last writes the log into it, under all of its names.
    let copy = tempfile::tempdir().unwrap();
    let (seen, log) = (copy.path().join("antrean.db"), copy.path().join("antrean.db-wal"));
    fs::copy(database, &seen).unwrap();
    fs::copy(database.with_extension("db-wal"), &log).ok();
    let there = Tables::open(&seen).await.texts("select message from inbound").await;
    let lost: Vec<_> = acknowledged.iter().filter(|id| !there.contains(id)).collect();
    assert!(lost.is_empty(), "{what}: {} of {} were lost", lost.len(), acknowledged.len());
}

/// Serves under load, does it, and waits until the readiness probe is red; gives what was acknowledged, all of which is in
/// the files that were open. The process is gone afterwards, without having tidied up.
async fn parted(setup: &Installation, deed: &str, act: impl FnOnce()) -> Vec<String> {
    let server = ServerProcess::start(setup);
    let kept = keep(setup);
    let provider = Provider::of(&server);
    until("messages are acknowledged", async || (provider.count() >= ACKNOWLEDGED).then_some(())).await;
    act();
    // No connection has more than one message under way; nobody asks whether it is ready meanwhile.
    let before = provider.count();
    until("a message is refused", async || (provider.refused.load(Ordering::Relaxed) > 0).then_some(())).await;
    tokio::time::sleep(ON_ITS_WAY).await;
    let after = provider.count();
    assert!(after - before <= 2 * CONNECTIONS, "{deed}: {} more were acknowledged", after - before);
    assert_eq!(server.get("/readyz").await.0, 503, "{deed}");
    // Whoever delivers now is told to come again, however often.
    for n in 90_000..90_003 {
        assert_eq!(server.post(&message(n)).await, Some(503), "{deed}");
    }
    let acknowledged = provider.end().await;
    assert_eq!(acknowledged.len(), after, "{deed}: acknowledged after it was not ready");
    let log = server.log();
    assert!(log.contains("is in use, but") && log.contains("files back"), "{deed}: {log}");
    server.kill();
    assert_has_all(&kept, &acknowledged, deed).await;
    acknowledged
}

fn serve(setup: &Installation) -> Command {
    let mut serve = command(setup.folder.path());
    serve.arg("serve");
    serve
}

// Negative control: without the look in `Disk::sync` hundreds more are acknowledged, until somebody reads.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_taken_away_under_load_loses_nothing_that_was_acknowledged() {
    let whatsapp = FakeWhatsApp::start().await;
    for deed in Deed::ALL {
        let setup = Installation::new(&whatsapp.api());
        let path = setup.path("antrean.db");
        let acknowledged = parted(&setup, &format!("{deed:?}"), || deed.on(&path)).await;
        if deed == Deed::Replaced {
            refused(serve(&setup), &["do not belong together", "antrean.db.mismatch"]);
        } else {
            refused(serve(&setup), &["there is no database at", "mount the volume", "restore the backup", "--create"]);
        }
        if deed == Deed::Moved {
            fs::rename(moved(&path), &path).unwrap();
            assert!(ServerProcess::start(&setup).terminate().0.success(), "put back, it serves");
            assert_has_all(&path, &acknowledged, "put back").await;
        } else {
            // What an earlier process left is not SQLite's to clear away.
            fs::remove_file(&path).ok();
            let mut anew = serve(&setup);
            anew.arg("--create");
            assert!(ServerProcess::of(anew).terminate().0.success());
            assert!(setup.path("antrean.db-wal.old1").exists(), "the earlier log was put aside");
            assert!(ServerProcess::start(&setup).terminate().0.success());
        }
    }
}

// Negative control: without the mark the start succeeds, and what is in the log only is gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_taken_away_under_load_loses_nothing_that_was_acknowledged() {
    let whatsapp = FakeWhatsApp::start().await;
    for deed in Deed::ALL {
        let setup = Installation::new(&whatsapp.api());
        let path = setup.path("antrean.db-wal");
        let acknowledged = parted(&setup, &format!("{deed:?}"), || deed.on(&path)).await;
        refused(serve(&setup), &["do not belong together", "put the log back", "antrean.db.mismatch"]);
        let listed = setup.run(&["outbox", "list"]);
        assert!(listed.code == 1 && listed.err.contains("do not belong together"), "{listed:?}");
        if deed == Deed::Moved {
            fs::rename(moved(&path), &path).unwrap();
            assert!(ServerProcess::start(&setup).terminate().0.success(), "put back, it serves");
            assert_has_all(&setup.path("antrean.db"), &acknowledged, "put back").await;
        } else {
            fs::remove_file(setup.path("antrean.db.mismatch")).unwrap();
            fs::remove_file(&path).ok();
            assert!(ServerProcess::start(&setup).terminate().0.success(), "told to go on without it, it does");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_the_log_that_is_taken_away_is_made_anew_by_the_next_start() {
    let whatsapp = FakeWhatsApp::start().await;
    for deed in Deed::ALL {
        let setup = Installation::new(&whatsapp.api());
        let path = setup.path("antrean.db-shm");
        let acknowledged = parted(&setup, &format!("{deed:?}"), || deed.on(&path)).await;
        assert!(ServerProcess::start(&setup).terminate().0.success(), "{deed:?}");
        assert_has_all(&setup.path("antrean.db"), &acknowledged, &format!("{deed:?}")).await;
    }
}

// Negative control: without the look in `Pool::read` it stays ready.
#[tokio::test(flavor = "multi_thread")]
async fn the_readiness_probe_alone_finds_out_while_nobody_delivers() {
    let whatsapp = FakeWhatsApp::start().await;
    for file in ["antrean.db", "antrean.db-wal", "antrean.db-shm"] {
        let setup = Installation::new(&whatsapp.api());
        let server = ServerProcess::start(&setup);
        assert_eq!(server.get("/readyz").await.0, 200);
        Deed::Moved.on(&setup.path(file));
        assert_eq!(server.get("/readyz").await.0, 503, "{file}");
        assert_eq!(server.post(&message(1)).await, Some(503), "{file}");
        // Put back, it is not believed: who knows what happened meanwhile.
        fs::rename(moved(&setup.path(file)), setup.path(file)).unwrap();
        assert_eq!(server.get("/readyz").await.0, 503, "{file}");
    }
}

// Negative control: with the stamp ignored, the next start makes an empty database.
#[tokio::test(flavor = "multi_thread")]
async fn a_volume_that_is_gone_under_load_and_at_the_next_boot_ends_in_a_refusal() {
    let whatsapp = FakeWhatsApp::start().await;
    let setup = Installation::new(&whatsapp.api());
    let config = fs::read_to_string(setup.config()).unwrap();
    fs::write(setup.config(), config.replace("sqlite://antrean.db", "sqlite://volume/antrean.db")).unwrap();
    fs::create_dir(setup.path("volume")).unwrap();
    let server = ServerProcess::start(&setup);
    let provider = Provider::of(&server);
    until("messages are acknowledged", async || (provider.count() >= ACKNOWLEDGED).then_some(())).await;
    let acknowledged = provider.end().await;
    fs::rename(setup.path("volume"), setup.path("elsewhere")).unwrap();
    assert_eq!(server.get("/readyz").await.0, 503);
    assert_eq!(server.post(&message(90_000)).await, Some(503));
    server.kill();
    refused(serve(&setup), &["antrean.toml.stamp tells of one", "mount the volume"]);
    assert!(!setup.path("volume").exists(), "nothing was made");
    // The empty place that a volume is mounted on.
    fs::create_dir(setup.path("volume")).unwrap();
    refused(serve(&setup), &["mount the volume"]);
    assert_eq!(fs::read_dir(setup.path("volume")).unwrap().count(), 0);
    fs::remove_dir(setup.path("volume")).unwrap();
    fs::rename(setup.path("elsewhere"), setup.path("volume")).unwrap();
    assert!(ServerProcess::start(&setup).terminate().0.success());
    assert_has_all(&setup.path("volume/antrean.db"), &acknowledged, "mounted again").await;
}

/// Ends where it is no Linux, whose lock is another one.
fn on_linux() -> bool {
    cfg!(target_os = "linux")
}

// Negative control: with the lock on a file beside the database, the second process serves. With the lock's descriptor
// closed again after the database was opened, SQLite's own lock is gone.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_removed_beside_a_database_a_second_process_is_refused_and_commands_run_beside_it() {
    let whatsapp = FakeWhatsApp::start().await;
    let setup = Installation::new(&whatsapp.api());
    let server = ServerProcess::start(&setup);
    assert_eq!(server.post(&message(1)).await, Some(200));
    for entry in fs::read_dir(setup.folder.path()).unwrap().map(|entry| entry.unwrap().path()) {
        let name = entry.file_name().unwrap().to_str().unwrap();
        if entry.is_file() && !["antrean.db", "antrean.db-wal", "antrean.db-shm", "antrean.toml"].contains(&name) {
            fs::remove_file(&entry).unwrap();
        }
    }
    if on_linux() {
        let second = refused(serve(&setup), &["another antrean serves the database"]);
        assert!(second.err.contains("antrean.db"), "{second:?}");
        // By another name it is the same database.
        std::os::unix::fs::symlink(setup.path("antrean.db"), setup.path("link.db")).unwrap();
        let mut link = serve(&setup);
        link.env("ANTREAN_DATABASE", "sqlite://link.db");
        refused(link, &["another antrean serves"]);
    }
    for _ in 0..3 {
        setup.run(&["outbox", "list"]).done();
        setup.run(&["db", "verify"]).done();
    }
    if on_linux() {
        // Without it, whoever closes the database next would take itself for the last one and clear the log away.
        let inode = std::os::unix::fs::MetadataExt::ino(&fs::metadata(setup.path("antrean.db")).unwrap());
        let (ours, database) = (format!(" {} ", server.id()), format!(":{inode} "));
        let locks = fs::read_to_string("/proc/locks").unwrap();
        let is_sqlites = |line: &&str| line.contains(" POSIX ") && line.contains(&ours) && line.contains(&database);
        assert!(locks.lines().any(|line| is_sqlites(&line)), "SQLite's own lock is gone: {locks}");
    }
    assert!(setup.path("antrean.db-wal").exists());
    assert_eq!(server.post(&message(2)).await, Some(200));
    assert_eq!(server.get("/readyz").await.0, 200);
    // Killed, it leaves no lock behind.
    server.kill();
    assert!(ServerProcess::start(&setup).terminate().0.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sqlite_shell_beside_it_spoils_nothing() {
    let whatsapp = FakeWhatsApp::start().await;
    let setup = Installation::new(&whatsapp.api());
    let server = ServerProcess::start(&setup);
    assert_eq!(server.post(&message(1)).await, Some(200));
    let backup = format!("vacuum into '{}'", setup.path("backup.db").display());
    Tables::open(&setup.path("antrean.db")).await.run(&backup).await;
    assert_eq!(server.post(&message(2)).await, Some(200));
    assert_eq!(server.get("/readyz").await.0, 200);
    server.kill();
    // The documented way to restore: the same installation by its number.
    for file in ["antrean.db", "antrean.db-wal", "antrean.db-shm"] {
        fs::remove_file(setup.path(file)).unwrap();
    }
    let restored = Command::new("cp").arg(setup.path("backup.db")).arg(setup.path("antrean.db")).status();
    assert!(restored.unwrap().success());
    assert!(ServerProcess::start(&setup).terminate().0.success());
    let there = setup.tables().await.texts("select message from inbound order by message").await;
    assert_eq!(there, ["wamid.1"]);
}

/// Delivers so many messages, all of which are acknowledged.
async fn delivered(server: &ServerProcess, from: usize, count: usize) -> Vec<String> {
    for n in from..from + count {
        assert_eq!(server.post(&message(n)).await, Some(200));
    }
    (from..from + count).map(|n| format!("wamid.{n}")).collect()
}

/// An installation whose server was killed after it had acknowledged five messages, with the log as it was left.
struct Killed {
    _whatsapp: FakeWhatsApp,
    setup: Installation,
    acknowledged: Vec<String>,
    written: Vec<u8>,
}

impl Killed {
    async fn after_five_messages() -> Self {
        let whatsapp = FakeWhatsApp::start().await;
        let setup = Installation::new(&whatsapp.api());
        let server = ServerProcess::start(&setup);
        let acknowledged = delivered(&server, 0, 5).await;
        server.kill();
        let written = fs::read(setup.path("antrean.db-wal")).unwrap();
        Self { _whatsapp: whatsapp, setup, acknowledged, written }
    }
}

fn serve_anew(setup: &Installation) -> Command {
    let mut anew = serve(setup);
    anew.arg("--create");
    anew
}

// Negative control: with `stamp::create_database_file` called before the lock, the log is put aside by a start that is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_fails_parts_nothing_and_a_log_that_was_put_aside_is_named_at_every_start() {
    let Killed { _whatsapp, setup, acknowledged, written } = Killed::after_five_messages().await;
    let (path, kept, log) = (setup.path("antrean.db"), setup.path("kept.db"), setup.path("antrean.db-wal"));
    fs::rename(&path, &kept).unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut anew = serve_anew(&setup);
    anew.env("ANTREAN_LISTEN", port.local_addr().unwrap().to_string());
    refused(anew, &["cannot listen on"]);
    assert!(!path.exists() && fs::read(&log).unwrap() == written, "nothing was made, nothing was moved");
    if on_linux() {
        // Another process is about to make its database there.
        let other = fs::File::create(&path).unwrap();
        other.try_lock().unwrap();
        refused(serve_anew(&setup), &["another antrean serves"]);
        assert!(fs::read(&log).unwrap() == written, "it was not moved");
        drop(other);
        fs::remove_file(&path).unwrap();
    }
    fs::rename(&kept, &path).unwrap();
    let server = ServerProcess::start(&setup);
    let acknowledged = [acknowledged, delivered(&server, 5, 5).await].concat();
    server.kill();
    assert_has_all(&path, &acknowledged, "put back").await;
    // Begun anew by mistake, and the earlier one put back: its log is not beside it any more.
    fs::rename(&path, &kept).unwrap();
    assert!(ServerProcess::of(serve_anew(&setup)).terminate().0.success());
    for ending in ["", "-wal", "-shm"] {
        fs::remove_file(setup.path(&format!("antrean.db{ending}"))).ok();
    }
    fs::rename(&kept, &path).unwrap();
    fs::remove_file(setup.path("antrean.toml.stamp")).unwrap();
    let listed = setup.run(&["outbox", "list"]);
    assert!(listed.code == 0 && listed.err.contains("antrean.db-wal.old1"), "{listed:?}");
    let log_lines = ServerProcess::start(&setup).terminate().1;
    assert!(log_lines.contains("antrean.db-wal.old1"), "{log_lines}");
}

// Negative control: without `refuse_log_alone` the log is gone after the first command.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_whose_database_is_missing_or_empty_is_kept_and_named() {
    let Killed { _whatsapp, setup, acknowledged, written } = Killed::after_five_messages().await;
    let (path, kept, log) = (setup.path("antrean.db"), setup.path("kept.db"), setup.path("antrean.db-wal"));
    assert!(!written.is_empty());
    setup.run(&["db", "migrate", "--database", "sqlite://source.db"]).done();
    fs::rename(&path, &kept).unwrap();
    for is_empty in [false, true] {
        if is_empty {
            fs::write(&path, "").unwrap();
        }
        // Also where the mark of a parted pair is there: it must not end in clearing the log away.
        for marked in [false, true] {
            if marked {
                fs::write(setup.path("antrean.db.mismatch"), "torn").unwrap();
            }
            let moved = setup.run(&["db", "move", "--from", "sqlite://source.db", "--to", "sqlite://antrean.db"]);
            assert!(moved.code == 1 && moved.err.contains("antrean.db-wal"), "{moved:?}");
            assert!(!moved.err.contains("remove ") && moved.err.contains("put the database back"), "{moved:?}");
            refused(serve(&setup), &["there is no database at", "put it there, with its log"]);
            assert_eq!(path.exists(), is_empty);
            assert!(fs::read(&log).unwrap() == written, "the log was changed");
        }
        fs::remove_file(setup.path("antrean.db.mismatch")).unwrap();
    }
    fs::rename(&kept, &path).unwrap();
    assert!(ServerProcess::start(&setup).terminate().0.success());
    assert_has_all(&path, &acknowledged, "put back").await;
}

// Negative control: without `put_aside` for a demo, SQLite deletes the log.
#[tokio::test(flavor = "multi_thread")]
async fn a_demo_whose_database_was_removed_puts_its_log_aside() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    let start = || {
        let mut demo = command(folder.path());
        demo.args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(&data);
        demo.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap()
    };
    let mut demo = start();
    until("the demo runs", async || data.join("clock").exists().then_some(())).await;
    demo.kill().unwrap();
    demo.wait().unwrap();
    let written = fs::read(data.join("antrean.db-wal")).unwrap();
    assert!(!written.is_empty());
    fs::remove_file(data.join("antrean.db")).unwrap();
    fs::remove_file(data.join("clock")).unwrap();
    let mut demo = start();
    until("the demo runs again", async || data.join("clock").exists().then_some(())).await;
    demo.kill().unwrap();
    demo.wait().unwrap();
    assert!(fs::read(data.join("antrean.db-wal.old1")).unwrap() == written);
}

// Negative control: without `Place::copies` the log names no copy, and the last one ends with the process.
#[tokio::test(flavor = "multi_thread")]
async fn files_that_only_the_process_has_left_are_copied_out_of_it_as_the_log_says() {
    if !on_linux() {
        return;
    }
    let whatsapp = FakeWhatsApp::start().await;
    for removed in [&["", "-wal", "-shm"][..], &[""], &["-wal"]] {
        let setup = Installation::new(&whatsapp.api());
        let path = |ending: &str| setup.path(&format!("antrean.db{ending}"));
        let server = ServerProcess::start(&setup);
        let acknowledged = delivered(&server, 0, 10).await;
        for ending in removed {
            fs::remove_file(path(ending)).unwrap();
        }
        assert_eq!(server.get("/readyz").await.0, 503);
        let log = server.log();
        assert!(log.contains("before you stop"), "{log}");
        let copies: Vec<&str> = log.split('`').filter(|words| words.starts_with("cp ")).collect();
        assert!(copies.len() >= 2, "{removed:?}: {log}");
        for copy in &copies[..2] {
            assert!(Command::new("sh").arg("-c").arg(copy).status().unwrap().success(), "{copy}");
        }
        server.kill();
        for ending in ["", "-wal"] {
            fs::rename(path(&format!("{ending}.rescued")), path(ending)).unwrap();
        }
        for ending in ["-shm", ".mismatch"] {
            fs::remove_file(path(ending)).ok();
        }
        assert!(ServerProcess::start(&setup).terminate().0.success());
        assert_has_all(&path(""), &acknowledged, &format!("{removed:?}")).await;
    }
}

// Negative control: with every marker believed, `db mend` is refused and the start tells of a log that it did not write.
#[tokio::test(flavor = "multi_thread")]
async fn a_note_of_a_failed_disk_beside_a_restored_backup_says_nothing_of_this_database() {
    let whatsapp = FakeWhatsApp::start().await;
    let setup = Installation::new(&whatsapp.api());
    assert!(ServerProcess::start(&setup).terminate().0.success());
    let backup = format!("vacuum into '{}'", setup.path("backup.db").display());
    setup.tables().await.run(&backup).await;
    for file in ["antrean.db", "antrean.db-wal", "antrean.db-shm"] {
        fs::remove_file(setup.path(file)).ok();
    }
    fs::rename(setup.path("backup.db"), setup.path("antrean.db")).unwrap();
    fs::write(setup.path("antrean.db-failed"), "the disk did not take it").unwrap();
    setup.run(&["db", "mend"]).done();
    let log = ServerProcess::start(&setup).terminate().1;
    assert!(!log.contains("was written to the database's file") && !log.contains("did not take"), "{log}");
    assert!(!setup.path("antrean.db-failed").exists());
}
