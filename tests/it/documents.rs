//! What the documents name must exist: tests, files, headings, commands, keys, and an office that works.

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

/// Folders whose pages are documents for readers.
const FOLDERS: [&str; 5] = ["", "docs", "docs/design", "docs/gateways", "fixtures/conversations"];

/// Every document, by its path in the project.
fn documents() -> Vec<String> {
    let mut documents = Vec::new();
    for folder in FOLDERS {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "md") {
                documents.push(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    documents.sort();
    documents
}

/// The documents through which the three kinds of readers come in: what they show is tried.
fn entries() -> String {
    ["README.md", "docs/office.md", "docs/operator.md", "docs/testing.md"].map(text_of).concat()
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

#[test]
fn every_invariant_names_a_test_that_exists() {
    let list = text_of("docs/design/invariants.md");
    assert!(list.matches("Held by ").count() >= 100, "the list of invariants was not found whole");
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

/// The numbers that follow `before` and end at `after`, in a text.
fn numbers(text: &str, before: &str, after: &str) -> Vec<u32> {
    let ends = text.split(before).skip(1).filter_map(|rest| rest.split(after).next());
    ends.filter_map(|number| number.parse().ok()).collect()
}

// Proven by leaving a line out of ARCHITECTURE.md, and by giving one the number of another.
#[test]
fn the_architecture_lists_every_invariant_under_its_number() {
    let entries = text_of("docs/design/invariants.md");
    let listed = text_of("ARCHITECTURE.md");
    let unique = |numbers: Vec<u32>| {
        let set: BTreeSet<u32> = numbers.iter().copied().collect();
        assert_eq!(set.len(), numbers.len(), "a number stands twice: {numbers:?}");
        set
    };
    let anchors = unique(numbers(&entries, "<a id=\"i", "\">"));
    assert!(anchors.len() >= 90, "the anchors were not found");
    let items: BTreeSet<u32> = entries
        .lines()
        .filter_map(|line| line.split_once(". "))
        .filter_map(|(number, _)| number.parse().ok())
        .collect();
    assert_eq!(anchors, items, "each entry has its anchor");
    assert_eq!(unique(numbers(&listed, "(docs/design/invariants.md#i", ")")), items);
    assert_eq!(unique(numbers(&listed, "  - [", "](docs/design/invariants.md#")), items, "shown as it is linked");
}

// Proven by a line more in ARCHITECTURE.md than it may have.
#[test]
fn the_first_documents_are_short() {
    assert!(text_of("ARCHITECTURE.md").lines().count() <= 250, "the reasons go to docs/design");
    assert!(text_of("README.md").len() <= 8 * 1024, "the details go to docs");
}

/// How a heading is called in a link, as GitHub does it.
fn slug(heading: &str) -> String {
    let kept = heading.trim().to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

/// Whether a document has this heading or anchor.
fn has_place(text: &str, place: &str) -> bool {
    let headings = text.lines().filter_map(|line| line.strip_prefix('#')).map(|line| line.trim_start_matches('#'));
    text.contains(&format!("<a id=\"{place}\">")) || headings.map(slug).any(|heading| heading == place)
}

/// The text without what stands between fences.
fn prose(text: &str) -> String {
    let mut inside = false;
    let mut prose = String::new();
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        inside ^= fence;
        if !inside && !fence {
            prose.push_str(line);
            prose.push('\n');
        }
    }
    prose
}

// Proven by naming `src/nowhere.rs` in each document, and by a link to a heading that is not there.
#[test]
fn every_file_and_heading_that_the_documents_name_exists() {
    let documents = documents();
    assert!(documents.len() >= 25, "{documents:?}");
    for document in &documents {
        let text = prose(&text_of(document));
        let folder = Path::new(document).parent().unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("http") {
                continue;
            }
            let (path, place) = link.split_once('#').map_or((link, None), |(path, place)| (path, Some(place)));
            let file = if path.is_empty() { root().join(document) } else { root().join(folder).join(path) };
            assert!(file.exists(), "{document} links to {link}");
            if let Some(place) = place {
                assert!(has_place(&prose(&fs::read_to_string(file).unwrap()), place), "{document} links to {link}");
            }
        }
        // A command is named with its arguments.
        let words = ticked(&text).filter_map(|word| word.split_whitespace().next());
        for path in words.filter(|word| ROOTS.iter().any(|root| word.starts_with(root))) {
            assert!(path.contains("NAME") || root().join(path).exists(), "{document} names {path}");
        }
    }
}

// Proven by writing `antrean book` into docs/office.md.
#[test]
fn every_command_that_the_documents_name_exists() {
    let text = entries();
    let lines = blocks(&text, "sh").concat();
    let mut commands: BTreeSet<Vec<&str>> = BTreeSet::new();
    for said in lines.lines().chain(ticked(&text)) {
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

// Proven by renaming `phone_number_id` in docs/operator.md.
#[test]
fn every_key_that_the_documents_show_is_in_the_defaults() {
    let shown: Vec<toml::Table> = blocks(&entries(), "toml")
        .iter()
        .map(|block| block.parse::<toml::Table>().unwrap())
        .filter(|table| table.contains_key("gateway"))
        .collect();
    assert!(shown.len() >= 2, "the documents show no configuration");
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

// Proven by misspelling `seats_per_hour` in docs/office.md.
#[test]
fn the_office_that_the_documents_show_reads_a_message() {
    let blocks = blocks(&text_of("docs/office.md"), "toml");
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

/// Runs a line of a document in a folder, as whoever copies it would.
fn as_typed(line: &str, folder: &Path) -> std::process::Output {
    let programs = Path::new(env!("CARGO_BIN_EXE_antrean")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    Command::new("sh").args(["-c", line]).current_dir(folder).env("PATH", path).output().unwrap()
}

// Proven by changing the year of the message in docs/office.md, and `seats_per_hour` to nothing that is known.
#[test]
fn what_the_documents_check_and_parse_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let office = blocks(&text_of("docs/office.md"), "toml").swap_remove(0);
    fs::write(folder.path().join("sukabumi.toml"), office).unwrap();
    let mut tried = 0;
    for line in blocks(&entries(), "sh").concat().lines() {
        if line.starts_with("antrean check ") || line.starts_with("antrean parse ") {
            let output = as_typed(line, folder.path());
            assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
            tried += 1;
        }
    }
    assert!(tried >= 3, "only {tried} lines were found");
}

// Proven by changing the code's line in the story of docs/testing.md.
#[test]
fn every_story_that_the_documents_show_plays() {
    let folder = tempfile::tempdir().unwrap();
    for document in ["docs/testing.md", "CONTRIBUTING.md", "fixtures/conversations/README.md"] {
        let stories = blocks(&text_of(document), "").into_iter().filter(|block| block.starts_with("# why: "));
        let mut played = 0;
        for story in stories {
            fs::write(folder.path().join("shown.chat"), story).unwrap();
            let output = as_typed("antrean replay shown.chat", folder.path());
            assert!(output.status.success(), "{document}: {}", String::from_utf8_lossy(&output.stdout));
            played += 1;
        }
        assert!(played >= 1, "{document} shows no story");
    }
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
    assert_eq!(pages, 9, "one page for each provider, and one on templates");
}
