//! Words of a text and their classes: common words, titles, beginnings of addresses, labels of a form.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Where, in bytes.
    pub at: Range<usize>,
    /// Without case, accents and ornament: `𝐑𝐢𝐧𝐢` and `RINI` are `rini`.
    pub folded: String,
    /// Whether it begins with a capital.
    pub capital: bool,
}

/// A word without case, accents and ornament.
pub fn fold(word: &str) -> String {
    word.nfkd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase).collect()
}

/// The words of `text`; marks and signs part them.
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric() || is_combining_mark(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let word = text.get(from..at).unwrap_or_default();
                let plain: String = word.nfkc().collect();
                found.push(Word { at: from..at, folded: fold(word), capital: plain.starts_with(char::is_uppercase) });
                start = None;
            }
            _ => {}
        }
    }
    found
}

fn list(words: &'static str) -> BTreeSet<&'static str> {
    words.split_whitespace().collect()
}

/// Whether a word is a common one: alone it is no name.
pub fn is_common(folded: &str) -> bool {
    static COMMON: LazyLock<BTreeSet<&str>> = LazyLock::new(|| list(include_str!("common.txt")));
    COMMON.contains(folded) || is_title(folded) || is_address_cue(folded) || folded.chars().all(char::is_numeric)
}

/// Whether a name is likely to follow: `Bapak`, `Ibu`, `Sdri`.
pub fn is_title(folded: &str) -> bool {
    static TITLES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        list(
            "pak bapak bpk bp bu ibu mbak mba mas kak kakak sdr sdri saudara saudari tn tuan ny nyonya nona nn mr mrs ms miss yth dr drs dra ustadz ustad haji hj om tante bang abang teh kang akang neng encik puan",
        )
    });
    TITLES.contains(folded)
}

/// Whether a name follows, in any case of letters.
pub fn is_name_cue(folded: &str) -> bool {
    ["nama", "namanya", "namaku", "bernama", "panggil", "panggilan", "dipanggil", "name"].contains(&folded)
}

/// Whether somebody's name may follow, if it begins with a capital.
pub fn is_kin(folded: &str) -> bool {
    static KIN: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        list(
            "saya aku dengan dgn istri suami anak adik kakak ayah mama papa ortu orangtua sepupu ponakan keponakan tetangga teman i am this is dear halo hai hi atas an dari oleh untuk wali paman bibi nenek kakek mertua menantu cucu",
        )
    });
    KIN.contains(folded)
}

/// Whether an address begins here, if something follows: `Jl`, `Gang`, `RT`.
pub fn is_address_cue(folded: &str) -> bool {
    static CUES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        list(
            "jl jln jalan jlan jalaan gg gang komp komplek kompleks perum perumahan perumnas dusun dsn blok kampung kp kav kavling apartemen apartment apt rt rw rtrw griya btn cluster residence kel kelurahan kec kecamatan kab kabupaten desa ds prov provinsi lingkungan lk rusun ruko kosan banjar jorong nagari street road avenue",
        )
    });
    CUES.contains(folded)
}

/// Whether somebody says where they live.
pub fn is_home_cue(folded: &str) -> bool {
    ["alamat", "alamatnya", "almt", "tinggal", "domisili", "berdomisili", "beralamat", "address", "rumah", "rumahnya"]
        .contains(&folded)
}

/// Whether a word leads from a word for home to the address itself: `alamat saya di`.
pub fn is_home_filler(folded: &str) -> bool {
    [
        "saya", "di", "ini", "nya", "rumah", "ktp", "sesuai", "lengkap", "adalah", "kami", "sekarang", "yaitu", "is",
        "my", "aku", "tinggal", "pada",
    ]
    .contains(&folded)
}

/// Whether an address is over here: the sentence goes on.
pub fn ends_address(folded: &str) -> bool {
    [
        "saya", "mau", "apakah", "bisa", "tanggal", "tgl", "jam", "hp", "wa", "nik", "lahir", "mohon", "terima",
        "makasih", "untuk", "dan",
    ]
    .contains(&folded)
}

/// What the value behind a label is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// A person's name.
    Name,
    /// Place and day of birth.
    Birth,
    /// An address or a part of one.
    Address,
    /// What stays: days to come, services, hours.
    Visit,
    /// Anything else.
    Other,
}

/// Longest label, in characters: `Tempat/tanggal lahir sesuai KTP`.
const LABEL_CHARS_MAX: usize = 40;

/// A line `label: value` of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// What the label asks for.
    pub label: Label,
    /// Where its value is, in bytes of the text.
    pub value: Range<usize>,
}

/// The labelled lines of `text`.
pub fn labelled(text: &str) -> Vec<Labelled> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        if let Some((label, value)) = line.split_once([':', '=']).or_else(|| line.split_once('：')) {
            let label = label.trim_matches(|c: char| !c.is_alphanumeric());
            let trimmed = value.trim_start_matches([' ', '*', '_', ':', '=']);
            let from = start + line.len() - trimmed.len();
            let value = from..from + trimmed.trim_end_matches([' ', '*', '_', '.', '\r']).len();
            let short = label.chars().count() <= LABEL_CHARS_MAX && label.chars().any(char::is_alphabetic);
            let sign = label.chars().any(|c| matches!(c, '#' | '?' | '!' | '@'));
            if short && !sign && !value.is_empty() && !trimmed.starts_with("//") {
                found.push(Labelled { label: label_of(label), value });
            }
        }
        start += line.len() + 1;
    }
    found
}

/// Words of labels that ask for a day, a service or a number of the visit, which are not personal.
const VISIT_LABELS: [&str; 28] = [
    "kedatangan",
    "kunjungan",
    "datang",
    "visit",
    "jam",
    "pukul",
    "sesi",
    "layanan",
    "keperluan",
    "jumlah",
    "kode",
    "kuota",
    "jadwal",
    "hari",
    "antrean",
    "antrian",
    "kantor",
    "loket",
    "status",
    "persetujuan",
    "pendaftaran",
    "booking",
    "persyaratan",
    "syarat",
    "catatan",
    "info",
    "contoh",
    "format",
];

fn label_of(label: &str) -> Label {
    let folded = fold(label);
    let words: Vec<String> = words(&folded).into_iter().map(|word| word.folded).collect();
    let any = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    if any(&["lahir", "ttl", "birth", "born", "dob", "tl", "lhr", "tgllahir", "tanggallahir"]) {
        Label::Birth
    } else if any(&VISIT_LABELS) {
        Label::Visit
    } else if any(&[
        "nama", "name", "pemohon", "nm", "namanya", "ibu", "ayah", "bapak", "suami", "istri", "penjamin", "wali",
    ]) || folded.starts_with("a.n")
        || folded.starts_with("atas nama")
    {
        Label::Name
    } else if any(&["alamat", "address", "domisili", "tinggal", "almt", "kota", "pos", "kampung"])
        || words.iter().any(|word| is_address_cue(word))
    {
        Label::Address
    } else if any(&["tanggal", "tgl", "date"]) {
        Label::Visit
    } else {
        Label::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        let found: Vec<String> = words("RINI Ma’ruf, Rene\u{301} 𝐑𝐢𝐧𝐢").into_iter().map(|word| word.folded).collect();
        assert_eq!(found, ["rini", "ma", "ruf", "rene", "rini"]);
    }

    #[test]
    fn labelled_lines_are_told_apart() {
        let text = "Nama : Rini Astuti\nTTL : Bogor, 12 Maret 1988\n*Alamat* = Jl. Kenanga 12\nTgl kedatangan : 08082017\nAgama: Islam\nhalo";
        let found: Vec<(Label, &str)> =
            labelled(text).into_iter().map(|line| (line.label, &text[line.value])).collect();
        let expected = [
            (Label::Name, "Rini Astuti"),
            (Label::Birth, "Bogor, 12 Maret 1988"),
            (Label::Address, "Jl. Kenanga 12"),
            (Label::Visit, "08082017"),
            (Label::Other, "Islam"),
        ];
        assert_eq!(found, expected);
    }
}
