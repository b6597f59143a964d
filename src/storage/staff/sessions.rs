//! Sessions, by the hash of their token.

use chrono::{DateTime, Utc};

use crate::storage::engine::column::{at, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::{on, rows_affected};
use crate::storage::handle::Storage;
use crate::storage::staff::people::{StaffMember, member};

/// A session to begin.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    /// Whose it is.
    pub staff: i64,
    /// The hash of its token.
    pub token: &'a str,
    /// The network that it comes from.
    pub network: &'a str,
    /// The browser, in a few words.
    pub browser: &'a str,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffSession {
    /// Its number.
    pub id: i64,
    /// The network that it came from.
    pub network: String,
    /// The browser, in a few words.
    pub browser: String,
    /// When it began.
    pub began: DateTime<Utc>,
    /// When it was last used, give or take a minute.
    pub seen: DateTime<Utc>,
    /// When a one-time code was last given in it.
    pub confirmed: DateTime<Utc>,
}

result_row! {
    struct SessionRow {
        id: i64,
        staff: i64,
        network: String,
        browser: String,
        began_us: i64,
        seen_us: i64,
        confirmed_us: i64,
    }
}

impl SessionRow {
    fn session(self) -> StaffSession {
        StaffSession {
            id: self.id,
            network: self.network,
            browser: self.browser,
            began: at(self.began_us),
            seen: at(self.seen_us),
            confirmed: at(self.confirmed_us),
        }
    }
}

impl Storage {
    /// Begins a session after a code was given, and remembers the network. Returns its number.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn begin_session(&self, new: NewSession<'_>, now: DateTime<Utc>) -> Result<i64, StorageError> {
        let id = self.ids(1).await?.start;
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query(
                "insert into staff_session (id, token, staff, network, browser, began_us, seen_us, confirmed_us) \
                 values ($1, $2, $3, $4, $5, $6, $6, $6)",
            )
            .bind(id)
            .bind(new.token)
            .bind(new.staff)
            .bind(new.network)
            .bind(new.browser)
            .bind(us(now))
            .execute(conn)
            .await
            .map(drop)
        })?;
        on!(&mut tx, |conn| {
            sqlx::query(
                "insert into staff_network (staff, network, seen_us) values ($1, $2, $3) \
                 on conflict (staff, network) do update set seen_us = excluded.seen_us",
            )
            .bind(new.staff)
            .bind(new.network)
            .bind(us(now))
            .execute(conn)
            .await
            .map(drop)
        })?;
        tx.commit().await?;
        Ok(id)
    }

    /// The session with this token's hash and its owner, who may sign in. The caller judges its age.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn session(&self, token: &str) -> Result<Option<(StaffSession, StaffMember)>, StorageError> {
        let mut tx = self.pool.snapshot().await?;
        let row: Option<SessionRow> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select id, staff, network, browser, began_us, seen_us, confirmed_us from staff_session where token = $1",
            )
            .bind(token)
            .fetch_optional(conn)
            .await
        })?;
        let found = match row {
            None => None,
            Some(row) => {
                let owner = member(&mut tx, row.staff).await?.filter(|owner| owner.is_active);
                owner.map(|owner| (row.session(), owner))
            }
        };
        tx.end().await?;
        Ok(found)
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn touch_session(&self, id: i64, now: DateTime<Utc>) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query("update staff_session set seen_us = $2 where id = $1")
                .bind(id)
                .bind(us(now))
                .execute(conn)
                .await
                .map(drop)
        })?;
        // A minute of a session's use may be lost with the power.
        tx.commit_unsynced().await
    }

    /// Notes that a one-time code was given in a session.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn confirm_session(&self, id: i64, now: DateTime<Utc>) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query("update staff_session set confirmed_us = $2, seen_us = $2 where id = $1")
                .bind(id)
                .bind(us(now))
                .execute(conn)
                .await
                .map(drop)
        })?;
        tx.commit().await
    }

    /// The sessions of somebody that began after `since`, the latest first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn sessions_of(&self, staff: i64, since: DateTime<Utc>) -> Result<Vec<StaffSession>, StorageError> {
        let mut tx = self.pool.read().await?;
        let rows: Vec<SessionRow> = on!(&mut tx, |conn| {
            sqlx::query_as(
                "select id, staff, network, browser, began_us, seen_us, confirmed_us from staff_session \
                 where staff = $1 and began_us > $2 order by seen_us desc, id desc",
            )
            .bind(staff)
            .bind(us(since))
            .fetch_all(conn)
            .await
        })?;
        tx.end().await?;
        Ok(rows.into_iter().map(SessionRow::session).collect())
    }

    /// Ends one session of somebody; false where there is none such.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn end_session(&self, staff: i64, id: i64) -> Result<bool, StorageError> {
        let mut tx = self.pool.begin().await?;
        let gone = on!(&mut tx, |conn| {
            sqlx::query("delete from staff_session where staff = $1 and id = $2")
                .bind(staff)
                .bind(id)
                .execute(conn)
                .await
                .map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(gone == 1)
    }

    /// Ends the sessions of somebody but one; returns how many.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn end_other_sessions(&self, staff: i64, keep: i64) -> Result<u64, StorageError> {
        let mut tx = self.pool.begin().await?;
        let gone = on!(&mut tx, |conn| {
            sqlx::query("delete from staff_session where staff = $1 and id <> $2")
                .bind(staff)
                .bind(keep)
                .execute(conn)
                .await
                .map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(gone)
    }

    /// Deletes sessions that began before `before`, and links that are over.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn delete_old_sessions(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query("delete from staff_session where began_us < $1").bind(us(before)).execute(conn).await.map(drop)
        })?;
        on!(&mut tx, |conn| {
            sqlx::query("delete from staff_link where until_us < $1").bind(us(now)).execute(conn).await.map(drop)
        })?;
        tx.commit().await
    }
}
