//! What the suite asks of each provider: how it signs, what it posts, how it answers, what its errors mean.

use std::sync::Arc;

use antrean::config::Config;
use antrean::gateway::{Gateway, HeaderMap, Item, WebhookRequest};
use chrono::{DateTime, Utc};

use crate::support::host::Play;
use crate::support::installation::{Installation, now};

/// A picture's bytes: the head of a JPEG of sixteen by sixteen pixels.
pub const JPEG: &[u8] = b"\xFF\xD8\xFF\xC0\x00\x11\x08\x00\x10\x00\x10\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xFF\xD9";

/// What a citizen did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What<'a> {
    Text(&'a str),
    /// A picture with a caption, if it is not empty.
    Picture(&'a str),
    /// A picture that lies at this address.
    PictureAt(&'a str),
    Voice,
    Video,
    Sticker,
    Location,
    Card,
    Document,
    ViewOnce,
    Reaction,
    /// An earlier message, changed to this.
    Edit(&'a str),
    Deletion,
    /// What the office itself wrote.
    Echo,
    /// A text in a group.
    Group,
    /// A form that was filled in piece by piece, in a flow or a mini app.
    Filled,
    /// A button with these words on it, and others behind it.
    Button(&'a str),
    /// A message that holds nothing: the head of an album, an edit that is encrypted.
    Empty,
    /// Something that the provider itself tells a chat.
    Notice,
    /// A message of a kind that no documentation knows.
    UnknownKind,
    /// An event that no documentation knows.
    Unknown,
}

/// A message as a provider tells of it.
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    pub id: &'a str,
    /// The citizen's number, `62812000xxxxx`.
    pub from: &'a str,
    pub at: DateTime<Utc>,
    pub what: What<'a>,
}

impl<'a> Note<'a> {
    pub fn of(what: What<'a>) -> Self {
        Self { id: "3EB0AA01", from: "6281200001234", at: now(), what }
    }
}

/// What stands around a body on its way in.
#[derive(Debug, Clone)]
pub struct Envelope {
    pub target: String,
    pub tail: String,
    pub headers: HeaderMap,
}

impl Envelope {
    pub fn new(name: &str) -> Self {
        Self { target: format!("/webhooks/{name}"), tail: String::new(), headers: HeaderMap::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().expect("a header's value"));
        self
    }

    pub fn request<'a>(&'a self, body: &'a [u8]) -> WebhookRequest<'a> {
        WebhookRequest { target: &self.target, tail: &self.tail, headers: &self.headers, body }
    }
}

/// An answer of the API and the verdict that it must come to.
#[derive(Debug, Clone, Copy)]
pub struct ErrorRow {
    pub status: u16,
    pub body: &'static str,
    pub verdict: &'static str,
}

/// A row of an error table.
pub const fn row(status: u16, body: &'static str, verdict: &'static str) -> ErrorRow {
    ErrorRow { status, body, verdict }
}

/// Makes one body of several messages.
pub type Join = fn(&[Vec<u8>]) -> Vec<u8>;

/// A provider, as the suite sees it.
pub struct Candidate {
    /// Its name in the configuration, too.
    pub name: &'static str,
    /// The key of its channel.
    pub channel: &'static str,
    /// Its `[gateway.…]` section, for an API at this address.
    pub config: fn(&str) -> String,
    /// What may never be seen.
    pub secrets: &'static [&'static str],
    /// The envelope of a body that this provider posts.
    pub seal: fn(&[u8]) -> Envelope,
    /// The proof's place: a header, or nothing where it is the end of the path.
    pub proof: Option<&'static str>,
    /// Whether the proof covers the body.
    pub signs_body: bool,
    /// What it posts, if it knows such a thing.
    pub write: fn(&Note<'_>) -> Option<Vec<u8>>,
    /// Several messages in one body, where it does that.
    pub join: Option<Join>,
    /// How it tells that a reply was read, by its id.
    pub read_receipt: Option<fn(&str) -> Vec<u8>>,
    /// Its part of the API.
    pub play: Play,
    /// The last segment of where texts are posted.
    pub send: &'static str,
    /// How the API writes the number of a citizen.
    pub address: fn(&str) -> String,
    /// Whether it takes pictures from us.
    pub pictures: bool,
    /// Its error table.
    pub errors: &'static [ErrorRow],
    /// What it posts when its channel can send no more, where it posts such a thing.
    pub ill: Option<fn() -> Vec<u8>>,
    /// What it posts when its channel can send again, where it posts such a thing.
    pub well: Option<fn() -> Vec<u8>>,
    /// Where it is asked whether its channel can send (the last segment), and how it says no; where it can be asked.
    pub unwell: Option<(&'static str, &'static str)>,
    /// A body of a passing failure under a status of success, where it does that.
    pub failing_yes: Option<&'static str>,
}

impl Candidate {
    /// An installation whose only gateway is this one, with the office `jakarta-pusat` on its channel.
    pub fn installation(&self, api: &str) -> Installation {
        let installation = Installation::new(api);
        std::fs::write(installation.config(), self.configuration(api)).expect("written");
        installation
    }

    fn configuration(&self, api: &str) -> String {
        format!(
            "listen = \"127.0.0.1:0\"\ndatabase = \"sqlite://antrean.db\"\noffices = [\"offices\"]\n\n{}\n\
             [[channel]]\ngateway = \"{}\"\noffice = \"jakarta-pusat\"\nkey = \"{}\"\n",
            (self.config)(api),
            self.name,
            self.channel
        )
    }

    /// Its configuration, read as an installation would.
    pub fn configured(&self, api: &str) -> Config {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("antrean.toml");
        std::fs::write(&file, self.configuration(api)).expect("written");
        Config::load(&file).unwrap_or_else(|error| panic!("{}: {error:?}", self.name))
    }

    pub fn open(&self, api: &str) -> Arc<dyn Gateway> {
        let opened = self.configured(api).gateways[self.name].open();
        opened.expect("settings that work").expect("no simulator")
    }

    /// What a message comes to; nothing where the provider knows no such thing.
    pub fn read(&self, note: &Note<'_>) -> Option<Vec<Item>> {
        let body = (self.write)(note)?;
        Some(self.open("http://127.0.0.1:9").read(&body, now()))
    }
}
