//! Every statement that a message, a reply or a timer costs finds its rows by an index, on tables that are full.
//!
//! The statements are the product's own, heard from the driver's log while it works; each is then explained by its
//! engine. `ANTREAN_PLAN_ROWS` fills the tables further than the usual run does.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use antrean::caretaker::Caretaker;
use antrean::courier::Courier;
use antrean::domain::office::OfficeId;
use antrean::front_desk::{Actor, Arrival, FrontDesk, Press, Which};
use antrean::gateway::tape::Tape;
use antrean::gateway::{Gateway, Gateways};
use antrean::photos::Photos;
use chrono::TimeDelta;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, SubscriberExt};

use crate::support::alone::is_alone;
use crate::support::desk_fixture::{DeskFixture, tuesday};
use crate::support::engine::{Engine, Tables, on_both_engines};
use crate::support::installation::{code_in, form, name, number};

/// Rows in each large table in the usual run.
const ROWS: usize = 120_000;
/// Tables that grow with every message.
const LARGE: [&str; 15] = [
    "inbound",
    "event",
    "outbox",
    "booking",
    "conversation",
    "seat",
    "inbound_archive",
    "event_archive",
    "outbox_archive",
    "media",
    "booking_person",
    "notice",
    "visit",
    "visit_event",
    "board_call",
];
/// Indices that hold only what is open: they are as short as the work that waits, so they may be read whole.
const OPEN_ONLY: [&str; 7] =
    ["outbox_due", "outbox_stuck", "outbox_held", "outbox_notice", "booking_hold", "media_due", "notice_due"];

/// Hears what the driver runs.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<BTreeSet<String>>>);

impl Heard {
    fn statements(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

#[derive(Default)]
struct Said {
    summary: String,
    statement: String,
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.trim().clone_into(&mut self.statement),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Heard {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut said = Said::default();
            event.record(&mut said);
            let sql = if said.statement.is_empty() { said.summary } else { said.statement };
            // On SQLite a batch sends several statements as one text.
            for sql in sql.split("; ").map(str::trim) {
                let work =
                    ["select ", "update ", "insert ", "delete ", "with "].iter().any(|verb| sql.starts_with(verb));
                if work {
                    self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(sql.to_owned());
                }
            }
        }
    }
}

/// Fills every large table with what is over.
async fn fill(tables: &mut Tables, rows: usize) {
    let n = match tables {
        Tables::Sqlite(_) => {
            format!("with recursive n(n) as (select 1 union all select n + 1 from n where n < {rows}) ")
        }
        Tables::Postgres(_) => format!("with n(n) as (select * from generate_series(cast(1 as bigint), {rows})) "),
    };
    let date = match tables {
        Tables::Sqlite(_) => "date('2020-01-01', '+' || (n % 2000) || ' days')",
        Tables::Postgres(_) => "date '2020-01-01' + cast(n % 2000 as int)",
    };
    let contact = "'6281' || (n % 50000)";
    let started = "1600000000000000 + n * 1000000";
    for (into, select) in [
        (
            "conversation (channel, contact, office, lang, heard_us)",
            format!("'wa/old', '6281' || n, 'depok', 'id', {started}"),
        ),
        (
            "inbound (channel, message, office, contact, sent_us, served_us, content)",
            format!("'wa/1001', 'old' || n, 'bogor', {contact}, {started}, {started}, '{{}}'"),
        ),
        (
            "inbound_archive (channel, message, office, contact, sent_us, served_us, content)",
            format!("'wa/1001', 'older' || n, 'bogor', {contact}, {started}, {started}, '{{}}'"),
        ),
        (
            "booking (id, office, office_version, format, channel, contact, applicant, date, hour, seats, state, code, tries, created_us)",
            format!(
                "1000000000 + n, 'bogor', 1, 'x', 'wa/1001', {contact}, '{{}}', {date}, 8 + n % 6, '[1]', 'cancelled', 'C' || n, 0, {started}"
            ),
        ),
        (
            "event (id, booking, at_us, state, detail)",
            format!("1000000000 + n, 1000000000 + n, {started}, 'cancelled', '{{}}'"),
        ),
        (
            "event_archive (id, booking, at_us, state, detail)",
            format!("2000000000 + n, 1000000000 + n, {started}, 'held', '{{}}'"),
        ),
        (
            "outbox (id, channel, contact, office, reply_to, text, state, due_us, attempts, provider_id, delivery, without_picture, created_us, sent_us)",
            format!(
                "1000000000 + n, 'wa/1001', {contact}, 'bogor', 'old' || n, 'x', 'sent', {started}, 1, 'out' || n, 3, 0, {started}, {started}"
            ),
        ),
        (
            "outbox_archive (id, channel, contact, office, reply_to, text, state, attempts, provider_id, delivery, created_us, sent_us)",
            format!(
                "2000000000 + n, 'wa/1001', {contact}, 'bogor', 'older' || n, 'x', 'sent', 1, 'older' || n, 3, {started}, {started}"
            ),
        ),
        (
            "media (id, office, channel, contact, attachment, state, attempts, due_us, created_us)",
            format!("1000000000 + n, 'batam', 'wa/1003', {contact}, '{{}}', 'fetched', 0, {started}, {started}"),
        ),
        (
            "notice (id, office, kind, channel, contact, booking, subject, occasion, due_us, drop_us, state, outbox, created_us)",
            format!(
                "1000000000 + n, 'bogor', 'reminder', 'wa/1001', {contact}, 1000000000 + n, 'old' || n, 'x', {started}, \
                 {started}, 'queued', 1000000000 + n, {started}"
            ),
        ),
        (
            "visit (id, office, date, person, number, lane, place, state, version, calls, missed)",
            format!("1000000000 + n, 'bogor', {date}, 0, 'X' || n, 'booked', n, 'done', 1, 0, 0"),
        ),
        (
            "visit_event (id, visit, at_us, action, state, version, actor, part)",
            format!("1000000000 + n, 1000000000 + n, {started}, 'finish', 'done', 1, 'old', 0"),
        ),
        (
            "board_call (office, date, seq, visit, number, counter, lane, kind, at_us)",
            format!("'bogor', {date}, n, 1000000000 + n, 'X', 1, 'booked', 'call', {started}"),
        ),
        ("booking_person (office, person, booking, date)", format!("'bogor', n * 7, 1000000000 + n, {date}")),
        ("seat (office, date, hour, number, booking)", format!("'bogor', {date}, 8 + n % 6, n, 1000000000 + n")),
    ] {
        // SQLite wants `with` after `insert into`, and PostgreSQL takes it there too.
        tables.run(&format!("insert into {into} {n} select {select} from n")).await;
    }
    if let Tables::Postgres(_) = tables {
        // Its autovacuum would do so; nothing of ours does on SQLite, which plans by its rules alone.
        tables.run("analyze").await;
    }
}

/// What happens at the counter on Tuesday.
async fn at_the_counter(fixture: &DeskFixture) {
    // From the hour of reminders to the morning of the visit.
    fixture.pass(14 * 60 - 5);
    let office = Arc::clone(&fixture.desk.roster().offices[&OfficeId::read("bogor").unwrap()]);
    let desk = FrontDesk::new(fixture.storage.clone(), fixture.shared_clock(), office, Actor::read("siti").unwrap());
    let booked = fixture.storage.bookings_on(&desk.office().id, tuesday()).await.unwrap();
    let booked = booked.iter().find(|booking| booking.contact.as_str() == number(1)).unwrap();
    let code = booked.code.as_str().to_owned();
    desk.open_counter(1).await.unwrap().unwrap();
    let press = || Press { nonce: Some("once".to_owned()), version: None };
    desk.arrive(Arrival { code, ..Arrival::default() }, press()).await.unwrap().unwrap();
    desk.walk_in(None, None, Press::default()).await.unwrap().unwrap();
    fixture.ask(1, "wamid.turn", "sudah nomor berapa?").await;
    desk.call_next(1, Press::default()).await.unwrap().unwrap();
    desk.undo(Which::At(1), Press::default()).await.unwrap().unwrap();
    desk.call_next(1, Press::default()).await.unwrap().unwrap();
    desk.came(Which::At(1), Press::default()).await.unwrap().unwrap();
    desk.finish(Which::Number("08-001".to_owned()), Press::default()).await.unwrap().unwrap();
    desk.day().await.unwrap();
    desk.end_what_is_over().await.unwrap();
    desk.end_today().await.unwrap().unwrap();
}

/// Everything that happens every day: forms, codes, repeats, statuses, replies, lapsed holds, the archive.
async fn a_day(fixture: &DeskFixture) {
    let tape = Tape::new("wa");
    let gateways: Gateways = [("wa".to_owned(), tape.clone() as Arc<dyn Gateway>)].into();
    let clock = fixture.shared_clock();
    let courier = Courier::new(fixture.storage.clone(), gateways.clone(), Arc::clone(&clock), "plans".to_owned());
    let folder = tempfile::tempdir().unwrap();
    let caretaker =
        Caretaker::new(fixture.storage.clone(), fixture.desk.clone(), gateways, Photos::within(folder.path()), clock)
            .keeping(90)
            .erasing(antrean::domain::retention::Retention::default(), Arc::default())
            .counting()
            .saying_notices();
    let code = code_in(&fixture.ask(1, "wamid.1", &form(&name(1), tuesday())).await);
    fixture.pass(1);
    fixture.ask(1, "wamid.2", &code).await;
    fixture.ask(2, "wamid.3", &form(&name(2), tuesday())).await;
    fixture.ask(2, "wamid.4", &form("Siti", tuesday())).await;
    fixture.ask(1, "wamid.5", "status").await;
    fixture.ask(2, "wamid.6", "#batal").await;
    fixture.ask(3, "wamid.7", &form(&name(3), tuesday())).await;
    fixture.desk.serve(vec![fixture.form(3)]).await.unwrap();
    for sent in 0..20 {
        let step = courier.step().await.unwrap();
        if step.is_idle() {
            break;
        }
        assert!(sent < 19, "it never comes to rest");
    }
    fixture.status(1).await;
    // A hold lapses soon, and has lapsed; then comes the hour of reminders.
    for minutes in [24, 6, 30, 8 * 60, 5] {
        fixture.pass(minutes);
        caretaker.step().await.unwrap();
        courier.step().await.unwrap();
    }
    at_the_counter(fixture).await;
    fixture.pass(24 * 60 * 7);
    caretaker.step().await.unwrap();
    // What `/metrics` and `/readyz` ask for.
    fixture.storage.channels().await.unwrap();
    fixture
        .storage
        .archive(fixture.now() + TimeDelta::days(91), fixture.now() - TimeDelta::days(1), 100)
        .await
        .unwrap();
}

/// SQLite's plan of a statement.
async fn plan_on_sqlite(conn: &mut sqlx::SqliteConnection, sql: &str) -> Vec<String> {
    let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(format!("explain query plan {sql}")))
        // A plan that is kept for the next time never looks whether its index is still there.
        .persistent(false)
        .fetch_all(conn)
        .await
        .unwrap();
    rows.into_iter().map(|row| row.3).collect()
}

/// PostgreSQL's plan of a statement, whatever it is asked with.
async fn plan_on_postgres(tables: &mut Tables, sql: &str) -> Vec<String> {
    // The driver says what a parameter is; here nobody does where it is only compared with nothing.
    let sql = sql.replace("($2 is null", "(cast($2 as text) is null");
    let parameters = (1..100).rev().find(|n| sql.contains(&format!("${n}"))).unwrap_or(0);
    let nulls = vec!["null"; parameters].join(", ");
    let arguments = if parameters > 0 { format!("({nulls})") } else { String::new() };
    tables.run(&format!("prepare plan as {sql}")).await;
    let plan = tables.plan(&format!("explain (costs off) execute plan{arguments}")).await;
    tables.run("deallocate plan").await;
    plan
}

/// What an engine would do for each statement that reads a large table whole.
async fn scans(tables: &mut Tables, statements: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    if let Tables::Postgres(_) = tables {
        tables.run("set plan_cache_mode = force_generic_plan").await;
    }
    for sql in statements {
        let plan = match tables {
            Tables::Sqlite(conn) => plan_on_sqlite(conn, sql).await,
            Tables::Postgres(_) => plan_on_postgres(tables, sql).await,
        };
        let reads_whole = |line: &&String| {
            let line = line.as_str();
            // With millions of rows PostgreSQL reads a whole table by several processes.
            let step = line.trim_start_matches([' ', '-', '>']);
            if let Some(rest) = step.strip_prefix("Parallel ").unwrap_or(step).strip_prefix("Seq Scan on ") {
                return LARGE.contains(&rest.split(' ').next().unwrap());
            }
            // An index that is made for one statement and thrown away has read the whole table.
            if let Some((searched, _)) = line.split_once(" USING AUTOMATIC") {
                return LARGE.iter().any(|table| searched.strip_prefix("SEARCH ") == Some(table));
            }
            let Some(rest) = line.strip_prefix("SCAN ") else { return false };
            let quiet = ["VIRTUAL TABLE", "CONSTANT ROW", "SUBQUERY"].iter().any(|word| line.contains(word));
            let open = OPEN_ONLY.iter().any(|index| line.ends_with(&format!("INDEX {index}")));
            let called = rest.split(' ').next().unwrap();
            // By its name, or by what this statement calls it.
            let large = LARGE.iter().any(|table| {
                called == *table
                    || sql.contains(&format!("{table} {called} "))
                    || sql.contains(&format!("{table} as {called} "))
            });
            large && !quiet && !open
        };
        // The intake calls what it has gathered of bookings by their table's name.
        let mut gathered = [" lapsed booking", " own booking", " named booking"]
            .iter()
            .map(|name| sql.matches(name).count())
            .sum::<usize>();
        for line in plan.iter().filter(reads_whole) {
            if line == "SCAN booking" && gathered > 0 {
                gathered -= 1;
                continue;
            }
            found.push(format!("{line}\n  in {sql}"));
        }
    }
    found
}

/// Where SQLite goes through the numbers of an update for each reply, and not for each number to its reply: it takes the list
/// apart anew each time.
async fn taken_apart_anew(tables: &mut Tables, statements: &[String]) -> Vec<String> {
    let Tables::Sqlite(conn) = tables else { return Vec::new() };
    let mut found = Vec::new();
    let updates: Vec<_> = statements.iter().filter(|sql| sql.starts_with("update outbox set state = ")).collect();
    assert!(updates.len() >= 2, "claims, and what became of them");
    for sql in updates {
        let plan = plan_on_sqlite(conn, sql).await;
        if !plan.first().is_some_and(|first| first.starts_with("SCAN each ")) {
            found.push(format!("{plan:?}\n  in {sql}"));
        }
    }
    found
}

/// Where SQLite goes through the replies that wait on all channels to find those that a clock which was ahead put off.
async fn looked_for_among_all(tables: &mut Tables, statements: &[String]) -> Vec<String> {
    let Tables::Sqlite(conn) = tables else { return Vec::new() };
    let begin = "select cast((select json_group_array(r.id) from (select w.id, w.due_us";
    let sql = statements.iter().find(|sql| sql.starts_with(begin)).expect("it is looked for in a day");
    let plan = plan_on_sqlite(conn, sql).await;
    let seeks = plan.iter().filter(|line| line.contains("INDEX outbox_due (channel=? AND due_us>?)")).count();
    let others = plan.iter().any(|line| line.contains("SCAN w") || line.contains("B-TREE"));
    if seeks == 1 && !others { Vec::new() } else { vec![format!("{plan:?}\n  in {sql}")] }
}

/// What PostgreSQL, which makes a plan once, would go on doing with the courier's statements if it met them while the tables are
/// empty: the searches that go through all replies that wait, whoever's they are.
async fn gone_through(tables: &mut Tables, statements: &[String]) -> Vec<String> {
    tables.run("set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off").await;
    let mut found = Vec::new();
    let of_courier = [
        "select c.channel from channel c",
        "select cast((select json_agg(json_build_array(r.id",
        "select cast((select json_agg(r.id) from (select w.id, w.due_us",
        "update outbox set state = ",
    ];
    let of_courier = statements.iter().filter(|sql| of_courier.iter().any(|begin| sql.starts_with(begin)));
    let mut explained = 0;
    for sql in of_courier {
        let plan = plan_on_postgres(tables, sql).await;
        explained += 1;
        let end = String::new();
        let lines = plan.iter().zip(plan.iter().skip(1).chain([&end]));
        let open = lines.filter(|(line, next)| {
            line.contains("outbox_due") && !next.contains("Index Cond: ((channel = ")
                || line.contains("using outbox_pkey") && !next.contains("Index Cond: (id = ")
        });
        found.extend(open.map(|(line, _)| format!("{line}\n  in {sql}")));
    }
    assert!(
        explained >= 5,
        "channels with something due, what is due on them or too far off, claims, and what became of these"
    );
    found
}

// Negative controls of what follows on PostgreSQL: channels that are asked whether there is anything due, a predecessor that is
// looked for among those that wait, a claim that says only which states it takes, and claims and records without their numbers,
// each fails this; on SQLite the numbers said once more, as PostgreSQL needs them, do.
//
// Negative control: its last part, in which without the index of messages without an answer the archive's statement is found;
// and the stuck replies of `/metrics` grouped at once, for which SQLite goes through every reply.
async fn every_statement_of_a_day_finds_its_rows_by_an_index(engine: Engine) {
    let place = if engine == Engine::Sqlite { "on_sqlite" } else { "on_postgres" };
    if !is_alone(&format!("plans::{place}::every_statement_of_a_day_finds_its_rows_by_an_index")) {
        return;
    }
    let rows = std::env::var("ANTREAN_PLAN_ROWS").ok().map_or(ROWS, |text| text.parse().expect("a number"));
    let heard = Heard::default();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(heard.clone()))
        .expect("this test has its process to itself");
    // With people to be looked for: what other offices do is among it.
    let fixture = DeskFixture::per_person(engine, 1).await;
    let mut tables = fixture.tables().await;
    fill(&mut tables, rows).await;
    heard.0.lock().unwrap().clear();
    a_day(&fixture).await;
    let statements: Vec<String> =
        heard.statements().into_iter().filter(|sql| !sql.starts_with("select text from outbox")).collect();
    assert!(statements.len() >= 20, "only {} statements were heard: {statements:#?}", statements.len());
    let found = scans(&mut tables, &statements).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    let found = taken_apart_anew(&mut tables, &statements).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    let found = looked_for_among_all(&mut tables, &statements).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    if engine == Engine::Postgres {
        let young = DeskFixture::open(engine).await;
        let found = gone_through(&mut young.tables().await, &statements).await;
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
    tables.run("drop index inbound_unanswered").await;
    let found = scans(&mut tables, &statements).await;
    assert!(found.iter().any(|line| line.contains("inbound")), "an index is missing, and nothing is found");
}

on_both_engines!(every_statement_of_a_day_finds_its_rows_by_an_index);
