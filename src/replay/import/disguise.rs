//! Masks everybody in one message, so that it can become an example of a format.

use std::ops::Range;

use chrono::NaiveDate;

use super::anonymize::{Anonymizer, office_words};
use crate::domain::office::Office;
use crate::grammar::{self, Format, Misread, MisreadKind, Request};

/// A message in which nobody can be recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DisguisedMessage {
    /// What it says.
    pub(super) text: String,
    /// What still has the form of personal data: what it may be, and its shape without letters and digits.
    pub(super) left: Vec<String>,
}

/// Years that take the place of that of a day that no calendar has; the first that is another one.
const YEARS: [&str; 2] = ["1985", "1979"];
/// Stands for what was replaced with care, where leftovers are looked for.
const REPLACED: &str = "{mistake}";

/// The message `text`, sent to an office on a day, with everybody in it masked. A day that no calendar has keeps its day and month,
/// which are nobody's, so that the message is still misread in the same way.
pub(super) fn disguise(formats: &[&Format], office: &Office, text: &str, sent: NaiveDate) -> DisguisedMessage {
    // What stands in braces is not looked at in a story.
    let text = text.replace('{', "(").replace('}', ")");
    let own = office_words(&office.name, office.id.as_str());
    let mut anonymizer = Anonymizer::new(&text, sent, &own);
    let request = grammar::read(formats, &text, sent);
    anonymizer.learn(&request, &text, true);
    let anonymizer = anonymizer.finished();
    let kept = impossible_day(&request, &text);
    let with = |replacement: &dyn Fn(&str) -> String| {
        let fixed = kept.iter().map(|(at, day)| (at.clone(), replacement(day)));
        anonymizer.sent(&text, fixed.collect())
    };
    // As the speech of a story, which is what leftovers are looked for in.
    let blank = with(&|_| REPLACED.to_owned());
    let speech: String = blank.lines().flat_map(|line| ["  ", line, "\n"]).collect();
    let left = anonymizer.leftovers(&speech).into_iter().map(|left| format!("{}: {}", left.kind, left.shape)).collect();
    DisguisedMessage { text: with(&str::to_owned), left }
}

/// Where a message has a day that no calendar has, and the same with another year.
fn impossible_day(request: &Request, text: &str) -> Option<(Range<usize>, String)> {
    let Request::Misread(Misread { kind: MisreadKind::NoSuchDay, at, .. }) = request else { return None };
    let byte = |place: usize| text.char_indices().map(|(byte, _)| byte).chain([text.len()]).nth(place);
    let at = byte(at.0)?..byte(at.1)?;
    let written = text.get(at.clone())?;
    let digits = written.chars().filter(char::is_ascii_digit).count();
    let behind = written.len() - written.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    // 31061987 and 31-06-1987, or 310687 and 31-06-87.
    let length = match (digits, behind) {
        (8, 4 | 8) => 4,
        (6, 2 | 6) => 2,
        _ => return None,
    };
    let (front, year) = written.split_at_checked(written.len() - length)?;
    let other = YEARS.into_iter().filter_map(|other| other.get(4 - length..)).find(|other| *other != year)?;
    Some((at, format!("{front}{other}")))
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
        assert!(text.contains("#31061985#"), "{text}");
        assert_eq!(left, Vec::<String>::new(), "{text}");
        for (written, shown) in [("31-6-85", None), ("31-06-85", Some("31-06-79")), ("310687", Some("310685"))] {
            let text = format!("#Zainuddin Alkhairi#{written}#10082026");
            let disguised = disguise(&formats, office, &text, sent);
            assert!(!disguised.text.contains(written), "{disguised:?}");
            assert!(shown.is_none_or(|shown| disguised.text.contains(shown)), "{disguised:?}");
        }
    }

    #[test]
    fn what_cannot_be_masked_is_told_by_its_shape() {
        let roster = Roster::shipped().unwrap();
        let office = &roster.offices[&OfficeId::read("bogor").unwrap()];
        let formats = roster.formats_of(office);
        let sent = NaiveDate::from_ymd_opt(2026, 8, 3).unwrap();
        let found = disguise(&formats, office, "saya titip ke Zainuddin Alkhairi ya, {halo}", sent);
        assert!(!found.text.contains(['{', '}']), "nothing is hidden from the search: {}", found.text);
        let is_hidden = !found.text.contains("Zainuddin");
        assert!(is_hidden || !found.left.is_empty(), "{found:?}");
    }
}
