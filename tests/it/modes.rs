//! Who can read what the program writes: its own account, whatever the umask; and that photos are on the disk before the
//! database says so.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::account::{is_root, nobody};
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{ANTREAN, Installation, body, change, command, now, number, photo, until};
use crate::support::server_process::ServerProcess;

/// The binary under a umask.
fn under(umask: &str, folder: &Path) -> Command {
    let plain = command(folder);
    let mut run = Command::new("sh");
    run.arg("-c").arg(format!("umask {umask}; exec \"$0\" \"$@\"")).arg(ANTREAN).current_dir(folder);
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => run.env(name, value),
            None => run.env_remove(name),
        };
    }
    run
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).mode() & 0o777
}

/// Everything below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(below(&entry));
        }
        found.push(entry);
    }
    found
}

fn assert_closed(paths: &[PathBuf], file: u32, folder: u32) {
    assert!(!paths.is_empty());
    for path in paths {
        let wanted = if path.is_dir() { folder } else { file };
        assert_eq!(format!("{:o}", mode(path)), format!("{wanted:o}"), "{}", path.display());
    }
}

/// Whether a stranger can read a file; `None` where this process cannot become one, which is said.
fn stranger_reads(path: &Path) -> Option<bool> {
    if !is_root() {
        eprintln!("not run as root: whether a stranger can read {} is told from its mode only", path.display());
        return None;
    }
    let read = nobody().arg("cat").arg(path).stdout(Stdio::null()).stderr(Stdio::null()).status();
    Some(read.expect("setpriv").success())
}

/// An installation whose photo of an e-KTP was fetched, its server running under a umask.
async fn with_photo(whatsapp: &FakeWhatsApp, umask: &str, more: &str) -> (Installation, ServerProcess) {
    let jpeg =
        b"\xFF\xD8\xFF\xC0\x00\x11\x08\x00\x10\x00\x10\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01 a photo of an e-KTP";
    whatsapp.put_media("9001", jpeg.to_vec());
    let installation = Installation::new(&whatsapp.api());
    let config = fs::read_to_string(installation.config()).unwrap();
    let config = config.replace("sqlite://antrean.db", "sqlite://data/antrean.db");
    fs::write(installation.config(), format!("media = \"data/media\"\n{more}{config}")).unwrap();
    fs::set_permissions(installation.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let mut serve = under(umask, installation.folder.path());
    // With `--create` it makes the database's folder too.
    serve.args(["serve", "--create", "--config"]).arg(installation.config());
    let server = ServerProcess::of(serve);
    send_photo(&server).await;
    (installation, server)
}

async fn send_photo(server: &ServerProcess) {
    let caption = "#Rina Sari#12031990#=1+1 Jl. Melati 1, Batam";
    let captioned = photo(&number(1), "wamid.1", now(), "9001", Some(caption));
    assert_eq!(server.post(&body(&[vec![change("1003", &[captioned])]])).await, Some(200));
}

async fn fetched(installation: &Installation) {
    let mut tables = crate::support::engine::Tables::open(&installation.path("data/antrean.db")).await;
    let sql = "select count(*) from media where state = 'fetched'";
    until("the photo is fetched", async || (tables.count(sql).await == 1).then_some(())).await;
}

// Negative control: with `std::fs::write` for the photo its mode and its folder's follow the umask.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_can_read_what_the_program_writes_under_any_umask() {
    let whatsapp = FakeWhatsApp::start().await;
    for (umask, more, file, folder) in [
        ("000", "", 0o600, 0o700),
        ("022", "", 0o600, 0o700),
        ("000", "group_read = true\n", 0o640, 0o750),
        ("077", "group_read = true\n", 0o640, 0o750),
    ] {
        let (installation, server) = with_photo(&whatsapp, umask, more).await;
        fetched(&installation).await;
        let mut made = below(&installation.path("data"));
        made.extend([installation.path("data"), installation.path("antrean.toml.stamp")]);
        for name in ["antrean.db", "antrean.db-wal", "antrean.db-shm", "media"] {
            assert!(made.contains(&installation.path("data").join(name)), "{name} in {made:?}");
        }
        assert_eq!(fs::read_dir(installation.path("data/media")).unwrap().count(), 1);
        assert_closed(&made, file, folder);
        for path in made.iter().filter(|path| path.is_file()) {
            assert_ne!(stranger_reads(path), Some(true), "{}", path.display());
        }
        // The stranger could, if it were open to them.
        fs::set_permissions(installation.path("antrean.toml.stamp"), fs::Permissions::from_mode(0o644)).unwrap();
        assert_ne!(stranger_reads(&installation.path("antrean.toml.stamp")), Some(false));
        assert!(server.terminate().0.success());
    }
}

// Negative control: without `permissions::repair` everything stays as it was found.
#[tokio::test(flavor = "multi_thread")]
async fn what_others_could_read_is_mended_at_the_next_start_and_folders_are_warned_about() {
    let whatsapp = FakeWhatsApp::start().await;
    let (installation, server) = with_photo(&whatsapp, "022", "").await;
    fetched(&installation).await;
    // Killed, so that log and index are left.
    server.kill();
    let made = below(&installation.path("data"));
    for path in &made {
        let wide = if path.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(path, fs::Permissions::from_mode(wide)).unwrap();
    }
    let server = ServerProcess::start(&installation);
    let files: Vec<PathBuf> = made.into_iter().filter(|path| path.is_file() && path.exists()).collect();
    until("all files are closed", async || files.iter().all(|path| mode(path) == 0o600).then_some(())).await;
    assert_eq!(mode(&installation.path("data/media")), 0o755, "a folder that was there is left alone");
    let log = server.terminate().1;
    assert!(log.contains("files of the database") && log.contains("photos") && log.contains("mended"), "{log}");
    assert!(log.contains("other accounts can look into this folder") && log.contains("chmod 700"), "{log}");
    let log = ServerProcess::start(&installation).terminate().1;
    assert!(!log.contains("mended"), "{log}");
}

// Negative control: with the files looked for beside the link, those beside the database stay as they are.
#[tokio::test(flavor = "multi_thread")]
async fn through_a_link_the_files_beside_the_database_itself_are_mended() {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new(&whatsapp.api());
    fs::create_dir(installation.path("disk")).unwrap();
    std::os::unix::fs::symlink("disk/antrean.db", installation.path("link.db")).unwrap();
    let linked = [("ANTREAN_DATABASE", "sqlite://link.db")];
    // It leads to nothing yet.
    ServerProcess::start_with(&installation, &linked).kill();
    let made = below(&installation.path("disk"));
    assert_eq!(made.len(), 3, "{made:?}");
    assert_closed(&made, 0o600, 0o700);
    for path in &made {
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
    }
    let log = installation.path("disk/antrean.db-wal");
    assert!(fs::metadata(&log).unwrap().len() > 0);
    let server = ServerProcess::start_with(&installation, &linked);
    assert_closed(&made, 0o600, 0o700);
    server.kill();
    // What it left is found through the link too.
    fs::rename(installation.path("disk/antrean.db"), installation.path("kept.db")).unwrap();
    fs::remove_file(installation.path("antrean.toml.stamp")).unwrap();
    let mut serve = command(installation.folder.path());
    serve.arg("serve").envs(linked);
    crate::support::server_process::refused(serve, &["antrean.db-wal was left by one"]);
    assert!(fs::metadata(&log).unwrap().len() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_and_a_moved_database_are_closed_to_others_too_and_a_demo_begins_anew_without_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("deep/demo");
    for _ in 0..2 {
        let mut demo = under("000", folder.path());
        demo.args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(&data);
        let mut demo = demo.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        until("the demo runs", async || data.join("clock").exists().then_some(())).await;
        let mut made = below(&data);
        made.extend([data.clone(), folder.path().join("deep")]);
        made.retain(|path| path.exists());
        let clean = made.iter().all(|path| !path.to_str().unwrap().contains("stamp"));
        demo.kill().unwrap();
        demo.wait().unwrap();
        assert_closed(&made, 0o600, 0o700);
        assert!(clean, "a demo needs no stamp: {made:?}");
        let mut moving = under("000", folder.path());
        moving.args(["db", "move", "--from"]).arg(format!("sqlite://{}", data.join("antrean.db").display()));
        let to = folder.path().join("moved/antrean.db");
        moving.arg("--to").arg(format!("sqlite://{}", to.display()));
        let moved = moving.output().unwrap();
        assert!(moved.status.success(), "{moved:?}");
        assert_closed(&[to.clone(), folder.path().join("moved")], 0o600, 0o700);
        fs::remove_dir_all(folder.path().join("moved")).unwrap();
        fs::remove_dir_all(&data).unwrap();
    }
}

/// A library that fails `fsync` on one folder while a file exists: the tests' only way to such a disk.
fn shim(folder: &Path) -> PathBuf {
    let library = folder.join("no_sync.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/modes/no_sync.c");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).status();
    assert!(built.expect("a C compiler, which SQLite needs too").success());
    library
}

// Negative control: without `sync_folder` in `Readers::write_through` it is fetched at once.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_photo_whose_name_is_not_on_the_disk_is_not_called_fetched() {
    let whatsapp = FakeWhatsApp::start().await;
    whatsapp.put_media(
        "9001",
        b"\xFF\xD8\xFF\xC0\x00\x11\x08\x00\x10\x00\x10\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01 a photo".to_vec(),
    );
    let installation = Installation::new(&whatsapp.api());
    let failing = installation.path("failing");
    fs::write(&failing, "").unwrap();
    let library = shim(installation.folder.path());
    let environment = [
        ("LD_PRELOAD", library.to_str().unwrap()),
        ("NO_SYNC_FOLDER", "/antrean-media"),
        ("NO_SYNC_WHILE", failing.to_str().unwrap()),
    ];
    let server = ServerProcess::start_with(&installation, &environment);
    send_photo(&server).await;
    until("it failed", async || server.log().contains("a photo could not be fetched").then_some(())).await;
    let mut tables = installation.tables().await;
    assert_eq!(tables.texts("select state from media").await, ["wanted"]);
    fs::remove_file(&failing).unwrap();
    let sql = "select count(*) from media where state = 'fetched'";
    until("the photo is fetched", async || (tables.count(sql).await == 1).then_some(())).await;
    assert!(server.terminate().0.success());
}
