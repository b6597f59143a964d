//! `antrean check [PATH...]`: says everything that is wrong with office, calendar and format files, and what was read.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use miette::Report;

use super::shared::value::counted;
use crate::clock::{Clock, SystemClock};
use crate::domain::office::OfficeId;
use crate::roster::{Advice, Roster, Survey, advice, survey};

/// Offices named in one warning; more are counted.
const NAMED_MAX: usize = 3;

/// What `antrean check` is given.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Files or folders with offices, calendars or formats; the shipped ones where none is given
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// Checks; problems go to standard error, the summary to standard output. Exit code 0: nothing wrong; 1: problems.
pub fn run(args: &CheckArgs) -> ExitCode {
    let Survey { roster, problems } = survey(&args.paths);
    for problem in &problems.0 {
        eprintln!("{problem:?}");
    }
    let now = SystemClock.now();
    let warnings: Vec<Report> = unknown_years(&roster, now).into_iter().chain(odd(&roster, now)).collect();
    for warning in &warnings {
        eprintln!("{warning:?}");
    }
    if args.paths.is_empty() {
        println!("no path was given: these are the offices that are shipped");
    }
    println!("{}", summary(&roster, problems.0.len(), warnings.len()));
    ExitCode::from(u8::from(!problems.0.is_empty()))
}

/// A warning for each year that people could ask for now, but whose holidays are not loaded.
fn unknown_years(roster: &Roster, now: DateTime<Utc>) -> Vec<Report> {
    let warnings = roster.unknown_years(now).into_iter().map(|(year, offices)| {
        let help = format!("give a file with year = {year} and its [[holiday]] entries, once the decree is out");
        let named = named(&offices);
        miette::miette!(
            severity = miette::Severity::Warning,
            help = help,
            "the calendar of {year} is not loaded: {named} can be asked for days in it, and cannot tell yet if they open",
        )
    });
    warnings.collect()
}

/// What office files say, but hardly mean.
fn odd(roster: &Roster, now: DateTime<Utc>) -> Vec<Report> {
    let told = roster.offices.values().flat_map(|office| advice(office, office.date_at(now)));
    told.map(|Advice { what, remedy }| miette::miette!(severity = miette::Severity::Warning, help = remedy, "{what}"))
        .collect()
}

fn named(offices: &[OfficeId]) -> String {
    let names: Vec<&str> = offices.iter().take(NAMED_MAX).map(OfficeId::as_str).collect();
    let more = offices.len().saturating_sub(NAMED_MAX);
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{rest}", names.join(", "))
}

fn summary(roster: &Roster, problems: usize, warnings: usize) -> String {
    let mut text = String::new();
    let years: Vec<String> = roster.calendar.years().map(|year| year.to_string()).collect();
    // Writing into a String cannot fail.
    let _ = write!(text, "{}, ", counted(roster.offices.len(), "office", "offices"));
    let _ = write!(text, "{}, ", counted(roster.formats.len(), "format", "formats"));
    let _ = write!(text, "calendars: {}; ", if years.is_empty() { "none".to_owned() } else { years.join(", ") });
    let found = match (problems, warnings) {
        (0, 0) => "all is well".to_owned(),
        (0, _) => "no problem".to_owned(),
        (problems, _) => counted(problems, "problem", "problems"),
    };
    let _ = write!(text, "{found}");
    if warnings > 0 {
        let _ = write!(text, ", {}", counted(warnings, "warning", "warnings"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_counts_and_names_the_years() {
        let mut calendar = crate::domain::calendar::Calendar::default();
        calendar.add_year(2017, [].into());
        calendar.add_year(2026, [].into());
        let mut roster = Roster::default();
        roster.calendar = calendar.into();
        assert_eq!(summary(&roster, 0, 0), "0 offices, 0 formats, calendars: 2017, 2026; all is well");
        assert!(summary(&roster, 0, 2).ends_with("; no problem, 2 warnings"));
        assert_eq!(summary(&Roster::default(), 1, 0), "0 offices, 0 formats, calendars: none; 1 problem");
    }

    #[test]
    fn a_year_without_a_calendar_is_warned_about_by_its_number() {
        let office = std::sync::Arc::new(crate::domain::sample::office());
        let mut roster = Roster::default();
        roster.offices.insert(office.id.clone(), office);
        let warnings = unknown_years(&roster, "2026-11-22T00:00:00Z".parse().unwrap());
        assert_eq!(warnings.len(), 1);
        let said = format!("{:?}", warnings[0]);
        assert!(said.contains("calendar of 2026 is not loaded: bogor") && said.contains("year = 2026"), "{said}");
    }

    #[test]
    fn a_warning_names_a_few_offices_and_counts_the_rest() {
        let ids = ["ambon", "bandung", "batam", "bekasi"].map(|id| OfficeId::read(id).unwrap());
        assert_eq!(named(&ids[..2]), "ambon, bandung");
        assert_eq!(named(&ids), "ambon, bandung, batam and 1 more");
    }
}
