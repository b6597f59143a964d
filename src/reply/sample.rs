//! Offices, people and bookings to write replies about. All invented.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use rand::SeedableRng;

use super::poster::{PhotoWay, Poster, example_day};
use super::scene::Scene;
use super::write::compose;
use crate::conversation::{Lang, Outcome};
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::calendar::{Calendar, Holiday};
use crate::domain::code::{ApprovalCode, BookingCode};
use crate::domain::identity::{Email, Nik, NoKk, Phone};
use crate::domain::message::{ChannelId, Contact, Outbound};
use crate::domain::office::{Approval, FormatId, Office, OfficeId, OfficeTexts, Policy, RESCHEDULE, Reschedule, Span};
use crate::domain::person::{Address, Applicant, FreeText, Nama, Service, TglLahir};
use crate::domain::sample;
use crate::domain::slot::{Session, Slot};
use crate::domain::turn_link::TurnLinks;
use crate::domain::upload_token::UploadToken;
use crate::grammar::{Limits, PhotoKind};

/// An office with its poster, as one reply sees it.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) office: Office,
    pub(super) calendar: Calendar,
    pub(super) now: DateTime<Utc>,
    pub(super) line: &'static str,
    pub(super) others: Vec<String>,
    pub(super) keywords: Vec<String>,
    pub(super) pause_until: Option<DateTime<Utc>>,
    pub(super) turn_links: Option<TurnLinks>,
    pub(super) upload: Option<UploadToken>,
    pub(super) tells_privacy: bool,
    pub(super) has_optional: bool,
    pub(super) limits: Limits,
    /// What else is particular to the poster.
    pub(super) tweak: Option<fn(&mut Poster)>,
}

pub(super) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

pub(super) fn at(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).expect("a time")
}

pub(super) fn span(from: NaiveTime, until: NaiveTime) -> Span {
    Span { from, until }
}

pub(super) fn independence_day() -> Holiday {
    Holiday { name: "Hari Kemerdekaan".into(), name_en: "Independence Day".into(), joint_leave: false }
}

impl Sample {
    /// The two-step office, on Tuesday 1 August 2017 at 09.00 WIB.
    pub(super) fn bogor() -> Self {
        let calendar = sample::calendar();
        let plain = sample::office();
        let office = Office {
            site: "Jl. Contoh No. 1, Bogor".into(),
            formats: vec![FormatId::read("bogor").expect("an id")],
            policy: Policy {
                cancelling: false,
                reschedule: Reschedule { times: 0, extra_after_closing: false, ..plain.policy.reschedule },
                horizon_days: 60,
                ..plain.policy
            },
            privacy: None,
            texts_id: OfficeTexts {
                requirements: vec![
                    "e-KTP asli dan fotokopi".into(),
                    "Kartu keluarga asli dan fotokopi".into(),
                    "Akta kelahiran, ijazah, atau buku nikah asli dan fotokopi".into(),
                    "Paspor lama, jika ada".into(),
                ],
                bring: "e-KTP, kartu keluarga, dan akta kelahiran, asli dan fotokopi.".into(),
                excluded: "Paspor hilang atau rusak tidak dapat didaftarkan lewat pesan. Datanglah langsung ke kantor."
                    .into(),
                ..OfficeTexts::default()
            },
            texts_en: OfficeTexts {
                requirements: vec![
                    "e-KTP, original and copy".into(),
                    "Family card, original and copy".into(),
                    "Birth certificate, school diploma or marriage book, original and copy".into(),
                    "Your old passport, if you have one".into(),
                ],
                bring: "e-KTP, family card and birth certificate, originals and copies.".into(),
                excluded: "Lost or damaged passports cannot be booked by message. Please come to the office in person."
                    .into(),
                ..OfficeTexts::default()
            },
            ..plain
        };
        let now = Utc.with_ymd_and_hms(2017, 8, 1, 2, 0, 0).single().expect("an instant");
        Self {
            office,
            calendar,
            now,
            line: "#Nama#TglLahir#TglKedatangan",
            others: Vec::new(),
            keywords: Vec::new(),
            has_optional: false,
            limits: Limits::default(),
            pause_until: None,
            turn_links: None,
            upload: None,
            tells_privacy: false,
            tweak: None,
        }
    }

    /// The one-step office that wants a photo, takes messages in the morning only and lets people cancel.
    pub(super) fn batam() -> Self {
        let mut sample = Self::bogor();
        let office = &mut sample.office;
        office.id = OfficeId::read("batam").expect("an id");
        office.name = "Kantor Imigrasi Batam".into();
        office.site = "Mal Pelayanan Publik, Jl. Contoh No. 2, Batam".into();
        office.intake = Some(span(at(7, 30), at(10, 0)));
        office.policy.approval = Approval::None;
        office.policy.cancelling = true;
        office.policy.reschedule = RESCHEDULE;
        office.policy.live_per_number = 5;
        sample.line = "Nama#TglLahir#Alamat + FotoKTP";
        sample
    }

    /// An office whose form has more pieces, with rules for them.
    pub(super) fn with_rules() -> Self {
        let mut sample = Self::bogor();
        sample.line = "#Nama#TglLahir#TglKedatangan#Sesi#Layanan#Pekerjaan#[Email]";
        sample.has_optional = true;
        let service = |name| Service::named(name).expect("a service");
        sample.limits = Limits {
            age_min: Some(17),
            age_max: Some(59),
            horizon_days: Some(14),
            services: vec![service("baru"), service("perpanjang")],
            texts: vec![("Pekerjaan".to_owned(), 40)],
            ..Limits::default()
        };
        sample
    }

    /// Says of a person all that a form may say.
    pub(super) fn fill_all(&self, applicant: &mut Applicant) {
        applicant.nik = Nik::read("3271042501870001");
        applicant.no_kk = NoKk::read("3271041203150002");
        applicant.telepon = Phone::read("081200000001");
        applicant.email = Email::read("budi_santoso1987@example.id");
        applicant.sesi = Some(Session::Pagi);
        applicant.layanan.clone_from(&self.limits.services.first().cloned());
        applicant.teks = FreeText::read("Pekerjaan", "guru", 40).into_iter().collect();
    }

    /// The same, telling the office's notice about personal data.
    pub(super) fn telling_privacy(self) -> Self {
        Self { tells_privacy: true, ..self }
    }

    /// The same at another time of the office's clock.
    pub(super) fn on(mut self, date: NaiveDate, time: NaiveTime) -> Self {
        self.now = self.office.zone.instant(date.and_time(time));
        self
    }

    /// The reply to `outcome`, with a poster in place of formats.
    pub(super) fn write(&self, lang: Lang, outcome: &Outcome) -> Outbound {
        let contact = Contact::new("6281200000089");
        let (office, calendar) = (&self.office, &self.calendar);
        let scene = Scene {
            office,
            formats: &[],
            calendar,
            contact: &contact,
            lang,
            now: self.now,
            pause_until: self.pause_until,
            turn_links: self.turn_links.as_ref(),
            upload: self.upload,
            tells_privacy: self.tells_privacy,
        };
        let visit = example_day(&scene, outcome);
        let wants_photo = self.line.ends_with("FotoKTP");
        let example = if wants_photo {
            "Siti Aminah#25011987#Jl. Contoh No. 3 Batam".to_owned()
        } else {
            format!("#Siti Aminah#25011987#{}", visit.format("%d%m%Y"))
        };
        let mut poster = Poster {
            line: self.line.to_owned(),
            example,
            own_line: String::new(),
            own_line_whole: false,
            guide_taken: Vec::new(),
            guide_choices: Vec::new(),
            guide_sample: String::new(),
            photos: if wants_photo { vec![PhotoKind::Ktp, PhotoKind::Akta] } else { Vec::new() },
            photo_way: PhotoWay::Chat,
            has_optional: self.has_optional,
            mark: '#',
            limits: self.limits.clone(),
            own: None,
            asks_day: !wants_photo,
            others: self.others.clone(),
            keywords: self.keywords.clone(),
            visit,
        };
        if let Some(tweak) = self.tweak {
            tweak(&mut poster);
        }
        compose(&scene, &poster, outcome)
    }

    /// A hold for Budi on Monday at nine, for one code or photo.
    pub(super) fn hold(&self, awaits: Awaits) -> Booking {
        let mut booking = self.booking();
        booking.state = State::Held;
        booking.awaits = Some(awaits);
        booking.approval = matches!(awaits, Awaits::Code).then(|| ApprovalCode::read("2681").expect("a code"));
        booking.hold_until = Some(self.now + chrono::Duration::minutes(30));
        booking
    }

    /// Budi's booking on Monday at nine.
    pub(super) fn booking(&self) -> Booking {
        let mut rng = rand::rngs::StdRng::seed_from_u64(7);
        let address =
            self.line.contains("Alamat").then(|| Address::read("Jl. Contoh No. 3, Batam").expect("an address"));
        Booking {
            id: 1,
            office: self.office.id.clone(),
            office_version: self.office.version,
            format: self.office.formats[0].clone(),
            channel: ChannelId::new("wa", "1001"),
            contact: Contact::new("6281200000089"),
            applicant: Applicant {
                tgl_lahir: TglLahir::judge(day(1987, 1, 25), day(2017, 8, 1)).ok(),
                alamat: address,
                ..Applicant::named(Nama::read("Budi Santoso").expect("a name"))
            },
            asked: Some(day(2017, 8, 7)),
            slot: Slot { date: day(2017, 8, 7), hour: 9 },
            seats: vec![17],
            state: State::Booked,
            code: BookingCode::draw(&mut rng),
            approval: None,
            tries: 0,
            awaits: None,
            hold_until: None,
            photo: None,
            moves: 0,
            displaced: None,
            attendance: None,
            created_at: self.now,
        }
    }
}
