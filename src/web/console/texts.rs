//! What the console says, in both languages side by side: a sentence without its twin does not compile.

use crate::web::bilingual::texts;

pub(super) mod today;

texts! {
    skip: "Lompat ke isi", "Skip to the content";
    other_language: "English", "Bahasa Indonesia";
    console: "Ruang petugas", "Staff console";
    navigation: "Menu utama", "Main menu";
    offices: "Kantor", "Offices";
    people: "Petugas", "Staff";
    account: "Akun", "Account";
    sign_out: "Keluar", "Sign out";
    ending: "Sesi Anda segera berakhir karena tidak dipakai.", "Your session is about to end, since it was not used.";
    stay: "Tetap masuk", "Stay signed in";
    ended: "Sesi Anda berakhir. Masuk lagi untuk melanjutkan.", "Your session has ended. Sign in again to go on.";

    sign_in: "Masuk", "Sign in";
    login: "Nama masuk", "Login";
    login_hint: "Diberikan oleh pengelola, misalnya siti.rahma", "Given by the administrator, such as siti.rahma";
    password: "Kata sandi", "Password";
    code: "Kode sekali pakai", "One-time code";
    code_hint: "Enam angka dari aplikasi autentikator; atau satu kode pemulihan", "Six digits of your authenticator app; or a recovery code";
    six_digits: "Enam angka dari aplikasi autentikator", "Six digits of your authenticator app";
    sign_in_help: "Belum punya akun, atau ponsel hilang? Hubungi pengelola di kantor Anda.", "No account yet, or lost your phone? Ask your administrator.";
    sign_in_refused: "Nama masuk, kata sandi, atau kode tidak cocok.", "Login, password or code do not match.";
    sign_in_refused_next: "Periksa ketiganya. Setiap kode hanya berlaku sekali; tunggu kode berikutnya di aplikasi.", "Check all three. Each code is taken once; wait for the next one in your app.";
    problem: "Belum berhasil", "That did not work";
    wait_before: "Terlalu banyak percobaan. Coba lagi dalam ", "Too many tries. Try again in ";
    wait_after: " menit.", " minutes.";
    busy: "Server sedang sibuk. Tunggu sebentar, lalu muat ulang halaman ini.", "The server is busy. Wait a moment, then reload this page.";

    link_title: "Tautan sekali pakai", "One-time link";
    link_intro: "Tempel tautan dari pengelola atau dari terminal di sini. Tautan berlaku 15 menit dan hanya sekali.", "Paste the link from your administrator or from the terminal here. It is valid for 15 minutes and once only.";
    link_label: "Tautan", "Link";
    go_on: "Lanjutkan", "Continue";
    link_over: "Tautan ini sudah dipakai atau sudah lewat 15 menit. Minta tautan baru kepada pengelola.", "This link was used, or its 15 minutes are over. Ask your administrator for a new one.";
    hello: "Selamat datang", "Welcome";
    enrol_title: "Siapkan akun", "Set up your account";
    password_title: "Kata sandi baru", "New password";
    step_password: "Pilih kata sandi", "Choose a password";
    password_rule: "Paling sedikit 12 tanda. Beberapa kata acak lebih kuat daripada satu kata yang rumit.", "At least 12 characters. Some random words are stronger than one complicated word.";
    step_scan: "Pindai dengan aplikasi autentikator", "Scan with an authenticator app";
    scan_hint: "Google Authenticator, Microsoft Authenticator, Aegis, atau aplikasi lain yang Anda pakai.", "Google Authenticator, Microsoft Authenticator, Aegis, or whichever you use.";
    scan_alt: "Kode QR untuk aplikasi autentikator", "QR code for the authenticator app";
    scan_by_hand: "Tidak bisa memindai? Ketik kunci ini di aplikasi:", "Cannot scan? Type this key into the app:";
    step_code: "Ketik kode yang muncul di aplikasi", "Type the code that the app shows";
    finish: "Selesai dan masuk", "Finish and sign in";
    weak_short: "Kata sandi terlalu pendek: paling sedikit 12 tanda.", "The password is too short: at least 12 characters.";
    weak_long: "Kata sandi terlalu panjang: paling banyak 128 tanda.", "The password is too long: at most 128 characters.";
    weak_guessable: "Kata sandi ini mudah ditebak. Hindari nama, tanggal, dan kata yang berhubungan dengan kantor; coba empat kata acak.", "This password is easily guessed. Avoid names, dates and words about the office; try four random words.";
    wrong_code: "Kode tidak cocok. Tunggu kode berikutnya di aplikasi, lalu ketik enam angkanya.", "The code does not match. Wait for the next one in your app, then type its six digits.";
    wrong_password: "Kata sandi lama tidak cocok.", "The old password does not match.";

    recovery_title: "Kode pemulihan", "Recovery codes";
    recovery_intro: "Simpan kode ini di tempat aman, misalnya dicetak. Setiap kode menggantikan kode sekali pakai satu kali bila ponsel hilang. Kode ini tidak ditampilkan lagi.", "Keep these codes in a safe place, such as on paper. Each stands for a one-time code once, if you lose your phone. They are not shown again.";
    recovery_saved: "Sudah saya simpan", "I have kept them";
    recovery_left: "Kode pemulihan tersisa: ", "Recovery codes left: ";
    recovery_new: "Buat kode pemulihan baru", "Make new recovery codes";
    recovery_replaces: "Kode lama tidak berlaku lagi.", "The old codes end.";

    account_title: "Akun Anda", "Your account";
    your_roles: "Peran Anda", "Your roles";
    sessions: "Sesi yang sedang berjalan", "Running sessions";
    sessions_hint: "Sesi berakhir setelah 30 menit tidak dipakai, dan paling lama 10 jam.", "A session ends after 30 minutes without use, and after 10 hours at most.";
    this_session: "sesi ini", "this session";
    browser: "Peramban", "Browser";
    network: "Jaringan", "Network";
    last_used: "Terakhir dipakai", "Last used";
    end: "Akhiri", "End";
    end_others: "Akhiri semua sesi lain", "End all other sessions";
    change_password: "Ganti kata sandi", "Change the password";
    old_password: "Kata sandi lama", "Old password";
    new_password: "Kata sandi baru", "New password";
    done_password: "Kata sandi diganti. Sesi Anda yang lain berakhir.", "The password was changed. Your other sessions have ended.";
    done_session: "Sesi diakhiri.", "The session has ended.";
    done_sign_out: "Anda sudah keluar.", "You are signed out.";
    done_confirmed: "Terkonfirmasi. Perubahan dapat dibuat selama 5 menit.", "Confirmed. Changes can be made for 5 minutes.";
    done_saved: "Perubahan disimpan.", "The change was saved.";

    confirm_title: "Konfirmasi dahulu", "Confirm first";
    confirm_intro: "Untuk mengubah, ketik kode sekali pakai yang baru. Konfirmasi berlaku 5 menit.", "To make changes, type a fresh one-time code. It counts for 5 minutes.";
    confirm: "Konfirmasi", "Confirm";

    people_title: "Petugas dan peran", "Staff and roles";
    people_intro: "Siapa yang dapat masuk, dan apa yang boleh dilakukan di kantor mana.", "Who can sign in, and what they may do at which office.";
    name: "Nama", "Name";
    roles: "Peran", "Roles";
    state: "Status", "State";
    state_active: "aktif", "active";
    state_invited: "belum memakai tautan", "has not used the link";
    state_disabled: "dinonaktifkan", "disabled";
    no_roles: "tanpa peran", "no role";
    add_person: "Tambah petugas", "Add somebody";
    role: "Peran", "Role";
    place: "Di", "At";
    everywhere: "semua kantor", "every office";
    add: "Tambah", "Add";
    new_link: "Tautan untuk petugas", "A link for them";
    new_link_intro: "Kirim tautan ini langsung kepada orangnya. Berlaku 15 menit, hanya sekali, dan tidak ditampilkan lagi.", "Hand this link to the person. It is valid for 15 minutes, once, and is not shown again.";
    back_to_people: "Kembali ke daftar petugas", "Back to the staff";
    grant: "Beri peran", "Give a role";
    revoke: "Cabut", "Take back";
    access_title: "Akses", "Access";
    reset_password: "Buat tautan kata sandi baru", "Make a link for a new password";
    reset_phone: "Ponsel hilang: buat tautan kata sandi dan autentikator baru", "Lost phone: make a link for a new password and authenticator";
    make_link: "Buat tautan", "Make a link";
    disable: "Nonaktifkan", "Disable";
    enable: "Aktifkan lagi", "Enable again";
    oneself: "Ini akun Anda sendiri. Peran dan akses Anda diubah oleh pengelola lain.", "This is your own account. Another administrator changes your roles and access.";
    refused_last: "Tidak diubah: harus ada paling sedikit satu pengelola untuk semua kantor yang dapat masuk. Beri peran itu kepada orang lain dahulu.", "Not changed: at least one administrator of every office must be able to sign in. Give the role to somebody else first.";
    refused_taken: "Nama masuk ini sudah dipakai. Pilih yang lain.", "This login is taken. Choose another one.";
    refused_malformed: "Nama masuk memakai huruf, angka, titik, atau tanda hubung tanpa spasi; nama tidak boleh kosong.", "A login has letters, digits, dots or dashes and no spaces; a name cannot be empty.";
    refused_office: "Kantor ini tidak ada.", "There is no such office.";
    refused_unknown: "Orang atau peran ini tidak ada lagi. Muat ulang daftarnya.", "This person or role is not there any more. Reload the list.";
    refused_unconfirmed: "Konfirmasi sudah lewat 5 menit. Konfirmasi lagi, lalu ulangi perubahannya.", "The confirmation is older than 5 minutes. Confirm again, then repeat the change.";

    offices_title: "Pilih kantor", "Choose an office";
    no_offices: "Anda belum punya peran di kantor mana pun. Minta pengelola memberi peran.", "You have no role at any office yet. Ask an administrator for one.";
    office_today: "Hari ini", "Today";
    places_booked: "tempat terdaftar", "places booked";
    places_held: "menunggu konfirmasi warga", "waiting for the citizen's confirmation";
    open_hours: "Jam layanan", "Opening hours";
    closed_today: "Tutup hari ini", "Closed today";
    where_it_is: "Alamat", "Where";
    all_offices: "Semua kantor", "All offices";
    compare_offices: "Bandingkan kantor", "Compare the offices";
    area_office: "Ringkasan", "Overview";
    area_today: "Hari ini", "Today";
    area_find: "Cari", "Find";
    areas_of: "Bagian kantor", "Areas of the office";
    area_calendar: "Kalender", "Calendar";
    area_reports: "Laporan", "Reports";
    area_settings: "Pengaturan", "Settings";
    area_displays: "Layar", "Displays";
    area_format: "Format", "Format";
    area_audit: "Jejak audit", "Audit trail";
    area_paper: "Kertas", "Paper";
    area_conversations: "Percakapan", "Conversations";
    area_channels: "Saluran", "Channels";

    area_check_in: "Kedatangan", "Check-in";
    area_counter: "Loket", "Counter";

    missing_title: "Tidak ada", "Not found";
    missing: "Halaman ini tidak ada, atau bukan untuk Anda.", "There is no such page, or it is not for you.";
    to_console: "Ke ruang petugas", "To the console";
    cross_title: "Ditolak", "Refused";
    cross: "Formulir ini tidak dikirim dari halaman ini sendiri. Buka halamannya lagi, lalu kirim dari sana. Bila ini terus terjadi, proxy di depan antrean harus meneruskan Host apa adanya.", "This form was not sent from this page itself. Open the page again and send it from there. If this goes on, the proxy in front of antrean must pass Host on as it is.";
    unsafe_title: "Sambungan ini tidak aman untuk masuk", "This connection is not safe to sign in over";
    unsafe_plain: "Tanpa HTTPS, siapa pun di jaringan ini dapat membaca kata sandi Anda. Buka lewat alamat https:// kantor Anda.", "Without HTTPS, anybody in this network can read your password. Use your office's https:// address.";
    unsafe_plain_remedy: "Untuk pengelola: pasang reverse proxy dengan TLS di depan antrean dan tulis alamatnya di trusted_proxies.", "For the operator: put a reverse proxy with TLS in front of antrean and name its address in trusted_proxies.";
    unsafe_proxy_remedy: "Untuk pengelola: proxy meneruskan permintaan, tetapi antrean tidak mempercayainya. Tulis alamatnya di trusted_proxies, dan teruskan X-Forwarded-Proto.", "For the operator: a proxy passes requests on, but antrean does not trust it. Name its address in trusted_proxies, and pass X-Forwarded-Proto on.";

    role_officer: "petugas loket", "officer";
    role_supervisor: "penyelia", "supervisor";
    role_auditor: "pemeriksa", "auditor";
    role_administrator: "pengelola", "administrator";
}
