//! An outage of the provider: it fails for as long as the courier tries.

use super::action::{Action, Answer};
use super::world::{Finding, World};

/// Longest time that passes between two steps of an outage, in seconds: an hour.
const OUTAGE_WAIT_MAX: i64 = 3_600;

impl World {
    /// Lets the provider answer like this while the courier makes so many steps, and time pass until each has something to do.
    pub(super) fn outage(&mut self, action: &Action, answer: Answer, steps: usize) -> Result<String, Finding> {
        let before = self.ground.provider.replace_line(Some(answer));
        let mut outcome = Ok(String::new());
        for step in 0..steps {
            self.ground.provider.script(&[]);
            // A node that dies each time would try nothing.
            let action = Action { crash: action.crash.filter(|_| step == 0), ..action.clone() };
            let done = self.run_stored(&action, async |parts| parts.courier.step().await);
            self.ground.provider.end_step(matches!(done, Ok(Some(_))));
            let due = match done {
                Ok(done) => done.and_then(|done| done.next_due),
                Err(finding) => {
                    outcome = Err(finding);
                    break;
                }
            };
            let seconds = due.map_or(1, |due| (due - self.now()).num_seconds() + 1);
            self.pass(seconds.clamp(1, OUTAGE_WAIT_MAX));
        }
        self.ground.provider.replace_line(before);
        outcome
    }
}
