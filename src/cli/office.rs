//! `antrean office`: offices in and out of the database.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Subcommand;

use super::shared::error::{CommandError, block_on};
use super::shared::installation::WithInstallation;
use super::shared::value::counted;
use crate::domain::calendar::Calendar;
use crate::domain::office::{FormatId, OfficeId};
use crate::roster::{self, Roster};
use crate::storage::{ImportOutcome, Storage};

/// Arguments of `antrean office`.
pub type OfficeArgs = WithInstallation<Action>;

/// What `antrean office` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// List the offices in force
    List,
    /// Put office files in force; nothing that is booked is lost
    Import {
        /// Office files or folders
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Print an office in force as one whole file
    Export {
        /// The office, by id
        #[arg(value_name = "ID", value_parser = OfficeId::read)]
        id: OfficeId,
    },
}

/// Runs the command.
pub fn run(args: &OfficeArgs) -> ExitCode {
    block_on(async {
        let storage = args.installation.storage().await?;
        match &args.what {
            Action::List => {
                let offices = storage.offices().await?;
                for stored in &offices {
                    let name = roster::read(&stored.file).map_or_else(|_| String::new(), |office| office.name);
                    println!("{:<20} version {:<4} {name}", stored.id.as_str(), stored.version);
                }
                println!("{}", counted(offices.len(), "office", "offices"));
                Ok(ExitCode::SUCCESS)
            }
            Action::Export { id } => {
                let offices = storage.offices().await?;
                let stored = offices.into_iter().find(|stored| stored.id == *id);
                let stored = stored.ok_or_else(|| {
                    CommandError::Other(format!(
                        "no office `{id}` is in force; `antrean office list` shows those that are"
                    ))
                })?;
                print!("{}", stored.file);
                Ok(ExitCode::SUCCESS)
            }
            Action::Import { paths } => {
                let roster = Roster::load(paths).map_err(crate::app::BuildError::from)?;
                let served = Roster::load(&args.installation.read()?.offices).map_err(crate::app::BuildError::from)?;
                let shipped = Roster::shipped().map_err(crate::app::BuildError::from)?;
                if let Some(missing) = unread(&roster, &served, &shipped.calendar) {
                    return Err(CommandError::Other(missing));
                }
                import(&storage, &roster, args.installation.clock()?.now()).await
            }
        }
    })
}

/// Checks what an import depends on besides the database: the serving process takes only offices from there, their formats and
/// calendars are files of its configuration. An office in force whose format is missing would read no message.
fn unread(roster: &Roster, served: &Roster, shipped: &Calendar) -> Option<String> {
    let is_read = |id: &FormatId| match (roster.formats.get(id), served.formats.get(id)) {
        (Some(own), Some(theirs)) => own.is_same(theirs),
        _ => false,
    };
    let format = roster.offices.values().find_map(|office| {
        let format = office.formats.iter().find(|id| !is_read(id))?;
        Some(format!("the office `{}` reads by the format `{format}`", office.id))
    });
    let calendar = || {
        let own =
            |year: &i32| !roster.calendar.agrees(shipped, *year) && !roster.calendar.agrees(&served.calendar, *year);
        let year = roster.calendar.years().find(own)?;
        Some(format!("these files hold a calendar of {year}"))
    };
    let what = format.or_else(calendar)?;
    Some(format!(
        "nothing was imported: {what}, which the serving process does not have as it stands here. Formats and calendars are \
         read at its start: add their folder to `offices` in antrean.toml and start it again; that puts the offices in force too"
    ))
}

async fn import(storage: &Storage, roster: &Roster, now: DateTime<Utc>) -> Result<ExitCode, CommandError> {
    let mut refused = 0;
    for office in roster.offices.values() {
        let id = office.id.as_str();
        let outcome = storage.import_office(office, &roster::print(office), &roster.calendar, now).await?;
        match outcome {
            ImportOutcome::Unchanged => println!("{id}: version {} is in force already", office.version),
            ImportOutcome::Imported { before, kept } => {
                match before {
                    Some(before) => println!("{id}: version {} is in force, after {before}", office.version),
                    None => println!("{id}: version {} is in force", office.version),
                }
                for (date, taken, capacity) in kept {
                    println!(
                        "{id}: {date}: {taken} seats are booked, the new file offers {capacity}: kept, nothing more is given"
                    );
                }
            }
            ImportOutcome::SameVersion => {
                refused += 1;
                let next = office.version + 1;
                eprintln!(
                    "{id}: refused: version {} is in force with other content; write `version = {next}`",
                    office.version
                );
            }
            ImportOutcome::Older { in_force } => {
                refused += 1;
                eprintln!(
                    "{id}: refused: version {in_force} is in force, the file says {}; write a higher one",
                    office.version
                );
            }
        }
    }
    Ok(if refused > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
