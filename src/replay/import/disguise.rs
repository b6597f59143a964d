//! Masks everybody in one message, so that it can become an example of a format.

use chrono::NaiveDate;

use super::anonymize::{Anonymizer, office_words};
use crate::domain::office::Office;
use crate::grammar::{self, Format};

/// A message in which nobody can be recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisguisedMessage {
    /// What it says.
    pub text: String,
    /// What still has the form of personal data: what it may be, and its shape without letters and digits.
    pub left: Vec<String>,
}

/// The message `text`, sent to an office on a day, with everybody in it masked.
pub fn disguise(formats: &[&Format], office: &Office, text: &str, sent: NaiveDate) -> DisguisedMessage {
    let own = office_words(&office.name, office.id.as_str());
    let mut anonymizer = Anonymizer::new(text, sent, &own);
    anonymizer.learn(&grammar::read(formats, text, sent), text, true);
    let anonymizer = anonymizer.finished();
    let written = anonymizer.sent(text, Vec::new());
    // As the speech of a story, which is what leftovers are looked for in.
    let speech: String = written.lines().map(|line| format!("  {line}\n")).collect();
    let left = anonymizer.leftovers(&speech).into_iter().map(|left| format!("{}: {}", left.kind, left.shape)).collect();
    DisguisedMessage { text: written.replace("{{", "{"), left }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::office::OfficeId;
    use crate::roster::Roster;

    // Negative control: without `learn`, the name stays.
    #[test]
    fn nobody_is_recognised_and_the_mistake_stays() {
        let roster = Roster::shipped().unwrap();
        let office = &roster.offices[&OfficeId::read("bogor").unwrap()];
        let formats = roster.formats_of(office);
        let sent = NaiveDate::from_ymd_opt(2026, 8, 3).unwrap();
        let DisguisedMessage { text, left } = disguise(&formats, office, "#Zainuddin Alkhairi#31061991#10082026", sent);
        assert!(!text.contains("Zainuddin") && !text.contains("Alkhairi") && !text.contains("1991"), "{text}");
        assert!(text.starts_with('#') && text.matches('#').count() == 3, "{text}");
        assert_eq!(left, Vec::<String>::new(), "{text}");
    }

    #[test]
    fn what_cannot_be_masked_is_told_by_its_shape() {
        let roster = Roster::shipped().unwrap();
        let office = &roster.offices[&OfficeId::read("bogor").unwrap()];
        let formats = roster.formats_of(office);
        let sent = NaiveDate::from_ymd_opt(2026, 8, 3).unwrap();
        let found = disguise(&formats, office, "saya titip ke Zainuddin Alkhairi ya, {halo}", sent);
        assert!(found.text.contains("{halo}"), "{}", found.text);
        let is_hidden = !found.text.contains("Zainuddin");
        assert!(is_hidden || !found.left.is_empty(), "{found:?}");
    }
}
