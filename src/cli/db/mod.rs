//! `antrean db`: the database itself.

mod moving;

use std::process::ExitCode;

use clap::Subcommand;

use self::moving::MoveArgs;
use super::shared::error::{CommandError, block_on};
use super::shared::installation::{Installation, WithInstallation};
use super::shared::value::counted;
use crate::app;
use crate::clock::{Clock, SystemClock};
use crate::storage::Storage;

/// Arguments of `antrean db`.
pub type DbArgs = WithInstallation<Action>;

/// What `antrean db` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Create the database where it is missing, and bring it up to date; `serve` does so too
    Migrate,
    /// Check that counters, seats, bookings and their record agree; exit code 1 where they do not
    Verify,
    /// Tell conversations of live bookings that they do not know, where `verify` finds such. This machine's clock must be
    /// right; no message is served meanwhile
    Mend,
    /// Copy an installation into another, empty database: from SQLite to PostgreSQL, or back
    Move(MoveArgs),
}

/// Runs the command.
pub fn run(args: &DbArgs) -> ExitCode {
    block_on(async {
        match &args.what {
            Action::Migrate => {
                let config = args.installation.read()?;
                app::refuse_missing_database(&config)?;
                app::create_database_file(&config)?;
                let storage = Storage::open(config.address()).await?;
                storage.close().await;
                println!("the database is up to date");
                Ok(ExitCode::SUCCESS)
            }
            Action::Move(args) => moving::run(args).await,
            Action::Mend => {
                let told = args.installation.storage().await?.repair_conversations(SystemClock.now()).await?;
                match told {
                    0 => println!("every conversation knows its live bookings"),
                    1 => println!("1 conversation was told of its bookings"),
                    _ => println!("{told} conversations were told of their bookings"),
                }
                Ok(ExitCode::SUCCESS)
            }
            Action::Verify => {
                let storage = args.installation.storage().await?;
                let mut audit = storage.audit(SystemClock.now()).await?;
                audit.findings.extend(missing_keys(&args.installation, &storage).await?);
                for finding in &audit.findings {
                    println!("found: {finding}");
                }
                println!(
                    "{}, {}, {} waiting, {} given up; {}",
                    count(audit.bookings, "live booking", "live bookings"),
                    count(audit.seats, "seat", "seats"),
                    count(audit.waiting, "reply", "replies"),
                    audit.dead,
                    if audit.findings.is_empty() { "the books balance" } else { "the books do not balance" }
                );
                Ok(if audit.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
            }
        }
    })
}

/// Keys of photos that are not there. A database that is named without its configuration says nothing of where they lie.
async fn missing_keys(installation: &Installation, storage: &Storage) -> Result<Vec<String>, CommandError> {
    let config = installation.read()?;
    if installation.database.is_some() && !config.media_keys.exists() {
        return Ok(Vec::new());
    }
    let counts = storage.photo_counts().await?;
    Ok(app::key_troubles(&config.media_keys, &app::photos(&config).read_keys(), &counts))
}

fn count(count: i64, one: &str, many: &str) -> String {
    counted(usize::try_from(count).unwrap_or(0), one, many)
}
