//! `#datasaya`, `#hapusdata`, and the notice with the first answer.

use super::world::{TUESDAY, World, approval, echo, form, office, one_step};
use crate::conversation::{Outcome, PersonalDataTold};
use crate::domain::office::Privacy;
use crate::grammar::{CommandName, Request};

fn told(outcome: Outcome) -> PersonalDataTold {
    let Outcome::PersonalData(told) = outcome else { panic!("{} tells nothing of kept data", outcome.name()) };
    *told
}

// Negative control, run: with the question not among those that only the next message answers, the late `ya` erases.
#[test]
fn only_a_yes_right_after_the_question_erases() {
    let mut world = World::new(office());
    assert!(matches!(
        told(world.command(1, CommandName::Hapusdata)),
        PersonalDataTold::EraseAsked { bookings, is_waiting: false } if bookings.is_empty()
    ));
    world.command(1, CommandName::Status);
    assert!(!matches!(world.command(1, CommandName::Ya), Outcome::PersonalData(_)), "something else came between");
    world.command(1, CommandName::Hapusdata);
    assert!(!matches!(world.command(2, CommandName::Ya), Outcome::PersonalData(_)), "another number cannot answer");
    assert_eq!(told(world.command(1, CommandName::Ya)), PersonalDataTold::WillErase { visit: None, is_waiting: false });
}

#[test]
fn a_valid_place_stays_until_its_visit() {
    let mut world = World::new(office());
    let hold = echo(world.form(1, "Budi", TUESDAY));
    world.code(1, &approval(&hold));
    assert!(matches!(
        told(world.command(1, CommandName::Datasaya)),
        PersonalDataTold::Summary { bookings } if bookings.len() == 1
    ));
    world.command(1, CommandName::Hapusdata);
    assert_eq!(
        told(world.command(1, CommandName::Ya)),
        PersonalDataTold::WillErase { visit: Some(hold.slot.date), is_waiting: false }
    );
    assert!(matches!(world.command(1, CommandName::Status), Outcome::Status { bookings, .. } if bookings.len() == 1));
    world.audit();
}

// Negative control, run: without the look at the party, its confirmation tells the notice and has no room for it.
#[test]
fn the_notice_waits_where_a_confirmation_has_no_room_for_it() {
    let mut world = one_step();
    (world.office.seats_per_hour, world.office.seats_per_day) = (5, Some(5));
    world.office.privacy = Some(Privacy { version: 3, id: "Kantor menyimpan data Anda.".into(), en: String::new() });
    let mut two = form("Budi", TUESDAY);
    two.applicant.others.push(form("Siti", TUESDAY).applicant);
    two.party = 2;
    let knows = |world: &World, who: u8| world.chats.get(&who).map_or(0, |chat| chat.privacy);
    assert!(matches!(world.text(1, Request::Form(two)), Outcome::Booked { .. }));
    assert_eq!(knows(&world, 1), 0);
    world.command(1, CommandName::Status);
    assert_eq!(knows(&world, 1), 3);
    assert!(matches!(world.form(2, "Agus", TUESDAY), Outcome::Booked { .. }));
    assert_eq!(knows(&world, 2), 3, "for one person there is room");
}
