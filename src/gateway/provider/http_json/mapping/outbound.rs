//! What the provider takes and answers, and what its words mean.

use std::fmt;

use super::inbound::check_pointer;
use crate::gateway::settings::SettingsError;
use crate::gateway::{Capabilities, Rate, Statuses};

/// What the provider takes and answers. Fields may hold secrets of the provider's own: Debug shows their names only.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboundMapping {
    /// Where replies are posted to, perhaps with `{line}` and `{token}` in it.
    pub url: String,
    /// The header with the token.
    pub auth_header: String,
    /// What precedes the token in the header, such as `Bearer `.
    pub auth_prefix: String,
    /// JSON or a form.
    pub encoding: Encoding,
    /// Fields by name (or JSON pointer) and their templates, with what [`FIELD_WORDS`] stand for.
    pub fields: Vec<(String, String)>,
    /// What an answer says that the provider took the reply. An empty pointer: the status alone decides.
    pub ok: Expected,
    /// Where the answer has the message's id.
    pub id: String,
    /// Where the answer says why not.
    pub reason: String,
    /// What words of a reason mean, in the order in which they are looked for.
    pub verdicts: Vec<VerdictWords>,
    /// Longest text, in characters.
    pub text_chars_max: usize,
    /// Shortest pause between two messages of one channel, in seconds.
    pub pause_seconds: u32,
    /// How to ask whether the channel works; `None` where only a send can show it.
    pub probe: Option<Probe>,
}

/// What a field's template may say.
pub(in crate::gateway) const FIELD_WORDS: [&str; 5] = ["{to}", "{text}", "{line}", "{tracker}", "{token}"];

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

/// A value that an answer must have at a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// The JSON pointer.
    pub pointer: String,
    /// The value, in any case of letters.
    pub value: String,
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
    /// The channel is too fast.
    Throttled,
    /// A passing fault.
    Transient,
    /// No free replies to this citizen any more.
    WindowClosed,
    /// The citizen cannot be reached, or the message cannot be sent.
    Refused,
    /// The citizen wants no messages.
    OptedOut,
    /// The channel is broken.
    Misconfigured,
    /// The account is limited.
    Limited,
}

/// How to ask whether a channel works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Where.
    pub url: String,
    /// Whether it is asked by GET rather than POST.
    pub get: bool,
    /// What an answer says that the channel works.
    pub ok: Expected,
}

impl Default for OutboundMapping {
    fn default() -> Self {
        Self {
            url: String::new(),
            auth_header: "authorization".to_owned(),
            auth_prefix: String::new(),
            encoding: Encoding::Json,
            fields: Vec::new(),
            ok: Expected::default(),
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
    /// Whether the token is part of an address or a field: then no header carries it.
    pub(in crate::gateway) fn says_token(&self) -> bool {
        let fields = self.fields.iter().map(|(_, template)| template.as_str());
        fields.chain([self.url.as_str()]).any(|template| template.contains("{token}"))
    }

    /// Pictures would have to lie where the provider can fetch them, which a booking code must not.
    pub(in crate::gateway) fn capabilities(&self) -> Capabilities {
        Capabilities {
            text_chars_max: self.text_chars_max,
            caption_chars_max: self.text_chars_max,
            pictures: false,
            channel_rate: Rate::one_in_seconds(i64::from(self.pause_seconds.max(1))).with_burst(5),
            statuses: if self.id.is_empty() { Statuses::None } else { Statuses::ById },
            ..Capabilities::default()
        }
    }

    /// Checks that every template can be filled, and that the pointers are pointers.
    pub(in crate::gateway) fn check(&self) -> Result<(), SettingsError> {
        let Self { ok, id, reason, fields, .. } = self;
        for (key, place) in [("outbound.ok", &ok.pointer), ("outbound.id", id), ("outbound.reason", reason)] {
            check_pointer(key, place)?;
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
