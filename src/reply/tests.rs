//! What holds for every echo and every confirmation, whoever writes and whatever the office is called.

use proptest::prelude::*;
use rand::SeedableRng;

use super::sample::{Sample, at, day, span};
use super::when::Arrival;
use crate::conversation::{Lang, MovedDay, Outcome};
use crate::domain::booking::{Awaits, Booking};
use crate::domain::code::{ApprovalCode, BookingCode};
use crate::domain::identity::{Email, Nik, NoKk, Phone};
use crate::domain::message::{CAPTION_CHARS_MAX, Contact, TEXT_CHARS_MAX};
use crate::domain::office::{Dated, Privacy, Zone};
use crate::domain::person::{ANSWER_CHARS_MAX, Address, FreeText, Nama, SERVICE_CHARS_MAX, Service, TglLahir};
use crate::domain::slot::Session;
use crate::domain::turn_link::{PUBLIC_ADDRESS_CHARS_MAX, TurnLinks};
use crate::grammar::{Field, Note, NoteKind};

/// Whatever a citizen and an office may be called, at the sizes that our types allow and beyond for the office.
#[derive(Debug, Clone)]
struct Party {
    name: String,
    address: String,
    office: String,
    site: String,
    bring: String,
    seats: Vec<u32>,
    days: i64,
    hour: u8,
    seed: u64,
    zone: Zone,
    lang: Lang,
    one_step: bool,
    moved: bool,
    late: bool,
}

prop_compose! {
    fn parties()(
        name in "([A-Za-zß'’. -]{0,58}[a-z]|[陳明'’. -]{0,58}明)",
        address in "([A-Za-z#*_,./ -]{0,10}[0-9]{1,16}){1,7}",
        office in "[A-Za-z ]{0,150}[0-9]{0,40}",
        site in "[0-9A-Za-z. ]{0,400}",
        bring in "[a-z0-9, ]{0,600}",
        (first, count) in (1u32..2000, 1u32..=5),
        days in 0i64..180,
        hour in 0u8..24,
        seed in any::<u64>(),
        zone in prop::sample::select(vec![Zone::Wib, Zone::Wita, Zone::Wit]),
        lang in prop::sample::select(vec![Lang::Id, Lang::En]),
        (one_step, moved, late) in any::<(bool, bool, bool)>(),
    ) -> Party {
        let seats = (first..first + count).collect();
        Party { name, address, office, site, bring, seats, days, hour, seed, zone, lang, one_step, moved, late }
    }
}

impl Party {
    fn sample(&self) -> Sample {
        let mut sample = if self.one_step { Sample::batam() } else { Sample::bogor() };
        sample.office.name.clone_from(&self.office);
        sample.office.site.clone_from(&self.site);
        sample.office.texts_id.bring.clone_from(&self.bring);
        sample.office.texts_en.bring.clone_from(&self.bring);
        sample.office.zone = self.zone;
        sample.now += chrono::Duration::days(self.days);
        sample
    }

    fn fill(&self, mut booking: Booking) -> Booking {
        let mut rng = rand::rngs::StdRng::seed_from_u64(self.seed);
        booking.applicant.nama = Nama::read(&self.name).expect("a name");
        booking.applicant.tgl_lahir = TglLahir::judge(day(1917, 12, 31), day(2017, 8, 1)).ok();
        booking.applicant.alamat = Address::read(&self.address);
        booking.applicant.nik = Nik::read("3271042501870001");
        booking.applicant.no_kk = NoKk::read("3271041203150002");
        booking.applicant.telepon = Phone::read(&format!("0812{:08}", self.seed % 100_000_000));
        booking.applicant.email = Email::read(&format!("{}{}@example.id", "b".repeat(40), self.seed));
        booking.applicant.sesi = Some(Session::Siang);
        booking.applicant.layanan = Service::named(&"9".repeat(SERVICE_CHARS_MAX));
        let answer = "1".repeat(ANSWER_CHARS_MAX);
        let answers = (0..3).filter_map(|_| FreeText::read("Pekerjaan yang sekarang ini", &answer, ANSWER_CHARS_MAX));
        booking.applicant.teks = answers.collect();
        // Half of the parties are named, each person with everything.
        if self.seed.is_multiple_of(2) {
            booking.applicant.others = vec![booking.applicant.clone(); self.seats.len() - 1];
        }
        booking.contact = Contact::new(format!("62812{:08}", self.seed % 100_000_000));
        booking.slot.hour = self.hour;
        booking.slot.date += chrono::Duration::days(self.days);
        booking.seats.clone_from(&self.seats);
        booking.code = BookingCode::draw(&mut rng);
        booking.approval = booking.approval.map(|_| ApprovalCode::draw(&mut rng));
        booking
    }

    fn moved(&self) -> Option<MovedDay> {
        self.moved.then_some(MovedDay { asked: day(2017, 8, 4) })
    }
}

/// Letters of everybody's name that even five of the longest names leave room for.
const NAME_CHARS_SHOWN: usize = 28;

/// The stretches of `text` that a tester's `\d{8}` finds, whole.
fn runs_of_eight(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_numeric()).filter(|run| run.chars().count() >= 8).collect()
}

proptest! {
    // Negative control: writing dates as ddmmyyyy, showing the whole NIK, or leaving out `in_fours` fails here.
    #[test]
    fn an_echo_holds_one_run_of_eight_digits_the_code(party in parties(), replaced: bool) {
        let sample = party.sample();
        let hold = party.fill(sample.hold(Awaits::Code));
        let code = hold.approval.clone().expect("a code");
        let (field, from, to) = (Some(Field::TglLahir), "Bogor, 25011987".to_owned(), "1987-01-25".to_owned());
        let note = Note { kind: NoteKind::Place, field, person: None, from, to };
        for outcome in [
            Outcome::Echo { hold: hold.clone(), moved: party.moved(), replaced, repaired: vec![note.clone()], short: true },
            Outcome::CodeReplaced { hold: hold.clone() },
        ] {
            let text = sample.write(party.lang, &outcome).text;
            prop_assert_eq!(runs_of_eight(&text), [code.as_str()], "{}", text);
        }
    }

    // Negative control: a `fit` that cuts nothing fails here, so did an address of a turn that never yielded (1,025 characters),
    // and a sentence that ended in a blank name.
    #[test]
    fn a_confirmation_fits_under_a_picture_and_keeps_what_counts(party in parties()) {
        let mut sample = party.sample();
        let address = format!("https://{}", "a".repeat(PUBLIC_ADDRESS_CHARS_MAX - "https://".len()));
        sample.turn_links = Some(TurnLinks::new(&address, &[7; 32]));
        let booking = party.fill(sample.booking());
        for outcome in [
            // A late code moves nobody to another day.
            Outcome::Booked { booking: booking.clone(), moved: party.moved(), late: party.late && !party.moved },
            Outcome::AlreadyBooked { booking: booking.clone() },
        ] {
            let reply = sample.write(party.lang, &outcome);
            prop_assert!(reply.text.chars().count() <= CAPTION_CHARS_MAX, "{}", reply.text.chars().count());
            prop_assert_eq!(reply.qr.as_deref(), Some(booking.code.as_str()));
            let link = sample.turn_links.as_ref().expect("links").link(booking.id);
            prop_assert!(reply.text.contains(&link) || !reply.text.contains("https://a"), "{}", reply.text);
            let date = booking.slot.date.format("%-d ").to_string();
            let year = booking.slot.date.format(" %Y").to_string();
            let hour = match party.lang {
                Lang::Id => format!("{:02}.00 {}", party.hour, party.zone.name()),
                Lang::En => format!("{:02}:00 {}", party.hour, party.zone.name()),
            };
            for piece in [booking.code.to_string(), booking.queue_numbers(), date, year, hour] {
                prop_assert!(reply.text.contains(&piece), "{} lacks {}", reply.text, piece);
            }
            let begins: String = booking.applicant.nama.capitals().chars().take(NAME_CHARS_SHOWN).collect();
            let named = reply.text.matches(begins.trim_end()).count();
            prop_assert!(named > booking.applicant.others.len(), "{} names of {}", named, reply.text);
            prop_assert!(!reply.text.contains("\n\n\n") && !reply.text.ends_with('\n'));
        }
    }

    #[test]
    fn no_reply_is_longer_than_a_message(party in parties(), documents in 0usize..40) {
        let mut sample = party.sample();
        sample.office.texts_id.requirements = vec![party.bring.clone(); documents];
        sample.office.texts_en.requirements.clone_from(&sample.office.texts_id.requirements);
        let text = sample.write(party.lang, &Outcome::Requirements).text;
        prop_assert!(text.chars().count() <= TEXT_CHARS_MAX);
    }
}

#[test]
fn a_shipped_size_confirmation_is_not_cut_at_all() {
    for sample in [Sample::bogor(), Sample::batam()] {
        for lang in [Lang::Id, Lang::En] {
            let mut booking = sample.booking();
            booking.seats = vec![101, 102, 103, 104, 105];
            let moved = Some(MovedDay { asked: day(2017, 8, 4) });
            let text = sample.write(lang, &Outcome::Booked { booking, moved, late: false }).text;
            assert!(!text.contains('…'), "{text}");
        }
    }
}

// Negative control: leaving `plain` out of the address fails here.
#[test]
fn what_citizens_wrote_cannot_act_as_markup_or_syntax() {
    let sample = Sample::batam();
    let mut booking = sample.booking();
    booking.applicant.alamat = Address::read("{ $code } *Jl.* Contoh\u{202e} { booked-code }");
    let outcome = Outcome::Booked { booking, moved: None, late: false };
    let text = sample.write(Lang::Id, &outcome).text;
    assert!(text.contains("*Alamat:* { $code } Jl. Contoh { booked-code }\n"), "{text}");
}

// Negative control: an arrival that ignores the doors fails here.
#[test]
fn nobody_is_told_to_come_before_the_doors_open() {
    let mut office = Sample::bogor().office;
    let slot = |hour| crate::domain::slot::Slot { date: day(2017, 8, 7), hour };
    assert_eq!(Arrival::at(&office, slot(9)), Arrival::Early { at: at(8, 30), minutes: 30 });
    assert_eq!(Arrival::at(&office, slot(8)), Arrival::DoorsOpen { at: at(8, 0) });
    office.dated.insert(day(2017, 8, 7), Dated::Open { spans: vec![span(at(7, 45), at(12, 0))] });
    assert_eq!(Arrival::at(&office, slot(8)), Arrival::DoorsOpen { at: at(7, 45) });
    // A night hour on a day without hours any more: nothing to clamp to, and no panic at midnight.
    office.dated.clear();
    office.hours.0[0].clear();
    assert_eq!(Arrival::at(&office, slot(0)), Arrival::Early { at: at(23, 30), minutes: 30 });
}

proptest! {
    // Failed with a notice of 300 letters, which made 1,025 of the longest.
    #[test]
    fn a_confirmation_for_one_person_has_room_for_the_longest_notice_about_personal_data(party in parties()) {
        let notice = "Kantor menyimpan data Anda untuk antrean. ".repeat(8).chars().take(150).collect::<String>();
        let mut sample = Party { seats: party.seats[..1].to_vec(), ..party.clone() }.sample().telling_privacy();
        sample.office.privacy = Some(Privacy { version: 1, id: notice.clone(), en: notice.clone() });
        let mut booking = party.fill(sample.booking());
        booking.seats.truncate(1);
        booking.applicant.others.clear();
        for outcome in [
            Outcome::Booked { booking: booking.clone(), moved: party.moved(), late: party.late && !party.moved },
            Outcome::AlreadyBooked { booking: booking.clone() },
        ] {
            let reply = sample.write(party.lang, &outcome);
            prop_assert!(reply.text.chars().count() <= CAPTION_CHARS_MAX, "{}", reply.text.chars().count());
            prop_assert!(reply.text.contains(notice.trim()), "{}", reply.text);
            prop_assert!(reply.text.contains(&booking.code.to_string()));
        }
    }
}
