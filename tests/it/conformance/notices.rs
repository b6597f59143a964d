//! Notices through every provider: inside and outside of the 24 hours after a citizen's last message, with and without a template,
//! never to whoever opted out, and each once.

use std::sync::Arc;

use antrean::caretaker::Caretaker;
use antrean::config::Config;
use antrean::courier::Courier;
use antrean::desk::{Desk, Verdict};
use antrean::domain::message::{ChannelId, Contact};
use antrean::domain::notice::{Kind, Notice};
use antrean::domain::office::OfficeId;
use antrean::gateway::{Gateway, Gateways};
use antrean::storage::Storage;
use chrono::{DateTime, TimeDelta, Utc};

use super::candidate::{Candidate, Note, What};
use super::providers;
use crate::support::desk_fixture::Standing;
use crate::support::host::{Host, Said};
use crate::support::installation::{Installation, form, in_days};

/// Who wants notices, and who has opted out.
const READER: &str = "6281200001234";
const SILENT: &str = "6281200001235";
/// The template of those installations that have one.
const TEMPLATE: &str = "HXkabar_antrean";

/// One office on one provider, with a clock that stands still until the test moves it.
struct Office {
    candidate: Candidate,
    host: Host,
    installation: Installation,
    clock: Arc<Standing>,
    storage: Storage,
    desk: Desk,
    gateway: Arc<dyn Gateway>,
    config: Config,
}

impl Office {
    /// At ten in the morning of this very day.
    async fn open(candidate: Candidate, with_template: bool) -> Self {
        let host = Host::start(candidate.play).await;
        let installation = candidate.installation(&host.api());
        if with_template {
            let template = format!(
                "\n[[channel.template]]\nlanguage = \"id\"\nname = \"{TEMPLATE}\"\nparameters = [\"office\", \"text\"]\n"
            );
            let config = std::fs::read_to_string(installation.config()).expect("a configuration");
            std::fs::write(installation.config(), config + &template).expect("written");
        }
        let config = Config::load(&installation.config()).expect("a configuration");
        let ten = in_days(0).and_hms_opt(3, 0, 0).expect("a time").and_utc();
        let clock = Arc::new(Standing::at(ten));
        let storage = Storage::open(&config.database).await.expect("a database");
        let desk = antrean::app::desk(&config, &storage, Arc::clone(&clock) as _).await.expect("a desk");
        let gateway = config.gateways[candidate.name].open().expect("settings that work").expect("no simulator");
        Self { candidate, host, installation, clock, storage, desk, gateway, config }
    }

    fn now(&self) -> DateTime<Utc> {
        antrean::clock::Clock::now(&*self.clock)
    }

    /// A citizen writes, and is answered.
    async fn hear(&self, from: &str, id: &str, text: &str) {
        let note = Note { id, from, at: self.now(), what: What::Text(text) };
        let body = (self.candidate.write)(&note).expect("texts");
        let served = self.desk.serve(self.gateway.read(&body, self.now())).await;
        assert_eq!(served, Ok(vec![Verdict::Served]), "{}: {text}", self.candidate.name);
        self.work().await;
    }

    /// Books a place three days ahead.
    async fn book(&self, from: &str, name: &str) {
        self.hear(from, &format!("F{from}"), &form(name, in_days(3))).await;
        let sql = "select approval from booking where state = 'held'";
        let codes = self.installation.tables().await.texts(sql).await;
        let [code] = codes.as_slice() else { panic!("{}: {:?}", self.candidate.name, self.said_to(from)) };
        self.hear(from, &format!("C{from}"), code).await;
    }

    /// Caretaker and courier work, each new, as after a restart, until everything is said that may be.
    async fn work(&self) {
        let clock = || Arc::clone(&self.clock) as _;
        let gateways: Gateways = [(self.candidate.name.to_owned(), Arc::clone(&self.gateway))].into();
        let sending = |channel: &antrean::config::ChannelConfig| {
            (ChannelId::new(&channel.gateway, &channel.key), channel.sending.clone())
        };
        let channels = self.config.channels.iter().map(sending).collect();
        let photos = antrean::photos::Photos::within(&self.installation.path("photos"));
        let caretaker = Caretaker::new(self.storage.clone(), self.desk.clone(), gateways.clone(), photos, clock());
        let caretaker = caretaker.saying_notices();
        let courier =
            Courier::new(self.storage.clone(), gateways, clock(), "conformance".to_owned()).with_channels(channels);
        for _ in 0..4 {
            caretaker.step().await.expect("storage");
            courier.step().await.expect("storage");
            // The provider's own pace.
            self.clock.pass(TimeDelta::minutes(1));
        }
    }

    /// The office says something to everybody who is booked; how many of these notices are new.
    async fn tell(&self, occasion: &str, text: &str) -> u64 {
        let sql = "select id || ' ' || channel || ' ' || contact from booking where state = 'booked' order by id";
        let rows = self.installation.tables().await.texts(sql).await;
        let notice = |row: &String| {
            let parts: Vec<&str> = row.split(' ').collect();
            let [booking, channel, contact] = parts.as_slice() else { panic!("{row}") };
            Notice {
                id: 0,
                office: OfficeId::read("jakarta-pusat").expect("an id"),
                kind: Kind::Message,
                channel: ChannelId::stored((*channel).to_owned()),
                contact: Contact::new(*contact),
                booking: Some(booking.parse().expect("a number")),
                occasion: occasion.to_owned(),
                detail: Some(text.to_owned()),
                due: self.now(),
                drop_after: self.now() + TimeDelta::hours(6),
            }
        };
        let new = self.storage.plan_notices(rows.iter().map(notice).collect(), self.now()).await.expect("storage");
        self.work().await;
        new
    }

    fn said_to(&self, number: &str) -> Vec<Said> {
        self.host.said_to(&(self.candidate.address)(number))
    }

    /// How many messages a citizen got that hold these words.
    fn heard(&self, number: &str, words: &str) -> usize {
        self.said_to(number).iter().filter(|said| said.text.contains(words)).count()
    }
}

async fn notices_of(candidate: Candidate, with_template: bool) {
    let office = Office::open(candidate, with_template).await;
    let name = format!("{} {}", office.candidate.name, if with_template { "with a template" } else { "without" });
    office.book(READER, "Budi Contoh").await;
    office.book(SILENT, "Siti Contoh").await;
    office.hear(SILENT, "S1", "berhenti").await;
    let silent = office.said_to(SILENT).len();
    assert!(silent >= 3, "{name}: what they ask for they get");

    office.clock.pass(TimeDelta::hours(2));
    assert_eq!(office.tell("inside", "Listrik padam.").await, 2, "{name}");
    assert_eq!(office.heard(READER, "Listrik padam."), 1, "{name}: inside of the 24 hours");

    office.clock.pass(TimeDelta::hours(23));
    let before = office.said_to(READER).len();
    assert_eq!(office.tell("outside", "Listrik menyala.").await, 2, "{name}");
    let can = office.gateway.capabilities();
    let has_window = can.free_reply_window.is_some();
    assert_eq!(has_window, ["wa", "tw"].contains(&office.candidate.name), "{name}");
    let said: Vec<String> = office.said_to(READER).split_off(before).into_iter().map(|said| said.text).collect();
    let held = office.installation.run(&["outbox", "list", "--held"]).done();
    let is_held = has_window && !with_template;
    if is_held {
        assert_eq!(said, Vec::<String>::new(), "{name}");
        assert!(held.contains("no template fits"), "{name}: {held}");
    } else {
        assert_eq!(said.len(), 1, "{name}: {said:?}");
        assert_eq!(said[0] == TEMPLATE, with_template, "{name}: {said:?}");
        assert_eq!(said[0].contains("Listrik menyala."), !with_template, "{name}: {said:?}");
        assert!(!held.contains("no template fits"), "{name}: {held}");
    }

    // What is held goes when its citizen writes; nothing is said twice, however often it is asked for.
    office.hear(READER, "R1", "#status").await;
    for (occasion, text) in [("inside", "Listrik padam."), ("outside", "Listrik menyala.")] {
        assert_eq!(office.tell(occasion, text).await, 0, "{name}: {occasion}");
    }
    assert_eq!(office.heard(READER, "Listrik padam."), 1, "{name}");
    assert_eq!(office.heard(READER, "Listrik menyala."), usize::from(!with_template), "{name}");
    assert_eq!(office.heard(READER, TEMPLATE), usize::from(with_template), "{name}");
    assert_eq!(office.said_to(SILENT).len(), silent, "{name}: they opted out");
    let dropped = "select coalesce(reason, '') from notice where state = 'dropped'";
    assert_eq!(office.installation.tables().await.texts(dropped).await, ["opted out"; 2], "{name}");
    office.host.assert_lawful();
    office.desk.close().await;
    office.storage.close().await;
}

// Negative controls: with every reply taken for free in the courier's verdict, what should be held goes as text; with `muted` not looked
// at in `decide_notice`, the notices of whoever opted out are queued.
#[tokio::test(flavor = "multi_thread")]
async fn a_notice_goes_as_free_text_as_a_template_or_waits_for_its_citizen() {
    let with_template = providers().filter(|candidate| ["wa", "tw"].contains(&candidate.name));
    let runs = providers().map(|candidate| (candidate, false)).chain(with_template.map(|candidate| (candidate, true)));
    futures_util::future::join_all(runs.map(|(candidate, template)| notices_of(candidate, template))).await;
}
