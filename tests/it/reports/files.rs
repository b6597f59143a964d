//! The files: opened by another program's reader, never a formula, for whoever asked and for a day, in memory that does not grow.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use antrean::domain::code::BookingCode;
use antrean::domain::person::{Applicant, Nama, TglLahir};
use antrean::domain::staff::Role;
use calamine::{Data, Reader, Xlsx};
use chrono::NaiveDate;
use rand::SeedableRng;
use reqwest::{Response, StatusCode};

use super::two_days;
use crate::support::browser::desk_stage::DeskStage;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{Installation, command, name, until};
use crate::support::server_process::{ServerProcess, client};

/// Bookings of the file whose writing is measured; `ANTREAN_EXPORT_ROWS` says how many else.
const ROWS: usize = 20_000;
/// What ten times as many lines may take more, in kilobytes: pages that the allocator has not given back.
const MORE_KB_MAX: u64 = 24_000;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

async fn get(stage: &DeskStage, token: &str, path: &str) -> Response {
    let request =
        client().get(format!("{}/console/{path}", stage.address)).header("cookie", format!("antrean-session={token}"));
    request.send().await.unwrap()
}

async fn post(stage: &DeskStage, token: &str, path: &str, body: &str) -> Response {
    let request = client()
        .post(format!("{}/console/{path}", stage.address))
        .header("cookie", format!("antrean-session={token}"))
        .header("origin", &stage.address)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.to_owned());
    request.send().await.unwrap()
}

/// Asks for a file, waits until it is there, and takes it.
async fn file(stage: &DeskStage, token: &str, what: &str, format: &str) -> (i64, Vec<u8>) {
    let body = format!("what={what}&format={format}&first=2026-08-01&last=2026-08-31");
    let asked = post(stage, token, "bogor/reports/files", &body).await;
    assert!(asked.status().is_redirection() || asked.status().is_success(), "{}", asked.status());
    let mut tables = stage.fixture.tables().await;
    let id = tables.count("select max(id) from export").await;
    until("the file", async || {
        let ready = tables.count(&format!("select count(*) from export where id = {id} and state = 'done'")).await;
        (ready == 1).then_some(())
    })
    .await;
    let sent = get(stage, token, &format!("bogor/reports/files/{id}")).await;
    assert_eq!(sent.status(), StatusCode::OK);
    let headers = sent.headers();
    assert!(headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"bogor-"));
    assert_eq!(
        (headers["cache-control"].to_str().unwrap(), &headers["x-content-type-options"]),
        ("no-store", &"nosniff".parse().unwrap())
    );
    (id, sent.bytes().await.unwrap().to_vec())
}

fn csv(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).expect("a mark of UTF-8");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn xlsx(bytes: &[u8]) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let sheet = book.sheet_names()[0].clone();
    assert!(book.worksheet_formula(&sheet).unwrap().is_empty(), "no formula");
    book.worksheet_range(&sheet).unwrap().rows().map(<[Data]>::to_vec).collect()
}

fn formula() -> &'static str {
    "=HYPERLINK(\"http://evil.example\")"
}

// Negative controls: with `write_field(text)` for `write_field(harmless(text))` the CSV has the formula; with `write` for
// `write_string` the workbook has one.
async fn files_are_read_by_another_reader_and_have_no_formula(engine: Engine) {
    let (fixture, codes) = two_days(engine).await;
    let stage = DeskStage::of(fixture).await;
    let mut tables = stage.fixture.tables().await;
    let formula = formula();
    tables.run(&format!("update booking set contact = '{formula}' where code = '{}'", codes[0])).await;
    let agus = stage.enrol("agus", Role::Supervisor).await;
    let code = BookingCode::read(&codes[0]).unwrap().to_string();
    let (id, bytes) = file(&stage, &agus, "bookings", "csv").await;
    let lines = csv(&bytes);
    let column = |title: &str| lines[0].iter().position(|heading| heading == title).unwrap();
    assert_eq!(lines.len(), 4, "{lines:?}");
    let first = lines.iter().find(|line| line[column("code")] == code).unwrap();
    assert_eq!(first[column("date")], "2026-08-04");
    assert_eq!(first[column("contact")], format!("'{formula}"));
    assert!(first[column("name")].to_lowercase().contains(&name(1).to_lowercase()), "{first:?}");
    assert!(!lines[0].iter().any(|heading| heading.contains("nik") || heading.contains("photo")));
    let (_, bytes) = file(&stage, &agus, "bookings", "xlsx").await;
    let rows = xlsx(&bytes);
    assert_eq!(rows.len(), 4);
    let first = rows.iter().find(|row| row[column("code")] == Data::String(code.clone())).unwrap();
    assert_eq!(first[column("contact")], Data::String(formula.to_owned()));
    assert_eq!(first[column("persons")], Data::Float(1.0));
    assert!(
        matches!(&first[column("date")], Data::DateTime(date) if date.as_f64().to_string() == "46238"),
        "{first:?}"
    );
    let (_, bytes) = file(&stage, &agus, "visits", "csv").await;
    let visits = csv(&bytes);
    let state = visits[0].iter().position(|heading| heading == "state").unwrap();
    assert_eq!((visits.len(), visits[1][state].as_str()), (2, "done"));
    super::count(&stage.fixture).await;
    let (_, bytes) = file(&stage, &agus, "messages", "xlsx").await;
    let rows = xlsx(&bytes);
    let refused = rows.iter().find(|row| row[3] == Data::String("refused: closed that weekday".to_owned())).unwrap();
    assert_eq!((&refused[1], &refused[4]), (&Data::Float(9.0), &Data::Float(1.0)));
    // On the disk nobody else reads it, by a name that nobody guesses.
    let folder = stage.media.path().join("exports");
    let names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap()).collect();
    assert_eq!(names.len(), 4, "no part of a workbook is left");
    for entry in &names {
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(entry.file_name().to_str().unwrap().len() > 36, "{entry:?}");
    }
    assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    // Whoever else may take files sees none of these.
    let dewi = stage.enrol("dewi", Role::Supervisor).await;
    let path = format!("bogor/reports/files/{id}");
    assert_eq!(get(&stage, &dewi, &path).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(post(&stage, &dewi, &format!("{path}/remove"), "").await.status(), StatusCode::NOT_FOUND);
    // Removed, by its owner.
    post(&stage, &agus, &format!("{path}/remove"), "").await;
    assert_eq!(get(&stage, &agus, &path).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 3);
}

// Negative controls: without `is_confirmed` the first is taken; with `sees_people` true for all, the administrator has the names.
async fn a_file_needs_a_fresh_code_and_has_names_only_for_whoever_sees_them(engine: Engine) {
    let (fixture, _) = two_days(engine).await;
    let stage = DeskStage::of(fixture).await;
    let mut tables = stage.fixture.tables().await;
    let body = "what=bookings&format=csv&first=2026-08-01&last=2026-08-31";
    let agus = stage.enrol("agus", Role::Supervisor).await;
    tables.run("update staff_session set confirmed_us = confirmed_us - 600000000").await;
    let refused = post(&stage, &agus, "bogor/reports/files", body).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().await.unwrap().contains("Konfirmasi dulu"));
    for role in [Role::Officer, Role::Auditor] {
        let token = stage.enrol(role.name(), role).await;
        let page = get(&stage, &token, "bogor/reports").await.text().await.unwrap();
        assert!(page.contains("Laporan") && !page.contains("/reports/files"), "{page}");
        assert_eq!(post(&stage, &token, "bogor/reports/files", body).await.status(), StatusCode::NOT_FOUND);
    }
    assert_eq!(tables.count("select count(*) from export").await, 0);
    let hadi = stage.enrol("hadi", Role::Administrator).await;
    let (_, bytes) = file(&stage, &hadi, "bookings", "csv").await;
    let lines = csv(&bytes);
    assert_eq!((lines.len(), lines[0].len()), (4, 11));
    let text = String::from_utf8(bytes).unwrap().to_lowercase();
    assert!(!text.contains(&name(1).to_lowercase()) && !text.contains("6281"), "{text}");
    for wrong in [
        "",
        "what=all&format=csv&first=2026-08-01&last=2026-08-02",
        "what=visits&format=csv&first=2026-08-02&last=2026-08-01",
    ] {
        let answer = post(&stage, &hadi, "bogor/reports/files", wrong).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    // Five at a time.
    for _ in 0..4 {
        file(&stage, &hadi, "messages", "csv").await;
    }
    let many = post(&stage, &hadi, "bogor/reports/files", body).await;
    assert!(many.text().await.unwrap().contains("lima berkas"));
}

// Negative control: without `exports_over` the file is there for ever.
async fn a_file_is_removed_when_its_time_is_over_and_one_that_nobody_finishes_counts_as_failed(engine: Engine) {
    let (fixture, _) = two_days(engine).await;
    let stage = DeskStage::of(fixture).await;
    let agus = stage.enrol("agus", Role::Supervisor).await;
    let (id, _) = file(&stage, &agus, "messages", "csv").await;
    let (lost, _) = file(&stage, &agus, "messages", "csv").await;
    let folder = stage.media.path().join("exports");
    let tidy = async || {
        let clock = std::sync::Arc::new(antrean::clock::SystemClock);
        antrean::export::Exports::new(stage.fixture.storage.clone(), folder.clone(), clock).tidy().await.unwrap();
    };
    tidy().await;
    let mut tables = stage.fixture.tables().await;
    assert_eq!(tables.count("select count(*) from export where state = 'done'").await, 2, "not before its time");
    let day = 24 * 3_600 * 1_000_000_i64;
    tables.run(&format!("update export set until_us = until_us - {day} where id = {id}")).await;
    tables.run(&format!("update export set state = 'running', seen_us = seen_us - 600000000 where id = {lost}")).await;
    assert_eq!(
        get(&stage, &agus, &format!("bogor/reports/files/{id}")).await.status(),
        StatusCode::NOT_FOUND,
        "at once"
    );
    tidy().await;
    assert_eq!(tables.texts("select state from export order by id").await, ["removed", "failed"]);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    let page = get(&stage, &agus, "bogor/reports").await.text().await.unwrap();
    assert!(page.contains("Gagal. Buat lagi."), "{page}");
}

// Negative control: without `has_picture`, or with a box left out, what is looked for is not there.
async fn the_list_of_a_day_is_a_pdf_with_everything_that_the_page_has(engine: Engine) {
    let (fixture, codes) = two_days(engine).await;
    let stage = DeskStage::of(fixture).await;
    let rina = stage.enrol("rina", Role::Officer).await;
    let sent = get(&stage, &rina, "bogor/paper/pdf?date=2026-08-04").await;
    assert_eq!((sent.status(), sent.headers()["content-type"].to_str().unwrap()), (StatusCode::OK, "application/pdf"));
    let bytes = sent.bytes().await.unwrap();
    if let Ok(folder) = std::env::var("ANTREAN_SCREENSHOTS") {
        std::fs::write(Path::new(&folder).join("day-list.pdf"), &bytes).unwrap();
    }
    let document = lopdf::Document::load_mem(&bytes).unwrap();
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    let text = document.extract_text(&pages).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    let page = get(&stage, &rina, "bogor/paper?date=2026-08-04").await.text().await.unwrap();
    for part in
        ["08-001", "08-002", "08-003", "08-004", "Hadir", "Selesai", "Tanpa pendaftaran", "Selasa, 4 Agustus 2026"]
    {
        assert!(text.contains(part) && page.contains(part), "{part} in {text}");
    }
    let code = antrean::domain::code::BookingCode::read(&codes[0]).unwrap().to_string();
    assert!(text.contains(&code), "{code} in {text}");
    assert!(text.to_lowercase().contains(&name(1).to_lowercase()), "{text}");
    // Subsets of the two fonts, and no other.
    let embeds = |of: &lopdf::Dictionary| of.has(b"FontFile2") || of.has(b"FontFile3");
    let fonts = document.objects.values().filter(|object| object.as_dict().is_ok_and(embeds));
    assert_eq!(fonts.count(), 2);
}

on_both_engines!(
    files_are_read_by_another_reader_and_have_no_formula,
    a_file_needs_a_fresh_code_and_has_names_only_for_whoever_sees_them,
    a_file_is_removed_when_its_time_is_over_and_one_that_nobody_finishes_counts_as_failed,
    the_list_of_a_day_is_a_pdf_with_everything_that_the_page_has,
);

/// The largest memory of a command while it runs, in kilobytes, as far as looking at it often tells.
fn measured(installation: &Installation, args: &[&str]) -> u64 {
    let mut child = command(installation.folder.path()).args(args).stdout(Stdio::piped()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut largest = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        let kilobytes = line.trim().trim_end_matches(" kB").parse().unwrap_or(0);
        largest = largest.max(kilobytes);
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    assert!(child.wait().unwrap().success(), "{args:?}");
    largest
}

/// Bookings of Bogor over a hundred days.
async fn many(installation: &Installation, rows: usize) {
    let mut tables = installation.tables().await;
    let mut who = Applicant::named(Nama::read("Budi Santoso").unwrap());
    who.tgl_lahir = Some(TglLahir::judge(day(1987, 1, 25), day(2026, 1, 1)).unwrap());
    let who = serde_json::to_string(&who).unwrap();
    let mut rng = rand::rngs::StdRng::seed_from_u64(7);
    let codes: BTreeSet<String> =
        (0..rows + rows / 100 + 10).map(|_| BookingCode::draw(&mut rng).as_str().to_owned()).collect();
    let codes: Vec<String> = codes.into_iter().take(rows).collect();
    assert_eq!(codes.len(), rows);
    for (chunk, codes) in codes.chunks(500).enumerate() {
        let row = |(at, code): (usize, &String)| {
            let n = chunk * 500 + at;
            let date = day(2026, 1, 1) + chrono::Days::new(u64::try_from(n % 100).unwrap());
            let id = 900_000_000 + n;
            format!(
                "({id}, 'bogor', 1, 'bogor', 'wa/1001', '62812{n}', '{who}', '{date}', {}, '[1]', 'booked', '{code}', 0, \
                 1780000000000000)",
                8 + n % 6
            )
        };
        let rows: Vec<String> = codes.iter().enumerate().map(row).collect();
        tables
            .run(&format!(
                "insert into booking (id, office, office_version, format, channel, contact, applicant, date, hour, seats, \
                 state, code, tries, created_us) values {}",
                rows.join(", ")
            ))
            .await;
    }
}

// Negative control: with all days read before the first is written, the larger file takes several times as much.
#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_takes_no_more_memory_than_a_small_one() {
    let rows = std::env::var("ANTREAN_EXPORT_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(ROWS);
    let installation = Installation::new_on(Engine::Sqlite, "http://127.0.0.1:9").await;
    // It puts the offices in force.
    tokio::task::block_in_place(|| ServerProcess::start(&installation)).terminate();
    many(&installation, rows).await;
    let peak = |format: &str, until: &str| {
        let to = installation.path(&format!("{format}-{until}.out"));
        let args = [
            "export",
            "bookings",
            "--office",
            "bogor",
            "--format",
            format,
            "--from",
            "2026-01-01",
            "--until",
            until,
            "--to",
        ];
        let args: Vec<&str> = args.into_iter().chain([to.to_str().unwrap()]).collect();
        let began = std::time::Instant::now();
        let peak = measured(&installation, &args);
        println!("{rows} bookings, until {until}, {format}: {peak} kB, {:?}", began.elapsed());
        (peak, to)
    };
    for format in ["csv", "xlsx"] {
        let (small, _) = peak(format, "2026-01-10");
        let (large, file) = peak(format, "2026-04-10");
        assert!(large < small + MORE_KB_MAX, "{format}: {small} kB for a tenth, {large} kB for all");
        let bytes = std::fs::read(file).unwrap();
        let lines = if format == "csv" { csv(&bytes).len() } else { xlsx(&bytes).len() };
        assert_eq!(lines, rows + 1, "{format}");
    }
}
