//! What all cases of a run share: how long each is measured, and the databases.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::database::{Cluster, Database, Engine};

/// What all cases share.
pub struct Bench {
    /// The PostgreSQL server, where it was asked for.
    pub cluster: Option<Arc<Cluster>>,
    /// How long each case is measured.
    pub seconds: Duration,
    /// Bookings of the grown database.
    pub growth: u64,
    /// The databases that were filled, by engine and size: filling takes longer than measuring.
    pub grown: Mutex<BTreeMap<(&'static str, u64), Database>>,
}

impl Bench {
    /// An empty database on an engine.
    pub fn database(&self, engine: Engine) -> Database {
        Database::make(self.cluster.as_ref().filter(|_| engine == Engine::Postgres))
    }
}
