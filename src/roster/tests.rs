//! What the room promises: the shipped files are whole, a printed office reads back, and every mistake has its place.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Weekday};
use miette::NamedSource;
use proptest::prelude::*;

use super::files::{self, File, Origin};
use super::problem::Problem;
use super::survey::{Sorted, calendar, offices};
use super::{Roster, print, read, read_whole};
use crate::domain::calendar::Calendar;
use crate::domain::office::{Approval, Dated, Day, Earliest, FormatId, Office, OfficeId, WhenFull, Zone};
use crate::domain::sample::{any_office, day};
use crate::domain::slot;

/// The formats that the grammar room ships.
fn known() -> BTreeSet<FormatId> {
    ["nama-lahir-kedatangan", "batam-foto", "batam-tanpa-foto", "batam-e-paspor", "batam-keluarga"]
        .map(|id| FormatId::read(id).unwrap())
        .into()
}

fn file(name: &str, text: &str) -> File {
    let source = Arc::new(NamedSource::new(name, text.to_owned()));
    File { origin: Origin::Disk(name.into()), source }
}

/// The problems of files, each as `line:column what | remedy`.
fn summaries(files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    let sorted = Sorted::of(files.to_vec(), &mut problems);
    calendar(&[], &sorted.calendars, &mut problems);
    offices(&sorted.offices, &known(), &mut problems);
    problems.iter().map(Problem::summary).collect()
}

fn shipped() -> (Vec<Arc<Office>>, Calendar) {
    let mut problems = Vec::new();
    let calendar = calendar(&files::shipped_calendars(), &[], &mut problems);
    let offices = offices(&files::shipped_offices(), &known(), &mut problems);
    assert!(problems.is_empty(), "{:#?}", problems.iter().map(Problem::summary).collect::<Vec<_>>());
    (offices.into_values().collect(), calendar)
}

fn shipped_office(id: &str) -> Arc<Office> {
    shipped().0.into_iter().find(|office| office.id.as_str() == id).unwrap()
}

#[test]
fn twenty_six_offices_in_three_zones_are_shipped_without_a_problem() {
    let (offices, calendar) = shipped();
    assert_eq!(offices.len(), 26);
    for zone in [Zone::Wib, Zone::Wita, Zone::Wit] {
        assert!(offices.iter().filter(|office| office.zone == zone).count() >= 2, "{zone:?}");
    }
    assert_eq!(calendar.years().collect::<Vec<_>>(), [2017, 2026]);
}

#[test]
fn no_shipped_office_names_a_phone_number() {
    for file in files::shipped_offices() {
        let longest = file.source.inner().split(|c: char| !c.is_ascii_digit()).map(str::len).max();
        assert!(longest <= Some(4), "{}", file.source.name());
    }
}

#[test]
fn bogor_is_as_documented() {
    let bogor = shipped_office("bogor");
    assert_eq!(bogor.policy.approval, Approval::Code);
    assert_eq!(bogor.policy.when_full, WhenFull::Roll);
    assert_eq!(bogor.policy.earliest, Earliest::Tomorrow);
    assert_eq!((bogor.policy.hold_minutes, bogor.policy.horizon_days, bogor.policy.live_per_number), (30, 60, 1));
    assert!(!bogor.policy.cancelling);
    assert_eq!((bogor.seats_per_hour, bogor.intake), (50, None));
    let calendar = shipped().1;
    for date in day(2017, 8, 7).iter_days().take(7) {
        match bogor.day(&calendar, date) {
            Day::Open(hours) => assert!(bogor.day_capacity(&hours) >= 250, "{date}"),
            Day::Closed(_) => assert!(matches!(date.weekday(), Weekday::Sat | Weekday::Sun), "{date}"),
        }
    }
}

#[test]
fn jakarta_pusat_and_batam_are_as_documented() {
    let jakarta = shipped_office("jakarta-pusat");
    assert_eq!((jakarta.policy.approval, jakarta.policy.when_full), (Approval::Code, WhenFull::Suggest));
    assert_eq!((jakarta.policy.cancelling, jakarta.policy.live_per_number), (true, 1));
    let batam = shipped_office("batam");
    assert_eq!((batam.policy.approval, batam.policy.when_full), (Approval::None, WhenFull::Roll));
    assert_eq!(
        batam.formats.iter().map(FormatId::as_str).collect::<Vec<_>>(),
        ["batam-foto", "batam-e-paspor", "batam-keluarga"]
    );
    assert_eq!(batam.intake.map(super::value::span_text).as_deref(), Some("07:30-10:00"));
    let later = shipped_office("batam-tanpa-foto");
    assert_eq!(later.formats[0].as_str(), "batam-tanpa-foto");
    assert_eq!(later.intake, batam.intake);
}

#[test]
fn every_shipped_office_can_be_booked_in_the_calendars_years() {
    let (offices, calendar) = shipped();
    for office in offices {
        for today in [day(2017, 8, 7), day(2026, 11, 2)] {
            let now = office.zone.instant(today.and_hms_opt(9, 0, 0).unwrap());
            assert!(slot::next_day(&office, &calendar, today, now).is_some(), "{}", office.id);
        }
    }
}

#[test]
fn the_shipped_calendars_know_the_days_that_people_ask_about() {
    let calendar = shipped().1;
    let name = |date: NaiveDate| calendar.holiday(date).map(|holiday| (holiday.name.as_str(), holiday.joint_leave));
    assert_eq!(name(day(2017, 8, 17)), Some(("Hari Kemerdekaan Republik Indonesia", false)));
    assert_eq!(name(day(2017, 6, 1)), Some(("Hari Lahir Pancasila", false)));
    for date in [23, 27, 28, 29, 30] {
        assert_eq!(name(day(2017, 6, date)), Some(("Cuti bersama Idulfitri", true)));
    }
    assert_eq!(name(day(2026, 12, 24)), Some(("Cuti bersama Hari Raya Natal", true)));
    assert_eq!(name(day(2026, 11, 23)), None);
}

#[test]
fn years_within_reach_but_without_a_calendar_are_named() {
    let (offices, calendar) = shipped();
    let offices = offices.into_iter().map(|office| (office.id.clone(), office)).collect();
    let roster = Roster { offices, calendar: calendar.into(), ..Roster::default() };
    assert!(roster.unknown_years("2017-08-07T02:00:00Z".parse().unwrap()).is_empty());
    let unknown = roster.unknown_years("2026-11-22T02:00:00Z".parse().unwrap());
    let reach_2027: Vec<&str> = unknown[&2027].iter().map(OfficeId::as_str).collect();
    assert!(reach_2027.contains(&"bogor"), "60 days ahead");
    assert!(!reach_2027.contains(&"pontianak"), "14 days ahead");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    // Proven by leaving `minutes_before_hour` out of `print`, and once by printing texts without escapes.
    #[test]
    fn a_printed_office_reads_back_the_same(office in any_office()) {
        let text = print(&office);
        let again = read_whole(&text).map_err(|problems| problems.iter().map(Problem::summary).collect::<Vec<_>>());
        prop_assert_eq!(again, Ok(office), "{}", text);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[a-z\\[\\]={}\"',.0-9# \n-]{0,200}") {
        let _ = read(&text);
    }
}

#[test]
fn every_shipped_office_survives_printing() {
    for office in shipped().0 {
        assert_eq!(read(&print(&office)).ok().as_ref(), Some(office.as_ref()));
    }
}

/// A whole office in ten lines, to be broken line by line; `name` stands in line 4.
const GOOD: &str = r#"extend = "base.toml"
id = "sukabumi"
version = 1
name = "Kantor Imigrasi Sukabumi"
zone = "WIB"
site = "Loket layanan paspor, Sukabumi"
"#;

#[test]
fn a_file_of_six_lines_is_an_office() {
    assert_eq!(summaries(&[file("sukabumi.toml", GOOD)]), [""; 0]);
}

#[test]
fn every_mistake_has_its_place_and_its_remedy() {
    // What is put in for which line of GOOD (0: after it), the place, a part of the message, a part of the remedy.
    let table: &[(usize, &str, &str, &str, &str)] = &[
        (1, "extend = \"bsae.toml\"", "1:10", "no file \"bsae.toml\"", "extend = \"base.toml\""),
        (1, "extend = 3", "1:10", "`extend` must be a text, not the number 3", "\"quotes\""),
        (2, "", "1:1", "`id` is missing", "add id ="),
        (2, "id = \"Kota Sukabumi\"", "2:6", "not \"Kota Sukabumi\"", "write \"kota-sukabumi\""),
        (3, "version = 0", "3:11", "from 1 to", "without quotes"),
        (3, "version = \"1\"", "3:11", "not the text \"1\"", "without quotes"),
        (4, "", "1:1", "`name` is missing", "add name ="),
        (4, "name = \"\"", "4:8", "`name` is empty", "quotes"),
        (4, "name = \" Kantor\"", "4:8", "spaces at its ends", "one line"),
        (4, "name = \"Kan\\ntor\"", "4:8", "line break", "one line"),
        (4, "nama = \"Kantor\"", "4:1", "`nama` is not a known key", "did you mean `name`?"),
        (5, "zone = \"WIBA\"", "5:8", "not \"WIBA\"", "did you mean \"WIB\"?"),
        (5, "zone = \"UTC\"", "5:8", "not \"UTC\"", "write one of \"WIB\""),
        (0, "formats = []", "7:11", "at least one format", "nama-lahir-kedatangan"),
        (0, "formats = [\"nama-lahir-kedatangn\"]", "7:12", "no format", "did you mean \"nama-lahir-kedatangan\"?"),
        (0, "formats = [\"zzz\"]", "7:12", "no format `zzz`", "known are: batam-e-paspor"),
        (0, "formats = [\"batam-foto\", \"batam-foto\"]", "7:26", "stands twice", "once"),
        (0, "formats = \"batam-foto\"", "7:11", "must be a list", "formats = [...]"),
        (0, "seats_per_hour = 2001", "7:18", "from 1 to 2000", "from 1 to 2000"),
        (0, "seats_per_hour = 12.5", "7:18", "the fraction 12.5", "from 1 to 2000"),
        (0, "seats_per_hours = 50", "7:1", "not a known key", "did you mean `seats_per_hour`?"),
        (0, "kuota = 50", "7:1", "not a known key", "known here are: extend"),
        (0, "intake = \"10:00-07:30\"", "7:10", "ends before it begins", "\"07:30-10:00\""),
        (0, "intake = \"pagi\"", "7:10", "two times of day", "or \"always\""),
        (0, "[hours]\nsenen = [\"08:00-12:00\"]", "8:1", "names no weekday", "did you mean `senin`?"),
        (0, "[hours]\nsenin = [\"08:00-24:00\"]", "8:10", "two times of day", "23:59"),
        (0, "[hours]\nsenin = [\"08:00-08:30\"]", "8:10", "no whole hour", "on the hour"),
        (0, "[hours]\nsenin = [\"08:00-12:00\", \"11:00-15:00\"]", "8:25", "begins before", "morning to evening"),
        (0, "[hours]\nsenin = [\"13:00-15:00\", \"08:00-12:00\"]", "8:25", "begins before", "morning to evening"),
        (0, "[hours]\nsenin-rabu = []\nrabu = []", "9:1", "another line gives too", "each weekday once"),
        (0, "[hours]\nsenin-jumat = []", "1:1", "opens on no weekday", "add [hours]"),
        (0, "[hours]\nkamis-senin = []", "8:1", "runs backwards", "earlier weekday first"),
        (0, "hours = 8", "7:9", "must be a table", "write [hours]"),
        (0, "[policy]\nwhen_full = \"rol\"", "8:13", "not \"rol\"", "did you mean \"roll\"?"),
        (0, "[policy]\napproval = true", "8:12", "must be a text, not true", "quotes"),
        (0, "[policy]\nhold_minutes = 0", "8:16", "from 1 to 1440", "without quotes"),
        (0, "[policy]\nhold_minute = 5", "8:1", "`policy.hold_minute` is not", "did you mean `hold_minutes`?"),
        (0, "[policy]\ncancelling = \"ya\"", "8:14", "must be true or false", "without quotes"),
        (0, "[policy]\nhorizon_days = 181", "8:16", "from 1 to 180", "from 1 to 180"),
        (0, "[policy]\nlive_per_number = -1", "8:19", "not the number -1", "from 1 to 50"),
        (0, "[policy]\nearliest = \"today\"", "8:12", "last minute for booking today", "minutes_before_hour = 60"),
        (0, "[policy]\nminutes_before_hour = 9", "8:23", "means nothing", "earliest = \"today\""),
        (0, "[[closed]]\ndate = 2017-06-31\nreason = \"x\"", "8:8", "not TOML", "check this line"),
        (0, "[[closed]]\ndate = \"31-06-2017\"\nreason = \"x\"", "8:8", "day of the calendar", "like 2017-08-21"),
        (0, "[[closed]]\ndate = 2017-08-21", "7:1", "`closed.reason` is missing", "as citizens will read it"),
        (0, "[[closed]]\ndate = 2017-08-21\nuntil = 2017-08-20\nreason = \"x\"", "9:9", "does not fit", "last day"),
        (0, "closed = [1]", "7:10", "must be a list of tables", "[[closed]]"),
        (0, "[[open]]\ndate = 2017-08-19\nhours = []", "7:1", "no hours", "08:00-12:00"),
        (
            0,
            "[[closed]]\ndate = 2017-08-19\nreason = \"x\"\n[[open]]\ndate = 2017-08-19\nhours = [\"08:00-12:00\"]",
            "11:8",
            "stands twice, first in line 8",
            "each day once",
        ),
        (0, "[texts.id]\nrequirements = []", "8:16", "list is empty", "one for each document"),
        (0, "[texts.ind]\nbring = \"x\"", "7:8", "`texts.ind` is not", "did you mean `id`?"),
    ];
    let mut misses = Vec::new();
    for &(line, text, place, what, remedy) in table {
        let mut lines: Vec<&str> = GOOD.lines().collect();
        if line == 0 {
            lines.push(text)
        } else {
            lines[line - 1] = text
        }
        let found = summaries(&[file("office.toml", &lines.join("\n"))]);
        let hit = found.iter().any(|summary| {
            let (said, advice) = summary.split_once(" | ").unwrap();
            said.starts_with(&format!("{place} ")) && said.contains(what) && advice.contains(remedy)
        });
        // A mistyped key is missed besides: two problems at most.
        if !hit || found.len() > 2 {
            misses.push(format!("{text:?} at {place}: {what} | {remedy}\nfound {found:#?}"));
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

#[test]
fn all_mistakes_are_told_at_once() {
    let broken = "id = \"A B\"\nversion = 0\nzone = \"X\"\nkuota = 5\n[hours]\nsenin = [\"pagi\", \"12:00-08:00\"]\n[policy]\nwhen_full = 1\nhold_minutes = 0\n";
    let first = file("a.toml", broken);
    let second =
        file("b.toml", "extend = \"base.toml\"\nid = \"b\"\nversion = 1\nname = \"B\"\nsite = \"B\"\nzone = 7\n");
    let found = summaries(&[first, second]);
    for key in [
        "`id`",
        "`version`",
        "`zone`",
        "`kuota`",
        "\"pagi\"",
        "12:00-08:00",
        "`policy.when_full`",
        "`policy.hold_minutes`",
    ] {
        assert_eq!(
            found.iter().filter(|said| said.contains(key) && !said.contains("missing")).count(),
            if key == "`zone`" { 2 } else { 1 },
            "{key}: {found:#?}"
        );
    }
    for key in ["`name`", "`site`", "`formats`", "`seats_per_hour`", "`policy.approval`", "`texts.id.bring`"] {
        assert!(found.iter().any(|said| said.contains(&format!("{key} is missing"))), "{key}: {found:#?}");
    }
}

#[test]
fn a_text_that_is_no_toml_is_told_with_its_place_and_nothing_is_called_missing() {
    let found = summaries(&[file("a.toml", "id = \"a\nversion == 1\nname = \"A\"\n")]);
    assert!(found.iter().any(|said| said.starts_with("1:") && said.contains("not TOML")), "{found:#?}");
    assert!(!found.iter().any(|said| said.contains("missing")), "{found:#?}");
}

#[test]
fn two_files_for_one_office_are_refused() {
    let changed = GOOD.replace("zone = \"WIB\"", "zone = \"WIT\"");
    let same_version = summaries(&[file("a.toml", GOOD), file("b.toml", &changed)]);
    assert_eq!(same_version.len(), 1);
    assert!(
        same_version[0].starts_with("2:6 the office `sukabumi` is given by a.toml:2:6 too, under the same version 1")
    );
    assert!(same_version[0].contains("raise `version`"));
    let next_version =
        summaries(&[file("a.toml", GOOD), file("b.toml", &changed.replace("version = 1", "version = 2"))]);
    assert!(next_version[0].contains("keep one file"), "{next_version:#?}");
}

#[test]
fn a_mistake_in_a_shared_base_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let base = fs::read_to_string("fixtures/offices/base.toml").unwrap();
    write("dasar.toml", &base.replace("hold_minutes = 30", "hold_minutes = 3000"));
    for id in ["satu", "dua"] {
        let text = GOOD.replace("base.toml", "dasar.toml").replace("sukabumi", id);
        write(&format!("{id}.toml"), &text);
    }
    let mut problems = Vec::new();
    let files = files::found(&[folder.path().to_owned()], &mut problems);
    let found = summaries(&files);
    assert_eq!(files.len(), 3);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("`policy.hold_minutes`"));
}

#[test]
fn files_that_extend_one_another_in_a_circle_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, base) in [("a", "b"), ("b", "a")] {
        let text = GOOD.replace("base.toml", &format!("{base}.toml")).replace("sukabumi", name);
        fs::write(folder.path().join(format!("{name}.toml")), text).unwrap();
    }
    let found = summaries(&files::found(&[folder.path().to_owned()], &mut Vec::new()));
    assert!(found.iter().any(|said| said.starts_with("1:10 ") && said.contains("circle")), "{found:#?}");
}

#[test]
fn a_file_extends_its_base_key_by_key() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(
        "base.toml",
        &[
            &fs::read_to_string("fixtures/offices/base.toml")
                .unwrap()
                .replace("earliest = \"tomorrow\"", "earliest = \"today\"\nminutes_before_hour = 60"),
            "[[closed]]\ndate = 2017-08-21\nuntil = 2017-08-22\nreason = \"Pindah\"",
        ]
        .join("\n"),
    );
    let own = "[hours]\njumat = []\nsabtu = [\"09.00-11.00\"]\n[policy]\nearliest = \"tomorrow\"\n[[open]]\ndate = 2017-08-22\nhours = [\"08:00-10:00\"]\n";
    write("sukabumi.toml", &format!("{GOOD}{own}"));
    let mut problems = Vec::new();
    let files = files::found(&[folder.path().to_owned()], &mut problems);
    let offices = offices(&files, &known(), &mut problems);
    assert_eq!(problems.iter().map(Problem::summary).collect::<Vec<_>>(), [""; 0]);
    let office = &offices[&OfficeId::read("sukabumi").unwrap()];
    assert_eq!(office.hours.on(Weekday::Mon).len(), 2);
    assert_eq!(office.hours.on(Weekday::Fri), []);
    assert_eq!(office.hours.on(Weekday::Sat).len(), 1);
    assert_eq!(office.policy.earliest, Earliest::Tomorrow);
    assert_eq!(office.dated[&day(2017, 8, 21)], Dated::Closed { reason: "Pindah".into() });
    assert!(matches!(office.dated[&day(2017, 8, 22)], Dated::Open { .. }));
}

#[test]
fn broken_calendars_have_places_and_remedies() {
    let table: &[(&str, &str, &str, &str)] = &[
        (
            "year = 26\n[[holiday]]\ndate = 2026-01-01\nname = \"a\"\nname_en = \"b\"",
            "1:8",
            "`year` must be",
            "from 1945",
        ),
        ("[[holiday]]\ndate = 2026-01-01\nname = \"a\"\nname_en = \"b\"", "1:1", "`year` is missing", "year = 2026"),
        ("year = 2026", "1:1", "no holidays", "[[holiday]]"),
        (
            "year = 2026\n[[holiday]]\ndate = 2025-12-25\nname = \"a\"\nname_en = \"b\"",
            "3:8",
            "another year",
            "its own year",
        ),
        (
            "year = 2026\n[[holiday]]\ndate = 2026-12-25\nname = \"a\"",
            "2:1",
            "`holiday.name_en` is missing",
            "Independence Day",
        ),
        (
            "year = 2026\n[[holiday]]\ndate = 2026-12-25\nnama = \"a\"\nname_en = \"b\"",
            "4:1",
            "`holiday.nama`",
            "`name`",
        ),
    ];
    for &(text, place, what, remedy) in table {
        let found = summaries(&[file("2026.toml", text)]);
        let hit = found.iter().any(|said| said.starts_with(place) && said.contains(what) && said.contains(remedy));
        assert!(hit, "{text:?}: {found:#?}");
    }
    let twice = "year = 2026\n[[holiday]]\ndate = 2026-12-25\nname = \"a\"\nname_en = \"b\"\n[[holiday]]\ndate = 2026-12-25\nname = \"c\"\nname_en = \"d\"";
    assert!(summaries(&[file("2026.toml", twice)])[0].starts_with("7:8 2026-12-25 stands twice"));
    let good = "year = 2026\n[[holiday]]\ndate = 2026-12-25\nname = \"a\"\nname_en = \"b\"";
    let pair = summaries(&[file("a.toml", good), file("b.toml", good)]);
    assert_eq!(pair.len(), 1);
    assert!(pair[0].starts_with("1:8 the calendar of 2026 is given by a.toml:1:8 too"));
}

#[test]
fn a_years_own_file_outranks_the_shipped_one() {
    let amended = file("2026.toml", "year = 2026\n[[holiday]]\ndate = 2026-08-18\nname = \"a\"\nname_en = \"b\"");
    let mut problems = Vec::new();
    let calendar = calendar(&files::shipped_calendars(), &[amended], &mut problems);
    assert!(problems.is_empty());
    assert!(calendar.holiday(day(2026, 8, 17)).is_none());
    assert!(calendar.holiday(day(2026, 8, 18)).is_some());
    assert!(calendar.knows(day(2017, 1, 1)));
}

#[test]
fn a_path_that_leads_nowhere_is_a_problem() {
    let empty = tempfile::tempdir().unwrap();
    let mut problems = Vec::new();
    files::found(&[empty.path().to_owned(), empty.path().join("none.toml")], &mut problems);
    let said: Vec<String> = problems.iter().map(Problem::summary).collect();
    assert_eq!(said.len(), 2);
    assert!(said[0].contains("there is no .toml file"), "{said:?}");
    assert!(said[1].contains("cannot be read"), "{said:?}");
}

#[test]
fn a_file_of_another_kind_is_told_apart() {
    let found = summaries(&[file("other.toml", "[package]\nname2 = \"x\"\n")]);
    assert!(found[0].starts_with("1:1 this is neither"), "{found:#?}");
}

#[test]
fn a_report_shows_file_line_column_and_remedy() {
    let mut problems = Vec::new();
    offices(&[file("kantor/a.toml", &GOOD.replace("\"WIB\"", "\"WIBA\""))], &known(), &mut problems);
    let report = format!("{:?}", miette::Report::new(problems.remove(0)));
    assert!(report.contains("kantor/a.toml:5:8"), "{report}");
    assert!(report.contains("did you mean \"WIB\"?"), "{report}");
}
