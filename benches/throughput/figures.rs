//! What was measured: figures by name, rounds by case, medians, and ratios of two cases taken round by round.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

/// The figures of one case in one round, by name; each name ends in its unit.
#[derive(Debug, Default, Clone)]
pub struct Figures(BTreeMap<&'static str, f64>);

impl Figures {
    /// Enters one.
    pub fn set(&mut self, name: &'static str, value: f64) {
        self.0.insert(name, value);
    }

    /// The same with one more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: f64) -> Self {
        self.set(name, value);
        self
    }

    /// Takes over all of another's.
    pub fn add(&mut self, more: &Self) {
        self.0.extend(more.0.iter().map(|(name, value)| (*name, *value)));
    }

    /// One of them.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.0 {
            write!(f, " {name}={}", short(*value))?;
        }
        Ok(())
    }
}

/// Three figures that count, whatever the size.
fn short(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// The middle of some values; `None` without any.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// The value below which `share` of the sorted `values` lie.
pub fn quantile(values: &[Duration], share: f64) -> f64 {
    let place = (values.len() as f64 * share) as usize;
    values.get(place.min(values.len().saturating_sub(1))).map_or(f64::NAN, |value| value.as_secs_f64() * 1e3)
}

/// One case of one engine, round by round.
#[derive(Debug)]
pub struct Series {
    /// The engine's name.
    pub engine: &'static str,
    /// The case's name.
    pub case: &'static str,
    rounds: Vec<Figures>,
}

impl Series {
    fn values(&self, name: &str) -> Vec<f64> {
        self.rounds.iter().filter_map(|round| round.get(name)).collect()
    }

    /// The median of one figure.
    pub fn median(&self, name: &str) -> Option<f64> {
        median(self.values(name))
    }

    /// The smallest and the largest.
    pub fn range(&self, name: &str) -> Option<(f64, f64)> {
        let values = self.values(name);
        Some((values.iter().copied().min_by(f64::total_cmp)?, values.iter().copied().max_by(f64::total_cmp)?))
    }
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub struct Report {
    /// In the order in which the cases first ran.
    pub series: Vec<Series>,
}

/// The columns of the printed table: the figure's name, and what stands above it.
const COLUMNS: [(&str, &str); 18] = [
    ("messages_per_s", "messages/s"),
    ("p50_ms", "p50 ms"),
    ("p99_ms", "p99 ms"),
    ("p999_ms", "p99.9 ms"),
    ("reply_p50_ms", "reply p50 ms"),
    ("reply_p99_ms", "reply p99 ms"),
    ("command_ms", "command ms"),
    ("told_ms", "all told ms"),
    ("cpu_us", "CPU us/msg"),
    ("database_cpu_us", "db CPU us/msg"),
    ("idle_mib", "idle MiB"),
    ("peak_mib", "peak MiB"),
    ("commits_per_s", "commits/s"),
    ("messages_per_commit", "msgs/commit"),
    ("written_bytes", "bytes written/msg"),
    ("sent_per_s", "sent/s"),
    ("start_ms", "start ms"),
    ("binary_mb", "binary MB"),
];

impl Report {
    /// Enters one round of one case.
    pub fn enter(&mut self, engine: &'static str, case: &'static str, figures: Figures) {
        match self.series.iter_mut().find(|series| series.engine == engine && series.case == case) {
            Some(series) => series.rounds.push(figures),
            None => self.series.push(Series { engine, case, rounds: vec![figures] }),
        }
    }

    fn series(&self, engine: &str, case: &str) -> Option<&Series> {
        self.series.iter().find(|series| series.engine == engine && series.case == case)
    }

    /// The median of one figure of one case.
    pub fn median(&self, engine: &str, case: &str, name: &str) -> Option<f64> {
        self.series(engine, case)?.median(name)
    }

    /// The median over the rounds of `above` through `below`: what disturbs the machine disturbs both figures of a round.
    pub fn ratio(&self, engine: &str, above: (&str, &str), below: (&str, &str)) -> Option<f64> {
        let (upper, lower) = (self.series(engine, above.0)?, self.series(engine, below.0)?);
        let pairs = upper.rounds.iter().zip(&lower.rounds);
        median(pairs.filter_map(|(a, b)| Some(a.get(above.1)? / b.get(below.1)?)).collect())
    }

    /// One table for each engine: medians, and the range of the rates.
    pub fn table(&self) -> String {
        let mut text = String::new();
        let mut engines: Vec<&str> = self.series.iter().map(|series| series.engine).collect();
        engines.dedup();
        engines.sort_unstable();
        engines.dedup();
        for engine in engines {
            let head: Vec<&str> = COLUMNS.iter().map(|(_, head)| *head).collect();
            writeln!(text, "\n{engine}\n| case | {} | range of messages/s |", head.join(" | ")).expect("a text");
            writeln!(text, "|---|{}---|", "---|".repeat(COLUMNS.len())).expect("a text");
            for series in self.series.iter().filter(|series| series.engine == engine) {
                let cells: Vec<String> =
                    COLUMNS.iter().map(|(name, _)| series.median(name).map_or_else(String::new, short)).collect();
                let range = series.range("messages_per_s").map(|(low, high)| format!("{low:.0}-{high:.0}"));
                writeln!(text, "| {} | {} | {} |", series.case, cells.join(" | "), range.unwrap_or_default())
                    .expect("a text");
            }
        }
        text
    }

    /// Every figure of every round.
    pub fn json(&self, rounds: usize, seconds: f64) -> String {
        let all: Vec<Value> = self
            .series
            .iter()
            .map(|series| {
                let rounds: Vec<_> = series.rounds.iter().map(|figures| &figures.0).collect();
                json!({ "engine": series.engine, "case": series.case, "rounds": rounds })
            })
            .collect();
        let processors = std::thread::available_parallelism().map_or(0, usize::from);
        let whole = json!({ "rounds": rounds, "seconds": seconds, "processors": processors, "series": all });
        serde_json::to_string_pretty(&whole).expect("figures are JSON")
    }
}
