//! The keys of texts and notices, and what topics and kinds of notices are called.

use super::key::{Kind, Row};
use crate::domain::notice::Kind as NoticeKind;
use crate::grammar::Topic;

pub(super) const TEXTS: &[Row] = &[
    Row(
        "texts.id.requirements",
        Kind::Lines,
        "",
        ("Persyaratan (Indonesia)", "Requirements (Indonesian)"),
        ("Satu dokumen per baris; jawaban atas #persyaratan.", "A document on each line; the answer to #persyaratan."),
    ),
    Row("texts.en.requirements", Kind::Lines, "", ("Persyaratan (Inggris)", "Requirements (English)"), ("", "")),
    Row(
        "texts.id.bring",
        Kind::Line,
        "",
        ("Yang dibawa (Indonesia)", "What to bring (Indonesian)"),
        (
            "Satu baris, di belakang kata \u{201c}Bawa:\u{201d} dalam konfirmasi.",
            "One line, behind the word \u{201c}Bawa:\u{201d} of the confirmation.",
        ),
    ),
    Row("texts.en.bring", Kind::Line, "", ("Yang dibawa (Inggris)", "What to bring (English)"), ("", "")),
    Row(
        "texts.id.excluded",
        Kind::Line,
        "",
        ("Yang tidak dapat mendaftar (Indonesia)", "Who cannot book (Indonesian)"),
        (
            "Siapa yang tidak dapat mendaftar lewat pesan, dan apa yang mereka lakukan.",
            "Who cannot book by message, and what they do instead.",
        ),
    ),
    Row(
        "texts.en.excluded",
        Kind::Line,
        "",
        ("Yang tidak dapat mendaftar (Inggris)", "Who cannot book (English)"),
        ("", ""),
    ),
    Row(
        "texts.id.official",
        Kind::Line,
        "",
        ("Bukti nomor resmi (Indonesia)", "Proof that the number is official (Indonesian)"),
        (
            "Misalnya: Nomor ini juga tertulis di papan loket 1.",
            "For example: This number also stands on the board of counter 1.",
        ),
    ),
    Row(
        "texts.en.official",
        Kind::Line,
        "",
        ("Bukti nomor resmi (Inggris)", "Proof that the number is official (English)"),
        ("", ""),
    ),
];

pub(super) const NOTICES: &[Row] = &[
    Row(
        "notices.quiet",
        Kind::Line,
        "20:00-06:00",
        ("Jam tenang", "Quiet hours"),
        (
            "Pada jam ini tidak ada pemberitahuan; \u{201c}none\u{201d}: tidak ada jam tenang.",
            "No notices in these hours; \u{201c}none\u{201d}: no quiet hours.",
        ),
    ),
    Row(
        "policy.reminder.at",
        Kind::Line,
        "18:00",
        ("Jam pengingat", "Hour of the reminder"),
        ("Pada malam sebelum kunjungan.", "On the evening before the visit."),
    ),
];

/// What a kind of notice is called.
pub(super) fn notice(kind: NoticeKind) -> (&'static str, &'static str) {
    match kind {
        NoticeKind::HoldLapsing => ("Kabari: tempat hampir lepas", "Tell: a hold lapses soon"),
        NoticeKind::HoldLapsed => ("Kabari: tempat sudah lepas", "Tell: a hold has lapsed"),
        NoticeKind::Reminder => ("Kabari: besok datang", "Tell: the visit is tomorrow"),
        NoticeKind::Forfeited => ("Kabari: antrean hangus", "Tell: a place was forfeited"),
        NoticeKind::Released => {
            ("Kabari: tempat dilepas, pengingat tidak dijawab", "Tell: a place was given back, its reminder unanswered")
        }
        NoticeKind::DayClosed => ("Kabari: hari ditutup atau dipindah", "Tell: a day was closed or moved"),
        NoticeKind::Ready => ("Kabari: paspor dapat diambil", "Tell: a passport can be collected"),
        NoticeKind::Message => ("Kabari: pesan kantor untuk satu hari", "Tell: a message for a day"),
        NoticeKind::Offer => ("Kabari: tempat dari daftar tunggu", "Tell: a place of the waiting list"),
        NoticeKind::Opening => ("Kabari: hari dibuka", "Tell: a day opens"),
        NoticeKind::Officer => ("Kabari: jawaban petugas", "Tell: an officer's answer"),
    }
}

/// What a topic is called.
pub(super) fn topic(topic: Topic) -> (&'static str, &'static str) {
    match topic {
        Topic::Register => ("Cara mendaftar", "How to register"),
        Topic::Requirements => ("Persyaratan", "Requirements"),
        Topic::Fee => ("Biaya", "Fee"),
        Topic::Hours => ("Jam buka", "Opening hours"),
        Topic::Location => ("Alamat", "Address"),
        Topic::FreeDays => ("Hari yang kosong", "Days with room"),
        Topic::FreeHours => ("Jam yang kosong", "Hours with room"),
        Topic::OwnBooking => ("Antrean sendiri", "Own booking"),
        Topic::DataChange => ("Perubahan data", "Change of data"),
        Topic::LostDamaged => ("Paspor hilang atau rusak", "Lost or damaged passport"),
        Topic::Priority => ("Prioritas", "Priority"),
        Topic::Child => ("Paspor anak", "A child's passport"),
        Topic::Relatives => ("Mendaftarkan keluarga", "Registering a relative"),
        Topic::Family => ("Datang sekeluarga", "Coming as a family"),
        Topic::Origin => ("KTP daerah lain", "Identity card of another region"),
        Topic::Late => ("Terlambat", "Being late"),
        Topic::Ready => ("Kapan paspor jadi", "When a passport is ready"),
        Topic::Collection => ("Pengambilan", "Collection"),
        Topic::Photo => ("Foto", "Photo"),
        Topic::Officer => ("Bicara dengan petugas", "Speaking to an officer"),
        Topic::Complaint => ("Keluhan", "Complaint"),
        Topic::Authenticity => ("Keaslian nomor", "Whether the number is genuine"),
        Topic::Language => ("Bahasa", "Language"),
        Topic::OtherPassport => ("Paspor lain", "Other passports"),
    }
}
