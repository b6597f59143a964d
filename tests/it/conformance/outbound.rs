//! What every provider's sending must do: the whole of what its documentation allows, and the right verdict on everything
//! that can come back.

use std::time::Duration;

use antrean::domain::message::{Contact, QuickReply};
use antrean::gateway::{Document, Load, Parcel, Scope, SendError, Template};
use bytes::Bytes;

use super::candidate::Candidate;
use super::{NOWHERE, providers};
use crate::support::fake_whatsapp::Answer;
use crate::support::host::Host;

const PNG: &[u8] = b"\x89PNG\r\n\x1A\nnot drawn";
const NUMBER: &str = "6281200001234";

/// The contact that a provider makes of a number.
fn contact(candidate: &Candidate) -> Contact {
    match candidate.name {
        "tg" => Contact::new(format!("tg:{}", (candidate.address)(NUMBER))),
        _ => Contact::new(NUMBER),
    }
}

pub fn verdict(error: &SendError) -> &'static str {
    match error {
        SendError::Throttled { scope: Scope::Channel, .. } => "throttled channel",
        SendError::Throttled { scope: Scope::Recipient, .. } => "throttled recipient",
        SendError::Transient(_) => "transient",
        SendError::Ambiguous(_) => "ambiguous",
        SendError::WindowClosed(_) => "window closed",
        SendError::Refused(_) => "refused",
        SendError::OptedOut(_) => "opted out",
        SendError::TemplateRefused(_) => "template refused",
        SendError::Misconfigured(_) => "misconfigured",
        SendError::Limited(_) => "limited",
    }
}

async fn send(candidate: &Candidate, api: &str, parcel: &Parcel) -> Result<antrean::gateway::Receipt, SendError> {
    candidate.open(api).send(candidate.channel, &contact(candidate), parcel).await
}

// Negative control: with parcels sent whole, WhatsApp's stand-in refuses the long one.
#[tokio::test]
async fn texts_pictures_and_quick_replies_go_out_as_documented() {
    for candidate in providers() {
        let host = Host::start(candidate.play).await;
        let gateway = candidate.open(&host.api());
        let ask = |text: &str| Parcel {
            quick_replies: vec![QuickReply::same("ya"), QuickReply { title: "Tidak".into(), says: "#batal".into() }],
            ..Parcel::text(7, text)
        };
        let long = "Kalimat yang panjang sekali. ".repeat(400);
        let parcels = [
            Parcel::text(1, "Kode persetujuan: 00002681"),
            Parcel::picture(2, Bytes::from_static(PNG), "Berhasil & sah: *AB12* 😀"),
            ask("Benar?"),
            Parcel { load: Load::Picture(Bytes::from_static(PNG)), ..ask("Benar?") },
            Parcel::text(3, long.clone()),
            Parcel::picture(4, Bytes::from_static(PNG), long),
        ];
        for parcel in parcels {
            let with_picture = parcel.png().is_some();
            let before = host.said().len();
            for part in parcel.parts(gateway.capabilities()) {
                let sent = gateway.send(candidate.channel, &contact(&candidate), &part).await;
                let receipt = sent.unwrap_or_else(|error| panic!("{}: {error}", candidate.name));
                assert!(receipt.id.is_some(), "{}: every provider here tells an id", candidate.name);
            }
            let said = host.said().split_off(before);
            assert_eq!(said[0].with_picture, with_picture && candidate.pictures, "{}", candidate.name);
            assert!(said.iter().all(|said| said.to == (candidate.address)(NUMBER)), "{}: {said:?}", candidate.name);
        }
        assert_eq!(host.said()[0].text, "Kode persetujuan: 00002681", "{}", candidate.name);
        assert_eq!(host.said()[1].text, "Berhasil & sah: *AB12* 😀", "{}", candidate.name);
        host.assert_lawful();
    }
}

/// What every provider does with a file, and with a message that was approved beforehand: it sends it as documented, or
/// says in its capabilities that it cannot; then the text says where to get the file, and the courier sends no template.
// Negative control: with the text left as it is, nobody who cannot get the file learns where it lies.
#[tokio::test]
async fn documents_and_templates_go_out_as_documented_or_are_declared_absent() {
    for candidate in providers() {
        let host = Host::start(candidate.play).await;
        let gateway = candidate.open(&host.api());
        let can = gateway.capabilities();
        assert_eq!((can.pictures, can.documents), (candidate.pictures, candidate.pictures), "{}", candidate.name);
        let document = Document {
            name: "antrean.pdf".into(),
            mime: "application/pdf".into(),
            bytes: Bytes::from_static(b"%PDF-1.7"),
            instead: "Berkas dapat diambil di loket 1.".into(),
        };
        let parcel = Parcel { load: Load::Document(document), ..Parcel::text(5, "Berkas Anda siap.") };
        for part in parcel.parts(can) {
            let sent = gateway.send(candidate.channel, &contact(&candidate), &part).await;
            let receipt = sent.unwrap_or_else(|error| panic!("{}: {error}", candidate.name));
            assert!(!receipt.without_picture, "{}: nothing was left out on the way", candidate.name);
        }
        let said = host.said();
        let expected = if can.documents {
            ("Berkas Anda siap.", true)
        } else {
            ("Berkas Anda siap.\n\nBerkas dapat diambil di loket 1.", false)
        };
        assert_eq!(said.len(), 1, "{}: {said:?}", candidate.name);
        assert_eq!((said[0].text.as_str(), said[0].with_picture), expected, "{}", candidate.name);
        let template = Template {
            name: "HXbalasan_antrean".into(),
            language: "id".into(),
            parameters: vec!["Kanim Bogor".into(), "Kode AB12".into()],
        };
        let parcel = Parcel { load: Load::Template(template), ..Parcel::text(6, "Kode AB12") };
        let sent = gateway.send(candidate.channel, &contact(&candidate), &parcel).await;
        let verdict = sent.as_ref().err().map(verdict);
        assert_eq!(verdict, (!can.templates).then_some("template refused"), "{}: {sent:?}", candidate.name);
        let said = host.said().split_off(1);
        let expected: &[&str] = if can.templates { &["HXbalasan_antrean"] } else { &[] };
        assert_eq!(said.iter().map(|said| said.text.as_str()).collect::<Vec<_>>(), expected, "{}", candidate.name);
        host.assert_lawful();
    }
}

/// Addresses and tokens are the provider's business; a wrong one must come to "mend me", and tell nobody the secret.
// Negative control: with `quoted` giving the words as they came, gowa's secret is in its verdict.
#[tokio::test]
async fn every_row_of_the_error_table_has_its_verdict_and_no_verdict_holds_a_secret() {
    for candidate in providers() {
        for row in candidate.errors {
            let host = Host::start(candidate.play).await;
            host.script(candidate.send, [Answer::Status(row.status, Vec::new(), row.body.to_owned())]);
            let sent = send(&candidate, &host.api(), &Parcel::text(7, "Kode persetujuan: 00002681")).await;
            let error = sent.expect_err(row.body);
            assert_eq!(verdict(&error), row.verdict, "{}: {} {} gave {error:?}", candidate.name, row.status, row.body);
            // A provider that repeats in all its words what it was sent.
            let known: Vec<&str> = candidate.secrets.iter().chain(&["00002681", "6281200001234"]).copied().collect();
            for secret in known {
                let Some(body) = repeating(row.body, secret) else { continue };
                host.script(candidate.send, [Answer::Status(row.status, Vec::new(), body)]);
                let sent = send(&candidate, &host.api(), &Parcel::text(7, "Kode persetujuan: 00002681")).await;
                let shown = format!("{sent:?} {}", sent.as_ref().err().map(ToString::to_string).unwrap_or_default());
                assert!(!shown.contains(secret), "{}: {secret} in {shown}", candidate.name);
            }
        }
    }
}

/// A JSON body with something behind each of its texts; nothing where it has none.
fn repeating(body: &str, what: &str) -> Option<String> {
    fn repeat(value: &mut serde_json::Value, what: &str) -> bool {
        match value {
            serde_json::Value::String(text) => {
                text.push(' ');
                text.push_str(what);
                true
            }
            serde_json::Value::Array(list) => list.iter_mut().fold(false, |any, value| repeat(value, what) | any),
            serde_json::Value::Object(object) => {
                object.values_mut().fold(false, |any, value| repeat(value, what) | any)
            }
            _ => false,
        }
    }
    let mut value = serde_json::from_str(body).ok()?;
    repeat(&mut value, what).then(|| value.to_string())
}

// Negative control: with 429 judged like other refusals, or with a cut connection taken for one that was never made, a
// verdict is another one.
#[tokio::test]
async fn every_way_in_which_a_call_can_end_has_its_verdict() {
    let status = |status, headers: &[(&'static str, &str)]| {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Answer::Status(status, headers, String::new())
    };
    let cases: [(Answer, &str, usize); 10] = [
        (Answer::Slow(Duration::from_millis(400)), "sent", 1),
        (Answer::Cut, "ambiguous", 0),
        (Answer::LostAfterAcceptance, "ambiguous", 1),
        (Answer::BrokenOff, "ambiguous", 1),
        (status(429, &[]), "throttled channel", 0),
        (status(429, &[("retry-after", "7")]), "throttled channel 7", 0),
        (status(503, &[("retry-after", "7")]), "throttled channel 7", 0),
        (status(500, &[]), "transient", 0),
        (status(504, &[]), "ambiguous", 0),
        (status(302, &[("location", "http://127.0.0.1:1/")]), "misconfigured", 0),
    ];
    for candidate in providers() {
        for (answer, expected, said) in &cases {
            let host = Host::start(candidate.play).await;
            host.script(candidate.send, [answer.clone()]);
            let sent = send(&candidate, &host.api(), &Parcel::text(7, "halo")).await;
            let came = match &sent {
                Ok(_) => "sent".to_owned(),
                Err(error @ SendError::Throttled { after_seconds: Some(seconds), .. }) => {
                    format!("{} {seconds}", verdict(error))
                }
                Err(error) => verdict(error).to_owned(),
            };
            assert_eq!(came, *expected, "{}: {answer:?} gave {sent:?}", candidate.name);
            assert_eq!(host.said().len(), *said, "{}: {answer:?}", candidate.name);
            assert_eq!(host.requests().len(), 1, "{}: nothing is sent again unasked", candidate.name);
        }
        let error = send(&candidate, NOWHERE, &Parcel::text(7, "halo")).await.expect_err("nobody there");
        assert_eq!(verdict(&error), "transient", "{}: {error:?}", candidate.name);
        for secret in candidate.secrets {
            assert!(!format!("{error:?}").contains(secret), "{}: {error:?}", candidate.name);
        }
    }
}

#[tokio::test]
async fn a_channel_can_be_asked_whether_it_works() {
    for candidate in providers() {
        let host = Host::start(candidate.play).await;
        let answer = candidate.open(&host.api()).probe(candidate.channel).await;
        assert!(answer.is_ok(), "{}: {answer:?}", candidate.name);
        assert!(host.said().is_empty(), "{}: asking sends nothing", candidate.name);
        host.assert_lawful();
    }
}
