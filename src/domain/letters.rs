//! Confusable letters: alphabets mixed within one word, and marks piled up on one letter.
//!
//! A name in any one script is as good as another. What no name has is a Latin word with a Cyrillic letter in it that looks
//! like a Latin one: two names that read the same would be two people, and nobody at the counter could tell why.

use unicode_normalization::char::decompose_canonical;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_script::{Script, UnicodeScript};
use unicode_security::mixed_script::AugmentedScriptSet;

/// Marks that may stand on one letter. Vietnamese and pointed Hebrew need two or three; names with more exist to fool a reader.
const MARKS_MAX: usize = 3;
/// Alphabets with letters of the same shape (A, Α and А): within one name they are not mixed, not even word by word.
const ALIKE: [Script; 5] = [Script::Latin, Script::Greek, Script::Cyrillic, Script::Armenian, Script::Cherokee];

/// The first letter that is of another script than the rest of its word, or of another look-alike alphabet than most of the
/// name: its offset in characters, and itself. Scripts that are written together (kanji and kana) are one.
pub(super) fn foreign_letter(text: &str) -> Option<(usize, char)> {
    if text.is_ascii() {
        return None;
    }
    let mut word: Vec<(usize, char)> = Vec::new();
    for (at, c) in text.chars().enumerate() {
        if c.is_alphabetic() {
            word.push((at, c));
        } else if c.is_whitespace() {
            if let Some(found) = odd_one(&word) {
                return Some(found);
            }
            word.clear();
        }
    }
    odd_one(&word).or_else(|| of_another_alphabet(text))
}

/// The letter of a word that goes with the fewest others; `None` where all can be of one script.
fn odd_one(word: &[(usize, char)]) -> Option<(usize, char)> {
    let sets: Vec<AugmentedScriptSet> = word.iter().map(|(_, c)| AugmentedScriptSet::for_char(*c)).collect();
    let mut all = AugmentedScriptSet::default();
    for set in &sets {
        all.intersect_with(*set);
    }
    if !all.is_empty() {
        return None;
    }
    let goes_with = |mut set: AugmentedScriptSet, other: AugmentedScriptSet| {
        set.intersect_with(other);
        !set.is_empty()
    };
    let companions = |set: AugmentedScriptSet| sets.iter().filter(|other| goes_with(set, **other)).count();
    // Of two letters that differ, the Latin one is what was meant: these are the letters of an e-KTP.
    let rank =
        |(letter, set): &(&(usize, char), &AugmentedScriptSet)| (companions(**set), letter.1.script() == Script::Latin);
    word.iter().zip(&sets).min_by_key(rank).map(|(letter, _)| *letter)
}

/// The first letter of the rarest look-alike alphabet, where a name has letters of more than one.
fn of_another_alphabet(text: &str) -> Option<(usize, char)> {
    let letters = || text.chars().enumerate().filter(|(_, c)| c.is_alphabetic());
    let mut counts = [0_usize; ALIKE.len()];
    for (_, c) in letters() {
        let script = c.script();
        for (alike, count) in ALIKE.iter().zip(&mut counts) {
            *count += usize::from(*alike == script);
        }
    }
    let used = || ALIKE.iter().zip(counts).filter(|(_, count)| *count > 0);
    let (rarest, _) = used().min_by_key(|(_, count)| *count).filter(|_| used().count() > 1)?;
    letters().find(|(_, c)| c.script() == *rarest)
}

/// The first letter with too many marks, and the mark that is one too many: their offsets in characters. Vowel signs that take a
/// place of their own, as in Burmese, are no marks on a letter.
pub(super) fn piled_mark(text: &str) -> Option<(usize, usize)> {
    if text.is_ascii() {
        return None;
    }
    let (mut marks, mut letter) = (0, 0);
    for (at, c) in text.chars().enumerate() {
        decompose_canonical(c, |part| {
            let is_mark =
                matches!(part.general_category(), GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark);
            if is_mark {
                marks += 1;
            } else {
                (marks, letter) = (0, at);
            }
        });
        if marks > MARKS_MAX {
            return Some((letter, at));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names as people have them, in scripts and spellings of their own.
    const NAMES: [&str; 34] = [
        "Budi Santoso",
        "O'Brien",
        "D’Souza",
        "Müller",
        "Kaʻōpua",
        "ʻOkina",
        "Keʻalohi",
        "N’Guyễn",
        "Nguyễn Thị Hồng Hạnh",
        "Øystein Ærø",
        "Łukasz Żółć",
        "Þórr Guðmundsson",
        "José-María",
        "Ma’ruf",
        "I Gusti Ngurah",
        "Иван Петров",
        "Ёлкин-Щукин",
        "Γιώργος Παπαδόπουλος",
        "Հայկ",
        "陳小明",
        "田中さくら",
        "タナカ・さくら",
        "김민수",
        "محمد عبد الله",
        "مُحَمَّد",
        "דָּוִד",
        "สมชาย ใจดี",
        "กิ่งแก้ว",
        "लक्ष्मी",
        "বাংলা",
        "လျှော်",
        "བསྒྲུབས",
        "ꦧꦸꦢꦶ",
        "陳小明 Tan",
    ];

    // Negative control: intersecting plain script sets refuses さくら beside 田中; counting spacing vowel signs refuses လျှော်.
    #[test]
    fn a_name_in_any_one_script_passes() {
        for name in NAMES {
            assert_eq!(foreign_letter(name), None, "{name}");
            assert_eq!(piled_mark(name), None, "{name}");
        }
    }

    // Negative control: looking at whole words only lets the first four pass.
    #[test]
    fn a_letter_of_another_alphabet_is_found_where_it_stands() {
        for (name, found) in [
            ("Sаntoso", (1, 'а')),
            ("Budi Sаntoso", (6, 'а')),
            ("Аnton", (0, 'А')),
            ("Bυdi", (1, 'υ')),
            ("Ѕiti", (0, 'Ѕ')),
            ("Ivаn Санти", (2, 'а')),
            ("Siti ОНА Aminah", (5, 'О')),
            ("Иваh", (3, 'h')),
            ("陳b明", (1, 'b')),
            ("Bо", (1, 'о')),
        ] {
            assert_eq!(foreign_letter(name), Some(found), "{name}");
        }
    }

    // Negative control: a limit of four lets the second pass.
    #[test]
    fn a_fourth_mark_on_one_letter_is_found() {
        assert_eq!(piled_mark("Bu\u{301}\u{302}\u{303}di"), None);
        assert_eq!(piled_mark("Bu\u{301}\u{302}\u{303}\u{304}di"), Some((1, 5)));
        // Composed letters bring marks of their own.
        assert_eq!(piled_mark("ệ\u{301}\u{302}"), Some((0, 2)));
        assert_eq!(piled_mark("a\u{20DD}\u{20DD}\u{20DD}\u{20DD}"), Some((0, 4)));
    }
}
