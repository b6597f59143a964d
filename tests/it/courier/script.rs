//! A provider that fails by plan, on a clock that only the test moves, and notes every call.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use antrean::clock::Clock;
use antrean::domain::message::{Attachment, ChannelId, Contact, Delivery, MessageId, Status};
use antrean::gateway::{
    Capabilities, Denied, FetchError, Gateway, Item, Media, Outbound, Parcel, Receipt, Scope, SendError, WebhookRequest,
};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct HandClock(Mutex<DateTime<Utc>>);

impl HandClock {
    pub fn at(now: DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self(Mutex::new(now)))
    }

    pub fn move_to(&self, now: DateTime<Utc>) {
        let mut clock = self.0.lock().expect("the clock");
        assert!(*clock <= now, "time goes forward");
        *clock = now;
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("the clock")
    }
}

/// What the provider did with one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub at: DateTime<Utc>,
    pub channel: String,
    pub contact: String,
    /// Our number of the reply.
    pub reply: i64,
    /// Whether the message went out to the citizen.
    pub went_out: bool,
    /// Whether the caller could know what happened.
    pub is_clear: bool,
    /// Until when the channel was told to be silent.
    pub silent_until: Option<DateTime<Utc>>,
}

#[derive(Debug, Default)]
struct Notes {
    calls: Vec<Call>,
    statuses: Vec<(DateTime<Utc>, Status)>,
    flying: BTreeMap<String, u32>,
    /// Calls that met another one to the same citizen still under way.
    side_by_side: usize,
    broken_until: BTreeMap<String, DateTime<Utc>>,
    faults: BTreeMap<&'static str, usize>,
}

/// The provider.
#[derive(Debug)]
pub struct Script {
    clock: Arc<HandClock>,
    capabilities: Capabilities,
    rng: Mutex<StdRng>,
    notes: Mutex<Notes>,
}

/// What happens to one call in a hundred thousand.
const FATES: [(u32, &str); 11] = [
    (7_000, "passing fault"),
    (3_000, "out, answer lost"),
    (2_500, "not out, answer lost"),
    (2_500, "too fast for the citizen"),
    (1_000, "too fast for the citizen, with a wait"),
    (150, "too fast for the channel"),
    (150, "too fast for the channel, with a wait"),
    (2_500, "refused"),
    (800, "window closed"),
    (390, "opted out"),
    (10, "channel broken"),
];

impl Script {
    pub fn new(clock: Arc<HandClock>, capabilities: Capabilities, seed: u64) -> Arc<Self> {
        let rng = Mutex::new(StdRng::seed_from_u64(seed));
        Arc::new(Self { clock, capabilities, rng, notes: Mutex::default() })
    }

    pub fn calls(&self) -> Vec<Call> {
        self.notes.lock().expect("notes").calls.clone()
    }

    pub fn side_by_side(&self) -> usize {
        self.notes.lock().expect("notes").side_by_side
    }

    /// Faults that happened, by kind.
    pub fn faults(&self) -> BTreeMap<&'static str, usize> {
        self.notes.lock().expect("notes").faults.clone()
    }

    /// Statuses that have come by now.
    pub fn statuses(&self) -> Vec<Status> {
        let now = self.clock.now();
        let mut notes = self.notes.lock().expect("notes");
        let (come, later) = std::mem::take(&mut notes.statuses).into_iter().partition(|(at, _)| *at <= now);
        notes.statuses = later;
        let come: Vec<(DateTime<Utc>, Status)> = come;
        come.into_iter().map(|(_, status)| status).collect()
    }

    /// When the next status comes.
    pub fn next_status(&self) -> Option<DateTime<Utc>> {
        self.notes.lock().expect("notes").statuses.iter().map(|(at, _)| *at).min()
    }

    fn fate(&self, channel: &str) -> &'static str {
        let now = self.clock.now();
        if self.notes.lock().expect("notes").broken_until.get(channel).is_some_and(|until| now < *until) {
            return "channel broken";
        }
        let mut drawn = self.rng.lock().expect("chance").random_range(0..100_000_u32);
        for (share, fate) in FATES {
            match drawn.checked_sub(share) {
                Some(rest) => drawn = rest,
                None => return fate,
            }
        }
        "fine"
    }

    fn seconds(&self, from: i64, to: i64) -> TimeDelta {
        TimeDelta::seconds(self.rng.lock().expect("chance").random_range(from..to))
    }
}

impl Gateway for Script {
    fn name(&self) -> &'static str {
        "wa"
    }

    fn verify(&self, _request: &WebhookRequest<'_>) -> Result<(), Denied> {
        Err(Denied)
    }

    fn read(&self, _body: &[u8], _received_at: DateTime<Utc>) -> Vec<Item> {
        Vec::new()
    }
}

#[async_trait]
impl Outbound for Script {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn probe(&self, key: &str) -> Result<String, SendError> {
        let notes = self.notes.lock().expect("notes");
        match notes.broken_until.get(key) {
            Some(until) if self.clock.now() < *until => Err(SendError::Misconfigured("still".into())),
            _ => Ok("mended".to_owned()),
        }
    }

    async fn send(&self, key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        let now = self.clock.now();
        let fate = self.fate(key);
        {
            let mut notes = self.notes.lock().expect("notes");
            let flying = notes.flying.entry(to.as_str().to_owned()).or_default();
            *flying += 1;
            notes.side_by_side += usize::from(*flying > 1);
        }
        tokio::task::yield_now().await;
        let wait = self.seconds(2, 40);
        let (went_out, is_clear) = (matches!(fate, "fine" | "out, answer lost"), !fate.ends_with("answer lost"));
        let id = MessageId::new(format!("id.{}.{}", parcel.tracker, now.timestamp_micros()));
        let mut notes = self.notes.lock().expect("notes");
        *notes.flying.entry(to.as_str().to_owned()).or_default() -= 1;
        if fate != "fine" {
            *notes.faults.entry(fate).or_default() += 1;
        }
        notes.calls.push(Call {
            at: now,
            channel: key.to_owned(),
            contact: to.as_str().to_owned(),
            reply: parcel.tracker,
            went_out,
            is_clear,
            silent_until: (fate == "too fast for the channel, with a wait").then_some(now + wait),
        });
        if fate == "channel broken" {
            notes.broken_until.entry(key.to_owned()).or_insert(now + TimeDelta::minutes(7));
        }
        // Two of three messages whose answer was lost are told of later: in time, or too late.
        if fate == "out, answer lost" && parcel.tracker % 3 != 0 {
            let at = now + TimeDelta::seconds(if parcel.tracker % 2 == 0 { 20 } else { 90 });
            let status = Status {
                channel: ChannelId::new("wa", key),
                id: id.clone(),
                tracker: Some(parcel.tracker),
                delivery: Delivery::Delivered,
                error: None,
            };
            notes.statuses.push((at, status));
        }
        let throttled = |scope, after: bool| SendError::Throttled {
            scope,
            after_seconds: after.then(|| u64::try_from(wait.num_seconds()).expect("positive")),
            detail: "told".into(),
        };
        match fate {
            "fine" => Ok(Receipt { id: Some(id), without_picture: false }),
            "passing fault" => Err(SendError::Transient("told".into())),
            "too fast for the citizen" => Err(throttled(Scope::Recipient, false)),
            "too fast for the citizen, with a wait" => Err(throttled(Scope::Recipient, true)),
            "too fast for the channel" => Err(throttled(Scope::Channel, false)),
            "too fast for the channel, with a wait" => Err(throttled(Scope::Channel, true)),
            "refused" => Err(SendError::Refused("told".into())),
            "window closed" => Err(SendError::WindowClosed("told".into())),
            "opted out" => Err(SendError::OptedOut("told".into())),
            "channel broken" => Err(SendError::Misconfigured("told".into())),
            _ => Err(SendError::Ambiguous("told".into())),
        }
    }

    async fn fetch_media(&self, _key: &str, _attachment: &Attachment) -> Result<Media, FetchError> {
        Err(FetchError::Final("no pictures here".into()))
    }
}
