//! A rehearsal in words: counts, what changes, why messages are not read.

use std::collections::BTreeMap;

use super::texts::Texts;
use super::words;
use crate::conversation::Lang;
use crate::grammar::{Clash, Group, Rehearsal, Tally};

/// A rehearsal, as the page shows it.
pub(super) struct Shown {
    pub(super) title: &'static str,
    pub(super) messages: usize,
    pub(super) has_before: bool,
    pub(super) rows: Vec<Row>,
    pub(super) changes: Vec<Change>,
    pub(super) failures: Vec<Reason>,
    pub(super) clashes: Vec<ShownClash>,
}

/// A count, before and after.
pub(super) struct Row {
    pub(super) word: &'static str,
    pub(super) before: usize,
    pub(super) after: usize,
}

/// Messages that come out otherwise.
pub(super) struct Change {
    pub(super) count: usize,
    pub(super) word: &'static str,
    pub(super) is_bad: bool,
    pub(super) reasons: Vec<Reason>,
}

/// A reason with some messages.
pub(super) struct Reason {
    pub(super) count: usize,
    pub(super) text: String,
    pub(super) examples: Vec<Example>,
}

/// A message: what stands before the place, at it, and behind it.
pub(super) struct Example {
    pub(super) before: String,
    pub(super) at: String,
    pub(super) behind: String,
}

/// Another format that reads the same.
pub(super) struct ShownClash {
    pub(super) format: String,
    pub(super) count: usize,
    pub(super) message: Option<String>,
}

/// Puts a result in words; `texts` are the messages that may be shown, by their place.
pub(super) fn shown(
    (t, lang): (&Texts, Lang),
    title: &'static str,
    result: &Rehearsal,
    texts: &BTreeMap<usize, String>,
) -> Shown {
    let reasons = |groups: &[Group]| groups.iter().map(|group| reason(lang, group, texts)).collect::<Vec<_>>();
    let change = |groups: &[Group], word: &'static str, is_bad: bool| Change {
        count: Rehearsal::count(groups),
        word,
        is_bad,
        reasons: reasons(groups),
    };
    let all = [
        change(&result.lost, t.lost, true),
        change(&result.changed, t.changed, true),
        change(&result.gained, t.gained, false),
    ];
    let clash = |clash: &Clash| ShownClash {
        format: clash.format.to_string(),
        count: clash.count,
        message: clash.message.and_then(|at| texts.get(&at).cloned()).or_else(|| clash.invented.clone()),
    };
    Shown {
        title,
        messages: result.messages,
        has_before: result.before.is_some(),
        rows: rows(t, result.before.unwrap_or_default(), result.after),
        changes: all.into_iter().filter(|change| change.count > 0).collect(),
        failures: reasons(&result.failures),
        clashes: result.clashes.iter().map(clash).collect(),
    }
}

fn rows(t: &Texts, before: Tally, after: Tally) -> Vec<Row> {
    let row = |word, of: fn(&Tally) -> usize| Row { word, before: of(&before), after: of(&after) };
    vec![
        row(t.read, |tally| tally.read),
        row(t.repaired, |tally| tally.repaired),
        row(t.asked, |tally| tally.asked),
        row(t.misread, |tally| tally.misread),
        row(t.others, |tally| tally.other),
    ]
}

fn reason(lang: Lang, group: &Group, texts: &BTreeMap<usize, String>) -> Reason {
    let kind = words::kind(lang, group.kind);
    let text = group.field.as_ref().map_or_else(|| kind.to_owned(), |field| format!("{field}: {kind}"));
    let example = |example: &crate::grammar::Example| {
        let text = texts.get(&example.message)?;
        let (from, until) = example.at.unwrap_or((0, 0));
        let part = |skip: usize, take: usize| text.chars().skip(skip).take(take).collect::<String>();
        Some(Example {
            before: part(0, from),
            at: part(from, until.saturating_sub(from)),
            behind: part(until.max(from), usize::MAX),
        })
    };
    Reason { count: group.count, text, examples: group.examples.iter().filter_map(example).collect() }
}

#[cfg(test)]
mod tests {
    use super::super::texts::texts;
    use super::*;
    use crate::grammar::{Format, Trial, TrialMessage};

    // Negative control: with `gained` in place of `lost` in `shown`, nothing is lost.
    #[test]
    fn what_is_lost_is_said_first_with_its_place() {
        let in_force = Format::from_toml("id = \"x\"\npattern = \"#Nama#TglLahir\"").unwrap();
        let draft = Format::from_toml("id = \"x\"\npattern = \"#Nama#TglLahir#Email\"").unwrap();
        let sent_on = "2026-08-03".parse().unwrap();
        let message = |text: &str| TrialMessage { text: text.to_owned(), sent_on };
        let messages = [message("#Budi#25011987"), message("#Siti#31061990#x@example.id"), message("#Rina#25011987")];
        let result = Trial { draft: &draft, in_force: &[&in_force] }.run(&messages);
        let seen = messages.iter().map(|message| message.text.clone()).enumerate().collect();
        let shown = shown((texts(Lang::Id), Lang::Id), "", &result, &seen);
        let lost = &shown.changes[0];
        assert!(lost.is_bad && lost.count == 2 && lost.reasons[0].text == "Email: bagian ini tidak ada");
        assert_eq!(
            shown.rows.iter().map(|row| (row.before, row.after)).collect::<Vec<_>>(),
            [(2, 0), (0, 0), (0, 0), (1, 3), (0, 0)]
        );
        let birth = shown.failures.iter().find(|reason| reason.text.starts_with("TglLahir")).unwrap();
        let Example { before, at, behind } = &birth.examples[0];
        assert_eq!((before.as_str(), at.as_str(), behind.as_str()), ("#Siti#", "31061990", "#x@example.id"));
    }
}
