//! The format's page in a real browser: the line and the file follow one another, the rehearsal follows both, without JavaScript, by
//! keyboard, on every screen.

use antrean::domain::staff::Role;
use fantoccini::Client;
use fantoccini::key::Key;
use serde_json::json;

use super::staff::{click, fill, look};
use super::{find, press, text_of, until, until_shown};
use crate::support::browser::desk_stage::DeskStage;
use crate::support::browser::driver::{DESK, OFFICE, PHONE, ZOOMED, devtools, keep_picture, with_browser};
use crate::support::desk_fixture::DeskFixture;
use crate::support::engine::{Engine, on_both_engines};

/// Five citizens wrote; one of them with a day that no calendar has.
async fn written(engine: Engine) -> DeskStage {
    let stage = DeskStage::of(DeskFixture::open(engine).await).await;
    for (n, text) in [
        "#Budi Hartono#25011987#04082026",
        "#Siti Aminah#05121990#04082026",
        "#Rina Wati#31061990#04082026",
        "Assalamualaikum, kapan buka?",
        "#Tono Sugiarto#02021980#besok",
    ]
    .iter()
    .enumerate()
    {
        stage.fixture.ask(n + 1, &format!("wamid.format{n}"), text).await;
    }
    stage
}

async fn value(client: &Client, css: &str) -> String {
    find(client, css).await.prop("value").await.unwrap().unwrap_or_default()
}

async fn open(client: &Client, css: &str) {
    client.execute(&format!("document.querySelector('{css}').open = true"), vec![]).await.unwrap();
}

// Negative control: with the observer of `format.js` left out the file keeps the old line.
async fn the_line_the_file_and_what_they_do_follow_one_another(engine: Engine) {
    let stage = written(engine).await;
    let agus = stage.enrol("agus", Role::Supervisor).await;
    with_browser(OFFICE, async |client| {
        client.execute("window.stayed = true", vec![]).await.unwrap();
        stage.enter(client, &agus, "format").await;
        until(client, "document.querySelector('#filled')?.innerText.startsWith('#Budi Santoso#')").await;
        look(client, "format").await;
        client.execute("window.stayed = true", vec![]).await.unwrap();
        // The line: the file follows, and so does everything beside it.
        let line = find(client, "#line").await;
        line.send_keys("#Email").await.unwrap();
        until(client, "document.querySelector('#live').innerText.includes('Email: bagian ini tidak ada')").await;
        // What to do about the examples that fit no more is offered at once, not only when the page is loaded again.
        until(client, "document.querySelector('#live button[value=drop_examples]')?.form.id === 'draft'").await;
        open(client, "#as-file").await;
        until(client, "document.querySelector('#file').value.includes('#TglKedatangan#Email\"')").await;
        assert_eq!(value(client, "#line").await, "#Nama#TglLahir#TglKedatangan#Email");
        look(client, "format-lost").await;
        // The latest messages of citizens, masked.
        click(client, "input[name=past]").await;
        until(client, "document.querySelector('#live').innerText.includes('Dengan pesan terakhir dari warga')").await;
        let rehearsed = text_of(client, "#live .rehearsal").await;
        assert!(rehearsed.contains("5 pesan") && rehearsed.contains("3 pesan yang tadinya terbaca"), "{rehearsed}");
        assert!(rehearsed.contains("#xxxx xxxxxxx#00000000#00000000") && !rehearsed.contains("Hartono"), "{rehearsed}");
        look(client, "format-past").await;
        // The file: the line follows.
        let file = find(client, "#file").await;
        let text = value(client, "#file").await.replace("#Email\"", "#[Email]\"");
        file.clear().await.unwrap();
        file.send_keys(&text).await.unwrap();
        until(client, "document.querySelector('#line').value.endsWith('#[Email]')").await;
        until(client, "!document.querySelector('#live').innerText.includes('tidak terbaca lagi')").await;
        assert_eq!(client.execute("return window.stayed", vec![]).await.unwrap(), json!(true), "no page was loaded");
        // Rules of the piece that has come, and a reload that loses nothing.
        open(client, "#as-rules").await;
        until(client, "[...document.querySelectorAll('#rules legend')].some(it => it.innerText.startsWith('Email'))")
            .await;
        client.refresh().await.unwrap();
        until(client, "document.querySelector('#line')?.value.endsWith('#[Email]')").await;
        // What was refused: where, and what to write.
        fill(client, "#line", "#Nama#TglLahr").await;
        until(client, "document.querySelector('.faults mark')?.innerText === 'TglLahr'").await;
        look(client, "format-faults").await;
    })
    .await;
}

async fn own_sentences_are_seen_as_citizens_see_them_and_a_line_comes_from_messages(engine: Engine) {
    let stage = written(engine).await;
    let agus = stage.enrol("agus", Role::Supervisor).await;
    with_browser(OFFICE, async |client| {
        stage.enter(client, &agus, "format").await;
        open(client, "#as-sentences").await;
        find(client, "#about").await.select_by_value("TglLahir:no-such-day").await.unwrap();
        fill(client, "#sentence_id", "Tanggal lahir itu tidak ada di kalender.").await;
        fill(client, "#sentence_en", "No calendar has that birth date.").await;
        click(client, "button[value=sentence]").await;
        until(client, "document.querySelectorAll('#live .talk li').length === 2").await;
        let replies = text_of(client, "#live .talk").await;
        assert!(
            replies.contains("Tanggal lahir itu tidak ada di kalender.")
                && replies.contains("No calendar has that birth date."),
            "{replies}"
        );
        look(client, "format-sentence").await;
        open(client, "#as-examples").await;
        fill(client, "#examples", "#Budi#25011987#budi@example.id\n#Siti#05121990\n#Rina#12031991#rina@example.id")
            .await;
        click(client, "button[value=examples]").await;
        let proposed = text_of(client, "#proposed").await;
        assert!(proposed.contains("#Nama#TglLahir#[Email]") && proposed.contains("boleh ditinggalkan"), "{proposed}");
        look(client, "format-proposed").await;
        click(client, "button[value=take]").await;
        until(client, "document.querySelector('#line')?.value === '#Nama#TglLahir#[Email]'").await;
    })
    .await;
    for (screen, called) in [(PHONE, "phone"), (ZOOMED, "zoomed")] {
        with_browser(screen, async |client| {
            stage.enter(client, &agus, "format").await;
            for part in ["#as-rules", "#as-sentences", "#as-examples", "#as-file"] {
                open(client, part).await;
            }
            look(client, &format!("format-{called}")).await;
        })
        .await;
    }
}

async fn everything_is_done_without_javascript_and_by_keyboard(engine: Engine) {
    let stage = written(engine).await;
    let (agus, tuti) = (stage.enrol("agus", Role::Supervisor).await, stage.enrol("tuti", Role::Auditor).await);
    with_browser(DESK, async |client| {
        devtools(client, json!({ "cmd": "Emulation.setScriptExecutionDisabled", "params": { "value": true } })).await;
        stage.enter(client, &agus, "format").await;
        fill(client, "#line", "#Nama#TglLahir#TglKedatangan#Layanan").await;
        click(client, "button[value=look]").await;
        until_shown(client, ".faults", |text| text.contains("belum ada daftarnya")).await;
        click(client, "#as-rules > summary").await;
        fill(client, "textarea[name='rule:Layanan:choices']", "baru: paspor baru, new\nperpanjang").await;
        click(client, "button[value=rules]").await;
        until_shown(client, "#live", |text| text.contains("baru, perpanjang")).await;
        click(client, "button[value=drop_examples]").await;
        until_shown(client, "#live", |text| text.contains("Tidak ada kesalahan.")).await;
        click(client, "input[name=past]").await;
        click(client, "button[value=look]").await;
        until_shown(client, "#live", |text| {
            text.contains("5 pesan") && text.contains("tadinya terbaca tidak terbaca lagi")
        })
        .await;
        keep_picture(client, "format-without-javascript").await;
        click(client, "button[value=discard]").await;
        until_shown(client, "#line", |line| line == "#Nama#TglLahir#TglKedatangan").await;
    })
    .await;
    with_browser(OFFICE, async |client| {
        stage.enter(client, &agus, "format").await;
        find(client, "#line").await;
        // From the line on, everything is reached by Tab, and shows where one is; a part is opened by Enter.
        client.execute("document.querySelector('#line').focus()", vec![]).await.unwrap();
        for _ in 0..12 {
            press(client, &[Key::Tab]).await;
            until(client, "getComputedStyle(document.activeElement).outlineStyle !== 'none'").await;
            if client.execute("return document.activeElement.matches('#as-sentences > summary')", vec![]).await.unwrap()
                == json!(true)
            {
                break;
            }
        }
        press(client, &[Key::Enter]).await;
        until(client, "document.querySelector('#as-sentences').open").await;
        press(client, &[Key::Tab]).await;
        until(client, "document.activeElement.id === 'about'").await;
        stage.enter(client, &tuti, "format").await;
        find(client, ".in-force").await;
        assert_eq!(
            client
                .execute("return document.querySelectorAll('main form, main textarea').length", vec![])
                .await
                .unwrap(),
            json!(0)
        );
        look(client, "format-auditor").await;
    })
    .await;
}

on_both_engines!(
    the_line_the_file_and_what_they_do_follow_one_another,
    own_sentences_are_seen_as_citizens_see_them_and_a_line_comes_from_messages,
    everything_is_done_without_javascript_and_by_keyboard,
);
