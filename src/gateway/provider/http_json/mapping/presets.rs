//! Mappings of known providers, which an installation need not configure.

use super::config::Mapping;
use super::inbound::{Condition, InboundMapping, Kind, Pointers};
use super::outbound::{Encoding, Expected, OutboundMapping, Probe, Verdict, VerdictWords};

/// The names of the presets, for a message about a wrong one.
pub const PRESETS: [&str; 3] = ["fonnte", "green_api", "evolution"];

fn list(all: &[&str]) -> Vec<String> {
    all.iter().map(|&one| one.to_owned()).collect()
}

fn at(place: &str) -> Pointers {
    vec![place.to_owned()]
}

fn pair((name, text): (&str, &str)) -> (String, String) {
    (name.to_owned(), text.to_owned())
}

fn expected(pointer: &str, value: &str) -> Expected {
    Expected { pointer: pointer.to_owned(), value: value.to_owned() }
}

/// Words at a place, in lower case.
fn condition(place: &str, words: &[&str]) -> Condition {
    Condition { places: at(place), words: words.iter().map(|word| word.to_lowercase()).collect() }
}

fn kinds(all: &[(Kind, &[&str])]) -> Vec<(Kind, Vec<String>)> {
    all.iter().map(|(kind, words)| (*kind, words.iter().map(|word| word.to_lowercase()).collect())).collect()
}

fn words(verdict: Verdict, any: &[&str]) -> VerdictWords {
    VerdictWords { verdict, any: list(any) }
}

/// Pointers to a disappearing or view-once message as Baileys writes it.
fn wrapped(place: &str) -> Pointers {
    const WRAPS: [&str; 6] = [
        "ephemeralMessage",
        "viewOnceMessage",
        "viewOnceMessageV2",
        "viewOnceMessageV2Extension",
        "ephemeralMessage/message/viewOnceMessage",
        "ephemeralMessage/message/viewOnceMessageV2",
    ];
    WRAPS.iter().map(|wrap| format!("/data/message/{wrap}/message{place}")).collect()
}

/// Pointers to the text of a message as Baileys writes it, plain or wrapped.
fn baileys_texts() -> Pointers {
    let mut texts = list(&[
        "/data/message/conversation",
        "/data/message/extendedTextMessage/text",
        "/data/message/imageMessage/caption",
        "/data/message/documentWithCaptionMessage/message/documentMessage/caption",
    ]);
    for place in [
        "/extendedTextMessage/text",
        "/conversation",
        "/imageMessage/caption",
        "/documentWithCaptionMessage/message/documentMessage/caption",
    ] {
        texts.extend(wrapped(place));
    }
    texts.extend(list(&[
        "/data/message/buttonsResponseMessage/selectedDisplayText",
        "/data/message/templateButtonReplyMessage/selectedDisplayText",
        "/data/message/listResponseMessage/title",
        "/data/message/buttonsResponseMessage/selectedButtonId",
        "/data/message/listResponseMessage/singleSelectReply/selectedRowId",
        "/data/message/editedMessage/message/protocolMessage/editedMessage/conversation",
        "/data/message/editedMessage/message/protocolMessage/editedMessage/extendedTextMessage/text",
        "/data/message/protocolMessage/editedMessage/conversation",
        "/data/message/protocolMessage/editedMessage/extendedTextMessage/text",
    ]));
    texts
}

impl Mapping {
    /// A preset by its name.
    pub fn preset(name: &str) -> Option<Self> {
        match name {
            "fonnte" => Some(Self::fonnte()),
            "green_api" => Some(Self::green_api()),
            "evolution" => Some(Self::evolution()),
            _ => None,
        }
    }

    /// Fonnte (docs.fonnte.com): unsigned webhooks, an id that may be 0, and 200 for failures too. A tapped button comes
    /// as `text`.
    pub fn fonnte() -> Self {
        Self { inbound: fonnte_inbound(), outbound: fonnte_outbound() }
    }

    /// GREEN-API (green-api.com): one body for each notification, of type `typeWebhook`; a text is at another place
    /// where it has a link or quotes something; the token is part of the address.
    pub fn green_api() -> Self {
        Self { inbound: green_api_inbound(), outbound: green_api_outbound() }
    }

    /// Evolution API 2 (doc.evolution-api.com), and what else passes Baileys' messages on: the type is a key of the
    /// message, a citizen may have a privacy id in the place of the number, and the body holds the instance's own key.
    /// Where it runs is the installation's to say.
    pub fn evolution() -> Self {
        Self { inbound: evolution_inbound(), outbound: evolution_outbound() }
    }
}

fn fonnte_inbound() -> InboundMapping {
    InboundMapping {
        line: at("/device"),
        id: at("/inboxid"),
        from: list(&["/sender", "/pengirim"]),
        country: "ID".to_owned(),
        text: list(&["/message", "/pesan", "/text"]),
        text_if_none: list(&["non-text message", "non-button message"]),
        time: at("/timestamp"),
        kind: at("/type"),
        location: at("/location"),
        media: at("/url"),
        media_hosts: list(&["fonnte.com"]),
        group: Condition { places: at("/isgroup"), words: Vec::new() },
        session: at("/status"),
        session_up: "connect".to_owned(),
        session_down: "disconnect".to_owned(),
        ..InboundMapping::default()
    }
}

fn fonnte_outbound() -> OutboundMapping {
    OutboundMapping {
        url: "https://api.fonnte.com/send".to_owned(),
        encoding: Encoding::Form,
        fields: [("target", "{to}"), ("message", "{text}"), ("countryCode", "62")].map(pair).to_vec(),
        ok: expected("/status", "true"),
        id: "/id/0".to_owned(),
        reason: "/reason".to_owned(),
        verdicts: vec![
            words(
                Verdict::Misconfigured,
                &["token invalid", "invalid token", "disconnected", "device expired", "unknown user"],
            ),
            words(Verdict::Limited, &["insufficient quota", "quota", "banned", "limited"]),
            words(Verdict::Throttled, &["too many", "rate limit"]),
            words(Verdict::Refused, &["target invalid", "invalid target", "input invalid", "not registered"]),
        ],
        pause_seconds: 3,
        probe: Some(Probe {
            url: "https://api.fonnte.com/device".to_owned(),
            get: false,
            ok: expected("/device_status", "connect"),
        }),
        ..OutboundMapping::default()
    }
}

fn green_api_inbound() -> InboundMapping {
    InboundMapping {
        line: at("/instanceData/idInstance"),
        id: at("/idMessage"),
        from: list(&["/senderData/chatId", "/senderData/sender"]),
        text: list(&[
            "/messageData/textMessageData/textMessage",
            "/messageData/extendedTextMessageData/text",
            "/messageData/editedMessageData/textMessage",
            "/messageData/editedMessageData/caption",
            "/messageData/fileMessageData/caption",
            "/messageData/templateButtonReplyMessage/selectedDisplayText",
            "/messageData/buttonsResponseMessage/selectedButtonText",
            "/messageData/interactiveButtonsResponse/selectedDisplayText",
            "/messageData/listResponseMessage/title",
            "/messageData/templateButtonReplyMessage/selectedId",
            "/messageData/buttonsResponseMessage/selectedButtonId",
            "/messageData/interactiveButtonsResponse/selectedId",
        ]),
        time: at("/timestamp"),
        kind: at("/messageData/typeMessage"),
        kinds: kinds(&[
            (Kind::Picture, &["imageMessage"]),
            (Kind::Audio, &["audioMessage"]),
            (Kind::Video, &["videoMessage"]),
            (Kind::Sticker, &["stickerMessage"]),
            (Kind::Location, &["locationMessage"]),
            (Kind::Contact, &["contactMessage", "contactsArrayMessage"]),
            (Kind::Document, &["documentMessage"]),
            (Kind::Edit, &["editedMessage"]),
            (Kind::Ignored, &["reactionMessage", "deletedMessage", "pollUpdateMessage", "groupInviteMessage"]),
        ]),
        media: at("/messageData/fileMessageData/downloadUrl"),
        media_hosts: list(&["green-api.com", "greenapi.com"]),
        own: condition("/typeWebhook", &["outgoingMessageReceived", "outgoingAPIMessageReceived"]),
        wanted: condition(
            "/typeWebhook",
            &[
                "incomingMessageReceived",
                "outgoingMessageReceived",
                "outgoingAPIMessageReceived",
                "outgoingMessageStatus",
                "stateInstanceChanged",
            ],
        ),
        status: at("/status"),
        status_id: at("/idMessage"),
        session: at("/stateInstance"),
        session_up: "authorized".to_owned(),
        session_down: "notAuthorized".to_owned(),
        ..InboundMapping::default()
    }
}

fn green_api_outbound() -> OutboundMapping {
    OutboundMapping {
        url: "https://api.green-api.com/waInstance{line}/sendMessage/{token}".to_owned(),
        fields: [("chatId", "{to}@c.us"), ("message", "{text}")].map(pair).to_vec(),
        id: "/idMessage".to_owned(),
        reason: "/message".to_owned(),
        verdicts: vec![
            words(Verdict::Limited, &["quota", "yellowcard", "yellow card"]),
            words(Verdict::Misconfigured, &["not authorized", "unauthorized", "instance account not"]),
            words(Verdict::Refused, &["validation", "bad request"]),
        ],
        pause_seconds: 1,
        probe: Some(Probe {
            url: "https://api.green-api.com/waInstance{line}/getStateInstance/{token}".to_owned(),
            get: true,
            ok: expected("/stateInstance", "authorized"),
        }),
        ..OutboundMapping::default()
    }
}

fn evolution_inbound() -> InboundMapping {
    InboundMapping {
        line: at("/instance"),
        id: at("/data/key/id"),
        each: "/data".to_owned(),
        from: list(&["/data/key/remoteJid", "/data/key/remoteJidAlt", "/data/key/senderPn"]),
        text: baileys_texts(),
        time: at("/data/messageTimestamp"),
        kind: at("/data/messageType"),
        kinds: kinds(&[
            (Kind::Picture, &["imageMessage"]),
            (Kind::Audio, &["audioMessage", "pttMessage"]),
            (Kind::Video, &["videoMessage", "ptvMessage"]),
            (Kind::Sticker, &["stickerMessage"]),
            (Kind::Location, &["locationMessage", "liveLocationMessage"]),
            (Kind::Contact, &["contactMessage", "contactsArrayMessage"]),
            (Kind::Document, &["documentMessage"]),
            (Kind::Edit, &["editedMessage", "protocolMessage"]),
            (
                Kind::Ignored,
                &[
                    "reactionMessage",
                    "encReactionMessage",
                    "pollUpdateMessage",
                    "albumMessage",
                    "secretEncryptedMessage",
                    "senderKeyDistributionMessage",
                    "messageContextInfo",
                ],
            ),
        ]),
        media: list(&["/data/message/mediaUrl", "/data/mediaUrl"]),
        picture: Condition {
            places: wrapped("/imageMessage/mimetype"),
            words: list(&["image/jpeg", "image/jpg", "image/png", "image/webp", "image/heic"]),
        },
        own: Condition { places: at("/data/key/fromMe"), words: Vec::new() },
        wanted: condition(
            "/event",
            &[
                "messages.upsert",
                "messages_upsert",
                "messages.update",
                "messages_update",
                "connection.update",
                "connection_update",
            ],
        ),
        status: at("/data/status"),
        status_id: at("/data/keyId"),
        session: at("/data/state"),
        session_up: "open".to_owned(),
        session_down: "close".to_owned(),
        hidden: at("/apikey"),
        ..InboundMapping::default()
    }
}

fn evolution_outbound() -> OutboundMapping {
    OutboundMapping {
        auth_header: "apikey".to_owned(),
        fields: [("number", "{to}"), ("text", "{text}")].map(pair).to_vec(),
        id: "/key/id".to_owned(),
        reason: "/response/message".to_owned(),
        verdicts: vec![
            words(Verdict::Misconfigured, &["connection closed", "unauthorized", "instance does not exist"]),
            words(Verdict::Refused, &["exists"]),
        ],
        pause_seconds: 3,
        ..OutboundMapping::default()
    }
}
