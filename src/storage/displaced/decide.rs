//! What an import writes about bookings that it displaces. The caller holds the lock on the office's row.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::booking::Booking;
use crate::domain::calendar::Calendar;
use crate::domain::displaced::{DayChange, Displaced, Remedy};
use crate::domain::displacement::{Remedies, displaced_on, is_undecided};
use crate::domain::office::{Office, OfficeId};
use crate::storage::booking_row::BookingRow;
use crate::storage::engine::column::json;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{Tx, on};

/// A live booking that its office cannot keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplacedBooking {
    /// What became of its day.
    pub change: DayChange,
    /// The booking.
    pub booking: Booking,
}

/// The live bookings of an office (`$1`) from a day on (`$2`), day by day, so that those of past days are not scanned.
static LIVE: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(&format!(
        "select {columns} from day @seek(booking where booking.office = day.office and booking.date = day.date) \
         where day.office = $1 and day.date >= $2 and booking.state in ('held', 'booked') order by booking.id",
        columns = BookingRow::COLUMNS
    ))
});

static MARK: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "update booking set displaced = each.value->>1 from @each($1) where booking.id = cast(each.value->>0 as bigint)",
    )
});

/// Bookings that one statement marks: a closed week of a large office takes several.
const MARKED_AT_ONCE: usize = 1_000;

/// About which bookings something is decided, and what.
#[derive(Debug, Clone, Copy)]
pub(in crate::storage) struct Scope<'a> {
    pub(in crate::storage) now: DateTime<Utc>,
    /// What is decided about each.
    pub(in crate::storage) remedies: Option<&'a Remedies>,
    /// Only about those of these dates.
    pub(in crate::storage) dates: Option<&'a BTreeSet<NaiveDate>>,
}

/// What was decided.
#[derive(Debug)]
pub(in crate::storage) struct Decision {
    /// Bookings about which nothing is; then the caller may have to take everything back.
    pub(in crate::storage) undecided: Vec<DisplacedBooking>,
    /// Bookings as they were, each with its new mark.
    pub(in crate::storage) marked: Vec<(Booking, Option<Displaced>)>,
}

/// Notes what is decided about each booking that the office cannot keep, and forgets what was decided about bookings that it can keep again.
pub(in crate::storage) async fn decide(
    tx: &mut Tx,
    office: &Office,
    calendar: &Calendar,
    Scope { now, remedies, dates }: Scope<'_>,
) -> Result<Decision, StorageError> {
    let mut bookings = live(tx, &office.id, office.date_at(now)).await?;
    bookings.retain(|booking| dates.is_none_or(|dates| dates.contains(&booking.slot.date)));
    let displaced = displaced(office, calendar, &bookings, now);
    let mut marked: Vec<(Booking, Option<Displaced>)> = Vec::new();
    let mut undecided = Vec::new();
    for (change, booking) in displaced.values() {
        if !is_undecided(*change, booking) {
            continue;
        }
        match remedies.and_then(|remedies| remedies.of(booking)) {
            Some(remedy) => marked.push(((*booking).clone(), Some(Displaced::decided(*change, remedy)))),
            None => undecided.push(DisplacedBooking { change: *change, booking: (*booking).clone() }),
        }
    }
    let is_over = |booking: &&Booking| {
        let stays = |mark: Displaced| mark.is_done && mark.remedy == Remedy::Move;
        booking.displaced.is_some_and(|mark| !stays(mark)) && !displaced.contains_key(&booking.id)
    };
    marked.extend(bookings.iter().filter(is_over).map(|booking| (booking.clone(), None)));
    let marks: Vec<(i64, Option<&'static str>)> =
        marked.iter().map(|(booking, mark)| (booking.id, mark.map(Displaced::name))).collect();
    for some in marks.chunks(MARKED_AT_ONCE) {
        let (some, sql) = (json(some)?, MARK.sql(tx));
        on!(&mut *tx, |conn| sqlx::query(sql).bind(&some).execute(conn).await.map(drop))?;
    }
    Ok(Decision { undecided, marked })
}

/// The live bookings and holds of an office from a day on.
pub(super) async fn live(tx: &mut Tx, office: &OfficeId, since: NaiveDate) -> Result<Vec<Booking>, StorageError> {
    let sql = LIVE.sql(tx);
    let rows: Vec<BookingRow> =
        on!(&mut *tx, |conn| sqlx::query_as(sql).bind(office.as_str()).bind(since).fetch_all(conn).await)?;
    rows.into_iter().map(BookingRow::booking).collect()
}

/// Those of them that the office cannot keep, by number.
pub(super) fn displaced<'b>(
    office: &Office,
    calendar: &Calendar,
    bookings: &'b [Booking],
    now: DateTime<Utc>,
) -> BTreeMap<i64, (DayChange, &'b Booking)> {
    let days: BTreeSet<NaiveDate> = bookings.iter().map(|booking| booking.slot.date).collect();
    let of_day = |date| displaced_on(office, calendar, date, bookings, now);
    days.into_iter().flat_map(of_day).map(|(change, booking)| (booking.id, (change, booking))).collect()
}
