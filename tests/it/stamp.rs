//! A start without the database that belongs to an installation, and commands with a mistyped path: nothing is made.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::account::{NOBODY, as_nobody, is_root};
use crate::support::engine::Engine;
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{Installation, command};
use crate::support::postgres::Database;
use crate::support::server_process::{ServerProcess, refused};

/// `antrean` with these words, in the installation's folder.
fn run(installation: &Installation, words: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut run = command(installation.folder.path());
    run.args(words).envs(environment.iter().copied());
    run
}

fn stop(server: ServerProcess) -> String {
    let (status, log) = server.terminate();
    assert!(status.success(), "{log}");
    log
}

fn serve_anew(installation: &Installation) -> ServerProcess {
    let mut serve = command(installation.folder.path());
    serve.args(["serve", "--create"]);
    ServerProcess::of(serve)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

// Negative control: without `stamp::refuse_missing_database` the start after the removal makes an empty database.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_was_removed_moved_or_exchanged_is_missed_and_the_remedies_work() {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new(&whatsapp.api());
    stop(ServerProcess::start(&installation));
    let (path, stamp) = (installation.path("antrean.db"), installation.path("antrean.toml.stamp"));
    let noted = fs::read_to_string(&stamp).unwrap();
    assert!(noted.contains(&format!("database = \"sqlite://{}\"", path.display())), "{noted}");
    // Moved on purpose: named in the configuration, it serves, and is noted there.
    fs::rename(&path, installation.path("other.db")).unwrap();
    refused(
        run(&installation, &["serve"], &[]),
        &["there is no database at", "antrean.toml.stamp tells of one at", "--create"],
    );
    refused(run(&installation, &["db", "migrate"], &[]), &["there is no database at"]);
    let moved = [("ANTREAN_DATABASE", "sqlite://other.db")];
    stop(ServerProcess::start_with(&installation, &moved));
    assert!(fs::read_to_string(&stamp).unwrap().contains("other.db"));
    // Another installation's, or one that was made by hand.
    let made = installation.run(&["db", "migrate", "--database", "sqlite://antrean.db"]);
    assert_eq!(made.code, 0, "{made:?}");
    refused(run(&installation, &["serve"], &[]), &["an empty database", "other.db", "remove"]);
    // An empty file is no database.
    fs::remove_file(&path).unwrap();
    fs::write(&path, "").unwrap();
    refused(run(&installation, &["serve"], &[]), &["there is no database at"]);
    // Begun anew: once.
    let server = serve_anew(&installation);
    stop(server);
    assert!(fs::read_to_string(&stamp).unwrap().contains(&format!("sqlite://{}", path.display())));
    refused(run(&installation, &["serve", "--create"], &[]), &["already", "without `--create`"]);
    stop(ServerProcess::start(&installation));
    // The one from before is another installation's now.
    refused(
        run(&installation, &["serve"], &moved),
        &["the database of another installation", "antrean.toml.stamp", "If this database is to serve"],
    );
    fs::remove_file(&stamp).unwrap();
    stop(ServerProcess::start_with(&installation, &moved));
    // A stamp that was cut off is no leave to make a database.
    fs::write(&stamp, "# cut").unwrap();
    refused(run(&installation, &["serve"], &[]), &["is no stamp"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_configuration_file_the_stamp_lies_beside_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let serve = || {
        let mut serve = command(folder.path());
        serve.arg("serve").env("ANTREAN_LISTEN", "127.0.0.1:0").env("ANTREAN_DATABASE", "sqlite://data/queue.db");
        serve
    };
    // A slip in the path makes no folder.
    refused(serve(), &["there is no folder", "mkdir -p"]);
    assert_eq!(names(folder.path()), Vec::<String>::new());
    fs::create_dir(folder.path().join("data")).unwrap();
    stop(ServerProcess::of(serve()));
    assert_eq!(names(&folder.path().join("data")), ["queue.db", "queue.db-shm", "queue.db-wal", "queue.db.stamp"]);
    fs::remove_file(folder.path().join("data/queue.db")).unwrap();
    refused(serve(), &["queue.db.stamp tells of one"]);
    // With the folder gone nothing tells of a database, but the configuration.
    fs::remove_dir_all(folder.path().join("data")).unwrap();
    let mut required = serve();
    required.env("ANTREAN_REQUIRE_DATABASE", "true");
    refused(required, &["require_database = true"]);
    assert!(!folder.path().join("data").exists());
    let mut create = serve();
    create.arg("--create").env("ANTREAN_REQUIRE_DATABASE", "true");
    stop(ServerProcess::of(create));
    let mut again = serve();
    again.env("ANTREAN_REQUIRE_DATABASE", "true");
    stop(ServerProcess::of(again));
}

// As root nothing is read-only, so the server runs as nobody there.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn where_the_configurations_folder_is_read_only_a_warning_says_what_to_do() {
    use std::os::unix::fs::{PermissionsExt, chown};
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new(&whatsapp.api());
    let root = is_root();
    let (etc, data) = (installation.path("etc"), installation.path("data"));
    for folder in [&etc, &data] {
        fs::create_dir(folder).unwrap();
    }
    let config = fs::read_to_string(installation.config()).unwrap();
    let config = config
        .replace("sqlite://antrean.db", &format!("sqlite://{}", data.join("antrean.db").display()))
        .replace("[\"offices\"]", &format!("[\"{}\"]", installation.path("offices").display()));
    fs::write(etc.join("antrean.toml"), config).unwrap();
    fs::set_permissions(&etc, fs::Permissions::from_mode(0o555)).unwrap();
    fs::set_permissions(installation.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    if root {
        chown(&data, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let serve = || {
        let mut serve = as_nobody(&data, root);
        serve.args(["serve", "--config"]).arg(etc.join("antrean.toml"));
        serve.env("ANTREAN_MEDIA", data.join("media"));
        serve
    };
    let log = stop(ServerProcess::of(serve()));
    assert!(log.contains("cannot be noted beside the configuration") && log.contains("require_database"), "{log}");
    assert!(data.join("antrean.db.stamp").exists());
    // Negative control: where only a new stamp is written, the second start is silent.
    let log = stop(ServerProcess::of(serve()));
    assert!(log.contains("cannot be noted beside the configuration"), "{log}");
    let mut required = serve();
    required.env("ANTREAN_REQUIRE_DATABASE", "true");
    let log = stop(ServerProcess::of(required));
    assert!(!log.contains("cannot be noted"), "{log}");
    fs::set_permissions(&etc, fs::Permissions::from_mode(0o755)).unwrap();
}

// Negative control: where only the file's existence is asked for, `db move` fills the empty file.
#[test]
fn commands_make_no_database_by_a_mistyped_path() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("empty.db"), "").unwrap();
    let before = names(folder.path());
    for path in ["sqlite://typo.db", "sqlite://nowhere/typo.db", "sqlite://empty.db"] {
        for words in [
            &["bookings", "list", "--office", "bogor"][..],
            &["outbox", "list"],
            &["outbox", "retry"],
            &["channel", "list"],
            &["aside", "list"],
            &["office", "list"],
            &["office", "import", "."],
            &["db", "verify"],
            &["db", "mend"],
            &["db", "move", "--to", "sqlite://target.db", "--from"],
        ] {
            let mut run = command(folder.path());
            run.args(words);
            if words[1] != "move" {
                run.arg("--database");
            }
            let ran = run.arg(path).output().unwrap();
            assert_ne!(ran.status.code(), Some(0), "{words:?} {path}: {ran:?}");
            assert_eq!(names(folder.path()), before, "{words:?} {path}");
        }
    }
    assert_eq!(fs::metadata(folder.path().join("empty.db")).unwrap().len(), 0);
}

// Negative control: without the comparison in `settle` the server's empty database is served.
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_schema_in_place_of_the_installations_is_refused() {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new_on(Engine::Postgres, &whatsapp.api()).await;
    stop(ServerProcess::start(&installation));
    let noted = fs::read_to_string(installation.path("antrean.toml.stamp")).unwrap();
    assert!(noted.contains("database = \"postgres") && !noted.contains(":rahasia@"), "{noted}");
    let other = Database::empty().await;
    let elsewhere = [("ANTREAN_DATABASE", other.url.as_str())];
    refused(run(&installation, &["serve"], &elsewhere), &["is an empty database", "--create"]);
    refused(run(&installation, &["serve"], &elsewhere), &["is an empty database"]);
    let mut anew = command(installation.folder.path());
    anew.args(["serve", "--create"]).envs(elsewhere);
    stop(ServerProcess::of(anew));
    stop(ServerProcess::start_with(&installation, &elsewhere));
    refused(run(&installation, &["serve"], &[]), &["the database of another installation"]);
    // Without a stamp, by the configuration alone.
    fs::remove_file(installation.path("antrean.toml.stamp")).unwrap();
    let third = Database::empty().await;
    let required = [("ANTREAN_DATABASE", third.url.as_str()), ("ANTREAN_REQUIRE_DATABASE", "true")];
    refused(run(&installation, &["serve"], &required), &["is empty", "require_database"]);
}

// Negative control: where every error means that there is no database, it offers `--create`.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_may_not_be_reached_is_not_called_missing() {
    use std::os::unix::fs::PermissionsExt;
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new(&whatsapp.api());
    let root = is_root();
    fs::create_dir(installation.path("data")).unwrap();
    fs::set_permissions(installation.path("data"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(installation.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    for words in [&["serve"][..], &["serve", "--create"], &["outbox", "list"], &["db", "migrate"]] {
        let mut run = as_nobody(installation.folder.path(), root);
        run.args(words).env("ANTREAN_DATABASE", "sqlite://data/antrean.db");
        let said = refused(run, &["data/antrean.db", "Permission denied"]).err;
        assert!(!said.contains("there is no database") && !said.contains("--create"), "{said}");
    }
    fs::set_permissions(installation.path("data"), fs::Permissions::from_mode(0o700)).unwrap();
}

// Negative control: without `is_newly_numbered` it is refused as another installation's.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_from_before_databases_had_a_number_is_adopted_and_told() {
    let whatsapp = FakeWhatsApp::start().await;
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new_on(engine, &whatsapp.api()).await;
        stop(ServerProcess::start(&installation));
        let mut tables = installation.tables().await;
        tables.run("drop table installation").await;
        tables.run("delete from _sqlx_migrations where version = 15").await;
        drop(tables);
        let log = stop(ServerProcess::start(&installation));
        assert!(log.contains("had no number"), "{engine:?}: {log}");
        let log = stop(ServerProcess::start(&installation));
        assert!(!log.contains("had no number"), "{engine:?}: {log}");
        // In an empty database it is drawn too, and that one is not adopted.
        if engine == Engine::Sqlite {
            fs::remove_file(installation.path("antrean.db")).unwrap();
            installation.run(&["db", "migrate", "--database", "sqlite://antrean.db"]).done();
            let mut tables = installation.tables().await;
            tables.run("drop table installation").await;
            tables.run("delete from _sqlx_migrations where version = 15").await;
            drop(tables);
            refused(run(&installation, &["serve"], &[]), &["an empty database"]);
        }
    }
}
