//! `#hapusdata`, and the notice with the first answer.

use antrean::domain::office::Privacy;
use antrean::domain::retention::Retention;

use super::{FORM, NUMBER, Planted};
use crate::support::desk_fixture::DeskFixture;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::code_in;

/// Replies and rows of the planted number.
async fn rows(planted: &Planted) -> i64 {
    let tables = &mut planted.tables().await;
    let mut rows = 0;
    for table in ["inbound", "outbox", "conversation", "booking", "erasure"] {
        rows += tables.count(&format!("select count(*) from {table} where contact = '{NUMBER}'")).await;
    }
    rows
}

// Negative control, run: without the look at replies that wait, in `Eraser::look_again_at`, the receipt is erased unsent.
async fn whoever_has_nothing_live_is_erased_once_the_receipt_is_out(engine: Engine) {
    let mut planted = Planted::empty(engine).await;
    let caretaker = planted.caretaker(Retention::default());
    planted.say(FORM).await;
    planted.say("#batal").await;
    let asked = planted.say("#hapusdata").await;
    assert!(asked.contains("Balas *ya*"), "{asked}");
    planted.say("tidak").await;
    planted.send_all().await;
    planted.tidy(&caretaker).await;
    assert!(rows(&planted).await > 0, "a no erases nothing");
    planted.say("#hapusdata").await;
    let receipt = planted.say("ya").await;
    assert!(receipt.contains("kami hapus sekarang"), "{receipt}");
    caretaker.step().await.unwrap();
    let waiting = "select count(*) from outbox where state = 'waiting'";
    assert!(planted.tables().await.count(waiting).await > 0, "the receipt is still to be sent");
    planted.send_all().await;
    planted.tidy(&caretaker).await;
    assert_eq!(rows(&planted).await, 0);
    planted.fixture.assert_balanced().await;
}

// Negative control, run: without the look at days to come, and with what is live cancelled, they are erased before their visit.
async fn whoever_has_a_visit_to_come_is_erased_after_it(engine: Engine) {
    let mut planted = Planted::empty(engine).await;
    let caretaker = planted.caretaker(Retention::default());
    let code = code_in(&planted.say(FORM).await);
    planted.say(&code).await;
    let asked = planted.say("#hapusdata").await;
    assert!(asked.contains("4 Agustus 2026") && asked.contains("#batal"), "{asked}");
    let receipt = planted.say("ya").await;
    assert!(receipt.contains("sesudah kunjungan Anda"), "{receipt}");
    planted.send_all().await;
    planted.tidy(&caretaker).await;
    assert!(rows(&planted).await > 0, "the visit is tomorrow");
    let sent = planted.tables().await.count("select count(*) from outbox").await;
    planted.days(&caretaker, 2).await;
    assert_eq!(rows(&planted).await, 0);
    assert!(sent > 0, "one receipt, and no other message");
    let booked = "select count(*) from booking where state = 'booked'";
    assert_eq!(planted.tables().await.count(booked).await, 1, "that somebody came is counted still");
    planted.fixture.assert_balanced().await;
}

// Negative control, run: with the version not compared in `tell_once`, every answer tells the notice.
async fn the_notice_is_told_once_for_each_version(engine: Engine) {
    let notice = |version| {
        let id = "Kantor menyimpan nama dan nomor Anda selama setahun. Hapus: #hapusdata.".to_owned();
        Some(Privacy { version, id, en: String::new() })
    };
    let tells = |text: &str| text.contains("*Data Anda:* Kantor menyimpan nama");
    let fixture = DeskFixture::of_bogor(engine, |bogor| bogor.privacy = notice(2)).await;
    let first = fixture.ask(1, "wamid.1", "halo").await;
    assert!(tells(&first), "{first}");
    assert!(!tells(&fixture.ask(1, "wamid.2", "#status").await), "once");
    assert!(tells(&fixture.ask(2, "wamid.3", FORM).await), "to each");
    fixture.tables().await.run("update conversation set privacy = 1").await;
    assert!(tells(&fixture.ask(1, "wamid.4", "#status").await), "they know an earlier one");
    let silent = DeskFixture::open(engine).await;
    assert!(!silent.ask(1, "wamid.1", "halo").await.contains("Data Anda:"), "an office without it says nothing");
}

on_both_engines!(
    whoever_has_nothing_live_is_erased_once_the_receipt_is_out,
    whoever_has_a_visit_to_come_is_erased_after_it,
    the_notice_is_told_once_for_each_version,
);
