//! Verifies the chain: every row is as it was appended, none is missing, none was added by anybody else.

use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::trail::row::{ChainRow, GENESIS};

/// Rows that are read at once.
const PAGE_ROWS: i64 = 1_000;

/// A point of the trail: how many rows it has, and the hash of the last of them. Kept elsewhere, it proves later that everything up to
/// there is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditHead {
    /// The number of the last row.
    pub number: i64,
    /// Its hash.
    pub hash: String,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Where the trail ends.
    pub head: AuditHead,
    /// The first fault, in a sentence; none: everything is as it was appended. What follows a fault proves nothing.
    pub fault: Option<String>,
}

/// Verifies the chain, and that it goes through the points that somebody kept.
pub(in crate::storage) async fn verify(tx: &mut Tx, kept: &[AuditHead]) -> Result<Verified, StorageError> {
    let noted: Option<(i64, String)> = on!(&mut *tx, |conn| {
        sqlx::query_as("select last, hash from audit_head where one = 1").fetch_optional(conn).await
    })?;
    let mut head = AuditHead { number: 0, hash: GENESIS.to_owned() };
    let fault = follow(tx, kept, &mut head).await?;
    let fault = fault.or_else(|| end_fault(&head, noted.as_ref(), kept));
    Ok(Verified { head, fault })
}

/// Follows the chain up to its end, or to the first fault.
async fn follow(tx: &mut Tx, kept: &[AuditHead], head: &mut AuditHead) -> Result<Option<String>, StorageError> {
    let sql = "select id, at_us, staff, login, network, office, act, kind, subject, scope, why, hash from audit \
               where id > $1 order by id limit $2";
    // From below every number, so that a row in front of the first is found too.
    let mut after = i64::MIN;
    loop {
        let rows: Vec<ChainRow> =
            on!(&mut *tx, |conn| sqlx::query_as(sql).bind(after).bind(PAGE_ROWS).fetch_all(conn).await)?;
        let Some(last) = rows.last() else { return Ok(None) };
        after = last.id;
        for row in &rows {
            if let Some(fault) = row_fault(head, row) {
                return Ok(Some(fault));
            }
            *head = AuditHead { number: row.id, hash: row.hash.clone() };
            if kept.iter().any(|kept| kept.number == row.id && kept.hash != row.hash) {
                return Ok(Some(format!(
                    "row {} is not the one whose hash was kept: everything up to it was written anew",
                    row.id
                )));
            }
        }
    }
}

fn row_fault(head: &AuditHead, row: &ChainRow) -> Option<String> {
    let next = head.number + 1;
    if row.id < next {
        return Some(format!("row {} stands in front of the first: nobody appended it", row.id));
    }
    if row.id > next {
        let removed = if row.id == next + 1 {
            format!("row {next} is missing")
        } else {
            format!("rows {next} to {} are missing", row.id - 1)
        };
        return Some(removed);
    }
    if row.hash != row.hash_after(&head.hash) {
        return Some(format!("row {} is not as it was appended, or not in its place", row.id));
    }
    None
}

/// What is wrong with the end of a chain that is whole.
fn end_fault(head: &AuditHead, noted: Option<&(i64, String)>, kept: &[AuditHead]) -> Option<String> {
    let Some((last, hash)) = noted else { return Some("the head of the trail is missing".to_owned()) };
    if let Some(kept) = kept.iter().find(|kept| kept.number > head.number) {
        return Some(format!(
            "the trail ends at row {}, and a head of row {} was kept: its end was cut off",
            head.number, kept.number
        ));
    }
    if head.number < *last {
        return Some(format!("the trail ends at row {}, and its head says {last}: its end was cut off", head.number));
    }
    if head.number > *last {
        return Some(format!("row {} stands behind the head: nobody appended it", last + 1));
    }
    if head.hash != *hash {
        return Some(format!("the head has another hash than row {last}: the trail was written anew"));
    }
    // A kept point before the first row says that the trail was empty, which it always was once.
    kept.iter()
        .find(|kept| kept.number < 1 && kept.hash != GENESIS)
        .map(|_| "the kept head is none of this trail".to_owned())
}
