//! The conversation that a ticket is about, as its citizen saw it: what they wrote and what they got, from a day before the ticket.
//!
//! Replies are found by number: a conversation knows its last one, and each knows the one before. What belongs to the ticket
//! itself is found by the ticket, also in the archive.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::conversation::Lang;
use crate::domain::masked_debug::masked_debug;
use crate::domain::message::{ChannelId, Contact, Content, MessageId};
use crate::storage::engine::column::{at, json, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::{Tx, each, on};
use crate::storage::handle::Storage;
use crate::storage::intake::changes::StoredTicket;

/// How far before the ticket the conversation is shown, in hours: what led to it.
const BEFORE_HOURS: i64 = 24;
/// Replies that are shown at most, the latest: more is not read before an answer.
const REPLIES_MAX: i64 = 200;

/// Something that was said.
#[derive(Clone, PartialEq, Eq)]
pub enum TalkLine {
    /// The citizen wrote.
    Citizen {
        /// The provider's id of it.
        message: MessageId,
        /// When they sent it.
        at: DateTime<Utc>,
        /// What it holds: personal data.
        content: Content,
        /// Whether it was left to the officer without a word.
        unanswered: bool,
    },
    /// The office wrote, by itself or by an officer.
    Office {
        /// Its number in the outbox.
        id: i64,
        /// When it was written.
        at: DateTime<Utc>,
        /// What it says: personal data.
        text: String,
        /// `waiting`, `claimed`, `sent`, `held`, `dead` or `expired`.
        state: String,
        /// What went wrong last.
        error: Option<String>,
        /// How far it came by what the provider said: 0 unknown, 1 sent, 2 failed, 3 delivered, 4 read.
        delivery: i64,
        /// Whether a QR picture stands above it.
        has_picture: bool,
    },
}

masked_debug!(TalkLine);

impl TalkLine {
    /// When it was said.
    pub fn at(&self) -> DateTime<Utc> {
        match self {
            Self::Citizen { at, .. } | Self::Office { at, .. } => *at,
        }
    }
}

/// What is known of the citizen of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TalkPartner {
    /// The language of their replies.
    pub lang: Lang,
    /// When they sent their last message.
    pub heard_at: DateTime<Utc>,
    /// Whether they said that they want no messages that they did not ask for.
    pub muted: bool,
}

result_row! {
    /// A row of what was answered.
    struct ReplyRow {
        id: i64,
        reply_to: Option<String>,
        text: String,
        state: String,
        created_us: i64,
        error: Option<String>,
        delivery: i64,
        qr: Option<String>,
    }
}

result_row! {
    /// A row of what was written.
    struct MessageRow {
        message: String,
        sent_us: i64,
        content: String,
    }
}

/// The conversation's replies that were written from `$3` to `$4`, from the last one back.
const CHAIN: &str = "with recursive chain (id, previous, created_us, place) as (\
     select o.id, o.previous, o.created_us, cast(1 as bigint) from conversation c join outbox o on o.id = c.last_reply \
     where c.channel = $1 and c.contact = $2 union all \
     select o.id, o.previous, o.created_us, chain.place + 1 from chain join outbox o on o.id = chain.previous \
     where chain.created_us >= $3 and chain.place < $5) \
     select id from chain where created_us >= $3 and created_us <= $4";

impl Storage {
    /// What was said in the conversation of a ticket, oldest first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn talk(&self, stored: &StoredTicket) -> Result<Vec<TalkLine>, StorageError> {
        let mut tx = self.pool.snapshot().await?;
        let (mut replies, messages) = of_ticket(&mut tx, stored).await?;
        replies.extend(before_and_since(&mut tx, stored).await?);
        let lines = load_lines(&mut tx, stored.of.0.as_str(), replies, messages).await?;
        tx.end().await?;
        Ok(lines)
    }

    /// The last things that were said with a citizen, oldest first: at most so many replies, with what they answer.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn recent_talk(
        &self,
        channel: &ChannelId,
        contact: &Contact,
        replies_max: u32,
    ) -> Result<Vec<TalkLine>, StorageError> {
        let mut tx = self.pool.snapshot().await?;
        let of = (channel.as_str(), contact.as_str());
        let replies = chain(&mut tx, of, (0, i64::MAX), i64::from(replies_max)).await?;
        let lines = load_lines(&mut tx, channel.as_str(), replies, Vec::new()).await?;
        tx.end().await?;
        Ok(lines)
    }

    /// The last things that were said with a citizen, oldest first: at most so many replies with what they answer, and what was left
    /// to an officer within the time of the oldest of them.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn conversation(
        &self,
        channel: &ChannelId,
        contact: &Contact,
        replies_max: u32,
    ) -> Result<Vec<TalkLine>, StorageError> {
        let mut tx = self.pool.snapshot().await?;
        let of = (channel.as_str(), contact.as_str());
        let replies = chain(&mut tx, of, (0, i64::MAX), i64::from(replies_max)).await?;
        let rows: Vec<(Option<String>,)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select t.message from ticket k join talk t on t.ticket = k.id where k.channel = $1 and k.contact = $2 \
                 and t.message is not null order by t.id desc limit $3",
            )
            .bind(of.0)
            .bind(of.1)
            .bind(i64::from(replies_max))
            .fetch_all(conn)
            .await
        })?;
        let left = rows.into_iter().filter_map(|(message,)| message).collect();
        let lines = load_lines(&mut tx, channel.as_str(), replies, left).await?;
        tx.end().await?;
        Ok(lines)
    }

    /// What is known of the citizen of a ticket; `None` where their conversation is gone.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn talk_partner(&self, stored: &StoredTicket) -> Result<Option<TalkPartner>, StorageError> {
        let mut tx = self.pool.read().await?;
        let row: Option<(String, i64, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as("select lang, heard_us, muted from conversation where channel = $1 and contact = $2")
                .bind(stored.of.0.as_str())
                .bind(stored.of.1.as_str())
                .fetch_optional(conn)
                .await
        })?;
        tx.end().await?;
        let partner = |(lang, heard_us, muted): (String, i64, i64)| TalkPartner {
            lang: Lang::of_code(&lang),
            heard_at: at(heard_us),
            muted: muted != 0,
        };
        Ok(row.map(partner))
    }
}

/// The numbers of the replies and messages that belong to the ticket.
async fn of_ticket(tx: &mut Tx, stored: &StoredTicket) -> Result<(Vec<i64>, Vec<String>), StorageError> {
    let rows: Vec<(Option<String>, Option<i64>)> = on!(tx, |conn| {
        sqlx::query_as("select message, reply from talk where ticket = $1 order by id")
            .bind(stored.ticket.id)
            .fetch_all(conn)
            .await
    })?;
    let (messages, replies): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    Ok((replies.into_iter().flatten().collect(), messages.into_iter().flatten().collect()))
}

/// The numbers of the citizen's replies from a day before the ticket to its end.
async fn before_and_since(tx: &mut Tx, stored: &StoredTicket) -> Result<Vec<i64>, StorageError> {
    let from = us(stored.ticket.opened_at - TimeDelta::hours(BEFORE_HOURS));
    let until = stored.ticket.closed.map_or(i64::MAX, |closing| us(closing.at));
    chain(tx, (stored.of.0.as_str(), stored.of.1.as_str()), (from, until), REPLIES_MAX).await
}

/// The numbers of the last replies of a conversation, of those that were written within a time.
async fn chain(
    tx: &mut Tx,
    (channel, contact): (&str, &str),
    (from, until): (i64, i64),
    replies_max: i64,
) -> Result<Vec<i64>, StorageError> {
    let rows: Vec<(i64,)> = on!(tx, |conn| {
        sqlx::query_as(CHAIN).bind(channel).bind(contact).bind(from).bind(until).bind(replies_max).fetch_all(conn).await
    })?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What these replies and messages say, with what the replies answer, oldest first.
async fn load_lines(
    tx: &mut Tx,
    channel: &str,
    mut replies: Vec<i64>,
    mut messages: Vec<String>,
) -> Result<Vec<TalkLine>, StorageError> {
    replies.sort_unstable();
    replies.dedup();
    let replies = load_replies(tx, &replies).await?;
    messages.extend(replies.iter().filter_map(|reply| reply.reply_to.clone()));
    messages.sort_unstable();
    messages.dedup();
    let answered: BTreeSet<&str> = replies.iter().filter_map(|reply| reply.reply_to.as_deref()).collect();
    let mut lines = Vec::new();
    for row in load_messages(tx, channel, &messages).await? {
        let unanswered = !answered.contains(row.message.as_str());
        let content = unjson("inbound.content", &row.content)?;
        let message = MessageId::new(row.message);
        lines.push(TalkLine::Citizen { message, at: at(row.sent_us), content, unanswered });
    }
    let office = |row: ReplyRow| TalkLine::Office {
        id: row.id,
        at: at(row.created_us),
        text: row.text,
        state: row.state,
        error: row.error,
        delivery: row.delivery,
        has_picture: row.qr.is_some(),
    };
    lines.extend(replies.into_iter().map(office));
    // Of one instant, what was written comes before what it led to.
    lines.sort_by_key(|line| (line.at(), matches!(line, TalkLine::Office { .. })));
    Ok(lines)
}

async fn load_replies(tx: &mut Tx, ids: &[i64]) -> Result<Vec<ReplyRow>, StorageError> {
    let ids = json(&ids.iter().map(|id| (id,)).collect::<Vec<_>>())?;
    let mut rows: Vec<ReplyRow> = Vec::new();
    for sql in [
        each!(
            &*tx,
            "select id, reply_to, text, state, created_us, error, delivery, qr from outbox where id in \
             (select cast(each.value->>0 as bigint) from",
            ")"
        ),
        each!(
            &*tx,
            "select id, reply_to, text, state, created_us, error, delivery, qr from outbox_archive where id in \
             (select cast(each.value->>0 as bigint) from",
            ")"
        ),
    ] {
        rows.extend(on!(&mut *tx, |conn| sqlx::query_as::<_, ReplyRow>(sql).bind(&ids).fetch_all(conn).await)?);
    }
    Ok(rows)
}

async fn load_messages(tx: &mut Tx, channel: &str, messages: &[String]) -> Result<Vec<MessageRow>, StorageError> {
    let ids = json(&messages.iter().map(|id| (id,)).collect::<Vec<_>>())?;
    let mut rows: Vec<MessageRow> = Vec::new();
    for sql in [
        each!(
            &*tx,
            "select message, sent_us, content from inbound where channel = $2 and message in (select each.value->>0 from",
            ")"
        ),
        each!(
            &*tx,
            "select message, sent_us, content from inbound_archive where channel = $2 and message in \
             (select each.value->>0 from",
            ")"
        ),
    ] {
        let found = on!(&mut *tx, |conn| {
            sqlx::query_as::<_, MessageRow>(sql).bind(&ids).bind(channel).fetch_all(conn).await
        })?;
        rows.extend(found);
    }
    Ok(rows)
}
