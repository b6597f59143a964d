//! What the office's formats misread most, and the messages that show it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::reading::ReadAs;
use super::seen::words;
use crate::access::day::Sight;
use crate::access::office_view::OfficeView;
use crate::access::signed_in::Visitor;
use crate::domain::audit::{Act, AuditEvent};
use crate::domain::masked_debug::masked_debug;
use crate::domain::message::{ChannelId, MessageId};
use crate::grammar::MisreadKind;
use crate::storage::{ContactKey, SentMessage, StorageError};

/// Messages that are read, the latest.
pub const MISREAD_MESSAGES_MAX: u32 = 1_000;
/// Groups that are shown, the largest.
pub const MISREAD_GROUPS_MAX: usize = 10;
/// Messages that are shown of a group, the latest.
const SAMPLES_MAX: usize = 3;

/// Messages that are misread alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MisreadGroup {
    /// What is wrong.
    pub kind: MisreadKind,
    /// The piece, if it is about one.
    pub field: Option<String>,
    /// How many messages.
    pub count: usize,
    /// The latest of them.
    pub samples: Vec<MisreadSample>,
}

/// A message that is misread.
#[derive(Clone, PartialEq, Eq)]
pub struct MisreadSample {
    /// The channel that it came by.
    pub channel: String,
    /// The provider's id.
    pub message: String,
    /// What it says.
    pub text: String,
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// The number of its conversation's page.
    pub talk: Option<i64>,
}

masked_debug!(MisreadSample);

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MisreadTotals {
    /// Messages with words.
    pub messages: usize,
    /// Of them, those that are read as forms, repaired or not.
    pub forms: usize,
    /// Of them, those that are misread.
    pub misread: usize,
    /// The largest groups.
    pub groups: Vec<MisreadGroup>,
}

/// Messages with the same mistake.
type Alike<'m> = (MisreadKind, Vec<&'m SentMessage>);

impl OfficeView {
    /// The latest messages by what is wrong with them, the most frequent first. That they were looked at is written down; `None` for
    /// somebody who may not read what was written.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn misread(&self, visitor: &Visitor) -> Result<Option<MisreadTotals>, StorageError> {
        if self.talk_sight() != Some(Sight::Whole) {
            return Ok(None);
        }
        self.record(AuditEvent::of(Act::ViewConversations), visitor).await?;
        let sent = self.storage.sent_messages(self.id(), MISREAD_MESSAGES_MAX).await?;
        let mut totals = MisreadTotals { messages: 0, forms: 0, misread: 0, groups: Vec::new() };
        let mut found: BTreeMap<(&str, Option<String>), Alike<'_>> = BTreeMap::new();
        for message in &sent {
            let Some(text) = words(&message.content) else { continue };
            totals.messages += 1;
            match self.read_as(Sight::Whole, text, message.at) {
                ReadAs::Form { .. } => totals.forms += 1,
                ReadAs::Misread { kind, field, .. } => {
                    totals.misread += 1;
                    found.entry((kind.name(), field)).or_insert((kind, Vec::new())).1.push(message);
                }
                _ => {}
            }
        }
        let mut groups: Vec<_> = found.into_iter().collect();
        groups.sort_by_key(|(_, (_, all))| std::cmp::Reverse(all.len()));
        groups.truncate(MISREAD_GROUPS_MAX);
        let shown: Vec<ContactKey> =
            groups.iter().flat_map(|(_, (_, all))| all.iter().take(SAMPLES_MAX)).map(|sent| sent.of.clone()).collect();
        let citizens = self.storage.talk_citizens(self.id(), &shown).await?;
        let sample = |sent: &&SentMessage| MisreadSample {
            channel: sent.of.0.as_str().to_owned(),
            message: sent.message.as_str().to_owned(),
            text: words(&sent.content).unwrap_or_default().to_owned(),
            at: sent.at,
            talk: citizens.get(&sent.of).and_then(|citizen| citizen.last_reply),
        };
        let group = |((_, field), (kind, all)): ((&str, Option<String>), Alike<'_>)| MisreadGroup {
            kind,
            field,
            count: all.len(),
            samples: all.iter().take(SAMPLES_MAX).map(sample).collect(),
        };
        totals.groups = groups.into_iter().map(group).collect();
        Ok(Some(totals))
    }

    /// The words of one message to this office, with when they were sent; `None` for somebody who may not read them.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn message_words(
        &self,
        channel: &str,
        message: &str,
        visitor: &Visitor,
    ) -> Result<Option<(String, DateTime<Utc>)>, StorageError> {
        if self.talk_sight() != Some(Sight::Whole) {
            return Ok(None);
        }
        let key = (ChannelId::stored(channel.to_owned()), MessageId::new(message));
        let Some(sent) = self.storage.message_of(self.id(), &key).await? else { return Ok(None) };
        self.record_talk(Act::ViewConversation, &sent.of, visitor).await?;
        Ok(words(&sent.content).map(|text| (text.to_owned(), sent.at)))
    }
}
