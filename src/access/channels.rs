//! The channels of one office as one person may see them: whether each sends, what waits, what went wrong, and what it sent day by day.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};

use crate::access::office_view::OfficeView;
use crate::access::signed_in::Visitor;
use crate::domain::audit::{Act, AuditEvent, Subject};
use crate::domain::message::ChannelId;
use crate::domain::staff::{Area, Level};
use crate::storage::{ChannelQueue, ChannelState, StorageError};

/// Kinds of error that are shown of a channel, the most frequent.
const ERRORS_MAX: u32 = 5;
/// Days whose messages are shown, today included.
const DAYS: u64 = 7;

/// Messages that a channel sent on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentOnDay {
    /// The day at the office.
    pub date: NaiveDate,
    /// Free messages.
    pub inside: u64,
    /// Templates, outside of the window for free messages.
    pub outside: u64,
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenChannel {
    /// Its state and its queue.
    pub queue: ChannelQueue,
    /// What went wrong with replies that are not out, each with how many.
    pub errors: Vec<(String, u64)>,
    /// What it sent, day by day, today first.
    pub days: Vec<SentOnDay>,
}

impl OfficeView {
    /// Those of `own` that the database knows; `None` for somebody to whom channels are closed.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn channels(&self, own: &[ChannelId]) -> Result<Option<Vec<SeenChannel>>, StorageError> {
        if self.level(Area::Channels) < Level::Read {
            return Ok(None);
        }
        let today = self.office().date_at(self.now());
        let first = today.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(today);
        let since = self.office().zone.instant(first.and_time(NaiveTime::MIN));
        let mut seen = Vec::new();
        for queue in self.storage.channels().await?.into_iter().filter(|queue| own.contains(&queue.channel.id)) {
            let errors = self.storage.channel_errors(&queue.channel.id, ERRORS_MAX).await?;
            let mut days: BTreeMap<NaiveDate, (u64, u64)> =
                first.iter_days().take_while(|day| *day <= today).map(|day| (day, (0, 0))).collect();
            for hour in self.storage.sent_by_hour(&queue.channel.id, since).await? {
                if let Some(day) = days.get_mut(&self.office().date_at(hour.from)) {
                    *day = (day.0 + hour.inside, day.1 + hour.outside);
                }
            }
            let days = days.into_iter().rev();
            let days = days.map(|(date, (inside, outside))| SentOnDay { date, inside, outside }).collect();
            seen.push(SeenChannel { queue, errors, days });
        }
        Ok(Some(seen))
    }

    /// Pauses a channel of this office, for a reason, or lets it send again. Returns whether it is known. That it was done is written
    /// down first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn set_channel(
        &self,
        channel: &ChannelId,
        paused: Option<&str>,
        visitor: &Visitor,
    ) -> Result<bool, StorageError> {
        if self.level(Area::Channels) < Level::Write {
            return Ok(false);
        }
        let act = if paused.is_some() { Act::PauseChannel } else { Act::ResumeChannel };
        self.record(AuditEvent::of(act).about(Subject::channel(channel)), visitor).await?;
        let state = if paused.is_some() { ChannelState::Paused } else { ChannelState::Open };
        self.storage.set_channel(channel, state, paused, self.now()).await
    }
}
