//! Whose data somebody saw or changed: what a notice of a breach needs within hours. The trail names numbers; here they become people
//! again, as far as they are kept still.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::audit::{Act, Scope, SubjectKind};
use crate::domain::booking::Booking;
use crate::domain::masked_debug::masked_debug;
use crate::domain::message::{ChannelId, Contact};
use crate::storage::audit::list::{AuditFilter, AuditRow};
use crate::storage::booking_row::BookingRow;
use crate::storage::engine::column::json;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;
use crate::storage::intake::changes::ContactKey;

/// Acts that are read at once.
const PAGE_ACTS: u32 = 1_000;
/// Numbers that one statement looks for.
const NUMBERS: usize = 1_000;

/// When and how somebody's data were seen or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    /// Whether they were opened one by one; else they stood in a list.
    pub is_opened: bool,
    /// First, by wall time.
    pub first: DateTime<Utc>,
    /// Last.
    pub last: DateTime<Utc>,
}

impl Sighting {
    fn with(self, other: Self) -> Self {
        Self {
            is_opened: self.is_opened || other.is_opened,
            first: self.first.min(other.first),
            last: self.last.max(other.last),
        }
    }
}

/// A contact who is concerned, with everybody on their bookings that were seen.
#[derive(Clone, PartialEq, Eq)]
pub struct ConcernedContact {
    /// The contact.
    pub of: ContactKey,
    /// The names on those bookings.
    pub names: BTreeSet<String>,
    /// The codes of those bookings.
    pub codes: BTreeSet<String>,
    /// Their offices.
    pub offices: BTreeSet<String>,
    /// When and how.
    pub seen: Sighting,
}

/// Somebody who came without a booking and is concerned: nothing but their name is known.
#[derive(Clone, PartialEq, Eq)]
pub struct ConcernedWalkIn {
    /// At which office.
    pub office: String,
    /// On which day.
    pub date: NaiveDate,
    /// Their number there.
    pub number: String,
    /// Their name.
    pub name: String,
    /// When and how.
    pub seen: Sighting,
}

masked_debug!(ConcernedContact { seen }, ConcernedWalkIn);

/// Who is concerned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Concerned {
    /// Those with a contact, by channel and contact.
    pub contacts: Vec<ConcernedContact>,
    /// Those without.
    pub walk_ins: Vec<ConcernedWalkIn>,
    /// Acts that were looked at.
    pub acts: usize,
    /// Bookings and contacts of the trail that were erased since.
    pub erased: usize,
}

/// By what a contact is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    /// The trail's own number.
    Contact,
    /// A ticket.
    Ticket,
    /// A reply.
    Reply,
}

impl Named {
    /// Channel and contact of a number.
    fn sql(self) -> &'static str {
        match self {
            Self::Contact => "select channel, contact from audit_contact where id = $1",
            Self::Ticket => "select channel, contact from ticket where id = $1",
            Self::Reply => {
                "select channel, contact from outbox where id = $1 \
                 union all select channel, contact from outbox_archive where id = $1"
            }
        }
    }
}

/// What acts reached, by number.
#[derive(Debug, Default)]
struct Reached {
    bookings: BTreeMap<i64, Sighting>,
    /// Contacts, and what names one.
    contacts: BTreeMap<(Named, i64), Sighting>,
    visits: BTreeMap<i64, Sighting>,
    /// Days of an office; empty: of every office.
    days: BTreeMap<(String, NaiveDate, NaiveDate), Sighting>,
    acts: usize,
}

fn note<K: Ord>(all: &mut BTreeMap<K, Sighting>, key: K, seen: Sighting) {
    all.entry(key).and_modify(|known| *known = known.with(seen)).or_insert(seen);
}

impl Reached {
    fn add(&mut self, row: &AuditRow) {
        let seen = |is_opened| Sighting { is_opened, first: row.at, last: row.at };
        let number = || row.subject.parse::<i64>().ok();
        self.acts += 1;
        match (SubjectKind::read(&row.kind), number()) {
            (Some(SubjectKind::Booking), Some(id)) => note(&mut self.bookings, id, seen(true)),
            (Some(SubjectKind::Contact), Some(id)) => note(&mut self.contacts, (Named::Contact, id), seen(true)),
            (Some(SubjectKind::Ticket), Some(id)) => note(&mut self.contacts, (Named::Ticket, id), seen(true)),
            (Some(SubjectKind::Reply), Some(id)) => note(&mut self.contacts, (Named::Reply, id), seen(true)),
            (Some(SubjectKind::Visit), Some(id)) => note(&mut self.visits, id, seen(true)),
            _ => {}
        }
        // What an act about one thing reaches besides belongs to that thing.
        let is_opened = !row.kind.is_empty();
        match &row.scope {
            Scope::Bookings(ids) => {
                for id in ids {
                    note(&mut self.bookings, *id, seen(is_opened));
                }
            }
            Scope::Contacts(ids) => {
                for id in ids {
                    note(&mut self.contacts, (Named::Contact, *id), seen(is_opened));
                }
            }
            Scope::Days(from, to) => note(&mut self.days, (row.office.clone(), *from, *to), seen(false)),
            Scope::None | Scope::Words(_) => {}
        }
    }
}

result_row! {
    struct WalkInRow {
        id: i64,
        office: String,
        date: NaiveDate,
        number: String,
        name: String,
    }
}

static BY_NUMBER: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(&format!(
        "select {columns} from @each($1) @seek(booking where booking.id = cast(each.value->>0 as bigint))",
        columns = BookingRow::COLUMNS
    ))
});

static OF_DAYS: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(&format!(
        "select {columns} from day @seek(booking where booking.office = day.office and booking.date = day.date) \
         where ($1 = '' or day.office = $1) and day.date >= $2 and day.date <= $3",
        columns = BookingRow::COLUMNS
    ))
});

const WALK_INS: &str = "select id, office, date, number, name from visit where booking is null and name is not null \
     and ($1 = '' or office = $1) and date >= $2 and date <= $3 union all select id, office, date, number, name \
     from visit_archive where booking is null and name is not null and ($1 = '' or office = $1) and date >= $2 and date <= $3";

const WALK_IN: &str = "select id, office, date, number, name from visit where id = $1 and booking is null and name is not null \
     union all select id, office, date, number, name from visit_archive where id = $1 and booking is null and name is not null";

/// The people whom the numbers stand for.
#[derive(Debug, Default)]
struct Found {
    contacts: BTreeMap<ContactKey, ConcernedContact>,
    walk_ins: BTreeMap<i64, ConcernedWalkIn>,
    bookings: BTreeSet<i64>,
}

impl Found {
    fn contact(&mut self, of: ContactKey, seen: Sighting) -> &mut ConcernedContact {
        let blank = |of: &ContactKey| ConcernedContact {
            of: of.clone(),
            names: BTreeSet::new(),
            codes: BTreeSet::new(),
            offices: BTreeSet::new(),
            seen,
        };
        let known = self.contacts.entry(of).or_insert_with_key(blank);
        known.seen = known.seen.with(seen);
        known
    }

    fn booking(&mut self, booking: &Booking, seen: Sighting) {
        self.bookings.insert(booking.id);
        let contact = self.contact((booking.channel.clone(), booking.contact.clone()), seen);
        contact.names.extend(booking.applicant.people().map(|person| person.nama.as_str().to_owned()));
        contact.codes.insert(booking.code.to_string());
        contact.offices.insert(booking.office.as_str().to_owned());
    }

    fn walk_in(&mut self, row: WalkInRow, seen: Sighting) {
        let WalkInRow { id, office, date, number, name } = row;
        let known = self.walk_ins.entry(id).or_insert(ConcernedWalkIn { office, date, number, name, seen });
        known.seen = known.seen.with(seen);
    }
}

impl Storage {
    /// Who was seen or changed by the acts that a filter lets through.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn concerned(&self, filter: AuditFilter<'_>) -> Result<Concerned, StorageError> {
        let reached = self.reached(filter).await?;
        let mut found = Found::default();
        self.bookings_reached(&reached, &mut found).await?;
        let mut erased = reached.bookings.keys().filter(|id| !found.bookings.contains(id)).count();
        self.days_reached(&reached, &mut found).await?;
        erased += self.contacts_reached(&reached, &mut found).await?;
        Ok(Concerned {
            contacts: found.contacts.into_values().collect(),
            walk_ins: found.walk_ins.into_values().collect(),
            acts: reached.acts,
            erased,
        })
    }

    async fn reached(&self, filter: AuditFilter<'_>) -> Result<Reached, StorageError> {
        // An act that this program does not know yet may have shown anybody.
        let may_concern = |act: Option<Act>| act.is_none_or(|act| act.shows_people() || act.changes());
        let (mut reached, mut before) = (Reached::default(), filter.before);
        loop {
            let page = self.acts(AuditFilter { before, limit: PAGE_ACTS, ..filter }).await?;
            let Some(last) = page.last() else { return Ok(reached) };
            before = Some(last.id);
            page.iter().filter(|row| may_concern(row.known)).for_each(|row| reached.add(row));
        }
    }

    async fn bookings_reached(&self, reached: &Reached, found: &mut Found) -> Result<(), StorageError> {
        let all: Vec<(i64, Sighting)> = reached.bookings.iter().map(|(id, seen)| (*id, *seen)).collect();
        for some in all.chunks(NUMBERS) {
            let ids = json(&some.iter().map(|(id, _)| (*id,)).collect::<Vec<_>>())?;
            let mut tx = self.pool.read().await?;
            let sql = BY_NUMBER.sql(&tx);
            let rows: Vec<BookingRow> = on!(&mut tx, |conn| sqlx::query_as(sql).bind(&ids).fetch_all(conn).await)?;
            tx.end().await?;
            for row in rows {
                let booking = row.booking()?;
                if let Some(seen) = reached.bookings.get(&booking.id) {
                    found.booking(&booking, *seen);
                }
            }
        }
        Ok(())
    }

    async fn days_reached(&self, reached: &Reached, found: &mut Found) -> Result<(), StorageError> {
        for ((office, from, to), seen) in &reached.days {
            let mut tx = self.pool.read().await?;
            let sql = OF_DAYS.sql(&tx);
            let rows: Vec<BookingRow> =
                on!(&mut tx, |conn| sqlx::query_as(sql).bind(office).bind(*from).bind(*to).fetch_all(conn).await)?;
            let walk_ins: Vec<WalkInRow> = on!(&mut tx, |conn| {
                sqlx::query_as(WALK_INS).bind(office).bind(*from).bind(*to).fetch_all(conn).await
            })?;
            tx.end().await?;
            for row in rows {
                found.booking(&row.booking()?, *seen);
            }
            for row in walk_ins {
                found.walk_in(row, *seen);
            }
        }
        for (id, seen) in &reached.visits {
            let mut tx = self.pool.read().await?;
            let rows: Vec<WalkInRow> = on!(&mut tx, |conn| sqlx::query_as(WALK_IN).bind(*id).fetch_all(conn).await)?;
            tx.end().await?;
            for row in rows {
                found.walk_in(row, *seen);
            }
        }
        Ok(())
    }

    /// Adds the contacts that were seen without a booking; returns how many were erased since.
    async fn contacts_reached(&self, reached: &Reached, found: &mut Found) -> Result<usize, StorageError> {
        let mut erased = 0;
        for ((named, id), seen) in &reached.contacts {
            let mut tx = self.pool.read().await?;
            let sql = named.sql();
            let of: Option<(String, String)> =
                on!(&mut tx, |conn| sqlx::query_as(sql).bind(*id).fetch_optional(conn).await)?;
            tx.end().await?;
            match of {
                Some((channel, contact)) => {
                    found.contact((ChannelId::stored(channel), Contact::new(contact)), *seen);
                }
                None => erased += 1,
            }
        }
        Ok(erased)
    }
}
