//! Which days and hours have room, with their free seats, and why others have none.

use chrono::{Datelike, NaiveTime};
use fluent_bundle::FluentValue;

use super::letter::{Letter, plain};
use crate::conversation::{DayRoom, HourRoom, HourWish, RefusedDay, Room};

impl Letter<'_> {
    /// The days that were asked about, and the nearest ones.
    pub(super) fn free_days(&mut self, asked: &[DayRoom], nearest: &[DayRoom]) {
        for (at, day) in asked.iter().enumerate() {
            let (key, pieces) = self.room(day);
            if at == 0 { self.open(key, pieces) } else { self.line(key, pieces) }
        }
        let has_room = |days: &[DayRoom]| days.iter().any(|day| matches!(day.room, Room::Free(_)));
        if has_room(asked) {
            self.how_given();
        } else if has_room(nearest) {
            self.tell("answer-free-nearest");
            for day in nearest {
                let (key, pieces) = self.room(day);
                self.line(key, pieces);
            }
            self.how_given();
        } else {
            self.tell("answer-free-none");
        }
        if asked.is_empty() {
            self.next_release();
        }
        for day in asked.iter().filter(|day| day.room == Room::Full) {
            self.more_seats(day.date);
        }
    }

    /// The hours of a day with room.
    pub(super) fn free_hours(&mut self, day: &DayRoom, hours: &[HourRoom], wish: Option<HourWish>) {
        if hours.is_empty() {
            let (key, pieces) = self.room(day);
            self.open(key, pieces);
            return;
        }
        let date = ("day", self.day(day.date).into());
        let wished: Vec<HourRoom> =
            hours.iter().filter(|at| wish.is_none_or(|wish| wish.holds(at.hour))).copied().collect();
        let (key, shown) = match wish {
            Some(_) if wished.is_empty() => ("answer-hours-not-that", hours),
            _ => ("answer-hours-free", wished.as_slice()),
        };
        self.open(key, [date]);
        for HourRoom { hour, free } in shown {
            let time = NaiveTime::from_hms_opt(u32::from(*hour), 0, 0).unwrap_or(NaiveTime::MIN);
            self.line("answer-hour", [("time", self.zoned(time).into()), ("free", (*free).into())]);
        }
        self.tell("answer-hour-given");
    }

    /// Who chooses the day.
    fn how_given(&mut self) {
        self.tell(if self.poster.asks_day { "answer-free-asked" } else { "answer-free-given" });
    }

    /// A day with its seats, or with the reason why it has none.
    fn room(&self, day: &DayRoom) -> (&'static str, [(&'static str, FluentValue<'static>); 2]) {
        let date = ("day", self.day(day.date).into());
        let (key, piece): (_, FluentValue<'static>) = match &day.room {
            Room::Free(free) => ("answer-day-free", (*free).into()),
            Room::Full => ("answer-day-full", "".into()),
            Room::Refused(why) => match why {
                RefusedDay::Past => ("answer-day-past", "".into()),
                RefusedDay::TooSoon { earliest } => ("answer-day-too-soon", self.day(*earliest).into()),
                RefusedDay::Weekday(weekday) => ("answer-closed-weekday", self.weekday(*weekday).into()),
                RefusedDay::Holiday(holiday) => ("answer-closed-on", self.holiday(holiday).into()),
                RefusedDay::Closed(reason) => ("answer-closed-on", plain(reason).into()),
                RefusedDay::BeyondHorizon { .. } => {
                    ("answer-day-not-yet", self.day(self.bookable_from(day.date)).into())
                }
                RefusedDay::NotReleased { opens } => ("answer-day-not-released", self.opening(*opens).into()),
                RefusedDay::NoSession(session) => ("answer-day-no-session", self.session(*session).into()),
                RefusedDay::UnknownCalendar => ("answer-open-unknown", day.date.year().to_string().into()),
            },
        };
        (key, [date, ("piece", piece)])
    }
}
