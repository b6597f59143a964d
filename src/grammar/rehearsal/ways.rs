//! Messages to try a format on where none are at hand: those of its file, and its filled example in the ways that people write it.

use chrono::{Days, NaiveDate};

use crate::grammar::format::Format;
use crate::grammar::rehearsal::result::TrialMessage;

/// How far ahead the filled example asks for a visit.
const AHEAD: Days = Days::new(7);
/// The birth date of the filled example, as most formats take it.
const BORN: &str = "25011987";

impl Format {
    /// The format's own filled example in the ways that people write it.
    pub fn ways(&self, sent_on: NaiveDate) -> Vec<TrialMessage> {
        let visit = sent_on.checked_add_days(AHEAD).unwrap_or(sent_on);
        let example = self.example(visit);
        let mark = self.mark();
        let mut ways = vec![example.clone(), example.to_lowercase(), example.to_uppercase()];
        if mark == '#' {
            ways.extend(ways_around(&example));
        } else {
            let between = |to: &str| example.replace(mark, to);
            ways.extend([between(&format!(" {mark} ")), format!("Assalamualaikum min, {example}")]);
            ways.push(format!("{example}\nterima kasih"));
        }
        let dashed = visit.format("%d-%m-%Y").to_string();
        let compact = visit.format("%d%m%Y").to_string();
        if example.contains(BORN) {
            ways.push(example.replace(BORN, "25-01-1987").replace(&compact, &dashed));
            ways.extend(["25 Januari 1987", "25O11987", "250187"].map(|born| example.replace(BORN, born)));
        }
        ways.into_iter().map(|text| TrialMessage { text, sent_on }).collect()
    }

    /// The messages of the examples in the format's file, each on its own day.
    pub fn example_messages(&self) -> Vec<TrialMessage> {
        let examples = self.examples();
        let reads = examples.reads.iter().map(|(_, example)| (&example.text, example.sent));
        let asks = examples.asks.iter().map(|(_, example)| (&example.text, example.sent));
        let misreads = examples.misreads.iter().map(|(_, example)| (&example.text, example.sent));
        let all = reads.chain(asks).chain(misreads);
        all.map(|(text, sent_on)| TrialMessage { text: text.clone(), sent_on }).collect()
    }
}

/// Ways to write the mark `#`, and what people put around a form.
fn ways_around(example: &str) -> Vec<String> {
    let bare = example.trim_start_matches('#');
    vec![
        bare.to_owned(),
        format!("#{bare}#"),
        format!("##{}", bare.replace('#', "##")),
        format!("# {}", bare.replace('#', " # ")),
        format!("#{}", bare.replace('#', "\n#")),
        bare.replace('#', "\n"),
        format!("Assalamualaikum min, #{bare}"),
        format!("#{bare}\nterima kasih"),
        format!("*#{bare}*"),
        format!("#{}", bare.replace('#', "＃")),
        bare.replace('#', ";"),
    ]
}
