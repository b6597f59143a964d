//! A channel that its provider calls broken, by an event, a status or the answer to a send, stops by itself, holds its queue,
//! says so everywhere, and goes on when the provider says so or somebody resumes it.

use std::time::Duration;

use super::answers::{post, say};
use super::candidate::{Candidate, Note, What};
use super::providers;
use crate::support::fake_whatsapp::Answer;
use crate::support::host::Host;
use crate::support::installation::{number, until};
use crate::support::server_process::ServerProcess;

async fn a_channel_breaks_and_is_mended(candidate: Candidate) {
    let host = Host::start(candidate.play).await;
    let installation = candidate.installation(&host.api());
    let server = ServerProcess::start(&installation);
    let name = candidate.name;
    let channel = format!("{name}/{}", candidate.channel);
    let speak = async |n: usize| {
        let (id, from) = (format!("H{n}"), number(n));
        say(server.endpoint(), &candidate, &Note { id: &id, from: &from, ..Note::of(What::Text("#status")) }).await;
    };
    if let Some((segment, answer)) = candidate.unwell {
        host.stand(segment, Some(Answer::body(answer)));
    }
    let broken = candidate.errors.iter().find(|row| row.verdict == "misconfigured").expect("a broken channel");
    if let Some(ill) = candidate.ill {
        let body = ill();
        assert_eq!(post(server.endpoint(), &(candidate.seal)(&body), body.clone()).await.0, 200, "{name}");
    } else {
        // It tells of nothing: the answer to the next send does.
        host.stand(candidate.send, Some(Answer::Status(broken.status, Vec::new(), broken.body.to_owned())));
        speak(1).await;
    }
    until(&format!("{name}: it stops"), async || {
        let (status, page) = server.get("/readyz").await;
        // Webhooks are taken all the same: whoever asks whether to send requests here hears yes.
        (status == 200 && page.contains(&channel)).then_some(())
    })
    .await;
    let is_told = ["holds its queue", &channel].iter().all(|part| server.log().contains(part));
    assert!(is_told, "{name}: {}", server.log());
    host.stand(candidate.send, None);
    let before = host.said().len();
    speak(2).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(host.said().len(), before, "{name}: it holds its queue");
    until(&format!("{name}: its state is in the metrics"), async || {
        let states =
            ["broken", "limited"].map(|state| format!("antrean_channels{{channel=\"{channel}\",state=\"{state}\"}} 1"));
        let (_, page) = server.get("/metrics").await;
        states.iter().any(|state| page.contains(state)).then_some(())
    })
    .await;
    if let Some((segment, _)) = candidate.unwell {
        host.stand(segment, None);
    }
    match candidate.well {
        Some(well) => {
            let body = well();
            assert_eq!(post(server.endpoint(), &(candidate.seal)(&body), body.clone()).await.0, 200, "{name}");
        }
        None => drop(installation.run(&["channel", "resume", &channel]).done()),
    }
    let to = (candidate.address)(&number(2));
    until(&format!("{name}: its queue goes on"), async || (!host.said_to(&to).is_empty()).then_some(())).await;
    let (_, page) = server.get("/readyz").await;
    assert!(!page.contains(&channel), "{name}: {page}");
    host.assert_lawful();
}

// Negative control: with notices ignored by the desk, no channel stops at an event; with nothing done by `reopen_channel`, a
// channel whose provider says that it is well stays stopped.
#[tokio::test(flavor = "multi_thread")]
async fn a_broken_channel_stops_holds_its_queue_says_so_and_goes_on_when_mended() {
    futures_util::future::join_all(providers().map(a_channel_breaks_and_is_mended)).await;
}
