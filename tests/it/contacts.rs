//! One citizen stays one contact while their addresses change, and whoever gets an old number is somebody else.

use std::sync::Arc;

use antrean::clock::SystemClock;
use antrean::config::Config;
use antrean::desk::{Desk, Verdict};
use antrean::domain::message::ChannelId;
use antrean::gateway::{Gateway, Item};
use antrean::storage::Storage;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::engine::{Engine, Tables, on_both_engines};
use crate::support::installation::{Installation, body, change, code_in, form, in_days, now};

const OLD: &str = "6281200000001";
const NEW: &str = "6281200000002";
const USER: &str = "ID.1000200030004000";

/// An office, its desk and its gateway, without a server.
struct Counter {
    installation: Installation,
    storage: Storage,
    desk: Desk,
    gateway: Arc<dyn Gateway>,
    start: DateTime<Utc>,
    told: i64,
}

impl Counter {
    async fn open(engine: Engine) -> Self {
        let installation = Installation::new_on(engine, "http://127.0.0.1:9").await;
        let config = Config::load(&installation.config()).expect("a configuration");
        let storage = Storage::open(&config.database).await.expect("a database");
        let desk = antrean::app::desk(&config, &storage, Arc::new(SystemClock)).await.expect("a desk");
        let gateway = config.gateways["wa"].open().expect("settings").expect("a gateway");
        Self { installation, storage, desk, gateway, start: now(), told: 0 }
    }

    async fn tables(&self) -> Tables {
        self.installation.tables().await
    }

    /// Serves one message of Jakarta Pusat's channel, as WhatsApp writes it; what is in `more` stands beside the text.
    async fn hear(&mut self, more: Value, text: &str) -> String {
        self.told += 1;
        let at = self.start + TimeDelta::seconds(self.told);
        let mut message = json!({"id": format!("wamid.{}", self.told), "timestamp": at.timestamp().to_string(), "type": "text",
            "text": {"body": text}});
        message.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        self.serve(message, Verdict::Served).await;
        self.last_reply().await
    }

    async fn last_reply(&self) -> String {
        self.tables().await.texts("select text from outbox order by id desc limit 1").await.remove(0)
    }

    /// Serves a notice that a number or an id changed.
    async fn notice(&mut self, id: &str, from: Value, system: Value) {
        let at = self.start + TimeDelta::seconds(self.told);
        let mut message =
            json!({"id": id, "timestamp": at.timestamp().to_string(), "type": "system", "system": system});
        message.as_object_mut().expect("an object").extend(from.as_object().expect("an object").clone());
        self.serve(message, Verdict::Noted).await;
    }

    async fn serve(&self, message: Value, verdict: Verdict) {
        self.serve_all(&[message], vec![verdict]).await;
    }

    /// Serves messages that come in one body.
    async fn serve_all(&self, messages: &[Value], verdicts: Vec<Verdict>) {
        let items = self.gateway.read(body(&[vec![change("1002", messages)]]).as_bytes(), now());
        assert!(!items.iter().any(|item| matches!(item, Item::Malformed { .. })), "{items:?}");
        assert_eq!(self.desk.serve(items).await, Ok(verdicts));
    }

    /// The contacts that have bookings, with how many.
    async fn owners(&self) -> Vec<String> {
        self.tables()
            .await
            .texts("select contact || ' ' || count(*) from booking group by contact order by contact")
            .await
    }

    async fn close(self) {
        self.desk.close().await;
        self.storage.close().await;
    }
}

on_both_engines!(
    a_contact_keeps_its_booking_when_its_number_changes,
    whoever_gets_an_old_number_is_somebody_else,
    an_id_without_a_number_becomes_a_number_and_stays_one_contact,
    two_contacts_that_turn_out_to_be_one_share_their_bookings,
    two_contacts_that_a_notice_makes_one_share_their_bookings,
    a_form_that_comes_with_the_notice_is_the_old_contacts,
    whoever_is_found_out_to_be_somebody_keeps_their_language,
    a_foreign_number_is_welcome,
);

async fn a_contact_keeps_its_booking_when_its_number_changes(engine: Engine) {
    let mut counter = Counter::open(engine).await;
    let echo = counter.hear(json!({"from": OLD}), &form("Budi Contoh", in_days(3))).await;
    for _ in 0..2 {
        // Told twice, as providers do.
        let system = json!({"type": "user_changed_number", "body": "…", "wa_id": NEW});
        counter.notice("wamid.SYS", json!({"from": OLD}), system).await;
    }
    let ticket = counter.hear(json!({"from": NEW}), &code_in(&echo)).await;
    assert!(ticket.contains("Pendaftaran berhasil"), "{ticket}");
    assert_eq!(counter.owners().await, [format!("{OLD} 1")]);
    // What waits goes to the new number.
    let mut dispatch = counter.storage.dispatch().await.expect("a transaction");
    let later = now() + TimeDelta::hours(1);
    let due = dispatch.due(&[&ChannelId::new("wa", "1002")], later, later, 10).await.expect("replies");
    dispatch.rollback().await.expect("nothing done");
    let addresses: Vec<(&str, &str)> = due.iter().map(|due| (due.contact.as_str(), due.address.as_str())).collect();
    assert_eq!(addresses, [(OLD, NEW)]);
    counter.close().await;
}

async fn whoever_gets_an_old_number_is_somebody_else(engine: Engine) {
    let mut counter = Counter::open(engine).await;
    let echo = counter.hear(json!({"from": OLD}), &form("Budi Contoh", in_days(3))).await;
    let system = json!({"type": "user_changed_number", "wa_id": NEW});
    counter.notice("wamid.SYS", json!({"from": OLD}), system).await;
    // The code of the first holder is worth nothing to the next one, and no booking shows.
    let stranger = counter.hear(json!({"from": OLD}), &code_in(&echo)).await;
    assert!(!stranger.contains("BUDI") && !stranger.contains("berhasil"), "{stranger}");
    counter.hear(json!({"from": OLD}), &form("Siti Contoh", in_days(3))).await;
    let owners = counter.owners().await;
    assert_eq!(owners.len(), 2, "{owners:?}");
    assert_eq!(owners[0], format!("{OLD} 1"));
    assert!(owners[1].starts_with(&format!("{OLD}~")), "{owners:?}");
    counter.close().await;
}

async fn an_id_without_a_number_becomes_a_number_and_stays_one_contact(engine: Engine) {
    let mut counter = Counter::open(engine).await;
    let echo = counter.hear(json!({"from_user_id": USER}), &form("Budi Contoh", in_days(3))).await;
    // Number and id together, and then the number alone.
    counter.hear(json!({"from": OLD, "from_user_id": USER}), "#status").await;
    let ticket = counter.hear(json!({"from": OLD}), &code_in(&echo)).await;
    assert!(ticket.contains("Pendaftaran berhasil"), "{ticket}");
    // The id changes with the telephone.
    let system = json!({"type": "user_changed_user_id", "user_id": "ID.9", "previous_user_id": USER});
    counter.notice("wamid.SYS", json!({"from_user_id": USER}), system).await;
    let status = counter.hear(json!({"from_user_id": "ID.9"}), "#status").await;
    assert!(status.contains("BUDI"), "{status}");
    assert_eq!(counter.owners().await, [format!("{USER} 1")]);
    counter.close().await;
}

async fn two_contacts_that_turn_out_to_be_one_share_their_bookings(engine: Engine) {
    let mut counter = Counter::open(engine).await;
    counter.hear(json!({"from_user_id": USER}), "#status").await;
    let echo = counter.hear(json!({"from": OLD}), &form("Budi Contoh", in_days(3))).await;
    // Only now does the provider tell that they are the same.
    let ticket = counter.hear(json!({"from": OLD, "from_user_id": USER}), &code_in(&echo)).await;
    assert!(ticket.contains("Pendaftaran berhasil"), "{ticket}");
    let status = counter.hear(json!({"from_user_id": USER}), "#status").await;
    assert!(status.contains("BUDI"), "{status}");
    assert_eq!(counter.owners().await, [format!("{OLD} 1")]);
    counter.close().await;
}

// Negative control: without `Books::join` nothing is known of a booking when the code comes.
async fn two_contacts_that_a_notice_makes_one_share_their_bookings(engine: Engine) {
    let mut counter = Counter::open(engine).await;
    counter.hear(json!({"from": OLD}), "#status").await;
    // From the new telephone already, before the provider tells of it.
    let echo = counter.hear(json!({"from": NEW}), &form("Budi Contoh", in_days(3))).await;
    counter.notice("wamid.SYS", json!({"from": OLD}), json!({"type": "user_changed_number", "wa_id": NEW})).await;
    assert_eq!(counter.owners().await, [format!("{OLD} 1")]);
    let ticket = counter.hear(json!({"from": NEW}), &code_in(&echo)).await;
    assert!(ticket.contains("Pendaftaran berhasil"), "{ticket}");
    assert_eq!(counter.storage.audit(now()).await.expect("an audit").findings, Vec::<String>::new());
    counter.close().await;
}

// Negative control: unless messages that came before the notice are put right, the hold is the new number's and the audit
// says so.
async fn a_form_that_comes_with_the_notice_is_the_old_contacts(engine: Engine) {
    let mut counter = Counter::open(engine).await;
    counter.hear(json!({"from": OLD}), "#status").await;
    counter.hear(json!({"from": NEW}), "#status").await;
    let at = |seconds| (counter.start + TimeDelta::seconds(seconds)).timestamp().to_string();
    let form = json!({"id": "wamid.form", "from": NEW, "timestamp": at(3), "type": "text",
        "text": {"body": form("Budi Contoh", in_days(3))}});
    let notice = json!({"id": "wamid.SYS", "from": OLD, "timestamp": at(4), "type": "system",
        "system": {"type": "user_changed_number", "wa_id": NEW}});
    counter.serve_all(&[form, notice], vec![Verdict::Served, Verdict::Noted]).await;
    assert_eq!(counter.owners().await, [format!("{OLD} 1")]);
    let echo = counter.last_reply().await;
    let ticket = counter.hear(json!({"from": NEW}), &code_in(&echo)).await;
    assert!(ticket.contains("Pendaftaran berhasil"), "{ticket}");
    assert_eq!(counter.storage.audit(now()).await.expect("an audit").findings, Vec::<String>::new());
    counter.close().await;
}

// Negative control: unless `Books::join` takes the other's conversation, the last answer is in Indonesian.
async fn whoever_is_found_out_to_be_somebody_keeps_their_language(engine: Engine) {
    let mut counter = Counter::open(engine).await;
    counter.hear(json!({"from": OLD}), "#status").await;
    counter.notice("wamid.SYS", json!({"from": OLD}), json!({"type": "user_changed_number", "wa_id": NEW})).await;
    // Nobody has written from the old number since; somebody who chose English gets it.
    counter.hear(json!({"from_user_id": USER}), "English").await;
    let echo = counter.hear(json!({"from_user_id": USER}), &form("Siti Contoh", in_days(3))).await;
    let ticket = counter.hear(json!({"from": OLD, "from_user_id": USER}), &code_in(&echo)).await;
    assert!(ticket.contains("You are booked"), "{ticket}");
    assert_eq!(counter.storage.audit(now()).await.expect("an audit").findings, Vec::<String>::new());
    counter.close().await;
}

async fn a_foreign_number_is_welcome(engine: Engine) {
    let mut counter = Counter::open(engine).await;
    let echo = counter.hear(json!({"from": "+60 12-345 6789"}), &form("Budi Contoh", in_days(3))).await;
    let ticket = counter.hear(json!({"from": "60123456789"}), &code_in(&echo)).await;
    assert!(ticket.contains("Pendaftaran berhasil"), "{ticket}");
    assert_eq!(counter.owners().await, ["60123456789 1"]);
    counter.close().await;
}
