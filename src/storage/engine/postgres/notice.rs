//! Warnings that a server sends with the response to a statement.
//!
//! A commit that waits for its synchronous standby can be cut short, by `pg_cancel_backend` above all. The server then warns
//! that the transaction "has already committed locally, but might not have been replicated to the standby", and reports
//! success. sqlx shows a warning to nobody but the log, so this module listens to what sqlx logs, on the same thread, while
//! the statement is polled. Which warning it is does not matter: its text depends on the server's language, and a commit has
//! no other.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::LazyLock;

use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Dispatch, Event, Level, Metadata, Subscriber, dispatcher};

/// Where sqlx logs what a server says beside its answers.
const NOTICE_TARGET: &str = "sqlx::postgres::notice";

thread_local! {
    /// Whether a warning was logged on this thread.
    static WARNED: Cell<bool> = const { Cell::new(false) };
}

/// One for the process: each new one would make every place that logs be looked at again.
static LISTENER: LazyLock<Dispatch> =
    LazyLock::new(|| Dispatch::new(Listener { log: dispatcher::get_default(Dispatch::clone) }));

/// Hears warnings, and hands everything on to the log.
struct Listener {
    log: Dispatch,
}

fn is_warning(metadata: &Metadata<'_>) -> bool {
    metadata.target() == NOTICE_TARGET && *metadata.level() <= Level::WARN
}

impl Subscriber for Listener {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if is_warning(metadata) { Interest::always() } else { self.log.register_callsite(metadata) }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        is_warning(metadata) || self.log.enabled(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::WARN)
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.log.new_span(span)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        self.log.record(span, values);
    }

    fn record_follows_from(&self, span: &Id, follows: &Id) {
        self.log.record_follows_from(span, follows);
    }

    fn event(&self, event: &Event<'_>) {
        if is_warning(event.metadata()) {
            WARNED.set(true);
        }
        if self.log.enabled(event.metadata()) {
            self.log.event(event);
        }
    }

    fn enter(&self, span: &Id) {
        self.log.enter(span);
    }

    fn exit(&self, span: &Id) {
        self.log.exit(span);
    }

    fn clone_span(&self, span: &Id) -> Id {
        self.log.clone_span(span)
    }

    fn try_close(&self, span: Id) -> bool {
        self.log.try_close(span)
    }
}

/// Runs a statement, and tells besides whether the server warned.
pub(super) async fn with_warning<T>(statement: impl Future<Output = T>) -> (T, bool) {
    let mut statement = pin!(statement);
    let mut warned = false;
    let done = poll_fn(|context| {
        WARNED.set(false);
        let polled = dispatcher::with_default(&LISTENER, || statement.as_mut().poll(context));
        warned |= WARNED.get();
        polled
    })
    .await;
    (done, warned)
}
