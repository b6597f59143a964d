//! Rehearsals: every message is counted once, and what changes is told with its reason.

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use proptest::prelude::*;

use crate::grammar::format::Format;
use crate::grammar::rehearsal::result::{Rehearsal, Tally, TrialMessage};
use crate::grammar::rehearsal::run::Trial;

/// Longest rehearsal of a thousand messages, where the program is optimised.
const THOUSAND_MAX: Duration = Duration::from_millis(200);

fn sent() -> NaiveDate {
    "2026-08-03".parse().expect("a date")
}

fn format(text: &str) -> Format {
    Format::from_toml(text).expect("a format")
}

fn line(pattern: &str) -> Format {
    format(&format!("id = \"x\"\npattern = \"{pattern}\"\n"))
}

fn messages(texts: &[&str]) -> Vec<TrialMessage> {
    texts.iter().map(|text| TrialMessage { text: (*text).to_owned(), sent_on: sent() }).collect()
}

fn compared(in_force: &[&Format], draft: &Format, texts: &[&str]) -> Rehearsal {
    Trial { draft, in_force }.run(&messages(texts))
}

/// Kind, piece, count and first message of each group.
fn told(groups: &[super::result::Group]) -> Vec<(&'static str, Option<&str>, usize, Option<usize>)> {
    let told = groups.iter().map(|group| {
        (group.kind, group.field.as_deref(), group.count, group.examples.first().map(|example| example.message))
    });
    told.collect()
}

// Negative control: with `differing` that finds nothing, the last draft changes nothing.
#[test]
fn what_a_draft_loses_gains_and_reads_otherwise_is_told_apart() {
    let in_force = line("#Nama#TglLahir");
    let draft = line("#Nama#TglLahir#[Email]");
    let texts = ["#Budi#25011987", "#Siti#05121990#siti@example.id", "#Rina#31061990", "batal", "halo"];
    let result = compared(&[&in_force], &draft, &texts);
    assert_eq!(result.before, Some(Tally { read: 1, repaired: 0, asked: 0, misread: 2, other: 2 }));
    assert_eq!(result.after, Tally { read: 2, repaired: 0, asked: 0, misread: 1, other: 2 });
    assert_eq!(told(&result.gained), [("surplus", None, 1, Some(1))]);
    assert_eq!(told(&result.failures), [("no-such-day", Some("TglLahir"), 1, Some(2))]);
    assert!(result.lost.is_empty() && result.changed.is_empty());

    let with_email = line("#Nama#TglLahir#Email");
    let result = compared(&[&in_force], &with_email, &["#Budi#25011987", "#Rina#25011990", "#Siti#5 Mei 1990"]);
    assert_eq!(told(&result.lost), [("missing", Some("Email"), 3, Some(0))]);
    assert_eq!(result.lost[0].examples.len(), 3);
    assert_eq!((Rehearsal::count(&result.lost), result.after.misread), (3, 3));

    let swapped = line("#Alamat#Nama");
    let result = compared(&[&line("#Nama#Alamat")], &swapped, &["#Budi Santoso#Taman Melati"]);
    assert_eq!(told(&result.changed), [("value", Some("Alamat"), 1, Some(0))]);
}

// Negative control: with the draft among the others in `run`, it clashes with itself.
#[test]
fn the_draft_stands_in_the_place_of_its_own_format_and_clashes_with_others_only() {
    let own = format("id = \"x\"\npattern = \"#Nama#TglLahir\"");
    let other = format("id = \"keluarga\"\npattern = \"#Nama#TglLahir#Jumlah\"");
    let draft = format("id = \"x\"\npattern = \"#Nama#TglLahir#[Jumlah]\"");
    let texts = ["#Budi#25011987", "#Siti#05121990#3", "#Rina#05121990#2"];
    let result = compared(&[&own, &other], &own, &texts);
    assert!(result.clashes.is_empty(), "{:?}", result.clashes);
    let result = compared(&[&own, &other], &draft, &texts);
    let clash = &result.clashes[0];
    assert_eq!((clash.format.as_str(), clash.count, clash.message), ("keluarga", 2, Some(1)));
    assert!(clash.invented.as_deref().is_some_and(|text| text.contains("Budi Santoso")), "{clash:?}");
    assert_eq!(result.named().collect::<Vec<_>>(), [1]);
}

#[test]
fn reasons_beyond_those_that_are_listed_are_counted() {
    let draft = line("#Nama#TglLahir#TglKedatangan#Email#Telepon#NIK#Alamat#Sesi");
    let good =
        ["Budi", "25011987", "10082026", "b@example.id", "081200000001", "3171012501870001", "Jl. Melati 5", "pagi"];
    let bad = [
        (0, "B1"),
        (0, "12345"),
        (1, "31061987"),
        (1, "x"),
        (1, "25012030"),
        (1, "01011800"),
        (2, "01082026"),
        (2, "x"),
        (3, "x"),
        (4, "1"),
        (5, "1"),
        (6, "..."),
        (7, "malam"),
    ];
    let texts: Vec<String> = bad
        .iter()
        .map(|(at, value)| {
            let mut pieces = good;
            pieces[*at] = value;
            format!("#{}", pieces.join("#"))
        })
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let result = compared(&[], &draft, &texts);
    assert_eq!(result.before, None);
    assert_eq!(Rehearsal::count(&result.failures), result.after.misread + result.after.asked);
    let last = result.failures.last().expect("groups");
    assert!(result.failures.len() == 11 && last.kind == "rest" && last.examples.is_empty(), "{:?}", result.failures);
}

#[test]
fn every_shipped_line_reads_or_repairs_its_own_example_however_it_is_written() {
    for format in Format::shipped() {
        let result = Trial { draft: &format, in_force: &[] }.run(&format.ways(sent()));
        assert_eq!(result.failures, [], "{}", format.line());
        assert!(
            result.messages >= 10 && result.after.read + result.after.repaired + result.after.asked == result.messages
        );
    }
}

#[test]
fn the_examples_of_a_file_are_messages_to_try() {
    let shipped = Format::shipped();
    let format = shipped.iter().find(|format| format.id().as_str() == "nama-lahir-kedatangan").expect("shipped");
    let messages = format.example_messages();
    assert_eq!(
        (messages[0].text.as_str(), messages[0].sent_on.to_string().as_str()),
        ("#Budi#25011987#07082017", "2017-08-01")
    );
    let result = Trial { draft: format, in_force: &[format] }.run(&messages);
    assert!(result.after.read > 0 && result.after.misread > 0);
}

proptest! {
    #[test]
    fn every_message_is_counted_once_and_the_same_format_changes_nothing(
        texts in prop::collection::vec("(#?(Budi|Siti|[a-zA-Z0-9 .]{0,12})[#*]){0,4}(050607|25011987|besok|[^#]{0,8})", 0..20),
    ) {
        let (one, other) = (line("#Nama#TglLahir#[TglKedatangan]"), format("id = \"y\"\npattern = \"REG Nama*Alamat\""));
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let result = compared(&[&one, &other], &one, &texts);
        let Tally { read, repaired, asked, misread, other } = result.after;
        prop_assert_eq!(read + repaired + asked + misread + other, texts.len());
        prop_assert_eq!(result.before, Some(result.after));
        prop_assert!(result.lost.is_empty() && result.gained.is_empty() && result.changed.is_empty());
        prop_assert_eq!(Rehearsal::count(&result.failures), asked + misread);
    }
}

/// A thousand messages as citizens write them: the labelled ones of `fixtures/messages`, again and again.
fn thousand() -> Vec<TrialMessage> {
    let corpus: toml::Table = toml::from_str(include_str!("../../../fixtures/messages/corpus.toml")).expect("a corpus");
    let part = |message: &toml::Value, key: &str| message.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let of = |message: &toml::Value| {
        let sent_on = part(message, "sent")?.parse().ok()?;
        Some(TrialMessage { text: part(message, "text")?, sent_on })
    };
    let all: Vec<TrialMessage> = corpus.values().filter_map(toml::Value::as_array).flatten().filter_map(of).collect();
    assert!(all.len() > 100, "{}", all.len());
    all.into_iter().cycle().take(1000).collect()
}

/// Prints how long a thousand messages take: `cargo test --release --lib grammar::rehearsal::tests::a_thousand -- --nocapture`. What is
/// not optimised is not judged by its time.
#[test]
fn a_thousand_messages_are_rehearsed_while_somebody_types() {
    let messages = thousand();
    let shipped = Format::shipped();
    let in_force: Vec<&Format> = shipped
        .iter()
        .filter(|format| ["nama-lahir-kedatangan", "batam-e-paspor"].contains(&format.id().as_str()))
        .collect();
    let draft = format("id = \"nama-lahir-kedatangan\"\npattern = \"#Nama#TglLahir#TglKedatangan#[Email]\"");
    let began = Instant::now();
    let result = Trial { draft: &draft, in_force: &in_force }.run(&messages);
    let took = began.elapsed();
    println!("a thousand messages in {took:?}: {:?}, before {:?}", result.after, result.before);
    assert!(result.messages == 1000 && result.after.read > 0 && result.after.misread > 0);
    assert!(cfg!(debug_assertions) || took <= THOUSAND_MAX, "{took:?}");
}
