//! Writes what a batch leads to, in one round trip: seats go back before others are taken, each table has one statement, and
//! each row is written once, in its last state.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::domain::message::Outbound;
use crate::storage::booking_row::NewBookingRow;
use crate::storage::engine::column::{json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::rows::Rows;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::table::Upsert as _;
use crate::storage::engine::transaction::{each, on};
use crate::storage::erasure::{contact, requests};
use crate::storage::intake::changes::{Changes, ReleasedSeat};
use crate::storage::intake::chat::NewChatRow;
use crate::storage::intake::notices::plan;
use crate::storage::intake::people::{insert_people, person_rows};
use crate::storage::intake::rows::{
    NewDayRow, NewEventRow, NewHourRow, NewInboundRow, NewMediaRow, NewOutboxRow, NewSeatRow, NewUploadRow,
};
use crate::storage::intake::transaction::Intake;

/// The statements that every batch needs, one for a table; in the order of the rows of [`Intake::table_rows`].
fn tables() -> [String; 7] {
    [
        NewDayRow::upsert(),
        NewHourRow::upsert(),
        NewBookingRow::upsert(),
        NewSeatRow::INSERT.to_owned(),
        NewChatRow::upsert(),
        NewEventRow::INSERT.to_owned(),
        NewInboundRow::INSERT.to_owned(),
    ]
}

/// The statements that write one kind of batch.
struct BatchStatements {
    /// Everything, in one round trip.
    whole: Statement,
    /// Everything but the replies, which [`INSERT_REPLIES`] writes in a second round trip.
    without_replies: Statement,
}

impl BatchStatements {
    fn of(parts: &[&str]) -> Self {
        Self {
            whole: Statement::batch_with_commit(&[parts, &[NewOutboxRow::INSERT]].concat()),
            without_replies: Statement::batch(parts),
        }
    }
}

/// The statements of a batch with neither photos nor people, with photos, with people, with both. Few batches have either, and
/// PostgreSQL starts each part of a statement anew for each batch.
static WRITE: LazyLock<[BatchStatements; 4]> = LazyLock::new(|| {
    let (tables, people) = (tables(), insert_people());
    let with = |more: &[&str]| {
        let parts: Vec<&str> = tables.iter().map(String::as_str).chain(more.iter().copied()).collect();
        BatchStatements::of(&parts)
    };
    [with(&[]), with(&[NewMediaRow::INSERT]), with(&[&people]), with(&[NewMediaRow::INSERT, &people])]
});

/// The statements that these changes need.
fn statements_for(changes: &Changes) -> &'static BatchStatements {
    let [plain, with_photos, with_people, with_both] = &*WRITE;
    match (changes.media.is_empty(), changes.people.is_empty()) {
        (true, true) => plain,
        (false, true) => with_photos,
        (true, false) => with_people,
        (false, false) => with_both,
    }
}

static INSERT_UPLOADS: LazyLock<Statement> = LazyLock::new(|| Statement::batch(&[NewUploadRow::INSERT]));

static INSERT_REPLIES: LazyLock<Statement> = LazyLock::new(|| Statement::batch_with_commit(&[NewOutboxRow::INSERT]));

/// The same where the erasure of a contact follows in the same transaction.
static INSERT_REPLIES_FIRST: LazyLock<Statement> = LazyLock::new(|| Statement::batch(&[NewOutboxRow::INSERT]));

/// Replies from which on everything else is written while their texts are made. For fewer, the second round trip (two switches
/// of threads on SQLite) costs more than it saves.
const SEPARATE_REPLIES_MIN: usize = 16;

impl Intake {
    /// Writes everything and commits it. Nobody may be told before [`Storage::durable`](crate::storage::Storage::durable)
    /// returns; the next batch may begin meanwhile. `words` gives the texts of the replies, in their order; a large batch is
    /// written meanwhile.
    ///
    /// # Errors
    /// [`StorageError::Data`] when a constraint refuses the changes (a seat twice, an hour above its capacity): then nothing
    /// is kept. After any other error it is unknown whether they were committed.
    pub async fn finish(
        mut self,
        changes: &Changes,
        aside: bool,
        words: impl FnOnce() -> Vec<Outbound>,
    ) -> Result<(), StorageError> {
        if !changes.released.is_empty() {
            self.release(&changes.released).await?;
        }
        if !changes.notices.is_empty() {
            plan(&mut self.tx, &changes.notices, us(self.now)).await?;
        }
        if !changes.settled.is_empty() {
            self.settle_notices(&changes.settled).await?;
        }
        if aside {
            self.settle_set_aside(changes).await?;
        }
        self.write_tickets(changes).await?;
        self.write_uploads(changes).await?;
        for (of, office) in &changes.asked_erasure {
            requests::ask(&mut self.tx, of, office, self.now).await?;
        }
        let statements = statements_for(changes);
        let mut rows = self.table_rows(changes)?;
        if !changes.erased.is_empty() {
            statements.without_replies.execute(&mut self.tx, &rows).await?;
            let words = words();
            let replies = self.reply_rows(changes, &words)?;
            INSERT_REPLIES_FIRST.execute(&mut self.tx, &[replies]).await?;
            contact::erase_all(&mut self.tx, &changes.erased, &self.repeat_key, self.now).await?;
            self.tx.commit_unsynced().await?;
            self.live.booked(changes.bookings.iter().map(|booking| &booking.office));
            return Ok(());
        }
        if changes.replies.len() >= SEPARATE_REPLIES_MIN {
            let written = statements.without_replies.execute(&mut self.tx, &rows);
            let (written, words) = tokio::join!(written, async { words() });
            written?;
            let replies = self.reply_rows(changes, &words)?;
            INSERT_REPLIES.execute(&mut self.tx, &[replies]).await?;
        } else {
            let words = words();
            rows.push(self.reply_rows(changes, &words)?);
            statements.whole.execute(&mut self.tx, &rows).await?;
        }
        self.tx.mark_committed().await?;
        self.live.booked(changes.bookings.iter().map(|booking| &booking.office));
        let answered = changes.tickets.values().map(|stored| &stored.office);
        self.live.talked(changes.inbounds.iter().map(|(office, _)| office).chain(answered));
        Ok(())
    }

    /// Deletes the rows of seats that go back, in a statement before the one that may insert them for others.
    async fn release(&mut self, seats: &[ReleasedSeat]) -> Result<(), StorageError> {
        let sql = each!(
            &self.tx,
            "delete from seat where (office, date, hour, number) in (select each.value->>0, date(each.value->>1), \
             cast(each.value->>2 as bigint), cast(each.value->>3 as bigint) from",
            ")"
        );
        let rows: Vec<_> =
            seats.iter().map(|seat| (&seat.office, seat.slot.date, seat.slot.hour, seat.number)).collect();
        let rows = json(&rows)?;
        on!(&mut self.tx, |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
        Ok(())
    }

    /// Takes messages that were set aside, and are served now, off the officers' list.
    async fn settle_set_aside(&mut self, changes: &Changes) -> Result<(), StorageError> {
        let sql = each!(
            &self.tx,
            "update set_aside set state = 'retried' where state = 'kept' and id in (select kept.id from",
            "join set_aside kept on kept.channel = each.value->>0 and kept.message = each.value->>1)"
        );
        let rows =
            json(&changes.inbounds.iter().map(|(_, inbound)| (&inbound.channel, &inbound.id)).collect::<Vec<_>>())?;
        on!(&mut self.tx, |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
        Ok(())
    }

    /// Writes the links that replies name. Few batches have any, so it costs the others no statement.
    async fn write_uploads(&mut self, changes: &Changes) -> Result<(), StorageError> {
        if changes.uploads.is_empty() {
            return Ok(());
        }
        let rows = Rows::of(changes.uploads.iter().map(NewUploadRow::row))?;
        INSERT_UPLOADS.execute(&mut self.tx, &[rows]).await
    }

    /// The rows of [`tables`], and those of photos and people if there are any, in the order of [`WRITE`].
    fn table_rows<'c>(&self, changes: &'c Changes) -> Result<Vec<Rows<'c>>, StorageError> {
        let now = us(self.now);
        let seated = changes.bookings.iter().filter(|booking| changes.seated.contains(&booking.id));
        let seats = seated.flat_map(|booking| booking.seats.iter().map(|seat| NewSeatRow::row(booking, *seat)));
        let answered: HashSet<_> =
            changes.replies.iter().filter_map(|reply| Some((&reply.to.0, reply.reply_to.as_ref()?))).collect();
        let inbounds = changes.inbounds.iter().map(|(office, inbound)| {
            NewInboundRow::row(office, inbound, answered.contains(&(&inbound.channel, &inbound.id)), now)
        });
        let mut rows = vec![
            Rows::of(changes.days.iter().map(NewDayRow::row))?,
            Rows::of(changes.hours.iter().map(NewHourRow::row))?,
            Rows::of(changes.bookings.iter().map(NewBookingRow::row))?,
            Rows::of(seats)?,
            Rows::of(changes.chats.iter().map(NewChatRow::row))?,
            Rows::of(changes.events.iter().map(|event| NewEventRow::row(event, now)))?,
            Rows::of(inbounds)?,
        ];
        if !changes.media.is_empty() {
            rows.push(Rows::of(changes.media.iter().map(|media| NewMediaRow::row(media, now)))?);
        }
        if !changes.people.is_empty() {
            rows.push(person_rows(&changes.people)?);
        }
        Ok(rows)
    }

    /// The rows of the replies, with their texts.
    fn reply_rows<'c>(&self, changes: &'c Changes, words: &'c [Outbound]) -> Result<Rows<'c>, StorageError> {
        let now = us(self.now);
        if changes.replies.len() != words.len() {
            let (replies, words) = (changes.replies.len(), words.len());
            let fault = format!("a fault in this program: {words} texts were given for {replies} replies");
            return Err(StorageError::Data(fault));
        }
        Rows::of(changes.replies.iter().zip(words).map(|(reply, said)| NewOutboxRow::row(reply, said, now)))
    }
}
