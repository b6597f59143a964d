//! What a seed draws before its history: the installation, the office's rules, and how much of each fault there is.

use std::fmt::{self, Display, Formatter};

use antrean::domain::office::{
    Approval, Earliest, FormatId, NO_SHOWS, NoShows, Office, PerPerson, Release, Share, Span, Wave, WhenFull,
};
use chrono::{NaiveTime, Weekday};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

/// What goes wrong above all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Little of everything.
    Calm,
    /// Many citizens at once.
    Rush,
    /// The disk refuses writes for a while.
    BadDisk,
    /// The provider fails for long stretches.
    DeadGateway,
    /// The clock is ahead for a while, and then set right.
    SkewedClock,
    /// Two nodes take turns on one database.
    TwoNodes,
    /// A node dies in every third action.
    Crashes,
}

impl Trouble {
    pub const ALL: [Self; 7] =
        [Self::Calm, Self::Rush, Self::BadDisk, Self::DeadGateway, Self::SkewedClock, Self::TwoNodes, Self::Crashes];
}

/// What a seed draws before its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub seed: u64,
    pub trouble: Trouble,
    pub nodes: usize,
    pub citizens: usize,
    pub actions: usize,
    /// Of a hundred actions, those in which the node dies.
    pub crashes: u32,
    /// Whether the provider takes free replies for a day after a message only.
    pub window: bool,
    /// Whether the provider takes one message a second for each citizen.
    pub paced: bool,
    /// Rules of the office, as stories write them.
    pub rules: Vec<(&'static str, &'static str)>,
}

/// The rules that an office may have, each with its values.
const RULES: [(&str, &[&str]); 17] = [
    ("formats", &["nama-lahir-kedatangan", "nama-lahir-kedatangan", "nama-lahir-kedatangan", "batam-foto"]),
    ("seats_per_hour", &["1", "2", "3"]),
    ("seats_per_day", &["2", "4", "8", "none"]),
    ("when_full", &["roll", "suggest", "refuse"]),
    ("approval", &["code", "code", "none"]),
    ("cancelling", &["true", "true", "false"]),
    ("reschedule_times", &["0", "3", "3"]),
    ("live_per_number", &["1", "1", "2"]),
    ("live_per_person", &["note", "note", "1"]),
    ("people_per_booking", &["1", "3"]),
    ("earliest", &["tomorrow", "today 0"]),
    ("hold_minutes", &["5", "30", "60"]),
    ("holds_per_number", &["2", "10"]),
    ("waiting", &["true", "false"]),
    ("waiting_at_once", &["1", "3"]),
    ("handover", &["true", "true", "false"]),
    ("arrivals", &["true", "false"]),
];

/// Rules that came later. They are drawn last, so that everything else of a seed stays as it was.
const LATER_RULES: [(&str, &[&str]); 4] = [
    ("intake", &["none", "none", "none", "09:00-15:00"]),
    ("release", &["none", "none", "none", "minggu 12:00"]),
    ("no_shows", &["none", "none", "1 06:00"]),
    ("horizon_days", &["60", "60", "60", "180"]),
];

impl Profile {
    /// What a seed draws; the same seed draws the same.
    pub fn draw(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let trouble = *Trouble::ALL.choose(&mut rng).expect("there is one");
        // Nodes that share a database follow its clock, so only a node alone can be wrong.
        let is_shared = rng.random_bool(0.15) && trouble != Trouble::SkewedClock;
        let nodes = if trouble == Trouble::TwoNodes || is_shared { 2 } else { 1 };
        let citizens = if trouble == Trouble::Rush { 12 } else { rng.random_range(2..=8) };
        let crashes = match trouble {
            Trouble::Crashes => 33,
            Trouble::Calm => 0,
            _ => 6,
        };
        let rules = RULES.iter().map(|(key, values)| (*key, *values.choose(&mut rng).expect("there is one")));
        let mut profile = Self {
            seed,
            trouble,
            nodes,
            citizens,
            crashes,
            rules: rules.collect(),
            actions: rng.random_range(10..=30),
            window: rng.random_bool(0.2),
            paced: rng.random_bool(0.2),
        };
        let later = LATER_RULES.iter().map(|(key, values)| (*key, *values.choose(&mut rng).expect("there is one")));
        profile.rules.extend(later);
        profile
    }

    /// An office under these rules, which says at any hour what it says unasked.
    pub fn rule(&self, office: &mut Office) {
        office.notices.quiet = None;
        office.policy.reschedule.days_before = 0;
        for (key, value) in &self.rules {
            apply(office, key, value);
        }
    }

    /// The bytes that chance begins with, for one start of one node.
    pub fn seed_of(&self, node: usize, start: u32) -> [u8; 32] {
        let mut rng = StdRng::seed_from_u64(self.seed ^ 0x5eed);
        let mut bytes: [u8; 32] = rng.random();
        bytes[0] ^= u8::try_from(node).expect("few nodes");
        bytes[1..5].copy_from_slice(&start.to_le_bytes());
        bytes
    }
}

impl Display for Profile {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { seed, trouble, nodes, citizens, actions, crashes, window, paced, rules } = self;
        write!(
            f,
            "seed {seed}: {trouble:?}, {nodes} node(s), {citizens} citizens, {actions} actions, {crashes} % crashes"
        )?;
        write!(f, ", reply window: {window}, paced: {paced}; ")?;
        let rules: Vec<String> = rules.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        f.write_str(&rules.join(", "))
    }
}

fn time(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).expect("an hour")
}

fn apply(office: &mut Office, key: &str, value: &str) {
    let number = || value.parse().expect("a number");
    let (policy, is) = (&mut office.policy, value == "true");
    match key {
        "formats" => office.formats = vec![FormatId::read(value).expect("a format")],
        "seats_per_hour" => office.seats_per_hour = number(),
        "seats_per_day" => office.seats_per_day = value.parse().ok(),
        "when_full" => {
            policy.when_full = match value {
                "roll" => WhenFull::Roll,
                "suggest" => WhenFull::Suggest,
                _ => WhenFull::Refuse,
            }
        }
        "approval" => policy.approval = if value == "code" { Approval::Code } else { Approval::None },
        "cancelling" => policy.cancelling = is,
        "reschedule_times" => policy.reschedule.times = number(),
        "live_per_number" => policy.live_per_number = number(),
        "live_per_person" => policy.live_per_person = value.parse().map_or(PerPerson::Note, PerPerson::AtMost),
        "people_per_booking" => policy.people_per_booking = number(),
        "earliest" if value == "tomorrow" => policy.earliest = Earliest::Tomorrow,
        "earliest" => policy.earliest = Earliest::Today { minutes_before: 0 },
        "hold_minutes" => policy.hold_minutes = number(),
        "holds_per_number" => policy.holds_per_number = number(),
        "waiting" => policy.waiting = is,
        "waiting_at_once" => policy.waiting_at_once = number(),
        "handover" => policy.handover = is,
        "arrivals" => policy.arrivals = is,
        "horizon_days" => policy.horizon_days = number(),
        "no_shows" => {
            let asks = value != "none" && policy.arrivals;
            policy.no_shows = asks.then_some(NoShows { answer_from: 1, ..NO_SHOWS });
        }
        "intake" => office.intake = (value != "none").then(|| Span { from: time(9), until: time(15) }),
        "release" => {
            let wave = Wave { share: Share { parts: 1, of: 1 }, weekday: Weekday::Sun, at: time(12) };
            office.release = (value != "none").then(|| Release { waves: vec![wave] });
        }
        _ => panic!("no rule is called {key}"),
    }
}
