//! What is wrong in the settings, in the reader's language.

use antrean::domain::staff::Role;
use reqwest::StatusCode;

use super::format::post;
use crate::support::browser::desk_stage::DeskStage;
use crate::support::desk_fixture::DeskFixture;
use crate::support::engine::{Engine, on_both_engines};

// Negative control: with the sentence about two times of day taken out of the catalogue, the first slip is told in English.
async fn a_slip_of_a_clerk_is_told_in_indonesian_at_its_field(engine: Engine) {
    let stage = DeskStage::of(DeskFixture::open(engine).await).await;
    let agus = stage.enrol("agus", Role::Supervisor).await;
    for (group, field, typed, said) in [
        ("hours", "key:hours.rabu", "8 pagi sampai 12", "harus dua jam, dari dan sampai"),
        ("hours", "key:hours.rabu", "12:00-08:00", "tulis jam yang lebih awal dulu: 08:00-12:00"),
        ("hours", "key:seats_per_hour", "lima puluh", "harus bilangan bulat dari 1 sampai"),
        ("hours", "key:closed", "24 Desember", "Baris ini bukan tanggal dengan isinya: 24 Desember"),
        ("policy", "key:policy.hold_minutes", "100000", "tulis angka dari 1 sampai"),
        ("policy", "key:policy.reschedule.until", "malam", "tulis jam seperti 21:00"),
        ("notices", "key:notices.quiet", "malam hari", "harus jam tenang, dari dan sampai"),
        ("office", "key:telephone", "nol dua lima satu", "bukan nomor telepon"),
    ] {
        let fields = [("group", group), (field, typed), ("do", "check")];
        let (status, page) = post(&stage, &agus, "settings", &fields).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(said), "{field} {typed}: {page}");
        assert!(!page.contains("must be") && !page.contains("bahasa Inggris:"), "{field} {typed}: {page}");
        // The field is named as the form names it.
        let key = field.trim_start_matches("key:");
        assert!(!page.contains(&format!("`{key}`")), "{field}: {page}");
    }
    // In a file, keys and lines are named as they stand there.
    let text = "extend = \"bogor.toml\"\nid = \"bogor\"\nversion = 2\nseat_per_hour = 5\n";
    let (status, page) = post(&stage, &agus, "settings/text", &[("text", text), ("do", "check")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("baris 4: `seat_per_hour` bukan kunci yang dikenal"), "{page}");
    assert!(page.contains("maksud Anda `seats_per_hour`?"), "{page}");
}

on_both_engines!(a_slip_of_a_clerk_is_told_in_indonesian_at_its_field);
