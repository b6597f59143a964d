//! Everything that is kept of a contact: found table by table, shown to whoever asks for it, and erased by these rows' keys.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};
use sqlx::AssertSqlSafe;

use crate::domain::booking::State;
use crate::domain::message::{ChannelId, Contact, Inbound, digits_together};
use crate::domain::office::OfficeId;
use crate::domain::person::Applicant;
use crate::domain::same_person::Person;
use crate::storage::engine::catalog::{Table, tables};
use crate::storage::engine::column::{at, bad, json, unjson};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::erasure::booking::nobody;
use crate::storage::erasure::catalog::{BY_CONTACT, BY_ROW};
use crate::storage::handle::Storage;

/// Separates an old number from the instant at which it was given up, in the name of the contact who has it since.
const NEXT_HOLDER: char = '~';

/// A contact on a channel.
type ContactKey = (ChannelId, Contact);

/// A row of any table: its columns by name.
pub type Row = Map<String, Value>;

/// A booking of somebody else that names one of a contact's people.
#[derive(Clone, PartialEq, Eq)]
pub struct NamedIn {
    /// The booking.
    pub booking: i64,
    /// Its office.
    pub office: OfficeId,
    /// Its day.
    pub date: NaiveDate,
    /// Where it stands.
    pub state: State,
    /// Its people.
    pub applicant: Applicant,
}

impl NamedIn {
    /// The people without these: in their place stands somebody whose data was erased, so that each place of the party keeps its
    /// number.
    ///
    /// # Errors
    /// [`StorageError::Data`]: a fault in this program.
    pub fn without(&self, people: &BTreeSet<Person>) -> Result<Applicant, StorageError> {
        let nobody = nobody()?;
        let is_one = |applicant: &Applicant| Person::of(applicant).is_some_and(|person| people.contains(&person));
        let others = self.applicant.others.iter();
        let others = others.map(|other| if is_one(other) { nobody.clone() } else { other.clone() }).collect();
        let main = if is_one(&self.applicant) { nobody } else { self.applicant.clone() };
        Ok(Applicant { others, ..main })
    }
}

/// Everything that is kept of a contact.
#[derive(Clone)]
pub struct Traces {
    /// The contact.
    pub of: ContactKey,
    /// The office of their channel, where anything says so.
    pub office: Option<OfficeId>,
    /// The other names by which rows may know them: their other addresses.
    pub also: BTreeSet<Contact>,
    /// The rows, by table; tables without any are left out.
    pub rows: BTreeMap<&'static str, Vec<Row>>,
}

/// Personal data: Debug shows how many rows there are.
impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.rows.iter().map(|(table, rows)| (table, rows.len()));
        f.debug_map().entries(counts).finish()
    }
}

impl Traces {
    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows of a table.
    pub fn of_table(&self, table: &str) -> &[Row] {
        self.rows.get(table).map_or(&[], Vec::as_slice)
    }

    /// The numbers of a table's rows.
    pub fn ids(&self, table: &str) -> Vec<i64> {
        self.of_table(table).iter().filter_map(|row| row.get("id")?.as_i64()).collect()
    }

    /// Replies that have not gone out, by state.
    pub fn unsent(&self, state: &str) -> usize {
        self.of_table("outbox").iter().filter(|row| text(row, "state") == Some(state)).count()
    }

    /// The last day of a live booking or hold, as far as these rows tell.
    pub fn last_live_day(&self, today: NaiveDate) -> Option<NaiveDate> {
        let live = |row: &&Row| matches!(text(row, "state"), Some("held" | "booked"));
        let days = self.of_table("booking").iter().filter(live).filter_map(|row| text(row, "date")?.parse().ok());
        days.filter(|day| *day >= today).max()
    }

    /// Whether they wait for an officer's answer, or for a seat.
    pub fn is_waiting(&self) -> bool {
        let is_open = |row: &Row| row.get("closed_us").is_none_or(Value::is_null);
        let waits = |row: &Row| text(row, "state") == Some("waiting");
        self.of_table("ticket").iter().any(is_open) || self.of_table("waiting").iter().any(waits)
    }

    /// The people of their bookings who can be told by name and birth date.
    pub fn people(&self) -> BTreeSet<Person> {
        let applicants = self
            .of_table("booking")
            .iter()
            .filter_map(|row| unjson::<Applicant>("booking.applicant", text(row, "applicant")?).ok());
        applicants.flat_map(|applicant| Person::all(&applicant).collect::<Vec<_>>()).collect()
    }

    /// When they last wrote, and the number of the last reply to them.
    pub fn conversation(&self) -> Option<(DateTime<Utc>, Option<i64>)> {
        let is_own = |row: &&Row| text(row, "contact") == Some(self.of.1.as_str());
        let row = self.of_table("conversation").iter().find(is_own)?;
        Some((at(row.get("heard_us")?.as_i64()?), row.get("last_reply").and_then(Value::as_i64)))
    }

    /// All names of the contact.
    pub(super) fn names(&self) -> impl Iterator<Item = (&ChannelId, &Contact)> {
        std::iter::once(&self.of.1).chain(&self.also).map(|contact| (&self.of.0, contact))
    }
}

/// A text of a row.
pub(super) fn text<'r>(row: &'r Row, column: &str) -> Option<&'r str> {
    row.get(column)?.as_str()
}

#[derive(Deserialize)]
struct Place {
    channel: String,
    contact: String,
}

impl Storage {
    /// The contacts that an address belongs to, on every channel. A number that somebody gave up belongs to whoever has it now.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn contacts_at(&self, address: &str) -> Result<Vec<ContactKey>, StorageError> {
        let mut tx = self.pool.snapshot().await?;
        let mut found: BTreeSet<(String, String)> = BTreeSet::new();
        let tied: Vec<(String, String)> = on!(&mut tx, |conn| {
            sqlx::query_as("select channel, contact from address where address = $1")
                .bind(address)
                .fetch_all(conn)
                .await
        })?;
        for table in BY_CONTACT {
            let sql = format!("select distinct channel, contact from {table} where contact = $1");
            let rows: Vec<(String, String)> = on!(&mut tx, |conn| {
                sqlx::query_as(AssertSqlSafe(sql.as_str())).bind(address).fetch_all(conn).await
            })?;
            // Where the address leads to another contact, its own name is a former name of that one, or a former holder's.
            found.extend(rows.into_iter().filter(|(channel, _)| !tied.iter().any(|(tied, _)| tied == channel)));
        }
        found.extend(tied);
        tx.end().await?;
        Ok(found.into_iter().map(|(channel, contact)| (ChannelId::stored(channel), Contact::new(contact))).collect())
    }

    /// Everything that is kept of these contacts; of all of them in as many searches as of one. With `whole` also the rows that
    /// belong to others of theirs, such as the steps of a booking.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn traces(&self, of: &[ContactKey], whole: bool) -> Result<Vec<Traces>, StorageError> {
        let mut tx = self.pool.snapshot().await?;
        let schema: BTreeMap<String, Table> =
            tables(&mut tx).await?.into_iter().map(|table| (table.name.clone(), table)).collect();
        let mut search = Search::begin(&mut tx, &schema, of).await?;
        for table in BY_CONTACT {
            search.by_contact(&mut tx, table).await?;
        }
        search.by_text(&mut tx).await?;
        if whole {
            for (table, column, owner) in BY_ROW {
                search.by_row(&mut tx, (table, column), owner).await?;
            }
        }
        tx.end().await?;
        Ok(search.found)
    }

    /// Bookings that name one of these people, of any state that is kept.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn naming(&self, people: &BTreeSet<Person>) -> Result<Vec<NamedIn>, StorageError> {
        type Found = (i64, String, NaiveDate, String, String);
        let mut named = BTreeMap::new();
        let days: BTreeSet<NaiveDate> = people.iter().map(Person::born).collect();
        let mut tx = self.pool.snapshot().await?;
        for day in days {
            let rows: Vec<Found> = on!(&mut tx, |conn| {
                sqlx::query_as(
                    "select id, office, date, state, applicant from booking \
                     where erased_us is null and applicant like $1",
                )
                .bind(format!("%\"tgl_lahir\":\"{day}\"%"))
                .fetch_all(conn)
                .await
            })?;
            for (booking, office, date, state, applicant) in rows {
                let applicant: Applicant = unjson("booking.applicant", &applicant)?;
                if !Person::all(&applicant).any(|person| people.contains(&person)) {
                    continue;
                }
                let office = OfficeId::read(&office).map_err(|_| bad("booking.office"))?;
                let state = State::named(&state).ok_or_else(|| bad("booking.state"))?;
                named.insert(booking, NamedIn { booking, office, date, state, applicant });
            }
        }
        tx.end().await?;
        Ok(named.into_values().collect())
    }
}

/// A search for the rows of some contacts.
struct Search<'s> {
    schema: &'s BTreeMap<String, Table>,
    found: Vec<Traces>,
    /// Whose a name is, by its place in `found`.
    owner: BTreeMap<(String, String), usize>,
    /// The names as JSON, for statements.
    names: String,
}

impl<'s> Search<'s> {
    /// Finds the other addresses of the contacts.
    async fn begin(tx: &mut Tx, schema: &'s BTreeMap<String, Table>, of: &[ContactKey]) -> Result<Self, StorageError> {
        let mut owner: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut found: Vec<Traces> = Vec::new();
        for (place, (channel, contact)) in of.iter().enumerate() {
            owner.insert((channel.as_str().to_owned(), contact.as_str().to_owned()), place);
            let of = (channel.clone(), contact.clone());
            found.push(Traces { of, office: None, also: BTreeSet::new(), rows: BTreeMap::new() });
        }
        let names = json(&owner.keys().collect::<Vec<_>>())?;
        let mut search = Self { schema, found, owner, names };
        let rows = search
            .select(tx, "address", "(t.channel, t.contact) in (select each.value->>0, each.value->>1 from @each($1))")
            .await?;
        for row in rows {
            let place: Place = serde_json::from_value(Value::Object(row.clone())).map_err(|_| bad("address"))?;
            let Some(&whose) = search.owner.get(&(place.channel.clone(), place.contact.clone())) else { continue };
            let Some(traces) = search.found.get_mut(whose) else { continue };
            let address = text(&row, "address").unwrap_or_default().to_owned();
            // A number that was another's before: rows under its plain name are that one's.
            let is_anothers = place.contact.starts_with(&format!("{address}{NEXT_HOLDER}"));
            if !is_anothers {
                search.owner.entry((place.channel, address.clone())).or_insert(whose);
                if address != traces.of.1.as_str() {
                    traces.also.insert(Contact::new(address));
                }
            }
            traces.rows.entry("address").or_default().push(row);
        }
        search.names = json(&search.owner.keys().collect::<Vec<_>>())?;
        Ok(search)
    }

    /// Rows of a table as JSON objects, each column by its name.
    async fn select(&self, tx: &mut Tx, table: &str, which: &str) -> Result<Vec<Row>, StorageError> {
        let columns = self.schema.get(table).map(|table| table.columns.as_slice()).unwrap_or_default();
        let pairs: Vec<String> = columns.iter().map(|column| format!("'{0}', t.\"{0}\"", column.name)).collect();
        let object = match tx {
            Tx::Postgres(_) => "cast(to_jsonb(t) as text)".to_owned(),
            _ => format!("json_object({})", pairs.join(", ")),
        };
        let statement = Statement::new(&format!("select {object} from {table} t where {which}"));
        let sql = statement.sql(tx);
        let rows: Vec<(String,)> =
            on!(tx, |conn| sqlx::query_as(AssertSqlSafe(sql)).bind(&self.names).fetch_all(conn).await)?;
        rows.into_iter().map(|(row,)| unjson(table, &row)).collect()
    }

    async fn by_contact(&mut self, tx: &mut Tx, table: &'static str) -> Result<(), StorageError> {
        let left = if table == "booking" { " and t.erased_us is null" } else { "" };
        let which = format!("(t.channel, t.contact) in (select each.value->>0, each.value->>1 from @each($1)){left}");
        for row in self.select(tx, table, &which).await? {
            let name = (text(&row, "channel").unwrap_or_default(), text(&row, "contact").unwrap_or_default());
            let whose = self.owner.get(&(name.0.to_owned(), name.1.to_owned()));
            let Some(traces) = whose.and_then(|whose| self.found.get_mut(*whose)) else { continue };
            if traces.office.is_none() {
                traces.office = text(&row, "office").and_then(|office| OfficeId::read(office).ok());
            }
            traces.rows.entry(table).or_default().push(row);
        }
        Ok(())
    }

    /// Messages that were set aside, and bodies that nobody could read: few, so they are looked through.
    async fn by_text(&mut self, tx: &mut Tx) -> Result<(), StorageError> {
        // Both statements take the names and do not need them: a parameter has to stand in the statement.
        for row in self.select(tx, "set_aside", "cast($1 as text) is not null").await? {
            let Some(Ok(inbound)) = text(&row, "item").map(|item| unjson::<Inbound>("set_aside.item", item)) else {
                continue;
            };
            let addresses = std::iter::once(&inbound.contact).chain(&inbound.also);
            let name = |address: &Contact| (inbound.channel.as_str().to_owned(), address.as_str().to_owned());
            let whose = addresses.into_iter().find_map(|address| self.owner.get(&name(address)));
            if let Some(traces) = whose.and_then(|whose| self.found.get_mut(*whose)) {
                traces.rows.entry("set_aside").or_default().push(row);
            }
        }
        for row in self.select(tx, "unread", "cast($1 as text) is not null").await? {
            let (gateway, sender) = (text(&row, "gateway").unwrap_or_default(), text(&row, "sender"));
            // Of a body that does not even say whose it is, the number may still be read.
            let body = sender.is_none().then(|| digits_together(text(&row, "body").unwrap_or_default()));
            let is_of = |(channel, contact): &&(String, String)| match &body {
                Some(body) => Contact::new(contact.as_str()).is_named_in(body),
                None => Some(contact.as_str()) == sender && ChannelId::stored(channel.clone()).gateway() == gateway,
            };
            let whose = self.owner.keys().find(is_of).and_then(|name| self.owner.get(name));
            if let Some(traces) = whose.and_then(|whose| self.found.get_mut(*whose)) {
                traces.rows.entry("unread").or_default().push(row);
            }
        }
        Ok(())
    }

    /// Rows that belong to rows found already.
    async fn by_row(
        &mut self,
        tx: &mut Tx,
        (table, column): (&'static str, &str),
        owner: &str,
    ) -> Result<(), StorageError> {
        for place in 0..self.found.len() {
            let ids = self.found.get(place).map(|traces| traces.ids(owner)).unwrap_or_default();
            if ids.is_empty() {
                continue;
            }
            let before = std::mem::replace(&mut self.names, json(&ids.iter().map(|id| (id,)).collect::<Vec<_>>())?);
            let which = format!("t.{column} in (select cast(each.value->>0 as bigint) from @each($1))");
            let rows = self.select(tx, table, &which).await;
            self.names = before;
            let rows = rows?;
            if let Some(traces) = self.found.get_mut(place).filter(|_| !rows.is_empty()) {
                traces.rows.entry(table).or_default().extend(rows);
            }
        }
        Ok(())
    }
}
