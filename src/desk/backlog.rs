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

    /// Those at the front of each office's queue that have waited for too long, and can be refused.
    pub(super) fn take_late(&mut self) -> Vec<Job> {
        let mut late = Vec::new();
        for queue in self.by_office.values_mut() {
            while let Some(job) = queue.pop_front_if(|job| job.waiter.is_late()) {
                late.push(job);
            }
        }
        self.waiting -= late.len();
        self.by_office.retain(|_, queue| !queue.is_empty());
        self.turn.retain(|office| self.by_office.contains_key(office));
        late
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
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::desk::admission::Admission;
    use crate::desk::task::{Task, Waiter};

    fn job(office: &str) -> Job {
        job_of(&Admission::new(Duration::from_secs(1)), office)
    }

    fn job_of(admission: &Arc<Admission>, office: &str) -> Job {
        let (waiter, _) = Waiter::new(admission.enter(Some(1)));
        Job { office: OfficeId::read(office).unwrap(), task: Task::Sweep, waiter }
    }

    // Negative control: without the last two lines of `take_late`, `take` finds an office without a job.
    #[test]
    fn what_waited_for_too_long_is_taken_out_and_the_rest_keeps_its_order() {
        let (impatient, patient) = (Admission::new(Duration::ZERO), Admission::new(Duration::from_mins(1)));
        let mut backlog = Backlog::default();
        for (admission, office) in [(&impatient, "late"), (&impatient, "both"), (&patient, "both"), (&patient, "fresh")]
        {
            backlog.push(job_of(admission, office));
        }
        std::thread::sleep(Duration::from_millis(1));
        assert_eq!((backlog.take_late().len(), backlog.len()), (2, 2));
        assert_eq!(backlog.turn, ["both", "fresh"].map(|office| OfficeId::read(office).unwrap()));
        assert_eq!((backlog.take(9).len(), backlog.len()), (2, 0));
        assert!(backlog.take_late().is_empty());
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
