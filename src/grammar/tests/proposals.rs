//! Proposed lines against any form of any line.

use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::any_form::{draw_format, draw_lines};
use super::*;
use crate::domain::office::FormatId;

/// Messages that a line is proposed from.
const MESSAGES: usize = 4;

fn id() -> FormatId {
    FormatId::read("usul").expect("an id")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_proposed_line_reads_its_examples(seed: u64) {
        let mut rng = StdRng::seed_from_u64(seed);
        let Some((format, _)) = draw_format(&mut rng) else { return Ok(()) };
        let lines = draw_lines(&mut rng, &format, MESSAGES);
        let texts: Vec<&str> = lines.iter().map(String::as_str).collect();
        if let Ok(proposal) = propose(&texts, sent(), &id()) {
            let read_back = Format::from_toml(&proposal.file).expect("the file reads");
            prop_assert_eq!(read_back.line(), proposal.line.as_str());
            prop_assert!(check(&read_back).is_empty());
            let days = |text: &str| {
                let last = text.split(|c: char| !c.is_ascii_digit()).filter_map(|run| NaiveDate::parse_from_str(run, "%d%m%Y").ok()).max();
                [Some(sent()), last.and_then(|day| day.pred_opt())]
            };
            for text in texts {
                let reads = days(text).into_iter().flatten().any(|day| {
                    matches!(read(&[&read_back], text, day), Request::Form(_) | Request::Ask(_))
                });
                prop_assert!(reads, "{} by {}", text, proposal.line);
            }
        }
    }

    // Any text at all: an answer, and soon.
    #[test]
    fn anything_gets_an_answer(texts in prop::collection::vec("([#*;,a-zA-Z0-9: .@\n]{0,40}){0,4}", 0..6)) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let began = std::time::Instant::now();
        let _ = propose(&texts, sent(), &id());
        prop_assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", texts);
    }
}

// A search that finds nothing would keep the promise above too.
#[test]
fn most_forms_of_most_lines_give_a_line() {
    let (mut drawn, mut found) = (0, 0);
    for seed in 0..120 {
        let mut rng = StdRng::seed_from_u64(seed);
        let Some((format, _)) = draw_format(&mut rng) else { continue };
        let lines = draw_lines(&mut rng, &format, MESSAGES);
        let texts: Vec<&str> = lines.iter().map(String::as_str).collect();
        if texts.len() == MESSAGES {
            drawn += 1;
            found += usize::from(propose(&texts, sent(), &id()).is_ok());
        }
    }
    println!("{found} of {drawn}");
    assert!(drawn > 80 && found * 3 >= drawn * 2, "{found} of {drawn}");
}
