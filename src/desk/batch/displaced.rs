//! Carries out what an office decided about a place that it cannot keep, in the transaction of its batch, and plans the notice that tells
//! its citizen.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Batch, IDS_A_MESSAGE, Trouble};
use crate::conversation::{Chat, REPLIES_MAX, Randomness, Settled, Snapshot, settle_displaced};
use crate::desk::pending_writes::PendingWrites;
use crate::desk::task::{Job, Task};
use crate::domain::notice::{Kind, Notice};
use crate::domain::office::{Office, OfficeId};
use crate::domain::seats::NotLoaded;
use crate::storage::{ContactKey, Intake};

/// A place that its office cannot keep.
pub(in crate::desk) struct Place<'j> {
    office: &'j OfficeId,
    /// Its contact, who may have become another since: then it is found with the next step.
    pub(in crate::desk) of: &'j ContactKey,
    /// Its number in the database.
    booking: i64,
}

/// The displaced places among the jobs.
pub(in crate::desk) fn of(jobs: &[Job]) -> Vec<Place<'_>> {
    jobs.iter()
        .filter_map(|job| match &job.task {
            Task::SettleDisplaced(place) => Some(Place { office: &job.office, of: &place.0, booking: place.1 }),
            _ => None,
        })
        .collect()
}

impl Batch<'_> {
    /// Carries out the decision about one place, and tells its citizen. Where it was carried out before, or the citizen has given the
    /// place up or moved it meanwhile, nothing happens: the decision stands in the booking itself.
    pub(super) async fn settle_displaced(
        &mut self,
        intake: &mut Intake,
        place: &Place<'_>,
        writes: &mut PendingWrites,
    ) -> Result<(), Trouble> {
        let roster = Arc::clone(&self.roster);
        let Some(office) = roster.offices.get(place.office) else { return Ok(()) };
        let Settled { changed, told, chat } = self.decide_displaced(intake, office, place, writes).await?;
        let Some(changed) = changed else { return Ok(()) };
        self.enter_changed(office, place.of, &[changed], writes)?;
        writes.chat(place.of, &office.id, self.now).chat = chat;
        let Some(told) = told else { return Ok(()) };
        writes.changes.notices.push(Notice {
            id: self.next_id()?,
            office: office.id.clone(),
            kind: Kind::DayClosed,
            channel: place.of.0.clone(),
            contact: place.of.1.clone(),
            booking: Some(place.booking),
            // A day may be made smaller by one version and closed by the next.
            occasion: format!("{} v{}", told.date, office.version),
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
        place: &Place<'_>,
        writes: &mut PendingWrites,
    ) -> Result<Settled, Trouble> {
        let roster = Arc::clone(&self.roster);
        let formats = roster.formats_of(office);
        let nobody = Chat::default();
        loop {
            let snapshot = Snapshot {
                office,
                calendar: &roster.calendar,
                formats: &formats,
                text: None,
                wants_photo: formats.iter().any(|format| format.wants_photo()),
                channel: &place.of.0,
                contact: &place.of.1,
                chat: writes.chats.get(place.of).map_or(&nobody, |stored| &stored.chat),
                bookings: writes.bookings.get(place.of).map_or(&[], Vec::as_slice),
                of_people: &[],
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
            match settle_displaced(&snapshot, seats, place.booking, randomness) {
                Ok(settled) => return Ok(settled),
                Err(NotLoaded(date)) => {
                    writes.load_hours(intake, &BTreeSet::from([(office.id.clone(), date)])).await?;
                }
            }
        }
    }
}
