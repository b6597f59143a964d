//! One batch, one transaction: lock, recognise repeats, load, decide, write, commit.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use rand::rngs::StdRng;

use super::books::{Answer, Books};
use super::people::{self, People};
use super::whom::{self, Told};
use super::{Job, Opened, Task, Verdict};
use crate::conversation::{Chat, Decision, Draw, Heard, Outcome, REPLIES_MAX, Said, Snapshot, decide};
use crate::domain::booking::{Booking, State};
use crate::domain::calendar::Calendar;
use crate::domain::deadline;
use crate::domain::fingerprint;
use crate::domain::message::{ChannelId, Content, Inbound, MessageId, Outbound};
use crate::domain::office::{Office, OfficeId};
use crate::domain::seats::NotLoaded;
use crate::domain::slot;
use crate::gateway::Moved;
use crate::grammar::{self, Reading, Request, Topics};
use crate::reply::{self, Scene};
use crate::roster::Roster;
use crate::storage::{
    Changes, ContactKey, Event, Found, Intake, NewMedia, NewReply, PersonPlace, Storage, StorageError, Wanted,
    WantedMedia,
};

/// Why a batch has to be taken again, or given up.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The database has a newer office than the messages were read by.
    Outdated,
    /// More holds lapsed than there were numbers for.
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
}

/// What a batch is served with.
pub(super) struct Batch<'a> {
    pub(super) storage: &'a Storage,
    pub(super) roster: Arc<Roster>,
    pub(super) replies_max: &'a BTreeMap<ChannelId, u32>,
    pub(super) now: DateTime<Utc>,
    pub(super) rng: &'a mut StdRng,
    pub(super) ids: &'a mut Range<i64>,
}

/// A message read by its office's formats.
struct Read {
    job: usize,
    office: Arc<Office>,
    /// As it came, but for its contact, which is the one behind its address.
    inbound: Inbound,
    heard: Heard,
}

impl Batch<'_> {
    /// Serves the messages among `jobs` and does the tasks of the house.
    pub(super) async fn serve(mut self, jobs: &[Job]) -> Result<Served, Trouble> {
        let roster = Arc::clone(&self.roster);
        let reads = Self::read(&roster, jobs);
        let mut verdicts = vec![Verdict::Noted; jobs.len()];
        let offices: BTreeSet<OfficeId> =
            jobs.iter().filter(|job| !matches!(job.task, Task::Status(_))).map(|job| job.office.clone()).collect();
        if offices.is_empty() {
            return Ok(Served { verdicts, replies: 0 });
        }
        let lost: Vec<&WantedMedia> = jobs
            .iter()
            .filter_map(|job| match &job.task {
                Task::PhotoLost(media) => Some(media.as_ref()),
                _ => None,
            })
            .collect();
        let moves: Vec<&Moved> = jobs
            .iter()
            .filter_map(|job| match &job.task {
                Task::Moved(moved) => Some(moved.as_ref()),
                _ => None,
            })
            .collect();
        let mut wanted = self.wanted(offices, &reads, &lost);
        wanted.addresses.extend(moves.iter().flat_map(|moved| whom::addresses_of(moved)));
        wanted.people = reads.iter().flat_map(|read| people::on_forms(&read.office, &read.heard.said)).collect();
        let (mut intake, mut found) = self.storage.begin_intake(&wanted, self.now).await?;
        if super::offices::Offices::outdated(&roster, &found.versions) {
            intake.rollback().await?;
            return Err(Trouble::Outdated);
        }
        let mut reads = Self::without_repeats(std::mem::take(&mut found.known), reads, &mut verdicts);
        let told = reads.iter_mut().map(|read| Told::By(&mut read.inbound));
        let told = told.chain(moves.into_iter().map(Told::Moved)).collect();
        let joined = whom::find(&mut intake, &mut found, told).await?;
        let aside = found.aside;
        let looking = roster.offices.values().filter(|office| people::looks_for_people(office));
        let people = People::of_offices(looking.map(|office| office.id.clone()).collect());
        let mut books = Books { people, ..Books::default() };
        self.open(&wanted, found, &mut books)?;
        for (kept, other) in joined {
            books.join(&kept, &other, self.now);
        }
        for read in &reads {
            let decision = self.decide(&mut intake, read, &mut books).await?;
            self.enter(read, decision, &mut books)?;
        }
        for media in lost {
            self.photo_lost(&mut intake, media, &mut books).await?;
        }
        // Nobody sees a verdict before the commit: until then it is this batch's own.
        for read in &reads {
            if let Some(verdict) = verdicts.get_mut(read.job) {
                *verdict = Verdict::Served;
            }
        }
        let (changes, answers) = books.close(reads.into_iter().map(|read| (read.office.id.clone(), read.inbound)));
        intake.finish(&changes, aside, || worded(&roster, self.now, &changes, &answers)).await?;
        Ok(Served { verdicts, replies: changes.replies.len() })
    }

    /// Every message as its office's formats read it, in the order of sending: before anything is locked.
    fn read(roster: &Roster, jobs: &[Job]) -> Vec<Read> {
        let mut reads: Vec<Read> = jobs
            .iter()
            .enumerate()
            .filter_map(|(job, Job { office, task, .. })| {
                let Task::Message(opened) = task else { return None };
                let Opened { inbound, heard: read, roster: read_by } = opened.as_ref();
                let office = Arc::clone(roster.offices.get(office)?);
                // Newer offices may have come into force since it was queued.
                let read = read.as_ref().filter(|_| std::ptr::eq(read_by.as_ref(), roster));
                let heard = read.cloned().unwrap_or_else(|| heard(roster, &office, inbound));
                Some(Read { job, office, inbound: inbound.clone(), heard })
            })
            .collect();
        reads.sort_by_key(|read| read.heard.sent_at);
        reads
    }

    fn without_repeats(
        mut known: HashSet<(ChannelId, MessageId)>,
        reads: Vec<Read>,
        verdicts: &mut [Verdict],
    ) -> Vec<Read> {
        let mut fresh = Vec::with_capacity(reads.len());
        for read in reads {
            // Two copies of one message may also arrive in one batch.
            if known.insert((read.inbound.channel.clone(), read.inbound.id.clone())) {
                fresh.push(read);
            } else if let Some(verdict) = verdicts.get_mut(read.job) {
                *verdict = Verdict::Repeat;
            }
        }
        fresh
    }

    /// What the decisions will look at.
    fn wanted(&self, offices: BTreeSet<OfficeId>, reads: &[Read], lost: &[&WantedMedia]) -> Wanted {
        let today = |id: &OfficeId| {
            self.roster.offices.get(id).map_or_else(|| self.now.date_naive(), |office| office.date_at(self.now))
        };
        let mut wanted = Wanted::default();
        for read in reads {
            let key = (read.inbound.channel.clone(), read.inbound.contact.clone());
            wanted.messages.push((key.0.clone(), read.inbound.id.clone()));
            wanted.addresses.extend(read.inbound.also.iter().map(|other| (key.0.clone(), other.clone())));
            wanted.addresses.insert(key);
            if let Some(asked) = asked(read, &self.roster.calendar, self.now) {
                wanted.dates.insert((read.office.id.clone(), asked));
            }
        }
        wanted.contacts.extend(lost.iter().map(|media| (media.channel.clone(), media.contact.clone())));
        wanted.offices = offices.into_iter().map(|id| (id.clone(), today(&id))).collect();
        wanted
    }

    /// Opens the books with what was found, and gives the seats of lapsed holds back.
    fn open(&mut self, wanted: &Wanted, found: Found, books: &mut Books) -> Result<(), Trouble> {
        for held in books.open(wanted, found) {
            let mut booking = held.clone();
            booking.become_state(State::Expired);
            let Some(seats) = books.seats.get_mut(&booking.office) else { continue };
            seats.give_back(booking.slot, &booking.seats).map_err(|NotLoaded(date)| not_loaded(date))?;
            seats.count_holds(Some(&held), &booking);
            let given_back = booking.seats.iter().map(|&seat| (booking.office.clone(), booking.slot, seat));
            books.changes.released.extend(given_back);
            let event = self.event(&booking)?;
            books.changes.events.push(event);
            books.lapse(booking);
        }
        Ok(())
    }

    /// Decides on one message, loading further days where the decision has to look at them.
    async fn decide(&mut self, intake: &mut Intake, read: &Read, books: &mut Books) -> Result<Decision, Trouble> {
        let key = (read.inbound.channel.clone(), read.inbound.contact.clone());
        let roster = Arc::clone(&self.roster);
        let wants_photo = roster.formats_of(&read.office).iter().any(|format| format.wants_photo());
        let people = self.people(intake, read, books).await?;
        loop {
            let chat = books.chats.get(&key).map(|stored| stored.chat.clone()).unwrap_or_default();
            let snapshot = Snapshot {
                office: &read.office,
                calendar: &roster.calendar,
                wants_photo,
                channel: &read.inbound.channel,
                contact: &read.inbound.contact,
                chat: &chat,
                bookings: books.bookings.get(&key).map_or(&[], Vec::as_slice),
                of_people: &people,
                replies_max: self.replies_max.get(&read.inbound.channel).copied().unwrap_or(REPLIES_MAX),
                now: self.now,
            };
            if self.ids.end - self.ids.start < 8 {
                return Err(Trouble::IdsUsedUp);
            }
            let seats = books.seats.entry(read.office.id.clone()).or_default();
            let decided = {
                let ids = &mut *self.ids;
                let mut next_id = || ids.next().unwrap_or(0);
                decide(&snapshot, seats, &read.heard, &mut Draw { rng: self.rng, next_id: &mut next_id })
            };
            match decided {
                Ok(decision) => return Ok(decision),
                Err(NotLoaded(date)) => {
                    books.load_hours(intake, &BTreeSet::from([(read.office.id.clone(), date)])).await?;
                }
            }
        }
    }

    /// The live places of whoever the message may be about, where its office looks for them. Those on its own form are known
    /// from the look; only an answer to a question or a late code may ask for others.
    async fn people(&self, intake: &mut Intake, read: &Read, books: &mut Books) -> Result<Vec<Booking>, Trouble> {
        if !people::looks_for_people(&read.office) {
            return Ok(Vec::new());
        }
        let key = (read.inbound.channel.clone(), read.inbound.contact.clone());
        let (said, nobody) = (&read.heard.said, Chat::default());
        let chat = books.chats.get(&key).map_or(&nobody, |stored| &stored.chat);
        let own = books.bookings.get(&key).map_or(&[][..], Vec::as_slice);
        let mut wanted = people::on_earlier_forms(&read.office, said, chat, own);
        wanted.extend(people::on_forms(&read.office, said));
        let unknown = books.people.unknown(&wanted);
        if !unknown.is_empty() {
            let found = intake.of_people(&unknown).await?;
            books.people.enter(unknown, found);
        }
        Ok(books.people.places(&wanted))
    }

    /// Enters a decision into the books.
    fn enter(&mut self, read: &Read, decision: Decision, books: &mut Books) -> Result<(), Trouble> {
        let key = (read.inbound.channel.clone(), read.inbound.contact.clone());
        for booking in &decision.changed {
            let event = self.event(booking)?;
            books.changes.events.push(event);
            if booking.state.has_seats() && people::looks_for_people(&read.office) {
                books.changes.people.extend(PersonPlace::of(booking));
            }
            books.enter_booking(&key, booking.clone());
        }
        if let Some(photo) = decision.photo {
            books.changes.media.push(NewMedia {
                id: photo.id,
                office: read.office.id.clone(),
                from: key.clone(),
                attachment: photo.attachment,
            });
        }
        let heard_at = read.inbound.sent_at;
        let stored = books.chat(&key, &read.office.id, heard_at);
        stored.chat = decision.chat;
        // A time that is still to come must not hide all messages until then.
        stored.heard_at =
            if deadline::is_ahead(stored.heard_at, self.now) { heard_at } else { stored.heard_at.max(heard_at) };
        tracing::info!(
            office = read.office.id.as_str(),
            contact = %read.inbound.contact.tail(),
            outcome = decision.outcome.as_ref().map_or("none", Outcome::name),
            "a message was served"
        );
        match decision.outcome {
            Some(outcome) => {
                let last = decision.pause_until;
                self.answer(&read.office, &key, (Some(read.inbound.id.clone()), last), outcome, books)
            }
            None => Ok(()),
        }
    }

    fn answer(
        &mut self,
        office: &Arc<Office>,
        key: &ContactKey,
        (reply_to, pause_until): (Option<MessageId>, Option<DateTime<Utc>>),
        outcome: Outcome,
        books: &mut Books,
    ) -> Result<(), Trouble> {
        let id = self.ids.next().ok_or(Trouble::IdsUsedUp)?;
        let stored = books.chat(key, &office.id, self.now);
        let (previous, lang) = (stored.last_reply.replace(id), stored.chat.lang);
        let office = Arc::clone(office);
        books.changes.replies.push(NewReply { id, to: key.clone(), previous, office: office.id.clone(), reply_to });
        books.answers.push(Answer { office, lang, pause_until, outcome });
        Ok(())
    }

    /// A photo will never be fetched: its booking stays, its citizen is asked once more.
    async fn photo_lost(&mut self, intake: &mut Intake, media: &WantedMedia, books: &mut Books) -> Result<(), Trouble> {
        let key = (media.channel.clone(), media.contact.clone());
        let failed = intake.media_failed(media.id).await?;
        let roster = Arc::clone(&self.roster);
        let Some(office) = roster.offices.get(&media.office).filter(|_| failed) else { return Ok(()) };
        // Among all: they may have turned out to be somebody else since the photo was looked for.
        let booking = books
            .bookings
            .values()
            .flatten()
            .find(|b| b.photo == Some(media.id) && b.is_live(office, self.now))
            .cloned();
        let stored = books.chat(&key, &office.id, self.now);
        if stored.chat.photo.is_some_and(|kept| kept.id == media.id) {
            // No form has come yet: it will be asked for again when one does.
            stored.chat.photo = None;
        }
        match booking {
            Some(booking) => {
                stored.chat.lost_photo_of = Some(booking.id);
                self.answer(office, &key, (None, None), Outcome::PhotoLost { booking }, books)
            }
            None => Ok(()),
        }
    }

    fn event(&mut self, booking: &Booking) -> Result<Event, Trouble> {
        Ok(Event {
            id: self.ids.next().ok_or(Trouble::IdsUsedUp)?,
            booking: booking.id,
            state: booking.state,
            slot: booking.slot,
            seats: booking.seats.clone(),
        })
    }

    /// Keeps a message that cannot be served; `answered`, it also writes its citizen that it should be sent again.
    /// One that is kept already, or was served, stays as it is.
    pub(super) async fn set_aside(
        mut self,
        office: &OfficeId,
        inbound: &Inbound,
        reason: &str,
        answered: bool,
    ) -> Result<Verdict, StorageError> {
        let roster = Arc::clone(&self.roster);
        let key = (inbound.channel.clone(), inbound.contact.clone());
        let wanted = Wanted {
            offices: BTreeMap::from([(office.clone(), self.now.date_naive())]),
            // Without an answer nothing of this citizen is looked at: what is kept of them may be what cannot be read.
            contacts: if answered { BTreeSet::from([key.clone()]) } else { BTreeSet::new() },
            messages: vec![(inbound.channel.clone(), inbound.id.clone())],
            ..Wanted::default()
        };
        let (mut intake, found) = self.storage.begin_intake(&wanted, self.now).await?;
        if !found.known.is_empty() {
            intake.rollback().await?;
            return Ok(Verdict::Repeat);
        }
        let mut books = Books::default();
        let id = self.ids.next().unwrap_or_default();
        books.changes.inbounds.push((office.clone(), inbound.clone()));
        if let Some(office) = roster.offices.get(office).filter(|_| answered) {
            books.open(&wanted, found);
            self.answer(office, &key, (Some(inbound.id.clone()), None), Outcome::SendAgain, &mut books).map_err(
                |trouble| match trouble {
                    Trouble::Storage(error) => error,
                    Trouble::Outdated | Trouble::IdsUsedUp => StorageError::Unavailable("no numbers left".to_owned()),
                },
            )?;
        }
        let (changes, answers) = books.close(std::iter::empty());
        intake.keep_aside(id, Some(office), inbound, reason, self.now).await?;
        intake.finish(&changes, false, || worded(&roster, self.now, &changes, &answers)).await?;
        Ok(Verdict::SetAside)
    }
}

/// The first day that a form may be given, seats aside: its hours, and those of the first day with room from there,
/// are what its decision will look at.
fn asked(read: &Read, calendar: &Calendar, now: DateTime<Utc>) -> Option<NaiveDate> {
    let (Said::Text(Request::Form(form)) | Said::Picture { caption: Some(Request::Form(form)), .. }) = &read.heard.said
    else {
        return None;
    };
    let from = form.visit.unwrap_or_else(|| read.office.date_at(now));
    slot::next_day(&read.office, calendar, from, now)
}

fn not_loaded(date: NaiveDate) -> StorageError {
    StorageError::Data(format!("a fault in this program: the hours of {date} were not loaded"))
}

/// The words of the replies, in their order.
fn worded(roster: &Roster, now: DateTime<Utc>, changes: &Changes, answers: &[Answer]) -> Vec<Outbound> {
    let worded = changes.replies.iter().zip(answers).map(|(reply, answer)| {
        let Answer { office, lang, pause_until, outcome } = answer;
        let scene = Scene {
            office,
            formats: &roster.formats_of(office),
            calendar: &roster.calendar,
            contact: &reply.to.1,
            lang: *lang,
            now,
            pause_until: *pause_until,
        };
        reply::write(&scene, outcome)
    });
    worded.collect()
}

/// A number for the text of a message, by which a repetition is known without keeping the text.
fn fingerprint(content: &Content) -> Option<u64> {
    let (Content::Text(text) | Content::Picture { caption: Some(text), .. }) = content else { return None };
    Some(fingerprint::of(text.trim()))
}

/// A message, read by its office's formats.
pub(super) fn heard(roster: &Roster, office: &Office, inbound: &Inbound) -> Heard {
    let (said, topics) = said(roster, office, inbound);
    Heard { sent_at: inbound.sent_at, text: fingerprint(&inbound.content), said, topics }
}

/// What a message says and asks, by its office's formats.
fn said(roster: &Roster, office: &Office, inbound: &Inbound) -> (Said, Topics) {
    let formats = roster.formats_of(office);
    let read = |text: &str| grammar::reading(&formats, text, office.date_at(inbound.sent_at));
    match &inbound.content {
        Content::Text(text) => {
            let Reading { request, topics } = read(text);
            (Said::Text(request), topics)
        }
        Content::Picture { attachment, caption } => {
            let caption = caption.as_deref().filter(|text| !text.trim().is_empty()).map(read);
            let (caption, topics) = caption.map(|Reading { request, topics }| (request, topics)).unzip();
            (Said::Picture { attachment: attachment.clone(), caption }, topics.unwrap_or_default())
        }
        Content::Edited(text) => {
            let Reading { request, topics } = read(text);
            (Said::Edited(request), topics)
        }
        Content::Other(kind) => (Said::Other(*kind), Topics::default()),
    }
}
