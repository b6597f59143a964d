//! Twilio, as the suite sees it. Shapes: its pages of webhooks and of the message resource.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha1::Sha1;

use super::candidate::{Candidate, Envelope, ErrorRow, Note, What, row};
use crate::support::fake_whatsapp::Captured;
use crate::support::host::{Played, form_of, lawful, within};

const TOKEN: &str = "kunci-akun-twilio";
/// `AC00112233:kunci-akun-twilio`.
const BASIC: &str = "Basic QUMwMDExMjIzMzprdW5jaS1ha3VuLXR3aWxpbw==";
const CHANNEL: &str = "whatsapp:+622155500005";

pub fn candidate() -> Candidate {
    Candidate {
        name: "tw",
        channel: CHANNEL,
        config: |api| {
            format!(
                "[gateway.tw]\nkind = \"twilio\"\napi = \"{api}\"\naccount_sid = \"AC00112233\"\nauth_token = \"{TOKEN}\"\n\
                 public_url = \"https://antrean.example.go.id\"\n"
            )
        },
        secrets: &[TOKEN, "QUMwMDExMjIzMzprdW5jaS1ha3VuLXR3aWxpbw=="],
        seal: |body| {
            let mut fields: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
            fields.sort();
            fields.dedup();
            let mut text = "https://antrean.example.go.id/webhooks/tw".to_owned();
            for (name, value) in fields {
                text.push_str(&name);
                text.push_str(&value);
            }
            let mac = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).expect("any key fits");
            let signature = BASE64_STANDARD.encode(mac.chain_update(text).finalize().into_bytes());
            Envelope::new("tw").with("x-twilio-signature", &signature)
        },
        proof: Some("x-twilio-signature"),
        signs_body: true,
        write,
        join: None,
        read_receipt: Some(|id| {
            form(&[("MessageSid", id), ("MessageStatus", "read"), ("From", CHANNEL), ("To", "whatsapp:+6281200001234")])
        }),
        play,
        send: "Messages.json",
        address: |number| format!("whatsapp:+{number}"),
        pictures: false,
        errors: ERRORS,
        ill: Some(|| {
            form(&[("MessageSid", "SM1"), ("MessageStatus", "failed"), ("ErrorCode", "30002"), ("From", CHANNEL)])
        }),
        well: None,
        unwell: Some(("AC00112233.json", r#"{"status":"suspended"}"#)),
        failing_yes: Some(r#"{"sid":"SM1","error_code":30001}"#),
    }
}

fn form(fields: &[(&str, &str)]) -> Vec<u8> {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes()
}

fn write(note: &Note<'_>) -> Option<Vec<u8>> {
    let from = format!("whatsapp:+{}", note.from);
    let mut fields = vec![
        ("MessageSid", note.id),
        ("SmsMessageSid", note.id),
        ("AccountSid", "AC00112233"),
        ("From", from.as_str()),
        ("To", CHANNEL),
        ("WaId", note.from),
        ("ProfileName", "Budi Contoh"),
        ("SmsStatus", "received"),
        ("NumSegments", "1"),
    ];
    let file = "https://api.twilio.com/2010-04-01/Accounts/AC00112233/Messages/MM1/Media/ME1";
    let mut media = |kind: &'static str, mime: &'static str| {
        fields.extend([("NumMedia", "1"), ("MediaUrl0", file), ("MediaContentType0", mime), ("MessageType", kind)]);
    };
    match note.what {
        What::Text(text) => fields.extend([("Body", text), ("NumMedia", "0"), ("MessageType", "text")]),
        What::Picture(caption) => {
            media("image", "image/jpeg");
            fields.push(("Body", caption));
        }
        What::PictureAt(url) => {
            fields.extend([("NumMedia", "1"), ("MediaUrl0", url), ("MediaContentType0", "image/jpeg")]);
        }
        What::Voice => media("audio", "audio/ogg"),
        What::Video => media("video", "video/mp4"),
        What::Sticker => media("sticker", "image/webp"),
        What::Card => media("contacts", "text/vcard"),
        What::Document => media("document", "application/pdf"),
        What::Location => fields.extend([("Latitude", "-6.2"), ("Longitude", "106.8"), ("MessageType", "location")]),
        What::Reaction => fields.extend([("Body", "🙏"), ("MessageType", "reaction")]),
        // An own message comes back as a status only.
        What::Echo => {
            fields = vec![("MessageSid", note.id), ("MessageStatus", "queued"), ("From", CHANNEL), ("To", &from)];
        }
        What::Unknown => fields.extend([("MessageType", "hologram"), ("Beam", "1"), ("SmsStatus", "beamed")]),
        // It tells of none of these.
        What::ViewOnce
        | What::Edit(_)
        | What::Deletion
        | What::Group
        | What::Filled
        | What::Empty
        | What::Notice
        | What::UnknownKind => return None,
        What::Button(title) => {
            fields.extend([
                ("Body", title),
                ("ButtonText", title),
                ("ButtonPayload", "row-7"),
                ("MessageType", "button"),
            ]);
        }
    }
    if note.what == What::Unknown {
        fields.retain(|field| *field != ("SmsStatus", "received"));
    }
    Some(form(&fields))
}

fn play(request: &Captured, number: u64, _api: &str) -> Result<Played, String> {
    if request.header("authorization") != BASIC {
        return Ok(Played::answer(401, r#"{"code":20003,"status":401}"#));
    }
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/2010-04-01/Accounts/AC00112233/Messages.json") => {
            let known = [
                "To",
                "From",
                "MessagingServiceSid",
                "Body",
                "MediaUrl",
                "ContentSid",
                "ContentVariables",
                "StatusCallback",
            ];
            let form = form_of(request, &known)?;
            let to = form.get("To").filter(|to| to.starts_with("whatsapp:+")).ok_or("no To")?;
            if form.get("From").map(String::as_str) != Some(CHANNEL) {
                return Err("no From".to_owned());
            }
            let callback = form.get("StatusCallback").map(String::as_str);
            if callback != Some("https://antrean.example.go.id/webhooks/tw") {
                return Err(format!("StatusCallback {callback:?}"));
            }
            if let Some(variables) = form.get("ContentVariables") {
                let variables: serde_json::Value =
                    serde_json::from_str(variables).map_err(|error| error.to_string())?;
                lawful(&variables, &["1"], &["2"])?;
            }
            if form.contains_key("Body") == form.contains_key("ContentSid") {
                return Err("Body or ContentSid".to_owned());
            }
            let text = form.get("Body").or(form.get("ContentSid")).ok_or("no Body")?;
            within(text, 1_600)?;
            let answer = json!({"sid": format!("SMOUT{number}"), "status": "queued", "error_code": null});
            Ok(Played::answer(201, answer.to_string()).saying(to, text, false))
        }
        ("GET", "/2010-04-01/Accounts/AC00112233.json") => Ok(Played::answer(200, r#"{"status":"active"}"#)),
        _ => Err("no such address".to_owned()),
    }
}

/// Twilio's error dictionary.
const ERRORS: &[ErrorRow] = &[
    row(429, r#"{"code":20429}"#, "throttled channel"),
    row(400, r#"{"code":63018}"#, "throttled channel"),
    row(400, r#"{"code":30001}"#, "throttled channel"),
    row(400, r#"{"code":63017}"#, "throttled recipient"),
    row(400, r#"{"code":63016}"#, "window closed"),
    row(400, r#"{"code":21610}"#, "opted out"),
    row(400, r#"{"code":63033}"#, "opted out"),
    row(400, r#"{"code":21211}"#, "refused"),
    row(400, r#"{"code":21614}"#, "refused"),
    row(400, r#"{"code":63003}"#, "refused"),
    row(400, r#"{"code":63024}"#, "refused"),
    row(400, r#"{"code":63032}"#, "refused"),
    row(400, r#"{"code":30003}"#, "refused"),
    row(400, r#"{"code":30006}"#, "refused"),
    row(400, r#"{"code":21617}"#, "refused"),
    row(400, r#"{"code":63013}"#, "refused"),
    row(400, r#"{"code":63019}"#, "refused"),
    row(400, r#"{"code":63028}"#, "refused"),
    row(400, r#"{"code":30007}"#, "refused"),
    row(400, r#"{"code":63027}"#, "template refused"),
    row(401, r#"{"code":20003}"#, "misconfigured"),
    row(400, r#"{"code":21408}"#, "misconfigured"),
    row(400, r#"{"code":21656}"#, "misconfigured"),
    row(400, r#"{"code":63007}"#, "misconfigured"),
    row(400, r#"{"code":63015}"#, "misconfigured"),
    row(400, r#"{"code":63038}"#, "limited"),
    row(500, "", "transient"),
    row(400, r#"{"code":99999}"#, "refused"),
    row(201, r#"{"sid":"SM1","error_code":63016}"#, "window closed"),
    row(201, "{}", "ambiguous"),
];
