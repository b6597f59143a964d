//! Replies about the data that is kept of a citizen.

use super::{Shown, shown, two};
use crate::conversation::{Outcome, PersonalDataTold};
use crate::domain::booking::Awaits;
use crate::domain::office::Privacy;
use crate::reply::sample::{Sample, day};

pub(super) fn all() -> Vec<Shown> {
    let bogor = Sample::bogor();
    let mut fixed = Sample::bogor();
    fixed.office.policy.cancelling = false;
    let mut telling = Sample::bogor();
    telling.office.privacy = Some(Privacy {
        version: 1,
        id: "Kantor Imigrasi Bogor menyimpan nama, tanggal lahir, dan nomor Anda untuk antrean: pesan 90 hari, pendaftaran \
             1 tahun. Lihat: #datasaya. Hapus: #hapusdata. Tanya di loket informasi."
            .into(),
        en: "Kantor Imigrasi Bogor keeps your name, birth date and number for the queue: messages 90 days, bookings 1 year. \
             See: #datasaya. Erase: #hapusdata. Ask at the information desk."
            .into(),
    });
    let telling = telling.telling_privacy();
    let mut indonesian = telling.clone();
    if let Some(privacy) = &mut indonesian.office.privacy {
        privacy.en.clear();
    }
    let told = |told| Outcome::PersonalData(Box::new(told));
    let asked = |bookings, is_waiting| told(PersonalDataTold::EraseAsked { bookings, is_waiting });
    let erased = |visit, is_waiting| told(PersonalDataTold::WillErase { visit, is_waiting });
    vec![
        shown("what is kept, nothing booked", &bogor, told(PersonalDataTold::Summary { bookings: Vec::new() })),
        shown("what is kept, two bookings", &bogor, told(PersonalDataTold::Summary { bookings: two(&bogor) })),
        shown("erase everything?", &bogor, asked(Vec::new(), false)),
        shown("erase everything? a booking stands", &bogor, asked(two(&bogor), false)),
        shown(
            "erase everything? a booking stands that cannot be cancelled",
            &fixed,
            asked(vec![fixed.booking()], false),
        ),
        shown("erase everything? a place is held", &fixed, asked(vec![fixed.hold(Awaits::Code)], false)),
        shown("erase everything? an officer is asked", &bogor, asked(Vec::new(), true)),
        shown("everything is erased now", &bogor, erased(None, false)),
        shown("everything is erased after the visit", &bogor, erased(Some(day(2017, 8, 8)), false)),
        shown("everything is erased after the talk", &bogor, erased(None, true)),
        shown("the first answer tells about personal data", &telling, Outcome::Greeting),
        shown(
            "a confirmation as the first answer",
            &telling,
            Outcome::Booked { booking: telling.booking(), moved: None, late: false },
        ),
        shown("the notice is in Indonesian only", &indonesian, Outcome::Thanks { booking: None }),
    ]
}
