//! The intake transaction of the desk: a constant number of statements however large the batch is.
//!
//! Arrays go in as one JSON parameter and come back as rows. Every row belongs to one office, whose row is locked first.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::engine::{Tx, each, on};
use super::rows::{Row, at, booking_columns, fits, json, unjson, us};
use super::{Storage, StorageError};
use crate::conversation::{Chat, KeptPhoto, Lang, Question};
use crate::domain::booking::{Booking, State};
use crate::domain::message::{Attachment, ChannelId, Contact, Inbound, MessageId, Outbound};
use crate::domain::office::OfficeId;
use crate::domain::seats::{DayLoad, HourLoad};
use crate::domain::slot::Slot;

/// How long a dead hold's code is still recognised after its form, in hours: an answer a day late gets its reason.
const DEAD_HOLD_HOURS: i64 = 24;

/// One contact on one line.
pub type ContactKey = (ChannelId, Contact);

/// What is remembered of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChat {
    /// The office of the line.
    pub office: OfficeId,
    /// What the conversation remembers.
    pub chat: Chat,
    /// Replies written so far; the next one is number `replies + 1`.
    pub replies: i64,
    /// Sending time of the latest message.
    pub heard_at: DateTime<Utc>,
}

/// A step of a booking, for the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its number.
    pub id: i64,
    /// The booking after the step.
    pub booking: i64,
    /// The state after the step.
    pub state: State,
    /// The hour after the step.
    pub slot: Slot,
    /// The seats after the step.
    pub seats: Vec<u32>,
}

/// An answer to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReply {
    /// Its number.
    pub id: i64,
    /// Whom it goes to.
    pub to: ContactKey,
    /// Its place in the order of their replies.
    pub seq: i64,
    /// The office that answers.
    pub office: OfficeId,
    /// The message that it answers; `None` when nobody asked.
    pub reply_to: Option<MessageId>,
    /// What it says.
    pub outbound: Outbound,
}

/// A photo to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMedia {
    /// Its number.
    pub id: i64,
    /// The office it is for.
    pub office: OfficeId,
    /// Who sent it, by which line.
    pub from: ContactKey,
    /// Where to fetch it.
    pub attachment: Attachment,
}

/// Everything that a batch writes, each row once in its last state.
#[derive(Debug, Default)]
pub struct Changes {
    /// Contacts.
    pub chats: Vec<(ContactKey, StoredChat)>,
    /// Bookings made or changed.
    pub bookings: Vec<Booking>,
    /// Bookings whose seats go back, by number.
    pub released: Vec<i64>,
    /// Bookings (from `bookings`) whose seats are new.
    pub seated: BTreeSet<i64>,
    /// Days touched.
    pub days: Vec<(OfficeId, NaiveDate, DayLoad)>,
    /// Hours touched.
    pub hours: Vec<(OfficeId, Slot, HourLoad)>,
    /// Steps, in order.
    pub events: Vec<Event>,
    /// Messages served.
    pub inbounds: Vec<(OfficeId, Inbound)>,
    /// Answers.
    pub replies: Vec<NewReply>,
    /// Photos.
    pub media: Vec<NewMedia>,
}

/// The open intake transaction.
#[derive(Debug)]
pub struct Intake {
    tx: Tx,
    now: DateTime<Utc>,
}

impl Storage {
    /// Begins an intake at `now` and locks the offices in ascending order, so that two nodes never wait on each other.
    /// Returns the versions that the database has of them.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn begin_intake(
        &self,
        offices: &BTreeSet<OfficeId>,
        now: DateTime<Utc>,
    ) -> Result<(Intake, Vec<(OfficeId, u32)>), StorageError> {
        let mut tx = self.pool.begin().await?;
        let ids = json(offices)?;
        let sql = match &tx {
            Tx::Postgres(_) => {
                "select id, version from office where id in (select value from jsonb_array_elements_text($1::text::jsonb) \
                 as each(value)) order by id for update"
            }
            _ => "select id, version from office where id in (select value from json_each($1)) order by id",
        };
        let rows: Vec<(String, i64)> = on!(&mut tx, |conn| sqlx::query_as(sql).bind(&ids).fetch_all(conn).await)?;
        let versions = rows
            .into_iter()
            .filter_map(|(id, version)| Some((OfficeId::read(&id).ok()?, u32::try_from(version).ok()?)))
            .collect();
        Ok((Intake { tx, now }, versions))
    }
}

impl Intake {
    /// Which of these messages have been served (or set aside) before.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn known(
        &mut self,
        keys: &[(&ChannelId, &MessageId)],
    ) -> Result<HashSet<(ChannelId, MessageId)>, StorageError> {
        let sql = each!(
            &self.tx,
            "select inbound.channel, inbound.message from",
            "join inbound on inbound.channel = each.value->>0 and inbound.message = each.value->>1"
        );
        let keys = json(keys)?;
        let rows: Vec<(String, String)> =
            on!(&mut self.tx, |conn| sqlx::query_as(sql).bind(&keys).fetch_all(conn).await)?;
        Ok(rows.into_iter().map(|(channel, id)| (ChannelId::stored(channel), MessageId::new(id))).collect())
    }

    /// Ends the holds of these offices whose deadline has passed.
    /// Returns the ended holds; their seats and events are the caller's to write.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn lapse(&mut self, offices: &BTreeSet<OfficeId>) -> Result<Vec<Booking>, StorageError> {
        let sql = each!(
            &self.tx,
            concat!(
                "update booking set state = 'expired' where state = 'held' and hold_until_us <= $2 and office in \
                 (select each.value->>'id' from"
            ),
            ") returning id, office, office_version, format, channel, contact, applicant, asked, date, hour, seats, \
             state, code, approval, tries, awaits, hold_until_us, photo, created_us"
        );
        let ids = json(&offices.iter().map(|id| Id { id: id.as_str() }).collect::<Vec<_>>())?;
        let now = us(self.now);
        let rows: Vec<Row> = on!(&mut self.tx, |conn| sqlx::query_as(sql).bind(&ids).bind(now).fetch_all(conn).await)?;
        rows.into_iter().map(Row::booking).collect()
    }

    /// What is remembered of these contacts; nothing for a new one.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn chats(
        &mut self,
        contacts: &BTreeSet<ContactKey>,
    ) -> Result<Vec<(ContactKey, StoredChat)>, StorageError> {
        let sql = each!(
            &self.tx,
            "select c.channel, c.contact, c.office, c.lang, c.photo, c.photo_until_us, c.picture_us, c.question, \
             c.lost_photo_of, c.replies, c.heard_us from",
            "join conversation c on c.channel = each.value->>0 and c.contact = each.value->>1"
        );
        let keys = json(contacts)?;
        let rows: Vec<ChatRow> = on!(&mut self.tx, |conn| sqlx::query_as(sql).bind(&keys).fetch_all(conn).await)?;
        rows.into_iter().map(ChatRow::stored).collect()
    }

    /// The bookings of these contacts that can still matter: all with seats whose day is not over, and fresh dead holds.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn bookings(&mut self, contacts: &BTreeSet<ContactKey>) -> Result<Vec<Booking>, StorageError> {
        let sql = each!(
            &self.tx,
            concat!("select ", booking_columns!(), " from"),
            "join booking on booking.channel = each.value->>0 and booking.contact = each.value->>1 \
             where (booking.state in ('held', 'booked') and booking.date >= $2) \
             or (booking.state in ('expired', 'replaced') and booking.created_us >= $3) order by booking.id"
        );
        let keys = json(contacts)?;
        // A day back, because no office's date is more than a day from the date in Greenwich.
        let yesterday = self.now.date_naive().pred_opt().unwrap_or_default();
        let fresh = us(self.now - chrono::Duration::hours(DEAD_HOLD_HOURS));
        let rows: Vec<Row> = on!(&mut self.tx, |conn| {
            sqlx::query_as(sql).bind(&keys).bind(yesterday).bind(fresh).fetch_all(conn).await
        })?;
        rows.into_iter().map(Row::booking).collect()
    }

    /// How full the days of these offices are, from a date on each.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn days(
        &mut self,
        from: &[(&OfficeId, NaiveDate)],
    ) -> Result<Vec<(OfficeId, NaiveDate, DayLoad)>, StorageError> {
        let sql = each!(
            &self.tx,
            "select day.office, day.date, day.capacity, day.taken from",
            "join day on day.office = each.value->>0 and day.date >= date(each.value->>1)"
        );
        let from = json(from)?;
        let rows: Vec<(String, NaiveDate, i64, i64)> =
            on!(&mut self.tx, |conn| sqlx::query_as(sql).bind(&from).fetch_all(conn).await)?;
        rows.into_iter()
            .map(|(office, date, capacity, taken)| {
                let office = OfficeId::read(&office).map_err(|_| super::rows::bad("day.office"))?;
                Ok((
                    office,
                    date,
                    DayLoad { capacity: fits("day.capacity", capacity)?, taken: fits("day.taken", taken)? },
                ))
            })
            .collect()
    }

    /// How full the hours of these dates are, and which seat numbers came back.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn hours(
        &mut self,
        dates: &[(&OfficeId, NaiveDate)],
    ) -> Result<Vec<(OfficeId, Slot, HourLoad)>, StorageError> {
        let dates = json(dates)?;
        let sql = each!(
            &self.tx,
            "select hour.office, hour.date, hour.hour, hour.capacity, hour.taken, hour.high from",
            "join hour on hour.office = each.value->>0 and hour.date = date(each.value->>1)"
        );
        let rows: Vec<(String, NaiveDate, i64, i64, i64, i64)> =
            on!(&mut self.tx, |conn| sqlx::query_as(sql).bind(&dates).fetch_all(conn).await)?;
        let mut hours = Vec::with_capacity(rows.len());
        let mut gapped = false;
        for (office, date, hour, capacity, taken, high) in rows {
            let office = OfficeId::read(&office).map_err(|_| super::rows::bad("hour.office"))?;
            let slot = Slot { date, hour: fits("hour.hour", hour)? };
            let mut load = HourLoad::empty(fits("hour.capacity", capacity)?);
            load.taken = fits("hour.taken", taken)?;
            load.high = fits("hour.high", high)?;
            gapped |= load.taken < load.high;
            hours.push((office, slot, load));
        }
        if gapped {
            self.gaps(&dates, &mut hours).await?;
        }
        Ok(hours)
    }

    /// Fills in the numbers that came back: those up to `high` that no seat row has. Asked only where there are some.
    async fn gaps(&mut self, dates: &str, hours: &mut [(OfficeId, Slot, HourLoad)]) -> Result<(), StorageError> {
        let sql = each!(
            &self.tx,
            "select seat.office, seat.date, seat.hour, seat.number from",
            "join hour on hour.office = each.value->>0 and hour.date = date(each.value->>1) and hour.taken < hour.high \
             join seat on seat.office = hour.office and seat.date = hour.date and seat.hour = hour.hour"
        );
        let rows: Vec<(String, NaiveDate, i64, i64)> =
            on!(&mut self.tx, |conn| sqlx::query_as(sql).bind(dates).fetch_all(conn).await)?;
        let seated: HashSet<(&str, NaiveDate, i64, i64)> =
            rows.iter().map(|(office, date, hour, number)| (office.as_str(), *date, *hour, *number)).collect();
        for (office, slot, load) in hours {
            if load.taken < load.high {
                load.gaps = (1..=load.high)
                    .filter(|&n| !seated.contains(&(office.as_str(), slot.date, i64::from(slot.hour), i64::from(n))))
                    .collect();
            }
        }
        Ok(())
    }

    /// Writes everything: releases before takes, one statement a table.
    ///
    /// # Errors
    /// [`StorageError::Data`] when a constraint refuses it (a seat twice, an hour overfull): nothing is kept then.
    pub async fn write(&mut self, changes: &Changes) -> Result<(), StorageError> {
        self.write_seats(changes).await?;
        self.write_chats(changes).await?;
        self.write_events(changes).await?;
        self.write_messages(changes).await
    }

    async fn run<T: Serialize>(&mut self, sql: &'static str, rows: &[T]) -> Result<(), StorageError> {
        if rows.is_empty() {
            return Ok(());
        }
        let rows = json(rows)?;
        on!(&mut self.tx, |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
        Ok(())
    }

    async fn write_seats(&mut self, changes: &Changes) -> Result<(), StorageError> {
        let released =
            each!(&self.tx, "delete from seat where booking in (select cast(each.value->>0 as bigint) from", ")");
        self.run(released, &changes.released.iter().map(|id| (id,)).collect::<Vec<_>>()).await?;
        let days = each!(
            &self.tx,
            "insert into day (office, date, capacity, taken) select each.value->>0, date(each.value->>1), \
             cast(each.value->>2 as bigint), cast(each.value->>3 as bigint) from",
            "where true on conflict (office, date) do update set taken = excluded.taken"
        );
        let rows: Vec<_> =
            changes.days.iter().map(|(office, date, load)| (office, date, load.capacity, load.taken)).collect();
        self.run(days, &rows).await?;
        let hours = each!(
            &self.tx,
            "insert into hour (office, date, hour, capacity, taken, high) select each.value->>0, date(each.value->>1), \
             cast(each.value->>2 as bigint), cast(each.value->>3 as bigint), cast(each.value->>4 as bigint), \
             cast(each.value->>5 as bigint) from",
            "where true on conflict (office, date, hour) do update set taken = excluded.taken, high = excluded.high"
        );
        let rows: Vec<_> = changes
            .hours
            .iter()
            .map(|(office, slot, load)| (office, slot.date, slot.hour, load.capacity, load.taken, load.high))
            .collect();
        self.run(hours, &rows).await?;
        self.write_bookings(changes).await?;
        let seats = each!(
            &self.tx,
            "insert into seat (office, date, hour, number, booking) select each.value->>0, date(each.value->>1), \
             cast(each.value->>2 as bigint), cast(each.value->>3 as bigint), cast(each.value->>4 as bigint) from",
            ""
        );
        let rows: Vec<_> = changes
            .bookings
            .iter()
            .filter(|booking| changes.seated.contains(&booking.id))
            .flat_map(|b| b.seats.iter().map(move |seat| (&b.office, b.slot.date, b.slot.hour, *seat, b.id)))
            .collect();
        self.run(seats, &rows).await
    }

    async fn write_bookings(&mut self, changes: &Changes) -> Result<(), StorageError> {
        let sql = each!(
            &self.tx,
            "insert into booking (id, office, office_version, format, channel, contact, applicant, asked, date, hour, \
             seats, state, code, approval, tries, awaits, hold_until_us, photo, created_us) \
             select cast(each.value->>'id' as bigint), each.value->>'office', \
             cast(each.value->>'office_version' as bigint), each.value->>'format', each.value->>'channel', \
             each.value->>'contact', each.value->>'applicant', date(each.value->>'asked'), date(each.value->>'date'), \
             cast(each.value->>'hour' as bigint), each.value->>'seats', each.value->>'state', each.value->>'code', \
             each.value->>'approval', cast(each.value->>'tries' as bigint), each.value->>'awaits', \
             cast(each.value->>'hold_until_us' as bigint), cast(each.value->>'photo' as bigint), \
             cast(each.value->>'created_us' as bigint) from",
            "where true on conflict (id) do update set date = excluded.date, hour = excluded.hour, \
             seats = excluded.seats, state = excluded.state, tries = excluded.tries, awaits = excluded.awaits, \
             hold_until_us = excluded.hold_until_us, photo = excluded.photo"
        );
        let rows = changes.bookings.iter().map(Row::of).collect::<Result<Vec<_>, _>>()?;
        self.run(sql, &rows).await
    }

    async fn write_chats(&mut self, changes: &Changes) -> Result<(), StorageError> {
        let sql = each!(
            &self.tx,
            "insert into conversation (channel, contact, office, lang, photo, photo_until_us, picture_us, question, \
             lost_photo_of, replies, heard_us) select each.value->>'channel', each.value->>'contact', \
             each.value->>'office', each.value->>'lang', cast(each.value->>'photo' as bigint), \
             cast(each.value->>'photo_until_us' as bigint), cast(each.value->>'picture_us' as bigint), \
             each.value->>'question', cast(each.value->>'lost_photo_of' as bigint), \
             cast(each.value->>'replies' as bigint), cast(each.value->>'heard_us' as bigint) from",
            "where true on conflict (channel, contact) do update set lang = excluded.lang, photo = excluded.photo, \
             photo_until_us = excluded.photo_until_us, picture_us = excluded.picture_us, question = excluded.question, \
             lost_photo_of = excluded.lost_photo_of, replies = excluded.replies, heard_us = excluded.heard_us"
        );
        let rows = changes.chats.iter().map(ChatRow::of).collect::<Result<Vec<_>, _>>()?;
        self.run(sql, &rows).await
    }

    async fn write_events(&mut self, changes: &Changes) -> Result<(), StorageError> {
        let now = us(self.now);
        let sql = each!(
            &self.tx,
            "insert into event (id, booking, at_us, state, detail) select cast(each.value->>0 as bigint), \
             cast(each.value->>1 as bigint), cast(each.value->>2 as bigint), each.value->>3, each.value->>4 from",
            ""
        );
        let rows = changes
            .events
            .iter()
            .map(|event| {
                let detail = json(&Detail { date: event.slot.date, hour: event.slot.hour, seats: &event.seats })?;
                Ok((event.id, event.booking, now, event.state.name(), detail))
            })
            .collect::<Result<Vec<_>, StorageError>>()?;
        self.run(sql, &rows).await
    }

    async fn write_messages(&mut self, changes: &Changes) -> Result<(), StorageError> {
        let now = us(self.now);
        let inbound = each!(
            &self.tx,
            "insert into inbound (channel, message, office, contact, sent_us, served_us, content) \
             select each.value->>0, each.value->>1, each.value->>2, each.value->>3, cast(each.value->>4 as bigint), \
             cast(each.value->>5 as bigint), each.value->>6 from",
            ""
        );
        let rows = changes
            .inbounds
            .iter()
            .map(|(office, m)| Ok((&m.channel, &m.id, office, &m.contact, us(m.sent_at), now, json(&m.content)?)))
            .collect::<Result<Vec<_>, StorageError>>()?;
        self.run(inbound, &rows).await?;
        let outbox = each!(
            &self.tx,
            "insert into outbox (id, channel, contact, seq, office, reply_to, text, qr, state, due_us, attempts, \
             delivery, without_picture, created_us) select cast(each.value->>0 as bigint), each.value->>1, \
             each.value->>2, cast(each.value->>3 as bigint), each.value->>4, each.value->>5, each.value->>6, \
             each.value->>7, 'waiting', cast(each.value->>8 as bigint), 0, 0, 0, cast(each.value->>8 as bigint) from",
            ""
        );
        let rows: Vec<_> = changes
            .replies
            .iter()
            .map(|r| (r.id, &r.to.0, &r.to.1, r.seq, &r.office, &r.reply_to, &r.outbound.text, &r.outbound.qr, now))
            .collect();
        self.run(outbox, &rows).await?;
        let media = each!(
            &self.tx,
            "insert into media (id, office, channel, contact, attachment, state, attempts, due_us, created_us) \
             select cast(each.value->>0 as bigint), each.value->>1, each.value->>2, each.value->>3, each.value->>4, \
             'wanted', 0, cast(each.value->>5 as bigint), cast(each.value->>5 as bigint) from",
            ""
        );
        let rows = changes
            .media
            .iter()
            .map(|m| Ok((m.id, &m.office, &m.from.0, &m.from.1, json(&m.attachment)?, now)))
            .collect::<Result<Vec<_>, StorageError>>()?;
        self.run(media, &rows).await
    }

    /// The transaction, for the statements of other files of this room.
    pub(super) fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    /// Makes it durable. Only now may anybody be told.
    ///
    /// # Errors
    /// [`StorageError`] when it is not known to be durable.
    pub async fn commit(self) -> Result<(), StorageError> {
        self.tx.commit().await
    }

    /// Undoes it.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; it is undone all the same.
    pub async fn rollback(self) -> Result<(), StorageError> {
        self.tx.rollback().await
    }
}

#[derive(Serialize)]
struct Id<'a> {
    id: &'a str,
}

#[derive(Serialize)]
struct Detail<'a> {
    date: NaiveDate,
    hour: u8,
    seats: &'a [u32],
}

#[derive(Debug, Serialize, sqlx::FromRow)]
struct ChatRow {
    channel: String,
    contact: String,
    office: String,
    lang: String,
    photo: Option<i64>,
    photo_until_us: Option<i64>,
    picture_us: Option<i64>,
    question: Option<String>,
    lost_photo_of: Option<i64>,
    replies: i64,
    heard_us: i64,
}

impl ChatRow {
    fn of(((channel, contact), stored): &(ContactKey, StoredChat)) -> Result<Self, StorageError> {
        let chat = &stored.chat;
        Ok(Self {
            channel: channel.as_str().to_owned(),
            contact: contact.as_str().to_owned(),
            office: stored.office.as_str().to_owned(),
            lang: if chat.lang == Lang::En { "en" } else { "id" }.to_owned(),
            photo: chat.photo.map(|photo| photo.id),
            photo_until_us: chat.photo.map(|photo| us(photo.until)),
            picture_us: chat.picture_at.map(us),
            question: chat.question.as_ref().map(json::<Question>).transpose()?,
            lost_photo_of: chat.lost_photo_of,
            replies: stored.replies,
            heard_us: us(stored.heard_at),
        })
    }

    fn stored(self) -> Result<(ContactKey, StoredChat), StorageError> {
        let chat = Chat {
            lang: if self.lang == "en" { Lang::En } else { Lang::Id },
            photo: self.photo.zip(self.photo_until_us).map(|(id, until)| KeptPhoto { id, until: at(until) }),
            picture_at: self.picture_us.map(at),
            question: self.question.map(|text| unjson("conversation.question", &text)).transpose()?,
            lost_photo_of: self.lost_photo_of,
        };
        let office = OfficeId::read(&self.office).map_err(|_| super::rows::bad("conversation.office"))?;
        let stored = StoredChat { office, chat, replies: self.replies, heard_at: at(self.heard_us) };
        Ok(((ChannelId::stored(self.channel), Contact::new(self.contact)), stored))
    }
}
