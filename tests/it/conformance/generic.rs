//! The generic gateway with everything configured by hand, as the suite sees it: several messages in one body, a keyed
//! hash in base64, nested fields, statuses in the same webhook.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;

use super::candidate::{Candidate, Envelope, ErrorRow, Note, What, row};
use crate::support::fake_whatsapp::Captured;
use crate::support::host::{Played, lawful, object_of, within};

const SECRET: &str = "rahasia-tanda-umum";
const TOKEN: &str = "kunci-kirim-umum";

pub fn candidate() -> Candidate {
    Candidate {
        name: "umum",
        channel: "622155500004",
        config: |api| {
            format!(
                "[gateway.umum]\nkind = \"http_json\"\nsignature_header = \"x-signature\"\nsignature_prefix = \"v1=\"\n\
                 signature_hash = \"sha1\"\nsignature_base64 = true\nhmac_secret = \"{SECRET}\"\ntoken = \"{TOKEN}\"\n\
                 [gateway.umum.inbound]\nitems = \"/events\"\nline = \"/to\"\nid = \"/id\"\nfrom = \"/from\"\n\
                 text = \"/content/text\"\ntime = \"/at\"\nkind = \"/content/type\"\nmedia = \"/content/link\"\n\
                 group = \"/group\"\nown = \"/outgoing\"\nstatus = \"/state\"\nstatus_id = \"/message\"\n\
                 [gateway.umum.outbound]\nurl = \"{api}/v1/messages\"\nauth_prefix = \"Bearer \"\npause_seconds = 1\n\
                 id = \"/data/id\"\nreason = \"/error/code\"\nthrottled = [\"slow_down\"]\nwindow_closed = [\"window\"]\n\
                 opted_out = [\"stop\"]\nmisconfigured = [\"suspended_key\"]\nlimited = [\"spam\"]\nrefused = [\"no_such_user\"]\n\
                 transient = [\"again\"]\n\
                 [gateway.umum.outbound.fields]\n\"/to/phone\" = \"+{{to}}\"\n\"/message/text\" = \"{{text}}\"\n\
                 reference = \"antrean-{{tracker}}\"\n"
            )
        },
        secrets: &[SECRET, TOKEN],
        seal: |body| {
            let mac = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).expect("any key fits");
            let signature = BASE64_STANDARD.encode(mac.chain_update(body).finalize().into_bytes());
            Envelope::new("umum").with("x-signature", &format!("v1={signature}"))
        },
        proof: Some("x-signature"),
        signs_body: true,
        write,
        join: Some(|bodies| {
            let events = bodies.iter().flat_map(|body| {
                let body: Value = serde_json::from_slice(body).expect("JSON");
                body["events"].as_array().expect("events").clone()
            });
            json!({"events": events.collect::<Vec<_>>()}).to_string().into_bytes()
        }),
        read_receipt: Some(|id| {
            json!({"events": [{"to": "622155500004", "state": "read", "message": id}]}).to_string().into_bytes()
        }),
        play,
        send: "messages",
        address: |number| format!("+{number}"),
        pictures: false,
        errors: ERRORS,
        ill: None,
        well: None,
        unwell: None,
        failing_yes: None,
    }
}

fn write(note: &Note<'_>) -> Option<Vec<u8>> {
    let mut event = json!({"id": note.id, "to": "+62 21 5550 0004", "from": note.from, "at": note.at.to_rfc3339(), "group": false,
        "outgoing": false, "content": {}});
    event["content"] = match note.what {
        What::Text(text) => json!({"type": "text", "text": text}),
        What::Picture(caption) => json!({"type": "image", "text": caption, "link": "https://files.example.org/a.jpeg"}),
        What::PictureAt(url) => json!({"type": "image", "link": url}),
        What::Voice => json!({"type": "voice"}),
        What::Video => json!({"type": "video"}),
        What::Sticker => json!({"type": "sticker"}),
        What::Location => json!({"type": "location"}),
        What::Card => json!({"type": "contact"}),
        What::Document => json!({"type": "document", "link": "https://files.example.org/a.pdf"}),
        What::ViewOnce => json!({"type": "view_once"}),
        What::Reaction => json!({"type": "reaction", "text": "🙏"}),
        What::Edit(text) => json!({"type": "edited", "text": text}),
        What::UnknownKind => json!({"type": "hologram"}),
        What::Filled | What::Button(_) | What::Empty | What::Notice | What::Unknown => return None,
        What::Deletion => json!({"type": "revoked"}),
        What::Echo => {
            event["outgoing"] = json!(true);
            json!({"type": "text", "text": "halo dari kantor"})
        }
        What::Group => {
            event["group"] = json!(true);
            json!({"type": "text", "text": "halo semua"})
        }
    };
    Some(json!({"events": [event]}).to_string().into_bytes())
}

fn play(request: &Captured, number: u64, _api: &str) -> Result<Played, String> {
    if request.header("authorization") != format!("Bearer {TOKEN}") {
        return Ok(Played::answer(401, r#"{"error":{"code":"suspended_key"}}"#));
    }
    if (request.method.as_str(), request.path.as_str()) != ("POST", "/v1/messages") {
        return Err("no such address".to_owned());
    }
    let body = object_of(request, &["to", "message"], &["reference"])?;
    lawful(&body["to"], &["phone"], &[])?;
    lawful(&body["message"], &["text"], &[])?;
    let text = body["message"]["text"].as_str().ok_or("no text")?;
    within(text, 4_096)?;
    let to = body["to"]["phone"].as_str().ok_or("no phone")?;
    Ok(Played::answer(202, json!({"data": {"id": format!("out-{number}")}}).to_string()).saying(to, text, false))
}

const ERRORS: &[ErrorRow] = &[
    row(429, r#"{"error":{"code":"slow_down"}}"#, "throttled channel"),
    row(400, r#"{"error":{"code":"again"}}"#, "transient"),
    row(403, r#"{"error":{"code":"window"}}"#, "window closed"),
    row(403, r#"{"error":{"code":"stop"}}"#, "opted out"),
    row(401, r#"{"error":{"code":"suspended_key"}}"#, "misconfigured"),
    row(403, r#"{"error":{"code":"spam"}}"#, "limited"),
    row(404, r#"{"error":{"code":"no_such_user"}}"#, "refused"),
    row(500, "", "transient"),
    row(400, "", "refused"),
    row(401, "", "misconfigured"),
];
