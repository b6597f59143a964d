//! The day's pages: who sees how much of whom, what is written down, what a page costs.

use std::time::{Duration, Instant};

use antrean::domain::person::Nama;
use antrean::domain::staff::Role;
use reqwest::{Response, StatusCode};

use crate::front_desk::{TO_TUESDAY, book, by, code_of, front, open};
use crate::support::browser::desk_stage::DeskStage;
use crate::support::desk_fixture::{DeskFixture, tuesday};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{form, name, number};
use crate::support::server_process::client;

/// People of the day that a page is measured with.
const PEOPLE: usize = 400;
/// Largest page of such a day, in bytes.
const PAGE_BYTES_MAX: usize = 100_000;
/// Longest time of the server for such a page, where the program is optimised.
const PAGE_TIME_MAX: Duration = Duration::from_millis(5);

async fn get(stage: &DeskStage, token: &str, path: &str, etag: Option<&str>) -> Response {
    let mut request =
        client().get(format!("{}/console/{path}", stage.address)).header("cookie", format!("antrean-session={token}"));
    if let Some(etag) = etag {
        request = request.header("if-none-match", etag);
    }
    request.send().await.unwrap()
}

pub(super) async fn page(stage: &DeskStage, token: &str, path: &str) -> String {
    let answer = get(stage, token, path, None).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.text().await.unwrap()
}

async fn find(stage: &DeskStage, token: &str, what: &str) -> (StatusCode, String) {
    let request = client()
        .post(format!("{}/console/bogor/find", stage.address))
        .header("cookie", format!("antrean-session={token}"))
        .header("origin", &stage.address)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("what={}", what.replace(' ', "+")));
    let answer = request.send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

/// A JPEG with a comment that no page may pass on.
fn photo() -> Vec<u8> {
    let mut jpeg = Vec::new();
    let picture = image::RgbImage::from_pixel(640, 400, image::Rgb([90, 120, 200]));
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg).encode_image(&picture).unwrap();
    let comment = b"RAHASIA-6.6S";
    let length = u16::try_from(2 + comment.len()).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xFF\xFE", &length, comment, &jpeg[2..]].concat()
}

/// Gives a booking a photo that was fetched.
pub(crate) async fn with_photo(stage: &DeskStage, code: &str) {
    let kept = stage.photos.keep(77, &photo()).unwrap();
    let (file, key) = (kept.file, kept.key);
    let mut tables = stage.fixture.tables().await;
    tables
        .run(&format!(
            "insert into media (id, office, channel, contact, attachment, state, attempts, due_us, file, created_us, key_id) \
             values (77, 'bogor', 'wa/1001', '62', '{{}}', 'fetched', 0, 0, '{file}', 0, '{key}'); \
             update booking set photo = 77 where code = '{code}'"
        ))
        .await;
}

// Negative control: without `is_locked` the page offers a photo that does not appear.
async fn a_photo_whose_key_is_missing_is_said_to_be_and_the_page_shows_the_rest(engine: Engine) {
    let (stage, codes) = opened(engine).await;
    let rina = stage.enrol("rina", Role::Officer).await;
    with_photo(&stage, &codes[0]).await;
    stage.fixture.tables().await.run("update media set key_id = '0011223344556677'").await;
    let shown = page(&stage, &rina, &format!("bogor/booking/{}", codes[0])).await;
    assert!(shown.contains("kuncinya tidak ada di server") && shown.contains("antrean media status"), "{shown}");
    assert!(!shown.contains("/photo\""), "{shown}");
}

pub(super) async fn opened(engine: Engine) -> (DeskStage, Vec<String>) {
    let stage = DeskStage::of(open(engine, true).await).await;
    let fixture = &stage.fixture;
    let mut codes = vec![book(fixture, 1).await, book(fixture, 2).await];
    let lines: Vec<String> = (0..2).map(|place| form(&name(100 + place), tuesday())).collect();
    fixture.ask(4, "wamid.family", &lines.join("\n")).await;
    codes.push(code_of(fixture, 4).await);
    fixture.pass(TO_TUESDAY - 20);
    front(fixture, "siti").arrive(by(&codes[1]), antrean::front_desk::Press::default()).await.unwrap().unwrap();
    let walk_in = Some(Nama::read("Wahyu Hidayat").unwrap());
    front(fixture, "siti").walk_in(walk_in, None, antrean::front_desk::Press::default()).await.unwrap().unwrap();
    (stage, codes)
}

// Negative control: with `Sight::Whole` for `Level::Masked`, the auditor's pages have the names.
async fn an_officer_sees_the_day_and_an_auditor_nobody_in_it(engine: Engine) {
    let (stage, codes) = opened(engine).await;
    let (rina, tuti) = (stage.enrol("rina", Role::Officer).await, stage.enrol("tuti", Role::Auditor).await);
    let own = page(&stage, &rina, "bogor/today").await;
    let upper = |n: usize| name(n).to_uppercase();
    for text in
        [&upper(1), &upper(2), &upper(100), &upper(101), "Wahyu Hidayat", "08-001", "08-002", "W-001", "Menunggu"]
    {
        assert!(own.to_uppercase().contains(&text.to_uppercase()), "{text} in {own}");
    }
    let booking = page(&stage, &rina, &format!("bogor/booking/{}", codes[1])).await;
    for text in [upper(2).as_str(), "25 JANUARI", "DATANG (SITI)", "KODE ANTREAN", "08-002"] {
        assert!(booking.to_uppercase().contains(text), "{text} in {booking}");
    }
    for (path, shown) in [
        ("bogor/today".to_owned(), "08-001"),
        ("bogor/today/list".to_owned(), "08-001"),
        (format!("bogor/booking/{}", codes[1]), "disamarkan"),
        (format!("bogor/booking/{}", codes[2]), "disamarkan"),
    ] {
        let masked = page(&stage, &tuti, &path).await;
        assert!(masked.contains(shown), "{shown} on {path}: {masked}");
        for secret in
            [&upper(1), &upper(2), &upper(100), &upper(101), "WAHYU", "25 JANUARI", "1987", number(2).as_str()]
        {
            assert!(!masked.to_uppercase().contains(secret), "{secret} on {path}: {masked}");
        }
    }
    let (status, found) = find(&stage, &tuti, &name(2)).await;
    assert!(
        status == StatusCode::OK
            && found.contains(&codes[1])
            && !found.to_uppercase().contains(&format!(">{}<", upper(2)))
    );
    for foreign in ["batam/today", "batam/today/list", "batam/find", "batam/booking/LMGFD5AQ"] {
        assert_eq!(get(&stage, &rina, foreign, None).await.status(), StatusCode::NOT_FOUND, "{foreign}");
    }
}

// Negative control: with `FIND_SIGNS_MIN` 1, two letters give a list.
async fn somebody_is_found_by_three_signs_and_never_a_list_of_all(engine: Engine) {
    let (stage, codes) = opened(engine).await;
    let rina = stage.enrol("rina", Role::Officer).await;
    let number = number(1);
    let last = &number[number.len() - 4..];
    let spaced = format!("{}-{}", &codes[0][..4], &codes[0][4..]);
    for what in [codes[0].as_str(), spaced.as_str(), &name(1), "08-001", last] {
        let (status, found) = find(&stage, &rina, what).await;
        assert!(status == StatusCode::OK && found.contains(&format!("/booking/{}", codes[0])), "{what}: {found}");
    }
    for short in ["", "a", "ab", "12"] {
        let (status, found) = find(&stage, &rina, short).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && !found.contains("/booking/"), "{short}: {found}");
    }
    let (status, none) = find(&stage, &rina, "Zzzyx").await;
    assert!(status == StatusCode::OK && none.contains("Tidak ada yang cocok"), "{none}");
}

// Negative controls: without `record` in `photo` its act is missing; with the file sent as it came, its comment arrives; without
// `PHOTO_DAYS` it is there three days later, too.
async fn a_photo_is_shown_around_its_day_encoded_anew_and_every_look_is_written_down(engine: Engine) {
    let (stage, codes) = opened(engine).await;
    let (rina, tuti) = (stage.enrol("rina", Role::Officer).await, stage.enrol("tuti", Role::Auditor).await);
    with_photo(&stage, &codes[0]).await;
    let path = format!("bogor/booking/{}/photo", codes[0]);
    let shown = page(&stage, &rina, &format!("bogor/booking/{}", codes[0])).await;
    assert!(shown.contains(&format!("/console/{path}")) && !shown.contains("77.photo"), "{shown}");
    let sent = get(&stage, &rina, &path, None).await;
    assert_eq!((sent.status(), sent.headers()["content-type"].to_str().unwrap()), (StatusCode::OK, "image/jpeg"));
    assert_eq!(sent.headers()["cache-control"], "no-store");
    assert!(sent.headers()["content-security-policy"].to_str().unwrap().contains("sandbox"));
    let bytes = sent.bytes().await.unwrap();
    assert!(bytes.starts_with(b"\xFF\xD8") && !bytes.windows(7).any(|part| part == b"RAHASIA"));
    assert_eq!(get(&stage, &tuti, &path, None).await.status(), StatusCode::NOT_FOUND);
    let other = format!("bogor/booking/{}/photo", codes[1]);
    assert_eq!(get(&stage, &rina, &other, None).await.status(), StatusCode::NOT_FOUND, "there is none");
    stage.fixture.pass(3 * 24 * 60);
    assert_eq!(get(&stage, &rina, &path, None).await.status(), StatusCode::NOT_FOUND);
    let late = page(&stage, &rina, &format!("bogor/booking/{}", codes[0])).await;
    assert!(late.contains("sehari sesudah") && !late.contains(&path), "{late}");
    let mut tables = stage.fixture.tables().await;
    let acts = tables
        .texts("select login || ' ' || act || ' ' || office from audit where login in ('rina', 'tuti') order by id")
        .await;
    let wanted = [
        "rina sign_in ",
        "tuti sign_in ",
        "rina view_booking bogor",
        "rina view_photo bogor",
        "rina view_booking bogor",
    ];
    assert_eq!(acts, wanted);
    for change in ["delete from audit", "update audit set login = 'x'"] {
        assert!(tables.refuses(change).await, "{change}");
    }
}

// Negative controls: without `record_list` in `OfficeView::day`, or in `Opened::record_view`, names are shown where the trail cannot be
// written; without `record` in `OfficeView::booking` its row is missing; with `is_recent` always false every list is a row.
async fn every_look_at_people_is_recorded_first(engine: Engine) {
    let (stage, codes) = opened(engine).await;
    let rina = stage.enrol("rina", Role::Officer).await;
    let agus = stage.enrol("agus", Role::Officer).await;
    let booking = format!("bogor/booking/{}", codes[0]);
    let looks =
        ["bogor/today", "bogor/today/list", "bogor/counter", "bogor/counter/lists", "bogor/check-in", "bogor/today"];
    for path in looks.iter().chain(&["bogor/paper", "bogor/paper/enter", booking.as_str()]) {
        page(&stage, &rina, path).await;
    }
    find(&stage, &rina, &name(1)).await;
    let mut tables = stage.fixture.tables().await;
    let id = tables.texts(&format!("select cast(id as text) from booking where code = '{}'", codes[0])).await.remove(0);
    let acts = "select act || ' ' || kind || case when kind = 'booking' then subject else '' end || ' ' || scope from audit \
                where login = 'rina' order by id";
    let day = format!("days {0}..{0}", tuesday());
    let wanted = [
        "sign_in  ".to_owned(),
        format!("view_list  {day}"),
        format!("view_paper  {day}"),
        format!("view_paper  {day}"),
        format!("view_booking booking{id} "),
        format!("find  bookings {id}"),
    ];
    assert_eq!(tables.texts(acts).await, wanted);
    // Nobody sees what cannot be recorded.
    tables.run("delete from audit_head").await;
    for path in ["bogor/today", "bogor/counter", "bogor/check-in", "bogor/paper", booking.as_str()] {
        let answer = get(&stage, &agus, path, None).await;
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_server_error() && !text.contains(&name(1)), "{path}: {status} {text}");
    }
}

// Negative control: with `|safe` behind the text of a line, the first one is found.
async fn what_citizens_wrote_is_text_on_every_page(engine: Engine) {
    let (stage, codes) = opened(engine).await;
    let rina = stage.enrol("rina", Role::Officer).await;
    let hostile = [
        "<img src=x onerror=alert(1)>",
        "</p><script>alert(1)</script>",
        "{{ 7*7 }} \u{202e}",
        "\" autofocus onfocus=\"x",
    ];
    for (n, text) in hostile.iter().enumerate() {
        stage.fixture.ask(1, &format!("wamid.hostile{n}"), text).await;
    }
    let shown = page(&stage, &rina, &format!("bogor/booking/{}", codes[0])).await;
    assert!(shown.contains("onerror") && shown.contains("7*7"), "it is shown: {shown}");
    assert!(
        !shown.contains("<img src=x") && !shown.contains("<script>alert") && !shown.contains("\" autofocus"),
        "{shown}"
    );
    let (_, found) = find(&stage, &rina, hostile[0]).await;
    assert!(!found.contains("<img src=x"), "{found}");
}

// Negative controls: with the versions left out of `etag` the third answer is 304; with `resume` in `Watching` the session counts as
// used.
async fn a_list_that_has_not_changed_is_not_sent_and_asking_for_it_is_no_use_of_a_session(engine: Engine) {
    let (stage, codes) = opened(engine).await;
    let rina = stage.enrol("rina", Role::Officer).await;
    let first = get(&stage, &rina, "bogor/today/list", None).await;
    let etag = first.headers()["etag"].to_str().unwrap().to_owned();
    let again = get(&stage, &rina, "bogor/today/list", Some(&etag)).await;
    assert_eq!(
        (again.status(), again.headers()["antrean-time"].to_str().unwrap()),
        (StatusCode::NOT_MODIFIED, "07.40")
    );
    let desk = front(&stage.fixture, "siti");
    desk.arrive(by(&codes[0]), antrean::front_desk::Press::default()).await.unwrap().unwrap();
    let changed = get(&stage, &rina, "bogor/today/list", Some(&etag)).await;
    assert_eq!(changed.status(), StatusCode::OK);
    let mut tables = stage.fixture.tables().await;
    tables.run("update staff_session set seen_us = seen_us - 600000000").await;
    let seen = tables.count("select max(seen_us) from staff_session").await;
    get(&stage, &rina, "bogor/today/list", None).await;
    assert_eq!(tables.count("select max(seen_us) from staff_session").await, seen);
    page(&stage, &rina, "bogor/today").await;
    assert!(tables.count("select max(seen_us) from staff_session").await > seen);
    tables.run("update staff_session set seen_us = seen_us - 3600000000").await;
    assert_eq!(get(&stage, &rina, "bogor/today/list", None).await.status(), StatusCode::UNAUTHORIZED);
}

on_both_engines!(
    an_officer_sees_the_day_and_an_auditor_nobody_in_it,
    every_look_at_people_is_recorded_first,
    somebody_is_found_by_three_signs_and_never_a_list_of_all,
    a_photo_is_shown_around_its_day_encoded_anew_and_every_look_is_written_down,
    a_photo_whose_key_is_missing_is_said_to_be_and_the_page_shows_the_rest,
    what_citizens_wrote_is_text_on_every_page,
    a_list_that_has_not_changed_is_not_sent_and_asking_for_it_is_no_use_of_a_session,
);

/// Prints how long the list of a full day takes: `cargo test --release --test it console::today::a_full_day -- --nocapture`. What is
/// not optimised is not judged by its time.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_day_is_a_small_page_and_takes_a_few_milliseconds() {
    let fixture = DeskFixture::of_bogor(Engine::Sqlite, |bogor| {
        bogor.seats_per_hour = 100;
        bogor.policy.approval = antrean::domain::office::Approval::None;
    })
    .await;
    for n in 1..=PEOPLE {
        fixture.desk.serve(vec![fixture.form(n)]).await.unwrap();
    }
    fixture.pass(TO_TUESDAY);
    let booked = fixture.tables().await.many("select count(*) from booking where state = 'booked'").await;
    assert_eq!(booked, PEOPLE);
    let stage = DeskStage::of(fixture).await;
    let rina = stage.enrol("rina", Role::Officer).await;
    let mut times = Vec::new();
    let mut bytes = 0;
    for _ in 0..40 {
        let began = Instant::now();
        bytes = page(&stage, &rina, "bogor/today").await.len();
        times.push(began.elapsed());
    }
    times.sort();
    let median = times[times.len() / 2];
    println!("{PEOPLE} people: {bytes} bytes, {median:?} with the way over loopback");
    assert!((20_000..=PAGE_BYTES_MAX).contains(&bytes), "{bytes} bytes");
    assert!(cfg!(debug_assertions) || median <= PAGE_TIME_MAX, "{median:?}");
}
