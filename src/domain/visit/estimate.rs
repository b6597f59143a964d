//! How long somebody will wait, from the visits that the day has finished.

use chrono::{DateTime, Utc};

use super::record::Visit;
use super::state::State;

/// Finished visits of the day without which nothing is said: fewer give any number.
pub const ESTIMATE_SERVED_MIN: usize = 20;
/// The range is that of four fifths to six fifths of the average,
const LOW_FIFTHS: i64 = 4;
const HIGH_FIFTHS: i64 = 6;
/// in steps of so many minutes: more exact would be a lie.
const STEP_MINUTES: i64 = 5;
const MINUTE_SECONDS: i64 = 60;

/// How long somebody will probably wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// At least so many minutes.
    pub from: u32,
    /// At most so many minutes.
    pub until: u32,
    /// The last visit that it was reckoned from: its age.
    pub as_of: DateTime<Utc>,
}

/// The wait of somebody with so many people before them; `None` without an open counter, or enough finished visits.
pub fn estimate(before: u32, counters: usize, day: &[Visit]) -> Option<Estimate> {
    let served = |visit: &Visit| {
        let (called, ended) = (visit.called_at?, visit.ended_at?);
        (visit.state == State::Done).then(|| ((ended - called).num_seconds().max(0), ended))
    };
    let served: Vec<(i64, DateTime<Utc>)> = day.iter().filter_map(served).collect();
    let counters = i64::try_from(counters).ok().filter(|open| *open > 0)?;
    if served.len() < ESTIMATE_SERVED_MIN {
        return None;
    }
    let as_of = served.iter().map(|(_, ended)| *ended).max()?;
    let all: i64 = served.iter().map(|(seconds, _)| seconds).sum();
    let average = all / i64::try_from(served.len()).ok()?;
    let wait = average.saturating_mul(i64::from(before)) / counters;
    let step = STEP_MINUTES * MINUTE_SECONDS;
    let low = (wait.saturating_mul(LOW_FIFTHS) / 5) / step;
    let high = (wait.saturating_mul(HIGH_FIFTHS) / 5) / step + 1;
    let minutes = |steps: i64| u32::try_from(steps.saturating_mul(STEP_MINUTES)).unwrap_or(u32::MAX);
    Some(Estimate { from: minutes(low), until: minutes(high), as_of })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::super::lane::Lane;
    use super::super::record::tests::waiting;
    use super::*;

    fn finished(count: i64, minutes: i64) -> Vec<Visit> {
        let nine: DateTime<Utc> = "2026-08-04T02:00:00Z".parse().unwrap();
        (0..count)
            .map(|n| Visit {
                state: State::Done,
                called_at: Some(nine + TimeDelta::minutes(n)),
                ended_at: Some(nine + TimeDelta::minutes(n + minutes)),
                ..waiting(n, Lane::Booked, Some(9), n)
            })
            .collect()
    }

    // Negative control: divided by nothing, two counters gave the wait of one.
    #[test]
    fn the_wait_is_a_range_by_open_counters_with_its_age_or_unknown() {
        let day = finished(20, 10);
        let as_of = "2026-08-04T02:29:00Z".parse().unwrap();
        assert_eq!(estimate(6, 1, &day), Some(Estimate { from: 45, until: 75, as_of }));
        assert_eq!(estimate(6, 2, &day), Some(Estimate { from: 20, until: 40, as_of }));
        assert_eq!(estimate(0, 2, &day), Some(Estimate { from: 0, until: 5, as_of }));
        assert_eq!(estimate(6, 0, &day), None, "no counter is open");
        assert_eq!(estimate(6, 2, &finished(19, 10)), None, "too few were served");
    }
}
