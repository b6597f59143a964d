//! What the page says, in both languages side by side: a sentence without its twin does not compile.

use crate::web::bilingual::texts;

texts! {
    title: "Kirim foto", "Send the photo";
    other_language: "English", "Bahasa Indonesia";
    intro: "Kirim satu foto untuk pendaftaran Anda.", "Send one photo for your booking.";
    until: "Halaman ini dapat dipakai sampai pukul", "This page can be used until";
    choose: "Pilih atau ambil foto", "Choose or take a photo";
    kinds: "JPEG, PNG, atau WebP, paling besar 12 MB. Seluruh dokumen harus terlihat dan terbaca.", "JPEG, PNG or WebP, 12 MB at most. The whole document must be seen, and can be read.";
    send: "Kirim foto", "Send the photo";
    slow: "Di jaringan yang lambat, pengiriman dapat memakan beberapa menit. Jangan tutup halaman ini sebelum ada jawaban.", "On a slow network this can take some minutes. Do not close the page before it answers.";
    why_title: "Tentang foto ini", "About this photo";
    why_who: "Foto ini hanya dilihat petugas kantor untuk mencocokkan pendaftaran Anda.", "Only officers of the office see it, to check your booking.";
    why_kept: "Foto disimpan terenkripsi. Data lokasi dan data lain di dalam berkas dibuang.", "It is kept encrypted. The place and other data in its file are thrown away.";
    why_once: "Halaman ini hanya menerima satu foto.", "This page takes one photo only.";
    wrong_picture: "Berkas itu bukan foto JPEG, PNG, atau WebP yang dapat dibuka. Di iPhone, pilih foto dari Galeri, bukan dari Berkas. Coba foto lain.", "That file is no JPEG, PNG or WebP photo that can be opened. On an iPhone choose it from Photos, not from Files. Try another photo.";
    wrong_none: "Belum ada foto yang dipilih. Pilih foto dahulu, lalu tekan Kirim foto.", "No photo was chosen. Choose one first, then press Send the photo.";
    wrong_large: "Berkas itu lebih dari 12 MB. Ambil foto baru dengan ukuran yang lebih kecil.", "That file is larger than 12 MB. Take a new photo of a smaller size.";
    wrong_slow: "Pengiriman terlalu lambat dan terputus. Coba lagi di tempat dengan sinyal yang lebih baik.", "Sending was too slow and was cut off. Try again where the signal is better.";
    wrong_busy: "Server sedang sibuk. Foto belum diterima. Tunggu sebentar, lalu kirim lagi.", "The server is busy. The photo was not received. Wait a moment, then send it again.";
    sent_title: "Foto sudah kami terima", "We have your photo";
    sent: "Jawabannya kami kirim ke obrolan Anda dengan kantor. Halaman ini boleh ditutup.", "The reply comes in your chat with the office. You may close this page.";
    gone_title: "Halaman ini tidak berlaku", "This page does not work";
    gone: "Alamatnya salah, sudah dipakai, atau waktunya sudah habis. Untuk alamat yang baru, kirim #status di obrolan dengan kantor.", "The address is wrong, was used, or its time is over. For a new one, send #status in the chat with the office.";
    often_title: "Sebentar", "One moment";
    often: "Halaman ini diminta terlalu sering. Tunggu setengah menit, lalu muat ulang.", "This page was asked for too often. Wait half a minute, then reload.";
    busy: "Server sedang sibuk. Tunggu sebentar, lalu muat ulang halaman ini.", "The server is busy. Wait a moment, then reload this page.";
}
