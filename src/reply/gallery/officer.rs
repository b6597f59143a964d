//! Replies about conversations with an officer.

use super::{Shown, shown};
use crate::conversation::{Answer, Answers, HandoverStep, Outcome};
use crate::domain::booking::Awaits;
use crate::grammar::Topic;
use crate::reply::sample::{Sample, at, day};

pub(super) fn all() -> Vec<Shown> {
    let mut open = Sample::bogor();
    open.office.policy.handover = true;
    let evening = open.clone().on(day(2017, 8, 4), at(17, 0));
    let without_calendar = open.clone().on(day(2018, 8, 6), at(9, 0));
    let told = |step| Outcome::Handover(Box::new(step));
    let question = |answer| {
        let answers = vec![answer];
        Outcome::Answers(Box::new(Answers {
            beside: None,
            answers,
            hold: None,
            question_open: false,
            in_english: false,
            in_malay: false,
        }))
    };
    let text =
        "Boleh, selama masih di bawah lima tahun.\nBawa *akta* kelahirannya, dan telepon 02510000000 kalau terlambat.";
    vec![
        shown("an officer wanted", &open, told(HandoverStep::Opened { hold: None })),
        shown("an officer wanted, after hours", &evening, told(HandoverStep::Opened { hold: None })),
        shown("an officer wanted, without a calendar", &without_calendar, told(HandoverStep::Opened { hold: None })),
        shown(
            "an officer wanted, a place is held",
            &open,
            told(HandoverStep::Opened { hold: Some(Box::new(open.hold(Awaits::Code))) }),
        ),
        shown("an officer wanted once more", &open, told(HandoverStep::StillOpen)),
        shown("passed on to an officer", &open, told(HandoverStep::Forwarded)),
        shown("on without the officer", &open, told(HandoverStep::Left)),
        shown("no officer to leave", &open, told(HandoverStep::NotOpen)),
        shown("no officer to leave, nor to ask", &Sample::bogor(), told(HandoverStep::NotOpen)),
        shown("an officer's answer", &open, told(HandoverStep::Answered { text: text.to_owned() })),
        shown("an officer ended it", &open, told(HandoverStep::Ended)),
        shown("question: an officer, where they answer messages", &open, question(Answer::Topic(Topic::Officer))),
        shown("complaint, where officers answer messages", &open, question(Answer::Complaint { bookings: Vec::new() })),
        shown("help, where officers answer messages", &open, Outcome::Help),
    ]
}
