//! Changes of roles and of who may sign in, each in one transaction that leaves somebody who looks after everything.

use crate::domain::staff::Grant;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on, rows_affected};
use crate::storage::handle::Storage;
use crate::storage::staff::changes::{StaffChange, record_change};
use crate::storage::staff::people::{administrators, insert_grant};

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleChange {
    /// It holds now.
    Done,
    /// It was so already.
    Unchanged,
    /// It would have left nobody who looks after everything, and was not made.
    LastAdministrator,
}

impl Storage {
    /// Gives a role.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn grant_role(
        &self,
        staff: i64,
        grant: &Grant,
        change: StaffChange<'_>,
    ) -> Result<RoleChange, StorageError> {
        let mut tx = self.pool.begin().await?;
        let is_new = insert_grant(&mut tx, staff, grant, (change.actor.staff, change.at)).await?;
        if is_new {
            record_change(&mut tx, staff, Some(grant), change).await?;
        }
        tx.commit().await?;
        Ok(if is_new { RoleChange::Done } else { RoleChange::Unchanged })
    }

    /// Takes a role back. It acts on the next request of every session.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn revoke_role(
        &self,
        staff: i64,
        grant: &Grant,
        change: StaffChange<'_>,
    ) -> Result<RoleChange, StorageError> {
        let mut tx = self.pool.begin().await?;
        let before = lock_administrators(&mut tx).await?;
        let gone = on!(&mut tx, |conn| {
            sqlx::query("delete from staff_role where staff = $1 and office = $2 and role = $3")
                .bind(staff)
                .bind(grant.place.stored())
                .bind(grant.role.name())
                .execute(conn)
                .await
                .map(|done| rows_affected(&done))
        })?;
        settle(tx, (before, gone), (staff, Some(grant)), change).await
    }

    /// Lets somebody sign in, or no longer: then their sessions and their link end.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn set_staff_active(
        &self,
        staff: i64,
        is_active: bool,
        change: StaffChange<'_>,
    ) -> Result<RoleChange, StorageError> {
        let mut tx = self.pool.begin().await?;
        let before = lock_administrators(&mut tx).await?;
        let changed = on!(&mut tx, |conn| {
            sqlx::query("update staff set state = $2 where id = $1 and state <> $2")
                .bind(staff)
                .bind(if is_active { "active" } else { "disabled" })
                .execute(conn)
                .await
                .map(|done| rows_affected(&done))
        })?;
        if !is_active {
            on!(&mut tx, |conn| {
                sqlx::query("delete from staff_session where staff = $1").bind(staff).execute(conn).await.map(drop)
            })?;
            on!(&mut tx, |conn| {
                sqlx::query("delete from staff_link where staff = $1").bind(staff).execute(conn).await.map(drop)
            })?;
        }
        settle(tx, (before, changed), (staff, None), change).await
    }
}

/// Locks the administrators, so that two of them who take each other's role wait for one another, and counts them.
async fn lock_administrators(tx: &mut Tx) -> Result<i64, StorageError> {
    on!(&mut *tx, |conn| {
        sqlx::query(
            "update staff set state = state where id in (select staff from staff_role where office = '' \
             and role = 'administrator')",
        )
        .execute(conn)
        .await
        .map(drop)
    })?;
    // A statement of its own: it sees what whoever held the lock has committed.
    administrators(tx).await
}

async fn settle(
    mut tx: Tx,
    (before, changed): (i64, u64),
    (staff, grant): (i64, Option<&Grant>),
    change: StaffChange<'_>,
) -> Result<RoleChange, StorageError> {
    if changed == 0 {
        tx.rollback().await?;
        return Ok(RoleChange::Unchanged);
    }
    if before > 0 && administrators(&mut tx).await? == 0 {
        tx.rollback().await?;
        return Ok(RoleChange::LastAdministrator);
    }
    record_change(&mut tx, staff, grant, change).await?;
    tx.commit().await?;
    Ok(RoleChange::Done)
}
