//! The labelled cases of `fixtures/topics`, the file's own mistakes, and the days that a question names.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};
use miette::NamedSource;

use super::file;
use super::file::FILE;
use super::name::{Language, Topic};
use crate::domain::slot::Session;
use crate::grammar::{Format, Reading, Request, reading};

/// Cases that there are at least, and of these such that ask nothing.
const CASES_MIN: (usize, usize) = (400, 150);

fn sent_on() -> NaiveDate {
    "2017-08-01".parse().expect("a date")
}

/// The lines of a file of cases, its comments left out.
fn lines(file: &'static str) -> impl Iterator<Item = String> {
    let is_comment = |line: &&str| line.is_empty() || line.starts_with("# ");
    file.lines().filter(move |line| !is_comment(line)).map(|line| line.replace("\\n", "\n"))
}

fn questions() -> Vec<(String, String)> {
    let split = |line: String| line.split_once('\t').map(|(topics, text)| (topics.to_owned(), text.to_owned()));
    lines(include_str!("../../../fixtures/topics/questions.tsv"))
        .map(|line| split(line).expect("two columns"))
        .collect()
}

fn nothing() -> Vec<String> {
    lines(include_str!("../../../fixtures/topics/none.tsv")).collect()
}

/// What a message is at an office with the ordinary line.
fn read(text: &str) -> Reading {
    let shipped = Format::shipped();
    let ordinary: Vec<&Format> =
        shipped.iter().filter(|format| format.id().as_str() == "nama-lahir-kedatangan").collect();
    reading(&ordinary, text, sent_on())
}

fn names(text: &str) -> String {
    read(text).topics.names().join(",")
}

// Negative control: with a phrase `paspor apa` under `other-passport`, as an earlier list had it, nine cases failed.
#[test]
fn every_labelled_question_gets_its_topics() {
    let mut counts: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let mut failed = Vec::new();
    for (wanted, text) in questions() {
        let found = names(&text);
        let [right, wrong, none] = counts.entry(wanted.clone()).or_default();
        *(if found == wanted {
            right
        } else if found.is_empty() {
            none
        } else {
            wrong
        }) += 1;
        if found != wanted {
            failed.push(format!("{text:?} asks about {wanted}, not {found:?}"));
        }
    }
    for (topics, [right, wrong, none]) in &counts {
        println!("{topics:<24} right {right:>3}  wrong {wrong:>3}  none {none:>3}");
    }
    let asked: Vec<&str> = counts.keys().flat_map(|topics| topics.split(',')).collect();
    for topic in Topic::ALL {
        assert!(asked.contains(&topic.name()), "no case asks about {}", topic.name());
    }
    assert!(failed.is_empty(), "{} of {}: {failed:#?}", failed.len(), questions().len());
}

// Negative control: without `ini` under `telling`, `ini foto saya` asked about photos.
#[test]
fn what_asks_nothing_has_no_topic() {
    let failed: Vec<String> = nothing()
        .iter()
        .map(|text| (text, names(text)))
        .filter(|(_, found)| !found.is_empty())
        .map(|(text, found)| format!("{text:?}: {found}"))
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let (all, none) = CASES_MIN;
    assert!(nothing().len() >= none && nothing().len() + questions().len() >= all);
}

// Negative control: with the questions left in the message, as it was before they were cut out, the forms with one were misread.
#[test]
fn a_question_beside_a_form_or_a_code_spoils_neither() {
    for line in lines(include_str!("../../../fixtures/topics/beside.tsv")) {
        let mut columns = line.splitn(3, '\t');
        let mut column = || columns.next().expect("three columns").to_owned();
        let (kind, topics, text) = (column(), column(), column());
        let Reading { request, topics: found } = read(&text);
        let is = match &request {
            Request::Form(form) => {
                assert_eq!(form.applicant.nama.as_str(), "Budi", "{text}");
                assert_eq!(form.visit, NaiveDate::from_ymd_opt(2017, 8, 7), "{text}");
                "form"
            }
            Request::Misread(_) => "misread",
            Request::Digits(code) => {
                assert_eq!(code, "12345678", "{text}");
                "code"
            }
            Request::Command(_) => "command",
            Request::Question => "question",
            _ => "something else",
        };
        let found = found.names().join(",");
        assert_eq!((is, found.as_str()), (kind.as_str(), topics.trim_matches('-')), "{text:?}: {request:?}");
    }
}

// An address holds nearly anything: only what clearly asks is taken out of it.
// Negative control: with nothing cut out, the questions stay in the addresses.
#[test]
fn an_address_loses_the_question_behind_it_and_nothing_else() {
    let shipped = Format::shipped();
    let batam: Vec<&Format> = shipped.iter().filter(|format| format.id().as_str() == "batam-tanpa-foto").collect();
    for (written, address, topics) in [
        ("Jl. Mawar 5 Batam, syaratnya apa ya?", "Jl. Mawar 5 Batam", "requirements"),
        ("Jl. Mawar 5 Batam syaratnya apa", "Jl. Mawar 5 Batam", "requirements"),
        ("Jl. Mawar 5 Batam\nbiayanya berapa?", "Jl. Mawar 5 Batam", "fee"),
        ("Jl. Kantor Pos No. 3", "Jl. Kantor Pos No. 3", ""),
        ("Perum Taman Foto Blok C 5", "Perum Taman Foto Blok C 5", ""),
        ("Jl. Imigrasi 9, dekat kantor pos", "Jl. Imigrasi 9, dekat kantor pos", ""),
    ] {
        let Reading { request, topics: found } = reading(&batam, &format!("Budi#25011987#{written}"), sent_on());
        let Request::Form(form) = request else { panic!("{written}: {request:?}") };
        assert_eq!(
            form.applicant.alamat.as_ref().map(crate::domain::person::Address::as_str),
            Some(address),
            "{written}"
        );
        assert_eq!(found.names().join(","), topics, "{written}");
    }
}

// Negative control: with the days of its own sentence passed over, no question names one.
#[test]
fn a_day_and_an_hour_belong_to_the_question_that_names_them() {
    let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
    // A Tuesday.
    for (text, days) in [
        ("#cek 14", vec!["2017-08-14"]),
        ("masih ada kuota besok?", vec!["2017-08-02"]),
        ("Masih ada kuota? Besok.", vec!["2017-08-02"]),
        ("buka tgl 24?", vec!["2017-08-24"]),
        ("hari Senin buka?", vec!["2017-08-07"]),
        ("selasa penuh?", vec!["2017-08-01", "2017-08-08"]),
        ("tanggal 17 Agustus 2017 libur?", vec!["2017-08-17"]),
        ("buka jam berapa?", vec![]),
        ("lahir 25-01-1987, buka kapan?", vec![]),
    ] {
        let topics = read(text).topics;
        let days: Vec<NaiveDate> = days.into_iter().map(day).collect();
        assert_eq!(topics.asked.first().map(|about| about.days.clone()), Some(days), "{text}");
    }
    for (text, hour, session) in [
        ("bisa jam 2 siang?", Some((14, 0)), None),
        ("jam 9.30 masih ada?", Some((9, 30)), None),
        ("jam 10 penuh?", Some((10, 0)), None),
        ("is 2 pm available?", Some((14, 0)), None),
        ("sore bisa ga min", None, Some(Session::Siang)),
    ] {
        let topics = read(text).topics;
        let about = topics.asked.first().unwrap_or_else(|| panic!("{text} asks nothing"));
        let hour = hour.and_then(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0));
        assert_eq!((about.topic, about.hour, about.session), (Topic::FreeHours, hour, session), "{text}");
    }
}

// Negative controls: with Indonesian for everything, and with one shared word enough for Malay, this fails.
#[test]
fn english_and_malay_are_noticed() {
    for (text, language) in [
        ("How much does it cost?", Language::English),
        ("what are the requirements?", Language::English),
        ("hello", Language::English),
        ("I do not understand this", Language::English),
        ("macam mana nak daftar?", Language::Malay),
        ("pejabat imigresen kat mana?", Language::Malay),
        ("pejabat buka pukul berapa?", Language::Malay),
        ("boleh jam 9 pukul berapa?", Language::Indonesian),
        ("pejabat yang bertugas siapa?", Language::Indonesian),
        ("boleh diwakilkan tak?", Language::Indonesian),
        ("syarat passport apa", Language::Indonesian),
        ("halo min, biaya brp", Language::Indonesian),
        ("apa kabar semua", Language::Indonesian),
    ] {
        assert_eq!(read(text).topics.language, language, "{text}");
    }
}

/// What is wrong with a file of topics, each with its line and column.
fn mistakes(text: &str) -> Vec<String> {
    let source = Arc::new(NamedSource::new("topics.toml", text.to_owned()));
    let problems = file::read(&source).err().unwrap_or_default();
    problems.iter().map(crate::sheet::Problem::summary).collect()
}

#[test]
fn the_shipped_file_has_no_mistake() {
    assert_eq!(mistakes(FILE), Vec::<String>::new());
}

#[test]
fn a_mistake_in_the_file_is_told_with_its_place_and_what_to_do() {
    let broken = FILE.replace("[topics.fee]", "[topics.fees]").replace("\"ktr\"", "\"ktr\", \"brp\"").replace(
        "[topics.late]\nasks = [",
        "[topics.late]\nask = []\nasks = [\"telat\", \"saya mau\", \"saya {hari} {jam}\", \"...\", ",
    );
    let told = mistakes(&broken);
    for part in [
        "the topic `fee` is missing | write [topics.fee] and below it asks = [...]",
        "`fees` is no topic | did you mean `fee`?",
        "`brp` stands in [words] already | leave it out here: it is there under another name",
        "`topics.late.ask` is not a known key | did you mean `asks`?",
        "`telat` says the same as a line of `late`",
        "`saya mau` is made of days, hours and words that say nothing | add the word that names the topic",
        "`saya {hari} {jam}` is made of days, hours and words that say nothing",
        "`...` holds no letter | write it as citizens would",
    ] {
        assert!(told.iter().any(|told| told.contains(part)), "{part}: {told:#?}");
    }
    assert_eq!(told.len(), 8, "{told:#?}");
    assert!(mistakes("[words]\na = [").iter().any(|told| told.contains("not TOML")));
}

// Negative control: a cut at a number of bytes, whatever stands there, panicked at `a中中中中中中中`.
#[test]
fn words_of_long_letters_are_cut_between_letters() {
    for count in 1..64 {
        for front in ["", "a", "ab"] {
            let word = format!("{front}{}", "中".repeat(count));
            assert!(read(&word).topics.names().is_empty(), "{word}");
        }
    }
}
