//! The room as a whole: the printed samples, and what must hold for any message.

use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;
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

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn shipped(id: &str) -> Format {
    Format::shipped().into_iter().find(|format| format.id().as_str() == id).expect("a shipped format")
}

/// The request in the words of `samples.toml`.
fn told(formats: &[&Format], request: &Request) -> String {
    let form = |form: &Form| {
        let format = formats.iter().find(|format| *format.id() == form.format).expect("one of the formats");
        let value = |field| format.value(form, field).expect("a value");
        let values: Vec<String> =
            format.fields().into_iter().map(|field| format!(" {}={}", field.name(), value(field))).collect();
        let notes: Vec<String> =
            form.notes.iter().map(|note| format!(" {}:{}={}", note.kind.name(), note.from, note.to)).collect();
        values.concat() + &notes.concat()
    };
    match request {
        Request::Form(read) => {
            let people: Vec<String> = read.each().map(|one| form(&one)).collect();
            format!("form{}", people.join(" and"))
        }
        Request::Misread(Misread { kind, field, at, .. }) => {
            format!("misread {} {} {}-{}", kind.name(), field.map_or("-", Field::name), at.0, at.1)
        }
        Request::Ask(ask) => {
            let days: Vec<String> = ask.choices.iter().map(|choice| format!(" {}", choice.date)).collect();
            format!("ask {}{}", ask.field.name(), days.concat())
        }
        Request::Command(command) => format!("command {}", command.name.name()),
        Request::Digits(digits) => format!("digits {digits}"),
        Request::Day(days) => format!("day {days:?}"),
        Request::Placeholder => "placeholder".to_owned(),
        Request::Greeting => "greeting".to_owned(),
        Request::Thanks => "thanks".to_owned(),
        Request::Automatic => "automatic".to_owned(),
        Request::AboutCancelling => "about cancelling".to_owned(),
        Request::Question => "question".to_owned(),
        Request::Unreadable => "unreadable".to_owned(),
    }
}

#[test]
fn every_printed_sample_gives_what_it_must() {
    let samples: Samples = toml::from_str(include_str!("../../grammar/samples.toml")).expect("readable samples");
    for Sample { trap, formats, text, sent, gives } in samples.sample {
        let formats: Vec<Format> = formats.iter().map(|id| shipped(id)).collect();
        let formats: Vec<&Format> = formats.iter().collect();
        assert_eq!(told(&formats, &read(&formats, &text, sent)), gives, "{trap}: {text}");
    }
}

#[test]
fn a_misreading_is_a_plain_sentence() {
    let format = shipped("nama-lahir-kedatangan");
    let Request::Misread(misread) = read(&[&format], "#Budi#31061987#07082017", date("2017-08-01")) else { panic!() };
    assert_eq!(
        misread.to_string(),
        "no calendar has the day `31061987`: expected a birth date as ddmmyyyy, such as 25011987"
    );
}

#[test]
fn a_message_beyond_the_limit_is_too_long_and_one_at_it_is_read() {
    let format = shipped("batam-tanpa-foto");
    let mut message = "#Budi#25011987#Jl. Melati".to_owned();
    message.push_str(&" ".repeat(MESSAGE_BYTES_MAX - message.len()));
    assert!(matches!(read(&[&format], &message, date("2018-04-02")), Request::Form(_)));
    message.push(' ');
    let Request::Misread(misread) = read(&[&format], &message, date("2018-04-02")) else { panic!() };
    assert_eq!((misread.kind, misread.at), (MisreadKind::MessageTooLong, (0, MESSAGE_BYTES_MAX + 1)));
}

#[test]
fn an_office_without_formats_reads_commands_all_the_same() {
    assert!(matches!(read(&[], "#batal", date("2017-08-01")), Request::Command(_)));
    assert_eq!(read(&[], "#Budi#25011987#07082017", date("2017-08-01")), Request::Unreadable);
}

/// One day in one of the spellings that people use.
fn spelled(day: NaiveDate, spelling: usize) -> String {
    const MONTHS: [&str; 12] =
        ["Januari", "Pebruari", "mar", "April", "Mei", "JUNI", "Jul", "Agt", "Sept", "Oct", "Nopember", "Des"];
    let month = MONTHS.get(day.month0() as usize).expect("twelve months");
    match spelling {
        0 => day.format("%d%m%Y").to_string(),
        1 => day.format("%d-%m-%Y").to_string(),
        2 => day.format("%-d/%-m/%Y").to_string(),
        3 => day.format("%d.%m.%Y").to_string(),
        4 => day.format("%d %m %Y").to_string(),
        5 => day.format("%Y-%m-%d").to_string(),
        6 => format!("{} {month} {}", day.day(), day.year()),
        _ => format!("{}{month}{}", day.day(), day.year()),
    }
}

const SPELLINGS: usize = 8;

/// Whether a piece of the message spells the day: its numbers are the day's own, in an order that people write, and the month
/// may be a word. Written without the reader, so that it can disagree with it.
fn is_written(date: NaiveDate, message: &str) -> bool {
    let (day, month, year) = (date.day(), date.month(), date.year().unsigned_abs());
    message.split('#').any(|piece| {
        let runs = piece.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
        let numbers: Vec<u32> = runs.filter_map(|run| run.parse().ok()).collect();
        match numbers[..] {
            [whole] => piece.trim().len() == 8 && whole == day * 1_000_000 + month * 10_000 + year,
            [first, last] => piece.contains(char::is_alphabetic) && [first, last] == [day, year],
            [..] => numbers == [day, month, year] || numbers == [year, month, day],
        }
    })
}

fn sent() -> NaiveDate {
    date("2017-08-01")
}

prop_compose! {
    // A word that asks for something (`Ktp`) makes a name more than a name, and one of thanks (`Tks`) is none.
    // Other alphabets only alone: a name that mixes them is none.
    fn a_name()(name in "([A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{1,9}( [A-Z][a-z'’.-]{0,9}){0,2}|[А-Я][а-я]{1,9}( [А-Я][а-я]{0,9}){0,2})".prop_filter(
        "a word of talk",
        |name| {
            let mut words = name.split(' ');
            stranger::beside_name(name).is_none() && words.all(|word| vocabulary::WORDS.thanks.get(word).is_none())
        },
    )) -> String {
        name
    }
}

prop_compose! {
    fn two_days()(born in 0_u64..43_000, ahead in 0_u64..400) -> (NaiveDate, NaiveDate) {
        (date("1899-06-01") + Days::new(born), sent() + Days::new(ahead))
    }
}

/// One slip of a key.
#[derive(Debug, Clone)]
enum Slip {
    Drop(prop::sample::Index),
    Double(prop::sample::Index),
    Swap(prop::sample::Index),
    Replace(prop::sample::Index, char),
}

fn a_slip() -> impl Strategy<Value = Slip> {
    prop_oneof![
        any::<prop::sample::Index>().prop_map(Slip::Drop),
        any::<prop::sample::Index>().prop_map(Slip::Double),
        any::<prop::sample::Index>().prop_map(Slip::Swap),
        (
            any::<prop::sample::Index>(),
            prop::sample::select("#*0123456789OlIS- /.,;aeiou\n".chars().collect::<Vec<_>>())
        )
            .prop_map(|(at, c)| Slip::Replace(at, c)),
    ]
}

impl Slip {
    fn on(&self, message: &str) -> String {
        let mut characters: Vec<char> = message.chars().collect();
        match self {
            Self::Drop(at) => drop(characters.remove(at.index(characters.len()))),
            Self::Double(at) => {
                let at = at.index(characters.len());
                characters.insert(at, characters[at]);
            }
            Self::Swap(at) => {
                let at = at.index(characters.len() - 1);
                characters.swap(at, at + 1);
            }
            Self::Replace(at, c) => {
                let at = at.index(characters.len());
                characters[at] = *c;
            }
        }
        characters.into_iter().collect()
    }
}

proptest! {
    // Negative controls: not knowing the full-width mark, and a century taken from the day of sending, each fails this.
    #[test]
    fn values_read_back_however_they_are_spelled(
        name in a_name(),
        (born, visit) in two_days(),
        (of_born, of_visit) in (0..SPELLINGS, 0..SPELLINGS),
        front in prop::sample::select(vec!["", "#", "##", " # ", "Halo min, #", "DAFTAR#", "＃", "\u{200b}#"]),
        between in prop::sample::select(vec!["#", " # ", "\n#", "##", "＃", "\t#\u{a0}"]),
        back in prop::sample::select(vec!["", "#", " #\n", "# terima kasih"]),
    ) {
        let format = shipped("nama-lahir-kedatangan");
        let message = format!("{front}{name}{between}{}{between}{}{back}", spelled(born, of_born), spelled(visit, of_visit));
        let expected = format!("form Nama={} TglLahir={born} TglKedatangan={visit}", crate::domain::person::Nama::read(&name).expect("a name").as_str());
        prop_assert_eq!(told(&[&format], &read(&[&format], &message, sent())), expected, "{}", message);
    }

    // Negative control: with a run of seven digits read like one of eight (1082017 as 01082017) this fails.
    #[test]
    fn a_slip_of_one_key_gives_no_date_that_is_not_written_or_told(
        name in a_name(),
        (born, visit) in two_days(),
        (of_born, of_visit) in (0..SPELLINGS, 0..SPELLINGS),
        slip in a_slip(),
    ) {
        let format = shipped("nama-lahir-kedatangan");
        let slipped = slip.on(&format!("#{name}#{}#{}", spelled(born, of_born), spelled(visit, of_visit)));
        if let Request::Form(form) = read(&[&format], &slipped, sent()) {
            let told = |field| form.notes.iter().any(|note| note.field == Some(field));
            let respaced = form.notes.iter().any(|note| note.kind == NoteKind::Separator);
            let born = form.applicant.tgl_lahir.expect("a birth date").date();
            let visit = form.visit.expect("a visit date");
            prop_assert!(respaced || told(Field::TglLahir) || is_written(born, &slipped), "{slipped} gave {born}");
            prop_assert!(respaced || told(Field::TglKedatangan) || is_written(visit, &slipped), "{slipped} gave {visit}");
        }
    }

    // Negative control: a line that is offered without being read first, with years of two digits, fails this.
    #[test]
    fn a_suggested_line_reads_as_the_form_it_stands_for(
        name in a_name(),
        (born, visit) in two_days(),
        slip in a_slip(),
        order in 0_usize..3,
    ) {
        let format = shipped("nama-lahir-kedatangan");
        let (born, visit) = (spelled(born, 0), spelled(visit, 0));
        let pieces = [[&name, &born, &visit], [&born, &name, &visit], [&name, &visit, &born]];
        let [one, two, three] = pieces[order];
        if let Request::Misread(Misread { suggestion: Some(suggestion), .. }) =
            read(&[&format], &slip.on(&format!("#{one}#{two}#{three}")), sent())
        {
            prop_assert_eq!(read(&[&format], &suggestion.line, sent()), Request::Form(suggestion.form));
        }
    }

    // Negative control: printing dates as ddmmyy fails this, since such a line does not read back and is not suggested.
    #[test]
    fn pieces_in_another_order_are_suggested_in_theirs(
        name in "[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{3,9} [A-Z][a-z]{3,9}",
        (born, visit) in two_days(),
        order in 0_usize..3,
    ) {
        prop_assume!(lone::after_greeting(&name) == name && vocabulary::WORDS.fields.front(&name).is_none());
        let chat = |word: &str| vocabulary::WORDS.chat.get(word).is_some() || vocabulary::WORDS.thanks.get(word).is_some();
        prop_assume!(!name.split(' ').any(chat) && visit > sent() && born <= sent());
        let format = shipped("nama-lahir-kedatangan");
        let [b, v] = [born, visit].map(|day| spelled(day, 0));
        let swapped = [format!("#{b}#{name}#{v}"), format!("#{name}#{v}#{b}"), format!("#{v}#{b}#{name}")];
        let Request::Misread(Misread { suggestion: Some(suggestion), .. }) = read(&[&format], &swapped[order], sent()) else {
            return Err(TestCaseError::fail(format!("nothing is suggested for {}", swapped[order])));
        };
        let name = crate::domain::person::Nama::read(&name).expect("a name");
        let meant = format!("form Nama={} TglLahir={born} TglKedatangan={visit}", name.as_str());
        prop_assert_eq!(told(&[&format], &Request::Form(suggestion.form)), meant);
    }

    // A message means the same on any day, but for what its dates are judged by: reading has no other clock.
    // Negative control: a full date read a year later where it is sent in the second half of a month fails this.
    #[test]
    fn full_dates_read_the_same_on_any_day_of_sending(
        name in a_name(),
        (born, visit) in two_days(),
        (of_born, of_visit) in (0..SPELLINGS, 0..SPELLINGS),
        earlier in 0_u64..30,
    ) {
        let format = shipped("nama-lahir-kedatangan");
        let message = format!("#{name}#{}#{}", spelled(born, of_born), spelled(visit, of_visit));
        let before = sent().checked_sub_days(Days::new(earlier)).expect("a date");
        if born <= before {
            prop_assert_eq!(read(&[&format], &message, before), read(&[&format], &message, sent()));
        }
    }

    // Negative control: spans that count bytes fail this.
    #[test]
    fn no_text_is_too_odd(text in any::<String>(), marks in "[#＃ \n0-9a-z,;*|+<>:-]{0,60}") {
        let formats = Format::shipped();
        let formats: Vec<&Format> = formats.iter().collect();
        for message in [&text, &marks, &format!("#{text}#25011987#{marks}#4")] {
            for some in [&formats[..], &formats[..1]] {
                if let Request::Misread(misread) = read(some, message, sent()) {
                    prop_assert!(misread.at.0 <= misread.at.1 && misread.at.1 <= message.chars().count());
                }
            }
        }
    }

    // Negative control: a reader that counts its messages, and refuses every seventh, fails this.
    #[test]
    fn reading_twice_gives_the_same(text in "#?[A-Za-z ]{0,9}#[0-9]{0,8}#[0-9]{0,8}") {
        let format = shipped("nama-lahir-kedatangan");
        prop_assert_eq!(read(&[&format], &text, sent()), read(&[&format], &text, sent()));
    }
}

/// A birth date with two readings, one of which is the NIK's: the other is told once it is chosen.
#[test]
fn a_nik_of_another_birth_date_is_told_after_the_day_is_chosen() {
    let format = Format::from_toml("id = \"nik\"\npattern = \"#Nama#TglLahir#NIK\"").expect("a format");
    let text = "#Budi#050607#3271040506070001\n#Siti#05061987#3271044506870001";
    for text in [text, text.split('\n').next().expect("a line")] {
        let Request::Ask(ask) = read(&[&format], text, sent()) else { panic!("no question: {text}") };
        let born = |choice: &Choice| choice.form.applicant.tgl_lahir.expect("a birth date").date().to_string();
        assert!(ask.choices.len() > 1, "{ask:?}");
        for choice in &ask.choices {
            let told = choice.form.notes.iter().any(|note| note.kind == NoteKind::NikBirth);
            assert_eq!(told, !born(choice).ends_with("-06-05"), "{} of {text}", born(choice));
        }
    }
}

/// One person's misreading says whose it is, and is mended among the others.
#[test]
fn a_misread_line_is_mended_among_the_others() {
    let format = shipped("nama-lahir-kedatangan");
    let text = "#Budi#25011987#07082017\n#Bud1man#05121990#07082017\n#Agus#17082012#07082017";
    let Request::Misread(misread) = read(&[&format], text, sent()) else { panic!("misread") };
    assert_eq!(misread.member, Some(Member { number: 2, nama: None }));
    assert_eq!(misread.at, (28, 29));
    let suggestion = misread.suggestion.expect("a mended message");
    assert_eq!(suggestion.line, text.replace("Bud1man", "Budiman"));
    assert_eq!((suggestion.form.party, suggestion.form.applicant.others.len()), (3, 2));
    let Request::Misread(misread) = read(&[&format], &text.replace("17082012", "31022012"), sent()) else { panic!() };
    assert_eq!(misread.suggestion, None, "two lines are wrong");
}

/// `senin` on a Monday is today or in a week; the other line says which, and the note says the same.
#[test]
fn the_note_on_a_day_tells_the_day_of_the_whole_party() {
    let format = shipped("nama-lahir-kedatangan");
    let monday = NaiveDate::from_ymd_opt(2017, 7, 31).expect("a date");
    let text = "#Budi#25011987#senin\n#Siti#25011990#07082017";
    let Request::Form(form) = read(&[&format], text, monday) else { panic!("a form") };
    let told: Vec<&str> = form.notes.iter().map(|note| note.to.as_str()).collect();
    assert_eq!(told, ["2017-08-07"]);
    assert_eq!(form.visit.map(|day| day.to_string()).as_deref(), Some("2017-08-07"));
}

/// A form without what was too many is not suggested where that may have been somebody, a cancelling or a number of people.
#[test]
fn nothing_is_suggested_that_drops_a_person_or_a_command() {
    let format = shipped("nama-lahir-kedatangan");
    for text in [
        "#Siti#25011990#07082017\n#Agus",
        "#Budi#25011987#07082017#Siti#25011990#07082017#Ani#25011989#07082017#Adi",
        "#Siti dan Budi#25011987#07082017#2 orang",
        "#Budi#25011987#07082017\n#batal",
    ] {
        let Request::Misread(misread) = read(&[&format], text, sent()) else { panic!("misread: {text}") };
        assert_eq!(misread.suggestion, None, "{text}");
    }
}

/// Places below the poster's line are counted from the message's first character.
#[test]
fn what_is_wrong_below_the_posters_line_is_found_there() {
    let format = shipped("nama-lahir-kedatangan");
    let text = "#Nama#TglLahir#TglKedatangan\n#Budi#31021987#07082017";
    let Request::Misread(misread) = read(&[&format], text, sent()) else { panic!("misread") };
    assert_eq!((misread.at, misread.found.as_str()), ((35, 43), "31021987"));
}
