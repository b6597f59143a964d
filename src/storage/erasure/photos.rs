//! Photos that are too old: some days after the visit, or after they were sent where no visit came of them.

use chrono::NaiveDate;

use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::erasure::contact::by_ids;
use crate::storage::erasure::step::{Erased, Step};
use crate::storage::erasure::{files, old};

/// Photos that one step looks at: most are of visits to come, and looking costs little.
const LOOKED_AT: i64 = 2_000;

/// Looks at the photos behind the one that the last search came to, and erases those that are too old. At the end of the table it
/// begins anew.
pub(super) async fn erase(tx: &mut Tx, step: &mut Step<'_>) -> Result<(), StorageError> {
    type Looked = (i64, i64, Option<NaiveDate>, String, String);
    let (sent_before, visit_before) = (step.before_us(step.keep.photos), step.before_day(step.keep.photos));
    let (reached,): (i64,) = on!(&mut *tx, |conn| {
        sqlx::query_as("select coalesce(max(done), 0) from retention where part = 'photos' and office = ''")
            .fetch_one(conn)
            .await
    })?;
    let rows: Vec<Looked> = on!(&mut *tx, |conn| {
        sqlx::query_as(
            "select m.id, m.created_us, (select max(b.date) from booking b where b.photo = m.id \
             and b.state in ('held', 'booked')), m.channel, m.contact from media m where m.id > $1 order by m.id limit $2",
        )
        .bind(reached)
        .bind(LOOKED_AT)
        .fetch_all(conn)
        .await
    })?;
    let is_end = i64::try_from(rows.len()).is_ok_and(|rows| rows < LOOKED_AT);
    let last = rows.last().map_or(0, |row| row.0);
    let is_old =
        |sent: i64, visit: Option<NaiveDate>| sent < sent_before && visit.is_none_or(|visit| visit < visit_before);
    let mut over = Vec::new();
    for (id, sent, visit, channel, contact) in rows {
        if is_old(sent, visit) {
            over.push(id);
            step.contacts.insert((channel, contact));
        }
    }
    step.has_more |= !is_end;
    step.count(Erased::Photos, over.len());
    files::note(tx, &over).await?;
    by_ids(tx, "delete from media where id in", &over).await?;
    old::came_to(tx, "photos", "", if is_end { 0 } else { last }).await
}
