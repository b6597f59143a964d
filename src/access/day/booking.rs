//! One booking with everything that belongs to it: who, what became of each, what was said.

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::day::list::Standing;
use crate::access::day::seen::{SeenPerson, Sight};
use crate::access::office_view::OfficeView;
use crate::access::signed_in::Visitor;
use crate::domain::attendance::Attendance;
use crate::domain::audit::{Act, AuditEvent, Subject, reason};
use crate::domain::booking::{Booking, State};
use crate::domain::code::BookingCode;
use crate::domain::masked_debug::masked_debug;
use crate::domain::message::Content;
use crate::domain::office::Office;
use crate::domain::photo_key::PhotoKeyId;
use crate::domain::slot::queue_number;
use crate::domain::visit::{Action, Visit};
use crate::storage::{StorageError, StoredPhoto, StoredStep, TalkLine};

/// Replies of the conversation that are shown at most, the latest.
const REPLIES_MAX: u32 = 12;
/// Days before and after its booking on which a photo can be seen: for the visit, and no longer.
const PHOTO_DAYS: i64 = 1;

/// A booking as somebody may see it.
#[derive(Clone, PartialEq, Eq)]
pub struct SeenBooking {
    /// Its code.
    pub code: String,
    /// The same as people read it, `LMGF-D5AQ`.
    pub code_shown: String,
    /// Its day.
    pub date: NaiveDate,
    /// Its hour.
    pub hour: u8,
    /// Where it stands as a booking.
    pub state: State,
    /// Whether a hold is over that nobody has ended yet.
    pub is_lapsed: bool,
    /// When a hold ends.
    pub hold_until: Option<DateTime<Utc>>,
    /// Whether its reminder has to be answered, and was.
    pub attendance: Option<Attendance>,
    /// When the form was served.
    pub created_at: DateTime<Utc>,
    /// The day that was asked for, where another one was given.
    pub asked: Option<NaiveDate>,
    /// Its people, each with what became of them.
    pub members: Vec<SeenMember>,
    /// The number of whoever wrote, where it may be seen.
    pub contact: Option<String>,
    /// Its photo.
    pub photo: SeenPhoto,
    /// What was said, oldest first; `None` for somebody who may not read it.
    pub said: Option<Vec<Said>>,
}

/// One of its people.
#[derive(Clone, PartialEq, Eq)]
pub struct SeenMember {
    /// Who.
    pub person: SeenPerson,
    /// Whether only the number of people is known, and this is not the one who is named.
    pub is_unnamed: bool,
    /// Their number.
    pub number: String,
    /// Where they stand; `None` where the booking has no place.
    pub standing: Option<Standing>,
    /// The steps of their visit.
    pub steps: Vec<SeenStep>,
}

/// A step of a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenStep {
    /// When.
    pub at: DateTime<Utc>,
    /// What was done.
    pub action: Action,
    /// At which counter.
    pub counter: Option<u32>,
    /// By whom.
    pub by: String,
}

/// A photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenPhoto {
    /// There is none.
    None,
    /// It can be seen, with this key; without one it is a plain file of an earlier version.
    Here(Option<PhotoKeyId>),
    /// It can be seen around the day of the visit only.
    OtherDay,
    /// It is not for whoever asks.
    Closed,
}

/// Something that was said.
#[derive(Clone, PartialEq, Eq)]
pub struct Said {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether the office said it.
    pub by_office: bool,
    /// What. A message that is no text has none.
    pub text: String,
    /// Whether a picture came with it.
    pub has_picture: bool,
    /// Of the office: how far it came, `waiting`, `claimed`, `sent`, `held`, `dead` or `expired`.
    pub state: Option<String>,
}

masked_debug!(SeenBooking, SeenMember, Said);

/// Where a booking stands; `None` where it has no place any more.
pub(super) fn standing_of(
    office: &Office,
    booking: &Booking,
    visit: Option<&Visit>,
    now: DateTime<Utc>,
) -> Option<Standing> {
    if let Some(standing) = visit.and_then(|visit| Standing::of_visit(visit.state)) {
        return Some(standing);
    }
    let is_held = booking.state == State::Held && booking.is_live(office, now);
    (is_held || booking.state == State::Booked).then_some(Standing::of_booking(booking.state))
}

fn said(line: TalkLine) -> Said {
    match line {
        TalkLine::Citizen { at, content, .. } => {
            let has_picture = matches!(content, Content::Picture { .. });
            let text = match content {
                Content::Text(text) | Content::Edited(text) => text,
                Content::Picture { caption, .. } => caption.unwrap_or_default(),
                Content::Other(_) => String::new(),
            };
            Said { at, by_office: false, text, has_picture, state: None }
        }
        TalkLine::Office { at, text, state, .. } => {
            Said { at, by_office: true, text, has_picture: false, state: Some(state) }
        }
    }
}

fn steps(all: &[StoredStep], visit: &Visit) -> Vec<SeenStep> {
    let own = all.iter().filter(|step| step.visit == visit.id);
    own.map(|step| SeenStep { at: step.at, action: step.action, counter: step.counter, by: step.actor.clone() })
        .collect()
}

impl OfficeView {
    /// The booking of a code at this office; the latest, where one code was given to several over the years.
    async fn by_code(&self, code: &str) -> Result<Option<Booking>, StorageError> {
        let Ok(code) = BookingCode::read(code) else { return Ok(None) };
        let found = self.storage.find_bookings(&code).await?;
        Ok(found.into_iter().filter(|booking| booking.office == *self.id()).max_by_key(|booking| booking.id))
    }

    /// Whether the person has to say why before they see the booking of a code, which there is.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn must_say_why(&self, code: &str) -> Result<bool, StorageError> {
        if !self.asks_why() || self.sight().is_none() {
            return Ok(false);
        }
        let booking = self.by_code(code).await?;
        Ok(booking.is_some_and(|booking| self.reason_for(booking.id).is_none()))
    }

    /// Takes why the person looks at the booking of a code; `None` where there is none for them, false where nothing was said, or too
    /// much.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn say_why(&self, code: &str, why: &str) -> Result<Option<bool>, StorageError> {
        if !self.asks_why() || self.sight().is_none() {
            return Ok(None);
        }
        let Some(booking) = self.by_code(code).await? else { return Ok(None) };
        let Some(why) = reason(why).ok().filter(|why| !why.is_empty()) else { return Ok(Some(false)) };
        self.keep_reason(booking.id, &why);
        Ok(Some(true))
    }

    /// A booking with everything that belongs to it; `None` also where they have to say why first. That it was looked at is recorded
    /// before it is answered.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn booking(&self, code: &str, visitor: &Visitor) -> Result<Option<SeenBooking>, StorageError> {
        let Some(sight) = self.sight() else { return Ok(None) };
        let Some(booking) = self.by_code(code).await? else { return Ok(None) };
        let Some(why) = self.reason_for(booking.id) else { return Ok(None) };
        let event = AuditEvent::of(Act::ViewBooking).about(Subject::booking(booking.id)).because(&why);
        self.record(event, visitor).await?;
        let mut visits = self.storage.visits_of_booking(booking.id).await?;
        visits.retain(|visit| visit.date == booking.slot.date);
        let steps = self.storage.steps_of(&visits).await?;
        let talk = match sight {
            Sight::Whole => {
                let lines = self.storage.recent_talk(&booking.channel, &booking.contact, REPLIES_MAX).await?;
                Some(lines.into_iter().map(said).collect())
            }
            Sight::Masked => None,
        };
        let photo = self.photo_of(&booking, sight).await?;
        Ok(Some(self.seen(sight, &booking, (&visits, &steps), photo, talk)))
    }

    fn seen(
        &self,
        sight: Sight,
        booking: &Booking,
        (visits, all_steps): (&[Visit], &[StoredStep]),
        photo: SeenPhoto,
        said: Option<Vec<Said>>,
    ) -> SeenBooking {
        let now = self.now();
        let member = |(place, seat): (usize, &u32)| {
            let visit = visits.iter().find(|visit| usize::try_from(visit.person) == Ok(place));
            let standing = standing_of(self.office(), booking, visit, now);
            let number = visit.filter(|visit| Standing::of_visit(visit.state).is_some());
            let named = booking.applicant.people().nth(place);
            SeenMember {
                person: sight.person(named.unwrap_or(&booking.applicant)),
                is_unnamed: named.is_none(),
                number: number.map_or_else(|| queue_number(booking.slot, *seat), |visit| visit.number.clone()),
                standing,
                steps: visit.map(|visit| steps(all_steps, visit)).unwrap_or_default(),
            }
        };
        SeenBooking {
            code: booking.code.as_str().to_owned(),
            code_shown: booking.code.to_string(),
            date: booking.slot.date,
            hour: booking.slot.hour,
            state: booking.state,
            is_lapsed: booking.state == State::Held && !booking.is_live(self.office(), now),
            attendance: booking.attendance,
            hold_until: booking.hold_until.filter(|_| booking.state == State::Held),
            created_at: booking.created_at,
            asked: booking.asked.filter(|asked| *asked != booking.slot.date),
            members: booking.seats.iter().enumerate().map(member).collect(),
            // Whoever got a number after somebody else is told apart behind a `~`.
            contact: match sight {
                Sight::Whole => booking.contact.as_str().split('~').next().map(str::to_owned),
                Sight::Masked => None,
            },
            photo,
            said,
        }
    }

    /// Whether the photo of a booking can be seen.
    async fn photo_of(&self, booking: &Booking, sight: Sight) -> Result<SeenPhoto, StorageError> {
        if booking.photo.is_none() {
            return Ok(SeenPhoto::None);
        }
        if sight != Sight::Whole {
            return Ok(SeenPhoto::Closed);
        }
        let today = self.office().date_at(self.now());
        if (booking.slot.date - today).num_days().abs() > PHOTO_DAYS {
            return Ok(SeenPhoto::OtherDay);
        }
        let photos = self.storage.photos_of(std::slice::from_ref(booking)).await?;
        Ok(photos.into_values().next().map_or(SeenPhoto::None, |photo| SeenPhoto::Here(photo.key)))
    }

    /// A booking's photo in the media folder, where it can be seen. That it was is written down first.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn photo(&self, code: &str, visitor: &Visitor) -> Result<Option<StoredPhoto>, StorageError> {
        let Some(sight) = self.sight() else { return Ok(None) };
        let Some(booking) = self.by_code(code).await? else { return Ok(None) };
        if !matches!(self.photo_of(&booking, sight).await?, SeenPhoto::Here(_)) {
            return Ok(None);
        }
        let Some(why) = self.reason_for(booking.id) else { return Ok(None) };
        let event = AuditEvent::of(Act::ViewPhoto).about(Subject::booking(booking.id)).because(&why);
        self.record(event, visitor).await?;
        Ok(self.storage.photos_of(std::slice::from_ref(&booking)).await?.into_values().next())
    }
}
