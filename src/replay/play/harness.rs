//! The harness of one story: a fresh database, the desk, the courier and the caretaker, a tape in place of a provider, and a clock
//! that moves only when the story says so. No loop runs here: everything happens between two lines.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::super::story::model::{FetchFault, SendFault};
use super::super::story::segment;
use super::setting;
use crate::caretaker::Caretaker;
use crate::clock::{Clock, SharedClock};
use crate::courier::Courier;
use crate::desk::{Channels, Dependencies, Desk, MESSAGES_PER_COMMIT, Verdict, WAIT_MAX};
use crate::domain::code::BookingCode;
use crate::domain::displaced::Remedy;
use crate::domain::displacement::Remedies;
use crate::domain::message::{Attachment, ChannelId, Contact, Content, Inbound, MessageId};
use crate::domain::office::{Office, OfficeId, Zone};
use crate::domain::retention::Retention;
use crate::domain::ticket::OfficerText;
use crate::domain::turn_link::TurnLinks;
use crate::files::Readers;
use crate::front_desk::DayEnds;
use crate::gateway::tape::{Taken, Tape};
use crate::gateway::{FetchError, Gateway, Gateways, Item, Media, Scope, SendError};
use crate::photos::Photos;
use crate::reply;
use crate::roster::{self, Roster};
use crate::storage::{Address, Import, NewVersion, Storage, StorageError, TicketFilter, Tls};

/// The name of the gateway that all stories speak through.
const GATEWAY: &str = "tape";
/// Rounds of courier and caretaker after one line. A thousand replies leave in far fewer; more is a loop without end.
const ROUNDS_MAX: u32 = 10_000;
/// Minutes between two looks at hours that are over while a story waits; where it stops, there is a look anyway. A server looks more often.
const DAY_END_MINUTES: i64 = 15;
/// Open tickets that a story may have.
const TICKETS_MAX: u32 = 1_000;
/// Seconds that a throttling provider asks to wait.
const THROTTLE_SECONDS: u64 = 60;

/// A story that cannot be played to its end.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The story asks for something impossible.
    #[error("line {0}: {1}")]
    Story(usize, String),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The files of the story's database could not be handled.
    #[error("the story's own database: {0}")]
    Files(#[from] std::io::Error),
    /// Desk, courier or caretaker did something that must never happen.
    #[error("{0}")]
    Broken(String),
}

/// The clock of one story.
#[derive(Debug)]
struct StoryClock(Mutex<DateTime<Utc>>);

impl StoryClock {
    fn move_to(&self, instant: DateTime<Utc>) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = instant.max(*now);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where the database of a story comes from.
#[derive(Debug, Clone)]
pub enum DatabaseSource {
    /// A migrated SQLite file without any rows, to be copied.
    File(PathBuf),
    /// The address of a PostgreSQL database, where each story gets a schema of its own, and how the connection is secured.
    Server(String, Option<Tls>),
}

impl DatabaseSource {
    async fn open(&self, name: &str, folder: &Path) -> Result<Storage, PlayError> {
        Readers::Owner.create_folder(folder)?;
        match self {
            Self::File(template) => {
                let database = folder.join("story.db");
                std::fs::copy(template, &database)?;
                Ok(Storage::open_scratch(&database).await?)
            }
            Self::Server(url, tls) => Ok(Storage::open_stage(Address { url, tls: *tls }, name).await?),
        }
    }

    /// Removes what [`DatabaseSource::open`] made, apart from the folder.
    ///
    /// # Errors
    /// [`StorageError`] when it cannot be removed.
    pub async fn clear(&self, name: &str) -> Result<(), StorageError> {
        match self {
            Self::File(_) => Ok(()),
            Self::Server(url, tls) => Storage::drop_stage(Address { url, tls: *tls }, name).await,
        }
    }
}

/// Where citizens reach the installation of a story that links pages.
const PUBLIC_ADDRESS: &str = "https://antrean.example.go.id";

/// What a harness is built from.
#[derive(Debug, Clone)]
pub struct Setup<'a> {
    /// Offices, formats and holidays; the story may change the rules of its own copy.
    pub roster: Roster,
    /// What its database is made from.
    pub database: &'a DatabaseSource,
    /// A name that no other story has, for its schema.
    pub name: String,
    /// A folder of the story's own, to be made.
    pub folder: PathBuf,
    /// The seed of the codes.
    pub seed: u8,
    /// Whether offices say what they say unasked.
    pub notices: bool,
    /// Where citizens reach the installation, in a story in which replies link pages.
    pub turn_links: Option<TurnLinks>,
}

impl Setup<'_> {
    /// Lets photos be sent by a page, whatever the formats say.
    pub fn send_photos_by_page(&mut self) {
        for format in self.roster.formats.values_mut().filter(|format| format.wants_photo()) {
            *format = Arc::new(format.with_photo_by_page());
        }
        self.turn_links = Some(TurnLinks::new(PUBLIC_ADDRESS, &[self.seed; 32]));
    }

    /// Checks that the office is on the roster.
    ///
    /// # Errors
    /// A sentence that says that it is not.
    pub fn knows(&self, id: &OfficeId) -> Result<(), String> {
        self.roster.offices.contains_key(id).then_some(()).ok_or_else(|| format!("there is no office `{id}`"))
    }

    /// Changes one rule of one office.
    ///
    /// # Errors
    /// What is wrong with the office, the key or the value.
    pub fn set(&mut self, id: &OfficeId, key: &str, value: &str) -> Result<(), String> {
        self.knows(id)?;
        let office = self.roster.offices.get_mut(id).map(Arc::make_mut);
        let Some(office) = office else { return Ok(()) };
        setting::apply(office, key, value)?;
        match office.formats.iter().find(|id| !self.roster.formats.contains_key(*id)) {
            Some(unknown) => Err(format!("there is no format `{unknown}`")),
            None => Ok(()),
        }
    }
}

/// A reply that went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentReply {
    /// To whom.
    pub contact: Contact,
    /// Its text.
    pub text: String,
    /// The picture above it.
    png: Option<Bytes>,
}

impl SentReply {
    fn of(taken: Taken) -> Self {
        let png = taken.parcel.png().cloned();
        Self { contact: taken.contact, text: taken.parcel.text, png }
    }

    /// Whether a picture stands above the text.
    pub fn has_picture(&self) -> bool {
        self.png.is_some()
    }

    /// What is wrong with its picture: it must hold the booking code that the text shows.
    pub fn picture_problem(&self) -> Option<&'static str> {
        let png = self.png.as_ref()?;
        let codes = self.text.lines().flat_map(segment::codes_in).map(|(_, code)| code);
        let mut bookings = codes.filter_map(|code| BookingCode::read(code).ok());
        let drawn = bookings.any(|code| reply::draw_qr(code.as_str()).as_ref() == Some(png));
        (!drawn).then_some("its picture does not hold the booking code of its text")
    }
}

/// Everything that takes part in one story.
pub struct Harness {
    clock: Arc<StoryClock>,
    roster: Roster,
    storage: Storage,
    desk: Desk,
    courier: Courier,
    caretaker: Caretaker,
    /// The end of hours, where a story says what is said of it.
    day_ends: Option<DayEnds>,
    tape: Arc<Tape>,
    faults: Faults,
}

/// The faults that a story has asked for.
#[derive(Debug, Default)]
struct Faults {
    /// How the download of the next picture fails.
    next_fetch: Option<FetchFault>,
    /// Pictures that cannot be downloaded for now.
    unfetched: Vec<String>,
    /// How many replies the provider refuses for good.
    refused: i64,
}

impl Harness {
    /// Builds the harness; its clock shows `start`, by the time of `office`.
    ///
    /// # Errors
    /// [`PlayError`] when the database cannot be made.
    pub async fn open(setup: Setup<'_>, office: &OfficeId, start: NaiveDateTime) -> Result<Self, PlayError> {
        let Setup { roster, database, name, folder, seed, notices, turn_links } = setup;
        let storage = database.open(&name, &folder).await?;
        let zone = roster.offices.get(office).map_or(Zone::Wib, |office| office.zone);
        let clock = Arc::new(StoryClock(Mutex::new(zone.instant(start))));
        let shared: SharedClock = clock.clone();
        let tape = Tape::new(GATEWAY);
        let gateways: Gateways = [(GATEWAY.to_owned(), tape.clone() as Arc<dyn Gateway>)].into();
        let desk = Desk::start(Dependencies {
            storage: storage.clone(),
            roster: roster.clone(),
            channels: roster.offices.keys().map(|id| (channel(id), id.clone())).collect::<Channels>(),
            replies_max: Arc::default(),
            turn_links,
            reaches: crate::domain::reach::Reaches::default(),
            clock: shared.clone(),
            seed: [seed; 32],
            lanes: 1,
            messages_per_commit: MESSAGES_PER_COMMIT,
            wait_max: WAIT_MAX,
            wake_courier: Arc::default(),
            metrics: Arc::default(),
        });
        let courier = Courier::new(storage.clone(), gateways.clone(), shared.clone(), GATEWAY.to_owned());
        // Offices that do not record who comes end no hour for anybody.
        let records = notices && roster.offices.values().any(|office| office.policy.arrivals);
        let day_ends = records.then(|| DayEnds::new(storage.clone(), desk.clone(), Arc::clone(&shared)));
        let caretaker = Caretaker::new(storage.clone(), desk.clone(), gateways, Photos::within(&folder), shared);
        let caretaker = caretaker.erasing(Retention::default(), Arc::default());
        let caretaker = if notices { caretaker.saying_notices() } else { caretaker };
        let faults = Faults::default();
        Ok(Self { clock, roster, storage, desk, courier, caretaker, day_ends, tape, faults })
    }

    /// The present moment of the story.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Moves the clock forward; a moment in the past leaves it where it is.
    pub fn move_to(&self, instant: DateTime<Utc>) {
        self.clock.move_to(instant);
    }

    /// The zone of an office.
    pub fn zone(&self, id: &OfficeId) -> Zone {
        self.roster.offices.get(id).map_or(Zone::Wib, |office: &Arc<Office>| office.zone)
    }

    /// The picture of the `number`th message, kept by the provider.
    pub fn picture(&mut self, number: u32) -> Attachment {
        let reference = format!("picture-{number}");
        let media = match self.faults.next_fetch.take() {
            None => Ok(photo(&reference)),
            Some(FetchFault::Gone) => Err(FetchError::Final("gone, as told".to_owned())),
            Some(FetchFault::Passing) => {
                self.faults.unfetched.push(reference.clone());
                Err(FetchError::Transient("away, as told".to_owned()))
            }
        };
        self.tape.put_media(&reference, media);
        Attachment { reference, mime: Some("image/jpeg".to_owned()), sha256: None }
    }

    /// The `number`th message, as a gateway would read it.
    pub fn inbound(
        office: &OfficeId,
        contact: &Contact,
        number: u32,
        sent_at: DateTime<Utc>,
        content: Content,
    ) -> Inbound {
        let id = MessageId::new(format!("message-{number}"));
        Inbound { channel: channel(office), contact: contact.clone(), also: Vec::new(), id, sent_at, content }
    }

    /// Delivers webhook bodies, all at once and in this order.
    ///
    /// # Errors
    /// [`PlayError`] when a message is not served.
    pub async fn serve(&self, bodies: Vec<Vec<Inbound>>) -> Result<(), PlayError> {
        let served = bodies.into_iter().map(|body| self.desk.serve(body.into_iter().map(Item::Message).collect()));
        for verdicts in futures_util::future::join_all(served).await {
            let verdicts = verdicts.map_err(|busy| PlayError::Broken(busy.to_string()))?;
            if verdicts.iter().any(|verdict| !matches!(verdict, Verdict::Served | Verdict::Repeat)) {
                return Err(PlayError::Broken(format!("a message was not served: {verdicts:?}")));
            }
        }
        Ok(())
    }

    /// Lets an officer answer the ticket of a contact, or end it.
    ///
    /// # Errors
    /// [`PlayError`] when there is no open ticket, the answer cannot be sent, or storage failed.
    pub async fn officer(&self, line: usize, contact: &Contact, answer: Option<&str>) -> Result<(), PlayError> {
        let wrong = |message: String| PlayError::Story(line, message);
        let tickets = self.storage.tickets(TicketFilter::default(), TICKETS_MAX).await?;
        let stored = tickets.into_iter().find(|stored| stored.of.1 == *contact);
        let stored = stored.ok_or_else(|| wrong("nobody of that name waits for an officer".to_owned()))?;
        let is_open = match answer {
            Some(text) => {
                let text = OfficerText::read(text).map_err(|error| wrong(error.to_string()))?;
                self.desk.answer_ticket(&stored, text).await?
            }
            None => self.desk.close_ticket(&stored).await?,
        };
        if is_open { Ok(()) } else { Err(wrong("the ticket is closed".to_owned())) }
    }

    /// Puts a new version of an office's file in force, with one more rule, and carries out what is decided about the people whom it
    /// displaces.
    ///
    /// # Errors
    /// [`PlayError`] when storage failed; inside it, what is wrong with the rule.
    pub async fn import(
        &mut self,
        id: &OfficeId,
        key: &str,
        value: &str,
        remedy: Option<Remedy>,
    ) -> Result<Result<(), String>, PlayError> {
        let Some(office) = self.roster.offices.get_mut(id).map(Arc::make_mut) else { return Ok(Ok(())) };
        if let Err(message) = setting::apply(office, key, value) {
            return Ok(Err(message));
        }
        office.version += 1;
        let (file, remedies) = (roster::print(office), remedy.map(Remedies::all));
        let (calendar, now) = (&self.roster.calendar, self.clock.now());
        let (remedies, version) = (remedies.as_ref(), NewVersion::BARE);
        self.storage.import(Import { office, file: &file, calendar, now, remedies, version }).await?;
        self.desk.settle_displaced(id).await?;
        Ok(Ok(()))
    }

    /// Lets courier and caretaker work until nothing is due. Returns when something is due next.
    ///
    /// # Errors
    /// [`PlayError`] when storage failed, or they never come to rest.
    pub async fn settle(&self) -> Result<Option<DateTime<Utc>>, PlayError> {
        for _ in 0..ROUNDS_MAX {
            let sent = self.courier.step().await?;
            let ended = match &self.day_ends {
                Some(day_ends) => day_ends.step().await?,
                None => None,
            };
            let later = self.now() + TimeDelta::minutes(DAY_END_MINUTES);
            let ended = ended.map(|due| if due > self.now() { due.max(later) } else { due });
            let due = self.caretaker.step().await?.into_iter().chain(ended).min();
            let moved = sent.sent + sent.put_off + sent.dead > 0;
            if moved || due.is_some_and(|due| due <= self.now()) {
                continue;
            }
            // Nothing was claimed, so what the courier waits for lies ahead.
            let again = self.courier.step().await?;
            if again.sent + again.put_off + again.dead == 0 {
                return Ok(again.next_due.into_iter().chain(due).min());
            }
        }
        Err(PlayError::Broken(format!("still something to do after {ROUNDS_MAX} rounds")))
    }

    /// The replies that went out since the last call, in order.
    pub fn replies(&self) -> Vec<SentReply> {
        let taken = self.tape.drain().into_iter();
        taken.map(SentReply::of).collect()
    }

    /// Makes the next send fail.
    pub fn fail_send(&mut self, fault: SendFault) {
        let why = "as told".to_owned();
        let error = match fault {
            SendFault::Lost => return self.tape.lose_next_answer(1),
            SendFault::Passing => SendError::Transient(why),
            SendFault::Throttled => {
                SendError::Throttled { scope: Scope::Channel, after_seconds: Some(THROTTLE_SECONDS), detail: why }
            }
            SendFault::Refused => SendError::Refused(why),
            SendFault::Closed => SendError::WindowClosed(why),
            SendFault::Broken => SendError::Misconfigured(why),
        };
        if matches!(fault, SendFault::Refused | SendFault::Closed) {
            self.faults.refused += 1;
        }
        self.tape.fail_next(1, &error);
    }

    /// Makes the download of the next picture fail.
    pub fn fail_fetch(&mut self, fault: FetchFault) {
        self.faults.next_fetch = Some(fault);
    }

    /// Lets those pictures be downloaded that could not be for a while.
    pub fn mend_fetch(&mut self) {
        for reference in std::mem::take(&mut self.faults.unfetched) {
            self.tape.put_media(&reference, Ok(photo(&reference)));
        }
    }

    /// What is wrong at the end: seats without bookings, replies that were not sent, faults that nothing met.
    ///
    /// # Errors
    /// [`PlayError`] when storage failed.
    pub async fn audit(&self) -> Result<Vec<String>, PlayError> {
        let audit = self.storage.audit(self.now()).await?;
        let mut findings = audit.findings;
        if audit.waiting > 0 {
            findings.push(format!("{} replies are left to send", audit.waiting));
        }
        if audit.dead > self.faults.refused {
            findings.push(format!("{} replies were given up", audit.dead));
        }
        if self.tape.faults_left() > 0 {
            findings.push("a `fail send` met no send".to_owned());
        }
        Ok(findings)
    }

    /// Ends the desk's lanes and closes the database.
    pub async fn close(self) {
        let Self { desk, caretaker, day_ends, storage, .. } = self;
        // The lanes end with the last handle of the desk, and these have one.
        drop((caretaker, day_ends));
        desk.close().await;
        storage.close().await;
    }
}

/// The smallest picture: only the first bytes by which its format is recognised.
fn photo(reference: &str) -> Media {
    Media { mime: "image/jpeg", bytes: [b"\xFF\xD8\xFF\xE0", reference.as_bytes()].concat().into() }
}

fn channel(office: &OfficeId) -> ChannelId {
    ChannelId::new(GATEWAY, office.as_str())
}
