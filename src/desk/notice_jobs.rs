//! The notices among the jobs of a batch, and what became of them for the metrics.

use super::task::{Job, Task};
use crate::domain::notice::Notice;
use crate::metrics::NoticeLabels;
use crate::storage::SettledNotice;

/// The notices of a batch.
pub(super) fn of(jobs: &[Job]) -> Vec<&Notice> {
    let of_job = |job| match job {
        &Job { task: Task::Notices(ref notices), .. } => notices.as_slice(),
        _ => &[],
    };
    jobs.iter().flat_map(of_job).collect()
}

/// What became of notices, for the metrics.
pub(super) fn counted(notices: &[&Notice], settled: &[SettledNotice]) -> Vec<NoticeLabels> {
    let labels = |one: &SettledNotice| {
        let notice = notices.iter().find(|notice| notice.id == one.id)?;
        let state = if one.state == "planned" { "put_off" } else { one.reason.unwrap_or(one.state) };
        Some(NoticeLabels { kind: notice.kind.name(), state })
    };
    settled.iter().filter_map(labels).collect()
}
