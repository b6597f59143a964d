//! Which bookings an office file would displace, and which of them are still to be carried out.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use super::decide::{DisplacedBooking, displaced, live};
use crate::conversation::Lang;
use crate::domain::booking::Booking;
use crate::domain::calendar::Calendar;
use crate::domain::displaced::Displaced;
use crate::domain::displacement::is_undecided;
use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::{Office, OfficeId};
use crate::storage::booking_row::BookingRow;
use crate::storage::engine::column::{at, json};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::handle::Storage;
use crate::storage::intake::changes::ContactKey;
use crate::storage::intake::transaction::Intake;

/// The conditions of the index `booking_displaced`.
/// Those of a change that can still be undone wait for it.
const PLANNED: &str = "select channel, contact, id from booking where office = $1 and displaced in ('closed-tell', \
     'closed-move', 'closed-cancel', 'shrunk-tell', 'shrunk-move', 'shrunk-cancel') and state in ('held', 'booked') \
     and not exists (select 1 from calendar_change_person p join calendar_change c on c.id = p.change \
     where p.booking = booking.id and c.state = 'waiting') order by created_us, id limit $2";

static BY_NUMBER: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(&format!(
        "select {columns} from @each($1) @seek(booking where booking.id = cast(each.value->>0 as bigint))",
        columns = BookingRow::COLUMNS
    ))
});

static HEARD: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "select conversation.channel, conversation.contact, conversation.heard_us, conversation.muted, conversation.lang from @each($1) \
         @seek(conversation where conversation.channel = each.value->>0 and conversation.contact = each.value->>1)",
    )
});

/// When a contact wrote last, and what they want.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastHeard {
    /// When their last message was sent.
    pub at: DateTime<Utc>,
    /// Whether they want no messages that they did not ask for.
    pub muted: bool,
    /// The language to answer in.
    pub lang: Lang,
}

impl Storage {
    /// The live bookings that an office could not keep by this file and about which something is to be decided or still to be carried out, in
    /// the order of their days, each day by the order of booking. Changes nothing.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn displaced_by(
        &self,
        office: &Office,
        calendar: &Calendar,
        now: DateTime<Utc>,
    ) -> Result<Vec<DisplacedBooking>, StorageError> {
        let mut tx = self.pool.read().await?;
        let bookings = live(&mut tx, &office.id, office.date_at(now)).await?;
        tx.end().await?;
        let is_open = |mark: Displaced| !mark.is_done;
        let mut places: Vec<DisplacedBooking> = displaced(office, calendar, &bookings, now)
            .into_values()
            .filter(|(change, booking)| is_undecided(*change, booking) || booking.displaced.is_some_and(is_open))
            .map(|(change, booking)| DisplacedBooking { change, booking: booking.clone() })
            .collect();
        places.sort_by_key(|place| (place.booking.slot.date, place.booking.created_at, place.booking.id));
        Ok(places)
    }

    /// Bookings of an office about which something was decided that is still to be carried out, each with its contact; so many at most,
    /// whoever booked first first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn planned_displaced(
        &self,
        office: &OfficeId,
        limit: u32,
    ) -> Result<Vec<(ContactKey, i64)>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, String, i64)> = on!(&mut tx, |conn| {
            sqlx::query_as(PLANNED).bind(office.as_str()).bind(i64::from(limit)).fetch_all(conn).await
        })?;
        tx.end().await?;
        let place =
            |(channel, contact, id): (String, String, i64)| ((ChannelId::stored(channel), Contact::new(contact)), id);
        Ok(rows.into_iter().map(place).collect())
    }

    /// Bookings by their numbers in the database, in any state, as they are now.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn bookings_by_number(&self, numbers: &[i64]) -> Result<HashMap<i64, Booking>, StorageError> {
        let mut tx = self.pool.read().await?;
        let found = by_number(&mut tx, numbers).await?;
        tx.end().await?;
        Ok(found)
    }

    /// When contacts wrote last; those who never did are left out.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn last_heard(&self, of: &[ContactKey]) -> Result<HashMap<ContactKey, LastHeard>, StorageError> {
        let mut tx = self.pool.read().await?;
        let (of, sql) = (json(of)?, HEARD.sql(&tx));
        let rows: Vec<(String, String, i64, i64, String)> =
            on!(&mut tx, |conn| sqlx::query_as(sql).bind(&of).fetch_all(conn).await)?;
        tx.end().await?;
        let heard = |(channel, contact, heard, muted, lang): (String, String, i64, i64, String)| {
            let key = (ChannelId::stored(channel), Contact::new(contact));
            (key, LastHeard { at: at(heard), muted: muted != 0, lang: Lang::of_code(&lang) })
        };
        Ok(rows.into_iter().map(heard).collect())
    }
}

impl Intake {
    /// Bookings by their numbers in the database, in any state.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn bookings_by_number(&mut self, numbers: &[i64]) -> Result<HashMap<i64, Booking>, StorageError> {
        by_number(self.tx(), numbers).await
    }
}

pub(in crate::storage) async fn by_number(tx: &mut Tx, numbers: &[i64]) -> Result<HashMap<i64, Booking>, StorageError> {
    let (numbers, sql) = (json(&numbers.iter().map(|number| (number,)).collect::<Vec<_>>())?, BY_NUMBER.sql(tx));
    let rows: Vec<BookingRow> = on!(&mut *tx, |conn| sqlx::query_as(sql).bind(&numbers).fetch_all(conn).await)?;
    rows.into_iter().map(|row| row.booking().map(|booking| (booking.id, booking))).collect()
}
