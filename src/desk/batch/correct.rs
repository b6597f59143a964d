//! Corrects the name of somebody on a booking, as the desk reads it in their document.

use std::sync::Arc;

use super::{Batch, Trouble};
use crate::desk::pending_writes::PendingWrites;
use crate::desk::task::CorrectTask;
use crate::domain::office::OfficeId;
use crate::domain::person::Applicant;

impl Batch<'_> {
    /// Writes a name into a live booking; its record gets a step. Returns whether the booking is live and has that person.
    pub(super) fn correct(
        &mut self,
        office: &OfficeId,
        task: &CorrectTask,
        writes: &mut PendingWrites,
    ) -> Result<bool, Trouble> {
        let roster = Arc::clone(&self.roster);
        let Some(office) = roster.offices.get(office) else { return Ok(false) };
        let own = writes.bookings.get(&task.of).map_or(&[][..], Vec::as_slice);
        let found = own.iter().find(|booking| booking.id == task.booking && booking.is_live(office, self.now));
        let Some(mut booking) = found.cloned() else { return Ok(false) };
        let person: Option<&mut Applicant> = match task.person.checked_sub(1) {
            None => Some(&mut booking.applicant),
            Some(other) => booking.applicant.others.get_mut(other),
        };
        let Some(person) = person else { return Ok(false) };
        person.nama = task.nama.clone();
        self.enter_changed(office, &task.of, &[booking], writes)?;
        Ok(true)
    }
}
