//! What a release calendar says: when days open that cannot be booked yet, and when days get more seats.

use chrono::{DateTime, NaiveDate, Utc};

use super::letter::Letter;
use crate::domain::opening::{Opening, next_opening};

impl Letter<'_> {
    /// A day that is not released yet.
    pub(super) fn not_released(&mut self, asked: NaiveDate, opens: DateTime<Utc>) {
        self.open("refused-not-released", [("asked", self.day(asked).into()), ("opens", self.opening(opens).into())]);
    }

    /// Below a full day: when it gets more seats.
    pub(super) fn more_seats(&mut self, asked: NaiveDate) {
        let (office, now) = (self.scene.office, self.scene.now);
        let next = office.release.as_ref().and_then(|release| release.next_wave(office.zone, asked, now));
        if let Some(opens) = next {
            self.open("release-more", [("opens", self.opening(opens).into())]);
        }
    }

    /// The next moment at which days open; whether there is one.
    pub(super) fn next_release(&mut self) -> bool {
        let Some(Opening { at, first, last }) = next_opening(self.scene.office, self.scene.calendar, self.scene.now)
        else {
            return false;
        };
        let (first_day, opens) = (("first", self.day(first).into()), ("opens", self.opening(at).into()));
        if first == last {
            self.open("release-next-day", [first_day, opens]);
        } else {
            self.open("release-next", [first_day, ("last", self.day(last).into()), opens]);
        }
        true
    }

    /// The notice that days open now.
    pub(super) fn opened(&mut self, opening: &Opening) {
        let Opening { first, last, .. } = *opening;
        self.open("notice-opening", [("office", self.office_name().into())]);
        let first_day = ("first", self.day(first).into());
        if first == last {
            self.open("notice-opening-day", [first_day]);
        } else {
            self.open("notice-opening-days", [first_day, ("last", self.day(last).into())]);
        }
        self.form();
    }

    /// `Jumat, 11 Agustus 2017, pukul 14.00 WIB`.
    pub(super) fn opening(&self, at: DateTime<Utc>) -> String {
        let local = self.scene.office.zone.local(at);
        self.say("day-at-time", [("day", self.day(local.date()).into()), ("time", self.zoned(local.time()).into())])
    }
}
