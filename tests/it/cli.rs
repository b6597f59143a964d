//! The command line as an office and its operator use it.

mod audit;
mod calendar;
mod format;
mod talk;
mod versions;

use std::path::Path;
use std::sync::Arc;

use antrean::clock::SystemClock;
use antrean::config::Config;
use antrean::desk::Verdict;
use antrean::domain::message::{Attachment, ChannelId, Contact, Content, Inbound, MessageId};
use antrean::gateway::Item;
use antrean::storage::Storage;
use chrono::NaiveDate;

use crate::support::installation::{ACCESS_TOKEN, APP_SECRET, Installation, VERIFY_TOKEN, form, in_days, now, number};

/// Serves texts of citizens in order, on the channels of an installation, without a server; a picture where there is a media id.
pub async fn serve(installation: &Installation, messages: &[(&str, usize, &str)]) {
    let config = Config::load(&installation.config()).unwrap();
    let storage = Storage::open(&config.database).await.unwrap();
    let desk = antrean::app::desk(&config, &storage, Arc::new(SystemClock)).await.unwrap();
    for (channel, n, text) in messages {
        let attachment = Attachment { reference: "9001".to_owned(), mime: None, sha256: None };
        let content = match *channel {
            "1003" => Content::Picture { attachment, caption: Some((*text).to_owned()) },
            _ => Content::Text((*text).to_owned()),
        };
        let inbound = Inbound {
            channel: ChannelId::new("wa", channel),
            contact: Contact::new(number(*n)),
            also: Vec::new(),
            id: MessageId::new(format!("wamid.{n}.{}", text.len())),
            sent_at: now(),
            content,
        };
        assert_eq!(desk.serve(vec![Item::Message(inbound)]).await, Ok(vec![Verdict::Served]), "{text}");
    }
    desk.close().await;
    storage.close().await;
}

pub fn nowhere() -> Installation {
    Installation::new("http://127.0.0.1:9")
}

fn iso(date: NaiveDate) -> String {
    date.to_string()
}

// Negative control: with `harmless` left out of `csv` the address starts a formula.
#[tokio::test]
async fn the_days_list_is_text_csv_or_json_and_no_address_becomes_a_formula() {
    let installation = nowhere();
    serve(&installation, &[("1003", 1, "#Rina Sari#12031990#=HYPERLINK(A1;\"x\"), Batam")]).await;
    serve(&installation, &[("1003", 2, "#Siti Aminah#12031990#Jl. Melati 2, \"Blok\" C")]).await;
    let mut tables = installation.tables().await;
    let date = tables.texts("select date from booking").await.remove(0);
    let day = ["bookings", "--office", "batam", "--date", date.as_str()];
    let text = installation.run(&day).done();
    assert!(text.contains("Rina Sari") && text.contains("08-001") && text.contains("1990-03-12"), "{text}");
    assert!(
        text.starts_with("Kantor Imigrasi Batam, ")
            && text.ends_with("2 bookings, 0 seats not confirmed yet, 2 people\n"),
        "{text}"
    );
    let csv = installation.run(&[&day[..], &["--format", "csv"]].concat()).done();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let column = reader.headers().unwrap().iter().position(|name| name == "address").unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(&rows[0][column], "'=HYPERLINK(A1;\"x\"), Batam");
    assert_eq!(&rows[1][column], "Jl. Melati 2, \"Blok\" C");
    let json = installation.run(&[&day[..], &["--format", "json"]].concat()).done();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["address"], "=HYPERLINK(A1;\"x\"), Batam", "JSON is for programs: as it was written");
    assert_eq!((&json[1]["queue_number"], &json[1]["office_version"]), (&"08-002".into(), &7.into()));
    // By its code, with the dash or without, in small letters too.
    let code = json[0]["code"].as_str().unwrap();
    for spelling in [code.to_owned(), code.replace('-', ""), code.to_lowercase()] {
        assert!(installation.run(&["bookings", "find", &spelling]).done().contains("Rina Sari"), "{spelling}");
    }
    // By part of the name, in whatever order and case, or by the number, whole or its end.
    for what in ["rina", "SARI rina", "0812-0000-0001", "001"] {
        assert!(installation.run(&["bookings", "find", what]).done().contains("Rina Sari"), "{what}");
    }
    assert!(!installation.run(&["bookings", "find", "rina", "sari"]).done().contains("Siti"));
    assert_eq!(installation.run(&["bookings", "find", "nobody"]).code, 1);
    assert!(installation.run(&["bookings", "--office", "bogor", "--date", &date]).done().ends_with("no bookings\n"));
    let span = installation.run(&["bookings", "--office", "batam", "--date", &format!("today..{date}")]).done();
    assert!(span.contains("Rina Sari") && span.matches("Kantor Imigrasi Batam, ").count() >= 2, "{span}");
    assert!(
        installation.run(&["bookings", "--office", "batam"]).done().starts_with("Kantor Imigrasi Batam, "),
        "today"
    );
    let several = installation.run(&["bookings"]);
    assert!(several.code == 1 && several.err.contains("--office ID; there are: batam, bogor"), "{several:?}");
    assert_eq!(installation.run(&["bookings", "--office", "batam", "--date", "senin depan"]).code, 2);
    assert_eq!(installation.run(&["bookings", "find", "00"]).code, 2, "too short to search by");
}

// Negative control: with `also_booked` comparing names as they are written, the first list says nothing.
#[tokio::test]
async fn officers_see_one_person_from_two_numbers() {
    let installation = nowhere();
    serve(
        &installation,
        &[
            ("1001", 1, &form("Budi Santoso", in_days(3))),
            ("1001", 2, &form("Siti Aminah", in_days(3))),
            ("1002", 3, &form("H. BUDI SÁNTOSO", in_days(4))),
        ],
    )
    .await;
    let day = iso(in_days(3));
    let day = ["bookings", "--office", "bogor", "--date", day.as_str()];
    let text = installation.run(&day).done();
    let also: Vec<&str> = text.lines().filter(|line| line.trim_start().starts_with("also ")).collect();
    assert_eq!(also.len(), 1, "{text}");
    for told in ["jakarta-pusat", &iso(in_days(4)), &number(3)] {
        assert!(also[0].contains(told), "{text}");
    }
    let json = installation.run(&[&day[..], &["--format", "json"]].concat()).done();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((json[0]["also"].as_array().unwrap().len(), json[1]["also"].as_array().unwrap().len()), (1, 0));
    let csv = installation.run(&[&day[..], &["--format", "csv"]].concat()).done();
    assert!(csv.lines().next().unwrap().ends_with(",also,photo"), "{csv}");
    // Negative control: with `also_booked` not asking whether the listed booking has a seat, the cancelled one is marked.
    let code = json[0]["code"].as_str().unwrap();
    assert_eq!(installation.run(&["bookings", "find", code]).done().matches("also ").count(), 1);
    let tables = &mut installation.tables().await;
    let place = format!("replace(code, '-', '') = '{}'", code.replace('-', ""));
    let state = tables.texts(&format!("select state from booking where {place}")).await.remove(0);
    tables.run(&format!("update booking set state = 'cancelled' where {place}")).await;
    let found = installation.run(&["bookings", "find", code]).done();
    assert!(found.contains(code) && !found.contains("also "), "{found}");
    tables.run(&format!("update booking set state = '{state}' where {place}")).await;
    let suspicious = installation.run(&["bookings", "suspicious"]).done();
    assert!(suspicious.starts_with("one person from several numbers (2 bookings)\n"), "{suspicious}");
    assert!(suspicious.contains(&number(1)) && suspicious.contains(&number(3)), "{suspicious}");
    assert!(!suspicious.contains("Siti"), "{suspicious}");
    let json = installation.run(&["bookings", "suspicious", "--office", "bogor", "--format", "json"]).done();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["reason"], "person-from-several-numbers");
    assert_eq!(installation.run(&["bookings", "suspicious", "--office", "batam"]).done(), "nothing stands out\n");
}

#[tokio::test]
async fn replies_that_wait_or_died_are_listed_without_their_text_and_sent_again() {
    let installation = nowhere();
    serve(&installation, &[("1001", 1, &form("Budi", in_days(3))), ("1001", 2, &form("Siti", in_days(3)))]).await;
    let listed = installation.run(&["outbox", "list"]).done();
    assert!(listed.contains("waiting") && listed.ends_with("2 replies\n"), "{listed}");
    assert!(!listed.contains(&number(1)) && !listed.contains("BUDI"), "{listed}");
    let mut tables = installation.tables().await;
    tables.run("update outbox set state = 'dead', attempts = 6, error = 'refused: 131026'").await;
    let listed = installation.run(&["outbox", "list"]).done();
    assert!(listed.contains("dead") && listed.contains("refused: 131026"), "{listed}");
    let id = tables.texts("select cast(min(id) as text) from outbox").await.remove(0);
    assert_eq!(installation.run(&["outbox", "retry", &id]).done(), "1 reply will be sent again\n");
    assert_eq!(installation.run(&["outbox", "retry", &id]).code, 1, "it waits already");
    assert_eq!(installation.run(&["outbox", "retry"]).done(), "1 reply will be sent again\n");
    assert_eq!(tables.count("select count(*) from outbox where state = 'waiting' and attempts = 0").await, 2);
}

#[tokio::test]
async fn a_channel_is_listed_tested_paused_and_resumed() {
    let installation = nowhere();
    serve(&installation, &[("1001", 1, &form("Budi", in_days(3)))]).await;
    let listed = installation.run(&["channel", "list"]).done();
    assert!(listed.contains("wa/1001") && listed.contains("1 waiting") && listed.ends_with("3 channels\n"), "{listed}");
    installation.run(&["channel", "pause", "1001", "--reason", "pindah nomor"]).done();
    let listed = installation.run(&["channel", "list"]).done();
    let line = listed.lines().find(|line| line.starts_with("wa/1001")).unwrap();
    assert!(line.contains("paused") && line.contains("pindah nomor"), "{line}");
    let unknown = installation.run(&["channel", "pause", "1009"]);
    assert!(unknown.code == 1 && unknown.err.contains("there are: wa/1001, wa/1002, wa/1003"), "{unknown:?}");
    installation.run(&["channel", "resume", "wa/1001"]).done();
    assert!(!installation.run(&["channel", "list"]).done().contains("paused"));
    // Nobody listens there: the answer says so, and so does the exit code.
    let asked = installation.run(&["channel", "test", "1001"]);
    assert!(asked.code == 1 && asked.out.contains("wa/1001: cannot send: passing fault"), "{asked:?}");
    assert!(!asked.out.contains(ACCESS_TOKEN), "{asked:?}");
    let sent = installation.run(&["channel", "test", "1001", "--to", &number(1)]);
    assert!(sent.code == 1 && sent.out.contains("cannot send"), "{sent:?}");
}

#[tokio::test]
async fn what_was_set_aside_is_listed_and_stays_listed_until_it_is_served() {
    let installation = nowhere();
    serve(&installation, &[("1001", 1, "halo")]).await;
    let mut tables = installation.tables().await;
    let item = format!(
        r#"{{"channel":"wa/1001","contact":"{}","id":"wamid.X","sent_at":"{}","content":{{"text":"{}"}}}}"#,
        number(2),
        now().to_rfc3339(),
        form("Siti", in_days(3))
    );
    tables
        .run(&format!(
            "insert into set_aside (id, channel, message, office, item, reason, at_us, state) \
             values (90001, 'wa/1001', 'wamid.X', 'bogor', '{item}', 'planted', 0, 'kept')"
        ))
        .await;
    let listed = installation.run(&["aside", "list"]).done();
    assert!(listed.contains("90001") && listed.contains("planted") && !listed.contains("Siti"), "{listed}");
    assert_eq!(installation.run(&["aside", "retry", "4711"]).code, 1);
    // Refused once more: it is still there afterwards.
    tables.run("create trigger refuse before insert on booking begin select raise(abort, 'planted'); end").await;
    let refused = installation.run(&["aside", "retry"]);
    assert_eq!((refused.code, refused.out.as_str()), (1, "0 of 1 messages were served\n"), "{refused:?}");
    assert!(installation.run(&["aside", "list"]).done().ends_with("1 messages\n"));
    tables.run("drop trigger refuse").await;
    assert_eq!(installation.run(&["aside", "retry", "90001"]).done(), "1 of 1 messages were served\n");
    assert_eq!(installation.run(&["aside", "list"]).done(), "0 messages\n");
    assert_eq!(tables.count("select count(*) from booking where state = 'held'").await, 1);
}

fn write(path: &Path, text: &str) -> String {
    std::fs::write(path, text).unwrap();
    path.display().to_string()
}

// Negative control: with the capacity written as the file says it, the check on `taken` refuses the import.
#[tokio::test]
async fn an_office_goes_in_and_out_and_a_closed_day_keeps_its_bookings() {
    let installation = nowhere();
    let visit = in_days(3);
    serve(&installation, &[("1001", 1, &form("Budi", visit)), ("1001", 2, &form("Siti", visit))]).await;
    assert!(installation.run(&["office", "list"]).done().contains("bogor                version 7"));
    let exported = installation.run(&["office", "export", "bogor"]).done();
    let file = installation.path("bogor-baru.toml");
    let path = write(&file, &exported);
    assert!(installation.run(&["office", "import", &path]).done().contains("version 7 is in force already"));
    assert_eq!(installation.run(&["office", "export", "bogor"]).done(), exported, "out, in, out: the same");
    let refused = installation.run(&["office", "import", &write(&file, &exported.replace("= 50", "= 49"))]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("write `version = 8`"), "{refused:?}");
    let closed = format!("\n[[closed]]\ndate = {}\nreason = \"Pindah gedung\"\n", iso(visit));
    let newer = exported.replace("version = 7", "version = 8") + &closed;
    let undecided = installation.run(&["office", "import", &write(&file, &newer)]);
    assert!(undecided.code == 1 && undecided.err.contains("2 bookings would be on a day that closes"), "{undecided:?}");
    let said = installation.run(&["office", "import", "--keep", &write(&file, &newer)]).done();
    assert!(said.contains("version 8 is in force, after 7"), "{said}");
    assert!(said.contains(&format!("{} is closed: 2 bookings of 2 people", iso(visit))), "{said}");
    let older = installation.run(&["office", "import", &write(&file, &exported)]);
    assert!(older.code == 1 && older.err.contains("version 8 is in force"), "{older:?}");
    // The bookings stand, nobody else gets that day, and the configuration's older file does not come back.
    serve(&installation, &[("1001", 3, &form("Rina", visit))]).await;
    let mut tables = installation.tables().await;
    let dates = tables.texts("select date || ' v' || office_version from booking order by id").await;
    assert_eq!(dates[..2], [format!("{visit} v7"), format!("{visit} v7")]);
    assert_eq!(dates.len(), 2, "a closed day is refused: {dates:?}");
    let said = tables.texts("select text from outbox order by id desc limit 1").await.remove(0);
    assert!(said.contains("Pindah gedung"), "{said}");
    assert_eq!(tables.count("select count(*) from seat").await, 2);
    assert_eq!(installation.run(&["office", "export", "antah-berantah"]).code, 1);
}

// Negative control: with `refuse_unknown_codes` left out, a slip in a code leaves its citizen to `--move`.
#[tokio::test]
async fn people_on_a_day_that_is_closed_are_listed_and_decided_about_one_by_one() {
    let installation = nowhere();
    let visit = in_days(3);
    let file = installation.path("offices/kantor-bogor.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    write(&file, &format!("{text}[policy]\napproval = \"none\"\n"));
    let forms: Vec<String> = ["Budi", "Siti", "Rina", "Dewi"].iter().map(|name| form(name, visit)).collect();
    let messages: Vec<(&str, usize, &str)> = (1..).zip(&forms).map(|(n, form)| ("1001", n, form.as_str())).collect();
    serve(&installation, &messages).await;
    let mut tables = installation.tables().await;
    let codes = tables.texts("select code from booking order by contact").await;
    let exported = installation.run(&["office", "export", "bogor"]).done();
    let closed = format!("\n[[closed]]\ndate = {}\nreason = \"Pindah gedung\"\n", iso(visit));
    let path = write(&installation.path("tutup.toml"), &(exported.replace("version = 7", "version = 8") + &closed));

    let dry = installation.run(&["office", "import", &path, "--move", "--dry-run"]);
    assert!(dry.code == 0 && dry.err.contains("nothing was changed"), "{dry:?}");
    let next = format!("move to {} 08:00", iso(in_days(4)));
    assert!(dry.out.contains("4 bookings of 4 people") && dry.out.matches(&next).count() == 4, "{dry:?}");
    assert!(dry.out.contains("can be told until") && !dry.out.contains(&number(1)), "numbers are masked: {dry:?}");
    assert!(installation.run(&["office", "list"]).done().contains("version 7"), "nothing was changed");
    for (wrong, code, says) in [
        (vec!["--move", "--tell"], 2, "both stand for everybody"),
        (vec!["--move=LMGF-D5AQ"], 1, "no booking with the code LMGF-D5AQ"),
        (vec!["--move=XXXX"], 2, "not a booking code"),
        (vec!["--json"], 1, "4 bookings would be on a day"),
    ] {
        let ran = installation.run(&[&["office", "import", path.as_str()][..], &wrong].concat());
        assert!(ran.code == code && ran.err.contains(says), "{wrong:?}: {ran:?}");
    }
    let one = |option: &str, n: usize| format!("--{option}={}", codes[n]);
    let each = [one("keep", 0), one("cancel", 1), one("tell", 2)];
    let options: Vec<&str> = each.iter().map(String::as_str).chain(["--move", "--json"]).collect();
    let done = installation.run(&[&["office", "import", path.as_str()][..], &options].concat()).done();
    let done: serde_json::Value = serde_json::from_str(&done).unwrap();
    let places = done["offices"][0]["bookings"].as_array().unwrap();
    let results: Vec<&str> = places.iter().map(|place| place["result"].as_str().unwrap()).collect();
    assert_eq!(results, ["kept", "cancelled", "told", "moved"]);
    assert_eq!(
        (&done["offices"][0]["result"], &places[3]["to"]),
        (&"imported".into(), &format!("{}T08:00", iso(in_days(4))).into())
    );
    let marks = tables.texts("select displaced from booking order by contact").await;
    assert_eq!(marks, ["closed-kept", "closed-cancelled", "closed-told", "closed-moved"]);
    assert_eq!(tables.count("select count(*) from notice where kind = 'day-closed'").await, 3);
    let same = installation.run(&[&["office", "import", path.as_str()][..], &options].concat()).done();
    assert!(same.contains("\"unchanged\"") && same.contains("\"bookings\": []"), "the same command again: {same}");
    let again = installation.run(&["office", "import", &path]).done();
    assert!(again.contains("version 8 is in force already") && !again.contains("bookings of"), "{again}");
    assert!(installation.run(&["db", "verify"]).done().contains("the books balance"));
}

#[test]
fn check_names_the_file_the_line_and_the_column_of_everything_that_is_wrong() {
    let installation = nowhere();
    assert_eq!(installation.run(&["check"]).code, 0, "what is shipped is well");
    assert_eq!(installation.run(&["check", "offices"]).code, 0);
    let broken = "extend = \"base.toml\"\nid = \"Bogor Kota\"\nversion = 1\nname = \"Bogor\"\nzone = \"WIBB\"\nsite = \"x\"\n\
                  seat_per_hour = 5\n";
    write(&installation.path("offices/rusak.toml"), broken);
    let checked = installation.run(&["check", "offices"]);
    assert_eq!(checked.code, 1);
    for place in ["rusak.toml:2:6", "rusak.toml:5:8", "rusak.toml:7:1"] {
        assert!(checked.err.contains(place), "{place}: {}", checked.err);
    }
    assert!(checked.out.contains("3 problems"), "{}", checked.out);
}

#[test]
fn parse_reads_a_message_a_line_or_a_json_string_a_line() {
    let installation = nowhere();
    let parse = ["parse", "--office", "bogor", "--sent", "2017-08-01T09:00:00+07:00"];
    let whole = r#"{"ok":true,"format":"nama-lahir-kedatangan","fields":{"Nama":"Budi","TglLahir":"1987-01-25","TglKedatangan":"2017-08-07"},"notes":[]}"#;
    let one = installation.run(&[&parse[..], &["--json", "#Budi#25011987#07082017"]].concat());
    assert_eq!((one.code, one.out.trim_end()), (0, whole));
    let broken = installation.run(&[&parse[..], &["#Budi#31021987#07082017"]].concat());
    let said: serde_json::Value = serde_json::from_str(&broken.out).unwrap();
    assert_eq!(
        (broken.code, &said["error"]["field"], &said["error"]["at"]),
        (1, &"TglLahir".into(), &serde_json::json!([6, 14]))
    );
    let command = installation.run(&[&parse[..], &["#batal"]].concat());
    assert_eq!((command.code, command.out.trim_end()), (1, r#"{"ok":false,"command":{"name":"batal","code":null}}"#));
    let lines = installation.run_with(&parse, &[], "#Budi#25011987#07082017\nhalo\n\n#batal\n").done();
    assert_eq!((lines.lines().count(), lines.lines().next()), (4, Some(whole)));
    let jsonl = "\"#Budi\\n#25011987\\n#07082017\"\nno json\n";
    let lines = installation.run_with(&[&parse[..], &["--jsonl"]].concat(), &[], jsonl).done();
    assert_eq!((lines.lines().count(), lines.lines().next()), (2, Some(whole)));
    let file = installation.path("offices/kantor-batam.toml").display().to_string();
    let by_file = installation.run(&["parse", "--office", &file, "#Rina#12031990#Jl. Melati 1"]).done();
    assert!(
        by_file.contains("\"format\":\"batam-foto\"") && by_file.contains("\"Alamat\":\"Jl. Melati 1\""),
        "{by_file}"
    );
    assert_eq!(installation.run(&["parse", "--office", "antah-berantah", "halo"]).code, 2);
}

#[test]
fn parse_reads_by_a_format_of_the_offices_own_in_the_same_folder() {
    let installation = nowhere();
    let folder = installation.path("kantor-sendiri");
    std::fs::create_dir_all(&folder).unwrap();
    let office = "extend = \"batam.toml\"\nid = \"sukabumi\"\nversion = 1\nformats = [\"milik-sendiri\"]\n";
    let file = write(&folder.join("kantor.toml"), office);
    write(&folder.join("format.toml"), "id = \"milik-sendiri\"\npattern = \"#Nama#TglLahir\"\n");
    let folder = folder.display().to_string();
    let read = installation.run(&["parse", "--offices", &folder, "--office", "sukabumi", "#Rina#12031990"]).done();
    assert!(read.contains("\"format\":\"milik-sendiri\""), "{read}");
    let alone = installation.run(&["parse", "--office", &file, "#Rina#12031990"]);
    assert!(alone.code == 2 && alone.err.contains("--offices FOLDER"), "{alone:?}");
    let none = installation.run(&["parse", "--offices", &folder, "--office", "bogor", "halo"]);
    assert!(none.code == 2 && none.err.contains("no office `bogor`"), "{none:?}");
}

// Negative control: with the file shown as it stands beside its mistakes, secrets are shown.
#[test]
fn unknown_keys_are_refused_and_secrets_are_never_shown() {
    let installation = nowhere();
    let config = std::fs::read_to_string(installation.config()).unwrap();
    write(
        &installation.config(),
        &config.replace("[gateway.wa]", "databse = \"x\"\n[gateway.wa]\nacces_token = \"rahasia-salah-kunci\""),
    );
    let refused = installation.run(&["serve", "--config", "antrean.toml"]);
    assert_eq!(refused.code, 1);
    for said in ["databse", "acces_token", "antrean.toml:4:1", "did you mean"] {
        assert!(refused.err.contains(said), "{said}: {}", refused.err);
    }
    let refused_key = installation.run_with(&["outbox", "list"], &[("ANTREAN_DATABSE", "x")], "");
    assert!(refused_key.code == 1 && refused_key.err.contains("ANTREAN_DATABSE"), "{refused_key:?}");
    // A secret under a wrong key, or of a wrong type, is not shown either.
    write(&installation.config(), &config.replace("version = \"v25.0\"", "version = \"25\""));
    let wrong = installation.run(&["serve", "--config", "antrean.toml"]);
    assert_eq!(wrong.code, 1, "{wrong:?}");
    for shown in [&refused.err, &refused.out, &wrong.err, &wrong.out] {
        for secret in [ACCESS_TOKEN, APP_SECRET, VERIFY_TOKEN, "rahasia-salah-kunci"] {
            assert!(!shown.contains(secret), "{secret} is shown: {shown}");
        }
    }
    assert_eq!(installation.run(&["bookings", "find", "x"]).code, 2);
}

#[test]
fn a_channel_of_an_office_that_nobody_described_is_named_with_its_place_and_the_nearest_office() {
    let installation = nowhere();
    installation.add_channel("bogr", "1004");
    let config = std::fs::read_to_string(installation.config()).unwrap();
    let line = config.lines().position(|line| line.contains("\"bogr\"")).unwrap() + 1;
    let refused = installation.run(&["serve", "--config", "antrean.toml"]);
    assert_eq!(refused.code, 1);
    let said = format!("antrean.toml:{line}:10: no office file describes `bogr`: did you mean `bogor`?");
    assert!(refused.err.contains(&said), "{said}: {}", refused.err);
}

// Negative control: with the machine's time in place of the demo's, the reply is due in the year of the test.
#[tokio::test]
async fn commands_beside_a_demo_live_in_the_demos_time() {
    let installation = nowhere();
    serve(&installation, &[("1001", 1, &form("Budi", in_days(3)))]).await;
    let mut tables = installation.tables().await;
    tables.run("update outbox set state = 'dead', error = 'planted'").await;
    std::fs::write(installation.path("clock"), "2026-08-03T02:00:00+00:00").unwrap();
    assert_eq!(installation.run(&["outbox", "retry"]).done(), "1 reply will be sent again\n");
    let due = tables.texts("select cast(due_us as text) from outbox").await.remove(0);
    assert!(due.starts_with("17857224"), "3 August 2026, 02.00 UTC and some seconds, in microseconds: {due}");
}

// Negative control: without the hook in `cli::run` the command panics: exit status 101 and a trace on standard error.
#[test]
fn a_reader_that_goes_away_is_no_failure_to_speak_of() {
    let installation = nowhere();
    installation.run(&["db", "migrate"]).done();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ended = crate::support::installation::command(installation.folder.path())
        .args(["outbox", "list"])
        .stdout(writer)
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "");
    assert_eq!(ended.status.code(), Some(0));
}

// Negative control: a count of all offers as accepted ones prints `3 of 3`.
#[tokio::test]
async fn who_waits_is_listed_in_turn_with_how_many_offers_were_accepted() {
    let installation = nowhere();
    serve(&installation, &[("1001", 1, "halo")]).await;
    let mut tables = installation.tables().await;
    let now = now().timestamp_micros();
    for (id, contact, state, offers) in
        [(2, number(2), "waiting", 1), (1, number(1), "waiting", 0), (3, number(3), "seated", 2)]
    {
        tables
            .run(&format!(
                "insert into waiting (id, office, channel, contact, date, party, offers, declines, state, joined_us) \
                 values ({id}, 'bogor', 'wa/1001', '{contact}', '2026-12-01', 1, {offers}, 0, '{state}', {now})"
            ))
            .await;
    }
    let listed = installation.run(&["waiting", "list", "--office", "bogor"]).done();
    let lines: Vec<&str> = listed.lines().collect();
    assert!(lines.len() == 3 && lines[1].contains("1 offers") && lines[0].contains("2026-12-01"), "{listed}");
    assert!(listed.ends_with("2 waiting; 1 of 3 offers accepted in 60 days\n"), "{listed}");
    assert!(!listed.contains(&number(1)), "numbers are masked: {listed}");
    let json = installation.run(&["waiting", "list", "--office", "bogor", "--json"]).done();
    let told: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(told["waiting"].as_array().unwrap().len() == 2 && told["accepted"] == 1 && told["offers"] == 3, "{json}");
    let unknown = installation.run(&["waiting", "list", "--office", "nirwana"]);
    assert!(unknown.code == 1 && unknown.err.contains("antrean office list"), "{unknown:?}");
}
