//! The memory of all bodies that are under way. One rule keeps it fair: when it is full, the largest body that has proved
//! nothing goes, and a body that would be the largest itself is refused. So what a stranger holds beyond everybody's equal
//! share is lent, and a small body always finds a larger one to take its place from.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// Bodies up to this, in bytes, are counted but not listed, so that an ordinary webhook takes no lock. A thousand of them
/// are a quarter of the default budget: listed ones hold the rest, and can be made to go.
pub(super) const LISTED_BYTES_MIN: usize = 16 * 1024;
/// The part of the budget that one client's unproven bodies may take once half of it is taken: an eighth.
const CLIENT_SHARE: usize = 8;

/// A body that finds no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoRoom {
    /// The budget is full, of larger bodies none.
    Full,
    /// This client's unproven bodies are as many, or as large, as one client's may be.
    Client,
}

/// What all bodies together may take.
#[derive(Debug)]
pub(super) struct Budget {
    bytes_max: usize,
    bodies_per_client_max: usize,
    used: AtomicUsize,
    next: AtomicU64,
    listed: Mutex<BTreeMap<u64, Listed>>,
    clients: Mutex<HashMap<IpAddr, Share>>,
}

/// A body large enough to be worth evicting.
#[derive(Debug)]
struct Listed {
    bytes: usize,
    leave: CancellationToken,
}

/// What one client's unproven bodies take.
#[derive(Debug, Default, Clone, Copy)]
struct Share {
    bodies: usize,
    bytes: usize,
}

impl Budget {
    pub(super) fn new(bytes_max: usize, bodies_per_client_max: usize) -> Self {
        Self {
            bytes_max,
            bodies_per_client_max,
            used: AtomicUsize::new(0),
            next: AtomicU64::new(0),
            listed: Mutex::default(),
            clients: Mutex::default(),
        }
    }

    /// Bytes that bodies hold now.
    pub(super) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// A place for one more body, of nothing so far. `client` is limited; `None` is not.
    ///
    /// # Errors
    /// [`NoRoom::Client`] when that client has as many as one may have.
    pub(super) fn open(self: &Arc<Self>, client: Option<IpAddr>) -> Result<Lease, NoRoom> {
        if let Some(client) = client {
            self.charge(client, 1, 0)?;
        }
        Ok(Lease { budget: Arc::clone(self), client, bytes: 0, charged: 0, is_proven: false, listed: None })
    }

    /// Takes `more` bytes where they are free.
    fn take(&self, more: usize) -> bool {
        let fits = |used: usize| used.checked_add(more).filter(|&sum| sum <= self.bytes_max);
        self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_ok()
    }

    /// Takes `more` bytes for a body that will hold `total`, by making the largest of the larger ones go where there is need.
    fn take_from(&self, listed: &mut BTreeMap<u64, Listed>, own: Option<u64>, more: usize, total: usize) -> bool {
        while !self.take(more) {
            // Of equals the oldest, which is the slowest.
            let larger = listed.iter().filter(|(id, body)| Some(**id) != own && body.bytes > total);
            let largest = larger.max_by_key(|(id, body)| (body.bytes, Reverse(**id))).map(|(&id, _)| id);
            let Some(body) = largest.and_then(|id| listed.remove(&id)) else { return false };
            // Its bytes are ours from now on; its task frees them as soon as it is polled.
            self.used.fetch_sub(body.bytes, Ordering::Relaxed);
            body.leave.cancel();
        }
        true
    }

    /// Counts more bodies and bytes of a client. Its limits hold from half of the budget on: one address may stand for many
    /// senders, and below that nobody lacks anything.
    fn charge(&self, client: IpAddr, bodies: usize, bytes: usize) -> Result<(), NoRoom> {
        let mut clients = lock(&self.clients);
        let share = clients.entry(client).or_default();
        let (bodies, bytes) = (share.bodies + bodies, share.bytes + bytes);
        let is_beyond = bodies > self.bodies_per_client_max || bytes > self.bytes_max / CLIENT_SHARE;
        if is_beyond && self.used() >= self.bytes_max / 2 {
            return Err(NoRoom::Client);
        }
        *share = Share { bodies, bytes };
        Ok(())
    }

    fn discharge(&self, client: IpAddr, bodies: usize, bytes: usize) {
        let mut clients = lock(&self.clients);
        let Some(share) = clients.get_mut(&client) else { return };
        *share = Share { bodies: share.bodies.saturating_sub(bodies), bytes: share.bytes.saturating_sub(bytes) };
        if share.bodies == 0 {
            clients.remove(&client);
        }
    }
}

/// The bytes of one body; given back when dropped.
#[derive(Debug)]
pub(super) struct Lease {
    budget: Arc<Budget>,
    /// Whose unproven body it is, where that is limited.
    client: Option<IpAddr>,
    bytes: usize,
    /// What the client is charged for.
    charged: usize,
    is_proven: bool,
    listed: Option<(u64, CancellationToken)>,
}

impl Lease {
    /// Asks for `total` bytes in all, before they are allocated.
    ///
    /// # Errors
    /// [`NoRoom`] when they are not to be had, or when this body itself was made to go.
    pub(super) fn grow_to(&mut self, total: usize) -> Result<(), NoRoom> {
        let more = total.saturating_sub(self.bytes);
        if more == 0 {
            return Ok(());
        }
        if let Some(client) = self.client {
            self.budget.charge(client, 0, more)?;
            self.charged += more;
        }
        if self.listed.is_none() && total <= LISTED_BYTES_MIN && self.budget.take(more) {
            self.bytes = total;
            return Ok(());
        }
        let budget = Arc::clone(&self.budget);
        let mut listed = lock(&budget.listed);
        let own = self.listed.as_ref().map(|(id, _)| *id);
        if own.is_some_and(|id| !listed.contains_key(&id)) {
            self.bytes = 0;
            return Err(NoRoom::Full);
        }
        if !budget.take_from(&mut listed, own, more, total) {
            return Err(NoRoom::Full);
        }
        self.bytes = total;
        if let Some(body) = own.and_then(|id| listed.get_mut(&id)) {
            body.bytes = total;
        } else if total > LISTED_BYTES_MIN {
            let (id, leave) = (budget.next.fetch_add(1, Ordering::Relaxed), CancellationToken::new());
            listed.insert(id, Listed { bytes: total, leave: leave.clone() });
            self.listed = Some((id, leave));
        }
        Ok(())
    }

    /// Whether it is large enough to be made to go.
    pub(super) fn is_listed(&self) -> bool {
        self.listed.is_some()
    }

    /// Resolves when this body was made to go.
    pub(super) fn evicted(&self) -> impl Future<Output = ()> + use<> {
        let leave = self.listed.as_ref().map(|(_, leave)| leave.clone());
        async move {
            match leave {
                Some(leave) => leave.cancelled().await,
                None => std::future::pending().await,
            }
        }
    }

    /// The sender has proved who it is: the body stays, and no client is charged for it.
    pub(super) fn prove(&mut self) {
        self.is_proven = true;
        if let Some((id, _)) = self.listed.take()
            && lock(&self.budget.listed).remove(&id).is_none()
        {
            // Made to go at the last moment: its bytes are counted as somebody else's, and freed soon.
            self.bytes = 0;
        }
        self.discharge();
    }

    /// Whether the sender has proved who it is.
    pub(super) fn is_proven(&self) -> bool {
        self.is_proven
    }

    /// Gives the bytes back, and keeps the place.
    pub(super) fn empty(&mut self) {
        let is_ours = match self.listed.take() {
            Some((id, _)) => lock(&self.budget.listed).remove(&id).is_some(),
            None => true,
        };
        let bytes = std::mem::take(&mut self.bytes);
        if is_ours {
            self.budget.used.fetch_sub(bytes, Ordering::Relaxed);
        }
    }

    fn discharge(&mut self) {
        if let Some(client) = self.client.take() {
            self.budget.discharge(client, 1, std::mem::take(&mut self.charged));
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.empty();
        self.discharge();
    }
}

/// Each change under these locks is whole, so a panic elsewhere leaves nothing broken behind them.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIB: usize = 1024;

    fn budget(kib: usize) -> Arc<Budget> {
        Arc::new(Budget::new(kib * KIB, 3))
    }

    fn holding(budget: &Arc<Budget>, kib: usize) -> Lease {
        let mut lease = budget.open(None).unwrap();
        lease.grow_to(kib * KIB).unwrap();
        lease
    }

    fn is_evicted(lease: &Lease) -> bool {
        lease.listed.as_ref().is_some_and(|(_, leave)| leave.is_cancelled())
    }

    // With `larger` not asked for (any listed body goes), the last line fails: a large body pushes out its equal. With
    // nobody made to go, the small one finds no room.
    #[test]
    fn a_small_body_takes_the_place_of_the_largest_and_a_large_one_does_not() {
        let budget = budget(300);
        let (first, second, third) = (holding(&budget, 120), holding(&budget, 120), holding(&budget, 60));
        let small = holding(&budget, 4);
        assert!(is_evicted(&first) && !is_evicted(&second) && !is_evicted(&third), "the oldest of the largest");
        assert_eq!(budget.used(), 184 * KIB);
        let mut large = budget.open(None).unwrap();
        assert_eq!(large.grow_to(130 * KIB), Err(NoRoom::Full));
        assert!(!is_evicted(&second));
        drop((first, second, third, small, large));
        assert_eq!(budget.used(), 0, "nothing is given back twice, and nothing is kept");
    }

    // A thousand bodies dribble for ever, and small ones get in all the same: the pigeonhole behind the one rule.
    #[test]
    fn a_thousand_that_hold_everything_keep_no_small_one_out() {
        let budget = Arc::new(Budget::new(64 * 1024 * KIB, 3));
        let mut crowd: Vec<Lease> = (0..1_000).map(|_| budget.open(None).unwrap()).collect();
        for kib in 1..=4_096 {
            let mut took = false;
            for lease in &mut crowd {
                took |= lease.grow_to(kib * KIB).is_ok();
            }
            if !took {
                break;
            }
        }
        assert!(budget.used() <= 64 * 1024 * KIB);
        for _ in 0..200 {
            drop(holding(&budget, 32));
        }
        drop(crowd);
        assert_eq!(budget.used(), 0);
    }

    #[test]
    fn what_is_proven_stays_and_what_was_evicted_grows_no_more() {
        let budget = budget(200);
        let mut proven = holding(&budget, 150);
        proven.prove();
        let mut refused = budget.open(None).unwrap();
        assert_eq!(refused.grow_to(60 * KIB), Err(NoRoom::Full));
        drop(refused);
        let mut larger = holding(&budget, 40);
        let smaller = holding(&budget, 20);
        assert!(is_evicted(&larger), "{:?}", budget.used());
        assert_eq!(larger.grow_to(41 * KIB), Err(NoRoom::Full));
        drop((larger, smaller, proven));
        assert_eq!(budget.used(), 0);
    }

    // Without `discharge` in `prove`, the client of the genuine bodies is full after three.
    #[test]
    fn one_client_has_so_many_bodies_and_bytes_until_it_has_proved_who_it_is() {
        let budget = budget(800);
        let client: Option<IpAddr> = Some("198.51.100.7".parse().unwrap());
        let half = holding(&budget, 400);
        let mut open: Vec<Lease> = (0..3).map(|_| budget.open(client).unwrap()).collect();
        assert_eq!(budget.open(client).unwrap_err(), NoRoom::Client);
        assert!(budget.open(Some("198.51.100.8".parse().unwrap())).is_ok(), "another client");
        assert_eq!(open[0].grow_to(101 * KIB), Err(NoRoom::Client), "an eighth");
        open[0].grow_to(90 * KIB).unwrap();
        assert_eq!(open[1].grow_to(20 * KIB), Err(NoRoom::Client));
        open[0].prove();
        open[1].grow_to(20 * KIB).unwrap();
        assert!(budget.open(client).is_ok());
        drop((open, half));
        assert!(lock(&budget.clients).is_empty());
        assert_eq!(budget.used(), 0);
    }
    // Negative control: with the limits from the first body on, 297 of the 300 are refused.
    #[test]
    fn a_shared_address_has_as_much_as_it_needs_while_half_of_the_budget_is_free() {
        let budget = budget(800);
        let client: Option<IpAddr> = Some("192.0.2.2".parse().unwrap());
        let mut open: Vec<Lease> = (0..300).map(|_| budget.open(client).unwrap()).collect();
        for lease in &mut open[..3] {
            lease.grow_to(133 * KIB).unwrap();
        }
        open[3].grow_to(10 * KIB).unwrap();
        assert_eq!(open[4].grow_to(10 * KIB), Err(NoRoom::Client), "half is taken");
        assert_eq!(budget.open(client).unwrap_err(), NoRoom::Client);
        drop(open);
        assert_eq!(budget.used(), 0);
    }
}
