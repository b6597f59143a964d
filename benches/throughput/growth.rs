//! What a message costs in a database that has served for years: past bookings, written in sets.

use std::time::Instant;

use antrean::clock::{Clock, SystemClock};

use super::Engine;
use super::cases::Bench;
use super::database::Database;
use super::figures::Figures;
use super::server::Server;
use super::stage::Stage;
use super::town::{OFFICES, Town};

/// Bookings of the database that the large one is compared with.
pub const SMALL: u64 = 10_000;
/// Places that 26 offices give on one day.
const PLACES_PER_DAY: u64 = 26 * 8 * 50;

/// A closed load of 256 on a database with so many past bookings; each round adds its own.
pub fn measure(bench: &Bench, engine: Engine, bookings: u64) -> Figures {
    let mut grown = bench.grown.lock().expect("the databases");
    let database = grown.entry((engine.name(), bookings)).or_insert_with(|| filled(bench.database(engine), bookings));
    Stage::new(bench, database, Town::Spread).closed(256).with("bookings", bookings as f64)
}

fn filled(database: Database, bookings: u64) -> Database {
    let begun = Instant::now();
    let folder = tempfile::tempdir().expect("a folder");
    // The tables are the product's own.
    Server::start(folder.path(), Town::Spread, &database, "http://127.0.0.1:9").kill();
    let day = match &database {
        Database::File(_) => "date('2016-01-01', '+' || (i / {places}) || ' days')",
        Database::Server(..) => "(date '2016-01-01' + cast(i / {places} as integer))",
    };
    // Of today, so that nothing goes to the archive while it is measured: the tables are as large as they can be.
    let at = SystemClock.now().timestamp_micros();
    let text = |sql: &str| {
        sql.replace("{at}", &at.to_string())
            .replace("{numbers}", NUMBERS)
            .replace("{day}", day)
            .replace("{places}", &PLACES_PER_DAY.to_string())
            .replace("{offices}", &OFFICES.to_string())
            .replace("{last}", &(bookings - 1).to_string())
    };
    for sql in FILL {
        database.rows(&text(sql));
    }
    eprintln!("filled with {bookings} bookings in {:.0} s", begun.elapsed().as_secs_f64());
    database
}

/// The numbers from 0 to the last booking, in what both engines understand.
const NUMBERS: &str = "with recursive one (i) as (select 0 union all select i + 1 from one where i < {last})";

/// Booking `i` is message, contact, event and reply `i` as well; seats fill hours, hours fill days.
const FILL: [&str; 8] = [
    "insert into inbound (channel, message, office, contact, sent_us, served_us, content) {numbers} \
     select 'wa/' || (i % {offices}), 'wamid.HBgN' || i || 'FQIAEhgWM0VCMDk2N0YyQTUxRDQ5RjlCMkQ3AA==', \
     'bench-' || (i % {offices}), '6281' || (1000000000 + i), {at}, {at}, \
     '{\"text\":\"Warga Uji#25011987#Jl. Contoh No. 1\"}' from one",
    "insert into conversation (channel, contact, office, lang, replies, heard_us) {numbers} \
     select 'wa/' || (i % {offices}), '6281' || (1000000000 + i), 'bench-' || (i % {offices}), 'id', 1, {at} from one",
    "insert into booking (id, office, office_version, format, channel, contact, applicant, date, hour, seats, state, \
     code, tries, created_us) {numbers} select -i - 1, 'bench-' || (i % {offices}), 1, 'batam-tanpa-foto', \
     'wa/' || (i % {offices}), '6281' || (1000000000 + i), '{\"nama\":\"Warga Uji\",\"tgl_lahir\":\"1987-01-25\"}', {day}, \
     8 + i / {offices} % 8, '[' || (1 + i / {offices} / 8 % 50) || ']', 'booked', 'OLD' || i, 0, {at} from one",
    "insert into day (office, date, capacity, taken) select office, date, 400, count(*) from booking group by office, date",
    "insert into hour (office, date, hour, capacity, taken, high) select office, date, hour, 50, count(*), count(*) \
     from booking group by office, date, hour",
    "insert into seat (office, date, hour, number, booking) {numbers} select 'bench-' || (i % {offices}), {day}, \
     8 + i / {offices} % 8, 1 + i / {offices} / 8 % 50, -i - 1 from one",
    "insert into event (id, booking, at_us, state, detail) {numbers} select -i - 1, -i - 1, {at}, 'booked', \
     '{\"date\":\"' || {day} || '\",\"hour\":' || (8 + i / {offices} % 8) || ',\"seats\":[' || (1 + i / {offices} / 8 % 50) || ']}' from one",
    "insert into outbox (id, channel, contact, seq, office, reply_to, text, state, due_us, attempts, delivery, \
     without_picture, created_us, sent_us) {numbers} select -i - 1, 'wa/' || (i % {offices}), '6281' || (1000000000 + i), 1, \
     'bench-' || (i % {offices}), 'wamid.HBgN' || i || 'FQIAEhgWM0VCMDk2N0YyQTUxRDQ5RjlCMkQ3AA==', \
     'Anda terdaftar di Kantor Imigrasi. Kode booking: ABCD2345.', 'sent', {at}, 1, 4, 0, \
     {at}, {at} from one",
];
