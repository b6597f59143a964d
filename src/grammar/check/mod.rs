//! Checks formats: whether each reads its own examples, and whether its forms can be distinguished from one another.

pub(crate) mod ambiguity;
pub(crate) mod examples;

use crate::grammar::format::Format;
use crate::grammar::format::error::FormatError;

/// Runs the examples of a format's file, and tries whether its optional pieces and alternatives can be distinguished; what comes
/// out otherwise is an error at its place in the file.
pub fn check(format: &Format) -> Vec<FormatError> {
    let mut errors = examples::run(format);
    errors.extend(ambiguity::between_shapes(format));
    errors
}

#[cfg(test)]
mod tests;
