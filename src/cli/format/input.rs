//! What these commands read: messages from a file, and formats with their mistakes drawn.

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use miette::{NamedSource, Report};

use crate::grammar::{Format, FormatError};
use crate::sheet::{Place, Problem};

/// Exit code of a pattern that cannot be used.
pub(super) const NO_PATTERN: u8 = 1;
/// Exit code of an input that cannot be used.
pub(super) const MISUSED: u8 = 2;

/// The messages of a file; bytes that are no UTF-8 are read as replacement characters, as they would be from a provider.
///
/// # Errors
/// [`io::Error`] where the file cannot be read.
pub(super) fn messages(file: &Path, paragraphs: bool) -> io::Result<Vec<String>> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        bytes = fs::read(file)?;
    }
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    let messages: Vec<&str> = if paragraphs { text.split("\n\n").collect() } else { text.lines().collect() };
    let messages = messages.into_iter().map(str::trim).filter(|text| !text.is_empty());
    Ok(messages.map(str::to_owned).collect())
}

/// The text of a file.
///
/// # Errors
/// The exit code, where it cannot be read; why is said.
pub(super) fn text_of(file: &Path) -> Result<String, ExitCode> {
    fs::read_to_string(file).map_err(|error| {
        eprintln!("antrean: {}: {error}", file.display());
        ExitCode::from(MISUSED)
    })
}

/// The format of a file's text.
///
/// # Errors
/// The exit code, where it is none; what is wrong is drawn.
pub(super) fn format_of(name: &str, text: String) -> Result<Format, ExitCode> {
    Format::from_toml(&text).map_err(|errors| {
        draw(name, text, errors);
        ExitCode::from(NO_PATTERN)
    })
}

/// Draws what is wrong with a format.
pub(super) fn draw(name: &str, text: String, errors: Vec<FormatError>) {
    let source = Arc::new(NamedSource::new(name, text));
    for error in errors {
        let place = Place { source: Arc::clone(&source), at: error.at };
        eprintln!("{:?}", Report::new(Problem::at(place, error.message, error.remedy)));
    }
}
