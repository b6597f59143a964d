//! Keeps the log readable while one thing fails for every message: the first errors of a kind are written, the rest are
//! counted, and the count is written every ten seconds.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::callsite::Identifier;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// Errors of one kind that are written in one window: enough to see whether they are the same.
const SHOWN_MAX: u32 = 5;
/// How long they are counted before the count is written.
const WINDOW: Duration = Duration::from_secs(10);
/// Kinds that are told apart. A kind is a place in the program and a line of an office; strangers cannot make more of either,
/// but if they could, the table would be begun anew.
const KINDS_MAX: usize = 1_024;

/// Where an error comes from, and of which line of an office it speaks, if of any.
type Kind = (Identifier, Option<String>);

#[derive(Debug)]
struct Count {
    since: Instant,
    seen: u32,
    message: String,
}

/// The filter, shared with the thread that writes the counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Repeats(Arc<Mutex<HashMap<Kind, Count>>>);

/// The two fields that matter here.
#[derive(Debug, Default)]
struct Fields {
    message: String,
    channel: Option<String>,
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            "channel" => self.channel = Some(format!("{value:?}")),
            _ => {}
        }
    }
}

impl Repeats {
    /// Whether this one is to be written.
    fn admit(&self, kind: Kind, message: String, now: Instant) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= KINDS_MAX {
            counts.clear();
        }
        let count = counts.entry(kind).or_insert(Count { since: now, seen: 0, message });
        count.seen = count.seen.saturating_add(1);
        count.seen <= SHOWN_MAX
    }

    /// What was counted and not written in windows that are over; those begin anew.
    fn take(&self, now: Instant) -> Vec<(String, u32)> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let over = counts.extract_if(|_, count| now.duration_since(count.since) >= WINDOW);
        over.filter(|(_, count)| count.seen > SHOWN_MAX)
            .map(|(_, count)| (count.message, count.seen - SHOWN_MAX))
            .collect()
    }

    /// Writes the counts for as long as the process lives.
    pub(super) fn tell(self) {
        let telling = std::thread::Builder::new().name("log-counts".to_owned());
        let told = telling.spawn(move || {
            loop {
                std::thread::sleep(WINDOW / 4);
                for (message, times) in self.take(Instant::now()) {
                    tracing::error!(times, "more of the same: {message}");
                }
            }
        });
        if let Err(error) = told {
            tracing::warn!(%error, "repeated errors are not counted in the log");
        }
    }
}

impl<S: Subscriber> Layer<S> for Repeats {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let about = event.metadata();
        if *about.level() != Level::ERROR || about.target() == module_path!() {
            return true;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        self.admit((about.callsite(), fields.channel), fields.message, Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    /// Keeps what is written.
    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Page {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    // Control: with `admit` always true all of them are written.
    #[test]
    fn the_first_errors_of_a_kind_are_written_and_the_rest_counted() {
        let (page, repeats) = (Page::default(), Repeats::default());
        let writer = page.clone();
        let log = tracing_subscriber::fmt::layer().with_writer(move || writer.clone());
        let lines = |word: &str| {
            let text = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
            text.lines().filter(|line| line.contains(word)).count()
        };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(log).with(repeats.clone()), || {
            for messages in 0..1_000 {
                tracing::error!(error = "no space", messages, "storage failed");
                tracing::info!("answered a request");
            }
            for channel in 0..20 {
                tracing::error!(channel, "this line is broken");
            }
            tracing::error!("another");
        });
        assert_eq!(lines("storage failed"), 5);
        assert_eq!(lines("answered a request"), 1_000, "what is no error is none of this");
        assert_eq!(lines("this line is broken"), 20, "each of these is news");
        assert_eq!(lines("another"), 1);
        let now = Instant::now();
        assert_eq!(repeats.take(now), [], "the window is not over");
        assert_eq!(repeats.take(now + WINDOW), [("storage failed".to_owned(), 995)]);
        assert_eq!(repeats.take(now + 2 * WINDOW), [], "told once");
    }
}
