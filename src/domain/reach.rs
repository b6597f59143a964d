//! Whom a channel reaches with a message that they did not ask for.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::message::ChannelId;

/// How long before a window for free messages closes it counts as closed, in hours: clocks differ, and whoever gets an offer must be
/// able to hear what became of it.
const MARGIN_HOURS: i64 = 1;
/// The shortest window of the providers, in hours.
const WINDOW_HOURS: i64 = 24;

/// How far one channel reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelReach {
    /// How long after a citizen's last message free messages are taken; `None` where they always are.
    pub window: Option<TimeDelta>,
    /// Languages, by ISO 639-1 code, in which a template may be sent outside of the window.
    pub templates: Vec<String>,
}

/// A channel of which nothing is known.
impl Default for ChannelReach {
    fn default() -> Self {
        Self { window: Some(TimeDelta::hours(WINDOW_HOURS)), templates: Vec::new() }
    }
}

impl ChannelReach {
    /// Whether a reader of `lang` is reached however long ago they wrote.
    pub fn is_always(&self, lang: &str) -> bool {
        self.window.is_none() || self.templates.iter().any(|template| template == lang)
    }

    /// Whether a reader of `lang` who wrote last at `heard_at` is reached at `now`.
    pub fn reaches(&self, lang: &str, heard_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let is_open = |window| now < heard_at + window - TimeDelta::hours(MARGIN_HOURS);
        self.is_always(lang) || self.window.is_some_and(is_open)
    }
}

/// How far the channels of an installation reach; cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reaches(Arc<BTreeMap<ChannelId, ChannelReach>>);

impl Reaches {
    /// Those of these channels. Any other one counts as [`ChannelReach::default`].
    pub fn new(channels: BTreeMap<ChannelId, ChannelReach>) -> Self {
        Self(Arc::new(channels))
    }

    /// That of a channel.
    pub fn of(&self, channel: &ChannelId) -> ChannelReach {
        self.0.get(channel).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative controls: without the margin, hour 23 reaches them; without the templates, nothing does after it.
    #[test]
    fn a_channel_reaches_within_its_window_and_outside_of_it_by_a_template_of_that_language() {
        let hour = |hours| DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        let wa = ChannelReach::default();
        assert_eq!([22, 23].map(|now| wa.reaches("id", hour(0), hour(now))), [true, false]);
        let with_template = ChannelReach { templates: vec!["id".to_owned()], ..wa };
        assert_eq!(["id", "en"].map(|lang| with_template.reaches(lang, hour(0), hour(500))), [true, false]);
        let telegram = ChannelReach { window: None, templates: Vec::new() };
        assert!(
            telegram.reaches("en", hour(0), hour(500)) && telegram.is_always("en") && !with_template.is_always("en")
        );
    }
}
