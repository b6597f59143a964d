//! What must hold of any message.

use chrono::{Datelike, Days};
use proptest::prelude::*;

use super::*;
use crate::grammar::language::politeness::after_greeting;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::value::name::beside_name;

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

/// Whether a name ends in a whole word and a full stop, which is a sentence's and no part of the name: `Budi Hartono.`
fn ends_a_sentence(name: &str) -> bool {
    let last = name.strip_suffix('.').and_then(|name| name.rsplit(' ').next());
    last.is_some_and(|last| last.chars().count() >= 4)
}

prop_compose! {
    // A word that asks for something (`Ktp`) makes a name more than a name, and one of thanks (`Tks`) is none.
    // Other alphabets only alone: a name that mixes them is none.
    fn a_name()(name in "([A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{1,9}( [A-Z][a-z'’.-]{0,9}){0,2}|[А-Я][а-я]{1,9}( [А-Я][а-я]{0,9}){0,2})".prop_filter(
        "a word of talk, or a sentence's full stop",
        |name| {
            let mut words = name.split(' ');
            !ends_a_sentence(name) && beside_name(name).is_none() && words.all(|word| WORDS.thanks.get(word).is_none())
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

/// One typo of a key.
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
    // Negative control: not knowing the full-width mark, and a century taken from the day of sending, each fails this.
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
        prop_assert_eq!(described(&[&format], &read(&[&format], &message, sent())), expected, "{}", message);
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
            let noted = |field| form.notes.iter().any(|note| note.field == Some(field));
            let respaced = form.notes.iter().any(|note| note.kind == NoteKind::Separator);
            let born = form.applicant.tgl_lahir.expect("a birth date").date();
            let visit = form.visit.expect("a visit date");
            prop_assert!(respaced || noted(Field::TglLahir) || is_written(born, &slipped), "{slipped} gave {born}");
            prop_assert!(respaced || noted(Field::TglKedatangan) || is_written(visit, &slipped), "{slipped} gave {visit}");
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
        prop_assume!(after_greeting(&name) == name && WORDS.fields.front(&name).is_none());
        let chat = |word: &str| WORDS.chat.get(word).is_some() || WORDS.thanks.get(word).is_some();
        prop_assume!(!name.split(' ').any(chat) && visit > sent() && born <= sent());
        let format = shipped("nama-lahir-kedatangan");
        let [b, v] = [born, visit].map(|day| spelled(day, 0));
        let swapped = [format!("#{b}#{name}#{v}"), format!("#{name}#{v}#{b}"), format!("#{v}#{b}#{name}")];
        let Request::Misread(Misread { suggestion: Some(suggestion), .. }) = read(&[&format], &swapped[order], sent()) else {
            return Err(TestCaseError::fail(format!("nothing is suggested for {}", swapped[order])));
        };
        let name = crate::domain::person::Nama::read(&name).expect("a name");
        let meant = format!("form Nama={} TglLahir={born} TglKedatangan={visit}", name.as_str());
        prop_assert_eq!(described(&[&format], &Request::Form(suggestion.form)), meant);
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
}
