//! A day with 300 people closed by command, while others write, on two nodes and PostgreSQL.
//!
//! `ANTREAN_CLOSING_SHOW=1` with `--nocapture` prints how long others waited before and meanwhile.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::task::{JoinSet, block_in_place};

use crate::support::engine::Engine;
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{
    APP_SECRET, Installation, body, change, form, in_days, name, now, number, said, text, until,
};
use crate::support::server_process::{ServerProcess, post};

/// People on the day.
const PEOPLE: usize = 300;
/// Connections by which others write meanwhile.
const CONNECTIONS: usize = 4;
/// Messages a second by which they do: a busy morning, far below what fills the machine.
const PAUSE: Duration = Duration::from_millis(200);

/// Bogor as these tests need it: a form books at once, 100 bookings in an hour.
fn office(version: u32, more: &str) -> String {
    format!(
        "extend = \"bogor.toml\"\nid = \"bogor\"\nversion = {version}\nseats_per_hour = 100\n\
         [hours]\nsenin-minggu = [\"08:00-12:00\", \"13:00-15:00\"]\n[policy]\napproval = \"none\"\n[notices]\nquiet = \"none\"\n{more}"
    )
}

/// Others who write, to either node in turn, and how long each answer of the webhook took.
struct Load {
    stop: Arc<AtomicBool>,
    writers: JoinSet<Vec<(Instant, Duration)>>,
}

impl Load {
    fn start(nodes: &[&ServerProcess], next: &Arc<AtomicUsize>) -> Self {
        let (stop, mut writers) = (Arc::new(AtomicBool::new(false)), JoinSet::new());
        for place in 0..CONNECTIONS {
            let (client, address) = nodes[place % nodes.len()].endpoint();
            let (client, address, stop, next) =
                (client.clone(), address.to_owned(), Arc::clone(&stop), Arc::clone(next));
            writers.spawn(async move {
                let mut times = Vec::new();
                while !stop.load(Ordering::SeqCst) {
                    let n = next.fetch_add(1, Ordering::SeqCst);
                    let message = text(&number(n), &format!("wamid.other{n}"), now(), &form(&name(n), in_days(6)));
                    let body = body(&[vec![change("1001", &[message])]]);
                    let began = Instant::now();
                    assert_eq!(post(&client, &address, &body, APP_SECRET).await, Some(200));
                    times.push((began, began.elapsed()));
                    tokio::time::sleep(PAUSE).await;
                }
                times
            });
        }
        Self { stop, writers }
    }

    async fn end(self) -> Vec<(Instant, Duration)> {
        self.stop.store(true, Ordering::SeqCst);
        self.writers.join_all().await.into_iter().flatten().collect()
    }
}

/// Median, mean and 95th percentile in milliseconds.
fn shown(times: &mut [Duration]) -> String {
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    let count = u32::try_from(times.len()).unwrap().max(1);
    let mean = ms(times.iter().sum::<Duration>() / count);
    let at = |share: usize| times.get(times.len() * share / 100).copied().map_or(0.0, ms);
    format!("median {:.1} ms, mean {mean:.1}, 95 % {:.1}, {} answers", at(50), at(95), times.len())
}

// Negative control: with `is_done` not asked for in `handlers::displaced::settle` and an occasion of its own for each notice, the second command
// tells everybody again.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_day_with_300_people_is_closed_under_load_and_everybody_is_told_once() {
    let stub = FakeWhatsApp::start().await;
    let installation = Installation::new_on(Engine::Postgres, &stub.api()).await;
    let file = installation.path("offices/kantor-bogor.toml");
    std::fs::write(&file, office(7, "")).unwrap();
    let nodes = [ServerProcess::start(&installation), ServerProcess::start(&installation)];
    let both = [&nodes[0], &nodes[1]];
    let day = in_days(4);
    let forms: Vec<_> = (0..PEOPLE)
        .map(|n| change("1001", &[text(&number(n), &format!("wamid.form{n}"), now(), &form(&name(n), day))]))
        .collect();
    for (place, some) in forms.chunks(25).enumerate() {
        assert_eq!(both[place % 2].post(&body(&[some.to_vec()])).await, Some(200));
    }
    let mut tables = installation.tables().await;
    let on_day = format!("select count(*) from booking where date = '{day}' and state = 'booked'");
    assert_eq!(tables.many(&on_day).await, PEOPLE);
    let sent = "select count(*) from outbox where state <> 'sent'";
    until("all confirmations to be sent", async || (tables.count(sent).await == 0).then_some(())).await;
    let before = stub.accepted().len();

    let next = Arc::new(AtomicUsize::new(1_000));
    let load = Load::start(&both, &next);
    tokio::time::sleep(Duration::from_secs(5)).await;
    let began = Instant::now();
    let closed = installation.path("tutup.toml");
    std::fs::write(&closed, office(8, &format!("[[closed]]\ndate = {day}\nreason = \"Banjir\"\n"))).unwrap();
    let path = closed.display().to_string();
    let refused = block_in_place(|| installation.run(&["office", "import", &path]));
    assert!(refused.code == 1 && refused.err.contains("300 bookings"), "{}", refused.err);
    let done = block_in_place(|| installation.run(&["office", "import", "--move", &path])).done();
    assert!(done.contains("300 moved"), "{done}");
    let decided = Instant::now();
    let again = block_in_place(|| installation.run(&["office", "import", "--move", &path])).done();
    assert!(again.contains("version 8 is in force already"), "{again}");
    let told = |message: &serde_json::Value| said(message).is_some_and(|text| text.contains("tutup pada"));
    let heard =
        async || (stub.accepted()[before..].iter().filter(|message| told(message)).count() >= PEOPLE).then_some(());
    until("everybody to be told", heard).await;
    let took = began.elapsed();
    let (mut calm, mut command, mut notices) = (Vec::new(), Vec::new(), Vec::new());
    for (at, time) in load.end().await {
        if at < began {
            calm.push(time);
        } else if at < decided {
            command.push(time);
        } else {
            notices.push(time);
        }
    }
    until("all replies to be sent", async || (tables.count(sent).await == 0).then_some(())).await;

    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for message in stub.accepted().iter().filter(|message| told(message)) {
        *counts.entry(message["to"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert!(counts.len() == PEOPLE && counts.values().all(|count| *count == 1), "{counts:?}");
    assert_eq!(tables.many(&on_day).await, 0, "nobody is left on the closed day");
    let moved = "select count(*) from booking where displaced = 'closed-moved' and state = 'booked'";
    assert_eq!(tables.many(moved).await, PEOPLE);
    assert_eq!(
        tables.many("select count(*) from (select distinct office, date, hour, number from seat) as seats").await,
        tables.many("select count(*) from seat").await
    );
    let verified = block_in_place(|| installation.run(&["db", "verify"])).done();
    assert!(verified.contains("the books balance"), "{verified}");
    if std::env::var_os("ANTREAN_CLOSING_SHOW").is_some() {
        println!("{PEOPLE} people told in {:.1} s; answers to others", took.as_secs_f64());
        for (when, times) in
            [("before", &mut calm), ("while the command runs", &mut command), ("while notices go out", &mut notices)]
        {
            println!("  {when}: {}", shown(times));
        }
    }
}
