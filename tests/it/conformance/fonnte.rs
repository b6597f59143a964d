//! Fonnte by the generic gateway's preset, as the suite sees it: unsigned, without ids, and 200 for failures too.

use serde_json::json;

use super::candidate::{Candidate, Envelope, ErrorRow, Note, What, row};
use crate::support::fake_whatsapp::Captured;
use crate::support::host::{Played, form_of, within};

const PATH_SECRET: &str = "jalanRahasiaFonnte0123456789";
const TOKEN: &str = "kunci-alat-fonnte";

pub fn candidate() -> Candidate {
    Candidate {
        name: "fonnte",
        channel: "622155500003",
        config: |api| {
            format!(
                "[gateway.fonnte]\nkind = \"http_json\"\npreset = \"fonnte\"\npath_secret = \"{PATH_SECRET}\"\n\
                 token = \"{TOKEN}\"\n[gateway.fonnte.outbound]\nurl = \"{api}/send\"\npause_seconds = 1\n\
                 probe_url = \"{api}/device\"\nprobe_ok = \"/device_status\"\nprobe_value = \"connect\"\n"
            )
        },
        secrets: &[PATH_SECRET, TOKEN],
        seal: |_| {
            let mut envelope = Envelope::new("fonnte");
            envelope.target = format!("/webhooks/fonnte/{PATH_SECRET}");
            PATH_SECRET.clone_into(&mut envelope.tail);
            envelope
        },
        proof: None,
        signs_body: false,
        write,
        join: None,
        read_receipt: None,
        play,
        send: "send",
        address: str::to_owned,
        pictures: false,
        errors: ERRORS,
        ill: Some(|| session("disconnect")),
        well: Some(|| session("connect")),
        unwell: Some(("device", r#"{"status":true,"device_status":"disconnect"}"#)),
        failing_yes: Some(r#"{"status":false,"reason":"too many requests"}"#),
    }
}

fn write(note: &Note<'_>) -> Option<Vec<u8>> {
    let mut body = json!({"quick": false, "device": "622155500003", "pesan": "", "pengirim": note.from, "member": "",
        "message": "non-text message", "text": "non-button message", "sender": note.from, "name": "Budi", "location": "",
        "url": "", "type": "text", "extension": "", "filename": "", "pollname": "", "choices": [], "inboxid": 0,
        "isgroup": false, "isforwarded": false, "timestamp": note.at.timestamp()});
    let mut file = |kind: &str, url: &str| {
        body["type"] = json!(kind);
        body["url"] = json!(url);
    };
    match note.what {
        What::Text(text) => body["message"] = json!(text),
        What::Picture(caption) => {
            file("image", "https://md.fonnte.com/9001.jpeg");
            if !caption.is_empty() {
                body["message"] = json!(caption);
            }
        }
        What::PictureAt(url) => file("image", url),
        What::Voice => file("audio", "https://md.fonnte.com/1.ogg"),
        What::Video => file("video", "https://md.fonnte.com/1.mp4"),
        What::Sticker => file("sticker", "https://md.fonnte.com/1.webp"),
        What::Document => file("document", "https://md.fonnte.com/1.pdf"),
        What::Location => {
            body["type"] = json!("location");
            body["location"] = json!("-6.2,106.8");
        }
        What::Card => body["type"] = json!("contact"),
        What::ViewOnce => body["type"] = json!("view_once"),
        What::Reaction => body["type"] = json!("reaction"),
        What::Group => {
            body["sender"] = json!("120363402106@g.us");
            body["isgroup"] = json!(true);
            body["message"] = json!("halo semua");
        }
        // It tells of none of these; of its own messages neither.
        What::Edit(_)
        | What::Deletion
        | What::Echo
        | What::Unknown
        | What::UnknownKind
        | What::Filled
        | What::Empty
        | What::Notice => return None,
        What::Button(title) => body["text"] = json!(title),
    }
    Some(body.to_string().into_bytes())
}

fn play(request: &Captured, number: u64, _api: &str) -> Result<Played, String> {
    if request.header("authorization") != TOKEN {
        return Ok(Played::answer(200, r#"{"status":false,"reason":"token invalid"}"#));
    }
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/send") => {
            let known =
                ["target", "message", "url", "filename", "countryCode", "delay", "inboxid", "typing", "duration"];
            let form = form_of(request, &known)?;
            let to = form.get("target").filter(|to| to.bytes().all(|b| b.is_ascii_digit())).ok_or("no target")?;
            let text = form.get("message").ok_or("no message")?;
            within(text, 4_096)?;
            let answer = json!({"status": true, "id": [number.to_string()], "detail": "success! message in queue",
                "process": "pending", "target": [to]});
            Ok(Played::answer(200, answer.to_string()).saying(to, text, false))
        }
        ("POST", "/device") => Ok(Played::answer(200, r#"{"status":true,"device_status":"connect","name":"Kanim"}"#)),
        _ => Err("no such address".to_owned()),
    }
}

const ERRORS: &[ErrorRow] = &[
    row(200, r#"{"status":false,"reason":"token invalid"}"#, "misconfigured"),
    row(200, r#"{"status":false,"reason":"invalid token"}"#, "misconfigured"),
    row(200, r#"{"status":false,"reason":"disconnected device"}"#, "misconfigured"),
    row(200, r#"{"status":false,"reason":"insufficient quota"}"#, "limited"),
    row(200, r#"{"status":false,"reason":"target invalid"}"#, "refused"),
    row(200, r#"{"status":false,"reason":"invalid target"}"#, "refused"),
    row(200, r#"{"status":false,"reason":"something new"}"#, "refused"),
    row(200, r#"{"status":false}"#, "refused"),
    row(200, "{}", "ambiguous"),
    row(200, "<html>", "ambiguous"),
    row(401, "", "misconfigured"),
    row(400, "", "refused"),
];

/// The webhook of the device's status, at the same address.
fn session(status: &str) -> Vec<u8> {
    json!({"device": "622155500003", "status": status, "timestamp": 1_795_316_400, "reason": "x"})
        .to_string()
        .into_bytes()
}
