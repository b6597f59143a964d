//! Judges a history after every step: what the tables say against what was acknowledged, sent and reported.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use antrean::conversation::REPLIES_MAX;
use antrean::domain::message::{Content, MessageId, OtherKind};
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::action::Answer;
use super::provider::{Provider, Taken};

/// Replies to a text in a row after which a machine is not answered.
const SAME_MAX: u64 = 3;

/// How often a reply may go out while its answer is lost each time.
const DOUBTS_MAX: usize = 3;

/// A message that a citizen wrote.
#[derive(Debug, Clone)]
pub struct Written {
    pub id: MessageId,
    pub content: Content,
    /// Whether the program has acknowledged it.
    pub is_acknowledged: bool,
}

/// A status that the program has acknowledged.
#[derive(Debug, Clone)]
pub struct Reported {
    pub tracker: i64,
    pub rank: i64,
    /// Whether the reply must show it: the program could know which reply is meant, and all of it is.
    pub counts: bool,
}

/// One reply, as its table has it.
#[derive(Debug, Clone)]
pub struct Row {
    pub contact: String,
    pub created_us: i64,
    pub state: String,
    pub previous: Option<i64>,
    pub delivery: i64,
    pub is_notice: bool,
    pub error: Option<String>,
}

/// The judge.
pub struct Judge {
    tables: Connection,
    /// Replies that went out, in the order of their first sending.
    out: BTreeSet<i64>,
    judged_takings: usize,
    /// Whether the clocks of this history are right, so that times tell which of two replies is older.
    are_clocks_right: bool,
}

impl Judge {
    pub fn new(database: &Path, are_clocks_right: bool) -> Self {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let tables = Connection::open_with_flags(database, flags).expect("the database");
        Self { tables, out: BTreeSet::new(), judged_takings: 0, are_clocks_right }
    }

    /// One column of one row.
    pub fn text(&self, sql: &str, parameter: &str) -> Option<String> {
        self.tables
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row([parameter], |row| row.get(0)).optional())
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Each first column with the second.
    pub fn counted(&self, sql: &str) -> Vec<(String, u32)> {
        let mut statement = self.tables.prepare_cached(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
        rows.collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// All rows as text, for comparing two histories.
    pub fn lines(&self, sql: &str) -> Vec<String> {
        let mut statement = self.tables.prepare_cached(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let rows = statement.query_map([], |row| row.get(0)).expect("rows");
        rows.collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    pub fn replies(&self) -> BTreeMap<i64, Row> {
        let sql = "select id, contact, created_us, state, previous, delivery, notice is not null, error from outbox";
        let mut statement = self.tables.prepare_cached(sql).expect("a statement");
        let rows = statement.query_map([], |row| {
            let reply = Row {
                contact: row.get(1)?,
                created_us: row.get(2)?,
                state: row.get(3)?,
                previous: row.get(4)?,
                delivery: row.get(5)?,
                is_notice: row.get(6)?,
                error: row.get(7)?,
            };
            Ok((row.get(0)?, reply))
        });
        rows.and_then(Iterator::collect).expect("replies")
    }

    /// A number that changes with every commit of another connection.
    pub fn version(&self) -> i64 {
        self.tables.query_row("pragma data_version", [], |row| row.get(0)).expect("a number")
    }

    /// Replies that wait or are being sent.
    pub fn waiting(&self) -> u32 {
        let sql = "select count(*) from outbox where state in ('waiting', 'claimed')";
        self.tables.prepare_cached(sql).and_then(|mut it| it.query_row([], |row| row.get(0))).expect("a count")
    }

    /// Whether an acknowledged message is kept once, and has its answer where it must have one.
    pub fn message(&self, written: &Written) -> Result<(), String> {
        let id = written.id.as_str();
        let sql = "select (select count(*) from inbound where message = ?1) \
                   + (select count(*) from inbound_archive where message = ?1), \
                   (select count(*) from set_aside where message = ?1), \
                   (select contact from inbound where message = ?1), (select answered from inbound where message = ?1), \
                   (select count(*) from outbox where reply_to = ?1)";
        let mut statement = self.tables.prepare_cached(sql).expect("a statement");
        let (kept, aside, contact, answered, replies): (i64, i64, Option<String>, Option<bool>, i64) = statement
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
            .expect("a row");
        if aside > 0 {
            return Err(format!("{id} was set aside"));
        }
        if kept != 1 {
            return Err(format!("{id} was acknowledged and is kept {kept} times: lost"));
        }
        if i64::from(answered == Some(true)) != replies {
            return Err(format!("{id} has {replies} answers, and its record says {answered:?}"));
        }
        if replies == 0 && !may_be_silent(&written.content) && !self.is_quiet(contact.as_deref().unwrap_or_default()) {
            return Err(format!("{id} has no answer"));
        }
        Ok(())
    }

    /// Whether an acknowledged message is still kept.
    pub fn kept(&self, written: &Written) -> Result<(), String> {
        let sql = "select cast(count(*) as text) from inbound where message = ?1";
        match self.text(sql, written.id.as_str()).as_deref() {
            Some("1") => Ok(()),
            count => Err(format!("{} is kept {count:?} times at the end: lost", written.id.as_str())),
        }
    }

    /// Whether a contact may be left without an answer: an officer talks with them, they want no messages, or had too many.
    fn is_quiet(&self, contact: &str) -> bool {
        let sql = "select muted <> 0 or handover is not null from conversation where contact = ?1";
        let is_left: Option<bool> = self
            .tables
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row([contact], |row| row.get(0)).optional())
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        if is_left == Some(true) {
            return true;
        }
        let talk = self.text("select talk from conversation where contact = ?1 and talk is not null", contact);
        let Some(talk) = talk.and_then(|talk| serde_json::from_str::<serde_json::Value>(&talk).ok()) else {
            return false;
        };
        let count = |name: &str| talk.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0);
        count("times") > SAME_MAX || count("replies") >= u64::from(REPLIES_MAX)
    }

    /// Whether every reply that went out for the first time followed those before it: they are out too, or will never be. Which ones
    /// were before it is told by the record of the replies, and by the time at which they were written, as long as clocks are right.
    pub fn order(&mut self, provider: &Provider) -> Result<(), String> {
        let taken = provider.taken();
        if taken.len() == self.judged_takings {
            return Ok(());
        }
        let rows = self.replies();
        for Taken { tracker, text, .. } in &taken[self.judged_takings..] {
            if !self.out.insert(*tracker) {
                continue;
            }
            let Some(row) = rows.get(tracker) else {
                return Err(format!("a reply went out that is not kept: {text:?}"));
            };
            let is_before = |(id, other): &(&i64, &Row)| {
                let is_older =
                    self.are_clocks_right && other.contact == row.contact && other.created_us < row.created_us;
                row.previous == Some(**id) || is_older
            };
            let is_overtaken = |(id, other): &(&i64, &Row)| {
                !self.out.contains(id) && ["waiting", "claimed"].contains(&other.state.as_str())
            };
            if let Some((_, other)) = rows.iter().filter(is_before).find(is_overtaken) {
                return Err(format!("a reply overtook one before it, which is {}: {text:?}", other.state));
            }
        }
        self.judged_takings = taken.len();
        Ok(())
    }

    /// Judges the end, when everything had time to come right.
    pub fn end(&self, provider: &Provider, reported: &[Reported], has_window: bool) -> Result<(), String> {
        let rows = self.replies();
        for (id, row) in &rows {
            let lost = provider.doubts_of(*id);
            if lost > DOUBTS_MAX {
                return Err(format!("a reply went out {lost} times in doubt"));
            }
            let faults = provider.faults_of(*id);
            let is_out = self.out.contains(id);
            let error = row.error.as_deref().unwrap_or("no reason");
            let is_closed = has_window || faults.contains(&Answer::Closed);
            let was_reported_failed = reported.iter().any(|one| one.tracker == *id && one.rank == 2);
            let is_right = match row.state.as_str() {
                "sent" => is_out,
                "held" => is_closed,
                "expired" => row.is_notice || error.contains("too old to be of use"),
                "dead" => was_reported_failed || may_be_given_up(&faults) || error.contains("wants no messages"),
                _ => false,
            };
            if !is_right {
                return Err(format!(
                    "a reply is {} at the end ({error}; out: {is_out}; faults: {faults:?})",
                    row.state
                ));
            }
        }
        for Reported { tracker, rank, .. } in reported.iter().filter(|one| one.counts) {
            let Some(row) = rows.get(tracker) else { continue };
            if row.delivery < *rank {
                return Err(format!("a status was lost: {rank} was acknowledged, the reply says {}", row.delivery));
            }
        }
        Ok(())
    }
}

/// Whether sends that failed like this may end a reply.
fn may_be_given_up(faults: &[Answer]) -> bool {
    let many = |which: fn(&Answer) -> bool| faults.iter().filter(|answer| which(answer)).count();
    let passing = many(|answer| matches!(answer, Answer::Passing | Answer::TooFastForOne { .. }));
    let lost = many(|answer| matches!(answer, Answer::LostAfter | Answer::LostBefore));
    many(|answer| matches!(answer, Answer::Refused | Answer::OptedOut)) > 0 || passing > 5 || lost > 2
}

/// Whether a message needs no answer: nothing was asked, or a machine wrote it.
fn may_be_silent(content: &Content) -> bool {
    match content {
        Content::Other(kind) => *kind == OtherKind::Empty,
        Content::Picture { .. } | Content::Edited(_) => true,
        Content::Text(text) => text.contains("pesan otomatis"),
    }
}
