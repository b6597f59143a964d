//! The format's page: whose draft it is, what is seen of citizens' messages, what hostile files cost.

use std::sync::Arc;
use std::time::{Duration, Instant};

use antrean::domain::staff::Role;
use reqwest::StatusCode;

use super::today::page as get_page;
use crate::support::browser::desk_stage::DeskStage;
use crate::support::desk_fixture::{DeskFixture, tuesday};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{form, name};
use crate::support::server_process::client;

/// Longest answer to any file: an officer waits for it while typing. Not optimised, it is some twenty times what it is else.
const ANSWER_MAX: Duration = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 3 });

const FILE: &str = "id = \"nama-lahir-kedatangan\"\npattern = \"#Nama#TglLahir#TglKedatangan\"\n";

pub(super) async fn post(stage: &DeskStage, token: &str, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    let request = client()
        .post(format!("{}/console/bogor/{path}", stage.address))
        .header("cookie", format!("antrean-session={token}"))
        .header("origin", &stage.address)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.finish());
    let answer = request.send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

async fn seen(stage: &DeskStage, token: &str, path: &str, fields: &[(&str, &str)]) -> String {
    let (status, text) = post(stage, token, path, fields).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    text
}

// Negative control: without `drop_format_draft` in `keep_format_draft` the file in force stays a draft.
async fn everybody_has_a_draft_of_their_own_until_it_is_thrown_away(engine: Engine) {
    let stage = DeskStage::of(DeskFixture::open(engine).await).await;
    let (agus, wati) = (stage.enrol("agus", Role::Supervisor).await, stage.enrol("wati", Role::Administrator).await);
    let in_force = get_page(&stage, &agus, "bogor/format").await;
    assert!(in_force.contains("#Nama#TglLahir#TglKedatangan") && in_force.contains("Ini format yang sedang dipakai"));
    let typed =
        [("line", "#Nama#TglLahir#TglKedatangan#Email"), ("line_was", "#Nama#TglLahir#TglKedatangan"), ("file", FILE)];
    let looked = seen(&stage, &agus, "format/look", &typed).await;
    assert!(looked.contains("alamat email") && looked.contains("data-file="), "{looked}");
    let again = get_page(&stage, &agus, "bogor/format").await;
    assert!(
        again.contains("Ini draf Anda") && again.contains("value=\"#Nama#TglLahir#TglKedatangan#Email\""),
        "{again}"
    );
    assert!(get_page(&stage, &wati, "bogor/format").await.contains("Ini format yang sedang dipakai"));
    // A rule, a question of the office's own and a sentence change the same draft.
    let mut file = FILE.to_string();
    for fields in [
        &[("do", "rules"), ("rule:TglLahir", "1"), ("rule:TglLahir:age_min", "17")][..],
        &[("do", "question"), ("question", "Pekerjaan")],
        &[
            ("do", "sentence"),
            ("about", "TglLahir:too-young"),
            ("sentence_id", "Belum 17 tahun."),
            ("sentence_en", "Not yet 17."),
        ],
    ] {
        let sent = [fields, &[("file", file.as_str())]].concat();
        let page = seen(&stage, &wati, "format", &sent).await;
        let kept =
            stage.fixture.tables().await.texts("select text from format_draft order by kept_us desc limit 1").await;
        file.clone_from(&kept[0]);
        assert!(page.contains("Ini draf Anda"), "{page}");
    }
    for part in ["age_min = 17", "[fields.Pekerjaan]", "too-young = \"Belum 17 tahun.\"", "Not yet 17."] {
        assert!(file.contains(part), "{part} in {file}");
    }
    let sound = file.replace("#TglKedatangan", "#TglKedatangan#Pekerjaan");
    let page =
        seen(&stage, &wati, "format", &[("do", "show"), ("about", "TglLahir:too-young"), ("file", &sound)]).await;
    assert!(page.contains("Belum 17 tahun.") && page.contains("Tidak ada kesalahan"), "{page}");
    let thrown = post(&stage, &wati, "format", &[("do", "discard"), ("file", &sound)]).await;
    assert_eq!(thrown.0, StatusCode::OK, "the page that it leads to");
    assert_eq!(stage.fixture.tables().await.count("select count(*) from format_draft").await, 1);
    let text =
        antrean::grammar::Format::shipped().into_iter().find(|of| of.id().as_str() == "nama-lahir-kedatangan").unwrap();
    seen(&stage, &agus, "format", &[("do", "look"), ("file", &text.text().replace('\n', "\r\n"))]).await;
    assert_eq!(stage.fixture.tables().await.count("select count(*) from format_draft").await, 0);
}

// Negative control: with `masked` hiding letters only, birth dates are on the page.
async fn messages_of_citizens_are_masked_and_looks_at_them_are_written_down(engine: Engine) {
    let stage = DeskStage::of(DeskFixture::open(engine).await).await;
    for (n, text) in
        ["#Ratnasari Dewi#25011987#04082026", "#Ratnasari Dewi#31061987#04082026", "halo"].iter().enumerate()
    {
        stage.fixture.ask(n + 1, &format!("wamid.past{n}"), text).await;
    }
    let (agus, hadi, tuti) = (
        stage.enrol("agus", Role::Supervisor).await,
        stage.enrol("hadi", Role::Administrator).await,
        stage.enrol("tuti", Role::Auditor).await,
    );
    let draft = FILE.replace("#TglKedatangan", "#TglKedatangan#Email");
    let past = [("file", draft.as_str()), ("past", "1")];
    for path in ["format/look", "format", "format/look"] {
        let page = seen(&stage, &agus, path, &past).await;
        assert!(page.contains("3 pesan") && page.contains("#xxxxxxxxx xxxx#"), "{page}");
        assert!(!page.contains("Ratnasari") && !page.contains("31061987#04082026"), "{page}");
    }
    let revealed = seen(&stage, &agus, "format", &[("file", draft.as_str()), ("do", "reveal")]).await;
    assert!(revealed.contains("Ratnasari Dewi") && revealed.contains("ini dicatat atas nama Anda"), "{revealed}");
    let none = seen(&stage, &hadi, "format/look", &past).await;
    assert!(!none.contains("Dengan pesan terakhir") && !none.contains("xxxxxxxxx"), "{none}");
    assert_eq!(post(&stage, &tuti, "format/look", &past).await.0, StatusCode::NOT_FOUND);
    assert!(get_page(&stage, &tuti, "bogor/format").await.contains("Anda dapat melihat format ini"));
    let acts = stage
        .fixture
        .tables()
        .await
        .texts("select login || ' ' || office from audit where act = 'rehearse' order by id")
        .await;
    assert_eq!(acts, ["agus bogor", "agus bogor"], "once for the masked looks, once for what was revealed");
}

/// The mark that the page has of the file in force.
async fn mark_on_page(stage: &DeskStage, token: &str) -> String {
    let page = get_page(stage, token, "bogor/format").await;
    page.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

// Negative control: without the look at `seen` the slower officer undoes what the faster one published.
async fn a_published_format_is_in_force_and_touches_no_booking_and_no_open_hold(engine: Engine) {
    let stage = DeskStage::of(DeskFixture::open(engine).await).await;
    let (agus, wati) = (stage.enrol("agus", Role::Supervisor).await, stage.enrol("wati", Role::Administrator).await);
    let fixture = &stage.fixture;
    let held = fixture.ask(1, "wamid.held", "#Budi Hartono#25011987#04082026").await;
    let code = held
        .split(|c: char| !c.is_ascii_digit())
        .find(|run| run.len() == 8 && !held.contains(&format!("Lahir: {run}")))
        .unwrap()
        .to_owned();
    let draft = "id = \"nama-lahir-kedatangan\"\npattern = \"#Nama#TglLahir#TglKedatangan#Email\"\n";
    let seen_mark = mark_on_page(&stage, &agus).await;
    for (file, why, said) in [
        ("id = \"nama-lahir-kedatangan\"\npattern = \"#TglLahir\"\n", "sebab", "belum dapat diterbitkan"),
        (draft, " ", "Tulis mengapa format diubah"),
    ] {
        let sent = [("do", "publish"), ("file", file), ("why", why), ("seen", &seen_mark)];
        let (status, page) = post(&stage, &agus, "format", &sent).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains(said), "{said}: {page}");
    }
    let sent = [("do", "publish"), ("file", draft), ("why", "kini kami minta email"), ("seen", &seen_mark)];
    let (status, page) = post(&stage, &agus, "format", &sent).await;
    // The client follows the page's redirection.
    assert!(status == StatusCode::OK && page.contains("Format baru sudah dipakai"), "{page}");
    let in_force = get_page(&stage, &wati, "bogor/format?done=published").await;
    assert!(
        in_force.contains("value=\"#Nama#TglLahir#TglKedatangan#Email\"")
            && in_force.contains("Format baru sudah dipakai")
    );
    // Whoever is slower is told, and keeps the draft.
    let slower = draft.replace("#Email", "#Telepon");
    let sent = [("do", "publish"), ("file", slower.as_str()), ("why", "kini kami minta telepon"), ("seen", &seen_mark)];
    let (status, page) = post(&stage, &wati, "format", &sent).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("baru saja diubah orang lain"), "{page}");
    assert!(get_page(&stage, &wati, "bogor/format").await.contains("#TglKedatangan#Telepon"));
    // The hold that was open is confirmed as it was; a new form is read by the new line.
    let misread = fixture.ask(2, "wamid.old", "#Siti Aminah#05121990#04082026").await;
    assert!(misread.contains("mail"), "{misread}");
    let whole = fixture.ask(2, "wamid.new", "#Siti Aminah#05121990#04082026#siti@example.id").await;
    assert!(whole.contains("Kode konfirmasi"), "{whole}");
    fixture.ask(1, "wamid.code", &code).await;
    let mut tables = fixture.tables().await;
    let states = tables.texts("select state || ' ' || format from booking order by id").await;
    assert_eq!(states, ["booked nama-lahir-kedatangan", "held nama-lahir-kedatangan"]);
    let acts = tables.texts("select login || ' ' || office from audit where act = 'publish_format'").await;
    assert_eq!(acts, ["agus bogor"]);
}

/// Citizens whose form waits for its code while formats are published, and how many of them.
const UNDER_WAY: usize = 40;

// Negative control: with `read_as_begun` left out of the desk, the corrected forms of those who began before are misread.
async fn conversations_under_way_keep_their_format_while_the_page_publishes_others(engine: Engine) {
    let stage = Arc::new(DeskStage::of(DeskFixture::open(engine).await).await);
    let agus = stage.enrol("agus", Role::Supervisor).await;
    let fixture = &stage.fixture;
    for n in 1..=UNDER_WAY {
        let held = fixture.ask(n, &format!("begin{n}"), &form(&name(n), tuesday())).await;
        assert!(held.contains("Kode konfirmasi"), "{held}");
    }
    fixture.pass(1);
    // Newcomers write by either line while the page publishes one after the other.
    let newcomers = {
        let stage = Arc::clone(&stage);
        tokio::spawn(async move {
            for n in UNDER_WAY + 1..=3 * UNDER_WAY {
                let email = if n % 2 == 0 { "" } else { "#x@example.id" };
                let text = format!("{}{email}", form(&name(n), tuesday()));
                let item = stage.fixture.message(n, &format!("new{n}"), &text);
                while stage.fixture.desk.serve(vec![item.clone()]).await.is_err() {
                    tokio::task::yield_now().await;
                }
            }
        })
    };
    let lines = [
        "#Nama#TglLahir#TglKedatangan#Email",
        "#Nama#TglLahir#TglKedatangan#Telepon",
        "#Nama#TglLahir#Alamat#TglKedatangan",
    ];
    for line in lines {
        let file = format!("id = \"nama-lahir-kedatangan\"\npattern = \"{line}\"\n");
        let seen = mark_on_page(&stage, &agus).await;
        let sent = [("do", "publish"), ("file", file.as_str()), ("why", "poster baru"), ("seen", seen.as_str())];
        let (status, page) = post(&stage, &agus, "format", &sent).await;
        assert!(status == StatusCode::OK && page.contains("Format baru sudah dipakai"), "{page}");
    }
    newcomers.await.unwrap();
    fixture.pass(1);
    // Whoever began before corrects the day by the line they began with; whoever begins now is asked for the address.
    let wednesday = tuesday().succ_opt().unwrap();
    for n in 1..=UNDER_WAY {
        let corrected = fixture.ask(n, &format!("correct{n}"), &form(&name(n), wednesday)).await;
        assert!(corrected.contains("Kode konfirmasi") && corrected.contains("5 Agustus"), "{n}: {corrected}");
    }
    let late = fixture.ask(900, "late", &form(&name(900), tuesday())).await;
    assert!(!late.contains("Kode konfirmasi") && late.contains("Alamat"), "{late}");
    let mut tables = fixture.tables().await;
    assert_eq!(tables.count("select count(*) from set_aside").await, 0);
    assert_eq!(tables.count("select count(*) from audit where act = 'publish_format'").await, 3);
    fixture.assert_balanced().await;
}

async fn no_file_takes_long_and_each_is_told_what_is_wrong_where(engine: Engine) {
    let stage = DeskStage::of(DeskFixture::open(engine).await).await;
    let agus = stage.enrol("agus", Role::Supervisor).await;
    let words = (0..6000).map(|n| format!("\"w{n}\"")).collect::<Vec<_>>().join(", ");
    let id = "id = \"nama-lahir-kedatangan\"\n";
    let optional: String = ["Email", "Telepon", "NIK", "NoKK", "Alamat"].map(|name| format!("#[{name}]")).concat();
    for (what, file, said) in [
        ("pieces", format!("{id}pattern = \"#Nama{}\"\n", "#Alamat".repeat(1000)), "padahal paling banyak 200"),
        ("brackets", format!("{id}pattern = \"{}\"\n", "[#".repeat(90)), "kurung"),
        (
            "services",
            format!("{id}pattern = \"#Nama#Layanan{optional}\"\n[fields.Layanan.choices]\nbaru = [{words}]\n"),
            "lebih dari 120 sebutan",
        ),
        (
            "names",
            format!("{id}pattern = \"#Nama#Kerja\"\n[fields.Kerja]\nkind = \"text\"\nnames = [{words}]\n"),
            "paling banyak 20 nama lain",
        ),
        ("depth", format!("{id}pattern = \"#Nama\"\nx = {}\n", "[".repeat(20_000)), "ini bukan TOML"),
        ("size", format!("{id}pattern = \"#Nama\"\n# {}\n", "a".repeat(70_000)), "lebih besar dari 64 KiB"),
        (
            "examples",
            format!(
                "{id}pattern = \"#Nama\"\n{}",
                "[[reads]]\ntext = \"#Siti#1\"\nsent = 2026-08-03\nfields = { Nama = \"Budi\" }\n".repeat(700)
            ),
            "kesalahan lagi",
        ),
        ("nothing", "\0\0".to_owned(), "belum ada"),
        ("script", format!("{id}pattern = \"#Nama#<script>alert(1)</script>\"\n"), "&#60;script&#62;"),
    ] {
        for path in ["format/look", "format"] {
            let began = Instant::now();
            let page = seen(&stage, &agus, path, &[("file", &file)]).await;
            let took = began.elapsed();
            println!("{what} by {path}: {took:?}");
            assert!(page.contains(said), "{what}: {said} is not in {page}");
            assert!(took <= ANSWER_MAX && !page.contains("<script>alert"), "{what} took {took:?}");
        }
    }
    let form = "x".repeat(600 * 1024);
    assert_eq!(post(&stage, &agus, "format", &[("file", &form)]).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let small = "x".repeat(60 * 1024);
    assert_eq!(post(&stage, "nobody", "format", &[("file", &small)]).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}

on_both_engines!(
    everybody_has_a_draft_of_their_own_until_it_is_thrown_away,
    messages_of_citizens_are_masked_and_looks_at_them_are_written_down,
    a_published_format_is_in_force_and_touches_no_booking_and_no_open_hold,
    conversations_under_way_keep_their_format_while_the_page_publishes_others,
    no_file_takes_long_and_each_is_told_what_is_wrong_where,
);
