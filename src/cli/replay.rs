//! `antrean replay`: plays stories, blesses them, or turns an exported chat into one.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::domain::office::OfficeId;
use crate::replay::report::Colours;
use crate::replay::{self, Change, DayOrder, Played, Rewritten, Tally, Wanted, find, import, report};
use crate::roster::Roster;
use crate::storage::{Address, Tls};

/// The language of stories, for `--help`. A style is reset inside of `{n}` so that clap does not take it for a line break; no
/// terminal shows that.
const LANGUAGE: &str = "\
THE LANGUAGE OF STORIES (one thing a line; lines indented by two spaces go on with the text above):

  # why: …                      the first line: why the story exists; other lines with # are comments
  office bogor                  the office written to from here on (default: bogor)
  clock 2017-08-01 09:00        when the story begins, by the office's clock (default: this very moment)
  set seats_per_hour = 2        another rule of an office file for this story; see README.md for the keys
  seed 7                        another row of codes (0 to 255)
  wait 2h | 30m | 3d | 1h30m    time passes; what falls due on the way happens at its moment
  wait until 2017-08-03 08:00

  Budi > #Budi#25011987#07082017           Budi sends this
  Budi (sent 07:31) > text                 … and pressed send at 07.31
  Budi > [image] caption                   a picture; also [voice] [video] [sticker] [location] [contact] [document]
  50 x > #Warga {\u{1b}[0mn}#25011987#07082017      fifty people called x with a number each; {\u{1b}[0mn} is Satu, Dua, Tiga …
  x.7 > halo                               the seventh of them
  batch … end                              the messages between these lines come in one webhook
  redeliver 3                              the provider delivers the last messages again, three times

  < reply                       the answer to whoever spoke last; of a crowd: to each of them
  Budi < reply                  the answer to Budi
  < [qr] reply                  an answer with a picture of its booking code
  < nothing                     no answer
  {*}                           in a reply: anything within the line
  ...                           alone on a line of a reply: any further lines
  {code}                        in a reply: the code that stands here; afterwards, also in what people send: the same
                                code. In what people send also {code|trimmed} {code|spaced} {code|lower}. {{ is a brace

  fail send [lost|throttled|refused|closed|broken]      how the next send fails (default: a passing fault)
  fail fetch [gone], mend fetch                         the next picture cannot be fetched; now it can

Every answer must stand in the story, in order. At the end seats must equal bookings and nothing may be left to send.
Exit status: 0 all pass, 1 some differ, 2 some cannot be read or played.";

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: a diff for each difference.
    Text,
    /// One JSON document.
    Json,
    /// XML that build servers read as test results.
    Junit,
}

/// Plays .chat stories through the real desk, courier and database on a virtual clock.
#[derive(Debug, Args)]
#[command(after_long_help = LANGUAGE)]
pub struct ReplayArgs {
    /// Stories, or folders that hold stories.
    #[arg(required_unless_present = "import")]
    paths: Vec<PathBuf>,
    /// How results are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Rewrite the replies of stories that differ; wildcards stay where they still match.
    #[arg(long)]
    bless: bool,
    /// Office files or folders instead of the shipped offices.
    #[arg(long, value_name = "PATH")]
    offices: Vec<PathBuf>,
    /// Play on this PostgreSQL database instead of SQLite: each story in a schema of its own, dropped afterwards.
    #[arg(long, value_name = "URL", value_parser = server, conflicts_with = "import")]
    database: Option<String>,
    /// With --database: the least that the way there must offer, verify-full, verify-ca, require or off [default: verify-full,
    /// and nothing on this machine]
    #[arg(long, value_name = "HOW", value_parser = Tls::read, requires = "database")]
    tls: Option<Tls>,
    /// Turn a chat exported from WhatsApp into a story on standard output; names and numbers are replaced.
    #[arg(long, value_name = "EXPORT", conflicts_with_all = ["paths", "bless", "format"])]
    import: Option<PathBuf>,
    /// With --import: the office that the chat was with.
    #[arg(long, value_name = "ID", value_parser = OfficeId::read, default_value = "bogor", requires = "import")]
    office: OfficeId,
    /// With --import: what the office is called in the chat; by default, whoever did not write first.
    #[arg(long, value_name = "NAME", requires = "import")]
    office_name: Option<String>,
    /// With --import: which comes first in the chat's dates, where the file does not show it.
    #[arg(long, value_name = "ORDER", value_enum, requires = "import")]
    dates: Option<Dates>,
    /// With --import: exit status 1 if the story may still hold personal data.
    #[arg(long, requires = "import")]
    strict: bool,
}

/// The order of day and month in an exported chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Dates {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

fn server(url: &str) -> Result<String, String> {
    let known = url.starts_with("postgres://") || url.starts_with("postgresql://");
    known
        .then(|| url.to_owned())
        .ok_or_else(|| "write postgres://user@host/name; SQLite needs no address here".to_owned())
}

/// Exit status when something differs.
const DIFFERS: u8 = 1;
/// Exit status when something cannot be read or played.
const BROKEN: u8 = 2;

/// Runs the command.
pub fn run(args: &ReplayArgs) -> ExitCode {
    match serve(args) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "antrean replay: {error}");
            ExitCode::from(BROKEN)
        }
    }
}

fn serve(args: &ReplayArgs) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let roster = if args.offices.is_empty() { Roster::shipped()? } else { Roster::load(&args.offices)? };
    if let Some(export) = &args.import {
        return import_chat(args, export, &roster);
    }
    let stories = find(&args.paths)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let server = args.database.as_deref().map(|url| Address { url, tls: args.tls });
    let played = if args.bless {
        let blessed = runtime.block_on(replay::bless(roster, &stories, server))?;
        // A program may read the results from standard output, so rewritten replies are reported on standard error.
        let mut err = std::io::stderr().lock();
        for Rewritten { path, changes } in &blessed.rewritten {
            writeln!(err, "rewritten: {}", path.display())?;
            for Change { line, old, new } in changes {
                let [old, new] = [old, new].map(|line| line.as_deref().unwrap_or("(nothing)"));
                writeln!(err, "  line {line}: {old}\n    is now: {new}")?;
            }
        }
        drop(err);
        blessed.played
    } else {
        runtime.block_on(replay::run(roster, &stories, server))?
    };
    let colours = if std::io::stdout().is_terminal() { Colours::Terminal } else { Colours::None };
    print(&match args.format {
        Format::Text => report::text(&played, colours),
        Format::Json => report::json(&played),
        Format::Junit => report::junit(&played)?,
    })?;
    Ok(exit_code(&played))
}

/// Prints the story of an exported chat, and on standard error what may still be somebody's in it.
fn import_chat(args: &ReplayArgs, export: &Path, roster: &Roster) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let text = replay::read_export(export).map_err(|error| format!("{}: {error}", export.display()))?;
    let dates = args.dates.map(|order| match order {
        Dates::Dmy => DayOrder::DayFirst,
        Dates::Mdy => DayOrder::MonthFirst,
    });
    let wanted = Wanted { office: &args.office, office_name: args.office_name.as_deref(), dates };
    let imported = import(roster, &wanted, &text)?;
    print(&imported.story)?;
    let mut err = std::io::stderr().lock();
    if imported.by_writing.is_some() {
        writeln!(
            err,
            "antrean replay: dates are read day first, as the phone's way of writing suggests; otherwise: --dates mdy"
        )?;
    }
    for leftover in &imported.leftovers {
        writeln!(err, "antrean replay: {leftover}")?;
    }
    let told = args.strict && !imported.leftovers.is_empty();
    Ok(if told { ExitCode::from(DIFFERS) } else { ExitCode::SUCCESS })
}

/// A reader that goes away early (`| head`) is no error of ours, but the exit status must not claim success.
fn print(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn exit_code(played: &[Played]) -> ExitCode {
    match Tally::of(played) {
        Tally { broken: 0, differ: 0, .. } => ExitCode::SUCCESS,
        Tally { broken: 0, .. } => ExitCode::from(DIFFERS),
        _ => ExitCode::from(BROKEN),
    }
}
