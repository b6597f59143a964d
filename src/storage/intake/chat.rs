//! A row of `conversation`.

use serde::{Deserialize, Serialize};

use super::{ContactKey, StoredChat};
use crate::conversation::{Chat, KeptPhoto, Lang, Question, Talk};
use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::OfficeId;
use crate::storage::StorageError;
use crate::storage::rows::{at, bad, json, unjson, us};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ChatRow {
    channel: String,
    contact: String,
    office: String,
    lang: String,
    photo: Option<i64>,
    photo_until_us: Option<i64>,
    picture_us: Option<i64>,
    question: Option<String>,
    lost_photo_of: Option<i64>,
    replies: i64,
    heard_us: i64,
    muted: i64,
    talk: Option<String>,
}

impl ChatRow {
    pub(super) fn of(((channel, contact), stored): &(ContactKey, StoredChat)) -> Result<Self, StorageError> {
        let chat = &stored.chat;
        Ok(Self {
            channel: channel.as_str().to_owned(),
            contact: contact.as_str().to_owned(),
            office: stored.office.as_str().to_owned(),
            lang: if chat.lang == Lang::En { "en" } else { "id" }.to_owned(),
            photo: chat.photo.map(|photo| photo.id),
            photo_until_us: chat.photo.map(|photo| us(photo.until)),
            picture_us: chat.picture_at.map(us),
            question: chat.question.as_ref().map(json::<Question>).transpose()?,
            lost_photo_of: chat.lost_photo_of,
            replies: stored.replies,
            heard_us: us(stored.heard_at),
            muted: i64::from(chat.muted),
            talk: chat.talk.as_ref().map(json::<Talk>).transpose()?,
        })
    }

    pub(super) fn stored(self) -> Result<(ContactKey, StoredChat), StorageError> {
        let chat = Chat {
            lang: if self.lang == "en" { Lang::En } else { Lang::Id },
            photo: self.photo.zip(self.photo_until_us).map(|(id, until)| KeptPhoto { id, until: at(until) }),
            picture_at: self.picture_us.map(at),
            question: self.question.map(|text| unjson("conversation.question", &text)).transpose()?,
            lost_photo_of: self.lost_photo_of,
            muted: self.muted != 0,
            talk: self.talk.map(|text| unjson("conversation.talk", &text)).transpose()?,
        };
        let office = OfficeId::read(&self.office).map_err(|_| bad("conversation.office"))?;
        let stored = StoredChat { office, chat, replies: self.replies, heard_at: at(self.heard_us) };
        Ok(((ChannelId::stored(self.channel), Contact::new(self.contact)), stored))
    }
}
