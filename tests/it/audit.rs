//! The audit trail: a chain that however many append to, and in which every tampering is found.

pub(crate) mod commands;

use antrean::domain::audit::{Act, AuditEvent, Scope, Subject};
use antrean::domain::message::{ChannelId, Contact};
use antrean::domain::office::OfficeId;
use antrean::front_desk::{Press, Which};
use antrean::storage::{AuditActor, AuditFilter, AuditHead, Storage};
use chrono::{DateTime, TimeDelta, Utc};

use crate::front_desk::{TO_TUESDAY, book, by, front, open};
use crate::support::engine::{Base, Engine, Tables, on_both_engines};
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::Installation;

const RINA: AuditActor<'static> = AuditActor { staff: Some(7), login: "rina", network: "10.0.0.1" };

fn moment() -> DateTime<Utc> {
    "2026-11-30T02:00:00Z".parse().unwrap()
}

fn viewed(booking: i64) -> AuditEvent {
    let bogor = OfficeId::read("bogor").unwrap();
    AuditEvent::of(Act::ViewBooking).at(&bogor).about(Subject::booking(booking)).because("pengaduan")
}

/// Six rows, a minute apart.
async fn trail(storage: &Storage) {
    for n in 1..=6 {
        storage.record(RINA, &viewed(n), moment() + TimeDelta::minutes(n)).await.unwrap();
    }
}

/// What somebody with all rights on the database does first.
async fn unlock(tables: &mut Tables) {
    match tables {
        Tables::Sqlite(_) => tables.run("drop trigger audit_is_kept; drop trigger audit_is_as_written").await,
        Tables::Postgres(_) => tables.run("alter table audit disable trigger all").await,
    }
}

const COLUMNS: &str = "id, at_us, staff, login, network, office, act, kind, subject, scope, why, hash";

/// How a trail is tampered with, and what is said of it. Each is a negative control of one check in `storage::trail::verify`.
const TAMPERINGS: [(&str, &str); 17] = [
    ("update audit set at_us = at_us + 1 where id = 3", "row 3 is not as it was appended"),
    ("update audit set staff = null where id = 3", "row 3 is not as it was appended"),
    ("update audit set login = 'tuti' where id = 3", "row 3 is not as it was appended"),
    ("update audit set network = '' where id = 3", "row 3 is not as it was appended"),
    ("update audit set office = 'depok' where id = 3", "row 3 is not as it was appended"),
    ("update audit set act = 'find' where id = 3", "row 3 is not as it was appended"),
    ("update audit set kind = 'visit' where id = 3", "row 3 is not as it was appended"),
    ("update audit set subject = '9' where id = 3", "row 3 is not as it was appended"),
    ("update audit set scope = 'x' where id = 3", "row 3 is not as it was appended"),
    ("update audit set why = '' where id = 3", "row 3 is not as it was appended"),
    ("delete from audit where id = 3", "row 3 is missing"),
    ("delete from audit where id <= 2", "rows 1 to 2 are missing"),
    (
        "update audit set id = -3 where id = 3; update audit set id = 3 where id = 4; update audit set id = 4 where id = -3",
        "row 3 is not as it was appended, or not in its place",
    ),
    ("delete from audit where id > 4", "its end was cut off"),
    ("insert into audit select @0 from audit where id = 3", "row 0 stands in front of the first"),
    ("insert into audit select @7 from audit where id = 3", "row 7 is not as it was appended"),
    ("delete from audit_head", "the head of the trail is missing"),
];

async fn every_tampering_is_found(engine: Engine) {
    for (tampering, said) in TAMPERINGS {
        let base = Base::new(engine).await;
        let storage = base.storage().await;
        trail(&storage).await;
        let whole = storage.verify_audit(&[storage.audit_head().await.unwrap()]).await.unwrap();
        assert_eq!((whole.head.number, whole.fault), (6, None), "before: {tampering}");
        let mut tables = base.tables().await;
        for refused in ["update audit set login = 'x'", "delete from audit"] {
            assert!(tables.refuses(refused).await, "without more rights: {refused}");
        }
        unlock(&mut tables).await;
        let other_id = |id: &str| COLUMNS.replacen("id", id, 1);
        let sql = tampering.replace("@0", &other_id("0")).replace("@7", &other_id("7"));
        let sql = sql.replace("into audit select", &format!("into audit ({COLUMNS}) select"));
        tables.run(&sql).await;
        let fault = storage.verify_audit(&[]).await.unwrap().fault.unwrap_or_default();
        assert!(fault.contains(said), "{tampering}: {fault}");
        let findings = storage.audit(moment()).await.unwrap().findings;
        assert!(findings.iter().any(|found| found.contains(said)), "{tampering}: {findings:?}");
    }
}

// Negative control, run: without the comparison with what was kept, both trails are whole.
async fn a_trail_that_was_written_anew_is_found_by_a_head_that_was_kept(engine: Engine) {
    let base = Base::new(engine).await;
    let storage = base.storage().await;
    trail(&storage).await;
    let kept = storage.audit_head().await.unwrap();
    storage.record(RINA, &viewed(7), moment()).await.unwrap();
    let later = storage.verify_audit(std::slice::from_ref(&kept)).await.unwrap();
    assert_eq!((later.head.number, later.fault), (7, None), "a trail goes on after a head that was kept");
    // Its end is cut off, and the head set back with it.
    let mut tables = base.tables().await;
    unlock(&mut tables).await;
    let cut = "delete from audit where id > 4; update audit_head set last = 4, \
               hash = (select hash from audit where id = 4)";
    tables.run(cut).await;
    assert_eq!(storage.verify_audit(&[]).await.unwrap().fault, None, "this alone finds nothing");
    let fault = storage.verify_audit(std::slice::from_ref(&kept)).await.unwrap().fault.unwrap();
    assert!(fault.contains("a head of row 6 was kept: its end was cut off"), "{fault}");
    // And somebody goes on as if nothing had been.
    for n in 5..=8 {
        storage.record(RINA, &viewed(n * 10), moment()).await.unwrap();
    }
    assert_eq!(storage.verify_audit(&[]).await.unwrap().fault, None, "this alone finds nothing");
    let fault = storage.verify_audit(std::slice::from_ref(&kept)).await.unwrap().fault.unwrap();
    assert!(fault.contains("row 6 is not the one whose hash was kept"), "{fault}");
}

// Negative control, run: with a plain `select` of the head in place of the `update … returning` in `append`, two append the same number on
// PostgreSQL, and one of them fails; SQLite has one writer, so that there it holds in any case.
async fn many_that_append_at_once_make_one_chain(engine: Engine) {
    const PROCESSES: usize = 3;
    const ROWS: i64 = 20;
    let base = Base::new(engine).await;
    let mut writing = Vec::new();
    for _ in 0..PROCESSES {
        let storage = base.storage().await;
        for _ in 0..2 {
            let storage = storage.clone();
            writing.push(tokio::spawn(async move {
                for n in 0..ROWS {
                    storage.record(RINA, &viewed(n), moment()).await.unwrap();
                }
            }));
        }
    }
    for task in writing {
        task.await.unwrap();
    }
    let verified = base.storage().await.verify_audit(&[]).await.unwrap();
    assert_eq!(verified.fault, None);
    assert_eq!(usize::try_from(verified.head.number).unwrap(), PROCESSES * 2 * 20);
}

async fn a_list_is_narrowed_by_what_was_asked(engine: Engine) {
    let base = Base::new(engine).await;
    let storage = base.storage().await;
    trail(&storage).await;
    let tuti = AuditActor { staff: None, login: "tuti", network: "terminal loket" };
    let depok = OfficeId::read("depok").unwrap();
    let many = AuditEvent::of(Act::Find).at(&depok).reaching(Scope::Bookings(vec![3, 4]));
    storage.record(tuti, &many, moment() + TimeDelta::hours(1)).await.unwrap();
    let ids = async |filter: AuditFilter<'_>| {
        let rows = storage.acts(AuditFilter { limit: 100, ..filter }).await.unwrap();
        rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let any = AuditFilter::default();
    assert_eq!(ids(any).await, [7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(ids(AuditFilter { office: Some(&depok), ..any }).await, [7]);
    assert_eq!(ids(AuditFilter { login: Some("rina"), before: Some(3), ..any }).await, [2, 1]);
    assert_eq!(ids(AuditFilter { act: Some(Act::Find), ..any }).await, [7]);
    let (from, to) = (moment() + TimeDelta::minutes(2), moment() + TimeDelta::minutes(4));
    assert_eq!(ids(AuditFilter { since: Some(from), until: Some(to), ..any }).await, [3, 2]);
    let last = storage.acts(AuditFilter { limit: 1, ..any }).await.unwrap().remove(0);
    assert_eq!((last.login.as_str(), last.network.as_str(), last.known), ("tuti", "terminal loket", Some(Act::Find)));
    assert_eq!((last.scope, last.kind.as_str()), (Scope::Bookings(vec![3, 4]), ""));
}

async fn a_contact_has_one_number_and_the_trail_no_telephone(engine: Engine) {
    let base = Base::new(engine).await;
    let storage = base.storage().await;
    let (channel, siti) = (ChannelId::stored("wa/1"), Contact::new("6281200000001"));
    let number = storage.audit_contact(&channel, &siti).await.unwrap();
    assert_eq!(storage.audit_contact(&channel, &siti).await.unwrap(), number);
    assert_ne!(storage.audit_contact(&ChannelId::stored("wa/2"), &siti).await.unwrap(), number);
    let read = AuditEvent::of(Act::ViewConversation).about(Subject::contact(number));
    storage.record(RINA, &read, moment()).await.unwrap();
    // What erasing a contact does leaves the chain as it was.
    let mut tables = base.tables().await;
    tables.run("delete from audit_contact").await;
    assert_eq!(storage.verify_audit(&[]).await.unwrap().fault, None);
    let all = format!("select {} from audit", COLUMNS.replace("at_us, staff, ", "").replace(", ", " || ' ' || "));
    assert!(!tables.texts(&all).await.concat().contains("812000"));
}

/// The acts of somebody.
async fn acts_of(base: &Base, login: &str) -> Vec<String> {
    let sql = format!("select act || ' ' || kind || ' ' || scope from audit where login = '{login}' order by id");
    base.tables().await.texts(&sql).await
}

// Negative controls: without `recorded` in `pick` the call is missing (run); with it before `repeated`, the press made twice is there twice.
async fn what_officers_do_is_recorded_with_it(engine: Engine) {
    let fixture = open(engine, false).await;
    let code = book(&fixture, 1).await;
    fixture.pass(TO_TUESDAY);
    let desk = front(&fixture, "siti");
    let press = || Press { nonce: Some("call-once".to_owned()), version: None };
    desk.arrive(by(&code), Press::default()).await.unwrap().unwrap();
    desk.arrive(by(&code), Press::default()).await.unwrap().unwrap_err();
    desk.open_counter(3).await.unwrap().unwrap();
    desk.call_next(3, press()).await.unwrap().unwrap();
    desk.call_next(3, press()).await.unwrap().unwrap();
    desk.undo(Which::At(3), Press::default()).await.unwrap().unwrap();
    let id = fixture.tables().await.texts("select cast(id as text) from booking").await.remove(0);
    let wanted = ["arrive", "call", "undo"].map(|act| format!("{act} visit bookings {id}"));
    assert_eq!(acts_of(&fixture.base, "siti").await, wanted);
    // What the clock does is in the record of visits, and nobody's act.
    desk.end_today().await.unwrap().unwrap();
    assert_eq!(acts_of(&fixture.base, "siti").await.len(), 4);
    assert_eq!(acts_of(&fixture.base, "antrean").await, Vec::<String>::new());
    assert_eq!(fixture.storage.verify_audit(&[]).await.unwrap().fault, None);
}

on_both_engines!(
    what_officers_do_is_recorded_with_it,
    every_tampering_is_found,
    a_trail_that_was_written_anew_is_found_by_a_head_that_was_kept,
    many_that_append_at_once_make_one_chain,
    a_list_is_narrowed_by_what_was_asked,
    a_contact_has_one_number_and_the_trail_no_telephone,
);

#[tokio::test(flavor = "multi_thread")]
async fn the_command_lists_proves_and_fails_on_a_fault() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let whatsapp = FakeWhatsApp::start().await;
        let installation = Installation::new_on(engine, &whatsapp.api()).await;
        installation.run(&["db", "migrate"]).done();
        let storage = Storage::open(&installation.url()).await.unwrap();
        trail(&storage).await;
        storage.close().await;
        let head = installation.run(&["audit", "head"]).done();
        let listed = installation.run(&["audit", "list", "--office", "bogor", "--by", "Rina", "--limit", "2"]).done();
        assert!(listed.contains("opened a booking, booking 6 at bogor (pengaduan)  [10.0.0.1]"), "{listed}");
        assert!(listed.ends_with("2 acts\n"), "{listed}");
        let json: serde_json::Value =
            serde_json::from_str(&installation.run(&["audit", "list", "--act", "view_booking", "--json"]).done())
                .unwrap();
        assert_eq!((json.as_array().unwrap().len(), json[0]["subject"].as_str()), (6, Some("6")));
        let unknown = installation.run(&["audit", "list", "--act", "view"]);
        assert!(unknown.code == 2 && unknown.err.contains("view_booking"), "{unknown:?}");
        let whole = installation.run(&["audit", "verify", "--head", head.trim()]).done();
        assert!(whole.contains("the audit trail is whole: 6 rows"), "{whole}");
        let mut tables = installation.tables().await;
        unlock(&mut tables).await;
        tables.run("update audit set why = 'lain' where id = 5").await;
        let broken = installation.run(&["audit", "verify"]);
        assert!(broken.code == 1 && broken.out.contains("row 5 is not as it was appended"), "{broken:?}");
        let json = installation.run(&["audit", "verify", "--json"]);
        let said: serde_json::Value = serde_json::from_str(&json.out).unwrap();
        assert!(json.code == 1 && said["whole"] == false && said["number"] == 4, "{said}");
        let books = installation.run(&["db", "verify"]);
        assert!(books.code == 1 && books.out.contains("found: the audit trail is not whole: row 5"), "{books:?}");
        let AuditHead { number, .. } = Storage::open(&installation.url()).await.unwrap().audit_head().await.unwrap();
        assert_eq!(number, 6);
    }
}
