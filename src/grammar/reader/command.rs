//! Reads what is not a form: codes, commands and greetings; and takes the greeting off the front of a form.

use crate::domain::code::{APPROVAL_CODE_DIGITS, BOOKING_CODE_CHARS, BookingCode};
use crate::grammar::date;
use crate::grammar::language::vocabulary::{Greeting, WORDS};
use crate::grammar::reader::intruder;
use crate::grammar::request::{Command, CommandName, Request};
use crate::grammar::text::pieces::{bare, digit, is_blank, is_hash, offset};
use crate::grammar::text::words::{Words, folded};
use crate::grammar::value::name::may_be_name;

/// Whether people put this around a code or between its digits without meaning anything by it.
fn is_dressing(c: char) -> bool {
    is_blank(c)
        || is_hash(c)
        || matches!(c, '-' | '‐'..='―' | '"' | '\'' | '`' | '‘'..='”' | '*' | '_' | '~' | '.' | '<' | '>' | '[' | ']' | '(' | ')')
}

/// Whether this may stand between words that mean something: blanks, punctuation, an emoji.
pub(crate) fn is_pause(c: char) -> bool {
    is_blank(c)
        || matches!(c, ',' | '.' | '!' | '?' | ':' | ';' | '-' | '~')
        || (!c.is_ascii() && !c.is_alphanumeric() && !is_hash(c))
}

/// One to eight digits and nothing else that counts.
fn digits(text: &str) -> Option<String> {
    let undressed = || text.chars().filter(|&c| !is_dressing(c));
    // Counted before anything is kept: nearly every message is something else.
    let mut count = 0;
    for c in undressed() {
        count += 1;
        if digit(c).is_none() || count > APPROVAL_CODE_DIGITS {
            return None;
        }
    }
    let ascii = |c| digit(c).and_then(|value| char::from_digit(value, 10));
    (count > 0).then(|| undressed().filter_map(ascii).collect())
}

/// A booking code and nothing else, by its check character.
fn booking_code(text: &str) -> Option<BookingCode> {
    let undressed = || text.chars().filter(|&c| !is_dressing(c));
    let length = undressed().take(BOOKING_CODE_CHARS + 1).take_while(char::is_ascii_alphanumeric).count();
    if length != BOOKING_CODE_CHARS || undressed().nth(BOOKING_CODE_CHARS).is_some() {
        return None;
    }
    BookingCode::read(&undressed().collect::<String>()).ok()
}

/// The text without the entries and pauses in front of it.
pub(crate) fn skip<'m>(words: &Words<()>, text: &'m str) -> &'m str {
    let mut text = text.trim_start_matches(is_pause);
    while let Some(((), behind)) = words.front(text) {
        text = behind.trim_start_matches(is_pause);
    }
    text
}

/// The text without thanks, forms of address and pauses in front of it.
fn after_politeness(text: &str) -> &str {
    let mut text = text;
    loop {
        // Thanks first: `mohon dibantu` is more than `mohon`.
        let behind = skip(&WORDS.thanks, text);
        let behind = WORDS.fillers.front(behind).map_or(behind, |((), behind)| behind.trim_start_matches(is_pause));
        if behind.len() == text.len() {
            return text;
        }
        text = behind;
    }
}

/// The text without thanks and forms of address behind a greeting. One that may be a name is taken off only where it follows
/// without a pause, or a pause follows it: `Halo mas, #...`, but `Halo, Mas Agung#...`.
fn after_address(text: &str) -> &str {
    let mut text = text;
    loop {
        let open = text.trim_start_matches(is_pause);
        let is_paused = text.strip_suffix(open).is_some_and(|gap| gap.contains(|c| c == '\n' || !is_blank(c)));
        let said = WORDS.thanks.front(open).or_else(|| WORDS.fillers.front(open));
        let behind = said.map(|((), behind)| behind).filter(|behind| {
            let word = open.strip_suffix(behind).unwrap_or_default();
            let is_ended = behind.trim_start_matches(' ').is_empty()
                || behind.starts_with(|c| c == '\n' || is_pause(c) && !is_blank(c));
            !may_be_name(word) || !is_paused || is_ended
        });
        match behind {
            Some(behind) => text = behind,
            None => return open,
        }
    }
}

/// Whether nothing stands here that asks for anything.
pub(crate) fn is_filler(text: &str) -> bool {
    after_politeness(text).is_empty()
}

/// Longest command with all that stands behind it, in bytes: more is a letter about something.
const TALK_BYTES_MAX: usize = 120;
/// Characters of the longest code.
const CODE_CHARS_MAX: usize =
    if APPROVAL_CODE_DIGITS > BOOKING_CODE_CHARS { APPROVAL_CODE_DIGITS } else { BOOKING_CODE_CHARS };
/// Longest code with all its dress, in bytes: what is polite behind it comes later.
const CODE_BYTES_MAX: usize = 64;
/// Longest message of thanks and nothing else, in bytes.
const THANKS_BYTES_MAX: usize = 120;
/// Longest message that may be a machine's, in bytes.
const AUTOMATIC_BYTES_MAX: usize = 2_000;

/// Whether this says thank you and nothing else.
fn says_thanks(text: &str) -> bool {
    if text.len() > THANKS_BYTES_MAX || !is_filler(text) {
        return false;
    }
    let words = text.char_indices().filter(|(at, c)| *at == 0 || is_blank(*c)).filter_map(|(at, _)| text.get(at..));
    words.into_iter().any(|rest| WORDS.gratitude.front(rest.trim_start_matches(is_pause)).is_some())
}

/// Whether this is what a machine answers by itself.
pub(crate) fn is_automatic(text: &str) -> bool {
    if text.len() > AUTOMATIC_BYTES_MAX {
        return false;
    }
    let folded: String = folded(text).collect();
    WORDS.automatic.iter().any(|phrase| folded.contains(phrase.as_str()))
}

/// The text behind a greeting in front of it; the text as it is, where none is.
pub(crate) fn after_greeting(text: &str) -> &str {
    let mut rest = text;
    loop {
        let open = rest.trim_start_matches(is_pause);
        rest = match WORDS.greetings.front(open) {
            Some((Greeting::Plain, behind)) => after_address(behind),
            // "Hai" may be a name: a greeting only if a pause, a form of address or nothing follows.
            Some((Greeting::Short, behind)) => {
                let next = behind.trim_start_matches(is_blank);
                // `P. Simanjuntak` has an initial.
                let is_initial = behind.starts_with('.') && open.len() - behind.len() == 1;
                if is_initial {
                    return rest;
                }
                if next.is_empty()
                    || next.starts_with(is_pause)
                    || behind.starts_with('\n')
                    || WORDS.fillers.front(next).is_some()
                {
                    after_address(behind)
                } else {
                    return rest;
                }
            }
            None => return rest,
        };
    }
}

/// What stands behind the greeting that opens a text, with a pause between; `None` where nothing does.
pub(crate) fn apart_from_greeting(text: &str) -> Option<&str> {
    let (_, behind) = WORDS.greetings.front(text.trim_start_matches(is_pause))?;
    let rest = behind.trim_start_matches(is_pause);
    let is_paused = behind.strip_suffix(rest).is_some_and(|gap| gap.contains(|c| c == '\n' || !is_blank(c)));
    (is_paused && !rest.is_empty()).then_some(rest)
}

/// Whether the whole text is one command's word.
pub(crate) fn is_command(text: &str) -> bool {
    WORDS.commands.get(text).is_some()
}

/// Whether this says yes, and nothing else besides politeness: a question is no yes.
fn is_yes(text: &str) -> bool {
    let mut rest = text;
    while let Some((CommandName::Ya, behind)) = WORDS.commands.front(rest) {
        rest = after_politeness(behind);
        if rest.is_empty() {
            return !asks(text);
        }
    }
    false
}

/// Whether a question mark stands here.
fn asks(text: &str) -> bool {
    text.contains(['?', '？', '؟', '❓', '❔'])
}

/// A command's word, perhaps with a booking code behind it.
fn command(text: &str) -> Option<Request> {
    let (name, behind) = WORDS.commands.front(text)?;
    // A yes stands alone; `batal?` wants to know something.
    if name == CommandName::Ya {
        return None;
    }
    if name == CommandName::Batal && asks(behind) {
        return Some(Request::AboutCancelling);
    }
    let behind = skip(&WORDS.fillers, behind);
    if behind.trim_matches(is_dressing).trim_matches(is_pause).is_empty() {
        return Some(Request::Command(Command { name, code: None, mistyped: false }));
    }
    let written = WORDS.code.front(behind).map_or(behind, |((), code)| code);
    let code = booking_code(written);
    let mistyped = code.is_none();
    (!mistyped || is_code_like(written)).then_some(Request::Command(Command { name, code, mistyped }))
}

/// A command with talk behind it, for which the mark in front speaks: `#batal yang kemarin`, `#cancel please`. Inside a sentence
/// without the mark the word means nothing, and in front of a date it is a name: `#Batal Siregar#25011987#...`. Nothing is done
/// where the talk takes it back or names another command, nor is a yes with a but a yes; and what gives something up is done
/// only where every word beside it is known to be harmless.
fn talkative(message: &str) -> Option<Request> {
    // `# halo min #batal`: the mark that counts is the one in front of the command.
    let mut pieces = message.split(is_hash).skip(1).map(bare);
    let asked = pieces.find(|piece| !is_filler(after_greeting(piece)))?;
    let (front, _) = message.split_once(is_hash)?;
    let (name, talk) = WORDS.commands.front(asked).filter(|_| is_filler(after_greeting(front)))?;
    let mut pieces = pieces.filter(|piece| !piece.is_empty());
    let is_dated = |piece: &str| date::parse(piece).is_some();
    if pieces.clone().any(is_dated) {
        // Both at once: `#batal #Budi#25011987#...`. A form whose name is Batal has its date next.
        let is_form_behind = is_command(asked) && pieces.next().is_some_and(|next| !is_dated(next));
        return (name == CommandName::Batal && is_form_behind).then_some(Request::AboutCancelling);
    }
    if message.len() - offset(message, asked) > TALK_BYTES_MAX {
        return None;
    }
    let words =
        || std::iter::once(talk).chain(pieces.clone()).flat_map(|piece| piece.split(|c| is_pause(c) && c != '-'));
    let is_other = |command: CommandName| command != name && command != CommandName::Ya;
    let takes_back = |word: &str| WORDS.negations.get(word).is_some() || WORDS.commands.get(word).is_some_and(is_other);
    let is_undone = WORDS.negations.front(asked).is_some() || words().any(takes_back);
    let is_clear = || std::iter::once(talk).chain(pieces.clone()).all(is_harmless);
    match name {
        CommandName::Batal if is_undone || !is_clear() => return Some(Request::AboutCancelling),
        CommandName::Ya => return Some(Request::Unreadable),
        _ if is_undone => return Some(Request::Unreadable),
        _ => {}
    }
    let code = words().find_map(booking_code);
    let mistyped = code.is_none() && words().any(is_code_like);
    Some(Request::Command(Command { name, code, mistyped }))
}

/// Words of talk behind which a booking may be given up, or its day: `maaf min saya gak jadi`.
const GIVING_UP_WORDS: usize = 5;

/// A booking or its day given up in other words than the command, with harmless talk in front: nothing is done, and the reply
/// says how to do it. A text that may hold a whole date is a form.
fn gives_up(text: &str) -> Option<Request> {
    if text.len() > TALK_BYTES_MAX || intruder::may_hold_date(text) {
        return None;
    }
    let mut rest = text.trim_start_matches(is_pause);
    for _ in 0..GIVING_UP_WORDS {
        if WORDS.about_cancel.front(rest).is_some() {
            return Some(Request::AboutCancelling);
        }
        let known = [&WORDS.beside_date, &WORDS.thanks, &WORDS.fillers];
        rest = known.iter().find_map(|words| words.front(rest))?.1.trim_start_matches(is_pause);
    }
    None
}

/// Whether nothing here changes what `#batal` means: known words and codes only, and no question.
fn is_harmless(talk: &str) -> bool {
    let mut rest = talk.trim_start_matches(is_pause);
    while !rest.is_empty() {
        let known = [&WORDS.beside_cancel, &WORDS.thanks, &WORDS.fillers, &WORDS.code];
        let behind = known.iter().find_map(|words| words.front(rest)).map(|((), behind)| behind);
        let (word, next) = rest.split_at(rest.find(|c| is_pause(c) && c != '-').unwrap_or(rest.len()));
        let behind = behind.or_else(|| (booking_code(word).is_some() || is_code_like(word)).then_some(next));
        let Some(behind) = behind else { return false };
        rest = behind.trim_start_matches(is_pause);
    }
    !asks(talk)
}

/// Whether somebody meant this as a code: four digits or more, or a word with a digit in it about as long as a booking code.
fn is_code_like(text: &str) -> bool {
    let word = || text.trim_matches(is_dressing).chars().filter(|&c| c != '-');
    let (length, digits) = (word().count(), word().filter(char::is_ascii_digit).count());
    let is_word = length.abs_diff(BOOKING_CODE_CHARS) <= 1 && word().all(|c| c.is_ascii_alphanumeric());
    digits > 0 && is_word || digits == length && (4..=12).contains(&length)
}

/// The text without what people write in front of a code or of a choice: politeness, a yes, `kode saya`, `nomor`.
fn after_code_words(text: &str) -> &str {
    let mut text = text;
    loop {
        let polite = after_politeness(text);
        let behind = match (WORDS.code.front(polite), WORDS.commands.front(polite)) {
            (Some(((), behind)), _) | (None, Some((CommandName::Ya, behind))) => behind.trim_start_matches(is_pause),
            _ => polite,
        };
        if behind.len() == text.len() {
            return text;
        }
        text = behind;
    }
}

/// A code, an approval code or a booking code, that asks what stands under it; with politeness before and behind.
fn code(text: &str) -> Option<Request> {
    let status = |code| Request::Command(Command { name: CommandName::Status, code: Some(code), mistyped: false });
    let text = after_code_words(text);
    // No code has more characters that count, and no form is looked through further.
    let mut counted = 0;
    let front = text.char_indices().take_while(|(at, c)| {
        counted += usize::from(!is_dressing(*c));
        *at <= CODE_BYTES_MAX && counted <= CODE_CHARS_MAX + 1
    });
    let mut is_paused = false;
    let pauses = front.filter(|(_, c)| !std::mem::replace(&mut is_paused, is_pause(*c)) && is_pause(*c));
    pauses.map(|(at, _)| at).chain((text.len() <= CODE_BYTES_MAX).then_some(text.len())).find_map(|at| {
        // The code first: it looks at a few characters only, the talk at all that is left.
        let (written, behind) = text.split_at_checked(at)?;
        let code = digits(written).map(Request::Digits).or_else(|| booking_code(written).map(status));
        // `1?` wants to know something.
        let is_asked = matches!(&code, Some(Request::Digits(number)) if number.len() == 1) && asks(behind);
        code.filter(|_| (is_filler(behind) || is_yes(after_politeness(behind))) && !is_asked)
    })
}

/// Reads a message that is no form; `None` when it may be one.
pub(crate) fn read(message: &str) -> Option<Request> {
    let text = message.trim_matches(is_dressing);
    if text.is_empty() {
        return Some(Request::Unreadable);
    }
    if let Some(code) = digits(text).map(Request::Digits) {
        return Some(code);
    }
    let open = text.trim_start_matches(is_pause);
    if !open.is_empty() && WORDS.all.front(open).is_none() {
        // No word that we know opens it, and so no greeting, yes, thanks or command.
        return code(open).or_else(|| gives_up(open)).or_else(|| talkative(message));
    }
    let greeted = after_greeting(text);
    // `ya` is an answer when it stands alone, and mere politeness in front of anything else.
    if is_yes(greeted) {
        return Some(Request::Command(Command { name: CommandName::Ya, code: None, mistyped: false }));
    }
    if says_thanks(greeted) {
        return Some(Request::Thanks);
    }
    let asked = skip(&WORDS.fillers, greeted);
    if asked.is_empty() {
        return Some(if text.contains(char::is_alphanumeric) { Request::Greeting } else { Request::Unreadable });
    }
    command(asked).or_else(|| code(asked)).or_else(|| gives_up(asked)).or_else(|| talkative(message))
}

#[cfg(test)]
mod tests;
