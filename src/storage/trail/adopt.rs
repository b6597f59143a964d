//! Chains the rows that a program of before wrote: SQL alone cannot hash them, so that the first start after the migration does.

use crate::storage::engine::error::StorageError;
use crate::storage::engine::pool::Pool;
use crate::storage::engine::transaction::on;
use crate::storage::trail::append::move_head;
use crate::storage::trail::row::ChainRow;

/// Rows of one commit.
const PAGE_ROWS: i64 = 1_000;

/// Chains the rows of before. However many processes start, each row is chained once; one that is killed leaves the rest to the next.
pub(in crate::storage) async fn adopt(pool: &Pool) -> Result<(), StorageError> {
    loop {
        let mut tx = pool.read().await?;
        let (last, older): (i64, i64) =
            on!(&mut tx, |conn| sqlx::query_as("select last, older from audit_head where one = 1")
                .fetch_one(conn)
                .await)?;
        tx.end().await?;
        if last >= older || !adopt_page(pool).await? {
            return Ok(());
        }
    }
}

/// Chains some of them; false where there are none, which is for `verify` to tell of.
async fn adopt_page(pool: &Pool) -> Result<bool, StorageError> {
    let mut tx = pool.begin().await?;
    let lock = "update audit_head set last = last where one = 1 returning last, hash, older";
    let (mut last, mut hash, older): (i64, String, i64) =
        on!(&mut tx, |conn| sqlx::query_as(lock).fetch_one(conn).await)?;
    let sql = "select id, at_us, staff, login, network, office, act, kind, subject, scope, why, hash from audit \
               where id > $1 and id <= $2 order by id limit $3";
    let rows: Vec<ChainRow> =
        on!(&mut tx, |conn| sqlx::query_as(sql).bind(last).bind(older).bind(PAGE_ROWS).fetch_all(conn).await)?;
    let has_some = !rows.is_empty();
    for row in rows {
        hash = row.hash_after(&hash);
        last = row.id;
        on!(&mut tx, |conn| {
            sqlx::query("update audit set hash = $2 where id = $1")
                .bind(row.id)
                .bind(&hash)
                .execute(conn)
                .await
                .map(drop)
        })?;
    }
    move_head(&mut tx, last, &hash).await?;
    tx.commit().await?;
    Ok(has_some)
}
