//! Telegram, as the suite sees it. Shapes: the Bot API's reference.

use serde_json::{Value, json};

use super::candidate::{Candidate, Envelope, ErrorRow, JPEG, Note, What, row};
use crate::support::fake_whatsapp::Captured;
use crate::support::host::{Played, lawful, object_of, parts_of, text_part, within};

const SECRET: &str = "katarahasia-telegram-0123456789";
const TOKEN: &str = "1234567:AAkunci-bot_telegram";

pub fn candidate() -> Candidate {
    Candidate {
        name: "tg",
        channel: "1234567",
        config: |api| {
            format!(
                "[gateway.tg]\nkind = \"telegram\"\napi = \"{api}\"\ntoken = \"{TOKEN}\"\nsecret_token = \"{SECRET}\"\n"
            )
        },
        secrets: &[SECRET, TOKEN, "AAkunci-bot_telegram"],
        seal: |_| Envelope::new("tg").with("x-telegram-bot-api-secret-token", SECRET),
        proof: Some("x-telegram-bot-api-secret-token"),
        signs_body: false,
        write,
        join: None,
        read_receipt: None,
        play,
        send: "sendMessage",
        address: chat_of,
        pictures: true,
        errors: ERRORS,
        ill: None,
        well: None,
        unwell: Some(("getMe", r#"{"ok":false,"error_code":401,"description":"Unauthorized"}"#)),
        failing_yes: Some(
            r#"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":1}}"#,
        ),
    }
}

/// Telegram tells no numbers: the citizen's last digits make their chat.
fn chat_of(number: &str) -> String {
    format!("1{}", &number[number.len() - 6..])
}

fn write(note: &Note<'_>) -> Option<Vec<u8>> {
    let chat: i64 = chat_of(note.from).parse().expect("digits");
    let number =
        note.id.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(131).wrapping_add(u64::from(byte))) % 1_000_000_000;
    let mut message = json!({"message_id": number, "from": {"id": chat, "is_bot": false, "first_name": "Budi"},
        "chat": {"id": chat, "first_name": "Budi", "type": "private"}, "date": note.at.timestamp()});
    let mut kind = "message";
    let sizes = |id: &str| {
        json!([{"file_id": "kecil", "file_unique_id": "a", "width": 90, "height": 90, "file_size": 900},
               {"file_id": id, "file_unique_id": "b", "width": 800, "height": 800, "file_size": 90_000}])
    };
    match note.what {
        What::Text(text) => message["text"] = json!(text),
        What::Picture(caption) => {
            message["photo"] = sizes("9001");
            if !caption.is_empty() {
                message["caption"] = json!(caption);
            }
        }
        What::PictureAt(url) => message["photo"] = sizes(url),
        What::Voice => message["voice"] = json!({"file_id": "v", "duration": 2}),
        What::Video => message["video"] = json!({"file_id": "v", "duration": 2}),
        What::Sticker => message["sticker"] = json!({"file_id": "s", "type": "regular"}),
        What::Location => message["location"] = json!({"latitude": -6.2, "longitude": 106.8}),
        What::Card => {
            message["contact"] = json!({"phone_number": "+62 812 0000 5678", "first_name": "Siti", "user_id": 99});
        }
        What::Document => message["document"] = json!({"file_id": "d", "mime_type": "application/pdf"}),
        // Self-destructing pictures do not reach bots, and of deletions they are not told.
        What::ViewOnce | What::Deletion | What::Empty => return None,
        What::Reaction => kind = "message_reaction",
        What::Edit(text) => {
            kind = "edited_message";
            message["text"] = json!(text);
        }
        What::Filled => {
            let data = r#"{"nama":"Siti Contoh","tgl_lahir":"1990-03-12","tgl_kedatangan":"2026-12-10"}"#;
            message["web_app_data"] = json!({"data": data, "button_text": "Daftar"});
        }
        What::Button(title) => {
            let keyboard = json!({"inline_keyboard": [[{"text": "lain", "callback_data": "row-6"}], [{"text": title, "callback_data": "row-7"}]]});
            let under = json!({"message_id": 3, "chat": message["chat"], "reply_markup": keyboard});
            kind = "callback_query";
            message = json!({"id": note.id, "from": message["from"], "data": "row-7", "message": under});
        }
        What::Notice => message["pinned_message"] = json!({"message_id": 1}),
        What::UnknownKind => message["hologram"] = json!({"beam": 1}),
        What::Echo => {
            message["from"]["is_bot"] = json!(true);
            message["text"] = json!("halo dari kantor");
        }
        What::Group => {
            message["chat"] = json!({"id": -100_123, "type": "supergroup", "title": "RT"});
            message["text"] = json!("halo semua");
        }
        What::Unknown => kind = "hologram",
    }
    let mut update = json!({"update_id": 1000});
    update[kind] = message;
    Some(update.to_string().into_bytes())
}

fn play(request: &Captured, number: u64, _api: &str) -> Result<Played, String> {
    let Some(rest) = request.path.strip_prefix(&format!("/bot{TOKEN}/")) else {
        return Err("no such bot".to_owned());
    };
    let sent = |chat: &Value, text: &str, with_picture| {
        let chat = chat.as_i64().ok_or("no chat")?;
        let result = json!({"message_id": number, "chat": {"id": chat, "type": "private"}, "date": 1});
        let answer = json!({"ok": true, "result": result}).to_string();
        Ok(Played::answer(200, answer).saying(chat.to_string(), text, with_picture))
    };
    match (request.method.as_str(), rest.split('?').next().unwrap_or_default()) {
        ("POST", "sendMessage") => {
            let known =
                ["reply_markup", "reply_parameters", "link_preview_options", "disable_notification", "parse_mode"];
            let body = object_of(request, &["chat_id", "text"], &known)?;
            if let Some(markup) = body.get("reply_markup") {
                keyboard(markup)?;
            }
            let text = body["text"].as_str().ok_or("no text")?;
            within(text, 4_096)?;
            sent(&body["chat_id"], text, false)
        }
        ("POST", verb @ ("sendPhoto" | "sendDocument")) => {
            let field = if verb == "sendPhoto" { "photo" } else { "document" };
            let parts = parts_of(request, &["chat_id", field, "caption", "reply_markup", "parse_mode"])?;
            let caption = text_part(&parts, "caption")?;
            within(&caption, 1_024)?;
            if !parts.contains_key(field) {
                return Err("no file".to_owned());
            }
            let chat: i64 = text_part(&parts, "chat_id")?.parse().map_err(|_| "no chat")?;
            sent(&json!(chat), &caption, true)
        }
        ("GET", "getMe") => {
            Ok(Played::answer(200, r#"{"ok":true,"result":{"id":1234567,"is_bot":true,"username":"kanim_bot"}}"#))
        }
        ("GET", "getFile") => {
            let result = json!({"file_id": "9001", "file_size": JPEG.len(), "file_path": "photos/9001.jpeg"});
            Ok(Played::answer(200, json!({"ok": true, "result": result}).to_string()))
        }
        _ => Err("no such method".to_owned()),
    }
}

fn keyboard(markup: &Value) -> Result<(), String> {
    lawful(markup, &["inline_keyboard"], &[])?;
    for button in
        markup["inline_keyboard"].as_array().into_iter().flatten().flat_map(|row| row.as_array().into_iter().flatten())
    {
        lawful(button, &["text", "callback_data"], &[])?;
        let data = button["callback_data"].as_str().unwrap_or_default();
        if !(1..=64).contains(&data.len()) {
            return Err(format!("{} bytes of data", data.len()));
        }
    }
    Ok(())
}

const ERRORS: &[ErrorRow] = &[
    row(
        429,
        r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 5","parameters":{"retry_after":5}}"#,
        "throttled recipient",
    ),
    row(400, r#"{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}"#, "refused"),
    row(400, r#"{"ok":false,"error_code":400,"description":"x","parameters":{"migrate_to_chat_id":-100}}"#, "refused"),
    row(403, r#"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}"#, "opted out"),
    row(403, r#"{"ok":false,"error_code":403,"description":"Forbidden: user is deactivated"}"#, "refused"),
    row(401, r#"{"ok":false,"error_code":401,"description":"Unauthorized"}"#, "misconfigured"),
    row(404, r#"{"ok":false,"error_code":404,"description":"Not Found"}"#, "misconfigured"),
    row(409, r#"{"ok":false,"error_code":409,"description":"Conflict"}"#, "misconfigured"),
    row(502, r#"{"ok":false,"error_code":502,"description":"Bad Gateway"}"#, "transient"),
    row(200, r#"{"ok":false,"error_code":400,"description":"x"}"#, "refused"),
    row(200, r#"{"ok":true,"result":{}}"#, "ambiguous"),
    row(200, "<html>", "ambiguous"),
];
