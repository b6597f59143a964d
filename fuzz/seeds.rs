//! Writes the seed corpus: every labelled message, every format's pattern and every word of the vocabulary, as files that
//! the targets take. `seeds FOLDER` makes one folder in it for each target.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

use chrono::NaiveDate;
use serde::Deserialize;

#[derive(Deserialize)]
struct Corpus {
    message: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    office: String,
    sent: String,
    text: String,
}

/// Writes each seed to a file of its own.
fn write(folder: &Path, seeds: &[Vec<u8>]) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    for (number, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("seed-{number:04}")), seed)?;
    }
    println!("{:>5} seeds in {}", seeds.len(), folder.display());
    Ok(())
}

/// What the target `reader` takes: the office, the day of sending from the start of 2017, the message.
fn for_reader(message: &Message) -> Result<Vec<u8>, Box<dyn Error>> {
    let first = NaiveDate::from_ymd_opt(2017, 1, 1).ok_or("no such day")?;
    let days = u16::try_from((message.sent.parse::<NaiveDate>()? - first).num_days())?;
    let mut seed = vec![u8::from(message.office == "batam")];
    seed.extend(days.to_be_bytes());
    seed.extend(message.text.as_bytes());
    Ok(seed)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("where to: seeds FOLDER")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut reader, mut commands, mut patterns) = (Vec::new(), Vec::new(), Vec::new());
    for file in fs::read_dir(root.join("fixtures/messages"))? {
        let corpus: Corpus = toml::from_str(&fs::read_to_string(file?.path())?)?;
        for message in &corpus.message {
            reader.push(for_reader(message)?);
            commands.push(message.text.as_bytes().to_vec());
        }
    }
    for file in fs::read_dir(root.join("grammar/formats"))? {
        let format: BTreeMap<String, toml::Value> = toml::from_str(&fs::read_to_string(file?.path())?)?;
        patterns.extend(format.get("pattern").and_then(toml::Value::as_str).map(|line| line.as_bytes().to_vec()));
    }
    let vocabulary = fs::read_to_string(root.join("grammar/vocabulary.toml"))?;
    let words = vocabulary.lines().filter(|line| !line.starts_with('#')).flat_map(|line| line.split('"').skip(1).step_by(2));
    for word in words {
        patterns.push(format!("#Nama#{word}").into_bytes());
        commands.push(word.as_bytes().to_vec());
    }
    let folder = Path::new(&folder);
    write(&folder.join("reader"), &reader)?;
    write(&folder.join("commands"), &commands)?;
    write(&folder.join("pattern"), &patterns)
}
