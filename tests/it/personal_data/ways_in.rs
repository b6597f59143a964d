//! Every way in, of a served installation: the webhooks of each provider, bodies that are none, the simulator, the upload page, the
//! console's forms, addresses and headers, and the command line. Nothing that comes in by any of them is in the log at its most talkative,
//! in the metrics, in an error, or shown to somebody without the right to see it; and after the erasure, and after its time, it is on no
//! disk. That Debug shows nobody is held by `debug.rs`, and that a panic does not by `cli::shared::panics`.

mod house;
mod search;
mod table;

use std::sync::Arc;

use antrean::app;
use antrean::caretaker::Caretaker;
use antrean::clock::Clock;
use antrean::config::Config;
use antrean::domain::retention::Retention;
use antrean::gateway::Gateways;
use antrean::photos::Photos;
use antrean::storage::Storage;
use chrono::TimeDelta;

use self::house::{House, close_tickets};
use self::search::{canaries, found_in, public_routes};
use self::table::{By, NO_WAY_IN, QUIET, TABLE, Then, mark};
use super::{in_folder, in_servers_files, in_tables, tidy};
use crate::audit::commands::commands;
use crate::cli::nowhere;
use crate::conformance::providers;
use crate::support::desk_fixture::Standing;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{Installation, now};

/// Days after which nothing is kept any more, with some to spare.
const KEPT_DAYS: i64 = 400;

/// Goes every way in, and looks at everything that comes out. Gives the installation, which serves no more.
async fn walked(engine: Engine) -> Installation {
    let mut house = House::open(engine).await;
    house.walk().await;
    house.replies().await;
    assert_eq!(house.not_planted().await, Vec::<&str>::new(), "nothing of these was planted");
    house.strangers().await;
    house.quiet(QUIET).await;
    let (installation, leaks) = house.close().await;
    assert!(leaks.is_empty(), "{} leaks: {leaks:#?}", leaks.len());
    installation
}

/// Looks for these in every table, and in every file: of the installation, and of PostgreSQL's own.
async fn assert_gone(installation: &Installation, engine: Engine, gone: &[String]) {
    let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
    let mut tables = installation.tables().await;
    assert_eq!(in_tables(&mut tables, &gone).await, Vec::<String>::new());
    let storage = Storage::open(&installation.url()).await.unwrap();
    storage.empty_log().await.unwrap();
    storage.close().await;
    // SQLite has its files there, too, and the photos lie there.
    let mut files = Vec::new();
    in_folder(installation.folder.path(), &gone, &mut files);
    if engine == Engine::Postgres {
        // What the planner has sampled of a table that is empty now stays until the table has rows again: docs/personal-data.md.
        tables.run("delete from pg_statistic").await;
        tables.run("vacuum full").await;
        files.extend(in_servers_files(&mut tables, &gone).await);
    }
    assert_eq!(files, Vec::<String>::new());
    assert_eq!(photos_in(installation), Vec::<String>::new(), "photos are left");
}

/// The files of photos, by their names.
fn photos_in(installation: &Installation) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(installation.path("antrean-media")) else { return Vec::new() };
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

// It failed first: the layer against forged requests wrote addresses into the log, and axum what it could not read of them. Negative control,
// run: with the path in place of the route's pattern in `web::middleware`, the log has numbers and names of addresses.
async fn nothing_that_comes_in_is_told_to_anybody_or_stays_after_the_erasure(engine: Engine) {
    let installation = walked(engine).await;
    assert!(!photos_in(&installation).is_empty(), "no photo was kept");
    let mut tables = installation.tables().await;
    let asked = "select contact from conversation union select contact from booking where erased_us is null order by 1";
    let contacts = tables.texts(asked).await;
    assert!(contacts.len() > 1, "Telegram knows no number: {}", contacts.len());
    for contact in contacts {
        let erased = installation.run(&["person", "erase", &contact, "--cancel", "--yes"]);
        let told = found_in(&erased.err, &canaries(|_| true));
        // Who has been erased by another of their addresses is not there any more.
        assert!(matches!(erased.code, 0 | 1) && told.is_empty(), "{told:?} {}", erased.out);
    }
    assert_eq!(tables.texts(asked).await, Vec::<String>::new(), "not everybody was erased");
    let gone = canaries(|then| matches!(then, Then::Kept | Then::Passes));
    // Whoever came without a booking left a name and no number, so that nobody knows whose it is.
    let gone: Vec<String> = gone.into_iter().filter(|canary| canary != "brajamusti").collect();
    assert_gone(&installation, engine, &gone).await;
}

// That each step of the retention is needed is shown by the controls of `canaries.rs`.
async fn nothing_that_comes_in_stays_when_its_time_is_over(engine: Engine) {
    let installation = walked(engine).await;
    let mut tables = installation.tables().await;
    close_tickets(&installation, &mut tables).await;
    tables.run("update outbox set state = 'expired' where state in ('waiting', 'claimed')").await;
    let config = Config::load(&installation.config()).unwrap();
    let storage = Storage::open(&config.database).await.unwrap();
    let clock = Arc::new(Standing::at(now()));
    let shared = Arc::clone(&clock) as Arc<dyn Clock>;
    let desk = app::desk(&config, &storage, Arc::clone(&shared)).await.unwrap();
    let photos = Photos::new(config.media.clone(), config.media_keys.clone());
    let caretaker = Caretaker::new(storage.clone(), desk.clone(), Gateways::new(), photos, shared)
        .keeping(30)
        .erasing(Retention::default(), Arc::default());
    // In steps: what is erased must go at whatever age it is met, from the tables, and from the archives.
    for _ in 0..KEPT_DAYS / 20 {
        clock.pass(TimeDelta::days(20));
        tidy(&caretaker, &clock).await;
    }
    desk.close().await;
    storage.close().await;
    assert_gone(&installation, engine, &canaries(|then| then != Then::Office)).await;
}

on_both_engines!(
    nothing_that_comes_in_is_told_to_anybody_or_stays_after_the_erasure,
    nothing_that_comes_in_stays_when_its_time_is_over,
);

#[test]
fn every_provider_every_command_and_every_route_is_a_way_in() {
    let is_command = |way: &&table::Way| matches!(way.by, By::Command { .. });
    let told: Vec<&str> =
        TABLE.iter().filter(is_command).map(|way| way.name).chain(NO_WAY_IN.iter().map(|(name, _)| *name)).collect();
    let mut known = Vec::new();
    commands(&nowhere(), &[], &mut known);
    let unknown: Vec<&String> = known.iter().filter(|name| !told.contains(&name.as_str())).collect();
    assert!(unknown.is_empty(), "say of these commands what comes in by them: {unknown:?}");
    let gone: Vec<&&str> = told.iter().filter(|name| !known.iter().any(|known| known == **name)).collect();
    assert!(gone.is_empty(), "there are no such commands: {gone:?}");
    assert!(NO_WAY_IN.iter().all(|(_, why)| !why.is_empty()));

    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/gateway/provider");
    let folders = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir());
    let configured: String = providers().map(|candidate| (candidate.config)("http://127.0.0.1:9")).collect();
    let is_walked = |kind: &str| kind == "simulator" || configured.contains(&format!("kind = \"{kind}\""));
    let missing: Vec<String> =
        folders.map(|entry| entry.file_name().into_string().unwrap()).filter(|kind| !is_walked(kind)).collect();
    assert!(
        missing.is_empty(),
        "nothing comes in by these providers: add them to `conformance::PROVIDERS`: {missing:?}"
    );

    let routes = public_routes();
    for route in ["/webhooks/{gateway}/{tail}/", "/u/{token}", "/s/{token}/now", "/display/{token}/state", "/"] {
        assert!(routes.contains(route), "{route} is not among {routes:?}");
    }
    let marks: std::collections::BTreeSet<String> = (0..TABLE.len()).map(mark).collect();
    assert_eq!(marks.len(), TABLE.len(), "each way in has a name of its own");
}
