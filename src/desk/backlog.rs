//! The jobs that wait for a lane, by office: one office's rush must not make the others wait behind it.

use std::collections::{BTreeMap, VecDeque};

use super::task::Job;
use crate::domain::office::OfficeId;

/// Jobs in order within each office, taken round-robin over offices.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    by_office: BTreeMap<OfficeId, VecDeque<Job>>,
    turn: VecDeque<OfficeId>,
    waiting: usize,
}

impl Backlog {
    pub(super) fn push(&mut self, job: Job) {
        let queue = self.by_office.entry(job.office.clone()).or_default();
        if queue.is_empty() {
            self.turn.push_back(job.office.clone());
        }
        queue.push_back(job);
        self.waiting += 1;
    }

    pub(super) fn len(&self) -> usize {
        self.waiting
    }

    /// The next jobs, at most `limit`: one of each office in turn.
    pub(super) fn take(&mut self, limit: usize) -> Vec<Job> {
        let mut taken = Vec::with_capacity(limit.min(self.waiting));
        while taken.len() < limit {
            let Some(office) = self.turn.pop_front() else { break };
            let Some(queue) = self.by_office.get_mut(&office) else { continue };
            if let Some(job) = queue.pop_front() {
                taken.push(job);
                self.waiting -= 1;
            }
            if queue.is_empty() {
                self.by_office.remove(&office);
            } else {
                self.turn.push_back(office);
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::task::Task;

    fn job(office: &str) -> Job {
        let (verdict, _) = tokio::sync::oneshot::channel();
        Job { office: OfficeId::read(office).unwrap(), task: Task::Sweep, verdict }
    }

    // Negative control: pushing the office back to the front of `turn` lets `rush` fill the batch.
    #[test]
    fn a_rush_at_one_office_leaves_room_for_the_others() {
        let mut backlog = Backlog::default();
        for _ in 0..100 {
            backlog.push(job("rush"));
        }
        backlog.push(job("calm"));
        backlog.push(job("quiet"));
        let offices: Vec<String> = backlog.take(4).iter().map(|job| job.office.to_string()).collect();
        assert_eq!(offices, ["rush", "calm", "quiet", "rush"]);
        assert_eq!(backlog.len(), 98);
        assert_eq!(backlog.take(1000).len(), 98);
    }

    #[test]
    fn nine_tenths_from_one_office_do_not_keep_the_other_tenth_waiting() {
        let mut backlog = Backlog::default();
        for n in 0..2_000 {
            backlog.push(if n % 10 == 9 { job(&format!("calm-{}", n / 10 % 25)) } else { job("rush") });
        }
        let batch = backlog.take(256);
        let calm = batch.iter().filter(|job| job.office.as_str() != "rush").count();
        assert_eq!(calm, 200, "all that waited of the others");
        let others: Vec<&str> = batch.iter().map(|job| job.office.as_str()).take(26).collect();
        assert_eq!(others.iter().filter(|office| **office == "rush").count(), 1, "one of each office in turn");
    }
}
