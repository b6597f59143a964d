//! What contacts were told last, and how far it has come.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use crate::domain::message::{ChannelId, Contact, Delivery};
use crate::storage::engine::column::{at, json};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;
use crate::storage::intake::changes::ContactKey;

/// The last reply to a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastTold {
    /// When it was written.
    pub at: DateTime<Utc>,
    /// What the provider said of it; `None` where it has not gone out.
    pub delivery: Option<Delivery>,
}

result_row! {
    struct ToldRow {
        channel: String,
        contact: String,
        written_us: Option<i64>,
        delivery: Option<i64>,
    }
}

static TOLD: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "select c.channel, c.contact, coalesce(o.created_us, a.created_us) as written_us, \
         coalesce(o.delivery, a.delivery) as delivery from @each($1) \
         join conversation c on c.channel = each.value->>0 and c.contact = each.value->>1 \
         left join outbox o on o.id = c.last_reply left join outbox_archive a on a.id = c.last_reply",
    )
});

impl Storage {
    /// The last reply to each of these contacts; those who got none are left out.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn last_told(&self, of: &[ContactKey]) -> Result<HashMap<ContactKey, LastTold>, StorageError> {
        let mut tx = self.pool.read().await?;
        let (of, sql) = (json(of)?, TOLD.sql(&tx));
        let rows: Vec<ToldRow> = on!(&mut tx, |conn| sqlx::query_as(sql).bind(&of).fetch_all(conn).await)?;
        tx.end().await?;
        let told = |row: ToldRow| {
            let rank = |rank: i64| Delivery::ALL.into_iter().find(|delivery| delivery.rank() == rank);
            let told = LastTold { at: at(row.written_us?), delivery: row.delivery.and_then(rank) };
            Some(((ChannelId::stored(row.channel), Contact::new(row.contact)), told))
        };
        Ok(rows.into_iter().filter_map(told).collect())
    }
}
