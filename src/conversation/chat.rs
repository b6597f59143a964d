//! What is remembered of a contact from one message to the next.

use chrono::{DateTime, Utc};

use super::echoed::Echoed;
use super::handover::Handover;
use super::lang::Lang;
use super::last_act::LastAct;
use super::question::Question;
use super::reply_quota::ReplyQuota;

/// What is remembered of a contact on one channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chat {
    /// The language to answer in.
    pub lang: Lang,
    /// A photo that waits for its form.
    pub photo: Option<KeptPhoto>,
    /// When the last picture was sent: others of the same album follow within seconds.
    pub picture_at: Option<DateTime<Utc>>,
    /// The question that was asked last.
    pub question: Option<Question>,
    /// The booking whose photo could not be fetched and was asked for again.
    pub lost_photo_of: Option<i64>,
    /// Whether they asked us to stop: they get only what they ask for.
    pub muted: bool,
    /// What they did last to their bookings.
    pub last_act: Option<LastAct>,
    /// The hold whose echo was the last reply.
    pub echoed: Option<Echoed>,
    /// What they left to an officer, until it is closed.
    pub handover: Option<Handover>,
    /// How many replies they got lately.
    pub quota: Option<ReplyQuota>,
    /// The version of the office's notice about personal data that they were told; 0: none.
    pub privacy: u32,
}

/// A photo that waits for its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptPhoto {
    /// Its number in the database.
    pub id: i64,
    /// When it is forgotten.
    pub until: DateTime<Utc>,
}
