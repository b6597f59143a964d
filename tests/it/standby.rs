//! A server whose commits wait for a synchronous standby: what the standby may not have is not acknowledged.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::block_in_place;

use crate::support::engine::Tables;
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{Installation, body, change, form, in_days, name, now, number, text, until};
use crate::support::postgres::server_of;
use crate::support::server_process::ServerProcess;

/// Cuts the wait of every commit short, as an administrator does who finds that nothing goes on.
const CUT_SHORT: &str = "select count(pg_cancel_backend(pid)) from pg_stat_activity where wait_event = 'SyncRep'";
/// How often that is done.
const PAUSE: Duration = Duration::from_millis(50);

/// Lets every commit wait for a standby of this name; nobody has it. Empty: for none.
async fn wait_for_standby(tables: &mut Tables, name: &str) {
    tables.run(&format!("alter system set synchronous_standby_names = '{name}'")).await;
    tables.run("select pg_reload_conf()").await;
    // Another session reads the settings when it is next asked something.
    until("the setting is in force", async || {
        let set = tables.texts("select current_setting('synchronous_standby_names')").await;
        (set == [name]).then_some(())
    })
    .await;
}

/// Delivers while every commit is cut short in its wait: the status, and whether anybody had to wait.
async fn delivered(server: &ServerProcess, tables: &mut Tables, delivery: &str) -> (Option<u16>, bool) {
    let (client, address) = (server.client.clone(), server.address.clone());
    let sent = delivery.to_owned();
    let posting = tokio::spawn(async move {
        crate::support::server_process::post(&client, &address, &sent, crate::support::installation::APP_SECRET).await
    });
    let mut waited = false;
    while !posting.is_finished() {
        waited |= tables.count(CUT_SHORT).await > 0;
        tokio::time::sleep(PAUSE).await;
    }
    (posting.await.expect("no panic"), waited)
}

/// A status of the first reply that was sent.
async fn status_of(whatsapp: &FakeWhatsApp) -> Value {
    let reply = until("the echo is sent", async || whatsapp.accepted().into_iter().next()).await;
    let mut change = change("1001", &[]);
    change["value"].as_object_mut().unwrap().remove("messages");
    change["value"]["statuses"] = json!([{
        "id": "wamid.OUT1", "status": "read", "timestamp": now().timestamp().to_string(), "recipient_id": number(0),
        "biz_opaque_callback_data": reply["biz_opaque_callback_data"],
    }]);
    change
}

// A commit is done locally before it waits; whoever cuts its wait short turns that into a success with a warning. The first
// delivery finds the warning. The second finds everything there, writes nothing, and would not wait.
// Negative controls: without `warned` in `PgTx::commit` the first delivery of the form is answered with 200; without
// `confirm_at_commit` in `note_statuses` the second one of the status is. (A form locks its office, and a message for nobody its row:
// both write something, and so wait.)
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_the_standby_may_not_have_is_not_acknowledged_however_often_it_is_delivered() {
    let (url, _in_use) = block_in_place(|| server_of("standby"));
    let mut tables = Tables::of(&url).await;
    wait_for_standby(&mut tables, "").await;
    tables.run("drop database if exists antrean with (force)").await;
    tables.run("create database antrean").await;
    let (server_url, _) = url.rsplit_once('/').unwrap();
    let url = format!("{server_url}/antrean");
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new(&whatsapp.api());
    let server = block_in_place(|| ServerProcess::start_with(&installation, &[("ANTREAN_DATABASE", &url)]));
    let form_of = |n: usize| text(&number(n), &format!("wamid.{n}"), now(), &form(&name(n), in_days(3)));
    assert_eq!(server.post(&body(&[vec![change("1001", &[form_of(0)])]])).await, Some(200));
    let mut odd = text(&number(2), "wamid.odd", now(), "x");
    odd["text"] = json!({"body": {"angka": 1}});
    let deliveries = [
        ("a form", change("1001", &[form_of(1)])),
        ("a message for nobody", change("9999", &[form_of(3)])),
        ("a status", status_of(&whatsapp).await),
        ("a body that cannot be read", change("1001", &[odd])),
    ]
    .map(|(what, change)| (what, body(&[vec![change]])));

    wait_for_standby(&mut tables, "nobody").await;
    for round in ["first", "again"] {
        for (what, delivery) in &deliveries {
            let (status, waited) = delivered(&server, &mut tables, delivery).await;
            assert_eq!((status, waited), (Some(503), true), "{what}, delivered {round}");
        }
    }
    let mut there = Tables::of(&url).await;
    assert_eq!(
        there.count("select count(*) from inbound where message = 'wamid.1'").await,
        1,
        "done on this server alone"
    );

    wait_for_standby(&mut tables, "").await;
    for (what, delivery) in &deliveries {
        assert_eq!(server.post(delivery).await, Some(200), "{what}");
    }
    for (counted, wanted) in [("booking", 2), ("set_aside", 1), ("unread", 1)] {
        assert_eq!(there.count(&format!("select count(*) from {counted}")).await, wanted, "{counted}");
    }
    assert_eq!(there.count("select count(*) from outbox where delivery = 4").await, 1, "read");
    installation.run(&["db", "verify", "--database", &url]).done();
    assert!(block_in_place(|| server.terminate()).0.success());
}
