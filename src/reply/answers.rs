//! Answers to questions. Every fact comes from the office file or from what was decided; what neither says is asked of the office.

use chrono::{Datelike, NaiveDate, Weekday};

use super::letter::{Letter, in_fours, plain};
use crate::conversation::{Answer, Answers};
use crate::domain::booking::{Awaits, Booking};
use crate::domain::office::{Closed, Day, Span};
use crate::grammar::Topic;

impl Letter<'_> {
    /// All answers, then what still waits, then what else may be asked.
    pub(super) fn answers_below(&mut self, answers: &Answers) {
        // Beside another outcome the answers are shortened first: a confirmation has to fit under its picture.
        self.all_yield = answers.beside.is_some();
        let mut asks_office = false;
        for answer in &answers.answers {
            asks_office |= self.answer(answer);
        }
        if asks_office {
            self.ask_office();
        }
        self.all_yield = false;
        if let Some(hold) = &answers.hold {
            self.hold_waits(hold);
        } else if answers.question_open {
            self.tell("answer-question-open");
        } else if answers.beside.is_none() {
            self.tell("ask-help");
        }
        if answers.in_english {
            self.tell("answer-switch");
        } else if answers.in_malay {
            self.tell("answer-switch-malay");
        }
    }

    /// Adds one answer. Returns whether the citizen has to ask the office for the rest.
    fn answer(&mut self, answer: &Answer) -> bool {
        match answer {
            Answer::Topic(topic) => return self.topic(*topic),
            Answer::Simulated => self.tell("answer-simulated"),
            Answer::OpenOn(days) => {
                self.open_on(days);
                self.own(Topic::Hours);
            }
            Answer::FreeDays { asked, nearest } => {
                self.free_days(asked, nearest);
                self.own(Topic::FreeDays);
            }
            Answer::FreeHours { day, hours, wish } => {
                self.free_hours(day, hours, *wish);
                self.own(Topic::FreeHours);
            }
            Answer::OwnBooking { bookings, photo_until } => {
                self.status(bookings, *photo_until);
                self.own(Topic::OwnBooking);
            }
            Answer::Queue { visits, bookings } => self.queue(visits, bookings),
            Answer::Complaint { bookings } => {
                self.tell("answer-sorry");
                match bookings.as_slice() {
                    [] => self.open("status-none", [("office", self.office_name().into())]),
                    bookings => {
                        self.open("status-some", [("office", self.office_name().into())]);
                        self.list(bookings);
                    }
                }
                self.officer_offer("answer-officer-offer");
                return !self.own(Topic::Complaint);
            }
        }
        false
    }

    /// Adds the office's own text on a topic. Returns whether it has one.
    pub(super) fn own(&mut self, topic: Topic) -> bool {
        let texts = self.own_texts(|texts| texts.topics.contains_key(topic.name()));
        let Some(text) = texts.topics.get(topic.name()) else { return false };
        self.open("entry", [("entry", in_fours(&plain(text)).into())]);
        true
    }

    /// Adds the answer to a topic from the office file. Returns whether the citizen has to ask the office for the rest.
    fn topic(&mut self, topic: Topic) -> bool {
        match topic {
            Topic::Register => {
                self.open("answer-register", [("office", self.office_name().into())]);
                self.form();
                self.limits();
            }
            Topic::Requirements => self.requirements(),
            Topic::Hours => self.hours(),
            Topic::Location => self.location(),
            Topic::Fee => self.tell("answer-fee"),
            Topic::Authenticity => return self.authenticity(),
            Topic::Language => self.tell("answer-language"),
            Topic::Late => {
                self.late();
                self.own(topic);
                return false;
            }
            Topic::Relatives | Topic::Family => self.others(),
            Topic::Photo => self.photo_wanted_here(),
            Topic::LostDamaged | Topic::DataChange => {
                if topic == Topic::DataChange {
                    let cancelling = self.scene.office.policy.cancelling;
                    self.tell(if cancelling { "answer-data" } else { "answer-data-fixed" });
                }
                self.excluded();
            }
            Topic::Child => self.tell("answer-child"),
            Topic::Priority => self.tell("answer-priority"),
            Topic::Origin => self.tell("answer-origin"),
            Topic::Ready => self.tell("answer-ready"),
            Topic::Collection => self.tell("answer-collection"),
            Topic::Officer => {
                self.tell("answer-officer");
                self.officer_offer("answer-officer-offer");
            }
            Topic::OtherPassport => self.other_passports(),
            // The decision answers these; where it holds no answer, the citizen asks the office.
            Topic::FreeDays | Topic::FreeHours | Topic::OwnBooking | Topic::Complaint => {}
        }
        let is_whole = matches!(topic, Topic::Register | Topic::Hours | Topic::Location | Topic::Language);
        let says_all = topic == Topic::Requirements || is_whole;
        !self.own(topic) && !says_all
    }

    /// Where to ask: the counter, and the telephone where it is known.
    pub(super) fn ask_office(&mut self) {
        let (telephone, site) = (in_fours(&plain(&self.scene.office.telephone)), plain(&self.scene.office.site));
        let site = if site.is_empty() { self.office_name() } else { in_fours(&site) };
        if telephone.is_empty() {
            self.open("answer-ask", [("site", site.into())]);
        } else {
            self.open("answer-ask-telephone", [("site", site.into()), ("telephone", telephone.into())]);
        }
    }

    /// One line about a hold that waits while its owner asks something.
    pub(super) fn hold_waits(&mut self, hold: &Booking) {
        if let Some(closed) = self.closed_since(hold) {
            self.open("entry", [("entry", closed.into())]);
            return;
        }
        let (slot, until) = (("slot", self.slot(hold.slot).into()), ("until", self.hold_until(hold).into()));
        match (&hold.approval, hold.awaits) {
            (Some(code), Some(Awaits::Code)) => {
                self.open("answer-hold-code", [slot, until, ("code", code.as_str().into())]);
            }
            (_, Some(Awaits::Offer)) => self.open("answer-hold-offer", [slot, until]),
            _ => self.open("answer-hold-photo", [slot, until]),
        }
    }

    fn location(&mut self) {
        let office = self.scene.office;
        let site = in_fours(&plain(&office.site));
        self.open("answer-location", [("office", self.office_name().into()), ("site", site.into())]);
        if !office.map.is_empty() {
            self.line("answer-map", [("link", office.map.as_str().into())]);
        }
    }

    /// Only the office's own text says that the number is genuine; without it, where to check is to be asked of the office.
    fn authenticity(&mut self) -> bool {
        let official = plain(&self.own_texts(|texts| !texts.official.is_empty()).official);
        if official.is_empty() {
            self.tell("answer-authenticity");
        } else {
            self.open("entry", [("entry", in_fours(&official).into())]);
        }
        self.own(Topic::Authenticity);
        self.tell("answer-brokers");
        official.is_empty()
    }

    fn late(&mut self) {
        let policy = &self.scene.office.policy;
        match policy.grace_minutes {
            0 => self.tell("booked-no-grace"),
            minutes => self.open("booked-grace", [("minutes", minutes.into())]),
        }
        if policy.cancelling {
            self.tell("booked-cancel");
        }
    }

    /// How many bookings and people a number may have.
    fn others(&mut self) {
        let policy = &self.scene.office.policy;
        let (places, people) = (policy.live_per_number, policy.people_per_booking);
        self.open("answer-others", [("places", places.into())]);
        match people {
            1 => self.line("answer-others-alone", []),
            people => self.line("answer-others-people", [("people", people.into())]),
        }
    }

    fn photo_wanted_here(&mut self) {
        if self.poster.photos.is_empty() {
            self.tell("answer-photo-none");
        } else {
            self.open("form-photo", [("photo", self.photo().into())]);
        }
    }

    fn other_passports(&mut self) {
        self.tell("answer-other-passport");
        for line in &self.poster.others {
            self.open("help-other-line", [("line", line.as_str().into())]);
        }
    }

    /// The week, and when forms are taken.
    fn hours(&mut self) {
        self.week();
        self.today();
        if let Some(intake) = self.scene.office.intake {
            let (from, until) = (self.time(intake.from), self.zoned(intake.until));
            self.open("help-intake", [("from", from.into()), ("until", until.into())]);
        }
    }

    /// The hours of the week.
    pub(super) fn week(&mut self) {
        let office = self.scene.office;
        self.open("answer-hours", [("office", self.office_name().into())]);
        let week = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
        let mut from = 0;
        while let Some(&first) = week.get(from) {
            let spans = office.hours.on(first);
            let same = week.iter().skip(from).take_while(|day| office.hours.on(**day) == spans).count();
            let last = week.get(from + same - 1).copied().unwrap_or(first);
            from += same;
            let days = if same == 1 {
                self.weekday(first)
            } else {
                self.say("answer-days", [("first", self.weekday(first).into()), ("last", self.weekday(last).into())])
            };
            let hours = if spans.is_empty() { self.say("answer-closed-word", []) } else { self.spans(spans) };
            self.line("answer-hours-line", [("days", days.into()), ("hours", hours.into())]);
        }
    }

    fn today(&mut self) {
        let today = self.scene.office.date_at(self.scene.now);
        self.open_on(&[today]);
    }

    /// Whether the office is open on each of these days, and when.
    fn open_on(&mut self, days: &[NaiveDate]) {
        let office = self.scene.office;
        for (at, &date) in days.iter().enumerate() {
            let day = ("day", self.day_or_today(date).into());
            let (key, piece) = match office.day(self.scene.calendar, date) {
                Day::Open(_) => {
                    let spans = office.own_spans(date).unwrap_or_else(|| office.hours.on(date.weekday()));
                    ("answer-open-on", self.spans(spans))
                }
                Day::Closed(Closed::Weekday(weekday)) => ("answer-closed-weekday", self.weekday(weekday)),
                Day::Closed(Closed::Holiday(holiday)) => ("answer-closed-on", self.holiday(holiday)),
                Day::Closed(Closed::Dated(reason)) => ("answer-closed-on", plain(reason)),
                Day::Closed(Closed::UnknownCalendar) => ("answer-open-unknown", date.year().to_string()),
            };
            let piece = ("piece", piece.into());
            if at == 0 { self.open(key, [day, piece]) } else { self.line(key, [day, piece]) }
        }
    }

    fn day_or_today(&self, date: NaiveDate) -> String {
        let day = self.day(date);
        if date == self.scene.office.date_at(self.scene.now) {
            self.say("answer-today", [("day", day.into())])
        } else {
            day
        }
    }

    /// `08.00–12.00 dan 13.00–15.00 WIB`.
    fn spans(&self, spans: &[Span]) -> String {
        let one = |span: &Span| format!("{}–{}", self.time(span.from), self.time(span.until));
        let and = self.say("answer-and", []);
        let all = spans.iter().map(one).collect::<Vec<_>>().join(&format!(" {and} "));
        format!("{all} {}", self.scene.office.zone.name())
    }
}
