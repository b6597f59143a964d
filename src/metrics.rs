//! What an installation counts about itself, for Prometheus. No label ever holds anything about a citizen.
//!
//! `app` makes one and hands it out, each module increments its own counters, and `web` prints them.

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Upper bounds of the buckets of request times, in seconds: a provider gives up after three to twenty.
const REQUEST_SECONDS: [f64; 9] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0, 20.0];

/// A finished HTTP request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    /// The route's pattern, never the path as it was asked for.
    pub route: String,
    /// The method, `OTHER` for what no route takes.
    pub method: &'static str,
    /// The status code.
    pub status: u16,
}

/// What became of a webhook body.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct WebhookLabels {
    /// The gateway's configured name.
    pub gateway: String,
    /// `accepted`, `denied`, `busy`, `too_large`, `too_slow`, `broken_off`, `no_room` or `client_limit`.
    pub outcome: &'static str,
}

/// What became of one item of a body.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ItemLabels {
    /// The desk's verdict in snake case: `served`, `repeat`, `set_aside`, `stray`, `unread` or `noted`.
    pub verdict: &'static str,
}

/// What became of one try to send a reply.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ReplyLabels {
    /// `sent`, `put_off`, `held`, `expired`, `dead`, or `ambiguous` (may be out already, and goes out again).
    pub verdict: &'static str,
}

/// What became of a planned notice.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct NoticeLabels {
    /// Its kind, `reminder`.
    pub kind: &'static str,
    /// `queued`, `put_off` to the end of the quiet hours, or why it was dropped: `late`, `opted out`, `outdated`, `off`.
    pub state: &'static str,
}

/// Personal data that was erased.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ErasedLabels {
    /// `messages`, `replies`, `photos`, `bookings`, `tickets` or `contacts`.
    pub what: &'static str,
}

/// Whether a channel sends.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ChannelLabels {
    /// The channel, `wa/1001`.
    pub channel: String,
    /// `open`, `paused`, `broken` or `limited`.
    pub state: &'static str,
}

/// A part of a channel's queue.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct QueueLabels {
    /// The channel, `wa/1001`.
    pub channel: String,
    /// `waiting`, `held` or `dead`.
    pub state: &'static str,
}

/// A jump of the machine's clock.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct JumpLabels {
    /// `forward` or `backward`.
    pub direction: &'static str,
}

/// The counters of one installation.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// Finished HTTP requests.
    pub requests: Family<RequestLabels, Counter>,
    /// How long requests took, in seconds.
    pub request_seconds: Histogram,
    /// Panics that were caught in a request.
    pub panics: Counter,
    /// Connections that are open now.
    pub connections: Gauge,
    /// Connections that were closed for others before they had proved anything.
    pub connections_evicted: Counter,
    /// Bytes of webhook bodies that are being received or served.
    pub body_bytes: Gauge,
    /// Webhook bodies by what became of them.
    pub webhooks: Family<WebhookLabels, Counter>,
    /// Items of bodies by what became of them.
    pub items: Family<ItemLabels, Counter>,
    /// Tries to send a reply by what became of them.
    pub replies: Family<ReplyLabels, Counter>,
    /// Notices by kind and what became of them.
    pub notices: Family<NoticeLabels, Counter>,
    /// Rows of personal data that were erased, by kind: too old, or because somebody asked for it.
    pub erased: Family<ErasedLabels, Counter>,
    /// Commits of the desk that served messages: one serves all of a batch.
    pub intake_commits: Counter,
    /// Messages of those commits, repeats included.
    pub intake_messages: Counter,
    /// Bookings that were confirmed: replies sent, divided by these, are what a booking costs in messages.
    pub bookings: Counter,
    /// Channels: 1 for the state that each is in, 0 for the others.
    pub channels: Family<ChannelLabels, Gauge>,
    /// Replies of each channel that have not gone out.
    pub queue: Family<QueueLabels, Gauge>,
    /// Tickets of citizens who asked for an officer, that are not closed.
    pub tickets: Gauge,
    /// How long the citizen waits who waits longest for an officer's answer, in seconds.
    pub ticket_wait: Gauge,
    /// Jumps of the machine's clock.
    pub clock_jumps: Family<JumpLabels, Counter>,
    /// 1 while the clock is trusted to give up what is too old.
    pub clock_settled: Gauge,
    /// Seconds that the machine's clock is ahead of the database's.
    pub clock_apart: Gauge,
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("antrean");
        let metrics = Self {
            requests: Family::default(),
            request_seconds: Histogram::new(REQUEST_SECONDS),
            panics: Counter::default(),
            connections: Gauge::default(),
            connections_evicted: Counter::default(),
            body_bytes: Gauge::default(),
            webhooks: Family::default(),
            items: Family::default(),
            replies: Family::default(),
            notices: Family::default(),
            erased: Family::default(),
            intake_commits: Counter::default(),
            intake_messages: Counter::default(),
            bookings: Counter::default(),
            channels: Family::default(),
            queue: Family::default(),
            tickets: Gauge::default(),
            ticket_wait: Gauge::default(),
            clock_jumps: Family::default(),
            clock_settled: Gauge::default(),
            clock_apart: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("http_requests", "Finished HTTP requests", metrics.requests.clone());
        registry.register_with_unit(
            "http_request",
            "Time from the request's headers to the response's",
            Unit::Seconds,
            metrics.request_seconds.clone(),
        );
        registry.register("http_panics", "Panics caught in a request", metrics.panics.clone());
        registry.register("http_connections", "Connections open now", metrics.connections.clone());
        registry.register(
            "http_connections_evicted",
            "Connections that had proved nothing and had to go for others",
            metrics.connections_evicted.clone(),
        );
        registry.register_with_unit(
            "webhook_body",
            "Memory of webhook bodies that are under way",
            Unit::Bytes,
            metrics.body_bytes.clone(),
        );
        registry.register("webhooks", "Webhook bodies by outcome", metrics.webhooks.clone());
        registry.register("webhook_items", "Items of webhook bodies by verdict", metrics.items.clone());
        registry.register("replies", "Tries to send a reply by verdict", metrics.replies.clone());
        registry.register("notices", "Notices by kind and what became of them", metrics.notices.clone());
        registry.register("erased", "Rows of personal data that were erased, by kind", metrics.erased.clone());
        registry.register("intake_commits", "Batches of messages committed", metrics.intake_commits.clone());
        registry.register("intake_messages", "Messages in committed batches", metrics.intake_messages.clone());
        registry.register("bookings", "Bookings confirmed", metrics.bookings.clone());
        registry.register("channels", "Channels by state: 1 for the one that it is in", metrics.channels.clone());
        registry.register("channel_queue", "Replies of a channel that have not gone out", metrics.queue.clone());
        registry.register("tickets", "Tickets that are not closed", metrics.tickets.clone());
        let wait = "Time that the citizen waits who waits longest for an officer's answer";
        registry.register_with_unit("ticket_wait", wait, Unit::Seconds, metrics.ticket_wait.clone());
        registry.register("clock_jumps", "Jumps of the machine's clock", metrics.clock_jumps.clone());
        let settled = "1 while the clock is trusted to give up what is too old";
        registry.register("clock_settled", settled, metrics.clock_settled.clone());
        let apart = "Time that the machine's clock is ahead of the database's";
        registry.register_with_unit("clock_apart", apart, Unit::Seconds, metrics.clock_apart.clone());
        Self { registry, ..metrics }
    }

    /// All metrics in the `OpenMetrics` text format.
    ///
    /// # Errors
    /// [`std::fmt::Error`] when a metric cannot be written, which no metric here does.
    pub fn print(&self) -> Result<String, std::fmt::Error> {
        let mut page = String::new();
        text::encode(&mut page, &self.registry)?;
        Ok(page)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_module_counts_is_on_the_page() {
        let metrics = Metrics::new();
        metrics.replies.get_or_create(&ReplyLabels { verdict: "sent" }).inc();
        metrics.request_seconds.observe(0.003);
        let page = metrics.print().unwrap();
        assert!(page.contains("antrean_replies_total{verdict=\"sent\"} 1"), "{page}");
        assert!(page.contains("antrean_http_request_seconds_bucket{le=\"0.005\"} 1"), "{page}");
        assert!(page.ends_with("# EOF\n"));
    }
}
