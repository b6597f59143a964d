//! Keeps the log readable while one thing fails for every message: writes the first errors and warnings of a kind, counts the
//! rest, and writes the count every ten seconds.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::callsite::Identifier;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// Errors or warnings of one kind that are written in one window: enough to see whether they are the same.
const SHOWN_MAX: u32 = 5;
/// How long they are counted before the count is written.
const WINDOW: Duration = Duration::from_secs(10);
/// Kinds that are counted separately. A kind is a log call in the program and a channel, for a warning also its fields. If
/// unauthenticated clients could produce more kinds, the table would be begun anew.
const KINDS_MAX: usize = 1_024;

/// What makes two entries of the log the same: the log call that wrote them, and the channel that they are about, if any. For a
/// warning also all its fields, since each may be about another reply or photo that no list shows otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Kind {
    place: Identifier,
    channel: Option<String>,
    fields: Option<String>,
}

#[derive(Debug)]
struct Count {
    since: Instant,
    seen: u32,
    level: Level,
    message: String,
}

/// Entries that were counted and not written: their level, their message, and their number.
type More = (Level, String, u32);

#[derive(Debug, Default)]
struct Counts {
    kinds: HashMap<Kind, Count>,
    /// Counts of a table that was begun anew, which are not written yet.
    unwritten: Vec<More>,
}

impl Counts {
    /// Removes the counts for which `is_over` holds. Returns what they counted and nobody has written.
    fn remove(&mut self, is_over: impl Fn(&Count) -> bool) -> Vec<More> {
        let over = self.kinds.extract_if(|_, count| is_over(count));
        over.filter(|(_, count)| count.seen > SHOWN_MAX)
            .map(|(_, count)| (count.level, count.message, count.seen - SHOWN_MAX))
            .collect()
    }

    /// Begins the table anew, and keeps what it has counted, summed up by message.
    fn begin_anew(&mut self) {
        for (level, message, times) in self.remove(|_| true) {
            match self.unwritten.iter_mut().find(|(_, known, _)| *known == message) {
                Some((_, _, known)) => *known = known.saturating_add(times),
                None => self.unwritten.push((level, message, times)),
            }
        }
    }
}

/// The filter, shared with the thread that writes the counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Repeats(Arc<Mutex<Counts>>);

/// The fields of an entry that matter here.
#[derive(Debug, Default)]
struct Fields {
    message: String,
    channel: Option<String>,
    all: String,
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let value = format!("{value:?}");
        self.all.extend([field.name(), "=", &value, " "]);
        match field.name() {
            "message" => self.message = value,
            "channel" => self.channel = Some(value),
            _ => {}
        }
    }
}

impl Repeats {
    /// Whether an entry is to be written.
    fn admit(&self, kind: Kind, level: Level, message: String, now: Instant) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.kinds.len() >= KINDS_MAX {
            counts.begin_anew();
        }
        let count = counts.kinds.entry(kind).or_insert(Count { since: now, seen: 0, level, message });
        count.seen = count.seen.saturating_add(1);
        count.seen <= SHOWN_MAX
    }

    /// Takes what was counted and not written in windows that are over; those begin anew.
    fn take(&self, now: Instant) -> Vec<More> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut more = std::mem::take(&mut counts.unwritten);
        more.extend(counts.remove(|count| now.duration_since(count.since) >= WINDOW));
        more
    }

    /// Writes the counts for as long as the process lives.
    pub(super) fn write_counts(self) {
        let thread = std::thread::Builder::new().name("log-counts".to_owned());
        let spawned = thread.spawn(move || {
            loop {
                std::thread::sleep(WINDOW / 4);
                for (level, message, times) in self.take(Instant::now()) {
                    if level == Level::ERROR {
                        tracing::error!(times, "more of the same: {message}");
                    } else {
                        tracing::warn!(times, "more of the same: {message}");
                    }
                }
            }
        });
        if let Err(error) = spawned {
            tracing::warn!(%error, "repeated errors are not counted in the log");
        }
    }
}

impl<S: Subscriber> Layer<S> for Repeats {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let about = event.metadata();
        let level = *about.level();
        if level > Level::WARN || about.target() == module_path!() {
            return true;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        let all = (level == Level::WARN).then_some(fields.all);
        let kind = Kind { place: about.callsite(), channel: fields.channel, fields: all };
        self.admit(kind, level, fields.message, Instant::now())
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

    fn page_and_lines() -> (Repeats, impl Subscriber + Send + Sync, impl Fn(&str) -> usize) {
        let (page, repeats) = (Page::default(), Repeats::default());
        let writer = page.clone();
        let log = tracing_subscriber::fmt::layer().with_writer(move || writer.clone());
        let lines = move |word: &str| {
            let text = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
            text.lines().filter(|line| line.contains(word)).count()
        };
        (repeats.clone(), tracing_subscriber::registry().with(log).with(repeats), lines)
    }

    // Negative control: with `admit` always true all of them are written.
    #[test]
    fn the_first_errors_of_a_kind_are_written_and_the_rest_counted() {
        let (repeats, log, lines) = page_and_lines();
        tracing::subscriber::with_default(log, || {
            for messages in 0..1_000 {
                tracing::error!(error = "no space", messages, "storage failed");
                tracing::info!("answered a request");
            }
            for channel in 0..20 {
                tracing::error!(channel, "this channel is broken");
            }
            tracing::error!("another");
        });
        assert_eq!(lines("storage failed"), 5);
        assert_eq!(lines("answered a request"), 1_000, "what is no error is none of this");
        assert_eq!(lines("this channel is broken"), 20, "each of these is news");
        assert_eq!(lines("another"), 1);
        let now = Instant::now();
        assert_eq!(repeats.take(now), [], "the window is not over");
        assert_eq!(repeats.take(now + WINDOW), [(Level::ERROR, "storage failed".to_owned(), 995)]);
        assert_eq!(repeats.take(now + 2 * WINDOW), [], "told once");
    }

    // Controls: with errors alone collapsed all thousand are written; without `fields` five of the replies are.
    #[test]
    fn warnings_that_say_the_same_are_counted_and_those_that_differ_are_written() {
        let (repeats, log, lines) = page_and_lines();
        tracing::subscriber::with_default(log, || {
            for outbox in 0..1_000 {
                tracing::warn!(error = "locked", "not ready");
                tracing::warn!(outbox, "a reply was given up");
            }
        });
        assert_eq!(lines("not ready"), 5);
        assert_eq!(lines("a reply was given up"), 1_000, "each of these is another reply");
        let told = repeats.take(Instant::now() + WINDOW);
        assert_eq!(told, [(Level::WARN, "not ready".to_owned(), 995)]);
    }

    // Negative control: with `clear` alone in `begin_anew` the 995 are never told.
    #[test]
    fn a_full_table_is_told_before_it_is_begun_anew() {
        let (repeats, log, lines) = page_and_lines();
        tracing::subscriber::with_default(log, || {
            for _ in 0..1_000 {
                tracing::error!("storage failed");
            }
            for channel in 0..2 * KINDS_MAX {
                tracing::error!(channel, "this channel is broken");
            }
        });
        assert_eq!(lines("this channel is broken"), 2 * KINDS_MAX);
        assert!(repeats.0.lock().unwrap().kinds.len() <= KINDS_MAX);
        assert_eq!(repeats.take(Instant::now()), [(Level::ERROR, "storage failed".to_owned(), 995)]);
    }
}
