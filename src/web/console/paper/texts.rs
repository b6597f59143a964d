//! What these pages say, in both languages side by side: a sentence without its twin does not compile.

use crate::web::bilingual::texts;

texts! {
    title: "Daftar di kertas", "The list on paper";
    intro: "Cetak pukul 17.00 untuk besok dan pukul 06.00 untuk hari ini. Bila listrik padam, centang di kertas, lalu masukkan di sini.", "Print it at 17.00 for tomorrow and at 06.00 for today. When the power fails, tick on paper and enter the ticks here afterwards.";
    today: "Hari ini", "Today";
    tomorrow: "Besok", "Tomorrow";
    print: "Cetak", "Print";
    as_pdf: "Unduh PDF", "Download PDF";
    to_enter: "Masukkan centang dari kertas", "Enter the ticks of the paper";
    none: "Tidak ada pendaftaran pada hari ini.", "Nobody is booked on this day.";
    printed: "Keadaan", "As of";
    people: "orang", "people";
    hour: "Pukul", "Hour";
    came: "Hadir", "Came";
    served: "Selesai", "Served";
    at: "Pukul", "At";
    number: "Nomor", "Number";
    name: "Nama", "Name";
    code: "Kode", "Code";
    without_booking: "Tanpa pendaftaran", "Without a booking";
    others: "anggota rombongan", "of the party";
    enter_title: "Masukkan dari kertas", "Enter from paper";
    enter_intro: "Centang siapa yang hadir dan siapa yang selesai dilayani, dengan jam yang tertulis di kertas. Jam yang dikosongkan dihitung dari jam pendaftarannya.", "Tick who came and who was served, with the times on the paper. A time that is left empty counts as the booked hour.";
    date: "Tanggal", "Date";
    choose: "Buka", "Open";
    save: "Simpan pukul ini", "Save this hour";
    time_hint: "jam.menit", "hours.minutes";
    saved_before: "Tercatat: ", "Entered: ";
    not_saved: "Belum tercatat", "Not entered";
    bad_time: "Jam tidak terbaca. Tulis seperti 09.40.", "The time cannot be read. Write it like 09.40.";
    refused_day: "Hanya hari ini dan tujuh hari terakhir yang dapat dimasukkan.", "Only today and the last seven days can be entered.";
    refused_unknown: "Pendaftarannya sudah tidak berlaku.", "The booking does not stand any more.";
    refused_entered: "Sudah tercatat sebelumnya.", "Was entered before.";
    refused_future: "Jam ini belum lewat.", "This time is yet to come.";
    refused_order: "Selesai sebelum hadir: periksa jamnya.", "Served before they came: check the times.";
    refused_press: "Formulir ini sudah dipakai. Muat ulang halamannya.", "This form was used before. Reload the page.";
}
