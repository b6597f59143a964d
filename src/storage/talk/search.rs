//! Finds conversations: by the end of a number, or by what was written. A rare act of one person, bounded in what it gives.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use crate::domain::message::{ChannelId, Contact, Content, MessageId};
use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, unjson};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;
use crate::storage::intake::changes::ContactKey;

/// Messages that are compared at most: their columns hold more than what was written.
const COMPARED_MAX: i64 = 2_000;

/// A message to an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMessage {
    /// Who sent it.
    pub of: ContactKey,
    /// The provider's id.
    pub message: MessageId,
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// What it holds: personal data.
    pub content: Content,
}

/// A pattern for `like` that finds these signs and nothing that looks like a pattern.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| matches!(c, '%' | '_' | '!').then_some('!').into_iter().chain([c])).collect()
}

impl Storage {
    /// The citizens of an office whose number ends so, the last heard first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn citizens_by_number(
        &self,
        office: &OfficeId,
        digits: &str,
        limit: u32,
    ) -> Result<Vec<ContactKey>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, String)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select channel, contact from conversation where office = $1 and contact like $2 escape '!' \
                 order by heard_us desc limit $3",
            )
            .bind(office.as_str())
            .bind(format!("%{}", escaped(digits)))
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        Ok(rows.into_iter().map(|(channel, contact)| (ChannelId::stored(channel), Contact::new(contact))).collect())
    }

    /// The latest message with these words of each citizen of an office, in any case; the latest first. What is in the archive is not
    /// searched.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn messages_with(
        &self,
        office: &OfficeId,
        words: &str,
        limit: usize,
    ) -> Result<Vec<SentMessage>, StorageError> {
        let small = words.to_lowercase();
        // As JSON writes it inside of a text.
        let written = serde_json::to_string(&small).unwrap_or_default();
        // SQLite makes only plain letters small: any other sign stands for itself in capitals too.
        let written: String = written.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
        let pattern = format!("%{}%", escaped(written.trim_matches('"')).replace('?', "_"));
        let sql = "select channel, contact, message, sent_us, content from inbound where office = $1 \
                   and lower(content) like $2 escape '!' order by sent_us desc limit $3";
        let all = self.sent(sql, office, &pattern, COMPARED_MAX).await?;
        let holds = |sent: &SentMessage| said(&sent.content).is_some_and(|text| text.to_lowercase().contains(&small));
        let mut seen = HashSet::new();
        Ok(all.into_iter().filter(holds).filter(|sent| seen.insert(sent.of.clone())).take(limit).collect())
    }

    /// One message to an office, also in the archive.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn message_of(
        &self,
        office: &OfficeId,
        (channel, message): &(ChannelId, MessageId),
    ) -> Result<Option<SentMessage>, StorageError> {
        let mut tx = self.pool.read().await?;
        let row: Option<(String, String, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select contact, content, sent_us from inbound where channel = $1 and message = $2 and office = $3 \
                 union all select contact, content, sent_us from inbound_archive where channel = $1 and message = $2 and office = $3",
            )
            .bind(channel.as_str())
            .bind(message.as_str())
            .bind(office.as_str())
            .fetch_optional(conn)
            .await
        })?;
        tx.end().await?;
        let sent = |(contact, content, sent_us): (String, String, i64)| {
            let (of, content) = ((channel.clone(), Contact::new(contact)), unjson("inbound.content", &content)?);
            Ok(SentMessage { of, message: message.clone(), at: at(sent_us), content })
        };
        row.map(sent).transpose()
    }

    /// The latest messages to an office, the latest first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn sent_messages(&self, office: &OfficeId, limit: u32) -> Result<Vec<SentMessage>, StorageError> {
        let sql = "select channel, contact, message, sent_us, content from inbound where office = $1 and $2 = '' \
                   order by sent_us desc limit $3";
        self.sent(sql, office, "", i64::from(limit)).await
    }

    async fn sent(
        &self,
        sql: &'static str,
        office: &OfficeId,
        pattern: &str,
        limit: i64,
    ) -> Result<Vec<SentMessage>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, String, String, i64, String)> = on!(&mut tx, |conn| {
            sqlx::query_as(sql).bind(office.as_str()).bind(pattern).bind(limit).fetch_all(conn).await
        })?;
        tx.end().await?;
        let sent = |(channel, contact, message, sent_us, content): (String, String, String, i64, String)| {
            Ok(SentMessage {
                of: (ChannelId::stored(channel), Contact::new(contact)),
                message: MessageId::new(message),
                at: at(sent_us),
                content: unjson("inbound.content", &content)?,
            })
        };
        rows.into_iter().map(sent).collect()
    }
}

/// What was written in a message.
fn said(content: &Content) -> Option<&str> {
    match content {
        Content::Text(text) | Content::Edited(text) => Some(text),
        Content::Picture { caption, .. } => caption.as_deref(),
        Content::Other(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: without the `!`, `%` finds every message.
    #[test]
    fn signs_of_a_pattern_are_searched_as_they_are() {
        assert_eq!(escaped("50% _a!"), "50!% !_a!!");
    }
}
