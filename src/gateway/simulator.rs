//! A provider inside the house: the simulator page types as citizens and sees the replies.
//!
//! Nothing is signed: it exists only where it is configured, its page comes from the same server, and what other sites'
//! pages send is turned away ([`site`](super::site)). Replies and
//! pictures are kept in memory, bounded, and are gone with the process.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::broadcast;

use super::picture::{self, MEDIA_BYTES_MAX};
use super::site::{self, Site};
use super::{
    Capabilities, Denied, FetchError, Gateway, Item, Media, Parcel, Precheck, Receipt, SendError, Status,
    WebhookRequest, address, inlet, timestamp,
};
use crate::clock::SharedClock;
use crate::domain::message::{Attachment, ChannelId, Contact, Content, Delivery, Inbound, MessageId, OtherKind};

/// Replies remembered for one citizen: more than a chat window shows.
pub const TRANSCRIPT_REPLIES_MAX: usize = 200;
/// Chats remembered; the one that was quiet longest is forgotten first.
pub const CHATS_MAX: usize = 2_000;
/// Pictures kept until they are fetched, which takes seconds.
pub const PICTURES_MAX: usize = 64;
/// Bytes of pictures kept in all.
pub const PICTURES_BYTES_MAX: usize = 8 * MEDIA_BYTES_MAX;
/// Replies a slow page may lag behind before it has to read the transcript again.
const EVENTS_MAX: usize = 1_024;
/// Longest id of a message that the page may choose, in bytes.
const ID_BYTES_MAX: usize = 128;

/// One reply, as the page shows it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct SimulatorEvent {
    /// The line, such as `bogor`.
    pub key: String,
    /// Who gets it.
    pub contact: String,
    /// The reply's id, for delivery ticks.
    pub id: String,
    /// The text, or the caption.
    pub text: String,
    /// The picture above it, a PNG in base64.
    pub png_base64: Option<String>,
    /// When it went out, by the clock of the house.
    pub at: DateTime<Utc>,
}

/// Replies are personal data: Debug shows the id only.
impl std::fmt::Debug for SimulatorEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimulatorEvent").field("key", &self.key).field("id", &self.id).finish_non_exhaustive()
    }
}

/// The simulator's gateway.
pub struct Simulator {
    name: String,
    capabilities: Capabilities,
    clock: SharedClock,
    site: Site,
    memory: Mutex<Memory>,
    events: broadcast::Sender<SimulatorEvent>,
}

/// What it remembers.
#[derive(Default)]
struct Memory {
    chats: HashMap<(String, String), Chat>,
    /// By reference, oldest first.
    pictures: VecDeque<(String, Bytes)>,
    pictures_bytes: usize,
    replies: u64,
}

/// The replies to one citizen.
#[derive(Default)]
struct Chat {
    replies: VecDeque<SimulatorEvent>,
    /// The number of the latest reply, counted over all chats.
    latest: u64,
}

impl Memory {
    fn note(&mut self, event: SimulatorEvent) {
        self.replies += 1;
        let key = (event.key.clone(), event.contact.clone());
        if self.chats.len() >= CHATS_MAX && !self.chats.contains_key(&key) {
            let quietest = self.chats.iter().min_by_key(|(_, chat)| chat.latest).map(|(key, _)| key.clone());
            quietest.map(|key| self.chats.remove(&key));
        }
        let chat = self.chats.entry(key).or_default();
        chat.latest = self.replies;
        chat.replies.push_back(event);
        if chat.replies.len() > TRANSCRIPT_REPLIES_MAX {
            chat.replies.pop_front();
        }
    }

    /// Keeps a picture; the same reference again replaces it, as a repeated webhook does.
    fn keep(&mut self, reference: String, bytes: Bytes) {
        self.forget(&reference);
        self.pictures_bytes += bytes.len();
        self.pictures.push_back((reference, bytes));
        while self.pictures.len() > PICTURES_MAX || self.pictures_bytes > PICTURES_BYTES_MAX {
            let Some((_, oldest)) = self.pictures.pop_front() else { break };
            self.pictures_bytes -= oldest.len();
        }
    }

    fn forget(&mut self, reference: &str) {
        if let Some(at) = self.pictures.iter().position(|(known, _)| known == reference)
            && let Some((_, old)) = self.pictures.remove(at)
        {
            self.pictures_bytes -= old.len();
        }
    }
}

impl Simulator {
    /// A simulator whose replies carry the time of `clock`.
    pub fn new(name: impl Into<String>, clock: SharedClock) -> Arc<Self> {
        Self::at(name, clock, Site::default())
    }

    /// The same, whose page answers to more names than the loopback's.
    pub fn at(name: impl Into<String>, clock: SharedClock, site: Site) -> Arc<Self> {
        let (events, _) = broadcast::channel(EVENTS_MAX);
        Arc::new(Self {
            name: name.into(),
            capabilities: Capabilities::unlimited(),
            clock,
            site,
            memory: Mutex::default(),
            events,
        })
    }

    /// The site that its page is.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Every reply from now on, of all lines and citizens. One that lags too far reads [`Self::transcript`] again.
    pub fn subscribe(&self) -> broadcast::Receiver<SimulatorEvent> {
        self.events.subscribe()
    }

    /// The latest replies to one citizen, oldest first.
    pub fn transcript(&self, key: &str, contact: &Contact) -> Vec<SimulatorEvent> {
        let memory = self.memory();
        let chat = memory.chats.get(&(key.to_owned(), contact.as_str().to_owned()));
        chat.map(|chat| chat.replies.iter().cloned().collect()).unwrap_or_default()
    }

    /// The memory; each change to it is whole, so a panic elsewhere leaves nothing broken in it.
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn message(&self, key: &str, raw: &Value, received_at: DateTime<Utc>) -> Result<Item, String> {
        let message = Typed::deserialize(raw).map_err(|_| "a message not of the simulator's form")?;
        let id = id(message.id)?;
        let contact = address::read(&message.from).ok_or("a message without a sender")?;
        let text = message.text.map(|text| text.replace('\0', ""));
        let content = match (message.picture, text) {
            (Some(file), caption) => match BASE64_STANDARD.decode(file.base64) {
                Ok(bytes) => self.picture(format!("{key}/{}", id.as_str()), bytes, caption),
                Err(_) => return Err("a picture that is no base64".to_owned()),
            },
            (None, Some(text)) => Content::Text(text),
            (None, None) => Content::Other(OtherKind::Unsupported),
        };
        let channel = ChannelId::new(&self.name, key);
        let sent_at = message.sent_at.map_or(received_at, |claimed| timestamp::bounded(claimed, received_at));
        Ok(Item::Message(Inbound { channel, contact, also: Vec::new(), id, sent_at, content }))
    }

    /// A picture is kept for [`Gateway::fetch_media`]; one that is too large is not, and cannot be fetched.
    fn picture(&self, reference: String, bytes: Vec<u8>, caption: Option<String>) -> Content {
        let Some(mime) = picture::mime_of(&bytes) else { return Content::Other(OtherKind::Document) };
        if bytes.len() <= MEDIA_BYTES_MAX {
            self.memory().keep(reference.clone(), bytes.into());
        }
        let caption = caption.filter(|caption| !caption.is_empty());
        Content::Picture { attachment: Attachment { reference, mime: Some(mime.to_owned()), sha256: None }, caption }
    }

    fn status(&self, key: &str, raw: &Value) -> Result<Item, String> {
        let tick = Tick::deserialize(raw).map_err(|_| "a status not of the simulator's form")?;
        let tracker = tick.id.strip_prefix("sim.").and_then(|id| id.split('.').next()).and_then(|id| id.parse().ok());
        let channel = ChannelId::new(&self.name, key);
        Ok(Item::Status(Status { channel, id: id(tick.id)?, tracker, delivery: tick.status, error: None }))
    }
}

/// A message as the page posts it.
#[derive(Deserialize)]
struct Typed {
    id: String,
    from: String,
    sent_at: Option<DateTime<Utc>>,
    text: Option<String>,
    picture: Option<Picture>,
}

/// An attached picture; its name is for the page.
#[derive(Deserialize)]
struct Picture {
    base64: String,
}

/// A delivery tick as the page posts it.
#[derive(Deserialize)]
struct Tick {
    id: String,
    status: Delivery,
}

fn id(text: String) -> Result<MessageId, String> {
    let fits = (1..=ID_BYTES_MAX).contains(&text.len()) && !text.contains(char::is_control);
    if fits { Ok(MessageId::new(text)) } else { Err("an id that is none".to_owned()) }
}

#[async_trait]
impl Gateway for Simulator {
    fn name(&self) -> &str {
        &self.name
    }

    fn precheck(&self, request: &WebhookRequest<'_>) -> Result<Precheck, Denied> {
        self.verify(request).map(|()| Precheck::Pending)
    }

    /// Nothing is signed, so what a page of another site could send must not pass.
    fn verify(&self, request: &WebhookRequest<'_>) -> Result<(), Denied> {
        (site::is_json(request.headers) && self.site.is_ours(request.headers)).then_some(()).ok_or(Denied)
    }

    /// Reads `{"key", "messages": [{"id", "from", "sent_at"?, "text"?, "picture"?: {"name", "base64"}}],
    /// "statuses": [{"id", "status"}]}`.
    fn read(&self, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
        let root = inlet::parse(body).unwrap_or_default();
        let Some(key) = root.get("key").and_then(Value::as_str).filter(|key| !key.is_empty()) else {
            return vec![inlet::or_malformed(Err("no JSON with a `key`".to_owned()))];
        };
        let list = |name: &str| root.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let messages = list("messages").iter().map(|raw| self.message(key, raw, received_at));
        let statuses = list("statuses").iter().map(|raw| self.status(key, raw));
        let items: Vec<Item> = messages.chain(statuses).map(inlet::or_malformed).collect();
        if items.is_empty() { vec![Item::Ignored { reason: "an empty body".to_owned() }] } else { items }
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn probe(&self, _key: &str) -> Result<String, SendError> {
        Ok("a page of this installation".to_owned())
    }

    async fn send(&self, key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        let mut memory = self.memory();
        // The reply's number keeps ids apart where an outbox starts anew.
        let id = format!("sim.{}.{}", parcel.tracker, memory.replies);
        let event = SimulatorEvent {
            key: key.to_owned(),
            contact: to.as_str().to_owned(),
            id: id.clone(),
            text: parcel.text.clone(),
            png_base64: parcel.png().map(|png| BASE64_STANDARD.encode(png)),
            at: self.clock.now(),
        };
        memory.note(event.clone());
        // Under the lock, so that the page sees replies in the transcript's order; nobody listening is no error.
        let _ = self.events.send(event);
        Ok(Receipt { id: Some(MessageId::new(id)), without_picture: false })
    }

    async fn fetch_media(&self, _key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        let memory = self.memory();
        let kept = memory.pictures.iter().find(|(reference, _)| *reference == attachment.reference);
        let bytes = kept.map(|(_, bytes)| bytes.clone()).ok_or_else(|| FetchError::Final("not kept".to_owned()))?;
        let mime = picture::mime_of(&bytes).ok_or_else(|| FetchError::Final("no picture".to_owned()))?;
        Ok(Media { mime, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use proptest::prelude::*;
    use serde_json::json;

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
}
