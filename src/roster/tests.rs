//! What this module promises: the shipped files are whole, a printed office reads back, and every mistake has its place.

mod broken;

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Weekday};
use miette::NamedSource;
use proptest::prelude::*;

use super::files::{self, File, Origin};
use super::survey::{Sorted, calendar, offices};
use super::whole::read_whole;
use super::{Roster, print, read};
use crate::domain::calendar::Calendar;
use crate::domain::office::{
    Approval, Dated, Day, Earliest, FormatId, NO_SHOWS, NoShows, Office, OfficeId, WhenFull, Zone,
};
use crate::domain::sample::{any_office, day};
use crate::domain::slot;
use crate::sheet::Problem;

/// A whole office in six lines, to be broken line by line; `name` stands in line 4.
const GOOD: &str = r#"extend = "base.toml"
id = "sukabumi"
version = 1
name = "Kantor Imigrasi Sukabumi"
zone = "WIB"
site = "Loket layanan paspor, Sukabumi"
"#;

/// The formats that grammar ships.
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
    offices(&sorted.offices, Vec::new(), &known(), &mut problems);
    problems.iter().map(Problem::summary).collect()
}

fn shipped() -> (Vec<Arc<Office>>, Calendar) {
    let mut problems = Vec::new();
    let calendar = calendar(&files::shipped_calendars(), &[], &mut problems);
    let (offices, _) = offices(&files::shipped_offices(), Vec::new(), &known(), &mut problems);
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
            Day::Open(hours) => assert!(bogor.day_capacity(date, &hours) >= 250, "{date}"),
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

#[test]
fn a_file_of_six_lines_is_an_office() {
    assert_eq!(summaries(&[file("sukabumi.toml", GOOD)]), [""; 0]);
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
    let (offices, _) = offices(&files, Vec::new(), &known(), &mut problems);
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
    assert!(said[0].contains("there is no office"), "{said:?}");
    assert!(said[1].contains("cannot be read"), "{said:?}");
}

#[test]
fn a_file_of_another_kind_is_passed_over_in_a_folder_but_not_when_named() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.toml");
    fs::write(&other, "[package]\nname2 = \"x\"\n").unwrap();
    fs::write(folder.path().join("sukabumi.toml"), GOOD).unwrap();
    let found = |path: &std::path::Path| files::found(&[path.to_owned()], &mut Vec::new());
    assert_eq!(found(folder.path()).len(), 1);
    let said = summaries(&found(&other));
    assert!(said[0].starts_with("1:1 this is neither"), "{said:#?}");
}

#[test]
fn a_report_shows_file_line_column_and_remedy() {
    let mut problems = Vec::new();
    offices(&[file("kantor/a.toml", &GOOD.replace("\"WIB\"", "\"WIBA\""))], Vec::new(), &known(), &mut problems);
    let report = format!("{:?}", miette::Report::new(problems.remove(0)));
    assert!(report.contains("kantor/a.toml:5:8"), "{report}");
    assert!(report.contains("did you mean \"WIB\"?"), "{report}");
}

#[test]
fn an_office_for_families_has_the_seats_for_one_in_every_hour() {
    let folder = tempfile::tempdir().unwrap();
    let office = folder.path().join("sukabumi.toml");
    let said = |seats: u32| {
        let own = format!("formats = [\"batam-keluarga\"]\nseats_per_hour = {seats}\n");
        fs::write(&office, format!("{GOOD}{own}")).unwrap();
        let problems = super::survey(std::slice::from_ref(&office)).problems;
        problems.0.iter().map(|problem| format!("{problem} | {}", problem.help().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(said(5), [""; 0]);
    let [said] = said(4).try_into().unwrap();
    assert!(said.contains("`sukabumi` takes up to 5 persons") && said.contains("seats_per_hour = 5"), "{said}");
}

// Negative control: with `until` left out of `print` the last office differs.
#[test]
fn what_is_asked_of_those_who_did_not_come_reads_back_and_is_off_where_nothing_is_said() {
    let with = |rule: &str| {
        let text = format!("{GOOD}[policy]\narrivals = true\n{rule}");
        let file = file("sukabumi.toml", &text);
        let base = files::shipped_offices().into_iter().find(|file| file.source.name().contains("base")).unwrap();
        let mut problems = Vec::new();
        let sorted = Sorted::of(vec![base, file], &mut problems);
        let (read, _) = offices(&sorted.offices, Vec::new(), &known(), &mut problems);
        assert!(problems.is_empty(), "{:#?}", problems.iter().map(Problem::summary).collect::<Vec<_>>());
        Office::clone(read.into_values().next().unwrap().as_ref())
    };
    for (rule, wanted) in [
        ("", None),
        ("[policy.no_shows]\nanswer_from = 0", None),
        ("[policy.no_shows]\nwithin_days = 90", None),
        ("[policy.no_shows]\nanswer_from = 2", Some(NoShows { answer_from: 2, ..NO_SHOWS })),
        (
            "[policy.no_shows]\nanswer_from = 3\nwithin_days = 90\ndays_before = 1\nuntil = \"21:30\"",
            Some(NoShows {
                answer_from: 3,
                within_days: 90,
                days_before: 1,
                until: chrono::NaiveTime::from_hms_opt(21, 30, 0).unwrap(),
            }),
        ),
    ] {
        let office = with(rule);
        assert_eq!(office.policy.no_shows, wanted, "{rule}");
        assert_eq!(read(&print(&office)).unwrap(), office, "{rule}");
    }
}
