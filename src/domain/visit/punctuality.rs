//! Whether somebody with a booking comes in time.

use chrono::{DateTime, Duration, Utc};

use crate::domain::office::Office;
use crate::domain::slot::Slot;

/// How an arrival fits the booked hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Punctuality {
    /// Before people should come for this hour.
    Early {
        /// From when on they should come.
        from: DateTime<Utc>,
    },
    /// In time.
    OnTime,
    /// After the grace of an office that forfeits no place: they wait behind the others.
    Late {
        /// Until when they would have been in time.
        until: DateTime<Utc>,
    },
    /// After the grace of an office that forfeits places.
    Forfeited {
        /// Until when they would have been in time.
        until: DateTime<Utc>,
    },
}

/// How an arrival at `now` fits an hour.
pub fn punctuality(office: &Office, slot: Slot, now: DateTime<Utc>) -> Punctuality {
    let policy = &office.policy;
    let from = slot.begins(office) - Duration::minutes(i64::from(policy.arrive_early_minutes));
    let until = slot.begins(office) + Duration::minutes(i64::from(policy.grace_minutes));
    if now < from {
        Punctuality::Early { from }
    } else if now <= until {
        Punctuality::OnTime
    } else if policy.arrivals {
        Punctuality::Forfeited { until }
    } else {
        Punctuality::Late { until }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::{day, office};

    // Negative control: with `now < until` the last minute of grace was late.
    #[test]
    fn an_arrival_is_judged_by_the_offices_own_minutes() {
        let mut office = office();
        (office.policy.arrive_early_minutes, office.policy.grace_minutes) = (30, 15);
        let slot = Slot { date: day(2017, 8, 7), hour: 9 };
        let nine = slot.begins(&office);
        let at = |office: &Office, minutes| punctuality(office, slot, nine + Duration::minutes(minutes));
        let (from, until) = (nine - Duration::minutes(30), nine + Duration::minutes(15));
        assert_eq!(at(&office, -31), Punctuality::Early { from });
        assert_eq!([-30, 0, 15].map(|minutes| at(&office, minutes)), [Punctuality::OnTime; 3]);
        assert_eq!(at(&office, 16), Punctuality::Late { until });
        office.policy.arrivals = true;
        assert_eq!(at(&office, 16), Punctuality::Forfeited { until });
    }
}
