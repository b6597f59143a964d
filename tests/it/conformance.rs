//! What every provider must do, as one table of cases over all of them. A new provider joins by one line in `PROVIDERS`.

pub(crate) mod answers;
pub(crate) mod candidate;
mod evolution;
mod faults;
mod field;
mod fonnte;
mod generic;
mod gowa;
mod green;
mod health;
mod kept;
mod leaves;
mod media;
mod notices;
mod outbound;
mod pages;
mod spellings;
mod telegram;
mod twilio;
mod waha;
mod whatsapp_cloud;

use antrean::domain::message::Content;
use antrean::gateway::{Item, Precheck, timestamp};
use chrono::TimeDelta;

use self::candidate::{Candidate, Envelope, Note, What};
use crate::support::installation::now;

/// The providers.
const PROVIDERS: [fn() -> Candidate; 9] = [
    whatsapp_cloud::candidate,
    gowa::candidate,
    waha::candidate,
    fonnte::candidate,
    generic::candidate,
    green::candidate,
    evolution::candidate,
    telegram::candidate,
    twilio::candidate,
];

pub(crate) fn providers() -> impl Iterator<Item = Candidate> {
    PROVIDERS.iter().map(|candidate| candidate())
}

/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9";

fn text(candidate: &Candidate) -> Vec<u8> {
    (candidate.write)(&Note::of(What::Text("#Budi#25011987#24112026"))).expect("everybody knows texts")
}

fn messages(items: &[Item]) -> Vec<&antrean::domain::message::Inbound> {
    let mut messages = Vec::new();
    for item in items {
        if let Item::Message(message) = item {
            messages.push(message);
        }
    }
    messages
}

/// Ways in which a proof is wrong.
fn forgeries(candidate: &Candidate, right: &Envelope) -> Vec<(&'static str, Envelope)> {
    let changed = |change: &dyn Fn(&str) -> String| {
        let mut envelope = right.clone();
        match candidate.proof {
            Some(header) => {
                let value = change(right.headers[header].to_str().expect("text"));
                envelope.headers.insert(header, value.parse().expect("a value"));
            }
            None => envelope.tail = change(&right.tail),
        }
        envelope
    };
    let mut forgeries = vec![
        (
            "another last character",
            changed(&|proof| {
                let last = if proof.ends_with(['0', '=']) { "1" } else { "0" };
                format!("{}{last}", &proof[..proof.len() - 1])
            }),
        ),
        ("a shorter one", changed(&|proof| proof[..proof.len() - 1].to_owned())),
        ("a longer one", changed(&|proof| format!("{proof}0"))),
        ("an empty one", changed(&|_| String::new())),
        ("one in capitals turned round", changed(&|proof| proof.chars().rev().collect())),
    ];
    let mut missing = right.clone();
    missing.tail.clear();
    if let Some(header) = candidate.proof {
        missing.headers.remove(header);
        let mut twice = right.clone();
        twice.headers.append(header, right.headers[header].clone());
        forgeries.push(("two of them", twice));
    }
    forgeries.push(("none", missing));
    forgeries
}

// Negative control: with every keyed hash taken for right, one with another last character is let in; with the first of
// two headers believed, two of them are.
#[test]
fn only_what_the_provider_signed_is_let_in() {
    for candidate in providers() {
        let (gateway, body) = (candidate.open(NOWHERE), text(&candidate));
        let right = (candidate.seal)(&body);
        assert!(gateway.verify(&right.request(&body)).is_ok(), "{}: the right one", candidate.name);
        for (what, wrong) in forgeries(&candidate, &right) {
            assert!(gateway.verify(&wrong.request(&body)).is_err(), "{}: {what}", candidate.name);
        }
        if candidate.signs_body {
            for at in [0, body.len() / 2, body.len() - 1] {
                let mut other = body.clone();
                other[at] ^= 1;
                assert!(gateway.verify(&right.request(&other)).is_err(), "{}: byte {at} changed", candidate.name);
            }
            let longer = [&body[..], b" "].concat();
            let signed = gateway.verify(&right.request(&longer)).is_err();
            assert!(signed, "{}: a byte more", candidate.name);
        }
    }
}

// Negative control: with the default `precheck`, which lets everybody send a body, every provider fails.
#[test]
fn a_stranger_is_turned_away_by_the_head_alone() {
    for candidate in providers() {
        let (gateway, body) = (candidate.open(NOWHERE), text(&candidate));
        let right = (candidate.seal)(&body);
        let standing = gateway.precheck(&right.request(b"")).expect("the right one may send its body");
        let is_proven = standing == Precheck::Verified;
        assert_eq!(is_proven, !candidate.signs_body, "{}: a repeated secret is a whole proof", candidate.name);
        for (what, wrong) in forgeries(&candidate, &right) {
            let has_no_form =
                matches!(what, "a shorter one" | "a longer one" | "an empty one" | "two of them" | "none");
            if has_no_form || is_proven {
                assert!(gateway.precheck(&wrong.request(b"")).is_err(), "{}: {what}", candidate.name);
            }
        }
    }
}

// Negative control: with texts in small letters, none is what was said.
#[test]
fn a_text_arrives_whole_with_its_channel_sender_and_time() {
    for candidate in providers() {
        for said in ["#Budi Contoh#25011987#24112026", "André 😀 25/01/1987 & ya=ya+1 \"kutip\" \\"] {
            let note = Note { at: now() - TimeDelta::hours(30), ..Note::of(What::Text(said)) };
            let items = candidate.read(&note).expect("texts");
            let [Item::Message(message)] = items.as_slice() else { panic!("{}: {items:?}", candidate.name) };
            assert_eq!(message.channel.as_str(), format!("{}/{}", candidate.name, candidate.channel));
            assert_eq!(message.content, Content::Text(said.to_owned()), "{}", candidate.name);
            let late = (message.sent_at - note.at).abs();
            // Twilio tells no time: then it is the time of arrival.
            assert!(late < TimeDelta::seconds(1) || candidate.name == "tw", "{}: {}", candidate.name, message.sent_at);
        }
    }
}

// Negative control: with every time believed, a message is from nine days ago.
#[test]
fn a_time_of_sending_beyond_its_bounds_is_the_time_of_arrival() {
    for candidate in providers() {
        for at in [now() - timestamp::SENT_AGE_MAX - TimeDelta::hours(1), now() + TimeDelta::days(400)] {
            let items = candidate.read(&Note { at, ..Note::of(What::Text("#status")) }).expect("texts");
            let messages = messages(&items);
            assert!(
                (messages[0].sent_at - now()).abs() < TimeDelta::minutes(1),
                "{}: {}",
                candidate.name,
                messages[0].sent_at
            );
        }
    }
}

// Negative control: with a body of no entries left without its note, it gives no item.
#[test]
fn a_body_of_no_use_gives_an_item_and_no_message() {
    let deep = format!("{{\"entry\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    for candidate in providers() {
        let gateway = candidate.open(NOWHERE);
        for body in ["", "{}", "[]", "null", "7", "\"x\"", "{\"entry\":7}", "a=b&c=%FF%00", "\u{feff}{}", &deep] {
            let items = gateway.read(body.as_bytes(), now());
            let start = body.get(..20.min(body.len())).unwrap_or_default();
            assert!(!items.is_empty() && messages(&items).is_empty(), "{}: {start}: {items:?}", candidate.name);
        }
        for body in [&b"\xFF\xFE\x00"[..], b"{\"a\":\"\xFF\"}", &vec![b'x'; 5 << 20], &vec![0; 1 << 20]] {
            assert!(messages(&gateway.read(body, now())).is_empty(), "{}", candidate.name);
        }
    }
}

// Negative control: with bodies that are not mended, there is no message.
#[test]
fn bytes_that_are_no_utf_8_spoil_their_own_text_at_most() {
    for candidate in providers() {
        let mut body = (candidate.write)(&Note::of(What::Text("Budi XYZ Contoh"))).expect("texts");
        let at = body.windows(3).position(|bytes| bytes == b"XYZ").expect("the text");
        body[at] = 0xFF;
        let items = candidate.open(NOWHERE).read(&body, now());
        let messages = messages(&items);
        assert_eq!(messages.len(), 1, "{}: {items:?}", candidate.name);
        assert_eq!(messages[0].content, Content::Text("Budi \u{fffd}YZ Contoh".into()), "{}", candidate.name);
    }
}

#[test]
fn a_body_cut_anywhere_or_changed_anywhere_never_panics() {
    for candidate in providers() {
        let gateway = candidate.open(NOWHERE);
        for what in [
            What::Text("#Budi#1#2"),
            What::Picture("#Budi"),
            What::Card,
            What::Reaction,
            What::Echo,
            What::Edit("x"),
            What::Filled,
        ] {
            let Some(body) = (candidate.write)(&Note::of(what)) else { continue };
            for at in 0..body.len() {
                assert!(!gateway.read(&body[..at], now()).is_empty(), "{}: cut at {at}", candidate.name);
                let mut other = body.clone();
                other[at] = b"\"{}[],:0\\"[at % 9];
                assert!(!gateway.read(&other, now()).is_empty(), "{}: changed at {at}", candidate.name);
            }
        }
    }
}

// Negative control: with WhatsApp's unknown fields taken for messages, one would be answered.
#[test]
fn unknown_events_are_ignored_and_unknown_fields_change_nothing() {
    for candidate in providers() {
        if let Some(items) = candidate.read(&Note::of(What::Unknown)) {
            let only_ignored = items.iter().all(|item| matches!(item, Item::Ignored { .. }));
            // Twilio's unknown kind still carries a text or nothing, and is answered.
            assert!(only_ignored || candidate.name == "tw", "{}: {items:?}", candidate.name);
        }
        let body = text(&candidate);
        let more = match body[0] {
            b'{' => [b"{\"zzz\":{\"deep\":[1,2]},".as_slice(), &body[1..]].concat(),
            _ => [&body[..], b"&Zzz=1&Zzz=2"].concat(),
        };
        let gateway = candidate.open(NOWHERE);
        let at = now();
        assert_eq!(gateway.read(&more, at), gateway.read(&body, at), "{}", candidate.name);
    }
}

#[test]
fn several_messages_in_one_body_are_judged_alone() {
    for candidate in providers() {
        // Where there is none, a body is one event by the provider's documentation.
        let Some(join) = candidate.join else { continue };
        let note = |id, from| (candidate.write)(&Note { id, from, ..Note::of(What::Text("#status")) }).expect("texts");
        let (one, two) = (note("A1", "6281200000001"), note("A2", "6281200000002"));
        let mut bad = note("BAD", "6281200000003");
        let spoiled = String::from_utf8(bad.clone()).expect("UTF-8").replace("\"BAD\"", "{\"no\":\"id\"}");
        bad = spoiled.replace("6281200000003", "").into_bytes();
        let items = candidate.open(NOWHERE).read(&join(&[one.clone(), bad, two, one]), now());
        let contacts: Vec<&str> = messages(&items).iter().map(|message| message.contact.as_str()).collect();
        assert_eq!(contacts, ["6281200000001", "6281200000002", "6281200000001"], "{}", candidate.name);
        let malformed = items.iter().filter(|item| matches!(item, Item::Malformed { .. })).count();
        assert_eq!((items.len(), malformed), (4, 1), "{}: {items:?}", candidate.name);
    }
}

// Negative control: with WAHA's ids as they came, the receipt is about no reply of ours.
#[test]
fn a_receipt_is_a_status_under_our_replys_id() {
    for candidate in providers() {
        let Some(receipt) = candidate.read_receipt else { continue };
        let items = candidate.open(NOWHERE).read(&receipt("3EB0OUT7"), now());
        let [Item::Status(status)] = items.as_slice() else { panic!("{}: {items:?}", candidate.name) };
        assert_eq!(status.id.as_str(), "3EB0OUT7", "{}", candidate.name);
        assert_eq!(status.delivery, antrean::domain::message::Delivery::Read, "{}", candidate.name);
        assert_eq!(status.channel.as_str(), format!("{}/{}", candidate.name, candidate.channel));
    }
}

// Negative control: with one id for everything, another message is the same.
#[test]
fn the_same_message_again_has_the_same_id_and_another_one_has_another() {
    for candidate in providers() {
        let read = |id, said, at| {
            let items = candidate.read(&Note { id, at, ..Note::of(What::Text(said)) }).expect("texts");
            messages(&items)[0].id.clone()
        };
        let at = now();
        assert_eq!(read("A1", "#status", at), read("A1", "#status", at), "{}", candidate.name);
        assert_ne!(read("A1", "#status", at), read("A2", "#batal", at), "{}", candidate.name);
    }
}

#[test]
fn no_secret_and_nothing_of_a_citizen_is_in_debug() {
    for candidate in providers() {
        let config = candidate.configured(NOWHERE);
        let opened = candidate.open(NOWHERE);
        let body = (candidate.write)(&Note::of(What::Text("#Budi Contoh#25011987"))).expect("texts");
        let envelope = (candidate.seal)(&body);
        let items = opened.read(&body, now());
        let shown = format!("{config:?} {:?} {items:?}", envelope.request(&body));
        for secret in candidate.secrets.iter().chain(&["Budi Contoh", "25011987", "81200001234"]) {
            assert!(!shown.contains(secret), "{}: {secret} in {shown}", candidate.name);
        }
    }
}

/// The bodies of `fixtures/webhooks`, or those of a tester's own folder: whoever's they are, no reader panics and none gives
/// nothing.
// Negative control: with `ANTREAN_PAYLOADS` set to an empty folder it fails.
#[test]
fn every_body_of_a_given_folder_is_read_by_everybody() {
    let folder = std::env::var_os("ANTREAN_PAYLOADS").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/webhooks/whatsapp_cloud"),
        std::path::PathBuf::from,
    );
    let gateways: Vec<_> = providers().map(|candidate| (candidate.name, candidate.open(NOWHERE))).collect();
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("a folder of bodies") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let body = std::fs::read(&path).expect("a file");
        for (gateway, opened) in &gateways {
            let items = opened.read(&body, crate::support::installation::now());
            assert!(!items.is_empty(), "{gateway}: {name}");
            // Its own bodies are of a form that it knows.
            let own = [
                ("wa", "whatsapp-cloud-"),
                ("gowa", "gowa-"),
                ("waha", "waha-message"),
                ("tg", "telegram-"),
                ("fonnte", "fonnte-"),
            ];
            let is_own = own.iter().any(|(own, starts)| own == gateway && name.starts_with(starts));
            let is_event = !["vector", "send-"].iter().any(|other| name.contains(other));
            if is_own && is_event {
                let malformed: Vec<_> = items.iter().filter(|item| matches!(item, Item::Malformed { .. })).collect();
                let expected = usize::from(name.contains("batch-two-entries"));
                assert!(malformed.len() <= expected, "{gateway}: {name}: {malformed:?}");
            }
        }
        files += 1;
    }
    assert!(files > 0, "no files there");
}
