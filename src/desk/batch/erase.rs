//! Erases a contact: in the transaction of a batch, after the seats of what is cancelled with it went back.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Batch, Trouble};
use crate::conversation::WaitingStep;
use crate::desk::pending_writes::PendingWrites;
use crate::desk::task::{EraseTask, Job, corrections, erasures};
use crate::desk::verdict::Verdict;
use crate::desk::waiting::Freed;
use crate::domain::booking::{Booking, State};
use crate::domain::office::{Office, OfficeId};
use crate::domain::seats::NotLoaded;
use crate::domain::visit::State as VisitState;
use crate::storage::{ContactKey, Intake, OfficeDate};

impl Batch<'_> {
    /// Corrects names and erases contacts, as the jobs say; the verdict of each that was done is noted.
    pub(super) async fn correct_and_erase(
        &mut self,
        intake: &mut Intake,
        jobs: &[Job],
        (verdicts, writes): (&mut [Verdict], &mut PendingWrites),
    ) -> Result<(), Trouble> {
        let mut done = Vec::new();
        for (place, task) in corrections(jobs) {
            let Some(Job { office, .. }) = jobs.get(place) else { continue };
            done.extend(self.correct(office, task, writes)?.then_some(place));
        }
        for (place, task) in erasures(jobs) {
            let Some(Job { office, .. }) = jobs.get(place) else { continue };
            done.extend(self.erase(intake, (office, task), writes).await?.then_some(place));
        }
        for place in done {
            if let Some(verdict) = verdicts.get_mut(place) {
                *verdict = Verdict::Served;
            }
        }
        Ok(())
    }

    /// Erases a contact, unless something is live that is not to be cancelled, or something was written since their rows were found.
    /// Returns whether it was done.
    async fn erase(
        &mut self,
        intake: &mut Intake,
        (office, task): (&OfficeId, &EraseTask),
        writes: &mut PendingWrites,
    ) -> Result<bool, Trouble> {
        let roster = Arc::clone(&self.roster);
        let Some(office) = roster.offices.get(office) else { return Ok(false) };
        let traces = &task.erasure.traces;
        let key = &traces.of;
        let now_known = writes.chats.get(key).map(|stored| (stored.heard_at, stored.last_reply));
        if now_known != traces.conversation() || writes.touched.contains(key) {
            return Ok(false);
        }
        let own = writes.bookings.get(key).map_or(&[][..], Vec::as_slice);
        let live: Vec<Booking> = own.iter().filter(|booking| booking.is_live(office, self.now)).cloned().collect();
        let waits = writes.waiting.of(&office.id).and_then(|list| Some(list.of(&key.0, &key.1)?.id));
        let handover = writes.chats.get(key).and_then(|stored| stored.chat.handover);
        let is_talking = handover.is_some_and(|handover| handover.ticket.closed.is_none());
        let is_here = |booking: &Booking| {
            let visits = writes.visits.get(&booking.id).into_iter().flatten();
            visits.into_iter().any(|visit| !matches!(visit.state, VisitState::NoShow | VisitState::Withdrawn))
        };
        let is_live = !live.is_empty() || waits.is_some() || is_talking;
        if is_live && !task.cancel || live.iter().any(is_here) {
            return Ok(false);
        }
        self.cancel_all(intake, (office, key), live, writes).await?;
        if let Some(id) = waits {
            let leave = WaitingStep::Leave { id, seated: false };
            let (_, back) = writes.waiting.step(&office.id, leave, self.now);
            self.freed(&office.id, back, writes);
        }
        writes.changes.erased.push(task.erasure.clone());
        Ok(true)
    }

    /// Cancels bookings and holds, whose seats go back.
    async fn cancel_all(
        &mut self,
        intake: &mut Intake,
        (office, key): (&Office, &ContactKey),
        live: Vec<Booking>,
        writes: &mut PendingWrites,
    ) -> Result<(), Trouble> {
        let mut freed = Freed::default();
        let mut changed = Vec::with_capacity(live.len());
        for before in live {
            let mut after = before.clone();
            after.become_state(State::Cancelled);
            let day = OfficeDate { office: office.id.clone(), date: before.slot.date };
            let seats = writes.seats.entry(office.id.clone()).or_default();
            if let Err(NotLoaded(_)) = seats.give_back(before.slot, &before.seats) {
                writes.load_hours(intake, &BTreeSet::from([day])).await?;
                let seats = writes.seats.entry(office.id.clone()).or_default();
                seats.give_back(before.slot, &before.seats).map_err(|NotLoaded(date)| super::not_loaded(date))?;
            }
            let seats = writes.seats.entry(office.id.clone()).or_default();
            seats.count_holds(Some(&before), &after);
            freed.note(Some(&before), &after);
            changed.push(after);
        }
        self.enter_changed(office, key, &changed, writes)?;
        self.freed(&office.id, freed, writes);
        Ok(())
    }
}
