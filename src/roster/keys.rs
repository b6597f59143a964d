//! Every key that an office file may have, with the tables that it stands in.

use super::draft::KEYS;
use super::policy::POLICY_KEYS;
use super::texts::TEXT_KEYS;
use super::value::{WEEKDAYS, weekdays};
use super::{no_shows, release, reschedule};
use crate::domain::notice::Kind;
use crate::grammar::Topic;

/// Keys of `[policy]` that are tables, with the keys of each but those of `[policy.reschedule]`.
const POLICY_TABLES: [(&str, &[&str]); 5] = [
    ("reminder", &["at"]),
    ("relatives", &["children_under", "elders_from"]),
    ("waiting", &["on", "at_once"]),
    ("handover", &["enabled"]),
    ("no_shows", &no_shows::KEYS),
];

/// Every key: `policy.hold_minutes`, and `hours` with each weekday.
pub fn keys() -> Vec<String> {
    let tables = ["hours", "release", "policy", "notices", "audit", "privacy", "texts"];
    let mut keys: Vec<String> = KEYS.iter().filter(|key| !tables.contains(key)).map(|key| (*key).to_owned()).collect();
    let mut under = |table: &str, inner: &[&str]| keys.extend(inner.iter().map(|key| format!("{table}.{key}")));
    under("hours", &WEEKDAYS.map(|(_, names)| names.first().copied().unwrap_or_default()));
    under("release", &release::KEYS);
    under("audit", &["ask_why"]);
    under("privacy", &["version", "id", "en"]);
    under("notices", &["quiet"]);
    under("notices", &Kind::ALL.map(Kind::key));
    let is_table = |key: &&&str| **key == "reschedule" || POLICY_TABLES.iter().any(|(table, _)| table == *key);
    let plain: Vec<&str> = POLICY_KEYS.iter().filter(|key| !is_table(key)).copied().collect();
    under("policy", &plain);
    under("policy.reschedule", &reschedule::KEYS);
    for (table, inner) in POLICY_TABLES {
        under(&format!("policy.{table}"), inner);
    }
    let texts: Vec<&str> = TEXT_KEYS.iter().filter(|key| **key != "topics").copied().collect();
    for lang in ["texts.id", "texts.en"] {
        under(lang, &texts);
        under(&format!("{lang}.topics"), &Topic::ALL.map(Topic::name));
    }
    keys
}

/// The weekdays that a key of `[hours]` names, by the names that are printed; none where it names none.
pub fn weekdays_of(key: &str) -> Vec<&'static str> {
    let days = weekdays(key).unwrap_or_default();
    WEEKDAYS.iter().filter(|(day, _)| days.contains(day)).filter_map(|(_, names)| names.first().copied()).collect()
}
