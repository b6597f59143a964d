//! A server with the real page and the real simulator gateway, and an actor in place of the desk.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use antrean::clock::{DemoClock, SharedClock};
use antrean::desk::{Busy, Verdict};
use antrean::domain::message::{Content, Inbound};
use antrean::gateway::simulator::Simulator;
use antrean::gateway::{Gateway, Gateways, Item, Outbound, Parcel};
use antrean::metrics::Metrics;
use antrean::web::simulator::{OfficeCard, Setup};
use antrean::web::{AppState, Intake, Limits, Timeouts, router, serve};
use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Answers a form with an echo and a code, a code with a ticket, anything else with what it was sent.
struct Actor {
    gateway: Arc<Simulator>,
    busy: AtomicBool,
    taken: AtomicI64,
}

impl Actor {
    async fn answer(&self, message: &Inbound) {
        let text = match &message.content {
            Content::Text(text) | Content::Edited(text) => text.clone(),
            Content::Picture { caption, .. } => caption.clone().unwrap_or_default(),
            Content::Other(_) => String::new(),
        };
        let (text, png) = match text.trim() {
            "04821733" => (TICKET.to_owned(), Some(qr("7K4M-Q2XA"))),
            form if form.starts_with('#') => (ECHO.to_owned(), None),
            other => (format!("Maaf, pesan Anda belum terbaca: {other}"), None),
        };
        let tracker = self.taken.fetch_add(1, Ordering::SeqCst);
        let parcel = match png {
            Some(png) => Parcel::picture(tracker, png, text),
            None => Parcel::text(tracker, text),
        };
        self.gateway
            .send(message.channel.key(), &message.contact, &parcel)
            .await
            .expect("the simulator takes everything");
    }
}

const ECHO: &str = "Permohonan atas nama:\nNomor HP: 0812****89\nNama: BUDI\nTanggal lahir: 25-01-1987\nTanggal kedatangan: \
    07-12-2026\n\nJika sudah benar, balas dengan kode ini:\n04821733\n\nTempat Anda kami simpan selama *30 menit*.";
const TICKET: &str = "*Anda terdaftar.*\nKode booking: *7K4M-Q2XA*\nNomor antrean: *08-001*\nSenin, 7 Desember 2026, pukul 08.00 \
    WIB\n\nDatanglah pukul 07.30 dengan paspor lama dan KTP asli.";

/// A QR code as a PNG, four pixels to a module.
fn qr(text: &str) -> Bytes {
    let code = qrcode::QrCode::new(text).expect("a short text");
    let modules = code.width() + 8;
    let side = u32::try_from(modules * 4).expect("small");
    let colours = code.to_colors();
    let dark = |x: usize, y: usize| {
        let inside = (4..modules - 4).contains(&x) && (4..modules - 4).contains(&y);
        inside && colours[(y - 4) * code.width() + x - 4] == qrcode::Color::Dark
    };
    let pixels: Vec<u8> = (0..modules * 4)
        .flat_map(|y| (0..modules * 4).map(move |x| (x / 4, y / 4)))
        .map(|(x, y)| if dark(x, y) { 0 } else { 255 })
        .collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&pixels).expect("pixels");
    writer.finish().expect("an end");
    file.into()
}

#[async_trait]
impl Intake for Actor {
    async fn serve(&self, items: Vec<Item>) -> Result<Vec<Verdict>, Busy> {
        let mut verdicts = Vec::new();
        for item in &items {
            match item {
                Item::Message(_) if self.busy.load(Ordering::SeqCst) => return Err(Busy),
                Item::Message(message) => {
                    self.answer(message).await;
                    verdicts.push(Verdict::Served);
                }
                _ => verdicts.push(Verdict::Noted),
            }
        }
        Ok(verdicts)
    }
}

/// The server, which ends with this.
pub struct Stage {
    /// `http://127.0.0.1:12345`
    pub address: String,
    actor: Arc<Actor>,
    _running: DropGuard,
}

impl Stage {
    /// Opens at eight o'clock on a Monday morning in Bogor.
    pub async fn open() -> Self {
        let start: DateTime<Utc> = "2026-11-23T01:00:00Z".parse().expect("an instant");
        let clock = Arc::new(DemoClock::starting_at(start, vec![]));
        let shared: SharedClock = clock.clone();
        let gateway = Simulator::new("sim", shared.clone());
        let actor =
            Arc::new(Actor { gateway: gateway.clone(), busy: AtomicBool::new(false), taken: AtomicI64::new(0) });
        let closing = CancellationToken::new();
        let metrics = Arc::new(Metrics::new());
        let speaker: Arc<dyn Gateway> = gateway.clone();
        let state = AppState {
            intake: actor.clone(),
            gateways: Gateways::from([("sim".to_owned(), speaker)]),
            probe: Arc::new(|| Box::pin(async { Ok(()) })),
            stopped_channels: Arc::new(|| Box::pin(async { std::collections::BTreeMap::new() })),
            clock: shared,
            metrics: metrics.clone(),
            simulator: Some(Setup {
                gateway,
                offices: Arc::new(offices),
                first: Some("bogor".to_owned()),
                movable: Some(clock),
            }),
            console: None,
            hall: None,
            closing: closing.clone(),
            timeouts: Timeouts::default(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(serve(listener, router(state), Limits::default(), metrics, closing.clone()));
        Self { address, actor, _running: closing.drop_guard() }
    }

    /// Whether messages are turned away.
    pub fn be_busy(&self, busy: bool) {
        self.actor.busy.store(busy, Ordering::SeqCst);
    }

    /// Messages taken.
    pub fn taken(&self) -> i64 {
        self.actor.taken.load(Ordering::SeqCst)
    }
}

fn offices(now: DateTime<Utc>) -> Vec<OfficeCard> {
    let card = |key: &str, name: &str, zone, poster: &str, example: String| OfficeCard {
        key: key.into(),
        name: name.into(),
        zone,
        poster: poster.into(),
        example,
    };
    let later = (now + chrono::TimeDelta::days(14)).format("%d%m%Y");
    vec![
        card(
            "jakarta-pusat",
            "Kantor Imigrasi Jakarta Pusat",
            "WIB",
            "#Nama#TglLahir#TglKedatangan",
            format!("#Budi#25011987#{later}"),
        ),
        card(
            "bogor",
            "Kantor Imigrasi Bogor",
            "WIB",
            "#Nama#TglLahir#TglKedatangan",
            format!("#Budi#25011987#{later}"),
        ),
        card(
            "jayapura",
            "Kantor Imigrasi Jayapura",
            "WIT",
            "NAMA#TGL.LAHIR#ALAMAT + FOTO EKTP | AKTA LAHIR",
            "#Siti#03021990#Jl. Contoh 1".into(),
        ),
    ]
}
