//! Whether a citizen can be written to before they write again.

use chrono::{DateTime, Utc};

use crate::app;
use crate::config::Config;
use crate::domain::office::Zone;
use crate::front_desk;
use crate::gateway::Gateways;
use crate::storage::{ContactKey, LastHeard};

/// Whether a citizen can be written to before they write again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Reach {
    /// At any time: the provider knows no end of it.
    AnyTime,
    /// As an ordinary message, until the provider's window closes.
    Window(DateTime<Utc>),
    /// By a template that the provider has approved.
    Template,
    /// Not before they write again: the message waits until then.
    WhenTheyWrite,
    /// This configuration has no such channel.
    Unknown,
}

impl Reach {
    /// How a contact that was heard so can be reached.
    pub(in crate::cli) fn of(
        config: &Config,
        gateways: &Gateways,
        of: &ContactKey,
        heard: Option<&LastHeard>,
        now: DateTime<Utc>,
    ) -> Self {
        match front_desk::Reach::of(app::lines(config, gateways).of(&of.0), heard, now) {
            front_desk::Reach::AnyTime => Self::AnyTime,
            front_desk::Reach::Window(until) => Self::Window(until),
            front_desk::Reach::Template => Self::Template,
            front_desk::Reach::WhenTheyWrite => Self::WhenTheyWrite,
            front_desk::Reach::Unknown => Self::Unknown,
        }
    }

    /// Its name in JSON.
    pub(in crate::cli) fn name(self) -> &'static str {
        match self {
            Self::AnyTime => "any-time",
            Self::Window(_) => "window",
            Self::Template => "template",
            Self::WhenTheyWrite => "when-they-write",
            Self::Unknown => "unknown",
        }
    }

    /// In words.
    pub(in crate::cli) fn shown(self, zone: Zone) -> String {
        match self {
            Self::AnyTime => "can be told".to_owned(),
            Self::Window(until) => format!("can be told until {}", crate::cli::shared::value::local(until, zone)),
            Self::Template => "can be told by template".to_owned(),
            Self::WhenTheyWrite => "is told when they write again".to_owned(),
            Self::Unknown => "is on no channel of this configuration".to_owned(),
        }
    }
}
