//! An office, its seats and citizens in memory, for the tests of this module.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use rand::SeedableRng;
use rand::rngs::StdRng;
use std::collections::{BTreeMap, BTreeSet};

use crate::conversation::{
    Chat, DayChanged, Heard, NoticeContent, NoticeDecision, NoticeSnapshot, Outcome, OwnVisit, REPLIES_MAX, Randomness,
    Said, Snapshot, decide, decide_notice, settle_displaced,
};
use crate::domain::booking::{Booking, State};
use crate::domain::calendar::Calendar;
use crate::domain::displaced::{Displaced, Remedy};
use crate::domain::displacement::{displaced_on, is_undecided};
use crate::domain::message::{Attachment, ChannelId, Contact};
use crate::domain::notice::{Kind, Notice};
use crate::domain::office::{
    Approval, FormatId, Notices, Office, OfficeId, OfficeTexts, PerPerson, Policy, Span, WeeklyHours, Zone,
};
use crate::domain::opening::Opening;
use crate::domain::person::{Applicant, Nama, TglLahir};
use crate::domain::same_person::Person;
use crate::domain::sample;
use crate::domain::seats::{NotLoaded, Seats};
use crate::domain::slot::Slot;
use crate::domain::waiting::WaitingList;
use crate::grammar::{self, Command, CommandName, Form, Format, Note, NoteKind, Request, Topics};

pub(super) fn date(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

pub(super) fn time(h: u32, m: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(h, m, 0).unwrap()
}

/// Two hours of two seats on every weekday, two-step, one live booking a number.
pub(super) fn office() -> Office {
    let weekday = vec![Span { from: time(8, 0), until: time(10, 0) }];
    let mut week: [Vec<Span>; 7] = std::array::from_fn(|_| weekday.clone());
    week[5].clear();
    week[6].clear();
    let plain = sample::office();
    Office {
        id: OfficeId::read("uji").unwrap(),
        name: "Kantor Uji".to_owned(),
        site: "Jalan Uji 1".to_owned(),
        formats: vec![FormatId::read("uji").unwrap()],
        hours: WeeklyHours(week),
        seats_per_hour: 2,
        seats_per_day: Some(3),
        policy: Policy { horizon_days: 10, grace_minutes: 0, ..plain.policy },
        privacy: None,
        texts_id: OfficeTexts::default(),
        texts_en: OfficeTexts::default(),
        ..plain
    }
}

/// Monday, 7 August 2017, 09.00 WIB.
pub(super) fn monday() -> DateTime<Utc> {
    Zone::Wib.instant(date(2017, 8, 7).and_time(time(9, 0)))
}

/// An office, its books in memory, and some citizens.
pub(super) struct World {
    pub(super) office: Office,
    /// Formats of the office, for those tests that say something in words.
    pub(super) formats: Vec<Format>,
    /// The words of the message that is heard now.
    pub(super) said: Option<String>,
    pub(super) calendar: Calendar,
    pub(super) seats: Seats,
    pub(super) chats: BTreeMap<u8, Chat>,
    pub(super) bookings: BTreeMap<u8, Vec<Booking>>,
    /// Who is at the counter.
    pub(super) visits: BTreeMap<u8, Vec<OwnVisit>>,
    /// Earlier visits to which nobody came.
    pub(super) no_shows: u32,
    pub(super) now: DateTime<Utc>,
    pub(super) rng: StdRng,
    pub(super) ids: i64,
    pub(super) waiting: WaitingList,
    /// What those who wait joined with.
    pub(super) forms: BTreeMap<i64, Form>,
    /// Holds that were offered.
    pub(super) told: BTreeSet<i64>,
    /// Entries that lost a seat to somebody faster, each with the number of that offer.
    pub(super) lost: BTreeSet<(i64, i64)>,
    /// Openings that people want to be told of.
    pub(super) openings: Vec<Opening>,
}

impl World {
    pub(super) fn new(office: Office) -> Self {
        let mut calendar = Calendar::default();
        calendar.add_year(2017, BTreeMap::new());
        let mut seats = Seats::default();
        for day in date(2017, 8, 1).iter_days().take(60) {
            seats.mark_loaded(day);
        }
        Self {
            office,
            formats: Vec::new(),
            said: None,
            calendar,
            seats,
            chats: BTreeMap::new(),
            bookings: BTreeMap::new(),
            visits: BTreeMap::new(),
            no_shows: 0,
            now: monday(),
            rng: StdRng::seed_from_u64(7),
            ids: 0,
            waiting: WaitingList::default(),
            forms: BTreeMap::new(),
            told: BTreeSet::new(),
            lost: BTreeSet::new(),
            openings: Vec::new(),
        }
    }

    pub(super) fn contact(who: u8) -> Contact {
        Contact::new(format!("628120000{who:04}"))
    }

    /// What the desk does at the beginning of a batch.
    pub(super) fn lapse(&mut self) {
        self.waiting.end_shares(self.now);
        for booking in self.bookings.values_mut().flatten() {
            if booking.state == State::Held && booking.hold_until.is_some_and(|until| until <= self.now) {
                self.seats.give_back(booking.slot, &booking.seats).unwrap();
                let held = booking.clone();
                booking.become_state(State::Expired);
                self.seats.count_holds(Some(&held), booking);
                self.waiting.follow(booking, self.now);
            }
        }
    }

    pub(super) fn hear(&mut self, who: u8, said: Said) -> Option<Outcome> {
        self.hear_text(who, (said, None, false), Topics::default())
    }

    /// A text with questions in it.
    pub(super) fn asking(&mut self, who: u8, request: Request, topics: Topics) -> Option<Outcome> {
        self.hear_text(who, (Said::Text(request), None, false), topics)
    }

    /// The day that a decision lacks.
    pub(super) fn missing(&mut self, who: u8, said: Said, topics: Topics) -> Option<NaiveDate> {
        self.decided(who, (said, None, false), topics).err().map(|NotLoaded(date)| date)
    }

    /// What is said, with the fingerprint of its text and whether it has paragraphs, and what it asks.
    pub(super) fn hear_text(&mut self, who: u8, said: (Said, Option<u64>, bool), topics: Topics) -> Option<Outcome> {
        self.decided(who, said, topics).expect("everything is loaded")
    }

    fn decided(
        &mut self,
        who: u8,
        (said, text, has_paragraphs): (Said, Option<u64>, bool),
        topics: Topics,
    ) -> Result<Option<Outcome>, NotLoaded> {
        self.lapse();
        let (channel, contact) = (ChannelId::new("tape", "uji"), Self::contact(who));
        let chat = self.chats.get(&who).cloned().unwrap_or_default();
        // Everybody's, of whom the decision takes those that count.
        let of_people: Vec<Booking> = self.bookings.values().flatten().cloned().collect();
        let waiting = self.waiting.clone();
        self.seats.keep_for(self.office.policy.waiting.then(|| std::sync::Arc::new(waiting.clone())));
        let snapshot = Snapshot {
            office: &self.office,
            calendar: &self.calendar,
            formats: &self.formats.iter().collect::<Vec<_>>(),
            text: self.said.as_deref(),
            wants_photo: true,
            channel: &channel,
            contact: &contact,
            chat: &chat,
            bookings: self.bookings.get(&who).map_or(&[], Vec::as_slice),
            visits: self.visits.get(&who).map_or(&[], Vec::as_slice),
            of_people: &of_people,
            no_shows: self.no_shows,
            replies_max: REPLIES_MAX,
            waiting: self.office.policy.waiting.then_some(&waiting),
            now: self.now,
        };
        let ids = &mut self.ids;
        let mut next_id = || {
            *ids += 1;
            *ids
        };
        let randomness = Randomness { rng: &mut self.rng, next_id: &mut next_id };
        let heard = Heard { sent_at: self.now, text, has_paragraphs, said, topics };
        let decision = decide(&snapshot, &mut self.seats, &heard, randomness)?;
        self.chats.insert(who, decision.chat);
        self.openings.extend(decision.opening);
        self.step(decision.waiting);
        for changed in &decision.changed {
            self.waiting.follow(changed, self.now);
        }
        let own = self.bookings.entry(who).or_default();
        for changed in decision.changed {
            let is_new = own.iter().all(|known| known.hold_until != changed.hold_until);
            let is_long = changed.hold_until.is_some_and(|until| until > self.now + Duration::minutes(5));
            if changed.state == State::Held && is_new && is_long {
                let day = self.seats.day(&self.office, changed.slot.date, &[]);
                let share = self.office.policy.holds_share.seats(day.capacity);
                assert!(day.held <= share, "a long hold beyond the share: {day:?}");
            }
            match own.iter_mut().find(|known| known.id == changed.id) {
                Some(known) => *known = changed,
                None => own.push(changed),
            }
        }
        Ok(decision.outcome)
    }

    /// What an import of the office as it is now does: decides about everybody whom it displaces, and carries it out. What each is told.
    pub(super) fn settle(&mut self, remedy: Remedy) -> Vec<(u8, DayChanged)> {
        self.lapse();
        let all: Vec<Booking> = self.bookings.values().flatten().cloned().collect();
        let days: BTreeSet<NaiveDate> = all.iter().map(|booking| booking.slot.date).collect();
        let mut marks = BTreeMap::new();
        for date in days.into_iter().filter(|date| *date >= self.office.date_at(self.now)) {
            for (change, booking) in displaced_on(&self.office, &self.calendar, date, &all, self.now) {
                if is_undecided(change, booking) {
                    marks.insert(booking.id, Displaced::decided(change, remedy));
                }
            }
        }
        for booking in self.bookings.values_mut().flatten() {
            booking.displaced = marks.get(&booking.id).copied().or(booking.displaced);
        }
        let people: Vec<u8> = self.bookings.keys().copied().collect();
        let mut told = Vec::new();
        for who in people {
            let planned: Vec<i64> = self.bookings[&who]
                .iter()
                .filter(|booking| booking.displaced.is_some_and(|mark| !mark.is_done))
                .map(|booking| booking.id)
                .collect();
            for id in planned {
                if let Some(changed) = self.settle_one(who, id) {
                    told.push((who, self.say(who, &changed).expect("it is so still")));
                }
                assert_eq!(self.settle_one(who, id), None, "a second time tells nobody");
            }
        }
        told
    }

    /// Carries out the decision about one booking.
    pub(super) fn settle_one(&mut self, who: u8, booking: i64) -> Option<DayChanged> {
        let (channel, contact) = (ChannelId::new("tape", "uji"), Self::contact(who));
        let chat = self.chats.get(&who).cloned().unwrap_or_default();
        let snapshot = Snapshot {
            office: &self.office,
            calendar: &self.calendar,
            formats: &self.formats.iter().collect::<Vec<_>>(),
            text: None,
            wants_photo: true,
            channel: &channel,
            contact: &contact,
            chat: &chat,
            bookings: self.bookings.get(&who).map_or(&[], Vec::as_slice),
            of_people: &[],
            visits: &[],
            waiting: None,
            no_shows: self.no_shows,
            replies_max: REPLIES_MAX,
            now: self.now,
        };
        let mut next_id = || 0;
        let randomness = Randomness { rng: &mut self.rng, next_id: &mut next_id };
        let settled = settle_displaced(&snapshot, &mut self.seats, booking, randomness).expect("everything is loaded");
        self.chats.insert(who, settled.chat);
        if let Some(changed) = settled.changed {
            let known = self.bookings.entry(who).or_default().iter_mut().find(|known| known.id == changed.id);
            *known.expect("a booking of theirs") = changed;
        }
        settled.told
    }

    /// Says the notice about a place that was settled; `None` where it is not said any more.
    pub(super) fn say(&mut self, who: u8, changed: &DayChanged) -> Option<DayChanged> {
        let notice = Notice {
            id: 1,
            office: self.office.id.clone(),
            kind: Kind::DayClosed,
            channel: ChannelId::new("tape", "uji"),
            contact: Self::contact(who),
            booking: Some(changed.booking.id),
            occasion: changed.date.to_string(),
            detail: changed.detail(),
            due: self.now,
            drop_after: self.now + Duration::days(60),
        };
        let chat = self.chats.get(&who).cloned().unwrap_or_default();
        let bookings = self.bookings.get(&who).map_or(&[][..], Vec::as_slice);
        let office = Office { notices: Notices { quiet: None, ..self.office.notices.clone() }, ..self.office.clone() };
        let snapshot = NoticeSnapshot {
            office: &office,
            calendar: &self.calendar,
            chat: &chat,
            bookings,
            visits: &[],
            now: self.now,
        };
        let NoticeDecision::Say { content, chat } = decide_notice(&snapshot, &notice) else { return None };
        self.chats.insert(who, *chat);
        let NoticeContent::DayChanged(changed) = *content else { panic!("another notice: {content:?}") };
        Some(*changed)
    }

    pub(super) fn text(&mut self, who: u8, request: Request) -> Outcome {
        self.hear(who, Said::Text(request)).expect("every text gets an answer")
    }

    /// A text in words, read by the formats.
    pub(super) fn says(&mut self, who: u8, text: &str) -> Option<Outcome> {
        let formats: Vec<&Format> = self.formats.iter().collect();
        let request = grammar::read(&formats, text, self.office.date_at(self.now));
        self.said = Some(text.to_owned());
        let outcome = self.hear(who, Said::Text(request));
        self.said = None;
        outcome
    }

    pub(super) fn form(&mut self, who: u8, name: &str, visit: Option<NaiveDate>) -> Outcome {
        self.text(who, Request::Form(form(name, visit)))
    }

    pub(super) fn picture(&mut self, who: u8, caption: Option<Request>) -> Option<Outcome> {
        let attachment = Attachment { reference: "m1".to_owned(), mime: None, sha256: None };
        self.hear(who, Said::Picture { attachment, caption })
    }

    pub(super) fn code(&mut self, who: u8, code: &str) -> Outcome {
        self.text(who, Request::Digits(code.to_owned()))
    }

    pub(super) fn command(&mut self, who: u8, name: CommandName) -> Outcome {
        self.text(who, Request::Command(Command::of(name)))
    }

    /// The books must balance after every message.
    pub(super) fn audit(&self) {
        let mut seen = BTreeSet::new();
        let mut by_hour: BTreeMap<Slot, u32> = BTreeMap::new();
        for booking in self.bookings.values().flatten().filter(|booking| booking.state.has_seats()) {
            for seat in &booking.seats {
                assert!(seen.insert((booking.slot, *seat)), "seat {seat} of {:?} given twice", booking.slot);
                *by_hour.entry(booking.slot).or_default() += 1;
            }
        }
        for (slot, load) in self.seats.touched_hours() {
            assert_eq!(load.taken, by_hour.get(&slot).copied().unwrap_or(0), "{slot:?}");
            assert!(load.taken <= load.capacity);
        }
        for (day, load) in self.seats.touched_days() {
            let sum: u32 = by_hour.iter().filter(|(slot, _)| slot.date == day).map(|(_, n)| n).sum();
            assert_eq!(load.taken, sum);
            let of_day = self.bookings.values().flatten().filter(|b| b.state == State::Held && b.slot.date == day);
            assert_eq!(load.held, of_day.map(Booking::party).sum::<u32>(), "unconfirmed on {day}");
            assert!(load.taken <= load.capacity);
        }
        if let PerPerson::AtMost(limit) = self.office.policy.live_per_person {
            let mut places: BTreeMap<Person, u32> = BTreeMap::new();
            let live = self.bookings.values().flatten().filter(|b| b.is_live(&self.office, self.now));
            let live = live.filter(|booking| !self.is_in_place(booking));
            for person in live.flat_map(|booking| Person::all(&booking.applicant)) {
                *places.entry(person).or_default() += 1;
            }
            assert!(places.values().all(|&places| places <= limit), "more places than a person may have");
        }
        for own in self.bookings.values() {
            let live: Vec<_> = own.iter().filter(|b| b.is_live(&self.office, self.now)).collect();
            assert!(live.iter().filter(|b| b.state == State::Held).count() <= 1, "two holds");
            let booked = live.iter().filter(|b| b.state == State::Booked).count();
            assert!(booked <= self.office.policy.live_per_number as usize, "more bookings than the number may have");
        }
    }
}

pub(super) fn form(name: &str, visit: Option<NaiveDate>) -> Form {
    let born = TglLahir::judge(date(1987, 1, 25), date(2017, 8, 1)).unwrap();
    Form {
        format: FormatId::read("uji").unwrap(),
        applicant: Applicant { tgl_lahir: Some(born), ..Applicant::named(Nama::read(name).unwrap()) },
        visit,
        party: 1,
        wants_photo: false,
        notes: Vec::new(),
    }
}

pub(super) const TUESDAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2017, 8, 8);

pub(super) fn echo(outcome: Outcome) -> Booking {
    match outcome {
        Outcome::Echo { hold, .. } => hold,
        other => panic!("not an echo: {other:?}"),
    }
}

pub(super) fn approval(hold: &Booking) -> String {
    hold.approval.as_ref().unwrap().to_string()
}

/// A form in which a letter was read as a digit.
pub(super) fn repaired(name: &str, visit: Option<NaiveDate>) -> Form {
    let note = Note {
        kind: NoteKind::Digit,
        field: None,
        person: None,
        from: "25O11987".to_owned(),
        to: "1987-01-25".to_owned(),
    };
    Form { notes: vec![note], ..form(name, visit) }
}

pub(super) fn one_step() -> World {
    let mut office = office();
    office.policy.approval = Approval::None;
    World::new(office)
}
