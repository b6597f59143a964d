//! The rows of `conversation`: read, and written by a batch.

use crate::conversation::{Chat, Echoed, Handover, KeptPhoto, Lang, LastAct, Question, ReplyQuota};
use crate::domain::message::{ChannelId, Contact};
use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, bad, fits, json, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::table::{insert_row, select_row};
use crate::storage::intake::changes::{ContactKey, NewChat, StoredChat};

select_row! {
    /// What is remembered of a contact.
    pub(super) struct ChatRow from "chat" {
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
        act: Option<String>,
        echo: Option<String>,
        handover: Option<String>,
        privacy: i64,
    }
}

insert_row! {
    /// What is to be remembered of a contact.
    pub(super) struct NewChatRow into "conversation" for<'a> (new: &'a NewChat) {
        channel: text key = new.of.0.as_str(),
        contact: text key = new.of.1.as_str(),
        office: text fixed = new.stored.office.as_str(),
        lang: text = new.stored.chat.lang.code(),
        photo: bigint = new.stored.chat.photo.map(|photo| photo.id),
        photo_until_us: bigint = new.stored.chat.photo.map(|photo| us(photo.until)),
        picture_us: bigint = new.stored.chat.picture_at.map(us),
        question: text = new.stored.chat.question.as_ref().map(json::<Question>).transpose()?,
        lost_photo_of: bigint = new.stored.chat.lost_photo_of,
        last_reply: bigint = new.stored.last_reply,
        heard_us: bigint = us(new.stored.heard_at),
        muted: bigint = new.stored.chat.muted,
        talk: text = new.stored.chat.quota.as_ref().map(json::<ReplyQuota>).transpose()?,
        act: text = new.stored.chat.last_act.as_ref().map(json::<LastAct>).transpose()?,
        act_booking: bigint = new.stored.chat.last_act.as_ref().map(LastAct::booking),
        echo: text = new.stored.chat.echoed.as_ref().map(json::<Echoed>).transpose()?,
        handover: text = new.stored.chat.handover.as_ref().map(json::<Handover>).transpose()?,
        privacy: bigint = new.stored.chat.privacy,
        bookings: text = (!new.bookings.is_empty()).then(|| json(&new.bookings)).transpose()?,
    }
}

impl ChatRow {
    pub(super) fn stored(self) -> Result<(ContactKey, StoredChat), StorageError> {
        let chat = Chat {
            lang: Lang::of_code(&self.lang),
            photo: self.photo.zip(self.photo_until_us).map(|(id, until)| KeptPhoto { id, until: at(until) }),
            picture_at: self.picture_us.map(at),
            question: self.question.map(|text| unjson("conversation.question", &text)).transpose()?,
            lost_photo_of: self.lost_photo_of,
            muted: self.muted != 0,
            last_act: self.act.map(|text| unjson("conversation.act", &text)).transpose()?,
            echoed: self.echo.map(|text| unjson("conversation.echo", &text)).transpose()?,
            handover: self.handover.map(|text| unjson("conversation.handover", &text)).transpose()?,
            privacy: fits("conversation.privacy", self.privacy)?,
            quota: self.talk.map(|text| unjson("conversation.talk", &text)).transpose()?,
        };
        let office = OfficeId::read(&self.office).map_err(|_| bad("conversation.office"))?;
        let stored = StoredChat { office, chat, last_reply: self.last_reply, heard_at: at(self.heard_us) };
        Ok(((ChannelId::stored(self.channel), Contact::new(self.contact)), stored))
    }
}
