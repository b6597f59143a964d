//! `antrean person show` and `antrean person export`.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::found::{Asked, Found};
use super::photos::{self, HandedOut};
use crate::app;
use crate::cli::shared::error::CommandError;
use crate::cli::shared::value::{counted, local};
use crate::domain::audit::Act;
use crate::domain::message::Content;
use crate::domain::office::Zone;
use crate::domain::person::Applicant;
use crate::files::Readers;
use crate::storage::Traces;

/// Prints what is kept of somebody.
pub(super) async fn show(asked: &Asked<'_>) -> Result<ExitCode, CommandError> {
    let who = asked.who;
    let found = Found::of(asked, who.json).await?;
    found.record(Act::ViewPerson, asked).await?;
    let mut out = std::io::stdout().lock();
    if who.json {
        serde_json::to_writer_pretty(&mut out, &found.json()).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        print(&found, &mut out)?;
    }
    Ok(if found.contacts.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Writes what is kept of somebody as JSON, with their photos: in a folder beside the file, or as base64 where there is no file. The exit
/// code is 1 where a photo is missing.
pub(super) async fn export(asked: &Asked<'_>, to: Option<&Path>) -> Result<ExitCode, CommandError> {
    let found = Found::of(asked, true).await?;
    found.record(Act::ExportPerson, asked).await?;
    if found.contacts.is_empty() {
        eprintln!("antrean: nothing is kept of them");
        return Ok(ExitCode::from(1));
    }
    let (kept, folder) = (app::photos(&asked.installation.read()?), to.map(photos::folder_beside));
    let photos: Vec<Vec<HandedOut>> = found.contacts.iter().map(|traces| photos::of(&kept, traces)).collect();
    let json = with_photos(found.json(), &photos, folder.as_deref())?;
    let mut text = serde_json::to_vec_pretty(&json).map_err(std::io::Error::from)?;
    text.push(b'\n');
    let missing: Vec<String> = photos.iter().flatten().filter_map(HandedOut::missing).collect();
    match to.zip(folder) {
        None => std::io::stdout().lock().write_all(&text)?,
        Some((path, folder)) => {
            Readers::Owner.write(path, &text)?;
            let rows = found.contacts.iter().flat_map(|traces| traces.rows.values()).map(Vec::len).sum();
            println!("{} written to {}", counted(rows, "row", "rows"), path.display());
            let written = photos.iter().flatten().count() - missing.len();
            if written > 0 {
                println!("{} written to {}", counted(written, "photo", "photos"), folder.display());
            }
        }
    }
    for missing in &missing {
        eprintln!("antrean: {missing}");
    }
    Ok(ExitCode::from(u8::from(!missing.is_empty())))
}

/// Puts the photos of each contact beside what else is kept of them.
fn with_photos(mut json: Value, photos: &[Vec<HandedOut>], folder: Option<&Path>) -> Result<Value, CommandError> {
    let contacts = json.get_mut("contacts").and_then(Value::as_array_mut);
    for (contact, photos) in contacts.into_iter().flatten().zip(photos) {
        let all = photos.iter().map(|photo| photo.handed_out(folder)).collect::<Result<Vec<_>, _>>()?;
        if let Some(contact) = contact.as_object_mut() {
            contact.insert("photos".to_owned(), Value::Array(all));
        }
    }
    Ok(json)
}

/// What each table holds, in words.
const TABLES: [(&str, &str, &str); 12] = [
    ("booking", "booking", "bookings"),
    ("inbound", "message", "messages"),
    ("inbound_archive", "message in the archive", "messages in the archive"),
    ("outbox", "reply", "replies"),
    ("outbox_archive", "reply in the archive", "replies in the archive"),
    ("media", "photo", "photos"),
    ("ticket", "talk with an officer", "talks with an officer"),
    ("waiting", "wait for a seat", "waits for a seat"),
    ("notice", "notice", "notices"),
    ("set_aside", "message that was set aside", "messages that were set aside"),
    ("unread", "message that could not be read", "messages that could not be read"),
    ("address", "other address", "other addresses"),
];

/// How much is kept of a contact, in words.
pub(super) fn amounts(traces: &Traces) -> Vec<String> {
    let amount = |(table, one, many): (&str, &str, &str)| {
        let rows = traces.of_table(table).len();
        (rows > 0).then(|| counted(rows, one, many))
    };
    TABLES.into_iter().filter_map(amount).collect()
}

fn print(found: &Found, out: &mut impl Write) -> Result<(), CommandError> {
    if found.contacts.is_empty() {
        writeln!(out, "nothing is kept of them")?;
        return Ok(());
    }
    for traces in &found.contacts {
        let office = traces.office.as_ref().map_or("-", |office| office.as_str());
        writeln!(
            out,
            "{} on {} ({office}): {}",
            traces.of.1.as_str(),
            traces.of.0.as_str(),
            amounts(traces).join(", ")
        )?;
        for other in &traces.also {
            writeln!(out, "  also {}", other.as_str())?;
        }
        for line in lines(traces, found.zone(traces)) {
            writeln!(out, "  {line}")?;
        }
    }
    for named in &found.named {
        writeln!(
            out,
            "named on a booking that somebody else made: {} at {}, {}",
            named.date,
            named.office,
            named.state.name()
        )?;
    }
    writeln!(out, "after `antrean person erase` this would stay:")?;
    for stays in found.stays() {
        writeln!(out, "  {}", reason(&stays))?;
    }
    Ok(())
}

/// What stays, and why.
pub(super) fn reason(stays: &Value) -> String {
    let text = |key: &str| stays.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    format!("{}: {}", text("what"), text("why"))
}

/// Bookings, photos, then what was said, in the order of time.
fn lines(traces: &Traces, zone: Zone) -> Vec<String> {
    let text = |row: &serde_json::Map<String, Value>, key: &str| {
        row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let at = |row: &serde_json::Map<String, Value>, key: &str| {
        let us = row.get(key).and_then(Value::as_i64).unwrap_or_default();
        DateTime::<Utc>::from_timestamp_micros(us).unwrap_or_default()
    };
    let mut lines = Vec::new();
    for row in traces.of_table("booking") {
        let applicant: Option<Applicant> = serde_json::from_str(&text(row, "applicant")).ok();
        let names: Vec<String> =
            applicant.iter().flat_map(Applicant::people).map(|person| person.nama.as_str().to_owned()).collect();
        let hour = row.get("hour").and_then(Value::as_i64).unwrap_or_default();
        let (code, date, state) = (text(row, "code"), text(row, "date"), text(row, "state"));
        lines.push(format!("{code}  {date} {hour:02}:00  {state}  {}", names.join(", ")));
    }
    for row in traces.of_table("media") {
        let id = row.get("id").and_then(Value::as_i64).unwrap_or_default();
        let sent = local(at(row, "created_us"), zone);
        lines.push(format!("photo {id}  sent {sent}  {}", photos::standing(row)));
    }
    let mut said: Vec<(DateTime<Utc>, String)> = Vec::new();
    for table in ["inbound", "inbound_archive"] {
        for row in traces.of_table(table) {
            let content = serde_json::from_str::<Content>(&text(row, "content")).ok();
            let words = match content {
                Some(Content::Text(words) | Content::Edited(words)) => words,
                Some(Content::Picture { caption, .. }) => format!("[picture] {}", caption.unwrap_or_default()),
                Some(Content::Other(kind)) => format!("[{kind:?}]"),
                None => "[cannot be read]".to_owned(),
            };
            said.push((at(row, "sent_us"), format!("> {words}")));
        }
    }
    for table in ["outbox", "outbox_archive"] {
        said.extend(
            traces.of_table(table).iter().map(|row| (at(row, "created_us"), format!("< {}", text(row, "text")))),
        );
    }
    said.sort_by_key(|(at, _)| *at);
    // What citizens wrote must not steer the terminal.
    let harmless = |words: &str| words.chars().filter(|&c| c == '\n' || !c.is_control()).collect::<String>();
    let indented = |words: &str| harmless(words).replace('\n', "\n      ");
    lines.extend(said.into_iter().map(|(at, words)| format!("{}  {}", local(at, zone), indented(&words))));
    lines
}

/// The outcome of an erasure, or of its rehearsal, as JSON.
pub(super) fn outcome(found: &Found, state: &str) -> Value {
    let contact = |traces: &Traces| {
        let rows: serde_json::Map<String, Value> =
            traces.rows.iter().map(|(table, rows)| ((*table).to_owned(), json!(rows.len()))).collect();
        json!({
            "channel": traces.of.0.as_str(),
            "office": traces.office.as_ref().map(|office| office.as_str().to_owned()),
            "rows": rows,
        })
    };
    json!({
        "state": state,
        "contacts": found.contacts.iter().map(contact).collect::<Vec<_>>(),
        "stays": found.stays(),
    })
}
