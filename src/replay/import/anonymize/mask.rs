//! Writes a text with everybody masked. Each pass marks places of the text as it was, so that no mask is ever masked again.

use std::ops::Range;

use super::learn::is_joint;
use super::masks::{ANSWER, DIGITS, EMAIL, NIK, PAGE, PHONE};
use super::numbers::{self, Kind, Number};
use super::people::Anonymizer;
use super::words::{
    Label, Word, ends_address, fold, is_address_cue, is_common, is_home_cue, is_home_filler, labelled, words,
};
use crate::replay::story::segment::escape;

/// Letters from which a single word of a name counts as the name; shorter ones (`Li`) only with a capital.
const WORD_CHARS_MIN: usize = 3;
/// Characters between two words of one phrase.
const JOINT_CHARS_MAX: usize = 3;
/// Number words in a row that are dictated digits: `nol delapan satu dua ...`.
const DICTATED_MIN: usize = 7;
/// Suffixes of a name: `Rininya`.
const SUFFIXES: [&str; 7] = ["nya", "ku", "mu", "kah", "lah", "pun", "s"];
/// Letters from which a name is recognised with a suffix.
const SUFFIXED_CHARS_MIN: usize = 4;
/// Days of the week, each list beginning with Sunday.
const WEEKDAYS: [[&str; 7]; 2] = [
    ["minggu", "senin", "selasa", "rabu", "kamis", "jumat", "sabtu"],
    ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"],
];

/// A place in a text and its replacement, as stories write it.
pub type Replacement = (Range<usize>, String);

/// A text with the places that are replaced.
struct MarkedText<'t> {
    text: &'t str,
    marked: Vec<Replacement>,
}

impl MarkedText<'_> {
    fn ranges(&self) -> Vec<Range<usize>> {
        self.marked.iter().map(|(at, _)| at.clone()).collect()
    }

    /// Marks `at`. Places in it that are marked already keep their replacement; the text between them is replaced.
    fn mark(&mut self, at: Range<usize>, with: &str) {
        let mut inside: Vec<Range<usize>> =
            self.ranges().into_iter().filter(|old| old.start < at.end && at.start < old.end).collect();
        inside.sort_by_key(|old| old.start);
        inside.push(at.end..at.end);
        let mut from = at.start;
        let mut with = with;
        for old in inside {
            if from < old.start
                && self.text.get(from..old.start).is_some_and(|gap| gap.chars().any(char::is_alphanumeric))
            {
                self.marked.push((from..old.start, with.to_owned()));
                with = " ";
            }
            from = from.max(old.end);
        }
    }

    fn is_free(&self, at: &Range<usize>) -> bool {
        self.marked.iter().all(|(old, _)| old.end <= at.start || at.end <= old.start)
    }

    fn written(mut self) -> String {
        self.marked.sort_by_key(|(at, _)| at.start);
        let mut out = String::new();
        let mut done = 0;
        for (at, with) in &self.marked {
            out.push_str(&escape(self.text.get(done..at.start).unwrap_or_default()));
            out.push_str(with);
            done = at.end;
        }
        out + &escape(self.text.get(done..).unwrap_or_default())
    }
}

impl Anonymizer {
    /// What a citizen sent, with everybody masked, as stories write it; `fixed` places (codes) are given.
    pub fn sent(&self, text: &str, fixed: Vec<Replacement>) -> String {
        self.write(text, fixed, false)
    }

    /// A line of an answer, with everybody masked; numbers that may be somebody's become `{*}`.
    pub fn answered(&self, text: &str, fixed: Vec<Replacement>) -> String {
        self.write(text, fixed, true)
    }

    fn write(&self, text: &str, fixed: Vec<Replacement>, answer: bool) -> String {
        let mut marked = MarkedText { text, marked: fixed };
        mark_addresses_of_the_net(&mut marked);
        self.mark_texts(&mut marked);
        self.mark_labels(&mut marked, answer);
        self.mark_addresses(&mut marked);
        self.mark_numbers(&mut marked, answer);
        self.mark_names(&mut marked);
        self.mark_places(&mut marked);
        marked.written()
    }

    /// Learned addresses and answers, in any case and with any signs between their words.
    fn mark_texts(&self, marked: &mut MarkedText<'_>) {
        let all = words(marked.text);
        let mut texts: Vec<_> = self.texts.iter().collect();
        texts.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        for (phrase, with) in texts {
            for at in 0..all.len() {
                if let Some(range) = phrase_at(marked.text, &all, at, phrase)
                    && marked.is_free(&range)
                {
                    marked.mark(range, with);
                }
            }
        }
    }

    /// Values of labelled lines: addresses as wholes, birth places, and in a citizen's form whatever else has a label.
    fn mark_labels(&self, marked: &mut MarkedText<'_>, answer: bool) {
        let lines = labelled(marked.text);
        let form =
            !answer && lines.iter().any(|line| matches!(line.label, Label::Name | Label::Birth | Label::Address));
        for line in lines {
            let value = marked.text.get(line.value.clone()).unwrap_or_default();
            let all = words(value);
            let common = all.iter().all(|word| is_common(&word.folded) || self.office_words.contains(&word.folded));
            match line.label {
                Label::Address if !common => marked.mark(line.value, &self.address),
                Label::Birth => {
                    let place = value.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
                    let place = place.trim_end_matches(|c: char| !c.is_alphanumeric());
                    if !words(place).iter().all(|word| is_common(&word.folded)) {
                        marked.mark(line.value.start..line.value.start + place.len(), ANSWER);
                    }
                }
                Label::Other if form && all.iter().any(|word| word.folded.chars().any(char::is_alphabetic)) => {
                    marked.mark(line.value, ANSWER);
                }
                _ => {}
            }
        }
    }

    /// Addresses in sentences, from the word that opens one to the end of what is said of it.
    fn mark_addresses(&self, marked: &mut MarkedText<'_>) {
        let text = marked.text;
        let all = words(text);
        let mut done = 0;
        for (at, word) in all.iter().enumerate() {
            if word.at.start < done {
                continue;
            }
            let next = all.get(at + 1..).unwrap_or_default();
            let place = |word: &Word| {
                !is_common(&word.folded) || word.folded.chars().all(char::is_numeric) || is_address_cue(&word.folded)
            };
            let from = if is_address_cue(&word.folded)
                && next.first().is_some_and(|next| place(next) && joined(text, word, next))
            {
                Some(word.at.start)
            } else if is_home_cue(&word.folded) {
                let fillers = next.iter().take_while(|word| is_home_filler(&word.folded)).count();
                let first = next.get(fillers).filter(|next| place(next) && !self.office_words.contains(&next.folded));
                let said = fillers > 0
                    || next.first().is_some_and(|next| {
                        text.get(word.at.end..next.at.start).is_some_and(|gap| gap.contains([':', '=']))
                    });
                first
                    .filter(|first| {
                        said && text.get(word.at.end..first.at.start).is_some_and(|gap| !gap.contains('\n'))
                    })
                    .map(|first| first.at.start)
            } else {
                None
            };
            let Some(from) = from else { continue };
            let rest = text.get(from..).unwrap_or_default();
            let sign = from + rest.find(['\n', '#', ';', '|', '?', '!', '“', '”', '"']).unwrap_or(rest.len());
            let stop = all
                .iter()
                .skip(at + 2)
                .find(|word| word.at.start > from && ends_address(&word.folded))
                .map_or(sign, |word| word.at.start);
            let end = from
                + text
                    .get(from..sign.min(stop))
                    .unwrap_or_default()
                    .trim_end_matches(|c: char| !c.is_alphanumeric())
                    .len();
            marked.mark(from..end, &self.address);
            done = end;
        }
    }

    fn mark_numbers(&self, marked: &mut MarkedText<'_>, answer: bool) {
        let hidden = |with: &str| if answer { "{*}".to_owned() } else { with.to_owned() };
        for Number { at, kind } in numbers::find(marked.text, &self.births, &marked.ranges()) {
            let year = chrono::Datelike::year(&self.births.mask).to_string();
            match kind {
                Kind::Birth(spelled) => {
                    if let Some((weekday, with)) = self.weekday_before(marked.text, at.start) {
                        marked.mark(weekday, &with);
                    }
                    marked.mark(at, &spelled);
                }
                Kind::Year => marked.mark(at, &year),
                Kind::Nik => marked.mark(at, &hidden(NIK)),
                Kind::Phone => marked.mark(at, &hidden(PHONE)),
                Kind::Digits(count) => marked.mark(at, &hidden(DIGITS.get(..count).unwrap_or(DIGITS))),
            }
        }
        for at in dictated(marked.text) {
            marked.mark(at, &hidden(PHONE));
        }
    }

    /// The weekday that stands in front of a birth date, and that of the mask.
    fn weekday_before(&self, text: &str, date: usize) -> Option<Replacement> {
        let word = words(text.get(..date)?).pop()?;
        let gap = text.get(word.at.end..date)?;
        let days = WEEKDAYS.iter().find(|days| days.contains(&word.folded.as_str()))?;
        let day = chrono::Datelike::weekday(&self.births.mask).num_days_from_sunday();
        let name = days.get(usize::try_from(day).ok()?)?;
        (gap.chars().all(|c| matches!(c, ' ' | ',' | '.')) && gap.len() <= JOINT_CHARS_MAX)
            .then(|| (word.at.clone(), cased(text.get(word.at.clone()).unwrap_or_default(), &capitalised(name))))
    }

    /// Whole names first, then single words; neighbours of one person become one mask: `SITI RAHMA` becomes `BUDI`.
    fn mark_names(&self, marked: &mut MarkedText<'_>) {
        let all = words(marked.text);
        let mut whose = self.whose(marked.text, &all);
        // Words that are everybody's belong to a name where they stand beside it.
        for at in 0..all.len() {
            let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().find_map(|near| {
                let person = (*whose.get(near)?)?;
                let (one, two) = (all.get(at.min(near))?, all.get(at.max(near))?);
                let own = self.people.get(person)?.words.contains(&all.get(at)?.folded);
                (own && is_joint(marked.text.get(one.at.end..two.at.start).unwrap_or_default())).then_some(person)
            });
            if let Some(slot) = whose.get_mut(at).filter(|slot| slot.is_none()) {
                *slot = beside;
            }
        }
        let mut at = 0;
        while let Some(word) = all.get(at) {
            let Some(person) = whose.get(at).copied().flatten() else {
                at += 1;
                continue;
            };
            let mut last = at;
            while whose.get(last + 1).copied().flatten() == Some(person)
                && let (Some(one), Some(two)) = (all.get(last), all.get(last + 1))
                && is_joint(marked.text.get(one.at.end..two.at.start).unwrap_or_default())
            {
                last += 1;
            }
            let range = word.at.start..all.get(last).map_or(word.at.end, |word| word.at.end);
            if marked.is_free(&range) {
                let found = marked.text.get(range.clone()).unwrap_or_default();
                marked.mark(range, &cased(found, &self.mask_of(person)));
            } else {
                for word in all.get(at..=last).unwrap_or_default() {
                    marked.mark(word.at.clone(), &self.mask_of(person));
                }
            }
            at = last + 1;
        }
    }

    /// Whose name each word belongs to.
    fn whose(&self, text: &str, all: &[Word]) -> Vec<Option<usize>> {
        let mut whose: Vec<Option<usize>> = vec![None; all.len()];
        let longest = self.names.keys().map(Vec::len).max().unwrap_or(0);
        for at in 0..all.len() {
            for length in (1..=longest).rev() {
                let phrase: Vec<String> = all.iter().skip(at).take(length).map(|word| word.folded.clone()).collect();
                let Some(&person) = self.names.get(&phrase).filter(|_| phrase.len() == length) else { continue };
                // A name that is an ordinary word counts with a capital.
                let ordinary = length == 1 && phrase.iter().all(|word| is_common(word));
                let capital = all.get(at).is_some_and(|word| word.capital);
                if phrase_at(text, all, at, &phrase).is_some() && (!ordinary || capital) {
                    whose.iter_mut().skip(at).take(length).for_each(|slot| *slot = slot.or(Some(person)));
                    break;
                }
            }
        }
        for (slot, word) in whose.iter_mut().zip(all) {
            *slot = slot.or_else(|| self.whose_word(word)).or_else(|| self.whose_everyday_word(text, word));
        }
        whose
    }

    /// Whose a word is that is everybody's as well, but stands with a capital inside of a sentence: `Baik Hari, ...`.
    fn whose_everyday_word(&self, text: &str, word: &Word) -> Option<usize> {
        let front = text.get(..word.at.start)?.trim_end_matches(' ');
        let inside = word.capital && front.ends_with(|c: char| c.is_alphanumeric() || c == ',');
        self.people.iter().position(|person| inside && person.words.contains(&word.folded))
    }

    /// Whether what looks like a code is a part of a longer number.
    pub fn is_inside_a_number(&self, text: &str, at: &Range<usize>) -> bool {
        let numbers = numbers::find(text, &self.births, &[]);
        numbers.iter().any(|number| number.at.start <= at.start && at.end <= number.at.end && number.at != *at)
    }

    fn whose_word(&self, word: &Word) -> Option<usize> {
        let bare = word.folded.trim_end_matches(char::is_numeric);
        let short = bare.chars().count() < WORD_CHARS_MIN;
        if let Some(&person) = self.words.get(bare).filter(|_| !short || word.capital) {
            return Some(person);
        }
        let hung = SUFFIXES.iter().filter_map(|suffix| bare.strip_suffix(suffix));
        let mut stems = hung.filter(|stem| stem.chars().count() >= SUFFIXED_CHARS_MIN);
        if let Some(person) = stems.find_map(|stem| self.words.get(stem)) {
            return Some(*person);
        }
        self.names.iter().find(|(name, _)| name.len() > 1 && name.concat() == bare).map(|(_, person)| *person)
    }

    /// What is left of learned addresses.
    fn mark_places(&self, marked: &mut MarkedText<'_>) {
        for word in words(marked.text) {
            if self.places.contains(&word.folded) && marked.is_free(&word.at) {
                let found = marked.text.get(word.at.clone()).unwrap_or_default();
                marked.mark(word.at, &cased(found, ANSWER));
            }
        }
    }
}

/// The range of `phrase`, if its words begin at the word `at`.
fn phrase_at(text: &str, all: &[Word], at: usize, phrase: &[String]) -> Option<Range<usize>> {
    let found = all.get(at..at + phrase.len())?;
    let same = found.iter().zip(phrase).all(|(word, wanted)| word.folded == *wanted);
    let close = found.windows(2).all(|pair| matches!(pair, [one, two] if joined(text, one, two)));
    (same && close).then(|| Some(found.first()?.at.start..found.last()?.at.end))?
}

/// Whether two words stand close enough to be of one phrase.
fn joined(text: &str, one: &Word, two: &Word) -> bool {
    let gap = text.get(one.at.end..two.at.start).unwrap_or_default();
    gap.chars().count() <= JOINT_CHARS_MAX && !gap.contains(['#', ';', '?', '!', ':'])
}

/// The mask, in capitals where the masked text was.
fn cased(found: &str, mask: &str) -> String {
    let shout = found.chars().filter(|c| c.is_alphabetic()).count() > 1 && !found.chars().any(char::is_lowercase);
    if shout { mask.to_uppercase() } else { mask.to_owned() }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// E-mail addresses, pages and handles, which hold names and places.
fn mark_addresses_of_the_net(marked: &mut MarkedText<'_>) {
    let text = marked.text;
    let mut start = 0;
    let mut joins = false;
    for token in text.split([' ', '\n', '<', '>', '#', ',', ';', '"', '“', '”']) {
        let from = start;
        start += token.len()
            + text.get(start + token.len()..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        let bare = token.trim_end_matches(['.', ')', '*', '_', '!', '?', ':']);
        let opening = bare.len() - bare.trim_start_matches(['(', '*', '_', '\'']).len();
        let inner = bare.get(opening..).unwrap_or_default();
        let range = from + opening..from + bare.len();
        let lower = fold(inner);
        let letters = |part: &str| part.chars().any(char::is_alphanumeric);
        match lower.split_once('@') {
            _ if joins && letters(&lower) => marked.mark(range, ""),
            Some((user, host)) if letters(user) && letters(host) => marked.mark(range, EMAIL),
            Some((user, _)) if letters(user) => marked.mark(range, EMAIL),
            Some((_, host)) if host.chars().any(char::is_alphabetic) => marked.mark(range, "@contoh"),
            _ if is_page(&lower) => marked.mark(range, PAGE),
            _ => {}
        }
        // `rini@ gmail.com`, `rini@gmail com`.
        joins = lower.ends_with('@') || lower.contains('@') && !lower.contains('.') && next_is_ending(text, start);
    }
}

fn next_is_ending(text: &str, start: usize) -> bool {
    let next = text.get(start..).unwrap_or_default().split([' ', '\n', ',']).next().unwrap_or_default();
    ["com", "co", "id", "net", "org", ".com", "dot"].contains(&next.to_lowercase().as_str())
}

fn is_page(lower: &str) -> bool {
    let host = lower.split('/').next().unwrap_or_default();
    let path = lower.contains('/')
        && host.rsplit_once('.').is_some_and(|(name, end)| {
            name.chars().any(char::is_alphabetic) && end.len() >= 2 && end.chars().all(char::is_alphabetic)
        });
    lower.contains("://") || lower.starts_with("www.") || path
}

/// Digits that are dictated in words.
fn dictated(text: &str) -> Vec<Range<usize>> {
    let digit = |word: &str| {
        [
            "nol", "kosong", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "zero",
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
        ]
        .contains(&word)
    };
    let all = words(text);
    let rows = all.chunk_by(|one, two| digit(&one.folded) && digit(&two.folded) && joined(text, one, two));
    rows.filter(|row| row.len() >= DICTATED_MIN)
        .filter_map(|row| Some(row.first()?.at.start..row.last()?.at.end))
        .collect()
}
