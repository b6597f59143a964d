//! `antrean notice ready`: tells citizens once that their passport can be collected.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, Duration, Utc};
use clap::Args;
use serde_json::json;

use crate::cli::shared::acting::Acting;
use crate::cli::shared::error::CommandError;
use crate::cli::shared::installation::Installation;
use crate::cli::shared::value::counted;
use crate::conversation::ReadyDetail;
use crate::domain::audit::{Act, AuditEvent, Scope};
use crate::domain::booking::{Booking, State};
use crate::domain::code::BookingCode;
use crate::domain::notice::{Kind, Notice};
use crate::storage::Storage;

/// How long it is still news that a passport is ready, in days.
const NEWS_DAYS: i64 = 14;
/// Codes that one call takes.
const CODES_MAX: usize = 5_000;

/// Whose passports are ready.
#[derive(Debug, Args)]
pub struct ReadyArgs {
    /// Booking codes like LMGF-D5AQ
    #[arg(value_name = "CODE", required_unless_present = "csv")]
    codes: Vec<String>,
    /// A CSV file with a code in a column called `code` or `kode`, or in its first column
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Plans the notices; the exit code is 1 where a code is not that of a booking.
pub(super) async fn run(
    (installation, acting): (&Installation, &Acting),
    args: &ReadyArgs,
) -> Result<ExitCode, CommandError> {
    let mut codes: BTreeSet<String> = args.codes.iter().cloned().collect();
    if let Some(file) = &args.csv {
        codes.extend(of_csv(file)?);
    }
    if codes.len() > CODES_MAX {
        return Err(CommandError::Usage(format!("at most {CODES_MAX} codes at a time")));
    }
    let (storage, now) = (installation.storage().await?, installation.clock()?.now());
    let (mut notices, mut unknown) = (Vec::new(), Vec::new());
    for code in &codes {
        match booked(&storage, code).await? {
            Some(booking) => notices.push(notice(&booking, now)?),
            None => unknown.push(code.as_str()),
        }
    }
    let (asked, unknown_count) = (notices.len(), unknown.len());
    let told = Scope::Bookings(notices.iter().filter_map(|notice| notice.booking).collect());
    acting.record(&storage, AuditEvent::of(Act::SendNotice).reaching(told)).await?;
    let new = usize::try_from(storage.plan_notices(notices, now).await?).unwrap_or(asked);
    if args.json {
        println!("{}", json!({ "planned": new, "told_before": asked - new, "unknown": unknown }));
    } else {
        for code in unknown {
            eprintln!("antrean: no confirmed booking has the code {code}");
        }
        let before = if asked > new { format!("; {} were told before", asked - new) } else { String::new() };
        println!("{} will be told{before}", counted(new, "citizen", "citizens"));
    }
    Ok(if unknown_count == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// The confirmed booking of a code.
async fn booked(storage: &Storage, code: &str) -> Result<Option<Booking>, CommandError> {
    let Ok(code) = BookingCode::read(code) else { return Ok(None) };
    let found = storage.find_bookings(&code).await?;
    Ok(found.into_iter().find(|booking| booking.state == State::Booked))
}

fn notice(booking: &Booking, now: DateTime<Utc>) -> Result<Notice, CommandError> {
    let names: Vec<String> = booking.applicant.people().map(|person| person.nama.capitals()).collect();
    let detail = ReadyDetail { code: booking.code.clone(), name: names.join(", ") };
    let detail = serde_json::to_string(&detail).map_err(|error| CommandError::Other(error.to_string()))?;
    Ok(Notice {
        id: 0,
        office: booking.office.clone(),
        kind: Kind::Ready,
        channel: booking.channel.clone(),
        contact: booking.contact.clone(),
        booking: Some(booking.id),
        occasion: "ready".to_owned(),
        detail: Some(detail),
        due: now,
        drop_after: now + Duration::days(NEWS_DAYS),
    })
}

/// The codes of a file.
fn of_csv(file: &PathBuf) -> Result<Vec<String>, CommandError> {
    let wrong = |error: csv::Error| CommandError::Other(format!("{}: {error}", file.display()));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(file).map_err(wrong)?;
    let mut rows = Vec::new();
    for row in reader.records() {
        rows.push(row.map_err(wrong)?);
    }
    let is_head = |name: &str| matches!(name.trim().to_lowercase().as_str(), "code" | "kode" | "kode antrean");
    let head = rows.first().and_then(|first| first.iter().position(is_head));
    let codes = rows.iter().skip(usize::from(head.is_some())).filter_map(|row| row.get(head.unwrap_or(0)));
    Ok(codes.map(|code| code.trim().to_owned()).filter(|code| !code.is_empty()).collect())
}
