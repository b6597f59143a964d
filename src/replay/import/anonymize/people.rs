//! Who is who in a chat, and under which mask.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::birth_dates::BirthDates;
use super::masks::{ANSWER, BORN, EMAIL, NAMES, PAGE, STREETS};
use super::words::{self, is_common, words};

/// Somebody in the chat, and their mask.
#[derive(Debug)]
pub(super) struct Person {
    /// Words of their name, folded.
    pub(super) words: BTreeSet<String>,
    /// The first of them, which distinguishes people with one family name.
    pub(super) given: String,
    pub(super) mask: String,
}

/// Knows everybody in a chat, and their masks.
#[derive(Debug)]
pub struct Anonymizer {
    /// Invented names that are still free, the next one last.
    pub(super) free: Vec<String>,
    pub(super) people: Vec<Person>,
    /// Senders that are known by a number only, by its digits.
    pub(super) numbered: BTreeMap<String, String>,
    /// Whole names in folded words, and whose they are.
    pub(super) names: BTreeMap<Vec<String>, usize>,
    /// Single words of names.
    pub(super) words: BTreeMap<String, usize>,
    /// Addresses and answers in folded words, and their masks.
    pub(super) texts: BTreeMap<Vec<String>, String>,
    /// Words of addresses that give an address away.
    pub(super) places: BTreeSet<String>,
    /// Words of the office's own name, which are not masked.
    pub(super) office_words: BTreeSet<String>,
    pub(super) births: BirthDates,
    pub(super) address: String,
}

impl Anonymizer {
    /// An anonymizer for a chat whose text is `all` and that begins on `first`, with an office that is known by the words of `office`.
    pub fn new(all: &str, first: NaiveDate, office: &str) -> Self {
        let said: BTreeSet<String> = words(all).into_iter().map(|word| word.folded).collect();
        let fresh: Vec<&str> = NAMES.into_iter().filter(|name| !said.contains(&words::fold(name))).collect();
        let joined = fresh.iter().flat_map(|one| fresh.iter().map(move |two| format!("{one}-{two}")));
        let mut free: Vec<String> = fresh.iter().map(|&name| name.to_owned()).chain(joined).collect();
        free.reverse();
        let street = STREETS.into_iter().find(|street| !said.contains(&words::fold(street))).unwrap_or(ANSWER);
        Self {
            free,
            people: Vec::new(),
            numbered: BTreeMap::new(),
            names: BTreeMap::new(),
            words: BTreeMap::new(),
            texts: BTreeMap::new(),
            places: BTreeSet::new(),
            office_words: words(office).into_iter().map(|word| word.folded).collect(),
            births: BirthDates { first, known: BTreeSet::new(), mask: NaiveDate::default() },
            address: format!("Jl. {street} No. 1"),
        }
        .with_birth_mask()
    }

    /// Chooses the mask of all birth dates: one that nobody in the chat has.
    fn with_birth_mask(mut self) -> Self {
        let mut masks = BORN.into_iter().filter_map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
        let births = &self.births.known;
        self.births.mask = masks.find(|mask| !births.contains(mask)).unwrap_or_default();
        self
    }

    /// Chooses the final masks, when everything has been learned.
    pub fn finished(self) -> Self {
        self.with_birth_mask()
    }

    /// The mask of a sender or a name; the words of the name get it too.
    pub fn name(&mut self, name: &str) -> String {
        let all: Vec<String> = words(name).into_iter().map(|word| word.folded).collect();
        let all: Vec<String> = all.into_iter().filter(|word| word.chars().any(char::is_alphabetic)).collect();
        let Some(given) = all.iter().find(|word| !is_common(word)).or(all.first()).cloned() else {
            return self.numbered_sender(name);
        };
        if let Some(&person) = self.names.get(&all) {
            return self.mask_of(person);
        }
        let person = self.known(&all, &given).unwrap_or_else(|| {
            let mask = self.fresh_name();
            self.people.push(Person { words: BTreeSet::new(), given, mask });
            self.people.len() - 1
        });
        for word in all.iter().filter(|word| word.chars().count() > 1) {
            if let Some(person) = self.people.get_mut(person) {
                person.words.insert(word.clone());
            }
            if !is_common(word) && !self.office_words.contains(word) {
                self.words.entry(word.clone()).or_insert(person);
            }
        }
        self.names.insert(all, person);
        self.mask_of(person)
    }

    /// Somebody whose name this is another spelling of: one has all the words of the other, or both have one given name.
    fn known(&self, all: &[String], given: &str) -> Option<usize> {
        let own: BTreeSet<&String> = all.iter().filter(|word| word.chars().count() > 1 && !is_common(word)).collect();
        self.people.iter().position(|person| {
            let theirs: BTreeSet<&String> = person.words.iter().filter(|word| !is_common(word)).collect();
            person.given == given
                || !own.is_empty() && !theirs.is_empty() && (own.is_subset(&theirs) || theirs.is_subset(&own))
        })
    }

    fn numbered_sender(&mut self, name: &str) -> String {
        let digits: String = name.chars().filter(char::is_ascii_digit).collect();
        if let Some(mask) = self.numbered.get(&digits) {
            return mask.clone();
        }
        let mask = self.fresh_name();
        self.numbered.insert(digits, mask.clone());
        mask
    }

    fn fresh_name(&mut self) -> String {
        self.free.pop().unwrap_or_else(|| "Warga".to_owned())
    }

    pub(super) fn mask_of(&self, person: usize) -> String {
        self.people.get(person).map(|person| person.mask.clone()).unwrap_or_default()
    }

    /// The words of all masks, folded: they are not personal where they are left.
    pub(super) fn mask_words(&self) -> BTreeSet<String> {
        let people =
            self.people.iter().map(|person| person.mask.as_str()).chain(self.numbered.values().map(String::as_str));
        let all = people.chain([self.address.as_str(), ANSWER, EMAIL, PAGE]);
        all.flat_map(words).map(|word| word.folded).collect()
    }
}
