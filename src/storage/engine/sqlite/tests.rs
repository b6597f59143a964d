//! What stays in the WAL, who hears of a failed disk, and what a health check writes.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Executor;
use tempfile::TempDir;

use super::database::{Database, Purpose};
use super::options::{WAL_BYTES, WAL_BYTES_KEPT};
use crate::storage::engine::pool::Pool;
use crate::storage::handle::Storage;

async fn open(purpose: Purpose) -> (TempDir, Arc<Database>) {
    let folder = tempfile::tempdir().unwrap();
    let file = Database::open(&folder.path().join("antrean.db"), purpose).await.unwrap();
    (folder, file)
}

fn log_of(folder: &TempDir) -> PathBuf {
    folder.path().join("antrean.db-wal")
}

async fn write(file: &Arc<Database>) {
    let mut tx = file.begin().await.unwrap();
    tx.conn().execute("update id_block set next = next + 1").await.unwrap();
    tx.commit().await.unwrap();
}

/// Writes transactions of a mebibyte each; returns the greatest length of the WAL.
async fn write_much(file: &Arc<Database>, mebibytes: u32) -> u64 {
    let mut tx = file.begin().await.unwrap();
    tx.conn().execute("create table much (data blob)").await.unwrap();
    tx.commit().await.unwrap();
    let mut longest = 0;
    for _ in 0..mebibytes {
        let mut tx = file.begin().await.unwrap();
        tx.conn().execute("insert into much values (zeroblob(1024 * 1024)); delete from much").await.unwrap();
        tx.commit().await.unwrap();
        longest = longest.max(file.log().unwrap().bytes());
    }
    longest
}

// Negative control: without the keep-alive connection the WAL is gone.
#[tokio::test]
async fn no_close_of_a_connection_copies_or_deletes_the_log() {
    let (folder, file) = open(Purpose::Command).await;
    write(&file).await;
    let log = std::fs::read(log_of(&folder)).unwrap();
    assert!(!log.is_empty());
    drop(file);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(std::fs::read(log_of(&folder)).unwrap() == log);
}

// Negative control: without the checkpoint in `close` the WAL is as it was.
#[tokio::test]
async fn a_close_leaves_an_empty_log() {
    let (folder, file) = open(Purpose::Serving).await;
    write(&file).await;
    file.close().await;
    assert_eq!(std::fs::metadata(log_of(&folder)).unwrap().len(), 0);
}

// Negative control: without `sound` in `close` the WAL is empty.
#[tokio::test]
async fn a_close_after_a_failed_sync_leaves_the_log_to_the_next_start() {
    let (folder, file) = open(Purpose::Serving).await;
    write(&file).await;
    let log = std::fs::read(log_of(&folder)).unwrap();
    file.log().unwrap().fail(&file.path, &"an invented error");
    file.close().await;
    assert!(std::fs::read(log_of(&folder)).unwrap() == log);
    // A command reads what the process before it noted.
    let command = Database::open(&file.path, Purpose::Command).await.unwrap();
    let refused = command.begin().await.unwrap_err().to_string();
    assert!(refused.contains("an invented error"), "{refused}");
}

// Negative control: with `sound` called only before the wait it gets the writer.
#[tokio::test]
async fn whoever_waited_for_the_writer_hears_of_a_failure_meanwhile() {
    let (_folder, file) = open(Purpose::Command).await;
    let held = file.lock_writer().await.unwrap();
    let waiting = file.lock_writer();
    tokio::pin!(waiting);
    assert!(futures_util::poll!(&mut waiting).is_pending());
    file.log().unwrap().fail(&file.path, &"an invented error");
    drop(held);
    waiting.await.unwrap_err();
}

// Negative control: without `checkpoint_if_long` it has 160 MiB and more.
#[tokio::test]
async fn a_command_that_writes_much_keeps_the_log_short() {
    let (_folder, file) = open(Purpose::Command).await;
    let longest = write_much(&file, 160).await;
    assert!(longest < u64::from(WAL_BYTES_KEPT + 2 * WAL_BYTES), "{longest} bytes");
}

// Negative control: without `checkpoint_without_writers` it grows until the writes pause.
#[tokio::test(flavor = "multi_thread")]
async fn the_log_begins_anew_while_messages_come_in() {
    let (_folder, file) = open(Purpose::Serving).await;
    let closing = tokio_util::sync::CancellationToken::new();
    let folding = tokio::spawn({
        let (file, closing) = (Arc::clone(&file), closing.clone());
        async move { file.run_checkpoints(&closing).await }
    });
    let longest = write_much(&file, 240).await;
    println!("the log had {longest} bytes at most");
    // How far a write gets in a tenth of a second depends on the machine.
    assert!(longest < 2 * u64::from(WAL_BYTES_KEPT), "{longest} bytes");
    closing.cancel();
    folding.await.unwrap();
}

// Negative control: without `probe_write` in `ping` the WAL stays as it is; with a probe for each call it changes twice.
#[tokio::test]
async fn a_health_check_writes_where_nobody_has_for_a_while_and_waits_for_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let storage = Storage::open(&format!("sqlite://{}", folder.path().join("antrean.db").display())).await.unwrap();
    let log = || std::fs::read(log_of(&folder)).unwrap();
    storage.ping().await.unwrap();
    let before = log();
    storage.ping().await.unwrap();
    assert!(log() == before, "it has just written");
    storage.writes.age();
    storage.ping().await.unwrap();
    let after = log();
    assert!(after != before, "nobody has for a while");
    let Pool::Sqlite(file) = &storage.pool else { unreachable!() };
    let writer = file.begin().await.unwrap();
    storage.writes.age();
    tokio::time::timeout(Duration::from_secs(3), storage.ping()).await.expect("nobody is waited for").unwrap();
    writer.rollback().await.unwrap();
    assert!(log() == after);
}

// Negative control: where a failed write is not recorded it is ready all the time.
#[tokio::test]
async fn a_database_that_takes_nothing_is_not_ready_until_it_does() {
    let folder = tempfile::tempdir().unwrap();
    let storage = Storage::open(&format!("sqlite://{}", folder.path().join("antrean.db").display())).await.unwrap();
    storage.ping().await.unwrap();
    let Pool::Sqlite(file) = &storage.pool else { unreachable!() };
    let pages = |limit: &'static str| async move {
        let mut tx = file.begin().await.unwrap();
        tx.conn().execute(limit).await.unwrap();
        tx.rollback().await.unwrap();
    };
    // SQLite's own way to simulate a full disk.
    pages("pragma max_page_count = 1").await;
    let mut tx = file.begin().await.unwrap();
    let full =
        tx.conn().execute("create table much (data blob); insert into much values (zeroblob(1024 * 1024))").await;
    tx.record_result(full).unwrap_err();
    drop(tx);
    let refused = storage.ping().await.unwrap_err().to_string();
    assert!(refused.contains("the database cannot be written") && refused.contains("full"), "{refused}");
    storage.durable().await.expect("what was committed before is not in doubt");
    pages("pragma max_page_count = 1000000").await;
    storage.writes.age();
    storage.ping().await.unwrap();
}

// Negative control: where `record_error` ignores a lock, both pings are ready; with the usual busy timeout in the probe the
// second takes five seconds.
#[tokio::test]
async fn a_lock_that_another_process_keeps_is_red_until_a_write_gets_through() {
    let (folder, file) = open(Purpose::Serving).await;
    let storage = Storage::open(&format!("sqlite://{}", folder.path().join("antrean.db").display())).await.unwrap();
    let Pool::Sqlite(ours) = &storage.pool else { unreachable!() };
    let impatient = "pragma busy_timeout = 50";
    let mut tx = ours.begin().await.unwrap();
    tx.conn().execute(impatient).await.unwrap();
    tx.commit().await.unwrap();
    storage.ping().await.unwrap();

    // The `begin immediate` of a shell. The transaction that waited in vain records it.
    let shell = file.begin().await.unwrap();
    ours.begin().await.unwrap_err();
    let refused = storage.ping().await.unwrap_err().to_string();
    assert!(refused.contains("the database cannot be written") && refused.contains("locked"), "{refused}");
    shell.rollback().await.unwrap();
    storage.writes.age();
    storage.ping().await.unwrap();

    // Nothing wrote meanwhile: the probe finds out, and does not block the writer for long.
    let shell = file.begin().await.unwrap();
    storage.writes.age();
    let asked = std::time::Instant::now();
    storage.ping().await.unwrap_err();
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    let busy_timeout: i64 = {
        let mut writer = ours.writer.lock().await;
        sqlx::query_scalar("pragma busy_timeout").fetch_one(&mut writer.conn).await.unwrap()
    };
    assert_eq!(busy_timeout, 5_000, "who writes waits as before");
    shell.rollback().await.unwrap();
    // A transaction of another caller clears it too.
    let mut tx = ours.begin().await.unwrap();
    storage.writes.age();
    tx.conn().execute("update id_block set next = next + 1").await.unwrap();
    tx.commit().await.unwrap();
    for _ in 0..100 {
        if !storage.writes.has_failed() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    storage.writes.check().unwrap();
}

// Negative control: without `Drop` of the transaction the other process waits for its whole busy timeout.
#[tokio::test]
async fn a_transaction_that_is_given_up_keeps_no_other_process_waiting() {
    let (_folder, file) = open(Purpose::Serving).await;
    let command = Database::open(&file.path, Purpose::Command).await.unwrap();
    let mut given_up = file.begin().await.unwrap();
    given_up.conn().execute("update id_block set next = next + 1000000").await.unwrap();
    drop(given_up);
    let other = tokio::time::timeout(Duration::from_secs(2), command.begin()).await;
    let mut other = other.expect("well within the busy timeout").expect("the lock is free");
    let next: (i64,) = sqlx::query_as("select next from id_block").fetch_one(other.conn()).await.unwrap();
    assert!(next.0 < 1_000_000, "what was given up is not there");
}
