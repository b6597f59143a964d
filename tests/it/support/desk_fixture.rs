//! A desk on a real database, with a clock that stands still until a test moves it.

use std::sync::{Arc, Mutex};

use antrean::clock::Clock;
use antrean::desk::{Channels, Dependencies, Desk, MESSAGES_PER_COMMIT, RepliesMax, Verdict, WAIT_MAX};
use antrean::domain::message::{ChannelId, Contact, Content, Delivery, Inbound, MessageId, Status};
use antrean::domain::office::OfficeId;
use antrean::domain::turn_link::TurnLinks;
use antrean::gateway::Item;
use antrean::roster::{self, Roster};
use antrean::storage::Storage;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::support::engine::{Base, Engine, Tables};
use crate::support::installation::{form, name, number};

/// Monday, 09.00 WIB, of a year whose holidays are shipped.
const MONDAY: &str = "2026-08-03T02:00:00Z";

/// A clock that moves only when it is told to.
#[derive(Debug)]
pub struct Standing(Mutex<DateTime<Utc>>);

impl Standing {
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(Mutex::new(now))
    }

    pub fn pass(&self, time: TimeDelta) {
        *self.0.lock().unwrap() += time;
    }
}

impl Clock for Standing {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// A desk, its database, and its clock.
pub struct DeskFixture {
    pub base: Base,
    pub storage: Storage,
    pub desk: Desk,
    pub clock: Arc<Standing>,
}

impl DeskFixture {
    pub async fn open(engine: Engine) -> Self {
        Self::with(engine, Roster::shipped().unwrap()).await
    }

    pub async fn with(engine: Engine, roster: Roster) -> Self {
        Self::capped(engine, roster, RepliesMax::default()).await
    }

    /// With channels that answer less, or more, than usual.
    pub async fn capped(engine: Engine, roster: Roster, replies_max: RepliesMax) -> Self {
        Self::linked(engine, roster, replies_max, None).await
    }

    /// With replies that link pages.
    pub async fn linked(
        engine: Engine,
        roster: Roster,
        replies_max: RepliesMax,
        turn_links: Option<TurnLinks>,
    ) -> Self {
        let base = Base::new(engine).await;
        let storage = base.storage().await;
        let clock = Arc::new(Standing::at(MONDAY.parse().unwrap()));
        let bogor = &roster.offices[&OfficeId::read("bogor").unwrap()];
        storage.import_office(bogor, &roster::print(bogor), &roster.calendar, clock.now()).await.unwrap();
        let desk = Desk::start(Dependencies {
            storage: storage.clone(),
            roster,
            channels: Channels::from([(channel(), OfficeId::read("bogor").unwrap())]),
            replies_max,
            turn_links,
            reaches: antrean::domain::reach::Reaches::default(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            seed: [7; 32],
            lanes: 1,
            messages_per_commit: MESSAGES_PER_COMMIT,
            wait_max: WAIT_MAX,
            wake_courier: Arc::default(),
            metrics: Arc::default(),
        });
        Self { base, storage, desk, clock }
    }

    /// Bogor with ten seats an hour, for parties too.
    pub async fn for_parties(engine: Engine) -> Self {
        Self::of_bogor(engine, |bogor| (bogor.seats_per_hour, bogor.policy.people_per_booking) = (10, 5)).await
    }

    /// Bogor with one seat an hour.
    pub async fn narrow(engine: Engine) -> Self {
        Self::of_bogor(engine, |bogor| bogor.seats_per_hour = 1).await
    }

    pub async fn of_bogor(engine: Engine, change: impl FnOnce(&mut antrean::domain::office::Office)) -> Self {
        let mut roster = Roster::shipped().unwrap();
        let id = OfficeId::read("bogor").unwrap();
        let mut bogor = antrean::domain::office::Office::clone(&roster.offices[&id]);
        change(&mut bogor);
        roster.offices.insert(id, Arc::new(bogor));
        Self::with(engine, roster).await
    }

    /// Another node on the same database.
    pub fn node(&self) -> Desk {
        Desk::start(Dependencies {
            storage: self.storage.clone(),
            roster: Roster::clone(&self.desk.roster()),
            channels: Channels::from([(channel(), OfficeId::read("bogor").unwrap())]),
            replies_max: RepliesMax::default(),
            turn_links: None,
            reaches: antrean::domain::reach::Reaches::default(),
            clock: self.shared_clock(),
            seed: [8; 32],
            lanes: 1,
            messages_per_commit: MESSAGES_PER_COMMIT,
            wait_max: WAIT_MAX,
            wake_courier: Arc::default(),
            metrics: Arc::default(),
        })
    }

    pub async fn tables(&self) -> Tables {
        self.base.tables().await
    }

    pub fn pass(&self, minutes: i64) {
        self.clock.pass(TimeDelta::minutes(minutes));
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn shared_clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock) as Arc<dyn Clock>
    }

    /// The provider says of reply number `id`, and of one that it calls by a name, that it was read.
    pub async fn status(&self, id: i64) {
        let status = |tracker, id: &str| {
            let delivery = Delivery::Read;
            Item::Status(Status { channel: channel(), id: MessageId::new(id), tracker, delivery, error: None })
        };
        let verdicts = self.desk.serve(vec![status(Some(id), "out.tracked"), status(None, "out7")]).await;
        assert_eq!(verdicts, Ok(vec![Verdict::Noted; 2]));
    }

    /// The message `id` of citizen `n`, sent now.
    pub fn message(&self, n: usize, id: &str, text: &str) -> Item {
        Item::Message(Inbound {
            channel: channel(),
            contact: Contact::new(number(n)),
            also: Vec::new(),
            id: MessageId::new(id),
            sent_at: self.clock.now(),
            content: Content::Text(text.to_owned()),
        })
    }

    /// The form of citizen `n` for Tuesday.
    pub fn form(&self, n: usize) -> Item {
        self.message(n, &format!("wamid.form{n}"), &form(&name(n), tuesday()))
    }

    /// Serves one message and gives the newest reply to its sender.
    pub async fn ask(&self, n: usize, id: &str, text: &str) -> String {
        assert_eq!(self.desk.serve(vec![self.message(n, id, text)]).await, Ok(vec![Verdict::Served]), "{text}");
        let sql = format!("select text from outbox where contact = '{}' order by id desc limit 1", number(n));
        self.tables().await.texts(&sql).await.remove(0)
    }

    pub async fn assert_balanced(&self) {
        let audit = self.storage.audit(self.now()).await.unwrap();
        assert_eq!(audit.findings, Vec::<String>::new());
        assert_eq!(audit.bookings, audit.seats, "no party here is larger than one");
    }
}

/// The channel of Bogor.
pub fn channel() -> ChannelId {
    ChannelId::new("wa", "1001")
}

/// The day after.
pub fn tuesday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 8, 4).unwrap()
}
