//! A mistake in a file, for the reader of a page.

use super::matching::indonesian;
use crate::conversation::Lang;

/// What is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::console) struct Told {
    /// What is wrong.
    pub(in crate::web::console) what: String,
    /// What to do; empty where nothing is said.
    pub(in crate::web::console) remedy: String,
    /// Whether it is said in English to a reader of Indonesian, because it has no other words.
    pub(in crate::web::console) is_english: bool,
}

/// A mistake in the reader's language, as far as it has words there.
pub(in crate::web::console) fn told(lang: Lang, what: &str, remedy: &str) -> Told {
    let english = |is_english| Told { what: what.to_owned(), remedy: remedy.to_owned(), is_english };
    if lang == Lang::En {
        return english(false);
    }
    match indonesian(what) {
        Some(what) => Told { what, remedy: indonesian(remedy).unwrap_or_else(|| remedy.to_owned()), is_english: false },
        None => english(true),
    }
}

/// The same as one sentence. What has no Indonesian words is introduced by some.
pub(in crate::web::console) fn sentence(lang: Lang, what: &str, remedy: &str) -> String {
    let Told { what, remedy, is_english } = told(lang, what, remedy);
    let lead = if is_english { "Penjelasan teknis dalam bahasa Inggris: " } else { "" };
    let behind = if remedy.is_empty() { String::new() } else { format!("; {remedy}") };
    format!("{lead}{what}{behind}")
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with `indonesian` asked for English readers too, the first is Indonesian.
    #[test]
    fn whoever_reads_indonesian_is_told_in_it_or_told_that_it_is_english() {
        let (what, remedy) = ("`name` is missing", "add name = \"Kantor Imigrasi Bogor\", as citizens know it");
        assert_eq!(sentence(Lang::En, what, remedy), format!("{what}; {remedy}"));
        assert_eq!(sentence(Lang::Id, what, remedy), "`name` belum ada; isi nama kantor seperti yang dikenal warga");
        let technical = sentence(Lang::Id, "the moon is full", "wait");
        assert_eq!(technical, "Penjelasan teknis dalam bahasa Inggris: the moon is full; wait");
    }
}
