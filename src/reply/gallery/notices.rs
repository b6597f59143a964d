//! What offices say unasked, and the answer to a reminder.

use super::super::sample::{Sample, at, day};
use super::{Shown, shown};
use crate::conversation::{NoticeContent, Outcome, ReadyDetail, ReminderChoice};
use crate::domain::booking::{Awaits, Booking};

pub(super) fn all() -> Vec<Shown> {
    let (bogor, batam) = (Sample::bogor(), Sample::batam());
    let notice = |content| Outcome::Notice(Box::new(content));
    let lapsed = |sample: &Sample, awaits| notice(NoticeContent::HoldLapsed { hold: sample.hold(awaits) });
    let reminder = |booking: Booking, choices: &[ReminderChoice]| {
        notice(NoticeContent::Reminder { booking, choices: choices.to_vec() })
    };
    let all = [ReminderChoice::Come, ReminderChoice::Move, ReminderChoice::Cancel];
    let ready = ReadyDetail { code: batam.booking().code, name: "BUDI SANTOSO".into() };
    let mut told = batam.clone();
    let collection = "Paspor diambil di loket 3, Senin sampai Jumat pukul 13.00 sampai 15.00.";
    told.office.texts_id.topics.insert("collection".into(), collection.into());
    let text = "Listrik padam sejak pagi. Pelayanan mulai pukul 10.00; nomor antrean Anda tetap berlaku.";
    let mut late = batam.clone().on(day(2017, 8, 6), at(18, 0));
    late.office.policy.reschedule.times = 0;
    let hour = batam.booking().slot;
    let absent = batam.clone().on(hour.date, at(u32::from(hour.hour), 16));
    let gone = batam.clone().on(hour.date, at(u32::from(hour.hour) + 1, 0));
    vec![
        shown(
            "notice: a hold lapses soon",
            &bogor,
            notice(NoticeContent::HoldLapsing { hold: bogor.hold(Awaits::Code) }),
        ),
        shown(
            "notice: a hold that waits for a photo lapses soon",
            &batam,
            notice(NoticeContent::HoldLapsing { hold: batam.hold(Awaits::Photo) }),
        ),
        shown("notice: a hold has lapsed", &bogor, lapsed(&bogor, Awaits::Code)),
        shown("notice: a hold that waited for a photo has lapsed", &batam, lapsed(&batam, Awaits::Photo)),
        shown("notice: reminder", &batam, reminder(batam.booking(), &all)),
        shown(
            "notice: reminder, no moving",
            &late,
            reminder(late.booking(), &[ReminderChoice::Come, ReminderChoice::Cancel]),
        ),
        shown("notice: reminder, neither moving nor cancelling", &bogor, reminder(bogor.booking(), &[])),
        shown("notice: reminder beside another question", &batam, reminder(batam.booking(), &[])),
        shown("notice: reminder beside another question, no moving", &late, reminder(late.booking(), &[])),
        shown("notice: forfeited", &absent, notice(NoticeContent::Forfeited { booking: absent.booking() })),
        shown(
            "notice: forfeited, told after the hour",
            &gone,
            notice(NoticeContent::Forfeited { booking: gone.booking() }),
        ),
        shown("will come", &batam, Outcome::WillCome { booking: batam.booking() }),
        shown("notice: ready", &batam, notice(NoticeContent::Ready(ready.clone()))),
        shown("notice: ready, the office says where", &told, notice(NoticeContent::Ready(ready))),
        shown(
            "notice: a message to a day",
            &batam,
            notice(NoticeContent::Message { booking: batam.booking(), text: text.into() }),
        ),
    ]
}
