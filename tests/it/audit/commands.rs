//! Every command of the program, as its own help lists them, on an installation with people in it: what each writes into the trail, and
//! that none shows anybody without.

use std::fs;

use antrean::domain::message::{ChannelId, Contact, Content, Inbound, MessageId};
use antrean::photos::Photos;
use antrean::storage::Storage;
use chrono::{TimeDelta, Timelike};

use crate::cli::{nowhere, serve};
use crate::support::engine::Tables;
use crate::support::installation::{Installation, Ran, code_in, form, in_days, name, now, number};

/// What a command writes into the trail.
#[derive(Debug, Clone, Copy)]
enum Writes {
    /// These acts, by their words.
    Acts(&'static [&'static str]),
    /// Nothing, and why: it shows and changes nothing of a citizen's, or it is recorded elsewhere.
    Nothing(&'static str),
    /// It is not run here, and why.
    NotRun(&'static str),
}

use Writes::{Acts, NotRun, Nothing};

const NO_CITIZEN: &str = "nothing of a citizen is in it";
const SHIFTS: &str = "who stands at a counter is in the table of shifts";
const OWN_FILES: &str = "it reads what it is given, and no installation";

/// Each command, how it is run, and what it writes. `{…}` stands for what was planted. In this order: later ones take away what the
/// earlier ones show.
const TABLE: &[(&str, &str, Writes)] = &[
    ("demo", "", NotRun("its citizens are invented")),
    ("serve", "", NotRun("it serves; what its console shows is recorded: see the routes' table")),
    ("replay", "", NotRun(OWN_FILES)),
    ("check", "check offices", Nothing(OWN_FILES)),
    ("parse", "parse --office bogor #Budi#25011987#04082026", Nothing(OWN_FILES)),
    ("format try", "format try #NAMA#TGL.LAHIR#TGL.KEDATANGAN --office bogor", Acts(&["rehearse"])),
    (
        "format rehearse",
        "format rehearse #NAMA#TGL.LAHIR#TGL.KEDATANGAN --office bogor --past --reveal",
        Acts(&["rehearse"]),
    ),
    ("format example", "format example #DEWI#31061987#04082026 --office bogor --sent 2026-08-03", Nothing(OWN_FILES)),
    ("format from-examples", "format from-examples {examples}", Nothing(OWN_FILES)),
    ("office list", "office list", Nothing(NO_CITIZEN)),
    ("office export", "office export bogor", Nothing(NO_CITIZEN)),
    ("office versions", "office versions bogor", Nothing(NO_CITIZEN)),
    ("office show", "office show bogor", Nothing(NO_CITIZEN)),
    ("office diff", "office diff bogor 7 7", Nothing(NO_CITIZEN)),
    ("bookings", "bookings --office bogor --date {date}", Acts(&["view_list"])),
    ("bookings find", "bookings find {name}", Acts(&["find"])),
    ("bookings suspicious", "bookings suspicious", Acts(&["view_list"])),
    ("bookings correct", "bookings correct {code} --name {corrected}", Acts(&["correct_name"])),
    ("visit list", "visit list --office bogor", Acts(&["view_list"])),
    ("visit counter open", "visit counter open 3 --office bogor --as rina", Nothing(SHIFTS)),
    ("visit arrive", "visit arrive {today} --admit-late --office bogor --as rina", Acts(&["arrive"])),
    ("visit walk-in", "visit walk-in --name {walk-in} --office bogor --as rina", Acts(&["arrive"])),
    ("visit call", "visit call 3 --office bogor --as rina", Acts(&["call"])),
    ("visit recall", "visit recall --counter 3 --office bogor --as rina", Acts(&["call"])),
    ("visit came", "visit came --counter 3 --office bogor --as rina", Acts(&["call"])),
    ("visit undo", "visit undo --counter 3 --office bogor --as rina", Acts(&["undo"])),
    ("visit park", "visit park --counter 3 --office bogor --as rina", Acts(&["call"])),
    ("visit return", "visit return {parked} --office bogor --as rina", Acts(&["call"])),
    ("visit call", "visit call 3 --office bogor --as rina", Acts(&["call"])),
    ("visit counter open", "visit counter open 4 --office bogor --as rina", Nothing(SHIFTS)),
    ("visit redirect", "visit redirect --counter 3 --to 4 --office bogor --as rina", Acts(&["call"])),
    ("visit call", "visit call 3 --office bogor --as rina", Acts(&["call"])),
    ("visit missed", "visit missed --counter 3 --office bogor --as rina", Acts(&["call"])),
    ("visit call", "visit call 4 --office bogor --as rina", Acts(&["call"])),
    ("visit came", "visit came --counter 4 --office bogor --as rina", Acts(&["call"])),
    ("visit done", "visit done --counter 4 --office bogor --as rina", Acts(&["call"])),
    ("visit counter close", "visit counter close 3 --office bogor --as rina", Nothing(SHIFTS)),
    ("visit end", "visit end --office bogor --as rina", Acts(&["call"])),
    ("display add", "display add bogor", Acts(&["display_change"])),
    ("display list", "display list bogor", Nothing(NO_CITIZEN)),
    ("display remove", "display remove bogor {display}", Acts(&["display_change"])),
    ("outbox list", "outbox list", Acts(&["view_conversations"])),
    ("outbox retry", "outbox retry", Acts(&["send_again"])),
    ("notice ready", "notice ready {code}", Acts(&["send_notice"])),
    ("notice send", "notice send --office bogor --date {date} --text Bawa-KTP", Acts(&["view_booking"])),
    ("notice list", "notice list", Acts(&["view_list"])),
    ("notice stop", "notice stop --office bogor", Acts(&["send_notice"])),
    ("channel list", "channel list", Nothing(NO_CITIZEN)),
    ("channel test", "channel test wa/1001", Nothing("it asks the provider, and needs no database")),
    ("channel costs", "channel costs", Nothing(NO_CITIZEN)),
    ("channel pause", "channel pause wa/1001", Acts(&["pause_channel"])),
    ("channel resume", "channel resume wa/1001", Acts(&["resume_channel"])),
    ("aside list", "aside list", Acts(&["view_conversations"])),
    ("aside retry", "aside retry", Acts(&["send_again"])),
    ("waiting list", "waiting list --office bogor", Acts(&["view_list"])),
    ("talk list", "talk list", Acts(&["view_conversations"])),
    ("talk show", "talk show {ticket}", Acts(&["view_conversation"])),
    (
        "talk take",
        "talk take {ticket} --as rina",
        Nothing("who looks after a ticket stands beside it; nothing of it is shown"),
    ),
    (
        "talk release",
        "talk release {ticket} --as rina",
        Nothing("who looks after a ticket stands beside it; nothing of it is shown"),
    ),
    ("talk reply", "talk reply {ticket} Silakan", Acts(&["reply_conversation"])),
    ("talk close", "talk close {ticket}", Acts(&["reply_conversation"])),
    ("person show", "person show {number}", Acts(&["view_person"])),
    ("person export", "person export {number}", Acts(&["export_person"])),
    ("person list", "person list --changed-since 2026-01-01", Acts(&["view_person"])),
    ("report", "report --office bogor", Acts(&["view_report"])),
    (
        "export",
        "export bookings --format csv --to bookings.csv --office bogor --from {date} --until {date}",
        Acts(&["export"]),
    ),
    ("user add", "user add rina", Acts(&["user_change"])),
    ("user list", "user list", Nothing(NO_CITIZEN)),
    ("user reset", "user reset rina", Acts(&["user_change"])),
    ("user role", "user role rina officer", Acts(&["user_change"])),
    ("user disable", "user disable rina", Acts(&["user_change"])),
    ("user log", "user log", Nothing("the trail names no citizen, and must be read where it cannot be written")),
    ("user code", "user code --demo", Nothing("only of a demo")),
    ("media status", "media status", Nothing(NO_CITIZEN)),
    ("media rotate", "media rotate", Acts(&["rotate_key"])),
    ("media save", "media save {code} photo.jpg", Acts(&["view_photo"])),
    ("audit list", "audit list", Nothing("the trail names no citizen, and must be read where it cannot be written")),
    ("audit head", "audit head", Nothing("a hash")),
    ("audit verify", "audit verify", Nothing("numbers of rows")),
    ("db migrate", "db migrate", Nothing(NO_CITIZEN)),
    ("db verify", "db verify", Nothing("counts, and numbers of rows")),
    ("db mend", "db mend", Nothing("counts")),
    ("db move", "", NotRun("the whole installation moves, its trail with it")),
    ("office close", "office close bogor {date} --reason uji --move", Acts(&["view_list", "change_calendar"])),
    ("office calendar", "office calendar bogor", Nothing("days and reasons")),
    // Within a minute nobody was told: nobody is listed.
    ("office undo", "office undo bogor {change} --move", Acts(&["change_calendar"])),
    ("office close", "office close bogor {free} --reason uji", Acts(&["view_list", "change_calendar"])),
    ("office open", "office open bogor {free} --reason uji", Acts(&["view_list", "change_calendar"])),
    ("office capacity", "office capacity bogor {free} 3 --reason uji", Acts(&["view_list", "change_calendar"])),
    ("office import", "office import {newer}", Acts(&["change_office"])),
    ("office rollback", "office rollback bogor 7 --why uji", Acts(&["roll_back"])),
    ("person erase", "person erase {number} --cancel --yes", Acts(&["erase_person"])),
];

/// The commands that the program's help names, each with the words that lead to it.
pub(crate) fn commands(installation: &Installation, path: &[&str], found: &mut Vec<String>) {
    let help = installation.run(&[path, &["--help"]].concat()).done();
    let mut named: Vec<String> = Vec::new();
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    for line in list {
        // Its explanation may go on on a line of its own.
        if let Some(word) = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')) {
            named.push(word.split_whitespace().next().unwrap().to_owned());
        }
    }
    let usage = help.lines().find(|line| line.starts_with("Usage:")).unwrap();
    if named.is_empty() || usage.contains("[COMMAND]") {
        found.push(path.join(" "));
    }
    for word in named {
        commands(installation, &[path, &[word.as_str()]].concat(), found);
    }
}

/// An installation of whose citizens everything is kept that commands show.
struct Stage {
    installation: Installation,
    code: String,
    today: String,
    ticket: String,
}

impl Stage {
    async fn new() -> Self {
        let installation = nowhere();
        let office = installation.path("offices/kantor-bogor.toml");
        // Open at any hour: whoever comes is called at whatever time the test runs.
        let text =
            fs::read_to_string(&office).unwrap().replace(r#"["08:00-12:00", "13:00-15:00"]"#, r#"["00:00-23:59"]"#);
        assert!(text.contains("00:00-23:59"), "{text}");
        fs::write(office, text + "\n[policy.handover]\nenabled = true\n").unwrap();
        serve(&installation, &[("1001", 1, &form(&name(1), in_days(3)))]).await;
        let mut tables = installation.tables().await;
        let echo = tables.texts("select text from outbox order by id desc limit 1").await.remove(0);
        let talk = [("1001", 1, "#PETUGAS "), ("1001", 1, "apakah boleh tanpa KK asli?")];
        serve(&installation, &[&[("1001", 1, code_in(&echo).as_str())][..], &talk].concat()).await;
        serve(&installation, &[("1001", 2, &form(&name(2), in_days(4)))]).await;
        let codes = tables.texts("select code from booking order by id").await;
        plant(&installation, &mut tables, &codes).await;
        let ticket = tables.count("select id from ticket").await.to_string();
        Self { installation, code: codes[0].clone(), today: codes[1].clone(), ticket }
    }

    /// A row of the table with what was planted in its places.
    async fn filled(&self, line: &str) -> Vec<String> {
        let mut tables = self.installation.tables().await;
        let parked = tables.texts("select number from visit where state = 'parked' or state = 'missed' limit 1").await;
        let change = tables.texts("select cast(max(id) as text) from calendar_change where id is not null").await;
        let display = tables.texts("select cast(id as text) from display").await;
        let word = |word: &str| match word {
            "{code}" => self.code.clone(),
            "{today}" => self.today.clone(),
            "{ticket}" => self.ticket.clone(),
            "{number}" => number(1),
            "{name}" => name(1),
            "{corrected}" => "Qwerzani Pustovaya".to_owned(),
            "{walk-in}" => "Wahyu Hidayat".to_owned(),
            "{date}" => in_days(3).to_string(),
            "{free}" => in_days(5).to_string(),
            "{parked}" => parked.first().cloned().unwrap_or_default(),
            "{display}" => display.first().cloned().unwrap_or_default(),
            "{change}" => change.first().cloned().unwrap_or_default(),
            "{examples}" => "examples.txt".to_owned(),
            "{newer}" => "offices".to_owned(),
            other => other.to_owned(),
        };
        line.split(' ').map(word).collect()
    }

    /// What of a citizen an output shows.
    fn shown(ran: &Ran) -> Vec<String> {
        let said = format!("{} {}", ran.out, ran.err).to_lowercase();
        let all = [name(1), name(2), number(1), number(2), "Wahyu Hidayat".to_owned(), "Pustovaya".to_owned()];
        let masked = [1, 2].map(|n| Contact::new(number(n)).masked());
        all.into_iter().chain(masked).filter(|data| said.contains(&data.to_lowercase())).collect()
    }
}

/// What no message leads to in a few minutes: a photo, a message that was set aside, a wait, a visit of today, a reply that was given up.
async fn plant(installation: &Installation, tables: &mut Tables, codes: &[String]) {
    let media = Photos::new(installation.path("antrean-media"), installation.path("antrean-media-keys"));
    let kept = media.keep(77, b"\xFF\xD8\xFF a photo").unwrap();
    let (file, key, us) = (kept.file, kept.key, now().timestamp_micros());
    let (number, today, later) = (number(1), in_days(0), in_days(4));
    let hour = (now() + TimeDelta::hours(7)).hour();
    tables
        .run(&format!(
            "insert into media (id, office, channel, contact, attachment, state, attempts, due_us, file, created_us, key_id) \
             values (77, 'bogor', 'wa/1001', '{number}', '{{}}', 'fetched', 0, 0, '{file}', {us}, '{key}'); \
             update booking set photo = 77 where code = '{}'; \
             insert into waiting (id, office, channel, contact, party, offers, declines, state, joined_us) \
             values (78, 'bogor', 'wa/1001', '{number}', 1, 0, 0, 'waiting', {us}); \
             update day set date = '{today}' where office = 'bogor' and date = '{later}'; \
             update hour set date = '{today}', hour = {hour} where office = 'bogor' and date = '{later}'; \
             update seat set date = '{today}', hour = {hour} where office = 'bogor' and date = '{later}'; \
             update booking set date = '{today}', hour = {hour}, state = 'booked', hold_until_us = null where code = '{}'; \
             update outbox set state = 'dead' where id = (select min(id) from outbox)",
            codes[0], codes[1]
        ))
        .await;
    let storage = Storage::open(&installation.url()).await.unwrap();
    let stray = Inbound {
        channel: ChannelId::new("wa", "4004"),
        contact: Contact::new(number.as_str()),
        also: Vec::new(),
        id: MessageId::new("wamid.stray"),
        sent_at: now(),
        content: Content::Text(name(1)),
    };
    storage.keep_stray(&stray, now()).await.unwrap();
    storage.close().await;
    let examples = (1..4).map(|n| form(&name(n), in_days(3)) + "\n").collect::<String>();
    fs::write(installation.path("examples.txt"), examples).unwrap();
}

// Negative controls, run: with the act left out of `antrean waiting list`, or of `antrean notice list`, it is named here; with a row left out
// of the table, its command is.
#[tokio::test(flavor = "multi_thread")]
async fn every_command_writes_down_whom_it_shows_and_what_it_changes() {
    let stage = Stage::new().await;
    let mut known = Vec::new();
    commands(&stage.installation, &[], &mut known);
    let told: Vec<&str> = TABLE.iter().map(|(path, ..)| *path).collect();
    let unknown: Vec<&String> = known.iter().filter(|path| !told.contains(&path.as_str())).collect();
    assert!(unknown.is_empty(), "say of these commands what they write into the trail: {unknown:?}");
    let gone: Vec<&&str> = told.iter().filter(|path| !known.iter().any(|known| known.as_str() == **path)).collect();
    assert!(gone.is_empty(), "there are no such commands: {gone:?}");
    let mut tables = stage.installation.tables().await;
    let mut wrong = Vec::new();
    for (path, line, writes) in TABLE {
        if let NotRun(why) = writes {
            assert!(!why.is_empty());
            continue;
        }
        // Whoever was called is called again after a minute, and is missing after three calls.
        if let "visit recall" | "visit missed" = *path {
            tables.run("update visit set called_us = called_us - 3600000000, calls = calls + 2 where called_us is not null").await;
        }
        if *path == "office import" {
            let office = stage.installation.path("offices/kantor-bogor.toml");
            let text = fs::read_to_string(&office).unwrap();
            fs::write(office, text.replace("version = 7", "version = 17")).unwrap();
        }
        let before = tables.count("select last from audit_head").await;
        let line = stage.filled(line).await;
        let ran = stage.installation.run(&line.iter().map(String::as_str).collect::<Vec<_>>());
        let sql = format!("select distinct act from audit where id > {before}");
        let (acts, shown) = (tables.texts(&sql).await, Stage::shown(&ran));
        let (wanted, why): (&[&str], &str) = match writes {
            Acts(acts) => (acts, ""),
            Nothing(why) | NotRun(why) => (&[], why),
        };
        let mut wanted: Vec<&str> = wanted.to_vec();
        wanted.sort_unstable();
        let mut written: Vec<&str> = acts.iter().map(String::as_str).collect();
        written.sort_unstable();
        if written != wanted {
            wrong.push(format!("{path}: wrote {written:?}, not {wanted:?} ({why}): {ran:?}"));
        }
        // A list of no files, or what somebody typed themselves, is no look at anybody.
        if !shown.is_empty() && written.is_empty() && why != OWN_FILES {
            wrong.push(format!("{path}: shows {shown:?} and writes nothing: {ran:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
