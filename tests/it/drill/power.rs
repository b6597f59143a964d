//! The power is cut at a call of the script: nothing that was acknowledged is lost, whichever of the unsynced sectors survive.

use super::aftermath;
use super::disk_model::{DiskModel, Field};
use super::scenario::{Scenario, Template, ended};
use super::sweep::{Case, Options, Report, Tried, sweep};

/// Cuts of the usual tests, and of the disk that lies.
const USUAL: usize = 10;
const USUAL_LYING: usize = 6;
/// One cut in so many is followed by another one, while the next start copies the log.
const TWICE_EVERY: u64 = 3;
/// Calls within which the second cut comes: about as many as such a start makes.
const SECOND_WITHIN: u64 = 60;

async fn cut(template: &Template, case: Case, disk: DiskModel) -> Tried {
    let mut scenario = case.scenario(template).await;
    let model = disk.with(Field::CutAt, case.call);
    let mut faults = scenario.live_on(&model).await;
    let mut tried = Tried::on(&model, model.get(Field::EndedAt));
    if case.call % TWICE_EVERY == 0 && model.get(Field::Lies) == 0 {
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

fn cuts_of_a_lying_disk(options: &Options) -> Report {
    sweep("power, control", options, async |template, case| cut(template, case, case.disk().with(Field::Lies, 1)).await)
}

/// The losses among what was found.
fn losses(report: &Report) -> usize {
    report.failed.iter().filter(|(_, tried)| tried.faults.iter().any(|fault| fault.starts_with("LOST"))).count()
}

// Negative control: `with_a_disk_that_lies_losses_are_found`.
#[test]
fn the_power_is_cut_and_nothing_acknowledged_is_lost() {
    cuts(&Options::short(USUAL)).assert_clean();
}

// A negative control of the drill itself: what it calls lost would be lost without the syncs.
#[test]
fn with_a_disk_that_lies_about_syncs_losses_are_found() {
    let report = cuts_of_a_lying_disk(&Options::short(USUAL_LYING));
    assert!(losses(&report) > 0, "no sync was real, and nothing is missing");
}

#[ignore = "hours: tests/drill power"]
#[test]
fn every_point_of_the_script() {
    cuts(&Options::of_drill()).assert_clean();
}

#[ignore = "long: tests/drill power --control"]
#[test]
fn with_a_disk_that_lies_losses_are_found() {
    let report = cuts_of_a_lying_disk(&Options::of_drill());
    let losses = losses(&report);
    eprintln!("power, control: {losses} of {} cuts lost something that was acknowledged or sent", report.tries);
    assert!(losses > 0, "no sync was real, and nothing is missing");
}
