//! Debug shows nobody: what is formatted by `{:?}` may end in a log, in an error or in the text of a panic.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Names of fields that may hold a citizen's data as a plain text. Types of their own, such as `Contact`, mask themselves.
const TELLING: [&str; 31] = [
    "also",
    "applicant",
    "born",
    "body",
    "caption",
    "codes",
    "contact",
    "detail",
    "found",
    "from",
    "guide",
    "item",
    "last",
    "line",
    "member",
    "message",
    "nama",
    "name",
    "names",
    "nik",
    "offered",
    "pieces",
    "qr",
    "reference",
    "said",
    "says",
    "sender",
    "text",
    "taken",
    "title",
    "words",
];

/// Types that show such a field, each with what is in it: nothing of a citizen.
const SHOWN: [(&str, &str); 40] = [
    ("Acknowledgement", "what a provider is answered"),
    ("Actor", "an officer"),
    ("Ambiguity", "about formats"),
    ("Asked", "the days of the audit trail's page"),
    ("Asking", "an example in a format's file"),
    ("CaseOfMessage", "a message in which no letter and digit is a citizen's"),
    ("Column", "of a table"),
    ("Condition", "words of the configuration"),
    ("BadLine", "a line that an officer wrote in the settings"),
    ("Display", "a screen"),
    ("Doubt", "names of pieces"),
    ("EventFilter", "the simulator's invented citizens"),
    ("Format", "a format's file"),
    ("FormatDraft", "a format's file"),
    ("FormatError", "about a format's file"),
    ("Holiday", "a holiday"),
    ("KeptDraft", "a format's file"),
    ("ListWords", "headings"),
    ("Misreading", "an example in a format's file"),
    ("NewDisplay", "a screen"),
    ("NewStaff", "an officer"),
    ("Office", "the office"),
    ("OfficeCard", "the office"),
    ("Operator", "an officer"),
    ("PatternError", "about a format's file"),
    ("Person", "one of the staff"),
    ("Poster", "a format's line"),
    ("Proposal", "a line without anybody's data, as a rehearsal shows it"),
    ("QuickReply", "words of a button"),
    ("Reading", "an example in a format's file"),
    ("Sample", "invented people"),
    ("SendError", "what a provider said of a failure, of which the gateway keeps no number"),
    ("SignatureHeader", "a header's name"),
    ("Site", "the server's names"),
    ("Table", "a table"),
    ("Tally", "a counter, or an address that asked too often"),
    ("Tape", "a gateway of the tests"),
    ("TemplateChoice", "a template's name"),
    ("TextFile", "a file of an office"),
    ("TextRule", "the name of a piece in a format's file"),
];

/// The program's own text below a folder.
pub fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

/// Types that derive Debug with a telling field of plain text.
fn telling_types(source: &str) -> BTreeSet<String> {
    let code = source.split("#[cfg(test)]\nmod ").next().unwrap();
    let declared = Regex::new(
        r"(?s)derive\(([^)]*)\)\]\s*(?:#\[[^\n]*\]\s*)*(?:pub(?:\([^)]*\))?\s+)?(?:struct|enum) (\w+)[^{;(]*\{(.*?)\n\s*\}\n",
    )
    .unwrap();
    let field = Regex::new(r"(?m)^\s*(?:pub(?:\([^)]*\))?\s+)?(\w+): (.*),$").unwrap();
    let plain = Regex::new(r"\b(String|str|Value)\b").unwrap();
    let shows =
        |body: &str| field.captures_iter(body).any(|found| TELLING.contains(&&found[1]) && plain.is_match(&found[2]));
    let derives = |list: &str| list.split(',').any(|one| one.trim() == "Debug");
    let all = declared.captures_iter(code);
    all.filter(|found| derives(&found[1]) && shows(&found[3])).map(|found| found[2].to_owned()).collect()
}

// Negative control, run: with Debug derived again for `TalkRow`, it is named.
#[test]
fn no_type_shows_a_citizens_data_by_debug() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = sources(&root);
    assert!(files.len() > 400, "{} files", files.len());
    // The command line and the replay of stories speak to whoever runs them; a configuration and an office file hold nobody's data.
    let spared = ["cli", "replay", "roster", "config", "sheet", "app", "versions"].map(|module| root.join(module));
    let mut telling = BTreeSet::new();
    for file in files.iter().filter(|file| !spared.iter().any(|module| file.starts_with(module))) {
        if !file.ends_with("tests.rs") && !file.components().any(|part| part.as_os_str() == "tests") {
            telling.extend(telling_types(&std::fs::read_to_string(file).unwrap()));
        }
    }
    let known: BTreeSet<String> = SHOWN.iter().map(|(name, _)| (*name).to_owned()).collect();
    let shown: Vec<&String> = telling.difference(&known).collect();
    assert!(shown.is_empty(), "give these types a Debug by `masked_debug!`, or say here what they show: {shown:?}");
    let gone: Vec<&String> = known.difference(&telling).collect();
    assert!(gone.is_empty(), "these show nothing of that kind any more: {gone:?}");
}

#[test]
fn a_type_that_would_show_somebody_is_found() {
    let found = |source: &str| telling_types(source).into_iter().collect::<Vec<_>>();
    let row = "#[derive(Debug, Clone)]\npub struct Row {\n    /// Whose.\n    pub name: Option<String>,\n}\n";
    assert_eq!(found(row), ["Row"]);
    let word =
        "#[derive(Clone, Debug)]\n#[serde(default)]\nenum Word {\n    Said {\n        text: String,\n    },\n}\n";
    assert_eq!(found(word), ["Word"]);
    for quiet in [row.replace("Debug, ", ""), row.replace("String", "Nama"), row.replace("name", "state")] {
        assert_eq!(found(&quiet), Vec::<String>::new(), "{quiet}");
    }
}
