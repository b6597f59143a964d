//! Reports what was played: as text for people, as JSON, and as the XML that build servers read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use serde_json::json;
use similar::{ChangeTag, TextDiff};

use super::play::player::Difference;
use super::story::read::ScriptError;

/// Lines around a difference that the diff shows.
const CONTEXT_LINES: usize = 2;

/// What became of one story.
#[derive(Debug, Clone)]
pub struct Played {
    /// The file.
    pub path: PathBuf,
    /// Why the story exists; empty when it could not be read.
    pub why: String,
    /// How it ended.
    pub ending: Ending,
    /// How long it took.
    pub took: Duration,
}

/// How a story ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// As it says.
    Passed,
    /// Otherwise than it says.
    Differs(Vec<Difference>),
    /// It could not be read, for all these reasons, or not be played to its end.
    Broken(Vec<ScriptError>),
}

/// How many stories ended how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// As they say.
    pub passed: usize,
    /// Otherwise.
    pub differ: usize,
    /// Not at all.
    pub broken: usize,
}

impl Tally {
    /// Counts the endings.
    pub fn of(all: &[Played]) -> Self {
        all.iter().fold(Self::default(), |mut tally, played| {
            match played.ending {
                Ending::Passed => tally.passed += 1,
                Ending::Differs(_) => tally.differ += 1,
                Ending::Broken(_) => tally.broken += 1,
            }
            tally
        })
    }
}

/// Whether differences are coloured, as a terminal can show them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// What is expected in red, what came in green.
    Terminal,
    /// For files and other programs.
    None,
}

impl Colours {
    fn paint(self, tag: ChangeTag, line: &str) -> String {
        match (self, tag) {
            (Self::Terminal, ChangeTag::Delete) => format!("\u{1b}[31m{line}\u{1b}[0m"),
            (Self::Terminal, ChangeTag::Insert) => format!("\u{1b}[32m{line}\u{1b}[0m"),
            _ => line.to_owned(),
        }
    }
}

fn diff(difference: &Difference, colours: Colours) -> String {
    let end = |text: &str| if text.is_empty() { String::new() } else { format!("{text}\n") };
    let (expected, got) = (end(&difference.expected), end(&difference.got));
    let diff = TextDiff::from_lines(expected.as_str(), got.as_str());
    let mut shown = String::new();
    for (at, hunk) in diff.grouped_ops(CONTEXT_LINES).iter().enumerate() {
        if at > 0 {
            shown.push_str("    …\n");
        }
        for change in hunk.iter().flat_map(|op| diff.iter_changes(op)) {
            let line = format!("{}{}", change.tag(), change.value().trim_end_matches('\n'));
            let _ = writeln!(shown, "    {}", colours.paint(change.tag(), &line));
        }
    }
    shown
}

/// For people: every difference with its place, then one line of sums.
pub fn text(all: &[Played], colours: Colours) -> String {
    let mut out = String::new();
    for played in all {
        let path = played.path.display();
        match &played.ending {
            Ending::Passed => {}
            Ending::Broken(errors) => {
                for ScriptError { line, message } in errors {
                    let _ = writeln!(out, "{path}:{line}: {message}");
                }
                out.push('\n');
            }
            Ending::Differs(differences) => {
                for difference in differences {
                    let _ = writeln!(
                        out,
                        "{path}:{}: {}\n{}",
                        difference.line,
                        difference.about,
                        diff(difference, colours)
                    );
                }
            }
        }
    }
    let Tally { passed, differ, broken } = Tally::of(all);
    let _ = write!(out, "{passed} of {} stories passed", all.len());
    if differ > 0 {
        let _ = write!(out, ", {differ} differ");
    }
    if broken > 0 {
        let _ = write!(out, ", {broken} cannot be played");
    }
    out.push('\n');
    out
}

/// For tools: one JSON document.
pub fn json(all: &[Played]) -> String {
    let stories: Vec<serde_json::Value> = all.iter().map(story_json).collect();
    let Tally { passed, differ, broken } = Tally::of(all);
    let document = json!({ "passed": passed, "differ": differ, "broken": broken, "stories": stories });
    format!("{document:#}\n")
}

fn story_json(played: &Played) -> serde_json::Value {
    let told_error = |error: &ScriptError| json!({ "line": error.line, "message": error.message });
    let (ending, differences, errors): (_, Vec<_>, Vec<_>) = match &played.ending {
        Ending::Passed => ("passed", Vec::new(), Vec::new()),
        Ending::Broken(errors) => ("broken", Vec::new(), errors.iter().map(told_error).collect()),
        Ending::Differs(differences) => {
            let told =
                |d: &Difference| json!({ "line": d.line, "about": d.about, "expected": d.expected, "got": d.got });
            ("differs", differences.iter().map(told).collect(), Vec::new())
        }
    };
    json!({
        "path": played.path.display().to_string(),
        "why": played.why,
        "ending": ending,
        "milliseconds": u64::try_from(played.took.as_millis()).unwrap_or(u64::MAX),
        "differences": differences,
        "error": errors.first(),
        "errors": errors,
    })
}

/// For build servers: a suite for each folder, a case for each story.
///
/// # Errors
/// When the XML cannot be written.
pub fn junit(all: &[Played]) -> Result<String, quick_junit::SerializeError> {
    let mut suites: BTreeMap<String, TestSuite> = BTreeMap::new();
    for played in all {
        let folder = played.path.parent().unwrap_or(Path::new("")).display().to_string();
        let suite = suites.entry(folder.clone()).or_insert_with(|| TestSuite::new(folder.clone()));
        suite.add_test_case(case(played, &folder));
    }
    let mut report = Report::new("antrean replay");
    report.add_test_suites(suites.into_values());
    report.to_string()
}

fn case(played: &Played, folder: &str) -> TestCase {
    let status = match &played.ending {
        Ending::Passed => TestCaseStatus::success(),
        Ending::Broken(errors) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
            status.set_message(told.first().cloned().unwrap_or_default());
            status.set_description(told.join("\n"));
            status
        }
        Ending::Differs(differences) => {
            let told: Vec<String> = differences
                .iter()
                .map(|d| format!("line {}: {}\n{}", d.line, d.about, diff(d, Colours::None)))
                .collect();
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(differences.first().map(|d| d.about.clone()).unwrap_or_default());
            status.set_description(told.join("\n"));
            status
        }
    };
    let name = played.path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let mut case = TestCase::new(name, status);
    case.set_classname(folder);
    case.set_time(played.took);
    case
}

#[cfg(test)]
mod tests {
    use super::*;

    fn played(name: &str, ending: Ending) -> Played {
        let path = PathBuf::from(format!("fixtures/conversations/ok/{name}.chat"));
        Played { path, why: "because".to_owned(), ending, took: Duration::from_millis(3) }
    }

    fn all() -> Vec<Played> {
        let difference = Difference {
            line: 4,
            about: "the answer to Budi differs".to_owned(),
            expected: "Halo\nJam 09.00".to_owned(),
            got: "Halo\nJam 10.00".to_owned(),
            edit: None,
        };
        vec![
            played("one", Ending::Passed),
            played("two", Ending::Differs(vec![difference])),
            played(
                "three",
                Ending::Broken(vec![
                    ScriptError { line: 2, message: "cannot read `x`".to_owned() },
                    ScriptError { line: 5, message: "cannot read `y`".to_owned() },
                ]),
            ),
        ]
    }

    #[test]
    fn people_read_place_and_difference() {
        let text = text(&all(), Colours::None);
        assert!(text.contains("two.chat:4: the answer to Budi differs\n     Halo\n    -Jam 09.00\n    +Jam 10.00\n"));
        assert!(text.contains("three.chat:2: cannot read `x`\n"), "{text}");
        assert!(text.contains("three.chat:5: cannot read `y`\n"), "{text}");
        let coloured = super::text(&all(), Colours::Terminal);
        assert!(coloured.contains("\u{1b}[31m-Jam 09.00\u{1b}[0m\n    \u{1b}[32m+Jam 10.00\u{1b}[0m\n"), "{coloured}");
        assert!(text.ends_with("1 of 3 stories passed, 1 differ, 1 cannot be played\n"));
    }

    #[test]
    fn tools_read_json() {
        let document: serde_json::Value = serde_json::from_str(&json(&all())).expect("JSON");
        assert_eq!(document["passed"], 1);
        assert_eq!(document["stories"][1]["differences"][0]["line"], 4);
        assert_eq!(document["stories"][2]["error"]["line"], 2);
        assert_eq!(document["stories"][2]["errors"][1]["line"], 5);
    }

    #[test]
    fn build_servers_read_xml() {
        let xml = junit(&all()).expect("XML");
        assert!(
            xml.contains(r#"<testsuites name="antrean replay" tests="3" skipped="0" failures="1" errors="1""#),
            "{xml}"
        );
        assert!(xml.contains(r#"<testcase name="one" classname="fixtures/conversations/ok""#), "{xml}");
    }
}
