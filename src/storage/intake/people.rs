//! Who has a live place at an office that refuses a form of whoever has too many: found by name and birth date.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::NaiveDate;

use crate::domain::booking::Booking;
use crate::domain::office::OfficeId;
use crate::domain::person::Applicant;
use crate::domain::same_person::{Person, PersonKey};
use crate::storage::booking_row::{booking_columns, read_bookings};
use crate::storage::engine::column::{json, unjson};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::rows::Rows;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::intake::transaction::Intake;

/// A person's place, as it is looked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonPlace {
    /// The office.
    pub office: OfficeId,
    /// Who.
    pub person: PersonKey,
    /// The booking.
    pub booking: i64,
    /// Its day, after which nobody looks for it any more.
    pub date: NaiveDate,
}

impl PersonPlace {
    /// The places of everybody on a booking.
    pub fn of(booking: &Booking) -> impl Iterator<Item = Self> {
        let place = |person: Person| Self {
            office: booking.office.clone(),
            person: person.key(),
            booking: booking.id,
            date: booking.slot.date,
        };
        Person::all(&booking.applicant).map(place)
    }
}

/// Remembers places of people.
pub(super) const INSERT_PEOPLE: &str = "insert into booking_person (office, person, booking, date) \
     @rows(text, bigint, bigint, date) on conflict (office, person, booking) do nothing";

/// The rows of [`INSERT_PEOPLE`].
pub(in crate::storage) fn person_rows<'p>(places: impl IntoIterator<Item = &'p PersonPlace>) -> Rows<'p> {
    Rows::of(places.into_iter().map(|place| {
        [place.office.as_str().into(), place.person.number().into(), place.booking.into(), place.date.into()]
    }))
}

/// The live bookings of people, as the rows of a table in a statement that names `$people` and `$yesterday`.
macro_rules! live_of_people {
    ($people:literal, $yesterday:literal) => {
        concat!(
            "select {columns} from @each(",
            $people,
            ") @seek(booking_person where booking_person.office = each.value->>0 \
             and booking_person.person = cast(each.value->>1 as bigint)) \
             @seek(booking where booking.id = booking_person.booking and booking.state in ('held', 'booked') \
             and booking.date >= ",
            $yesterday,
            ")"
        )
    };
}
pub(in crate::storage) use live_of_people;

static LIVE_BOOKINGS: LazyLock<Statement> = LazyLock::new(|| {
    let named = live_of_people!("$1", "$2");
    let sql = format!(
        "with named as materialized ({named}) select cast((select @list(@array({{columns}})) from named booking) as text)"
    );
    Statement::new(&sql.replace("{columns}", booking_columns!()))
});

static REMEMBER: LazyLock<Statement> = LazyLock::new(|| Statement::new(INSERT_PEOPLE));

impl Intake {
    /// The live bookings of these people at these offices, for decisions that outrun the look.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn of_people(&mut self, people: &BTreeSet<(OfficeId, PersonKey)>) -> Result<Vec<Booking>, StorageError> {
        let people = json(people)?;
        let yesterday = self.now.date_naive().pred_opt().unwrap_or_default();
        let sql = LIVE_BOOKINGS.for_engine(&self.tx);
        let (found,): (Option<String>,) =
            on!(&mut self.tx, |conn| sqlx::query_as(sql).bind(&people).bind(yesterday).fetch_one(conn).await)?;
        read_bookings(found)
    }
}

/// Places that one statement remembers: the rows of a large office go in several.
const PLACES_AT_ONCE: usize = 1_000;

/// Remembers the people of all live bookings of an office from a day on, which has begun to look for them. Its row must be
/// locked.
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
    let mut places = BTreeSet::new();
    for (booking, applicant, date) in live {
        let applicant: Applicant = unjson("booking.applicant", &applicant)?;
        places.extend(Person::all(&applicant).map(|person| PersonPlace {
            office: office.clone(),
            person: person.key(),
            booking,
            date,
        }));
    }
    let places: Vec<PersonPlace> = places.into_iter().collect();
    for some in places.chunks(PLACES_AT_ONCE) {
        REMEMBER.execute(tx, &[person_rows(some)]).await?;
    }
    Ok(())
}
