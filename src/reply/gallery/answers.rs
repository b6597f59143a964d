//! Replies to questions: every topic at an office without texts of its own, and what an office's own texts change.

use super::super::sample::{Sample, at, day, independence_day};
use super::{Shown, shown};
use crate::conversation::{Answer, Answers, DayRoom, HourRoom, HourWish, Outcome, RefusedDay, Room};
use crate::domain::booking::{Awaits, Booking};
use crate::domain::office::Dated;
use crate::domain::slot::Session;
use crate::grammar::Topic;
use chrono::Weekday;

fn answers(answers: Vec<Answer>) -> Answers {
    Answers { beside: None, answers, hold: None, question_open: false, in_english: false, in_malay: false }
}

fn told(answers: Answers) -> Outcome {
    Outcome::Answers(Box::new(answers))
}

fn one(answer: Answer) -> Outcome {
    told(answers(vec![answer]))
}

fn topics() -> Vec<Shown> {
    let bogor = Sample::bogor();
    let by_file =
        |topic: &Topic| !matches!(topic, Topic::FreeDays | Topic::FreeHours | Topic::OwnBooking | Topic::Complaint);
    let all = Topic::ALL.into_iter().filter(by_file);
    all.map(|topic| shown(format!("question: {}", topic.name()), &bogor, one(Answer::Topic(topic)))).collect()
}

/// The same office with everything that its file may say besides.
fn talkative() -> Sample {
    let mut sample = Sample::batam();
    let office = &mut sample.office;
    office.telephone = "(0778) 000000".into();
    office.map = "https://peta.example/batam".into();
    office.policy.grace_minutes = 0;
    office.texts_id.official = "Nomor ini juga tertulis di papan loket 1.".into();
    office.texts_id.topics.insert("fee".into(), "Paspor biasa Rp100.000, dibayar di kantor pos.".into());
    office
        .texts_en
        .topics
        .insert("fee".into(), "An ordinary passport costs Rp100,000, paid at the post office.".into());
    sample
}

fn own_texts() -> Vec<Shown> {
    let batam = talkative();
    let topic = |title: &str, topic| shown(format!("question: {title}"), &batam, one(Answer::Topic(topic)));
    vec![
        topic("fee, the office's own text", Topic::Fee),
        topic("location, with a map", Topic::Location),
        topic("authenticity, the office's own text", Topic::Authenticity),
        topic("an officer, with a telephone", Topic::Officer),
        topic("hours, with a window for forms", Topic::Hours),
        topic("late, nothing forgiven", Topic::Late),
        topic("photo, one is wanted", Topic::Photo),
        topic("relatives, several bookings", Topic::Relatives),
        topic("data, with cancelling", Topic::DataChange),
    ]
}

fn room(date: chrono::NaiveDate, room: Room) -> DayRoom {
    DayRoom { date, room }
}

fn free() -> Vec<Shown> {
    let bogor = Sample::bogor();
    let refused = Room::Refused;
    let nearest = vec![
        room(day(2017, 8, 2), Room::Full),
        room(day(2017, 8, 3), Room::Free(1)),
        room(day(2017, 8, 4), Room::Free(120)),
        room(day(2017, 8, 17), refused(RefusedDay::Holiday(independence_day()))),
        room(day(2017, 8, 18), Room::Free(300)),
    ];
    let reasons = vec![
        room(day(2017, 8, 2), Room::Full),
        room(day(2017, 8, 9), refused(RefusedDay::Closed("Pindah gedung".into()))),
        room(day(2017, 8, 17), refused(RefusedDay::Holiday(independence_day()))),
        room(day(2017, 8, 20), refused(RefusedDay::Weekday(Weekday::Sun))),
        room(day(2017, 12, 1), refused(RefusedDay::BeyondHorizon { last: day(2017, 9, 29) })),
        room(day(2017, 7, 3), refused(RefusedDay::Past)),
        room(day(2017, 8, 1), refused(RefusedDay::TooSoon { earliest: day(2017, 8, 2) })),
        room(day(2017, 8, 11), refused(RefusedDay::NoSession(Session::Siang))),
        room(day(2018, 1, 8), refused(RefusedDay::UnknownCalendar)),
    ];
    let days = |asked, nearest| one(Answer::FreeDays { asked, nearest });
    let hours = vec![HourRoom { hour: 9, free: 1 }, HourRoom { hour: 13, free: 50 }];
    let of_day = |hours: Vec<HourRoom>, wish| {
        let places = if hours.is_empty() { Room::Full } else { Room::Free(51) };
        one(Answer::FreeHours { day: room(day(2017, 8, 7), places), hours, wish })
    };
    vec![
        shown("question: free days", &bogor, days(Vec::new(), nearest.clone())),
        shown("question: a free day", &bogor, days(vec![room(day(2017, 8, 14), Room::Free(87))], Vec::new())),
        shown("question: days that are not free, each with its reason", &bogor, days(reasons.clone(), nearest)),
        shown("question: no day is free", &bogor, days(Vec::new(), vec![room(day(2017, 8, 2), Room::Full)])),
        shown("question: free hours", &bogor, of_day(hours.clone(), None)),
        shown("question: the afternoon", &bogor, of_day(hours.clone(), Some(HourWish::Session(Session::Siang)))),
        shown("question: an hour without room", &bogor, of_day(hours, Some(HourWish::Hour(at(14, 0))))),
        shown("question: hours of a full day", &bogor, of_day(Vec::new(), None)),
    ]
}

fn with_state() -> Vec<Shown> {
    let (bogor, batam) = (Sample::bogor(), Sample::batam());
    let (hold, photo) = (bogor.hold(Awaits::Code), batam.hold(Awaits::Photo));
    let fee = || vec![Answer::Topic(Topic::Fee)];
    let during = |hold: &Booking| told(Answers { hold: Some(hold.clone()), ..answers(fee()) });
    let mut closed = bogor.clone();
    closed.office.dated.insert(hold.slot.date, Dated::Closed { reason: "Perbaikan gedung".into() });
    let beside = |beside, answers: Vec<Answer>| told(Answers { beside: Some(beside), ..self::answers(answers) });
    let echo = Outcome::Echo { hold: hold.clone(), moved: None, replaced: false, repaired: Vec::new(), short: false };
    let booked = Outcome::Booked { booking: batam.booking(), moved: None, late: false };
    let own = |bookings| Answer::OwnBooking { bookings, photo_until: None };
    vec![
        shown("question: own booking", &bogor, one(own(vec![bogor.booking()]))),
        shown("question: own booking, none", &bogor, one(own(Vec::new()))),
        shown("question: complaint", &bogor, one(Answer::Complaint { bookings: vec![bogor.booking()] })),
        shown("question: complaint, nothing known", &bogor, one(Answer::Complaint { bookings: Vec::new() })),
        shown(
            "question: open on these days",
            &closed,
            one(Answer::OpenOn(vec![
                hold.slot.date,
                day(2017, 8, 17),
                day(2017, 8, 20),
                day(2018, 1, 8),
                day(2017, 8, 8),
            ])),
        ),
        shown("question during a hold", &bogor, during(&hold)),
        shown("question during a hold that waits for a photo", &batam, during(&photo)),
        shown("question during a hold whose day was closed", &closed, during(&hold)),
        shown("question while one of ours is open", &bogor, told(Answers { question_open: true, ..answers(fee()) })),
        shown("question beside a form", &bogor, beside(echo, fee())),
        shown(
            "questions beside a form that is booked at once",
            &batam,
            beside(booked, vec![Answer::Topic(Topic::Hours), Answer::Topic(Topic::Requirements)]),
        ),
        shown(
            "several questions together",
            &bogor,
            told(answers(vec![
                Answer::Topic(Topic::Requirements),
                Answer::Topic(Topic::Fee),
                Answer::Topic(Topic::Location),
            ])),
        ),
        shown("question in English", &bogor, told(Answers { in_english: true, ..answers(fee()) })),
        shown(
            "not understood, in English",
            &bogor,
            told(Answers { beside: Some(Outcome::Unreadable), in_english: true, ..answers(Vec::new()) }),
        ),
    ]
}

pub(super) fn all() -> Vec<Shown> {
    [topics(), own_texts(), free(), with_state()].into_iter().flatten().collect()
}
