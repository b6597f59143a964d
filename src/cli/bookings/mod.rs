//! `antrean bookings`: a day's list for the front desk, or one booking by its code.

mod correct;
mod csv;
mod days;
mod line;
mod search;
mod suspicious;
mod table;

use std::collections::BTreeSet;
use std::io::Write;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand, ValueEnum};

use self::correct::Correction;
use self::days::Days;
use self::line::Line;
use self::search::Search;
use super::shared::acting::Acting;
use super::shared::error::{CommandError, block_on};
use super::shared::installation::Installation;
use super::shared::office::{office_known, office_meant};
use crate::domain::audit::{Act, AuditEvent, Scope};
use crate::domain::booking::Booking;
use crate::domain::code::BookingCode;
use crate::domain::office::OfficeId;
use crate::domain::person::Nama;
use crate::storage::Storage;

/// Arguments of `antrean bookings`.
#[derive(Debug, Args)]
pub struct BookingsArgs {
    #[command(subcommand)]
    find: Option<What>,
    /// The office, by id; not needed where all lines are one office's
    #[arg(long, value_name = "ID", value_parser = OfficeId::read)]
    office: Option<OfficeId>,
    /// The day: today, besok, 2026-08-10 or 10-08-2026; or several: today..lusa, 2026-08-10..2026-08-14
    #[arg(long, value_name = "DAY", default_value = "today", value_parser = Days::read)]
    date: Days,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    installation: Installation,
}

/// How a list is printed.
#[derive(Debug, Clone, Copy, Args)]
struct Output {
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Find bookings by code, name or number, at every office
    Find {
        /// The code like LMGF-D5AQ, whatever became of it; or, of days that are not over, a name or part of it, or a number or
        /// its last digits (three at least)
        #[arg(required = true, num_args = 1.., value_name = "CODE-NAME-NUMBER")]
        what: Vec<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Correct a misspelt name on a valid booking; code, day and seats stay. It is noted as a step of the booking
    Correct {
        /// The code, like LMGF-D5AQ
        #[arg(value_name = "CODE", value_parser = code)]
        code: BookingCode,
        /// The name as it stands in the document
        #[arg(long = "name", value_name = "NAME", value_parser = Nama::read)]
        nama: Nama,
        /// Of a party, whose name it is, from 1
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        person: u32,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Bookings that belong together in a way that an officer should look at: one person from several numbers, one number
    /// at several offices or with many people, holds that nobody confirmed, numbers that follow one another
    Suspicious {
        /// Only what touches this office, by id
        #[arg(long, value_name = "ID", value_parser = OfficeId::read)]
        office: Option<OfficeId>,
        /// How to print: text or json
        #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
        format: OutputFormat,
    },
}

fn code(text: &str) -> Result<BookingCode, String> {
    BookingCode::read(text).map_err(|error| error.to_string())
}

/// How to print what belongs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    /// A table
    Text,
    /// One JSON array
    Json,
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table
    Text,
    /// Comma-separated values, safe to open in a spreadsheet
    Csv,
    /// One JSON array
    Json,
}

/// Runs the command.
pub fn run(args: &BookingsArgs) -> ExitCode {
    block_on(async {
        match &args.find {
            Some(What::Suspicious { office, format }) => list_suspicious(args, office.as_ref(), *format).await,
            Some(What::Find { what, output }) => find(args, &what.join(" "), output.format).await,
            Some(What::Correct { code, nama, person, json }) => {
                let person = usize::try_from(*person).unwrap_or(usize::MAX);
                let correction = Correction { code, nama, person, json: *json };
                let storage = args.installation.storage().await?;
                correct::run(&correction, (&args.installation, &args.acting), &storage).await
            }
            None => list_days(args).await,
        }
    })
}

/// The database, and what time it is there.
async fn open(args: &BookingsArgs) -> Result<(Storage, DateTime<Utc>), CommandError> {
    Ok((args.installation.storage().await?, args.installation.clock()?.now()))
}

async fn list_suspicious(
    args: &BookingsArgs,
    office: Option<&OfficeId>,
    format: OutputFormat,
) -> Result<ExitCode, CommandError> {
    let (storage, now) = open(args).await?;
    if let Some(office) = office {
        office_known(&storage, office).await?;
    }
    let bookings = storage.bookings_since(now).await?;
    let dates = || bookings.iter().map(|booking| booking.slot.date);
    if let Some((first, last)) = dates().min().zip(dates().max()) {
        let event = AuditEvent::of(Act::ViewList).reaching(Scope::Days(first, last));
        args.acting.record(&storage, office.map_or_else(|| event.clone(), |office| event.clone().at(office))).await?;
    }
    suspicious::print(&bookings, office, format == OutputFormat::Json, &mut std::io::stdout().lock())?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the bookings that fit; the exit code is 1 where none does.
async fn find(args: &BookingsArgs, what: &str, format: Format) -> Result<ExitCode, CommandError> {
    let search = Search::read(what)?;
    let (storage, now) = open(args).await?;
    let found = search.found(&storage, now).await?;
    record_found(args, &storage, &found).await?;
    show(&storage, &found, now, |lines, out| print(lines, format, out)).await?;
    Ok(if found.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Records a search, at each office whose people it found.
async fn record_found(args: &BookingsArgs, storage: &Storage, found: &[Booking]) -> Result<(), CommandError> {
    if found.is_empty() {
        return args.acting.record(storage, AuditEvent::of(Act::Find)).await;
    }
    let offices: BTreeSet<&OfficeId> = found.iter().map(|booking| &booking.office).collect();
    for office in offices {
        let of_office = found.iter().filter(|booking| booking.office == *office);
        let seen = Scope::Bookings(of_office.map(|booking| booking.id).collect());
        args.acting.record(storage, AuditEvent::of(Act::Find).at(office).reaching(seen)).await?;
    }
    Ok(())
}

async fn list_days(args: &BookingsArgs) -> Result<ExitCode, CommandError> {
    let (storage, now) = open(args).await?;
    let office = office_meant(args.office.as_ref(), &args.installation, &storage).await?;
    let days = args.date.of(office.date_at(now)).map_err(CommandError::Other)?;
    if let Some((first, last)) = days.first().zip(days.last()) {
        let event = AuditEvent::of(Act::ViewList).at(&office.id).reaching(Scope::Days(*first, *last));
        args.acting.record(&storage, event).await?;
    }
    let mut listed = Vec::new();
    for day in &days {
        listed.extend(storage.bookings_on(&office.id, *day).await?);
    }
    show(&storage, &listed, now, |lines, out| match args.output.format {
        Format::Text => Ok(table::days(&office, &days, lines, out)?),
        format => print(lines, format, out),
    })
    .await?;
    Ok(ExitCode::SUCCESS)
}

/// Prints bookings with what else is known of their people.
async fn show(
    storage: &Storage,
    bookings: &[Booking],
    now: DateTime<Utc>,
    print: impl FnOnce(&[Line<'_>], &mut std::io::StdoutLock<'_>) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let live = storage.live_bookings_of(bookings, now).await?;
    let photos = storage.photos_of(bookings).await?;
    let mut also = suspicious::also_booked(bookings, &live);
    let lines: Vec<Line<'_>> = bookings
        .iter()
        .map(|booking| Line {
            also: places(also.remove(&booking.id)),
            photo: booking.photo.and_then(|photo| photos.get(&photo)).map(|photo| photo.file.as_str()),
            ..Line::of(booking)
        })
        .collect();
    print(&lines, &mut std::io::stdout().lock())
}

fn print(lines: &[Line<'_>], format: Format, out: &mut impl Write) -> Result<(), CommandError> {
    match format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &lines).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        Format::Csv => csv::write(lines, out)?,
        Format::Text => table::found(lines, out)?,
    }
    Ok(())
}

/// Other places in a few words each.
fn places(others: Option<Vec<&Booking>>) -> Vec<String> {
    others.unwrap_or_default().into_iter().map(suspicious::place).collect()
}
