//! Reads a chat as WhatsApp exports it: `[07/08/17 09.00.12] Budi: text` from iPhones, `07/08/17 09.00 - Budi: text`
//! from Android. Dates are day first; lines without a head go on with the message above.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use nom::branch::alt;
use nom::bytes::complete::tag_no_case;
use nom::character::complete::{char, digit1, one_of, space0, space1, u32 as number};
use nom::combinator::{map, map_opt, opt, value, verify};
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser};

use crate::domain::message::OtherKind;

/// One message of the chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When it was sent, as the phone showed it.
    pub at: NaiveDateTime,
    /// The sender as the phone showed them.
    pub who: String,
    /// What it was.
    pub what: Exported,
}

/// What an exported message was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exported {
    /// Text.
    Text(String),
    /// A picture that was left out, with its caption.
    Image(Option<String>),
    /// Something else that was left out.
    Other(OtherKind),
}

/// Marks that phones put into exports: direction marks and a byte-order mark.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Reads a whole export; lines of the service itself (encryption, deleted messages) are left out.
pub fn read(text: &str) -> Vec<Line> {
    let mut found: Vec<(NaiveDateTime, Option<String>, String)> = Vec::new();
    for line in text.lines() {
        let bare: String = line.chars().filter(|&c| !is_mark(c)).collect();
        // Narrow and hard spaces stand in heads only for looks: `9.00 AM`.
        let spaced = bare.replace(['\u{202F}', '\u{A0}'], " ");
        match head(&spaced) {
            Ok((said, at)) => {
                let (who, said) = match said.split_once(": ").or_else(|| Some((said.strip_suffix(':')?, ""))) {
                    Some((who, said)) => (Some(who.trim().to_owned()), said),
                    None => (None, said),
                };
                found.push((at, who, said.to_owned()));
            }
            Err(_) => {
                if let Some((_, _, said)) = found.last_mut() {
                    said.push('\n');
                    said.push_str(&bare);
                }
            }
        }
    }
    let told = found.into_iter().filter_map(|(at, who, said)| Some((at, who?, said)));
    told.filter_map(|(at, who, said)| Some(Line { at, who, what: exported(said.trim_end())? })).collect()
}

/// The moment at the beginning of a line; what is left is sender and text.
fn head(line: &str) -> IResult<&str, NaiveDateTime> {
    let between = || (opt(char(',')), space1);
    let iphone = delimited(char('['), (terminated(date, between()), time), (char(']'), space1));
    let android = terminated((terminated(date, between()), time), (space1, char('-'), space1));
    map(alt((iphone, android)), |(date, time): (NaiveDate, NaiveTime)| date.and_time(time)).parse(line)
}

fn date(input: &str) -> IResult<&str, NaiveDate> {
    let mark = || one_of("/.-");
    let year = verify(digit1::<&str, nom::error::Error<&str>>, |digits: &str| matches!(digits.len(), 2 | 4));
    map_opt((number, preceded(mark(), number), preceded(mark(), year)), |(day, month, year)| {
        let written: i32 = year.parse().ok()?;
        NaiveDate::from_ymd_opt(if year.len() == 2 { 2000 + written } else { written }, month, day)
    })
    .parse(input)
}

fn time(input: &str) -> IResult<&str, NaiveTime> {
    let mark = || one_of(".:");
    let half = alt((value(0, tag_no_case("AM")), value(12, tag_no_case("PM"))));
    let clock = (number, preceded(mark(), number), opt(preceded(mark(), number)), opt(preceded(space0, half)));
    map_opt(clock, |(hour, minute, second, half)| {
        let hour = half.map_or(hour, |half| hour % 12 + half);
        NaiveTime::from_hms_opt(hour, minute, second.unwrap_or(0))
    })
    .parse(input)
}

/// What a message was; `None` for notes of the service.
fn exported(said: &str) -> Option<Exported> {
    let lower = said.to_lowercase();
    let encrypted = lower.contains("end-to-end") && (lower.contains("enkripsi") || lower.contains("encrypted"));
    let deleted = [
        "this message was deleted",
        "you deleted this message",
        "pesan ini telah dihapus",
        "pesan ini dihapus",
        "anda menghapus pesan ini",
        "anda telah menghapus pesan ini",
    ];
    if encrypted || deleted.contains(&lower.trim_end_matches('.')) {
        return None;
    }
    let (first, more) = said.split_once('\n').unwrap_or((said, ""));
    if let Some(kind) = left_out(first) {
        return Some(kind.with_caption(more));
    }
    let (before, last) = said.rsplit_once('\n').unwrap_or(("", said));
    if let Some(kind) = left_out(last) {
        return Some(kind.with_caption(before));
    }
    if lower.starts_with("location: http") || lower.starts_with("lokasi: http") {
        return Some(Exported::Other(OtherKind::Location));
    }
    let edited = ["<This message was edited>", "<Pesan ini diedit>", "<Pesan ini telah diedit>"];
    let said = edited.iter().fold(said, |said, note| said.strip_suffix(note).unwrap_or(said).trim_end());
    Some(Exported::Text(said.to_owned()))
}

impl Exported {
    fn with_caption(self, caption: &str) -> Self {
        match self {
            Self::Image(_) if !caption.is_empty() => Self::Image(Some(caption.to_owned())),
            other => other,
        }
    }
}

/// The kind of thing that this line says was left out, or stored beside the export.
fn left_out(line: &str) -> Option<Exported> {
    let lower = line.trim().to_lowercase();
    if matches!(lower.as_str(), "<media omitted>" | "<media tidak disertakan>") {
        return Some(Exported::Image(None));
    }
    if let Some(what) = lower.strip_suffix(" omitted").or_else(|| lower.strip_suffix(" tidak disertakan")) {
        return match what.rsplit(' ').next()? {
            "image" | "gambar" | "foto" => Some(Exported::Image(None)),
            "audio" => Some(Exported::Other(OtherKind::Audio)),
            "video" | "gif" => Some(Exported::Other(OtherKind::Video)),
            "sticker" | "stiker" => Some(Exported::Other(OtherKind::Sticker)),
            "document" | "dokumen" => Some(Exported::Other(OtherKind::Document)),
            "card" | "kontak" => Some(Exported::Other(OtherKind::ContactCard)),
            _ => None,
        };
    }
    let beside = lower.strip_prefix("<attached: ").or_else(|| lower.strip_prefix("<terlampir: "));
    let beside = beside.and_then(|name| name.strip_suffix('>'));
    let file = beside
        .or_else(|| lower.strip_suffix(" (file attached)"))
        .or_else(|| lower.strip_suffix(" (file terlampir)"))?;
    match file.rsplit('.').next()? {
        "jpg" | "jpeg" | "png" => Some(Exported::Image(None)),
        "opus" | "ogg" | "m4a" | "mp3" | "aac" => Some(Exported::Other(OtherKind::Audio)),
        "mp4" | "3gp" | "mov" => Some(Exported::Other(OtherKind::Video)),
        "webp" => Some(Exported::Other(OtherKind::Sticker)),
        "vcf" => Some(Exported::Other(OtherKind::ContactCard)),
        _ => Some(Exported::Other(OtherKind::Document)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(at: &str, who: &str, text: &str) -> Line {
        let at = at.parse().expect("a moment");
        Line { at, who: who.to_owned(), what: Exported::Text(text.to_owned()) }
    }

    #[test]
    fn both_phones_are_read_day_first() {
        for (line, at) in [
            ("[07/08/17 09.00.12] Budi: halo", "2017-08-07T09:00:12"),
            ("[07/08/17, 09:00:12] Budi: halo", "2017-08-07T09:00:12"),
            ("\u{200E}[7/8/2017 9.00.12\u{202F}PM] \u{200E}Budi: \u{200E}halo", "2017-08-07T21:00:12"),
            ("07/08/17 09.00 - Budi: halo", "2017-08-07T09:00:00"),
            ("07/08/2017, 12:05\u{202F}am - Budi: halo", "2017-08-07T00:05:00"),
            ("13/12/17 09.00 - Budi: halo", "2017-12-13T09:00:00"),
        ] {
            assert_eq!(read(line), [text(at, "Budi", "halo")], "{line}");
        }
    }

    #[test]
    fn lines_without_a_head_go_on_with_the_message() {
        let chat = "07/08/17 09.00 - Budi: satu\n\ndua\n07/08/17 09.01 - Siti: tiga\n";
        let lines = [text("2017-08-07T09:00:00", "Budi", "satu\n\ndua"), text("2017-08-07T09:01:00", "Siti", "tiga")];
        assert_eq!(read(chat), lines);
    }

    #[test]
    fn the_services_own_lines_are_left_out() {
        for line in [
            "07/08/17 09.00 - Pesan dan panggilan terenkripsi secara end-to-end. Ketuk untuk info.",
            "[07/08/17 09.00.12] Kantor: \u{200E}Messages and calls are end-to-end encrypted.",
            "07/08/17 09.00 - Budi: Pesan ini telah dihapus",
            "[07/08/17 09.00.12] Budi: \u{200E}This message was deleted.",
        ] {
            assert_eq!(read(line), [], "{line}");
        }
    }

    #[test]
    fn what_was_left_out_is_known_by_its_words() {
        let image = Exported::Image(None);
        for (said, what) in [
            ("<Media omitted>", image.clone()),
            ("<Media tidak disertakan>", image.clone()),
            ("\u{200E}gambar tidak disertakan", image.clone()),
            ("\u{200E}image omitted", image.clone()),
            ("IMG-20170807-WA0001.jpg (file terlampir)", image.clone()),
            ("\u{200E}<attached: 00000012-PHOTO-2017-08-07.jpg>", image),
            (
                "<Media omitted>\n#Siti#25011987#Jl. Melati",
                Exported::Image(Some("#Siti#25011987#Jl. Melati".to_owned())),
            ),
            ("\u{200E}stiker tidak disertakan", Exported::Other(OtherKind::Sticker)),
            ("\u{200E}audio omitted", Exported::Other(OtherKind::Audio)),
            ("Kartu kontak tidak disertakan", Exported::Other(OtherKind::ContactCard)),
            ("foto saya tidak ada", Exported::Text("foto saya tidak ada".to_owned())),
        ] {
            let read = read(&format!("[07/08/17 09.00.12] Budi: {said}"));
            assert_eq!(read.into_iter().map(|line| line.what).collect::<Vec<_>>(), [what], "{said}");
        }
    }
}
