//! Versions that are published while citizens write: a conversation under way ends with the format that it began with, every node has
//! the new one at once, and two who change an office at once do not undo each other's work.

use std::sync::Arc;

use antrean::desk::{Desk, Verdict};
use antrean::domain::office::OfficeId;
use antrean::domain::office_files::TextFile;
use antrean::roster::{EditedFile, NewValue};
use antrean::storage::{Origin, StoredOffice};
use antrean::versions::{Edit, PublishError, Versions};
use chrono::NaiveDate;

use crate::support::desk_fixture::{DeskFixture, channel, tuesday};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{form, name, number};

/// The poster's line with an address, under the id of the line without.
const WITH_ADDRESS: &str = "id = \"nama-lahir-kedatangan\"\npattern = \"#Nama#TglLahir#Alamat#TglKedatangan\"\n";

fn bogor() -> OfficeId {
    OfficeId::read("bogor").unwrap()
}

fn versions(fixture: &DeskFixture) -> Versions {
    Versions::new(fixture.storage.clone(), fixture.desk.roster(), fixture.now())
}

async fn current(fixture: &DeskFixture) -> StoredOffice {
    versions(fixture).current(&bogor()).await.unwrap().unwrap()
}

/// Publishes a change of what is in force.
async fn publish(
    fixture: &DeskFixture,
    why: &str,
    change: impl FnOnce(&mut StoredOffice),
) -> Result<u32, PublishError> {
    let mut stored = current(fixture).await;
    let parent = stored.version;
    change(&mut stored);
    let edit = Edit { office: &bogor(), parent, files: stored.files, why, actor: "siti" };
    versions(fixture).publish(edit).await.map(|published| published.version)
}

fn with_address(stored: &mut StoredOffice) {
    stored.files.formats.push(TextFile { name: "alamat.toml".into(), text: WITH_ADDRESS.into() });
}

fn set(stored: &mut StoredOffice, key: &str, value: i64) {
    let mut edited = EditedFile::read(&stored.files.office.text).unwrap();
    let path: Vec<&str> = key.split('.').collect();
    edited.set(&path, Some(&NewValue::Number(value))).unwrap();
    stored.files.office.text = edited.text();
}

/// The form of citizen `n` with an address in it.
fn addressed(n: usize, visit: NaiveDate) -> String {
    form(&name(n), visit).replacen("#25011987#", "#25011987#Jl. Melati 5#", 1)
}

fn has_code(reply: &str) -> bool {
    reply.contains("Kode konfirmasi:")
}

/// What a node replies to the first citizen, a minute later. Nodes number their replies apart, so the newest is known by its time.
async fn ask(fixture: &DeskFixture, node: &Desk, (id, text): (&str, &str)) -> String {
    fixture.pass(1);
    assert_eq!(node.serve(vec![fixture.message(1, id, text)]).await, Ok(vec![Verdict::Served]), "{text}");
    let sql = format!("select text from outbox where contact = '{}' order by created_us desc limit 1", number(1));
    fixture.tables().await.texts(&sql).await.remove(0)
}

// Negative controls: with `read_as_begun` left out, the corrected form of the first citizen is misread; with `EarlierFormats::saw`
// always true, the form of the third is read by a poster that is gone.
async fn a_conversation_under_way_keeps_its_format(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    let old = fixture.ask(1, "m1", &form(&name(1), tuesday())).await;
    assert!(has_code(&old), "{old}");
    fixture.pass(1);
    publish(&fixture, "poster baru", with_address).await.unwrap();
    fixture.pass(1);
    // Whoever begins now reads the new poster; whoever writes by the old one is told what is missing.
    let asked = fixture.ask(2, "m2", &form(&name(2), tuesday())).await;
    assert!(!has_code(&asked) && asked.contains("Alamat"), "{asked}");
    let new = fixture.ask(2, "m3", &addressed(2, tuesday())).await;
    assert!(has_code(&new), "{new}");
    // The hold of the first is corrected by the old line, on another node too.
    let wednesday = tuesday().succ_opt().unwrap();
    let corrected = fixture.ask(1, "m4", &form(&name(1), wednesday)).await;
    assert!(has_code(&corrected) && corrected.contains("5 Agustus"), "{corrected}");
    let node = fixture.node();
    let again = ask(&fixture, &node, ("m5", &form(&name(1), tuesday()))).await;
    assert!(has_code(&again) && again.contains("4 Agustus"), "{again}");
    // Somebody who has seen the new poster meanwhile is not held to the old one.
    let both = ask(&fixture, &fixture.desk, ("m6", &addressed(1, wednesday))).await;
    assert!(has_code(&both) && both.contains("5 Agustus"), "{both}");
    // When the hold has lapsed, the conversation is over.
    fixture.pass(40);
    let late = ask(&fixture, &fixture.desk, ("m7", &form(&name(1), tuesday()))).await;
    assert!(!has_code(&late) && late.contains("Alamat"), "{late}");
    fixture.assert_balanced().await;
}

// Negative control: with the comparison of `parent` left out of `Versions::put`, the slower one undoes what the faster one changed.
async fn the_slower_of_two_is_told_and_the_faster_one_stays(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    let began = current(&fixture).await;
    assert_eq!(publish(&fixture, "loket 3 tutup", |stored| set(stored, "seats_per_hour", 40)).await.unwrap(), 3);
    let mut slower = began.clone();
    set(&mut slower, "policy.hold_minutes", 45);
    let edit = Edit { office: &bogor(), parent: began.version, files: slower.files, why: "lebih lama", actor: "rina" };
    let refused = versions(&fixture).publish(edit).await;
    let Err(PublishError::Conflict(head)) = refused else { panic!("{refused:?}") };
    assert_eq!((head.version, head.actor.as_str(), head.why.as_str()), (3, "siti", "loket 3 tutup"));
    // At the same moment: one of them is in force, the other is told.
    let (one, other) = tokio::join!(
        publish(&fixture, "satu", |stored| set(stored, "seats_per_hour", 41)),
        publish(&fixture, "dua", |stored| set(stored, "seats_per_hour", 42)),
    );
    let told = [&one, &other].iter().filter(|it| matches!(it, Err(PublishError::Conflict(_)))).count();
    assert!(told <= 1 && [&one, &other].iter().any(|it| it.is_ok()), "{one:?} {other:?}");
    let heads = versions(&fixture).list(&bogor()).await.unwrap();
    assert!(heads.iter().any(|head| head.why == "satu") || heads.iter().any(|head| head.why == "dua"));
    assert!(heads.windows(2).all(|pair| pair[0].version > pair[1].version));
}

// Negative control: with the files of the version in force taken instead of the earlier one's, nothing comes back.
async fn an_earlier_version_comes_back_as_a_new_one(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    let before = current(&fixture).await;
    publish(&fixture, "poster baru", with_address).await.unwrap();
    publish(&fixture, "lebih sedikit", |stored| set(stored, "seats_per_hour", 40)).await.unwrap();
    let back = versions(&fixture).roll_back(&bogor(), (4, 2), ("poster lama masih dipakai", "siti")).await.unwrap();
    let said: Vec<String> = back.changes.iter().map(antrean::versions::sentence).collect();
    assert!(back.version == 5 && said.iter().any(|line| line == "seats_per_hour: 40 -> 50"), "{said:?}");
    let now = current(&fixture).await;
    assert_eq!((now.version, now.files.formats.len()), (5, 0));
    let whole = |stored: &StoredOffice| stored.file.replace(&format!("version = {}", stored.version), "version = N");
    assert_eq!(whole(&now), whole(&before));
    let head = versions(&fixture).list(&bogor()).await.unwrap().remove(0);
    assert_eq!((head.origin, head.came_from, head.hash.len()), (Origin::RollBack, Some(2), 64));
    // The old poster is read again.
    let reply = fixture.ask(1, "m1", &form(&name(1), tuesday())).await;
    assert!(has_code(&reply), "{reply}");
    assert!(matches!(versions(&fixture).roll_back(&bogor(), (5, 77), ("x", "siti")).await, Err(PublishError::Unknown)));
    assert!(matches!(versions(&fixture).roll_back(&bogor(), (5, 2), (" ", "siti")).await, Err(PublishError::Why)));
}

// Negative control: with `refuse_displacing` left out, the day is closed and nobody is asked about.
async fn people_are_never_put_out_by_a_change_of_settings(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    fixture.ask(1, "m1", &form(&name(1), tuesday())).await;
    let close = |stored: &mut StoredOffice| {
        stored.files.office.text.push_str("\n[[closed]]\ndate = 2026-08-04\nreason = \"Pindah\"\n");
    };
    let refused = publish(&fixture, "pindah", close).await;
    assert!(matches!(&refused, Err(PublishError::Displaces(places)) if places.len() == 1), "{refused:?}");
    // A change that takes nothing from anybody is published.
    assert_eq!(publish(&fixture, "lebih lama", |stored| set(stored, "policy.hold_minutes", 45)).await.unwrap(), 3);
    let wrong = publish(&fixture, "salah", |stored| set(stored, "policy.hold_minutes", 0)).await;
    let Err(PublishError::Problems(problems)) = wrong else { panic!("{wrong:?}") };
    assert_eq!(problems.len(), 1);
    assert!(problems[0].line > 1 && !problems[0].remedy.is_empty(), "{problems:?}");
    assert!(matches!(publish(&fixture, "sama", |_| {}).await, Err(PublishError::Nothing)));
}

/// Citizens who write while versions are published, and how many of them.
const WRITERS: usize = 200;

// Negative control: with the row of the version written outside of the import's transaction, nodes see a version without formats.
async fn versions_are_published_under_load_on_two_nodes(engine: Engine) {
    let fixture = Arc::new(DeskFixture::open(engine).await);
    let node = fixture.node();
    let mut writers = tokio::task::JoinSet::new();
    for n in 1..=WRITERS {
        let desk = if n % 2 == 0 { node.clone() } else { fixture.desk.clone() };
        let items = [fixture.form(n), fixture.message(n, &format!("again{n}"), &addressed(n, tuesday()))];
        writers.spawn(async move {
            for item in items {
                while desk.serve(vec![item.clone()]).await.is_err() {
                    tokio::task::yield_now().await;
                }
            }
        });
    }
    for turn in 0..6 {
        let change = |stored: &mut StoredOffice| {
            if turn % 2 == 0 { with_address(stored) } else { stored.files.formats.clear() }
        };
        publish(&fixture, "bergantian", change).await.unwrap();
        tokio::task::yield_now().await;
    }
    writers.join_all().await;
    for (desk, n) in [(&fixture.desk, WRITERS + 1), (&node, WRITERS + 2)] {
        assert_eq!(desk.serve(vec![fixture.form(n)]).await, Ok(vec![Verdict::Served]));
    }
    // Whoever wrote got an answer to each message, and nobody lost a seat.
    let mut tables = fixture.tables().await;
    let sql = format!("select count(distinct contact) from outbox where channel = '{}'", channel().as_str());
    assert_eq!(tables.count(&sql).await, i64::try_from(WRITERS + 2).unwrap());
    assert_eq!(tables.count("select count(*) from set_aside").await, 0);
    assert_eq!(fixture.desk.roster().offices[&bogor()].version, node.roster().offices[&bogor()].version);
    fixture.assert_balanced().await;
}

on_both_engines!(
    a_conversation_under_way_keeps_its_format,
    the_slower_of_two_is_told_and_the_faster_one_stays,
    an_earlier_version_comes_back_as_a_new_one,
    people_are_never_put_out_by_a_change_of_settings,
    versions_are_published_under_load_on_two_nodes,
);
