//! The invented people of a story: a number for each, and a name for each member of a crowd.

use std::collections::BTreeMap;

use super::super::story::model::Speaker;
use crate::domain::message::Contact;

/// Everybody in a story. A number is `62812`, three digits for the crowd (000: single people), and five for the person.
#[derive(Debug, Default)]
pub struct People {
    people: BTreeMap<String, u32>,
    crowds: BTreeMap<String, u32>,
}

/// One person whom a story names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their invented number.
    pub contact: Contact,
    /// As the story calls them: `Budi`, `x.7`.
    pub name: String,
    /// Which of a crowd they are, from 1.
    pub number: Option<u32>,
}

impl Person {
    /// As a story addresses them.
    pub fn speaker(&self) -> Speaker {
        match (self.number, self.name.split_once('.')) {
            (Some(number), Some((crowd, _))) => Speaker::Member { name: crowd.to_owned(), number },
            _ => Speaker::One(self.name.clone()),
        }
    }
}

impl People {
    /// The people whom a speaker stands for: one, or a whole crowd. The same speaker gives the same people.
    pub fn of(&mut self, speaker: &Speaker) -> Vec<Person> {
        match speaker {
            Speaker::One(name) => {
                let next = u32::try_from(self.people.len()).unwrap_or(u32::MAX).saturating_add(1);
                let number = *self.people.entry(name.clone()).or_insert(next);
                vec![Person { contact: contact(0, number), name: name.clone(), number: None }]
            }
            Speaker::Crowd { name, size } => (1..=*size).map(|number| self.member(name, number)).collect(),
            Speaker::Member { name, number } => vec![self.member(name, *number)],
        }
    }

    /// The person who has a number.
    pub fn owner(&mut self, contact: &Contact) -> Option<Person> {
        let part = |from: usize, to: usize| contact.as_str().get(from..to)?.parse::<u32>().ok();
        let (crowd, number) = (part(5, 8)?, part(8, 13)?);
        let named = |all: &BTreeMap<String, u32>, wanted: u32| {
            all.iter().find(|(_, number)| **number == wanted).map(|(name, _)| name.clone())
        };
        match crowd {
            0 => named(&self.people, number).map(|name| Person { contact: contact.clone(), name, number: None }),
            _ => named(&self.crowds, crowd).map(|name| self.member(&name, number)),
        }
    }

    fn member(&mut self, crowd: &str, number: u32) -> Person {
        let next = u32::try_from(self.crowds.len()).unwrap_or(u32::MAX).saturating_add(1);
        let crowd_number = *self.crowds.entry(crowd.to_owned()).or_insert(next);
        Person { contact: contact(crowd_number, number), name: format!("{crowd}.{number}"), number: Some(number) }
    }
}

fn contact(crowd: u32, number: u32) -> Contact {
    Contact::new(format!("62812{crowd:03}{number:05}"))
}

/// `{n}` of a crowd: the number in words, because a name has no digits (`Dua Puluh Satu`).
pub fn in_words(number: u32) -> String {
    const ONES: [&str; 12] =
        ["", "Satu", "Dua", "Tiga", "Empat", "Lima", "Enam", "Tujuh", "Delapan", "Sembilan", "Sepuluh", "Sebelas"];
    let join = |front: String, rest: u32| if rest == 0 { front } else { format!("{front} {}", in_words(rest)) };
    match number {
        0..=11 => ONES.get(number as usize).map_or_else(String::new, |&word| word.to_owned()),
        12..=19 => format!("{} Belas", in_words(number - 10)),
        20..=99 => join(format!("{} Puluh", in_words(number / 10)), number % 10),
        100..=199 => join("Seratus".to_owned(), number - 100),
        200..=999 => join(format!("{} Ratus", in_words(number / 100)), number % 100),
        1000..=1999 => join("Seribu".to_owned(), number - 1000),
        _ => join(format!("{} Ribu", in_words(number / 1000)), number % 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_keeps_their_number() {
        let mut people = People::default();
        let budi = people.of(&Speaker::One("Budi".to_owned()));
        let crowd = people.of(&Speaker::Crowd { name: "x".to_owned(), size: 3 });
        assert_eq!(people.of(&Speaker::One("Budi".to_owned())), budi);
        assert_eq!(people.of(&Speaker::Member { name: "x".to_owned(), number: 3 }), crowd[2..]);
        assert_ne!(crowd[0].contact, budi[0].contact);
        assert_eq!(budi[0].contact.as_str(), "6281200000001");
        for person in [&budi[0], &crowd[1]] {
            assert_eq!(people.owner(&person.contact).as_ref(), Some(person));
        }
        assert_eq!(crowd[1].speaker(), Speaker::Member { name: "x".to_owned(), number: 2 });
    }

    #[test]
    fn numbers_are_said_as_people_say_them() {
        for (number, words) in [
            (1, "Satu"),
            (11, "Sebelas"),
            (12, "Dua Belas"),
            (21, "Dua Puluh Satu"),
            (50, "Lima Puluh"),
            (100, "Seratus"),
            (999, "Sembilan Ratus Sembilan Puluh Sembilan"),
            (1000, "Seribu"),
            (2300, "Dua Ribu Tiga Ratus"),
        ] {
            assert_eq!(in_words(number), words);
        }
    }
}
