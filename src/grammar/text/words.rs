//! Entries of one table of the vocabulary, looked up letter by letter without allocating.
//!
//! Case, spaces and punctuation do not count: both sides are folded to their letters and digits in lower case. A text that
//! begins no entry fails at its first or second letter, as nearly every look-up does.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::grammar::text::characters::{is_blank, is_letter_or_digit};

/// Most characters in a row that do not count: with more between its letters a text is no entry, and need not be gone
/// through to its end.
const IGNORED_MAX: usize = 16;
/// Values of a byte.
const BYTES: usize = 256;

/// The entries of one table with what they mean.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Words<T> {
    /// Folded, in the order of their bytes.
    entries: Vec<(Box<str>, T)>,
    /// For each first byte, the entries that begin with it.
    first: Vec<First>,
}

/// The entries with one first byte.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct First {
    from: u32,
    until: u32,
    /// A bit for each second byte, by its last six bits: what has none is no entry, and most look-ups end here.
    second: u64,
    /// A bit for each second byte with its third, by six bits of both: nearly all other look-ups end here.
    third: u64,
}

impl First {
    fn bit(byte: u8) -> u64 {
        1 << (byte & 63)
    }

    /// The bit of a second byte with a third. Neighbours in the alphabet get bits of their own.
    fn bit_of_two(second: u8, third: u8) -> u64 {
        Self::bit(second.wrapping_mul(5).wrapping_add(third))
    }
}

impl<T> Default for Words<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), first: vec![First::default(); BYTES] }
    }
}

/// The letters and digits of a text, in lower case.
pub(crate) fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|&c| is_letter_or_digit(c)).flat_map(char::to_lowercase)
}

/// The entries that begin with what has been read so far.
struct Walk<'w, T> {
    words: &'w Words<T>,
    /// Those entries.
    left: Range<usize>,
    /// The second bytes that any of them has, as in [`First`].
    second: u64,
    /// Bytes read.
    read: usize,
    /// Characters since then that do not count; of blanks in a row one, of invisible characters none: a value that is printed again
    /// has no more of them.
    ignored: usize,
    /// Whether the last of these was a blank.
    is_blank: bool,
}

impl<T: Copy> Walk<'_, T> {
    /// Reads one more character; `false` when no entry goes on like this.
    fn step(&mut self, c: char) -> bool {
        // Nearly every letter.
        if c.is_ascii_alphanumeric() {
            (self.ignored, self.is_blank) = (0, false);
            return self.byte(c.to_ascii_lowercase() as u8);
        }
        if !is_letter_or_digit(c) {
            let is_gap = c.is_whitespace();
            if is_gap || !is_blank(c) {
                self.ignored += usize::from(!(is_gap && self.is_blank));
                self.is_blank = is_gap;
            }
            return self.ignored <= IGNORED_MAX;
        }
        (self.ignored, self.is_blank) = (0, false);
        let mut buffer = [0; 4];
        c.to_lowercase().all(|lower| lower.encode_utf8(&mut buffer).bytes().all(|byte| self.byte(byte)))
    }

    fn byte(&mut self, byte: u8) -> bool {
        self.left = if self.read == 0 {
            let First { from, until, second, .. } =
                self.words.first.get(usize::from(byte)).copied().unwrap_or_default();
            self.second = second;
            from as usize..until as usize
        } else if self.read == 1 && self.second & First::bit(byte) == 0 {
            0..0
        } else {
            let at = |entry: &(Box<str>, T)| entry.0.as_bytes().get(self.read).copied();
            match self.words.entries.get(self.left.clone()).unwrap_or_default() {
                [] => 0..0,
                // One entry is left after a few letters.
                [only] => self.left.start..self.left.start + usize::from(at(only) == Some(byte)),
                left => {
                    let from = left.partition_point(|entry| at(entry) < Some(byte));
                    let here = left.get(from..).map_or(0, |left| left.partition_point(|entry| at(entry) == Some(byte)));
                    self.left.start + from..self.left.start + from + here
                }
            }
        };
        self.read += 1;
        !self.left.is_empty()
    }

    /// What all that has been read means, if it is an entry: the shortest of those left is the first.
    fn meaning(&self) -> Option<T> {
        let (word, meaning) = self.words.entries.get(self.left.start).filter(|_| !self.left.is_empty())?;
        (word.len() == self.read && self.read > 0).then_some(*meaning)
    }
}

impl<T: Copy> Words<T> {
    /// A table of its meanings with their spellings.
    ///
    /// # Errors
    /// A sentence on the spelling that is empty or stands there twice.
    pub(crate) fn of(table: impl IntoIterator<Item = (T, Vec<String>)>) -> Result<Self, String> {
        let mut entries: Vec<(Box<str>, T)> = Vec::new();
        for (meaning, spellings) in table {
            for spelling in spellings {
                let word: Box<str> = folded(&spelling).collect::<String>().into_boxed_str();
                if word.is_empty() || entries.iter().any(|(known, _)| *known == word) {
                    return Err(format!("`{spelling}` is empty or stands twice in its table"));
                }
                entries.push((word, meaning));
            }
        }
        Ok(Self::of_folded(entries))
    }

    /// A table of spellings that are folded already, each there once.
    pub(crate) fn of_folded(mut entries: Vec<(Box<str>, T)>) -> Self {
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut first = vec![First::default(); BYTES];
        for (at, (word, _)) in (0..).zip(&entries) {
            let mut bytes = word.bytes();
            let Some(of_byte) = bytes.next().and_then(|byte| first.get_mut(usize::from(byte))) else { continue };
            if of_byte.until == 0 {
                of_byte.from = at;
            }
            of_byte.until = at + 1;
            let Some(second) = bytes.next() else { continue };
            of_byte.second |= First::bit(second);
            of_byte.third |= bytes.next().map_or(0, |third| First::bit_of_two(second, third));
        }
        Self { entries, first }
    }

    /// Whether an entry may begin with the first two or three letters of a text, where these are ASCII and nothing stands between them;
    /// where they are not, it may. Nearly every look-up ends here.
    #[inline]
    fn may_begin(&self, text: &str) -> bool {
        let [one, second, rest @ ..] = text.as_bytes() else { return true };
        if !(one.is_ascii_alphanumeric() && second.is_ascii_alphanumeric()) {
            return true;
        }
        let Some(first) = self.first.get(usize::from(one.to_ascii_lowercase())) else { return false };
        let second = second.to_ascii_lowercase();
        if first.second & First::bit(second) == 0 {
            return false;
        }
        // A word that goes on is no shorter entry.
        match rest.first() {
            Some(third) if third.is_ascii_alphanumeric() => {
                first.third & First::bit_of_two(second, third.to_ascii_lowercase()) != 0
            }
            _ => true,
        }
    }

    fn walk(&self) -> Walk<'_, T> {
        Walk { words: self, left: 0..self.entries.len(), second: 0, read: 0, ignored: 0, is_blank: false }
    }

    /// All entries, folded, and what they mean.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, T)> {
        self.entries.iter().map(|(word, meaning)| (&**word, *meaning))
    }

    /// Whether there is no entry.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether any entry begins like this.
    pub(crate) fn begins(&self, text: &str) -> bool {
        let mut walk = self.walk();
        self.may_begin(text) && text.chars().all(|c| walk.step(c)) && walk.read > 0
    }

    /// What the whole text means, if it is an entry.
    pub(crate) fn get(&self, text: &str) -> Option<T> {
        if !self.may_begin(text) {
            return None;
        }
        let mut walk = self.walk();
        text.chars().all(|c| walk.step(c)).then(|| walk.meaning()).flatten()
    }

    /// The longest entry that the text begins with, word by word, and the text after it.
    pub(crate) fn front<'m>(&self, text: &'m str) -> Option<(T, &'m str)> {
        if !self.may_begin(text) {
            return None;
        }
        let mut walk = self.walk();
        let mut found = None;
        let mut in_word = false;
        for (at, c) in text.char_indices() {
            let is_word = is_letter_or_digit(c);
            // `Ya'qub`, `Jum'at`: the word goes on.
            if in_word && !is_word && is_inside(text, at, c) {
                if walk.step(c) {
                    continue;
                }
                in_word = false;
                break;
            }
            if in_word && !is_word {
                found = walk.meaning().map(|meaning| (meaning, at)).or(found);
            }
            in_word = is_word;
            if !walk.step(c) {
                in_word = false;
                break;
            }
        }
        let whole = in_word.then(|| walk.meaning()).flatten().map(|meaning| (meaning, text.len()));
        let (meaning, at) = whole.or(found)?;
        Some((meaning, text.get(at..)?))
    }
}

/// Whether the character at a place is an apostrophe inside a word.
fn is_inside(text: &str, at: usize, c: char) -> bool {
    let after = || text.get(at + c.len_utf8()..).is_some_and(|rest| rest.starts_with(is_letter_or_digit));
    matches!(c, '\'' | '’') && after()
}

/// Entries of tables, known by their ends: the same look-up over letters in reverse order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endings(Words<()>);

impl Endings {
    /// The ends of these tables' entries.
    pub(crate) fn of(tables: &[&Words<()>]) -> Self {
        let entries = tables.iter().flat_map(|table| table.entries());
        let backwards: BTreeSet<String> = entries.map(|(entry, ())| entry.chars().rev().collect()).collect();
        Self(Words::of_folded(backwards.into_iter().map(|entry| (entry.into_boxed_str(), ())).collect()))
    }

    /// Whether the text ends with the letters of an entry, in a word of its own or not.
    pub(crate) fn ends(&self, text: &str) -> bool {
        let mut walk = self.0.walk();
        for c in text.chars().rev() {
            if !walk.step(c) {
                return false;
            }
            if walk.meaning().is_some() {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(entries: &[&str]) -> Words<usize> {
        Words::of(entries.iter().enumerate().map(|(at, entry)| (at, vec![(*entry).to_owned()]))).expect("a table")
    }

    /// Whether more characters in a row than may stand in an entry do not count.
    fn is_torn(text: &str) -> bool {
        let counted = |gap: &str| {
            let seen: String = gap.chars().filter(|c| c.is_whitespace() || !is_blank(*c)).collect();
            let other = seen.chars().filter(|c| !c.is_whitespace()).count();
            other + seen.split(|c: char| !c.is_whitespace()).filter(|blanks| !blanks.is_empty()).count()
        };
        text.split(char::is_alphanumeric).any(|gap| counted(gap) > IGNORED_MAX)
    }

    /// The same by brute force: every front that ends with a word is folded and compared.
    fn slowly<'m>(entries: &[&str], text: &'m str) -> Option<(usize, &'m str)> {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).filter(|&end| {
            let inside = text[end..].strip_prefix(['\'', '’']).unwrap_or(&text[end..]);
            let next_is_word = inside.starts_with(char::is_alphanumeric);
            text[..end].ends_with(char::is_alphanumeric) && !next_is_word && !is_torn(&text[..end])
        });
        let fold = |text: &str| folded(text).collect::<String>();
        ends.filter_map(|end| {
            let at = entries.iter().position(|entry| fold(entry) == fold(&text[..end]))?;
            Some((at, &text[end..]))
        })
        .next_back()
    }

    /// Entries that begin alike, end alike, hold one another, and share the first byte of a letter.
    const ALIKE: [&str; 10] = ["a", "ab", "a ba", "abab", "bé", "bè", "b-b", "ba a", "abbaab", "é1"];

    /// An entry as people type it: in any case, with anything between its letters; or letters that are nothing.
    fn typed() -> impl Strategy<Value = String> {
        let gap = || prop_oneof![8 => Just(String::new()), 3 => "[ .-]{1,2}", 1 => "[ .\u{200b}-]{15,30}", 1 => "[.-]{15,18}"];
        let letters = prop_oneof![4 => prop::sample::select(&ALIKE[..]).prop_map(str::to_owned), 1 => "[abéè1]{1,4}"];
        (letters, prop::collection::vec((gap(), any::<bool>()), 12), gap()).prop_map(|(letters, dress, end)| {
            let letters = letters.chars().filter(|c| c.is_alphanumeric()).zip(dress);
            let dressed = letters
                .map(|(c, (gap, capital))| gap + &if capital { c.to_uppercase().to_string() } else { c.to_string() });
            dressed.collect::<String>() + &end
        })
    }

    #[test]
    fn a_word_that_is_empty_or_stands_twice_is_refused() {
        for twice in [vec!["Tgl. Lahir", "tgllahir"], vec!["..."]] {
            assert!(Words::of([((), twice.into_iter().map(str::to_owned).collect())]).is_err());
        }
    }

    proptest! {
        // Negative control: the shortest entry in place of the longest, the first byte of a letter for all of it, and no limit on
        // what does not count, each fails this.
        #[test]
        fn looking_up_letter_by_letter_finds_what_comparing_finds(text in typed(), after in prop_oneof![Just(String::new()), typed()]) {
            let table = words(&ALIKE);
            let text = text + &after;
            prop_assert_eq!(table.front(&text), slowly(&ALIKE, &text));
            let whole = ALIKE.iter().position(|entry| folded(entry).eq(folded(&text))).filter(|_| !is_torn(&text));
            prop_assert_eq!(table.get(&text), whole);
            let begins = ALIKE.iter().any(|entry| folded(entry).collect::<String>().starts_with(&folded(&text).collect::<String>()));
            prop_assert_eq!(table.begins(&text), begins && !is_torn(&text));
        }

        // Negative control: entries that are not reversed, the first byte of a letter for all of it, and no limit on what does not
        // count, each fails this.
        #[test]
        fn a_text_ends_with_an_entry_where_comparing_finds_one(front in typed(), text in typed()) {
            let entries = ["ab", "baa", "bé", "bb", "é1"];
            let table = Words::of([((), entries.map(str::to_owned).to_vec())]).expect("a table");
            let text = front + &text;
            let ends = text.char_indices().map(|(at, _)| &text[at..]).filter(|end| !is_torn(end));
            let slowly = ends.into_iter().any(|end| entries.iter().any(|entry| folded(end).eq(folded(entry))));
            prop_assert_eq!(Endings::of(&[&table]).ends(&text), slowly);
        }
    }
}
