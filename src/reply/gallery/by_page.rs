//! Replies of an office whose photos are sent by a page.

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::{Shown, shown};
use crate::conversation::{Answers, Outcome};
use crate::domain::booking::Awaits;
use crate::domain::message::OtherKind;
use crate::domain::turn_link::TurnLinks;
use crate::domain::upload_token::UploadToken;
use crate::reply::poster::PhotoWay;
use crate::reply::sample::Sample;

pub(super) fn all() -> Vec<Shown> {
    let mut batam = Sample::batam();
    batam.turn_links = Some(TurnLinks::new("https://antrean.example.go.id", &[7; 32]));
    batam.upload = Some(UploadToken::draw(&mut StdRng::seed_from_u64(7)));
    batam.tweak = Some(|poster| poster.photo_way = PhotoWay::Page);
    let hold = batam.hold(Awaits::Photo);
    let wanted = Outcome::PhotoWanted { hold: hold.clone(), moved: None, repaired: Vec::new(), short: false };
    let recalled = Answers {
        beside: Some(Outcome::NotText { kind: OtherKind::Audio }),
        answers: Vec::new(),
        hold: Some(hold.clone()),
        question_open: false,
        in_english: false,
        in_malay: false,
    };
    vec![
        shown("photo by a page: greeting", &batam, Outcome::Greeting),
        shown("photo by a page: wanted", &batam, wanted),
        shown("photo by a page: status", &batam, Outcome::Status { bookings: vec![hold], photo_until: None }),
        shown("photo by a page: a hold recalled", &batam, Outcome::Answers(Box::new(recalled))),
        shown("photo by a page: lost", &batam, Outcome::PhotoLost { booking: batam.booking() }),
        shown("photo by a page: not loaded", &batam, Outcome::NotText { kind: OtherKind::PhotoLost }),
    ]
}
