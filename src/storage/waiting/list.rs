//! Reads the waiting lists of a batch's offices.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};

use crate::conversation::Lang;
use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::OfficeId;
use crate::domain::reach::Reaches;
use crate::domain::slot::Session;
use crate::domain::waiting::{Returning, Waiting, WaitingList};
use crate::grammar::Form;
use crate::storage::engine::column::{at, bad, fits, json, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::on;
use crate::storage::intake::transaction::Intake;

/// Who waits at offices (`$1`), in turn order. Whoever joined has written: without a conversation, then.
static ENTRIES: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "select w.id, w.office, w.channel, w.contact, w.date, w.party, w.session, w.booking, w.booking_date, w.offer, w.shared, \
         w.offers, w.declines, w.declined_date, w.declined_us, coalesce(c.heard_us, w.joined_us) as heard_us, c.lang \
         from @each($1) @seek(waiting w where w.office = each.value->>0 and w.state = 'waiting') \
         left join conversation c on c.channel = w.channel and c.contact = w.contact order by w.id",
    )
});

/// Seats of offices (`$1`) that came back and are kept from everybody at `$2`.
static RETURNING: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "select r.office, r.date, r.seats, r.until_us from @each($1) \
         @seek(returning_seat r where r.office = each.value->>0 and r.until_us > $2)",
    )
});

/// The forms of entries (`$1`).
static FORMS: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "select w.id, w.form from @each($1) @seek(waiting w where w.id = cast(each.value->>0 as bigint)) \
         where w.form is not null",
    )
});

result_row! {
    struct EntryRow {
        id: i64,
        office: String,
        channel: String,
        contact: String,
        date: Option<NaiveDate>,
        party: i64,
        session: Option<String>,
        booking: Option<i64>,
        booking_date: Option<NaiveDate>,
        offer: Option<i64>,
        shared: Option<String>,
        offers: i64,
        declines: i64,
        declined_date: Option<NaiveDate>,
        declined_us: Option<i64>,
        heard_us: i64,
        lang: Option<String>,
    }
}

impl EntryRow {
    fn entry(self, reaches: &Reaches, now: DateTime<Utc>) -> Result<Waiting, StorageError> {
        let session = self.session.map(|name| Session::named(&name).ok_or_else(|| bad("waiting.session")));
        let channel = ChannelId::stored(self.channel);
        let lang = self.lang.as_deref().map_or(Lang::Id, Lang::of_code).code();
        Ok(Waiting {
            id: self.id,
            is_reachable: reaches.of(&channel).reaches(lang, at(self.heard_us), now),
            channel,
            contact: Contact::new(self.contact),
            date: self.date,
            party: fits("waiting.party", self.party)?,
            session: session.transpose()?,
            booking: self.booking.zip(self.booking_date),
            offer: self.offer,
            shared: self.shared.as_deref().map(|shared| unjson("waiting.shared", shared)).transpose()?.map(Box::new),
            offers: fits("waiting.offers", self.offers)?,
            declines: fits("waiting.declines", self.declines)?,
            declined: self.declined_date.zip(self.declined_us.map(at)),
        })
    }
}

impl Intake {
    /// The waiting lists of these offices, whose channels reach as far as `reaches` says.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn waiting_lists(
        &mut self,
        offices: &BTreeSet<OfficeId>,
        reaches: &Reaches,
    ) -> Result<BTreeMap<OfficeId, WaitingList>, StorageError> {
        let empty = || WaitingList { reaches: reaches.clone(), ..WaitingList::default() };
        let mut lists: BTreeMap<OfficeId, WaitingList> =
            offices.iter().map(|office| (office.clone(), empty())).collect();
        if lists.is_empty() {
            return Ok(lists);
        }
        let named = json(&offices.iter().map(|office| (office,)).collect::<Vec<_>>())?;
        let now = self.now;
        let (entries, returning) = (ENTRIES.sql(&self.tx), RETURNING.sql(&self.tx));
        let entries: Vec<EntryRow> =
            on!(&mut self.tx, |conn| sqlx::query_as(entries).bind(&named).fetch_all(conn).await)?;
        let returning: Vec<(String, NaiveDate, i64, i64)> =
            on!(&mut self.tx, |conn| sqlx::query_as(returning).bind(&named).bind(us(now)).fetch_all(conn).await)?;
        for row in entries {
            let office = OfficeId::read(&row.office).map_err(|_| bad("waiting.office"))?;
            lists.entry(office).or_default().put(row.entry(reaches, now)?);
        }
        for (office, date, seats, until) in returning {
            let office = OfficeId::read(&office).map_err(|_| bad("returning_seat.office"))?;
            let back = Returning { date, seats: fits("returning_seat.seats", seats)?, until: at(until) };
            lists.entry(office).or_default().returning.push(back);
        }
        Ok(lists)
    }

    /// The forms that these entries joined with.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn waiting_forms(&mut self, entries: &[i64]) -> Result<BTreeMap<i64, Form>, StorageError> {
        let ids = json(&entries.iter().map(|id| (id,)).collect::<Vec<_>>())?;
        let sql = FORMS.sql(&self.tx);
        let rows: Vec<(i64, String)> = on!(&mut self.tx, |conn| sqlx::query_as(sql).bind(&ids).fetch_all(conn).await)?;
        rows.into_iter().map(|(id, form)| Ok((id, unjson("waiting.form", &form)?))).collect()
    }
}
