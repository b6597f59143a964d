//! Claims: leases on replies that are about to be sent.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::storage::engine::column::{json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{each, on};
use crate::storage::outbox::dispatch::Dispatch;

/// A claim to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// The reply.
    pub id: i64,
    /// The pace of the contact from now on, in microseconds since 1970.
    pub pace_us: i64,
    /// Attempts whose process died.
    pub lapses: u32,
}

/// Claims (`$1`) for an owner (`$2`) until an instant (`$3`).
static CLAIM: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "update outbox set state = 'claimed', owner = $2, lease_us = $3, attempts = attempts + 1, \
         pace_us = s.pace_us, lapses = s.lapses \
         from (select cast(each.value->>'id' as bigint) as id, cast(each.value->>'pace_us' as bigint) as pace_us, \
         cast(each.value->>'lapses' as bigint) as lapses from @each($1)) as s \
         where outbox.id = s.id and @listed(outbox.id, $1) and coalesce(outbox.state, '') in ('waiting', 'claimed') \
         returning outbox.id, outbox.attempts",
    )
});

impl Dispatch {
    /// Claims replies for `owner` until `lease`. Returns the attempt of each that could be claimed.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn claim(
        &mut self,
        owner: &str,
        lease: DateTime<Utc>,
        claims: &[Claim],
    ) -> Result<HashMap<i64, u32>, StorageError> {
        if claims.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = json(claims)?;
        let sql = CLAIM.sql(&self.tx);
        let claimed: Vec<(i64, i64)> = on!(&mut self.tx, |conn| {
            sqlx::query_as(sql).bind(&rows).bind(owner).bind(us(lease)).fetch_all(conn).await
        })?;
        Ok(claimed.into_iter().map(|(id, attempts)| (id, u32::try_from(attempts).unwrap_or(u32::MAX))).collect())
    }

    /// Shortens claims that end after `lease` to it.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn shorten_leases(&mut self, ids: &[i64], lease: DateTime<Utc>) -> Result<(), StorageError> {
        if ids.is_empty() {
            return Ok(());
        }
        let rows = json(&ids.iter().map(|id| (id,)).collect::<Vec<_>>())?;
        let sql = each!(
            &self.tx,
            "update outbox set lease_us = $2 where state = 'claimed' and lease_us > $2 and id in \
             (select cast(each.value->>0 as bigint) from",
            ")"
        );
        on!(&mut self.tx, |conn| sqlx::query(sql).bind(&rows).bind(us(lease)).execute(conn).await.map(drop))?;
        Ok(())
    }
}
