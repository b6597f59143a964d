//! A `[gateway.…]` section: which provider, how to reach it, and its secrets, each mistake with its place.

use toml::de::DeValue;

use super::GatewayConfig;
use super::read::{Reader, TEXT_CHARS_MAX};
use crate::gateway::http_json::{
    Condition, Encoding, Expected, InboundMapping, Mapping, OutboundMapping, PRESETS, Pointers, Probe, Proof, Verdict,
    VerdictWords,
};
use crate::gateway::signature::Hash;
use crate::gateway::site::Site;
use crate::gateway::{gowa, http_json, telegram, twilio, waha, whatsapp_cloud};
use crate::sheet::{Entry, Mistake, Read, Spot, Table, choice, line, string, truth, whole};

/// What kinds there are, as they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    WhatsAppCloud,
    Gowa,
    Waha,
    HttpJson,
    Telegram,
    Twilio,
    Simulator,
}

const KINDS: [(&str, Kind); 7] = [
    ("whatsapp_cloud", Kind::WhatsAppCloud),
    ("gowa", Kind::Gowa),
    ("waha", Kind::Waha),
    ("http_json", Kind::HttpJson),
    ("telegram", Kind::Telegram),
    ("twilio", Kind::Twilio),
    ("simulator", Kind::Simulator),
];

/// The keys of each kind besides `kind`; a secret stands for itself and for `…_file`.
fn keys(kind: Kind) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        Kind::WhatsAppCloud => (
            &["api", "version", "number_in_path", "auth_header", "webhook_header"],
            &["verify_token", "app_secret", "app_secret_next", "webhook_token", "webhook_token_next", "access_token"],
        ),
        Kind::Gowa => (&["api", "user", "device"], &["password", "webhook_secret", "webhook_secret_next"]),
        Kind::Waha => (&["api"], &["api_key", "hmac_key", "hmac_key_next"]),
        Kind::HttpJson => (
            &[
                "preset",
                "get",
                "secret_header",
                "secret_field",
                "signature_header",
                "signature_prefix",
                "signature_hash",
                "signature_base64",
                "inbound",
                "outbound",
            ],
            &[
                "token",
                "path_secret",
                "path_secret_next",
                "header_secret",
                "header_secret_next",
                "field_secret",
                "field_secret_next",
                "hmac_secret",
                "hmac_secret_next",
            ],
        ),
        Kind::Telegram => (&["api"], &["token", "secret_token", "secret_token_next"]),
        Kind::Twilio => (&["api", "account_sid", "public_url"], &["auth_token", "auth_token_next"]),
        Kind::Simulator => (&["allow_beside_real", "hosts"], &[]),
    }
}

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

fn text(value: &DeValue<'_>) -> Read<String> {
    line(value, TEXT_CHARS_MAX)
}

/// A text whose spaces count, such as the one behind `Bearer`.
fn exact(value: &DeValue<'_>) -> Read<String> {
    string(value).map(str::to_owned)
}

impl Reader<'_> {
    /// Reads a gateway; what is wrong has been noted where there is none.
    pub(super) fn gateway(&mut self, name: &str, table: &mut Table<'_, '_>) -> Option<GatewayConfig> {
        let example =
            "kind = \"whatsapp_cloud\", \"gowa\", \"waha\", \"http_json\", \"telegram\", \"twilio\" or \"simulator\"";
        let kind = table.need("kind", |value| choice(value, &KINDS), example)?.value;
        let (plain, secrets) = keys(kind);
        let files: Vec<String> = secrets.iter().map(|secret| format!("{secret}_file")).collect();
        let known: Vec<&str> = ["kind"]
            .into_iter()
            .chain(plain.iter().copied())
            .chain(secrets.iter().copied())
            .chain(files.iter().map(String::as_str))
            .collect();
        table.refuse_unknown(&known);
        let config = match kind {
            Kind::WhatsAppCloud => self.whatsapp_cloud(name, table),
            Kind::Gowa => self.gowa(name, table),
            Kind::Waha => self.waha(name, table),
            Kind::HttpJson => self.http_json(name, table),
            Kind::Telegram => self.telegram(name, table),
            Kind::Twilio => self.twilio(name, table),
            Kind::Simulator => {
                Some(GatewayConfig::Simulator(Site::called(words(table.take_list("hosts", text)).unwrap_or_default())))
            }
        }?;
        // The gateway knows best what it can work with; it is asked here so that its answer has a place.
        match config.open() {
            Ok(_) => Some(config),
            Err(error) => {
                table.note(table.here(), error.to_string(), "mend it in this section, or in its variables");
                None
            }
        }
    }

    fn whatsapp_cloud(&mut self, name: &str, table: &mut Table<'_, '_>) -> Option<GatewayConfig> {
        let defaults = whatsapp_cloud::Settings::default();
        let api = self.text(name, "api", table);
        // A partner's addresses may have no version: then it is written, and empty.
        let version = self.plain(name, "version", &table.take("version", exact));
        let number_in_path = taken(table.take("number_in_path", truth));
        let auth_header = self.text(name, "auth_header", table);
        let webhook_header = self.text(name, "webhook_header", table);
        let verify_token = self.secret(name, "verify_token", table);
        let webhook_token = match webhook_header {
            Some(header) => {
                self.pair(name, "webhook_token", table).map(|tokens| whatsapp_cloud::WebhookToken { header, tokens })
            }
            None => None,
        };
        let app_secrets = match &webhook_token {
            // What a partner repeats may be all there is.
            Some(_) => self.optional_pair(name, "app_secret", table),
            None => self.pair(name, "app_secret", table)?,
        };
        let access_token = self.secret(name, "access_token", table);
        Some(GatewayConfig::WhatsAppCloud(whatsapp_cloud::Settings {
            name: name.to_owned(),
            api: api.unwrap_or(defaults.api),
            version: version.unwrap_or(defaults.version),
            number_in_path: number_in_path.unwrap_or(defaults.number_in_path),
            verify_token: verify_token?,
            app_secrets,
            webhook_token,
            auth_header: auth_header.unwrap_or(defaults.auth_header),
            access_token: access_token?,
        }))
    }

    fn gowa(&mut self, name: &str, table: &mut Table<'_, '_>) -> Option<GatewayConfig> {
        let api = self.needed(name, "api", table, gowa::API_EXAMPLE);
        let user = self.needed(name, "user", table, "antrean");
        let device = self.text(name, "device", table);
        let password = self.secret(name, "password", table);
        let webhook_secrets = self.pair(name, "webhook_secret", table)?;
        Some(GatewayConfig::Gowa(gowa::Settings {
            name: name.to_owned(),
            api: api?,
            user: user?,
            password: password?,
            webhook_secrets,
            device,
        }))
    }

    fn waha(&mut self, name: &str, table: &mut Table<'_, '_>) -> Option<GatewayConfig> {
        let api = self.needed(name, "api", table, waha::API_EXAMPLE);
        let api_key = self.secret(name, "api_key", table);
        let hmac_keys = self.pair(name, "hmac_key", table)?;
        Some(GatewayConfig::Waha(waha::Settings { name: name.to_owned(), api: api?, api_key: api_key?, hmac_keys }))
    }

    fn telegram(&mut self, name: &str, table: &mut Table<'_, '_>) -> Option<GatewayConfig> {
        let api = self.text(name, "api", table).unwrap_or_else(|| telegram::API_DEFAULT.to_owned());
        let token = self.secret(name, "token", table);
        let secret_tokens = self.pair(name, "secret_token", table)?;
        Some(GatewayConfig::Telegram(telegram::Settings { name: name.to_owned(), api, token: token?, secret_tokens }))
    }

    fn twilio(&mut self, name: &str, table: &mut Table<'_, '_>) -> Option<GatewayConfig> {
        let api = self.text(name, "api", table).unwrap_or_else(|| twilio::API_DEFAULT.to_owned());
        let account_sid = self.needed(name, "account_sid", table, "AC…");
        let public_url = self.needed(name, "public_url", table, twilio::PUBLIC_EXAMPLE);
        let auth_tokens = self.pair(name, "auth_token", table)?;
        Some(GatewayConfig::Twilio(twilio::Settings {
            name: name.to_owned(),
            api,
            account_sid: account_sid?,
            auth_tokens,
            public_url: public_url?,
        }))
    }

    fn http_json(&mut self, name: &str, table: &mut Table<'_, '_>) -> Option<GatewayConfig> {
        let before = table.problems();
        let preset = table.take("preset", |value| {
            let preset = string(value)?;
            Mapping::preset(preset).ok_or_else(|| {
                Mistake::new(
                    format!("is no preset: \"{preset}\""),
                    format!("write one of {}, or leave it out and write [inbound] and [outbound]", PRESETS.join(", ")),
                )
            })
        });
        let mut mapping = taken(preset).unwrap_or_default();
        if let Some(mut inbound) = table.table("inbound") {
            read_inbound(&mut inbound, &mut mapping.inbound);
        }
        if let Some(mut outbound) = table.table("outbound") {
            read_outbound(&mut outbound, &mut mapping.outbound);
        }
        let get = taken(table.take("get", truth)).unwrap_or(false);
        let proof = self.proof(name, table);
        let token = self.secret(name, "token", table);
        let (proof, token) = (proof?, token?);
        let settings = http_json::Settings { name: name.to_owned(), proof, token, get, mapping };
        (table.problems() == before).then(|| GatewayConfig::HttpJson(Box::new(settings)))
    }

    /// What proves an `http_json` body: exactly one way.
    fn proof(&mut self, name: &str, table: &mut Table<'_, '_>) -> Option<Proof> {
        let path = self.optional_pair(name, "path_secret", table);
        let secret_header = self.text(name, "secret_header", table);
        let secret_field = self.text(name, "secret_field", table);
        let signature_header = self.text(name, "signature_header", table);
        let proof = match (path.is_empty(), secret_header, signature_header, secret_field) {
            (false, None, None, None) => Proof::Path(path),
            (true, Some(header), None, None) => {
                Proof::Header { name: header, secrets: self.pair(name, "header_secret", table)? }
            }
            (true, None, None, Some(field)) => {
                Proof::Query { name: field, secrets: self.pair(name, "field_secret", table)? }
            }
            (true, None, Some(header), None) => {
                let hashes = [("sha1", Hash::Sha1), ("sha256", Hash::Sha256), ("sha512", Hash::Sha512)];
                Proof::Hmac {
                    header,
                    prefix: taken(table.take("signature_prefix", exact)).unwrap_or_default(),
                    hash: taken(table.take("signature_hash", |value| choice(value, &hashes))).unwrap_or(Hash::Sha256),
                    base64: taken(table.take("signature_base64", truth)).unwrap_or(false),
                    secrets: self.pair(name, "hmac_secret", table)?,
                }
            }
            _ => {
                let what = "there must be one proof of who posts here, and only one";
                let remedy = "keep path_secret, or secret_header and header_secret, or secret_field and field_secret, or \
                     signature_header and hmac_secret";
                table.note(table.here(), what, remedy);
                return None;
            }
        };
        Some(proof)
    }

    fn text(&mut self, gateway: &str, key: &str, table: &mut Table<'_, '_>) -> Option<String> {
        let entry = table.take(key, text);
        self.plain(gateway, key, &entry)
    }

    fn needed(&mut self, gateway: &str, key: &str, table: &mut Table<'_, '_>, example: &str) -> Option<String> {
        let before = table.problems();
        let found = self.text(gateway, key, table);
        if found.is_none() && table.problems() == before {
            table.note(table.here(), format!("`{key}` is missing"), format!("add {key} = \"{example}\""));
        }
        found
    }

    /// A secret, and its follower during a rotation; `None` when the first is missing, which has been noted.
    fn pair(&mut self, gateway: &str, key: &str, table: &mut Table<'_, '_>) -> Option<Vec<String>> {
        let first = self.secret(gateway, key, table);
        let next = self.optional_secret(gateway, &format!("{key}_next"), table);
        first.map(|first| std::iter::once(first).chain(next).collect())
    }

    fn optional_pair(&mut self, gateway: &str, key: &str, table: &mut Table<'_, '_>) -> Vec<String> {
        let first = self.optional_secret(gateway, key, table);
        let next = self.optional_secret(gateway, &format!("{key}_next"), table);
        first.into_iter().chain(next).collect()
    }
}

fn taken<T>(entry: Entry<T>) -> Option<T> {
    match entry {
        Entry::Given(spot) => Some(spot.value),
        Entry::Absent | Entry::Broken => None,
    }
}

fn words(entry: Entry<Vec<Spot<String>>>) -> Option<Vec<String>> {
    taken(entry).map(|list| list.into_iter().map(|spot| spot.value).collect())
}

/// Places as they are written: one, or a list of which the first filled one counts.
fn places(table: &mut Table<'_, '_>, key: &str) -> Option<Pointers> {
    let written = table.take(key, |value| match value {
        DeValue::Array(list) => list.iter().map(|spot| exact(spot.get_ref())).collect(),
        _ => exact(value).map(|place| vec![place]),
    });
    taken(written).map(|places| places.into_iter().filter(|place| !place.is_empty()).collect())
}

/// A mark as it is written: its places alone, whose value says yes or no; or a place with the words that say yes.
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
