//! From a file and the environment to a [`Config`], noting everything that is wrong on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use miette::{NamedSource, Report};
use toml::de::DeValue;

use super::console::{self, ConsoleConfig};
use super::listen::listen;
use super::mask::mask;
use super::model::{ChannelConfig, Config, Creation, DEFAULTS, GatewayConfig};
use super::section::Section;
use super::value::{path, taken, text};
use super::variables::Variables;
use super::{channel, client_limits, gateway, retention, web_address};
use crate::sheet::{
    Entry, Mistake, Place, Problem, Problems, Read, Source, Spot, Table, choice, document, string, truth, whole,
};
use crate::storage::{Tls, sqlite_path};

/// Fewest days that anything is kept where repeats are recognised: far more than the week that a provider retries for.
const KEEP_DAYS_MIN: u32 = 30;
/// Most days, ten years.
pub(super) const KEEP_DAYS_MAX: u32 = 3_650;
/// Longest time that a reply may be of use, in hours: four weeks.
const REPLY_HOURS_MAX: u32 = 24 * 28;
/// Most messages in one commit: the ids of a batch are reserved beforehand.
const MESSAGES_PER_COMMIT_MAX: u32 = 1_024;
/// Longest time that a message may wait until it is served, in seconds: no provider waits longer for its answer.
const WAIT_SECONDS_MAX: u32 = 60;

/// The keys at the top of the file, besides the client limits.
const KEYS: [&str; 18] = [
    "listen",
    "database",
    "database_tls",
    "require_database",
    "group_read",
    "offices",
    "media",
    "media_keys",
    "keep_days",
    "log_format",
    "reply_hours",
    "messages_per_commit",
    "wait_seconds",
    "public_address",
    "console",
    "retention",
    "gateway",
    "channel",
];

/// What a file, or the environment, sets.
#[derive(Default)]
struct Given {
    listen: Entry<SocketAddr>,
    database: Entry<String>,
    database_tls: Entry<Tls>,
    require_database: Entry<bool>,
    group_read: Entry<bool>,
    offices: Entry<Vec<PathBuf>>,
    media: Entry<PathBuf>,
    media_keys: Entry<PathBuf>,
    keep_days: Entry<u32>,
    log_json: Entry<bool>,
    reply_hours: Entry<u16>,
    messages_per_commit: Entry<u32>,
    wait_max: Entry<Duration>,
    client_limits: client_limits::Given,
    public_address: Entry<String>,
    console: Option<ConsoleConfig>,
    retention: retention::Given,
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
    let mut no_variables = Variables::new(&nothing);
    let mut variables = Variables::new(environment);
    let defaults =
        file("the defaults", DEFAULTS, Reading { folder, variables: &mut no_variables, problems: &mut problems });
    let own = file(name, text, Reading { folder, variables: &mut variables, problems: &mut problems });
    let over = variables.as_file();
    let reading = Reading { folder: Path::new(""), variables: &mut no_variables, problems: &mut problems };
    let over = file("the environment (ANTREAN_…)", &over, reading);
    variables.refuse_unknown(&mut problems);
    match settled(over, own, defaults) {
        Some(config) if problems.is_empty() => Ok(config),
        _ => {
            let shown = problems.into_iter().map(|problem| Report::new(problem.shown_through(mask)));
            Err(Problems(shown.collect()))
        }
    }
}

/// The configuration of three files, the first of them that sets a key; `None` where a value is missing or cannot be read.
fn settled(over: Given, own: Given, defaults: Given) -> Option<Config> {
    fn first<T>(over: Entry<T>, own: Entry<T>, default: Entry<T>) -> Option<T> {
        taken(over.or(own).or(default))
    }
    Some(Config {
        file: None,
        listen: first(over.listen, own.listen, defaults.listen)?,
        database: first(over.database, own.database, defaults.database)?,
        database_tls: taken(over.database_tls.or(own.database_tls)),
        require_database: first(over.require_database, own.require_database, defaults.require_database)?,
        creation: Creation::default(),
        group_read: first(over.group_read, own.group_read, defaults.group_read)?,
        offices: first(over.offices, own.offices, defaults.offices)?,
        media: first(over.media, own.media, defaults.media)?,
        media_keys: first(over.media_keys, own.media_keys, defaults.media_keys)?,
        keep_days: first(over.keep_days, own.keep_days, defaults.keep_days)?,
        log_json: first(over.log_json, own.log_json, defaults.log_json)?,
        reply_hours: first(over.reply_hours, own.reply_hours, defaults.reply_hours)?,
        messages_per_commit: first(over.messages_per_commit, own.messages_per_commit, defaults.messages_per_commit)?,
        wait_max: first(over.wait_max, own.wait_max, defaults.wait_max)?,
        client_limits: client_limits::settle(own.client_limits, defaults.client_limits),
        public_address: taken(over.public_address.or(own.public_address)),
        console: own.console,
        retention: retention::settle(own.retention, defaults.retention),
        gateways: own.gateways,
        channels: own.channels,
    })
}

/// What one file is read with.
struct Reading<'a, 'v> {
    /// What its relative paths are relative to.
    folder: &'a Path,
    /// The variables that outrank its gateways' keys.
    variables: &'a mut Variables<'v>,
    problems: &'a mut Vec<Problem>,
}

fn file(name: &str, text: &str, reading: Reading<'_, '_>) -> Given {
    let Reading { folder, variables, problems } = reading;
    let source: Source = Arc::new(NamedSource::new(name, text.to_owned()));
    let (root, _) = document(&source, problems);
    let mut table = Table::of(&source, &root, problems);
    let mut given = top(&mut table, folder);
    given.console = table.table("console").map(|mut section| console::read(&mut section));
    given.retention = table.table("retention").map(|mut section| retention::read(&mut section)).unwrap_or_default();
    if let Some(mut gateways) = table.table("gateway") {
        read_gateways(&mut gateways, folder, variables, &mut given);
    }
    let mut keys = BTreeSet::new();
    let Given { named, channels, gateways, .. } = &mut given;
    table.each_table("channel", |mut table| {
        if let Some((place, channel)) = channel::read(&mut table, named, gateways) {
            if !keys.insert((channel.gateway.clone(), channel.key.clone())) {
                table.note(place, "this channel has an office already", "a channel belongs to one office; remove one");
            }
            channels.push(channel);
        }
    });
    given
}

/// The keys at the top of the file.
fn top(table: &mut Table<'_, '_>, folder: &Path) -> Given {
    table.refuse_unknown(&[&KEYS[..], &client_limits::KEYS[..]].concat());
    Given {
        listen: table.take("listen", address),
        database: table.take("database", |value| database(value, folder)),
        database_tls: table.take("database_tls", |value| choice(value, &Tls::ALL)),
        require_database: table.take("require_database", truth),
        group_read: table.take("group_read", truth),
        offices: paths(table.take_list("offices", |value| path(value, folder))),
        media: table.take("media", |value| path(value, folder)),
        media_keys: table.take("media_keys", |value| path(value, folder)),
        keep_days: table.take("keep_days", |value| whole(value, KEEP_DAYS_MIN, KEEP_DAYS_MAX)),
        log_json: table.take("log_format", |value| choice(value, &[("text", false), ("json", true)])),
        reply_hours: table.take("reply_hours", hours),
        messages_per_commit: table.take("messages_per_commit", |value| whole(value, 1, MESSAGES_PER_COMMIT_MAX)),
        wait_max: table.take("wait_seconds", |value| {
            whole(value, 1, WAIT_SECONDS_MAX).map(|seconds| Duration::from_secs(u64::from(seconds)))
        }),
        client_limits: client_limits::read(table),
        public_address: table.take("public_address", web_address::public),
        ..Given::default()
    }
}

/// The gateways, those of real providers and simulators.
fn read_gateways(gateways: &mut Table<'_, '_>, folder: &Path, variables: &mut Variables<'_>, given: &mut Given) {
    let mut simulators = Vec::new();
    for (name, place) in gateways.keys() {
        given.named.insert(name.to_owned());
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            let what = format!("`{name}` cannot be a gateway's name");
            gateways.note(place, what, "use letters, digits and dashes: it stands in the webhook's address");
            continue;
        }
        let Some(mut table) = gateways.table(name) else { continue };
        let is_allowed = matches!(table.take("allow_beside_real", truth), Entry::Given(spot) if spot.value);
        let mut section = Section { name, table: &mut table, variables, folder };
        if let Some(gateway) = gateway::read(&mut section) {
            if matches!(gateway, GatewayConfig::Simulator(_)) && !is_allowed {
                simulators.push((name, place));
            }
            given.gateways.insert(name.to_owned(), gateway);
        }
    }
    refuse_simulators(gateways, &given.gateways, simulators);
}

/// Refuses simulators beside a real gateway. Nobody signs what a simulator is sent, so anybody could book in place of real citizens.
fn refuse_simulators(
    table: &mut Table<'_, '_>,
    gateways: &BTreeMap<String, GatewayConfig>,
    simulators: Vec<(&str, Place)>,
) {
    let is_real = |gateway: &GatewayConfig| !matches!(gateway, GatewayConfig::Simulator(_));
    let Some((real, _)) = gateways.iter().find(|(_, gateway)| is_real(gateway)) else { return };
    for (name, place) in simulators {
        let what = format!("the simulator `{name}` stands beside the real gateway `{real}`");
        let remedy = "remove it: nothing that it is sent is signed, so whoever reaches its webhook can take \
                      real places; or write `allow_beside_real = true` in its section, and pass only the \
                      real gateways' webhooks through the proxy";
        table.note(place, what, remedy);
    }
}

fn hours(value: &DeValue<'_>) -> Read<u16> {
    let hours = whole(value, 1, REPLY_HOURS_MAX)?;
    Ok(u16::try_from(hours).unwrap_or(u16::MAX))
}

fn address(value: &DeValue<'_>) -> Read<SocketAddr> {
    let text = string(value)?;
    listen(text).map_err(|_| {
        Mistake::new(
            format!("is no address to listen on: \"{text}\""),
            "write it like \"127.0.0.1:8080\", \"[::1]:8080\", or \"0.0.0.0:8080\" for all that can reach this machine",
        )
    })
}

fn database(value: &DeValue<'_>, folder: &Path) -> Read<String> {
    let url = text(value)?;
    if let Some(file) = sqlite_path(&url) {
        return Ok(format!("sqlite://{}", folder.join(file).display()));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(url);
    }
    // The address may hold a password: it is not repeated.
    Err(Mistake::new("is no database that antrean knows", "write it like \"sqlite://antrean.db\""))
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
