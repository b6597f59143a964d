//! Repairs the lists of bookings that conversations keep.
//!
//! A conversation lists those of its contact's bookings that can still matter, so that nothing is searched for when
//! they write. A node drops those whose day is over, by its own clock: one that is days ahead drops too many. This goes
//! by the clock of the machine that it runs on, which must be right. Bookings that were dropped before their contact
//! was joined with another are added to the conversation of the old name.

use chrono::{DateTime, Utc};

use crate::storage::booking_row::DEAD_HOLD_HOURS;
use crate::storage::engine::column::us;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on, rows_affected};
use crate::storage::handle::Storage;

/// Live bookings `b` from a day on that their conversation `c` does not list, as the end of a select.
macro_rules! unknown_bookings {
    ($since:literal) => {
        concat!(
            "from booking b left join conversation c on c.channel = b.channel and c.contact = b.contact \
             where b.state in ('held', 'booked') and b.date >= ",
            $since,
            " and coalesce(replace(replace(c.bookings, '[', ','), ']', ','), '') not like '%,' || b.id || ',%'"
        )
    };
}
pub(in crate::storage) use unknown_bookings;

/// `$1` yesterday, since no office's date is more than a day from the date in Greenwich; `$2` the earliest deadline at
/// which an ended hold is still recognised. For each contact with an unlisted live booking: the list of all bookings
/// that can still matter.
const REPAIR: &str = concat!(
    "insert into conversation (channel, contact, office, lang, heard_us, bookings) \
     select own.channel, own.contact, min(own.office), 'id', 0, \
     '[' || string_agg(cast(own.id as text), ',' order by own.id) || ']' \
     from booking own join (select distinct b.channel, b.contact ",
    unknown_bookings!("$1"),
    ") unknown on unknown.channel = own.channel and unknown.contact = own.contact \
     where (own.state in ('held', 'booked') and own.date >= $1) \
     or (own.state in ('expired', 'replaced') and coalesce(own.hold_until_us, own.created_us) >= $2) \
     group by own.channel, own.contact \
     on conflict (channel, contact) do update set bookings = excluded.bookings"
);

impl Storage {
    /// Gives every conversation the list of its contact's bookings that can still matter at `now`, and creates a
    /// conversation where there is none. Returns how many changed. No message is served meanwhile.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; nothing was changed.
    pub async fn repair_conversations(&self, now: DateTime<Utc>) -> Result<u64, StorageError> {
        let mut tx = self.pool.begin_long().await?;
        if let Tx::Postgres(tx) = &mut tx {
            // A batch locks rows of this table, and its snapshot would be older than what is written here.
            tx.execute(sqlx::query("lock table office in exclusive mode")).await?;
        }
        let yesterday = now.date_naive().pred_opt().unwrap_or_default();
        let dead = us(now - chrono::Duration::hours(DEAD_HOLD_HOURS));
        let told = on!(&mut tx, |conn| {
            sqlx::query(REPAIR).bind(yesterday).bind(dead).execute(conn).await.map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(told)
    }
}
