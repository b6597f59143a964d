//! Whether a citizen can be written to before they write again.

use chrono::{DateTime, TimeDelta, Utc};

use crate::config::Config;
use crate::domain::office::Zone;
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
        let channel = config.channels.iter().find(|one| one.gateway == of.0.gateway() && one.key == of.0.key());
        let (Some(channel), Some(gateway)) = (channel, gateways.get(of.0.gateway())) else { return Self::Unknown };
        let capabilities = gateway.capabilities();
        let Some(window) = capabilities.free_reply_window else { return Self::AnyTime };
        let until = heard.map(|heard| heard.at + window - TimeDelta::minutes(WINDOW_MARGIN_MINUTES));
        if let Some(until) = until.filter(|until| now < *until) {
            return Self::Window(until);
        }
        let lang = heard.map(|heard| heard.lang).unwrap_or_default();
        let has_template = channel.sending.templates.iter().any(|template| template.lang == lang);
        if capabilities.templates && has_template { Self::Template } else { Self::WhenTheyWrite }
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

/// How long before the provider's window closes it is taken as closed, in minutes: clocks differ.
const WINDOW_MARGIN_MINUTES: i64 = 5;
