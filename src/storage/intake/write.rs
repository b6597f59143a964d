//! What a batch leads to: releases before takes, one statement a table, each row once in its last state, all in one
//! trip to the database.

use std::collections::HashSet;
use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::message::{MessageId, Outbound};
use crate::domain::office::OfficeId;
use crate::domain::slot::Slot;
use crate::storage::booking_row::BookingRow;
use crate::storage::engine::column::{json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::rows::Rows;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{each, on};
use crate::storage::intake::changes::Changes;
use crate::storage::intake::chat::ChatRow;
use crate::storage::intake::people::{INSERT_PEOPLE, person_rows};
use crate::storage::intake::transaction::Intake;

/// Everything but photos and replies: one statement a table.
const TABLES: [&str; 7] = [
    "insert into day (office, date, capacity, taken, held) @rows(text, date, bigint, bigint, bigint) \
     on conflict (office, date) do update set taken = excluded.taken, held = excluded.held",
    "insert into hour (office, date, hour, capacity, taken, high) \
     @rows(text, date, bigint, bigint, bigint, bigint) \
     on conflict (office, date, hour) do update set taken = excluded.taken, high = excluded.high",
    "insert into booking (id, office, office_version, format, channel, contact, applicant, asked, date, hour, \
     seats, state, code, approval, tries, awaits, hold_until_us, photo, created_us) \
     @rows(bigint, text, bigint, text, text, text, text, date, date, bigint, text, text, text, text, bigint, text, \
     bigint, bigint, bigint) on conflict (id) do update set date = excluded.date, hour = excluded.hour, \
     seats = excluded.seats, state = excluded.state, tries = excluded.tries, awaits = excluded.awaits, \
     hold_until_us = excluded.hold_until_us, photo = excluded.photo",
    "insert into seat (office, date, hour, number, booking) @rows(text, date, bigint, bigint, bigint)",
    "insert into conversation (channel, contact, office, lang, photo, photo_until_us, picture_us, question, \
     lost_photo_of, last_reply, heard_us, muted, talk, bookings) @rows(text, text, text, text, bigint, bigint, bigint, \
     text, bigint, bigint, bigint, bigint, text, text) \
     on conflict (channel, contact) do update set lang = excluded.lang, photo = excluded.photo, \
     photo_until_us = excluded.photo_until_us, picture_us = excluded.picture_us, question = excluded.question, \
     lost_photo_of = excluded.lost_photo_of, last_reply = excluded.last_reply, heard_us = excluded.heard_us, \
     muted = excluded.muted, talk = excluded.talk, bookings = excluded.bookings",
    "insert into event (id, booking, at_us, state, detail) @rows(bigint, bigint, bigint, text, text)",
    "insert into inbound (channel, message, office, contact, sent_us, served_us, content, answered) \
     @rows(text, text, text, text, bigint, bigint, text, bigint)",
];

/// Photos. Few batches have one, and a server starts each part of a statement anew for each batch.
const PHOTOS: &str = "insert into media (id, office, channel, contact, attachment, state, attempts, due_us, created_us) \
     @rows(bigint, text, text, text, text, text, bigint, bigint, bigint)";

/// The replies.
const REPLIES: &str = "insert into outbox (id, channel, contact, previous, office, reply_to, text, qr, state, due_us, \
     attempts, delivery, without_picture, created_us, quick_replies) @rows(bigint, text, text, bigint, text, text, \
     text, text, text, bigint, bigint, bigint, bigint, bigint, text)";

/// What a batch is written with, without photos or with some.
struct BatchStatements {
    /// All in one trip.
    whole: Statement,
    /// The same in two: everything but the replies, and then [`WRITE_REPLIES`].
    books: Statement,
}

impl BatchStatements {
    fn of(parts: &[&str]) -> Self {
        Self { whole: Statement::batch_with_commit(&[parts, &[REPLIES]].concat()), books: Statement::batch(parts) }
    }
}

/// Without photos and people, with photos, with people, with both.
static WRITE: LazyLock<[BatchStatements; 4]> = LazyLock::new(|| {
    let with = |more: &[&'static str]| BatchStatements::of(&[&TABLES[..], more].concat());
    [with(&[]), with(&[PHOTOS]), with(&[INSERT_PEOPLE]), with(&[PHOTOS, INSERT_PEOPLE])]
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

static WRITE_REPLIES: LazyLock<Statement> = LazyLock::new(|| Statement::batch_with_commit(&[REPLIES]));

/// Replies from which on the books are written while they are being worded. For fewer the other trip, two switches of
/// threads on SQLite, costs more than it gains.
const SEPARATE_REPLIES_MIN: usize = 16;

impl Intake {
    /// WriteHealth everything and commits it. Nobody may be told before [`Storage::durable`](crate::storage::Storage::durable)
    /// says so; the next batch may begin meanwhile. `words` gives what the replies say, in their order: of a large batch the
    /// books are written meanwhile.
    ///
    /// # Errors
    /// [`StorageError::Data`] when a constraint refuses it (a seat twice, an hour overfull): nothing is kept then.
    /// Otherwise it is not known whether it was committed.
    pub async fn finish(
        mut self,
        changes: &Changes,
        aside: bool,
        words: impl FnOnce() -> Vec<Outbound>,
    ) -> Result<(), StorageError> {
        if !changes.released.is_empty() {
            self.release(&changes.released).await?;
        }
        if aside {
            self.settle_set_aside(changes).await?;
        }
        let texts = statements_for(changes);
        let books = self.table_rows(changes)?;
        if changes.replies.len() >= SEPARATE_REPLIES_MIN {
            let (written, words) = tokio::join!(texts.books.execute(&mut self.tx, &books), async { words() });
            written?;
            let replies = self.reply_rows(changes, &words)?;
            WRITE_REPLIES.execute(&mut self.tx, &[replies]).await?;
        } else {
            let words = words();
            let replies = self.reply_rows(changes, &words)?;
            texts.whole.execute(&mut self.tx, &books.into_iter().chain([replies]).collect::<Vec<_>>()).await?;
        }
        self.tx.mark_committed().await
    }

    /// Gives seats back; in a statement of its own, before others may take them.
    async fn release(&mut self, seats: &[(OfficeId, Slot, u32)]) -> Result<(), StorageError> {
        let sql = each!(
            &self.tx,
            "delete from seat where (office, date, hour, number) in (select each.value->>0, date(each.value->>1), \
             cast(each.value->>2 as bigint), cast(each.value->>3 as bigint) from",
            ")"
        );
        let rows: Vec<_> = seats.iter().map(|(office, slot, seat)| (office, slot.date, slot.hour, seat)).collect();
        let rows = json(&rows)?;
        on!(&mut self.tx, |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
        Ok(())
    }

    /// What was set aside and is served now need not be looked at any more.
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

    /// The rows of [`TABLES`], in their order, and of [`PHOTOS`] and [`INSERT_PEOPLE`] if there are any.
    fn table_rows<'c>(&self, changes: &'c Changes) -> Result<Vec<Rows<'c>>, StorageError> {
        let now = us(self.now);
        let days = changes.days.iter().map(|(office, date, load)| {
            [office.as_str().into(), (*date).into(), load.capacity.into(), load.taken.into(), load.held.into()]
        });
        let hours = changes.hours.iter().map(|(office, slot, load)| {
            let (office, date, hour) = (office.as_str().into(), slot.date.into(), slot.hour.into());
            [office, date, hour, load.capacity.into(), load.taken.into(), load.high.into()]
        });
        let bookings = changes.bookings.iter().map(BookingRow::values).collect::<Result<Vec<_>, _>>()?;
        let seated = changes.bookings.iter().filter(|booking| changes.seated.contains(&booking.id));
        let seats = seated.flat_map(|b| {
            let place = |seat: u32| {
                [b.office.as_str().into(), b.slot.date.into(), b.slot.hour.into(), seat.into(), b.id.into()]
            };
            b.seats.iter().copied().map(place)
        });
        let chats = changes.chats.iter().map(ChatRow::values).collect::<Result<Vec<_>, _>>()?;
        let events = changes
            .events
            .iter()
            .map(|event| {
                let detail = json(&Detail { date: event.slot.date, hour: event.slot.hour, seats: &event.seats })?;
                Ok([event.id.into(), event.booking.into(), now.into(), event.state.name().into(), detail.into()])
            })
            .collect::<Result<Vec<_>, StorageError>>()?;
        let answered: HashSet<_> =
            changes.replies.iter().filter_map(|reply| Some((&reply.to.0, reply.reply_to.as_ref()?))).collect();
        let inbounds = changes
            .inbounds
            .iter()
            .map(|(office, m)| {
                let is_answered = answered.contains(&(&m.channel, &m.id));
                Ok([
                    m.channel.as_str().into(),
                    m.id.as_str().into(),
                    office.as_str().into(),
                    m.contact.as_str().into(),
                    us(m.sent_at).into(),
                    now.into(),
                    json(&m.content)?.into(),
                    is_answered.into(),
                ])
            })
            .collect::<Result<Vec<_>, StorageError>>()?;
        let media = changes
            .media
            .iter()
            .map(|m| {
                let (channel, contact) = (m.from.0.as_str().into(), m.from.1.as_str().into());
                let attachment = json(&m.attachment)?.into();
                let (id, office) = (m.id.into(), m.office.as_str().into());
                Ok([id, office, channel, contact, attachment, "wanted".into(), 0_i64.into(), now.into(), now.into()])
            })
            .collect::<Result<Vec<_>, StorageError>>()?;
        let mut books = vec![
            Rows::of(days),
            Rows::of(hours),
            Rows::of(bookings),
            Rows::of(seats),
            Rows::of(chats),
            Rows::of(events),
            Rows::of(inbounds),
        ];
        if !media.is_empty() {
            books.push(Rows::of(media));
        }
        if !changes.people.is_empty() {
            books.push(person_rows(&changes.people));
        }
        Ok(books)
    }

    /// The rows of [`REPLIES`].
    fn reply_rows<'c>(&self, changes: &'c Changes, words: &'c [Outbound]) -> Result<Rows<'c>, StorageError> {
        let now = us(self.now);
        if changes.replies.len() != words.len() {
            let (replies, words) = (changes.replies.len(), words.len());
            let fault = format!("a fault in this program: {words} texts were given for {replies} replies");
            return Err(StorageError::Data(fault));
        }
        let replies = changes
            .replies
            .iter()
            .zip(words)
            .map(|(r, Outbound { text, qr, quick_replies })| {
                let quick_replies = (!quick_replies.is_empty()).then(|| json(quick_replies)).transpose()?;
                Ok([
                    r.id.into(),
                    r.to.0.as_str().into(),
                    r.to.1.as_str().into(),
                    r.previous.into(),
                    r.office.as_str().into(),
                    r.reply_to.as_ref().map(MessageId::as_str).into(),
                    text.as_str().into(),
                    qr.as_deref().into(),
                    "waiting".into(),
                    now.into(),
                    0_i64.into(),
                    0_i64.into(),
                    0_i64.into(),
                    now.into(),
                    quick_replies.into(),
                ])
            })
            .collect::<Result<Vec<_>, StorageError>>()?;
        Ok(Rows::of(replies))
    }
}

#[derive(Serialize)]
struct Detail<'a> {
    date: NaiveDate,
    hour: u8,
    seats: &'a [u32],
}
