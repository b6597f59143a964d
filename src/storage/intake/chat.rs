//! A row of `conversation`.

use serde::Deserialize;

use super::{ContactKey, NewChat, StoredChat};
use crate::conversation::{Chat, KeptPhoto, Lang, Question, ReplyQuota};
use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::OfficeId;
use crate::storage::StorageError;
use crate::storage::rows::{at, bad, json, unjson, us};
use crate::storage::text::Value;

#[derive(Debug, Deserialize)]
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
    last_reply: Option<i64>,
    heard_us: i64,
    muted: i64,
    talk: Option<String>,
}

impl ChatRow {
    /// What is remembered, as it goes into the columns of this row, in their order, and behind them the numbers of the
    /// bookings that can still matter.
    pub(super) fn values(new: &NewChat) -> Result<[Value<'_>; 14], StorageError> {
        let NewChat { of: (channel, contact), stored, bookings } = new;
        let chat = &stored.chat;
        Ok([
            channel.as_str().into(),
            contact.as_str().into(),
            stored.office.as_str().into(),
            chat.lang.code().into(),
            chat.photo.map(|photo| photo.id).into(),
            chat.photo.map(|photo| us(photo.until)).into(),
            chat.picture_at.map(us).into(),
            chat.question.as_ref().map(json::<Question>).transpose()?.into(),
            chat.lost_photo_of.into(),
            stored.last_reply.into(),
            us(stored.heard_at).into(),
            chat.muted.into(),
            chat.quota.as_ref().map(json::<ReplyQuota>).transpose()?.into(),
            (!bookings.is_empty()).then(|| json(bookings)).transpose()?.into(),
        ])
    }

    pub(super) fn stored(self) -> Result<(ContactKey, StoredChat), StorageError> {
        let chat = Chat {
            lang: Lang::of_code(&self.lang),
            photo: self.photo.zip(self.photo_until_us).map(|(id, until)| KeptPhoto { id, until: at(until) }),
            picture_at: self.picture_us.map(at),
            question: self.question.map(|text| unjson("conversation.question", &text)).transpose()?,
            lost_photo_of: self.lost_photo_of,
            muted: self.muted != 0,
            quota: self.talk.map(|text| unjson("conversation.talk", &text)).transpose()?,
        };
        let office = OfficeId::read(&self.office).map_err(|_| bad("conversation.office"))?;
        let stored = StoredChat { office, chat, last_reply: self.last_reply, heard_at: at(self.heard_us) };
        Ok(((ChannelId::stored(self.channel), Contact::new(self.contact)), stored))
    }
}
