//! What every provider's fetching must do: the picture that was sent, from nowhere but where it may lie.

use antrean::domain::message::Content;
use antrean::gateway::{FetchError, Item};
use tokio::net::TcpListener;

use super::candidate::{JPEG, Note, What};
use super::providers;
use crate::support::host::Host;

/// The picture of a message, as the gateway read it.
fn attachment(items: &[Item]) -> Option<antrean::domain::message::Attachment> {
    let [Item::Message(message)] = items else { return None };
    match &message.content {
        Content::Picture { attachment, .. } => Some(attachment.clone()),
        _ => None,
    }
}

#[tokio::test]
async fn a_picture_is_fetched_from_where_the_provider_keeps_it() {
    for candidate in providers() {
        let host = Host::start(candidate.play).await;
        for name in ["9001.jpeg", "file-9001", "ME1"] {
            host.put_file(name, JPEG);
        }
        let api = host.api();
        let items = match candidate.name {
            // These keep files elsewhere than at the API's own address: by address, at the stand-in.
            "fonnte" | "umum" | "green" | "evo" | "tw" => {
                candidate.read(&Note::of(What::PictureAt(&format!("{api}/9001.jpeg"))))
            }
            _ => candidate.read(&Note::of(What::Picture(""))),
        };
        let attachment = attachment(&items.expect("pictures")).expect("a picture");
        let media = candidate.open(&api).fetch_media(candidate.channel, &attachment).await;
        let media = media.unwrap_or_else(|error| panic!("{}: {error}", candidate.name));
        assert_eq!((media.mime, &media.bytes[..]), ("image/jpeg", JPEG), "{}", candidate.name);
        host.assert_lawful();
    }
}

// Negative control: with every address trusted, Fonnte's adapter goes to the trap.
#[tokio::test]
async fn no_payload_leads_a_fetch_anywhere_else() {
    let trap = TcpListener::bind("127.0.0.2:0").await.expect("a free port");
    let there = trap.local_addr().expect("an address");
    for candidate in providers() {
        let host = Host::start(candidate.play).await;
        for lure in [
            format!("http://{there}/9001.jpeg"),
            format!("https://{there}/9001.jpeg"),
            format!("//{there}/9001.jpeg"),
            format!("http://user:word@{there}/9001.jpeg"),
            "http://169.254.169.254/latest/meta-data".to_owned(),
            "file:///etc/passwd".to_owned(),
            "../../../etc/passwd".to_owned(),
        ] {
            let Some(items) = candidate.read(&Note::of(What::PictureAt(&lure))) else { continue };
            let Some(attachment) = attachment(&items) else { continue };
            let fetched = candidate.open(&host.api()).fetch_media(candidate.channel, &attachment).await;
            match candidate.name {
                // Pictures are known by an id there: what the payload says beside it is never followed.
                "wa" => assert!(fetched.is_err(), "no such file at the stand-in"),
                "tg" => assert!(matches!(fetched, Err(FetchError::Final(_) | FetchError::Transient(_))), "{fetched:?}"),
                name => assert!(matches!(fetched, Err(FetchError::Final(_))), "{name}: {lure}: {fetched:?}"),
            }
        }
    }
    let reached = tokio::time::timeout(std::time::Duration::from_millis(50), trap.accept()).await;
    assert!(reached.is_err(), "somebody followed a payload");
}
