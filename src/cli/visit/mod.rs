//! `antrean visit`: the day at the counter, from the command line. Exit code 1 also where an action is refused.

mod print;

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};

use self::print::Printer;
use super::shared::acting::Acting;
use super::shared::error::{CommandError, block_on};
use super::shared::installation::Installation;
use super::shared::office::office_meant;
use crate::domain::audit::{Act, AuditEvent, Scope};
use crate::domain::office::OfficeId;
use crate::domain::person::Nama;
use crate::domain::visit::{COUNTERS_MAX, Reason, read_number};
use crate::front_desk::{Actor, Arrival, Closing, FrontDesk, Press, Which};

/// Arguments of `antrean visit`.
#[derive(Debug, Args)]
pub struct VisitArgs {
    #[command(subcommand)]
    what: Action,
    /// The office, by id; not needed where all lines are one office's
    #[arg(long, value_name = "ID", value_parser = OfficeId::read, global = true)]
    office: Option<OfficeId>,
    #[command(flatten)]
    acting: Acting,
    /// Print one JSON object, also for a refusal
    #[arg(long, global = true)]
    json: bool,
    /// A text of your own for this action: the same action again with it changes nothing, and prints the same
    #[arg(long, value_name = "TEXT", global = true)]
    nonce: Option<String>,
    #[command(flatten)]
    installation: Installation,
}

/// What `antrean visit` does.
#[derive(Debug, Subcommand)]
enum Action {
    /// Enter the arrival of somebody with a booking
    Arrive {
        /// The booking code, like LMGF-D5AQ
        code: String,
        /// Of a party, who comes, from 1; everybody who is not here yet where none is named
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        person: Vec<u32>,
        /// Why they cannot wait long: they get a number like P-03
        #[arg(long, value_enum, value_name = "REASON")]
        priority: Option<Priority>,
        /// Let them in though their place is forfeited: a supervisor's decision; they wait at the end
        #[arg(long)]
        admit_late: bool,
    },
    /// Enter somebody without a booking: they get a number like W-012
    WalkIn {
        /// Their name, where they tell it
        #[arg(long, value_parser = Nama::read)]
        name: Option<Nama>,
        /// Why they cannot wait long: they get a number like P-03
        #[arg(long, value_enum, value_name = "REASON")]
        priority: Option<Priority>,
    },
    /// Call whoever is next to a counter
    Call {
        /// The counter
        #[arg(value_parser = counter())]
        counter: u32,
    },
    /// Call somebody again, at most three times, a minute apart
    Recall(Meant),
    /// They came to the counter
    Came(Meant),
    /// They did not come, though they were called three times
    Missed(Meant),
    /// Put somebody aside; they keep their place
    Park(Meant),
    /// Let somebody wait again who was parked (at their old place) or missed (once, at the end)
    Return {
        /// The number, like 09-017, P-03 or W-012
        #[arg(value_parser = number)]
        number: String,
    },
    /// Send somebody to another counter, which calls them first
    Redirect {
        #[command(flatten)]
        meant: Meant,
        /// The other counter
        #[arg(long, value_name = "COUNTER", value_parser = counter())]
        to: u32,
    },
    /// They were served
    Done(Meant),
    /// Take back the last step of a visit, within a minute
    Undo(Meant),
    /// List the day: who is here, who is still expected, which counters are open
    List,
    /// Open or close a counter
    Counter {
        #[command(subcommand)]
        what: CounterAction,
    },
    /// End the day now: whoever waits counts as not served, and counters close. The clock does it at midnight
    End,
}

/// Whom an action is about.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
struct Meant {
    /// The number, like 09-017, P-03 or W-012
    #[arg(value_parser = number)]
    number: Option<String>,
    /// Whom this counter has called, or serves
    #[arg(long, value_name = "COUNTER", value_parser = counter())]
    counter: Option<u32>,
}

#[derive(Debug, Subcommand)]
enum CounterAction {
    /// Open a counter for whoever acts
    Open {
        /// The counter
        #[arg(value_parser = counter())]
        counter: u32,
    },
    /// Close a counter, whoever opened it
    Close {
        /// The counter
        #[arg(value_parser = counter())]
        counter: u32,
        /// Park whoever is called or served there, as after a counter that lost its officer
        #[arg(long)]
        park: bool,
    },
}

/// Why somebody cannot wait long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Priority {
    /// With a small child
    Toddler,
    /// Old
    Elderly,
    /// Disabled
    Disabled,
    /// Pregnant
    Pregnant,
}

impl From<Priority> for Reason {
    fn from(priority: Priority) -> Self {
        match priority {
            Priority::Toddler => Self::Toddler,
            Priority::Elderly => Self::Elderly,
            Priority::Disabled => Self::Disabled,
            Priority::Pregnant => Self::Pregnant,
        }
    }
}

impl From<Meant> for Which {
    fn from(meant: Meant) -> Self {
        match meant.number {
            Some(number) => Self::Number(number),
            None => Self::At(meant.counter.unwrap_or_default()),
        }
    }
}

fn counter() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=i64::from(COUNTERS_MAX))
}

fn number(text: &str) -> Result<String, String> {
    read_number(text).ok_or_else(|| "not a number of a queue; write 09-017, P-03 or W-012".to_owned())
}

/// Runs the command.
pub fn run(args: &VisitArgs) -> ExitCode {
    block_on(async {
        let storage = args.installation.storage().await?;
        let clock = args.installation.clock()?;
        let office = office_meant(args.office.as_ref(), &args.installation, &storage).await?;
        let printer = Printer { json: args.json, zone: office.zone };
        // A step is of somebody whom colleagues know: an account that several share is nobody.
        if args.acting.name.is_none() && !matches!(args.what, Action::List) {
            return Err(CommandError::Usage("say who acts: --as NAME".to_owned()));
        }
        let actor =
            Actor::at_terminal(&args.acting.operator()).map_err(|error| CommandError::Usage(error.to_string()))?;
        if matches!(args.what, Action::List) {
            let today = office.date_at(clock.now());
            let event = AuditEvent::of(Act::ViewList).at(&office.id).reaching(Scope::day(today));
            args.acting.record(&storage, event).await?;
        }
        let desk = FrontDesk::new(storage, clock, Arc::new(office), actor);
        act(&desk, &args.what, Press { nonce: args.nonce.clone(), version: None }, printer).await
    })
}

async fn act(desk: &FrontDesk, what: &Action, press: Press, printer: Printer) -> Result<ExitCode, CommandError> {
    let done = match what {
        Action::Arrive { code, person, priority, admit_late } => {
            let people: BTreeSet<u32> = person.iter().map(|person| person - 1).collect();
            let (code, priority) = (code.clone(), priority.map(Reason::from));
            desk.arrive(Arrival { code, people, priority, admit_late: *admit_late }, press).await?
        }
        Action::WalkIn { name, priority } => desk.walk_in(name.clone(), priority.map(Reason::from), press).await?,
        Action::Call { counter } => desk.call_next(*counter, press).await?,
        Action::Recall(meant) => desk.recall(meant.clone().into(), press).await?,
        Action::Came(meant) => desk.came(meant.clone().into(), press).await?,
        Action::Missed(meant) => desk.missed(meant.clone().into(), press).await?,
        Action::Park(meant) => desk.park(meant.clone().into(), press).await?,
        Action::Return { number } => desk.put_back(number.clone(), press).await?,
        Action::Redirect { meant, to } => desk.redirect(meant.clone().into(), *to, press).await?,
        Action::Done(meant) => desk.finish(meant.clone().into(), press).await?,
        Action::Undo(meant) => desk.undo(meant.clone().into(), press).await?,
        Action::List => return printer.day(&desk.day().await?),
        Action::Counter { what: CounterAction::Open { counter } } => {
            return printer.counter(desk.open_counter(*counter).await?, *counter, "open");
        }
        Action::Counter { what: CounterAction::Close { counter, park } } => {
            return match desk.close_counter(*counter, Closing { park: *park, of_others: true }).await? {
                Ok(parked) => {
                    if let Some(visit) = &parked {
                        eprintln!("{} was parked; put them back with antrean visit return", visit.number);
                    }
                    printer.counter(Ok(()), *counter, "closed")
                }
                Err(refusal) => printer.counter(Err(refusal), *counter, "closed"),
            };
        }
        Action::End => return printer.ended(desk.end_today().await?),
    };
    printer.done(done)
}
