//! Sentences about the values of any file's keys; the key itself stands in front.

/// English sentences and their twins, the more exact ones first.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    // Values of any key; the key itself stands in front.
    ("`{}` says nothing", "`{}` tidak mengatakan apa-apa"),
    ("`{}` is empty", "`{}` kosong"),
    (
        "write the line as it is printed, like \"#Nama#TglLahir\"",
        "tulis baris seperti yang dicetak, misalnya \"#Nama#TglLahir\"",
    ),
    ("write something in the quotes, or remove the line", "isi, atau hapus"),
    ("`{}` has a line break, a tab or spaces at its ends", "`{}` berisi ganti baris, tab, atau spasi di ujungnya"),
    ("write it as one line without spaces at its ends", "tulis dalam satu baris tanpa spasi di ujungnya"),
    ("`{}` is {} characters long, but has room for {}", "`{}` sepanjang {} tanda, padahal paling banyak {}"),
    ("shorten it by {}", "persingkat sebanyak {} tanda"),
    ("shorten the names of the pieces", "persingkat nama bagian-bagiannya"),
    (
        "`{}` must be a mark that stands in no date and no name, not \"{}\"",
        "`{}` harus tanda yang tidak dipakai dalam tanggal dan nama, bukan \"{}\"",
    ),
    ("`{}` must be a whole number from {} to {}, not {}", "`{}` harus bilangan bulat dari {} sampai {}, bukan {}"),
    ("write a number from {} to {}, without quotes", "tulis angka dari {} sampai {}"),
    ("`{}` must be true or false, not {}", "`{}` harus true atau false, bukan {}"),
    ("write true or false, without quotes", "tulis true atau false, tanpa tanda kutip"),
    ("`{}` must be one of {}, not \"{}\"", "`{}` harus salah satu dari {}, bukan \"{}\""),
    (
        "`{}` must be small letters, digits and single dashes, at most 64 of them, not \"{}\"",
        "`{}` harus huruf kecil, angka dan satu tanda hubung, paling banyak 64, bukan \"{}\"",
    ),
    ("`{}` must be a day of the calendar, not {}", "`{}` harus tanggal yang ada di kalender, bukan {}"),
    (
        "write year, month, day without quotes, like 2017-08-21",
        "tulis tahun, bulan, hari tanpa tanda kutip, seperti 2017-08-21",
    ),
    ("`{}` must be a text, not {}", "`{}` harus teks, bukan {}"),
    ("put it in \"quotes\"", "tulis di antara \"tanda kutip\""),
    ("must be a list, not {}", "harus daftar, bukan {}"),
    ("put it in brackets: {}", "tulis dalam kurung siku: {}"),
    ("must be a table, not {}", "harus tabel, bukan {}"),
    ("write [{}] on a line of its own, and its keys below", "tulis [{}] pada baris tersendiri, dan isinya di bawahnya"),
    ("`{}` is not a known key", "`{}` bukan kunci yang dikenal"),
    ("remove it; known here are: {}", "hapus; yang dikenal di sini: {}"),
    ("`{}` is missing", "`{}` belum ada"),
    ("this is not TOML: {}", "ini bukan TOML: {}"),
    (
        "write straight quotes, \"like this\": a word processor has made curly ones of them",
        "pakai tanda kutip lurus \"seperti ini\": pengolah kata menggantinya dengan yang melengkung",
    ),
    (
        "check this line: texts stand in \"quotes\", lists in [brackets], and each key stands once",
        "periksa baris ini: teks di antara \"tanda kutip\", daftar di dalam [kurung], setiap kunci satu kali",
    ),
    ("did you mean `{}`?", "maksud Anda `{}`?"),
    ("did you mean \"{}\"?", "maksud Anda \"{}\"?"),
    ("write one of {}", "tulis salah satu dari {}"),
    ("add {}", "tambahkan {}"),
    // What still looks personal in a message.
    ("a name: {}", "nama: {}"),
    ("a birth date: {}", "tanggal lahir: {}"),
    ("somebody's number: {}", "nomor seseorang: {}"),
    ("an address: {}", "alamat: {}"),
    ("an e-mail address: {}", "alamat email: {}"),
    // What stands there instead.
    ("the text \"{}\"", "teks \"{}\""),
    ("the number {}", "angka {}"),
    ("the fraction {}", "pecahan {}"),
    ("a list", "daftar"),
    ("a table", "tabel"),
];
