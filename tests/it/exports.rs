//! Exported chats of invented people, in every shape that phones and computers write, turned into stories. A finder that knows
//! what was put in, and nothing of how it is replaced, proves that nothing of it is left.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use antrean::replay::{self, Ending};
use antrean::roster::Roster;

use crate::support::calendar::MONTHS;

/// Exports that are generated: every shape at least twice, with every encoding and every spelling in turn.
const EXPORTS: usize = 72;

/// Somebody invented, and what must never be found again.
struct Person {
    name: &'static str,
    child: &'static str,
    born: (u32, u32, i32),
    /// Without the leading zero.
    phone: &'static str,
    nik: &'static str,
    street: &'static str,
    mail: &'static str,
}

const PEOPLE: [Person; 12] = [
    person("Rini Astuti", "Dimas", (17, 3, 1990), "81377776666", "3271041703909009", "Kenanga", "rini.astuti90"),
    person("I Made Suksma", "Ketut", (31, 12, 1965), "85244443333", "5171043112659008", "Gatot", "made_suksma"),
    person("Hari Susanto", "Lestari", (5, 5, 1978), "87855559999", "3374040505789007", "Pahlawan", "harisus78"),
    person("Ma'ruf Amirudin", "Zahra", (29, 2, 1988), "81966665555", "7371042902889006", "Veteran", "maruf.amir"),
    person("Nababan Togar", "Poltak", (9, 11, 2001), "82277778888", "1271040911019005", "Sisingamangaraja", "togarnab"),
    person("Cokorda Istri Agung", "Putri", (14, 7, 1959), "81288887777", "5103045407599004", "Raya Ubud", "cok.istri"),
    person(
        "Siti Nurhaliza Binti Umar",
        "Umairah",
        (23, 10, 1999),
        "89533334444",
        "2171046310999003",
        "Nagoya",
        "nurhalizaumar",
    ),
    person("René Wenas", "Jeremy", (8, 1, 1983), "81144445555", "7171040801839002", "Walanda", "rene.wenas"),
    person("TUTIK HANDAYANI", "Bagas", (30, 9, 1994), "83866667777", "3578047009949001", "Darmo", "tutikh"),
    person("Lim Mei Hwa", "Kevin", (19, 6, 1972), "81655554444", "6171045906729010", "Tanjungpura", "limhwa72"),
    person("Ahmad Syukron", "Fatimah", (2, 4, 1986), "85799998888", "3402040204869011", "Malioboro", "syukronahmad"),
    person("Yohana da Costa", "Yosef", (27, 8, 2003), "81344442222", "5371046708039012", "Timor", "yohana.dc"),
];

const fn person(
    name: &'static str,
    child: &'static str,
    born: (u32, u32, i32),
    phone: &'static str,
    nik: &'static str,
    street: &'static str,
    mail: &'static str,
) -> Person {
    Person { name, child, born, phone, nik, street, mail }
}

const ROMAN: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

/// A birth date in one of many spellings.
fn date_spelled((d, m, y): (u32, u32, i32), how: usize) -> String {
    let month = MONTHS[m as usize - 1];
    let (roman, short) = (ROMAN[m as usize - 1], &month[..3]);
    match how % 14 {
        0 => format!("{d:02}{m:02}{y}"),
        1 => format!("{d} {month} {y}"),
        2 => format!("{d:02}-{m:02}-{y}"),
        3 => format!("{d}/{m}/{y}"),
        4 => format!("{d:02}.{m:02}.{y}"),
        5 => format!("{d:02} {m:02} {y}"),
        6 => format!("{d}-{roman}-{y}"),
        7 => format!("{} {} {y}", d, month.to_uppercase()),
        8 => format!("{d:02}{m:02}{:02}", y % 100),
        9 => format!("{d} {short} {y}"),
        10 => format!("{y}-{m:02}-{d:02}"),
        11 => format!("{d:02}-{m:02}-{:02}", y % 100),
        12 => format!("{d}{month}{y}"),
        _ => format!("{d} - {m} - {y}"),
    }
}

fn phone_spelled(phone: &str, how: usize) -> String {
    let (a, b, c) = (&phone[..3], &phone[3..7], &phone[7..]);
    match how % 13 {
        0 => format!("0{phone}"),
        1 => format!("0{a}.{b}.{c}"),
        2 => format!("0{a}-{b}-{c}"),
        3 => format!("+62 {a}-{b}-{c}"),
        4 => format!("+62 {a}\u{2011}{b}\u{2011}{c}"),
        5 => format!("62{phone}"),
        6 => format!("0{a} {b} {c}"),
        7 => format!("(0{a}) {b}{c}"),
        8 => format!("+65 {b} {c}"),
        9 => format!("0{a}/{b}/{c}"),
        10 => format!("+62\u{A0}{a}\u{202F}{b}\u{2009}{c}"),
        11 => format!("+62 ({a}) {b} - {c}"),
        _ => format!("wa.me/62{phone}"),
    }
}

fn nik_spelled(nik: &str, how: usize) -> String {
    match how % 4 {
        0 => nik.to_owned(),
        1 => format!("{} {} {} {}", &nik[..4], &nik[4..8], &nik[8..12], &nik[12..]),
        2 => format!("{}.{}.{}.{}.{}", &nik[..2], &nik[2..4], &nik[4..6], &nik[6..12], &nik[12..]),
        _ => format!("{}-{}-{}", &nik[..6], &nik[6..12], &nik[12..]),
    }
}

fn address_spelled(street: &str, how: usize) -> String {
    match how % 6 {
        0 => format!("Jl. {street} 12 RT 3 Bogor"),
        1 => format!("jl {} no 7", street.to_lowercase()),
        2 => format!("Jalan {street} Blok C2/5, Kel. {street}"),
        3 => format!("JLN. {} 45 RT 02/RW 05", street.to_uppercase()),
        4 => format!("Gg. {street} III No. 8 Kec. {street} 16129"),
        _ => format!("Perumahan {street} Indah Blok A-3"),
    }
}

/// One message: minutes after the first, whether the office says it, and what. Notices have no sender on Android.
struct Message {
    minute: u32,
    who: Who,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Citizen,
    Office,
    Notice,
}

/// What is said in the export number `n`, with the first day of the month that the shape allows.
fn chat(n: usize, person: &Person) -> Vec<Message> {
    use Who::{Citizen, Notice, Office};
    let Person { name, child, born, phone, nik, street, mail } = person;
    let birth = |how: usize| date_spelled(*born, how);
    let nick = name.split(' ').next_back().unwrap();
    let form = match n % 6 {
        0 => format!("#{name}#{}#21082017", birth(n)),
        1 => format!(
            "Nama : {name}\nTTL : {street}, {}\nNIK: {}\nAlamat : {}\nNo HP : {}\nTgl kedatangan : 21082017",
            birth(n),
            nik_spelled(nik, n),
            address_spelled(street, n),
            phone_spelled(phone, n)
        ),
        2 => format!("{name} {} 21082017", date_spelled(*born, 0)),
        3 => format!("#{name}#{}#{}#kapan saja", birth(n), address_spelled(street, n)),
        4 => format!("[09.00, 1/8/2017] {name}: #{}#{}#21082017", name.to_uppercase(), birth(n)),
        _ => format!("#{name}\n#{}\n#21 Agustus 2017\n", birth(n)),
    };
    let say = |minute, who, text: String| Message { minute, who, text };
    vec![
        say(0, Notice, "Pesan dan panggilan terenkripsi secara end-to-end. Ketuk untuk info.".to_owned()),
        say(
            1,
            Citizen,
            format!(
                "Assalamualaikum, nama saya {} mau daftar",
                if n.is_multiple_of(2) { name.to_lowercase() } else { (*name).to_owned() }
            ),
        ),
        say(2, Office, format!("Selamat pagi Ibu {name}, silakan kirim formulir")),
        say(3, Citizen, form),
        say(
            4,
            Office,
            format!("*Nama:* {}\n*Lahir:* Sabtu, {}\n*Kode persetujuan:* 00002681", name.to_uppercase(), birth(1)),
        ),
        say(5, Citizen, if n.is_multiple_of(2) { "2681" } else { "0000 2681" }.to_owned()),
        say(6, Citizen, format!("hp saya {}, lahir {}", phone_spelled(phone, n), birth(n + 5))),
        say(7, Citizen, format!("alamat saya {}", address_spelled(street, n + 1))),
        say(8, Citizen, format!("NIK {} email {mail}@gmail.com", nik_spelled(nik, n + 2))),
        say(9, Notice, "Panggilan suara tak terjawab".to_owned()),
        say(10, Citizen, format!("anak saya bernama {child}, umur dari {}. {child} ikut ya", birth(n + 9))),
        say(
            11,
            Office,
            format!(
                "Baik {nick}, kami hubungi {} atau {mail}@gmail.com. {}",
                phone_spelled(phone, n + 3),
                address_spelled(street, n + 3)
            ),
        ),
        say(12, Citizen, format!("{nick}nya sudah, makasih. {}", phone_spelled(phone, n + 7))),
        say(13, Citizen, "null".to_owned()),
    ]
}

/// The head of a message on 14 August 2017 at 9 o'clock and some minutes, in one of the shapes.
fn head(shape: usize, minute: u32) -> String {
    let m = format!("{minute:02}");
    match shape {
        0 => format!("14/08/17 09.{m} - "),
        1 => format!("14/8/2017, 09.{m} - "),
        2 => format!("8/14/17, 9:{m} AM - "),
        3 => format!("14/08/2017, 09:{m} - "),
        4 => format!("14/8/2017, 9:{m}\u{A0}a.\u{202F}m. - "),
        5 => format!("[14/08/17 09.{m}.12] "),
        6 => format!("[14/08/2017, 09:{m}:12] "),
        7 => format!("\u{200E}[8/14/17, 9:{m}:12\u{202F}AM] "),
        8 => format!("[08-14-2017, 9:{m}:12 AM] "),
        9 => format!("2017/08/14, 09:{m} - "),
        10 => format!("[2017-08-14, 09.{m}.12] "),
        11 => format!("14.08.17, 09:{m} - "),
        12 => format!("14/08/17, 09:{m}:12: "),
        13 => format!("14/08/17 09.{m}.12 "),
        14 => format!("[09.{m}, 14/8/2017] "),
        15 => format!("14/08/2017 9:{m}\u{2009}am - "),
        16 => format!("14/8/2017, 9:{m} PG – "),
        _ => format!("14-08-2017 9:{m} a.m. - "),
    }
}

const SHAPES: usize = 18;

/// The text of an export. On iPhones notices stand under the office's name, behind a mark; on Android they have no sender.
fn export(n: usize, person: &Person) -> String {
    let shape = n % SHAPES;
    let android = matches!(shape, 0..=4 | 9 | 11 | 15..);
    let mut citizen = if n % 5 == 4 {
        format!("+62 {}-{}-{}", &person.phone[..3], &person.phone[3..7], &person.phone[7..])
    } else {
        person.name.to_owned()
    };
    citizen.push_str(": ");
    let mut text = String::new();
    for Message { minute, who, text: said } in chat(n, person) {
        text.push_str(&head(shape, minute));
        let sender = match who {
            Who::Notice if android => "",
            Who::Notice => "Kanim Bogor: \u{200E}",
            Who::Citizen => &citizen,
            Who::Office => "Kanim Bogor: ",
        };
        text.push_str(sender);
        text.push_str(&said);
        text.push('\n');
    }
    text
}

/// The same text as different phones and editors store it.
fn encoded(how: usize, text: &str) -> Vec<u8> {
    match how % 7 {
        0 => text.as_bytes().to_vec(),
        1 => format!("\u{FEFF}{text}").into_bytes(),
        2 => text.replace('\n', "\r\n").into_bytes(),
        3 => text.replace('\n', "\r").into_bytes(),
        4 => format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
        5 => format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => zipped(text.as_bytes()),
    }
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut output = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut output);
    let (mut entry, config) =
        archive.new_file("_chat.txt").compression_method(rawzip::CompressionMethod::DEFLATE).start().unwrap();
    let mut writer = config.wrap(flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::default()));
    writer.write_all(bytes).unwrap();
    let (encoder, descriptor) = writer.finish().unwrap();
    encoder.finish().unwrap();
    entry.finish(descriptor).unwrap();
    archive.finish().unwrap();
    output
}

/// What is left of `person` in a story: looked for in letters alone and in digits alone, so that no spelling hides it.
fn found(person: &Person, story: &str) -> Vec<String> {
    let Person { name, child, born: (d, m, y), phone, nik, street, mail } = person;
    let fold = |text: &str| text.to_lowercase().replace('é', "e");
    let mut found = Vec::new();
    for (number, line) in (1..).zip(story.lines().skip(3)) {
        let lower = fold(line);
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
        let letters: String = lower.chars().filter(|c| c.is_alphabetic()).collect();
        let digits: String = lower.chars().filter(char::is_ascii_digit).collect();
        let mut tell = |what: &str| found.push(format!("{number}: {what} in {line}"));
        for part in fold(name).split([' ', '\'']).chain([fold(child).as_str()]) {
            // An everyday word is found only as part of the name that it is in.
            let everyday = ["hari", "i", "ma", "da", "putri"].contains(&part);
            if !everyday && (words.contains(&part) || part.len() > 4 && letters.contains(part)) {
                tell("a name");
            }
        }
        for whole in fold(street).split(' ').chain([fold(street).as_str()]) {
            // Letters alone join neighbours: `Ibu Budi` holds `ubud`.
            let joined = whole.replace(' ', "");
            if whole != "raya" && (words.contains(&whole) || joined.len() > 4 && letters.contains(&joined)) {
                tell("an address");
            }
        }
        let month = MONTHS[*m as usize - 1].to_lowercase();
        let dates = [
            format!("{d:02}{m:02}{y}"),
            format!("{d:02}{m:02}{:02}", y % 100),
            format!("{y}{m:02}{d:02}"),
            format!("{d}{m}{y}"),
        ];
        if dates.iter().any(|date| digits.contains(date))
            || digits.contains(&y.to_string())
            || lower.contains(&format!("{d} {month}"))
            || lower.contains(&format!("{d}{month}"))
        {
            tell("a birth date");
        }
        if [&phone[3..], &phone[..7], &nik[6..], &nik[..12]].iter().any(|part| digits.contains(part)) {
            tell("a number");
        }
        if letters.contains(&fold(mail).chars().filter(|c| c.is_alphabetic()).collect::<String>())
            || lower.contains("gmail")
        {
            tell("an e-mail address");
        }
        if lower.contains("terenkripsi") || lower.contains("panggilan") || lower.contains("null") {
            tell("a notice");
        }
    }
    found
}

fn import(path: &Path, more: &[&str]) -> (i32, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_antrean")).args(["replay", "--import"]).arg(path).args(more).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn written(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

// Without the masks of names this found 990 things left, without that of numbers and dates 637, of addresses in sentences 192.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_personal_is_left_of_any_export_and_its_story_plays() {
    let folder = tempfile::tempdir().unwrap();
    let mut stories = Vec::new();
    let mut left = Vec::new();
    for n in 0..EXPORTS {
        let person = &PEOPLE[n % PEOPLE.len()];
        let text = export(n, person);
        let file = written(&folder, &format!("{n}.export"), &encoded(n, &text));
        let (status, story, told) = import(&file, &[]);
        assert_eq!(status, 0, "{n}: {told}\n{text}");
        left.extend(found(person, &story).into_iter().map(|what| format!("export {n}, {what}")));
        assert!(story.contains("clock 2017-08-14 09:01"), "{n}: {story}");
        assert!(!found(person, &text).is_empty(), "the finder finds them in the export itself");
        // Who speaks is the citizen, and codes are the office's.
        assert!(story.lines().any(|line| line.contains(" > {code|")), "{n}: {story}");
        assert!(
            story.contains("< Selamat pagi")
                && story.contains("21082017")
                    | story.contains("21 Agustus")
                    | story.contains("kapan")
                    | story.contains("Jl."),
            "{n}: {story}"
        );
        stories.push(written(&folder, &format!("{n:02}.chat"), story.as_bytes()));
    }
    assert!(left.is_empty(), "{} left:\n{}", left.len(), left.join("\n"));
    let played = replay::run(Roster::shipped().unwrap(), &stories, None).await.unwrap();
    assert_eq!(played.len(), EXPORTS);
    for one in &played {
        assert!(
            !matches!(one.ending, Ending::Broken { .. }),
            "{}",
            replay::report::text(&played, replay::report::Colours::None)
        );
    }
}

/// What the field sent, one export of each kind, and the part of the story that it must give.
#[test]
fn exports_from_the_field_give_the_right_story() {
    const GREETING: &str = "01/08/17 09.00 - Rini: halo\n01/08/17 09.00 - Kanim: Selamat pagi\n";
    let folder = tempfile::tempdir().unwrap();
    for (name, export, parts) in [
        (
            "a notice first, under the office's name",
            "[01/08/17 09.00.01] Kanim: \u{200E}Bisnis ini menggunakan layanan aman dari Meta untuk mengelola chat ini.\n\
             [01/08/17 09.00.05] Rini: halo\n[01/08/17 09.00.06] Kanim: Selamat pagi\n\
             [01/08/17 09.02.00] Rini: #Rini Astuti#17031990#07082017\n"
                .to_owned(),
            &["\nBudi > halo\n< Selamat pagi\n", "\nBudi > #Budi#25011987#07082017\n"][..],
        ),
        (
            "month first",
            "[8/1/17, 9:00:05 AM] Rini: halo\n[8/1/17, 9:00:06 AM] Kanim: Selamat pagi\n\
             [8/14/17, 2:10:50 PM] Rini: #Rini Astuti#17031990#21082017\n"
                .to_owned(),
            &["clock 2017-08-01 09:00:05", "wait until 2017-08-14 14:10:50\nBudi > #Budi#25011987#21082017\n"],
        ),
        (
            "a birth date in words",
            format!(
                "{GREETING}01/08/17 09.01 - Rini: #Rini Astuti#17 Maret 1990#07082017\n\
                 01/08/17 09.01 - Kanim: Lahir: Sabtu, 17 Maret 1990\n"
            ),
            &["Budi > #Budi#25 Januari 1987#07082017\n< Lahir: Minggu, 25 Januari 1987\n"],
        ),
        (
            "a number as a name",
            "01/08/17 09.00 - +62 812-2017-0807: halo\n01/08/17 09.00 - Kanim: Selamat pagi\n\
             01/08/17 09.01 - +62 812-2017-0807: #Rini Astuti#17031990#07-08-2017\n"
                .to_owned(),
            &["Budi > halo", "Budi > #Siti#25011987#07-08-2017\n"],
        ),
        (
            "labels with blanks",
            format!(
                "{GREETING}01/08/17 09.01 - Rini: Nama : Rini Astuti\nTTL : Garut, 12 Maret 1988\nAlamat : Jl. Kenanga 12 RT 3\n\
                 Tgl kedatangan : 08082017\n"
            ),
            &[
                "Budi > Nama : Budi\n  TTL : Contoh, 25 Januari 1987\n  Alamat : Jl. Melati No. 1\n  Tgl kedatangan : 08082017\n",
            ],
        ),
        (
            "numbers in every spelling",
            format!(
                "{GREETING}01/08/17 09.01 - Rini: hp 0813.1111.2222, rumah (0251) 8312345\n\
                 01/08/17 09.02 - Rini: +65 9123 4567 atau +62 813\u{2011}1111\u{2011}2222\n"
            ),
            &["Budi > hp 081200000001, rumah 081200000001\n", "Budi > 081200000001 atau 081200000001\n"],
        ),
        (
            "an address in a sentence",
            format!("{GREETING}01/08/17 09.01 - Rini: alamat saya Jl. Kenanga 12 RT 3 Bogor\n"),
            &["Budi > alamat saya Jl. Melati No. 1\n"],
        ),
        (
            "calls and disappearing messages",
            "[01/08/17 09.00.05] Rini: halo\n[01/08/17 09.00.06] Kanim: Selamat pagi\n\
             \u{200E}[01/08/17 09.01.00] Rini: \u{200E}Panggilan suara tak terjawab\n\
             \u{200E}[01/08/17 09.01.10] Rini: \u{200E}Rini menyalakan pesan sementara.\n"
                .to_owned(),
            &["\nBudi > halo\n< Selamat pagi\n"],
        ),
        (
            "null and nothing",
            format!("{GREETING}01/08/17 09.01 - Rini: null\n01/08/17 09.02 - Rini: \n"),
            &["\nBudi > halo\n< Selamat pagi\n"],
        ),
        (
            "half days with dots",
            "1/8/2017, 9:00 a. m. - Rini: halo\n1/8/2017, 9:00 a. m. - Kanim: Selamat pagi\n1/8/2017, 2:10 p. m. - Rini: #status\n"
                .to_owned(),
            &["clock 2017-08-01 09:00\n", "wait until 2017-08-01 14:10\nBudi > #status\n"],
        ),
        (
            "a copied head",
            format!("{GREETING}01/08/17 09.02 - Rini: [09.00, 1/8/2017] Siti: #Rini Astuti#17031990#07082017\n"),
            &["Budi > #Budi#25011987#07082017\n"],
        ),
    ] {
        let (status, story, told) = import(&written(&folder, "chat.txt", export.as_bytes()), &["--strict"]);
        assert_eq!(status, 0, "{name}: {told}\n{story}");
        for part in parts {
            assert!(story.contains(part), "{name}: no {part:?} in\n{story}");
        }
        if name.contains("null") || name.contains("calls") {
            assert_eq!(story.matches("Budi >").count(), 1, "{name}: {story}");
        }
    }
}

#[test]
fn what_cannot_be_read_or_told_apart_is_an_error_that_shows_nobody() {
    let folder = tempfile::tempdir().unwrap();
    for (export, more, part) in [
        (
            "01/08/17 09.00 - Rini: halo\n01/08/17 09.00 | Rini: #Rini Astuti#17031990\n",
            &[][..],
            "line 2 begins like a message",
        ),
        ("[8/1/17, 9:00:05 AM] Rini: halo\n", &[], "--dates dmy"),
        ("[13/1/17, 9:00:05 AM] Rini: halo\n", &["--dates", "mdy"], "line 1 begins like a message"),
        (
            "01/08/17 09.00 - Rini Astuti: a\n01/08/17 09.00 - Kanim: b\n01/08/17 09.01 - Wulan: c\n",
            &[],
            "Ka…, Ri… As…, Wu…",
        ),
        ("halo\n", &[], "no message found"),
        ("PK\u{3}\u{4}nonsense", &[], "the zip archive is damaged"),
    ] {
        let (status, story, told) = import(&written(&folder, "chat.txt", export.as_bytes()), more);
        assert_eq!((status, story.as_str()), (2, ""), "{export}");
        assert!(told.contains(part), "{told}");
        assert!(!told.contains("Astuti") && !told.contains("1703"), "{told}");
    }
    let ambiguous = written(&folder, "chat.txt", b"[8/1/17, 9:00:05 AM] Rini: halo\n");
    assert!(import(&ambiguous, &["--dates", "mdy"]).1.contains("clock 2017-08-01 09:00:05"));
    assert!(import(&ambiguous, &["--dates", "dmy"]).1.contains("clock 2017-01-08 09:00:05"));
}

#[test]
fn what_may_be_left_is_told_and_strict_fails_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let chat = "01/08/17 09.00 - Rini: halo\n01/08/17 09.00 - Kanim: Selamat pagi\n01/08/17 09.01 - Rini: titip buat Wulandari ya\n";
    let file = written(&folder, "chat.txt", chat.as_bytes());
    let (status, story, told) = import(&file, &[]);
    assert_eq!(status, 0);
    let line = 1 + story.lines().position(|line| line.contains("titip")).unwrap();
    assert!(told.contains(&format!("story line {line}: this may be a name: Aaaaaaaaa")), "{told}");
    assert!(!told.contains("Wulandari"), "{told}");
    assert_eq!(import(&file, &["--strict"]).0, 1);
}
