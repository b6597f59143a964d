//! Refusals, warnings and steps in the words of an officer, each refusal with the next step.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::super::page::Frame;
use super::texts::{Texts, texts};
use crate::conversation::Lang;
use crate::domain::booking::State as BookingState;
use crate::domain::office::{OfficeId, Zone};
use crate::domain::visit::{Action, Lane, Reason, State};
use crate::front_desk::{Refusal, Warning};

/// Why something was not done: a heading, and what to do.
pub(super) struct Said {
    pub(super) title: String,
    pub(super) text: String,
}

/// The words of one page: its language, its office's clock.
pub(super) struct Words<'f> {
    pub(super) frame: &'f Frame,
    pub(super) t: &'static Texts,
    zone: Zone,
    today: NaiveDate,
}

impl<'f> Words<'f> {
    pub(super) fn new(frame: &'f Frame, zone: Zone, now: DateTime<Utc>) -> Self {
        Self { frame, t: texts(frame.lang), zone, today: zone.local(now).date() }
    }

    /// A time of the day, `09.02`.
    pub(super) fn time(&self, at: DateTime<Utc>) -> String {
        self.zone.local(at).format("%H.%M").to_string()
    }

    /// A time of the day with its seconds, `09.02.10`.
    pub(super) fn second(&self, at: DateTime<Utc>) -> String {
        self.zone.local(at).format("%H.%M.%S").to_string()
    }

    /// The day, in words.
    pub(super) fn today(&self) -> String {
        self.frame.date(self.today)
    }

    /// A day and hour in words.
    pub(super) fn slot(&self, date: NaiveDate, hour: u8) -> String {
        match self.frame.lang {
            Lang::Id => format!("{} pukul {hour:02}.00", self.frame.date(date)),
            Lang::En => format!("{} at {hour:02}.00", self.frame.date(date)),
        }
    }

    pub(super) fn lane(&self, lane: Lane) -> &'static str {
        match lane {
            Lane::Booked => self.t.lane_booked,
            Lane::Priority => self.t.lane_priority,
            Lane::WalkIn => self.t.lane_walk_in,
            Lane::Late => self.t.lane_late,
        }
    }

    pub(super) fn reason(&self, reason: Reason) -> &'static str {
        match reason {
            Reason::Toddler => self.t.reason_toddler,
            Reason::Elderly => self.t.reason_elderly,
            Reason::Disabled => self.t.reason_disabled,
            Reason::Pregnant => self.t.reason_pregnant,
        }
    }

    pub(super) fn state(&self, state: State) -> &'static str {
        match state {
            State::Arrived => self.t.state_arrived,
            State::Called => self.t.state_called,
            State::Serving => self.t.state_serving,
            State::Parked => self.t.state_parked,
            State::Missed => self.t.state_missed,
            State::Done => self.t.state_done,
            State::NoShow => self.t.state_no_show,
            State::Unserved => self.t.state_unserved,
            State::Withdrawn => self.t.state_withdrawn,
        }
    }

    /// What a step did.
    pub(super) fn did(&self, action: Action) -> &'static str {
        match action {
            Action::Arrive => self.t.did_arrive,
            Action::Call => self.t.did_call,
            Action::Recall => self.t.did_recall,
            Action::Come => self.t.did_come,
            Action::Miss => self.t.did_miss,
            Action::Park => self.t.did_park,
            Action::Return => self.t.did_return,
            Action::Redirect => self.t.did_redirect,
            Action::Finish => self.t.did_finish,
            Action::MarkAbsent => self.t.state_no_show,
            Action::EndDay => self.t.state_unserved,
            Action::Undo => self.t.did_undo,
        }
    }

    /// What an officer should know of an arrival.
    pub(super) fn warning(&self, warning: Warning) -> String {
        match (warning, self.frame.lang) {
            (Warning::Early { from }, Lang::Id) => {
                format!(
                    "Datang lebih awal: untuk jam ini orang datang mulai pukul {}. Ia dipanggil pada jamnya.",
                    self.time(from)
                )
            }
            (Warning::Early { from }, Lang::En) => {
                format!("Early: people come for this hour from {} on. They are called in their hour.", self.time(from))
            }
            (Warning::Late { until }, Lang::Id) => {
                format!("Terlambat: tempatnya dijaga sampai pukul {}. Ia dipanggil di akhir antrean.", self.time(until))
            }
            (Warning::Late { until }, Lang::En) => {
                format!("Late: their place was kept until {}. They are called at the end.", self.time(until))
            }
        }
    }

    fn pair(&self, id: (&str, String), en: (&str, String)) -> Said {
        let (title, text) = match self.frame.lang {
            Lang::Id => id,
            Lang::En => en,
        };
        Said { title: title.to_owned(), text }
    }

    /// That no counter was named.
    pub(super) fn no_counter(&self, most: u32) -> Said {
        self.pair(
            ("Nomor loket belum ada", format!("Tulis nomor loket dari 1 sampai {most}.")),
            ("No counter number", format!("Write a counter's number from 1 to {most}.")),
        )
    }

    /// A refusal. `office_name` names another office.
    pub(super) fn refusal(&self, refusal: &Refusal, office_name: impl Fn(&OfficeId) -> String) -> Said {
        match refusal {
            Refusal::OtherOffice { office } => {
                let office = office_name(office);
                self.pair(
                    ("Kantor lain", format!("Kode ini untuk {office}. Arahkan orangnya ke sana; di sini ia hanya dapat masuk tanpa kode.")),
                    ("Another office", format!("This code is for {office}. Send them there; here they can only come in without a booking.")),
                )
            }
            Refusal::UnknownCode { .. }
            | Refusal::OtherDay { .. }
            | Refusal::NotStanding { .. }
            | Refusal::AlreadyArrived { .. }
            | Refusal::Forfeited { .. }
            | Refusal::NoSuchPerson { .. } => self.of_arrival(refusal),
            Refusal::NothingToUndo
            | Refusal::TooOldToUndo { .. }
            | Refusal::UndoOfOther { .. }
            | Refusal::UsedNonce => self.of_undo(refusal),
            Refusal::CounterClosed { .. }
            | Refusal::CounterTaken { .. }
            | Refusal::CounterBusy { .. }
            | Refusal::NobodyHere { .. } => self.of_counter(refusal),
            Refusal::NobodyWaits { .. }
            | Refusal::CalledJustNow { .. }
            | Refusal::CalledEnough
            | Refusal::CallAgainFirst { .. }
            | Refusal::MissedTwice
            | Refusal::UnknownNumber { .. }
            | Refusal::NotNow { .. } => self.of_calling(refusal),
        }
    }

    fn of_arrival(&self, refusal: &Refusal) -> Said {
        match refusal {
            Refusal::UnknownCode { closest: Some(code) } => self.pair(
                ("Kode tidak dikenal", format!("Tidak ada pendaftaran dengan kode ini. Yang paling mirip untuk hari ini: {code}. Cocokkan dengan layar warga.")),
                ("Unknown code", format!("No booking has this code. The closest one of today is {code}. Compare it with the citizen's screen.")),
            ),
            Refusal::OtherDay { slot } => {
                let (when, is_over) = (self.slot(slot.date, slot.hour), slot.date.num_days_from_ce() < self.today.num_days_from_ce());
                let (id, en) = if is_over {
                    ("Hari itu sudah lewat.", "That day is over.")
                } else {
                    ("Minta datang pada hari itu.", "Ask them to come on that day.")
                };
                self.pair(
                    ("Hari lain", format!("Kode ini untuk {when}. {id} Hari ini ia hanya dapat masuk tanpa kode.")),
                    ("Another day", format!("This code is for {when}. {en} Today they can only come in without a booking.")),
                )
            }
            Refusal::NotStanding { state } => self.not_standing(*state),
            Refusal::AlreadyArrived { numbers, at, by } => {
                let (numbers, at) = (numbers.join(", "), self.time(*at));
                self.pair(
                    ("Sudah masuk", format!("{numbers} sudah masuk pukul {at}, dimasukkan oleh {by}. Bila orangnya lain, cocokkan nama dengan KTP.")),
                    ("Already here", format!("{numbers} checked in at {at}, entered by {by}. If this is somebody else, compare the name with their identity card.")),
                )
            }
            Refusal::Forfeited { until } => {
                let until = self.time(*until);
                self.pair(
                    ("Hangus", format!("Tempat ini dijaga sampai pukul {until}. Penyelia dapat tetap memasukkannya di akhir antrean; selain itu ia dapat masuk tanpa kode.")),
                    ("Forfeited", format!("The place was kept until {until}. A supervisor may let them in at the end; otherwise they can come in without a booking.")),
                )
            }
            Refusal::NoSuchPerson { party } => self.pair(
                ("Tidak ada orang itu", format!("Pendaftaran ini untuk {party} orang. Pindai lagi kodenya.")),
                ("No such person", format!("This booking is for {party}. Scan the code again.")),
            ),
            _ => self.pair(
                ("Kode tidak dikenal", "Tidak ada pendaftaran dengan kode ini. Ketik lagi dari layar warga: kode tidak memakai 0, O, 1, dan I. Tanpa kode, beri nomor di bawah.".to_owned()),
                ("Unknown code", "No booking has this code. Type it again from the citizen's screen: codes have no 0, O, 1 and I. Without a code, give a number below.".to_owned()),
            ),
        }
    }

    fn not_standing(&self, state: BookingState) -> Said {
        let (id, en) = match state {
            BookingState::Held => (
                (
                    "Belum dikonfirmasi",
                    "Warga belum membalas kode konfirmasinya. Minta ia membalasnya di chat sekarang, lalu pindai lagi.",
                ),
                (
                    "Not confirmed yet",
                    "The citizen has not sent the confirmation code back. Ask them to do so in the chat now, then scan again.",
                ),
            ),
            BookingState::Cancelled => (
                ("Sudah dibatalkan", "Pendaftaran ini sudah dibatalkan. Ia dapat masuk tanpa kode."),
                ("Cancelled", "This booking was cancelled. They can come in without a booking."),
            ),
            BookingState::Replaced => (
                ("Sudah diganti", "Formulir yang lebih baru menggantikan pendaftaran ini. Minta kode yang terakhir."),
                ("Replaced", "A newer form took the place of this booking. Ask for the last code."),
            ),
            BookingState::Expired | BookingState::Blocked | BookingState::Booked => (
                ("Tidak berlaku", "Tempat ini tidak dikonfirmasi pada waktunya. Ia dapat masuk tanpa kode."),
                ("Not valid", "This place was not confirmed in time. They can come in without a booking."),
            ),
        };
        self.pair((id.0, id.1.to_owned()), (en.0, en.1.to_owned()))
    }

    fn of_undo(&self, refusal: &Refusal) -> Said {
        match refusal {
            Refusal::TooOldToUndo { at } => {
                let at = self.time(*at);
                self.pair(
                    (
                        "Sudah lewat semenit",
                        format!(
                            "Langkah terakhir dibuat pukul {at}. Hanya langkah semenit terakhir yang dapat dibatalkan."
                        ),
                    ),
                    (
                        "Older than a minute",
                        format!("The last step was at {at}. Only steps of the last minute can be taken back."),
                    ),
                )
            }
            Refusal::UndoOfOther { action, by, at } => {
                let (did, at) = (self.did(*action), self.time(*at));
                self.pair(
                    (
                        "Langkah orang lain",
                        format!(
                            "Langkah terakhir (“{did}”, pukul {at}) dibuat {by}. Hanya {by} yang dapat membatalkannya."
                        ),
                    ),
                    (
                        "Somebody else's step",
                        format!("The last step (“{did}”, {at}) is {by}'s. Only they can take it back."),
                    ),
                )
            }
            Refusal::UsedNonce => self.pair(
                ("Halaman sudah lama", "Muat ulang halaman ini, lalu tekan lagi.".to_owned()),
                ("The page is old", "Reload this page, then press again.".to_owned()),
            ),
            _ => self.pair(
                ("Tidak ada yang dibatalkan", "Tidak ada langkah yang dapat dibatalkan.".to_owned()),
                ("Nothing to take back", "There is no step that could be taken back.".to_owned()),
            ),
        }
    }

    fn of_counter(&self, refusal: &Refusal) -> Said {
        match refusal {
            Refusal::CounterTaken { counter, by } => self.pair(
                (
                    "Loket dipakai",
                    format!("Loket {counter} dibuka oleh {by}. Pilih loket lain, atau minta {by} menutupnya."),
                ),
                (
                    "The counter is taken",
                    format!("Counter {counter} was opened by {by}. Take another one, or ask {by} to close it."),
                ),
            ),
            Refusal::CounterBusy { counter, number } => self.pair(
                (
                    "Masih ada orang",
                    format!("Loket {counter} masih menangani {number}. Selesaikan, tunda, atau pindahkan dahulu."),
                ),
                (
                    "Somebody is still there",
                    format!("Counter {counter} still has {number}. Finish, set aside or send them on first."),
                ),
            ),
            Refusal::NobodyHere { counter } => self.pair(
                (
                    "Tidak ada orang di loket",
                    format!("Loket {counter} tidak sedang memanggil atau melayani siapa pun."),
                ),
                ("Nobody is there", format!("Counter {counter} has called nobody.")),
            ),
            Refusal::CounterClosed { counter } => self.pair(
                ("Loket tutup", format!("Loket {counter} sudah tutup. Buka dahulu.")),
                ("The counter is closed", format!("Counter {counter} is closed. Open it first.")),
            ),
            other => self.of_calling(other),
        }
    }

    fn of_calling(&self, refusal: &Refusal) -> Said {
        match refusal {
            Refusal::NotNow { number, state, counter, at, by } => {
                let (state, at) = (self.state(*state), self.time(*at));
                let (id, en) =
                    counter.map(|n| (format!(" di loket {n}"), format!(" at counter {n}"))).unwrap_or_default();
                self.pair(
                    ("Sudah didahului", format!("{number} sudah {state}{id} sejak pukul {at}, oleh {by}. Halaman ini sekarang menunjukkan keadaan terbaru.")),
                    ("Somebody was faster", format!("{number} is {state}{en} since {at}, by {by}. This page now shows how things are.")),
                )
            }
            Refusal::CalledJustNow { seconds } => self.pair(
                ("Baru saja dipanggil", format!("Beri waktu untuk datang: {seconds} detik lagi.")),
                ("Called a moment ago", format!("Give them time to come: {seconds} seconds more.")),
            ),
            Refusal::CalledEnough => self.pair(
                ("Sudah cukup dipanggil", "Tandai tidak hadir; ia masih dapat kembali satu kali.".to_owned()),
                ("Called often enough", "Mark them as not here; they can still come back once.".to_owned()),
            ),
            Refusal::CallAgainFirst { calls } => self.pair(
                (
                    "Panggil lagi dahulu",
                    format!("Baru {calls} kali dipanggil. Tidak hadir berarti tiga panggilan, selang satu menit."),
                ),
                ("Call again first", format!("Called {calls} times only. Not here means three calls, a minute apart.")),
            ),
            Refusal::MissedTwice => self.pair(
                ("Sudah dua kali tidak hadir", "Ia dapat masuk lagi tanpa kode.".to_owned()),
                ("Missed twice", "They can come in again without a booking.".to_owned()),
            ),
            Refusal::UnknownNumber { number } => self.pair(
                ("Nomor tidak ada", format!("Tidak ada nomor {number} hari ini.")),
                ("No such number", format!("Nobody has the number {number} today.")),
            ),
            Refusal::NobodyWaits { later } if *later > 0 => self.pair(
                ("Belum ada yang boleh dipanggil", format!("{later} orang menunggu jamnya, tempat, atau loket lain.")),
                ("Nobody may be called yet", format!("{later} wait for their hour, for room, or for another counter.")),
            ),
            _ => self.pair(
                ("Tidak ada yang menunggu", "Antrean kosong. Tekan lagi bila ada yang masuk.".to_owned()),
                ("Nobody waits", "The queue is empty. Press again when somebody has checked in.".to_owned()),
            ),
        }
    }
}
