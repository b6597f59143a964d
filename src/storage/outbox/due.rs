//! The search for replies that are due.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::conversation::Lang;
use crate::domain::booking::State;
use crate::domain::message::{ChannelId, Contact, Outbound};
use crate::domain::notice::Kind;
use crate::domain::office::OfficeId;
use crate::storage::engine::column::{at, bad, json, unjson, us};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::statement::Statement;
use crate::storage::engine::transaction::on;
use crate::storage::outbox::dispatch::Dispatch;
use crate::storage::outbox::reply::{Due, SaidNotice};

// PostgreSQL makes a plan once, perhaps on a day when next to nothing waits. A scan of the index of all that waits then
// seems cheaper than a lookup of one reply by its number, and would be made for each reply while a channel is down and
// thousands wait. So only the search by channel may use that index: a predecessor's state is read by its number, and
// `coalesce(state, '')`, though a state is never null, keeps the planner from proving that only rows of the index are
// meant.

/// The first that are due, of replies or of notices. Notices are looked for by an index of their own, so that they do not queue
/// behind the replies.
fn first_due(is_notice: &str) -> String {
    format!(
        "select * from outbox w where w.channel = each.value->>0 and w.notice {is_notice} \
         and w.state in ('waiting', 'claimed') and w.due_us <= $2 and (w.state = 'waiting' or w.lease_us <= $2 or w.lease_us > $4) \
         and coalesce((select e.state from outbox e where e.id = w.previous), '') not in ('waiting', 'claimed') \
         order by w.due_us, w.id limit $3"
    )
}

/// What is due on each channel (`$1`) by now (`$2`), so many replies (`$3`) and as many notices as one list, because on SQLite
/// each returned row wakes a thread. A claim that ends after `$4` was made by a clock that was ahead.
static DUE: LazyLock<Statement> = LazyLock::new(|| {
    let (replies, notices) = (first_due("is null"), first_due("is not null"));
    let forfeited = Kind::Forfeited;
    Statement::new(&format!(
        "select cast((select @list(@array(r.id, r.channel, r.contact, r.address, r.office, r.reply_to, r.text, r.qr, \
         r.quick_replies, r.state, r.attempts, r.faults, r.doubts, r.lapses, r.parts, r.created_us, r.pace_us, \
         r.last_pace_us, r.lease_us, r.lang, r.heard_us, r.muted, r.opted_out_us, r.notice, r.drop_us, r.notice_state, r.occasion, r.booking_state, r.booking_date, r.attendance, r.has_come)) from (select o.id, o.channel, o.contact, \
         (select a.address from address a where a.channel = o.channel and a.contact = o.contact and a.heard_us > 0 \
         order by a.heard_us desc, a.address limit 1) as address, o.office, o.reply_to, o.text, o.qr, o.quick_replies, \
         o.state, o.attempts, o.faults, o.doubts, o.lapses, o.parts, o.created_us, o.pace_us, o.lease_us, \
         (select p.pace_us from outbox p where p.id = o.previous) as last_pace_us, \
         v.lang, v.heard_us, v.muted, reach.opted_out_us, n.kind as notice, n.drop_us, n.state as notice_state, n.occasion, b.state as booking_state, \
         cast(b.date as text) as booking_date, b.attendance, \
         case when n.kind = '{forfeited}' and exists (select 1 from visit where visit.booking = b.id and visit.date = b.date \
         and visit.state not in ('no_show', 'withdrawn')) then 1 else 0 end as has_come from (select * from ({replies}) as replies union all \
         select * from ({notices}) as notices) as o \
         left join conversation v on v.channel = o.channel and v.contact = o.contact \
         left join reach on reach.channel = o.channel and reach.contact = o.contact \
         left join notice n on n.id = o.notice left join booking b on b.id = n.booking \
         order by o.due_us, o.id) as r) as text) \
         from @each($1)",
    ))
});

#[derive(Deserialize)]
struct DueRow {
    id: i64,
    channel: String,
    contact: String,
    address: Option<String>,
    office: String,
    reply_to: Option<String>,
    text: String,
    qr: Option<String>,
    quick_replies: Option<String>,
    state: String,
    attempts: i64,
    faults: i64,
    doubts: i64,
    lapses: i64,
    parts: i64,
    created_us: i64,
    pace_us: i64,
    last_pace_us: Option<i64>,
    lease_us: Option<i64>,
    lang: Option<String>,
    heard_us: Option<i64>,
    muted: Option<i64>,
    opted_out_us: Option<i64>,
    /// The kind of the notice that it says, and below what its booking is by now.
    notice: Option<String>,
    drop_us: Option<i64>,
    notice_state: Option<String>,
    occasion: Option<String>,
    booking_state: Option<String>,
    booking_date: Option<String>,
    attendance: Option<String>,
    /// Whether somebody of the booking came, where the notice says that nobody did; else 0.
    has_come: i64,
}

impl Dispatch {
    /// Replies and notices of these channels that are due at `now`, at most `limit` of either of each, in the order of their due times, without
    /// those whose predecessor is still on its way. Claims that end after `latest` count as ended.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn due(
        &mut self,
        channels: &[&ChannelId],
        now: DateTime<Utc>,
        latest: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Due>, StorageError> {
        if channels.is_empty() {
            return Ok(Vec::new());
        }
        let channels = json(&channels.iter().map(|channel| (channel,)).collect::<Vec<_>>())?;
        let sql = DUE.sql(&self.tx);
        let (now, latest, limit) = (us(now), us(latest), i64::from(limit));
        let found: Vec<(Option<String>,)> = on!(&mut self.tx, |conn| {
            sqlx::query_as(sql).bind(&channels).bind(now).bind(limit).bind(latest).fetch_all(conn).await
        })?;
        let mut due = Vec::new();
        for rows in found.into_iter().filter_map(|(rows,)| rows) {
            let rows: Vec<DueRow> = unjson("outbox", &rows)?;
            for row in rows {
                due.push(row.due()?);
            }
        }
        Ok(due)
    }
}

impl DueRow {
    /// The notice that it says.
    fn notice(&self) -> Result<Option<SaidNotice>, StorageError> {
        let (Some(kind), Some(drop_us)) = (&self.notice, self.drop_us) else { return Ok(None) };
        let kind = Kind::named(kind).ok_or_else(|| bad("notice.kind"))?;
        let is = |state: State| self.booking_state.as_deref() == Some(state.name());
        let is_true = match kind {
            Kind::HoldLapsing => is(State::Held),
            Kind::HoldLapsed => is(State::Expired),
            Kind::Reminder => is(State::Booked) && self.booking_date == self.occasion,
            Kind::Released => is(State::Cancelled),
            Kind::Forfeited => is(State::Booked) && self.booking_date == self.occasion && self.has_come == 0,
            _ => true,
        };
        let is_stopped = self.notice_state.as_deref() == Some("dropped");
        let must_be_answered = kind == Kind::Reminder && self.attendance.as_deref() == Some("asked");
        Ok(Some(SaidNotice { kind, drop_after: at(drop_us), is_outdated: !is_true || is_stopped, must_be_answered }))
    }

    fn due(self) -> Result<Due, StorageError> {
        let notice = self.notice()?;
        let small = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        let quick_replies = self.quick_replies.map(|text| unjson("outbox.quick_replies", &text)).transpose()?;
        Ok(Due {
            id: self.id,
            channel: ChannelId::stored(self.channel),
            address: Contact::new(self.address.unwrap_or_else(|| self.contact.clone())),
            contact: Contact::new(self.contact),
            office: OfficeId::read(&self.office).map_err(|_| bad("outbox.office"))?,
            lang: self.lang.as_deref().map_or(Lang::Id, Lang::of_code),
            outbound: Outbound { text: self.text, qr: self.qr, quick_replies: quick_replies.unwrap_or_default() },
            asked: self.reply_to.is_some(),
            notice,
            created_at: at(self.created_us),
            heard_at: self.heard_us.map(at),
            muted: self.muted.is_some_and(|muted| muted != 0) || self.opted_out_us.is_some(),
            attempts: small(self.attempts),
            faults: small(self.faults),
            doubts: small(self.doubts),
            lapses: small(self.lapses) + u32::from(self.state == "claimed"),
            parts: small(self.parts),
            pace: at(self.pace_us.max(self.last_pace_us.unwrap_or(0))),
            lease: self.lease_us.map(at),
        })
    }
}
