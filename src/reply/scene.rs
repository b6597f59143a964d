//! What a reply is written with.

use chrono::{DateTime, Utc};

use crate::conversation::Lang;
use crate::domain::calendar::Calendar;
use crate::domain::message::Contact;
use crate::domain::office::Office;
use crate::domain::turn_link::TurnLinks;
use crate::domain::upload_token::UploadToken;
use crate::grammar::Format;

/// What a reply is written with.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The office that replies.
    pub office: &'a Office,
    /// Its formats, the ordinary one first.
    pub formats: &'a [&'a Format],
    /// The holidays.
    pub calendar: &'a Calendar,
    /// Who gets the reply.
    pub contact: &'a Contact,
    /// Its language.
    pub lang: Lang,
    /// When it is written.
    pub now: DateTime<Utc>,
    /// Where this is the last reply for a while: when replies begin again.
    pub pause_until: Option<DateTime<Utc>>,
    /// Where citizens see their turn; `None`: they are told no address.
    pub turn_links: Option<&'a TurnLinks>,
    /// The token of the page where the photo is sent that this contact's booking waits for; `None`: it is sent in the chat, or none is
    /// awaited.
    pub upload: Option<UploadToken>,
    /// Whether the reply also tells the office's notice about personal data.
    pub tells_privacy: bool,
}
