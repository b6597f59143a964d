//! What a decision is taken on: everything that it may look at, loaded beforehand.

use chrono::{DateTime, Utc};

use super::chat::Chat;
use super::own_visit::OwnVisit;
use super::question::Choices;
use super::reply_quota::HoldsOfDay;
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::calendar::Calendar;
use crate::domain::masked_debug::masked_debug;
use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::Office;
use crate::domain::waiting::WaitingList;
use crate::grammar::Format;

/// What a decision is taken on.
#[derive(Clone, Copy)]
pub struct Snapshot<'a> {
    /// The office.
    pub office: &'a Office,
    /// The holidays.
    pub calendar: &'a Calendar,
    /// The office's formats, the ordinary one first.
    pub formats: &'a [&'a Format],
    /// The text of the message, where it is text alone.
    pub text: Option<&'a str>,
    /// Whether any of the office's formats asks for a photo.
    pub wants_photo: bool,
    /// The channel that the message came by.
    pub channel: &'a ChannelId,
    /// Who wrote.
    pub contact: &'a Contact,
    /// What is remembered of them.
    pub chat: &'a Chat,
    /// Their live bookings and holds, and the recent holds that are over; lapsed holds are already `Expired`.
    pub bookings: &'a [Booking],
    /// Visits of those bookings on their day.
    pub visits: &'a [OwnVisit],
    /// Live bookings and holds at the office of the people whom the message's form may name, whatever number made them. Empty
    /// where the office does not limit them.
    pub of_people: &'a [Booking],
    /// Earlier visits at the office to which nobody of their booking came; 0 where the office asks nothing of those, or the message
    /// can make no booking.
    pub no_shows: u32,
    /// Replies to one contact in [`super::REPLIES_MINUTES`] on this channel, at most.
    pub replies_max: u32,
    /// The office's waiting list; `None` where it has none.
    pub waiting: Option<&'a WaitingList>,
    /// When the decision is taken.
    pub now: DateTime<Utc>,
}

masked_debug!(Snapshot<'_>);

impl<'a> Snapshot<'a> {
    /// Their live holds and bookings, soonest first.
    pub(super) fn live(&self) -> Vec<&'a Booking> {
        let mut live: Vec<&Booking> = self.bookings.iter().filter(|b| b.is_live(self.office, self.now)).collect();
        live.sort_by_key(|b| (b.slot, b.id));
        live
    }

    /// Their live bookings, holds left out.
    pub(super) fn booked(&self) -> Vec<&'a Booking> {
        self.live().into_iter().filter(|b| b.state == State::Booked).collect()
    }

    /// Their live hold; there is at most one.
    pub(super) fn hold(&self) -> Option<&'a Booking> {
        self.live().into_iter().find(|b| b.state == State::Held)
    }

    /// Their live hold that waits for `awaited`.
    pub(super) fn hold_awaiting(&self, awaited: Awaits) -> Option<&'a Booking> {
        self.hold().filter(|hold| hold.awaits == Some(awaited))
    }

    /// The question that waits for their answer.
    pub(super) fn open_question(&self) -> Option<&'a Choices> {
        let question = self.chat.question.as_ref().filter(|question| question.is_open(self.now))?;
        Some(&question.asked)
    }

    /// The unconfirmed holds that they took today; `None` where it is none.
    pub(super) fn holds_today(&self) -> Option<HoldsOfDay> {
        let today = self.office.date_at(self.now);
        self.chat.quota.and_then(|quota| quota.holds).filter(|holds| holds.day == today)
    }
}
