//! Finds the twin of a sentence, with `{}` for what differs.

use super::{format, settings, values};

fn all() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    format::SENTENCES.iter().chain(settings::SENTENCES).chain(values::SENTENCES)
}

/// The sentence in Indonesian; nothing needs no words.
pub(super) fn indonesian(english: &str) -> Option<String> {
    if english.is_empty() {
        return Some(String::new());
    }
    all().find_map(|(template, own)| {
        let parts = parts(template, english)?;
        let mut parts = parts.into_iter();
        let mut text = String::new();
        let mut pieces = own.split("{}");
        text += pieces.next()?;
        for piece in pieces {
            let part = parts.next().unwrap_or_default();
            // What stands there instead may have words of its own.
            text += &all()
                .find(|(known, _)| *known == part)
                .map_or_else(|| inner(part).unwrap_or_else(|| part.to_owned()), |(_, own)| (*own).to_owned());
            text += piece;
        }
        Some(text)
    })
}

/// What is described within a sentence: a text, a number.
fn inner(part: &str) -> Option<String> {
    let described = ["the text ", "the number ", "the fraction "].iter().any(|front| part.starts_with(front));
    described.then(|| indonesian(part)).flatten()
}

/// What stands in a sentence for each `{}` of a template; `None` where it is another sentence.
fn parts<'s>(template: &str, sentence: &'s str) -> Option<Vec<&'s str>> {
    let mut literals = template.split("{}");
    let mut rest = sentence.strip_prefix(literals.next()?)?;
    let mut parts = Vec::new();
    let mut literals = literals.peekable();
    while let Some(literal) = literals.next() {
        let is_last = literals.peek().is_none();
        let at = if is_last { rest.len().checked_sub(literal.len())? } else { rest.find(literal)? };
        let (part, behind) = rest.split_at_checked(at)?;
        rest = behind.strip_prefix(literal)?;
        parts.push(part);
    }
    rest.is_empty().then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_twin_has_as_many_places_as_its_sentence_or_fewer() {
        for (english, own) in all() {
            let count = |text: &str| text.matches("{}").count();
            assert!(count(own) <= count(english), "{english}");
            assert_eq!(indonesian(english).as_deref(), Some(*own), "an earlier template takes {english}");
        }
    }

    #[test]
    fn what_differs_is_taken_over_in_its_place() {
        let said = indonesian("`fields.TglLahir.age_min` must be a whole number from 0 to 120, not the text \"tujuh\"");
        assert_eq!(
            said.as_deref(),
            Some("`fields.TglLahir.age_min` harus bilangan bulat dari 0 sampai 120, bukan teks \"tujuh\"")
        );
        assert_eq!(indonesian("the moon is full"), None);
    }
}
