//! Plays the histories of many seeds, on every processor, and says what came of them.
//!
//! A history needs a process for itself: it stops statements on their threads, and refuses the writes of its whole process. So seeds are
//! dealt out to child processes, which play one history after the other and write what they found on standard output.

use std::fmt::Write as _;
use std::hash::Hasher as _;
use std::io::Write as _;
use std::ops::Range;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use antrean::roster::Roster;
use fnv::FnvHasher;

use super::action::{self, Action};
use super::coverage::{self, Seen};
use super::node::template;
use super::points::POINTS;
use super::profile::Profile;
use super::shrink::shrink;
use super::story::story;
use super::world::{Played, World};

/// Set in a child: the seeds that it plays, `from..until` or one number each, with commas.
const CHILD: &str = "ANTREAN_HISTORIES_CHILD";
/// Seeds to play instead of the usual ones, `0..1000`.
const SEEDS: &str = "ANTREAN_HISTORIES";
/// Processes that play side by side; usually as many as there are processors.
const JOBS: &str = "ANTREAN_HISTORIES_JOBS";
/// One seed in so many is played twice; usually [`TWICE_EVERY`].
const TWICE: &str = "ANTREAN_HISTORIES_TWICE";
/// Seeds of the usual run.
const USUAL: Range<u64> = 0..1_000;
/// One seed in so many is played twice, to see that both histories are equal.
const TWICE_EVERY: u64 = 10;
/// Failing histories that one child makes short; the others it only names. Usually [`SHRUNK_MAX`].
const SHRUNK: &str = "ANTREAN_HISTORIES_SHRUNK";
/// Set where the whole trace of a failing history is printed.
const TRACE: &str = "ANTREAN_HISTORIES_TRACE";
/// Failing histories that are made short where the environment says nothing.
const SHRUNK_MAX: usize = 2;
/// Seeds that failed once, and what they found. They are played first.
const FAILING: &str = include_str!("../drills/failing-seeds");

/// What is needed to play a history.
pub struct Stage {
    roster: Roster,
    template: PathBuf,
    _folder: tempfile::TempDir,
}

impl Stage {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let template = runtime.block_on(template(folder.path()));
        Self { roster: Roster::shipped().expect("a roster"), template, _folder: folder }
    }

    /// A new installation.
    pub fn world(&self, profile: &Profile) -> World {
        World::open(profile, &self.roster, &self.template)
    }

    pub fn play(&self, profile: &Profile, actions: &[Action]) -> Played {
        self.world(profile).play(actions)
    }
}

/// Seeds as they stand in a variable: `0..1000`, or numbers with commas.
fn seeds(text: &str) -> Vec<u64> {
    let number =
        |text: &str| text.trim().parse::<u64>().unwrap_or_else(|_| panic!("`{text}` is no seed like 7 or 0..1000"));
    let parts = text.split(',').filter(|part| !part.trim().is_empty());
    parts
        .flat_map(|part| match part.split_once("..") {
            Some((from, until)) => (number(from)..number(until)).collect(),
            None => vec![number(part)],
        })
        .collect()
}

/// The seeds that failed once.
fn failing() -> Vec<u64> {
    let lines = FAILING.lines().map(|line| line.split('#').next().unwrap_or_default());
    lines.flat_map(seeds).collect()
}

/// Whether this process is a child; then it has played its seeds.
pub fn is_child() -> bool {
    let Ok(text) = std::env::var(CHILD) else { return false };
    POINTS.listen();
    let stage = Stage::new();
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let twice = number(TWICE).unwrap_or(TWICE_EVERY);
    let shrunk_max = number(SHRUNK).and_then(|number| usize::try_from(number).ok()).unwrap_or(SHRUNK_MAX);
    let (mut seen, mut actions, mut failed, mut digest) = (Seen::new(), 0, 0, 0);
    for seed in seeds(&text) {
        let profile = Profile::draw(seed);
        let history = action::draw(&profile);
        actions += history.len();
        let played = stage.play(&profile, &history);
        digest ^= digest_of(&played);
        for (name, count) in &played.seen {
            *seen.entry(name.clone()).or_default() += count;
        }
        if let Some((place, finding)) = &played.finding {
            failed += 1;
            println!("FAIL {seed} action {place}: {}", one_line(finding));
            if std::env::var_os(TRACE).is_some() {
                println!("{}", played.trace.join("\n"));
            }
            if failed <= shrunk_max {
                println!("{}", short(&stage, &profile, history));
            }
            continue;
        }
        if seed % twice == 0
            && let Some(difference) = difference(&played, &stage.play(&profile, &history))
        {
            println!("DIFFER {seed} {difference} ({profile})");
        }
    }
    println!("DONE {actions} actions {} points {digest} digest", POINTS.passed());
    for (name, count) in seen {
        println!("SEEN {count} {name}");
    }
    std::io::stdout().flush().expect("standard output");
    true
}

/// A number for everything that happened in a history. Those of many are combined in any order, so that it does not matter which process
/// played which.
fn digest_of(played: &Played) -> u64 {
    let mut hasher = FnvHasher::default();
    played.trace.iter().for_each(|line| hasher.write(line.as_bytes()));
    hasher.finish()
}

/// Where two histories differ.
pub fn difference(one: &Played, other: &Played) -> Option<String> {
    let lines = one.trace.iter().zip(&other.trace);
    let differing = lines.filter(|(one, other)| one != other).map(|(one, other)| format!("`{one}` and `{other}`"));
    let length = || (one.trace.len() != other.trace.len()).then(|| "one is longer".to_owned());
    differing.map(|text| one_line(&text)).next().or_else(length)
}

/// A failing history made short, with its profile, its actions and its story.
fn short(stage: &Stage, profile: &Profile, actions: Vec<Action>) -> String {
    let short = shrink(actions, |actions| stage.play(profile, actions).finding.is_some());
    let played = stage.play(profile, &short);
    let finding = played.finding.as_ref().map_or("it does not fail any more", |(_, finding)| finding.as_str());
    let mut text = format!("{profile}\nshort history of {} actions: {finding}\n", short.len());
    for action in &short {
        writeln!(text, "  {action:?}").expect("a string");
    }
    text + "as a story:\n" + &story(profile, &short, &played)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What all children found.
#[derive(Debug, Default)]
pub struct Drilled {
    /// Lines about failing histories.
    pub failures: Vec<String>,
    /// Seeds of which two histories differ, and where.
    pub differing: Vec<String>,
    seen: Seen,
    histories: usize,
    actions: u64,
    points: u64,
    /// The same for the same seeds, whatever the machine does besides.
    digest: u64,
    seconds: f64,
}

impl Drilled {
    /// The figures and the table.
    pub fn report(&self) -> String {
        let Self { histories, actions, points, digest, seconds, .. } = self;
        #[expect(clippy::cast_precision_loss, reason = "a figure to be read")]
        let speed = *histories as f64 / seconds;
        let figures = format!(
            "{histories} histories, {actions} actions, {points} points where a node could die, in {seconds:.1} s: \
             {speed:.0} histories a second; {} failed; digest of all that happened {digest:016x}\n",
            self.failures.iter().filter(|line| line.starts_with("FAIL ")).count()
        );
        let differing =
            self.differing.iter().fold(String::new(), |text, line| text + "two histories differ: " + line + "\n");
        figures + &differing + &coverage::table(&self.seen)
    }

    fn read(&mut self, output: &str) {
        for line in output.lines() {
            if let Some(rest) = line.strip_prefix("SEEN ") {
                let (count, name) = rest.split_once(' ').expect("a count and a name");
                *self.seen.entry(name.to_owned()).or_default() += count.parse::<u64>().expect("a count");
            } else if let Some(rest) = line.strip_prefix("DONE ") {
                let numbers: Vec<u64> = rest.split(' ').filter_map(|word| word.parse().ok()).collect();
                self.actions += numbers[0];
                self.points += numbers[1];
                self.digest ^= numbers[2];
            } else if let Some(rest) = line.strip_prefix("DIFFER ") {
                self.differing.push(rest.to_owned());
            } else if !line.starts_with("running ") && !line.starts_with("test ") && !line.trim().is_empty() {
                self.failures.push(line.to_owned());
            }
        }
    }
}

/// Plays the usual seeds, or those of the environment; `test` is the test that calls this, by its full name.
pub fn drill(test: &str) -> Drilled {
    let wanted = std::env::var(SEEDS).map_or_else(|_| USUAL.collect(), |text| seeds(&text));
    let wanted: Vec<u64> = failing().into_iter().chain(wanted).collect();
    let jobs = std::env::var(JOBS).ok().and_then(|text| text.parse().ok());
    let jobs: usize = jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, usize::from)).max(1);
    let begun = Instant::now();
    let children: Vec<Child> = (0..jobs)
        .map(|job| {
            let mine: Vec<String> =
                wanted.iter().skip(job).step_by(jobs).map(std::string::ToString::to_string).collect();
            child(test, &mine.join(","))
        })
        .collect();
    let mut drilled = Drilled { histories: wanted.len(), ..Drilled::default() };
    for child in children {
        let output = child.wait_with_output().expect("a child");
        drilled.read(&String::from_utf8_lossy(&output.stdout));
        if !output.status.success() || !String::from_utf8_lossy(&output.stdout).contains("\nDONE ") {
            let complaint = String::from_utf8_lossy(&output.stderr);
            drilled.failures.push(format!("FAIL a process ended early: {complaint}"));
        }
    }
    drilled.seconds = begun.elapsed().as_secs_f64();
    drilled
}

/// A process that plays these seeds. A write beyond the limit must fail, not end it.
fn child(test: &str, seeds: &str) -> Child {
    let this = std::env::current_exe().expect("this program");
    Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"])
        .arg(this)
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, seeds)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a process")
}
