//! The house rules, computed from the source: floors, homes of third parties, no silenced lints, files of readable size.

mod arrows;
mod circles;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

/// Rooms by floor, from the ground up. A room names rooms on strictly lower floors only.
const FLOORS: [&[&str]; 9] = [
    &["domain", "clock", "metrics", "sheet", "files"],
    &["grammar"],
    &["conversation"],
    &["reply", "storage", "gateway", "roster"],
    &["desk"],
    &["courier", "caretaker"],
    &["web", "replay", "config"],
    &["app"],
    &["cli"],
];

/// Third parties and the only rooms that may name them.
const HOMES: [(&str, &[&str]); 4] =
    [("sqlx", &["storage"]), ("reqwest", &["gateway"]), ("axum", &["web", "app"]), ("nom", &["grammar", "replay"])];

/// Longest source file, in lines: a sitting. Tests in a file of their own may be longer.
const LINES_MAX: usize = 520;

fn floor_of(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

/// The room of a source file; `None` for `lib.rs` and `main.rs`, which hold no code.
fn room_of(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inside.components().next()?.as_os_str().to_str()?;
    let room = first.strip_suffix(".rs").unwrap_or(first);
    (!matches!(room, "lib" | "main")).then(|| room.to_owned())
}

/// Every `first::second` in the source, macros' insides included; `use first::{a, b}` gives both.
fn paths(stream: TokenStream, found: &mut Vec<(String, String)>) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            paths(group.stream(), found);
        }
        let TokenTree::Ident(first) = token else { continue };
        let colon = |n: usize| matches!(tokens.get(n), Some(TokenTree::Punct(p)) if p.as_char() == ':');
        // `a::first::…` is a path that began earlier.
        let begins = at < 2 || !(colon(at - 1) && colon(at - 2));
        if !(begins && colon(at + 1) && colon(at + 2)) {
            continue;
        }
        match tokens.get(at + 3) {
            Some(TokenTree::Ident(second)) => found.push((first.to_string(), second.to_string())),
            Some(TokenTree::Group(group)) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let starts = inner.split(|t| matches!(t, TokenTree::Punct(p) if p.as_char() == ','));
                for start in starts {
                    if let Some(TokenTree::Ident(second)) = start.first() {
                        found.push((first.to_string(), second.to_string()));
                    }
                }
            }
            _ => {}
        }
    }
}

fn breaches(room: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    paths(text.parse().unwrap(), &mut found);
    let floor = floor_of(room).unwrap_or_else(|| panic!("room `{room}` stands on no floor: add it to FLOORS"));
    let mut breaches = Vec::new();
    for (first, second) in found {
        if first == "crate" && second != room {
            match floor_of(&second) {
                Some(other) if other < floor => {}
                Some(_) => breaches.push(format!("{room} names {second}, which is not below it")),
                None => breaches.push(format!("{room} names crate::{second}, which is no room")),
            }
        }
        if let Some((name, homes)) = HOMES.iter().find(|(name, _)| *name == first)
            && !homes.contains(&room)
        {
            breaches.push(format!("{room} names {name}, whose home is {homes:?}"));
        }
        if matches!((first.as_str(), second.as_str()), ("Utc" | "SystemTime" | "Local", "now")) && room != "clock" {
            breaches.push(format!("{room} asks the machine for the time"));
        }
    }
    breaches
}

#[test]
fn rooms_name_only_rooms_below_them() {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in sources() {
        if let Some(room) = room_of(&path) {
            let found = breaches(&room, &text);
            if !found.is_empty() {
                all.insert(path.display().to_string(), found);
            }
        }
    }
    assert!(all.is_empty(), "{all:#?}");
}

// The negative control of the test above: each of these must be found.
#[test]
fn a_breach_is_found_wherever_it_stands() {
    for (room, text) in [
        ("grammar", "use crate::desk::Desk;"),
        ("storage", "fn f() { crate::gateway::send() }"),
        ("conversation", "use crate::{domain::slot, storage::Storage};"),
        ("reply", "fn f() { print!(\"{}\", crate::web::x()) }"),
        ("desk", "fn f() { sqlx::query(\"\") }"),
        ("courier", "use reqwest::Client;"),
        ("desk", "fn f() { chrono::Utc::now(); Utc::now() }"),
    ] {
        assert!(!breaches(room, text).is_empty(), "{room}: {text}");
    }
    assert!(breaches("web", "use crate::desk::Desk; use axum::Router;").is_empty());
}

#[test]
fn files_are_a_sitting_long_and_silence_nothing() {
    for (path, text) in sources() {
        let name = path.display();
        let is_tests = path.file_stem().is_some_and(|stem| stem == "tests");
        assert!(is_tests || text.lines().count() <= LINES_MAX, "{name} has {} lines", text.lines().count());
        assert!(!text.contains("#[allow("), "{name} silences a lint without saying why: use #[expect(…, reason = …)]");
        assert!(text.starts_with("//!"), "{name} does not say what it is for");
    }
    let main = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs")).unwrap();
    assert!(main.lines().count() <= 60, "main.rs tells the story in at most 60 lines");
}
