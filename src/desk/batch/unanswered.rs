//! Gives places back whose reminders had to be answered and were not, in the transaction of their batch, and plans the notice that tells
//! their citizens.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Days, NaiveTime};

use super::{Batch, IDS_A_MESSAGE, Trouble};
use crate::conversation::{Chat, REPLIES_MAX, Randomness, Released, Snapshot, release_unanswered};
use crate::desk::pending_writes::PendingWrites;
use crate::desk::visits;
use crate::desk::waiting::Freed;
use crate::domain::booking::Booking;
use crate::domain::notice::{Kind, Notice};
use crate::domain::office::{Office, OfficeId};
use crate::domain::seats::NotLoaded;
use crate::storage::{ContactKey, Intake, OfficeDate};

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
            let Some(released) = self.decide_unanswered(intake, office, (of, *booking), writes).await? else {
                continue;
            };
            let Released { booking: after, chat } = released;
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

    /// Decides, loading the day where that has to be looked at.
    async fn decide_unanswered(
        &mut self,
        intake: &mut Intake,
        office: &Office,
        (of, booking): (&ContactKey, i64),
        writes: &mut PendingWrites,
    ) -> Result<Option<Released>, Trouble> {
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
                wants_photo: false,
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
            match release_unanswered(&snapshot, seats, booking, randomness) {
                Ok(released) => return Ok(released),
                Err(NotLoaded(date)) => {
                    let day = OfficeDate { office: office.id.clone(), date };
                    writes.load_hours(intake, &BTreeSet::from([day])).await?;
                }
            }
        }
    }
}
