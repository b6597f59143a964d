//! Replies of an office with a release calendar.

use chrono::{NaiveTime, Weekday};

use super::super::sample::{Sample, day};
use super::{Shown, shown};
use crate::conversation::{Answer, Answers, DayRoom, Outcome, Refusal, RefusedDay, Room};
use crate::domain::office::{Dated, Release, Share, Wave};
use crate::domain::slot::Session;

/// The two-step office, which releases half of the following week on Friday and the rest on Saturday.
fn released() -> Sample {
    let mut sample = Sample::bogor();
    let wave = |weekday, hour| Wave {
        share: Share { parts: 1, of: 2 },
        weekday,
        at: NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default(),
    };
    sample.office.release = Some(Release { waves: vec![wave(Weekday::Fri, 14), wave(Weekday::Sat, 9)] });
    sample
}

pub(super) fn all() -> Vec<Shown> {
    let sample = released();
    let zone = sample.office.zone;
    let opens = zone.instant(day(2017, 8, 4).and_hms_opt(14, 0, 0).unwrap_or_default());
    // Between the waves, half of the next week's seats can be booked.
    let mut between = sample.clone();
    between.now = zone.instant(day(2017, 8, 4).and_hms_opt(15, 0, 0).unwrap_or_default());
    let not_released = || RefusedDay::NotReleased { opens };
    let refused = |why, next| Outcome::Refused(Refusal::Day { asked: day(2017, 8, 7), why, next, form: None });
    let full = Refusal::Full { asked: day(2017, 8, 7), suggest: None, form: None, session: None, party: 1 };
    let all_full = |session| Outcome::Refused(Refusal::AllFull { last: day(2017, 8, 4), session, party: 1 });
    let free = |asked, nearest| {
        let answers = vec![Answer::FreeDays { asked, nearest }];
        let answers =
            Answers { beside: None, answers, hold: None, question_open: false, in_english: false, in_malay: false };
        Outcome::Answers(Box::new(answers))
    };
    let room = |date, room| DayRoom { date, room };
    let nearest = || vec![room(day(2017, 8, 3), Room::Free(12))];
    let mut alone = sample.clone();
    for date in 8..12 {
        alone.office.dated.insert(day(2017, 8, date), Dated::Closed { reason: "Pindah gedung".into() });
    }
    vec![
        shown("all full until the next release, of one day", &alone, all_full(None)),
        shown("not released", &sample, refused(not_released(), Some(day(2017, 8, 3)))),
        shown("not released, and no other day", &sample, refused(not_released(), None)),
        shown(
            "closed, and no other day until the next release",
            &sample,
            refused(RefusedDay::Closed("Pindah gedung".into()), None),
        ),
        shown("full until the next wave", &between, Outcome::Refused(full)),
        shown("all full until the next release", &sample, all_full(None)),
        shown("a session all full until the next release", &sample, all_full(Some(Session::Siang))),
        shown("free days, and the next release", &sample, free(Vec::new(), nearest())),
        shown(
            "free days, the asked one is not released",
            &sample,
            free(vec![room(day(2017, 8, 7), Room::Refused(not_released()))], nearest()),
        ),
        shown(
            "free days, the asked one is full until the next wave",
            &between,
            free(vec![room(day(2017, 8, 7), Room::Full)], nearest()),
        ),
    ]
}
