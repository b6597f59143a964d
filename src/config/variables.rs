//! The environment: `ANTREAN_*` outranks the file.

use std::collections::{BTreeMap, BTreeSet};

use crate::sheet::{Problem, nearest};

/// What every variable of this program begins with.
pub(super) const PREFIX: &str = "ANTREAN_";
/// Variables that are not configuration: the log's filter, and what tests and tools read.
const OTHER_VARIABLES: [&str; 4] = ["ANTREAN_LOG", "ANTREAN_BLESS", "ANTREAN_PAYLOADS", "ANTREAN_SCREENSHOTS"];

/// The variables, and which of them were read.
pub(super) struct Variables<'a> {
    environment: &'a BTreeMap<String, String>,
    used: BTreeSet<String>,
}

impl<'a> Variables<'a> {
    pub(super) fn new(environment: &'a BTreeMap<String, String>) -> Self {
        Self { environment, used: BTreeSet::new() }
    }

    /// The value of a variable.
    pub(super) fn take(&mut self, name: &str) -> Option<&'a str> {
        let value = self.environment.get(name)?;
        self.used.insert(name.to_owned());
        Some(value)
    }

    /// The keys at the top of the file that variables set, as a file of their own, so that the same rules and messages hold for them.
    pub(super) fn as_file(&mut self) -> String {
        let mut table = toml::Table::new();
        for key in ["listen", "database", "database_tls", "media", "media_keys", "log_format", "public_address"] {
            if let Some(value) = self.take(&format!("{PREFIX}{}", key.to_uppercase())) {
                table.insert(key.to_owned(), toml::Value::String(value.to_owned()));
            }
        }
        for key in ["require_database", "group_read"] {
            if let Some(value) = self.take(&format!("{PREFIX}{}", key.to_uppercase())) {
                let truth = value.trim().parse();
                let value = truth.map_or_else(|_| toml::Value::String(value.to_owned()), toml::Value::Boolean);
                table.insert(key.to_owned(), value);
            }
        }
        if let Some(value) = self.take("ANTREAN_KEEP_DAYS") {
            let days =
                value.trim().parse().map_or_else(|_| toml::Value::String(value.to_owned()), toml::Value::Integer);
            table.insert("keep_days".to_owned(), days);
        }
        if let Some(value) = self.take("ANTREAN_OFFICES") {
            let paths = value.split(',').map(str::trim).filter(|path| !path.is_empty());
            let list = paths.map(|path| toml::Value::String(path.to_owned())).collect();
            table.insert("offices".to_owned(), toml::Value::Array(list));
        }
        table.to_string()
    }

    /// Refuses variables that were probably meant for this program; others with our prefix may be somebody else's.
    pub(super) fn refuse_unknown(&self, problems: &mut Vec<Problem>) {
        let known = [
            "ANTREAN_LISTEN",
            "ANTREAN_DATABASE",
            "ANTREAN_DATABASE_TLS",
            "ANTREAN_REQUIRE_DATABASE",
            "ANTREAN_GROUP_READ",
            "ANTREAN_OFFICES",
            "ANTREAN_MEDIA",
            "ANTREAN_MEDIA_KEYS",
            "ANTREAN_KEEP_DAYS",
            "ANTREAN_LOG_FORMAT",
            "ANTREAN_PUBLIC_ADDRESS",
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

/// The variable of a gateway's key: `ANTREAN_GATEWAY_WA_ACCESS_TOKEN`.
pub(super) fn name_of(gateway: &str, key: &str) -> String {
    format!("{PREFIX}GATEWAY_{}_{}", gateway.to_uppercase().replace('-', "_"), key.to_uppercase())
}
