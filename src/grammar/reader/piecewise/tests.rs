//! Every shipped format, read piece by piece.

use super::*;

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).expect("a date")
}

// Negative control: with the visit date spelled as yyyy-mm-dd whatever the format demands, the formats that demand digits fail.
#[test]
fn the_pieces_of_every_shipped_format_join_to_the_form_of_one_message() {
    let (sent, visit) = (day(2017, 8, 1), day(2017, 8, 7));
    for format in Format::shipped() {
        for shape in format.shapes() {
            let read = |field: &Field| {
                let sample = format.sample(*field, visit);
                let readings = format.read_piece(*field, &sample, sent).map_err(|wrong| wrong.to_string());
                (*field, readings.expect("its own sample reads").remove(0))
            };
            let pieces: Vec<(Field, String)> = shape.fields.iter().map(read).collect();
            let joined = format.join_pieces(&pieces, sent);
            let whole = crate::grammar::read(&[&format], &format.filled(shape, visit), sent);
            assert!(matches!(joined, Request::Form(_)), "{}: {joined:?}", format.id());
            assert_eq!(joined, whole, "{}", format.id());
        }
    }
}

#[test]
fn a_date_of_two_readings_is_both() {
    let format = Format::of_line("#Nama#TglLahir#TglKedatangan").expect("a line");
    let read = |field, text| format.read_piece(field, text, day(2017, 8, 1));
    assert_eq!(read(Field::TglKedatangan, "besok").expect("a day"), ["02082017"]);
    assert_eq!(read(Field::TglLahir, "25 Januari 1987").expect("a day"), ["25011987"]);
    assert!(
        read(Field::TglLahir, "010203").is_err() || read(Field::TglLahir, "010203").is_ok_and(|days| days.len() > 1)
    );
    assert_eq!(read(Field::TglLahir, "kemarin").expect_err("no birth date").field, Some(Field::TglLahir));
}

#[test]
fn talk_is_nobodys_name() {
    let format = Format::of_line("#Nama#TglLahir#TglKedatangan").expect("a line");
    for (text, is_name) in [
        ("Budi Santoso", true),
        ("Siti", true),
        ("halo min", false),
        ("mau daftar", false),
        ("terima kasih", false),
        ("syaratnya apa ya?", false),
        ("25011987", false),
        ("batal", false),
        ("kembali", false),
        ("pindah lagi ke rabu", false),
        ("I made a mistake", false),
        ("budi santoso", true),
        ("Susi Susanti", true),
    ] {
        assert_eq!(format.is_name(text, day(2017, 8, 1)), is_name, "{text}");
    }
}

// Negative control: without `said_of` every one of these is refused. A name that cannot be told from the talk stays refused.
#[test]
fn an_answer_in_a_sentence_is_read() {
    let format = Format::of_line("#Nama#TglLahir#TglKedatangan").expect("a line");
    let read = |field, text| format.read_piece(field, text, day(2017, 8, 1));
    for text in ["nama saya Adi Saputra", "saya Adi Saputra", "Adi Saputra"] {
        assert_eq!(read(Field::Nama, text).expect("a name"), ["Adi Saputra"], "{text}");
    }
    for text in ["tanggal 12 mei 1991 min", "lahir 12 mei 1991", "12051991"] {
        assert_eq!(read(Field::TglLahir, text).expect("a birth date"), ["12051991"], "{text}");
    }
    for text in ["Rudi & Wati", "Rudi sama Wati", "12 mei 1991", "kembali"] {
        assert!(read(Field::Nama, text).is_err(), "{text}");
    }
}
