//! A question to a contact that waits for its answer.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::guide::{Guide, GuideStage};
use super::reminder_choice::ReminderChoice;
use crate::domain::deadline;
use crate::domain::opening::Opening;
use crate::domain::slot::Slot;
use crate::grammar::{Ask, Form};

/// How long a question ("which one?", "is this right?") waits for its answer, in minutes: as long as a hold.
const QUESTION_MINUTES: i64 = 30;

/// How long a question that came unasked waits for its answer, in minutes: two days, because the message may come on an evening and be
/// read on the next.
const NOTICE_MINUTES: i64 = 48 * 60;

/// How long the guided dialogue can be resumed, in minutes: a day, because people look for a document in the evening.
const GUIDE_MINUTES: i64 = 24 * 60;

/// How long a reminder waits for its answer, in minutes: it comes on the evening before the visit.
const REMINDER_MINUTES: i64 = 24 * 60;

/// A question: the answer is a number from 1, or `ya` where there is one choice only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What was asked.
    pub asked: Choices,
    /// When it is forgotten.
    pub until: DateTime<Utc>,
    /// Misread forms in a row that led to it.
    #[serde(default)]
    pub misreads: u8,
    /// The version of the office whose formats the conversation began with, where it has others by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began_with: Option<u32>,
}

impl Question {
    /// A question that is asked now.
    pub(super) fn new(asked: Choices, now: DateTime<Utc>) -> Self {
        let until = now + Duration::minutes(asked.minutes());
        Self { asked, until, misreads: 0, began_with: None }
    }

    /// Whether only the very next message answers it.
    pub(super) fn is_asked_once(&self) -> bool {
        matches!(self.asked, Choices::GiveUp { .. } | Choices::Restore { .. })
    }

    /// When it was asked; `None` where it is over.
    pub fn asked_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.is_open(now).then(|| self.until - Duration::minutes(self.asked.minutes()))
    }

    /// Whether it still waits for its answer. One with more time left than any question gets was asked while the clock was ahead:
    /// its age is unknown, so it counts as over.
    pub(super) fn is_open(&self, now: DateTime<Utc>) -> bool {
        deadline::is_open(self.until, Duration::minutes(self.asked.minutes()), now)
    }
}

/// What a question is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choices {
    /// Which booking to cancel: their ids in the database, the first is choice 1.
    Cancel(Vec<i64>),
    /// Whether this seat, or one person's of it, is really to be given up. Only the very next message answers.
    GiveUp {
        /// The booking or hold, by its id in the database.
        booking: i64,
        /// Of a party, the person whose seat it is, counted from 0; `None` for the whole booking.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        person: Option<usize>,
    },
    /// Whether what was given up is to come back at another hour, since its own was given to others. Only the very next message
    /// answers.
    Restore {
        /// The booking, by its id in the database.
        booking: i64,
        /// The seat that was offered.
        slot: Slot,
    },
    /// Which form was meant, or whether the only one was.
    Form {
        /// The forms, the first is choice 1.
        forms: Vec<Form>,
        /// When the message was sent that they were read from: its relative dates and the intake window are judged by that.
        sent_at: DateTime<Utc>,
    },
    /// Which day was meant: a number, or the day itself.
    Day {
        /// The unclear date and its readings.
        ask: Ask,
        /// When the form with it was sent; see [`Choices::Form`].
        sent_at: DateTime<Utc>,
    },
    /// Which day a booking is to be moved to; `ya` where there is one only.
    NewDay {
        /// Its id in the database.
        booking: i64,
        /// The days, the first is choice 1.
        days: Vec<NaiveDate>,
        /// When the wish was sent: the last moment for moving is judged by that.
        sent_at: DateTime<Utc>,
        /// Whether the office asked it unasked: it waits longer, since people read such a message when they find the time.
        #[serde(default)]
        is_notice: bool,
    },
    /// Which booking is to be moved.
    Move {
        /// Their ids in the database, the first is choice 1.
        bookings: Vec<i64>,
        /// Every day that was asked for; empty where none was.
        days: Vec<NaiveDate>,
        /// When the wish was sent; see [`Choices::NewDay`].
        sent_at: DateTime<Utc>,
    },
    /// A form came before its day opens: whether they are to be told then.
    Opening {
        /// The opening.
        opening: Opening,
    },
    /// A form was refused because all is full: `#tunggu` joins the waiting list with it.
    Wait {
        /// The form.
        form: Box<Form>,
    },
    /// Whether they come tomorrow.
    Reminder {
        /// The booking, by its id in the database.
        booking: i64,
        /// What can be chosen, the first is choice 1.
        choices: Vec<ReminderChoice>,
    },
    /// The guided dialogue: noted, offered or under way.
    Guide(Box<Guide>),
}

impl Choices {
    /// How long it waits for its answer, in minutes.
    fn minutes(&self) -> i64 {
        match self {
            Self::Guide(guide) if guide.stage == GuideStage::Begun => GUIDE_MINUTES,
            Self::NewDay { is_notice: true, .. } => NOTICE_MINUTES,
            Self::Reminder { .. } => REMINDER_MINUTES,
            Self::Cancel(_)
            | Self::Form { .. }
            | Self::Day { .. }
            | Self::NewDay { .. }
            | Self::Move { .. }
            | Self::GiveUp { .. }
            | Self::Restore { .. }
            | Self::Opening { .. }
            | Self::Wait { .. }
            | Self::Guide(_) => QUESTION_MINUTES,
        }
    }
}
