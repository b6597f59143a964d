//! `antrean audit`: who saw or changed what, and the proof that the trail is whole.

pub(in crate::cli) mod rows;

use std::process::ExitCode;

use chrono::{DateTime, FixedOffset, Utc};
use clap::{Args, Subcommand};
use serde_json::json;

use super::shared::error::{CommandError, block_on};
use super::shared::installation::WithInstallation;
use super::shared::value::{counted, sent};
use crate::domain::audit::Act;
use crate::domain::office::OfficeId;
use crate::storage::{AuditFilter, AuditHead, Storage};

/// Rows that are shown where no other number is given.
const ROWS: u32 = 100;
/// Most rows: more is what the filters are for.
const ROWS_MAX: u32 = 100_000;
/// Digits of a hash.
const HASH_DIGITS: usize = 64;

/// Arguments of `antrean audit`.
pub type AuditArgs = WithInstallation<Action>;

/// What `antrean audit` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// List who saw or changed what, the latest first
    List(ListArgs),
    /// Print the number and hash of the last row, like 1042:9f86…; keep it where whoever runs the database cannot write
    Head {
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Verify that no row was changed, removed, added or moved; exit code 1 where one was
    Verify {
        /// A head that was kept, as `head` printed it: the trail must still go through it. May be given several times
        #[arg(long, value_name = "N:HASH", value_parser = kept)]
        head: Vec<AuditHead>,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
}

/// Arguments of `antrean audit list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Of one office only
    #[arg(long, value_name = "OFFICE", value_parser = OfficeId::read)]
    office: Option<OfficeId>,
    /// Of one person only, by login
    #[arg(long, value_name = "LOGIN")]
    by: Option<String>,
    /// From this moment on: 2026-08-03, "2026-08-03 09:00" (WIB) or 2026-08-03T09:00:00+07:00
    #[arg(long, value_name = "TIME", value_parser = sent)]
    since: Option<DateTime<FixedOffset>>,
    /// Before this moment
    #[arg(long, value_name = "TIME", value_parser = sent)]
    until: Option<DateTime<FixedOffset>>,
    /// One kind of act only, such as `view_booking`
    #[arg(long, value_name = "ACT", value_parser = act)]
    act: Option<Act>,
    /// At most so many, the latest
    #[arg(long, value_name = "ROWS", default_value_t = ROWS, value_parser = clap::value_parser!(u32).range(1..=i64::from(ROWS_MAX)))]
    limit: u32,
    /// Print a JSON list
    #[arg(long)]
    json: bool,
}

fn act(word: &str) -> Result<Act, String> {
    let all = || Act::ALL.iter().map(|act| act.name()).collect::<Vec<_>>().join(", ");
    Act::read(word).ok_or_else(|| format!("no such act; there are: {}", all()))
}

/// A head as `antrean audit head` printed it.
fn kept(text: &str) -> Result<AuditHead, String> {
    let read = || {
        let (number, hash) = text.trim().split_once(':')?;
        let is_hash = hash.len() == HASH_DIGITS && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let number = number.parse().ok().filter(|number| *number >= 0)?;
        is_hash.then(|| AuditHead { number, hash: hash.to_owned() })
    };
    read().ok_or_else(|| "not a head; write what `antrean audit head` printed, like 1042:9f86…".to_owned())
}

/// Runs the command.
pub fn run(args: &AuditArgs) -> ExitCode {
    block_on(async {
        let storage = args.installation.storage().await?;
        match &args.what {
            Action::List(args) => list(&storage, args).await,
            Action::Head { json } => head(&storage, *json).await,
            Action::Verify { head, json } => verify(&storage, head, *json).await,
        }
    })
}

async fn list(storage: &Storage, args: &ListArgs) -> Result<ExitCode, CommandError> {
    let login = args.by.as_deref().map(str::to_lowercase);
    let filter = AuditFilter {
        office: args.office.as_ref(),
        login: login.as_deref(),
        act: args.act,
        since: args.since.map(|since| since.with_timezone(&Utc)),
        until: args.until.map(|until| until.with_timezone(&Utc)),
        before: None,
        limit: args.limit,
    };
    print(storage, filter, args.json).await
}

/// Prints the rows that a filter lets through.
///
/// # Errors
/// [`CommandError`] when storage failed.
pub(in crate::cli) async fn print(
    storage: &Storage,
    filter: AuditFilter<'_>,
    as_json: bool,
) -> Result<ExitCode, CommandError> {
    let rows = storage.acts(filter).await?;
    if as_json {
        println!("{}", json!(rows.iter().map(rows::output).collect::<Vec<_>>()));
        return Ok(ExitCode::SUCCESS);
    }
    for row in &rows {
        println!("{}", rows::line(row));
    }
    println!("{}", counted(rows.len(), "act", "acts"));
    Ok(ExitCode::SUCCESS)
}

async fn head(storage: &Storage, as_json: bool) -> Result<ExitCode, CommandError> {
    let AuditHead { number, hash } = storage.audit_head().await?;
    if as_json {
        println!("{}", json!({ "number": number, "hash": hash }));
    } else {
        println!("{number}:{hash}");
    }
    Ok(ExitCode::SUCCESS)
}

async fn verify(storage: &Storage, kept: &[AuditHead], as_json: bool) -> Result<ExitCode, CommandError> {
    let verified = storage.verify_audit(kept).await?;
    let AuditHead { number, hash } = &verified.head;
    if as_json {
        println!(
            "{}",
            json!({ "whole": verified.fault.is_none(), "number": number, "hash": hash, "fault": verified.fault })
        );
    } else if let Some(fault) = &verified.fault {
        println!("the audit trail is not whole: {fault}");
        println!("its rows up to {number} are as they were appended; what follows proves nothing");
    } else {
        println!("the audit trail is whole: {number} rows, head {number}:{hash}");
        if kept.is_empty() {
            println!(
                "whoever can write to the whole database can write it anew: keep the head elsewhere and give it with --head"
            );
        }
    }
    Ok(if verified.fault.is_none() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_head_is_read_as_it_was_printed() {
        let hash = "0123456789abcdef".repeat(4);
        assert_eq!(kept(&format!("42:{hash}\n")), Ok(AuditHead { number: 42, hash: hash.clone() }));
        for bad in
            [hash.clone(), format!("-1:{hash}"), format!("42:{}", &hash[1..]), format!("42:{}", hash.to_uppercase())]
        {
            assert!(kept(&bad).is_err(), "{bad}");
        }
    }
}
