//! What a batch looks at, in one statement: repeats, lapsed holds, contacts, their bookings, days, and the hours that
//! decisions will probably ask for.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::booking::Booking;
use crate::domain::message::{ChannelId, Contact, MessageId};
use crate::domain::office::OfficeId;
use crate::domain::same_person::PersonKey;
use crate::domain::seats::{DayLoad, HourLoad};
use crate::domain::slot::Slot;
use crate::storage::booking_row::{DEAD_HOLD_HOURS, booking_columns, read_bookings, read_list};
use crate::storage::engine::column::{bad, fits, json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{each, on};
use crate::storage::handle::Storage;
use crate::storage::intake::changes::{ContactKey, StoredChat};
use crate::storage::intake::chat::ChatRow;
use crate::storage::intake::people::live_of_people;
use crate::storage::intake::transaction::Intake;

/// What a batch needs to know.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Its offices, each with the first day whose load matters.
    pub offices: BTreeMap<OfficeId, NaiveDate>,
    /// Its messages.
    pub messages: Vec<(ChannelId, MessageId)>,
    /// The addresses that they came from, and others that they tell of.
    pub addresses: BTreeSet<ContactKey>,
    /// Contacts that are looked at whatever their addresses are.
    pub contacts: BTreeSet<ContactKey>,
    /// The days from which they ask for a place.
    pub dates: BTreeSet<(OfficeId, NaiveDate)>,
    /// The people on their forms, at offices that look for them.
    pub people: BTreeSet<(OfficeId, PersonKey)>,
}

/// What the database knows of it.
#[derive(Debug, Default)]
pub struct Found {
    /// The versions of the offices that are in force.
    pub versions: Vec<(OfficeId, u32)>,
    /// Messages that have been served (or set aside) before.
    pub known: HashSet<(ChannelId, MessageId)>,
    /// Whether one of the messages was set aside, and is now served again.
    pub aside: bool,
    /// Holds of the offices whose deadline has passed, as the database has them: still held.
    pub lapsed: Vec<Booking>,
    /// The contacts behind addresses that are not contacts of their own.
    pub contacts: Vec<(ContactKey, Contact)>,
    /// What is remembered of the contacts; nothing of a new one.
    pub chats: Vec<(ContactKey, StoredChat)>,
    /// The contacts' bookings that can still matter, by number: all with seats whose day is not over, and fresh dead
    /// holds.
    pub bookings: Vec<Booking>,
    /// Live bookings of the people, whoever made them.
    pub of_people: Vec<Booking>,
    /// How full the offices' days are.
    pub days: Vec<(OfficeId, NaiveDate, DayLoad)>,
    /// How full the hours of `loaded` are.
    pub hours: Vec<(OfficeId, Slot, HourLoad)>,
    /// The days whose hours were looked at: asked days, the first day with room from there, and the days of bookings
    /// that may give something back.
    pub loaded: Vec<(OfficeId, NaiveDate)>,
}

/// `$1` offices and first days, `$2` messages, `$3` addresses, `$4` asked days, `$5` now, `$6` yesterday, `$7` the
/// earliest deadline of a dead hold that is still recognised, `$8` contacts, `$9` people.
static SNAPSHOT: LazyLock<Statement> = LazyLock::new(|| {
    Statement::with_begin(
        &"with named as materialized ({named}), lapsed as materialized (select {columns} from @each($1) @seek(booking where \
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
             or (booking.state in ('expired', 'replaced') \
             and coalesce(booking.hold_until_us, booking.created_us) >= $7)))), \
         given (office, date) as materialized (select office, date from own union select office, date from lapsed), \
         asked (office, date) as (select each.value->>0, date(each.value->>1) from @each($4)), \
         loaded (office, date) as materialized (select office, date from asked \
             union select asked.office, (select min(day.date) from day where day.office = asked.office \
             and day.date >= asked.date and day.taken < day.capacity) from asked \
             union select office, date from given), \
         days (office, date, capacity, taken, held) as (select day.office, day.date, day.capacity, day.taken, day.held from @each($1) \
             @seek(day where day.office = each.value->>0 and day.date >= date(each.value->>1)) \
             union all select day.office, day.date, day.capacity, day.taken, day.held from given \
             @seek(day where day.office = given.office and day.date = given.date)) \
         select \
         cast((select @list(@array(office.id, office.version)) from @each($1) \
             @seek(office where office.id = each.value->>0)) as text), \
         cast((select @list(@array(inbound.channel, inbound.message)) from @each($2) @seek(inbound where \
             inbound.channel = each.value->>0 and inbound.message = each.value->>1)) as text), \
         (select count(*) from @each($2) @seek(set_aside where set_aside.channel = each.value->>0 \
             and set_aside.message = each.value->>1 and set_aside.state = 'kept')), \
         cast((select @list(@array({columns})) from lapsed booking) as text), \
         cast((select @list(@array(channel, contact, office, lang, photo, photo_until_us, picture_us, question, \
             lost_photo_of, last_reply, heard_us, muted, talk)) from chat) as text), \
         cast((select @list(@array({columns})) from own booking) as text), \
         cast((select @list(@array(office, date, capacity, taken, held)) from days) as text), \
         cast((select @list(@array(hour.office, hour.date, hour.hour, hour.capacity, hour.taken, hour.high)) \
             from loaded @seek(hour where hour.office = loaded.office and hour.date = loaded.date)) as text), \
         cast((select @list(@array(seat.office, seat.date, seat.hour, seat.number)) from loaded \
             @seek(hour where hour.office = loaded.office and hour.date = loaded.date and hour.taken < hour.high) \
             @seek(seat where seat.office = hour.office and seat.date = hour.date and seat.hour = hour.hour)) as text), \
         cast((select @list(@array(office, date)) from loaded where date is not null) as text), \
         cast((select @list(@array(channel, address, contact)) from contacts where contact <> address) as text), \
         cast((select @list(@array({columns})) from named booking) as text)"
            .replace("{named}", live_of_people!("$9", "$6"))
            .replace("{columns}", booking_columns!()),
    )
});

/// The columns of [`SNAPSHOT`].
type SnapshotRow = (
    Option<String>,
    Option<String>,
    i64,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// An hour as the database has it: office, date, hour, capacity, taken, high.
type HourRow = (String, NaiveDate, i64, i64, i64, i64);
/// A seat: office, date, hour, number.
type SeatRow = (String, NaiveDate, i64, i64);

impl Storage {
    /// Begins an intake at `now`, locks the offices in ascending order, so that two nodes never wait on each other, and
    /// looks at what is wanted. On SQLite this is one statement; on PostgreSQL the look comes after the lock, since a
    /// statement sees only what was committed before it began.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn begin_intake(&self, wanted: &Wanted, now: DateTime<Utc>) -> Result<(Intake, Found), StorageError> {
        let tx = self.pool.begin_intake(wanted.offices.keys()).await?;
        let mut intake = Intake { tx, now };
        let found = intake.read_snapshot(wanted).await?;
        Ok((intake, found))
    }
}

impl Intake {
    /// Looks at what is wanted; on SQLite this also begins the transaction.
    pub(in crate::storage) async fn read_snapshot(&mut self, wanted: &Wanted) -> Result<Found, StorageError> {
        let offices = json(&wanted.offices.iter().collect::<Vec<_>>())?;
        let (messages, addresses) = (json(&wanted.messages)?, json(&wanted.addresses)?);
        let contacts = json(&wanted.contacts)?;
        let (dates, people) = (json(&wanted.dates)?, json(&wanted.people)?);
        let sql = SNAPSHOT.for_engine(&self.tx);
        // A day back, because no office's date is more than a day from the date in Greenwich.
        let yesterday = self.now.date_naive().pred_opt().unwrap_or_default();
        let dead = us(self.now - chrono::Duration::hours(DEAD_HOLD_HOURS));
        let now = us(self.now);
        let (versions, known, aside, lapsed, chats, bookings, days, hours, seats, loaded, contacts, named): SnapshotRow =
            on!(&mut self.tx, |conn| {
                sqlx::query_as(sql)
                    .bind(&offices)
                    .bind(&messages)
                    .bind(&addresses)
                    .bind(&dates)
                    .bind(now)
                    .bind(yesterday)
                    .bind(dead)
                    .bind(&contacts)
                    .bind(&people)
                    .fetch_one(conn)
                    .await
            })?;
        let versions = read_list::<(String, i64)>("office", versions)?;
        let days = read_list::<(String, NaiveDate, i64, i64, i64)>("day", days)?;
        let loaded = read_list::<(String, NaiveDate)>("day", loaded)?;
        let mut bookings = read_bookings(bookings)?;
        bookings.sort_by_key(|booking| booking.id);
        // After two contacts became one, both conversations may lead to a booking.
        bookings.dedup_by_key(|booking| booking.id);
        Ok(Found {
            versions: versions
                .into_iter()
                .map(|(id, version)| Ok((office_id(&id)?, fits("office.version", version)?)))
                .collect::<Result<_, StorageError>>()?,
            known: read_list("inbound", known)?.into_iter().collect(),
            aside: aside > 0,
            lapsed: read_bookings(lapsed)?,
            of_people: read_bookings(named)?,
            contacts: read_list::<(ChannelId, Contact, Contact)>("address", contacts)?
                .into_iter()
                .map(|(channel, address, contact)| ((channel, address), contact))
                .collect(),
            chats: read_list("conversation", chats)?.into_iter().map(ChatRow::stored).collect::<Result<_, _>>()?,
            bookings,
            days: days
                .into_iter()
                .map(|(office, date, capacity, taken, held)| {
                    let (capacity, taken) = (fits("day.capacity", capacity)?, fits("day.taken", taken)?);
                    let load = DayLoad { capacity, taken, held: fits("day.held", held)? };
                    Ok((office_id(&office)?, date, load))
                })
                .collect::<Result<_, StorageError>>()?,
            hours: with_gaps(read_list("hour", hours)?, &read_list("seat", seats)?)?,
            loaded: loaded
                .into_iter()
                .map(|(office, date)| Ok((office_id(&office)?, date)))
                .collect::<Result<_, StorageError>>()?,
        })
    }

    /// How full the hours of these dates are, and which seat numbers came back: for decisions that outrun the look.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn hours(
        &mut self,
        dates: &BTreeSet<(OfficeId, NaiveDate)>,
    ) -> Result<Vec<(OfficeId, Slot, HourLoad)>, StorageError> {
        let dates = json(dates)?;
        let hours = each!(
            &self.tx,
            "select hour.office, hour.date, hour.hour, hour.capacity, hour.taken, hour.high from",
            "join hour on hour.office = each.value->>0 and hour.date = date(each.value->>1)"
        );
        let rows: Vec<HourRow> = on!(&mut self.tx, |conn| sqlx::query_as(hours).bind(&dates).fetch_all(conn).await)?;
        if rows.iter().all(|(.., taken, high)| taken == high) {
            return with_gaps(rows, &[]);
        }
        let seats = each!(
            &self.tx,
            "select seat.office, seat.date, seat.hour, seat.number from",
            "join hour on hour.office = each.value->>0 and hour.date = date(each.value->>1) and hour.taken < hour.high \
             join seat on seat.office = hour.office and seat.date = hour.date and seat.hour = hour.hour"
        );
        let seats: Vec<SeatRow> = on!(&mut self.tx, |conn| sqlx::query_as(seats).bind(&dates).fetch_all(conn).await)?;
        with_gaps(rows, &seats)
    }
}

fn office_id(text: &str) -> Result<OfficeId, StorageError> {
    OfficeId::read(text).map_err(|_| bad("office"))
}

/// Hours with the numbers that came back: those up to `high` that no seat row has.
fn with_gaps(rows: Vec<HourRow>, seats: &[SeatRow]) -> Result<Vec<(OfficeId, Slot, HourLoad)>, StorageError> {
    let seated: HashSet<(&str, NaiveDate, i64, i64)> =
        seats.iter().map(|(office, date, hour, number)| (office.as_str(), *date, *hour, *number)).collect();
    rows.into_iter()
        .map(|(office, date, hour, capacity, taken, high)| {
            let slot = Slot { date, hour: fits("hour.hour", hour)? };
            let mut load = HourLoad::empty(fits("hour.capacity", capacity)?);
            load.taken = fits("hour.taken", taken)?;
            load.high = fits("hour.high", high)?;
            if load.taken < load.high {
                let is_free = |n: &u32| !seated.contains(&(office.as_str(), date, hour, i64::from(*n)));
                load.gaps = (1..=load.high).filter(is_free).collect();
            }
            Ok((office_id(&office)?, slot, load))
        })
        .collect()
}
