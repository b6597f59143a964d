//! The notices to those who did not come: their place is forfeited.

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::{DateTime, Days, NaiveTime, Utc};

use crate::domain::booking::Booking;
use crate::domain::notice::{Kind, Notice};
use crate::domain::office::Office;
use crate::domain::visit::Visit;

/// What is said to bookings of which somebody (`marked`, by number) was marked absent, where nobody of them came. `visits` are those
/// before the marking; `ids` number the notices. Nothing where the day of the visit is over: then it is no news.
pub(super) fn notices(
    office: &Office,
    bookings: &[Booking],
    (marked, visits): (&BTreeSet<i64>, &[Visit]),
    now: DateTime<Utc>,
    ids: &mut Range<i64>,
) -> Vec<Notice> {
    if !office.notices.says(Kind::Forfeited) {
        return Vec::new();
    }
    let has_come =
        |booking: &Booking| visits.iter().any(|visit| visit.booking == Some(booking.id) && visit.state.has_come());
    let wholly_absent = bookings.iter().filter(|booking| marked.contains(&booking.id) && !has_come(booking));
    let news = wholly_absent.filter_map(|booking| Some((booking, end_of_day(office, booking)?)));
    let in_time = news.filter(|(_, end)| now < *end);
    in_time.filter_map(|(booking, end)| Some(notice(booking, ids.next()?, now, end))).collect()
}

/// The midnight after the visit.
fn end_of_day(office: &Office, booking: &Booking) -> Option<DateTime<Utc>> {
    let next = booking.slot.date.checked_add_days(Days::new(1))?;
    Some(office.zone.instant(next.and_time(NaiveTime::MIN)))
}

fn notice(booking: &Booking, id: i64, due: DateTime<Utc>, drop_after: DateTime<Utc>) -> Notice {
    Notice {
        id,
        office: booking.office.clone(),
        kind: Kind::Forfeited,
        channel: booking.channel.clone(),
        contact: booking.contact.clone(),
        booking: Some(booking.id),
        occasion: booking.slot.date.to_string(),
        detail: None,
        due,
        drop_after,
    }
}
