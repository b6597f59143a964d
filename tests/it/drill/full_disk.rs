//! A file system that is really full, or really read-only: a small one in memory, which only an administrator may mount.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rusqlite::Connection;

use super::aftermath;
use super::scenario::{Played, Scenario};
use crate::support::installation::{body, change, now, text, until};
use crate::support::server_process::ServerProcess;

/// Room of the file system: some times as much as the script needs.
const ROOM: &str = "12m";
/// Webhooks that use up what the log has of its file; far fewer do.
const USED_UP_BY: usize = 2_000;

/// A mounted file system; unmounted when dropped.
struct Mounted(PathBuf);

impl Mounted {
    /// `None`, with a word about it, where this process may not mount.
    fn at(place: PathBuf) -> Option<Self> {
        let done = mount(&["-t", "tmpfs", "-o", &format!("size={ROOM},mode=755"), "tmpfs"], &place);
        if !done {
            eprintln!(
                "SKIPPED: this account may not mount a file system (root may), so no disk is really full in this run"
            );
        }
        done.then_some(Self(place))
    }

    /// Whether it takes writes from now on.
    fn writable(&self, writable: bool) {
        let how = if writable { "remount,rw" } else { "remount,ro" };
        assert!(mount(&["-o", how], &self.0), "{how}");
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().ok();
    }
}

fn mount(how: &[&str], place: &Path) -> bool {
    let mut mount = Command::new("mount");
    mount.args(how).arg(place).stderr(Stdio::null());
    mount.status().is_ok_and(|status| status.success())
}

/// Fills what is left of a file system.
fn fill(path: &Path) {
    use std::io::Write;
    let mut file = fs::File::create(path).unwrap();
    // To the last byte: a block is not enough for another page of the log.
    for size in [1 << 20, 4096, 1] {
        let bytes = vec![7; size];
        while file.write_all(&bytes).is_ok() {}
    }
}

/// Delivers messages that cannot be read, which the program keeps, until one is refused. Before that a full file system refuses nobody: the
/// log goes on in the part of its file that it has already.
async fn use_up_the_log(server: &ServerProcess) {
    for n in 0..USED_UP_BY {
        let mut odd = text("6281200000900", &format!("wamid.odd{n}"), now(), "x");
        odd["text"] = serde_json::json!({"body": {"filler": "x".repeat(2_000)}});
        if server.post(&body(&[vec![change("1001", &[odd])]])).await == Some(503) {
            return;
        }
    }
    panic!("{USED_UP_BY} messages were taken on a full file system");
}

/// A transaction that reads, as a backup beside the server does. While it lasts the log cannot begin anew in its file.
fn reader(scenario: &Scenario) -> Connection {
    let reader = Connection::open(scenario.installation.path("antrean.db")).unwrap();
    reader.execute_batch("begin; select count(*) from inbound").unwrap();
    reader
}

// Meant to fail (not broken on purpose yet): without `use_up_the_log` nobody may be refused, and the script waits for replies that cannot be recorded.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn a_disk_that_is_really_full_refuses_says_so_and_recovers() {
    let mut scenario = Scenario::new(None).await;
    let place = scenario.installation.folder.path().to_owned();
    let kept = tempfile::tempdir().unwrap();
    copy_flat(&place, kept.path());
    let Some(disk) = Mounted::at(place.clone()) else { return };
    copy_flat(kept.path(), &place);
    let ballast = place.join("ballast");
    let mut server = scenario.start(|_| ()).unwrap();
    // A part of the script, with room.
    let first = scenario.known().into_iter().take(2).collect();
    assert!(scenario.deliver(&server, first).await);
    let reader = reader(&scenario);
    fill(&ballast);
    use_up_the_log(&server).await;
    assert_eq!(scenario.play(&mut server).await, Played::Refused);
    assert!(scenario.refused > 0);
    until("it is not ready", async || (server.get("/readyz").await.0 == 503).then_some(())).await;
    let log = server.log();
    assert!(log.contains("ERROR") && log.contains("full"), "{log}");
    drop(reader);
    fs::remove_file(&ballast).unwrap();
    until("it is ready again", async || (server.get("/readyz").await.0 == 200).then_some(())).await;
    // A photo that found the disk full may wait for minutes until it is fetched again; the next start is not made to.
    scenario.awaits_photos = false;
    assert_eq!(scenario.play(&mut server).await, Played::Whole, "{}", server.log());
    scenario.awaits_photos = true;
    let (status, log) = server.terminate();
    assert!(status.success(), "{log}");
    // Read-only, it says so and changes nothing; and serves again afterwards.
    let before = sizes(&place);
    disk.writable(false);
    let refused = scenario.start(|_| ()).err().expect("nothing can be written there");
    assert!(refused.to_lowercase().contains("read-only") || refused.contains("readonly"), "{refused}");
    disk.writable(true);
    assert_eq!(sizes(&place), before);
    assert_eq!(aftermath::check(&mut scenario).await, Vec::<String>::new());
}

/// Copies a folder and the folders in it.
fn copy_flat(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let goal = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&goal).unwrap();
            copy_flat(&entry.path(), &goal);
        } else {
            fs::copy(entry.path(), goal).unwrap();
        }
    }
}

/// The files of a folder and their sizes.
fn sizes(folder: &Path) -> Vec<(PathBuf, u64)> {
    let mut sizes: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.path(), entry.metadata().unwrap().len()))
        .collect();
    sizes.sort();
    sizes
}
