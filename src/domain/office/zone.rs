//! Indonesia's time zones.

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

/// One of Indonesia's three time zones; none has summer time (Keppres 41/1987).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Zone {
    /// Western, UTC+7: Sumatra, Java, West and Central Kalimantan.
    Wib,
    /// Central, UTC+8: Bali, Nusa Tenggara, Sulawesi, the rest of Kalimantan.
    Wita,
    /// Eastern, UTC+9: Maluku, Papua.
    Wit,
}

impl Zone {
    fn hours_east(self) -> i32 {
        match self {
            Self::Wib => 7,
            Self::Wita => 8,
            Self::Wit => 9,
        }
    }

    /// Wall time in this zone at an instant.
    pub fn local(self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.naive_utc() + chrono::Duration::hours(i64::from(self.hours_east()))
    }

    /// The instant of a wall time in this zone.
    pub fn instant(self, wall: NaiveDateTime) -> DateTime<Utc> {
        (wall - chrono::Duration::hours(i64::from(self.hours_east()))).and_utc()
    }

    /// The instant with this zone's offset, for printing.
    pub fn offset(self) -> FixedOffset {
        FixedOffset::east_opt(self.hours_east() * 3600).unwrap_or_else(|| chrono::Offset::fix(&Utc))
    }

    /// `WIB`, `WITA` or `WIT`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wib => "WIB",
            Self::Wita => "WITA",
            Self::Wit => "WIT",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_turns_an_instant_into_wall_time_and_back() {
        let instant = "2017-08-07T17:30:00Z".parse::<DateTime<Utc>>().unwrap();
        for (zone, wall) in [
            (Zone::Wib, "2017-08-08T00:30:00"),
            (Zone::Wita, "2017-08-08T01:30:00"),
            (Zone::Wit, "2017-08-08T02:30:00"),
        ] {
            assert_eq!(zone.local(instant), wall.parse::<NaiveDateTime>().unwrap());
            assert_eq!(zone.instant(zone.local(instant)), instant);
            assert_eq!(instant.with_timezone(&zone.offset()).naive_local(), zone.local(instant));
        }
    }
}
