//! Sentences about an office's file and its calendars. A test holds that those of ordinary slips are here.

/// English sentences and their twins, the more exact ones first.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    // Hours and days.
    ("`{}` must be two times of day, not \"{}\"", "`{}` harus dua jam, dari dan sampai, bukan \"{}\""),
    (
        "write from and until like \"08:00-12:00\"; the last time of a day is 23:59; or \"always\" for any hour of any day",
        "tulis dari dan sampai seperti 08:00-12:00; atau always bila setiap saat",
    ),
    (
        "write from and until like \"08:00-12:00\"; the last time of a day is 23:59",
        "tulis dari dan sampai seperti 08:00-12:00; jam terakhir sehari adalah 23:59",
    ),
    ("`{}` ends before it begins: \"{}\"", "`{}` berakhir sebelum dimulai: \"{}\""),
    (
        "write the earlier time first: \"{}\"; or \"always\" for any hour of any day",
        "tulis jam yang lebih awal dulu: {}; atau always bila setiap saat",
    ),
    ("write the earlier time first: \"{}\"", "tulis jam yang lebih awal dulu: {}"),
    ("`{}` must be a time of day, not \"{}\"", "`{}` harus jam, bukan \"{}\""),
    ("write a time like \"21:00\"", "tulis jam seperti 21:00"),
    ("`{}` gives a weekday that another line gives too ({})", "`{}` menyebut hari yang sudah disebut baris lain ({})"),
    (
        "give each weekday once, like senin-kamis and jumat",
        "sebut setiap hari sekali saja, seperti senin-kamis dan jumat",
    ),
    ("`{}` names no weekday: \"{}\"", "`{}` bukan nama hari: \"{}\""),
    (
        "write a weekday (senin ... minggu, monday ... sunday) or a range like senin-kamis",
        "tulis nama hari (senin sampai minggu) atau rentang seperti senin-kamis",
    ),
    ("`{}` runs backwards through the week", "`{}` berjalan mundur dalam sepekan"),
    ("write the earlier weekday first, from Monday on", "tulis hari yang lebih awal dulu, mulai Senin"),
    (
        "no whole hour lies in this stretch, so nobody could be booked",
        "di antara dua jam ini tidak ada satu jam penuh, jadi tidak ada yang dapat mendaftar",
    ),
    (
        "start or end it on the hour, like \"08:00-09:00\", or remove it",
        "mulai atau akhiri pada jam bulat, seperti 08:00-09:00, atau hapus",
    ),
    ("this stretch begins before the one in front of it ends", "jam ini dimulai sebelum jam di depannya berakhir"),
    (
        "write the stretches of a day from morning to evening, with a break between",
        "tulis jam sehari dari pagi ke sore, dengan jeda di antaranya, seperti 08:00-12:00, 13:00-15:00",
    ),
    ("`closed.until` does not fit its `closed.date`", "hari terakhir penutupan tidak cocok dengan hari pertamanya"),
    (
        "write the last day of the closing, at most {} days from the first",
        "tulis hari terakhir penutupan, paling lama {} hari sejak hari pertama",
    ),
    ("this opening has no hours", "hari buka tambahan ini belum punya jam"),
    ("add hours = [\"08:00-12:00\"]", "tulis jamnya sesudah tanggal, seperti 08:00-12:00"),
    ("{} stands twice, first in line {}", "{} tertulis dua kali, yang pertama di baris {}"),
    ("give each day once", "tulis setiap tanggal sekali saja"),
    ("the office opens on no weekday", "kantor tidak buka pada hari apa pun"),
    (
        "add [hours] and below it senin-jumat = [\"08:00-12:00\", \"13:00-15:00\"]",
        "isi jam buka paling sedikit satu hari, seperti 08:00-12:00, 13:00-15:00",
    ),
    // Release.
    ("`{}` must be a part of a day's seats, not \"{}\"", "`{}` harus bagian dari tempat sehari, bukan \"{}\""),
    (
        "write a fraction like \"1/3\", or \"1/1\" for all places",
        "tulis pecahan seperti 1/3, atau 1/1 untuk semua tempat",
    ),
    ("`{}` must be a weekday and a time, not \"{}\"", "`{}` harus hari dan jam, bukan \"{}\""),
    ("write both like \"jumat 14:00\"", "tulis keduanya seperti jumat 14:00"),
    ("`release.at` stands beside `release.waves`", "pembukaan sekaligus dan pembukaan bertahap terisi dua-duanya"),
    ("remove it: each wave has a moment of its own", "kosongkan yang sekaligus: setiap tahap punya waktunya sendiri"),
    ("this release has no moment", "pembukaan ini belum punya waktu"),
    ("add at = \"jumat 14:00\"", "tulis hari dan jamnya, seperti jumat 14:00"),
    ("`release.waves` has more than {} waves", "pembukaan bertahap punya lebih dari {} tahap"),
    ("write at most {}", "tulis paling banyak {}"),
    ("the shares of `release.waves` do not make up all seats", "bagian semua tahap pembukaan tidak berjumlah satu"),
    (
        "write shares that add up to 1, like \"1/2\", \"1/3\" and \"1/6\"",
        "tulis bagian yang berjumlah 1, seperti 1/2, 1/3, dan 1/6",
    ),
    ("`release.waves` are not in the order of the week", "tahap pembukaan tidak urut hari"),
    (
        "write the earliest first, from Monday on, each at a moment of its own",
        "tulis yang paling awal dulu, mulai Senin, masing-masing pada waktunya sendiri",
    ),
    (
        "`release` opens days {} days ahead, but policy.horizon_days is {}",
        "hari dibuka {} hari sebelumnya, padahal warga hanya boleh mendaftar sampai {} hari ke depan",
    ),
    ("write horizon_days = {} or more under [policy]", "di bagian Aturan, tulis paling sedikit {} hari ke depan"),
    // Rules.
    (
        "write \"note\", which refuses nobody, or a whole number from 1 to {}",
        "tulis note, yang tidak menolak siapa pun, atau angka dari 1 sampai {}",
    ),
    (
        "`policy.minutes_before_hour` means nothing where the earliest day is tomorrow",
        "batas menit sebelum jam tidak berarti bila hari paling awal adalah besok",
    ),
    ("remove it, or write earliest = \"today\"", "kosongkan, atau pilih hari ini sebagai hari paling awal"),
    ("the last minute for booking today is missing", "batas menit untuk mendaftar pada hari yang sama belum diisi"),
    ("add minutes_before_hour = 60 under it", "isi batas menitnya, misalnya 60"),
    (
        "`{}` must be the hours in which nothing is said unasked, not \"{}\"",
        "`{}` harus jam tenang, dari dan sampai, bukan \"{}\"",
    ),
    (
        "write from and until like \"20:00-06:00\", or \"none\"",
        "tulis dari dan sampai seperti 20:00-06:00, atau none bila tidak ada",
    ),
    (
        "an office reads at least one format, and not too many",
        "kantor harus punya paling sedikit satu format, dan tidak terlalu banyak",
    ),
    ("name 1 to {} formats, like {}", "sebut 1 sampai {} format"),
    ("name each format once", "sebut setiap format sekali saja"),
    ("there is no format `{}`", "tidak ada format `{}`"),
    ("known are: {}", "yang ada: {}"),
    (
        "the office `{}` cannot tell its formats `{}` and `{}` apart: both read `{}`",
        "kantor `{}` tidak dapat membedakan format `{}` dan `{}`: keduanya membaca `{}`",
    ),
    (
        "leave one of them out, or give one a keyword in front or another piece",
        "hapus salah satunya, atau beri kata kunci di depan, atau tambahkan satu bagian",
    ),
    (
        "the office `{}` takes up to {} persons in one form (`{}`), but an hour has {} seats",
        "kantor `{}` menerima sampai {} orang dalam satu formulir (`{}`), padahal satu jam hanya punya {} tempat",
    ),
    (
        "write seats_per_hour = {} or more, or leave that format out",
        "beri paling sedikit {} tempat per jam, atau hapus format itu",
    ),
    // The office itself.
    ("`{}` is no telephone number", "`{}` bukan nomor telepon"),
    ("write it with its area code, like \"(0251) 000000\"", "tulis dengan kode daerahnya, seperti (0251) 000000"),
    ("`{}` is no link", "`{}` bukan tautan"),
    (
        "write the whole link to the office on a map; it begins with https://",
        "tulis tautan lengkap ke peta; tautan dimulai dengan https://",
    ),
    (
        "`{}` holds a number of eight digits or more, which citizens would take for their code",
        "`{}` berisi angka delapan digit atau lebih, yang dapat disangka kode oleh warga",
    ),
    ("write the short link that the map offers for sharing", "pakai tautan pendek dari tombol Bagikan di peta"),
    ("this list is empty, or too long for one message", "daftar ini kosong, atau terlalu panjang untuk satu pesan"),
    ("write 1 to {} lines, one for each document", "tulis 1 sampai {} baris, satu untuk setiap dokumen"),
    // Calendars.
    ("this calendar has no holidays", "kalender ini belum berisi hari libur"),
    ("add [[holiday]] with date, name and name_en for each", "tulis satu baris untuk setiap hari libur"),
    ("this day lies in another year than the file's `year`", "tanggal ini bukan dari tahun kalender ini"),
    (
        "mend the date, or move it to the calendar of its own year",
        "perbaiki tanggalnya, atau tulis di kalender tahunnya sendiri",
    ),
    ("{} stands twice, first as {}", "{} tertulis dua kali, yang pertama sebagai {}"),
    ("join the two names in one entry", "gabungkan kedua namanya dalam satu baris"),
    // What an office cannot be without; a form has a field for it.
    ("add {}; or take the usual value with extend = \"base.toml\"", "isi kolom ini, misalnya {}"),
    ("add name = \"Kantor Imigrasi Bogor\", as citizens know it", "isi nama kantor seperti yang dikenal warga"),
    ("add site = \"Loket layanan paspor, Bogor\", where to come", "isi tempat yang didatangi warga"),
    ("add version = 1, and raise it with every change", "tulis version = 1, dan naikkan setiap ada perubahan"),
    ("write the year first, without quotes: 2026-12-28", "tulis tahunnya dulu, tanpa tanda kutip: 2026-12-28"),
    ("`{}` must be a list of tables", "`{}` harus daftar tabel"),
    (
        "write [[{}]] on a line of its own for each, and its keys below",
        "tulis [[{}]] pada baris tersendiri untuk setiap entri, dan isinya di bawahnya",
    ),
    (
        "the office file says id = \"{}\", but this is `{}`",
        "berkas kantor menyebut id = \"{}\", padahal kantor ini `{}`",
    ),
    (
        "leave the id as it is: bookings and channels know the office by it",
        "jangan ubah id: antrean dan saluran mengenal kantor dengan id itu",
    ),
    ("this is no office file", "ini bukan berkas kantor"),
    ("an office file has `id`, `name` and `version`", "berkas kantor berisi `id`, `name`, dan `version`"),
];

#[cfg(test)]
mod tests {
    use crate::domain::office::OfficeId;
    use crate::roster::{EditedFile, NewValue, Roster, check_files};
    use crate::web::console::catalogue::matching::indonesian;

    // Negative control: with the sentence about two times of day taken out of the table, the first slip fails this.
    #[test]
    fn ordinary_slips_of_a_clerk_are_told_in_indonesian() {
        let roster = Roster::shipped().unwrap();
        let id = OfficeId::read("bogor").unwrap();
        let files = roster.files_of(&roster.offices[&id]).unwrap();
        let lines = |lines: &[&str]| Some(NewValue::Lines(lines.iter().map(|line| (*line).to_owned()).collect()));
        let text = |text: &str| Some(NewValue::from(text));
        let slips: [(&[&str], Option<NewValue>); 27] = [
            (&["hours", "rabu"], lines(&["8 pagi - 12"])),
            (&["hours", "rabu"], lines(&["12:00-08:00"])),
            (&["hours", "rabu"], lines(&["08:00-12:00", "11:00-15:00"])),
            (&["hours", "rabu"], lines(&["08:10-08:50"])),
            (&["hours", "rebo"], lines(&["08:00-12:00"])),
            (&["hours", "kamis-selasa"], lines(&["08:00-12:00"])),
            (&["seats_per_hour"], Some(NewValue::Number(0))),
            (&["seats_per_hour"], text("lima puluh")),
            (&["policy", "hold_minutes"], Some(NewValue::Number(100_000))),
            (&["policy", "hold_minuts"], Some(NewValue::Number(30))),
            (&["policy", "cancelling"], text("boleh")),
            (&["policy", "when_full"], text("tolak")),
            (&["policy", "holds_share"], text("sepertiga")),
            (&["policy", "live_per_person"], text("dua")),
            (&["policy", "reschedule", "until"], text("malam")),
            (&["policy", "minutes_before_hour"], Some(NewValue::Number(60))),
            (&["release", "at"], text("jumat siang")),
            (&["release", "waves"], Some(NewValue::Waves(vec![("1/3".into(), "jumat 14:00".into())]))),
            (&["notices", "quiet"], text("malam hari")),
            (&["telephone"], text("nol dua lima satu")),
            (&["map"], text("maps.example.id")),
            (&["name"], text("")),
            (&["name"], text(" Bogor")),
            (&["zone"], text("WIBB")),
            (&["formats"], lines(&["nama-lahir"])),
            (&["texts", "id", "bring"], text(&"x".repeat(1000))),
            (&["intake"], text("siang")),
        ];
        for (path, new) in slips {
            let mut edited = EditedFile::read(&files.office.text).unwrap();
            edited.set(path, new.as_ref()).unwrap();
            let mut files = files.clone();
            files.office.text = edited.text();
            for problem in check_files(&id, &files).expect_err(&path.join(".")) {
                assert!(indonesian(&problem.what).is_some(), "{path:?}: {}", problem.what);
                assert!(indonesian(&problem.remedy).is_some(), "{path:?}: {}", problem.remedy);
            }
        }
        for more in [
            "\n[[closed]]\ndate = 2026-12-24\nreason = \"a\"\n[[closed]]\ndate = 2026-12-24\nreason = \"b\"\n",
            "\n[[closed]]\ndate = 2026-12-24\nuntil = 2026-12-20\nreason = \"a\"\n",
            "\n[[closed]]\ndate = \"24 Desember\"\nreason = \"a\"\n",
            "\n[[closed]]\ndate = 2026-12-24\n",
            "\n[[open]]\ndate = 2026-12-19\nhours = []\n",
            "\n[[closed]]\ndate = 24-12-2026\nreason = \"a\"\n",
        ] {
            let mut files = files.clone();
            files.office.text += more;
            for problem in check_files(&id, &files).expect_err(more) {
                assert!(indonesian(&problem.what).is_some(), "{more}: {}", problem.what);
                assert!(indonesian(&problem.remedy).is_some(), "{more}: {}", problem.remedy);
            }
        }
    }
}
