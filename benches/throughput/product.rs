//! The product's own statements without HTTP: the desk in this process, one call with so many messages after another.

use std::sync::Arc;
use std::time::{Duration, Instant};

use antrean::clock::{Clock, SystemClock};
use antrean::domain::message::{ChannelId, Contact, Content, Inbound, MessageId};
use antrean::gateway::Item;
use antrean::storage::Storage;

use super::database::Database;
use super::figures::{Figures, quantile};
use super::installation::{Installation, OFFICES};

/// Serves batches of `batch` forms for `lasting`.
pub fn desk(database: &Database, batch: usize, lasting: Duration) -> Figures {
    let folder = tempfile::tempdir().expect("a folder");
    let configuration = Installation::Spread.write(folder.path(), &database.url(), "http://127.0.0.1:9");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let config = antrean::config::Config::load(&configuration).expect("a configuration");
        let storage = Storage::open(&config.database).await.expect("a database");
        let desk = antrean::app::desk(&config, &storage, Arc::new(SystemClock)).await.expect("a desk");
        let mut took = Vec::new();
        let mut citizen = 62_813_000_000_000_u64;
        let begun = Instant::now();
        while begun.elapsed() < lasting {
            let items = (0..batch).map(|_| form(&mut citizen)).collect();
            let before = Instant::now();
            desk.serve(items).await.expect("served");
            took.push(before.elapsed());
        }
        let whole = begun.elapsed();
        desk.close().await;
        storage.close().await;
        took.sort();
        Figures::default()
            .with("messages_per_s", (took.len() * batch) as f64 / whole.as_secs_f64())
            .with("p50_ms", quantile(&took, 0.5))
            .with("p99_ms", quantile(&took, 0.99))
            .with("commits_per_s", took.len() as f64 / whole.as_secs_f64())
            .with("messages_per_commit", batch as f64)
    })
}

fn form(citizen: &mut u64) -> Item {
    *citizen += 1;
    Item::Message(Inbound {
        channel: ChannelId::new("wa", &(*citizen % OFFICES as u64).to_string()),
        contact: Contact::new(citizen.to_string()),
        also: Vec::new(),
        id: MessageId::new(format!("wamid.HBgN{citizen}FQIAEhgWM0VCMDk2N0YyQTUxRDQ5RjlCMkQ3AA==")),
        sent_at: SystemClock.now(),
        content: Content::Text(format!("Warga Uji#25011987#Jl. Contoh No. {citizen}")),
    })
}
