//! What is said of a message that is misread, and what is suggested in its place.

use super::*;
use crate::domain::message::MESSAGE_BYTES_MAX;

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

/// A birth date with two readings, one of which is the NIK's: the note on the other appears once it is chosen.
#[test]
fn a_nik_of_another_birth_date_is_by_name_after_the_day_is_chosen() {
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

/// One person's misreading says whose it is, and is repaired among the others.
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

/// The weekday or the date may be the slip: both days are given, each with its form.
// Negative control: without `either_day` there is no question.
#[test]
fn a_weekday_that_contradicts_its_date_offers_both_days() {
    let format = shipped("nama-lahir-kedatangan");
    for text in ["#Budi#25011987#Senin, 8 Agustus 2017", "#Budi#25011987#08-08-2017 (Senin)"] {
        let Request::Misread(misread) = read(&[&format], text, sent()) else { panic!("misread: {text}") };
        assert_eq!(misread.kind, MisreadKind::OtherWeekday);
        let ask = misread.either.expect("two days");
        let days: Vec<String> = ask.choices.iter().map(|choice| choice.date.to_string()).collect();
        assert_eq!(days, ["2017-08-07", "2017-08-08"], "{text}");
        assert!(ask.choices.iter().all(|choice| choice.form.visit == Some(choice.date)));
    }
    let Request::Misread(born) = read(&[&format], "#Budi#Senin, 26 Januari 1988#07082017", sent()) else { panic!() };
    assert_eq!(born.either, None, "of a birth date nothing is offered");
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
