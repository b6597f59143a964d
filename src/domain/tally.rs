//! What reports count, and into which classes times fall. Figures name nobody.

use chrono::NaiveDate;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Messages of citizens, by when they were served.
    Message,
    /// Replies to messages, by what they were.
    Outcome,
    /// Replies to messages, by the time that they took.
    Reply,
    /// Confirmed places, by the booked hour: people, not bookings.
    Booking,
    /// People at the counter, by what became of them.
    Visit,
    /// People who were called, by how long they had waited.
    Wait,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Message, Self::Outcome, Self::Reply, Self::Booking, Self::Visit, Self::Wait];
    /// Those that come from messages.
    pub const OF_MESSAGES: [Self; 3] = [Self::Message, Self::Outcome, Self::Reply];
    /// Those that come from a day's bookings and visits.
    pub const OF_DAYS: [Self; 3] = [Self::Booking, Self::Visit, Self::Wait];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Outcome => "outcome",
            Self::Reply => "reply",
            Self::Booking => "booking",
            Self::Visit => "visit",
            Self::Wait => "wait",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The name under which a message without a reply is counted, beside [`ANSWERED`].
pub const UNANSWERED: &str = "unanswered";
/// The name under which a message with a reply is counted.
pub const ANSWERED: &str = "answered";
/// The name under which a reply that never arrived is counted.
pub const NEVER: &str = "never";
/// The name of confirmed places.
pub const BOOKED: &str = "booked";
/// What begins the name of a refusal's outcome; its reason follows.
pub const REFUSED: &str = "refused: ";

/// Longest times of the classes of replies, in seconds: at once, while somebody still looks at the phone, later.
pub const REPLY_SECONDS: [i64; 7] = [5, 15, 60, 300, 900, 3_600, 86_400];
/// Longest times of the classes of waits, in minutes.
pub const WAIT_MINUTES: [i64; 7] = [5, 10, 15, 30, 45, 60, 120];
/// The name of the last class: longer than all others.
pub const LONGER: &str = "longer";

/// The name of the class that a time falls into: the longest time of it, as a number.
pub fn class_of(time: i64, classes: &[i64]) -> String {
    let class = classes.iter().find(|longest| time <= **longest);
    class.map_or_else(|| LONGER.to_owned(), ToString::to_string)
}

/// A number that was counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// The day at the office.
    pub date: NaiveDate,
    /// Of what.
    pub kind: Kind,
    /// The hour at the office.
    pub hour: u8,
    /// Of what kind.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// The first and the last day of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub first: NaiveDate,
    /// The last day, which may be the first.
    pub last: NaiveDate,
}

/// Most days of a report: a year and its leap day.
pub const SPAN_DAYS_MAX: i64 = 366;

/// Why two days make no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSpan {
    /// The last day comes before the first.
    Backwards,
    /// They are more than [`SPAN_DAYS_MAX`].
    Long,
}

impl Span {
    /// The days from `first` to `last`.
    ///
    /// # Errors
    /// [`NoSpan`] where they make no report.
    pub fn new(first: NaiveDate, last: NaiveDate) -> Result<Self, NoSpan> {
        match (last - first).num_days() {
            ..0 => Err(NoSpan::Backwards),
            days if days >= SPAN_DAYS_MAX => Err(NoSpan::Long),
            _ => Ok(Self { first, last }),
        }
    }

    /// The week that a day is in, from Monday to Sunday.
    pub fn week(day: NaiveDate) -> Self {
        let week = day.week(chrono::Weekday::Mon);
        Self { first: week.first_day(), last: week.last_day() }
    }

    /// The month that a day is in.
    pub fn month(day: NaiveDate) -> Self {
        use chrono::{Datelike, Days, Months};
        let first = day.with_day(1).unwrap_or(day);
        let next = first.checked_add_months(Months::new(1)).and_then(|next| next.checked_sub_days(Days::new(1)));
        Self { first, last: next.unwrap_or(day) }
    }

    /// Its days, in order.
    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take_while(move |day| *day <= self.last)
    }

    /// How many days it has.
    pub fn count(self) -> usize {
        usize::try_from((self.last - self.first).num_days() + 1).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::day;

    // Negative control: with `<` for `<=` a reply of exactly five seconds falls into the next class.
    #[test]
    fn a_time_falls_into_the_first_class_that_is_long_enough() {
        let of = |seconds| class_of(seconds, &REPLY_SECONDS);
        assert_eq!([of(0), of(5), of(6), of(86_400), of(86_401)], ["5", "5", "15", "86400", LONGER]);
    }

    #[test]
    fn a_span_is_a_week_a_month_or_up_to_a_year() {
        assert_eq!(Span::week(day(2026, 8, 4)), Span { first: day(2026, 8, 3), last: day(2026, 8, 9) });
        assert_eq!(Span::month(day(2028, 2, 10)), Span { first: day(2028, 2, 1), last: day(2028, 2, 29) });
        assert_eq!(Span::new(day(2026, 8, 4), day(2026, 8, 3)), Err(NoSpan::Backwards));
        assert_eq!(Span::new(day(2026, 1, 1), day(2027, 1, 2)), Err(NoSpan::Long));
        let year = Span::new(day(2028, 1, 1), day(2028, 12, 31)).unwrap();
        assert_eq!((year.count(), year.days().count()), (366, 366));
    }

    #[test]
    fn every_kind_is_read_by_its_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::named(kind.name()), Some(kind));
        }
    }
}
