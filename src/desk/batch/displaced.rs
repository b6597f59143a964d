//! Carries out what an office decided about a booking that it cannot keep, in the transaction of its batch, and plans the notice that tells
//! its citizen.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Batch, IDS_A_MESSAGE, Trouble};
use crate::conversation::{Chat, REPLIES_MAX, Randomness, Settled, Snapshot, settle_displaced};
use crate::desk::pending_writes::PendingWrites;
use crate::desk::visits;
use crate::domain::notice::{Kind, Notice};
use crate::domain::office::{Office, OfficeId};
use crate::domain::seats::NotLoaded;
use crate::storage::{ContactKey, Intake, OfficeDate};

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
        let Settled { changed, told, chat } = self.decide_displaced(intake, office, (of, *booking), writes).await?;
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

    /// Decides, loading further days where the decision has to look at them.
    async fn decide_displaced(
        &mut self,
        intake: &mut Intake,
        office: &Office,
        (of, booking): (&ContactKey, i64),
        writes: &mut PendingWrites,
    ) -> Result<Settled, Trouble> {
        let roster = Arc::clone(&self.roster);
        let formats = roster.formats_of(office);
        let nobody = Chat::default();
        let visits = visits::of_booking(booking, &writes.visits);
        loop {
            let snapshot = Snapshot {
                office,
                calendar: roster.calendar_of(&office.id),
                formats: &formats,
                text: None,
                wants_photo: formats.iter().any(|format| format.wants_photo()),
                channel: &of.0,
                contact: &of.1,
                chat: writes.chats.get(of).map_or(&nobody, |stored| &stored.chat),
                bookings: writes.bookings.get(of).map_or(&[], Vec::as_slice),
                of_people: &[],
                visits: &visits,
                waiting: None,
                no_shows: 0,
                replies_max: REPLIES_MAX,
                now: self.now,
            };
            if usize::try_from(self.ids.end - self.ids.start).unwrap_or(0) < IDS_A_MESSAGE {
                return Err(Trouble::IdsUsedUp);
            }
            let seats = writes.seats.entry(office.id.clone()).or_default();
            let ids = &mut *self.ids;
            let mut next_id = || ids.next().unwrap_or(0);
            let randomness = Randomness { rng: self.rng, next_id: &mut next_id };
            match settle_displaced(&snapshot, seats, booking, randomness) {
                Ok(settled) => return Ok(settled),
                Err(NotLoaded(date)) => {
                    let day = OfficeDate { office: office.id.clone(), date };
                    writes.load_hours(intake, &BTreeSet::from([day])).await?;
                }
            }
        }
    }
}
