//! Lists for the office's command line, and messages set aside.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};

use super::engine::on;
use super::outbox::done_rows;
use super::rows::{Row, at, booking_columns, json, unjson, us};
use super::text::Text;
use super::{Intake, Storage, StorageError, Wanted};
use crate::domain::booking::Booking;
use crate::domain::code::BookingCode;
use crate::domain::message::Inbound;
use crate::domain::office::OfficeId;
use crate::domain::person::TglLahir;

/// A booking for a list.
pub type BookingRow = Booking;

/// A reply for a list.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OutboxRow {
    /// Its number.
    pub id: i64,
    /// The office that answers.
    pub office: String,
    /// The line.
    pub channel: String,
    /// Whom it goes to.
    pub contact: String,
    /// `waiting`, `claimed`, `held`, `dead` or `expired`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is due, in microseconds since 1970.
    pub due_us: i64,
    /// When it was written, in microseconds since 1970.
    pub created_us: i64,
    /// What went wrong last.
    pub error: Option<String>,
    /// What it says: personal data.
    pub text: String,
}

/// Texts are personal data: Debug shows the number only.
impl std::fmt::Debug for OutboxRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutboxRow").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// A message that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsideRow {
    /// Its number.
    pub id: i64,
    /// The office; `None` for a line that no office owns.
    pub office: Option<String>,
    /// The message.
    pub inbound: Inbound,
    /// Why.
    pub reason: String,
    /// Since when.
    pub at: DateTime<Utc>,
}

impl Storage {
    /// The live bookings and holds of one day at one office, by hour and seat.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn bookings_on(&self, office: &OfficeId, date: NaiveDate) -> Result<Vec<BookingRow>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<Row> = on!(&mut tx, |conn| {
            sqlx::query_as(concat!(
                "select ",
                booking_columns!(),
                " from booking where id in (select seat.booking from seat where seat.office = $1 and seat.date = $2) \
                 order by hour, id"
            ))
            .bind(office.as_str())
            .bind(date)
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        let mut bookings = rows.into_iter().map(Row::booking).collect::<Result<Vec<_>, _>>()?;
        bookings.sort_by(|a, b| (a.slot, &a.seats).cmp(&(b.slot, &b.seats)));
        Ok(bookings)
    }

    /// All bookings whose day is not over, at every office and in any state that is kept.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn bookings_since(&self, now: DateTime<Utc>) -> Result<Vec<BookingRow>, StorageError> {
        // Day by day, so that what is long over is not gone through.
        static SINCE: LazyLock<Text> = LazyLock::new(|| {
            Text::alone(concat!(
                "select ",
                booking_columns!(),
                " from day @seek(booking where booking.office = day.office and booking.date = day.date) \
                 where day.date >= $1 order by booking.id"
            ))
        });
        // A day back, because no office's date is more than a day from the date in Greenwich.
        let yesterday = now.date_naive().pred_opt().unwrap_or_default();
        let mut tx = self.pool.read().await?;
        let sql = SINCE.on(&tx);
        let rows: Vec<Row> = on!(&mut tx, |conn| sqlx::query_as(sql).bind(yesterday).fetch_all(conn).await)?;
        tx.end().await?;
        rows.into_iter().map(Row::booking).collect()
    }

    /// Live bookings at every office in which somebody has the birth date of somebody in `listed`: among them are all other
    /// places of their people.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn live_bookings_of(
        &self,
        listed: &[Booking],
        now: DateTime<Utc>,
    ) -> Result<Vec<BookingRow>, StorageError> {
        let born = |booking: &Booking| -> Vec<NaiveDate> {
            booking.applicant.people().filter_map(|person| person.tgl_lahir).map(TglLahir::date).collect()
        };
        let days: BTreeSet<NaiveDate> = listed.iter().flat_map(born).collect();
        if days.is_empty() {
            return Ok(Vec::new());
        }
        let mut live = self.bookings_since(now).await?;
        live.retain(|booking| booking.state.has_seats() && born(booking).iter().any(|day| days.contains(day)));
        Ok(live)
    }

    /// Bookings with a code, at every office, in any state.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn find_bookings(&self, code: &BookingCode) -> Result<Vec<BookingRow>, StorageError> {
        // Day by day: the index of codes begins with office and day. Whoever has a booking has its day.
        static FIND: LazyLock<Text> = LazyLock::new(|| {
            Text::alone(concat!(
                "select ",
                booking_columns!(),
                " from day @seek(booking where booking.office = day.office and booking.date = day.date \
                 and booking.code = $1) order by booking.id"
            ))
        });
        let mut tx = self.pool.read().await?;
        let sql = FIND.on(&tx);
        let rows: Vec<Row> = on!(&mut tx, |conn| sqlx::query_as(sql).bind(code.as_str()).fetch_all(conn).await)?;
        tx.end().await?;
        rows.into_iter().map(Row::booking).collect()
    }

    /// Replies that are not with the provider yet, are held, came too late or were given up; oldest first. `held`, only
    /// those that wait until their citizen writes again.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn outbox(&self, held: bool, limit: u32) -> Result<Vec<OutboxRow>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select id, office, channel, contact, state, attempts, due_us, created_us, error, text from outbox \
                 where state in ('waiting', 'claimed') and $2 = 0 union all \
                 select id, office, channel, contact, state, attempts, due_us, created_us, error, text from outbox \
                 where state in ('held', 'dead', 'expired') and ($2 = 0 or state = 'held') order by id limit $1",
            )
            .bind(i64::from(limit))
            .bind(i64::from(held))
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        Ok(rows)
    }

    /// Messages set aside, oldest first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn set_aside(&self, limit: u32) -> Result<Vec<AsideRow>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(i64, Option<String>, String, String, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select id, office, item, reason, at_us from set_aside where state = 'kept' order by id limit $1",
            )
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        rows.into_iter()
            .map(|(id, office, item, reason, us)| {
                Ok(AsideRow { id, office, inbound: unjson("set_aside.item", &item)?, reason, at: at(us) })
            })
            .collect()
    }

    /// Forgets that a message was served, so that the desk serves it anew. Returns it; `None` if it is not kept.
    /// It stays kept until the commit that serves it: whatever happens in between, it can be released again.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn release_aside(&self, id: i64) -> Result<Option<Inbound>, StorageError> {
        let mut tx = self.pool.begin().await?;
        let row: Option<(String,)> = on!(&mut tx, |conn| {
            sqlx::query_as("select item from set_aside where id = $1 and state = 'kept'")
                .bind(id)
                .fetch_optional(conn)
                .await
        })?;
        let Some((item,)) = row else {
            tx.rollback().await?;
            return Ok(None);
        };
        let inbound: Inbound = unjson("set_aside.item", &item)?;
        // The reply that asked to send it again stays; the coming one takes its place as the answer.
        on!(&mut tx, |conn| {
            sqlx::query(
                "update outbox set reply_to = null where id in (with recursive earlier (id, reply_to, previous) as \
                 (select o.id, o.reply_to, o.previous from inbound i join conversation v on v.channel = i.channel \
                 and v.contact = i.contact join outbox o on o.id = v.last_reply where i.channel = $1 and i.message = $2 \
                 union select o.id, o.reply_to, o.previous from earlier join outbox o on o.id = earlier.previous) \
                 select id from earlier where reply_to = $2)",
            )
            .bind(inbound.channel.as_str())
            .bind(inbound.id.as_str())
            .execute(conn)
            .await
            .map(drop)
        })?;
        on!(&mut tx, |conn| {
            sqlx::query("delete from inbound where channel = $1 and message = $2")
                .bind(inbound.channel.as_str())
                .bind(inbound.id.as_str())
                .execute(conn)
                .await
                .map(drop)
        })?;
        tx.commit().await?;
        Ok(Some(inbound))
    }

    /// Keeps a message that came for a line no office owns. A repeat changes nothing; returns whether it is new.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn keep_stray(&self, inbound: &Inbound, now: DateTime<Utc>) -> Result<bool, StorageError> {
        // Before the transaction: on SQLite both take the one writer.
        let id = self.ids(1).await?.start;
        let (mut intake, _) = self.begin_intake(&Wanted::default(), now).await?;
        let new = intake.keep_aside(id, None, inbound, "no office owns this line", now).await?;
        intake.commit().await?;
        Ok(new)
    }
}

impl Intake {
    /// Keeps a message where the office sees it; returns whether it was not there before.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn keep_aside(
        &mut self,
        id: i64,
        office: Option<&OfficeId>,
        inbound: &Inbound,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StorageError> {
        let item = json(inbound)?;
        let count = on!(self.tx(), |conn| {
            sqlx::query(
                "insert into set_aside (id, channel, message, office, item, reason, at_us, state) \
                 values ($1, $2, $3, $4, $5, $6, $7, 'kept') \
                 on conflict (channel, message) do update set state = 'kept', reason = excluded.reason \
                 where set_aside.state = 'retried'",
            )
            .bind(id)
            .bind(inbound.channel.as_str())
            .bind(inbound.id.as_str())
            .bind(office.map(OfficeId::as_str))
            .bind(&item)
            .bind(reason)
            .bind(us(now))
            .execute(conn)
            .await
            .map(|done| done_rows(&done))
        })?;
        Ok(count > 0)
    }
}
