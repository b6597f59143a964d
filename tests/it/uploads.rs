//! The upload page: a link works once, for half an hour, whatever is sent to it; what comes by it is a photo like one from the chat.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use antrean::caretaker::Caretaker;
use antrean::desk::RepliesMax;
use antrean::domain::office::{Approval, FormatId, Office, OfficeId};
use antrean::domain::turn_link::TurnLinks;
use antrean::gateway::Gateways;
use antrean::metrics::Metrics;
use antrean::photos::Photos;
use antrean::roster::Roster;
use antrean::uploads::Uploads;
use antrean::web::{AppState, Limits, Timeouts, display, router, serve};
use chrono::TimeDelta;
use image::codecs::jpeg::JpegEncoder;
use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::support::desk_fixture::DeskFixture;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{Installation, Ran, command, name, number};
use crate::support::server_process::still_client;

/// The page, served beside a desk whose office has photos sent by it.
pub struct Site {
    pub fixture: DeskFixture,
    pub address: String,
    home: TempDir,
    photos: Photos,
    client: reqwest::Client,
    _running: DropGuard,
}

impl Site {
    pub async fn open(engine: Engine) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let mut roster = Roster::shipped().unwrap();
        let (id, format) = (OfficeId::read("bogor").unwrap(), FormatId::read("batam-foto").unwrap());
        let mut bogor = Office::clone(&roster.offices[&id]);
        bogor.formats = vec![format.clone()];
        bogor.policy.approval = Approval::None;
        roster.offices.insert(id, Arc::new(bogor));
        let by_page = Arc::new(roster.formats[&format].with_photo_by_page());
        roster.formats.insert(format, by_page);
        let links = TurnLinks::new(&address, &[7; 32]);
        let fixture = DeskFixture::linked(engine, roster, RepliesMax::default(), Some(links)).await;
        let home = tempfile::tempdir().unwrap();
        let photos = Photos::within(home.path());
        let closing = CancellationToken::new();
        let metrics = Arc::new(Metrics::new());
        let clock = fixture.shared_clock();
        let roster_of = fixture.desk.clone();
        let hall = display::Setup {
            displays: antrean::front_desk::Displays::new(fixture.storage.clone(), Arc::clone(&clock)),
            offices: Arc::new(move || roster_of.roster()),
            live: fixture.storage.live().clone(),
            closing: closing.clone(),
            turns: None,
            uploads: Some(Uploads::new(
                fixture.storage.clone(),
                fixture.desk.clone(),
                photos.clone(),
                Arc::clone(&clock),
            )),
        };
        let state = AppState {
            intake: Arc::new(fixture.desk.clone()),
            gateways: Gateways::new(),
            probe: Arc::new(|| Box::pin(async { Ok(()) })),
            stopped_channels: Arc::new(|| Box::pin(async { std::collections::BTreeMap::new() })),
            clock,
            metrics: metrics.clone(),
            simulator: None,
            console: None,
            hall: Some(hall),
            closing: closing.clone(),
            timeouts: Timeouts { upload_grace: Duration::from_millis(300), ..Timeouts::default() },
        };
        tokio::spawn(serve(listener, router(state), Limits::default(), metrics, closing.clone()));
        let client = still_client();
        Self { fixture, address, home, photos, client, _running: closing.drop_guard() }
    }

    /// The link that citizen `n` is told after their form.
    pub async fn link(&self, n: usize) -> String {
        let form = format!("{}#25011987#Jl. Mawar 5 Bogor", name(n));
        let said = self.fixture.ask(n, &format!("wamid.form{n}"), &form).await;
        link_in(&said)
    }

    async fn get(&self, link: &str) -> (StatusCode, String) {
        let answer = self.client.get(link).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    async fn send(&self, link: &str, bytes: Vec<u8>) -> (StatusCode, String) {
        let part = Part::bytes(bytes).file_name("foto.jpg").mime_str("image/jpeg").unwrap();
        let answer = self.client.post(link).multipart(Form::new().part("photo", part)).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    async fn states(&self) -> Vec<String> {
        self.fixture.tables().await.texts("select state from booking order by id").await
    }

    /// The caretaker's work.
    async fn care(&self) {
        let (storage, desk) = (self.fixture.storage.clone(), self.fixture.desk.clone());
        let clock = self.fixture.shared_clock();
        Caretaker::new(storage, desk, Gateways::new(), self.photos.clone(), clock).step().await.unwrap();
    }

    /// The files of the media folder.
    fn files(&self) -> Vec<String> {
        let Ok(files) = std::fs::read_dir(self.home.path().join("media")) else { return Vec::new() };
        files.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

/// The link of a reply.
pub fn link_in(said: &str) -> String {
    let line = said.lines().find(|line| line.contains("/u/")).unwrap_or_else(|| panic!("{said}"));
    line.split_whitespace().find(|word| word.contains("/u/")).unwrap().to_owned()
}

/// A photo with a comment, and a place in its EXIF data.
pub fn photo() -> Vec<u8> {
    let mut jpeg = Vec::new();
    let picture = image::RgbImage::from_fn(900, 600, |x, y| image::Rgb([(x % 250) as u8, (y % 250) as u8, 90]));
    JpegEncoder::new(&mut jpeg).encode_image(&picture).unwrap();
    let comment = b"RAHASIA-6.6S106.8E";
    let length = u16::try_from(2 + comment.len()).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xFF\xFE", &length, comment, &jpeg[2..], b"<script>RAHASIA</script>"].concat()
}

// Negative controls: with the bytes kept as they came, the comment is in the file; with `upload_used` and the message's id left out, the
// link takes a second photo (both run); with the time of the link not asked, it works for ever.
async fn a_photo_by_the_page_completes_the_booking_once_and_its_metadata_is_gone(engine: Engine) {
    let site = Site::open(engine).await;
    let link = site.link(1).await;
    assert_eq!(site.states().await, ["held"]);
    let (status, page) = site.get(&link).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("multipart/form-data") && page.contains("noindex") && !page.contains("<script"), "{page}");
    for name in [name(1), number(1), "1987".to_owned(), "Mawar".to_owned()] {
        assert!(!page.contains(&name), "{name} stands in the page");
    }
    let answer = site.client.get(&link).send().await.unwrap();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["x-robots-tag"], "noindex, nofollow");

    let answer = {
        let part = Part::bytes(photo()).file_name("x.svg").mime_str("image/svg+xml").unwrap();
        site.client.post(&link).multipart(Form::new().part("photo", part)).send().await.unwrap()
    };
    assert_eq!(
        (answer.status(), &answer.headers()["location"]),
        (StatusCode::SEE_OTHER, &"/u/sent?l=id".parse().unwrap())
    );
    let (status, sent) = site.get(&format!("{}/u/sent?l=en", site.address)).await;
    assert!(status == StatusCode::OK && sent.contains("We have your photo"), "{sent}");
    assert_eq!(site.states().await, ["booked"]);
    let mut tables = site.fixture.tables().await;
    let said = tables.texts("select text from outbox order by id desc limit 1").await.remove(0);
    assert!(said.contains("Pendaftaran berhasil"), "{said}");

    // It lies encrypted until the caretaker brings it to its row, and afterwards.
    assert!(site.files().len() == 1 && site.files()[0].ends_with(".upload"), "{:?}", site.files());
    site.care().await;
    let (id, file) = (tables.count("select id from media").await, site.files());
    assert_eq!(file, [format!("{id}.photo")]);
    assert_eq!(tables.texts("select state from media").await, ["fetched"]);
    let key = site.photos.newest_key().unwrap();
    let kept = site.photos.read(id, &file[0], Some(key)).unwrap();
    assert!(!kept.windows(7).any(|part| part == b"RAHASIA"), "metadata is kept");
    let shown = image::load_from_memory(&kept).unwrap();
    assert_eq!((shown.width(), shown.height()), (900, 600));
    let raw = std::fs::read(site.home.path().join("media").join(&file[0])).unwrap();
    assert!(image::load_from_memory(&raw).is_err(), "it is not encrypted");

    // Used, unknown and expired links look alike.
    let used = site.get(&link).await;
    assert_eq!(used.0, StatusCode::NOT_FOUND);
    assert_eq!(site.send(&link, photo()).await, used);
    let unknown = format!("{}/u/{}", site.address, "a".repeat(26));
    assert_eq!(site.get(&unknown).await, used);
    assert_eq!(site.get(&format!("{}/u/x", site.address)).await, used);
    let expired = site.link(2).await;
    assert_eq!(site.get(&expired).await.0, StatusCode::OK);
    site.fixture.clock.pass(TimeDelta::minutes(30) + TimeDelta::seconds(1));
    assert_eq!(site.get(&expired).await, used);
    assert_eq!(site.send(&expired, photo()).await, used);
    // The token is nowhere in the tables but in the reply.
    let token = link.rsplit('/').next().unwrap();
    assert_eq!(tables.count(&format!("select count(*) from upload where token = '{token}'")).await, 0);
    assert_eq!(tables.count(&format!("select count(*) from inbound where message like '%{token}%'")).await, 0);
    site.fixture.assert_balanced().await;
}

// Negative control, run: with the id of the message drawn anew for each photo and `upload_used` left out, both are served; either alone is
// enough here.
async fn of_two_photos_at_once_one_is_taken(engine: Engine) {
    let site = Site::open(engine).await;
    let link = site.link(1).await;
    let (one, other) = tokio::join!(site.send(&link, photo()), site.send(&link, photo()));
    let mut statuses = [one.0.as_u16(), other.0.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404]);
    assert_eq!(site.states().await, ["booked"]);
    let mut tables = site.fixture.tables().await;
    assert_eq!(tables.count("select count(*) from media").await, 1);
    assert_eq!(tables.count("select count(*) from inbound where message like 'antrean-upload-%'").await, 1);
    assert_eq!(site.files().len(), 1, "the other one's file is gone: {:?}", site.files());
    site.fixture.assert_balanced().await;
}

/// A PNG of so many pixels, all black: a few kilobytes that would fill memory.
fn bomb() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 16_000, 16_000);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().unwrap();
    let mut rows = writer.stream_writer().unwrap();
    for _ in 0..16_000 {
        std::io::Write::write_all(&mut rows, &vec![0; 48_000]).unwrap();
    }
    rows.finish().unwrap();
    drop(writer);
    bytes
}

// Negative controls, run: without the look at `total_bytes` the bomb takes 770 MB; with the type believed that the browser says, the SVG is
// kept.
async fn whatever_is_no_photo_is_refused_with_its_reason_and_the_link_works_on(engine: Engine) {
    let site = Site::open(engine).await;
    let link = site.link(1).await;
    let whole = photo();
    for (what, bytes) in [
        ("an SVG", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec()),
        ("HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec()),
        ("a GIF", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec()),
        ("a PDF", b"%PDF-1.7\n".to_vec()),
        ("a photo cut short", whole[..whole.len() / 3].to_vec()),
        ("the head of a JPEG", whole[..40].to_vec()),
        ("a bomb", bomb()),
    ] {
        let (status, page) = site.send(&link, bytes).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        assert!(page.contains("role=\"alert\"") && page.contains("bukan foto JPEG"), "{what}: {page}");
    }
    let (status, page) = site.send(&link, Vec::new()).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("Belum ada foto"), "{page}");
    let (status, page) = site.send(&link, vec![0xFF; 50_000_000]).await;
    assert!(status == StatusCode::PAYLOAD_TOO_LARGE && page.contains("12 MB"), "{status} {page}");
    let other = site.client.post(&link).body("photo=x").send().await.unwrap();
    assert_eq!(other.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((site.states().await, site.files()), (vec!["held".to_owned()], Vec::new()));
    // A picture with something behind it is a picture, without that.
    let polyglot = [&whole[..], b"PK\x03\x04 a whole archive"].concat();
    site.fixture.clock.pass(TimeDelta::minutes(1));
    assert_eq!(site.send(&link, polyglot).await.0, StatusCode::SEE_OTHER);
    assert_eq!(site.states().await, ["booked"]);
}

// Negative control, run: without the pace, the dribbles are waited for.
async fn a_dribble_ends_for_a_link_and_for_an_unknown_one(engine: Engine) {
    let site = Site::open(engine).await;
    let link = site.link(1).await;
    let address: SocketAddr = site.address.strip_prefix("http://").unwrap().parse().unwrap();
    let path = link.strip_prefix(&site.address).unwrap();
    let dribble = async |path: &str| {
        let mut socket = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: 900000\r\n\r\n--x"
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        let mut answer = vec![0; 64];
        let read = tokio::time::timeout(Duration::from_secs(20), socket.read(&mut answer)).await.expect("an answer");
        String::from_utf8_lossy(&answer[..read.unwrap()]).into_owned()
    };
    assert!(dribble(path).await.starts_with("HTTP/1.1 408"), "slow");
    assert!(dribble("/u/aaaaaaaaaaaaaaaaaaaaaaaaaa").await.starts_with("HTTP/1.1 404"), "unknown");
    assert_eq!(site.states().await, ["held"]);
    // Asked for too often, a link rests.
    let mut last = StatusCode::OK;
    for _ in 0..30 {
        last = site.get(&link).await.0;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

on_both_engines!(
    a_photo_by_the_page_completes_the_booking_once_and_its_metadata_is_gone,
    of_two_photos_at_once_one_is_taken,
    whatever_is_no_photo_is_refused_with_its_reason_and_the_link_works_on,
    a_dribble_ends_for_a_link_and_for_an_unknown_one,
);

/// Lets Batam ask for its photo by a page.
pub fn by_page(installation: &Installation) {
    let format = "id = \"foto-halaman\"\npattern = \"NAMA#TGL.LAHIR#ALAMAT + FOTO EKTP\"\nupload = \"page\"\n";
    std::fs::write(installation.path("offices/foto-halaman.toml"), format).unwrap();
    let office = installation.path("offices/kantor-batam.toml");
    let text = std::fs::read_to_string(&office).unwrap();
    std::fs::write(office, text.replace("version = 7", "version = 8\nformats = [\"foto-halaman\"]")).unwrap();
}

// Negative controls, run: without the look at the gateway's kind, the bridge is warned about, too; without the look at `upload`, the page is.
#[test]
fn check_warns_of_what_a_lines_provider_forbids_and_refuses_a_page_without_an_address() {
    let installation = Installation::new("https://graph.facebook.com");
    let checked = installation.run(&["check", "offices"]);
    assert_eq!(checked.code, 0, "a warning refuses nothing: {checked:?}");
    let unwrapped = |text: &str| text.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    let said = unwrapped(&checked.err);
    assert!(said.contains("the office `batam` is on WhatsApp's official channel"), "{said}");
    assert!(
        said.contains("`batam-foto` asks for the picture of a document") && said.contains("upload = \"page\""),
        "{said}"
    );
    assert!(!said.contains("the office `bogor` is on WhatsApp's"), "{said}");
    // Elsewhere nothing is known of any line.
    let elsewhere = tempfile::tempdir().unwrap();
    let offices = installation.path("offices");
    let alone = Ran::of(&command(elsewhere.path()).arg("check").arg(&offices).output().unwrap());
    assert!(!alone.err.contains("official channel"), "{}", alone.err);
    // A bridge of one's own has no such rule.
    let official = std::fs::read_to_string(installation.config()).unwrap();
    let wa = official.find("[gateway.wa]").unwrap()..official.find("[[channel]]").unwrap();
    let sim = official.replace(&official[wa], "[gateway.wa]\nkind = \"simulator\"\n").replace("phone_number_id", "key");
    std::fs::write(installation.config(), sim).unwrap();
    let bridge = installation.run(&["check", "offices"]);
    assert!(!bridge.err.contains("official channel"), "{}", bridge.err);

    std::fs::write(installation.config(), &official).unwrap();
    by_page(&installation);
    let refused = installation.run(&["check", "offices"]);
    assert_eq!(refused.code, 1);
    assert!(
        unwrapped(&refused.err).contains("`foto-halaman` says upload = \"page\"")
            && refused.err.contains("public_address")
    );
    let started = installation.run(&["serve", "--create"]).failed();
    assert!(started.contains("`foto-halaman`") && started.contains("public_address"), "{started}");
    let address = "public_address = \"https://antrean.example.go.id\"\n";
    std::fs::write(installation.config(), format!("{address}{official}")).unwrap();
    let checked = installation.run(&["check", "offices"]);
    assert_eq!(checked.code, 0, "{checked:?}");
    assert!(!checked.err.contains("the picture of a document"), "{}", checked.err);
}
