//! `antrean export`: bookings, visits or counts of messages as a file for a spreadsheet.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::shared::acting::Acting;
use super::shared::error::{CommandError, block_on};
use super::shared::installation::Installation;
use super::shared::office::office_meant;
use super::shared::span::{between, day};
use super::shared::value::counted;
use crate::domain::audit::{Act, AuditEvent, Scope};
use crate::domain::export::{FileFormat, What};
use crate::domain::office::OfficeId;
use crate::domain::tally::Span;
use crate::export::{Ask, write};
use crate::files::{Readers, folder_of};
use crate::storage::Storage;

/// What a file holds.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Content {
    /// Bookings, a line each
    Bookings,
    /// Visits at the counter, a line each
    Visits,
    /// How many messages came and what they led to, by day and hour
    Messages,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Written {
    /// Comma-separated values
    Csv,
    /// A workbook
    Xlsx,
}

/// Arguments of `antrean export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// What the file is to hold
    #[arg(value_enum)]
    what: Content,
    /// How it is written
    #[arg(long, value_enum)]
    format: Written,
    /// The file, which must not be there yet; only the account that runs this can read it
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// The office, by id; not needed where all lines are one office's
    #[arg(long, value_name = "ID", value_parser = OfficeId::read)]
    office: Option<OfficeId>,
    /// The first day [default: the first of this month]
    #[arg(long, value_name = "DAY", value_parser = day)]
    from: Option<NaiveDate>,
    /// The last day [default: the last of this month]
    #[arg(long, value_name = "DAY", value_parser = day)]
    until: Option<NaiveDate>,
    /// Without names, numbers and addresses of citizens
    #[arg(long)]
    without_people: bool,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    installation: Installation,
}

/// Runs the command.
pub fn run(args: &ExportArgs) -> ExitCode {
    block_on(async {
        let storage = args.installation.storage().await?;
        let office = office_meant(args.office.as_ref(), &args.installation, &storage).await?;
        let today = office.date_at(args.installation.clock()?.now());
        let ask = Ask {
            zone: office.zone,
            office: office.id,
            what: match args.what {
                Content::Bookings => What::Bookings,
                Content::Visits => What::Visits,
                Content::Messages => What::Messages,
            },
            format: match args.format {
                Written::Csv => FileFormat::Csv,
                Written::Xlsx => FileFormat::Xlsx,
            },
            span: between(args.from, args.until, Span::month(today))?,
            with_people: !args.without_people,
        };
        let Span { first, last } = ask.span;
        let event = AuditEvent::of(Act::Export).at(&ask.office);
        let reach = if ask.with_people && ask.what != What::Messages {
            Scope::Days(first, last)
        } else {
            Scope::Words(format!("{} {} without names, {first} {last}", ask.what.name(), ask.format.name()))
        };
        args.acting.record(&storage, event.reaching(reach)).await?;
        if !Readers::Owner.create_file(&args.to)? {
            return Err(CommandError::Usage(format!("{} is there already; name another file", args.to.display())));
        }
        let written = write_to(&storage, &ask, &args.to).await;
        if written.is_err() {
            std::fs::remove_file(&args.to).ok();
        }
        let lines = usize::try_from(written?).unwrap_or(usize::MAX);
        println!("{} in {}", counted(lines, "line", "lines"), args.to.display());
        Ok(ExitCode::SUCCESS)
    })
}

async fn write_to(storage: &Storage, ask: &Ask, path: &Path) -> Result<u64, CommandError> {
    let file = std::fs::OpenOptions::new().write(true).open(path)?;
    write(storage, ask, (file, folder_of(path)), |_| async {})
        .await
        .map_err(|error| CommandError::Other(error.to_string()))
}
