//! Refusals in the log: the first of a kind as a line, the following ones as sums, so that a flood of forgeries is not a
//! flood of lines. The counters of `/metrics` stay exact.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tracing::warn;

/// How long refusals of a kind are summed up before the next line.
pub(in crate::web) const SUMMARY_TIME: Duration = Duration::from_secs(10);
/// Most kinds: gateways times reasons, and routes.
const KINDS_MAX: usize = 256;
/// Most clients that are counted for one kind.
const CLIENTS_MAX: usize = 512;

/// A kind of refusal: the gateway or route, and why.
type Kind = (String, &'static str);

/// What came since the last line of its kind.
#[derive(Debug, Default)]
struct Tally {
    count: u64,
    detail: String,
    clients: HashMap<IpAddr, u64>,
}

/// The refusals since the last line of each kind.
#[derive(Debug, Clone)]
pub(in crate::web) struct Refusals {
    open: Arc<Mutex<HashMap<Kind, Tally>>>,
    summary_time: Duration,
}

impl Refusals {
    pub(in crate::web) fn new(summary_time: Duration) -> Self {
        Self { open: Arc::default(), summary_time }
    }

    /// Notes one. `at` is the gateway or route, `why` the reason in the counters' words, `detail` more of it without any
    /// content.
    pub(in crate::web) fn note(&self, at: &str, why: &'static str, detail: &str, client: Option<IpAddr>) {
        let kind = (at.to_owned(), why);
        {
            let mut open = self.open();
            if let Some(tally) = open.get_mut(&kind) {
                tally.add(detail, client);
                return;
            }
            if open.len() >= KINDS_MAX {
                return;
            }
            open.insert(kind.clone(), Tally::default());
        }
        let address = client.map(tracing::field::display);
        warn!(at, reason = why, detail, client.address = address, "turned away; more of this kind are summed up");
        let (refusals, wait) = (self.clone(), self.summary_time);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(wait).await;
                if !refusals.tell(&kind) {
                    break;
                }
            }
        });
    }

    /// Logs the sum of a kind; where there was none, the next refusal is logged at once again.
    fn tell(&self, kind: &Kind) -> bool {
        let mut open = self.open();
        let Some(tally) = open.get_mut(kind).map(std::mem::take) else { return false };
        if tally.count == 0 {
            open.remove(kind);
            return false;
        }
        drop(open);
        let (at, why) = kind;
        let most = tally.clients.iter().max_by_key(|(_, count)| **count);
        let (address, count) =
            (most.map(|(address, _)| tracing::field::display(address)), most.map(|(_, count)| count));
        warn!(
            at,
            reason = why,
            detail = tally.detail,
            count = tally.count,
            clients = tally.clients.len(),
            client.address = address,
            client.count = count,
            "turned away as well; the address is the one that most came from"
        );
        true
    }

    /// The tallies; each change to them is whole, so a panic elsewhere leaves nothing broken in them.
    fn open(&self) -> MutexGuard<'_, HashMap<Kind, Tally>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tally {
    fn add(&mut self, detail: &str, client: Option<IpAddr>) {
        self.count += 1;
        if self.detail != detail {
            detail.clone_into(&mut self.detail);
        }
        if let Some(client) = client
            && (self.clients.len() < CLIENTS_MAX || self.clients.contains_key(&client))
        {
            *self.clients.entry(client).or_default() += 1;
        }
    }
}
