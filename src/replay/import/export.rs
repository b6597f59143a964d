//! Reads a chat as WhatsApp exports it: `[07/08/17 09.00.12] Budi: text` from iPhones, `07/08/17 09.00 - Budi: text`
//! from Android, and variants of both. A line without a head continues the message above. A line that begins like a message and
//! cannot be read is an error: appended to somebody else's message it would be taken for theirs.

use super::head::{DayOrder, Found, Head, HeadStyle, begins_with_time, day_order, head, looks_like_head};
use super::message::{Exported, Line};
use super::notice::{is_event, is_notice, left_out};
use crate::domain::message::OtherKind;

/// Longest name of a sender, in characters: contacts' names on phones end well below.
const SENDER_CHARS_MAX: usize = 80;

/// A chat as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chat {
    /// Its messages, without notices.
    pub lines: Vec<Line>,
    /// The senders in heads that were copied into messages.
    pub quoted: Vec<String>,
    /// The order of day and month, where only the phone's way of writing shows it.
    pub by_writing: Option<DayOrder>,
}

/// Why an export cannot be read. Lines are counted from 1; their text is personal and not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// A line that begins like a message.
    #[error("line {0} begins like a message, but its date, time or sender cannot be read; mend or delete the line")]
    Line(usize),
    /// Day and month cannot be told apart.
    #[error(
        "day and month cannot be told apart in this chat (first date in line {0}); say which comes first: --dates dmy for \
         day/month/year, --dates mdy for month/day/year"
    )]
    Dates(usize),
}

/// Marks that phones put into exports (direction marks, a byte-order mark), and characters of no width that would part a name.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{AD}')
}

fn without_marks(text: &str) -> String {
    text.chars().filter(|&c| !is_mark(c)).collect()
}

/// Narrow and non-breaking spaces become plain ones: exports have them in `9.00 AM`.
fn plain_spaces(text: &str) -> String {
    let narrow =
        |c: char| matches!(c, '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' | '\t');
    text.chars().map(|c| if narrow(c) { ' ' } else { c }).collect()
}

/// `text` after its first `chars` characters, marks not counted.
fn behind(text: &str, chars: usize) -> &str {
    let mut letters = text.char_indices().filter(|(_, c)| !is_mark(*c)).skip(chars);
    // Marks in front of the next letter belong to it.
    let mut at = letters.next().map_or(text.len(), |(at, _)| at);
    while let Some(mark) = text.get(..at).and_then(|front| front.chars().next_back()).filter(|&c| is_mark(c)) {
        at -= mark.len_utf8();
    }
    text.get(at..).unwrap_or_default()
}

/// A message with its head as written: the order of day and month is found later.
struct Raw<'a> {
    line: usize,
    head: Head<'a>,
    who: Option<String>,
    said: String,
}

/// What a line is.
enum Kind<'a> {
    Message(Raw<'a>),
    /// Text that continues the message above, without heads that were copied with it, and the senders in those heads.
    More(String, Vec<String>),
}

/// Reads a whole export; WhatsApp's own notices are left out.
///
/// # Errors
/// [`ExportError`] names the line.
pub fn read(text: &str, asked: Option<DayOrder>) -> Result<Chat, ExportError> {
    let written: Vec<String> = text.lines().map(plain_spaces).collect();
    let bare: Vec<String> = written.iter().map(|line| without_marks(line)).collect();
    let mut found: Vec<Raw<'_>> = Vec::new();
    let mut quoted = Vec::new();
    for (number, (written, bare)) in (1..).zip(written.iter().zip(&bare)) {
        match kind(number, written, bare, found.first().map(|raw| &raw.head))? {
            Kind::Message(mut raw) => {
                raw.said = without_copied_heads(&raw.said, &mut quoted);
                found.push(raw);
            }
            Kind::More(more, names) => {
                quoted.extend(names);
                if let Some(raw) = found.last_mut() {
                    raw.said.push('\n');
                    raw.said.push_str(&more);
                }
            }
        }
    }
    let heads: Vec<Head<'_>> = found.iter().map(|raw| raw.head).collect();
    let line_of = |place: usize| found.get(place).map_or(1, |raw| raw.line);
    let (order, by_writing) = match day_order(&heads, asked) {
        Found::Proven(order) => (order, None),
        Found::ByWriting(order) => (order, Some(order)),
        Found::Open => return Err(ExportError::Dates(line_of(0))),
        Found::Nowhere(place) => return Err(ExportError::Line(line_of(place))),
    };
    let messages = found.into_iter().filter_map(|raw| Some((raw.head.moment(order)?, raw.who?, raw.said)));
    let lines = messages.filter_map(|(at, who, said)| Some(Line { at, who, what: exported(&said)? })).collect();
    Ok(Chat { lines, quoted, by_writing })
}

/// What a line is, `first` being the first head of the file.
fn kind<'a>(number: usize, written: &str, bare: &'a str, first: Option<&Head<'a>>) -> Result<Kind<'a>, ExportError> {
    let more = || Kind::More(written.to_owned(), Vec::new());
    let Ok((rest, head)) = head(bare) else {
        return if looks_like_head(bare) { Err(ExportError::Line(number)) } else { Ok(more()) };
    };
    // A time in front of the date is how text is copied out of a chat: in another chat's message it is no message of its own.
    if first.is_some_and(|first| head.style == HeadStyle::Bracket && head.time_first && !first.time_first) {
        let mut names = Vec::new();
        return Ok(Kind::More(without_copied_heads(written, &mut names), names));
    }
    let bare_before = first.is_none_or(|first| first.style == HeadStyle::Bare);
    if head.style == HeadStyle::Dash && begins_with_time(rest) || head.style == HeadStyle::Bare && !bare_before {
        return if looks_like_head(bare) { Err(ExportError::Line(number)) } else { Ok(more()) };
    }
    let (who, said) = sender(behind(written, bare.chars().count() - rest.chars().count()));
    match (head.style, &who) {
        (HeadStyle::Bare, None) => return Ok(more()),
        // iPhones write notices under a name; without one, only WhatsApp's own words are a notice.
        (HeadStyle::Bracket | HeadStyle::Colon, None)
            if !said.starts_with(is_mark) && !is_notice(rest) && !is_event(rest) =>
        {
            return Err(ExportError::Line(number));
        }
        _ => {}
    }
    Ok(Kind::Message(Raw { line: number, head, who, said: said.to_owned() }))
}

/// Sender and text of what stands after a head; no sender where it is a notice of WhatsApp's.
fn sender(rest: &str) -> (Option<String>, &str) {
    let parted = rest.split_once(": ").or_else(|| Some((rest.trim_end().strip_suffix(':')?, "")));
    let Some((who, said)) = parted else { return (None, rest) };
    let bare = without_marks(who);
    // `~ Rini` is somebody who is not among the contacts.
    let name = bare.trim().trim_start_matches(['~', ' ']).trim();
    let speaks = name.chars().any(char::is_alphanumeric) && name.chars().count() <= SENDER_CHARS_MAX && !is_event(name);
    if speaks { (Some(name.to_owned()), said) } else { (None, rest) }
}

/// `said` without the heads that came along when text was copied out of a chat; their senders are people too.
fn without_copied_heads(said: &str, names: &mut Vec<String>) -> String {
    let bare = without_marks(said);
    match head(&bare) {
        Ok((rest, Head { style: HeadStyle::Bracket, .. })) => {
            let (who, text) = sender(rest);
            names.extend(who);
            text.to_owned()
        }
        _ => said.to_owned(),
    }
}

/// What a message was; `None` for notices and for nothing at all. Marks still stand in `said`: on iPhones they open what
/// WhatsApp wrote itself.
fn exported(said: &str) -> Option<Exported> {
    let marked = said.trim_start().starts_with('\u{200E}');
    let bare = without_marks(said);
    let bare = bare.trim();
    if bare.is_empty() {
        return None;
    }
    let lower = bare.to_lowercase();
    if lower.starts_with("location: http")
        || lower.starts_with("lokasi: http")
        || lower.starts_with("lokasi langsung") && marked
    {
        return Some(Exported::Other(OtherKind::Location));
    }
    if let Some(media) = media(said, bare) {
        return Some(media);
    }
    if marked || is_notice(bare) {
        return None;
    }
    let edited =
        ["<This message was edited>", "<Pesan ini diedit>", "<Pesan ini telah diedit>", "<Mesej ini telah diedit>"];
    let text = edited.iter().fold(bare, |text, note| text.strip_suffix(note).unwrap_or(text).trim_end());
    (!text.is_empty()).then(|| Exported::Text(text.to_owned()))
}

/// Something that was left out, in a line of its own above or below its caption, or behind a mark in the caption's line.
fn media(said: &str, bare: &str) -> Option<Exported> {
    let (first, more) = bare.split_once('\n').unwrap_or((bare, ""));
    if let Some(kind) = left_out(first) {
        return Some(kind.with_caption(more));
    }
    let (before, last) = bare.rsplit_once('\n').unwrap_or(("", bare));
    if let Some(kind) = left_out(last) {
        return Some(kind.with_caption(before));
    }
    let (caption, kind) = said.rsplit_once('\u{200E}')?;
    Some(left_out(&without_marks(kind))?.with_caption(without_marks(caption).trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(at: &str, who: &str, text: &str) -> Line {
        let at = at.parse().expect("a moment");
        Line { at, who: who.to_owned(), what: Exported::Text(text.to_owned()) }
    }

    fn lines(text: &str) -> Vec<Line> {
        read(text, None).expect("a chat").lines
    }

    #[test]
    fn both_phones_are_read_day_first() {
        for (line, at) in [
            ("[07/08/17 09.00.12] Budi: halo", "2017-08-07T09:00:12"),
            ("[07/08/17, 09:00:12] Budi: halo", "2017-08-07T09:00:12"),
            ("\u{200E}[7/8/2017 9.00.12\u{202F}PM] \u{200E}Budi: halo", "2017-08-07T21:00:12"),
            ("07/08/17 09.00 - Budi: halo", "2017-08-07T09:00:00"),
            ("07/08/2017, 12:05\u{202F}am - Budi: halo", "2017-08-07T00:05:00"),
            ("13/12/17 09.00 - Budi: halo", "2017-12-13T09:00:00"),
        ] {
            assert_eq!(lines(line), [text(at, "Budi", "halo")], "{line}");
        }
    }

    #[test]
    fn lines_without_a_head_go_on_with_the_message() {
        let chat = "07/08/17 09.00 - Budi: satu\n\ndua\n07/08/17 09.01 - Siti: tiga\n";
        let both = [text("2017-08-07T09:00:00", "Budi", "satu\n\ndua"), text("2017-08-07T09:01:00", "Siti", "tiga")];
        assert_eq!(lines(chat), both);
    }

    // With `looks_like_head` answering `false`, this failed: the first three came back as text of the message above.
    #[test]
    fn a_line_that_begins_like_a_message_and_cannot_be_read_is_named() {
        let above = "01/08/17 09.00 - Budi: satu\n";
        for (line, told) in [
            ("1 Agu 2017 09.00 - Siti: #Siti#17031990", ExportError::Line(2)),
            ("01/08/17 09.00 | Siti: #Siti#17031990", ExportError::Line(2)),
            ("[Aug 1, 2017 9:00] Siti: #Siti#17031990", ExportError::Line(2)),
            ("31/31/17 09.00 - Siti: halo", ExportError::Line(2)),
            ("01/08/17 29.00 - Siti: halo", ExportError::Line(2)),
        ] {
            assert_eq!(read(&format!("{above}{line}\n"), None), Err(told), "{line}");
        }
        assert_eq!(read("[8/1/17, 9:00:05 AM] Rini: halo", None), Err(ExportError::Dates(1)));
        let asked = read("[8/1/17, 9:00:05 AM] Rini: halo", Some(DayOrder::MonthFirst)).expect("a chat");
        assert_eq!(asked.lines, [text("2017-08-01T09:00:05", "Rini", "halo")]);
        let hours = lines(&format!("{above}07/08/2017 08.00 - 09.00: penuh\n"));
        assert_eq!(hours, [text("2017-08-01T09:00:00", "Budi", "satu\n07/08/2017 08.00 - 09.00: penuh")]);
    }

    // With marked texts taken for speech, this failed.
    #[test]
    fn the_services_own_lines_are_left_out() {
        for line in [
            "07/08/17 09.00 - Pesan dan panggilan terenkripsi secara end-to-end. Ketuk untuk info.",
            "[07/08/17 09.00.12] Kantor: \u{200E}Messages and calls are end-to-end encrypted.",
            "[07/08/17 09.00.12] Kantor: \u{200E}Biashara hii hutumia huduma salama.",
            "07/08/17 09.00 - Budi: Pesan ini telah dihapus",
            "[07/08/17 09.00.12] Budi: \u{200E}This message was deleted.",
            "07/08/17 09.00 - Budi mengubah subjek dari \"Antrean: lama\" menjadi \"Antrean: baru\"",
            "07/08/17 09.00 - Budi: null",
            "07/08/17 09.00 - Budi: ",
            "07/08/17 09.00 - Budi:",
        ] {
            assert_eq!(lines(line), [], "{line}");
        }
    }

    #[test]
    fn a_copied_head_goes_and_its_sender_is_known() {
        let chat = read("01/08/17 09.02 - Rini: [09.00, 1/8/2017] Siti: #Rini\n[09.01, 1/8/2017] Wati: ya", None)
            .expect("a chat");
        assert_eq!(chat.lines, [text("2017-08-01T09:02:00", "Rini", "#Rini\nya")]);
        assert_eq!(chat.quoted, ["Siti", "Wati"]);
    }

    #[test]
    fn what_was_left_out_is_known_by_its_words() {
        let image = Exported::Image(None);
        let caption = Exported::Image(Some("#Siti#25011987#Jl. Melati".to_owned()));
        for (said, what) in [
            ("<Media omitted>", image.clone()),
            ("<Media tidak disertakan>", image.clone()),
            ("\u{200E}gambar tidak disertakan", image.clone()),
            ("\u{200E}image omitted", image.clone()),
            ("IMG-20170807-WA0001.jpg (file terlampir)", image.clone()),
            ("\u{200E}<attached: 00000012-PHOTO-2017-08-07.jpg>", image),
            ("<Media omitted>\n#Siti#25011987#Jl. Melati", caption.clone()),
            ("#Siti#25011987#Jl. Melati \u{200E}<attached: 00000012-PHOTO.jpg>", caption),
            ("\u{200E}stiker tidak disertakan", Exported::Other(OtherKind::Sticker)),
            ("\u{200E}audio omitted", Exported::Other(OtherKind::Audio)),
            ("Kartu kontak tidak disertakan", Exported::Other(OtherKind::ContactCard)),
            (
                "Siti Rahma.pdf • \u{200E}2 halaman \u{200E}dokumen tidak disertakan",
                Exported::Other(OtherKind::Document),
            ),
            ("foto saya tidak ada", Exported::Text("foto saya tidak ada".to_owned())),
        ] {
            let read = lines(&format!("[07/08/17 09.00.12] Budi: {said}"));
            assert_eq!(read.into_iter().map(|line| line.what).collect::<Vec<_>>(), [what], "{said}");
        }
    }
}
