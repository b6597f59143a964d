//! Single texts under the anonymizer: names, forms, labels, addresses, pages, and what is told when something is left.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::*;
use crate::grammar::Request;

fn anonymizer(all: &str) -> Anonymizer {
    Anonymizer::new(all, NaiveDate::from_ymd_opt(2017, 8, 1).expect("a date"), "bogor")
}

fn masked(all: &str, text: &str) -> String {
    let mut anonymizer = anonymizer(all);
    for line in all.split('|') {
        anonymizer.learn(&Request::Unreadable, line, true);
    }
    anonymizer.finished().sent(text, Vec::new())
}

#[test]
fn names_wear_one_mask_in_any_case() {
    let mut anonymizer = anonymizer("Halo Siti Rahma");
    assert_eq!(anonymizer.name("Siti Rahma"), "Budi");
    for (text, out) in [
        ("Nama: SITI RAHMA. Halo Siti, rahmat", "Nama: BUDI. Halo Budi, rahmat"),
        ("rahma siti, SitiRahma, siti_rahma90, Sitinya", "Budi, Budi, Budi, Budi"),
        ("𝐒𝐢𝐭𝐢 dan Síti", "Budi dan Budi"),
    ] {
        assert_eq!(anonymizer.sent(text, Vec::new()), out);
    }
}

#[test]
fn people_with_one_family_name_stay_two() {
    let mut anonymizer = anonymizer("");
    assert_eq!(anonymizer.name("Rini Nababan"), "Budi");
    assert_eq!(anonymizer.name("Tomi Nababan"), "Siti");
    assert_eq!(anonymizer.name("Rini"), "Budi");
    assert_eq!(anonymizer.sent("Tomi Nababan dan RINI NABABAN", Vec::new()), "Siti dan BUDI");
}

#[test]
fn names_of_everyday_words_are_whole_names() {
    let mut anonymizer = anonymizer("");
    anonymizer.name("Hari Susanto");
    assert_eq!(anonymizer.sent("hari ini Hari Susanto\nHari: Senin", Vec::new()), "hari ini Budi\nHari: Senin");
}

#[test]
fn invented_names_do_not_meet_real_ones() {
    let mut anonymizer = anonymizer("Budi dan Siti");
    assert_eq!(anonymizer.name("Budi"), "Agus");
    let mut many = self::anonymizer("");
    let masks: BTreeSet<String> = ('a'..='z').map(|c| many.name(&format!("{c}{c}{c}xq"))).collect();
    assert_eq!(masks.len(), 26);
}

#[test]
fn a_number_as_a_name_is_one_whole() {
    let mut anonymizer = anonymizer("");
    assert_eq!(anonymizer.name("+62 812-2017-0807"), "Budi");
    assert_eq!(anonymizer.name("+62 812 2017 0807"), "Budi");
    let text = "#Rini#17031990#07-08-2017, 0812.3456.7890";
    assert_eq!(anonymizer.sent(text, Vec::new()), "#Rini#25011987#07-08-2017, 081200000001");
}

#[test]
fn a_broken_form_gives_nobody_away() {
    let form = "#Rahma Wulandari#17031990#kapan saja";
    assert_eq!(masked(form, form), "#Budi#25011987#Jl. Melati No. 1");
    let shifted = "#Rahma Wulandari#17 Maret 1990#Kenanga 12#081234567890";
    assert_eq!(masked(shifted, shifted), "#Budi#25 Januari 1987#Jl. Melati No. 1#081200000001");
}

#[test]
fn labels_stay_and_values_go() {
    let form = "Nama : Rini Astuti\nTTL : Bandung, 12 Maret 1988\nAlamat : Jl. Kenanga 12 RT 3\nAgama : Islam\nTgl kedatangan : 08082017";
    let out = "Nama : Budi\nTTL : Contoh, 25 Januari 1987\nAlamat : Jl. Melati No. 1\nAgama : Contoh\nTgl kedatangan : 08082017";
    assert_eq!(masked(form, form), out);
}

#[test]
fn addresses_in_sentences_go() {
    for (text, out) in [
        ("alamat saya Jl. Kenanga 12 RT 3 Bandung", "alamat saya Jl. Melati No. 1"),
        ("saya tinggal di Kampung Cibuluh blok C2, mau tanya", "saya tinggal di Jl. Melati No. 1, mau tanya"),
        ("alamat kantor di mana?", "alamat kantor di mana?"),
        ("jln mangga 5. Terima kasih", "Jl. Melati No. 1. Terima kasih"),
        ("jalan kaki bisa?", "jalan kaki bisa?"),
    ] {
        assert_eq!(masked("", text), out, "{text}");
    }
    assert_eq!(masked("Alamat: Jl. Kenanga 5", "dekat kenanga"), "dekat Contoh");
}

#[test]
fn addresses_of_the_net_go() {
    for (text, out) in [
        ("email rini.astuti@gmail.com ya", "email budi@example.id ya"),
        ("Rini_90 @yahoo.co.id", "Rini_90 @contoh"),
        (
            "lihat https://maps.app.goo.gl/AbC atau wa.me/628123456789.",
            "lihat https://example.id atau https://example.id.",
        ),
        ("ig @riniastuti", "ig @contoh"),
    ] {
        assert_eq!(masked("", text), out, "{text}");
    }
}

#[test]
fn names_in_sentences_are_learnt() {
    for (chat, text, out) in [
        ("nama saya rini astuti mau daftar", "rini", "Budi"),
        ("ini Pak Haryanto", "haryanto", "Budi"),
        ("a.n. Rini Astuti", "Astuti", "Budi"),
        ("Rini Astuti 17-03-1990", "rini", "Budi"),
        ("anak saya namanya Dimas", "dimas", "Budi"),
    ] {
        assert_eq!(masked(chat, text), out, "{chat}");
    }
}

#[test]
fn weekdays_go_with_their_birth_date() {
    assert_eq!(masked("", "Lahir: Sabtu, 17 Maret 1990"), "Lahir: Minggu, 25 Januari 1987");
}

// With `leftovers` giving nothing, each of these failed.
#[test]
fn what_is_left_is_told_without_itself() {
    let mut anonymizer = anonymizer("");
    anonymizer.name("Rinita");
    for (story, told) in [
        ("Budi > saya Wulan dari Depok", "story line 1: this may be a name: Aaaaa"),
        ("Budi > xrinitax", "story line 1: this may be a name: aaaaaaaa"),
        ("< hp 0813 1111 2222", "story line 1: this may be somebody's number: 0000 0000 0000"),
        ("Budi > halo\n  lahir 17 Mei 1990", "story line 2: this may be a birth date: 00 Aaa 0000"),
        ("Budi > jl kenangan", "story line 1: this may be an address: aa aaaaaaaa"),
        ("Budi > x@y.id", "story line 1: this may be an e-mail address: a@a.aa"),
    ] {
        let found: Vec<String> = anonymizer.leftovers(story).iter().map(ToString::to_string).collect();
        assert!(found.iter().any(|one| one == told), "{story}: {found:?}");
    }
    let clean = "# why: x\nclock 2017-08-01 09:00\nBudi > #Budi#25011987#07082017\n< *Kode:* {code}, 081200000001\n  Jl. Melati No. 1";
    assert_eq!(anonymizer.leftovers(clean), []);
}
