//! Reads every message by the formats in force and by the draft, and sorts what came of them.

use std::collections::BTreeMap;

use crate::grammar::format::Format;
use crate::grammar::reader::message::read;
use crate::grammar::rehearsal::clash::Clashes;
use crate::grammar::rehearsal::kind::{Kind, Reason};
use crate::grammar::rehearsal::result::{Example, Group, Rehearsal, Tally, TrialMessage};
use crate::grammar::request::Request;
use crate::grammar::request::form::Form;

/// Groups that are shown of each list; the rest is counted only.
const GROUPS_MAX: usize = 10;
/// Messages that are kept of each group.
const EXAMPLES_MAX: usize = 3;

/// A draft, and what it would stand beside.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'f> {
    /// The draft.
    pub draft: &'f Format,
    /// The formats of the office in force, in its order; the draft takes the place of the one with its id, or the last place. With
    /// none, the draft is tried alone and compared with nothing.
    pub in_force: &'f [&'f Format],
}

impl<'f> Trial<'f> {
    /// Reads every message by both.
    pub fn run(self, messages: &[TrialMessage]) -> Rehearsal {
        let Self { draft, in_force } = self;
        let after = self.with_draft();
        let others: Vec<&Format> = after.iter().copied().filter(|format| format.id() != draft.id()).collect();
        let mut clashes = Clashes::of(draft, &others);
        let mut done = Rehearsal { messages: messages.len(), ..Rehearsal::default() };
        let mut before_all = Tally::default();
        let [mut failures, mut lost, mut gained, mut changed] = <[Groups; 4]>::default();
        for (place, message) in messages.iter().enumerate() {
            let new = read(&after, &message.text, message.sent_on);
            let kind = Kind::of(&new);
            done.after.add(kind);
            if kind.is_whole() {
                clashes.look_at(place, message);
            } else if kind != Kind::Other {
                failures.add(place, Reason::of(&after, &new));
            }
            if in_force.is_empty() {
                continue;
            }
            let old = read(in_force, &message.text, message.sent_on);
            let before = Kind::of(&old);
            before_all.add(before);
            match (&old, &new) {
                (Request::Form(old), Request::Form(new)) => {
                    if let Some(field) = differing((in_force, old), (&after, new)) {
                        changed.add(place, Reason { kind: "value", field: Some(field), at: None, expected: None });
                    }
                }
                (Request::Form(_), _) => lost.add(place, Reason::of(&after, &new)),
                (_, Request::Form(_)) => gained.add(place, Reason::of(in_force, &old)),
                _ => {}
            }
        }
        done.before = (!in_force.is_empty()).then_some(before_all);
        [done.failures, done.lost, done.gained, done.changed] = [failures, lost, gained, changed].map(Groups::sorted);
        done.clashes = clashes.found();
        done
    }

    /// The formats of the office with the draft among them.
    fn with_draft(self) -> Vec<&'f Format> {
        let replaced = self.in_force.iter().position(|format| format.id() == self.draft.id());
        let mut formats = self.in_force.to_vec();
        match replaced.and_then(|at| formats.get_mut(at)) {
            Some(place) => *place = self.draft,
            None => formats.push(self.draft),
        }
        formats
    }
}

/// The first piece that two forms both have with another value, as the later one calls it.
fn differing((old_formats, old): (&[&Format], &Form), (new_formats, new): (&[&Format], &Form)) -> Option<String> {
    if old.applicant == new.applicant && old.visit == new.visit && old.party == new.party {
        return None;
    }
    let of = |formats: &[&Format], form: &Form| formats.iter().position(|format| *format.id() == form.format);
    let (before, after) = (old_formats.get(of(old_formats, old)?)?, new_formats.get(of(new_formats, new)?)?);
    let differs = |called: &str| {
        let value = |format: &Format, form: &Form| {
            let field = format.fields().into_iter().find(|field| format.called(*field) == called)?;
            let people: Vec<String> = form.each().filter_map(|person| format.value(&person, field)).collect();
            (!people.is_empty()).then_some(people)
        };
        value(before, old).zip(value(after, new)).is_some_and(|(old, new)| old != new)
    };
    after.fields().into_iter().map(|field| after.called(field)).find(|called| differs(called)).map(str::to_owned)
}

/// Reasons, with how often each occurred.
#[derive(Default)]
struct Groups(BTreeMap<(&'static str, Option<String>), Group>);

impl Groups {
    fn add(&mut self, message: usize, reason: Reason) {
        let Reason { kind, field, at, expected } = reason;
        let new = || Group { kind, field: field.clone(), count: 0, examples: Vec::new() };
        let group = self.0.entry((kind, field.clone())).or_insert_with(new);
        group.count += 1;
        if group.examples.len() < EXAMPLES_MAX {
            group.examples.push(Example { message, at, expected });
        }
    }

    /// The most frequent first. What is beyond the number that is shown goes into one group without an example, so that the counts of
    /// all of them are those of the messages.
    fn sorted(self) -> Vec<Group> {
        let mut groups: Vec<Group> = self.0.into_values().collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.count));
        let rest: usize = groups.iter().skip(GROUPS_MAX).map(|group| group.count).sum();
        groups.truncate(GROUPS_MAX);
        groups.extend((rest > 0).then(|| Group { kind: "rest", field: None, count: rest, examples: Vec::new() }));
        groups
    }
}
