//! All rules together under random traffic.

use std::collections::BTreeSet;

use chrono::Duration;
use proptest::prelude::*;

use super::world::{TUESDAY, World, date, form, office};
use crate::conversation::{DayChangeTold, DayChanged};
use crate::domain::booking::{Booking, State};
use crate::domain::displaced::Remedy;
use crate::domain::office::{Approval, Dated, Day, Exception, PerPerson, WhenFull};
use crate::grammar::{About, ChangeDay, Command, CommandName, Form, Format, Language, Request, Topic, Topics};

#[derive(Debug, Clone)]
enum Move {
    Form { who: u8, name: u8, day: u8, photo: bool },
    RightCode { who: u8 },
    WrongCode { who: u8 },
    OldCode { who: u8, nth: u8 },
    Batal { who: u8, plain: bool },
    Say { who: u8, urung: bool },
    DropOne { who: u8, name: u8 },
    Choose { who: u8, number: u8 },
    Ganti { who: u8, day: Option<u8>, is_asked: bool },
    Yes { who: u8 },
    Close { day: u8, remedy: Option<Remedy> },
    Shrink { per_hour: u32, remedy: Remedy },
    Except { day: u8, kind: u8, remedy: Remedy },
    Picture { who: u8, with_form: bool },
    Ask { who: u8, day: Option<u8>, with_form: bool },
    Says { who: u8, words: u8 },
    Wait { minutes: u16 },
}

/// What people say in the guided dialogue, and beside it.
const SAID: [&str; 12] = [
    "mau daftar",
    "1",
    "Budi Santoso",
    "Siti",
    "25011987",
    "05121990",
    "2",
    "besok",
    "ya",
    "#Budi#31021987#08082017",
    "#batal",
    "0",
];

fn remedies() -> impl Strategy<Value = Remedy> {
    prop::sample::select(Remedy::ALL.to_vec())
}

/// Closes or shrinks days with people on them: whoever is moved has a place where the office still serves, everybody is told at most once, and
/// nobody is lost.
fn settle(world: &mut World, remedy: Remedy) {
    let people = |world: &World| -> u32 {
        let live = world.bookings.values().flatten().filter(|booking| booking.state == State::Booked);
        live.map(Booking::party).sum()
    };
    let before = people(world);
    let told = world.settle(remedy);
    let ids: BTreeSet<i64> = told.iter().map(|(_, changed)| changed.booking.id).collect();
    assert_eq!(ids.len(), told.len(), "each is told once");
    assert!(remedy != Remedy::Keep || told.is_empty(), "whoever is served all the same is told nothing");
    if remedy == Remedy::Cancel {
        assert!(people(world) <= before);
    } else {
        assert_eq!(people(world), before, "nobody who had confirmed loses a place");
    }
    for (_, DayChanged { booking, told, .. }) in &told {
        if let DayChangeTold::Moved { seats, .. } = told {
            assert!(matches!(world.office.day(&world.calendar, booking.slot.date), Day::Open(_)));
            assert_eq!(booking.seats.len(), seats.len(), "a party stays together");
            let of_hour = world.bookings.values().flatten().filter(|b| b.state.has_seats() && b.slot == booking.slot);
            assert!(
                of_hour.map(Booking::party).sum::<u32>() <= world.office.seats_at(booking.slot.date, booking.slot.hour),
                "moved into a full hour"
            );
        }
    }
    assert_eq!(world.settle(remedy), [], "an import that is repeated tells nobody");
}

fn moves() -> impl Strategy<Value = Move> {
    let who = 0..6_u8;
    prop_oneof![
        6 => (who.clone(), 0..3_u8, 0..9_u8, any::<bool>())
            .prop_map(|(who, name, day, photo)| Move::Form { who, name, day, photo }),
        4 => who.clone().prop_map(|who| Move::RightCode { who }),
        2 => who.clone().prop_map(|who| Move::WrongCode { who }),
        2 => (who.clone(), 0..4_u8).prop_map(|(who, nth)| Move::OldCode { who, nth }),
        3 => (who.clone(), any::<bool>()).prop_map(|(who, plain)| Move::Batal { who, plain }),
        1 => (who.clone(), 0..3_u8).prop_map(|(who, name)| Move::DropOne { who, name }),
        4 => (who.clone(), any::<bool>()).prop_map(|(who, urung)| Move::Say { who, urung }),
        1 => (who.clone(), 1..4_u8).prop_map(|(who, number)| Move::Choose { who, number }),
        3 => (who.clone(), prop::option::of(0..9_u8), any::<bool>())
            .prop_map(|(who, day, is_asked)| Move::Ganti { who, day, is_asked }),
        1 => who.clone().prop_map(|who| Move::Yes { who }),
        1 => (0..9_u8, prop::option::of(remedies())).prop_map(|(day, remedy)| Move::Close { day, remedy }),
        1 => (1..3_u32, remedies()).prop_map(|(per_hour, remedy)| Move::Shrink { per_hour, remedy }),
        2 => (0..9_u8, 0..4_u8, remedies()).prop_map(|(day, kind, remedy)| Move::Except { day, kind, remedy }),
        2 => (who.clone(), any::<bool>()).prop_map(|(who, with_form)| Move::Picture { who, with_form }),
        2 => (0..6_u8, prop::option::of(0..14_u8), any::<bool>())
            .prop_map(|(who, day, with_form)| Move::Ask { who, day, with_form }),
        8 => (who.clone(), 0..12_u8).prop_map(|(who, words)| Move::Says { who, words }),
        2 => (1..600_u16).prop_map(|minutes| Move::Wait { minutes }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    // Negative controls tried: not giving a replaced hold's seats back, reviving without taking seats, and skipping
    // `too_many` each fail within the first cases; so do a late code that does not ask for its person's seats, holds of photos
    // that are prolonged without their share, and replaced holds that are still counted as unconfirmed; so does a
    // cancellation that is taken back without being judged like a form; so do closings that move into hours whose capacity is the old one,
    // that leave the old seats taken, or that tell again whoever was told.
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
        world.formats = vec![Format::of_line("#Nama#TglLahir#TglKedatangan").expect("a line")];
        for step in traffic {
            match step {
                Move::Form { who, name, day, photo } => {
                    let visit = Some(date(2017, 8, 7) + Duration::days(i64::from(day)));
                    let mut form = form(["Budi", "Siti", "Ahmad"][usize::from(name)], visit);
                    form.wants_photo = photo;
                    form.party = 1 + (name + day) % 2;
                    if form.party == 2 && photo {
                        form.applicant.others = vec![super::world::form(["Wati", "Dewi", "Rina"][usize::from(name)], visit).applicant];
                    }
                    world.text(who, Request::Form(form));
                }
                Move::RightCode { who } => {
                    let last = world.bookings.get(&who).and_then(|own| own.iter().rev().find_map(|b| b.approval.clone()));
                    if let Some(code) = last {
                        world.code(who, code.as_str());
                    }
                }
                Move::OldCode { who, nth } => {
                    let own = world.bookings.get(&who).into_iter().flatten().filter_map(|b| b.approval.clone());
                    if let Some(code) = own.collect::<Vec<_>>().get(usize::from(nth)) {
                        world.code(who, code.as_str());
                    }
                }
                Move::WrongCode { who } => { world.code(who, "00000000"); }
                Move::Batal { who, plain } => {
                    world.text(who, Request::Command(Command { plain, ..Command::of(CommandName::Batal) }));
                }
                Move::DropOne { who, name } => {
                    let person = Some(["Wati", "Budi", "Rina"][usize::from(name)].to_owned());
                    world.text(who, Request::Command(Command { person, ..Command::of(CommandName::Batal) }));
                    world.command(who, CommandName::Ya);
                }
                Move::Say { who, urung } => {
                    // A word approves only what was shown before it was sent.
                    world.now += Duration::seconds(1);
                    world.command(who, if urung { CommandName::Urung } else { CommandName::Ya });
                }
                Move::Choose { who, number } => { world.code(who, &number.to_string()); }
                Move::Ganti { who, day, is_asked } => {
                    let days = day.map(|day| date(2017, 8, 7) + Duration::days(i64::from(day))).into_iter().collect();
                    world.text(who, Request::ChangeDay(ChangeDay { days, is_asked, ..ChangeDay::default() }));
                }
                Move::Yes { who } => { world.command(who, CommandName::Ya); }
                Move::Close { day, remedy } => {
                    let day = date(2017, 8, 7) + Duration::days(i64::from(day));
                    world.office.dated.insert(day, Dated::Closed { reason: "Perbaikan".to_owned() });
                    if let Some(remedy) = remedy {
                        settle(&mut world, remedy);
                    }
                }
                Move::Shrink { per_hour, remedy } => {
                    world.office.seats_per_hour = per_hour;
                    settle(&mut world, remedy);
                }
                Move::Except { day, kind, remedy } => {
                    let day = date(2017, 8, 7) + Duration::days(i64::from(day));
                    let except = |hours: &[(u8, Option<u32>)]| {
                        Exception::new(hours.iter().copied().collect(), "Rapat".to_owned())
                    };
                    let days = &mut world.office.exceptions.days;
                    match kind {
                        0 => drop(days.insert(day, except(&[(8, Some(1))]))),
                        1 => drop(days.insert(day, except(&[(8, None), (9, Some(3))]))),
                        2 => drop(days.insert(day, except(&[]))),
                        // As planned again.
                        _ => drop(days.remove(&day)),
                    }
                    settle(&mut world, remedy);
                }
                Move::Picture { who, with_form } => {
                    let read = Form { wants_photo: true, ..form("Budi", TUESDAY) };
                    world.picture(who, with_form.then_some(Request::Form(read)));
                }
                Move::Ask { who, day, with_form } => {
                    let days = day.map(|day| date(2017, 8, 7) + Duration::days(i64::from(day))).into_iter().collect();
                    let topics = [Topic::FreeDays, Topic::FreeHours, Topic::OwnBooking];
                    let about = |topic| About { topic, days: Vec::clone(&days), hour: None, session: None };
                    let asked = topics.into_iter().map(about).collect();
                    let request =
                        if with_form { Request::Form(form("Siti", TUESDAY)) } else { Request::Question };
                    world.asking(who, request, Topics { asked, language: Language::English });
                }
                Move::Says { who, words } => { world.says(who, SAID[usize::from(words)]); }
                Move::Wait { minutes } => world.now += Duration::minutes(i64::from(minutes)),
            }
            world.audit();
        }
    }
}
