//! Removes greetings, thanks and forms of address from the front of a text.

use crate::grammar::language::names::may_be_name;
use crate::grammar::language::vocabulary::{Greeting, WORDS};
use crate::grammar::text::characters::{is_blank, is_pause};
use crate::grammar::text::peel::peel;

/// The text without the thanks, forms of address and pauses that it begins with.
pub(crate) fn after_politeness(text: &str) -> &str {
    // Thanks first: `mohon dibantu` is more than `mohon`.
    peel(&[&WORDS.thanks, &WORDS.fillers], text)
}

/// The text without thanks and forms of address after a greeting. One that may be a name is taken off only where it follows
/// without a pause, or a pause follows it: `Halo mas, #...`, but `Halo, Mas Agung#...`.
fn after_address(text: &str) -> &str {
    let mut text = text;
    loop {
        let open = text.trim_start_matches(is_pause);
        let is_paused = text.strip_suffix(open).is_some_and(|gap| gap.contains(|c| c == '\n' || !is_blank(c)));
        let said = WORDS.thanks.front(open).or_else(|| WORDS.fillers.front(open));
        let after = said.map(|((), after)| after).filter(|after| {
            let word = open.strip_suffix(after).unwrap_or_default();
            let is_ended = after.trim_start_matches(' ').is_empty()
                || after.starts_with(|c| c == '\n' || is_pause(c) && !is_blank(c));
            !may_be_name(word) || !is_paused || is_ended
        });
        match after {
            Some(after) => text = after,
            None => return open,
        }
    }
}

/// Whether the text asks for nothing.
pub(crate) fn is_filler(text: &str) -> bool {
    after_politeness(text).is_empty()
}

/// The text after a greeting in front of it; the text as it is, where none is.
pub(crate) fn after_greeting(text: &str) -> &str {
    let mut rest = text;
    loop {
        let open = rest.trim_start_matches(is_pause);
        rest = match WORDS.greetings.front(open) {
            Some((Greeting::Plain, after)) => after_address(after),
            // "Hai" may be a name: a greeting only if a pause, a form of address or nothing follows.
            Some((Greeting::Short, after)) => {
                let next = after.trim_start_matches(is_blank);
                // `P. Simanjuntak` has an initial.
                let is_initial = after.starts_with('.') && open.len() - after.len() == 1;
                if is_initial {
                    return rest;
                }
                if next.is_empty()
                    || next.starts_with(is_pause)
                    || after.starts_with('\n')
                    || WORDS.fillers.front(next).is_some()
                {
                    after_address(after)
                } else {
                    return rest;
                }
            }
            None => return rest,
        };
    }
}

/// What stands after the greeting that opens a text, with a pause between; `None` where nothing does.
pub(crate) fn apart_from_greeting(text: &str) -> Option<&str> {
    let (_, after) = WORDS.greetings.front(text.trim_start_matches(is_pause))?;
    let rest = after.trim_start_matches(is_pause);
    let is_paused = after.strip_suffix(rest).is_some_and(|gap| gap.contains(|c| c == '\n' || !is_blank(c)));
    (is_paused && !rest.is_empty()).then_some(rest)
}
