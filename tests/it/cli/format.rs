//! `antrean format rehearse` and `antrean format example` against what is in force in the database.

use std::sync::Arc;

use antrean::clock::{Clock, SystemClock};
use antrean::domain::office::OfficeId;
use antrean::roster::Roster;
use antrean::storage::Storage;
use antrean::versions::{Edit, Versions, put_format};
use serde_json::Value;

use super::serve;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{Installation, Ran, form, in_days, name};

const OLD: &str = "#Nama#TglLahir#TglKedatangan";
const NEW: &str = "#Nama#TglLahir#TglKedatangan#Email";

/// Publishes another line for Bogor, as the console does; the configured files stay as they are.
async fn publish(installation: &Installation, line: &str) {
    let storage = Storage::open(&installation.url()).await.unwrap();
    let roster = Arc::new(Roster::load(&[installation.path("offices")]).unwrap());
    let versions = Versions::new(storage.clone(), roster, SystemClock.now());
    let office = OfficeId::read("bogor").unwrap();
    let stored = versions.current(&office).await.unwrap().unwrap();
    let mut files = stored.files;
    let id = antrean::domain::office::FormatId::read("nama-lahir-kedatangan").unwrap();
    put_format(&mut files, &id, format!("id = \"{id}\"\npattern = \"{line}\"\n"));
    let edit = Edit { office: &office, parent: stored.version, files, why: "poster baru", actor: "siti" };
    versions.publish(edit).await.unwrap();
    storage.close().await;
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

// Negative control: with the stored version left out of `office_in_force`, one message is read before and after.
async fn a_draft_is_rehearsed_against_what_the_database_has_in_force(engine: Engine) {
    let installation = Installation::new_on(engine, "http://127.0.0.1:9").await;
    let forms: Vec<String> = (1..=3).map(|n| format!("{}#x{n}@example.id", form(&name(n), in_days(3)))).collect();
    serve(&installation, &[("1001", 1, &form(&name(1), in_days(3)))]).await;
    publish(&installation, NEW).await;
    let texts: Vec<(&str, usize, &str)> = forms.iter().zip(1..).map(|(text, n)| ("1001", n, text.as_str())).collect();
    serve(&installation, &texts).await;
    let rehearse = |line: &'static str, more: &[&str]| {
        installation.run(&[&["format", "rehearse", line, "--office", "bogor", "--json"][..], more].concat())
    };
    // Back to the old line: what is read now is not any more.
    let back = rehearse(OLD, &["--past"]);
    let told = json(&back);
    assert_eq!((back.code, &told["before"]["read"], &told["messages"]), (1, &3.into(), &4.into()), "{back:?}");
    assert!(!back.out.contains("example.id"), "messages are masked: {back:?}");
    // The line in force against itself changes nothing.
    let same = rehearse(NEW, &["--past"]);
    assert_eq!((same.code, &json(&same)["after"]["read"]), (0, &3.into()), "{same:?}");
    // A draft's file with messages of one's own.
    let draft = installation.path("draf.toml");
    std::fs::write(&draft, format!("id = \"nama-lahir-kedatangan\"\npattern = \"{NEW}#NIK\"\n")).unwrap();
    let messages = installation.path("pesan.txt");
    std::fs::write(&messages, &forms[0]).unwrap();
    let (draft, messages) = (draft.display().to_string(), messages.display().to_string());
    let by_file = ["format", "rehearse", "--format", &draft, "--office", "bogor", "--messages", &messages, "--json"];
    let by_file = installation.run(&by_file);
    assert_eq!(
        (by_file.code, &json(&by_file)["before"]["read"], &json(&by_file)["after"]["read"]),
        (1, &1.into(), &0.into()),
        "{by_file:?}"
    );
    let nowhere = installation.run(&["format", "rehearse", NEW, "--office", "bogr"]);
    assert!(nowhere.code == 1 && nowhere.err.contains("did you mean `bogor`?"), "{nowhere:?}");
    let acts = "select act || ' ' || office from audit where act = 'rehearse'";
    assert_eq!(installation.tables().await.texts(acts).await, ["rehearse bogor", "rehearse bogor"]);
}

// Negative control: with `keep` called without `--keep`, the first look is refused for want of a reason.
async fn a_misread_message_is_kept_as_an_example_by_command(engine: Engine) {
    let installation = Installation::new_on(engine, "http://127.0.0.1:9").await;
    serve(&installation, &[("1001", 1, "halo")]).await;
    let of = |text: &str, more: &[&str]| {
        let example = ["format", "example", "--office", "bogor", "--sent", "2026-08-03", "--json"];
        installation.run_with(&[&example[..], more].concat(), &[], text)
    };
    let wrong = "#Ratnasari Dewi#31061987#04082026\n";
    let looked = of(wrong, &[]);
    let told = json(&looked);
    assert_eq!((looked.code, &told["version"], &told["format"]), (0, &Value::Null, &"nama-lahir-kedatangan".into()));
    assert!(told["part"].as_str().unwrap().contains("no-such-day") && !looked.out.contains("Ratnasari"), "{looked:?}");
    assert_eq!(of(wrong, &["--keep"]).code, 2, "without a reason");
    let kept = of(wrong, &["--keep", "--as", "siti", "--why", "sering ditulis"]);
    assert_eq!((kept.code, &json(&kept)["version"]), (0, &8.into()), "{kept:?}");
    let again = of(wrong, &["--keep", "--why", "sering ditulis"]);
    assert!(again.code == 1 && again.err.contains("the same example already"), "{again:?}");
    let second = of("#Ratnasari Dewi#31091987#04082026", &["--keep", "--why", "sering ditulis"]);
    assert_eq!(json(&second)["version"], 9, "{second:?}");
    let shown = installation.run(&["office", "show", "bogor"]).done();
    assert!(shown.contains("#31061985#04082026") && shown.contains("#31091985#04082026"), "{shown}");
    assert!(!shown.contains("Ratnasari"), "{shown}");
    // What is read becomes none.
    let read = of("#Budi#25011987#04082026", &["--keep", "--why", "x y z"]);
    assert_eq!((read.code, &json(&read)["version"]), (1, &Value::Null), "{read:?}");
    assert_eq!(of("", &[]).code, 2);
    let acts = "select login || ' ' || act from audit where act = 'publish_format' order by id limit 1";
    assert_eq!(installation.tables().await.texts(acts).await, ["siti publish_format"]);
}

on_both_engines!(
    a_draft_is_rehearsed_against_what_the_database_has_in_force,
    a_misread_message_is_kept_as_an_example_by_command,
);
