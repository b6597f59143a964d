//! Canaries: a citizen who is easy to find is planted through every way in, and searched for afterwards.

use std::collections::BTreeSet;

use antrean::desk::Verdict;
use antrean::domain::retention::Retention;
use antrean::gateway::Item;
use antrean::storage::NewErasure;

use super::{CANARIES, FORM, NUMBER, Planted, bogor, in_servers_files, planted_key};
use crate::support::engine::{Engine, on_both_engines};

/// The tables, and the files, in which a canary stands.
fn places(found: &[String]) -> BTreeSet<&str> {
    found.iter().filter_map(|line| line.rsplit(['/', ' ']).next()).collect()
}

// Negative controls, run: with `ticket` left out of the tables that are searched, the canary stands there; with `secure_delete` off, it
// stands in SQLite's file.
async fn nothing_is_left_of_whoever_is_erased(engine: Engine) {
    let planted = Planted::new(engine).await;
    let before = planted.found().await;
    let places = places(&before);
    for place in [
        "inbound",
        "outbox",
        "booking",
        "conversation",
        "address",
        "media",
        "unread",
        "set_aside",
        "ticket",
        "visit",
        "talk",
        "waiting",
        "notice",
        "upload",
        "audit_contact",
    ] {
        assert!(places.contains(place), "nothing was planted in {place}: {places:?}");
    }
    assert!(!planted.erase(false).await, "their booking is valid");
    assert_eq!(planted.found().await.len(), before.len(), "and nothing was touched");
    assert!(planted.erase(true).await);
    planted.fixture.assert_balanced().await;
    let caretaker = planted.caretaker(Retention::default());
    planted.tidy(&caretaker).await;
    planted.fixture.storage.empty_log().await.unwrap();
    // The walk-in told a name and nothing else: nobody knows whose it is, so it goes with its age.
    let left = planted.found().await;
    let left: Vec<&String> =
        left.iter().filter(|line| !line.ends_with("in visit") && !line.contains("antrean.db")).collect();
    assert_eq!(left, Vec::<&String>::new());
    let mut tables = planted.tables().await;
    assert_eq!(tables.count("select count(*) from booking where state = 'cancelled'").await, 1, "a count stays");
    assert_eq!(tables.count("select count(*) from booking where erased_us is null").await, 0);
    tables.run("update visit set name = null").await;
    planted.fixture.storage.empty_log().await.unwrap();
    assert_eq!(planted.found().await, Vec::<String>::new(), "in no file either");
    if engine == Engine::Postgres {
        assert!(
            !in_servers_files(&mut tables, &CANARIES).await.is_empty(),
            "rows that were erased lie in the server's pages"
        );
        tables.run("vacuum full").await;
        assert_eq!(in_servers_files(&mut tables, &CANARIES).await, Vec::<String>::new(), "in no file of the server");
    }
}

// Negative controls, run: without `old::visits` the name of whoever came without a booking is left, without `forget_numbers` the number of
// the person who was looked at; with `secure_delete` off, what was erased still lies in SQLite's file.
async fn nothing_is_left_of_anybody_when_the_time_is_over(engine: Engine) {
    let planted = Planted::new(engine).await;
    planted.stranger_is_looked_at().await;
    let caretaker = planted.caretaker(Retention::default());
    let files = || std::fs::read_dir(planted.photos().folder()).unwrap().count();
    // The visit is tomorrow.
    planted.days(&caretaker, 7).await;
    assert_eq!(files(), 1, "a week after the visit it is kept");
    planted.days(&caretaker, 4).await;
    assert_eq!(files(), 0, "and then it is not");
    planted.days(&caretaker, 30).await;
    let mut tables = planted.tables().await;
    assert!(tables.count("select count(*) from inbound_archive").await > 0, "moved away");
    let kept = |tables: i64| tables > 0;
    assert!(kept(tables.count("select count(*) from conversation").await));
    planted.days(&caretaker, 60).await;
    for table in ["inbound", "inbound_archive", "outbox", "outbox_archive", "set_aside", "unread", "media", "talk"] {
        assert_eq!(tables.count(&format!("select count(*) from {table}")).await, 0, "{table}");
    }
    let named = "select count(*) from booking where erased_us is null and applicant like '%Qwerzani%'";
    assert_eq!(tables.count(named).await, 1, "whom the booking was for is kept for a year");
    planted.days(&caretaker, 270).await;
    drop(tables);
    assert_eq!(planted.found().await, Vec::<String>::new());
    let mut tables = planted.tables().await;
    assert_eq!(tables.count("select count(*) from booking where state = 'booked'").await, 1, "counts stay");
    assert_eq!(tables.count("select count(*) from conversation").await, 0);
    assert_eq!(tables.count("select count(*) from address").await, 0);
    let audit = planted.fixture.storage.audit(planted.fixture.now()).await.unwrap();
    assert_eq!(audit.findings, Vec::<String>::new());
    let counted = planted.metrics.print().unwrap();
    for what in ["messages", "replies", "photos", "bookings", "tickets", "contacts"] {
        assert!(counted.contains(&format!("antrean_erased_total{{what=\"{what}\"}}")), "{what}: {counted}");
    }
}

// Negative control, run: with no hash kept, the second delivery is served.
async fn an_erased_message_is_still_a_repeat_for_nine_days(engine: Engine) {
    let mut planted = Planted::empty(engine).await;
    planted.say(FORM).await;
    planted.send_all().await;
    let again = planted.fixture.message(0, &format!("wamid.{NUMBER}.1"), FORM);
    let Item::Message(mut again) = again else { panic!("a message") };
    again.contact = planted_key().1;
    let deliver = || planted.fixture.desk.serve(vec![Item::Message(again.clone())]);
    assert!(planted.erase(true).await);
    let caretaker = planted.caretaker(Retention::default());
    planted.days(&caretaker, 8).await;
    assert_eq!(deliver().await, Ok(vec![Verdict::Repeat]));
    assert_eq!(planted.tables().await.count("select count(*) from inbound").await, 0);
    planted.days(&caretaker, 2).await;
    assert_eq!(planted.tables().await.count("select count(*) from erased_message").await, 0, "and not for longer");
}

// Negative control, run: with what was found not compared with what is known in `Batch::erase`, half of it is erased.
/// What was found is old by the time of the erasure: nothing is erased, so that nothing half of a conversation stays.
async fn whoever_writes_meanwhile_is_not_erased_half(engine: Engine) {
    let mut planted = Planted::new(engine).await;
    let traces = planted.fixture.storage.traces(&[planted_key()], false).await.unwrap().remove(0);
    planted.say("#status").await;
    let stale = NewErasure { traces, others: Vec::new() };
    assert!(!planted.fixture.desk.erase(&bogor(), stale, true).await.unwrap());
    planted.fixture.assert_balanced().await;
    assert!(planted.erase(true).await, "with what is there now it is done");
    planted.fixture.assert_balanced().await;
    // They may come back, as somebody new.
    assert!(planted.say(FORM).await.contains("Kode konfirmasi"));
    planted.fixture.assert_balanced().await;
}

/// Two nodes erase while the citizen writes and replies are sent: whatever comes first, the books balance and nothing is sent twice.
async fn two_nodes_a_courier_and_a_form_under_way(engine: Engine) {
    let mut planted = Planted::new(engine).await;
    let other = planted.fixture.node();
    planted.say("#status").await;
    let find = || async { planted.fixture.storage.traces(&[planted_key()], false).await.unwrap().remove(0) };
    let (first, second) = (find().await, find().await);
    let form = planted.fixture.message(5, "wamid.other", "#Budi#25011987#04082026");
    let erase = |traces| NewErasure { traces, others: Vec::new() };
    let office = bogor();
    let (one, two, served, ()) = tokio::join!(
        planted.fixture.desk.erase(&office, erase(first), true),
        other.erase(&office, erase(second), true),
        planted.fixture.desk.serve(vec![form]),
        planted.send_all(),
    );
    assert!(one.unwrap() || two.unwrap(), "one of them has done it");
    assert_eq!(served, Ok(vec![Verdict::Served]));
    other.close().await;
    planted.fixture.assert_balanced().await;
    planted.sent = 100;
    let status = planted.say("#status").await;
    assert!(!status.to_lowercase().contains("qwerzani"), "{status}");
    planted.fixture.assert_balanced().await;
}

/// Rounds of an erasure and a form at once.
const ROUNDS: usize = 6;

// Negative control, run: without the same comparison the erasure that comes second takes the new form with it.
/// On two nodes at once: either the form is first, and nothing is erased, or the erasure is, and the form is all that is known of them.
async fn an_erasure_and_a_form_of_the_same_citizen_at_once(engine: Engine) {
    for round in 0..ROUNDS {
        let mut planted = Planted::empty(engine).await;
        planted.say(FORM).await;
        planted.send_all().await;
        let other = planted.fixture.node();
        let traces = planted.fixture.storage.traces(&[planted_key()], false).await.unwrap().remove(0);
        let form = planted.fixture.message(0, "wamid.at-once", "#Qwerzani Pustovaya#13021971#05082026");
        let Item::Message(mut form) = form else { panic!("a message") };
        form.contact = planted_key().1;
        let office = bogor();
        let erase = planted.fixture.desk.erase(&office, NewErasure { traces, others: Vec::new() }, true);
        let serve = other.serve(vec![Item::Message(form)]);
        let (erased, served) = if round % 2 == 0 {
            tokio::join!(erase, serve)
        } else {
            let (served, erased) = tokio::join!(serve, erase);
            (erased, served)
        };
        let erased = erased.unwrap();
        println!("round {round}: the {} was first", if erased { "erasure" } else { "form" });
        assert_eq!(served, Ok(vec![Verdict::Served]));
        other.close().await;
        let mut tables = planted.tables().await;
        planted.fixture.assert_balanced().await;
        let messages = format!("select count(*) from inbound where contact = '{NUMBER}'");
        assert_eq!(tables.count(&messages).await, if erased { 1 } else { 2 }, "round {round}");
        let held = format!("select count(*) from booking where contact = '{NUMBER}' and state = 'held'");
        assert_eq!(tables.count(&held).await, 1, "round {round}: their newest form holds a seat");
        // Steps by two nodes at one instant have no order.
        planted.fixture.pass(1);
        assert!(planted.erase(true).await);
        planted.fixture.assert_balanced().await;
        assert_eq!(tables.count(&messages).await, 0);
    }
}

on_both_engines!(
    an_erasure_and_a_form_of_the_same_citizen_at_once,
    nothing_is_left_of_whoever_is_erased,
    nothing_is_left_of_anybody_when_the_time_is_over,
    an_erased_message_is_still_a_repeat_for_nine_days,
    whoever_writes_meanwhile_is_not_erased_half,
    two_nodes_a_courier_and_a_form_under_way,
);
