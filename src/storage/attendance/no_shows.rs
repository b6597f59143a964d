//! How often nobody came to what a contact had booked.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use chrono::NaiveDate;

use crate::domain::office::OfficeId;
use crate::storage::engine::column::fits;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::on;
use crate::storage::intake::changes::ContactKey;
use crate::storage::intake::transaction::Intake;

/// Bookings of a contact (`$1`, `$2`) at an office (`$3`) from a day (`$4`) to a day (`$5`) of which somebody was marked absent and nobody came.
/// An erased booking has another contact.
static NO_SHOWS: LazyLock<Statement> = LazyLock::new(|| {
    let visit = |table: &str, states: &str| {
        format!("exists (select 1 from {table} v where v.booking = b.id and v.date = b.date and v.state {states})")
    };
    let of_both = |states: &str| format!("({} or {})", visit("visit", states), visit("visit_archive", states));
    Statement::new(&format!(
        "select count(*) from booking b where b.channel = $1 and b.contact = $2 and b.office = $3 and b.state = 'booked' \
         and b.date >= $4 and b.date <= $5 and {absent} and not {came}",
        absent = of_both("= 'no_show'"),
        came = of_both("not in ('no_show', 'withdrawn')"),
    ))
});

impl Intake {
    /// How many bookings of a contact at an office, on days from one to another, nobody came to.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn no_shows(
        &mut self,
        office: &OfficeId,
        (channel, contact): &ContactKey,
        days: RangeInclusive<NaiveDate>,
    ) -> Result<u32, StorageError> {
        let sql = NO_SHOWS.sql(self.tx());
        let (first, last) = days.into_inner();
        let (count,): (i64,) = on!(self.tx(), |conn| {
            let query = sqlx::query_as(sql).bind(channel.as_str()).bind(contact.as_str()).bind(office.as_str());
            query.bind(first).bind(last).fetch_one(conn).await
        })?;
        fits("booking", count)
    }
}
