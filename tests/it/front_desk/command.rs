//! `antrean visit` as an office uses it.

use serde_json::Value;

use crate::cli::{nowhere, serve};
use crate::support::installation::{Installation, Ran};

/// Says what time it is at the office, minutes after eight.
fn at(installation: &Installation, date: &str, minutes: i64) {
    let eight: chrono::DateTime<chrono::Utc> = format!("{date}T01:00:00Z").parse().unwrap();
    std::fs::write(installation.path("clock"), (eight + chrono::TimeDelta::minutes(minutes)).to_rfc3339()).unwrap();
}

fn visit(installation: &Installation, args: &[&str]) -> Ran {
    installation.run(&[&["visit", "--office", "batam", "--as", "siti"][..], args].concat())
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

// Negative control: with `calls` not counted by a recall, nobody can be missed.
#[tokio::test]
async fn a_morning_at_the_counter_by_commands() {
    let installation = nowhere();
    serve(&installation, &[("1003", 1, "#Rina Sari#12031990#Jl. Melati 2, Batam")]).await;
    let mut tables = installation.tables().await;
    let date = tables.texts("select date from booking").await.remove(0);
    let code = tables.texts("select code from booking").await.remove(0);
    at(&installation, &date, -24 * 60);
    let refused = visit(&installation, &["arrive", &code]);
    assert!(refused.code == 1 && refused.err.contains(&format!("this booking is for {date} at 08.00")), "{refused:?}");
    let refused = visit(&installation, &["arrive", &code, "--json"]);
    assert_eq!((refused.code, json(&refused)["refused"].as_str()), (1, Some("other_day")));
    let elsewhere = installation.run(&["visit", "arrive", &code, "--office", "bogor", "--as", "siti"]);
    assert!(elsewhere.code == 1 && elsewhere.err.contains("another office: batam"), "{elsewhere:?}");
    at(&installation, &date, 0);
    let expected = json(&visit(&installation, &["list", "--json"]));
    assert_eq!(
        (expected["expected"][0]["name"].as_str(), expected["people"].as_array().map(Vec::len)),
        (Some("Rina Sari"), Some(0))
    );
    let arrived = json(&visit(&installation, &["arrive", &code.to_lowercase(), "--json", "--nonce", "scan 1"]));
    assert_eq!((arrived["visits"][0]["number"].as_str(), arrived["repeated"].as_bool()), (Some("08-001"), Some(false)));
    let repeated = json(&visit(&installation, &["arrive", &code, "--json", "--nonce", "scan 1"]));
    assert_eq!((&repeated["visits"], repeated["repeated"].as_bool()), (&arrived["visits"], Some(true)));
    assert!(visit(&installation, &["walk-in", "--name", "Budi", "--priority", "toddler"]).done().starts_with("P-01"));
    assert!(visit(&installation, &["walk-in"]).done().starts_with("W-001"));
    assert!(
        visit(&installation, &["call", "3"])
            .failed()
            .contains("counter 3 is closed; open it: antrean visit counter open 3")
    );
    assert_eq!(visit(&installation, &["counter", "open", "3"]).done(), "counter 3 is open\n");
    assert!(visit(&installation, &["call", "3"]).done().starts_with("P-01      called at counter 3"));
    assert!(visit(&installation, &["missed", "p1"]).failed().contains("called 1 times only"));
    for minutes in [1, 2] {
        at(&installation, &date, 2 * minutes);
        visit(&installation, &["recall", "--counter", "3"]).done();
    }
    at(&installation, &date, 6);
    assert!(visit(&installation, &["missed", "--counter", "3"]).done().starts_with("P-01      missed"));
    assert!(visit(&installation, &["undo", "P-1"]).done().starts_with("P-01      called"));
    visit(&installation, &["redirect", "--counter", "3", "--to", "4"]).done();
    assert!(visit(&installation, &["call", "3"]).done().starts_with("08-001"));
    visit(&installation, &["came", "8-1"]).done();
    assert!(visit(&installation, &["counter", "close", "3"]).failed().contains("counter 3 still has 08-001"));
    visit(&installation, &["park", "--counter", "3"]).done();
    visit(&installation, &["return", "08-001"]).done();
    visit(&installation, &["call", "3"]).done();
    visit(&installation, &["came", "--counter", "3"]).done();
    assert!(visit(&installation, &["done", "--counter", "3"]).done().starts_with("08-001    done at counter 3"));
    let list = visit(&installation, &["list"]).done();
    assert!(list.contains("Rina Sari") && list.contains("P-01      arrived for counter 4"), "{list}");
    assert!(list.ends_with("3 people, 0 bookings expected, 1 counter open\n"), "{list}");
    assert_eq!(visit(&installation, &["end"]).done(), "the day ended for 2 visits\n");
    assert!(installation.run(&["db", "verify"]).done().contains("the books balance"));
    for wrong in [&["call", "0"][..], &["done"], &["came", "seven"], &["arrive"], &["arrive", &code, "--person", "0"]] {
        assert_eq!(visit(&installation, wrong).code, 2, "{wrong:?}");
    }
    let nobody = installation.run(&["visit", "--office", "batam", "call", "3"]);
    assert!(nobody.code == 2 && nobody.err.contains("--as NAME"), "{nobody:?}");
}
