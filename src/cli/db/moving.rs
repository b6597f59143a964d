//! `antrean db move`: copies an installation from one database to another, while nobody serves either.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::super::shared::error::CommandError;
use crate::app;
use crate::files::Readers;
use crate::storage::{Address, Storage, Tls, no_database_at, refuse_log_alone, sqlite_path};

/// The name of this command's sessions on a server, which distinguishes them from those of nodes.
const SESSION: &str = "antrean-move";

/// Arguments of `antrean db move`.
#[derive(Debug, Args)]
pub struct MoveArgs {
    /// The database to copy, like `sqlite://antrean.db`; it stays as it is
    #[arg(long, value_name = "URL")]
    from: String,
    /// The database to copy it into, which must be empty, or hold an unfinished move from the same one
    #[arg(long, value_name = "URL")]
    to: String,
    /// The least that the way to a server must offer: verify-full, verify-ca, require or off [default: verify-full, and nothing
    /// on this machine]
    #[arg(long, value_name = "HOW", value_parser = Tls::read)]
    tls: Option<Tls>,
}

/// Runs the command.
pub(super) async fn run(args: &MoveArgs) -> Result<ExitCode, CommandError> {
    if let Some(path) = no_database_at(&args.from)? {
        return Err(CommandError::Other(format!("there is no database at {}", path.display())));
    }
    if args.from == args.to {
        return Err(CommandError::Other("--from and --to are the same database".to_owned()));
    }
    // Checked before the lock is taken, because locking creates the file.
    if let Some(target) = sqlite_path(&args.to) {
        refuse_log_alone(&target)?;
    }
    // Held until the end, so that no server starts on either side meanwhile.
    let _from_lock = app::lock(&args.from, Readers::Owner)?;
    let _to_lock = app::lock(&args.to, Readers::Owner)?;
    let source = open(&args.from, args.tls).await?;
    let target = open(&args.to, args.tls).await?;
    if let Some(other) = source.unfinished_move().await? {
        return Err(CommandError::Other(format!("the source is itself an unfinished move from {other}")));
    }
    let bars = Bars::default();
    let moved = {
        let mut progress = |table: &str, rows: u64, of: u64| bars.show(table, rows, of);
        target.copy_from(&source, &app::without_password(&args.from), &mut progress).await
    };
    bars.clear();
    let moved = moved?;
    source.close().await;
    target.close().await;
    let mut rows = 0;
    for table in &moved {
        rows += table.rows;
        println!("{:>12}  {:032x}  {}", table.rows, table.sum, table.table);
    }
    println!("{rows} rows in {} tables; counts and sums are the same on both sides", moved.len());
    println!("name the new database in the configuration, and keep the folder for photos where it is");
    Ok(ExitCode::SUCCESS)
}

async fn open(url: &str, tls: Option<Tls>) -> Result<Storage, CommandError> {
    if sqlite_path(url).is_some() {
        return Ok(Storage::open(url).await?);
    }
    let joint = if url.contains('?') { '&' } else { '?' };
    let named = format!("{url}{joint}application_name={SESSION}");
    let storage = Storage::open(Address { url: &named, tls }).await?;
    let others = storage.other_sessions().await?;
    if others > 0 {
        return Err(CommandError::Other(format!(
            "{others} sessions of antrean use the database {}; stop every node first",
            app::without_password(url)
        )));
    }
    Ok(storage)
}

/// One bar for each table, on a terminal only.
#[derive(Default)]
struct Bars {
    all: MultiProgress,
    open: std::sync::Mutex<Option<(String, ProgressBar)>>,
}

impl Bars {
    fn show(&self, table: &str, rows: u64, of: u64) {
        let Ok(mut open) = self.open.lock() else { return };
        if open.as_ref().is_none_or(|(name, _)| name != table) {
            if let Some((_, done)) = open.take() {
                done.finish();
            }
            let bar = self.all.add(ProgressBar::new(of));
            let style = "{prefix:<20} {wide_bar} {human_pos:>12} of {human_len:<12} {eta:>4}";
            bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_prefix(table.to_owned());
            bar.enable_steady_tick(Duration::from_millis(200));
            *open = Some((table.to_owned(), bar));
        }
        if let Some((_, bar)) = open.as_ref() {
            bar.set_position(rows);
        }
    }

    /// Leaves the bars where they are, finished.
    fn clear(&self) {
        if let Ok(mut open) = self.open.lock()
            && let Some((_, bar)) = open.take()
        {
            bar.finish();
        }
    }
}
