//! A call of the script fails, once or for ever: it is refused and said, nothing that was acknowledged is lost even if the power goes
//! afterwards, and where no sync failed the program goes on by itself.

use std::time::Duration;

use super::aftermath;
use super::disk_model::{DiskModel, Field};
use super::scenario::{Played, Scenario, Template, ended};
use super::sweep::{Case, Options, Report, SURE, Tried, sweep};
use crate::support::installation::until;
use crate::support::server_process::ServerProcess;

/// Failures of the usual tests.
const USUAL: usize = 6;
/// How long a script is played while its disk fails.
const FAULT_TIME: Duration = Duration::from_secs(8);
/// What the log says once a sync has failed: only a new start helps.
const LATCHED: &str = "nothing is acknowledged any more until a new start";

/// A seed with which no name survives that was not synced.
const NO_NAME_SURVIVES: u64 = 1;

const EIO: u64 = 5;
const ENOSPC: u64 = 28;
/// A write takes half of its bytes.
const SHORT: u64 = 0;

/// What a call fails with, and whether all later ones of its kind on its class of file do.
const WAYS: [(u64, bool); 6] =
    [(EIO, false), (ENOSPC, false), (SHORT, false), (EIO, true), (ENOSPC, true), (SHORT, true)];

async fn fail(template: &Template, case: Case) -> Tried {
    let mut scenario = case.scenario(template).await;
    // Mixed, so that evenly spread calls do not all fail in one way.
    let mixed = (case.call.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) + case.seed;
    let (errno, ever) = WAYS[usize::try_from(mixed % 6).unwrap()];
    let model = case
        .disk()
        .with(Field::FaultErrno, errno)
        .with(Field::FaultEver, u64::from(ever))
        .with(Field::FaultAt, case.call);
    let mut faults = Vec::new();
    match scenario.start_on(&model) {
        Ok(mut server) => {
            scenario.play_for(&mut server, FAULT_TIME).await;
            faults.extend(what_it_says(&scenario, &server));
            model.set(Field::FaultAt, 0);
            faults.extend(goes_on(&mut scenario, &mut server).await);
            model.set(Field::CutAt, model.get(Field::Calls) + 1);
            server.client.get(format!("{}/readyz", server.address)).send().await.ok();
            faults.extend(ended(&mut server).await.err());
        }
        Err(log) if model.get(Field::Faults) == 0 => faults.push(format!("it did not start: {log}")),
        // The last line of the log is the error that it ends with.
        Err(log) if !log.lines().next_back().is_some_and(|line| line.starts_with("antrean: ")) => {
            faults.push(format!("it does not say why it does not start: {log}"));
        }
        Err(_) => {}
    }
    let at = if model.get(Field::Faults) > 0 { case.call } else { 0 };
    let refused = scenario.refused;
    faults.extend(aftermath::check(&mut scenario).await);
    Tried { faults, refused, ..Tried::on(&model, at) }
}

/// Whoever refuses citizens' messages has to say so.
fn what_it_says(scenario: &Scenario, server: &ServerProcess) -> Option<String> {
    let log = server.log();
    (scenario.refused > 0 && !log.contains("ERROR")).then(|| format!("it refuses and does not say why: {log}"))
}

/// Whether it serves again by itself once its disk does, unless a sync failed.
async fn goes_on(scenario: &mut Scenario, server: &mut ServerProcess) -> Option<String> {
    if server.log().contains(LATCHED) {
        let ready = server.get("/readyz").await.0;
        return (ready != 503).then(|| format!("a sync failed, and it is ready ({ready}): {}", server.log()));
    }
    // Nobody may write beside the model, so nothing can hasten a photo here.
    scenario.awaits_photos = false;
    let played = scenario.play(server).await;
    scenario.awaits_photos = true;
    match played {
        Played::Whole => None,
        other => Some(format!("its disk is well again, and it is {other:?}: {}", server.log())),
    }
}

fn failures(options: &Options) -> Report {
    sweep("disk", options, fail)
}

#[test]
fn a_call_fails_and_nothing_acknowledged_is_lost() {
    failures(&Options::short(USUAL, &SURE)).assert_clean();
}

// Negative control: without `remove_dir` and `sync_name_once` in `files` both photos are gone with their folder, since the second try
// found it. Found by `tests/drill disk`.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_photo_is_not_called_fetched_while_the_name_of_its_folder_is_not_on_the_disk() {
    let mut scenario = Scenario::new(None).await;
    let model = DiskModel::new(NO_NAME_SURVIVES);
    let mut server = scenario.start_on(&model).unwrap();
    // The next sync of a folder is that of the one in which the folder of photos was made.
    model.set(Field::FaultKind, u64::from(b'd'));
    model.set(Field::FaultErrno, EIO);
    model.set(Field::FaultAt, 1);
    assert_eq!(scenario.play(&mut server).await, Played::Whole, "{}", server.log());
    assert!(server.log().contains("a photo could not be fetched"), "{}", server.log());
    let fetched = "select file from media where state = 'fetched'";
    until("both are fetched", async || (aftermath::rows(&scenario, fetched).len() == 2).then_some(())).await;
    model.set(Field::CutAt, model.get(Field::Calls) + 1);
    server.client.get(format!("{}/readyz", server.address)).send().await.ok();
    ended(&mut server).await.unwrap();
    assert_eq!((model.get(Field::Faults), model.get(Field::NamesKept)), (1, 0));
    assert_eq!(aftermath::check(&mut scenario).await, Vec::<String>::new());
}

#[ignore = "most of an hour: tests/drill disk"]
#[test]
fn every_point_of_the_script() {
    let report = failures(&Options::of_drill());
    assert!(report.refused > 0, "no webhook met a failure");
    report.assert_clean();
}
