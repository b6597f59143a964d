//! Every reply in both languages, written to `fixtures/replies/*.txt` for people to read in one place.
//!
//! `ANTREAN_BLESS=1 cargo test --lib reply::gallery` writes the files anew; read the difference aloud before keeping it.

mod answers;
mod attendance;
mod brokers;
mod by_page;
mod changes;
mod closing;
mod coverage;
mod dialogue;
mod family;
mod guides;
mod misreads;
mod notices;
mod officer;
mod own_bookings;
mod personal_data;
mod queue;
mod refusals;
mod release;
mod rescheduling;
mod waiting;

use rand::SeedableRng;

use super::sample::{Sample, day};
use crate::conversation::{Lang, Outcome};
use crate::domain::booking::Booking;
use crate::domain::code::BookingCode;
use crate::domain::message::QUICK_REPLIES_MAX;
use crate::domain::slot::Slot;

struct Shown {
    title: String,
    sample: Sample,
    outcome: Outcome,
}

fn shown(title: impl Into<String>, sample: &Sample, outcome: Outcome) -> Shown {
    Shown { title: title.into(), sample: sample.clone(), outcome }
}

fn two(sample: &Sample) -> Vec<Booking> {
    let mut second = sample.booking();
    second.code = BookingCode::draw(&mut rand::rngs::StdRng::seed_from_u64(8));
    second.slot = Slot { date: day(2017, 8, 8), hour: 13 };
    second.seats = vec![4, 5];
    vec![sample.booking(), second]
}

/// All replies, in the order of the page.
fn parts() -> [Vec<Shown>; 20] {
    [
        own_bookings::all(),
        changes::all(),
        rescheduling::all(),
        officer::all(),
        personal_data::all(),
        closing::all(),
        release::all(),
        waiting::all(),
        family::all(),
        brokers::all(),
        own_bookings::full_forms(),
        guides::all(),
        misreads::all(),
        refusals::all(),
        answers::all(),
        dialogue::all(),
        notices::all(),
        attendance::all(),
        queue::all(),
        by_page::all(),
    ]
}

fn gallery(lang: Lang) -> String {
    let mut page = String::new();
    for part in parts() {
        for Shown { title, sample, outcome } in part {
            let reply = sample.write(lang, &outcome);
            let picture = reply.qr.map(|payload| format!("  [QR {payload}]")).unwrap_or_default();
            page.extend(["=== ", &title, &picture, "\n", &reply.text, "\n"]);
            for button in &reply.quick_replies {
                page.extend(["[button ", &button.title, " = ", &button.says, "]\n"]);
            }
            page.push('\n');
        }
    }
    page
}

// Negative control: changing a word in a locale file, or dropping a piece of a sentence, fails here.
#[test]
fn every_reply_reads_as_it_was_approved() {
    let bless = std::env::var_os("ANTREAN_BLESS").is_some();
    for (lang, name) in [(Lang::Id, "id"), (Lang::En, "en")] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/replies/{name}.txt"));
        let now = gallery(lang);
        assert!(!now.contains(['{', '}']), "a sentence or a piece of one is missing");
        if bless {
            std::fs::write(&path, &now).expect("the file can be written");
        }
        let approved = std::fs::read_to_string(&path).expect("the approved replies");
        assert!(approved == now, "{}", similar::TextDiff::from_lines(&approved, &now).unified_diff());
    }
}

// Negative control: offering `yes` in English, which the text does not say, fails here.
#[test]
fn a_quick_reply_is_never_more_than_what_the_text_says() {
    let mut offered = 0;
    for lang in [Lang::Id, Lang::En] {
        for Shown { title, sample, outcome } in parts().into_iter().flatten() {
            let reply = sample.write(lang, &outcome);
            assert!(reply.quick_replies.len() <= QUICK_REPLIES_MAX, "{title}");
            for button in reply.quick_replies {
                offered += 1;
                assert!(button.title.chars().count() <= 20, "{title}: {}", button.title);
                assert!(reply.text.contains(&button.says), "{title}: {} is not in the text", button.says);
            }
        }
    }
    assert!(offered > 10, "only {offered} buttons");
}
