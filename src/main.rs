//! antrean: one message, one place in the queue.

use std::process::ExitCode;

fn main() -> ExitCode {
    antrean::cli::run()
}
