//! Held replies: they wait until their citizen writes again.

use chrono::{DateTime, Utc};

use crate::domain::message::ChannelId;
use crate::storage::engine::column::{at, json};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::{each, on};
use crate::storage::outbox::dispatch::Dispatch;

/// A held reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its number.
    pub id: i64,
    /// The channel.
    pub channel: ChannelId,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was held.
    pub held_at: DateTime<Utc>,
    /// Sending time of the citizen's last message.
    pub heard_at: Option<DateTime<Utc>>,
}

result_row! {
    /// A row of `outbox` with the time of its citizen's last message.
    struct HeldRow {
        id: i64,
        channel: String,
        created_us: i64,
        due_us: i64,
        heard_us: Option<i64>,
    }
}

impl HeldRow {
    fn held(self) -> Held {
        Held {
            id: self.id,
            channel: ChannelId::stored(self.channel),
            created_at: at(self.created_us),
            held_at: at(self.due_us),
            heard_at: self.heard_us.map(at),
        }
    }
}

impl Dispatch {
    /// Held replies, with the time of their citizens' last message.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn held(&mut self, limit: u32) -> Result<Vec<Held>, StorageError> {
        let rows: Vec<HeldRow> = on!(&mut self.tx, |conn| {
            sqlx::query_as(
                "select o.id, o.channel, o.created_us, o.due_us, v.heard_us from outbox o \
                 left join conversation v on v.channel = o.channel and v.contact = o.contact \
                 where o.state = 'held' order by coalesce(v.heard_us, 0) desc, o.created_us limit $1",
            )
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await
        })?;
        Ok(rows.into_iter().map(HeldRow::held).collect())
    }

    /// Expires held replies that are too old to be of use.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn expire_held(&mut self, ids: &[i64]) -> Result<(), StorageError> {
        self.end_hold(ids, "expired").await
    }

    /// Releases held replies whose citizens wrote again. They are due since they were held, so they go before what was
    /// written since.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn release(&mut self, ids: &[i64]) -> Result<(), StorageError> {
        self.end_hold(ids, "waiting").await
    }

    async fn end_hold(&mut self, ids: &[i64], state: &str) -> Result<(), StorageError> {
        if ids.is_empty() {
            return Ok(());
        }
        let rows = json(&ids.iter().map(|id| (id,)).collect::<Vec<_>>())?;
        let sql = each!(
            &self.tx,
            "update outbox set state = $2 where state = 'held' and id in \
             (select cast(each.value->>0 as bigint) from",
            ")"
        );
        on!(&mut self.tx, |conn| sqlx::query(sql).bind(&rows).bind(state).execute(conn).await.map(drop))?;
        Ok(())
    }
}
