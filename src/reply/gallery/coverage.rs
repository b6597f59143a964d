//! Every sentence of the locale files stands in the gallery, or here with the reason why it does not.

use super::gallery;
use crate::conversation::Lang;
use crate::reply::locale::tests::{all, take_said};

/// Sentences that no reply of the gallery has, each with its reason.
const NOT_SHOWN: [(&str, &str); 0] = [];

// Negative controls: without the scene of a lost photo in the gallery, and with a sentence more in the locale files, this fails.
#[test]
fn every_sentence_stands_in_the_gallery() {
    for lang in [Lang::Id, Lang::En] {
        take_said();
        gallery(lang);
        let said = take_said();
        let excused = |key: &str| NOT_SHOWN.iter().any(|(known, _)| *known == key);
        let missing: Vec<String> = all().into_iter().filter(|key| !said.contains(key) && !excused(key)).collect();
        assert!(missing.is_empty(), "{lang:?}: no reply of the gallery says {missing:#?}");
        let shown: Vec<&str> = NOT_SHOWN.iter().map(|(key, _)| *key).filter(|key| said.contains(*key)).collect();
        assert!(shown.is_empty(), "the gallery says these: {shown:?}");
    }
}
