//! Words for what the grammar names: pieces, mistakes, marks.

use crate::conversation::Lang;
use crate::grammar::{Field, PhotoKind};

/// What may keep a message from being read, by its name.
const KINDS: &[(&str, &str, &str)] = &[
    ("missing", "bagian ini tidak ada", "this piece is missing"),
    ("surplus", "bagiannya terlalu banyak", "there are too many pieces"),
    ("several", "beberapa pendaftaran yang tidak cocok dalam satu pesan", "several forms that do not go together"),
    ("too-many-people", "terlalu banyak orang", "too many people"),
    ("same-person", "orang yang sama disebut dua kali", "the same person twice"),
    ("not-together", "hari atau sesi berbeda dalam satu rombongan", "another day or session within a party"),
    ("keyword", "kata di depan bukan kata kunci kantor ini", "the word in front is no keyword of this office"),
    ("name-character", "tanda yang tidak boleh ada di nama", "a character that no name has"),
    ("name-alphabet", "huruf dari abjad lain di nama", "a letter of another alphabet in the name"),
    ("name-marks", "huruf dengan terlalu banyak tanda", "a letter with too many marks"),
    ("name-empty", "nama tanpa huruf", "a name without a letter"),
    ("mingled", "orang lain atau obrolan di dalam isian", "other people or talk in the value"),
    ("name-too-long", "nama terlalu panjang", "the name is too long"),
    ("swapped", "tanggal di tempat nama", "a date where the name should be"),
    ("not-a-date", "bukan tanggal", "no date"),
    ("no-such-day", "tanggal yang tidak ada di kalender", "a day that no calendar has"),
    ("ambiguous-date", "tanggal dengan beberapa arti", "a date that may be several"),
    ("other-weekday", "nama hari tidak cocok dengan tanggalnya", "a weekday that is not that date's"),
    ("birth-in-future", "tanggal lahir di masa depan", "a birth date in the future"),
    ("birth-too-old", "tanggal lahir terlalu lama", "a birth date too long ago"),
    ("visit-past", "tanggal kedatangan sudah lewat", "the day of the visit is over"),
    ("address", "bukan alamat", "no address"),
    ("count", "bukan jumlah orang", "no number of people"),
    ("nik", "bukan NIK", "no NIK"),
    ("family-card", "bukan nomor KK", "no family card's number"),
    ("phone", "bukan nomor telepon", "no telephone number"),
    ("email", "bukan alamat email", "no e-mail address"),
    ("session", "bukan pagi atau siang", "neither morning nor afternoon"),
    ("service", "bukan layanan yang terdaftar", "no service of the list"),
    ("text", "jawaban kosong atau terlalu panjang", "the answer is empty or too long"),
    ("which-piece", "nomor yang bisa NIK atau KK", "a number that may be two pieces"),
    ("date-shape", "tanggal tidak ditulis seperti yang diminta", "a date that is spelled otherwise"),
    ("too-young", "terlalu muda", "too young"),
    ("too-old", "terlalu tua", "too old"),
    ("visit-today", "meminta hari yang sama", "asks for the day of sending"),
    ("visit-too-far", "tanggal kedatangan terlalu jauh", "the day of the visit is too far ahead"),
    ("message-too-long", "pesan terlalu panjang", "the message is too long"),
    ("ask", "tanggal ditanyakan lagi karena punya beberapa arti", "a date is asked about, since it may be several"),
    ("placeholder", "baris poster dikirim tanpa diisi", "the poster's line, not filled in"),
    ("unreadable", "bukan pendaftaran", "no form"),
    ("other", "terbaca sebagai perintah, kode atau salam", "read as a command, a code or a greeting"),
    ("value", "isi bagian ini terbaca berbeda", "this piece is read otherwise"),
    ("rest", "sebab-sebab lain", "other reasons"),
];

/// A kind in words; its name where there are none.
pub(super) fn kind(lang: Lang, name: &'static str) -> &'static str {
    let found = KINDS.iter().find(|(of, _, _)| *of == name);
    found.map_or(name, |(_, id, en)| match lang {
        Lang::Id => id,
        Lang::En => en,
    })
}

/// A piece in words.
pub(super) fn field(lang: Lang, field: Field) -> &'static str {
    let (id, en) = match field {
        Field::Nama => ("nama lengkap", "full name"),
        Field::TglLahir => ("tanggal lahir", "birth date"),
        Field::TglKedatangan => ("tanggal kedatangan", "day of the visit"),
        Field::Alamat => ("alamat", "address"),
        Field::Jumlah => ("jumlah orang", "number of people"),
        Field::Nik => ("NIK, enam belas angka", "NIK, sixteen digits"),
        Field::NoKk => ("nomor kartu keluarga, enam belas angka", "family card's number, sixteen digits"),
        Field::Telepon => ("nomor telepon", "telephone number"),
        Field::Email => ("alamat email", "e-mail address"),
        Field::Sesi => ("sesi: pagi atau siang", "session: morning or afternoon"),
        Field::Layanan => ("salah satu layanan", "one of the services"),
        Field::Teks(_) => ("pertanyaan kantor sendiri", "a question of the office's own"),
    };
    match lang {
        Lang::Id => id,
        Lang::En => en,
    }
}

/// A photo in words.
pub(super) fn photo(lang: Lang, kind: PhotoKind) -> &'static str {
    match (kind, lang) {
        (PhotoKind::Ktp, Lang::Id) => "foto e-KTP",
        (PhotoKind::Ktp, Lang::En) => "a photo of the e-KTP",
        (PhotoKind::Akta, Lang::Id) => "foto akta lahir",
        (PhotoKind::Akta, Lang::En) => "a photo of the birth certificate",
        (PhotoKind::Any, Lang::Id) => "foto",
        (PhotoKind::Any, Lang::En) => "a photo",
    }
}

/// The mark between the pieces as it can be shown.
pub(super) fn mark(lang: Lang, mark: char) -> String {
    match (mark, lang) {
        ('\n', Lang::Id) => "ganti baris".to_owned(),
        ('\n', Lang::En) => "a line break".to_owned(),
        _ => mark.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::MisreadKind;

    // Negative control: without the line of `too-old`, its name is shown.
    #[test]
    fn every_mistake_has_words_in_both_languages() {
        for name in MisreadKind::ALL.map(MisreadKind::name).into_iter().chain([
            "ask",
            "placeholder",
            "unreadable",
            "other",
            "value",
            "rest",
        ]) {
            for lang in [Lang::Id, Lang::En] {
                assert!(KINDS.iter().any(|(of, _, _)| *of == name), "{name}");
                assert!(!kind(lang, name).is_empty());
            }
        }
    }
}
