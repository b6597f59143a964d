//! How fast the courier sends: the product's own loop, database and WhatsApp gateway, against a provider on loopback that
//! takes 50 ms for each answer. The limits of the provider are lifted, as a channel's configuration may do.
//!
//! `cargo bench --bench courier` prints replies a second, processor time a reply and memory; `-- REPLIES` sets how many.
#![expect(clippy::expect_used, reason = "a benchmark that cannot go on has nothing to say")]

#[path = "throughput/provider.rs"]
mod provider;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use antrean::clock::{Clock, SystemClock};
use antrean::courier::{ChannelSettings, Courier};
use antrean::domain::message::ChannelId;
use antrean::domain::rate::Rate;
use antrean::gateway::Gateways;
use antrean::gateway::whatsapp_cloud::{Settings, WhatsAppCloud};
use antrean::metrics::Metrics;
use antrean::reply::draw_qr;
use antrean::storage::Storage;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use provider::Provider;

/// How long the provider takes for each answer.
const ANSWER_TIME: Duration = Duration::from_millis(50);
/// Replies sent where no other number is given.
const REPLIES: u64 = 20_000;

/// A number of `/proc/self/status`, in kilobytes.
fn kilobytes(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

/// Processor time of this process so far, the provider's included, in clock ticks of 10 ms.
fn ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    [11, 12].iter().filter_map(|at| fields.get(*at)?.parse::<u64>().ok()).sum()
}

fn gateway(address: SocketAddr) -> WhatsAppCloud {
    let settings = Settings {
        name: "wa".into(),
        api: format!("http://{address}"),
        verify_token: "kata-periksa".into(),
        app_secrets: vec!["rahasia".into()],
        access_token: "kunci".into(),
        ..Settings::default()
    };
    WhatsAppCloud::new(settings).expect("settings that work")
}

/// Sends so many replies; `pictures`, each with its QR picture, which is an upload more.
async fn send(replies: u64, pictures: bool) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("antrean.db");
    let storage = Storage::open(&format!("sqlite://{}", file.display())).await.expect("a database");
    let now = SystemClock.now().timestamp_micros();
    let qr = if pictures { "'LMGFD5AQ'" } else { "null" };
    rusqlite::Connection::open(&file)
        .expect("the database")
        .execute_batch(&format!(
            "insert into outbox (id, channel, contact, office, text, qr, state, due_us, attempts, delivery, \
             without_picture, created_us) with recursive n (i) as (select 1 union all select i + 1 from n \
             where i < {replies}) select i, 'wa/1001', '62812000' || (10000000 + i), 'bogor', \
             printf('%.300c', 'x'), {qr}, 'waiting', {now}, 0, 0, 0, {now} from n"
        ))
        .expect("replies to send");
    let provider = Provider::start(ANSWER_TIME);
    let gateways = Gateways::from([("wa".to_owned(), Arc::new(gateway(provider.address)) as _)]);
    let free = ChannelSettings {
        channel_rate: Some(Rate::UNLIMITED),
        recipient_rate: Some(Rate::UNLIMITED),
        ..ChannelSettings::default()
    };
    let courier = Courier::new(storage.clone(), gateways, Arc::new(SystemClock), "bench".to_owned())
        .with_channels(BTreeMap::from([(ChannelId::new("wa", "1001"), free)]));
    let stop = CancellationToken::new();
    let (begun, ticks_before) = (Instant::now(), ticks());
    let running = tokio::spawn(Arc::new(courier).run(stop.clone(), Arc::new(Notify::new()), Arc::new(Metrics::new())));
    let mut memory = Vec::new();
    for part in 1..=4 {
        while provider.taken() < replies * part / 4 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        memory.push(kilobytes("VmRSS"));
    }
    let time = begun.elapsed();
    stop.cancel();
    running.await.expect("the courier ends");
    let used = ticks() - ticks_before;
    storage.close().await;
    let sent: i64 = rusqlite::Connection::open(&file)
        .expect("the database")
        .query_row("select count(*) from outbox where state = 'sent'", [], |row| row.get(0))
        .expect("a count");
    assert_eq!(u64::try_from(sent), Ok(replies), "every reply is recorded as sent");
    assert_eq!(provider.taken(), replies, "and none went out twice");
    let what = if pictures { "with QR pictures" } else { "texts" };
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let (a_second, cpu) = (replies as f64 / time.as_secs_f64(), used as f64 * 10_000.0 / replies as f64);
    println!(
        "{what:<18} {replies} replies in {:.2} s: {a_second:.0} a second, {cpu:.0} us of processor each (provider \
         included), memory {} kB after each quarter",
        time.as_secs_f64(),
        memory.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
    );
}

fn main() {
    let replies = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(REPLIES);
    let begun = Instant::now();
    for _ in 0..1_000 {
        std::hint::black_box(draw_qr(std::hint::black_box("LMGFD5AQ")));
    }
    println!("one QR picture     {:.1} us", begun.elapsed().as_secs_f64() * 1_000.0);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        send(replies, false).await;
        send(replies, true).await;
    });
}
