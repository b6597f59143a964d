//! What a panic writes on standard error, which is the log of a server: the place, and nothing that a citizen wrote.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write;
use std::panic::{Location, PanicHookInfo};

use crate::domain::panic_text::panic_text;

/// Replaces the hook that Rust begins with, for the whole process.
pub fn report_without_data() {
    std::panic::set_hook(Box::new(|panic| {
        if is_closed_output(panic) {
            std::process::exit(0);
        }
        // Where standard error is closed as well there is nobody to tell.
        writeln!(std::io::stderr().lock(), "{}", report(panic)).ok();
    }));
}

/// `antrean office list | head -1` and `antrean check 2>&1 | head -1` close our output: that is no fault to report.
fn is_closed_output(panic: &PanicHookInfo<'_>) -> bool {
    panic.payload().downcast_ref::<String>().is_some_and(|text| text.starts_with("failed printing to std"))
}

/// Thread and place, the text if it is safe, and the calls that led there if `RUST_BACKTRACE` asks for them.
fn report(panic: &PanicHookInfo<'_>) -> String {
    let thread = std::thread::current();
    let place = panic.location().map_or_else(|| "an unknown place".to_owned(), Location::to_string);
    let text = panic_text(panic.payload());
    let calls = Backtrace::capture();
    let calls = if calls.status() == BacktraceStatus::Captured { format!("\n{calls}") } else { String::new() };
    format!("thread '{}' panicked at {place}: {text}{calls}", thread.name().unwrap_or("without a name"))
}

#[cfg(test)]
mod tests {
    use std::panic::{catch_unwind, set_hook, take_hook};
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What is reported of the panic of `act`; other tests of the process keep their hook.
    fn reported(act: fn()) -> String {
        let before = take_hook();
        let (own, said) = (std::thread::current().id(), Arc::new(Mutex::new(String::new())));
        let kept = Arc::clone(&said);
        set_hook(Box::new(move |panic| {
            if std::thread::current().id() == own {
                *kept.lock().unwrap() = report(panic);
            } else {
                before(panic);
            }
        }));
        let panicked = catch_unwind(act).is_err();
        drop(take_hook());
        assert!(panicked);
        said.lock().unwrap().clone()
    }

    // It failed first: with Rust's own hook the whole message stands on standard error.
    #[test]
    fn a_panic_shows_its_place_and_nothing_of_a_message() {
        let quoted = reported(|| {
            let message = std::hint::black_box("#Qwerzani Pustové#13021971");
            let _ = &message[..17];
        });
        assert!(quoted.contains("panics.rs:") && quoted.contains("may quote a message"), "{quoted}");
        assert!(!quoted.contains("Qwerzani") && !quoted.contains("1971"), "{quoted}");
        let own = reported(|| panic!("a lane has no office"));
        assert!(own.contains("a lane has no office"), "{own}");
    }
}
