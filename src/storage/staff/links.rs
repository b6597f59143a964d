//! One-time links: the only way to a first password, a new password or a new authenticator.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::storage::engine::column::{bad, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{on, rows_affected};
use crate::storage::handle::Storage;
use crate::storage::staff::changes::{StaffChange, record_change};
use crate::storage::staff::people::{StaffMember, member, write_recovery};

/// What a link is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// A password and an authenticator: somebody new, or with a lost telephone.
    Enrol,
    /// A password only; the authenticator stays.
    Password,
}

impl LinkKind {
    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Enrol => "enrol",
            Self::Password => "password",
        }
    }
}

/// A link to write; the seed of an authenticator goes with [`LinkKind::Enrol`].
pub struct NewLink<'a> {
    /// The hash of its token.
    pub token: &'a str,
    /// What it is good for.
    pub kind: LinkKind,
    /// The seed of the new authenticator.
    pub seed: Option<&'a str>,
    /// When it ends.
    pub until: DateTime<Utc>,
}

/// A link that can still be used, and whose it is.
#[derive(Clone)]
pub struct StaffLink {
    /// Whose it is.
    pub member: StaffMember,
    /// What it is good for.
    pub kind: LinkKind,
    /// The seed of the new authenticator.
    pub seed: Option<String>,
}

/// Secrets are not shown.
impl fmt::Debug for StaffLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaffLink").field("member", &self.member).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// What somebody sets by their link.
pub struct Enrolment<'a> {
    /// The hash of the password.
    pub password: &'a str,
    /// The seed of a new authenticator.
    pub seed: Option<&'a str>,
    /// The time step of the code that proved it.
    pub step: i64,
    /// The hashes of new recovery codes; none: the old ones stay.
    pub recovery: Option<&'a [String]>,
}

impl Storage {
    /// Writes somebody's link; an earlier one ends.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn put_link(&self, staff: i64, link: NewLink<'_>, change: StaffChange<'_>) -> Result<(), StorageError> {
        let mut tx = self.pool.begin().await?;
        on!(&mut tx, |conn| {
            sqlx::query(
                "insert into staff_link (staff, token, kind, seed, until_us) values ($1, $2, $3, $4, $5) \
                 on conflict (staff) do update set token = excluded.token, kind = excluded.kind, seed = excluded.seed, \
                 until_us = excluded.until_us",
            )
            .bind(staff)
            .bind(link.token)
            .bind(link.kind.name())
            .bind(link.seed)
            .bind(us(link.until))
            .execute(conn)
            .await
            .map(drop)
        })?;
        record_change(&mut tx, staff, None, change).await?;
        tx.commit().await
    }

    /// The link with this token's hash, while it lasts and its owner may sign in.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn link(&self, token: &str, now: DateTime<Utc>) -> Result<Option<StaffLink>, StorageError> {
        let mut tx = self.pool.snapshot().await?;
        let row: Option<(i64, String, Option<String>)> = on!(&mut tx, |conn| {
            sqlx::query_as("select staff, kind, seed from staff_link where token = $1 and until_us > $2")
                .bind(token)
                .bind(us(now))
                .fetch_optional(conn)
                .await
        })?;
        let found = match row {
            None => None,
            Some((staff, kind, seed)) => {
                let kinds = [LinkKind::Enrol, LinkKind::Password];
                let kind = kinds.into_iter().find(|of| of.name() == kind).ok_or_else(|| bad("staff_link.kind"))?;
                let member = member(&mut tx, staff).await?.filter(|member| member.is_active);
                member.map(|member| StaffLink { member, kind, seed })
            }
        };
        tx.end().await?;
        Ok(found)
    }

    /// Uses a link up: sets what came with it, and ends all sessions of its owner. False where it was used, replaced or over.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn use_link(&self, token: &str, set: Enrolment<'_>, now: DateTime<Utc>) -> Result<bool, StorageError> {
        let mut tx = self.pool.begin().await?;
        let owner: Option<(i64,)> = on!(&mut tx, |conn| {
            sqlx::query_as("delete from staff_link where token = $1 and until_us > $2 returning staff")
                .bind(token)
                .bind(us(now))
                .fetch_optional(conn)
                .await
        })?;
        let Some((staff,)) = owner else {
            tx.rollback().await?;
            return Ok(false);
        };
        let changed = on!(&mut tx, |conn| {
            sqlx::query(
                "update staff set password = $2, seed = coalesce($3, seed), step = $4 where id = $1 and state = 'active' \
                 and (step < $4 or $3 is not null)",
            )
            .bind(staff)
            .bind(set.password)
            .bind(set.seed)
            .bind(set.step)
            .execute(conn)
            .await
            .map(|done| rows_affected(&done))
        })?;
        if changed == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        if let Some(codes) = set.recovery {
            write_recovery(&mut tx, staff, codes).await?;
        }
        on!(&mut tx, |conn| {
            sqlx::query("delete from staff_session where staff = $1").bind(staff).execute(conn).await.map(drop)
        })?;
        tx.commit().await?;
        Ok(true)
    }
}
