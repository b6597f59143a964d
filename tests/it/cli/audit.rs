//! What the command line shows of citizens is recorded first; and who is concerned is found again after a breach.

use serde_json::Value;

use super::{nowhere, serve};
use crate::support::installation::{Installation, form, in_days, name, number};

fn ran(installation: &Installation, args: &[&str]) -> String {
    installation.run(&[args, &["--as", "siti", "--why", "pengaduan warga"]].concat()).done()
}

/// What the trail has of somebody.
async fn acts_of(installation: &Installation, login: &str) -> Vec<String> {
    let sql = format!(
        "select act || ' ' || office || ' ' || kind || ' ' || scope from audit where login = '{login}' order by id"
    );
    installation.tables().await.texts(&sql).await
}

// Negative control: each `acting.record` left out makes this fail by its command.
#[tokio::test]
async fn the_command_line_records_what_it_shows() {
    let installation = nowhere();
    serve(&installation, &[("1001", 1, &form(&name(1), in_days(3))), ("1001", 1, "#petugas")]).await;
    let mut tables = installation.tables().await;
    let id = tables.texts("select cast(id as text) from booking").await.remove(0);
    let day = in_days(3).to_string();
    ran(&installation, &["bookings", "--office", "bogor", "--date", &day]);
    ran(&installation, &["bookings", "find", &name(1)]);
    assert_eq!(installation.run(&["bookings", "find", "Tiada Sama Sekali", "--as", "siti"]).code, 1);
    ran(&installation, &["bookings", "suspicious"]);
    ran(&installation, &["outbox", "list"]);
    ran(&installation, &["talk", "list", "--office", "bogor"]);
    ran(&installation, &["visit", "--office", "bogor", "list"]);
    ran(&installation, &["visit", "--office", "bogor", "walk-in"]);
    ran(&installation, &["display", "add", "bogor"]);
    ran(&installation, &["user", "add", "rina", "--role", "officer", "--office", "bogor"]);
    let contact = tables.texts("select cast(id as text) from audit_contact").await.remove(0);
    let today = in_days(0);
    let acts = acts_of(&installation, "siti").await;
    let wanted = [
        format!("view_list bogor  days {day}..{day}"),
        format!("find bogor  bookings {id}"),
        "find   ".to_owned(),
        format!("view_list   days {day}..{day}"),
        format!("view_conversations   contacts {contact}"),
        "view_conversations bogor  ".to_owned(),
        format!("view_list bogor  days {today}..{today}"),
        "arrive bogor visit arrive".to_owned(),
        "display_change bogor display added".to_owned(),
        "user_change  staff added".to_owned(),
        "user_change bogor staff gave role officer".to_owned(),
        "user_change  staff one-time link".to_owned(),
    ];
    assert_eq!(acts, wanted);
    let whys = tables.texts("select distinct why from audit where login = 'siti' order by why").await;
    assert_eq!(whys, ["", "pengaduan warga"], "one command gave no reason");
    let terminal = tables.texts("select distinct network from audit where login = 'siti'").await;
    assert!(terminal.len() == 1 && terminal[0].starts_with("terminal "), "{terminal:?}");
    // Without a name the system's account stands for it.
    installation.run(&["bookings", "--office", "bogor"]).done();
    let account = tables.texts("select login from audit order by id desc limit 1").await.remove(0);
    assert_eq!(format!("terminal {account}"), terminal[0]);
    // Nothing is shown that cannot be recorded.
    tables.run("delete from audit_head").await;
    let refused = installation.run(&["bookings", "--office", "bogor", "--date", &day]);
    assert!(refused.code == 1 && refused.out.is_empty(), "{refused:?}");
}

// Negative controls: with `is_opened` always true, whoever stood in a list counts as opened; without the filter by login, Agus's
// search is among them.
#[tokio::test]
async fn whoever_was_seen_is_listed_after_a_breach() {
    let installation = nowhere();
    let citizens = [
        ("1001", 1, form(&name(1), in_days(3))),
        ("1001", 2, form(&name(2), in_days(3))),
        ("1001", 3, form(&name(3), in_days(4))),
        ("1002", 4, form(&name(4), in_days(3))),
    ];
    let citizens: Vec<(&str, usize, &str)> =
        citizens.iter().map(|(channel, n, text)| (*channel, *n, text.as_str())).collect();
    serve(&installation, &citizens).await;
    let day = in_days(3).to_string();
    installation.run(&["bookings", "find", &name(3), "--as", "agus"]).done();
    let since = "2020-01-01";
    let list = ["person", "list", "--changed-since", since, "--seen-by", "Siti"];
    let nobody = installation.run(&list);
    assert!(nobody.code == 1 && nobody.out.starts_with("0 contacts and 0 visitors"), "{nobody:?}");
    installation.run(&["bookings", "--office", "bogor", "--date", &day, "--as", "siti"]).done();
    installation.run(&["visit", "--office", "bogor", "--as", "siti", "walk-in", "--name", "Wahyu Hidayat"]).done();
    let said = installation.run(&list).done();
    assert!(said.contains(&number(1)) && said.contains(&number(2)) && said.contains("Wahyu Hidayat"), "{said}");
    assert!(!said.contains(&number(3)) && !said.contains(&number(4)), "another day, another office: {said}");
    assert!(said.contains("in a list") && said.contains("2 contacts and 1 visitor without a number"), "{said}");
    // One of them is searched for, too.
    installation.run(&["bookings", "find", &name(1), "--as", "siti"]).done();
    let json: Value = serde_json::from_str(&installation.run(&[&list[..], &["--json"]].concat()).done()).unwrap();
    let contact = |n: usize| {
        let all = json["contacts"].as_array().unwrap();
        all.iter().find(|one| one["contact"] == number(n).as_str()).unwrap_or_else(|| panic!("{json}"))
    };
    assert_eq!(contact(1)["names"][0].as_str().map(str::to_lowercase), Some(name(1).to_lowercase()));
    assert_eq!((&contact(1)["reach"], &contact(1)["muted"]), (&"window".into(), &false.into()));
    assert!(contact(1)["codes"][0].is_string() && contact(2)["seen"]["opened"] == false);
    // Agus's search names one; without a name everybody is listed.
    let agus = installation.run(&["person", "list", "--changed-since", since, "--seen-by", "agus"]).done();
    assert!(agus.contains(&number(3)) && !agus.contains(&number(1)), "{agus}");
    let all = installation.run(&["person", "list", "--changed-since", since]).done();
    assert!(all.contains(&number(1)) && all.contains(&number(3)), "{all}");
    let elsewhere = installation.run(&["person", "list", "--changed-since", since, "--office", "batam"]);
    assert_eq!(elsewhere.code, 1, "{elsewhere:?}");
    let notice = installation.run(&[&list[..], &["--notice", "--known-at", "2026-11-30 09:00"]].concat()).done();
    assert!(notice.contains("2026-12-03 09:00 WIB") && notice.contains("Pasal 46"), "{notice}");
    assert!(!notice.contains(&number(1)), "a draft names nobody: {notice}");
    // Who looked at this list is recorded, and counts from now on.
    let sql = "select count(*) from audit where act = 'view_person'";
    assert!(installation.tables().await.count(sql).await >= 5);
    assert_eq!(installation.run(&["person", "list", "--changed-since", "kemarin"]).code, 2);
}
