//! The rows that a batch writes, each column beside its value; bookings, contacts and people have theirs with their tables.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::booking::Booking;
use crate::domain::message::{Inbound, MessageId, Outbound};
use crate::domain::office::OfficeId;
use crate::storage::engine::column::{json, us};
use crate::storage::engine::table::insert_row;
use crate::storage::intake::changes::{Event, NewMedia, NewReply, NewUpload, OfficeDay, OfficeHour};

insert_row! {
    /// How full a day is.
    pub(super) struct NewDayRow into "day" for<'a> (day: &'a OfficeDay) {
        office: text key = day.office.as_str(),
        date: date key = day.date,
        capacity: bigint fixed = day.load.capacity,
        taken: bigint = day.load.taken,
        held: bigint = day.load.held,
    }
}

insert_row! {
    /// How full an hour is.
    pub(super) struct NewHourRow into "hour" for<'a> (hour: &'a OfficeHour) {
        office: text key = hour.office.as_str(),
        date: date key = hour.slot.date,
        hour: bigint key = hour.slot.hour,
        capacity: bigint fixed = hour.load.capacity,
        taken: bigint = hour.load.taken,
        high: bigint = hour.load.high,
    }
}

insert_row! {
    /// One seat of a booking.
    pub(super) struct NewSeatRow into "seat" for<'a> (booking: &'a Booking, seat: u32) {
        office: text = booking.office.as_str(),
        date: date = booking.slot.date,
        hour: bigint = booking.slot.hour,
        number: bigint = seat,
        booking: bigint = booking.id,
    }
}

insert_row! {
    /// A step of a booking.
    pub(super) struct NewEventRow into "event" for<'a> (event: &'a Event, now_us: i64) {
        id: bigint = event.id,
        booking: bigint = event.booking,
        at_us: bigint = now_us,
        state: text = event.state.name(),
        detail: text = json(&Detail { date: event.slot.date, hour: event.slot.hour, seats: &event.seats })?,
    }
}

/// The hour and the seats after a step. The audit compares this text, so the order of the fields is part of the format.
#[derive(Serialize)]
struct Detail<'a> {
    date: NaiveDate,
    hour: u8,
    seats: &'a [u32],
}

insert_row! {
    /// A message that was served.
    pub(super) struct NewInboundRow into "inbound" for<'a> (
        office: &'a OfficeId,
        inbound: &'a Inbound,
        is_answered: bool,
        now_us: i64
    ) {
        channel: text = inbound.channel.as_str(),
        message: text = inbound.id.as_str(),
        office: text = office.as_str(),
        contact: text = inbound.contact.as_str(),
        sent_us: bigint = us(inbound.sent_at),
        served_us: bigint = now_us,
        content: text = json(&inbound.content)?,
        answered: bigint = is_answered,
    }
}

insert_row! {
    /// A photo to be fetched.
    pub(super) struct NewMediaRow into "media" for<'a> (media: &'a NewMedia, now_us: i64) {
        id: bigint = media.id,
        office: text = media.office.as_str(),
        channel: text = media.from.0.as_str(),
        contact: text = media.from.1.as_str(),
        attachment: text = json(&media.attachment)?,
        state: text = "wanted",
        attempts: bigint = 0_i64,
        due_us: bigint = now_us,
        created_us: bigint = now_us,
    }
}

insert_row! {
    /// A link by which a photo is sent.
    pub(super) struct NewUploadRow into "upload" for<'a> (upload: &'a NewUpload) {
        token: text = upload.token.as_str(),
        office: text = upload.office.as_str(),
        channel: text = upload.of.0.as_str(),
        contact: text = upload.of.1.as_str(),
        booking: bigint = upload.booking,
        until_us: bigint = us(upload.until),
    }
}

insert_row! {
    /// A reply to be sent.
    pub(super) struct NewOutboxRow into "outbox" for<'a> (reply: &'a NewReply, said: &'a Outbound, now_us: i64) {
        id: bigint = reply.id,
        channel: text = reply.to.0.as_str(),
        contact: text = reply.to.1.as_str(),
        previous: bigint = reply.previous,
        office: text = reply.office.as_str(),
        reply_to: text = reply.reply_to.as_ref().map(MessageId::as_str),
        notice: bigint = reply.notice,
        text: text = said.text.as_str(),
        qr: text = said.qr.as_deref(),
        quick_replies: text = (!said.quick_replies.is_empty()).then(|| json(&said.quick_replies)).transpose()?,
        state: text = "waiting",
        due_us: bigint = now_us,
        attempts: bigint = 0_i64,
        delivery: bigint = 0_i64,
        without_picture: bigint = 0_i64,
        created_us: bigint = now_us,
        outcome: text = reply.outcome,
    }
}
