//! People with a live booking at an office that limits bookings per person: found by name and birth date.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use crate::domain::booking::Booking;
use crate::domain::office::OfficeId;
use crate::domain::person::Applicant;
use crate::domain::same_person::{Person, PersonKey};
use crate::storage::booking_row::{BookingRow, read_bookings};
use crate::storage::engine::column::{json, unjson};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::rows::Rows;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::table::insert_row;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::intake::transaction::Intake;

/// A person at an office.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OfficePerson {
    /// The office.
    pub office: OfficeId,
    /// The person.
    pub person: PersonKey,
}

// Statements read it as a JSON array: `each.value->>0` is the office.
impl Serialize for OfficePerson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.office, self.person).serialize(serializer)
    }
}

/// A person on a booking, as it is searched for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonBooking {
    /// The office.
    pub office: OfficeId,
    /// The person.
    pub person: PersonKey,
    /// The booking.
    pub booking: i64,
    /// Its day, after which nobody searches for it.
    pub date: NaiveDate,
}

impl PersonBooking {
    /// All people on a booking.
    pub fn of(booking: &Booking) -> impl Iterator<Item = Self> {
        let of = |person: Person| Self {
            office: booking.office.clone(),
            person: person.key(),
            booking: booking.id,
            date: booking.slot.date,
        };
        Person::all(&booking.applicant).map(of)
    }
}

insert_row! {
    /// A row of `booking_person`.
    pub(super) struct PersonRow into "booking_person" for<'a> (person: &'a PersonBooking) {
        office: text = person.office.as_str(),
        person: bigint = person.person.number(),
        booking: bigint = person.booking,
        date: date = person.date,
    }
}

/// The statement that stores the people of bookings, as [`PersonRow`]; a booking that was moved has another day.
pub(super) fn insert_people() -> String {
    format!("{} on conflict (office, person, booking) do update set date = excluded.date", PersonRow::INSERT)
}

/// The rows of [`insert_people`].
pub(super) fn person_rows<'p>(rows: impl IntoIterator<Item = &'p PersonBooking>) -> Result<Rows<'p>, StorageError> {
    Rows::of(rows.into_iter().map(PersonRow::row))
}

/// A select of the live bookings of people, given the parameters that hold the people and yesterday's date.
pub(super) fn live_of_people(people: &str, yesterday: &str) -> String {
    format!(
        "select {columns} from @each({people}) @seek(booking_person where booking_person.office = each.value->>0 \
         and booking_person.person = cast(each.value->>1 as bigint)) \
         @seek(booking where booking.id = booking_person.booking and booking.state in ('held', 'booked') \
         and booking.date >= {yesterday})",
        columns = BookingRow::COLUMNS
    )
}

/// The live bookings of people (`$1`) from a day on (`$2`).
static LIVE_BOOKINGS: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(&format!(
        "with named as materialized ({named}) select cast((select @list(@array({columns})) from named booking) as text)",
        named = live_of_people("$1", "$2"),
        columns = BookingRow::COLUMNS
    ))
});

static INSERT_PEOPLE: LazyLock<Statement> = LazyLock::new(|| Statement::new(&insert_people()));

impl Intake {
    /// The live bookings of these people at these offices: for decisions that need others than the snapshot has.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn of_people(&mut self, people: &BTreeSet<OfficePerson>) -> Result<Vec<Booking>, StorageError> {
        let people = json(people)?;
        let yesterday = self.now.date_naive().pred_opt().unwrap_or_default();
        let sql = LIVE_BOOKINGS.sql(&self.tx);
        let (found,): (Option<String>,) =
            on!(&mut self.tx, |conn| sqlx::query_as(sql).bind(&people).bind(yesterday).fetch_one(conn).await)?;
        read_bookings(found)
    }
}

/// People that one statement stores: a large office takes several.
const PEOPLE_AT_ONCE: usize = 1_000;

/// Stores the people of all live bookings from a day on, of an office that begins to limit bookings per person. The
/// caller holds the lock on its row.
pub(in crate::storage) async fn remember_all(
    tx: &mut Tx,
    office: &OfficeId,
    since: NaiveDate,
) -> Result<(), StorageError> {
    let live: Vec<(i64, String, NaiveDate)> = on!(&mut *tx, |conn| {
        sqlx::query_as(
            "select id, applicant, date from booking where office = $1 and date >= $2 and state in ('held', 'booked')",
        )
        .bind(office.as_str())
        .bind(since)
        .fetch_all(conn)
        .await
    })?;
    let mut rows = BTreeSet::new();
    for (booking, applicant, date) in live {
        let applicant: Applicant = unjson("booking.applicant", &applicant)?;
        rows.extend(Person::all(&applicant).map(|person| PersonBooking {
            office: office.clone(),
            person: person.key(),
            booking,
            date,
        }));
    }
    let rows: Vec<PersonBooking> = rows.into_iter().collect();
    for some in rows.chunks(PEOPLE_AT_ONCE) {
        INSERT_PEOPLE.execute(tx, &[person_rows(some)?]).await?;
    }
    Ok(())
}
