//! What is kept of a body that cannot be read: never a secret of the provider's, never one of ours, whatever is wrong with it.

use antrean::config::Config;
use antrean::domain::message::Contact;
use antrean::gateway::bounded_read::{self, ITEMS_MAX, VALUES_MAX};
use antrean::gateway::{Item, Parcel, SendError};
use serde_json::json;

use super::{NOWHERE, providers};
use crate::support::fake_whatsapp::Captured;
use crate::support::host::{Host, Played};
use crate::support::installation::now;

/// The instance's own key, as the provider writes it into every body; not the token that we send by.
const KEY: &str = "9F1C-KUNCI-INSTANSI-4D2A";

/// What is kept of a body, of all that cannot be read.
fn kept(name: &str, body: &[u8]) -> Vec<String> {
    let gateway = providers().find(|candidate| candidate.name == name).expect("a provider").open(NOWHERE);
    let mut kept = Vec::new();
    for item in bounded_read::read(&*gateway, body, now()).items {
        if let Item::Malformed { unread, .. } = item {
            assert_eq!(unread.gateway, name);
            kept.push(unread.body);
        }
    }
    kept
}

// Negative control: with the default of `Gateway::kept` for this gateway every row keeps the key; with only whole JSON
// masked, the cut ones do.
#[test]
fn a_provider_s_own_key_is_kept_of_no_body_that_cannot_be_read() {
    let odd = json!({"event": "messages.upsert", "instance": "kanim-contoh", "apikey": KEY,
        "data": {"key": {"remoteJid": "6281200000101@s.whatsapp.net"}, "message": {"conversation": {"x": 1}}}});
    let whole = odd.to_string();
    let many = json!({"apikey": KEY, "instance": "kanim-contoh", "data": vec![0; VALUES_MAX]}).to_string();
    let good = json!({"event": "messages.upsert", "instance": "kanim-contoh", "apikey": KEY,
        "data": vec![json!({"key": {"remoteJid": "6281200000101@s.whatsapp.net"}, "message": {"conversation": "halo"}}); ITEMS_MAX + 1]});
    let cut = &whole[..whole.len() - 1];
    for (what, body) in [
        ("whole", whole.clone()),
        ("cut", cut.to_owned()),
        ("cut in the key", whole[..whole.find(KEY).expect("the key") + 6].to_owned()),
        ("a list", format!("[{whole},{whole}]")),
        ("a list in a list", format!("[[{whole}]]")),
        ("a list of texts", format!("[\"x\",{whole}]")),
        ("too many values", many),
        ("too many items", good.to_string()),
        ("a form", format!("apikey={KEY}&instance=kanim-contoh&x=1")),
        ("a multipart form", format!("--b\r\nContent-Disposition: form-data; name=\"apikey\"\r\n\r\n{KEY}\r\n--b--")),
        ("no body of any kind", format!("apikey: {KEY}")),
    ] {
        let kept = kept("evo", body.as_bytes());
        assert!(!kept.is_empty(), "{what}: nothing is unread");
        assert!(kept.iter().all(|kept| !kept.contains("KUNCI") && !kept.contains("9F1C")), "{what}: {kept:?}");
    }
    // What is kept can be read again.
    let again = kept("evo", kept("evo", whole.as_bytes())[0].as_bytes());
    assert!(again.len() == 1 && again[0].contains("6281200000101"), "{again:?}");
}

/// A gateway whose token is a field, and one that needs another secret in a field.
fn configured(api: &str, fields: &str) -> Result<Config, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("antrean.toml");
    let config = format!(
        "listen = \"127.0.0.1:0\"\noffices = [\"offices\"]\n[gateway.sms]\nkind = \"http_json\"\n\
         token = \"kunci-kirim-sms\"\npath_secret = \"jalanRahasiaSms0123456789abcd\"\n[gateway.sms.inbound]\n\
         line = \"/to\"\nfrom = \"/from\"\ntext = \"/text\"\n[gateway.sms.outbound]\nurl = \"{api}/send\"\n\
         [gateway.sms.outbound.fields]\nto = \"{{to}}\"\ntext = \"{{text}}\"\n{fields}\n\
         [[channel]]\ngateway = \"sms\"\noffice = \"bogor\"\nkey = \"93456\"\n"
    );
    std::fs::write(&file, config).expect("written");
    Config::load(&file).map_err(|error| format!("{error:?}"))
}

/// Takes a text whose token stands in the body, and nowhere else.
fn by_field(request: &Captured, _number: u64, _api: &str) -> Result<Played, String> {
    let body = request.json();
    if !request.header("authorization").is_empty() || body["key"] != "kunci-kirim-sms" {
        return Ok(Played::answer(401, "{}"));
    }
    let (to, text) = (body["to"].as_str().ok_or("no number")?, body["text"].as_str().ok_or("no text")?);
    Ok(Played::answer(200, "{}").saying(to, text, false))
}

// Negative control: with the token not among the words of a field, the stand-in refuses it.
#[tokio::test]
async fn a_token_may_be_a_field_and_then_no_header_has_it() {
    let host = Host::start(by_field).await;
    let config = configured(&host.api(), "key = \"{token}\"").expect("a configuration");
    let gateway = config.gateways["sms"].open().expect("settings").expect("no simulator");
    let sent = gateway.send("93456", &Contact::new("6281200000101"), &Parcel::text(1, "kode {token}")).await;
    assert!(sent.is_ok(), "{sent:?}");
    assert_eq!(host.said()[0].text, "kode {token}", "what a citizen is told never acts as a template");
    let config = configured(&host.api(), "").expect("a configuration");
    let gateway = config.gateways["sms"].open().expect("settings").expect("no simulator");
    let sent = gateway.send("93456", &Contact::new("6281200000101"), &Parcel::text(1, "kode")).await;
    assert!(matches!(sent, Err(SendError::Misconfigured(_))), "by the header alone: {sent:?}");
}

// Negative control: with the derived Debug of `Outbound`, the start of a server writes the password.
#[test]
fn a_secret_in_a_field_is_shown_nowhere_and_a_word_that_stands_for_nothing_is_refused() {
    let config = configured(NOWHERE, "password = \"rahasia-akun-sms\"\njson = '{\"a\":1}'").expect("a configuration");
    let shown = format!("{config:?} {:?}", config.gateways);
    assert!(shown.contains("password") && !shown.contains("rahasia"), "{shown}");
    for word in ["{tokn}", "{nama}", "{user_id}"] {
        let error = configured(NOWHERE, &format!("key = \"{word}\"")).expect_err(word);
        assert!(error.contains(word) && error.contains("{token}"), "{error}");
    }
}
