//! Who the citizens of some conversations are, as far as the database knows.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::conversation::Lang;
use crate::domain::code::BookingCode;
use crate::domain::message::{ChannelId, Contact, Content, MessageId};
use crate::domain::office::OfficeId;
use crate::domain::person::{Applicant, Nama};
use crate::storage::engine::column::{at, json, unjson};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;
use crate::storage::engine::transaction::{Tx, each, on};
use crate::storage::handle::Storage;
use crate::storage::intake::changes::ContactKey;

/// A citizen, as their conversation knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TalkCitizen {
    /// The language of their replies.
    pub lang: Lang,
    /// When they sent their last message.
    pub heard_at: DateTime<Utc>,
    /// Whether they want no messages that they did not ask for.
    pub muted: bool,
    /// The name on their latest form, where there was one.
    pub name: Option<Nama>,
    /// The codes of their bookings that can still matter, at the office that is asked for.
    pub codes: Vec<BookingCode>,
    /// The last reply to them.
    pub last_reply: Option<i64>,
    /// The last message of theirs that an officer has or had to answer.
    pub last_left: Option<MessageId>,
}

result_row! {
    /// A row of `conversation`.
    struct CitizenRow {
        channel: String,
        contact: String,
        lang: String,
        heard_us: i64,
        muted: i64,
        bookings: Option<String>,
        last_reply: Option<i64>,
        last_left: Option<String>,
    }
}

result_row! {
    /// Whose a booking is.
    struct HolderRow {
        id: i64,
        office: String,
        applicant: String,
        code: String,
    }
}

impl Storage {
    /// What is known of these citizens of an office; one of whom nothing is known is not among them.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn talk_citizens(
        &self,
        office: &OfficeId,
        of: &[ContactKey],
    ) -> Result<HashMap<ContactKey, TalkCitizen>, StorageError> {
        let mut tx = self.pool.read().await?;
        let sql = each!(
            &tx,
            "select c.channel, c.contact, c.lang, c.heard_us, c.muted, c.bookings, c.last_reply, \
             (select t.message from ticket k join talk t on t.ticket = k.id where k.channel = c.channel \
             and k.contact = c.contact and t.message is not null order by t.id desc limit 1) as last_left from",
            "join conversation c on c.channel = each.value->>0 and c.contact = each.value->>1"
        );
        let asked = json(of)?;
        let rows: Vec<CitizenRow> = on!(&mut tx, |conn| sqlx::query_as(sql).bind(&asked).fetch_all(conn).await)?;
        let ids = rows.iter().filter_map(|row| row.bookings.as_deref());
        let ids = ids.map(|ids| unjson::<Vec<i64>>("conversation.bookings", ids)).collect::<Result<Vec<_>, _>>()?;
        let holders = holders(&mut tx, &ids.concat()).await?;
        tx.end().await?;
        let citizen = |row: CitizenRow| {
            let ids = row.bookings.as_deref().map_or(Ok(Vec::new()), |ids| unjson("conversation.bookings", ids))?;
            let own: Vec<_> = ids.iter().filter_map(|id: &i64| holders.get(id)).collect();
            let here = own.iter().filter(|(at, ..)| at == office.as_str());
            let known = TalkCitizen {
                lang: Lang::of_code(&row.lang),
                heard_at: at(row.heard_us),
                muted: row.muted != 0,
                name: own.last().map(|(_, name, _)| name.clone()),
                codes: here.map(|(.., code)| code.clone()).collect(),
                last_reply: row.last_reply,
                last_left: row.last_left.map(MessageId::new),
            };
            Ok(((ChannelId::stored(row.channel), Contact::new(row.contact)), known))
        };
        rows.into_iter().map(citizen).collect()
    }

    /// What these messages hold; what is in the archive is not among it.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn contents(
        &self,
        messages: &[(ChannelId, MessageId)],
    ) -> Result<HashMap<(ChannelId, MessageId), Content>, StorageError> {
        let mut tx = self.pool.read().await?;
        let sql = each!(
            &tx,
            "select i.channel, i.message, i.content from",
            "join inbound i on i.channel = each.value->>0 and i.message = each.value->>1"
        );
        let asked = json(messages)?;
        let rows: Vec<(String, String, String)> =
            on!(&mut tx, |conn| sqlx::query_as(sql).bind(&asked).fetch_all(conn).await)?;
        tx.end().await?;
        let content = |(channel, message, content): (String, String, String)| {
            Ok(((ChannelId::stored(channel), MessageId::new(message)), unjson("inbound.content", &content)?))
        };
        rows.into_iter().map(content).collect()
    }

    /// The messages that these replies answer, by the reply; one that answers none is not among them.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn answered_messages(&self, replies: &[i64]) -> Result<HashMap<i64, MessageId>, StorageError> {
        let mut tx = self.pool.read().await?;
        let sql = each!(
            &tx,
            "select o.id, o.reply_to from",
            "join outbox o on o.id = cast(each.value->>0 as bigint) where o.reply_to is not null"
        );
        let asked = json(&replies.iter().map(|id| (id,)).collect::<Vec<_>>())?;
        let rows: Vec<(i64, String)> = on!(&mut tx, |conn| sqlx::query_as(sql).bind(&asked).fetch_all(conn).await)?;
        tx.end().await?;
        Ok(rows.into_iter().map(|(id, message)| (id, MessageId::new(message))).collect())
    }
}

/// Office, name and code of these bookings.
async fn holders(tx: &mut Tx, ids: &[i64]) -> Result<HashMap<i64, (String, Nama, BookingCode)>, StorageError> {
    let sql = each!(
        &*tx,
        "select b.id, b.office, b.applicant, b.code from",
        "join booking b on b.id = cast(each.value->>0 as bigint)"
    );
    let ids = json(&ids.iter().map(|id| (id,)).collect::<Vec<_>>())?;
    let rows: Vec<HolderRow> = on!(tx, |conn| sqlx::query_as(sql).bind(&ids).fetch_all(conn).await)?;
    let holder = |row: HolderRow| {
        let applicant: Applicant = unjson("booking.applicant", &row.applicant)?;
        let code = BookingCode::read(&row.code).map_err(|_| crate::storage::engine::column::bad("booking.code"))?;
        Ok((row.id, (row.office, applicant.nama, code)))
    };
    rows.into_iter().map(holder).collect()
}
