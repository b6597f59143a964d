//! Replies to valid forms that cannot be served: each gives its reason and the next step.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};

use super::letter::{Letter, plain};
use crate::conversation::{Lang, Refusal, RefusedDay};
use crate::domain::booking::Booking;
use crate::domain::calendar::Holiday;
use crate::domain::office::{Closed, Day, Earliest};
use crate::domain::slot::Session;

impl Letter<'_> {
    pub(super) fn refused(&mut self, refusal: &Refusal) {
        match refusal {
            Refusal::Day { asked, why, next, .. } => {
                self.day_refused(*asked, why);
                self.next_after(*next, why);
            }
            Refusal::Full { asked, suggest, session, party, .. } => {
                match session {
                    None => self.full(*asked, *suggest),
                    Some(session) => self.session_full(*asked, *suggest, *session),
                }
                self.more_seats(*asked);
                self.may_wait();
                self.together((*party).into());
                self.example();
            }
            Refusal::AllFull { last, session: None, party } => {
                let is_released = self.scene.office.release.is_some();
                let key = if is_released { "refused-all-full-release" } else { "refused-all-full" };
                self.open(key, [("last", self.day(*last).into())]);
                self.next_release();
                self.may_wait();
                self.together((*party).into());
            }
            Refusal::AllFull { last, session: Some(session), party } => {
                let session = self.session(*session);
                self.open("refused-all-full-session", [("last", self.day(*last).into()), ("session", session.into())]);
                self.next_release();
                self.may_wait();
                self.together((*party).into());
            }
            Refusal::TooManyPeople { party, limit } => {
                self.open("refused-too-many-people", [("party", (*party).into()), ("limit", (*limit).into())]);
                self.example();
            }
            Refusal::OutsideIntake { from, until, next, later_today, holiday } => {
                if *later_today {
                    self.open(
                        "intake-later-today",
                        [("from", self.time(*from).into()), ("until", self.zoned(*until).into())],
                    );
                } else {
                    self.intake_over(holiday.as_ref());
                    self.intake_next(*from, *until, *next);
                }
                self.tell("intake-not-kept");
            }
            Refusal::NotRegistered { names, bookings, limit, relatives } => {
                self.not_registered(names, bookings, *limit);
                self.relatives(*relatives);
            }
            Refusal::NotAllRegistered { booking, names, party } => self.not_all_registered(booking, names, *party),
            Refusal::TooMany { bookings, limit } => self.too_many(bookings, *limit),
            Refusal::PersonIsBooked { nama } => {
                self.open("refused-person", [("name", plain(&nama.capitals()).into())]);
                self.tell(if self.scene.office.policy.cancelling {
                    "refused-person-cancel"
                } else {
                    "refused-person-next"
                });
            }
            Refusal::TooManyHolds { limit, holds } => {
                self.open("refused-holds", [("limit", (*limit).into())]);
                if holds.is_empty() {
                    self.tell("refused-holds-next");
                } else {
                    self.tell("refused-holds-kept");
                    self.list(holds);
                }
            }
        }
    }

    /// A hold whose day was closed after it was given.
    pub(super) fn hold_on_closed_day(&mut self, hold: &Booking, why: &RefusedDay, next: Option<NaiveDate>) {
        self.day_refused(hold.slot.date, why);
        self.tell("hold-on-closed-day");
        self.next_after(next, why);
    }

    pub(super) fn day_refused(&mut self, asked: NaiveDate, why: &RefusedDay) {
        let day = ("asked", self.day(asked).into());
        match why {
            RefusedDay::Past => {
                let today = self.scene.office.date_at(self.scene.now);
                self.open("refused-past", [day, ("today", self.day(today).into())]);
            }
            RefusedDay::TooSoon { .. } => {
                let key = match self.scene.office.policy.earliest {
                    Earliest::Tomorrow => "refused-too-soon",
                    Earliest::Today { .. } => "refused-too-late-today",
                };
                self.open(key, [day]);
            }
            RefusedDay::Weekday(weekday) => {
                self.open("refused-weekday", [day, ("weekday", self.weekday(*weekday).into())]);
            }
            RefusedDay::Holiday(holiday) => {
                let key = if holiday.joint_leave { "refused-joint-leave" } else { "refused-holiday" };
                self.open(key, [day, ("holiday", self.holiday(holiday).into())]);
            }
            RefusedDay::Closed(reason) => {
                self.open("refused-closed", [day, ("reason", plain(reason).into())]);
            }
            RefusedDay::BeyondHorizon { last } => {
                let from = self.bookable_from(asked);
                self.open(
                    "refused-beyond-horizon",
                    [day, ("last", self.day(*last).into()), ("from", self.day(from).into())],
                );
            }
            RefusedDay::NoSession(session) => {
                self.open("refused-no-session", [day, ("session", self.session(*session).into())]);
            }
            RefusedDay::NotReleased { opens } => self.not_released(asked, *opens),
            RefusedDay::UnknownCalendar => {
                self.open("refused-unknown-calendar", [day, ("year", asked.year().to_string().into())]);
            }
        }
    }

    /// The day from which a day beyond the last one can be booked.
    pub(super) fn bookable_from(&self, asked: NaiveDate) -> NaiveDate {
        let office = self.scene.office;
        let ahead = Days::new(u64::from(office.policy.horizon_days));
        let from = asked.checked_sub_days(ahead).unwrap_or(asked);
        match office.opens_later(asked, self.scene.now) {
            Some(opens) => from.max(office.date_at(opens)),
            None => from,
        }
    }

    /// The next day that can be given after one that was refused, or why there is none.
    fn next_after(&mut self, next: Option<NaiveDate>, why: &RefusedDay) {
        let is_released = self.scene.office.release.is_some();
        let earliest = match why {
            // A day that is not released yet is no day to choose.
            RefusedDay::TooSoon { earliest } if !is_released => Some(*earliest),
            _ => None,
        };
        match next.or(earliest) {
            None if matches!(why, RefusedDay::NotReleased { .. }) => self.tell("refused-not-released-wait"),
            next => self.next_day(next),
        }
    }

    /// The next day that can be given, or that there is none.
    pub(super) fn next_day(&mut self, next: Option<NaiveDate>) {
        match next {
            Some(next) => {
                self.open("refused-next", [("next", self.day(next).into())]);
                self.example();
            }
            None if self.scene.office.release.is_some() => {
                self.tell("refused-no-next-release");
                self.next_release();
            }
            None => self.tell("refused-no-next"),
        }
    }

    fn full(&mut self, asked: NaiveDate, suggest: Option<NaiveDate>) {
        let asked = ("asked", self.day(asked).into());
        match suggest {
            Some(day) => self.open("refused-full-suggest", [asked, ("suggest", self.day(day).into())]),
            None => self.open("refused-full", [asked]),
        }
    }

    fn session_full(&mut self, asked: NaiveDate, suggest: Option<NaiveDate>, session: Session) {
        let (asked, session) = (("asked", self.day(asked).into()), ("session", self.session(session).into()));
        match suggest {
            Some(day) => {
                self.open("refused-full-session-suggest", [asked, session, ("suggest", self.day(day).into())]);
            }
            None => self.open("refused-full-session", [asked, session]),
        }
    }

    /// A half of the day in the reply's words.
    pub(super) fn session(&self, session: Session) -> String {
        self.say(
            match session {
                Session::Pagi => "session-morning",
                Session::Siang => "session-afternoon",
            },
            [],
        )
    }

    /// Why no form is taken any more on the day of sending.
    fn intake_over(&mut self, holiday: Option<&Holiday>) {
        let (office, calendar) = (self.scene.office, self.scene.calendar);
        let today = office.date_at(self.scene.now);
        match (holiday, office.day(calendar, today)) {
            (Some(holiday), _) | (None, Day::Closed(Closed::Holiday(holiday))) => {
                self.open("intake-holiday", [("holiday", self.holiday(holiday).into())]);
            }
            (None, Day::Closed(Closed::Weekday(weekday))) => {
                self.open("intake-weekday", [("weekday", self.weekday(weekday).into())]);
            }
            (None, Day::Closed(Closed::Dated(reason))) => {
                self.open("intake-closed", [("reason", plain(reason).into())]);
            }
            (None, Day::Closed(Closed::UnknownCalendar)) => {
                self.open("intake-unknown-calendar", [("year", today.year().to_string().into())]);
            }
            (None, Day::Open(_)) => self.tell("intake-over"),
        }
    }

    fn intake_next(&mut self, from: NaiveTime, until: NaiveTime, next: Option<NaiveDate>) {
        let (from, until) = (("from", self.time(from).into()), ("until", self.zoned(until).into()));
        match next {
            Some(next) => self.open("intake-next", [from, until, ("next", self.day(next).into())]),
            None => self.open("intake-no-next", [from, until]),
        }
    }

    /// A holiday's name in the reply's language.
    pub(super) fn holiday(&self, holiday: &Holiday) -> String {
        plain(match self.scene.lang {
            Lang::En if !holiday.name_en.is_empty() => &holiday.name_en,
            Lang::En | Lang::Id => &holiday.name,
        })
    }
}
