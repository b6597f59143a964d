//! The raw limits of this machine, in the same run: what the disk syncs, and what each database does with the smallest
//! unit of work that could be called a booking, written by hand.
//!
//! The unit is four statements: note the message once, take a seat while there is one, write the booking, queue the
//! reply. The product does more for each message: it reads, remembers, records and answers.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension, params};

use super::database::{Cluster, Database};
use super::figures::{Figures, quantile};
use super::installation::OFFICES;

/// Hours of a day over which the unit spreads.
const HOURS: usize = 8;
/// Places in an hour of the unit.
const PLACES: i64 = 50;
/// Size of one write, in bytes: a page.
const PAGE: usize = 4096;
/// Pages that are written over and over, as SQLite does with its log.
const PAGES: u64 = 1024;
/// A message as a provider delivers it has about this many bytes.
const RAW_BYTES: usize = 600;

fn timed(lasting: Duration, mut once: impl FnMut()) -> (Vec<Duration>, Duration) {
    let begun = Instant::now();
    let mut took = Vec::new();
    while begun.elapsed() < lasting {
        let before = Instant::now();
        once();
        took.push(before.elapsed());
    }
    (took, begun.elapsed())
}

fn rates(mut took: Vec<Duration>, whole: Duration, units: usize) -> Figures {
    took.sort();
    Figures::default()
        .with("messages_per_s", (took.len() * units) as f64 / whole.as_secs_f64())
        .with("p50_ms", quantile(&took, 0.5))
        .with("p99_ms", quantile(&took, 0.99))
        .with("p999_ms", quantile(&took, 0.999))
        .with("commits_per_s", took.len() as f64 / whole.as_secs_f64())
}

/// One page over an older one, then `fdatasync`: what a commit costs at the least.
pub fn fdatasync(lasting: Duration) -> Figures {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pages");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).open(path).expect("a file");
    let page = [7; PAGE];
    for _ in 0..PAGES {
        file.write_all(&page).expect("a page");
    }
    file.sync_all().expect("synced");
    let mut n = 0;
    let (took, whole) = timed(lasting, || {
        file.seek(SeekFrom::Start(n % PAGES * PAGE as u64)).expect("a place");
        file.write_all(&page).expect("a page");
        file.sync_data().expect("synced");
        n += 1;
    });
    rates(took, whole, 1)
}

/// The tables of the unit, in what both engines understand.
const TABLES: &str = "
    create table inbound (id integer primary key, wamid text not null unique, raw text not null);
    create table slot (id integer primary key, office integer not null, hour integer not null,
        taken integer not null, capacity integer not null, check (taken <= capacity));
    create unique index slot_hour on slot (office, hour);
    create table booking (id integer primary key, office integer not null, hour integer not null,
        seat integer not null, inbound integer not null, unique (office, hour, seat));
    create table outbox (id integer primary key, booking integer not null, body text not null, due integer, sent integer);
    create index outbox_due on outbox (due) where sent is null;";

/// The unit through `rusqlite`, cached statements, `batch` units in a commit, at full durability.
pub fn unit(batch: usize, lasting: Duration) -> Figures {
    let folder = tempfile::tempdir().expect("a folder");
    let mut file = Connection::open(folder.path().join("unit.db")).expect("a file");
    file.execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;")
        .expect("options");
    file.execute_batch(TABLES).expect("tables");
    for office in 0..OFFICES {
        for hour in 0..HOURS {
            file.execute(
                "insert into slot (office, hour, taken, capacity) values (?1, ?2, 0, ?3)",
                params![office as i64, hour as i64, PLACES],
            )
            .expect("a slot");
        }
    }
    let raw = "x".repeat(RAW_BYTES);
    let mut hours = [0_i64; OFFICES];
    let mut n = 0_usize;
    let (took, whole) = timed(lasting, || {
        let tx = file.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).expect("a transaction");
        for _ in 0..batch {
            let office = n % OFFICES;
            unit_once(&tx, office, hours.get_mut(office).expect("an office"), n, &raw);
            n += 1;
        }
        tx.commit().expect("a commit");
    });
    rates(took, whole, batch)
}

fn unit_once(tx: &rusqlite::Transaction<'_>, office: usize, hour: &mut i64, n: usize, raw: &str) {
    let office = office as i64;
    let cached = |sql| tx.prepare_cached(sql).expect("a statement");
    let inbound: i64 = cached("insert into inbound (wamid, raw) values (?1, ?2) on conflict do nothing returning id")
        .query_row(params![format!("wamid.HBgNNjI4MTIwMDAwMDAwFQIAEhgW{n}"), raw], |row| row.get(0))
        .expect("a message");
    let seat: i64 = loop {
        let taken = cached(
            "update slot set taken = taken + 1 where office = ?1 and hour = ?2 and taken < capacity returning taken",
        )
        .query_row(params![office, *hour], |row| row.get(0))
        .optional()
        .expect("a place");
        if let Some(taken) = taken {
            break taken;
        }
        *hour += 1;
        cached("insert into slot (office, hour, taken, capacity) values (?1, ?2, 0, ?3) on conflict do nothing")
            .execute(params![office, *hour, PLACES])
            .expect("a slot");
    };
    cached("insert into booking (office, hour, seat, inbound) values (?1, ?2, ?3, ?4)")
        .execute(params![office, *hour, seat, inbound])
        .expect("a booking");
    cached("insert into outbox (booking, body, due) values (?1, ?2, ?3)")
        .execute(params![inbound, "Anda terdaftar. Kode booking: ABCD2345.", n as i64])
        .expect("a reply");
}

/// The unit as `pgbench` sends it: one transaction a message, prepared statements, eight clients.
pub fn pgbench(cluster: &Arc<Cluster>, lasting: Duration) -> Figures {
    let database = Database::make(Some(cluster));
    let ids = "alter table inbound alter id add generated always as identity;
        alter table slot alter id add generated always as identity;
        alter table booking alter id add generated always as identity;
        alter table outbox alter id add generated always as identity;";
    database.rows(&format!("{TABLES} {ids}"));
    database.rows(&format!(
        "insert into slot (office, hour, taken, capacity) select o, h, 0, 2000000000 \
         from generate_series(1, {OFFICES}) o, generate_series(1, {HOURS}) h"
    ));
    let script = cluster.folder().join("unit.sql");
    let raw = "x".repeat(RAW_BYTES);
    std::fs::write(
        &script,
        format!(
            "\\set o random(1, {OFFICES})\n\\set h random(1, {HOURS})\nbegin;\n\
             insert into inbound (wamid, raw) values (gen_random_uuid()::text, '{raw}') on conflict do nothing returning id \\gset\n\
             update slot set taken = taken + 1 where office = :o and hour = :h and taken < capacity returning taken \\gset\n\
             insert into booking (office, hour, seat, inbound) values (:o, :h, :taken, :id);\n\
             insert into outbox (booking, body, due) values (:id, 'Anda terdaftar. Kode booking: ABCD2345.', :id);\ncommit;\n"
        ),
    )
    .expect("a script");
    let seconds = lasting.as_secs().max(1).to_string();
    let Database::Server(_, name) = &database else { panic!("a database of the server") };
    let output = cluster
        .client("pgbench")
        .args(["-n", "-M", "prepared", "-c", "8", "-j", "1", "-T", &seconds, "-f"])
        .arg(script)
        .arg(name)
        .output()
        .expect("pgbench");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let figure = |name: &str| -> f64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or_else(|| panic!("{output:?}"))
    };
    Figures::default().with("messages_per_s", figure("tps = ")).with("p50_ms", figure("latency average = "))
}
