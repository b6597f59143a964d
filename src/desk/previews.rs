//! What becomes of displaced bookings as things stand now, and what their citizens would be told: the same decisions as when it is
//! carried out, on seats in memory, and nothing is written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::conversation::{Chat, DayChanged, Lang, OwnVisit, REPLIES_MAX, Randomness, Snapshot, settle_displaced};
use crate::domain::booking::Booking;
use crate::domain::calendar::Calendar;
use crate::domain::displaced::{DayChange, Displaced, Remedy};
use crate::domain::office::Office;
use crate::domain::seats::{NotLoaded, Seats};
use crate::domain::visit::Visit;
use crate::grammar::Format;
use crate::storage::{Intake, OfficeDate, OfficeDay, OfficeHour, Storage, StorageError, Wanted};

/// What previews are made with.
#[derive(Debug, Clone, Copy)]
pub struct PreviewScene<'a> {
    /// The office as it will be.
    pub office: &'a Office,
    /// Its formats.
    pub formats: &'a [&'a Format],
    /// The holidays.
    pub calendar: &'a Calendar,
    /// When it would be carried out.
    pub now: DateTime<Utc>,
}

/// A displaced booking with what is decided about it.
#[derive(Debug, Clone)]
pub struct Displacement {
    /// The booking.
    pub booking: Booking,
    /// What became of its day.
    pub change: DayChange,
    /// What is decided.
    pub remedy: Remedy,
    /// Its citizen's language.
    pub lang: Lang,
    /// Its visits, where its day is today.
    pub visits: Vec<Visit>,
}

/// What the citizens of these bookings would be told, by booking; whoever booked first is served first. Nobody is told who keeps their
/// place, or is at the counter already.
///
/// # Errors
/// [`StorageError`] when storage failed.
pub async fn preview_displaced(
    storage: &Storage,
    scene: PreviewScene<'_>,
    displaced: &[Displacement],
) -> Result<HashMap<i64, DayChanged>, StorageError> {
    if displaced.is_empty() {
        return Ok(HashMap::new());
    }
    let PreviewScene { office, now, .. } = scene;
    let wanted = Wanted { offices: BTreeMap::from([(office.id.clone(), office.date_at(now))]), ..Wanted::default() };
    let (mut intake, found) = storage.begin_intake(&wanted, now).await?;
    let mut seats = Seats::default();
    for OfficeDay { date, load, .. } in found.days {
        seats.enter_day(date, load);
    }
    let mut in_order: Vec<&Displacement> = displaced.iter().collect();
    in_order.sort_by_key(|one| (one.booking.created_at, one.booking.id));
    let mut told = HashMap::new();
    for one in in_order {
        if let Some(said) = preview(&mut intake, scene, one, &mut seats).await? {
            told.insert(one.booking.id, said);
        }
    }
    intake.rollback().await?;
    Ok(told)
}

async fn preview(
    intake: &mut Intake,
    scene: PreviewScene<'_>,
    one: &Displacement,
    seats: &mut Seats,
) -> Result<Option<DayChanged>, StorageError> {
    let PreviewScene { office, formats, calendar, now } = scene;
    let chat = Chat { lang: one.lang, ..Chat::default() };
    let bookings = [Booking { displaced: Some(Displaced::decided(one.change, one.remedy)), ..one.booking.clone() }];
    let visits: Vec<OwnVisit> = one.visits.iter().map(|visit| OwnVisit { visit: visit.clone(), wait: None }).collect();
    let snapshot = Snapshot {
        office,
        calendar,
        formats,
        text: None,
        wants_photo: false,
        channel: &one.booking.channel,
        contact: &one.booking.contact,
        chat: &chat,
        bookings: &bookings,
        visits: &visits,
        of_people: &[],
        no_shows: 0,
        replies_max: REPLIES_MAX,
        waiting: None,
        now,
    };
    loop {
        let (mut rng, mut next_id) = (StdRng::seed_from_u64(0), || 0);
        let randomness = Randomness { rng: &mut rng, next_id: &mut next_id };
        match settle_displaced(&snapshot, seats, one.booking.id, randomness) {
            Ok(settled) => return Ok(settled.told),
            Err(NotLoaded(date)) => {
                let day = BTreeSet::from([OfficeDate { office: office.id.clone(), date }]);
                for OfficeHour { slot, load, .. } in intake.hours(&day).await? {
                    seats.enter_hour(slot, load);
                }
                seats.mark_loaded(date);
            }
        }
    }
}
