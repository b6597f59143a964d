//! Offers seats that came back to those on a waiting list, in turn order.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveTime, Utc};

use super::{Batch, PendingReply, Trouble};
use crate::conversation::{
    Chat, Outcome, REPLIES_MAX, Randomness, Snapshot, Turn, WaitingTold, join_share, offer, share, shared_told,
};
use crate::desk::pending_writes::PendingWrites;
use crate::desk::waiting::WaitingLists;
use crate::desk::{no_shows, people};
use crate::domain::booking::Booking;
use crate::domain::calendar::Calendar;
use crate::domain::notice::{Kind, Notice};
use crate::domain::office::{Office, OfficeId};
use crate::domain::opening::next_opening;
use crate::domain::seats::NotLoaded;
use crate::domain::shared_offer::SharedOffer;
use crate::domain::waiting::{Waiting, WaitingList};
use crate::grammar::Form;
use crate::storage::{ContactKey, Intake, OfficeDate, PersonBooking, SettledNotice};

/// One who waits, with what they joined with.
type Entry<'a> = (&'a Waiting, Option<&'a Form>);

/// How a seat is offered.
#[derive(Clone, Copy)]
enum Offering<'a> {
    /// To one alone: the hold gets this number.
    Alone(i64),
    /// To several at once: the offer gets this number.
    Shared(i64),
    /// This one, to one more.
    Join(&'a SharedOffer),
}

impl Batch<'_> {
    /// Reads the waiting lists of those offices that have one.
    pub(super) async fn waiting_lists(
        &self,
        intake: &mut Intake,
        offices: impl Iterator<Item = &OfficeId>,
    ) -> Result<WaitingLists, Trouble> {
        let has_list = |id: &&OfficeId| self.roster.offices.get(*id).is_some_and(|office| office.has_waiting_list());
        let offices: BTreeSet<OfficeId> = offices.filter(has_list).cloned().collect();
        Ok(WaitingLists::new(intake.waiting_lists(&offices, self.reaches).await?))
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
        let turns: Vec<Entry<'_>> = entries.into_iter().map(|entry| (entry, forms.get(&entry.id))).collect();
        match self.at_once(intake, office).await? {
            1 => {
                for turn in turns {
                    self.give_turn(intake, office, turn, writes).await?;
                }
            }
            at_once => self.share_out(intake, office, (&turns, at_once), writes).await?,
        }
        let next =
            writes.waiting.of(id).and_then(|list| next_look(list, (office, roster.calendar_of(&office.id)), self.now));
        writes.waiting.looked_at(id, next);
        Ok(())
    }

    /// How many are offered one seat at once: several only where the office allows it and few offers are accepted.
    async fn at_once(&self, intake: &mut Intake, office: &Office) -> Result<usize, Trouble> {
        let allowed = usize::try_from(office.policy.waiting_at_once).unwrap_or(1);
        let is_allowed = allowed > 1 && intake.acceptance(&office.id).await?.is_low();
        Ok(if is_allowed { allowed } else { 1 })
    }

    /// Gives one citizen their turn.
    async fn give_turn(
        &mut self,
        intake: &mut Intake,
        office: &Arc<Office>,
        turn: Entry<'_>,
        writes: &mut PendingWrites,
    ) -> Result<(), Trouble> {
        let (entry, _) = turn;
        let key = (entry.channel.clone(), entry.contact.clone());
        let id = self.next_id()?;
        match self.turn_of(intake, office, (turn, Offering::Alone(id)), writes).await? {
            Turn::Over => writes.waiting.end(&office.id, entry.id),
            Turn::Offered(hold) => {
                writes.waiting.offered(&office.id, entry.id, hold.id);
                self.enter_offer(office, &key, (*hold, entry), writes)?;
            }
            Turn::Kept | Turn::Shared(_) => {}
        }
        Ok(())
    }

    /// Gives everybody their turn where a seat is offered to `at_once` of them: each seat first to whoever has the turn, then, also in
    /// turn order, to those for whom there was none.
    async fn share_out(
        &mut self,
        intake: &mut Intake,
        office: &Arc<Office>,
        (turns, at_once): (&[Entry<'_>], usize),
        writes: &mut PendingWrites,
    ) -> Result<(), Trouble> {
        let mut made: Vec<(SharedOffer, Vec<&Waiting>)> = Vec::new();
        let mut left = Vec::new();
        for turn in turns {
            let (entry, _) = *turn;
            let id = self.next_id()?;
            match self.turn_of(intake, office, (*turn, Offering::Shared(id)), writes).await? {
                Turn::Over => writes.waiting.end(&office.id, entry.id),
                Turn::Shared(shared) => {
                    writes.waiting.share(&office.id, entry.id, (*shared).clone());
                    made.push((*shared, vec![entry]));
                }
                Turn::Kept | Turn::Offered(_) => left.push(*turn),
            }
        }
        for turn in left {
            for (shared, with) in made.iter_mut().filter(|(_, with)| with.len() < at_once) {
                if let Turn::Shared(joined) =
                    self.turn_of(intake, office, (turn, Offering::Join(shared)), writes).await?
                {
                    writes.waiting.share(&office.id, turn.0.id, *joined);
                    with.push(turn.0);
                    break;
                }
            }
        }
        for (shared, with) in made {
            for entry in &with {
                self.enter_shared(office, (&shared, with.len()), entry, writes)?;
            }
        }
        Ok(())
    }

    /// What there is for somebody, loading the days that have to be looked at.
    async fn turn_of(
        &mut self,
        intake: &mut Intake,
        office: &Arc<Office>,
        ((entry, form), offering): (Entry<'_>, Offering<'_>),
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
        let no_shows = no_shows::of_contact(intake, office, &key, self.now).await?;
        let (of_people, nobody) = (writes.people.bookings(&wanted), Chat::default());
        loop {
            let list = writes.waiting.of(&office.id).cloned();
            let snapshot = Snapshot {
                office,
                calendar: roster.calendar_of(&office.id),
                formats: &formats,
                text: None,
                wants_photo: formats.iter().any(|format| format.wants_photo()),
                channel: &key.0,
                contact: &key.1,
                chat: writes.chats.get(&key).map_or(&nobody, |stored| &stored.chat),
                bookings: writes.bookings.get(&key).map_or(&[], Vec::as_slice),
                visits: &[],
                of_people: &of_people,
                no_shows,
                replies_max: REPLIES_MAX,
                waiting: list.as_deref(),
                now: self.now,
            };
            let seats = writes.seats.entry(office.id.clone()).or_default();
            seats.keep_for(list.clone());
            let turn = match offering {
                Offering::Alone(id) => {
                    let mut next_id = || id;
                    let randomness = Randomness { rng: self.rng, next_id: &mut next_id };
                    offer(&snapshot, seats, (entry, form), randomness)
                }
                Offering::Shared(id) => share(&snapshot, seats, (entry, form), id),
                Offering::Join(shared) => {
                    let joined = join_share(&snapshot, (entry, form), shared);
                    return Ok(joined.map_or(Turn::Kept, |joined| Turn::Shared(Box::new(joined))));
                }
            };
            match turn {
                Ok(turn) => return Ok(turn),
                Err(NotLoaded(date)) => {
                    writes
                        .load_hours(intake, &BTreeSet::from([OfficeDate { office: office.id.clone(), date }]))
                        .await?;
                }
            }
        }
    }

    /// Enters the message that tells somebody of a seat that others are offered too, `sharers` in all.
    fn enter_shared(
        &mut self,
        office: &Arc<Office>,
        (shared, sharers): (&SharedOffer, usize),
        entry: &Waiting,
        writes: &mut PendingWrites,
    ) -> Result<(), Trouble> {
        let key = (entry.channel.clone(), entry.contact.clone());
        let list = writes.waiting.of(&office.id).cloned();
        let shown = list.as_deref().and_then(|list| list.of(&key.0, &key.1)).unwrap_or(entry);
        let shared = shown.open_share(self.now).unwrap_or(shared);
        let bookings = writes.bookings.get(&key).map_or(&[][..], Vec::as_slice);
        let told = shared_told(bookings, shown, (shared, sharers));
        let (occasion, until) = (format!("shared {}", shared.id), shared.until);
        let notice = Notice { occasion, ..self.offer_notice(office, &key, (None, until))? };
        self.tell_offer(office, &key, (notice, told), writes)
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
        let notice = self.offer_notice(office, key, (Some(hold.id), hold.hold_until.unwrap_or(self.now)))?;
        self.tell_offer(office, key, (notice, WaitingTold::Offered { hold, instead_of, is_last }), writes)
    }

    fn offer_notice(
        &mut self,
        office: &Office,
        key: &ContactKey,
        (booking, drop_after): (Option<i64>, DateTime<Utc>),
    ) -> Result<Notice, Trouble> {
        Ok(Notice {
            id: self.next_id()?,
            office: office.id.clone(),
            kind: Kind::Offer,
            channel: key.0.clone(),
            contact: key.1.clone(),
            booking,
            occasion: String::new(),
            detail: None,
            due: self.now,
            drop_after,
        })
    }

    /// Enters the message of an offer.
    fn tell_offer(
        &mut self,
        office: &Arc<Office>,
        key: &ContactKey,
        (notice, told): (Notice, WaitingTold),
        writes: &mut PendingWrites,
    ) -> Result<(), Trouble> {
        let chat = &mut writes.chat(key, &office.id, self.now).chat;
        // A `ya` from now on means the offer.
        chat.question = None;
        chat.echoed = None;
        let id = notice.id;
        writes.planned.push(notice);
        let outcome = Outcome::Waiting(Box::new(told));
        let reply = PendingReply {
            office,
            to: key,
            reply_to: None,
            pause_until: None,
            notice: Some(id),
            formats: None,
            tells_privacy: false,
            outcome,
        };
        let outbox = Some(self.reply(reply, writes)?);
        writes.changes.settled.push(SettledNotice { id, state: "queued", reason: None, outbox, due_us: None });
        Ok(())
    }
}

/// When a list is to be looked at again though nothing changed on it: days open at midnight, or at the next release, and who
/// declined a seat may be offered its day again; an offer to several at once ends. `None` where nobody waits.
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
    let ends = list.entries.iter().filter_map(|entry| entry.open_share(now)).map(|shared| shared.until);
    let opening = next_opening(office, calendar, now).map(|next| next.at);
    rested.chain(opening).chain(ends).chain([midnight]).min()
}
