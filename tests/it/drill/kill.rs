//! The process is killed at a call of the script: at every write, sync and send, not only at random moments.

use super::aftermath;
use super::disk_model::Field;
use super::scenario::Template;
use super::sweep::{Case, Options, Report, SURE, Tried, sweep};

/// Kills of the usual tests.
const USUAL: usize = 4;

async fn kill(template: &Template, case: Case) -> Tried {
    let mut scenario = case.scenario(template).await;
    let model = case.disk().with(Field::KillAt, case.call);
    let mut faults = scenario.live_on(&model).await;
    faults.extend(aftermath::check(&mut scenario).await);
    Tried { faults, ..Tried::on(&model, model.get(Field::EndedAt)) }
}

fn kills(options: &Options) -> Report {
    sweep("kill", options, kill)
}

#[test]
fn the_process_is_killed_and_nothing_acknowledged_is_lost() {
    kills(&Options::short(USUAL, &SURE)).assert_clean();
}

#[ignore = "most of an hour: tests/drill kill"]
#[test]
fn every_point_of_the_script() {
    kills(&Options::of_drill()).assert_clean();
}
