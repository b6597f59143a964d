//! Photos before, with and after their form.

use super::world::{TUESDAY, World, form, office, one_step, repaired};
use crate::conversation::Outcome;
use crate::domain::office::Approval;
use crate::grammar::{CommandName, Form, Request};

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
