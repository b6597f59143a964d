//! One reply under construction: lines and paragraphs, cut to size from the least important line on.

use fluent_bundle::FluentValue;

use super::locale::Locale;
pub(super) use super::plain::plain;
use super::poster::Poster;
use super::scene::Scene;
use crate::conversation::{Answers, Lang};
use crate::domain::code::BookingCode;
use crate::domain::message::{CAPTION_CHARS_MAX, Outbound, QUICK_REPLIES_MAX, QuickReply, TEXT_CHARS_MAX};
use crate::domain::office::OfficeTexts;

/// Most characters of an office's name in a reply: the longest real one fits, and it takes no more than two lines on a phone.
const OFFICE_CHARS_MAX: usize = 80;
/// A line that would be cut shorter than this is left out: its label alone says nothing.
const CUT_CHARS_MIN: usize = 40;

/// Lines that are shortened when a reply is too long, in this order. All others stay whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Yields {
    /// Answers beside a confirmation; whoever asks again gets them whole.
    Answer,
    /// Citizens know their own address.
    Address,
    /// `#persyaratan` tells it at length.
    Bring,
    /// Long lists and notices of the office.
    Notice,
    /// The office's name says most of it.
    Site,
    /// The address of the citizen's turn, whole or not at all; `#antrean` tells the same.
    Turn,
}

impl Yields {
    const ALL: [Self; 6] = [Self::Answer, Self::Address, Self::Bring, Self::Notice, Self::Site, Self::Turn];
}

struct Line {
    text: String,
    /// Whether it opens a paragraph.
    opens: bool,
    yields: Option<Yields>,
}

/// One reply under construction.
pub(super) struct Letter<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) poster: &'a Poster,
    locale: &'static Locale,
    lines: Vec<Line>,
    quick_replies: Vec<QuickReply>,
    /// What stands below the rest: the answers to questions.
    pub(super) answers: Option<&'a Answers>,
    /// Whether all lines may be shortened.
    pub(super) all_yield: bool,
}

impl<'a> Letter<'a> {
    /// An empty reply.
    pub(super) fn new(scene: &'a Scene<'a>, poster: &'a Poster) -> Self {
        Self {
            scene,
            poster,
            locale: Locale::of(scene.lang),
            lines: Vec::new(),
            quick_replies: Vec::new(),
            answers: None,
            all_yield: false,
        }
    }

    /// A sentence or word, for use inside others.
    pub(super) fn say<const N: usize>(&self, key: &str, pieces: [(&'static str, FluentValue<'_>); N]) -> String {
        self.locale.say(key, pieces)
    }

    /// Opens a paragraph with a sentence that has no pieces.
    pub(super) fn tell(&mut self, key: &str) {
        self.open(key, []);
    }

    /// Opens a paragraph.
    pub(super) fn open<const N: usize>(&mut self, key: &str, pieces: [(&'static str, FluentValue<'_>); N]) {
        self.push(true, key, pieces, None);
    }

    /// Adds a line to the paragraph.
    pub(super) fn line<const N: usize>(&mut self, key: &str, pieces: [(&'static str, FluentValue<'_>); N]) {
        self.push(false, key, pieces, None);
    }

    /// Adds a line that may be shortened or left out.
    pub(super) fn yielding<const N: usize>(
        &mut self,
        yields: Yields,
        key: &str,
        pieces: [(&'static str, FluentValue<'_>); N],
    ) {
        self.push(false, key, pieces, Some(yields));
    }

    /// Begins a new paragraph with the line that was added last.
    pub(super) fn apart(&mut self) {
        if let Some(line) = self.lines.last_mut() {
            line.opens = true;
        }
    }

    /// Adds a line to the paragraph, or opens the first one.
    pub(super) fn follow<const N: usize>(&mut self, key: &str, pieces: [(&'static str, FluentValue<'_>); N]) {
        self.push(self.lines.is_empty(), key, pieces, None);
    }

    fn push<const N: usize>(
        &mut self,
        opens: bool,
        key: &str,
        pieces: [(&'static str, FluentValue<'_>); N],
        yields: Option<Yields>,
    ) {
        let text = self.say(key, pieces);
        let yields = if self.all_yield { Some(Yields::Answer) } else { yields };
        self.lines.push(Line { text, opens, yields });
    }

    /// The reply as a text message.
    pub(super) fn into_text(mut self) -> Outbound {
        let quick_replies = self.finish();
        Outbound { text: self.fit(TEXT_CHARS_MAX), qr: None, quick_replies }
    }

    /// The reply as the caption of a booking code's picture.
    pub(super) fn into_caption(mut self, code: &BookingCode) -> Outbound {
        let quick_replies = self.finish();
        Outbound { text: self.fit(CAPTION_CHARS_MAX), qr: Some(code.as_str().to_owned()), quick_replies }
    }

    /// What stands under every reply that is the last one for a while; its quick replies.
    fn finish(&mut self) -> Vec<QuickReply> {
        if let Some(answers) = self.answers.take() {
            self.answers_below(answers);
        }
        self.privacy_below();
        if let Some(until) = self.scene.pause_until {
            self.pause(until);
        }
        std::mem::take(&mut self.quick_replies)
    }

    /// Offers an answer that the text also says; beyond [`QUICK_REPLIES_MAX`] the text must do.
    pub(super) fn offer(&mut self, title: impl Into<String>, says: impl Into<String>) {
        self.quick_replies.push(QuickReply { title: title.into(), says: says.into() });
    }

    /// Offers numbers, if they are few enough for all of them to be offered.
    pub(super) fn offer_numbers(&mut self, titles: impl ExactSizeIterator<Item = String>) {
        if titles.len() <= QUICK_REPLIES_MAX {
            for (place, title) in titles.enumerate() {
                self.offer(title, (place + 1).to_string());
            }
        }
    }

    fn fit(mut self, chars_max: usize) -> String {
        let over = |letter: &Self| letter.text().chars().count().saturating_sub(chars_max);
        // Half a list of documents would be taken for the whole.
        if over(&self) > 0 && self.lines.iter().any(|line| line.yields == Some(Yields::Answer)) {
            self.tell("answer-cut");
        }
        let mut over = over(&self);
        for yields in Yields::ALL {
            // The last line of its kind first: the head of a list matters more than its tail.
            for line in self.lines.iter_mut().rev().filter(|line| line.yields == Some(yields)) {
                if over == 0 {
                    break;
                }
                let long = line.text.chars().count();
                let rest = long.saturating_sub(over);
                line.text =
                    if rest >= CUT_CHARS_MIN && yields != Yields::Turn { cut(&line.text, rest) } else { String::new() };
                over = over.saturating_sub(long - line.text.chars().count());
            }
        }
        self.text()
    }

    fn text(&self) -> String {
        let mut text = String::with_capacity(CAPTION_CHARS_MAX);
        let mut opens = false;
        for line in &self.lines {
            opens |= line.opens;
            if line.text.is_empty() {
                continue;
            }
            if !text.is_empty() {
                text.push_str(if opens { "\n\n" } else { "\n" });
            }
            text.push_str(&line.text);
            opens = false;
        }
        text
    }

    /// The office's name (its id where the name is blank), short and without a number that could be taken for a code.
    pub(super) fn office_name(&self) -> String {
        let office = self.scene.office;
        let name = plain(&office.name);
        in_fours(&cut(if name.is_empty() { office.id.as_str() } else { &name }, OFFICE_CHARS_MAX))
    }

    /// The office's own texts in the reply's language; the Indonesian ones where the English ones lack what is asked for.
    pub(super) fn own_texts(&self, has: impl Fn(&OfficeTexts) -> bool) -> &'a OfficeTexts {
        let office = self.scene.office;
        match self.scene.lang {
            Lang::En if has(&office.texts_en) => &office.texts_en,
            Lang::En | Lang::Id => &office.texts_id,
        }
    }
}

/// At most `chars_max` characters; a cut shows as `…`.
pub(super) fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let head: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    format!("{}…", head.trim_end())
}

/// Breaks runs of eight digits and more into groups of four, so that the approval code is the only such run beside it.
pub(super) fn in_fours(text: &str) -> String {
    let mut grouped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(char::is_numeric) {
        let (before, from) = rest.split_at(start);
        let (run, after) = from.split_at(from.find(|c: char| !c.is_numeric()).unwrap_or(from.len()));
        grouped.push_str(before);
        let long = run.chars().count() >= 8;
        for (at, digit) in run.chars().enumerate() {
            if long && at > 0 && at % 4 == 0 {
                grouped.push(' ');
            }
            grouped.push(digit);
        }
        rest = after;
    }
    grouped.push_str(rest);
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_becomes_one_harmless_line() {
        assert_eq!(plain("Budi\n\n*Kode:*\t1\u{202e}23\u{200b}4\u{7}_~`"), "Budi Kode: 1234");
    }

    #[test]
    fn a_cut_shows() {
        assert_eq!(cut("Jl. Merdeka 1", 13), "Jl. Merdeka 1");
        assert_eq!(cut("Jl. Merdeka 1", 5), "Jl.…");
    }

    #[test]
    fn long_numbers_are_grouped_and_short_ones_left() {
        assert_eq!(in_fours("No 1234567 telp 081200000000x"), "No 1234567 telp 0812 0000 0000x");
        assert_eq!(in_fours("12345678"), "1234 5678");
    }
}
