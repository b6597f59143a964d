//! What README.md and ARCHITECTURE.md name must exist: tests, files, commands, keys, and an office that works.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use antrean::config::DEFAULTS;
use antrean::domain::office::OfficeId;
use antrean::grammar::{Request, read};
use antrean::roster::Roster;

/// What a word in backticks begins with, if it is a path of this project.
const ROOTS: [&str; 8] = ["src/", "tests/", "fixtures/", "migrations/", "grammar/", "locales/", "docs/", ".ci/"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text_of(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// The blocks between fences that open with ```` ```language ````.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(bool, Vec<&str>)> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(named)) => open = Some((named == language, Vec::new())),
            (Some((wanted, lines)), Some(_)) => {
                if *wanted {
                    blocks.push(lines.join("\n") + "\n");
                }
                open = None;
            }
            (Some((_, lines)), None) => lines.push(line),
            (None, None) => {}
        }
    }
    blocks
}

/// The words in backticks.
fn ticked(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The tests of a file: functions that follow `#[test]` or its like, those inside `proptest!` included, and those that
/// `on_both_engines!` lists.
fn tests_of(source: &str) -> BTreeSet<&str> {
    let mut tests = BTreeSet::new();
    let listed = source.split("on_both_engines!(").nth(1).and_then(|rest| rest.split(')').next()).unwrap_or_default();
    tests.extend(listed.split(',').map(str::trim).filter(|name| !name.is_empty()));
    let mut follows = false;
    for line in source.lines().map(str::trim) {
        follows |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        if let Some(rest) = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ") {
            if follows {
                tests.extend(rest.split('(').next());
            }
            follows = false;
        }
    }
    tests
}

/// What is wrong with the list of invariants: one without a test, or with a test that is not in the file named.
fn faults(list: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut invariant = String::new();
    let mut items = Vec::new();
    for line in list.lines() {
        let numbered = line.split_once(". ").is_some_and(|(number, _)| number.parse::<u32>().is_ok());
        if numbered {
            items.push(std::mem::take(&mut invariant));
        }
        invariant.push_str(line);
        invariant.push('\n');
    }
    items.push(invariant);
    // What stands before the first number is the introduction.
    for item in items.iter().skip(1) {
        let Some((_, held_by)) = item.split_once("Held by ") else {
            faults.push(format!("no test holds: {item}"));
            continue;
        };
        let mut source = String::new();
        let mut named = 0;
        for word in ticked(held_by) {
            if Path::new(word).extension().is_some_and(|ending| ending == "rs") {
                source = fs::read_to_string(root().join(word)).unwrap_or_default();
            } else {
                named += 1;
                if !tests_of(&source).contains(word) {
                    faults.push(format!("no test `{word}`, for: {item}"));
                }
            }
        }
        if named == 0 {
            faults.push(format!("no test is named for: {item}"));
        }
    }
    faults
}

fn invariants() -> String {
    let text = text_of("ARCHITECTURE.md");
    let (_, after) = text.split_once("\n## Invariants\n").unwrap();
    after.split("\n## ").next().unwrap().to_owned()
}

#[test]
fn every_invariant_names_a_test_that_exists() {
    let list = invariants();
    assert!(list.matches("Held by ").count() >= 20, "the list of invariants was not found whole");
    let faults = faults(&list);
    assert!(faults.is_empty(), "{faults:#?}");
}

// The negative control of the test above.
#[test]
fn an_invariant_without_its_test_is_found() {
    let this = "Held by `tests/it/documents.rs` `an_invariant_without_its_test_is_found`.";
    assert!(faults(&format!("Introduction.\n1. A sentence.\n   {this}\n")).is_empty());
    for broken in [
        "1. A sentence.\n".to_owned(),
        "1. A sentence.\n   Held by `tests/it/documents.rs`.\n".to_owned(),
        "1. A sentence.\n   Held by `tests/it/documents.rs` `tests_of`.\n".to_owned(),
        format!("1. A sentence.\n   {}\n", this.replace("documents", "tidy")),
        format!("1. A sentence.\n   {this}\n2. Another.\n"),
    ] {
        assert_eq!(faults(&broken).len(), 1, "{broken}");
    }
}

// Proven by naming `src/nowhere.rs` in each document.
#[test]
fn every_file_that_the_documents_name_exists() {
    for document in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "docs/formats.md"] {
        let text = text_of(document);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let local = links.filter(|link| !link.starts_with("http") && !link.starts_with('#'));
        // A command is named with its arguments.
        let words = ticked(&text).filter_map(|word| word.split_whitespace().next());
        let paths = words.filter(|word| ROOTS.iter().any(|root| word.starts_with(root)));
        for path in local.chain(paths) {
            assert!(root().join(path).exists(), "{document} names {path}");
        }
    }
}

// Proven by writing `antrean book` into the README.
#[test]
fn every_command_that_the_readme_names_exists() {
    let readme = text_of("README.md");
    let lines = blocks(&readme, "sh").concat();
    let mut commands: BTreeSet<Vec<&str>> = BTreeSet::new();
    for said in lines.lines().chain(ticked(&readme)) {
        let said = said.split('#').next().unwrap_or_default();
        let Some((before, after)) = said.split_once("antrean ") else { continue };
        // The command stands first, after variables at most.
        if before.split_whitespace().all(|word| word.contains('=')) {
            let plain = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase());
            commands.insert(after.split_whitespace().take(2).take_while(plain).collect());
        }
    }
    commands.retain(|command| !command.is_empty());
    assert!(commands.len() >= 10, "{commands:?}");
    for command in commands {
        let help = |words: &[&str]| {
            Command::new(env!("CARGO_BIN_EXE_antrean")).args(words).arg("--help").output().unwrap().status.success()
        };
        // `parse` and the like take no second word: it may be an argument.
        assert!(help(&command), "antrean {}", command.join(" "));
    }
}

/// Every key of a table, and of the tables in it.
fn keys(table: &toml::Table, into: &mut BTreeSet<String>) {
    for (key, value) in table {
        match value {
            toml::Value::Table(inner) => keys(inner, into),
            toml::Value::Array(rows) if rows.iter().all(toml::Value::is_table) => {
                rows.iter().filter_map(toml::Value::as_table).for_each(|inner| keys(inner, into));
            }
            _ => {
                into.insert(key.clone());
            }
        }
    }
}

// Proven by renaming `phone_number_id` in the README.
#[test]
fn every_key_that_the_readme_shows_is_in_the_defaults() {
    let shown: Vec<toml::Table> = blocks(&text_of("README.md"), "toml")
        .iter()
        .map(|block| block.parse::<toml::Table>().unwrap())
        .filter(|table| table.contains_key("gateway"))
        .collect();
    assert!(shown.len() >= 2, "the README shows no configuration");
    let mut names = BTreeSet::new();
    for table in &shown {
        keys(table, &mut names);
    }
    let words: BTreeSet<&str> =
        DEFAULTS.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect();
    for name in names {
        assert!(words.contains(name.as_str()), "`{name}` is not in src/config/antrean.toml");
    }
}

// Proven by misspelling `seats_per_hour` in the README.
#[test]
fn the_readmes_own_office_reads_a_message() {
    let blocks = blocks(&text_of("README.md"), "toml");
    let office = blocks.iter().find(|block| block.starts_with("extend = ")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file: PathBuf = folder.path().join("sukabumi.toml");
    fs::write(&file, office).unwrap();
    let roster = Roster::load(&[file]).unwrap();
    let office = &roster.offices[&OfficeId::read("sukabumi").unwrap()];
    let sent_on = "2026-08-03".parse().unwrap();
    let request = read(&roster.formats_of(office), "#Budi#25011987#10082026", sent_on);
    assert!(matches!(request, Request::Form(_)), "{request:?}");
}

/// What came of a message, in the words of docs/formats.md.
fn outcome(format: &antrean::grammar::Format, request: &Request) -> String {
    match request {
        Request::Form(form) if form.notes.is_empty() => "read".to_owned(),
        Request::Form(form) => {
            let kinds: Vec<&str> = form.notes.iter().map(|note| note.kind.name()).collect();
            format!("repaired {}", kinds.join(", "))
        }
        Request::Ask(ask) => format!("ask {}", format.called(ask.field)),
        Request::Misread(misread) => {
            let piece = misread.field.map_or("the form", |field| format.called(field));
            format!("wrong {} {piece}", misread.kind.name())
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn every_example_of_the_page_about_formats_is_true() {
    use antrean::grammar::Format;

    let page = text_of("docs/formats.md");
    for line in blocks(&page, "lines").concat().lines() {
        assert!(Format::of_line(line).is_ok(), "{line}: {:?}", Format::of_line(line));
    }
    let (files, messages) = (blocks(&page, "toml"), blocks(&page, "messages"));
    assert!(files.len() == messages.len() && files.len() >= 5, "each file is followed by its messages");
    let sent_on = "2026-08-03".parse().unwrap();
    for (file, messages) in files.iter().zip(&messages) {
        let format = Format::from_toml(file).unwrap_or_else(|errors| panic!("{file}\n{errors:#?}"));
        assert_eq!(antrean::grammar::check(&format), [], "{file}");
        for line in messages.lines() {
            let (message, expected) = line.split_once("->").unwrap();
            let message = message.trim();
            let request = read(&[&format], message, sent_on);
            assert_eq!(outcome(&format, &request), expected.trim(), "{message}");
        }
    }
}

#[test]
fn the_page_about_formats_names_every_mistake() {
    let page = text_of("docs/formats.md");
    let named: BTreeSet<&str> = ticked(&page).collect();
    for kind in antrean::grammar::MisreadKind::ALL {
        assert!(named.contains(kind.name()), "{}", kind.name());
    }
}

/// Each block is a whole configuration: it must read, and its gateways must open.
#[test]
fn every_configuration_of_the_gateways_pages_reads() {
    let folder = tempfile::tempdir().unwrap();
    let mut pages = 0;
    for entry in fs::read_dir(root().join("docs/gateways")).unwrap() {
        let page = entry.unwrap().path();
        let text = fs::read_to_string(&page).unwrap();
        let blocks = blocks(&text, "toml");
        let is_list = page.ends_with("README.md");
        assert_eq!(blocks.is_empty(), is_list, "{}: a page shows its configuration", page.display());
        for block in blocks {
            let file = folder.path().join("antrean.toml");
            fs::write(&file, &block).unwrap();
            let config = antrean::config::Config::load(&file);
            let config = config.unwrap_or_else(|error| panic!("{}: {error:?}\n{block}", page.display()));
            assert!(!config.gateways.is_empty() && !config.channels.is_empty(), "{}: {block}", page.display());
            for gateway in config.gateways.values() {
                gateway.open().unwrap_or_else(|error| panic!("{}: {error}", page.display()));
            }
        }
        pages += usize::from(!is_list);
    }
    assert_eq!(pages, 8, "one page for each provider");
}
