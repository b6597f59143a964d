//! From a file and the environment to a [`Config`], noting everything that is wrong on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::{NamedSource, Report};
use toml::de::DeValue;

use super::mask::mask;
use super::{ChannelConfig, Config, Creation, DEFAULTS, GatewayConfig, strangers};
use crate::domain::office::OfficeId;
use crate::sheet::{
    Entry, Mistake, Place, Problem, Problems, Read, Source, Spot, Table, choice, document, line, nearest, string,
    truth, whole,
};
use crate::storage::{Tls, sqlite_path};

/// What every variable of ours begins with.
pub(super) const PREFIX: &str = "ANTREAN_";
/// Longest text of one key, in characters.
pub(super) const TEXT_CHARS_MAX: usize = 4_096;
/// Fewest days that anything is kept where repeats are recognised: far more than the week that a provider tries for.
const KEEP_DAYS_MIN: u32 = 30;
/// Most days, ten years.
pub(super) const KEEP_DAYS_MAX: u32 = 3_650;
/// Longest time that a reply may be of use, in hours: four weeks.
const REPLY_HOURS_MAX: u32 = 24 * 28;
/// Largest file that holds a secret, in bytes.
const SECRET_BYTES_MAX: u64 = 16 * 1024;

/// Most messages in one commit: a batch's numbers are reserved beforehand.
const MESSAGES_PER_COMMIT_MAX: u32 = 1_024;

const KEYS: [&str; 13] = [
    "listen",
    "database",
    "database_tls",
    "require_database",
    "group_read",
    "offices",
    "media",
    "keep_days",
    "log_format",
    "reply_hours",
    "messages_per_commit",
    "gateway",
    "channel",
];
const CHANNEL_KEYS: [&str; 5] = ["gateway", "office", "phone_number_id", "key", "replies_in_ten_minutes"];
/// Fewest answers to one contact in ten minutes: a booking with a code and a photo is a talk of five.
const REPLIES_MAX_LEAST: u32 = 5;
/// Most of them: one a second answers a machine.
const REPLIES_MAX_MOST: u32 = 600;
/// Variables that are not configuration: the log's filter, and what tests and tools read.
const OTHER_VARIABLES: [&str; 4] = ["ANTREAN_LOG", "ANTREAN_BLESS", "ANTREAN_PAYLOADS", "ANTREAN_SCREENSHOTS"];

/// What a file, or the environment, says; silent about the rest.
#[derive(Default)]
struct Said {
    listen: Entry<SocketAddr>,
    database: Entry<String>,
    database_tls: Entry<Tls>,
    require_database: Entry<bool>,
    group_read: Entry<bool>,
    offices: Entry<Vec<PathBuf>>,
    media: Entry<PathBuf>,
    keep_days: Entry<u32>,
    log_json: Entry<bool>,
    reply_hours: Entry<u16>,
    messages_per_commit: Entry<u32>,
    strangers: strangers::Said,
    gateways: BTreeMap<String, GatewayConfig>,
    /// Gateways that are named, whether or not they could be read.
    named: BTreeSet<String>,
    channels: Vec<ChannelConfig>,
}

/// Reads a configuration named `name`, whose relative paths are relative to `folder`.
pub(super) fn config(
    name: &str,
    text: &str,
    folder: &Path,
    environment: &BTreeMap<String, String>,
) -> Result<Config, Problems> {
    let mut problems = Vec::new();
    let nothing = BTreeMap::new();
    let defaults = Reader::new(folder, &nothing).file("the defaults", DEFAULTS, &mut problems);
    let mut reader = Reader::new(folder, environment);
    let own = reader.file(name, text, &mut problems);
    let over = reader.overrides(&mut problems);
    reader.refuse_unknown_variables(&mut problems);
    let database_tls = over.database_tls.or(own.database_tls);
    let strangers = strangers::settle(own.strangers, defaults.strangers);
    let settled = (
        over.listen.or(own.listen).or(defaults.listen),
        over.database.or(own.database).or(defaults.database),
        over.require_database.or(own.require_database).or(defaults.require_database),
        over.group_read.or(own.group_read).or(defaults.group_read),
        over.offices.or(own.offices).or(defaults.offices),
        over.media.or(own.media).or(defaults.media),
        over.keep_days.or(own.keep_days).or(defaults.keep_days),
        over.log_json.or(own.log_json).or(defaults.log_json),
        own.reply_hours.or(defaults.reply_hours),
        own.messages_per_commit.or(defaults.messages_per_commit),
    );
    if let (
        Entry::Given(listen),
        Entry::Given(database),
        Entry::Given(require_database),
        Entry::Given(group_read),
        Entry::Given(offices),
        Entry::Given(media),
        Entry::Given(keep_days),
        Entry::Given(log),
        Entry::Given(reply_hours),
        Entry::Given(messages_per_commit),
    ) = settled
        && problems.is_empty()
    {
        return Ok(Config {
            file: None,
            listen: listen.value,
            database: database.value,
            database_tls: database_tls.given().map(|spot| spot.value),
            require_database: require_database.value,
            creation: Creation::default(),
            group_read: group_read.value,
            offices: offices.value,
            media: media.value,
            keep_days: keep_days.value,
            log_json: log.value,
            reply_hours: reply_hours.value,
            messages_per_commit: messages_per_commit.value,
            strangers,
            gateways: own.gateways,
            channels: own.channels,
        });
    }
    let shown = problems.into_iter().map(|problem| Report::new(problem.shown_through(mask)));
    Err(Problems(shown.collect()))
}

/// Reads one file beside one environment.
pub(super) struct Reader<'a> {
    folder: &'a Path,
    environment: &'a BTreeMap<String, String>,
    used: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    fn new(folder: &'a Path, environment: &'a BTreeMap<String, String>) -> Self {
        Self { folder, environment, used: BTreeSet::new() }
    }

    fn variable(&mut self, name: &str) -> Option<&'a str> {
        let value = self.environment.get(name)?;
        self.used.insert(name.to_owned());
        Some(value)
    }

    fn file(&mut self, name: &str, text: &str, problems: &mut Vec<Problem>) -> Said {
        let source: Source = Arc::new(NamedSource::new(name, text.to_owned()));
        let (root, _) = document(&source, problems);
        let mut table = Table::of(&source, &root, problems);
        table.refuse_unknown(&[&KEYS[..], &strangers::KEYS[..]].concat());
        let folder = self.folder.to_owned();
        let mut said = Said {
            listen: table.take("listen", address),
            database: table.take("database", |value| database(value, &folder)),
            database_tls: table.take("database_tls", |value| choice(value, &Tls::ALL)),
            require_database: table.take("require_database", truth),
            group_read: table.take("group_read", truth),
            offices: paths(table.take_list("offices", |value| path(value, &folder))),
            media: table.take("media", |value| path(value, &folder)),
            keep_days: table.take("keep_days", |value| whole(value, KEEP_DAYS_MIN, KEEP_DAYS_MAX)),
            log_json: table.take("log_format", |value| choice(value, &[("text", false), ("json", true)])),
            reply_hours: table.take("reply_hours", hours),
            messages_per_commit: table.take("messages_per_commit", |value| whole(value, 1, MESSAGES_PER_COMMIT_MAX)),
            strangers: strangers::read(&mut table),
            ..Said::default()
        };
        if let Some(mut gateways) = table.table("gateway") {
            let mut simulators = Vec::new();
            for (name, place) in gateways.keys() {
                said.named.insert(name.to_owned());
                if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                    let what = format!("`{name}` cannot be a gateway's name");
                    gateways.note(place, what, "use letters, digits and dashes: it stands in the webhook's address");
                    continue;
                }
                let Some(mut table) = gateways.table(name) else { continue };
                let is_allowed = matches!(table.take("allow_beside_real", truth), Entry::Given(spot) if spot.value);
                if let Some(gateway) = self.gateway(name, &mut table) {
                    if matches!(gateway, GatewayConfig::Simulator(_)) && !is_allowed {
                        simulators.push((name, place));
                    }
                    said.gateways.insert(name.to_owned(), gateway);
                }
            }
            // Nobody signs what a simulator is sent: beside real citizens, anybody could book in their place.
            let real = said.gateways.iter().find(|(_, gateway)| !matches!(gateway, GatewayConfig::Simulator(_)));
            if let Some((real, _)) = real {
                for (name, place) in simulators {
                    let what = format!("the simulator `{name}` stands beside the real gateway `{real}`");
                    let remedy = "remove it: nothing that it is sent is signed, so whoever reaches its webhook can take \
                                  real places; or write `allow_beside_real = true` in its section, and pass only the \
                                  real gateways' webhooks through the proxy";
                    gateways.note(place, what, remedy);
                }
            }
        }
        let mut lines = BTreeSet::new();
        let Said { named, channels, gateways, .. } = &mut said;
        table.each_table("channel", |mut table| {
            if let Some((place, channel)) = channel(&mut table, named, gateways) {
                if !lines.insert((channel.gateway.clone(), channel.key.clone())) {
                    table.note(place, "this line has an office already", "a line belongs to one office; remove one");
                }
                channels.push(channel);
            }
        });
        said
    }

    pub(super) fn plain(&mut self, gateway: &str, key: &str, entry: &Entry<String>) -> Option<String> {
        self.variable(&variable_of(gateway, key))
            .map(str::to_owned)
            .or_else(|| entry.given().map(|spot| spot.value.clone()))
    }

    /// A secret that must be there: in the file, in a file of its own, or in the environment.
    pub(super) fn secret(&mut self, gateway: &str, key: &str, table: &mut Table<'_, '_>) -> Option<String> {
        let before = table.problems();
        let secret = self.optional_secret(gateway, key, table);
        if secret.is_none() && table.problems() == before {
            let remedy =
                format!("add {key} = \"...\", or {key}_file, or set the variable {}", variable_of(gateway, key));
            table.note(table.here(), format!("`{key}` is missing"), remedy);
        }
        secret
    }

    pub(super) fn optional_secret(&mut self, gateway: &str, key: &str, table: &mut Table<'_, '_>) -> Option<String> {
        let in_file = format!("{key}_file");
        let folder = self.folder.to_owned();
        let own = table.take(key, secret_text);
        let beside = table.take(&in_file, |value| secret_file(&path(value, &folder)?));
        let elsewhere = self.variable(&variable_of(gateway, &in_file)).map(|name| folder.join(name));
        if let Some(value) = self.variable(&variable_of(gateway, key)) {
            return Some(value.to_owned());
        }
        if let Some(file) = elsewhere {
            return match secret_file(&file) {
                Ok(secret) => Some(secret),
                Err(mistake) => {
                    table.note(table.here(), format!("`{in_file}` {}", mistake.what), mistake.remedy);
                    None
                }
            };
        }
        if let (Some(_), Some(twice)) = (own.given(), beside.given()) {
            table.note(twice.place.clone(), format!("`{key}` is given twice"), format!("keep {key} or {in_file}"));
        }
        own.or(beside).given().map(|spot| spot.value.clone())
    }

    /// What the environment says about the top of the file.
    fn overrides(&mut self, problems: &mut Vec<Problem>) -> Said {
        // The variables are read as a file of their own, so that the same rules and messages hold for them.
        let mut table = toml::Table::new();
        for key in ["listen", "database", "database_tls", "media", "log_format"] {
            if let Some(value) = self.variable(&format!("{PREFIX}{}", key.to_uppercase())) {
                table.insert(key.to_owned(), toml::Value::String(value.to_owned()));
            }
        }
        for key in ["require_database", "group_read"] {
            if let Some(value) = self.variable(&format!("{PREFIX}{}", key.to_uppercase())) {
                let truth = value.trim().parse();
                let value = truth.map_or_else(|_| toml::Value::String(value.to_owned()), toml::Value::Boolean);
                table.insert(key.to_owned(), value);
            }
        }
        if let Some(value) = self.variable("ANTREAN_KEEP_DAYS") {
            let days =
                value.trim().parse().map_or_else(|_| toml::Value::String(value.to_owned()), toml::Value::Integer);
            table.insert("keep_days".to_owned(), days);
        }
        if let Some(value) = self.variable("ANTREAN_OFFICES") {
            let paths = value.split(',').map(str::trim).filter(|path| !path.is_empty());
            let list = paths.map(|path| toml::Value::String(path.to_owned())).collect();
            table.insert("offices".to_owned(), toml::Value::Array(list));
        }
        let nothing = BTreeMap::new();
        Reader::new(Path::new(""), &nothing).file("the environment (ANTREAN_…)", &table.to_string(), problems)
    }

    /// Refuses variables that were probably meant for this program; others with our prefix may be somebody else's.
    fn refuse_unknown_variables(&self, problems: &mut Vec<Problem>) {
        let known = [
            "ANTREAN_LISTEN",
            "ANTREAN_DATABASE",
            "ANTREAN_DATABASE_TLS",
            "ANTREAN_REQUIRE_DATABASE",
            "ANTREAN_GROUP_READ",
            "ANTREAN_OFFICES",
            "ANTREAN_MEDIA",
            "ANTREAN_KEEP_DAYS",
            "ANTREAN_LOG_FORMAT",
        ];
        for name in self.environment.keys() {
            if self.used.contains(name) || OTHER_VARIABLES.contains(&name.as_str()) {
                continue;
            }
            let remedy = if name.starts_with("ANTREAN_GATEWAY_") {
                "unset it, or add the gateway's section to the file".to_owned()
            } else if let Some(near) = nearest(name, known) {
                format!("did you mean {near}?")
            } else {
                continue;
            };
            problems.push(Problem::whole(format!("the variable {name} is not known"), remedy));
        }
    }
}

/// `ANTREAN_GATEWAY_WA_ACCESS_TOKEN`.
fn variable_of(gateway: &str, key: &str) -> String {
    format!("{PREFIX}GATEWAY_{}_{}", gateway.to_uppercase().replace('-', "_"), key.to_uppercase())
}

fn channel(
    table: &mut Table<'_, '_>,
    named: &BTreeSet<String>,
    gateways: &BTreeMap<String, GatewayConfig>,
) -> Option<(Place, ChannelConfig)> {
    table.refuse_unknown(&[&CHANNEL_KEYS[..], &super::line::KEYS[..]].concat());
    let text = |value: &DeValue<'_>| line(value, TEXT_CHARS_MAX);
    let gateway = table.need("gateway", text, "gateway = \"wa\", the name of a [gateway.…] section");
    let read = |value: &DeValue<'_>| {
        OfficeId::read(string(value)?)
            .map_err(|error| Mistake::new(format!("is no office's id: {error}"), "see `antrean check`"))
    };
    let office = table.need("office", read, "office = \"bogor\"");
    let number = table.take("phone_number_id", text);
    let key = number.or(table.take("key", text));
    let replies = table.take("replies_in_ten_minutes", |value| whole(value, REPLIES_MAX_LEAST, REPLIES_MAX_MOST));
    let replies_max = replies.given().map(|spot| spot.value);
    let sending = super::line::read(table);
    let gateway = gateway?;
    if !named.contains(&gateway.value) {
        let remedy = nearest(&gateway.value, named.iter().map(String::as_str)).map_or_else(
            || format!("add a section [gateway.{}]", gateway.value),
            |near| format!("did you mean \"{near}\"?"),
        );
        table.note(gateway.place.clone(), format!("there is no gateway `{}`", gateway.value), remedy);
        return None;
    }
    let Spot { value: office, place: office_place } = office?;
    let config = gateways.get(&gateway.value);
    let key = match key {
        Entry::Given(key) => config.map_or(key.value.clone(), |config| config.line(&key.value)),
        Entry::Absent => {
            let Some(key) = config.and_then(|config| config.only_line(&office)) else {
                let (name, remedy) = config.map_or(("key", "add key = \"…\""), GatewayConfig::line_remedy);
                table.note(table.here(), format!("`{name}` is missing"), remedy);
                return None;
            };
            key
        }
        Entry::Broken => return None,
    };
    Some((
        table.here(),
        ChannelConfig {
            gateway: gateway.value,
            key,
            office,
            place: office_place.in_words(),
            replies_max,
            line: sending,
        },
    ))
}

fn hours(value: &DeValue<'_>) -> Read<u16> {
    let hours = whole(value, 1, REPLY_HOURS_MAX)?;
    Ok(u16::try_from(hours).unwrap_or(u16::MAX))
}

fn address(value: &DeValue<'_>) -> Read<SocketAddr> {
    let text = string(value)?;
    super::listen(text).map_err(|_| {
        Mistake::new(
            format!("is no address to listen on: \"{text}\""),
            "write it like \"127.0.0.1:8080\", \"[::1]:8080\", or \"0.0.0.0:8080\" for all that can reach this machine",
        )
    })
}

fn database(value: &DeValue<'_>, folder: &Path) -> Read<String> {
    let url = line(value, TEXT_CHARS_MAX)?;
    if let Some(file) = sqlite_path(&url) {
        return Ok(format!("sqlite://{}", folder.join(file).display()));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(url);
    }
    // The address may hold a password: it is not repeated.
    Err(Mistake::new("is no database that antrean knows", "write it like \"sqlite://antrean.db\""))
}

fn path(value: &DeValue<'_>, folder: &Path) -> Read<PathBuf> {
    Ok(folder.join(line(value, TEXT_CHARS_MAX)?))
}

fn paths(entry: Entry<Vec<Spot<PathBuf>>>) -> Entry<Vec<PathBuf>> {
    match entry {
        Entry::Absent => Entry::Absent,
        Entry::Broken => Entry::Broken,
        Entry::Given(spot) => {
            Entry::Given(Spot { value: spot.value.into_iter().map(|path| path.value).collect(), place: spot.place })
        }
    }
}

/// A secret as it stands; what is wrong with it never repeats it.
fn secret_text(value: &DeValue<'_>) -> Read<String> {
    match value.as_str() {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(Mistake::new("must be a text that is not empty", "put it in \"quotes\"")),
    }
}

/// The secret in a file, without the line break at its end.
fn secret_file(file: &Path) -> Read<String> {
    let failed =
        |why: String| Mistake::new(format!("names {}, {why}", file.display()), "write the secret into that file");
    let size = std::fs::metadata(file).map_err(|error| failed(format!("which cannot be read: {error}")))?.len();
    if size > SECRET_BYTES_MAX {
        return Err(failed("which is too large for a secret".to_owned()));
    }
    let text = std::fs::read_to_string(file).map_err(|error| failed(format!("which cannot be read: {error}")))?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() { Err(failed("which is empty".to_owned())) } else { Ok(secret.to_owned()) }
}
