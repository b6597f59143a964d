//! Guesses which known name a mistyped one was meant to be.

use strsim::levenshtein;

/// Most edits that still count as a typing mistake: a third of the word, at least one, at most three.
fn edits_max(word: &str) -> usize {
    (word.chars().count() / 3).clamp(1, 3)
}

/// The known name closest to `word`, if one is close enough to be what was meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|name| (levenshtein(&word, &name.to_lowercase()), name))
        .filter(|&(edits, _)| edits <= edits_max(&word))
        .min_by_key(|&(edits, _)| edits)
        .map(|(_, name)| name)
}

/// The edit distance of two words, where it is `most` at most.
pub(crate) fn within(left: &str, right: &str, most: usize) -> Option<usize> {
    may_be_within(left, right, most).then(|| levenshtein(left, right)).filter(|edits| *edits <= most)
}

/// The letters of a word, a bit for each; all but a to z share one.
fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |set, byte| set | 1 << if byte.is_ascii_lowercase() { byte - b'a' } else { 26 })
}

/// Whether `most` edits could turn one word into the other: each edit brings in one letter at most, and takes one away. This is
/// cheaper than the edit distance, and nearly all pairs of words fail it.
fn may_be_within(left: &str, right: &str, most: usize) -> bool {
    let (left, right) = (letters(left), letters(right));
    (left & !right).count_ones() as usize <= most && (right & !left).count_ones() as usize <= most
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with the letters that go and those that come counted together, this fails.
    #[test]
    fn no_word_within_the_distance_is_passed_over() {
        let words = ["mei", "mai", "maret", "mart", "amret", "met", "e-paspor", "epaspor", "Mei", "märz", ""];
        for (left, right) in words.iter().flat_map(|left| words.map(|right| (*left, right))) {
            for most in 0..6 {
                let counted = Some(levenshtein(left, right)).filter(|edits| *edits <= most);
                assert_eq!(within(left, right, most), counted, "{left} {right} {most}");
            }
        }
    }

    #[test]
    fn a_typing_mistake_is_corrected_and_another_word_is_not() {
        let known = ["seats_per_hour", "seats_per_day", "site"];
        assert_eq!(nearest("seat_per_hour", known), Some("seats_per_hour"));
        assert_eq!(nearest("Sites", known), Some("site"));
        assert_eq!(nearest("kuota", known), None);
    }
}
