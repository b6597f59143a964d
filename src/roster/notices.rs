//! `[notices]` and `[policy.reminder]` of an office file: what the office says unasked, and when.

use std::collections::BTreeMap;

use chrono::NaiveTime;
use toml::de::DeValue;

use super::value::{clock_time, time_of_day};
use crate::domain::notice::Kind;
use crate::domain::office::{Notices, Quiet};
use crate::sheet::{Entry, Mistake, Read, Table, string, truth};

/// `[notices]` as it is written: every key may be missing.
#[derive(Debug, Clone, Default)]
pub(super) struct NoticesDraft {
    quiet: Entry<Option<Quiet>>,
    said: BTreeMap<Kind, Entry<bool>>,
}

impl NoticesDraft {
    /// Reads the table; every mistake is noted in it.
    pub(super) fn read(mut table: Table<'_, '_>) -> Self {
        let keys: Vec<&str> = std::iter::once("quiet").chain(Kind::ALL.map(Kind::key)).collect();
        table.refuse_unknown(&keys);
        Self {
            quiet: table.take("quiet", quiet),
            said: Kind::ALL.into_iter().map(|kind| (kind, table.take(kind.key(), truth))).collect(),
        }
    }

    /// This table, with what its base says where it says nothing.
    pub(super) fn over(self, mut base: Self) -> Self {
        let mut said = self.said;
        for (kind, entry) in std::mem::take(&mut base.said) {
            let own = said.remove(&kind).unwrap_or_default();
            said.insert(kind, own.or(entry));
        }
        Self { quiet: self.quiet.or(base.quiet), said }
    }

    /// The rule, with what holds where an office says nothing. `reminder` is the hour of reminders.
    pub(super) fn rule(&self, reminder: &ReminderDraft) -> Notices {
        let usual = Notices::default();
        let is_off = |entry: &Entry<bool>| entry.given().is_some_and(|spot| !spot.value);
        Notices {
            quiet: self.quiet.given().map_or(usual.quiet, |spot| spot.value),
            off: self.said.iter().filter(|(_, entry)| is_off(entry)).map(|(kind, _)| *kind).collect(),
            reminder_at: reminder.at.given().map_or(usual.reminder_at, |spot| spot.value),
        }
    }
}

/// `[policy.reminder]` as it is written.
#[derive(Debug, Clone, Default)]
pub(super) struct ReminderDraft {
    at: Entry<NaiveTime>,
}

impl ReminderDraft {
    /// Reads the table; every mistake is noted in it.
    pub(super) fn read(mut table: Table<'_, '_>) -> Self {
        table.refuse_unknown(&["at"]);
        Self { at: table.take("at", time_of_day) }
    }

    /// This table, with what its base says where it says nothing.
    pub(super) fn over(self, base: Self) -> Self {
        Self { at: self.at.or(base.at) }
    }
}

/// `"20:00-06:00"`, past midnight too, or `"none"`.
fn quiet(value: &DeValue<'_>) -> Read<Option<Quiet>> {
    let text = string(value)?;
    if text == "none" {
        return Ok(None);
    }
    let times = text.split_once(['-', '–']).and_then(|(from, until)| Some((clock_time(from)?, clock_time(until)?)));
    times.filter(|(from, until)| from != until).map(|(from, until)| Some(Quiet { from, until })).ok_or_else(|| {
        Mistake::new(
            format!("must be the hours in which nothing is said unasked, not \"{text}\""),
            "write from and until like \"20:00-06:00\", or \"none\"",
        )
    })
}
