//! A misread message that becomes an example of the office's format: shown masked, approved by whoever may change the format.

use antrean::domain::staff::Role;
use reqwest::StatusCode;

use super::format::post;
use super::today::page as get_page;
use crate::support::browser::desk_stage::{DeskStage, UNMASKED};
use crate::support::desk_fixture::{DeskFixture, channel};
use crate::support::engine::{Engine, on_both_engines};

const CASE: &str = "conversations/misread/case";

/// What a page has in a hidden field.
fn hidden(page: &str, name: &str) -> Option<String> {
    page.split(&format!("name=\"{name}\" value=\"")).nth(1)?.split('"').next().map(str::to_owned)
}

/// The formats that Bogor has of its own, as one text.
async fn own_formats(stage: &DeskStage) -> String {
    let stored = stage.fixture.storage.offices().await.unwrap().remove(0);
    stored.files.formats.into_iter().map(|file| file.text).collect()
}

// Negative control: with `may_publish` always true the officer sees the form.
async fn a_misread_message_becomes_an_example_once_it_was_approved(engine: Engine) {
    let stage = DeskStage::of(DeskFixture::open(engine).await).await;
    let (agus, rina) = (stage.enrol("agus", Role::Supervisor).await, stage.enrol("rina", Role::Officer).await);
    let fixture = &stage.fixture;
    fixture.ask(1, "wamid.wrong", "#Ratnasari Dewi#31061987#04082026").await;
    fixture.ask(2, "wamid.named", &format!("#Budi#31061987#04082026#{UNMASKED}")).await;
    let of = |message: &'static str| vec![("channel", channel().as_str().to_owned()), ("message", message.to_owned())];
    let send = async |token: &str, fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        post(&stage, token, CASE, &fields).await
    };
    let id = "wamid.wrong";
    let wrong = || of(id);
    // An officer compares the two, and may copy it, but not publish it.
    let (status, seen_by_officer) = send(&rina, wrong()).await;
    assert!(status == StatusCode::OK && seen_by_officer.contains("[[misreads]]"), "{seen_by_officer}");
    assert!(!seen_by_officer.contains("case-form") && seen_by_officer.contains("Penyelia"), "{seen_by_officer}");
    let (_, page) = send(&agus, wrong()).await;
    let mark = hidden(&page, "seen").unwrap();
    let publish = |mark: &str, why: &str| {
        [wrong(), vec![("do", "publish".to_owned()), ("seen", mark.to_owned()), ("why", why.to_owned())]].concat()
    };
    send(&rina, publish(&mark, "sering")).await;
    for (fields, said) in
        [(publish(&mark, " "), "tulis alasannya"), (publish("lain", "sering"), "Lihat lagi contohnya")]
    {
        let (status, page) = send(&agus, fields).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(said), "{said}: {page}");
    }
    assert_eq!(fixture.storage.offices().await.unwrap()[0].version, 2, "nothing was published");
    let (status, page) = send(&agus, publish(&mark, "31 Juni sering ditulis")).await;
    assert!(status == StatusCode::OK && page.contains("Contoh disimpan"), "{page}");
    let file = own_formats(&stage).await;
    assert!(file.contains("kind = \"no-such-day\"") && file.contains("#31061985#04082026"), "{file}");
    assert!(!file.contains("Ratnasari") && !file.contains("1987#04"), "{file}");
    // The same once more changes nothing, and what the page showed before is not what is in force.
    let (_, page) = send(&agus, wrong()).await;
    let now = hidden(&page, "seen").unwrap();
    let (status, page) = send(&agus, publish(&now, "lagi")).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("contoh yang sama"), "{page}");
    assert!(send(&agus, publish(&mark, "lagi")).await.1.contains("Lihat lagi contohnya"));
    // What still looks personal is not offered, and cannot be published by hand either.
    let named = of("wamid.named");
    let (_, page) = send(&agus, named.clone()).await;
    assert!(
        page.contains("masih ada yang mirip data pribadi")
            && page.contains("nama: Aaaaa")
            && hidden(&page, "seen").is_none(),
        "{page}"
    );
    let forced = [named, vec![("do", "publish".to_owned()), ("seen", now), ("why", "x".to_owned())]].concat();
    assert_eq!(send(&agus, forced).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(own_formats(&stage).await, file);
    let acts = "select login || ' ' || why from audit where act = 'publish_format'";
    assert_eq!(fixture.tables().await.texts(acts).await, ["agus 31 Juni sering ditulis"]);
    // The format's page is the same as before, with one more example, and still sound.
    assert!(get_page(&stage, &agus, "bogor/format").await.contains("Tidak ada kesalahan"));
}

on_both_engines!(a_misread_message_becomes_an_example_once_it_was_approved);
