//! Lines as offices print them, and lines that are no pattern.

use Field::{Alamat, Email, Jumlah, Nama, Nik, NoKk, Sesi, Teks, Telepon, TglKedatangan, TglLahir};

use super::*;

fn own() -> Words<u8> {
    Words::of_folded(vec![("pekerjaan".into(), 0)])
}

fn read(line: &str) -> Result<Pattern, PatternError> {
    Pattern::read(line, None, &own(), |field| field == Alamat && line.contains("SESUAI"))
}

fn fields(line: &str) -> Vec<Field> {
    let pattern = read(line).unwrap_or_else(|error| panic!("{line}: {error:?}"));
    pattern.fields().collect()
}

// Negative control: knowing no hints in round brackets, or fields by their canonical names only, fails this.
#[test]
fn the_lines_that_offices_printed_read() {
    // The eight that newspapers, offices and bloggers printed between 2017 and 2019.
    for (line, asked, photos, keyword) in [
        ("#Nama#TglLahir#TglKedatangan", vec![Nama, TglLahir, TglKedatangan], vec![], None),
        ("#NAMA#TGLLahir#TglKedatangan", vec![Nama, TglLahir, TglKedatangan], vec![], None),
        ("#Nama #TglLahir #TglKedatangan", vec![Nama, TglLahir, TglKedatangan], vec![], None),
        ("#Nama#Tanggal Lahir#Tanggal Kedatangan", vec![Nama, TglLahir, TglKedatangan], vec![], None),
        ("NAMA#TGL.LAHIR#ALAMAT + FOTO EKTP", vec![Nama, TglLahir, Alamat], vec![PhotoKind::Ktp], None),
        ("NAMA#TGLLAHIR(DDMMYYYY)#ALAMAT SESUAI KTP", vec![Nama, TglLahir, Alamat], vec![], None),
        ("E-PASSPORT#NAMA#TGLLAHIR#ALAMAT", vec![Nama, TglLahir, Alamat], vec![], Some("E-PASSPORT")),
        ("NAMA#TGLLAHIR#ALAMAT SESUAI EKTP#JUMLAH", vec![Nama, TglLahir, Alamat, Jumlah], vec![], None),
    ] {
        let pattern = read(line).expect(line);
        assert_eq!(pattern.fields().collect::<Vec<_>>(), asked, "{line}");
        assert_eq!((pattern.photos, pattern.separator), (photos, Separator::HASH), "{line}");
        assert_eq!(pattern.prefix.map(|prefix| prefix.spelled).as_deref(), keyword, "{line}");
        assert_eq!(pattern.opens_with_mark, line.starts_with('#'), "{line}");
        assert_eq!(pattern.shapes.len(), 1, "{line}");
    }
}

// Negative control: knowing fields by their canonical names only fails this.
#[test]
fn names_are_known_by_their_synonyms() {
    assert_eq!(fields("#Nama Lengkap#TTL#Tgl Kunjungan"), [Nama, TglLahir, TglKedatangan]);
    assert_eq!(fields("#Full Name#No KTP#Nomor KK#No WA#Surel"), [Nama, Nik, NoKk, Telepon, Email]);
    assert_eq!(fields("#Nama#Pekerjaan#Waktu"), [Nama, Teks(0), Sesi]);
}

// Negative control: looking for the mark inside hints too fails this.
#[test]
fn other_marks_are_read_as_printed() {
    for (line, mark) in [
        ("Nama*TglLahir*Alamat", '*'),
        ("Nama; TglLahir; Alamat", ';'),
        ("Nama, TglLahir, Alamat", ','),
        ("~Nama~TglLahir~Alamat", '~'),
        ("Nama\nTglLahir\nAlamat", '\n'),
        ("Nama*TglLahir(dd, mm, yyyy)*Alamat", '*'),
        ("#Nama#TglLahir#Alamat (jalan; kota)", '#'),
    ] {
        let pattern = read(line).expect(line);
        assert_eq!(pattern.separator.mark(), mark, "{line}");
        assert_eq!(pattern.fields().collect::<Vec<_>>(), [Nama, TglLahir, Alamat], "{line}");
    }
    let error = read("Nama*TglLahir;Alamat").expect_err("two marks");
    assert!(error.remedy.contains("separator = \"*\""), "{}", error.remedy);
}

// Negative control: brackets that make nothing optional, or alternatives of which the first counts, fail this.
#[test]
fn brackets_and_bars_make_shapes() {
    let shapes = |line: &str| -> Vec<Vec<Field>> {
        read(line).expect(line).shapes.into_iter().map(|shape| shape.fields).collect()
    };
    for line in ["#Nama#TglLahir#[Email]", "#Nama#TglLahir[#Email]", "#Nama #TglLahir [ Email ]"] {
        assert_eq!(shapes(line), [vec![Nama, TglLahir, Email], vec![Nama, TglLahir]], "{line}");
    }
    assert_eq!(
        shapes("#Nama#NIK|NoKK#[Telepon]"),
        [vec![Nama, Nik, Telepon], vec![Nama, Nik], vec![Nama, NoKk, Telepon], vec![Nama, NoKk]]
    );
}

// Negative control: a keyword that always takes the mark fails this.
#[test]
fn a_keyword_is_followed_by_the_mark_or_by_a_space() {
    for (line, spelled, spaced) in [
        ("REG Nama#TglLahir", "REG", true),
        ("DAFTAR#Nama#TglLahir", "DAFTAR", false),
        ("#E-PASPOR#Nama#TglLahir", "E-PASPOR", false),
    ] {
        let prefix = read(line).expect(line).prefix.expect("a keyword");
        assert_eq!((prefix.spelled.as_str(), prefix.spaced), (spelled, spaced), "{line}");
    }
}

// Negative control: keeping the first photo only fails this.
#[test]
fn photos_may_be_alternatives() {
    let photos = |line: &str| read(line).expect(line).photos;
    assert_eq!(photos("#Nama + FOTO EKTP | AKTA LAHIR"), [PhotoKind::Ktp, PhotoKind::Akta]);
    assert_eq!(photos("#Nama + Akta Kelahiran|Foto"), [PhotoKind::Akta, PhotoKind::Any]);
}

// Negative control: a piece that may stand twice fails this.
#[test]
fn a_line_that_is_no_pattern_says_what_to_mend_and_where() {
    for (line, at, says, remedy) in [
        ("#Nama#Umur", 6..10, "names no known piece", "[fields.Umur]"),
        ("#Nama#TglLahri", 6..14, "names no known piece", "did you mean `TglLahir`?"),
        ("#Nma#TglLahir", 1..4, "names no known piece", "did you mean `Nama`?"),
        ("ANTRI#Nama#TglLahir", 0..5, "names no known piece", "one of E-PASSPORT, DAFTAR, REG, ULANG"),
        ("Ketik: #Nama#TglLahir", 0..6, "names no known piece", "leave out what citizens do not send"),
        ("NAMA/TGL LAHIR/ALAMAT", 0..21, "names no known piece", "`/` is no mark between pieces"),
        ("#NAMA;TGL LAHIR;ALAMAT", 1..22, "names no known piece", "separator = \";\""),
        ("#Nama#Pekerjan", 6..14, "names no known piece", "did you mean `pekerjaan`?"),
        ("#Nama#TglLahir#Nama", 15..19, "stands twice", "leave one"),
        ("#Nama#NIK|NoKK#[NIK]", 16..19, "stands twice", "leave one"),
        ("#Nama#NIK|NIK", 10..13, "never reached", "leave one"),
        ("REG Nama", 0..8, "cannot be told from chat", "as in `#Nama`"),
        ("Sesi#Nama#TglLahir", 0..18, "are greetings too", "as in `#Sesi#Nama`"),
        ("[Email]#Sesi#Nama#TglLahir", 0..26, "are greetings too", "as in `#Sesi#Nama`"),
        ("#TglLahir#TglKedatangan", 0..23, "asks for no name", "add `Nama`"),
        ("#[Nama]#TglLahir", 2..6, "may not be left out", "without brackets"),
        ("#Nama|Email#TglLahir", 1..11, "may not be left out", "`Nama` alone"),
        ("#Nama#Alamat + Video", 15..20, "no known attachment", "FotoKTP"),
        ("#Nama + FotoKTP + Akta", 8..22, "one photo", "`|`"),
        ("#Nama + FotoKTP#Alamat", 8..22, "at the end", "then `+ FotoKTP`"),
        ("#Nama + [FotoKTP]", 8..17, "never optional", "without brackets"),
        ("#Nama#E-PASSPORT", 6..16, "names no known piece", "write one of"),
        ("#Nama(#TglLahir", 5..15, "cannot stand here", "between the marks"),
        ("#Nama#[Email#Telepon]", 6..21, "no single piece", "in its own"),
        ("#Nama#[Email", 6..12, "no single piece", "in its own"),
        ("#Nama#Email]", 11..12, "closes nothing", "`[`"),
        ("#Nama#Email|", 6..12, "names no known piece", "did you mean `Email`?"),
        ("#Nama#[Email]#ALAMAT SESUAI KTP", 0..31, "which is which", "brackets"),
        ("#Nama#[Email]#[Telepon]#[Sesi]#[Layanan]#[Jumlah]#[NIK]", 0..55, "more than 32 ways", "two formats"),
        ("", 0..0, "asks for no name", "add `Nama`"),
        ("Nama", 0..4, "cannot be told from chat", "begin the line with"),
        ("Nama#[Email]", 0..12, "cannot be told from chat", "begin the line with"),
        ("#Nama + Foto | Akta Lahir", 15..25, "never reached", "leave it out"),
    ] {
        let error = read(line).expect_err(line);
        assert_eq!(error.at, at, "{line}: {}", error.message);
        assert!(error.message.contains(says), "{line}: {}", error.message);
        assert!(error.remedy.contains(remedy), "{line}: {}", error.remedy);
    }
}
