//! The three small readers of the benchmark accept the same messages, and what they accept the reader reads the same:
//! otherwise the benchmark would compare different things.

#[path = "../../benches/reader/standard.rs"]
mod readers;

use antrean::grammar::{Format, Request, read};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use readers::{READERS, Standard};

fn sent() -> NaiveDate {
    NaiveDate::from_ymd_opt(2017, 8, 1).unwrap()
}

/// What the reader makes of it, if that is a form without a repair.
fn by_the_reader(message: &str) -> Option<(String, NaiveDate, NaiveDate)> {
    let formats = Format::shipped();
    let standard: Vec<&Format> =
        formats.iter().filter(|format| format.id().as_str() == "nama-lahir-kedatangan").collect();
    match read(&standard, message, sent()) {
        Request::Form(form) if form.notes.is_empty() => {
            Some((form.applicant.nama.as_str().to_owned(), form.applicant.tgl_lahir?.date(), form.visit?))
        }
        _ => None,
    }
}

// Negative control: with names of no letter taken, this fails.
#[test]
fn what_each_of_the_three_refuses_the_others_refuse_too() {
    for message in [
        "#Budi#25011987",
        "#Budi#31021987#07082017",
        "#Bud1#25011987#07082017",
        "#Budi#25011987#31072017",
        "#Budi#02082017#07082017",
        "#Budi#25011896#07082017",
        "#...#25011987#07082017",
        "#Budi#2501198#07082017",
        "#Budi#25011987#07082017#",
        "#Budi#25é11987#07082017",
        "Budi#25011987#07082017",
        &format!("#{}#25011987#07082017", "a".repeat(61)),
        "",
    ] {
        for (name, reader) in READERS {
            assert_eq!(reader(message, sent()), None, "{name}: {message}");
        }
    }
}

proptest! {
    // Negative control: a reader that refuses births of more than a hundred years ago, and one that takes a full date for the
    // year after it in the second half of a month, each fails this.
    #[test]
    fn all_three_and_the_reader_read_the_same(
        name in "[A-Z][a-z]{1,9}( [A-Z][a-z.'-]{0,9}){0,2}",
        born in 0_u64..46_000,
        ahead in 0_u64..400,
        slip in prop::option::weighted(0.3, (0_usize..30, prop::char::range(' ', '~'))),
    ) {
        let born = NaiveDate::from_ymd_opt(1893, 1, 1).unwrap() + Days::new(born);
        let visit = sent() - Days::new(30) + Days::new(ahead);
        let mut message: Vec<char> = format!("#{name}#{}#{}", born.format("%d%m%Y"), visit.format("%d%m%Y")).chars().collect();
        if let Some((at, c)) = slip {
            let at = at % message.len();
            message[at] = c;
        }
        let message: String = message.into_iter().collect();
        let [(_, first), rest @ ..] = READERS;
        let read = first(&message, sent());
        for (name, other) in rest {
            prop_assert_eq!(other(&message, sent()), read, "{}: {}", name, &message);
        }
        // The reader takes much more than the three, and a word of greeting in a name off; what is plain it takes alike.
        if let Some(Standard { name, born, visit }) = read.filter(|read| !read.name.contains(['.', '\'', '-', ',', ' '])) {
            prop_assert_eq!(by_the_reader(&message), Some((name.to_owned(), born, visit)), "{}", &message);
        }
    }
}
