//! The end of a history: no faults any more, and everything must be answered in time. A reply that is never sent is told apart from
//! work that is done again and again.

use std::sync::atomic::Ordering;

use chrono::{DateTime, TimeDelta, Utc};

use super::action::{Act, Action, Answer};
use super::world::{Body, Finding, World};

/// Virtual minutes after the last fault within which everything must be answered: the longest wait between two tries (15 minutes, and a
/// fifth more), behind a channel that is asked every five minutes whether it works.
pub const QUIET_MINUTES: i64 = 30;
/// Rounds of the quiet phase. More is a livelock: something is always due and nothing comes of it.
const QUIET_ROUNDS: u32 = 400;
/// The longest time that the nodes rest in the quiet phase.
const SLEEP_SECONDS: i64 = 30;

impl World {
    /// The quiet phase: no faults any more, and everything must be answered in time.
    pub(super) fn quiet(&mut self) -> Result<(), Finding> {
        self.disk_fails = false;
        self.ground.provider.set_line(Answer::Accepted);
        self.ground.provider.set_pictures(false);
        for node in &self.nodes {
            node.clock.ahead.store(0, Ordering::SeqCst);
        }
        let until = self.now() + TimeDelta::minutes(QUIET_MINUTES);
        for _ in 0..QUIET_ROUNDS {
            let bodies: Vec<Body> = self.pending.drain(..).collect();
            let mut next: Option<DateTime<Utc>> = None;
            for node in 0..self.nodes.len() {
                let action = Action { node, crash: None, act: Act::Tend };
                if node == 0 {
                    self.deliver(&action, bodies.clone())?;
                }
                self.tend(&action)?;
                self.ground.provider.script(&[]);
                let step = self.run_stored(&action, async |parts| parts.courier.step().await);
                self.ground.provider.end_step(step.is_ok());
                let step = step?.expect("no fault");
                let moved = step.sent + step.put_off + step.held + step.expired + step.dead > 0;
                let due = if moved { Some(self.now()) } else { step.next_due };
                next = next.into_iter().chain(due).min();
            }
            let told = self.note_told();
            self.played.trace.push(format!("quiet{told}"));
            self.judge_step()?;
            if self.judge.waiting() == 0 {
                return self.judge_end();
            }
            if self.now() > until {
                let left = self.judge.waiting();
                return Err(format!("{left} replies wait after {QUIET_MINUTES} quiet minutes"));
            }
            // A second at least, so that what is due again and again does not stop the clock; and never longer than a loop may sleep,
            // for another node may have died over its claims.
            let (soonest, latest) =
                (self.now() + TimeDelta::seconds(1), self.now() + TimeDelta::seconds(SLEEP_SECONDS));
            let next = next.unwrap_or(latest).clamp(soonest, latest);
            self.time.store(next.timestamp_micros(), Ordering::SeqCst);
        }
        Err(format!("livelock: something is due after {QUIET_ROUNDS} rounds, and nothing comes of it"))
    }

    fn judge_end(&mut self) -> Result<(), Finding> {
        self.judge.end(&self.ground.provider, &self.reported, self.ground.profile.window)?;
        let erased = self.judge.lines("select 'erased' from erased_message limit 1");
        for written in &self.written {
            if !written.is_acknowledged {
                return Err(format!("{} was never acknowledged", written.id.as_str()));
            }
            if erased.is_empty() {
                self.judge.kept(written)?;
            }
        }
        Ok(())
    }
}
