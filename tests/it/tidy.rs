//! The rules of the source, computed from it: layers, homes of third parties, no silenced lints, files and folders of readable
//! size; and, in `circles`, no circle between the files of a module.

mod arrows;
mod circles;
mod modules;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

/// Modules by layer, the lowest first. A module names modules on strictly lower layers only.
const LAYERS: [&[&str]; 9] = [
    &["domain", "clock", "metrics", "sheet", "files"],
    &["grammar"],
    &["conversation"],
    &["reply", "storage", "gateway", "roster"],
    &["desk", "export", "photos", "versions"],
    &["courier", "caretaker", "front_desk", "access", "uploads"],
    &["web", "replay", "config"],
    &["app"],
    &["cli"],
];

/// Third parties and the only modules that may name them.
const HOMES: [(&str, &[&str]); 5] = [
    ("sqlx", &["storage"]),
    ("reqwest", &["gateway"]),
    ("axum", &["web", "app"]),
    ("nom", &["grammar", "replay"]),
    ("toml_edit", &["roster"]),
];

/// Longest source file, in lines: files aim at about 400, and none is longer than this.
const LINES_MAX: usize = 520;
/// Longer files, each with its reason.
const LONGER: [&str; 0] = [];

/// Modules that are kept in folders of readable size.
const LARGE: [&str; 2] = ["grammar", "storage"];
/// Most source files in one of their folders: as many as are found by looking over the names once.
const FILES_PER_FOLDER_MAX: usize = 12;

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

fn sources() -> Vec<(PathBuf, String)> {
    sources_in("src")
}

fn sources_in(folder: &str) -> Vec<(PathBuf, String)> {
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
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    found
}

/// The top module of a source file; `None` for `lib.rs` and `main.rs`, which hold no code.
fn module_of(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inside.components().next()?.as_os_str().to_str()?;
    let module = first.strip_suffix(".rs").unwrap_or(first);
    (!matches!(module, "lib" | "main")).then(|| module.to_owned())
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

fn breaches(module: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    paths(text.parse().unwrap(), &mut found);
    let layer = layer_of(module).unwrap_or_else(|| panic!("module `{module}` stands on no layer: add it to LAYERS"));
    let mut breaches = Vec::new();
    for (first, second) in found {
        if first == "crate" && second != module {
            match layer_of(&second) {
                Some(other) if other < layer => {}
                Some(_) => breaches.push(format!("{module} names {second}, which is not below it")),
                None => breaches.push(format!("{module} names crate::{second}, which is no module")),
            }
        }
        if let Some((name, homes)) = HOMES.iter().find(|(name, _)| *name == first)
            && !homes.contains(&module)
        {
            breaches.push(format!("{module} names {name}, whose home is {homes:?}"));
        }
        if matches!((first.as_str(), second.as_str()), ("Utc" | "SystemTime" | "Local", "now")) && module != "clock" {
            breaches.push(format!("{module} asks the machine for the time"));
        }
    }
    breaches
}

#[test]
fn modules_name_only_modules_below_them() {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in sources() {
        if let Some(module) = module_of(&path) {
            let found = breaches(&module, &text);
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
    for (module, text) in [
        ("grammar", "use crate::desk::Desk;"),
        ("storage", "fn f() { crate::gateway::send() }"),
        ("conversation", "use crate::{domain::slot, storage::Storage};"),
        ("reply", "fn f() { print!(\"{}\", crate::web::x()) }"),
        ("desk", "fn f() { sqlx::query(\"\") }"),
        ("courier", "use reqwest::Client;"),
        ("desk", "fn f() { chrono::Utc::now(); Utc::now() }"),
    ] {
        assert!(!breaches(module, text).is_empty(), "{module}: {text}");
    }
    assert!(breaches("web", "use crate::desk::Desk; use axum::Router;").is_empty());
}

/// The folders that hold more source files than is readable, with the number of each.
fn crowded<'p>(files: impl Iterator<Item = &'p Path>) -> Vec<(&'p Path, usize)> {
    let mut folders: BTreeMap<&Path, usize> = BTreeMap::new();
    for file in files {
        *folders.entry(file.parent().unwrap()).or_default() += 1;
    }
    folders.into_iter().filter(|(_, count)| *count > FILES_PER_FOLDER_MAX).collect()
}

#[test]
fn no_folder_of_the_large_modules_is_crowded() {
    let sources = sources();
    for module in LARGE {
        let files: Vec<&Path> = sources
            .iter()
            .map(|(path, _)| path.as_path())
            .filter(|path| module_of(path).is_some_and(|other| other == module))
            .collect();
        assert!(files.len() > FILES_PER_FOLDER_MAX, "{module} was not found whole");
        assert_eq!(crowded(files.into_iter()), [], "{module}");
    }
}

// The negative control of the test above: one file more than is allowed.
#[test]
fn a_crowded_folder_is_found() {
    let files: Vec<PathBuf> = (0..=FILES_PER_FOLDER_MAX).map(|n| PathBuf::from(format!("a/b/{n}.rs"))).collect();
    assert_eq!(crowded(files.iter().map(PathBuf::as_path)), [(Path::new("a/b"), FILES_PER_FOLDER_MAX + 1)]);
    assert_eq!(crowded(files.iter().skip(1).map(PathBuf::as_path)), []);
}

/// The files among these that are too long, and those of `longer` that are not.
fn misjudged_lengths<'a>(files: impl Iterator<Item = (&'a str, usize)>, longer: &[&str]) -> Vec<String> {
    files
        .filter(|(name, lines)| (*lines > LINES_MAX) != longer.contains(name))
        .map(|(name, lines)| format!("{name} has {lines} lines"))
        .collect()
}

#[test]
fn files_are_short() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files: Vec<(String, usize)> = ["src", "tests", "benches", "fuzz/fuzz_targets"]
        .into_iter()
        .flat_map(sources_in)
        .map(|(path, text)| (path.strip_prefix(root).unwrap().display().to_string(), text.lines().count()))
        .collect();
    assert_eq!(misjudged_lengths(files.iter().map(|(name, lines)| (name.as_str(), *lines)), &LONGER), [""; 0]);
}

// The negative control of the test above: a file that is one line too long, and an exception that is none any more.
#[test]
fn a_long_file_is_found() {
    let files = [("src/a.rs", LINES_MAX), ("tests/b.rs", LINES_MAX + 1), ("tests/it/exports.rs", LINES_MAX)];
    assert_eq!(
        misjudged_lengths(files.into_iter(), &["tests/it/exports.rs"]),
        ["tests/b.rs has 521 lines", "tests/it/exports.rs has 520 lines"]
    );
}

#[test]
fn files_say_what_they_are_for_and_silence_nothing() {
    for (path, text) in sources() {
        let name = path.display();
        assert!(!text.contains("#[allow("), "{name} silences a lint without saying why: use #[expect(…, reason = …)]");
        assert!(text.starts_with("//!"), "{name} does not say what it is for");
    }
    let main = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs")).unwrap();
    assert!(main.lines().count() <= 60, "main.rs tells the story in at most 60 lines");
}
