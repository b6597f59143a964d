//! Recognises a message that was erased when its provider delivers it again: by a keyed hash, since the provider's id may hold a
//! telephone number.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::storage::engine::column::{json, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::handle::Storage;

/// How long the hash of an erased message is kept, in days: providers deliver again for a week, and a queue of theirs may take two
/// days more.
pub const GUARD_DAYS: i64 = 9;
/// Bytes of a hash: that two messages share one is as good as impossible.
const HASH_BYTES: usize = 16;

static KEEP: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(
        "insert into erased_message (hash, until_us) select each.value->>0, cast(each.value->>1 as bigint) \
         from @each($1) where true on conflict (hash) do nothing",
    )
});

/// The hash of a message under the installation's key.
pub(in crate::storage) fn hash(key: &str, channel: &str, message: &str) -> String {
    // HMAC takes keys of any length.
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else { return String::new() };
    let mac = mac.chain_update(channel).chain_update([0_u8]).chain_update(message).finalize().into_bytes();
    let mut hash = hex::encode(mac);
    hash.truncate(2 * HASH_BYTES);
    hash
}

/// Keeps the hashes of messages that are about to be erased, each a channel and an id.
pub(super) async fn keep(
    tx: &mut Tx,
    key: &str,
    messages: &[(&str, &str)],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    if messages.is_empty() {
        return Ok(());
    }
    let until = us(now + TimeDelta::days(GUARD_DAYS));
    let rows: Vec<_> = messages.iter().map(|(channel, message)| (hash(key, channel, message), until)).collect();
    let (sql, rows) = (KEEP.sql(tx), json(&rows)?);
    on!(tx, |conn| sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
    Ok(())
}

impl Storage {
    /// The key of the hashes; read once.
    pub(in crate::storage) async fn repeat_key(&self) -> Result<&Arc<str>, StorageError> {
        let read = async {
            let mut tx = self.pool.read().await?;
            let (key,): (String,) = on!(&mut tx, |conn| {
                sqlx::query_as("select key from secret where name = 'repeat'").fetch_one(conn).await
            })?;
            tx.end().await?;
            Ok::<Arc<str>, StorageError>(key.into())
        };
        self.repeat_key.get_or_try_init(|| read).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_depends_on_key_channel_and_message_and_shows_none_of_them() {
        let one = hash("k", "wa/1001", "wamid.6281200000001");
        assert_eq!(one.len(), 2 * HASH_BYTES);
        assert!(!one.contains("81200000001"));
        for other in [
            hash("l", "wa/1001", "wamid.6281200000001"),
            hash("k", "wa/1002", "wamid.6281200000001"),
            hash("k", "wa/1001", "wamid.6281200000002"),
            hash("k", "wa/1001w", "amid.6281200000001"),
        ] {
            assert_ne!(one, other);
        }
    }
}
