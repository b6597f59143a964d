//! The load: citizens whose signed webhooks come on several connections to each of two nodes, again and again until they are answered
//! with 200, now and then once more; and what was acknowledged.

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::task::JoinSet;

use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{APP_SECRET, body, change, code_in, form, in_days, name, now, number, said, text};
use crate::support::server_process::{client, post};

/// Nodes of antrean.
pub const SERVERS: usize = 2;
/// Connections to each of them.
const CONNECTIONS: usize = 3;
/// Pause of a connection after an answer of 200, and after any other.
const PACE: Duration = Duration::from_millis(400);
const RETRY: Duration = Duration::from_millis(250);
/// How long the provider waits for an answer.
const PROVIDER_TIME_MAX: Duration = Duration::from_secs(20);
/// One form in so many is for the office that has few seats.
const SCARCE: usize = 8;
/// One acknowledged delivery in so many comes once more.
const AGAIN: u32 = 20;
/// Forms for which there are names.
const FORMS_MAX: usize = 17_000;
/// Days over which forms are spread.
const DAYS: usize = 20;
/// What counts as served again: so many forms in this time, on each node.
const SERVED: usize = 2;
const SERVED_TIME: Duration = Duration::from_secs(2);

/// The channels of an office with seats for everybody, and of one with a single seat in an hour.
const CHANNELS: [&str; 2] = ["1001", "1002"];

/// One webhook of the provider.
#[derive(Debug, Clone)]
struct Delivery {
    id: String,
    body: String,
    /// When it was first delivered, if it is a form that books.
    books_since: Option<Instant>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<VecDeque<Delivery>>,
    under_way: AtomicUsize,
    acknowledged: Mutex<BTreeSet<String>>,
    /// When each node acknowledged forms that were first delivered after the last fault.
    served: Mutex<[Vec<Instant>; SERVERS]>,
    /// The last fault.
    fault: Mutex<Option<Instant>>,
    faults: AtomicUsize,
    forms: AtomicUsize,
    refused: AtomicUsize,
    repeated: AtomicUsize,
    /// No new forms.
    closing: AtomicBool,
}

pub struct Load {
    shared: Arc<Shared>,
    connections: JoinSet<()>,
    heard: usize,
}

impl Load {
    /// Begins to deliver to these nodes.
    pub fn start(addresses: [String; SERVERS], seed: u64) -> Self {
        let shared = Arc::<Shared>::default();
        let mut connections = JoinSet::new();
        for (node, address) in addresses.into_iter().enumerate() {
            for number in 0..CONNECTIONS {
                let rng = StdRng::seed_from_u64(seed.wrapping_add((node * CONNECTIONS + number) as u64));
                let connection = Connection { shared: Arc::clone(&shared), address: address.clone(), node, rng };
                connections.spawn(connection.deliver());
            }
        }
        Self { shared, connections, heard: 0 }
    }

    /// Notes that a fault has just happened.
    pub fn fault(&self) {
        self.shared.served.lock().unwrap().iter_mut().for_each(Vec::clear);
        *self.shared.fault.lock().unwrap() = Some(Instant::now());
        self.shared.faults.fetch_add(1, Ordering::SeqCst);
    }

    /// Whether both nodes book again.
    pub fn is_served(&self) -> bool {
        let served = self.shared.served.lock().unwrap();
        served.iter().all(|times| times.iter().filter(|time| time.elapsed() < SERVED_TIME).count() >= SERVED)
    }

    /// How long after the last fault the longer of the nodes' longest silences ended: what booked before it, in the moment of the fault,
    /// does not count.
    pub fn back(&self) -> Duration {
        let fault = self.shared.fault.lock().unwrap().expect("a fault");
        let served = self.shared.served.lock().unwrap();
        let ends = served.iter().filter_map(|times| {
            let begins = std::iter::once(fault).chain(times.iter().copied());
            let silences = begins.zip(times.iter().copied());
            silences.max_by_key(|(begin, end)| end.duration_since(*begin)).map(|(_, end)| end.duration_since(fault))
        });
        ends.max().expect("both nodes have served")
    }

    /// Delivers the codes of those who have heard their echo.
    pub fn hear(&mut self, whatsapp: &FakeWhatsApp) {
        let said_now = whatsapp.accepted_from(self.heard);
        self.heard += said_now.len();
        for message in said_now {
            let Some(echo) = said(&message).filter(|text| text.contains("Kode konfirmasi")) else { continue };
            let to = message["to"].as_str().unwrap();
            let n: usize = to[to.len() - 5..].parse().unwrap();
            let id = format!("wamid.code{n}");
            let body = body(&[vec![change(channel(n), &[text(to, &id, now(), &code_in(echo))])]]);
            self.shared.queue.lock().unwrap().push_back(Delivery { id, body, books_since: None });
        }
        assert!(self.connections.try_join_next().is_none(), "a connection ended");
    }

    /// Sends no new forms.
    pub fn close(&self) {
        self.shared.closing.store(true, Ordering::SeqCst);
    }

    /// Deliveries that are not acknowledged.
    pub fn left(&self) -> usize {
        self.shared.queue.lock().unwrap().len() + self.shared.under_way.load(Ordering::SeqCst)
    }

    /// Messages that were answered with 200.
    pub fn acknowledged(&self) -> BTreeSet<String> {
        self.shared.acknowledged.lock().unwrap().clone()
    }

    pub fn summary(&self) -> String {
        let count = |counter: &AtomicUsize| counter.load(Ordering::SeqCst);
        let shared = &self.shared;
        format!(
            "{} forms, {} messages acknowledged, {} deliveries not answered with 200, {} repeats of acknowledged ones",
            count(&shared.forms),
            shared.acknowledged.lock().unwrap().len(),
            count(&shared.refused),
            count(&shared.repeated)
        )
    }
}

/// Whether a citizen's form is for the office with few seats.
pub fn is_scarce(n: usize) -> bool {
    n.is_multiple_of(SCARCE)
}

fn channel(n: usize) -> &'static str {
    CHANNELS[usize::from(is_scarce(n))]
}

struct Connection {
    shared: Arc<Shared>,
    address: String,
    node: usize,
    rng: StdRng,
}

impl Connection {
    async fn deliver(mut self) {
        let client = client();
        let mut faults = 0;
        let mut own = None;
        loop {
            // After a fault each connection begins with a form of its own, and delivers it until it is acknowledged: only what was first
            // delivered then shows that both nodes book.
            let known = self.shared.faults.load(Ordering::SeqCst);
            let is_own = known > faults || own.is_some();
            let Some(mut delivery) = own.take().or_else(|| self.next(known > faults)) else {
                tokio::time::sleep(RETRY).await;
                continue;
            };
            faults = known;
            delivery.books_since = delivery.books_since.or_else(|| is_booking(&delivery.id).then(Instant::now));
            let posting = post(&client, &self.address, &delivery.body, APP_SECRET);
            let answer = tokio::time::timeout(PROVIDER_TIME_MAX, posting).await.ok().flatten();
            match answer {
                Some(200) => {
                    self.acknowledged(delivery);
                    tokio::time::sleep(PACE).await;
                }
                Some(503) | None => {
                    self.shared.refused.fetch_add(1, Ordering::SeqCst);
                    if is_own {
                        own = Some(delivery);
                    } else {
                        self.put_back(delivery);
                    }
                    tokio::time::sleep(RETRY).await;
                }
                Some(other) => panic!("HTTP {other}"),
            }
        }
    }

    fn next(&mut self, anew: bool) -> Option<Delivery> {
        let closing = self.shared.closing.load(Ordering::SeqCst);
        let mut queue = self.shared.queue.lock().unwrap();
        let waiting = if anew && !closing { None } else { queue.pop_front() };
        let next = waiting.or_else(|| (!closing).then(|| self.form()));
        if next.is_some() {
            // Under the lock of the queue: a delivery is never in neither.
            self.shared.under_way.fetch_add(1, Ordering::SeqCst);
        }
        next
    }

    fn form(&self) -> Delivery {
        let n = self.shared.forms.fetch_add(1, Ordering::SeqCst);
        assert!(n < FORMS_MAX, "there are no more names");
        let days = if is_scarce(n) { self.shared.faults.load(Ordering::SeqCst) % DAYS } else { n % DAYS };
        let id = format!("wamid.form{n}");
        // A name of three letters alone may be a word: "DKK" is "and friends", and no booking.
        let name = name(n).replacen(' ', " Zu", 1);
        let message = text(&number(n), &id, now(), &form(&name, in_days(3 + days as u64)));
        Delivery { body: body(&[vec![change(channel(n), &[message])]]), id, books_since: None }
    }

    fn put_back(&self, delivery: Delivery) {
        let mut queue = self.shared.queue.lock().unwrap();
        queue.push_back(delivery);
        self.shared.under_way.fetch_sub(1, Ordering::SeqCst);
    }

    fn acknowledged(&mut self, delivery: Delivery) {
        let is_new = self.shared.acknowledged.lock().unwrap().insert(delivery.id.clone());
        let fault = *self.shared.fault.lock().unwrap();
        if is_new && delivery.books_since > fault {
            self.shared.served.lock().unwrap()[self.node].push(Instant::now());
        }
        let mut queue = self.shared.queue.lock().unwrap();
        if is_new && self.rng.random_ratio(1, AGAIN) {
            self.shared.repeated.fetch_add(1, Ordering::SeqCst);
            queue.push_back(delivery);
        }
        self.shared.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Whether a message is a form that is sure to book.
fn is_booking(id: &str) -> bool {
    id.strip_prefix("wamid.form").and_then(|n| n.parse().ok()).is_some_and(|n: usize| !is_scarce(n))
}
