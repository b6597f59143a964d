//! What this page says, in both languages side by side: a sentence without its twin does not compile.

use crate::web::bilingual::texts;

texts! {
    title: "Jejak audit", "Audit trail";
    intro: "Siapa melihat atau mengubah apa di kantor ini. Setiap baris terkunci oleh baris sebelumnya: baris yang diubah, dihapus, atau dipindahkan akan ketahuan.", "Who saw or changed what at this office. Each row is locked by the one before it: a row that was changed, removed or moved is found.";
    whole: "Utuh", "Whole";
    broken: "Tidak utuh", "Not whole";
    broken_next: "Hubungi pengelola sekarang juga. Salin baris ini, jangan ubah apa pun di basis data, dan jalankan antrean audit verify di server.", "Tell your administrator now. Copy this line, change nothing in the database, and run antrean audit verify on the server.";
    rows: "baris", "rows";
    checked: "diperiksa", "verified";
    check_again: "Periksa sekarang", "Verify now";
    head: "Nomor dan sidik baris terakhir, untuk disimpan di tempat lain:", "Number and hash of the last row, to keep elsewhere:";
    filter: "Saring", "Filter";
    by: "Nama masuk", "Login";
    act: "Perbuatan", "Act";
    all_acts: "semua", "all";
    from: "Dari tanggal", "From";
    to: "Sampai tanggal", "To";
    show: "Tampilkan", "Show";
    csv: "Unduh CSV", "Download CSV";
    wrong_date: "Tulis tanggal seperti 2026-11-30.", "Write a day like 2026-11-30.";
    list: "Catatan, yang terbaru di atas", "Entries, the latest first";
    none: "Tidak ada catatan yang cocok.", "No entry fits.";
    number: "No.", "No.";
    when: "Waktu", "When";
    who: "Siapa", "Who";
    what: "Apa", "What";
    about: "Tentang", "About";
    why: "Alasan", "Why";
    older: "Lebih lama", "Older";
    newest: "Kembali ke yang terbaru", "Back to the latest";
    everybody_of: "semua orang pada", "everybody of";
    until: "sampai", "to";
    bookings: "pemesanan", "bookings";
    contacts: "nomor", "contacts";
    kind_booking: "pemesanan", "booking";
    kind_visit: "kunjungan", "visit";
    kind_contact: "nomor", "contact";
    kind_ticket: "tiket", "ticket";
    kind_reply: "balasan", "reply";
    kind_notice: "pemberitahuan", "notice";
    kind_office: "kantor", "office";
    kind_staff: "petugas", "staff member";
    kind_channel: "saluran", "channel";
    kind_display: "layar", "display";
    kind_job: "pekerjaan", "job";
    kind_format: "format", "format";
}
