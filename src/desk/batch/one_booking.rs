//! A decision about one booking that no message asked for: what the office did with its day, or what its citizen left undone.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Batch, IDS_A_MESSAGE, Trouble};
use crate::conversation::{Chat, REPLIES_MAX, Randomness, Snapshot};
use crate::desk::pending_writes::PendingWrites;
use crate::desk::visits;
use crate::domain::office::Office;
use crate::domain::seats::{NotLoaded, Seats};
use crate::storage::{ContactKey, Intake, OfficeDate};

/// The booking that is decided about, by its number in the database.
#[derive(Debug, Clone, Copy)]
pub(super) struct OneBooking<'a> {
    pub(super) office: &'a Office,
    pub(super) of: &'a ContactKey,
    pub(super) booking: i64,
}

/// A rule of the conversation about one booking.
type Rule<T> = fn(&Snapshot<'_>, &mut Seats, i64, Randomness<'_>) -> Result<T, NotLoaded>;

impl Batch<'_> {
    /// Decides by a rule, loading further days where it has to look at them.
    pub(super) async fn decide_about<T>(
        &mut self,
        intake: &mut Intake,
        OneBooking { office, of, booking }: OneBooking<'_>,
        writes: &mut PendingWrites,
        rule: Rule<T>,
    ) -> Result<T, Trouble> {
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
            match rule(&snapshot, seats, booking, randomness) {
                Ok(decided) => return Ok(decided),
                Err(NotLoaded(date)) => {
                    let day = OfficeDate { office: office.id.clone(), date };
                    writes.load_hours(intake, &BTreeSet::from([day])).await?;
                }
            }
        }
    }
}
