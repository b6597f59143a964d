//! `antrean user log`: who signed in, and who looked at which citizen.

use std::process::ExitCode;

use chrono::TimeDelta;
use clap::Args;
use serde_json::json;

use crate::cli::shared::error::CommandError;
use crate::cli::shared::value::{counted, local};
use crate::clock::{Clock, SystemClock};
use crate::domain::office::{OfficeId, Zone};
use crate::storage::{AuditFilter, AuditRow, Storage};

/// Rows that are shown where no other number is given.
const ROWS: u32 = 100;
/// Most rows: more is what `--days` and `--office` are for.
const ROWS_MAX: u32 = 100_000;

/// Arguments of `antrean user log`.
#[derive(Debug, Args)]
pub struct LogArgs {
    /// Of one person only
    login: Option<String>,
    /// Of one office only
    #[arg(long, value_name = "OFFICE", value_parser = office)]
    office: Option<OfficeId>,
    /// Of so many days back only
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: Option<u32>,
    /// At most so many, the latest
    #[arg(long, value_name = "ROWS", default_value_t = ROWS, value_parser = clap::value_parser!(u32).range(1..=i64::from(ROWS_MAX)))]
    limit: u32,
    /// As JSON
    #[arg(long)]
    json: bool,
}

fn office(id: &str) -> Result<OfficeId, String> {
    OfficeId::read(id).map_err(|error| error.to_string())
}

/// An act in words.
fn words(row: &AuditRow) -> String {
    let code = row.code.as_deref().unwrap_or("of a booking that is gone");
    match row.act.as_str() {
        "sign_in" => "signed in".to_owned(),
        "find" => format!("searched at {}", row.office),
        "view_booking" => format!("opened {code} at {}", row.office),
        "view_photo" => format!("looked at the photo {code} at {}", row.office),
        other => other.to_owned(),
    }
}

/// Prints what is known.
///
/// # Errors
/// [`CommandError`] when storage failed.
pub(super) async fn print(storage: &Storage, args: &LogArgs) -> Result<ExitCode, CommandError> {
    let since = args.days.map(|days| SystemClock.now() - TimeDelta::days(i64::from(days)));
    let login = args.login.as_deref().map(str::to_lowercase);
    let filter = AuditFilter { office: args.office.as_ref(), login: login.as_deref(), since, limit: args.limit };
    let rows = storage.acts(filter).await?;
    if args.json {
        let row = |row: &AuditRow| json!({ "at": row.at, "login": row.login, "act": row.act, "office": row.office, "code": row.code, "network": row.network });
        println!("{}", json!(rows.iter().map(row).collect::<Vec<_>>()));
        return Ok(ExitCode::SUCCESS);
    }
    for row in &rows {
        println!("{}  {:<20} {:<44} {}", local(row.at, Zone::Wib), row.login, words(row), row.network);
    }
    println!("{}", counted(rows.len(), "act", "acts"));
    Ok(ExitCode::SUCCESS)
}
