//! Splits a text that is longer than one message may be: between paragraphs, else sentences, else words.

/// The first piece has at most `first_max` characters, the others `rest_max`. Nothing but white space is lost; a text
/// that fits stays as it is.
pub(in crate::gateway) fn split(text: &str, first_max: usize, rest_max: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut max = first_max.max(1);
    while let Some((limit, _)) = rest.char_indices().nth(max) {
        let head = rest.get(..limit).unwrap_or(rest);
        // The character behind the limit tells whether the limit itself is an end.
        let seen = rest.char_indices().nth(max + 1).map_or(rest, |(after, _)| rest.get(..after).unwrap_or(rest));
        let end = best_end(seen, limit).unwrap_or(head.len());
        let (piece, after) = rest.split_at(end);
        pieces.push(piece.trim_end().to_owned());
        rest = after.trim_start();
        max = rest_max.max(1);
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(rest.to_owned());
    }
    pieces
}

/// Where to end a piece within `limit` bytes of `seen`: the last paragraph that fills half of it, else the last
/// sentence, line, or word.
fn best_end(seen: &str, limit: usize) -> Option<usize> {
    let ends = |is_end: fn(&str, &str) -> bool| {
        seen.char_indices()
            .filter(|(at, c)| *at > 0 && *at <= limit && c.is_whitespace())
            .filter(|(at, _)| {
                let (before, after) = seen.split_at(*at);
                is_end(before, after)
            })
            .map(|(at, _)| at)
            .next_back()
    };
    let paragraph = ends(|_, after| after.starts_with("\n\n")).filter(|at| *at * 2 >= limit);
    let sentence = || ends(|before, _| before.trim_end_matches(['*', '”', '"', ')']).ends_with(['.', '!', '?', '…']));
    let line = || ends(|_, after| after.starts_with('\n'));
    paragraph.or_else(sentence).or_else(line).or_else(|| ends(|_, _| true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_is_split_between_paragraphs_else_sentences_else_words() {
        let cases: [(&str, usize, &[&str]); 6] = [
            ("Satu. Dua.", 10, &["Satu. Dua."]),
            ("Satu. Dua.", 9, &["Satu.", "Dua."]),
            ("Satu. Dua.\n\nTiga. Empat.", 16, &["Satu. Dua.", "Tiga. Empat."]),
            ("satu dua tiga", 8, &["satu dua", "tiga"]),
            ("*Benar?* Ya.", 11, &["*Benar?*", "Ya."]),
            ("éééééé", 4, &["éééé", "éé"]),
        ];
        for (text, max, pieces) in cases {
            assert_eq!(split(text, max, max), pieces, "{text}");
        }
    }

    proptest! {
        // Negative control: with `nth(max + 1)` in place of `nth(max)` a piece is one character too long.
        #[test]
        fn no_piece_is_too_long_and_nothing_is_lost(text in "[a-z. é\n]{0,200}", first in 1_usize..40, rest in 1_usize..40) {
            let pieces = split(&text, first, rest);
            for (place, piece) in pieces.iter().enumerate() {
                let max = if place == 0 { first } else { rest };
                prop_assert!(piece.chars().count() <= max);
            }
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&pieces.concat()), letters(&text));
        }
    }
}
