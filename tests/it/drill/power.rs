//! The power is cut at a call of the script: nothing that was acknowledged is lost, whichever of the unsynced sectors survive.

use std::ops::RangeInclusive;

use super::aftermath;
use super::disk_model::{DiskModel, Field, LIES};
use super::scenario::{Scenario, Template, ended};
use super::sweep::{Case, Options, Report, SURE, Script, Tried, sweep};

/// Cuts of the usual tests, and of a disk that lies.
const USUAL: usize = 8;
const USUAL_LYING: usize = 4;
/// Cuts of a disk that lies about one kind of syncs, unless the drill says otherwise.
const LYING: usize = 24;
/// Calls by which something has been acknowledged, so that it can be lost.
const LATE: [(Script, RangeInclusive<u64>); 1] = [(Script::Load, 400..=800)];
/// One cut in so many is followed by another one, while the next start copies the log.
const TWICE_EVERY: u64 = 3;
/// Calls within which the second cut comes: about as many as such a start makes.
const SECOND_WITHIN: u64 = 60;

async fn cut(template: &Template, case: Case, disk: DiskModel) -> Tried {
    let mut scenario = case.scenario(template).await;
    let model = disk.with(Field::CutAt, case.call);
    let mut faults = scenario.live_on(&model).await;
    let mut tried = Tried::on(&model, model.get(Field::EndedAt));
    if case.call.is_multiple_of(TWICE_EVERY) && model.get(Field::Lies) == 0 {
        faults.extend(cut_while_starting(&mut scenario, case).await);
    }
    faults.extend(aftermath::check(&mut scenario).await);
    tried.faults = faults;
    tried
}

/// Starts on what survived, and cuts the power again before it serves, or at the first thing that it does then.
async fn cut_while_starting(scenario: &mut Scenario, case: Case) -> Vec<String> {
    let second = Case { seed: !case.seed, ..case };
    let model = second.disk().with(Field::CutAt, 1 + case.call / TWICE_EVERY % SECOND_WITHIN);
    match scenario.start_on(&model) {
        Ok(mut server) => {
            model.set(Field::CutAt, model.get(Field::Calls) + 1);
            // Its answer is a call, if nothing else is.
            server.client.get(format!("{}/readyz", server.address)).send().await.ok();
            ended(&mut server).await.err().into_iter().collect()
        }
        Err(_) if model.get(Field::EndedAt) > 0 => Vec::new(),
        Err(log) => vec![format!("it does not start on what survived: {log}")],
    }
}

fn cuts(options: &Options) -> Report {
    sweep("power", options, async |template, case| cut(template, case, case.disk()).await)
}

/// Cuts the power of a disk that lies about these syncs; the cuts after which something acknowledged, sent or kept was missing, or the
/// program did not start by itself.
fn losses(lies: u64, options: &Options) -> (usize, Report) {
    let report = sweep("power, control", options, async |template, case| {
        cut(template, case, case.disk().with(Field::Lies, lies)).await
    });
    (report.failed.len(), report)
}

// Negative control: the test below.
#[test]
fn the_power_is_cut_and_nothing_acknowledged_is_lost() {
    cuts(&Options::short(USUAL, &SURE)).assert_clean();
}

// A negative control of the drill itself: what it calls lost is lost without the syncs.
#[test]
fn with_a_disk_that_lies_about_syncs_losses_are_found() {
    let everything = LIES.iter().map(|(_, lie)| lie).sum();
    let (losses, report) = losses(everything, &Options::short(USUAL_LYING, &LATE));
    let acknowledged = report.failed.iter().flat_map(|(_, tried)| &tried.faults).any(|fault| fault.starts_with("LOST"));
    assert!(losses > 0 && acknowledged, "no sync was real, and nothing is missing");
}

#[ignore = "most of an hour: tests/drill power"]
#[test]
fn every_point_of_the_script() {
    cuts(&Options::of_drill()).assert_clean();
}

#[ignore = "minutes: tests/drill power --control"]
#[test]
fn without_any_kind_of_sync_losses_are_found() {
    let mut options = Options::of_drill();
    options.points = options.points.or(Some(LYING));
    for (of, lie) in LIES {
        let (losses, report) = losses(lie, &options);
        eprintln!(
            "power, control: with a disk that lies about syncs of {of}, {losses} of {} cuts are found out",
            report.tries
        );
        assert!(losses > 0, "no sync of {of} was real, and nothing is missing");
    }
}
