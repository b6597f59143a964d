//! The same word in its many spellings: endings come off, repeated letters count once, one slip in a long word is seen
//! through, and a word without its vowels is known.

use std::borrow::Cow;
use std::collections::HashMap;

use fnv::FnvBuildHasher;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What is looked up by a word. The hash is quick for short keys; the keys are the file's, so that nobody can choose them to
/// collide.
pub(super) type WordMap<T> = HashMap<Box<str>, T, FnvBuildHasher>;

/// Letters of the shortest word in which a slip is looked for: a shorter word with another letter is another word.
const SLIP_CHARS_MIN: usize = 6;
/// Letters of the shortest word without vowels that may stand for a longer one: `pspr`.
const SKELETON_CHARS_MIN: usize = 4;
/// Letters that are left of a word when an ending comes off.
const STEM_CHARS_MIN: usize = 3;
/// Letters of a word that are looked at: no word of the table is longer with an ending.
pub(super) const WORD_CHARS_MAX: usize = 32;
/// Endings that change nothing about what a word asks, the longer ones first. `x` is `nya` in short messages, `nyo` in Minangkabau, `e`, `ne` and
/// `nipun` in Javanese, `na` in Sundanese.
const ENDINGS: [&str; 14] =
    ["nipun", "kannya", "nya", "nyo", "kah", "lah", "pun", "ny", "ku", "mu", "ne", "na", "x", "e"];
/// What asks by itself.
const ASKING_ENDING: &str = "kah";

/// Small letters and digits of a word, without marks above and below them; nearly every word is that already.
pub(super) fn folded(word: &str) -> Cow<'_, str> {
    if is_folded(word) {
        return Cow::Borrowed(word);
    }
    let mut letters = String::with_capacity(word.len());
    folded_in(word, &mut letters);
    Cow::Owned(letters)
}

/// The same for many words: `letters` is room for those that are not folded already.
pub(super) fn folded_in<'w>(word: &'w str, letters: &'w mut String) -> &'w str {
    if is_folded(word) {
        return word;
    }
    letters.clear();
    if word.is_ascii() {
        let kept = word.chars().filter(char::is_ascii_alphanumeric);
        letters.extend(kept.map(|c| c.to_ascii_lowercase()));
    } else {
        let plain = word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
        letters.extend(plain.filter(|c| c.is_alphanumeric()));
    }
    letters
}

fn is_folded(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// The word with letters that stand three times or more in a row written once: `berapaaaa`.
fn unstretched(word: &str) -> Option<String> {
    // Nearly no word has any.
    let chars = || word.chars();
    if !chars().zip(chars().skip(1)).zip(chars().skip(2)).any(|((one, second), third)| one == second && second == third)
    {
        return None;
    }
    let mut short = String::with_capacity(word.len());
    let (mut last, mut times) = (None, 0_u32);
    for c in word.chars() {
        times = if last == Some(c) { times + 1 } else { 1 };
        last = Some(c);
        if times == 3 {
            short.pop();
        }
        if times < 3 {
            short.push(c);
        }
    }
    Some(short)
}

/// The word without its vowels.
fn skeleton(word: &str) -> String {
    word.chars().filter(|c| !is_vowel(*c)).collect()
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// Every word that is this one without one of its letters, behind its first.
fn without_a_letter(word: &str) -> impl Iterator<Item = String> {
    word.char_indices().skip(1).map(|(at, c)| {
        let (front, behind) = (word.get(..at), word.get(at + c.len_utf8()..));
        [front, behind].into_iter().flatten().collect()
    })
}

/// Whether one letter more, less, other or exchanged with its neighbour makes one word of the other.
fn is_one_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let front = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let room = one.len().min(other.len()) - front;
    let back = one.iter().rev().zip(other.iter().rev()).take(room).take_while(|(a, b)| a == b).count();
    let left = (one.get(front..one.len() - back), other.get(front..other.len() - back));
    match left {
        (Some([_]), Some([] | [_])) | (Some([]), Some([_])) => true,
        (Some([a, b]), Some([c, d])) => a == d && b == c,
        _ => false,
    }
}

/// What a word turned out to mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meant {
    /// The number of its group.
    pub(super) group: u16,
    /// Whether its ending asks: `bisakah`.
    pub(super) asks: bool,
}

/// Words and the groups they belong to.
#[derive(Debug, Default)]
pub(super) struct Spellings {
    groups: WordMap<u16>,
    /// Long words, and those one letter shorter, with the groups they may belong to.
    slips: WordMap<Vec<(Box<str>, u16)>>,
    /// Words without their vowels; `None` where they may be several.
    skeletons: WordMap<Option<u16>>,
}

impl Spellings {
    /// Adds a folded word; the group it belongs to already, where it does.
    pub(super) fn add(&mut self, word: &str, group: u16) -> Option<u16> {
        if let Some(known) = self.groups.get(word) {
            return Some(*known);
        }
        self.groups.insert(word.into(), group);
        None
    }

    /// Prepares what slips are found by, once all words are there.
    pub(super) fn finish(&mut self) {
        for (word, group) in &self.groups {
            // A word without vowels stands for itself.
            let bones = skeleton(word);
            if bones.len() >= SKELETON_CHARS_MIN && bones.len() < word.len() {
                let known = self.skeletons.entry(bones.into_boxed_str()).or_insert(Some(*group));
                if *known != Some(*group) {
                    *known = None;
                }
            }
            if word.chars().count() < SLIP_CHARS_MIN {
                continue;
            }
            for shorter in std::iter::once(word.to_string()).chain(without_a_letter(word)) {
                self.slips.entry(shorter.into_boxed_str()).or_default().push((word.clone(), *group));
            }
        }
    }

    /// The group of a word as it stands.
    pub(super) fn exact(&self, word: &str) -> Option<u16> {
        self.groups.get(word).copied()
    }

    /// The group of a folded word in any spelling.
    pub(super) fn read(&self, word: &str) -> Option<Meant> {
        let plain = |group| Meant { group, asks: false };
        if let Some(group) = self.exact(word) {
            return Some(plain(group));
        }
        let short = unstretched(word);
        let word = short.as_deref().unwrap_or(word);
        if short.is_some()
            && let Some(group) = self.exact(word)
        {
            return Some(plain(group));
        }
        let stems = || ENDINGS.iter().filter_map(|ending| Some((word.strip_suffix(ending)?, *ending)));
        let stems = || stems().filter(|(stem, _)| stem.len() >= STEM_CHARS_MIN);
        for (stem, ending) in stems() {
            if let Some(group) = self.exact(stem) {
                return Some(Meant { group, asks: ending == ASKING_ENDING });
            }
        }
        if !word.contains(is_vowel) && word.len() >= SKELETON_CHARS_MIN {
            let bones = [word, word.strip_suffix("ny").unwrap_or(word), word.strip_suffix('x').unwrap_or(word)];
            return bones.iter().find_map(|bones| self.skeletons.get(*bones).copied().flatten()).map(plain);
        }
        let words = std::iter::once((word, "")).chain(stems());
        let mut shorter = String::new();
        words.into_iter().find_map(|(word, ending)| {
            let asks = ending == ASKING_ENDING;
            self.with_a_slip(word, &mut shorter).map(|group| Meant { group, asks })
        })
    }

    /// The one group in which a long word has one letter wrong, its first one right; `shorter` is room for the word without a letter.
    fn with_a_slip(&self, word: &str, shorter: &mut String) -> Option<u16> {
        let chars = word.chars().count();
        if !(SLIP_CHARS_MIN..=WORD_CHARS_MAX).contains(&chars) || word.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let mut found = None;
        // The word as it is, then without each letter in turn.
        for (at, c) in
            std::iter::once((word.len(), None)).chain(word.char_indices().skip(1).map(|(at, c)| (at, Some(c))))
        {
            shorter.clear();
            shorter.push_str(word.get(..at).unwrap_or_default());
            shorter.push_str(word.get(at + c.map_or(0, char::len_utf8)..).unwrap_or_default());
            for (known, group) in self.slips.get(shorter.as_str()).into_iter().flatten() {
                if found != Some(*group) && is_one_slip(word, known) {
                    match found {
                        None => found = Some(*group),
                        Some(_) => return None,
                    }
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spellings() -> Spellings {
        let mut spellings = Spellings::default();
        for (group, word) in (0..).zip(["berapa", "persyaratan", "biaya", "lokasi", "hilang"]) {
            spellings.add(word, group);
        }
        spellings.finish();
        spellings
    }

    #[test]
    fn a_word_is_known_in_its_spellings_and_another_word_is_not() {
        let spellings = spellings();
        for (word, group) in [
            ("berapa", 0),
            ("berapaaaa", 0),
            ("berapakah", 0),
            ("brrapa", 0),
            ("berpaa", 0),
            ("persyaratannya", 1),
            ("persaratan", 1),
            ("persyartan", 1),
            ("prsyrtn", 1),
            ("biayanya", 2),
            ("biayae", 2),
            ("biayax", 2),
            ("lokasinya", 3),
            ("lokasih", 3),
        ] {
            assert_eq!(spellings.read(word).map(|meant| meant.group), Some(group), "{word}");
        }
        for word in ["biara", "gilang", "hilangkan", "lks", "berkat", "sy", ""] {
            assert_eq!(spellings.read(word), None, "{word}");
        }
        assert_eq!(spellings.read("berapakah").map(|meant| meant.asks), Some(true));
    }

    #[test]
    fn marks_and_capitals_do_not_count() {
        assert_eq!(folded("Séñin"), "senin");
        assert_eq!(folded("ＪＡＭ"), "jam");
        assert_eq!(folded("e-Paspor"), "epaspor");
    }
}
