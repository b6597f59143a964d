//! Fakes of the lower modules: a gateway that verifies by a header, a desk that behaves as a test wants.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{AppState, Intake, Probe, Timeouts, simulator};
use crate::clock::{DemoClock, SharedClock};
use crate::desk::{Busy, Verdict};
use crate::domain::message::{Attachment, ChannelId, Contact, Content, Inbound, MessageId};
use crate::gateway::simulator::Simulator;
use crate::gateway::{
    Capabilities, Denied, FetchError, Gateway, Gateways, Item, Media, Outbound, Parcel, Precheck, Receipt, SendError,
    Unread, WebhookRequest,
};
use crate::metrics::Metrics;

/// Verifies a request with `x-signed: yes` or with `rahasia` at the end of its path, and refuses one without `x-signed` before its body
/// comes. Reads each line as a message, `?` as a malformed item, and panics at `!`.
#[derive(Default)]
pub(super) struct FakeGateway {
    pub(super) capabilities: Capabilities,
    /// Whether the query may stand for the body.
    pub(super) takes_get: bool,
}

impl Gateway for FakeGateway {
    fn name(&self) -> &'static str {
        "wa"
    }

    fn challenge(&self, query: &[(String, String)]) -> Result<String, Denied> {
        let value = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        if value("hub.verify_token").as_deref() == Some("geheim") {
            value("hub.challenge").ok_or(Denied)
        } else {
            Err(Denied)
        }
    }

    fn takes_get(&self) -> bool {
        self.takes_get
    }

    fn precheck(&self, request: &WebhookRequest<'_>) -> Result<Precheck, Denied> {
        assert!(request.body.is_empty(), "no body has come yet");
        if request.tail == "rahasia" {
            return Ok(Precheck::Verified);
        }
        if request.headers.contains_key("x-signed") { Ok(Precheck::Pending) } else { Err(Denied) }
    }

    fn verify(&self, request: &WebhookRequest<'_>) -> Result<(), Denied> {
        if request.tail == "rahasia" || request.headers.get("x-signed").is_some_and(|value| value == "yes") {
            Ok(())
        } else {
            Err(Denied)
        }
    }

    fn read(&self, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
        let text = String::from_utf8_lossy(body);
        let item = |(n, line): (usize, &str)| match line {
            "!" => panic!("a bug that quotes Budi's message"),
            "?" => Item::Malformed { reason: "no text".into(), unread: Unread::default() },
            _ => Item::Message(Inbound {
                channel: ChannelId::new("wa", "1001"),
                contact: Contact::new("6281200000001"),
                also: Vec::new(),
                id: MessageId::new(n.to_string()),
                sent_at: received_at,
                content: Content::Text(line.to_owned()),
            }),
        };
        text.lines().enumerate().map(item).collect()
    }
}

#[async_trait]
impl Outbound for FakeGateway {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn probe(&self, _key: &str) -> Result<String, SendError> {
        Err(SendError::Refused("a stand-in".into()))
    }

    async fn send(&self, _key: &str, _to: &Contact, _parcel: &Parcel) -> Result<Receipt, SendError> {
        Err(SendError::Refused("a stand-in".into()))
    }

    async fn fetch_media(&self, _key: &str, _attachment: &Attachment) -> Result<Media, FetchError> {
        Err(FetchError::Final("a stand-in".into()))
    }
}

/// How the fake desk behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behavior {
    Serves,
    Busy,
    /// Would serve nothing that comes now.
    Full,
    Panics,
    /// Serves when `go` is notified.
    Waits,
}

/// A desk that counts the items that it serves.
pub(super) struct FakeDesk {
    pub(super) behavior: Mutex<Behavior>,
    pub(super) begun: Notify,
    pub(super) go: Notify,
    pub(super) served: AtomicUsize,
}

#[async_trait]
impl Intake for FakeDesk {
    async fn serve(&self, items: Vec<Item>) -> Result<Vec<Verdict>, Busy> {
        self.begun.notify_one();
        let behavior = *self.behavior.lock().unwrap();
        match behavior {
            Behavior::Busy | Behavior::Full => return Err(Busy),
            Behavior::Panics => panic!("a bug that quotes {items:?}"),
            Behavior::Waits => self.go.notified().await,
            Behavior::Serves => {}
        }
        self.served.fetch_add(items.len(), Ordering::SeqCst);
        let verdict = |item: &Item| if matches!(item, Item::Message(_)) { Verdict::Served } else { Verdict::Noted };
        Ok(items.iter().map(verdict).collect())
    }

    fn takes_more(&self) -> bool {
        *self.behavior.lock().unwrap() != Behavior::Full
    }
}

impl FakeDesk {
    pub(super) fn behaving(behavior: Behavior) -> Arc<Self> {
        Arc::new(Self {
            behavior: Mutex::new(behavior),
            begun: Notify::new(),
            go: Notify::new(),
            served: AtomicUsize::new(0),
        })
    }

    pub(super) fn served(&self) -> usize {
        self.served.load(Ordering::SeqCst)
    }
}

/// Monday, 8 a.m. in Bogor.
pub(super) fn monday() -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

pub(super) fn probe(answer: Result<(), &'static str>) -> Probe {
    Arc::new(move || Box::pin(async move { answer.map_err(str::to_owned) }))
}

/// The state of an installation with this desk and the fake gateway.
pub(super) fn app_state(desk: &Arc<FakeDesk>) -> AppState {
    let gateway: Arc<dyn Gateway> = Arc::new(FakeGateway::default());
    AppState {
        intake: desk.clone(),
        gateways: Gateways::from([("wa".to_owned(), gateway)]),
        probe: probe(Ok(())),
        stopped_channels: Arc::new(|| Box::pin(async { std::collections::BTreeMap::new() })),
        clock: Arc::new(DemoClock::starting_at(monday(), vec![])),
        metrics: Arc::new(Metrics::new()),
        simulator: None,
        console: None,
        hall: None,
        closing: CancellationToken::new(),
        timeouts: Timeouts {
            body: Duration::from_millis(300),
            grace: Duration::from_millis(300),
            verdict: Duration::from_millis(300),
            probe: Duration::from_millis(100),
            ..Timeouts::default()
        },
    }
}

/// The same with a simulator and a clock that can be moved.
pub(super) fn state_with_simulator(desk: &Arc<FakeDesk>) -> (AppState, Arc<Simulator>) {
    let clock = Arc::new(DemoClock::starting_at(monday(), vec![]));
    let shared: SharedClock = clock.clone();
    let gateway = Simulator::new("sim", shared.clone());
    let mut state = app_state(desk);
    state.gateways.insert("sim".to_owned(), gateway.clone());
    state.clock = shared;
    let offices: simulator::OfficeBoard = Arc::new(|now| {
        vec![simulator::OfficeCard {
            key: "bogor".into(),
            name: "Kantor Imigrasi Bogor".into(),
            zone: "WIB",
            poster: "#Nama#TglLahir#TglKedatangan".into(),
            example: format!("#Budi#25011987#{}", now.format("%d%m%Y")),
        }]
    });
    state.simulator = Some(simulator::Setup {
        gateway: gateway.clone(),
        offices,
        first: Some("bogor".to_owned()),
        movable: Some(clock),
    });
    (state, gateway)
}

/// What is written to a log.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Keeps what this thread logs from now on.
    pub(super) fn keep(&self) -> tracing::subscriber::DefaultGuard {
        let writer = self.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        tracing::subscriber::set_default(subscriber)
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
