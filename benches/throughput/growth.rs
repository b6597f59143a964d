//! What a message costs in a database that has served for years: past bookings, written in sets.

use std::time::Instant;

use antrean::clock::{Clock, SystemClock};

use super::bench::Bench;
use super::database::{Database, Engine};
use super::figures::Figures;
use super::installation::{Installation, OFFICES};
use super::server::Server;
use super::stage::Stage;

/// Bookings of the database that the large one is compared with.
pub const SMALL: u64 = 10_000;
/// Days that stay out of the archive: one less than the default, so that its job has nothing to do while it is measured.
const KEEP_DAYS: u64 = 89;
/// Seats that 26 offices give on one day.
const SEATS_PER_DAY: u64 = 26 * 8 * 50;

/// A closed load of 256 on a database with so many past bookings; each round adds its own.
pub fn measure(bench: &Bench, engine: Engine, bookings: u64) -> Figures {
    let mut grown = bench.grown.lock().expect("the databases");
    let database = grown.entry((engine.name(), bookings)).or_insert_with(|| filled(bench.database(engine), bookings));
    Stage::new(bench, database, Installation::Spread).closed(256).with("bookings", bookings as f64)
}

fn filled(database: Database, bookings: u64) -> Database {
    let begun = Instant::now();
    let folder = tempfile::tempdir().expect("a folder");
    // The tables are the product's own.
    Server::start(folder.path(), Installation::Spread, &database, "http://127.0.0.1:9").kill();
    let last = bookings - 1;
    // Each day all seats were given; what is older than is kept is in the archive, where its job would have put it.
    let kept_from = (last / SEATS_PER_DAY).saturating_sub(KEEP_DAYS) * SEATS_PER_DAY;
    let day = match &database {
        Database::File(_) => "date('now', '-' || ({last} / {seats} - i / {seats}) || ' days')",
        Database::Server(..) => "(current_date - cast({last} / {seats} - i / {seats} as integer))",
    };
    let now = SystemClock.now().timestamp_micros();
    let at = format!("({now} - ({{last}} / {{seats}} - i / {{seats}}) * 86400000000)");
    let text = |sql: &str| {
        sql.replace("{all}", &numbers(0, last))
            .replace("{old}", &numbers(0, kept_from.saturating_sub(1)))
            .replace("{kept}", &numbers(kept_from, last))
            .replace("{at}", &at)
            .replace("{day}", day)
            .replace("{last}", &last.to_string())
            .replace("{seats}", &SEATS_PER_DAY.to_string())
            .replace("{offices}", &OFFICES.to_string())
    };
    for sql in FILL.iter().filter(|sql| kept_from > 0 || !sql.contains("{old}")) {
        database.rows(&text(sql));
    }
    // As the engine's own housekeeping leaves a database that serves: nothing of the filling is still to be written.
    let housekeeping: &[&str] = match &database {
        Database::File(_) => &["pragma wal_checkpoint(truncate)"],
        Database::Server(..) => &["vacuum (analyze)", "checkpoint"],
    };
    for sql in housekeeping {
        database.rows(sql);
    }
    eprintln!("filled with {bookings} bookings in {:.0} s", begun.elapsed().as_secs_f64());
    database
}

/// The numbers from the first booking to the last, in what both engines understand.
fn numbers(first: u64, last: u64) -> String {
    format!("with recursive one (i) as (select {first} union all select i + 1 from one where i < {last})")
}

/// Booking `i` is message, contact, event and reply `i` as well; seats fill hours, hours fill days. The older, the smaller is
/// its number, and all are below those that the product gives.
const FILL: [&str; 11] = [
    "insert into conversation (channel, contact, office, lang, bookings, last_reply, heard_us) {all} \
     select 'wa/' || (i % {offices}), '6281' || (1000000000 + i), 'bench-' || (i % {offices}), 'id', \
     '[' || (i - {last} - 1) || ']', i - {last} - 1, {at} from one",
    "insert into booking (id, office, office_version, format, channel, contact, applicant, date, hour, seats, state, \
     code, tries, created_us) {all} select i - {last} - 1, 'bench-' || (i % {offices}), 1, 'batam-tanpa-foto', \
     'wa/' || (i % {offices}), '6281' || (1000000000 + i), '{\"nama\":\"Warga Uji\",\"tgl_lahir\":\"1987-01-25\"}', {day}, \
     8 + i / {offices} % 8, '[' || (1 + i / {offices} / 8 % 50) || ']', 'booked', 'OLD' || i, 0, {at} from one",
    "insert into day (office, date, capacity, taken) select office, date, 400, count(*) from booking group by office, date",
    "insert into hour (office, date, hour, capacity, taken, high) select office, date, hour, 50, count(*), count(*) \
     from booking group by office, date, hour",
    "insert into seat (office, date, hour, number, booking) {all} select 'bench-' || (i % {offices}), {day}, \
     8 + i / {offices} % 8, 1 + i / {offices} / 8 % 50, i - {last} - 1 from one",
    "insert into inbound (channel, message, office, contact, sent_us, served_us, content) {kept} \
     select 'wa/' || (i % {offices}), 'wamid.HBgN' || i || 'FQIAEhgWM0VCMDk2N0YyQTUxRDQ5RjlCMkQ3AA==', \
     'bench-' || (i % {offices}), '6281' || (1000000000 + i), {at}, {at}, \
     '{\"text\":\"Warga Uji#25011987#Jl. Contoh No. 1\"}' from one",
    "insert into inbound_archive (channel, message, office, contact, sent_us, served_us, content) {old} \
     select 'wa/' || (i % {offices}), 'wamid.HBgN' || i || 'FQIAEhgWM0VCMDk2N0YyQTUxRDQ5RjlCMkQ3AA==', \
     'bench-' || (i % {offices}), '6281' || (1000000000 + i), {at}, {at}, \
     '{\"text\":\"Warga Uji#25011987#Jl. Contoh No. 1\"}' from one",
    "insert into event (id, booking, at_us, state, detail) {kept} select i - {last} - 1, i - {last} - 1, {at}, 'booked', \
     '{\"date\":\"' || {day} || '\",\"hour\":' || (8 + i / {offices} % 8) || ',\"seats\":[' || (1 + i / {offices} / 8 % 50) || ']}' from one",
    "insert into event_archive (id, booking, at_us, state, detail) {old} select i - {last} - 1, i - {last} - 1, {at}, 'booked', \
     '{\"date\":\"' || {day} || '\",\"hour\":' || (8 + i / {offices} % 8) || ',\"seats\":[' || (1 + i / {offices} / 8 % 50) || ']}' from one",
    "insert into outbox (id, channel, contact, office, reply_to, text, state, due_us, attempts, delivery, \
     without_picture, created_us, sent_us) {kept} select i - {last} - 1, 'wa/' || (i % {offices}), '6281' || (1000000000 + i), \
     'bench-' || (i % {offices}), 'wamid.HBgN' || i || 'FQIAEhgWM0VCMDk2N0YyQTUxRDQ5RjlCMkQ3AA==', \
     'Anda terdaftar di Kantor Imigrasi. Kode booking: ABCD2345.', 'sent', {at}, 1, 4, 0, \
     {at}, {at} from one",
    "insert into outbox_archive (id, channel, contact, office, reply_to, text, state, attempts, delivery, created_us, \
     sent_us) {old} select i - {last} - 1, 'wa/' || (i % {offices}), '6281' || (1000000000 + i), 'bench-' || (i % {offices}), \
     'wamid.HBgN' || i || 'FQIAEhgWM0VCMDk2N0YyQTUxRDQ5RjlCMkQ3AA==', \
     'Anda terdaftar di Kantor Imigrasi. Kode booking: ABCD2345.', 'sent', 1, 4, {at}, {at} from one",
];
