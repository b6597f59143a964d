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

/// What the target `webhook` takes: a byte that chooses the provider, and a body. Each body is given to each provider.
fn webhooks(root: &Path) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let mut bodies = vec![
        br#"{"event":"message","device_id":"62811@s.whatsapp.net","payload":{"id":"A","from":"62812@s.whatsapp.net","from_lid":"1@lid","timestamp":"2026-11-22T03:00:00Z","body":"x","image":{"path":"statics/a.jpeg","caption":"c"}}}"#.to_vec(),
        br#"{"event":"message.ack","device_id":"62811@s.whatsapp.net","payload":{"ids":["A"],"receipt_type":"read"}}"#.to_vec(),
        br#"{"event":"message","session":"s","me":{"id":"62811@c.us"},"payload":{"id":"false_62812@c.us_A","timestamp":1795316400,"from":"62812@c.us","fromMe":false,"body":"x","hasMedia":true,"media":{"url":"http://h/api/files/s/a.jpeg","mimetype":"image/jpeg"}}}"#.to_vec(),
        br#"{"event":"message.ack","session":"s","payload":{"id":"true_62812@c.us_A","ack":3}}"#.to_vec(),
        br#"{"device":"62811","sender":"62812","message":"x","inboxid":0,"type":"text","url":"","location":"","isgroup":false,"timestamp":1795316400}"#.to_vec(),
        br#"{"update_id":1,"message":{"message_id":1,"from":{"id":9,"is_bot":false},"chat":{"id":9,"type":"private"},"date":1795316400,"text":"x"}}"#.to_vec(),
        br#"{"update_id":1,"callback_query":{"id":"1","from":{"id":9,"is_bot":false},"data":"ya"}}"#.to_vec(),
        b"MessageSid=SM1&From=whatsapp%3A%2B62812&To=whatsapp%3A%2B62811&Body=x&NumMedia=1&MediaUrl0=https%3A%2F%2Fa%2Fb&MediaContentType0=image%2Fjpeg".to_vec(),
        b"MessageSid=SM1&MessageStatus=read&From=whatsapp%3A%2B62811".to_vec(),
    ];
    for file in fs::read_dir(root.join("fixtures/webhooks/whatsapp_cloud"))? {
        bodies.push(fs::read(file?.path())?);
    }
    let with_choice = |(number, body): (usize, &Vec<u8>)| {
        let choice = u8::try_from(number % 6).unwrap_or_default() | if number % 2 == 0 { 0x80 } else { 0 };
        [&[choice], body.as_slice()].concat()
    };
    Ok((0..6)
        .flat_map(|first| bodies.iter().enumerate().map(move |(at, body)| with_choice((first + at, body))))
        .collect())
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
    let words =
        vocabulary.lines().filter(|line| !line.starts_with('#')).flat_map(|line| line.split('"').skip(1).step_by(2));
    for word in words {
        patterns.push(format!("#Nama#{word}").into_bytes());
        commands.push(word.as_bytes().to_vec());
    }
    let folder = Path::new(&folder);
    write(&folder.join("reader"), &reader)?;
    write(&folder.join("commands"), &commands)?;
    write(&folder.join("webhook"), &webhooks(&root)?)?;
    write(&folder.join("pattern"), &patterns)
}
