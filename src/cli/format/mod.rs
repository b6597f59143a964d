//! `antrean format`: rehearses a poster's line, or a file with its rules, before it goes live, proposes a line from messages, and keeps
//! misread messages as examples. Nothing is booked.

mod example;
mod from_examples;
mod input;
mod printed;
mod rehearse;
mod try_line;

use std::process::ExitCode;

use clap::{Args, Subcommand};

/// Arguments of `antrean format`.
#[derive(Debug, Args)]
pub struct FormatArgs {
    #[command(subcommand)]
    what: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Rehearse a poster's line: how many messages it reads, repairs, asks about and misreads, and where it fails most
    Try(try_line::TryArgs),
    /// Rehearse a draft of an office's format against the one in force: what would be read, and what no more
    Rehearse(rehearse::RehearseArgs),
    /// Make a misread message an example of the office's format, with everybody in it masked
    Example(example::ExampleArgs),
    /// Propose the line of a poster from messages that it is to read
    FromExamples(from_examples::FromExamplesArgs),
}

/// Runs the command.
pub fn run(args: &FormatArgs) -> ExitCode {
    match &args.what {
        Action::Try(args) => try_line::run(args),
        Action::Rehearse(args) => rehearse::run(args),
        Action::Example(args) => example::run(args),
        Action::FromExamples(args) => from_examples::run(args),
    }
}
