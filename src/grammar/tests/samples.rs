//! The printed samples of `grammar/samples.toml`.

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Samples {
    sample: Vec<Sample>,
}

#[derive(Deserialize)]
struct Sample {
    trap: String,
    formats: Vec<String>,
    text: String,
    sent: NaiveDate,
    gives: String,
}

#[test]
fn every_printed_sample_gives_what_it_must() {
    let samples: Samples = toml::from_str(include_str!("../../../grammar/samples.toml")).expect("readable samples");
    for Sample { trap, formats, text, sent, gives } in samples.sample {
        let formats: Vec<Format> = formats.iter().map(|id| shipped(id)).collect();
        let formats: Vec<&Format> = formats.iter().collect();
        assert_eq!(described(&formats, &read(&formats, &text, sent)), gives, "{trap}: {text}");
    }
}
