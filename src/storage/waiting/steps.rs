//! Writes what a batch changes on waiting lists. Few batches change any, so each change is a statement of its own.

use chrono::{DateTime, Utc};

use crate::domain::office::OfficeId;
use crate::domain::shared_offer::SharedOffer;
use crate::domain::slot::Session;
use crate::domain::waiting::{Followed, Returning, Waiting};
use crate::grammar::Form;
use crate::storage::engine::column::{json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::on;
use crate::storage::intake::transaction::Intake;

/// A change of a waiting list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitingChange {
    /// Somebody joins.
    Joined {
        /// The office.
        office: OfficeId,
        /// The entry.
        entry: Box<Waiting>,
        /// What they joined with.
        form: Option<Box<Form>>,
    },
    /// An entry stays, with another offer or none.
    Kept(Box<Waiting>),
    /// An entry leaves the list.
    Ended {
        /// The entry.
        id: i64,
        /// Whether with a seat.
        seated: bool,
    },
    /// Seats came back while nobody waited for them.
    Returned {
        /// The number of the row.
        id: i64,
        /// The office.
        office: OfficeId,
        /// The seats.
        back: Returning,
    },
    /// When the list is to be looked at next; `None`: when something changes.
    Due {
        /// The office.
        office: OfficeId,
        /// The moment.
        due: Option<DateTime<Utc>>,
    },
}

impl WaitingChange {
    /// What became of an offer.
    pub fn of(followed: Followed) -> Self {
        match followed {
            Followed::Kept(entry) => Self::Kept(entry),
            Followed::Over { id, seated } => Self::Ended { id, seated },
        }
    }
}

impl Intake {
    /// Writes changes of waiting lists, in order. They count with the commit of the batch.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn write_waiting(&mut self, changes: &[WaitingChange]) -> Result<(), StorageError> {
        for change in changes {
            match change {
                WaitingChange::Joined { office, entry, form } => self.join_list(office, entry, form.as_deref()).await?,
                WaitingChange::Kept(entry) => self.keep_entry(entry).await?,
                WaitingChange::Ended { id, seated } => self.end_entry(*id, *seated).await?,
                WaitingChange::Returned { id, office, back } => self.keep_returned(*id, office, back).await?,
                WaitingChange::Due { office, due } => self.put_turn(office, *due).await?,
            }
        }
        Ok(())
    }

    async fn join_list(&mut self, office: &OfficeId, entry: &Waiting, form: Option<&Form>) -> Result<(), StorageError> {
        let form = form.map(json::<Form>).transpose()?;
        let now = us(self.now);
        on!(&mut self.tx, |conn| {
            sqlx::query(
                "insert into waiting (id, office, channel, contact, date, party, session, booking, booking_date, form, \
                 offer, offers, declines, state, joined_us) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, 0, 0, 'waiting', $11)",
            )
            .bind(entry.id)
            .bind(office.as_str())
            .bind(entry.channel.as_str())
            .bind(entry.contact.as_str())
            .bind(entry.date)
            .bind(i64::from(entry.party))
            .bind(entry.session.map(Session::name))
            .bind(entry.booking.map(|(id, _)| id))
            .bind(entry.booking.map(|(_, date)| date))
            .bind(form)
            .bind(now)
            .execute(conn)
            .await
            .map(drop)
        })?;
        Ok(())
    }

    async fn keep_entry(&mut self, entry: &Waiting) -> Result<(), StorageError> {
        let shared = entry.shared.as_deref().map(json::<SharedOffer>).transpose()?;
        on!(&mut self.tx, |conn| {
            sqlx::query(
                "update waiting set offer = $1, offers = $2, declines = $3, declined_date = $4, declined_us = $5, \
                 shared = $6 where id = $7 and state = 'waiting'",
            )
            .bind(entry.offer)
            .bind(i64::from(entry.offers))
            .bind(i64::from(entry.declines))
            .bind(entry.declined.map(|(date, _)| date))
            .bind(entry.declined.map(|(_, at)| us(at)))
            .bind(shared)
            .bind(entry.id)
            .execute(conn)
            .await
            .map(drop)
        })?;
        Ok(())
    }

    async fn end_entry(&mut self, id: i64, seated: bool) -> Result<(), StorageError> {
        let (state, now) = (if seated { "seated" } else { "over" }, us(self.now));
        let sql = "update waiting set state = $1, ended_us = $2, offer = null, form = null, shared = null \
             where id = $3 and state = 'waiting'";
        on!(&mut self.tx, |conn| sqlx::query(sql).bind(state).bind(now).bind(id).execute(conn).await.map(drop))?;
        Ok(())
    }

    /// Those whose time is over are deleted with the same step.
    async fn keep_returned(&mut self, id: i64, office: &OfficeId, back: &Returning) -> Result<(), StorageError> {
        let now = us(self.now);
        on!(&mut self.tx, |conn| {
            sqlx::query("delete from returning_seat where office = $1 and until_us <= $2")
                .bind(office.as_str())
                .bind(now)
                .execute(conn)
                .await
                .map(drop)
        })?;
        on!(&mut self.tx, |conn| {
            sqlx::query("insert into returning_seat (id, office, date, seats, until_us) values ($1, $2, $3, $4, $5)")
                .bind(id)
                .bind(office.as_str())
                .bind(back.date)
                .bind(i64::from(back.seats))
                .bind(us(back.until))
                .execute(conn)
                .await
                .map(drop)
        })?;
        Ok(())
    }

    async fn put_turn(&mut self, office: &OfficeId, due: Option<DateTime<Utc>>) -> Result<(), StorageError> {
        let Some(due) = due else {
            on!(&mut self.tx, |conn| {
                sqlx::query("delete from waiting_turn where office = $1")
                    .bind(office.as_str())
                    .execute(conn)
                    .await
                    .map(drop)
            })?;
            return Ok(());
        };
        let sql = "insert into waiting_turn (office, due_us) values ($1, $2) \
             on conflict (office) do update set due_us = excluded.due_us";
        on!(&mut self.tx, |conn| {
            sqlx::query(sql).bind(office.as_str()).bind(us(due)).execute(conn).await.map(drop)
        })?;
        Ok(())
    }
}
