//! Conversations and channels in a real browser: what a citizen writes appears while officers look, they answer and do not get in each
//! other's way, what did not get through is sent again, and a paused channel holds its replies.

use antrean::domain::staff::Role;
use antrean::gateway::SendError;
use serde_json::json;

use super::demo::Demo;
use super::staff::{click, fill, look, sign_in};
use super::{find, open, text_of, type_into, until};
use crate::support::browser::desk_stage::DeskStage;
use crate::support::browser::driver::{DESK, OFFICE, PHONE, ZOOMED, devtools, keep_picture, with_browser};
use crate::support::desk_fixture::{DeskFixture, tuesday};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{form, name, number};

/// A served Bogor whose officers answer messages.
async fn stage(engine: Engine) -> DeskStage {
    DeskStage::of(DeskFixture::of_bogor(engine, |bogor| bogor.policy.handover = true).await).await
}

/// What citizen `n` was sent, as far as it went out.
fn got(stage: &DeskStage, n: usize) -> Vec<String> {
    let number = number(n);
    let taken = stage.tape.taken().into_iter().filter(|taken| taken.contact.as_str() == number);
    taken.map(|taken| taken.parcel.text).collect()
}

const LOG: &str = "document.querySelector('#lines').innerText";

// Negative controls: with `showAll` called in `merge`, the row is there without the button; with the field inside of `#lines`, what is
// typed is gone; with `take_ticket` that always takes, both officers answer.
async fn a_citizen_is_answered_by_one_of_two_officers_and_given_back(engine: Engine) {
    let stage = stage(engine).await;
    let fixture = &stage.fixture;
    let (rina, siti) = (stage.enrol("rina", Role::Officer).await, stage.enrol("siti", Role::Officer).await);
    fixture.ask(2, "wamid.before", "#status").await;
    with_browser(OFFICE, async |client| {
        stage.enter(client, &rina, "conversations").await;
        until(client, "document.querySelectorAll('#list tr[id]').length === 1").await;
        client.execute("document.querySelector('#list tr[id] a').focus()", vec![]).await.unwrap();
        fixture.ask(1, "wamid.form", &form(&name(1), tuesday())).await;
        fixture.ask(1, "wamid.officer", "#petugas").await;
        fixture.ask(1, "wamid.question", "Apakah perlu membawa akta lahir?").await;
        until(client, "document.querySelector('#more')?.innerText.startsWith('1 baru')").await;
        let place = "return document.activeElement.closest('tr') !== null";
        assert_eq!(client.execute(place, vec![]).await.unwrap(), json!(true), "the focus stays where it was");
        look(client, "talks-new").await;
        click(client, "#more").await;
        until(client, "document.querySelector('#list').innerText.includes('akta lahir')").await;
        until(client, "document.querySelector('#list').innerText.includes('menunggu sejak')").await;
        look(client, "talks").await;
        client.goto(&format!("{}/console/bogor/conversations?show=unanswered", stage.address)).await.unwrap();
        click(client, "#list tr[id] a").await;
        until(client, &format!("{LOG}.includes('akta lahir') && {LOG}.includes('formulir lengkap')")).await;
        assert!(!client.current_url().await.unwrap().as_str().contains(&number(1)), "no number is in an address");
        look(client, "talk").await;
        // While Rina writes, more arrives; what she typed and where she is stays.
        fill(client, "#text", "Ya, akta").await;
        client.execute("window.stayed = true", vec![]).await.unwrap();
        fixture.pass(1);
        fixture.ask(1, "wamid.more", "Aslinya atau fotokopi?").await;
        until(client, &format!("{LOG}.includes('fotokopi')")).await;
        until(client, "document.querySelector('#spoken').innerText.includes('pesan baru')").await;
        let typed = "return [document.activeElement.id, document.querySelector('#text').value, window.stayed]";
        assert_eq!(client.execute(typed, vec![]).await.unwrap(), json!(["text", "Ya, akta", true]));
        let talk = client.current_url().await.unwrap();
        with_browser(DESK, async |other| {
            stage.enter(other, &siti, "conversations").await;
            other.goto(talk.as_str()).await.unwrap();
            find(other, "#text").await;
            find(client, "#text").await.send_keys(" asli.").await.unwrap();
            until(other, "document.querySelector('.typing').innerText.includes('rina')").await;
            keep_picture(other, "console-talk-typing").await;
            click(client, "#answer button").await;
            until(client, "document.querySelector('.said')").await;
            until(client, &format!("{LOG}.includes('Ya, akta asli.') && {LOG}.includes('Anda menanganinya')")).await;
            until(other, &format!("{LOG}.includes('Ditangani rina') && {LOG}.includes('Ya, akta asli.')")).await;
            // Siti is told who was faster, and keeps what she wrote.
            fill(other, "#text", "Fotokopi saja.").await;
            click(other, "#answer button").await;
            until(other, "document.querySelector('#problem')?.innerText.includes('rina')").await;
            assert_eq!(find(other, "#text").await.prop("value").await.unwrap().as_deref(), Some("Fotokopi saja."));
            look(other, "talk-refused").await;
            click(other, "#problem button").await;
            until(other, &format!("{LOG}.includes('Anda menanganinya')")).await;
            until(client, &format!("{LOG}.includes('Ditangani siti')")).await;
        })
        .await;
        until(client, &format!("{LOG}.includes('belum terkirim')")).await;
        stage.send().await;
        until(client, &format!("!{LOG}.includes('belum terkirim') && {LOG}.includes('terkirim')")).await;
        assert!(got(&stage, 1).iter().any(|text| text.contains("Ya, akta asli.")), "{:?}", got(&stage, 1));
        assert!(!got(&stage, 1).iter().any(|text| text.contains("Fotokopi saja.")));
        // The citizen goes back to automatic answers.
        client.execute("document.querySelector('.acts form:last-child button').click()", vec![]).await.unwrap();
        until(client, "document.querySelector('.said')?.innerText.includes('jawaban otomatis')").await;
        stage.send().await;
        assert!(got(&stage, 1).last().unwrap().contains("sudah ditutup"), "{:?}", got(&stage, 1));
        // Who answered stays with the closed ticket.
        assert_eq!(fixture.tables().await.texts("select login from ticket_holder").await, ["siti"]);
    })
    .await;
}

async fn somebody_is_found_and_written_to_first_within_and_after_the_window(engine: Engine) {
    let stage = stage(engine).await;
    let fixture = &stage.fixture;
    fixture.ask(3, "wamid.text", "Paspor saya hilang di Puncak").await;
    fixture.ask(4, "wamid.other", "halo").await;
    let (agus, tuti) = (stage.enrol("agus", Role::Supervisor).await, stage.enrol("tuti", Role::Auditor).await);
    with_browser(OFFICE, async |client| {
        stage.enter(client, &agus, "conversations").await;
        for (what, found) in [("PUNCAK", true), (&number(3)[8..], true), ("Bandung", false)] {
            fill(client, "#what", what).await;
            click(client, ".find button").await;
            until(client, "!document.querySelector('#more')").await;
            until(client, &format!("(document.querySelectorAll('#list tr[id]').length === 1) === {found}")).await;
            assert!(!client.current_url().await.unwrap().as_str().contains("uncak"), "nothing personal in addresses");
            if found {
                look(client, "talks-found").await;
            }
        }
        fill(client, "#what", "hilang").await;
        click(client, ".find button").await;
        until(client, "!document.querySelector('#more')").await;
        click(client, "#list tr[id] a").await;
        fill(client, "#text", "Buat laporan polisi dahulu.").await;
        click(client, "#answer button").await;
        until(client, &format!("{LOG}.includes('laporan polisi') && {LOG}.includes('Anda menanganinya')")).await;
        // After the window the page says honestly that the answer waits.
        fixture.pass(25 * 60);
        client.refresh().await.unwrap();
        until(client, "document.querySelector('.remedy')?.innerText.includes('24 jam')").await;
        look(client, "talk-late").await;
        fill(client, "#text", "Sudah ada laporannya?").await;
        click(client, "#answer button").await;
        until(client, &format!("{LOG}.includes('Sudah ada')")).await;
        stage.send().await;
        until(client, &format!("{LOG}.includes('ditahan sampai warga menulis lagi')")).await;
        client.goto(&format!("{}/console/bogor/conversations?show=held", stage.address)).await.unwrap();
        until(client, "document.querySelector('#list').innerText.includes('Sudah ada')").await;
        look(client, "talks-held").await;
        // An auditor sees that they talked, and not what was said.
        let talk = find(client, "#list tr[id] a").await.attr("href").await.unwrap().unwrap();
        stage.enter(client, &tuti, "conversations").await;
        client.goto(&format!("{}{talk}", stage.address)).await.unwrap();
        until(client, &format!("{LOG}.includes('disamarkan')")).await;
        let page = text_of(client, "main").await;
        for secret in ["Puncak", "laporan", &number(3)[2..]] {
            assert!(!page.contains(secret), "{secret} in {page}");
        }
        assert!(!page.contains("Kirim jawaban"));
        look(client, "talk-auditor").await;
    })
    .await;
}

// Negative control: with `retry_dead` left out of `send_again`, the reply never goes out.
async fn what_did_not_get_through_is_sent_again_and_misread_messages_become_examples(engine: Engine) {
    let stage = stage(engine).await;
    let fixture = &stage.fixture;
    stage.tape.fail_next(1, &SendError::Refused("131026 message undeliverable".to_owned()));
    fixture.ask(5, "wamid.dead", "#status").await;
    stage.send().await;
    assert_eq!(got(&stage, 5), Vec::<String>::new());
    for n in 6..9 {
        fixture.ask(n, &format!("wamid.wrong{n}"), &format!("#{}#31061987#04082026", name(n))).await;
    }
    fixture.ask(9, "wamid.few", &format!("#{}#25011987", name(9))).await;
    let rina = stage.enrol("rina", Role::Officer).await;
    with_browser(OFFICE, async |client| {
        stage.enter(client, &rina, "conversations?show=dead").await;
        until(client, "document.querySelector('#list').innerText.includes('131026')").await;
        look(client, "talks-dead").await;
        click(client, "#list form button").await;
        until(client, "document.querySelector('.said')?.innerText.includes('kirim lagi')").await;
        stage.send().await;
        assert_eq!(got(&stage, 5).len(), 1, "it went out");
        client.goto(&format!("{}/console/bogor/conversations/misread", stage.address)).await.unwrap();
        let first = text_of(client, ".misread").await;
        assert!(first.contains("3 kali") && first.contains("tanggal tidak ada di kalender"), "{first}");
        look(client, "misread").await;
        click(client, ".misread form button").await;
        let file = text_of(client, "#case-file").await;
        assert!(file.contains("[[misreads]]") && file.contains("kind = \"no-such-day\""), "{file}");
        assert!(!file.contains(&name(8)) && !text_of(client, "#disguised").await.contains(&name(8)), "{file}");
        assert_eq!(client.execute("return document.querySelector('#case-form')", vec![]).await.unwrap(), json!(null));
        look(client, "case").await;
    })
    .await;
    // Whoever may change the format keeps it there.
    let agus = stage.enrol("agus", Role::Supervisor).await;
    with_browser(PHONE, async |client| {
        stage.enter(client, &agus, "conversations/misread").await;
        click(client, ".misread form button").await;
        fill(client, "#why", "31 Juni sering ditulis").await;
        look(client, "case-keep").await;
        click(client, "#case-form button").await;
        until(client, "document.querySelector('.said')?.innerText.includes('Contoh disimpan')").await;
    })
    .await;
    let kept = fixture.storage.offices().await.unwrap().remove(0).files.formats;
    assert!(
        kept.iter().any(|file| file.text.contains("[[misreads]]") && file.text.contains("no-such-day")),
        "{kept:?}"
    );
    let acts = fixture.tables().await.texts("select act from audit order by id").await;
    for act in ["view_conversations", "view_conversation", "send_again"] {
        assert!(acts.iter().any(|one| one == act), "{act} in {acts:?}");
    }
}

async fn a_paused_channel_holds_its_replies_and_says_so(engine: Engine) {
    let stage = stage(engine).await;
    let fixture = &stage.fixture;
    fixture.ask(1, "wamid.1", "#status").await;
    stage.send().await;
    let (agus, rina) = (stage.enrol("agus", Role::Supervisor).await, stage.enrol("rina", Role::Officer).await);
    with_browser(OFFICE, async |client| {
        stage.enter(client, &agus, "channels").await;
        until(client, "document.querySelector('.channel h2').innerText.includes('mengirim')").await;
        let today = "document.querySelector('.channel tbody tr td').innerText === '1'";
        until(client, today).await;
        fill(client, "input[name=reason]", "pindah nomor").await;
        look(client, "channels").await;
        click(client, "button[value=test]").await;
        until(client, "document.querySelector('#tested')?.innerText.includes('dapat mengirim')").await;
        fill(client, "input[name=reason]", "pindah nomor").await;
        click(client, "button[value=pause]").await;
        until(client, "document.querySelector('.channel').innerText.includes('agus: pindah nomor')").await;
        look(client, "channels-paused").await;
        fixture.ask(2, "wamid.2", "#status").await;
        stage.send().await;
        assert_eq!(got(&stage, 2), Vec::<String>::new(), "it waits");
        stage.enter(client, &rina, "channels").await;
        until(client, "document.querySelector('.channel').innerText.includes('dijeda')").await;
        assert_eq!(
            client.execute("return document.querySelectorAll('.channel button').length", vec![]).await.unwrap(),
            json!(0)
        );
        stage.enter(client, &rina, "conversations").await;
        click(client, "#list tr[id] a").await;
        until(client, &format!("{LOG}.includes('sedang tidak mengirim')")).await;
        stage.enter(client, &agus, "channels").await;
        click(client, "button[value=resume]").await;
        until(client, "document.querySelector('.channel h2').innerText.includes('mengirim')").await;
        stage.send().await;
        assert_eq!(got(&stage, 2).len(), 1);
    })
    .await;
    for (screen, called) in [(PHONE, "phone"), (ZOOMED, "zoomed")] {
        with_browser(screen, async |client| {
            for page in ["channels", "conversations", "conversations/misread"] {
                stage.enter(client, &agus, page).await;
                find(client, "h1").await;
                look(client, &format!("{}-{called}", page.replace('/', "-"))).await;
            }
            stage.enter(client, &agus, "conversations").await;
            click(client, "#list tr[id] a").await;
            find(client, "#text").await;
            look(client, &format!("talk-{called}")).await;
        })
        .await;
    }
}

async fn officers_answer_without_javascript_and_by_keyboard(engine: Engine) {
    let stage = stage(engine).await;
    let fixture = &stage.fixture;
    fixture.ask(1, "wamid.officer", "#petugas").await;
    fixture.ask(1, "wamid.question", "Jam berapa buka?").await;
    let rina = stage.enrol("rina", Role::Officer).await;
    with_browser(DESK, async |client| {
        let off = |value: bool| json!({ "cmd": "Emulation.setScriptExecutionDisabled", "params": { "value": value } });
        devtools(client, off(true)).await;
        stage.enter(client, &rina, "conversations?show=tickets").await;
        click(client, "#list tbody a").await;
        fill(client, "#text", "Pukul delapan.").await;
        click(client, "#answer button").await;
        let said = find(client, ".said").await.text().await.unwrap();
        assert!(said.contains("antrean kirim"), "{said}");
        let log = find(client, "#lines").await.text().await.unwrap();
        assert!(log.contains("Pukul delapan."), "{log}");
        keep_picture(client, "talk-without-javascript").await;
        devtools(client, off(false)).await;
        // By keyboard alone: from the answer's field to its button, and Enter.
        client.refresh().await.unwrap();
        find(client, "#text").await.send_keys("Setiap hari kerja.").await.unwrap();
        super::press(client, &[fantoccini::key::Key::Tab]).await;
        until(client, "document.activeElement.value === 'reply'").await;
        super::press(client, &[fantoccini::key::Key::Enter]).await;
        until(client, &format!("{LOG}.includes('Setiap hari kerja.')")).await;
    })
    .await;
    let sent = fixture.tables().await.texts("select text from outbox where notice is not null order by id").await;
    assert_eq!(sent.len(), 2, "{sent:?}");
}

on_both_engines!(
    a_citizen_is_answered_by_one_of_two_officers_and_given_back,
    somebody_is_found_and_written_to_first_within_and_after_the_window,
    what_did_not_get_through_is_sent_again_and_misread_messages_become_examples,
    a_paused_channel_holds_its_replies_and_says_so,
    officers_answer_without_javascript_and_by_keyboard,
);

// The whole product: the simulator's citizen and the office's officer, side by side.
#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_of_the_simulator_is_answered_from_the_console() {
    let demo = Demo::start();
    with_browser(DESK, async |citizen| {
        open(citizen, &demo.address).await;
        find(citizen, "select.office").await.select_by_value("sorong").await.unwrap();
        type_into(citizen, 1, "#petugas").await;
        until(citizen, "document.querySelector('.bubble.office')?.innerText.includes('kami teruskan')").await;
        type_into(citizen, 1, "Boleh diwakilkan ibu saya?").await;
        with_browser(OFFICE, async |officer| {
            sign_in(officer, &demo, "petugas.sorong").await;
            officer.goto(&format!("{}/console/sorong/conversations?show=unanswered", demo.address)).await.unwrap();
            until(officer, "document.querySelector('#list').innerText.includes('diwakilkan')").await;
            click(officer, "#list tr[id] a").await;
            fill(officer, "#text", "Boleh, dengan surat kuasa.").await;
            click(officer, "#answer button").await;
            until(citizen, "[...document.querySelectorAll('.bubble.office')].at(-1).innerText.includes('surat kuasa')")
                .await;
            keep_picture(citizen, "talk-citizen").await;
            type_into(citizen, 1, "Terima kasih banyak!").await;
            until(officer, &format!("{LOG}.includes('Terima kasih banyak') && {LOG}.includes('dibaca')")).await;
            keep_picture(officer, "talk-officer").await;
            click(officer, ".acts form:last-child button").await;
            until(
                citizen,
                "[...document.querySelectorAll('.bubble.office')].at(-1).innerText.includes('sudah ditutup')",
            )
            .await;
        })
        .await;
    })
    .await;
}
