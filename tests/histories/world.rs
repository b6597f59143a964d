//! One history: the nodes, the provider and the citizens, and what each action does. Steps are serial: nothing runs beside the action
//! that is being carried out.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use antrean::desk::{Busy, Verdict};
use antrean::domain::displacement::Remedies;
use antrean::domain::message::{Contact, Content, Delivery, Inbound, MessageId, Status};
use antrean::domain::office::Office;
use antrean::gateway::Item;
use antrean::roster::{self, Roster};
use antrean::storage::{Storage, StorageError};
use chrono::{DateTime, Utc};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use super::action::{Act, Action, Answer, Says};
use super::judge::{Judge, Reported, Written};
use super::node::{Fate, Ground, Node, Parts, Ran, Time, bogor, channel};
use super::profile::{Profile, Trouble};
use super::provider::Provider;
use super::texts::Known;

/// Monday, 09.00 WIB, of a year whose holidays are shipped.
const MONDAY: &str = "2026-08-03T02:00:00Z";

/// What a promise was broken by.
pub type Finding = String;

/// A webhook.
#[derive(Debug, Clone)]
pub(super) struct Body {
    items: Vec<Item>,
    /// The messages in it, by their place among all that were written.
    written: Vec<usize>,
    status: Option<Reported>,
}

/// What a history came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// One line for each action, and the tables at the end: the same for the same seed.
    pub trace: Vec<String>,
    /// The promise that was broken, and the action that broke it.
    pub finding: Option<(usize, Finding)>,
    /// What was seen, and how often.
    pub seen: BTreeMap<String, u64>,
    /// What was said, for a story.
    pub talk: Vec<Vec<Said>>,
}

/// Something that was said in an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub who: usize,
    /// Whether a citizen says it; otherwise they are told it.
    pub by_citizen: bool,
    pub text: String,
}

/// One history.
pub struct World {
    pub(super) ground: Ground,
    pub(super) kernel: Runtime,
    pub(super) observer: Storage,
    pub(super) nodes: Vec<Node>,
    pub(super) judge: Judge,
    pub(super) time: Time,
    pub(super) written: Vec<Written>,
    /// Webhooks that the provider has not delivered, or that were not acknowledged.
    pub(super) pending: VecDeque<Body>,
    pub(super) acknowledged: Vec<Body>,
    pub(super) reported: Vec<Reported>,
    pub(super) disk_fails: bool,
    pub(super) played: Played,
    pub(super) told: usize,
    /// The version of the tables that was audited last.
    audited: i64,
    _folder: TempDir,
}

impl World {
    /// A new installation on a copy of the template.
    pub fn open(profile: &Profile, roster: &Roster, template: &Path) -> Self {
        // In memory where the machine has such a folder.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let folder = folder.expect("a folder");
        let mut roster = roster.clone();
        let mut office = Office::clone(&roster.offices[&bogor()]);
        profile.rule(&mut office);
        let office = Arc::new(office);
        roster.offices = [(bogor(), Arc::clone(&office))].into();
        let provider = Provider::new(profile);
        let ground = Ground { profile: profile.clone(), roster, folder: folder.path().to_owned(), provider };
        std::fs::copy(template, ground.database()).expect("a copy");
        let kernel = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let start: DateTime<Utc> = MONDAY.parse().expect("an instant");
        let time: Time = Arc::new(AtomicI64::new(start.timestamp_micros()));
        let observer = kernel.block_on(async {
            let storage = Storage::open_scratch(&ground.database()).await.expect("the database");
            let file = roster::print(&office);
            storage.import_office(&office, &file, &ground.roster.calendar, start).await.expect("in force");
            storage
        });
        let nodes = (0..profile.nodes).map(|number| Node::new(number, &time)).collect();
        let judge = Judge::new(&ground.database(), profile.trouble != Trouble::SkewedClock);
        let played =
            Played { trace: vec![profile.to_string()], finding: None, seen: BTreeMap::new(), talk: Vec::new() };
        Self {
            ground,
            kernel,
            observer,
            nodes,
            judge,
            time,
            written: Vec::new(),
            pending: VecDeque::new(),
            acknowledged: Vec::new(),
            reported: Vec::new(),
            disk_fails: false,
            played,
            told: 0,
            audited: 0,
            _folder: folder,
        }
    }

    /// Plays a history to its end, or to the first promise that it breaks.
    pub fn play(mut self, actions: &[Action]) -> Played {
        for (place, action) in actions.iter().enumerate() {
            if let Err(found) = self.act(action) {
                return self.close(Some((place, found)));
            }
        }
        self.end(actions.len())
    }

    /// Ends a history of so many actions: nothing goes wrong any more, and everything is answered.
    pub fn end(mut self, actions: usize) -> Played {
        self.played.talk.push(Vec::new());
        let finding = self.quiet().err().map(|found| (actions, found));
        self.close(finding)
    }

    /// Changes the tables beside the product, to see whether the judge notices.
    pub fn plant(&self, sql: &str) {
        let tables = rusqlite::Connection::open(self.ground.database()).expect("the database");
        let changed = tables.execute(sql, []).unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert!(changed > 0, "{sql} changed nothing");
    }

    fn close(mut self, finding: Option<(usize, Finding)>) -> Played {
        self.count_seen();
        for sql in DIGEST {
            let lines = self.judge.lines(sql);
            self.played.trace.extend(lines);
        }
        if let Some((place, found)) = &finding {
            self.played.trace.push(format!("action {place}: {found}"));
        }
        for node in &mut self.nodes {
            node.stop(&self.kernel);
        }
        self.kernel.block_on(self.observer.close());
        self.played.finding = finding;
        self.played
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.time.load(Ordering::SeqCst)).expect("a year that has four digits")
    }

    pub(super) fn pass(&self, seconds: i64) {
        self.time.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    pub(super) fn see(&mut self, what: impl Into<String>) {
        *self.played.seen.entry(what.into()).or_default() += 1;
    }

    /// Carries out one action and judges what it left.
    pub fn act(&mut self, action: &Action) -> Result<(), Finding> {
        self.pass(1);
        self.played.talk.push(Vec::new());
        let outcome = self.carry_out(action)?;
        let told = self.note_told();
        self.played.trace.push(format!("{action:?} -> {outcome}{told}"));
        self.judge_step()
    }

    /// What citizens were told since the last call.
    pub(super) fn note_told(&mut self) -> String {
        let taken = self.ground.provider.taken();
        let mut lines = String::new();
        for taken in &taken[self.told..] {
            let who = (0..self.ground.profile.citizens).find(|who| contact(*who) == taken.to).unwrap_or_default();
            lines.extend(["\n  ", &who.to_string(), " < ", &taken.text]);
            let said = Said { who, by_citizen: false, text: taken.text.clone() };
            self.played.talk.last_mut().expect("one for each action").push(said);
        }
        self.told = taken.len();
        lines
    }

    pub(super) fn judge_step(&mut self) -> Result<(), Finding> {
        if let Some(finding) = self.ground.provider.findings().into_iter().next() {
            return Err(finding);
        }
        self.judge.order(&self.ground.provider)?;
        // What nobody has changed since is as it was.
        let version = self.judge.version();
        if std::mem::replace(&mut self.audited, version) == version {
            return Ok(());
        }
        let audit = self.kernel.block_on(self.observer.audit(self.now())).expect("an audit");
        match audit.findings.into_iter().next() {
            Some(finding) => Err(format!("audit: {finding}")),
            None => Ok(()),
        }
    }

    pub(super) fn run<T>(
        &mut self,
        action: &Action,
        work: impl AsyncFnOnce(&Parts) -> T,
    ) -> Result<Option<T>, Finding> {
        let fate = Fate { crash: action.crash, disk_fails: self.disk_fails };
        let node = self.nodes.get_mut(action.node).expect("a node");
        match node.run(&self.ground, (fate, &self.kernel), work) {
            Ran::Done(done) => Ok(Some(done)),
            Ran::Crashed => {
                self.see("fault: crash in the middle");
                Ok(None)
            }
            Ran::Down(_) if self.disk_fails => {
                self.see("fault: no start on a bad disk");
                Ok(None)
            }
            Ran::Down(error) => Err(format!("a node does not start: {error}")),
            Ran::Restless => Err("a node does not come to rest: something goes on in it for ever".to_owned()),
        }
    }

    /// The same for what storage may fail, which it may only where the disk does.
    pub(super) fn run_stored<T>(
        &mut self,
        action: &Action,
        work: impl AsyncFnOnce(&Parts) -> Result<T, StorageError>,
    ) -> Result<Option<T>, Finding> {
        match self.run(action, work)? {
            Some(Err(_)) if self.disk_fails => {
                self.see("fault: storage failed");
                Ok(None)
            }
            Some(Err(error)) => Err(format!("storage failed on a good disk: {error}")),
            done => Ok(done.transpose().expect("handled above")),
        }
    }

    fn carry_out(&mut self, action: &Action) -> Result<String, Finding> {
        match &action.act {
            Act::Write { who, says, held } => self.write(action, &[*who], (*says, *held)),
            Act::Rush { count, says } => {
                let all: Vec<usize> = (0..*count).collect();
                self.write(action, &all, (*says, false))
            }
            Act::Deliver { count, reversed } => {
                let mut bodies: Vec<Body> = (0..*count).filter_map(|_| self.pending.pop_front()).collect();
                if *reversed {
                    bodies.reverse();
                }
                self.deliver(action, bodies)
            }
            Act::Repeat { back, count } => {
                let end = self.acknowledged.len().saturating_sub(*back);
                let bodies = self.acknowledged[end.saturating_sub(*count)..end].to_vec();
                self.deliver(action, bodies)
            }
            Act::Report { back, delivery, by_tracker, held } => {
                self.report(action, (*back, *delivery), (*by_tracker, *held))
            }
            Act::Send { answers } => self.send(action, answers),
            Act::Outage { answer, steps } => self.outage(action, *answer, *steps),
            Act::Line { answer } => {
                self.ground.provider.set_line(*answer);
                Ok(String::new())
            }
            Act::Pictures { fail } => {
                self.ground.provider.set_pictures(*fail);
                Ok(String::new())
            }
            Act::Tend => self.tend(action),
            Act::Wait { seconds } => {
                self.pass(*seconds);
                Ok(String::new())
            }
            Act::Counter { act, of } => self.at_counter(action, *act, *of),
            Act::Ticket { answers } => self.ticket(action, *answers),
            Act::Close { days, remedy } => self.close_day(action, *days, &Remedies::all(*remedy)),
            Act::Disk { fails } => {
                self.disk_fails = *fails;
                Ok(String::new())
            }
            Act::Clock { ahead } => {
                self.nodes[action.node].clock.ahead.store(*ahead, Ordering::SeqCst);
                Ok(String::new())
            }
        }
    }

    /// A message of somebody, where they have something to say.
    fn message(&mut self, who: usize, says: Says) -> Option<Body> {
        let (provider, judge) = (&self.ground.provider, &self.judge);
        let office = &self.ground.roster.offices[&bogor()];
        let code = "select code from booking where contact = ?1 and state = 'booked' order by id limit 1";
        let known = Known {
            who,
            today: office.date_at(self.now()),
            wants_photo: self.ground.profile.rules.contains(&("formats", "batam-foto")),
            last_reply: &|who| provider.last_to(&contact(who)),
            booking_code: &|who| judge.text(code, contact(who).as_str()),
            picture: self.written.len(),
        };
        let content = known.content(says)?;
        let id = MessageId::new(format!("message-{}", self.written.len()));
        let inbound = Inbound {
            channel: channel(),
            contact: contact(who),
            also: Vec::new(),
            id: id.clone(),
            sent_at: self.now(),
            content: content.clone(),
        };
        let text = match &content {
            Content::Text(text) | Content::Edited(text) => text.clone(),
            Content::Picture { caption, .. } => format!("[image] {}", caption.as_deref().unwrap_or_default()),
            Content::Other(kind) => format!("[{kind:?}]"),
        };
        let said = Said { who, by_citizen: true, text };
        self.played.talk.last_mut().expect("one for each action").push(said);
        self.written.push(Written { id, content, is_acknowledged: false });
        Some(Body { items: vec![Item::Message(inbound)], written: vec![self.written.len() - 1], status: None })
    }

    fn write(&mut self, action: &Action, all: &[usize], (says, held): (Says, bool)) -> Result<String, Finding> {
        let bodies: Vec<Body> = all.iter().filter_map(|who| self.message(*who, says)).collect();
        if held {
            self.pending.extend(bodies);
            return Ok("held back".to_owned());
        }
        self.deliver(action, bodies)
    }

    /// Delivers webhooks, all at once and in this order. What is not acknowledged stays with the provider.
    pub(super) fn deliver(&mut self, action: &Action, bodies: Vec<Body>) -> Result<String, Finding> {
        if bodies.is_empty() {
            return Ok("nothing to deliver".to_owned());
        }
        let items: Vec<Vec<Item>> = bodies.iter().map(|body| body.items.clone()).collect();
        let served = self.run(action, async |parts| {
            futures_util::future::join_all(items.into_iter().map(|items| parts.desk.serve(items))).await
        })?;
        let Some(served) = served else {
            self.pending.extend(bodies);
            return Ok("crashed".to_owned());
        };
        let mut outcome = String::new();
        for (body, verdicts) in bodies.into_iter().zip(served) {
            outcome.extend([format!("{verdicts:?}").as_str(), " "]);
            match verdicts {
                Ok(verdicts) => self.acknowledge(body, &verdicts)?,
                Err(Busy) if self.disk_fails => {
                    self.see("verdict: busy");
                    self.pending.push_back(body);
                }
                Err(Busy) => return Err("the desk was busy on a good disk".to_owned()),
            }
        }
        Ok(outcome)
    }

    fn acknowledge(&mut self, body: Body, verdicts: &[Verdict]) -> Result<(), Finding> {
        for verdict in verdicts {
            self.see(format!("verdict: {verdict:?}"));
            if !matches!(verdict, Verdict::Served | Verdict::Repeat | Verdict::Noted) {
                return Err(format!("an item was {verdict:?}"));
            }
        }
        for place in &body.written {
            let is_first = !std::mem::replace(&mut self.written[*place].is_acknowledged, true);
            if is_first {
                self.judge.message(&self.written[*place])?;
            } else if verdicts.contains(&Verdict::Served) {
                return Err(format!("{} was served twice", self.written[*place].id.as_str()));
            }
        }
        if let Some(reported) = &body.status {
            self.reported.push(reported.clone());
            let names_reply =
                body.items.iter().any(|item| matches!(item, Item::Status(Status { tracker: Some(_), .. })));
            if names_reply {
                self.ground.provider.end_doubt(reported.tracker);
            }
        }
        self.acknowledged.push(body);
        Ok(())
    }

    fn report(
        &mut self,
        action: &Action,
        (back, delivery): (usize, Delivery),
        (by_tracker, held): (bool, bool),
    ) -> Result<String, Finding> {
        let taken = self.ground.provider.taken();
        let Some(taken) = taken.len().checked_sub(back + 1).and_then(|place| taken.get(place)) else {
            return Ok("nothing to report".to_owned());
        };
        let tracker = by_tracker.then_some(taken.tracker);
        let error = (delivery == Delivery::Failed).then(|| "as told".to_owned());
        let status = Status { channel: channel(), id: taken.id.clone(), tracker, delivery, error };
        // Without the reply's number, only an id that the program was told leads to it.
        let counts = taken.is_last_part && (by_tracker || taken.is_known);
        let reported = Reported { tracker: taken.tracker, rank: delivery.rank(), counts };
        self.see(format!("status: {delivery:?}"));
        let body = Body { items: vec![Item::Status(status)], written: Vec::new(), status: Some(reported) };
        if held {
            self.pending.push_back(body);
            return Ok("held back".to_owned());
        }
        self.deliver(action, vec![body])
    }

    fn send(&mut self, action: &Action, answers: &[Answer]) -> Result<String, Finding> {
        self.ground.provider.script(answers);
        let step = self.run_stored(action, async |parts| parts.courier.step().await);
        let is_well = matches!(step, Ok(Some(_)));
        self.ground.provider.end_step(is_well);
        let Some(mut step) = step? else { return Ok("failed".to_owned()) };
        // The moment depends on the jitter alone; the rest says what was done.
        step.next_due = None;
        Ok(format!("{step:?}"))
    }

    pub(super) fn tend(&mut self, action: &Action) -> Result<String, Finding> {
        let next = self.run_stored(action, async |parts| {
            let next = parts.caretaker.step().await?;
            Ok(next.into_iter().chain(parts.day_ends.step().await?).min())
        })?;
        Ok(format!("{next:?}"))
    }

    fn count_seen(&mut self) {
        for (sql, what) in SEEN {
            for (name, count) in self.judge.counted(sql) {
                *self.played.seen.entry(format!("{what}: {name}")).or_default() += u64::from(count);
            }
        }
        for answer in self.ground.provider.given() {
            let name = format!("{answer:?}");
            self.see(format!("send: {}", name.split(' ').next().unwrap_or(&name)));
        }
    }
}

/// What is counted in the tables at the end of a history.
const SEEN: [(&str, &str); 7] = [
    ("select coalesce(outcome, 'none'), count(*) from outbox group by 1", "reply"),
    ("select state, count(*) from outbox group by 1", "outbox"),
    ("select state, count(*) from event group by 1", "booking"),
    ("select state, count(*) from visit_event group by 1", "visit"),
    ("select kind || ' ' || state, count(*) from notice group by 1", "notice"),
    ("select state, count(*) from media group by 1", "photo"),
    ("select case when closed_us is null then 'open' else 'closed' end, count(*) from ticket group by 1", "ticket"),
];

/// What two histories of one seed must have alike at their end, besides what was said.
const DIGEST: [&str; 4] = [
    "select contact || ' ' || text || ' ' || state || ' ' || delivery || ' ' || attempts || ' ' || created_us from outbox \
     order by contact, created_us, id",
    "select contact || ' ' || state || ' ' || date || ' ' || hour || ' ' || seats || ' ' || code from booking \
     order by contact, created_us, id",
    "select message || ' ' || answered from inbound order by message",
    "select number || ' ' || state || ' ' || version from visit order by number",
];

/// An invented number for each citizen.
pub(super) fn contact(who: usize) -> Contact {
    Contact::new(format!("62812000{who:05}"))
}
