//! `antrean person` and `antrean bookings correct`.

use std::fs;

use antrean::photos::Photos;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use crate::cli::{nowhere, serve};
use crate::support::installation::{code_in, form, in_days, name, number};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

// Negative control, run: without the look at `--yes`, the rehearsal erases.
#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_is_shown_handed_out_and_erased() {
    let installation = nowhere();
    serve(&installation, &[("1001", 1, &form(&name(1), in_days(3)))]).await;
    let tables = &mut installation.tables().await;
    let echo = tables.texts("select text from outbox order by id desc limit 1").await.remove(0);
    serve(&installation, &[("1001", 1, &code_in(&echo))]).await;
    let local = format!("0{}", number(1).strip_prefix("62").unwrap());

    let shown = installation.run(&["person", "show", &local]).done();
    assert!(shown.contains("1 booking, 2 messages, 2 replies") && shown.contains(&name(1)), "{shown}");
    let code = tables.texts("select code from booking").await.remove(0);
    assert!(installation.run(&["person", "show", &code]).done().contains(&code), "by the code too");
    assert_eq!(installation.run(&["person", "show", "0812-9999-9999"]).code, 1);
    let whole = json(&installation.run(&["person", "export", &local]).done());
    assert_eq!(whole["contacts"][0]["kept"]["event"].as_array().map(Vec::len), Some(2), "the steps of the booking too");
    assert_eq!(whole["contacts"][0]["contact"], number(1).as_str());
    let file = installation.path("salinan.json");
    installation.run(&["person", "export", &local, "--to", file.to_str().unwrap()]).done();
    assert!(fs::read_to_string(&file).unwrap().contains(&number(1)));

    let refused = installation.run(&["person", "erase", &local, "--yes"]);
    assert_eq!(refused.code, 1);
    assert!(refused.out.contains("--cancel"), "{}", refused.out);
    let rehearsed = installation.run(&["person", "erase", &local, "--cancel"]).done();
    assert!(rehearsed.contains("nothing was erased yet") && !rehearsed.contains(&number(1)), "{rehearsed}");
    assert_eq!(tables.count("select count(*) from booking where state = 'booked'").await, 1);
    let erased = json(&installation.run(&["person", "erase", &local, "--cancel", "--yes", "--json"]).done());
    assert_eq!(erased["state"], "erased");
    assert_eq!(installation.run(&["person", "show", &local]).code, 1);
    assert_eq!(tables.count("select count(*) from seat").await, 0, "the seat went back");
    installation.run(&["db", "verify"]).done();
}

// Negative control, run: with the photos left out of the JSON, the first that is looked for is missing.
#[tokio::test(flavor = "multi_thread")]
async fn photos_are_handed_out_with_everything_else() {
    let installation = nowhere();
    let caption = format!("#{}#12031990#Jl. Melati 1, Batam", name(1));
    serve(&installation, &[("1003", 1, &caption)]).await;
    let tables = &mut installation.tables().await;
    let id = tables.count("select id from media").await;
    let show = || installation.run(&["person", "show", &number(1)]).done();
    assert!(show().contains(&format!("photo {id}  sent ")) && show().contains("to be fetched"), "{}", show());
    let export = |more: &[&str]| installation.run(&[&["person", "export", &number(1)], more].concat());
    let early = export(&[]);
    assert!(early.code == 1 && early.err.contains("not been fetched"), "{early:?}");

    let plain = b"\x89PNG\r\n\x1A\n a photo that was fetched";
    let photos = Photos::new(installation.path("antrean-media"), installation.path("antrean-media-keys"));
    let kept = photos.keep(id, plain).unwrap();
    let (file, key) = (kept.file, kept.key);
    tables.run(&format!("update media set state = 'fetched', file = '{file}', key_id = '{key}'")).await;
    assert!(show().contains("1 photo") && show().contains("kept, encrypted"), "{}", show());
    let to_file = export(&["--to", "salinan.json"]).done();
    assert!(to_file.contains("1 photo written to salinan-photos"), "{to_file}");
    let whole = json(&fs::read_to_string(installation.path("salinan.json")).unwrap());
    let named = format!("salinan-photos/{id}.png");
    assert_eq!(whole["contacts"][0]["photos"], serde_json::json!([{ "id": id, "file": named }]));
    assert_eq!(fs::read(installation.path(&named)).unwrap(), plain);
    let whole = json(&export(&[]).done());
    let photo = &whole["contacts"][0]["photos"][0];
    assert_eq!(
        (photo["type"].as_str(), photo["base64"].as_str()),
        (Some("image/png"), Some(BASE64_STANDARD.encode(plain).as_str()))
    );

    fs::rename(installation.path("antrean-media-keys"), installation.path("elsewhere")).unwrap();
    let without = export(&["--to", "lain.json"]);
    assert!(without.code == 1 && without.err.contains(&key.to_string()), "{without:?}");
    let whole = json(&fs::read_to_string(installation.path("lain.json")).unwrap());
    assert!(whole["contacts"][0]["photos"][0]["missing"].as_str().unwrap().contains("put it back"), "{whole}");
    assert!(!installation.path("lain-photos").exists());
    let acts = "select count(*) from audit where act = 'export_person'";
    assert_eq!(tables.count(acts).await, 4, "each is recorded, also where the photo is missing");
}

// Negative control, run: a correction that does not look for the person changes the first one.
#[tokio::test(flavor = "multi_thread")]
async fn a_misspelt_name_is_corrected_and_noted() {
    let installation = nowhere();
    serve(&installation, &[("1001", 1, &form(&name(1), in_days(3)))]).await;
    let tables = &mut installation.tables().await;
    let code = tables.texts("select code from booking").await.remove(0);
    let correct =
        |person: &str| installation.run(&["bookings", "correct", &code, "--name", "Budi Santosa", "--person", person]);
    assert_eq!(correct("2").code, 1, "there is nobody else on it");
    assert!(correct("1").done().contains("stays as it was"));
    let names = tables.texts("select applicant from booking").await.remove(0);
    assert!(names.contains("Budi Santosa") && !names.contains(&name(1)), "{names}");
    assert_eq!(tables.count("select count(*) from event").await, 2, "it is noted");
    assert_eq!(installation.run(&["bookings", "correct", "AAAA-AAAA", "--name", "Budi"]).code, 2);
    installation.run(&["db", "verify"]).done();
}
