//! Finds the notices that may go out now: a few of each channel, so that replies never queue behind them.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::domain::message::{ChannelId, Contact};
use crate::domain::notice::{Kind, Notice, WAITING_MAX};
use crate::domain::office::OfficeId;
use crate::storage::booking_row::read_list;
use crate::storage::engine::column::{at, bad, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;

/// Of each open channel: how many notices it has in the outbox, and the first that are due by `$1`, so many (`$2`). The contact is
/// the booking's own, which may have been joined with another since.
static DUE: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "select (select count(*) from outbox o where o.channel = c.channel and o.notice is not null \
         and o.state in ('waiting', 'claimed')), \
         cast((select @list(@array(n.id, n.office, n.kind, coalesce(b.channel, n.channel), \
         coalesce(b.contact, n.contact), n.booking, n.occasion, n.detail, n.due_us, n.drop_us)) from (select * from notice w \
         where w.channel = c.channel and w.state = 'planned' and w.due_us <= $1 order by w.due_us, w.id limit $2) as n \
         left join booking b on b.id = n.booking) as text) from channel c where c.state = 'open'",
    )
});

#[derive(Deserialize)]
struct NoticeRow {
    id: i64,
    office: String,
    kind: String,
    channel: String,
    contact: String,
    booking: Option<i64>,
    occasion: String,
    detail: Option<String>,
    due_us: i64,
    drop_us: i64,
}

impl NoticeRow {
    fn notice(self) -> Result<Notice, StorageError> {
        Ok(Notice {
            id: self.id,
            office: OfficeId::read(&self.office).map_err(|_| bad("notice.office"))?,
            kind: Kind::named(&self.kind).ok_or_else(|| bad("notice.kind"))?,
            channel: ChannelId::stored(self.channel),
            contact: Contact::new(self.contact),
            booking: self.booking,
            occasion: self.occasion,
            detail: self.detail,
            due: at(self.due_us),
            drop_after: at(self.drop_us),
        })
    }
}

/// The notices that may go out now.
#[derive(Debug, Default)]
pub struct DueNotices {
    /// They, at most [`WAITING_MAX`] of a channel less those that stand in its outbox.
    pub notices: Vec<Notice>,
    /// Whether a channel has more that are due.
    pub has_more: bool,
}

impl Storage {
    /// The notices that are due, as many as their channels may take now.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn due_notices(&self, now: DateTime<Utc>) -> Result<DueNotices, StorageError> {
        let mut tx = self.pool.read().await?;
        let sql = DUE.sql(&tx);
        let channels: Vec<(i64, Option<String>)> = on!(&mut tx, |conn| {
            sqlx::query_as(sql).bind(us(now)).bind(i64::from(WAITING_MAX) + 1).fetch_all(conn).await
        })?;
        tx.end().await?;
        let mut due = DueNotices::default();
        for (waiting, rows) in channels {
            let rows = read_list::<NoticeRow>("notice", rows)?;
            let room = usize::try_from(i64::from(WAITING_MAX) - waiting).unwrap_or(0);
            due.has_more |= rows.len() > room;
            for row in rows.into_iter().take(room) {
                due.notices.push(row.notice()?);
            }
        }
        Ok(due)
    }

    /// When the next planned notice of an open channel is due.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn next_notice(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let mut tx = self.pool.read().await?;
        let (due,): (Option<i64>,) = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select min(first.due_us) from (select (select min(n.due_us) from notice n where n.channel = c.channel \
                 and n.state = 'planned') as due_us from channel c where c.state = 'open') as first",
            )
            .fetch_one(conn)
            .await
        })?;
        tx.end().await?;
        Ok(due.map(at))
    }
}
