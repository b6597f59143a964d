//! The tables with personal data, and how the rows of a contact are found in each.
//!
//! A test compares this list with the schema: a table that stands neither here nor among [`NOT_PERSONAL`] fails it.

/// Tables whose rows name a contact, in columns `channel` and `contact`.
pub(super) const BY_CONTACT: [&str; 14] = [
    "audit_contact",
    "booking",
    "conversation",
    "erasure",
    "inbound",
    "inbound_archive",
    "media",
    "notice",
    "outbox",
    "outbox_archive",
    "reach",
    "ticket",
    "upload",
    "waiting",
];

/// Tables that belong to rows of those: the table, its column, and the table whose `id` stands there.
pub(super) const BY_ROW: [(&str, &str, &str); 7] = [
    ("booking_person", "booking", "booking"),
    ("event", "booking", "booking"),
    ("event_archive", "booking", "booking"),
    ("outbox_part", "outbox", "outbox"),
    ("talk", "ticket", "ticket"),
    ("visit", "booking", "booking"),
    ("visit_archive", "booking", "booking"),
];

/// Tables whose rows are looked through one by one, because the contact stands inside of a text.
#[cfg(test)]
pub(super) const BY_TEXT: [&str; 3] = ["address", "set_aside", "unread"];

/// Tables that hold nothing about citizens, each with the reason.
#[cfg(test)]
pub(super) const NOT_PERSONAL: [(&str, &str); 42] = [
    ("audit", "numbers of bookings and contacts, never what is in them"),
    ("audit_head", "a hash"),
    ("board_call", "queue numbers of a day"),
    ("calendar_change", "dates and reasons, which an officer writes"),
    ("calendar_change_person", "numbers of bookings, and what was decided"),
    ("calendar_day", "hours and seats"),
    ("channel", "the office's lines"),
    ("channel_hour", "counters"),
    ("day", "counters"),
    ("display", "the office's screens"),
    ("erased_file", "file names made of numbers"),
    ("erased_message", "keyed hashes"),
    ("export", "who asked for which days; the file is removed by its own time"),
    ("format_draft", "a format file"),
    ("hour", "counters"),
    ("id_block", "a counter"),
    ("installation", "a number"),
    ("job", "times"),
    ("live", "counters"),
    ("moving", "empty but while a move is under way"),
    ("office", "the office's file"),
    ("office_version", "the office's files"),
    ("orphan_status", "the provider's ids of replies, for a day"),
    ("retention", "how far the search has come"),
    ("returning_seat", "seats"),
    ("seat", "seats by booking"),
    ("secret", "keys"),
    ("shift", "the office's people"),
    ("staff", "the office's people"),
    ("staff_link", "the office's people"),
    ("staff_network", "the office's people"),
    ("staff_recovery", "the office's people"),
    ("staff_role", "the office's people"),
    ("staff_session", "the office's people"),
    ("staff_throttle", "hashes"),
    ("tally", "counters"),
    ("tally_done", "times"),
    ("ticket_holder", "the office's people"),
    ("ticket_typing", "the office's people"),
    ("visit_event", "steps of visits"),
    ("visit_event_archive", "steps of visits"),
    ("waiting_turn", "times"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::storage::engine::catalog::tables;
    use crate::storage::handle::Storage;

    // Negative control, run: with `ticket` left out of the list this names it.
    #[tokio::test]
    async fn every_table_is_searched_for_personal_data_or_holds_none() {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::open_scratch(&folder.path().join("antrean.db")).await.unwrap();
        let mut tx = storage.pool.read().await.unwrap();
        let there: BTreeSet<String> = tables(&mut tx).await.unwrap().into_iter().map(|table| table.name).collect();
        let known: BTreeSet<&str> = BY_CONTACT
            .into_iter()
            .chain(BY_ROW.into_iter().map(|(table, ..)| table))
            .chain(BY_TEXT)
            .chain(NOT_PERSONAL.into_iter().map(|(table, _)| table))
            .collect();
        let unknown: Vec<&String> = there.iter().filter(|table| !known.contains(table.as_str())).collect();
        assert!(unknown.is_empty(), "say of these tables whether they hold personal data: {unknown:?}");
    }
}
