//! Which days a report or a file is of.

use chrono::NaiveDate;

use super::error::CommandError;
use crate::domain::tally::{NoSpan, SPAN_DAYS_MAX, Span};

/// Reads a day.
///
/// # Errors
/// A sentence with examples.
pub fn day(text: &str) -> Result<NaiveDate, String> {
    let read = |form| NaiveDate::parse_from_str(text.trim(), form).ok();
    read("%Y-%m-%d").or_else(|| read("%d-%m-%Y")).ok_or_else(|| "not a day; write 2026-08-10 or 10-08-2026".to_owned())
}

/// The days between two, each of which may be left out.
///
/// # Errors
/// [`CommandError::Usage`] where they make no span.
pub fn between(first: Option<NaiveDate>, last: Option<NaiveDate>, usual: Span) -> Result<Span, CommandError> {
    let (first, last) = match (first, last) {
        (None, None) => return Ok(usual),
        (Some(first), last) => (first, last.unwrap_or(usual.last.max(first))),
        (None, Some(last)) => (usual.first.min(last), last),
    };
    Span::new(first, last).map_err(|refused| {
        CommandError::Usage(match refused {
            NoSpan::Backwards => format!("{last} comes before {first}"),
            NoSpan::Long => format!("{first} to {last} is too long; at most {SPAN_DAYS_MAX} days"),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::day as on;

    // Negative control: with `usual.last` for an end that is left out, a beginning after it is refused.
    #[test]
    fn an_end_that_is_left_out_is_that_of_the_usual_span() {
        let usual = Span::new(on(2026, 8, 3), on(2026, 8, 9)).unwrap();
        let of = |first, last| between(first, last, usual).map(|span| (span.first, span.last)).ok();
        assert_eq!(of(None, None), Some((usual.first, usual.last)));
        assert_eq!(of(Some(on(2026, 8, 5)), None), Some((on(2026, 8, 5), usual.last)));
        assert_eq!(of(Some(on(2026, 8, 20)), None), Some((on(2026, 8, 20), on(2026, 8, 20))));
        assert_eq!(of(None, Some(on(2026, 8, 1))), Some((on(2026, 8, 1), on(2026, 8, 1))));
        assert_eq!(of(Some(on(2026, 8, 2)), Some(on(2026, 8, 1))), None);
        assert_eq!([day("10-08-2026"), day("2026-08-10")], [Ok(on(2026, 8, 10)), Ok(on(2026, 8, 10))]);
        assert!(day("august").unwrap_err().contains("2026-08-10"));
    }
}
