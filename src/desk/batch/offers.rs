//! Offers seats that came back to those on a waiting list, in turn order.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveTime, Utc};

use super::{Batch, PendingReply, Trouble};
use crate::conversation::{Chat, Outcome, REPLIES_MAX, Randomness, Snapshot, Turn, WaitingTold, offer};
use crate::desk::pending_writes::PendingWrites;
use crate::desk::people;
use crate::desk::waiting::WaitingLists;
use crate::domain::booking::Booking;
use crate::domain::calendar::Calendar;
use crate::domain::notice::{Kind, Notice};
use crate::domain::office::{Office, OfficeId};
use crate::domain::opening::next_opening;
use crate::domain::seats::NotLoaded;
use crate::domain::waiting::{Waiting, WaitingList};
use crate::grammar::Form;
use crate::storage::{ContactKey, Intake, OfficeDate, PersonBooking, SettledNotice};

impl Batch<'_> {
    /// Reads the waiting lists of those offices that have one.
    pub(super) async fn waiting_lists(
        &self,
        intake: &mut Intake,
        offices: impl Iterator<Item = &OfficeId>,
    ) -> Result<WaitingLists, Trouble> {
        let has_list = |id: &&OfficeId| self.roster.offices.get(*id).is_some_and(|office| office.has_waiting_list());
        let offices: BTreeSet<OfficeId> = offices.filter(has_list).cloned().collect();
        Ok(WaitingLists::new(intake.waiting_lists(&offices).await?))
    }

    /// Gives everybody on a list their turn; only those whose bookings were loaded with the batch.
    pub(super) async fn give_turns(
        &mut self,
        intake: &mut Intake,
        (id, contacts): (&OfficeId, &[ContactKey]),
        writes: &mut PendingWrites,
    ) -> Result<(), Trouble> {
        let roster = Arc::clone(&self.roster);
        let Some(office) = roster.offices.get(id) else { return Ok(()) };
        let Some(list) = writes.waiting.of(id).cloned() else {
            writes.waiting.looked_at(id, None);
            return Ok(());
        };
        let earliest = office.notices.earliest(Kind::Offer, office.zone, self.now);
        if earliest > self.now {
            writes.waiting.looked_at(id, Some(earliest));
            return Ok(());
        }
        let contacts: BTreeSet<&ContactKey> = contacts.iter().collect();
        let is_in_turn = |entry: &&Waiting| {
            entry.keeps_seats() && contacts.contains(&(entry.channel.clone(), entry.contact.clone()))
        };
        let entries: Vec<&Waiting> = list.entries.iter().filter(is_in_turn).collect();
        let ids: Vec<i64> = entries.iter().map(|entry| entry.id).collect();
        let forms = intake.waiting_forms(&ids).await?;
        for entry in entries {
            self.give_turn(intake, office, (entry, forms.get(&entry.id)), writes).await?;
        }
        let next = writes.waiting.of(id).and_then(|list| next_look(list, (office, &roster.calendar), self.now));
        writes.waiting.looked_at(id, next);
        Ok(())
    }

    /// Gives one citizen their turn.
    async fn give_turn(
        &mut self,
        intake: &mut Intake,
        office: &Arc<Office>,
        (entry, form): (&Waiting, Option<&Form>),
        writes: &mut PendingWrites,
    ) -> Result<(), Trouble> {
        let key = (entry.channel.clone(), entry.contact.clone());
        match self.turn_of(intake, office, (entry, form), writes).await? {
            Turn::Kept => Ok(()),
            Turn::Over => {
                writes.waiting.end(&office.id, entry.id);
                Ok(())
            }
            Turn::Offered(hold) => {
                writes.waiting.offered(&office.id, entry.id, hold.id);
                self.enter_offer(office, &key, (*hold, entry), writes)
            }
        }
    }

    /// Whether there is a seat for somebody, loading the days that have to be looked at.
    async fn turn_of(
        &mut self,
        intake: &mut Intake,
        office: &Arc<Office>,
        (entry, form): (&Waiting, Option<&Form>),
        writes: &mut PendingWrites,
    ) -> Result<Turn, Trouble> {
        let roster = Arc::clone(&self.roster);
        let formats = roster.formats_of(office);
        let key = (entry.channel.clone(), entry.contact.clone());
        let wanted = people::on_applicant(office, form.map(|form| &form.applicant));
        let unknown = writes.people.unknown(&wanted);
        if !unknown.is_empty() {
            let found = intake.of_people(&unknown).await?;
            writes.people.enter(unknown, found);
        }
        let (of_people, nobody) = (writes.people.bookings(&wanted), Chat::default());
        loop {
            let list = writes.waiting.of(&office.id).cloned();
            let snapshot = Snapshot {
                office,
                calendar: &roster.calendar,
                formats: &formats,
                text: None,
                wants_photo: formats.iter().any(|format| format.wants_photo()),
                channel: &key.0,
                contact: &key.1,
                chat: writes.chats.get(&key).map_or(&nobody, |stored| &stored.chat),
                bookings: writes.bookings.get(&key).map_or(&[], Vec::as_slice),
                visits: &[],
                of_people: &of_people,
                replies_max: REPLIES_MAX,
                waiting: list.as_deref(),
                now: self.now,
            };
            if usize::try_from(self.ids.end - self.ids.start).unwrap_or(0) < super::IDS_A_MESSAGE {
                return Err(Trouble::IdsUsedUp);
            }
            let seats = writes.seats.entry(office.id.clone()).or_default();
            let ids = &mut *self.ids;
            let mut next_id = || ids.next().unwrap_or(0);
            let randomness = Randomness { rng: self.rng, next_id: &mut next_id };
            match offer(&snapshot, seats, (entry, form), randomness) {
                Ok(turn) => return Ok(turn),
                Err(NotLoaded(date)) => {
                    writes
                        .load_hours(intake, &BTreeSet::from([OfficeDate { office: office.id.clone(), date }]))
                        .await?;
                }
            }
        }
    }

    /// Enters the hold of an offer and the message that tells it: both or neither are committed.
    fn enter_offer(
        &mut self,
        office: &Arc<Office>,
        key: &ContactKey,
        (hold, entry): (Booking, &Waiting),
        writes: &mut PendingWrites,
    ) -> Result<(), Trouble> {
        writes.changes.events.push(self.event(&hold)?);
        if people::looks_for_people(office) {
            writes.changes.people.extend(PersonBooking::of(&hold));
        }
        let of_entry = |id| writes.bookings.get(key)?.iter().find(|booking| booking.id == id).cloned();
        let instead_of = entry.booking.and_then(|(id, _)| of_entry(id));
        let is_last = entry.is_last_offer();
        writes.enter_booking(key, hold.clone());
        let chat = &mut writes.chat(key, &office.id, self.now).chat;
        // A `ya` from now on means the offer.
        chat.question = None;
        chat.echoed = None;
        let notice = Notice {
            id: self.next_id()?,
            office: office.id.clone(),
            kind: Kind::Offer,
            channel: key.0.clone(),
            contact: key.1.clone(),
            booking: Some(hold.id),
            occasion: String::new(),
            detail: None,
            due: self.now,
            drop_after: hold.hold_until.unwrap_or(self.now),
        };
        let id = notice.id;
        writes.planned.push(notice);
        let outcome = Outcome::Waiting(Box::new(WaitingTold::Offered { hold, instead_of, is_last }));
        let reply = PendingReply { office, to: key, reply_to: None, pause_until: None, notice: Some(id), outcome };
        let outbox = Some(self.reply(reply, writes)?);
        writes.changes.settled.push(SettledNotice { id, state: "queued", reason: None, outbox, due_us: None });
        Ok(())
    }
}

/// When a list is to be looked at again though nothing changed on it: days open at midnight, or at the next release, and who
/// declined a seat may be offered its day again. `None` where nobody waits.
fn next_look(
    list: &WaitingList,
    (office, calendar): (&Office, &Calendar),
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    list.entries.first()?;
    let today = office.date_at(now);
    let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
    let midnight = office.zone.instant(tomorrow.and_time(NaiveTime::MIN));
    let rested = list.entries.iter().filter_map(Waiting::rests_until).filter(|until| now < *until);
    let opening = next_opening(office, calendar, now).map(|next| next.at);
    rested.chain(opening).chain([midnight]).min()
}
