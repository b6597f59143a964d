//! One conversation, as its citizen saw it, with what each message was read as and how far each reply came.

use chrono::{DateTime, TimeDelta, Utc};

use super::reading::ReadAs;
use super::seen::{name, number, words};
use crate::access::day::Sight;
use crate::access::office_view::OfficeView;
use crate::access::signed_in::Visitor;
use crate::conversation::Lang;
use crate::domain::audit::Act;
use crate::domain::masked_debug::masked_debug;
use crate::domain::message::{ChannelId, Content, OtherKind};
use crate::storage::{StorageError, StoredTicket, TalkLine, TicketHolder};

/// Replies that are shown at most, the latest.
const REPLIES_MAX: u32 = 60;
/// Seconds for which somebody who typed counts as typing.
const TYPING_SECONDS: i64 = 12;

/// A conversation.
#[derive(Clone, PartialEq, Eq)]
pub struct SeenTalk {
    /// The channel that it is on.
    pub channel: ChannelId,
    /// The citizen's name, where one is known, as it may be seen.
    pub name: Option<String>,
    /// The citizen's number, as it may be seen.
    pub number: String,
    /// The language of their replies.
    pub lang: Lang,
    /// When they sent their last message.
    pub heard_at: Option<DateTime<Utc>>,
    /// Whether they want no messages that they did not ask for.
    pub muted: bool,
    /// The codes of their bookings here, and as people read them.
    pub codes: Vec<(String, String)>,
    /// What was said, oldest first.
    pub lines: Vec<SeenLine>,
    /// Their open ticket.
    pub ticket: Option<StoredTicket>,
    /// Who looks after it.
    pub holder: Option<TicketHolder>,
    /// Others who write an answer just now, by login.
    pub typing: Vec<String>,
    /// Whether the channel does not send now.
    pub is_stopped: bool,
}

/// Who said something.
#[derive(Clone, PartialEq, Eq)]
pub enum Speaker {
    /// The citizen.
    Citizen {
        /// The provider's id of the message.
        message: String,
        /// What it is read as, where it holds words.
        read_as: Option<ReadAs>,
        /// Whether it was left to an officer without a word.
        unanswered: bool,
    },
    /// The office, by itself or by an officer.
    Office {
        /// The number of the reply.
        id: i64,
        /// `waiting`, `claimed`, `sent`, `held`, `dead` or `expired`.
        state: String,
        /// 0 unknown, 1 sent, 2 failed, 3 delivered, 4 read.
        delivery: i64,
        /// What went wrong last.
        error: Option<String>,
    },
}

/// What something says.
#[derive(Clone, PartialEq, Eq)]
pub enum SeenWords {
    /// This text; empty where it has none.
    Text(String),
    /// It may not be seen.
    Masked,
    /// It is no text: a voice message, a place.
    Other(OtherKind),
}

masked_debug!(SeenTalk, Speaker, SeenWords);

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenLine {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Speaker,
    /// What.
    pub words: SeenWords,
    /// Whether a picture belongs to it.
    pub has_picture: bool,
}

/// How somebody comes to see a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// They open it.
    Opens,
    /// A page that shows it asks for what is new.
    Follows,
}

impl OfficeView {
    fn line(&self, sight: Sight, line: TalkLine) -> SeenLine {
        let shown = |text: &str| match sight {
            Sight::Whole => SeenWords::Text(text.to_owned()),
            Sight::Masked => SeenWords::Masked,
        };
        match line {
            TalkLine::Citizen { message, at, content, unanswered } => {
                let read_as = words(&content).map(|text| self.read_as(sight, text, at));
                let words = match &content {
                    Content::Other(kind) => SeenWords::Other(*kind),
                    content => shown(words(content).unwrap_or_default()),
                };
                let has_picture = matches!(content, Content::Picture { .. });
                let by = Speaker::Citizen { message: message.as_str().to_owned(), read_as, unanswered };
                SeenLine { at, by, words, has_picture }
            }
            TalkLine::Office { id, at, text, state, error, delivery, has_picture } => {
                SeenLine { at, by: Speaker::Office { id, state, delivery, error }, words: shown(&text), has_picture }
            }
        }
    }

    /// The conversation that a reply of this office belongs to. That it was seen is written down first: each time it is opened, and once
    /// in a quarter of an hour where a page follows what it shows.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn conversation(
        &self,
        id: i64,
        (look, visitor): (Look, &Visitor),
    ) -> Result<Option<SeenTalk>, StorageError> {
        let Some(sight) = self.talk_sight() else { return Ok(None) };
        let Some(of) = self.storage.citizen_of_reply(self.id(), id).await? else { return Ok(None) };
        let event = self.talk_event(Act::ViewConversation, &of).await?;
        match look {
            Look::Opens => self.record_opened(event, visitor).await?,
            Look::Follows => self.record_list(event, visitor).await?,
        }
        let lines = self.storage.conversation(&of.0, &of.1, REPLIES_MAX).await?;
        let citizen = self.storage.talk_citizens(self.id(), std::slice::from_ref(&of)).await?.remove(&of);
        let ticket = self.storage.open_ticket_of(&of).await?.filter(|stored| stored.office == *self.id());
        let (mut holder, mut typing) = (None, Vec::new());
        if let Some(stored) = &ticket {
            holder = self.storage.ticket_holders(&[stored.ticket.id]).await?.remove(&stored.ticket.id);
            let since = self.wall.now() - TimeDelta::seconds(TYPING_SECONDS);
            typing = self.storage.typing(stored.ticket.id, since).await?;
            typing.retain(|login| login != self.who.login());
        }
        let codes = citizen.iter().flat_map(|citizen| &citizen.codes);
        Ok(Some(SeenTalk {
            name: name(sight, citizen.as_ref().and_then(|citizen| citizen.name.as_ref())),
            number: number(sight, &of.1),
            lang: citizen.as_ref().map(|citizen| citizen.lang).unwrap_or_default(),
            heard_at: citizen.as_ref().map(|citizen| citizen.heard_at),
            muted: citizen.as_ref().is_some_and(|citizen| citizen.muted),
            codes: codes.map(|code| (code.as_str().to_owned(), code.to_string())).collect(),
            lines: lines.into_iter().map(|line| self.line(sight, line)).collect(),
            is_stopped: self.storage.is_channel_stopped(&of.0).await?,
            ticket,
            holder,
            typing,
            channel: of.0,
        }))
    }
}
