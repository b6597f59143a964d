//! The command line: one file or folder for each command, and `shared` for what several have in common. Exit codes: 0 done, 1 something was found wrong, 2 wrong use.

pub mod aside;
pub mod audit;
pub mod bookings;
pub mod channel;
pub mod check;
pub mod db;
pub mod demo;
pub mod display;
pub mod export;
pub mod format;
pub mod media;
pub mod notice;
pub mod office;
pub mod outbox;
pub mod parse;
pub mod person;
pub mod replay;
pub mod report;
pub mod serve;
mod shared;
pub mod talk;
pub mod user;
pub mod visit;
pub mod waiting;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Books places in a public office's queue from one chat message.
#[derive(Debug, Parser)]
#[command(name = "antrean", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Try everything on this machine: all offices, a simulator in the browser, a clock to move
    Demo(demo::DemoArgs),
    /// Serve citizens: webhooks in, replies out
    Serve(serve::ServeArgs),
    /// Check office, format and calendar files; report every problem with its place
    Check(check::CheckArgs),
    /// Read messages by an office's formats, without booking anything
    Parse(parse::ParseArgs),
    /// Rehearse a poster's line on messages before it goes live
    Format(format::FormatArgs),
    /// Play conversations from files, on a virtual clock
    Replay(replay::ReplayArgs),
    /// Move offices in and out of the database
    Office(office::OfficeArgs),
    /// List a day's bookings, or find one by its code
    Bookings(bookings::BookingsArgs),
    /// The day at the counter: who arrives, who is called, who is served
    Visit(visit::VisitArgs),
    /// The displays in the halls: add one, list them, remove one
    Display(display::DisplayArgs),
    /// List replies that have not gone out, or send given-up ones again
    Outbox(outbox::OutboxArgs),
    /// Tell citizens what they did not ask for: a passport is ready, a message to a whole day; list and stop notices
    Notice(notice::NoticeArgs),
    /// List the channels that replies leave by; test, pause or resume one
    Channel(channel::ChannelArgs),
    /// List messages that were set aside, or serve them again
    Aside(aside::AsideArgs),
    /// List who waits for a seat that comes back
    Waiting(waiting::WaitingArgs),
    /// Read and answer what citizens leave to an officer
    Talk(talk::TalkArgs),
    /// What is kept of a citizen: show it, hand it out, erase it; after a breach, who is concerned and how to tell them
    Person(person::PersonArgs),
    /// What an office had to do, in numbers that name nobody: messages, refusals, places, waiting
    Report(report::ReportArgs),
    /// Write bookings, visits or counts of messages into a file for a spreadsheet
    Export(export::ExportArgs),
    /// Add people who sign in to the console, list them, change their roles
    User(user::UserArgs),
    /// The photos that citizens sent: which keys they are encrypted with; make a new key; save one
    Media(media::MediaArgs),
    /// Who saw or changed what: list it, verify that it is whole
    Audit(audit::AuditArgs),
    /// Bring the database up to date, check its books, or move it to another engine
    Db(db::DbArgs),
}

/// Runs the command of this process's arguments.
pub fn run() -> ExitCode {
    shared::panics::report_without_data();
    match Cli::parse().command {
        Command::Demo(args) => demo::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Parse(args) => parse::run(&args),
        Command::Format(args) => format::run(&args),
        Command::Replay(args) => replay::run(&args),
        Command::Office(args) => office::run(&args),
        Command::Bookings(args) => bookings::run(&args),
        Command::Visit(args) => visit::run(&args),
        Command::Display(args) => display::run(&args),
        Command::Outbox(args) => outbox::run(&args),
        Command::Notice(args) => notice::run(&args),
        Command::Channel(args) => channel::run(&args),
        Command::Aside(args) => aside::run(&args),
        Command::Waiting(args) => waiting::run(&args),
        Command::Talk(args) => talk::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Export(args) => export::run(&args),
        Command::User(args) => user::run(&args),
        Command::Media(args) => media::run(&args),
        Command::Audit(args) => audit::run(&args),
        Command::Person(args) => person::run(&args),
        Command::Db(args) => db::run(&args),
    }
}
