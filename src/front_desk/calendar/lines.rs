//! The lines by which citizens write: whom they reach before they write again, and what a message costs.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::conversation::Lang;
use crate::domain::message::ChannelId;
use crate::domain::price::Price;
use crate::storage::LastHeard;

/// How long before the provider's window closes it is taken as closed, in minutes: clocks differ.
const WINDOW_MARGIN_MINUTES: i64 = 5;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How long after a citizen's last message an ordinary message is taken; `None` where it always is.
    pub window: Option<TimeDelta>,
    /// The languages of templates that are taken at any time.
    pub templates: Vec<Lang>,
    /// What a message costs; `None` where nobody said.
    pub price: Option<Price>,
}

/// The lines of an installation; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Lines(Arc<BTreeMap<ChannelId, Line>>);

impl Lines {
    /// These.
    pub fn new(lines: BTreeMap<ChannelId, Line>) -> Self {
        Self(Arc::new(lines))
    }

    /// The line of a channel.
    pub fn of(&self, channel: &ChannelId) -> Option<&Line> {
        self.0.get(channel)
    }
}

/// Whether a citizen can be written to before they write again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// At any time: the provider knows no end of it.
    AnyTime,
    /// As an ordinary message, until the provider's window closes.
    Window(DateTime<Utc>),
    /// By a template that the provider has approved.
    Template,
    /// Not before they write again: the message waits until then.
    WhenTheyWrite,
    /// This configuration has no such line.
    Unknown,
}

impl Reach {
    /// How a contact that was heard so can be reached.
    pub fn of(line: Option<&Line>, heard: Option<&LastHeard>, now: DateTime<Utc>) -> Self {
        let Some(line) = line else { return Self::Unknown };
        let Some(window) = line.window else { return Self::AnyTime };
        let until = heard.map(|heard| heard.at + window - TimeDelta::minutes(WINDOW_MARGIN_MINUTES));
        if let Some(until) = until.filter(|until| now < *until) {
            return Self::Window(until);
        }
        let lang = heard.map(|heard| heard.lang).unwrap_or_default();
        if line.templates.contains(&lang) { Self::Template } else { Self::WhenTheyWrite }
    }

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::AnyTime => "any-time",
            Self::Window(_) => "window",
            Self::Template => "template",
            Self::WhenTheyWrite => "when-they-write",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: without the margin, the last five minutes still count as open.
    #[test]
    fn a_window_ends_before_its_end_and_a_template_of_their_language_reaches_them_after_it() {
        let at = |minutes| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let heard = LastHeard { at: at(0), muted: false, lang: Lang::Id };
        let line = Line { window: Some(TimeDelta::hours(24)), templates: vec![Lang::Id], price: None };
        let reach = |line: &Line, heard: LastHeard, now| Reach::of(Some(line), Some(&heard), now).name();
        assert_eq!([1434, 1436].map(|now| reach(&line, heard, at(now))), ["window", "template"]);
        assert_eq!(reach(&line, LastHeard { lang: Lang::En, ..heard }, at(1436)), "when-they-write");
        assert_eq!(reach(&Line { window: None, ..line }, heard, at(100_000)), "any-time");
        assert_eq!(Reach::of(None, Some(&heard), at(1)).name(), "unknown");
    }
}
