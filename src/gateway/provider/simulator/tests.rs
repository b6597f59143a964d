//! What the page types, what it is shown, and that memory is bounded.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::memory::Memory;
use super::*;
use crate::clock::SystemClock;
use crate::domain::message::{Attachment, ChannelId, Contact, Content, Delivery, Inbound, MessageId, OtherKind};
use crate::gateway::picture::MEDIA_BYTES_MAX;
use crate::gateway::{FetchError, Gateway, Item, Media, Outbound, Parcel, Status};

const PNG: &[u8] = b"\x89PNG\r\n\x1A\n";

fn simulator() -> Arc<Simulator> {
    Simulator::new("sim", Arc::new(SystemClock))
}

fn read(simulator: &Simulator, body: &Value) -> Vec<Item> {
    simulator.read(body.to_string().as_bytes(), received_at())
}

fn received_at() -> DateTime<Utc> {
    "2017-08-01T02:00:05Z".parse().expect("an instant")
}

#[test]
fn a_year_beyond_all_calendars_is_not_believed() {
    let body = json!({"key": "bogor", "messages": [
        {"id": "m1", "from": "6281200001234", "sent_at": "+262142-12-31T23:59:59Z", "text": "halo"}]});
    let items = read(&simulator(), &body);
    assert!(matches!(&items[..], [Item::Message(message)] if message.sent_at == received_at()), "{items:?}");
}

fn parcel(tracker: i64, text: &str) -> Parcel {
    Parcel::text(tracker, text)
}

#[test]
fn the_page_types_texts_pictures_and_ticks() {
    let body = json!({
        "key": "bogor",
        "messages": [
            {"id": "m1", "from": "+62 812 0000 1234", "sent_at": "2017-08-01T02:00:00Z", "text": "#Budi#25011987#07082017"},
            {"id": "m2", "from": "6281200001234", "picture": {"name": "ktp.png", "base64": BASE64_STANDARD.encode(PNG)}},
            {"id": "m3", "from": "6281200001234", "picture": {"name": "a.pdf", "base64": "JVBERg=="}},
            {"id": "", "from": "6281200001234", "text": "bad"},
            {"id": "m5", "from": "6281200001234", "text": "neighbour"},
        ],
        "statuses": [{"id": "sim.7.0", "status": "read"}, {"id": "sim.7.0", "status": "lost"}],
    });
    let inbound = |id: &str, sent_at, content| {
        let channel = ChannelId::new("sim", "bogor");
        Item::Message(Inbound {
            channel,
            contact: Contact::new("6281200001234"),
            also: Vec::new(),
            id: MessageId::new(id),
            sent_at,
            content,
        })
    };
    let attachment = Attachment { reference: "bogor/m2".into(), mime: Some("image/png".into()), sha256: None };
    let sent_at = "2017-08-01T02:00:00Z".parse().expect("an instant");
    let items = read(&simulator(), &body);
    assert_eq!(items[0], inbound("m1", sent_at, Content::Text("#Budi#25011987#07082017".into())));
    assert_eq!(items[1], inbound("m2", received_at(), Content::Picture { attachment, caption: None }));
    assert_eq!(items[2], inbound("m3", received_at(), Content::Other(OtherKind::Document)));
    assert!(matches!(items[3], Item::Malformed { .. }));
    assert_eq!(items[4], inbound("m5", received_at(), Content::Text("neighbour".into())));
    let tick = Status {
        channel: ChannelId::new("sim", "bogor"),
        id: MessageId::new("sim.7.0"),
        tracker: Some(7),
        delivery: Delivery::Read,
        error: None,
    };
    assert_eq!(items[5], Item::Status(tick));
    assert!(matches!(items[6], Item::Malformed { .. }));
    assert_eq!(items.len(), 7);
}

#[tokio::test]
async fn an_attached_picture_can_be_fetched_and_the_oldest_make_room() {
    let simulator = simulator();
    for n in 0..=PICTURES_MAX {
        let picture = json!({"name": "ktp.png", "base64": BASE64_STANDARD.encode(PNG)});
        read(
            &simulator,
            &json!({"key": "bogor", "messages": [{"id": format!("m{n}"), "from": "62812", "picture": picture}]}),
        );
    }
    let fetch = async |n: usize| {
        let attachment = Attachment { reference: format!("bogor/m{n}"), mime: None, sha256: None };
        simulator.fetch_media("bogor", &attachment).await
    };
    assert_eq!(fetch(PICTURES_MAX).await, Ok(Media { mime: "image/png", bytes: Bytes::from_static(PNG) }));
    assert_eq!(fetch(0).await, Err(FetchError::Final("not kept".into())));
}

#[test]
fn kept_pictures_stay_within_their_bytes_and_a_repeat_takes_no_more() {
    let mut memory = Memory::default();
    for n in 0..20 {
        memory.keep(format!("{n}"), Bytes::from(vec![0; MEDIA_BYTES_MAX]));
        memory.keep(format!("{n}"), Bytes::from(vec![0; MEDIA_BYTES_MAX]));
    }
    assert_eq!(memory.pictures_bytes, PICTURES_BYTES_MAX);
    assert_eq!(memory.pictures.len(), 8);
}

#[tokio::test]
async fn replies_are_told_at_once_and_remembered_in_order() {
    let simulator = simulator();
    let mut events = simulator.subscribe();
    let budi = Contact::new("6281200001234");
    for n in 0..3 {
        simulator.send("bogor", &budi, &parcel(n, &format!("reply {n}"))).await.expect("sent");
    }
    simulator.send("bogor", &Contact::new("6281200005678"), &parcel(9, "another")).await.expect("sent");
    let remembered = simulator.transcript("bogor", &budi);
    assert_eq!(
        remembered.iter().map(|event| event.text.as_str()).collect::<Vec<_>>(),
        ["reply 0", "reply 1", "reply 2"]
    );
    assert_eq!(events.recv().await.expect("an event"), remembered[0]);
    assert!(simulator.transcript("batam", &budi).is_empty());
    assert!(!format!("{remembered:?}").contains("reply"));
}

#[tokio::test]
async fn transcripts_are_bounded_in_length_and_number() {
    let simulator = simulator();
    let budi = Contact::new("6281200001234");
    for n in 0..=TRANSCRIPT_REPLIES_MAX {
        simulator.send("bogor", &budi, &parcel(0, &n.to_string())).await.expect("sent");
    }
    assert_eq!(simulator.transcript("bogor", &budi).len(), TRANSCRIPT_REPLIES_MAX);
    assert_eq!(simulator.transcript("bogor", &budi)[0].text, "1");
    for n in 0..CHATS_MAX {
        simulator.send("bogor", &Contact::new(format!("{n}")), &parcel(0, "hi")).await.expect("sent");
    }
    assert!(simulator.transcript("bogor", &budi).is_empty());
    assert_eq!(simulator.memory().chats.len(), CHATS_MAX);
}

proptest! {
    #[test]
    fn reading_never_panics_and_never_gives_nothing(body: Vec<u8>) {
        prop_assert!(!simulator().read(&body, received_at()).is_empty());
    }
}
