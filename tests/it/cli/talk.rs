//! `antrean talk`: what citizens leave to an officer.

use std::io::Write;

use serde_json::Value;

use super::{nowhere, serve};
use crate::support::installation::{Installation, number};

/// An installation whose Bogor and Batam answer messages; Batam's channel has a template for late answers.
fn answering() -> Installation {
    let installation = nowhere();
    for office in ["bogor", "batam"] {
        let file = installation.path("offices").join(format!("kantor-{office}.toml"));
        let mut file = std::fs::OpenOptions::new().append(true).open(file).unwrap();
        file.write_all(b"\n[policy.handover]\nenabled = true\n").unwrap();
    }
    let mut config = std::fs::OpenOptions::new().append(true).open(installation.config()).unwrap();
    config
        .write_all(b"[[channel.template]]\nlanguage = \"id\"\nname = \"jawaban_petugas\"\nparameters = [\"text\"]\n")
        .unwrap();
    installation
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

// Negative control: a list that shows the contact as `show` does fails.
#[tokio::test]
async fn tickets_are_listed_shown_answered_and_closed() {
    let installation = answering();
    serve(&installation, &[("1001", 1, "#status")]).await;
    assert_eq!(installation.run(&["talk", "list"]).done(), "0 tickets\n");
    assert_eq!(installation.run(&["talk", "list", "--json"]).done(), "[]\n");
    serve(&installation, &[("1001", 1, "#petugas"), ("1001", 1, "apakah boleh tanpa KK \u{1b}[2J?")]).await;
    let listed = json(&installation.run(&["talk", "list", "--json"]).done());
    let id = listed[0]["ticket"].to_string();
    assert_eq!((&listed[0]["state"], &listed[0]["office"]), (&"talking".into(), &"bogor".into()));
    let text = installation.run(&["talk", "list", "--unanswered", "--office", "bogor"]).done();
    assert!(text.contains(&id) && text.contains("waiting since") && text.ends_with("1 ticket\n"), "{text}");
    assert!(!text.contains(&number(1)) && !listed.to_string().contains(&number(1)), "numbers are masked in lists");
    assert_eq!(installation.run(&["talk", "list", "--office", "batam"]).done(), "0 tickets\n");
    let shown = installation.run(&["talk", "show", &id]).done();
    assert!(shown.contains(&number(1)) && shown.contains("(#petugas)") && shown.contains("(talk"), "{shown}");
    assert!(
        shown.contains("Baik, pesan Anda") && shown.contains("tanpa KK [2J?"),
        "nothing steers the terminal: {shown}"
    );
    // Refused, with a reason.
    assert_eq!(installation.run(&["talk", "show", "4711"]).code, 1);
    assert_eq!(installation.run(&["talk", "reply", &id, "  "]).code, 2);
    assert_eq!(installation.run(&["talk", "reply", "4711", "Ya."]).code, 1);
    assert_eq!(installation.run(&["talk"]).code, 2);
    let answered = installation.run_with(&["talk", "reply", &id, "-"], &[], "Belum boleh.\nBawa KK asli.\n").done();
    assert_eq!(answered, format!("ticket {id}: the answer is on its way\n"));
    assert!(installation.run(&["talk", "list", "--unanswered"]).done().ends_with("0 tickets\n"));
    let shown = json(&installation.run(&["talk", "show", &id, "--json"]).done());
    let last = shown["lines"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["from"], &last["state"]), (&"office".into(), &"waiting".into()));
    assert!(last["text"].as_str().unwrap().contains("Belum boleh.\nBawa KK asli."), "{last}");
    assert_eq!(
        installation.run(&["talk", "close", &id]).done(),
        format!("ticket {id} is closed, and its citizen is told\n")
    );
    let late = installation.run(&["talk", "reply", &id, "Satu lagi."]);
    assert_eq!(late.code, 1, "{late:?}");
    assert!(late.failed().contains("closed"), "it says why");
    assert_eq!(installation.run(&["talk", "close", &id]).code, 1);
    assert_eq!(installation.run(&["talk", "list"]).done(), "0 tickets\n");
    let closed = json(&installation.run(&["talk", "list", "--all", "--json"]).done());
    assert_eq!(closed[0]["closed_by"], "officer");
}

// Negative control: with `way` answering `Free`, both say that the answer is on its way.
#[tokio::test]
async fn a_late_answer_says_whether_it_goes_as_a_template_or_waits() {
    let installation = answering();
    serve(&installation, &[("1001", 1, "#petugas"), ("1003", 2, "#petugas")]).await;
    let mut tables = installation.tables().await;
    let day = 26 * 3_600_000_000_i64;
    tables.run(&format!("update conversation set heard_us = heard_us - {day}")).await;
    let listed = json(&installation.run(&["talk", "list", "--json"]).done());
    let of = |office: &str| {
        let mut all = listed.as_array().unwrap().iter();
        all.find(|ticket| ticket["office"] == office).unwrap()["ticket"].to_string()
    };
    let held = installation.run(&["talk", "reply", &of("bogor"), "Belum boleh."]).done();
    assert!(held.contains("no template") && held.contains("held until they write again"), "{held}");
    let sent = json(&installation.run(&["talk", "reply", &of("batam"), "Belum boleh.", "--json"]).done());
    assert_eq!((&sent["way"], &sent["template"]), (&"template".into(), &"jawaban_petugas".into()));
}

// Negative control: with `over` always the present holder, the second one has it without a word.
#[tokio::test]
async fn a_ticket_is_looked_after_by_one_and_lists_say_who() {
    let installation = answering();
    serve(&installation, &[("1001", 1, "#petugas")]).await;
    let id = json(&installation.run(&["talk", "list", "--json"]).done())[0]["ticket"].to_string();
    let run = |args: &[&str]| installation.run(&[&["talk"], args].concat());
    assert_eq!(run(&["take", &id, "--as", "rina"]).done(), format!("ticket {id}: rina looks after it\n"));
    let refused = run(&["take", &id, "--as", "siti"]);
    assert_eq!(refused.code, 1);
    assert!(refused.failed().contains("--from rina"), "it says how");
    assert_eq!(run(&["take", &id, "--as", "siti", "--from", "rina", "--json"]).code, 0);
    assert!(run(&["list"]).done().contains("siti looks after it"));
    assert!(run(&["list", "--held-by", "rina"]).done().ends_with("0 tickets\n"));
    assert_eq!(json(&run(&["list", "--held-by", "siti", "--json"]).done())[0]["holder"], "siti");
    assert!(run(&["list", "--free"]).done().ends_with("0 tickets\n"));
    assert_eq!(run(&["release", &id, "--as", "rina"]).code, 1);
    assert_eq!(run(&["release", &id, "--as", "siti"]).code, 0);
    assert!(run(&["list", "--free"]).done().ends_with("1 ticket\n"));
    assert_eq!(run(&["take", &id]).code, 2, "in whose name");
}

#[tokio::test]
async fn replies_that_did_not_get_through_are_listed_by_office_and_costs_by_day() {
    let installation = nowhere();
    serve(&installation, &[("1001", 1, "#status"), ("1003", 2, "#status")]).await;
    let mut tables = installation.tables().await;
    tables.run("update outbox set state = 'dead', error = 'refused: 131026'").await;
    let list = |args: &[&str]| installation.run(&[&["outbox", "list", "--dead"], args].concat());
    assert!(list(&[]).done().ends_with("2 replies\n"));
    assert!(list(&["--office", "bogor"]).done().ends_with("1 reply\n"));
    assert_eq!(list(&["--held"]).code, 2);
    let hour = antrean::clock::Clock::now(&antrean::clock::SystemClock).timestamp() / 3_600;
    tables
        .run(&format!("insert into channel_hour (channel, hour, inside, outside) values ('wa/1001', {hour}, 3, 2)"))
        .await;
    let costs = installation.run(&["channel", "costs", "1001"]).done();
    assert!(costs.contains("3 messages, 2 templates") && costs.contains("[channel.price]"), "{costs}");
    let costs = json(&installation.run(&["channel", "costs", "--json", "--days", "2"]).done());
    assert_eq!((&costs[0]["inside"], &costs[0]["outside"], &costs[0]["cost"]), (&3.into(), &2.into(), &Value::Null));
    assert_eq!(installation.run(&["channel", "costs", "--days", "0"]).code, 2);
}
