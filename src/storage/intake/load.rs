//! What a batch looks at: repeats, lapsed holds, contacts, their bookings, days and hours.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::chat::ChatRow;
use super::{ContactKey, Intake, StoredChat};
use crate::domain::booking::Booking;
use crate::domain::message::{ChannelId, MessageId};
use crate::domain::office::OfficeId;
use crate::domain::seats::{DayLoad, HourLoad};
use crate::domain::slot::Slot;
use crate::storage::StorageError;
use crate::storage::engine::{each, on};
use crate::storage::rows::{Row, bad, booking_columns, fits, json, us};

/// How long a dead hold's code is still recognised after its deadline, in hours: an answer a day late gets its reason.
const DEAD_HOLD_HOURS: i64 = 24;

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
             c.lost_photo_of, c.replies, c.heard_us, c.muted, c.talk from",
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
             or (booking.state in ('expired', 'replaced') and coalesce(booking.hold_until_us, booking.created_us) >= $3) order by booking.id"
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
                let office = OfficeId::read(&office).map_err(|_| bad("day.office"))?;
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
            let office = OfficeId::read(&office).map_err(|_| bad("hour.office"))?;
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
}

#[derive(Serialize)]
struct Id<'a> {
    id: &'a str,
}
