//! A row of the trail, and the hash that chains it to the row before.

use sha2::{Digest, Sha256};

use crate::storage::engine::result_row::result_row;

/// The hash before the first row.
pub(in crate::storage) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

result_row! {
    /// A row as it is stored.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(in crate::storage) struct ChainRow {
        pub(in crate::storage) id: i64,
        pub(in crate::storage) at_us: i64,
        pub(in crate::storage) staff: Option<i64>,
        pub(in crate::storage) login: String,
        pub(in crate::storage) network: String,
        pub(in crate::storage) office: String,
        pub(in crate::storage) act: String,
        pub(in crate::storage) kind: String,
        pub(in crate::storage) subject: String,
        pub(in crate::storage) scope: String,
        pub(in crate::storage) why: String,
        pub(in crate::storage) hash: String,
    }
}

impl ChainRow {
    /// The hash that this row must have after one with the hash `previous`. Each part stands with its length before it, as a
    /// netstring (`3:abc,`), so that no two rows have the same bytes; docs/operator.md describes them for whoever checks them elsewhere.
    pub(in crate::storage) fn hash_after(&self, previous: &str) -> String {
        let (id, at_us) = (self.id.to_string(), self.at_us.to_string());
        let staff = self.staff.map(|staff| staff.to_string()).unwrap_or_default();
        let parts: [&str; 12] = [
            previous,
            &id,
            &at_us,
            &staff,
            &self.login,
            &self.network,
            &self.office,
            &self.act,
            &self.kind,
            &self.subject,
            &self.scope,
            &self.why,
        ];
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(format!("{}:", part.len()));
            hasher.update(part);
            hasher.update(",");
        }
        hex::encode(hasher.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> ChainRow {
        ChainRow {
            id: 1,
            at_us: 2,
            staff: Some(3),
            login: "rina".to_owned(),
            network: "10.0.0.1".to_owned(),
            office: "bogor".to_owned(),
            act: "find".to_owned(),
            kind: String::new(),
            subject: String::new(),
            scope: String::new(),
            why: String::new(),
            hash: String::new(),
        }
    }

    /// Reckoned with `printf '64:000…0,1:1,1:2,1:3,4:rina,8:10.0.0.1,5:bogor,4:find,0:,0:,0:,0:,' | sha256sum`.
    #[test]
    fn the_hash_is_what_the_manual_says() {
        assert_eq!(row().hash_after(GENESIS), "8bc41bf55e81c281f382e1d2c7d2fa05a6b49bda4dcb17150e6f029dbcc4f0cf");
    }

    // Negative control, run: without the lengths, `kind` and `subject` that share their letters otherwise have one hash.
    #[test]
    fn every_part_counts_and_none_runs_into_the_next() {
        let hash = row().hash_after(GENESIS);
        let others = [
            ChainRow { id: 2, ..row() },
            ChainRow { at_us: 3, ..row() },
            ChainRow { staff: None, ..row() },
            ChainRow { login: "rin".to_owned(), network: "a10.0.0.1".to_owned(), ..row() },
            ChainRow { office: String::new(), ..row() },
            ChainRow { act: "export".to_owned(), ..row() },
            ChainRow { kind: "booking".to_owned(), ..row() },
            ChainRow { subject: "booking".to_owned(), ..row() },
            ChainRow { scope: "x".to_owned(), ..row() },
            ChainRow { why: "x".to_owned(), ..row() },
            ChainRow { kind: "a,b".to_owned(), subject: "c".to_owned(), ..row() },
            ChainRow { kind: "a".to_owned(), subject: "b,c".to_owned(), ..row() },
        ];
        let mut hashes: std::collections::BTreeSet<String> =
            others.iter().map(|other| other.hash_after(GENESIS)).collect();
        assert!(hashes.insert(hash), "one of them has the same hash");
        assert_eq!(hashes.len(), others.len() + 1);
        assert_ne!(row().hash_after(&"1".repeat(64)), row().hash_after(GENESIS));
    }
}
