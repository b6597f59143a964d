//! What these pages say, in both languages side by side: a sentence without its twin does not compile.

use crate::web::bilingual::texts;

texts! {
    title: "Layar ruang tunggu", "Hall displays";
    intro: "Layar menampilkan nomor dan loket, membunyikan panggilan, dan tidak menyebut nama siapa pun.", "A display shows numbers and counters, rings each call, and names nobody.";
    none: "Belum ada layar. Tambahkan satu, lalu buka alamatnya di komputer yang tersambung ke televisi.", "There is no display yet. Add one and open its address on the computer behind the television.";
    place: "Tempat", "Where";
    connection: "Sambungan", "Connection";
    sound: "Suara", "Sound";
    added: "Ditambahkan", "Added";
    connected: "tersambung", "connected";
    silent_since: "tidak tersambung sejak", "not connected since";
    never: "belum pernah dibuka", "never opened";
    sound_on: "menyala", "on";
    sound_off: "mati: tekan \u{201c}Nyalakan suara\u{201d} di layar", "off: press \u{201c}Nyalakan suara\u{201d} on the display";
    sound_broken: "tidak dapat diputar di peramban itu", "cannot be played by its browser";
    sound_unknown: "belum diketahui", "not known yet";
    remove: "Cabut", "Remove";
    add_title: "Tambah layar", "Add a display";
    name: "Di mana layarnya", "Where it hangs";
    name_hint: "Misalnya: Ruang tunggu lantai 1", "For example: Hall, ground floor";
    add: "Tambah", "Add";
    wrong_name: "Tulis tempatnya dalam 1 sampai 64 tanda.", "Say where it hangs in 1 to 64 characters.";
    link_title: "Alamat layar", "The display's address";
    link_intro: "Buka alamat ini di komputer layar sekarang juga. Alamat ini tidak ditampilkan lagi; siapa pun yang memilikinya melihat nomor yang dipanggil.", "Open this address on the display's computer now. It is not shown again; whoever has it sees which numbers are called.";
    sound_hint: "Lalu tekan \u{201c}Nyalakan suara\u{201d} satu kali di layar itu.", "Then press \u{201c}Nyalakan suara\u{201d} once on that display.";
    back: "Kembali ke daftar layar", "Back to the displays";
    by: "oleh", "by";
}
