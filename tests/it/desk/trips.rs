//! A batch makes few trips to the database, however large it is.

use std::sync::atomic::{AtomicUsize, Ordering};

use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

use super::{Hall, Verdict};
use crate::engine::Engine;

/// What sqlx says of every statement that it sends; a text of several statements is one trip.
#[derive(Debug, Default)]
struct Trips(AtomicUsize);

static TRIPS: Trips = Trips(AtomicUsize::new(0));

impl<S: Subscriber> Layer<S> for &'static Trips {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// Set in the process that measures.
const ALONE: &str = "ANTREAN_TEST_ALONE";

/// SQLite's statements run on threads of their own, so that only a subscriber for all threads hears of them: it must hear
/// no other test, and measures in a process of its own.
#[test]
fn a_batch_makes_two_trips_or_three_however_large_it_is() {
    if std::env::var_os(ALONE).is_some() {
        // On one thread, so that the lane finds all messages of a body together.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        return runtime.block_on(measured());
    }
    let name = "desk::trips::a_batch_makes_two_trips_or_three_however_large_it_is";
    let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
    let output = alone.args(["--exact", name]).env(ALONE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

async fn measured() {
    let hall = Hall::open(Engine::Sqlite).await;
    let heard = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(&TRIPS)).is_ok();
    assert!(heard, "no other test listens to everything");
    hall.desk.serve(vec![hall.form(1)]).await.unwrap();
    let mut citizen = 2;
    for (size, trips) in [(1, 2), (64, 3)] {
        let first = citizen;
        citizen += size;
        let before = TRIPS.0.load(Ordering::SeqCst);
        let verdicts = hall.desk.serve((first..first + size).map(|n| hall.form(n)).collect()).await.unwrap();
        assert!(verdicts.contains(&Verdict::Served), "{verdicts:?}");
        // Of many, the books are written while the replies are being worded.
        assert_eq!(TRIPS.0.load(Ordering::SeqCst) - before, trips, "trips for {size} messages");
    }
}
