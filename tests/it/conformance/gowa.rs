//! gowa, as the suite sees it. Shapes: the bridge's page of webhook payloads, and its `OpenAPI` file.

use serde_json::{Value, json};

use super::candidate::{Candidate, Envelope, ErrorRow, JPEG, Note, What, row};
use super::whatsapp_cloud::sha256;
use crate::support::fake_whatsapp::Captured;
use crate::support::host::{Played, object_of, parts_of, text_part, within};

const SECRET: &str = "rahasia-webhook-gowa";
const PASSWORD: &str = "kata-sandi-gowa";
/// `antrean:kata-sandi-gowa`.
const BASIC: &str = "Basic YW50cmVhbjprYXRhLXNhbmRpLWdvd2E=";

pub fn candidate() -> Candidate {
    Candidate {
        name: "gowa",
        channel: "622155500001",
        config: |api| {
            format!(
                "[gateway.gowa]\nkind = \"gowa\"\napi = \"{api}\"\nuser = \"antrean\"\npassword = \"{PASSWORD}\"\n\
                 webhook_secret = \"{SECRET}\"\n"
            )
        },
        secrets: &[SECRET, PASSWORD, "YW50cmVhbjprYXRhLXNhbmRpLWdvd2E="],
        seal: |body| Envelope::new("gowa").with("x-hub-signature-256", &format!("sha256={}", sha256(SECRET, body))),
        proof: Some("x-hub-signature-256"),
        signs_body: true,
        write,
        join: None,
        read_receipt: Some(|id| {
            let payload = json!({"ids": [id], "chat_id": "6281200001234@s.whatsapp.net",
                "from": "6281200001234@s.whatsapp.net", "receipt_type": "read"});
            json!({"event": "message.ack", "device_id": "622155500001@s.whatsapp.net", "payload": payload})
                .to_string()
                .into_bytes()
        }),
        play,
        send: "message",
        address: |number| format!("{number}@s.whatsapp.net"),
        pictures: true,
        errors: ERRORS,
        ill: Some(|| session("logged_out")),
        well: Some(|| session("connected")),
        unwell: Some(("devices", r#"{"code":"SUCCESS","message":"ok","results":[]}"#)),
        failing_yes: Some(r#"{"code":"ERROR","message":"429: rate-overlimit"}"#),
    }
}

fn write(note: &Note<'_>) -> Option<Vec<u8>> {
    let jid = format!("{}@s.whatsapp.net", note.from);
    let mut event = "message";
    let mut payload = json!({"id": note.id, "chat_id": jid, "from": jid, "from_lid": format!("25{}@lid", note.from),
        "from_name": "Budi Contoh", "timestamp": note.at.to_rfc3339(), "is_from_me": false});
    let (key, value) = match note.what {
        What::Text(text) => ("body", json!(text)),
        What::Picture("") => ("image", json!("statics/media/9001.jpeg")),
        What::Picture(caption) => ("image", json!({"path": "statics/media/9001.jpeg", "caption": caption})),
        What::PictureAt(url) => ("image", json!({"path": url, "caption": ""})),
        What::Voice => ("audio", json!("statics/media/1.ogg")),
        What::Video => ("video", json!({"path": "statics/media/1.mp4", "caption": "lihat"})),
        What::Sticker => ("sticker", json!("statics/media/1.webp")),
        What::Location => ("location", json!({"degreesLatitude": -6.2, "degreesLongitude": 106.8})),
        What::Card => ("contact", json!({"displayName": "Siti Contoh", "vcard": "BEGIN:VCARD"})),
        What::Document => ("document", json!({"url": "https://mmg.whatsapp.net/x", "filename": "surat.pdf"})),
        What::ViewOnce => {
            payload["view_once"] = json!(true);
            ("image", json!("statics/media/9001.jpeg"))
        }
        What::Reaction => {
            event = "message.reaction";
            ("reaction", json!("🙏"))
        }
        What::Edit(text) => {
            event = "message.edited";
            payload["original_message_id"] = json!("3EB0FF01");
            ("body", json!(text))
        }
        What::Empty => ("body", json!(null)),
        What::Filled | What::Button(_) | What::Notice | What::UnknownKind => return None,
        What::Deletion => {
            event = "message.revoked";
            ("revoked_message_id", json!("3EB0"))
        }
        What::Echo => {
            payload["is_from_me"] = json!(true);
            ("body", json!("halo dari kantor"))
        }
        What::Group => {
            payload["chat_id"] = json!("120363402106@g.us");
            ("body", json!("halo semua"))
        }
        What::Unknown => {
            event = "hologram.beamed";
            ("beam", json!(1))
        }
    };
    payload[key] = value;
    let body = json!({"event": event, "device_id": "622155500001@s.whatsapp.net", "payload": payload});
    Some(body.to_string().into_bytes())
}

fn play(request: &Captured, number: u64, _api: &str) -> Result<Played, String> {
    if request.header("authorization") != BASIC {
        return Ok(Played::answer(401, r#"{"code":"AUTHENTICATION_ERROR","message":"no"}"#));
    }
    if request.header("x-device-id") != "622155500001@s.whatsapp.net" {
        return Err("no device".to_owned());
    }
    let sent = |to: &str, text: &str, with_picture| {
        let results = json!({"message_id": format!("3EB0OUT{number}"), "status": "success"});
        let answer = json!({"code": "SUCCESS", "message": "Success", "results": results});
        let to =
            to.strip_suffix("@s.whatsapp.net").or(Some(to).filter(|to| to.ends_with("@lid"))).ok_or("no address")?;
        Ok(Played::answer(200, answer.to_string()).saying(format!("{to}@s.whatsapp.net"), text, with_picture))
    };
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/send/message") => {
            let body = object_of(request, &["phone", "message"], &["reply_message_id", "is_forwarded", "duration"])?;
            let text = body["message"].as_str().ok_or("no text")?;
            within(text, 4_096)?;
            sent(body["phone"].as_str().unwrap_or_default(), text, false)
        }
        ("POST", "/send/image") => {
            let parts =
                parts_of(request, &["phone", "caption", "view_once", "image", "image_url", "compress", "duration"])?;
            let caption = text_part(&parts, "caption")?;
            within(&caption, 1_024)?;
            if !parts.contains_key("image") {
                return Err("no image".to_owned());
            }
            sent(&text_part(&parts, "phone")?, &caption, true)
        }
        ("POST", "/send/file") => {
            let parts = parts_of(request, &["phone", "caption", "file", "is_forwarded", "duration"])?;
            if !parts.contains_key("file") {
                return Err("no file".to_owned());
            }
            sent(&text_part(&parts, "phone")?, &text_part(&parts, "caption")?, true)
        }
        ("GET", "/app/devices") => {
            let devices = json!([{"name": "Kanim", "device": "622155500001.0:64@s.whatsapp.net"}]);
            Ok(Played::answer(200, json!({"code": "SUCCESS", "message": "ok", "results": devices}).to_string()))
        }
        ("GET", path) if path.starts_with("/message/") && path.contains("/download?phone=") => {
            let results: Value =
                json!({"message_id": "x", "file_path": "statics/media/9001.jpeg", "file_size": JPEG.len()});
            Ok(Played::answer(200, json!({"code": "SUCCESS", "message": "ok", "results": results}).to_string()))
        }
        _ => Err("no such address".to_owned()),
    }
}

/// The bridge's own error types (`pkg/error`), and what it passes on of WhatsApp.
const ERRORS: &[ErrorRow] = &[
    row(401, r#"{"code":"AUTHENTICATION_ERROR","message":"x"}"#, "misconfigured"),
    row(500, r#"{"code":"INVALID_WA_CLI","message":"x"}"#, "misconfigured"),
    row(400, r#"{"code":"RECONNECT_ERROR","message":"x"}"#, "misconfigured"),
    row(500, r#"{"code":"SESSION_SAVED_ERROR","message":"x"}"#, "misconfigured"),
    row(500, r#"{"code":"INTERNAL_SERVER_ERROR","message":"you are not logged in"}"#, "misconfigured"),
    row(400, r#"{"code":"INVALID_JID","message":"user is not registered"}"#, "refused"),
    row(400, r#"{"code":"VALIDATION_ERROR","message":"x"}"#, "refused"),
    row(429, r#"{"code":"WA_REACHOUT_TIMELOCK","message":"463"}"#, "window closed"),
    row(500, r#"{"code":"INTERNAL_SERVER_ERROR","message":"server returned error 463"}"#, "window closed"),
    row(500, r#"{"code":"INTERNAL_SERVER_ERROR","message":"429: rate-overlimit"}"#, "throttled channel"),
    row(500, r#"{"code":"UPLOAD_MEDIA_ERROR","message":"x"}"#, "transient"),
    row(500, r#"{"code":"INTERNAL_SERVER_ERROR","message":"x"}"#, "transient"),
    row(200, r#"{"code":"ERROR","message":"x"}"#, "refused"),
    row(200, r#"{"code":"SUCCESS","message":"x","results":{}}"#, "ambiguous"),
    row(200, "<html>", "ambiguous"),
];

/// What some builds of the bridge tell about the linked telephone.
fn session(status: &str) -> Vec<u8> {
    let payload = json!({"status": status, "reason": "x", "code": 101});
    json!({"event": "session.status", "device_id": "622155500001@s.whatsapp.net", "payload": payload})
        .to_string()
        .into_bytes()
}
