//! `antrean user log`: who signed in, and who looked at which citizen; the same rows as `antrean audit list`.

use std::process::ExitCode;

use chrono::TimeDelta;
use clap::Args;

use crate::cli::audit;
use crate::cli::shared::error::CommandError;
use crate::clock::{Clock, SystemClock};
use crate::domain::office::OfficeId;
use crate::storage::{AuditFilter, Storage};

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
    #[arg(long, value_name = "OFFICE", value_parser = OfficeId::read)]
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

/// Prints what is known.
///
/// # Errors
/// [`CommandError`] when storage failed.
pub(super) async fn print(storage: &Storage, args: &LogArgs) -> Result<ExitCode, CommandError> {
    let since = args.days.map(|days| SystemClock.now() - TimeDelta::days(i64::from(days)));
    let login = args.login.as_deref().map(str::to_lowercase);
    let filter = AuditFilter {
        office: args.office.as_ref(),
        login: login.as_deref(),
        since,
        limit: args.limit,
        ..AuditFilter::default()
    };
    audit::print(storage, filter, args.json).await
}
