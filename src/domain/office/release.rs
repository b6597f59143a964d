//! The release calendar: when the days of a week can be booked.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};

use super::policy::Share;
use super::zone::Zone;

/// Days from one release to the next, and from the week of a release to the week that it opens.
const WEEK_DAYS: u32 = 7;

/// In every week an office releases the days of the following week, Monday to Sunday: in one wave, or in several that each open a
/// share of the seats of every day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The waves, in the order of the week; at least one. Their shares make up all seats.
    pub waves: Vec<Wave>,
}

/// The moment of a week at which a share of the following week's seats can be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wave {
    /// The share of the seats of every day.
    pub share: Share,
    /// The weekday.
    pub weekday: Weekday,
    /// The time of the office's clock.
    pub at: NaiveTime,
}

impl Wave {
    /// When it opens a day: in the week before that day.
    fn opens(self, zone: Zone, date: NaiveDate) -> DateTime<Utc> {
        let back = u64::from(WEEK_DAYS + date.weekday().num_days_from_monday());
        let ahead = u64::from(self.weekday.num_days_from_monday());
        let day = date.checked_sub_days(Days::new(back)).and_then(|monday| monday.checked_add_days(Days::new(ahead)));
        zone.instant(day.unwrap_or(date).and_time(self.at))
    }
}

impl Release {
    /// Most waves: more of them nobody remembers.
    pub const WAVES_MAX: usize = 4;

    /// The waves in the order of the week, each before the next.
    pub fn is_ordered(&self) -> bool {
        let moment = |wave: &Wave| (wave.weekday.num_days_from_monday(), wave.at);
        self.waves.is_sorted_by(|before, after| moment(before) < moment(after))
    }

    /// Whether the shares make up all seats, no more and no less.
    pub fn is_whole(&self) -> bool {
        let (parts, of) = sum(&self.waves);
        parts == of
    }

    /// When the first seats of a day can be booked.
    pub fn opens(&self, zone: Zone, date: NaiveDate) -> DateTime<Utc> {
        self.waves.iter().map(|wave| wave.opens(zone, date)).min().unwrap_or(DateTime::<Utc>::MIN_UTC)
    }

    /// When more seats of a day can be booked than at `now`; `None` once all can.
    pub fn next_wave(&self, zone: Zone, date: NaiveDate, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.waves.iter().map(|wave| wave.opens(zone, date)).find(|&moment| now < moment)
    }

    /// How many of a day's seats can be booked by `now`, rounded up.
    pub fn seats(&self, zone: Zone, date: NaiveDate, all: u32, now: DateTime<Utc>) -> u32 {
        let open = self.waves.iter().take_while(|wave| wave.opens(zone, date) <= now).count();
        let (parts, of) = sum(self.waves.iter().take(open));
        u32::try_from((u64::from(all) * parts).div_ceil(of)).unwrap_or(all).min(all)
    }

    /// The furthest that a released day lies ahead, in days: the Sunday that the earliest wave of the week opens.
    pub fn days_ahead(&self) -> u32 {
        let first = self.waves.iter().map(|wave| wave.weekday.num_days_from_monday()).min().unwrap_or_default();
        2 * WEEK_DAYS - 1 - first
    }
}

/// Shares added up, as a fraction. With [`Release::WAVES_MAX`] shares of at most a hundred parts it has room for any day's seats.
fn sum<'w>(waves: impl IntoIterator<Item = &'w Wave>) -> (u64, u64) {
    waves.into_iter().fold((0, 1), |(parts, of), Wave { share, .. }| {
        let whole = u64::from(share.of.max(1));
        (parts * whole + u64::from(share.parts) * of, of * whole)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::day;

    fn wave(parts: u32, of: u32, weekday: Weekday, hour: u32) -> Wave {
        Wave { share: Share { parts, of }, weekday, at: NaiveTime::from_hms_opt(hour, 0, 0).unwrap() }
    }

    fn at(date: NaiveDate, hour: u32) -> DateTime<Utc> {
        Zone::Wib.instant(date.and_hms_opt(hour, 0, 0).unwrap())
    }

    #[test]
    fn friday_opens_monday_to_sunday_of_the_following_week() {
        let release = Release { waves: vec![wave(1, 1, Weekday::Fri, 14)] };
        let friday = at(day(2017, 8, 4), 14);
        for date in [day(2017, 8, 7), day(2017, 8, 11), day(2017, 8, 13)] {
            assert_eq!(release.opens(Zone::Wib, date), friday);
        }
        assert_eq!(release.opens(Zone::Wib, day(2017, 8, 14)), at(day(2017, 8, 11), 14));
        assert_eq!(release.opens(Zone::Wib, day(2017, 8, 6)), at(day(2017, 7, 28), 14));
        assert_eq!(release.days_ahead(), 9, "the second Sunday after that Friday");
        assert_eq!(Release { waves: vec![wave(1, 1, Weekday::Mon, 8)] }.days_ahead(), 13);
    }

    // Negative control: with `take_while` of `opens(..) < now`, the moment itself gives nothing yet.
    #[test]
    fn waves_open_their_shares_one_after_the_other() {
        let release = Release {
            waves: vec![wave(1, 2, Weekday::Fri, 14), wave(1, 3, Weekday::Sat, 9), wave(1, 6, Weekday::Sun, 9)],
        };
        assert!(release.is_ordered() && release.is_whole());
        let monday = day(2017, 8, 7);
        let seats = |now, all| release.seats(Zone::Wib, monday, all, now);
        let (friday, saturday, sunday) = (at(day(2017, 8, 4), 14), at(day(2017, 8, 5), 9), at(day(2017, 8, 6), 9));
        assert_eq!(seats(friday - chrono::Duration::seconds(1), 60), 0);
        assert_eq!([friday, saturday, sunday].map(|now| seats(now, 60)), [30, 50, 60]);
        assert_eq!([friday, saturday, sunday].map(|now| seats(now, 7)), [4, 6, 7], "a broken seat is given early");
        let next = |now| release.next_wave(Zone::Wib, monday, now);
        assert_eq!((next(friday), next(saturday), next(sunday)), (Some(saturday), Some(sunday), None));
    }

    #[test]
    fn shares_that_do_not_add_up_and_waves_out_of_order_are_noticed() {
        let two = |first, second| Release { waves: vec![first, second] };
        assert!(!two(wave(1, 2, Weekday::Fri, 9), wave(1, 3, Weekday::Sat, 9)).is_whole());
        assert!(!two(wave(1, 2, Weekday::Fri, 9), wave(2, 3, Weekday::Sat, 9)).is_whole());
        assert!(two(wave(30, 100, Weekday::Fri, 9), wave(7, 10, Weekday::Sat, 9)).is_whole());
        assert!(!two(wave(1, 2, Weekday::Sat, 9), wave(1, 2, Weekday::Fri, 9)).is_ordered());
        assert!(!two(wave(1, 2, Weekday::Fri, 9), wave(1, 2, Weekday::Fri, 9)).is_ordered());
    }
}
