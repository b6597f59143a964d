//! Photos on the disk: encrypted, under the newest key whatever is cut off, and waiting where a key is missing.

use std::fs;
use std::path::Path;
use std::time::Instant;

use antrean::caretaker::Caretaker;
use antrean::domain::photo_key::PhotoKeyId;
use antrean::gateway::Gateways;
use antrean::photos::Photos;
use serde_json::Value;

use crate::support::desk_fixture::DeskFixture;
use crate::support::engine::{Engine, Tables, on_both_engines};
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{Installation, body, change, name, now, number, photo, until};
use crate::support::server_process::ServerProcess;

/// Photos of a usual run; `ANTREAN_PHOTOS` tells another number. 10,000 plain ones of 2 KiB were encrypted in 19 s beside SQLite and in 58 s
/// beside PostgreSQL, without the pauses that a server makes, with a debug build on a busy machine of two cores (30 November 2026).
const PHOTOS: i64 = 200;
/// What each of them begins with: a picture's first bytes, and what must not be found on the disk.
const MARK: &[u8] = b"\xFF\xD8\xFF\xE0 FOTO-UJI-RAHASIA";

fn photos() -> i64 {
    std::env::var("ANTREAN_PHOTOS").ok().and_then(|text| text.parse().ok()).unwrap_or(PHOTOS)
}

/// Photos as an earlier version kept them: plain files, and rows that name no key.
async fn plain_photos(tables: &mut Tables, media: &Path, count: i64) {
    fs::create_dir_all(media).unwrap();
    for id in 1..=count {
        fs::write(media.join(format!("{id}.jpg")), plain(id)).unwrap();
    }
    let n = format!("with recursive n(n) as (select 1 union all select n + 1 from n where n < {count})");
    let into =
        "insert into media (id, office, channel, contact, attachment, state, attempts, due_us, file, created_us)";
    tables
        .run(&format!("{into} {n} select n, 'batam', 'wa/1003', '62', '{{}}', 'fetched', 0, 0, n || '.jpg', 0 from n"))
        .await;
}

fn plain(id: i64) -> Vec<u8> {
    let mut bytes = [MARK, id.to_string().as_bytes()].concat();
    bytes.resize(2048, 7);
    bytes
}

/// Files of a folder that show what is in a photo.
fn shown_in(media: &Path) -> usize {
    let files = fs::read_dir(media).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    files.filter(|bytes| bytes.windows(MARK.len()).any(|part| part == MARK)).count()
}

/// Asks the caretaker until it has nothing to do but wait.
async fn at_rest(caretaker: &Caretaker, fixture: &DeskFixture) {
    loop {
        match caretaker.step().await.unwrap() {
            Some(next) if next - fixture.now() < chrono::TimeDelta::seconds(1) => {}
            _ => return,
        }
    }
}

async fn by_key(fixture: &DeskFixture) -> Vec<(Option<PhotoKeyId>, i64)> {
    fixture.storage.photo_counts().await.unwrap().by_key.iter().map(|of| (of.key, of.photos)).collect()
}

// Negative controls, run: without `place_of_pass` going on to the next key, plain photos stay; with the row told before its file is written,
// a pass that is cut off leaves photos that do not read.
async fn old_photos_come_under_the_newest_key_and_a_pass_that_is_cut_off_goes_on(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    let home = tempfile::tempdir().unwrap();
    let (photos, count) = (Photos::within(home.path()), photos());
    let media = home.path().join("media");
    plain_photos(&mut fixture.tables().await, &media, count).await;
    assert_eq!(shown_in(&media), usize::try_from(count).unwrap());
    let first = photos.newest_key().unwrap();
    let caretaker = || {
        let (storage, desk) = (fixture.storage.clone(), fixture.desk.clone());
        Caretaker::new(storage, desk, Gateways::new(), photos.clone(), fixture.shared_clock())
    };
    let begun = Instant::now();
    // The first one dies after two steps.
    let cut = caretaker();
    for _ in 0..2 {
        cut.step().await.unwrap();
    }
    drop(cut);
    let half = by_key(&fixture).await;
    assert!(half.len() == 2 && half[0].0.is_none(), "{half:?}");
    let next = caretaker();
    at_rest(&next, &fixture).await;
    println!("{count} photos in {:?}", begun.elapsed());
    assert_eq!(by_key(&fixture).await, [(Some(first), count)]);
    assert_eq!(shown_in(&media), 0, "nothing plain is left in the folder");
    // Another process rotates; this one learns of it within a minute.
    let second = Photos::within(home.path()).add_key().unwrap();
    fixture.pass(2);
    at_rest(&next, &fixture).await;
    assert_eq!(by_key(&fixture).await, [(Some(second), count)]);
    for id in [1, count / 2, count] {
        assert_eq!(photos.read(id, &format!("{id}.jpg"), Some(second)).unwrap(), plain(id));
    }
}

// Negative control: with the key made before it is looked whether one is missing, nothing is said at the start. With one file for all keys
// that a restored one replaces, the photo of the time between is lost.
async fn without_its_key_a_photo_waits_and_intake_goes_on(engine: Engine) {
    let whatsapp = FakeWhatsApp::start().await;
    let head = b"\xFF\xD8\xFF\xC0\x00\x11\x08\x00\x10\x00\x10\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01";
    let jpeg = [&head[..], MARK].concat();
    whatsapp.put_media("9001", jpeg.clone());
    let installation = Installation::new_on(engine, &whatsapp.api()).await;
    let send = async |server: &ServerProcess, n: usize| {
        let caption = format!("#{}#12031990#Jl. Melati 1, Batam", name(n));
        let captioned = photo(&number(n), &format!("wamid.{n}"), now(), "9001", Some(&caption));
        assert_eq!(server.post(&body(&[vec![change("1003", &[captioned])]])).await, Some(200));
        let mut tables = installation.tables().await;
        let wanted = i64::try_from(n).unwrap();
        let sql = "select count(*) from media where state = 'fetched'";
        until("the photo is fetched", async || (tables.count(sql).await == wanted).then_some(())).await;
    };
    let server = ServerProcess::start(&installation);
    send(&server, 1).await;
    server.kill();
    let (media, keys) = (installation.path("antrean-media"), installation.path("antrean-media-keys"));
    assert_eq!(shown_in(&media), 0);
    installation.run(&["db", "verify"]).done();
    let status: Value = serde_json::from_str(&installation.run(&["media", "status", "--json"]).done()).unwrap();
    let first = status["keys"][0]["key"].as_str().unwrap().to_owned();
    assert_eq!(status["keys"][0]["photos"], 1);

    // A backup is restored without its keys.
    fs::rename(&keys, installation.path("elsewhere")).unwrap();
    let server = ServerProcess::start(&installation);
    let log = server.log();
    let named = log.lines().find(|line| line.contains(&first)).unwrap_or_else(|| panic!("{log}"));
    assert!(named.contains("ERROR") && named.contains("not in"), "{named}");
    send(&server, 2).await;
    let verified = installation.run(&["db", "verify"]);
    assert_eq!(verified.code, 1);
    assert!(verified.out.contains(&first) && verified.out.contains("put the file"), "{}", verified.out);
    let mut tables = installation.tables().await;
    let codes = tables.texts("select code from booking order by id").await;
    let failed = installation.run(&["media", "save", &codes[0], "one.jpg"]).failed();
    assert!(failed.contains(&first) && failed.contains("put it back"), "{failed}");
    installation.run(&["media", "save", &codes[1], "two.jpg"]).done();
    assert_eq!(fs::read(installation.path("two.jpg")).unwrap(), jpeg);

    // The key is put beside the new one, while the server runs.
    for file in fs::read_dir(installation.path("elsewhere")).unwrap().map(|entry| entry.unwrap()) {
        fs::copy(file.path(), keys.join(file.file_name())).unwrap();
    }
    installation.run(&["db", "verify"]).done();
    installation.run(&["media", "save", &codes[0], "one.jpg"]).done();
    assert_eq!(fs::read(installation.path("one.jpg")).unwrap(), jpeg);
    let acts = tables.count("select count(*) from audit where act = 'view_photo' and kind = 'booking'").await;
    assert_eq!(acts, 3, "each look is recorded, also one that came to nothing");
}

// Negative control: with the part of a file written in its place at once, a process that is killed leaves one that does not read.
#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_survives_a_process_that_is_killed_in_the_middle() {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new(&whatsapp.api());
    installation.run(&["db", "migrate"]).done();
    let media = installation.path("antrean-media");
    let mut tables = installation.tables().await;
    plain_photos(&mut tables, &media, PHOTOS).await;
    let under = async |tables: &mut Tables, key: &str| {
        tables.count(&format!("select count(*) from media where key_id = '{key}'")).await
    };
    let newest = |installation: &Installation| {
        let status: Value = serde_json::from_str(&installation.run(&["media", "status", "--json"]).done()).unwrap();
        let keys = status["keys"].as_array().unwrap().clone();
        keys.iter().find(|key| key["newest"] == true).unwrap()["key"].as_str().unwrap().to_owned()
    };
    let mut server = ServerProcess::start(&installation);
    let mut key = newest(&installation);
    for round in 0..3 {
        if round > 0 {
            installation.run(&["media", "rotate"]).done();
            key = newest(&installation);
            // A start looks at once.
            server.kill();
            server = ServerProcess::start(&installation);
        }
        until("some photos are under it", async || (under(&mut tables, &key).await > 0).then_some(())).await;
        server.kill();
        let half = under(&mut tables, &key).await;
        println!("round {round}: killed with {half} of {PHOTOS} photos under the newest key");
        server = ServerProcess::start(&installation);
        until("all are", async || (under(&mut tables, &key).await == PHOTOS).then_some(())).await;
        assert_eq!(shown_in(&media), 0);
    }
    let photos = Photos::new(media, installation.path("antrean-media-keys"));
    photos.read_keys().unwrap();
    let key = PhotoKeyId::read(&key);
    for id in 1..=PHOTOS {
        assert_eq!(photos.read(id, &format!("{id}.jpg"), key).unwrap(), plain(id));
    }
}

on_both_engines!(
    old_photos_come_under_the_newest_key_and_a_pass_that_is_cut_off_goes_on,
    without_its_key_a_photo_waits_and_intake_goes_on,
);
