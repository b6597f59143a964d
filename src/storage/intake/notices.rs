//! Notices in a transaction: new ones are planned, each kind, subject and occasion once, and what became of planned ones is recorded.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::domain::notice::Notice;
use crate::storage::engine::column::{json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{Tx, each, on, rows_affected};
use crate::storage::intake::changes::SettledNotice;
use crate::storage::intake::transaction::Intake;

/// Plans notices in a transaction; those that are planned or said already stay as they are. Returns how many are new.
pub(in crate::storage) async fn plan(tx: &mut Tx, notices: &[Notice], now_us: i64) -> Result<u64, StorageError> {
    if notices.is_empty() {
        return Ok(0);
    }
    let row = |notice: &Notice| {
        let Notice { id, office, kind, channel, contact, booking, occasion, detail, due, drop_after } = notice;
        let who = (*id, office.clone(), kind.name(), channel.clone(), contact.clone(), *booking, notice.subject());
        let what = (occasion.clone(), detail.clone(), us(*due), us(*drop_after), now_us);
        (who, what)
    };
    let rows = json(&notices.iter().map(row).collect::<Vec<_>>())?;
    let sql = each!(
        &*tx,
        "insert into notice (id, office, kind, channel, contact, booking, subject, occasion, detail, due_us, drop_us, \
         state, created_us) select cast(each.value->0->>0 as bigint), each.value->0->>1, each.value->0->>2, \
         each.value->0->>3, each.value->0->>4, cast(each.value->0->>5 as bigint), each.value->0->>6, \
         each.value->1->>0, each.value->1->>1, cast(each.value->1->>2 as bigint), cast(each.value->1->>3 as bigint), \
         'planned', cast(each.value->1->>4 as bigint) from",
        "where true on conflict (kind, subject, occasion) do nothing"
    );
    Ok(on!(tx, |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(|done| rows_affected(&done)))?)
}

static SETTLE: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "update notice set state = s.state, reason = s.reason, outbox = s.outbox, due_us = coalesce(s.due_us, notice.due_us) \
         from (select cast(each.value->>'id' as bigint) as id, each.value->>'state' as state, \
         each.value->>'reason' as reason, cast(each.value->>'outbox' as bigint) as outbox, \
         cast(each.value->>'due_us' as bigint) as due_us from @each($1)) as s \
         where notice.id = s.id and @listed(notice.id, $1) and coalesce(notice.state, '') = 'planned'",
    )
});

impl Intake {
    /// Plans notices; they count with the commit of the batch. Those that are planned or said already stay as they are.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn plan_notices(&mut self, notices: &[Notice]) -> Result<(), StorageError> {
        let now = us(self.now);
        plan(&mut self.tx, notices, now).await.map(drop)
    }

    /// Those of these notices that are still planned. Their office is locked, so no other node queues them meanwhile.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn still_planned(&mut self, ids: &[i64]) -> Result<HashSet<i64>, StorageError> {
        let rows = json(&ids.iter().map(|id| (id,)).collect::<Vec<_>>())?;
        let sql = each!(
            self.tx(),
            "select id from notice where coalesce(state, '') = 'planned' and id in \
             (select cast(each.value->>0 as bigint) from",
            ")"
        );
        let found: Vec<(i64,)> = on!(self.tx(), |conn| sqlx::query_as(sql).bind(&rows).fetch_all(conn).await)?;
        Ok(found.into_iter().map(|(id,)| id).collect())
    }

    /// Records what became of notices.
    pub(in crate::storage) async fn settle_notices(&mut self, settled: &[SettledNotice]) -> Result<(), StorageError> {
        let rows = json(settled)?;
        let sql = SETTLE.sql(self.tx());
        on!(self.tx(), |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
        Ok(())
    }
}
