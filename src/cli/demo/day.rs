//! The day in progress of the demo's own office: its citizens book the day before, come in the morning, and are called and served. All of it
//! goes through the real desk and the real front desk, with the demo's clock moved along.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::clock::{MovableClock, SharedClock};
use crate::desk::Desk;
use crate::domain::booking::{Booking, State as BookingState};
use crate::domain::message::{ChannelId, Contact, Content, Inbound, MessageId, SIMULATED_GATEWAY};
use crate::domain::office::{Office, OfficeId};
use crate::domain::person::Nama;
use crate::domain::visit::Reason;
use crate::front_desk::{Actor, Arrival, FrontDesk, Press, Which};
use crate::gateway::Item;
use crate::storage::{Storage, StorageError};

/// The office.
pub(super) const OFFICE: &str = "sorong";
/// When its citizens book: noon of the day before, by its clock. A fresh demo's clock starts here.
pub(super) const BOOKED_AT: &str = "2026-08-02T03:00:00Z";
/// Who works at its counters, the first two with accounts of the demo.
const OFFICERS: [&str; 2] = ["petugas.sorong", "penyelia.sorong"];
/// Seven o'clock by its clock, when the doors open.
const DOORS_OPEN: &str = "2026-08-02T22:00:00Z";
/// Minutes from there until the demo begins.
const MINUTES: i64 = 4 * 60;
/// Citizens who book; of them one cancels.
const CITIZENS: [&str; 41] = [
    "Yakob Mambrasar",
    "Siti Hartina",
    "Petrus Kambuaya",
    "Maria Sagrim",
    "Abdul Rahman",
    "Dorkas Wanma",
    "Ferdinand Osok",
    "Nur Aisyah",
    "Selviana Malibela",
    "Bambang Hermawan",
    "Yosina Kalami",
    "Hasan Basri",
    "Marthen Mobalen",
    "Ratna Dewi",
    "Elisabet Fonataba",
    "Agus Wibowo",
    "Naomi Klasuat",
    "Sukardi",
    "Frans Homer",
    "Wulan Sari",
    "Ruben Sawaki",
    "Indah Permata",
    "Lukas Bleskadit",
    "Fatimah Zahra",
    "Yuliana Gifelem",
    "Rudi Hartono",
    "Obet Ulimpa",
    "Dewi Anggraini",
    "Martina Kondologit",
    "Joko Susilo",
    "Simon Yable",
    "Kartika Putri",
    "Welem Burdam",
    "Lestari Handayani",
    "Debora Salossa",
    "Imam Syafii",
    "Yulius Momot",
    "Rina Kusuma",
    "Hendrik Mayor",
    "Tri Wahyuni",
    "Nataniel Duwit",
];
/// Who books too late to have confirmed by now: their places are held.
const LATE_CITIZENS: [&str; 2] = ["Sri Mulyani", "Oktovianus Yumame"];
/// Who comes without a booking, and at which minute.
const WALK_INS: [(&str, i64); 4] =
    [("Ahmad Fauzi", 85), ("Ester Krey", 130), ("Made Suarsana", 175), ("Lince Howay", 226)];
/// Of the citizens, by their place in the list: who does not come, and who cannot wait long.
const ABSENT: [usize; 2] = [5, 20];
const ELDERLY: usize = 15;
/// The calls at which nobody comes to the counter, and at which somebody is put aside.
const MISSED_CALL: u32 = 7;
const PARKED_CALL: u32 = 19;

/// Plays the day up to now.
pub(super) struct Stage {
    pub(super) storage: Storage,
    pub(super) desk: Desk,
    pub(super) clock: Arc<dyn MovableClock>,
}

/// Somebody at a counter: what happens next, and when.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counter {
    Free,
    /// Was called, and comes.
    Called(i64),
    /// Was called so often, and does not come.
    Unheard(i64, u32),
    /// Is served until.
    Served(i64),
    /// Is put aside at.
    PutAside(i64),
}

impl Stage {
    /// Plays the day, where the office has none yet.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub(super) async fn play(&self, until: DateTime<Utc>) -> Result<(), StorageError> {
        let roster = self.desk.roster();
        let office = roster.offices.values().find(|office| office.id.as_str() == OFFICE).map(Arc::clone);
        let Some(office) = office else { return Ok(()) };
        let date = office.date_at(until);
        if self.storage.bookings_on(&office.id, date).await?.is_empty() {
            self.book(&office, date).await?;
            self.morning(&office, date).await?;
        }
        self.move_to(until);
        Ok(())
    }

    fn move_to(&self, at: DateTime<Utc>) {
        let ahead: Duration = (at - self.clock.now()).to_std().unwrap_or_default();
        self.clock.move_forward(ahead);
    }

    /// Everybody books, by one message and one answer.
    async fn book(&self, office: &Office, date: NaiveDate) -> Result<(), StorageError> {
        self.register(&office.id, date, (&CITIZENS, "a")).await?;
        self.confirm(&office.id, date).await?;
        // One changes their mind.
        let last = CITIZENS.len() - 1;
        self.say(&office.id, vec![(contact("a", last), "#batal".to_owned(), "cancel".to_owned())]).await;
        Ok(())
    }

    async fn register(
        &self,
        office: &OfficeId,
        date: NaiveDate,
        (names, row): (&[&str], &str),
    ) -> Result<(), StorageError> {
        let day = date.format("%d%m%Y");
        let form = |(at, name): (usize, &&str)| {
            let born = format!("{:02}{:02}{}", at % 27 + 1, at % 12 + 1, 1961 + at);
            (contact(row, at), format!("#{name}#{born}#{day}"), format!("form-{row}-{at}"))
        };
        self.say(office, names.iter().enumerate().map(form).collect()).await;
        Ok(())
    }

    async fn confirm(&self, office: &OfficeId, date: NaiveDate) -> Result<(), StorageError> {
        let held = self.storage.bookings_on(office, date).await?;
        let code = |booking: &Booking| {
            let code = booking.approval.as_ref()?.as_str().to_owned();
            Some((booking.contact.clone(), code, format!("code-{}", booking.id)))
        };
        self.say(office, held.iter().filter_map(code).collect()).await;
        Ok(())
    }

    /// Delivers messages as the simulator would.
    async fn say(&self, office: &OfficeId, messages: Vec<(Contact, String, String)>) {
        let item = |(contact, text, id): (Contact, String, String)| {
            Item::Message(Inbound {
                channel: ChannelId::new(SIMULATED_GATEWAY, office.as_str()),
                contact,
                also: Vec::new(),
                id: MessageId::new(format!("demo-{id}")),
                sent_at: self.clock.now(),
                content: Content::Text(text),
            })
        };
        // A desk that has just been started is never busy; if it were, the day would only be shorter.
        if self.desk.serve(messages.into_iter().map(item).collect()).await.is_err() {
            tracing::warn!("the demo's day could not be booked");
        }
    }

    /// The morning, minute by minute.
    async fn morning(&self, office: &Arc<Office>, date: NaiveDate) -> Result<(), StorageError> {
        let clock: SharedClock = Arc::<dyn MovableClock>::clone(&self.clock);
        let desk = |officer: &str| {
            let actor = Actor::read(officer).ok()?;
            Some(FrontDesk::new(self.storage.clone(), Arc::clone(&clock), Arc::clone(office), actor))
        };
        let desks: Vec<FrontDesk> = OFFICERS.iter().filter_map(|officer| desk(officer)).collect();
        let Some(front) = desks.first() else { return Ok(()) };
        let mut booked = self.storage.bookings_on(&office.id, date).await?;
        booked.retain(|booking| booking.state == BookingState::Booked);
        let expected: HashMap<i64, Vec<(usize, &Booking)>> = comings(&booked);
        let mut counters: Vec<(u32, &FrontDesk, Counter)> =
            (1..).zip(&desks).map(|(number, desk)| (number, desk, Counter::Free)).collect();
        let begins: DateTime<Utc> = DOORS_OPEN.parse().unwrap_or_default();
        let mut calls = 0;
        for minute in 0..MINUTES {
            self.move_to(begins + TimeDelta::minutes(minute));
            if minute == 60 {
                for (number, desk, _) in &counters {
                    desk.open_counter(*number).await?.ok();
                }
            }
            if minute % 60 == 20 {
                front.end_what_is_over().await?;
            }
            for (place, booking) in expected.get(&minute).into_iter().flatten() {
                let priority = (*place == ELDERLY).then_some(Reason::Elderly);
                let arrival = Arrival { code: booking.code.as_str().to_owned(), priority, ..Arrival::default() };
                front.arrive(arrival, Press::default()).await?.ok();
            }
            for (name, _) in WALK_INS.iter().filter(|(_, at)| *at == minute) {
                front.walk_in(Nama::read(name).ok(), None, Press::default()).await?.ok();
            }
            if minute == MINUTES - 10 {
                self.register(&office.id, date, (&LATE_CITIZENS, "b")).await?;
            }
            if minute >= 60 {
                for counter in &mut counters {
                    counter.2 = step(*counter, minute, &mut calls).await?;
                }
            }
        }
        Ok(())
    }
}

/// The address of a citizen: invented, in a row of its own.
fn contact(row: &str, at: usize) -> Contact {
    let row = if row == "a" { 7 } else { 8 };
    Contact::new(format!("6281200{row}{at:05}"))
}

/// At which minute each comes: before their hour, a few after it began.
fn comings(booked: &[Booking]) -> HashMap<i64, Vec<(usize, &Booking)>> {
    let mut by_minute: HashMap<i64, Vec<(usize, &Booking)>> = HashMap::new();
    for (place, booking) in booked.iter().enumerate().filter(|(place, _)| !ABSENT.contains(place)) {
        let spread = i64::try_from(place * 7 % 30).unwrap_or(0);
        let minute = (i64::from(booking.slot.hour) - 7) * 60 - 25 + spread;
        by_minute.entry(minute).or_default().push((place, booking));
    }
    by_minute
}

/// What happens at a counter in a minute.
async fn step(
    (number, desk, state): (u32, &FrontDesk, Counter),
    minute: i64,
    calls: &mut u32,
) -> Result<Counter, StorageError> {
    let (here, press) = (Which::At(number), Press::default);
    Ok(match state {
        Counter::Free => match desk.call_next(number, press()).await? {
            Ok(_) => {
                *calls += 1;
                if *calls == MISSED_CALL { Counter::Unheard(minute, 1) } else { Counter::Called(minute) }
            }
            Err(_) => Counter::Free,
        },
        Counter::Called(at) if minute > at => {
            desk.came(here, press()).await?.ok();
            let takes = 7 + i64::from(*calls * 5 % 6);
            if *calls == PARKED_CALL { Counter::PutAside(minute + 2) } else { Counter::Served(minute + takes) }
        }
        Counter::Unheard(at, rung) if minute > at + 1 => {
            if rung < 3 {
                desk.recall(here, press()).await?.ok();
                Counter::Unheard(minute, rung + 1)
            } else {
                desk.missed(here, press()).await?.ok();
                Counter::Free
            }
        }
        Counter::PutAside(at) if minute >= at => {
            desk.park(here, press()).await?.ok();
            Counter::Free
        }
        // The second counter's last call stands when the demo begins.
        Counter::Served(until) if minute >= until || (number == 2 && minute == MINUTES - 2) => {
            desk.finish(here, press()).await?.ok();
            Counter::Free
        }
        waits => waits,
    })
}
