//! Makes a failing history short: actions are left out, and faults in them, as long as it still fails.

use super::action::{Act, Action};

/// Histories that are played to make one shorter.
const TRIES_MAX: usize = 400;

/// The shortest history that was found to fail.
pub fn shrink(actions: Vec<Action>, fails: impl FnMut(&[Action]) -> bool) -> Vec<Action> {
    let mut shrinking = Shrinking { actions, tries: 0, fails };
    shrinking.leave_out();
    shrinking.simplify();
    shrinking.leave_out();
    shrinking.actions
}

struct Shrinking<F> {
    actions: Vec<Action>,
    tries: usize,
    fails: F,
}

impl<F: FnMut(&[Action]) -> bool> Shrinking<F> {
    /// Takes a shorter or simpler history where it fails too.
    fn takes(&mut self, candidate: Vec<Action>) -> bool {
        if self.tries >= TRIES_MAX {
            return false;
        }
        self.tries += 1;
        let fails = (self.fails)(&candidate);
        if fails {
            self.actions = candidate;
        }
        fails
    }

    /// Leaves out actions: halves first, then ever fewer at once, from the end.
    fn leave_out(&mut self) {
        let mut size = self.actions.len().div_ceil(2);
        while size > 0 {
            let mut end = self.actions.len();
            while end > 0 {
                let begin = end.saturating_sub(size);
                let mut candidate = self.actions.clone();
                candidate.drain(begin..end);
                self.takes(candidate);
                end = begin.min(self.actions.len());
            }
            size /= 2;
        }
    }

    /// Leaves out what an action has besides: a crash, an answer of the provider, a delay.
    fn simplify(&mut self) {
        for place in 0..self.actions.len() {
            // What is simpler than the simpler one is tried too.
            while simpler(&self.actions[place]).into_iter().any(|simpler| {
                let mut candidate = self.actions.clone();
                candidate[place] = simpler;
                self.takes(candidate)
            }) {}
        }
    }
}

/// The same action with less in it.
fn simpler(action: &Action) -> Vec<Action> {
    let mut all = Vec::new();
    if action.crash.is_some() {
        all.push(Action { crash: None, ..action.clone() });
    }
    let with = |act| Action { act, ..action.clone() };
    match &action.act {
        Act::Write { who, says, held: true } => all.push(with(Act::Write { who: *who, says: *says, held: false })),
        Act::Rush { count, says } if *count > 2 => all.push(with(Act::Rush { count: 2, says: *says })),
        Act::Send { answers } if !answers.is_empty() => {
            all.push(with(Act::Send { answers: answers[..answers.len() - 1].to_vec() }));
        }
        _ => {}
    }
    all
}
