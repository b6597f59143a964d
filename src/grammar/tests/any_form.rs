//! Any form of any line: patterns drawn over the whole language, values drawn for them, and what must hold of both.

use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};

use super::*;
use crate::domain::identity::{Email, Nik, NoKk, Phone};
use crate::domain::person::{Address, Applicant, FreeText, Nama, Service, TglLahir};
use crate::domain::slot::Session;
use crate::grammar::format::pattern::Shape;
use crate::grammar::language::politeness::after_greeting;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::reader::command;
use crate::grammar::topic::topics;
use crate::grammar::value::name;

/// Lines that are drawn before a seed is given up: most that `check` refuses are refused for good reasons.
const DRAWS_MAX: usize = 30;

fn sent() -> NaiveDate {
    "2017-08-01".parse().expect("a date")
}

/// What a drawn pattern calls a field.
fn label(field: Field) -> &'static str {
    match field {
        Field::Nama => "Nama",
        Field::TglLahir => "Tgl Lahir(DDMMYYYY)",
        Field::TglKedatangan => "Tgl Datang",
        Field::Alamat => "Alamat",
        Field::Jumlah => "Jumlah",
        Field::Nik => "NIK",
        Field::NoKk => "Nomor KK",
        Field::Telepon => "No HP",
        Field::Email => "Email",
        Field::Sesi => "Sesi",
        Field::Layanan => "Jenis Layanan",
        Field::Teks(0) => "Pekerjaan",
        Field::Teks(_) => "Keperluan",
    }
}

/// A row of pieces in any order, some of them optional or with an alternative; and the rules below it.
fn draw_file(rng: &mut StdRng) -> String {
    let pairs = ["NIK|NoKK", "NoKK | NIK", "Telepon|Email", "TglKedatangan|Sesi", "Layanan|Jumlah"];
    let texts = [Field::Teks(0), Field::Teks(1)];
    let single: Vec<&str> =
        Field::KNOWN.into_iter().filter(|field| *field != Field::Nama).chain(texts).map(label).collect();
    let mut pieces: Vec<String> = single.sample(rng, 5).map(|piece| (*piece).to_owned()).collect();
    pieces.truncate(rng.random_range(0..=5));
    if rng.random_bool(0.4) {
        pieces.push((*pairs.choose(rng).expect("a pair")).to_owned());
    }
    for piece in &mut pieces {
        if rng.random_bool(0.25) {
            *piece = format!("[{piece}]");
        }
    }
    pieces.shuffle(rng);
    let at = if rng.random_bool(0.8) { 0 } else { rng.random_range(0..=pieces.len()) };
    pieces.insert(at, "Nama".to_owned());
    let mark = *["#", "#", "#", "*", ";", ",", "~", "&", "\\n"].choose(rng).expect("a mark");
    let front = if rng.random_bool(0.5) && mark != "\\n" { mark } else { "" };
    let keyword = match rng.random_range(0..6) {
        0 => "REG ".to_owned(),
        1 => format!("DAFTAR{mark}"),
        2 => format!("E-PASSPORT{mark}"),
        _ => String::new(),
    };
    let photo = ["", "", " + FotoKTP", " + FOTO EKTP | AKTA LAHIR", " + Foto"].choose(rng).expect("a photo");
    let joint = if rng.random_bool(0.3) && mark != "\\n" { format!(" {mark}") } else { mark.to_owned() };
    let line = format!("{front}{keyword}{}{photo}", pieces.join(&joint));
    let asks = |name: &str| pieces.iter().any(|piece| piece.contains(name));
    let loose = pieces.iter().any(|piece| piece.contains('['));
    let mut file = format!("id = \"any\"\npattern = \"{line}\"\nseparator = \"{mark}\"\n");
    if asks("Pekerjaan") {
        file += "[fields.Pekerjaan]\nkind = \"text\"\nmax = 40\n";
    }
    if asks("Keperluan") {
        file += "[fields.Keperluan]\nkind = \"text\"\n";
    }
    if asks("Alamat") && !loose && rng.random_bool(0.6) {
        file += "[fields.Alamat]\nholds_separator = true\n";
    }
    if asks("Layanan") {
        file += "[fields.Layanan.choices]\nbaru = [\"paspor baru\"]\nperpanjang = [\"ganti\", \"perpanjangan\"]\nhilang = []\n";
    }
    if asks("Tgl Lahir") && rng.random_bool(0.3) {
        let dates = *["ddmmyyyy", "dd-mm-yyyy", "yyyy-mm-dd", "dd month yyyy"].choose(rng).expect("a spelling");
        file.extend(["[fields.TglLahir]\ndates = [\"", dates, "\"]\n"]);
    }
    file
}

/// A format that can distinguish its shapes, and the file it was read from.
pub(super) fn draw_format(rng: &mut StdRng) -> Option<(Format, String)> {
    (0..DRAWS_MAX).find_map(|_| {
        let file = draw_file(rng);
        let format = Format::from_toml(&file).ok()?;
        check(&format).is_empty().then_some((format, file))
    })
}

/// A word that the vocabulary does not have.
fn word(rng: &mut StdRng) -> String {
    loop {
        let length = rng.random_range(3..9);
        let letters: String = (0..length).map(|_| char::from(rng.random_range(b'a'..=b'z'))).collect();
        if WORDS.all.get(&letters).is_none() {
            let (first, rest) = letters.split_at(1);
            return format!("{}{rest}", first.to_uppercase());
        }
    }
}

/// A name that no greeting, keyword or piece is called by.
fn draw_name(rng: &mut StdRng) -> Nama {
    let marks = [" ", " ", "-", "'", ". "];
    let is_word = |name: &str| {
        let known = WORDS.keywords.front(name).is_some() || WORDS.fields.front(name).is_some();
        let titled = name::untitled(name).is_some();
        known || titled || after_greeting(name) != name
    };
    loop {
        let name = format!("{}{}{}", word(rng), marks.choose(rng).expect("a mark"), word(rng));
        // Ten letters may be a booking code by chance.
        if !is_word(&name) && command::read(&name).is_none() {
            return Nama::read(&name).expect("a name");
        }
    }
}

fn draw_registry(rng: &mut StdRng, born: NaiveDate) -> String {
    let woman = if rng.random_bool(0.5) { 40 } else { 0 };
    let (day, month, year) = (born.day() + woman, born.month(), born.year() % 100);
    format!(
        "{}0{}0{}{day:02}{month:02}{year:02}{:04}",
        [11, 32, 71, 92].choose(rng).expect("a province"),
        rng.random_range(1..9),
        rng.random_range(1..9),
        rng.random_range(1..9999)
    )
}

/// A form in one of the format's shapes, with any valid values.
fn draw_form(rng: &mut StdRng, format: &Format, shape: &Shape) -> Form {
    let born = "1899-06-01".parse::<NaiveDate>().expect("a date") + Days::new(rng.random_range(0..43_000));
    let mut applicant = Applicant::named(draw_name(rng));
    let (mut visit, mut party) = (None, 1);
    for &field in &shape.fields {
        match field {
            Field::Nama => {}
            Field::TglLahir => applicant.tgl_lahir = TglLahir::judge(born, sent()).ok(),
            Field::TglKedatangan => visit = Some(sent() + Days::new(rng.random_range(0..180))),
            Field::Alamat => {
                let open = shape.open_at.map(|_| format!("{}Kav {}", format.mark(), word(rng))).unwrap_or_default();
                applicant.alamat = Address::read(&format!("Jl. {} No. {}{open}", word(rng), rng.random_range(1..99)));
            }
            Field::Jumlah => party = rng.random_range(1..=5),
            Field::Nik => applicant.nik = Nik::read(&draw_registry(rng, born)),
            Field::NoKk => {
                let issued = sent() - Days::new(rng.random_range(0..5_000));
                applicant.no_kk = NoKk::read(&draw_registry(rng, issued));
            }
            Field::Telepon => {
                let number =
                    ["+6591234567", "+60123456789", "+622155512345"].choose(rng).map(|number| (*number).to_owned());
                let mobile = format!("0812{:08}", rng.random_range(0..100_000_000));
                applicant.telepon = Phone::read(&number.filter(|_| rng.random_bool(0.3)).unwrap_or(mobile));
            }
            Field::Email => {
                applicant.email = Email::read(&format!("{}.{}@example.id", word(rng), rng.random_range(1..99)));
            }
            Field::Sesi => applicant.sesi = Session::ALL.choose(rng).copied(),
            Field::Layanan => {
                applicant.layanan = ["baru", "perpanjang", "hilang"].choose(rng).and_then(|name| Service::named(name));
            }
            Field::Teks(_) => {
                applicant.teks.extend(FreeText::read(
                    format.called(field),
                    &format!("{} {}", word(rng), word(rng)),
                    40,
                ));
            }
        }
    }
    Form { format: format.id().clone(), applicant, visit, party, wants_photo: format.wants_photo(), notes: Vec::new() }
}

/// A value that holds the mark, or a word that means something else, is another test's.
fn is_plain(format: &Format, shape: &Shape, form: &Form) -> bool {
    shape.fields.iter().all(|&field| {
        let value = format.value(form, field).unwrap_or_default();
        let said = |word: &str| {
            let words = &WORDS;
            words.thanks.get(word).is_some() || words.fillers.get(word).is_some()
        };
        (shape.open_at.is_some() && field == Field::Alamat || !value.contains(format.mark()))
            && !value.split(|c: char| !c.is_alphanumeric()).any(said)
            // `Hmt Kmn` asks where the office is: three letters may be a question's.
            && topics(&value, sent()).is_empty()
    })
}

/// Messages of different people in the format's fullest shape, as they print.
pub(super) fn draw_lines(rng: &mut StdRng, format: &Format, count: usize) -> Vec<String> {
    let Some(shape) = format.shapes().first() else { return Vec::new() };
    let forms = (0..count).map(|_| draw_form(rng, format, shape)).filter(|form| is_plain(format, shape, form));
    forms.map(|form| format.fill(&form)).filter(|line| command::read(line).is_none()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    // Negative control: a `check` that takes any form for the shape that was printed fails this; so did the day of sending in
    // a line that takes a birth date or a visit there, before `check` refused it.
    #[test]
    fn any_values_printed_by_any_pattern_read_back_the_same(seed: u64) {
        let mut rng = StdRng::seed_from_u64(seed);
        let drawn = draw_format(&mut rng);
        prop_assume!(drawn.is_some());
        let (format, file) = drawn.expect("a format");
        for shape in format.shapes() {
            let form = draw_form(&mut rng, &format, shape);
            if !is_plain(&format, shape, &form) {
                continue;
            }
            let line = format.fill(&form);
            // Seven letters and a count are a booking code by its check character once in a while: `Mspf-Mcb#5`.
            if let Some(Request::Command(Command { code: Some(_), .. })) = command::read(&line) {
                continue;
            }
            prop_assert_eq!(read(&[&format], &line, sent()), Request::Form(form), "{} by\n{}", line, file);
        }
    }
}

// Negative control: without `is_one_form` in `split_forms::run_on` the purpose is the name of a second person.
#[test]
fn a_purpose_of_two_words_before_the_day_of_the_visit_is_no_second_person() {
    let file = "id = \"any\"\npattern = \"#Nama#TglLahir#[NIK]#[Keperluan]#TglKedatangan\"\n\
                [fields.Keperluan]\nkind = \"text\"\n";
    let format = Format::from_toml(file).expect("a format");
    let line = "#Budi Santoso#28121942#1108032812428541#Umrah Ramadan#09112017";
    let read = read(&[&format], line, sent());
    let Request::Form(form) = &read else { panic!("{read:?}") };
    assert_eq!((form.party, form.notes.len()), (1, 0));
    assert_eq!(form.visit, "2017-11-09".parse().ok());
}

// Negative control: without `is_session_in_front` in `segment` the session is taken off as the greeting that the same word is
// elsewhere; without its look at the piece behind it the last two lose their greeting.
#[test]
fn a_session_in_front_is_no_greeting() {
    let of =
        |id: &str, line: &str| Format::from_toml(&format!("id = \"{id}\"\npattern = \"{line}\"\n")).expect("a format");
    let (session, either, day) =
        (of("sesi", "#Sesi#Nama"), of("pilih", "#TglKedatangan|Sesi#Nama"), of("hari", "#Nama#TglLahir#TglKedatangan"));
    for (formats, line, expected) in [
        (vec![&session], "#pagi#Budi Santoso", Some(Session::Pagi)),
        (vec![&session], "Selamat pagi #siang#Budi Santoso", Some(Session::Siang)),
        (vec![&either], "#Siang#Budi Santoso#terima kasih", Some(Session::Siang)),
        (vec![&either], "pagi #07082017#Budi Santoso", None),
        (vec![&day, &session], "pagi#Budi Santoso#25011987#07082017", None),
    ] {
        let Request::Form(form) = read(&formats, line, sent()) else { panic!("{line}") };
        assert_eq!((form.applicant.sesi, form.applicant.nama.as_str()), (expected, "Budi Santoso"), "{line}");
    }
}

// `any_values_printed_by_any_pattern_read_back_the_same` is worth what it draws: every construct of the language has to be among it.
// Negative control: a language without hints in round brackets, by which most lines are refused, fails this.
#[test]
fn every_construct_is_drawn() {
    let files: Vec<String> =
        (0..400).filter_map(|seed| draw_format(&mut StdRng::seed_from_u64(seed))).map(|(_, file)| file).collect();
    assert!(files.len() > 390, "{}", files.len());
    for construct in [
        "[Email]",
        "NIK|NoKK",
        "Telepon|Email",
        "REG ",
        "DAFTAR",
        "E-PASSPORT",
        "| AKTA LAHIR",
        "separator = \"*\"",
        "separator = \"\\n\"",
        "separator = \",\"",
        "holds_separator",
        "kind = \"text\"",
        "choices",
        "dates = ",
        "Sesi",
        "Jumlah",
    ] {
        assert!(files.iter().any(|file| file.contains(construct)), "no line with {construct}");
    }
}
