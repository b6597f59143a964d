//! `antrean bookings`: a day's list for the front desk, or one booking by its code.

mod days;
mod suspicious;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::ExitCode;

use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use self::days::Days;
use super::install::{CommandError, Installation, block_on};
use crate::domain::booking::Booking;
use crate::domain::code::BookingCode;
use crate::domain::identity::{Email, Nik, NoKk, Phone};
use crate::domain::office::{Office, OfficeId};
use crate::domain::person::{Address, Applicant, Service, TglLahir};
use crate::domain::slot::Session;
use crate::roster;
use crate::sheet::nearest;
use crate::storage::Storage;

/// Fewest letters or digits that a search goes by: fewer fit half of the list.
const SEARCH_MIN: usize = 3;

/// Arguments of `antrean bookings`.
#[derive(Debug, Args)]
pub struct BookingsArgs {
    #[command(subcommand)]
    find: Option<Find>,
    /// The office, by id; not needed where all lines are one office's
    #[arg(long, value_name = "ID", value_parser = OfficeId::read)]
    office: Option<OfficeId>,
    /// The day: today, besok, 2026-08-10 or 10-08-2026; or several: today..lusa, 2026-08-10..2026-08-14
    #[arg(long, value_name = "DAY", default_value = "today", value_parser = Days::read)]
    date: Days,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    installation: Installation,
}

#[derive(Debug, Subcommand)]
enum Find {
    /// Find bookings by code, name or number, at every office
    Find {
        /// The code like LMGF-D5AQ, whatever became of it; or, of days that are not over, a name or part of it, or a number or
        /// its last digits (three at least)
        #[arg(required = true, num_args = 1.., value_name = "CODE-NAME-NUMBER")]
        what: Vec<String>,
        /// How to print
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        #[command(flatten)]
        installation: Installation,
    },
    /// Bookings that belong together in a way that an officer should look at: one person from several numbers, one number
    /// at several offices or with many people, holds that nobody confirmed, numbers that follow one another
    Suspicious {
        /// Only what touches this office, by id
        #[arg(long, value_name = "ID", value_parser = OfficeId::read)]
        office: Option<OfficeId>,
        /// How to print: text or json
        #[arg(long, value_enum, default_value_t = Shape::Text)]
        format: Shape,
        #[command(flatten)]
        installation: Installation,
    },
}

/// How to print what belongs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shape {
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

/// One line of the list.
#[derive(Debug, Serialize)]
struct Line<'a> {
    queue_number: String,
    hour: String,
    name: &'a str,
    birth_date: Option<NaiveDate>,
    address: Option<&'a str>,
    persons: u32,
    state: &'static str,
    code: String,
    contact: &'a str,
    office: &'a str,
    date: NaiveDate,
    made_at: String,
    office_version: u32,
    nik: Option<&'a str>,
    /// Whether the birth date inside the NIK is another than the one given.
    nik_differs: bool,
    family_card: Option<&'a str>,
    phone: Option<&'a str>,
    email: Option<&'a str>,
    session: Option<&'static str>,
    service: Option<&'a str>,
    answers: BTreeMap<&'a str, &'a str>,
    /// The others of the party, where each has a line in the form; empty where only their number is known.
    others: Vec<Other<'a>>,
    /// Other live places of its people, at any office and from any number.
    also: Vec<String>,
    /// The photo in the media folder, once it is fetched.
    photo: Option<&'a str>,
}

/// Somebody else of a party.
#[derive(Debug, Serialize)]
struct Other<'a> {
    name: &'a str,
    birth_date: Option<NaiveDate>,
    address: Option<&'a str>,
    nik: Option<&'a str>,
    nik_differs: bool,
    family_card: Option<&'a str>,
    phone: Option<&'a str>,
    email: Option<&'a str>,
    service: Option<&'a str>,
    answers: BTreeMap<&'a str, &'a str>,
}

fn answers(applicant: &Applicant) -> BTreeMap<&str, &str> {
    applicant.teks.iter().map(|answer| (answer.label.as_str(), answer.as_str())).collect()
}

impl<'a> Other<'a> {
    fn of(applicant: &'a Applicant) -> Self {
        Self {
            name: applicant.nama.as_str(),
            birth_date: applicant.tgl_lahir.map(TglLahir::date),
            address: applicant.alamat.as_ref().map(Address::as_str),
            nik: applicant.nik.as_ref().map(Nik::as_str),
            nik_differs: applicant.nik_differs(),
            family_card: applicant.no_kk.as_ref().map(NoKk::as_str),
            phone: applicant.telepon.as_ref().map(Phone::as_str),
            email: applicant.email.as_ref().map(Email::as_str),
            service: applicant.layanan.as_ref().map(Service::as_str),
            answers: answers(applicant),
        }
    }

    /// Name and birth date in one cell, with what an officer has to know.
    fn shown(&self) -> String {
        let born = self.birth_date.map(|day| format!(" {day}")).unwrap_or_default();
        let warning = if self.nik_differs { "  NIK has another birth date" } else { "" };
        let service = self.service.map(|service| format!("  {service}")).unwrap_or_default();
        format!("{}{born}{service}{warning}", self.name)
    }
}

impl<'a> Line<'a> {
    fn of(booking: &'a Booking) -> Self {
        let applicant = &booking.applicant;
        Self {
            queue_number: booking.queue_numbers(),
            hour: format!("{:02}:00", booking.slot.hour),
            name: applicant.nama.as_str(),
            birth_date: applicant.tgl_lahir.map(TglLahir::date),
            address: applicant.alamat.as_ref().map(Address::as_str),
            persons: booking.party(),
            state: booking.state.name(),
            code: booking.code.to_string(),
            contact: booking.contact.as_str(),
            office: booking.office.as_str(),
            date: booking.slot.date,
            made_at: booking.created_at.to_rfc3339(),
            office_version: booking.office_version,
            nik: applicant.nik.as_ref().map(Nik::as_str),
            nik_differs: applicant.nik_differs(),
            family_card: applicant.no_kk.as_ref().map(NoKk::as_str),
            phone: applicant.telepon.as_ref().map(Phone::as_str),
            email: applicant.email.as_ref().map(Email::as_str),
            session: applicant.sesi.map(Session::name),
            service: applicant.layanan.as_ref().map(Service::as_str),
            answers: answers(applicant),
            others: applicant.others.iter().map(Other::of).collect(),
            also: Vec::new(),
            photo: None,
        }
    }
}

impl Line<'_> {
    /// What an officer has to know beside the name, for the table.
    fn more(&self) -> String {
        let warning = self.nik_differs.then_some("NIK has another birth date");
        let said = [self.service, self.session, warning].into_iter().flatten();
        said.flat_map(|word| ["  ", word]).collect()
    }

    /// The answers to the office's own questions in one cell.
    fn answers(&self) -> String {
        self.answers.iter().map(|(label, text)| format!("{label}: {text}")).collect::<Vec<_>>().join("; ")
    }
}

/// Runs the command.
pub fn run(args: &BookingsArgs) -> ExitCode {
    block_on(async {
        if let Some(Find::Suspicious { office, format, installation }) = &args.find {
            let storage = installation.storage().await?;
            if let Some(office) = office {
                known(&storage, office).await?;
            }
            let bookings = storage.bookings_since(installation.clock()?.now()).await?;
            let mut out = std::io::stdout().lock();
            suspicious::print(&bookings, office.as_ref(), *format == Shape::Json, &mut out)?;
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(Find::Find { what, format, installation }) = &args.find {
            let search = Search::read(&what.join(" "))?;
            let storage = installation.storage().await?;
            let now = installation.clock()?.now();
            let found = search.found(&storage, now).await?;
            let missing = found.is_empty();
            show(&storage, &found, now, |lines, out| print(lines, *format, out)).await?;
            return Ok(if missing { ExitCode::from(1) } else { ExitCode::SUCCESS });
        }
        let storage = args.installation.storage().await?;
        let now = args.installation.clock()?.now();
        let office = meant(args, &storage).await?;
        let days = args.date.of(office.date_at(now)).map_err(CommandError::Other)?;
        let mut listed = Vec::new();
        for day in &days {
            listed.extend(storage.bookings_on(&office.id, *day).await?);
        }
        show(&storage, &listed, now, |lines, out| match args.format {
            Format::Text => Ok(text::days(&office, &days, lines, out)?),
            format => print(lines, format, out),
        })
        .await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// The office that is named, or the only one that there is.
async fn meant(args: &BookingsArgs, storage: &Storage) -> Result<Office, CommandError> {
    let offices = storage.offices().await?;
    let id = if let Some(named) = &args.office {
        known(storage, named).await?;
        named.clone()
    } else {
        let lines: BTreeSet<OfficeId> =
            args.installation.read()?.channels.into_iter().map(|line| line.office).collect();
        let mut ids = lines.into_iter();
        let (Some(only), None) = (ids.next(), ids.next()) else {
            let ids: Vec<&str> = offices.iter().map(|stored| stored.id.as_str()).collect();
            return Err(CommandError::Other(format!(
                "name the office with --office ID; there are: {}",
                ids.join(", ")
            )));
        };
        only
    };
    let stored = offices.iter().find(|stored| stored.id == id);
    let stored = stored
        .ok_or_else(|| CommandError::Other(format!("no office `{id}` is in force; see `antrean office list`")))?;
    roster::read(&stored.file)
        .map_err(|problems| CommandError::Other(format!("the office `{id}` cannot be read: {problems}")))
}

/// What bookings are looked for by.
enum Search {
    Code(BookingCode),
    /// The last digits of a number, without a leading zero: numbers are kept as 62812…, people write 0812….
    Number(String),
    /// Words that all stand in the name, in small letters.
    Name(Vec<String>),
}

impl Search {
    fn read(what: &str) -> Result<Self, CommandError> {
        if let Ok(code) = BookingCode::read(what) {
            return Ok(Self::Code(code));
        }
        let letters = what.chars().filter(|c| c.is_alphabetic()).count();
        let digits: String = what.chars().filter(char::is_ascii_digit).collect();
        if letters >= SEARCH_MIN {
            Ok(Self::Name(what.split_whitespace().map(str::to_lowercase).collect()))
        } else if letters == 0 && digits.len() >= SEARCH_MIN {
            Ok(Self::Number(digits.strip_prefix('0').unwrap_or(&digits).to_owned()))
        } else {
            Err(CommandError::Usage(format!(
                "`{what}` is neither a code like LMGF-D5AQ nor a name or number of at least {SEARCH_MIN} letters or digits"
            )))
        }
    }

    async fn found(&self, storage: &Storage, now: DateTime<Utc>) -> Result<Vec<Booking>, CommandError> {
        let is_meant = |booking: &Booking| match self {
            Self::Code(code) => booking.code == *code,
            Self::Number(digits) => booking.contact.as_str().ends_with(digits.as_str()),
            Self::Name(words) => booking.applicant.people().any(|person| {
                let name = person.nama.as_str().to_lowercase();
                words.iter().all(|word| name.contains(word.as_str()))
            }),
        };
        let mut found = match self {
            Self::Code(code) => storage.find_bookings(code).await?,
            Self::Number(_) | Self::Name(_) => storage.bookings_since(now).await?,
        };
        found.retain(is_meant);
        Ok(found)
    }
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
    let mut also = suspicious::also_placed(bookings, &live);
    let lines: Vec<Line<'_>> = bookings
        .iter()
        .map(|booking| Line {
            also: places(also.remove(&booking.id)),
            photo: booking.photo.and_then(|photo| photos.get(&photo)).map(String::as_str),
            ..Line::of(booking)
        })
        .collect();
    print(&lines, &mut std::io::stdout().lock())
}

/// A slip in the id must not look like an empty day.
async fn known(storage: &Storage, office: &OfficeId) -> Result<(), CommandError> {
    let offices = storage.offices().await?;
    if offices.iter().any(|stored| stored.id == *office) {
        return Ok(());
    }
    let near = nearest(office.as_str(), offices.iter().map(|stored| stored.id.as_str()));
    let remedy = near.map_or_else(|| "see `antrean office list`".to_owned(), |near| format!("did you mean `{near}`?"));
    Err(CommandError::Other(format!("no office `{office}` is in force; {remedy}")))
}

fn print(lines: &[Line<'_>], format: Format, out: &mut impl Write) -> Result<(), CommandError> {
    match format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &lines).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        Format::Csv => csv(lines, out)?,
        Format::Text => text::found(lines, out)?,
    }
    Ok(())
}

/// Other places in a few words each.
fn places(others: Option<Vec<&Booking>>) -> Vec<String> {
    others.unwrap_or_default().into_iter().map(suspicious::place).collect()
}

fn csv(lines: &[Line<'_>], out: &mut impl Write) -> Result<(), CommandError> {
    let failed = |error: csv::Error| CommandError::Other(error.to_string());
    let mut sheet = csv::Writer::from_writer(out);
    sheet
        .write_record([
            "queue_number",
            "date",
            "hour",
            "code",
            "name",
            "birth_date",
            "address",
            "persons",
            "state",
            "contact",
            "nik",
            "nik_differs",
            "family_card",
            "phone",
            "email",
            "session",
            "service",
            "answers",
            "others",
            "also",
            "photo",
        ])
        .map_err(failed)?;
    for line in lines {
        let record = [
            line.queue_number.clone(),
            line.date.to_string(),
            line.hour.clone(),
            line.code.clone(),
            line.name.to_owned(),
            line.birth_date.map(|date| date.to_string()).unwrap_or_default(),
            line.address.unwrap_or_default().to_owned(),
            line.persons.to_string(),
            line.state.to_owned(),
            line.contact.to_owned(),
            line.nik.unwrap_or_default().to_owned(),
            if line.nik_differs { "yes" } else { "" }.to_owned(),
            line.family_card.unwrap_or_default().to_owned(),
            line.phone.unwrap_or_default().to_owned(),
            line.email.unwrap_or_default().to_owned(),
            line.session.unwrap_or_default().to_owned(),
            line.service.unwrap_or_default().to_owned(),
            line.answers(),
            line.others.iter().map(Other::shown).collect::<Vec<_>>().join("; "),
            line.also.join("; "),
            line.photo.unwrap_or_default().to_owned(),
        ];
        sheet.write_record(record.iter().map(|cell| harmless(cell))).map_err(failed)?;
    }
    sheet.flush()?;
    Ok(())
}

/// A cell that no spreadsheet takes for a formula: an apostrophe in front of whatever could start one
/// (OWASP ASVS 5.0, 1.2.10). A citizen chooses their name and address.
fn harmless(cell: &str) -> String {
    let first = cell.trim_start_matches([' ', '"', '\'', '\u{feff}']).chars().next();
    let risky =
        first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\0' | '＝' | '＋' | '－' | '＠'));
    if risky { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: without the apostrophe every row fails.
    #[test]
    fn no_cell_starts_a_formula() {
        for cell in ["=1+1", "+62", "-2", "@SUM(A1)", "\t=1", " =1", "\"=1", "＝1"] {
            assert!(harmless(cell).starts_with('\''), "{cell:?}");
        }
        for cell in ["Budi", "09-017", "O'Neil", ""] {
            assert_eq!(harmless(cell), cell);
        }
    }
}
