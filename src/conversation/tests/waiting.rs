//! The waiting list, alone and under random traffic with releases and closings.

use chrono::{Duration, NaiveDate, NaiveTime, Weekday};
use proptest::prelude::*;

use super::world::{TUESDAY, World, date, form, office};
use crate::conversation::{Outcome, Refusal, RefusedDay, WaitingTold};
use crate::domain::booking::{Awaits, State};
use crate::domain::office::{Approval, Dated, PerPerson, Release, Share, Wave, WhenFull};
use crate::grammar::{ChangeDay, CommandName, Form, Request, Wait};

/// An office with a list, without approval codes, that refuses a form for a full day: three seats a day.
fn listed() -> World {
    let mut office = office();
    office.policy.approval = Approval::None;
    office.policy.when_full = WhenFull::Refuse;
    office.policy.waiting = true;
    World::new(office)
}

fn joins(world: &mut World, who: u8, name: &str) {
    world.form(who, name, TUESDAY);
    let told = world.text(who, Request::Wait(Wait::default()));
    assert!(matches!(&told, Outcome::Waiting(told) if matches!(**told, WaitingTold::Joined(_))), "{told:?}");
}

/// Three who are booked for Tuesday, and two who wait for it.
fn two_wait() -> World {
    let mut world = listed();
    for (who, name) in [(1, "Ani"), (2, "Eka"), (3, "Fani")] {
        assert!(matches!(world.form(who, name, TUESDAY), Outcome::Booked { .. }));
    }
    joins(&mut world, 4, "Gita");
    joins(&mut world, 5, "Hani");
    world
}

fn offered(world: &World, who: u8) -> bool {
    let own = world.bookings.get(&who).map_or(&[][..], Vec::as_slice);
    own.iter().any(|hold| hold.awaits == Some(Awaits::Offer) && hold.is_live(&world.office, world.now))
}

// Negative control: with `claimed` 0, the newcomer gets the seat.
#[test]
fn a_seat_that_comes_back_is_offered_in_turn_and_to_nobody_else() {
    let mut world = two_wait();
    world.command(1, CommandName::Batal);
    assert!(matches!(world.form(6, "Budi", TUESDAY), Outcome::Refused(Refusal::Full { .. })), "before the offer");
    world.give_turns();
    assert!(offered(&world, 4) && !offered(&world, 5));
    assert!(matches!(world.form(6, "Budi", TUESDAY), Outcome::Refused(Refusal::Full { .. })), "during it");
    assert!(matches!(world.command(4, CommandName::Ya), Outcome::Booked { .. }));
    world.give_turns();
    assert!(!offered(&world, 5));
    world.audit();
}

// Negative control: without `declined`, the seat is offered to the same citizen again at once.
#[test]
fn a_declined_seat_goes_to_the_next_and_is_not_offered_again() {
    let mut world = two_wait();
    world.command(1, CommandName::Batal);
    world.give_turns();
    let told = world.command(4, CommandName::Batal);
    assert!(matches!(&told, Outcome::Waiting(told) if **told == WaitingTold::Declined { is_over: false }), "{told:?}");
    world.give_turns();
    assert!(!offered(&world, 4) && offered(&world, 5));
    world.now += Duration::minutes(11);
    world.lapse();
    world.give_turns();
    assert!(!offered(&world, 4) && !offered(&world, 5), "within a day it is offered for ten minutes");
    // Nobody on the list wants that day for now: everybody may have it.
    assert!(matches!(world.form(6, "Budi", TUESDAY), Outcome::Booked { .. }));
    world.audit();
}

#[test]
fn a_holder_keeps_the_later_day_until_the_yes_and_never_has_two() {
    let mut world = two_wait();
    let wednesday = Some(date(2017, 8, 9));
    assert!(matches!(world.form(6, "Budi", wednesday), Outcome::Booked { .. }));
    let told = world.text(6, Request::Wait(Wait { days: vec![date(2017, 8, 8)], ..Wait::default() }));
    assert!(matches!(&told, Outcome::Waiting(told) if matches!(**told, WaitingTold::Joined(_))), "{told:?}");
    for who in [1, 2, 3] {
        world.command(who, CommandName::Batal);
    }
    world.give_turns();
    assert!(offered(&world, 4) && offered(&world, 5) && offered(&world, 6));
    let Outcome::Moved { booking, before } = world.command(6, CommandName::Ya) else { panic!("not moved") };
    assert_eq!((booking.code, booking.slot.date, booking.moves), (before.code, date(2017, 8, 8), 1));
    world.audit();
}

/// Two who wait for one seat that came back, offered to both.
fn two_share() -> World {
    let mut world = two_wait();
    world.command(1, CommandName::Batal);
    world.share_out(3);
    world
}

// Negative control: with the first of them left as they are in `take_share`, their `ya` gets a seat that is not there.
#[test]
fn a_seat_that_two_are_offered_goes_to_the_first_yes_and_the_other_keeps_their_turn() {
    let mut world = two_share();
    assert!(matches!(world.form(6, "Budi", TUESDAY), Outcome::Refused(Refusal::Full { .. })), "it is nobody else's");
    assert!(matches!(world.command(5, CommandName::Ya), Outcome::Booked { .. }));
    world.audit();
    let told = world.command(4, CommandName::Ya);
    assert!(matches!(&told, Outcome::Waiting(told) if matches!(**told, WaitingTold::Taken { .. })), "{told:?}");
    let told = world.text(4, Request::Wait(Wait::default()));
    let first = |told: &WaitingTold| matches!(told, WaitingTold::Waits(place) if place.ahead == 0);
    assert!(matches!(&told, Outcome::Waiting(told) if first(told)), "{told:?}");
    assert_eq!((world.waiting.entries[0].offers, world.waiting.entries[0].declines), (0, 0));
    world.command(2, CommandName::Batal);
    world.share_out(3);
    assert!(matches!(world.command(4, CommandName::Ya), Outcome::Booked { .. }));
    world.audit();
}

// Negative control: without `shared::declined` in `cancel`, there is nothing to cancel.
#[test]
fn an_offer_to_two_is_declined_by_each_alone_and_ends_with_its_time() {
    let mut world = two_share();
    let told = world.command(4, CommandName::Batal);
    assert!(matches!(&told, Outcome::Waiting(told) if **told == WaitingTold::Declined { is_over: false }), "{told:?}");
    assert!(matches!(world.form(6, "Budi", TUESDAY), Outcome::Refused(Refusal::Full { .. })), "the other may take it");
    world.now += Duration::minutes(11);
    let told = world.command(5, CommandName::Ya);
    assert!(
        matches!(&told, Outcome::Waiting(told) if **told == WaitingTold::TooLate { still_waits: true }),
        "{told:?}"
    );
    assert_eq!(world.waiting.entries.iter().map(|entry| entry.declines).collect::<Vec<_>>(), [1, 1]);
    assert!(matches!(world.form(6, "Budi", TUESDAY), Outcome::Booked { .. }), "nobody waits for that day for now");
    world.audit();
}

// Negative control: without the test of the hold in `shared::accepted`, they have two bookings in the end.
#[test]
fn a_yes_after_another_form_means_that_forms_hold_and_not_the_offer() {
    let mut world = two_share();
    world.office.policy.approval = Approval::Code;
    world.form(4, "Gita", Some(date(2017, 8, 9)));
    world.now += Duration::seconds(1);
    let Outcome::Booked { booking, .. } = world.command(4, CommandName::Ya) else { panic!("not booked") };
    assert_eq!(booking.slot.date, date(2017, 8, 9));
    assert!(!matches!(world.command(4, CommandName::Ya), Outcome::Booked { .. }), "one place is enough");
    assert!(matches!(world.command(5, CommandName::Ya), Outcome::Booked { .. }), "the other may have it");
    world.audit();
}

#[test]
fn a_holder_who_shares_an_offer_moves_with_the_first_yes() {
    let mut world = two_wait();
    let wednesday = Some(date(2017, 8, 9));
    assert!(matches!(world.form(6, "Budi", wednesday), Outcome::Booked { .. }));
    world.text(6, Request::Wait(Wait { days: vec![date(2017, 8, 8)], ..Wait::default() }));
    world.command(1, CommandName::Batal);
    world.share_out(3);
    let Outcome::Moved { booking, before } = world.command(6, CommandName::Ya) else { panic!("not moved") };
    assert_eq!((booking.code, booking.slot.date, booking.moves), (before.code, date(2017, 8, 8), 1));
    assert_eq!(world.lost.len(), 2);
    world.audit();
}

#[test]
fn a_form_before_its_day_opens_takes_nothing_and_asks_once_whether_to_tell() {
    let mut world = listed();
    let wave = Wave {
        share: Share { parts: 1, of: 1 },
        weekday: Weekday::Fri,
        at: NaiveTime::from_hms_opt(14, 0, 0).unwrap(),
    };
    world.office.release = Some(Release { waves: vec![wave] });
    let monday = Some(date(2017, 8, 14));
    let told = world.form(1, "Budi", monday);
    let is_asked = |told: &Outcome| match told {
        Outcome::Waiting(told) => matches!(
            &**told,
            WaitingTold::OpeningAsked { refusal: Refusal::Day { why: RefusedDay::NotReleased { .. }, .. } }
        ),
        _ => false,
    };
    assert!(is_asked(&told), "{told:?}");
    let told = world.command(1, CommandName::Ya);
    assert!(matches!(&told, Outcome::Waiting(told) if matches!(**told, WaitingTold::OpeningNoted { .. })), "{told:?}");
    assert_eq!(world.openings.len(), 1);
    assert!(!matches!(world.command(1, CommandName::Ya), Outcome::Waiting(_)), "the question was answered");
    assert!(world.bookings.get(&1).is_none_or(Vec::is_empty), "nothing is taken");
    // Whoever said that they want no messages is not asked.
    world.command(2, CommandName::Berhenti);
    assert!(!is_asked(&world.form(2, "Siti", monday)));
}

#[derive(Debug, Clone)]
enum Move {
    Form {
        who: u8,
        day: u8,
        party: bool,
    },
    /// A form, and `#tunggu` where it is refused.
    Join {
        who: u8,
        day: u8,
        party: bool,
        soonest: bool,
    },
    Wait {
        who: u8,
        day: Option<u8>,
        soonest: bool,
        leave: bool,
    },
    Yes {
        who: u8,
    },
    Batal {
        who: u8,
    },
    Ganti {
        who: u8,
        day: u8,
    },
    Mute {
        who: u8,
        mute: bool,
    },
    Reach {
        who: u8,
        is_reachable: bool,
    },
    Close {
        day: u8,
    },
    Pass {
        minutes: u16,
    },
    /// The list is looked at.
    Turns,
}

/// Those of [`two_wait`] among them.
const NAMES: [&str; 9] = ["Budi", "Ani", "Eka", "Fani", "Gita", "Hani", "Rina", "Joko", "Sari"];

/// A day: mostly one of two, so that they fill up.
fn any_day() -> impl Strategy<Value = u8> {
    prop_oneof![6 => Just(1_u8), 3 => Just(2_u8), 1 => 0..9_u8]
}

fn moves() -> impl Strategy<Value = Move> {
    let who = 0..9_u8;
    let party = || prop::bool::weighted(0.2);
    prop_oneof![
        5 => (who.clone(), any_day(), party()).prop_map(|(who, day, party)| Move::Form { who, day, party }),
        8 => (who.clone(), any_day(), party(), prop::bool::weighted(0.3))
            .prop_map(|(who, day, party, soonest)| Move::Join { who, day, party, soonest }),
        2 => (who.clone(), prop::option::of(any_day()), any::<bool>(), 0..8_u8)
            .prop_map(|(who, day, soonest, leave)| Move::Wait { who, day, soonest, leave: leave == 0 }),
        4 => who.clone().prop_map(|who| Move::Yes { who }),
        5 => who.clone().prop_map(|who| Move::Batal { who }),
        1 => (who.clone(), any_day()).prop_map(|(who, day)| Move::Ganti { who, day }),
        1 => (who.clone(), prop::bool::weighted(0.3)).prop_map(|(who, mute)| Move::Mute { who, mute }),
        1 => (who.clone(), prop::bool::weighted(0.6)).prop_map(|(who, is_reachable)| Move::Reach { who, is_reachable }),
        1 => (3..9_u8).prop_map(|day| Move::Close { day }),
        8 => Just(Move::Turns),
        3 => prop_oneof![4 => 1..90_u16, 1 => 90..900_u16].prop_map(|minutes| Move::Pass { minutes }),
    ]
}

fn day_of(day: u8) -> NaiveDate {
    date(2017, 8, 7) + Duration::days(i64::from(day))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    // Negative controls, each of which it finds: the list in another order (`put` that appends what changed), `claimed` that is 0 or
    // without those who wait as soon as possible, an offer that does not ask whether its citizen has a hold, or that skips
    // `may_have_seat`; of offers to several at once: a `take_share` that leaves the others theirs, one to a party that is larger, and a
    // `ya` to it while they have a hold.
    #[test]
    fn no_seat_is_offered_twice_and_nobody_is_passed_over(
        one_place: bool, has_release: bool, has_code: bool, at_once in 1..4_usize, traffic in prop::collection::vec(moves(), 1..150)
    ) {
        let mut world = two_wait();
        world.office.policy.reschedule.times = 3;
        if has_code {
            world.office.policy.approval = Approval::Code;
        }
        world.office.policy.live_per_person = if one_place { PerPerson::AtMost(1) } else { PerPerson::Note };
        if has_release {
            let at = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
            let wave = |parts, weekday| Wave { share: Share { parts, of: 3 }, weekday, at };
            world.office.release = Some(Release { waves: vec![wave(1, Weekday::Wed), wave(2, Weekday::Fri)] });
        }
        for step in traffic {
            match step {
                Move::Form { who, day, party } => {
                    let mut form: Form = form(NAMES[usize::from(who)], Some(day_of(day)));
                    form.party = 1 + u8::from(party && who % 3 == 0);
                    world.newcomer(who, form);
                }
                Move::Join { who, day, party, soonest } => {
                    let mut form: Form = form(NAMES[usize::from(who)], Some(day_of(day)));
                    form.party = 1 + u8::from(party && who % 3 == 0);
                    if matches!(world.newcomer(who, form), Some(Outcome::Refused(_))) {
                        world.says_it(who, Request::Wait(Wait { soonest, ..Wait::default() }));
                    }
                }
                Move::Wait { who, day, soonest, leave } => {
                    let days = day.map(day_of).into_iter().collect();
                    world.says_it(who, Request::Wait(Wait { days, soonest, leave, code: None }));
                }
                Move::Yes { who } => {
                    world.now += Duration::seconds(1);
                    world.says_it(who, Request::Command(crate::grammar::Command::of(CommandName::Ya)));
                }
                Move::Batal { who } => { world.says_it(who, Request::Command(crate::grammar::Command::of(CommandName::Batal))); }
                Move::Ganti { who, day } => {
                    world.says_it(who, Request::ChangeDay(ChangeDay { days: vec![day_of(day)], ..ChangeDay::default() }));
                }
                Move::Mute { who, mute } => {
                    world.hear(who, crate::conversation::Said::Text(Request::Command(crate::grammar::Command::of(
                        if mute { CommandName::Berhenti } else { CommandName::Mulai },
                    ))));
                }
                Move::Reach { who, is_reachable } => world.reach(who, is_reachable),
                Move::Close { day } => {
                    world.office.dated.insert(day_of(day), Dated::Closed { reason: "Perbaikan".to_owned() });
                }
                Move::Turns if at_once > 1 => world.share_out(at_once),
                Move::Turns => world.give_turns(),
                Move::Pass { minutes } => world.now += Duration::minutes(i64::from(minutes)),
            }
            world.lapse();
            world.audit();
            let holds = world.bookings.values().flatten().filter(|hold| hold.awaits == Some(Awaits::Offer));
            for hold in holds.filter(|hold| hold.state == State::Held) {
                prop_assert!(world.waiting.offered(hold.id).is_some(), "an offer to nobody on the list");
            }
        }
    }
}
