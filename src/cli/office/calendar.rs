//! `antrean office close`, `open`, `capacity`, `undo` and `calendar`: exceptions to an office's calendar, and the people whom they displace.

use std::process::ExitCode;
use std::sync::Arc;

use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use super::calendar_shown::{Shown, change_json, hours_said, show};
use super::remedies::RemedyArgs;
use crate::app;
use crate::cli::shared::acting::Acting;
use crate::cli::shared::error::CommandError;
use crate::cli::shared::in_force::office_in_force;
use crate::cli::shared::installation::Installation;
use crate::cli::shared::value::{counted, local};
use crate::domain::audit::{Act, AuditEvent, Scope};
use crate::domain::code::BookingCode;
use crate::domain::displacement::Remedies;
use crate::domain::office::{Exception, OfficeId};
use crate::front_desk::{Actor, CalendarAction, CalendarMade, CalendarRefused, CalendarWish, OfficeCalendar};
use crate::storage::Storage;

/// Changes that a list shows.
const CHANGES_MAX: u32 = 50;

/// Which installation, and who acts.
pub(super) type By<'a> = (&'a Installation, &'a Acting);

/// Which hours of which days.
#[derive(Debug, Args)]
pub struct WhenArgs {
    /// The office, by id
    #[arg(value_name = "OFFICE", value_parser = OfficeId::read)]
    office: OfficeId,
    /// The day: 2026-12-24 or 24-12-2026; several days: 2026-12-24..2026-12-26
    #[arg(value_name = "DATE", value_parser = span)]
    days: (NaiveDate, NaiveDate),
}

/// What every change takes besides.
#[derive(Debug, Args)]
pub struct HowArgs {
    /// Only these hours, the second not included: 10-12
    #[arg(long, value_name = "A-B", value_parser = hours)]
    hours: Option<(u8, u8)>,
    /// Why; citizens read it where the day is closed
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    remedies: RemedyArgs,
    /// Show who has booked there and what each would be told; change nothing
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Arguments of `antrean office close` and `open`.
#[derive(Debug, Args)]
pub struct ChangeArgs {
    #[command(flatten)]
    when: WhenArgs,
    #[command(flatten)]
    how: HowArgs,
}

/// Arguments of `antrean office capacity`.
#[derive(Debug, Args)]
pub struct CapacityArgs {
    #[command(flatten)]
    when: WhenArgs,
    /// Seats of each hour
    #[arg(value_name = "SEATS")]
    seats: u32,
    #[command(flatten)]
    how: HowArgs,
}

/// Arguments of `antrean office undo`.
#[derive(Debug, Args)]
pub struct UndoArgs {
    /// The office, by id
    #[arg(value_name = "OFFICE", value_parser = OfficeId::read)]
    office: OfficeId,
    /// The number of the change
    #[arg(value_name = "CHANGE")]
    change: i64,
    #[command(flatten)]
    remedies: RemedyArgs,
    /// Show what would happen; change nothing
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Arguments of `antrean office calendar`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// The office, by id
    #[arg(value_name = "OFFICE", value_parser = OfficeId::read)]
    office: OfficeId,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

fn day(text: &str) -> Result<NaiveDate, String> {
    let read = |form| NaiveDate::parse_from_str(text, form).ok();
    read("%Y-%m-%d").or_else(|| read("%d-%m-%Y")).ok_or_else(|| "not a day; write 2026-12-24 or 24-12-2026".to_owned())
}

fn span(text: &str) -> Result<(NaiveDate, NaiveDate), String> {
    match text.split_once("..") {
        Some((from, until)) => Ok((day(from)?, day(until)?)),
        None => day(text).map(|day| (day, day)),
    }
}

fn hours(text: &str) -> Result<(u8, u8), String> {
    let hour = |text: &str| text.trim().trim_end_matches(":00").trim_end_matches(".00").parse().ok();
    let read = text.split_once('-').and_then(|(from, until)| hour(from).zip(hour(until)));
    read.ok_or_else(|| "not hours; write whole hours like 10-12".to_owned())
}

/// The calendar of an office, for whoever acts by a command.
async fn opened(
    (installation, acting): By<'_>,
    storage: &Storage,
    office: &OfficeId,
) -> Result<OfficeCalendar, CommandError> {
    let actor = Actor::read(acting.operator().name()).map_err(|error| CommandError::Usage(error.to_string()))?;
    let (config, clock) = (installation.read()?, installation.clock()?);
    let (own, roster) = office_in_force(installation, storage, office).await?;
    let lines = app::lines(&config, &app::gateways_of(&config, &clock)?);
    let of = (own, Arc::new(roster));
    Ok(OfficeCalendar::new(storage.clone(), clock, of, lines, actor))
}

/// `antrean office close`.
pub(super) async fn close(by: By<'_>, storage: &Storage, args: &ChangeArgs) -> Result<ExitCode, CommandError> {
    change(by, storage, (&args.when, &args.how), CalendarAction::Close).await
}

/// `antrean office open`.
pub(super) async fn open(by: By<'_>, storage: &Storage, args: &ChangeArgs) -> Result<ExitCode, CommandError> {
    change(by, storage, (&args.when, &args.how), CalendarAction::Open).await
}

/// `antrean office capacity`.
pub(super) async fn capacity(by: By<'_>, storage: &Storage, args: &CapacityArgs) -> Result<ExitCode, CommandError> {
    change(by, storage, (&args.when, &args.how), CalendarAction::Seats(args.seats)).await
}

async fn change(
    by: By<'_>,
    storage: &Storage,
    (when, how): (&WhenArgs, &HowArgs),
    action: CalendarAction,
) -> Result<ExitCode, CommandError> {
    let remedies = how.remedies.read().map_err(CommandError::Usage)?;
    let calendar = opened(by, storage, &when.office).await?;
    let (from, until) = when.days;
    let wish = CalendarWish { action, from, until, hours: how.hours, reason: how.reason.clone() };
    let shown = Shown { office: &when.office, dry_run: how.dry_run, json: how.json };
    carry_out((&calendar, storage, by.1), &wish, &remedies, shown).await
}

async fn carry_out(
    (calendar, storage, acting): (&OfficeCalendar, &Storage, &Acting),
    wish: &CalendarWish,
    remedies: &Remedies,
    shown: Shown<'_>,
) -> Result<ExitCode, CommandError> {
    let zone = calendar.office().await?.zone;
    let plan = match calendar.plan(wish, remedies).await? {
        Ok(plan) => plan,
        Err(refused) => return refuse(refused, shown.json),
    };
    let known = |code: &BookingCode| plan.affected.iter().any(|one| one.booking.code == *code);
    if let Some(code) = remedies.named.keys().find(|code| !known(code)) {
        return Err(CommandError::Other(format!(
            "nothing was changed: this displaces no booking with the code {code}; `--dry-run` lists those that it does"
        )));
    }
    let bookings =
        plan.affected.iter().map(|one| one.booking.id).chain(plan.corrected.iter().map(|one| one.booking.id));
    let seen = Scope::Bookings(bookings.collect());
    acting.record(storage, AuditEvent::of(Act::ViewList).at(shown.office).reaching(seen)).await?;
    let undecided = plan.affected.iter().filter(|one| one.chosen.is_none()).count();
    if shown.dry_run || undecided > 0 {
        show(&plan, None, zone, shown)?;
        return if shown.dry_run {
            eprintln!("nothing was changed");
            Ok(ExitCode::SUCCESS)
        } else {
            Err(CommandError::Other(undecided_said(undecided)))
        };
    }
    record_change((storage, acting), shown.office, &plan.dates()).await?;
    match calendar.make(wish, remedies, (Some(plan.revision()), None)).await? {
        Ok(CalendarMade::Made(id)) => {
            show(&plan, Some(id), zone, shown)?;
            Ok(ExitCode::SUCCESS)
        }
        Ok(CalendarMade::Undecided(plan)) => {
            let undecided = plan.affected.iter().filter(|one| one.chosen.is_none()).count();
            Err(CommandError::Other(undecided_said(undecided)))
        }
        Err(refused) => refuse(refused, shown.json),
    }
}

/// Records a change before it is made: what is not recorded is not done.
async fn record_change(
    (storage, acting): (&Storage, &Acting),
    office: &OfficeId,
    dates: &[NaiveDate],
) -> Result<(), CommandError> {
    let days = dates.first().zip(dates.last()).map_or(Scope::None, |(first, last)| Scope::Days(*first, *last));
    acting.record(storage, AuditEvent::of(Act::ChangeCalendar).at(office).reaching(days)).await
}

fn refuse(refused: CalendarRefused, json: bool) -> Result<ExitCode, CommandError> {
    if json {
        println!("{}", json!({ "refused": refused.name(), "why": refused.to_string() }));
        return Ok(ExitCode::from(1));
    }
    Err(CommandError::Other(refused.to_string()))
}

fn undecided_said(undecided: usize) -> String {
    format!(
        "nothing was changed: {} there, and nothing is decided about them. Add --move (each goes to the next day with room), --tell \
         (each is told and chooses a day), --cancel, or --keep (they are served all the same); for some by their codes: \
         --keep=LMGF-D5AQ,... --move. With --dry-run you see first what would happen",
        counted(undecided, "booking stands", "bookings stand")
    )
}

/// `antrean office undo`.
pub(super) async fn undo(by: By<'_>, storage: &Storage, args: &UndoArgs) -> Result<ExitCode, CommandError> {
    let calendar = opened(by, storage, &args.office).await?;
    let remedies = args.remedies.read().map_err(CommandError::Usage)?;
    let Some((change, _)) = calendar.change(args.change).await? else {
        return refuse(CalendarRefused::Unknown, args.json);
    };
    if change.state == "waiting" && !args.dry_run {
        let dates: Vec<NaiveDate> = change.days.iter().map(|(date, ..)| *date).collect();
        record_change((storage, by.1), &args.office, &dates).await?;
        return match calendar.undo(change.id).await? {
            Ok(()) if args.json => {
                println!("{}", json!({ "change": change.id, "undone": true }));
                Ok(ExitCode::SUCCESS)
            }
            Ok(()) => {
                println!("change {} is undone: the calendar is as it was, nobody was moved or told", change.id);
                Ok(ExitCode::SUCCESS)
            }
            Err(refused) => refuse(refused, args.json),
        };
    }
    let (from, until) = (calendar.today(), calendar.today());
    let reason = change.reason.clone();
    let wish = CalendarWish { action: CalendarAction::TakeBack(change.id), from, until, hours: None, reason };
    let shown = Shown { office: &args.office, dry_run: args.dry_run, json: args.json };
    carry_out((&calendar, storage, by.1), &wish, &remedies, shown).await
}

/// `antrean office calendar`.
pub(super) async fn list(by: By<'_>, storage: &Storage, args: &ListArgs) -> Result<ExitCode, CommandError> {
    let calendar = opened(by, storage, &args.office).await?;
    let (office, changes) = (calendar.office().await?, calendar.changes(CHANGES_MAX).await?);
    if args.json {
        let day = |(date, exception): (&NaiveDate, &Exception)| json!({ "date": date, "hours": exception.kept().hours, "reason": exception.reason() });
        let all = json!({
            "office": args.office.as_str(),
            "exceptions": office.exceptions.days.iter().map(day).collect::<Vec<_>>(),
            "changes": changes.iter().map(change_json).collect::<Vec<_>>(),
        });
        println!("{}", serde_json::to_string_pretty(&all).map_err(std::io::Error::from)?);
        return Ok(ExitCode::SUCCESS);
    }
    for (date, exception) in &office.exceptions.days {
        println!("{date}  {}  {}", hours_said(exception), exception.reason());
    }
    println!("{}", counted(office.exceptions.days.len(), "exception", "exceptions"));
    for change in &changes {
        let dates: Vec<String> = change.days.iter().map(|(date, ..)| date.to_string()).collect();
        println!(
            "change {}  {}  {}  {}  {}  {}  {}",
            change.id,
            local(change.at, office.zone),
            change.actor,
            dates.join(", "),
            counted(usize::try_from(change.bookings).unwrap_or(0), "booking", "bookings"),
            change.state,
            change.reason
        );
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_hours_are_read_as_people_write_them() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 12, day).unwrap();
        assert_eq!(span("24-12-2026"), Ok((day(24), day(24))));
        assert_eq!(span("2026-12-24..2026-12-26"), Ok((day(24), day(26))));
        assert!(span("24 Desember").is_err());
        assert_eq!([hours("10-12"), hours("08.00-9:00")], [Ok((10, 12)), Ok((8, 9))]);
        assert!(hours("10").is_err() && hours("10-x").is_err());
    }
}
