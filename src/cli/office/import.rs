//! `antrean office import`: puts office files in force, and decides about the people whom that displaces.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;

use super::displaced::{self, Place};
use super::remedies::RemedyArgs;
use crate::app;
use crate::cli::shared::acting::Acting;
use crate::cli::shared::error::CommandError;
use crate::cli::shared::installation::Installation;
use crate::cli::shared::log::start_log;
use crate::domain::audit::{Act, AuditEvent, Scope, Subject};
use crate::domain::calendar::Calendar;
use crate::domain::code::BookingCode;
use crate::domain::displacement::Remedies;
use crate::domain::notice::Kind;
use crate::domain::office::{Office, OfficeId};
use crate::domain::office_files::OfficeFiles;
use crate::roster::{self, OwnFiles, Roster};
use crate::storage::{Import, ImportOutcome, NewVersion, Origin, Storage};
use crate::versions::{self, Standing};

/// Arguments of `antrean office import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Office files or folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    remedies: RemedyArgs,
    /// Show who is booked on days that close or shrink and what would become of them; change nothing
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What became of one office file.
#[derive(Debug, Serialize)]
struct Report {
    office: String,
    version: u32,
    /// `imported`, `unchanged`, `refused`, or `not imported`.
    result: &'static str,
    /// The sentences that a terminal shows.
    said: Vec<String>,
    /// The people whom it displaces.
    #[serde(rename = "bookings")]
    places: Vec<Place>,
}

/// One import under way.
struct Session<'a> {
    storage: &'a Storage,
    roster: &'a Roster,
    /// Each office's files with what it has besides, and the holidays as it has them.
    whole: &'a BTreeMap<OfficeId, Whole>,
    remedies: &'a Remedies,
    acting: &'a Acting,
    now: DateTime<Utc>,
    actor: &'a str,
    why: &'a str,
}

/// An office's files with what it has in force besides, and the holidays as it will have them.
struct Whole {
    files: OfficeFiles,
    calendar: Arc<Calendar>,
}

/// The same of every office; `served` has the calendars of all offices.
async fn whole(storage: &Storage, roster: &Roster, served: &Roster) -> Result<BTreeMap<OfficeId, Whole>, CommandError> {
    let in_force = storage.offices().await?;
    let mut all = BTreeMap::new();
    for office in roster.offices.values() {
        let mut files = roster.files_of(office).unwrap_or_default();
        versions::carry(&mut files, office, in_force.iter().find(|stored| stored.id == office.id));
        let own = OwnFiles::read(&files).map_err(app::BuildError::from)?;
        let calendar = own.over(&served.calendar);
        all.insert(office.id.clone(), Whole { files, calendar });
    }
    Ok(all)
}

/// Runs the command.
pub(super) async fn run(
    (installation, acting): (&Installation, &Acting),
    storage: &Storage,
    args: &ImportArgs,
) -> Result<ExitCode, CommandError> {
    let remedies = args.remedies.read().map_err(CommandError::Usage)?;
    let config = installation.read()?;
    let roster = Roster::load(&args.paths).map_err(app::BuildError::from)?;
    let served = Roster::load(&config.offices).map_err(app::BuildError::from)?;
    let whole = whole(storage, &roster, &served).await?;
    let clock = installation.clock()?;
    let operator = acting.operator();
    let (actor, why) = (operator.name(), operator.why());
    let now = clock.now();
    let session = Session { storage, roster: &roster, whole: &whole, remedies: &remedies, acting, now, actor, why };
    let mut reports = session.displaced(&config, &clock).await?;
    session.refuse_unknown_codes(&reports).await?;
    let undecided = reports.iter().flat_map(|report| &report.places).filter(|place| place.remedy.is_none()).count();
    session.record_view(&reports).await?;
    if args.dry_run || undecided > 0 {
        show(&reports, args.json)?;
        return if args.dry_run {
            eprintln!("nothing was changed");
            Ok(ExitCode::SUCCESS)
        } else {
            Err(CommandError::Other(refusal(undecided)))
        };
    }
    let mut refused = false;
    for report in &mut reports {
        let Some(office) = roster.offices.values().find(|office| office.id.as_str() == report.office) else { continue };
        refused |= !session.put_in_force(office, report).await?;
    }
    session.settle(installation, &mut reports).await?;
    show(&reports, args.json)?;
    Ok(if refused { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

impl Session<'_> {
    /// The people whom each office file displaces, with what was decided and where they would go.
    async fn displaced(
        &self,
        config: &crate::config::Config,
        clock: &crate::clock::SharedClock,
    ) -> Result<Vec<Report>, CommandError> {
        let mut reports = Vec::new();
        for office in self.roster.offices.values() {
            let Some(Whole { calendar, .. }) = self.whole.get(&office.id) else { continue };
            let office = &Office { exceptions: self.storage.exceptions(&office.id).await?, ..Office::clone(office) };
            let found = self.storage.displaced_by(office, calendar, self.now).await?;
            let listing =
                displaced::Listing { storage: self.storage, office, calendar, remedies: self.remedies, now: self.now };
            let places = listing.places(config, clock, found).await?;
            let (id, version) = (office.id.as_str().to_owned(), office.version);
            let silent = !places.is_empty() && !office.notices.says(Kind::DayClosed);
            let said = silent.then(|| "its file says `day_closed = false` in [notices]: nobody is told".to_owned());
            reports.push(Report {
                office: id,
                version,
                result: "not imported",
                said: said.into_iter().collect(),
                places,
            });
        }
        Ok(reports)
    }

    /// Records whose bookings are shown.
    async fn record_view(&self, reports: &[Report]) -> Result<(), CommandError> {
        for report in reports.iter().filter(|report| !report.places.is_empty()) {
            let Some(office) = self.roster.offices.values().find(|office| office.id.as_str() == report.office) else {
                continue;
            };
            let seen = Scope::Bookings(report.places.iter().map(|place| place.booking.id).collect());
            self.acting.record(self.storage, AuditEvent::of(Act::ViewList).at(&office.id).reaching(seen)).await?;
        }
        Ok(())
    }

    /// A slip in a code must not leave its citizen to the remedy of the others. A code that was decided about before is known: the
    /// same command may be run again.
    async fn refuse_unknown_codes(&self, reports: &[Report]) -> Result<(), CommandError> {
        let known: BTreeSet<&BookingCode> =
            reports.iter().flat_map(|report| &report.places).map(|place| &place.booking.code).collect();
        for code in self.remedies.named.keys().filter(|code| !known.contains(code)) {
            let found = self.storage.find_bookings(code).await?;
            if !found.iter().any(|booking| booking.displaced.is_some()) {
                return Err(CommandError::Other(format!(
                    "nothing was imported: these files displace no booking with the code {code}; `--dry-run` lists those that they do"
                )));
            }
        }
        Ok(())
    }

    /// Puts one office in force, where its file does not contradict what is.
    async fn import(&self, office: &Office) -> Result<ImportOutcome, CommandError> {
        let file = roster::print(office);
        let Some(Whole { files, calendar }) = self.whole.get(&office.id) else { return Ok(ImportOutcome::Unchanged) };
        let stored = self.storage.offices().await?.into_iter().find(|stored| stored.id == office.id);
        let own = self.roster.files_of(office).unwrap_or_default();
        match versions::standing(self.storage, (office, &own), stored.as_ref(), false).await? {
            Standing::SameVersion => return Ok(ImportOutcome::SameVersion),
            Standing::Older { in_force } => return Ok(ImportOutcome::Older { in_force }),
            Standing::Parted(head) => {
                let parted = app::BuildError::Parted(office.id.as_str().to_owned(), head.version);
                return Err(CommandError::Other(format!("nothing was imported: {parted}")));
            }
            Standing::Unchanged { lacks_files: true } => {
                self.storage.complete_version(office, files).await?;
            }
            Standing::Unchanged { lacks_files: false } | Standing::New | Standing::Newer => {}
        }
        let came_from = stored.map(|stored| stored.version);
        let origin = Origin::File;
        let version = NewVersion { actor: self.actor, why: self.why, origin, came_from, files: Some(files) };
        let (now, remedies) = (self.now, Some(self.remedies));
        Ok(self.storage.import(Import { office, file: &file, calendar, now, remedies, version }).await?)
    }

    /// Puts one office in force. Whether that was not refused.
    async fn put_in_force(&self, office: &Office, report: &mut Report) -> Result<bool, CommandError> {
        let (id, version) = (office.id.as_str(), office.version);
        let (result, said) = match self.import(office).await? {
            ImportOutcome::Unchanged => ("unchanged", format!("version {version} is in force already")),
            ImportOutcome::Imported { before: Some(before), .. } => {
                ("imported", format!("version {version} is in force, after {before}"))
            }
            ImportOutcome::Imported { before: None, .. } => ("imported", format!("version {version} is in force")),
            ImportOutcome::SameVersion => {
                let next = version + 1;
                (
                    "refused",
                    format!("refused: version {version} is in force with other content; write `version = {next}`"),
                )
            }
            ImportOutcome::Older { in_force } => (
                "refused",
                format!("refused: version {in_force} is in force, the file says {version}; write a higher one"),
            ),
            // Somebody booked between the list and the import.
            ImportOutcome::Undecided(places) => ("refused", format!("refused: {}", refusal(places.len()))),
        };
        if result == "imported" {
            let version = Scope::Words(format!("version {version}"));
            let event = AuditEvent::of(Act::ChangeOffice).at(&office.id).about(Subject::office(&office.id));
            self.acting.record(self.storage, event.reaching(version)).await?;
        }
        report.result = result;
        if result == "refused" {
            report.places.clear();
            eprintln!("{id}: {said}");
        } else {
            report.said.push(said);
        }
        Ok(result != "refused")
    }

    /// Carries out what was decided, and notes what became of everybody.
    async fn settle(&self, installation: &Installation, reports: &mut [Report]) -> Result<(), CommandError> {
        let mut desk = None;
        for report in reports.iter_mut().filter(|report| report.result != "refused") {
            let Some(office) = self.roster.offices.values().find(|office| office.id.as_str() == report.office) else {
                continue;
            };
            if !self.storage.planned_displaced(&office.id, 1).await?.is_empty() {
                let desk = match &mut desk {
                    Some(desk) => desk,
                    none => {
                        start_log(false);
                        none.insert(app::desk(&installation.read()?, self.storage, installation.clock()?).await?)
                    }
                };
                desk.settle_displaced(&office.id).await.map_err(|error| {
                    CommandError::Other(format!(
                        "{error}; some people have not been told yet: run the same command again, nobody is told twice"
                    ))
                })?;
            }
            displaced::note_results(self.storage, &mut report.places).await?;
            report.said.extend(displaced::counts(&report.places));
        }
        if let Some(desk) = desk {
            desk.close().await;
        }
        Ok(())
    }
}

/// Why nothing was imported, and what to do.
fn refusal(undecided: usize) -> String {
    let bookings = if undecided == 1 { "1 booking".to_owned() } else { format!("{undecided} bookings") };
    format!(
        "nothing was imported: {bookings} would be on a day that closes or shrinks, and nothing is decided about them. Add --move (each \
         goes to the next day with room), --tell (each is told and chooses a day), --cancel, or --keep (they are served all the \
         same); for some by their codes: --keep=LMGF-D5AQ,... --move. With --dry-run you see first what would happen"
    )
}

/// Prints what the files displace and what became of it.
fn show(reports: &[Report], json: bool) -> Result<(), CommandError> {
    if json {
        println!(
            "{}",
            serde_json::to_string_pretty(&serde_json::json!({ "offices": reports })).map_err(std::io::Error::from)?
        );
        return Ok(());
    }
    for report in reports {
        for line in displaced::lines(&report.places) {
            println!("{}: {line}", report.office);
        }
        for line in &report.said {
            println!("{}: {line}", report.office);
        }
    }
    Ok(())
}
