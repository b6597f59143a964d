//! Rules of the conversation one by one, and all of them together under random traffic.

mod limits;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::*;
use crate::domain::booking::{Booking, CODE_TRIES_MAX, State};
use crate::domain::calendar::Calendar;
use crate::domain::message::{Attachment, ChannelId, Contact};
use crate::domain::office::{
    Approval, FormatId, Office, OfficeId, OfficeTexts, PerPerson, Policy, Span, WeeklyHours, WhenFull, Zone,
};
use crate::domain::person::{Applicant, Nama, TglLahir};
use crate::domain::same_person::Person;
use crate::domain::sample;
use crate::domain::seats::Seats;
use crate::domain::slot::{Session, Slot};
use crate::grammar::{
    Ask, Choice, Command, CommandName, Field, Form, Misread, MisreadKind, Note, NoteKind, Request, Suggestion, Topics,
};

fn date(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn time(h: u32, m: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(h, m, 0).unwrap()
}

/// Two hours of two seats on every weekday, two-step, one live booking a number.
fn office() -> Office {
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
        texts_id: OfficeTexts::default(),
        texts_en: OfficeTexts::default(),
        ..plain
    }
}

/// Monday, 7 August 2017, 09.00 WIB.
fn monday() -> DateTime<Utc> {
    Zone::Wib.instant(date(2017, 8, 7).and_time(time(9, 0)))
}

/// An office, its books in memory, and some citizens.
struct World {
    office: Office,
    calendar: Calendar,
    seats: Seats,
    chats: BTreeMap<u8, Chat>,
    bookings: BTreeMap<u8, Vec<Booking>>,
    now: DateTime<Utc>,
    rng: StdRng,
    ids: i64,
}

impl World {
    fn new(office: Office) -> Self {
        let mut calendar = Calendar::default();
        calendar.add_year(2017, BTreeMap::new());
        let mut seats = Seats::default();
        for day in date(2017, 8, 1).iter_days().take(60) {
            seats.mark_loaded(day);
        }
        Self {
            office,
            calendar,
            seats,
            chats: BTreeMap::new(),
            bookings: BTreeMap::new(),
            now: monday(),
            rng: StdRng::seed_from_u64(7),
            ids: 0,
        }
    }

    fn contact(who: u8) -> Contact {
        Contact::new(format!("628120000{who:04}"))
    }

    /// What the desk does at the beginning of a batch.
    fn lapse(&mut self) {
        for booking in self.bookings.values_mut().flatten() {
            if booking.state == State::Held && booking.hold_until.is_some_and(|until| until <= self.now) {
                self.seats.give_back(booking.slot, &booking.seats).unwrap();
                let held = booking.clone();
                booking.become_state(State::Expired);
                self.seats.count_holds(Some(&held), booking);
            }
        }
    }

    fn hear(&mut self, who: u8, said: Said) -> Option<Outcome> {
        self.lapse();
        let (channel, contact) = (ChannelId::new("tape", "uji"), Self::contact(who));
        let chat = self.chats.get(&who).cloned().unwrap_or_default();
        // Everybody's, of whom the decision takes those that count.
        let of_people: Vec<Booking> = self.bookings.values().flatten().cloned().collect();
        let snapshot = Snapshot {
            office: &self.office,
            calendar: &self.calendar,
            wants_photo: true,
            channel: &channel,
            contact: &contact,
            chat: &chat,
            bookings: self.bookings.get(&who).map_or(&[], Vec::as_slice),
            of_people: &of_people,
            replies_max: super::REPLIES_MAX,
            now: self.now,
        };
        let ids = &mut self.ids;
        let mut next_id = || {
            *ids += 1;
            *ids
        };
        let mut draw = Draw { rng: &mut self.rng, next_id: &mut next_id };
        let heard = Heard { sent_at: self.now, text: None, said, topics: Topics::default() };
        let decision = decide(&snapshot, &mut self.seats, &heard, &mut draw).expect("everything is loaded");
        self.chats.insert(who, decision.chat);
        let own = self.bookings.entry(who).or_default();
        for changed in decision.changed {
            let is_new = own.iter().all(|known| known.hold_until != changed.hold_until);
            let is_long = changed.hold_until.is_some_and(|until| until > self.now + Duration::minutes(5));
            if changed.state == State::Held && is_new && is_long {
                let day = self.seats.day(&self.office, changed.slot.date, &[]);
                let share = self.office.policy.holds_share.places(day.capacity);
                assert!(day.held <= share, "a long hold beyond the share: {day:?}");
            }
            match own.iter_mut().find(|known| known.id == changed.id) {
                Some(known) => *known = changed,
                None => own.push(changed),
            }
        }
        decision.outcome
    }

    fn text(&mut self, who: u8, request: Request) -> Outcome {
        self.hear(who, Said::Text(request)).expect("every text gets an answer")
    }

    fn form(&mut self, who: u8, name: &str, visit: Option<NaiveDate>) -> Outcome {
        self.text(who, Request::Form(form(name, visit)))
    }

    fn picture(&mut self, who: u8, caption: Option<Request>) -> Option<Outcome> {
        let attachment = Attachment { reference: "m1".to_owned(), mime: None, sha256: None };
        self.hear(who, Said::Picture { attachment, caption })
    }

    fn code(&mut self, who: u8, code: &str) -> Outcome {
        self.text(who, Request::Digits(code.to_owned()))
    }

    fn command(&mut self, who: u8, name: CommandName) -> Outcome {
        self.text(who, Request::Command(Command { name, code: None, mistyped: false }))
    }

    /// The books must balance after every message.
    fn audit(&self) {
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

fn form(name: &str, visit: Option<NaiveDate>) -> Form {
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

const TUESDAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2017, 8, 8);

fn echo(outcome: Outcome) -> Booking {
    match outcome {
        Outcome::Echo { hold, .. } => hold,
        other => panic!("not an echo: {other:?}"),
    }
}

fn approval(hold: &Booking) -> String {
    hold.approval.as_ref().unwrap().to_string()
}

#[test]
fn the_same_form_gets_the_same_code_and_no_more_time() {
    let mut world = World::new(office());
    let first = echo(world.form(1, "Budi", TUESDAY));
    world.now += Duration::minutes(10);
    let second = echo(world.form(1, "Budi", TUESDAY));
    assert_eq!((first.approval, first.hold_until), (second.approval, second.hold_until));
    world.audit();
}

/// A form in which a letter was read as a digit.
fn repaired(name: &str, visit: Option<NaiveDate>) -> Form {
    let note = Note {
        kind: NoteKind::Digit,
        field: None,
        person: None,
        from: "25O11987".to_owned(),
        to: "1987-01-25".to_owned(),
    };
    Form { notes: vec![note], ..form(name, visit) }
}

fn one_step() -> World {
    let mut office = office();
    office.policy.approval = Approval::None;
    World::new(office)
}

#[test]
fn a_repaired_form_is_echoed_with_its_repair_where_a_code_follows() {
    let mut world = World::new(office());
    let outcome = world.text(1, Request::Form(repaired("Budi", TUESDAY)));
    assert!(matches!(&outcome, Outcome::Echo { repaired, .. } if repaired.len() == 1), "{outcome:?}");
    world.audit();
}

// Negative control: booking a form with notes at once fails this.
#[test]
fn a_repaired_form_books_only_after_yes_where_no_code_follows() {
    for accept in [None, Some("1")] {
        let mut world = one_step();
        let outcome = world.text(1, Request::Form(repaired("Budi", TUESDAY)));
        assert!(matches!(outcome, Outcome::Confirm { photo_kept: false, .. }));
        assert!(world.bookings.values().all(Vec::is_empty), "nothing is taken for a question");
        let outcome = match accept {
            None => world.command(1, CommandName::Ya),
            Some(number) => world.code(1, number),
        };
        assert!(matches!(outcome, Outcome::Booked { .. }), "{outcome:?}");
        assert!(matches!(world.command(1, CommandName::Ya), Outcome::Greeting), "a second yes answers nothing");
        world.audit();
    }
}

#[test]
fn a_question_about_a_form_ends_with_another_form_and_with_its_time() {
    let mut world = one_step();
    world.text(1, Request::Form(repaired("Budi", TUESDAY)));
    world.now += Duration::minutes(31);
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::Greeting), "too late");
    world.text(1, Request::Form(repaired("Budi", TUESDAY)));
    let Outcome::Booked { booking, .. } = world.form(1, "Budi Santoso", TUESDAY) else { panic!() };
    assert_eq!(booking.applicant.nama.as_str(), "Budi Santoso", "a new form takes the question's place");
    world.audit();
}

// Negative control: with `now < until` alone the question stands for seven hours, and `ya` books.
#[test]
fn a_question_asked_by_a_clock_that_was_ahead_is_over_when_the_clock_is_right() {
    for (back, is_open) in [(Duration::hours(7), false), (Duration::minutes(1), true)] {
        let mut world = one_step();
        world.now += back;
        world.text(1, Request::Form(repaired("Budi", TUESDAY)));
        world.now -= back;
        assert_eq!(matches!(world.command(1, CommandName::Ya), Outcome::Booked { .. }), is_open, "{back}");
    }
}

// Negative control: ending the question with anything that is no answer fails this.
#[test]
fn an_open_question_outlives_what_does_not_answer_it_and_is_asked_again() {
    let mut world = one_step();
    world.text(1, Request::Form(repaired("Budi", TUESDAY)));
    for request in [Request::Thanks, Request::Greeting, Request::Unreadable, Request::Digits("25011988".to_owned())] {
        assert!(matches!(world.text(1, request.clone()), Outcome::Confirm { .. }), "{request:?}");
    }
    assert!(
        matches!(world.picture(1, None), Some(Outcome::Confirm { photo_kept: true, .. })),
        "yes is what is missing"
    );
    assert!(world.bookings.values().all(Vec::is_empty), "none of these is a yes");
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::Booked { .. }));
    world.text(2, Request::Ask(which_tuesday()));
    assert!(matches!(world.text(2, Request::Thanks), Outcome::WhichDay { .. }));
    assert!(matches!(world.code(2, "2"), Outcome::Booked { .. }));
    world.text(3, Request::Form(repaired("Siti", TUESDAY)));
    assert!(matches!(world.command(3, CommandName::Batal), Outcome::NothingToCancel));
    assert!(matches!(world.command(3, CommandName::Ya), Outcome::Greeting), "a cancel ends the question");
    world.audit();
}

#[test]
fn a_repaired_form_is_told_with_its_repair_where_a_photo_and_a_code_follow() {
    let mut world = World::new(office());
    let outcome = world.text(1, Request::Form(Form { wants_photo: true, ..repaired("Budi", TUESDAY) }));
    assert!(matches!(&outcome, Outcome::PhotoWanted { repaired, .. } if repaired.len() == 1), "{outcome:?}");
    world.audit();
}

#[test]
fn whoever_owes_a_code_is_told_so_and_not_only_shown_the_echo() {
    let mut world = World::new(office());
    let hold = echo(world.form(1, "Budi", TUESDAY));
    for request in
        [Request::Unreadable, Request::Command(Command { name: CommandName::Ya, code: None, mistyped: false })]
    {
        let outcome = world.text(1, request);
        assert!(matches!(&outcome, Outcome::CodeAwaited { hold: told } if *told == hold), "{outcome:?}");
    }
    echo(world.text(1, Request::Greeting));
    assert!(matches!(world.code(1, &approval(&hold)), Outcome::Booked { .. }));
    world.audit();
}

/// The question which Tuesday, for a form in which nothing else is in doubt.
fn which_tuesday() -> Ask {
    let choice = |date| Choice { date, form: form("Budi", Some(date)), then: None };
    let choices = vec![choice(date(2017, 8, 8)), choice(date(2017, 8, 15))];
    Ask { field: Field::TglKedatangan, person: None, at: (0, 1), found: "selasa".to_owned(), choices }
}

#[test]
fn a_day_is_chosen_by_its_number() {
    let mut world = World::new(office());
    assert!(matches!(world.text(1, Request::Ask(which_tuesday())), Outcome::WhichDay { .. }));
    let hold = echo(world.code(1, "2"));
    assert_eq!(hold.slot.date, date(2017, 8, 15));
    world.audit();
}

// Negative control: with every day offered, both are asked about, and the first is refused once it is chosen.
#[test]
fn a_day_that_is_no_longer_served_is_not_offered() {
    let mut ask = which_tuesday();
    for (choice, day) in ask.choices.iter_mut().zip([date(2017, 8, 1), date(2017, 8, 8)]) {
        (choice.date, choice.form.visit) = (day, Some(day));
    }
    let mut world = World::new(office());
    let hold = echo(world.text(1, Request::Ask(ask.clone())));
    assert_eq!(hold.slot.date, date(2017, 8, 8), "the only one left");
    for choice in &mut ask.choices {
        (choice.date, choice.form.visit) = (date(2017, 7, 31), Some(date(2017, 7, 31)));
    }
    let outcome = world.text(2, Request::Ask(ask));
    assert!(matches!(outcome, Outcome::WhichDay { ask, .. } if ask.choices.len() == 2), "with none left all stay");
    world.audit();
}

#[test]
fn a_day_is_chosen_by_the_day_itself() {
    let day = |day| Request::Day(vec![date(2017, 8, day)]);
    for answer in [day(15), Request::Digits("15082017".to_owned()), Request::Digits("150817".to_owned())] {
        let mut world = World::new(office());
        world.text(1, Request::Ask(which_tuesday()));
        let hold = echo(world.text(1, answer.clone()));
        assert_eq!(hold.slot.date, date(2017, 8, 15), "{answer:?}");
        world.audit();
    }
}

#[test]
fn an_answer_that_was_not_offered_is_asked_again() {
    let mut world = World::new(office());
    world.text(1, Request::Ask(which_tuesday()));
    let asked_again = |outcome| matches!(outcome, Outcome::WhichDay { ask, .. } if ask == which_tuesday());
    assert!(asked_again(world.code(1, "3")), "two were offered");
    assert!(asked_again(world.code(1, "0")));
    assert!(asked_again(world.text(1, Request::Day(vec![date(2017, 8, 16)]))));
    assert!(asked_again(world.command(1, CommandName::Ya)), "yes chooses none of two");
    let hold = echo(world.code(1, "1"));
    assert_eq!(hold.slot.date, date(2017, 8, 8), "the question still stood");
    assert!(matches!(world.text(2, Request::Day(vec![date(2017, 8, 8)])), Outcome::Unreadable), "nobody was asked");
    world.audit();
}

#[test]
fn two_unclear_dates_are_asked_one_after_the_other() {
    let mut world = World::new(office());
    let born = |year| date(year, 6, 5);
    let choice = |year| Choice { date: born(year), form: form("Budi", None), then: Some(Box::new(which_tuesday())) };
    let ask = Ask {
        field: Field::TglLahir,
        person: None,
        at: (0, 1),
        found: "050607".to_owned(),
        choices: vec![choice(1907), choice(2007)],
    };
    assert!(matches!(world.text(1, Request::Ask(ask)), Outcome::WhichDay { ask, .. } if ask.field == Field::TglLahir));
    let next = world.code(1, "1");
    assert!(matches!(next, Outcome::WhichDay { ask, .. } if ask.field == Field::TglKedatangan));
    assert_eq!(echo(world.code(1, "2")).slot.date, date(2017, 8, 15));
    world.audit();
}

// Negative control: with all notes dropped once a day is chosen, this books without a word on the other repair.
#[test]
fn choosing_a_day_does_not_accept_another_pieces_repair() {
    let mut world = one_step();
    let mut ask = which_tuesday();
    for choice in &mut ask.choices {
        choice.form.notes = repaired("Budi", None).notes;
    }
    ask.field = Field::TglKedatangan;
    world.text(1, Request::Ask(ask));
    let outcome = world.code(1, "2");
    assert!(matches!(outcome, Outcome::Confirm { .. }), "{outcome:?}");
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::Booked { .. }));
    world.audit();
}

#[test]
fn a_suggested_line_is_accepted_with_yes() {
    let mut world = one_step();
    let suggestion = Suggestion { line: "#Budi#25011987#08082017".to_owned(), form: form("Budi", TUESDAY) };
    let misread = Misread {
        format: FormatId::read("uji").unwrap(),
        kind: MisreadKind::Swapped,
        field: Some(Field::Nama),
        at: (0, 1),
        found: "25011987".to_owned(),
        expected: "a name".to_owned(),
        member: None,
        suggestion: Some(Box::new(suggestion)),
    };
    assert!(matches!(world.text(1, Request::Misread(misread)), Outcome::Misread { .. }));
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::Booked { .. }));
    world.audit();
}

#[test]
fn a_photo_waits_for_the_answer_about_its_form() {
    let mut world = one_step();
    let caption = Form { wants_photo: true, ..repaired("Budi", None) };
    let outcome = world.picture(1, Some(Request::Form(caption)));
    assert!(matches!(outcome, Some(Outcome::Confirm { photo_kept: true, .. })));
    let Outcome::Booked { booking, .. } = world.command(1, CommandName::Ya) else { panic!() };
    assert!(booking.photo.is_some());
    world.audit();
}

#[test]
fn other_values_replace_the_hold_and_the_old_code_says_so() {
    let mut world = World::new(office());
    let old = echo(world.form(1, "Budi", TUESDAY));
    let new = echo(world.form(1, "Budi", Some(date(2017, 8, 9))));
    assert!(matches!(world.code(1, &approval(&old)), Outcome::CodeReplaced { hold } if hold.id == new.id));
    assert!(matches!(world.code(1, &approval(&new)), Outcome::Booked { .. }));
    world.audit();
}

#[test]
fn a_new_form_for_a_closed_day_leaves_the_hold_alone() {
    let mut world = World::new(office());
    let hold = echo(world.form(1, "Budi", TUESDAY));
    assert!(matches!(world.form(1, "Budi", Some(date(2017, 8, 12))), Outcome::Refused(_)));
    assert!(matches!(world.code(1, &approval(&hold)), Outcome::Booked { .. }));
}

#[test]
fn ones_own_seat_counts_as_free_for_ones_new_form() {
    let mut office = office();
    (office.seats_per_hour, office.seats_per_day) = (1, Some(1));
    let mut world = World::new(office);
    let first = echo(world.form(1, "Budi", TUESDAY));
    let second = echo(world.form(1, "Budi Santoso", TUESDAY));
    assert_eq!((first.slot, first.seats), (second.slot, second.seats));
    world.audit();
}

#[test]
fn a_full_hour_rolls_to_the_next_and_a_full_day_to_the_next_open_day() {
    let mut world = World::new(office());
    let slots: Vec<_> =
        (1..=4).map(|who| echo(world.form(who, "Budi", Some(date(2017, 8, 11))))).map(|b| (b.slot, b.seats)).collect();
    let slot = |d, hour| Slot { date: date(2017, 8, d), hour };
    let expected = [
        (slot(11, 8), vec![1]),
        (slot(11, 8), vec![2]),
        (slot(11, 9), vec![1]),
        // The day gives three; Monday is the next open day.
        (slot(14, 8), vec![1]),
    ];
    assert_eq!(slots, expected);
    world.audit();
}

/// A form for one half of a day.
fn half_day(name: &str, visit: Option<NaiveDate>, session: Session) -> Request {
    let mut form = form(name, visit);
    form.applicant.sesi = Some(session);
    Request::Form(form)
}

/// Two hours in the morning and two in the afternoon, of one seat each; in the morning only on Wednesdays.
fn two_sessions() -> World {
    let mut office = office();
    (office.seats_per_hour, office.seats_per_day) = (1, None);
    let day = vec![Span { from: time(10, 0), until: time(12, 0) }, Span { from: time(12, 0), until: time(14, 0) }];
    office.hours = WeeklyHours(std::array::from_fn(|_| day.clone()));
    office.hours.0[2].truncate(1);
    World::new(office)
}

#[test]
fn a_full_session_rolls_to_the_same_session_of_the_next_day() {
    let mut world = two_sessions();
    let tuesday = TUESDAY.unwrap();
    let mut given = |who, session| {
        let slot = echo(world.text(who, half_day("Budi", TUESDAY, session))).slot;
        ((slot.date - tuesday).num_days(), slot.hour)
    };
    assert_eq!(given(1, Session::Pagi), (0, 10));
    assert_eq!(given(2, Session::Pagi), (0, 11));
    assert_eq!(given(3, Session::Pagi), (1, 10), "the afternoon is free, but was not asked for");
    assert_eq!(given(4, Session::Siang), (0, 12));
    assert_eq!(given(5, Session::Siang), (0, 13));
    assert_eq!(given(6, Session::Siang), (2, 12), "on Wednesdays there is no afternoon");
    world.audit();
}

#[test]
fn a_day_without_the_session_is_refused_with_the_next_that_has_it() {
    let mut world = two_sessions();
    let wednesday = TUESDAY.unwrap().succ_opt();
    let outcome = world.text(1, half_day("Budi", wednesday, Session::Siang));
    let Outcome::Refused(Refusal::Day { why, next, .. }) = outcome else { panic!("{outcome:?}") };
    assert_eq!((why, next), (RefusedDay::NoSession(Session::Siang), wednesday.unwrap().succ_opt()));
    assert!(matches!(world.text(1, half_day("Budi", wednesday, Session::Pagi)), Outcome::Echo { .. }));
    world.audit();
}

#[test]
fn a_full_session_is_told_as_such_where_days_do_not_roll() {
    let mut world = two_sessions();
    world.office.policy.when_full = WhenFull::Suggest;
    for who in [1, 2] {
        echo(world.text(who, half_day("Budi", TUESDAY, Session::Pagi)));
    }
    let outcome = world.text(3, half_day("Budi", TUESDAY, Session::Pagi));
    let Outcome::Refused(Refusal::Full { suggest, session, .. }) = outcome else { panic!("{outcome:?}") };
    assert_eq!((suggest, session), (TUESDAY.unwrap().succ_opt(), Some(Session::Pagi)));
    world.audit();
}

#[test]
fn another_session_is_another_wish() {
    let mut world = two_sessions();
    let morning = echo(world.text(1, half_day("Budi", TUESDAY, Session::Pagi)));
    let again = echo(world.text(1, half_day("Budi", TUESDAY, Session::Pagi)));
    assert_eq!(again.id, morning.id);
    let afternoon = echo(world.text(1, half_day("Budi", TUESDAY, Session::Siang)));
    assert_ne!(afternoon.id, morning.id);
    assert_eq!(afternoon.slot.hour, 12);
    world.audit();
}

#[test]
fn a_late_code_books_if_the_day_has_room_and_else_says_that_it_expired() {
    let mut office = office();
    (office.seats_per_hour, office.seats_per_day, office.policy.when_full) = (1, Some(1), WhenFull::Refuse);
    let mut world = World::new(office);
    let hold = echo(world.form(1, "Budi", TUESDAY));
    world.now += Duration::minutes(31);
    let other = echo(world.form(2, "Siti", TUESDAY));
    assert_eq!(other.slot, hold.slot, "the seat came back at the deadline");
    assert!(matches!(world.code(1, &approval(&hold)), Outcome::CodeExpired { .. }));
    world.now += Duration::minutes(31);
    assert!(matches!(world.code(1, &approval(&hold)), Outcome::Booked { late: false, .. }));
    world.audit();
}

#[test]
fn too_many_wrong_codes_end_the_hold() {
    let mut world = World::new(office());
    let hold = echo(world.form(1, "Budi", TUESDAY));
    let wrong = if approval(&hold) == "00000001" { "00000002" } else { "00000001" };
    for left in (1..CODE_TRIES_MAX).rev() {
        assert!(matches!(world.code(1, wrong), Outcome::CodeWrong { tries_left, .. } if tries_left == left));
    }
    assert_eq!(world.code(1, wrong), Outcome::CodeBlocked);
    assert_eq!(world.code(1, &approval(&hold)), Outcome::CodeUnknown);
    world.audit();
}

#[test]
fn a_hold_is_released_even_where_bookings_are_not() {
    let mut office = office();
    office.policy.cancelling = false;
    let mut world = World::new(office);
    let hold = echo(world.form(1, "Budi", TUESDAY));
    assert!(matches!(world.command(1, CommandName::Batal), Outcome::Released { .. }));
    let again = echo(world.form(1, "Budi", TUESDAY));
    assert_eq!(hold.seats, again.seats);
    assert!(matches!(world.text(1, Request::AboutCancelling), Outcome::CancelAlone), "a hold can be given back");
    world.code(1, &approval(&again));
    assert!(matches!(world.command(1, CommandName::Batal), Outcome::CancelNotAllowed { .. }));
    assert!(matches!(world.text(1, Request::AboutCancelling), Outcome::CancelNotAllowed { .. }));
    world.audit();
}

#[test]
fn with_several_bookings_batal_asks_which_and_a_number_answers() {
    let mut office = office();
    (office.policy.live_per_number, office.policy.approval) = (3, Approval::None);
    let mut world = World::new(office);
    for name in ["Budi", "Siti"] {
        assert!(matches!(world.form(1, name, TUESDAY), Outcome::Booked { .. }));
    }
    assert!(matches!(world.command(1, CommandName::Batal), Outcome::WhichToCancel { bookings } if bookings.len() == 2));
    assert!(matches!(world.code(1, "2"), Outcome::Cancelled { booking } if booking.applicant.nama.as_str() == "Siti"));
    assert_eq!(world.code(1, "1"), Outcome::CodeUnknown, "the question has been answered");
    world.audit();
}

// Negative control: a question that outlives talk of giving up books with the next `ok`, and one that outlives another list
// cancels by a number of that one: each fails this.
#[test]
fn after_talk_of_giving_up_or_another_list_no_yes_and_no_number_is_an_answer() {
    let mut office = office();
    (office.policy.live_per_number, office.policy.approval) = (3, Approval::None);
    let mut world = World::new(office);
    world.text(1, Request::Form(repaired("Budi", TUESDAY)));
    assert_eq!(world.text(1, Request::AboutCancelling), Outcome::NothingToCancel);
    assert_eq!(world.command(1, CommandName::Ya), Outcome::Greeting);
    for name in ["Budi", "Siti"] {
        assert!(matches!(world.form(2, name, TUESDAY), Outcome::Booked { .. }));
    }
    for between in
        [Request::AboutCancelling, Request::Command(Command { name: CommandName::Status, code: None, mistyped: false })]
    {
        assert!(matches!(world.command(2, CommandName::Batal), Outcome::WhichToCancel { .. }));
        world.text(2, between.clone());
        assert_eq!(world.code(2, "1"), Outcome::CodeUnknown, "{between:?}");
    }
    world.audit();
}

#[test]
fn photo_and_text_come_in_any_order() {
    let mut office = office();
    office.policy.approval = Approval::None;
    let wanting = || Request::Form(Form { wants_photo: true, ..form("Budi", TUESDAY) });
    let mut world = World::new(office);
    assert!(matches!(world.text(1, wanting()), Outcome::PhotoWanted { .. }));
    assert!(matches!(world.picture(1, None), Some(Outcome::Booked { .. })));
    assert!(matches!(world.picture(2, None), Some(Outcome::PhotoKept { .. })));
    assert_eq!(world.bookings.get(&2).map_or(0, Vec::len), 0, "a photo alone takes no seat");
    assert!(matches!(world.text(2, wanting()), Outcome::Booked { .. }));
    assert!(matches!(world.picture(3, Some(wanting())), Some(Outcome::Booked { .. })));
    assert_eq!(world.picture(3, None), None, "an album is answered once");
    world.audit();
}

#[test]
fn the_intake_window_is_judged_by_the_time_of_sending() {
    let mut office = office();
    office.intake = Some(Span { from: time(7, 30), until: time(10, 0) });
    let mut world = World::new(office);
    world.now = Zone::Wib.instant(date(2017, 8, 7).and_time(time(7, 29)));
    let early = world.form(1, "Budi", TUESDAY);
    assert!(matches!(early, Outcome::Refused(Refusal::OutsideIntake { later_today: true, .. })));
    world.now += Duration::minutes(1);
    echo(world.form(1, "Budi", TUESDAY));
    world.now += Duration::hours(3);
    let late = world.form(2, "Siti", TUESDAY);
    assert!(matches!(late, Outcome::Refused(Refusal::OutsideIntake { later_today: false, next: Some(day), .. })
        if day == date(2017, 8, 8)));
}

#[derive(Debug, Clone)]
enum Move {
    Form { who: u8, name: u8, day: u8, photo: bool },
    RightCode { who: u8 },
    WrongCode { who: u8 },
    Batal { who: u8 },
    Choose { who: u8, number: u8 },
    Picture { who: u8, with_form: bool },
    Wait { minutes: u16 },
}

fn moves() -> impl Strategy<Value = Move> {
    let who = 0..6_u8;
    prop_oneof![
        6 => (who.clone(), 0..3_u8, 0..9_u8, any::<bool>())
            .prop_map(|(who, name, day, photo)| Move::Form { who, name, day, photo }),
        4 => who.clone().prop_map(|who| Move::RightCode { who }),
        2 => who.clone().prop_map(|who| Move::WrongCode { who }),
        2 => who.clone().prop_map(|who| Move::Batal { who }),
        1 => (who.clone(), 1..4_u8).prop_map(|(who, number)| Move::Choose { who, number }),
        2 => (who, any::<bool>()).prop_map(|(who, with_form)| Move::Picture { who, with_form }),
        2 => (1..600_u16).prop_map(|minutes| Move::Wait { minutes }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    // Negative controls tried: not giving a replaced hold's seats back, reviving without taking seats, and skipping
    // `too_many` each fail within the first cases; so do a late code that does not ask for its person's places, holds of photos
    // that are prolonged without their share, and replaced holds that are still counted as unconfirmed.
    #[test]
    fn whatever_people_send_the_books_balance(
        approval_code: bool, limit in 1..3_u32, suggest: bool, per_person in 0..3_u32, traffic in prop::collection::vec(moves(), 1..80)
    ) {
        let mut office = office();
        office.policy.approval = if approval_code { Approval::Code } else { Approval::None };
        office.policy.live_per_number = limit;
        office.policy.live_per_person = if per_person == 0 { PerPerson::Note } else { PerPerson::AtMost(per_person) };
        office.policy.when_full = if suggest { WhenFull::Suggest } else { WhenFull::Roll };
        let mut world = World::new(office);
        for step in traffic {
            match step {
                Move::Form { who, name, day, photo } => {
                    let visit = Some(date(2017, 8, 7) + Duration::days(i64::from(day)));
                    let mut form = form(["Budi", "Siti", "Ahmad"][usize::from(name)], visit);
                    form.wants_photo = photo;
                    form.party = 1 + (name + day) % 2;
                    world.text(who, Request::Form(form));
                }
                Move::RightCode { who } => {
                    let last = world.bookings.get(&who).and_then(|own| own.iter().rev().find_map(|b| b.approval.clone()));
                    if let Some(code) = last {
                        world.code(who, code.as_str());
                    }
                }
                Move::WrongCode { who } => { world.code(who, "00000000"); }
                Move::Batal { who } => { world.command(who, CommandName::Batal); }
                Move::Choose { who, number } => { world.code(who, &number.to_string()); }
                Move::Picture { who, with_form } => {
                    let read = Form { wants_photo: true, ..form("Budi", TUESDAY) };
                    world.picture(who, with_form.then_some(Request::Form(read)));
                }
                Move::Wait { minutes } => world.now += Duration::minutes(i64::from(minutes)),
            }
            world.audit();
        }
    }
}
