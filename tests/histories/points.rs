//! The points at which a node can be stopped: after every statement that writes, and before and after every send.
//!
//! sqlx logs each statement of a scratch database on the connection's own thread, after SQLite has executed it and before the program
//! learns of it. A subscriber that stops there needs no hook in the program: what was executed stays, what was not committed is rolled
//! back when the connection is given up, and the program never sees the answer.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use tokio::sync::Notify;
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Words of statements that write, or that begin or end what is written.
const WRITING: [&str; 5] = ["insert ", "update ", "delete ", "commit", "begin"];

/// How the text begins that sets a new connection up. Whether one is opened or an idle one is there is a matter of moments, so it must be no
/// point, whatever words are in it (`secure_delete`).
const SETTING: &str = "PRAGMA";

/// The points of this process, in which one history runs at a time.
pub static POINTS: Points = Points {
    left: AtomicI64::new(i64::MAX),
    passed: AtomicU64::new(0),
    is_reached: AtomicBool::new(false),
    reached: Notify::const_new(),
    is_stopped: Mutex::new(false),
    released: Condvar::new(),
};

/// How many points are left until the node is stopped.
#[derive(Debug)]
pub struct Points {
    left: AtomicI64,
    passed: AtomicU64,
    is_reached: AtomicBool,
    reached: Notify,
    /// Whether a connection's thread has to wait until the node is gone.
    is_stopped: Mutex<bool>,
    released: Condvar,
}

impl Points {
    /// Listens to the statements of this process.
    pub fn listen(&'static self) {
        let heard = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(self));
        assert!(heard.is_ok(), "nobody else listens to this process");
    }

    /// Stops the node at the `crash`th point from now on; `None`: at none.
    pub fn arm(&self, crash: Option<u32>) {
        self.is_reached.store(false, Ordering::SeqCst);
        self.left.store(crash.map_or(i64::MAX, |point| i64::from(point.max(1))), Ordering::SeqCst);
    }

    /// Lets a stopped thread go on: its node is gone.
    pub fn release(&self) {
        self.left.store(i64::MAX, Ordering::SeqCst);
        *self.is_stopped.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.released.notify_all();
    }

    /// How many points were passed in this process.
    pub fn passed(&self) -> u64 {
        self.passed.load(Ordering::SeqCst)
    }

    /// Counts a point. Returns whether it is the one to stop at.
    fn pass(&self) -> bool {
        self.passed.fetch_add(1, Ordering::SeqCst);
        self.left.fetch_sub(1, Ordering::SeqCst) == 1
    }

    /// Whether the point to stop at was reached.
    pub fn is_reached(&self) -> bool {
        self.is_reached.load(Ordering::SeqCst)
    }

    /// Waits for the point to stop at.
    pub async fn reached(&self) {
        while !self.is_reached() {
            self.reached.notified().await;
        }
    }

    fn stop(&self) {
        self.is_reached.store(true, Ordering::SeqCst);
        self.reached.notify_one();
    }

    /// A point beside storage: where it is the one to stop at, whoever waits here never goes on.
    pub async fn at_call(&self) {
        if self.pass() {
            self.stop();
            std::future::pending::<()>().await;
        }
    }
}

/// Whether a statement writes.
#[derive(Default)]
struct Statement {
    writes: bool,
}

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        if ["summary", "db.statement"].contains(&field.name()) {
            let sets_up = value.trim_start().starts_with(SETTING);
            self.writes |= !sets_up && WRITING.iter().any(|word| value.contains(word));
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

impl<S: Subscriber> Layer<S> for &'static Points {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut statement = Statement::default();
        event.record(&mut statement);
        if !statement.writes || !self.pass() {
            return;
        }
        let mut is_stopped = self.is_stopped.lock().unwrap_or_else(PoisonError::into_inner);
        *is_stopped = true;
        self.stop();
        while *is_stopped {
            is_stopped = self.released.wait(is_stopped).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
