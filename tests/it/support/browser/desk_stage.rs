//! The console in front of a real desk and database, whose clock stands until a test moves it.

use std::sync::Arc;

use antrean::access::{Access, Actor, Used, Visitor, next_code};
use antrean::clock::{Clock, SharedClock, SystemClock};
use antrean::courier::Courier;
use antrean::domain::audit::Operator;
use antrean::domain::office::{Office, OfficeId};
use antrean::domain::staff::{Grant, Place, Role};
use antrean::front_desk::{FrontDesk, Lines, OfficeCalendar};
use antrean::gateway::tape::Tape;
use antrean::gateway::{Capabilities, Gateway, Gateways};
use antrean::metrics::Metrics;
use antrean::photos::Photos;
use antrean::roster::Roster;
use antrean::web::console::{CaseOfMessage, ChannelSetup, Messaging, Setup};
use antrean::web::{AppState, Limits, Timeouts, router, serve};
use chrono::TimeDelta;
use fantoccini::Client;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::support::browser::driver::devtools;
use crate::support::desk_fixture::{DeskFixture, channel};

/// Stands for a name that stays when a message is masked: the masker of the product leaves none in any message that is known.
pub const UNMASKED: &str = "Wulan-Tetap";

/// How citizens are reached: by the desk of the fixture, and by a tape that takes whatever is sent.
fn messaging(fixture: &DeskFixture, tape: &Arc<Tape>) -> Messaging {
    let channel = ChannelSetup {
        id: channel(),
        office: OfficeId::read("bogor").unwrap(),
        gateway: Arc::clone(tape) as Arc<dyn Gateway>,
        templates: Vec::new(),
        rate: None,
        price: None,
    };
    Messaging {
        desk: fixture.desk.clone(),
        wake_courier: Arc::default(),
        channels: Arc::new(vec![channel]),
        make_case: Arc::new(|formats, office, text, sent| {
            if text.contains(UNMASKED) {
                return CaseOfMessage { text: text.to_owned(), left: vec!["a name: Aaaaa".to_owned()], example: None };
            }
            let antrean::replay::FormatCase { text, left, example } =
                antrean::replay::format_case(formats, office, text, sent);
            CaseOfMessage { text, left, example }
        }),
    }
}

/// A served console; it ends with this.
pub struct DeskStage {
    pub fixture: DeskFixture,
    /// `http://127.0.0.1:12345`
    pub address: String,
    /// What replies go out by, once a courier takes a step.
    pub tape: Arc<Tape>,
    access: Access,
    pub photos: Photos,
    /// Where they lie; gone with this.
    pub media: TempDir,
    _running: DropGuard,
}

/// The offices, as they ask why somebody looks, or do not.
fn asking(roster: &Arc<Roster>, asks_why: bool) -> Arc<Roster> {
    if !asks_why {
        return Arc::clone(roster);
    }
    let mut changed = Roster::clone(roster);
    for office in changed.offices.values_mut() {
        *office = Arc::new(Office { asks_why, ..Office::clone(office) });
    }
    Arc::new(changed)
}

impl DeskStage {
    /// Serves the console of a fixture. Sign-ins go by the machine's time, everything else by the fixture's.
    pub async fn of(fixture: DeskFixture) -> Self {
        Self::with(fixture, false).await
    }

    /// The same, of an office that asks why somebody looks.
    pub async fn asking_why(fixture: DeskFixture) -> Self {
        Self::with(fixture, true).await
    }

    async fn with(fixture: DeskFixture, asks_why: bool) -> Self {
        let wall: SharedClock = Arc::new(SystemClock);
        let clock = fixture.shared_clock();
        let desk = fixture.desk.clone();
        let access = Access::new(
            fixture.storage.clone(),
            wall,
            Arc::clone(&clock),
            Arc::new(move || asking(&desk.roster(), asks_why)),
        )
        .unwrap();
        let closing = CancellationToken::new();
        let metrics = Arc::new(Metrics::new());
        let (storage, time, rosters) = (fixture.storage.clone(), Arc::clone(&clock), fixture.desk.clone());
        let (at, by) = (fixture.storage.clone(), Arc::clone(&clock));
        let live = fixture.storage.live().clone();
        let capabilities = Capabilities { free_reply_window: Some(TimeDelta::hours(24)), ..Capabilities::unlimited() };
        let tape = Tape::with("wa", capabilities);
        let media = tempfile::tempdir().expect("a folder for photos");
        let photos = Photos::within(media.path());
        let (versions_at, of, now) = (fixture.storage.clone(), fixture.desk.clone(), Arc::clone(&clock));
        let console = Setup {
            access: access.clone(),
            front_desks: Arc::new(move |office, actor| FrontDesk::new(at.clone(), Arc::clone(&by), office, actor)),
            calendars: Arc::new(move |office, actor| {
                OfficeCalendar::new(
                    storage.clone(),
                    Arc::clone(&time),
                    (office, rosters.roster()),
                    Lines::default(),
                    actor,
                )
            }),
            versions: Arc::new(move || antrean::versions::Versions::new(versions_at.clone(), of.roster(), now.now())),
            desk: fixture.desk.clone(),
            displays: antrean::front_desk::Displays::new(fixture.storage.clone(), Arc::clone(&clock)),
            messaging: messaging(&fixture, &tape),
            exports: antrean::export::Exports::new(
                fixture.storage.clone(),
                media.path().join("exports"),
                Arc::new(SystemClock),
            ),
            photos: photos.clone(),
            live: live.clone(),
            closing: closing.clone(),
            address: None,
        };
        let state = AppState {
            intake: Arc::new(fixture.desk.clone()),
            gateways: Gateways::new(),
            probe: Arc::new(|| Box::pin(async { Ok(()) })),
            stopped_channels: Arc::new(|| Box::pin(async { std::collections::BTreeMap::new() })),
            clock,
            metrics: metrics.clone(),
            simulator: None,
            console: Some(console),
            hall: None,
            closing: closing.clone(),
            timeouts: Timeouts::default(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(serve(listener, router(state), Limits::default(), metrics, closing.clone()));
        let stop = closing.clone();
        tokio::spawn(async move { live.run(&stop).await });
        Self { fixture, address, tape, access, photos, media, _running: closing.drop_guard() }
    }

    /// Sends what is due, as the courier of an installation does.
    pub async fn send(&self) {
        let gateways = Gateways::from([("wa".to_owned(), Arc::clone(&self.tape) as Arc<dyn Gateway>)]);
        let (storage, clock) = (self.fixture.storage.clone(), self.fixture.shared_clock());
        let courier = Courier::new(storage, gateways, clock, "stage".to_owned());
        while !courier.step().await.unwrap().is_idle() {}
    }

    /// Somebody with a role at Bogor, signed in; gives the token of their session.
    pub async fn enrol(&self, login: &str, role: Role) -> String {
        self.enrolled(login, Grant { place: Place::Office(OfficeId::read("bogor").unwrap()), role }).await
    }

    /// The same with a role at every office.
    pub async fn enrol_everywhere(&self, login: &str, role: Role) -> String {
        self.enrolled(login, Grant { place: Place::Everywhere, role }).await
    }

    async fn enrolled(&self, login: &str, grant: Grant) -> String {
        let people = self.access.people();
        let id = people
            .add(Actor::Terminal(&Operator::new(None, "tests")), (login, login), &[grant])
            .await
            .unwrap()
            .unwrap();
        let link = people.link(Actor::Terminal(&Operator::new(None, "tests")), id, false).await.unwrap().unwrap();
        let seed = self.access.open_link(&link).await.unwrap().unwrap().seed().unwrap().to_owned();
        let code = next_code(&seed, 0, SystemClock.now()).unwrap().0;
        let visitor = Visitor { network: "127.0.0.1".to_owned(), browser: "Chrome".to_owned() };
        match self.access.use_link(&link, ("sepeda kabut lemari angin", &code), &visitor).await.unwrap() {
            Used::In { token, .. } => token,
            other => panic!("{other:?}"),
        }
    }

    /// Opens a page of Bogor in a browser that carries this session.
    pub async fn enter(&self, client: &Client, token: &str, page: &str) {
        let cookie = json!({ "name": "antrean-session", "value": token, "url": self.address });
        devtools(client, json!({ "cmd": "Network.setCookie", "params": cookie })).await;
        client.goto(&format!("{}/console/bogor/{page}", self.address)).await.unwrap();
    }
}
