//! Appends one row to the trail, within a transaction that may do more: what it tells of and the row are committed together.

use chrono::{DateTime, Utc};

use crate::domain::audit::{AuditEvent, Subject};
use crate::domain::office::OfficeId;
use crate::storage::engine::column::us;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::trail::row::ChainRow;

/// Who acts, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditActor<'a> {
    /// Their number among the staff; none: somebody at a terminal.
    pub staff: Option<i64>,
    /// Their login; of a terminal, who they said they are.
    pub login: &'a str,
    /// Their network; of a terminal, the system's account.
    pub network: &'a str,
}

/// Appends a row. From here to the end of the transaction nobody else appends: call it last.
pub(in crate::storage) async fn append(
    tx: &mut Tx,
    actor: AuditActor<'_>,
    event: &AuditEvent,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let (id, previous): (i64, String) = on!(&mut *tx, |conn| {
        sqlx::query_as("update audit_head set last = last + 1 where one = 1 returning last, hash").fetch_one(conn).await
    })?;
    let mut row = ChainRow {
        id,
        at_us: us(now),
        staff: actor.staff,
        login: actor.login.to_owned(),
        network: actor.network.to_owned(),
        office: event.office.as_ref().map_or("", OfficeId::as_str).to_owned(),
        act: event.act.name().to_owned(),
        kind: event.subject.as_ref().map_or("", |subject| subject.kind().name()).to_owned(),
        subject: event.subject.as_ref().map_or("", Subject::id).to_owned(),
        scope: event.scope.to_string(),
        why: event.why.clone(),
        hash: String::new(),
    };
    row.hash = row.hash_after(&previous);
    insert(tx, &row).await?;
    move_head(tx, row.id, &row.hash).await
}

async fn insert(tx: &mut Tx, row: &ChainRow) -> Result<(), StorageError> {
    let sql = "insert into audit (id, at_us, staff, login, network, office, act, kind, subject, scope, why, hash) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    on!(&mut *tx, |conn| {
        sqlx::query(sql)
            .bind(row.id)
            .bind(row.at_us)
            .bind(row.staff)
            .bind(&row.login)
            .bind(&row.network)
            .bind(&row.office)
            .bind(&row.act)
            .bind(&row.kind)
            .bind(&row.subject)
            .bind(&row.scope)
            .bind(&row.why)
            .bind(&row.hash)
            .execute(conn)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// Notes the last row and its hash.
pub(in crate::storage) async fn move_head(tx: &mut Tx, last: i64, hash: &str) -> Result<(), StorageError> {
    on!(&mut *tx, |conn| {
        sqlx::query("update audit_head set last = $1, hash = $2 where one = 1")
            .bind(last)
            .bind(hash)
            .execute(conn)
            .await
            .map(drop)
    })?;
    Ok(())
}
