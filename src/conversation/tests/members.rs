//! Parties of which one gives up, and other people on a number that has a booking.

use super::world::{TUESDAY, World, date, form, office, one_step};
use crate::conversation::{Outcome, Refusal};
use crate::domain::office::Relatives;
use crate::domain::person::TglLahir;
use crate::grammar::{Command, CommandName, Form, Request};

fn party(names: &[&str]) -> Form {
    let (first, others) = names.split_first().unwrap();
    let mut read = form(first, TUESDAY);
    read.applicant.others = others.iter().map(|name| form(name, TUESDAY).applicant).collect();
    read.party = u8::try_from(names.len()).unwrap();
    read
}

fn drop_one(world: &mut World, name: &str) -> Outcome {
    let person = Some(name.to_owned());
    world.text(1, Request::Command(Command { person, ..Command::of(CommandName::Batal) }))
}

// Negative control: giving back the first seat in place of the person's own fails this.
#[test]
fn one_of_a_party_gives_up_and_the_others_keep_their_seats() {
    let mut world = one_step();
    (world.office.seats_per_hour, world.office.seats_per_day) = (5, Some(5));
    let Outcome::Booked { booking: before, .. } = world.text(1, Request::Form(party(&["Budi", "Kayla Putri", "Siti"])))
    else {
        panic!("not booked")
    };
    let Outcome::CancelAsked { person: Some(asked), .. } = drop_one(&mut world, "kayla") else { panic!("not asked") };
    assert_eq!(asked.as_str(), "Kayla Putri");
    let Outcome::MemberDropped { booking, nama } = world.command(1, CommandName::Ya) else { panic!("not dropped") };
    assert_eq!((nama.as_str(), &booking.seats), ("Kayla Putri", &vec![before.seats[0], before.seats[2]]));
    let left: Vec<&str> = booking.applicant.people().map(|person| person.nama.as_str()).collect();
    assert_eq!(left, ["Budi", "Siti"]);
    world.audit();
    // The first of them, and then the last: that is the whole booking.
    drop_one(&mut world, "Budi");
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::MemberDropped { .. }));
    assert!(matches!(drop_one(&mut world, "Siti"), Outcome::CancelAsked { person: None, .. }));
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::Cancelled { .. }));
    world.audit();
}

#[test]
fn a_name_that_fits_nobody_or_several_changes_nothing() {
    let mut world = one_step();
    (world.office.seats_per_hour, world.office.seats_per_day) = (5, Some(5));
    assert_eq!(drop_one(&mut world, "Kayla"), Outcome::NothingToCancel);
    world.text(1, Request::Form(party(&["Budi Santoso", "Siti Santoso"])));
    for name in ["Kayla", "Santoso", "Bud"] {
        assert!(
            matches!(drop_one(&mut world, name), Outcome::WhichMember { bookings } if bookings.len() == 1),
            "{name}"
        );
        world.command(1, CommandName::Ya);
    }
    assert_eq!(world.bookings[&1].last().unwrap().party(), 2);
    world.office.policy.cancelling = false;
    assert!(matches!(drop_one(&mut world, "Budi"), Outcome::CancelNotAllowed { .. }));
    world.audit();
}

#[test]
fn a_form_for_somebody_else_says_that_this_person_is_not_registered() {
    let mut world = one_step();
    world.form(1, "Budi", TUESDAY);
    let Outcome::Refused(Refusal::NotRegistered { names, bookings, limit: 1, relatives: None }) =
        world.form(1, "Siti", TUESDAY)
    else {
        panic!("not told")
    };
    assert_eq!((names[0].as_str(), bookings.len()), ("Siti", 1));
    assert!(matches!(world.form(1, "Budi", TUESDAY), Outcome::AlreadyBooked { .. }));
    let family = Form { party: 4, ..form("Budi", TUESDAY) };
    let told = world.text(1, Request::Form(family));
    assert!(matches!(told, Outcome::Refused(Refusal::NotAllRegistered { names, party: 4, .. }) if names.is_empty()));
    let told = world.text(1, Request::Form(party(&["Budi", "Siti"])));
    assert!(matches!(told, Outcome::Refused(Refusal::NotAllRegistered { names, .. }) if names[0].as_str() == "Siti"));
    world.audit();
}

// Negative control: counting children and elders like anybody else fails this.
#[test]
fn a_child_or_an_elder_is_let_through_on_a_relatives_number() {
    let mut office = office();
    office.policy.approval = crate::domain::office::Approval::None;
    office.policy.relatives = Relatives { children_under: 5, elders_from: 60 };
    (office.seats_per_hour, office.seats_per_day) = (20, None);
    let mut world = World::new(office);
    let born = |name: &str, year| {
        let mut read = form(name, TUESDAY);
        read.applicant.tgl_lahir = TglLahir::judge(date(year, 1, 25), date(2017, 8, 1)).ok();
        Request::Form(read)
    };
    assert!(matches!(world.text(1, born("Kayla", 2014)), Outcome::Booked { .. }));
    assert!(matches!(world.text(1, born("Budi", 1987)), Outcome::Booked { .. }), "a parent's own seat is free");
    for (name, year) in [("Rina", 2016), ("Sari", 1950), ("Agus", 1957)] {
        assert!(matches!(world.text(1, born(name, year)), Outcome::Booked { .. }), "{name}");
    }
    let told = world.text(1, born("Siti", 1990));
    assert!(matches!(told, Outcome::Refused(Refusal::NotRegistered { relatives: Some(_), limit: 1, .. })));
    let told = world.text(1, born("Dewi", 2015));
    assert!(matches!(told, Outcome::Refused(Refusal::NotRegistered { relatives: None, limit: 4, .. })));
}
