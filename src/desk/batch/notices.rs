//! Says notices that are due: each becomes a message of the outbox and is marked as queued in one commit, so it is said once.

use std::collections::HashMap;

use super::{Batch, PendingReply, Trouble};
use crate::conversation::{Chat, NoticeDecision, NoticeSnapshot, Outcome, decide_notice};
use crate::desk::pending_writes::PendingWrites;
use crate::domain::booking::Booking;
use crate::domain::notice::{Dropped, Kind, Notice};
use crate::storage::{Intake, SettledNotice};

impl Batch<'_> {
    /// Says the notices that are still planned, or drops them.
    pub(super) async fn say_notices(
        &mut self,
        intake: &mut Intake,
        notices: &[&Notice],
        writes: &mut PendingWrites,
    ) -> Result<(), Trouble> {
        if notices.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = notices.iter().map(|notice| notice.id).collect();
        let mut planned = intake.still_planned(&ids).await?;
        let ended = ended_bookings(intake, notices, writes).await?;
        for notice in notices {
            // A job may have come twice into one batch.
            if planned.remove(&notice.id) {
                let settled = self.say_notice(notice, &ended, writes)?;
                writes.changes.settled.push(settled);
            }
        }
        Ok(())
    }

    fn say_notice(
        &mut self,
        notice: &Notice,
        ended: &HashMap<i64, Booking>,
        writes: &mut PendingWrites,
    ) -> Result<SettledNotice, Trouble> {
        let roster = std::sync::Arc::clone(&self.roster);
        let dropped = |why: Dropped| SettledNotice {
            id: notice.id,
            state: "dropped",
            reason: Some(why.name()),
            outbox: None,
            due_us: None,
        };
        let Some(office) = roster.offices.get(&notice.office) else { return Ok(dropped(Dropped::Off)) };
        // Among all bookings: the contact may have been joined with another in this batch.
        let booking = |booking: &&Booking| Some(booking.id) == notice.booking;
        let of_booking = writes.bookings.values().flatten().find(booking);
        let key = of_booking.map_or_else(
            || (notice.channel.clone(), notice.contact.clone()),
            |booking| (booking.channel.clone(), booking.contact.clone()),
        );
        let (nobody, own) = (Chat::default(), writes.bookings.get(&key).map_or(&[][..], Vec::as_slice));
        let with_ended: Vec<Booking> = match notice.booking.and_then(|booking| ended.get(&booking)) {
            Some(booking) => own.iter().chain([booking]).cloned().collect(),
            None => Vec::new(),
        };
        let snapshot = NoticeSnapshot {
            office,
            calendar: roster.calendar_of(&office.id),
            chat: writes.chats.get(&key).map_or(&nobody, |stored| &stored.chat),
            bookings: if with_ended.is_empty() { own } else { &with_ended },
            visits: notice.booking.and_then(|booking| writes.visits.get(&booking)).map_or(&[], Vec::as_slice),
            now: self.now,
        };
        let (content, chat) = match decide_notice(&snapshot, notice) {
            NoticeDecision::Drop(why) => return Ok(dropped(why)),
            NoticeDecision::Later(until) => {
                let due_us = Some(until.timestamp_micros());
                return Ok(SettledNotice { id: notice.id, state: "planned", reason: None, outbox: None, due_us });
            }
            NoticeDecision::Say { content, chat } => (content, chat),
        };
        if let Some(asked) = content.asked() {
            // From now on its answer is awaited, with the same commit that says so.
            writes.enter_booking(&key, asked.clone());
        }
        writes.chat(&key, &office.id, self.now).chat = *chat;
        tracing::info!(office = office.id.as_str(), contact = %key.1.tail(), kind = notice.kind.name(), "a notice was queued");
        let (notice_id, outcome) = (Some(notice.id), Outcome::Notice(content));
        let reply = PendingReply {
            office,
            to: &key,
            reply_to: None,
            pause_until: None,
            notice: notice_id,
            tells_privacy: false,
            formats: None,
            outcome,
        };
        let outbox = Some(self.reply(reply, writes)?);
        Ok(SettledNotice { id: notice.id, state: "queued", reason: None, outbox, due_us: None })
    }
}

/// Bookings that notices tell the end of: a conversation does not lead to those that its office has cancelled.
async fn ended_bookings(
    intake: &mut Intake,
    notices: &[&Notice],
    writes: &PendingWrites,
) -> Result<HashMap<i64, Booking>, Trouble> {
    let is_known = |id: &i64| writes.bookings.values().flatten().any(|booking| booking.id == *id);
    let of_day = notices.iter().filter(|notice| matches!(notice.kind, Kind::DayClosed | Kind::Released));
    let ended: Vec<i64> = of_day.filter_map(|notice| notice.booking).filter(|id| !is_known(id)).collect();
    Ok(if ended.is_empty() { HashMap::new() } else { intake.bookings_by_number(&ended).await? })
}
