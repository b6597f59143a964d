//! Takes the people out of bookings. What stays is a count: office, format, day, hour, seats, and what became of it.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use crate::domain::code::BookingCode;
use crate::domain::person::{Applicant, Nama};
use crate::domain::retention::ERASED_NAME;
use crate::domain::same_person::{Person, PersonKey};
use crate::storage::engine::column::{bad, json, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{Tx, on, rows_affected};
use crate::storage::housekeeping::holds;

static PEOPLE: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "select id, office, applicant from booking where id in (select cast(each.value->>0 as bigint) from @each($1)) \
         and erased_us is null",
    )
});

/// `$1` rows of number and code, `$2` now, `$3` the applicant that stays. Every booking gets a contact and a code of its own, so that
/// none of them is taken for another one, or for somebody's.
static BLANK: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "update booking set contact = 'erased-' || cast(booking.id as text), applicant = $3, code = each.value->>1, \
         approval = null, photo = null, erased_us = $2 from @each($1) \
         where booking.id = cast(each.value->>0 as bigint) and booking.erased_us is null",
    )
});

static REPLACE_PEOPLE: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "update booking set applicant = each.value->>1 from @each($1) \
         where booking.id = cast(each.value->>0 as bigint) and booking.erased_us is null",
    )
});

/// Somebody whose data was erased.
pub(in crate::storage) fn nobody() -> Result<Applicant, StorageError> {
    Nama::read(ERASED_NAME).map(Applicant::named).map_err(|_| bad("booking.applicant"))
}

/// Takes the people out of these bookings. Returns how many had any.
pub(super) async fn blank(tx: &mut Tx, ids: &[i64], now: DateTime<Utc>) -> Result<u64, StorageError> {
    if ids.is_empty() {
        return Ok(0);
    }
    let (sql, rows) = (PEOPLE.sql(tx), json(&ids.iter().map(|id| (id,)).collect::<Vec<_>>())?);
    let found: Vec<(i64, String, String)> =
        on!(&mut *tx, |conn| sqlx::query_as(sql).bind(&rows).fetch_all(conn).await)?;
    let mut people: Vec<(&str, PersonKey, i64)> = Vec::new();
    for (id, office, applicant) in &found {
        // An applicant that cannot be read has no row that anybody finds.
        let Ok(applicant) = unjson::<Applicant>("booking.applicant", applicant) else { continue };
        people.extend(Person::all(&applicant).map(|person| (office.as_str(), person.key(), *id)));
    }
    holds::forget(tx, &people).await?;
    let rows: Vec<_> = found.iter().map(|(id, ..)| (id, BookingCode::of_erased(*id))).collect();
    let (sql, rows, nobody) = (BLANK.sql(tx), json(&rows)?, json(&nobody()?)?);
    Ok(on!(tx, |conn| {
        sqlx::query(sql).bind(&rows).bind(us(now)).bind(&nobody).execute(conn).await.map(|done| rows_affected(&done))
    })?)
}

/// Writes other applicants into bookings: those of a party without one of them.
pub(super) async fn replace_people(tx: &mut Tx, people: &[(i64, Applicant)]) -> Result<(), StorageError> {
    if people.is_empty() {
        return Ok(());
    }
    let rows =
        people.iter().map(|(id, applicant)| Ok((id, json(applicant)?))).collect::<Result<Vec<_>, StorageError>>()?;
    let (sql, rows) = (REPLACE_PEOPLE.sql(tx), json(&rows)?);
    on!(tx, |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
    Ok(())
}
