//! Replies that explain: the help, the requirements, the guided dialogue, and what is no text.

use chrono::Duration;

use super::{Shown, shown};
use crate::conversation::{GuideAsk, GuideStep, Outcome};
use crate::domain::booking::Awaits;
use crate::domain::message::OtherKind;
use crate::grammar::Field;
use crate::reply::sample::Sample;

pub(super) fn all() -> Vec<Shown> {
    let (bogor, batam) = (Sample::bogor(), Sample::batam());
    let mut bare = Sample::bogor();
    let mut two_lines = Sample::batam();
    let mut talked_out = Sample::bogor();
    talked_out.pause_until = Some(talked_out.now + Duration::minutes(7));
    two_lines.others.push("E-PASSPORT#Nama#TglLahir#Alamat + FotoKTP".to_owned());
    bare.office.texts_id.requirements.clear();
    bare.office.texts_en.requirements.clear();
    let mut shown_all = vec![
        shown("help", &bogor, Outcome::Help),
        shown("help, photo and intake hours", &batam, Outcome::Help),
        shown("help, two formats", &two_lines, Outcome::Help),
        shown("requirements", &bogor, Outcome::Requirements),
        shown("requirements, none given", &bare, Outcome::Requirements),
        shown("language set", &bogor, Outcome::LanguageSet),
        shown("greeting", &bogor, Outcome::Greeting),
        shown("placeholder", &bogor, Outcome::Placeholder { photo_kept: false }),
        shown("placeholder under a photo", &batam, Outcome::Placeholder { photo_kept: true }),
        shown("thanks", &bogor, Outcome::Thanks { booking: None }),
        shown("thanks, booked", &bogor, Outcome::Thanks { booking: Some(bogor.booking()) }),
        shown("they want no messages", &bogor, Outcome::Muted),
        shown(
            "they want no messages, and a seat is held",
            &bogor,
            Outcome::MutedHolding { hold: bogor.hold(Awaits::Code) },
        ),
        shown(
            "how to register, with the offer of the dialogue",
            &bogor,
            Outcome::Offered { told: Box::new(Outcome::Greeting) },
        ),
        shown("the dialogue asks for the address", &batam, Outcome::Guide(Box::new(guide_step(Field::Alamat)))),
        shown("the dialogue asks for the telephone", &batam, Outcome::Guide(Box::new(guide_step(Field::Telepon)))),
        shown("the dialogue asks for the e-mail address", &batam, Outcome::Guide(Box::new(guide_step(Field::Email)))),
        shown("the dialogue asks for the family card", &batam, Outcome::Guide(Box::new(guide_step(Field::NoKk)))),
        shown("the dialogue is left", &bogor, Outcome::GuideEnded),
        shown("greeting while a seat is held", &bogor, Outcome::GreetingHolding { hold: bogor.hold(Awaits::Code) }),
        shown(
            "greeting while a seat waits for its photo",
            &bogor,
            Outcome::GreetingHolding { hold: bogor.hold(Awaits::Photo) },
        ),
        shown("they want messages again", &bogor, Outcome::Unmuted),
        shown("greeting, the last answer for a while", &talked_out, Outcome::Greeting),
        shown("unreadable", &bogor, Outcome::Unreadable),
        shown("send again", &bogor, Outcome::SendAgain),
    ];
    let kinds = [
        OtherKind::Audio,
        OtherKind::Video,
        OtherKind::Sticker,
        OtherKind::Location,
        OtherKind::ContactCard,
        OtherKind::Document,
        OtherKind::Edit,
        OtherKind::PhotoLost,
        OtherKind::Unsupported,
    ];
    shown_all
        .extend(kinds.into_iter().map(|kind| shown(format!("not text: {kind:?}"), &bogor, Outcome::NotText { kind })));
    shown_all
}

fn guide_step(field: Field) -> GuideStep {
    let ask = GuideAsk::Piece { field, optional: field == Field::Email, choices: Vec::new() };
    GuideStep { format: None, taken: Vec::new(), ask, wrong: None }
}
