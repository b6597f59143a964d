//! The schema: migrated once however many come at the same time, and the same on both engines.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;

use antrean::storage::Storage;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row};

use crate::support::engine::{Base, Engine, Tables, on_both_engines};
use crate::support::installation::command;
use crate::support::postgres::{Database, connect};

/// Nodes that start together.
const NODES: usize = 10;

// Negative control: without `LOCK` some nodes on PostgreSQL fail, since the tables are there already.
async fn ten_nodes_that_start_together_migrate_once(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (url, _database) = match engine {
        Engine::Sqlite => (format!("sqlite://{}", folder.path().join("antrean.db").display()), None),
        Engine::Postgres => {
            let database = Database::empty().await;
            (database.url.clone(), Some(database))
        }
    };
    let mut nodes = Vec::new();
    for _ in 0..NODES {
        let mut node = command(folder.path());
        node.args(["db", "migrate", "--database", &url]).stdout(Stdio::piped()).stderr(Stdio::piped());
        nodes.push(node.spawn().unwrap());
    }
    for node in nodes {
        let output = node.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stdout), "the database is up to date\n");
    }
    let mut tables = Tables::of(&url).await;
    let files = std::fs::read_dir("migrations/sqlite").unwrap().count();
    assert_eq!(tables.many("select count(*) from _sqlx_migrations").await, files);
    assert_eq!(tables.count("select count(*) from id_block").await, 1, "each ran once");
}

/// A database as the migrations before `version` leave it.
async fn of_version_before(engine: Engine, version: i64) -> Base {
    let base = match engine {
        Engine::Sqlite => Base::Sqlite(tempfile::tempdir().unwrap()),
        Engine::Postgres => Base::Postgres(Database::empty().await),
    };
    let folder = if engine == Engine::Sqlite { "migrations/sqlite" } else { "migrations/postgres" };
    let mut migrator = sqlx::migrate::Migrator::new(std::path::Path::new(folder)).await.unwrap();
    migrator.migrations.to_mut().retain(|migration| migration.version < version);
    match &base {
        Base::Sqlite(folder) => {
            let file = SqliteConnectOptions::new().filename(folder.path().join("antrean.db")).create_if_missing(true);
            migrator.run_direct(None, &mut file.connect().await.unwrap(), false).await.unwrap();
        }
        Base::Postgres(database) => migrator.run_direct(None, &mut connect(&database.url).await, false).await.unwrap(),
    }
    base
}

// Negative control: without the updates of migration 10 no conversation knows a booking, and replies wait for none.
async fn a_database_of_before_keeps_bookings_and_the_order_of_replies(engine: Engine) {
    let base = of_version_before(engine, 10).await;
    let mut tables = base.tables().await;
    tables
        .run(
            "insert into conversation (channel, contact, office, lang, replies, heard_us) \
             values ('wa/1', 'budi', 'bogor', 'id', 3, 1), ('wa/1', 'siti', 'bogor', 'id', 0, 1)",
        )
        .await;
    for (id, state) in [(11, "cancelled"), (12, "booked"), (13, "expired")] {
        tables
            .run(&format!(
                "insert into booking (id, office, office_version, format, channel, contact, applicant, date, hour, seats, \
                 state, code, tries, created_us) values ({id}, 'bogor', 1, 'x', 'wa/1', 'budi', '{{}}', '2026-08-04', 8, \
                 '[1]', '{state}', 'C{id}', 0, 1)"
            ))
            .await;
    }
    // Numbers are of several processes: the order is that of `seq`.
    for (id, seq, state) in [(23, 1, "sent"), (22, 2, "waiting"), (21, 3, "waiting")] {
        tables
            .run(&format!(
                "insert into outbox (id, channel, contact, seq, office, text, state, due_us, attempts, delivery, \
                 without_picture, created_us) values ({id}, 'wa/1', 'budi', {seq}, 'bogor', 'x', '{state}', 1, 0, 0, 0, 1)"
            ))
            .await;
    }
    drop(tables);
    Storage::open(&base.url()).await.unwrap().close().await;
    let mut tables = base.tables().await;
    let known =
        "select contact || coalesce(bookings, '-') || coalesce(last_reply, 0) from conversation order by contact";
    assert_eq!(tables.texts(known).await, ["budi[12,13]21", "siti-0"]);
    let chain = "select id || ' after ' || coalesce(previous, 0) from outbox order by id";
    assert_eq!(tables.texts(chain).await, ["21 after 22", "22 after 23", "23 after 0"]);
}

// Negative control: without the `where` of migration 12's copy (on PostgreSQL: its first `delete`) it fails on an empty time.
async fn a_database_of_before_keeps_who_wants_no_messages(engine: Engine) {
    let base = of_version_before(engine, 12).await;
    let mut tables = base.tables().await;
    tables
        .run(
            "insert into reach (channel, contact, read_us, failures, opted_out_us) \
             values ('wa/1', 'budi', 5, 0, 7), ('wa/1', 'siti', 5, 3, null); \
             insert into outbox (id, channel, contact, office, text, state, due_us, attempts, delivery, without_picture, \
             created_us) values (21, 'wa/1', 'budi', 'bogor', 'x', 'sent', 1, 0, 1, 0, 1); \
             insert into outbox_part values ('wa/1', 'of 21', 21), ('wa/1', 'of one in the archive', 11)",
        )
        .await;
    drop(tables);
    Storage::open(&base.url()).await.unwrap().close().await;
    let mut tables = base.tables().await;
    assert_eq!(tables.texts("select contact || ' ' || opted_out_us from reach").await, ["budi 7"]);
    assert_eq!(tables.texts("select provider_id from outbox_part").await, ["of 21"]);
}

// Negative control: without the call of `adopt` in `Storage::on`, the first row "is not as it was appended".
async fn an_audit_trail_of_before_becomes_a_chain(engine: Engine) {
    let base = of_version_before(engine, 32).await;
    let mut tables = base.tables().await;
    for (id, at, act, subject) in [
        (65_537, 1, "sign_in", "null"),
        (3, 3, "view_booking", "17"),
        (4, 2, "find", "null"),
        (65_538, 3, "find", "null"),
    ] {
        tables
            .run(&format!(
                "insert into audit (id, at_us, staff, login, office, act, subject, network) \
                 values ({id}, {at}, 7, 'rina', 'bogor', '{act}', {subject}, '10.0.0.1')"
            ))
            .await;
    }
    drop(tables);
    // Two that start one after the other, as a node and its command line do.
    drop(Storage::open(&base.url()).await.unwrap());
    let storage = Storage::open(&base.url()).await.unwrap();
    let verified = storage.verify_audit(&[]).await.unwrap();
    assert_eq!((verified.head.number, verified.fault), (4, None));
    let mut tables = base.tables().await;
    let rows = "select id || ' ' || at_us || ' ' || act || ' ' || kind || subject from audit order by id";
    assert_eq!(tables.texts(rows).await, ["1 1 sign_in ", "2 2 find ", "3 3 view_booking booking17", "4 3 find "]);
    assert!(tables.refuses("update audit set why = 'x' where id = 1").await, "what is chained is kept");
}

on_both_engines!(
    an_audit_trail_of_before_becomes_a_chain,
    ten_nodes_that_start_together_migrate_once,
    a_database_of_before_keeps_bookings_and_the_order_of_replies,
    a_database_of_before_keeps_who_wants_no_messages,
);

/// What a schema says, in words that both engines share.
type Schema = BTreeMap<String, BTreeSet<String>>;

async fn sqlite_schema(tables: &mut Tables) -> Schema {
    let Tables::Sqlite(conn) = tables else { panic!("SQLite") };
    let mut schema = Schema::new();
    let columns = "select m.name, c.name, lower(c.type), c.\"notnull\", c.pk from sqlite_schema m \
                   join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite_%'";
    for row in sqlx::query(columns).fetch_all(&mut *conn).await.unwrap() {
        let (table, column, kind): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let (not_null, key): (i64, i64) = (row.get(3), row.get(4));
        // A row id is never null, and dates are text here.
        let not_null = not_null > 0 || key > 0;
        let kind = if kind == "integer" { "bigint" } else { kind.as_str() };
        let said = format!("{column} {kind} not_null={not_null} key={key}");
        schema.entry(table).or_default().insert(said);
    }
    let indices = "select m.name, i.name, i.\"unique\", i.partial, (select group_concat(x.name, ',') from \
                   (select name from pragma_index_info(i.name) order by seqno) x), \
                   coalesce(s.sql, '') from sqlite_schema m join pragma_index_list(m.name) i \
                   left join sqlite_schema s on s.name = i.name where m.type = 'table' and i.origin = 'c'";
    for row in sqlx::query(indices).fetch_all(&mut *conn).await.unwrap() {
        let (table, index, columns, sql): (String, String, String, String) =
            (row.get(0), row.get(1), row.get(4), row.get(5));
        let unique = row.get::<i64, _>(2) > 0;
        let only = sql.split_once(" where ").map(|(_, only)| words(only)).unwrap_or_default();
        let said = format!("index {index} unique={unique} ({columns}) {only}");
        schema.entry(table).or_default().insert(said);
    }
    let foreign = "select m.name, f.\"from\", f.\"table\" from sqlite_schema m join pragma_foreign_key_list(m.name) f";
    for row in sqlx::query(foreign).fetch_all(&mut *conn).await.unwrap() {
        let (table, column, other): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        schema.entry(table).or_default().insert(format!("{column} refers to {other}"));
    }
    schema
}

async fn postgres_schema(tables: &mut Tables) -> Schema {
    let Tables::Postgres(conn) = tables else { panic!("PostgreSQL") };
    let mut schema = Schema::new();
    let columns = "select c.relname::text, a.attname::text, format_type(a.atttypid, null), a.attnotnull, \
                   coalesce(array_position(k.conkey::smallint[], a.attnum), 0)::bigint from pg_class c \
                   join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped \
                   left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p' \
                   where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace";
    for row in sqlx::query(columns).fetch_all(&mut *conn).await.unwrap() {
        let (table, column, kind): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let (not_null, key): (bool, i64) = (row.get(3), row.get(4));
        let kind = if kind == "date" { "text" } else { kind.as_str() };
        let said = format!("{column} {kind} not_null={not_null} key={key}");
        schema.entry(table).or_default().insert(said);
    }
    let indices = "select c.relname::text, i.relname::text, x.indisunique, \
                   (select string_agg(a.attname::text, ',' order by k.place) from unnest(x.indkey) with ordinality \
                   as k(number, place) join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number), \
                   coalesce(pg_get_expr(x.indpred, x.indrelid), '') from pg_index x join pg_class c on c.oid = x.indrelid \
                   join pg_class i on i.oid = x.indexrelid where c.relnamespace = 'public'::regnamespace \
                   and not x.indisprimary and not exists (select from pg_constraint k where k.conindid = i.oid)";
    for row in sqlx::query(indices).fetch_all(&mut *conn).await.unwrap() {
        let (table, index, columns, only): (String, String, String, String) =
            (row.get(0), row.get(1), row.get(3), row.get(4));
        let unique: bool = row.get(2);
        let said = format!("index {index} unique={unique} ({columns}) {}", words(&only));
        schema.entry(table).or_default().insert(said);
    }
    let foreign = "select conrelid::regclass::text, (select a.attname::text from pg_attribute a \
                   where a.attrelid = conrelid and a.attnum = conkey[1]), confrelid::regclass::text \
                   from pg_constraint where contype = 'f'";
    for row in sqlx::query(foreign).fetch_all(&mut *conn).await.unwrap() {
        let (table, column, other): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        schema.entry(table).or_default().insert(format!("{column} refers to {other}"));
    }
    schema
}

/// The condition of a partial index as its words only: PostgreSQL writes `IN (…)` as `= ANY (ARRAY[…])`.
fn words(condition: &str) -> String {
    let plain = condition.to_lowercase().replace("::text", " ").replace(" = any ", " in ").replace("array", " ");
    let words: Vec<&str> =
        plain.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '=')).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

// Negative control: an index made unique on one side only was found.
#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_same_schema() {
    let (sqlite, postgres) = (Base::new(Engine::Sqlite).await, Base::new(Engine::Postgres).await);
    drop(sqlite.storage().await);
    let mut sqlite = sqlite_schema(&mut sqlite.tables().await).await;
    let mut postgres = postgres_schema(&mut postgres.tables().await).await;
    // The driver's own.
    for schema in [&mut sqlite, &mut postgres] {
        assert!(schema.remove("_sqlx_migrations").is_some());
    }
    assert!(sqlite.len() >= 15 && sqlite["outbox"].len() > 20, "{sqlite:#?}");
    for (table, said) in &sqlite {
        let twin = postgres.remove(table).unwrap_or_default();
        let only_here: Vec<_> = said.difference(&twin).collect();
        let only_there: Vec<_> = twin.difference(said).collect();
        assert!(only_here.is_empty() && only_there.is_empty(), "{table}: {only_here:#?} against {only_there:#?}");
    }
    assert!(postgres.is_empty(), "{postgres:#?}");
}
