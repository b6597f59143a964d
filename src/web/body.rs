//! Reads a request's body whole: so many bytes, in so much time, at a pace, within the budget of all bodies, or not at all.

use std::pin::pin;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use tokio::time::{Instant, sleep_until};

use super::protection::{LISTED_BYTES_MIN, Lease, OverBudget};

/// Largest webhook body, in bytes: WhatsApp's own limit is 3 MB, and a simulated picture travels as base64.
pub const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How much of an oversize body is read and thrown away, in lengths of the longest one. A client that is still sending when the connection
/// closes never sees the 413 that tells it why.
const DISCARDED_TIMES: usize = 4;
/// Slowest large unproven body after its grace, in bytes a second: 128 kbit/s, which a weak mobile connection reaches. A body
/// up to [`LISTED_BYTES_MIN`] keeps so little that it may come as late as it likes within [`Pace::whole`], and so may that of a
/// sender who has proved who it is.
const PACE_BYTES_PER_SECOND: u32 = 16 * 1024;
/// First allocation of a body, in bytes: an ordinary webhook.
const FIRST_BYTES: usize = 2 * 1024;

/// Why a body is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyError {
    TooLarge,
    TooSlow,
    BrokenOff,
    OverBudget(OverBudget),
}

impl BodyError {
    /// Its name in the counters and in the log.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::BrokenOff => "broken_off",
            Self::OverBudget(OverBudget::Full) => "no_room",
            Self::OverBudget(OverBudget::Client) => "client_limit",
        }
    }
}

impl IntoResponse for BodyError {
    fn into_response(self) -> Response {
        let retry = [(header::RETRY_AFTER, super::state::RETRY_AFTER_SECONDS)];
        match self {
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "body too large: at most 4 MiB\n").into_response(),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "body too slow\n").into_response(),
            Self::BrokenOff => (StatusCode::BAD_REQUEST, "body broken off\n").into_response(),
            Self::OverBudget(OverBudget::Full) => {
                (StatusCode::SERVICE_UNAVAILABLE, retry, "no room for this body now: deliver again\n").into_response()
            }
            Self::OverBudget(OverBudget::Client) => {
                (StatusCode::SERVICE_UNAVAILABLE, retry, "too much at once from here: deliver again\n").into_response()
            }
        }
    }
}

/// How long a body may be, and may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// Its length, in bytes.
    pub(super) bytes_max: usize,
    /// For all of it.
    pub(super) whole: Duration,
    /// Before [`PACE_BYTES_PER_SECOND`] is asked of a large unproven body.
    pub(super) grace: Duration,
}

impl Pace {
    /// Until when the next bytes of a body must come that began then, has `seen` bytes, and has to keep the pace.
    fn deadline(self, began: Instant, seen: usize) -> Instant {
        let earned = f64::from(u32::try_from(seen).unwrap_or(u32::MAX)) / f64::from(PACE_BYTES_PER_SECOND);
        began + self.whole.min(self.grace + Duration::from_secs_f64(earned))
    }
}

/// Reads `body` whole. What is allocated grows with what has come, whatever the headers promise, and is asked from `lease`
/// first.
///
/// # Errors
/// [`BodyError`] when it is longer than it may be, too slow, broken off, or finds no room.
pub(super) async fn read(headers: &HeaderMap, body: Body, pace: Pace, lease: &mut Lease) -> Result<Vec<u8>, BodyError> {
    let declared: Option<usize> =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    // A client that asks first has sent nothing yet and reads our refusal at once.
    if declared.is_some_and(|length| length > pace.bytes_max) && headers.contains_key(header::EXPECT) {
        return Err(BodyError::TooLarge);
    }
    let began = Instant::now();
    let (mut whole, mut seen) = (Vec::new(), 0_usize);
    let mut chunks = body.into_data_stream();
    // One timer for the whole of an ordinary body; a large unverified one moves it with every chunk.
    let mut deadline = pin!(sleep_until(began + pace.whole));
    loop {
        if !lease.is_proven() && declared.unwrap_or(seen) > LISTED_BYTES_MIN {
            deadline.as_mut().reset(pace.deadline(began, seen));
        }
        let next = tokio::select! {
            biased;
            () = lease.evicted(), if lease.is_listed() => return Err(BodyError::OverBudget(OverBudget::Full)),
            next = chunks.next() => next,
            () = &mut deadline => return Err(BodyError::TooSlow),
        };
        let Some(chunk) = next else { break };
        let chunk = chunk.map_err(|_| BodyError::BrokenOff)?;
        seen = seen.saturating_add(chunk.len());
        if seen > DISCARDED_TIMES.saturating_mul(pace.bytes_max) {
            break;
        }
        if seen > pace.bytes_max {
            whole = Vec::new();
            lease.empty();
        } else {
            grow(&mut whole, seen, declared.unwrap_or(pace.bytes_max).min(pace.bytes_max), lease)?;
            whole.extend_from_slice(&chunk);
        }
    }
    if seen > pace.bytes_max { Err(BodyError::TooLarge) } else { Ok(whole) }
}

/// Throws a body away that nobody will read, as far as it is of usual length and keeps the pace: a browser that is still sending when the
/// connection closes never shows the answer.
pub(super) async fn discard(body: Body, pace: Pace) {
    let began = Instant::now();
    let (mut seen, mut chunks) = (0_usize, body.into_data_stream());
    while seen <= pace.bytes_max {
        match tokio::time::timeout_at(pace.deadline(began, seen), chunks.next()).await {
            Ok(Some(Ok(chunk))) => seen = seen.saturating_add(chunk.len()),
            _ => return,
        }
    }
}

/// Makes room for `needed` bytes in all: twice what there was, but never more than was announced, or may come.
fn grow(whole: &mut Vec<u8>, needed: usize, most: usize, lease: &mut Lease) -> Result<(), BodyError> {
    if needed <= whole.capacity() {
        return Ok(());
    }
    let capacity = (2 * whole.capacity()).max(FIRST_BYTES).min(most).max(needed);
    lease.grow_to(capacity).map_err(BodyError::OverBudget)?;
    whole.reserve_exact(capacity - whole.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::web::protection::Budget;

    fn pace() -> Pace {
        Pace { bytes_max: BODY_BYTES_MAX, whole: Duration::from_secs(10), grace: Duration::from_secs(2) }
    }

    fn headers(length: usize) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, length.into());
        headers
    }

    /// A body of these pieces, one each so many milliseconds.
    fn dripping(piece: usize, pieces: usize, pause: Duration) -> Body {
        Body::from_stream(futures_util::stream::unfold(0, move |n| async move {
            if n == pieces {
                return None;
            }
            tokio::time::sleep(pause).await;
            Some((Ok::<_, std::io::Error>(vec![b'x'; piece]), n + 1))
        }))
    }

    #[test]
    fn a_body_earns_its_time_by_what_has_come() {
        let began = Instant::now();
        let after = |seen| pace().deadline(began, seen) - began;
        assert_eq!(after(0), Duration::from_secs(2));
        assert_eq!(after(16 * 1024), Duration::from_secs(3));
        assert_eq!(after(BODY_BYTES_MAX), Duration::from_secs(10));
    }

    // With the deadline for the whole body only, the slow one is read to its end.
    #[tokio::test]
    async fn a_dribble_ends_when_its_grace_does_and_a_slow_connection_is_read() {
        let budget = Arc::new(Budget::new(1 << 20, 8));
        let pace = Pace { grace: Duration::from_millis(200), ..pace() };
        let mut lease = budget.open(None).unwrap();
        let slow = dripping(1, 60, Duration::from_millis(20));
        assert_eq!(read(&headers(60_000), slow, pace, &mut lease).await, Err(BodyError::TooSlow));
        // No length is announced: it is large when more has come than a small one has.
        let slow = dripping(17 * 1024, 2, Duration::from_millis(1_500));
        assert_eq!(read(&HeaderMap::new(), slow, pace, &mut lease).await, Err(BodyError::TooSlow));
        // 32 KiB in 0.8 seconds is a bad line.
        let steady = dripping(4 * 1024, 8, Duration::from_millis(100));
        assert_eq!(read(&headers(32 * 1024), steady, pace, &mut lease).await.map(|body| body.len()), Ok(32 * 1024));
    }

    // Negative control: with the pace asked of every body, each of the three is too slow.
    #[tokio::test]
    async fn a_small_body_and_a_proven_one_may_be_late() {
        let budget = Arc::new(Budget::new(1 << 20, 8));
        let pace = Pace { grace: Duration::from_millis(100), ..pace() };
        let mut lease = budget.open(None).unwrap();
        let late = |piece| dripping(piece, 1, Duration::from_millis(400));
        let length = |body: Result<Vec<u8>, BodyError>| body.map(|body| body.len());
        assert_eq!(length(read(&headers(16 * 1024), late(16 * 1024), pace, &mut lease).await), Ok(16 * 1024));
        assert_eq!(length(read(&HeaderMap::new(), late(9), pace, &mut lease).await), Ok(9));
        lease.prove();
        assert_eq!(length(read(&headers(60_000), late(60_000), pace, &mut lease).await), Ok(60_000));
        // Nobody has for ever.
        let brief = Pace { whole: Duration::from_millis(100), ..pace };
        assert_eq!(read(&headers(9), late(9), brief, &mut lease).await, Err(BodyError::TooSlow));
    }

    // With `Vec::with_capacity(declared)` in `read`, a promise of 4 MiB takes 4 MiB.
    #[tokio::test]
    async fn a_promise_takes_no_memory_and_what_came_takes_twice_its_size_at_most() {
        let budget = Arc::new(Budget::new(1 << 24, 8));
        let mut lease = budget.open(None).unwrap();
        let begun = async {
            read(&headers(BODY_BYTES_MAX), dripping(1024, 64, Duration::from_millis(1)), pace(), &mut lease).await
        };
        let body = begun.await.unwrap();
        assert!(body.capacity() <= 128 * 1024 && budget.used() <= 128 * 1024, "{}", body.capacity());
        let mut other = budget.open(None).unwrap();
        let exact = read(&headers(100), Body::from(vec![b'x'; 100]), pace(), &mut other).await.unwrap();
        assert_eq!(exact.capacity(), 100);
        drop((lease, other));
        assert_eq!(budget.used(), 0);
    }

    #[tokio::test]
    async fn an_oversize_body_gives_its_memory_back_while_it_is_thrown_away() {
        let budget = Arc::new(Budget::new(8 * 1024 * 1024, 8));
        let mut lease = budget.open(None).unwrap();
        let large = dripping(1024 * 1024, 9, Duration::ZERO);
        assert_eq!(read(&HeaderMap::new(), large, pace(), &mut lease).await, Err(BodyError::TooLarge));
        assert_eq!(budget.used(), 0);
    }
}
