//! One batch, one transaction: lock, recognise repeats, load, decide, write, commit.

mod aside;
mod correct;
mod displaced;
mod erase;
mod notices;
mod offers;
mod officer;
mod one_booking;
mod photos;
mod unanswered;
mod uploads;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use rand::rngs::StdRng;

use super::identity::{self, Evidence};
use super::incoming::{self, Incoming};
use super::no_shows;
use super::notice_jobs;
use super::offices::Offices;
use super::pending_writes::{PendingWrites, ReplyContent};
use super::people::{self, People};
use super::task::{
    Job, Task, address_changes, corrections, displaced_places, erasures, lost_photos, officer_tasks, unanswered_places,
};
use super::under_way;
use super::verdict::Verdict;
use super::visits;
use super::waiting::{self, Freed, WaitingLists};
use super::wording::worded;
use crate::conversation::{Chat, Decision, Outcome, REPLIES_MAX, Randomness, Snapshot, decide};
use crate::domain::booking::{Booking, State};
use crate::domain::deadline;
use crate::domain::message::{ChannelId, MessageId};
use crate::domain::office::{Office, OfficeId};
use crate::domain::reach::Reaches;
use crate::domain::seats::NotLoaded;
use crate::domain::turn_link::TurnLinks;
use crate::metrics::NoticeLabels;
use crate::roster::{EarlierFormats, Roster};
use crate::storage::{
    ContactKey, Event, Found, Intake, NewMedia, NewReply, PersonBooking, Storage, StorageError, Wanted,
};

/// Database ids that one message may use: booking, photo, reply, an event for each step, a ticket and what it notes, a turn on the
/// waiting list, seats that came back, a notice, and one to each of those who were offered the same seat.
pub(super) const IDS_A_MESSAGE: usize = 16;

/// Why a batch has to be taken again, or given up.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The database has a newer office than the messages were read by.
    Outdated,
    /// More holds lapsed than there were ids for.
    IdsUsedUp,
    /// Storage failed, or refused the data.
    Storage(StorageError),
}

impl From<StorageError> for Trouble {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

/// A batch that was committed.
#[derive(Debug)]
pub(super) struct Served {
    /// One a job, in their order.
    pub(super) verdicts: Vec<Verdict>,
    /// Replies written.
    pub(super) replies: usize,
    /// Bookings that were confirmed.
    pub(super) booked: u64,
    /// Notices, by what became of them.
    pub(super) notices: Vec<NoticeLabels>,
}

/// What a batch is served with.
pub(super) struct Batch<'a> {
    pub(super) storage: &'a Storage,
    pub(super) roster: Arc<Roster>,
    pub(super) replies_max: &'a BTreeMap<ChannelId, u32>,
    pub(super) turn_links: Option<&'a TurnLinks>,
    pub(super) reaches: &'a Reaches,
    pub(super) now: DateTime<Utc>,
    pub(super) rng: &'a mut StdRng,
    pub(super) ids: &'a mut Range<i64>,
}

/// A reply to be written.
struct PendingReply<'a> {
    office: &'a Arc<Office>,
    to: &'a ContactKey,
    /// The message that it answers; `None` when nobody asked.
    reply_to: Option<MessageId>,
    /// Where it is the last one for a while: when replies begin again.
    pause_until: Option<DateTime<Utc>>,
    /// The notice that it says.
    notice: Option<i64>,
    /// Whether it tells the office's notice about personal data.
    tells_privacy: bool,
    /// The formats that it shows, where they are not those in force.
    formats: Option<EarlierFormats>,
    outcome: Outcome,
}

impl Batch<'_> {
    /// Serves the jobs in one transaction.
    pub(super) async fn serve(mut self, jobs: &[Job]) -> Result<Served, Trouble> {
        let roster = Arc::clone(&self.roster);
        let mut verdicts = vec![Verdict::Noted; jobs.len()];
        let needs_lock = |job: &&Job| !matches!(job.task, Task::Status(_));
        let offices: BTreeSet<OfficeId> = jobs.iter().filter(needs_lock).map(|job| job.office.clone()).collect();
        if offices.is_empty() {
            return Ok(Served { verdicts, replies: 0, booked: 0, notices: Vec::new() });
        }
        let (lost, changes, displaced) = (lost_photos(jobs), address_changes(jobs), displaced_places(jobs));
        let unanswered = unanswered_places(jobs);
        let notices = notice_jobs::of(jobs);
        let messages = incoming::messages(&roster, jobs);
        let mut wanted = self.wanted(offices, &messages);
        wanted.contacts.extend(lost.iter().map(|media| (media.channel.clone(), media.contact.clone())));
        let turns = waiting::turns(jobs);
        wanted.contacts.extend(turns.iter().flat_map(|(_, contacts)| contacts.iter().cloned()));
        wanted.contacts.extend(notices.iter().map(|notice| (notice.channel.clone(), notice.contact.clone())));
        wanted.contacts.extend(displaced.iter().chain(&unanswered).map(|(_, place)| place.0.clone()));
        wanted.addresses.extend(changes.iter().flat_map(|change| identity::addresses_of(change)));
        // As an address, which leads to whoever it belongs to by now.
        wanted.addresses.extend(officer_tasks(jobs).map(|(_, task)| task.of.clone()));
        wanted.addresses.extend(corrections(jobs).map(|(_, task)| task.of.clone()));
        wanted.addresses.extend(erasures(jobs).map(|(_, task)| task.erasure.traces.of.clone()));
        let (mut intake, mut found) = self.storage.begin_intake(&wanted, self.now).await?;
        if Offices::outdated(&roster, &found.versions) {
            intake.rollback().await?;
            return Err(Trouble::Outdated);
        }
        let known = std::mem::take(&mut found.known);
        let mut messages = incoming::without_repeats(known, messages, &mut verdicts);
        let evidence = messages.iter_mut().map(|message| Evidence::Message(&mut message.inbound));
        let evidence = evidence.chain(changes.into_iter().map(Evidence::Change)).collect();
        let joined = identity::resolve(&mut intake, &mut found, evidence).await?;
        let aside = found.aside;
        let lists = self.waiting_lists(&mut intake, wanted.offices.keys()).await?;
        let mut writes = self.begin(&wanted, found, lists)?;
        for (kept, other) in joined {
            writes.join(&kept, &other, self.now);
        }
        for message in &mut messages {
            let key = message.key();
            let (chat, own) = (writes.chats.get(&key), writes.bookings.get(&key));
            let conversation = (chat.map(|stored| &stored.chat), own.map_or(&[][..], Vec::as_slice));
            under_way::read_as_begun(message, &roster, conversation, self.now);
            let mut decision = self.decide(&mut intake, message, &key, &mut writes).await?;
            under_way::note(message, &mut decision);
            self.enter(message, &key, decision, &mut writes)?;
        }
        for media in lost {
            self.photo_lost(&mut intake, media, &mut writes).await?;
        }
        for (job, task) in officer_tasks(jobs) {
            let is_open = jobs.get(job).map(|job| self.officer(&job.office, task, &mut writes)).transpose()?;
            if let (Some(verdict), Some(true)) = (verdicts.get_mut(job), is_open) {
                *verdict = Verdict::Served;
            }
        }
        for (office, place) in displaced {
            self.settle_displaced(&mut intake, office, place, &mut writes).await?;
        }
        self.release_unanswered(&mut intake, &unanswered, &mut writes).await?;
        for turn in turns {
            self.give_turns(&mut intake, turn, &mut writes).await?;
        }
        self.correct_and_erase(&mut intake, jobs, (&mut verdicts, &mut writes)).await?;
        intake.write_waiting(&writes.waiting.close(self.now)).await?;
        intake.plan_notices(&std::mem::take(&mut writes.planned)).await?;
        self.say_notices(&mut intake, &notices, &mut writes).await?;
        // Nobody sees a verdict before the commit: until then it is this batch's own.
        for message in &messages {
            if let Some(verdict) = verdicts.get_mut(message.job) {
                *verdict = Verdict::Served;
            }
        }
        let served = messages.into_iter().map(|message| (message.office.id.clone(), message.inbound));
        let booked = writes.booked;
        let (changes, contents) = writes.close(served);
        intake.finish(&changes, aside, || worded(&roster, self.now, &changes, &contents, self.turn_links)).await?;
        Ok(Served {
            verdicts,
            replies: changes.replies.len(),
            booked,
            notices: notice_jobs::counted(&notices, &changes.settled),
        })
    }

    /// What the decisions will look at.
    fn wanted(&self, offices: BTreeSet<OfficeId>, messages: &[Incoming]) -> Wanted {
        let today = |id: &OfficeId| {
            self.roster.offices.get(id).map_or_else(|| self.now.date_naive(), |office| office.date_at(self.now))
        };
        let mut wanted = Wanted::default();
        for message in messages {
            message.add_to(&mut wanted, self.roster.calendar_of(&message.office.id), self.now);
        }
        wanted.offices = offices.into_iter().map(|id| (id.clone(), today(&id))).collect();
        wanted
    }

    /// Enters what was found, and gives the seats of lapsed holds back.
    fn begin(&mut self, wanted: &Wanted, found: Found, waiting: WaitingLists) -> Result<PendingWrites, Trouble> {
        let looking = self.roster.offices.values().filter(|office| people::looks_for_people(office));
        let mut writes = PendingWrites::new(People::of_offices(looking.map(|office| office.id.clone()).collect()));
        writes.waiting = waiting;
        writes.now = self.now;
        for (office, freed) in writes.waiting.end_shares(self.now) {
            self.freed(&office, freed, &mut writes);
        }
        for held in writes.enter_found(wanted, found) {
            let mut booking = held.clone();
            booking.become_state(State::Expired);
            let Some(seats) = writes.seats.get_mut(&booking.office) else { continue };
            seats.give_back(booking.slot, &booking.seats).map_err(|NotLoaded(date)| not_loaded(date))?;
            seats.count_holds(Some(&held), &booking);
            writes.release_seats(&booking);
            writes.changes.events.push(self.event(&booking)?);
            let mut freed = Freed::default();
            freed.note(Some(&held), &booking);
            writes.enter_lapsed(booking);
            self.freed(&held.office, freed, &mut writes);
        }
        Ok(writes)
    }

    /// Decides on one message, loading further days where the decision has to look at them.
    async fn decide(
        &mut self,
        intake: &mut Intake,
        message: &Incoming,
        key: &ContactKey,
        writes: &mut PendingWrites,
    ) -> Result<Decision, Trouble> {
        let roster = Arc::clone(&self.roster);
        let formats = under_way::formats(message, &roster);
        let wants_photo = formats.iter().any(|format| format.wants_photo());
        let people = people_of(intake, &roster, message, key, writes).await?;
        let own = writes.bookings.get(key).map_or(&[][..], Vec::as_slice);
        let no_shows = no_shows::of_message(intake, message, key, self.now).await?;
        let own_visits = visits::of_message(intake, message, own, &writes.visits, self.now).await?;
        let nobody = Chat::default();
        loop {
            let waiting = writes.waiting.of(&message.office.id).cloned();
            let snapshot = Snapshot {
                office: &message.office,
                calendar: roster.calendar_of(&message.office.id),
                formats: &formats,
                text: message.inbound.content.text(),
                wants_photo,
                channel: &message.inbound.channel,
                contact: &message.inbound.contact,
                chat: writes.chats.get(key).map_or(&nobody, |stored| &stored.chat),
                bookings: writes.bookings.get(key).map_or(&[], Vec::as_slice),
                visits: &own_visits,
                of_people: &people,
                no_shows,
                replies_max: self.replies_max.get(&message.inbound.channel).copied().unwrap_or(REPLIES_MAX),
                waiting: waiting.as_deref(),
                now: self.now,
            };
            if usize::try_from(self.ids.end - self.ids.start).unwrap_or(0) < IDS_A_MESSAGE {
                return Err(Trouble::IdsUsedUp);
            }
            let seats = writes.seats.entry(message.office.id.clone()).or_default();
            seats.keep_for(waiting.clone());
            let ids = &mut *self.ids;
            let mut next_id = || ids.next().unwrap_or(0);
            let randomness = Randomness { rng: self.rng, next_id: &mut next_id };
            match decide(&snapshot, seats, &message.heard, randomness) {
                Ok(decision) => return Ok(decision),
                Err(NotLoaded(date)) => {
                    let dates = message.days_to_load(date, seats, roster.calendar_of(&message.office.id), self.now);
                    writes.load_hours(intake, &dates).await?;
                }
            }
        }
    }

    /// Enters a decision into what will be written.
    fn enter(
        &mut self,
        message: &Incoming,
        key: &ContactKey,
        decision: Decision,
        writes: &mut PendingWrites,
    ) -> Result<(), Trouble> {
        let office = &message.office;
        let mut freed = Freed::default();
        writes.waiting.heard(&office.id, key);
        if let Some(opening) = decision.opening {
            let notice = waiting::of_opening(self.next_id()?, office, key, opening);
            writes.planned.push(notice);
        }
        if let Some(step) = decision.waiting {
            let (lost, back) = writes.waiting.step(&office.id, step, self.now);
            for entry in lost {
                let notice = waiting::of_taken(self.next_id()?, office, &entry, self.now);
                writes.planned.extend(notice);
            }
            self.freed(&office.id, back, writes);
        }
        for booking in &decision.changed {
            let before = writes.bookings.get(key).and_then(|known| known.iter().find(|known| known.id == booking.id));
            freed.note(before, booking);
        }
        self.enter_changed(office, key, &decision.changed, writes)?;
        self.freed(&office.id, freed, writes);
        if let Some(photo) = decision.photo {
            writes.changes.media.push(NewMedia {
                id: photo.id,
                office: office.id.clone(),
                from: key.clone(),
                attachment: photo.attachment,
            });
        }
        let heard_at = message.inbound.sent_at;
        let stored = writes.chat(key, &office.id, heard_at);
        let before = stored.chat.handover.filter(|handover| handover.ticket.is_talking(self.now));
        let talk = decision.ticket.or(before.map(|handover| handover.ticket));
        stored.chat = decision.chat;
        // A stored time that is still to come must not hide all messages until then.
        stored.heard_at =
            if deadline::is_ahead(stored.heard_at, self.now) { heard_at } else { stored.heard_at.max(heard_at) };
        tracing::info!(
            office = office.id.as_str(),
            contact = %message.inbound.contact.tail(),
            outcome = decision.outcome.as_ref().map_or("none", Outcome::name),
            "a message was served"
        );
        let mut reply = None;
        if let Some(outcome) = decision.outcome {
            writes.booked += u64::from(matches!(outcome.first(), Outcome::Booked { .. }));
            let (reply_to, pause_until) = (Some(message.inbound.id.clone()), decision.pause_until);
            let (notice, tells_privacy, formats) = (None, decision.tells_privacy, message.formats.clone());
            let pending =
                PendingReply { office, to: key, reply_to, pause_until, notice, formats, tells_privacy, outcome };
            reply = Some(self.reply(pending, writes)?);
        }
        if let Some(ticket) = talk {
            self.note_talk(ticket.id, (Some(message.inbound.id.clone()), reply), writes)?;
        }
        if decision.erase {
            writes.changes.asked_erasure.push((key.clone(), office.id.clone()));
        }
        if let Some(ticket) = decision.ticket {
            writes.enter_ticket(ticket, &office.id, key);
        }
        Ok(())
    }

    /// Enters bookings that a decision made or changed.
    fn enter_changed(
        &mut self,
        office: &Office,
        key: &ContactKey,
        changed: &[Booking],
        writes: &mut PendingWrites,
    ) -> Result<(), Trouble> {
        for booking in changed {
            writes.changes.events.push(self.event(booking)?);
            if booking.state.has_seats() && people::looks_for_people(office) {
                // Moved in the same batch: one row a person and booking, with the last day.
                writes.changes.people.retain(|row| row.booking != booking.id || row.date == booking.slot.date);
                writes.changes.people.extend(PersonBooking::of(booking));
            }
            writes.enter_booking(key, booking.clone());
        }
        Ok(())
    }

    /// Enters a reply into what will be written. Returns its number.
    fn reply(&mut self, reply: PendingReply<'_>, writes: &mut PendingWrites) -> Result<i64, Trouble> {
        let PendingReply { office, to, reply_to, pause_until, notice, formats, tells_privacy, outcome } = reply;
        let id = self.next_id()?;
        let stored = writes.chat(to, &office.id, self.now);
        let (previous, lang) = (stored.last_reply.replace(id), stored.chat.lang);
        let office = Arc::clone(office);
        let upload = self.upload(&office, to, writes);
        writes.changes.replies.push(NewReply {
            id,
            to: to.clone(),
            previous,
            office: office.id.clone(),
            reply_to,
            notice,
            outcome: outcome.counted_as(),
        });
        writes.contents.push(ReplyContent { office, lang, pause_until, upload, tells_privacy, formats, outcome });
        Ok(id)
    }

    /// Seats came back, where the office has a waiting list.
    fn freed(&mut self, office: &OfficeId, freed: Freed, writes: &mut PendingWrites) {
        let ids = &mut *self.ids;
        writes.waiting.freed(office, freed, self.now, (self.rng, || ids.next()));
    }

    fn event(&mut self, booking: &Booking) -> Result<Event, Trouble> {
        Ok(Event {
            id: self.next_id()?,
            booking: booking.id,
            state: booking.state,
            slot: booking.slot,
            seats: booking.seats.clone(),
        })
    }

    fn next_id(&mut self) -> Result<i64, Trouble> {
        self.ids.next().ok_or(Trouble::IdsUsedUp)
    }
}

/// The live bookings of the people whom a message may be about, where its office looks for them. Those on its own form are loaded
/// with the batch; an answer to a question or a late code may need others.
async fn people_of(
    intake: &mut Intake,
    roster: &Roster,
    message: &Incoming,
    key: &ContactKey,
    writes: &mut PendingWrites,
) -> Result<Vec<Booking>, Trouble> {
    if !people::looks_for_people(&message.office) {
        return Ok(Vec::new());
    }
    let (said, nobody) = (&message.heard.said, Chat::default());
    let chat = writes.chats.get(key).map_or(&nobody, |stored| &stored.chat);
    let own = writes.bookings.get(key).map_or(&[][..], Vec::as_slice);
    let mut wanted = people::on_earlier_forms(&message.office, said, chat, own);
    wanted.extend(people::on_forms(&message.office, said));
    wanted.extend(people::on_guided_form(
        &under_way::formats(message, roster),
        &message.office,
        &message.heard,
        message.inbound.content.text(),
        chat,
    ));
    let unknown = writes.people.unknown(&wanted);
    if !unknown.is_empty() {
        let found = intake.of_people(&unknown).await?;
        writes.people.enter(unknown, found);
    }
    Ok(writes.people.bookings(&wanted))
}

fn not_loaded(date: NaiveDate) -> StorageError {
    StorageError::Data(format!("a fault in this program: the hours of {date} were not loaded"))
}
