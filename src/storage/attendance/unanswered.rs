//! Places whose reminders had to be answered and were not. Only a reminder that was really sent, and early enough, costs anybody a place: not
//! one that was dropped, held, given up or refused by the provider.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use crate::domain::attendance::ANSWER_MINUTES;
use crate::domain::message::{ChannelId, Contact};
use crate::domain::notice::Kind;
use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, bad, json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;
use crate::storage::intake::changes::ContactKey;
use crate::storage::intake::transaction::Intake;

/// Places that one search returns.
const PLACES_MAX: i64 = 200;
/// Microseconds of a minute.
const MINUTE_US: i64 = 60_000_000;

/// That the reminder of a booking `b` was sent early enough, and by all that is known came through. A channel that is not open may
/// have answers waiting.
fn was_asked() -> String {
    format!(
        "b.attendance = 'asked' and b.state = 'booked' \
         and exists (select 1 from notice n join outbox o on o.id = n.outbox where n.kind = '{kind}' \
         and n.subject = cast(b.id as text) and n.occasion = cast(b.date as text) and n.state = 'queued' \
         and coalesce(o.state, '') = 'sent' and o.sent_us <= b.answer_until_us - {early}) \
         and exists (select 1 from channel c where c.channel = b.channel and c.state = 'open')",
        kind = Kind::Reminder,
        early = ANSWER_MINUTES * MINUTE_US,
    )
}

/// Those of an office in `$1` whose answer was awaited until after `$2` and by `$3`.
static DUE: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(&format!(
        "select b.office, b.channel, b.contact, b.id from booking b where b.answer_until_us > $2 and b.answer_until_us <= $3 \
         and b.office in (select each.value->>0 from @each($1)) and {} order by b.answer_until_us, b.id limit $4",
        was_asked()
    ))
});

/// Those of the bookings `$1` that are still so.
static STILL: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(&format!(
        "select b.id from booking b where b.id in (select cast(each.value->>0 as bigint) from @each($1)) and {}",
        was_asked()
    ))
});

impl Storage {
    /// Places of these offices whose reminders were sent and not answered, with answers that were awaited until after `since` and by
    /// `until`; some hundred at most.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn unanswered(
        &self,
        offices: &[&OfficeId],
        since: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<BTreeMap<OfficeId, Vec<(ContactKey, i64)>>, StorageError> {
        let offices = json(&offices.iter().map(|office| (office,)).collect::<Vec<_>>())?;
        let mut tx = self.pool.read().await?;
        let sql = DUE.sql(&tx);
        let rows: Vec<(String, String, String, i64)> = on!(&mut tx, |conn| {
            let query = sqlx::query_as(sql).bind(&offices).bind(us(since)).bind(us(until));
            query.bind(PLACES_MAX).fetch_all(conn).await
        })?;
        tx.end().await?;
        let mut places: BTreeMap<OfficeId, Vec<(ContactKey, i64)>> = BTreeMap::new();
        for (office, channel, contact, booking) in rows {
            let office = OfficeId::read(&office).map_err(|_| bad("booking.office"))?;
            let key = (ChannelId::stored(channel), Contact::new(contact));
            places.entry(office).or_default().push((key, booking));
        }
        Ok(places)
    }

    /// When the first answer ends that is awaited until after an instant.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn next_answer_end(&self, after: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError> {
        let mut tx = self.pool.read().await?;
        let (end,): (Option<i64>,) = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select min(answer_until_us) from booking where attendance = 'asked' and state = 'booked' \
                 and answer_until_us > $1",
            )
            .bind(us(after))
            .fetch_one(conn)
            .await
        })?;
        tx.end().await?;
        Ok(end.map(at))
    }
}

impl Intake {
    /// Those of these bookings whose reminder was sent and still waits for its answer.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn unanswered(&mut self, bookings: &[i64]) -> Result<BTreeSet<i64>, StorageError> {
        let rows = json(&bookings.iter().map(|id| (id,)).collect::<Vec<_>>())?;
        let sql = STILL.sql(self.tx());
        let found: Vec<(i64,)> = on!(self.tx(), |conn| sqlx::query_as(sql).bind(&rows).fetch_all(conn).await)?;
        Ok(found.into_iter().map(|(id,)| id).collect())
    }
}
