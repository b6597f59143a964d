//! Broken files, and what is said of them: the place, what is wrong, what to write instead.

use super::{GOOD, file, summaries};

/// What is put in for which line of GOOD (0: after it), the place, a part of the message, a part of the remedy.
type Broken = (usize, &'static str, &'static str, &'static str, &'static str);

#[test]
fn what_keeps_the_rule_of_no_shows_from_working_has_its_place_and_its_remedy() {
    assert_told(&[
        (0, "[policy.no_shows]\nanswer_from = 21", "8:15", "not the number 21", "from 0 to 20"),
        (0, "[policy.no_shows]\nanswers_from = 2", "8:1", "`policy.no_shows.answers_from` is not", "`answer_from`"),
        (0, "[policy.no_shows]\nanswer_from = 2\ndays_before = 2", "9:15", "not the number 2", "from 0 to 1"),
        (0, "[policy.no_shows]\nanswer_from = 2", "8:15", "arrivals are not recorded", "write arrivals = true"),
        (
            0,
            "[policy]\narrivals = true\n[policy.no_shows]\nanswer_from = 2\n[notices]\nreminder = false",
            "10:15",
            "needs the notice `reminder`, which is off",
            "remove reminder = false under [notices]",
        ),
        (
            0,
            "[policy]\narrivals = true\n[policy.no_shows]\nanswer_from = 2\n[notices]\nreleased = false",
            "10:15",
            "needs the notice `released`, which is off",
            "remove released = false under [notices]",
        ),
        (
            0,
            "[policy]\narrivals = true\n[policy.no_shows]\nanswer_from = 2\n[policy.reminder]\nat = \"21:00\"",
            "10:15",
            "fall into the quiet hours",
            "under [policy.reminder]",
        ),
        (
            0,
            "[policy]\narrivals = true\n[policy.no_shows]\nanswer_from = 2\ndays_before = 1\nuntil = \"19:00\"",
            "12:9",
            "less than two hours after the reminder",
            "write until = \"20:00\" or later",
        ),
        (
            0,
            "[policy]\narrivals = true\n[policy.no_shows]\nanswer_from = 2\nuntil = \"07:30\"",
            "11:9",
            "citizens of the first hour are on their way",
            "write until = \"07:00\" or earlier",
        ),
    ]);
}

#[test]
fn every_mistake_has_its_place_and_its_remedy() {
    assert_told(&[
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
        (0, "[policy]\narrivals = \"ya\"", "8:12", "must be true or false", "without quotes"),
        (0, "[policy]\napproval_words = \"ya\"", "8:18", "must be true or false", "without quotes"),
        (0, "[policy.relatives]\nchildren_under = 22", "8:18", "from 0 to 21", "from 0 to 21"),
        (0, "[policy.relatives]\nelder_from = 60", "8:1", "`policy.relatives.elder_from` is not", "`elders_from`"),
        (0, "[policy.reschedule]\ntimes = 11", "8:9", "not the number 11", "from 0 to 10"),
        (0, "[policy.reschedule]\ndays_before = -1", "8:15", "not the number -1", "from 0 to 30"),
        (0, "[policy.reschedule]\nuntil = \"24:00\"", "8:9", "must be a time of day", "like \"21:00\""),
        (0, "[policy.reschedule]\nextra_after_closing = 1", "8:23", "must be true or false", "without quotes"),
        (0, "[policy.reschedule]\ntime = 1", "8:1", "`policy.reschedule.time` is not", "did you mean `times`?"),
        (0, "[policy]\nreschedule = 1", "8:14", "must be a table", "write [policy.reschedule]"),
        (0, "[policy.reminder]\nat = \"malam\"", "8:6", "must be a time of day", "like \"21:00\""),
        (0, "[notices]\nquiet = \"20:00\"", "8:9", "nothing is said unasked", "\"20:00-06:00\", or \"none\""),
        (0, "[notices]\nquiet = \"20:00-20:00\"", "8:9", "nothing is said unasked", "\"20:00-06:00\", or \"none\""),
        (0, "[notices]\nreminder = \"18:00\"", "8:12", "must be true or false", "without quotes"),
        (0, "[notices]\nremider = false", "8:1", "`notices.remider` is not", "did you mean `reminder`?"),
        (0, "[policy]\nhorizon_days = 181", "8:16", "from 1 to 180", "from 1 to 180"),
        (0, "[policy]\nlive_per_number = -1", "8:19", "not the number -1", "from 1 to 50"),
        (0, "[policy]\npeople_per_booking = 6", "8:22", "not the number 6", "from 1 to 5"),
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
        (0, "[texts.id.topics]\nfees = \"x\"", "8:1", "`texts.id.topics.fees` is not", "did you mean `fee`?"),
        (0, "[texts.id.topics]\nfee = \"\"", "8:7", "is empty", "remove the line"),
        (0, "telephone = \"kantor\"", "7:13", "is no telephone number", "area code"),
        (0, "map = \"peta.example\"", "7:7", "is no link", "begins with https://"),
        (0, "map = \"https://peta.example/12345678\"", "7:7", "eight digits", "short link"),
        (0, "[texts.ind]\nbring = \"x\"", "7:8", "`texts.ind` is not", "did you mean `id`?"),
    ]);
}

#[test]
fn every_mistake_in_the_waiting_list_and_the_releases_has_its_place_and_its_remedy() {
    assert_told(&[
        (0, "[policy.waiting]\non = 1", "8:6", "must be true or false", "without quotes"),
        (0, "[policy.waiting]\nat_once = 4", "8:11", "not the number 4", "from 1 to 3"),
        (0, "[policy.waiting]\noff = true", "8:1", "`policy.waiting.off` is not", "on"),
        (0, "[release]\nat = \"jumat\"", "8:6", "a weekday and a time", "like \"jumat 14:00\""),
        (0, "[release]\nat = \"jumat 25:00\"", "8:6", "a weekday and a time", "like \"jumat 14:00\""),
        (0, "[release]", "7:1", "has no moment", "add at = \"jumat 14:00\""),
        (0, "[release]\nhari = \"jumat\"", "8:1", "`release.hari` is not", "known here are: at, waves"),
        (0, "release = \"jumat 14:00\"", "7:11", "must be a table", "write [release]"),
        (
            0,
            "[release]\nat = \"senin 08:00\"\n[policy]\nhorizon_days = 12",
            "7:1",
            "13 days ahead",
            "horizon_days = 13",
        ),
        (
            0,
            "[release]\nwaves = [{ share = \"1/2\", at = \"jumat 14:00\" }]",
            "7:1",
            "do not make up all seats",
            "add up to 1",
        ),
        (
            0,
            "[release]\nwaves = [{ share = \"1/2\", at = \"sabtu 9:00\" }, { share = \"1/2\", at = \"jumat 14:00\" }]",
            "7:1",
            "order of the week",
            "earliest first",
        ),
        (0, "[release]\nwaves = [{ share = \"1/1\" }]", "8:10", "`release.waves.at` is missing", "jumat 14:00"),
        (
            0,
            "[release]\nat = \"jumat 14:00\"\nwaves = [{ share = \"1/1\", at = \"jumat 14:00\" }]",
            "8:6",
            "beside `release.waves`",
            "remove it",
        ),
    ]);
}

fn assert_told(table: &[Broken]) {
    let mut misses = Vec::new();
    for &(line, text, place, what, remedy) in table {
        let mut lines: Vec<&str> = GOOD.lines().collect();
        if line == 0 {
            lines.push(text);
        } else {
            lines[line - 1] = text;
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
