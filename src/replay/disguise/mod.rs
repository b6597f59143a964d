//! Replaces people in an exported chat: names, numbers, birth dates, addresses, in people's messages and in the office's answers.
//! What was read anywhere in the chat is replaced everywhere, and the same person gets the same mask everywhere, so that a story
//! still holds together. Where it is unsure, it replaces: a story that keeps too little is better than one that gives somebody
//! away.

mod dates;
mod learn;
mod leftover;
mod mask;
mod numbers;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

pub use learn::office_words;
pub use leftover::Leftover;
pub use mask::Fixed;

use numbers::Calendar;
use words::{is_common, words};

/// Invented names; those that occur in the chat are passed over. Where they do not suffice, two are joined.
const NAMES: [&str; 24] = [
    "Budi", "Siti", "Agus", "Dewi", "Joko", "Rina", "Hadi", "Wati", "Eko", "Lina", "Tono", "Yanti", "Bayu", "Sari",
    "Danu", "Tuti", "Galih", "Nani", "Rudi", "Mira", "Slamet", "Ida", "Yudi", "Ratna",
];
/// Birth dates, of which the first that does not occur stands for all.
const BORN: [(i32, u32, u32); 3] = [(1987, 1, 25), (1985, 6, 14), (1979, 11, 8)];
/// Streets, of which the first that does not occur stands in the address of all.
const STREETS: [&str; 5] = ["Melati", "Mawar", "Anggrek", "Cempaka", "Contoh"];
/// The number that everybody gets who is written down with one.
const PHONE: &str = "081200000001";
/// The identity number that everybody gets; it goes with the first of [`BORN`].
const NIK: &str = "3271042501870001";
/// The e-mail address that everybody gets.
const EMAIL: &str = "budi@example.id";
/// What stands for the address of any page.
const PAGE: &str = "https://example.id";
/// What stands for any other word that is somebody's: a birth place, an answer to an office's own question.
const ANSWER: &str = "Contoh";
/// What other numbers become, as long as they were.
const DIGITS: &str = "90817263";
/// Letters from which a word of a name stands for the name by itself; shorter ones (`Li`) only with a capital.
const WORD_CHARS_MIN: usize = 3;
/// Letters from which a word of an address gives it away by itself.
const PLACE_CHARS_MIN: usize = 4;

/// Somebody, and who they are in the story.
#[derive(Debug)]
struct Person {
    /// Words of their name, folded.
    words: BTreeSet<String>,
    /// The first of them, by which people with one family name are told apart.
    given: String,
    mask: String,
}

/// Who is who under which mask.
#[derive(Debug)]
pub struct Disguise {
    /// Invented names that are still free, the next one last.
    free: Vec<String>,
    people: Vec<Person>,
    /// Senders that are known by a number only, by its digits.
    numbered: BTreeMap<String, String>,
    /// Whole names in folded words, and whose they are.
    names: BTreeMap<Vec<String>, usize>,
    /// Single words of names.
    words: BTreeMap<String, usize>,
    /// Addresses and answers in folded words, and what stands for them.
    texts: BTreeMap<Vec<String>, String>,
    /// Words of addresses that stand for them.
    places: BTreeSet<String>,
    /// Words of the office's own name, which are nobody's.
    kept: BTreeSet<String>,
    calendar: Calendar,
    address: String,
}

impl Disguise {
    /// A disguise for a chat that goes `all` and begins on `first`, with the office that is known by the words of `office`.
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
            kept: words(office).into_iter().map(|word| word.folded).collect(),
            calendar: Calendar { first, births: BTreeSet::new(), mask: NaiveDate::default() },
            address: format!("Jl. {street} No. 1"),
        }
        .with_birth_mask()
    }

    /// Chooses the birth date of all: one that nobody in the chat has.
    fn with_birth_mask(mut self) -> Self {
        let mut masks = BORN.into_iter().filter_map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
        let births = &self.calendar.births;
        self.calendar.mask = masks.find(|mask| !births.contains(mask)).unwrap_or_default();
        self
    }

    /// Everything has been learnt: the masks are final.
    pub fn settled(self) -> Self {
        self.with_birth_mask()
    }

    /// The mask of a sender or a name; its words wear it too.
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
            if !is_common(word) && !self.kept.contains(word) {
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

    fn mask_of(&self, person: usize) -> String {
        self.people.get(person).map(|person| person.mask.clone()).unwrap_or_default()
    }

    /// Words that stand in masks, folded: what is left of them is nobody's.
    fn mask_words(&self) -> BTreeSet<String> {
        let people =
            self.people.iter().map(|person| person.mask.as_str()).chain(self.numbered.values().map(String::as_str));
        let all = people.chain([self.address.as_str(), ANSWER, EMAIL, PAGE]);
        all.flat_map(words).map(|word| word.folded).collect()
    }
}

#[cfg(test)]
mod tests;
