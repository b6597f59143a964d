//! What somebody wants of a calendar, and what the dates become by it.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::limits::{CALENDAR_DAYS_MAX, CALENDAR_REASON_CHARS};
use super::refused::CalendarRefused;
use crate::domain::calendar::Calendar;
use crate::domain::office::{Day, Exception, Office, SEATS_PER_HOUR_MAX};

/// Shortest reason, in characters.
const REASON_CHARS_MIN: usize = 3;
/// How far ahead a change may lie, in days.
const AHEAD_DAYS_MAX: u64 = 366;
/// Hours of a day.
const HOURS: u8 = 24;

/// What becomes of the hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarAction {
    /// Nobody is served in them.
    Close,
    /// People are served in them.
    Open,
    /// Each has so many seats.
    Seats(u32),
    /// What a change did is taken back.
    TakeBack(i64),
}

/// What somebody wants of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarWish {
    /// What.
    pub action: CalendarAction,
    /// The first day.
    pub from: NaiveDate,
    /// The last one.
    pub until: NaiveDate,
    /// The hours, the second not included; `None`: the whole day.
    pub hours: Option<(u8, u8)>,
    /// Why.
    pub reason: String,
}

/// What dates become: an exception, or what file, week and holidays say.
pub(super) type DateChanges = BTreeMap<NaiveDate, Option<Exception>>;

/// A reason in one line.
pub(super) fn reason(text: &str) -> Result<String, CalendarRefused> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_one = (REASON_CHARS_MIN..=CALENDAR_REASON_CHARS).contains(&line.chars().count());
    if is_one && !line.chars().any(char::is_control) { Ok(line) } else { Err(CalendarRefused::Reason) }
}

impl CalendarWish {
    /// What the dates become at an office on `today`; those that are so already are left out.
    ///
    /// # Errors
    /// Why that cannot be.
    pub(super) fn days(
        &self,
        office: &Office,
        calendar: &Calendar,
        today: NaiveDate,
    ) -> Result<DateChanges, CalendarRefused> {
        let reason = reason(&self.reason)?;
        if self.from < today {
            return Err(CalendarRefused::Past);
        }
        let last = today.checked_add_days(Days::new(AHEAD_DAYS_MAX)).unwrap_or(today);
        if self.until > last {
            return Err(CalendarRefused::TooFar);
        }
        if self.until < self.from
            || self.from.iter_days().take_while(|date| *date <= self.until).count() > CALENDAR_DAYS_MAX
        {
            return Err(CalendarRefused::Span);
        }
        if self.hours.is_some_and(|(from, until)| from >= until || until > HOURS) {
            return Err(CalendarRefused::Hours);
        }
        if matches!(self.action, CalendarAction::Seats(seats) if !(1..=SEATS_PER_HOUR_MAX).contains(&seats)) {
            return Err(CalendarRefused::Seats);
        }
        let mut days = DateChanges::new();
        let mut missing = None;
        for date in self.from.iter_days().take_while(|date| *date <= self.until) {
            let known = office.exceptions.days.get(&date);
            match self.day(office, calendar, date, &reason) {
                // A reason alone changes nothing.
                Ok(after) if after.as_ref().map(Exception::hours) == known.map(Exception::hours) => {}
                Ok(after) => drop(days.insert(date, after)),
                Err(refused) => missing = Some(refused),
            }
        }
        if days.is_empty() { Err(missing.unwrap_or(CalendarRefused::Nothing)) } else { Ok(days) }
    }

    /// What one date becomes.
    fn day(
        &self,
        office: &Office,
        calendar: &Calendar,
        date: NaiveDate,
        reason: &str,
    ) -> Result<Option<Exception>, CalendarRefused> {
        let planned: BTreeMap<u8, Option<u32>> = match office.planned_day(calendar, date) {
            Day::Open(hours) => hours.into_iter().map(|hour| (hour, None)).collect(),
            Day::Closed(_) => BTreeMap::new(),
        };
        let mut hours =
            office.exceptions.days.get(&date).map_or_else(|| planned.clone(), |known| known.hours().clone());
        let is_meant = |hour: u8| self.hours.is_none_or(|(from, until)| from <= hour && hour < until);
        match self.action {
            CalendarAction::Close => hours.retain(|hour, _| !is_meant(*hour)),
            CalendarAction::Open => {
                for hour in self.opened(office, &planned, date)? {
                    hours.entry(hour).or_insert(None);
                }
            }
            CalendarAction::Seats(seats) => {
                let own = (seats != office.seats_per_hour).then_some(seats);
                let meant = hours.iter_mut().filter(|(hour, _)| is_meant(**hour));
                meant.for_each(|(_, seats)| *seats = own);
            }
            CalendarAction::TakeBack(_) => {}
        }
        Ok((hours != planned).then(|| Exception::new(hours, reason.to_owned())))
    }

    /// The hours that are opened: those that were named, else those of the plan, else those of the week on a holiday.
    fn opened(
        &self,
        office: &Office,
        planned: &BTreeMap<u8, Option<u32>>,
        date: NaiveDate,
    ) -> Result<Vec<u8>, CalendarRefused> {
        let hours: Vec<u8> = match self.hours {
            Some((from, until)) => (from..until).collect(),
            None if planned.is_empty() => {
                office.hours.on(date.weekday()).iter().flat_map(|span| span.hours()).collect()
            }
            None => planned.keys().copied().collect(),
        };
        if hours.is_empty() { Err(CalendarRefused::NoHours) } else { Ok(hours) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::{calendar, day, office};

    fn wish(action: CalendarAction, (from, until): (u32, u32), hours: Option<(u8, u8)>) -> CalendarWish {
        CalendarWish {
            action,
            from: day(2017, 8, from),
            until: day(2017, 8, until),
            hours,
            reason: "Rapat dinas".to_owned(),
        }
    }

    fn applied(office: &mut Office, wish: &CalendarWish) -> Result<(), CalendarRefused> {
        for (date, exception) in wish.days(office, &calendar(), day(2017, 8, 1))? {
            match exception {
                Some(exception) => drop(office.exceptions.days.insert(date, exception)),
                None => drop(office.exceptions.days.remove(&date)),
            }
        }
        Ok(())
    }

    fn hours(office: &Office, date: u32) -> Vec<u8> {
        match office.day(&calendar(), day(2017, 8, date)) {
            Day::Open(hours) => hours,
            Day::Closed(_) => Vec::new(),
        }
    }

    // Negative control: with `hours != planned` left out, a day that is opened again stays an exception.
    #[test]
    fn hours_close_and_open_again_and_a_day_that_is_as_planned_is_no_exception() {
        use CalendarAction::{Close, Open, Seats};
        let mut office = office();
        applied(&mut office, &wish(Close, (7, 7), Some((9, 11)))).unwrap();
        assert_eq!(hours(&office, 7), [8, 11, 13, 14]);
        applied(&mut office, &wish(Close, (7, 7), None)).unwrap();
        assert_eq!(hours(&office, 7), [0_u8; 0]);
        assert_eq!(applied(&mut office, &wish(Close, (7, 7), None)), Err(CalendarRefused::Nothing));
        applied(&mut office, &wish(Open, (7, 7), Some((13, 16)))).unwrap();
        assert_eq!(hours(&office, 7), [13, 14, 15]);
        applied(&mut office, &wish(Seats(5), (7, 7), Some((13, 14)))).unwrap();
        assert_eq!((office.seats_at(day(2017, 8, 7), 13), office.seats_at(day(2017, 8, 7), 14)), (5, 50));
        applied(&mut office, &wish(Seats(50), (7, 7), None)).unwrap();
        applied(&mut office, &wish(Close, (7, 7), Some((15, 16)))).unwrap();
        applied(&mut office, &wish(Open, (7, 7), None)).unwrap();
        assert_eq!(office.exceptions.days.len(), 0, "{:?}", office.exceptions);
    }

    #[test]
    fn a_holiday_opens_with_the_hours_of_its_weekday_and_a_sunday_needs_hours() {
        use CalendarAction::{Close, Open};
        let mut office = office();
        applied(&mut office, &wish(Open, (17, 17), None)).unwrap();
        assert_eq!(hours(&office, 17), [8, 9, 10, 11, 13, 14]);
        assert_eq!(applied(&mut office, &wish(Open, (20, 20), None)), Err(CalendarRefused::NoHours));
        applied(&mut office, &wish(Open, (20, 20), Some((9, 11)))).unwrap();
        assert_eq!(hours(&office, 20), [9, 10]);
        // From Saturday to Monday only Monday, and the Sunday that was opened, close.
        applied(&mut office, &wish(Close, (19, 21), None)).unwrap();
        assert_eq!((hours(&office, 20).len(), hours(&office, 21).len()), (0, 0));
        assert!(!office.exceptions.days.contains_key(&day(2017, 8, 20)), "closed as every Sunday");
    }

    #[test]
    fn what_cannot_be_is_refused() {
        use CalendarAction::{Close, Seats};
        let office = office();
        let refused = |wish: CalendarWish| wish.days(&office, &calendar(), day(2017, 8, 3)).unwrap_err();
        assert_eq!(refused(wish(Close, (1, 4), None)), CalendarRefused::Past);
        assert_eq!(refused(wish(Close, (8, 7), None)), CalendarRefused::Span);
        assert_eq!(refused(wish(Close, (7, 7), Some((11, 11)))), CalendarRefused::Hours);
        assert_eq!(refused(wish(Seats(0), (7, 7), None)), CalendarRefused::Seats);
        assert_eq!(
            refused(CalendarWish { reason: " x ".to_owned(), ..wish(Close, (7, 7), None) }),
            CalendarRefused::Reason
        );
        let far = day(2018, 8, 5);
        assert_eq!(
            refused(CalendarWish { from: far, until: far, ..wish(Close, (7, 7), None) }),
            CalendarRefused::TooFar
        );
    }
}
