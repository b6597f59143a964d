//! antrean: one message, one place in the queue.

use std::process::ExitCode;

/// Each request asks for memory some hundred times, and gives it back on whichever thread ends it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    antrean::cli::run()
}
