//! What is over goes to the archive, a little at a time; what is young, live or waiting stays.

use chrono::{DateTime, TimeDelta, Utc};

use crate::support::engine::{Engine, Tables, on_both_engines};
use crate::support::installation::form;

use crate::support::desk_fixture::{DeskFixture, tuesday};

/// Rows in the tables that every message reads, and in the archive.
async fn rows(tables: &mut Tables) -> (i64, i64) {
    let count = async |tables: &mut Tables, end: &str| {
        let sql = format!(
            "select (select count(*) from inbound{end}) + (select count(*) from event{end}) \
             + (select count(*) from outbox{end})"
        );
        tables.count(&sql).await
    };
    (count(tables, "").await, count(tables, "_archive").await)
}

// Negative control: with `<=` turned into `<` in `copy` some rows are nowhere.
async fn old_rows_move_to_the_archive_a_little_at_a_time(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    let mut tables = fixture.tables().await;
    for n in 0..30 {
        fixture.ask(n, &format!("wamid.{n}"), &form(&crate::support::installation::name(n), tuesday())).await;
        fixture.pass(1);
    }
    let young_from = fixture.now();
    fixture.ask(40, "wamid.young", "halo").await;
    // One reply waits on; the rest is with the provider, but for one that was given up.
    tables.run("update outbox set state = 'sent'").await;
    tables.run("update outbox set state = 'dead' where reply_to = 'wamid.3'").await;
    tables.run("update outbox set state = 'waiting' where reply_to = 'wamid.5'").await;
    let (hot, archived) = rows(&mut tables).await;
    assert_eq!(archived, 0);
    let mut now: DateTime<Utc> = young_from + TimeDelta::days(90);
    let mut steps = 0;
    loop {
        // Two nodes at the same moment: one does it.
        let (here, there) =
            tokio::join!(fixture.storage.archive(now, young_from, 10), fixture.storage.archive(now, young_from, 10));
        let (here, there) = (here.unwrap(), there.unwrap());
        assert!(here.rows == 0 || there.rows == 0, "{here:?} {there:?}");
        assert!(here.rows + there.rows <= 33, "small steps: {here:?} {there:?}");
        let (left, gone) = rows(&mut tables).await;
        assert_eq!(left + gone, hot, "nothing is lost or doubled after step {steps}");
        fixture.assert_balanced().await;
        steps += 1;
        let due = here.due.max(there.due);
        assert!(due > now);
        if due - now > TimeDelta::minutes(1) {
            break;
        }
        now = due;
    }
    assert!(steps >= 3, "{steps} steps");
    assert_eq!(
        tables.texts("select message from inbound order by served_us").await,
        ["wamid.5", "wamid.young"],
        "the young one, and the one whose answer waits"
    );
    let young = young_from.timestamp_micros();
    let old_events = format!("select count(*) from event where at_us < {young}");
    assert_eq!(tables.count(&old_events).await, 0);
    assert_eq!(
        tables.texts("select reply_to from outbox order by id").await,
        ["wamid.5", "wamid.young"],
        "what waits stays, however old"
    );
    assert_eq!(tables.count("select count(*) from outbox_archive where state = 'dead'").await, 1);
    // Not due again for a while, and the desk goes on.
    assert_eq!(fixture.storage.archive(now, now, 10).await.unwrap().rows, 0);
    assert_eq!(fixture.storage.archive(now + TimeDelta::hours(2), young_from, 10).await.unwrap().rows, 0);
    fixture.ask(41, "wamid.next", &form("Siti", tuesday())).await;
    fixture.assert_balanced().await;
}

on_both_engines!(old_rows_move_to_the_archive_a_little_at_a_time);
