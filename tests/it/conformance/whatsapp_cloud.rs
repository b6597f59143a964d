//! WhatsApp's Cloud API, as the suite sees it.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::candidate::{Candidate, Envelope, ErrorRow, Note, What, row};
use crate::support::fake_whatsapp::Captured;
use crate::support::host::{Played, lawful, object_of, parts_of, text_part, within};
use crate::support::installation::{body, change};

const SECRET: &str = "rahasia-aplikasi-wa";
const TOKEN: &str = "kunci-kirim-wa";

pub fn candidate() -> Candidate {
    Candidate {
        name: "wa",
        channel: "1001",
        config: |api| {
            format!(
                "[gateway.wa]\nkind = \"whatsapp_cloud\"\napi = \"{api}\"\nverify_token = \"kata-periksa-wa\"\n\
                 app_secret = \"rahasia-sebelumnya\"\napp_secret_next = \"{SECRET}\"\naccess_token = \"{TOKEN}\"\n"
            )
        },
        secrets: &[SECRET, TOKEN, "kata-periksa-wa", "rahasia-sebelumnya"],
        seal: |body| Envelope::new("wa").with("x-hub-signature-256", &format!("sha256={}", sha256(SECRET, body))),
        proof: Some("x-hub-signature-256"),
        signs_body: true,
        write,
        join: Some(|bodies| {
            let entries = bodies.iter().flat_map(|body| {
                let body: Value = serde_json::from_slice(body).expect("JSON");
                body["entry"].as_array().expect("entries").clone()
            });
            json!({"object": "whatsapp_business_account", "entry": entries.collect::<Vec<_>>()})
                .to_string()
                .into_bytes()
        }),
        read_receipt: Some(|id| {
            let mut change = change("1001", &[]);
            change["value"]["statuses"] =
                json!([{"id": id, "status": "read", "timestamp": "1795316400", "recipient_id": "6281200001234"}]);
            body(&[vec![change]]).into_bytes()
        }),
        play,
        send: "messages",
        address: str::to_owned,
        pictures: true,
        errors: ERRORS,
        ill: Some(|| account_update(&json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}))),
        well: Some(|| {
            account_update(&json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}))
        }),
        unwell: Some((
            "1001",
            r#"{"health_status":{"can_send_message":"BLOCKED","entities":[{"entity_type":"WABA","can_send_message":"BLOCKED","errors":[{"error_code":141006}]}]}}"#,
        )),
        failing_yes: Some(r#"{"error":{"code":131000}}"#),
    }
}

pub fn sha256(secret: &str, body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key fits");
    hex::encode(mac.chain_update(body).finalize().into_bytes())
}

fn write(note: &Note<'_>) -> Option<Vec<u8>> {
    let file = |more: Value| {
        let mut file = json!({"id": "9001", "mime_type": "image/jpeg", "sha256": "3q2+7w=="});
        file.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        file
    };
    let (kind, part) = match note.what {
        What::Text(text) => ("text", json!({"body": text})),
        What::Picture("") => ("image", file(json!({}))),
        What::Picture(caption) => ("image", file(json!({"caption": caption}))),
        // Pictures are fetched by their id; what stands here is never followed.
        What::PictureAt(url) => ("image", file(json!({"url": url}))),
        What::Voice => ("audio", file(json!({"voice": true}))),
        What::Video => ("video", file(json!({}))),
        What::Sticker => ("sticker", file(json!({"animated": false}))),
        What::Location => ("location", json!({"latitude": -6, "longitude": 106.8})),
        What::Card => ("contacts", json!([{"name": {"formatted_name": "Siti Contoh"}}])),
        What::Document => ("document", file(json!({"mime_type": "application/pdf", "filename": "surat.pdf"}))),
        What::ViewOnce => ("unsupported", json!({"type": "view_once"})),
        What::Reaction => ("reaction", json!({"message_id": "wamid.OUT1", "emoji": "🙏"})),
        What::Edit(text) => {
            ("edit", json!({"original_message_id": "wamid.X", "message": {"type": "text", "text": {"body": text}}}))
        }
        What::Filled => {
            let fields =
                r#"{"flow_token":"t","nama":"Siti Contoh","tgl_lahir":"1990-03-12","tgl_kedatangan":"2026-12-10"}"#;
            (
                "interactive",
                json!({"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": fields}}),
            )
        }
        What::Button(title) => {
            ("interactive", json!({"type": "button_reply", "button_reply": {"id": "row-7", "title": title}}))
        }
        What::Empty => return None,
        What::Notice => ("system", json!({"type": "customer_identity_changed", "body": "x"})),
        What::Deletion => ("revoke", json!({"original_message_id": "wamid.X"})),
        What::Group => ("text", json!({"body": "halo semua"})),
        What::UnknownKind => ("hologram", json!({"beam": 1})),
        What::Unknown => {
            return Some(body(&[vec![json!({"field": "hologram_beamed", "value": {"beam": 1}})]]).into_bytes());
        }
        What::Echo => {
            let echo = json!({"from": "622100000001", "to": note.from, "id": note.id, "type": "text",
                "timestamp": note.at.timestamp().to_string(), "text": {"body": "halo dari kantor"}});
            let value = json!({"metadata": {"phone_number_id": "1001"}, "message_echoes": [echo]});
            return Some(body(&[vec![json!({"field": "smb_message_echoes", "value": value})]]).into_bytes());
        }
    };
    let mut message = json!({"from": note.from, "id": note.id, "timestamp": note.at.timestamp().to_string(), "type": kind, kind: part});
    if note.what == What::Group {
        message["group_id"] = json!("G1");
    }
    Some(body(&[vec![change("1001", &[message])]]).into_bytes())
}

/// The API, by Meta's reference of messages and media.
fn play(request: &Captured, number: u64, api: &str) -> Result<Played, String> {
    let bearer = format!("Bearer {TOKEN}");
    if request.header("authorization") != bearer {
        return Ok(Played::answer(401, r#"{"error":{"code":190}}"#));
    }
    let path = request.path.split('?').next().unwrap_or_default();
    match (request.method.as_str(), path) {
        ("POST", "/v25.0/1001/messages") => message(request, number),
        ("POST", "/v25.0/1001/media") => {
            let parts = parts_of(request, &["messaging_product", "type", "file"])?;
            if text_part(&parts, "messaging_product")? != "whatsapp" || !parts.contains_key("file") {
                return Err("not an upload".to_owned());
            }
            text_part(&parts, "type")?;
            Ok(Played::answer(200, json!({"id": format!("upload-{number}")}).to_string()))
        }
        ("GET", "/v25.0/1001") => {
            let health = json!({"can_send_message": "LIMITED", "entities": [{"entity_type": "WABA", "id": "1"}]});
            let line = json!({"verified_name": "Kanim Contoh", "display_phone_number": "+62 21 0000 0001",
                "health_status": health});
            Ok(Played::answer(200, line.to_string()))
        }
        ("GET", "/v25.0/9001") => {
            let place = json!({"url": format!("{api}/file-9001"), "mime_type": "image/jpeg", "file_size": 20});
            Ok(Played::answer(200, place.to_string()))
        }
        _ => Err("no such address".to_owned()),
    }
}

fn message(request: &Captured, number: u64) -> Result<Played, String> {
    let needed = ["messaging_product", "type"];
    let known = [
        "recipient_type",
        "to",
        "recipient",
        "text",
        "image",
        "document",
        "interactive",
        "template",
        "context",
        "biz_opaque_callback_data",
    ];
    let body = object_of(request, &needed, &known)?;
    let to = body["to"].as_str().or(body["recipient"].as_str()).ok_or("nobody to send to")?;
    if body.get("to").is_some() == body.get("recipient").is_some() || to.starts_with('+') {
        return Err("`to` or `recipient`, without a plus".to_owned());
    }
    if body["biz_opaque_callback_data"].as_str().is_some_and(|data| data.len() > 512) {
        return Err("too much data".to_owned());
    }
    let (text, with_picture) = match body["type"].as_str() {
        Some("text") => {
            lawful(&body["text"], &["body"], &["preview_url"])?;
            let text = body["text"]["body"].as_str().ok_or("no text")?;
            within(text, 4_096)?;
            (text, false)
        }
        Some("image") => {
            lawful(&body["image"], &["id"], &["caption"])?;
            let caption = body["image"]["caption"].as_str().unwrap_or_default();
            within(caption, 1_024)?;
            (caption, true)
        }
        Some("document") => {
            lawful(&body["document"], &["id"], &["caption", "filename"])?;
            (body["document"]["caption"].as_str().unwrap_or_default(), true)
        }
        Some("interactive") => (interactive(&body["interactive"])?, body["interactive"]["header"]["type"] == "image"),
        Some("template") => {
            lawful(&body["template"], &["name", "language"], &["components"])?;
            lawful(&body["template"]["language"], &["code"], &[])?;
            for component in body["template"]["components"].as_array().into_iter().flatten() {
                lawful(component, &["type", "parameters"], &[])?;
                for parameter in component["parameters"].as_array().ok_or("no parameters")? {
                    lawful(parameter, &["type", "text"], &[])?;
                    within(parameter["text"].as_str().unwrap_or_default(), 1_024)?;
                }
            }
            (body["template"]["name"].as_str().ok_or("no name")?, false)
        }
        other => return Err(format!("type {other:?}")),
    };
    let answer = json!({"messaging_product": "whatsapp", "contacts": [{"input": to, "wa_id": to}],
        "messages": [{"id": format!("wamid.OUT{number}"), "message_status": "accepted"}]});
    Ok(Played::answer(200, answer.to_string()).saying(to, text, with_picture))
}

fn interactive(part: &Value) -> Result<&str, String> {
    lawful(part, &["type", "body", "action"], &["header", "footer"])?;
    let buttons = part["action"]["buttons"].as_array().ok_or("no buttons")?;
    if buttons.is_empty() || buttons.len() > 3 {
        return Err(format!("{} buttons", buttons.len()));
    }
    for button in buttons {
        lawful(button, &["type", "reply"], &[])?;
        lawful(&button["reply"], &["id", "title"], &[])?;
        within(button["reply"]["title"].as_str().unwrap_or_default(), 20)?;
        within(button["reply"]["id"].as_str().unwrap_or_default(), 256)?;
    }
    let text = part["body"]["text"].as_str().ok_or("no text")?;
    within(text, 1_024)?;
    Ok(text)
}

/// Meta's page of error codes: one row for each code of the table, one for each way to answer.
const ERRORS: &[ErrorRow] = &[
    row(400, r#"{"error":{"code":4}}"#, "throttled channel"),
    row(400, r#"{"error":{"code":80007}}"#, "throttled channel"),
    row(400, r#"{"error":{"code":130429}}"#, "throttled channel"),
    row(400, r#"{"error":{"code":613}}"#, "throttled channel"),
    row(400, r#"{"error":{"code":131057}}"#, "throttled channel"),
    row(400, r#"{"error":{"code":131056}}"#, "throttled recipient"),
    row(400, r#"{"error":{"code":131048}}"#, "limited"),
    row(403, r#"{"error":{"code":368}}"#, "limited"),
    row(400, r#"{"error":{"code":131064}}"#, "limited"),
    row(500, r#"{"error":{"code":1}}"#, "transient"),
    row(503, r#"{"error":{"code":2}}"#, "transient"),
    row(500, r#"{"error":{"code":131000}}"#, "transient"),
    row(500, r#"{"error":{"code":131016}}"#, "transient"),
    row(400, r#"{"error":{"code":135000}}"#, "transient"),
    row(400, r#"{"error":{"code":131047}}"#, "window closed"),
    row(400, r#"{"error":{"code":470}}"#, "window closed"),
    row(400, r#"{"error":{"code":131026}}"#, "refused"),
    row(400, r#"{"error":{"code":131021}}"#, "refused"),
    row(400, r#"{"error":{"code":131030}}"#, "refused"),
    row(400, r#"{"error":{"code":131062}}"#, "refused"),
    row(400, r#"{"error":{"code":130472}}"#, "refused"),
    row(400, r#"{"error":{"code":131049}}"#, "refused"),
    row(400, r#"{"error":{"code":131050}}"#, "opted out"),
    row(400, r#"{"error":{"code":100}}"#, "refused"),
    row(400, r#"{"error":{"code":131008}}"#, "refused"),
    row(400, r#"{"error":{"code":131009}}"#, "refused"),
    row(400, r#"{"error":{"code":131051}}"#, "refused"),
    row(400, r#"{"error":{"code":132000}}"#, "template refused"),
    row(400, r#"{"error":{"code":132001}}"#, "template refused"),
    row(400, r#"{"error":{"code":132015}}"#, "template refused"),
    row(400, r#"{"error":{"code":131063}}"#, "template refused"),
    row(401, r#"{"error":{"code":190}}"#, "misconfigured"),
    row(400, r#"{"error":{"code":0}}"#, "misconfigured"),
    row(400, r#"{"error":{"code":3}}"#, "misconfigured"),
    row(403, r#"{"error":{"code":10}}"#, "misconfigured"),
    row(403, r#"{"error":{"code":200}}"#, "misconfigured"),
    row(403, r#"{"error":{"code":131005}}"#, "misconfigured"),
    row(400, r#"{"error":{"code":131031}}"#, "misconfigured"),
    row(400, r#"{"error":{"code":131037}}"#, "misconfigured"),
    row(400, r#"{"error":{"code":131042}}"#, "misconfigured"),
    row(400, r#"{"error":{"code":131045}}"#, "misconfigured"),
    row(400, r#"{"error":{"code":130497}}"#, "misconfigured"),
    row(400, r#"{"error":{"code":133010}}"#, "misconfigured"),
    row(400, r#"{"error":{"code":987654}}"#, "refused"),
    row(500, r#"{"error":{"code":987654}}"#, "transient"),
    row(200, r#"{"error":{"code":190}}"#, "misconfigured"),
    row(200, r#"{"messages":[]}"#, "ambiguous"),
    row(200, "<html>", "ambiguous"),
];

/// An event of the account, which names none of its numbers.
fn account_update(value: &Value) -> Vec<u8> {
    body(&[vec![json!({"field": "account_update", "value": value})]]).into_bytes()
}
