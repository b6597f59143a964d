//! What is searched for, and where things come in that the source tells of.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;

use super::table::{TABLE, Then, mark};
use crate::personal_data::debug::sources;
use crate::personal_data::{CANARIES, Searched};

/// What the photos hold besides their picture.
const METADATA: &str = "6.6s106.8e";

/// What is searched for: what every way in may plant, and the names that some of them do.
pub fn canaries(of: impl Fn(Then) -> bool) -> Vec<String> {
    let shared = CANARIES.into_iter().chain(["13-02-1971", METADATA]).filter(|canary| !canary.starts_with("qwerzani"));
    let shared = shared.chain(["brajamusti"]).map(str::to_owned);
    let names = TABLE.iter().enumerate().filter(|(_, way)| of(way.then)).map(|(n, _)| mark(n).to_lowercase());
    shared.chain(names).collect()
}

/// Lines that are shown of a canary that was found.
const LINES_SHOWN: usize = 4;

/// Those of the canaries that stand in a text, each with the way that it came in by and some of the lines.
pub fn found_in(text: &str, canaries: &[String]) -> Vec<String> {
    let searched = Searched::of(text);
    let standing = canaries.iter().filter(|canary| searched.times(canary) > 0);
    let told = |canary: &String| {
        let way = TABLE.iter().enumerate().find(|(n, _)| mark(*n).to_lowercase() == *canary);
        let lines = text.lines().filter(|line| Searched::of(line).times(canary) > 0).take(LINES_SHOWN);
        let lines: Vec<String> = lines.map(|line| line.chars().take(300).collect()).collect();
        format!("{canary} ({}): {lines:?}", way.map_or("any way", |(_, way)| way.name))
    };
    standing.map(told).collect()
}

/// The routes beside the console, read from the source.
pub fn public_routes() -> BTreeSet<String> {
    let line = Regex::new(r#"\.route\("([^"]*)""#).unwrap();
    let mut routes = BTreeSet::new();
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web")) {
        let source = fs::read_to_string(&file).unwrap();
        routes.extend(line.captures_iter(&source).map(|found| found[1].to_owned()));
    }
    routes.retain(|route| !route.starts_with("/console"));
    routes
}
