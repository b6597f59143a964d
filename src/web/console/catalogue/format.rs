//! Sentences about a format's file. A test holds that those of ordinary slips are here.

/// English sentences and their twins, the more exact ones first.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    // The line of the poster.
    ("`{}` names no known piece", "`{}` bukan bagian yang dikenal"),
    ("`{}` stands twice", "`{}` tertulis dua kali"),
    ("`{}` is an alternative of itself, so it is never reached", "`{}` menjadi pilihan bagi dirinya sendiri"),
    ("leave one of the two", "hapus salah satunya"),
    (
        "the name may not be left out, nor be anything else: a booking is for somebody",
        "nama tidak boleh ditinggalkan atau diganti: antrean selalu untuk seseorang",
    ),
    ("write `Nama` alone, without brackets", "tulis `Nama` saja, tanpa kurung"),
    ("the line asks for no name", "baris ini tidak menanyakan nama"),
    ("add `Nama`", "tambahkan `Nama`"),
    ("a name alone cannot be told from chat", "nama saja tidak dapat dibedakan dari obrolan biasa"),
    ("begin the line with the mark, as in `#Nama`", "mulai baris dengan tanda pemisah, seperti `#Nama`"),
    (
        "`pagi` and `siang` in front are greetings too, so a session there cannot be told from chat",
        "`pagi` dan `siang` di depan juga berarti salam, jadi sesi di situ tidak dapat dibedakan dari obrolan",
    ),
    ("begin the line with the mark, as in `#Sesi#Nama`", "mulai baris dengan tanda pemisah, seperti `#Sesi#Nama`"),
    ("the line can be filled in in more than {} ways", "baris ini dapat diisi dengan lebih dari {} cara"),
    (
        "make fewer pieces optional, or make two formats of it",
        "kurangi bagian yang boleh ditinggalkan, atau jadikan dua format",
    ),
    (
        "{} may both hold the separator, so nobody could tell where one of them ends",
        "{} sama-sama boleh berisi tanda pemisah, jadi batasnya tidak dapat diketahui",
    ),
    ("leave holds_separator = true with one of them", "biarkan holds_separator = true pada salah satunya"),
    (
        "one piece may hold the separator and another may be left out, so nobody could tell which is which",
        "satu bagian boleh berisi tanda pemisah dan bagian lain boleh ditinggalkan, jadi keduanya tidak dapat dibedakan",
    ),
    ("take the brackets away, or holds_separator = true", "hapus kurung sikunya, atau hapus holds_separator = true"),
    ("both {} and {} may stand between the pieces", "{} dan {} sama-sama dapat menjadi tanda pemisah"),
    ("add separator = \"{}\" or the one that is meant", "tambahkan separator = \"{}\" atau tanda yang dimaksud"),
    ("a form has one photo", "satu pendaftaran hanya punya satu foto"),
    ("write `|` between the photos that will do", "tulis `|` di antara foto yang boleh dipilih"),
    (
        "a photo stands at the end of the line, and is never optional",
        "foto ada di akhir baris dan tidak boleh ditinggalkan",
    ),
    (
        "write the pieces first, then `+ FotoKTP`, without brackets",
        "tulis bagian-bagiannya dulu, lalu `+ FotoKTP`, tanpa kurung",
    ),
    ("`{}` is no known attachment", "`{}` bukan lampiran yang dikenal"),
    (
        "write `FotoKTP`, `Akta Lahir` or `Foto`, with `|` between those that will do",
        "tulis `FotoKTP`, `Akta Lahir` atau `Foto`, dengan `|` di antara yang boleh dipilih",
    ),
    (
        "the alternative `{}` is never reached: what stands before it is any such photo",
        "pilihan `{}` tidak pernah terpakai: yang di depannya sudah mencakup foto itu",
    ),
    ("leave it out", "hapus"),
    ("these brackets hold no single piece", "kurung ini tidak berisi tepat satu bagian"),
    (
        "put each piece that may be left out in its own: `[Email]#[NoHP]`",
        "beri setiap bagian yang boleh ditinggalkan kurungnya sendiri: `[Email]#[NoHP]`",
    ),
    ("this bracket closes nothing", "kurung ini tidak menutup apa pun"),
    ("write `[` in front of the piece that may be left out", "tulis `[` di depan bagian yang boleh ditinggalkan"),
    ("this cannot stand here", "ini tidak boleh ada di sini"),
    (
        "write pieces between the marks, and photos after `+`",
        "tulis bagian di antara tanda pemisah, dan foto sesudah `+`",
    ),
    (
        "leave out what citizens do not send; a keyword in front is one of {}",
        "hapus yang tidak dikirim warga; kata kunci di depan adalah salah satu dari {}",
    ),
    (
        "write one of {}; or add a question of your own below: [fields.{}] and kind = \"text\"",
        "tulis salah satu dari {}; atau tambahkan pertanyaan sendiri di bawah: {}",
    ),
    (
        "write separator = \"{}\" where that is the mark between the pieces",
        "tulis separator = \"{}\" bila itu tanda pemisahnya",
    ),
    (
        "`{}` is no mark between pieces, since it stands inside values: print `#` between the pieces, or {}",
        "`{}` bukan tanda pemisah, karena dipakai di dalam isian: cetak `#` di antara bagian, atau {}",
    ),
    ("the pattern asks for no `{}`", "baris poster tidak menanyakan `{}`"),
    ("add it to the pattern, or remove its rules", "tambahkan ke baris poster, atau hapus aturannya"),
    ("the line asks for a service, but none is listed", "baris ini menanyakan layanan, tetapi belum ada daftarnya"),
    (
        "add [fields.Layanan.choices] and below it baru = [\"paspor baru\"]",
        "isi daftar layanan pada aturan bagian Layanan",
    ),
    // What the check finds.
    (
        "a form with {} cannot be told from another of this line, or is never reached: `{}` reads as both",
        "isian dengan {} tidak dapat dibedakan dari isian lain pada baris ini: `{}` terbaca sebagai keduanya",
    ),
    (
        "let only one of the pieces be left out, or make two formats with a keyword in front of one",
        "biarkan hanya satu bagian yang boleh ditinggalkan, atau buat dua format dengan kata kunci di depan salah satunya",
    ),
    ("the line does not read its own filled example `{}`", "baris ini tidak dapat membaca contohnya sendiri `{}`"),
    (
        "look at the rules under [fields]: do they leave any value?",
        "periksa aturan tiap bagian: masih adakah isian yang boleh?",
    ),
    ("this should give {}; it gives {}", "contoh ini seharusnya memberi {}; hasilnya {}"),
    (
        "this should ask which {} is meant; it gives {}",
        "contoh ini seharusnya menanyakan {} yang dimaksud; hasilnya {}",
    ),
    (
        "this should ask about other days; it offers {}",
        "contoh ini seharusnya menanyakan hari lain; yang ditawarkan {}",
    ),
    (
        "mend the example, or the line and its rules",
        "perbaiki contohnya, atau baris dan aturannya; contoh yang tidak berlaku lagi dapat dihapus dengan tombol di atas daftar ini",
    ),
    // The rules.
    (
        "no spelling with a whole year is left, so that not every day could be written",
        "tidak ada lagi penulisan dengan tahun lengkap, jadi tidak semua tanggal dapat ditulis",
    ),
    ("name at least one of {}", "pilih paling sedikit satu dari {}"),
    ("nobody is at least {} and at most {}", "tidak ada orang yang paling muda {} dan paling tua {} tahun"),
    ("raise age_max, or lower age_min", "naikkan usia tertua, atau turunkan usia termuda"),
    ("nobody is born `besok`", "tidak ada yang lahir `besok`"),
    ("leave \"besok\" out of the dates", "hapus \"besok\" dari penulisan tanggal"),
    (
        "{} services are too few or too many for one reply",
        "{} layanan terlalu sedikit atau terlalu banyak untuk satu balasan",
    ),
    ("name 1 to {}, like baru = [\"paspor baru\"]", "sebutkan 1 sampai {}, seperti baru: paspor baru"),
    ("a service needs a name of 1 to {} characters", "nama layanan 1 sampai {} tanda"),
    ("write it like baru = [\"paspor baru\"]", "tulis seperti baru: paspor baru"),
    ("`{}` holds no letter or digit", "`{}` tidak berisi huruf atau angka"),
    ("write \"{}\"", "tulis \"{}\""),
    ("write it as citizens would", "tulis seperti yang ditulis warga"),
    ("`{}` is said of `{}` already, so it is never reached", "`{}` sudah dipakai untuk `{}`"),
    ("leave it with one service", "pakai untuk satu layanan saja"),
    ("the services have more than {} spellings together", "semua layanan bersama-sama punya lebih dari {} sebutan"),
    (
        "leave those that nobody writes: case, spaces and dots do not matter",
        "hapus yang tidak pernah ditulis orang: huruf besar, spasi dan titik tidak berpengaruh",
    ),
    ("a piece has at most {} other names", "satu bagian punya paling banyak {} nama lain"),
    ("`{}` is no known piece", "`{}` bukan bagian yang dikenal"),
    (
        "did you mean `{}`? For a question of your own add kind = \"text\"",
        "maksud Anda `{}`? Untuk pertanyaan sendiri tambahkan kind = \"text\"",
    ),
    (
        "add kind = \"text\" for a question of your own, or name a piece of the pattern",
        "tambahkan kind = \"text\" untuk pertanyaan sendiri, atau sebutkan bagian dari baris poster",
    ),
    ("a form has at most {} questions of the office's own", "satu format punya paling banyak {} pertanyaan sendiri"),
    ("leave this one out", "hapus yang ini"),
    (
        "`{}` is no name: it holds no letter, or more than {} characters",
        "`{}` bukan nama: tidak berisi huruf, atau lebih dari {} tanda",
    ),
    ("name the piece as the poster prints it", "beri nama seperti yang dicetak di poster"),
    ("`{}` is the name of another piece", "`{}` adalah nama bagian lain"),
    ("call it something else", "beri nama lain"),
    ("`{}` is nothing that can be wrong here", "`{}` bukan kesalahan yang mungkin terjadi di sini"),
    ("write the sentence that citizens get, or remove the line", "tulis kalimat yang diterima warga, atau hapus"),
    // Examples in the file.
    ("what is asked is missing", "yang ditanyakan belum disebutkan"),
    ("a place is two numbers", "tempat ditulis dengan dua angka"),
];

#[cfg(test)]
mod tests {
    use crate::grammar::{Format, check};
    use crate::web::console::catalogue::matching::indonesian;

    // Negative control: with the first sentence taken out of the table, the first file fails this.
    #[test]
    fn ordinary_slips_are_told_in_indonesian() {
        for file in [
            "id = \"x\"\npattern = \"#Nama#Warna\"",
            "id = \"x\"\npattern = \"#Nama#Nama\"",
            "id = \"x\"\npattern = \"#TglLahir\"",
            "id = \"x\"\npattern = \"Nama\"",
            "id = \"x\"\npattern = \"\"",
            "id = \"x\"\npattern = \"#Nama#[Email\"",
            "id = \"x\"\npattern = \"#Nama#Layanan\"",
            "id = \"x\"\npattern = \"Nama*TglLahir;Alamat\"",
            "id = \"x\"\npattern = \"#Nama + Video\"",
            "id = \"x\"\npattern = \"#Nama/TglLahir\"",
            "id = \"x\"\npattern = \"#Nama\"\n[fields.Email]\n",
            "id = \"x\"\npattern = \"#Nama#TglLahir\"\n[fields.TglLahir]\nage_min = \"tujuh\"",
            "id = \"x\"\npattern = \"#Nama#TglLahir\"\n[fields.TglLahir]\nage_min = 60\nage_max = 17",
            "id = \"x\"\npattern = \"#Nama#TglLahir\"\n[fields.TglLahir]\ndates = [\"ddmmyy\"]",
            "id = \"x\"\npattern = \"#Nama#TglLahir\"\n[fields.TglLahir]\ndates = [\"tgl\"]",
            "id = \"x\"\npattern = \"#Nama#TglLahir\"\n[fields.TglLahir]\numur = 17",
            "id = \"x\"\npattern = \"#Nama\"\n[fields.Nama]\nmax = 600",
            "id = \"x\"\npattern = \"#Nama\"\n[fields.Nama.texts.id]\ntoo-young = \"x\"",
            "id = \"x\"\npattern = \"#Nama\"\n[fields.Nama.texts.id]\nmissing = \"\"",
            "id = \"X Y\"\npattern = \"#Nama\"",
            "pattern = \"#Nama\"",
            "id = \"x\"\npattern = #Nama",
            "id = \"x\"\npattern = \"#Nama#Kerja\"\n[fields.Kerja]\nmax = 4",
        ] {
            for error in Format::from_toml(file).expect_err(file) {
                for said in [&error.message, &error.remedy] {
                    assert!(indonesian(said).is_some(), "{file}: {said}");
                }
            }
        }
        let kept = "id = \"x\"\npattern = \"#Nama#[Alamat]#[Email]\"\n[[reads]]\ntext = \"#Budi\"\nsent = \"2026-08-03\"\nfields = { Nama = \"Siti\" }";
        let errors = check(&Format::from_toml(kept).unwrap());
        assert!(!errors.is_empty());
        for error in errors {
            assert!(indonesian(&error.message).is_some() && indonesian(&error.remedy).is_some(), "{error:?}");
        }
    }
}
