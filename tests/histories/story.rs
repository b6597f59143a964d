//! Writes a history as a `.chat` story, as far as that language can say it. What it cannot say stands as a remark.

use std::fmt::Write;

use super::action::{Act, Action, Answer};
use super::profile::Profile;
use super::texts::NAMES;
use super::world::{Played, Said};

/// The story of a history. Its answers are what the citizens were told in it.
pub fn story(profile: &Profile, actions: &[Action], played: &Played) -> String {
    let why = played.finding.as_ref().map_or("no promise is broken", |(_, finding)| finding.as_str());
    let mut story = format!("# why: a simulated history broke a promise: {}\n# {profile}\n", one_line(why));
    story += "office bogor\nclock 2026-08-03 09:00\n";
    for (key, value) in &profile.rules {
        writeln!(story, "set {key} = {value}").expect("a string");
    }
    story += "set reschedule_days_before = 0\nset quiet = none\nnotices on\n\n";
    for (place, action) in actions.iter().enumerate() {
        let said = played.talk.get(place).map_or(&[][..], Vec::as_slice);
        action_in_words(&mut story, action, said);
    }
    story
}

fn action_in_words(story: &mut String, action: &Action, said: &[Said]) {
    let mut remark = |text: String| writeln!(story, "# {text}").expect("a string");
    if let Some(point) = action.crash {
        remark(format!("node {} dies at point {point} of this:", action.node));
    }
    match &action.act {
        Act::Write { .. } | Act::Rush { .. } | Act::Tend => {}
        Act::Wait { seconds } => {
            writeln!(story, "wait {}m", (seconds + 59) / 60).expect("a string");
        }
        Act::Repeat { back: 0, count } => writeln!(story, "redeliver {count}").expect("a string"),
        Act::Send { answers } => {
            for answer in answers {
                let fault = match answer {
                    Answer::LostAfter => "fail send lost",
                    Answer::Passing => "fail send",
                    Answer::TooFast { .. } => "fail send throttled",
                    Answer::Refused => "fail send refused",
                    Answer::Closed => "fail send closed",
                    Answer::Broken => "fail send broken",
                    Answer::Accepted => continue,
                    other => {
                        writeln!(story, "# the provider answers {other:?}").expect("a string");
                        continue;
                    }
                };
                writeln!(story, "# a story says this before the message that is answered:\n# {fault}")
                    .expect("a string");
            }
        }
        Act::Ticket { answers: true } => story.push_str("# officer answers NAME: Silakan datang besok.\n"),
        Act::Ticket { answers: false } => story.push_str("# officer closes NAME\n"),
        other => remark(format!("{other:?}")),
    }
    for said in said {
        let name = NAMES[said.who % NAMES.len()];
        let sign = if said.by_citizen { '>' } else { '<' };
        let text = said.text.replace('{', "{{").replace('\n', "\n  ");
        writeln!(story, "{name} {sign} {text}").expect("a string");
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
