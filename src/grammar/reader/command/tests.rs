//! Codes, commands and greetings in every dress, and what is none of them.

use proptest::prelude::*;
use rand::SeedableRng;

use super::*;

fn a_code() -> BookingCode {
    BookingCode::draw(&mut rand::rngs::StdRng::seed_from_u64(7))
}

#[test]
fn digits_in_any_dress_are_digits() {
    for (text, read) in [
        ("00002681", "00002681"),
        ("2681", "2681"),
        ("# 2681", "2681"),
        ("#00002681#", "00002681"),
        ("\"00002681\"", "00002681"),
        ("0000-2681", "00002681"),
        ("0000 2681\n", "00002681"),
        ("*00002681*", "00002681"),
        ("1", "1"),
        ("kode: 2681", "2681"),
        ("Kode persetujuan 00002681", "00002681"),
        ("２６８１", "2681"),
        ("halo min, 2681", "2681"),
        ("00002681 terima kasih", "00002681"),
        ("00002681 makasih", "00002681"),
        ("#00002681 makasih min", "00002681"),
        ("0000 2681, ya pak", "00002681"),
        ("kode saya 00002681 ya min", "00002681"),
        ("ini kode persetujuan saya: 00002681", "00002681"),
        ("OK 00002681", "00002681"),
        ("oke kode 00002681", "00002681"),
        ("betul kodenya 00002681", "00002681"),
        ("3 min", "3"),
        ("3 ya", "3"),
        ("nomor 3", "3"),
        ("yang 3", "3"),
        ("yang nomor 3 ya min", "3"),
    ] {
        assert_eq!(super::read(text), Some(Request::Digits(read.to_owned())), "{text}");
    }
    assert_eq!(super::read("084713176"), None, "nine digits are no approval code");
    for text in ["2681x", "3 orang", "3 besok", "2681 atau 2682"] {
        assert_eq!(super::read(text), None, "{text}");
    }
}

// Negative control: a yes with a word like a code after it, read as a yes, fails this.
#[test]
fn a_yes_with_anything_but_politeness_after_it_is_no_yes() {
    for text in ["benar SALAH", "betul 3orang", "ok salah", "ya tapi namanya salah"] {
        assert_eq!(super::read(text), None, "{text}");
    }
    for text in ["ok 25011988", "betul, 25011988 ya"] {
        assert_eq!(super::read(text), Some(Request::Digits("25011988".to_owned())), "{text}");
    }
    assert_eq!(super::read("sudah benar?"), None);
    let yes = Request::Command(Command::of(CommandName::Ya));
    for text in ["ya betul min", "ok, benar pak, terima kasih", "Iya ya"] {
        assert_eq!(super::read(text), Some(yes.clone()), "{text}");
    }
}

// Negative control: taking any word beside it for consent fails this.
#[test]
fn a_cancel_with_a_word_that_is_not_known_to_be_harmless_cancels_nothing() {
    for text in [
        "#batal gimana caranya kalau mau ganti tanggal?",
        "#batal bisa ganti hari?",
        "#batal apakah ada denda?",
        "#batal kalau hujan gmn?",
        "#batal salah kirim, jadi datang kok",
        "#batal takut nya nanti hangus, tetap datang",
        "#BATAL GIMANA",
        "#batal?",
        "batal?",
        "#batal tidak jadi",
        "#batalkan batal",
        "#batal atau status",
        "#batal #Budi#25011987#10082026",
        "#batal\n#Budi#25011987#Jl. Melati 5#2",
    ] {
        assert_eq!(super::read(text), Some(Request::AboutCancelling), "{text}");
    }
    let cancel = Request::Command(Command::of(CommandName::Batal));
    for text in [
        "#batal saja ya min",
        "#batal pendaftaran saya yang kemarin",
        "#cancel my booking please",
        "#batal antrean saya dong",
    ] {
        assert_eq!(super::read(text), Some(cancel.clone()), "{text}");
    }
}

#[test]
fn a_command_stands_alone_in_any_dress() {
    for (text, name) in [
        ("batal", CommandName::Batal),
        ("#batal", CommandName::Batal),
        ("# BATAL", CommandName::Batal),
        ("#Batal#", CommandName::Batal),
        ("batalkan.", CommandName::Batal),
        ("Cancel", CommandName::Batal),
        ("tolong batalkan ya min", CommandName::Batal),
        ("Halo min, status", CommandName::Status),
        ("cek status", CommandName::Status),
        ("HELP!", CommandName::Bantuan),
        ("menu", CommandName::Bantuan),
        ("#syarat", CommandName::Persyaratan),
        ("requirements", CommandName::Persyaratan),
        ("#english", CommandName::English),
        ("bahasa inggris", CommandName::English),
        ("Bahasa", CommandName::Indonesia),
        ("*batal*", CommandName::Batal),
        ("ya", CommandName::Ya),
        ("Y", CommandName::Ya),
        ("OK", CommandName::Ya),
        ("oke min 🙏", CommandName::Ya),
        ("Iya, terima kasih", CommandName::Ya),
    ] {
        let plain = name == CommandName::Batal && !text.contains('#');
        assert_eq!(super::read(text), Some(Request::Command(Command { plain, ..Command::of(name) })), "{text}");
    }
    for text in ["batalyon", "saya tidak batal", "status paspor saya gimana", "batal status"] {
        assert_eq!(super::read(text), None, "{text}");
    }
}

#[test]
fn a_cancel_in_plain_words_is_one_that_is_asked_about() {
    let plain = Some(Request::Command(Command { plain: true, ..Command::of(CommandName::Batal) }));
    for text in [
        "batalin aja deh",
        "batal yang kemarin",
        "cancel my booking please",
        "saya mau batalin aja deh min",
        "maaf batal aja ya",
    ] {
        assert_eq!(super::read(text), plain, "{text}");
    }
    for text in ["Batal Siregar", "batal jangan", "batal siti saja", "batal bukan", "batal kalau hujan", "batal?"] {
        assert_ne!(super::read(text), plain, "{text}");
    }
}

#[test]
fn a_cancel_with_a_name_is_about_that_person() {
    for (text, name) in
        [("#batal siti saja", "siti"), ("#batal Kayla", "Kayla"), ("#batal punya Kayla Putri ya min", "Kayla Putri")]
    {
        let person = Some(name.to_owned());
        let command = Command { person, ..Command::of(CommandName::Batal) };
        assert_eq!(super::read(text), Some(Request::Command(command)), "{text}");
    }
    for text in ["#batal untuk anak saya", "#batal senin", "#batal Kayla?", "#batal jangan Kayla", "#batal kenapa"] {
        assert_eq!(super::read(text), Some(Request::AboutCancelling), "{text}");
    }
}

// Negative control: asking only one side of the digits for agreement reads sentences of the second list as codes.
#[test]
fn a_code_amid_words_that_agree_is_the_code() {
    for text in [
        "kode 18507809 sudah benar",
        "saya setuju dengan kode 18507809",
        "data saya sudah sesuai, kodenya 18507809 ya min",
        "kode persetujuan saya adalah 18507809 terima kasih",
        "i confirm my code 18507809",
    ] {
        assert_eq!(super::read(text), Some(Request::Digits("18507809".to_owned())), "{text}");
    }
    for text in [
        "kode 18507809 salah",
        "kode 18507809 belum benar",
        "kode 18507809 bukan punya saya",
        "apakah kode 18507809 sudah benar?",
        "kode 18507809 tanggal 7",
        "saya budi 25011987",
    ] {
        assert_ne!(super::read(text), Some(Request::Digits("18507809".to_owned())), "{text}");
    }
    assert_eq!(super::read("saya budi 25011987"), None);
}

#[test]
fn after_a_mark_a_command_may_be_talked_about() {
    let code = a_code();
    let command = |name, code, mistyped| Some(Request::Command(Command { code, mistyped, ..Command::of(name) }));
    for (text, read) in [
        ("#batal yang kemarin".to_owned(), command(CommandName::Batal, None, false)),
        ("halo min, #BATAL YANG KEMARIN".to_owned(), command(CommandName::Batal, None, false)),
        ("# halo min #batal yang kemarin".to_owned(), command(CommandName::Batal, None, false)),
        (format!("#batal booking {code} yang kemarin"), command(CommandName::Batal, Some(code.clone()), false)),
        ("#batal yang LMGFD5A ya".to_owned(), command(CommandName::Batal, None, true)),
        ("#status pendaftaran anak saya".to_owned(), command(CommandName::Status, None, false)),
        ("#ya tapi tanggalnya salah".to_owned(), Some(Request::Unreadable)),
        ("#Batal Siregar#25011987#07082017".to_owned(), None),
        ("saya mau tanya #batal".to_owned(), None),
    ] {
        assert_eq!(super::read(&text), read, "{text}");
    }
}

#[test]
fn a_code_alone_asks_for_its_status_and_a_wrong_one_asks_for_nothing() {
    let code = a_code();
    let with = |name| Some(Request::Command(Command { code: Some(code.clone()), ..Command::of(name) }));
    for text in [
        format!("{code}"),
        format!("#{}", code.as_str().to_lowercase()),
        format!("kode {code}"),
        format!("status {code}"),
    ] {
        assert_eq!(super::read(&text), with(CommandName::Status), "{text}");
    }
    for text in [
        format!("batal {code}"),
        format!("#batal#{code}"),
        format!("# BATAL # {} ", code.as_str()),
        format!("batalkan kode {code}"),
    ] {
        assert_eq!(super::read(&text), with(CommandName::Batal), "{text}");
    }
    let last = code.as_str().chars().last().unwrap();
    let wrong = format!("{}{}", &code.as_str()[..7], if last == 'A' { 'B' } else { 'A' });
    let mistyped = Command { mistyped: true, plain: true, ..Command::of(CommandName::Batal) };
    assert_eq!(super::read(&format!("batal {wrong}")), Some(Request::Command(mistyped)), "it names no booking");
    assert_eq!(super::read(&wrong), None);
}

#[test]
fn a_greeting_is_a_greeting() {
    for text in [
        "halo",
        "Assalamu'alaikum wr. wb.",
        "selamat pagi pak 🙏",
        "Hai",
        "hai min!",
        "#halo",
        "Halo, selamat siang admin",
        "min?",
    ] {
        assert_eq!(super::read(text), Some(Request::Greeting), "{text}");
    }
    for text in ["", " ", "###", "\u{200b}", "🙏", "...", "?!"] {
        assert_eq!(super::read(text), Some(Request::Unreadable), "{text}");
    }
}

#[test]
fn a_greeting_comes_off_and_a_name_does_not() {
    for (text, rest) in [
        ("Assalamualaikum min, Budi", "Budi"),
        ("halo Budi", "Budi"),
        ("Hai min Budi", "Budi"),
        ("Pagi, Budi", "Budi"),
        ("Hai Nguyen", "Hai Nguyen"),
        ("Selamat Riyadi", "Selamat Riyadi"),
        ("Salam", ""),
        ("Budi", "Budi"),
        ("Hai\nBudi", "Budi"),
    ] {
        assert_eq!(after_greeting(text), rest, "{text}");
    }
}

proptest! {
    #[test]
    fn any_drawn_code_is_read(seed: u64) {
        let code = BookingCode::draw(&mut rand::rngs::StdRng::seed_from_u64(seed));
        let text = format!("batal {code}");
        prop_assert_eq!(super::read(&text), Some(Request::Command(Command { code: Some(code), ..Command::of(CommandName::Batal) })));
    }
}

// Negative control: with `is_small_word` always false, `keluarga`, `whatsapp` and three others of these ask for the status of a
// booking that nobody has.
#[test]
fn no_common_word_is_a_booking_code() {
    let words = include_str!("../../../../grammar/topics.toml").split(|c: char| !c.is_ascii_lowercase());
    let mut eight = 0;
    for word in words.filter(|word| word.len() == BOOKING_CODE_CHARS) {
        eight += usize::from(booking_code(word).is_some());
        assert!(!matches!(read(word), Some(Request::Command(Command { code: Some(_), .. }))), "{word}");
    }
    assert!(eight > 0, "none of the words could have been one");
    assert!(matches!(read("KELU-ARGA"), Some(Request::Command(Command { code: Some(_), .. }))));
}
