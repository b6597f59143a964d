//! What the pages of the desk say, in both languages side by side: a sentence without its twin does not compile.

use crate::web::bilingual::texts;

texts! {
    check_in: "Kedatangan", "Check-in";
    counter: "Loket", "Counter";

    scan_title: "Pindai atau ketik kode antrean", "Scan or type the booking code";
    code: "Kode antrean", "Booking code";
    code_hint: "Delapan huruf dan angka, seperti LMGF-D5AQ. Pemindai mengetiknya sendiri.", "Eight letters and digits, like LMGF-D5AQ. A scanner types it by itself.";
    enter: "Masukkan", "Check in";
    priority: "Prioritas", "Priority";
    priority_none: "bukan prioritas", "no priority";
    camera: "Pakai kamera", "Use the camera";
    camera_stop: "Matikan kamera", "Stop the camera";
    camera_hint: "Arahkan kode QR ke kamera.", "Hold the QR code in front of the camera.";
    camera_none: "Kamera tidak dapat dipakai di sini. Izinkan kamera di peramban, atau ketik kodenya.", "The camera cannot be used here. Allow it in the browser, or type the code.";
    outcome_none: "Belum ada yang dipindai di halaman ini.", "Nothing was scanned on this page yet.";

    walk_in_title: "Tanpa kode antrean", "Without a booking";
    walk_in_hint: "Orang yang datang tanpa mendaftar mendapat nomor W, dan nomor P bila prioritas.", "Whoever comes without a booking gets a number with W, or with P for priority.";
    walk_in_name: "Nama, bila disebutkan", "Name, if told";
    give_number: "Beri nomor", "Give a number";

    party_title: "Siapa yang datang?", "Who is here?";
    party_enter: "Masukkan yang dicentang", "Check in whoever is ticked";
    is_here: "sudah masuk", "is here already";
    nobody_ticked: "Centang siapa yang datang, lalu tekan lagi.", "Tick who is here, then press again.";
    name_unread: "Nama ini tidak terbaca. Tulis dengan huruf saja, atau kosongkan.", "This name cannot be read. Write letters only, or leave it empty.";

    entered_title: "Terakhir masuk", "Checked in last";
    nobody_entered: "Belum ada yang masuk hari ini.", "Nobody has checked in today.";
    admit_late: "Tetap masukkan, di akhir antrean", "Let them in all the same, at the end";
    of_booking: "Atas nama", "In the name of";
    find_by_name: "Cari menurut nama", "Search by name";
    take_back: "Batalkan", "Take back";
    take_back_until: "bisa dibatalkan sampai", "can be taken back until";

    counter_choose: "Anda bekerja di loket mana?", "Which counter do you work at?";
    counter_number: "Nomor loket", "Counter number";
    counter_open: "Buka loket", "Open the counter";
    counter_close: "Tutup loket", "Close the counter";
    counter_free: "Bebaskan loket", "Free the counter";
    counters_open: "Loket yang buka", "Open counters";
    no_counter_open: "Belum ada loket yang buka.", "No counter is open.";
    since: "sejak", "since";

    call_next: "Panggil berikutnya", "Call the next one";
    recall: "Panggil ulang", "Call again";
    came: "Sudah datang", "They came";
    missed: "Tidak hadir", "Not here";
    done: "Selesai", "Done";
    park: "Tunda", "Set aside";
    put_back: "Kembalikan ke antrean", "Back to the queue";
    redirect: "Pindahkan", "Send";
    redirect_to: "Ke loket", "To counter";
    other_counter: "Loket lain", "Other counter";

    nobody_called: "Tidak ada yang dipanggil.", "Nobody is called.";
    called_times_before: "dipanggil ", "called ";
    called_times_after: " kali, terakhir pukul ", " times, last at ";
    called_again_from: "Bisa dipanggil lagi pukul ", "Can be called again at ";
    serving_since: "dilayani sejak pukul ", "being served since ";
    missed_after_three: "Setelah tiga panggilan, selang satu menit, tombol “Tidak hadir” muncul.", "After three calls, a minute apart, the button “Not here” appears.";

    waiting_title: "Menunggu", "Waiting";
    nobody_waits: "Tidak ada yang menunggu.", "Nobody waits.";
    later_title: "Menunggu jamnya", "Waiting for their hour";
    aside_title: "Ditunda dan tidak hadir", "Set aside and not here";
    number: "Nomor", "Number";
    name: "Nama", "Name";
    row: "Antrean", "Queue";
    entered_at: "Masuk", "Here since";
    no_name: "tanpa nama", "no name";
    for_counter: "untuk loket", "for counter";

    lane_booked: "terdaftar", "booked";
    lane_priority: "prioritas", "priority";
    lane_walk_in: "tanpa kode", "walk-in";
    lane_late: "terlambat", "late";
    reason_toddler: "membawa balita", "with a toddler";
    reason_elderly: "lansia", "elderly";
    reason_disabled: "disabilitas", "disabled";
    reason_pregnant: "hamil", "pregnant";
    state_arrived: "menunggu", "waiting";
    state_called: "dipanggil", "called";
    state_serving: "dilayani", "being served";
    state_parked: "ditunda", "set aside";
    state_missed: "tidak hadir", "not here";
    state_done: "selesai", "done";
    state_no_show: "tidak datang", "did not come";
    state_unserved: "belum terlayani", "not served";
    state_withdrawn: "dibatalkan", "taken back";

    did_arrive: "Sudah masuk", "Checked in";
    did_call: "Dipanggil", "Called";
    did_recall: "Dipanggil ulang", "Called again";
    did_come: "Sedang dilayani", "Being served";
    did_miss: "Tidak hadir", "Not here";
    did_park: "Ditunda", "Set aside";
    did_return: "Kembali ke antrean", "Back in the queue";
    did_redirect: "Dipindahkan", "Sent on";
    did_finish: "Selesai", "Done";
    did_undo: "Dibatalkan; sekarang", "Taken back; now";

    shortcuts: "Tombol pintas satu huruf", "Single-letter shortcuts";
    failed: "Belum terkirim. Periksa sambungan, lalu tekan lagi: tidak akan tercatat dua kali.", "Not sent. Check the connection, then press again: it will not count twice.";
}
