//! GREEN-API by the generic gateway's preset, as the suite sees it: the token in the address, own messages told by a word, and
//! a text at another place where it has a link or quotes something.

use serde_json::{Value, json};

use super::candidate::{Candidate, Envelope, ErrorRow, Note, What, row};
use crate::support::fake_whatsapp::Captured;
use crate::support::host::{Played, object_of, within};

const PATH_SECRET: &str = "jalanRahasiaGreen0123456789ab";
const TOKEN: &str = "kunciInstansiGreen0123456789";
const INSTANCE: &str = "1101000001";

pub fn candidate() -> Candidate {
    Candidate {
        name: "green",
        channel: INSTANCE,
        config: |api| {
            format!(
                "[gateway.green]\nkind = \"http_json\"\npreset = \"green_api\"\npath_secret = \"{PATH_SECRET}\"\n\
                 token = \"{TOKEN}\"\n[gateway.green.outbound]\nurl = \"{api}/waInstance{{line}}/sendMessage/{{token}}\"\n\
                 probe_url = \"{api}/waInstance{{line}}/{{token}}/getStateInstance\"\n"
            )
        },
        secrets: &[PATH_SECRET, TOKEN],
        seal: |_| {
            let mut envelope = Envelope::new("green");
            envelope.target = format!("/webhooks/green/{PATH_SECRET}");
            PATH_SECRET.clone_into(&mut envelope.tail);
            envelope
        },
        proof: None,
        signs_body: false,
        write,
        join: None,
        read_receipt: Some(|id| {
            let mut body = around("outgoingMessageStatus", id, 1_795_316_400);
            body["chatId"] = json!("6281200001234@c.us");
            body["status"] = json!("read");
            body.to_string().into_bytes()
        }),
        play,
        send: TOKEN,
        address: |number| format!("{number}@c.us"),
        pictures: false,
        errors: ERRORS,
        ill: Some(|| state("notAuthorized")),
        well: Some(|| state("authorized")),
        // Its own address ends with the token, as that for sending does: the stand-in tells addresses apart by their end.
        unwell: Some(("getStateInstance", r#"{"stateInstance":"notAuthorized"}"#)),
        failing_yes: None,
    }
}

/// What stands around everything that it posts.
fn around(kind: &str, id: &str, at: i64) -> Value {
    json!({"typeWebhook": kind, "instanceData": {"idInstance": 1_101_000_001, "wid": "622155500006@c.us", "typeInstance": "whatsapp"},
        "timestamp": at, "idMessage": id})
}

fn state(word: &str) -> Vec<u8> {
    let mut body = around("stateInstanceChanged", "x", 1_795_316_400);
    body["stateInstance"] = json!(word);
    body.to_string().into_bytes()
}

fn write(note: &Note<'_>) -> Option<Vec<u8>> {
    let mut body = around("incomingMessageReceived", note.id, note.at.timestamp());
    let jid = format!("{}@c.us", note.from);
    body["senderData"] = json!({"chatId": jid, "sender": jid, "chatName": "Budi Contoh", "senderName": "Budi Contoh"});
    let file = |kind: &str, mime: &str, url: &str, caption: &str| json!({"typeMessage": kind, "fileMessageData": {"downloadUrl": url, "caption": caption, "fileName": "a", "mimeType": mime}});
    let at = "https://media.green-api.com/9001";
    body["messageData"] = match note.what {
        What::Text(text) => {
            json!({"typeMessage": "extendedTextMessage", "extendedTextMessageData": {"text": text, "isForwarded": false}})
        }
        What::Picture(caption) => file("imageMessage", "image/jpeg", &format!("{at}.jpeg"), caption),
        What::PictureAt(url) => file("imageMessage", "image/jpeg", url, ""),
        What::Voice => file("audioMessage", "audio/ogg", at, ""),
        What::Video => file("videoMessage", "video/mp4", at, "lihat"),
        What::Sticker => file("stickerMessage", "image/webp", at, ""),
        What::Document => file("documentMessage", "application/pdf", &format!("{at}.pdf"), "surat"),
        What::Location => {
            json!({"typeMessage": "locationMessage", "locationMessageData": {"latitude": -6.2, "longitude": 106.8}})
        }
        What::Card => json!({"typeMessage": "contactMessage", "contactMessageData": {"displayName": "Siti Contoh"}}),
        What::Reaction => json!({"typeMessage": "reactionMessage", "extendedTextMessageData": {"text": "🙏"}}),
        What::Edit(text) => {
            json!({"typeMessage": "editedMessage", "editedMessageData": {"textMessage": text, "stanzaId": "3EB0FF01"}})
        }
        What::Deletion => json!({"typeMessage": "deletedMessage", "deletedMessageData": {"stanzaId": "3EB0FF01"}}),
        What::Button(title) => {
            let told = json!({"stanzaId": "3EB0FF02", "selectedId": "row-7", "selectedDisplayText": title});
            json!({"typeMessage": "templateButtonsReplyMessage", "templateButtonReplyMessage": told})
        }
        What::Group => {
            body["senderData"]["chatId"] = json!("120363402106@g.us");
            json!({"typeMessage": "textMessage", "textMessageData": {"textMessage": "halo semua"}})
        }
        What::Echo => {
            body["typeWebhook"] = json!("outgoingMessageReceived");
            json!({"typeMessage": "textMessage", "textMessageData": {"textMessage": "halo dari kantor"}})
        }
        What::UnknownKind => json!({"typeMessage": "hologramMessage", "hologramMessageData": {"beam": 1}}),
        What::Unknown => {
            body["typeWebhook"] = json!("hologramBeamed");
            json!({"beam": 1})
        }
        What::ViewOnce | What::Filled | What::Empty | What::Notice => return None,
    };
    Some(body.to_string().into_bytes())
}

/// What it posts of a message that we sent: the chat is the citizen's.
pub fn echo(to: &str, text: &str) -> Vec<u8> {
    let mut body = around("outgoingAPIMessageReceived", "3EB0ECHO", 1_795_316_400);
    body["senderData"] = json!({"chatId": to, "sender": to, "senderName": "Kanim"});
    body["messageData"] = json!({"typeMessage": "extendedTextMessage", "extendedTextMessageData": {"text": text}});
    body.to_string().into_bytes()
}

fn play(request: &Captured, number: u64, _api: &str) -> Result<Played, String> {
    let sent = format!("/waInstance{INSTANCE}/sendMessage/{TOKEN}");
    let asked = format!("/waInstance{INSTANCE}/{TOKEN}/getStateInstance");
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", path) if path == sent => {
            if !request.header("authorization").is_empty() {
                return Err("the token goes in the address only".to_owned());
            }
            let body = object_of(request, &["chatId", "message"], &["quotedMessageId", "linkPreview"])?;
            let to = body["chatId"].as_str().filter(|to| to.ends_with("@c.us")).ok_or("no chat")?;
            let text = body["message"].as_str().ok_or("no message")?;
            within(text, 4_096)?;
            Ok(Played::answer(200, json!({"idMessage": format!("BAE5{number}")}).to_string()).saying(to, text, false))
        }
        ("GET", path) if path == asked => Ok(Played::answer(200, r#"{"stateInstance":"authorized"}"#)),
        ("POST" | "GET", path) if path.starts_with(&format!("/waInstance{INSTANCE}/")) => Ok(Played::answer(401, "")),
        _ => Err("no such address".to_owned()),
    }
}

const ERRORS: &[ErrorRow] = &[
    row(401, "", "misconfigured"),
    row(400, r#"{"statusCode":400,"message":"Validation failed. Details: 'chatId'"}"#, "refused"),
    row(466, r#"{"message":"Monthly quota has been exceeded"}"#, "limited"),
    row(429, "", "throttled channel"),
    row(500, "", "transient"),
];
