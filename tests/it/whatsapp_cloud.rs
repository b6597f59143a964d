//! The WhatsApp gateway against a stand-in for the provider, over real HTTP.

use std::time::Duration;

use antrean::domain::message::{Attachment, Contact, MessageId};
use antrean::gateway::picture::MEDIA_BYTES_MAX;
use antrean::gateway::whatsapp_cloud::{Settings, WhatsAppCloud};
use antrean::gateway::{FetchError, Load, Media, Outbound, Parcel, Receipt, Scope, SendError};
use bytes::Bytes;
use serde_json::json;

use crate::support::fake_whatsapp::{Answer, FakeWhatsApp};

const TOKEN: &str = "kunci-kirim";
const PNG: &[u8] = b"\x89PNG\r\n\x1A\nnot drawn";
/// The head of a photo of sixteen by sixteen pixels.
const JPEG: &[u8] = b"\xFF\xD8\xFF\xC0\x00\x11\x08\x00\x10\x00\x10\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01 a photo";

fn gateway(api: String) -> WhatsAppCloud {
    let settings = Settings {
        name: "wa".into(),
        api,
        version: "v25.0".into(),
        verify_token: "kata-periksa".into(),
        app_secrets: vec!["rahasia-aplikasi".into()],
        access_token: TOKEN.into(),
        ..Settings::default()
    };
    WhatsAppCloud::new(settings).expect("settings that work")
}

fn budi() -> Contact {
    Contact::new("6281200001234")
}

fn text() -> Parcel {
    Parcel::text(77, "Kode persetujuan: 00002681")
}

fn picture() -> Parcel {
    Parcel { load: Load::Picture(Bytes::from_static(PNG)), ..text() }
}

/// Whether an error is the one that a row expects.
type IsRight = fn(&SendError) -> bool;

/// Sends one parcel to a fake API that answers messages as told.
async fn sent(parcel: &Parcel, answer: Answer) -> (Result<Receipt, SendError>, FakeWhatsApp) {
    let whatsapp = FakeWhatsApp::start().await;
    whatsapp.script("messages", [answer]);
    let result = gateway(whatsapp.api()).send("1001", &budi(), parcel).await;
    (result, whatsapp)
}

fn attachment(reference: &str) -> Attachment {
    Attachment { reference: reference.into(), mime: Some("image/jpeg".into()), sha256: None }
}

#[tokio::test]
async fn a_text_goes_out_with_exactly_the_documented_fields() {
    let (result, whatsapp) = sent(&text(), Answer::Ok).await;
    assert_eq!(result, Ok(Receipt { id: Some(MessageId::new("wamid.OUT1")), without_picture: false }));
    let [request] = whatsapp.requests().try_into().expect("one request");
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/v25.0/1001/messages"));
    assert_eq!(request.header("authorization"), format!("Bearer {TOKEN}"));
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(
        request.json(),
        json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "6281200001234",
            "type": "text",
            "text": {"body": "Kode persetujuan: 00002681", "preview_url": false},
            "biz_opaque_callback_data": "77",
        })
    );
}

#[tokio::test]
async fn a_scoped_id_goes_under_recipient_and_never_under_to() {
    let whatsapp = FakeWhatsApp::start().await;
    gateway(whatsapp.api()).send("1001", &Contact::new("ID.1000200030004000"), &text()).await.expect("sent");
    let [message] = whatsapp.accepted().try_into().expect("one message");
    assert_eq!(message["recipient"], "ID.1000200030004000");
    assert_eq!(message.get("to"), None);
}

#[tokio::test]
async fn a_picture_is_uploaded_and_sent_with_the_text_as_its_caption() {
    let (result, whatsapp) = sent(&picture(), Answer::Ok).await;
    assert_eq!(result, Ok(Receipt { id: Some(MessageId::new("wamid.OUT2")), without_picture: false }));
    let [upload, message] = whatsapp.requests().try_into().expect("two requests");
    assert_eq!((upload.method.as_str(), upload.path.as_str()), ("POST", "/v25.0/1001/media"));
    assert_eq!(upload.header("authorization"), format!("Bearer {TOKEN}"));
    assert!(upload.header("content-type").starts_with("multipart/form-data; boundary="));
    let form = String::from_utf8_lossy(&upload.body);
    for part in
        ["name=\"messaging_product\"\r\n\r\nwhatsapp\r\n", "name=\"type\"\r\n\r\nimage/png\r\n", "name=\"file\""]
    {
        assert!(form.contains(part), "{part} in {form}");
    }
    assert!(upload.body.windows(PNG.len()).any(|bytes| bytes == PNG), "the picture's own bytes");
    assert_eq!(
        message.json(),
        json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "6281200001234",
            "type": "image",
            "image": {"id": "upload-1", "caption": "Kode persetujuan: 00002681"},
            "biz_opaque_callback_data": "77",
        })
    );
}

// Negative control: returning the upload's error instead of `None` fails it.
#[tokio::test]
async fn the_text_goes_alone_where_the_picture_cannot() {
    let failures = [
        vec![Answer::Error { status: 400, code: 100, retry_after: None }],
        vec![Answer::Error { status: 400, code: 131_053, retry_after: None }],
        vec![Answer::body("{}"), Answer::body("{}")],
        vec![Answer::Status(500, vec![], String::new()), Answer::Cut],
    ];
    for failure in failures {
        let whatsapp = FakeWhatsApp::start().await;
        whatsapp.script("media", failure.clone());
        let receipt = gateway(whatsapp.api()).send("1001", &budi(), &picture()).await.expect("sent");
        assert!(receipt.without_picture, "{failure:?}");
        let [message] = whatsapp.accepted().try_into().expect("one message");
        assert_eq!(
            (&message["type"], &message["text"]["body"]),
            (&json!("text"), &json!("Kode persetujuan: 00002681"))
        );
    }
}

#[tokio::test]
async fn one_failed_upload_is_tried_again() {
    let whatsapp = FakeWhatsApp::start().await;
    whatsapp.script("media", [Answer::Status(502, vec![], String::new())]);
    let receipt = gateway(whatsapp.api()).send("1001", &budi(), &picture()).await.expect("sent");
    assert!(!receipt.without_picture);
    assert_eq!(whatsapp.accepted().len(), 1);
    assert_eq!(whatsapp.accepted()[0]["type"], "image");
}

#[tokio::test]
async fn a_throttled_upload_waits_and_nothing_goes_out() {
    let whatsapp = FakeWhatsApp::start().await;
    whatsapp.script("media", [Answer::Error { status: 429, code: 80_007, retry_after: Some(12) }]);
    let result = gateway(whatsapp.api()).send("1001", &budi(), &picture()).await;
    assert!(
        matches!(result, Err(SendError::Throttled { scope: Scope::Channel, after_seconds: Some(12), .. })),
        "{result:?}"
    );
    assert_eq!(whatsapp.accepted().len(), 0);
}

#[tokio::test]
async fn a_picture_that_the_provider_lost_again_leaves_the_text() {
    let (result, whatsapp) = sent(&picture(), Answer::Error { status: 400, code: 131_053, retry_after: None }).await;
    assert!(result.expect("sent").without_picture);
    assert_eq!(whatsapp.accepted().len(), 1);
    assert_eq!(whatsapp.accepted()[0]["type"], "text");
}

#[tokio::test]
async fn a_text_too_long_for_a_caption_goes_without_the_picture() {
    let parcel = Parcel { text: "a".repeat(1_025), ..picture() };
    let (result, whatsapp) = sent(&parcel, Answer::Ok).await;
    assert!(result.expect("sent").without_picture);
    assert_eq!(whatsapp.requests().len(), 1);
}

#[tokio::test]
async fn each_answer_has_its_verdict_and_no_verdict_holds_a_secret() {
    let status = |status, body: &str| Answer::Status(status, vec![], body.to_owned());
    let error = |status, code, retry_after| Answer::Error { status, code, retry_after };
    let rows: Vec<(Answer, IsRight)> = vec![
        (error(429, 130_429, None), |e| {
            matches!(e, SendError::Throttled { scope: Scope::Channel, after_seconds: None, .. })
        }),
        (error(429, 4, Some(30)), |e| {
            matches!(e, SendError::Throttled { scope: Scope::Channel, after_seconds: Some(30), .. })
        }),
        (error(400, 131_056, None), |e| matches!(e, SendError::Throttled { scope: Scope::Recipient, .. })),
        (status(429, "slow down"), |e| matches!(e, SendError::Throttled { scope: Scope::Channel, .. })),
        (error(500, 131_000, None), |e| matches!(e, SendError::Transient(_))),
        (status(503, "<html>"), |e| matches!(e, SendError::Transient(_))),
        (error(400, 131_047, None), |e| matches!(e, SendError::WindowClosed(_))),
        (error(400, 131_026, None), |e| matches!(e, SendError::Refused(_))),
        (error(401, 190, None), |e| matches!(e, SendError::Misconfigured(_))),
        (error(200, 190, None), |e| matches!(e, SendError::Misconfigured(_))),
        (error(200, 131_026, None), |e| matches!(e, SendError::Refused(_))),
        (status(302, ""), |e| matches!(e, SendError::Misconfigured(_))),
        (Answer::body("{}"), |e| matches!(e, SendError::Ambiguous(_))),
        (Answer::body("{\"messages\":[]}"), |e| matches!(e, SendError::Ambiguous(_))),
        (Answer::body("<html>"), |e| matches!(e, SendError::Ambiguous(_))),
        (Answer::body("x".repeat(300_000)), |e| matches!(e, SendError::Ambiguous(_))),
        (Answer::Cut, |e| matches!(e, SendError::Ambiguous(_))),
        (Answer::LostAfterAcceptance, |e| matches!(e, SendError::Ambiguous(_))),
        (Answer::BrokenOff, |e| matches!(e, SendError::Ambiguous(_))),
    ];
    for (answer, is_right) in rows {
        let row = format!("{:.120}", format!("{answer:?}"));
        let (result, _stub) = sent(&text(), answer).await;
        let error = result.expect_err(&row);
        assert!(is_right(&error), "{row} gave {error:?}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(TOKEN) && !shown.contains("81200001234") && !shown.contains("2681"), "{shown}");
    }
}

// Negative control: taking every request error for "nothing was written" fails it.
#[tokio::test]
async fn a_lost_answer_is_not_taken_for_a_failure() {
    let (result, whatsapp) = sent(&text(), Answer::LostAfterAcceptance).await;
    assert!(matches!(result, Err(SendError::Ambiguous(_))), "{result:?}");
    assert_eq!(whatsapp.accepted().len(), 1, "the citizen has it");
    assert_eq!(whatsapp.requests().len(), 1, "and the client did not send it again by itself");
}

#[tokio::test]
async fn nothing_went_out_where_nobody_listens() {
    let api = FakeWhatsApp::start().await.api(); // stops here
    tokio::time::sleep(Duration::from_millis(50)).await;
    let error = gateway(api).send("1001", &budi(), &picture()).await.expect_err("nobody there");
    assert!(matches!(error, SendError::Transient(_)), "{error:?}");
    assert!(!error.to_string().contains("1001"), "{error}");
}

#[tokio::test]
async fn a_slow_answer_is_waited_for() {
    let (result, whatsapp) = sent(&text(), Answer::Slow(Duration::from_millis(700))).await;
    assert!(result.is_ok(), "{result:?}");
    assert_eq!(whatsapp.requests().len(), 1);
}

#[tokio::test]
async fn a_picture_is_fetched_in_two_steps_and_known_by_its_bytes() {
    let whatsapp = FakeWhatsApp::start().await;
    whatsapp.put_media("9001", JPEG);
    let media = gateway(whatsapp.api()).fetch_media("1001", &attachment("9001")).await;
    assert_eq!(media, Ok(Media { mime: "image/jpeg", bytes: Bytes::from_static(JPEG) }));
    let [card, file] = whatsapp.requests().try_into().expect("two requests");
    assert_eq!((card.method.as_str(), card.path.as_str()), ("GET", "/v25.0/9001"));
    assert_eq!((file.method.as_str(), file.path.as_str()), ("GET", "/file-9001"));
    for request in [card, file] {
        assert_eq!(request.header("authorization"), format!("Bearer {TOKEN}"));
        assert!(request.header("user-agent").starts_with("antrean/"));
    }
}

#[tokio::test]
async fn what_can_never_be_fetched_is_final_and_the_rest_is_tried_again() {
    let place = |url: &str| Answer::body(json!({"url": url, "mime_type": "image/jpeg"}).to_string());
    let status = |status| Answer::Status(status, vec![("location", "http://127.0.0.1:1/".into())], String::new());
    let error = |status, code| Answer::Error { status, code, retry_after: None };
    let large = json!({"url": "http://127.0.0.1/x", "file_size": MEDIA_BYTES_MAX + 1}).to_string();
    let rows = [
        ("9001", error(400, 100), true),
        ("9001", status(404), true),
        ("9001", Answer::body(large), true),
        ("9001", place("http://127.0.0.2:1/x"), true),
        ("9001", place("https://example.org/x"), true),
        ("9001", place("no address"), true),
        ("9001", error(401, 190), false),
        ("9001", error(429, 4), false),
        ("9001", status(500), false),
        ("9001", Answer::body("{}"), false),
        ("9001", Answer::Cut, false),
        ("file-9001", status(302), true),
        ("file-9001", Answer::body("%PDF-1.7"), true),
        ("file-9001", Answer::body(""), true),
        ("file-9001", status(403), false),
        ("file-9001", status(404), false),
        ("file-9001", status(500), false),
        ("file-9001", Answer::Cut, false),
        ("file-9001", Answer::BrokenOff, false),
    ];
    for (segment, answer, is_final) in rows {
        let row = format!("{segment} {answer:?}");
        let whatsapp = FakeWhatsApp::start().await;
        whatsapp.put_media("9001", JPEG);
        whatsapp.script(segment, [answer]);
        let failure = gateway(whatsapp.api()).fetch_media("1001", &attachment("9001")).await.expect_err(&row);
        assert_eq!(matches!(failure, FetchError::Final(_)), is_final, "{row} gave {failure:?}");
        assert!(!format!("{failure:?}").contains(TOKEN), "{failure:?}");
    }
}

#[tokio::test]
async fn a_picture_beyond_the_limit_is_cut_off_whatever_was_claimed() {
    let whatsapp = FakeWhatsApp::start().await;
    let fits = [JPEG, &vec![0; MEDIA_BYTES_MAX - JPEG.len()]].concat();
    whatsapp.put_media("9001", fits.clone());
    whatsapp.put_media("9002", [fits, vec![0]].concat());
    let gateway = gateway(whatsapp.api());
    assert!(gateway.fetch_media("1001", &attachment("9001")).await.is_ok());
    // The card claims ten bytes.
    let card = json!({"url": format!("{}/file-9002", whatsapp.api()), "file_size": 10}).to_string();
    whatsapp.script("9002", [Answer::body(card)]);
    let failure = gateway.fetch_media("1001", &attachment("9002")).await;
    assert!(matches!(failure, Err(FetchError::Final(_))), "{failure:?}");
}

#[tokio::test]
async fn a_reference_that_is_no_media_id_is_never_asked_for() {
    let whatsapp = FakeWhatsApp::start().await;
    for reference in ["", "..", "../1001/messages", "1?fields=x", "a/b", "%2e%2e", &"9".repeat(300)] {
        let failure = gateway(whatsapp.api()).fetch_media("1001", &attachment(reference)).await;
        assert!(matches!(failure, Err(FetchError::Final(_))), "{reference}");
    }
    assert_eq!(whatsapp.requests().len(), 0);
}
