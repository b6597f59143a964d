//! The snapshot that a batch decides on, in one statement: repeats, lapsed holds, contacts, their bookings, days, and
//! the hours that decisions will probably need.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::DeserializeOwned;

use crate::domain::booking::Booking;
use crate::domain::message::{ChannelId, Contact, MessageId};
use crate::domain::office::OfficeId;
use crate::domain::seats::{DayLoad, HourLoad};
use crate::domain::slot::Slot;
use crate::domain::visit::Visit;
use crate::storage::booking_row::{BookingRow, DEAD_HOLD_HOURS, read_bookings, read_list};
use crate::storage::engine::column::{bad, fits, json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::table::select_row;
use crate::storage::engine::transaction::on;
use crate::storage::erasure::repeat_guard;
use crate::storage::handle::Storage;
use crate::storage::intake::changes::{ContactKey, OfficeDate, OfficeDay, OfficeHour, StoredChat};
use crate::storage::intake::chat::ChatRow;
use crate::storage::intake::people::{OfficePerson, live_of_people};
use crate::storage::intake::transaction::Intake;
use crate::storage::visits::row::VisitRow;

/// What a batch needs to know.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Its offices, each with the first day whose load matters.
    pub offices: BTreeMap<OfficeId, NaiveDate>,
    /// Its messages.
    pub messages: Vec<(ChannelId, MessageId)>,
    /// The addresses that they came from, and others that they tell of.
    pub addresses: BTreeSet<ContactKey>,
    /// Contacts that are read whatever their addresses are.
    pub contacts: BTreeSet<ContactKey>,
    /// The days from which they ask for a seat.
    pub dates: BTreeSet<OfficeDate>,
    /// The people on their forms, at offices that limit bookings per person.
    pub people: BTreeSet<OfficePerson>,
}

/// What of an office is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeVersion {
    /// The office.
    pub office: OfficeId,
    /// The version of its file.
    pub version: u32,
    /// The revision of the exceptions to its calendar.
    pub calendar: u32,
}

/// What the database knows of it.
#[derive(Debug, Default)]
pub struct Found {
    /// The versions of the offices and of their calendars that are in force.
    pub versions: Vec<OfficeVersion>,
    /// Messages that were served or set aside before, those included that were erased since.
    pub known: HashSet<(ChannelId, MessageId)>,
    /// Whether one of the messages was set aside, and is served again now.
    pub aside: bool,
    /// Holds of the offices whose deadline has passed and that are still held.
    pub lapsed: Vec<Booking>,
    /// The contacts of those addresses that are not contacts themselves.
    pub contacts: Vec<(ContactKey, Contact)>,
    /// What is remembered of the contacts; new ones are not among them.
    pub chats: Vec<(ContactKey, StoredChat)>,
    /// The contacts' bookings that can still matter, by number: all with seats whose day is not over, and holds that
    /// ended lately.
    pub bookings: Vec<Booking>,
    /// Visits of those bookings on their day.
    pub visits: Vec<Visit>,
    /// Live bookings of the people, of any contact.
    pub of_people: Vec<Booking>,
    /// How full the offices' days are.
    pub days: Vec<OfficeDay>,
    /// How full the hours of `loaded` are.
    pub hours: Vec<OfficeHour>,
    /// The days whose hours are in `hours`: asked days, the first day with room from there, and the days of bookings
    /// that may give seats back.
    pub loaded: Vec<OfficeDate>,
}

/// `$1` offices and first days, `$2` messages with their hashes, `$3` addresses, `$4` asked days, `$5` now, `$6` yesterday, `$7` the
/// earliest deadline at which an ended hold is still recognised, `$8` contacts, `$9` people.
static SNAPSHOT: LazyLock<Statement> = LazyLock::new(|| {
    Statement::with_begin(&format!(
        "with named as materialized ({named}), lapsed as materialized (select {columns} from @each($1) @seek(booking where \
             booking.office = each.value->>0 and booking.state = 'held' and booking.hold_until_us <= $5)), \
         contacts (channel, address, contact) as materialized (select each.value->>0, each.value->>1, \
             coalesce((select a.contact from address a where a.channel = each.value->>0 \
             and a.address = each.value->>1), each.value->>1) from @each($3)), \
         people (channel, contact) as materialized (select channel, contact from contacts \
             union select each.value->>0, each.value->>1 from @each($8)), \
         chat as materialized (select c.* from people \
             @seek(conversation c where c.channel = people.channel and c.contact = people.contact)), \
         own as materialized (select {columns} from chat @seek(booking where @among(booking.id, chat.bookings) \
             and ((booking.state in ('held', 'booked') and booking.date >= $6) \
             or (booking.state = 'cancelled' and booking.id = chat.act_booking) \
             or (booking.state in ('expired', 'replaced') \
             and coalesce(booking.hold_until_us, booking.created_us) >= $7)))), \
         given (office, date) as materialized (select office, date from own union select office, date from lapsed), \
         asked (office, date) as (select each.value->>0, date(each.value->>1) from @each($4)), \
         loaded (office, date) as materialized (select office, date from asked \
             union select asked.office, (select min(day.date) from day where day.office = asked.office \
             and day.date >= asked.date and day.taken < day.capacity) from asked \
             union select office, date from given), \
         days (office, date, capacity, taken, held) as (select {days} from @each($1) \
             @seek(day where day.office = each.value->>0 and day.date >= date(each.value->>1)) \
             union all select {days} from given \
             @seek(day where day.office = given.office and day.date = given.date)) \
         select \
         cast((select @list(@array({versions})) from @each($1) \
             @seek(office where office.id = each.value->>0)) as text) as versions, \
         cast((select @list(@array(inbound.channel, inbound.message)) from @each($2) @seek(inbound where \
             inbound.channel = each.value->>0 and inbound.message = each.value->>1)) as text) as known, \
         cast((select @list(@array(each.value->>0, each.value->>1)) from @each($2) @seek(erased_message where \
             erased_message.hash = each.value->>2)) as text) as erased, \
         (select count(*) from @each($2) @seek(set_aside where set_aside.channel = each.value->>0 \
             and set_aside.message = each.value->>1 and set_aside.state = 'kept')) as set_aside, \
         cast((select @list(@array({columns})) from lapsed booking) as text) as lapsed, \
         cast((select @list(@array({chats})) from chat) as text) as chats, \
         cast((select @list(@array({columns})) from own booking) as text) as bookings, \
         cast((select @list(@array({visits})) from own @seek(visit where visit.booking = own.id and visit.date = own.date)) \
             as text) as visits, \
         cast((select @list(@array({days})) from days day) as text) as days, \
         cast((select @list(@array({hours})) \
             from loaded @seek(hour where hour.office = loaded.office and hour.date = loaded.date)) as text) as hours, \
         cast((select @list(@array({seats})) from loaded \
             @seek(hour where hour.office = loaded.office and hour.date = loaded.date and hour.taken < hour.high) \
             @seek(seat where seat.office = hour.office and seat.date = hour.date and seat.hour = hour.hour)) as text) as seats, \
         cast((select @list(@array(office, date)) from loaded where date is not null) as text) as loaded, \
         cast((select @list(@array(channel, address, contact)) from contacts where contact <> address) as text) as contacts, \
         cast((select @list(@array({columns})) from named booking) as text) as of_people",
        named = live_of_people("$9", "$6"),
        columns = BookingRow::COLUMNS,
        versions = VersionRow::COLUMNS,
        chats = ChatRow::COLUMNS,
        visits = VisitRow::COLUMNS,
        days = DayRow::COLUMNS,
        hours = HourRow::COLUMNS,
        seats = SeatRow::COLUMNS,
    ))
});

result_row! {
    /// The result row of [`SNAPSHOT`]: each column but `set_aside` holds rows as a JSON array.
    struct SnapshotRow {
        versions: Option<String>,
        known: Option<String>,
        erased: Option<String>,
        /// How many of the messages were set aside.
        set_aside: i64,
        lapsed: Option<String>,
        chats: Option<String>,
        bookings: Option<String>,
        visits: Option<String>,
        days: Option<String>,
        hours: Option<String>,
        seats: Option<String>,
        loaded: Option<String>,
        contacts: Option<String>,
        of_people: Option<String>,
    }
}

select_row! {
    /// The version of an office that is in force.
    struct VersionRow from "office" {
        id: String,
        version: i64,
        calendar: i64,
    }
}

select_row! {
    /// How full a day is.
    struct DayRow from "day" {
        office: String,
        date: NaiveDate,
        capacity: i64,
        taken: i64,
        held: i64,
    }
}

select_row! {
    /// How full an hour is.
    struct HourRow from "hour" {
        office: String,
        date: NaiveDate,
        hour: i64,
        capacity: i64,
        taken: i64,
        high: i64,
    }
}

select_row! {
    /// A seat that is taken.
    struct SeatRow from "seat" {
        office: String,
        date: NaiveDate,
        hour: i64,
        number: i64,
    }
}

/// The hours of days (`$1`).
static HOURS: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(&format!(
        "select {hours} from @each($1) join hour on hour.office = each.value->>0 and hour.date = date(each.value->>1)",
        hours = HourRow::COLUMNS
    ))
});

/// The seats in those hours of days (`$1`) that had seats given back.
static SEATS: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(&format!(
        "select {seats} from @each($1) join hour on hour.office = each.value->>0 and hour.date = date(each.value->>1) \
         and hour.taken < hour.high \
         join seat on seat.office = hour.office and seat.date = hour.date and seat.hour = hour.hour",
        seats = SeatRow::COLUMNS
    ))
});

impl Storage {
    /// Begins an intake at `now`: locks the offices in ascending order, so that two nodes never wait on each other, and reads
    /// what is wanted. On SQLite this is one statement; on PostgreSQL the reading follows the lock, since a statement sees
    /// only what was committed before it began.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn begin_intake(&self, wanted: &Wanted, now: DateTime<Utc>) -> Result<(Intake, Found), StorageError> {
        // Before the transaction: the offices are not locked, and SQLite's writer is not kept, while messages are hashed.
        let repeat_key = Arc::clone(self.repeat_key().await?);
        let messages = hashed(&wanted.messages, &repeat_key)?;
        let tx = self.pool.begin_intake(wanted.offices.keys()).await?;
        let mut intake = Intake { tx, now, live: self.live.clone(), repeat_key };
        let found = intake.read_snapshot(wanted, &messages).await?.found()?;
        Ok((intake, found))
    }
}

/// Messages in JSON, each with the hash that stays of it when it is erased.
fn hashed(messages: &[(ChannelId, MessageId)], key: &str) -> Result<String, StorageError> {
    let one = |(channel, message): &(ChannelId, MessageId)| repeat_guard::hash(key, channel.as_str(), message.as_str());
    json(&messages.iter().map(|of| (&of.0, &of.1, one(of))).collect::<Vec<_>>())
}

impl Intake {
    /// Reads what is wanted, of `messages` with their hashes; on SQLite this also begins the transaction.
    async fn read_snapshot(&mut self, wanted: &Wanted, messages: &str) -> Result<SnapshotRow, StorageError> {
        let offices = json(&wanted.offices.iter().collect::<Vec<_>>())?;
        let addresses = json(&wanted.addresses)?;
        let contacts = json(&wanted.contacts)?;
        let (dates, people) = (json(&wanted.dates)?, json(&wanted.people)?);
        let sql = SNAPSHOT.sql(&self.tx);
        // A day back, because no office's date is more than a day from the date in Greenwich.
        let yesterday = self.now.date_naive().pred_opt().unwrap_or_default();
        let dead = us(self.now - chrono::Duration::hours(DEAD_HOLD_HOURS));
        let now = us(self.now);
        Ok(on!(&mut self.tx, |conn| {
            sqlx::query_as(sql)
                .bind(&offices)
                .bind(messages)
                .bind(&addresses)
                .bind(&dates)
                .bind(now)
                .bind(yesterday)
                .bind(dead)
                .bind(&contacts)
                .bind(&people)
                .fetch_one(conn)
                .await
        })?)
    }

    /// How full the hours of these days are, and which of their seats came back: for decisions that need other days than the
    /// snapshot has.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn hours(&mut self, dates: &BTreeSet<OfficeDate>) -> Result<Vec<OfficeHour>, StorageError> {
        let dates = json(dates)?;
        let sql = HOURS.sql(&self.tx);
        let hours: Vec<HourRow> = on!(&mut self.tx, |conn| sqlx::query_as(sql).bind(&dates).fetch_all(conn).await)?;
        if hours.iter().all(|hour| hour.taken == hour.high) {
            return with_gaps(hours, &[]);
        }
        let sql = SEATS.sql(&self.tx);
        let seats: Vec<SeatRow> = on!(&mut self.tx, |conn| sqlx::query_as(sql).bind(&dates).fetch_all(conn).await)?;
        with_gaps(hours, &seats)
    }
}

impl SnapshotRow {
    fn found(self) -> Result<Found, StorageError> {
        let mut bookings = read_bookings(self.bookings)?;
        bookings.sort_by_key(|booking| booking.id);
        // After two contacts became one, both conversations may lead to a booking.
        bookings.dedup_by_key(|booking| booking.id);
        let contacts = read_list::<(ChannelId, Contact, Contact)>("address", self.contacts)?;
        Ok(Found {
            versions: read_each("office", self.versions, VersionRow::version)?,
            known: read_list("inbound", self.known)?
                .into_iter()
                .chain(read_list("erased_message", self.erased)?)
                .collect(),
            aside: self.set_aside > 0,
            lapsed: read_bookings(self.lapsed)?,
            contacts: contacts.into_iter().map(|(channel, address, contact)| ((channel, address), contact)).collect(),
            chats: read_each("conversation", self.chats, ChatRow::stored)?,
            bookings,
            visits: read_each("visit", self.visits, VisitRow::visit)?,
            of_people: read_bookings(self.of_people)?,
            days: read_each("day", self.days, DayRow::load)?,
            hours: with_gaps(read_list("hour", self.hours)?, &read_list("seat", self.seats)?)?,
            loaded: read_each("day", self.loaded, |(office, date): (String, NaiveDate)| {
                Ok(OfficeDate { office: office_id(&office)?, date })
            })?,
        })
    }
}

/// The values of the rows of one column.
fn read_each<R: DeserializeOwned, T>(
    table: &str,
    rows: Option<String>,
    value: impl Fn(R) -> Result<T, StorageError>,
) -> Result<Vec<T>, StorageError> {
    read_list::<R>(table, rows)?.into_iter().map(value).collect()
}

impl VersionRow {
    fn version(self) -> Result<OfficeVersion, StorageError> {
        Ok(OfficeVersion {
            office: office_id(&self.id)?,
            version: fits("office.version", self.version)?,
            calendar: fits("office.calendar", self.calendar)?,
        })
    }
}

impl DayRow {
    fn load(self) -> Result<OfficeDay, StorageError> {
        let load = DayLoad {
            capacity: fits("day.capacity", self.capacity)?,
            taken: fits("day.taken", self.taken)?,
            held: fits("day.held", self.held)?,
        };
        Ok(OfficeDay { office: office_id(&self.office)?, date: self.date, load })
    }
}

fn office_id(text: &str) -> Result<OfficeId, StorageError> {
    OfficeId::read(text).map_err(|_| bad("office"))
}

/// Hours with the seat numbers that came back: those up to `high` that no row of `seat` has.
fn with_gaps(hours: Vec<HourRow>, seats: &[SeatRow]) -> Result<Vec<OfficeHour>, StorageError> {
    let seated: HashSet<(&str, NaiveDate, i64, i64)> =
        seats.iter().map(|seat| (seat.office.as_str(), seat.date, seat.hour, seat.number)).collect();
    hours
        .into_iter()
        .map(|row| {
            let mut load = HourLoad::empty(fits("hour.capacity", row.capacity)?);
            load.taken = fits("hour.taken", row.taken)?;
            load.high = fits("hour.high", row.high)?;
            if load.taken < load.high {
                let is_free = |n: &u32| !seated.contains(&(row.office.as_str(), row.date, row.hour, i64::from(*n)));
                load.gaps = (1..=load.high).filter(is_free).collect();
            }
            let slot = Slot { date: row.date, hour: fits("hour.hour", row.hour)? };
            Ok(OfficeHour { office: office_id(&row.office)?, slot, load })
        })
        .collect()
}
