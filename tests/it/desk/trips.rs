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

#[tokio::test]
async fn a_batch_makes_two_trips_or_three_however_large_it_is() {
    let hall = Hall::open(Engine::Sqlite).await;
    // SQLite's statements run on a thread of their own, so that only a subscriber for all threads hears of them. Every
    // test has a process of its own under nextest; under `cargo test` others may be heard too, and the least counts.
    let heard = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(&TRIPS)).is_ok();
    assert!(heard, "no other test listens to everything");
    hall.desk.serve(vec![hall.form(1)]).await.unwrap();
    let mut fewest = [usize::MAX; 2];
    let mut citizen = 2;
    for _ in 0..3 {
        for (place, size) in [(0, 1), (1, 64)] {
            let first = citizen;
            citizen += size;
            let before = TRIPS.0.load(Ordering::SeqCst);
            let verdicts = hall.desk.serve((first..first + size).map(|n| hall.form(n)).collect()).await.unwrap();
            assert!(verdicts.contains(&Verdict::Served), "{verdicts:?}");
            fewest[place] = fewest[place].min(TRIPS.0.load(Ordering::SeqCst) - before);
        }
    }
    // Of many, the books are written while the replies are being worded.
    assert_eq!(fewest, [2, 3], "trips for one message, and for many");
}
