//! The figures of a report, reckoned from what was counted. Pure, and without a name.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::tally::{BOOKED, Kind, LONGER, NEVER, REFUSED, REPLY_SECONDS, Span, Tally, WAIT_MINUTES};

/// Outcomes that are no refusal of a form, and yet end without what was wanted; each counts among the refusals by its name.
const ALSO_REFUSED: [&str; 6] =
    ["code expired", "code blocked", "hold on closed day", "cancel not allowed", "move refused", "not undone"];
/// Outcomes of messages that could not be read.
const MISREAD: [&str; 3] = ["misread", "unreadable", "placeholder"];

/// The numbers of a day, an hour or a whole span.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Messages that came in.
    pub messages: u64,
    /// Messages that were refused, with a reason.
    pub refused: u64,
    /// Messages that could not be read.
    pub misread: u64,
    /// Places, of days up to today confirmed ones: people, not bookings.
    pub places: u64,
    /// People who were served.
    pub served: u64,
    /// People who did not come.
    pub absent: u64,
    /// People who came, and whose turn did not come.
    pub unserved: u64,
}

impl Numbers {
    fn add(&mut self, tally: &Tally) {
        let count = tally.count;
        match tally.kind {
            Kind::Message => self.messages += count,
            Kind::Outcome if is_refusal(&tally.name) => self.refused += count,
            Kind::Outcome if MISREAD.contains(&tally.name.as_str()) => self.misread += count,
            Kind::Booking if tally.name == BOOKED => self.places += count,
            Kind::Visit => match tally.name.as_str() {
                "done" => self.served += count,
                "no_show" => self.absent += count,
                "unserved" => self.unserved += count,
                _ => {}
            },
            Kind::Outcome | Kind::Booking | Kind::Reply | Kind::Wait => {}
        }
    }

    /// Adds others.
    pub fn plus(&mut self, more: &Self) {
        self.messages += more.messages;
        self.refused += more.refused;
        self.misread += more.misread;
        self.places += more.places;
        self.served += more.served;
        self.absent += more.absent;
        self.unserved += more.unserved;
    }

    fn sum<'n>(all: impl Iterator<Item = &'n Self>) -> Self {
        let mut sum = Self::default();
        all.for_each(|one| sum.plus(one));
        sum
    }
}

/// How many times fell into each class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classes {
    /// The longest time of each class, and how many fell into it.
    pub up_to: Vec<(i64, u64)>,
    /// Those that took longer.
    pub longer: u64,
    /// Those that never came to an end.
    pub never: u64,
}

impl Classes {
    fn of(kind: Kind, longest: &[i64], tallies: &[Tally]) -> Self {
        let mut of: BTreeMap<&str, u64> = BTreeMap::new();
        for tally in tallies.iter().filter(|tally| tally.kind == kind) {
            *of.entry(&tally.name).or_default() += tally.count;
        }
        let count = |name: &str| of.get(name).copied().unwrap_or_default();
        Self {
            up_to: longest.iter().map(|longest| (*longest, count(&longest.to_string()))).collect(),
            longer: count(LONGER),
            never: count(NEVER),
        }
    }

    /// All of them.
    pub fn count(&self) -> u64 {
        self.up_to.iter().map(|(_, count)| count).sum::<u64>() + self.longer + self.never
    }

    /// The time that so many of a hundred did not exceed; `None` without any, or where that many took longer than every class.
    pub fn within(&self, percent: u64) -> Option<i64> {
        let wanted = (self.count() * percent).div_ceil(100);
        let mut so_far = 0;
        self.up_to.iter().find_map(|(longest, count)| {
            so_far += count;
            (wanted > 0 && so_far >= wanted).then_some(*longest)
        })
    }
}

/// Everything that a report shows of an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The days.
    pub span: Span,
    /// Everything.
    pub total: Numbers,
    /// Each day of the span.
    pub days: Vec<(NaiveDate, Numbers)>,
    /// Each hour of the day at which there was anything, over all days.
    pub hours: Vec<(u8, Numbers)>,
    /// Why messages were refused, the commonest first.
    pub refusals: Vec<(String, u64)>,
    /// From message to reply, in seconds.
    pub replies: Classes,
    /// From arrival to the call, in minutes.
    pub waits: Classes,
}

fn is_refusal(name: &str) -> bool {
    name.starts_with(REFUSED) || ALSO_REFUSED.contains(&name)
}

impl Figures {
    /// Reckons them; `to_come` are the places that are taken on days after `today`.
    pub fn of(span: Span, tallies: &[Tally], to_come: &[(NaiveDate, u8, u64)], today: NaiveDate) -> Self {
        let mut days: BTreeMap<NaiveDate, Numbers> = span.days().map(|day| (day, Numbers::default())).collect();
        let mut hours: BTreeMap<u8, Numbers> = BTreeMap::new();
        let mut refusals: BTreeMap<&str, u64> = BTreeMap::new();
        for tally in tallies {
            let Some(day) = days.get_mut(&tally.date) else { continue };
            day.add(tally);
            hours.entry(tally.hour).or_default().add(tally);
            if tally.kind == Kind::Outcome && is_refusal(&tally.name) {
                *refusals.entry(&tally.name).or_default() += tally.count;
            }
        }
        for (date, hour, places) in to_come.iter().filter(|(date, ..)| *date > today) {
            let Some(day) = days.get_mut(date) else { continue };
            day.places += places;
            hours.entry(*hour).or_default().places += places;
        }
        let mut refusals: Vec<(String, u64)> =
            refusals.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
        refusals.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        hours.retain(|_, numbers| *numbers != Numbers::default());
        Self {
            span,
            total: Numbers::sum(days.values()),
            days: days.into_iter().collect(),
            hours: hours.into_iter().collect(),
            refusals,
            replies: Classes::of(Kind::Reply, &REPLY_SECONDS, tallies),
            waits: Classes::of(Kind::Wait, &WAIT_MINUTES, tallies),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::day;

    fn tally(date: u32, kind: Kind, hour: u8, name: &str, count: u64) -> Tally {
        Tally { date: day(2026, 8, date), kind, hour, name: name.to_owned(), count }
    }

    fn counted() -> Vec<Tally> {
        vec![
            tally(3, Kind::Message, 9, "answered", 7),
            tally(3, Kind::Message, 10, "unanswered", 1),
            tally(3, Kind::Outcome, 9, "refused: day full", 2),
            tally(3, Kind::Outcome, 10, "refused: holiday", 1),
            tally(4, Kind::Outcome, 9, "refused: holiday", 4),
            tally(3, Kind::Outcome, 9, "misread", 1),
            tally(3, Kind::Outcome, 9, "echo", 3),
            tally(3, Kind::Outcome, 9, "code expired", 1),
            tally(4, Kind::Booking, 8, "booked", 5),
            tally(4, Kind::Visit, 8, "done", 3),
            tally(4, Kind::Visit, 8, "no_show", 1),
            tally(4, Kind::Visit, 8, "arrived", 1),
            tally(3, Kind::Reply, 9, "5", 6),
            tally(3, Kind::Reply, 9, "60", 1),
            tally(3, Kind::Reply, 10, "never", 1),
            tally(4, Kind::Wait, 8, "10", 2),
            tally(4, Kind::Wait, 8, "30", 1),
        ]
    }

    // Negative control: with every outcome counted as a refusal the echoes are among them.
    #[test]
    fn figures_are_what_a_hand_counts() {
        let span = Span::new(day(2026, 8, 3), day(2026, 8, 5)).unwrap();
        let to_come = [(day(2026, 8, 4), 8, 9), (day(2026, 8, 5), 9, 2)];
        let figures = Figures::of(span, &counted(), &to_come, day(2026, 8, 4));
        let total = Numbers { messages: 8, refused: 8, misread: 1, places: 7, served: 3, absent: 1, unserved: 0 };
        assert_eq!(figures.total, total);
        assert_eq!(figures.days.len(), 3);
        assert_eq!(figures.days[2].1, Numbers { places: 2, ..Numbers::default() });
        let messages: Vec<(u8, u64)> = figures.hours.iter().map(|(hour, of)| (*hour, of.messages)).collect();
        assert_eq!(messages, [(8, 0), (9, 7), (10, 1)]);
        let refusals: Vec<(&str, u64)> = figures.refusals.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        assert_eq!(refusals, [("refused: holiday", 5), ("refused: day full", 2), ("code expired", 1)]);
        assert_eq!((figures.replies.count(), figures.replies.never), (8, 1));
        assert_eq!([figures.replies.within(50), figures.replies.within(90)], [Some(5), None], "one never came");
        assert_eq!([figures.waits.within(50), figures.waits.within(90)], [Some(10), Some(30)]);
    }

    // Negative control: with `total` of the hours, which have no date, a day outside of the span would count.
    #[test]
    fn a_day_outside_of_the_span_counts_nowhere() {
        let only = Span::new(day(2026, 8, 5), day(2026, 8, 5)).unwrap();
        let figures = Figures::of(only, &counted(), &[], day(2026, 8, 4));
        assert_eq!((figures.total, figures.hours.len()), (Numbers::default(), 0));
        assert_eq!(Classes::of(Kind::Wait, &WAIT_MINUTES, &[]).within(50), None);
    }
}
