//! Who there is, with their roles, and the second factor: each time step and each recovery code is taken once.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};

use crate::domain::office::OfficeId;
use crate::domain::staff::{Grant, Grants, Place, Role};
use crate::storage::engine::column::{at, bad, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::{Tx, on, rows_affected};
use crate::storage::handle::Storage;
use crate::storage::staff::changes::{StaffChange, record_change};

/// Somebody who may sign in, or could once.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// Their number.
    pub id: i64,
    /// What they sign in with.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Whether they may sign in.
    pub is_active: bool,
    /// The hash of their password, with its parameters; none until they used their one-time link.
    pub password: Option<String>,
    /// The seed of their one-time codes, in base32.
    pub seed: Option<String>,
    /// The time step of the last code that was taken.
    pub step: i64,
    /// When they were added.
    pub created: DateTime<Utc>,
    /// What they may do.
    pub grants: Grants,
}

/// Secrets are not shown.
impl fmt::Debug for StaffMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaffMember").field("id", &self.id).field("is_active", &self.is_active).finish_non_exhaustive()
    }
}

/// Somebody to add.
#[derive(Debug, Clone)]
pub struct NewStaff<'a> {
    /// What they sign in with, as `domain::staff::login` reads it.
    pub login: &'a str,
    /// Their name.
    pub name: &'a str,
    /// Their first roles.
    pub grants: &'a [Grant],
    /// The change, for the audit trail.
    pub change: StaffChange<'a>,
}

result_row! {
    struct StaffRow {
        id: i64,
        login: String,
        name: String,
        state: String,
        password: Option<String>,
        seed: Option<String>,
        step: i64,
        created_us: i64,
    }
}

impl StaffRow {
    fn member(self, grants: Grants) -> StaffMember {
        StaffMember {
            id: self.id,
            login: self.login,
            name: self.name,
            is_active: self.state == "active",
            password: self.password,
            seed: self.seed,
            step: self.step,
            created: at(self.created_us),
            grants,
        }
    }
}

fn grant((office, role): (String, String)) -> Result<Grant, StorageError> {
    let role = Role::read(&role).ok_or_else(|| bad("staff_role.role"))?;
    let place = if office.is_empty() {
        Place::Everywhere
    } else {
        Place::Office(OfficeId::read(&office).map_err(|_| bad("staff_role.office"))?)
    };
    Ok(Grant { place, role })
}

/// Somebody by number, within a transaction.
pub(in crate::storage) async fn member(tx: &mut Tx, id: i64) -> Result<Option<StaffMember>, StorageError> {
    let row: Option<StaffRow> = on!(&mut *tx, |conn| {
        sqlx::query_as("select id, login, name, state, password, seed, step, created_us from staff where id = $1")
            .bind(id)
            .fetch_optional(conn)
            .await
    })?;
    let Some(row) = row else { return Ok(None) };
    let roles: Vec<(String, String)> = on!(&mut *tx, |conn| {
        sqlx::query_as("select office, role from staff_role where staff = $1 order by office, role")
            .bind(id)
            .fetch_all(conn)
            .await
    })?;
    let grants = roles.into_iter().map(grant).collect::<Result<_, _>>()?;
    Ok(Some(row.member(Grants(grants))))
}

impl Storage {
    /// Everybody, by login.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn staff(&self) -> Result<Vec<StaffMember>, StorageError> {
        let mut tx = self.pool.snapshot().await?;
        let rows: Vec<StaffRow> = on!(&mut tx, |conn| {
            sqlx::query_as("select id, login, name, state, password, seed, step, created_us from staff order by login")
                .fetch_all(conn)
                .await
        })?;
        let roles: Vec<(i64, String, String)> = on!(&mut tx, |conn| {
            sqlx::query_as("select staff, office, role from staff_role order by staff, office, role")
                .fetch_all(conn)
                .await
        })?;
        tx.end().await?;
        let mut grants: BTreeMap<i64, Vec<Grant>> = BTreeMap::new();
        for (staff, office, role) in roles {
            grants.entry(staff).or_default().push(grant((office, role))?);
        }
        let member = |row: StaffRow| {
            let grants = Grants(grants.remove(&row.id).unwrap_or_default());
            row.member(grants)
        };
        Ok(rows.into_iter().map(member).collect())
    }

    /// Somebody by number.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn staff_member(&self, id: i64) -> Result<Option<StaffMember>, StorageError> {
        let mut tx = self.pool.snapshot().await?;
        let found = member(&mut tx, id).await?;
        tx.end().await?;
        Ok(found)
    }

    /// Somebody by login.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn staff_by_login(&self, login: &str) -> Result<Option<StaffMember>, StorageError> {
        let mut tx = self.pool.snapshot().await?;
        let id: Option<(i64,)> = on!(&mut tx, |conn| {
            sqlx::query_as("select id from staff where login = $1").bind(login).fetch_optional(conn).await
        })?;
        let found = match id {
            Some((id,)) => member(&mut tx, id).await?,
            None => None,
        };
        tx.end().await?;
        Ok(found)
    }

    /// Adds somebody, who cannot sign in before they used a one-time link; `None` where the login is taken.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn add_staff(&self, new: NewStaff<'_>) -> Result<Option<i64>, StorageError> {
        let (by, now) = (new.change.actor.staff, new.change.at);
        // Before the transaction: on SQLite both need the one writer.
        let id = self.ids(1).await?.start;
        let mut tx = self.pool.begin().await?;
        let added = on!(&mut tx, |conn| {
            sqlx::query(
                "insert into staff (id, login, name, state, step, created_us) values ($1, $2, $3, 'active', 0, $4) \
                 on conflict (login) do nothing",
            )
            .bind(id)
            .bind(new.login)
            .bind(new.name)
            .bind(us(now))
            .execute(conn)
            .await
            .map(|done| rows_affected(&done))
        })?;
        if added == 0 {
            tx.rollback().await?;
            return Ok(None);
        }
        for grant in new.grants {
            insert_grant(&mut tx, id, grant, (by, now)).await?;
        }
        record_change(&mut tx, id, None, new.change).await?;
        for grant in new.grants {
            record_change(&mut tx, id, Some(grant), StaffChange { what: "gave role", ..new.change }).await?;
        }
        tx.commit().await?;
        Ok(Some(id))
    }

    /// Whether somebody who looks after everything can sign in.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn has_administrator(&self) -> Result<bool, StorageError> {
        let mut tx = self.pool.read().await?;
        let count = administrators(&mut tx).await?;
        tx.end().await?;
        Ok(count > 0)
    }

    /// Takes the code of a time step; false where this or a later one was taken already.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn take_step(&self, staff: i64, step: i64) -> Result<bool, StorageError> {
        let mut tx = self.pool.begin().await?;
        let taken = on!(&mut tx, |conn| {
            sqlx::query("update staff set step = $2 where id = $1 and step < $2")
                .bind(staff)
                .bind(step)
                .execute(conn)
                .await
                .map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(taken == 1)
    }

    /// Takes a recovery code, by its hash; false where there is none such.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn take_recovery(&self, staff: i64, code: &str) -> Result<bool, StorageError> {
        let mut tx = self.pool.begin().await?;
        let taken = on!(&mut tx, |conn| {
            sqlx::query("delete from staff_recovery where staff = $1 and code = $2")
                .bind(staff)
                .bind(code)
                .execute(conn)
                .await
                .map(|done| rows_affected(&done))
        })?;
        tx.commit().await?;
        Ok(taken == 1)
    }

    /// Replaces somebody's recovery codes, by their hashes.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn replace_recovery(&self, staff: i64, codes: &[String]) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        write_recovery(&mut tx, staff, codes).await?;
        tx.commit().await
    }

    /// How many recovery codes somebody has left.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn recovery_left(&self, staff: i64) -> Result<i64, StorageError> {
        let mut tx = self.pool.read().await?;
        let (left,): (i64,) = on!(&mut tx, |conn| {
            sqlx::query_as("select count(*) from staff_recovery where staff = $1").bind(staff).fetch_one(conn).await
        })?;
        tx.end().await?;
        Ok(left)
    }

    /// Replaces a password, by its hash, and ends every session but one.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn replace_password(&self, staff: i64, password: &str, keep: i64) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query("update staff set password = $2 where id = $1")
                .bind(staff)
                .bind(password)
                .execute(conn)
                .await
                .map(drop)
        })?;
        on!(&mut tx, |conn| {
            sqlx::query("delete from staff_session where staff = $1 and id <> $2")
                .bind(staff)
                .bind(keep)
                .execute(conn)
                .await
                .map(drop)
        })?;
        tx.commit().await
    }
}

/// Administrators of everything who can sign in.
pub(in crate::storage) async fn administrators(tx: &mut Tx) -> Result<i64, StorageError> {
    let (count,): (i64,) = on!(tx, |conn| {
        sqlx::query_as(
            "select count(*) from staff_role join staff on staff.id = staff_role.staff where staff_role.office = '' \
             and staff_role.role = 'administrator' and staff.state = 'active' and staff.password is not null",
        )
        .fetch_one(conn)
        .await
    })?;
    Ok(count)
}

/// Adds a role; returns whether it is new.
pub(in crate::storage) async fn insert_grant(
    tx: &mut Tx,
    staff: i64,
    grant: &Grant,
    (by, now): (Option<i64>, DateTime<Utc>),
) -> Result<bool, StorageError> {
    let added = on!(tx, |conn| {
        sqlx::query(
            "insert into staff_role (staff, office, role, granted_by, granted_us) values ($1, $2, $3, $4, $5) \
             on conflict (staff, office, role) do nothing",
        )
        .bind(staff)
        .bind(grant.place.stored())
        .bind(grant.role.name())
        .bind(by)
        .bind(us(now))
        .execute(conn)
        .await
        .map(|done| rows_affected(&done))
    })?;
    Ok(added == 1)
}

pub(in crate::storage) async fn write_recovery(tx: &mut Tx, staff: i64, codes: &[String]) -> Result<(), StorageError> {
    on!(&mut *tx, |conn| {
        sqlx::query("delete from staff_recovery where staff = $1").bind(staff).execute(conn).await.map(drop)
    })?;
    for code in codes {
        on!(&mut *tx, |conn| {
            sqlx::query("insert into staff_recovery (staff, code) values ($1, $2)")
                .bind(staff)
                .bind(code)
                .execute(conn)
                .await
                .map(drop)
        })?;
    }
    Ok(())
}
