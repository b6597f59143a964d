//! Evolution API by the generic gateway's preset, as the suite sees it: what Baileys' bridges pass on.

use serde_json::json;

use super::candidate::{Candidate, Envelope, ErrorRow, Note, What, row};
use crate::support::fake_whatsapp::Captured;
use crate::support::host::{Played, object_of, within};

const HEADER_SECRET: &str = "kata-webhook-evolution";
const TOKEN: &str = "kunci-instansi-evolution";
const INSTANCE: &str = "kanim-contoh";

pub fn candidate() -> Candidate {
    Candidate {
        name: "evo",
        channel: INSTANCE,
        config: |api| {
            format!(
                "[gateway.evo]\nkind = \"http_json\"\npreset = \"evolution\"\nsecret_header = \"x-antrean\"\n\
                 header_secret = \"{HEADER_SECRET}\"\ntoken = \"{TOKEN}\"\n[gateway.evo.outbound]\n\
                 url = \"{api}/message/sendText/{{line}}\"\npause_seconds = 1\n\
                 probe_url = \"{api}/instance/{{line}}/connectionState\"\nprobe_get = true\n\
                 probe_ok = \"/instance/state\"\nprobe_value = \"open\"\n"
            )
        },
        secrets: &[HEADER_SECRET, TOKEN],
        seal: |_| Envelope::new("evo").with("x-antrean", HEADER_SECRET),
        proof: Some("x-antrean"),
        signs_body: false,
        write,
        join: None,
        read_receipt: Some(|id| {
            let data =
                json!({"keyId": id, "remoteJid": "6281200001234@s.whatsapp.net", "fromMe": true, "status": "READ"});
            json!({"event": "messages.update", "instance": INSTANCE, "data": data, "apikey": TOKEN})
                .to_string()
                .into_bytes()
        }),
        play,
        send: INSTANCE,
        address: str::to_owned,
        pictures: false,
        errors: ERRORS,
        ill: Some(|| state("close")),
        well: Some(|| state("open")),
        // Its own address ends with the instance, as that for sending does: the stand-in tells addresses apart by their end.
        unwell: Some(("connectionState", r#"{"instance":{"instanceName":"kanim-contoh","state":"close"}}"#)),
        failing_yes: None,
    }
}

fn state(word: &str) -> Vec<u8> {
    json!({"event": "connection.update", "instance": INSTANCE, "data": {"instance": INSTANCE, "state": word, "statusReason": 401}})
        .to_string()
        .into_bytes()
}

/// The privacy id of a number.
pub fn lid(number: &str) -> String {
    format!("25{number}@lid")
}

fn write(note: &Note<'_>) -> Option<Vec<u8>> {
    let mut event = "messages.upsert";
    let mut key = json!({"remoteJid": format!("{}@s.whatsapp.net", note.from), "remoteJidAlt": lid(note.from),
        "fromMe": false, "id": note.id});
    let (kind, message) = match note.what {
        What::Text(text) => ("conversation", json!({"conversation": text})),
        What::Picture(caption) => (
            "imageMessage",
            json!({"imageMessage": {"mimetype": "image/jpeg", "caption": caption}, "mediaUrl": "https://media.example.org/a.jpeg"}),
        ),
        What::PictureAt(url) => ("imageMessage", json!({"imageMessage": {"mimetype": "image/jpeg"}, "mediaUrl": url})),
        What::Voice => ("audioMessage", json!({"audioMessage": {"ptt": true}})),
        What::Video => ("videoMessage", json!({"videoMessage": {"caption": "lihat"}})),
        What::Sticker => ("stickerMessage", json!({"stickerMessage": {}})),
        What::Document => ("documentMessage", json!({"documentMessage": {"fileName": "surat.pdf"}})),
        What::Location => ("locationMessage", json!({"locationMessage": {"degreesLatitude": -6.2}})),
        What::Card => ("contactMessage", json!({"contactMessage": {"displayName": "Siti Contoh"}})),
        What::ViewOnce => ("viewOnceMessageV2", json!({"viewOnceMessageV2": {}})),
        What::Reaction => ("reactionMessage", json!({"reactionMessage": {"text": "🙏"}})),
        What::Edit(text) => {
            let inner = json!({"key": {"id": "3EB0FF01"}, "type": 14, "editedMessage": {"conversation": text}});
            ("editedMessage", json!({"editedMessage": {"message": {"protocolMessage": inner}}}))
        }
        What::Deletion => ("protocolMessage", json!({"protocolMessage": {"key": {"id": "3EB0FF01"}, "type": 0}})),
        What::Button(title) => {
            let told = json!({"selectedButtonId": "row-7", "selectedDisplayText": title});
            ("buttonsResponseMessage", json!({"buttonsResponseMessage": told}))
        }
        What::Empty => ("albumMessage", json!({"albumMessage": {"expectedImageCount": 2}})),
        What::Group => {
            key["remoteJid"] = json!("120363402106@g.us");
            ("conversation", json!({"conversation": "halo semua"}))
        }
        What::Echo => {
            key["fromMe"] = json!(true);
            ("conversation", json!({"conversation": "halo dari kantor"}))
        }
        What::UnknownKind => ("hologramMessage", json!({"hologramMessage": {"beam": 1}})),
        What::Unknown => {
            event = "hologram.beamed";
            ("hologramMessage", json!({}))
        }
        What::Filled | What::Notice => return None,
    };
    let data = json!({"key": key, "pushName": "Budi Contoh", "status": "DELIVERY_ACK", "message": message, "messageType": kind,
        "messageTimestamp": note.at.timestamp(), "source": "android"});
    let body = json!({"event": event, "instance": INSTANCE, "data": data, "destination": "https://antrean.example.go.id",
        "date_time": note.at.to_rfc3339(), "sender": "622155500007@s.whatsapp.net", "server_url": "http://localhost:8080",
        "apikey": TOKEN});
    Some(body.to_string().into_bytes())
}

fn play(request: &Captured, number: u64, _api: &str) -> Result<Played, String> {
    if request.header("apikey") != TOKEN {
        return Ok(Played::answer(
            401,
            r#"{"status":401,"error":"Unauthorized","response":{"message":"Unauthorized"}}"#,
        ));
    }
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/message/sendText/kanim-contoh") => {
            let body = object_of(request, &["number", "text"], &["delay", "quoted", "linkPreview"])?;
            let text = body["text"].as_str().ok_or("no text")?;
            within(text, 4_096)?;
            let to = body["number"].as_str().ok_or("no number")?;
            let answer = json!({"key": {"remoteJid": format!("{to}@s.whatsapp.net"), "fromMe": true, "id": format!("BAE5{number}")},
                "status": "PENDING"});
            Ok(Played::answer(201, answer.to_string()).saying(to, text, false))
        }
        ("GET", "/instance/kanim-contoh/connectionState") => {
            Ok(Played::answer(200, r#"{"instance":{"instanceName":"kanim-contoh","state":"open"}}"#))
        }
        _ => Err("no such address".to_owned()),
    }
}

const ERRORS: &[ErrorRow] = &[
    row(401, r#"{"status":401,"response":{"message":"Unauthorized"}}"#, "misconfigured"),
    row(400, r#"{"status":400,"response":{"message":"Connection Closed"}}"#, "misconfigured"),
    row(400, r#"{"status":400,"response":{"message":"number exists: false"}}"#, "refused"),
    row(404, r#"{"status":404,"response":{"message":"The \"x\" instance does not exist"}}"#, "misconfigured"),
    row(429, "", "throttled channel"),
    row(500, "", "transient"),
];
