//! The `[retention]` section: how long personal data is kept.

use crate::domain::retention::Retention;
use crate::sheet::{Entry, Table, whole};

/// The keys of the section.
const KEYS: [&str; 4] = ["photos", "messages", "bookings", "tickets"];

/// What one file sets.
#[derive(Default)]
pub(super) struct Given {
    photos: Entry<u32>,
    messages: Entry<u32>,
    bookings: Entry<u32>,
    tickets: Entry<u32>,
}

/// Reads the section.
pub(super) fn read(table: &mut Table<'_, '_>) -> Given {
    table.refuse_unknown(&KEYS);
    let max = Retention::DAYS_MAX;
    Given {
        photos: table.take("photos", |value| whole(value, 1, max)),
        messages: table.take("messages", |value| whole(value, 1, max)),
        bookings: table.take("bookings", |value| whole(value, Retention::BOOKINGS_DAYS_MIN, max)),
        tickets: table.take("tickets", |value| whole(value, 1, max)),
    }
}

/// The file's values, or else the defaults. A value that cannot be read has been noted, and the configuration is refused for it.
pub(super) fn settle(own: Given, defaults: Given) -> Retention {
    let usual = Retention::default();
    let days = |own: Entry<u32>, default: Entry<u32>, usual| match own.or(default) {
        Entry::Given(spot) => spot.value,
        Entry::Absent | Entry::Broken => usual,
    };
    Retention {
        photos: days(own.photos, defaults.photos, usual.photos),
        messages: days(own.messages, defaults.messages, usual.messages),
        bookings: days(own.bookings, defaults.bookings, usual.bookings),
        tickets: days(own.tickets, defaults.tickets, usual.tickets),
    }
}
