//! Format files: what they read, what they refuse, and what they keep.

use super::*;
use crate::grammar::{Request, read};

#[test]
fn every_shipped_format_reads_and_keeps_its_examples() {
    let texts: Vec<_> = Format::shipped_texts().collect();
    assert_eq!(Format::shipped().len(), texts.len());
    for (path, text) in texts {
        let format = Format::from_toml(text).expect(path);
        assert_eq!(format.check(), [], "{path}");
        assert_eq!(path, format!("{}.toml", format.id()));
        assert!(format.examples.are_of_both_kinds(), "{path} has examples of both kinds");
    }
}

#[test]
fn what_each_format_asks_for_is_known() {
    let mut asks: Vec<_> = Format::shipped()
        .iter()
        .map(|format| (format.id().to_string(), format.has_visit_date(), format.wants_photo()))
        .collect();
    let expected = [
        ("batam-e-paspor".to_owned(), false, false),
        ("batam-foto".to_owned(), false, true),
        ("batam-keluarga".to_owned(), false, false),
        ("batam-tanpa-foto".to_owned(), false, false),
        ("nama-lahir-kedatangan".to_owned(), true, false),
    ];
    asks.sort();
    assert_eq!(asks, expected);
}

#[test]
fn formats_that_read_the_same_message_are_named_with_it() {
    let format = |id: &str, pattern: &str| {
        Format::from_toml(&format!("id = \"{id}\"\npattern = \"{pattern}\"\n")).expect("a format")
    };
    let (plain, photo) = (format("biasa", "#Nama#TglLahir#Alamat"), format("foto", "#Nama#TglLahir#Alamat + FotoKTP"));
    let (family, electronic) =
        (format("keluarga", "#Nama#TglLahir#Alamat#Jumlah"), format("e", "E-PASSPORT#Nama#TglLahir#Alamat"));
    let visit = format("kunjungan", "#Nama#TglLahir#TglKedatangan");
    let told = |formats: &[&Format]| crate::grammar::confused(formats).map(|confused| confused.message);
    assert_eq!(told(&[&plain, &photo]).as_deref(), Some("#Budi Santoso#25011987#Jl. Melati No. 5"));
    assert_eq!(told(&[&plain, &family, &electronic, &visit]), None);
}

#[test]
fn the_filled_example_is_a_form() {
    let visit = NaiveDate::from_ymd_opt(2026, 11, 30).expect("a date");
    for format in Format::shipped() {
        let example = format.example(visit);
        let read = read(&[&format], &example, visit.pred_opt().expect("a date"));
        assert!(
            matches!(&read, Request::Form(form) if form.visit.is_none_or(|day| day == visit)),
            "{example}: {read:?}"
        );
    }
}

#[test]
fn every_problem_of_a_file_is_named_at_its_place() {
    let text = "id = \"Bogor\"\npattern = \"#Nama#Umur\"\n";
    let errors = Format::from_toml(text).expect_err("two problems");
    let places: Vec<&str> = errors.iter().map(|error| &text[error.at.clone()]).collect();
    assert_eq!(places, ["\"Bogor\"", "Umur"]);

    let text = "id = \"bogor\"\npatern = \"#Nama\"\n";
    let errors = Format::from_toml(text).expect_err("an unknown key");
    assert_eq!(&text[errors[0].at.clone()], "patern");
}

#[test]
fn an_example_that_comes_out_otherwise_is_an_error() {
    let text = r##"
id = "bogor"
pattern = "#Nama#TglLahir"
[[reads]]
text = "#Budi#25011987"
sent = "2017-08-01"
fields = { Nama = "Budi", TglLahir = "1987-01-26" }
[[reads]]
text = "#Budi"
sent = "2017-08-01"
fields = { Nama = "Budi" }
[[misreads]]
text = "#Budi#31021987"
sent = "2017-08-01"
kind = "not-a-date"
field = "TglLahir"
[[misreads]]
text = "#Budi#31021987"
sent = "2017-08-01"
kind = "no-such-day"
field = "TglLahir"
"##;
    let errors = Format::from_toml(text).expect("a format").check();
    assert_eq!(errors.len(), 3, "{errors:?}");
    let places: Vec<&str> = errors.iter().map(|error| &text[error.at.clone()]).collect();
    assert!(places[0].starts_with("[[reads]]") && places[2].starts_with("[[misreads]]"), "{places:?}");
    assert!(errors[0].message.contains("1987-01-25"), "{}", errors[0].message);
    assert!(errors[1].message.contains("missing"), "{}", errors[1].message);
    assert!(errors[2].message.contains("no-such-day"), "{}", errors[2].message);
}
