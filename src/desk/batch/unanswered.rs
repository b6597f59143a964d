//! Gives places back whose reminders had to be answered and were not, in the transaction of their batch, and plans the notice that tells
//! their citizens.

use std::sync::Arc;

use chrono::{Days, NaiveTime};

use super::one_booking::OneBooking;
use super::{Batch, Trouble};
use crate::conversation::{Released, release_unanswered};
use crate::desk::pending_writes::PendingWrites;
use crate::desk::waiting::Freed;
use crate::domain::booking::Booking;
use crate::domain::notice::{Kind, Notice};
use crate::domain::office::{Office, OfficeId};
use crate::storage::{ContactKey, Intake};

/// A place: its contact, and its number in the database.
type Place = (ContactKey, i64);

impl Batch<'_> {
    /// Gives these places back, each unless its reminder was answered meanwhile, or turns out not to have been sent.
    pub(super) async fn release_unanswered(
        &mut self,
        intake: &mut Intake,
        places: &[(&OfficeId, &Place)],
        writes: &mut PendingWrites,
    ) -> Result<(), Trouble> {
        if places.is_empty() {
            return Ok(());
        }
        let bookings: Vec<i64> = places.iter().map(|(_, (_, booking))| *booking).collect();
        let unanswered = intake.unanswered(&bookings).await?;
        let roster = Arc::clone(&self.roster);
        for (office, (of, booking)) in places {
            let Some(office) = roster.offices.get(*office).filter(|_| unanswered.contains(booking)) else { continue };
            let before = writes.bookings.get(of).and_then(|all| all.iter().find(|b| b.id == *booking)).cloned();
            let about = OneBooking { office, of, booking: *booking };
            let decided = self.decide_about(intake, about, writes, release_unanswered).await?;
            let Some(Released { booking: after, chat }) = decided else { continue };
            let mut freed = Freed::default();
            freed.note(before.as_ref(), &after);
            let notice = self.released_notice(office, &after)?;
            writes.changes.notices.push(notice);
            self.enter_changed(office, of, &[after], writes)?;
            self.freed(&office.id, freed, writes);
            writes.chat(of, &office.id, self.now).chat = chat;
            tracing::info!(office = office.id.as_str(), contact = %of.1.tail(), "a place was given back, its reminder was not answered");
        }
        Ok(())
    }

    fn released_notice(&mut self, office: &Office, booking: &Booking) -> Result<Notice, Trouble> {
        let date = booking.slot.date;
        let next = date.checked_add_days(Days::new(1)).unwrap_or(date);
        Ok(Notice {
            id: self.next_id()?,
            office: office.id.clone(),
            kind: Kind::Released,
            channel: booking.channel.clone(),
            contact: booking.contact.clone(),
            booking: Some(booking.id),
            occasion: date.to_string(),
            detail: None,
            due: self.now,
            drop_after: office.zone.instant(next.and_time(NaiveTime::MIN)),
        })
    }
}
