//! Reads what is not a form: commands, booking codes, approval codes, greetings and thanks.

use crate::domain::code::{APPROVAL_CODE_DIGITS, BOOKING_CODE_CHARS, BookingCode};
use crate::domain::person::Nama;
use crate::grammar::date;
use crate::grammar::date::detect::may_hold_date;
use crate::grammar::language::politeness::{after_greeting, after_politeness, is_filler};
use crate::grammar::language::talk::giving_up;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::Request;
use crate::grammar::request::command::{Command, CommandName};
use crate::grammar::text::characters::{digit, is_blank, is_hash, is_pause};
use crate::grammar::text::peel::{after_entry, peel, peel_with};
use crate::grammar::text::pieces::bare;
use crate::grammar::text::span::offset;
use crate::grammar::text::words::folded;
use crate::grammar::topic;

/// Whether people put this around a code or between its digits without meaning anything by it.
pub(crate) fn is_dressing(c: char) -> bool {
    // Nearly every character is a letter or a digit.
    if c.is_ascii_alphanumeric() {
        return false;
    }
    is_blank(c)
        || is_hash(c)
        || matches!(c, '-' | '‐'..='―' | '"' | '\'' | '`' | '‘'..='”' | '*' | '_' | '~' | '.' | '<' | '>' | '[' | ']' | '(' | ')')
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
pub(crate) fn booking_code(text: &str) -> Option<BookingCode> {
    let undressed = || text.chars().filter(|&c| !is_dressing(c));
    let length = undressed().take(BOOKING_CODE_CHARS + 1).take_while(char::is_ascii_alphanumeric).count();
    if length != BOOKING_CODE_CHARS || undressed().nth(BOOKING_CODE_CHARS).is_some() {
        return None;
    }
    BookingCode::read(&undressed().collect::<String>()).ok()
}

/// Longest command with all that stands after it, in bytes: more is a letter about something.
pub(crate) const TALK_BYTES_MAX: usize = 120;
/// Characters of the longest code.
const CODE_CHARS_MAX: usize =
    if APPROVAL_CODE_DIGITS > BOOKING_CODE_CHARS { APPROVAL_CODE_DIGITS } else { BOOKING_CODE_CHARS };
/// Longest code with the marks and blanks around it, in bytes; politeness after it is not counted.
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
    let mut letters = String::with_capacity(text.len());
    letters.extend(folded(text));
    WORDS.automatic.iter().any(|phrase| letters.contains(phrase.as_str()))
}

/// Whether the whole text is one command's word.
pub(crate) fn is_command(text: &str) -> bool {
    WORDS.commands.get(text).is_some()
}

/// Whether this says yes, and nothing else besides politeness: a question is no yes.
fn is_yes(text: &str) -> bool {
    let mut rest = text;
    while let Some((CommandName::Ya, after)) = WORDS.commands.front(rest) {
        rest = after_politeness(after);
        if rest.is_empty() {
            return !asks(text);
        }
    }
    false
}

/// Whether a question mark stands here.
pub(crate) fn asks(text: &str) -> bool {
    // Nearly no text holds more than ASCII, which is gone through byte by byte.
    if text.is_ascii() { text.as_bytes().contains(&b'?') } else { text.contains(['?', '？', '؟', '❓', '❔']) }
}

/// A command's word, perhaps with a booking code after it.
fn command(text: &str) -> Option<Request> {
    let (name, after) = WORDS.commands.front(text)?;
    // A yes stands alone; `batal?` wants to know something.
    if name == CommandName::Ya {
        return None;
    }
    if name == CommandName::Batal && asks(after) {
        return Some(Request::AboutCancelling);
    }
    let after = peel(&[&WORDS.fillers], after);
    if after.trim_matches(is_dressing).trim_matches(is_pause).is_empty() {
        return Some(Request::Command(Command::of(name)));
    }
    let written = WORDS.code.front(after).map_or(after, |((), code)| code);
    let code = booking_code(written);
    let mistyped = code.is_none();
    if mistyped && !is_code_like(written) {
        // `batalin aja deh`: without the mark it is asked about first, so harmless words may stand around it.
        return (name == CommandName::Batal && is_harmless(after))
            .then(|| amid_talk(name, text, &std::iter::once(after)));
    }
    Some(Request::Command(Command { code, mistyped, ..Command::of(name) }))
}

/// A command with talk after it, for which the mark in front speaks: `#batal yang kemarin`, `#cancel please`. Inside a sentence
/// without the mark the word means nothing, and before a date it is a name: `#Batal Siregar#25011987#...`. The command is not
/// carried out where the talk negates it or names another command, and `ya tapi` (yes, but) is no yes. A booking is cancelled
/// only where every other word is known to be harmless.
fn talkative(message: &str) -> Option<Request> {
    // `# halo min #batal`: the mark that counts is the one in front of the command.
    let mut pieces = message.split(is_hash).skip(1).map(bare);
    let asked = pieces.find(|piece| !is_filler(after_greeting(piece)))?;
    let (front, _) = message.split_once(is_hash)?;
    let (name, talk) = WORDS.commands.front(asked).filter(|_| is_filler(after_greeting(front)))?;
    let mut pieces = pieces.filter(|piece| !piece.is_empty());
    let is_date = |piece: &str| date::parse(piece).is_some();
    if pieces.clone().any(is_date) {
        // Both at once: `#batal #Budi#25011987#...`. A form whose name is Batal has its date next.
        let is_form_after = is_command(asked) && pieces.next().is_some_and(|next| !is_date(next));
        return (name == CommandName::Batal && is_form_after).then_some(Request::AboutCancelling);
    }
    // What is said to an officer may be long.
    let is_short = name == CommandName::Petugas || message.len() - offset(message, asked) <= TALK_BYTES_MAX;
    is_short.then(|| amid_talk(name, asked, &std::iter::once(talk).chain(pieces)))
}

/// What the command that opens `asked` asks for, with the texts of `talk` beside it.
fn amid_talk<'m>(name: CommandName, asked: &str, talk: &(impl Iterator<Item = &'m str> + Clone)) -> Request {
    let words = || talk.clone().flat_map(|text| text.split(|c| is_pause(c) && c != '-'));
    let is_other = |command: CommandName| command != name && command != CommandName::Ya;
    let takes_back = |word: &str| WORDS.negations.get(word).is_some() || WORDS.commands.get(word).is_some_and(is_other);
    let is_undone = WORDS.negations.front(asked).is_some() || words().any(takes_back);
    match name {
        CommandName::Batal if is_undone => return Request::AboutCancelling,
        CommandName::Batal if !talk.clone().all(is_harmless) => {
            let mut written = talk.clone().filter(|text| !text.is_empty());
            let person = written.next().and_then(person_meant).filter(|_| written.next().is_none());
            return person.map_or(Request::AboutCancelling, |person| {
                Request::Command(Command { person: Some(person), ..Command::of(name) })
            });
        }
        CommandName::Ya => return Request::Unreadable,
        // Whatever else is said, it is said to the officer.
        CommandName::Petugas => return Request::Command(Command::of(name)),
        _ if is_undone => return Request::Unreadable,
        _ => {}
    }
    let code = words().find_map(booking_code);
    let mistyped = code.is_none() && words().any(is_code_like);
    Request::Command(Command { code, mistyped, ..Command::of(name) })
}

/// Most words of the name of whom a party is to lose: longer talk is no name.
const PERSON_WORDS_MAX: usize = 4;

/// Whose seat is to be given up: a name and nothing else but harmless words around it (`punya Kayla aja ya`).
fn person_meant(talk: &str) -> Option<String> {
    let harmless = [&WORDS.beside_cancel, &WORDS.thanks, &WORDS.fillers];
    let from = peel(&harmless, talk);
    let mut words: Vec<&str> = from.split_whitespace().collect();
    while words.last().is_some_and(|word| peel(&harmless, word).is_empty()) {
        words.pop();
    }
    let is_known = |word: &str| {
        [&WORDS.chat, &WORDS.beside_name, &WORDS.beside_date, &WORDS.beside_cancel]
            .iter()
            .any(|known| known.get(word).is_some())
            || WORDS.days.get(word).is_some()
            || WORDS.weekdays.get(word).is_some()
            || WORDS.months.get(word).is_some()
    };
    let is_name = (1..=PERSON_WORDS_MAX).contains(&words.len())
        && words
            .iter()
            .all(|word| word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '\'' | '-')) && !is_known(word));
    let name = words.join(" ");
    (is_name && giving_up(&name).is_none() && Nama::read(&name).is_ok()).then_some(name)
}

/// Words of talk after which a booking may be given up, or its day: `maaf min saya gak jadi`.
pub(crate) const GIVING_UP_WORDS: usize = 5;

/// A booking or its day given up in other words than the command, with harmless talk in front: nothing is done, and the reply
/// says how to do it. A text that may hold a whole date is a form.
fn gives_up(text: &str) -> Option<Request> {
    if text.len() > TALK_BYTES_MAX || may_hold_date(text) {
        return None;
    }
    let mut rest = text.trim_start_matches(is_pause);
    for _ in 0..GIVING_UP_WORDS {
        if WORDS.about_cancel.front(rest).is_some() {
            return Some(Request::AboutCancelling);
        }
        if let Some((CommandName::Batal, after)) = WORDS.commands.front(rest)
            && is_harmless(after)
        {
            return Some(amid_talk(CommandName::Batal, rest, &std::iter::once(after)));
        }
        let after = after_entry(&[&WORDS.beside_date, &WORDS.thanks, &WORDS.fillers], rest)?;
        rest = after.trim_start_matches(is_pause);
    }
    None
}

/// Whether nothing here changes what `#batal` means: known words and codes only, and no question.
fn is_harmless(talk: &str) -> bool {
    let known = [&WORDS.beside_cancel, &WORDS.thanks, &WORDS.fillers, &WORDS.code];
    let after_code = |rest: &'_ str| -> Option<usize> {
        let end = rest.find(|c| is_pause(c) && c != '-').unwrap_or(rest.len());
        let word = rest.get(..end)?;
        (booking_code(word).is_some() || is_code_like(word)).then_some(end)
    };
    let after = |rest| after_entry(&known, rest).or_else(|| rest.get(after_code(rest)?..));
    peel_with(talk, after).is_empty() && !asks(talk)
}

/// Whether somebody meant this as a code: four digits or more, or a word with a digit in it about as long as a booking code.
pub(crate) fn is_code_like(text: &str) -> bool {
    let word = || text.trim_matches(is_dressing).chars().filter(|&c| c != '-');
    let (length, digits) = (word().count(), word().filter(char::is_ascii_digit).count());
    let is_word = length.abs_diff(BOOKING_CODE_CHARS) <= 1 && word().all(|c| c.is_ascii_alphanumeric());
    digits > 0 && is_word || digits == length && (4..=12).contains(&length)
}

/// The text without what people write before a code or a choice: politeness, a yes, `kode saya`, `nomor`.
fn after_code_words(text: &str) -> &str {
    let after_yes = |rest| match WORDS.commands.front(rest) {
        Some((CommandName::Ya, after)) => Some(after),
        _ => None,
    };
    peel_with(text, |rest| after_entry(&[&WORDS.thanks, &WORDS.fillers, &WORDS.code], rest).or_else(|| after_yes(rest)))
}

/// Whether this is a common word in small letters, whatever else it may read as: `keluarga`, `whatsapp`.
pub(crate) fn is_small_word(text: &str) -> bool {
    text.bytes().all(|c| c.is_ascii_lowercase() || c == b' ') && topic::is_word(text)
}

/// A code, an approval code or a booking code, that asks what stands under it; with politeness before and after.
fn code(text: &str) -> Option<Request> {
    let status = |code| Request::Command(Command { code: Some(code), ..Command::of(CommandName::Status) });
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
        let (written, after) = text.split_at_checked(at)?;
        let named = || booking_code(written).filter(|_| !is_small_word(written));
        let code = digits(written).map(Request::Digits).or_else(|| named().map(status));
        // `1?` wants to know something.
        let is_asked = matches!(&code, Some(Request::Digits(number)) if number.len() == 1) && asks(after);
        code.filter(|_| (is_filler(after) || is_yes(after_politeness(after))) && !is_asked)
    })
}

/// An approval code amid words that agree with what was shown, and nothing else: `saya setuju dengan kode 18507809`.
fn code_amid_agreement(text: &str) -> Option<Request> {
    if text.len() > TALK_BYTES_MAX || text.bytes().filter(u8::is_ascii_digit).count() != APPROVAL_CODE_DIGITS {
        return None;
    }
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let (before, from) = text.split_at(start);
    let (code, after) = from.split_at_checked(APPROVAL_CODE_DIGITS)?;
    let agrees = |talk: &str| {
        let known = [&WORDS.beside_code, &WORDS.code, &WORDS.thanks, &WORDS.fillers];
        let words = talk.trim_matches(is_dressing);
        peel_with(words, |rest| after_entry(&known, rest)).trim_matches(is_dressing).is_empty() && !asks(talk)
    };
    (agrees(before) && agrees(after)).then(|| digits(code).map(Request::Digits))?
}

/// Reads a message that is no form; `None` when it may be one.
pub(crate) fn read(message: &str) -> Option<Request> {
    let mut request = words(message)?;
    if let Request::Command(command) = &mut request
        && command.name == CommandName::Batal
    {
        command.plain = command.code.is_none() && !message.contains(is_hash);
    }
    Some(request)
}

/// The same without regard to the mark in front of a command.
fn words(message: &str) -> Option<Request> {
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
        return code(open)
            .or_else(|| gives_up(open))
            .or_else(|| code_amid_agreement(open))
            .or_else(|| talkative(message));
    }
    let greeted = after_greeting(text);
    // `ya` is an answer when it stands alone, and mere politeness in front of anything else.
    if is_yes(greeted) {
        return Some(Request::Command(Command::of(CommandName::Ya)));
    }
    if says_thanks(greeted) {
        return Some(Request::Thanks);
    }
    let asked = peel(&[&WORDS.fillers], greeted);
    if asked.is_empty() {
        return Some(if text.contains(char::is_alphanumeric) { Request::Greeting } else { Request::Unreadable });
    }
    command(asked)
        .or_else(|| code(asked))
        .or_else(|| gives_up(asked))
        .or_else(|| code_amid_agreement(asked))
        .or_else(|| talkative(message))
}

#[cfg(test)]
mod tests;
