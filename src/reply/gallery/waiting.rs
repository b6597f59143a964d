//! Replies about the waiting list, and about days that open later.

use super::super::sample::{Sample, day};
use super::{Shown, shown};
use crate::conversation::{Answer, Answers, NoticeContent, Outcome, Refusal, RefusedDay, WaitingPlace, WaitingTold};
use crate::domain::booking::{Awaits, Booking};
use crate::domain::opening::Opening;
use crate::domain::shared_offer::SharedOffer;
use crate::domain::slot::Slot;
use crate::grammar::Topic;

pub(super) fn all() -> Vec<Shown> {
    let mut sample = Sample::batam();
    sample.office.policy.waiting = true;
    let told = |told| Outcome::Waiting(Box::new(told));
    let place =
        |ahead, booking| WaitingPlace { date: Some(day(2017, 8, 7)), ahead, booking, shared: None, must_write: true };
    let later = || Booking { slot: Slot { date: day(2017, 8, 9), hour: 9 }, ..sample.booking() };
    let any = WaitingPlace { date: None, ahead: 0, booking: None, shared: None, must_write: false };
    let hold = || Booking { awaits: Some(Awaits::Offer), ..sample.hold(Awaits::Code) };
    let offered = |instead_of, is_last| told(WaitingTold::Offered { hold: hold(), instead_of, is_last });
    let mut several = sample.clone();
    several.office.policy.waiting_at_once = 3;
    let slot = sample.booking().slot;
    let share = || SharedOffer {
        id: 1,
        slot,
        seats: 1,
        until: hold().hold_until.unwrap_or(sample.now),
        is_taken: false,
        applicant: sample.booking().applicant,
        format: sample.booking().format,
    };
    let shared =
        |others, instead_of, is_last| told(WaitingTold::Shared { shared: share(), others, instead_of, is_last });
    let taken = || Outcome::Notice(Box::new(NoticeContent::OfferTaken { slot }));
    let at_once = |booking| told(WaitingTold::Joined(WaitingPlace { booking, ..place(1, None) }));
    let during = || WaitingPlace { shared: Some(share()), ..place(1, None) };
    let asked = || {
        let answers = vec![Answer::Topic(Topic::Fee)];
        let hold = Some(hold());
        let answers = Answers { beside: None, answers, hold, question_open: false, in_english: false, in_malay: false };
        Outcome::Answers(Box::new(answers))
    };
    let at = sample.office.zone.instant(day(2017, 8, 4).and_hms_opt(14, 0, 0).unwrap_or_default());
    let refusal =
        Refusal::Day { asked: day(2017, 8, 7), why: RefusedDay::NotReleased { opens: at }, next: None, form: None };
    let full = Refusal::Full { asked: day(2017, 8, 7), suggest: None, form: None, session: None, party: 1 };
    let status = |bookings| WaitingTold::Status { bookings, photo_until: None, place: place(2, None) };
    let opens = |last| Outcome::Notice(Box::new(NoticeContent::Opening(Opening { at, first: day(2017, 8, 7), last })));
    vec![
        shown("full, and there is a waiting list", &sample, Outcome::Refused(full)),
        shown("no waiting list", &Sample::bogor(), told(WaitingTold::NoList)),
        shown("waiting needs a form", &sample, told(WaitingTold::NeedsForm)),
        shown("the waiting list is full", &sample, told(WaitingTold::ListFull)),
        shown("not on the waiting list", &sample, told(WaitingTold::NotWaiting)),
        shown("waiting, joined", &sample, told(WaitingTold::Joined(place(1, None)))),
        shown("waiting, joined for any day", &sample, told(WaitingTold::Joined(any))),
        shown("waiting, joined for an earlier day", &sample, told(WaitingTold::Joined(place(0, Some(later()))))),
        shown("waiting", &sample, told(WaitingTold::Waits(place(3, None)))),
        shown("status, waiting", &sample, told(status(Vec::new()))),
        shown("status, with an offer", &sample, told(status(vec![hold()]))),
        shown("waiting, left", &sample, told(WaitingTold::Left)),
        shown("waiting, not for a later day", &sample, told(WaitingTold::NotEarlier { booking: sample.booking() })),
        shown("a seat is offered", &sample, offered(None, false)),
        shown("a seat is offered, the last one", &sample, offered(None, true)),
        shown("an earlier seat is offered", &sample, offered(Some(later()), false)),
        shown("an offer is declined", &sample, told(WaitingTold::Declined { is_over: false })),
        shown("an offer is declined, the last one", &sample, told(WaitingTold::Declined { is_over: true })),
        shown("an offer is over", &sample, told(WaitingTold::TooLate { still_waits: true })),
        shown("an offer is over, and so is the wait", &sample, told(WaitingTold::TooLate { still_waits: false })),
        shown("waiting, joined, with offers to several at once", &several, at_once(None)),
        shown("waiting, joined for an earlier day, with offers to several at once", &several, at_once(Some(later()))),
        shown("a seat is offered to two", &several, shared(1, None, false)),
        shown("a seat is offered to three", &several, shared(2, Some(later()), true)),
        shown("waiting, with an offer to several at once", &several, told(WaitingTold::Waits(during()))),
        shown("an offered seat is taken", &several, told(WaitingTold::Taken { slot })),
        shown("an offered seat was taken", &several, taken()),
        shown("a question during an offer", &sample, asked()),
        shown("not released, shall we tell you?", &Sample::bogor(), told(WaitingTold::OpeningAsked { refusal })),
        shown("will be told at the opening", &Sample::bogor(), told(WaitingTold::OpeningNoted { at })),
        shown("a week opens", &Sample::bogor(), opens(day(2017, 8, 11))),
        shown("a day opens", &Sample::bogor(), opens(day(2017, 8, 7))),
    ]
}
