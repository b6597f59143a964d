//! What a batch leads to: releases before takes, one statement a table, each row once in its last state, all in one
//! trip to the database.

use std::collections::HashSet;
use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Serialize;

use super::chat::ChatRow;
use super::{Changes, Intake};
use crate::domain::message::Outbound;
use crate::domain::office::OfficeId;
use crate::domain::slot::Slot;
use crate::storage::StorageError;
use crate::storage::engine::{Text, each, on};
use crate::storage::rows::{Row, json, us};

/// One statement a table, each with its rows as a parameter; the last one ends the transaction.
static WRITE: LazyLock<Text> = LazyLock::new(|| {
    Text::ending(&[
        "insert into day (office, date, capacity, taken) select each.value->>0, date(each.value->>1), \
         cast(each.value->>2 as bigint), cast(each.value->>3 as bigint) from @each($1) \
         where true on conflict (office, date) do update set taken = excluded.taken",
        "insert into hour (office, date, hour, capacity, taken, high) select each.value->>0, date(each.value->>1), \
         cast(each.value->>2 as bigint), cast(each.value->>3 as bigint), cast(each.value->>4 as bigint), \
         cast(each.value->>5 as bigint) from @each($2) \
         where true on conflict (office, date, hour) do update set taken = excluded.taken, high = excluded.high",
        "insert into booking (id, office, office_version, format, channel, contact, applicant, asked, date, hour, \
         seats, state, code, approval, tries, awaits, hold_until_us, photo, created_us) \
         select cast(each.value->>'id' as bigint), each.value->>'office', \
         cast(each.value->>'office_version' as bigint), each.value->>'format', each.value->>'channel', \
         each.value->>'contact', each.value->>'applicant', date(each.value->>'asked'), date(each.value->>'date'), \
         cast(each.value->>'hour' as bigint), each.value->>'seats', each.value->>'state', each.value->>'code', \
         each.value->>'approval', cast(each.value->>'tries' as bigint), each.value->>'awaits', \
         cast(each.value->>'hold_until_us' as bigint), cast(each.value->>'photo' as bigint), \
         cast(each.value->>'created_us' as bigint) from @each($3) \
         where true on conflict (id) do update set date = excluded.date, hour = excluded.hour, \
         seats = excluded.seats, state = excluded.state, tries = excluded.tries, awaits = excluded.awaits, \
         hold_until_us = excluded.hold_until_us, photo = excluded.photo",
        "insert into seat (office, date, hour, number, booking) select each.value->>0, date(each.value->>1), \
         cast(each.value->>2 as bigint), cast(each.value->>3 as bigint), cast(each.value->>4 as bigint) from @each($4)",
        "insert into conversation (channel, contact, office, lang, photo, photo_until_us, picture_us, question, \
         lost_photo_of, replies, heard_us, muted, talk) select each.value->>'channel', each.value->>'contact', \
         each.value->>'office', each.value->>'lang', cast(each.value->>'photo' as bigint), \
         cast(each.value->>'photo_until_us' as bigint), cast(each.value->>'picture_us' as bigint), \
         each.value->>'question', cast(each.value->>'lost_photo_of' as bigint), \
         cast(each.value->>'replies' as bigint), cast(each.value->>'heard_us' as bigint), \
         cast(each.value->>'muted' as bigint), each.value->>'talk' from @each($5) \
         where true on conflict (channel, contact) do update set lang = excluded.lang, photo = excluded.photo, \
         photo_until_us = excluded.photo_until_us, picture_us = excluded.picture_us, question = excluded.question, \
         lost_photo_of = excluded.lost_photo_of, replies = excluded.replies, heard_us = excluded.heard_us, \
         muted = excluded.muted, talk = excluded.talk",
        "insert into event (id, booking, at_us, state, detail) select cast(each.value->>0 as bigint), \
         cast(each.value->>1 as bigint), cast(each.value->>2 as bigint), each.value->>3, each.value->>4 from @each($6)",
        "insert into inbound (channel, message, office, contact, sent_us, served_us, content, answered) \
         select each.value->>0, each.value->>1, each.value->>2, each.value->>3, cast(each.value->>4 as bigint), \
         cast(each.value->>5 as bigint), each.value->>6, cast(each.value->>7 as bigint) from @each($7)",
        "insert into outbox (id, channel, contact, seq, office, reply_to, text, qr, state, due_us, attempts, \
         delivery, without_picture, created_us, quick_replies) select cast(each.value->>0 as bigint), each.value->>1, \
         each.value->>2, cast(each.value->>3 as bigint), each.value->>4, each.value->>5, each.value->>6, \
         each.value->>7, 'waiting', cast(each.value->>8 as bigint), 0, 0, 0, cast(each.value->>8 as bigint), \
         each.value->>9 from @each($8)",
        "insert into media (id, office, channel, contact, attachment, state, attempts, due_us, created_us) \
         select cast(each.value->>0 as bigint), each.value->>1, each.value->>2, each.value->>3, each.value->>4, \
         'wanted', 0, cast(each.value->>5 as bigint), cast(each.value->>5 as bigint) from @each($9)",
    ])
});

impl Intake {
    /// Writes everything and makes it durable. Only now may anybody be told.
    ///
    /// # Errors
    /// [`StorageError::Data`] when a constraint refuses it (a seat twice, an hour overfull): nothing is kept then.
    /// Otherwise it is not known to be durable.
    pub async fn finish(mut self, changes: &Changes, aside: bool) -> Result<(), StorageError> {
        if !changes.released.is_empty() {
            self.release(&changes.released).await?;
        }
        if aside {
            self.no_longer_aside(changes).await?;
        }
        let rows = self.rows_of(changes)?;
        let sql = WRITE.on(&self.tx);
        on!(&mut self.tx, |conn| {
            let mut query = sqlx::query(sql);
            for rows in &rows {
                query = query.bind(rows);
            }
            query.execute(conn).await.map(drop)
        })?;
        self.tx.ended().await
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
    async fn no_longer_aside(&mut self, changes: &Changes) -> Result<(), StorageError> {
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

    /// The parameters of [`WRITE`], in its order.
    fn rows_of(&self, changes: &Changes) -> Result<[String; 9], StorageError> {
        let now = us(self.now);
        let days: Vec<_> =
            changes.days.iter().map(|(office, date, load)| (office, date, load.capacity, load.taken)).collect();
        let hours: Vec<_> = changes
            .hours
            .iter()
            .map(|(office, slot, load)| (office, slot.date, slot.hour, load.capacity, load.taken, load.high))
            .collect();
        let bookings = changes.bookings.iter().map(Row::of).collect::<Result<Vec<_>, _>>()?;
        let seats: Vec<_> = changes
            .bookings
            .iter()
            .filter(|booking| changes.seated.contains(&booking.id))
            .flat_map(|b| b.seats.iter().map(move |seat| (&b.office, b.slot.date, b.slot.hour, *seat, b.id)))
            .collect();
        let chats = changes.chats.iter().map(ChatRow::of).collect::<Result<Vec<_>, _>>()?;
        let events = changes
            .events
            .iter()
            .map(|event| {
                let detail = json(&Detail { date: event.slot.date, hour: event.slot.hour, seats: &event.seats })?;
                Ok((event.id, event.booking, now, event.state.name(), detail))
            })
            .collect::<Result<Vec<_>, StorageError>>()?;
        let answered: HashSet<_> =
            changes.replies.iter().filter_map(|reply| Some((&reply.to.0, reply.reply_to.as_ref()?))).collect();
        let inbounds = changes
            .inbounds
            .iter()
            .map(|(office, m)| {
                let answered = i64::from(answered.contains(&(&m.channel, &m.id)));
                Ok((&m.channel, &m.id, office, &m.contact, us(m.sent_at), now, json(&m.content)?, answered))
            })
            .collect::<Result<Vec<_>, StorageError>>()?;
        let replies = changes
            .replies
            .iter()
            .map(|r| {
                let Outbound { text, qr, quick_replies } = &r.outbound;
                let quick_replies = (!quick_replies.is_empty()).then(|| json(quick_replies)).transpose()?;
                Ok((r.id, &r.to.0, &r.to.1, r.seq, &r.office, &r.reply_to, text, qr, now, quick_replies))
            })
            .collect::<Result<Vec<_>, StorageError>>()?;
        let media = changes
            .media
            .iter()
            .map(|m| Ok((m.id, &m.office, &m.from.0, &m.from.1, json(&m.attachment)?, now)))
            .collect::<Result<Vec<_>, StorageError>>()?;
        Ok([
            json(&days)?,
            json(&hours)?,
            json(&bookings)?,
            json(&seats)?,
            json(&chats)?,
            json(&events)?,
            json(&inbounds)?,
            json(&replies)?,
            json(&media)?,
        ])
    }
}

#[derive(Serialize)]
struct Detail<'a> {
    date: NaiveDate,
    hour: u8,
    seats: &'a [u32],
}
