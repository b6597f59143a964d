//! Turns an outcome into the words and the picture that a citizen gets. The only room with chat wording.

use bytes::Bytes;

use crate::conversation::{Lang, Outcome};
use crate::domain::calendar::Calendar;
use crate::domain::message::{Contact, Outbound};
use crate::domain::office::Office;
use crate::grammar::Format;
use chrono::{DateTime, Utc};

/// What a reply is written with.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The office that answers.
    pub office: &'a Office,
    /// Its formats, the ordinary one first.
    pub formats: &'a [&'a Format],
    /// The holidays.
    pub calendar: &'a Calendar,
    /// Who is answered.
    pub contact: &'a Contact,
    /// In which language.
    pub lang: Lang,
    /// When.
    pub now: DateTime<Utc>,
}

/// Writes the reply.
pub fn write(scene: &Scene<'_>, outcome: &Outcome) -> Outbound {
    let _ = (scene, outcome);
    todo!("reply room")
}

/// Draws a QR picture of `payload` as a PNG.
pub fn draw_qr(payload: &str) -> Bytes {
    let _ = payload;
    todo!("reply room")
}
