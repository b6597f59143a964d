//! The tickets of an installation.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::OfficeId;
use crate::domain::ticket::{ClosedBy, Closing, Ticket};
use crate::storage::engine::column::{at, bad};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::table::select_row;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;
use crate::storage::intake::changes::{ContactKey, StoredTicket};

/// Which tickets are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct TicketFilter<'a> {
    /// Only those of this office.
    pub office: Option<&'a OfficeId>,
    /// Only those whose citizen waits for an answer.
    pub unanswered: bool,
    /// Also those that are closed.
    pub closed: bool,
}

/// How many tickets are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenTickets {
    /// All that are not closed.
    pub open: i64,
    /// Since when the citizen waits who waits longest for an answer.
    pub waiting_since: Option<DateTime<Utc>>,
}

select_row! {
    /// A row of `ticket`.
    struct TicketRow from "ticket" {
        id: i64,
        office: String,
        channel: String,
        contact: String,
        opened_us: i64,
        until_us: i64,
        waiting_us: Option<i64>,
        answered_us: Option<i64>,
        closed_us: Option<i64>,
        closed_by: Option<String>,
    }
}

impl TicketRow {
    fn ticket(self) -> Result<StoredTicket, StorageError> {
        let by = |name: &str| ClosedBy::NAMES.iter().find(|(known, _)| *known == name).map(|(_, by)| *by);
        let closed = match (self.closed_us, self.closed_by) {
            (Some(us), Some(name)) => {
                Some(Closing { at: at(us), by: by(&name).ok_or_else(|| bad("ticket.closed_by"))? })
            }
            _ => None,
        };
        Ok(StoredTicket {
            ticket: Ticket {
                id: self.id,
                opened_at: at(self.opened_us),
                until: at(self.until_us),
                waiting_since: self.waiting_us.map(at),
                answered_at: self.answered_us.map(at),
                closed,
            },
            office: OfficeId::read(&self.office).map_err(|_| bad("ticket.office"))?,
            of: (ChannelId::stored(self.channel), Contact::new(self.contact)),
        })
    }
}

/// `$1` the office, or null for all; `$2` whether only those who wait; `$3` how many. Whoever waits longest comes first.
const ORDER: &str = "and ($1 is null or ticket.office = $1) and ($2 = 0 or ticket.waiting_us is not null) \
     order by ticket.waiting_us is null, ticket.waiting_us, ticket.id desc limit $3";

impl Storage {
    /// Tickets, those whose citizen waits longest first, then the latest of the others.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn tickets(&self, filter: TicketFilter<'_>, limit: u32) -> Result<Vec<StoredTicket>, StorageError> {
        static LISTS: LazyLock<[Statement; 2]> = LazyLock::new(|| {
            ["ticket.closed_us is null", "true"].map(|which| {
                Statement::new(&format!("select {} from ticket where {which} {ORDER}", TicketRow::COLUMNS))
            })
        });
        let [open, all] = &*LISTS;
        let mut tx = self.pool.read().await?;
        let sql = if filter.closed { all } else { open }.sql(&tx);
        let rows: Vec<TicketRow> = on!(&mut tx, |conn| {
            sqlx::query_as(sql)
                .bind(filter.office.map(OfficeId::as_str))
                .bind(i64::from(filter.unanswered))
                .bind(i64::from(limit))
                .fetch_all(conn)
                .await
        })?;
        tx.end().await?;
        rows.into_iter().map(TicketRow::ticket).collect()
    }

    /// One ticket.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn ticket(&self, id: i64) -> Result<Option<StoredTicket>, StorageError> {
        static ONE: LazyLock<Statement> = LazyLock::new(|| {
            Statement::new(&format!("select {} from ticket where ticket.id = $1", TicketRow::COLUMNS))
        });
        let mut tx = self.pool.read().await?;
        let sql = ONE.sql(&tx);
        let row: Option<TicketRow> = on!(&mut tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)?;
        tx.end().await?;
        row.map(TicketRow::ticket).transpose()
    }

    /// The ticket of a citizen that is not closed.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn open_ticket_of(&self, of: &ContactKey) -> Result<Option<StoredTicket>, StorageError> {
        static OPEN: LazyLock<Statement> = LazyLock::new(|| {
            Statement::new(&format!(
                "select {} from ticket where ticket.channel = $1 and ticket.contact = $2 and ticket.closed_us is null \
                 order by ticket.id desc limit 1",
                TicketRow::COLUMNS
            ))
        });
        let mut tx = self.pool.read().await?;
        let sql = OPEN.sql(&tx);
        let row: Option<TicketRow> = on!(&mut tx, |conn| {
            sqlx::query_as(sql).bind(of.0.as_str()).bind(of.1.as_str()).fetch_optional(conn).await
        })?;
        tx.end().await?;
        row.map(TicketRow::ticket).transpose()
    }

    /// How many tickets are open, and since when somebody waits.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn open_tickets(&self) -> Result<OpenTickets, StorageError> {
        let mut tx = self.pool.read().await?;
        let (open, waiting): (i64, Option<i64>) = on!(&mut tx, |conn| {
            sqlx::query_as("select count(*), min(waiting_us) from ticket where closed_us is null").fetch_one(conn).await
        })?;
        tx.end().await?;
        Ok(OpenTickets { open, waiting_since: waiting.map(at) })
    }
}
