//! Carries out what an office decided about a booking that it cannot keep, in the transaction of its batch, and plans the notice that tells
//! its citizen.

use std::sync::Arc;

use super::one_booking::OneBooking;
use super::{Batch, Trouble};
use crate::conversation::{Settled, settle_displaced};
use crate::desk::pending_writes::PendingWrites;
use crate::domain::notice::{Kind, Notice};
use crate::domain::office::OfficeId;
use crate::storage::{ContactKey, Intake};

impl Batch<'_> {
    /// Carries out the decision about one booking, and plans what its citizen is told. Where it was carried out before, or the citizen has given the
    /// booking up or moved it meanwhile, nothing happens: the decision stands in the booking itself.
    pub(super) async fn settle_displaced(
        &mut self,
        intake: &mut Intake,
        office: &OfficeId,
        (of, booking): &(ContactKey, i64),
        writes: &mut PendingWrites,
    ) -> Result<(), Trouble> {
        let roster = Arc::clone(&self.roster);
        let Some(office) = roster.offices.get(office) else { return Ok(()) };
        let about = OneBooking { office, of, booking: *booking };
        let Settled { changed, told, chat } = self.decide_about(intake, about, writes, settle_displaced).await?;
        let Some(changed) = changed else { return Ok(()) };
        self.enter_changed(office, of, &[changed], writes)?;
        writes.chat(of, &office.id, self.now).chat = chat;
        let Some(told) = told else { return Ok(()) };
        writes.changes.notices.push(Notice {
            id: self.next_id()?,
            office: office.id.clone(),
            kind: Kind::DayClosed,
            channel: of.0.clone(),
            contact: of.1.clone(),
            booking: Some(*booking),
            // A day may be made smaller by one version, or by one change of the calendar, and closed by the next.
            occasion: match office.exceptions.revision {
                0 => format!("{} v{}", told.date, office.version),
                revision => format!("{} v{}.{revision}", told.date, office.version),
            },
            detail: told.detail(),
            due: self.now,
            drop_after: told.useful_until(office),
        });
        Ok(())
    }
}
