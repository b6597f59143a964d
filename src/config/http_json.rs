//! A `[gateway.…]` section of the kind `http_json`: a provider described by where its values stand.

use toml::de::DeValue;

use super::model::GatewayConfig;
use super::section::Section;
use super::value::{exact, taken, text, words};
use crate::gateway::http_json::{
    self, Condition, Encoding, Expected, InboundMapping, Mapping, OutboundMapping, PRESETS, Pointers, Probe, Proof,
    Verdict, VerdictWords,
};
use crate::gateway::signature::Hash;
use crate::sheet::{Mistake, Table, choice, string, truth, whole};

/// Where things stand in what an `http_json` provider posts.
const INBOUND_KEYS: [&str; 25] = [
    "items",
    "each",
    "line",
    "id",
    "from",
    "country",
    "text",
    "text_if_none",
    "time",
    "kind",
    "kinds",
    "location",
    "media",
    "media_hosts",
    "group",
    "own",
    "picture",
    "ignored",
    "wanted",
    "status",
    "status_id",
    "session",
    "session_up",
    "session_down",
    "hidden",
];
/// What the words at `kind` may mean.
const KIND_WORDS: [(&str, http_json::Kind); 10] = [
    ("text", http_json::Kind::Text),
    ("picture", http_json::Kind::Picture),
    ("audio", http_json::Kind::Audio),
    ("video", http_json::Kind::Video),
    ("sticker", http_json::Kind::Sticker),
    ("location", http_json::Kind::Location),
    ("contact", http_json::Kind::Contact),
    ("document", http_json::Kind::Document),
    ("edit", http_json::Kind::Edit),
    ("ignored", http_json::Kind::Ignored),
];
/// What an `http_json` provider takes and answers.
const OUTBOUND_KEYS: [&str; 22] = [
    "url",
    "auth_header",
    "auth_prefix",
    "encoding",
    "fields",
    "ok",
    "ok_value",
    "id",
    "reason",
    "text_chars_max",
    "pause_seconds",
    "probe_url",
    "probe_get",
    "probe_ok",
    "probe_value",
    "throttled",
    "transient",
    "window_closed",
    "refused",
    "opted_out",
    "misconfigured",
    "limited",
];
const VERDICTS: [(&str, Verdict); 7] = [
    ("throttled", Verdict::Throttled),
    ("transient", Verdict::Transient),
    ("window_closed", Verdict::WindowClosed),
    ("refused", Verdict::Refused),
    ("opted_out", Verdict::OptedOut),
    ("misconfigured", Verdict::Misconfigured),
    ("limited", Verdict::Limited),
];

/// Reads a gateway of the kind `http_json`.
pub(super) fn read(section: &mut Section<'_, '_, '_, '_>) -> Option<GatewayConfig> {
    let before = section.table.problems();
    let preset = section.table.take("preset", |value| {
        let preset = string(value)?;
        Mapping::preset(preset).ok_or_else(|| {
            Mistake::new(
                format!("is no preset: \"{preset}\""),
                format!("write one of {}, or leave it out and write [inbound] and [outbound]", PRESETS.join(", ")),
            )
        })
    });
    let mut mapping = taken(preset).unwrap_or_default();
    if let Some(mut inbound) = section.table.table("inbound") {
        read_inbound(&mut inbound, &mut mapping.inbound);
    }
    if let Some(mut outbound) = section.table.table("outbound") {
        read_outbound(&mut outbound, &mut mapping.outbound);
    }
    let get = taken(section.table.take("get", truth)).unwrap_or(false);
    let proof = proof(section);
    let token = section.secret("token");
    let (proof, token) = (proof?, token?);
    let settings = http_json::Settings { name: section.name.to_owned(), proof, token, get, mapping };
    (section.table.problems() == before).then(|| GatewayConfig::HttpJson(Box::new(settings)))
}

/// What proves an `http_json` body: exactly one way.
fn proof(section: &mut Section<'_, '_, '_, '_>) -> Option<Proof> {
    let path = section.optional_secrets("path_secret");
    let secret_header = section.text("secret_header");
    let secret_field = section.text("secret_field");
    let signature_header = section.text("signature_header");
    let proof = match (path.is_empty(), secret_header, signature_header, secret_field) {
        (false, None, None, None) => Proof::Path(path),
        (true, Some(header), None, None) => Proof::Header { name: header, secrets: section.secrets("header_secret")? },
        (true, None, None, Some(field)) => Proof::Query { name: field, secrets: section.secrets("field_secret")? },
        (true, None, Some(header), None) => {
            let hashes = [("sha1", Hash::Sha1), ("sha256", Hash::Sha256), ("sha512", Hash::Sha512)];
            Proof::Hmac {
                header,
                prefix: taken(section.table.take("signature_prefix", exact)).unwrap_or_default(),
                hash: taken(section.table.take("signature_hash", |value| choice(value, &hashes)))
                    .unwrap_or(Hash::Sha256),
                base64: taken(section.table.take("signature_base64", truth)).unwrap_or(false),
                secrets: section.secrets("hmac_secret")?,
            }
        }
        _ => {
            let what = "there must be one proof of who posts here, and only one";
            let remedy = "keep path_secret, or secret_header and header_secret, or secret_field and field_secret, or \
                 signature_header and hmac_secret";
            section.table.note(section.table.here(), what, remedy);
            return None;
        }
    };
    Some(proof)
}

/// Reads one JSON pointer or a list of them; of a list the first one that leads to a value counts.
fn places(table: &mut Table<'_, '_>, key: &str) -> Option<Pointers> {
    let written = table.take(key, |value| match value {
        DeValue::Array(list) => list.iter().map(|spot| exact(spot.get_ref())).collect(),
        _ => exact(value).map(|place| vec![place]),
    });
    taken(written).map(|places| places.into_iter().filter(|place| !place.is_empty()).collect())
}

/// Reads a condition: pointers to a value that is true or false, or a pointer with the words that count as true.
fn mark(table: &mut Table<'_, '_>, key: &str) -> Option<Condition> {
    let is_table = table.is_table(key);
    if !is_table {
        return places(table, key).map(|places| Condition { places, words: Vec::new() });
    }
    let mut inner = table.table(key)?;
    inner.refuse_unknown(&["place", "words"]);
    let places = places(&mut inner, "place").unwrap_or_default();
    let words = words(inner.take_list("words", text)).unwrap_or_default();
    if places.is_empty() || words.is_empty() {
        let remedy = format!("{key} = {{ place = \"/event\", words = [\"sent\"] }}");
        inner.note(inner.here(), format!("`{key}` needs a place and words"), remedy);
    }
    Some(Condition { places, words: words.iter().map(|word| word.trim().to_lowercase()).collect() })
}

fn read_inbound(table: &mut Table<'_, '_>, inbound: &mut InboundMapping) {
    table.refuse_unknown(&INBOUND_KEYS);
    for (key, text) in [
        ("items", &mut inbound.items),
        ("each", &mut inbound.each),
        ("country", &mut inbound.country),
        ("session_up", &mut inbound.session_up),
        ("session_down", &mut inbound.session_down),
    ] {
        if let Some(written) = taken(table.take(key, exact)) {
            *text = written;
        }
    }
    for (key, piece) in [
        ("line", &mut inbound.line),
        ("id", &mut inbound.id),
        ("from", &mut inbound.from),
        ("text", &mut inbound.text),
        ("text_if_none", &mut inbound.text_if_none),
        ("time", &mut inbound.time),
        ("kind", &mut inbound.kind),
        ("location", &mut inbound.location),
        ("media", &mut inbound.media),
        ("status", &mut inbound.status),
        ("status_id", &mut inbound.status_id),
        ("session", &mut inbound.session),
        ("hidden", &mut inbound.hidden),
    ] {
        if let Some(written) = places(table, key) {
            *piece = written;
        }
    }
    for (key, piece) in [
        ("group", &mut inbound.group),
        ("own", &mut inbound.own),
        ("picture", &mut inbound.picture),
        ("ignored", &mut inbound.ignored),
        ("wanted", &mut inbound.wanted),
    ] {
        if let Some(written) = mark(table, key) {
            *piece = written;
        }
    }
    if let Some(hosts) = words(table.take_list("media_hosts", text)) {
        inbound.media_hosts = hosts;
    }
    if let Some(mut kinds) = table.table("kinds") {
        kinds.refuse_unknown(&KIND_WORDS.map(|(name, _)| name));
        for (name, kind) in KIND_WORDS {
            if let Some(any) = words(kinds.take_list(name, text)) {
                inbound.kinds.retain(|(known, _)| *known != kind);
                inbound.kinds.push((kind, any.iter().map(|word| word.trim().to_lowercase()).collect()));
            }
        }
    }
}

fn read_outbound(table: &mut Table<'_, '_>, outbound: &mut OutboundMapping) {
    table.refuse_unknown(&OUTBOUND_KEYS);
    for (key, place) in [
        ("url", &mut outbound.url),
        ("auth_header", &mut outbound.auth_header),
        ("auth_prefix", &mut outbound.auth_prefix),
        ("ok", &mut outbound.ok.pointer),
        ("ok_value", &mut outbound.ok.value),
        ("id", &mut outbound.id),
        ("reason", &mut outbound.reason),
    ] {
        if let Some(written) = taken(table.take(key, exact)) {
            *place = written;
        }
    }
    let encodings = [("json", Encoding::Json), ("form", Encoding::Form)];
    if let Some(encoding) = taken(table.take("encoding", |value| choice(value, &encodings))) {
        outbound.encoding = encoding;
    }
    if let Some(chars) = taken(table.take("text_chars_max", |value| whole(value, 70, 4_096))) {
        outbound.text_chars_max = usize::try_from(chars).unwrap_or(usize::MAX);
    }
    if let Some(seconds) = taken(table.take("pause_seconds", |value| whole(value, 1, 60))) {
        outbound.pause_seconds = seconds;
    }
    if let Some(mut fields) = table.table("fields") {
        outbound.fields = fields
            .keys()
            .into_iter()
            .filter_map(|(name, _)| Some((name.to_owned(), taken(fields.take(name, exact))?)))
            .collect();
    }
    if let Some(url) = taken(table.take("probe_url", text)) {
        let known = outbound.probe.take();
        let ok = known.as_ref().map_or_else(Expected::default, |probe| probe.ok.clone());
        outbound.probe = Some(Probe {
            url,
            get: taken(table.take("probe_get", truth)).unwrap_or_else(|| known.is_some_and(|probe| probe.get)),
            ok: Expected {
                pointer: taken(table.take("probe_ok", exact)).unwrap_or(ok.pointer),
                value: taken(table.take("probe_value", exact)).unwrap_or(ok.value),
            },
        });
    }
    for (key, verdict) in VERDICTS {
        if let Some(any) = words(table.take_list(key, text)) {
            let any = any.iter().map(|word| word.to_lowercase()).collect();
            outbound.verdicts.retain(|words| words.verdict != verdict);
            outbound.verdicts.push(VerdictWords { verdict, any });
        }
    }
}
