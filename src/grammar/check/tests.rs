//! Format files: what they read, what they refuse, and what they keep.

use chrono::NaiveDate;

use super::*;
use crate::grammar::{Request, read};

#[test]
fn every_shipped_format_reads_and_keeps_its_examples() {
    let texts: Vec<_> = Format::shipped_texts().collect();
    assert_eq!(Format::shipped().len(), texts.len());
    for (path, text) in texts {
        let format = Format::from_toml(text).expect(path);
        assert_eq!(check(&format), [], "{path}");
        assert_eq!(path, format!("{}.toml", format.id()));
        assert!(format.examples().are_of_both_kinds(), "{path} has examples of both kinds");
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
        ("sesi-layanan".to_owned(), true, false),
        ("tanda-bintang".to_owned(), false, true),
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
    let ambiguous_message = |formats: &[&Format]| crate::grammar::ambiguity(formats).map(|found| found.message);
    assert_eq!(ambiguous_message(&[&plain, &photo]).as_deref(), Some("#Budi Santoso#25011987#Jl. Melati No. 5"));
    assert_eq!(ambiguous_message(&[&plain, &family, &electronic, &visit]), None);
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
    let errors = check(&Format::from_toml(text).expect("a format"));
    assert_eq!(errors.len(), 3, "{errors:?}");
    let places: Vec<&str> = errors.iter().map(|error| &text[error.at.clone()]).collect();
    assert!(places[0].starts_with("[[reads]]") && places[2].starts_with("[[misreads]]"), "{places:?}");
    assert!(errors[0].message.contains("1987-01-25"), "{}", errors[0].message);
    assert!(errors[1].message.contains("missing"), "{}", errors[1].message);
    assert!(errors[2].message.contains("no-such-day"), "{}", errors[2].message);
}

#[test]
fn every_mistake_in_the_rules_has_its_place_and_its_remedy() {
    let table: &[(&str, &str, &str, &str, &str)] = &[
        ("#Nama#TglLahir", "[fields.TglLahri]\nage_min = 3", "TglLahri", "no known piece", "did you mean `TglLahir`?"),
        ("#Nama#TglLahir", "[fields.Umur]\nkind = \"text\"", "Umur", "asks for no `Umur`", "add it to the pattern"),
        ("#Nama#TglLahir", "[fields.Alamat]\nmax = 20", "Alamat", "asks for no `Alamat`", "remove its rules"),
        ("#Nama#TglLahir", "[fields.TglLahir]\nage_mn = 3", "age_mn", "not a known key", "did you mean `age_min`?"),
        ("#Nama#TglLahir", "[fields.TglLahir]\nage_min = 200", "200", "from 0 to 120", "without quotes"),
        (
            "#Nama#TglLahir",
            "[fields.TglLahir]\ndates = [\"ddmmyyy\"]",
            "\"ddmmyyy\"",
            "must be one of",
            "did you mean \"ddmmyyyy\"?",
        ),
        ("#Nama#TglLahir", "[fields.TglLahir]\ndates = [\"ddmmyy\"]", "[\"ddmmyy\"]", "whole year", "\"ddmmyyyy\""),
        ("#Nama#TglKedatangan", "[fields.TglKedatangan]\nhorizon_days = 0", "0", "from 1 to 180", "without quotes"),
        ("#Nama#TglLahir", "[fields.Nama]\nmax = 61", "61", "from 1 to 60", "without quotes"),
        ("#Nama#Layanan", "", "\"#Nama#Layanan\"", "none is listed", "[fields.Layanan.choices]"),
        (
            "#Nama#Layanan",
            "[fields.Layanan.choices]\nbaru = [\"new\"]\nganti = [\"New\"]",
            "\"New\"",
            "never reached",
            "one service",
        ),
        ("#Nama#Pekerjaan", "[fields.Pekerjaan]\nkind = \"txt\"", "\"txt\"", "must be one of", "\"text\""),
        (
            "#Nama#TglLahir",
            "[fields.TglLahir.texts.id]\ntoo-yong = \"Maaf\"",
            "too-yong",
            "nothing that can be wrong",
            "did you mean `too-young`?",
        ),
        (
            "#Nama#TglLahir",
            "[fields.TglLahir.texts.id]\nphone = \"Maaf\"",
            "phone",
            "nothing that can be wrong",
            "missing",
        ),
        ("#Nama#TglLahir", "[texts.id]\nsurplus = \"\"", "\"\"", "is empty", "write something"),
        ("#Nama#TglLahir", "[texts.en]\nsurplus = \"...\"", "\"...\"", "says nothing", "remove the line"),
        ("#Nama#TglLahir", "separator = \"/\"", "\"/\"", "stands in no date", "`#`"),
        (
            "#Nama#TglLahir",
            "[[reads]]\ntext = \"#Budi\"\nfields = { Nama = \"Budi\" }",
            "[[reads]]",
            "`reads.sent` is missing",
            "sent =",
        ),
        (
            "#Nama#TglLahir",
            "[[misreads]]\ntext = \"#B\"\nsent = \"2017-08-01\"\nkind = \"nmae-empty\"",
            "\"nmae-empty\"",
            "must be one of",
            "did you mean",
        ),
    ];
    for (line, rules, place, says, remedy) in table {
        let (top, tables) = if rules.starts_with('[') { ("", *rules) } else { (*rules, "") };
        let text = format!("id = \"uji\"\npattern = \"{line}\"\n{top}\n{tables}\n");
        let errors = Format::from_toml(&text).expect_err(rules);
        assert_eq!(errors.len(), 1, "{rules}: {errors:?}");
        let error = &errors[0];
        assert!(text[error.at.clone()].starts_with(place), "{rules}: at {:?}", &text[error.at.clone()]);
        assert!(error.message.contains(says), "{rules}: {}", error.message);
        assert!(error.remedy.contains(remedy), "{rules}: {}", error.remedy);
    }
}

fn format(line: &str, rules: &str) -> Format {
    Format::from_toml(&format!("id = \"uji\"\npattern = \"{line}\"\n{rules}"))
        .unwrap_or_else(|e| panic!("{line}: {e:?}"))
}

// Negative control: laying out the first of alternatives only, making no piece optional, looking at the filled examples
// only, and taking any form for the shape that was printed, each fails this test.
#[test]
fn pieces_that_cannot_be_told_apart_are_an_error_with_a_message() {
    let text = "[fields.Kerja]\nkind = \"text\"\n[fields.Alasan]\nkind = \"text\"\n";
    for (line, message) in [
        ("#Nama#[Kerja]#[Alasan]", "#Budi Santoso#Contoh"),
        ("#Nama#Kerja|Alasan", "#Budi Santoso#Contoh"),
        ("#Nama#Email|Kerja#[Alasan]", "#Budi Santoso#budi@example.id#Contoh"),
        // A greeting, or a session.
        ("#[Sesi]#Nama#Telepon", "#pagi#Budi Santoso#081200000001"),
        // Born today, or coming today.
        ("#Nama#[TglLahir]#[TglKedatangan]", "#Budi Santoso#01082017"),
    ] {
        let errors = check(&format(line, if line.contains("Kerja") { text } else { "" }));
        assert!(!errors.is_empty(), "{line}");
        assert!(errors.iter().any(|error| error.message.contains(message)), "{line}: {errors:?}");
    }
    for line in
        ["#Nama#[Email]#[Telepon]", "#Nama#NIK|NoKK", "#Nama#TglLahir#[TglKedatangan]#[Email]", "#Nama#[NIK]#[NoKK]"]
    {
        assert_eq!(check(&format(line, "")), [], "{line}");
    }
    let tomorrow = "[fields.TglKedatangan]\ntoday = false\n";
    assert_eq!(check(&format("#Nama#[TglLahir]#[TglKedatangan]", tomorrow)), []);
}

// Negative control: looking at the messages of the first format only, and taking another format's mark for a fit, each
// fails this test.
#[test]
fn formats_are_told_apart_by_services_marks_and_what_may_be_left_out() {
    let services = |choices: &str| format("#Nama#TglLahir#Layanan", &format!("[fields.Layanan.choices]\n{choices}"));
    let ambiguous_message =
        |one: &Format, other: &Format| crate::grammar::ambiguity(&[one, other]).map(|found| found.message);
    let (new, renewed) = (services("baru = [\"new\"]"), services("ganti = [\"renewal\"]"));
    assert_eq!(ambiguous_message(&new, &renewed), None);
    let both = services("hilang = []\nganti = [\"renewal\"]");
    assert_eq!(ambiguous_message(&renewed, &both).as_deref(), Some("#Budi Santoso#25011987#ganti"));
    assert_eq!(
        ambiguous_message(&both, &renewed).as_deref(),
        Some("#Budi Santoso#25011987#ganti"),
        "not the example's service"
    );
    let optional = format("#Nama#TglLahir#[Email]", "");
    let plain = format("#Nama#TglLahir", "");
    assert_eq!(ambiguous_message(&optional, &plain).as_deref(), Some("#Budi Santoso#25011987"));
    // Somebody born in 1987 is too old for the second: only its own example shows that the first reads it too.
    let young = format("#Nama#TglLahir", "[fields.TglLahir]\nage_max = 12\n");
    assert!(ambiguous_message(&plain, &young).is_some());
    let stars = format("Nama*TglLahir", "");
    assert_eq!(ambiguous_message(&plain, &stars), None);
    let either = format("#Nama#TglLahir#Email|Telepon", "");
    assert_eq!(ambiguous_message(&either, &optional).as_deref(), Some("#Budi Santoso#25011987#budi@example.id"));
}

#[test]
fn of_several_formats_the_one_with_the_messages_own_mark_reads_it() {
    let hash = format("#Nama#TglLahir#Alamat", "");
    let stars = Format::from_toml("id = \"bintang\"\npattern = \"Nama*TglLahir*Alamat\"\n").expect("a format");
    let sent = "2017-08-01".parse().expect("a date");
    for (message, id) in [("#Budi#25011987#Jl. Melati 5", "uji"), ("Budi*25011987*Jl. Melati 5", "bintang")] {
        let Request::Form(form) = read(&[&hash, &stars], message, sent) else { panic!("{message}") };
        assert_eq!((form.format.as_str(), form.notes.len()), (id, 0), "{message}");
    }
}

#[test]
fn an_offices_own_sentence_is_found_by_piece_and_mistake() {
    let rules = "[fields.TglLahir.texts.id]\ntoo-young = \"Belum cukup umur.\"\n[fields.TglLahir]\nage_min = 17\n";
    let format = format("#Nama#TglLahir", rules);
    let sent = "2017-08-01".parse().expect("a date");
    let Request::Misread(misread) = read(&[&format], "#Budi#25012015", sent) else { panic!() };
    assert_eq!(format.own_text(&misread).and_then(|own| own.id.as_deref()), Some("Belum cukup umur."));
    assert_eq!(format.own_text(&misread).and_then(|own| own.en.as_deref()), None);
}
