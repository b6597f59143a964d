//! The sentences of both languages, read once from the Fluent files that are compiled in.
//!
//! What citizens wrote goes in as arguments only, so nothing in it can act as Fluent syntax.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::conversation::Lang;

/// One language's sentences.
pub(super) struct Locale {
    bundle: FluentBundle<FluentResource>,
}

/// The Fluent files of one language; both have the same.
macro_rules! files {
    ($lang:literal) => {
        [
            include_str!(concat!("../../locales/", $lang, "/words.ftl")),
            include_str!(concat!("../../locales/", $lang, "/booking.ftl")),
            include_str!(concat!("../../locales/", $lang, "/changes.ftl")),
            include_str!(concat!("../../locales/", $lang, "/data.ftl")),
            include_str!(concat!("../../locales/", $lang, "/closing.ftl")),
            include_str!(concat!("../../locales/", $lang, "/guide.ftl")),
            include_str!(concat!("../../locales/", $lang, "/answer.ftl")),
            include_str!(concat!("../../locales/", $lang, "/guided.ftl")),
            include_str!(concat!("../../locales/", $lang, "/misread.ftl")),
            include_str!(concat!("../../locales/", $lang, "/notice.ftl")),
            include_str!(concat!("../../locales/", $lang, "/attendance.ftl")),
            include_str!(concat!("../../locales/", $lang, "/officer.ftl")),
            include_str!(concat!("../../locales/", $lang, "/refused.ftl")),
            include_str!(concat!("../../locales/", $lang, "/reschedule.ftl")),
            include_str!(concat!("../../locales/", $lang, "/release.ftl")),
            include_str!(concat!("../../locales/", $lang, "/waiting.ftl")),
            include_str!(concat!("../../locales/", $lang, "/queue.ftl")),
        ]
    };
}

const ID: &[&str] = &files!("id");
const EN: &[&str] = &files!("en");

impl Locale {
    /// The sentences of `lang`.
    pub(super) fn of(lang: Lang) -> &'static Self {
        static ID_LOCALE: OnceLock<Locale> = OnceLock::new();
        static EN_LOCALE: OnceLock<Locale> = OnceLock::new();
        let (locale, files) = match lang {
            Lang::Id => (&ID_LOCALE, ID),
            Lang::En => (&EN_LOCALE, EN),
        };
        locale.get_or_init(|| Self::load(lang.code(), files))
    }

    /// The tests keep the files free of problems. If a running system met one, all other sentences would still be good.
    fn load(tag: &str, files: &[&str]) -> Self {
        let (locale, problems) = Self::read(tag, files);
        for problem in problems {
            tracing::error!(reply.problem = problem, "a locale file has a mistake");
        }
        locale
    }

    fn read(tag: &str, files: &[&str]) -> (Self, Vec<String>) {
        let mut problems = Vec::new();
        let lang: LanguageIdentifier = tag.parse().unwrap_or_else(|_| {
            problems.push(format!("{tag} is no language tag"));
            LanguageIdentifier::default()
        });
        let mut bundle = FluentBundle::new_concurrent(vec![lang]);
        // The marks around arguments are invisible, but they end up in what a citizen copies and sends back.
        bundle.set_use_isolating(false);
        for file in files {
            let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(rest, errors)| {
                problems.extend(errors.iter().map(ToString::to_string));
                rest
            });
            if let Err(errors) = bundle.add_resource(resource) {
                problems.extend(errors.iter().map(ToString::to_string));
            }
        }
        (Self { bundle }, problems)
    }

    /// The sentence `key` with its pieces filled in.
    ///
    /// A sentence that is missing shows as `{key}`, as Fluent itself shows a missing piece: the citizen's booking is
    /// worth more than a panic, and the tests let no brace through.
    pub(super) fn say<const N: usize>(&self, key: &str, pieces: [(&'static str, FluentValue<'_>); N]) -> String {
        #[cfg(test)]
        tests::note(key);
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(reply.key = key, "a sentence is missing from the locale files");
            return format!("{{{key}}}");
        };
        let pieces: FluentArgs<'_> = pieces.into_iter().collect();
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&pieces), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(reply.key = key, "a sentence lacks a piece");
        }
        text
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    use super::*;

    thread_local! {
        static SAID: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
    }

    /// Notes that a sentence was asked for on this thread.
    pub(super) fn note(key: &str) {
        SAID.with_borrow_mut(|said| {
            if !said.contains(key) {
                said.insert(key.to_owned());
            }
        });
    }

    /// Takes the sentences that were asked for on this thread so far.
    pub(in crate::reply) fn take_said() -> BTreeSet<String> {
        SAID.take()
    }

    /// Every sentence of the files.
    pub(in crate::reply) fn all() -> BTreeSet<String> {
        keys(ID).into_iter().map(|(key, _)| key).collect()
    }

    /// The keys of a language, each with the names of the pieces it asks for.
    fn keys(files: &[&str]) -> Vec<(String, Vec<String>)> {
        let mut keys: Vec<(String, Vec<String>)> = Vec::new();
        for line in files.iter().flat_map(|file| file.lines()) {
            if let Some((key, _)) = line.split_once(" =").filter(|(key, _)| !key.starts_with([' ', '#'])) {
                keys.push((key.to_owned(), Vec::new()));
            }
            let names = line.split('$').skip(1).map(|rest| {
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect::<String>()
            });
            if let Some((_, pieces)) = keys.last_mut() {
                pieces.extend(names);
                pieces.sort();
                pieces.dedup();
            }
        }
        keys.sort();
        keys
    }

    // Negative control: a doubled key or an unindented line in any file fails here.
    #[test]
    fn the_files_have_no_mistake() {
        for (tag, files) in [("id", ID), ("en", EN)] {
            assert_eq!(Locale::read(tag, files).1, Vec::<String>::new(), "{tag}");
        }
    }

    // Negative control: taking `refused-past` out of one file, or `$today` out of one sentence, fails here.
    #[test]
    fn both_languages_say_the_same_things_with_the_same_pieces() {
        let (id, en) = (keys(ID), keys(EN));
        assert!(id.len() > 80, "the scan above found the keys: {}", id.len());
        for pair in id.iter().zip(&en) {
            assert_eq!(pair.0, pair.1);
        }
        assert_eq!(id.len(), en.len());
    }
}
