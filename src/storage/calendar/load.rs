//! How full the hours of some days are: what a calendar shows.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::office::OfficeId;
use crate::domain::slot::Slot;
use crate::storage::engine::column::{fits, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;

/// People of one hour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HourPeople {
    /// On holds that nobody has confirmed yet.
    pub held: u32,
    /// On bookings.
    pub booked: u32,
    /// Those of them who came.
    pub arrived: u32,
}

result_row! {
    struct SeatedRow {
        date: NaiveDate,
        hour: i64,
        state: String,
        seats: String,
    }
}

result_row! {
    struct ArrivedRow {
        date: NaiveDate,
        hour: i64,
        people: i64,
    }
}

/// The live bookings of an office (`$1`) from a day (`$2`) to a day (`$3`), day by day; holds that are over by `$4` left out.
static SEATED: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "select booking.date, booking.hour, booking.state, booking.seats from day \
         @seek(booking where booking.office = day.office and booking.date = day.date) where day.office = $1 \
         and day.date >= $2 and day.date <= $3 and (booking.state = 'booked' \
         or (booking.state = 'held' and coalesce(booking.hold_until_us, 0) > $4))",
    )
});

/// Who came with a booking, by hour.
const ARRIVED: &str = "select date, hour, count(*) as people from (select date, hour from visit where office = $1 and date >= $2 \
     and date <= $3 and booking is not null and hour is not null and state not in ('no_show', 'withdrawn') union all \
     select date, hour from visit_archive where office = $1 and date >= $2 and date <= $3 and booking is not null \
     and hour is not null and state not in ('no_show', 'withdrawn')) as came group by date, hour";

impl Storage {
    /// How many people each hour of some days has.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn people_by_hour(
        &self,
        office: &OfficeId,
        (from, until): (NaiveDate, NaiveDate),
        now: DateTime<Utc>,
    ) -> Result<BTreeMap<Slot, HourPeople>, StorageError> {
        let mut tx = self.pool.read().await?;
        let sql = SEATED.sql(&tx);
        let seated: Vec<SeatedRow> = on!(&mut tx, |conn| {
            sqlx::query_as(sql).bind(office.as_str()).bind(from).bind(until).bind(us(now)).fetch_all(conn).await
        })?;
        let arrived: Vec<ArrivedRow> = on!(&mut tx, |conn| {
            sqlx::query_as(ARRIVED).bind(office.as_str()).bind(from).bind(until).fetch_all(conn).await
        })?;
        tx.end().await?;
        let mut hours: BTreeMap<Slot, HourPeople> = BTreeMap::new();
        for row in seated {
            let seats: Vec<u32> = unjson("booking.seats", &row.seats)?;
            let people = u32::try_from(seats.len()).unwrap_or(u32::MAX);
            let hour = hours.entry(Slot { date: row.date, hour: fits("booking.hour", row.hour)? }).or_default();
            if row.state == "held" {
                hour.held += people;
            } else {
                hour.booked += people;
            }
        }
        for row in arrived {
            let hour = hours.entry(Slot { date: row.date, hour: fits("visit.hour", row.hour)? }).or_default();
            hour.arrived += fits::<u32>("visit.people", row.people)?;
        }
        Ok(hours)
    }
}
