//! The table of bodies to items, and the settings. Sends are tested over real HTTP in `tests/it`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::read;
use super::*;
use crate::domain::message::{Contact, Content};
use crate::gateway::settings::SettingsError;
use crate::gateway::{Gateway, Item, Status};

const SECRETS: [&str; 2] = ["rahasia-aplikasi", "rahasia-berikutnya"];

fn settings() -> Settings {
    Settings {
        name: "wa".into(),
        api: API_DEFAULT.into(),
        version: VERSION_DEFAULT.into(),
        verify_token: "kata-periksa".into(),
        app_secrets: SECRETS.map(str::to_owned).to_vec(),
        access_token: "kunci-kirim".into(),
        ..Settings::default()
    }
}

fn gateway() -> WhatsAppCloud {
    WhatsAppCloud::new(settings()).expect("settings that work")
}

fn received_at() -> DateTime<Utc> {
    "2026-11-22T03:00:09Z".parse().expect("an instant")
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/webhooks/whatsapp_cloud")
}

fn fixture(name: &str) -> Vec<u8> {
    let path = fixtures().join(format!("{name}.json"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// One item in one line: channel, sender, id, time of day, content.
fn brief(item: &Item) -> String {
    match item {
        Item::Message(message) => {
            let content = match &message.content {
                Content::Text(text) => format!("text {text}"),
                Content::Picture { attachment, caption } => {
                    format!(
                        "picture {} {:?} {caption:?}",
                        attachment.reference,
                        attachment.mime.as_deref().unwrap_or("")
                    )
                }
                Content::Edited(text) => format!("edited {text}"),
                Content::Other(kind) => format!("{kind:?}"),
            };
            let (channel, at) = (message.channel.as_str(), message.sent_at);
            let addresses = std::iter::once(&message.contact).chain(&message.also).map(Contact::as_str);
            let contact = addresses.collect::<Vec<_>>().join("+");
            let id = if message.id.as_str().starts_with("made-") { "made" } else { message.id.as_str() };
            format!("{channel} {contact} {id} {} {content}", at.format("%H:%M:%S%.f"))
        }
        Item::Status(Status { channel, id, tracker, delivery, error }) => {
            format!("{} {} {delivery:?} {tracker:?} {error:?}", channel.as_str(), id.as_str())
        }
        Item::AddressChanged(moved) => {
            let addresses = |list: &[Contact]| list.iter().map(Contact::as_str).collect::<Vec<_>>().join("+");
            format!("{} moved {} to {}", moved.channel.as_str(), addresses(&moved.left), addresses(&moved.taken))
        }
        Item::Channel(notice) => format!("channel {:?} {:?}", notice.key.as_deref().unwrap_or("all"), notice.health),
        Item::Ignored { reason } => format!("ignored: {reason}"),
        Item::Malformed { reason, .. } => format!("malformed: {reason}"),
    }
}

/// Each fixture with the items that it gives. `BUDI` and `SITI` are their channels, numbers and, for Budi, id and time.
const TABLE: &[(&str, &[&str])] = &[
    ("text", &["BUDI text #Budi Contoh#25011987#24112026"]),
    ("text-accents-and-emoji", &["BUDI text #André Contoh 😀#25/01/1987#24/11/2026"]),
    ("text-quoting-another", &["BUDI text #batal"]),
    ("text-forwarded-with-referral", &["BUDI text #status"]),
    ("text-without-body", &["malformed: text message without its text"]),
    ("text-with-nul", &["BUDI text #Budi Contoh#25011987"]),
    ("image", &["BUDI picture 9001 \"image/jpeg\" None"]),
    ("image-with-caption", &["BUDI picture 9001 \"image/jpeg\" Some(\"#Budi Contoh#25011987#24112026\")"]),
    ("image-that-the-provider-lost", &["BUDI PhotoLost"]),
    ("image-without-id", &["BUDI PhotoLost"]),
    ("document-photo", &["BUDI picture 9002 \"image/png\" Some(\"#Budi Contoh#25011987#24112026\")"]),
    ("document-pdf", &["BUDI Document"]),
    ("button", &["BUDI text Ya, saya datang"]),
    ("button-payload-only", &["BUDI text datang"]),
    ("interactive-button-reply", &["BUDI text #batal"]),
    ("interactive-list-reply", &["BUDI text 09.00"]),
    ("interactive-without-title", &["BUDI text #status"]),
    ("interactive-without-choice", &["malformed: interactive message without its choice"]),
    ("interactive-flow-answer", &["BUDI Unsupported"]),
    ("interactive-call-permission", &["ignored: interactive message"]),
    ("interactive-that-the-provider-lost", &["BUDI Unsupported", "ignored: the provider reports error 131000"]),
    (
        "media-of-no-use",
        &[
            "BUDI Audio",
            "wa/1001 6281200001234 wamid.IN2 03:00:00 Audio",
            "wa/1001 6281200001234 wamid.IN3 03:00:00 Video",
            "wa/1001 6281200001234 wamid.IN4 03:00:00 Sticker",
            "wa/1001 6281200001234 wamid.IN5 03:00:00 Location",
            "wa/1001 6281200001234 wamid.IN6 03:00:00 ContactCard",
        ],
    ),
    (
        "unsupported-and-order",
        &[
            "BUDI Unsupported",
            "wa/1001 6281200001234 wamid.IN2 03:00:00 Unsupported",
            "wa/1001 6281200001234 wamid.IN3 03:00:00 Unsupported",
        ],
    ),
    (
        "nothing-to-answer",
        &[
            "ignored: reaction message",
            "ignored: reaction message",
            "wa/1001 6281200001234 edit/wamid.IN0 03:00:00 edited x",
            "ignored: revoke message",
            "wa/1001 moved 6281200001234 to 6281200005678",
            "ignored: system message customer_identity_changed",
            "ignored: request_welcome message",
            "BUDI Unsupported",
            "BUDI Unsupported",
        ],
    ),
    ("group-text", &["ignored: text message in a group"]),
    ("own-number", &["ignored: text message of our own number"]),
    ("scoped-id-beside-number", &["wa/1001 6281200001234+ID.1000200030004000 wamid.IN1 03:00:00 text #status"]),
    ("scoped-id-only", &["wa/1001 ID.1000200030004000 wamid.IN1 03:00:00 text #status"]),
    ("scoped-id-in-from", &["wa/1001 ID.1000200030004000 wamid.IN1 03:00:00 text #status"]),
    ("sender-only-in-contacts", &["wa/1001 ID.1000200030004000 wamid.IN1 03:00:00 text #status"]),
    ("sender-by-matching-contacts", &["wa/1001 6281200001234+ID.1 wamid.IN1 03:00:00 text #status"]),
    ("sender-nowhere", &["malformed: text message without a sender"]),
    ("number-with-plus-and-spaces", &["BUDI text #status"]),
    (
        "timestamps",
        &[
            "wa/1001 6281200001234 wamid.IN1 03:00:00.250 text a",
            "wa/1001 6281200001234 wamid.IN2 03:00:00 text b",
            "wa/1001 6281200001234 wamid.IN3 03:00:09 text c",
            "wa/1001 6281200001234 wamid.IN4 03:00:09 text d",
            "wa/1001 6281200001234 wamid.IN5 03:00:09 text e",
            "wa/1001 6281200001234 wamid.IN6 03:00:09 text f",
        ],
    ),
    (
        "statuses",
        &[
            "wa/1001 wamid.OUT1 Sent Some(77) None",
            "wa/1001 wamid.OUT1 Delivered Some(77) None",
            "wa/1001 wamid.OUT1 Read None None",
            "wa/1001 wamid.OUT1 Read None None",
            "wa/1001 wamid.OUT1 Failed Some(77) Some(\"131047\")",
            "ignored: status warning",
            "ignored: status of a group message",
            "malformed: a status not of the documented form",
            "malformed: an id that is none",
        ],
    ),
    ("status-without-recipient", &["wa/1001 wamid.OUT1 Sent None None"]),
    (
        "batch",
        &[
            "wa/1001 6281200001234 wamid.A1 03:00:00 text satu",
            "wa/1001 6281200005678 wamid.B1 02:59:00 text dua",
            "wa/1001 6281200001234 wamid.A1 03:00:00 text satu",
            "wa/1002 6281200001234 wamid.A2 03:00:00 text tiga",
            "wa/1002 wamid.OUT1 Read None None",
            "wa/1002 wamid.OUT1 Sent None None",
            "channel \"all\" Broken(\"the provider reports ACCOUNT_VIOLATION\")",
            "wa/1002 6281200005678 wamid.B2 03:00:00 text empat",
        ],
    ),
    (
        "bad-between-good",
        &[
            "wa/1001 6281200001234 wamid.A1 03:00:00 text satu",
            "wa/1001 6281200001234 7 03:00:00 text x",
            "malformed: a message that is no object",
            "malformed: a message that is no object",
            "malformed: text message without its text",
            "wa/1001 6281200001234 made 03:00:00 text x",
            "wa/1001 6281200001234 wamid.A3 03:00:00 text dua",
        ],
    ),
    (
        "bad-entries-and-changes",
        &[
            "malformed: an entry without changes",
            "malformed: an entry without changes",
            "malformed: an entry without changes",
            "malformed: `changes` is no list",
            "malformed: a change without a field",
            "malformed: a change without a field",
            "malformed: a change without an object",
            "malformed: `messages` is no list",
            "malformed: `statuses` is no list",
            "BUDI text dua",
        ],
    ),
    ("without-line", &["malformed: no phone_number_id", "malformed: no phone_number_id"]),
    ("provider-error", &["ignored: the provider reports error 130429"]),
    (
        "other-fields",
        &[
            "ignored: field message_template_status_update, event APPROVED",
            "ignored: what the staff wrote themselves (smb_message_echoes)",
            "ignored: field phone_number_quality_update, event FLAGGED",
        ],
    ),
    ("unknown-fields-everywhere", &["BUDI text satu"]),
    (
        "half-an-emoji",
        &[
            "wa/1001 6281200001234 wamid.A1 03:00:00 text #Budi \u{fffd}#25011987",
            "wa/1001 6281200001234 wamid.A2 03:00:00 text tetangga 😀",
        ],
    ),
];

// Negative control: leaving the change at its first bad message fails the rows with several messages.
#[test]
fn each_body_gives_its_items() {
    let gateway = gateway();
    let mut wrong = Vec::new();
    for (name, expected) in TABLE {
        let expected: Vec<String> =
            expected.iter().map(|line| line.replace("BUDI", "wa/1001 6281200001234 wamid.IN1 03:00:00")).collect();
        let items = gateway.read(&fixture(name), received_at());
        let read: Vec<String> = items.iter().map(brief).collect();
        if read != expected {
            wrong.push(format!("{name}: {read:#?} in the place of {expected:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_fixture_is_in_the_table() {
    let files: BTreeSet<String> = std::fs::read_dir(fixtures())
        .expect("the folder of fixtures")
        .map(|entry| entry.expect("an entry").path().file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    assert_eq!(files, TABLE.iter().map(|(name, _)| (*name).to_owned()).collect());
}

#[test]
fn a_body_that_is_no_webhook_gives_one_malformed_item() {
    let deep = "[".repeat(100_000);
    for body in
        ["", "{}", "[]", "null", "7", "\"entry\"", "{\"entry\":[]}", "{\"entry\":7}", "{\"entry\"", "\u{feff}", &deep]
    {
        let items = gateway().read(body.as_bytes(), received_at());
        assert!(
            matches!(items.as_slice(), [Item::Malformed { .. }]),
            "{} gave {items:?}",
            body.get(..20).unwrap_or(body)
        );
    }
}

#[test]
fn bytes_that_are_no_utf_8_spoil_only_their_own_text() {
    let mut body = fixture("batch");
    let at = body.windows(4).position(|bytes| bytes == b"satu").expect("a text");
    body[at] = 0xFF;
    let items = gateway().read(&body, received_at());
    assert_eq!(brief(&items[0]), "wa/1001 6281200001234 wamid.A1 03:00:00 text \u{fffd}atu");
    assert_eq!(items.len(), 8);
}

/// The bodies of `fixtures/webhooks`, or those of a tester's own folder: none may panic, none may vanish.
#[test]
fn every_body_of_a_given_folder_gives_items() {
    let folder = std::env::var_os("ANTREAN_PAYLOADS").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/webhooks/whatsapp_cloud"),
        std::path::PathBuf::from,
    );
    let gateway = gateway();
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("a folder of bodies") {
        let path = entry.expect("an entry").path();
        let items = gateway.read(&std::fs::read(&path).expect("a file"), received_at());
        assert!(!items.is_empty(), "{}", path.display());
        println!("{}: {:?}", path.display(), items.iter().map(brief).collect::<Vec<_>>());
        files += 1;
    }
    assert!(files > 0, "no files there");
}

proptest! {
    #[test]
    fn reading_never_panics_and_never_gives_nothing(body: Vec<u8>) {
        prop_assert!(!items(&body).is_empty());
    }

    /// A fixture with one piece cut out or overwritten: the neighbourhood of what is sent.
    #[test]
    fn a_damaged_body_never_panics_and_never_gives_nothing(
        row in 0..TABLE.len(), from: prop::sample::Index, length in 0usize..40, filling in "[\\[\\]{}\",:0-9a-zé\u{0}]{0,6}|null|\\\\ud83d",
    ) {
        let mut body = fixture(TABLE[row].0);
        let from = from.index(body.len());
        let to = (from + length).min(body.len());
        body.splice(from..to, filling.bytes());
        prop_assert!(!items(&body).is_empty());
    }

}

/// `read` alone, without the price of a client for each of many cases.
fn items(body: &[u8]) -> Vec<Item> {
    read::read("wa", body, received_at())
}

#[test]
fn settings_that_cannot_work_are_refused_by_name() {
    let refused = |change: fn(&mut Settings)| {
        let mut settings = settings();
        change(&mut settings);
        WhatsAppCloud::new(settings).err()
    };
    assert_eq!(refused(|_| ()), None);
    assert_eq!(refused(|s| s.api = "http://127.0.0.1:9000/meta/".into()), None);
    for api in ["", "graph.facebook.com", "ftp://x", "https://u:p@x", "https://x?a=1", "https://x#a"] {
        let mut settings = settings();
        settings.api = api.into();
        assert_eq!(WhatsAppCloud::new(settings).err(), Some(SettingsError::Address("api", API_DEFAULT)), "{api}");
    }
    for version in ["25", "v25", "v25.", "v2x.0", "../v25.0"] {
        let mut settings = settings();
        settings.version = version.into();
        assert_eq!(WhatsAppCloud::new(settings).err(), Some(SettingsError::Version(VERSION_DEFAULT)), "{version}");
    }
    assert_eq!(refused(|s| s.verify_token.clear()), Some(SettingsError::Empty("verify_token")));
    assert_eq!(refused(|s| s.app_secrets.clear()), Some(SettingsError::Empty("app_secret")));
    assert_eq!(refused(|s| s.app_secrets[1].clear()), Some(SettingsError::Empty("app_secret")));
    assert_eq!(refused(|s| s.app_secrets.push("c".into())), Some(SettingsError::TooMany("app_secret")));
    assert_eq!(refused(|s| s.access_token.clear()), Some(SettingsError::Empty("access_token")));
    assert_eq!(refused(|s| s.access_token = "a\nb".into()), Some(SettingsError::Header("access_token")));
}

#[test]
fn debug_shows_no_secret() {
    let shown = format!("{:?} {:?}", settings(), gateway());
    for secret in [SECRETS[0], SECRETS[1], "kata-periksa", "kunci-kirim"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn addresses_are_put_together_with_every_segment_escaped() {
    let url = |api: &str| {
        let mut settings = settings();
        settings.api = api.into();
        WhatsAppCloud::new(settings).expect("settings").url(&["10/../01?", "messages"]).to_string()
    };
    assert_eq!(url(API_DEFAULT), "https://graph.facebook.com/v25.0/10%2F..%2F01%3F/messages");
    assert_eq!(url("http://127.0.0.1:9000/meta/"), "http://127.0.0.1:9000/meta/v25.0/10%2F..%2F01%3F/messages");
}

#[test]
fn the_token_goes_only_to_the_provider() {
    let at = |api: &str| {
        let mut settings = settings();
        settings.api = api.into();
        WhatsAppCloud::new(settings).expect("settings")
    };
    let trusts = |api: &str, url: &str| at(api).trusted(url).is_some();
    for url in [
        "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1",
        "https://scontent.fbcdn.net/x",
        "https://graph.facebook.com/x",
        "https://mmg.whatsapp.net/x",
    ] {
        assert!(trusts(API_DEFAULT, url), "{url}");
    }
    for url in [
        "http://lookaside.fbsbx.com/x",
        "http://graph.facebook.com/x",
        "https://lookaside.fbsbx.com:8443/x",
        "https://fbsbx.com.example.org/x",
        "https://evilfbsbx.com/x",
        "https://user:word@fbsbx.com/x",
        "https://127.0.0.1/x",
        "https://169.254.169.254/x",
        "https://[::1]/x",
        "file:///etc/passwd",
        "//fbsbx.com/x",
        "",
    ] {
        assert!(!trusts(API_DEFAULT, url), "{url}");
    }
    assert!(trusts("http://127.0.0.1:9000", "http://127.0.0.1:9000/media/1"));
    assert!(!trusts("http://127.0.0.1:9000", "http://127.0.0.2:9000/media/1"));
    assert!(!trusts("https://127.0.0.1:9000", "http://127.0.0.1:9000/media/1"), "no downgrade");
}
