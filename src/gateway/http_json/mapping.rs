//! What is configured of a gateway: where things stand in what it posts, what it is sent, and what its words mean.
//! Each pointer is a JSON pointer, `/data/message`.

use std::fmt;

use crate::domain::message::Contact;
use crate::gateway::address;
use crate::gateway::settings::{self, SettingsError};
use crate::gateway::signature::Hash;
use crate::gateway::{Capabilities, Rate, Statuses};

/// What proves that a body is the provider's.
#[derive(Clone)]
pub enum Proof {
    /// A secret at the end of the webhook's address, where the provider signs nothing: one, or two during a rotation.
    Path(Vec<String>),
    /// A secret that the provider repeats in a header.
    Header {
        /// The header.
        name: String,
        /// The secrets.
        secrets: Vec<String>,
    },
    /// A secret in a field of the query.
    Query {
        /// The field.
        name: String,
        /// The secrets.
        secrets: Vec<String>,
    },
    /// A keyed hash of the raw body in a header.
    Hmac {
        /// The header.
        header: String,
        /// What stands before it, such as `sha256=`.
        prefix: String,
        /// The hash.
        hash: Hash,
        /// Whether it is written in base64 rather than hex.
        base64: bool,
        /// The secrets.
        secrets: Vec<String>,
    },
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path(_) => "Path",
            Self::Header { .. } => "Header",
            Self::Query { .. } => "Query",
            Self::Hmac { .. } => "Hmac",
        })
    }
}

impl Proof {
    /// Its secrets, whatever it is.
    pub(super) fn secrets(&self) -> &[String] {
        match self {
            Self::Path(secrets)
            | Self::Header { secrets, .. }
            | Self::Query { secrets, .. }
            | Self::Hmac { secrets, .. } => secrets,
        }
    }

    pub(super) fn check(&self) -> Result<(), SettingsError> {
        match self {
            Self::Path(secrets) => {
                settings::secrets("path_secret", secrets)?;
                secrets.iter().try_for_each(|secret| settings::path_secret("path_secret", secret))
            }
            Self::Header { name, secrets } => {
                settings::header_name("secret_header", name)?;
                settings::secrets("header_secret", secrets)
            }
            Self::Query { name, secrets } => {
                if name.is_empty() {
                    return Err(SettingsError::Empty("secret_field"));
                }
                settings::secrets("field_secret", secrets)?;
                secrets.iter().try_for_each(|secret| settings::path_secret("field_secret", secret))
            }
            Self::Hmac { header, secrets, .. } => {
                settings::header_name("signature_header", header)?;
                settings::secrets("hmac_secret", secrets)
            }
        }
    }
}

/// Where things stand and what they mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// What the provider posts.
    pub inbound: InboundMapping,
    /// What it takes and answers.
    pub outbound: OutboundMapping,
}

/// JSON pointers to one value: the first whose value is not empty counts. No pointer: the provider has no such thing.
pub type Pointers = Vec<String>;

/// What marks a message: a truth value, or words, at a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Condition {
    /// Where it stands; any of several that is filled.
    pub places: Pointers,
    /// The words that say yes, in lower case; none: the value itself says yes or no.
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
    /// The line, in each message.
    pub line: Pointers,
    /// The message's id; none, or 0 there: sender, text and time tell two messages apart.
    pub id: Pointers,
    /// The sender; of several a telephone number before a privacy id.
    pub from: Pointers,
    /// The country whose spelling of numbers a sender's may have (`0812…`): `ID`.
    pub country: String,
    /// The text, or the caption.
    pub text: Pointers,
    /// What stands in the place of the text when there is none.
    pub text_if_none: Vec<String>,
    /// When it was sent, in any spelling.
    pub time: Pointers,
    /// The type in the provider's words.
    pub kind: Pointers,
    /// What these words mean, in lower case, before what they mean anyway.
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
    /// Whether a body is of no use here.
    pub ignored: Condition,
    /// The words that a body of use has at a place; another word there, and it is ignored.
    pub wanted: Condition,
    /// How far a reply came: the word.
    pub status: Pointers,
    /// How far a reply came: its id.
    pub status_id: Pointers,
    /// Whether the line can send: the word, where this is told by the same webhook and without a sender.
    pub session: Pointers,
    /// The word that says that it can.
    pub session_up: String,
    /// The word that says that it cannot.
    pub session_down: String,
    /// Secrets of the provider's in what it posts: what fields of these names hold is never kept.
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

    fn check(&self) -> Result<(), SettingsError> {
        let needed = [("inbound.line", &self.line), ("inbound.from", &self.from), ("inbound.text", &self.text)];
        if let Some((key, _)) = needed.into_iter().find(|(_, places)| places.is_empty()) {
            return Err(SettingsError::Empty(key));
        }
        for (key, places) in self.places().into_iter().chain([("inbound.status_id", &self.status_id)]) {
            places.iter().try_for_each(|place| is_place(key, place))?;
        }
        is_place("inbound.items", &self.items)?;
        is_place("inbound.each", &self.each)?;
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
    /// An address or a line as the provider writes it: a number in its country's own spelling as everywhere else. `None`
    /// where nobody is behind it.
    pub fn number(&self, text: &str) -> Option<Contact> {
        match address::country(if self.country.is_empty() { "ID" } else { &self.country }) {
            Some(country) => address::read_local(text, country),
            None => address::read(text),
        }
    }

    /// The names of the fields whose values are never kept.
    pub(super) fn hidden_fields(&self) -> Vec<String> {
        let last = |place: &String| place.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
        self.hidden.iter().map(last).collect()
    }
}

/// Whether a place is one, or is left out.
fn is_place(key: &'static str, place: &str) -> Result<(), SettingsError> {
    if place.is_empty() || place.starts_with('/') {
        return Ok(());
    }
    Err(SettingsError::Invalid(key, "must begin with a slash, like \"/data/message\"".to_owned()))
}

/// What the provider takes and answers. Fields may hold secrets of the provider's own: Debug shows their names only.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboundMapping {
    /// Where replies are posted to, perhaps with `{line}` and `{token}` in it.
    pub url: String,
    /// The header with the token.
    pub auth_header: String,
    /// What stands before the token, such as `Bearer `.
    pub auth_prefix: String,
    /// JSON or a form.
    pub encoding: Encoding,
    /// Fields by name (or JSON pointer) and their templates, with what [`FIELD_WORDS`] stand for.
    pub fields: Vec<(String, String)>,
    /// Where the answer says whether it was taken, and what a yes looks like. Empty: the status alone decides.
    pub ok: (String, String),
    /// Where the answer has the message's id.
    pub id: String,
    /// Where the answer says why not.
    pub reason: String,
    /// What words of a reason mean, in the order in which they are looked for.
    pub verdicts: Vec<VerdictWords>,
    /// Longest text, in characters.
    pub text_chars_max: usize,
    /// Shortest pause between two messages of one line, in seconds.
    pub pause_seconds: u32,
    /// How to ask whether the line works; `None` where one can only try.
    pub probe: Option<Probe>,
}

/// What a field's template may say.
pub(super) const FIELD_WORDS: [&str; 5] = ["{to}", "{text}", "{line}", "{tracker}", "{token}"];

impl fmt::Debug for OutboundMapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.fields.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("OutboundMapping")
            .field("url", &self.url)
            .field("encoding", &self.encoding)
            .field("fields", &names)
            .finish_non_exhaustive()
    }
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// JSON.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

/// Words that a reason may hold, in lower case, and what they mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictWords {
    /// What they mean.
    pub verdict: Verdict,
    /// Any of them is enough.
    pub any: Vec<String>,
}

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The line is too fast.
    Throttled,
    /// A passing fault.
    Transient,
    /// No free replies to this citizen any more.
    WindowClosed,
    /// The citizen cannot be reached, or the message cannot be sent.
    Refused,
    /// The citizen wants no messages.
    OptedOut,
    /// The line is broken.
    Misconfigured,
    /// The account is limited.
    Limited,
}

/// How to ask whether a line works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Where.
    pub url: String,
    /// Whether it is asked by GET rather than POST.
    pub get: bool,
    /// Where the answer says it, and what a yes looks like.
    pub ok: (String, String),
}

impl Default for OutboundMapping {
    fn default() -> Self {
        Self {
            url: String::new(),
            auth_header: "authorization".to_owned(),
            auth_prefix: String::new(),
            encoding: Encoding::Json,
            fields: Vec::new(),
            ok: (String::new(), String::new()),
            id: String::new(),
            reason: String::new(),
            verdicts: Vec::new(),
            text_chars_max: 4_096,
            pause_seconds: 3,
            probe: None,
        }
    }
}

impl OutboundMapping {
    /// Whether the token stands in an address or a field: then no header carries it.
    pub(super) fn says_token(&self) -> bool {
        let fields = self.fields.iter().map(|(_, template)| template.as_str());
        fields.chain([self.url.as_str()]).any(|template| template.contains("{token}"))
    }

    /// Pictures would have to lie where the provider can fetch them, which a booking code must not.
    pub(super) fn capabilities(&self) -> Capabilities {
        Capabilities {
            text_chars_max: self.text_chars_max,
            caption_chars_max: self.text_chars_max,
            pictures: false,
            channel_rate: Rate::one_in_seconds(i64::from(self.pause_seconds.max(1))).with_burst(5),
            statuses: if self.id.is_empty() { Statuses::None } else { Statuses::ById },
            ..Capabilities::default()
        }
    }
}

impl Mapping {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        self.inbound.check()?;
        let OutboundMapping { ok, id, reason, fields, probe, .. } = &self.outbound;
        for (key, place) in [("outbound.ok", &ok.0), ("outbound.id", id), ("outbound.reason", reason)] {
            is_place(key, place)?;
        }
        if !self.inbound.session.is_empty() && probe.is_none() {
            let why = "needs outbound.probe_url: what the provider says about the line is checked there".to_owned();
            return Err(SettingsError::Invalid("inbound.session", why));
        }
        for (name, template) in fields {
            if let Some(word) = unknown_word(template) {
                let why =
                    format!("says {word} in `{name}`, which stands for nothing: write {}", FIELD_WORDS.join(", "));
                return Err(SettingsError::Invalid("outbound.fields", why));
            }
        }
        let says = |word: &str| fields.iter().any(|(_, template)| template.contains(word));
        if !says("{to}") || !says("{text}") {
            let why = "must say {to} and {text} somewhere, or nobody would get anything".to_owned();
            return Err(SettingsError::Invalid("outbound.fields", why));
        }
        Ok(())
    }
}

/// A word in braces that stands for nothing: `{nama}`. Other braces are text, such as those of JSON.
fn unknown_word(template: &str) -> Option<&str> {
    template.match_indices('{').find_map(|(at, _)| {
        let from = template.get(at..)?;
        let word = from.get(..=from.find('}')?)?;
        let name = word.get(1..word.len() - 1)?;
        let is_word = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        (is_word && !FIELD_WORDS.contains(&word)).then_some(word)
    })
}
