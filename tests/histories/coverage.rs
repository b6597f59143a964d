//! What histories have come by: a table, and what of the program's own names never was seen.

use std::collections::BTreeMap;
use std::fmt::Write;

/// How often each thing was seen.
pub type Seen = BTreeMap<String, u64>;

/// The sources in which replies have their names.
const OUTCOMES: [&str; 6] = [
    include_str!("../../src/conversation/outcome.rs"),
    include_str!("../../src/conversation/refusal.rs"),
    include_str!("../../src/conversation/waiting.rs"),
    include_str!("../../src/conversation/handover.rs"),
    include_str!("../../src/conversation/personal_data.rs"),
    include_str!("../../src/conversation/notice.rs"),
];

/// The names of all replies.
pub fn outcomes() -> Vec<String> {
    let mut names: Vec<String> = OUTCOMES.iter().flat_map(|source| names_in(source)).collect();
    names.sort();
    names.dedup();
    names
}

/// The names in the tables of a source: `Self::Help => "help"`.
fn names_in(source: &str) -> impl Iterator<Item = String> {
    source.lines().filter_map(|line| {
        let (left, right) = line.trim().split_once(" => \"")?;
        left.starts_with("Self::").then(|| right.trim_end_matches(',').trim_end_matches('"').to_owned())
    })
}

/// The table.
pub fn table(seen: &Seen) -> String {
    let mut table = String::new();
    for (name, count) in seen {
        writeln!(table, "{count:>10}  {name}").expect("a string");
    }
    let never: Vec<String> =
        outcomes().into_iter().filter(|name| !seen.contains_key(&format!("reply: {name}"))).collect();
    writeln!(table, "never seen as a reply ({}): {}", never.len(), never.join(", ")).expect("a string");
    table
}
