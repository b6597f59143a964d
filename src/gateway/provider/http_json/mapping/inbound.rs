//! Where things stand in what the provider posts.

use crate::domain::message::Contact;
use crate::gateway::address;
use crate::gateway::settings::SettingsError;

/// JSON pointers to one value: the first whose value is not empty counts. No pointer: the provider has no such thing.
pub type Pointers = Vec<String>;

/// A condition on a message: a value at one of some places is true, or is one of some words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Condition {
    /// JSON pointers; the condition holds where any of them fits.
    pub places: Pointers,
    /// The words that fit, in lower case; none: the value itself must be true.
    pub words: Vec<String>,
}

/// What a word of the provider's for a type means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A picture.
    Picture,
    /// A sound.
    Audio,
    /// A moving picture.
    Video,
    /// A sticker.
    Sticker,
    /// A place.
    Location,
    /// A contact card.
    Contact,
    /// A file.
    Document,
    /// A message changed after it was sent.
    Edit,
    /// Nothing that an office is asked.
    Ignored,
}

/// Where things stand in what the provider posts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InboundMapping {
    /// The list of messages; empty: the body is one message.
    pub items: String,
    /// Where a body of one message may have a list: then each of its elements, in its place, is a message.
    pub each: String,
    /// The channel, in each message.
    pub line: Pointers,
    /// The message's id; none, or 0 there: sender, text and time tell two messages apart.
    pub id: Pointers,
    /// The sender; of several a telephone number before a privacy id.
    pub from: Pointers,
    /// The country whose spelling of numbers a sender's may have (`0812…`): `ID`.
    pub country: String,
    /// The text, or the caption.
    pub text: Pointers,
    /// Values of the text that mean that there is none.
    pub text_if_none: Vec<String>,
    /// When it was sent, in any spelling.
    pub time: Pointers,
    /// The type in the provider's words.
    pub kind: Pointers,
    /// What these words of the provider mean, in lower case; they are looked up before the usual ones.
    pub kinds: Vec<(Kind, Vec<String>)>,
    /// A location, where it has a place of its own.
    pub location: Pointers,
    /// Where a file lies.
    pub media: Pointers,
    /// Hosts that files may be fetched from, with all below them. None: no file can be fetched.
    pub media_hosts: Vec<String>,
    /// Whether it came by a group.
    pub group: Condition,
    /// Whether it is one of our own.
    pub own: Condition,
    /// Whether it is a picture, where the type does not say so.
    pub picture: Condition,
    /// Whether a body is ignored.
    pub ignored: Condition,
    /// The events that are read: a body with another word at these places is ignored.
    pub wanted: Condition,
    /// How far a reply came: the word.
    pub status: Pointers,
    /// How far a reply came: its id.
    pub status_id: Pointers,
    /// The state of the channel, where the same webhook reports it in a body without a sender.
    pub session: Pointers,
    /// The word that says that it can.
    pub session_up: String,
    /// The word that says that it cannot.
    pub session_down: String,
    /// Names of fields in which the provider posts secrets of its own: their values are never kept.
    pub hidden: Pointers,
}

impl InboundMapping {
    /// The places by their keys.
    fn places(&self) -> [(&'static str, &Pointers); 16] {
        [
            ("inbound.line", &self.line),
            ("inbound.id", &self.id),
            ("inbound.from", &self.from),
            ("inbound.text", &self.text),
            ("inbound.time", &self.time),
            ("inbound.kind", &self.kind),
            ("inbound.location", &self.location),
            ("inbound.media", &self.media),
            ("inbound.group", &self.group.places),
            ("inbound.own", &self.own.places),
            ("inbound.picture", &self.picture.places),
            ("inbound.ignored", &self.ignored.places),
            ("inbound.wanted", &self.wanted.places),
            ("inbound.status", &self.status),
            ("inbound.session", &self.session),
            ("inbound.hidden", &self.hidden),
        ]
    }

    /// Checks that the pointers are pointers, and that nothing needed is left out.
    pub(in crate::gateway) fn check(&self) -> Result<(), SettingsError> {
        let needed = [("inbound.line", &self.line), ("inbound.from", &self.from), ("inbound.text", &self.text)];
        if let Some((key, _)) = needed.into_iter().find(|(_, places)| places.is_empty()) {
            return Err(SettingsError::Empty(key));
        }
        for (key, places) in self.places().into_iter().chain([("inbound.status_id", &self.status_id)]) {
            places.iter().try_for_each(|place| check_pointer(key, place))?;
        }
        check_pointer("inbound.items", &self.items)?;
        check_pointer("inbound.each", &self.each)?;
        if self.hidden_fields().iter().any(|name| name.bytes().all(|b| b.is_ascii_digit())) {
            let why = "must end with the name of a field, like \"/apikey\": it is left out by its name".to_owned();
            return Err(SettingsError::Invalid("inbound.hidden", why));
        }
        for (key, mark) in [("inbound.ignored", &self.ignored), ("inbound.wanted", &self.wanted)] {
            if !mark.places.is_empty() && mark.words.is_empty() {
                let why = "needs words: { place = \"/event\", words = [\"message\"] }".to_owned();
                return Err(SettingsError::Invalid(key, why));
            }
        }
        if !self.country.is_empty() && address::country(&self.country).is_none() {
            return Err(SettingsError::Invalid(
                "inbound.country",
                "must be the two letters of a country, like ID".to_owned(),
            ));
        }
        Ok(())
    }
}

impl InboundMapping {
    /// An address or a channel as the provider writes it: a number in its country's own spelling as everywhere else. `None`
    /// where nobody is behind it.
    pub fn number(&self, text: &str) -> Option<Contact> {
        match address::country(if self.country.is_empty() { "ID" } else { &self.country }) {
            Some(country) => address::read_local(text, country),
            None => address::read(text),
        }
    }

    /// The names of the fields whose values are never kept.
    pub(in crate::gateway) fn hidden_fields(&self) -> Vec<String> {
        let last = |place: &String| place.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
        self.hidden.iter().map(last).collect()
    }
}

/// Checks that a place is a JSON pointer or is left out.
pub(in crate::gateway) fn check_pointer(key: &'static str, place: &str) -> Result<(), SettingsError> {
    if place.is_empty() || place.starts_with('/') {
        return Ok(());
    }
    Err(SettingsError::Invalid(key, "must begin with a slash, like \"/data/message\"".to_owned()))
}
