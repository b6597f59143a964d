//! The lists of `antrean notice`: what was planned, what became of it, and whom a message to a day would reach.

use chrono::{DateTime, NaiveDate, Utc};

use crate::conversation::Lang;
use crate::domain::message::ChannelId;
use crate::domain::notice::Dropped;
use crate::domain::office::OfficeId;
use crate::storage::engine::column::at;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::{on, rows_affected};
use crate::storage::handle::Storage;

/// Which notices are meant; what is not said means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoticeFilter {
    /// One of them, by number.
    pub id: Option<i64>,
    /// The office, by id.
    pub office: Option<String>,
    /// The kind, by name.
    pub kind: Option<String>,
}

result_row! {
    /// A notice for a list.
    #[derive(Clone, PartialEq, Eq)]
    pub struct NoticeRow {
        /// Its number.
        pub id: i64,
        /// The office that says it.
        pub office: String,
        /// Its kind.
        pub kind: String,
        /// The channel that it goes by.
        pub channel: String,
        /// The contact that it goes to: personal data.
        pub contact: String,
        /// The booking that it is about.
        pub booking: Option<i64>,
        /// Its occasion.
        pub occasion: String,
        /// When it is due, in microseconds since 1970.
        pub due_us: i64,
        /// `planned`, `dropped`, or what its message in the outbox is: `waiting`, `sent`, `held` and so on.
        pub state: String,
        /// Why it was dropped, or what went wrong with its message last.
        pub reason: Option<String>,
    }
}

/// Somebody booked on a day, and whether they can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The booking.
    pub booking: i64,
    /// The channel.
    pub channel: ChannelId,
    /// The language that they read.
    pub lang: Lang,
    /// Sending time of their last message.
    pub heard_at: Option<DateTime<Utc>>,
    /// Whether they want no messages that they did not ask for.
    pub muted: bool,
}

/// The conditions of a filter: `$1` number or 0, `$2` office, `$3` kind; nothing means all.
const MEANT: &str = "($1 = 0 or n.id = $1) and ($2 = '' or n.office = $2) and ($3 = '' or n.kind = $3)";

impl Storage {
    /// The newest notices that are meant.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn notices(&self, filter: &NoticeFilter, limit: u32) -> Result<Vec<NoticeRow>, StorageError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "select n.id, n.office, n.kind, n.channel, n.contact, n.booking, n.occasion, n.due_us, \
             case when n.state = 'queued' then coalesce(o.state, a.state, n.state) else n.state end as state, \
             coalesce(n.reason, o.error, a.error) as reason from notice n left join outbox o on o.id = n.outbox \
             left join outbox_archive a on a.id = n.outbox where {MEANT} order by n.id desc limit $4"
        ));
        let mut tx = self.pool.read().await?;
        let rows = on!(&mut tx, |conn| {
            let query = sqlx::query_as(sql).bind(filter.id.unwrap_or(0)).bind(filter.office.as_deref().unwrap_or(""));
            query.bind(filter.kind.as_deref().unwrap_or("")).bind(i64::from(limit)).fetch_all(conn).await
        })?;
        tx.end().await?;
        Ok(rows)
    }

    /// Stops the notices that are meant and have not gone out. Returns how many.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn stop_notices(&self, filter: &NoticeFilter) -> Result<u64, StorageError> {
        let mut tx = self.pool.begin().await?;
        // What waits in the outbox, or is held there, is dropped by the courier. What is being sent cannot be called back.
        let sql = format!(
            "update notice set state = 'dropped', reason = '{}' where id in (select n.id from notice n \
             left join outbox o on o.id = n.outbox where (n.state = 'planned' or n.state = 'queued' \
             and o.state in ('waiting', 'held')) and {MEANT})",
            Dropped::Stopped.name()
        );
        let sql = sqlx::AssertSqlSafe(sql);
        let stopped = on!(&mut tx, |conn| {
            let query = sqlx::query(sql).bind(filter.id.unwrap_or(0)).bind(filter.office.as_deref().unwrap_or(""));
            let query = query.bind(filter.kind.as_deref().unwrap_or(""));
            query.execute(conn).await.map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(stopped)
    }

    /// Everybody with a confirmed booking at an office on a day.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn readers_on(&self, office: &OfficeId, date: NaiveDate) -> Result<Vec<Reader>, StorageError> {
        type Row = (i64, String, Option<String>, Option<i64>, Option<i64>, Option<i64>);
        let mut tx = self.pool.read().await?;
        let rows: Vec<Row> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select b.id, b.channel, v.lang, v.heard_us, v.muted, reach.opted_out_us from booking b \
                 left join conversation v on v.channel = b.channel and v.contact = b.contact \
                 left join reach on reach.channel = b.channel and reach.contact = b.contact \
                 where b.office = $1 and b.date = $2 and b.state = 'booked' order by b.hour, b.id",
            )
            .bind(office.as_str())
            .bind(date)
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        let reader = |(booking, channel, lang, heard, muted, opted_out): Row| Reader {
            booking,
            channel: ChannelId::stored(channel),
            lang: lang.as_deref().map_or(Lang::Id, Lang::of_code),
            heard_at: heard.map(at),
            muted: muted.is_some_and(|muted| muted != 0) || opted_out.is_some(),
        };
        Ok(rows.into_iter().map(reader).collect())
    }
}
