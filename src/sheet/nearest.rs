//! Guesses which known name a mistyped one was meant to be.

/// Edits that still count as a slip of the finger: a third of the word, at least one, at most three.
fn edits_max(word: &str) -> usize {
    (word.chars().count() / 3).clamp(1, 3)
}

/// The known name closest to `word`, if one is close enough to be what was meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|name| (distance(&word, &name.to_lowercase()), name))
        .filter(|&(edits, _)| edits <= edits_max(&word))
        .min_by_key(|&(edits, _)| edits)
        .map(|(_, name)| name)
}

/// The distance of two words, where it is `most` at most.
pub(crate) fn within(left: &str, right: &str, most: usize) -> Option<usize> {
    may_be_within(left, right, most).then(|| distance(left, right)).filter(|distance| *distance <= most)
}

/// Characters to insert, drop or change to make `left` into `right`: Levenshtein's table, one row at a time, in one place.
pub(crate) fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (above, from) in left.chars().enumerate() {
        let mut diagonal = above;
        let mut best = above + 1;
        for (to, up) in right.chars().zip(row.iter_mut().skip(1)) {
            best = (diagonal + usize::from(from != to)).min(*up + 1).min(best + 1);
            diagonal = std::mem::replace(up, best);
        }
        if let Some(first) = row.first_mut() {
            *first = above + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// The letters of a word, a bit for each; all but a to z share one.
fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |set, byte| set | 1 << if byte.is_ascii_lowercase() { byte - b'a' } else { 26 })
}

/// Whether so few edits could make one word of the other: each brings in one letter at most, and takes one away. Cheaper than
/// counting them, and nearly every word is nowhere near another.
fn may_be_within(left: &str, right: &str, most: usize) -> bool {
    let (left, right) = (letters(left), letters(right));
    (left & !right).count_ones() as usize <= most && (right & !left).count_ones() as usize <= most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_single_edits() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("hours", "hours"), 0);
        assert_eq!(distance("hous", "hours"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    // Negative control: with the letters that go and those that come counted together, this fails.
    #[test]
    fn no_word_within_the_distance_is_passed_over() {
        let words = ["mei", "mai", "maret", "mart", "amret", "met", "e-paspor", "epaspor", "Mei", "märz", ""];
        for (left, right) in words.iter().flat_map(|left| words.map(|right| (*left, right))) {
            for most in 0..6 {
                let counted = Some(distance(left, right)).filter(|edits| *edits <= most);
                assert_eq!(within(left, right, most), counted, "{left} {right} {most}");
            }
        }
    }

    #[test]
    fn a_slip_is_mended_and_a_stranger_is_not() {
        let known = ["seats_per_hour", "seats_per_day", "site"];
        assert_eq!(nearest("seat_per_hour", known), Some("seats_per_hour"));
        assert_eq!(nearest("Sites", known), Some("site"));
        assert_eq!(nearest("kuota", known), None);
    }
}
