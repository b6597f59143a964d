//! Who looks after a ticket, and who writes an answer just now.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::storage::engine::column::{at, json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::{each, on, rows_affected};
use crate::storage::handle::Storage;

/// Who looks after a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketHolder {
    /// Their login.
    pub login: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

result_row! {
    /// A row of `ticket_holder`.
    struct HolderRow {
        ticket: i64,
        login: String,
        since_us: i64,
    }
}

impl Storage {
    /// Who looks after these tickets; one that nobody looks after is not among them.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn ticket_holders(&self, tickets: &[i64]) -> Result<HashMap<i64, TicketHolder>, StorageError> {
        let mut tx = self.pool.read().await?;
        let sql = each!(
            &tx,
            "select h.ticket, h.login, h.since_us from",
            "join ticket_holder h on h.ticket = cast(each.value->>0 as bigint)"
        );
        let asked = json(&tickets.iter().map(|id| (id,)).collect::<Vec<_>>())?;
        let rows: Vec<HolderRow> = on!(&mut tx, |conn| sqlx::query_as(sql).bind(&asked).fetch_all(conn).await)?;
        tx.end().await?;
        let holder = |row: HolderRow| (row.ticket, TicketHolder { login: row.login, since: at(row.since_us) });
        Ok(rows.into_iter().map(holder).collect())
    }

    /// Makes somebody look after a ticket. Where somebody else does already, that stays, unless `over` names them: of two who take it
    /// at once, one does. Returns who looks after it now.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn take_ticket(
        &self,
        ticket: i64,
        login: &str,
        over: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<TicketHolder, StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query(
                "insert into ticket_holder (ticket, login, since_us) values ($1, $2, $3) on conflict (ticket) do update \
                 set login = excluded.login, since_us = excluded.since_us, press = null \
                 where ticket_holder.login = $4 and ticket_holder.login <> excluded.login",
            )
            .bind(ticket)
            .bind(login)
            .bind(us(now))
            .bind(over)
            .execute(conn)
            .await
            .map(drop)
        })?;
        let (login, since_us): (String, i64) = on!(&mut tx, |conn| {
            sqlx::query_as("select login, since_us from ticket_holder where ticket = $1")
                .bind(ticket)
                .fetch_one(conn)
                .await
        })?;
        tx.commit().await?;
        Ok(TicketHolder { login, since: at(since_us) })
    }

    /// Gives a ticket back to all. Returns whether it was this person's.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn leave_ticket(&self, ticket: i64, login: &str) -> Result<bool, StorageError> {
        let mut tx = self.pool.begin().await?;
        let left = on!(&mut tx, |conn| {
            sqlx::query("delete from ticket_holder where ticket = $1 and login = $2")
                .bind(ticket)
                .bind(login)
                .execute(conn)
                .await
                .map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(left > 0)
    }

    /// Notes the press by which an answer is sent. Returns whether it is a new one: a form that is sent twice answers once.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn note_answer_press(&self, ticket: i64, login: &str, press: Option<&str>) -> Result<bool, StorageError> {
        let mut tx = self.pool.begin().await?;
        let noted = on!(&mut tx, |conn| {
            sqlx::query(
                "update ticket_holder set press = $3 where ticket = $1 and login = $2 \
                 and ($3 is null or press is null or press <> $3)",
            )
            .bind(ticket)
            .bind(login)
            .bind(press)
            .execute(conn)
            .await
            .map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(noted > 0)
    }

    /// Notes that somebody writes an answer.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn note_typing(&self, ticket: i64, login: &str, now: DateTime<Utc>) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query(
                "insert into ticket_typing (ticket, login, at_us) values ($1, $2, $3) \
                 on conflict (ticket, login) do update set at_us = excluded.at_us",
            )
            .bind(ticket)
            .bind(login)
            .bind(us(now))
            .execute(conn)
            .await
            .map(drop)
        })?;
        tx.commit_unsynced().await
    }

    /// Whoever wrote an answer to a ticket after `since`, by login.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn typing(&self, ticket: i64, since: DateTime<Utc>) -> Result<Vec<String>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String,)> = on!(&mut tx, |conn| {
            sqlx::query_as("select login from ticket_typing where ticket = $1 and at_us > $2 order by login")
                .bind(ticket)
                .bind(us(since))
                .fetch_all(conn)
                .await
        })?;
        tx.end().await?;
        Ok(rows.into_iter().map(|(login,)| login).collect())
    }
}
