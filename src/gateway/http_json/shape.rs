//! What is configured of a gateway: where things stand in what it posts, what it is sent, and what its words mean.
//! Places are JSON pointers, `/data/message`.

use std::fmt;

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
            Self::Hmac { .. } => "Hmac",
        })
    }
}

impl Proof {
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
            Self::Hmac { header, secrets, .. } => {
                settings::header_name("signature_header", header)?;
                settings::secrets("hmac_secret", secrets)
            }
        }
    }
}

/// Where things stand and what they mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// What the provider posts.
    pub inbound: Inbound,
    /// What it takes and answers.
    pub outbound: Outbound,
}

/// Where things stand in what the provider posts; the empty text where it has no such thing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inbound {
    /// The list of messages; empty: the body is one message.
    pub items: String,
    /// The line, in each message.
    pub line: String,
    /// The message's id; empty, or 0 there: sender, text and time tell two messages apart.
    pub id: String,
    /// The sender.
    pub from: String,
    /// The text, or the caption.
    pub text: String,
    /// What stands in the place of the text when there is none.
    pub text_if_none: String,
    /// When it was sent: seconds or milliseconds since 1970, or RFC 3339.
    pub time: String,
    /// The type in the provider's words.
    pub kind: String,
    /// A location, where it has a place of its own.
    pub location: String,
    /// Where a file lies.
    pub media: String,
    /// Hosts that files may be fetched from, with all below them. None: no file can be fetched.
    pub media_hosts: Vec<String>,
    /// Whether it came by a group.
    pub group: String,
    /// Whether it is one of our own.
    pub own: String,
    /// How far a reply came: the word.
    pub status: String,
    /// How far a reply came: its id.
    pub status_id: String,
    /// Whether the line can send: the word, where this is told by the same webhook and without a sender.
    pub session: String,
    /// The word that says that it can.
    pub session_up: String,
    /// The word that says that it cannot.
    pub session_down: String,
}

/// What the provider takes and answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbound {
    /// Where replies are posted to.
    pub url: String,
    /// The header with the token.
    pub auth_header: String,
    /// What stands before the token, such as `Bearer `.
    pub auth_prefix: String,
    /// JSON or a form.
    pub encoding: Encoding,
    /// Fields by name (or JSON pointer) and their templates, with `{to}`, `{text}`, `{line}` and `{tracker}`.
    pub fields: Vec<(String, String)>,
    /// Where the answer says whether it was taken, and what a yes looks like. Empty: the status alone decides.
    pub ok: (String, String),
    /// Where the answer has the message's id.
    pub id: String,
    /// Where the answer says why not.
    pub reason: String,
    /// What words of a reason mean, in the order in which they are looked for.
    pub verdicts: Vec<Words>,
    /// Longest text, in characters.
    pub text_chars_max: usize,
    /// Shortest pause between two messages of one line, in seconds.
    pub pause_seconds: u32,
    /// How to ask whether the line works; `None` where one can only try.
    pub probe: Option<Probe>,
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
pub struct Words {
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
    /// Where; asked by POST with the token.
    pub url: String,
    /// Where the answer says it, and what a yes looks like.
    pub ok: (String, String),
}

impl Default for Outbound {
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

impl Outbound {
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

impl Shape {
    /// A preset by its name.
    pub fn preset(name: &str) -> Option<Self> {
        (name == "fonnte").then(Self::fonnte)
    }

    /// Fonnte (docs.fonnte.com): unsigned webhooks, an id that may be 0, and 200 for failures too.
    pub fn fonnte() -> Self {
        let words = |verdict, any: &[&str]| Words { verdict, any: any.iter().map(|&word| word.to_owned()).collect() };
        let pair = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
        let inbound = Inbound {
            line: "/device".to_owned(),
            id: "/inboxid".to_owned(),
            from: "/sender".to_owned(),
            text: "/message".to_owned(),
            text_if_none: "non-text message".to_owned(),
            time: "/timestamp".to_owned(),
            kind: "/type".to_owned(),
            location: "/location".to_owned(),
            media: "/url".to_owned(),
            media_hosts: vec!["fonnte.com".to_owned()],
            group: "/isgroup".to_owned(),
            session: "/status".to_owned(),
            session_up: "connect".to_owned(),
            session_down: "disconnect".to_owned(),
            ..Inbound::default()
        };
        let outbound = Outbound {
            url: "https://api.fonnte.com/send".to_owned(),
            encoding: Encoding::Form,
            fields: [("target", "{to}"), ("message", "{text}"), ("countryCode", "62")].map(pair).to_vec(),
            ok: pair(("/status", "true")),
            id: "/id/0".to_owned(),
            reason: "/reason".to_owned(),
            verdicts: vec![
                words(
                    Verdict::Misconfigured,
                    &["token invalid", "invalid token", "disconnected", "device expired", "unknown user"],
                ),
                words(Verdict::Limited, &["insufficient quota", "quota", "banned", "limited"]),
                words(Verdict::Throttled, &["too many", "rate limit"]),
                words(Verdict::Refused, &["target invalid", "invalid target", "input invalid", "not registered"]),
            ],
            pause_seconds: 3,
            probe: Some(Probe {
                url: "https://api.fonnte.com/device".to_owned(),
                ok: pair(("/device_status", "connect")),
            }),
            ..Outbound::default()
        };
        Self { inbound, outbound }
    }

    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let Inbound {
            items,
            line,
            id,
            from,
            text,
            time,
            kind,
            location,
            media,
            group,
            own,
            status,
            status_id,
            session,
            ..
        } = &self.inbound;
        let needed = [("inbound.line", line), ("inbound.from", from), ("inbound.text", text)];
        if let Some((key, _)) = needed.into_iter().find(|(_, pointer)| pointer.is_empty()) {
            return Err(SettingsError::Empty(key));
        }
        let places = needed.into_iter().chain([
            ("inbound.items", items),
            ("inbound.id", id),
            ("inbound.time", time),
            ("inbound.kind", kind),
            ("inbound.location", location),
            ("inbound.media", media),
            ("inbound.group", group),
            ("inbound.own", own),
            ("inbound.status", status),
            ("inbound.status_id", status_id),
            ("inbound.session", session),
            ("outbound.ok", &self.outbound.ok.0),
            ("outbound.id", &self.outbound.id),
            ("outbound.reason", &self.outbound.reason),
        ]);
        for (key, pointer) in places {
            if !pointer.is_empty() && !pointer.starts_with('/') {
                return Err(SettingsError::Shape(key, "must begin with a slash, like \"/data/message\"".to_owned()));
            }
        }
        if !session.is_empty() && self.outbound.probe.is_none() {
            let why = "needs outbound.probe_url: what the provider says about the line is checked there".to_owned();
            return Err(SettingsError::Shape("inbound.session", why));
        }
        let says = |word: &str| self.outbound.fields.iter().any(|(_, template)| template.contains(word));
        if !says("{to}") || !says("{text}") {
            let why = "must say {to} and {text} somewhere, or nobody would get anything".to_owned();
            return Err(SettingsError::Shape("outbound.fields", why));
        }
        Ok(())
    }
}
