//! A batch makes few trips to the database, however large it is.

use std::sync::atomic::{AtomicUsize, Ordering};

use antrean::desk::Verdict;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

use crate::support::alone::is_alone;
use crate::support::desk_fixture::DeskFixture;
use crate::support::engine::Engine;

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

/// SQLite's statements run on threads of their own, so that only a subscriber for all threads hears of them: it must hear
/// no other test, and measures in a process of its own.
#[test]
fn a_batch_makes_as_many_trips_however_large_it_is() {
    if is_alone("desk::trips::a_batch_makes_as_many_trips_however_large_it_is") {
        // On one thread, so that the lane finds all messages of a body together.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(measured());
    }
}

async fn measured() {
    let heard = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(&TRIPS)).is_ok();
    assert!(heard, "no other test listens to everything");
    // PostgreSQL looks after it has locked, and is told to commit apart.
    // An office that looks for the people on its forms makes no more.
    for (engine, of_one, is_looking) in [
        (Engine::Sqlite, 2, false),
        (Engine::Postgres, 4, false),
        (Engine::Sqlite, 2, true),
        (Engine::Postgres, 4, true),
    ] {
        let fixture =
            if is_looking { DeskFixture::per_person(engine, 1).await } else { DeskFixture::open(engine).await };
        fixture.desk.serve(vec![fixture.form(1)]).await.unwrap();
        // Of many, the books are written while the replies are being worded: a trip more.
        for (citizens, trips) in [(2..3, of_one), (3..67, of_one + 1), (100..250, of_one + 1)] {
            let before = TRIPS.0.load(Ordering::SeqCst);
            let verdicts = fixture.desk.serve(citizens.clone().map(|n| fixture.form(n)).collect()).await.unwrap();
            assert!(verdicts.contains(&Verdict::Served), "{verdicts:?}");
            let made = TRIPS.0.load(Ordering::SeqCst) - before;
            assert_eq!(made, trips, "trips on {engine:?} for {} messages", citizens.len());
        }
    }
}
